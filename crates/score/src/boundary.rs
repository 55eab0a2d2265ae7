//! How well the outlines of two masks agree.

use chronotope_world::{BoxPx, Mask};

/// Boundary F of a predicted mask: precision and recall of its outline pixels within a tolerance, as their harmonic mean.
///
/// The tolerance is 0.8 % of the picture's diagonal, rounded up to a whole pixel (8 px at 854 × 480). Two empty outlines
/// agree (1); one empty outline gives 0. Masks of different sizes have none, nor have masks of more than [`MOST_PIXELS`].
///
/// # Cost
/// Linear in the pixels of the box around both masks over 64, times the tolerance.
///
/// # Source
/// Perazzi et al., A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation, 2016; equal to
/// `f_measure` in `davis2017/metrics.py` of davis2017-evaluation.
pub fn boundary_f(truth: &Mask, said: &Mask) -> Option<f64> {
    let (width, height) = (said.width() as usize, said.height() as usize);
    if (truth.width() as usize, truth.height() as usize) != (width, height) {
        return None;
    }
    if width * height > MOST_PIXELS {
        return None;
    }
    let reach = tolerance_px(width, height);
    let Some(crop) = Crop::around(truth, said) else {
        return Some(1.0); // two empty outlines
    };
    let (truth, said) = (outline(truth, crop), outline(said, crop));
    let (n_truth, n_said) = (truth.count(), said.count());
    let (precision, recall) = match (n_said, n_truth) {
        (0, 0) => (1.0, 1.0),
        (0, _) => (1.0, 0.0),
        (_, 0) => (0.0, 1.0),
        _ => (
            said.common(&truth.grown(reach)) as f64 / n_said as f64,
            truth.common(&said.grown(reach)) as f64 / n_truth as f64,
        ),
    };
    let sum = precision + recall;
    Some(if sum == 0.0 { 0.0 } else { 2.0 * precision * recall / sum })
}

/// Most pixels of a mask whose outline is compared: 8192 × 8192, twice a picture of 8K video. Few runs can say many pixels, and time
/// goes by pixels.
pub const MOST_PIXELS: usize = 1 << 26;

