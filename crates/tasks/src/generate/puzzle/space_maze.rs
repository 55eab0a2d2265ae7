//! Mazes in space. VR-Bench 3D maze (Yang et al., 2025).

use super::{Posed, Posing, puzzle_knobs};
use crate::generate::{Family, Knob, Knobs, Range};
use chronotope_simulate::puzzle::{SpaceMaze, SpaceMazeSettings, SpaceMove};
use chronotope_world::catalogue::Entry;

/// The way over walks and ladders.
pub type SpaceMazeTask = Posing<SpaceMaze>;

impl Posed for SpaceMaze {
    type Move = SpaceMove;
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "space-maze",
        about: "the way through a maze in space, over walks and ladders",
        source: "tasks/src/generate/puzzle/space_maze.rs",
        paper: Some("VR-Bench, 2025"),
        example: "chronotope make space-maze --count 10 --out items",
    };
    const FAMILY: Family = Family::Maze;
    const RULES: &'static str = "A maze in space is seen from a corner; the ball walks from its start to the goal. forward_right goes up and to the right in the picture (two cells along -x), forward_left up and to the left (two cells along -y), backward_left down and to the left (+x), backward_right down and to the right (+y); up and down climb a ladder (three cells along z).";
    const KNOBS: &'static [Knob] = puzzle_knobs![
        Knob {
            name: "side",
            about: "cells along x and y",
            range: Range::Whole(6, 16),
            levels: ["7", "8", "11"]
        },
        Knob { name: "height", about: "cells upwards", range: Range::Whole(4, 16), levels: ["7", "7", "10"] },
        Knob {
            name: "segments",
            about: "fewest walks and ladders of the way; it has at most two more",
            range: Range::Whole(2, 10),
            levels: ["3", "5", "7"],
        },
        Knob {
            name: "branches",
            about: "branches that end blindly",
            range: Range::Whole(0, 6),
            levels: ["1", "3", "4"],
        },
    ];

    fn settings(knobs: &Knobs) -> SpaceMazeSettings {
        let segments = knobs.count("segments") as u8;
        SpaceMazeSettings {
            side: knobs.count("side") as u8,
            height: knobs.count("height") as u8,
            min_segments: segments,
            max_segments: segments + 2,
            branches: knobs.count("branches") as u8,
        }
    }
}
