//! The tower of Hanoi.

use super::{Posed, Posing, puzzle_knobs};
use crate::generate::{Family, Knob, Knobs, Range};
use chronotope_simulate::puzzle::{DiscMove, Hanoi, HanoiSettings};
use chronotope_world::catalogue::Entry;

/// The fewest moves of a tower.
pub type TowerOfHanoiTask = Posing<Hanoi>;

impl Posed for Hanoi {
    type Move = DiscMove;
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "tower-of-hanoi",
        about: "discs move from peg to peg, never onto a smaller one",
        source: "tasks/src/generate/puzzle/tower_of_hanoi.rs",
        paper: Some("Lucas, 1883"),
        example: "chronotope make tower-of-hanoi --count 10 --out items",
    };
    const FAMILY: Family = Family::Maze;
    const RULES: &'static str = "Discs move one at a time from the top of one peg to another, never onto a smaller one, until all lie on the goal peg, which bears a star (goal). A move names the two pegs: 1>3.";
    const KNOBS: &'static [Knob] = puzzle_knobs![
        Knob { name: "discs", about: "discs", range: Range::Whole(1, 8), levels: ["3", "4", "5"] },
        Knob { name: "pegs", about: "pegs", range: Range::Whole(3, 4), levels: ["3", "3", "3"] },
        Knob {
            name: "from_tower",
            about: "whether all discs begin on one peg",
            range: Range::Word(&["yes", "no"]),
            levels: ["no", "no", "no"],
        },
    ];

    fn settings(knobs: &Knobs) -> HanoiSettings {
        HanoiSettings {
            discs: knobs.count("discs") as u8,
            pegs: knobs.count("pegs") as u8,
            from_tower: knobs.word("from_tower") == "yes",
        }
    }
}
