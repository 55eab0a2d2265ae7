//! What all trackers keep about time and labels.

use super::Error;
use chronotope_world::Time;
use chronotope_world::time::NS_PER_S;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The tracker's clock: turns times into nominal steps, and refuses times that are not later.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pace {
    step_ns: f64,
    now: Option<Time>,
    n_pictures: u64,
}

impl Pace {
    /// `step_s` is what the tracker's noise constants hold for; anything but a positive number becomes 1/30 s.
    pub(crate) fn new(step_s: f64) -> Pace {
        let step_s = if step_s.is_finite() && step_s > 0.0 { step_s } else { 1.0 / 30.0 };
        Pace { step_ns: step_s * NS_PER_S as f64, now: None, n_pictures: 0 }
    }

    /// Moves on to a picture and gives the nominal steps since the last one (0 for the first).
    pub(crate) fn advance(&mut self, t: Time, frame_index: u32) -> Result<f64, Error> {
        let steps = match self.now {
            None => 0.0,
            Some(previous) if t > previous => t.ns_since(previous) as f64 / self.step_ns,
            Some(previous) => return Err(Error::NotLater { frame_index, t, previous }),
        };
        self.now = Some(t);
        self.n_pictures += 1;
        Ok(steps)
    }

    /// A duration in nominal steps.
    pub(crate) fn steps(&self, ns: i64) -> f64 {
        ns as f64 / self.step_ns
    }

    /// How many pictures have been taken.
    pub(crate) fn n_pictures(&self) -> u64 {
        self.n_pictures
    }

    /// Whether a track that was last seen at `seen` has now been missing for longer than `max_age_s`.
    /// Half a step is allowed for times that were rounded.
    pub(crate) fn overdue(&self, seen: Time, max_age_s: f64) -> bool {
        let missing_ns = self.now.map_or(0, |now| now.ns_since(seen));
        missing_ns as f64 > max_age_s * NS_PER_S as f64 + self.step_ns / 2.0
    }

    /// Whether that was already so one step ago: pictures were skipped, and the track ended in between.
    pub(crate) fn overdue_before(&self, seen: Time, max_age_s: f64) -> bool {
        let missing_ns = self.now.map_or(0, |now| now.ns_since(seen));
        missing_ns as f64 - self.step_ns > max_age_s * NS_PER_S as f64 + self.step_ns / 2.0
    }
}

/// Labels as small numbers, in the order in which they were first seen.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Labels {
    numbers: BTreeMap<String, u32>,
    latest: Option<(String, u32)>,
}

impl Labels {
    /// The number of this label.
    pub(crate) fn number(&mut self, label: &str) -> u32 {
        // almost always the same label as before
        if let Some((text, number)) = &self.latest
            && text == label
        {
            return *number;
        }
        let next = self.numbers.len() as u32;
        let number = match self.numbers.get(label) {
            Some(&number) => number,
            None => *self.numbers.entry(label.to_owned()).or_insert(next),
        };
        self.latest = Some((label.to_owned(), number));
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_must_move_on() {
        let mut pace = Pace::new(0.1);
        assert_eq!(pace.advance(Time(0), 0), Ok(0.0));
        assert_eq!(pace.advance(Time(250_000_000), 1), Ok(2.5));
        for t in [Time(250_000_000), Time(-1), Time::MIN] {
            assert!(pace.advance(t, 2).is_err(), "{t}");
        }
        assert_eq!(pace.n_pictures(), 2);
        assert!(pace.advance(Time::MAX, 3).expect("later").is_finite());
    }

    #[test]
    fn a_track_is_overdue_only_after_its_time() {
        let mut pace = Pace::new(1.0 / 30.0);
        pace.advance(Time::from_s(1.0), 0).expect("first");
        assert!(!pace.overdue(Time(0), 1.0));
        pace.advance(Time::from_s(1.0 + 1.0 / 30.0), 1).expect("later");
        assert!(pace.overdue(Time(0), 1.0) && !pace.overdue_before(Time(0), 1.0));
    }

    #[test]
    fn a_label_keeps_its_number() {
        let mut labels = Labels::default();
        let numbers = ["car", "bus", "car", "bus", "bus"].map(|l| labels.number(l));
        assert_eq!(numbers, [0, 1, 0, 1, 1]);
    }
}
