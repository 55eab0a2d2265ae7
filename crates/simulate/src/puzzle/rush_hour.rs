//! Rush hour: vehicles in a yard of 6 × 6 slide along their own row or column; the red one must reach the exit on the right
//! (reasoning-gym's `rush_hour`, 2025, which draws from a table; here each board is made and solved).

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::str::FromStr;

use chronotope_world::Picture;

use super::maze::Look;
use super::{Failures, Puzzle, Solution};
use crate::canvas::{Canvas, Color, Film, FilmSettings, Sprite, Stage, palette};
use crate::error::range;
use crate::{Error, Stream};

/// Rows and columns.
const SIDE: u8 = 6;
/// Row of the red vehicle and of the exit.
const EXIT_ROW: u8 = 2;
/// Most positions of a board that the solver looks at.
const MOST_STATES: usize = 60_000;

/// A vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Vehicle {
    /// Whether it drives along a row; else along a column.
    pub along_row: bool,
    /// Its row, or its column.
    pub lane: u8,
    /// First column, or first row, that it covers.
    pub at: u8,
    /// Cells that it covers, 2 or 3.
    pub length: u8,
}

impl Vehicle {
    fn cells(self) -> u64 {
        let (x, y, stride) =
            if self.along_row { (self.at, self.lane, 1) } else { (self.lane, self.at, SIDE) };
        (0..self.length).fold(0, |sum, n| sum | 1 << (y * SIDE + x + n * stride))
    }
}

/// A vehicle's slide: right or down by a positive number of cells, left or up by a negative one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slide {
    /// Which vehicle; 0 is the red one, written `A`.
    pub vehicle: u8,
    /// Cells.
    pub by: i8,
}

impl fmt::Display for Slide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:+}", char::from(b'A' + self.vehicle), self.by)
    }
}

impl FromStr for Slide {
    type Err = Error;
    fn from_str(text: &str) -> Result<Slide, Error> {
        let wrong = || Error::Text {
            kind: "slide",
            line: 1,
            expected: "a vehicle's letter and a number, as in B+2".to_owned(),
            found: format!("{text:?}"),
        };
        let mut chars = text.trim().chars();
        let letter = chars.next().filter(char::is_ascii_uppercase).ok_or_else(wrong)?;
        let by: i8 = chars.as_str().parse().ok().ok_or_else(wrong)?;
        if by == 0 || by.unsigned_abs() >= SIDE {
            return Err(wrong());
        }
        Ok(Slide { vehicle: letter as u8 - b'A', by })
    }
}

/// A board. As text, six rows: a letter for each cell of a vehicle (`A` the red one), `.` free.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RushHour {
    /// The red one first.
    pub vehicles: Vec<Vehicle>,
}

/// What a board may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RushHourSettings {
    /// Vehicles besides the red one; 1 to 12. A yard that is full before is left so.
    pub vehicles: u8,
    /// Fewest slides that solve it; 1 to 50.
    pub min_moves: u32,
    /// Most slides that solve it; `min_moves` or more.
    pub max_moves: u32,
}

impl Default for RushHourSettings {
    fn default() -> RushHourSettings {
        RushHourSettings { vehicles: 9, min_moves: 2, max_moves: 50 }
    }
}

impl RushHourSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("vehicles", self.vehicles, 1..=12)?;
        range("min_moves", self.min_moves, 1..=50)?;
        range("max_moves", self.max_moves, self.min_moves..=u32::MAX)
    }
}

impl RushHour {
    /// Slides a vehicle; false (and nothing changes) where another one or the fence stands in the way.
    pub fn apply(&mut self, slide: Slide) -> bool {
        let index = usize::from(slide.vehicle);
        let Some(&vehicle) = self.vehicles.get(index) else { return false };
        let others = self.vehicles.iter().enumerate().filter(|(at, _)| *at != index);
        let taken = others.fold(0, |sum, (_, other)| sum | other.cells());
        let end = i16::from(vehicle.at) + i16::from(slide.by);
        if slide.by == 0 || end < 0 || end + i16::from(vehicle.length) > i16::from(SIDE) {
            return false;
        }
        let (low, high) = (vehicle.at.min(end as u8), vehicle.at.max(end as u8));
        if (low..=high).any(|at| Vehicle { at, ..vehicle }.cells() & taken != 0) {
            return false;
        }
        self.vehicles[index].at = end as u8;
        true
    }

