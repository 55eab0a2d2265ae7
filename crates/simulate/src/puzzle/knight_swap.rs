//! Knight swap: white and black knights on a small board of any outline change places, each side in turn (reasoning-gym's
//! `knight_swap`, 2025; Guarini's problem, 1512).

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use chronotope_world::Picture;

use super::board::{self, Board, Cell};
use super::maze::Look;
use super::{Failures, Puzzle, Solution};
use crate::canvas::{Canvas, Color, Film, FilmSettings, Sprite, Stage, palette};
use crate::error::range;
use crate::{Error, Stream};

/// Most squares of a board.
const MOST_SQUARES: u16 = 16;
/// Most positions that the solver looks at.
const MOST_STATES: usize = 300_000;

/// A board. As text: `w` and `b` are knights, `.` an empty square, a space no square; the last line names who begins, `w` or `b`.
/// Solved when white stands where black stood and black where white stood.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KnightSwap {
    /// Squares.
    pub board: Board,
    /// White knights, row by row.
    pub white: Vec<Cell>,
    /// Black knights, row by row; as many.
    pub black: Vec<Cell>,
    /// Whether white moves first.
    pub white_begins: bool,
}

/// A jump of a knight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Jump {
    /// Square that it leaves.
    pub from: Cell,
    /// Square that it comes to.
    pub to: Cell,
}

/// What a board may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnightSwapSettings {
    /// Squares; 6 to 16, all joined by knights' jumps.
    pub squares: u16,
    /// Columns and rows of the rectangle that they lie in; 3 to 6.
    pub side: u16,
    /// Knights of each colour; 1 to 3.
    pub knights: u16,
    /// Fewest jumps that solve it; 1 to 60.
    pub min_moves: u32,
    /// Most jumps that solve it; `min_moves` or more.
    pub max_moves: u32,
}

impl Default for KnightSwapSettings {
    fn default() -> KnightSwapSettings {
        KnightSwapSettings { squares: 9, side: 4, knights: 2, min_moves: 4, max_moves: 30 }
    }
}

impl KnightSwapSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("side", self.side, 3..=6)?;
        range("squares", self.squares, 6..=MOST_SQUARES.min(self.side * self.side))?;
        range("knights", self.knights, 1..=3)?;
        range("min_moves", self.min_moves, 1..=60)?;
        range("max_moves", self.max_moves, self.min_moves..=u32::MAX)
    }
}

impl KnightSwap {
    /// Makes a jump of the side that is to move; false (and nothing changes) where it may not.
    pub fn apply(&mut self, Jump { from, to }: Jump) -> bool {
        let taken = self.white.contains(&to) || self.black.contains(&to);
        let side = if self.white_begins { &mut self.white } else { &mut self.black };
        let Some(knight) = side.iter().position(|&place| place == from) else { return false };
        if taken || !self.board.free(to) || !is_jump(from, to) {
            return false;
        }
        side[knight] = to;
        self.white_begins = !self.white_begins;
        true
    }

    fn squares(&self) -> Vec<Cell> {
        self.board.cells().filter(|&cell| self.board.free(cell)).collect()
    }

    fn ground(&self, look: Look) -> Canvas {
        let mut canvas = look.sheet(palette::PAPER);
        let c = look.cell;
        for &cell in &self.squares() {
            let [x, y] = look.center(cell);
            let color = if (cell.0 + cell.1) % 2 == 0 {
                palette::YELLOW.lighter(190)
            } else {
                palette::BROWN.lighter(80)
            };
            canvas.rect(x - c / 2.0, y - c / 2.0, c, c, color);
            canvas.round_frame(
                x - c / 2.0,
                y - c / 2.0,
                c,
                c,
                0.0,
                (c * 0.02).max(1.0),
                palette::BROWN.darker(60),
            );
            let (color, size) = (palette::BROWN.darker(60), c * 0.17);
            let name = name_of(cell);
            canvas.text_from(x - c * 0.44, y - c * 0.38, size, &name, color);
        }
        canvas
    }
}

/// A square's name: column letter, then row from 1 at the top.
fn name_of((x, y): Cell) -> String {
    format!("{}{}", char::from(b'A' + x as u8), y + 1)
}

fn is_jump(from: Cell, to: Cell) -> bool {
    let (dx, dy) = (from.0.abs_diff(to.0), from.1.abs_diff(to.1));
    (dx, dy) == (1, 2) || (dx, dy) == (2, 1)
}

