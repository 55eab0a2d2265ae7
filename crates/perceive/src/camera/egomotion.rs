//! How the camera moved between pictures: corners, optical flow and a robust homography to a key picture.
//!
//! Corners by Shi and Tomasi (*Good Features to Track*, CVPR 1994), followed by the pyramidal method of Lucas and
//! Kanade (Bouguet, Intel 2001), the homography by RANSAC (Fischler and Bolles, 1981), all through OpenCV. Each picture
//! is aligned to a *key picture* rather than to the one before it, so that errors add up only where the key changes:
//! a camera that stands still, or shakes about one view, does not drift at all.

use super::shots::{Boundary, Histogram, ShotCuts};
use nalgebra::{Matrix3, Vector3};
use opencv::core::{Mat, Point2f, Rect, Size, TermCriteria, TermCriteria_Type, Vector, no_array};
use opencv::prelude::*;
use opencv::{calib3d, imgproc, video};
use serde::{Deserialize, Serialize};

/// Aligns pictures as they come and finds where shots begin.
pub struct Egomotion {
    width: i32,
    height: i32,
    key: Option<KeyPicture>,
    previous: Option<LastPicture>,
    cuts: ShotCuts,
}

/// Where one picture lies in the stage of its shot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alignment {
    /// Takes pixels of this picture to pixels of the shot's first picture; both at the size that was pushed.
    pub stage_from_image: Matrix3<f64>,
    /// Share of followed corners that agree with it, 0 to 1; the rest belongs to moving things or to depth.
    pub inlier_share: f64,
    /// Share of the picture, in cells with corners, in which most corners disagree: little for a few moving things, much
    /// where the camera travels and near things shift against far ones.
    pub parallax: f64,
    /// False where no homography was found; the last known one stands then.
    pub aligned: bool,
    /// A new shot begins with this picture, and how.
    pub boundary: Option<Boundary>,
}

struct KeyPicture {
    grey: Mat,
    corners: Vector<Point2f>,
    /// Where each corner was seen last.
    seen: Vector<Point2f>,
    /// Pictures in a row in which each corner did not go with the camera.
    misses: Vec<u8>,
    stage_from_key: Matrix3<f64>,
}

/// A homography with what speaks for it.
struct Fit {
    key_from_image: Matrix3<f64>,
    inlier_share: f64,
    parallax: f64,
}

struct LastPicture {
    grey: Mat,
    stage_from_previous: Matrix3<f64>,
}

/// A key picture or the last one, as saved.
#[derive(Serialize, Deserialize)]
struct SavedPicture {
    #[serde(with = "serde_bytes")]
    grey: Vec<u8>,
    #[serde(with = "super::by_columns")]
    stage_from_picture: Matrix3<f64>,
}

/// What [`Egomotion`] knows.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedEgomotion {
    key: Option<(SavedPicture, SavedCorners)>,
    previous: Option<SavedPicture>,
    cuts: ShotCuts,
}

/// Of each corner where it is, where it was seen last, and its misses in a row.
type SavedCorners = Vec<([f32; 2], [f32; 2], u8)>;

/// Most corners followed; a homography needs four, and a few hundred outvote what moves.
const CORNERS: i32 = 432;
/// Cells of the picture that corners are sought in.
const CELLS_ACROSS: i32 = 6;
const CELLS_DOWN: i32 = 4;
/// Fewest corners that a homography is believed with: three times the four that fix it.
const FEWEST: usize = 12;
/// Share of corners that must agree, else the picture is not aligned.
const AGREEMENT: f64 = 0.3;
/// Share of corners within half a pixel of where they were that makes the camera stand still exactly, if they lie in so
/// many of the picture's 16 cells. A fifth will do: what moves may fill most of the picture, and where the camera moves
/// hardly a corner stays within half a pixel (0 to 2 % on the clips with a moving camera that this was tried on).
const STILL_AGREEMENT: f64 = 0.2;
const STILL_CELLS: usize = 5;
/// A corner that did not go with the camera for so many pictures has no vote until it does.
const PATIENCE: u8 = 3;
/// Fewest corners with a vote before a new key is taken.
const FEWEST_VOTES: usize = 40;
const STILL_PX: f64 = 0.5;
/// Side of the window of Lucas and Kanade, in pixels, and its pyramid's levels above the base: at 480 pixels
/// they follow about 60 pixels between two pictures, an eighth of the width.
const WINDOW: i32 = 15;
const LEVELS: i32 = 3;
/// Mean absolute difference of grey values below which two pictures without corners are one view; coding noise is 1 to 2.
const UNCHANGED: f64 = 3.0;
/// Mean absolute difference of grey values over the window, above the usual one, with which a corner was lost: something
/// stands before it.
const UNLIKE: f32 = 15.0;
/// Share of the picture that must still be seen in the key picture, else a new key is taken.
const KEY_OVERLAP: f64 = 0.75;

