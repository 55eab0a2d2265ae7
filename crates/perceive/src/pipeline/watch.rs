//! `watch`: a video, file or stream, becomes rows, in one decode.

use super::camera_rows::CameraRows;
use super::recorder::{Recorder, RecorderSettings, Segment, Summary};
use super::resume::Resume;
use crate::Error;
use crate::detect::DetectedPicture;
use crate::detect::file::{FileDetections, nearest_span};
use crate::detect::motion::{
    MOVING_OBJECT, MotionDetector, MotionError, MotionPicture, MotionReport, MotionSettings,
};
use crate::detect::vlm::Looked;
use crate::track::catalogue::{Make, TRACKERS};
use crate::track::refine::RefineSettings;
use crate::track::{Tracked, Tracker};
use crate::video::{Settings as VideoSettings, Size, Spool, Video};
use chronotope_world::{
    Clock, Known, Observer, ObserverId, ObserverKind, ReferenceFrame, RowWriter, Scale, Source, SourceId,
    SourceKind, Span, Time, World,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where detections come from.
#[derive(Clone, Debug)]
pub enum Detector {
    /// What moves, without a model.
    Motion,
    /// Made by somebody else.
    File {
        /// The file, for the record.
        uri: String,
        /// What it says.
        detections: FileDetections,
    },
    /// A chat model, which has looked already.
    Vlm(Arc<Looked>),
}

/// How to watch.
#[derive(Clone, Debug)]
pub struct WatchSettings {
    /// Where detections come from.
    pub detector: Detector,
    /// The motion detector's settings; it also tells what the camera does, whatever detects.
    pub motion: MotionSettings,
    /// A tracker of boxes in pictures, by its name in the catalogue.
    pub tracker: String,
    /// How detections become tracks. A ground calibration may be made at another picture size of the same shape.
    pub recorder: RecorderSettings,
    /// First moment of the video to look at.
    pub from: Option<Time>,
    /// First moment not to look at.
    pub to: Option<Time>,
    /// How this video's clock maps to the record's; none: only the order of its pictures is known against others.
    pub clock: Option<Clock>,
    /// After how much video, in seconds, what is settled is committed; live at the next picture, offline when what the
    /// detector looks at together is done.
    pub segment_s: f64,
    /// Live, how much video the first segments hold, in seconds: who has just begun to watch asks soon. They grow with the record,
    /// to a sixtieth of its age, until they hold `segment_s`; none: all hold that much.
    pub early_segment_s: Option<f64>,
    /// Threads of the detector; 0 for one a core. Results do not depend on it.
    pub threads: usize,
    /// How long a silent stream is waited for, in seconds.
    pub wait_s: f64,
    /// SHA-256 of the video, where the caller knows it.
    pub sha256: Option<String>,
    /// An earlier watch of the same video that goes on here.
    pub resume: Option<Resume>,
    /// Of a source that cannot be read again (a camera, a pipe) the earlier watch says nothing: what comes now is added as a
    /// source of its own. Otherwise it is refused.
    pub add_again: bool,
    /// Where a pipe or an address is kept meanwhile that must be read backwards; none: it is refused.
    pub keep: Option<Keep>,
}

/// Where and how much of a source that must be read backwards is kept while it is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The folder, made where it does not exist.
    pub folder: std::path::PathBuf,
    /// A longer source is refused.
    pub most_bytes: u64,
}

impl Default for WatchSettings {
    fn default() -> WatchSettings {
        WatchSettings {
            detector: Detector::Motion,
            motion: MotionSettings::default(),
            tracker: "byte-track".to_owned(),
            recorder: RecorderSettings::default(),
            from: None,
            to: None,
            clock: Some(Clock::SAME),
            segment_s: 30.0,
            early_segment_s: None,
            threads: 0,
            wait_s: 10.0,
            sha256: None,
            resume: None,
            add_again: false,
            keep: None,
        }
    }
}

/// Progress, after every picture.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Pictures seen.
    pub n_pictures: u64,
    /// Time of the last picture in the video.
    pub t: Time,
    /// Where the video begins, and where it ends if that is known.
    pub span: (Time, Option<Time>),
}

