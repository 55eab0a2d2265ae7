//! A field with traps: from start to goal by single steps without stepping on a trap (VR-Bench's trapfield, Yang et al., 2025).
//! With `Kind::Lake` drawn as a frozen lake with holes (MORSE-500, 2025; Gymnasium's FrozenLake).

use std::fmt;
use std::str::FromStr;

use chronotope_world::Picture;

use super::board::{self, Board, Cell};
use super::maze::{Look, agent_onto, agent_sprite, goal_onto};
use super::step::Step;
use super::{Puzzle, Solution};
use crate::canvas::{Canvas, Film, FilmSettings, Stage, palette};
use crate::error::{range, range_f64};
use crate::{Error, Stream};

/// A field of cells, some of them traps. As text `T` is a trap, `.` free, `S` the start and `G` the goal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trapfield {
    /// Cells without a trap are free; start and goal are among them.
    pub board: Board,
    /// Where the way begins.
    pub start: Cell,
    /// Where it ends.
    pub goal: Cell,
}

/// What a field may be.
#[derive(Clone, Debug, PartialEq)]
pub struct TrapfieldSettings {
    /// Rows and columns; 2 to 64.
    pub size: u16,
    /// Share of the cells off the kept way that are traps; 0 to 1.
    pub density: f64,
    /// How many goals are drawn, of which the farthest is taken; 1 to 1000.
    pub draws: u32,
}

impl Default for TrapfieldSettings {
    fn default() -> TrapfieldSettings {
        TrapfieldSettings { size: 7, density: 0.3, draws: 100 }
    }
}

impl TrapfieldSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("size", self.size, 2..=64)?;
        range_f64("density", self.density, 0.0, 1.0)?;
        range("draws", self.draws, 1..=1000)
    }
}

/// What questions about a lake ask (MORSE-500).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holes {
    /// Traps.
    pub count: u32,
    /// Groups of traps that touch by an edge, or also by a corner.
    pub groups: u32,
    /// Traps of the largest group.
    pub largest: u32,
}

impl Trapfield {
    /// The cell that a step leads to, a trap or not; none outside of the field.
    pub fn apply(&self, at: Cell, step: Step) -> Option<Cell> {
        self.board.beside(at, step)
    }

    /// Traps and their groups; `corners` says whether cells that touch by a corner are of one group.
    pub fn holes(&self, corners: bool) -> Holes {
        let mut left: Vec<Cell> = self.board.cells().filter(|&cell| !self.board.free(cell)).collect();
        let mut holes = Holes { count: left.len() as u32, groups: 0, largest: 0 };
        while let Some(first) = left.pop() {
            let mut group = vec![first];
            let mut next = 0;
            while let Some(&(x, y)) = group.get(next) {
                next += 1;
                let touches = |&(a, b): &Cell| {
                    let (dx, dy) = (a.abs_diff(x), b.abs_diff(y));
                    if corners { dx.max(dy) == 1 } else { dx + dy == 1 }
                };
                group.extend(left.extract_if(.., |cell| touches(cell)));
            }
            holes.groups += 1;
            holes.largest = holes.largest.max(group.len() as u32);
        }
        holes
    }

    /// Number of shortest ways, up to `u64::MAX`.
    pub fn shortest_ways(&self) -> u64 {
        let steps = self.board.distances(self.start);
        let mut order: Vec<Cell> =
            self.board.cells().filter(|&c| steps[self.board.index(c)] != u16::MAX).collect();
        order.sort_by_key(|&cell| steps[self.board.index(cell)]);
        let mut ways = vec![0u64; steps.len()];
        ways[self.board.index(self.start)] = u64::from(self.board.free(self.start));
        for cell in order {
            let here = steps[self.board.index(cell)];
            for step in Step::ALL {
                if let Some(next) = self.board.beside(cell, step)
                    && steps[self.board.index(next)] == here + 1
                {
                    let from = ways[self.board.index(cell)];
                    let to = &mut ways[self.board.index(next)];
                    *to = to.saturating_add(from);
                }
            }
        }
        ways[self.board.index(self.goal)]
    }

