//! What differs from the background, less shadows and changes of light; and the connected pieces of it.

use super::MotionSettings;
use super::background::Background;
use opencv::core::{Mat, Size};
use opencv::imgproc;
use opencv::prelude::*;

/// Pixels that differ, and by how many standard deviations.
pub(super) struct Foreground {
    /// 1 where a thing is, after cleaning; row by row.
    pub(super) mask: Vec<u8>,
    /// Difference in standard deviations.
    pub(super) contrast: Vec<f32>,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// One connected piece of the foreground.
#[derive(Clone)]
pub(super) struct Piece {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Which pixels of the box belong to it, row by row.
    pub(super) mask: Vec<bool>,
    pub(super) area: usize,
    /// Mean contrast over its pixels, each counted up to twice the strong threshold.
    pub(super) contrast: f64,
}

impl Piece {
    pub(super) fn bottom(&self) -> usize {
        self.top + self.height
    }

    pub(super) fn right(&self) -> usize {
        self.left + self.width
    }

    pub(super) fn touches_border(&self, width: usize, height: usize) -> bool {
        self.left <= 1 || self.top <= 1 || self.right() + 1 >= width || self.bottom() + 1 >= height
    }
}

/// Compares a picture (YCrCb, three bytes a pixel) with the background as this picture's camera sees it.
///
/// The picture's overall change of brightness and tint is taken out first (median difference per channel). A pixel is a
/// shadow where it is darker by no more than a factor and keeps its tint, as in Horprasert et al. (*A statistical
/// approach for real-time robust background subtraction and shadow detection*, 1999). Weak pixels count where they are
/// connected to strong ones (hysteresis, Canny 1986).
pub(super) fn foreground(
    ycrcb: &[u8],
    background: &Background,
    settings: &MotionSettings,
) -> opencv::Result<Foreground> {
    let (width, height) = (background.width, background.height);
    let n = width * height;
    let light = light_change(ycrcb, background);
    let floor = settings.noise_floor as f32;
    let (strong, weak) = (settings.strong as f32, settings.weak as f32);
    let (darkest, tint) = (settings.shadow_darkest as f32, settings.shadow_tint as f32);
    let mut contrast = vec![0.0_f32; n];
    let mut strong_mask = vec![0_u8; n];
    let mut weak_mask = vec![0_u8; n];
    for i in 0..n {
        if !background.known[i] {
            continue;
        }
        let (low, high, spread) = (&background.lower[i], &background.upper[i], &background.spread[i]);
        let away = |c: usize| {
            let v = f32::from(ycrcb[3 * i + c]) - light[c];
            (low[c] - v).max(v - high[c]).max(0.0)
        };
        let (dy, dr, db) = (away(0), away(1), away(2));
        // colour differences are coded at half resolution and are less noisy: a smaller floor, both together one vote
        let by_light = dy / (floor + spread[0]);
        let by_tint = dr / (0.6 * floor + spread[1]) + db / (0.6 * floor + spread[2]);
        let z = by_light.max(by_tint);
        contrast[i] = z;
        if z <= weak {
            continue;
        }
        let y = f32::from(ycrcb[3 * i]) - light[0];
        let ratio = (y + 1.0) / (low[0] + 1.0);
        if ratio > darkest && ratio < 1.0 && dr < tint && db < tint {
            continue;
        }
        weak_mask[i] = 1;
        strong_mask[i] = u8::from(z > strong);
    }
    let mask = cleaned(&strong_mask, &weak_mask, width, height)?;
    Ok(Foreground { mask, contrast, width, height })
}

impl Foreground {
    /// Share of the picture that differs.
    pub(super) fn share(&self) -> f64 {
        self.mask.iter().filter(|v| **v != 0).count() as f64 / self.mask.len().max(1) as f64
    }

