//! EuRoC trajectories: nanoseconds, position, quaternion w x y z between commas.
//!
//! Source: Burri et al., *The EuRoC Micro Aerial Vehicle Datasets*, 2016: `state_groundtruth_estimate0/data.csv`.

use super::error::Error;
use super::faults::RowFault;
use super::input::{self, Parsed, number, whole};
use super::trajectory::{self, Dating, Stamped};
use super::{ImportSettings, Imported, Importer};
use chronotope_world::catalogue::Entry;
use std::path::{Path, PathBuf};

/// EuRoC ground truth: a CSV file of 8 columns, or of 17 (velocity and biases, which are not kept).
///
/// A folder is one that holds `data.csv`, or `state_groundtruth_estimate0/data.csv`, or `mav0/` before that. Times are nanoseconds of
/// the file's clock, Unix time where it starts after 2001. Positions are metres in `world(map)`, or of unknown scale
/// where the settings say so. The rotation turns the axes of the body that was tracked into the world's.
#[derive(Clone, Copy, Debug)]
pub struct Euroc;

impl Importer for Euroc {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "euroc",
            about: "a drone's way: nanoseconds, position, quaternion",
            source: "formats/src/import/euroc.rs",
            paper: Some("Burri et al., The EuRoC Micro Aerial Vehicle Datasets, IJRR 2016"),
            example: "chronotope import euroc state_groundtruth_estimate0/data.csv -o flight.world",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        if path.is_dir() {
            return file(path).is_some();
        }
        let text = String::from_utf8_lossy(head);
        let is_row = |line: &str| !line.trim().is_empty() && !line.starts_with('#');
        text.lines().find(|l| is_row(l)).is_some_and(|line| parse(line).is_ok())
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let found =
            file(path).ok_or_else(|| Error::input(path, "a file or a folder with data.csv", "neither"))?;
        let expected = "8 or 17 columns (time, position, quaternion)";
        let Parsed { mut rows, mut faults, layout } =
            input::rows(&found, expected, |line| parse(line).map(Some))?;
        trajectory::leave_out_contradictions(&found, &mut rows, &mut faults);
        let stem = input::stem(&found);
        let folder = found.parent().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
        let name = if stem == "data" { folder.unwrap_or(stem) } else { stem };
        let world = trajectory::world(
            &name,
            &found,
            (&rows, &layout),
            &Dating::Own,
            settings,
            "format=euroc".into(),
        )?;
        Ok(Imported {
            worlds: super::record::pick(vec![world], |w| w.record().name.as_str(), settings)?,
            faults,
        })
    }
}

fn file(path: &Path) -> Option<PathBuf> {
    if !path.is_dir() {
        return Some(path.to_owned());
    }
    let inner = ["", "state_groundtruth_estimate0", "mav0/state_groundtruth_estimate0"];
    inner.iter().find_map(|folder| input::beside(&path.join(folder), "data.csv"))
}

fn parse(line: &str) -> Result<Stamped, RowFault> {
    let cells: Vec<&str> = line.split(',').take(18).collect();
    if !matches!(cells.len(), 8 | 17) {
        return Err(RowFault::new("8 or 17 columns", cells.len()));
    }
    let at = whole(cells[0], "timestamp in ns", 0, i64::MAX / 2)?;
    let mut v = [0.0; 7];
    for (value, (cell, what)) in
        v.iter_mut().zip(cells[1..].iter().zip(["x", "y", "z", "qw", "qx", "qy", "qz"]))
    {
        *value = number(cell, what)?;
    }
    for cell in &cells[8..] {
        number(cell, "state")?;
    }
    let given = [v[3], v[4], v[5], v[6]];
    let rotation = trajectory::unit(given)?;
    let as_given =
        (rotation != given).then(|| cells[..8].iter().map(|c| c.trim()).collect::<Vec<_>>().join(","));
    Ok(Stamped { at, position: [v[0], v[1], v[2]], rotation, as_given })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::Scratch;
    use chronotope_world::Time;

    #[test]
    fn nanoseconds_are_kept() {
        let scratch = Scratch::new();
        let text = "#timestamp,p_x,p_y,p_z,q_w,q_x,q_y,q_z\r\n1403636579763555528,4.688,-1.786,0.783,0.534,-0.153,-0.827,-0.082\r\n\
                    1403636579768555528,4.688,-1.786,0.783,1,0,0,0\r\n1,2,3\r\n\
                    -5,0,0,0,1,0,0,0\r\n";
        let folder = scratch.file("mav0/state_groundtruth_estimate0/data.csv", text.as_bytes());
        assert!(Euroc.recognises(scratch.path(), &[]));
        let imported = Euroc.import(scratch.path(), &ImportSettings::default()).expect("two good rows");
        assert_eq!(imported.faults.count(), 2, "{}", imported.faults);
        let world = &imported.worlds[0];
        assert_eq!(world.record().name, "state_groundtruth_estimate0");
        assert_eq!(world.record().utc_start_ns, Some(1_403_636_579_763_555_528));
        let times: Vec<Time> = world
            .run(chronotope_world::TrackId(0), chronotope_world::Span::ALWAYS)
            .expect("in memory")
            .times()
            .collect();
        assert_eq!(times, [Time(0), Time(5_000_000)]);
        assert!(Euroc.recognises(&folder, text.as_bytes()));
    }
}