/// What the caller does while a video is watched.
pub trait Watching<R: RowWriter> {
    /// Called after every picture; false: stop here. What can be read again keeps what is settled, and goes on from there
    /// another time; of a stream everything seen is settled first.
    fn progress(&mut self, progress: Progress) -> bool;

    /// Called while a source is copied that must be read backwards, with the bytes so far; false: stop here.
    fn copied(&mut self, n_bytes: u64) -> bool {
        let _ = n_bytes;
        true
    }

    /// Called when a segment is settled: a bundle commits a revision. `saved` is what an interrupted watch goes on from, see
    /// [`Resume`]; none at the end, and where it could not be read again.
    ///
    /// # Errors
    /// As the rows' own.
    fn commit(&mut self, rows: &mut R, saved: Option<&[u8]>) -> Result<(), R::Error>;
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The camera's row.
    pub observer: ObserverId,
    /// Tracks and detections.
    pub summary: Summary,
    /// Shots, camera motion, spans without coverage.
    pub motion: MotionReport,
    /// The stretch that was looked at and is settled.
    pub span: Option<Span>,
    /// Pictures that were broken or lost.
    pub n_faults: u64,
    /// The first broken pictures, in words.
    pub faults: Vec<String>,
    /// It was stopped before its end.
    pub interrupted: bool,
    /// It was stopped, and can go on from what is settled: the video can be read again.
    pub goes_on: bool,
}

