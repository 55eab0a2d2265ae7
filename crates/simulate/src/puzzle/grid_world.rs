//! A world of cells that an agent turns and walks in, with keys, doors and things to carry; stepped and drawn as MiniGrid
//! (Chevalier-Boisvert et al., 2023): seven actions, a view of 7 × 7 cells ahead, pictures of tiles.
//!
//! Tiles are drawn once and copied; only tiles that changed since the last picture are copied again.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::str::FromStr;

use chronotope_world::{Picture, Time};

use super::board::Cell;
use super::{Failures, Puzzle, Solution};
use crate::canvas::{Canvas, Color, Film, FilmSettings, Stage, palette};
use crate::error::range;
use crate::{Error, Stream};

/// Most positions that the solver looks at.
const MOST_STATES: usize = 200_000;

/// What is in a cell. Colours are numbers into [`palette::NAMED`], 0 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// Nothing.
    Floor,
    /// A wall.
    Wall,
    /// Where the agent shall come.
    Goal,
    /// Ends the walk.
    Lava,
    /// A door: colour, and whether it is open, closed or locked (0, 1, 2).
    Door(u8, u8),
    /// A key for doors of its colour.
    Key(u8),
    /// A ball.
    Ball(u8),
    /// A box.
    Crate(u8),
}

/// What the agent can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Turns left on the spot.
    TurnLeft,
    /// Turns right on the spot.
    TurnRight,
    /// One cell ahead, where nothing stands.
    Forward,
    /// Takes what lies ahead, with empty hands.
    PickUp,
    /// Lays what it holds onto the floor ahead.
    Drop,
    /// Opens or closes the door ahead; a locked one with its key in hand.
    Toggle,
    /// Says that it is done.
    Done,
}

impl Action {
    /// All, in the order of MiniGrid's numbers.
    pub const ALL: [Action; 7] = [
        Action::TurnLeft,
        Action::TurnRight,
        Action::Forward,
        Action::PickUp,
        Action::Drop,
        Action::Toggle,
        Action::Done,
    ];

    fn name(self) -> &'static str {
        ["turn left", "turn right", "forward", "pick up", "drop", "toggle", "done"][self as usize]
    }
}

/// How a walk stands after an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It goes on.
    Going,
    /// The agent stands on the goal.
    Reached,
    /// The agent stepped into lava.
    Failed,
}

/// A world with its agent. As text: `#` wall, `.` floor, `G` goal, `~` lava, `>v<^` the agent on floor; two characters for a thing with
/// a colour (`D` open, `C` closed, `L` locked door, `K` key, `B` ball, `X` box, then the colour's number), all others written twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridWorld {
    width: u8,
    height: u8,
    cells: Vec<Content>,
    at: (u8, u8),
    /// 0 right, 1 down, 2 left, 3 up.
    facing: u8,
    carried: Option<Content>,
}

/// Which world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// An empty room.
    Empty,
    /// Two rooms, a locked door between them and its key on the agent's side.
    DoorKey,
    /// Four rooms with gaps in the walls between them.
    FourRooms,
    /// A row of lava with one gap.
    LavaGap,
}

/// What a world may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridWorldSettings {
    /// Which world.
    pub layout: Layout,
    /// Columns and rows, outer walls included; 5 to 32 (7 at least for four rooms).
    pub size: u8,
    /// Balls and boxes that stand about; 0 to 8, as many as find room.
    pub things: u8,
}

impl Default for GridWorldSettings {
    fn default() -> GridWorldSettings {
        GridWorldSettings { layout: Layout::DoorKey, size: 8, things: 0 }
    }
}

impl GridWorldSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("size", self.size, if self.layout == Layout::FourRooms { 7 } else { 5 }..=32)?;
        range("things", self.things, 0..=8)
    }
}

impl GridWorld {
    /// Columns and rows.
    pub fn size(&self) -> (u8, u8) {
        (self.width, self.height)
    }

    /// What is in a cell; a wall outside.
    #[inline]
    pub fn content(&self, (x, y): (i32, i32)) -> Content {
        let inside = (0..i32::from(self.width)).contains(&x) && (0..i32::from(self.height)).contains(&y);
        let at = y * i32::from(self.width) + x;
        if inside { self.cells.get(at as usize).copied().unwrap_or(Content::Wall) } else { Content::Wall }
    }

