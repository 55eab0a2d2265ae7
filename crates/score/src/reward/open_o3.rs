//! Open-o3 Video: answers that cite when and where.

use super::reply::Name;
use super::steps::{Claim, claims, times};
use super::{Case, Fault, Reply, Verdict, read};
use crate::shapes::Corners;
use serde_json::Value;

rule! {
    /// The sum of the parts that the task has: answer, format, and what the thoughts cite.
    ///
    /// - `ans_acc`: accuracy by type; `ans_tiou` for temporal tasks: the tagged interval `<t>a</t>s to <t>b</t>s` against `context.window`;
    ///   `ans_viou` for visual tasks: the answer's best box against `context.box`.
    /// - `format`: 1 for think with object, box and time tags and an answer (of temporal tasks two times suffice, of general ones nothing more),
    ///   0.5 for think and answer alone, 0 else.
    /// - `thk_temporal_point`, where there are `context.key_frames`: mean over cited times of exp(−d² / 2σ²), d to the nearest key frame and
    ///   σ = 4(1 − progress) while `context.progress` < ¾, then 1.
    /// - `thk_temporal_segment`, where there is a window and no key frame: share of cited times inside it, ends included.
    /// - `thk_spatial`: each claim `<obj>…</obj><box>…</box>at<t>…</t>s` counts only within 1 s of a key frame, then by its best overlap with the
    ///   boxes of the nearest; the sum over the number of claims. The published code forgets the absolute value in that second: with
    ///   `context.faithful` a claim any time after a key frame counts.
    ///
    /// `problem_type` is the data's task: `temporal QA`, `temporal QA (MCQ)`, `visual QA`, `General video QA …`, `temporal-spatial free-form QA`.
    /// `key_frames` are `{time, boxes: [[x1, y1, x2, y2]]}`.
    ///
    /// # Source
    /// `reward_func.py` of marinero4972/Open-o3-Video.
    OpenO3, "open-o3", "answer, format, and the times and boxes that the thoughts cite", "open_o3.rs",
    Some("Meng et al., Open-o3 Video, 2025"),
    r#"{"id": 1, "completion": "<think>the <obj>cup</obj><box>[0, 0, 2, 2]</box>at<t>3</t>s falls</think><answer>the cup falls</answer>", "answer": "the cup falls", "problem_type": "temporal-spatial free-form QA", "context": {"progress": 0.5, "key_frames": [{"time": 3.5, "boxes": [[0, 0, 2, 2]]}]}}"#
}

struct KeyFrame {
    t_s: f64,
    boxes: Vec<Corners>,
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let task = case.problem_type.to_lowercase();
    let general = task.contains("general video qa");
    let (visual, temporal) = (task == "visual qa", task.starts_with("temporal qa"));
    let mcq = task.contains("mcq");
    let progress = case.context.share_or("progress", 1.0)?;
    let key_frames = case.context.read("key_frames", "a list of {time, boxes}", key_frames)?;
    let window =
        case.context.read("window", "[start, end] in seconds", |v| match super::case::numbers(v)?[..] {
            [start, end] => crate::TimeInterval::new(start, end),
            _ => None,
        })?;
    let place =
        case.context.read("box", "[x1, y1, x2, y2]", |v| read::corners_of(&super::case::numbers(v)?))?;
    let thoughts = case.reply.thoughts().unwrap_or_default();
    let mut verdict = Verdict::new();
    if !visual && (!temporal || mcq) {
        // letters for choices, ROUGE for words
        let mut typed = case.clone();
        typed.problem_type = if mcq { "multiple choice" } else { "free-form" };
        let (accuracy, reason) = typed.accuracy()?;
        verdict = verdict.part("ans_acc", accuracy, 1.0).because(reason);
    }
    if let (true, Some(window)) = (temporal, window) {
        let said = case.answer().and_then(tagged_interval);
        let value = said.map_or(0.0, |said| said.iou(window));
        verdict = verdict.part("ans_tiou", value, 1.0).because(said.err());
    }
    if let (true, Some(place)) = (visual, place) {
        let said = case.answer().map(boxes_in);
        let value = said.iter().flatten().map(|corners| corners.iou(place)).fold(0.0, f64::max);
        verdict = verdict.part("ans_viou", value, 1.0).because(said.err());
    }
    verdict = verdict.part("format", shape(case, thoughts, temporal, general), 1.0);
    if let Some(key_frames) = &key_frames {
        let cited = times(thoughts);
        let sigma = if progress < 0.75 { 4.0 * (1.0 - progress) } else { 1.0 };
        let near = |t: &f64| {
            proximity(key_frames.iter().map(|key| (t - key.t_s).abs()).fold(f64::INFINITY, f64::min), sigma)
        };
        let point =
            if cited.is_empty() { 0.0 } else { cited.iter().map(near).sum::<f64>() / cited.len() as f64 };
        let spatial = placed(&claims(thoughts), key_frames, case.is_faithful());
        verdict = verdict.part("thk_temporal_point", point, 1.0).part("thk_spatial", spatial, 1.0);
    } else if let (true, Some(window)) = (temporal, window) {
        let cited = times(thoughts);
        let inside = cited.iter().filter(|t| window.start <= **t && **t <= window.end).count();
        let share = if cited.is_empty() { 0.0 } else { inside as f64 / cited.len() as f64 };
        verdict = verdict.part("thk_temporal_segment", share, 1.0);
    } else if let (true, Some(place)) = (visual, place) {
        let best = boxes_in(thoughts).iter().map(|corners| corners.iou(place)).fold(0.0, f64::max);
        verdict = verdict.part("thk_spatial", best, 1.0);
    }
    Ok(verdict)
}

