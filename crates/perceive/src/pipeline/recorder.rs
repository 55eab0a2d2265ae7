//! Detections, as they come, become tracks, identities and coverage in a World.

use super::paths::Paths;
use crate::camera::GroundCalibration;
use crate::detect::{DetectedPicture, Detection};
use crate::track::refine::RefineSettings;
use crate::track::{Decision, Error as TrackError, Reason, Tracked, Tracker};
use chronotope_world::time::NS_PER_S;
use chronotope_world::{
    BoxPx, Coverage, CoverageId, EntityId, Event, EventId, Identity, IdentityId, Known, Label, ObserverId,
    Origin, Pose, Reference, ReferenceFrame, ReferenceFrameId, RowWriter, Sample, Scale, SourceId, Span,
    Spans, Time, Track, TrackId, Transform, TransformId, TransformKind, linked_within_ns,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One pixel either way: how exactly a detector's box ends at the feet, as far as nothing better is known.
const FOOT_SIGMA_PX: f64 = 2.0;

/// Boxes of `watch` stand on a grid of 1/256 pixel, finer than any detector is exact; they cost a third on disk.
const GRID_PX: f64 = 256.0;

/// Live, coverage is known second by second: who asks at a moment knows what was looked at up to the second before.
const COVERAGE_STEP_NS: i64 = NS_PER_S;

/// How detections become tracks.
#[derive(Clone, Debug)]
pub struct RecorderSettings {
    /// Which tracks to believe, which gaps to fill, and how paths are smoothed. Offline, a thing has two tracks: one with the boxes
    /// as they were seen, and one derived from it, which says where the thing most likely was by all sightings of the segment,
    /// gaps filled. Where both are known, the derived one answers.
    pub refine: RefineSettings,
    /// What is recorded may not rest on later observations than its own: rows are known at their own time, and nothing is
    /// smoothed. Otherwise rows are known when the segment is that they are written with.
    pub online: bool,
    /// Where the ground is, for a camera that stands still.
    pub ground: Option<GroundCalibration>,
    /// How long a track may be unseen before it is closed, in seconds; at least the tracker's own patience.
    pub patience_s: f64,
}

impl Default for RecorderSettings {
    fn default() -> RecorderSettings {
        RecorderSettings { refine: RefineSettings::default(), online: false, ground: None, patience_s: 2.0 }
    }
}

/// Takes what a detector says of each picture of one camera, follows it, and writes rows into a World in memory or a bundle ([`RowWriter`]).
///
/// A robot or a program with a detector of its own calls [`Recorder::picture`] live; `watch` does the same for videos.
/// [`Recorder::close_segment`] hands on what is settled, so that memory does not grow with the length of the record.
pub struct Recorder {
    source: SourceId,
    observer: ObserverId,
    tracker: Box<dyn Tracker>,
    settings: RecorderSettings,
    ground_frame: Option<ReferenceFrameId>,
    tracked: Tracked,
    open: BTreeMap<u64, Open>,
    unassigned: Vec<(PictureSeen, Detection)>,
    pictures: Vec<PictureSeen>,
    covered_until: Option<Time>,
    camera_track: Option<TrackId>,
    carried: Vec<Carried>,
    summary: Summary,
}

/// What is settled when a segment closes.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// Up to where, exclusive: no picture before this is still to come.
    pub until: Time,
    /// Record time of the newest picture that anything so far rests on; at least `until` where nothing is live.
    pub known: Time,
    /// What the detector would have reported.
    pub labels: &'a [String],
    /// Its smallest side.
    pub smallest_px: Option<f64>,
    /// Where it was blind.
    pub uncovered: &'a [Span],
    /// Where it looked at moments alone, and nowhere else; none: it looked at every picture.
    pub sampled: Option<&'a [Span]>,
}

/// What a recorder has found so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Pictures taken.
    pub n_pictures: u64,
    /// Detections taken.
    pub n_detections: u64,
    /// Tracks that were believed and written.
    pub n_tracks: u64,
    /// Detections that belong to no believed track; they are kept without one.
    pub n_unassigned: u64,
    /// Pictures that the tracker refused, as it could not follow them in bounded time.
    pub n_refused: u64,
}

