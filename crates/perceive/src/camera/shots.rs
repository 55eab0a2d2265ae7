//! Where one shot ends and the next begins: a jump of the colour histogram that no camera motion explains.
//!
//! Histogram differences as in Zhang, Kankanhalli and Smoliar (*Automatic partitioning of full-motion video*, 1993), whose
//! twin comparison for gradual changes is followed with the lost alignment in place of its lower threshold: during a
//! dissolve or a fade nothing can be aligned.

use serde::{Deserialize, Serialize};

/// How a shot begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Boundary {
    /// From one picture to the next.
    Cut,
    /// Over several pictures: a dissolve, fade or wipe. The new shot is said to begin when the new view is steady.
    Gradual,
}

impl Boundary {
    /// All of them.
    pub const ALL: [Boundary; 2] = [Boundary::Cut, Boundary::Gradual];

    /// The word in events and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Boundary::Cut => "cut",
            Boundary::Gradual => "gradual",
        }
    }
}

/// Joint histogram of brightness (16 steps) and the two colour differences (8 steps each), summing to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram(Vec<f32>);

impl Histogram {
    /// Of a picture in YCrCb, three bytes a pixel, row by row; every second pixel of every second row is counted.
    pub fn of(ycrcb: &[u8], width: usize, height: usize) -> Histogram {
        let mut bins = vec![0_u32; 16 * 8 * 8];
        for y in (0..height).step_by(2) {
            for pixel in ycrcb[y * width * 3..(y + 1) * width * 3].chunks_exact(6) {
                // colour differences of real pictures fill the middle half of their range
                let chroma = |v: u8| (usize::from(v).clamp(64, 191) - 64) / 16;
                bins[(usize::from(pixel[0]) / 16 * 8 + chroma(pixel[1])) * 8 + chroma(pixel[2])] += 1;
            }
        }
        let total = bins.iter().sum::<u32>().max(1) as f32;
        Histogram(bins.into_iter().map(|n| n as f32 / total).collect())
    }

    /// Half the sum of absolute differences: 0 for equal, 1 for disjoint.
    pub fn distance(&self, other: &Histogram) -> f64 {
        let sum: f32 = self.0.iter().zip(&other.0).map(|(a, b)| (a - b).abs()).sum();
        f64::from(sum) / 2.0
    }
}

/// Finds shot boundaries picture by picture.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ShotCuts {
    previous: Option<Histogram>,
    /// Distances of the last pictures, for what is usual here.
    recent: Vec<f64>,
    lost: Option<Lost>,
}

/// What was seen when the alignment was lost.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Lost {
    before: Histogram,
    since_s: f64,
    regained: u32,
}

/// A step of the histogram that is a cut where the pictures cannot be aligned.
const CUT_STEP: f64 = 0.2;
/// A step that is a cut whatever the alignment says: nearly nothing is left of the old picture.
const CUT_ANYWAY: f64 = 0.7;
/// A cut stands out of the steps before it by this factor.
const STANDS_OUT: f64 = 3.0;
/// Distance between before and after a gradual change.
const GRADUAL_STEP: f64 = 0.35;
/// The longest gradual change that is looked for, in seconds; longer ones are lost alignment.
const LONGEST_GRADUAL_S: f64 = 3.0;
/// Pictures that must align again before the new view counts as steady.
const STEADY: u32 = 3;

impl ShotCuts {
    /// No picture was pushed yet.
    pub fn is_empty(&self) -> bool {
        self.previous.is_none()
    }

    /// Takes the next picture's histogram; `aligned`: a homography to the picture before was found. Says whether a shot
    /// begins with this picture; the first picture of all is no boundary.
    pub fn push(&mut self, histogram: Histogram, aligned: bool, seconds: f64) -> Option<Boundary> {
        let previous = self.previous.replace(histogram.clone())?;
        let step = previous.distance(&histogram);
        let mut sorted = self.recent.clone();
        sorted.sort_by(f64::total_cmp);
        let usual = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
        let stands_out = step > STANDS_OUT * usual;
        if stands_out && (step > CUT_ANYWAY || (step > CUT_STEP && !aligned)) {
            self.recent.clear();
            self.lost = None;
            return Some(Boundary::Cut);
        }
        self.recent.push(step);
        if self.recent.len() > 12 {
            self.recent.remove(0);
        }
        if !aligned {
            let lost = self.lost.get_or_insert(Lost { before: previous, since_s: seconds, regained: 0 });
            lost.regained = 0;
            return None;
        }
        let lost = self.lost.as_mut()?;
        lost.regained += 1;
        if lost.regained < STEADY {
            return None;
        }
        let lost = self.lost.take()?;
        let changed = lost.before.distance(&histogram) > GRADUAL_STEP;
        (changed && seconds - lost.since_s <= LONGEST_GRADUAL_S).then(|| {
            self.recent.clear();
            Boundary::Gradual
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(y: u8) -> Histogram {
        Histogram::of(&[y, 128, 128].repeat(64), 8, 8)
    }

    #[test]
    fn a_jump_without_alignment_is_a_cut() {
        let mut cuts = ShotCuts::default();
        assert_eq!(cuts.push(flat(20), false, 0.0), None);
        assert_eq!(cuts.push(flat(20), true, 0.1), None);
        assert_eq!(cuts.push(flat(200), false, 0.2), Some(Boundary::Cut));
        assert_eq!(cuts.push(flat(200), true, 0.3), None);
    }

    #[test]
    fn a_lost_alignment_without_a_jump_is_none() {
        let mut cuts = ShotCuts::default();
        for i in 0..10 {
            assert_eq!(cuts.push(flat(20), i % 4 != 1, f64::from(i) * 0.1), None);
        }
    }

    #[test]
    fn a_slow_change_while_nothing_aligns_is_gradual() {
        // a wipe over 64 columns in one second
        let mixed = |share: usize| {
            let bytes: Vec<u8> =
                (0..64 * 8).flat_map(|i| [if i % 64 < share { 200 } else { 20 }, 128, 128]).collect();
            Histogram::of(&bytes, 64, 8)
        };
        let mut cuts = ShotCuts::default();
        let mut found = Vec::new();
        for i in 0..64_usize {
            let share = (4 * i.saturating_sub(10)).min(64);
            let boundary = cuts.push(mixed(share), share == 0 || share == 64, i as f64 * 0.05);
            found.extend(boundary.map(|b| (i, b)));
        }
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, Boundary::Gradual);
    }
}
