//! TUM trajectories from a World.
//!
//! Source: Sturm et al., 2012; columns as in [`crate::import::Tum`].

use super::rows;
use super::{Error, ExportSettings, Exporter};
use crate::import::layout;
use crate::import::trajectory;
use crate::import::tum_pose;
use chronotope_world::World;
use chronotope_world::catalogue::Entry;
use std::io::Write;

/// TUM rows `timestamp tx ty tz qx qy qz qw` of one way; times are Unix seconds where the record has a UTC start, else seconds of the record.
#[derive(Clone, Copy, Debug)]
pub struct Tum;

impl Exporter for Tum {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "tum",
            about: "one way: time, position, quaternion",
            source: "formats/src/export/tum.rs",
            paper: Some("Sturm et al., A Benchmark for the Evaluation of RGB-D SLAM Systems, IROS 2012"),
            example: "chronotope export tum way.world -o way.txt",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let digits = |key| rows::setting(world, "tum", key).and_then(|n| n.parse::<usize>().ok());
        let (time_digits, number_digits) = (digits("time-decimals").unwrap_or(9).min(9), digits("decimals"));
        let start = world.record().utc_start_ns.unwrap_or(0);
        let mut out = rows::laid_out(world, "tum", out);
        write!(out, "{}", layout::heading(world))?;
        for (sample, given) in rows::way(world, settings, "tum")? {
            match (given, sample.pose) {
                (Some(text), _) => writeln!(out, "{text}")?,
                (None, Some(pose)) => {
                    let time = trajectory::print_seconds(sample.t.0.saturating_add(start), time_digits);
                    let rotation = pose.rotation.unwrap_or([1.0, 0.0, 0.0, 0.0]);
                    writeln!(out, "{time} {}", tum_pose(pose.position, rotation, number_digits))?;
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
    use crate::import::scratch::data;
    use crate::import::{self, ImportSettings, Importer};

    #[test]
    fn every_file_of_the_data_is_written_back_letter_by_letter() {
        let Some(folder) = data("export tum", "trajectories") else { return };
        let mut n = 0;
        for path in import::input::listing(&folder)
            .expect("listed")
            .iter()
            .filter(|p| p.extension().is_some_and(|e| e == "gz"))
        {
            let world = import::Tum.import(path, &ImportSettings::default()).expect("valid").worlds.remove(0);
            let mut was = String::new();
            std::io::Read::read_to_string(&mut import::input::open(path).expect("there"), &mut was)
                .expect("text");
            let mut out = Vec::new();
            Tum.export(&world, &ExportSettings::default(), &mut out).expect("exports");
            let is = String::from_utf8(out).expect("text");
            let first = was.lines().zip(is.lines()).find(|(was, is)| was != is);
            assert!(was == is, "{}: {first:?}", path.display());
            n += 1;
        }
        assert_eq!(n, 7);
    }
}
