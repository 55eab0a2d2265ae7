//! Sliding tiles: an n × n frame with numbered tiles and one gap (VideoReasonBench's `number`, Liu et al., 2025; VBVR).

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::str::FromStr;

use chronotope_world::Picture;

use super::board::Cell;
use super::maze::Look;
use super::step::Step;
use super::{Failures, Puzzle, Solution};
use crate::canvas::{Canvas, Film, FilmSettings, Sprite, Stage, palette};
use crate::error::range;
use crate::{Error, Stream};

/// Most positions that the search for a best answer opens.
const MOST_NODES: u64 = 20_000_000;

/// Tiles 1 to n² − 1 and a gap; solved where they stand in order with the gap last. As text: rows of numbers, `_` the gap.
///
/// A step names where a **tile** goes: `up` moves the tile below the gap upwards.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sliding {
    side: u8,
    /// Row by row; 0 is the gap.
    tiles: Vec<u8>,
}

/// What a board may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlidingSettings {
    /// Rows and columns; 2 to 4.
    pub side: u8,
    /// Fewest moves that solve it, as far as the walk from the solved board went; 1 to 25.
    pub moves: u32,
}

impl Default for SlidingSettings {
    fn default() -> SlidingSettings {
        SlidingSettings { side: 3, moves: 10 }
    }
}

impl SlidingSettings {
    /// Whether the settings are within their ranges; a 2 × 2 board is never more than 6 moves from solved.
    pub fn check(&self) -> Result<(), Error> {
        range("side", self.side, 2..=4)?;
        range("moves", self.moves, 1..=if self.side == 2 { 6 } else { 25 })
    }
}

impl Sliding {
    /// From tiles row by row, 0 the gap.
    ///
    /// # Errors
    /// Not 4, 9 or 16 numbers, or not each from 0 on once.
    pub fn from_tiles(tiles: Vec<u8>) -> Result<Sliding, Error> {
        let side = match tiles.len() {
            4 => 2,
            9 => 3,
            16 => 4,
            _ => 0,
        };
        let mut sorted = tiles.clone();
        sorted.sort_unstable();
        if side == 0 || !sorted.iter().zip(0..).all(|(&tile, at)| tile == at) {
            return Err(Error::Text {
                kind: Sliding::NAME,
                line: 1,
                expected: "2 to 4 rows of as many tiles, each number once and one gap".to_owned(),
                found: format!("{tiles:?}"),
            });
        }
        Ok(Sliding { side, tiles })
    }

    /// Rows and columns.
    pub fn side(&self) -> u8 {
        self.side
    }

    /// Tiles row by row, 0 the gap.
    pub fn tiles(&self) -> &[u8] {
        &self.tiles
    }

    /// Slides a tile into the gap; false (and nothing changes) where none stands on that side.
    pub fn apply(&mut self, step: Step) -> bool {
        let Some(gap) = self.tiles.iter().position(|&tile| tile == 0) else { return false };
        match neighbour(usize::from(self.side), gap, step.back()) {
            Some(tile) => {
                self.tiles.swap(gap, tile);
                true
            }
            None => false,
        }
    }

    /// Whether all tiles are in order.
    pub fn is_solved(&self) -> bool {
        let last = self.tiles.len() - 1;
        self.tiles
            .iter()
            .enumerate()
            .all(|(at, &tile)| usize::from(tile) == if at == last { 0 } else { at + 1 })
    }

    /// Whether it can be solved at all: half of all boards can.
    pub fn is_solvable(&self) -> bool {
        let tiles: Vec<u8> = self.tiles.iter().copied().filter(|&tile| tile != 0).collect();
        let inversions: usize =
            tiles.iter().enumerate().map(|(at, a)| tiles[at + 1..].iter().filter(|b| *b < a).count()).sum();
        let gap = self.tiles.iter().position(|&tile| tile == 0).unwrap_or(0);
        let from_bottom = usize::from(self.side) - 1 - gap / usize::from(self.side);
        if self.side % 2 == 1 {
            inversions.is_multiple_of(2)
        } else {
            (inversions + from_bottom).is_multiple_of(2)
        }
    }

