//! ByteTrack (Zhang, Sun, Jiang, Yu, Weng, Yuan, Luo, Liu, Wang: ByteTrack: Multi-Object Tracking by
//! Associating Every Detection Box, ECCV 2022).

use super::associate::Association;
use super::cost::{Boxes, Pair, TooMany, overlapping, usable};
use super::kalman::AspectHeight;
use super::pace::{Labels, Pace};
use super::{Coasting, Error, Link, Match, Reason, Stage, Tracked, Tracker};
use crate::detect::DetectedPicture;
use chronotope_world::{BoxPx, Time};
use serde::{Deserialize, Serialize};

/// ByteTrack: detections of low score are not thrown away but offered to the tracks that are left over.
///
/// Detections of high score are assigned first, by intersection over union times score; then those of low
/// score to tracks seen in the last picture; then the remaining ones of high score to tracks seen only once.
///
/// Deviations from `ifzhang/ByteTrack`: boxes are compared only within a label; a track seen once is predicted
/// like the others (there its covariance stands still for one picture, so that its velocity starts one picture
/// later); no smallest area.
#[derive(Clone, Debug)]
pub struct ByteTrack {
    settings: ByteTrackSettings,
    pace: Pace,
    labels: Labels,
    tracks: Vec<Tracklet>,
    next_id: u64,
    scratch: Scratch,
}

/// Settings of [`ByteTrack`]; the default is the paper's at 30 pictures a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ByteTrackSettings {
    /// Seconds for which the noise constants hold once: the usual time between pictures.
    pub step_s: f64,
    /// Seconds without a detection after which a track ends.
    pub max_age_s: f64,
    /// A detection above this score takes part in the first association.
    pub high_score: f64,
    /// A detection at or below this score is not looked at.
    pub low_score: f64,
    /// A detection below this score begins no track.
    pub new_score: f64,
    /// Intersection over union times score that the first association needs.
    pub min_first: f64,
    /// Intersection over union that a detection of low score needs.
    pub min_low: f64,
    /// Intersection over union times score that the second sighting of a track needs.
    pub min_tentative: f64,
    /// A lost track and a visible one that overlap by more than this are one; the younger ends.
    pub duplicate_iou: f64,
}

impl Default for ByteTrackSettings {
    fn default() -> Self {
        ByteTrackSettings::at_rate(30.0)
    }
}

