//! Numbered tiles that slide in a frame: the 8-puzzle, the 15-puzzle and other rectangles.
//!
//! IDA* (Korf, Depth-First Iterative-Deepening, 1985) with the Manhattan distance and linear conflicts (Hansson, Mayer and Yung,
//! Criticizing Solutions to Relaxed Models Yields Powerful Admissible Heuristics, 1992): the number of moves is the least.

use super::{at_most, wrong};
use crate::Error;

/// Most tiles, the gap included.
pub const MAX_TILES: usize = 25;

/// A shortest list of tiles to slide into the gap, one after the other; none where the goal cannot be reached.
///
/// # Shape
/// `tiles` and `goal` row by row, 0 is the gap; each holds every number below their length once.
///
/// # Errors
/// Other numbers, an odd width, more than [`MAX_TILES`]; more than `most_positions` looked at.
pub fn solve(width: usize, tiles: &[u8], goal: &[u8], most_positions: u64) -> Result<Option<Vec<u8>>, Error> {
    at_most("tiles", MAX_TILES, tiles.len())?;
    if width == 0 || tiles.is_empty() || !tiles.len().is_multiple_of(width) || goal.len() != tiles.len() {
        return Err(wrong("tiles", "two like rectangles", format!("{} and {}", tiles.len(), goal.len())));
    }
    for (name, given) in [("tiles", tiles), ("goal", goal)] {
        let mut sorted = given.to_vec();
        sorted.sort_unstable();
        if sorted.iter().enumerate().any(|(i, &tile)| usize::from(tile) != i) {
            return Err(wrong(name, "every number from 0 once", format!("{given:?}")));
        }
    }
    let mut home = vec![0; goal.len()];
    for (at, &tile) in goal.iter().enumerate() {
        home[usize::from(tile)] = at;
    }
    let mut search =
        Search { width, height: tiles.len() / width, home, left: most_positions, moved: Vec::new() };
    if !search.can_be_reached(tiles) {
        return Ok(None);
    }
    let mut now = tiles.to_vec();
    let gap = tiles.iter().position(|&tile| tile == 0).unwrap_or(0);
    let mut bound = search.estimate(&now);
    loop {
        match search.deepen(&mut now, gap, 0, bound, None) {
            Found::Goal => return Ok(Some(search.moved)),
            Found::Beyond(next) => bound = next,
            Found::GaveUp => {
                return Err(wrong(
                    "tiles",
                    format!("a solution within {most_positions} positions"),
                    "none yet",
                ));
            }
        }
    }
}

enum Found {
    Goal,
    Beyond(u32),
    GaveUp,
}

struct Search {
    width: usize,
    height: usize,
    home: Vec<usize>,
    left: u64,
    moved: Vec<u8>,
}

impl Search {
    /// Each move is a transposition and moves the gap by one: the parities must agree. A single row never changes order.
    fn can_be_reached(&self, tiles: &[u8]) -> bool {
        if self.width == 1 || self.height == 1 {
            let order =
                |places: &mut dyn Iterator<Item = u8>| places.filter(|&t| t != 0).collect::<Vec<u8>>();
            let mut goal = vec![0u8; tiles.len()];
            for (tile, &at) in self.home.iter().enumerate() {
                goal[at] = tile as u8;
            }
            return order(&mut tiles.iter().copied()) == order(&mut goal.into_iter());
        }
        let place: Vec<usize> = tiles.iter().map(|&tile| self.home[usize::from(tile)]).collect();
        let mut odd = false;
        for i in 0..place.len() {
            odd ^= place[..i].iter().filter(|&&before| before > place[i]).count() % 2 == 1;
        }
        let gap = tiles.iter().position(|&tile| tile == 0).unwrap_or(0);
        let (x, y) = (gap % self.width, gap / self.width);
        let (home_x, home_y) = (self.home[0] % self.width, self.home[0] / self.width);
        odd == ((x.abs_diff(home_x) + y.abs_diff(home_y)) % 2 == 1)
    }

    fn estimate(&self, tiles: &[u8]) -> u32 {
        let mut sum = 0;
        for (at, &tile) in tiles.iter().enumerate().filter(|&(_, &tile)| tile != 0) {
            let home = self.home[usize::from(tile)];
            sum +=
                (at % self.width).abs_diff(home % self.width) + (at / self.width).abs_diff(home / self.width);
        }
        let rows = (0..self.height).map(|y| self.conflicts(tiles, |k| y * self.width + k, self.width, true));
        let columns =
            (0..self.width).map(|x| self.conflicts(tiles, |k| k * self.width + x, self.height, false));
        (sum + 2 * (rows.sum::<usize>() + columns.sum::<usize>())) as u32
    }

    /// How many tiles must leave a line that they belong to so that the others can pass: all but the longest run in order.
    fn conflicts(&self, tiles: &[u8], cell: impl Fn(usize) -> usize, n: usize, row: bool) -> usize {
        let mut places = [0usize; MAX_TILES];
        let mut longest = [0usize; MAX_TILES];
        let (mut count, mut best) = (0, 0);
        for k in 0..n {
            let at = cell(k);
            let tile = tiles[at];
            let home = self.home[usize::from(tile)];
            let belongs =
                if row { at / self.width == home / self.width } else { at % self.width == home % self.width };
            if tile == 0 || !belongs {
                continue;
            }
            places[count] = if row { home % self.width } else { home / self.width };
            let before =
                (0..count).filter(|&i| places[i] < places[count]).map(|i| longest[i]).max().unwrap_or(0);
            longest[count] = before + 1;
            best = best.max(longest[count]);
            count += 1;
        }
        count - best
    }