    fn look(&self, side_px: u32) -> Look {
        Look::of(self.side.into(), self.side.into(), side_px)
    }

    fn ground(&self, look: Look) -> Canvas {
        let mut canvas = look.sheet(palette::INK);
        let (w, h, edge) = (canvas.width() as f32, canvas.height() as f32, look.cell * 0.03);
        canvas.round_rect(
            edge,
            edge,
            w - 2.0 * edge,
            h - 2.0 * edge,
            look.cell * 0.1,
            palette::INK.lighter(30),
        );
        canvas
    }
}

fn tile_onto(canvas: &mut Canvas, x: f32, y: f32, cell: f32, text: &str, covered: bool) {
    let side = cell * 0.9;
    let (left, top) = (x - side / 2.0, y - side / 2.0);
    let color = if covered { palette::BLUE } else { palette::YELLOW.lighter(90) };
    canvas.round_rect(left, top, side, side, side * 0.12, color.darker(70));
    canvas.round_rect(left, top, side, side * 0.95, side * 0.12, color);
    if !covered {
        canvas.text(x, y - side * 0.025, cell * 0.46, text, palette::INK);
    }
}

/// A tile alone; covered ones hide their number.
pub(super) fn tile_sprite(cell: f32, text: &str, covered: bool) -> Sprite {
    let side = (cell * 0.92).ceil().max(2.0);
    let mut canvas = Canvas::clear(side as u32, side as u32);
    tile_onto(&mut canvas, side / 2.0, side / 2.0, cell, text, covered);
    canvas.into_sprite()
}

fn neighbour(side: usize, at: usize, step: Step) -> Option<usize> {
    match step {
        Step::Up => at.checked_sub(side),
        Step::Down => Some(at + side).filter(|&to| to < side * side),
        Step::Left => (!at.is_multiple_of(side)).then(|| at - 1),
        Step::Right => (at % side + 1 < side).then(|| at + 1),
    }
}

impl Puzzle for Sliding {
    const NAME: &'static str = "sliding-tiles";
    type Settings = SlidingSettings;
    type Answer = Vec<Step>;

    /// A walk of the wished number of moves from the solved board, never straight back, kept where no shorter way leads home.
    fn generate(stream: &mut Stream, settings: &SlidingSettings) -> Result<Sliding, Error> {
        const ATTEMPTS: u32 = 500;
        settings.check()?;
        let cells = settings.side * settings.side;
        let solved: Vec<u8> = (1..cells).chain([0]).collect();
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            let mut board = Sliding { side: settings.side, tiles: solved.clone() };
            let mut last = None;
            let mut moves = 0;
            // a few more moves than wished: walks meet themselves
            let walk = settings.moves + settings.moves / 3;
            while moves < walk {
                let step = Step::ALL[stream.index(4)];
                if last != Some(step.back()) && board.apply(step) {
                    last = Some(step);
                    moves += 1;
                }
            }
            match board.solve() {
                Some(solution) if solution.cost >= settings.moves => return Ok(board),
                Some(_) => failures.count("moves"),
                None => failures.count("search"),
            }
        }
        Err(failures.error("sliding tiles"))
    }

    fn solve(&self) -> Option<Solution<Vec<Step>>> {
        if !self.is_solvable() {
            return None;
        }
        let (answer, count) = Search::new(self).run()?;
        let cost = answer.len() as u32;
        Some(Solution { answer, unique: count == 1, cost })
    }

    fn accepts(&self, answer: &Vec<Step>) -> bool {
        // on rows and columns of the tiles by number, not on positions
        let side = i32::from(self.side);
        let mut at: BTreeMap<u8, (i32, i32)> = BTreeMap::new();
        for (place, &tile) in (0..).zip(&self.tiles) {
            at.insert(tile, (place % side, place / side));
        }
        for step in answer {
            let (dx, dy) = step.delta();
            let Some(&gap) = at.get(&0) else { return false };
            let from = (gap.0 - dx, gap.1 - dy);
            let Some(tile) = at.iter().find(|(_, place)| **place == from).map(|(&tile, _)| tile) else {
                return false;
            };
            at.insert(tile, gap);
            at.insert(0, from);
        }
        at.iter().all(|(&tile, &(x, y))| tile == 0 || y * side + x + 1 == i32::from(tile))
    }

    /// Boards at least as far from solved as wished; for 2 × 2.
    fn space(settings: &SlidingSettings) -> Option<u64> {
        (settings.side == 2).then(|| boards_by_moves(2).iter().skip(settings.moves as usize).sum())
    }

    fn draw(&self, side_px: u32) -> Picture {
        let look = self.look(side_px);
        let mut canvas = self.ground(look);
        for (place, &tile) in self.tiles.iter().enumerate().filter(|(_, tile)| **tile != 0) {
            let [x, y] = look.center(cell_of(self.side, place));
            tile_onto(&mut canvas, x, y, look.cell, &tile.to_string(), false);
        }
        canvas.into_picture()
    }

    fn film(&self, answer: &Vec<Step>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let look = self.look(settings.side_px);
        let mut stage = Stage::new(self.ground(look).into_picture(), settings.fps);
        let mut actors = vec![None; self.tiles.len()];
        for (place, &tile) in self.tiles.iter().enumerate().filter(|(_, tile)| **tile != 0) {
            let sprite = stage.sprite(tile_sprite(look.cell, &tile.to_string(), false));
            let center = look.center(cell_of(self.side, place));
            actors[usize::from(tile)] = Some(stage.enter(&format!("tile {tile}"), sprite, center));
        }
        stage.hold(settings.hold_pictures().max(1));
        let mut state = self.clone();
        for &step in answer {
            let Some(gap) = state.tiles.iter().position(|&tile| tile == 0) else { break };
            if !state.apply(step) {
                break;
            }
            if let Some(actor) = actors[usize::from(state.tiles[gap])] {
                stage.glide(&[(actor, look.center(cell_of(self.side, gap)))], settings.pictures_per_step());
            }
        }
        stage.hold(settings.hold_pictures());
        Ok(stage.finish())
    }
}

