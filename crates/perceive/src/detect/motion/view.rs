//! What the pictures of a while are compared with, by how the camera moves over it.

use super::background::{Background, FEWEST_SAMPLES, Sample, sample_in};
use super::foreground::{Foreground, foreground_of_misfit, repair_ghosts};
use super::stretch::{Kept, spread_over};
use super::{MotionSettings, in_parallel};
use nalgebra::{Matrix3, Vector3};

/// How the camera moves.
pub(super) enum View {
    /// Not at all.
    Still,
    /// Within one view that a single flat picture can hold, of this size; `canvas_from_stage`.
    Wide(Matrix3<f64>, (usize, usize)),
    /// Farther: only neighbours in time show the same place.
    Moving,
}

/// Displacement of a corner that is none, in pixels.
const STILL_PX: f64 = 0.5;
/// Largest wide view, in areas of the picture; beyond it depth bends what a homography holds together.
const WIDEST: f64 = 2.0;
/// Neighbours in time that a moving view is compared with, and the farthest of them in seconds. A thing that moves by its
/// own size within this is told from the scene.
const NEIGHBOURS: usize = 12;
pub(super) const FARTHEST_S: f64 = 1.5;

impl View {
    /// Of pictures of this size with these places in the stage, about a middle one.
    pub(super) fn of<'a>(
        (width, height): (usize, usize),
        poses: impl Iterator<Item = &'a Matrix3<f64>>,
        middle: &Matrix3<f64>,
    ) -> View {
        let (w, h) = (width as f64, height as f64);
        let Some(middle_from_stage) = middle.try_inverse() else { return View::Moving };
        let (mut left, mut top, mut right, mut bottom) = (0.0_f64, 0.0_f64, w, h);
        let mut farthest = 0.0_f64;
        for stage_from_image in poses {
            let middle_from_image = middle_from_stage * stage_from_image;
            for (x, y) in [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)] {
                let p = middle_from_image * Vector3::new(x, y, 1.0);
                if p.z <= 0.1 {
                    return View::Moving;
                }
                let (px, py) = (p.x / p.z, p.y / p.z);
                farthest = farthest.max(libm::hypot(px - x, py - y));
                (left, top) = (left.min(px), top.min(py));
                (right, bottom) = (right.max(px), bottom.max(py));
            }
        }
        if farthest <= STILL_PX {
            return View::Still;
        }
        let (left, top) = (left.floor(), top.floor());
        let (width, height) = ((right - left).ceil(), (bottom - top).ceil());
        let small_enough = width * height <= WIDEST * w * h;
        if !small_enough {
            return View::Moving;
        }
        let shift = Matrix3::new(1.0, 0.0, -left, 0.0, 1.0, -top, 0.0, 0.0, 1.0);
        View::Wide(shift * middle_from_stage, (width as usize, height as usize))
    }
}

/// The empty scene of a camera that stands.
pub(super) fn still_background(
    samples: &[&Kept],
    (width, height): (usize, usize),
    settings: &MotionSettings,
    threads: usize,
) -> opencv::Result<Background> {
    let samples: Vec<Sample<'_>> =
        samples.iter().map(|kept| Sample { ycrcb: kept.ycrcb.as_slice().into(), reached: None }).collect();
    let mut background = Background::mode_of(&samples, width, height, threads);
    for sample in &samples {
        repair_ghosts(&mut background, &sample.ycrcb, None, settings)?;
    }
    Ok(background)
}

/// The empty scene on a canvas, for a camera that turns within one view.
pub(super) fn wide_background(
    samples: &[&Kept],
    size: (usize, usize),
    canvas_from_stage: &Matrix3<f64>,
    (width, height): (usize, usize),
    settings: &MotionSettings,
    threads: usize,
) -> opencv::Result<Background> {
    let samples = in_parallel(samples, threads, |kept| {
        let canvas_from_image = canvas_from_stage * kept.stage_from_image;
        match canvas_from_image.try_inverse() {
            Some(image_from_canvas) => sample_in(&kept.ycrcb, size, &image_from_canvas, (width, height)),
            None => Ok(Sample {
                ycrcb: vec![0; 3 * width * height].into(),
                reached: Some(vec![0; width * height]),
            }),
        }
    })
    .into_iter()
    .collect::<opencv::Result<Vec<Sample<'_>>>>()?;
    let mut background = Background::mode_of(&samples, width, height, threads);
    for sample in &samples {
        // beyond its border a sample is no difference
        let mut seen = background.clone();
        if let Some(reached) = &sample.reached {
            for (known, reached) in seen.known.iter_mut().zip(reached) {
                *known &= *reached != 0;
            }
        }
        if repair_ghosts(&mut seen, &sample.ycrcb, sample.reached.as_deref(), settings)? > 0 {
            background = Background { known: background.known, ..seen };
        }
    }
    background.with_tolerance()
}

/// What differs in a picture from its neighbours in time, put in its place; none where they are too few.
pub(super) fn before_neighbours(
    own: &Kept,
    near: &[&Kept],
    size: (usize, usize),
    settings: &MotionSettings,
) -> opencv::Result<Option<Foreground>> {
    let mut samples = Vec::with_capacity(NEIGHBOURS);
    for kept in spread_over(near, NEIGHBOURS) {
        if let Some(stage_inverse) = kept.stage_from_image.try_inverse() {
            let neighbour_from_own = stage_inverse * own.stage_from_image;
            samples.push(sample_in(&kept.ycrcb, size, &neighbour_from_own, size)?);
        }
    }
    if samples.len() < FEWEST_SAMPLES {
        return Ok(None);
    }
    let seen = Background::median_of(&samples, size.0, size.1, 1).with_tolerance()?;
    foreground_of_misfit(&own.ycrcb, &seen, settings).map(Some)
}
