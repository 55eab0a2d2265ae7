//! Boards of free and blocked cells.

use super::step::Step;
use crate::Error;

/// Column and row, from 0 at the top left.
pub type Cell = (u16, u16);

/// Greatest number of rows and of columns.
pub(crate) const MAX_SIDE: u16 = 255;

/// Which cells of a rectangle are free.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Board {
    width: u16,
    height: u16,
    /// Bit `row · width + column`.
    bits: Vec<u64>,
}

impl Board {
    /// A board without a free cell; sides are cut at 255.
    pub fn blocked(width: u16, height: u16) -> Board {
        let (width, height) = (width.min(MAX_SIDE), height.min(MAX_SIDE));
        let words = (usize::from(width) * usize::from(height)).div_ceil(64);
        Board { width, height, bits: vec![0; words] }
    }

    /// A board of at most 128 cells, whose bits are given.
    pub(crate) fn small(width: u16, height: u16, bits: u128) -> Board {
        let mut board = Board::blocked(width, height);
        for (word, part) in board.bits.iter_mut().zip([bits as u64, (bits >> 64) as u64]) {
            *word = part;
        }
        board
    }

    /// Its bits, where it has at most 128 cells.
    pub(crate) fn bits(&self) -> Option<u128> {
        match self.bits[..] {
            [a] => Some(u128::from(a)),
            [a, b] => Some(u128::from(a) | u128::from(b) << 64),
            _ => None,
        }
    }

    /// Columns.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u16 {
        self.height
    }

    /// Whether a cell is free; none is outside.
    pub fn free(&self, (x, y): Cell) -> bool {
        let at = self.index((x, y));
        x < self.width
            && y < self.height
            && self.bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Frees or blocks a cell; nothing happens outside.
    pub fn set(&mut self, (x, y): Cell, free: bool) {
        let at = self.index((x, y));
        if x < self.width
            && y < self.height
            && let Some(word) = self.bits.get_mut(at / 64)
        {
            *word = *word & !(1 << (at % 64)) | u64::from(free) << (at % 64);
        }
    }

    /// The neighbour that a step leads to, free or not; none outside.
    pub fn beside(&self, (x, y): Cell, step: Step) -> Option<Cell> {
        let (dx, dy) = step.delta();
        let (x, y) = (i32::from(x) + dx, i32::from(y) + dy);
        let within = (0..i32::from(self.width)).contains(&x) && (0..i32::from(self.height)).contains(&y);
        within.then_some((x as u16, y as u16))
    }

    /// All cells, row by row.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + use<> {
        let width = self.width;
        (0..self.height).flat_map(move |y| (0..width).map(move |x| (x, y)))
    }

    /// Steps to every free cell from this one by the shortest way; `u16::MAX` where there is none.
    pub(crate) fn distances(&self, from: Cell) -> Vec<u16> {
        let mut steps = vec![u16::MAX; usize::from(self.width) * usize::from(self.height)];
        let mut queue = Vec::with_capacity(64);
        if self.free(from) {
            steps[self.index(from)] = 0;
            queue.push(from);
        }
        let mut next = 0;
        while let Some(&cell) = queue.get(next) {
            next += 1;
            let here = steps[self.index(cell)];
            for step in Step::ALL {
                if let Some(other) = self.beside(cell, step)
                    && self.free(other)
                    && steps[self.index(other)] == u16::MAX
                {
                    let at = self.index(other);
                    steps[at] = here + 1;
                    queue.push(other);
                }
            }
        }
        steps
    }

    pub(crate) fn index(&self, (x, y): Cell) -> usize {
        usize::from(y) * usize::from(self.width) + usize::from(x)
    }

    /// A shortest way between two cells, and whether it is the only one.
    pub(crate) fn route(&self, from: Cell, to: Cell) -> Option<(Vec<Step>, bool)> {
        let mut path = Vec::new();
        let unique = match self.bits() {
            Some(bits) if self.free(from) && self.free(to) => small_route(self, bits, from, to, &mut path)?,
            _ => {
                let steps = self.distances(from);
                let mut left = *steps.get(self.index(to)).filter(|&&n| n != u16::MAX && self.free(to))?;
                let (mut here, mut unique) = (to, true);
                while left > 0 {
                    left -= 1;
                    let mut before = Step::ALL.into_iter().filter_map(|step| {
                        let cell = self.beside(here, step.back())?;
                        (steps[self.index(cell)] == left).then_some((step, cell))
                    });
                    let (step, cell) = before.next()?;
                    unique &= before.next().is_none();
                    path.push(step);
                    here = cell;
                }
                unique
            }
        };
        path.reverse();
        Some((path, unique))
    }
}

