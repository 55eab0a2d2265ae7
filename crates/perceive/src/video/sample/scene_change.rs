//! One picture of each scene.
//!
//! Source: the score of FFmpeg's `select` filter (`libavfilter/f_select.c`, `get_scene_score`): the mean absolute
//! difference from the picture before, or its change since then where that is less. FFmpeg's manual recommends thresholds
//! of 0.3 to 0.5.

use super::{Sampler, Timeline};
use crate::Error;

/// The middle picture of each stretch between changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SceneChange {
    /// A score from here on begins a scene, 0 to 1.
    pub threshold: f64,
    /// A scene is at least this long, in nanoseconds: a flash is no scene.
    pub min_gap_ns: i64,
}

impl SceneChange {
    /// Numbers of the first pictures of all scenes, among those to choose from.
    fn starts(&self, timeline: &Timeline<'_>, changes: &[f64]) -> Vec<u32> {
        let (from, to) = timeline.range();
        let mut starts: Vec<u32> = Vec::new();
        for number in from..to {
            let t = timeline.times[number as usize];
            let long_enough =
                starts.last().is_none_or(|&last| t - timeline.times[last as usize] >= self.min_gap_ns);
            if number == from || changes[number as usize] >= self.threshold && long_enough {
                starts.push(number);
            }
        }
        starts
    }
}

impl Sampler for SceneChange {
    fn name(&self) -> &'static str {
        "scene-change"
    }

    fn about(&self) -> &'static str {
        "the middle picture of each scene"
    }

    fn choose(&self, timeline: &Timeline<'_>) -> Result<Vec<u32>, Error> {
        let changes = timeline.changes.filter(|changes| changes.len() == timeline.times.len());
        let Some(changes) = changes else {
            return Err(Error::Setting {
                setting: "changes of the timeline",
                expected: format!("{} scores", timeline.times.len()),
                found: timeline.changes.map_or("none".to_owned(), |changes| changes.len().to_string()),
            });
        };
        let starts = self.starts(timeline, changes);
        let ends = starts.iter().skip(1).copied().chain([timeline.range().1]);
        Ok(starts.iter().zip(ends).map(|(&start, end)| start + (end - start - 1) / 2).collect())
    }
}

/// Scores pictures one after the other, in presentation order.
///
/// FFmpeg scores full pictures; a reduced one (at least about 100 pixels a side) gives nearly the same for a fraction of
/// the work.
#[derive(Clone, Debug, Default)]
pub struct SceneScore {
    before: Vec<u8>,
    mean_before: f64,
}

impl SceneScore {
    /// How much this picture differs from the one before, 0 to 1. The first, and one of another size, gives 0.
    pub fn push(&mut self, rgb: &[u8]) -> f64 {
        let score = if self.before.len() == rgb.len() && !rgb.is_empty() {
            let sum: u64 = self.before.iter().zip(rgb).map(|(a, b)| a.abs_diff(*b) as u64).sum();
            let mean = sum as f64 / rgb.len() as f64;
            let score = (mean.min((mean - self.mean_before).abs()) / 100.0).clamp(0.0, 1.0);
            self.mean_before = mean;
            score
        } else {
            0.0
        };
        self.before.clear();
        self.before.extend_from_slice(rgb);
        score
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::ten_hz;
    use super::*;
    use chronotope_world::Time;

    #[test]
    fn a_cut_is_seen_and_a_pan_is_not() {
        let mut score = SceneScore::default();
        let changes: Vec<f64> = (0..20).map(|n| score.push(&[if n < 10 { 10 } else { 200 }; 300])).collect();
        let times = ten_hz(20);
        let mut timeline = Timeline::new(&times, Time::from_s(2.0));
        timeline.changes = Some(&changes);
        let sampler = SceneChange { threshold: 0.3, min_gap_ns: 500_000_000 };
        assert_eq!(sampler.choose(&timeline).unwrap(), [4, 14]);
        // the same difference again and again is motion
        let mut score = SceneScore::default();
        let changes: Vec<f64> =
            (0..20).map(|n| score.push(&[if n % 2 == 0 { 10 } else { 200 }; 300])).collect();
        timeline.changes = Some(&changes);
        assert_eq!(sampler.choose(&timeline).unwrap(), [9]);
    }

    #[test]
    fn scores_are_needed() {
        let times = ten_hz(3);
        let timeline = Timeline::new(&times, Time::from_s(0.3));
        assert!(SceneChange { threshold: 0.3, min_gap_ns: 0 }.choose(&timeline).is_err());
    }
}
