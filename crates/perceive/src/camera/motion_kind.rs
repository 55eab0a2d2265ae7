//! What the camera did, in the words of film: it stood, panned, tilted, zoomed, rolled or travelled.

use chronotope_world::{Span, Time};
use nalgebra::{Matrix3, Vector3};
use serde::{Deserialize, Serialize};

/// What the camera did over a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CameraMotionKind {
    /// It stood, or only shook about one view.
    Static,
    /// It turned to the left.
    PanLeft,
    /// It turned to the right.
    PanRight,
    /// It turned upwards.
    TiltUp,
    /// It turned downwards.
    TiltDown,
    /// The view narrowed.
    ZoomIn,
    /// The view widened.
    ZoomOut,
    /// It turned about the direction of view, clockwise as the camera itself turns.
    RollClockwise,
    /// The other way about.
    RollCounterclockwise,
    /// It moved through space: near and far things shift against each other.
    Travelling,
    /// Pictures could not be aligned.
    Unknown,
}

impl CameraMotionKind {
    /// All that can be told, without [`CameraMotionKind::Unknown`].
    pub const ALL: [CameraMotionKind; 10] = [
        CameraMotionKind::Static,
        CameraMotionKind::PanLeft,
        CameraMotionKind::PanRight,
        CameraMotionKind::TiltUp,
        CameraMotionKind::TiltDown,
        CameraMotionKind::ZoomIn,
        CameraMotionKind::ZoomOut,
        CameraMotionKind::RollClockwise,
        CameraMotionKind::RollCounterclockwise,
        CameraMotionKind::Travelling,
    ];

    /// What moves cannot be told from what stands while the camera does this.
    pub fn is_doubtful(self) -> bool {
        matches!(self, CameraMotionKind::Travelling | CameraMotionKind::Unknown)
    }

    /// The word in events and on screen.
    pub fn name(self) -> &'static str {
        match self {
            CameraMotionKind::Static => "static",
            CameraMotionKind::PanLeft => "pan left",
            CameraMotionKind::PanRight => "pan right",
            CameraMotionKind::TiltUp => "tilt up",
            CameraMotionKind::TiltDown => "tilt down",
            CameraMotionKind::ZoomIn => "zoom in",
            CameraMotionKind::ZoomOut => "zoom out",
            CameraMotionKind::RollClockwise => "roll clockwise",
            CameraMotionKind::RollCounterclockwise => "roll counterclockwise",
            CameraMotionKind::Travelling => "travelling",
            CameraMotionKind::Unknown => "unknown",
        }
    }
}

/// One thing that the camera did; several follow each other in a shot, without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CameraMotion {
    /// From the first picture of it to the first picture of the next.
    pub span: Span,
    /// What it did.
    pub kind: CameraMotionKind,
    /// Mean share of corners that agreed with one homography, 0 to 1.
    pub agreement: f64,
}

/// One aligned picture of a shot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StagePose {
    /// Presentation time of the picture.
    pub t: Time,
    /// Takes pixels of this picture to pixels of the shot's first picture.
    #[serde(with = "super::by_columns")]
    pub stage_from_image: Matrix3<f64>,
    /// Share of followed corners that agree with it, 0 to 1.
    pub inlier_share: f64,
    /// Share of the picture in which most corners disagree with it, 0 to 1: see [`CameraMotionKind::Travelling`].
    pub parallax: f64,
    /// False where no homography was found.
    pub aligned: bool,
}