    /// The connected pieces of at least `smallest` pixels, in order of their first pixel.
    pub(super) fn pieces(&self, smallest: f64, strong: f64) -> opencv::Result<Vec<Piece>> {
        let (labels, stats) = labelled(&self.mask, self.width, self.height)?;
        let most = 2.0 * strong;
        let mut pieces = Vec::new();
        for (label, [left, top, width, height, area]) in stats.into_iter().enumerate().skip(1) {
            if (area as f64) < smallest {
                continue;
            }
            let mut mask = Vec::with_capacity(width * height);
            let mut sum = 0.0;
            for y in top..top + height {
                for x in left..left + width {
                    let inside = labels[y * self.width + x] == label as i32;
                    if inside {
                        sum += f64::from(self.contrast[y * self.width + x]).min(most);
                    }
                    mask.push(inside);
                }
            }
            pieces.push(Piece { left, top, width, height, mask, area, contrast: sum / area as f64 });
        }
        Ok(pieces)
    }
}

/// Where the background shows what the picture does not: a thing that stood there when the background was learnt.
///
/// A real thing's outline is an edge of the picture; a ghost's is one of the background (Cucchiara et al., *Detecting
/// moving objects, ghosts, and shadows in video streams*, 2003, tell ghosts by missing flow instead). The background
/// takes over the picture there. Returns how many pieces were ghosts.
pub(super) fn repair_ghosts(
    background: &mut Background,
    ycrcb: &[u8],
    reached: Option<&[u8]>,
    settings: &MotionSettings,
) -> opencv::Result<usize> {
    let found = foreground(ycrcb, background, settings)?;
    let (width, height) = (found.width, found.height);
    let brightness: Vec<u8> = ycrcb.iter().step_by(3).copied().collect();
    let seen = background.brightness();
    let smallest = settings.smallest_share * (width * height) as f64;
    let mut ghosts = 0;
    for piece in found.pieces(smallest, settings.strong)? {
        let (mut of_picture, mut of_background, mut n) = (0.0, 0.0, 0_u32);
        for (i, inside) in piece.mask.iter().enumerate() {
            let (x, y) = (piece.left + i % piece.width, piece.top + i / piece.width);
            if !*inside || x == 0 || y == 0 || x + 1 >= width || y + 1 >= height || !is_rim(&piece, i) {
                continue;
            }
            of_picture += gradient(&brightness, width, x, y);
            of_background += gradient(&seen, width, x, y);
            n += 1;
        }
        let n = f64::from(n.max(1));
        // half as much again, and more than noise
        if of_background / n <= 1.5 * (of_picture / n) + 1.5 * settings.noise_floor {
            continue;
        }
        ghosts += 1;
        for (i, _) in piece.mask.iter().enumerate().filter(|(_, inside)| **inside) {
            let (x, y) = (piece.left + i % piece.width, piece.top + i / piece.width);
            for (nx, ny) in around(x, y, width, height) {
                let k = ny * width + nx;
                if reached.is_none_or(|reached| reached[k] != 0) {
                    background.replace(k, [ycrcb[3 * k], ycrcb[3 * k + 1], ycrcb[3 * k + 2]]);
                }
            }
        }
    }
    Ok(ghosts)
}

/// Median difference of the picture to the background, per channel.
fn light_change(ycrcb: &[u8], background: &Background) -> [f32; 3] {
    let mut counts = vec![[0_u32; 3]; 511];
    let mut n = 0;
    for (i, known) in background.known.iter().enumerate().step_by(3) {
        if *known {
            n += 1;
            for c in 0..3 {
                let usual = f32::midpoint(background.lower[i][c], background.upper[i][c]);
                let difference = (f32::from(ycrcb[3 * i + c]) - usual).round() as i32;
                counts[(difference + 255).clamp(0, 510) as usize][c] += 1;
            }
        }
    }
    std::array::from_fn(|c| {
        let mut sum = 0;
        for (i, count) in counts.iter().enumerate() {
            sum += count[c];
            if 2 * sum > n {
                return i as f32 - 255.0;
            }
        }
        0.0
    })
}

/// Weak pixels connected to strong ones; small holes and necks closed, specks removed.
fn cleaned(strong: &[u8], weak: &[u8], width: usize, height: usize) -> opencv::Result<Vec<u8>> {
    let (rows, cols) = (height as i32, width as i32);
    let small = |side: i32| imgproc::get_structuring_element_def(imgproc::MORPH_RECT, Size::new(side, side));
    let strong = Mat::new_rows_cols_with_data(rows, cols, strong)?;
    let mut seeds = Mat::default();
    imgproc::morphology_ex_def(&strong, &mut seeds, imgproc::MORPH_OPEN, &small(2)?)?;
    let seeds = seeds.data_bytes()?;
    let (labels, stats) = labelled(weak, width, height)?;
    let mut seeded = vec![false; stats.len()];
    for (label, seed) in labels.iter().zip(seeds) {
        if *seed != 0 && *label > 0 {
            seeded[*label as usize] = true;
        }
    }
    let kept: Vec<u8> = labels.iter().map(|label| u8::from(seeded[*label as usize])).collect();
    // a fiftieth of the height upwards, less sideways: a body seen in pieces lies one above the other
    let odd = |share: f64| (((f64::from(rows) * share) as i32) | 1).max(3);
    let tall =
        imgproc::get_structuring_element_def(imgproc::MORPH_ELLIPSE, Size::new(odd(0.008), odd(0.02)))?;
    let kept = Mat::new_rows_cols_with_data(rows, cols, &kept)?;
    let (mut closed, mut opened) = (Mat::default(), Mat::default());
    imgproc::morphology_ex_def(&kept, &mut closed, imgproc::MORPH_CLOSE, &tall)?;
    imgproc::morphology_ex_def(&closed, &mut opened, imgproc::MORPH_OPEN, &small(3)?)?;
    Ok(opened.data_bytes()?.to_vec())
}

/// Label of every pixel, and left, top, width, height and area of every label; label 0 is the rest.
fn labelled(mask: &[u8], width: usize, height: usize) -> opencv::Result<(Vec<i32>, Vec<[usize; 5]>)> {
    let mask = Mat::new_rows_cols_with_data(height as i32, width as i32, mask)?;
    let (mut labels, mut stats, mut centroids) = (Mat::default(), Mat::default(), Mat::default());
    imgproc::connected_components_with_stats_def(&mask, &mut labels, &mut stats, &mut centroids)?;
    let rows = stats.data_typed::<i32>()?.chunks_exact(5);
    let stats = rows.map(|row| std::array::from_fn(|i| row[i].max(0) as usize)).collect();
    Ok((labels.data_typed::<i32>()?.to_vec(), stats))
}

fn is_rim(piece: &Piece, i: usize) -> bool {
    let (x, y) = (i % piece.width, i / piece.width);
    let inner = x > 0 && y > 0 && x + 1 < piece.width && y + 1 < piece.height;
    !(inner
        && piece.mask[i - 1]
        && piece.mask[i + 1]
        && piece.mask[i - piece.width]
        && piece.mask[i + piece.width])
}

/// Steepest change across a pixel and its neighbours, so that an outline a pixel off still counts.
fn gradient(values: &[u8], width: usize, x: usize, y: usize) -> f64 {
    let at = |x: usize, y: usize| f64::from(values[y * width + x]);
    let (dx, dy) = (at(x + 1, y) - at(x - 1, y), at(x, y + 1) - at(x, y - 1));
    dx.abs().max(dy.abs())
}

fn around(x: usize, y: usize, width: usize, height: usize) -> impl Iterator<Item = (usize, usize)> {
    let rows = y.saturating_sub(1)..(y + 2).min(height);
    rows.flat_map(move |ny| (x.saturating_sub(1)..(x + 2).min(width)).map(move |nx| (nx, ny)))
}
