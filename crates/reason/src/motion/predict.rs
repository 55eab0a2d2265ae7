//! Where something will be, and how sure that is.
//!
//! Constant velocity, constant acceleration, and constant turn rate and speed (CTRV: Schubert, Richter and Wanielik, Comparison and
//! Evaluation of Advanced Motion Models, 2008), from a least-squares fit to the samples before the moment.

use super::kinematics::{Fit, fit};
use super::polyline::Polyline;
use chronotope_world::Time;

/// How it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Straight on at its speed.
    Velocity,
    /// With its acceleration.
    Acceleration,
    /// At its speed, turning on at its rate, seen from above.
    TurnRate,
}

/// A predicted place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predicted {
    /// Where.
    pub position: [f64; 3],
    /// One standard deviation per axis: the error of the fit carried on, and what the thing may have changed since.
    pub deviation: f64,
}

/// Where it will be at `t`, told from what was seen from `from` up to `until` only; none where that is too little.
///
/// `unrest` is the spectral density of unknown accelerations in length² per second³ (Bar-Shalom, Li and Kirubarajan, Estimation with
/// Applications to Tracking and Navigation, 2001, 6.2.2): it adds `unrest · s³ / 3` to the variance after `s` seconds.
pub fn predict(
    path: &Polyline,
    from: Time,
    until: Time,
    t: Time,
    model: Model,
    unrest: f64,
) -> Option<Predicted> {
    let degree = if model == Model::Velocity { 1 } else { 2 };
    let last = Time(path.t_ns[path.t_ns.partition_point(|&s| s <= until.0).checked_sub(1)?]);
    let now = fit(path, last, from, until, degree)?;
    if degree > now.degree {
        return None;
    }
    let s = (t - last) as f64 / 1e9;
    let drift = unrest * (s.abs() * s * s) / 3.0;
    let position = match model {
        Model::Velocity | Model::Acceleration => {
            [0, 1, 2].map(|k| now.position[k] + now.velocity[k] * s + now.acceleration[k] * s * s / 2.0)
        }
        Model::TurnRate => turned(&now, s),
    };
    Some(Predicted { position, deviation: (now.variance_after(s) + drift).sqrt() })
}

fn turned(now: &Fit, s: f64) -> [f64; 3] {
    let [vx, vy, vz] = now.velocity;
    let rate = now.turn_rate_deg_s().unwrap_or(0.0).to_radians();
    let angle = rate * s;
    // sin(a)/a and (1 − cos(a))/a, steady near 0
    let (sine, cosine) = if angle.abs() < 1e-6 {
        (1.0 - angle * angle / 6.0, angle / 2.0)
    } else {
        (libm::sin(angle) / angle, (1.0 - libm::cos(angle)) / angle)
    };
    [
        now.position[0] + s * (vx * sine - vy * cosine),
        now.position[1] + s * (vy * sine + vx * cosine),
        now.position[2] + s * vz,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    fn sampled(place: impl Fn(f64) -> [f64; 3]) -> Polyline {
        let t: Vec<i64> = (0..=20).map(|i| i * S / 20).collect();
        let p: Vec<[f64; 3]> = t.iter().map(|&t| place(t as f64 / 1e9)).collect();
        let column = |k: usize| p.iter().map(|p| p[k]).collect();
        Polyline::joined(t, column(0), column(1), column(2))
    }

    #[test]
    fn each_model_is_right_on_its_own_motion() {
        let near = |a: [f64; 3], b: [f64; 3], most: f64| {
            assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < most), "{a:?} {b:?}");
        };
        let told = |path: &Polyline, model| {
            predict(path, Time(0), Time(S), Time(3 * S), model, 0.0).expect("a prediction").position
        };
        near(told(&sampled(|s| [2.0 * s, 1.0 - s, 0.0]), Model::Velocity), [6.0, -2.0, 0.0], 1e-9);
        near(told(&sampled(|s| [s * s, 0.0, -s]), Model::Acceleration), [9.0, 0.0, -3.0], 1e-9);
        let circle = |s: f64| [10.0 * libm::cos(0.2 * s), 10.0 * libm::sin(0.2 * s), 0.0];
        near(told(&sampled(circle), Model::TurnRate), circle(3.0), 0.05);
        near(told(&sampled(|s| [2.0 * s, 0.0, 0.0]), Model::TurnRate), [6.0, 0.0, 0.0], 1e-9);
    }

    #[test]
    fn nothing_after_the_moment_is_used_and_doubt_grows() {
        let path = sampled(|s| [if s > 0.5 { 100.0 } else { s }, 0.0, 0.0]);
        let told =
            |t: i64| predict(&path, Time(0), Time(S / 2), Time(t), Model::Velocity, 1.0).expect("told");
        assert!((told(S).position[0] - 1.0).abs() < 1e-9);
        assert!((told(3 * S / 2).deviation - (1.0f64 / 3.0).sqrt()).abs() < 1e-9);
        assert!(told(S).deviation < told(2 * S).deviation);
        assert_eq!(predict(&path, Time(0), Time(-1), Time(S), Model::Velocity, 0.0), None);
    }
}
