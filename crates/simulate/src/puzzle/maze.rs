//! Mazes on a grid of cells: perfect ones carved depth first (VR-Bench's regular maze, Yang et al., 2025; HRM's mazes, Wang et al.,
//! 2025), with loops on request, and open ones with random walls ([`OpenMazeSettings`]).

use std::fmt;
use std::str::FromStr;

use chronotope_world::Picture;

use super::board::{self, Board, Cell};
use super::step::Step;
use super::{Failures, Puzzle, Solution};
use crate::canvas::{BoxPx, Canvas, Film, FilmSettings, Sprite, Stage, palette};
use crate::error::{range, range_f64};
use crate::{Error, Stream};

/// A maze: walls, a start and a goal. As text `#` is a wall, a space free, `S` the start and `G` the goal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Maze {
    /// Free cells; start and goal are among them.
    pub board: Board,
    /// Where the way begins.
    pub start: Cell,
    /// Where it ends.
    pub goal: Cell,
}

/// What a carved maze may be.
#[derive(Clone, Debug, PartialEq)]
pub struct MazeSettings {
    /// Rows and columns, outer walls included; odd, 5 to 255.
    pub size: u16,
    /// Share of the walls between rooms that are opened after the carving, so that there are loops; 0 (a perfect maze, one way only)
    /// to 1.
    pub loops: f64,
    /// Fewest steps from start to goal, 1 to the number of cells; what cannot be met is reported after 200 attempts.
    pub min_steps: u32,
    /// Whether the shortest way must be the only one.
    pub unique: bool,
}

impl Default for MazeSettings {
    fn default() -> MazeSettings {
        MazeSettings { size: 11, loops: 0.0, min_steps: 1, unique: true }
    }
}

impl MazeSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("size", self.size, 5..=board::MAX_SIDE)?;
        if self.size.is_multiple_of(2) {
            return Err(Error::Setting {
                name: "size",
                expected: "an odd number".to_owned(),
                found: self.size.to_string(),
            });
        }
        range_f64("loops", self.loops, 0.0, 1.0)?;
        range("min_steps", self.min_steps, 1..=u32::from(self.size) * u32::from(self.size))
    }
}

impl Maze {
    /// The cell that a step leads to, or none where a wall stands.
    pub fn apply(&self, at: Cell, step: Step) -> Option<Cell> {
        self.board.beside(at, step).filter(|&cell| self.board.free(cell))
    }
}

impl Puzzle for Maze {
    const NAME: &'static str = "maze";
    type Settings = MazeSettings;
    type Answer = Vec<Step>;

    fn generate(stream: &mut Stream, settings: &MazeSettings) -> Result<Maze, Error> {
        const ATTEMPTS: u32 = 200;
        settings.check()?;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            let mut board = carve(stream, settings.size);
            if settings.loops > 0.0 {
                open_walls(stream, &mut board, settings.loops);
            }
            let maze = far_ends(stream, board);
            let steps = maze.board.distances(maze.start)[maze.board.index(maze.goal)];
            if u32::from(steps) < settings.min_steps {
                failures.count("min_steps");
            } else if settings.unique && !maze.solve().is_some_and(|solution| solution.unique) {
                failures.count("unique");
            } else {
                return Ok(maze);
            }
        }
        Err(failures.error("maze"))
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

    /// Counted for 5×5 and 7×7 without loops: carvings by the matrix-tree theorem, times the pairs of ends, which are fewer.
    fn space(settings: &MazeSettings) -> Option<u64> {
        match (settings.size, settings.loops) {
            (5, 0.0) => Some(small_space(2)),
            (7, 0.0) => Some(small_space(3)),
            _ => None,
        }
    }

    fn draw(&self, side_px: u32) -> Picture {
        let look = Look::new(&self.board, side_px);
        let mut canvas = look.ground(self, true);
        let [x, y] = look.center(self.start);
        agent_onto(&mut canvas, x, y, look.cell);
        canvas.into_picture()
    }

    fn film(&self, answer: &Vec<Step>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let look = Look::new(&self.board, settings.side_px);
        let mut stage = Stage::new(look.ground(self, true).into_picture(), settings.fps);
        stage.mark("goal", look.goal_box(self.goal));
        let sprite = stage.sprite(agent_sprite(look.cell));
        let agent = stage.enter("agent", sprite, look.center(self.start));
        stage.hold(settings.hold_pictures().max(1));
        let mut at = self.start;
        for &step in answer {
            let Some(next) = self.apply(at, step) else { break };
            stage.glide(&[(agent, look.center(next))], settings.pictures_per_step());
            at = next;
        }
        stage.hold(settings.hold_pictures());
        Ok(stage.finish())
    }
}