impl Egomotion {
    /// For pictures of this size.
    pub fn new(width: u32, height: u32) -> Egomotion {
        Egomotion {
            width: width as i32,
            height: height as i32,
            key: None,
            previous: None,
            cuts: ShotCuts::default(),
        }
    }

    /// All that it knows, to go on from later.
    pub(crate) fn save(&self) -> opencv::Result<SavedEgomotion> {
        let picture = |grey: &Mat, stage_from_picture: Matrix3<f64>| -> opencv::Result<SavedPicture> {
            Ok(SavedPicture { grey: grey.data_bytes()?.to_vec(), stage_from_picture })
        };
        let key = match &self.key {
            None => None,
            Some(key) => {
                let corners = key.corners.iter().zip(&key.seen).zip(&key.misses);
                let corners = corners.map(|((at, seen), misses)| ([at.x, at.y], [seen.x, seen.y], *misses));
                Some((picture(&key.grey, key.stage_from_key)?, corners.collect()))
            }
        };
        let previous = self.previous.as_ref();
        let previous = previous.map(|p| picture(&p.grey, p.stage_from_previous)).transpose()?;
        Ok(SavedEgomotion { key, previous, cuts: self.cuts.clone() })
    }

    /// Goes on from what was saved at the same size; false, and nothing has changed, where the size is another.
    pub(crate) fn restore(&mut self, saved: SavedEgomotion) -> opencv::Result<bool> {
        let area = usize::try_from(i64::from(self.width) * i64::from(self.height)).unwrap_or(0);
        let pictures = saved.key.iter().map(|(picture, _)| picture).chain(&saved.previous);
        if pictures.into_iter().any(|picture| picture.grey.len() != area) {
            return Ok(false);
        }
        let mat = |grey: &[u8]| Mat::new_rows_cols_with_data(self.height, self.width, grey)?.try_clone();
        let key = match &saved.key {
            None => None,
            Some((picture, corners)) => Some(KeyPicture {
                grey: mat(&picture.grey)?,
                corners: corners.iter().map(|(at, _, _)| Point2f::new(at[0], at[1])).collect(),
                seen: corners.iter().map(|(_, seen, _)| Point2f::new(seen[0], seen[1])).collect(),
                misses: corners.iter().map(|(_, _, misses)| *misses).collect(),
                stage_from_key: picture.stage_from_picture,
            }),
        };
        let previous = match &saved.previous {
            None => None,
            Some(picture) => Some(LastPicture {
                grey: mat(&picture.grey)?,
                stage_from_previous: picture.stage_from_picture,
            }),
        };
        (self.key, self.previous, self.cuts) = (key, previous, saved.cuts);
        Ok(true)
    }

    /// Takes the next picture: its grey values row by row, `width · height` bytes, and its colour histogram.
    ///
    /// # Errors
    /// OpenCV's own, which a picture of the right size does not cause.
    pub fn push(&mut self, grey: &[u8], histogram: Histogram, seconds: f64) -> opencv::Result<Alignment> {
        let grey = Mat::new_rows_cols_with_data(self.height, self.width, grey)?.try_clone()?;
        let found = match (self.key.take(), self.previous.take()) {
            (Some(key), Some(previous)) => self.align(key, previous, &grey)?,
            _ => None,
        };
        let first = found.is_none() && self.cuts.is_empty();
        let boundary = self.cuts.push(histogram, found.is_some(), seconds);
        if let (Some((key, fit)), None) = (found, boundary) {
            let key_from_image = fit.key_from_image;
            let stage_from_image = scaled(key.stage_from_key * key_from_image);
            self.previous =
                Some(LastPicture { grey: grey.try_clone()?, stage_from_previous: stage_from_image });
            let moved_on =
                overlap(&key_from_image, f64::from(self.width), f64::from(self.height)) < KEY_OVERLAP;
            let outvoted = key.votes() < FEWEST_VOTES.min(key.corners.len() / 2);
            self.key = Some(if moved_on || outvoted { self.new_key(grey, stage_from_image)? } else { key });
            let Fit { inlier_share, parallax, .. } = fit;
            return Ok(Alignment { stage_from_image, inlier_share, parallax, aligned: true, boundary: None });
        }
        // a new shot begins at its own stage; a lost picture stays where the last one was
        let stage_from_image = match (&boundary, &self.previous) {
            (None, Some(lost)) => lost.stage_from_previous,
            _ => Matrix3::identity(),
        };
        self.key = Some(self.new_key(grey.try_clone()?, stage_from_image)?);
        self.previous = Some(LastPicture { grey, stage_from_previous: stage_from_image });
        let aligned = first || boundary.is_some();
        let inlier_share = f64::from(u8::from(aligned));
        Ok(Alignment { stage_from_image, inlier_share, parallax: 0.0, aligned, boundary })
    }

