//! Which boxes of two lists overlap, and by how much.

use chronotope_world::BoxPx;

/// Pairs that are looked at before a picture is refused: about a second of work.
pub const PAIR_LIMIT: u64 = 1 << 27;
/// Overlapping pairs that are kept before a picture is refused: 384 MiB.
const KEPT_LIMIT: usize = 1 << 24;
/// From this many possible pairs on, a grid finds the candidates.
const GRID_FROM: usize = 1 << 18;
/// A box over more cells of the grid than this is compared with all others.
const CELLS_PER_BOX: i64 = 64;

/// Boxes in columns, so that one box is compared with many at once.
#[derive(Clone, Debug, Default)]
pub struct Boxes {
    left: Vec<f64>,
    top: Vec<f64>,
    right: Vec<f64>,
    bottom: Vec<f64>,
    label: Vec<u32>,
}

impl Boxes {
    /// Forgets all boxes and keeps the memory.
    pub fn clear(&mut self) {
        for column in [&mut self.left, &mut self.top, &mut self.right, &mut self.bottom] {
            column.clear();
        }
        self.label.clear();
    }

    /// Adds a box; only boxes of equal `label` are compared.
    pub fn push(&mut self, b: BoxPx, label: u32) {
        self.left.push(b.left);
        self.top.push(b.top);
        self.right.push(b.right());
        self.bottom.push(b.bottom());
        self.label.push(label);
    }

    /// The label given with a box.
    pub fn label(&self, i: usize) -> u32 {
        self.label[i]
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.label.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.label.is_empty()
    }

    fn area(&self, i: usize) -> f64 {
        (self.right[i] - self.left[i]) * (self.bottom[i] - self.top[i])
    }

    /// Intersection over union of a box here with one of another list.
    pub fn iou(&self, i: usize, others: &Boxes, j: usize) -> f64 {
        let w = self.right[i].min(others.right[j]) - self.left[i].max(others.left[j]);
        let h = self.bottom[i].min(others.bottom[j]) - self.top[i].max(others.top[j]);
        if w > 0.0 && h > 0.0 { w * h / (self.area(i) + others.area(j) - w * h) } else { 0.0 }
    }
}

/// Whether a box can be followed: it has an area and an aspect ratio that a number can hold.
pub fn usable(b: BoxPx) -> bool {
    b.area().is_normal() && (b.width / b.height).is_normal()
}

/// A pair of boxes that overlap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Position in the first list.
    pub row: u32,
    /// Position in the second list.
    pub col: u32,
    /// Intersection over union.
    pub iou: f64,
}

/// There were more pairs than [`PAIR_LIMIT`] to look at, or too many overlapping ones to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// Fills `pairs` with all pairs of equal label whose intersection over union is at least `min_iou` and above 0,
/// by row, then by column.
///
/// # Cost
/// All pairs where these are few (a vectorised pass, 2,500 pairs in a few microseconds); beyond, a grid of the
/// boxes' usual size, linear where boxes overlap few others.
///
/// # Errors
/// [`TooMany`] where more than [`PAIR_LIMIT`] pairs would have to be looked at.
pub fn overlapping(rows: &Boxes, cols: &Boxes, min_iou: f64, pairs: &mut Vec<Pair>) -> Result<(), TooMany> {
    pairs.clear();
    if rows.len().saturating_mul(cols.len()) > GRID_FROM {
        return overlapping_by_grid(rows, cols, min_iou, pairs);
    }
    let mut overlaps = vec![0.0; cols.len()];
    for row in 0..rows.len() {
        overlap_row(rows, row, cols, &mut overlaps);
        let area = rows.area(row);
        for (col, &overlap) in overlaps.iter().enumerate() {
            if overlap > 0.0 && rows.label[row] == cols.label[col] {
                let iou = overlap / (area + cols.area(col) - overlap);
                if iou >= min_iou {
                    pairs.push(Pair { row: row as u32, col: col as u32, iou });
                }
            }
        }
    }
    Ok(())
}

