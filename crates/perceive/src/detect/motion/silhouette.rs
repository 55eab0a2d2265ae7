//! What one thing looks like in this video, and how many of them a larger patch of foreground holds.
//!
//! In a scene with one kind of thing on one ground (people on a square, cars on a motorway), height grows evenly with the
//! row of the foot, and the outlines are alike. Both are learnt from the pieces that stand alone; a patch of several is
//! then explained by the fewest outlines, as in Ge and Collins (*Marked point processes for crowd counting*, CVPR 2009).
//! Where the pieces are of many kinds nothing is learnt and nothing is split.

use super::foreground::Piece;
use serde::{Deserialize, Serialize};

/// Height by foot row, width by height, and mean outline of one thing, in pixels of the analysed picture.
#[derive(Serialize, Deserialize)]
pub(super) struct Silhouette {
    height_at_top: f64,
    height_per_row: f64,
    aspect: f64,
    /// Share of the learning pieces in which each cell was foreground, row by row.
    outline: Vec<f32>,
    /// Mean of the outline: the share of its box that a thing fills.
    pub(super) fill: f64,
}

/// A box in pixels of the analysed picture: left, top, width, height.
pub(super) type Place = [f64; 4];

const COLUMNS: usize = 10;
const ROWS: usize = 20;
/// Fewest lone pieces that a scale is learnt from.
const FEWEST_PIECES: usize = 30;
/// Two heights agree where their logarithms differ by less (15 %); people differ by about a tenth.
const AGREES: f64 = 0.15;
/// Share of the pieces that must agree with one scale, else the things here are of many kinds.
const ONE_KIND: f64 = 0.6;
/// A piece of the usual height is of another kind where its width is less than this share of the usual, and the scene has
/// several kinds where that is so for this share of them.
const NARROW: f64 = 0.6;
const OTHER_KIND: f64 = 0.15;
/// Chance that a pixel outside of every outline is foreground, and that one inside is not.
const STRAY: f64 = 0.03;
/// Gain in nats per pixel of a thing's expected area that one more outline must bring.
const WORTH_ONE_MORE: f64 = 1.0;
/// Most things in one patch.
const MOST: usize = 12;

impl Silhouette {
    /// From pieces that do not touch the picture's border; none where they are few or of many kinds.
    pub(super) fn learn(pieces: &[&Piece], picture_height: usize) -> Option<Silhouette> {
        if pieces.len() < FEWEST_PIECES {
            return None;
        }
        let feet: Vec<f64> = pieces.iter().map(|p| p.bottom() as f64).collect();
        let heights: Vec<f64> = pieces.iter().map(|p| p.height as f64).collect();
        let (at_top, per_row) = robust_line(&feet, &heights, picture_height as f64)?;
        let expected = |i: usize| at_top + per_row * feet[i];
        let agrees = |i: &usize| {
            expected(*i) > 2.0 && libm::log(heights[*i] / expected(*i)).abs() < 4.0 / 3.0 * AGREES
        };
        let agreeing: Vec<usize> = (0..pieces.len()).filter(agrees).collect();
        if (agreeing.len() as f64) < ONE_KIND * pieces.len() as f64 {
            return None;
        }
        let (height_at_top, height_per_row) = least_squares(&agreeing, &feet, &heights);
        // the densest half of the aspects: lone things; two side by side are wider
        let mut aspects: Vec<f64> = agreeing.iter().map(|i| pieces[*i].width as f64 / heights[*i]).collect();
        aspects.sort_by(f64::total_cmp);
        let half = aspects.len() / 2;
        let start = (0..aspects.len() - half)
            .min_by(|a, b| (aspects[a + half] - aspects[*a]).total_cmp(&(aspects[b + half] - aspects[*b])))?;
        let aspect = aspects[start + half / 2];
        // as high as the others but far narrower, and often: people between cars, not parts of one kind of thing
        let narrow = agreeing
            .iter()
            .filter(|i| (pieces[**i].width as f64) < NARROW * aspect * pieces[**i].height as f64)
            .count();
        if narrow as f64 > OTHER_KIND * agreeing.len() as f64 {
            return None;
        }
        let mut model = Silhouette {
            height_at_top,
            height_per_row,
            aspect,
            outline: vec![0.0; COLUMNS * ROWS],
            fill: 0.0,
        };
        let mut n = 0.0;
        for piece in pieces {
            let [width, height] = model.size_at(piece.bottom() as f64);
            let of_one = height > 2.0
                && libm::log(piece.height as f64 / height).abs() < 4.0 / 3.0 * AGREES
                && libm::log(piece.width as f64 / width).abs() < 5.0 / 3.0 * AGREES;
            if of_one {
                n += 1.0;
                add_outline(piece, &mut model.outline);
            }
        }
        if n < FEWEST_PIECES as f64 / 2.0 {
            return None;
        }
        for cell in &mut model.outline {
            *cell /= n as f32;
        }
        model.fill = f64::from(model.outline.iter().sum::<f32>()) / model.outline.len() as f64;
        Some(model)
    }

