//! `watch`: a video becomes a World on disk.

mod vlm;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chronotope::perceive::camera::GroundCalibration;
use chronotope::perceive::detect::file::{self, FileDetections, FileSettings};
use chronotope::perceive::pipeline::{
    Detector, Keep, Progress, RecorderSettings, Resume, WatchError, WatchSettings, Watched, Watching,
    other_settings, resume, sha256_of, watch,
};
use chronotope::remember::bundle::{self, Writer};
use chronotope::world::{Clock, Record, Source, SourceKind, Time, World};
use indicatif::{ProgressBar, ProgressStyle};

use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source::cache_folder;

/// Watches videos: finds what moves, follows it, and writes a World that can be asked.
///
/// Stopped with Ctrl-C, it keeps what is settled, and the same command goes on as if it had never stopped. Of a stream it
/// keeps all that it has seen.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Video files, `-` for a pipe, or addresses (http, rtsp); several share one World. A pipe or an address that must be read
    /// backwards (an MP4 whose index comes last) is copied to the cache folder first, up to 4 GiB
    #[arg(required = true, value_name = "VIDEO|-|URL")]
    videos: Vec<String>,
    /// The World to write [default: the first video's name with the ending .world]
    #[arg(short, long, value_name = "OUT.world")]
    out: Option<PathBuf>,
    /// What detects: `motion`, `file:PATH[@WxH]` with detections made by somebody else at a picture size, or `vlm`, a chat model that is
    /// asked where named things are (--model, --find)
    #[arg(long, default_value = "motion", value_name = "motion|file:PATH[@WxH]|vlm")]
    detector: String,
    /// The tracker, see `chronotope list trackers` [default: byte-track; with --online oc-sort]
    #[arg(long, value_name = "NAME")]
    tracker: Option<String>,
    /// Where the ground is, for a camera that stands still: places become metres
    #[arg(long, value_name = "CALIBRATION.json")]
    ground: Option<PathBuf>,
    /// Begin at this second of the video
    #[arg(long, value_name = "S")]
    from: Option<f64>,
    /// Stop before this second of the video
    #[arg(long, value_name = "S")]
    to: Option<f64>,
    /// Seconds of the record at which each video starts, one per video, `none` where that is not known; without it only the
    /// first has a clock. A further video joins a World that holds others only with it
    #[arg(long, value_name = "S,S,…", value_delimiter = ',', allow_hyphen_values = true, value_parser = start)]
    clock: Vec<Start>,
    /// Look at each picture as it comes and never ahead: the World can be asked while it grows, and what is asked at a time
    /// is known from the pictures up to it
    #[arg(long)]
    online: bool,
    /// Commit what is settled after this many seconds of video [default: 30; with --online 1 at first, later 5]
    #[arg(long, value_name = "S")]
    segment: Option<f64>,
    /// Wait so many seconds for a silent stream
    #[arg(long, default_value_t = 10.0, value_name = "S")]
    wait: f64,
    #[command(flatten)]
    vlm: vlm::Options,
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        let out = self.out.clone().unwrap_or_else(|| default_out(&self.videos[0]));
        let stop = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&stop);
        // a second Ctrl-C ends the process as usual
        ctrlc::set_handler(move || {
            if heard.swap(true, Ordering::Relaxed) {
                std::process::abort();
            }
        })
        .ok();
        let settings = self.settings(session)?;
        let detector = if self.detector == vlm::NAME { Detector::Motion } else { self.detector()? };
        let model = self.vlm.connected(&self, &stop)?;
        let hashes = self.videos.iter().map(|video| hash_of(video)).collect::<Result<Vec<_>, _>>()?;
        self.may_join(&out, &hashes)?;
        let mut writer = open_or_create(&out, &self.videos[0])?;
        for (n, (video, sha256)) in self.videos.iter().zip(hashes).enumerate() {
            let clock = self.clock_of(n, writer.revision() == 0);
            let mut other = None;
            let mut settings = WatchSettings { clock, sha256, ..settings.clone() };
            settings.detector = detector.clone();
            let mut looked = None;
            if let Some(model) = &model {
                let seen = model.look(video, &settings, session, &stop)?;
                settings.to =
                    [settings.to, seen.until.filter(|_| seen.stopped.is_some())].into_iter().flatten().min();
                settings.detector = Detector::Vlm(Arc::clone(&seen));
                looked = Some(seen);
            }
            if writer.revision() > 0 {
                let world = bundle::open(&out).map_err(Fault::input)?;
                match resume(&world, video, settings.sha256.as_deref()).map_err(Fault::input)? {
                    Some(resume) => {
                        self.same_clock(video, clock, resume.clock, settings.sha256.is_some())?;
                        session.note(&if video == "-" && settings.add_again {
                            joins(video, &out, &world, clock)
                        } else {
                            format!("{video} was watched up to {:.2} s", resume.from.as_s())
                        });
                        other = other_settings(&world, &resume, &settings);
                        settings.resume = Some(Resume { saved: saved_states(&out), ..resume });
                    }
                    None => session.note(&joins(video, &out, &world, settings.clock)),
                }
            }
            let mut watching =
                Shown { bar: bar(session), stop: &stop, started: false, copying: false, out: &out };
            let watched = watch(&mut writer, video, &settings, &mut watching);
            watching.bar.finish_and_clear();
            let watched = watched.map_err(|error| {
                forget_unwritten(&out);
                fault(error, &out)
            })?;
            if let (Some(other), None, false) = (other, watched.span, watched.interrupted) {
                return Err(Fault::usage(format!(
                    "{}: {video} was watched to its end with {other}; what is found is not looked for again",
                    out.display()
                ))
                .hint("give another --out"));
            }
            session.note(&summary(video, &out, &watched, settings.resume.as_ref()));
            if let (Some(model), Some(looked)) = (&model, &looked) {
                session.note(&model.summary(looked));
                if let Some(ended) = model.ended(looked, session)? {
                    return Ok(ended);
                }
            }
            if watched.interrupted && watched.span.is_none() && writer.revision() == 0 {
                session.note("interrupted before anything was kept: the same command begins again; --segment S keeps earlier");
                return Ok(Outcome::Interrupted);
            }
            if watched.interrupted {
                session.note(match (watched.goes_on, watched.span) {
                    (true, Some(_)) => "interrupted: the same command goes on from there",
                    (true, None) => "interrupted: the same command begins again",
                    (false, _) => "interrupted: what was seen is kept; this source cannot be read again",
                });
                break;
            }
        }
        Ok(Outcome::Done)
    }

    /// A World of something else is added to only where that is asked for: by the command that watches the videos together, or
    /// by a clock.
    fn may_join(&self, out: &Path, hashes: &[Option<String>]) -> Result<(), Fault> {
        if !self.clock.is_empty() || !out.join("world.json").exists() {
            return Ok(());
        }
        let world = bundle::open(out).map_err(Fault::input)?;
        let held: Vec<&Source> = world.tables().sources.iter().filter(|s| s.derived_from.is_none()).collect();
        let named = || self.videos.iter().zip(hashes);
        let is = |s: &Source, (video, hash): (&String, &Option<String>)| match hash {
            Some(_) => s.sha256 == *hash,
            None => s.uri == *video,
        };
        let new = named().find(|named| !held.iter().any(|s| is(s, *named)));
        let mut others = held.iter().filter(|s| !named().any(|named| is(s, named)));
        match (new, others.next()) {
            (Some((video, _)), Some(other)) => Err(Fault::usage(format!(
                "{} is a World of {}: expected the same again, or --clock to add another, found {video}",
                out.display(),
                other.uri
            ))
            .hint(JOIN_HINT)),
            _ => Ok(()),
        }
    }

    /// A file that goes on keeps the clock that it began with.
    fn same_clock(
        &self,
        video: &str,
        asked: Option<Clock>,
        begun: Option<Clock>,
        is_file: bool,
    ) -> Result<(), Fault> {
        if self.clock.is_empty() || asked == begun || !is_file {
            return Ok(());
        }
        let words = |clock: Option<Clock>| clock.map_or("none".to_owned(), |clock| clock.offset.to_string());
        Err(Fault::usage(format!(
            "--clock: expected {} as when {video} was begun, found {}",
            words(begun),
            words(asked)
        )))
    }

    fn settings(&self, session: &Session) -> Result<WatchSettings, Fault> {
        let ground = match &self.ground {
            None => None,
            Some(path) => {
                let text = crate::source::read_text(path)?;
                Some(GroundCalibration::parse(&text).map_err(|error| Fault::input(error).at(path))?)
            }
        };
        let seconds = |name: &str, value: Option<f64>| match value {
            Some(s) if !(s.is_finite() && s >= 0.0) => {
                Err(Fault::usage(format!("--{name}: expected seconds from 0 on, found {s}")))
            }
            s => Ok(s.map(Time::from_s)),
        };
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from >= to
        {
            return Err(Fault::usage(format!(
                "--from and --to: expected --from below --to, found {from} and {to}"
            )));
        }
        let segment = self.segment.unwrap_or(if self.online { LIVE_SEGMENT_S } else { SEGMENT_S });
        if !(segment.is_finite() && segment > 0.0 && self.wait.is_finite() && self.wait > 0.0) {
            return Err(Fault::usage("--segment and --wait: expected seconds above 0"));
        }
        if !self.clock.is_empty() && self.clock.len() != self.videos.len() {
            return Err(Fault::usage(format!(
                "--clock: expected {} numbers, one per video, found {}",
                self.videos.len(),
                self.clock.len()
            )));
        }
        let tracker = if self.online { LIVE_TRACKER } else { TRACKER };
        Ok(WatchSettings {
            tracker: self.tracker.clone().unwrap_or_else(|| tracker.to_owned()),
            recorder: RecorderSettings { online: self.online, ground, ..RecorderSettings::default() },
            from: seconds("from", self.from)?,
            to: seconds("to", self.to)?,
            segment_s: segment,
            early_segment_s: (self.online && self.segment.is_none()).then_some(EARLY_SEGMENT_S),
            threads: session.threads().get(),
            wait_s: self.wait,
            add_again: !self.clock.is_empty(),
            keep: Some(Keep { folder: cache_folder().join("pipes"), most_bytes: MOST_COPIED_BYTES }),
            ..WatchSettings::default()
        })
    }

    fn clock_of(&self, n: usize, first: bool) -> Option<Clock> {
        match self.clock.get(n) {
            Some(Start(start)) => start.map(|offset| Clock { offset: Time::from_s(offset), ..Clock::SAME }),
            None => (n == 0 && first).then_some(Clock::SAME),
        }
    }

    fn detector(&self) -> Result<Detector, Fault> {
        if self.detector == "motion" {
            return Ok(Detector::Motion);
        }
        let Some(uri) = self.detector.strip_prefix("file:") else {
            return Err(Fault::usage(format!(
                "--detector: expected `motion`, `file:PATH[@WxH]` or `vlm`, found `{}`",
                self.detector
            ))
            .hint("chronotope list detectors"));
        };
        let (path, made_at_px) = file::parse_argument(uri);
        let settings = FileSettings { made_at_px, ..FileSettings::default() };
        let detections = FileDetections::read(&path, &settings).map_err(Fault::input)?;
        Ok(Detector::File { uri: uri.to_owned(), detections })
    }
}

