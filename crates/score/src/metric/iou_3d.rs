//! Overlap of upright boxes in space.

use super::columns::{Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use chronotope_reason::metric::polygon::{self, Point};
use chronotope_world::catalogue::Entry;

/// Mean overlap of upright boxes in space (`IoU3D`), seen from above (`IoUBEV`), and the shares that reach 0.25, 0.5 and 0.7.
///
/// A box is `[x, y, z, length, width, height, yaw]` or a record of these names: its centre, z up, yaw in radians about z from the x
/// axis. The footprints are clipped exactly.
///
/// # Source
/// Geiger et al., KITTI, 2012; Weng et al., AB3DMOT, 2020.
#[derive(Clone, Copy, Debug)]
pub struct Iou3d;

impl Metric for Iou3d {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "iou-3d",
            about: "overlap of upright boxes in space and seen from above",
            source: "score/src/metric/iou_3d.rs",
            paper: Some("Geiger et al., Are We Ready for Autonomous Driving (KITTI), CVPR 2012"),
            example: "chronotope score iou-3d --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("iou-3d", &["IoU3D", "IoUBEV", "Acc@0.25", "Acc@0.5", "Acc@0.7"], marks).tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Vec<Option<f64>>>, &'static str> {
    let truth = upright(truth).ok_or("a box [x, y, z, length, width, height, yaw]")?;
    let Some(said) = upright(said) else { return Ok(None) };
    let (iou, from_above) = ious(&truth, &said);
    let at = |threshold: f64| share(iou >= threshold);
    Ok(Some(vec![Some(iou), Some(from_above), at(0.25), at(0.5), at(0.7)]))
}

/// Overlap in space and from above of two boxes `[x, y, z, length, width, height, yaw]`.
fn ious(a: &[f64; 7], b: &[f64; 7]) -> (f64, f64) {
    // volumes that no number holds: shares do not change with the scale
    const MOST: f64 = 1e100;
    const SMALLER: f64 = 1e-210;
    if a[..6].iter().chain(&b[..6]).any(|v| v.abs() > MOST) {
        let smaller = |b: &[f64; 7]| std::array::from_fn(|k| if k < 6 { b[k] * SMALLER } else { b[k] });
        return ious(&smaller(a), &smaller(b));
    }
    let over = |part: f64, whole: f64| if whole > 0.0 && whole.is_finite() { part / whole } else { 0.0 };
    let common = polygon::area(&polygon::intersection(&footprint(a), &footprint(b))).max(0.0);
    let (ground_a, ground_b) = (a[3] * a[4], b[3] * b[4]);
    let height = (a[2] + a[5] / 2.0).min(b[2] + b[5] / 2.0) - (a[2] - a[5] / 2.0).max(b[2] - b[5] / 2.0);
    let inside = common * height.max(0.0);
    (over(inside, ground_a * a[5] + ground_b * b[5] - inside), over(common, ground_a + ground_b - common))
}

/// The four corners on the ground, counter-clockwise.
fn footprint(b: &[f64; 7]) -> Vec<Point> {
    let (sin, cos) = (libm::sin(b[6]), libm::cos(b[6]));
    [(0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5), (0.5, -0.5)]
        .map(|(along, across)| {
            let (along, across) = (along * b[3], across * b[4]);
            [b[0] + along * cos - across * sin, b[1] + along * sin + across * cos]
        })
        .to_vec()
}

/// A box with sizes of at least 0.
fn upright(datum: &Datum) -> Option<[f64; 7]> {
    const NAMES: [&str; 7] = ["x", "y", "z", "length", "width", "height", "yaw"];
    let numbers = match datum {
        Datum::Record(_) => {
            NAMES.iter().map(|name| datum.field(name)?.number()).collect::<Option<Vec<f64>>>()?
        }
        Datum::Text(text) => crate::extract::bracketed(text, 7)?,
        datum => datum.list_of_numbers()?,
    };
    let b: [f64; 7] = numbers.try_into().ok()?;
    b[3..6].iter().all(|size| *size >= 0.0).then_some(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turned_and_lifted_boxes_overlap_as_solids_do() {
        let a = [0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 0.0];
        let close = |(found, from_above): (f64, f64), expected: (f64, f64)| {
            assert!(
                (found - expected.0).abs() < 1e-12 && (from_above - expected.1).abs() < 1e-12,
                "{found} {from_above}"
            );
        };
        close(ious(&a, &a), (1.0, 1.0));
        let vast = [1e307, 0.0, 0.0, 1e308, 1e308, 1e308, 0.0];
        close(ious(&vast, &vast), (1.0, 1.0));
        close(ious(&a, &[1.0, 0.0, 0.0, 2.0, 2.0, 2.0, 0.0]), (1.0 / 3.0, 1.0 / 3.0));
        close(ious(&a, &[0.0, 0.0, 1.0, 2.0, 2.0, 2.0, 0.0]), (1.0 / 3.0, 1.0));
        close(ious(&a, &[0.0, 0.0, 2.0, 2.0, 2.0, 2.0, 0.0]), (0.0, 1.0));
        // a square turned by 45 degrees shares a regular octagon: 8 (√2 − 1) of 4
        let shared = 8.0 * (2f64.sqrt() - 1.0);
        let turned = [0.0, 0.0, 0.0, 2.0, 2.0, 2.0, std::f64::consts::FRAC_PI_4];
        close(ious(&a, &turned), (shared / (8.0 - shared), shared / (8.0 - shared)));
    }
}
