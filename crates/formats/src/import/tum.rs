//! TUM trajectories: `timestamp tx ty tz qx qy qz qw`, one pose of a camera per line.
//!
//! Source: Sturm et al., *A Benchmark for the Evaluation of RGB-D SLAM Systems*, 2012;
//! <https://cvg.cit.tum.de/data/datasets/rgbd-dataset/file_formats>.

use super::error::Error;
use super::faults::RowFault;
use super::input::{self, Parsed, number};
use super::trajectory::{self, Dating, Decimals, Stamped};
use super::{ImportSettings, Imported, Importer};
use chronotope_world::catalogue::Entry;
use std::path::Path;

/// TUM trajectory files.
///
/// Times are seconds, read to the nanosecond; a clock that starts after 2001 is Unix time. Positions are metres in
/// `world(map)`, or of unknown scale where the settings say so (a monocular reconstruction). The rotation turns the camera's axes (x right,
/// y down, z forward) into the world's; it is made a unit quaternion, and a row that would then be printed otherwise is kept
/// as a fact beside, as are the comments above the rows. Interpolated across at most 0.1 s.
#[derive(Clone, Copy, Debug)]
pub struct Tum;

impl Importer for Tum {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "tum",
            about: "a camera's way: time, position, quaternion",
            source: "formats/src/import/tum.rs",
            paper: Some("Sturm et al., A Benchmark for the Evaluation of RGB-D SLAM Systems, IROS 2012"),
            example: "chronotope import tum freiburg1_xyz-groundtruth.txt -o way.world",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        let text = String::from_utf8_lossy(head);
        let is_row = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        path.is_file() && text.lines().find(|l| is_row(l)).is_some_and(|line| parse(line).is_ok())
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let (mut times, mut numbers) = (Decimals::default(), Decimals::default());
        let mut texts = Vec::new();
        let read = input::rows(path, "8 numbers (time, position, quaternion)", |line| {
            let (row, cells) = parse(line)?;
            times.add(cells[0]);
            cells[1..].iter().for_each(|cell| numbers.add(cell));
            texts.push(cells.join(" "));
            Ok(Some(row))
        })?;
        let Parsed { mut rows, mut faults, layout } = read;
        let (time_digits, digits) = (times.shared(), numbers.shared());
        for (row, given) in rows.iter_mut().zip(texts) {
            let time = given.split(' ').next().unwrap_or_default();
            let same = format!("{time} {}", print_pose(row.position, row.rotation, digits)) == given;
            row.as_given = (!same).then_some(given);
        }
        trajectory::leave_out_contradictions(path, &mut rows, &mut faults);
        let word = |digits: Option<usize>| digits.map_or("any".to_owned(), |n| n.to_string());
        let words = format!("format=tum time-decimals={} decimals={}", word(time_digits), word(digits));
        let world =
            trajectory::world(&input::stem(path), path, (&rows, &layout), &Dating::Own, settings, words)?;
        Ok(Imported {
            worlds: super::record::pick(vec![world], |w| w.record().name.as_str(), settings)?,
            faults,
        })
    }
}

/// `tx ty tz qx qy qz qw`.
pub(crate) fn print_pose(position: [f64; 3], wxyz: [f64; 4], digits: Option<usize>) -> String {
    let [w, x, y, z] = wxyz;
    let numbers = position.into_iter().chain([x, y, z, w]);
    numbers.map(|v| trajectory::print(v, digits)).collect::<Vec<_>>().join(" ")
}

fn parse(line: &str) -> Result<(Stamped, Vec<&str>), RowFault> {
    let cells: Vec<&str> = line.split_ascii_whitespace().take(9).collect();
    if cells.len() != 8 {
        return Err(RowFault::new("8 columns", cells.len()));
    }
    let at = trajectory::seconds_ns(cells[0])?;
    let mut v = [0.0; 7];
    for (value, (cell, what)) in
        v.iter_mut().zip(cells[1..].iter().zip(["tx", "ty", "tz", "qx", "qy", "qz", "qw"]))
    {
        *value = number(cell, what)?;
    }
    let rotation = trajectory::unit([v[6], v[3], v[4], v[5]])?;
    Ok((Stamped { at, position: [v[0], v[1], v[2]], rotation, as_given: None }, cells))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};
    use chronotope_world::{EntityId, Scale, Time};

    #[test]
    fn a_clock_after_2001_is_unix_time() {
        let scratch = Scratch::new();
        let text = "# a comment\n1305031098.5 1 2 3 0 0 0 1\n1305031098.55 2 2 3 0 0 0 1\n1 2 3\n\
                    1305031099 1 2 3 0 0 0 0\n";
        let path = scratch.file("a.txt", text.as_bytes());
        let settings = ImportSettings { unknown_scale: true, ..ImportSettings::default() };
        let imported = Tum.import(&path, &settings).expect("two good rows");
        assert_eq!(imported.faults.count(), 2, "{}", imported.faults);
        let world = &imported.worlds[0];
        assert_eq!(world.record().utc_start_ns, Some(1_305_031_098_500_000_000));
        assert_eq!(world.tables().reference_frames[0].scale, Scale::Own("map".into()));
        let middle = world.trajectory(EntityId(0)).expect("in memory").at(Time(25_000_000));
        assert_eq!(middle.and_then(|m| m.pose).map(|p| p.position), Some([1.5, 2.0, 3.0]));
    }

    #[test]
    fn what_holds_no_row_is_an_error() {
        let scratch = Scratch::new();
        for bytes in [&b""[..], b"# only\n", b"a b c d e f g h\n", b"\0\0\0"] {
            assert!(Tum.import(&scratch.file("a.txt", bytes), &ImportSettings::default()).is_err());
        }
    }

    #[test]
    fn the_length_of_the_way_equals_the_file() {
        let Some(folder) = data("import tum", "trajectories") else { return };
        let path = folder.join("freiburg1_xyz-groundtruth.txt.gz");
        let imported = Tum.import(&path, &ImportSettings::default()).expect("valid");
        assert!(imported.faults.is_empty(), "{}", imported.faults);
        let mut text = String::new();
        std::io::Read::read_to_string(&mut input::open(&path).expect("there"), &mut text).expect("text");
        let places: Vec<Vec<f64>> = text
            .lines()
            .filter(|l| !l.starts_with('#'))
            .map(|l| l.split(' ').skip(1).take(3).map(|c| c.parse().expect("a number")).collect())
            .collect();
        let length = |places: &[Vec<f64>]| -> f64 {
            let step =
                |p: &[Vec<f64>]| p[0].iter().zip(&p[1]).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
            places.windows(2).map(step).sum()
        };
        let way = imported.worlds[0].trajectory(EntityId(0)).expect("in memory");
        let own: Vec<Vec<f64>> =
            way.runs[0].samples().filter_map(|s| s.pose).map(|p| p.position.to_vec()).collect();
        assert_eq!((own.len(), length(&own)), (3000, length(&places)));
        let last = way.runs[0].times().next_back().expect("rows");
        assert_eq!(
            last.0 + imported.worlds[0].record().utc_start_ns.expect("Unix"),
            1_305_031_128_755_500_000
        );
    }
}