/// A track that may go on.
#[derive(Serialize, Deserialize)]
struct Open {
    label: String,
    confirmed: bool,
    n_seen: usize,
    first: Time,
    last: Time,
    /// Since when it has been seen often enough, and why it is one thing, as known then.
    believed: Option<(Time, String)>,
    written: Option<Written>,
    /// Sightings that are not written yet.
    waiting: Vec<Sighting>,
    /// The sightings before those, for a smooth path across segments.
    before: Vec<Sighting>,
    /// When it was found again, after how long, and how alike: not written yet.
    found_again: Vec<(PictureSeen, i64, f32)>,
    history: History,
}

/// What has been written of a track.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Written {
    entity: EntityId,
    /// The boxes as they were seen.
    seen: TrackId,
    /// The path derived from them; none where nothing is smoothed.
    derived: Option<TrackId>,
}

/// A picture that the detector has looked at.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct PictureSeen {
    pub(super) t: Time,
    pub(super) frame_index: u32,
    /// When it was looked at: its own time or, where the detector waited, that of a later picture.
    pub(super) known: Time,
}

/// One box in one picture.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Sighting {
    pub(super) t: Time,
    pub(super) frame_index: u32,
    pub(super) known: Time,
    pub(super) box_px: BoxPx,
    pub(super) score: Option<f64>,
    /// It was not detected here but followed from where it was.
    pub(super) followed: bool,
}

/// The decisions about a track, in sum.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct History {
    n_matched: u32,
    similarity: f64,
    n_recovered: u32,
    longest_unseen_ns: i64,
}

/// A thing of the bundle that goes on, for a recording that is extended.
#[derive(Serialize, Deserialize)]
struct Carried {
    entity: EntityId,
    t: Time,
    box_px: BoxPx,
    label: String,
}

impl Recorder {
    /// For a camera whose observer row stands in the rows. With a ground calibration (scaled to the observer's
    /// pictures) the world `world(ground)` and its transform are added, unless an earlier recording has done so (`resumed`).
    pub fn new<R: RowWriter>(
        rows: &mut R,
        source: SourceId,
        observer: ObserverId,
        tracker: Box<dyn Tracker>,
        settings: RecorderSettings,
        resumed: bool,
    ) -> Recorder {
        let ground_frame = settings.ground.as_ref().map(|ground| {
            let target = rows.reference_frame(ReferenceFrame::World("ground".to_owned()), Scale::Metre);
            if !resumed {
                let image = rows.reference_frame(ReferenceFrame::Image(observer), Scale::Pixel);
                let matrix = ground.ground_from_image();
                rows.transform(Transform {
                    id: TransformId(0),
                    target,
                    source: image,
                    span: Span::ALWAYS,
                    kind: TransformKind::Homography(std::array::from_fn(|i| matrix[i / 3][i % 3])),
                    deviation: (ground.fit_m() > 0.0).then(|| ground.fit_m()),
                    known: Known::ALWAYS,
                });
            }
            target
        });
        Recorder {
            source,
            observer,
            tracker,
            settings,
            ground_frame,
            tracked: Tracked::default(),
            open: BTreeMap::new(),
            unassigned: Vec::new(),
            pictures: Vec::new(),
            covered_until: None,
            camera_track: None,
            carried: Vec::new(),
            summary: Summary::default(),
        }
    }

    /// Extends a finished recording: a new track that begins where this entity was last seen is taken for the same one.
    pub fn carry_on(&mut self, entity: EntityId, t: Time, box_px: BoxPx, label: &str) {
        self.carried.push(Carried { entity, t, box_px, label: label.to_owned() });
    }

    /// All that it knows but its settings, to go on from after what was written so far; none where the tracker cannot say.
    pub fn save(&self) -> Option<Vec<u8>> {
        let tracker = self.tracker.save()?;
        let unassigned = &self.unassigned;
        let state = (tracker, &self.open, unassigned, &self.pictures, self.covered_until, self.camera_track);
        postcard::to_allocvec(&(state, &self.carried, self.summary)).ok()
    }