/// Areas of overlap of one box with many; no branch, so that the compiler takes several at once.
fn overlap_row(rows: &Boxes, row: usize, cols: &Boxes, out: &mut [f64]) {
    let (left, top) = (rows.left[row], rows.top[row]);
    let (right, bottom) = (rows.right[row], rows.bottom[row]);
    let columns = cols.left.iter().zip(&cols.top).zip(cols.right.iter().zip(&cols.bottom));
    for (overlap, ((&l, &t), (&r, &b))) in out.iter_mut().zip(columns) {
        let w = if right < r { right } else { r } - if left > l { left } else { l };
        let h = if bottom < b { bottom } else { b } - if top > t { top } else { t };
        *overlap = if w > 0.0 { w } else { 0.0 } * if h > 0.0 { h } else { 0.0 };
    }
}

/// Whether no row and no column stands in two pairs of at least `min_iou`: there is nothing to weigh then.
/// `pairs` are in the order of [`overlapping`].
pub fn one_to_one(pairs: &[Pair], min_iou: f64) -> bool {
    let gated = || pairs.iter().filter(|p| p.iou >= min_iou);
    let rows_differ = gated().zip(gated().skip(1)).all(|(a, b)| a.row != b.row);
    let mut cols: Vec<u32> = gated().map(|p| p.col).collect();
    cols.sort_unstable();
    rows_differ && cols.windows(2).all(|w| w[0] != w[1])
}

/// The cells that a box touches: `[first column, last column, first row, last row]`.
type Cells = [i64; 4];

struct Grid {
    width: f64,
    height: f64,
}

impl Grid {
    /// Cells of the middle size of these boxes.
    fn new(boxes: &Boxes) -> Grid {
        let middle = |low: &[f64], high: &[f64]| {
            let mut sizes: Vec<f64> = low.iter().zip(high).map(|(l, h)| h - l).collect();
            let mid = sizes.len() / 2;
            let (_, &mut size, _) = sizes.select_nth_unstable_by(mid, f64::total_cmp);
            if size.is_normal() { size } else { 1.0 }
        };
        Grid { width: middle(&boxes.left, &boxes.right), height: middle(&boxes.top, &boxes.bottom) }
    }

    fn cell(at: f64, size: f64) -> i64 {
        // `as` saturates; boxes beyond ±2³⁰ cells share the last one, which is slower and still right
        ((at / size).floor() as i64).clamp(-(1 << 30), 1 << 30)
    }

    fn cells(&self, boxes: &Boxes, i: usize) -> Cells {
        [
            Grid::cell(boxes.left[i], self.width),
            Grid::cell(boxes.right[i], self.width),
            Grid::cell(boxes.top[i], self.height),
            Grid::cell(boxes.bottom[i], self.height),
        ]
    }
}

fn n_cells([x0, x1, y0, y1]: Cells) -> i64 {
    (x1 - x0 + 1).saturating_mul(y1 - y0 + 1)
}