/// When a video starts on the record, in seconds, where that is known.
#[derive(Clone, Copy, Debug)]
struct Start(Option<f64>);

/// Latest start of a video on the record, and earliest with a minus before it.
const MOST_START_S: f64 = 9e9;

fn start(text: &str) -> Result<Start, String> {
    match text.trim() {
        "none" => Ok(Start(None)),
        text => match text.parse::<f64>() {
            // nanoseconds count 292 years to either side; the video needs some of them
            Ok(s) if s.abs() <= MOST_START_S => Ok(Start(Some(s))),
            Ok(s) if s.is_finite() => Err(format!(
                "expected seconds from -{MOST_START_S} to {MOST_START_S} (285 years), found `{text}`"
            )),
            _ => Err(format!("expected seconds or `none`, found `{text}`")),
        },
    }
}

/// Watches a video into a bundle as `chronotope watch` does without options.
pub(crate) fn watch_into(video: &str, out: &Path, session: &Session) -> Result<(), Fault> {
    if let Some(parent) = out.parent() {
        std::fs::create_dir_all(parent).map_err(|error| Fault::input(error).at(parent))?;
    }
    let arguments = Arguments {
        videos: vec![video.to_owned()],
        out: Some(out.to_owned()),
        detector: "motion".to_owned(),
        tracker: None,
        ground: None,
        from: None,
        to: None,
        clock: Vec::new(),
        online: false,
        segment: None,
        wait: 10.0,
        vlm: vlm::Options::default(),
    };
    arguments.run(session).map(|_outcome| ())
}

