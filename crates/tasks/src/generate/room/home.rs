//! A home that is made for a question, and a walk through it.

use crate::generate::walk::Walk;
use crate::generate::{Knobs, Material, Media, Show, Skip, Stream};
use chronotope_simulate::bundle::{Annotation, picture_times, to_world};
use chronotope_simulate::path::{CameraPath, WalkSettings, walk};
use chronotope_simulate::render::{Layers, Renderer};
use chronotope_simulate::scene::{RoomSettings, Scene, rooms};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the World of a home says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Every thing that the walk shows, at its place.
    Places,
    /// What was seen when.
    Sights,
}

/// A home with furniture and, where the items are shown, a walk through it; without one everything is known. With one, only things that are
/// seen well enough in some picture are there to ask about.
pub(crate) fn home(stream: &mut Stream, knobs: &Knobs, known: Known) -> Result<Material, Skip> {
    let n_rooms = knobs.count("rooms");
    let settings = RoomSettings {
        rooms: n_rooms,
        objects: knobs.count("objects"),
        area_m2: stream.uniform(10.0_f64.max(8.0 * n_rooms as f64), 24.0 + 12.0 * (n_rooms as f64 - 1.0)),
        ..RoomSettings::default()
    };
    let said = |fault: chronotope_simulate::Error| Skip::draw(fault.to_string());
    let mut scene = rooms(stream, &settings).map_err(said)?;
    let words: Vec<String> = knobs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let words = words.join(" ");
    let media = Media::named(knobs.word("media")).unwrap_or_default();
    if media == Media::None && known == Known::Places {
        let world = to_world("room", &words, &scene, None, &[], Annotation::Map).map_err(said)?;
        return Material::generated(world, None);
    }
    let duration_s = knobs.real("seconds");
    let width = knobs.whole("width_px") as u32;
    // even, as the encoder wants them
    let (width, height) = (width & !1, (width * 3 / 4) & !1);
    let walked = WalkSettings { size_px: [width, height], duration_s, ..WalkSettings::default() };
    let camera = walk(stream, &scene, &walked).map_err(said)?;
    let fps = knobs.count("fps").max(1);
    let times = picture_times((duration_s * fps as f64) as usize, fps as f64);
    let world = if known == Known::Places {
        let shown = well_seen(&scene, &camera, &times, knobs.whole("least_px") as u32);
        let mut told = scene.clone();
        let mut at = 0..;
        told.things.retain(|_| at.next().is_some_and(|n| shown.contains(&n)));
        told.events.clear();
        to_world("room", &words, &told, None, &[], Annotation::Map)
    } else {
        let least_px = knobs.whole("least_px") as u32;
        to_world("room", &words, &scene, Some(&camera), &times, Annotation::Sight { least_px })
    };
    scene.events.clear();
    let show = Walk { scene, camera, times, fps: fps as u32, marked: Vec::new() };
    let show: Option<Arc<dyn Show>> = if media == Media::None { None } else { Some(Arc::new(show)) };
    let made = Material::generated(world.map_err(said)?, show)?;
    Ok(Material { unnumbered: true, ..made })
}

/// The things of which some picture shows at least so many pixels.
fn well_seen(scene: &Scene, camera: &CameraPath, times: &[i64], least_px: u32) -> BTreeSet<usize> {
    let renderer = Renderer::new(scene, 1);
    let layers = Layers { seen: true, ..Layers::default() };
    let mut shown = BTreeSet::new();
    for &t in times {
        let frame = renderer.picture(camera, t, layers);
        shown.extend(frame.seen.iter().filter(|seen| seen.visible_px >= least_px).map(|seen| seen.thing));
    }
    shown
}
