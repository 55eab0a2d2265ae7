//! So many pictures per second, but no more than a cap.
//!
//! Source: the baseline of video benchmarks (lmms-eval, VLMEvalKit): `n = min(cap, ⌊duration · rate⌋)`, then
//! `linspace(0, N − 1, n)`.

use super::{Sampler, Timeline, checked_rate, spread};
use crate::Error;

/// As many pictures as the rate asks for, at least one and at most `cap`, evenly spread over the pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FpsCapped {
    /// Pictures per second.
    pub rate_hz: f64,
    /// At most so many pictures.
    pub cap: u32,
}

impl Sampler for FpsCapped {
    fn name(&self) -> &'static str {
        "fps-capped"
    }

    fn about(&self) -> &'static str {
        "so many pictures per second up to a cap, evenly spread from the first to the last"
    }

    fn choose(&self, timeline: &Timeline<'_>) -> Result<Vec<u32>, Error> {
        let rate_hz = checked_rate("rate_hz of fps-capped", self.rate_hz)?;
        let n = (timeline.length_ns() as f64 / 1e9 * rate_hz).floor() as u32;
        Ok(spread(timeline.range(), n.max(1).min(self.cap)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::ten_hz;
    use super::*;
    use chronotope_world::Time;

    #[test]
    fn the_cap_holds_and_one_picture_is_the_least() {
        let times = ten_hz(100);
        let timeline = Timeline::new(&times, Time::from_s(10.0));
        let chosen = |rate_hz, cap| FpsCapped { rate_hz, cap }.choose(&timeline).unwrap();
        assert_eq!(chosen(0.45, 64), [0, 33, 66, 99]);
        assert_eq!(chosen(2.0, 3), [0, 49, 99]);
        assert_eq!(chosen(0.01, 3), [0]);
        assert!(FpsCapped { rate_hz: f64::NAN, cap: 3 }.choose(&timeline).is_err());
    }
}
