//! A maze in space, drawn from a corner: walks of two cells along −x or −y and ladders of three cells upwards, with branches that end
//! blindly (VR-Bench's 3D maze, Yang et al., 2025).
//!
//! Cells are kept so that no cube hides another one's top: what can be walked can be seen.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::str::FromStr;

use chronotope_world::Picture;

use super::{Failures, Puzzle, Solution};
use crate::canvas::{
    BoxPx, Canvas, Color, Film, FilmSettings, MAX_SIDE_PX, MIN_SIDE_PX, Sprite, Stage, palette,
};
use crate::error::range;
use crate::{Error, Stream};

/// A place in space: x, y, z, whole cells, z up.
pub type Place = [i8; 3];

/// A move between two places that are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpaceMove {
    /// Two cells along −y: up and to the left in the picture.
    ForwardLeft,
    /// Two cells along −x: up and to the right in the picture.
    ForwardRight,
    /// Two cells along +y.
    BackwardRight,
    /// Two cells along +x.
    BackwardLeft,
    /// Three cells up a ladder.
    Up,
    /// Three cells down a ladder.
    Down,
}

impl SpaceMove {
    /// All six.
    pub const ALL: [SpaceMove; 6] = [
        SpaceMove::ForwardLeft,
        SpaceMove::ForwardRight,
        SpaceMove::BackwardRight,
        SpaceMove::BackwardLeft,
        SpaceMove::Up,
        SpaceMove::Down,
    ];

    /// How x, y and z change.
    pub fn delta(self) -> Place {
        match self {
            SpaceMove::ForwardLeft => [0, -2, 0],
            SpaceMove::ForwardRight => [-2, 0, 0],
            SpaceMove::BackwardRight => [0, 2, 0],
            SpaceMove::BackwardLeft => [2, 0, 0],
            SpaceMove::Up => [0, 0, 3],
            SpaceMove::Down => [0, 0, -3],
        }
    }

    fn name(self) -> &'static str {
        ["forward_left", "forward_right", "backward_right", "backward_left", "up", "down"][self as usize]
    }
}

/// A maze in space. As text: `start x y z`, `goal x y z`, and a line `way x y z x y z` for each walk and ladder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SpaceMaze {
    /// Where the way begins.
    pub start: Place,
    /// Where it ends.
    pub goal: Place,
    /// Walks and ladders, each from its lesser end, in order.
    ways: BTreeSet<(Place, Place)>,
}

/// What a maze may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpaceMazeSettings {
    /// Cells along x and y; 6 to 16.
    pub side: u8,
    /// Cells upwards; 4 to 16.
    pub height: u8,
    /// Fewest walks and ladders from start to goal; 2 to 12.
    pub min_segments: u8,
    /// Most; `min_segments` to 12. A way that finds no more room ends earlier.
    pub max_segments: u8,
    /// Branches that end blindly; 0 to 6.
    pub branches: u8,
}

impl Default for SpaceMazeSettings {
    fn default() -> SpaceMazeSettings {
        SpaceMazeSettings { side: 8, height: 7, min_segments: 5, max_segments: 7, branches: 3 }
    }
}

impl SpaceMazeSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("side", self.side, 6..=16)?;
        range("height", self.height, 4..=16)?;
        range("min_segments", self.min_segments, 2..=12)?;
        range("max_segments", self.max_segments, self.min_segments..=12)?;
        range("branches", self.branches, 0..=6)
    }
}

fn moved([x, y, z]: Place, step: SpaceMove) -> Place {
    let [dx, dy, dz] = step.delta();
    [x + dx, y + dy, z + dz]
}

fn ordered(a: Place, b: Place) -> (Place, Place) {
    (a.min(b), a.max(b))
}

/// Where a cell stands in the picture, in half cells: right and down.
fn seen_at([x, y, z]: Place) -> (i32, i32) {
    let [x, y, z] = [x, y, z].map(i32::from);
    (y - x, x + y - 2 * z)
}

impl SpaceMaze {
    /// The place that a move leads to; none where no walk or ladder goes.
    pub fn apply(&self, at: Place, step: SpaceMove) -> Option<Place> {
        let next = moved(at, step);
        self.ways.contains(&ordered(at, next)).then_some(next)
    }

