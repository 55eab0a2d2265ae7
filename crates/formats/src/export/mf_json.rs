//! OGC Moving Features JSON from a World.
//!
//! Source: OGC 19-045r3, *OGC Moving Features Encoding Extension – JSON*, 2020, sections 6.2 and 7.

use super::geojson::{Anchor, anchors};
use super::rows;
use super::{Error, ExportSettings, Exporter};
use chrono::DateTime;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, ReferenceFrameId, Run, Sample, Time, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;

/// One feature per thing, with a `MovingPoint` for each unbroken run of its track: interpolated linearly where the track may be, else a set of
/// moments. A run ends where two samples are further apart than the track's tolerance.
///
/// Places are poses, or centres of boxes where there are no poses. They are longitudes and latitudes where the World is anchored on the
/// earth; else `crs` names the reference frame (`urn:chronotope:world(street)`), in its own unit. Times are UTC where the record
/// has a start, else milliseconds of the record, which `trs` says. Refused for timeless scenes and where only order is known.
#[derive(Clone, Copy, Debug)]
pub struct MfJson;

impl Exporter for MfJson {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "mf-json",
            about: "the ways of things over time, for geographic tools",
            source: "formats/src/export/mf_json.rs",
            paper: Some("OGC 19-045r3, OGC Moving Features Encoding Extension - JSON, 2020"),
            example: "chronotope export mf-json street.world -o street.json",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        if world.record().order_only {
            return Err(Error::unfit(
                "mf-json",
                "a record with a clock",
                "one of which only the order is known",
            ));
        }
        let (labels, anchors) = (rows::first_labels(world), anchors(world));
        let mut features = Vec::new();
        for entity in world.entities().filter(|e| settings.entity.is_none_or(|wanted| wanted == *e)) {
            let trajectory = world.trajectory(entity)?;
            for (n, run) in trajectory.runs.iter().enumerate() {
                if let Some((prisms, crs)) = moving_points(world, run, &anchors) {
                    let label = labels.get(&run.track);
                    features.push(feature(entity, n, label.copied(), prisms, &crs));
                }
            }
        }
        if features.is_empty() {
            return Err(Error::unfit("mf-json", "things with places and times", "none"));
        }
        let trs = if world.record().utc_start_ns.is_some() {
            "urn:ogc:data:time:iso8601"
        } else {
            "urn:chronotope:record-milliseconds"
        };
        let all = json!({
            "type": "FeatureCollection",
            "trs": {"type": "Name", "properties": {"name": trs}},
            "features": features,
        });
        let mut out = std::io::BufWriter::new(out);
        serde_json::to_writer(&mut out, &all).map_err(|e| Error::Write(e.into()))?;
        writeln!(out)?;
        Ok(out.flush()?)
    }
}

fn feature(entity: EntityId, run: usize, label: Option<&str>, mut prisms: Vec<Value>, crs: &str) -> Value {
    let geometry = if prisms.len() == 1 {
        prisms.remove(0)
    } else {
        json!({"type": "MovingGeometryCollection", "prisms": prisms})
    };
    let id = if run == 0 { entity.0.to_string() } else { format!("{}.{run}", entity.0) };
    json!({
        "type": "Feature",
        "id": id,
        "crs": {"type": "Name", "properties": {"name": crs}},
        "temporalGeometry": geometry,
        "properties": {"entity": entity.0, "label": label},
    })
}

