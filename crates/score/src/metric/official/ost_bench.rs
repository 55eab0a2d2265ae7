//! OST-Bench as its authors score it.

use super::reply;
use crate::datum::Datum;
use crate::metric::means::{Means, Overall};
use crate::metric::{Metric, Takes, Tally};
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// OST-Bench: judgements by the nearest option, estimates by ten strict tolerances, counts and turns by whole numbers, and the mean of its eight
/// composites.
///
/// Truth: `type` (the benchmark's own names, which group the rows too), `answer`, and `option` where it is a judgement. Of a reply in JSON the
/// `answer` counts. The nearest option has the longest common subsequence with the reply, the first of equals. Tolerances are strict (`|g − p| / |g| < 0.5 … 0.05`).
/// Number words zero to ten are found inside of other words (`phone` is 1), as the source finds them. Differs from the source in these: an empty or missing reply
/// scores 0, where the source leaves it out; types that are not there leave their part of a composite out, where the source ends in an
/// error; a truth of 0 in an estimate is refused, where the source divides by it.
///
/// # Source
/// `evaluation/OST_evaluator.py` of rbler1234/OST-Bench (revision 433620f), to which it is equal.
#[derive(Clone, Copy, Debug)]
pub struct OfficialOstBench;

impl Metric for OfficialOstBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "ost-bench-official",
            about: "`ost-bench/official`: OST-Bench exactly as its authors score it: the mean of its eight composites",
            source: "score/src/metric/official/ost_bench.rs",
            paper: Some(
                "Lin et al., OST-Bench: Evaluating the Capabilities of MLLMs in Online Spatio-temporal Scene Understanding, 2025",
            ),
            example: "chronotope score ost-bench/official --truth truth.jsonl --pred pred.jsonl --by type",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("ost-bench/official", "score", judge, Overall::Of(mean_of_composites))
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer", "type"], prediction: &[] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    let expected = "a record of type, answer and, of a judgement, option (texts)";
    let kind = truth.field("type").ok_or(expected)?.to_string();
    let answer = truth.field("answer").ok_or(expected)?.to_string();
    let said = reply(said);
    let said = answered(&said);
    if kind.contains("Estimation") {
        let answer: f64 = answer.trim().parse().map_err(|_no_number| "a number as answer of an estimate")?;
        if answer == 0.0 || !answer.is_finite() {
            return Err("a number other than 0 as answer of an estimate");
        }
        return Ok(said.trim().parse().ok().map(|said: f64| tolerances(said, answer)));
    }
    if kind.contains("Judgement") {
        let Some(Datum::List(options)) = truth.field("option") else { return Err(expected) };
        let options: Vec<String> = options.iter().map(Datum::to_string).collect();
        let answer = answer.replace('"', "");
        if !options.contains(&answer) {
            return Err("an answer that is one of the options");
        }
        let said: Vec<char> = said.trim().to_lowercase().chars().collect();
        let mut best: Option<(usize, &String)> = None;
        for option in &options {
            let common = common_subsequence(&said, option.trim());
            if best.is_none_or(|(most, _)| common > most) {
                best = Some((common, option));
            }
        }
        return Ok(Some(f64::from(u8::from(best.is_some_and(|(_, option)| *option == answer)))));
    }
    if kind.contains("Counting") || kind.contains("Temporal-loc") {
        let answer: i64 =
            answer.trim().parse().map_err(|_no_number| "a whole number as answer of a count")?;
        return Ok(whole(&said).map(|said| f64::from(u8::from(said == answer))));
    }
    Err("a type of Judgement, Estimation, Counting or Temporal-loc")
}

/// `process_answer`: the answer of a reply.
fn answered(said: &str) -> String {
    let said = said.replace('\'', "\"");
    let field = |of: &str, from: &str, to: &str| -> Option<String> {
        let rest = of.split(from).nth(1)?;
        let rest = rest.split(to).next()?.split('\n').next()?;
        Some(rest.trim().trim_matches(',').trim().to_owned())
    };
    let answer = if !said.contains("reason") || !said.contains("answer") {
        said
    } else if said.contains("\"answer\":") {
        field(&said, "\"answer\":", "\"reason\"").unwrap_or_default()
    } else {
        field(&said, "answer:", "reason").unwrap_or_default()
    };
    answer.trim_matches('"').to_owned()
}

