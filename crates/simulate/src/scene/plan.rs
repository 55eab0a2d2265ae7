//! Floor plans: a rectangle cut into rooms, walls with doors and windows.

use super::{Colour, Maker, Material, Opening, Part, Room, Thing, upright};
use crate::{Error, Stream};

/// Half the thickness of a wall between two rooms.
const HALF_WALL_M: f64 = 0.06;
const DOOR_M: [f64; 2] = [0.9, 2.05];
/// A room's shortest side.
const SHORTEST_M: f64 = 2.2;

/// Cuts a floor of about this area (outer walls not counted) into so many rooms.
pub(super) fn plan(
    stream: &mut Stream,
    n_rooms: usize,
    area_m2: f64,
    l_shape: f64,
) -> Result<Vec<Room>, Error> {
    const ATTEMPTS: u32 = 200;
    for _ in 0..ATTEMPTS {
        let aspect = stream.uniform(1.0, 1.5);
        let width = (area_m2 * aspect).sqrt();
        let mut leaves = vec![[0.0, 0.0, width, area_m2 / width]];
        while leaves.len() < n_rooms {
            let area = |r: &[f64; 4]| (r[2] - r[0]) * (r[3] - r[1]);
            let largest = (0..leaves.len())
                .fold(0, |best, i| if area(&leaves[i]) > area(&leaves[best]) { i } else { best });
            let r = leaves.remove(largest);
            let share = stream.uniform(0.4, 0.6);
            let (a, b) = if r[2] - r[0] >= r[3] - r[1] {
                let x = r[0] + (r[2] - r[0]) * share;
                ([r[0], r[1], x, r[3]], [x, r[1], r[2], r[3]])
            } else {
                let y = r[1] + (r[3] - r[1]) * share;
                ([r[0], r[1], r[2], y], [r[0], y, r[2], r[3]])
            };
            leaves.push(a);
            leaves.push(b);
        }
        let whole = [0.0, 0.0, width, area_m2 / width];
        let mut rooms: Vec<Room> = leaves.iter().map(|leaf| room(stream, *leaf, whole, l_shape)).collect();
        let short = rooms.iter().flat_map(|room| &room.rectangles).any(|r| {
            let (w, h) = (r[2] - r[0], r[3] - r[1]);
            w.min(h) < 0.9 || w.max(h) < SHORTEST_M
        });
        let narrow = leaves.iter().any(|r| (r[2] - r[0]).min(r[3] - r[1]) < SHORTEST_M);
        if short || narrow || !doors(stream, &mut rooms) {
            continue;
        }
        windows(stream, &mut rooms);
        return Ok(rooms);
    }
    Err(Error::Exhausted {
        what: "a floor plan",
        attempts: ATTEMPTS,
        reason: format!(
            "{n_rooms} rooms of at least {SHORTEST_M} m do not fit {area_m2:.1} m² with doors between them"
        ),
    })
}

