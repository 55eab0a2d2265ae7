//! Sokoban: push boxes onto targets, never pull (VR-Bench's sokoban, Yang et al., 2025; reasoning-gym's `sokoban`, 2025).
//!
//! The solver finds the fewest pushes and, among these, the fewest moves: it goes push by push over all states of boxes and player,
//! and leaves out cells from which no target can be reached. Boards have at most 121 inner cells, so that a state is two numbers.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::str::FromStr;

use chronotope_world::Picture;

use super::board::{self, Board, Cell};
use super::maze::{Look, agent_onto, agent_sprite};
use super::step::Step;
use super::{Failures, Puzzle, Solution};
use crate::canvas::{Canvas, Film, FilmSettings, Sprite, Stage, palette};
use crate::error::{range, range_f64};
use crate::{Error, Stream};

/// Most states that the solver looks at.
const MOST_STATES: usize = 400_000;
/// Attempts of the generator.
const ATTEMPTS: u32 = 2_000;

/// A warehouse. As text `#` is a wall, `@` the player, `$` a box, `.` a target, `*` a box and `+` the player on one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sokoban {
    /// Cells without a wall.
    pub board: Board,
    /// Where the player stands.
    pub player: Cell,
    /// Where the boxes stand, row by row.
    pub boxes: Vec<Cell>,
    /// Where boxes shall stand, row by row; as many.
    pub targets: Vec<Cell>,
}

/// What a warehouse may be.
#[derive(Clone, Debug, PartialEq)]
pub struct SokobanSettings {
    /// Columns, outer walls included; 4 to 13.
    pub width: u16,
    /// Rows, outer walls included; 4 to 13.
    pub height: u16,
    /// Boxes and targets; 1 to 4.
    pub boxes: u16,
    /// Share of the inner cells that are walls; 0 to 0.5.
    pub walls: f64,
    /// Fewest pushes that solve it; 1 to 200.
    pub min_pushes: u32,
    /// Most pushes that solve it; `min_pushes` or more.
    pub max_pushes: u32,
}

impl Default for SokobanSettings {
    fn default() -> SokobanSettings {
        SokobanSettings { width: 8, height: 8, boxes: 1, walls: 0.15, min_pushes: 3, max_pushes: 200 }
    }
}

impl SokobanSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("width", self.width, 4..=13)?;
        range("height", self.height, 4..=13)?;
        range("boxes", self.boxes, 1..=4)?;
        range_f64("walls", self.walls, 0.0, 0.5)?;
        range("min_pushes", self.min_pushes, 1..=200)?;
        range("max_pushes", self.max_pushes, self.min_pushes..=u32::MAX)?;
        let inner = (self.width - 2) * (self.height - 2);
        range("boxes", 2 * self.boxes + 1, 1..=inner)
    }
}

impl Sokoban {
    /// Makes a move. True where it can be made, false (and nothing changes) at a wall or a box that cannot be pushed.
    pub fn apply(&mut self, step: Step) -> bool {
        let Some(to) = self.board.beside(self.player, step).filter(|&cell| self.board.free(cell)) else {
            return false;
        };
        if let Some(at) = self.boxes.iter().position(|&place| place == to) {
            let beyond = self.board.beside(to, step).filter(|&cell| self.board.free(cell));
            let Some(beyond) = beyond.filter(|cell| !self.boxes.contains(cell)) else { return false };
            self.boxes[at] = beyond;
        }
        self.player = to;
        true
    }

    /// Whether every box stands on a target.
    pub fn is_solved(&self) -> bool {
        self.boxes.iter().all(|place| self.targets.contains(place))
    }

    /// Pushes among the moves of an answer; none where a move cannot be made.
    pub fn pushes(&self, answer: &[Step]) -> Option<u32> {
        let mut state = self.clone();
        let mut count = 0;
        for &step in answer {
            let before = state.boxes.clone();
            if !state.apply(step) {
                return None;
            }
            count += u32::from(before != state.boxes);
        }
        Some(count)
    }

