//! How far tracked boxes are off, fitted where the truth is known.

use super::tracks::{CLASSES, Place, Seen, Sequence, Tracklet, Who};
use nalgebra::{Matrix4, Vector4};
use std::collections::BTreeMap;
use std::fmt;

/// Things further away than this are not asked about, and how many of them are found does not count.
pub(super) const NEAR_M: f64 = 40.0;

/// What was fitted.
pub(super) struct Model {
    classes: BTreeMap<&'static str, OfClass>,
}

/// What was fitted of one class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct OfClass {
    /// Variances along and across the line of sight: constant, and by the square of the range.
    along: [f64; 2],
    across: [f64; 2],
    /// Variance of the height.
    height: f64,
    /// How long an error lasts, in seconds.
    pub(super) lasts_s: f64,
    /// Share of things that are found.
    pub(super) recall: f64,
    /// Of a logistic regression: constant, mean score of the track, logarithm of its length, score of the box.
    existence: Vector4<f64>,
}

impl Model {
    /// Fits on sequences with their truth.
    pub(super) fn fit(sequences: &[Sequence]) -> Model {
        let classes = CLASSES.iter().map(|class| (*class, fit_class(sequences, class))).collect();
        Model { classes }
    }

    pub(super) fn of(&self, class: &str) -> Option<&OfClass> {
        self.classes.get(class)
    }
}

impl OfClass {
    /// The probability that a tracked box shows a thing.
    pub(super) fn existence(&self, track: &Tracklet, seen: &Seen) -> f64 {
        logistic(self.existence.dot(&features(track, seen)))
    }

