//! nuScenes scenes as tables, from a World: boxes, a camera's way, and what stands beside.
//!
//! Source: Caesar et al., 2020; the layout is that of [`crate::import::NuScenes`].

use super::rows::{self, DatedFacts, shortest};
use super::{Error, ExportSettings, Exporter};
use crate::import::layout;
use crate::import::nuscenes::{CAMERA_FACTS, CAMERA_HEADER, HEADER, HEADING, compass_deg, heading_deg};
use chrono::{TimeZone as _, Utc};
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    Observer, ObserverId, Origin, Pose, Reference, ReferenceFrame, Sample, Span, Track, TrackId, World,
    unit_quaternion,
};
use nalgebra::Vector3;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

const PAPER: &str = "Caesar et al., nuScenes: A Multimodal Dataset for Autonomous Driving, CVPR 2020";

/// `scene-NNNN.csv`: one row per keyframe and thing with class, size, turn and heading.
///
/// Times are microseconds of the record's UTC start (0 without one). An imported file's instances keep their names, others are the numbers of the
/// things. Numbers are written as Python writes them, as the source file's are.
#[derive(Clone, Copy, Debug)]
pub struct NuScenes;

/// `scene-NNNN.CAM_FRONT.csv`: the way of one camera with its lens, and of the car that carries it.
///
/// The car is the thing called `ego` (of the camera's own source), else the camera itself. A picture's file is known where it was imported.
#[derive(Clone, Copy, Debug)]
pub struct NuScenesCamera;

/// `scene-NNNN.json`: name, place, description, and how many keyframes, things and boxes there are.
#[derive(Clone, Copy, Debug)]
pub struct NuScenesScene;

impl Exporter for NuScenes {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "nuscenes",
            about: "street boxes with class, size and heading in a world frame",
            source: "formats/src/export/nuscenes.rs",
            paper: Some(PAPER),
            example: "chronotope export nuscenes street.world -o scene-0757.csv",
        }
    }

    fn export(&self, world: &World, _settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let (labels, facts) = (rows::first_labels(world), DatedFacts::of_entities(world));
        let own = rows::setting(world, "nuscenes", "format").is_some();
        let mut lines = Vec::new();
        for Boxed { sample, pose, extent, rotation, track } in boxes(world)? {
            let entity = rows::entity_of(world, track.id, sample.t);
            let instance = match entity {
                _ if own => track.source_key.clone(),
                Some(entity) => entity.0.to_string(),
                None => continue,
            };
            let category = labels.get(&track.id).copied().unwrap_or("thing").replace([',', '\n'], " ");
            let given = entity.and_then(|e| facts.number(e.0, HEADING, sample.t)).filter(|_| own);
            let heading = given.unwrap_or_else(|| heading_deg(rotation));
            let [length, width, height] = extent;
            let [x, y, z] = pose.position;
            let [qw, qx, qy, qz] = rotation;
            let numbers = [x, y, z, width, length, height, qw, qx, qy, qz, heading].map(shortest).join(",");
            let us = utc_ns(world, &sample) / 1000;
            lines.push((sample.frame_index, format!("{us},{instance},{category},{numbers}")));
        }
        if lines.is_empty() {
            let expected = "things with place, size and turn in a world, and an identity";
            return Err(Error::unfit("nuscenes", expected, "none"));
        }
        // keyframes without numbers count by their times
        let mut out = rows::laid_out(world, "nuscenes", out);
        writeln!(out, "{}{}", layout::heading(world), HEADER.join(","))?;
        let mut numbers = BTreeMap::new();
        let times: BTreeSet<&str> = lines.iter().filter_map(|(_, line)| line.split(',').next()).collect();
        for (n, time) in times.iter().enumerate() {
            numbers.insert((*time).to_owned(), n as u32);
        }
        for (frame_index, line) in &lines {
            let time = line.split(',').next().unwrap_or_default();
            let n = frame_index.or_else(|| numbers.get(time).copied()).unwrap_or_default();
            writeln!(out, "{n},{line}")?;
        }
        Ok(out.finish()?)
    }
}