    fn ground(&self, look: Look) -> Canvas {
        let mut canvas = look.sheet(palette::INK);
        let c = look.cell;
        for cell in self.board.cells().filter(|&cell| self.board.free(cell)) {
            let [x, y] = look.center(cell);
            canvas.rect(x - c / 2.0, y - c / 2.0, c, c, palette::PAPER);
        }
        for cell in self.board.cells() {
            let [x, y] = look.center(cell);
            if self.board.free(cell) {
                if cell.1 > 0 && !self.board.free((cell.0, cell.1 - 1)) {
                    canvas.rect(x - c / 2.0, y - c / 2.0, c, (c * 0.12).floor(), palette::INK.fade(46));
                }
            } else {
                let (side, gap) = (c * 0.88, c * 0.06);
                canvas.round_rect(
                    x - c / 2.0 + gap,
                    y - c / 2.0 + gap,
                    side,
                    side,
                    c * 0.12,
                    palette::INK.lighter(28),
                );
            }
        }
        for &cell in &self.targets {
            let [x, y] = look.center(cell);
            canvas.disc(x, y, c * 0.3, palette::GREEN.lighter(170));
            canvas.ring(x, y, c * 0.3, c * 0.07, palette::GREEN);
            canvas.disc(x, y, c * 0.1, palette::GREEN);
        }
        canvas
    }
}

fn crate_onto(canvas: &mut Canvas, x: f32, y: f32, cell: f32, home: bool) {
    let color = if home { palette::GREEN } else { palette::ORANGE };
    let (side, line) = (cell * 0.8, cell * 0.09);
    let (left, top) = (x - side / 2.0, y - side / 2.0);
    canvas.round_rect(left, top, side, side, side * 0.12, color);
    let inset = side * 0.2;
    canvas.line(
        &[[left + inset, top + inset], [left + side - inset, top + side - inset]],
        line,
        color.darker(70),
    );
    canvas.line(
        &[[left + side - inset, top + inset], [left + inset, top + side - inset]],
        line,
        color.darker(70),
    );
    canvas.round_frame(left, top, side, side, side * 0.12, line, color.darker(70));
}

fn crate_sprite(cell: f32, home: bool) -> Sprite {
    let side = (cell * 0.84).ceil().max(2.0);
    let mut canvas = Canvas::clear(side as u32, side as u32);
    crate_onto(&mut canvas, side / 2.0, side / 2.0, cell, home);
    canvas.into_sprite()
}

impl Puzzle for Sokoban {
    const NAME: &'static str = "sokoban";
    type Settings = SokobanSettings;
    type Answer = Vec<Step>;

    fn generate(stream: &mut Stream, settings: &SokobanSettings) -> Result<Sokoban, Error> {
        settings.check()?;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            match draw_lots(stream, settings) {
                Ok(sokoban) => return Ok(sokoban),
                Err(reason) => failures.count(reason),
            }
        }
        Err(failures.error("sokoban"))
    }

    /// Fewest pushes, then fewest moves; `cost` is the number of moves. None also where more than 400,000 states would be looked at or
    /// the board has more than 128 cells within its walls.
    fn solve(&self) -> Option<Solution<Vec<Step>>> {
        Search::new(self)?.run()
    }

    fn accepts(&self, answer: &Vec<Step>) -> bool {
        // on the drawn characters, not on the solver's bits
        let mut rows: Vec<Vec<char>> = self.to_string().lines().map(|row| row.chars().collect()).collect();
        let find = |rows: &[Vec<char>]| {
            rows.iter()
                .enumerate()
                .find_map(|(y, row)| row.iter().position(|c| matches!(c, '@' | '+')).map(|x| (x, y)))
        };
        let Some((mut x, mut y)) = find(&rows) else { return false };
        for step in answer {
            let (dx, dy) = step.delta();
            let ahead = |n: i32| {
                let (x, y) = (x as i32 + n * dx, y as i32 + n * dy);
                usize::try_from(x).ok().zip(usize::try_from(y).ok())
            };
            let (Some(next), beyond) = (ahead(1), ahead(2)) else { return false };
            let at =
                |rows: &[Vec<char>], (x, y): (usize, usize)| rows.get(y).and_then(|row| row.get(x)).copied();
            match at(&rows, next) {
                Some(' ' | '.') => {}
                Some(c @ ('$' | '*')) => {
                    let Some((bx, by)) = beyond else { return false };
                    let pushed = match at(&rows, (bx, by)) {
                        Some(' ') => '$',
                        Some('.') => '*',
                        _ => return false,
                    };
                    rows[by][bx] = pushed;
                    rows[next.1][next.0] = if c == '*' { '.' } else { ' ' };
                }
                _ => return false,
            }
            rows[y][x] = if rows[y][x] == '+' { '.' } else { ' ' };
            (x, y) = next;
            rows[y][x] = if rows[y][x] == '.' { '+' } else { '@' };
        }
        !rows.iter().flatten().any(|&c| c == '$')
    }

    fn draw(&self, side_px: u32) -> Picture {
        let look = Look::new(&self.board, side_px);
        let mut canvas = self.ground(look);
        for place in &self.boxes {
            let [x, y] = look.center(*place);
            crate_onto(&mut canvas, x, y, look.cell, self.targets.contains(place));
        }
        let [x, y] = look.center(self.player);
        agent_onto(&mut canvas, x, y, look.cell);
        canvas.into_picture()
    }

    fn film(&self, answer: &Vec<Step>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let look = Look::new(&self.board, settings.side_px);
        let mut stage = Stage::new(self.ground(look).into_picture(), settings.fps);
        for &target in &self.targets {
            stage.mark("target", look.goal_box(target));
        }
        let looks =
            [false, true].map(|home| crate_sprite(look.cell, home)).map(|sprite| stage.sprite(sprite));
        let home = |place: &Cell| looks[usize::from(self.targets.contains(place))];
        let mut crates = Vec::new();
        for (place, number) in self.boxes.iter().zip(1..) {
            crates.push(stage.enter(&format!("box {number}"), home(place), look.center(*place)));
        }
        let sprite = stage.sprite(agent_sprite(look.cell));
        let agent = stage.enter("agent", sprite, look.center(self.player));
        stage.hold(settings.hold_pictures().max(1));
        let mut state = self.clone();
        for &step in answer {
            let before = state.boxes.clone();
            if !state.apply(step) {
                break;
            }
            let mut moves = vec![(agent, look.center(state.player))];
            let pushed = before.iter().zip(&state.boxes).position(|(a, b)| a != b);
            if let Some(at) = pushed {
                stage.look(crates[at], looks[0]);
                moves.push((crates[at], look.center(state.boxes[at])));
            }
            stage.glide(&moves, settings.pictures_per_step());
            if let Some(at) = pushed {
                stage.look(crates[at], home(&state.boxes[at]));
            }
        }
        stage.hold(settings.hold_pictures().max(1));
        Ok(stage.finish())
    }
}