/// Half of the time over which motion is measured, in seconds: shaking hands (above 2 Hz) cancel out.
const HALF_WINDOW_S: f64 = 0.25;
/// Slowest motion that is more than standing: widths of the picture per second at the picture's edge. A slow pan
/// crosses the picture in 10 to 30 s.
const SLOWEST: f64 = 0.03;
/// Share of the picture that goes its own way where the camera travels rather than turns.
const DEPTH: f64 = 0.3;
/// Shortest event, in seconds; shorter ones join their longer neighbour.
const SHORTEST_S: f64 = 0.4;
/// Where no moment is fast enough, what adds up over this many seconds decides: somebody who walks with a camera in the hand
/// shifts the far scene by little, but always the same way.
const DRIFT_S: f64 = 10.0;
const SHORTEST_DRIFT_S: f64 = 2.0;
/// Least that adds up, in widths of the picture at its edge, and least share of the path that a straight line explains: a
/// standing hand sways as far, but back again.
const DRIFTED: f64 = 0.04;
const STRAIGHT: f64 = 0.8;
/// The same where near and far have shifted against each other, which standing does not do: then a hundredth of the picture,
/// more than any error of the alignment, says that the camera was carried.
const CARRIED: f64 = 0.01;
const CARRIED_STRAIGHT: f64 = 0.5;

/// What the camera did in one shot, in order, covering `[first picture, end)`.
///
/// Each moment is judged by the half second about it; a stretch that seems to stand is judged once more by what adds up over it.
///
/// `poses`: in order of time; `width` and `height` of the pictures that they align; `end`: where the shot ends.
/// Empty for no pictures. The kind with the largest displacement at the picture's edge is named where several mix.
pub fn camera_motions(poses: &[StagePose], width: f64, height: f64, end: Time) -> Vec<CameraMotion> {
    let kinds: Vec<CameraMotionKind> = (0..poses.len()).map(|i| kind_at(poses, i, width, height)).collect();
    let mut runs: Vec<(usize, usize, CameraMotionKind)> = Vec::new();
    for (i, kind) in kinds.iter().enumerate() {
        match runs.last_mut() {
            Some((_, last, same)) if *same == *kind => *last = i + 1,
            _ => runs.push((i, i + 1, *kind)),
        }
    }
    let start_of = |i: usize| poses.get(i).map_or(end, |p| p.t);
    let length = |run: &(usize, usize, CameraMotionKind)| start_of(run.1).ns_since(start_of(run.0));
    while runs.len() > 1 {
        let Some(shortest) = (0..runs.len()).min_by_key(|i| length(&runs[*i])) else { break };
        if Time(length(&runs[shortest])).as_s() >= SHORTEST_S {
            break;
        }
        let before = shortest.checked_sub(1).map(|i| length(&runs[i]));
        let after = runs.get(shortest + 1).map(length);
        let heir = if before >= after { shortest - 1 } else { shortest + 1 };
        runs[heir].0 = runs[heir].0.min(runs[shortest].0);
        runs[heir].1 = runs[heir].1.max(runs[shortest].1);
        runs.remove(shortest);
        runs = joined(runs);
    }
    let judged = runs.into_iter().flat_map(|run| match run.2 {
        CameraMotionKind::Static => drifts(poses, run, width, height),
        _ => vec![run],
    });
    joined(judged)
        .iter()
        .map(|(from, to, kind)| {
            let shares = poses[*from..*to].iter().map(|p| p.inlier_share).sum::<f64>();
            let agreement = shares / (to - from) as f64;
            CameraMotion { span: Span::between(start_of(*from), start_of(*to)), kind: *kind, agreement }
        })
        .collect()
}

/// Pictures from and to, and what the camera did there.
type Run = (usize, usize, CameraMotionKind);

/// Neighbours of one kind as one.
fn joined(runs: impl IntoIterator<Item = Run>) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            Some(last) if last.2 == run.2 => last.1 = run.1,
            _ => joined.push(run),
        }
    }
    joined
}

/// A run in which no moment is fast, in parts of at most [`DRIFT_S`]: those over which a motion adds up get its kind.
fn drifts(poses: &[StagePose], (from, to, kind): Run, width: f64, height: f64) -> Vec<Run> {
    let Some((first, last)) = poses[from..to].first().zip(poses[from..to].last()) else { return Vec::new() };
    let all_ns = last.t.ns_since(first.t);
    let n = (Time(all_ns).as_s() / DRIFT_S).ceil().max(1.0) as i64;
    let ends = (1..=n).map(|k| {
        let until = first.t.plus_ns((i128::from(all_ns) * i128::from(k) / i128::from(n)) as i64);
        if k == n { to } else { from + poses[from..to].partition_point(|pose| pose.t < until) }
    });
    let mut start = from;
    let mut runs = Vec::new();
    for end in ends.filter(|end| *end > from) {
        runs.push((start, end, drift(&poses[start..end], width, height).unwrap_or(kind)));
        start = end;
    }
    runs
}

