//! Does a motion obey physics: free fall, and jumps that nothing can make.

use super::kinematics::fit;
use super::polyline::Polyline;
use chronotope_world::{Span, Spans, Time};

/// Standard gravity in m/s² (CGPM 1901).
pub const GRAVITY: f64 = 9.80665;

/// When something falls freely, thrown or dropped: its acceleration is that of gravity (downwards along −z), to within a share of it.
///
/// At every sample the parabola through the joined samples within `window_ns` on both sides is taken; at least five.
pub fn falls(path: &Polyline, gravity: f64, share: f64, window_ns: i64) -> Spans {
    let falling: Vec<bool> = (0..path.len())
        .map(|i| {
            let t = Time(path.t_ns[i]);
            let fit = fit(path, t, t.plus_ns(-window_ns), t.plus_ns(window_ns), 2);
            fit.filter(|fit| fit.degree == 2 && fit.samples.1 - fit.samples.0 >= 4).is_some_and(|fit| {
                let [x, y, z] = fit.acceleration;
                (x * x + y * y + (z + gravity) * (z + gravity)).sqrt() <= share * gravity
            })
        })
        .collect();
    path.segments()
        .filter(|&i| falling[i] && falling[i + 1])
        .map(|i| Span::between(Time(path.t_ns[i]), Time(path.t_ns[i + 1]).plus_ns(1)))
        .collect()
}

/// A body that only a steady force moves: what its acceleration is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Along x, y and z, per second squared.
    pub acceleration: [f64; 3],
    /// One standard deviation of it, per axis.
    pub deviation: f64,
}

impl Steady {
    /// The parabola through all joined samples of a stretch; at least five, none where there are fewer.
    pub fn of(path: &Polyline, span: Span) -> Option<Steady> {
        let (from, until) = (span.start(), span.end().plus_ns(-1));
        let first = path.t_ns.partition_point(|&t| t < from.0);
        let t = Time(*path.t_ns.get(first)?);
        let fit = fit(path, t, from, until, 2)?;
        (fit.degree == 2 && fit.samples.1 - fit.samples.0 >= 4)
            .then(|| Steady { acceleration: fit.acceleration, deviation: fit.acceleration_deviation() })
    }

    /// Its length.
    pub fn size(&self) -> f64 {
        let [x, y, z] = self.acceleration;
        (x * x + y * y + z * z).sqrt()
    }

    /// The axis along which it points most nearly, 0 to 2, whether against it, and by how many degrees it leans from it; none of no
    /// acceleration.
    pub fn axis(&self) -> Option<(usize, bool, f64)> {
        let size = self.size();
        let by = |k: &usize| self.acceleration[*k].abs();
        let k = (0..3).max_by(|a, b| by(a).total_cmp(&by(b)))?;
        let lean = libm::acos((by(&k) / size).clamp(-1.0, 1.0)).to_degrees();
        (size > 3.0 * self.deviation && size > 0.0).then(|| (k, self.acceleration[k] < 0.0, lean))
    }
}

/// The stretches between samples that would take more than a speed: by the position of their first sample.
pub fn jumps(path: &Polyline, most_speed: f64) -> Vec<usize> {
    path.segments().filter(|&i| path.step(i) > most_speed * path.step_s(i)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    #[test]
    fn gravity_is_fitted_with_its_error_on_its_axis() {
        let t: Vec<i64> = (0..=20).map(|i| i * S / 20).collect();
        // along y, as in a picture's plane; the third sample of every three is off by a centimetre
        let y = t.iter().enumerate().map(|(i, &t)| {
            let s = t as f64 / 1e9;
            4.0 * s - 0.5 * 9.8 * s * s + if i % 3 == 0 { 0.01 } else { 0.0 }
        });
        let (x, y, z) = (t.iter().map(|&t| t as f64 / 1e9).collect(), y.collect(), vec![0.0; t.len()]);
        let told = Steady::of(&Polyline::joined(t, x, y, z), Span::between(Time(0), Time(S + 1)))
            .expect("21 samples");
        assert!((told.size() - 9.8).abs() < 3.0 * told.deviation, "{told:?}");
        assert!((0.001..0.2).contains(&told.deviation), "{told:?}");
        assert!(told.axis().is_some_and(|(k, against, lean)| k == 1 && against && lean < 1.0));
    }

    #[test]
    fn a_ball_falls_between_the_hand_and_the_floor() {
        // held for 1 s at 5 m, then dropped; on the floor after 1.0097 s more
        let t: Vec<i64> = (0..=100).map(|i| i * S / 40).collect();
        let z: Vec<f64> = t
            .iter()
            .map(|&t| t as f64 / 1e9 - 1.0)
            .map(|s| if s < 0.0 { 5.0 } else { (5.0 - GRAVITY * s * s / 2.0).max(0.0) })
            .collect();
        let path = Polyline::joined(t, vec![0.0; 101], vec![0.0; 101], z);
        let found = falls(&path, GRAVITY, 0.1, S / 10);
        let hull = found.hull().expect("it falls");
        assert!(
            found.iter().count() == 1 && hull.start() >= Time(S) && hull.end() <= Time(21 * S / 10),
            "{found:?}"
        );
        assert!(hull.end() - hull.start() > 7 * S / 10, "{found:?}");
        assert_eq!(falls(&path, 1.62, 0.1, S / 10), Spans::NONE, "not on the moon");
    }

    #[test]
    fn jumps_are_found() {
        let path = Polyline::joined(vec![0, S, 2 * S], vec![0.0, 5.0, 500.0], vec![0.0; 3], vec![0.0; 3]);
        assert_eq!(jumps(&path, 100.0), [1]);
        assert!(jumps(&path, 1000.0).is_empty());
    }
}
