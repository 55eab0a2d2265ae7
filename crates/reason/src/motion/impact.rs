//! What a contact did to the velocities of two bodies: momentum without masses.
//!
//! Whatever the masses are, what one body gains the other loses (Newton's third law): the changes of velocity point opposite ways, and their lengths
//! are as the masses the other way round. So the direction can be checked, and the ratio of the masses told.

use super::kinematics::fit;
use super::polyline::Polyline;
use chronotope_world::Time;

/// Changes of velocity over a contact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impact {
    /// Of the first and of the second body, per second.
    pub changes: [[f64; 3]; 2],
    /// One standard deviation of the longer error of the two changes, per axis.
    pub deviation: f64,
}

impl Impact {
    /// From the lines through the samples within `window_ns` before `from` and after `until`, at least two on each side; none
    /// where there are fewer. With `level` what happens along z is left out: there the ground pushes, too.
    pub fn of(
        a: &Polyline,
        b: &Polyline,
        from: Time,
        until: Time,
        window_ns: i64,
        level: bool,
    ) -> Option<Impact> {
        let (mut changes, mut deviation) = ([[0.0; 3]; 2], 0.0f64);
        for (path, change) in [a, b].into_iter().zip(&mut changes) {
            let before = fit(path, from, from.plus_ns(-window_ns), from, 1)?;
            let after = fit(path, until, until, until.plus_ns(window_ns), 1)?;
            let sides = |samples: (usize, usize)| samples.1 > samples.0;
            (sides(before.samples) && sides(after.samples)).then_some(())?;
            // the fits must not reach across the contact
            let clean = path.t_ns[before.samples.1] <= from.0 && path.t_ns[after.samples.0] >= until.0;
            clean.then_some(())?;
            *change = [0, 1, 2].map(|k| after.velocity[k] - before.velocity[k]);
            if level {
                change[2] = 0.0;
            }
            let variance = before.velocity_variance() + after.velocity_variance();
            deviation = deviation.max(variance.sqrt());
        }
        Some(Impact { changes, deviation })
    }

    /// Lengths of both changes.
    pub fn sizes(&self) -> [f64; 2] {
        self.changes.map(|v| (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt())
    }

    /// Mass of the first body over that of the second; none where the first did not change its velocity.
    pub fn mass_ratio(&self) -> Option<f64> {
        let [a, b] = self.sizes();
        (a > 3.0 * self.deviation && a > 0.0).then(|| b / a)
    }

    /// Degrees by which the changes miss pointing opposite ways; none where one of them is less than `least` or than three deviations.
    pub fn off_deg(&self, least: f64) -> Option<f64> {
        let [a, b] = self.sizes();
        let told = a.min(b) > least.max(3.0 * self.deviation);
        let dot: f64 = (0..3).map(|k| self.changes[0][k] * self.changes[1][k]).sum();
        told.then(|| libm::acos((-dot / (a * b)).clamp(-1.0, 1.0)).to_degrees())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    /// A ball that goes with one velocity until 1 s, where it is at x, and with another after it.
    fn ball(x: f64, before: [f64; 2], after: [f64; 2]) -> Polyline {
        let t: Vec<i64> = (0..=20).map(|i| i * S / 10).collect();
        let place = |k: usize| {
            t.iter()
                .map(|&t| {
                    let s = t as f64 / 1e9 - 1.0;
                    (if k == 0 { x } else { 0.0 }) + s * if s < 0.0 { before[k] } else { after[k] }
                })
                .collect::<Vec<f64>>()
        };
        let (x, y) = (place(0), place(1));
        let z = vec![0.0; t.len()];
        Polyline::joined(t, x, y, z)
    }

    fn impact(a: &Polyline, b: &Polyline) -> Impact {
        Impact::of(a, b, Time(S), Time(S), S / 2, true).expect("samples on both sides")
    }

    #[test]
    fn a_heavy_ball_pushes_a_light_one_and_the_masses_are_told() {
        // 3 kg at 2 m/s hit 1 kg at rest, elastically: 1 m/s and 3 m/s
        let told = impact(&ball(0.0, [2.0, 0.0], [1.0, 0.0]), &ball(0.3, [0.0, 0.0], [3.0, 0.0]));
        assert!(told.off_deg(0.5).is_some_and(|deg| deg < 1e-6), "{told:?}");
        assert!((told.mass_ratio().expect("it was slowed") - 3.0).abs() < 1e-9);
    }

    #[test]
    fn two_that_both_speed_up_the_same_way_break_it() {
        let told = impact(&ball(0.0, [1.0, 0.0], [3.0, 0.0]), &ball(0.3, [0.0, 0.0], [2.0, 0.5]));
        assert!(told.off_deg(0.5).is_some_and(|deg| deg > 150.0), "{told:?}");
        let still = impact(&ball(0.0, [1.0, 0.0], [1.0, 0.0]), &ball(0.3, [0.0, 0.0], [0.0, 0.0]));
        assert_eq!((still.off_deg(0.5), still.mass_ratio()), (None, None));
    }
}
