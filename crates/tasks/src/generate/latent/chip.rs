//! Chips put into cups and taken out (`chip` of VideoReasonBench).

use super::{Hides, demo_knobs};
use crate::generate::{Knob, Range};
use chronotope_simulate::puzzle::latent::Chips;
use chronotope_world::catalogue::Entry;

impl Hides for Chips {
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "hidden-chips",
        about: "which chips cups hold after some were put in and taken out, and what they are worth",
        source: "tasks/src/generate/latent/chip.rs",
        paper: Some("VideoReasonBench, 2025"),
        example: "chronotope make hidden-chips --count 10 --out items",
    };
    const KNOBS: &'static [Knob] =
        demo_knobs!(Knob { name: "size", about: "cups", range: Range::Whole(1, 2), levels: ["1", "1", "2"] });
    const RULES: &'static str = "Chips worth 5, 10, 20, 50 or 100 are put into cups and taken out of them. States list each cup with the worths of its chips, in order.";

    fn replay(state: &str, operations: &str) -> Option<String> {
        let worths =
            |row: &str| -> Vec<u32> { row.split_whitespace().filter_map(|w| w.parse().ok()).collect() };
        let mut cups: Vec<Vec<u32>> =
            state.lines().map(|row| worths(row.split_once(':').map_or("", |(_, chips)| chips))).collect();
        for words in operations.split("; ") {
            let [word, worth, _, _, number] = words.split_whitespace().collect::<Vec<_>>()[..] else {
                return None;
            };
            let worth: u32 = worth.parse().ok()?;
            let cup = cups.get_mut(number.parse::<usize>().ok()?.checked_sub(1)?)?;
            if word == "add" {
                cup.push(worth);
                cup.sort_unstable();
            } else {
                let at = cup.iter().position(|chip| *chip == worth)?;
                cup.remove(at);
            }
        }
        let line = |(number, cup): (usize, &Vec<u32>)| {
            let chips: Vec<String> = cup.iter().map(ToString::to_string).collect();
            format!("cup {number}: {}\n", chips.join(" "))
        };
        Some((1..).zip(&cups).map(line).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_hold_by_the_replay() {
        super::super::holds::<Chips>([1, 2]);
    }

    #[test]
    fn the_replay_counts_chips() {
        let done = Chips::replay("cup 1: 5 50\ncup 2:\n", "add 20 to cup 1; remove 50 from cup 1");
        assert_eq!(done.as_deref(), Some("cup 1: 5 20\ncup 2: \n"));
        assert_eq!(Chips::replay("cup 1: 5 50\n", "remove 20 from cup 1"), None);
    }
}
