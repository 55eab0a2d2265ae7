//! T-GRPO: better in order than shuffled.

use super::length_window::in_window;
use super::{Case, Fault, Reason, Verdict};

rule! {
    /// Accuracy + format + 0.3 where order helped + 0.2 for a length in the window.
    ///
    /// A group are replies to ordered pictures and, with `context.shuffled`, replies to the same pictures shuffled, which are scored and never trained
    /// on (their verdict is their accuracy; give them no advantage: method `t-grpo`). Where mean(ordered) ≥ 0.8 · mean(shuffled), every ordered reply with an
    /// accuracy above 0.1 gets the first bonus; there is none without shuffled replies (`context.shuffled_accuracies` may stand for them) nor for
    /// images. The second goes to replies with an accuracy above 0.1 and 320 to 512 tokens (`context.tokens`), where more than one of the group
    /// qualifies; `context.alone` drops that last condition for rows that come without their group.
    ///
    /// # Source
    /// `grpo_trainer.py`, `grpo.py` of tulerfeng/Video-R1.
    TGrpo, "t-grpo", "accuracy, format, a bonus where the order of pictures helped, one for length", "t_grpo.rs",
    Some("Feng et al., Video-R1, 2025"),
    r#"{"id": 1, "completion": "<think>first, then</think><answer>B</answer>", "answer": "B", "context": {"shuffled_accuracies": [1, 0, 1, 0], "tokens": 400, "alone": true}}"#,
    group
}

/// Share of the shuffled accuracy that the ordered has to reach.
const MU: f64 = 0.8;

fn group(cases: &[Case<'_>]) -> Vec<Result<Verdict, Fault>> {
    let read: Vec<Result<Row, Fault>> = cases.iter().map(Row::of).collect();
    let rows = || read.iter().filter_map(|row| row.as_ref().ok());
    let mean =
        |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let ordered = mean(rows().filter(|row| !row.shuffled).map(|row| row.accuracy).collect());
    let given = rows().find_map(|row| row.given.clone());
    let shuffled =
        mean(given.unwrap_or_else(|| rows().filter(|row| row.shuffled).map(|row| row.accuracy).collect()));
    let order_helps = ordered.zip(shuffled).is_some_and(|(ordered, shuffled)| ordered >= MU * shuffled);
    let long = rows().filter(|row| row.is_long()).count();
    let verdict = |case: &Case<'_>, row: &Row| {
        let verdict = Verdict::of("accuracy", row.accuracy).because(row.reason);
        if row.shuffled {
            return verdict;
        }
        let bit = |yes| f64::from(u8::from(yes));
        let temporal = order_helps && row.accuracy > 0.1 && !row.image;
        verdict
            .part("format", case.format(), 1.0)
            .part("temporal", bit(temporal), 0.3)
            .part("length", bit(row.is_long() && (long > 1 || row.alone)), 0.2)
            .because(row.tokens.is_none().then_some(Reason::NoTokenCount))
    };
    cases
        .iter()
        .zip(&read)
        .map(|(case, row)| row.as_ref().map(|row| verdict(case, row)).map_err(Clone::clone))
        .collect()
}

struct Row {
    accuracy: f64,
    reason: Option<Reason>,
    shuffled: bool,
    given: Option<Vec<f64>>,
    tokens: Option<f64>,
    image: bool,
    alone: bool,
}

impl Row {
    fn of(case: &Case<'_>) -> Result<Row, Fault> {
        let (accuracy, reason) = case.accuracy()?;
        Ok(Row {
            accuracy,
            reason,
            shuffled: case.context.flag("shuffled")?,
            given: case.context.shares("shuffled_accuracies")?,
            tokens: case.context.amount("tokens")?,
            image: case.context.text("data_type")? == Some("image"),
            alone: case.context.flag("alone")?,
        })
    }

    fn is_long(&self) -> bool {
        !self.shuffled
            && self.accuracy > 0.1
            && self.tokens.is_some_and(|tokens| in_window(tokens, 320.0, 512.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Plan, Reward as _, RewardRow};
    use super::*;
    use crate::advantage::masked_advantage;

    fn rewards(ordered: &[(f64, u32)], shuffled: &[f64]) -> Vec<f64> {
        let row = |a: &f64, more: String| {
            let said = if *a == 1.0 { "B" } else { "A" };
            format!(
                r#"{{"completion": "<think>t</think><answer>{said}</answer>", "answer": "B", "context": {{{more}}}}}"#
            )
        };
        let rows: Vec<String> = ordered
            .iter()
            .map(|(a, tokens)| row(a, format!("\"tokens\": {tokens}")))
            .chain(shuffled.iter().map(|a| row(a, "\"shuffled\": true".to_owned())))
            .collect();
        let rows: Vec<RewardRow<'_>> =
            rows.iter().map(|row| serde_json::from_str(row).expect("a row")).collect();
        let plan = Plan::default();
        let cases: Vec<Case<'_>> = rows.iter().map(|row| row.case(&plan)).collect();
        TGrpo.judge_group(&cases).into_iter().map(|verdict| verdict.expect("fits").reward()).collect()
    }

    #[test]
    fn the_group_is_that_of_the_worked_vector() {
        // vector u10
        let lengths = [400, 600, 350, 320, 100, 512, 513, 330];
        let accuracies = [1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0];
        let ordered: Vec<(f64, u32)> = accuracies.into_iter().zip(lengths).collect();
        let found = rewards(&ordered, &[1.0, 0.0, 1.0, 0.0]);
        let expected = [2.5, 2.3, 1.0, 2.5, 1.0, 1.0, 2.3, 1.0];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        let trained: Vec<(f64, bool)> = found.iter().enumerate().map(|(i, r)| (*r, i >= 8)).collect();
        let advantages = masked_advantage(&trained, false, 1e-4);
        for (i, expected) in
            [1.063491, 0.797618, -0.930554, 1.063491, -0.930554, -0.930554, 0.797618, -0.930554]
                .into_iter()
                .enumerate()
        {
            assert!((advantages[i].expect("trained on") - expected).abs() < 1e-6, "{i}");
        }
        assert_eq!(advantages[8..], [None; 4]);
    }

    #[test]
    fn at_the_border_the_bonus_is_given() {
        // vector u11: 0.5 against 0.8 · 0.625
        let shuffled = [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0];
        assert!((rewards(&[(1.0, 0), (0.0, 0)], &shuffled)[0] - 2.3).abs() < 1e-12);
        let worse = [1.0, 1.0, 1.0, 0.0];
        assert!((rewards(&[(1.0, 0), (0.0, 0)], &worse)[0] - 2.0).abs() < 1e-12);
    }
}