    /// Goes on from what a recorder with the same settings has saved, as if it had never stopped; false, and nothing has
    /// changed, where these bytes are not that.
    pub fn restore(&mut self, saved: &[u8]) -> bool {
        type State = (
            Vec<u8>,
            BTreeMap<u64, Open>,
            Vec<(PictureSeen, Detection)>,
            Vec<PictureSeen>,
            Option<Time>,
            Option<TrackId>,
        );
        let Ok((state, carried, summary)) = postcard::from_bytes::<(State, Vec<Carried>, Summary)>(saved)
        else {
            return false;
        };
        let (tracker, open, unassigned, pictures, covered_until, camera_track) = state;
        if !self.tracker.restore(&tracker) {
            return false;
        }
        (self.open, self.unassigned, self.pictures) = (open, unassigned, pictures);
        (self.covered_until, self.camera_track) = (covered_until, camera_track);
        (self.carried, self.summary) = (carried, summary);
        true
    }

    /// What has been found so far.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Takes the next picture's detections, in order of time. An empty list is an observation too. `known`: the record time at
    /// which they were there, that of the picture for a detector that does not look ahead.
    ///
    /// # Errors
    /// The picture's time is not after the last one's. A picture that the tracker cannot follow in bounded time is kept
    /// without tracks and counted.
    pub fn picture(&mut self, picture: &DetectedPicture, known: Time) -> Result<(), TrackError> {
        let seen =
            PictureSeen { t: picture.t, frame_index: picture.frame_index, known: known.max(picture.t) };
        match self.tracker.update(picture, &mut self.tracked) {
            Ok(()) => {}
            Err(error @ TrackError::NotLater { .. }) => return Err(error),
            Err(_refused) => {
                self.summary.n_refused += 1;
                let kept = picture.detections.iter().map(|d| (seen, d.clone()));
                self.unassigned.extend(kept);
                self.pictures.push(seen);
                return Ok(());
            }
        }
        self.tracked_picture(picture, seen, &[]);
        Ok(())
    }

    /// Takes the next picture's detections from a detector that knows itself which thing each of them shows: `tracked` says so in place of
    /// the tracker. Those that are marked in `followed` were not detected but followed from another picture: they are recorded as
    /// interpolated.
    pub fn picture_linked(
        &mut self,
        picture: &DetectedPicture,
        known: Time,
        tracked: Tracked,
        followed: &[bool],
    ) {
        let seen =
            PictureSeen { t: picture.t, frame_index: picture.frame_index, known: known.max(picture.t) };
        self.tracked = tracked;
        self.tracked_picture(picture, seen, followed);
    }

    /// Keeps what was said of a picture.
    fn tracked_picture(&mut self, picture: &DetectedPicture, seen: PictureSeen, followed: &[bool]) {
        self.summary.n_pictures += 1;
        let is_followed = |i: usize| followed.get(i).copied().unwrap_or(false);
        self.summary.n_detections +=
            (0..picture.detections.len()).filter(|i| !is_followed(*i)).count() as u64;
        self.pictures.push(seen);
        for (i, (detection, link)) in picture.detections.iter().zip(&self.tracked.links).enumerate() {
            let Some(link) = link else {
                self.unassigned.push((seen, detection.clone()));
                continue;
            };
            let open = self.open.entry(link.track_id).or_insert_with(|| Open {
                label: detection.label.clone(),
                confirmed: false,
                n_seen: 0,
                first: picture.t,
                last: picture.t,
                believed: None,
                written: None,
                waiting: Vec::new(),
                before: Vec::new(),
                found_again: Vec::new(),
                history: History::default(),
            });
            open.confirmed |= link.confirmed;
            open.n_seen += usize::from(!is_followed(i));
            open.last = picture.t;
            open.waiting.push(Sighting {
                t: seen.t,
                frame_index: seen.frame_index,
                known: seen.known,
                box_px: on_grid(detection.box_px),
                score: detection.score,
                followed: is_followed(i),
            });
        }
        for decision in &self.tracked.decisions {
            if let Some(open) = decision.track_id.and_then(|id| self.open.get_mut(&id)) {
                open.decided(decision, seen);
            }
        }
        let refine = self.settings.refine;
        for link in self.tracked.links.iter().flatten() {
            if let Some(open) = self.open.get_mut(&link.track_id)
                && open.believed.is_none()
                && open.confirmed
                && open.n_seen >= refine.min_seen
                && Time(open.last - open.first).as_s() >= refine.min_s
            {
                open.believed = Some((seen.known, open.reason(self.tracker.name())));
            }
        }
    }

