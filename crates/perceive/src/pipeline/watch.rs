//! `watch`: a video, file or stream, becomes rows, in one decode.

use super::recorder::{Recorder, RecorderSettings, Summary};
use crate::Error;
use crate::camera::{Boundary, CameraMotionKind};
use crate::detect::DetectedPicture;
use crate::detect::file::{FileDetections, nearest_span};
use crate::detect::motion::{
    MOVING_OBJECT, MotionDetector, MotionError, MotionPicture, MotionReport, MotionSettings,
};
use crate::track::catalogue::{Make, TRACKERS};
use crate::video::{Settings as VideoSettings, Size, Video};
use chronotope_world::{
    BoxPx, Clock, Coverage, CoverageId, EntityId, Event, EventId, Known, Observer, ObserverId, ObserverKind,
    Reference, ReferenceFrame, RowWriter, Scale, Source, SourceId, SourceKind, Span, Time, Transform,
    TransformId, TransformKind,
};

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
    /// After how much video, in seconds, what is settled is committed.
    pub segment_s: f64,
    /// Threads of the detector; 0 for one a core. Results do not depend on it.
    pub threads: usize,
    /// How long a silent stream is waited for, in seconds.
    pub wait_s: f64,
    /// SHA-256 of the video, where the caller knows it.
    pub sha256: Option<String>,
    /// The rows of an earlier, interrupted watch of the same video, which goes on here.
    pub resume: Option<Resume>,
}

/// What an interrupted watch left.
#[derive(Clone, Debug, PartialEq)]
pub struct Resume {
    /// The detector's source row.
    pub perception: SourceId,
    /// The camera's row.
    pub observer: ObserverId,
    /// Number of the next shot.
    pub first_shot: u32,
    /// What was in view at the end: a new track that begins there is taken for the same thing.
    pub in_view: Vec<(EntityId, Time, BoxPx, String)>,
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
            segment_s: 60.0,
            threads: 0,
            wait_s: 10.0,
            sha256: None,
            resume: None,
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
    /// Called after every picture; false: stop here and settle what was seen.
    fn progress(&mut self, progress: Progress) -> bool;