/// How near a cited time is.
fn proximity(distance_s: f64, sigma: f64) -> f64 {
    libm::exp(-(distance_s * distance_s) / (2.0 * sigma * sigma))
}

/// How well claims place things, over their number.
fn placed(claims: &[Claim<'_>], key_frames: &[KeyFrame], faithful: bool) -> f64 {
    let value = |claim: &Claim<'_>| {
        let counts = |key: &&KeyFrame| {
            let before = key.t_s - claim.t_s;
            if faithful { before < 1.0 } else { before.abs() <= 1.0 }
        };
        let near =
            |a: &&KeyFrame, b: &&KeyFrame| (a.t_s - claim.t_s).abs().total_cmp(&(b.t_s - claim.t_s).abs());
        let truths = key_frames.iter().filter(counts).min_by(near).map_or(&[][..], |key| &key.boxes);
        truths.iter().flat_map(|truth| claim.boxes.iter().map(|said| said.iou(*truth))).fold(0.0, f64::max)
    };
    if claims.is_empty() { 0.0 } else { claims.iter().map(value).sum::<f64>() / claims.len() as f64 }
}

/// `<t>a</t>s to <t>b</t>s`; reversed ends are not swapped.
pub(crate) fn tagged_interval(said: &str) -> Result<crate::TimeInterval, super::Reason> {
    match times(said)[..] {
        [start, end] => crate::TimeInterval::new(start, end).ok_or(super::Reason::Reversed),
        _ => Err(super::Reason::Unreadable),
    }
}

fn boxes_in(text: &str) -> Vec<Corners> {
    Reply::new(text).blocks(Name::Box).filter_map(|text| read::corners(text).ok()).collect()
}

fn shape(case: &Case<'_>, thoughts: &str, temporal: bool, general: bool) -> f64 {
    if case.format() == 0.0 {
        return 0.0;
    }
    let inside = Reply::new(thoughts);
    let paired = |name| inside.count(name, false) == inside.count(name, true);
    if ![Name::Obj, Name::Box, Name::T].into_iter().all(paired) {
        return 0.0;
    }
    let has = |name, n| inside.count(name, false) >= n;
    let cites =
        if temporal { has(Name::T, 2) } else { has(Name::Obj, 1) && has(Name::Box, 1) && has(Name::T, 1) };
    let drawn = case.problem_type.eq_ignore_ascii_case("visual QA") && has(Name::Obj, 1) && has(Name::Box, 1);
    if general || cites || drawn { 1.0 } else { 0.5 }
}

fn key_frames(value: &Value) -> Option<Vec<KeyFrame>> {
    let one = |value: &Value| {
        let boxes = value.get("boxes").and_then(Value::as_array).map_or(&[][..], |boxes| boxes);
        let boxes = boxes
            .iter()
            .map(|four| read::corners_of(&super::case::numbers(four)?))
            .collect::<Option<Vec<_>>>()?;
        Some(KeyFrame { t_s: value.get("time")?.as_f64()?, boxes })
    };
    value.as_array()?.iter().map(one).collect::<Option<Vec<_>>>().filter(|keys| !keys.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tests::verdict;
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }

    fn row(thoughts: &str, progress: f64, faithful: bool) -> Verdict {
        verdict(
            &OpenO3,
            &format!(
                r#"{{"completion": "<think>{thoughts}</think><answer>a cup</answer>", "answer": "a cup", "problem_type": "temporal-spatial free-form QA",
            "context": {{"progress": {progress}, "faithful": {faithful}, "key_frames": [{{"time": 10, "boxes": [[0, 0, 2, 2]]}}]}}}}"#
            ),
        )
    }

    #[test]
    fn cited_times_count_by_their_distance_which_narrows_over_training() {
        // vectors u27 and u28
        for (progress, one, mean) in [
            (0.0, 0.932102, 0.966051),
            (0.5, 0.754840, 0.877420),
            (0.75, 0.324652, 0.662326),
            (1.0, 0.324652, 0.662326),
        ] {
            close(row("at <t>11.5</t>s", progress, false).value("thk_temporal_point").expect("there"), one);
            close(
                row("at <t>11.5</t>s <t>10</t>s", progress, false)
                    .value("thk_temporal_point")
                    .expect("there"),
                mean,
            );
        }
        close(row("none", 0.0, false).value("thk_temporal_point").expect("there"), 0.0);
    }

    #[test]
    fn a_box_counts_only_near_its_key_frame() {
        let claim = |t: &str| format!("<obj>cup</obj><box>[0, 0, 2, 2]</box>at<t>{t}</t>s");
        let spatial = |t: &str, faithful| row(&claim(t), 1.0, faithful).value("thk_spatial").expect("there");
        assert_eq!((spatial("10.5", false), spatial("9", false), spatial("30", false)), (1.0, 1.0, 0.0));
        // the published gate is open to one side
        assert_eq!((spatial("30", true), spatial("8", true)), (1.0, 0.0));
        let two = row(&format!("{} {}", claim("10"), claim("30")), 1.0, false);
        assert_eq!(two.value("thk_spatial"), Some(0.5));
        assert_eq!(two.value("format"), Some(1.0));
    }
}
