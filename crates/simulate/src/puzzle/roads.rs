//! Roads between places: a crooked maze whose nodes lie at random and whose roads bend but never cross (VR-Bench's irregular maze,
//! `pathfinder`, Yang et al., 2025).
//!
//! Nodes keep a distance from each other; candidate roads are the pairs of nodes whose circle holds no third one (Gabriel and Sokal,
//! 1969), which never cross as straight lines; a tree of them is kept, with some more for loops; each is bent where it stays apart from
//! the others. Places are whole numbers, a thousandth of the picture's side.

use std::fmt;
use std::str::FromStr;

use chronotope_world::Picture;

use super::{Failures, Puzzle, Solution};
use crate::canvas::{BoxPx, Canvas, Film, FilmSettings, MAX_SIDE_PX, MIN_SIDE_PX, Sprite, Stage, palette};
use crate::error::{range, range_f64};
use crate::{Error, Stream};

/// Straight pieces that a road is measured and drawn by.
const PIECES: usize = 16;

/// A road: its two nodes and the handle of its bend (a quadratic curve).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Road {
    /// Node that it begins at, the lesser one.
    pub from: u8,
    /// Node that it ends at.
    pub to: u8,
    /// The curve's middle handle, in thousandths.
    pub handle: [i32; 2],
}

/// Nodes and roads. As text: `node x y` lines (named A, B, … by their order), `road A B x y` with the handle, `start A`, `goal B`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roads {
    /// Nodes, in thousandths of the side.
    pub nodes: Vec<[i32; 2]>,
    /// Roads.
    pub roads: Vec<Road>,
    /// Where the way begins.
    pub start: u8,
    /// Where it ends.
    pub goal: u8,
    /// Width of a road, in thousandths.
    pub width: i32,
}

/// What roads may be.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadsSettings {
    /// Least distance between nodes, as a share of the side; 0.12 to 0.4.
    pub spacing: f64,
    /// Width of a road, as a share of the side; 0.01 to a third of `spacing`.
    pub road_width: f64,
    /// Share of further roads that make loops; 0 to 1.
    pub connectivity: f64,
    /// Fewest nodes on the shortest way, both ends included; 2 to 12.
    pub min_nodes: u8,
}

impl Default for RoadsSettings {
    fn default() -> RoadsSettings {
        RoadsSettings { spacing: 0.2, road_width: 0.05, connectivity: 0.2, min_nodes: 5 }
    }
}

impl RoadsSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range_f64("spacing", self.spacing, 0.12, 0.4)?;
        range_f64("road_width", self.road_width, 0.01, self.spacing / 3.0)?;
        range_f64("connectivity", self.connectivity, 0.0, 1.0)?;
        range("min_nodes", self.min_nodes, 2..=12)
    }
}

impl Roads {
    /// A node's name: A to Z, then a to z.
    pub fn name(node: u8) -> char {
        char::from(if node < 26 { b'A' + node } else { b'a' + (node - 26) % 26 })
    }

    /// The road between two nodes.
    pub fn road(&self, a: u8, b: u8) -> Option<&Road> {
        self.roads.iter().find(|road| (road.from, road.to) == (a.min(b), a.max(b)))
    }

    /// Points along a road from one of its nodes to the other, in thousandths.
    pub fn points(&self, from: u8, to: u8) -> Vec<[f64; 2]> {
        let (Some(road), Some(&a), Some(&b)) =
            (self.road(from, to), self.nodes.get(usize::from(from)), self.nodes.get(usize::from(to)))
        else {
            return Vec::new();
        };
        curve(a, road.handle, b)
    }

    /// Length of a road in thousandths of the side; none where there is none.
    pub fn length(&self, a: u8, b: u8) -> Option<f64> {
        let points = self.points(a, b);
        (!points.is_empty()).then(|| points.windows(2).map(|pair| apart(pair[0], pair[1])).sum())
    }

    fn lengths(&self) -> Vec<Vec<(u8, f64)>> {
        let mut beside = vec![Vec::new(); self.nodes.len()];
        for road in &self.roads {
            let length = self.length(road.from, road.to).unwrap_or(f64::INFINITY);
            for (a, b) in [(road.from, road.to), (road.to, road.from)] {
                if let Some(list) = beside.get_mut(usize::from(a)) {
                    list.push((b, length));
                }
            }
        }
        beside
    }

