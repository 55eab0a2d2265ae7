//! Kalman filters of boxes, with time that may pass unevenly.
//!
//! The filters of SORT, of DeepSORT and ByteTrack, and of AB3DMOT have diagonal noise and let each coordinate
//! depend on its own rate alone. Their covariances therefore never mix coordinates, and a filter of 7, 8 or 10
//! dimensions is exactly a handful of filters of one or two: the same numbers at a tenth of the work.
//!
//! # Uneven time
//! The papers add a noise `Q = diag(q_x, q_v)` after each step of constant velocity. There is exactly one
//! continuous white noise that gives this covariance after every whole number of steps:
//! `∫₀ⁿ F(s) [[q_x + q_v/6, −q_v/2], [−q_v/2, q_v]] F(s)ᵀ ds`, a covariance as long as `q_x ≥ q_v/12`, which
//! all published constants meet. [`Motion::predict`] uses it for any real number of steps. So predicting over a
//! gap is the same as predicting through it picture by picture, at any rate of pictures.

use chronotope_world::BoxPx;
use serde::{Deserialize, Serialize};

/// One coordinate and its rate, with their covariance.
///
/// # Units
/// The rate is per nominal step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Motion {
    /// The coordinate.
    pub x: f64,
    /// Its change per step.
    pub v: f64,
    p_xx: f64,
    p_xv: f64,
    p_vv: f64,
}

impl Motion {
    /// At `x`, at rest, with these variances.
    pub fn new(x: f64, var_x: f64, var_v: f64) -> Motion {
        Motion { x, v: 0.0, p_xx: var_x, p_xv: 0.0, p_vv: var_v }
    }

    /// Constant velocity over `steps` nominal steps, with the noise variances of one step.
    pub fn predict(&mut self, steps: f64, q_x: f64, q_v: f64) {
        let n = steps;
        self.x += n * self.v;
        self.p_xx +=
            n * (2.0 * self.p_xv + n * self.p_vv) + n * q_x + q_v * n * (n - 1.0) * (2.0 * n - 1.0) / 6.0;
        self.p_xv += n * self.p_vv + q_v * n * (n - 1.0) / 2.0;
        self.p_vv += n * q_v;
    }

    /// Takes a measurement of the coordinate with variance `r`, which must be above 0.
    pub fn update(&mut self, z: f64, r: f64) {
        let s = self.p_xx + r;
        let (gain_x, gain_v) = (self.p_xx / s, self.p_xv / s);
        let innovation = z - self.x;
        self.x += gain_x * innovation;
        self.v += gain_v * innovation;
        self.p_vv -= gain_v * self.p_xv;
        self.p_xx = gain_x * r;
        self.p_xv = gain_v * r;
    }
}

/// One coordinate without a rate, with its variance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// The coordinate.
    pub x: f64,
    p: f64,
}

impl Level {
    /// At `x` with this variance.
    pub fn new(x: f64, var: f64) -> Level {
        Level { x, p: var }
    }

    /// No change over `steps` nominal steps, with the noise variance of one step.
    pub fn predict(&mut self, steps: f64, q: f64) {
        self.p += steps * q;
    }

    /// Takes a measurement with variance `r`, which must be above 0.
    pub fn update(&mut self, z: f64, r: f64) {
        let gain = self.p / (self.p + r);
        self.x += gain * (z - self.x);
        self.p = gain * r;
    }
}

/// SORT's state of a box: centre and area with their rates, and a constant aspect ratio
/// (Bewley 2016, equation 1; constants of `abewley/sort` at 2236dff).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AreaAspect {
    x: Motion,
    y: Motion,
    area: Motion,
    aspect: Level,
}

impl AreaAspect {
    /// At rest at a box, which must have area.
    pub fn new(b: BoxPx) -> AreaAspect {
        let [x, y] = b.centre();
        AreaAspect {
            x: Motion::new(x, 10.0, 10_000.0),
            y: Motion::new(y, 10.0, 10_000.0),
            area: Motion::new(b.area(), 10.0, 10_000.0),
            aspect: Level::new(b.width / b.height, 10.0),
        }
    }

    /// Over `steps` nominal steps. An area that would vanish stops shrinking.
    pub fn predict(&mut self, steps: f64) {
        if self.area.x + steps * self.area.v <= 0.0 {
            self.area.v = 0.0;
        }
        self.x.predict(steps, 1.0, 0.01);
        self.y.predict(steps, 1.0, 0.01);
        self.area.predict(steps, 1.0, 0.0001);
        self.aspect.predict(steps, 1.0);
    }

    /// Takes a box, which must have area, as a measurement.
    pub fn update(&mut self, b: BoxPx) {
        let [x, y] = b.centre();
        self.x.update(x, 1.0);
        self.y.update(y, 1.0);
        self.area.update(b.area(), 10.0);
        self.aspect.update(b.width / b.height, 10.0);
    }

    /// The box of the state; without area where the state has none.
    pub fn to_box(&self) -> BoxPx {
        let width = (self.area.x * self.aspect.x).max(0.0).sqrt();
        let height = if width > 0.0 { self.area.x / width } else { 0.0 };
        around(self.x.x, self.y.x, width, height)
    }
}

/// The state of DeepSORT and ByteTrack: centre, aspect ratio and height, all with rates, and noise in
/// proportion to the height (Wojke 2017, section 2.1; constants of `ifzhang/ByteTrack`, `kalman_filter.py`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AspectHeight {
    x: Motion,
    y: Motion,
    aspect: Motion,
    height: Motion,
}

/// Standard deviation of a position, in heights.
const STD_POSITION: f64 = 1.0 / 20.0;
/// Standard deviation of a rate per step, in heights.
const STD_VELOCITY: f64 = 1.0 / 160.0;