impl fmt::Display for Maze {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for y in 0..self.board.height() {
            let row: String = (0..self.board.width())
                .map(|x| match (x, y) {
                    cell if cell == self.start => 'S',
                    cell if cell == self.goal => 'G',
                    cell if self.board.free(cell) => ' ',
                    _ => '#',
                })
                .collect();
            writeln!(f, "{row}")?;
        }
        Ok(())
    }
}

impl FromStr for Maze {
    type Err = Error;
    fn from_str(text: &str) -> Result<Maze, Error> {
        let mut ends: [Vec<Cell>; 2] = [Vec::new(), Vec::new()];
        let board = board::read_rows(
            Maze::NAME,
            text,
            |c, cell| {
                match c {
                    'S' => ends[0].push(cell),
                    'G' => ends[1].push(cell),
                    '#' => return Some(false),
                    ' ' | '.' => {}
                    _ => return None,
                }
                Some(true)
            },
            "# S G . or a space",
        )?;
        match (&ends[0][..], &ends[1][..]) {
            (&[start], &[goal]) => Ok(Maze { board, start, goal }),
            (starts, goals) => Err(Error::Text {
                kind: Maze::NAME,
                line: 1,
                expected: "one S and one G".to_owned(),
                found: format!("{} and {}", starts.len(), goals.len()),
            }),
        }
    }
}

/// A perfect maze: rooms at odd rows and columns, joined by a walk that goes on where it can and back where it cannot.
fn carve(stream: &mut Stream, size: u16) -> Board {
    let mut board = Board::blocked(size, size);
    let rooms = u64::from(size / 2);
    let first = (2 * stream.below(rooms) as u16 + 1, 2 * stream.below(rooms) as u16 + 1);
    board.set(first, true);
    let mut way = vec![first];
    while let Some(&(x, y)) = way.last() {
        let mut open = [((0, 0), (0, 0)); 4];
        let mut count = 0;
        for step in Step::ALL {
            let (dx, dy) = step.delta();
            let room = (i32::from(x) + 2 * dx, i32::from(y) + 2 * dy);
            let inside = 0..i32::from(size);
            if inside.contains(&room.0) && inside.contains(&room.1) {
                let room = (room.0 as u16, room.1 as u16);
                if !board.free(room) {
                    open[count] = (room, (u16::midpoint(x, room.0), u16::midpoint(y, room.1)));
                    count += 1;
                }
            }
        }
        if count == 0 {
            way.pop();
            continue;
        }
        let (room, wall) = open[stream.index(count)];
        board.set(wall, true);
        board.set(room, true);
        way.push(room);
    }
    board
}

/// Opens this share of the walls that stand between two rooms.
fn open_walls(stream: &mut Stream, board: &mut Board, share: f64) {
    let (width, height) = (board.width(), board.height());
    for (x, y) in board.cells() {
        let inner = x > 0 && y > 0 && x + 1 < width && y + 1 < height;
        if inner && (x + y) % 2 == 1 && !board.free((x, y)) && stream.chance(share) {
            board.set((x, y), true);
        }
    }
}

/// Puts the goal as far as can be from a random room, and the start at three quarters of the greatest distance from it or more.
fn far_ends(stream: &mut Stream, board: Board) -> Maze {
    let rooms = u64::from(board.width() / 2);
    let seed = (2 * stream.below(rooms) as u16 + 1, 2 * stream.below(rooms) as u16 + 1);
    let room = |&(x, y): &Cell| x % 2 == 1 && y % 2 == 1;
    let from_seed = board.distances(seed);
    let far = |steps: &[u16], cell: Cell| Some(steps[board.index(cell)]).filter(|&n| n != u16::MAX);
    let goal = board.cells().filter(room).max_by_key(|&cell| far(&from_seed, cell)).unwrap_or(seed);
    let from_goal = board.distances(goal);
    let most = board.cells().filter(room).filter_map(|cell| far(&from_goal, cell)).max().unwrap_or(0);
    let starts: Vec<Cell> = board
        .cells()
        .filter(room)
        .filter(|&cell| {
            far(&from_goal, cell).is_some_and(|n| u32::from(n) * 4 >= u32::from(most) * 3 && n > 0)
        })
        .collect();
    let start = stream.choose(&starts).copied().unwrap_or(seed);
    Maze { board, start, goal }
}