/// Walls, targets, boxes and player by lot; refused where it cannot be solved within the bounds.
fn draw_lots(stream: &mut Stream, settings: &SokobanSettings) -> Result<Sokoban, &'static str> {
    let (width, height) = (settings.width, settings.height);
    let mut board = Board::blocked(width, height);
    let walls = (settings.walls * 65536.0).round() as u64;
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            board.set((x, y), stream.below(65536) >= walls);
        }
    }
    let free: Vec<Cell> = board.cells().filter(|&cell| board.free(cell)).collect();
    let seed = *stream.choose(&free).ok_or("walls")?;
    // only the part around one cell is kept, so that all floor can be reached
    let steps = board.distances(seed);
    let mut kept = Vec::new();
    for cell in free {
        if steps[board.index(cell)] == u16::MAX {
            board.set(cell, false);
        } else {
            kept.push(cell);
        }
    }
    let boxes = usize::from(settings.boxes);
    let mut places = stream.sample(kept.len(), 2 * boxes + 1).into_iter().map(|at| kept[at]);
    let mut targets: Vec<Cell> = places.by_ref().take(boxes).collect();
    let mut crates: Vec<Cell> = places.by_ref().take(boxes).collect();
    let player = places.next().ok_or("walls")?;
    targets.sort_by_key(|&(x, y)| (y, x));
    crates.sort_by_key(|&(x, y)| (y, x));
    let sokoban = Sokoban { board, player, boxes: crates, targets };
    let mut search = Search::new(&sokoban).ok_or("size")?;
    if search.boxes & !search.alive != 0 {
        return Err("no way to push a box to a target");
    }
    search.most_pushes = settings.max_pushes;
    let Some(pushes) = search.pushes() else { return Err("no solution within the bounds") };
    if pushes < settings.min_pushes { Err("min_pushes") } else { Ok(sokoban) }
}

/// A search over the cells of the smallest rectangle that holds all floor; bit `row · width + column`.
struct Search {
    width: u32,
    floor: u128,
    left: u128,
    right: u128,
    /// Cells from which a box can be pushed to a target if no other box stands in the way.
    alive: u128,
    boxes: u128,
    targets: u128,
    player: u32,
    most_pushes: u32,
}

/// A state after a push.
struct Node {
    boxes: u128,
    player: u8,
    /// Whether several ways of this many pushes and moves lead here.
    several: bool,
    /// The node before, and the cell that the player pushed from.
    before: u32,
    from: u8,
    step: Step,
    moves: u32,
}