/// Why watching stopped.
#[derive(Debug, thiserror::Error)]
pub enum WatchError<E> {
    /// The video cannot be read.
    #[error(transparent)]
    Video(#[from] Error),
    /// The detector refused.
    #[error(transparent)]
    Motion(#[from] MotionError),
    /// The tracker refused.
    #[error(transparent)]
    Track(#[from] crate::track::Error),
    /// The calibration does not fit the video.
    #[error(transparent)]
    Ground(#[from] crate::camera::GroundError),
    /// A setting outside its range.
    #[error("{setting}: expected {expected}, found {found}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// What would do.
        expected: String,
        /// What was given.
        found: String,
    },
    /// The span that was asked for lies outside the video.
    #[error("expected a picture in the span that was asked for, found none {after}: {video}")]
    Nothing {
        /// From when on, in words.
        after: String,
        /// The video.
        video: String,
    },
    /// The source was watched before and cannot be read again.
    #[error(
        "expected a video that can be read again, found a pipe or a live source that was watched before: {video}"
    )]
    Again {
        /// The source.
        video: String,
    },
    /// The rows cannot be written.
    #[error("{0}")]
    Rows(E),
}

/// Watches a video to its end, or until `watching` stops it.
///
/// Rows: the video, the detector as a source derived from it, the camera, tracks with identities and samples, unassigned
/// detections, coverage, shots and camera motion as events, and `stage` transforms where the camera moved.
///
/// # Errors
/// See [`WatchError`]. What was committed stays; where a stream breaks off, what it had shown is settled first.
pub fn watch<R: RowWriter>(
    rows: &mut R,
    video: &str,
    settings: &WatchSettings,
    watching: &mut dyn Watching<R>,
) -> Result<Watched, WatchError<R::Error>> {
    let mut reader = opened(video, settings, watching)?;
    let info = reader.info().clone();
    let lasting = info.seekable && !info.kept;
    let fresh = WatchSettings { resume: None, ..settings.clone() };
    let settings = match settings.resume {
        Some(_) if !lasting && !settings.add_again => {
            return Err(WatchError::Again { video: video.to_owned() });
        }
        Some(_) if !lasting => &fresh,
        _ => settings,
    };
    let asked =
        [settings.from, settings.resume.as_ref().map(|resume| resume.from)].into_iter().flatten().max();
    let start = asked.unwrap_or(Time(0));
    let nothing = || {
        let after = match (settings.from, info.duration_ns.map(Time)) {
            (Some(from), Some(end)) => format!("from {from} s on; the video ends at {end} s"),
            (Some(from), None) => format!("from {from} s on"),
            (None, _) => "at all".to_owned(),
        };
        WatchError::Nothing { after, video: video.to_owned() }
    };
    if settings.resume.is_none() && info.duration_ns.is_some_and(|length| start >= Time(length)) {
        return Err(nothing());
    }
    let mut watcher = Watcher::new(rows, video, settings, &info)?;
    let end = [settings.to, info.duration_ns.map(Time)].into_iter().flatten().min();
    let from = watcher.after.or(asked);
    if let Some(from) = from.filter(|_| info.seekable) {
        reader.start_at(from)?;
    }
    let (width, height) = watcher.motion.analysis_size();
    let mut interrupted = false;
    let mut broken = None;
    loop {
        let picture = match reader.next_picture() {
            Ok(Some(picture)) => picture,
            Ok(None) => break,
            Err(error) => {
                broken = Some(error);
                break;
            }
        };
        let t = picture.t();
        if from.is_some_and(|from| t < from) || watcher.after.is_some_and(|after| t <= after) {
            continue;
        }
        if settings.to.is_some_and(|to| t >= to) {
            break;
        }
        let image = picture.rgb(Size::Exact(width, height))?;
        let seen = MotionPicture { t, frame_index: picture.frame_index(), width, height, rgb: &image.data };
        watcher.push(rows, seen, watching)?;
        let progress = Progress { n_pictures: watcher.state.n_pictures, t, span: (start, end) };
        if !watching.progress(progress) {
            interrupted = true;
            break;
        }
    }
    let faults = reader.faults();
    let words = faults.as_slice().iter().take(10).map(ToString::to_string).collect();
    let n_faults = faults.count();
    if watcher.state.first.is_none() && settings.resume.is_none() {
        return Err(broken.map_or_else(nothing, WatchError::from));
    }
    let goes_on = watcher.resumable && interrupted;
    let watched = if goes_on { watcher.stopped() } else { watcher.finish(rows, watching)? };
    match broken {
        Some(error) => Err(error.into()),
        None => Ok(Watched { n_faults, faults: words, interrupted, goes_on, ..watched }),
    }
}

/// The video, copied first where it has to be.
fn opened<R: RowWriter>(
    video: &str,
    settings: &WatchSettings,
    watching: &mut dyn Watching<R>,
) -> Result<Video, Error> {
    let mut progress = |n_bytes| watching.copied(n_bytes);
    let keep = settings.keep.as_ref();
    let spool = keep.map(|k| Spool { folder: &k.folder, most_bytes: k.most_bytes, progress: &mut progress });
    Video::open_or_keep(video, VideoSettings { threads: 1, wait_s: settings.wait_s }, spool)
}

/// Early segments hold one part in so many of the record's age: some hundred commits more in all, as each names all parts anew.
const GROWTH: i64 = 60;

struct Watcher {
    motion: MotionDetector,
    recorder: Recorder,
    camera: CameraRows,
    source: SourceId,
    observer: ObserverId,
    given: Option<FileDetections>,
    looked: Option<Arc<Looked>>,
    picture_px: [u32; 2],
    labels: Vec<String>,
    clock: Clock,
    online: bool,
    segment_ns: i64,
    early_segment_ns: Option<i64>,
    /// Can be interrupted and go on later.
    resumable: bool,
    fingerprint: String,
    /// Time of the last picture that an interrupted watch had seen.
    after: Option<Time>,
    state: State,
    /// What had been found when it was settled last.
    settled_summary: Summary,
}

/// What a watch remembers of its pictures; times of the video.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct State {
    before: Option<Time>,
    segment_start: Option<Time>,
    n_pictures: u64,
    first: Option<Time>,
    last: Option<Time>,
    interval_ns: i64,
    /// Up to where it is settled.
    settled: Option<Time>,
}

