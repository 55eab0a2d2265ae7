//! Sokoban: boxes are pushed onto targets, never pulled. VR-Bench sokoban (Yang et al., 2025).

use super::{Posed, Posing, puzzle_knobs};
use crate::generate::{Family, Knob, Knobs, Range};
use chronotope_simulate::puzzle::{Sokoban, SokobanSettings, Step};
use chronotope_world::catalogue::Entry;

/// The fewest pushes, then the fewest moves.
pub type SokobanTask = Posing<Sokoban>;

impl Posed for Sokoban {
    type Move = Step;
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "sokoban",
        about: "boxes pushed onto their targets",
        source: "tasks/src/generate/puzzle/sokoban.rs",
        paper: Some("VR-Bench, 2025"),
        example: "chronotope make sokoban --count 10 --out items",
    };
    const FAMILY: Family = Family::Maze;
    const RULES: &'static str = "The red ball (@) pushes the boxes ($) onto the green targets (.); it can push one box at a time and never pull; dark cells (#) are walls. Moves are written as runs: right 3, down 2.";
    const KNOBS: &'static [Knob] = puzzle_knobs![
        Knob {
            name: "size",
            about: "rows and columns, walls included",
            range: Range::Whole(4, 13),
            levels: ["5", "7", "9"],
        },
        Knob {
            name: "boxes",
            about: "boxes and targets",
            range: Range::Whole(1, 4),
            levels: ["1", "1", "2"]
        },
        Knob {
            name: "min_pushes",
            about: "fewest pushes that solve it",
            range: Range::Whole(1, 50),
            levels: ["1", "3", "5"],
        },
    ];

    fn settings(knobs: &Knobs) -> SokobanSettings {
        let (size, min_pushes) = (knobs.count("size") as u16, knobs.whole("min_pushes") as u32);
        let usual = SokobanSettings::default();
        SokobanSettings {
            width: size,
            height: size,
            boxes: knobs.count("boxes") as u16,
            min_pushes,
            max_pushes: usual.max_pushes.max(min_pushes),
            ..usual
        }
    }

    fn words(&self, moves: &[Step]) -> String {
        super::runs(moves)
    }
}
