//! Fields with traps. VR-Bench trapfield (Yang et al., 2025).

use super::{Posed, Posing, puzzle_knobs};
use crate::generate::{Family, Knob, Knobs, Range};
use chronotope_simulate::puzzle::{Step, Trapfield, TrapfieldSettings};
use chronotope_world::catalogue::Entry;

/// The shortest way past the traps.
pub type TrapfieldTask = Posing<Trapfield>;

impl Posed for Trapfield {
    type Move = Step;
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "trapfield",
        about: "the shortest way across a field that steps on no trap",
        source: "tasks/src/generate/puzzle/trapfield.rs",
        paper: Some("VR-Bench, 2025"),
        example: "chronotope make trapfield --count 10 --out items",
    };
    const FAMILY: Family = Family::Maze;
    const RULES: &'static str = "On the field, the red ball (S) wants to get to the green star (G) without stepping on a dark trap (T). Moves are written as runs: right 3, down 2.";
    const KNOBS: &'static [Knob] = puzzle_knobs![
        Knob {
            name: "size",
            about: "rows and columns",
            range: Range::Whole(3, 64),
            levels: ["5", "7", "11"]
        },
        Knob {
            name: "density",
            about: "share of the other cells that are traps",
            range: Range::Real(0.0, 1.0),
            levels: ["0.2", "0.3", "0.35"],
        },
    ];

    fn settings(knobs: &Knobs) -> TrapfieldSettings {
        TrapfieldSettings {
            size: knobs.count("size") as u16,
            density: knobs.real("density"),
            ..TrapfieldSettings::default()
        }
    }

    fn engine_text(&self) -> Option<String> {
        Some(format!("Maze:\n{}", self.to_string().replace('T', "#")))
    }

    fn words(&self, moves: &[Step]) -> String {
        super::runs(moves)
    }
}
