//! Several options at once.

use super::reply::Reason;
use super::{Case, Fault, Verdict};
use std::collections::BTreeSet;

rule! {
    /// Chosen over right options where none of the chosen is wrong, else 0: |P| / |S| if P ⊆ S and P is not empty.
    ///
    /// Options are capital letters with anything but letters between them: `A, C`, `AC`, `[A][C]`.
    ///
    /// # Source
    /// `grpo.py` of longmalongma/TW-GRPO.
    SoftChoice, "soft-choice", "share of the right options chosen, 0 where a wrong one is among them", "soft_choice.rs",
    Some("TW-GRPO, 2025"),
    r#"{"id": 1, "completion": "<think>seen</think><answer>A</answer>", "answer": "A, C"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let right = case.truth_as("letters of options", letters)?;
    Ok(match case.answer().and_then(|said| letters(said).ok_or(Reason::Unreadable)) {
        Ok(said) => {
            let share = said.len() as f64 / right.len() as f64;
            Verdict::of("choice", if said.is_subset(&right) { share } else { 0.0 })
        }
        Err(reason) => Verdict::of("choice", 0.0).because(reason),
    })
}

fn letters(text: &str) -> Option<BTreeSet<char>> {
    let mut found = BTreeSet::new();
    for c in text.chars() {
        match c {
            'A'..='Z' => found.insert(c),
            c if c.is_alphabetic() => return None,
            _ => continue,
        };
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{case, reward};
    use super::*;

    #[test]
    fn a_wrong_option_spoils_all() {
        // vector u18
        for (said, expected) in [("A", 0.5), ("C, A", 1.0), ("A B C", 0.0), ("all", 0.0), ("", 0.0)] {
            let completion = format!("<answer>{said}</answer>");
            assert_eq!(reward(&SoftChoice, &case(&completion, "A, C", "")), expected, "{said}");
        }
    }
}
