//! Knight swap: white and black knights change places.

use super::{Posed, Posing, puzzle_knobs};
use crate::generate::{Family, Knob, Knobs, Range};
use chronotope_simulate::puzzle::{Jump, KnightSwap, KnightSwapSettings};
use chronotope_world::catalogue::Entry;

/// The fewest jumps that exchange the knights.
pub type KnightSwapTask = Posing<KnightSwap>;

impl Posed for KnightSwap {
    type Move = Jump;
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "knight-swap",
        about: "white and black knights change places",
        source: "tasks/src/generate/puzzle/knight_swap.rs",
        paper: Some("Guarini, 1512"),
        example: "chronotope make knight-swap --count 10 --out items",
    };
    const FAMILY: Family = Family::Maze;
    const RULES: &'static str = "White (w) and black (b) knights shall change places by knights' jumps onto free squares, the colours taking turns. A move names two squares: A1>C2.";
    const KNOBS: &'static [Knob] = puzzle_knobs![
        Knob {
            name: "squares",
            about: "squares of the board",
            range: Range::Whole(6, 14),
            levels: ["7", "9", "10"]
        },
        Knob {
            name: "knights",
            about: "knights of each colour",
            range: Range::Whole(1, 2),
            levels: ["1", "1", "2"]
        },
    ];

    fn settings(knobs: &Knobs) -> KnightSwapSettings {
        KnightSwapSettings {
            squares: knobs.count("squares") as u16,
            knights: knobs.count("knights") as u16,
            ..KnightSwapSettings::default()
        }
    }
}