    /// The shortest way that leaves out one road, if one is named.
    fn shortest(&self, without: Option<(u8, u8)>) -> Option<(Vec<u8>, f64)> {
        let beside = self.lengths();
        let count = self.nodes.len();
        let mut far = vec![(f64::INFINITY, u8::MAX); count];
        let mut done = vec![false; count];
        far.get_mut(usize::from(self.start))?.0 = 0.0;
        for _ in 0..count {
            let next = (0..count)
                .filter(|&at| !done[at] && far[at].0.is_finite())
                .min_by(|&a, &b| far[a].0.total_cmp(&far[b].0));
            let Some(at) = next else { break };
            done[at] = true;
            for &(to, length) in &beside[at] {
                let closed = without
                    .is_some_and(|(a, b)| (a.min(b), a.max(b)) == ((at as u8).min(to), (at as u8).max(to)));
                let sum = far[at].0 + length;
                if !closed && sum < far[usize::from(to)].0 {
                    far[usize::from(to)] = (sum, at as u8);
                }
            }
        }
        let length = far.get(usize::from(self.goal)).map(|end| end.0).filter(|length| length.is_finite())?;
        let mut way = vec![self.goal];
        while let Some(&(_, before)) =
            way.last().and_then(|&last| far.get(usize::from(last))).filter(|node| node.1 != u8::MAX)
        {
            way.push(before);
        }
        way.reverse();
        Some((way, length))
    }

    /// By how much the second best way is longer than the best, as a share of it; infinite where there is no other.
    pub fn margin(&self) -> f64 {
        let Some((way, best)) = self.shortest(None) else { return 0.0 };
        let others = way.windows(2).filter_map(|pair| self.shortest(Some((pair[0], pair[1]))));
        others.map(|(_, length)| length / best - 1.0).fold(f64::INFINITY, f64::min)
    }

    fn ground(&self, side: f32) -> Canvas {
        let mut canvas = Canvas::new(side as u32, side as u32, palette::GREEN.lighter(170));
        let scale = side / 1000.0;
        let width = self.width as f32 * scale;
        let lines: Vec<Vec<[f32; 2]>> = self
            .roads
            .iter()
            .map(|road| self.points(road.from, road.to).iter().map(|p| p.map(|c| c as f32 * scale)).collect())
            .collect();
        let dots: Vec<[f32; 2]> = self.nodes.iter().map(|node| node.map(|c| c as f32 * scale)).collect();
        for (grow, color) in [(1.22, palette::GREY), (1.0, palette::WHITE)] {
            for line in &lines {
                canvas.line(line, width * grow, color);
            }
            for dot in &dots {
                canvas.disc(dot[0], dot[1], width * 0.5 * (grow + 0.22), color);
            }
        }
        if let Some(&[x, y]) = dots.get(usize::from(self.goal)) {
            super::maze::goal_onto(&mut canvas, x, y, width * 1.15);
        }
        canvas
    }

    fn agent(&self, side: f32) -> Sprite {
        super::maze::agent_sprite(self.width as f32 * side / 1000.0 * 1.1)
    }
}

fn curve(a: [i32; 2], handle: [i32; 2], b: [i32; 2]) -> Vec<[f64; 2]> {
    (0..=PIECES)
        .map(|at| {
            let t = at as f64 / PIECES as f64;
            let part = |axis: usize| {
                let (p, q, r) = (f64::from(a[axis]), f64::from(handle[axis]), f64::from(b[axis]));
                (1.0 - t) * (1.0 - t) * p + 2.0 * t * (1.0 - t) * q + t * t * r
            };
            [part(0), part(1)]
        })
        .collect()
}

fn apart(a: [f64; 2], b: [f64; 2]) -> f64 {
    ((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])).sqrt()
}

impl Puzzle for Roads {
    const NAME: &'static str = "roads";
    type Settings = RoadsSettings;
    /// Nodes from start to goal, both included.
    type Answer = Vec<u8>;