impl Exporter for NuScenesCamera {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "nuscenes-camera",
            about: "the way of a camera with its lens, and of the car that carries it",
            source: "formats/src/export/nuscenes.rs",
            paper: Some(PAPER),
            example: "chronotope export nuscenes-camera street.world -o scene-0757.CAM_FRONT.csv",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let unfit = |expected: &str, found: &str| Error::unfit("nuscenes-camera", expected, found);
        let visible = || world.tables().tracks.iter().filter(|t| world.track(t.id).is_some());
        let wanted = |track: &&Track| match (settings.observer, track.carries) {
            (Some(wanted), Some(carried)) => wanted == carried,
            (None, carried) => carried.is_some(),
            (Some(_), None) => false,
        };
        let carriers: Vec<&Track> = visible().filter(wanted).collect();
        let [carrier] = carriers[..] else {
            return Err(unfit("one camera that moves", &format!("{}; choose one", carriers.len())));
        };
        let carried = carrier.carries.and_then(|o| world.observer(o));
        let Some(Observer { id: ObserverId(observer), intrinsics: Some(lens), .. }) = carried else {
            return Err(unfit("a camera with a lens", "one without"));
        };
        let ego = visible().find(|t| t.source == carrier.source && t.source_key == "ego").unwrap_or(carrier);
        let run = world.run(ego.id, Span::ALWAYS)?;
        let car: BTreeMap<_, Pose> = run.samples().filter_map(|s| Some((s.t, s.pose?))).collect();
        let facts = DatedFacts::of_observers(world);
        let mut samples: Vec<Sample> = world.run(carrier.id, Span::ALWAYS)?.samples().collect();
        samples.sort_by_key(|sample| sample.id);
        let mut lines = Vec::new();
        for (n, sample) in samples.iter().enumerate() {
            let Some((pose, rotation)) = sample.pose.and_then(|pose| Some((pose, pose.rotation?))) else {
                return Err(unfit("poses with a turn", "one without"));
            };
            let Some((car, car_turn)) = car.get(&sample.t).and_then(|pose| Some((pose, pose.rotation?)))
            else {
                return Err(unfit("the car's pose at every picture", "a picture without"));
            };
            let (file, headings) = (CAMERA_FACTS[0], [CAMERA_FACTS[1], CAMERA_FACTS[2]]);
            let file = facts.text(*observer, file, sample.t).unwrap_or_default();
            let [of_camera, of_car] = headings.map(|predicate| facts.number(*observer, predicate, sample.t));
            let ahead = unit_quaternion(rotation).map_or(Vector3::x(), |q| q * Vector3::z());
            let looks = compass_deg(libm::atan2(ahead.y, ahead.x));
            let place = |pose: &Pose, q: [f64; 4]| pose.position.into_iter().chain(q).collect::<Vec<f64>>();
            let numbers = [
                place(&pose, rotation),
                vec![lens.fx, lens.cx, lens.fy, lens.cy],
                place(car, car_turn),
                vec![of_camera.unwrap_or(looks), of_car.unwrap_or_else(|| heading_deg(car_turn))],
            ];
            let numbers: Vec<String> = numbers.concat().into_iter().map(shortest).collect();
            let time = Utc.timestamp_nanos(utc_ns(world, sample)).format("%Y-%m-%d %H:%M:%S%.6f");
            let n = sample.frame_index.unwrap_or(n as u32);
            lines.push(format!("{n},{time},{file},{}", numbers.join(",")));
        }
        let mut out = rows::laid_out(world, "nuscenes-camera", out);
        writeln!(out, "{}", CAMERA_HEADER.join(","))?;
        for line in lines {
            writeln!(out, "{line}")?;
        }
        Ok(out.finish()?)
    }
}

impl Exporter for NuScenesScene {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "nuscenes-scene",
            about: "a scene's name, place, description, and how much is in it",
            source: "formats/src/export/nuscenes.rs",
            paper: Some(PAPER),
            example: "chronotope export nuscenes-scene street.world -o scene-0757.json",
        }
    }

    fn export(&self, world: &World, _settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let boxes = boxes(world)?;
        let Some(first) = boxes.first() else {
            return Err(Error::unfit(
                "nuscenes-scene",
                "things with place, size and turn in a world",
                "none",
            ));
        };
        let location = match world.reference_frame(first.pose.reference_frame).map(|f| &f.reference_frame) {
            Some(ReferenceFrame::World(name)) if name != "map" => name.as_str(),
            _ => "",
        };
        let name = world.record().name.as_str();
        let description = world.facts().find_map(|fact| match (&fact.subject, &fact.object) {
            (Reference::Text(subject), Reference::Text(text)) => {
                (subject == name && fact.predicate == "description").then_some(text.as_str())
            }
            _ => None,
        });
        let keyframes: BTreeSet<_> = boxes.iter().map(|row| row.sample.t).collect();
        let instances: BTreeSet<_> =
            boxes.iter().filter_map(|row| rows::entity_of(world, row.track.id, row.sample.t)).collect();
        let all = json!({
            "name": name,
            "location": location,
            "description": description.unwrap_or_default(),
            "nbr_samples": keyframes.len(),
            "instances": instances.len(),
            "annotations": boxes.len(),
        });
        let mut text = Vec::new();
        let layout = serde_json::ser::PrettyFormatter::with_indent(b" ");
        let mut writer = serde_json::Serializer::with_formatter(&mut text, layout);
        serde::Serialize::serialize(&all, &mut writer).map_err(|e| Error::Write(e.into()))?;
        out.write_all(&text)?;
        Ok(out.flush()?)
    }
}

