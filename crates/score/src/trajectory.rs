//! Paths compared: poses associated by time, alignment, absolute and relative errors.

use crate::path::{Path, Posed};
use nalgebra::{Matrix3, UnitQuaternion, Vector3};

/// A true pose and the estimated one of about the same time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PosePair {
    /// The true pose.
    pub truth: Posed,
    /// The estimated pose.
    pub said: Posed,
}

/// How an estimate is laid onto the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// As it is.
    None,
    /// By rotation and translation.
    Rigid,
    /// By rotation, translation and scale.
    Scaled,
    /// By scale alone.
    ScaleOnly,
}

/// What of a pose's error is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its length.
    Translation,
    /// Its angle, in degrees.
    RotationDeg,
}

/// How far apart the two poses of a relative error are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delta {
    /// So many poses.
    Poses(usize),
    /// So much way along the estimate, in its unit; where all pairs are wanted within a tenth of it.
    Way(f64),
    /// So much turning along the estimate, in radians; where all pairs are wanted the angle between them, within a tenth.
    Turn(f64),
}

/// Largest difference in time of poses that go together.
const MOST_APART_S: f64 = 0.01;

/// Poses that go together: to each pose of the path with fewer poses (the estimate's where they have as many) the nearest in time of the
/// other, at most 0.01 s away; of two as near the earlier.
pub fn associated(truth: &Path, said: &Path) -> Vec<PosePair> {
    let truth_is_short = said.len() > truth.len();
    let (short, long) = if truth_is_short { (truth, said) } else { (said, truth) };
    let nearest = |pose: &Posed| {
        let after = long.poses().partition_point(|other| other.t_s <= pose.t_s);
        let beside = [after.checked_sub(1).and_then(|i| long.poses().get(i)), long.poses().get(after)];
        let near = beside.into_iter().flatten();
        let apart = |other: &Posed| (other.t_s - pose.t_s).abs();
        let nearest = near.min_by(|a, b| apart(a).total_cmp(&apart(b)))?;
        (apart(nearest) <= MOST_APART_S).then_some(*nearest)
    };
    let pair = |pose: &Posed| {
        let other = nearest(pose)?;
        let (truth, said) = if truth_is_short { (*pose, other) } else { (other, *pose) };
        Some(PosePair { truth, said })
    };
    short.poses().iter().filter_map(pair).collect()
}

/// A similarity that lays an estimate onto the truth: `truth ≈ scale · rotation · said + translation`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// Factor of lengths.
    pub scale: f64,
    /// Rotation.
    pub rotation: Matrix3<f64>,
    /// Translation, in the truth's unit.
    pub translation: Vector3<f64>,
}

/// The similarity that lays the estimated positions onto the true ones with the least sum of squares; none where the positions lie
/// on a line, as the rotation about it is free, or where there are none.
///
/// # Source
/// Umeyama, Least-Squares Estimation of Transformation Parameters Between Two Point Patterns, 1991, equations 34 to 43.
pub fn umeyama(pairs: &[PosePair], with_scale: bool) -> Option<Similarity> {
    if pairs.is_empty() {
        return None;
    }
    let n = pairs.len() as f64;
    let mean = |of: fn(&PosePair) -> Vector3<f64>| pairs.iter().map(of).sum::<Vector3<f64>>() / n;
    let (said_mean, truth_mean) = (mean(|pair| pair.said.position), mean(|pair| pair.truth.position));
    let (mut covariance, mut variance) = (Matrix3::zeros(), 0.0);
    for pair in pairs {
        let said = pair.said.position - said_mean;
        covariance += (pair.truth.position - truth_mean) * said.transpose() / n;
        variance += said.norm_squared() / n;
    }
    if !covariance.iter().all(|value| value.is_finite()) {
        return None; // numbers so large that their squares are none
    }
    let svd = covariance.svd(true, true);
    let (u, v_t, d) = (svd.u?, svd.v_t?, svd.singular_values);
    if d.iter().filter(|value| **value > f64::EPSILON).count() < 2 {
        return None;
    }
    let mut signs = Vector3::new(1.0, 1.0, 1.0);
    if u.determinant() * v_t.determinant() < 0.0 {
        // the axis of the least singular value is turned round, so that hands stay right
        signs[d.imin()] = -1.0;
    }
    let rotation = u * Matrix3::from_diagonal(&signs) * v_t;
    let scale = if with_scale { d.component_mul(&signs).sum() / variance } else { 1.0 };
    Some(Similarity { scale, rotation, translation: truth_mean - scale * (rotation * said_mean) })
}

/// The error of each pair of poses after the alignment; none where it cannot be aligned.
///
/// # Units
/// Lengths in the truth's unit, angles in degrees.
pub fn absolute_errors(pairs: &[PosePair], alignment: Alignment, part: Part) -> Option<Vec<f64>> {
    let identity = Similarity { scale: 1.0, rotation: Matrix3::identity(), translation: Vector3::zeros() };
    let onto = match alignment {
        Alignment::None => identity,
        Alignment::Rigid => umeyama(pairs, false)?,
        Alignment::Scaled => umeyama(pairs, true)?,
        Alignment::ScaleOnly => Similarity { scale: umeyama(pairs, true)?.scale, ..identity },
    };
    let error = |pair: &PosePair| match part {
        Part::Translation => {
            let said = onto.scale * (onto.rotation * pair.said.position) + onto.translation;
            (said - pair.truth.position).norm()
        }
        Part::RotationDeg => {
            let onto = UnitQuaternion::from_matrix(&onto.rotation);
            degrees(&((onto * pair.said.rotation).inverse() * pair.truth.rotation))
        }
    };
    Some(pairs.iter().map(error).collect())
}