    fn generate(stream: &mut Stream, settings: &RoadsSettings) -> Result<Roads, Error> {
        const ATTEMPTS: u32 = 300;
        settings.check()?;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            match lay(stream, settings) {
                Ok(roads) => return Ok(roads),
                Err(reason) => failures.count(reason),
            }
        }
        Err(failures.error("roads"))
    }

    /// The way of least length; `cost` is that length in thousandths of the side. Unique where any other is longer by 3 % or more.
    fn solve(&self) -> Option<Solution<Vec<u8>>> {
        let (answer, length) = self.shortest(None)?;
        Some(Solution { answer, unique: self.margin() >= 0.03, cost: length.round() as u32 })
    }

    fn accepts(&self, answer: &Vec<u8>) -> bool {
        let joined =
            |a: u8, b: u8| self.roads.iter().any(|road| [(a, b), (b, a)].contains(&(road.from, road.to)));
        answer.first() == Some(&self.start)
            && answer.last() == Some(&self.goal)
            && answer.windows(2).all(|pair| joined(pair[0], pair[1]))
    }

    fn draw(&self, side_px: u32) -> Picture {
        let side = side_px.clamp(MIN_SIDE_PX, MAX_SIDE_PX) as f32;
        let mut canvas = self.ground(side);
        if let Some(&[x, y]) = self.nodes.get(usize::from(self.start)) {
            let [x, y] = [x, y].map(|c| c as f32 * side / 1000.0);
            super::maze::agent_onto(&mut canvas, x, y, self.width as f32 * side / 1000.0 * 1.1);
        }
        canvas.into_picture()
    }

    fn film(&self, answer: &Vec<u8>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let side = settings.side_px as f32;
        let scale = f64::from(side) / 1000.0;
        let mut stage = Stage::new(self.ground(side).into_picture(), settings.fps);
        let at = |node: u8| {
            self.nodes.get(usize::from(node)).map(|node| node.map(|c| (f64::from(c) * scale) as f32))
        };
        if let Some([x, y]) = at(self.goal) {
            let width = self.width as f32 * scale as f32 * 0.9;
            stage.mark("goal", BoxPx { left: x - width / 2.0, top: y - width / 2.0, width, height: width });
        }
        let sprite = stage.sprite(self.agent(side));
        let Some(first) = at(self.start) else { return Ok(stage.finish()) };
        let agent = stage.enter("agent", sprite, first);
        stage.hold(settings.hold_pictures().max(1));
        // a move is a road of a quarter of the side
        let pace = 250.0 / settings.pictures_per_step() as f64;
        for pair in answer.windows(2).take_while(|pair| self.road(pair[0], pair[1]).is_some()) {
            let points = self.points(pair[0], pair[1]);
            let length: f64 = points.windows(2).map(|pair| apart(pair[0], pair[1])).sum();
            let pictures = (length / pace).ceil().max(1.0) as usize;
            for picture in 1..=pictures {
                let place = along(&points, length * picture as f64 / pictures as f64);
                stage.put(agent, sprite, place.map(|c| (c * scale) as f32));
                stage.hold(1);
            }
        }
        stage.hold(settings.hold_pictures());
        Ok(stage.finish())
    }
}

/// The point at this length along a line; its end where the line is shorter.
fn along(points: &[[f64; 2]], length: f64) -> [f64; 2] {
    let mut left = length;
    for pair in points.windows(2) {
        let piece = apart(pair[0], pair[1]);
        if left <= piece && piece > 0.0 {
            let share = left / piece;
            return [0, 1].map(|axis: usize| pair[0][axis] + (pair[1][axis] - pair[0][axis]) * share);
        }
        left -= piece;
    }
    points.last().copied().unwrap_or_default()
}