/// All mazes of so many rooms a side: every tree that joins the rooms, every pair of ends that [`far_ends`] can choose.
fn small_space(rooms: u16) -> u64 {
    let size = 2 * rooms + 1;
    let walls: Vec<Cell> = Board::blocked(size, size)
        .cells()
        .filter(|&(x, y)| x > 0 && y > 0 && x + 1 < size && y + 1 < size && (x + y) % 2 == 1)
        .collect();
    let all = u32::from(rooms) * u32::from(rooms);
    let room = |&(x, y): &Cell| x % 2 == 1 && y % 2 == 1;
    let mut count = 0;
    for chosen in 0u32..1 << walls.len() {
        if chosen.count_ones() + 1 != all {
            continue;
        }
        let mut board = Board::blocked(size, size);
        let cells: Vec<Cell> = board.cells().filter(room).collect();
        for &cell in &cells {
            board.set(cell, true);
        }
        for (at, &wall) in walls.iter().enumerate() {
            board.set(wall, chosen >> at & 1 == 1);
        }
        let reach = |from: Cell| -> Vec<(Cell, u16)> {
            let steps = board.distances(from);
            cells.iter().map(|&cell| (cell, steps[board.index(cell)])).collect()
        };
        if reach((1, 1)).iter().any(|&(_, n)| n == u16::MAX) {
            continue;
        }
        let mut goals: Vec<Cell> = cells
            .iter()
            .filter_map(|&seed| reach(seed).into_iter().max_by_key(|&(_, n)| n).map(|(cell, _)| cell))
            .collect();
        goals.sort_unstable();
        goals.dedup();
        for goal in goals {
            let steps = reach(goal);
            let most = steps.iter().map(|&(_, n)| n).max().unwrap_or(0);
            count += steps.iter().filter(|&&(_, n)| u32::from(n) * 4 >= u32::from(most) * 3 && n > 0).count()
                as u64;
        }
    }
    count
}

/// How a board of cells is laid out in a picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Side of a cell.
    pub(super) cell: f32,
    columns: u16,
    rows: u16,
}

impl Look {
    /// Cells of whole pixels; the picture is as wide and high as they need.
    pub(super) fn new(board: &Board, side_px: u32) -> Look {
        Look::of(board.width(), board.height(), side_px)
    }

    /// As [`Look::new`], by columns and rows.
    pub(super) fn of(columns: u16, rows: u16, side_px: u32) -> Look {
        let side = side_px.clamp(crate::canvas::MIN_SIDE_PX, crate::canvas::MAX_SIDE_PX);
        Look { cell: (side / u32::from(columns.max(rows).max(1))).max(1) as f32, columns, rows }
    }

    /// Middle of a cell.
    pub(super) fn center(&self, (x, y): Cell) -> [f32; 2] {
        [(f32::from(x) + 0.5) * self.cell, (f32::from(y) + 0.5) * self.cell]
    }

    /// A sheet of one colour.
    pub(super) fn sheet(&self, color: crate::canvas::Color) -> Canvas {
        Canvas::new(
            u32::from(self.columns) * self.cell as u32,
            u32::from(self.rows) * self.cell as u32,
            color,
        )
    }

    /// The box of what marks a goal.
    pub(super) fn goal_box(&self, cell: Cell) -> BoxPx {
        let [x, y] = self.center(cell);
        let side = self.cell * 0.76;
        BoxPx { left: x - side / 2.0, top: y - side / 2.0, width: side, height: side }
    }

    /// Walls, floor and goal.
    fn ground(&self, maze: &Maze, goal: bool) -> Canvas {
        let mut canvas = self.sheet(palette::INK);
        let c = self.cell;
        for cell in maze.board.cells().filter(|&cell| maze.board.free(cell)) {
            canvas.rect(f32::from(cell.0) * c, f32::from(cell.1) * c, c, c, palette::PAPER);
        }
        // walls throw a little shade on the floor below them
        for (x, y) in maze.board.cells().filter(|&cell| maze.board.free(cell)) {
            if y > 0 && !maze.board.free((x, y - 1)) {
                canvas.rect(f32::from(x) * c, f32::from(y) * c, c, (c * 0.12).floor(), palette::INK.fade(46));
            }
        }
        if goal {
            let [x, y] = self.center(maze.goal);
            goal_onto(&mut canvas, x, y, c);
        }
        canvas
    }
}