type Known = HashMap<(u128, u8), u32, BuildHasherDefault<Mix>>;

/// A quick hash of states; only looked up, never gone through.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(byte.into());
        }
    }
    fn write_u8(&mut self, n: u8) {
        self.write_u64(n.into());
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(26) ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 29;
    }
    fn write_u128(&mut self, n: u128) {
        self.write_u64(n as u64);
        self.write_u64((n >> 64) as u64);
    }
}

impl Search {
    fn new(puzzle: &Sokoban) -> Option<Search> {
        let free: Vec<Cell> = puzzle.board.cells().filter(|&cell| puzzle.board.free(cell)).collect();
        let x0 = free.iter().map(|cell| cell.0).min()?;
        let y0 = free.iter().map(|cell| cell.1).min()?;
        let width = u32::from(free.iter().map(|cell| cell.0).max()? - x0) + 1;
        let height = u32::from(free.iter().map(|cell| cell.1).max()? - y0) + 1;
        if width * height > 128 {
            return None;
        }
        let bit = |&(x, y): &Cell| u32::from(y - y0) * width + u32::from(x - x0);
        let all = |cells: &[Cell]| cells.iter().fold(0u128, |sum, cell| sum | 1 << bit(cell));
        let inside = puzzle.boxes.iter().chain(&puzzle.targets).chain([&puzzle.player]);
        if !inside.clone().all(|&cell| puzzle.board.free(cell)) || puzzle.boxes.len() != puzzle.targets.len()
        {
            return None;
        }
        let left = (0..height).fold(0u128, |sum, y| sum | 1 << (y * width));
        let mut search = Search {
            width,
            floor: all(&free),
            left,
            right: left << (width - 1),
            alive: 0,
            boxes: all(&puzzle.boxes),
            targets: all(&puzzle.targets),
            player: bit(&puzzle.player),
            most_pushes: u32::MAX,
        };
        search.alive = search.pulled();
        Some(search)
    }

    /// These cells moved by a step, off the board where it ends.
    #[inline]
    fn shift(&self, cells: u128, step: Step) -> u128 {
        self.floor
            & match step {
                Step::Up => cells >> self.width,
                Step::Down => cells << self.width,
                Step::Left => (cells & !self.left) >> 1,
                Step::Right => (cells & !self.right) << 1,
            }
    }

    /// Cells from which a single box can be pushed to some target.
    fn pulled(&self) -> u128 {
        let mut alive = self.targets;
        loop {
            let mut more = alive;
            for step in Step::ALL {
                // a box comes from the cell before, and the player stood one further back
                let from = self.shift(alive, step.back());
                let stood = self.shift(from, step.back());
                more |= self.shift(stood, step) & from;
            }
            if more == alive {
                return alive;
            }
            alive = more;
        }
    }

    /// Fewest pushes, or none within the bounds.
    fn pushes(&self) -> Option<u32> {
        let (nodes, last) = self.levels()?;
        Some(self.way(&nodes, last).len() as u32)
    }

    fn run(&self) -> Option<Solution<Vec<Step>>> {
        let (nodes, last) = self.levels()?;
        let mut unique = !nodes.get(last as usize)?.several;
        let mut answer = Vec::new();
        let (mut boxes, mut player) = (self.boxes, self.player);
        for at in self.way(&nodes, last) {
            let node = nodes.get(at as usize)?;
            unique &= !node.several;
            let free = Board::small(self.width as u16, (128 / self.width) as u16, self.floor & !boxes);
            let cell = |at: u32| ((at % self.width) as u16, (at / self.width) as u16);
            let (walk, only) = free.route(cell(player), cell(node.from.into()))?;
            unique &= only;
            answer.extend(walk);
            answer.push(node.step);
            (boxes, player) = (node.boxes, node.player.into());
        }
        let cost = answer.len() as u32;
        Some(Solution { answer, unique, cost })
    }

    /// Nodes from the first push to the last.
    fn way(&self, nodes: &[Node], last: u32) -> Vec<u32> {
        let mut way = Vec::new();
        let mut at = last;
        while let Some(node) = nodes.get(at as usize).filter(|node| node.before != u32::MAX) {
            way.push(at);
            at = node.before;
        }
        way.reverse();
        way
    }

