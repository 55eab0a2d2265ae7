//! Pictures at exact intervals of time.

use super::{Sampler, Timeline, checked_rate};
use crate::Error;

/// The pictures on display at the start, one interval later, and so on: even in time also at a variable rate. A picture
/// that stays longer than an interval is chosen once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FixedRate {
    /// Instants per second.
    pub rate_hz: f64,
}

impl Sampler for FixedRate {
    fn name(&self) -> &'static str {
        "fixed-rate"
    }

    fn about(&self) -> &'static str {
        "the pictures on display at exact intervals of time"
    }

    fn choose(&self, timeline: &Timeline<'_>) -> Result<Vec<u32>, Error> {
        let rate_hz = checked_rate("rate_hz of fixed-rate", self.rate_hz)?;
        let (from, to) = timeline.range();
        let Some(&start) = timeline.times[from as usize..to as usize].first() else { return Ok(Vec::new()) };
        // by pictures, not by instants: a long gap costs nothing
        let mut chosen = Vec::new();
        for number in from..to {
            let next = timeline.times.get(number as usize + 1).copied().unwrap_or(timeline.end);
            let elapsed = |ns: i64| (ns - start.0) as f64 / 1e9 * rate_hz;
            // the first instant at or after this picture's start; a nanosecond of rounding is allowed
            let instant = (elapsed(timeline.times[number as usize].0) - 1e-9 * rate_hz).ceil().max(0.0);
            if number == from || instant < elapsed(next.0) - 1e-9 * rate_hz {
                chosen.push(number);
            }
        }
        Ok(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::ten_hz;
    use super::*;
    use chronotope_world::Time;

    #[test]
    fn intervals_are_in_time() {
        let times = ten_hz(30);
        let timeline = Timeline::new(&times, Time::from_s(3.0));
        assert_eq!(FixedRate { rate_hz: 1.0 }.choose(&timeline).unwrap(), [0, 10, 20]);
        assert_eq!(FixedRate { rate_hz: 4.0 }.choose(&timeline).unwrap()[..5], [0, 2, 5, 7, 10]);
        assert_eq!(FixedRate { rate_hz: 1000.0 }.choose(&timeline).unwrap().len(), 30);
    }

    #[test]
    fn a_picture_that_stays_is_chosen_once() {
        let times = [0.0, 0.1, 5.0, 5.1].map(Time::from_s);
        let timeline = Timeline::new(&times, Time::from_s(5.2));
        assert_eq!(FixedRate { rate_hz: 1.0 }.choose(&timeline).unwrap(), [0, 1, 2]);
    }
}