    /// Whether the red vehicle stands at the exit.
    pub fn is_solved(&self) -> bool {
        self.vehicles.first().is_some_and(|red| red.at + red.length == SIDE)
    }

    fn ground(look: Look) -> Canvas {
        let mut canvas = look.sheet(palette::INK);
        let c = look.cell;
        for y in 0..SIDE {
            for x in 0..SIDE {
                let [cx, cy] = look.center((u16::from(x) + 1, u16::from(y) + 1));
                canvas.rect(cx - c / 2.0, cy - c / 2.0, c, c, palette::GREY.lighter(120));
                canvas.round_rect(
                    cx - c * 0.46,
                    cy - c * 0.46,
                    c * 0.92,
                    c * 0.92,
                    c * 0.1,
                    palette::GREY.lighter(150),
                );
            }
        }
        let [x, y] = look.center((7, u16::from(EXIT_ROW) + 1));
        canvas.rect(x - c / 2.0, y - c / 2.0, c, c, palette::GREEN.lighter(60));
        canvas.arrow([x - c * 0.3, y], [x + c * 0.34, y], c * 0.13, palette::WHITE);
        canvas
    }
}

const PAINTS: [Color; 7] = [
    palette::BLUE,
    palette::YELLOW,
    palette::GREEN,
    palette::PURPLE,
    palette::ORANGE,
    palette::CYAN,
    palette::PINK,
];

fn vehicle_sprite(vehicle: Vehicle, number: usize, cell: f32) -> Sprite {
    let long = f32::from(vehicle.length) * cell;
    let (w, h) = if vehicle.along_row { (long, cell) } else { (cell, long) };
    let mut canvas = Canvas::clear(w as u32, h as u32);
    let color = if number == 0 { palette::RED } else { PAINTS[(number - 1) % PAINTS.len()] };
    let gap = cell * 0.08;
    canvas.round_rect(gap, gap, w - 2.0 * gap, h - 2.0 * gap, cell * 0.22, color.darker(80));
    canvas.round_rect(gap, gap, w - 2.0 * gap, h - 2.0 * gap - cell * 0.06, cell * 0.22, color);
    // panes at both ends
    let pane = palette::INK.fade(150);
    let (a, b) = (cell * 0.2, cell * 0.13);
    if vehicle.along_row {
        canvas.round_rect(cell * 0.26, a, b, h - 2.0 * a, b * 0.4, pane);
        canvas.round_rect(w - cell * 0.26 - b, a, b, h - 2.0 * a, b * 0.4, pane);
    } else {
        canvas.round_rect(a, cell * 0.26, w - 2.0 * a, b, b * 0.4, pane);
        canvas.round_rect(a, h - cell * 0.26 - b, w - 2.0 * a, b, b * 0.4, pane);
    }
    let letter = char::from(b'A' + number as u8).to_string();
    canvas.text(w / 2.0, h / 2.0, cell * 0.4, &letter, palette::WHITE);
    canvas.into_sprite()
}

fn middle(vehicle: Vehicle, look: Look) -> [f32; 2] {
    let half = (f32::from(vehicle.length) - 1.0) / 2.0 * look.cell;
    if vehicle.along_row {
        let [x, y] = look.center((u16::from(vehicle.at) + 1, u16::from(vehicle.lane) + 1));
        [x + half, y]
    } else {
        let [x, y] = look.center((u16::from(vehicle.lane) + 1, u16::from(vehicle.at) + 1));
        [x, y + half]
    }
}

impl Puzzle for RushHour {
    const NAME: &'static str = "rush-hour";
    type Settings = RushHourSettings;
    type Answer = Vec<Slide>;

