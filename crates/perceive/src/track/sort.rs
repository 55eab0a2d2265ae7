//! SORT (Bewley, Ge, Ott, Ramos, Upcroft: Simple Online and Realtime Tracking, ICIP 2016).

use super::assign::{Assigner, Edge};
use super::cost::{Boxes, Pair, one_to_one, overlapping, usable};
use super::kalman::AreaAspect;
use super::pace::{Labels, Pace};
use super::{Coasting, Error, Link, Match, Reason, Stage, Tracked, Tracker};
use crate::detect::DetectedPicture;
use chronotope_world::Time;
use serde::{Deserialize, Serialize};

/// SORT: constant velocity and one assignment by intersection over union.
///
/// Scores are not used: give it detections that are believed. Every detection that fits no track begins one,
/// which is confirmed when it has been seen in `min_hits` pictures without a miss.
///
/// Equal to `abewley/sort`, but that boxes are compared only within a label, and that pairs that do not overlap
/// take no part in the assignment.
#[derive(Clone, Debug)]
pub struct Sort {
    settings: SortSettings,
    pace: Pace,
    labels: Labels,
    tracks: Vec<Tracklet>,
    next_id: u64,
    scratch: Scratch,
}

/// Settings of [`Sort`]; the default is the paper's at 30 pictures a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SortSettings {
    /// Seconds for which the noise constants hold once: the usual time between pictures.
    pub step_s: f64,
    /// Seconds without a detection after which a track ends. The paper has one picture.
    pub max_age_s: f64,
    /// Pictures without a miss in which a track must be seen to be confirmed. As many first pictures of a
    /// record confirm their tracks at once.
    pub min_hits: u32,
    /// Intersection over union that a detection needs with the predicted box.
    pub min_iou: f64,
}

impl Default for SortSettings {
    fn default() -> Self {
        SortSettings::at_rate(30.0)
    }
}

