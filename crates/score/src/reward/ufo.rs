//! UFO: try again.

use super::{Case, Fault, Verdict};
use std::collections::BTreeSet;
use std::sync::Arc;

rule! {
    /// 1 / 2^k where the answer is right at turn k (from 0), − ½ · (1 − unlike answers / answers).
    ///
    /// Each turn has one answer; those after the first right one do not count, nor do turns after the fifth. A turn without an answer that can be
    /// read counts as one more of the same.
    ///
    /// # Source
    /// `ragen/env/metamathqa/env.py` of lichengliu03/unary-feedback.
    Ufo, "ufo", "right soon, and not the same again", "ufo.rs",
    Some("Liu et al., A Simple Try Again Can Elicit Multi-Turn LLM Reasoning (UFO), 2025"),
    r#"{"id": 1, "completion": [{"role": "assistant", "content": "<answer>3</answer>"}, {"role": "user", "content": "try again"}, {"role": "assistant", "content": "<answer>4</answer>"}], "answer": "4"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (mut n, mut unlike) = (0u32, BTreeSet::new());
    let (mut right, mut reason) = (0.0, None);
    for turn in case.turns().take(5) {
        let mut one = case.clone();
        one.reply = Arc::new(turn.clone());
        one.earlier = Vec::new();
        n += 1;
        match one.answer() {
            Ok(said) => unlike.insert(said.trim().to_lowercase()),
            Err(_no_answer) => unlike.insert(String::new()),
        };
        let (accuracy, why) = one.accuracy()?;
        reason = why;
        if accuracy == 1.0 {
            right = 0.5f64.powi(n as i32 - 1);
            break;
        }
    }
    let same = 1.0 - unlike.len() as f64 / f64::from(n.max(1));
    Ok(Verdict::of("right", right).part("same", same, -0.5).because(reason))
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn the_third_turn_is_worth_a_quarter() {
        // vector u48
        let row = |answers: [&str; 3]| {
            let turns: Vec<_> = answers
                .iter()
                .map(|a| serde_json::json!({"content": format!("<answer>{a}</answer>")}))
                .collect();
            serde_json::json!({"completion": turns, "answer": "4"}).to_string()
        };
        assert!((pays(&Ufo, &row(["3", "3", "4"])) - 0.083333).abs() < 1e-6);
        assert!((pays(&Ufo, &row(["3", "5", "4"])) - 0.25).abs() < 1e-12);
    }
}
