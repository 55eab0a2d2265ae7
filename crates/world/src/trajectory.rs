//! Where a thing was: the samples of its tracks, read at any time without inventing anything.

use crate::atlas;
use crate::id::{EntityId, ObserverId, SampleId, TrackId};
use crate::sample::{Pose, Sample, SampleChunk};
use crate::shape::BoxPx;
use crate::span::{Span, Spans};
use crate::time::Time;
use nalgebra::{Quaternion, UnitQuaternion};
use std::ops::Range;
use std::sync::Arc;

/// All that is known of where an entity was: one run per track that shows it.
///
/// Runs stand in order of preference: tracks derived from others (fused, smoothed) first, then by track id.
#[derive(Clone, Debug)]
pub struct Trajectory {
    /// The thing.
    pub entity: EntityId,
    /// Its runs.
    pub runs: Vec<Run>,
}

impl Trajectory {
    /// Where it was then: the first run that tells.
    pub fn at(&self, t: Time) -> Option<Moment> {
        self.runs.iter().find_map(|run| run.at(t))
    }

    /// When it was seen or can be interpolated, over all runs.
    pub fn spans(&self) -> Spans {
        self.runs.iter().flat_map(|run| run.spans().iter().copied().collect::<Vec<_>>()).collect()
    }
}

/// The visible samples of one track during the span in which it shows the entity, in time order.
#[derive(Clone, Debug)]
pub struct Run {
    /// The track.
    pub track: TrackId,
    /// Its camera or sensor.
    pub observer: Option<ObserverId>,
    /// The longest gap that may be interpolated, in nanoseconds, as [`World::tolerance_ns`](crate::World::tolerance_ns) has it;
    /// none: never.
    pub tolerance_ns: Option<i64>,
    /// The span of the identity row.
    pub identity_span: Span,
    pieces: Vec<Piece>,
}

/// A stretch of rows of one chunk.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) chunk: Arc<SampleChunk>,
    pub(crate) rows: Range<usize>,
}

impl Piece {
    fn times(&self) -> &[i64] {
        &self.chunk.t_ns[self.rows.clone()]
    }
}

/// How a moment is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// There is a sample at that very time.
    Sampled(SampleId),
    /// A static sample holds then.
    Held(SampleId),
    /// Between two samples, no further apart than the track's tolerance.
    Interpolated {
        /// The sample before.
        before: SampleId,
        /// The sample after.
        after: SampleId,
    },
}

/// Where a thing was at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When.
    pub t: Time,
    /// According to which track.
    pub track: TrackId,
    /// Through which camera.
    pub observer: Option<ObserverId>,
    /// Box in the picture of that camera.
    pub box_px: Option<BoxPx>,
    /// Place in space.
    pub pose: Option<Pose>,
    /// How it is known.
    pub how: How,
}

impl Run {
    /// Pieces must be non-empty; in time order and disjoint in time, else they are merged here by copying.
    pub(crate) fn new(
        track: TrackId,
        observer: Option<ObserverId>,
        tolerance_ns: Option<i64>,
        identity_span: Span,
        mut pieces: Vec<Piece>,
    ) -> Run {
        pieces.sort_by_key(|p| p.times().first().copied());
        let disjoint = pieces.windows(2).all(|pair| pair[0].times().last() < pair[1].times().first());
        if !disjoint {
            let rows = pieces.iter().flat_map(|p| p.rows.clone().map(|i| p.chunk.row(i))).collect();
            let chunk = Arc::new(SampleChunk::from_rows(rows));
            pieces = vec![Piece { rows: 0..chunk.len(), chunk }];
        }
        Run { track, observer, tolerance_ns, identity_span, pieces }
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(|p| p.rows.len()).sum()
    }

    /// Has no sample.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The columns, stretch by stretch in time order: for scans.
    pub fn stretches(&self) -> impl DoubleEndedIterator<Item = (&SampleChunk, Range<usize>)> {
        self.pieces.iter().map(|p| (p.chunk.as_ref(), p.rows.clone()))
    }

    /// Whether the track is known all the way from one of its moments to the next one: the one rule of what is linked and what is
    /// a gap that nobody saw.
    pub fn links(&self, from: Time, to: Time) -> bool {
        self.tolerance_ns.is_some_and(|most| to - from <= most)
    }

    /// The samples in time order.
    pub fn samples(&self) -> impl DoubleEndedIterator<Item = Sample> {
        self.stretches().flat_map(|(chunk, rows)| rows.map(|i| chunk.row(i)))
    }

    /// The times of the samples, ascending.
    pub fn times(&self) -> impl DoubleEndedIterator<Item = Time> {
        self.stretches().flat_map(|(chunk, rows)| chunk.t_ns[rows].iter().map(|&t| Time(t)))
    }