    /// Cells of all walks and at both ends of ladders.
    fn cells(&self) -> BTreeSet<Place> {
        let mut cells = BTreeSet::from([self.start, self.goal]);
        for &(a, b) in &self.ways {
            cells.extend([a, b]);
            if a[2] == b[2] {
                cells.insert([i8::midpoint(a[0], b[0]), i8::midpoint(a[1], b[1]), a[2]]);
            }
        }
        cells
    }

    fn ladders(&self) -> impl Iterator<Item = (Place, Place)> {
        self.ways.iter().copied().filter(|(a, b)| a[2] != b[2])
    }
}

/// Whether one of two cubes hides a part of the other's top: the nearer one's outline is a hexagon that reaches from one half cell
/// above its top's middle to three below.
fn hides(a: Place, b: Place) -> bool {
    let depth = |place: Place| place.iter().map(|&c| i32::from(c)).sum::<i32>();
    let (back, front) = if depth(a) < depth(b) { (a, b) } else { (b, a) };
    let ((bx, by), (fx, fy)) = (seen_at(back), seen_at(front));
    match (fx - bx).abs() {
        _ if depth(a) == depth(b) => a == b,
        0 => (-3..=1).contains(&(fy - by)),
        1 => (-2..=0).contains(&(fy - by)),
        _ => false,
    }
}

/// Cells that a segment adds to those that stand, or none where they would hide a top or have theirs hidden.
fn added(cells: &BTreeSet<Place>, from: Place, step: SpaceMove) -> Option<Vec<Place>> {
    let to = moved(from, step);
    let new = if step.delta()[2] == 0 {
        vec![[i8::midpoint(from[0], to[0]), i8::midpoint(from[1], to[1]), from[2]], to]
    } else {
        vec![to]
    };
    let clear = new.iter().all(|&cell| {
        cells.iter().all(|&other| {
            let touches =
                (0..3).map(|axis| cell[axis].abs_diff(other[axis])).sum::<u8>() == 1 && other != from;
            !hides(cell, other) && !touches
        })
    });
    clear.then_some(new)
}

struct Scene {
    unit: f32,
    left: f32,
    top: f32,
    side: f32,
}

impl Scene {
    fn new(maze: &SpaceMaze, side_px: u32) -> Scene {
        let side = side_px.clamp(MIN_SIDE_PX, MAX_SIDE_PX) as f32;
        let seen: Vec<(i32, i32)> = maze.cells().into_iter().map(seen_at).collect();
        let least = |values: &mut dyn Iterator<Item = i32>| values.min().unwrap_or(0) as f32;
        let (x0, x1) = (least(&mut seen.iter().map(|s| s.0)), -least(&mut seen.iter().map(|s| -s.0)));
        let (y0, y1) = (least(&mut seen.iter().map(|s| s.1)), -least(&mut seen.iter().map(|s| -s.1)));
        // a cell is 2 half cells wide; the picture's half cell is 0.866 wide and 0.5 high
        let unit = (side * 0.9 / ((x1 - x0 + 2.0) * 0.866)).min(side * 0.9 / ((y1 - y0 + 5.0) * 0.5));
        let left = side / 2.0 - f32::midpoint(x0, x1) * 0.866 * unit;
        let top = side / 2.0 - (y0 + y1 + 1.0) / 2.0 * 0.5 * unit;
        Scene { unit, left, top, side }
    }

    /// Middle of a cell's top face.
    fn top_of(&self, place: Place) -> [f32; 2] {
        let (x, y) = seen_at(place);
        [self.left + x as f32 * 0.866 * self.unit, self.top + y as f32 * 0.5 * self.unit]
    }

    fn cube(&self, canvas: &mut Canvas, place: Place, color: Color) {
        let [x, y] = self.top_of(place);
        let (a, b, h) = (0.866 * self.unit, 0.5 * self.unit, self.unit);
        canvas.polygon(&[[x - a, y], [x, y + b], [x, y + b + h], [x - a, y + h]], color.darker(90));
        canvas.polygon(&[[x + a, y], [x, y + b], [x, y + b + h], [x + a, y + h]], color.darker(45));
        canvas.polygon(&[[x, y - b], [x + a, y], [x, y + b], [x - a, y]], color);
        let line = (self.unit * 0.03).max(0.7);
        canvas.polygon_frame(&[[x, y - b], [x + a, y], [x, y + b], [x - a, y]], line, color.darker(70));
    }

