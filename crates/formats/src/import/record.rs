//! The rows that every importer writes in the same way: source, clock, camera, tracks with their things, coverage, facts; and the pick of scenes.

use super::ImportSettings;
use super::error::Error;
use super::input::SourceFile;
use chronotope_world::time::NS_PER_S;
use chronotope_world::{
    Clock, Coverage, CoverageId, EntityId, Fact, FactId, Identity, IdentityId, Intrinsics, Known, Label,
    Observer, ObserverId, ObserverKind, Reference, Source, SourceId, SourceKind, Span, Time, Track, TrackId,
    World, WorldBuilder,
};
use std::collections::BTreeMap;
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

    /// Seconds from picture to picture, where that is known.
    pub(crate) fn step_s(self) -> Option<f64> {
        match self {
            PictureClock::Rate(fps) => Some(fps.recip()),
            PictureClock::Order => None,
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

/// The nanoseconds of a tolerance: the user's, else the default, else one and a half steps of pictures that are fewer.
pub(crate) fn tolerance_ns(settings: &ImportSettings, default_s: f64, step_s: Option<f64>) -> i64 {
    let own = step_s.map_or(default_s, |step| default_s.max(1.5 * step));
    Time::from_s(settings.tolerance_s.unwrap_or(own)).0
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

/// Adds a camera.
pub(crate) fn camera(
    builder: &mut WorldBuilder,
    source: SourceId,
    name: &str,
    picture_px: Option<[u32; 2]>,
    intrinsics: Option<Intrinsics>,
) -> ObserverId {
    builder.observer(Observer {
        id: ObserverId(0),
        source,
        kind: ObserverKind::Camera,
        name: name.to_owned(),
        picture_px,
        intrinsics,
        known: Known::ALWAYS,
    })
}

/// What annotated rows say of their tracks: ids of things, and what keeps the tracks of one thing apart (a class, a flag).
pub(crate) struct Things<I, K> {
    /// The track of an id and kind.
    pub(crate) tracks: BTreeMap<(I, K), TrackId>,
    /// The thing of an id.
    pub(crate) entities: BTreeMap<I, EntityId>,
}

/// Adds one track per id and kind and one thing per id, known from their earliest row. Where all ids are numbers, a thing has the number that
/// its file gives it: "car 8" is the file's 8. Else things are numbered in the order of the rows. `track` fills in what
/// the format says of a track and gives its label.
pub(crate) fn add_things<I: Copy + Ord + ToString, K: Copy + Ord>(
    builder: &mut WorldBuilder,
    source: SourceId,
    vocabulary: &str,
    rows: impl Iterator<Item = (I, K, Time)>,
    track: impl Fn(&mut Track, I, K) -> String,
) -> Things<I, K> {
    let (mut first, mut order) = (BTreeMap::new(), Vec::new());
    for (id, kind, t) in rows {
        let seen = first.entry((id, kind)).or_insert_with(|| {
            order.push((id, kind));
            t
        });
        *seen = t.min(*seen);
    }
    let mut things = Things { tracks: BTreeMap::new(), entities: BTreeMap::new() };
    let are_numbered = order.iter().all(|(id, _)| id.to_string().parse::<u64>().is_ok());
    for key in order {
        let (id, kind) = key;
        let known = Known::at(first[&key]);
        let mut row = Track::new(source, id.to_string(), known);
        let label = track(&mut row, id, kind);
        let track = builder.track(row);
        let entity = *things.entities.entry(id).or_insert_with(|| match id.to_string().parse() {
            Ok(number) if are_numbered => builder.entity_numbered(number),
            _ => builder.entity(),
        });
        add_identity(builder, track, entity, "annotated", known);
        builder.label(Label::new(track, label, vocabulary, known));
        things.tracks.insert(key, track);
    }
    things
}

/// Says which thing a track shows, all the time.
pub(crate) fn add_identity(
    builder: &mut WorldBuilder,
    track: TrackId,
    entity: EntityId,
    reason: &str,
    known: Known,
) {
    builder.identity(Identity {
        id: IdentityId(0),
        track,
        span: Span::ALWAYS,
        entity,
        confidence: None,
        reason: reason.to_owned(),
        known,
        closed: None,
    });
}

/// Adds coverage of these labels, known from its beginning.
pub(crate) fn add_coverage(
    builder: &mut WorldBuilder,
    source: SourceId,
    observer: Option<ObserverId>,
    span: Span,
    labels: Vec<String>,
    complete: bool,
) {
    builder.coverage(Coverage {
        id: CoverageId(0),
        source,
        observer,
        span,
        region_px: None,
        labels,
        smallest_px: None,
        recall: None,
        complete,
        known: Known::at(span.start()),
    });
}

/// Adds a fact, known from its beginning.
pub(crate) fn add_fact(
    builder: &mut WorldBuilder,
    source: SourceId,
    subject: Reference,
    predicate: impl Into<String>,
    object: Reference,
    valid: Span,
) {
    builder.fact(Fact {
        id: FactId(0),
        subject,
        predicate: predicate.into(),
        object,
        valid,
        confidence: None,
        source,
        known: Known::at(valid.start()),
        closed: None,
    });
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