    /// Holds what a model that was learnt holds.
    pub(super) fn is_sound(&self) -> bool {
        self.outline.len() == COLUMNS * ROWS
    }

    /// Width and height of a thing whose foot stands on this row; at least one pixel.
    pub(super) fn size_at(&self, foot_row: f64) -> [f64; 2] {
        let height = (self.height_at_top + self.height_per_row * foot_row).max(1.0);
        [(height * self.aspect).max(1.0), height]
    }

    /// Pixels that one thing there fills.
    pub(super) fn area_at(&self, foot_row: f64) -> f64 {
        let [width, height] = self.size_at(foot_row);
        width * height * self.fill
    }

    /// The places of the things that explain a patch, best first; empty where not even one does.
    ///
    /// Outlines are added while the likelihood of the patch's pixels grows by [`WORTH_ONE_MORE`], then each is moved to
    /// where it explains best what the others leave.
    pub(super) fn explain(&self, piece: &Piece) -> Vec<Place> {
        let patch = Patch::around(piece, self);
        let candidates = self.candidates(piece, &patch);
        let mut chosen: Vec<usize> = Vec::new();
        let mut levels = vec![0_u8; patch.mask.len()];
        while chosen.len() < MOST {
            let Some((best, gain)) = patch.best(&candidates, &levels) else { break };
            let area = candidates[best].pixels() as f64 * self.fill;
            if gain / area < WORTH_ONE_MORE {
                break;
            }
            candidates[best].draw(&mut levels, patch.width);
            chosen.push(best);
        }
        for _ in 0..2 {
            for k in 0..chosen.len() {
                levels.fill(0);
                for (_, other) in chosen.iter().enumerate().filter(|(j, _)| *j != k) {
                    candidates[*other].draw(&mut levels, patch.width);
                }
                if let Some((best, _)) = patch.best(&candidates, &levels) {
                    chosen[k] = best;
                }
            }
        }
        chosen.iter().map(|i| candidates[*i].place(&patch)).collect()
    }

    fn candidates(&self, piece: &Piece, patch: &Patch) -> Vec<Candidate> {
        let [_, usual] = self.size_at(piece.bottom() as f64);
        // a sixteenth of a height is well within what a box may be off
        let step = ((usual / 16.0).round() as usize).max(patch.stride);
        let highest_foot = piece.top as f64 + 0.4 * usual;
        let lowest_foot = piece.bottom() as f64 + 0.15 * usual;
        let mut candidates = Vec::new();
        let mut foot = highest_foot;
        while foot <= lowest_foot {
            let [width, height] = self.size_at(foot);
            let (columns, rows) = (
                ((width / patch.stride as f64).round() as usize).max(2),
                ((height / patch.stride as f64).round() as usize).max(3),
            );
            let outline = self.outline_of(columns, rows);
            let mut middle = piece.left as f64;
            while middle <= piece.right() as f64 {
                let left = ((middle - width / 2.0 - patch.left) / patch.stride as f64).round();
                let top = ((foot - height - patch.top) / patch.stride as f64).round();
                let fits = left >= 0.0
                    && top >= 0.0
                    && left as usize + columns <= patch.width
                    && top as usize + rows <= patch.height;
                if fits {
                    let (left, top) = (left as usize, top as usize);
                    candidates.push(Candidate {
                        left,
                        top,
                        columns,
                        rows,
                        outline: outline.clone(),
                        width,
                        height,
                        foot,
                        middle,
                    });
                }
                middle += step as f64;
            }
            foot += step as f64;
        }
        candidates
    }

    /// The outline at a size, as levels of 0..=255, bilinear.
    fn outline_of(&self, columns: usize, rows: usize) -> std::rc::Rc<[u8]> {
        let cell =
            |x: usize, y: usize| f64::from(self.outline[y.min(ROWS - 1) * COLUMNS + x.min(COLUMNS - 1)]);
        (0..columns * rows)
            .map(|i| {
                let x = ((i % columns) as f64 + 0.5) / columns as f64 * COLUMNS as f64 - 0.5;
                let y = ((i / columns) as f64 + 0.5) / rows as f64 * ROWS as f64 - 0.5;
                let (x, y) = (x.max(0.0), y.max(0.0));
                let (x0, y0) = (x as usize, y as usize);
                let (fx, fy) = (x - x0 as f64, y - y0 as f64);
                let upper = cell(x0, y0) * (1.0 - fx) + cell(x0 + 1, y0) * fx;
                let lower = cell(x0, y0 + 1) * (1.0 - fx) + cell(x0 + 1, y0 + 1) * fx;
                ((upper * (1.0 - fy) + lower * fy) * 255.0).round() as u8
            })
            .collect()
    }
}

