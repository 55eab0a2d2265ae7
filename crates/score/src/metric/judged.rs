//! Scores of answers that only a judge can tell right from wrong.

use super::{Metric, Tally};
use crate::datum::Datum;
use crate::error::Error;
use crate::judge::{Question, SharedJudge};
use crate::metric::sums::{Summing, Sums};
use crate::report::{Mark, Report};
use crate::row::Row;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// Answers graded or judged by a [`crate::Judge`].
///
/// Truth: the answer, or a record with `question` and `answer`. The judge says a grade or a verdict of every prediction; one of which it says
/// nothing, or nothing that fits, scores 0 and is listed as unparsable, and a missing one scores 0. Without a judge there is no score. The report
/// names the judge.
///
/// # Source
/// `llm-match`: Majumdar et al., OpenEQA, CVPR 2024, `evaluate-predictions.py`: mean of (clip(grade, 1, 5) − 1) / 4, here a fraction of 1.
/// `judged-accuracy`: the share of answers that the judge calls right, as LongMemEval, DMR, MORSE-500 and the qualitative part of SpatialRGPT
/// count. `judged-steps`: VideoMathQA's step score, a grade 0 to 10 over 10. `judged-what`: V-STaR's grades 0 to 3, of which 2 is right.
#[derive(Clone, Copy, Debug)]
pub struct Judged {
    name: &'static str,
    value: &'static str,
    about: &'static str,
    paper: &'static str,
    example: &'static str,
    scale: &'static str,
    score: fn(&Datum) -> Option<f64>,
}

impl Judged {
    /// OpenEQA's grades from 1 to 5.
    pub const LLM_MATCH: Judged = Judged {
        name: "llm-match",
        value: "LLM-Match",
        about: "grades 1 to 5 of a judge, as OpenEQA takes their mean; needs a judge",
        paper: "Majumdar et al., OpenEQA: Embodied Question Answering in the Era of Foundation Models, CVPR 2024",
        example: "chronotope score llm-match --truth truth.jsonl --pred pred.jsonl --judge verdicts.jsonl",
        scale: "a grade from 1 to 5",
        score: |verdict| {
            let grade = verdict.number()?;
            Some((grade.clamp(1.0, 5.0) - 1.0) / 4.0)
        },
    };
    /// Right or wrong.
    pub const ACCURACY: Judged = Judged {
        name: "judged-accuracy",
        value: "accuracy",
        about: "share of answers that a judge calls right, as LongMemEval and MORSE-500 count; needs a judge",
        paper: "Wu et al., LongMemEval: Benchmarking Chat Assistants on Long-Term Interactive Memory, ICLR 2025",
        example: "chronotope score judged-accuracy --truth truth.jsonl --pred pred.jsonl --judge verdicts.jsonl",
        scale: "right or wrong (true, yes, 1; false, no, 0)",
        score: |verdict| verdict.verdict().map(|right| f64::from(u8::from(right))),
    };
    /// VideoMathQA's steps.
    pub const STEPS: Judged = Judged {
        name: "judged-steps",
        value: "steps",
        about: "grades 0 to 10 of the steps of a solution, as VideoMathQA takes them; needs a judge",
        paper: "Rasheed et al., VideoMathQA, 2025",
        example: "chronotope score judged-steps --truth truth.jsonl --pred pred.jsonl --judge verdicts.jsonl",
        scale: "a grade from 0 to 10",
        score: |verdict| within(verdict, 10.0).map(|grade| grade / 10.0),
    };
    /// V-STaR's grades from 0 to 3.
    pub const WHAT: Judged = Judged {
        name: "judged-what",
        value: "Acc",
        about: "grades 0 to 3 of a judge, of which 2 is right, as V-STaR counts its answers; needs a judge",
        paper: "Cheng et al., V-STaR, 2025",
        example: "chronotope score judged-what --truth truth.jsonl --pred pred.jsonl --judge verdicts.jsonl",
        scale: "a grade from 0 to 3",
        score: |verdict| within(verdict, 3.0).map(|grade| f64::from(u8::from(grade >= 2.0))),
    };
}

/// A grade from 0 to the most.
fn within(verdict: &Datum, most: f64) -> Option<f64> {
    verdict.number().filter(|grade| (0.0..=most).contains(grade))
}