    /// Where the camera was, for one that moves: its axes are x right, y down, z forward; `rotation` (w, x, y, z) turns them into
    /// those of the frame.
    pub fn camera_pose<R: RowWriter>(
        &mut self,
        rows: &mut R,
        t: Time,
        reference_frame: ReferenceFrameId,
        position: [f64; 3],
        rotation: [f64; 4],
    ) -> Result<(), R::Error> {
        let track = *self.camera_track.get_or_insert_with(|| {
            let mut row = Track::new(self.source, "camera", Known::at(t));
            row.observer = Some(self.observer);
            row.carries = Some(self.observer);
            row.tolerance_ns = Some(1_000_000_000);
            rows.track(row)
        });
        let mut sample = Sample::new(self.source, Some(track), t, Origin::Observed);
        sample.observer = Some(self.observer);
        sample.pose = Some(Pose { reference_frame, position, rotation: Some(rotation), extent: None });
        rows.sample(sample)?;
        Ok(())
    }

    /// Writes what is settled: sightings of believed tracks, detections without a track, coverage of the pictures.
    ///
    /// # Errors
    /// The rows' own.
    pub fn close_segment<R: RowWriter>(
        &mut self,
        rows: &mut R,
        segment: &Segment<'_>,
    ) -> Result<(), R::Error> {
        self.settle(rows, segment, false)?;
        self.cover(rows, segment);
        Ok(())
    }

    /// Writes the rest: no more pictures come.
    ///
    /// # Errors
    /// The rows' own.
    pub fn finish<R: RowWriter>(&mut self, rows: &mut R, segment: &Segment<'_>) -> Result<(), R::Error> {
        self.settle(rows, segment, true)?;
        self.cover(rows, segment);
        Ok(())
    }

    /// When a row is known that rests on observations up to `t`.
    fn known(&self, t: Time, segment: &Segment<'_>) -> Known {
        Known::at(if self.settings.online { t } else { segment.known.max(t) })
    }

    fn settle<R: RowWriter>(
        &mut self,
        rows: &mut R,
        segment: &Segment<'_>,
        all: bool,
    ) -> Result<(), R::Error> {
        let patience_ns = Time::from_s(self.settings.patience_s).0;
        for (id, mut open) in std::mem::take(&mut self.open) {
            if open.believed.is_some() {
                self.write_track(rows, id, &mut open, segment)?;
            }
            if all || segment.until - open.last > patience_ns {
                let label = open.label;
                self.unassigned.extend(open.waiting.into_iter().filter(|s| !s.followed).map(|s| {
                    let picture = PictureSeen { t: s.t, frame_index: s.frame_index, known: s.known };
                    (picture, Detection { box_px: s.box_px, score: s.score, label: label.clone() })
                }));
            } else {
                self.open.insert(id, open);
            }
        }
        for (picture, detection) in std::mem::take(&mut self.unassigned) {
            let mut sample = Sample::new(self.source, None, picture.t, Origin::Observed);
            sample.observer = Some(self.observer);
            sample.frame_index = Some(picture.frame_index);
            sample.box_px = Some(on_grid(detection.box_px));
            sample.score = detection.score;
            sample.known = self.known(picture.known, segment);
            rows.sample(sample)?;
            self.summary.n_unassigned += 1;
        }
        Ok(())
    }

