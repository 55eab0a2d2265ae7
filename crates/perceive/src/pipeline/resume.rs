//! Where an interrupted watch goes on.

use super::watch::Resume;
use chronotope_world::{Error, ReferenceFrame, SourceKind, Time, World};

/// How long before the end a thing may have been seen last and still count as in view: half a second.
const IN_VIEW_NS: i64 = 500_000_000;

/// What an earlier watch of the same video (by hash, by address where there is none) left in a World, and the moment of
/// the video from which it goes on. None where the video is new to the World.
///
/// # Errors
/// Where samples cannot be read.
pub fn resume(world: &World, video: &str, sha256: Option<&str>) -> Result<Option<(Resume, Time)>, Error> {
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
    let offset = source.record_from_source.map_or(Time(0), |clock| clock.offset);
    let resume = Resume { perception: perception.id, observer: observer.id, first_shot, in_view };
    Ok(Some((resume, Time(end - offset))))
}