    /// The key picture and the picture's place in it: by the present key, else by the picture before as a new key.
    fn align(
        &mut self,
        mut key: KeyPicture,
        previous: LastPicture,
        grey: &Mat,
    ) -> opencv::Result<Option<(KeyPicture, Fit)>> {
        if let Some(fit) = self.follow(&mut key, grey)? {
            return Ok(Some((key, fit)));
        }
        let mut nearer = self.new_key(previous.grey.try_clone()?, previous.stage_from_previous)?;
        if let Some(fit) = self.follow(&mut nearer, grey)? {
            return Ok(Some((nearer, fit)));
        }
        // too few corners to say more (a wall, a dark room), but nothing changed either
        if mean_difference(&previous.grey, grey)? < UNCHANGED {
            let fit = Fit { key_from_image: Matrix3::identity(), inlier_share: 1.0, parallax: 0.0 };
            return Ok(Some((nearer, fit)));
        }
        self.previous = Some(previous);
        Ok(None)
    }

    fn new_key(&self, grey: Mat, stage_from_key: Matrix3<f64>) -> opencv::Result<KeyPicture> {
        let mut corners = Vector::new();
        // an equal share for every part of the picture: what moves is often sharper than what stands behind it
        let (columns, rows) = (CELLS_ACROSS, CELLS_DOWN);
        let apart = (f64::from(self.width.max(self.height)) / 60.0).max(3.0);
        for i in 0..columns * rows {
            let (left, right) =
                (i % columns * self.width / columns, (i % columns + 1) * self.width / columns);
            let (top, bottom) = (i / columns * self.height / rows, (i / columns + 1) * self.height / rows);
            let cell = Mat::roi(&grey, Rect::new(left, top, right - left, bottom - top))?;
            let mut found = Vector::<Point2f>::new();
            let most = CORNERS / (columns * rows);
            imgproc::good_features_to_track(
                &cell,
                &mut found,
                most,
                0.01,
                apart,
                &no_array(),
                3,
                false,
                0.04,
            )?;
            corners.extend(found.iter().map(|p| Point2f::new(p.x + left as f32, p.y + top as f32)));
        }
        let (seen, misses) = (corners.clone(), vec![0; corners.len()]);
        Ok(KeyPicture { grey, corners, seen, misses, stage_from_key })
    }

    fn follow(&self, key: &mut KeyPicture, grey: &Mat) -> opencv::Result<Option<Fit>> {
        if key.corners.len() < FEWEST {
            return Ok(None);
        }
        let mut to = key.seen.clone();
        let (mut status, mut error) = (Vector::<u8>::new(), Vector::<f32>::new());
        let criteria =
            TermCriteria::new(TermCriteria_Type::COUNT as i32 | TermCriteria_Type::EPS as i32, 20, 0.03)?;
        video::calc_optical_flow_pyr_lk(
            &key.grey,
            grey,
            &key.corners,
            &mut to,
            &mut status,
            &mut error,
            Size::new(WINDOW, WINDOW),
            LEVELS,
            criteria,
            video::OPTFLOW_USE_INITIAL_FLOW,
            1e-4,
        )?;
        let inside =
            |p: Point2f| p.x >= 0.0 && p.y >= 0.0 && p.x < self.width as f32 && p.y < self.height as f32;
        // the light may change for all
        let mut errors: Vec<f32> =
            status.iter().zip(&error).filter(|(ok, _)| *ok == 1).map(|(_, error)| error).collect();
        errors.sort_by(f32::total_cmp);
        let unlike = UNLIKE + errors.get(errors.len() / 2).copied().unwrap_or(0.0);
        let followed: Vec<Followed> =
            (key.corners.iter().zip(to.iter()).zip(status.iter().zip(&error)).enumerate())
                .filter(|(_, ((_, to), (ok, error)))| *ok == 1 && *error <= unlike && inside(*to))
                .map(|(idx, ((from, to), _))| Followed { idx, from, to })
                .collect();
        let voters: Vec<&Followed> = followed.iter().filter(|f| key.misses[f.idx] < PATIENCE).collect();
        if voters.len() < FEWEST {
            return Ok(None);
        }
        let Some(key_from_image) = self.homography(&voters)? else { return Ok(None) };
        let tolerance = self.tolerance_px();
        let agrees = |f: &Followed| {
            let p = moved(&key_from_image, f.to);
            (p - f.from).norm() <= tolerance
        };
        let mut cells = [[0_u32; 2]; 16];
        for f in &followed {
            let agrees = agrees(f);
            cells[self.cell(f.to)][usize::from(agrees)] += 1;
            key.misses[f.idx] = if agrees { 0 } else { key.misses[f.idx].saturating_add(1) };
            key.seen.set(f.idx, f.to)?;
        }
        let inliers = followed.iter().filter(|f| agrees(f)).count();
        let occupied = cells.iter().filter(|[no, yes]| no + yes >= 3).count();
        let against = cells.iter().filter(|[no, yes]| no + yes >= 3 && no > yes).count();
        Ok(Some(Fit {
            key_from_image,
            inlier_share: inliers as f64 / followed.len() as f64,
            parallax: against as f64 / occupied.max(1) as f64,
        }))
    }

