//! Sudoku boards: one missing digit is asked for. Gen-ViRe and TiViBench have the kind (2025), HRM its hardest boards.

use super::quiz::{Quiz, Quizzed};
use super::quiz_knobs;
use crate::generate::{Family, Knob, Knobs, Range, Said, Skip, Stream};
use chronotope_simulate::puzzle::{Sudoku, SudokuSettings};
use chronotope_world::catalogue::Entry;

/// A missing digit.
pub type SudokuTask = Quiz<Sudoku>;

impl Quizzed for Sudoku {
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "sudoku",
        about: "a missing digit of a board that has one solution",
        source: "tasks/src/generate/puzzle/sudoku.rs",
        paper: Some("Gen-ViRe, 2025"),
        example: "chronotope make sudoku --count 10 --out items",
    };
    const FAMILY: Family = Family::Maze;
    const RULES: &'static str = "In a finished board every row, every column and every box framed by thick lines holds each digit once. Rows are counted from the top, columns from the left, both from 1; in text a missing digit is a dot.";
    const KNOBS: &'static [Knob] = quiz_knobs![
        4,
        ["4", "4", "4"],
        Knob {
            name: "side",
            about: "rows and columns",
            range: Range::Word(&["4", "9"]),
            levels: ["4", "9", "9"],
        },
        Knob {
            name: "missing",
            about: "missing digits; at most 12 where the side is 4",
            range: Range::Whole(1, 58),
            levels: ["7", "38", "50"],
        },
    ];

    fn settings(knobs: &Knobs) -> SudokuSettings {
        SudokuSettings {
            side: knobs.count("side") as u8,
            missing: knobs.count("missing") as u8,
            min_rating: 0,
        }
    }

    fn check(knobs: &Knobs) -> Result<(), String> {
        Sudoku::settings(knobs).check().map_err(|fault| fault.to_string())
    }

    fn question(&self, answer: &Vec<u8>, stream: &mut Stream, knobs: &Knobs) -> Result<(String, Said), Skip> {
        let side = usize::from(self.side());
        let missing: Vec<usize> = (0..answer.len()).filter(|&at| self.digits().get(at) == Some(&0)).collect();
        let at = *stream.choose(&missing).ok_or(Skip::world("no digit is missing"))?;
        let right = answer[at];
        let mut wrong: Vec<u8> = (1..=self.side()).filter(|&digit| digit != right).collect();
        stream.shuffle(&mut wrong);
        wrong.truncate(knobs.count("options").saturating_sub(1));
        let asked = format!("Which digit stands in row {}, column {}?", at / side + 1, at % side + 1);
        let said =
            Said::Choice { right: right.to_string(), wrong: wrong.iter().map(ToString::to_string).collect() };
        Ok((asked, said))
    }
}