fn knight_onto(canvas: &mut Canvas, x: f32, y: f32, cell: f32, white: bool) {
    let (fill, line): (Color, Color) =
        if white { (palette::WHITE, palette::INK) } else { (palette::INK, palette::INK.darker(120)) };
    // a horse's head, looking left, in tenths of the cell
    let outline: [[f32; 2]; 15] = [
        [-2.0, 3.2],
        [-1.9, 2.2],
        [-0.6, 0.9],
        [-0.5, 0.1],
        [-1.6, 0.5],
        [-2.3, 0.9],
        [-2.8, 0.2],
        [-1.9, -1.4],
        [-1.3, -2.4],
        [-0.9, -3.4],
        [-0.2, -2.6],
        [1.3, -1.9],
        [2.2, -0.2],
        [2.2, 1.8],
        [2.1, 3.2],
    ];
    let corners = outline.map(|[px, py]| [x + px * cell / 10.0, y + (py + 0.4) * cell / 10.0]);
    canvas.polygon_frame(&corners, cell * 0.07, line);
    canvas.polygon(&corners, fill);
    canvas.disc(
        x - cell * 0.09,
        y - cell * 0.12,
        cell * 0.03,
        if white { palette::INK } else { palette::WHITE },
    );
    canvas.line(&[[x - cell * 0.2, y + cell * 0.36], [x + cell * 0.21, y + cell * 0.36]], cell * 0.07, line);
}

fn knight_sprite(cell: f32, white: bool) -> Sprite {
    let side = cell.max(2.0);
    let mut canvas = Canvas::clear(side as u32, side as u32);
    knight_onto(&mut canvas, side / 2.0, side / 2.0, cell, white);
    canvas.into_sprite()
}

impl Puzzle for KnightSwap {
    const NAME: &'static str = "knight-swap";
    type Settings = KnightSwapSettings;
    type Answer = Vec<Jump>;

    fn generate(stream: &mut Stream, settings: &KnightSwapSettings) -> Result<KnightSwap, Error> {
        const ATTEMPTS: u32 = 2_000;
        settings.check()?;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            let Some(board) = grow(stream, settings) else {
                failures.count("squares");
                continue;
            };
            let squares: Vec<Cell> = board.cells().filter(|&cell| board.free(cell)).collect();
            let mut chosen = stream.sample(squares.len(), 2 * usize::from(settings.knights));
            let rest = chosen.split_off(usize::from(settings.knights));
            let places = |mut chosen: Vec<usize>| {
                chosen.sort_unstable();
                chosen.into_iter().map(|at| squares[at]).collect()
            };
            let (white, black) = (places(chosen), places(rest));
            let swap = KnightSwap { board, white, black, white_begins: stream.chance(0.5) };
            match Search::new(&swap).map(|search| search.run(settings.max_moves)) {
                Some(Some((answer, _))) if answer.len() as u32 >= settings.min_moves => return Ok(swap),
                Some(Some(_)) => failures.count("min_moves"),
                _ => failures.count("no solution within max_moves"),
            }
        }
        Err(failures.error("knight swap"))
    }

    fn solve(&self) -> Option<Solution<Vec<Jump>>> {
        let squares = self.squares();
        let (answer, unique) = Search::new(self)?.run(u32::MAX)?;
        let answer: Option<Vec<Jump>> = answer
            .into_iter()
            .map(|(from, to)| {
                Some(Jump { from: *squares.get(usize::from(from))?, to: *squares.get(usize::from(to))? })
            })
            .collect();
        let answer = answer?;
        let cost = answer.len() as u32;
        Some(Solution { answer, unique, cost })
    }

    fn accepts(&self, answer: &Vec<Jump>) -> bool {
        let mut on: std::collections::BTreeMap<Cell, char> = std::collections::BTreeMap::new();
        on.extend(
            self.white.iter().map(|&cell| (cell, 'w')).chain(self.black.iter().map(|&cell| (cell, 'b'))),
        );
        let begins = if self.white_begins { ['w', 'b'] } else { ['b', 'w'] };
        for (jump, turn) in answer.iter().zip(begins.into_iter().cycle()) {
            let dx = i32::from(jump.to.0) - i32::from(jump.from.0);
            let dy = i32::from(jump.to.1) - i32::from(jump.from.1);
            // the only pairs of whole numbers with this sum of squares
            if dx * dx + dy * dy != 5 || !self.board.free(jump.to) || on.contains_key(&jump.to) {
                return false;
            }
            if on.remove(&jump.from) != Some(turn) {
                return false;
            }
            on.insert(jump.to, turn);
        }
        self.white.iter().all(|cell| on.get(cell) == Some(&'b'))
            && self.black.iter().all(|cell| on.get(cell) == Some(&'w'))
    }

    fn draw(&self, side_px: u32) -> Picture {
        let look = Look::new(&self.board, side_px);
        let mut canvas = self.ground(look);
        for (cells, white) in [(&self.white, true), (&self.black, false)] {
            for &cell in cells {
                let [x, y] = look.center(cell);
                knight_onto(&mut canvas, x, y, look.cell, white);
            }
        }
        canvas.into_picture()
    }

    fn film(&self, answer: &Vec<Jump>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let look = Look::new(&self.board, settings.side_px);
        let mut stage = Stage::new(self.ground(look).into_picture(), settings.fps);
        let mut actors = Vec::new();
        for (cells, white) in [(&self.white, true), (&self.black, false)] {
            let sprite = stage.sprite(knight_sprite(look.cell, white));
            for (&cell, number) in cells.iter().zip(1..) {
                let name = format!("{} {number}", if white { "white" } else { "black" });
                actors.push((cell, stage.enter(&name, sprite, look.center(cell))));
            }
        }
        stage.hold(settings.hold_pictures().max(1));
        let mut state = self.clone();
        for &jump in answer {
            if !state.apply(jump) {
                break;
            }
            if let Some((cell, actor)) = actors.iter_mut().find(|(cell, _)| *cell == jump.from) {
                *cell = jump.to;
                stage.glide(&[(*actor, look.center(jump.to))], settings.pictures_per_step());
            }
        }
        stage.hold(settings.hold_pictures());
        Ok(stage.finish())
    }
}