/// The pixels about a piece, every `stride`-th, with room for outlines that reach beyond it.
struct Patch {
    left: f64,
    top: f64,
    stride: usize,
    width: usize,
    height: usize,
    mask: Vec<bool>,
    /// Logarithm of the chance of a pixel, by whether it is foreground and by the outlines' level there.
    chance: [[f64; 256]; 2],
}

impl Patch {
    fn around(piece: &Piece, model: &Silhouette) -> Patch {
        let [width, height] = model.size_at(piece.bottom() as f64);
        // thirty rows of a thing are enough to place it
        let stride = ((height / 32.0) as usize).max(1);
        let (beside, above) = ((width * 0.5) as usize + stride, (height * 0.3) as usize + stride);
        let columns = (piece.width + 2 * beside) / stride;
        let rows = (piece.height + 2 * above) / stride;
        let mut mask = vec![false; columns * rows];
        for (i, cell) in mask.iter_mut().enumerate() {
            let x = (i % columns * stride).checked_sub(beside).filter(|x| *x < piece.width);
            let y = (i / columns * stride).checked_sub(above).filter(|y| *y < piece.height);
            if let (Some(x), Some(y)) = (x, y) {
                *cell = piece.mask[y * piece.width + x];
            }
        }
        let level = |i: usize| (i as f64 / 255.0).clamp(STRAY, 1.0 - 2.0 * STRAY);
        let chance = [
            std::array::from_fn(|i| libm::log(1.0 - level(i))),
            std::array::from_fn(|i| libm::log(level(i))),
        ];
        let (left, top) = (piece.left as f64 - beside as f64, piece.top as f64 - above as f64);
        Patch { left, top, stride, width: columns, height: rows, mask, chance }
    }

    /// The candidate that explains most beyond what `levels` do, with its gain in nats; the first of equals.
    fn best(&self, candidates: &[Candidate], levels: &[u8]) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        for (i, candidate) in candidates.iter().enumerate() {
            let gain = candidate.gain(self, levels);
            if best.is_none_or(|(_, most)| gain > most) {
                best = Some((i, gain));
            }
        }
        best
    }
}

/// One place where a thing may stand, in cells of the patch and exactly.
struct Candidate {
    left: usize,
    top: usize,
    columns: usize,
    rows: usize,
    outline: std::rc::Rc<[u8]>,
    width: f64,
    height: f64,
    foot: f64,
    middle: f64,
}

impl Candidate {
    fn pixels(&self) -> usize {
        self.columns * self.rows
    }

    fn gain(&self, patch: &Patch, levels: &[u8]) -> f64 {
        let mut gain = 0.0;
        for (y, row) in self.outline.chunks_exact(self.columns).enumerate() {
            let start = (self.top + y) * patch.width + self.left;
            let mask = &patch.mask[start..start + self.columns];
            for ((level, now), inside) in row.iter().zip(&levels[start..start + self.columns]).zip(mask) {
                let chance = &patch.chance[usize::from(*inside)];
                gain += chance[usize::from(*level.max(now))] - chance[usize::from(*now)];
            }
        }
        gain
    }

    fn draw(&self, levels: &mut [u8], width: usize) {
        for (y, row) in self.outline.chunks_exact(self.columns).enumerate() {
            let start = (self.top + y) * width + self.left;
            for (now, level) in levels[start..start + self.columns].iter_mut().zip(row) {
                *now = (*now).max(*level);
            }
        }
    }

    fn place(&self, _: &Patch) -> Place {
        [self.middle - self.width / 2.0, self.foot - self.height, self.width, self.height]
    }
}

/// The line `height = a + b · foot` with which most points agree (RANSAC over a fixed sequence of pairs, and all level
/// lines); none where no line is positive.
fn robust_line(feet: &[f64], heights: &[f64], picture_height: f64) -> Option<(f64, f64)> {
    let n = feet.len();
    let mut best: Option<(usize, f64, f64)> = None;
    let mut judge = |a: f64, b: f64| {
        let agrees = |(foot, height): (&f64, &f64)| {
            let expected = a + b * foot;
            expected > 2.0 && libm::log(height / expected).abs() < AGREES
        };
        let count = feet.iter().zip(heights).filter(|(f, h)| agrees((*f, *h))).count();
        if best.is_none_or(|(most, _, _)| count > most) {
            best = Some((count, a, b));
        }
    };
    // numbers of Knuth's MMIX generator: any fixed sequence serves
    let mut state = 1_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for _ in 0..400 {
        let (i, j) = (draw(), draw());
        if (feet[i] - feet[j]).abs() >= 0.05 * picture_height {
            let b = (heights[j] - heights[i]) / (feet[j] - feet[i]);
            judge(heights[i] - b * feet[i], b);
        }
    }
    for _ in 0..100 {
        judge(heights[draw()], 0.0);
    }
    best.map(|(_, a, b)| (a, b))
}

