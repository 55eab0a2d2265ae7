//! Stories read openly: "left of" says that one thing ends where the other begins, or before, and nothing else. What
//! follows holds in every drawing of the story.
//!
//! Every thing has a start, a middle and an end along each axis; a thing that is in another lies between its ends. So
//! transitivity, inverse and inclusion (the rules of SpartQA) are chains of one order per axis.

use super::statement::Statement;
use super::words::Axis;
use super::{Story, ThingId};
use chronotope_reason::chain::{Order, Precedes};
use chronotope_world::Truth;

/// One axis of all drawings of a story.
pub(super) struct Drawing {
    order: Order,
    /// The statement of each link; the parts of a thing need none.
    told: Vec<Option<usize>>,
}

const START: u32 = 0;
const MIDDLE: u32 = 1;
const END: u32 = 2;

impl Drawing {
    /// The order along an axis; `sign` −1 turns the axis round.
    pub(super) fn of(story: &Story, axis: Axis, sign: i8) -> Drawing {
        let n = story.things().len();
        let mut links = Vec::with_capacity(2 * n + story.told().len());
        let mut told = Vec::with_capacity(2 * n + story.told().len());
        let mut put = |low: u32, high: u32, strict: bool, by: Option<usize>| {
            links.push(Precedes { low, high, strict });
            told.push(by);
        };
        for thing in story.things().ids() {
            put(at(thing, START), at(thing, MIDDLE), true, None);
            put(at(thing, MIDDLE), at(thing, END), true, None);
        }
        for (i, row) in story.told().iter().enumerate() {
            match &row.what {
                Statement::Direction { figure, ground, direction, negated } => {
                    let Some(there) = direction.sign(axis).map(|s| s * sign) else { continue };
                    let (low, high) = if there > 0 { (*ground, *figure) } else { (*figure, *ground) };
                    let one_axis = direction.signs.iter().flatten().count() == 1;
                    match (there, negated) {
                        (0, false) => {
                            put(at(*figure, MIDDLE), at(*ground, MIDDLE), false, Some(i));
                            put(at(*ground, MIDDLE), at(*figure, MIDDLE), false, Some(i));
                        }
                        (_, false) => put(at(low, END), at(high, START), false, Some(i)),
                        (0, true) => {}
                        // not wholly beyond: this end reaches past that start
                        (_, true) if one_axis => put(at(high, START), at(low, END), true, Some(i)),
                        (_, true) => {}
                    }
                }
                Statement::In { who, place, negated: false } => {
                    put(at(*place, START), at(*who, START), false, Some(i));
                    put(at(*who, END), at(*place, END), false, Some(i));
                }
                _ => {}
            }
        }
        Drawing { order: Order::new(3 * n, &links), told }
    }

    /// Whether `figure` lies beyond `ground` along the axis, in all drawings, in none, or in some; with the statements.
    pub(super) fn beyond(&self, ground: ThingId, figure: ThingId) -> (Truth, Vec<usize>) {
        if let Some(links) = self.order.proof(at(ground, END), at(figure, START), false) {
            return (Truth::Yes, self.statements(&links));
        }
        if let Some(links) = self.order.proof(at(figure, START), at(ground, END), true) {
            return (Truth::No, self.statements(&links));
        }
        (Truth::Unknown, Vec::new())
    }

    /// Whether two things are level along the axis.
    pub(super) fn level(&self, ground: ThingId, figure: ThingId) -> (Truth, Vec<usize>) {
        let (a, b) = (at(ground, MIDDLE), at(figure, MIDDLE));
        if let (Some(up), Some(down)) = (self.order.proof(a, b, false), self.order.proof(b, a, false)) {
            return (Truth::Yes, self.statements(&[up, down].concat()));
        }
        let apart = self.order.proof(a, b, true).or_else(|| self.order.proof(b, a, true));
        apart.map_or((Truth::Unknown, Vec::new()), |links| (Truth::No, self.statements(&links)))
    }

    /// Everything that lies beyond `ground` in all drawings, ascending.
    pub(super) fn all_beyond(&self, ground: ThingId) -> Vec<ThingId> {
        let start = |node: u32| (node % 3 == START).then_some(ThingId(node / 3));
        let mut all: Vec<ThingId> =
            self.order.above(at(ground, END), false).into_iter().filter_map(start).collect();
        all.retain(|t| *t != ground);
        all
    }

    /// Statements that no drawing satisfies together, none of which can be left out.
    pub(super) fn contradiction(&self) -> Option<Vec<usize>> {
        Some(self.statements(&self.order.contradiction()?))
    }

    fn statements(&self, links: &[usize]) -> Vec<usize> {
        let mut by: Vec<usize> = links.iter().filter_map(|&l| self.told[l]).collect();
        by.sort_unstable();
        by.dedup();
        by
    }
}

fn at(thing: ThingId, part: u32) -> u32 {
    3 * thing.0 + part
}