fn overlapping_by_grid(
    rows: &Boxes,
    cols: &Boxes,
    min_iou: f64,
    pairs: &mut Vec<Pair>,
) -> Result<(), TooMany> {
    let grid = Grid::new(cols);
    // (cell row, cell column, box) in order: a cell's boxes stand together
    let mut filed: Vec<(i64, i64, u32)> = Vec::with_capacity(2 * cols.len());
    let mut large: Vec<u32> = Vec::new();
    for col in 0..cols.len() {
        let cells = grid.cells(cols, col);
        if n_cells(cells) > CELLS_PER_BOX {
            large.push(col as u32);
            continue;
        }
        for y in cells[2]..=cells[3] {
            filed.extend((cells[0]..=cells[1]).map(|x| (y, x, col as u32)));
        }
    }
    filed.sort_unstable();
    let mut budget = PAIR_LIMIT;
    for row in 0..rows.len() {
        let from = pairs.len();
        let look = |col: u32, pairs: &mut Vec<Pair>| {
            if rows.label[row] == cols.label[col as usize] {
                let iou = rows.iou(row, cols, col as usize);
                if iou > 0.0 && iou >= min_iou {
                    pairs.push(Pair { row: row as u32, col, iou });
                }
            }
        };
        budget = budget.checked_sub(large.len() as u64 + 1).ok_or(TooMany)?;
        for &col in &large {
            look(col, pairs);
        }
        let cells = grid.cells(rows, row);
        if n_cells(cells) > CELLS_PER_BOX {
            // the box covers so much that a walk over the filed boxes is cheaper than one over its cells
            budget = budget.checked_sub(filed.len() as u64).ok_or(TooMany)?;
            for &(_, _, col) in &filed {
                look(col, pairs);
            }
        } else {
            for y in cells[2]..=cells[3] {
                let start = filed.partition_point(|&(fy, fx, _)| (fy, fx) < (y, cells[0]));
                for &(fy, fx, col) in &filed[start..] {
                    if (fy, fx) > (y, cells[1]) {
                        break;
                    }
                    budget = budget.checked_sub(1).ok_or(TooMany)?;
                    look(col, pairs);
                }
            }
        }
        // a box in several cells was met several times
        pairs[from..].sort_unstable_by_key(|p| p.col);
        let mut last = None;
        let mut kept = from;
        for i in from..pairs.len() {
            if last != Some(pairs[i].col) {
                last = Some(pairs[i].col);
                pairs[kept] = pairs[i];
                kept += 1;
            }
        }
        pairs.truncate(kept);
        if kept > KEPT_LIMIT {
            return Err(TooMany);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn random_boxes(n: usize, world: f64, mut seed: u64) -> Boxes {
        let mut next = move || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 11) as f64 / (1u64 << 53) as f64
        };
        let mut boxes = Boxes::default();
        for i in 0..n {
            let size = if i % 50 == 0 { world / 2.0 } else { 20.0 };
            let b = BoxPx::new(next() * world, next() * world, next() * size, next() * size).expect("finite");
            boxes.push(b, (next() * 2.0) as u32);
        }
        boxes
    }

    fn brute(rows: &Boxes, cols: &Boxes, min_iou: f64) -> Vec<Pair> {
        let at = |b: &Boxes, i: usize| {
            BoxPx::new(b.left[i], b.top[i], b.right[i] - b.left[i], b.bottom[i] - b.top[i]).expect("finite")
        };
        let mut out = Vec::new();
        for i in 0..rows.len() {
            for j in 0..cols.len() {
                let iou = at(rows, i).iou(at(cols, j));
                if iou > 0.0 && iou >= min_iou && rows.label[i] == cols.label[j] {
                    out.push(Pair { row: i as u32, col: j as u32, iou });
                }
            }
        }
        out
    }

    fn same(found: &[Pair], expected: &[Pair]) {
        assert_eq!(found.len(), expected.len());
        for (f, e) in found.iter().zip(expected) {
            assert_eq!((f.row, f.col), (e.row, e.col));
            assert!((f.iou - e.iou).abs() < 1e-9, "{f:?} {e:?}");
        }
    }

    #[test]
    fn both_ways_find_every_overlap() {
        for seed in 0..20 {
            let (rows, cols) = (random_boxes(60, 200.0, seed), random_boxes(45, 200.0, seed + 99));
            for min_iou in [0.0, 0.1] {
                let expected = brute(&rows, &cols, min_iou);
                let mut pairs = Vec::new();
                overlapping(&rows, &cols, min_iou, &mut pairs).expect("few");
                same(&pairs, &expected);
                pairs.clear();
                overlapping_by_grid(&rows, &cols, min_iou, &mut pairs).expect("few");
                same(&pairs, &expected);
            }
        }
    }

    #[test]
    fn a_million_small_boxes_are_compared_quickly() {
        let mut boxes = Boxes::default();
        for i in 0..1_000_000u32 {
            let (x, y) = (f64::from(i % 1000) * 12.0, f64::from(i / 1000) * 12.0);
            boxes.push(BoxPx::new(x, y, 10.0, 10.0).expect("finite"), 0);
        }
        let mut pairs = Vec::new();
        overlapping(&boxes, &boxes, 0.3, &mut pairs).expect("each overlaps itself alone");
        assert_eq!(pairs.len(), 1_000_000);
    }

    #[test]
    fn a_million_boxes_on_one_spot_are_refused() {
        let mut boxes = Boxes::default();
        for _ in 0..1_000_000 {
            boxes.push(BoxPx::new(0.0, 0.0, 10.0, 10.0).expect("finite"), 0);
        }
        assert_eq!(overlapping(&boxes, &boxes, 0.3, &mut Vec::new()), Err(TooMany));
    }

    #[test]
    fn boxes_at_the_ends_of_the_numbers_do_no_harm() {
        let mut boxes = Boxes::default();
        for v in [0.0, 1e-310, 1.0, 1e300, -1e300] {
            boxes.push(BoxPx { left: v, top: -v, width: v.abs(), height: 1.0 }, 0);
        }
        overlapping_by_grid(&boxes, &boxes, 0.1, &mut Vec::new()).expect("few");
    }
}
