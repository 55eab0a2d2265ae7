//! What the scene looks like without the things that move through it.

use nalgebra::Matrix3;
use opencv::core::{Mat, Scalar, Size, Vec3b, Vec3f};
use opencv::prelude::*;
use opencv::{core, imgproc};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One picture that the background is learnt from: YCrCb, three bytes a pixel, in the background's own pixels.
pub(super) struct Sample<'a> {
    pub(super) ycrcb: Cow<'a, [u8]>,
    /// 0 where the picture does not reach; none where it covers all.
    pub(super) reached: Option<Vec<u8>>,
}

/// Colour and spread of every pixel of the empty scene.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Background {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Lowest and highest mean colour expected here; equal for a camera that stands still.
    pub(super) lower: Vec<[f32; 3]>,
    pub(super) upper: Vec<[f32; 3]>,
    /// Standard deviation of each channel.
    pub(super) spread: Vec<[f32; 3]>,
    /// Seen often enough to say anything.
    pub(super) known: Vec<bool>,
}

/// Share of the samples that must agree on a colour for it to be the background: less than half, so that a thing that
/// stands for more than half of the time is still a thing, if what is behind it was seen for this share.
const MODE_SHARE: f64 = 0.4;
/// Fewest samples that a background is learnt from.
pub(super) const FEWEST_SAMPLES: usize = 3;
/// Smallest standard deviation, in grey values: the rounding of 8 bits and the coder's dead zone.
const SMALLEST_SPREAD: f32 = 1.0;
/// Share of samples away from the mode, and of separate stays among them, that make a pixel flicker (leaves, water, a
/// screen) rather than be passed by things now and then.
const FLICKER_SHARE: f64 = 0.25;
const FLICKER_STAYS: f64 = 1.0 / 6.0;