    /// Its picture as a frozen lake: ice, holes, a gift to fetch.
    pub fn draw_lake(&self, side_px: u32) -> Picture {
        let look = Look::new(&self.board, side_px);
        let mut canvas = look.sheet(palette::CYAN.lighter(150));
        let c = look.cell;
        for cell in self.board.cells() {
            let [x, y] = look.center(cell);
            let shade = if (cell.0 + cell.1) % 2 == 0 { 205 } else { 185 };
            canvas.rect(x - c / 2.0, y - c / 2.0, c, c, palette::CYAN.lighter(shade));
            if !self.board.free(cell) {
                canvas.ellipse(x - c * 0.4, y - c * 0.32, c * 0.8, c * 0.68, palette::BLUE.darker(150));
                canvas.ellipse(x - c * 0.36, y - c * 0.22, c * 0.72, c * 0.54, palette::BLUE.darker(60));
            }
        }
        let [x, y] = look.center(self.goal);
        goal_onto(&mut canvas, x, y, c);
        let [x, y] = look.center(self.start);
        agent_onto(&mut canvas, x, y, c);
        canvas.into_picture()
    }

    fn ground(&self, look: Look) -> Canvas {
        let mut canvas = look.sheet(palette::FLOOR);
        let c = look.cell;
        for cell in self.board.cells() {
            let [x, y] = look.center(cell);
            if (cell.0 + cell.1) % 2 == 1 {
                canvas.rect(x - c / 2.0, y - c / 2.0, c, c, palette::PAPER.darker(10));
            }
            if !self.board.free(cell) {
                let side = c * 0.78;
                canvas.round_rect(x - side / 2.0, y - side / 2.0, side, side, side * 0.2, palette::INK);
                // four teeth
                let tooth = side * 0.2;
                for (dx, dy) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
                    let (tx, ty) = (x + dx * side * 0.21, y + dy * side * 0.21);
                    canvas.polygon(
                        &[
                            [tx, ty - tooth * 0.8],
                            [tx + tooth * 0.8, ty + tooth * 0.7],
                            [tx - tooth * 0.8, ty + tooth * 0.7],
                        ],
                        palette::ORANGE,
                    );
                }
            }
        }
        let [x, y] = look.center(self.goal);
        goal_onto(&mut canvas, x, y, c);
        canvas
    }
}

impl Puzzle for Trapfield {
    const NAME: &'static str = "trapfield";
    type Settings = TrapfieldSettings;
    type Answer = Vec<Step>;

    fn generate(stream: &mut Stream, settings: &TrapfieldSettings) -> Result<Trapfield, Error> {
        settings.check()?;
        let size = settings.size;
        let cell = |stream: &mut Stream| -> Cell {
            (stream.below(size.into()) as u16, stream.below(size.into()) as u16)
        };
        let start = cell(stream);
        let mut goal = start;
        let far = |to: Cell| to.0.abs_diff(start.0) + to.1.abs_diff(start.1);
        for _ in 0..settings.draws {
            let drawn = cell(stream);
            if far(drawn) > far(goal) {
                goal = drawn;
            }
        }
        if goal == start {
            // every draw fell on the start: the corner opposite
            let other = |at: u16| if 2 * at < size { size - 1 } else { 0 };
            goal = (other(start.0), other(start.1));
        }
        // the way that stays free: shortest, its turns at random
        let mut board = Board::blocked(size, size);
        let mut here = start;
        board.set(here, true);
        while here != goal {
            let (dx, dy) = (u64::from(here.0.abs_diff(goal.0)), u64::from(here.1.abs_diff(goal.1)));
            if stream.below(dx + dy) < dx {
                here.0 = if here.0 < goal.0 { here.0 + 1 } else { here.0 - 1 };
            } else {
                here.1 = if here.1 < goal.1 { here.1 + 1 } else { here.1 - 1 };
            }
            board.set(here, true);
        }
        let mut rest: Vec<Cell> = board.cells().filter(|&cell| !board.free(cell)).collect();
        stream.shuffle(&mut rest);
        let traps = (rest.len() as f64 * settings.density).round() as usize;
        for &cell in rest.iter().skip(traps) {
            board.set(cell, true);
        }
        Ok(Trapfield { board, start, goal })
    }

    fn solve(&self) -> Option<Solution<Vec<Step>>> {
        let (answer, unique) = self.board.route(self.start, self.goal)?;
        let cost = answer.len() as u32;
        Some(Solution { answer, unique, cost })
    }

