//! OC-SORT (Cao, Pang, Weng, Khirodkar, Kitani: Observation-Centric SORT, CVPR 2023).

use super::associate::Association;
use super::cost::{TooMany, usable};
use super::kalman::AreaAspect;
use super::pace::{Labels, Pace};
use super::{Coasting, Error, Link, Match, Reason, Stage, Tracked, Tracker};
use crate::detect::DetectedPicture;
use chronotope_world::time::NS_PER_S;
use chronotope_world::{BoxPx, Time};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::f64::consts::{FRAC_PI_2, PI};

/// OC-SORT: SORT that trusts observations more than its own predictions.
///
/// - *Observation-centric momentum*: a pair gains where the direction from an earlier observation of the track
///   to the detection agrees with the direction in which the track was moving.
/// - *Observation-centric recovery*: what is left over is compared with the boxes at which the left-over tracks
///   were last seen.
/// - *Observation-centric re-update*: a track that is found again is filtered once more through its gap, along
///   the straight line between the two observations, as if it had been seen all the time.
///
/// Deviations from `noahcao/OC_SORT`: boxes are compared only within a label; pairs that do not overlap
/// take no part in the assignment; the momentum looks back by time, not by pictures.
#[derive(Clone, Debug)]
pub struct OcSort {
    settings: OcSortSettings,
    pace: Pace,
    labels: Labels,
    tracks: Vec<Tracklet>,
    next_id: u64,
    association: Association,
    /// Detections that no predicted track took.
    left_over: Vec<u32>,
}

/// Settings of [`OcSort`]; the default is the paper's at 30 pictures a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OcSortSettings {
    /// Seconds for which the noise constants hold once: the usual time between pictures.
    pub step_s: f64,
    /// Seconds without a detection after which a track ends.
    pub max_age_s: f64,
    /// Pictures without a miss in which a track must be seen to be confirmed. As many first pictures of a
    /// record confirm their tracks at once.
    pub min_hits: u32,
    /// A detection at or below this score is not looked at.
    pub min_score: f64,
    /// Intersection over union that a detection needs.
    pub min_iou: f64,
    /// Seconds over which a direction of motion is taken.
    pub momentum_s: f64,
    /// Weight of the direction of motion beside the intersection over union.
    pub inertia: f64,
}

impl Default for OcSortSettings {
    fn default() -> Self {
        OcSortSettings::at_rate(30.0)
    }
}