fn room(stream: &mut Stream, leaf: [f64; 4], whole: [f64; 4], l_shape: f64) -> Room {
    // inner edges give way for the wall
    let inset = |k: usize| if leaf[k] == whole[k] { 0.0 } else { HALF_WALL_M };
    let r = [leaf[0] + inset(0), leaf[1] + inset(1), leaf[2] - inset(2), leaf[3] - inset(3)];
    let mut rectangles = vec![r];
    let mut outline = vec![[r[0], r[1]], [r[2], r[1]], [r[2], r[3]], [r[0], r[3]]];
    // a corner of the house may be cut out of the room that has it
    let corners: Vec<(bool, bool)> = [(false, false), (true, false), (true, true), (false, true)]
        .into_iter()
        .filter(|&(right, top)| {
            inset(if right { 2 } else { 0 }) == 0.0 && inset(if top { 3 } else { 1 }) == 0.0
        })
        .collect();
    let cut_out = stream.chance(l_shape);
    if let (true, Some(&(right, top))) = (cut_out, stream.choose(&corners)) {
        let cut = [(r[2] - r[0]) * stream.uniform(0.25, 0.4), (r[3] - r[1]) * stream.uniform(0.25, 0.4)];
        // built as if the corner were at (x1, y1), then mirrored
        let (w, h) = (r[2] - r[0], r[3] - r[1]);
        let points =
            [[0.0, 0.0], [w, 0.0], [w, h - cut[1]], [w - cut[0], h - cut[1]], [w - cut[0], h], [0.0, h]];
        let place = |p: [f64; 2]| {
            [if right { r[0] + p[0] } else { r[2] - p[0] }, if top { r[1] + p[1] } else { r[3] - p[1] }]
        };
        outline = points.into_iter().map(place).collect();
        if right != top {
            outline.reverse();
        }
        let rectangle = |a: [f64; 2], b: [f64; 2]| {
            let (a, b) = (place(a), place(b));
            [a[0].min(b[0]), a[1].min(b[1]), a[0].max(b[0]), a[1].max(b[1])]
        };
        rectangles =
            vec![rectangle([0.0, 0.0], [w, h - cut[1]]), rectangle([0.0, h - cut[1]], [w - cut[0], h])];
    }
    let largest = rectangles.iter().copied().fold(rectangles[0], |best, r| {
        if (r[2] - r[0]) * (r[3] - r[1]) > (best[2] - best[0]) * (best[3] - best[1]) { r } else { best }
    });
    let lamp = [0.5 * (largest[0] + largest[2]), 0.5 * (largest[1] + largest[3]), 2.42];
    Room {
        kind: "room",
        rectangles,
        outline,
        height_m: 2.5,
        doors: Vec::new(),
        windows: Vec::new(),
        lamp,
        floor: Material::Planks,
    }
}

/// Doors that join all rooms, and one to the outside; false where a room cannot be reached.
fn doors(stream: &mut Stream, rooms: &mut [Room]) -> bool {
    let mut joined = vec![false; rooms.len()];
    joined[0] = true;
    loop {
        let mut places = Vec::new();
        for a in 0..rooms.len() {
            for b in 0..rooms.len() {
                if joined[a] && !joined[b] {
                    places.extend(shared(&rooms[a], &rooms[b]).map(|place| (a, b, place)));
                }
            }
        }
        let Some(&(a, b, (along_x, line, low, high))) = stream.choose(&places) else { break };
        let at = stream.uniform(low + 0.15 + DOOR_M[0] * 0.5, high - 0.15 - DOOR_M[0] * 0.5);
        let centre = if along_x { [at, line] } else { [line, at] };
        let door = Opening { centre, along_x, width_m: DOOR_M[0], from_to_m: [0.0, DOOR_M[1]] };
        rooms[a].doors.push(door);
        rooms[b].doors.push(door);
        joined[b] = true;
    }
    if joined.contains(&false) {
        return false;
    }
    let outer: Vec<([f64; 2], [f64; 2])> =
        edges(&rooms[0]).filter(|(a, b)| length(*a, *b) > 1.5 && outside(rooms, *a, *b)).collect();
    let Some(&(a, b)) = stream.choose(&outer) else { return false };
    let share = stream.uniform(0.6 / length(a, b), 1.0 - 0.6 / length(a, b));
    let centre = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
    let door = Opening { centre, along_x: a[1] == b[1], width_m: DOOR_M[0], from_to_m: [0.0, DOOR_M[1]] };
    let free = rooms[0].doors.iter().all(|other| length(other.centre, centre) > 1.2);
    if free {
        rooms[0].doors.push(door);
    }
    free
}

/// Where two rooms share a wall that is long enough for a door: along x?, its line, from, to.
fn shared(a: &Room, b: &Room) -> impl Iterator<Item = (bool, f64, f64, f64)> {
    let mut found = Vec::new();
    for p in &a.rectangles {
        for q in &b.rectangles {
            for (side, other) in [(0, 2), (2, 0), (1, 3), (3, 1)] {
                if ((p[side] - q[other]).abs() - 2.0 * HALF_WALL_M).abs() > 1e-6 {
                    continue;
                }
                let k = 1 - side % 2;
                let (low, high) = (p[k].max(q[k]), p[k + 2].min(q[k + 2]));
                if high - low > DOOR_M[0] + 0.4 {
                    found.push((side % 2 == 1, 0.5 * (p[side] + q[other]), low, high));
                }
            }
        }
    }
    found.into_iter()
}

