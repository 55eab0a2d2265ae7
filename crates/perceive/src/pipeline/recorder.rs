//! Detections, as they come, become tracks, identities and coverage in a World.

use crate::camera::GroundCalibration;
use crate::detect::{DetectedPicture, Detection};
use crate::track::refine::RefineSettings;
use crate::track::smooth::smooth;
use crate::track::{Decision, Error as TrackError, Reason, Tracked, Tracker};
use chronotope_world::{
    BoxPx, Coverage, CoverageId, Event, EventId, Identity, IdentityId, Known, Label, ObserverId, Origin,
    Pose, Reference, ReferenceFrame, ReferenceFrameId, RowWriter, Sample, Scale, SourceId, Span, Time, Track,
    TrackId, Transform, TransformId, TransformKind,
};
use std::collections::BTreeMap;

/// One pixel either way: how exactly a detector's box ends at the feet, as far as nothing better is known.
const FOOT_SIGMA_PX: f64 = 2.0;

/// Boxes of `watch` stand on a grid of 1/256 pixel, finer than any detector is exact; they cost a third on disk.
const GRID_PX: f64 = 256.0;

/// How detections become tracks.
#[derive(Clone, Debug)]
pub struct RecorderSettings {
    /// Which tracks to believe, which gaps to fill, and how paths are smoothed: offline, segment by segment. The samples then
    /// say where a thing most likely was, by all its sightings of the segment.
    pub refine: RefineSettings,
    /// What is recorded may not rest on later observations than its own: rows are known at their own time. Otherwise rows are
    /// known at the end of the segment that they are written with.
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
    unassigned: Vec<(Time, u32, Detection)>,
    pictures: Vec<(Time, u32)>,
    covered_until: Option<Time>,
    camera_track: Option<TrackId>,
    carried: Vec<Carried>,
    summary: Summary,
}

/// What a recorder has found so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
struct Open {
    label: String,
    confirmed: bool,
    n_seen: usize,
    first: Time,
    last: Time,
    written: Option<Written>,
    /// Sightings that are not written yet.
    waiting: Vec<Sighting>,
    history: History,
}

/// What has been written of a track.
#[derive(Clone, Copy)]
struct Written {
    track: TrackId,
    entity: chronotope_world::EntityId,
    last: Sighting,
}

#[derive(Clone, Copy)]
struct Sighting {
    t: Time,
    frame_index: u32,
    box_px: BoxPx,
    score: Option<f64>,
}

/// The decisions about a track, in sum.
#[derive(Clone, Copy, Default)]
struct History {
    n_matched: u32,
    similarity: f64,
    n_recovered: u32,
    longest_unseen_ns: i64,
}

/// A track of the bundle that goes on, for a resumed recording.
struct Carried {
    entity: chronotope_world::EntityId,
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

    /// Lets a recording go on: a new track that begins where this entity was last seen is taken for the same one.
    pub fn carry_on(&mut self, entity: chronotope_world::EntityId, t: Time, box_px: BoxPx, label: &str) {
        self.carried.push(Carried { entity, t, box_px, label: label.to_owned() });
    }