    fn deepen(&mut self, now: &mut Vec<u8>, gap: usize, done: u32, bound: u32, from: Option<usize>) -> Found {
        let least = done + self.estimate(now);
        if least > bound {
            return Found::Beyond(least);
        }
        if least == done {
            return Found::Goal; // nothing remains
        }
        if self.left == 0 {
            return Found::GaveUp;
        }
        self.left -= 1;
        let (x, y, mut beyond) = (gap % self.width, gap / self.width, u32::MAX);
        let steps = [
            (y > 0).then(|| gap - self.width),
            (x > 0).then(|| gap - 1),
            (x + 1 < self.width).then(|| gap + 1),
            (y + 1 < self.height).then(|| gap + self.width),
        ];
        for to in steps.into_iter().flatten().filter(|&to| Some(to) != from) {
            now.swap(gap, to);
            self.moved.push(now[gap]);
            match self.deepen(now, to, done + 1, bound, Some(gap)) {
                Found::Beyond(next) => beyond = beyond.min(next),
                ended => return ended,
            }
            self.moved.pop();
            now.swap(gap, to);
        }
        Found::Beyond(beyond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moves(width: usize, tiles: &[u8], goal: &[u8]) -> usize {
        let found = solve(width, tiles, goal, 50_000_000).expect("tiles").expect("a solution");
        let mut now = tiles.to_vec();
        for &tile in &found {
            let (gap, at) = (now.iter().position(|&t| t == 0), now.iter().position(|&t| t == tile));
            let (gap, at) = (gap.expect("a gap"), at.expect("a tile"));
            let apart = (gap % width).abs_diff(at % width) + (gap / width).abs_diff(at / width);
            assert_eq!(apart, 1, "tile {tile} is beside the gap");
            now.swap(gap, at);
        }
        assert_eq!(now, goal);
        found.len()
    }

    /// 31 moves are the most that any position of the 8-puzzle takes (Schofield 1967; Reinefeld 1993).
    #[test]
    fn the_farthest_positions_of_the_8_puzzle() {
        assert_eq!(moves(3, &[8, 6, 7, 2, 5, 4, 3, 0, 1], &[1, 2, 3, 4, 5, 6, 7, 8, 0]), 31);
        assert_eq!(moves(3, &[6, 4, 7, 8, 5, 0, 3, 2, 1], &[1, 2, 3, 4, 5, 6, 7, 8, 0]), 31);
    }

    /// Number 79 of Korf's hundred (1985).
    #[test]
    fn a_published_15_puzzle() {
        let goal: Vec<u8> = (0..16).collect();
        assert_eq!(moves(4, &[0, 1, 9, 7, 11, 13, 5, 3, 14, 12, 4, 2, 8, 6, 10, 15], &goal), 42);
    }

    /// Against breadth-first search from the goal over all positions of 2 × 3.
    #[test]
    fn every_position_of_the_5_puzzle() {
        let goal = vec![1u8, 2, 3, 4, 5, 0];
        let mut least = std::collections::BTreeMap::from([(goal.clone(), 0usize)]);
        let mut layer = vec![goal.clone()];
        while let Some(now) = layer.pop() {
            let gap = now.iter().position(|&t| t == 0).expect("a gap");
            for to in 0..6usize {
                if (gap % 3).abs_diff(to % 3) + (gap / 3).abs_diff(to / 3) == 1 {
                    let mut next = now.clone();
                    next.swap(gap, to);
                    let n = least[&now] + 1;
                    if least.get(&next).is_none_or(|&known| n < known) {
                        least.insert(next.clone(), n);
                        layer.insert(0, next);
                    }
                }
            }
        }
        assert_eq!(least.len(), 360);
        for (tiles, n) in least.iter().step_by(3) {
            assert_eq!(moves(3, tiles, &goal), *n, "{tiles:?}");
        }
        let swapped = [2u8, 1, 3, 4, 5, 0];
        assert_eq!(solve(3, &swapped, &goal, 1_000_000), Ok(None));
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(solve(3, &[0, 1, 1], &[0, 1, 2], 9).is_err());
        assert!(solve(2, &[0, 1, 2], &[0, 1, 2], 9).is_err());
        assert!(solve(0, &[], &[], 9).is_err());
        assert_eq!(solve(3, &[1, 0, 2], &[0, 1, 2], 99), Ok(Some(vec![1])));
        assert_eq!(solve(3, &[2, 0, 1], &[0, 1, 2], 99), Ok(None));
        let goal: Vec<u8> = (0..16).collect();
        assert!(solve(4, &[14, 13, 15, 7, 11, 12, 9, 5, 6, 0, 2, 1, 4, 8, 10, 3], &goal, 1000).is_err());
    }
}