/// The part of a picture that outlines can lie in: columns from `x` on, rows from `y` on.
#[derive(Clone, Copy)]
struct Crop {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

impl Crop {
    /// The box around what is set in either mask with one pixel more to each side, where the picture has one; none where nothing is set.
    /// Beyond it pixels equal their neighbours.
    fn around(a: &Mask, b: &Mask) -> Option<Crop> {
        let boxes = [a.box_px(), b.box_px()];
        let low = |side: fn(BoxPx) -> f64| boxes.iter().flatten().map(|b| side(*b)).reduce(f64::min);
        let high = |side: fn(BoxPx) -> f64| boxes.iter().flatten().map(|b| side(*b)).reduce(f64::max);
        let (x, y) = (low(|b| b.left)? as usize, low(|b| b.top)? as usize);
        let (right, bottom) = (high(BoxPx::right)? as usize, high(BoxPx::bottom)? as usize);
        let (x, y) = (x.saturating_sub(1), y.saturating_sub(1));
        let (right, bottom) = ((right + 1).min(a.width() as usize), (bottom + 1).min(a.height() as usize));
        Some(Crop { x, y, width: right - x, height: bottom - y })
    }
}

/// 0.8 % of the diagonal, rounded up.
fn tolerance_px(width: usize, height: usize) -> usize {
    let (w, h) = (width as f64, height as f64);
    (0.008 * (w * w + h * h).sqrt()).ceil() as usize
}

/// A binary picture, 64 pixels a word, row by row; bit 0 is the leftmost pixel of its word.
struct Bits {
    words: usize,
    rows: Vec<u64>,
}

/// Pixels that differ from their east, south or south-east neighbour; on the last row and column from the only one.
fn outline(mask: &Mask, crop: Crop) -> Bits {
    let set = bits(mask, crop);
    let (Crop { width, height, .. }, words) = (crop, set.words);
    let mut rows = vec![0; set.rows.len()];
    let last = width.wrapping_sub(1);
    for y in 0..height {
        let row = &set.rows[y * words..(y + 1) * words];
        let below = (y + 1 < height).then(|| &set.rows[(y + 1) * words..(y + 2) * words]);
        for i in 0..words {
            let east = |row: &[u64]| row[i] >> 1 | row.get(i + 1).map_or(0, |next| next << 63);
            let mut word = row[i] ^ east(row);
            // the last column has no east: it differs from below alone
            let own_last = if last / 64 == i { 1u64 << (last % 64) } else { 0 };
            word &= !own_last;
            if let Some(below) = below {
                word |= (row[i] ^ east(below)) & !own_last;
                word |= row[i] ^ below[i];
            }
            rows[y * words + i] = word;
        }
    }
    // what lies beyond the width is never set: `bits` leaves it empty, and the last column's east was masked
    Bits { words, rows }
}

/// A part of a mask, outside of which nothing is set, as bits: runs go down the columns.
fn bits(mask: &Mask, crop: Crop) -> Bits {
    let column = mask.height() as usize;
    let words = crop.width.div_ceil(64);
    let mut rows = vec![0u64; words * crop.height];
    let (mut at, mut set) = (0usize, false);
    for &count in mask.counts() {
        let to = at + count as usize;
        if set {
            let (mut x, mut y) = (at / column, at % column);
            for _ in at..to {
                let (column_in, row_in) = (x - crop.x, y - crop.y);
                rows[row_in * words + column_in / 64] |= 1 << (column_in % 64);
                y += 1;
                if y == column {
                    (x, y) = (x + 1, 0);
                }
            }
        }
        (at, set) = (to, !set);
    }
    Bits { words, rows }
}

impl Bits {
    fn count(&self) -> u64 {
        self.rows.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Pixels set in both.
    fn common(&self, other: &Bits) -> u64 {
        self.rows.iter().zip(&other.rows).map(|(a, b)| u64::from((a & b).count_ones())).sum()
    }

    /// Every pixel within `reach` of a set one, by Euclidean distance between pixel centres.
    fn grown(&self, reach: usize) -> Bits {
        let (words, height) = (self.words, self.rows.len() / self.words.max(1));
        let mut grown = vec![0u64; self.rows.len()];
        // half the width of the disc, row by row of the disc
        let half: Vec<usize> = (0..=reach)
            .map(|dy| (0..=reach).take_while(|dx| dx * dx + dy * dy <= reach * reach).count() - 1)
            .collect();
        let mut wide = vec![0u64; words * (reach + 1)];
        for y in 0..height {
            let row = &self.rows[y * words..(y + 1) * words];
            if row.iter().all(|word| *word == 0) {
                continue;
            }
            // the row widened by 0, 1 … reach pixels to either side
            wide[..words].copy_from_slice(row);
            for step in 1..=reach {
                let (before, now) = wide.split_at_mut(step * words);
                widen(&before[(step - 1) * words..], &mut now[..words]);
            }
            for (dy, &half) in half.iter().enumerate() {
                let widened = &wide[half * words..(half + 1) * words];
                let mut into = |y: usize| {
                    grown[y * words..(y + 1) * words].iter_mut().zip(widened).for_each(|(a, b)| *a |= b);
                };
                if y + dy < height {
                    into(y + dy);
                }
                if dy > 0 && dy <= y {
                    into(y - dy);
                }
            }
        }
        Bits { words, rows: grown }
    }
}

/// One pixel to either side. What leaves the width on the right is never read: the other outline has nothing there.
fn widen(row: &[u64], into: &mut [u64]) {
    for i in 0..row.len() {
        let left = row[i] << 1 | if i > 0 { row[i - 1] >> 63 } else { 0 };
        let right = row[i] >> 1 | row.get(i + 1).map_or(0, |next| next << 63);
        into[i] = row[i] | left | right;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tolerance_grows_with_the_picture() {
        assert_eq!([tolerance_px(854, 480), tolerance_px(1280, 720), tolerance_px(1920, 1080)], [8, 12, 18]);
    }

    #[test]
    fn equal_and_empty_outlines_agree_and_far_ones_do_not() {
        let square = |x: usize| {
            let mut pixels = vec![0u8; 100 * 40];
            (10..20).for_each(|y| pixels[y * 100 + x..y * 100 + x + 10].fill(1));
            Mask::from_pixels(100, 40, &pixels).expect("pixels")
        };
        let empty = Mask::from_pixels(100, 40, &[0; 4000]).expect("pixels");
        assert_eq!(boundary_f(&square(5), &square(5)), Some(1.0));
        assert_eq!(boundary_f(&square(5), &square(70)), Some(0.0));
        assert_eq!(boundary_f(&square(5), &square(6)), Some(1.0)); // within the one pixel of this size
        assert_eq!((boundary_f(&empty, &empty), boundary_f(&square(5), &empty)), (Some(1.0), Some(0.0)));
        let other = Mask::from_pixels(2, 2, &[0; 4]).expect("pixels");
        assert_eq!(boundary_f(&other, &empty), None);
    }

    /// What is far from the masks costs nothing (a thousand whole pictures of this size would take minutes); what is too large is not begun.
    #[test]
    fn size_alone_takes_no_time() {
        let dot = |side: u32, at: u32| {
            Mask::from_counts(side, side, vec![at, 1, side * side - at - 1]).expect("runs that add up")
        };
        for _ in 0..1000 {
            assert_eq!(boundary_f(&dot(8192, 8192 * 4000 + 4000), &dot(8192, 8192 * 4090 + 4001)), Some(1.0));
        }
        assert_eq!(boundary_f(&dot(65535, 7), &dot(65535, 7)), None);
        // the edges of a picture have no neighbours beyond
        let corner = |x: u32, y: u32| dot(100, x * 100 + y);
        assert_eq!(boundary_f(&corner(99, 99), &corner(99, 99)), Some(1.0));
        assert_eq!(boundary_f(&corner(0, 0), &corner(99, 0)), Some(0.0));
    }
}