fn lay(stream: &mut Stream, settings: &RoadsSettings) -> Result<Roads, &'static str> {
    let spacing = (settings.spacing * 1000.0).round() as i64;
    let width = (settings.road_width * 1000.0).round() as i32;
    let edge = i64::from(width).max(60);
    let mut nodes: Vec<[i32; 2]> = Vec::new();
    for _ in 0..600 {
        let [x, y] = [0; 2].map(|_: i32| stream.between(edge, 1000 - edge));
        let clear = nodes.iter().all(|node| {
            let (dx, dy) = (i64::from(node[0]) - x, i64::from(node[1]) - y);
            dx * dx + dy * dy >= spacing * spacing
        });
        if clear && nodes.len() < 52 {
            nodes.push([x as i32, y as i32]);
        }
    }
    let square = |a: [i32; 2], b: [i32; 2]| {
        let (dx, dy) = (i64::from(a[0] - b[0]), i64::from(a[1] - b[1]));
        dx * dx + dy * dy
    };
    let mut pairs = Vec::new();
    for a in 0..nodes.len() {
        for b in a + 1..nodes.len() {
            let whole = square(nodes[a], nodes[b]);
            let empty = (0..nodes.len())
                .filter(|&c| c != a && c != b)
                .all(|c| square(nodes[a], nodes[c]) + square(nodes[b], nodes[c]) > whole + whole / 8);
            if empty {
                pairs.push((a, b));
            }
        }
    }
    stream.shuffle(&mut pairs);
    // a tree first, then some of the rest
    let mut part: Vec<usize> = (0..nodes.len()).collect();
    let (mut tree, mut rest) = (Vec::new(), Vec::new());
    for (a, b) in pairs {
        if part[a] == part[b] {
            rest.push((a, b));
        } else {
            let (old, new) = (part[a], part[b]);
            part.iter_mut().filter(|name| **name == old).for_each(|name| *name = new);
            tree.push((a, b));
        }
    }
    if tree.len() + 1 != nodes.len() {
        return Err("nodes that no road reaches");
    }
    let more = (rest.len() as f64 * settings.connectivity).round() as usize;
    tree.extend(rest.into_iter().take(more));
    let mut roads: Vec<Road> = Vec::new();
    let mut lines: Vec<(usize, usize, Vec<[f64; 2]>)> = Vec::new();
    for (a, b) in tree {
        let (p, q) = (nodes[a], nodes[b]);
        let middle = [i32::midpoint(p[0], q[0]), i32::midpoint(p[1], q[1])];
        let mut laid = None;
        for tries in 0..6 {
            // across the road, up to a third of its length; straight at last
            let bend = if tries == 5 { 0 } else { stream.between(-330, 330) as i32 };
            let handle = [middle[0] - (q[1] - p[1]) * bend / 1000, middle[1] + (q[0] - p[0]) * bend / 1000];
            let line = curve(p, handle, q);
            if line.iter().flatten().all(|c| (f64::from(width)..=1000.0 - f64::from(width)).contains(c))
                && clear_of(&line, (a, b), &lines, &nodes, f64::from(width) * 1.5)
            {
                laid = Some((handle, line));
                break;
            }
        }
        let (handle, line) = laid.ok_or("roads that touch")?;
        roads.push(Road { from: a as u8, to: b as u8, handle });
        lines.push((a, b, line));
    }
    roads.sort_by_key(|road| (road.from, road.to));
    let mut made = Roads { nodes, roads, start: 0, goal: 0, width };
    // ends far apart: of eight draws the pair with the most nodes between
    let mut best = 0;
    for _ in 0..8 {
        let two = stream.sample(made.nodes.len(), 2);
        let [start, goal] = two[..] else { return Err("nodes") };
        let drawn = Roads { start: start as u8, goal: goal as u8, ..made.clone() };
        let long = drawn.shortest(None).map_or(0, |(way, _)| way.len());
        if long > best {
            best = long;
            made = drawn;
        }
    }
    if best < usize::from(settings.min_nodes) {
        return Err("min_nodes");
    }
    if made.margin() < 0.05 { Err("a second way as short") } else { Ok(made) }
}

/// Whether a new line keeps its distance from the others (but near a node that they share) and from nodes that are not its own.
fn clear_of(
    line: &[[f64; 2]],
    (a, b): (usize, usize),
    lines: &[(usize, usize, Vec<[f64; 2]>)],
    nodes: &[[i32; 2]],
    least: f64,
) -> bool {
    let float = |node: [i32; 2]| node.map(f64::from);
    let nodes_clear = nodes
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != a && *at != b)
        .all(|(_, &node)| line.iter().all(|&point| apart(point, float(node)) > least * 1.3));
    nodes_clear
        && lines.iter().all(|(c, d, other)| {
            let shared = [a, b].into_iter().find(|end| end == c || end == d).map(|end| float(nodes[end]));
            line.iter().all(|&p| {
                let near = shared.is_some_and(|node| apart(p, node) < least * 2.2);
                near || other.iter().all(|&q| apart(p, q) > least)
            })
        })
}

