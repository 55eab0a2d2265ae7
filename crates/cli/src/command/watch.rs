//! `watch`: a video becomes a World on disk.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chronotope::perceive::camera::GroundCalibration;
use chronotope::perceive::detect::file::{self, FileDetections, FileSettings};
use chronotope::perceive::pipeline::{
    Detector, Progress, RecorderSettings, Resume, WatchError, WatchSettings, Watched, Watching, resume,
    sha256_of, watch,
};
use chronotope::remember::bundle::{self, Writer};
use chronotope::world::{Clock, Record, Time};
use indicatif::{ProgressBar, ProgressStyle};

use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// Watches videos: finds what moves, follows it, and writes a World that can be asked.
///
/// Stopped with Ctrl-C, it keeps what is settled, and the same command goes on as if it had never stopped. Of a stream it
/// keeps all that it has seen.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Video files, `-` for a pipe, or addresses (http, rtsp); several share one World
    #[arg(required = true, value_name = "VIDEO|-|URL")]
    videos: Vec<String>,
    /// The World to write [default: the first video's name with the ending .world]
    #[arg(short, long, value_name = "OUT.world")]
    out: Option<PathBuf>,
    /// What detects: `motion`, or `file:PATH[@WxH]` with detections made by somebody else at a picture size
    #[arg(long, default_value = "motion", value_name = "motion|file:PATH[@WxH]")]
    detector: String,
    /// The tracker, see `chronotope list trackers`
    #[arg(long, default_value = "byte-track", value_name = "NAME")]
    tracker: String,
    /// Where the ground is, for a camera that stands still: places become metres
    #[arg(long, value_name = "CALIBRATION.json")]
    ground: Option<PathBuf>,
    /// Begin at this second of the video
    #[arg(long, value_name = "S")]
    from: Option<f64>,
    /// Stop before this second of the video
    #[arg(long, value_name = "S")]
    to: Option<f64>,
    /// Seconds of the record at which each video starts, one per video; without it only the first has a clock
    #[arg(long, value_name = "S,S,…", value_delimiter = ',', allow_hyphen_values = true)]
    clock: Vec<f64>,
    /// Look at each picture as it comes and never ahead: the World can be asked while it grows, and what is asked at a time
    /// is known from the pictures up to it
    #[arg(long)]
    online: bool,
    /// Commit what is settled after this many seconds of video [default: 30; with --online 5]
    #[arg(long, value_name = "S")]
    segment: Option<f64>,
    /// Wait so many seconds for a silent stream
    #[arg(long, default_value_t = 10.0, value_name = "S")]
    wait: f64,
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
        let mut writer = open_or_create(&out, &self.videos[0])?;
        for (n, video) in self.videos.iter().enumerate() {
            let sha256 = if Path::new(video).is_file() {
                Some(sha256_of(Path::new(video)).map_err(Fault::input)?)
            } else {
                None
            };
            let mut settings = WatchSettings { clock: self.clock_of(n), sha256, ..settings.clone() };
            settings.detector = self.detector()?;
            if writer.revision() > 0 {
                let world = bundle::open(&out).map_err(Fault::input)?;
                if let Some((resume, from)) =
                    resume(&world, video, settings.sha256.as_deref()).map_err(Fault::input)?
                {
                    session.note(&format!("{video} was watched up to {from} s; going on from there"));
                    settings.from = Some(settings.from.map_or(from, |asked| asked.max(from)));
                    settings.resume = Some(Resume { saved: saved_states(&out), ..resume });
                }
            }
            let mut watching = Shown { bar: bar(session), stop: &stop, started: false, out: &out };
            let watched = watch(&mut writer, video, &settings, &mut watching);
            watching.bar.finish_and_clear();
            let watched = watched.map_err(|error| {
                forget_unwritten(&out);
                fault(error, &out)
            })?;
            session.note(&summary(video, &out, &watched, settings.resume.as_ref()));
            if watched.interrupted {
                session.note("interrupted: the same command goes on");
                break;
            }
        }
        Ok(Outcome::Done)
    }

    fn settings(&self, session: &Session) -> Result<WatchSettings, Fault> {
        let ground = match &self.ground {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| Fault::input(error).at(path))?;
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
        Ok(WatchSettings {
            tracker: self.tracker.clone(),
            recorder: RecorderSettings { online: self.online, ground, ..RecorderSettings::default() },
            from: seconds("from", self.from)?,
            to: seconds("to", self.to)?,
            segment_s: segment,
            threads: session.threads().get(),
            wait_s: self.wait,
            ..WatchSettings::default()
        })
    }

    fn clock_of(&self, n: usize) -> Option<Clock> {
        match self.clock.get(n) {
            Some(offset) => Some(Clock { offset: Time::from_s(*offset), ..Clock::SAME }),
            None => (n == 0).then_some(Clock::SAME),
        }
    }

    fn detector(&self) -> Result<Detector, Fault> {
        if self.detector == "motion" {
            return Ok(Detector::Motion);
        }
        let Some(uri) = self.detector.strip_prefix("file:") else {
            return Err(Fault::usage(format!(
                "--detector: expected `motion` or `file:PATH[@WxH]`, found `{}`",
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

/// Watches a video into a bundle as `chronotope watch` does without options.
pub(crate) fn watch_into(video: &str, out: &Path, session: &Session) -> Result<(), Fault> {
    if let Some(parent) = out.parent() {
        std::fs::create_dir_all(parent).map_err(|error| Fault::input(error).at(parent))?;
    }
    let arguments = Arguments {
        videos: vec![video.to_owned()],
        out: Some(out.to_owned()),
        detector: "motion".to_owned(),
        tracker: "byte-track".to_owned(),
        ground: None,
        from: None,
        to: None,
        clock: Vec::new(),
        online: false,
        segment: None,
        wait: 10.0,
    };
    arguments.run(session).map(|_outcome| ())
}

/// Seconds of video after which what is settled is committed.
const SEGMENT_S: f64 = 30.0;
/// The same where somebody may be asking meanwhile.
const LIVE_SEGMENT_S: f64 = 5.0;

/// Folder of a bundle with what an interrupted watch goes on from; no part of the World.
const RESUME: &str = "resume";

/// Draws progress and commits segments.
struct Shown<'a> {
    bar: ProgressBar,
    stop: &'a AtomicBool,
    started: bool,
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
        WatchError::Video(ref broken) if broken.is_service() => Fault::service(error),
        _ => Fault::input(error),
    }
}

/// What was found, what could have been found, and how sure that is.
fn summary(video: &str, out: &Path, watched: &Watched, resumed: Option<&Resume>) -> String {
    let found = watched.summary;
    let Some(span) = watched.span else {
        return match resumed {
            _ if watched.interrupted => format!("{video}: nothing is settled yet"),
            Some(_) => format!("{video}: nothing new; it was watched to its end"),
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
    lines.push(format!(
        "  camera   {shots} shot{}: {}",
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