    fn ladder(&self, canvas: &mut Canvas, low: Place, high: Place) {
        let (a, b) = (self.top_of(low), self.top_of(high));
        let (half, line) = (self.unit * 0.3, (self.unit * 0.1).max(1.0));
        // it leans at the left front face of the upper cube's column
        let (top, bottom) = (b[1] + self.unit * 0.5, a[1]);
        for x in [a[0] - half, a[0] + half] {
            canvas.line(&[[x, top], [x, bottom]], line, palette::BROWN.darker(40));
        }
        for rung in 1..8u8 {
            let y = top + (bottom - top) * f32::from(rung) / 8.0;
            canvas.line(&[[a[0] - half, y], [a[0] + half, y]], line * 0.8, palette::BROWN);
        }
    }

    fn ground(&self, maze: &SpaceMaze) -> Canvas {
        let mut canvas = Canvas::new(self.side as u32, self.side as u32, palette::PAPER);
        // from the back to the front, ladders before the cubes at their tops
        let mut order: Vec<(i32, u8, Place, Place)> = Vec::new();
        let depth = |place: Place| place.iter().map(|&c| i32::from(c)).sum::<i32>();
        order.extend(maze.cells().into_iter().map(|cell| (depth(cell), 0, cell, cell)));
        order.extend(maze.ladders().map(|(low, high)| (depth(high), 1, low, high)));
        order.sort_unstable();
        for (_, kind, low, high) in order {
            if kind == 1 {
                self.ladder(&mut canvas, low, high);
                continue;
            }
            let shade = (i32::from(low[2]) * 16).clamp(0, 120) as u32;
            self.cube(
                &mut canvas,
                low,
                if low == maze.goal { palette::GREEN } else { palette::CYAN.lighter(60 + shade) },
            );
        }
        let [x, y] = self.top_of(maze.goal);
        canvas.star(x, y - self.unit * 0.02, self.unit * 0.36, palette::WHITE);
        canvas
    }

    fn agent(&self) -> Sprite {
        let side = (self.unit * 0.8).ceil().max(2.0);
        let mut canvas = Canvas::clear(side as u32, side as u32);
        canvas.disc(side / 2.0, side / 2.0, side * 0.46, palette::RED.darker(90));
        canvas.disc(side / 2.0, side / 2.0, side * 0.4, palette::RED);
        canvas.disc(side * 0.38, side * 0.36, side * 0.09, palette::WHITE.fade(160));
        canvas.into_sprite()
    }

    /// Where the agent's middle is when it stands on a cell.
    fn stand(&self, place: Place) -> [f32; 2] {
        let [x, y] = self.top_of(place);
        [x, y - self.unit * 0.28]
    }
}

impl Puzzle for SpaceMaze {
    const NAME: &'static str = "space-maze";
    type Settings = SpaceMazeSettings;
    type Answer = Vec<SpaceMove>;

