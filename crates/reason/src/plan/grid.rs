//! A floor as equal cells that are free or blocked, in bits.

use super::{at_most, wrong};
use crate::Error;

/// Free and blocked cells.
///
/// # Shape and frame
/// `width` × `height` cells, the cell `(x, y)` with x to the right and y down, from 0. What lies outside is blocked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Cells in a row.
    width: usize,
    /// Rows.
    height: usize,
    /// Free cells row by row, x along the bits.
    pub(crate) rows: Bits,
    /// Free cells column by column, y along the bits.
    pub(crate) columns: Bits,
}

/// A cell: column and row, from 0 at the top left.
pub type Cell = (usize, usize);

/// Most cells of a grid.
pub const MAX_CELLS: usize = 1 << 26;

impl Grid {
    /// All cells blocked.
    ///
    /// # Errors
    /// More than [`MAX_CELLS`].
    pub fn blocked(width: usize, height: usize) -> Result<Grid, Error> {
        let found = width.saturating_mul(height);
        // rows and columns have a rim of one line and one word
        at_most("cells of the map", MAX_CELLS, found.max(width).max(height))?;
        let (rows, columns) = (Bits::new(width, height), Bits::new(height, width));
        Ok(Grid { width, height, rows, columns })
    }

    /// Free where the test says so.
    ///
    /// # Errors
    /// More than [`MAX_CELLS`].
    pub fn from_fn(width: usize, height: usize, free: impl Fn(Cell) -> bool) -> Result<Grid, Error> {
        let mut grid = Grid::blocked(width, height)?;
        for y in 0..height {
            for x in 0..width {
                if free((x, y)) {
                    grid.set((x, y), true);
                }
            }
        }
        Ok(grid)
    }

    /// From rows of characters: `.`, `G` and `S` are free, everything else is blocked, as in MovingAI's maps without water units
    /// (Sturtevant, Benchmarks for Grid-Based Pathfinding, 2012).
    ///
    /// # Errors
    /// Rows of unlike lengths, more than [`MAX_CELLS`].
    pub fn from_rows<R: AsRef<str>>(rows: &[R]) -> Result<Grid, Error> {
        let width = rows.first().map_or(0, |row| row.as_ref().chars().count());
        let mut grid = Grid::blocked(width, rows.len())?;
        for (y, row) in rows.iter().enumerate() {
            let found = row.as_ref().chars().count();
            if found != width {
                return Err(wrong(format!("row {y} of the map"), format!("{width} cells"), found));
            }
            for (x, c) in row.as_ref().chars().enumerate() {
                if matches!(c, '.' | 'G' | 'S') {
                    grid.set((x, y), true);
                }
            }
        }
        Ok(grid)
    }

    /// Cells in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The cell is free; false outside.
    pub fn is_free(&self, (x, y): Cell) -> bool {
        x < self.width && y < self.height && self.rows.get(x, y)
    }

    /// Frees or blocks a cell; nothing happens outside.
    pub fn set(&mut self, (x, y): Cell, free: bool) {
        if x < self.width && y < self.height {
            self.rows.set(x, y, free);
            self.columns.set(y, x, free);
        }
    }

