//! OneThinker: one rule for ten kinds of tasks.

use super::reply::Reason;
use super::{Case, Fault, Verdict, read};
use crate::shapes::{Corners, Interval};
use serde_json::Value;

rule! {
    /// 0.9 accuracy + 0.1 format + structure, the last only with the format.
    ///
    /// Structure: 0.5 for plain answers; of time, space and segmentation 0.5 where the JSON is as it should be; of tracking and space-time 0.25 for
    /// that and 0.25 · share of the true keys. Accuracy by `problem_type`:
    ///
    /// | type | answer | accuracy |
    /// |---|---|---|
    /// | temporal grounding | `{"time": [s, e]}` | overlap |
    /// | spatial grounding | `{"boxes": [4 numbers]}` | overlap |
    /// | spatial-temporal grounding | `{"time", "boxes": {picture: box}}` | ½ overlap in time + ½ mean over common pictures |
    /// | tracking | `{"boxes": {picture: box}}` | mean over the true pictures, missing ones 0 |
    /// | segmentation | `{"boxes", "positive_points", "negative_points"}`, of video `time` | image 0.5 box + 0.25 + 0.25; video 0.3 box + 0.3 exp(−\|Δt\| / 2) + 0.2 + 0.2 |
    /// | regression | number | mean relative accuracy, strict |
    /// | others | | as `accuracy` |
    ///
    /// Points: exp(−d² / (2 · 50²)), d the mean distance of the best one-to-one match of 3 points. Segmentation is of a video where
    /// `context.data_type` says so. Keys that the truth does not have cost nothing, as published; the number of pictures that are read is
    /// bounded by the truth.
    ///
    /// # Source
    /// `EasyR1/verl/reward_function/onethinker_reward.py` of tulerfeng/OneThinker.
    OneThinker, "one-thinker", "accuracy, format and structure of ten kinds of tasks", "one_thinker.rs",
    Some("Feng et al., OneThinker, 2025"),
    r#"{"id": 1, "completion": "<think>t</think><answer>{\"time\": [12, 24]}</answer>", "answer": "{\"time\": [10, 20]}", "problem_type": "temporal grounding"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let task = case.problem_type.trim().to_lowercase();
    let format = case.format();
    let json_task = matches!(
        task.as_str(),
        "temporal grounding"
            | "spatial grounding"
            | "spatial-temporal grounding"
            | "tracking"
            | "segmentation"
    );
    if !json_task {
        let (accuracy, reason) = if task == "regression" { strict_mra(case)? } else { case.accuracy()? };
        return Ok(sum(accuracy, format, 0.5).because(reason));
    }
    let truth: Value = case.truth_as("a JSON object", |text| serde_json::from_str(text).ok())?;
    let said = case
        .answer()
        .and_then(|said| serde_json::from_str::<Value>(said).map_err(|_no_json| Reason::Unreadable));
    let Ok(said) = said else {
        return Ok(sum(0.0, format, 0.0).because(said.err()));
    };
    let video = case.context.text("data_type")? == Some("video");
    let (accuracy, structure) = match task.as_str() {
        "temporal grounding" => (times(&said, &truth), half(time(&said).is_some())),
        "spatial grounding" => (boxes(&said, &truth), half(corners(&said["boxes"]).is_some())),
        "segmentation" => (segmentation(&said, &truth, video), half(is_segmentation(&said, video))),
        _ => {
            let timed = task != "tracking";
            let of_keys = 0.25 * key_share(&said, &truth);
            let valid =
                said["boxes"].as_object().is_some_and(|all| all.values().all(|v| corners(v).is_some()));
            let valid = valid && (!timed || time(&said).is_some());
            let accuracy = if timed {
                0.5 * times(&said, &truth) + 0.5 * tube(&said, &truth, false)
            } else {
                tube(&said, &truth, true)
            };
            (accuracy, 0.25 * f64::from(u8::from(valid)) + of_keys)
        }
    };
    Ok(sum(accuracy, format, structure))
}

fn sum(accuracy: f64, format: f64, structure: f64) -> Verdict {
    let structure = if format > 0.0 { structure } else { 0.0 };
    Verdict::new().part("accuracy", accuracy, 0.9).part("format", format, 0.1).part(
        "structure",
        structure,
        1.0,
    )
}

fn half(valid: bool) -> f64 {
    if valid { 0.5 } else { 0.0 }
}

/// Four finite numbers as a box; corners may be reversed, which leaves no area.
fn corners(value: &Value) -> Option<Corners> {
    match super::case::numbers(value)?[..] {
        [x1, y1, x2, y2] => Some(Corners { x1, y1, x2, y2 }),
        _ => None,
    }
}

/// The two numbers of `time`, reversed or not.
fn time(value: &Value) -> Option<[f64; 2]> {
    super::case::numbers(&value["time"])?.try_into().ok()
}

fn times(said: &Value, truth: &Value) -> f64 {
    let interval = |value: &Value| time(value).and_then(|[start, end]| Interval::new(start, end));
    interval(said).zip(interval(truth)).map_or(0.0, |(said, truth)| said.iou(truth))
}

fn boxes(said: &Value, truth: &Value) -> f64 {
    corners(&said["boxes"]).zip(corners(&truth["boxes"])).map_or(0.0, |(said, truth)| said.iou(truth))
}