    /// What has been found so far.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Takes the next picture's detections, in order of time. An empty list is an observation too.
    ///
    /// # Errors
    /// The picture's time is not after the last one's. A picture that the tracker cannot follow in bounded time is kept
    /// without tracks and counted.
    pub fn picture<R: RowWriter>(
        &mut self,
        rows: &mut R,
        picture: &DetectedPicture,
    ) -> Result<(), TrackError> {
        match self.tracker.update(picture, &mut self.tracked) {
            Ok(()) => {}
            Err(error @ TrackError::NotLater { .. }) => return Err(error),
            Err(_refused) => {
                self.summary.n_refused += 1;
                let kept = picture.detections.iter().map(|d| (picture.t, picture.frame_index, d.clone()));
                self.unassigned.extend(kept);
                self.pictures.push((picture.t, picture.frame_index));
                return Ok(());
            }
        }
        self.summary.n_pictures += 1;
        self.summary.n_detections += picture.detections.len() as u64;
        self.pictures.push((picture.t, picture.frame_index));
        for (detection, link) in picture.detections.iter().zip(&self.tracked.links) {
            let Some(link) = link else {
                self.unassigned.push((picture.t, picture.frame_index, detection.clone()));
                continue;
            };
            let open = self.open.entry(link.track_id).or_insert_with(|| Open {
                label: detection.label.clone(),
                confirmed: false,
                n_seen: 0,
                first: picture.t,
                last: picture.t,
                written: None,
                waiting: Vec::new(),
                history: History::default(),
            });
            open.confirmed |= link.confirmed;
            open.n_seen += 1;
            open.last = picture.t;
            open.waiting.push(Sighting {
                t: picture.t,
                frame_index: picture.frame_index,
                box_px: on_grid(detection.box_px),
                score: detection.score,
            });
        }
        for i in 0..self.tracked.decisions.len() {
            let decision = self.tracked.decisions[i];
            self.decided(rows, decision, picture.t);
        }
        Ok(())
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

    /// Writes what is settled by a time: sightings of believed tracks, detections without a track, coverage of the pictures.
    /// `labels` are those that the detector would have reported, `smallest_px` the smallest side.
    pub fn close_segment<R: RowWriter>(
        &mut self,
        rows: &mut R,
        until: Time,
        labels: &[String],
        smallest_px: Option<f64>,
        uncovered: &[Span],
    ) -> Result<(), R::Error> {
        let known_at = (!self.settings.online).then_some(until);
        self.settle(rows, until, known_at, false)?;
        self.cover(rows, until, labels, smallest_px, uncovered, known_at);
        Ok(())
    }

    /// Writes the rest: no more pictures come.
    pub fn finish<R: RowWriter>(
        &mut self,
        rows: &mut R,
        until: Time,
        labels: &[String],
        smallest_px: Option<f64>,
        uncovered: &[Span],
    ) -> Result<(), R::Error> {
        let known_at = (!self.settings.online).then_some(until);
        self.settle(rows, until, known_at, true)?;
        self.cover(rows, until, labels, smallest_px, uncovered, known_at);
        Ok(())
    }

    fn settle<R: RowWriter>(
        &mut self,
        rows: &mut R,
        until: Time,
        known_at: Option<Time>,
        all: bool,
    ) -> Result<(), R::Error> {
        let refine = self.settings.refine;
        let patience_ns = Time::from_s(self.settings.patience_s).0;
        for id in self.open.keys().copied().collect::<Vec<_>>() {
            let Some(open) = self.open.get(&id) else { continue };
            let lasted_s = Time(open.last - open.first).as_s();
            let believed = open.confirmed && open.n_seen >= refine.min_seen && lasted_s >= refine.min_s;
            let over = all || until - open.last > patience_ns;
            if believed && let Some(open) = self.open.get_mut(&id) {
                let waiting = std::mem::take(&mut open.waiting);
                self.write_track(rows, id, &waiting, known_at)?;
            }
            if over && let Some(open) = self.open.remove(&id) {
                let label = open.label;
                self.unassigned.extend(open.waiting.into_iter().map(|s| {
                    let detection = Detection { box_px: s.box_px, score: s.score, label: label.clone() };
                    (s.t, s.frame_index, detection)
                }));
            }
        }
        for (t, frame_index, detection) in std::mem::take(&mut self.unassigned) {
            let mut sample = Sample::new(self.source, None, t, Origin::Observed);
            sample.observer = Some(self.observer);
            sample.frame_index = Some(frame_index);
            sample.box_px = Some(on_grid(detection.box_px));
            sample.score = detection.score;
            sample.known.at = known_at.unwrap_or(t).max(t);
            rows.sample(sample)?;
            self.summary.n_unassigned += 1;
        }
        Ok(())
    }

    fn write_track<R: RowWriter>(
        &mut self,
        rows: &mut R,
        id: u64,
        seen: &[Sighting],
        known_at: Option<Time>,
    ) -> Result<(), R::Error> {
        let (Some(open), Some(first)) = (self.open.get(&id), seen.first().copied()) else { return Ok(()) };
        let (label, history, n_seen, was) = (open.label.clone(), open.history, open.n_seen, open.written);
        let written = was.unwrap_or_else(|| {
            // a track is believed when it has been seen often enough, not at its first sighting
            let believed_at =
                seen.get(self.settings.refine.min_seen.saturating_sub(1)).map_or(first.t, |s| s.t);
            let known = Known::at(known_at.unwrap_or(believed_at));
            let max_gap_ns = Time::from_s(self.settings.refine.max_gap_s).0;
            let mut row = Track::new(self.source, id.to_string(), known);
            row.observer = Some(self.observer);
            row.tolerance_ns = Some(max_gap_ns);
            let track = rows.track(row);
            rows.label(Label::new(track, label.clone(), "detector", known));
            let (entity, reason) = self.entity_for(rows, &label, first, history, n_seen);
            rows.identity(Identity {
                id: IdentityId(0),
                track,
                span: Span::ALWAYS,
                entity,
                confidence: None,
                reason,
                known,
                closed: None,
            });
            self.summary.n_tracks += 1;
            Written { track, entity, last: first }
        });
        let mut last = was.map(|w| w.last);
        let mut path: Vec<(Sighting, Origin)> = Vec::with_capacity(seen.len());
        for sighting in seen {
            if let Some(before) = last {
                path.extend(self.filled(before, *sighting).into_iter().map(|s| (s, Origin::Interpolated)));
            }
            path.push((*sighting, Origin::Observed));
            last = Some(*sighting);
        }
        if let Some(settings) = self.settings.refine.smooth.filter(|_| !self.settings.online) {
            let sightings: Vec<(Time, Option<BoxPx>)> = path
                .iter()
                .map(|(s, origin)| (s.t, (*origin == Origin::Observed).then_some(s.box_px)))
                .collect();
            for ((sighting, _), smoothed) in path.iter_mut().zip(smooth(&sightings, settings)) {
                sighting.box_px = on_grid(smoothed);
            }
        }
        for (sighting, origin) in path {
            let known = known_at.unwrap_or(sighting.t);
            self.write_sample(rows, written.track, sighting, origin, known)?;
        }
        if let Some(open) = self.open.get_mut(&id) {
            open.written = Some(Written { last: last.unwrap_or(first), ..written });
        }
        Ok(())
    }

    /// A new entity, or the one that a resumed recording carries on.
    fn entity_for<R: RowWriter>(
        &mut self,
        rows: &mut R,
        label: &str,
        first: Sighting,
        history: History,
        n_seen: usize,
    ) -> (chronotope_world::EntityId, String) {
        let best = self
            .carried
            .iter()
            .enumerate()
            .filter(|(_, c)| c.label == label)
            .map(|(i, c)| (i, c.box_px.iou(first.box_px)))
            .filter(|(_, iou)| *iou >= 0.3)
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some((i, iou)) = best {
            let carried = self.carried.remove(i);
            let gap = Time((first.t - carried.t).max(0));
            return (carried.entity, format!("resumed: overlap {iou:.2} after {gap} s"));
        }
        let mut reason = format!("{}: {n_seen} sightings", self.tracker.name());
        if history.n_matched > 0 {
            reason += &format!(", mean similarity {:.2}", history.similarity / f64::from(history.n_matched));
        }
        if history.n_recovered > 0 {
            let longest = Time(history.longest_unseen_ns);
            reason +=
                &format!(", found again {} times after up to {:.2} s", history.n_recovered, longest.as_s());
        }
        (rows.entity(), reason)
    }

    /// The pictures between two sightings, with boxes on straight lines, where the gap may be filled.
    fn filled(&self, a: Sighting, b: Sighting) -> Vec<Sighting> {
        let gap_ns = b.t - a.t;
        if gap_ns as f64 > self.settings.refine.max_gap_s * 1e9 + 1e6 {
            return Vec::new();
        }
        let from = self.pictures.partition_point(|(t, _)| *t <= a.t);
        let between = self.pictures[from..].iter().take_while(|(t, _)| *t < b.t);
        between
            .filter_map(|&(t, frame_index)| {
                let u = (t - a.t) as f64 / gap_ns as f64;
                let mix = |p: f64, q: f64| p + u * (q - p);
                let (p, q) = (a.box_px, b.box_px);
                let box_px = BoxPx::new(
                    mix(p.left, q.left),
                    mix(p.top, q.top),
                    mix(p.width, q.width),
                    mix(p.height, q.height),
                )?;
                Some(Sighting { t, frame_index, box_px: on_grid(box_px), score: None })
            })
            .collect()
    }

    fn write_sample<R: RowWriter>(
        &self,
        rows: &mut R,
        track: TrackId,
        seen: Sighting,
        origin: Origin,
        known_at: Time,
    ) -> Result<(), R::Error> {
        let mut sample = Sample::new(self.source, Some(track), seen.t, origin);
        sample.observer = Some(self.observer);
        sample.frame_index = Some(seen.frame_index);
        sample.box_px = Some(seen.box_px);
        sample.score = seen.score;
        sample.known.at = known_at.max(seen.t);
        if let (Some(ground), Some(reference_frame)) = (&self.settings.ground, self.ground_frame)
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

    fn decided<R: RowWriter>(&mut self, rows: &mut R, decision: Decision, t: Time) {
        let Some(open) = decision.track_id.and_then(|id| self.open.get_mut(&id)) else { return };
        let fit = match decision.reason {
            Reason::Matched(fit) => fit,
            Reason::Recovered { fit, unseen_ns } => {
                open.history.n_recovered += 1;
                open.history.longest_unseen_ns = open.history.longest_unseen_ns.max(unseen_ns);
                if let Some(written) = open.written {
                    let words = format!("unseen for {} s, similarity {:.2}", Time(unseen_ns), fit.similarity);
                    let (entity, source) = (written.entity, self.source);
                    rows.event(Event {
                        id: EventId(0),
                        kind: "found again".to_owned(),
                        span: Span::at(t),
                        parent: None,
                        roles: vec![
                            ("agent".to_owned(), Reference::Entity(entity)),
                            ("reason".to_owned(), Reference::Text(words)),
                        ],
                        confidence: None,
                        source,
                        known: Known::at(t),
                        closed: None,
                    });
                }
                fit
            }
            _ => return,
        };
        open.history.n_matched += 1;
        open.history.similarity += f64::from(fit.similarity);
    }

    /// Coverage of the pictures since the last segment, less the spans in which the detector was blind.
    fn cover<R: RowWriter>(
        &mut self,
        rows: &mut R,
        until: Time,
        labels: &[String],
        smallest_px: Option<f64>,
        uncovered: &[Span],
        known_at: Option<Time>,
    ) {
        let from = self.covered_until.or(self.pictures.first().map(|(t, _)| *t));
        let Some(span) = from.and_then(|from| Span::new(from, until)).filter(|span| !span.is_empty()) else {
            return;
        };
        let blind: chronotope_world::Spans = uncovered.iter().copied().collect();
        for span in &chronotope_world::Spans::from(span).minus(&blind) {
            rows.coverage(Coverage {
                id: CoverageId(0),
                source: self.source,
                observer: Some(self.observer),
                span: *span,
                region_px: None,
                labels: labels.to_vec(),
                smallest_px,
                recall: None,
                complete: true,
                known: Known::at(known_at.unwrap_or(span.start())),
            });
        }
        self.covered_until = Some(until);
        // gaps of tracks that go on are filled from the pictures since their last sighting
        let keep_from = self
            .open
            .values()
            .map(|open| open.waiting.first().map_or(open.last, |s| s.t))
            .min()
            .map_or(self.pictures.len(), |t| self.pictures.partition_point(|(p, _)| *p < t));
        let n = keep_from.min(self.pictures.partition_point(|(p, _)| *p < until));
        self.pictures.drain(..n);
    }
}

fn on_grid(b: BoxPx) -> BoxPx {
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
                recorder.close_segment(&mut builder, time(k), &labels, None, &[]).expect("in memory");
            }
            recorder
                .picture(&mut builder, &DetectedPicture { t: time(k), frame_index: k, detections })
                .expect("in order");
        }
        recorder.finish(&mut builder, time(60), &labels, None, &[]).expect("in memory");
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