/// What follows things where the whole clip has been looked at, and where nothing is known of what comes: what is found live is
/// cruder, and a tracker that trusts sightings over predictions confuses fewer things then.
const TRACKER: &str = "byte-track";
const LIVE_TRACKER: &str = "oc-sort";

/// Seconds of video after which what is settled is committed.
const SEGMENT_S: f64 = 30.0;
/// The same where somebody may be asking meanwhile.
const LIVE_SEGMENT_S: f64 = 5.0;
/// The same for the first minute, after which it grows.
const EARLY_SEGMENT_S: f64 = 1.0;

/// What a pipe or an address may copy to the cache folder.
const MOST_COPIED_BYTES: u64 = 4 << 30;

const JOIN_HINT: &str = "another -o, or --clock S: when it starts on the record, in seconds, or `none`";

/// Folder of a bundle with what an interrupted watch goes on from; no part of the World.
const RESUME: &str = "resume";

/// Draws progress and commits segments.
struct Shown<'a> {
    bar: ProgressBar,
    stop: &'a AtomicBool,
    started: bool,
    copying: bool,
    out: &'a Path,
}

impl Watching<Writer> for Shown<'_> {
    fn progress(&mut self, progress: Progress) -> bool {
        let (start, end) = progress.span;
        if let Some(end) = end.filter(|_| !self.started) {
            self.bar.set_length(u64::try_from((end - start) / 1_000_000).unwrap_or(0));
            self.bar.set_style(style("{bar:32} {percent:>3} %  {msg}  {eta} left"));
        }
        self.started = true;
        self.bar.set_position(u64::try_from((progress.t - start) / 1_000_000).unwrap_or(0));
        self.bar.set_message(format!("{:.1} s, {} pictures", progress.t.as_s(), progress.n_pictures));
        !self.stop.load(Ordering::Relaxed)
    }

    fn copied(&mut self, n_bytes: u64) -> bool {
        if !std::mem::replace(&mut self.copying, true) {
            self.bar.println("its index comes last: it is copied to the cache folder before it is watched");
        }
        self.bar.set_message(format!("copied {} MiB", n_bytes >> 20));
        self.bar.tick();
        !self.stop.load(Ordering::Relaxed)
    }

    /// The state goes first: should the commit fail, it fits no World and is not used.
    fn commit(&mut self, rows: &mut Writer, saved: Option<&[u8]>) -> Result<(), chronotope::remember::Error> {
        let folder = self.out.join(RESUME);
        let name = format!("{}.state", rows.revision() + 1);
        if let Some(saved) = saved {
            write_state(&folder, &name, saved).map_err(|source| chronotope::remember::Error::Io {
                what: "write",
                source,
                path: folder.join(&name),
            })?;
        }
        rows.commit()?;
        // what is left over does no harm
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            if saved.is_none() || entry.file_name().to_str() != Some(name.as_str()) {
                std::fs::remove_file(entry.path()).ok();
            }
        }
        if saved.is_none() {
            std::fs::remove_dir(&folder).ok();
        }
        Ok(())
    }
}