    fn generate(stream: &mut Stream, settings: &RushHourSettings) -> Result<RushHour, Error> {
        const ATTEMPTS: u32 = 5_000;
        settings.check()?;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            let board = park(stream, settings.vehicles);
            match Search::new(&board).levels(settings.max_moves) {
                None => failures.count("no way out within max_moves"),
                Some((nodes, last)) if depth(&nodes, last) < settings.min_moves => {
                    failures.count("min_moves");
                }
                Some(_) => return Ok(board),
            }
        }
        Err(failures.error("rush hour"))
    }

    /// Fewest slides, however far each goes.
    fn solve(&self) -> Option<Solution<Vec<Slide>>> {
        let (nodes, last) = Search::new(self).levels(u32::MAX)?;
        let unique = nodes.get(last as usize)?.ways == 1;
        let mut answer = Vec::new();
        let mut at = last;
        while let Some(node) = nodes.get(at as usize).filter(|node| node.before != u32::MAX) {
            answer.push(node.slide);
            at = node.before;
        }
        answer.reverse();
        let cost = answer.len() as u32;
        Some(Solution { answer, unique, cost })
    }

    fn accepts(&self, answer: &Vec<Slide>) -> bool {
        // cell by cell on the drawn letters
        let mut rows: Vec<Vec<u8>> = self.to_string().lines().map(|row| row.bytes().collect()).collect();
        for slide in answer {
            let letter = b'A' + slide.vehicle;
            for _ in 0..slide.by.unsigned_abs() {
                let cells: Vec<(usize, usize)> = (0..rows.len())
                    .flat_map(|y| (0..rows[y].len()).map(move |x| (x, y)))
                    .filter(|&(x, y)| rows[y][x] == letter)
                    .collect();
                let [(_, y0), (_, y1), ..] = cells[..] else { return false };
                let (dx, dy) = if y0 == y1 { (1i32, 0i32) } else { (0, 1) };
                let sign = i32::from(slide.by.signum());
                let moved: Vec<(i32, i32)> =
                    cells.iter().map(|&(x, y)| (x as i32 + sign * dx, y as i32 + sign * dy)).collect();
                for &(x, y) in &cells {
                    rows[y][x] = b'.';
                }
                for (x, y) in moved {
                    let cell = usize::try_from(y)
                        .ok()
                        .and_then(|y| rows.get_mut(y))
                        .and_then(|row| usize::try_from(x).ok().and_then(|x| row.get_mut(x)));
                    match cell {
                        Some(cell) if *cell == b'.' => *cell = letter,
                        _ => return false,
                    }
                }
            }
        }
        rows.get(usize::from(EXIT_ROW)).and_then(|row| row.last()) == Some(&b'A')
    }

    fn draw(&self, side_px: u32) -> Picture {
        let look = Look::of(8, 8, side_px);
        let mut stage = Stage::new(RushHour::ground(look).into_picture(), 1);
        for (number, &vehicle) in self.vehicles.iter().enumerate() {
            let sprite = stage.sprite(vehicle_sprite(vehicle, number, look.cell));
            stage.enter("", sprite, middle(vehicle, look));
        }
        stage.finish().picture(0)
    }

    fn film(&self, answer: &Vec<Slide>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let look = Look::of(8, 8, settings.side_px);
        let mut stage = Stage::new(RushHour::ground(look).into_picture(), settings.fps);
        let mut actors = Vec::new();
        for (number, &vehicle) in self.vehicles.iter().enumerate() {
            let sprite = stage.sprite(vehicle_sprite(vehicle, number, look.cell));
            let name = char::from(b'A' + number as u8).to_string();
            actors.push(stage.enter(&name, sprite, middle(vehicle, look)));
        }
        stage.hold(settings.hold_pictures().max(1));
        let mut state = self.clone();
        for &slide in answer {
            if !state.apply(slide) {
                break;
            }
            let index = usize::from(slide.vehicle);
            stage
                .glide(&[(actors[index], middle(state.vehicles[index], look))], settings.pictures_per_step());
        }
        stage.hold(settings.hold_pictures());
        Ok(stage.finish())
    }
}

/// The red vehicle left of the exit and others by lot, without overlap; none stands in the red one's own row along it.
fn park(stream: &mut Stream, count: u8) -> RushHour {
    let red = Vehicle { along_row: true, lane: EXIT_ROW, at: stream.below(3) as u8, length: 2 };
    let mut vehicles = Vec::with_capacity(usize::from(count) + 1);
    vehicles.push(red);
    let mut taken = red.cells();
    for _ in 0..count {
        for _ in 0..12 {
            let bits = stream.bits();
            let along_row = bits & 1 == 1;
            let lane = (((bits >> 8 & 0xff) * 6) >> 8) as u8;
            let length = if (bits >> 16).trailing_zeros() >= 2 { 3 } else { 2 };
            let at = (((bits >> 24 & 0xff) * u64::from(SIDE + 1 - length)) >> 8) as u8;
            let vehicle = Vehicle { along_row, lane, at, length };
            let cells = vehicle.cells();
            if cells & taken == 0 && !(along_row && lane == EXIT_ROW) {
                taken |= cells;
                vehicles.push(vehicle);
                break;
            }
        }
    }
    RushHour { vehicles }
}