/// A visible box of an annotated thing in a world.
struct Boxed<'a> {
    sample: Sample,
    pose: Pose,
    extent: [f64; 3],
    rotation: [f64; 4],
    track: &'a Track,
}

/// The boxes of all things that count, in the order in which they were handed in where they were imported, else by time and thing.
fn boxes(world: &World) -> Result<Vec<Boxed<'_>>, Error> {
    let in_world = |pose: &Pose| {
        let frame = world.reference_frame(pose.reference_frame).map(|f| &f.reference_frame);
        matches!(frame, Some(ReferenceFrame::World(_)))
    };
    let mut out = Vec::new();
    for row in rows::rows(world)? {
        let track = row.sample.track.and_then(|t: TrackId| world.track(t));
        let Some(track) = track.filter(|t| !t.ignored && t.carries.is_none()) else { continue };
        let Some(pose) = row.sample.pose.filter(in_world) else { continue };
        let (Some(extent), Some(rotation)) = (pose.extent, pose.rotation) else { continue };
        // a thing that stands there always has no keyframe
        if row.sample.origin != Origin::Predicted && row.sample.end.is_none() {
            out.push(Boxed { sample: row.sample, pose, extent, rotation, track });
        }
    }
    if !rows::is_imported(world) {
        out.sort_by_key(|row| (row.sample.t, row.track.id));
    }
    Ok(out)
}

/// UTC in nanoseconds.
fn utc_ns(world: &World, sample: &Sample) -> i64 {
    sample.t.0.saturating_add(world.record().utc_start_ns.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};
    use crate::import::{self, ImportSettings, Importer};

    fn written(exporter: &dyn Exporter, world: &World) -> String {
        let mut out = Vec::new();
        exporter.export(world, &ExportSettings::default(), &mut out).expect("exports");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn every_file_of_the_data_is_written_back_byte_by_byte() {
        let Some(folder) = data("export nuscenes", "nuscenes_mini") else { return };
        let imported = import::NuScenes.import(&folder, &ImportSettings::default()).expect("valid");
        let mut n = 0;
        for world in &imported.worlds {
            let name = &world.record().name;
            let exporters: [(&dyn Exporter, String); 3] = [
                (&NuScenes, format!("{name}.csv")),
                (&NuScenesScene, format!("{name}.json")),
                (&NuScenesCamera, format!("{name}.CAM_FRONT.csv")),
            ];
            for (exporter, file) in exporters {
                let Some(path) = import::input::beside(&folder, &file) else { continue };
                let (was, is) = (import::text_of(&path).expect("text"), written(exporter, world));
                let first = was.lines().zip(is.lines()).find(|(was, is)| was != is);
                assert!(was == is, "{file}: {first:?}");
                n += 1;
            }
        }
        assert_eq!(n, 5 + 5 + 1);
    }

    #[test]
    fn whole_numbers_and_a_heading_of_its_own_are_kept() {
        let scratch = Scratch::new();
        let text = format!(
            "{}\r\n0,1535657108301401,a,vehicle.car,1.0,2.0,3.0,2.0,4.0,1.5,1.0,0.0,0.0,0.0,-89.5\r\n\
             7,1535657108301402,a,vehicle.car,1.0,2.0,3.0,2.0,4.0,1.5,1.0,0.0,0.0,0.0,-90.0",
            HEADER.join(",")
        );
        let path = scratch.file("scene-1.csv", text.as_bytes());
        let world =
            import::NuScenes.import(&path, &ImportSettings::default()).expect("valid").worlds.remove(0);
        assert_eq!(written(&NuScenes, &world), text);
    }
}