fn windows(stream: &mut Stream, rooms: &mut [Room]) {
    for i in 0..rooms.len() {
        let outer: Vec<_> = edges(&rooms[i]).filter(|(a, b)| outside(rooms, *a, *b)).collect();
        for (a, b) in outer {
            let long = length(a, b);
            let n = ((long - 0.4) / 2.4).floor() as usize;
            for k in 0..n {
                if stream.chance(0.3) {
                    continue;
                }
                let at = (k as f64 + 0.5) / n as f64;
                let centre = [a[0] + (b[0] - a[0]) * at, a[1] + (b[1] - a[1]) * at];
                let width_m = stream.uniform(1.0, 1.5);
                if rooms[i].doors.iter().all(|door| length(door.centre, centre) > 0.6 + width_m * 0.5) {
                    let sill = if rooms[i].height_m > 2.4 { 0.95 } else { 0.8 };
                    let window = Opening { centre, along_x: a[1] == b[1], width_m, from_to_m: [sill, 2.15] };
                    rooms[i].windows.push(window);
                }
            }
        }
    }
}

/// The outline's edges, the room on their left.
pub(super) fn edges(room: &Room) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
    let n = room.outline.len();
    (0..n).map(move |i| (room.outline[i], room.outline[(i + 1) % n]))
}

fn outside(rooms: &[Room], a: [f64; 2], b: [f64; 2]) -> bool {
    let long = length(a, b).max(1e-9);
    let out = [(b[1] - a[1]) / long * 0.3, -(b[0] - a[0]) / long * 0.3];
    // along the whole edge: nothing of another room beyond it
    (0..=8).all(|k| {
        let s = f64::from(k) / 8.0;
        let p = [a[0] + (b[0] - a[0]) * s + out[0], a[1] + (b[1] - a[1]) * s + out[1]];
        !rooms.iter().any(|room| room.holds(p, 0.0))
    })
}

pub(super) fn length(a: [f64; 2], b: [f64; 2]) -> f64 {
    libm::hypot(b[0] - a[0], b[1] - a[1])
}

/// The opening lies in the wall along this edge: where along it, from its begin.
pub(super) fn on_edge(opening: &Opening, a: [f64; 2], b: [f64; 2]) -> Option<f64> {
    let long = length(a, b).max(1e-9);
    let d = [(b[0] - a[0]) / long, (b[1] - a[1]) / long];
    let v = [opening.centre[0] - a[0], opening.centre[1] - a[1]];
    let along = v[0] * d[0] + v[1] * d[1];
    let away = (v[0] * d[1] - v[1] * d[0]).abs();
    (opening.along_x == (a[1] == b[1]) && away < 2.0 * HALF_WALL_M + 0.05 && along > 0.0 && along < long)
        .then_some(along)
}

