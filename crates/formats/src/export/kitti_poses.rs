//! KITTI odometry poses from a World.
//!
//! Source: Geiger et al., 2012, odometry development kit; columns as in [`crate::import::KittiPoses`].

use super::rows;
use super::{Error, ExportSettings, Exporter};
use crate::import::kitti_matrix;
use crate::import::layout;
use chronotope_world::World;
use chronotope_world::catalogue::Entry;
use std::io::Write;

/// One 3×4 matrix per sample, in the order of time; the format has no times.
#[derive(Clone, Copy, Debug)]
pub struct KittiPoses;

impl Exporter for KittiPoses {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "kitti-poses",
            about: "one way: one 3x4 matrix per picture",
            source: "formats/src/export/kitti_poses.rs",
            paper: Some("Geiger et al., The KITTI Vision Benchmark Suite, CVPR 2012, odometry"),
            example: "chronotope export kitti-poses way.world -o 00.txt",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let samples = rows::way(world, settings, "kitti-poses")?;
        let mut out = rows::laid_out(world, "kitti-poses", out);
        write!(out, "{}", layout::heading(world))?;
        for (sample, given) in samples {
            match (given, sample.pose) {
                (Some(text), _) => writeln!(out, "{text}")?,
                (None, Some(pose)) => {
                    let matrix = kitti_matrix(pose.position, pose.rotation.unwrap_or([1.0, 0.0, 0.0, 0.0]));
                    writeln!(out, "{}", matrix.map(|v| v.to_string()).join(" "))?;
                }
                (None, None) => {}
            }
        }
        Ok(out.finish()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::Scratch;
    use crate::import::{self, ImportSettings, Importer};

    #[test]
    fn what_was_read_is_written_back() {
        let scratch = Scratch::new();
        let text = "1.000000e+00 9.043680e-12 2.326809e-11 5.551115e-17 9.043683e-12 1.000000e+00 2.392370e-10 3.330669e-16 2.326810e-11 \
                    2.392370e-10 9.999999e-01 -4.440892e-16\n1 0 0 1.5 0 1 0 2 0 0 1 3\n";
        let path = scratch.file("00.txt", text.as_bytes());
        let world =
            import::KittiPoses.import(&path, &ImportSettings::default()).expect("valid").worlds.remove(0);
        let mut out = Vec::new();
        KittiPoses.export(&world, &ExportSettings::default(), &mut out).expect("exports");
        assert_eq!(String::from_utf8(out).expect("text"), text);
    }
}
