//! CLEVR-AVR: right answers, and how well the looks towards them were chosen.

use super::accuracy::right;
use super::columns::{Cells, Columns};
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;

/// CLEVR-AVR: `accuracy` of the answers, and `efficiency`, the information gathered over what the best looks would have gathered.
///
/// Prediction: `answer`, and `beliefs`: for the start and after every step a distribution over the same hypotheses of the world (weights that are not negative;
/// they need not add up to 1). A step gathers H(before) − H(after) bits. Truth: `answer`, and `best_gain_bits`: what the best single look gathers at
/// each step of the prediction, as a list, or as one number for every step. An efficiency of 1 is that of the greedy oracle; it is negative where beliefs got less
/// certain. Items without `best_gain_bits`, without a step, or whose best looks gather nothing count in `accuracy` only; where there are gains and no readable beliefs,
/// the efficiency is 0.
///
/// # Source
/// Zhou et al., PhysVLM-AVR: Active Visual Reasoning for Multimodal Large Language Models in Physical Environments, 2025, names both measures; the
/// definition of efficiency is this project's: the paper's formula and code were not at hand.
#[derive(Clone, Copy, Debug)]
pub struct ClevrAvr;

impl Metric for ClevrAvr {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "clevr-avr",
            about: "active visual reasoning: accuracy, and information gathered over what the best looks would have (our definition of the paper's measure)",
            source: "score/src/metric/clevr_avr.rs",
            paper: Some("Zhou et al., PhysVLM-AVR: Active Visual Reasoning in Physical Environments, 2025"),
            example: "chronotope score clevr-avr --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("clevr-avr", &["accuracy", "efficiency"], marks).tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer"], prediction: &["answer"] }
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let answer = truth.field("answer").ok_or("a record of answer and best_gain_bits")?;
    let best = truth.field("best_gain_bits").map(best_gains).transpose()?;
    let Some(answered) = said.field("answer") else { return Ok(None) };
    let accuracy = right(answer, answered)?;
    let efficiency = best.and_then(|best| match said.field("beliefs").and_then(entropies) {
        Some(entropies) => efficiency(&entropies, &best),
        None => Some(0.0),
    });
    Ok(Some(vec![accuracy, efficiency]))
}

/// What the best look gathers: at every step the same, or step by step.
enum Best {
    Always(f64),
    ByStep(Vec<f64>),
}

fn best_gains(given: &Datum) -> Result<Best, &'static str> {
    let gains = match given {
        Datum::List(_) => given.list_of_numbers().map(Best::ByStep),
        one => one.number().map(Best::Always),
    };
    let positive = |gain: &f64| *gain >= 0.0;
    gains
        .filter(|best| match best {
            Best::Always(gain) => positive(gain),
            Best::ByStep(gains) => gains.iter().all(positive),
        })
        .ok_or("bits from 0 on as best_gain_bits")
}

/// None where there is no step, or nothing to gather.
fn efficiency(entropies: &[f64], best: &Best) -> Option<f64> {
    let steps = entropies.len().checked_sub(1).filter(|&steps| steps > 0)?;
    let gathered = entropies[0] - entropies[steps];
    let could = match best {
        Best::Always(gain) => gain * steps as f64,
        // a step beyond those that the truth knows of has nothing left to gather
        Best::ByStep(gains) => gains.iter().take(steps).sum(),
    };
    (could > 0.0).then(|| gathered / could)
}

/// Bits of every belief; none where one is no distribution, or has other hypotheses than the one before.
fn entropies(beliefs: &Datum) -> Option<Vec<f64>> {
    let Datum::List(beliefs) = beliefs else { return None };
    let beliefs: Vec<Vec<f64>> = beliefs.iter().map(Datum::list_of_numbers).collect::<Option<_>>()?;
    let n = beliefs.first()?.len();
    beliefs.iter().map(|weights| (weights.len() == n).then(|| entropy_bits(weights))?).collect()
}

fn entropy_bits(weights: &[f64]) -> Option<f64> {
    let sum: f64 = weights.iter().sum();
    if !(sum > 0.0 && sum.is_finite()) || weights.iter().any(|weight| *weight < 0.0) {
        return None;
    }
    let shares = weights.iter().map(|weight| weight / sum).filter(|share| *share > 0.0);
    Some(-shares.map(|share| share * libm::log2(share)).sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(best: Datum, beliefs: &[&[f64]]) -> Option<f64> {
        let truth = Datum::record([("answer", Datum::text("cube")), ("best_gain_bits", best)]);
        let beliefs = beliefs.iter().map(|weights| Datum::numbers(weights)).collect();
        let said = Datum::record([("answer", Datum::text("Cube")), ("beliefs", Datum::List(beliefs))]);
        let cells = marks(&truth, &said).expect("a truth").expect("an answer");
        assert_eq!(cells[0], Some(1.0));
        cells[1]
    }

    #[test]
    fn the_greedy_oracle_has_an_efficiency_of_one() {
        let four = [1.0, 1.0, 1.0, 1.0].as_slice();
        let (two, one) = ([1.0, 1.0, 0.0, 0.0].as_slice(), [0.0, 5.0, 0.0, 0.0].as_slice());
        assert_eq!(found(Datum::Number(1.0), &[four, two, one]), Some(1.0));
        assert_eq!(found(Datum::Number(1.0), &[four, two, two]), Some(0.5));
        assert_eq!(found(Datum::numbers(&[2.0]), &[four, one]), Some(1.0));
        assert_eq!(found(Datum::numbers(&[2.0]), &[four, two, one]), Some(1.0));
        assert_eq!(found(Datum::Number(1.0), &[two, four]), Some(-1.0));
        assert_eq!(found(Datum::Number(1.0), &[four]), None, "no step was taken");
        assert_eq!(found(Datum::Number(0.0), &[four, two]), None, "nothing could be gathered");
    }

    #[test]
    fn beliefs_that_are_none_gather_nothing() {
        for beliefs in
            [[[1.0, -1.0].as_slice(), &[1.0, 1.0]], [&[0.0, 0.0], &[1.0, 1.0]], [&[1.0], &[1.0, 1.0]]]
        {
            assert_eq!(found(Datum::Number(1.0), &beliefs), Some(0.0));
        }
        let truth = Datum::record([("answer", Datum::text("cube")), ("best_gain_bits", Datum::Number(-1.0))]);
        marks(&truth, &truth).expect_err("a gain below 0");
    }
}
