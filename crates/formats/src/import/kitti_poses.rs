//! KITTI odometry poses: twelve numbers per line, the first three rows of a 4×4 matrix.
//!
//! Source: Geiger et al., *The KITTI Vision Benchmark Suite*, 2012, odometry development kit, `poses/SS.txt`.

use super::error::Error;
use super::faults::RowFault;
use super::input::{self, Parsed, number};
use super::record::{self, MAX_FRAME_INDEX, PictureClock};
use super::trajectory::{self, Dating, Stamped};
use super::{ImportSettings, Imported, Importer};
use chronotope_world::catalogue::Entry;
use nalgebra::{Matrix3, Rotation3, UnitQuaternion};
use std::path::Path;

/// KITTI odometry poses: line n (from 0) is the pose of the camera at picture n.
///
/// The file has no times: with `--fps` picture n is at n / fps, else only the order is known. The matrix maps points of the camera (x right,
/// y down, z forward) into `world(map)`: the first camera's axes, metres. A row whose numbers the unit quaternion cannot give back exactly is
/// kept as a fact beside.
#[derive(Clone, Copy, Debug)]
pub struct KittiPoses;

impl Importer for KittiPoses {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "kitti-poses",
            about: "a camera's way: one 3x4 matrix per picture",
            source: "formats/src/import/kitti_poses.rs",
            paper: Some("Geiger et al., The KITTI Vision Benchmark Suite, CVPR 2012, odometry"),
            example: "chronotope import kitti-poses poses/00.txt --fps 10 -o way.world",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        let text = String::from_utf8_lossy(head);
        path.is_file()
            && text.lines().find(|l| !l.trim().is_empty()).is_some_and(|line| parse(line, 0).is_ok())
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let clock = PictureClock::new(settings, None);
        let mut at = -1;
        let Parsed { rows, faults, layout } = input::rows(path, "12 numbers (a 3x4 matrix)", |line| {
            // a broken row is a picture too
            at += 1;
            if at > MAX_FRAME_INDEX {
                return Err(RowFault::new(format!("at most {MAX_FRAME_INDEX} rows"), "more"));
            }
            parse(line, at).map(Some)
        })?;
        let words = format!("format=kitti-poses {}", clock.word());
        let world = trajectory::world(
            &input::stem(path),
            path,
            (&rows, &layout),
            &Dating::Pictures(clock),
            settings,
            words,
        )?;
        Ok(Imported { worlds: record::pick(vec![world], |w| w.record().name.as_str(), settings)?, faults })
    }
}

/// The twelve numbers of a pose.
pub(crate) fn matrix(position: [f64; 3], wxyz: [f64; 4]) -> [f64; 12] {
    let q = UnitQuaternion::new_unchecked(nalgebra::Quaternion::new(wxyz[0], wxyz[1], wxyz[2], wxyz[3]));
    let r = q.to_rotation_matrix();
    std::array::from_fn(|i| if i % 4 == 3 { position[i / 4] } else { r[(i / 4, i % 4)] })
}

fn parse(line: &str, at: i64) -> Result<Stamped, RowFault> {
    let cells: Vec<&str> = line.split_ascii_whitespace().take(13).collect();
    if cells.len() != 12 {
        return Err(RowFault::new("12 columns", cells.len()));
    }
    let v: Vec<f64> = cells.iter().map(|c| number(c, "a matrix entry")).collect::<Result<_, _>>()?;
    let r = Matrix3::new(v[0], v[1], v[2], v[4], v[5], v[6], v[8], v[9], v[10]);
    // written with six digits: orthonormal within a few of the last
    if (r * r.transpose() - Matrix3::identity()).amax() > 1e-2 || r.determinant() < 0.0 {
        return Err(RowFault::new("a rotation matrix", format_args!("{:?}", r.as_slice())));
    }
    let q = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(r));
    let rotation = trajectory::unit([q.w, q.i, q.j, q.k])?;
    let position = [v[3], v[7], v[11]];
    // by their bits: 0 and -0 are written otherwise
    let same = matrix(position, rotation).iter().zip(&v).all(|(is, was)| is.to_bits() == was.to_bits());
    let as_given = (!same).then(|| cells.join(" "));
    Ok(Stamped { at, position, rotation, as_given })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::Scratch;
    use chronotope_world::EntityId;

    #[test]
    fn a_broken_row_keeps_its_picture() {
        let scratch = Scratch::new();
        let text = "1 0 0 0 0 1 0 0 0 0 1 0\n1 0 0 0 0 1 0 0 0 0 9 0\n0 0 1 5 0 1 0 6 -1 0 0 7\n";
        let path = scratch.file("00.txt", text.as_bytes());
        assert!(KittiPoses.recognises(&path, text.as_bytes()));
        let settings = ImportSettings { fps: Some(10.0), ..ImportSettings::default() };
        let imported = KittiPoses.import(&path, &settings).expect("two good rows");
        assert_eq!(imported.faults.count(), 1);
        let way = imported.worlds[0].trajectory(EntityId(0)).expect("in memory");
        let last = way.runs[0].samples().next_back().expect("rows");
        assert_eq!((last.frame_index, last.t.0), (Some(2), 200_000_000));
        let pose = last.pose.expect("placed");
        assert_eq!(pose.position, [5.0, 6.0, 7.0]);
        let close = matrix(pose.position, pose.rotation.expect("turned"));
        assert!(close.iter().zip([0.0, 0.0, 1.0, 5.0]).all(|(a, b)| (a - b).abs() < 1e-12), "{close:?}");
    }
}