    fn write_track<R: RowWriter>(
        &mut self,
        rows: &mut R,
        id: u64,
        open: &mut Open,
        segment: &Segment<'_>,
    ) -> Result<(), R::Error> {
        let seen = std::mem::take(&mut open.waiting);
        let Some(first) = seen.first().copied() else { return Ok(()) };
        let written = match open.written {
            Some(written) => written,
            None => self.begin_track(rows, id, open, first, segment),
        };
        open.written = Some(written);
        let paths = Paths { refine: self.settings.refine, pictures: &self.pictures };
        let filled = paths.filled(open.before.last().copied(), &seen);
        if let Some(derived) = written.derived {
            for sighting in &seen {
                let known = self.known(sighting.known, segment);
                self.write_sample(rows, written.seen, *sighting, sighting.origin(), known, false)?;
            }
            for (sighting, origin) in paths.smoothed(&open.before, &filled) {
                let known = self.known(sighting.known, segment);
                self.write_sample(rows, derived, sighting, origin, known, true)?;
            }
        } else {
            for step in &filled {
                let known = self.known(step.sighting.known, segment);
                self.write_sample(rows, written.seen, step.sighting, step.origin, known, true)?;
            }
        }
        open.before.extend(seen);
        let recent = open.before.partition_point(|s| open.last - s.t > NS_PER_S);
        open.before.drain(..recent.min(open.before.len().saturating_sub(1)));
        for (at, unseen_ns, similarity) in std::mem::take(&mut open.found_again) {
            let words = format!("unseen for {} s, similarity {similarity:.2}", Time(unseen_ns));
            rows.event(Event {
                id: EventId(0),
                kind: "found again".to_owned(),
                span: Span::at(at.t),
                parent: None,
                roles: vec![
                    ("agent".to_owned(), Reference::Entity(written.entity)),
                    ("reason".to_owned(), Reference::Text(words)),
                ],
                confidence: None,
                source: self.source,
                known: self.known(at.known, segment),
                closed: None,
            });
        }
        Ok(())
    }

    /// The rows of a thing that is now believed in: its track as seen, the one derived from it, whose both identity is one.
    fn begin_track<R: RowWriter>(
        &mut self,
        rows: &mut R,
        id: u64,
        open: &Open,
        first: Sighting,
        segment: &Segment<'_>,
    ) -> Written {
        let (believed, reason) = open.believed.clone().unwrap_or_default();
        let known = self.known(believed, segment);
        let reason = if self.settings.online { reason } else { open.reason(self.tracker.name()) };
        let (entity, reason) = self.carried_on(&open.label, first).unwrap_or_else(|| (rows.entity(), reason));
        let smoothed = !self.settings.online && self.settings.refine.smooth.is_some();
        let mut track = |derived_from: Vec<TrackId>| {
            let mut row = Track::new(self.source, id.to_string(), known);
            row.observer = Some(self.observer);
            // pictures that are further apart than a gap may be are linked all the same
            let own = linked_within_ns(self.pictures.iter().map(|picture| picture.t.0).collect());
            row.tolerance_ns = own.max(Some(Time::from_s(self.settings.refine.max_gap_s).0));
            row.derived_from = derived_from;
            let track = rows.track(row);
            rows.label(Label::new(track, open.label.clone(), "detector", known));
            rows.identity(Identity {
                id: IdentityId(0),
                track,
                span: Span::ALWAYS,
                entity,
                confidence: None,
                reason: reason.clone(),
                known,
                closed: None,
            });
            track
        };
        let seen = track(Vec::new());
        let derived = smoothed.then(|| track(vec![seen]));
        self.summary.n_tracks += 1;
        Written { entity, seen, derived }
    }

    /// The thing that a recording that is extended carries on here, and why.
    fn carried_on(&mut self, label: &str, first: Sighting) -> Option<(EntityId, String)> {
        let (i, iou) = self
            .carried
            .iter()
            .enumerate()
            .filter(|(_, c)| c.label == label)
            .map(|(i, c)| (i, c.box_px.iou(first.box_px)))
            .filter(|(_, iou)| *iou >= 0.3)
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let carried = self.carried.remove(i);
        let gap = Time((first.t - carried.t).max(0));
        Some((carried.entity, format!("resumed: overlap {iou:.2} after {gap} s")))
    }

    fn write_sample<R: RowWriter>(
        &self,
        rows: &mut R,
        track: TrackId,
        seen: Sighting,
        origin: Origin,
        known: Known,
        placed: bool,
    ) -> Result<(), R::Error> {
        let mut sample = Sample::new(self.source, Some(track), seen.t, origin);
        sample.observer = Some(self.observer);
        sample.frame_index = Some(seen.frame_index);
        sample.box_px = Some(seen.box_px);
        sample.score = seen.score;
        sample.known = known;
        if let (Some(ground), Some(reference_frame), true) =
            (&self.settings.ground, self.ground_frame, placed)
            && let Some(place) = ground.locate(seen.box_px.foot(), FOOT_SIGMA_PX)
        {
            let [[xx, xy], [_, yy]] = place.covariance_m2;
            let position = [place.x_m, place.y_m, 0.0];
            sample.pose = Some(Pose { reference_frame, position, rotation: None, extent: None });
            sample.covariance = Some([xx, xy, 0.0, yy, 0.0, 0.0]);
        }
        rows.sample(sample)?;
        Ok(())
    }

