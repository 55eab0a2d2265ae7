//! Accuracy by one measure, whatever the row's type says.

use super::accuracy::{Measure, measured};
use super::{Case, Fault, Reward, Verdict};
use chronotope_world::catalogue::Entry;

/// Accuracy by one of the measures of [`super::Accuracy`].
#[derive(Clone, Copy, Debug)]
pub struct ByMeasure {
    name: &'static str,
    about: &'static str,
    measure: Measure,
    paper: Option<&'static str>,
    example: &'static str,
}

impl ByMeasure {
    /// Every measure, alphabetical.
    pub const ALL: &[ByMeasure] = &[
        ByMeasure {
            name: "exact",
            about: "1 where the answer is the truth's text, whatever its case",
            measure: Measure::Exact,
            paper: None,
            example: r#"{"id": 1, "completion": "<think>seen</think><answer>Left</answer>", "answer": "left"}"#,
        },
        ByMeasure {
            name: "math",
            about: "1 where the answer is the truth's number, or its term without blanks",
            measure: Measure::Math,
            paper: Some("OneThinker, 2025"),
            example: r#"{"id": 1, "completion": "<think>half</think><answer>0.50</answer>", "answer": "0.5"}"#,
        },
        ByMeasure {
            name: "mra",
            about: "mean relative accuracy of a number",
            measure: Measure::Mra,
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: r#"{"id": 1, "completion": "<think>near</think><answer>3</answer>", "answer": "4"}"#,
        },
        ByMeasure {
            name: "number",
            about: "1 where the number is the truth's after rounding to 2 places, both or neither with a fraction",
            measure: Measure::Number,
            paper: Some("Feng et al., Video-R1, 2025"),
            example: r#"{"id": 1, "completion": "<think>count</think><answer>4</answer>", "answer": "4"}"#,
        },
        ByMeasure {
            name: "ocr",
            about: "1 minus the word error rate, not below 0",
            measure: Measure::Ocr,
            paper: Some("Feng et al., Video-R1, 2025"),
            example: r#"{"id": 1, "completion": "<think>a sign</think><answer>no way out</answer>", "answer": "no way out here"}"#,
        },
        ByMeasure {
            name: "option",
            about: "1 where the answer is the truth's letter",
            measure: Measure::Choice,
            paper: Some("Feng et al., Video-R1, 2025"),
            example: r#"{"id": 1, "completion": "<think>seen</think><answer>(B)</answer>", "answer": "B"}"#,
        },
        ByMeasure {
            name: "regression",
            about: "1 minus the relative error, not below 0",
            measure: Measure::Regression,
            paper: Some("Feng et al., Video-R1, 2025"),
            example: r#"{"id": 1, "completion": "<think>near</think><answer>8</answer>", "answer": "10"}"#,
        },
        ByMeasure {
            name: "rouge",
            about: "mean of ROUGE-1, ROUGE-2 and ROUGE-L F-measures with stemming",
            measure: Measure::Text,
            paper: Some("Lin, ROUGE, 2004; Feng et al., Video-R1, 2025"),
            example: r#"{"id": 1, "completion": "<think>t</think><answer>a red car turns left</answer>", "answer": "the red car turned left"}"#,
        },
        ByMeasure {
            name: "siou",
            about: "overlap of two boxes",
            measure: Measure::Box,
            paper: None,
            example: r#"{"id": 1, "completion": "<think>there</think><answer>[1, 0, 3, 2]</answer>", "answer": "[0, 0, 2, 2]"}"#,
        },
        ByMeasure {
            name: "tiou",
            about: "overlap of intervals in time, each side's merged",
            measure: Measure::Interval,
            paper: Some("Li et al., VideoChat-R1, 2025"),
            example: r#"{"id": 1, "completion": "<think>then</think><answer>12 to 24</answer>", "answer": "[10, 20]"}"#,
        },
    ];
}

impl Reward for ByMeasure {
    fn entry(&self) -> Entry {
        Entry {
            kind: "rewards",
            name: self.name,
            about: self.about,
            source: "score/src/reward/measures.rs",
            paper: self.paper,
            example: self.example,
        }
    }

    fn judge(&self, case: &Case<'_>) -> Result<Verdict, Fault> {
        let truth = case.truth("the truth")?;
        let (value, reason) = measured(self.measure, case, truth)?;
        Ok(Verdict::of(self.name, value).because(reason))
    }
}
