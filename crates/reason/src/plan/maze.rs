//! Mazes drawn in characters: `#` wall, space or `.` free, `S` start, `G` goal, `o` the drawn way; as in the maze sets of HRM
//! (Wang et al., Hierarchical Reasoning Model, 2025). Steps go up, down, left and right.

use super::grid::{Cell, Grid};
use super::route::{Connectivity, Route, route};
use super::wrong;
use crate::Error;

/// A maze with its two ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maze {
    /// Free cells.
    pub grid: Grid,
    /// Where the way begins.
    pub start: Cell,
    /// Where it ends.
    pub goal: Cell,
}

/// What a drawn way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// A shortest way, every cell of it and no other.
    Shortest,
    /// A way from start to goal of this many steps, with no cell to spare, but there are shorter ones.
    Longer(usize),
    /// No such way.
    NoWay,
}

impl Maze {
    /// From its rows.
    ///
    /// # Errors
    /// Rows of unlike lengths, other characters, not exactly one `S` and one `G`, too many cells.
    pub fn from_rows<R: AsRef<str>>(rows: &[R]) -> Result<Maze, Error> {
        let width = rows.first().map_or(0, |row| row.as_ref().chars().count());
        let mut grid = Grid::blocked(width, rows.len())?;
        let mut ends: [Vec<Cell>; 2] = [Vec::new(), Vec::new()];
        for (y, row) in rows.iter().enumerate() {
            let found = row.as_ref().chars().count();
            if found != width {
                return Err(wrong(format!("row {y} of the maze"), format!("{width} cells"), found));
            }
            for (x, c) in row.as_ref().chars().enumerate() {
                match c {
                    '#' => continue,
                    ' ' | '.' | 'o' => {}
                    'S' => ends[0].push((x, y)),
                    'G' => ends[1].push((x, y)),
                    other => {
                        return Err(wrong(format!("row {y} of the maze"), "# S G o . or a space", other));
                    }
                }
                grid.set((x, y), true);
            }
        }
        match (&ends[0][..], &ends[1][..]) {
            (&[start], &[goal]) => Ok(Maze { grid, start, goal }),
            (starts, goals) => {
                Err(wrong("maze", "one S and one G", format!("{} and {}", starts.len(), goals.len())))
            }
        }
    }

    /// A shortest way; none where there is none.
    pub fn solve(&self) -> Option<Route> {
        route(&self.grid, self.start, self.goal, Connectivity::Four)
    }

    /// Number of different shortest ways, at most `u64::MAX`; 0 where there is none.
    pub fn n_shortest(&self) -> u64 {
        let width = self.grid.width();
        let number = |(x, y): Cell| y * width + x;
        let mut ways = vec![0u64; width * self.grid.height()];
        let mut seen = vec![false; ways.len()];
        let mut layer = vec![self.start];
        ways[number(self.start)] = 1;
        seen[number(self.start)] = true;
        while !layer.is_empty() && !layer.contains(&self.goal) {
            let mut next = Vec::new();
            for &cell in &layer {
                for to in self.neighbours(cell) {
                    let fresh = !seen[number(to)];
                    if fresh && ways[number(to)] == 0 {
                        next.push(to);
                    }
                    if fresh {
                        ways[number(to)] = ways[number(to)].saturating_add(ways[number(cell)]);
                    }
                }
            }
            for &cell in &next {
                seen[number(cell)] = true;
            }
            layer = next;
        }
        ways[number(self.goal)]
    }

    /// What the way is that `o` draws in rows of the same maze.
    ///
    /// # Errors
    /// As [`Maze::from_rows`]; rows of another maze.
    pub fn judge<R: AsRef<str>>(&self, drawn: &[R]) -> Result<Drawn, Error> {
        if Maze::from_rows(drawn)? != *self {
            return Err(wrong("drawn maze", "the walls and ends of the maze", "others"));
        }
        let mut on = vec![false; self.grid.width() * self.grid.height()];
        let mut marks = 0;
        for (y, row) in drawn.iter().enumerate() {
            for (x, _) in row.as_ref().chars().enumerate().filter(|&(_, c)| c == 'o') {
                on[y * self.grid.width() + x] = true;
                marks += 1;
            }
        }
        // walk along the marks; where the way branches, it is not one way
        let (mut at, mut steps, mut before) = (self.start, 0, None);
        while at != self.goal {
            let next: Vec<Cell> = self
                .neighbours(at)
                .filter(|&to| Some(to) != before)
                .filter(|&to| to == self.goal || on[to.1 * self.grid.width() + to.0])
                .collect();
            let [to] = next[..] else { return Ok(Drawn::NoWay) };
            (before, at, steps) = (Some(at), to, steps + 1);
            if steps > marks + 1 {
                return Ok(Drawn::NoWay);
            }
        }
        Ok(match self.solve() {
            _ if steps != marks + 1 => Drawn::NoWay,
            Some(least) if least.straight as usize == steps => Drawn::Shortest,
            _ => Drawn::Longer(steps),
        })
    }

    /// The maze with a way drawn in `o`.
    pub fn draw(&self, way: &Route) -> Vec<String> {
        let cells = way.cells();
        let on: std::collections::BTreeSet<Cell> = cells.into_iter().collect();
        (0..self.grid.height())
            .map(|y| {
                (0..self.grid.width())
                    .map(|x| match (x, y) {
                        cell if cell == self.start => 'S',
                        cell if cell == self.goal => 'G',
                        cell if on.contains(&cell) => 'o',
                        cell if self.grid.is_free(cell) => ' ',
                        _ => '#',
                    })
                    .collect()
            })
            .collect()
    }

    fn neighbours(&self, (x, y): Cell) -> impl Iterator<Item = Cell> {
        let around = [(x + 1, y), (x, y + 1), (x.wrapping_sub(1), y), (x, y.wrapping_sub(1))];
        around.into_iter().filter(|&cell| self.grid.is_free(cell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [&str; 5] = ["#######", "#S   G#", "# ### #", "#     #", "#######"];

    #[test]
    fn solved_drawn_and_judged() {
        let maze = Maze::from_rows(&ROWS).expect("a maze");
        let way = maze.solve().expect("a way");
        assert_eq!((way.straight, maze.n_shortest()), (4, 1));
        let drawn = maze.draw(&way);
        assert_eq!(drawn[1], "#SoooG#");
        assert_eq!(maze.judge(&drawn), Ok(Drawn::Shortest));
        let around = ["#######", "#S   G#", "#o###o#", "#ooooo#", "#######"];
        assert_eq!(maze.judge(&around), Ok(Drawn::Longer(8)));
        let broken = ["#######", "#So oG#", "# ### #", "#     #", "#######"];
        assert_eq!(maze.judge(&broken), Ok(Drawn::NoWay));
        let stray = ["#######", "#SoooG#", "# ### #", "#  o  #", "#######"];
        assert_eq!(maze.judge(&stray), Ok(Drawn::NoWay));
        assert!(maze.judge(&["S G"]).is_err());
    }

    #[test]
    fn shortest_ways_are_counted() {
        // from corner to corner of an open 4 × 4: six steps, three of them down
        let open = Maze::from_rows(&["S   ", "    ", "    ", "   G"]).expect("a maze");
        assert_eq!(open.n_shortest(), 20);
        let shut = Maze::from_rows(&["S#G"]).expect("a maze");
        assert_eq!((shut.solve(), shut.n_shortest()), (None, 0));
        assert!(Maze::from_rows(&["SS G"]).is_err() && Maze::from_rows(&["S?G"]).is_err());
    }
}
