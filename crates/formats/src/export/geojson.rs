//! GeoJSON from a World that is anchored on the earth.
//!
//! Source: RFC 7946, *The GeoJSON Format*, 2016; WGS 84 (NIMA TR8350.2, 2000) for the ellipsoid.

use super::rows;
use super::{Error, ExportSettings, Exporter};
use chronotope_world::catalogue::Entry;
use chronotope_world::{ReferenceFrameId, Scale, TransformKind, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;

/// One feature per thing: a point, or a line through its places in the order of time, `[longitude, latitude, height]` in degrees and metres.
///
/// The times stand beside in `times_s`, seconds of the record, as many as places. Refused where no place can be put on the earth: a World needs
/// a geographic anchor (where the origin lies and which way x points) and metres. Places in frames without an anchor are left out.
#[derive(Clone, Copy, Debug)]
pub struct GeoJson;

impl Exporter for GeoJson {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "geojson",
            about: "the ways of things on the earth; needs a geographic anchor",
            source: "formats/src/export/geojson.rs",
            paper: Some("RFC 7946, The GeoJSON Format, 2016"),
            example: "chronotope export geojson street.world -o street.geojson",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let anchors = anchors(world);
        if anchors.is_empty() {
            let found = "none; nothing says where on the earth the origin lies";
            return Err(Error::unfit("geojson", "a geographic anchor of a world in metres", found));
        }
        let labels = rows::first_labels(world);
        let mut ways: BTreeMap<_, (Vec<Value>, Vec<f64>, Option<&str>)> = BTreeMap::new();
        let mut all = rows::rows(world)?;
        all.sort_by_key(|row| (row.sample.t, row.sample.id));
        for row in all {
            let wanted = row.entity.filter(|e| settings.entity.is_none_or(|wanted| wanted == *e));
            let Some((entity, pose)) = wanted.zip(row.sample.pose) else { continue };
            let Some(anchor) = anchors.get(&pose.reference_frame) else { continue };
            let (places, times, label) = ways.entry(entity).or_default();
            places.push(json!(anchor.place(pose.position)));
            times.push(row.sample.t.as_s());
            *label = label.or(row.sample.track.and_then(|t| labels.get(&t).copied()));
        }
        if ways.is_empty() {
            return Err(Error::unfit("geojson", "things with places in an anchored frame", "none"));
        }
        let features: Vec<Value> = ways
            .into_iter()
            .map(|(entity, (mut places, times, label))| {
                let geometry = if places.len() == 1 {
                    json!({"type": "Point", "coordinates": places.remove(0)})
                } else {
                    json!({"type": "LineString", "coordinates": places})
                };
                let properties = json!({"entity": entity.0, "label": label, "times_s": times});
                json!({"type": "Feature", "id": entity.0, "geometry": geometry, "properties": properties})
            })
            .collect();
        let mut out = std::io::BufWriter::new(out);
        serde_json::to_writer(&mut out, &json!({"type": "FeatureCollection", "features": features}))
            .map_err(|e| Error::Write(e.into()))?;
        writeln!(out)?;
        Ok(out.flush()?)
    }
}

/// Where a world lies on the earth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Anchor {
    longitude_deg: f64,
    latitude_deg: f64,
    height_m: f64,
    bearing_deg: f64,
}

/// The anchors that are visible, by the frame that they anchor; only frames in metres.
pub(crate) fn anchors(world: &World) -> BTreeMap<ReferenceFrameId, Anchor> {
    let anchored = world.transforms().filter_map(|row| match row.kind {
        TransformKind::GeoAnchor { longitude, latitude, height, bearing } => {
            let anchor = Anchor {
                longitude_deg: longitude,
                latitude_deg: latitude,
                height_m: height,
                bearing_deg: bearing,
            };
            let metric = world.reference_frame(row.source).is_some_and(|f| f.scale == Scale::Metre);
            metric.then_some((row.source, anchor))
        }
        _ => None,
    });
    anchored.collect()
}

