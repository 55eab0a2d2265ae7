//! A person who walks through rooms and looks round.

use super::{CameraPath, Lens};
use crate::scene::motion::looking;
use crate::scene::{Clearance, Foot, Motion, Scene};
use crate::{Error, Stream};
use nalgebra::{Point3, Vector3};

/// How to walk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkSettings {
    /// Width and height of the picture.
    pub size_px: [u32; 2],
    /// Horizontal angle of view.
    pub view_rad: f64,
    /// How long, in seconds, up to an hour.
    pub duration_s: f64,
    /// Height of the eyes, metres.
    pub eye_m: [f64; 2],
    /// Speed, metres a second.
    pub speed_mps: [f64; 2],
    /// How far the walker keeps from furniture and walls.
    pub clearance_m: f64,
}

impl Default for WalkSettings {
    fn default() -> WalkSettings {
        WalkSettings {
            size_px: [640, 480],
            view_rad: 1.35,
            duration_s: 60.0,
            eye_m: [1.4, 1.7],
            speed_mps: [0.5, 1.0],
            clearance_m: 0.28,
        }
    }
}

const RATE_HZ: f64 = 20.0;

/// A walk through all rooms, again and again until the time is over: along the shortest ways that keep clear of furniture, looking
/// ahead and a little down, with a look round at every goal.
///
/// # Errors
/// A scene without rooms, a duration outside of 0.1 s to 3600 s, or no free floor to walk on.
pub fn walk(stream: &mut Stream, scene: &Scene, settings: &WalkSettings) -> Result<CameraPath, Error> {
    if !(0.1..=3600.0).contains(&settings.duration_s) {
        let found = settings.duration_s.to_string();
        return Err(Error::Setting { name: "duration_s", expected: "0.1 to 3600 seconds".into(), found });
    }
    let feet: Vec<Foot> = scene.things.iter().map(Foot::of).collect();
    let nowhere = || Error::Exhausted {
        what: "a walk",
        attempts: 1,
        reason: format!("no floor with {} m to all sides", settings.clearance_m),
    };
    if scene.rooms.is_empty() {
        return Err(nowhere());
    }
    let grid = Clearance::new(&scene.rooms, &feet, settings.clearance_m, 0.1);
    let open: Vec<usize> = (0..grid.largest.len()).filter(|&c| grid.largest[c]).collect();
    let mut here = *stream.choose(&open).ok_or_else(nowhere)?;
    let eye = stream.uniform(settings.eye_m[0], settings.eye_m[1]);
    let mut walk = Walk {
        keys: Vec::new(),
        t: 0.0,
        eye,
        yaw: stream.uniform(0.0, 2.0 * std::f64::consts::PI),
        pitch: -0.18,
        at: grid.middle(here),
        phase: 0.0,
    };
    walk.key();
    // rooms in turn, so that all are visited
    let mut order: Vec<usize> = Vec::new();
    while walk.t < settings.duration_s {
        if order.is_empty() {
            order = (0..scene.rooms.len()).collect();
            stream.shuffle(&mut order);
        }
        let room = order.pop().unwrap_or(0);
        let there: Vec<usize> =
            open.iter().copied().filter(|&c| scene.rooms[room].holds(grid.middle(c), 0.0)).collect();
        // of a few free places the one furthest away: long ways, few steps on the spot
        let mut goal = None;
        let mut most = -1.0;
        for _ in 0..4 {
            if let Some(&cell) = stream.choose(&there) {
                let (a, b) = (grid.middle(here), grid.middle(cell));
                let d = libm::hypot(a[0] - b[0], a[1] - b[1]);
                if d > most {
                    (goal, most) = (Some(cell), d);
                }
            }
        }
        let goal = goal.unwrap_or(here);
        let way = pulled(&grid, &route(&grid, here, goal));
        let speed = stream.uniform(settings.speed_mps[0], settings.speed_mps[1]);
        for &point in way.iter().skip(1) {
            walk.go(point, speed, settings.duration_s);
        }
        here = goal;
        // from the goal, over the room from one side to the other
        let lamp = scene.rooms[room].lamp;
        let middle = libm::atan2(lamp[1] - walk.at[1], lamp[0] - walk.at[0]);
        let round = if stream.chance(0.5) { 1.0 } else { -1.0 };
        let first = turn_to(walk.yaw, middle + round * stream.uniform(0.3, 0.8));
        walk.scan(first, stream.uniform(-0.3, -0.15), settings.duration_s);
        walk.scan(-round * stream.uniform(0.8, 1.7), stream.uniform(-0.3, -0.12), settings.duration_s);
        walk.pitch = walk.pitch.clamp(-0.3, -0.12);
    }
    Ok(CameraPath {
        lens: Lens::with_view(settings.size_px, settings.view_rad),
        size_px: settings.size_px,
        motion: Motion::Keys(walk.keys),
    })
}

