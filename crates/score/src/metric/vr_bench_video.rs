//! VR-Bench: mazes walked in a video.

use super::columns::{Cells, Columns, share};
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use crate::shapes::Corners;
use chronotope_world::catalogue::Entry;

/// VR-Bench for generated videos: share of the true way that is followed from its start (`PR`, the result), goal reached (`SR`), exact (`EM`), and of those that reach the goal the
/// deviation of length (`SD`, left out where negative).
///
/// Truth: `path`, points `[x, y]` over picture size, and `goal`, the box `[x1, y1, x2, y2]`. Prediction: `path`. The true way is sampled at 100 equal lengths, the walked one at the same
/// lengths, held at its end; leading samples within 0.01 count. Exact is goal reached, PR of at least 0.98 and a deviation of at most 0.1.
///
/// # Source
/// `evaluation/videomodel_eval/metrics.py` of FoundationAgents/VR-Bench, as the notes define it.
#[derive(Clone, Copy, Debug)]
pub struct VrBenchVideo;

impl Metric for VrBenchVideo {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "vr-bench-video",
            about: "mazes walked in a video: success, progress along the true way, deviation of length",
            source: "score/src/metric/vr_bench_video.rs",
            paper: Some("VR-Bench, 2025"),
            example: "chronotope score vr-bench-video --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("vr-bench-video", &["PR", "SR", "EM", "SD"], marks).tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["path", "goal"], prediction: &["path"] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

/// Places along the way that are compared.
const SAMPLES: usize = 100;
/// Distance within which a place is followed, over the picture's size.
const NEAR: f64 = 0.01;

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let expected = "a record of path (points) and goal (box)";
    let way = truth.field("path").and_then(points).filter(|way| !way.is_empty()).ok_or(expected)?;
    let goal = truth.field("goal").and_then(Corners::of).ok_or(expected)?;
    let Some(walked) = said.field("path").and_then(points).filter(|way| !way.is_empty()) else {
        return Ok(None);
    };
    let (way, walked) = (Way::of(way), Way::of(walked));
    let at = |i: usize| way.length() * i as f64 / (SAMPLES - 1) as f64;
    let near = |i: &usize| {
        let (a, b) = (way.point(at(*i)), walked.point(at(*i)));
        let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
        dx * dx + dy * dy <= NEAR * NEAR
    };
    let progress = (0..SAMPLES).take_while(near).count() as f64 / SAMPLES as f64;
    let success = walked.points.iter().any(|point| goal.holds(*point));
    let deviation = if way.length() > 0.0 { walked.length() / way.length() - 1.0 } else { 0.0 };
    let exact = success && progress >= 0.98 && deviation.abs() <= 0.1;
    Ok(Some(vec![
        Some(progress),
        share(success),
        share(exact),
        (success && deviation >= 0.0).then_some(deviation),
    ]))
}

fn points(datum: &Datum) -> Option<Vec<[f64; 2]>> {
    let Datum::List(items) = datum else { return None };
    items.iter().map(|item| item.list_of_numbers()?.try_into().ok()).collect()
}

/// A polyline with the length up to each point.
struct Way {
    points: Vec<[f64; 2]>,
    lengths: Vec<f64>,
}

impl Way {
    fn of(points: Vec<[f64; 2]>) -> Way {
        let mut lengths = vec![0.0];
        for pair in points.windows(2) {
            let (dx, dy) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
            lengths.push(lengths[lengths.len() - 1] + (dx * dx + dy * dy).sqrt());
        }
        Way { points, lengths }
    }

    fn length(&self) -> f64 {
        self.lengths[self.lengths.len() - 1]
    }

    /// The point at a length from the start; the last one beyond the end.
    fn point(&self, length: f64) -> [f64; 2] {
        let after = self.lengths.partition_point(|at| *at < length);
        let (Some(to), Some(from)) = (self.points.get(after), after.checked_sub(1)) else {
            return if after == 0 { self.points[0] } else { self.points[self.points.len() - 1] };
        };
        let share = (length - self.lengths[from]) / (self.lengths[after] - self.lengths[from]);
        std::array::from_fn(|axis| self.points[from][axis] + (to[axis] - self.points[from][axis]) * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_that_leaves_the_way_at_its_half_has_half_the_progress() {
        let list = |all: &[[f64; 2]]| Datum::List(all.iter().map(|one| Datum::numbers(one)).collect());
        let truth = Datum::record([
            ("path", list(&[[0.0, 0.0], [1.0, 0.0]])),
            ("goal", Datum::numbers(&[0.9, -0.1, 1.1, 0.1])),
        ]);
        let found = |way: &[[f64; 2]]| {
            marks(&truth, &Datum::record([("path", list(way))])).expect("a way").expect("read")
        };
        assert_eq!(
            found(&[[0.0, 0.0], [0.4, 0.0], [1.0, 0.0]]),
            [Some(1.0), Some(1.0), Some(1.0), Some(0.0)]
        );
        let left = found(&[[0.0, 0.0], [0.5, 0.0], [0.5, 0.5]]);
        assert!(left[0].is_some_and(|pr| (0.49..=0.52).contains(&pr)), "{left:?}");
        assert_eq!(left[1..], [Some(0.0), Some(0.0), None]);
        assert_eq!(found(&[[0.0, 0.0]])[0], Some(0.01)); // it stands still: the sample at the start is near, the next is 0.0101 away
    }
}
