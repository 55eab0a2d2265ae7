//! Blocks that slide on a board: Klotski, Rush Hour and the like, solved in the fewest moves by breadth-first search.

use super::grid::Cell;
use super::{at_most, wrong};
use crate::Error;
use std::collections::{BTreeMap, HashSet};

/// A board with blocks: each letter or digit is one block of all its cells, `.` is free, `#` is wall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    width: usize,
    height: usize,
    walls: Vec<bool>,
    blocks: Vec<Block>,
    start: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    name: char,
    /// Cells relative to the least x and y.
    shape: Vec<Cell>,
}

/// What counts as one move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Each step of one block by one cell.
    Steps,
    /// Any way of one block without another moving in between.
    Moves,
}

/// How blocks may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freedom {
    /// In all four directions.
    All,
    /// Only along their longer side, as cars in Rush Hour; square blocks stay.
    Lengthwise,
}

/// One block goes by so many cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slide {
    /// Its name on the board.
    pub block: char,
    /// Cells to the right.
    pub dx: isize,
    /// Cells down.
    pub dy: isize,
    /// The straight runs of its way, cells to the right and down, in the order in which they can be made.
    pub runs: Vec<(isize, isize)>,
}

/// Most cells of a board.
const MAX_CELLS: usize = 256;

impl Board {
    /// From its rows.
    ///
    /// # Errors
    /// Rows of unlike lengths, other characters, more than 256 cells.
    pub fn from_rows<R: AsRef<str>>(rows: &[R]) -> Result<Board, Error> {
        let width = rows.first().map_or(0, |row| row.as_ref().chars().count());
        at_most("cells of the board", MAX_CELLS, width.saturating_mul(rows.len()))?;
        let mut walls = vec![false; width * rows.len()];
        let mut cells: BTreeMap<char, Vec<Cell>> = BTreeMap::new();
        for (y, row) in rows.iter().enumerate() {
            let found = row.as_ref().chars().count();
            if found != width {
                return Err(wrong(format!("row {y} of the board"), format!("{width} cells"), found));
            }
            for (x, c) in row.as_ref().chars().enumerate() {
                match c {
                    '.' => {}
                    '#' => walls[y * width + x] = true,
                    c if c.is_ascii_alphanumeric() => cells.entry(c).or_default().push((x, y)),
                    c => return Err(wrong(format!("row {y} of the board"), "letters, digits, . or #", c)),
                }
            }
        }
        let (mut blocks, mut start) = (Vec::new(), Vec::new());
        for (name, cells) in cells {
            let least = |k: fn(&Cell) -> usize| cells.iter().map(k).min().unwrap_or(0);
            let (x0, y0) = (least(|c| c.0), least(|c| c.1));
            blocks.push(Block { name, shape: cells.iter().map(|&(x, y)| (x - x0, y - y0)).collect() });
            start.push((x0, y0));
        }
        Ok(Board { width, height: rows.len(), walls, blocks, start })
    }

    /// The fewest moves after which the named block has its least x and y at a cell; none where it cannot get there.
    ///
    /// # Errors
    /// A block that is not on the board; more than `most_positions` looked at.
    pub fn solve(
        &self,
        block: char,
        goal: Cell,
        count: Count,
        freedom: Freedom,
        most_positions: usize,
    ) -> Result<Option<Vec<Slide>>, Error> {
        let target = self.blocks.iter().position(|b| b.name == block);
        let target = target.ok_or_else(|| wrong("goal", "a block of the board", block))?;
        // blocks of one shape are alike, but for the one that has to arrive
        let mut shapes: Vec<&[Cell]> = Vec::new();
        let class: Vec<u8> = (0..self.blocks.len())
            .map(|i| {
                let shape = &self.blocks[i].shape[..];
                if i == target {
                    return 0;
                }
                let known = shapes.iter().position(|&s| s == shape);
                known.unwrap_or_else(|| {
                    shapes.push(shape);
                    shapes.len() - 1
                }) as u8
                    + 1
            })
            .collect();
        let mut positions = vec![(self.start.clone(), 0usize, None::<(usize, Cell)>)];
        let mut seen: HashSet<Vec<u8>> = HashSet::from([self.key(&self.start, &class)]);
        let mut next = 0;
        while next < positions.len() {
            let at = positions[next].0.clone();
            if at[target] == goal {
                let mut out = Vec::new();
                while let (_, parent, Some((i, to))) = positions[next] {
                    out.push(self.slide(&positions[parent].0, i, to, count, freedom));
                    next = parent;
                }
                out.reverse();
                return Ok(Some(out));
            }
            for i in 0..self.blocks.len() {
                for to in self.reach(&at, i, count, freedom) {
                    let mut moved = at.clone();
                    moved[i] = to;
                    if !seen.insert(self.key(&moved, &class)) {
                        continue;
                    }
                    positions.push((moved, next, Some((i, to))));
                    if positions.len() > most_positions {
                        let expected = format!("a solution within {most_positions} positions");
                        return Err(wrong("board", expected, "none yet"));
                    }
                }
            }
            next += 1;
        }
        Ok(None)
    }

