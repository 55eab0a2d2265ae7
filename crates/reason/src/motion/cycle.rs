//! What comes again: repetitions of a motion, and turns around a place.

use super::polyline::Polyline;
use nalgebra::{Matrix3, SymmetricEigen};

/// A motion to and fro.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repetitions {
    /// How often it came back: way to and fro over twice the usual swing. 4.75 is four and three quarters.
    pub count: f64,
    /// From end to end of the usual (median) swing, in the unit of the frame.
    pub swing: f64,
}

/// Swings below this share of the whole range are jitter.
const LEAST_SWING: f64 = 0.3;

/// How often a motion repeats, along the axis on which the thing moves most; a circle repeats once per round. None where it does not move
/// or the path has gaps.
pub fn repetitions(path: &Polyline) -> Option<Repetitions> {
    let n = path.len();
    if n < 3 || (0..n - 1).any(|i| !path.linked[i]) {
        return None;
    }
    let middle = [&path.x, &path.y, &path.z].map(|v| v.iter().sum::<f64>() / n as f64);
    let mut spread = Matrix3::zeros();
    for i in 0..n {
        let d = nalgebra::Vector3::from_fn(|k, _| path.point(i)[k] - middle[k]);
        spread += d * d.transpose();
    }
    let eigen = SymmetricEigen::new(spread);
    let (most, _) = eigen.eigenvalues.argmax();
    let axis = eigen.eigenvectors.column(most);
    let along: Vec<f64> =
        (0..n).map(|i| (0..3).map(|k| (path.point(i)[k] - middle[k]) * axis[k]).sum()).collect();
    let range = along.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        - along.iter().copied().fold(f64::INFINITY, f64::min);
    if range <= 0.0 {
        return None;
    }
    // ends of swings: a turn counts once it went back by more than jitter
    let least = LEAST_SWING * range;
    let (mut ends, mut low, mut high, mut rising) = (vec![along[0]], along[0], along[0], None);
    for &v in &along[1..] {
        (low, high) = (low.min(v), high.max(v));
        match rising {
            None if v - low > least => (rising, high) = (Some(true), v),
            None if high - v > least => (rising, low) = (Some(false), v),
            Some(true) if high - v > least => {
                ends.push(high);
                (rising, low) = (Some(false), v);
            }
            Some(false) if v - low > least => {
                ends.push(low);
                (rising, high) = (Some(true), v);
            }
            _ => {}
        }
    }
    match rising {
        Some(true) => ends.push(high),
        Some(false) => ends.push(low),
        None => {}
    }
    let swings: Vec<f64> = ends.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    // the first and the last may be cut off
    let mut whole = if swings.len() > 2 { swings[1..swings.len() - 1].to_vec() } else { swings.clone() };
    whole.sort_by(f64::total_cmp);
    let swing = *whole.get(whole.len() / 2)?;
    Some(Repetitions { count: swings.iter().sum::<f64>() / (2.0 * swing), swing })
}

/// How many times a path goes around a place, seen from above: counter-clockwise positive. None where it goes through it.
///
/// Stretches across gaps count by the nearer way around.
pub fn revolutions(path: &Polyline, around: impl Fn(usize) -> Option<[f64; 2]>) -> Option<f64> {
    let arms: Option<Vec<[f64; 2]>> = (0..path.len())
        .map(|i| {
            let centre = around(i)?;
            Some([path.x[i] - centre[0], path.y[i] - centre[1]])
        })
        .collect();
    let arms = arms?;
    if arms.contains(&[0.0; 2]) {
        return None;
    }
    let turned: f64 = arms
        .windows(2)
        .map(|pair| {
            let (a, b) = (pair[0], pair[1]);
            libm::atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])
        })
        .sum();
    Some(turned / std::f64::consts::TAU)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampled(n: i64, place: impl Fn(f64) -> [f64; 3]) -> Polyline {
        let t: Vec<i64> = (0..=n).map(|i| i * 50_000_000).collect();
        let p: Vec<[f64; 3]> = t.iter().map(|&t| place(t as f64 / 1e9)).collect();
        let column = |k: usize| p.iter().map(|p| p[k]).collect();
        Polyline::joined(t, column(0), column(1), column(2))
    }

    #[test]
    fn swings_are_counted_from_any_phase() {
        for phase in [0.0, 0.7, 1.57, 3.0] {
            // five periods of two seconds along a slanted line, with jitter
            let path = sampled(200, |s| {
                let v = libm::sin(std::f64::consts::PI * s + phase) + 0.02 * libm::sin(97.0 * s);
                [3.0 * v, v, 0.5]
            });
            let found = repetitions(&path).expect("moves");
            assert!((found.count - 5.0).abs() < 0.3, "{phase}: {found:?}");
            assert!((found.swing - 2.0 * 10f64.sqrt()).abs() < 0.4, "{found:?}");
        }
        assert_eq!(repetitions(&sampled(20, |_| [1.0; 3])), None);
    }

    #[test]
    fn rounds_and_their_sense() {
        let circle = |sense: f64| move |s: f64| [4.0 + libm::cos(sense * s), libm::sin(sense * s), 0.0];
        let around = |_| Some([4.0, 0.0]);
        let left = revolutions(&sampled(126, circle(1.0)), around).expect("turns");
        let right = revolutions(&sampled(252, circle(-1.0)), around).expect("turns");
        assert!((left - 6.3 / std::f64::consts::TAU).abs() < 1e-9, "{left}");
        assert!((right + 12.6 / std::f64::consts::TAU).abs() < 1e-9, "{right}");
        assert_eq!(revolutions(&sampled(3, |_| [4.0, 0.0, 0.0]), around), None);
        let path = sampled(252, circle(1.0));
        assert!(
            (repetitions(&path).expect("moves").count - 2.0).abs() < 0.2,
            "a circle repeats once per round"
        );
    }
}