/// A board that grows from one square by knights' jumps; its rectangle is cut to what it covers.
fn grow(stream: &mut Stream, settings: &KnightSwapSettings) -> Option<Board> {
    let side = settings.side;
    let all: Vec<Cell> = (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).collect();
    let mut squares = vec![*stream.choose(&all)?];
    while squares.len() < usize::from(settings.squares) {
        let open: Vec<Cell> = all
            .iter()
            .copied()
            .filter(|cell| !squares.contains(cell) && squares.iter().any(|&known| is_jump(known, *cell)))
            .collect();
        squares.push(*stream.choose(&open)?);
    }
    let (x0, y0) = (squares.iter().map(|cell| cell.0).min()?, squares.iter().map(|cell| cell.1).min()?);
    let (x1, y1) = (squares.iter().map(|cell| cell.0).max()?, squares.iter().map(|cell| cell.1).max()?);
    let mut board = Board::blocked(x1 - x0 + 1, y1 - y0 + 1);
    for (x, y) in squares {
        board.set((x - x0, y - y0), true);
    }
    Some(board)
}

/// A search over white squares, black squares (a bit each) and turn.
struct Search {
    reach: Vec<u16>,
    white: u16,
    black: u16,
    white_begins: bool,
}

type Found = (Vec<(u8, u8)>, bool);

impl Search {
    fn new(swap: &KnightSwap) -> Option<Search> {
        let squares = swap.squares();
        if squares.len() > usize::from(MOST_SQUARES) {
            return None;
        }
        let bits = |cells: &[Cell]| {
            cells.iter().try_fold(0u16, |sum, cell| {
                Some(sum | 1 << squares.iter().position(|square| square == cell)?)
            })
        };
        let reach = squares
            .iter()
            .map(|&from| {
                squares.iter().enumerate().fold(0, |sum, (at, &to)| sum | u16::from(is_jump(from, to)) << at)
            })
            .collect();
        Some(Search {
            reach,
            white: bits(&swap.white)?,
            black: bits(&swap.black)?,
            white_begins: swap.white_begins,
        })
    }

    fn run(&self, most: u32) -> Option<Found> {
        // white, black, turn as one number; the node before, the number of best ways, the jump
        struct Node {
            state: u64,
            before: u32,
            ways: u32,
            jump: (u8, u8),
        }
        let code = |white: u16, black: u16, turn: bool| {
            u64::from(white) | u64::from(black) << 16 | u64::from(turn) << 32
        };
        let first = code(self.white, self.black, self.white_begins);
        let swapped = code(self.black, self.white, false) & 0xffff_ffff;
        let mut nodes = vec![Node { state: first, before: u32::MAX, ways: 1, jump: (0, 0) }];
        let mut known = HashMap::from([(first, 0usize)]);
        let (mut level, mut depth) = (0..1, 0);
        while !level.is_empty() && depth < most && nodes.len() < MOST_STATES {
            let begin = nodes.len();
            for at in level {
                let (state, ways) = (nodes[at].state, nodes[at].ways);
                let (white, black, turn) = (state as u16, (state >> 16) as u16, state >> 32 == 1);
                let mut own = if turn { white } else { black };
                while own != 0 {
                    let from = own.trailing_zeros() as u8;
                    own &= own - 1;
                    let mut open = self.reach[usize::from(from)] & !(white | black);
                    while open != 0 {
                        let to = open.trailing_zeros() as u8;
                        open &= open - 1;
                        let flip = 1u16 << from | 1 << to;
                        let next = if turn {
                            code(white ^ flip, black, false)
                        } else {
                            code(white, black ^ flip, true)
                        };
                        match known.entry(next) {
                            std::collections::hash_map::Entry::Vacant(entry) => {
                                entry.insert(nodes.len());
                                nodes.push(Node { state: next, before: at as u32, ways, jump: (from, to) });
                            }
                            std::collections::hash_map::Entry::Occupied(entry) if *entry.get() >= begin => {
                                let other = &mut nodes[*entry.get()];
                                other.ways = other.ways.saturating_add(ways).min(1 << 16);
                            }
                            std::collections::hash_map::Entry::Occupied(_) => {}
                        }
                    }
                }
            }
            level = begin..nodes.len();
            depth += 1;
            let mut home = level.clone().filter(|&at| nodes[at].state & 0xffff_ffff == swapped);
            if let Some(first) = home.next() {
                let unique = nodes[first].ways == 1 && home.next().is_none();
                let (mut answer, mut at) = (Vec::new(), first as u32);
                while let Some(node) = nodes.get(at as usize).filter(|node| node.before != u32::MAX) {
                    answer.push(node.jump);
                    at = node.before;
                }
                answer.reverse();
                return Some((answer, unique));
            }
        }
        None
    }
}