impl Watcher {
    fn new<R: RowWriter>(
        rows: &mut R,
        video: &str,
        settings: &WatchSettings,
        info: &crate::video::Info,
    ) -> Result<Watcher, WatchError<R::Error>> {
        let uri = detector_of(settings);
        let mut looked = None;
        let (labels, given) = match &settings.detector {
            Detector::Motion => (vec![MOVING_OBJECT.to_owned()], None),
            Detector::File { detections, .. } => {
                let labels = detections.labels().map(str::to_owned).collect();
                (labels, Some(detections.clone()))
            }
            Detector::Vlm(seen) => {
                looked = Some(Arc::clone(seen));
                (seen.find.clone(), None)
            }
        };
        let make = TRACKERS.iter().find(|(entry, _)| entry.name == settings.tracker).map(|(_, make)| *make);
        let Some(Make::Px(make)) = make else {
            let names: Vec<&str> = TRACKERS
                .iter()
                .filter(|(_, make)| matches!(make, Make::Px(_)))
                .map(|(entry, _)| entry.name)
                .collect();
            return Err(WatchError::Setting {
                setting: "tracker",
                expected: format!("one of {}", names.join(", ")),
                found: settings.tracker.clone(),
            });
        };
        let mut recorder_settings = settings.recorder.clone();
        if let Some(ground) = &recorder_settings.ground {
            recorder_settings.ground = Some(ground.scaled_to(info.width, info.height)?);
        }
        let clock = settings.resume.as_ref().map_or(settings.clock, |resume| resume.clock);
        let online = recorder_settings.online;
        let motion_settings = MotionSettings { threads: settings.threads, online, ..settings.motion.clone() };
        // what the saved state of one watch means to another
        let fingerprint = format!(
            "{} {uri} {} {:?} {recorder_settings:?} {} {:?} {:?} {}x{}",
            env!("CARGO_PKG_VERSION"),
            settings.tracker,
            MotionSettings { threads: 0, ..motion_settings.clone() },
            settings.segment_s,
            settings.early_segment_s,
            clock,
            info.width,
            info.height
        );
        let motion = MotionDetector::new(motion_settings, info.width, info.height)?;
        let (perception, observer) = match &settings.resume {
            Some(resume) => (resume.perception, resume.observer),
            None => add_sources(rows, video, settings, info, uri),
        };
        let mut tracker = make(info.rate_hz.filter(|rate| *rate > 0.0 && rate.is_finite()).unwrap_or(30.0));
        if looked.is_some() {
            tracker = Box::new(ByDetector);
            recorder_settings.refine =
                RefineSettings { min_seen: 1, min_s: 0.0, smooth: None, ..recorder_settings.refine };
        }
        let resumed = settings.resume.is_some();
        let recorder = Recorder::new(rows, perception, observer, tracker, recorder_settings, resumed);
        let first_shot = settings.resume.as_ref().map_or(0, |resume| resume.first_shot);
        let clock = clock.unwrap_or(Clock::SAME);
        let mut watcher = Watcher {
            motion,
            recorder,
            camera: CameraRows::new(perception, observer, clock, online, first_shot),
            source: perception,
            observer,
            given,
            looked,
            picture_px: [info.width, info.height],
            labels,
            clock,
            online,
            segment_ns: Time::from_s(settings.segment_s).0.max(1),
            early_segment_ns: settings.early_segment_s.filter(|_| online).map(|s| Time::from_s(s).0.max(1)),
            resumable: info.seekable && !info.kept,
            fingerprint,
            after: None,
            state: State { interval_ns: 1, ..State::default() },
            settled_summary: Summary::default(),
        };
        if let Some(resume) = &settings.resume {
            let saved = resume.saved.iter().any(|saved| watcher.restore(saved, resume.settled));
            if !saved {
                for (entity, t, box_px, label) in &resume.in_view {
                    watcher.recorder.carry_on(*entity, *t, *box_px, label);
                }
            }
        }
        Ok(watcher)
    }

    /// All that is needed to go on from after what was written, with a checksum; none where the parts cannot say.
    fn save(&self) -> Option<Vec<u8>> {
        let (motion, recorder) = (self.motion.save()?, self.recorder.save()?);
        let state = (&self.fingerprint, &self.state, &self.camera);
        let parts = (state, serde_bytes::Bytes::new(&motion), serde_bytes::Bytes::new(&recorder));
        let mut saved = postcard::to_allocvec(&parts).ok()?;
        saved.extend(Sha256::digest(&saved));
        Some(saved)
    }