    /// The cells whose centre is at least `clearance` away from every blocked cell and from the outside, in cells.
    ///
    /// Distances are to the nearest point of the blocked square, so every free cell has 0.5. Along a step between two cells that
    /// are kept, the clearance is nowhere less than at one of its ends.
    ///
    /// # Errors
    /// A clearance that is negative or no number.
    pub fn with_clearance(&self, clearance: f64) -> Result<Grid, Error> {
        if clearance.is_nan() || clearance < 0.0 {
            return Err(wrong("clearance", "a length of 0 or more", clearance));
        }
        let (w, h) = (self.width as i64, self.height as i64);
        // free cells up to the nearest blocked one of each column, above and below
        let mut to_blocked = vec![0i64; self.width];
        let mut up = vec![vec![0i64; self.width]; self.height];
        let further = |counts: &mut [i64], y: usize| {
            for (x, count) in counts.iter_mut().enumerate() {
                *count = if self.is_free((x, y)) { *count + 1 } else { 0 };
            }
        };
        for (y, row) in up.iter_mut().enumerate() {
            further(&mut to_blocked, y);
            row.copy_from_slice(&to_blocked);
        }
        let half = |cells: i64| if cells == 0 { 0.0 } else { cells as f64 - 0.5 };
        let mut out = Grid::blocked(self.width, self.height)?;
        let mut down = vec![0i64; self.width];
        if clearance > w.min(h) as f64 {
            return Ok(out); // the outside is nearer
        }
        let reach = clearance as i64 + 1;
        for y in (0..self.height).rev() {
            further(&mut down, y);
            for x in 0..w {
                // from the cell outwards, as what is near decides
                let columns = (0..=reach).flat_map(|dx| [x - dx, x + dx]);
                let far = self.is_free((x as usize, y))
                    && columns.into_iter().all(|column| {
                        let dx = half((column - x).abs());
                        let dy = if column < 0 || column >= w {
                            0.0
                        } else {
                            half(
                                down[column as usize]
                                    .min(up[y][column as usize])
                                    .min(y as i64 + 1)
                                    .min(h - y as i64),
                            )
                        };
                        dx * dx + dy * dy >= clearance * clearance
                    });
                if far {
                    out.set((x as usize, y), true);
                }
            }
        }
        Ok(out)
    }
}

/// Lines of bits with a blocked rim: line −1 and the line behind the last exist, and each line ends with blocked bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    per_line: usize,
}

impl Bits {
    fn new(length: usize, lines: usize) -> Bits {
        let per_line = length / 64 + 1; // at least one blocked bit behind the last
        Bits { words: vec![0; per_line * (lines + 2)], per_line }
    }

    fn get(&self, at: usize, line: usize) -> bool {
        self.words[(line + 1) * self.per_line + at / 64] >> (at % 64) & 1 == 1
    }

    fn set(&mut self, at: usize, line: usize, free: bool) {
        let bit = 1u64 << (at % 64);
        let word = &mut self.words[(line + 1) * self.per_line + at / 64];
        *word = if free { *word | bit } else { *word & !bit };
    }

    /// Runs along a line from `at` in steps of +1: where it must stop, at most `until` where that lies ahead.
    ///
    /// It stops at the first cell where a side line opens (blocked before, free here), or at `until`; none where it is blocked first.
    #[inline]
    pub(crate) fn run_up(&self, at: usize, line: usize, until: Option<usize>) -> Option<usize> {
        let base = (line + 1) * self.per_line;
        let mut word = (at + 1) / 64;
        let mut mask = !0u64 << ((at + 1) % 64);
        let goal = until.filter(|&u| u > at).unwrap_or(usize::MAX);
        while word < self.per_line {
            let here = base + word;
            let opened = |i: usize| {
                let carry = if word > 0 { self.words[i - 1] >> 63 } else { 0 };
                self.words[i] & !(self.words[i] << 1 | carry)
            };
            let open = opened(here - self.per_line) | opened(here + self.per_line);
            let stops = (open | !self.words[here]) & mask;
            if stops != 0 {
                let first = word * 64 + stops.trailing_zeros() as usize;
                if goal <= first {
                    // all cells before `first` are free; `first` itself may be blocked
                    return (goal < first || self.words[here] >> (first % 64) & 1 == 1).then_some(goal);
                }
                return (self.words[here] >> (first % 64) & 1 == 1).then_some(first);
            }
            if goal < (word + 1) * 64 {
                return Some(goal);
            }
            word += 1;
            mask = !0;
        }
        None
    }

