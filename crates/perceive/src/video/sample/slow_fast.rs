//! A fast view of the whole, and a slow one of the part that matters.
//!
//! Source: LOVE-R1 (2025), `model_sample_frame.py`: fast view `min(2 · duration, 768)` pictures; a chosen interval is
//! widened by 5 s on both sides and to at least `min(30 s, duration / 8)` about its middle, then seen at 2 pictures per
//! second, at most 32. The different resolutions of the two views belong to whoever reads the pictures.

use super::{Sampler, Timeline, checked_rate, spread};
use crate::Error;
use chronotope_world::{Span, Time};

/// Pictures of the whole at a low rate and, where an interval is given, of that at another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlowFast {
    /// Pictures per second of the whole.
    pub fast_rate_hz: f64,
    /// At most so many pictures of the whole.
    pub fast_cap: u32,
    /// The part that matters.
    pub interval: Option<Span>,
    /// Pictures per second of the interval.
    pub slow_rate_hz: f64,
    /// At most so many pictures of the interval.
    pub slow_cap: u32,
    /// How far the interval is widened on each side, in nanoseconds.
    pub widen_ns: i64,
    /// The interval is widened to this at least, in nanoseconds, but not beyond an eighth of the whole.
    pub at_least_ns: i64,
}

impl SlowFast {
    /// LOVE-R1's figures.
    pub const LOVE_R1: SlowFast = SlowFast {
        fast_rate_hz: 2.0,
        fast_cap: 768,
        interval: None,
        slow_rate_hz: 2.0,
        slow_cap: 32,
        widen_ns: 5_000_000_000,
        at_least_ns: 30_000_000_000,
    };

    /// The interval as it is looked at: widened, and cut to the whole.
    pub fn slow_span(&self, timeline: &Timeline<'_>) -> Option<Span> {
        let interval = self.interval?;
        let (from, to) = timeline.range();
        let start = *timeline.times[from as usize..to as usize].first()?;
        let whole = Span::new(start, start.plus_ns(timeline.length_ns()))?;
        let widened =
            Span::new(interval.start().plus_ns(-self.widen_ns), interval.end().plus_ns(self.widen_ns))?;
        let at_least = self.at_least_ns.min(whole.ns() / 8);
        let missing = (at_least - widened.ns()).max(0);
        let from: Time = widened.start().plus_ns(-(missing / 2));
        Span::new(from, widened.end().plus_ns(missing - missing / 2))?.intersect(whole)
    }
}

impl Sampler for SlowFast {
    fn name(&self) -> &'static str {
        "slow-fast"
    }

    fn about(&self) -> &'static str {
        "few pictures of the whole and more of one interval"
    }

    fn choose(&self, timeline: &Timeline<'_>) -> Result<Vec<u32>, Error> {
        let view = |timeline: &Timeline<'_>, rate_hz: f64, cap: u32| {
            let n = (timeline.length_ns() as f64 / 1e9 * rate_hz).floor() as u32;
            spread(timeline.range(), n.max(1).min(cap))
        };
        let fast_rate_hz = checked_rate("fast_rate_hz of slow-fast", self.fast_rate_hz)?;
        let slow_rate_hz = checked_rate("slow_rate_hz of slow-fast", self.slow_rate_hz)?;
        let mut chosen = view(timeline, fast_rate_hz, self.fast_cap);
        if let Some(span) = self.slow_span(timeline) {
            chosen.extend(view(&Timeline { within: Some(span), ..*timeline }, slow_rate_hz, self.slow_cap));
        }
        chosen.sort_unstable();
        chosen.dedup();
        Ok(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::ten_hz;
    use super::*;

    #[test]
    fn an_interval_is_widened_and_seen_more_closely() {
        let times = ten_hz(6000);
        let timeline = Timeline::new(&times, Time::from_s(600.0));
        let fast = SlowFast { fast_rate_hz: 0.1, ..SlowFast::LOVE_R1 };
        assert_eq!(fast.choose(&timeline).unwrap().len(), 60);
        let interval = Span::new(Time::from_s(300.0), Time::from_s(304.0));
        let slow = SlowFast { interval, ..fast };
        // 4 s and 5 s on each side are 14 s; 30 s are asked for
        let span = slow.slow_span(&timeline).expect("inside");
        assert_eq!((span.start(), span.end()), (Time::from_s(287.0), Time::from_s(317.0)));
        let inside = slow.choose(&timeline).unwrap();
        let inside = inside.iter().filter(|&&i| span.contains(times[i as usize])).count();
        assert!((30..=35).contains(&inside), "{inside}");
    }

    #[test]
    fn an_interval_outside_adds_nothing() {
        let times = ten_hz(100);
        let timeline = Timeline::new(&times, Time::from_s(10.0));
        let interval = Span::new(Time::from_s(300.0), Time::from_s(304.0));
        let slow = SlowFast { interval, ..SlowFast::LOVE_R1 };
        assert_eq!(slow.choose(&timeline).unwrap(), SlowFast::LOVE_R1.choose(&timeline).unwrap());
    }
}