struct Walk {
    keys: Vec<(i64, nalgebra::Isometry3<f64>)>,
    t: f64,
    eye: f64,
    yaw: f64,
    pitch: f64,
    at: [f64; 2],
    /// Steps walked, in radians: the head goes up and down twice in a full stride.
    phase: f64,
}

impl Walk {
    fn key(&mut self) {
        let bob = 0.012 * libm::sin(2.0 * self.phase);
        let from = Point3::new(self.at[0], self.at[1], self.eye + bob);
        let flat = libm::cos(self.pitch);
        let ahead =
            Vector3::new(flat * libm::cos(self.yaw), flat * libm::sin(self.yaw), libm::sin(self.pitch));
        self.keys.push(((self.t * 1e9) as i64, looking(from, from + ahead)));
    }

    /// Straight to a point; turns towards it on the way, and first on the spot where it is behind.
    fn go(&mut self, to: [f64; 2], speed: f64, until: f64) {
        let d = [to[0] - self.at[0], to[1] - self.at[1]];
        let long = libm::hypot(d[0], d[1]);
        if long < 1e-6 {
            return;
        }
        let heading = libm::atan2(d[1], d[0]);
        while turn_to(self.yaw, heading).abs() > 0.7 && self.t < until {
            self.tick(turn_to(self.yaw, heading), 1.6);
        }
        let n = (long / speed * RATE_HZ).ceil().max(1.0);
        let start = self.at;
        for i in 1..=n as usize {
            if self.t >= until {
                return;
            }
            let s = i as f64 / n;
            self.at = [start[0] + d[0] * s, start[1] + d[1] * s];
            self.phase += std::f64::consts::PI * long / n / 0.7;
            self.tick(turn_to(self.yaw, heading), 1.2);
        }
    }

    /// Looks round by an angle on the spot.
    fn scan(&mut self, angle: f64, pitch: f64, until: f64) {
        let goal = self.yaw + angle;
        let from = self.pitch;
        let total = angle.abs();
        while (goal - self.yaw).abs() > 0.02 && self.t < until {
            let done = 1.0 - (goal - self.yaw).abs() / total;
            self.pitch = from + (pitch - from) * done;
            self.tick(goal - self.yaw, 0.9);
        }
    }

    /// One step of time; turns by at most this rate, slower near the goal.
    fn tick(&mut self, turn: f64, rate: f64) {
        let step = 1.0 / RATE_HZ;
        let most = rate * step;
        self.yaw += (turn * 0.25).clamp(-most, most) + turn.signum() * (0.002_f64).min(turn.abs());
        self.t += step;
        self.key();
    }
}

fn turn_to(from: f64, to: f64) -> f64 {
    let full = 2.0 * std::f64::consts::PI;
    let d = (to - from) % full;
    if d > std::f64::consts::PI {
        d - full
    } else if d < -std::f64::consts::PI {
        d + full
    } else {
        d
    }
}

