//! Shortest routes over a grid.
//!
//! Jump point search: Harabor and Grastien, Online Graph Pruning for Pathfinding on Grid Maps, AAAI 2011; with block-wise scans and
//! no cutting of corners, Improving Jump Point Search, ICAPS 2014. In four directions: Baum, Jump Point Search Pathfinding in
//! 4-Connected Grids, 2025 (horizontal before vertical).

use super::grid::{Cell, Grid};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// To which neighbours a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connectivity {
    /// Up, down, left, right; each step costs 1.
    Four,
    /// Also diagonally, for √2, where both cells beside the step are free (MovingAI's rule).
    Eight,
}

/// A shortest route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Start, the cells where the direction may change, goal; between two of them it goes straight or diagonally.
    pub waypoints: Vec<Cell>,
    /// Steps of cost 1.
    pub straight: u32,
    /// Steps of cost √2.
    pub diagonal: u32,
}

impl Route {
    /// Its length in cells.
    pub fn length(&self) -> f64 {
        length(self.straight, self.diagonal)
    }

    /// All cells from start to goal.
    pub fn cells(&self) -> Vec<Cell> {
        let mut out: Vec<Cell> = self.waypoints.first().copied().into_iter().collect();
        for pair in self.waypoints.windows(2) {
            let (mut at, to) = (pair[0], pair[1]);
            while at != to {
                at = (towards(at.0, to.0), towards(at.1, to.1));
                out.push(at);
            }
        }
        out
    }
}

fn towards(at: usize, to: usize) -> usize {
    match at.cmp(&to) {
        std::cmp::Ordering::Less => at + 1,
        std::cmp::Ordering::Equal => at,
        std::cmp::Ordering::Greater => at - 1,
    }
}

fn length(straight: u32, diagonal: u32) -> f64 {
    f64::from(straight) + f64::from(diagonal) * std::f64::consts::SQRT_2
}

/// A shortest route between two cells; none where there is no way, or either is blocked or outside.
///
/// Of several shortest ones it is always the same. Costs are counted in whole steps, so no rounding adds up.
pub fn route(grid: &Grid, start: Cell, goal: Cell, connectivity: Connectivity) -> Option<Route> {
    if !grid.is_free(start) || !grid.is_free(goal) {
        return None;
    }
    let search = Search { grid, goal, width: grid.width(), eight: connectivity == Connectivity::Eight };
    search.run(start)
}

/// Directions by number: east, south-east, south and on clockwise, as y points down.
const STEPS: [(isize, isize); 8] = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)];

struct Search<'a> {
    grid: &'a Grid,
    goal: Cell,
    width: usize,
    eight: bool,
}

/// What is known of a cell: straight and diagonal steps to it, its parent's number plus 1, the directions already followed.
type Node = [u32; 4];