/// The unbroken stretches of a run with their reference system; none where it has no dated place.
fn moving_points(
    world: &World,
    run: &Run,
    anchors: &BTreeMap<ReferenceFrameId, Anchor>,
) -> Option<(Vec<Value>, String)> {
    let samples: Vec<Sample> = run.samples().filter(|s| s.t != Time::MIN).collect();
    let frame = samples.iter().find_map(|s| s.pose).map(|p| p.reference_frame);
    let anchor = frame.and_then(|f| anchors.get(&f));
    let place = |s: &Sample| -> Option<Value> {
        match (frame, s.pose, s.box_px) {
            (Some(frame), Some(pose), _) if pose.reference_frame == frame => {
                Some(anchor.map_or_else(|| json!(pose.position), |a| json!(a.place(pose.position))))
            }
            (None, _, Some(b)) => Some(json!(b.centre())),
            _ => None,
        }
    };
    let crs = match (anchor, frame.and_then(|f| world.reference_frame(f))) {
        (Some(_), _) => "urn:ogc:def:crs:OGC::CRS84h".to_owned(),
        (None, Some(frame)) => format!("urn:chronotope:{}", frame.reference_frame),
        (None, None) => format!("urn:chronotope:image({})", run.observer.map_or(0, |o| o.0)),
    };
    let placed: Vec<(Time, Value)> = samples.iter().filter_map(|s| Some((s.t, place(s)?))).collect();
    // two samples of one time are one moment
    let placed: Vec<(Time, Value)> = placed.chunk_by(|a, b| a.0 == b.0).map(|same| same[0].clone()).collect();
    let tolerance_ns = run.tolerance_ns.unwrap_or(0);
    let stretch = |moments: &[(Time, Value)]| {
        let dates: Vec<Value> = moments.iter().map(|(t, _)| date(world, *t)).collect();
        let places: Vec<&Value> = moments.iter().map(|(_, place)| place).collect();
        let how = if moments.len() > 1 && tolerance_ns > 0 { "Linear" } else { "Discrete" };
        json!({"type": "MovingPoint", "datetimes": dates, "coordinates": places, "interpolation": how})
    };
    let prisms: Vec<Value> = if tolerance_ns > 0 {
        placed.chunk_by(|a, b| b.0 - a.0 <= tolerance_ns).map(stretch).collect()
    } else if placed.is_empty() {
        Vec::new()
    } else {
        vec![stretch(&placed)]
    };
    (!prisms.is_empty()).then_some((prisms, crs))
}

/// UTC as text where the record has a start, else milliseconds of the record.
fn date(world: &World, t: Time) -> Value {
    match world.record().utc_start_ns {
        Some(start) => {
            let utc = DateTime::from_timestamp_nanos(start.saturating_add(t.0));
            json!(utc.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
        }
        None => json!(t.0 as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::Scratch;
    use crate::import::{self, ImportSettings, Importer};

    fn written(world: &World) -> Result<Value, Error> {
        let mut out = Vec::new();
        MfJson.export(world, &ExportSettings::default(), &mut out)?;
        Ok(serde_json::from_slice(&out).expect("JSON"))
    }

    #[test]
    fn a_gap_ends_a_stretch() {
        let scratch = Scratch::new();
        let path = scratch.file("a.txt", b"1,7,0,0,2,2,1\n2,7,2,0,2,2,1\n90,7,4,0,2,2,1\n");
        let settings = ImportSettings { fps: Some(10.0), ..ImportSettings::default() };
        let world = import::Mot.import(&path, &settings).expect("valid").worlds.remove(0);
        let all = written(&world).expect("exports");
        let prisms = &all["features"][0]["temporalGeometry"]["prisms"];
        assert_eq!(prisms[0]["datetimes"], json!([0.0, 100.0]));
        assert_eq!(prisms[0]["coordinates"], json!([[1.0, 1.0], [3.0, 1.0]]));
        assert_eq!(
            (&prisms[0]["interpolation"], &prisms[1]["interpolation"]),
            (&json!("Linear"), &json!("Discrete"))
        );
        let order = import::Mot.import(&path, &ImportSettings::default()).expect("valid").worlds.remove(0);
        assert!(written(&order).is_err(), "no clock");
    }

    #[test]
    fn utc_is_written_as_dates() {
        let scratch = Scratch::new();
        let path = scratch.file("a.txt", b"1305031098.5 1 2 3 0 0 0 1\n");
        let world = import::Tum.import(&path, &ImportSettings::default()).expect("valid").worlds.remove(0);
        let all = written(&world).expect("exports");
        let geometry = &all["features"][0]["temporalGeometry"];
        assert_eq!(geometry["datetimes"], json!(["2011-05-10T12:38:18.500Z"]));
        assert_eq!(all["features"][0]["crs"]["properties"]["name"], "urn:chronotope:world(map)");
    }
}
