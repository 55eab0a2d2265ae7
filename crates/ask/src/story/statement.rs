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
}
