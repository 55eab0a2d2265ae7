//! The likeliest path of a track, from all of its sightings, past and future.
//!
//! A fixed-interval smoother (Rauch, Tung, Striebel: Maximum Likelihood Estimates of Linear Dynamic Systems, AIAA
//! Journal 3(8), 1965) over motion of nearly constant velocity, driven by white noise of acceleration (Bar-Shalom,
//! Li, Kirubarajan: Estimation with Applications to Tracking and Navigation, 2001, section 6.2.2). Sightings are off as Student's t
//! says rather than the normal distribution: a box that jumps, as where two things merge and part, says little (Lange, Little,
//! Taylor: Robust Statistical Modeling Using the t Distribution, JASA 84, 1989: 4 degrees of freedom, by reweighting).

use chronotope_world::time::NS_PER_S;
use chronotope_world::{BoxPx, Time};

/// How a box is seen and how it moves. Lengths are in heights of the box, as in DeepSORT.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothSettings {
    /// Standard deviation of a detection's position and size, in heights of the box.
    pub seen_heights: f64,
    /// Density of the acceleration's noise, in heights²/s³: the square of how much a speed changes in a second.
    pub acceleration: f64,
}

impl Default for SmoothSettings {
    /// The constants of DeepSORT and ByteTrack (`kalman_filter.py`): a detection is off by a twentieth of its
    /// height, and in each of 30 steps a second the speed changes by 1/160 height a step.
    fn default() -> Self {
        let per_step = 30.0 / 160.0;
        SmoothSettings { seen_heights: 1.0 / 20.0, acceleration: per_step * per_step * 30.0 }
    }
}

/// The smoothed boxes at these times, which grow; a box that was not seen (none) is filled in.
///
/// Centre and sizes are smoothed each for itself, and sizes do not fall below the smallest that was seen. Before
/// the first sighting and after the last the motion there goes on. Without any sighting nothing is given. A sighting whose box
/// does not fit its neighbours weighs less, in all of its numbers.
///
/// # Cost
/// Linear in the times.
pub fn smooth(sightings: &[(Time, Option<BoxPx>)], settings: SmoothSettings) -> Vec<BoxPx> {
    let seen: Vec<BoxPx> = sightings.iter().filter_map(|(_, b)| *b).collect();
    let Some(first) = sightings.iter().position(|(_, b)| b.is_some()) else { return Vec::new() };
    let height = seen.iter().map(|b| b.height).sum::<f64>() / seen.len() as f64;
    let deviation = settings.seen_heights * height;
    let density = settings.acceleration * height * height;
    let start = sightings[first].0;
    let times: Vec<f64> = sightings.iter().map(|(t, _)| t.ns_since(start) as f64 / NS_PER_S as f64).collect();
    let mut variances = vec![deviation * deviation; sightings.len()];
    for _ in 0..REWEIGHTED {
        let mut off = vec![0.0_f64; sightings.len()];
        for of in COORDINATES {
            let values: Vec<Option<f64>> = sightings.iter().map(|(_, b)| b.map(of)).collect();
            let (path, _) = smooth_path(&times[first..], &values[first..], &variances[first..], density);
            for ((off, z), x) in off[first..].iter_mut().zip(&values[first..]).zip(path) {
                *off = z.map_or(0.0, |z| off.max((z - x).abs() / deviation));
            }
        }
        for (variance, off) in variances.iter_mut().zip(off) {
            // no sighting is taken for better than the detector is
            let weight = ((FREEDOM + 1.0) / (FREEDOM + off * off)).min(1.0);
            *variance = deviation * deviation / if weight > 0.0 { weight } else { 1.0 };
        }
    }
    let path = |of: fn(BoxPx) -> f64| {
        let values: Vec<Option<f64>> = sightings.iter().map(|(_, b)| b.map(of)).collect();
        let (mut path, speed) = smooth_path(&times[first..], &values[first..], &variances[first..], density);
        let early = times[..first].iter().map(|t| path[0] + t * speed).collect::<Vec<f64>>();
        path.splice(0..0, early);
        path
    };
    let [x, y, width, height] = COORDINATES.map(path);
    let least = |of: fn(BoxPx) -> f64| seen.iter().map(|&b| of(b)).fold(f64::INFINITY, f64::min);
    let (least_width, least_height) = (least(|b| b.width), least(|b| b.height));
    (0..sightings.len())
        .map(|i| {
            let (width, height) = (width[i].max(least_width), height[i].max(least_height));
            BoxPx { left: x[i] - width / 2.0, top: y[i] - height / 2.0, width, height }
        })
        .collect()
}