/// The motion that adds up over these pictures, if one does: at a steady rate, by least squares.
fn drift(poses: &[StagePose], width: f64, height: f64) -> Option<CameraMotionKind> {
    let (first, last) = poses.first().zip(poses.last())?;
    let seconds = Time(last.t.ns_since(first.t)).as_s();
    if seconds < SHORTEST_DRIFT_S {
        return None;
    }
    let from_stage = first.stage_from_image.try_inverse()?;
    let path: Vec<(f64, [f64; 4])> = poses
        .iter()
        .filter(|pose| pose.aligned)
        .filter_map(|pose| {
            let [dx, dy, log_scale, angle] =
                similarity_at_centre(&(from_stage * pose.stage_from_image), width, height)?;
            let at = Time(pose.t.ns_since(first.t)).as_s();
            Some((at, [dx / width, dy / width, log_scale / 2.0, angle / 2.0]))
        })
        .collect();
    let parallax = poses.iter().map(|p| p.parallax).sum::<f64>() / poses.len() as f64;
    let (least, straight) = if parallax > DEPTH { (CARRIED, CARRIED_STRAIGHT) } else { (DRIFTED, STRAIGHT) };
    let n = path.len() as f64;
    let mean_t = path.iter().map(|(t, _)| t).sum::<f64>() / n;
    let tt: f64 = path.iter().map(|(t, _)| (t - mean_t) * (t - mean_t)).sum();
    let steady: [f64; 4] = std::array::from_fn(|c| {
        let mean = path.iter().map(|(_, v)| v[c]).sum::<f64>() / n;
        let vv: f64 = path.iter().map(|(_, v)| (v[c] - mean) * (v[c] - mean)).sum();
        let tv: f64 = path.iter().map(|(t, v)| (t - mean_t) * (v[c] - mean)).sum();
        // a standing camera has no path at all
        let rate = if tt > 0.0 && vv > 0.0 && tv * tv >= straight * tt * vv { tv / tt } else { 0.0 };
        rate * seconds
    });
    named(steady, least, parallax)
}

fn kind_at(poses: &[StagePose], i: usize, width: f64, height: f64) -> CameraMotionKind {
    let near = |j: usize| Time(poses[j].t.ns_since(poses[i].t).abs()).as_s() <= HALF_WINDOW_S;
    let (mut first, mut last) = (i, i);
    while first > 0 && near(first - 1) {
        first -= 1;
    }
    while last + 1 < poses.len() && near(last + 1) {
        last += 1;
    }
    // at a low rate a window may hold one picture only: then to the neighbours
    if first == last {
        first = i.saturating_sub(1);
        last = (i + 1).min(poses.len() - 1);
    }
    let window = &poses[first..=last];
    let seconds = Time(poses[last].t.ns_since(poses[first].t)).as_s();
    if seconds <= 0.0 {
        return CameraMotionKind::Static;
    }
    if window.iter().filter(|p| !p.aligned).count() * 2 > window.len() {
        return CameraMotionKind::Unknown;
    }
    let Some(from_stage) = poses[first].stage_from_image.try_inverse() else {
        return CameraMotionKind::Unknown;
    };
    let earlier_from_later = from_stage * poses[last].stage_from_image;
    let Some([dx, dy, log_scale, angle]) = similarity_at_centre(&earlier_from_later, width, height) else {
        return CameraMotionKind::Unknown;
    };
    // the middle of the later picture lies to the right in the earlier one where the camera turned to the right
    let rates = [dx / width, dy / width, log_scale / 2.0, angle / 2.0].map(|v| v / seconds);
    let parallax = window.iter().map(|p| p.parallax).sum::<f64>() / window.len() as f64;
    named(rates, SLOWEST, parallax).unwrap_or(CameraMotionKind::Static)
}