    /// The move of block `i` to a cell that it can reach, with a shortest way there.
    fn slide(&self, at: &[Cell], i: usize, to: Cell, count: Count, freedom: Freedom) -> Slide {
        let by = |k: usize, from: usize| k as isize - from as isize;
        let (mut cell, mut steps) = (to, Vec::new());
        let came_from = self.ways(at, i, count, freedom);
        while let Some(&(_, from)) = came_from.iter().find(|(here, _)| *here == cell) {
            steps.push((by(cell.0, from.0), by(cell.1, from.1)));
            cell = from;
        }
        let mut runs: Vec<(isize, isize)> = Vec::new();
        for (dx, dy) in steps.into_iter().rev() {
            match runs.last_mut() {
                Some(run) if run.0.signum() == dx && run.1.signum() == dy => *run = (run.0 + dx, run.1 + dy),
                _ => runs.push((dx, dy)),
            }
        }
        Slide { block: self.blocks[i].name, dx: by(to.0, at[i].0), dy: by(to.1, at[i].1), runs }
    }

    /// Where block `i` can go in one move.
    fn reach(&self, at: &[Cell], i: usize, count: Count, freedom: Freedom) -> Vec<Cell> {
        self.ways(at, i, count, freedom).into_iter().map(|(to, _)| to).collect()
    }

    /// Where block `i` can go in one move, nearest first, each with the cell before it on a shortest way.
    fn ways(&self, at: &[Cell], i: usize, count: Count, freedom: Freedom) -> Vec<(Cell, Cell)> {
        let mut taken = self.walls.clone();
        for (k, block) in self.blocks.iter().enumerate().filter(|&(k, _)| k != i) {
            for &(x, y) in &block.shape {
                taken[(at[k].1 + y) * self.width + at[k].0 + x] = true;
            }
        }
        let shape = &self.blocks[i].shape;
        let most = |k: fn(&Cell) -> usize| shape.iter().map(k).max().unwrap_or(0) + 1;
        let (w, h) = (most(|c| c.0), most(|c| c.1));
        let fits = |(x, y): Cell| {
            x + w <= self.width
                && y + h <= self.height
                && shape.iter().all(|&(dx, dy)| !taken[(y + dy) * self.width + x + dx])
        };
        let mut out: Vec<(Cell, Cell)> = Vec::new();
        let mut open = std::collections::VecDeque::from([at[i]]);
        while let Some(cell) = open.pop_front() {
            for (dx, dy) in [(1isize, 0isize), (0, 1), (-1, 0), (0, -1)] {
                let allowed = freedom == Freedom::All || if dx != 0 { w > h } else { h > w };
                let to = (cell.0.wrapping_add_signed(dx), cell.1.wrapping_add_signed(dy));
                if allowed
                    && to.0 < self.width
                    && to.1 < self.height
                    && to != at[i]
                    && !out.iter().any(|(known, _)| *known == to)
                    && fits(to)
                {
                    out.push((to, cell));
                    if count == Count::Moves {
                        open.push_back(to);
                    }
                }
            }
        }
        out
    }

    /// What the position looks like.
    fn key(&self, at: &[Cell], class: &[u8]) -> Vec<u8> {
        let mut pairs: Vec<[u8; 3]> =
            at.iter().zip(class).map(|(&(x, y), &class)| [class, x as u8, y as u8]).collect();
        pairs.sort_unstable();
        pairs.concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The classic board (L'âne rouge, Huarong Dao): 81 moves, 116 steps (Gardner 1964; Winning Ways, chapter 24).
    #[test]
    fn klotski() {
        let board = Board::from_rows(&["ABBC", "ABBC", "DEEF", "DGHF", "I..J"]).expect("a board");
        let moves = board.solve('B', (1, 3), Count::Moves, Freedom::All, 1_000_000).expect("solved");
        assert_eq!(moves.map(|m| m.len()), Some(81));
        let steps = board.solve('B', (1, 3), Count::Steps, Freedom::All, 1_000_000).expect("solved");
        assert_eq!(steps.map(|m| m.len()), Some(116));
    }

    #[test]
    fn cars_go_lengthwise() {
        // the truck must go down by two before the car gets out
        let board = Board::from_rows(&["...T", "AA.T", "...T", "....", "...."]).expect("a board");
        let found = board.solve('A', (2, 1), Count::Moves, Freedom::Lengthwise, 10_000).expect("solved");
        let found = found.expect("a solution");
        let told: Vec<(char, isize, isize)> =
            found.iter().map(|slide| (slide.block, slide.dx, slide.dy)).collect();
        assert_eq!(told, [('T', 0, 2), ('A', 2, 0)]);
        let stuck = Board::from_rows(&["...T", "AA.T", "...T", "....", "...#"]).expect("a board");
        assert_eq!(stuck.solve('A', (2, 1), Count::Moves, Freedom::Lengthwise, 10_000), Ok(None));
    }

    #[test]
    fn nonsense_is_refused() {
        let board = Board::from_rows(&["A.", ".."]).expect("a board");
        assert!(board.solve('Z', (0, 0), Count::Moves, Freedom::All, 10).is_err());
        assert!(board.solve('A', (9, 9), Count::Moves, Freedom::All, 10) == Ok(None));
        assert!(Board::from_rows(&["A?"]).is_err() && Board::from_rows(&["A", "AA"]).is_err());
        assert!(Board::from_rows(&["....................................................."; 9]).is_err());
    }
}