    /// All states push by push until the boxes are home: the nodes, and the one at the end (`several` where others are as good).
    fn levels(&self) -> Option<(Vec<Node>, u32)> {
        let first = Node {
            boxes: self.boxes,
            player: self.player as u8,
            several: false,
            before: u32::MAX,
            from: 0,
            step: Step::Up,
            moves: 0,
        };
        let mut nodes = vec![first];
        if self.boxes == self.targets {
            return Some((nodes, 0));
        }
        let mut known = Known::default();
        known.insert((self.boxes, self.player as u8), 0);
        let mut level = 0..1;
        let mut pushes = 0;
        while !level.is_empty() && pushes < self.most_pushes {
            let begin = nodes.len();
            for at in level.clone() {
                self.push_from(&mut nodes, &mut known, at, begin);
            }
            pushes += 1;
            level = begin..nodes.len();
            let home = level.clone().filter(|&at| nodes[at].boxes == self.targets);
            if let Some(best) = home.clone().min_by_key(|&at| nodes[at].moves) {
                let as_good = home.filter(|&at| nodes[at].moves == nodes[best].moves).count();
                nodes[best].several |= as_good > 1;
                return Some((nodes, best as u32));
            }
            if nodes.len() > MOST_STATES {
                return None;
            }
        }
        None
    }

    /// Adds every push from one state; states of earlier levels need fewer pushes and stay.
    fn push_from(&self, nodes: &mut Vec<Node>, known: &mut Known, at: usize, begin: usize) {
        let (boxes, player, moves) = (nodes[at].boxes, nodes[at].player, nodes[at].moves);
        let open = self.floor & !boxes;
        // where the player must stand for a push of some box by a step
        let stands = Step::ALL.map(|step| {
            let ahead = self.shift(self.shift(boxes, step) & open & self.alive, step.back()) & boxes;
            self.shift(ahead, step.back()) & open
        });
        let wanted = stands[0] | stands[1] | stands[2] | stands[3];
        let (mut wave, mut seen, mut walked) = (1u128 << player, 1u128 << player, 0);
        while wave != 0 {
            if wave & wanted != 0 {
                for (step, stand) in Step::ALL.into_iter().zip(stands) {
                    let mut here = stand & wave;
                    while here != 0 {
                        let from = here & here.wrapping_neg();
                        here ^= from;
                        let pushed = self.shift(from, step);
                        let to = self.shift(pushed, step);
                        let node = Node {
                            boxes: boxes ^ pushed | to,
                            player: pushed.trailing_zeros() as u8,
                            several: false,
                            before: at as u32,
                            from: from.trailing_zeros() as u8,
                            step,
                            moves: moves + walked + 1,
                        };
                        match known.entry((node.boxes, node.player)) {
                            std::collections::hash_map::Entry::Vacant(entry) => {
                                entry.insert(nodes.len() as u32);
                                nodes.push(node);
                            }
                            std::collections::hash_map::Entry::Occupied(entry) => {
                                let other = *entry.get() as usize;
                                if other >= begin {
                                    if node.moves < nodes[other].moves {
                                        nodes[other] = node;
                                    } else if node.moves == nodes[other].moves {
                                        nodes[other].several = true;
                                    }
                                }
                            }
                        }
                    }
                }
            }
            let spread =
                Step::ALL.into_iter().fold(0, |sum, step| sum | self.shift(wave, step)) & open & !seen;
            seen |= spread;
            wave = spread;
            walked += 1;
        }
    }
}

impl fmt::Display for Sokoban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for y in 0..self.board.height() {
            let row: String = (0..self.board.width())
                .map(|x| {
                    let cell = (x, y);
                    match (self.boxes.contains(&cell), cell == self.player, self.targets.contains(&cell)) {
                        (true, _, true) => '*',
                        (true, _, false) => '$',
                        (_, true, true) => '+',
                        (_, true, false) => '@',
                        (_, _, true) => '.',
                        _ if self.board.free(cell) => ' ',
                        _ => '#',
                    }
                })
                .collect();
            writeln!(f, "{row}")?;
        }
        Ok(())
    }
}