/// The strongest of pan, tilt, zoom and roll, if it reaches `least`; travelling where near and far shift against each other.
fn named([pan, tilt, zoom, roll]: [f64; 4], least: f64, parallax: f64) -> Option<CameraMotionKind> {
    let strongest = [pan, tilt, zoom, roll].iter().fold(0.0_f64, |most, rate| most.max(rate.abs()));
    Some(if strongest < least {
        return None;
    } else if parallax > DEPTH {
        CameraMotionKind::Travelling
    } else if strongest == pan.abs() {
        if pan > 0.0 { CameraMotionKind::PanRight } else { CameraMotionKind::PanLeft }
    } else if strongest == tilt.abs() {
        if tilt > 0.0 { CameraMotionKind::TiltDown } else { CameraMotionKind::TiltUp }
    } else if strongest == zoom.abs() {
        if zoom < 0.0 { CameraMotionKind::ZoomIn } else { CameraMotionKind::ZoomOut }
    } else if roll > 0.0 {
        CameraMotionKind::RollClockwise
    } else {
        CameraMotionKind::RollCounterclockwise
    })
}

/// Shift of the picture's middle (px), logarithm of the scale and angle (radians, clockwise on screen) of a homography.
fn similarity_at_centre(h: &Matrix3<f64>, width: f64, height: f64) -> Option<[f64; 4]> {
    let at = |x: f64, y: f64| {
        let p = h * Vector3::new(x, y, 1.0);
        (p.z > 0.0).then(|| [p.x / p.z, p.y / p.z])
    };
    let (cx, cy, arm) = (width / 2.0, height / 2.0, width / 4.0);
    let centre = at(cx, cy)?;
    let (left, right, up, down) =
        (at(cx - arm, cy)?, at(cx + arm, cy)?, at(cx, cy - arm)?, at(cx, cy + arm)?);
    let across = [(right[0] - left[0]) / (2.0 * arm), (right[1] - left[1]) / (2.0 * arm)];
    let along = [(down[0] - up[0]) / (2.0 * arm), (down[1] - up[1]) / (2.0 * arm)];
    let area = across[0] * along[1] - across[1] * along[0];
    (area > 0.0).then(|| {
        let angle = libm::atan2(across[1] - along[0], across[0] + along[1]);
        [centre[0] - cx, centre[1] - cy, libm::log(area) / 2.0, angle]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: f64 = 480.0;
    const H: f64 = 270.0;

    /// Two seconds at 25 pictures a second.
    fn shot(stage_from_image: impl Fn(f64) -> Matrix3<f64>, parallax: f64) -> Vec<CameraMotion> {
        let poses: Vec<StagePose> = (0..50)
            .map(|i| {
                let s = f64::from(i) / 25.0;
                StagePose {
                    t: Time::from_s(s),
                    stage_from_image: stage_from_image(s),
                    inlier_share: 1.0 - parallax,
                    parallax,
                    aligned: true,
                }
            })
            .collect();
        camera_motions(&poses, W, H, Time::from_s(2.0))
    }

    fn only_kind(stage_from_image: impl Fn(f64) -> Matrix3<f64>) -> &'static str {
        let found = shot(stage_from_image, 0.1);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].span, Span::between(Time(0), Time::from_s(2.0)));
        found[0].kind.name()
    }

    fn shift(x: f64, y: f64) -> Matrix3<f64> {
        Matrix3::new(1.0, 0.0, x, 0.0, 1.0, y, 0.0, 0.0, 1.0)
    }

    fn about_centre(a: f64, b: f64) -> Matrix3<f64> {
        shift(W / 2.0, H / 2.0)
            * Matrix3::new(a, -b, 0.0, b, a, 0.0, 0.0, 0.0, 1.0)
            * shift(-W / 2.0, -H / 2.0)
    }

    #[test]
    fn each_kind_has_its_word() {
        assert_eq!(only_kind(|_| Matrix3::identity()), "static");
        assert_eq!(only_kind(|s| shift(60.0 * s, 3.0 * s)), "pan right");
        assert_eq!(only_kind(|s| shift(-60.0 * s, 0.0)), "pan left");
        assert_eq!(only_kind(|s| shift(0.0, 60.0 * s)), "tilt down");
        assert_eq!(only_kind(|s| shift(0.0, -60.0 * s)), "tilt up");
        assert_eq!(only_kind(|s| about_centre(1.0 - 0.2 * s, 0.0)), "zoom in");
        assert_eq!(only_kind(|s| about_centre(1.0 + 0.2 * s, 0.0)), "zoom out");
        assert_eq!(only_kind(|s| about_centre(libm::cos(0.2 * s), libm::sin(0.2 * s))), "roll clockwise");
        assert_eq!(
            only_kind(|s| about_centre(libm::cos(0.2 * s), -libm::sin(0.2 * s))),
            "roll counterclockwise"
        );
    }

    #[test]
    fn shaking_hands_stand_still() {
        assert_eq!(only_kind(|s| shift(3.0 * libm::sin(40.0 * s), 2.0 * libm::cos(37.0 * s))), "static");
    }

    /// Twenty seconds at five pictures a second.
    fn slow(stage_from_image: impl Fn(f64) -> Matrix3<f64>, parallax: f64) -> Vec<&'static str> {
        let poses: Vec<StagePose> = (0..100)
            .map(|i| f64::from(i) / 5.0)
            .map(|s| StagePose {
                t: Time::from_s(s),
                stage_from_image: stage_from_image(s),
                inlier_share: 1.0,
                parallax,
                aligned: true,
            })
            .collect();
        camera_motions(&poses, W, H, Time::from_s(20.0)).iter().map(|m| m.kind.name()).collect()
    }

    #[test]
    fn what_is_slow_but_steady_adds_up() {
        // a hundredth of the width each second, with a hand that shakes
        let walk = |s: f64| shift(4.8 * s + 2.0 * libm::sin(9.0 * s), 0.0);
        assert_eq!(slow(walk, 0.5), ["travelling"]);
        assert_eq!(slow(walk, 0.1), ["pan right"]);
        assert_eq!(slow(|s| about_centre(1.0 - 0.016 * s, 0.0), 0.1), ["zoom in"]);
        // it begins half-way
        assert_eq!(slow(|s| shift(6.0 * (s - 10.0).max(0.0), 0.0), 0.5), ["static", "travelling"]);
    }

    #[test]
    fn a_hand_that_sways_stands() {
        // as far as a walk goes, and back
        assert_eq!(slow(|s| shift(20.0 * libm::sin(0.6 * s), 10.0 * libm::cos(0.9 * s)), 0.1), ["static"]);
        assert_eq!(slow(|_| Matrix3::identity(), 0.9), ["static"]);
    }

    #[test]
    fn depth_while_moving_is_travelling() {
        let found = shot(|s| shift(40.0 * s, 0.0), 0.5);
        assert_eq!(found[0].kind, CameraMotionKind::Travelling);
    }

    #[test]
    fn a_pan_that_stops_is_two_events() {
        let found = shot(|s| shift(80.0 * s.min(1.0), 0.0), 0.1);
        let words: Vec<_> = found.iter().map(|m| m.kind.name()).collect();
        assert_eq!(words, ["pan right", "static"]);
        assert!((found[0].span.end().as_s() - 1.1).abs() < 0.25, "{:?}", found[0].span);
        assert_eq!(found[0].span.end(), found[1].span.start());
    }

    #[test]
    fn no_pictures_no_motion() {
        assert!(camera_motions(&[], W, H, Time(0)).is_empty());
    }
}