    /// Where the agent is, and its direction: 0 right, 1 down, 2 left, 3 up.
    pub fn agent(&self) -> (Cell, u8) {
        ((self.at.0.into(), self.at.1.into()), self.facing)
    }

    /// What the agent holds.
    pub fn carried(&self) -> Option<Content> {
        self.carried
    }

    /// Does an action; one that cannot be done changes nothing.
    pub fn step(&mut self, action: Action) -> Outcome {
        match action {
            Action::TurnLeft => self.facing = (self.facing + 3) % 4,
            Action::TurnRight => self.facing = (self.facing + 1) % 4,
            Action::Done => {}
            _ => {
                let (dx, dy) = AHEAD[usize::from(self.facing)];
                let (x, y) = (i32::from(self.at.0) + dx, i32::from(self.at.1) + dy);
                let ahead = self.content((x, y));
                let place = (y * i32::from(self.width) + x) as usize;
                match (action, ahead) {
                    (
                        Action::Forward,
                        Content::Floor | Content::Goal | Content::Lava | Content::Door(_, 0),
                    ) => {
                        self.at = (x as u8, y as u8);
                        return match ahead {
                            Content::Goal => Outcome::Reached,
                            Content::Lava => Outcome::Failed,
                            _ => Outcome::Going,
                        };
                    }
                    (Action::PickUp, Content::Key(_) | Content::Ball(_) | Content::Crate(_))
                        if self.carried.is_none() =>
                    {
                        self.carried = Some(ahead);
                        self.cells[place] = Content::Floor;
                    }
                    (Action::Drop, Content::Floor) => {
                        if let Some(thing) = self.carried.take() {
                            self.cells[place] = thing;
                        }
                    }
                    (Action::Toggle, Content::Door(color, state)) => {
                        let open = match state {
                            0 => 1,
                            2 if self.carried != Some(Content::Key(color)) => 2,
                            _ => 0,
                        };
                        self.cells[place] = Content::Door(color, open);
                    }
                    _ => {}
                }
            }
        }
        Outcome::Going
    }

    /// What the agent sees: 7 × 7 cells, itself in the middle of the last row, looking up; none where something hides the cell
    /// (MiniGrid's rule: sight spreads from row to row through what does not block it).
    pub fn view(&self) -> [[Option<Content>; 7]; 7] {
        let (fx, fy) = AHEAD[usize::from(self.facing)];
        // to the right of the agent
        let (rx, ry) = (-fy, fx);
        let (ax, ay) = (i32::from(self.at.0), i32::from(self.at.1));
        let mut cells = [[Content::Wall; 7]; 7];
        for (row, line) in cells.iter_mut().enumerate() {
            for (column, cell) in line.iter_mut().enumerate() {
                let (ahead, side) = (6 - row as i32, column as i32 - 3);
                *cell = self.content((ax + fx * ahead + rx * side, ay + fy * ahead + ry * side));
            }
        }
        let clear = |cell: Content| !matches!(cell, Content::Wall | Content::Door(_, 1 | 2));
        let mut seen = [[false; 7]; 7];
        seen[6][3] = true;
        for row in (0..7).rev() {
            for column in 0..6 {
                if seen[row][column] && clear(cells[row][column]) {
                    seen[row][column + 1] = true;
                    if row > 0 {
                        seen[row - 1][column + 1] = true;
                        seen[row - 1][column] = true;
                    }
                }
            }
            for column in (1..7).rev() {
                if seen[row][column] && clear(cells[row][column]) {
                    seen[row][column - 1] = true;
                    if row > 0 {
                        seen[row - 1][column - 1] = true;
                        seen[row - 1][column] = true;
                    }
                }
            }
        }
        let mut view = [[None; 7]; 7];
        for row in 0..7 {
            for column in 0..7 {
                view[row][column] = seen[row][column].then_some(cells[row][column]);
            }
        }
        view[6][3] = Some(self.carried.unwrap_or(Content::Floor));
        view
    }

    fn set(&mut self, (x, y): (u8, u8), content: Content) {
        let at = usize::from(y) * usize::from(self.width) + usize::from(x);
        if let Some(cell) = self.cells.get_mut(at) {
            *cell = content;
        }
    }

