//! A street that is made for a question, seen from a car that drives along it or from the pavement.

use crate::generate::walk::Walk;
use crate::generate::{Knobs, Material, Media, Skip, Stream};
use chronotope_simulate::bundle::{Annotation, picture_times, to_world};
use chronotope_simulate::path::CameraPath;
use chronotope_simulate::scene::{Layout, StreetSettings, street as scene_of};
use std::sync::Arc;

/// A street with traffic. What was seen of it makes the World; things that move bear their numbers in the pictures, and only they are asked
/// about.
pub(super) fn street(stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
    let said = |fault: chronotope_simulate::Error| Skip::draw(fault.to_string());
    let movers = knobs.count("movers");
    let duration_s = knobs.real("seconds");
    let layout =
        *stream.choose(&[Layout::Straight, Layout::Curve, Layout::Junction]).unwrap_or(&Layout::Straight);
    let vehicles = (movers / 2 + 1).min(24);
    let cyclists = (movers / 6).min(12);
    let settings = StreetSettings {
        layout,
        vehicles,
        cyclists,
        pedestrians: (movers + 1).saturating_sub(vehicles + cyclists).min(24),
        duration_s: duration_s + 1.0,
    };
    let scene = scene_of(stream, &settings).map_err(said)?;
    let width = knobs.whole("width_px") as u32 & !1;
    let size = [width, (width * 9 / 16) & !1];
    let fps = knobs.count("fps").max(1);
    let camera = if knobs.word("camera") == "driver" {
        let ride = ((duration_s * 1e9) as i64, 20.0);
        CameraPath::driver(size, 1.2, &scene, 0, [0.4, 0.0, 0.75], 0.04, ride).map_err(said)?
    } else {
        let side = if stream.chance(0.5) { 1.0 } else { -1.0 };
        let from = [stream.uniform(-12.0, 4.0), side * stream.uniform(8.5, 11.0), stream.uniform(2.2, 4.0)];
        CameraPath::fixed(size, 1.25, from, [from[0] + 16.0, -side * 2.0, 0.6])
    };
    let times = picture_times((duration_s * fps as f64) as usize, fps as f64);
    let words: Vec<String> = knobs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let sight = Annotation::Sight { least_px: knobs.whole("least_px") as u32 };
    let world = to_world("street", &words.join(" "), &scene, Some(&camera), &times, sight).map_err(said)?;
    let driven = knobs.word("camera") == "driver";
    let marked: Vec<usize> = (0..scene.things.len())
        .filter(|&n| !scene.things[n].motion.is_still() && (!driven || n > 0))
        .collect();
    let numbers: Vec<u64> = marked.iter().map(|&n| n as u64).collect();
    let show = Walk { scene, camera, times, fps: fps as u32, marked };
    let media = Media::named(knobs.word("media")).unwrap_or_default();
    let show: Option<Arc<dyn crate::generate::Show>> =
        if media == Media::None { None } else { Some(Arc::new(show)) };
    let mut material = Material::generated(world, show)?;
    for category in &mut material.survey.categories {
        category.things.retain(|thing| numbers.binary_search(&thing.0).is_ok());
    }
    material.survey.categories.retain(|category| !category.things.is_empty());
    Ok(material)
}