/// Shortest way over free cells (8 neighbours), by breadth in rings of equal cost: straight 5, across 7.
fn route(grid: &Clearance, from: usize, to: usize) -> Vec<usize> {
    let mut cost = vec![u32::MAX; grid.largest.len()];
    let mut before = vec![usize::MAX; grid.largest.len()];
    let mut rings: std::collections::BTreeMap<u32, Vec<usize>> = std::collections::BTreeMap::new();
    cost[from] = 0;
    rings.insert(0, vec![from]);
    while let Some((at, cells)) = rings.pop_first() {
        for cell in cells {
            if cost[cell] != at {
                continue;
            }
            if cell == to {
                rings.clear();
                break;
            }
            let (i, j) = ((cell % grid.size[0]) as i64, (cell / grid.size[0]) as i64);
            for (di, dj) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)] {
                let (a, b) = (i + di, j + dj);
                let inside = a >= 0 && b >= 0 && a < grid.size[0] as i64 && b < grid.size[1] as i64;
                if !inside {
                    continue;
                }
                let next = b as usize * grid.size[0] + a as usize;
                let sum = at + if di != 0 && dj != 0 { 7 } else { 5 };
                if grid.largest[next] && sum < cost[next] {
                    cost[next] = sum;
                    before[next] = cell;
                    rings.entry(sum).or_default().push(next);
                }
            }
        }
    }
    let mut way = vec![to];
    let mut cell = to;
    while cell != from && before[cell] != usize::MAX {
        cell = before[cell];
        way.push(cell);
    }
    way.reverse();
    way
}

/// The way pulled tight: corners only, with a free line between each two.
fn pulled(grid: &Clearance, way: &[usize]) -> Vec<[f64; 2]> {
    let free = |a: [f64; 2], b: [f64; 2]| {
        let n = (libm::hypot(b[0] - a[0], b[1] - a[1]) / (0.4 * grid.cell_m)).ceil().max(1.0);
        (0..=n as usize).all(|i| {
            let s = i as f64 / n;
            let p = [a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s];
            let cell = |k: usize| ((p[k] - grid.origin[k]) / grid.cell_m) as usize;
            let (x, y) = (cell(0), cell(1));
            x < grid.size[0] && y < grid.size[1] && grid.free[y * grid.size[0] + x]
        })
    };
    let points: Vec<[f64; 2]> = way.iter().map(|&c| grid.middle(c)).collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < points.len() {
        out.push(points[i]);
        if i + 1 == points.len() {
            break;
        }
        let mut next = i + 1;
        for j in (i + 2)..points.len() {
            if free(points[i], points[j]) {
                next = j;
            }
        }
        i = next;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{RoomSettings, rooms};

    #[test]
    fn the_walker_never_walks_into_anything_and_sees_every_room() {
        for seed in 0..6 {
            let mut stream = Stream::of_item("walk", "test", seed, 0);
            let settings =
                RoomSettings { rooms: 1 + (seed % 3) as usize, area_m2: 40.0, ..RoomSettings::default() };
            let scene = rooms(&mut stream, &settings).expect("rooms");
            let path = walk(&mut stream, &scene, &WalkSettings::default()).expect("a walk");
            let feet: Vec<Foot> = scene.things.iter().map(Foot::of).filter(Foot::blocks).collect();
            let mut visited = vec![false; scene.rooms.len()];
            for i in 0..1200 {
                let eye = path.at(i * 50_000_000).translation.vector;
                let p = [eye.x, eye.y];
                for (room, seen) in scene.rooms.iter().zip(&mut visited) {
                    *seen |= room.holds(p, 0.0);
                }
                assert!(!feet.iter().any(|foot| foot.covers(p, 0.1)), "{seed} at {i}: {p:?}");
                assert!((1.3..1.75).contains(&eye.z));
            }
            assert!(!visited.contains(&false), "{visited:?}");
        }
    }
}