impl AspectHeight {
    /// At rest at a box, which must have area.
    pub fn new(b: BoxPx) -> AspectHeight {
        let [x, y] = b.centre();
        let var_x = squared(2.0 * STD_POSITION * b.height);
        let var_v = squared(10.0 * STD_VELOCITY * b.height);
        AspectHeight {
            x: Motion::new(x, var_x, var_v),
            y: Motion::new(y, var_x, var_v),
            aspect: Motion::new(b.width / b.height, 1e-4, 1e-10),
            height: Motion::new(b.height, var_x, var_v),
        }
    }

    /// Over `steps` nominal steps. A track that is `lost` keeps its height (as `ByteTrack` does).
    pub fn predict(&mut self, steps: f64, lost: bool) {
        if lost {
            self.height.v = 0.0;
        }
        let q_x = squared(STD_POSITION * self.height.x);
        let q_v = squared(STD_VELOCITY * self.height.x);
        self.x.predict(steps, q_x, q_v);
        self.y.predict(steps, q_x, q_v);
        self.aspect.predict(steps, 1e-4, 1e-10);
        self.height.predict(steps, q_x, q_v);
    }

    /// Takes a box, which must have area, as a measurement.
    pub fn update(&mut self, b: BoxPx) {
        let [x, y] = b.centre();
        // a state of no height would be certain of itself; the floor keeps the filter open
        let r = squared(STD_POSITION * self.height.x).max(1e-12);
        self.x.update(x, r);
        self.y.update(y, r);
        self.aspect.update(b.width / b.height, 1e-2);
        self.height.update(b.height, r);
    }

    /// The box of the state; without area where the state has none.
    pub fn to_box(&self) -> BoxPx {
        let height = self.height.x.max(0.0);
        around(self.x.x, self.y.x, (self.aspect.x * height).max(0.0), height)
    }
}

fn squared(x: f64) -> f64 {
    x * x
}

fn around(x: f64, y: f64, width: f64, height: f64) -> BoxPx {
    BoxPx { left: x - width / 2.0, top: y - height / 2.0, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Matrix2, RowVector2, Vector2};

    /// The textbook filter, as the papers' code writes it.
    fn textbook(z: &[f64], q: [f64; 2], r: f64) -> (Vector2<f64>, Matrix2<f64>) {
        let f = Matrix2::new(1.0, 1.0, 0.0, 1.0);
        let h = RowVector2::new(1.0, 0.0);
        let mut x = Vector2::new(z[0], 0.0);
        let mut p = Matrix2::new(10.0, 0.0, 0.0, 10_000.0);
        for &z in &z[1..] {
            x = f * x;
            p = f * p * f.transpose() + Matrix2::new(q[0], 0.0, 0.0, q[1]);
            let s = (h * p * h.transpose())[(0, 0)] + r;
            let k = p * h.transpose() / s;
            x += k * (z - x[0]);
            let i_kh = Matrix2::identity() - k * h;
            p = i_kh * p * i_kh.transpose() + k * r * k.transpose();
        }
        (x, p)
    }

    #[test]
    fn whole_steps_give_the_textbook_filter() {
        let z = [3.0, 4.5, 4.0, 7.0, 9.5];
        let mut motion = Motion::new(z[0], 10.0, 10_000.0);
        for &z in &z[1..] {
            motion.predict(1.0, 1.0, 0.01);
            motion.update(z, 1.0);
        }
        let (x, p) = textbook(&z, [1.0, 0.01], 1.0);
        for (found, expected) in [
            (motion.x, x[0]),
            (motion.v, x[1]),
            (motion.p_xx, p[(0, 0)]),
            (motion.p_xv, p[(0, 1)]),
            (motion.p_vv, p[(1, 1)]),
        ] {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn a_gap_is_the_same_in_one_prediction_or_in_many() {
        let start = Motion { x: 1.0, v: 0.5, p_xx: 2.0, p_xv: 0.3, p_vv: 0.7 };
        for parts in [vec![1.0; 4], vec![0.5; 8], vec![0.1, 3.15, 0.75]] {
            let (mut once, mut often) = (start, start);
            once.predict(4.0, 1.0, 0.01);
            for &n in &parts {
                often.predict(n, 1.0, 0.01);
            }
            for (a, b) in [(once.x, often.x), (once.p_xx, often.p_xx), (once.p_xv, often.p_xv)] {
                assert!((a - b).abs() < 1e-12, "{parts:?}: {a} {b}");
            }
        }
    }

    #[test]
    fn a_fraction_of_a_step_adds_a_proper_covariance() {
        for n in [0.01, 0.25, 0.5, 0.99, 1.5, 30.0, 1e6] {
            let mut m = Motion::new(0.0, 0.0, 0.0);
            m.predict(n, 1.0, 0.01);
            assert!(m.p_xx > 0.0 && m.p_xx * m.p_vv >= m.p_xv * m.p_xv, "{n}: {m:?}");
        }
    }

    #[test]
    fn a_state_gives_back_its_box() {
        let b = BoxPx::new(10.0, 20.0, 30.0, 60.0).expect("finite");
        for found in [AreaAspect::new(b).to_box(), AspectHeight::new(b).to_box()] {
            assert!((found.iou(b) - 1.0).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn a_shrinking_box_does_not_turn_inside_out() {
        let mut state = AreaAspect::new(BoxPx::new(0.0, 0.0, 40.0, 80.0).expect("finite"));
        state.predict(1.0);
        state.update(BoxPx::new(0.0, 0.0, 4.0, 8.0).expect("finite"));
        state.predict(50.0);
        let b = state.to_box();
        assert!(b.width > 0.0 && b.height > 0.0, "{b:?}");
    }
}