    /// Covariance of a place: xx, xy, xz, yy, yz, zz in square metres.
    pub(super) fn covariance(&self, place: &Place) -> [f64; 6] {
        let range = place.range().max(1e-6);
        let [x, y, _] = place.pose.position;
        let (c, s) = (x / range, y / range);
        let at = |[constant, square]: [f64; 2]| constant + square * range * range;
        let (along, across) = (at(self.along), at(self.across));
        [
            along * c * c + across * s * s,
            (along - across) * c * s,
            0.0,
            along * s * s + across * c * c,
            0.0,
            self.height,
        ]
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (class, m)) in self.classes.iter().enumerate() {
            let sd = |[constant, square]: [f64; 2], range: f64| (constant + square * range * range).sqrt();
            let line = format!(
                "{class}: off by {:.2} m along and {:.2} m across at 10 m, {:.2} m and {:.2} m at 30 m, for {:.1} s; {:.0} % found",
                sd(m.along, 10.0),
                sd(m.across, 10.0),
                sd(m.along, 30.0),
                sd(m.across, 30.0),
                m.lasts_s,
                100.0 * m.recall,
            );
            write!(f, "{}{line}", if n > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

/// A tracked box of a known thing: where it is seen, and how far off along and across the line of sight and in height.
struct Error {
    range: f64,
    off: [f64; 3],
}

fn fit_class(sequences: &[Sequence], class: &str) -> OfClass {
    let tracks = || {
        sequences
            .iter()
            .flat_map(move |s| s.tracks.iter().filter(move |t| t.class == class).map(move |t| (s, t)))
    };
    let errors: Vec<Vec<(i64, Error)>> = tracks().map(|(s, t)| errors_of(s, t)).collect();
    let all: Vec<&Error> = errors.iter().flatten().map(|(_, error)| error).collect();
    let line = |axis: usize| {
        let points: Vec<(f64, f64)> =
            all.iter().map(|e| (e.range * e.range, e.off[axis] * e.off[axis])).collect();
        through(&points)
    };
    let (along, across) = (line(0), line(1));
    let height = all.iter().map(|e| e.off[2] * e.off[2]).sum::<f64>() / all.len().max(1) as f64;
    let examples: Vec<(Vector4<f64>, bool)> = tracks()
        .flat_map(|(_, t)| t.seen.iter().map(move |seen| (t, seen)))
        .filter(|(_, seen)| seen.who != Who::Untold)
        .map(|(t, seen)| (features(t, seen), seen.who != Who::Nobody))
        .collect();
    let (mut found, mut there) = (0.0, 0.0);
    for sequence in sequences {
        for (i, thing) in sequence.things.iter().enumerate().filter(|(_, thing)| thing.class == class) {
            for place in thing.places.values().filter(|place| place.range() <= NEAR_M) {
                there += 1.0;
                let seen = |track: &Tracklet| track.at(place.t).is_some_and(|seen| seen.who == Who::Thing(i));
                found += f64::from(u8::from(sequence.tracks.iter().any(seen)));
            }
        }
    }
    OfClass {
        along,
        across,
        height: height.max(LEAST_VARIANCE),
        lasts_s: lasting(&errors, along, across),
        // by Jeffreys: nothing is found always
        recall: (found + 0.5) / (there + 1.0),
        existence: regression(&examples),
    }
}

/// Nothing is measured better than to a centimetre.
const LEAST_VARIANCE: f64 = 1e-4;

fn features(track: &Tracklet, seen: &Seen) -> Vector4<f64> {
    Vector4::new(1.0, track.mean_score() / 10.0, libm::log(track.seen.len().max(1) as f64), seen.score / 10.0)
}

fn errors_of(sequence: &Sequence, track: &Tracklet) -> Vec<(i64, Error)> {
    let error = |seen: &Seen| {
        let Who::Thing(i) = seen.who else { return None };
        let truth = sequence.things[i].places.get(&seen.place.t)?;
        let (p, q) = (seen.place.pose.position, truth.pose.position);
        let range = seen.place.range().max(1e-6);
        let (c, s) = (p[0] / range, p[1] / range);
        let d: [f64; 3] = std::array::from_fn(|k| p[k] - q[k]);
        Some((seen.place.t.0, Error { range, off: [c * d[0] + s * d[1], c * d[1] - s * d[0], d[2]] }))
    };
    track.seen.iter().filter_map(error).collect()
}

/// The line `a + b·x` through points by least squares, with `a` a variance and `b` not below 0.
fn through(points: &[(f64, f64)]) -> [f64; 2] {
    let n = points.len().max(1) as f64;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let sxy: f64 = points.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum();
    let sxx: f64 = points.iter().map(|p| (p.0 - mx) * (p.0 - mx)).sum();
    let slope = if sxx > 0.0 { (sxy / sxx).max(0.0) } else { 0.0 };
    let constant = my - slope * mx;
    if constant < LEAST_VARIANCE {
        // through the origin
        let xy: f64 = points.iter().map(|p| p.0 * (p.1 - LEAST_VARIANCE)).sum();
        let xx: f64 = points.iter().map(|p| p.0 * p.0).sum();
        return [LEAST_VARIANCE, if xx > 0.0 { (xy / xx).max(0.0) } else { 0.0 }];
    }
    [constant, slope]
}

/// Lags at which errors are compared, in seconds.
const LAGS: [f64; 4] = [0.2, 0.5, 1.0, 2.0];

/// The time over which errors last that gives the correlations seen at the lags, on a grid.
fn lasting(errors: &[Vec<(i64, Error)>], along: [f64; 2], across: [f64; 2]) -> f64 {
    let seen = LAGS.map(|lag| {
        let (mut product, mut square, mut n) = (0.0, 0.0, 0.0);
        for track in errors {
            for (t, a) in track {
                let later = t + (lag * 1e9) as i64;
                let near = |at: i64| (at - later).abs() < 10_000_000;
                let Some((_, b)) = track.iter().find(|(at, _)| near(*at)) else { continue };
                for (k, variance) in [along, across].into_iter().enumerate() {
                    let sd = |e: &Error| (variance[0] + variance[1] * e.range * e.range).sqrt();
                    let (x, y) = (a.off[k] / sd(a), b.off[k] / sd(b));
                    product += x * y;
                    square += f64::midpoint(x * x, y * y);
                    n += 1.0;
                }
            }
        }
        if n > 0.0 && square > 0.0 { Some(product / square) } else { None }
    });
    let miss = |lasts: f64| {
        let pairs = LAGS.iter().zip(seen);
        pairs.filter_map(|(lag, seen)| Some((correlation(lag / lasts) - seen?).powi(2))).sum::<f64>()
    };
    let grid = (1..=100).map(|n| f64::from(n) * 0.1);
    grid.reduce(|best, next| if miss(next) < miss(best) { next } else { best }).unwrap_or(0.1)
}

/// The correlation of two errors this many knots apart, as draws of Worlds have it: mixed linearly between independent knots, with
/// the deviation kept; the mean over where between two knots the first stands.
fn correlation(apart: f64) -> f64 {
    const STEPS: usize = 64;
    let weights = |at: f64| {
        let n = at.floor();
        let share = at - n;
        let length = ((1.0 - share) * (1.0 - share) + share * share).sqrt();
        (n as i64, (1.0 - share) / length, share / length)
    };
    let sum: f64 = (0..STEPS)
        .map(|n| {
            let at = n as f64 / STEPS as f64;
            let ((i, a, b), (j, c, d)) = (weights(at), weights(at + apart));
            match j - i {
                0 => a * c + b * d,
                1 => b * c,
                _ => 0.0,
            }
        })
        .sum();
    sum / STEPS as f64
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Logistic regression by Newton's method, with a weak pull to 0 so that separable examples have an end.
fn regression(examples: &[(Vector4<f64>, bool)]) -> Vector4<f64> {
    let mut w = Vector4::zeros();
    for _ in 0..30 {
        let (mut gradient, mut curvature) = (-w, Matrix4::identity());
        for (x, is_there) in examples {
            let p = logistic(w.dot(x));
            gradient += x * (f64::from(u8::from(*is_there)) - p);
            curvature += x * x.transpose() * (p * (1.0 - p));
        }
        let Some(step) = curvature.lu().solve(&gradient) else { break };
        w += step;
        if step.norm() < 1e-10 {
            break;
        }
    }
    w
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regression_finds_the_odds_that_made_its_examples() {
        let mut draw = chronotope_tasks::Draw::new(1, "odds");
        let examples: Vec<(Vector4<f64>, bool)> = (0..20_000)
            .map(|_| {
                let x = Vector4::new(1.0, draw.normal(), draw.normal(), draw.normal());
                let p = logistic(0.5 + 1.5 * x[1] - x[3]);
                (x, draw.uniform() < p)
            })
            .collect();
        let w = regression(&examples);
        let off = (w - Vector4::new(0.5, 1.5, 0.0, -1.0)).norm();
        assert!(off < 0.1, "{w}");
    }

    #[test]
    fn a_variance_grows_with_the_range_as_it_was_made() {
        let points: Vec<(f64, f64)> = (0..50).map(|n| (f64::from(n), 0.04 + 0.001 * f64::from(n))).collect();
        let [a, b] = through(&points);
        assert!((a - 0.04).abs() < 1e-12 && (b - 0.001).abs() < 1e-12, "{a} {b}");
    }

    #[test]
    fn errors_fade_from_one_to_nothing() {
        assert!((correlation(0.0) - 1.0).abs() < 1e-12);
        assert!(correlation(0.3) > correlation(0.6) && correlation(2.1) == 0.0);
    }
}