impl fmt::Display for Jump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}>{}", name_of(self.from), name_of(self.to))
    }
}

impl FromStr for Jump {
    type Err = Error;
    fn from_str(text: &str) -> Result<Jump, Error> {
        let square = |word: &str| -> Option<Cell> {
            let mut chars = word.trim().chars();
            let column = chars.next().map(|c| c.to_ascii_uppercase()).filter(char::is_ascii_uppercase)?;
            let row: u16 = chars.as_str().parse().ok().filter(|row| (1..=255).contains(row))?;
            Some((u16::from(column as u8 - b'A'), row - 1))
        };
        text.split_once('>')
            .and_then(|(from, to)| Some(Jump { from: square(from)?, to: square(to)? }))
            .ok_or_else(|| Error::Text {
                kind: "jump",
                line: 1,
                expected: "two squares, as in A1>B3".to_owned(),
                found: format!("{text:?}"),
            })
    }
}

impl fmt::Display for KnightSwap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for y in 0..self.board.height() {
            let row: String = (0..self.board.width())
                .map(|x| match (x, y) {
                    cell if self.white.contains(&cell) => 'w',
                    cell if self.black.contains(&cell) => 'b',
                    cell if self.board.free(cell) => '.',
                    _ => ' ',
                })
                .collect();
            writeln!(f, "{row}")?;
        }
        writeln!(f, "{}", if self.white_begins { 'w' } else { 'b' })
    }
}

impl FromStr for KnightSwap {
    type Err = Error;
    fn from_str(text: &str) -> Result<KnightSwap, Error> {
        let text = text.trim_matches('\n');
        let wrong = |expected: &str, found: String| Error::Text {
            kind: KnightSwap::NAME,
            line: text.lines().count(),
            expected: expected.to_owned(),
            found,
        };
        let (rows, begins) = text.rsplit_once('\n').unwrap_or(("", text));
        let white_begins = match begins {
            "w" => true,
            "b" => false,
            other => return Err(wrong("who begins, w or b", format!("{other:?}"))),
        };
        let (mut white, mut black) = (Vec::new(), Vec::new());
        let board = board::read_rows(
            KnightSwap::NAME,
            rows,
            |c, cell| {
                match c {
                    'w' => white.push(cell),
                    'b' => black.push(cell),
                    '.' => {}
                    ' ' => return Some(false),
                    _ => return None,
                }
                Some(true)
            },
            "w b . or a space",
        )?;
        if white.is_empty() || white.len() != black.len() {
            return Err(wrong(
                "as many white as black knights",
                format!("{} and {}", white.len(), black.len()),
            ));
        }
        Ok(KnightSwap { board, white, black, white_begins })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (squares, side, knights) in [(9, 4, 2), (12, 4, 3), (8, 3, 1)] {
            trial::holds::<KnightSwap>(
                &KnightSwapSettings { squares, side, knights, ..Default::default() },
                20,
            );
        }
    }

    #[test]
    fn guarinis_problem_takes_sixteen_jumps() {
        let swap: KnightSwap = "w.w\n...\nb.b\nw\n".parse().unwrap();
        let solution = swap.solve().unwrap();
        assert_eq!(solution.cost, 16);
        let mut wrong = solution.answer.clone();
        wrong.swap(0, 1);
        let mut short = solution.answer.clone();
        short.pop();
        let far = vec![Jump { from: (0, 0), to: (9, 9) }];
        trial::refuses(&swap, &[wrong, short, far, Vec::new()]);
        assert_eq!(solution.answer[0].to_string().parse::<Jump>(), Ok(solution.answer[0]));
    }
}