    /// The times of the last sample at or before `t` and of the first at or after it. Logarithmic.
    pub fn times_around(&self, t: Time) -> (Option<Time>, Option<Time>) {
        let (before, after) = self.around(t);
        let time = |(chunk, i): (&SampleChunk, usize)| Time(chunk.t_ns[i]);
        let before = before.map(time);
        (before, before.filter(|&at| at == t).or(after.map(time)))
    }

    /// Where the track was then: a sample at that time, a static sample that holds, or an interpolation between two
    /// samples no further apart than the tolerance. Nothing before the first and after the last. Logarithmic.
    pub fn at(&self, t: Time) -> Option<Moment> {
        let (before, after) = self.around(t);
        let (first, i) = before?;
        let (first_t, first_id) = (Time(first.t_ns[i]), SampleId(first.id[i]));
        let first_end = first.end_ns.as_ref().map(|ends| ends[i]).filter(|&end| end != i64::MIN).map(Time);
        let observer = first.observer_of(i).or(self.observer);
        if first_t == t || first_end.is_some_and(|end| t < end) {
            let how = if first_t == t { How::Sampled(first_id) } else { How::Held(first_id) };
            let (box_px, pose) = (first.box_px(i), first.pose(i));
            return Some(Moment { t, track: self.track, observer, box_px, pose, how });
        }
        let (second, k) = after?;
        let from = first_end.unwrap_or(first_t);
        let gap = Time(second.t_ns[k]) - from;
        if !self.links(from, Time(second.t_ns[k])) {
            return None;
        }
        let u = (t - from) as f64 / gap as f64;
        Some(Moment {
            t,
            track: self.track,
            observer,
            box_px: first.box_px(i).zip(second.box_px(k)).and_then(|(a, b)| blend_box(a, b, u)),
            pose: first.pose(i).zip(second.pose(k)).and_then(|(a, b)| blend_pose(&a, &b, u)),
            how: How::Interpolated { before: first_id, after: SampleId(second.id[k]) },
        })
    }

    /// When the track was seen or can be interpolated: gaps longer than the tolerance split it.
    pub fn spans(&self) -> Spans {
        let mut out: Vec<Span> = Vec::new();
        let mut open: Option<(Time, Time, Time)> = None; // start, last moment known, end of the last sample's span
        for (chunk, rows) in self.stretches() {
            for i in rows {
                let t = Time(chunk.t_ns[i]);
                let end = chunk.end_ns.as_ref().map(|c| c[i]).filter(|&e| e != i64::MIN).map(Time);
                let hold = end.unwrap_or(t);
                let span_end = end.unwrap_or(t.plus_ns(1));
                open = match open {
                    Some((start, last, _)) if self.links(last, t) => Some((start, hold.max(last), span_end)),
                    Some((start, _, stop)) => {
                        out.extend(Span::new(start, stop));
                        Some((t, hold, span_end))
                    }
                    None => Some((t, hold, span_end)),
                };
            }
        }
        out.extend(open.and_then(|(start, _, stop)| Span::new(start, stop)));
        out.into_iter().collect()
    }

    /// The last sample at or before `t` and the first after it.
    #[allow(clippy::type_complexity)] // two optional cells
    fn around(&self, t: Time) -> (Option<(&SampleChunk, usize)>, Option<(&SampleChunk, usize)>) {
        let piece = self.pieces.partition_point(|p| p.times().first().is_some_and(|&first| first <= t.0));
        let first_of = |k: usize| self.pieces.get(k).map(|p| (p.chunk.as_ref(), p.rows.start));
        let Some(k) = piece.checked_sub(1) else {
            return (None, first_of(0));
        };
        let p = &self.pieces[k];
        let n = atlas::until(p.times(), t.0); // at least 1
        // of several samples at one time, the one with the lowest id
        let last = p.times()[n - 1];
        let first_equal = n - p.times()[..n].iter().rev().take_while(|&&s| s == last).count();
        let before = Some((p.chunk.as_ref(), p.rows.start + first_equal));
        let after =
            if n < p.rows.len() { Some((p.chunk.as_ref(), p.rows.start + n)) } else { first_of(k + 1) };
        (before, after)
    }
}

fn lerp(a: f64, b: f64, u: f64) -> f64 {
    a + (b - a) * u
}

fn blend_box(a: BoxPx, b: BoxPx, u: f64) -> Option<BoxPx> {
    BoxPx::new(
        lerp(a.left, b.left, u),
        lerp(a.top, b.top, u),
        lerp(a.width, b.width, u),
        lerp(a.height, b.height, u),
    )
}