    fn floor(&self, columns: std::ops::Range<u8>) -> Vec<(u8, u8)> {
        let all = (1..self.height - 1).flat_map(|y| columns.clone().map(move |x| (x, y)));
        all.filter(|&(x, y)| self.content((x.into(), y.into())) == Content::Floor && (x, y) != self.at)
            .collect()
    }
}

const AHEAD: [(i32, i32); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

/// Draws worlds tile by tile; keeps its tiles and what it drew last.
#[derive(Clone, Debug)]
pub struct Tiles {
    side: usize,
    /// Tiles as rows of bytes: content, then agent (none or its direction).
    drawn: BTreeMap<(Content, u8), usize>,
    pixels: Vec<Vec<u8>>,
    /// Tile of each cell of the last picture.
    last: Vec<u32>,
    quick: Vec<u32>,
    sheet: Picture,
}

impl Tiles {
    /// Tiles of this side in pixels, 4 to 128.
    pub fn new(side_px: u32) -> Tiles {
        let sheet = Picture { t: Time(0), frame_index: 0, width: 0, height: 0, rgb: Vec::new() };
        Tiles {
            side: side_px.clamp(4, 128) as usize,
            drawn: BTreeMap::new(),
            pixels: Vec::new(),
            last: Vec::new(),
            quick: vec![u32::MAX; 64 * 5],
            sheet,
        }
    }

    /// The world's picture, tile side × columns wide. Lasts until the next call.
    pub fn draw(&mut self, world: &GridWorld) -> &Picture {
        let (columns, rows) = (usize::from(world.width), usize::from(world.height));
        let (width, height) = (columns * self.side, rows * self.side);
        if (self.sheet.width as usize, self.sheet.height as usize) != (width, height) {
            self.sheet = Picture {
                t: Time(0),
                frame_index: 0,
                width: width as u32,
                height: height as u32,
                rgb: vec![0; width * height * 3],
            };
            self.last = vec![u32::MAX; columns * rows];
        }
        let agent = usize::from(world.at.1) * columns + usize::from(world.at.0);
        for (at, &content) in world.cells.iter().enumerate() {
            let facing = if at == agent { world.facing + 1 } else { 0 };
            let tile = self.tile(content, facing);
            if self.last[at] == tile {
                continue;
            }
            self.last[at] = tile;
            let (x, y) = (at % columns * self.side, at / columns * self.side);
            let pixels = &self.pixels[tile as usize];
            for (line, row) in pixels.chunks_exact(self.side * 3).enumerate() {
                let start = ((y + line) * width + x) * 3;
                self.sheet.rgb[start..start + row.len()].copy_from_slice(row);
            }
        }
        &self.sheet
    }

    fn tile(&mut self, content: Content, agent: u8) -> u32 {
        let code = match content {
            Content::Floor => 0,
            Content::Wall => 1,
            Content::Goal => 2,
            Content::Lava => 3,
            Content::Door(color, state) => 4 + usize::from(color % 6) * 3 + usize::from(state % 3),
            Content::Key(color) => 22 + usize::from(color % 6),
            Content::Ball(color) => 28 + usize::from(color % 6),
            Content::Crate(color) => 34 + usize::from(color % 6),
        };
        let quick = code * 5 + usize::from(agent);
        if self.quick[quick] == u32::MAX {
            let mut canvas = Canvas::clear(self.side as u32, self.side as u32);
            tile_onto(&mut canvas, self.side as f32, content);
            if agent > 0 {
                agent_onto(&mut canvas, self.side as f32, agent - 1);
            }
            self.quick[quick] = self.pixels.len() as u32;
            self.drawn.insert((content, agent), self.pixels.len());
            self.pixels.push(canvas.into_picture().rgb);
        }
        self.quick[quick]
    }
}

fn tile_onto(canvas: &mut Canvas, s: f32, content: Content) {
    let paint = |color: u8| palette::NAMED[usize::from(color) % 6].1;
    canvas.rect(0.0, 0.0, s, s, palette::LINE);
    let line = (s * 0.03).max(1.0);
    canvas.rect(line / 2.0, line / 2.0, s - line, s - line, palette::PAPER);
    match content {
        Content::Floor => {}
        Content::Wall => {
            canvas.rect(0.0, 0.0, s, s, palette::INK);
            canvas.rect(0.0, 0.0, s, line, palette::INK.lighter(50));
        }
        Content::Goal => {
            canvas.rect(line / 2.0, line / 2.0, s - line, s - line, palette::GREEN.lighter(40));
            canvas.star(s / 2.0, s * 0.52, s * 0.3, palette::WHITE);
        }
        Content::Lava => {
            canvas.rect(0.0, 0.0, s, s, palette::ORANGE.darker(20));
            for y in [0.28, 0.52, 0.76] {
                let wave: Vec<[f32; 2]> = (0..5u8)
                    .map(|at| {
                        [s * (0.1 + 0.2 * f32::from(at)), s * (y + if at % 2 == 0 { 0.05 } else { -0.05 })]
                    })
                    .collect();
                canvas.line(&wave, s * 0.06, palette::YELLOW);
            }
        }
        Content::Door(color, state) => {
            let color = paint(color);
            canvas.rect(0.0, 0.0, s, s, palette::INK);
            match state {
                0 => {
                    canvas.rect(s * 0.1, s * 0.1, s * 0.8, s * 0.8, palette::PAPER);
                    canvas.round_rect(s * 0.1, s * 0.1, s * 0.16, s * 0.8, s * 0.04, color);
                }
                locked => {
                    canvas.round_rect(s * 0.1, s * 0.1, s * 0.8, s * 0.8, s * 0.06, color);
                    canvas.round_frame(
                        s * 0.18,
                        s * 0.18,
                        s * 0.64,
                        s * 0.64,
                        s * 0.04,
                        line,
                        color.darker(90),
                    );
                    if locked == 2 {
                        canvas.disc(s * 0.5, s * 0.45, s * 0.1, palette::INK);
                        canvas.rect(s * 0.46, s * 0.48, s * 0.08, s * 0.2, palette::INK);
                    } else {
                        canvas.disc(s * 0.72, s * 0.5, s * 0.06, palette::INK);
                    }
                }
            }
        }
        Content::Key(color) => {
            canvas.ring(s * 0.5, s * 0.3, s * 0.16, s * 0.08, paint(color));
            canvas.rect(s * 0.46, s * 0.44, s * 0.08, s * 0.4, paint(color));
            canvas.rect(s * 0.5, s * 0.62, s * 0.16, s * 0.07, paint(color));
            canvas.rect(s * 0.5, s * 0.76, s * 0.16, s * 0.07, paint(color));
        }
        Content::Ball(color) => {
            canvas.disc(s * 0.5, s * 0.5, s * 0.3, paint(color));
            canvas.disc(s * 0.4, s * 0.4, s * 0.07, palette::WHITE.fade(160));
        }
        Content::Crate(color) => {
            canvas.round_rect(s * 0.18, s * 0.18, s * 0.64, s * 0.64, s * 0.06, paint(color));
            canvas.round_frame(
                s * 0.18,
                s * 0.18,
                s * 0.64,
                s * 0.64,
                s * 0.06,
                s * 0.06,
                paint(color).darker(80),
            );
            canvas.rect(s * 0.18, s * 0.46, s * 0.64, s * 0.08, paint(color).darker(80));
        }
    }
}

fn agent_onto(canvas: &mut Canvas, s: f32, facing: u8) {
    let (dx, dy) = AHEAD[usize::from(facing) % 4];
    let (dx, dy, m) = (dx as f32, dy as f32, s / 2.0);
    let corner = |ahead: f32, side: f32| [m + s * (dx * ahead - dy * side), m + s * (dy * ahead + dx * side)];
    let color: Color = palette::RED;
    canvas.polygon(&[corner(0.36, 0.0), corner(-0.3, 0.3), corner(-0.18, 0.0), corner(-0.3, -0.3)], color);
}

impl Puzzle for GridWorld {
    const NAME: &'static str = "grid-world";
    type Settings = GridWorldSettings;
    type Answer = Vec<Action>;

    fn generate(stream: &mut Stream, settings: &GridWorldSettings) -> Result<GridWorld, Error> {
        const ATTEMPTS: u32 = 200;
        settings.check()?;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            let Some(world) = lay_out(stream, settings) else {
                failures.count("room");
                continue;
            };
            if world.solve().is_some() {
                return Ok(world);
            }
            failures.count("no way to the goal");
        }
        Err(failures.error("grid world"))
    }

    /// Fewest actions, over all positions of agent and things; none where more than 200,000 would be looked at.
    fn solve(&self) -> Option<Solution<Vec<Action>>> {
        type Key = (Vec<Content>, (u8, u8), u8, Option<Content>);
        let key = |world: &GridWorld| -> Key { (world.cells.clone(), world.at, world.facing, world.carried) };
        let mut nodes = vec![(self.clone(), usize::MAX, Action::Done, 1u32, 0u32)];
        let mut known = BTreeMap::from([(key(self), 0usize)]);
        let mut queue = VecDeque::from([0usize]);
        let mut found: Option<(usize, Action, u32, u32)> = None;
        while let Some(at) = queue.pop_front() {
            let (world, _, _, ways, depth) = nodes[at].clone();
            if found.is_some_and(|(.., most)| depth + 1 > most) || nodes.len() > MOST_STATES {
                break;
            }
            // things are put down where a way is blocked only: dropping is tried, done is not
            for action in Action::ALL.into_iter().take(6) {
                let mut next = world.clone();
                match next.step(action) {
                    Outcome::Failed => continue,
                    Outcome::Reached => {
                        found = Some(match found {
                            None => (at, action, ways, depth + 1),
                            Some((first, act, count, most)) => (first, act, count.saturating_add(ways), most),
                        });
                        continue;
                    }
                    Outcome::Going => {}
                }
                match known.get(&key(&next)) {
                    None => {
                        known.insert(key(&next), nodes.len());
                        queue.push_back(nodes.len());
                        nodes.push((next, at, action, ways, depth + 1));
                    }
                    Some(&other) if nodes[other].4 == depth + 1 => {
                        nodes[other].3 = nodes[other].3.saturating_add(ways);
                    }
                    Some(_) => {}
                }
            }
        }
        let (mut at, last, ways, cost) = found?;
        let mut answer = vec![last];
        while nodes[at].1 != usize::MAX {
            answer.push(nodes[at].2);
            at = nodes[at].1;
        }
        answer.reverse();
        Some(Solution { answer, unique: ways == 1, cost })
    }

    fn accepts(&self, answer: &Vec<Action>) -> bool {
        // on the text form: the agent's mark walks over pairs of characters
        let mut rows: Vec<Vec<[char; 2]>> = self
            .to_string()
            .lines()
            .take(usize::from(self.height))
            .map(|row| {
                row.chars().collect::<Vec<_>>().chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
            })
            .collect();
        let (mut x, mut y) = (usize::from(self.at.0), usize::from(self.at.1));
        rows[y][x] = ['.', '.'];
        let mut facing = ">v<^".chars().nth(usize::from(self.facing % 4)).unwrap_or('>');
        let mut hand: Option<[char; 2]> = None;
        for action in answer {
            let (nx, ny) = match facing {
                '>' => (x + 1, y),
                '<' => (x.wrapping_sub(1), y),
                'v' => (x, y + 1),
                _ => (x, y.wrapping_sub(1)),
            };
            let turn = |order: &str| order.chars().nth(1 + order.find(facing).unwrap_or(0)).unwrap_or(facing);
            let ahead = rows.get(ny).and_then(|row| row.get(nx)).copied().unwrap_or(['#', '#']);
            match action {
                Action::TurnRight => facing = turn(">v<^>"),
                Action::TurnLeft => facing = turn(">^<v>"),
                Action::Forward => match ahead[0] {
                    '.' | 'D' => (x, y) = (nx, ny),
                    'G' => return true,
                    '~' => return false,
                    _ => {}
                },
                Action::PickUp if hand.is_none() && matches!(ahead[0], 'K' | 'B' | 'X') => {
                    hand = Some(ahead);
                    rows[ny][nx] = ['.', '.'];
                }
                Action::Drop if ahead[0] == '.' => {
                    if let Some(thing) = hand.take() {
                        rows[ny][nx] = thing;
                    }
                }
                Action::Toggle => match ahead[0] {
                    'D' => rows[ny][nx][0] = 'C',
                    'C' => rows[ny][nx][0] = 'D',
                    'L' if hand == Some(['K', ahead[1]]) => rows[ny][nx][0] = 'D',
                    _ => {}
                },
                _ => {}
            }
        }
        false
    }

    fn draw(&self, side_px: u32) -> Picture {
        let mut tiles = Tiles::new(side_px / u32::from(self.width.max(self.height)).max(1));
        tiles.draw(self).clone()
    }

    /// One picture a tile's change: the agent's tile is its whole body here, so that it steps rather than glides.
    fn film(&self, answer: &Vec<Action>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let side = (settings.side_px / u32::from(self.width.max(self.height)).max(1)).clamp(4, 128);
        let s = side as f32;
        let center = |x: u8, y: u8| [(f32::from(x) + 0.5) * s, (f32::from(y) + 0.5) * s];
        // things and doors are actors over an empty ground, the agent above them
        let mut bare = self.clone();
        for cell in &mut bare.cells {
            if matches!(cell, Content::Key(_) | Content::Ball(_) | Content::Crate(_)) {
                *cell = Content::Floor;
            }
        }
        let mut tiles = Tiles::new(side);
        bare.at = (u8::MAX, u8::MAX);
        let mut stage = Stage::new(tiles.draw(&bare).clone(), settings.fps);
        let sprite = |stage: &mut Stage, content: Content| {
            let mut canvas = Canvas::clear(side, side);
            tile_onto(&mut canvas, s, content);
            stage.sprite(canvas.into_sprite())
        };
        let looks = [0, 1, 2, 3].map(|facing| {
            let mut canvas = Canvas::clear(side, side);
            agent_onto(&mut canvas, s, facing);
            stage.sprite(canvas.into_sprite())
        });
        let mut covers = Vec::new();
        for (at, &content) in self.cells.iter().enumerate() {
            if !matches!(content, Content::Floor | Content::Wall | Content::Goal | Content::Lava) {
                let (x, y) = (at % usize::from(self.width), at / usize::from(self.width));
                let look = sprite(&mut stage, content);
                covers.push((at, stage.enter(&format!("cell {x} {y}"), look, center(x as u8, y as u8))));
            }
        }
        // what is laid down later has its actor too, so that the agent stays above
        let empty = sprite(&mut stage, Content::Floor);
        for at in 0..self.cells.len() {
            if self.cells[at] == Content::Floor {
                let (x, y) = (at % usize::from(self.width), at / usize::from(self.width));
                let actor = stage.enter(&format!("cell {x} {y}"), empty, center(x as u8, y as u8));
                stage.leave(actor);
                covers.push((at, actor));
            }
        }
        let agent = stage.enter("agent", looks[usize::from(self.facing % 4)], center(self.at.0, self.at.1));
        stage.hold(settings.hold_pictures().max(1));
        let mut world = self.clone();
        for &action in answer {
            let before = world.clone();
            world.step(action);
            for &(at, actor) in &covers {
                if before.cells[at] != world.cells[at] {
                    let look = sprite(&mut stage, world.cells[at]);
                    let (x, y) = (at % usize::from(self.width), at / usize::from(self.width));
                    stage.put(actor, look, center(x as u8, y as u8));
                }
            }
            stage.look(agent, looks[usize::from(world.facing % 4)]);
            stage.glide(&[(agent, center(world.at.0, world.at.1))], settings.pictures_per_step());
        }
        stage.hold(settings.hold_pictures());
        Ok(stage.finish())
    }
}