/// Floors, ceilings, walls, skirting boards.
pub(super) fn setting(rooms: &[Room], walls: &[Colour], tones: &[Colour]) -> Vec<Part> {
    let mut maker = Maker::new();
    for (i, room) in rooms.iter().enumerate() {
        let tone = (tones[i % tones.len()], room.floor);
        for r in &room.rectangles {
            let (x, y) = (0.5 * (r[0] + r[2]), 0.5 * (r[1] + r[3]));
            let size = [r[2] - r[0], r[3] - r[1], 0.1];
            maker.cuboid("floor", [x, y, -0.1], size, tone);
            // over the walls too, or the sun shines in at their upper edge
            let over = [size[0] + 2.0 * HALF_WALL_M, size[1] + 2.0 * HALF_WALL_M, size[2]];
            let turned = [std::f64::consts::PI, 0.0, 0.0];
            let middle = [x, y, room.height_m + 0.05];
            maker.turned(
                "ceiling",
                super::Shape::Plate,
                middle,
                over,
                (Colour::White, Material::Plaster),
                turned,
            );
        }
        let outline: Vec<_> = edges(room).collect();
        let n = outline.len();
        for (k, &(a, b)) in outline.iter().enumerate() {
            let convex = |p: ([f64; 2], [f64; 2]), q: ([f64; 2], [f64; 2])| {
                let (u, v) = ([p.1[0] - p.0[0], p.1[1] - p.0[1]], [q.1[0] - q.0[0], q.1[1] - q.0[1]]);
                u[0] * v[1] - u[1] * v[0] > 0.0
            };
            let before = if convex(outline[(k + n - 1) % n], (a, b)) { HALF_WALL_M } else { 0.0 };
            let after = if convex((a, b), outline[(k + 1) % n]) { HALF_WALL_M } else { 0.0 };
            wall(&mut maker, room, a, b, [before, after], walls[i % walls.len()]);
        }
    }
    maker.into_parts()
}

fn wall(maker: &mut Maker, room: &Room, a: [f64; 2], b: [f64; 2], extra: [f64; 2], colour: Colour) {
    let long = length(a, b);
    let d = [(b[0] - a[0]) / long, (b[1] - a[1]) / long];
    let out = [d[1], -d[0]];
    let along_x = d[0].abs() > 0.5;
    let mut piece = |name: &'static str, from: f64, to: f64, low: f64, high: f64, across: [f64; 2], look| {
        if to - from < 1e-6 || high - low < 1e-6 {
            return;
        }
        let (s, o) = (0.5 * (from + to), 0.5 * (across[0] + across[1]));
        let foot = [a[0] + d[0] * s + out[0] * o, a[1] + d[1] * s + out[1] * o, low];
        let (l, t) = (to - from, across[1] - across[0]);
        let size = if along_x { [l, t, high - low] } else { [t, l, high - low] };
        maker.cuboid(name, foot, size, look);
    };
    let mut holes: Vec<(f64, &Opening)> =
        room.doors.iter().chain(&room.windows).filter_map(|o| on_edge(o, a, b).map(|s| (s, o))).collect();
    holes.sort_by(|p, q| p.0.total_cmp(&q.0));
    let plaster = (colour, Material::Plaster);
    let white = (Colour::White, Material::Wood);
    let mut from = -extra[0];
    let mut skirt = 0.0;
    for (s, hole) in holes {
        let (low, high) = (s - hole.width_m * 0.5, s + hole.width_m * 0.5);
        piece("wall", from, low, 0.0, room.height_m, [0.0, HALF_WALL_M], plaster);
        piece("wall", low, high, 0.0, hole.from_to_m[0], [0.0, HALF_WALL_M], plaster);
        piece("wall", low, high, hole.from_to_m[1], room.height_m, [0.0, HALF_WALL_M], plaster);
        from = high;
        if hole.from_to_m[0] == 0.0 {
            piece("skirting", skirt, low - 0.06, 0.0, 0.08, [-0.012, 0.0], white);
            skirt = high + 0.06;
            let across = [-0.015, HALF_WALL_M];
            piece("door frame", low - 0.06, low, 0.0, hole.from_to_m[1] + 0.06, [-0.015, 0.0], white);
            piece("door frame", high, high + 0.06, 0.0, hole.from_to_m[1] + 0.06, [-0.015, 0.0], white);
            piece("door frame", low, high, hole.from_to_m[1], hole.from_to_m[1] + 0.06, [-0.015, 0.0], white);
            piece("threshold", low, high, -0.1, 0.001, across, (Colour::Brown, Material::Wood));
        } else {
            piece(
                "sill",
                low - 0.04,
                high + 0.04,
                hole.from_to_m[0] - 0.03,
                hole.from_to_m[0],
                [-0.1, 0.0],
                white,
            );
        }
    }
    piece("wall", from, long + extra[1], 0.0, room.height_m, [0.0, HALF_WALL_M], plaster);
    piece("skirting", skirt, long, 0.0, 0.08, [-0.012, 0.0], white);
}