    /// The identity where enough corners stand, else what most of them agree on; none where too few agree.
    fn homography(&self, voters: &[&Followed]) -> opencv::Result<Option<Matrix3<f64>>> {
        let still: Vec<&&Followed> = voters.iter().filter(|f| (f.to - f.from).norm() < STILL_PX).collect();
        let mut cells = [false; 16];
        for f in &still {
            cells[self.cell(f.to)] = true;
        }
        let widely = cells.iter().filter(|cell| **cell).count() >= STILL_CELLS;
        if widely && still.len() as f64 >= STILL_AGREEMENT * voters.len() as f64 {
            return Ok(Some(Matrix3::identity()));
        }
        let in_image: Vector<Point2f> = voters.iter().map(|f| f.to).collect();
        let in_key: Vector<Point2f> = voters.iter().map(|f| f.from).collect();
        let mut mask = Mat::default();
        let found =
            calib3d::find_homography(&in_image, &in_key, &mut mask, calib3d::RANSAC, self.tolerance_px())?;
        if found.rows() != 3 || found.cols() != 3 {
            return Ok(None);
        }
        let inliers = mask.data_bytes()?.iter().filter(|v| **v != 0).count();
        let h = scaled(Matrix3::from_row_slice(found.data_typed::<f64>()?));
        let enough = inliers >= FEWEST && inliers as f64 >= AGREEMENT * voters.len() as f64;
        Ok((enough && self.is_plausible(&h)).then_some(h))
    }

    /// 0.3 % of the longer side: 1.5 pixels of 480.
    fn tolerance_px(&self) -> f64 {
        (f64::from(self.width.max(self.height)) * 0.003).max(1.0)
    }

    /// Which of 4×4 cells of the picture a point lies in.
    fn cell(&self, p: Point2f) -> usize {
        let along = |v: f32, side: i32| ((v / side as f32 * 4.0).max(0.0) as usize).min(3);
        along(p.y, self.height) * 4 + along(p.x, self.width)
    }

    /// Neither folds the picture nor grows or shrinks it by more than half within one key.
    fn is_plausible(&self, h: &Matrix3<f64>) -> bool {
        let (w, height) = (f64::from(self.width), f64::from(self.height));
        let corners = [(0.0, 0.0), (w, 0.0), (w, height), (0.0, height)];
        let points: Vec<Vector3<f64>> = corners.iter().map(|(x, y)| h * Vector3::new(*x, *y, 1.0)).collect();
        if !points.iter().all(|p| p.z > 0.2 && p.iter().all(|v| v.is_finite())) {
            return false;
        }
        let p: Vec<[f64; 2]> = points.iter().map(|p| [p.x / p.z, p.y / p.z]).collect();
        let area = |i: usize, j: usize, k: usize| {
            (p[j][0] - p[i][0]) * (p[k][1] - p[i][1]) - (p[k][0] - p[i][0]) * (p[j][1] - p[i][1])
        };
        let halves = [area(0, 1, 2), area(1, 2, 3), area(2, 3, 0), area(3, 0, 1)];
        let whole = w * height;
        halves.iter().all(|a| *a > 0.25 * whole && *a < 4.0 * whole)
    }
}

fn mean_difference(a: &Mat, b: &Mat) -> opencv::Result<f64> {
    let (a, b) = (a.data_bytes()?, b.data_bytes()?);
    let sum: u64 = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    Ok(sum as f64 / a.len().max(1) as f64)
}

