//! Cards laid on piles and taken from below (`card` of VideoReasonBench).

use super::{Hides, demo_knobs};
use crate::generate::{Knob, Range};
use chronotope_simulate::puzzle::latent::Cards;
use chronotope_world::catalogue::Entry;
use std::collections::VecDeque;

impl Hides for Cards {
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "hidden-cards",
        about: "which cards lie in piles after some were laid on top and taken from below",
        source: "tasks/src/generate/latent/card.rs",
        paper: Some("VideoReasonBench, 2025"),
        example: "chronotope make hidden-cards --count 10 --out items",
    };
    const KNOBS: &'static [Knob] = demo_knobs!(Knob {
        name: "size",
        about: "piles",
        range: Range::Whole(1, 2),
        levels: ["1", "1", "2"],
    });
    const RULES: &'static str = "Cards are laid on top of piles and taken from their bottom. Cards are written by rank and suit: 7H, 10S, KD. States list each pile from the bottom up.";

    fn replay(state: &str, operations: &str) -> Option<String> {
        let mut piles: Vec<VecDeque<&str>> =
            state.lines().map(|row| row.split_whitespace().skip(2).collect()).collect();
        for words in operations.split("; ") {
            let [word, card, _, _, number] = words.split_whitespace().collect::<Vec<_>>()[..] else {
                return None;
            };
            let is_known = piles.iter().flatten().any(|known| *known == card);
            let pile = piles.get_mut(number.parse::<usize>().ok()?.checked_sub(1)?)?;
            match word {
                "add" if !is_known => pile.push_back(card),
                "remove" if pile.front() == Some(&card) => drop(pile.pop_front()),
                _ => return None,
            }
        }
        let line = |(number, pile): (usize, &VecDeque<&str>)| {
            format!("pile {number}: {}\n", pile.iter().copied().collect::<Vec<_>>().join(" "))
        };
        Some((1..).zip(&piles).map(line).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_hold_by_the_replay() {
        super::super::holds::<Cards>([1, 2]);
    }

    #[test]
    fn the_replay_lays_on_top_and_takes_from_below() {
        let done = Cards::replay("pile 1: 7H KS\n", "add 2D to pile 1; remove 7H from pile 1");
        assert_eq!(done.as_deref(), Some("pile 1: KS 2D\n"));
        assert_eq!(Cards::replay("pile 1: 7H KS\n", "remove KS from pile 1"), None);
    }
}
