//! EuRoC trajectories from a World.
//!
//! Source: Burri et al., 2016; columns as in [`crate::import::Euroc`].

use super::rows;
use super::{Error, ExportSettings, Exporter};
use crate::import::layout;
use chronotope_world::World;
use chronotope_world::catalogue::Entry;
use std::io::Write;

/// EuRoC rows of 8 columns: nanoseconds (Unix time where the record has a UTC start), position, quaternion w x y z.
#[derive(Clone, Copy, Debug)]
pub struct Euroc;

impl Exporter for Euroc {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "euroc",
            about: "one way: nanoseconds, position, quaternion",
            source: "formats/src/export/euroc.rs",
            paper: Some("Burri et al., The EuRoC Micro Aerial Vehicle Datasets, IJRR 2016"),
            example: "chronotope export euroc flight.world -o data.csv",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let samples = rows::way(world, settings, "euroc")?;
        let start = world.record().utc_start_ns.unwrap_or(0);
        let mut out = rows::laid_out(world, "euroc", out);
        match layout::heading(world) {
            "" if rows::setting(world, "euroc", "format").is_none() => {
                writeln!(out, "#timestamp [ns],p_x [m],p_y [m],p_z [m],q_w [],q_x [],q_y [],q_z []")?;
            }
            heading => write!(out, "{heading}")?,
        }
        for (sample, given) in samples {
            match (given, sample.pose) {
                (Some(text), _) => writeln!(out, "{text}")?,
                (None, Some(pose)) => {
                    let numbers =
                        pose.position.into_iter().chain(pose.rotation.unwrap_or([1.0, 0.0, 0.0, 0.0]));
                    let cells: Vec<String> = numbers.map(|v| v.to_string()).collect();
                    writeln!(out, "{},{}", sample.t.0.saturating_add(start), cells.join(","))?;
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
        let text = "#timestamp, p\r\n1403636579763555528,4.688,-1.786,0.783,0.534,-0.153,-0.827,-0.082\r\n1403636579768555528,4.5,-1.75,0.75,1,0,0,0";
        let path = scratch.file("data.csv", text.as_bytes());
        let world = import::Euroc.import(&path, &ImportSettings::default()).expect("valid").worlds.remove(0);
        let mut out = Vec::new();
        Euroc.export(&world, &ExportSettings::default(), &mut out).expect("exports");
        assert_eq!(String::from_utf8(out).expect("text"), text);
    }
}