    /// Goes on from a state saved with the same settings, if it is the one of what was settled last.
    fn restore(&mut self, saved: &[u8], settled: Time) -> bool {
        type Saved = ((String, State, CameraRows), serde_bytes::ByteBuf, serde_bytes::ByteBuf);
        let Some((saved, digest)) = saved.split_last_chunk::<32>() else { return false };
        if Sha256::digest(saved)[..] != digest[..] {
            return false;
        }
        let Ok(((fingerprint, state, camera), motion, recorder)) = postcard::from_bytes::<Saved>(saved)
        else {
            return false;
        };
        let same = fingerprint == self.fingerprint
            && state.settled.map(|t| self.on_record(t)) == Some(settled)
            && camera.is_for(self.source, self.observer);
        if !same || !self.motion.restore(&motion) || !self.recorder.restore(&recorder) {
            return false;
        }
        self.after = state.last;
        (self.state, self.camera) = (state, camera);
        self.settled_summary = self.recorder.summary();
        true
    }

    fn push<R: RowWriter>(
        &mut self,
        rows: &mut R,
        picture: MotionPicture<'_>,
        watching: &mut dyn Watching<R>,
    ) -> Result<(), WatchError<R::Error>> {
        let t = picture.t;
        if self.online && self.is_due(t) && !self.motion.waits() {
            self.close_segment(rows, t, watching)?;
        }
        let done = self.motion.push(picture)?;
        self.state.n_pictures += 1;
        self.state.first.get_or_insert(t);
        self.state.segment_start.get_or_insert(t);
        if let Some(last) = self.state.last.replace(t) {
            self.state.interval_ns = (t - last).max(1);
        }
        let all_before = !done.is_empty();
        for seen in done {
            self.record(seen, t)?;
        }
        // offline only where no picture waits but this one: what was learnt from later ones is not known earlier
        if !self.online && all_before && self.is_due(t) {
            self.close_segment(rows, t, watching)?;
        }
        Ok(())
    }

    fn is_due(&self, t: Time) -> bool {
        let age_ns = self.state.first.map_or(0, |first| t - first);
        let segment_ns = match self.early_segment_ns {
            Some(early_ns) => early_ns.max(age_ns / GROWTH).min(self.segment_ns),
            None => self.segment_ns,
        };
        self.state.segment_start.is_some_and(|start| t - start >= segment_ns)
    }

    /// Settles all before `t`, a time of the video.
    fn close_segment<R: RowWriter>(
        &mut self,
        rows: &mut R,
        t: Time,
        watching: &mut dyn Watching<R>,
    ) -> Result<(), WatchError<R::Error>> {
        let until = self.on_record(t);
        let blind = self.blind(t);
        let sampled = self.sampled();
        let segment = Segment {
            until,
            known: until,
            labels: &self.labels,
            smallest_px: self.smallest_px(),
            uncovered: &blind,
            sampled: sampled.as_deref(),
        };
        self.recorder.close_segment(rows, &segment).map_err(WatchError::Rows)?;
        if self.online {
            self.camera.so_far(rows, self.motion.report(), t);
        }
        (self.state.segment_start, self.state.settled) = (Some(t), Some(t));
        self.settled_summary = self.recorder.summary();
        let saved = if self.resumable { self.save() } else { None };
        watching.commit(rows, saved.as_deref()).map_err(WatchError::Rows)
    }

    /// Takes a picture that was looked at when the newest one was there.
    fn record<E>(&mut self, seen: DetectedPicture, newest: Time) -> Result<(), WatchError<E>> {
        if let Some(looked) = &self.looked {
            let mut given = looked.picture(seen.t, seen.frame_index);
            given.picture.t = self.on_record(seen.t);
            let tracked = given.tracked();
            self.recorder.picture_linked(&given.picture, self.on_record(newest), tracked, &given.followed);
            return Ok(());
        }
        let Some(mut seen) = self.detections(seen) else { return Ok(()) };
        seen.t = self.on_record(seen.t);
        self.recorder.picture(&seen, self.on_record(newest))?;
        Ok(())
    }

    /// The detections of a picture: the motion detector's, or those given; none for a picture past the end of a given file.
    fn detections(&mut self, seen: DetectedPicture) -> Option<DetectedPicture> {
        let before = self.state.before.replace(seen.t);
        let Some(given) = &self.given else { return Some(seen) };
        if given.last_frame_index().is_some_and(|last| seen.frame_index > last) {
            return None;
        }
        let nearest = nearest_span(before, seen.t, Some(seen.t.plus_ns(self.state.interval_ns)));
        Some(given.picture(seen.frame_index, seen.t, nearest, self.picture_px))
    }