fn least_squares(chosen: &[usize], x: &[f64], y: &[f64]) -> (f64, f64) {
    let n = chosen.len() as f64;
    let (mx, my) =
        (chosen.iter().map(|i| x[*i]).sum::<f64>() / n, chosen.iter().map(|i| y[*i]).sum::<f64>() / n);
    let (mut xy, mut xx) = (0.0, 0.0);
    for i in chosen {
        xy += (x[*i] - mx) * (y[*i] - my);
        xx += (x[*i] - mx) * (x[*i] - mx);
    }
    let slope = if xx > 0.0 { xy / xx } else { 0.0 };
    (my - slope * mx, slope)
}

/// Adds the share of foreground in each cell of the piece's box.
fn add_outline(piece: &Piece, outline: &mut [f32]) {
    for row in 0..ROWS {
        let (y0, y1) = (row * piece.height / ROWS, ((row + 1) * piece.height).div_ceil(ROWS));
        for column in 0..COLUMNS {
            let (x0, x1) = (column * piece.width / COLUMNS, ((column + 1) * piece.width).div_ceil(COLUMNS));
            let cells = (y0..y1).flat_map(|y| (x0..x1).map(move |x| y * piece.width + x));
            let (mut inside, mut all) = (0.0, 0.0_f32);
            for i in cells {
                all += 1.0;
                inside += f32::from(u8::from(piece.mask[i]));
            }
            outline[row * COLUMNS + column] += inside / all.max(1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An upright ellipse, 0.4 as wide as high, with its foot on a row.
    fn person(foot: usize, height: usize, middle: usize) -> Piece {
        let width = height * 2 / 5;
        let mask: Vec<bool> =
            (0..width * height).map(|i| in_ellipse(i % width, i / width, width, height)).collect();
        let area = mask.iter().filter(|v| **v).count();
        Piece { left: middle - width / 2, top: foot - height, width, height, mask, area, contrast: 8.0 }
    }

    fn in_ellipse(x: usize, y: usize, width: usize, height: usize) -> bool {
        let (u, v) =
            ((x as f64 + 0.5) / width as f64 * 2.0 - 1.0, (y as f64 + 0.5) / height as f64 * 2.0 - 1.0);
        u * u + v * v <= 1.0
    }

    fn crowd() -> Vec<Piece> {
        (0..60).map(|i| person(100 + 2 * i, 20 + i / 2, 50 + i)).collect()
    }

    fn joined(a: &Piece, b: &Piece) -> Piece {
        let (left, top) = (a.left.min(b.left), a.top.min(b.top));
        let (width, height) = (a.right().max(b.right()) - left, a.bottom().max(b.bottom()) - top);
        let mut mask = vec![false; width * height];
        for p in [a, b] {
            for (i, _) in p.mask.iter().enumerate().filter(|(_, inside)| **inside) {
                mask[(p.top - top + i / p.width) * width + p.left - left + i % p.width] = true;
            }
        }
        let area = mask.iter().filter(|v| **v).count();
        Piece { left, top, width, height, mask, area, contrast: 8.0 }
    }

    #[test]
    fn a_scale_is_learnt_and_two_who_touch_are_told_apart() {
        let pieces = crowd();
        let model = Silhouette::learn(&pieces.iter().collect::<Vec<_>>(), 300).unwrap();
        let [_, height] = model.size_at(160.0);
        assert!((height - 35.0).abs() < 2.0, "height {height}");
        let (a, b) = (person(160, 35, 100), person(164, 36, 111));
        let mut found = model.explain(&joined(&a, &b));
        found.sort_by(|p, q| p[0].total_cmp(&q[0]));
        assert_eq!(found.len(), 2, "{found:?}");
        for (place, truth) in found.iter().zip([&a, &b]) {
            let middle = place[0] + place[2] / 2.0;
            let true_middle = truth.left as f64 + truth.width as f64 / 2.0;
            assert!((middle - true_middle).abs() < 4.0, "{place:?} for {true_middle}");
        }
    }

    #[test]
    fn one_is_one() {
        let pieces = crowd();
        let model = Silhouette::learn(&pieces.iter().collect::<Vec<_>>(), 300).unwrap();
        assert_eq!(model.explain(&person(170, 38, 90)).len(), 1);
    }

    #[test]
    fn many_kinds_teach_nothing() {
        let pieces: Vec<Piece> = (0..60).map(|i| person(200, 10 + 3 * (i * 7 % 40), 150)).collect();
        assert!(Silhouette::learn(&pieces.iter().collect::<Vec<_>>(), 300).is_none());
    }
}