impl ByteTrackSettings {
    /// The paper's settings for this many pictures a second. Tracks may be lost for 1 s, as the paper's code
    /// scales its buffer of 30 pictures with the rate.
    pub fn at_rate(pictures_per_s: f64) -> ByteTrackSettings {
        ByteTrackSettings {
            step_s: 1.0 / pictures_per_s,
            max_age_s: 1.0,
            high_score: 0.6,
            low_score: 0.1,
            new_score: 0.7,
            min_first: 0.1,
            min_low: 0.5,
            min_tentative: 0.3,
            duplicate_iou: 0.85,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Tracklet {
    track_id: u64,
    label: u32,
    state: AspectHeight,
    born: Time,
    seen: Time,
    hits: u32,
    /// Not matched in the last picture.
    lost: bool,
    confirmed: bool,
    /// Matched in this picture.
    matched: bool,
    ended: bool,
}

impl Tracklet {
    fn link(&self) -> Link {
        Link { track_id: self.track_id, confirmed: self.confirmed, filtered: self.state.to_box() }
    }
}

/// A detection as the tracker sees it.
#[derive(Clone, Copy, Debug)]
struct Seen {
    idx: u32,
    label: u32,
    score: f64,
    box_px: BoxPx,
}

#[derive(Clone, Debug, Default)]
struct Scratch {
    high: Vec<Seen>,
    low: Vec<Seen>,
    rest: Vec<Seen>,
    pool: Vec<u32>,
    rows: Boxes,
    cols: Boxes,
    pairs: Vec<Pair>,
    association: Association,
}

impl ByteTrack {
    /// A tracker that has seen nothing yet.
    pub fn new(settings: ByteTrackSettings) -> ByteTrack {
        ByteTrack {
            settings,
            pace: Pace::new(settings.step_s),
            labels: Labels::default(),
            tracks: Vec::new(),
            next_id: 1,
            scratch: Scratch::default(),
        }
    }

    fn sort_detections(&mut self, picture: &DetectedPicture, tracked: &mut Tracked) {
        let ByteTrack { settings, labels, scratch, .. } = self;
        scratch.high.clear();
        scratch.low.clear();
        for (i, detection) in picture.detections.iter().enumerate() {
            let score = detection.score.unwrap_or(1.0);
            if !usable(detection.box_px) {
                tracked.decide(None, Some(i), Reason::NoArea);
            } else if score > settings.low_score {
                let label = labels.number(&detection.label);
                let seen = Seen { idx: i as u32, label, score, box_px: detection.box_px };
                if score > settings.high_score { &mut scratch.high } else { &mut scratch.low }.push(seen);
            } else {
                let (score, needed) = (score as f32, settings.low_score as f32);
                tracked.decide(None, Some(i), Reason::LowScore { score, needed });
            }
        }
    }

    /// Assigns `detections` to the tracks of the pool; what is left over stands in `scratch.rest`.
    fn associate(
        &mut self,
        detections: &[Seen],
        stage: Stage,
        picture: &DetectedPicture,
        tracked: &mut Tracked,
    ) -> Result<(), TooMany> {
        let ByteTrack { settings, tracks, scratch, .. } = self;
        // the paper's code bounds the cost 1 − similarity; what a pair gains is what it stays below the bound
        let (least, fused) = match stage {
            Stage::LowScore => (settings.min_low, false),
            Stage::Tentative => (settings.min_tentative, true),
            _ => (settings.min_first, true),
        };
        scratch.association.clear();
        for &t in &scratch.pool {
            let track = &tracks[t as usize];
            scratch.association.track(t as usize, track.state.to_box(), track.label);
        }
        for (i, d) in detections.iter().enumerate() {
            scratch.association.detection(i, d.box_px, d.label);
        }
        let worth = |_, i: usize, iou| iou * if fused { detections[i].score } else { 1.0 } - least;
        for fit in scratch.association.assign(None, worth)? {
            let detection = detections[fit.detection];
            let track = &mut tracks[fit.track];
            let fit = Match { stage, similarity: fit.iou as f32, gain: fit.gain as f32 };
            let idx = detection.idx as usize;
            let reason = if track.lost {
                Reason::Recovered { fit, unseen_ns: picture.t.ns_since(track.seen) }
            } else {
                Reason::Matched(fit)
            };
            tracked.decide(Some(track.track_id), Some(idx), reason);
            track.state.update(detection.box_px);
            track.hits = track.hits.saturating_add(1);
            track.seen = picture.t;
            track.matched = true;
            track.lost = false;
            if !track.confirmed {
                track.confirmed = true;
                tracked.decide(Some(track.track_id), Some(idx), Reason::Confirmed { hits: track.hits });
            }
            tracked.links[idx] = Some(track.link());
        }
        scratch.rest.clear();
        scratch.rest.extend(detections.iter().filter(|d| tracked.links[d.idx as usize].is_none()));
        Ok(())
    }

    fn associate_all(&mut self, picture: &DetectedPicture, tracked: &mut Tracked) -> Result<(), TooMany> {
        let high = std::mem::take(&mut self.scratch.high);
        let low = std::mem::take(&mut self.scratch.low);
        let done = self.associate_in_turn(&high, &low, picture, tracked);
        self.scratch.high = high;
        self.scratch.low = low;
        done
    }

    fn associate_in_turn(
        &mut self,
        high: &[Seen],
        low: &[Seen],
        picture: &DetectedPicture,
        tracked: &mut Tracked,
    ) -> Result<(), TooMany> {
        self.choose(|track| track.confirmed);
        self.associate(high, Stage::First, picture, tracked)?;
        let rest = std::mem::take(&mut self.scratch.rest);
        self.choose(|track| track.confirmed && !track.lost && !track.matched);
        self.associate(low, Stage::LowScore, picture, tracked)?;
        self.choose(|track| !track.confirmed);
        self.associate(&rest, Stage::Tentative, picture, tracked)?;
        Ok(())
    }

    fn choose(&mut self, wanted: impl Fn(&Tracklet) -> bool) {
        let chosen = self.tracks.iter().enumerate().filter(|(_, t)| wanted(t)).map(|(i, _)| i as u32);
        self.scratch.pool.clear();
        self.scratch.pool.extend(chosen);
    }

    /// Of a visible and a lost track that show one thing, the one followed for less long ends.
    fn end_duplicates(&mut self, tracked: &mut Tracked) -> Result<(), TooMany> {
        let ByteTrack { settings, tracks, scratch, .. } = self;
        let mut columns: Vec<usize> = Vec::new();
        scratch.pool.clear();
        scratch.rows.clear();
        scratch.cols.clear();
        for (i, track) in tracks.iter().enumerate() {
            if track.lost {
                scratch.cols.push(track.state.to_box(), track.label);
                columns.push(i);
            } else {
                scratch.rows.push(track.state.to_box(), track.label);
                scratch.pool.push(i as u32);
            }
        }
        overlapping(&scratch.rows, &scratch.cols, settings.duplicate_iou, &mut scratch.pairs)?;
        for p in &scratch.pairs {
            let (visible, lost) = (scratch.pool[p.row as usize] as usize, columns[p.col as usize]);
            let age = |i: usize| tracks[i].seen.ns_since(tracks[i].born);
            let (keep, end) = if age(visible) > age(lost) { (visible, lost) } else { (lost, visible) };
            if !tracks[end].ended {
                tracks[end].ended = true;
                let of = tracks[keep].track_id;
                tracked.decide(Some(tracks[end].track_id), None, Reason::Duplicate { of, iou: p.iou as f32 });
            }
        }
        tracks.retain(|track| !track.ended);
        Ok(())
    }
}

impl Tracker for ByteTrack {
    fn name(&self) -> &'static str {
        "byte-track"
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
        tracked.reset(picture.detections.len());
        let (settings, pace) = (self.settings, &self.pace);
        self.tracks.retain(|track| {
            let keep = !pace.overdue_before(track.seen, settings.max_age_s);
            if !keep {
                let unseen_ns = picture.t.ns_since(track.seen);
                tracked.decide(Some(track.track_id), None, Reason::Ended { unseen_ns });
            }
            keep
        });
        for track in &mut self.tracks {
            track.state.predict(steps, track.lost);
            track.matched = false;
        }
        self.sort_detections(picture, tracked);
        let compared = self.associate_all(picture, tracked);

        let pace = &self.pace;
        self.tracks.retain_mut(|track| {
            if track.matched {
                return true;
            }
            let unseen_ns = picture.t.ns_since(track.seen);
            // a track seen once must be seen again at once
            let keep = track.confirmed && !pace.overdue(track.seen, settings.max_age_s);
            if !keep {
                tracked.decide(Some(track.track_id), None, Reason::Ended { unseen_ns });
            } else if !track.lost {
                track.lost = true;
                tracked.decide(Some(track.track_id), None, Reason::Lost);
            }
            keep
        });
        if compared.is_err() {
            return Err(Error::too_many_pairs(picture, self.tracks.len()));
        }
        // births, and why not
        for d in self.scratch.high.iter().chain(&self.scratch.low) {
            let idx = d.idx as usize;
            if tracked.links[idx].is_some() {
                continue;
            }
            if d.score < settings.new_score {
                let reason = Reason::LowScore { score: d.score as f32, needed: settings.new_score as f32 };
                tracked.decide(None, Some(idx), reason);
                continue;
            }
            let track_id = self.next_id;
            self.next_id += 1;
            tracked.decide(Some(track_id), Some(idx), Reason::Born);
            // what is seen in the first picture needs no second sighting
            let confirmed = self.pace.n_pictures() == 1;
            if confirmed {
                tracked.decide(Some(track_id), Some(idx), Reason::Confirmed { hits: 1 });
            }
            let track = Tracklet {
                track_id,
                label: d.label,
                state: AspectHeight::new(d.box_px),
                born: picture.t,
                seen: picture.t,
                hits: 1,
                lost: false,
                confirmed,
                matched: true,
                ended: false,
            };
            tracked.links[idx] = Some(track.link());
            self.tracks.push(track);
        }
        if self.end_duplicates(tracked).is_err() {
            return Err(Error::too_many_pairs(picture, self.tracks.len()));
        }
        for track in self.tracks.iter().filter(|track| track.lost) {
            tracked.coasting.push(Coasting { track_id: track.track_id, shape: track.state.to_box() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{bears_bad_input, follow, picture, scored};
    use super::*;

    fn byte_track() -> ByteTrack {
        ByteTrack::new(ByteTrackSettings::default())
    }

    #[test]
    fn two_that_pass_each_other_keep_their_identities() {
        let ids = follow(&mut byte_track(), 40, |k| {
            vec![[10.0 * k, 0.0, 40.0, 80.0], [400.0 - 10.0 * k, 30.0, 40.0, 80.0]]
        });
        assert!(ids.iter().all(|ids| *ids == [Some(1), Some(2)]), "{ids:?}");
    }

    #[test]
    fn a_low_score_continues_a_track_and_begins_none() {
        let mut tracker = byte_track();
        let mut tracked = Tracked::default();
        for k in 0..10 {
            let score = if k < 5 { 0.9 } else { 0.3 };
            let boxes = [([0.0, 0.0, 40.0, 80.0], score), ([500.0, 0.0, 40.0, 80.0], 0.3)];
            tracker.update(&scored(k, &boxes), &mut tracked).expect("in order");
            assert_eq!(tracked.links[0].map(|l| l.track_id), Some(1));
            assert_eq!(tracked.links[1], None);
        }
        let stages: Vec<_> = tracked.decisions.iter().map(|d| d.reason).collect();
        assert!(
            matches!(
                stages[..],
                [Reason::Matched(Match { stage: Stage::LowScore, .. }), Reason::LowScore { .. }]
            ),
            "{stages:?}"
        );
    }

    #[test]
    fn a_track_is_found_again_within_a_second_and_not_later() {
        for (hidden, expected) in [(29, 1), (31, 2)] {
            let mut tracker = byte_track();
            let mut tracked = Tracked::default();
            for k in 0..60 {
                let boxes: &[[f64; 4]] =
                    if (10..10 + hidden).contains(&k) { &[] } else { &[[0.0, 0.0, 40.0, 80.0]] };
                tracker.update(&picture(k, boxes), &mut tracked).expect("in order");
            }
            assert_eq!(tracked.links[0].map(|l| l.track_id), Some(expected), "{hidden} pictures hidden");
        }
    }

    #[test]
    fn skipped_pictures_count_as_time() {
        let mut tracker = byte_track();
        let mut tracked = Tracked::default();
        for k in [0, 1, 2, 3, 4, 60] {
            tracker.update(&picture(k, &[[0.0, 0.0, 40.0, 80.0]]), &mut tracked).expect("in order");
        }
        assert_eq!(tracked.links[0].map(|l| l.track_id), Some(2));
        assert!(matches!(tracked.decisions[0].reason, Reason::Ended { .. }));
    }

    #[test]
    fn labels_do_not_mix() {
        let mut tracker = byte_track();
        let mut tracked = Tracked::default();
        for k in 0..6 {
            let mut seen = picture(k, &[[0.0, 0.0, 40.0, 80.0]]);
            seen.detections[0].label = if k % 2 == 0 { "car" } else { "bus" }.into();
            tracker.update(&seen, &mut tracked).expect("in order");
            assert_eq!(tracked.links[0].map(|l| l.track_id) == Some(1), k % 2 == 0, "picture {k}");
        }
    }

    #[test]
    fn bad_input_is_borne() {
        bears_bad_input(&mut byte_track());
    }
}