    /// What is settled of a watch that goes on another time.
    fn stopped(self) -> Watched {
        let settled = self.state.first.zip(self.state.settled);
        let end = self.state.settled.or(self.state.first).unwrap_or_default();
        Watched {
            observer: self.observer,
            summary: self.settled_summary,
            motion: self.motion.report_until(end),
            span: settled.and_then(|(first, end)| Span::new(self.on_record(first), self.on_record(end))),
            n_faults: 0,
            faults: Vec::new(),
            interrupted: true,
            goes_on: true,
        }
    }

    fn finish<R: RowWriter>(
        mut self,
        rows: &mut R,
        watching: &mut dyn Watching<R>,
    ) -> Result<Watched, WatchError<R::Error>> {
        let motion =
            std::mem::replace(&mut self.motion, MotionDetector::new(MotionSettings::default(), 16, 16)?);
        let (done, report) = motion.finish()?;
        for seen in done {
            let newest = self.state.last.unwrap_or(seen.t);
            self.record(seen, newest)?;
        }
        let (first, last) = (self.state.first, self.state.last);
        let end = last.map(|last| last.plus_ns(self.state.interval_ns));
        let until = end.map_or(Time(0), |end| self.on_record(end));
        // the last picture is seen at its own time, live; afterwards all is known when it has been shown
        let known = last.filter(|_| self.online).map_or(until, |last| self.on_record(last));
        let blind: Vec<Span> =
            if self.is_given() { Vec::new() } else { self.spans_on_record(&report.uncovered) };
        let sampled = self.sampled();
        let segment = Segment {
            until,
            known,
            labels: &self.labels,
            smallest_px: (!self.is_given()).then_some(report.smallest_px),
            uncovered: &blind,
            sampled: sampled.as_deref(),
        };
        self.recorder.finish(rows, &segment).map_err(WatchError::Rows)?;
        self.camera.finish(rows, &report, until);
        watching.commit(rows, None).map_err(WatchError::Rows)?;
        let span =
            first.zip(end).and_then(|(first, end)| Span::new(self.on_record(first), self.on_record(end)));
        Ok(Watched {
            observer: self.observer,
            summary: self.recorder.summary(),
            motion: report,
            span,
            n_faults: 0,
            faults: Vec::new(),
            interrupted: false,
            goes_on: false,
        })
    }

    /// Where the detector was blind up to now: it had no background, or the camera travelled or could not be followed.
    fn blind(&self, until: Time) -> Vec<Span> {
        if self.is_given() {
            return Vec::new();
        }
        let from = self.state.settled.or(self.state.first).unwrap_or(until);
        self.spans_on_record(&self.motion.uncovered(Span::between(from, until)))
    }

    fn smallest_px(&self) -> Option<f64> {
        (!self.is_given()).then_some(self.motion.report().smallest_px)
    }

    /// Somebody else than the detector of motion tells what is there.
    fn is_given(&self) -> bool {
        self.given.is_some() || self.looked.is_some()
    }

    /// Where it was looked at moments alone.
    fn sampled(&self) -> Option<Vec<Span>> {
        self.looked.as_ref().map(|looked| self.spans_on_record(&looked.spans))
    }

    fn on_record(&self, t: Time) -> Time {
        on_record(self.clock, t)
    }

    fn spans_on_record(&self, spans: &[Span]) -> Vec<Span> {
        spans
            .iter()
            .map(|span| Span::between(self.on_record(span.start()), self.on_record(span.end())))
            .collect()
    }
}

/// A time of the video on the record.
pub(super) fn on_record(clock: Clock, t: Time) -> Time {
    let scaled = if clock.rate == 1.0 { t.0 } else { (t.0 as f64 * clock.rate).round() as i64 };
    clock.offset.plus_ns(scaled)
}

