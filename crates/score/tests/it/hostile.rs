//! Completions, rows and recipes with pieces torn out, doubled and put elsewhere: what must hold of any of them is in `fuzz/src/rewards.rs`.

#[path = "../../../../fuzz/src/rewards.rs"]
#[allow(unreachable_pub, reason = "a library of the fuzzer")]
mod rewards_door;

use chronotope_score::reward::{Plan, RewardRow, rewards};
use serde_json::Value;
use std::time::{Duration, Instant};

/// A small generator of numbers, so that a failure comes again.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n.max(1)
    }
}

const PIECES: &[&str] = &[
    "<think>",
    "</think>",
    "<answer>",
    "</answer>",
    "<box>",
    "</box>",
    "<t>",
    "</t>s",
    "<obj>",
    "</obj>",
    "at",
    "<tool_call>",
    "</tool_call>",
    "<action>",
    "</action>",
    "<when>",
    "</when>",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "1e308",
    "-1",
    "nan",
    "1e999",
    "\u{200b}",
    "\u{0}",
    "é",
    "2020-13",
    "Event order: 1-2-3.",
    ",",
    ":",
    " ",
    "<",
    "</",
    "\n",
    "label",
    "A",
    "0.1",
    "9007199254740993",
];

/// A text with a few pieces put in, taken out or doubled.
fn spoiled(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(6) {
        let at = random.below(chars.len() + 1);
        match random.below(4) {
            0 => drop(chars.drain(at..(at + random.below(12)).min(chars.len()))),
            1 => {
                let piece: Vec<char> = chars[at..(at + random.below(30)).min(chars.len())].to_vec();
                let to = random.below(chars.len() + 1);
                chars.splice(to..to, piece);
            }
            _ => drop(chars.splice(at..at, PIECES[random.below(PIECES.len())].chars())),
        }
    }
    chars.into_iter().collect()
}

#[test]
fn spoiled_completions_rows_and_recipes_are_held_to_what_must_be() {
    let mut random = Random(11);
    let rows: Vec<Value> =
        rewards().iter().map(|rule| serde_json::from_str(rule.entry().example).expect("JSON")).collect();
    let preset = std::fs::read_to_string("src/reward/preset/vsgrpo.toml").expect("a preset");
    for n in 0..240 {
        let row = &rows[n % rows.len()];
        let said = row["completion"].as_str().unwrap_or("<think>t</think><answer>B</answer>");
        rewards_door::completion(&spoiled(said, &mut random));
        rewards_door::row(&spoiled(&row.to_string(), &mut random));
        rewards_door::recipe(&spoiled(&preset, &mut random));
        rewards_door::answer(&spoiled("from 3.5 s to 1:07, [1, 2] or twenty-one", &mut random));
    }
    rewards_door::any(b"\xff\xfe<answer>");
}

/// Judges the row of each rule with this completion, and says which took too long.
fn slow(completion: &str) -> Vec<String> {
    let plan = Plan::default();
    let mut slow = Vec::new();
    for rule in rewards() {
        let mut row: Value = serde_json::from_str(rule.entry().example).expect("JSON");
        row["completion"] = completion.into();
        let row = row.to_string();
        let row: RewardRow<'_> = serde_json::from_str(&row).expect("a row");
        #[allow(clippy::disallowed_methods, reason = "the test measures")]
        let begun = Instant::now();
        let case = row.case(&plan);
        assert!(rule.judge(&case).is_ok_and(|verdict| verdict.reward().is_finite()), "{}", rule.entry().name);
        // a megabyte read once takes milliseconds; squares would take minutes
        if begun.elapsed() > Duration::from_secs(10) {
            slow.push(format!("{} {:?}", rule.entry().name, begun.elapsed()));
        }
    }
    slow
}

#[test]
fn a_megabyte_of_anything_is_judged_in_time_by_every_rule() {
    let shell = |inside: &str| format!("<think>{inside}</think><answer>{inside}</answer>");
    for completion in [
        format!("<answer>{}", " ".repeat(1 << 20)),
        "<answer>".repeat(1 << 17),
        shell(&"<t>1</t>s ".repeat(50_000)),
        shell(&"<obj>cup</obj><box>[1, 2, 3, 4]</box>at<t>1</t>s ".repeat(10_000)),
        shell(&"[1, 2, 3, 4], ".repeat(40_000)),
        shell(&"a red car turns left ".repeat(25_000)),
        shell(&"yyyyyyyyyyyyyyyy".repeat(32_000)),
        shell(&"<action>frames 1 to 20</action>".repeat(16_000)),
        shell(&"<tool_call>{\"frame\": 3}</tool_call>".repeat(14_000)),
        format!("<think>t</think><answer>{}{}</answer>", "[".repeat(1 << 19), "]".repeat(1 << 19)),
        shell(&"2020-03 Event order: ".repeat(25_000)),
        shell(&"9".repeat(1 << 19)),
    ] {
        let slow = slow(&completion);
        assert!(slow.is_empty(), "{:.40}…: {}", completion, slow.join(", "));
    }
}
