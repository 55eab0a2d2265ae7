//! What a sentence of a story says.

use super::thing::ThingId;
use super::words::Axis;

/// Where one thing is from another: a sign per axis; none where nothing is said of the axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Direction {
    /// By [`Axis`] number: −1, 0 (level with it) or 1; none: not said.
    pub signs: [Option<i8>; 5],
}

impl Direction {
    /// Along one axis.
    pub fn along(axis: Axis, sign: i8) -> Direction {
        let mut direction = Direction::default();
        direction.signs[axis as usize] = Some(sign);
        direction
    }

    /// As seen from the other thing.
    pub fn opposite(self) -> Direction {
        Direction { signs: self.signs.map(|sign| sign.map(|s| -s)) }
    }

    /// On one horizontal ([`Axis::Across`]) or vertical ([`Axis::Up`]) line: level along the other axis of the drawing.
    pub(super) fn in_line(mut self, line: Option<Axis>) -> Direction {
        if let Some(axis) = line {
            let other = if axis == Axis::Across { Axis::Up } else { Axis::Across };
            self.signs[other as usize].get_or_insert(0);
        }
        self
    }

    /// The sign along an axis.
    pub fn sign(self, axis: Axis) -> Option<i8> {
        self.signs[axis as usize]
    }
}

/// One thing that a sentence says.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `figure` lies in this direction from `ground`.
    Direction {
        /// The thing that is placed.
        figure: ThingId,
        /// The thing that it is placed by.
        ground: ThingId,
        /// Where it is.
        direction: Direction,
        /// It is said not to be there.
        negated: bool,
    },
    /// The two are near each other.
    Near {
        /// One.
        figure: ThingId,
        /// The other.
        ground: ThingId,
        /// It is said that they are not.
        negated: bool,
    },
    /// The two touch.
    Touching {
        /// One.
        figure: ThingId,
        /// The other.
        ground: ThingId,
        /// It is said that they do not.
        negated: bool,
    },
    /// `who` is in `place`, or is said not to be.
    In {
        /// A person or thing.
        who: ThingId,
        /// A place or container.
        place: ThingId,
        /// It is said not to be there.
        negated: bool,
    },
    /// `who` is in one of these places.
    Either {
        /// A person or thing.
        who: ThingId,
        /// The places.
        places: Vec<ThingId>,
    },
    /// `who` goes to `to`.
    Moves {
        /// Who moves.
        who: ThingId,
        /// Where to.
        to: ThingId,
    },
    /// `who` leaves `place`, or leaves `place` behind where that is something held.
    Leaves {
        /// Who.
        who: ThingId,
        /// The place or thing.
        place: ThingId,
    },
    /// `who` takes `what`.
    Takes {
        /// Who.
        who: ThingId,
        /// The thing.
        what: ThingId,
    },
    /// `who` lets go of `what`, into `place` where one is said.
    Drops {
        /// Who.
        who: ThingId,
        /// The thing.
        what: ThingId,
        /// Where it comes to lie.
        place: Option<ThingId>,
    },
    /// `who` gives `what` to `to`.
    Gives {
        /// Who.
        who: ThingId,
        /// The thing.
        what: ThingId,
        /// Who gets it.
        to: ThingId,
    },
    /// `bigger` is bigger than `smaller`.
    Bigger {
        /// The bigger one.
        bigger: ThingId,
        /// The smaller one.
        smaller: ThingId,
    },
    /// `thing` is one of a kind.
    Kind {
        /// A thing or person.
        thing: ThingId,
        /// The kind, in singular.
        kind: ThingId,
        /// It is said not to be one.
        negated: bool,
    },
    /// `thing` is so: `white`.
    Property {
        /// A thing, person or kind.
        thing: ThingId,
        /// The word.
        word: ThingId,
        /// It is said not to be so.
        negated: bool,
    },
    /// Every `kind` is `relation` `object`: "mice are afraid of wolves".
    Towards {
        /// A kind or a thing.
        kind: ThingId,
        /// `afraid of`.
        relation: ThingId,
        /// The kind or thing that it is towards.
        object: ThingId,
    },
}

impl Statement {
    /// The same with other numbers for its things.
    pub(super) fn renamed(&self, of: &mut dyn FnMut(ThingId) -> ThingId) -> Statement {
        use Statement as S;
        match self.clone() {
            S::Direction { figure, ground, direction, negated } => {
                S::Direction { figure: of(figure), ground: of(ground), direction, negated }
            }
            S::Near { figure, ground, negated } => {
                S::Near { figure: of(figure), ground: of(ground), negated }
            }
            S::Touching { figure, ground, negated } => {
                S::Touching { figure: of(figure), ground: of(ground), negated }
            }
            S::In { who, place, negated } => S::In { who: of(who), place: of(place), negated },
            S::Either { who, places } => {
                S::Either { who: of(who), places: places.into_iter().map(of).collect() }
            }
            S::Moves { who, to } => S::Moves { who: of(who), to: of(to) },
            S::Leaves { who, place } => S::Leaves { who: of(who), place: of(place) },
            S::Takes { who, what } => S::Takes { who: of(who), what: of(what) },
            S::Drops { who, what, place } => S::Drops { who: of(who), what: of(what), place: place.map(of) },
            S::Gives { who, what, to } => S::Gives { who: of(who), what: of(what), to: of(to) },
            S::Bigger { bigger, smaller } => S::Bigger { bigger: of(bigger), smaller: of(smaller) },
            S::Kind { thing, kind, negated } => S::Kind { thing: of(thing), kind: of(kind), negated },
            S::Property { thing, word, negated } => S::Property { thing: of(thing), word: of(word), negated },
            S::Towards { kind, relation, object } => {
                S::Towards { kind: of(kind), relation: of(relation), object: of(object) }
            }
        }
    }
}