/// Degrees of freedom of Student's t, as Lange et al. recommend.
const FREEDOM: f64 = 4.0;
/// How often the sightings are weighed anew: later the weights hardly change.
const REWEIGHTED: usize = 5;
/// What is smoothed: centre and size.
const COORDINATES: [fn(BoxPx) -> f64; 4] = [|b| b.centre()[0], |b| b.centre()[1], |b| b.width, |b| b.height];

/// A position and its velocity with their covariance.
#[derive(Clone, Copy)]
struct State {
    x: f64,
    v: f64,
    xx: f64,
    xv: f64,
    vv: f64,
}

impl State {
    fn after(self, dt: f64, density: f64) -> State {
        State {
            x: self.x + dt * self.v,
            v: self.v,
            xx: self.xx + dt * (2.0 * self.xv + dt * self.vv) + density * dt * dt * dt / 3.0,
            xv: self.xv + dt * self.vv + density * dt * dt / 2.0,
            vv: self.vv + density * dt,
        }
    }

    fn with(self, z: f64, variance: f64) -> State {
        let s = self.xx + variance;
        let (gain_x, gain_v) = (self.xx / s, self.xv / s);
        State {
            x: self.x + gain_x * (z - self.x),
            v: self.v + gain_v * (z - self.x),
            xx: gain_x * variance,
            xv: gain_v * variance,
            vv: self.vv - gain_v * self.xv,
        }
    }
}

