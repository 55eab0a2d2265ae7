//! KITTI calibration files from a World.
//!
//! Source: Geiger et al., 2012, tracking development kit, `calib/SSSS.txt`; rows as [`crate::import::Kitti`] reads them.

use super::{Error, ExportSettings, Exporter};
use crate::import::KITTI_CALIBRATION;
use chronotope_world::catalogue::Entry;
use chronotope_world::{ObserverId, Reference, World};
use std::io::{BufWriter, Write};

/// The matrices of one camera, one per row, as they were imported; of a camera that is known by its lens alone, `P2`.
///
/// An imported row comes back as it was, with its spaces; line ends are LF.
#[derive(Clone, Copy, Debug)]
pub struct KittiCalibration;

impl Exporter for KittiCalibration {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "kitti-calibration",
            about: "the matrices of a camera",
            source: "formats/src/export/kitti_calibration.rs",
            paper: Some("Geiger et al., The KITTI Vision Benchmark Suite, CVPR 2012, tracking"),
            example: "chronotope export kitti-calibration drive.world -o calib/0000.txt",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let observer = camera(world, settings)?;
        let mut rows = Vec::new();
        for fact in world.facts().filter(|fact| fact.subject == Reference::Observer(observer)) {
            if let (Some(key), Reference::Text(text)) =
                (fact.predicate.strip_prefix(KITTI_CALIBRATION), &fact.object)
            {
                // the text stands as it stood after `KEY:`, or after `KEY `
                let mark = if text.starts_with(char::is_whitespace) { ":" } else { " " };
                rows.push(format!("{key}{mark}{text}"));
            }
        }
        if rows.is_empty() {
            let lens = world.observer(observer).and_then(|o| o.intrinsics.as_ref());
            let lens = lens.ok_or_else(|| {
                Error::unfit("kitti-calibration", "a camera with a calibration or a lens", "one without")
            })?;
            let p2 = [lens.fx, 0.0, lens.cx, 0.0, 0.0, lens.fy, lens.cy, 0.0, 0.0, 0.0, 1.0, 0.0];
            let p2: Vec<String> = p2.iter().map(|v| scientific(*v)).collect();
            rows.push(format!("P2: {}", p2.join(" ")));
        }
        let mut out = BufWriter::new(out);
        for row in rows {
            writeln!(out, "{row}")?;
        }
        Ok(out.flush()?)
    }
}

/// The chosen camera, or the only one.
fn camera(world: &World, settings: &ExportSettings) -> Result<ObserverId, Error> {
    let observers = &world.tables().observers;
    match (settings.observer, observers.as_slice()) {
        (Some(wanted), _) => Ok(wanted),
        (None, [one]) => Ok(one.id),
        (None, all) => {
            Err(Error::unfit("kitti-calibration", "one camera", format!("{}; choose one", all.len())))
        }
    }
}

/// A number with twelve digits after the point and an exponent of two digits, as KITTI's files have it.
fn scientific(value: f64) -> String {
    let text = format!("{value:.12e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    format!("{digits}e{sign}{exponent:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};
    use crate::import::{self, ImportSettings, Importer};

    fn written(world: &World) -> String {
        let mut out = Vec::new();
        KittiCalibration.export(world, &ExportSettings::default(), &mut out).expect("exports");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn both_kinds_of_row_and_a_lens_are_written() {
        let scratch = Scratch::new();
        let rows = scratch
            .file("label_02/0000.txt", b"0 0 Van 0 1 -1.79 296 161 455 292 2 1.8 4.4 -4.5 1.8 13.4 -2.1\n");
        let matrix = ["1.5"; 12].join(" ");
        let calibration = format!("P2: {matrix} \nTr_imu_velo {matrix}\n");
        scratch.file("calib/0000.txt", calibration.as_bytes());
        let imported = import::Kitti.import(&rows, &ImportSettings::default()).expect("valid");
        assert!(imported.faults.is_empty(), "{}", imported.faults);
        assert_eq!(written(&imported.worlds[0]), calibration);
        let world = chronotope_world::text::parse("record \"a\"\ncamera c 640x480 lens 500 510 320 240\n")
            .expect("valid");
        assert!(written(&world).starts_with("P2: 5.000000000000e+02 0.000000000000e+00 3.200000000000e+02 "));
    }

    #[test]
    fn every_file_of_the_data_is_written_back_byte_by_byte() {
        let Some(folder) = data("export kitti-calibration", "kitti_tracking") else { return };
        let imported = import::Kitti.import(&folder, &ImportSettings::default()).expect("valid");
        assert_eq!(imported.worlds.len(), 11);
        for world in &imported.worlds {
            let path = folder.join(format!("calib/{}.txt", world.record().name));
            assert_eq!(written(world), std::fs::read_to_string(path).expect("there"));
        }
    }
}