fn cell_of(side: u8, place: usize) -> Cell {
    ((place % usize::from(side)) as u16, (place / usize::from(side)) as u16)
}

/// Deepening search (Korf, 1985) bounded below by the sum of row and column distances; counts the best answers up to two.
struct Search {
    side: usize,
    tiles: Vec<u8>,
    gap: usize,
    nodes: u64,
    path: Vec<Step>,
    first: Option<Vec<Step>>,
    count: u32,
}

impl Search {
    fn new(board: &Sliding) -> Search {
        let gap = board.tiles.iter().position(|&tile| tile == 0).unwrap_or(0);
        Search {
            side: board.side.into(),
            tiles: board.tiles.clone(),
            gap,
            nodes: 0,
            path: Vec::new(),
            first: None,
            count: 0,
        }
    }

    fn off(&self, tile: u8, at: usize) -> u32 {
        let home = usize::from(tile) - 1;
        ((home % self.side).abs_diff(at % self.side) + (home / self.side).abs_diff(at / self.side)) as u32
    }

    fn run(&mut self) -> Option<(Vec<Step>, u32)> {
        let rest: u32 = self
            .tiles
            .iter()
            .enumerate()
            .filter(|(_, t)| **t != 0)
            .map(|(at, &tile)| self.off(tile, at))
            .sum();
        let mut bound = rest;
        while bound <= 80 {
            self.deepen(0, rest, bound, None);
            if let Some(first) = self.first.take() {
                return Some((first, self.count));
            }
            if self.nodes > MOST_NODES {
                return None;
            }
            // every move changes the parity of the gap's place
            bound += 2;
        }
        None
    }

    fn deepen(&mut self, done: u32, rest: u32, bound: u32, last: Option<Step>) {
        if rest == 0 {
            self.count += 1;
            self.first.get_or_insert_with(|| self.path.clone());
            return;
        }
        for step in Step::ALL {
            if last == Some(step.back()) || self.count > 1 || self.nodes > MOST_NODES {
                continue;
            }
            let Some(from) = neighbour(self.side, self.gap, step.back()) else { continue };
            let tile = self.tiles[from];
            let left = rest - self.off(tile, from) + self.off(tile, self.gap);
            if done + 1 + left > bound {
                continue;
            }
            self.nodes += 1;
            let gap = self.gap;
            self.tiles.swap(gap, from);
            self.gap = from;
            self.path.push(step);
            self.deepen(done + 1, left, bound, Some(step));
            self.path.pop();
            self.gap = gap;
            self.tiles.swap(gap, from);
        }
    }
}