impl Metric for Judged {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: self.name,
            about: self.about,
            source: "score/src/metric/judged.rs",
            paper: Some(self.paper),
            example: self.example,
        }
    }

    /// Without a judge every row is refused: see [`Metric::judged_tally`].
    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Unjudged(*self))
    }

    fn judged_tally(&self, judge: SharedJudge) -> Option<Box<dyn Tally>> {
        Some(Box::new(Summing::new(Judging { metric: *self, judge })))
    }

    fn off_scale(&self, verdict: &Datum) -> Option<&'static str> {
        let clipped = self.name == Judged::LLM_MATCH.name;
        let fits = (self.score)(verdict).is_some()
            && (!clipped || verdict.number().is_some_and(|grade| (1.0..=5.0).contains(&grade)));
        (!fits).then_some(self.scale)
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

/// Refuses every row.
struct Unjudged(Judged);

impl Tally for Unjudged {
    fn add(&mut self, _row: &Row<'_>) -> Result<Mark, Error> {
        Err(Error::NoJudge { metric: self.0.name })
    }

    fn finish(self: Box<Self>) -> Report {
        Report { metric: self.0.name.to_owned(), headline: self.0.value.to_owned(), ..Report::default() }
    }
}

struct Judging {
    metric: Judged,
    judge: SharedJudge,
}

impl Sums for Judging {
    fn metric(&self) -> &'static str {
        self.metric.name
    }

    fn headline(&self) -> &'static str {
        self.metric.value
    }

    fn judge(&self) -> Option<String> {
        Some(self.judge.name())
    }

    fn width(&self) -> usize {
        1
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        let question = match row.truth.field("question") {
            Some(Datum::Text(question)) => Some(question.as_str()),
            _ => None,
        };
        let truth = row.truth.field("answer").unwrap_or(row.truth);
        let mark = match row.prediction {
            None => Mark::Missing,
            Some(answer) => self
                .judge
                .verdict(&Question { id: row.id, part: None, question, truth, answer })
                .and_then(|verdict| (self.metric.score)(&verdict))
                .map_or(Mark::Unparsable, Mark::Score),
        };
        into[0] = mark.score().unwrap_or_default();
        Ok(mark)
    }

    fn values(&self, sums: &[f64], n: f64) -> BTreeMap<String, f64> {
        BTreeMap::from([(self.metric.value.to_owned(), sums[0] / n)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Asked;
    use std::sync::Arc;

    fn report(metric: Judged, verdicts: &'static [Option<f64>]) -> Report {
        let judge = Asked::new("a person", |question: &Question<'_>| {
            verdicts[question.id.parse::<usize>().expect("a number")].map(Datum::Number)
        });
        let mut tally = metric.judged_tally(Arc::new(judge)).expect("it takes a judge");
        let (truth, said) = (Datum::text("a cup"), Datum::text("a mug"));
        for i in 0..verdicts.len() {
            let row = Row { id: &i.to_string(), group: "g", truth: &truth, prediction: Some(&said) };
            tally.add(&row).expect("a truth");
        }
        tally.finish()
    }

    #[test]
    fn grades_become_scores_as_the_worked_vector_says() {
        let found = report(Judged::LLM_MATCH, &[Some(5.0), Some(3.0), Some(1.0)]);
        assert_eq!((found.result(), found.judge.as_deref()), (Some(0.5), Some("a person")));
        assert_eq!(report(Judged::WHAT, &[Some(2.0), Some(1.0)]).result(), Some(0.5));
        assert_eq!(report(Judged::STEPS, &[Some(7.0), Some(11.0)]).result(), Some(0.35));
    }

    #[test]
    fn what_is_not_judged_scores_nothing_and_is_listed() {
        let found = report(Judged::ACCURACY, &[Some(1.0), None, Some(0.7)]);
        assert_eq!((found.result(), found.unparsable.n), (Some(1.0 / 3.0), 2));
    }

    #[test]
    fn without_a_judge_there_is_no_score() {
        let truth = Datum::text("a cup");
        let row = Row { id: "1", group: "g", truth: &truth, prediction: Some(&truth) };
        let fault = Judged::LLM_MATCH.tally().add(&row).expect_err("nobody judges").to_string();
        assert!(fault.contains("llm-match") && fault.contains("judge"), "{fault}");
    }
}
