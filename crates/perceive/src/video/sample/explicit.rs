//! The pictures that are named.

use super::{Sampler, Timeline};
use crate::Error;
use chronotope_world::Time;

/// The pictures on display at these times and those with these numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explicit {
    /// Times; before the first picture is the first, after the end the last.
    pub times: Vec<Time>,
    /// Numbers, from 0.
    pub frame_indices: Vec<u32>,
}

impl Sampler for Explicit {
    fn name(&self) -> &'static str {
        "explicit"
    }

    fn about(&self) -> &'static str {
        "the pictures on display at given times, or with given numbers"
    }

    fn choose(&self, timeline: &Timeline<'_>) -> Result<Vec<u32>, Error> {
        let (from, to) = timeline.range();
        let mut chosen: Vec<u32> = self.times.iter().filter_map(|&t| timeline.at(t)).collect();
        for &number in &self.frame_indices {
            if !(from..to).contains(&number) {
                return Err(Error::Setting {
                    setting: "number of a picture",
                    expected: format!("{from} to before {to}"),
                    found: number.to_string(),
                });
            }
            chosen.push(number);
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
    fn times_and_numbers_join() {
        let times = ten_hz(10);
        let timeline = Timeline::new(&times, Time::from_s(1.0));
        let chosen = |seconds: &[f64], numbers: &[u32]| {
            let times = seconds.iter().copied().map(Time::from_s).collect();
            Explicit { times, frame_indices: numbers.to_vec() }.choose(&timeline)
        };
        assert_eq!(chosen(&[0.55, -1.0, 7.0], &[5, 2]).unwrap(), [0, 2, 5, 9]);
        assert!(chosen(&[], &[10]).is_err());
    }
}
