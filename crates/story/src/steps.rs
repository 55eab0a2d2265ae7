//! Stories read step by step: every relation is one step on a grid, and offsets along a chain add up.

use super::statement::{Direction, Statement};
use super::words::Axis;
use super::{Story, ThingId};
use chronotope_reason::chain::{Chain, Step, Steps};

/// The grid of a story, and which statement each link comes from.
pub(super) struct Grid {
    steps: Steps,
    told: Vec<usize>,
}

impl Grid {
    pub(super) fn of(story: &Story) -> Grid {
        let (mut links, mut told) =
            (Vec::with_capacity(story.told().len()), Vec::with_capacity(story.told().len()));
        for (i, row) in story.told().iter().enumerate() {
            if let Statement::Direction { figure, ground, direction, negated: false } = &row.what
                && let Some(offset) = offset(*direction)
            {
                links.push(Step { from: ground.0, to: figure.0, offset });
                told.push(i);
            }
        }
        Grid { steps: Steps::new(story.things().len(), &links), told }
    }

    /// Things at this offset from `ground`, ascending.
    pub(super) fn at(&self, ground: ThingId, offset: [i64; 3]) -> Vec<ThingId> {
        let offsets = self.steps.offsets(ground.0);
        let there = |(i, o): (usize, Option<[i64; 3]>)| (o == Some(offset)).then_some(ThingId(i as u32));
        offsets.into_iter().enumerate().filter_map(there).filter(|t| *t != ground).collect()
    }

    /// Statements that contradict each other, none of which can be left out.
    pub(super) fn contradiction(&self) -> Option<Vec<usize>> {
        Some(self.steps.contradiction()?.into_iter().map(|l| self.told[l]).collect())
    }

    /// Where `figure` is from `ground`; links are positions of statements.
    pub(super) fn between(&self, ground: ThingId, figure: ThingId) -> Chain {
        let statements = |links: Vec<usize>| links.into_iter().map(|l| self.told[l]).collect();
        match self.steps.between(ground.0, figure.0) {
            Chain::Apart => Chain::Apart,
            Chain::Sum { offset, links } => Chain::Sum { offset, links: statements(links) },
            Chain::Contradicted { offset, links, cycle } => {
                Chain::Contradicted { offset, links: statements(links), cycle: statements(cycle) }
            }
        }
    }
}

/// One step across, up and to the front; none where a map's and a drawing's words disagree.
pub(super) fn offset(direction: Direction) -> Option<[i64; 3]> {
    let one = |drawing: Axis, map: Axis| match (direction.sign(drawing), direction.sign(map)) {
        (Some(a), Some(b)) if a != b => None,
        (a, b) => Some(i64::from(a.or(b).unwrap_or(0))),
    };
    let front = i64::from(direction.sign(Axis::Front).unwrap_or(0));
    Some([one(Axis::Across, Axis::East)?, one(Axis::Up, Axis::North)?, front])
}

/// The word of an offset: `upper-left`, `above`, `overlap`.
pub(super) fn word(offset: [i64; 3]) -> String {
    let side = |v: i64, low: &'static str, high: &'static str| match v.signum() {
        -1 => Some(low),
        1 => Some(high),
        _ => None,
    };
    let across = side(offset[0], "left", "right");
    let front = side(offset[2], "behind", "front");
    let plane = match (offset[1].signum(), across) {
        (0, None) => None,
        (0, Some(across)) => Some(across.to_owned()),
        (1, None) => Some("above".to_owned()),
        (_, None) => Some("below".to_owned()),
        (1, Some(across)) => Some(format!("upper-{across}")),
        (_, Some(across)) => Some(format!("lower-{across}")),
    };
    match (plane, front) {
        (None, None) => "overlap".to_owned(),
        (Some(plane), None) => plane,
        (None, Some(front)) => front.to_owned(),
        (Some(plane), Some(front)) => format!("{front}-{plane}"),
    }
}
