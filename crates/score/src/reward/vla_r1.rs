//! VLA-R1: boxes and paths for a robot.

use super::reply::{Name, Reason};
use super::{Case, Fault, Verdict};
use crate::shapes::Corners;
use serde_json::Value;
use std::f64::consts::{LN_10, PI, SQRT_2};

rule! {
    /// 0.9 task + 0.1 format; the answer is JSON: a box `{x, y, width, height}` by its centre, or a path `[[x, y], …]`, in shares of the picture.
    ///
    /// Box: (GIoU + 1) / 2. Path: 1 − min(1, d / 2.43), d the discrete Fréchet distance whose cell costs distance + 0.25 · angle between
    /// directions + 0.10 · |ln of the ratio of step lengths| (`context.lambda_theta`, `context.lambda_ratio`). What cannot be read, or is of the other
    /// kind, has task 0. A path of more than 4096 points times those of the truth is not read. The answer may stand in `<output>` as published,
    /// or in `<answer>`.
    ///
    /// # Source
    /// `RFT_training/train_utils/robot_bbox_traj_norm.py` of GigaAI-research/VLA-R1 (the paper calls the path's part ALHF).
    VlaR1, "vla-r1", "boxes by GIoU, paths by a Fréchet distance with direction and step length", "vla_r1.rs",
    Some("Ye et al., VLA-R1, 2025"),
    r#"{"id": 1, "completion": "<think>reach</think><answer>[[0, 0.1], [0.5, 0.1], [1, 0.1]]</answer>", "answer": "[[0, 0], [0.5, 0], [1, 0]]"}"#
}

/// Most cells of the table of distances.
const MOST_CELLS: usize = 1 << 22;
const TINY: f64 = 1e-12;

enum Shape {
    Box(Corners),
    Path(Vec<[f64; 2]>),
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let truth = case.truth_as("a box {x, y, width, height} or a path [[x, y], …] as JSON", shape)?;
    let theta = case.context.amount_or("lambda_theta", 0.25)?;
    let ratio = case.context.amount_or("lambda_ratio", 0.10)?;
    let said = match output(case) {
        Some(said) => Ok(said),
        None => case.answer(),
    };
    let read = said.and_then(|said| shape(said).ok_or(Reason::Unreadable));
    let thinks = case.reply.count(Name::Think, true) == 1;
    let format =
        f64::from(u8::from(thinks && said.is_ok_and(|said| serde_json::from_str::<Value>(said).is_ok())));
    let task = match (&read, &truth) {
        (Ok(Shape::Box(said)), Shape::Box(truth)) => f64::midpoint(said.giou(*truth).clamp(-1.0, 1.0), 1.0),
        (Ok(Shape::Path(said)), Shape::Path(truth)) if said.len() * truth.len() <= MOST_CELLS => {
            let most = SQRT_2 + theta * PI + ratio * LN_10;
            1.0 - (frechet(truth, said, theta, ratio) / most).min(1.0)
        }
        _ => 0.0,
    };
    Ok(Verdict::new().part("task", task, 0.9).part("format", format, 0.1).because(read.err()))
}

/// The one `<output>` block outside of the thoughts.
fn output<'a>(case: &Case<'a>) -> Option<&'a str> {
    let tags: Vec<_> = case.reply.tags().iter().filter(|tag| tag.name == Name::Output).collect();
    let [open, close] = tags[..] else { return None };
    let thinking = case.reply.tags().iter().any(|tag| tag.name == Name::Think && tag.start > open.start);
    (open.exact && close.exact && !open.closes && close.closes && !thinking)
        .then(|| case.reply.text()[open.end..close.start].trim())
}

fn shape(text: &str) -> Option<Shape> {
    let text = text.trim().trim_start_matches("<output>").trim_end_matches("</output>");
    match serde_json::from_str(text).ok()? {
        Value::Object(fields) => {
            let of = |name: &str| fields.get(name)?.as_f64().filter(|v| v.is_finite());
            let (x, y, w, h) = (of("x")?, of("y")?, of("width")?.abs() / 2.0, of("height")?.abs() / 2.0);
            let unit = |v: f64| v.clamp(0.0, 1.0);
            Some(Shape::Box(Corners { x1: unit(x - w), y1: unit(y - h), x2: unit(x + w), y2: unit(y + h) }))
        }
        Value::Array(points) => {
            let point = |v: &Value| -> Option<[f64; 2]> {
                let [x, y] = super::case::numbers(v)?.try_into().ok()?;
                Some([x.clamp(0.0, 1.0), y.clamp(0.0, 1.0)])
            };
            let points: Vec<[f64; 2]> = points.iter().map(point).collect::<Option<_>>()?;
            (!points.is_empty()).then_some(Shape::Path(points))
        }
        _ => None,
    }
}