impl FromStr for Sokoban {
    type Err = Error;
    fn from_str(text: &str) -> Result<Sokoban, Error> {
        let (mut players, mut boxes, mut targets) = (Vec::new(), Vec::new(), Vec::new());
        let board = board::read_rows(
            Sokoban::NAME,
            text,
            |c, cell| {
                if matches!(c, '@' | '+') {
                    players.push(cell);
                }
                if matches!(c, '$' | '*') {
                    boxes.push(cell);
                }
                if matches!(c, '.' | '*' | '+') {
                    targets.push(cell);
                }
                match c {
                    '#' => Some(false),
                    ' ' | '.' | '@' | '+' | '$' | '*' => Some(true),
                    _ => None,
                }
            },
            "# @ + $ * . or a space",
        )?;
        let found = format!("{} players, {} boxes, {} targets", players.len(), boxes.len(), targets.len());
        match players[..] {
            [player] if boxes.len() == targets.len() && !boxes.is_empty() => {
                Ok(Sokoban { board, player, boxes, targets })
            }
            _ => Err(Error::Text {
                kind: Sokoban::NAME,
                line: 1,
                expected: "one player, boxes and as many targets".to_owned(),
                found,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::{read_steps, trial};

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (side, boxes) in [(5, 1), (8, 1), (12, 1), (8, 2), (7, 3)] {
            // an inner board of 3 × 3 has no room for more than a push or two
            let min_pushes = if side == 5 { 1 } else { 3 };
            let settings =
                SokobanSettings { width: side, height: side, boxes, min_pushes, ..Default::default() };
            trial::holds::<Sokoban>(&settings, 30);
        }
    }

    #[test]
    fn pushes_come_before_moves() {
        let puzzle: Sokoban = "######\n#    #\n#@$ .#\n#    #\n######\n".parse().unwrap();
        let solution = puzzle.solve().unwrap();
        assert_eq!(
            (crate::puzzle::write_steps(&solution.answer), solution.unique),
            ("right 2".to_owned(), true)
        );
        assert_eq!(puzzle.pushes(&solution.answer), Some(2));
    }

    #[test]
    fn boxes_are_never_pulled_nor_pushed_in_pairs() {
        let puzzle: Sokoban = "######\n#@$$.#\n#   .#\n######\n".parse().unwrap();
        let wrong = ["right", "right 2", "down, right 2, up"].map(|text| read_steps(text).unwrap());
        trial::refuses(&puzzle, &wrong);
        let mut state = puzzle.clone();
        assert!(
            !state.apply(Step::Right)
                && !state.apply(Step::Up)
                && state.apply(Step::Down)
                && state == Sokoban { player: (1, 2), ..puzzle }
        );
    }

    /// Every move sequence, breadth first over whole states: the fewest moves bound what the solver says.
    #[test]
    fn pushes_are_as_few_as_an_exhaustive_search_finds() {
        let settings = SokobanSettings { width: 6, height: 6, boxes: 2, min_pushes: 2, ..Default::default() };
        for index in 0..20 {
            let puzzle =
                Sokoban::generate(&mut Stream::of_item("sokoban", "brute", 1, index), &settings).unwrap();
            let solution = puzzle.solve().unwrap();
            // cheapest first by (pushes, moves)
            let mut best = std::collections::BTreeSet::new();
            let mut queue = std::collections::BTreeSet::new();
            let key = |state: &Sokoban| {
                let mut boxes = state.boxes.clone();
                boxes.sort_unstable();
                (boxes, state.player)
            };
            queue.insert((0u32, 0u32, key(&puzzle)));
            let found = loop {
                let (pushes, moves, (boxes, player)) = queue.pop_first().expect("a solution");
                if !best.insert((boxes.clone(), player)) {
                    continue;
                }
                let state = Sokoban { player, boxes, ..puzzle.clone() };
                if state.is_solved() {
                    break (pushes, moves);
                }
                for step in Step::ALL {
                    let mut next = state.clone();
                    if next.apply(step) {
                        let pushed = u32::from(next.boxes != state.boxes);
                        queue.insert((pushes + pushed, moves + 1, key(&next)));
                    }
                }
            };
            assert_eq!((puzzle.pushes(&solution.answer).unwrap(), solution.cost), found, "\n{puzzle}");
        }
    }

    #[test]
    fn impossible_knobs_are_refused() {
        let settings = SokobanSettings { width: 4, height: 4, boxes: 2, ..Default::default() };
        assert!(
            Sokoban::generate(&mut Stream::named(&["x"]), &settings)
                .unwrap_err()
                .to_string()
                .starts_with("boxes")
        );
        let settings = SokobanSettings { width: 4, height: 4, min_pushes: 50, ..Default::default() };
        assert!(matches!(
            Sokoban::generate(&mut Stream::named(&["x"]), &settings),
            Err(Error::Exhausted { attempts: ATTEMPTS, .. })
        ));
    }
}
