//! Coins under cups that change places (`cup` of VideoReasonBench).

use super::{Hides, demo_knobs};
use crate::generate::{Knob, Range};
use chronotope_simulate::puzzle::latent::{Cups, Swap};
use chronotope_world::catalogue::Entry;

impl Hides for Cups {
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "hidden-coins",
        about: "which cups have a coin under them after they changed places",
        source: "tasks/src/generate/latent/cup.rs",
        paper: Some("VideoReasonBench, 2025"),
        example: "chronotope make hidden-coins --count 10 --out items",
    };
    const KNOBS: &'static [Knob] = demo_knobs!(Knob {
        name: "size",
        about: "rows and columns of cups",
        range: Range::Whole(3, 4),
        levels: ["3", "3", "4"],
    });
    const RULES: &'static str = "Cups stand on a board, some with a coin under them. An operation exchanges two cups with what is under them, as in `swap a1 c2`: columns are a, b, … from the left, rows 1, 2, … from the top. States are written row by row, o for a coin and . for none.";

    fn replay(state: &str, operations: &str) -> Option<String> {
        let mut rows: Vec<Vec<char>> = state.lines().map(|row| row.trim().chars().collect()).collect();
        let square = |name: &str| -> Option<(usize, usize)> {
            let (column, row) = name.split_at_checked(1)?;
            Some((row.parse::<usize>().ok()?.checked_sub(1)?, "abcd".find(column)?))
        };
        for words in operations.split("; ") {
            let words: Vec<&str> = words.split_whitespace().collect();
            let (a, b) = (square(words.get(1)?)?, square(words.get(2)?)?);
            let (first, second) = (*rows.get(a.0)?.get(a.1)?, *rows.get(b.0)?.get(b.1)?);
            rows[a.0][a.1] = second;
            rows[b.0][b.1] = first;
        }
        Some(rows.iter().map(|row| row.iter().collect::<String>() + "\n").collect())
    }

    fn say(operation: &Swap) -> String {
        let text = operation.to_string();
        text.split_once(" of ").map_or(text.clone(), |(said, _)| said.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_hold_by_the_replay() {
        super::super::holds::<Cups>([3, 4]);
    }

    #[test]
    fn the_replay_exchanges_two_cups() {
        assert_eq!(Cups::replay("o..\n...\n...\n", "swap a1 c2 of 3").as_deref(), Some("...\n..o\n...\n"));
        assert_eq!(Cups::replay("o..\n...\n...\n", "swap a1 d2 of 4"), None);
    }
}