fn step(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [b[0] - a[0], b[1] - a[1]]
}

fn length(v: [f64; 2]) -> f64 {
    libm::hypot(v[0], v[1])
}

fn unit(v: [f64; 2]) -> [f64; 2] {
    let n = length(v);
    if n < TINY { [0.0, 0.0] } else { [v[0] / n, v[1] / n] }
}

/// Direction and step length at each point.
fn steps(path: &[[f64; 2]]) -> Vec<([f64; 2], f64)> {
    let last = path.len() - 1;
    let at = |i: usize| {
        if last == 0 {
            return ([0.0, 0.0], 0.0);
        }
        let before = (i > 0).then(|| step(path[i - 1], path[i]));
        let after = (i < last).then(|| step(path[i], path[i + 1]));
        let direction = match (before, after) {
            (Some(a), Some(b)) => {
                let (a, b) = (unit(a), unit(b));
                let sum = [a[0] + b[0], a[1] + b[1]];
                if length(sum) < TINY { a } else { unit(sum) }
            }
            (a, b) => unit(a.or(b).unwrap_or_default()),
        };
        (direction, length(after.or(before).unwrap_or_default()))
    };
    (0..path.len()).map(at).collect()
}

/// The discrete Fréchet distance with these costs; memory of one row.
fn frechet(p: &[[f64; 2]], q: &[[f64; 2]], theta: f64, ratio: f64) -> f64 {
    let (at_p, at_q) = (steps(p), steps(q));
    let cost = |i: usize, j: usize| {
        let ((u, a), (v, b)) = (at_p[i], at_q[j]);
        let dot = (u[0] * v[0] + u[1] * v[1]).clamp(-1.0, 1.0);
        let angle = if length(u) < TINY || length(v) < TINY { 0.0 } else { libm::acos(dot) };
        let (a, b) = if a > TINY && b > TINY { (a, b) } else { (a + TINY, b + TINY) };
        length(step(p[i], q[j])) + theta * angle + ratio * libm::log(a / b).abs()
    };
    let mut row = vec![0.0; q.len()];
    for i in 0..p.len() {
        let mut diagonal = f64::INFINITY;
        for j in 0..q.len() {
            let above = if i == 0 { f64::INFINITY } else { row[j] };
            let left = if j == 0 { f64::INFINITY } else { row[j - 1] };
            let best = if i == 0 && j == 0 { 0.0 } else { above.min(left).min(diagonal) };
            diagonal = above;
            row[j] = cost(i, j).max(best);
        }
    }
    row[q.len() - 1]
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
    fn boxes_and_paths_are_those_of_the_worked_vectors() {
        // vector u46
        let found = verdict(&VlaR1, VlaR1.entry().example);
        close(found.value("task").expect("there"), 0.958846);
        close(found.reward(), 0.962961);
        // vector u45
        let row = r#"{"completion": "<think>t</think><output>{\"x\": 0.3, \"y\": 0.3, \"width\": 0.4, \"height\": 0.4}</output>", "answer": "{\"x\": 0.5, \"y\": 0.5, \"width\": 0.4, \"height\": 0.4}"}"#;
        close(verdict(&VlaR1, row).value("task").expect("there"), 0.460317);
        close(verdict(&VlaR1, row).reward(), 0.514286);
        // a box against a path keeps its format
        close(
            verdict(
                &VlaR1,
                &row.replace(
                    r#""answer": "{\"x\": 0.5, \"y\": 0.5, \"width\": 0.4, \"height\": 0.4}""#,
                    r#""answer": "[[0, 0]]""#,
                ),
            )
            .reward(),
            0.1,
        );
        assert_eq!(
            verdict(&VlaR1, &row.replace("</think>", "").replace("</output>", "</output></think>"))
                .value("task"),
            Some(0.0)
        );
    }
}