fn depth(nodes: &[Node], mut at: u32) -> u32 {
    let mut depth = 0;
    while let Some(node) = nodes.get(at as usize).filter(|node| node.before != u32::MAX) {
        depth += 1;
        at = node.before;
    }
    depth
}

struct Search<'a> {
    vehicles: &'a [Vehicle],
    /// Cells that a vehicle covers at place 0.
    at_zero: [u64; 26],
    stride: [u32; 26],
}

struct Node {
    /// Three bits a vehicle: its place.
    places: u64,
    taken: u64,
    before: u32,
    ways: u32,
    slide: Slide,
}

/// A quick hash of places; only looked up, never gone through.
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
    fn write_u64(&mut self, n: u64) {
        let mixed = (self.0 ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}

impl Search<'_> {
    fn new(board: &RushHour) -> Search<'_> {
        let (mut at_zero, mut stride) = ([0; 26], [0; 26]);
        for (number, &vehicle) in board.vehicles.iter().take(21).enumerate() {
            at_zero[number] = Vehicle { at: 0, ..vehicle }.cells();
            stride[number] = if vehicle.along_row { 1 } else { u32::from(SIDE) };
        }
        Search { vehicles: &board.vehicles, at_zero, stride }
    }

    /// All positions slide by slide until the red vehicle is out: the nodes, and the one at the end with the number of best ways.
    fn levels(&self, most: u32) -> Option<(Vec<Node>, u32)> {
        if self.vehicles.len() > 21 {
            return None;
        }
        let places = self.vehicles.iter().rev().fold(0, |sum, vehicle| sum << 3 | u64::from(vehicle.at));
        let taken = self.vehicles.iter().fold(0, |sum, vehicle| sum | vehicle.cells());
        let slide = Slide { vehicle: 0, by: 0 };
        let mut nodes = Vec::with_capacity(64);
        nodes.push(Node { places, taken, before: u32::MAX, ways: 1, slide });
        let out = u64::from(SIDE - self.vehicles.first()?.length);
        if places & 7 == out {
            return Some((nodes, 0));
        }
        let mut known: HashMap<u64, u32, BuildHasherDefault<Mix>> = HashMap::default();
        known.insert(places, 0);
        let (mut level, mut depth) = (0..1, 0);
        while !level.is_empty() && depth < most {
            let begin = nodes.len();
            for at in level {
                self.slides(&mut nodes, &mut known, at, begin);
            }
            level = begin..nodes.len();
            depth += 1;
            let mut home = level.clone().filter(|&at| nodes[at].places & 7 == out);
            if let Some(first) = home.next() {
                let more: u32 = home.map(|at| nodes[at].ways).sum();
                nodes[first].ways = nodes[first].ways.saturating_add(more);
                return Some((nodes, first as u32));
            }
            if nodes.len() > MOST_STATES {
                return None;
            }
        }
        None
    }

    fn slides(
        &self,
        nodes: &mut Vec<Node>,
        known: &mut HashMap<u64, u32, BuildHasherDefault<Mix>>,
        at: usize,
        begin: usize,
    ) {
        let (places, taken, ways) = (nodes[at].places, nodes[at].taken, nodes[at].ways);
        for (number, vehicle) in self.vehicles.iter().enumerate() {
            let shift = 3 * number as u32;
            let place = (places >> shift & 7) as u32;
            let (zero, stride) = (self.at_zero[number], self.stride[number]);
            let own = zero << (place * stride);
            let others = taken & !own;
            let last = u32::from(SIDE - vehicle.length);
            let mut go = |to: u32| -> bool {
                let cells = zero << (to * stride);
                if cells & others != 0 {
                    return false;
                }
                let next = places & !(7 << shift) | u64::from(to) << shift;
                match known.entry(next) {
                    std::collections::hash_map::Entry::Vacant(entry) => {
                        entry.insert(nodes.len() as u32);
                        let slide = Slide { vehicle: number as u8, by: to as i8 - place as i8 };
                        nodes.push(Node {
                            places: next,
                            taken: others | cells,
                            before: at as u32,
                            ways,
                            slide,
                        });
                    }
                    std::collections::hash_map::Entry::Occupied(entry) => {
                        let other = *entry.get() as usize;
                        if other >= begin {
                            nodes[other].ways = nodes[other].ways.saturating_add(ways).min(1 << 16);
                        }
                    }
                }
                true
            };
            for to in place + 1..=last {
                if !go(to) {
                    break;
                }
            }
            for to in (0..place).rev() {
                if !go(to) {
                    break;
                }
            }
        }
    }
}

