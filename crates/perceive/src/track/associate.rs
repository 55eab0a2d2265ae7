//! Which detection of a picture is which track: compared by overlap, weighed by the tracker, assigned for the best whole.

use super::assign::{Assigner, Edge};
use super::cost::{Boxes, Pair, TooMany, one_to_one, overlapping};
use chronotope_world::BoxPx;

/// Some of a tracker's tracks and some of a picture's detections, and the room to assign them in.
#[derive(Clone, Debug, Default)]
pub(super) struct Association {
    rows: Boxes,
    tracks: Vec<u32>,
    cols: Boxes,
    detections: Vec<u32>,
    pairs: Vec<Pair>,
    edges: Vec<Edge>,
    fits: Vec<Fit>,
    assigner: Assigner,
}

/// A track and a detection that are one thing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    /// The tracker's number for the track.
    pub(super) track: usize,
    /// The tracker's number for the detection.
    pub(super) detection: usize,
    /// Intersection over union of their boxes.
    pub(super) iou: f64,
    /// What the pair was worth.
    pub(super) gain: f64,
}

impl Association {
    /// No tracks and no detections take part.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.tracks.clear();
        self.cols.clear();
        self.detections.clear();
    }

    /// A track takes part, by its box.
    pub(super) fn track(&mut self, track: usize, b: BoxPx, label: u32) {
        self.rows.push(b, label);
        self.tracks.push(track as u32);
    }

    /// A detection takes part.
    pub(super) fn detection(&mut self, detection: usize, b: BoxPx, label: u32) {
        self.cols.push(b, label);
        self.detections.push(detection as u32);
    }

    /// The pairs of the best whole, in the order of the tracks. Those of equal label that overlap may be one; `gain(track, detection,
    /// iou)` is what a pair is worth, and none below 0 is. Where pairs that overlap by `clear` are all one to one, only these take
    /// part.
    ///
    /// # Errors
    /// [`TooMany`] pairs to look at.
    pub(super) fn assign(
        &mut self,
        clear: Option<f64>,
        mut gain: impl FnMut(usize, usize, f64) -> f64,
    ) -> Result<&[Fit], TooMany> {
        overlapping(&self.rows, &self.cols, 0.0, &mut self.pairs)?;
        if let Some(clear) = clear
            && one_to_one(&self.pairs, clear)
        {
            self.pairs.retain(|pair| pair.iou >= clear);
        }
        let (tracks, detections) = (&self.tracks, &self.detections);
        let of = |pair: &Pair| (tracks[pair.row as usize] as usize, detections[pair.col as usize] as usize);
        self.edges.clear();
        self.edges.extend(self.pairs.iter().map(|pair| {
            let (track, detection) = of(pair);
            Edge { row: pair.row, col: pair.col, gain: gain(track, detection, pair.iou) }
        }));
        let row_to_col = self.assigner.solve(self.rows.len(), self.cols.len(), &self.edges);
        let chosen = self.edges.iter().zip(&self.pairs);
        let chosen = chosen.filter(|(edge, _)| row_to_col[edge.row as usize] == Some(edge.col));
        self.fits.clear();
        self.fits.extend(chosen.map(|(edge, pair)| {
            let (track, detection) = of(pair);
            Fit { track, detection, iou: pair.iou, gain: edge.gain }
        }));
        Ok(&self.fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_whole_is_taken_and_what_is_worth_nothing_is_not() {
        let b = |left: f64| BoxPx::new(left, 0.0, 10.0, 10.0).expect("finite");
        let mut association = Association::default();
        association.track(7, b(0.0), 0);
        association.track(9, b(4.0), 0);
        association.detection(3, b(3.0), 0);
        association.detection(5, b(-6.0), 0);
        association.detection(6, b(4.0), 1);
        let fits = association.assign(None, |_, _, iou| iou).expect("few");
        let pairs: Vec<_> = fits.iter().map(|fit| (fit.track, fit.detection)).collect();
        assert_eq!(pairs, [(7, 5), (9, 3)]);
        assert!(association.assign(None, |_, _, iou| iou - 0.9).expect("few").is_empty());
        let clear: Vec<_> = association.assign(Some(0.6), |_, _, iou| iou).expect("few").to_vec();
        assert_eq!(clear.len(), 1, "{clear:?}");
        association.clear();
        assert!(association.assign(None, |_, _, iou| iou).expect("none").is_empty());
    }
}