impl fmt::Display for Roads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for [x, y] in &self.nodes {
            writeln!(f, "node {x} {y}")?;
        }
        for road in &self.roads {
            let [x, y] = road.handle;
            writeln!(f, "road {} {} {x} {y}", Roads::name(road.from), Roads::name(road.to))?;
        }
        writeln!(
            f,
            "start {}\ngoal {}\nwidth {}",
            Roads::name(self.start),
            Roads::name(self.goal),
            self.width
        )
    }
}

impl FromStr for Roads {
    type Err = Error;
    fn from_str(text: &str) -> Result<Roads, Error> {
        let mut made =
            Roads { nodes: Vec::new(), roads: Vec::new(), start: u8::MAX, goal: u8::MAX, width: 0 };
        for (line, row) in (1..=3000).zip(text.trim().lines()) {
            let words: Vec<&str> = row.split_whitespace().collect();
            let number = |word: &str| word.parse::<i32>().ok().filter(|n| (-1000..=2000).contains(n));
            let count = made.nodes.len();
            let node =
                |word: &str| (0..count.min(52) as u8).find(|&node| word == Roads::name(node).to_string());
            let read = match words[..] {
                ["node", x, y] if count < 52 => {
                    number(x).zip(number(y)).map(|(x, y)| made.nodes.push([x, y]))
                }
                ["road", a, b, x, y] => match (node(a), node(b), number(x), number(y)) {
                    (Some(a), Some(b), Some(x), Some(y)) if a != b => {
                        made.roads.push(Road { from: a.min(b), to: a.max(b), handle: [x, y] });
                        Some(())
                    }
                    _ => None,
                },
                ["start", a] => node(a).map(|node| made.start = node),
                ["goal", a] => node(a).map(|node| made.goal = node),
                ["width", w] => number(w).filter(|w| (1..=200).contains(w)).map(|w| made.width = w),
                _ => None,
            };
            read.ok_or_else(|| Error::Text {
                kind: Roads::NAME,
                line,
                expected: "node x y, road A B x y, start A, goal B or width w".to_owned(),
                found: format!("{row:?}"),
            })?;
        }
        if made.start == u8::MAX || made.goal == u8::MAX || made.width == 0 {
            return Err(Error::Text {
                kind: Roads::NAME,
                line: 1,
                expected: "start, goal and width".to_owned(),
                found: "one is missing".to_owned(),
            });
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (spacing, road_width, connectivity, min_nodes) in
            [(0.30, 0.0586, 0.15, 4), (0.20, 0.0488, 0.20, 5), (0.15, 0.0352, 0.25, 7)]
        {
            let settings = RoadsSettings { spacing, road_width, connectivity, min_nodes };
            trial::holds::<Roads>(&settings, 10);
        }
    }

    #[test]
    fn ways_off_the_roads_are_refused_and_the_best_is_the_shortest() {
        for index in 0..10 {
            let mut stream = Stream::of_item("roads", "test", 1, index);
            let roads = Roads::generate(&mut stream, &RoadsSettings::default()).unwrap();
            let solution = roads.solve().unwrap();
            assert!(solution.unique);
            let mut cut = solution.answer.clone();
            cut.remove(1);
            trial::refuses(&roads, &[cut, solution.answer[1..].to_vec(), Vec::new()]);
            // every simple way, by walking them all
            let mut best = f64::INFINITY;
            let mut open = vec![(vec![roads.start], 0.0)];
            while let Some((way, length)) = open.pop() {
                let last = *way.last().unwrap();
                if last == roads.goal {
                    best = best.min(length);
                    continue;
                }
                for next in 0..roads.nodes.len() as u8 {
                    if let Some(more) =
                        roads.length(last, next).filter(|more| !way.contains(&next) && length + more < best)
                    {
                        open.push(([&way[..], &[next]].concat(), length + more));
                    }
                }
            }
            assert_eq!(best.round() as u32, solution.cost);
        }
    }
}
