//! What differs from the background, less shadows and changes of light; and the connected pieces of it.

use super::MotionSettings;
use super::background::Background;
use opencv::core::{Mat, Size};
use opencv::imgproc;
use opencv::prelude::*;
use serde::{Deserialize, Serialize};

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
#[derive(Clone, Serialize, Deserialize)]
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
    /// Holds as many values as its box has pixels.
    pub(super) fn is_sound(&self) -> bool {
        self.width.checked_mul(self.height) == Some(self.mask.len())
    }

    pub(super) fn bottom(&self) -> usize {
        self.top + self.height
    }

    pub(super) fn right(&self) -> usize {
        self.left + self.width
    }

    /// Rows between the two in a column of the picture; none where one of them is not in it, or they interleave.
    pub(super) fn gap_to(&self, other: &Piece, x: usize) -> Option<usize> {
        let ends = |p: &Piece| {
            let column = x.checked_sub(p.left).filter(|c| *c < p.width)?;
            let at = |y: &usize| p.mask[y * p.width + column];
            let (first, last) = ((0..p.height).find(at)?, (0..p.height).rev().find(at)?);
            Some((p.top + first, p.top + last))
        };
        let (mine, its) = (ends(self)?, ends(other)?);
        its.0.checked_sub(mine.1 + 1).or_else(|| mine.0.checked_sub(its.1 + 1))
    }

    /// Both as one.
    pub(super) fn with(&self, other: &Piece) -> Piece {
        let (left, top) = (self.left.min(other.left), self.top.min(other.top));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        let (width, height) = (right - left, bottom - top);
        let mut mask = vec![false; width * height];
        for piece in [self, other] {
            for (i, _) in piece.mask.iter().enumerate().filter(|(_, inside)| **inside) {
                mask[(piece.top - top + i / piece.width) * width + piece.left - left + i % piece.width] =
                    true;
            }
        }
        let area = self.area + other.area;
        let contrast = (self.contrast * self.area as f64 + other.contrast * other.area as f64) / area as f64;
        Piece { left, top, width, height, mask, area, contrast }
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
    compared(ycrcb, background, settings, false)
}

/// The same for a view that does not quite fit, because near and far shift against each other: where a quarter of the
/// picture differs, this much is taken for the misfit, and only what stands out of it counts.
pub(super) fn foreground_of_misfit(
    ycrcb: &[u8],
    background: &Background,
    settings: &MotionSettings,
) -> opencv::Result<Foreground> {
    compared(ycrcb, background, settings, true)
}