/// Which poses are compared with which, by their places: consecutive ones, or all that are so far apart.
pub fn pairs_of(poses: &[PosePair], delta: Delta, all: bool) -> Vec<(usize, usize)> {
    let said = |i: usize| &poses[i].said;
    let step = |i: usize| (said(i + 1).position - said(i).position).norm();
    let turn = |a: usize, b: usize| (said(a).rotation.inverse() * said(b).rotation).angle();
    let n = poses.len();
    match delta {
        Delta::Poses(apart) if all => (apart..n).map(|j| (j - apart, j)).collect(),
        Delta::Poses(apart) => {
            let places: Vec<usize> = (0..n).step_by(apart.max(1)).collect();
            places.windows(2).map(|pair| (pair[0], pair[1])).collect()
        }
        Delta::Way(delta) if all => {
            let mut way = vec![0.0; n];
            (1..n).for_each(|i| way[i] = way[i - 1] + step(i - 1));
            let nearest = |i: usize| {
                let off = |j: usize| (way[j] - way[i] - delta).abs();
                let after = (i + 1) + way[i + 1..].partition_point(|w| w - way[i] < delta);
                // the way never falls, so that the nearest stands on either side; of two as near the first
                let first_of = |j: usize| (i + 1) + way[i + 1..].partition_point(|w| *w < way[j]);
                let before = (after > i + 1).then(|| first_of(after - 1));
                let best = before
                    .into_iter()
                    .chain((after < n).then_some(after))
                    .min_by(|&a, &b| off(a).total_cmp(&off(b)))?;
                (off(best) <= delta * 0.1).then_some((i, best))
            };
            (0..n.saturating_sub(1)).filter_map(nearest).collect()
        }
        Delta::Way(delta) => consecutive(n, delta, step),
        Delta::Turn(delta) if all => (0..n)
            .flat_map(|i| (i + 1..n).map(move |j| (i, j)))
            .filter(|&(i, j)| (turn(i, j) - delta).abs() <= delta * 0.1)
            .collect(),
        Delta::Turn(delta) => consecutive(n, delta, |i| turn(i, i + 1)),
    }
}

/// Runs of poses over which `step` adds up to `delta`, one after the other.
fn consecutive(n: usize, delta: f64, step: impl Fn(usize) -> f64) -> Vec<(usize, usize)> {
    let (mut from, mut sum, mut pairs) = (0, 0.0, Vec::new());
    for i in 1..n {
        sum += step(i - 1);
        if sum >= delta {
            pairs.push((from, i));
            (from, sum) = (i, 0.0);
        }
    }
    pairs
}

/// The difference of the true and the estimated motion between two poses, pair by pair.
///
/// # Units
/// Lengths in the unit of the paths, angles in degrees.
pub fn relative_errors(poses: &[PosePair], between: &[(usize, usize)], part: Part) -> Vec<f64> {
    let motion = |from: &Posed, to: &Posed| {
        let back = from.rotation.inverse();
        (back * to.rotation, back * (to.position - from.position))
    };
    let error = |&(i, j): &(usize, usize)| {
        let (truth, said) =
            (motion(&poses[i].truth, &poses[j].truth), motion(&poses[i].said, &poses[j].said));
        match part {
            // the length of truth⁻¹ · said does not depend on the rotation that it is told in
            Part::Translation => (said.1 - truth.1).norm(),
            Part::RotationDeg => degrees(&(truth.0.inverse() * said.0)),
        }
    };
    between.iter().map(error).collect()
}

fn degrees(rotation: &UnitQuaternion<f64>) -> f64 {
    rotation.angle().to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(points: &[[f64; 3]], from_s: f64) -> Path {
        let pose = |(i, p): (usize, &[f64; 3])| Posed {
            t_s: from_s + i as f64 * 0.1,
            position: Vector3::from(*p),
            rotation: UnitQuaternion::identity(),
        };
        Path::new(points.iter().enumerate().map(pose).collect())
    }

    #[test]
    fn a_moved_turned_and_scaled_path_is_laid_back() {
        let truth = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 2.0, 0.0], [0.0, 1.0, 3.0]];
        let moved = truth.map(|[x, y, z]| [5.0 - 2.0 * y, 1.0 + 2.0 * x, 2.0 * z]);
        let pairs = associated(&path(&truth, 0.0), &path(&moved, 0.004));
        assert_eq!(pairs.len(), 4);
        let most = |alignment| {
            absolute_errors(&pairs, alignment, Part::Translation)
                .expect("no line")
                .into_iter()
                .fold(0.0, f64::max)
        };
        assert!(
            most(Alignment::Scaled) < 1e-12 && most(Alignment::Rigid) > 0.5 && most(Alignment::None) > 4.0
        );
        assert!((umeyama(&pairs, true).expect("no line").scale - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_line_cannot_be_aligned_and_far_times_do_not_meet() {
        let line = path(&[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [2.0, 0.0, 0.0]], 0.0);
        assert_eq!(umeyama(&associated(&line, &line), false), None);
        assert!(associated(&line, &path(&[[0.0, 0.0, 0.0]], 0.05)).is_empty());
        assert_eq!(umeyama(&[], false), None);
        let far = path(&[[0.0, 1e300, 0.0], [1e300, 0.0, 0.0], [2.0, 0.0, 1e300]], 0.0);
        assert_eq!(umeyama(&associated(&far, &far), true), None);
    }
}