/// SHA-256 of a file; none for what is no file.
fn hash_of(video: &str) -> Result<Option<String>, Fault> {
    let path = Path::new(video);
    path.is_file().then(|| sha256_of(path).map_err(|error| Fault::input(error).at(path))).transpose()
}

/// Whole or not at all, and on the disk.
fn write_state(folder: &Path, name: &str, saved: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let writing = folder.join(format!("{name}.writing"));
    let mut file = std::fs::File::create(&writing)?;
    let written = file.write_all(saved).and_then(|()| file.sync_all());
    drop(file);
    written.and_then(|()| std::fs::rename(&writing, folder.join(name))).inspect_err(|_| {
        std::fs::remove_file(&writing).ok();
    })
}

/// The states that an interrupted watch left in a bundle.
fn saved_states(out: &Path) -> Vec<Vec<u8>> {
    let files = std::fs::read_dir(out.join(RESUME)).into_iter().flatten().flatten();
    let states = files.filter(|entry| entry.path().extension().is_some_and(|end| end == "state"));
    states.filter_map(|entry| std::fs::read(entry.path()).ok()).collect()
}

/// Of a World that never came to be, nothing stays.
fn forget_unwritten(out: &Path) {
    if !out.join("world.json").exists() {
        for entry in std::fs::read_dir(out.join(RESUME)).into_iter().flatten().flatten() {
            std::fs::remove_file(entry.path()).ok();
        }
        std::fs::remove_dir(out.join(RESUME)).ok();
    }
}