/// A corner of the key picture found in the present one.
struct Followed {
    idx: usize,
    from: Point2f,
    to: Point2f,
}

impl KeyPicture {
    fn votes(&self) -> usize {
        self.misses.iter().filter(|misses| **misses < PATIENCE).count()
    }
}

/// Share of the picture that `key_from_image` puts inside the key picture, on a grid of 8×8 points.
fn overlap(key_from_image: &Matrix3<f64>, width: f64, height: f64) -> f64 {
    let mut inside = 0;
    for i in 0..64 {
        let (x, y) = ((f64::from(i % 8) + 0.5) / 8.0 * width, (f64::from(i / 8) + 0.5) / 8.0 * height);
        let p = key_from_image * Vector3::new(x, y, 1.0);
        let (x, y) = (p.x / p.z, p.y / p.z);
        inside += i32::from(p.z > 0.0 && x >= 0.0 && y >= 0.0 && x <= width && y <= height);
    }
    f64::from(inside) / 64.0
}

fn moved(h: &Matrix3<f64>, p: Point2f) -> Point2f {
    let q = h * Vector3::new(f64::from(p.x), f64::from(p.y), 1.0);
    Point2f::new((q.x / q.z) as f32, (q.y / q.z) as f32)
}

/// The same homography with 1 in its last place.
fn scaled(h: Matrix3<f64>) -> Matrix3<f64> {
    if h[(2, 2)].abs() > 1e-12 { h / h[(2, 2)] } else { h }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blobs at fixed places of a plane, seen from `(x0, y0)`.
    fn view(x0: f64, y0: f64, seed: u32) -> Vec<u8> {
        let (w, h) = (160, 120);
        let mut values = vec![0.0_f64; w * h];
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1 << 24)
        };
        for _ in 0..150 {
            let (bx, by, bright) = (next() * 300.0 - 60.0 - x0, next() * 240.0 - 60.0 - y0, next() * 200.0);
            for y in (by - 6.0).max(0.0) as usize..((by + 7.0).max(0.0) as usize).min(h) {
                for x in (bx - 6.0).max(0.0) as usize..((bx + 7.0).max(0.0) as usize).min(w) {
                    let d = (x as f64 - bx).powi(2) + (y as f64 - by).powi(2);
                    values[y * w + x] += bright * (1.0 - d / 36.0).max(0.0);
                }
            }
        }
        values.iter().map(|v| v.min(255.0) as u8).collect()
    }

    fn histogram(grey: &[u8]) -> Histogram {
        Histogram::of(&grey.iter().flat_map(|v| [*v, 128, 128]).collect::<Vec<_>>(), 160, 120)
    }

    #[test]
    fn a_shifted_view_is_aligned_to_the_first() {
        let mut egomotion = Egomotion::new(160, 120);
        let mut last = None;
        for i in 0..20 {
            let grey = view(f64::from(i) * 3.0, f64::from(i), 7);
            last = Some(egomotion.push(&grey, histogram(&grey), f64::from(i) * 0.1).unwrap());
        }
        let h = last.unwrap();
        assert!(h.aligned && h.boundary.is_none());
        let p = h.stage_from_image * Vector3::new(80.0, 60.0, 1.0);
        let (x, y) = (p.x / p.z, p.y / p.z);
        assert!((x - 137.0).abs() < 1.5 && (y - 79.0).abs() < 1.5, "({x}, {y}) is not (137, 79)");
    }

    #[test]
    fn a_camera_that_stands_has_the_identity() {
        let mut egomotion = Egomotion::new(160, 120);
        let grey = view(0.0, 0.0, 7);
        for i in 0..5 {
            let a = egomotion.push(&grey, histogram(&grey), f64::from(i)).unwrap();
            assert_eq!((a.stage_from_image, a.boundary), (Matrix3::identity(), None));
        }
    }

    #[test]
    fn another_view_is_a_cut() {
        let mut egomotion = Egomotion::new(160, 120);
        let views = [view(0.0, 0.0, 7), view(0.0, 0.0, 99).iter().map(|v| 255 - v / 2).collect()];
        let mut boundaries = Vec::new();
        for i in 0..10 {
            let grey = &views[usize::from(i >= 5)];
            let a = egomotion.push(grey, histogram(grey), f64::from(i) * 0.1).unwrap();
            if let Some(b) = a.boundary {
                boundaries.push((i, b));
            }
        }
        assert_eq!(boundaries, vec![(5, Boundary::Cut)]);
    }
}