/// The smoothed coordinate at each time, and its velocity at the first, which must be seen.
fn smooth_path(times: &[f64], sightings: &[Option<f64>], variances: &[f64], density: f64) -> (Vec<f64>, f64) {
    let first = sightings[0].unwrap_or_default();
    // next to nothing is known of the speed at first: it may cross everything seen within a tenth of a second
    let reach = sightings.iter().flatten().map(|z| (z - first).abs()).fold(0.0, f64::max);
    let variance = variances[0];
    let start = State { x: first, v: 0.0, xx: variance, xv: 0.0, vv: 100.0 * (variance + reach * reach) };
    let mut filtered = vec![start];
    let mut predicted = vec![start];
    for k in 1..times.len() {
        let prior = filtered[k - 1].after(times[k] - times[k - 1], density);
        predicted.push(prior);
        filtered.push(sightings[k].map_or(prior, |z| prior.with(z, variances[k])));
    }
    let mut later = filtered[times.len() - 1];
    let mut path = vec![later.x; times.len()];
    for k in (0..times.len() - 1).rev() {
        let (f, p) = (filtered[k], predicted[k + 1]);
        let dt = times[k + 1] - times[k];
        // gain = P F' (predicted P)⁻¹, with F = [[1, dt], [0, 1]]
        let (a, b, c, d) = (f.xx + dt * f.xv, f.xv, f.xv + dt * f.vv, f.vv);
        let det = p.xx * p.vv - p.xv * p.xv;
        if !det.is_normal() {
            later = f;
            path[k] = f.x;
            continue;
        }
        let (g11, g12) = ((a * p.vv - b * p.xv) / det, (b * p.xx - a * p.xv) / det);
        let (g21, g22) = ((c * p.vv - d * p.xv) / det, (d * p.xx - c * p.xv) / det);
        let (dx, dv) = (later.x - p.x, later.v - p.v);
        // means alone: no covariance is asked for
        later = State { x: f.x + g11 * dx + g12 * dv, v: f.v + g21 * dx + g22 * dv, ..f };
        path[k] = later.x;
    }
    (path, later.v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_path_stays_as_it_is_and_its_gap_is_filled() {
        let times: Vec<f64> = (0..30).map(|k| f64::from(k) * 0.1).collect();
        let truth: Vec<f64> = times.iter().map(|t| 5.0 + 3.0 * t).collect();
        let sightings: Vec<Option<f64>> =
            truth.iter().enumerate().map(|(k, &x)| (!(10..20).contains(&k)).then_some(x)).collect();
        for (found, expected) in smooth_path(&times, &sightings, &[1.0; 30], 0.5).0.iter().zip(&truth) {
            assert!((found - expected).abs() < 0.02, "{found}, expected {expected}");
        }
    }

    #[test]
    fn it_equals_the_least_squares_of_the_same_model() {
        use nalgebra::{DMatrix, DVector};
        let times = [0.0, 0.5, 0.6, 1.4, 2.0];
        let sightings = [Some(1.0), Some(2.5), None, Some(2.0), Some(4.0)];
        let (variance, density) = (0.7, 0.9);
        let n = times.len();
        // information form: one block for the start, one for each sighting and each step
        let mut h = DMatrix::<f64>::zeros(2 * n, 2 * n);
        let mut g = DVector::<f64>::zeros(2 * n);
        let reach: f64 = 3.0;
        h[(0, 0)] += 1.0 / variance;
        g[0] += 1.0 / variance;
        h[(1, 1)] += 1.0 / (100.0 * (variance + reach * reach));
        for k in 1..n {
            let dt: f64 = times[k] - times[k - 1];
            let q = nalgebra::Matrix2::new(dt * dt * dt / 3.0, dt * dt / 2.0, dt * dt / 2.0, dt) * density;
            let w = q.try_inverse().expect("dt > 0");
            let mut j = DMatrix::<f64>::zeros(2, 2 * n);
            (j[(0, 2 * k)], j[(1, 2 * k + 1)]) = (1.0, 1.0);
            (j[(0, 2 * k - 2)], j[(0, 2 * k - 1)], j[(1, 2 * k - 1)]) = (-1.0, -dt, -1.0);
            h += j.transpose() * w * &j;
            if let Some(z) = sightings[k] {
                h[(2 * k, 2 * k)] += 1.0 / variance;
                g[2 * k] += z / variance;
            }
        }
        let solved = h.lu().solve(&g).expect("positive");
        for (k, found) in smooth_path(&times, &sightings, &[variance; 5], density).0.iter().enumerate() {
            assert!((found - solved[2 * k]).abs() < 1e-9, "{k}: {found}, expected {}", solved[2 * k]);
        }
    }

    #[test]
    fn one_sighting_stands_still_and_none_gives_nothing() {
        let b = BoxPx::new(1.0, 2.0, 30.0, 60.0).expect("finite");
        let sightings = [(Time(0), None), (Time(1_000_000), Some(b)), (Time(9_000_000_000), None)];
        assert_eq!(smooth(&sightings, SmoothSettings::default()), [b; 3]);
        assert_eq!(smooth(&sightings[..1], SmoothSettings::default()), []);
    }

    #[test]
    fn a_path_runs_on_before_and_after() {
        let at = |k: i64| BoxPx::new(10.0 * k as f64, 0.0, 30.0, 60.0).expect("finite");
        let seen = |k: i64| (Time(k * 100_000_000), (3..12).contains(&k).then(|| at(k)));
        let sightings: Vec<_> = (0..15).map(seen).collect();
        for (k, found) in smooth(&sightings, SmoothSettings::default()).iter().enumerate() {
            assert!((found.left - 10.0 * k as f64).abs() < 0.5, "{k}: {found:?}");
        }
    }

    #[test]
    fn a_box_that_jumps_hardly_moves_the_path() {
        let at = |k: i64| BoxPx::new(10.0 * k as f64, 0.0, 30.0, 60.0).expect("finite");
        // in the eleventh picture it has merged with what stands beside and below
        let merged = BoxPx::new(100.0, 0.0, 80.0, 110.0).expect("finite");
        let sightings: Vec<_> =
            (0..20).map(|k| (Time(k * 100_000_000), Some(if k == 10 { merged } else { at(k) }))).collect();
        let path = smooth(&sightings, SmoothSettings::default());
        let foot = path[10].bottom() - 60.0;
        assert!(foot.abs() < 3.0 && (path[10].centre()[0] - 115.0).abs() < 3.0, "{:?}", path[10]);
    }
}
