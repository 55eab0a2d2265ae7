//! Rush hour: vehicles slide along their length until the red one is out.

use super::{Posed, Posing, puzzle_knobs};
use crate::generate::{Family, Knob, Knobs, Range};
use chronotope_simulate::puzzle::{RushHour, RushHourSettings, Slide};
use chronotope_world::catalogue::Entry;

/// The fewest slides that let the red car out.
pub type RushHourTask = Posing<RushHour>;

impl Posed for RushHour {
    type Move = Slide;
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "rush-hour",
        about: "vehicles slide until the red one is out",
        source: "tasks/src/generate/puzzle/rush_hour.rs",
        paper: Some("Flake and Baum, Rush Hour is PSPACE-complete, 2002"),
        example: "chronotope make rush-hour --count 10 --out items",
    };
    const FAMILY: Family = Family::Maze;
    const RULES: &'static str = "Vehicles slide along their longer side only. The red vehicle A shall reach the right edge of the yard. A move names a vehicle, which way it slides and how many cells: B left 2.";
    const KNOBS: &'static [Knob] = puzzle_knobs![
        Knob {
            name: "vehicles",
            about: "vehicles besides the red one",
            range: Range::Whole(1, 12),
            levels: ["4", "7", "10"],
        },
        Knob {
            name: "min_moves",
            about: "fewest slides that solve it",
            range: Range::Whole(1, 30),
            levels: ["2", "4", "8"],
        },
    ];

    fn settings(knobs: &Knobs) -> RushHourSettings {
        let min_moves = knobs.whole("min_moves") as u32;
        let usual = RushHourSettings::default();
        RushHourSettings {
            vehicles: knobs.count("vehicles") as u8,
            min_moves,
            max_moves: usual.max_moves.max(min_moves),
        }
    }

    fn engine_text(&self) -> Option<String> {
        let rows = self.to_string();
        let (row, line) = rows.lines().enumerate().find(|(_, line)| line.contains('A'))?;
        let wide = line.matches('A').count();
        Some(format!("Blocks: lengthwise\n{rows}goal: A at {} {}", line.len() - wide + 1, row + 1))
    }

    fn words(&self, moves: &[Slide]) -> String {
        let word = |slide: &Slide| {
            let along_row = self.vehicles.get(usize::from(slide.vehicle)).is_some_and(|v| v.along_row);
            let way = match (along_row, slide.by > 0) {
                (true, true) => "right",
                (true, false) => "left",
                (false, true) => "down",
                (false, false) => "up",
            };
            format!("{} {way} {}", char::from(b'A' + slide.vehicle), slide.by.unsigned_abs())
        };
        moves.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}