impl fmt::Display for RushHour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for y in 0..SIDE {
            let row: String = (0..SIDE)
                .map(|x| {
                    let on =
                        self.vehicles.iter().position(|vehicle| vehicle.cells() >> (y * SIDE + x) & 1 == 1);
                    on.map_or('.', |number| char::from(b'A' + number as u8))
                })
                .collect();
            writeln!(f, "{row}")?;
        }
        Ok(())
    }
}

impl FromStr for RushHour {
    type Err = Error;
    fn from_str(text: &str) -> Result<RushHour, Error> {
        let rows: Vec<&[u8]> = text.trim().lines().map(|row| row.trim().as_bytes()).collect();
        let wrong = |line: usize, expected: &str, found: String| Error::Text {
            kind: RushHour::NAME,
            line: line + 1,
            expected: expected.to_owned(),
            found,
        };
        let side = usize::from(SIDE);
        if rows.len() != side {
            return Err(wrong(0, "6 rows", rows.len().to_string()));
        }
        let mut cells: Vec<Vec<(u8, u8)>> = vec![Vec::new(); 21];
        for (y, row) in rows.iter().enumerate() {
            if row.len() != side {
                return Err(wrong(y, "6 cells", row.len().to_string()));
            }
            for (x, &c) in row.iter().enumerate() {
                match c {
                    b'.' => {}
                    b'A'..=b'U' => cells[usize::from(c - b'A')].push((x as u8, y as u8)),
                    _ => return Err(wrong(y, "a letter from A to U or .", format!("{:?}", char::from(c)))),
                }
            }
        }
        let used = cells.iter().rposition(|cells| !cells.is_empty()).map_or(0, |last| last + 1);
        let mut vehicles = Vec::new();
        for (number, cells) in cells.iter().take(used).enumerate() {
            let letter = char::from(b'A' + number as u8);
            let straight = match cells[..] {
                [(x, y), (_, second), ..] if (2..=3).contains(&cells.len()) => {
                    let along_row = y == second;
                    let (lane, at) = if along_row { (y, x) } else { (x, y) };
                    Some(Vehicle { along_row, lane, at, length: cells.len() as u8 }).filter(|vehicle| {
                        vehicle.cells() == cells.iter().fold(0, |sum, &(x, y)| sum | 1 << (y * SIDE + x))
                    })
                }
                _ => None,
            };
            vehicles.push(straight.ok_or_else(|| {
                wrong(
                    0,
                    "each letter from A on in 2 or 3 cells of a line",
                    format!("{letter} in {}", cells.len()),
                )
            })?);
        }
        match vehicles.first() {
            Some(red) if red.along_row && red.lane == EXIT_ROW => Ok(RushHour { vehicles }),
            _ => Err(wrong(usize::from(EXIT_ROW), "A along the third row", "none".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (vehicles, min_moves) in [(6, 1), (9, 2), (11, 6)] {
            trial::holds::<RushHour>(&RushHourSettings { vehicles, min_moves, max_moves: 50 }, 25);
        }
    }

    #[test]
    fn a_known_board() {
        // the classic game's first card
        let board: RushHour = "BB...C\nD..E.C\nDAAE.C\nD..E..\nF...GG\nF.HHH.\n"
            .replace('A', "z")
            .replace('z', "A")
            .parse()
            .unwrap();
        let solution = board.solve().unwrap();
        assert_eq!(solution.cost, 8);
        assert!(board.accepts(&solution.answer));
        let mut short = solution.answer.clone();
        short.pop();
        let mut jump = solution.answer.clone();
        jump.remove(0);
        trial::refuses(
            &board,
            &[short, jump, vec![Slide { vehicle: 0, by: 3 }], vec![Slide { vehicle: 25, by: 1 }]],
        );
    }

    #[test]
    fn slides_are_read_as_written() {
        assert_eq!("B-2".parse::<Slide>(), Ok(Slide { vehicle: 1, by: -2 }));
        assert_eq!(Slide { vehicle: 0, by: 3 }.to_string(), "A+3");
        assert!(
            "b+2".parse::<Slide>().is_err()
                && "B+9".parse::<Slide>().is_err()
                && "B".parse::<Slide>().is_err()
        );
    }
}
