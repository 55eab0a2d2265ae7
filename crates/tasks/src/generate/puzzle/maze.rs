//! Mazes on a grid. VR-Bench regular maze (Yang et al., 2025).

use super::{Posed, Posing, puzzle_knobs};
use crate::generate::{Family, Knob, Knobs, Range};
use chronotope_simulate::puzzle::{Maze, MazeSettings, Step};
use chronotope_world::catalogue::Entry;

/// The shortest way through a maze.
pub type MazeTask = Posing<Maze>;

impl Posed for Maze {
    type Move = Step;
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "maze",
        about: "the shortest way through a maze",
        source: "tasks/src/generate/puzzle/maze.rs",
        paper: Some("VR-Bench, 2025"),
        example: "chronotope make maze --count 10 --out items",
    };
    const FAMILY: Family = Family::Maze;
    const RULES: &'static str = "In the maze, the red ball (S) wants to get to the green star (G); dark cells (#) are walls. Moves are written as runs: right 3, down 2.";
    const KNOBS: &'static [Knob] = puzzle_knobs![
        Knob {
            name: "size",
            about: "rows and columns, walls included; odd",
            range: Range::Whole(5, 99),
            levels: ["7", "11", "15"],
        },
        Knob {
            name: "loops",
            about: "share of inner walls that are opened",
            range: Range::Real(0.0, 1.0),
            levels: ["0", "0", "0.05"],
        },
    ];

    fn settings(knobs: &Knobs) -> MazeSettings {
        MazeSettings {
            size: knobs.count("size") as u16,
            loops: knobs.real("loops"),
            ..MazeSettings::default()
        }
    }

    fn check(knobs: &Knobs) -> Result<(), String> {
        match knobs.count("size") {
            size if size % 2 == 1 => Ok(()),
            size => Err(format!("size: expected an odd number, found {size}")),
        }
    }

    fn engine_text(&self) -> Option<String> {
        Some(format!("Maze:\n{self}"))
    }

    fn words(&self, moves: &[Step]) -> String {
        super::runs(moves)
    }
}