fn lay_out(stream: &mut Stream, settings: &GridWorldSettings) -> Option<GridWorld> {
    let n = settings.size;
    let mut world = GridWorld {
        width: n,
        height: n,
        cells: vec![Content::Floor; usize::from(n) * usize::from(n)],
        at: (0, 0),
        facing: stream.below(4) as u8,
        carried: None,
    };
    for at in 0..n {
        for cell in [(at, 0), (at, n - 1), (0, at), (n - 1, at)] {
            world.set(cell, Content::Wall);
        }
    }
    let mut start = 1..n - 1;
    match settings.layout {
        Layout::Empty => world.set((n - 2, n - 2), Content::Goal),
        Layout::DoorKey => {
            let wall = stream.between(2, i64::from(n) - 3) as u8;
            (1..n - 1).for_each(|y| world.set((wall, y), Content::Wall));
            let color = stream.below(6) as u8;
            world.set((wall, stream.between(1, i64::from(n) - 2) as u8), Content::Door(color, 2));
            world.set((n - 2, n - 2), Content::Goal);
            let place = *stream.choose(&world.floor(1..wall))?;
            world.set(place, Content::Key(color));
            start = 1..wall;
        }
        Layout::FourRooms => {
            let middle = n / 2;
            for at in 1..n - 1 {
                world.set((middle, at), Content::Wall);
                world.set((at, middle), Content::Wall);
            }
            let mut gap = |low: u8, high: u8| stream.between(low.into(), i64::from(high) - 1) as u8;
            let gaps = [gap(1, middle), gap(middle + 1, n - 1), gap(1, middle), gap(middle + 1, n - 1)];
            world.set((middle, gaps[0]), Content::Floor);
            world.set((middle, gaps[1]), Content::Floor);
            world.set((gaps[2], middle), Content::Floor);
            world.set((gaps[3], middle), Content::Floor);
            let place = *stream.choose(&world.floor(1..n - 1))?;
            world.set(place, Content::Goal);
        }
        Layout::LavaGap => {
            let column = stream.between(2, i64::from(n) - 3) as u8;
            let gap = stream.between(1, i64::from(n) - 2) as u8;
            (1..n - 1).filter(|&y| y != gap).for_each(|y| world.set((column, y), Content::Lava));
            world.set((n - 2, n - 2), Content::Goal);
            start = 1..column;
        }
    }
    world.at = *stream.choose(&world.floor(start))?;
    for _ in 0..settings.things {
        let color = stream.below(6) as u8;
        if let Some(&place) = stream.choose(&world.floor(1..n - 1)) {
            world.set(place, if stream.chance(0.5) { Content::Ball(color) } else { Content::Crate(color) });
        }
    }
    Some(world)
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Action {
    type Err = Error;
    fn from_str(text: &str) -> Result<Action, Error> {
        Action::ALL.into_iter().find(|action| action.name() == text.trim()).ok_or_else(|| Error::Text {
            kind: "action",
            line: 1,
            expected: Action::ALL.map(Action::name).join(", "),
            found: format!("{text:?}"),
        })
    }
}

fn pair(content: Content) -> [char; 2] {
    let digit = |n: u8| char::from(b'0' + n % 10);
    match content {
        Content::Floor => ['.', '.'],
        Content::Wall => ['#', '#'],
        Content::Goal => ['G', 'G'],
        Content::Lava => ['~', '~'],
        Content::Door(color, state) => [['D', 'C', 'L'][usize::from(state % 3)], digit(color)],
        Content::Key(color) => ['K', digit(color)],
        Content::Ball(color) => ['B', digit(color)],
        Content::Crate(color) => ['X', digit(color)],
    }
}

fn content_of([a, b]: [char; 2]) -> Option<Content> {
    let color = b.to_digit(6).map(|digit| digit as u8);
    match a {
        '.' | '#' | 'G' | '~' if a == b => Some(match a {
            '.' => Content::Floor,
            '#' => Content::Wall,
            'G' => Content::Goal,
            _ => Content::Lava,
        }),
        'D' => color.map(|color| Content::Door(color, 0)),
        'C' => color.map(|color| Content::Door(color, 1)),
        'L' => color.map(|color| Content::Door(color, 2)),
        'K' => color.map(Content::Key),
        'B' => color.map(Content::Ball),
        'X' => color.map(Content::Crate),
        _ => None,
    }
}

impl fmt::Display for GridWorld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (y, row) in (0u8..).zip(self.cells.chunks(usize::from(self.width).max(1))) {
            let row: String = (0u8..)
                .zip(row)
                .flat_map(|(x, &content)| {
                    if (x, y) == self.at {
                        [['>', 'v', '<', '^'][usize::from(self.facing % 4)]; 2]
                    } else {
                        pair(content)
                    }
                })
                .collect();
            writeln!(f, "{row}")?;
        }
        if let Some(thing) = self.carried {
            writeln!(f, "holds {}", pair(thing).iter().collect::<String>())?;
        }
        Ok(())
    }
}