    /// Coverage of the pictures since the last segment, less the spans in which the detector was blind.
    fn cover<R: RowWriter>(&mut self, rows: &mut R, segment: &Segment<'_>) {
        let from = self.covered_until.or(self.pictures.first().map(|picture| picture.t));
        let whole = from.and_then(|from| Span::new(from, segment.until)).filter(|span| !span.is_empty());
        let Some(whole) = whole else { return };
        let blind: Spans = segment.uncovered.iter().copied().collect();
        let looked: Vec<Span> = match segment.sampled {
            None => Spans::from(whole).minus(&blind).iter().copied().collect(),
            // one by one: they tell how often it looked
            Some(spans) => spans.iter().filter_map(|span| span.intersect(whole)).collect(),
        };
        for span in looked.into_iter().filter(|span| !span.is_empty()) {
            let step = if self.settings.online { COVERAGE_STEP_NS } else { i64::MAX };
            let mut start = span.start();
            while start < span.end() {
                let end = start.plus_ns(step).min(span.end());
                let from = self.pictures.partition_point(|picture| picture.t < start);
                let here = self.pictures[from..].iter().take_while(|picture| picture.t < end);
                let looked_at = here.map(|picture| picture.known).fold(end, Time::max);
                rows.coverage(Coverage {
                    id: CoverageId(0),
                    source: self.source,
                    observer: Some(self.observer),
                    span: Span::between(start, end),
                    region_px: None,
                    labels: segment.labels.to_vec(),
                    smallest_px: segment.smallest_px,
                    recall: None,
                    complete: segment.sampled.is_none(),
                    known: self.known(looked_at, segment),
                });
                start = end;
            }
        }
        self.covered_until = Some(segment.until);
        // gaps of tracks that go on are filled from the pictures since their last sighting
        let keep_from = self
            .open
            .values()
            .map(|open| open.waiting.first().map_or(open.last, |s| s.t))
            .min()
            .map_or(self.pictures.len(), |t| self.pictures.partition_point(|p| p.t < t));
        let n = keep_from.min(self.pictures.partition_point(|p| p.t < segment.until));
        self.pictures.drain(..n);
    }
}

impl Sighting {
    /// Where its box comes from.
    pub(super) fn origin(&self) -> Origin {
        if self.followed { Origin::Interpolated } else { Origin::Observed }
    }
}

impl Open {
    fn decided(&mut self, decision: &Decision, seen: PictureSeen) {
        let fit = match decision.reason {
            Reason::Matched(fit) => fit,
            Reason::Recovered { fit, unseen_ns } => {
                self.history.n_recovered += 1;
                self.history.longest_unseen_ns = self.history.longest_unseen_ns.max(unseen_ns);
                self.found_again.push((seen, unseen_ns, fit.similarity));
                fit
            }
            _ => return,
        };
        self.history.n_matched += 1;
        self.history.similarity += f64::from(fit.similarity);
    }

    /// Why its sightings are one thing, in words.
    fn reason(&self, tracker: &str) -> String {
        let history = self.history;
        let mut reason = format!("{tracker}: {} sightings", self.n_seen);
        if history.n_matched > 0 {
            reason += &format!(", mean similarity {:.2}", history.similarity / f64::from(history.n_matched));
        }
        if history.n_recovered > 0 {
            let longest = Time(history.longest_unseen_ns);
            reason +=
                &format!(", found again {} times after up to {:.2} s", history.n_recovered, longest.as_s());
        }
        reason
    }
}

