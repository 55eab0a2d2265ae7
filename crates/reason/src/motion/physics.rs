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

/// The stretches between samples that would take more than a speed: by the position of their first sample.
pub fn jumps(path: &Polyline, most_speed: f64) -> Vec<usize> {
    path.segments().filter(|&i| path.step(i) > most_speed * path.step_s(i)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

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