/// WGS 84: half the equator's diameter in metres.
const A: f64 = 6_378_137.0;
/// WGS 84: squared eccentricity, f (2 − f) with f = 1/298.257223563.
const E2: f64 = 6.694379990141317e-3;

impl Anchor {
    /// Longitude and latitude in degrees and height in metres of a place: from the tangent plane at the anchor through
    /// earth-centred coordinates, exact to less than a millimetre.
    pub(crate) fn place(&self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        let (sin_b, cos_b) = libm::sincos(self.bearing_deg.to_radians());
        // x points along the bearing, y 90° to the left of it
        let (east, north) = (x * sin_b - y * cos_b, x * cos_b + y * sin_b);
        let (sin_lat, cos_lat) = libm::sincos(self.latitude_deg.to_radians());
        let (sin_lon, cos_lon) = libm::sincos(self.longitude_deg.to_radians());
        let n = A / (1.0 - E2 * sin_lat * sin_lat).sqrt();
        let ex = (n + self.height_m) * cos_lat * cos_lon - east * sin_lon - north * sin_lat * cos_lon
            + z * cos_lat * cos_lon;
        let ey = (n + self.height_m) * cos_lat * sin_lon + east * cos_lon - north * sin_lat * sin_lon
            + z * cos_lat * sin_lon;
        let ez = (n * (1.0 - E2) + self.height_m) * sin_lat + north * cos_lat + z * sin_lat;
        // back: the latitude by fixed-point iteration (contracts by E2 per round)
        let p = (ex * ex + ey * ey).sqrt();
        let mut latitude = libm::atan2(ez, p * (1.0 - E2));
        for _ in 0..8 {
            let sine = libm::sin(latitude);
            latitude = libm::atan2(ez + E2 * A / (1.0 - E2 * sine * sine).sqrt() * sine, p);
        }
        let (sine, cosine) = libm::sincos(latitude);
        let n = A / (1.0 - E2 * sine * sine).sqrt();
        let height = p * cosine + ez * sine - A * A / n;
        [libm::atan2(ey, ex).to_degrees(), latitude.to_degrees(), height]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANCHOR: Anchor =
        Anchor { longitude_deg: 11.5, latitude_deg: 48.1, height_m: 500.0, bearing_deg: 90.0 };

    #[test]
    fn the_origin_is_the_anchor() {
        let [longitude, latitude, height] = ANCHOR.place([0.0; 3]);
        assert!(
            (longitude - 11.5).abs() < 1e-12
                && (latitude - 48.1).abs() < 1e-12
                && (height - 500.0).abs() < 1e-6
        );
    }

    #[test]
    fn metres_go_where_the_bearing_points() {
        // x points east: a degree of longitude is N cos(latitude) · π/180 metres long
        let [longitude, latitude, _] = ANCHOR.place([100.0, 0.0, 0.0]);
        let n = A / (1.0 - E2 * libm::sin(48.1_f64.to_radians()) * libm::sin(48.1_f64.to_radians())).sqrt();
        let expected = 11.5 + (100.0 / ((n + 500.0) * libm::cos(48.1_f64.to_radians()))).to_degrees();
        assert!(
            (longitude - expected).abs() < 1e-9 && (latitude - 48.1).abs() < 1e-7,
            "{longitude} {latitude}"
        );
        // y points north
        let [longitude, latitude, _] = ANCHOR.place([0.0, 100.0, 0.0]);
        assert!(
            (longitude - 11.5).abs() < 1e-9 && latitude > 48.1008 && latitude < 48.1010,
            "{longitude} {latitude}"
        );
    }

    #[test]
    fn without_an_anchor_it_is_refused() {
        let world = chronotope_world::WorldBuilder::new("plain").build().expect("empty");
        let mut out = Vec::new();
        let error = GeoJson.export(&world, &ExportSettings::default(), &mut out).expect_err("no anchor");
        assert!(error.to_string().starts_with("geojson: expected a geographic anchor"), "{error}");
        assert!(out.is_empty());
    }
}