fn compared(
    ycrcb: &[u8],
    background: &Background,
    settings: &MotionSettings,
    misfit: bool,
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
    let mut differs = vec![0_u8; n];
    for i in (0..n).filter(|i| background.known[*i]) {
        let (low, high, spread) = (&background.lower[i], &background.upper[i], &background.spread[i]);
        let away = |c: usize| {
            let v = f32::from(ycrcb[3 * i + c]) - light[c];
            (low[c] - v).max(v - high[c]).max(0.0)
        };
        let (dy, dr, db) = (away(0), away(1), away(2));
        // colour differences are coded at half resolution and are less noisy: a smaller floor, both together one vote
        let by_light = dy / (floor + spread[0]);
        let by_tint = dr / (0.6 * floor + spread[1]) + db / (0.6 * floor + spread[2]);
        contrast[i] = by_light.max(by_tint);
        let ratio = (f32::from(ycrcb[3 * i]) - light[0] + 1.0) / (low[0] + 1.0);
        let is_shadow = ratio > darkest && ratio < 1.0 && dr < tint && db < tint;
        differs[i] = if is_shadow { SHADOW } else { THING };
    }
    if misfit {
        let usual = upper_quartile(&contrast).max(1.0);
        for z in &mut contrast {
            *z /= usual;
        }
    }
    for (z, differs) in contrast.iter().zip(&mut differs) {
        if *z <= weak {
            *differs = 0;
        }
    }
    for row in differs.chunks_exact_mut(width) {
        fill_between(row);
    }
    for i in 0..n {
        weak_mask[i] = u8::from(differs[i] == THING);
        strong_mask[i] = u8::from(differs[i] == THING && contrast[i] > strong);
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
        let (mut within, mut n_within) = (0.0, 0_u32);
        for (i, inside) in piece.mask.iter().enumerate() {
            let (x, y) = (piece.left + i % piece.width, piece.top + i / piece.width);
            if !*inside || x == 0 || y == 0 || x + 1 >= width || y + 1 >= height {
                continue;
            }
            if !is_rim(&piece, i) {
                within += gradient(&seen, width, x, y);
                n_within += 1;
                continue;
            }
            of_picture += gradient(&brightness, width, x, y);
            of_background += gradient(&seen, width, x, y);
            n += 1;
        }
        let n = f64::from(n.max(1));
        // half as much again, and more than noise; and an outline, not a texture (grass) that a thing hides
        let texture = within / f64::from(n_within.max(1));
        let outlined = of_background / n > 1.5 * texture;
        if !outlined || of_background / n <= 1.5 * (of_picture / n) + 1.5 * settings.noise_floor {
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

/// What a pixel that differs may be.
const THING: u8 = 1;
const SHADOW: u8 = 2;

/// In a run of pixels that differ, a shadow with the thing on both sides is part of the thing: a dark bonnet between a
/// windscreen and a bumper. A shadow that is cast lies on one side.
fn fill_between(row: &mut [u8]) {
    let mut start = 0;
    while start < row.len() {
        let end = row[start..].iter().position(|v| *v == 0).map_or(row.len(), |i| start + i);
        let run = &mut row[start..end];
        let first = run.iter().position(|v| *v == THING);
        let last = run.iter().rposition(|v| *v == THING);
        if let (Some(first), Some(last)) = (first, last) {
            run[first..=last].fill(THING);
        }
        start = end + 1;
    }
}

fn upper_quartile(values: &[f32]) -> f32 {
    let mut values: Vec<f32> = values.iter().step_by(7).copied().collect();
    let k = values.len() * 3 / 4;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(k, f32::total_cmp).1 }
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
pub(super) fn labelled(
    mask: &[u8],
    width: usize,
    height: usize,
) -> opencv::Result<(Vec<i32>, Vec<[usize; 5]>)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<u8> {
        text.bytes().map(|b| if b == b'#' { THING } else { u8::from(b == b's') * SHADOW }).collect()
    }

    #[test]
    fn a_shadow_between_two_sides_of_a_thing_belongs_to_it() {
        let mut row = seen("..#ss#sss..ss#..");
        fill_between(&mut row);
        assert_eq!(row, seen("..####sss..ss#.."));
    }

    #[test]
    fn a_shadow_is_no_thing_and_a_dark_thing_is() {
        // a bright ground of 200, on the left half with 80 % of the light, in the middle a thing of 40
        let (width, height) = (48, 24);
        let ground = vec![[200.0_f32, 128.0, 128.0]; width * height];
        let background = Background {
            width,
            height,
            lower: ground.clone(),
            upper: ground,
            spread: vec![[1.0; 3]; width * height],
            known: vec![true; width * height],
        };
        let picture = |x: usize, y: usize| match (x, y) {
            (20..28, 4..20) => 40,
            (2..16, 10..20) => 150,
            _ => 200,
        };
        let ycrcb: Vec<u8> =
            (0..width * height).flat_map(|i| [picture(i % width, i / width), 128, 128]).collect();
        let settings = MotionSettings::default();
        let pieces =
            foreground(&ycrcb, &background, &settings).unwrap().pieces(10.0, settings.strong).unwrap();
        assert_eq!(pieces.len(), 1);
        assert_eq!((pieces[0].left, pieces[0].top, pieces[0].width, pieces[0].height), (20, 4, 8, 16));
        let mut ghostly = background.clone();
        for i in
            (0..width * height).filter(|i| (20..28).contains(&(i % width)) && (4..20).contains(&(i / width)))
        {
            ghostly.replace(i, [40, 128, 128]);
        }
        let empty = [200, 128, 128].repeat(width * height);
        assert_eq!(repair_ghosts(&mut ghostly, &empty, None, &settings).unwrap(), 1);
        assert_eq!(foreground(&empty, &ghostly, &settings).unwrap().share(), 0.0);
    }

    #[test]
    fn two_halves_of_a_body_have_a_gap_and_become_one() {
        let half = |top: usize| Piece {
            left: 5,
            top,
            width: 4,
            height: 6,
            mask: vec![true; 24],
            area: 24,
            contrast: 8.0,
        };
        let (upper, lower) = (half(10), half(18));
        assert_eq!((upper.gap_to(&lower, 6), lower.gap_to(&upper, 6)), (Some(2), Some(2)));
        assert_eq!(upper.gap_to(&lower, 4), None);
        let both = upper.with(&lower);
        assert_eq!((both.top, both.height, both.area), (10, 14, 48));
    }
}