/// The rows of the video, its camera, and the detector that looked at it.
fn add_sources<R: RowWriter>(
    rows: &mut R,
    video: &str,
    settings: &WatchSettings,
    info: &crate::video::Info,
    detector: String,
) -> (SourceId, ObserverId) {
    let source = rows.source(Source {
        id: SourceId(0),
        kind: SourceKind::Video,
        uri: video.to_owned(),
        sha256: settings.sha256.clone(),
        record_from_source: settings.clock,
        derived_from: None,
        settings: format!("codec={} container={}", info.codec, info.container.replace(' ', "_")),
        known: Known::ALWAYS,
    });
    let observer = rows.observer(Observer {
        id: ObserverId(0),
        source,
        kind: ObserverKind::Camera,
        name: name_of(video),
        picture_px: Some([info.width, info.height]),
        intrinsics: None,
        known: Known::ALWAYS,
    });
    rows.reference_frame(ReferenceFrame::Image(observer), Scale::Pixel);
    let perception = rows.source(Source {
        id: SourceId(0),
        kind: SourceKind::Perception,
        uri: detector,
        sha256: None,
        record_from_source: settings.clock,
        derived_from: Some(source),
        settings: format!("{} chronotope={}", words_of(settings), env!("CARGO_PKG_VERSION")),
        known: Known::ALWAYS,
    });
    (perception, observer)
}

/// What of the settings decides what is found, beside the detector: as it stands in the row of the perception.
fn words_of(settings: &WatchSettings) -> String {
    let RecorderSettings { online, ground, refine, .. } = &settings.recorder;
    let mut words = match &settings.detector {
        Detector::Vlm(looked) => looked.words.clone(),
        _ => format!(
            "tracker={} smooth={}",
            settings.tracker,
            if *online || refine.smooth.is_none() { "no" } else { "rts" }
        ),
    };
    if *online {
        words += " online";
    }
    if let Some(ground) = ground {
        let digest = Sha256::digest(format!("{ground:?}"));
        words += " ground=";
        digest[..4].iter().for_each(|byte| words += &format!("{byte:02x}"));
    }
    words
}

/// In what these settings differ from those that a video was watched with before, in words; none where they are the same, or where the earlier
/// ones are not told.
pub fn other_settings(world: &World, resume: &Resume, settings: &WatchSettings) -> Option<String> {
    let before = world.source(resume.perception)?;
    let detector = detector_of(settings);
    let words = |text: &str| -> BTreeSet<String> {
        let own = |word: &&str| !word.starts_with("chronotope=");
        text.split(' ').filter(own).map(str::to_owned).collect()
    };
    let (mut was, mut is) = (words(&before.settings), words(&words_of(settings)));
    was.insert(format!("detector={}", before.uri));
    is.insert(format!("detector={detector}"));
    let list = |words: &BTreeSet<String>, others: &BTreeSet<String>| {
        let only: Vec<&str> = words.difference(others).map(String::as_str).collect();
        if only.is_empty() { "nothing of this".to_owned() } else { only.join(" ") }
    };
    (was != is).then(|| format!("{}, now {}", list(&was, &is), list(&is, &was)))
}

/// The detector, as the row of the perception names it.
fn detector_of(settings: &WatchSettings) -> String {
    match &settings.detector {
        Detector::Motion => "motion".to_owned(),
        Detector::File { uri, .. } => format!("file:{uri}"),
        Detector::Vlm(looked) => looked.name.clone(),
    }
}

/// In place of a tracker where the detector knows itself what is one thing.
struct ByDetector;

impl Tracker for ByDetector {
    fn name(&self) -> &'static str {
        "optical flow"
    }

    fn update(
        &mut self,
        picture: &DetectedPicture,
        tracked: &mut Tracked,
    ) -> Result<(), crate::track::Error> {
        *tracked = Tracked::default();
        tracked.links.resize_with(picture.detections.len(), || None);
        Ok(())
    }

    fn save(&self) -> Option<Vec<u8>> {
        Some(Vec::new())
    }

    fn restore(&mut self, saved: &[u8]) -> bool {
        saved.is_empty()
    }
}

/// The last part of a path or address, without its ending.
fn name_of(video: &str) -> String {
    let path = video.split(['?', '#']).next().unwrap_or(video);
    let file = path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(video);
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ if file == "-" => "stdin".to_owned(),
        _ => file.to_owned(),
    }
}