/// Windows and the front door as things, facing into their room.
pub(super) fn openings(rooms: &[Room]) -> Vec<Thing> {
    let mut things = Vec::new();
    for (i, room) in rooms.iter().enumerate() {
        for (a, b) in edges(room) {
            let long = length(a, b);
            let inward = [-(b[1] - a[1]) / long, (b[0] - a[0]) / long];
            let yaw = libm::atan2(inward[1], inward[0]);
            let stand = |mut thing: Thing, opening: &Opening, s: f64| {
                let foot = [a[0] + (b[0] - a[0]) * s / long, a[1] + (b[1] - a[1]) * s / long];
                let z = opening.from_to_m[0] + thing.extent[2] * 0.5;
                let back = -0.03;
                thing.motion = super::Motion::Still(upright(
                    foot[0] + inward[0] * back,
                    foot[1] + inward[1] * back,
                    z,
                    yaw,
                ));
                thing.room = Some(i);
                thing
            };
            for window in &room.windows {
                if let Some(s) = on_edge(window, a, b) {
                    things.push(stand(pane(window), window, s));
                }
            }
            for door in &room.doors {
                let shared = rooms.iter().enumerate().any(|(j, other)| j != i && other.doors.contains(door));
                if let (Some(s), false) = (on_edge(door, a, b), shared) {
                    things.push(stand(leaf(door), door, s));
                }
            }
        }
    }
    things
}

fn pane(window: &Opening) -> Thing {
    let look = (Colour::White, Material::Wood);
    let (y, z) = (window.width_m, window.from_to_m[1] - window.from_to_m[0]);
    let mut m = Maker::new();
    for side in [1.0, -1.0] {
        m.cuboid("frame", [0.0, side * (y * 0.5 - 0.03), 0.0], [0.06, 0.06, z], look);
    }
    m.cuboid("frame", [0.0, 0.0, 0.0], [0.06, y, 0.06], look);
    m.cuboid("frame", [0.0, 0.0, z - 0.06], [0.06, y, 0.06], look);
    m.cuboid("bar", [0.0, 0.0, 0.0], [0.04, 0.04, z], look);
    m.cuboid("bar", [0.0, 0.0, z * 0.62], [0.04, y, 0.035], look);
    m.thing("window", look, true)
}

fn leaf(door: &Opening) -> Thing {
    let look = (Colour::Brown, Material::Wood);
    let (y, z) = (door.width_m, door.from_to_m[1]);
    let mut m = Maker::new();
    m.cuboid("leaf", [0.0; 3], [0.045, y, z], look);
    for low in [0.15, 1.1] {
        m.cuboid("panel", [0.022, 0.0, low], [0.01, y * 0.7, 0.75], look);
    }
    m.cuboid("handle", [0.05, y * 0.38, 1.02], [0.05, 0.02, 0.02], (Colour::Gray, Material::Metal));
    m.cuboid("handle", [0.07, y * 0.33, 1.02], [0.015, 0.12, 0.02], (Colour::Gray, Material::Metal));
    m.thing("door", look, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_have_the_area_and_the_doors_that_join_them() {
        for seed in 0..200 {
            let mut stream = Stream::of_item("plan", "test", seed, 0);
            let n = 1 + (seed % 4) as usize;
            let area = 12.0 * n as f64;
            let rooms = plan(&mut stream, n, area, 0.5).expect("fits");
            assert_eq!(rooms.len(), n);
            let sum: f64 = rooms.iter().map(Room::area_m2).sum();
            assert!(sum <= area + 1e-9 && sum > area * 0.72, "{sum} of {area}");
            assert!(rooms.iter().all(|room| !room.doors.is_empty()));
            for room in &rooms {
                // the outline's own area (shoelace) is that of the rectangles, and it runs counter-clockwise
                let twice: f64 = edges(room).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum();
                assert!((0.5 * twice - room.area_m2()).abs() < 1e-9);
            }
        }
        assert!(plan(&mut Stream::named(&["no"]), 4, 10.0, 0.0).is_err());
    }
}
