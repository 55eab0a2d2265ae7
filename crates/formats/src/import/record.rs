//! What every importer needs to begin a World: its source row, its clock, its pick of scenes.

use super::ImportSettings;
use super::error::Error;
use super::input::SourceFile;
use chronotope_world::time::NS_PER_S;
use chronotope_world::{Clock, Known, Source, SourceId, SourceKind, Time, World, WorldBuilder};
use std::path::Path;

/// Longest gap across which annotated tracks are interpolated unless the user says otherwise: one second covers every
/// keyframe rate in use (nuScenes 0.5 s, PETS 0.3 s) and is short for what people and cars do.
pub(crate) const DEFAULT_TOLERANCE_S: f64 = 1.0;

/// Highest number of a picture, from 0.
pub(crate) const MAX_FRAME_INDEX: i64 = u32::MAX as i64 - 1;

/// When pictures are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PictureClock {
    /// This many in a second.
    Rate(f64),
    /// Only their order is known: record time is the picture's number, in whole seconds.
    Order,
}

impl PictureClock {
    /// The user's rate, else the format's own, else order only.
    pub(crate) fn new(settings: &ImportSettings, own: Option<f64>) -> PictureClock {
        settings.fps.or(own).map_or(PictureClock::Order, PictureClock::Rate)
    }

    /// When picture `frame_index` (from 0) is shown.
    pub(crate) fn time(self, frame_index: u32) -> Time {
        match self {
            PictureClock::Rate(fps) => Time((frame_index as f64 / fps * NS_PER_S as f64).round() as i64),
            PictureClock::Order => Time(frame_index as i64 * NS_PER_S),
        }
    }

    /// The clock's word in the source's settings.
    pub(crate) fn word(self) -> String {
        match self {
            PictureClock::Rate(fps) => format!("fps={fps}"),
            PictureClock::Order => "fps=unknown".to_owned(),
        }
    }
}

/// The nanoseconds of a tolerance: the user's, else the default.
pub(crate) fn tolerance_ns(settings: &ImportSettings, default_s: f64) -> i64 {
    Time::from_s(settings.tolerance_s.unwrap_or(default_s)).0
}

/// Adds the row of an annotation file and says in the record whether its times are times.
pub(crate) fn annotation_source(
    builder: &mut WorldBuilder,
    file: &SourceFile<'_>,
    clock: Option<Clock>,
    words: String,
) -> SourceId {
    builder.record().order_only = clock.is_none();
    builder.source(Source {
        id: SourceId(0),
        kind: SourceKind::Annotation,
        uri: file.path.display().to_string(),
        sha256: Some(file.sha256.clone()),
        record_from_source: clock,
        derived_from: None,
        settings: words,
        known: Known::ALWAYS,
    })
}

/// The clock row of a picture clock.
pub(crate) fn clock_row(clock: PictureClock) -> Option<Clock> {
    (clock != PictureClock::Order).then_some(Clock::SAME)
}

/// Makes the World; a fault names the file.
pub(crate) fn build(builder: WorldBuilder, path: &Path) -> Result<World, Error> {
    builder.build().map_err(|fault| Error::World { fault, path: path.to_owned() })
}

/// Keeps the one scene that the user named, of those that are there.
///
/// # Errors
/// Where it is not among them; the text lists the first ones.
pub(crate) fn pick<T>(
    scenes: Vec<T>,
    name: fn(&T) -> &str,
    settings: &ImportSettings,
) -> Result<Vec<T>, Error> {
    let Some(wanted) = &settings.scene else {
        return Ok(scenes);
    };
    let names: Vec<String> = scenes.iter().take(12).map(|s| name(s).to_owned()).collect();
    let found: Vec<T> = scenes.into_iter().filter(|s| name(s) == wanted).collect();
    if found.is_empty() {
        let expected = format!("one of the scenes here ({})", names.join(", "));
        return Err(Error::Setting { setting: "--scene", expected, found: wanted.clone() });
    }
    Ok(found)
}
