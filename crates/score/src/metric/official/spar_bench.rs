//! SPAR-Bench as lmms-eval scores it.

use super::reply;
use crate::datum::Datum;
use crate::metric::means::{Means, Overall};
use crate::metric::{Metric, Takes, Tally, mean_relative_accuracy};
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// SPAR-Bench: options by text, numbers and changes of view by mean relative accuracy, and the mean of the tasks' means.
///
/// Truth: `task` (the benchmark's own names, which group the rows too) and `answer`. A reply is right where it is the answer, lies within the answer's text, or begins
/// with the answer's letter; an empty one lies in every text, so that the source counts it right, and so does this. A number is the first of the
/// reply without its sign, in tasks of several views the last, −1 where there is none. A change of view is `move_right:0.3,rotate_left:15`, five signed axes whose
/// errors the source divides by what was said, not by the truth. Differs from the source in that digits of other scripts are no numbers, and that a missing reply
/// scores 0.
///
/// # Source
/// `lmms_eval/tasks/sparbench/utils.py` of lmms-eval 0.7.3, to which it is equal; that prints times 100.
#[derive(Clone, Copy, Debug)]
pub struct OfficialSparBench;

impl Metric for OfficialSparBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "spar-bench-official",
            about: "`spar-bench/official`: SPAR-Bench exactly as lmms-eval scores it: options, numbers, changes of view, mean of tasks",
            source: "score/src/metric/official/spar_bench.rs",
            paper: Some(
                "Zhang et al., From Flatland to Space: Teaching Vision-Language Models to Perceive and Reason in 3D (SPAR), 2025",
            ),
            example: "chronotope score spar-bench/official --truth truth.jsonl --pred pred.jsonl --by task",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("spar-bench/official", "score", judge, Overall::Of(mean_of_tasks))
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer", "task"], prediction: &[] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

/// Tasks whose answer is a number.
const NUMBERS: [&str; 8] = [
    "depth_prediction_oc",
    "depth_prediction_oo",
    "distance_prediction_oc",
    "distance_prediction_oo",
    "depth_prediction_oc_mv",
    "depth_prediction_oo_mv",
    "distance_prediction_oo_mv",
    "distance_prediction_oc_mv",
];

/// Tasks whose answer is an option.
const OPTIONS: [&str; 11] = [
    "obj_spatial_relation_oo",
    "obj_spatial_relation_oc_mv",
    "obj_spatial_relation_oo_mv",
    "spatial_imagination_oc",
    "spatial_imagination_oo",
    "spatial_imagination_oc_mv",
    "spatial_imagination_oo_mv",
    "position_matching",
    "camera_motion_infer",
    "distance_infer_center_oo",
    "distance_infer_center_oo_mv",
];

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    let expected = "a record of task and answer";
    let task = truth.field("task").ok_or(expected)?.to_string();
    let answer = truth.field("answer").ok_or(expected)?.to_string();
    let said = reply(said);
    let task = task.as_str();
    if OPTIONS.contains(&task) {
        let (said, answer) = (said.to_lowercase(), answer.to_lowercase());
        let begins = said.chars().next().is_some_and(|first| answer.chars().eq([first]));
        return Ok(Some(f64::from(u8::from(answer.contains(&said) || begins))));
    }
    if NUMBERS.contains(&task) {
        let answer: f64 = answer.trim().parse().map_err(|_no_number| "a number as answer")?;
        let mut numbers = numbers(&said);
        let said = if task.ends_with("_mv") { Some(numbers.last().unwrap_or(-1.0)) } else { numbers.next() };
        return Ok(said.map(|said| mean_relative_accuracy(said, answer)));
    }
    if task == "view_change_infer" {
        let answer = axes(&answer).ok_or("an answer such as move_right:0.3,rotate_left:15")?;
        // the source hands the two in the other way round
        let score = |said: [f64; 5]| {
            said.iter().zip(answer).map(|(said, truth)| mean_relative_accuracy(truth, *said)).sum::<f64>()
                / 5.0
        };
        return Ok(axes(&said).map(score));
    }
    Err("a task of SPAR-Bench")
}

/// Numbers without signs, those after a `^` but for their first digit.
fn numbers(said: &str) -> impl Iterator<Item = f64> {
    let bytes = said.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && (!digit(at) || at > 0 && bytes[at - 1] == b'^') {
            at += 1;
        }
        let start = at;
        while digit(at) {
            at += 1;
        }
        if bytes.get(at) == Some(&b'.') && digit(at + 1) && start < at {
            at += 1;
            while digit(at) {
                at += 1;
            }
        }
        said.get(start..at).filter(|text| !text.is_empty()).and_then(|text| text.parse().ok())
    })
}

/// `move_right:0.3,…` as right, up, forward, right turn, up turn.
fn axes(said: &str) -> Option<[f64; 5]> {
    let mut by_name: BTreeMap<&str, f64> = BTreeMap::new();
    for item in said.split(',') {
        let (name, value) = item.split_once(':').filter(|(_, value)| !value.contains(':'))?;
        by_name.insert(name, value.trim().parse().ok()?);
    }
    let of = |name: &str| by_name.get(name).copied().unwrap_or(0.0);
    Some([
        of("move_right") - of("move_left"),
        of("move_up") - of("move_down"),
        of("move_forward") - of("move_backward"),
        of("rotate_right") - of("rotate_left"),
        of("rotate_up") - of("rotate_down"),
    ])
}

fn mean_of_tasks(means: &BTreeMap<&str, f64>) -> Option<f64> {
    (!means.is_empty()).then(|| means.values().sum::<f64>() / means.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_axes_are_read_as_the_source_reads_them() {
        assert_eq!(numbers("-3.5 m, 2^10 and 7.").collect::<Vec<f64>>(), [3.5, 2.0, 0.0, 7.0]);
        assert_eq!(axes("move_right:0.3,rotate_left: 15"), Some([0.3, 0.0, 0.0, -15.0, 0.0]));
        assert_eq!((axes("move_right"), axes("a:b:1"), axes("x:nan").is_some()), (None, None, true));
    }

    #[test]
    fn an_empty_reply_lies_in_every_option_as_in_the_source() {
        let truth = Datum::record([("task", Datum::text("position_matching")), ("answer", Datum::text("B"))]);
        let score = |said: &str| judge(&truth, &Datum::text(said));
        assert_eq!((score(""), score("b. left"), score("C")), (Ok(Some(1.0)), Ok(Some(1.0)), Ok(Some(0.0))));
    }
}