impl SortSettings {
    /// The paper's settings for this many pictures a second.
    pub fn at_rate(pictures_per_s: f64) -> SortSettings {
        SortSettings {
            step_s: 1.0 / pictures_per_s,
            max_age_s: 1.0 / pictures_per_s,
            min_hits: 3,
            min_iou: 0.3,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Tracklet {
    track_id: u64,
    label: u32,
    state: AreaAspect,
    seen: Time,
    /// Pictures without a miss since the last one.
    streak: u32,
    /// Pictures since it was last seen.
    misses: u32,
    was_confirmed: bool,
}

impl Tracklet {
    fn link(&self, confirmed: bool) -> Link {
        Link { track_id: self.track_id, confirmed, filtered: self.state.to_box() }
    }
}

#[derive(Clone, Debug, Default)]
struct Scratch {
    detected: Boxes,
    detected_idx: Vec<u32>,
    predicted: Boxes,
    pairs: Vec<Pair>,
    edges: Vec<Edge>,
    assigner: Assigner,
}

impl Sort {
    /// A tracker that has seen nothing yet.
    pub fn new(settings: SortSettings) -> Sort {
        Sort {
            settings,
            pace: Pace::new(settings.step_s),
            labels: Labels::default(),
            tracks: Vec::new(),
            next_id: 1,
            scratch: Scratch::default(),
        }
    }
}

impl Tracker for Sort {
    fn name(&self) -> &'static str {
        "sort"
    }

    fn save(&self) -> Option<Vec<u8>> {
        postcard::to_allocvec(&(&self.pace, &self.labels, &self.tracks, self.next_id)).ok()
    }

    fn restore(&mut self, saved: &[u8]) -> bool {
        let Ok((pace, labels, tracks, next_id)) = postcard::from_bytes(saved) else { return false };
        (self.pace, self.labels, self.tracks, self.next_id) = (pace, labels, tracks, next_id);
        true
    }

    fn update(&mut self, picture: &DetectedPicture, tracked: &mut Tracked) -> Result<(), Error> {
        let steps = self.pace.advance(picture.t, picture.frame_index)?;
        let Sort { settings, pace, labels, tracks, next_id, scratch } = self;
        tracked.reset(picture.detections.len());

        tracks.retain(|track| {
            let keep = !pace.overdue_before(track.seen, settings.max_age_s);
            if !keep {
                let unseen_ns = picture.t.ns_since(track.seen);
                tracked.decide(Some(track.track_id), None, Reason::Ended { unseen_ns });
            }
            keep
        });
        scratch.predicted.clear();
        for track in tracks.iter_mut() {
            track.state.predict(steps);
            scratch.predicted.push(track.state.to_box(), track.label);
        }
        scratch.detected.clear();
        scratch.detected_idx.clear();
        for (i, detection) in picture.detections.iter().enumerate() {
            if usable(detection.box_px) {
                scratch.detected.push(detection.box_px, labels.number(&detection.label));
                scratch.detected_idx.push(i as u32);
            } else {
                tracked.decide(None, Some(i), Reason::NoArea);
            }
        }

        let compared = overlapping(&scratch.predicted, &scratch.detected, 0.0, &mut scratch.pairs);
        if compared.is_err() {
            for track in tracks.iter_mut() {
                track.misses += 1;
            }
            return Err(Error::too_many_pairs(picture, tracks.len()));
        }
        if one_to_one(&scratch.pairs, settings.min_iou) {
            scratch.pairs.retain(|p| p.iou >= settings.min_iou);
        }
        scratch.edges.clear();
        scratch.edges.extend(scratch.pairs.iter().map(|p| Edge { row: p.row, col: p.col, gain: p.iou }));
        let matched = scratch.assigner.solve(tracks.len(), scratch.detected.len(), &scratch.edges);

        let early = pace.n_pictures() <= u64::from(settings.min_hits);
        for (row, (track, &col)) in tracks.iter_mut().zip(matched).enumerate() {
            // pairs below the gate took part, so that they could draw others towards the better whole
            let likeness = |col: u32| scratch.predicted.iou(row, &scratch.detected, col as usize);
            let near = |&(_, iou): &(u32, f64)| iou >= settings.min_iou;
            let fit = col.map(|col| (col, likeness(col))).filter(near);
            let Some((col, iou)) = fit else {
                if track.misses == 0 {
                    tracked.decide(Some(track.track_id), None, Reason::Lost);
                }
                track.misses += 1;
                continue;
            };
            let idx = scratch.detected_idx[col as usize] as usize;
            let detection = &picture.detections[idx];
            let fit = Match { stage: Stage::First, similarity: iou as f32, gain: iou as f32 };
            let reason = match track.misses {
                0 => Reason::Matched(fit),
                _ => Reason::Recovered { fit, unseen_ns: picture.t.ns_since(track.seen) },
            };
            tracked.decide(Some(track.track_id), Some(idx), reason);
            track.state.update(detection.box_px);
            track.seen = picture.t;
            track.streak = if track.misses > 0 { 1 } else { track.streak + 1 };
            track.misses = 0;
            let confirmed = track.streak >= settings.min_hits || early;
            if confirmed && !track.was_confirmed {
                track.was_confirmed = true;
                tracked.decide(Some(track.track_id), Some(idx), Reason::Confirmed { hits: track.streak });
            }
            tracked.links[idx] = Some(track.link(confirmed));
        }
        // births
        for (col, &idx) in scratch.detected_idx.iter().enumerate() {
            let idx = idx as usize;
            if tracked.links[idx].is_some() {
                continue;
            }
            let track_id = *next_id;
            *next_id += 1;
            tracked.decide(Some(track_id), Some(idx), Reason::Born);
            // the paper's code counts hits from 0 at birth
            let confirmed = settings.min_hits == 0 || early;
            if confirmed {
                tracked.decide(Some(track_id), Some(idx), Reason::Confirmed { hits: 0 });
            }
            let track = Tracklet {
                track_id,
                label: scratch.detected.label(col),
                state: AreaAspect::new(picture.detections[idx].box_px),
                seen: picture.t,
                streak: 0,
                misses: 0,
                was_confirmed: confirmed,
            };
            tracked.links[idx] = Some(track.link(confirmed));
            tracks.push(track);
        }
        tracks.retain(|track| {
            let keep = track.misses == 0 || !pace.overdue(track.seen, settings.max_age_s);
            if !keep {
                let unseen_ns = picture.t.ns_since(track.seen);
                tracked.decide(Some(track.track_id), None, Reason::Ended { unseen_ns });
            } else if track.misses > 0 && track.was_confirmed {
                tracked.coasting.push(Coasting { track_id: track.track_id, shape: track.state.to_box() });
            }
            keep
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{bears_bad_input, follow, picture};
    use super::*;

    #[test]
    fn two_that_pass_each_other_keep_their_identities() {
        let mut sort = Sort::new(SortSettings::default());
        let ids = follow(&mut sort, 40, |k| {
            vec![[10.0 * k, 0.0, 40.0, 80.0], [400.0 - 10.0 * k, 30.0, 40.0, 80.0]]
        });
        assert!(ids.iter().all(|ids| *ids == [Some(1), Some(2)]), "{ids:?}");
    }

    #[test]
    fn a_late_track_is_confirmed_at_its_fourth_sighting() {
        let mut sort = Sort::new(SortSettings::default());
        let mut tracked = Tracked::default();
        let mut confirmed = Vec::new();
        for k in 0..10 {
            let boxes: &[[f64; 4]] = if k < 5 { &[] } else { &[[0.0, 0.0, 10.0, 10.0]] };
            sort.update(&picture(k, boxes), &mut tracked).expect("in order");
            confirmed.extend(tracked.links.iter().flatten().map(|l| l.confirmed));
        }
        assert_eq!(confirmed, [false, false, false, true, true]);
    }

    #[test]
    fn a_track_survives_one_missed_picture_and_not_two() {
        for (missed, expected) in [(1, 1), (2, 2)] {
            let mut sort = Sort::new(SortSettings::default());
            let mut tracked = Tracked::default();
            for k in 0..20 {
                let hidden = (10..10 + missed).contains(&k);
                let boxes: &[[f64; 4]] = if hidden { &[] } else { &[[0.0, 0.0, 10.0, 10.0]] };
                sort.update(&picture(k, boxes), &mut tracked).expect("in order");
                if k == 10 {
                    assert_eq!(tracked.coasting.len(), 1);
                }
            }
            assert_eq!(tracked.links[0].map(|l| l.track_id), Some(expected), "{missed} missed");
        }
    }

    #[test]
    fn bad_input_is_borne() {
        bears_bad_input(&mut Sort::new(SortSettings::default()));
    }

    #[test]
    fn a_million_detections_are_followed() {
        let mut sort = Sort::new(SortSettings::default());
        let mut tracked = Tracked::default();
        let boxes: Vec<[f64; 4]> = (0..1_000_000u32)
            .map(|i| [f64::from(i % 1000) * 30.0, f64::from(i / 1000) * 30.0, 20.0, 25.0])
            .collect();
        for k in 0..2 {
            sort.update(&picture(k, &boxes), &mut tracked).expect("each overlaps itself alone");
        }
        assert!(tracked.links.iter().zip(1..).all(|(l, id)| l.map(|l| l.track_id) == Some(id)));
    }
}