pub(super) fn on_grid(b: BoxPx) -> BoxPx {
    let snap = |v: f64| (v * GRID_PX).round() / GRID_PX;
    let (left, top) = (snap(b.left), snap(b.top));
    BoxPx { left, top, width: snap(b.width), height: snap(b.height) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::Sort;
    use crate::track::sort::SortSettings;
    use chronotope_world::{Clock, Observer, ObserverKind, Source, SourceKind, World, WorldBuilder};

    fn camera(builder: &mut WorldBuilder) -> (SourceId, ObserverId) {
        let source = builder.source(Source {
            id: SourceId(0),
            kind: SourceKind::Live,
            uri: "robot".into(),
            sha256: None,
            record_from_source: Some(Clock::SAME),
            derived_from: None,
            settings: String::new(),
            known: Known::ALWAYS,
        });
        let observer = builder.observer(Observer {
            id: ObserverId(0),
            source,
            kind: ObserverKind::Camera,
            name: "head".into(),
            picture_px: Some([640, 480]),
            intrinsics: None,
            known: Known::ALWAYS,
        });
        (source, observer)
    }

    /// A car drives for 60 pictures at 30 a second and is hidden from picture 20 to 24; something flickers in picture 7.
    fn world(segments: &[u32], settings: RecorderSettings) -> (World, Summary) {
        let mut builder = WorldBuilder::new("robot");
        let (source, observer) = camera(&mut builder);
        let tracker = Box::new(Sort::new(SortSettings { max_age_s: 1.0, ..SortSettings::default() }));
        let mut recorder = Recorder::new(&mut builder, source, observer, tracker, settings, false);
        let labels = ["car".to_owned()];
        let segment = |until| Segment {
            until,
            known: until,
            labels: &labels,
            smallest_px: None,
            uncovered: &[],
            sampled: None,
        };
        let time = |k: u32| Time(i64::from(k) * 33_333_333);
        for k in 0..60u32 {
            let mut detections = Vec::new();
            let mut see = |left: f64, top: f64| {
                let box_px = BoxPx::new(left, top, 40.0, 30.0).expect("finite");
                detections.push(Detection { box_px, score: Some(0.9), label: "car".into() });
            };
            if !(20..25).contains(&k) {
                see(10.0 + 2.0 * f64::from(k), 100.0);
            }
            if k == 7 {
                see(500.0, 300.0);
            }
            if segments.contains(&k) {
                recorder.close_segment(&mut builder, &segment(time(k))).expect("in memory");
            }
            recorder
                .picture(&DetectedPicture { t: time(k), frame_index: k, detections }, time(k))
                .expect("in order");
        }
        recorder.finish(&mut builder, &segment(time(60))).expect("in memory");
        let summary = recorder.summary();
        (builder.build().expect("valid"), summary)
    }

    #[test]
    fn a_gap_is_filled_and_a_flicker_is_kept_without_a_track() {
        let (world, summary) = world(&[], RecorderSettings::default());
        assert_eq!((summary.n_tracks, summary.n_unassigned), (1, 1));
        let entity = world.entities().next().expect("one car");
        let run = &world.trajectory(entity).expect("in memory").runs[0];
        assert_eq!(run.len(), 60);
        let filled = run.samples().filter(|s| s.origin == Origin::Interpolated).count();
        assert_eq!(filled, 5);
        assert_eq!(world.unassigned().expect("in memory").len(), 1);
        let reason = &world.identities_of(entity).next().expect("one row").reason;
        assert!(reason.starts_with("sort: 55 sightings"), "{reason}");
    }

    #[test]
    fn segments_do_not_change_what_is_found() {
        let (whole, _) = world(&[], RecorderSettings { online: true, ..RecorderSettings::default() });
        let (parts, _) =
            world(&[3, 22, 40], RecorderSettings { online: true, ..RecorderSettings::default() });
        let boxes = |w: &World| {
            let entity = w.entities().next().expect("one car");
            let run = w.trajectory(entity).expect("in memory").runs.remove(0);
            run.samples().map(|s| (s.t, s.box_px, s.origin)).collect::<Vec<_>>()
        };
        assert_eq!(boxes(&whole), boxes(&parts));
        let covered = |w: &World| w.coverage().map(|c| c.span).collect::<chronotope_world::Spans>();
        assert_eq!(covered(&whole), covered(&parts));
    }

    #[test]
    fn hindsight_is_not_known_before() {
        let (world, _) = world(&[], RecorderSettings::default());
        let early = chronotope_world::View { as_of: u64::MAX, asked_at: Time::from_s(1.0) };
        assert_eq!(world.seen(early).entities().count(), 0);
        assert_eq!(world.entities().count(), 1);
    }
}