    fn accepts(&self, answer: &Vec<Step>) -> bool {
        let (mut x, mut y) = (i32::from(self.start.0), i32::from(self.start.1));
        for step in answer {
            match step {
                Step::Up => y -= 1,
                Step::Down => y += 1,
                Step::Left => x -= 1,
                Step::Right => x += 1,
            }
            let cell = u16::try_from(x).ok().zip(u16::try_from(y).ok());
            if !cell.is_some_and(|cell| self.board.free(cell)) {
                return false;
            }
        }
        (x, y) == (i32::from(self.goal.0), i32::from(self.goal.1))
    }

    fn draw(&self, side_px: u32) -> Picture {
        let look = Look::new(&self.board, side_px);
        let mut canvas = self.ground(look);
        let [x, y] = look.center(self.start);
        agent_onto(&mut canvas, x, y, look.cell);
        canvas.into_picture()
    }

    fn film(&self, answer: &Vec<Step>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let look = Look::new(&self.board, settings.side_px);
        let mut stage = Stage::new(self.ground(look).into_picture(), settings.fps);
        stage.mark("goal", look.goal_box(self.goal));
        let sprite = stage.sprite(agent_sprite(look.cell));
        let agent = stage.enter("agent", sprite, look.center(self.start));
        stage.hold(settings.hold_pictures().max(1));
        let mut at = self.start;
        for &step in answer {
            let Some(next) = self.apply(at, step).filter(|&cell| self.board.free(cell)) else { break };
            stage.glide(&[(agent, look.center(next))], settings.pictures_per_step());
            at = next;
        }
        stage.hold(settings.hold_pictures());
        Ok(stage.finish())
    }
}

impl fmt::Display for Trapfield {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for y in 0..self.board.height() {
            let row: String = (0..self.board.width())
                .map(|x| match (x, y) {
                    cell if cell == self.start => 'S',
                    cell if cell == self.goal => 'G',
                    cell if self.board.free(cell) => '.',
                    _ => 'T',
                })
                .collect();
            writeln!(f, "{row}")?;
        }
        Ok(())
    }
}

impl FromStr for Trapfield {
    type Err = Error;
    fn from_str(text: &str) -> Result<Trapfield, Error> {
        let mut ends: [Vec<Cell>; 2] = [Vec::new(), Vec::new()];
        let board = board::read_rows(
            Trapfield::NAME,
            text,
            |c, cell| {
                match c {
                    'S' => ends[0].push(cell),
                    'G' => ends[1].push(cell),
                    'T' => return Some(false),
                    '.' => {}
                    _ => return None,
                }
                Some(true)
            },
            "T S G or .",
        )?;
        match (&ends[0][..], &ends[1][..]) {
            (&[start], &[goal]) => Ok(Trapfield { board, start, goal }),
            (starts, goals) => Err(Error::Text {
                kind: Trapfield::NAME,
                line: 1,
                expected: "one S and one G".to_owned(),
                found: format!("{} and {}", starts.len(), goals.len()),
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
        for (size, density) in [(5, 0.2), (7, 0.3), (11, 0.35), (9, 1.0)] {
            trial::holds::<Trapfield>(&TrapfieldSettings { size, density, ..Default::default() }, 60);
        }
    }

    #[test]
    fn a_step_on_a_trap_or_outside_fails() {
        let field: Trapfield = "S.T\nT.T\n..G\n".parse().unwrap();
        let says = |text: &str| field.accepts(&read_steps(text).unwrap());
        assert!(says("right, down 2, right") && says("right, down 2, left, right 2"));
        assert!(
            !says("right 2, down 2")
                && !says("down 2, right 2")
                && !says("up, right, down 2")
                && !says("right")
        );
    }

    #[test]
    fn holes_and_their_groups() {
        let field: Trapfield = "S.T\n.T.\nTTG\n".parse().unwrap();
        assert_eq!(field.holes(false), Holes { count: 4, groups: 2, largest: 3 });
        assert_eq!(field.holes(true), Holes { count: 4, groups: 1, largest: 4 });
        assert_eq!(field.shortest_ways(), 0);
        let field: Trapfield = "S..\n.T.\n..G\n".parse().unwrap();
        assert_eq!(field.shortest_ways(), 2);
    }

    #[test]
    fn a_field_of_one_cell_is_refused() {
        let settings = TrapfieldSettings { size: 1, ..Default::default() };
        assert!(
            Trapfield::generate(&mut Stream::named(&["x"]), &settings)
                .unwrap_err()
                .to_string()
                .starts_with("size")
        );
    }
}