impl FromStr for GridWorld {
    type Err = Error;
    fn from_str(text: &str) -> Result<GridWorld, Error> {
        let wrong = |line: usize, expected: &str, found: String| Error::Text {
            kind: GridWorld::NAME,
            line: line + 1,
            expected: expected.to_owned(),
            found,
        };
        let (mut cells, mut agents, mut width, mut height, mut carried) =
            (Vec::new(), Vec::new(), 0, 0, None);
        for (y, row) in text.trim().lines().enumerate() {
            let chars: Vec<char> = row.chars().collect();
            if let Some(thing) = row.strip_prefix("holds ") {
                let thing: Vec<char> = thing.chars().collect();
                carried = match thing[..] {
                    [a, b] => content_of([a, b]),
                    _ => None,
                };
                if carried.is_none() {
                    return Err(wrong(y, "a thing that can be held", format!("{row:?}")));
                }
                continue;
            }
            if !chars.len().is_multiple_of(2)
                || (y > 0 && chars.len() != 2 * width)
                || chars.len() > 128
                || y >= 64
            {
                return Err(wrong(y, "rows of as many pairs, 64 by 64 at most", chars.len().to_string()));
            }
            (width, height) = (chars.len() / 2, y + 1);
            for (x, two) in chars.chunks_exact(2).enumerate() {
                let facing = ['>', 'v', '<', '^'].iter().position(|mark| two == [*mark; 2]);
                if let Some(facing) = facing {
                    agents.push(((x as u8, y as u8), facing as u8));
                }
                let content = facing.map(|_| Content::Floor).or_else(|| content_of([two[0], two[1]]));
                cells.push(content.ok_or_else(|| wrong(y, "a pair of a cell", format!("{two:?}")))?);
            }
        }
        match agents[..] {
            [(at, facing)] => {
                Ok(GridWorld { width: width as u8, height: height as u8, cells, at, facing, carried })
            }
            _ => Err(wrong(0, "one agent", agents.len().to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (layout, size) in [(Layout::DoorKey, 6), (Layout::FourRooms, 11), (Layout::LavaGap, 7)] {
            trial::holds::<GridWorld>(&GridWorldSettings { layout, size, things: 0 }, 12);
        }
    }

    #[test]
    fn doors_need_their_key() {
        let world: GridWorld =
            "##########\n##>>K1L1##\n##GG......\n##########\n".parse::<GridWorld>().unwrap();
        let mut walk = world.clone();
        let all = [Action::PickUp, Action::Forward, Action::Toggle, Action::Forward];
        assert!(all.iter().all(|&action| walk.step(action) == Outcome::Going));
        assert_eq!((walk.agent().0, walk.carried()), ((3, 1), Some(Content::Key(1))));
        let mut without = world.clone();
        for action in [Action::Forward, Action::Toggle, Action::Forward] {
            without.step(action);
        }
        assert_eq!(without.agent().0, (1, 1));
        trial::refuses(
            &world,
            &[vec![Action::Forward], vec![Action::Done], vec![Action::TurnLeft, Action::Forward]],
        );
        assert!(world.accepts(&vec![Action::TurnRight, Action::Forward]));
    }

    #[test]
    fn walls_hide_what_is_behind_them() {
        let world: GridWorld =
            "##########\n##......##\n########..\n##^^######\n##########\n".parse::<GridWorld>().unwrap();
        let view = world.view();
        assert_eq!((view[6][3], view[5][3], view[4][3]), (Some(Content::Floor), Some(Content::Wall), None));
    }

    #[test]
    fn tiles_that_changed_are_the_only_ones_drawn_but_the_picture_is_whole() {
        let world =
            GridWorld::generate(&mut Stream::named(&["tiles"]), &GridWorldSettings::default()).unwrap();
        let mut kept = Tiles::new(32);
        let mut walk = world.clone();
        for action in world.solve().unwrap().answer {
            walk.step(action);
            assert_eq!(*kept.draw(&walk), *Tiles::new(32).draw(&walk));
        }
    }
}