/// Mean overlap over the true pictures, or over those that both have.
fn tube(said: &Value, truth: &Value, missing_is_nothing: bool) -> f64 {
    let (Some(said), Some(truth)) = (said["boxes"].as_object(), truth["boxes"].as_object()) else {
        return 0.0;
    };
    let iou = |(key, truth): (&String, &Value)| match said.get(key) {
        Some(said) => Some(corners(said).zip(corners(truth)).map_or(0.0, |(said, truth)| said.iou(truth))),
        None => missing_is_nothing.then_some(0.0),
    };
    let ious: Vec<f64> = truth.iter().filter_map(iou).collect();
    if ious.is_empty() { 0.0 } else { ious.iter().sum::<f64>() / ious.len() as f64 }
}

fn key_share(said: &Value, truth: &Value) -> f64 {
    let (Some(said), Some(truth)) = (said["boxes"].as_object(), truth["boxes"].as_object()) else {
        return 0.0;
    };
    let met = truth.keys().filter(|key| said.contains_key(*key)).count();
    if truth.is_empty() { 0.0 } else { met as f64 / truth.len() as f64 }
}

fn points(value: &Value) -> Option<[[f64; 2]; 3]> {
    let all: Vec<[f64; 2]> =
        value.as_array()?.iter().map(|v| super::case::numbers(v)?.try_into().ok()).collect::<Option<_>>()?;
    all.try_into().ok()
}

fn is_segmentation(said: &Value, video: bool) -> bool {
    corners(&said["boxes"]).is_some()
        && points(&said["positive_points"]).is_some()
        && points(&said["negative_points"]).is_some()
        && (!video || said["time"].is_number())
}

fn segmentation(said: &Value, truth: &Value, video: bool) -> f64 {
    let near =
        |field: &str| points(&said[field]).zip(points(&truth[field])).map(|(a, b)| similar_points(a, b));
    let (Some(positive), Some(negative)) = (near("positive_points"), near("negative_points")) else {
        return 0.0;
    };
    let iou = boxes(said, truth);
    if !video {
        return 0.5 * iou + 0.25 * positive + 0.25 * negative;
    }
    let Some((a, b)) = said["time"].as_f64().zip(truth["time"].as_f64()) else { return 0.0 };
    0.3 * iou + 0.3 * libm::exp(-(a - b).abs() / 2.0) + 0.2 * positive + 0.2 * negative
}

/// exp(−d² / 5000) with d the mean distance of the best match.
fn similar_points(a: [[f64; 2]; 3], b: [[f64; 2]; 3]) -> f64 {
    const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let distance = |order: [usize; 3]| -> f64 {
        order.iter().zip(b).map(|(i, q)| libm::hypot(a[*i][0] - q[0], a[*i][1] - q[1])).sum::<f64>() / 3.0
    };
    let best = ORDERS.into_iter().map(distance).fold(f64::INFINITY, f64::min);
    libm::exp(-(best * best) / (2.0 * 50.0 * 50.0))
}

/// Mean relative accuracy as these trainers compute it: strict, |g| + 1e-8, in single precision.
pub(crate) fn strict_mean_relative_accuracy(p: f64, g: f64) -> f64 {
    let (p, g) = (p as f32, g as f32);
    let error = (p - g).abs() / (g.abs() + 1e-8);
    let threshold = |i: i32| (0.5 + 0.05 * f64::from(i)) as f32;
    (0..10).filter(|i| error < 1.0 - threshold(*i)).count() as f64 / 10.0
}

pub(crate) fn strict_mra(case: &Case<'_>) -> Result<(f64, Option<Reason>), Fault> {
    let g = case.truth_as("a number", |text| read::number(text).ok())?;
    Ok(match case.answer().and_then(read::number) {
        Ok(p) => (strict_mean_relative_accuracy(p, g), None),
        Err(reason) => (0.0, Some(reason)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::verdict;
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }

    #[test]
    fn parts_are_those_of_the_worked_vectors() {
        // vector u41: distances 0, 50, 100
        let b = [[0.0, 0.0], [1000.0, 0.0], [0.0, 1000.0]];
        close(similar_points([[0.0, 0.0], [1050.0, 0.0], [0.0, 1100.0]], b), 0.606531);
        // vectors u42 to u44, with an overlap of 0.6
        let value = |y: f64, time: f64| serde_json::json!({"time": time, "boxes": [0, 0, y, 1], "positive_points": [[0, 0], [1000, 0], [0, 1000]], "negative_points": [[0, 0], [9, 0], [0, 9]]});
        let mut said = value(6.0, 3.0);
        said["positive_points"] = serde_json::json!([[0, 1100], [1050, 0], [0, 0]]);
        close(segmentation(&said, &value(10.0, 0.0), false), 0.701633);
        close(segmentation(&said, &value(10.0, 0.0), true), 0.568245);
        // vector u77
        let keys = |n: i32| serde_json::json!({"boxes": (0..n).map(|i| (i.to_string(), vec![0, 0, 1, 1])).collect::<std::collections::BTreeMap<_, _>>()});
        close(0.25 + 0.25 * key_share(&keys(3), &keys(4)), 0.4375);
        close(strict_mean_relative_accuracy(3.0, 4.0), 0.5);
    }

    #[test]
    fn structure_needs_the_format() {
        let row = OneThinker.entry().example;
        close(verdict(&OneThinker, row).reward(), 0.9 * 0.571429 + 0.1 + 0.5);
        close(verdict(&OneThinker, &row.replace("<think>t</think>", "")).reward(), 0.9 * 0.571429);
    }
}