    /// As [`Bits::run_up`], in steps of −1.
    #[inline]
    pub(crate) fn run_down(&self, at: usize, line: usize, until: Option<usize>) -> Option<usize> {
        let base = (line + 1) * self.per_line;
        let goal = until.filter(|&u| u < at);
        if at == 0 {
            return None;
        }
        let mut word = (at - 1) / 64;
        let mut mask = !0u64 >> (63 - (at - 1) % 64);
        loop {
            let here = base + word;
            let opened = |i: usize| {
                let carry = if word + 1 < self.per_line { self.words[i + 1] << 63 } else { 0 };
                self.words[i] & !(self.words[i] >> 1 | carry)
            };
            let open = opened(here - self.per_line) | opened(here + self.per_line);
            let stops = (open | !self.words[here]) & mask;
            if stops != 0 {
                let first = word * 64 + 63 - stops.leading_zeros() as usize;
                let free = self.words[here] >> (first % 64) & 1 == 1;
                return match goal {
                    Some(goal) if goal > first || goal == first && free => Some(goal),
                    _ => free.then_some(first),
                };
            }
            if let Some(goal) = goal.filter(|&g| g >= word * 64) {
                return Some(goal);
            }
            if word == 0 {
                return None;
            }
            word -= 1;
            mask = !0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_read_as_movingai_means_them() {
        let grid = Grid::from_rows(&[".G@", "TSW"]).expect("a map");
        assert_eq!((grid.width(), grid.height()), (3, 2));
        let free: Vec<Cell> =
            (0..2).flat_map(|y| (0..3).map(move |x| (x, y))).filter(|&c| grid.is_free(c)).collect();
        assert_eq!(free, [(0, 0), (1, 0), (1, 1)]);
        let error = Grid::from_rows(&["..", "."]).expect_err("unlike rows");
        assert_eq!(error.to_string(), "row 1 of the map: expected 2 cells, found 1");
        assert!(Grid::blocked(1 << 14, 1 << 14).is_err() && Grid::blocked(0, usize::MAX).is_err());
    }

    #[test]
    fn clearance_is_to_the_edge_of_what_blocks() {
        let grid = Grid::from_fn(7, 7, |cell| cell != (3, 3)).expect("a map");
        let kept = |clearance: f64| {
            let grid = grid.with_clearance(clearance).expect("a clearance");
            (0..7)
                .map(|y| (0..7).map(|x| if grid.is_free((x, y)) { '.' } else { '@' }).collect::<String>())
                .collect::<Vec<_>>()
        };
        assert_eq!(kept(0.5)[3], "...@...");
        // sideways neighbours are 0.5 away, diagonal ones 0.707
        assert_eq!(
            kept(0.6),
            ["@@@@@@@", "@.....@", "@..@..@"]
                .map(String::from)
                .into_iter()
                .chain(["@.@@@.@", "@..@..@", "@.....@", "@@@@@@@"].map(String::from))
                .collect::<Vec<_>>()
        );
        assert!(grid.with_clearance(f64::NAN).is_err() && grid.with_clearance(-1.0).is_err());
        assert!(kept(1e18).iter().all(|row| row == "@@@@@@@"));
    }

    #[test]
    fn runs_stop_where_a_side_opens() {
        // the upper side is blocked up to 69 and free from 70
        let grid = Grid::from_fn(200, 2, |(x, y)| y == 1 || x >= 70).expect("a map");
        assert_eq!(grid.rows.run_up(0, 1, None), Some(70));
        assert_eq!(grid.rows.run_up(0, 1, Some(5)), Some(5));
        assert_eq!(grid.rows.run_up(70, 1, None), None);
        assert_eq!(grid.rows.run_up(70, 1, Some(199)), Some(199));
        assert_eq!(grid.rows.run_down(199, 1, None), None);
        let grid = Grid::from_fn(200, 2, |(x, y)| y == 0 || x < 70).expect("a map");
        assert_eq!(grid.rows.run_down(199, 0, None), Some(69));
        assert_eq!(grid.rows.run_down(199, 0, Some(128)), Some(128));
    }
}
