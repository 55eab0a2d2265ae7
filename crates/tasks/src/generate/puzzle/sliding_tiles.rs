//! Sliding tiles: the fifteen puzzle and smaller ones.

use super::{Posed, Posing, puzzle_knobs};
use crate::generate::{Family, Knob, Knobs, Range};
use chronotope_simulate::puzzle::{Sliding, SlidingSettings, Step};
use chronotope_world::catalogue::Entry;

/// The fewest slides that put the tiles in order.
pub type SlidingTilesTask = Posing<Sliding>;

impl Posed for Sliding {
    type Move = Step;
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "sliding-tiles",
        about: "numbered tiles slide into order",
        source: "tasks/src/generate/puzzle/sliding_tiles.rs",
        paper: Some("Korf, Depth-first iterative-deepening, 1985"),
        example: "chronotope make sliding-tiles --count 10 --out items",
    };
    const FAMILY: Family = Family::Maze;
    const RULES: &'static str = "The tiles slide into the gap (_) until they stand in order, row by row, with the gap last. A move is the number of the tile that slides into the gap.";
    const KNOBS: &'static [Knob] = puzzle_knobs![
        Knob { name: "side", about: "rows and columns", range: Range::Whole(2, 4), levels: ["3", "3", "4"] },
        Knob {
            name: "moves",
            about: "fewest moves that solve it, as far as the walk from order went",
            range: Range::Whole(1, 20),
            levels: ["4", "8", "12"],
        },
    ];

    fn settings(knobs: &Knobs) -> SlidingSettings {
        SlidingSettings { side: knobs.count("side") as u8, moves: knobs.whole("moves") as u32 }
    }

    fn engine_text(&self) -> Option<String> {
        Some(format!("Tiles:\n{self}"))
    }

    fn words(&self, moves: &[Step]) -> String {
        let mut board = self.clone();
        let slid = |step: &Step| {
            let before = board.tiles().to_vec();
            if !board.apply(*step) {
                // a move that runs out of the board slides nothing
                return "0".to_owned();
            }
            // the tile that stands now where the gap was
            let gap = before.iter().position(|tile| *tile == 0).unwrap_or_default();
            board.tiles()[gap].to_string()
        };
        moves.iter().map(slid).collect::<Vec<_>>().join(", ")
    }
}