/// A tenth for each tolerance that the error is strictly within.
fn tolerances(said: f64, truth: f64) -> f64 {
    let error = (truth - said).abs() / truth.abs();
    let within = (0..10).filter(|i| error < 1.0 - (0.5 + 0.05 * f64::from(*i))).count();
    0.1 * within as f64
}

/// The whole number of a reply: the first of the words zero to ten that it holds, else all of it.
fn whole(said: &str) -> Option<i64> {
    const WORDS: [&str; 11] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let lower = said.to_lowercase();
    match WORDS.iter().zip(0..).find(|(word, _)| lower.contains(**word)) {
        Some((_, number)) => Some(number),
        None => said.trim().parse().ok(),
    }
}

/// Length of the longest common subsequence of characters, whatever their case.
fn common_subsequence(said: &[char], option: &str) -> usize {
    let option: Vec<char> = option.to_lowercase().chars().collect();
    let mut row = vec![0usize; option.len() + 1];
    for c in said {
        let mut before = 0;
        for (j, o) in option.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if c == o { before + 1 } else { above.max(row[j]) };
            before = above;
        }
    }
    row[option.len()]
}

/// `collect_results`: the eight composites of parts, each part a type or the levels of one.
const COMPOSITES: [&[&str]; 8] = [
    &["Agent_state-orientation(Judgement", "Agent_state-position(Judgement"],
    &["Agent_state-orientation(Estimation", "Agent_state-position(Estimation"],
    &[
        "Agent_visible_info-existence(Judgement",
        "Agent_visible_info-order(Judgement",
        "Agent_visible_info-diversity(Judgement",
    ],
    &["Agent_visible_info-existence(Temporal-loc"],
    &["Agent_visible_info-quantity(Counting"],
    &["Agent_object_spatial-direction(Judgement", "Agent_object_spatial-distance(Judgement"],
    &["Agent_object_spatial-direction(Estimation", "Agent_object_spatial-distance(Estimation"],
    &["Agent_object_spatial-direction(Temporal-loc", "Agent_object_spatial-distance(Temporal-loc"],
];

fn mean_of_composites(means: &BTreeMap<&str, f64>) -> Option<f64> {
    let mean =
        |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    // levels of a part are numbered: `(Judgement1)`
    let part = |name: &str| {
        mean(means.range(name..).take_while(|(type_, _)| type_.starts_with(name)).map(|(_, v)| *v).collect())
    };
    mean(
        COMPOSITES
            .iter()
            .filter_map(|parts| mean(parts.iter().filter_map(|name| part(name)).collect()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_read_as_the_source_reads_them() {
        assert_eq!(answered("{'answer': 'left', 'reason': 'because'}"), "left");
        assert_eq!(answered("answer: 3, reason: I count"), "3");
        assert_eq!(answered("\"plain\""), "plain");
        assert_eq!((whole("a phone"), whole("12"), whole("12 chairs")), (Some(1), Some(12), None));
        // strict: an error of a half passes nothing
        assert!((tolerances(2.0, 4.0)).abs() < 1e-12 && (tolerances(4.0, 4.0) - 1.0).abs() < 1e-12);
        assert_eq!(common_subsequence(&['l', 'e', 'f', 't'], "Left-behind"), 4);
    }

    #[test]
    fn levels_are_one_part_and_composites_weigh_the_same() {
        let means = BTreeMap::from([
            ("Agent_object_spatial-direction(Judgement1)", 1.0),
            ("Agent_object_spatial-direction(Judgement2)", 0.0),
            ("Agent_object_spatial-distance(Judgement1)", 1.0),
            ("Agent_visible_info-quantity(Counting)", 0.25),
        ]);
        assert_eq!(mean_of_composites(&means), Some(0.5));
    }
}
