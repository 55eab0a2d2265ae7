//! KITTI's 3D detections, as AB3DMOT reads them, from a World.
//!
//! Source: Weng et al., 2020; columns as in [`crate::import::KittiDetections`].

use super::rows::{self, DatedFacts, Row};
use super::{Error, ExportSettings, Exporter};
use crate::import::kitti_detections::{CLASSES, angle_as_given, print_angle};
use crate::import::{kitti_pose_in_camera as pose_in_camera, kitti_seen_at, layout};
use chronotope_world::catalogue::Entry;
use chronotope_world::{ReferenceFrame, SourceId, World};
use std::collections::BTreeMap;
use std::io::Write;

/// Rows `picture, class, left, top, right, bottom, score, h, w, l, x, y, z, rotation_y, alpha` between commas.
///
/// Boxes that have no place, size and turn in the camera's frame, or are of no class of the format (Pedestrian, Car, Cyclist), are left out; the score is 1 where there
/// is none. The observation angle follows from place and turn, unless the imported file rounded it otherwise.
#[derive(Clone, Copy, Debug)]
pub struct KittiDetections;

impl Exporter for KittiDetections {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "kitti-detections",
            about: "3D boxes around the camera, without identities",
            source: "formats/src/export/kitti_detections.rs",
            paper: Some(
                "Weng et al., 3D Multi-Object Tracking: A Baseline and New Evaluation Metrics, IROS 2020",
            ),
            example: "chronotope export kitti-detections seen.world -o Car_0000.txt",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let picture_rows = rows::picture_rows(world, settings, "kitti-detections")?;
        let own = rows::setting(world, "kitti-detections", "format").is_some();
        let decimals = rows::setting(world, "kitti-detections", "decimals");
        let decimals = if own { decimals.and_then(|n| n.parse::<usize>().ok()) } else { Some(4) };
        let classes = Classes::of(world);
        let camera = picture_rows.observer.map(ReferenceFrame::Camera);
        let facts = DatedFacts::of_observers(world);
        let mut of_picture: BTreeMap<u32, u32> = BTreeMap::new();
        let mut text = String::new();
        for (frame_index, _, row) in &picture_rows.rows {
            let nth = of_picture.entry(*frame_index).and_modify(|n| *n += 1).or_insert(0);
            let Some(solid) = solid(world, row, camera.as_ref()) else { continue };
            let Some(class) = classes.number(row) else { continue };
            let (size, foot, rotation_y) = solid;
            let given = picture_rows
                .observer
                .filter(|_| own)
                .and_then(|o| facts.text(o.0, &angle_as_given(*nth), row.sample.t));
            let alpha =
                given.map_or_else(|| print_angle(kitti_seen_at(rotation_y, foot), decimals), str::to_owned);
            let Some(b) = row.sample.box_px else { continue };
            let [h, w, l] = size;
            let [x, y, z] = foot;
            let score = row.sample.score.unwrap_or(1.0);
            let right = rows::as_read(b.right(), |right| right - b.left == b.width);
            let bottom = rows::as_read(b.bottom(), |bottom| bottom - b.top == b.height);
            let numbers = [b.left, b.top, right, bottom, score, h, w, l, x, y, z, rotation_y];
            let numbers = numbers.map(|v| print_angle(v, decimals)).join(",");
            text += &format!("{frame_index},{class},{numbers},{alpha}\n");
        }
        if text.is_empty() {
            let expected = "boxes of pedestrians, cars or cyclists with place, size and turn around a camera";
            return Err(Error::unfit("kitti-detections", expected, "none"));
        }
        let mut out = rows::laid_out(world, "kitti-detections", out);
        write!(out, "{}{text}", layout::heading(world))?;
        Ok(out.finish()?)
    }
}

/// Height, width, length; bottom centre; turn: in the camera's frame.
fn solid(world: &World, row: &Row, camera: Option<&ReferenceFrame>) -> Option<([f64; 3], [f64; 3], f64)> {
    let pose = row.sample.pose?;
    let frame = world.reference_frame(pose.reference_frame)?;
    if Some(&frame.reference_frame) != camera {
        return None;
    }
    let ([l, w, h], q) = pose.extent.zip(pose.rotation)?;
    let [x, y, z] = pose.position;
    let read = |y: f64, turn: f64| pose_in_camera(pose.reference_frame, [h, w, l], [x, y, z], Some(turn));
    let y = rows::as_read(y + h / 2.0, |y| read(y, 0.0).position == pose.position);
    let turn = rows::as_read(2.0 * libm::atan2(q[2], q[0]), |turn| read(y, turn).rotation == pose.rotation);
    Some(([h, w, l], [x, y, z], turn))
}

/// Which number of the format a row's class has.
struct Classes<'a> {
    of_source: BTreeMap<SourceId, usize>,
    of_track: BTreeMap<chronotope_world::TrackId, &'a str>,
}

impl<'a> Classes<'a> {
    fn of(world: &'a World) -> Classes<'a> {
        let word = |settings: &str| {
            let class = settings.split(' ').find_map(|word| word.strip_prefix("class="))?;
            number_of(class)
        };
        let of_source = world.tables().sources.iter();
        let of_source = of_source.filter_map(|source| Some((source.id, word(&source.settings)?))).collect();
        Classes { of_source, of_track: rows::first_labels(world) }
    }

    fn number(&self, row: &Row) -> Option<usize> {
        match row.sample.track {
            Some(track) => number_of(self.of_track.get(&track)?),
            None => self.of_source.get(&row.sample.source).copied(),
        }
    }
}

fn number_of(class: &str) -> Option<usize> {
    CLASSES.iter().position(|own| own.eq_ignore_ascii_case(class)).map(|n| n + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::data;
    use crate::import::{self, ImportSettings, Importer};

    #[test]
    fn every_file_of_the_data_is_written_back_byte_by_byte() {
        let Some(folder) = data("export kitti-detections", "kitti_tracking/det_pointrcnn") else { return };
        let mut n = 0;
        for path in import::input::listing(&folder).expect("listed") {
            let world = import::KittiDetections
                .import(&path, &ImportSettings::default())
                .expect("valid")
                .worlds
                .remove(0);
            let was = import::text_of(&path).expect("text");
            let mut out = Vec::new();
            KittiDetections.export(&world, &ExportSettings::default(), &mut out).expect("exports");
            let is = String::from_utf8(out).expect("text");
            let first = was.lines().zip(is.lines()).find(|(was, is)| was != is);
            assert!(was == is, "{}: {first:?}", path.display());
            n += 1;
        }
        assert_eq!(n, 33);
    }

    #[test]
    fn tracks_are_detections_too() {
        let Some(folder) = data("export kitti-detections of tracks", "kitti_tracking") else { return };
        let settings = ImportSettings { scene: Some("0000".into()), ..ImportSettings::default() };
        let world = import::Kitti.import(&folder, &settings).expect("valid").worlds.remove(0);
        let mut out = Vec::new();
        KittiDetections.export(&world, &ExportSettings::default(), &mut out).expect("exports");
        let text = String::from_utf8(out).expect("text");
        // a van is no class of the format
        assert!(text.lines().all(|line| line.split(',').count() == 15 && !line.contains("NaN")), "{text}");
        assert!(text.lines().any(|line| line.split(',').nth(1) == Some("3")), "a cyclist");
    }
}