/// Linear in position and size, shortest turn in rotation; none between different reference frames.
fn blend_pose(a: &Pose, b: &Pose, u: f64) -> Option<Pose> {
    (a.reference_frame == b.reference_frame).then(|| Pose {
        reference_frame: a.reference_frame,
        position: std::array::from_fn(|k| lerp(a.position[k], b.position[k], u)),
        rotation: a.rotation.zip(b.rotation).and_then(|(p, q)| slerp(p, q, u)),
        extent: a.extent.zip(b.extent).map(|(p, q)| std::array::from_fn(|k| lerp(p[k], q[k], u))),
    })
}

/// Spherical interpolation of unit quaternions w, x, y, z along the shorter way; none where the turn is exactly 180°
/// and so ambiguous.
pub fn slerp(a: [f64; 4], b: [f64; 4], u: f64) -> Option<[f64; 4]> {
    let dot: f64 = a.iter().zip(&b).map(|(p, q)| p * q).sum();
    let (b, cosine) = if dot < 0.0 { (b.map(|v| -v), -dot) } else { (b, dot) };
    if cosine <= f64::EPSILON {
        return None;
    }
    let (wa, wb) = if cosine > 1.0 - 1e-12 {
        (1.0 - u, u)
    } else {
        let angle = libm::acos(cosine.min(1.0));
        let sine = libm::sin(angle);
        (libm::sin((1.0 - u) * angle) / sine, libm::sin(u * angle) / sine)
    };
    let mixed: [f64; 4] = std::array::from_fn(|k| wa * a[k] + wb * b[k]);
    let norm = mixed.iter().map(|v| v * v).sum::<f64>().sqrt();
    (norm > 0.0).then(|| mixed.map(|v| v / norm))
}

/// The quaternion w, x, y, z as nalgebra's; none where its length is not 1 within 1e-6.
pub fn unit_quaternion(wxyz: [f64; 4]) -> Option<UnitQuaternion<f64>> {
    let q = Quaternion::new(wxyz[0], wxyz[1], wxyz[2], wxyz[3]);
    ((q.norm() - 1.0).abs() < 1e-6).then(|| UnitQuaternion::new_unchecked(q))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ReferenceFrameId, SourceId};
    use crate::sample::Origin;

    fn run(times: &[i64], tolerance_ns: Option<i64>) -> Run {
        let rows = times
            .iter()
            .enumerate()
            .map(|(i, &t)| {
                let mut s = Sample::new(SourceId(0), Some(TrackId(0)), Time(t), Origin::Annotated);
                s.id = SampleId(i as u64);
                s.pose = Some(Pose {
                    reference_frame: ReferenceFrameId(0),
                    position: [t as f64, 0.0, 0.0],
                    rotation: None,
                    extent: None,
                });
                s
            })
            .collect();
        let chunk = Arc::new(SampleChunk::from_rows(rows));
        Run::new(TrackId(0), None, tolerance_ns, Span::ALWAYS, vec![Piece { rows: 0..chunk.len(), chunk }])
    }

    fn x(moment: Option<Moment>) -> Option<f64> {
        Some(moment?.pose?.position[0])
    }

    #[test]
    fn says_when_it_interpolates() {
        let r = run(&[0, 10], Some(10));
        assert_eq!(r.at(Time(0)).map(|m| m.how), Some(How::Sampled(SampleId(0))));
        let between = r.at(Time(5));
        assert_eq!(
            between.as_ref().map(|m| m.how),
            Some(How::Interpolated { before: SampleId(0), after: SampleId(1) })
        );
        assert_eq!(x(between), Some(5.0));
    }

    #[test]
    fn invents_nothing_across_a_long_gap_or_outside() {
        let r = run(&[0, 10, 100, 110], Some(10));
        assert_eq!(x(r.at(Time(50))), None);
        assert_eq!(x(r.at(Time(-1))), None);
        assert_eq!(x(r.at(Time(111))), None);
        assert_eq!(x(run(&[0, 10], None).at(Time(5))), None);
        let spans: Vec<_> = r.spans().iter().map(|s| (s.start().0, s.end().0)).collect();
        assert_eq!(spans, [(0, 11), (100, 111)]);
    }

    #[test]
    fn pieces_that_interleave_read_as_one() {
        let (a, b) = (run(&[0, 20], Some(10)), run(&[10, 30], Some(10)));
        let pieces = a.pieces.into_iter().chain(b.pieces).collect();
        let merged = Run::new(TrackId(0), None, Some(10), Span::ALWAYS, pieces);
        assert_eq!(x(merged.at(Time(15))), Some(15.0));
        assert_eq!(merged.len(), 4);
    }

    #[test]
    fn slerp_takes_the_shorter_way() {
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let q = slerp([1.0, 0.0, 0.0, 0.0], [-half, 0.0, 0.0, -half], 0.5).expect("not opposite");
        // 45° about z
        assert!((2.0 * libm::atan2(q[3], q[0]) - std::f64::consts::FRAC_PI_4).abs() < 1e-12, "{q:?}");
    }
}