fn bar(session: &Session) -> ProgressBar {
    if !session.shows_progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.set_style(style("{spinner} {msg}  {elapsed}"));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// The first video's name with the ending `.world`, in the folder where the command runs.
fn default_out(video: &str) -> PathBuf {
    let name =
        Path::new(video).file_stem().map_or("video".into(), |stem| stem.to_string_lossy().into_owned());
    PathBuf::from(format!("{}.world", if video == "-" { "stdin" } else { &name }))
}

fn open_or_create(out: &Path, video: &str) -> Result<Writer, Fault> {
    if out.join("world.json").exists() {
        return Writer::open(out).map_err(Fault::input);
    }
    let name = out.file_stem().map_or(video.into(), |stem| stem.to_string_lossy().into_owned());
    Writer::create(out, Record { name, ..Record::default() }).map_err(Fault::input)
}

fn fault(error: WatchError<chronotope::remember::Error>, out: &Path) -> Fault {
    match error {
        WatchError::Setting { .. } => Fault::usage(error.to_string()).hint("chronotope list trackers"),
        WatchError::Rows(_) => Fault::input(error).at(out),
        WatchError::Again { .. } => Fault::input(error).hint(JOIN_HINT),
        WatchError::Video(ref broken) if broken.is_service() => Fault::service(error),
        _ => Fault::input(error),
    }
}

/// What is told when a video is added to a World that holds others.
fn joins(video: &str, out: &Path, world: &World, clock: Option<Clock>) -> String {
    let held: Vec<&str> = world
        .tables()
        .sources
        .iter()
        .filter(|s| s.kind == SourceKind::Video)
        .map(|s| s.uri.as_str())
        .collect();
    let starts = match clock {
        Some(clock) => format!("it starts at {} s of the record", clock.offset),
        None => {
            "when it starts on the record is not known (--clock), so only the order of its own pictures is"
                .to_owned()
        }
    };
    format!("{}: {video} is added to {}; {starts}", out.display(), held.join(", "))
}

/// What was found, what could have been found, and how sure that is.
fn summary(video: &str, out: &Path, watched: &Watched, resumed: Option<&Resume>) -> String {
    let found = watched.summary;
    let Some(span) = watched.span else {
        return match resumed {
            _ if watched.interrupted => format!("{video}: nothing is settled yet"),
            Some(_) => format!("{}: nothing new; {video} was watched to its end", out.display()),
            None => format!("{video}: no picture in the span that was asked for"),
        };
    };
    let mut lines = vec![format!(
        "{}: {} from {:.2} s to {:.2} s, {} pictures",
        out.display(),
        video,
        span.start().as_s(),
        span.end().as_s(),
        watched.motion.n_pictures,
    )];
    lines.push(format!(
        "  found    {} things ({} detections, {} of them without a track)",
        found.n_tracks, found.n_detections, found.n_unassigned
    ));
    let blind: f64 = watched.motion.uncovered.iter().map(|s| s.s()).sum();
    lines.push(format!(
        "  looked   {:.2} s of {:.2} s; smallest thing {:.0} px; the recall is not known, so counts have no confidence",
        (span.s() - blind).max(0.0),
        span.s(),
        watched.motion.smallest_px
    ));
    let shots = watched.motion.shots.len();
    let camera: Vec<String> = watched
        .motion
        .shots
        .iter()
        .flat_map(|shot| &shot.camera)
        .take(6)
        .map(|m| format!("{} {:.1}-{:.1} s", m.kind.name(), m.span.start().as_s(), m.span.end().as_s()))
        .collect();
    let n_motions: usize = watched.motion.shots.iter().map(|shot| shot.camera.len()).sum();
    let more = if n_motions > camera.len() { ", …" } else { "" };
    lines.push(format!(
        "  camera   {shots} shot{}: {}{more}",
        if shots == 1 { "" } else { "s" },
        camera.join(", ")
    ));
    if found.n_refused > 0 {
        lines.push(format!("  crowded  {} pictures had too many boxes to follow", found.n_refused));
    }
    if watched.n_faults > 0 {
        lines.push(format!(
            "  broken   {} pictures or packets, the first: {}",
            watched.n_faults,
            watched.faults.join("; ")
        ));
    }
    lines.join("\n")
}