impl Search<'_> {
    fn run(&self, start: Cell) -> Option<Route> {
        // zeroed pages that are never touched cost nothing
        let mut nodes: Vec<Node> = vec![[0; 4]; self.width * self.grid.height()];
        let mut open = BinaryHeap::new();
        let number = |(x, y): Cell| (y * self.width + x) as u32;
        let root = number(start);
        nodes[root as usize] = [0, 0, root + 1, 0];
        open.push(Reverse((self.estimate(start, 0, 0).to_bits(), 0, root, 0u32, 0u32, u8::MAX)));
        while let Some(Reverse((_, _, at, straight, diagonal, by))) = open.pop() {
            let node = &mut nodes[at as usize];
            if (node[0], node[1]) != (straight, diagonal) {
                continue; // a shorter way was found since
            }
            let cell = (at as usize % self.width, at as usize / self.width);
            if cell == self.goal {
                return Some(self.told(&nodes, at));
            }
            let directions = self.directions(cell, by) & !(node[3] as u8);
            node[3] |= u32::from(directions);
            for d in (0..8).filter(|d| directions >> d & 1 == 1) {
                let Some(to) = self.jump(cell, d) else { continue };
                let steps = to.0.abs_diff(cell.0).max(to.1.abs_diff(cell.1)) as u32;
                let g = if d % 2 == 0 { (straight + steps, diagonal) } else { (straight, diagonal + steps) };
                let next = &mut nodes[number(to) as usize];
                let (old, new) = (length(next[0], next[1]), length(g.0, g.1));
                if next[2] == 0 || new < old {
                    *next = [g.0, g.1, at + 1, 0];
                } else if new > old || (next[0], next[1]) != g {
                    continue; // as long by another mix of steps cannot be: √2 is irrational
                }
                let f = self.estimate(to, g.0, g.1);
                // of equal estimates the one nearest to the goal first
                let behind = u32::MAX - (g.0 + g.1);
                open.push(Reverse((f.to_bits(), behind, number(to), g.0, g.1, d)));
            }
        }
        None
    }

    fn told(&self, nodes: &[Node], goal: u32) -> Route {
        let (mut waypoints, mut at) = (Vec::new(), goal);
        loop {
            waypoints.push((at as usize % self.width, at as usize / self.width));
            let parent = nodes[at as usize][2] - 1;
            if parent == at {
                break;
            }
            at = parent;
        }
        waypoints.reverse();
        let [straight, diagonal, ..] = nodes[goal as usize];
        Route { waypoints, straight, diagonal }
    }

    /// Length so far and the least that remains, counted in steps before it becomes a number.
    fn estimate(&self, (x, y): Cell, straight: u32, diagonal: u32) -> f64 {
        let (dx, dy) = (x.abs_diff(self.goal.0) as u32, y.abs_diff(self.goal.1) as u32);
        if self.eight {
            length(straight + dx.abs_diff(dy), diagonal + dx.min(dy))
        } else {
            f64::from(straight + dx + dy)
        }
    }

    fn free(&self, (x, y): Cell, (dx, dy): (isize, isize)) -> bool {
        self.grid.is_free((x.wrapping_add_signed(dx), y.wrapping_add_signed(dy)))
    }

    /// Where a shortest way may go on from a cell that was reached in a direction: a bit each.
    fn directions(&self, cell: Cell, by: u8) -> u8 {
        if by == u8::MAX {
            return if self.eight { 0xff } else { 0x55 };
        }
        let (ahead, bit) = (STEPS[usize::from(by)], |d: u8| 1u8 << (d % 8));
        if self.eight && by % 2 == 1 {
            return bit(by) | bit(by + 1) | bit(by + 7);
        }
        if !self.eight && ahead.1 == 0 {
            return bit(by) | 0x44; // horizontal first: both verticals at every cell
        }
        let mut out = bit(by);
        for side in [2, 6] {
            let (sx, sy) = STEPS[usize::from((by + side) % 8)];
            if !self.free(cell, (sx - ahead.0, sy - ahead.1)) && self.free(cell, (sx, sy)) {
                out |= bit(by + side);
                if self.eight {
                    out |= bit(by + if side == 2 { 1 } else { 7 });
                }
            }
        }
        out
    }

    /// The next cell in a direction at which a shortest way may turn.
    fn jump(&self, cell: Cell, d: u8) -> Option<Cell> {
        match (self.eight, STEPS[usize::from(d)]) {
            (true, (dx, 0)) => self.along_row(cell, dx),
            (_, (0, dy)) => self.along_column(cell, dy),
            (_, step) => {
                let mut at = cell;
                loop {
                    let (dx, dy) = step;
                    if !self.free(at, step) || dy != 0 && !(self.free(at, (dx, 0)) && self.free(at, (0, dy)))
                    {
                        return None;
                    }
                    at = (at.0.wrapping_add_signed(dx), at.1.wrapping_add_signed(dy));
                    let turns = at == self.goal
                        || if dy == 0 {
                            self.along_column(at, 1).is_some() || self.along_column(at, -1).is_some()
                        } else {
                            self.along_column(at, dy).is_some() || self.along_row(at, dx).is_some()
                        };
                    if turns {
                        return Some(at);
                    }
                }
            }
        }
    }

    fn along_row(&self, (x, y): Cell, dx: isize) -> Option<Cell> {
        let until = (y == self.goal.1).then_some(self.goal.0);
        let rows = &self.grid.rows;
        let found = if dx > 0 { rows.run_up(x, y, until) } else { rows.run_down(x, y, until) };
        found.map(|x| (x, y))
    }

    fn along_column(&self, (x, y): Cell, dy: isize) -> Option<Cell> {
        let until = (x == self.goal.0).then_some(self.goal.1);
        let columns = &self.grid.columns;
        let found = if dy > 0 { columns.run_up(y, x, until) } else { columns.run_down(y, x, until) };
        found.map(|y| (x, y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Connectivity::{Eight, Four};

    /// The lengths from a cell to all others by relaxing edges until nothing changes.
    fn all_lengths(grid: &Grid, start: Cell, connectivity: Connectivity) -> Vec<f64> {
        let (w, h) = (grid.width(), grid.height());
        let mut out = vec![f64::INFINITY; w * h];
        out[start.1 * w + start.0] = 0.0;
        loop {
            let mut changed = false;
            for y in 0..h {
                for x in 0..w {
                    for (dx, dy) in STEPS {
                        let ok = |dx: isize, dy: isize| {
                            grid.is_free((x.wrapping_add_signed(dx), y.wrapping_add_signed(dy)))
                        };
                        let diagonal = dx != 0 && dy != 0;
                        if !grid.is_free((x, y))
                            || !ok(dx, dy)
                            || diagonal && (connectivity == Four || !ok(dx, 0) || !ok(0, dy))
                        {
                            continue;
                        }
                        let cost = if diagonal { std::f64::consts::SQRT_2 } else { 1.0 };
                        let to = y.wrapping_add_signed(dy) * w + x.wrapping_add_signed(dx);
                        if out[y * w + x] + cost < out[to] - 1e-9 {
                            out[to] = out[y * w + x] + cost;
                            changed = true;
                        }
                    }
                }
            }
            if !changed {
                return out;
            }
        }
    }

    /// The route is what it says: legal steps, and their cost.
    fn checked(grid: &Grid, route: &Route) {
        let cells = route.cells();
        let (mut straight, mut diagonal) = (0, 0);
        for pair in cells.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            assert!(grid.is_free((x0, y1)) && grid.is_free((x1, y0)) && grid.is_free((x1, y1)));
            if x0 != x1 && y0 != y1 { diagonal += 1 } else { straight += 1 }
        }
        assert_eq!((straight, diagonal), (route.straight, route.diagonal));
    }

    #[test]
    fn every_length_is_the_least() {
        let mut seed = 7u64;
        let mut draw = |n: usize| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as usize % n
        };
        for round in 0..60 {
            let (w, h, share) = (1 + draw(90), 1 + draw(20), 5 + draw(50));
            let mut free: Vec<bool> = (0..w * h).map(|_| draw(100) >= share).collect();
            let start = (draw(w), draw(h));
            free[start.1 * w + start.0] = true;
            let grid = Grid::from_fn(w, h, |(x, y)| free[y * w + x]).expect("a map");
            for connectivity in [Four, Eight] {
                let truth = all_lengths(&grid, start, connectivity);
                for goal in (0..w * h).map(|i| (i % w, i / w)) {
                    let least = truth[goal.1 * w + goal.0];
                    match route(&grid, start, goal, connectivity) {
                        Some(found) => {
                            checked(&grid, &found);
                            assert!(
                                (found.length() - least).abs() < 1e-6,
                                "round {round}, {connectivity:?}, {start:?} to {goal:?}: {} against {least}",
                                found.length()
                            );
                        }
                        None => assert_eq!(least, f64::INFINITY, "round {round}, {start:?} to {goal:?}"),
                    }
                }
            }
        }
    }

    #[test]
    fn ends_that_are_blocked_have_no_route() {
        let grid = Grid::from_rows(&["..@.", "..@."]).expect("a map");
        assert_eq!(route(&grid, (0, 0), (3, 0), Eight), None);
        assert_eq!(route(&grid, (2, 0), (3, 0), Eight), None);
        assert_eq!(route(&grid, (0, 0), (9, 9), Eight), None);
        let here = route(&grid, (0, 0), (0, 0), Four).expect("one is there");
        assert_eq!((here.cells(), here.length()), (vec![(0, 0)], 0.0));
    }

    #[test]
    fn corners_are_not_cut() {
        let grid = Grid::from_rows(&[".@", ".."]).expect("a map");
        assert_eq!(route(&grid, (0, 0), (1, 1), Eight).map(|r| r.length()), Some(2.0));
        let grid = Grid::from_rows(&["..", ".."]).expect("a map");
        assert_eq!(route(&grid, (0, 0), (1, 1), Eight).map(|r| (r.straight, r.diagonal)), Some((0, 1)));
        assert_eq!(route(&grid, (0, 0), (1, 1), Four).map(|r| (r.straight, r.diagonal)), Some((2, 0)));
    }
}