/// A goal: a green plate with a star.
pub(super) fn goal_onto(canvas: &mut Canvas, x: f32, y: f32, cell: f32) {
    let side = cell * 0.76;
    canvas.round_rect(x - side / 2.0, y - side / 2.0, side, side, side * 0.24, palette::GREEN);
    canvas.star(x, y + side * 0.03, side * 0.36, palette::WHITE);
}

/// An agent: a red disc with a light rim.
pub(super) fn agent_onto(canvas: &mut Canvas, x: f32, y: f32, cell: f32) {
    let radius = cell * 0.36;
    canvas.disc(x, y, radius, palette::RED);
    canvas.ring(x, y, radius, (cell * 0.05).max(0.8), palette::RED.darker(90));
    canvas.disc(x - radius * 0.3, y - radius * 0.34, radius * 0.22, palette::WHITE.fade(150));
}

/// The agent alone.
pub(super) fn agent_sprite(cell: f32) -> Sprite {
    let side = (cell * 0.8).ceil().max(2.0);
    let mut canvas = Canvas::clear(side as u32, side as u32);
    agent_onto(&mut canvas, side / 2.0, side / 2.0, cell);
    canvas.into_sprite()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::{read_steps, trial};

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (size, loops) in [(5, 0.0), (15, 0.0), (21, 0.3)] {
            let settings = MazeSettings { size, loops, unique: loops == 0.0, ..MazeSettings::default() };
            trial::holds::<Maze>(&settings, 60);
        }
    }

    #[test]
    fn rules_of_the_verifier() {
        let maze: Maze = "#####\n#S  #\n### #\n#G  #\n#####\n".parse().unwrap();
        let says = |text: &str| maze.accepts(&read_steps(text).unwrap());
        assert!(says("right 2, down 2, left 2") && says("right, left, right 2, down 2, left 2"));
        assert!(!says("down 2") && !says("right 2, down 2, left") && !says("up, down") && !says(""));
        assert_eq!(maze.solve().map(|s| (s.cost, s.unique)), Some((6, true)));
        trial::refuses(&maze, &[vec![Step::Right], vec![Step::Left; 3]]);
    }

    #[test]
    fn the_picture_is_the_same_bytes_everywhere() {
        let maze: Maze = "#####\n#S  #\n### #\n#G  #\n#####\n".parse().unwrap();
        assert_eq!(trial::fingerprint(&maze.draw(100).rgb), 8077196203969143016);
    }

    #[test]
    fn a_perfect_maze_is_a_tree() {
        let maze =
            Maze::generate(&mut Stream::named(&["tree"]), &MazeSettings { size: 31, ..Default::default() })
                .unwrap();
        let free = maze.board.cells().filter(|&cell| maze.board.free(cell)).count();
        // rooms and the doors between them: one door less than rooms
        assert_eq!(free, 15 * 15 * 2 - 1);
        assert!(maze.board.cells().all(|cell| !maze.board.free(cell)
            || maze.board.distances(maze.start)[maze.board.index(cell)] < u16::MAX));
    }

    #[test]
    fn the_stated_space_is_all_that_is_ever_made() {
        let settings = MazeSettings { size: 5, ..MazeSettings::default() };
        let mut seen = std::collections::BTreeSet::new();
        for index in 0..3000 {
            let mut stream = Stream::of_item("maze/1", "test", 7, index);
            seen.insert(Maze::generate(&mut stream, &settings).unwrap().to_string());
        }
        assert_eq!(Some(seen.len() as u64), Maze::space(&settings));
    }

    #[test]
    fn impossible_knobs_are_refused_by_name() {
        for (settings, name) in [
            (MazeSettings { size: 0, ..Default::default() }, "size"),
            (MazeSettings { size: 8, ..Default::default() }, "size"),
            (MazeSettings { loops: f64::NAN, ..Default::default() }, "loops"),
            (MazeSettings { min_steps: 0, ..Default::default() }, "min_steps"),
        ] {
            let error = Maze::generate(&mut Stream::named(&["x"]), &settings).unwrap_err();
            assert!(matches!(error, Error::Setting { name: found, .. } if found == name), "{error}");
        }
        let far = MazeSettings { size: 5, min_steps: 20, ..Default::default() };
        let error = Maze::generate(&mut Stream::named(&["x"]), &far).unwrap_err();
        assert_eq!(error.to_string(), "maze: none found in 200 attempts; most failed by: min_steps");
    }
}