    fn generate(stream: &mut Stream, settings: &SpaceMazeSettings) -> Result<SpaceMaze, Error> {
        const ATTEMPTS: u32 = 500;
        settings.check()?;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            match build(stream, settings) {
                Ok(maze) => return Ok(maze),
                Err(reason) => failures.count(reason),
            }
        }
        Err(failures.error("space maze"))
    }

    fn solve(&self) -> Option<Solution<Vec<SpaceMove>>> {
        let mut known: BTreeMap<Place, (u32, u32, Option<SpaceMove>)> =
            BTreeMap::from([(self.start, (0, 1, None))]);
        let mut queue = VecDeque::from([self.start]);
        while let Some(at) = queue.pop_front() {
            let (steps, ways, _) = known.get(&at).copied()?;
            for step in SpaceMove::ALL {
                let Some(next) = self.apply(at, step) else { continue };
                match known.get_mut(&next) {
                    None => {
                        known.insert(next, (steps + 1, ways, Some(step)));
                        queue.push_back(next);
                    }
                    Some(other) if other.0 == steps + 1 => other.1 = other.1.saturating_add(ways),
                    Some(_) => {}
                }
            }
        }
        let &(cost, ways, _) = known.get(&self.goal)?;
        let (mut answer, mut at) = (Vec::new(), self.goal);
        while let Some(&(_, _, Some(step))) = known.get(&at) {
            answer.push(step);
            let [dx, dy, dz] = step.delta();
            at = [at[0] - dx, at[1] - dy, at[2] - dz];
        }
        answer.reverse();
        Some(Solution { answer, unique: ways == 1, cost })
    }

    fn accepts(&self, answer: &Vec<SpaceMove>) -> bool {
        let text = self.to_string();
        let ways: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("way ")).collect();
        let write = |at: [i32; 3]| format!("{} {} {}", at[0], at[1], at[2]);
        let mut at = self.start.map(i32::from);
        for step in answer {
            let mut next = at;
            match step {
                SpaceMove::ForwardLeft => next[1] -= 2,
                SpaceMove::BackwardRight => next[1] += 2,
                SpaceMove::ForwardRight => next[0] -= 2,
                SpaceMove::BackwardLeft => next[0] += 2,
                SpaceMove::Up => next[2] += 3,
                SpaceMove::Down => next[2] -= 3,
            }
            let there = format!("{} {}", write(at), write(next));
            let back = format!("{} {}", write(next), write(at));
            if !ways.contains(there.as_str()) && !ways.contains(back.as_str()) {
                return false;
            }
            at = next;
        }
        at == self.goal.map(i32::from)
    }

    fn draw(&self, side_px: u32) -> Picture {
        let scene = Scene::new(self, side_px);
        let mut canvas = scene.ground(self);
        let [x, y] = scene.stand(self.start);
        let sprite = scene.agent();
        let [w, h] = sprite.size_px();
        canvas.sprite(&sprite, x - w as f32 / 2.0, y - h as f32 / 2.0);
        canvas.into_picture()
    }

    fn film(&self, answer: &Vec<SpaceMove>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let scene = Scene::new(self, settings.side_px);
        let mut stage = Stage::new(scene.ground(self).into_picture(), settings.fps);
        let [x, y] = scene.top_of(self.goal);
        let side = scene.unit;
        stage.mark(
            "goal",
            BoxPx { left: x - side * 0.866, top: y - side * 0.5, width: side * 1.732, height: side },
        );
        let sprite = stage.sprite(scene.agent());
        let agent = stage.enter("agent", sprite, scene.stand(self.start));
        stage.hold(settings.hold_pictures().max(1));
        let mut at = self.start;
        for &step in answer {
            let Some(next) = self.apply(at, step) else { break };
            stage.glide(&[(agent, scene.stand(next))], 2 * settings.pictures_per_step());
            at = next;
        }
        stage.hold(settings.hold_pictures());
        Ok(stage.finish())
    }
}

fn build(stream: &mut Stream, settings: &SpaceMazeSettings) -> Result<SpaceMaze, &'static str> {
    let (side, height) = (settings.side as i8, settings.height as i8);
    let inside =
        |[x, y, z]: Place| (0..side).contains(&x) && (0..side).contains(&y) && (0..height).contains(&z);
    // the way climbs from the nearest corner of the ground
    let start = [side - 1 - stream.below(2) as i8, side - 1 - stream.below(2) as i8, 0];
    let (mut cells, mut ways) = (BTreeSet::from([start]), BTreeSet::new());
    let (mut at, mut path) = (start, vec![start]);
    let segments = stream.between(settings.min_segments.into(), settings.max_segments.into());
    let mut climbed = false;
    for _ in 0..segments {
        let ahead = [SpaceMove::ForwardLeft, SpaceMove::ForwardRight, SpaceMove::Up];
        let open: Vec<SpaceMove> = ahead
            .into_iter()
            .filter(|&step| inside(moved(at, step)) && !(climbed && step == SpaceMove::Up))
            .filter(|&step| added(&cells, at, step).is_some())
            .collect();
        let Some(&step) = stream.choose(&open) else { break };
        climbed = step == SpaceMove::Up;
        cells.extend(added(&cells, at, step).unwrap_or_default());
        let next = moved(at, step);
        ways.insert(ordered(at, next));
        path.push(next);
        at = next;
    }
    let goal = at;
    if ways.len() < usize::from(settings.min_segments) {
        return Err("min_segments: no room");
    }
    if !ways.iter().any(|(a, b)| a[2] != b[2]) {
        return Err("no ladder");
    }
    for _ in 0..settings.branches {
        let mut grown = false;
        for _ in 0..40 {
            let mut at = *stream.choose(&path[..path.len() - 1]).unwrap_or(&start);
            let length = 1 + stream.index(2);
            let (mut more, mut new_ways) = (cells.clone(), Vec::new());
            for _ in 0..length {
                let step = SpaceMove::ALL[stream.index(6)];
                let next = moved(at, step);
                let Some(new) = added(&more, at, step).filter(|_| inside(next)) else { break };
                more.extend(new);
                new_ways.push(ordered(at, next));
                at = next;
            }
            if new_ways.len() == length {
                cells = more;
                ways.extend(new_ways);
                grown = true;
                break;
            }
        }
        if !grown {
            return Err("branches: no room");
        }
    }
    Ok(SpaceMaze { start, goal, ways })
}