impl OcSortSettings {
    /// The paper's settings for this many pictures a second: tracks may be lost for 30 pictures, at any rate, and
    /// momentum looks back over three.
    pub fn at_rate(pictures_per_s: f64) -> OcSortSettings {
        OcSortSettings {
            step_s: 1.0 / pictures_per_s,
            max_age_s: 30.0 / pictures_per_s,
            min_hits: 3,
            min_score: 0.5,
            min_iou: 0.3,
            momentum_s: 3.0 / pictures_per_s,
            inertia: 0.2,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Tracklet {
    track_id: u64,
    label: u32,
    state: AreaAspect,
    /// The state after the last observation, for the re-update.
    state_at_seen: AreaAspect,
    /// Observations within the look-back of the last one, oldest first; the last one is always there.
    recent: VecDeque<(Time, BoxPx)>,
    /// Unit vector of the motion, zero before the third observation.
    direction: [f64; 2],
    streak: u32,
    misses: u32,
    was_confirmed: bool,
    matched: bool,
    /// Not seen since its birth.
    newborn: bool,
}

impl Tracklet {
    fn link(&self, confirmed: bool) -> Link {
        Link { track_id: self.track_id, confirmed, filtered: self.state.to_box() }
    }

    fn last(&self) -> (Time, BoxPx) {
        self.recent[self.recent.len() - 1]
    }

    /// The oldest observation not older than the look-back before `t`, else the last one.
    fn before(&self, t: Time, look_back_ns: f64) -> BoxPx {
        let recent_enough = |&&(seen, _): &&(Time, BoxPx)| t.ns_since(seen) as f64 <= look_back_ns;
        self.recent.iter().find(recent_enough).copied().unwrap_or(self.last()).1
    }

    /// Takes an observation; goes through the gap again where there was one.
    fn observe(&mut self, t: Time, b: BoxPx, gap_steps: f64, look_back_ns: f64) {
        let from = self.last().1;
        if self.newborn {
            // the published code takes no direction from the observation at birth
            self.recent.clear();
            self.newborn = false;
        } else {
            self.direction = direction(self.before(t, look_back_ns), b);
        }
        if self.misses == 0 {
            self.state.update(b);
        } else {
            let parts = f64::from(self.misses) + 1.0;
            self.state = self.state_at_seen;
            for k in 1..=self.misses + 1 {
                self.state.predict(gap_steps / parts);
                let share = f64::from(k) / parts;
                self.state.update(if k > self.misses { b } else { between(from, b, share) });
            }
            // the published code filters the observation that ends the gap twice
            self.state.update(b);
        }
        self.state_at_seen = self.state;
        while self.recent.len() > 1
            && self.recent.front().is_some_and(|&(seen, _)| t.ns_since(seen) as f64 > look_back_ns)
        {
            self.recent.pop_front();
        }
        self.recent.push_back((t, b));
    }
}

/// Unit vector between two centres; zero where they are one.
fn direction(from: BoxPx, to: BoxPx) -> [f64; 2] {
    let ([x0, y0], [x1, y1]) = (from.centre(), to.centre());
    let (dx, dy) = (x1 - x0, y1 - y0);
    let norm = (dx * dx + dy * dy).sqrt();
    if norm.is_normal() { [dx / norm, dy / norm] } else { [0.0, 0.0] }
}

/// The box on the straight way from one to the other: centre and sizes move evenly.
fn between(from: BoxPx, to: BoxPx, share: f64) -> BoxPx {
    let mix = |a: f64, b: f64| a + share * (b - a);
    BoxPx {
        left: mix(from.left, to.left),
        top: mix(from.top, to.top),
        width: mix(from.width, to.width),
        height: mix(from.height, to.height),
    }
}

impl OcSort {
    /// A tracker that has seen nothing yet.
    pub fn new(settings: OcSortSettings) -> OcSort {
        OcSort {
            settings,
            pace: Pace::new(settings.step_s),
            labels: Labels::default(),
            tracks: Vec::new(),
            next_id: 1,
            association: Association::default(),
            left_over: Vec::new(),
        }
    }

    /// A look-back with half a step of room for rounded times.
    fn look_back_ns(&self) -> f64 {
        (self.settings.momentum_s + self.settings.step_s / 2.0) * NS_PER_S as f64
    }

    /// Assigns the detections of the columns to the tracks of the rows.
    fn associate(
        &mut self,
        stage: Stage,
        picture: &DetectedPicture,
        tracked: &mut Tracked,
    ) -> Result<(), TooMany> {
        let look_back_ns = self.look_back_ns();
        let OcSort { settings, tracks, association, pace, .. } = self;
        let worth = |t: usize, i: usize, iou: f64| {
            let track: &Tracklet = &tracks[t];
            if stage != Stage::First || track.direction == [0.0, 0.0] {
                return iou;
            }
            let detection = &picture.detections[i];
            let heading = direction(track.before(picture.t, look_back_ns), detection.box_px);
            let cos = heading[0] * track.direction[0] + heading[1] * track.direction[1];
            let turn = libm::acos(cos.clamp(-1.0, 1.0));
            iou + (FRAC_PI_2 - turn) / PI * settings.inertia * detection.score.unwrap_or(1.0)
        };
        let fits = association.assign((stage == Stage::First).then_some(settings.min_iou), worth)?;
        let early = pace.n_pictures() <= u64::from(settings.min_hits);
        // pairs below the gate took part, so that they could draw others towards the better whole
        for fit in fits.iter().filter(|fit| fit.iou >= settings.min_iou) {
            let track = &mut tracks[fit.track];
            let idx = fit.detection;
            let b = picture.detections[idx].box_px;
            let fit = Match { stage, similarity: fit.iou as f32, gain: fit.gain as f32 };
            let unseen_ns = picture.t.ns_since(track.last().0);
            let recovered = track.misses > 0;
            let reason = if recovered { Reason::Recovered { fit, unseen_ns } } else { Reason::Matched(fit) };
            tracked.decide(Some(track.track_id), Some(idx), reason);
            track.observe(picture.t, b, pace.steps(unseen_ns), look_back_ns);
            track.streak = if recovered { 1 } else { track.streak + 1 };
            track.misses = 0;
            track.matched = true;
            let confirmed = track.streak >= settings.min_hits || early;
            if confirmed && !track.was_confirmed {
                track.was_confirmed = true;
                tracked.decide(Some(track.track_id), Some(idx), Reason::Confirmed { hits: track.streak });
            }
            tracked.links[idx] = Some(track.link(confirmed));
        }
        Ok(())
    }

    fn associate_all(&mut self, picture: &DetectedPicture, tracked: &mut Tracked) -> Result<(), TooMany> {
        let OcSort { settings, labels, tracks, association, .. } = self;
        association.clear();
        for (i, detection) in picture.detections.iter().enumerate() {
            let score = detection.score.unwrap_or(1.0);
            if !usable(detection.box_px) {
                tracked.decide(None, Some(i), Reason::NoArea);
            } else if score > settings.min_score {
                association.detection(i, detection.box_px, labels.number(&detection.label));
            } else {
                let (score, needed) = (score as f32, settings.min_score as f32);
                tracked.decide(None, Some(i), Reason::LowScore { score, needed });
            }
        }
        for (i, track) in tracks.iter().enumerate() {
            association.track(i, track.state.to_box(), track.label);
        }
        self.associate(Stage::First, picture, tracked)?;

        // what is left over, against the boxes last seen
        let OcSort { settings, labels, tracks, association, left_over, .. } = self;
        association.clear();
        left_over.clear();
        for (i, detection) in picture.detections.iter().enumerate() {
            let good = usable(detection.box_px) && detection.score.unwrap_or(1.0) > settings.min_score;
            if good && tracked.links[i].is_none() {
                association.detection(i, detection.box_px, labels.number(&detection.label));
                left_over.push(i as u32);
            }
        }
        for (i, track) in tracks.iter().enumerate().filter(|(_, track)| !track.matched) {
            association.track(i, track.last().1, track.label);
        }
        self.associate(Stage::LastSeen, picture, tracked)
    }
}

impl Tracker for OcSort {
    fn name(&self) -> &'static str {
        "oc-sort"
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
        self.tracks.retain_mut(|track| {
            track.state.predict(steps);
            track.matched = false;
            let keep = !pace.overdue_before(track.last().0, settings.max_age_s);
            if !keep {
                let unseen_ns = picture.t.ns_since(track.last().0);
                tracked.decide(Some(track.track_id), None, Reason::Ended { unseen_ns });
            }
            keep
        });
        let compared = self.associate_all(picture, tracked);

        let pace = &self.pace;
        self.tracks.retain_mut(|track| {
            if track.matched {
                return true;
            }
            if track.misses == 0 {
                tracked.decide(Some(track.track_id), None, Reason::Lost);
            }
            track.misses += 1;
            let keep = !pace.overdue(track.last().0, settings.max_age_s);
            if !keep {
                let unseen_ns = picture.t.ns_since(track.last().0);
                tracked.decide(Some(track.track_id), None, Reason::Ended { unseen_ns });
            } else if track.was_confirmed {
                tracked.coasting.push(Coasting { track_id: track.track_id, shape: track.state.to_box() });
            }
            keep
        });
        if compared.is_err() {
            return Err(Error::too_many_pairs(picture, self.tracks.len()));
        }
        // births
        let early = self.pace.n_pictures() <= u64::from(settings.min_hits);
        for &i in &self.left_over {
            let idx = i as usize;
            if tracked.links[idx].is_some() {
                continue;
            }
            let track_id = self.next_id;
            self.next_id += 1;
            tracked.decide(Some(track_id), Some(idx), Reason::Born);
            // the paper's code counts hits from 0 at birth
            let confirmed = settings.min_hits == 0 || early;
            if confirmed {
                tracked.decide(Some(track_id), Some(idx), Reason::Confirmed { hits: 0 });
            }
            let detection = &picture.detections[idx];
            let state = AreaAspect::new(detection.box_px);
            let track = Tracklet {
                track_id,
                label: self.labels.number(&detection.label),
                state,
                state_at_seen: state,
                recent: VecDeque::from([(picture.t, detection.box_px)]),
                direction: [0.0, 0.0],
                streak: 0,
                misses: 0,
                was_confirmed: confirmed,
                matched: true,
                newborn: true,
            };
            tracked.links[idx] = Some(track.link(confirmed));
            self.tracks.push(track);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{bears_bad_input, follow, picture};
    use super::*;

    fn oc_sort() -> OcSort {
        OcSort::new(OcSortSettings::default())
    }

    #[test]
    fn two_that_pass_each_other_keep_their_identities() {
        let ids = follow(&mut oc_sort(), 40, |k| {
            vec![[10.0 * k, 0.0, 40.0, 80.0], [400.0 - 10.0 * k, 30.0, 40.0, 80.0]]
        });
        assert!(ids.iter().all(|ids| *ids == [Some(1), Some(2)]), "{ids:?}");
    }

    #[test]
    fn a_thing_that_stops_behind_a_pillar_is_found_where_it_was_seen() {
        let mut tracker = oc_sort();
        let mut tracked = Tracked::default();
        let mut reasons = Vec::new();
        for k in 0..40u32 {
            // walks, is hidden for half a second, comes out where it went in
            let boxes: &[[f64; 4]] = match k {
                0..10 => &[[6.0 * f64::from(k), 0.0, 40.0, 80.0]],
                10..25 => &[],
                _ => &[[60.0, 0.0, 40.0, 80.0]],
            };
            tracker.update(&picture(k, boxes), &mut tracked).expect("in order");
            reasons.extend(tracked.decisions.iter().map(|d| d.reason));
        }
        assert_eq!(tracked.links[0].map(|l| l.track_id), Some(1));
        let recovered = reasons.iter().any(|r| {
            matches!(r, Reason::Recovered { fit: Match { stage: Stage::LastSeen, .. }, unseen_ns }
                if *unseen_ns > 500_000_000)
        });
        assert!(recovered, "{reasons:?}");
    }

    #[test]
    fn a_gap_along_a_line_leaves_the_filter_as_if_there_had_been_none() {
        let step = |k: f64| BoxPx::new(5.0 * k, 2.0 * k, 40.0, 80.0).expect("finite");
        let at = |k: u32| Time::from_s(f64::from(k) / 30.0);
        let mut seen = Tracklet {
            track_id: 1,
            label: 0,
            state: AreaAspect::new(step(0.0)),
            state_at_seen: AreaAspect::new(step(0.0)),
            recent: VecDeque::from([(at(0), step(0.0))]),
            direction: [0.0; 2],
            streak: 0,
            misses: 0,
            was_confirmed: true,
            matched: true,
            newborn: true,
        };
        let mut hidden = seen.clone();
        for k in 1..=20u32 {
            seen.state.predict(1.0);
            seen.observe(at(k), step(f64::from(k)), 1.0, 1e8);
            if (6..=15).contains(&k) {
                hidden.misses += 1;
            } else {
                hidden.state.predict(1.0);
                hidden.observe(at(k), step(f64::from(k)), f64::from(hidden.misses) + 1.0, 1e8);
                hidden.misses = 0;
            }
        }
        let overlap = seen.state.to_box().iou(hidden.state.to_box());
        assert!(overlap > 1.0 - 1e-9, "{seen:?} {hidden:?}");
    }

    #[test]
    fn bad_input_is_borne() {
        bears_bad_input(&mut oc_sort());
    }
}