    /// Called when a segment is settled: a bundle commits a revision.
    ///
    /// # Errors
    /// As the rows' own.
    fn commit(&mut self, rows: &mut R) -> Result<(), R::Error>;
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
    /// The stretch that was looked at.
    pub span: Option<Span>,
    /// Pictures that were broken or lost.
    pub n_faults: u64,
    /// The first broken pictures, in words.
    pub faults: Vec<String>,
    /// It was stopped before its end.
    pub interrupted: bool,
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
/// See [`WatchError`]. What was committed stays.
pub fn watch<R: RowWriter>(
    rows: &mut R,
    video: &str,
    settings: &WatchSettings,
    watching: &mut dyn Watching<R>,
) -> Result<Watched, WatchError<R::Error>> {
    let mut reader = Video::open_with(video, VideoSettings { threads: 1, wait_s: settings.wait_s })?;
    let info = reader.info().clone();
    let mut watcher = Watcher::new(rows, video, settings, &info)?;
    let start = settings.from.unwrap_or(Time(0));
    let end = [settings.to, info.duration_ns.map(Time)].into_iter().flatten().min();
    if let Some(from) = settings.from.filter(|_| info.seekable) {
        reader.start_at(from)?;
    }
    let (width, height) = watcher.motion.analysis_size();
    let mut interrupted = false;
    while let Some(picture) = reader.next_picture()? {
        let t = picture.t();
        if settings.from.is_some_and(|from| t < from) {
            continue;
        }
        if settings.to.is_some_and(|to| t >= to) {
            break;
        }
        let image = picture.rgb(Size::Exact(width, height))?;
        let seen = MotionPicture { t, frame_index: picture.frame_index(), width, height, rgb: &image.data };
        watcher.push(rows, seen, watching)?;
        let progress = Progress { n_pictures: watcher.n_pictures, t, span: (start, end) };
        if !watching.progress(progress) {
            interrupted = true;
            break;
        }
    }
    // a resumed video may well have nothing new
    if watcher.n_pictures == 0 && settings.resume.is_none() && !interrupted {
        let after = match (settings.from, info.duration_ns.map(Time)) {
            (Some(from), Some(end)) => format!("from {from} s on; the video ends at {end} s"),
            (Some(from), None) => format!("from {from} s on"),
            (None, _) => "at all".to_owned(),
        };
        return Err(WatchError::Nothing { after, video: video.to_owned() });
    }
    let faults = reader.faults();
    let words = faults.as_slice().iter().take(10).map(ToString::to_string).collect();
    let n_faults = faults.count();
    let watched = watcher.finish(rows, watching)?;
    Ok(Watched { n_faults, faults: words, interrupted, ..watched })
}

struct Watcher {
    motion: MotionDetector,
    recorder: Recorder,
    source: SourceId,
    observer: ObserverId,
    given: Option<FileDetections>,
    picture_px: [u32; 2],
    before: Option<Time>,
    labels: Vec<String>,
    clock: Clock,
    online: bool,
    segment_ns: i64,
    segment_start: Option<Time>,
    n_pictures: u64,
    first: Option<Time>,
    last: Option<Time>,
    interval_ns: i64,
    first_shot: u32,
}

impl Watcher {
    fn new<R: RowWriter>(
        rows: &mut R,
        video: &str,
        settings: &WatchSettings,
        info: &crate::video::Info,
    ) -> Result<Watcher, WatchError<R::Error>> {
        let (uri, labels, given) = match &settings.detector {
            Detector::Motion => ("motion".to_owned(), vec![MOVING_OBJECT.to_owned()], None),
            Detector::File { uri, detections } => {
                let labels = detections.labels().map(str::to_owned).collect();
                (format!("file:{uri}"), labels, Some(detections.clone()))
            }
        };
        let (perception, observer) = match &settings.resume {
            Some(resume) => (resume.perception, resume.observer),
            None => add_sources(rows, video, settings, info, uri),
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
        let online = recorder_settings.online;
        let tracker = make(info.rate_hz.filter(|rate| *rate > 0.0 && rate.is_finite()).unwrap_or(30.0));
        let mut recorder =
            Recorder::new(rows, perception, observer, tracker, recorder_settings, settings.resume.is_some());
        for (entity, t, box_px, label) in settings.resume.iter().flat_map(|resume| &resume.in_view) {
            recorder.carry_on(*entity, *t, *box_px, label);
        }
        let motion_settings = MotionSettings { threads: settings.threads, ..settings.motion.clone() };
        Ok(Watcher {
            motion: MotionDetector::new(motion_settings, info.width, info.height)?,
            recorder,
            source: perception,
            observer,
            given,
            picture_px: [info.width, info.height],
            before: None,
            labels,
            clock: settings.clock.unwrap_or(Clock::SAME),
            online,
            segment_ns: Time::from_s(settings.segment_s).0.max(1),
            segment_start: None,
            n_pictures: 0,
            first: None,
            last: None,
            interval_ns: 1,
            first_shot: settings.resume.as_ref().map_or(0, |resume| resume.first_shot),
        })
    }

    fn push<R: RowWriter>(
        &mut self,
        rows: &mut R,
        picture: MotionPicture<'_>,
        watching: &mut dyn Watching<R>,
    ) -> Result<(), WatchError<R::Error>> {
        let t = picture.t;
        let done = self.motion.push(picture)?;
        self.n_pictures += 1;
        self.first.get_or_insert(t);
        if let Some(last) = self.last.replace(t) {
            self.interval_ns = (t - last).max(1);
        }
        for seen in done {
            self.record(rows, seen, watching)?;
        }
        Ok(())
    }

    fn record<R: RowWriter>(
        &mut self,
        rows: &mut R,
        seen: DetectedPicture,
        watching: &mut dyn Watching<R>,
    ) -> Result<(), WatchError<R::Error>> {
        let Some(mut seen) = self.detections(seen) else { return Ok(()) };
        seen.t = self.on_record(seen.t);
        let start = *self.segment_start.get_or_insert(seen.t);
        if seen.t - start >= self.segment_ns {
            let blind = self.blind();
            let smallest = self.smallest_px();
            self.recorder
                .close_segment(rows, seen.t, &self.labels, smallest, &blind)
                .map_err(WatchError::Rows)?;
            watching.commit(rows).map_err(WatchError::Rows)?;
            self.segment_start = Some(seen.t);
        }
        self.recorder.picture(rows, &seen)?;
        Ok(())
    }

    /// The detections of a picture: the motion detector's, or those given; none for a picture past the end of a given file.
    fn detections(&mut self, seen: DetectedPicture) -> Option<DetectedPicture> {
        let before = self.before.replace(seen.t);
        let Some(given) = &self.given else { return Some(seen) };
        if given.last_frame_index().is_some_and(|last| seen.frame_index > last) {
            return None;
        }
        let nearest = nearest_span(before, seen.t, Some(seen.t.plus_ns(self.interval_ns)));
        Some(given.picture(seen.frame_index, seen.t, nearest, self.picture_px))
    }

    fn finish<R: RowWriter>(
        mut self,
        rows: &mut R,
        watching: &mut dyn Watching<R>,
    ) -> Result<Watched, WatchError<R::Error>> {
        let motion =
            std::mem::replace(&mut self.motion, MotionDetector::new(MotionSettings::default(), 16, 16)?);
        let (done, report) = motion.finish()?;
        let blind: Vec<Span> =
            if self.given.is_some() { Vec::new() } else { self.spans_on_record(&report.uncovered) };
        let smallest = self.given.is_none().then_some(report.smallest_px);
        for seen in done {
            self.record(rows, seen, watching)?;
        }
        let span = self.first.zip(self.last).and_then(|(first, last)| {
            Span::new(self.on_record(first), self.on_record(last.plus_ns(self.interval_ns)))
        });
        let until = span.map_or(Time(0), Span::end);
        self.recorder.finish(rows, until, &self.labels, smallest, &blind).map_err(WatchError::Rows)?;
        self.camera(rows, &report, until);
        watching.commit(rows).map_err(WatchError::Rows)?;
        Ok(Watched {
            observer: self.observer,
            summary: self.recorder.summary(),
            motion: report,
            span,
            n_faults: 0,
            faults: Vec::new(),
            interrupted: false,
        })
    }

    /// Shots, their boundaries and what the camera did, as events; stages as transforms.
    fn camera<R: RowWriter>(&self, rows: &mut R, report: &MotionReport, until: Time) {
        let frame = rows.reference_frame(ReferenceFrame::Image(self.observer), Scale::Pixel);
        let event = |kind: &str, span: Span, parent: Option<EventId>, confidence: Option<f64>| Event {
            id: EventId(0),
            kind: kind.to_owned(),
            span,
            parent,
            roles: vec![("camera".to_owned(), Reference::Observer(self.observer))],
            confidence,
            source: self.source,
            known: Known::at(if self.online { span.end() } else { until.max(span.end()) }),
            closed: None,
        };
        let whole = report.shots.iter().map(|shot| self.span_on_record(shot.span)).reduce(Span::hull);
        if let Some(span) = whole {
            let kinds = CameraMotionKind::ALL.iter().map(|kind| kind.name());
            let words = kinds.chain(Boundary::ALL.iter().map(|b| b.name())).chain(["shot"]);
            rows.coverage(Coverage {
                id: CoverageId(0),
                source: self.source,
                observer: Some(self.observer),
                span,
                region_px: None,
                labels: words.map(str::to_owned).collect(),
                smallest_px: None,
                recall: None,
                complete: true,
                known: Known::at(if self.online { span.start() } else { until }),
            });
        }
        for (n, shot) in report.shots.iter().enumerate() {
            let span = self.span_on_record(shot.span);
            if let Some(boundary) = shot.boundary {
                rows.event(event(boundary.name(), Span::at(span.start()), None, None));
            }
            let id = rows.event(event("shot", span, None, None));
            for motion in &shot.camera {
                rows.event(event(motion.kind.name(), self.span_on_record(motion.span), Some(id), None));
            }
            let stage = ReferenceFrame::Stage(self.observer, self.first_shot + n as u32);
            let stage = rows.reference_frame(stage, Scale::Pixel);
            let still = shot.camera.iter().all(|m| m.kind == CameraMotionKind::Static);
            let transform = |span: Span, m: &nalgebra::Matrix3<f64>| Transform {
                id: TransformId(0),
                target: stage,
                source: frame,
                span,
                kind: TransformKind::Homography(std::array::from_fn(|i| m[(i / 3, i % 3)])),
                deviation: None,
                known: Known::at(if self.online { span.start() } else { until }),
            };
            if still {
                rows.transform(transform(span, &nalgebra::Matrix3::identity()));
                continue;
            }
            for (i, pose) in shot.poses.iter().enumerate().filter(|(_, pose)| pose.aligned) {
                let end = shot.poses.get(i + 1).map_or(shot.span.end(), |next| next.t);
                let span = self.span_on_record(Span::between(pose.t, end));
                rows.transform(transform(span, &pose.stage_from_image));
            }
        }
    }

    fn blind(&self) -> Vec<Span> {
        if self.given.is_some() { Vec::new() } else { self.spans_on_record(&self.motion.report().uncovered) }
    }

    fn smallest_px(&self) -> Option<f64> {
        self.given.is_none().then_some(self.motion.report().smallest_px)
    }

    fn on_record(&self, t: Time) -> Time {
        let scaled = if self.clock.rate == 1.0 { t.0 } else { (t.0 as f64 * self.clock.rate).round() as i64 };
        self.clock.offset.plus_ns(scaled)
    }

    fn span_on_record(&self, span: Span) -> Span {
        Span::between(self.on_record(span.start()), self.on_record(span.end()))
    }

    fn spans_on_record(&self, spans: &[Span]) -> Vec<Span> {
        spans.iter().map(|span| self.span_on_record(*span)).collect()
    }
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
        settings: format!(
            "tracker={} smooth={} chronotope={}",
            settings.tracker,
            if settings.recorder.online || settings.recorder.refine.smooth.is_none() { "no" } else { "rts" },
            env!("CARGO_PKG_VERSION")
        ),
        known: Known::ALWAYS,
    });
    (perception, observer)
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
