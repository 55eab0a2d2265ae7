//! KITTI tracking labels from a World.
//!
//! Source: Geiger et al., 2012, tracking development kit; columns as in [`crate::import::Kitti`].

use super::rows::{self, DatedFacts};
use super::{Error, ExportSettings, Exporter};
use crate::import::kitti_seen_at;
use crate::import::layout;
use chronotope_world::catalogue::Entry;
use chronotope_world::{ReferenceFrame, World};
use std::io::Write;

/// KITTI tracking rows of 17 columns, of 18 where a sample has a score; numbers with six digits after the point.
///
/// What is not known gets the format's own word for it: truncated and occluded −1, an angle −10, sizes −1 and a place −1000. Places are
/// written only where poses lie in the camera's frame. Where the observation angle is not a fact it follows from place and turn.
#[derive(Clone, Copy, Debug)]
pub struct Kitti;

impl Exporter for Kitti {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "kitti",
            about: "street tracks in pictures and in metres around the camera",
            source: "formats/src/export/kitti.rs",
            paper: Some("Geiger et al., The KITTI Vision Benchmark Suite, CVPR 2012, tracking"),
            example: "chronotope export kitti drive.world -o 0000.txt",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let picture_rows = rows::picture_rows(world, settings, "kitti")?;
        let (labels, facts) = (rows::DatedLabels::of(world), DatedFacts::of_entities(world));
        let has_scores = picture_rows.rows.iter().any(|(.., row)| row.sample.score.is_some());
        let camera = picture_rows.observer.map(ReferenceFrame::Camera);
        let mut out = rows::laid_out(world, "kitti", out);
        write!(out, "{}", layout::heading(world))?;
        for (frame_index, id, row) in picture_rows.rows {
            let (sample, entity) = (&row.sample, row.entity);
            let Some(b) = sample.box_px else { continue };
            let label = sample.track.and_then(|track| labels.at(track, sample.t)).unwrap_or("Misc");
            let edges = format!("{:.6} {:.6} {:.6} {:.6}", b.left, b.top, b.right(), b.bottom());
            if label == "DontCare" {
                let unknown =
                    [-1000.0, -1000.0, -1000.0, -10.0, -1.0, -1.0, -1.0].map(|v: f64| format!("{v:.6}"));
                writeln!(out, "{frame_index} -1 DontCare -1 -1 -10.000000 {edges} {}", unknown.join(" "))?;
                continue;
            }
            let fact = |predicate| entity.and_then(|e| facts.number(e.0, predicate, sample.t));
            let share = |v: f64| if v.fract() == 0.0 { format!("{v}") } else { format!("{v:.6}") };
            let truncated = share(fact("truncated").unwrap_or(-1.0));
            let occluded = fact("occluded").unwrap_or(-1.0);
            let frame = |pose: &chronotope_world::Pose| {
                world.reference_frame(pose.reference_frame).map(|f| &f.reference_frame)
            };
            let pose = sample.pose.filter(|pose| frame(pose) == camera.as_ref());
            let solid = pose.and_then(|p| {
                p.extent.map(|[l, w, h]| ([h, w, l], [p.position[0], p.position[1] + h / 2.0, p.position[2]]))
            });
            let ([h, w, l], [x, y, z]) = solid.unwrap_or(([-1.0; 3], [-1000.0; 3]));
            // the inverse of the importer's quaternion (c, c, s, −s)/√2 of half the angle
            let rotation_y = pose.and_then(|p| p.rotation).map(|q| 2.0 * libm::atan2(q[2], q[0]));
            let derived = rotation_y.zip(solid).map(|(ry, (_, foot))| kitti_seen_at(ry, foot));
            let alpha = fact("observation angle").or(derived).unwrap_or(-10.0);
            let id = id.map_or("-1".to_owned(), |id| id.to_string());
            let numbers =
                [h, w, l, x, y, z, rotation_y.unwrap_or(-10.0)].map(|v| format!("{v:.6}")).join(" ");
            write!(
                out,
                "{frame_index} {id} {} {truncated} {occluded} {alpha:.6} {edges} {numbers}",
                label.replace(' ', "_")
            )?;
            match sample.score {
                Some(score) => writeln!(out, " {score:.6}")?,
                None if has_scores => writeln!(out, " 1.000000")?,
                None => writeln!(out)?,
            }
        }
        Ok(out.finish()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::data;
    use crate::import::{self, ImportSettings, Importer};

    #[test]
    fn every_file_of_the_data_is_written_back_letter_by_letter() {
        let Some(folder) = data("export kitti", "kitti_tracking") else { return };
        let imported = import::Kitti.import(&folder, &ImportSettings::default()).expect("valid");
        for world in &imported.worlds {
            let path = folder.join(format!("label/{}.txt.gz", world.record().name));
            let mut was = String::new();
            std::io::Read::read_to_string(&mut import::input::open(&path).expect("there"), &mut was)
                .expect("text");
            let mut out = Vec::new();
            Kitti.export(world, &ExportSettings::default(), &mut out).expect("exports");
            let is = String::from_utf8(out).expect("text");
            for (n, (was, is)) in was.lines().zip(is.lines()).enumerate() {
                assert_eq!(was, is, "{}:{}", path.display(), n + 1);
            }
            assert!(was == is, "line ends of {}", path.display());
        }
    }
}
