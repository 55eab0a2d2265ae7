//! Which pictures to look at: sampling policies.
//!
//! A policy chooses by the presentation times alone (and, for [`SceneChange`], by how much each picture differs from the
//! one before), so a choice is made before anything is decoded and then read in one pass with
//! `Video::pictures_at_indices`.
//!
//! # Adding a policy
//!
//! 1. One file here with one public type that implements [`Sampler`], headed by its source.
//! 2. One line in [`SAMPLERS`].

mod explicit;
mod fixed_rate;
mod fps_capped;
mod scene_change;
mod slow_fast;
mod uniform;

pub use explicit::Explicit;
pub use fixed_rate::FixedRate;
pub use fps_capped::FpsCapped;
pub use scene_change::{SceneChange, SceneScore};
pub use slow_fast::SlowFast;
pub use uniform::Uniform;

use crate::Error;
use chronotope_world::{Span, Time};

/// A policy that chooses pictures.
pub trait Sampler: Sync {
    /// Its name, kebab-case.
    fn name(&self) -> &'static str;
    /// What it does, in one line.
    fn about(&self) -> &'static str;
    /// Numbers of the chosen pictures: ascending, each once. Empty where there is nothing to choose from.
    ///
    /// # Errors
    /// [`Error::Setting`] for a setting outside its range, or where the policy needs what the timeline lacks.
    fn choose(&self, timeline: &Timeline<'_>) -> Result<Vec<u32>, Error>;
}

/// All policies with their defaults, in alphabetical order.
pub const SAMPLERS: &[&dyn Sampler] = &[
    &Explicit { times: Vec::new(), frame_indices: Vec::new() },
    &FixedRate { rate_hz: 1.0 },
    &FpsCapped { rate_hz: 1.0, cap: 64 },
    &SceneChange { threshold: 0.3, min_gap_ns: 500_000_000 },
    &SlowFast::LOVE_R1,
    &Uniform { n: 32 },
];

/// What a policy chooses from.
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'a> {
    /// Presentation times of all pictures, ascending.
    pub times: &'a [Time],
    /// End of the last picture.
    pub end: Time,
    /// Only pictures that begin in this span; none is the whole.
    pub within: Option<Span>,
    /// Only pictures up to this time: what was known when a question was asked.
    pub asked_at: Option<Time>,
    /// How much each picture differs from the one before, 0 to 1, where that was measured; see [`SceneScore`].
    pub changes: Option<&'a [f64]>,
}

impl<'a> Timeline<'a> {
    /// All of a video.
    pub fn new(times: &'a [Time], end: Time) -> Timeline<'a> {
        Timeline { times, end, within: None, asked_at: None, changes: None }
    }

    /// Numbers of the pictures to choose from: from the first to before the second.
    pub fn range(&self) -> (u32, u32) {
        let before = |t: Time| self.times.partition_point(|&start| start < t) as u32;
        let (mut from, mut to) = (0, self.times.len() as u32);
        if let Some(span) = self.within {
            (from, to) = (before(span.start()), before(span.end()));
        }
        if let Some(asked_at) = self.asked_at {
            to = to.min(before(asked_at.plus_ns(1)));
        }
        (from, to.max(from))
    }

    /// Length of what is chosen from, in nanoseconds: to the end of its last picture.
    pub fn length_ns(&self) -> i64 {
        let (from, to) = self.range();
        if from == to {
            return 0;
        }
        let end = self.times.get(to as usize).copied().unwrap_or(self.end);
        let end = [self.within.map(Span::end), self.asked_at].into_iter().flatten().fold(end, Time::min);
        (end - self.times[from as usize]).max(0)
    }

    /// Number of the picture on display at a time, among those to choose from; the first before them.
    pub fn at(&self, t: Time) -> Option<u32> {
        let (from, to) = self.range();
        let number = (self.times.partition_point(|&start| start <= t) as u32).saturating_sub(1);
        (from < to).then(|| number.clamp(from, to - 1))
    }
}

/// `n` numbers from `from` to `to - 1`, evenly spread, both ends among them; all of them where there are fewer.
///
/// As `numpy.linspace(from, to - 1, n).astype(int)`, computed exactly.
fn spread((from, to): (u32, u32), n: u32) -> Vec<u32> {
    let all = to.saturating_sub(from);
    match n {
        _ if n >= all => (from..to).collect(),
        0 => Vec::new(),
        1 => vec![from],
        _ => (0..n as u64).map(|i| from + (i * (all as u64 - 1) / (n as u64 - 1)) as u32).collect(),
    }
}

/// A rate that can be used.
fn checked_rate(setting: &'static str, rate_hz: f64) -> Result<f64, Error> {
    if rate_hz > 0.0 && rate_hz <= 1e6 {
        return Ok(rate_hz);
    }
    Err(Error::Setting {
        setting,
        expected: "more than 0 and at most a million pictures per second".to_owned(),
        found: rate_hz.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pictures at 10 per second.
    pub(super) fn ten_hz(n: i64) -> Vec<Time> {
        (0..n).map(|i| Time(i * 100_000_000)).collect()
    }

    #[test]
    fn every_policy_has_a_name_and_keeps_to_what_was_known() {
        let times = ten_hz(100);
        let changes = vec![0.5; 100];
        let mut names: Vec<_> = SAMPLERS.iter().map(|sampler| sampler.name()).collect();
        assert!(names.is_sorted(), "{names:?}");
        names.dedup();
        assert_eq!(names.len(), SAMPLERS.len());
        for sampler in SAMPLERS {
            assert!(!sampler.about().is_empty() && !sampler.about().ends_with('.'), "{}", sampler.name());
            for (n, asked_at) in [(100, None), (100, Some(Time::from_s(3.0))), (1, None), (0, None)] {
                let mut timeline = Timeline::new(&times[..n], Time::from_s(n as f64 / 10.0));
                timeline.changes = Some(&changes[..n]);
                timeline.asked_at = asked_at;
                let chosen = sampler.choose(&timeline).expect("defaults are in range");
                assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]), "{}: {chosen:?}", sampler.name());
                let known = |&i: &u32| asked_at.is_none_or(|t| times[i as usize] <= t) && (i as usize) < n;
                assert!(chosen.iter().all(known), "{} saw the future: {chosen:?}", sampler.name());
            }
        }
    }

    #[test]
    fn numbers_are_spread_as_by_numpy() {
        // numpy.linspace(0, 899, 7).astype(int)
        assert_eq!(spread((0, 900), 7), [0, 149, 299, 449, 599, 749, 899]);
        assert_eq!(spread((5, 8), 64), [5, 6, 7]);
        assert_eq!(spread((5, 8), 1), [5]);
        assert_eq!(spread((5, 5), 3), [0; 0]);
    }

    #[test]
    fn a_part_has_its_own_length() {
        let times = ten_hz(10);
        let mut timeline = Timeline::new(&times, Time::from_s(1.0));
        assert_eq!((timeline.range(), timeline.length_ns()), ((0, 10), 1_000_000_000));
        timeline.within = Span::new(Time::from_s(0.25), Time::from_s(0.6));
        assert_eq!((timeline.range(), timeline.length_ns()), ((3, 6), 300_000_000));
        timeline.within = Span::new(Time::from_s(5.0), Time::from_s(6.0));
        assert_eq!((timeline.range(), timeline.length_ns()), ((10, 10), 0));
    }
}