/// Boards of this side at each number of moves from solved, by going through them all; for sides 2 and 3.
#[must_use]
pub fn boards_by_moves(side: u8) -> Vec<u64> {
    let cells = side * side;
    let solved = Sliding { side, tiles: (1..cells).chain([0]).collect() };
    let mut known = BTreeMap::from([(solved.tiles.clone(), 0usize)]);
    let mut queue = VecDeque::from([solved]);
    let mut counts = vec![1u64];
    if side > 3 {
        return Vec::new();
    }
    while let Some(board) = queue.pop_front() {
        let moves = known.get(&board.tiles).copied().unwrap_or(0) + 1;
        for step in Step::ALL {
            let mut next = board.clone();
            if next.apply(step) && !known.contains_key(&next.tiles) {
                known.insert(next.tiles.clone(), moves);
                counts.resize(counts.len().max(moves + 1), 0);
                counts[moves] += 1;
                queue.push_back(next);
            }
        }
    }
    counts
}

impl fmt::Display for Sliding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in self.tiles.chunks(self.side.into()) {
            let row: Vec<String> =
                row.iter().map(|&tile| if tile == 0 { "_".to_owned() } else { tile.to_string() }).collect();
            writeln!(f, "{}", row.join(" "))?;
        }
        Ok(())
    }
}

impl FromStr for Sliding {
    type Err = Error;
    fn from_str(text: &str) -> Result<Sliding, Error> {
        let mut tiles = Vec::new();
        for (line, row) in (1..).zip(text.trim().lines()) {
            for word in row.split_whitespace() {
                let tile = if word == "_" { Some(0) } else { word.parse().ok() };
                tiles.push(tile.filter(|_| tiles.len() < 16).ok_or_else(|| Error::Text {
                    kind: Sliding::NAME,
                    line,
                    expected: "numbers and one _".to_owned(),
                    found: format!("{word:?}"),
                })?);
            }
        }
        Sliding::from_tiles(tiles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::{read_steps, trial};

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (side, moves) in [(2, 2), (3, 10), (4, 14)] {
            trial::holds::<Sliding>(&SlidingSettings { side, moves }, if side == 2 { 8 } else { 30 });
        }
    }

    #[test]
    fn a_step_names_where_the_tile_goes() {
        let board: Sliding = "1 2 3\n4 5 6\n7 _ 8\n".parse().unwrap();
        assert_eq!(board.solve(), Some(Solution { answer: vec![Step::Left], unique: true, cost: 1 }));
        trial::refuses(&board, &["right", "left, right", "up", ""].map(|text| read_steps(text).unwrap()));
        assert!(board.accepts(&read_steps("right, left 2").unwrap()));
    }

    #[test]
    fn the_search_agrees_with_going_through_all_boards() {
        // 181,440 boards, the farthest 31 moves from solved: known figures
        let counts = boards_by_moves(3);
        assert_eq!((counts.iter().sum::<u64>(), counts.len(), counts[31]), (181_440, 32, 2));
        let board: Sliding = "8 6 7\n2 5 4\n3 _ 1\n".parse().unwrap();
        assert_eq!(board.solve().map(|solution| solution.cost), Some(31));
        assert_eq!(boards_by_moves(2), [1, 2, 2, 2, 2, 2, 1]);
    }

    #[test]
    fn half_of_all_boards_cannot_be_solved() {
        let board: Sliding = "2 1 3\n4 5 6\n7 8 _\n".parse().unwrap();
        assert!(!board.is_solvable() && board.solve().is_none());
        assert!("1 2\n2 _\n".parse::<Sliding>().is_err() && "1 2 3".parse::<Sliding>().is_err());
    }
}
