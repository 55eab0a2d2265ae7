//! Where an interrupted watch goes on.

use chronotope_world::{
    BoxPx, Clock, EntityId, Error, ObserverId, ReferenceFrame, SourceId, SourceKind, Time, World,
};

/// How long before the end a thing may have been seen last and still count as in view: half a second.
const IN_VIEW_NS: i64 = 500_000_000;

/// What an earlier watch of the same video left.
///
/// One that was interrupted goes on from what it saved at its last commit, as if it had never stopped. One that ended, or
/// whose saved state is lost or was made with other settings, is extended: what begins where a thing was last in view is
/// taken for the same thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Resume {
    /// The detector's source row.
    pub perception: SourceId,
    /// The camera's row.
    pub observer: ObserverId,
    /// How its clock maps to the record's; it keeps the one that it began with.
    pub clock: Option<Clock>,
    /// Record time up to which it is settled.
    pub settled: Time,
    /// The moment of the video from which it goes on.
    pub from: Time,
    /// Number of the next shot, where it is extended.
    pub first_shot: u32,
    /// What was in view at the end.
    pub in_view: Vec<(EntityId, Time, BoxPx, String)>,
    /// States as they were handed to [`super::Watching::commit`]; the one that fits is taken.
    pub saved: Vec<Vec<u8>>,
}

/// What an earlier watch of the same video (by hash, by address where there is none) left in a World. None where the video is
/// new to the World.
///
/// # Errors
/// Where samples cannot be read.
pub fn resume(world: &World, video: &str, sha256: Option<&str>) -> Result<Option<Resume>, Error> {
    let tables = world.tables();
    let Some(source) = tables.sources.iter().find(|s| {
        let same = if sha256.is_some() { s.sha256.as_deref() == sha256 } else { s.uri == video };
        s.kind == SourceKind::Video && same
    }) else {
        return Ok(None);
    };
    let perception = tables
        .sources
        .iter()
        .rev()
        .find(|s| s.kind == SourceKind::Perception && s.derived_from == Some(source.id));
    let observer = tables.observers.iter().find(|o| o.source == source.id);
    let Some((perception, observer)) = perception.zip(observer) else { return Ok(None) };
    let covered = world.coverage().filter(|c| c.source == perception.id).map(|c| c.span.end()).max();
    let Some(end) = covered else { return Ok(None) };
    let mut in_view = Vec::new();
    for entity in world.entities() {
        for run in world.trajectory(entity)?.runs.iter().filter(|run| run.observer == Some(observer.id)) {
            if let Some(last) = run.samples().rev().find(|s| s.box_px.is_some())
                && end - last.t <= IN_VIEW_NS
                && let Some(box_px) = last.box_px
            {
                let label = world.labels_of_track(run.track).next().map_or(String::new(), |l| l.text.clone());
                in_view.push((entity, last.t, box_px, label));
            }
        }
    }
    let first_shot = tables
        .reference_frames
        .iter()
        .filter_map(|row| match row.reference_frame {
            ReferenceFrame::Stage(o, shot) if o == observer.id => Some(shot + 1),
            _ => None,
        })
        .max()
        .unwrap_or(0);
    let clock = source.record_from_source;
    let Clock { offset, rate, .. } = clock.unwrap_or(Clock::SAME);
    let since = end - offset;
    let from = if rate == 1.0 { Time(since) } else { Time((since as f64 / rate).ceil() as i64) };
    Ok(Some(Resume {
        perception: perception.id,
        observer: observer.id,
        clock,
        settled: end,
        from,
        first_shot,
        in_view,
        saved: Vec::new(),
    }))
}