/// How far a wave goes from one cell until it meets another; none where it never does. All cells of a wave at once.
pub(crate) fn small_distance(width: u16, bits: u128, from: u32, to: u32, most: u32) -> Option<u32> {
    let (left, right) = edges(width);
    let (goal, mut wave, mut seen) = (1u128 << to, 1u128 << from, 1u128 << from);
    let mut steps = 0;
    while wave & goal == 0 {
        if wave == 0 || steps == most {
            return None;
        }
        wave = spread(wave, width, left, right) & bits & !seen;
        seen |= wave;
        steps += 1;
    }
    Some(steps)
}

/// The cells beside these.
#[inline]
fn spread(wave: u128, width: u16, left: u128, right: u128) -> u128 {
    wave << width | wave >> width | (wave & !right) << 1 | (wave & !left) >> 1
}

/// The cells of the first and of the last column.
#[inline]
fn edges(width: u16) -> (u128, u128) {
    let mut left = 0u128;
    let mut at = 0;
    while at < 128 {
        left |= 1 << at;
        at += u32::from(width.max(1));
    }
    (left, left << (width.max(1) - 1) | if width == 1 { left } else { 0 })
}

fn small_route(board: &Board, bits: u128, from: Cell, to: Cell, path: &mut Vec<Step>) -> Option<bool> {
    let width = board.width;
    let (left, right) = edges(width);
    let (start, goal) = (1u128 << board.index(from), 1u128 << board.index(to));
    let mut waves = [0u128; 129];
    let (mut wave, mut seen, mut count) = (start, start, 0usize);
    while wave & goal == 0 {
        if wave == 0 {
            return None;
        }
        *waves.get_mut(count)? = wave;
        count += 1;
        wave = spread(wave, width, left, right) & bits & !seen;
        seen |= wave;
    }
    let (mut here, mut unique) = (goal, true);
    path.reserve(count);
    for &wave in waves.get(..count)?.iter().rev() {
        let before = [
            (Step::Up, here << width),
            (Step::Down, here >> width),
            (Step::Left, (here & !right) << 1),
            (Step::Right, (here & !left) >> 1),
        ];
        let mut before = before.into_iter().filter(|(_, cell)| cell & wave != 0);
        let (step, cell) = before.next()?;
        unique &= before.next().is_none();
        path.push(step);
        here = cell;
    }
    Some(unique)
}

/// Rows of characters as a board: `wall` decides what is blocked, `seen` is told everything else than blanks.
pub(crate) fn read_rows(
    kind: &'static str,
    text: &str,
    mut cell: impl FnMut(char, Cell) -> Option<bool>,
    expected: &str,
) -> Result<Board, Error> {
    let rows: Vec<&str> = text.trim_matches('\n').lines().collect();
    let width = rows.first().map_or(0, |row| row.chars().count());
    let wrong =
        |line: usize, expected: String, found: String| Error::Text { kind, line: line + 1, expected, found };
    let most = usize::from(MAX_SIDE);
    if width == 0 || width > most || rows.len() > most {
        return Err(wrong(0, format!("1 to {most} rows and columns"), format!("{} by {width}", rows.len())));
    }
    let mut board = Board::blocked(width as u16, rows.len() as u16);
    for (y, row) in rows.iter().enumerate() {
        let found = row.chars().count();
        if found != width {
            return Err(wrong(y, format!("{width} cells"), found.to_string()));
        }
        for (x, c) in row.chars().enumerate() {
            let at = (x as u16, y as u16);
            let free = cell(c, at).ok_or_else(|| wrong(y, expected.to_owned(), format!("{c:?}")))?;
            board.set(at, free);
        }
    }
    Ok(board)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stream;

    #[test]
    fn waves_of_bits_find_what_the_queue_finds() {
        let mut stream = Stream::named(&["waves"]);
        for _ in 0..500 {
            let (width, height) = (stream.between(1, 11) as u16, stream.between(1, 11) as u16);
            let mut board = Board::blocked(width, height);
            for cell in board.cells() {
                board.set(cell, stream.chance(0.7));
            }
            let cells: Vec<Cell> = board.cells().filter(|&cell| board.free(cell)).collect();
            if let (Some(&from), Some(&to)) = (stream.choose(&cells), stream.choose(&cells)) {
                let far = board.distances(from)[board.index(to)];
                let route = board.route(from, to).map(|(path, _)| path.len() as u16);
                assert_eq!(route.unwrap_or(u16::MAX), far);
                if let Some(bits) = board.bits() {
                    let (a, b) = (board.index(from) as u32, board.index(to) as u32);
                    assert_eq!(small_distance(width, bits, a, b, 200).map_or(u16::MAX, |n| n as u16), far);
                }
            }
        }
    }
}