impl fmt::Display for SpaceMove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SpaceMove {
    type Err = Error;
    fn from_str(text: &str) -> Result<SpaceMove, Error> {
        SpaceMove::ALL.into_iter().find(|step| step.name() == text.trim()).ok_or_else(|| Error::Text {
            kind: "space move",
            line: 1,
            expected: SpaceMove::ALL.map(SpaceMove::name).join(", "),
            found: format!("{text:?}"),
        })
    }
}

impl fmt::Display for SpaceMaze {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = [self.start, self.goal];
        writeln!(f, "start {} {} {}\ngoal {} {} {}", a[0], a[1], a[2], b[0], b[1], b[2])?;
        for (a, b) in &self.ways {
            writeln!(f, "way {} {} {} {} {} {}", a[0], a[1], a[2], b[0], b[1], b[2])?;
        }
        Ok(())
    }
}

impl FromStr for SpaceMaze {
    type Err = Error;
    fn from_str(text: &str) -> Result<SpaceMaze, Error> {
        let wrong = |line: usize, found: &str| Error::Text {
            kind: SpaceMaze::NAME,
            line,
            expected: "start and goal with x y z (0 to 30), then ways with two places joined by a move"
                .to_owned(),
            found: format!("{found:?}"),
        };
        let (mut start, mut goal, mut ways) = (None, None, BTreeSet::new());
        for (line, row) in (1..=1000).zip(text.trim().lines()) {
            let (word, numbers) = row.split_once(' ').ok_or_else(|| wrong(line, row))?;
            let numbers: Option<Vec<i8>> = numbers
                .split_whitespace()
                .map(|word| word.parse().ok().filter(|n| (0..=30).contains(n)))
                .collect();
            match (word, numbers.unwrap_or_default().as_slice()) {
                ("start", &[x, y, z]) => start = Some([x, y, z]),
                ("goal", &[x, y, z]) => goal = Some([x, y, z]),
                ("way", &[a, b, c, d, e, f])
                    if SpaceMove::ALL.iter().any(|&step| moved([a, b, c], step) == [d, e, f]) =>
                {
                    ways.insert(ordered([a, b, c], [d, e, f]));
                }
                _ => return Err(wrong(line, row)),
            }
        }
        match (start, goal) {
            (Some(start), Some(goal)) => Ok(SpaceMaze { start, goal, ways }),
            _ => Err(wrong(1, "no start or no goal")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (side, height, branches) in [(6, 5, 3), (8, 7, 3), (10, 9, 4)] {
            trial::holds::<SpaceMaze>(
                &SpaceMazeSettings { side, height, branches, ..Default::default() },
                40,
            );
        }
    }

    #[test]
    fn there_is_one_way_and_others_are_refused() {
        for index in 0..50 {
            let mut stream = Stream::of_item("space-maze", "test", 1, index);
            let maze = SpaceMaze::generate(&mut stream, &SpaceMazeSettings::default()).unwrap();
            let solution = maze.solve().unwrap();
            assert!(solution.unique && (5..=7).contains(&solution.cost));
            let mut wrong = solution.answer.clone();
            wrong.swap_remove(0);
            let mut far = solution.answer.clone();
            far.push(SpaceMove::ForwardLeft);
            trial::refuses(&maze, &[wrong, far, Vec::new()]);
        }
    }
}