impl Background {
    /// The colour that each pixel keeps for the largest part of the time.
    ///
    /// Per pixel the shortest interval of brightness that holds [`MODE_SHARE`] of the samples (the half-sample mode of
    /// Robertson and Cryer, 1974, with that share), then mean and deviation of the samples around it.
    pub(super) fn mode_of(samples: &[Sample<'_>], width: usize, height: usize, threads: usize) -> Background {
        Self::by_pixel(samples, width, height, threads, mode)
    }

    /// The median of each pixel, for a view that is seen in few pictures only.
    pub(super) fn median_of(
        samples: &[Sample<'_>],
        width: usize,
        height: usize,
        threads: usize,
    ) -> Background {
        Self::by_pixel(samples, width, height, threads, median)
    }

    fn by_pixel(
        samples: &[Sample<'_>],
        width: usize,
        height: usize,
        threads: usize,
        estimate: fn(&[[u8; 3]], &mut Vec<u8>) -> Option<Estimate>,
    ) -> Background {
        let rows_each = height.div_ceil(threads.max(1)).max(1);
        let bands: Vec<(usize, usize)> = (0..height)
            .step_by(rows_each)
            .map(|y| (y * width, (y + rows_each).min(height) * width))
            .collect();
        let parts = super::in_parallel(&bands, threads, |(from, to)| {
            let mut seen = Vec::with_capacity(samples.len());
            let mut scratch = Vec::with_capacity(samples.len());
            (*from..*to)
                .map(|i| {
                    seen.clear();
                    for sample in samples {
                        if sample.reached.as_ref().is_none_or(|reached| reached[i] != 0) {
                            seen.push([
                                sample.ycrcb[3 * i],
                                sample.ycrcb[3 * i + 1],
                                sample.ycrcb[3 * i + 2],
                            ]);
                        }
                    }
                    estimate(&seen, &mut scratch)
                })
                .collect::<Vec<_>>()
        });
        let estimates: Vec<Option<Estimate>> = parts.into_iter().flatten().collect();
        let mean: Vec<[f32; 3]> = estimates.iter().map(|e| e.as_ref().map_or([0.0; 3], |e| e.mean)).collect();
        Background {
            width,
            height,
            lower: mean.clone(),
            upper: mean,
            spread: estimates.iter().map(|e| e.as_ref().map_or([1.0; 3], |e| e.spread)).collect(),
            known: estimates.iter().map(Option::is_some).collect(),
        }
    }

    /// The same scene as another picture sees it: `background_from_image` takes that picture's pixels to these.
    pub(super) fn seen_from(
        &self,
        background_from_image: &Matrix3<f64>,
        width: usize,
        height: usize,
    ) -> opencv::Result<Background> {
        let warp = |values: &[[f32; 3]]| -> opencv::Result<Vec<[f32; 3]>> {
            let flat: Vec<Vec3f> = values.iter().map(|v| Vec3f::from(*v)).collect();
            let from = Mat::new_rows_cols_with_data(self.height as i32, self.width as i32, &flat)?;
            let to = warped(&from, background_from_image, width, height, imgproc::INTER_LINEAR)?;
            Ok(to.data_typed::<Vec3f>()?.iter().map(|v| [v[0], v[1], v[2]]).collect())
        };
        let known: Vec<u8> = self.known.iter().map(|k| u8::from(*k) * 255).collect();
        let known = Mat::new_rows_cols_with_data(self.height as i32, self.width as i32, &known)?;
        // linear, and then only what is known on all sides
        let known = warped(&known, background_from_image, width, height, imgproc::INTER_LINEAR)?;
        let (lower, upper) = (warp(&self.lower)?, warp(&self.upper)?);
        Ok(Background {
            width,
            height,
            lower,
            upper,
            spread: warp(&self.spread)?,
            known: known.data_bytes()?.iter().map(|v| *v == 255).collect(),
        })
    }

    /// Lets every pixel look like any of its eight neighbours: for views that are aligned to a pixel or so.
    pub(super) fn with_tolerance(mut self) -> opencv::Result<Background> {
        let kernel = imgproc::get_structuring_element_def(imgproc::MORPH_RECT, Size::new(3, 3))?;
        let spread = |values: &[[f32; 3]], op: i32| -> opencv::Result<Vec<[f32; 3]>> {
            let flat: Vec<Vec3f> = values.iter().map(|v| Vec3f::from(*v)).collect();
            let from = Mat::new_rows_cols_with_data(self.height as i32, self.width as i32, &flat)?;
            let mut to = Mat::default();
            imgproc::morphology_ex_def(&from, &mut to, op, &kernel)?;
            Ok(to.data_typed::<Vec3f>()?.iter().map(|v| [v[0], v[1], v[2]]).collect())
        };
        self.lower = spread(&self.lower, imgproc::MORPH_ERODE)?;
        self.upper = spread(&self.upper, imgproc::MORPH_DILATE)?;
        Ok(self)
    }

    /// Mean brightness, as bytes, for gradients.
    pub(super) fn brightness(&self) -> Vec<u8> {
        self.lower.iter().zip(&self.upper).map(|(a, b)| f32::midpoint(a[0], b[0]) as u8).collect()
    }

    /// Mean colour of a pixel.
    pub(super) fn usual(&self, i: usize) -> [f32; 3] {
        std::array::from_fn(|c| f32::midpoint(self.lower[i][c], self.upper[i][c]))
    }

    /// Holds as many values as it has pixels.
    pub(super) fn is_sound(&self) -> bool {
        let n = [self.lower.len(), self.upper.len(), self.spread.len(), self.known.len()];
        self.width.checked_mul(self.height).is_some_and(|area| area > 0 && n == [area; 4])
    }

    /// Takes over a picture's own pixel: what was held for background there was a thing.
    pub(super) fn replace(&mut self, i: usize, ycrcb: [u8; 3]) {
        self.lower[i] = ycrcb.map(f32::from);
        self.upper[i] = self.lower[i];
    }
}

/// A picture as the background's camera would have seen it; the mask says where it reaches.
pub(super) fn sample_in(
    ycrcb: &[u8],
    (width, height): (usize, usize),
    image_from_background: &Matrix3<f64>,
    (to_width, to_height): (usize, usize),
) -> opencv::Result<Sample<'static>> {
    let from = Mat::new_rows_cols_with_bytes::<Vec3b>(height as i32, width as i32, ycrcb)?;
    let to = warped(&from, image_from_background, to_width, to_height, imgproc::INTER_LINEAR)?;
    let full = vec![255_u8; width * height];
    let full = Mat::new_rows_cols_with_data(height as i32, width as i32, &full)?;
    let reached = warped(&full, image_from_background, to_width, to_height, imgproc::INTER_LINEAR)?;
    Ok(Sample {
        ycrcb: to.data_bytes()?.to_vec().into(),
        reached: Some(reached.data_bytes()?.iter().map(|v| u8::from(*v == 255)).collect()),
    })
}

/// `from_of_to` takes pixels of the result to pixels of `from`.
fn warped(
    from: &impl core::ToInputArray,
    from_of_to: &Matrix3<f64>,
    width: usize,
    height: usize,
    interpolation: i32,
) -> opencv::Result<Mat> {
    let rows: Vec<f64> = from_of_to.transpose().iter().copied().collect();
    let matrix = Mat::new_rows_cols_with_data(3, 3, &rows)?;
    let mut to = Mat::default();
    imgproc::warp_perspective(
        from,
        &mut to,
        &matrix,
        Size::new(width as i32, height as i32),
        interpolation | imgproc::WARP_INVERSE_MAP,
        core::BORDER_CONSTANT,
        Scalar::default(),
    )?;
    Ok(to)
}

struct Estimate {
    mean: [f32; 3],
    spread: [f32; 3],
}

fn mode(seen: &[[u8; 3]], brightness: &mut Vec<u8>) -> Option<Estimate> {
    let n = seen.len();
    if n < FEWEST_SAMPLES {
        return None;
    }
    brightness.clear();
    brightness.extend(seen.iter().map(|v| v[0]));
    brightness.sort_unstable();
    let needed = ((n as f64 * MODE_SHARE).ceil() as usize).clamp(2, n);
    let (mut low, mut high) = (brightness[0], brightness[n - 1]);
    for i in 0..=n - needed {
        if brightness[i + needed - 1] - brightness[i] < high - low {
            (low, high) = (brightness[i], brightness[i + needed - 1]);
        }
    }
    // the interval holds the densest part; as far again on both sides is the same colour with its noise
    let middle = f32::midpoint(f32::from(low), f32::from(high));
    let reach = f32::from(high - low).max(6.0);
    let is_member = |v: &[u8; 3]| (f32::from(v[0]) - middle).abs() <= reach;
    let mut estimate = moments(seen.iter().filter(|v| is_member(v)))?;
    let mut away = 0;
    let mut stays = 0;
    let mut was_away = false;
    for v in seen {
        let is_away = !is_member(v);
        away += usize::from(is_away);
        stays += usize::from(is_away && !was_away);
        was_away = is_away;
    }
    if away as f64 >= FLICKER_SHARE * n as f64 && stays as f64 >= FLICKER_STAYS * n as f64 {
        let wide = moments(seen.iter())?;
        estimate.spread = std::array::from_fn(|c| estimate.spread[c].max(wide.spread[c]));
    }
    Some(estimate)
}

fn median(seen: &[[u8; 3]], scratch: &mut Vec<u8>) -> Option<Estimate> {
    if seen.len() < FEWEST_SAMPLES {
        return None;
    }
    let n = seen.len();
    let mut mean = [0.0; 3];
    let mut spread = [SMALLEST_SPREAD; 3];
    for c in 0..3 {
        scratch.clear();
        scratch.extend(seen.iter().map(|v| v[c]));
        scratch.sort_unstable();
        mean[c] = f32::from(scratch[n / 2]);
        // 1.349: from the distance of the quartiles to the standard deviation of a normal distribution
        let quartiles = f32::from(scratch[n - 1 - n / 4] - scratch[n / 4]);
        spread[c] = (quartiles / 1.349).max(SMALLEST_SPREAD);
    }
    Some(Estimate { mean, spread })
}

fn moments<'a>(values: impl Iterator<Item = &'a [u8; 3]> + Clone) -> Option<Estimate> {
    let (mut n, mut sum, mut squares) = (0_u32, [0_u32; 3], [0_u32; 3]);
    for v in values {
        n += 1;
        for c in 0..3 {
            sum[c] += u32::from(v[c]);
            squares[c] += u32::from(v[c]) * u32::from(v[c]);
        }
    }
    if n == 0 {
        return None;
    }
    let mean = sum.map(|s| s as f32 / n as f32);
    let variance = |c: usize| (f64::from(squares[c]) / f64::from(n) - f64::from(mean[c]).powi(2)).max(0.0);
    Some(Estimate { mean, spread: std::array::from_fn(|c| (variance(c).sqrt() as f32).max(SMALLEST_SPREAD)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learnt(values: &[u8]) -> Background {
        let samples: Vec<Sample<'_>> =
            values.iter().map(|v| Sample { ycrcb: vec![*v, 128, 128].into(), reached: None }).collect();
        Background::mode_of(&samples, 1, 1, 1)
    }

    #[test]
    fn a_thing_that_stands_for_half_of_the_time_is_not_the_background() {
        // passers-by of many colours for a while, one who stands, and the road
        let mut values = vec![100; 9];
        values.extend([30, 31, 29, 30, 30, 31, 30, 180, 10, 60, 220]);
        assert!((learnt(&values).lower[0][0] - 100.0).abs() < 2.0);
    }

    #[test]
    fn flicker_widens_the_spread_and_one_long_stay_does_not() {
        let flicker: Vec<u8> = (0..24).map(|i| if i % 3 == 0 { 60 } else { 100 }).collect();
        assert!(learnt(&flicker).spread[0][0] > 15.0);
        let stay: Vec<u8> = (0..24).map(|i| if i < 8 { 60 } else { 100 }).collect();
        assert!(learnt(&stay).spread[0][0] < 2.0);
    }

    #[test]
    fn two_samples_say_nothing() {
        assert_eq!(learnt(&[1, 2]).known, [false]);
        assert_eq!(learnt(&[1, 2, 3]).known, [true]);
    }
}
