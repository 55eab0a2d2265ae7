//! Rooms with furniture: floor plan first, then what wants a wall, what stands at it, and what lies on top.

use super::furniture::{KINDS, Kind, Place, kind};
use super::plan::{edges, length, on_edge, openings, plan, setting};
use super::{Colour, Light, Material, Motion, Room, Scene, Sky, Thing, upright};
use crate::{Error, Stream};
use std::collections::BTreeMap;

/// What rooms to make.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomSettings {
    /// Number of rooms, 1 to 4.
    pub rooms: usize,
    /// Number of things, windows and doors not counted, 1 to 60; fewer where no more fit.
    pub objects: usize,
    /// How many of one category at most.
    pub duplicates: usize,
    /// Area of the whole floor in square metres, 10 to 60, and at least 7 a room.
    pub area_m2: f64,
    /// Probability that a corner of the house is cut out of a room, which makes it L-shaped.
    pub l_shape: f64,
}

impl Default for RoomSettings {
    fn default() -> RoomSettings {
        RoomSettings { rooms: 1, objects: 18, duplicates: 4, area_m2: 22.0, l_shape: 0.3 }
    }
}

/// Rooms with furniture: no two boxes of things overlap, all stand upright on the floor, on each other or hang on a wall, and every
/// door can be walked to from every other one with half a metre's width.
///
/// # Errors
/// A setting outside of its range, or no floor plan for so many rooms. Fewer objects than asked for is no error: the scene says how many.
pub fn rooms(stream: &mut Stream, settings: &RoomSettings) -> Result<Scene, Error> {
    check(settings)?;
    let mut rooms = plan(stream, settings.rooms, settings.area_m2, settings.l_shape)?;
    let mut kinds = vec!["living room", "bedroom", "kitchen", "study", "bathroom"];
    stream.shuffle(&mut kinds);
    let (mut walls, mut tones) = (Vec::new(), Vec::new());
    for (room, kind) in rooms.iter_mut().zip(kinds) {
        room.kind = kind;
        let floors: &[(Material, Colour)] = match kind {
            "bathroom" => &[(Material::Tiles, Colour::White), (Material::Tiles, Colour::Cyan)],
            "kitchen" => &[
                (Material::Tiles, Colour::Beige),
                (Material::Planks, Colour::Brown),
                (Material::Tiles, Colour::Gray),
            ],
            "bedroom" => &[
                (Material::Carpet, Colour::Beige),
                (Material::Planks, Colour::Beige),
                (Material::Planks, Colour::Brown),
            ],
            _ => &[(Material::Planks, Colour::Brown), (Material::Planks, Colour::Beige)],
        };
        let (material, tone) = *stream.choose(floors).unwrap_or(&floors[0]);
        room.floor = material;
        tones.push(tone);
        walls.push(
            *stream
                .choose(&[
                    Colour::White,
                    Colour::Beige,
                    Colour::Green,
                    Colour::Blue,
                    Colour::Yellow,
                    Colour::Orange,
                ])
                .unwrap_or(&Colour::White),
        );
    }
    let mut floor =
        Floor { things: openings(&rooms), feet: Vec::new(), counts: BTreeMap::new(), rooms: &rooms };
    floor.feet = floor.things.iter().map(|_| None).collect();
    let n_openings = floor.things.len();
    furnish(stream, settings, &mut floor, n_openings);
    let mut things = floor.things;
    name(&mut things);
    let angle = stream.uniform(0.0, 2.0 * std::f64::consts::PI);
    Ok(Scene {
        kind: "rooms",
        things,
        setting: setting(&rooms, &walls, &tones),
        rooms,
        light: Light {
            to_sun: [0.72 * libm::cos(angle), 0.72 * libm::sin(angle), 0.694],
            sun: 1.6,
            ambient: 0.5,
            lamps: 1.0,
            sky: Sky::Day,
        },
        events: Vec::new(),
    })
}

/// Each thing is called by its category, with a number where there are several.
pub(super) fn name(things: &mut [Thing]) {
    let mut total: BTreeMap<String, usize> = BTreeMap::new();
    for thing in things.iter() {
        *total.entry(thing.category.clone()).or_default() += 1;
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for thing in things {
        let n = seen.entry(thing.category.clone()).or_default();
        *n += 1;
        let several = total.get(&thing.category).is_some_and(|&total| total > 1);
        thing.name = if several { format!("{} {n}", thing.category) } else { thing.category.clone() };
    }
}

fn check(settings: &RoomSettings) -> Result<(), Error> {
    let bad = |name, expected: String, found: String| Err(Error::Setting { name, expected, found });
    if !(1..=4).contains(&settings.rooms) {
        return bad("rooms", "1 to 4".into(), settings.rooms.to_string());
    }
    if !(1..=60).contains(&settings.objects) {
        return bad("objects", "1 to 60".into(), settings.objects.to_string());
    }
    if settings.duplicates == 0 {
        return bad("duplicates", "1 or more".into(), "0".into());
    }
    let least = (7.0 * settings.rooms as f64).max(10.0);
    if !(least..=60.0).contains(&settings.area_m2) {
        return bad(
            "area_m2",
            format!("{least} to 60 m² for {} rooms", settings.rooms),
            settings.area_m2.to_string(),
        );
    }
    if !(0.0..=1.0).contains(&settings.l_shape) {
        return bad("l_shape", "0 to 1".into(), settings.l_shape.to_string());
    }
    Ok(())
}

/// A thing's shadow at noon: centre, half sizes along its own axes, direction of the first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foot {
    centre: [f64; 2],
    half: [f64; 2],
    axis: [f64; 2],
    /// Lowest and highest point.
    from_to: [f64; 2],
    rug: bool,
}

impl Foot {
    pub(crate) fn of(thing: &Thing) -> Foot {
        let place = thing.motion.at(0);
        let yaw = place.rotation.euler_angles().2;
        let c = place.translation.vector;
        Foot {
            centre: [c.x, c.y],
            half: [thing.extent[0] * 0.5, thing.extent[1] * 0.5],
            axis: [libm::cos(yaw), libm::sin(yaw)],
            from_to: [c.z - thing.extent[2] * 0.5, c.z + thing.extent[2] * 0.5],
            rug: thing.category == "rug",
        }
    }

    fn corners(&self, grow: f64) -> [[f64; 2]; 4] {
        let [c, s] = self.axis;
        let (a, b) = (self.half[0] + grow, self.half[1] + grow);
        [(a, b), (-a, b), (-a, -b), (a, -b)]
            .map(|(x, y)| [self.centre[0] + c * x - s * y, self.centre[1] + s * x + c * y])
    }

    /// The two overlap, or come closer than `gap` along an axis of one of them (separating axes).
    pub(crate) fn meets(&self, other: &Foot, gap: f64) -> bool {
        let d = [other.centre[0] - self.centre[0], other.centre[1] - self.centre[1]];
        let reach = |foot: &Foot, n: [f64; 2]| {
            let [c, s] = foot.axis;
            foot.half[0] * (c * n[0] + s * n[1]).abs() + foot.half[1] * (c * n[1] - s * n[0]).abs()
        };
        [self.axis, [-self.axis[1], self.axis[0]], other.axis, [-other.axis[1], other.axis[0]]]
            .iter()
            .all(|&n| (d[0] * n[0] + d[1] * n[1]).abs() < reach(self, n) + reach(other, n) + gap)
    }

    /// The point is within it, grown by `gap`.
    pub(crate) fn covers(&self, p: [f64; 2], gap: f64) -> bool {
        let d = [p[0] - self.centre[0], p[1] - self.centre[1]];
        let [c, s] = self.axis;
        (d[0] * c + d[1] * s).abs() <= self.half[0] + gap && (d[1] * c - d[0] * s).abs() <= self.half[1] + gap
    }

    fn within(&self, other: &Foot) -> bool {
        self.corners(0.0).iter().all(|&p| other.covers(p, 0.0))
    }

    /// It blocks a walker: it stands below head height and is more than a rug.
    pub(crate) fn blocks(&self) -> bool {
        !self.rug && self.from_to[0] < 1.8
    }
}

struct Floor<'a> {
    things: Vec<Thing>,
    /// Feet of what was placed here; none for windows and doors.
    feet: Vec<Option<Foot>>,
    counts: BTreeMap<&'static str, usize>,
    rooms: &'a [Room],
}

fn furnish(stream: &mut Stream, settings: &RoomSettings, floor: &mut Floor<'_>, n_openings: usize) {
    let most = |kind: &Kind| {
        let own = match kind.category {
            "bed" | "sofa" | "fridge" | "stove" | "toilet" | "bathtub" | "piano" | "washing machine"
            | "sink" | "television" | "dining table" | "microwave" => 1,
            _ => usize::MAX,
        };
        settings.duplicates.min(own)
    };
    // first what makes a room what it is, then anything that belongs there
    let musts: Vec<(usize, &Kind)> = floor
        .rooms
        .iter()
        .enumerate()
        .flat_map(|(i, room)| essentials(room.kind).iter().filter_map(move |c| kind(c).map(|k| (i, k))))
        .collect();
    let place_one = |stream: &mut Stream, floor: &mut Floor<'_>, room: usize, kind: &'static Kind| {
        let count = floor.counts.get(kind.category).copied().unwrap_or(0);
        if count < most(kind) && floor.place(stream, room, kind) {
            floor.counts.insert(kind.category, count + 1);
        }
    };
    for (room, kind) in musts {
        if floor.things.len() < settings.objects + n_openings {
            place_one(stream, floor, room, kind);
        }
    }
    let areas: Vec<f64> = floor.rooms.iter().map(Room::area_m2).collect();
    let total: f64 = areas.iter().sum();
    for _ in 0..settings.objects * 12 {
        if floor.things.len() >= settings.objects + n_openings {
            break;
        }
        let mut at = stream.unit() * total;
        let mut room = 0;
        while room + 1 < areas.len() && at >= areas[room] {
            at -= areas[room];
            room += 1;
        }
        let Some(kind) = stream.choose(KINDS) else { break };
        let fits = kind.rooms.is_empty() || kind.rooms.contains(&floor.rooms[room].kind);
        if fits {
            place_one(stream, floor, room, kind);
        }
    }
}

fn essentials(room: &str) -> &'static [&'static str] {
    match room {
        "living room" => &[
            "sofa",
            "tv stand",
            "television",
            "coffee table",
            "rug",
            "bookshelf",
            "plant",
            "floor lamp",
            "picture",
        ],
        "bedroom" => &["bed", "wardrobe", "nightstand", "table lamp", "dresser", "picture"],
        "kitchen" => {
            &["kitchen counter", "stove", "fridge", "dining table", "chair", "chair", "microwave", "cup"]
        }
        "study" => &["desk", "office chair", "bookshelf", "monitor", "laptop", "plant"],
        "bathroom" => &["bathtub", "toilet", "sink", "mirror", "washing machine", "laundry basket"],
        _ => &[],
    }
}

impl Floor<'_> {
    fn place(&mut self, stream: &mut Stream, room: usize, kind: &'static Kind) -> bool {
        let made = kind.make(stream);
        for _ in 0..14 {
            let found = match kind.place {
                Place::Wall => self.by_wall(stream, room, &made, false),
                Place::Edge => self.by_wall(stream, room, &made, true),
                Place::Free | Place::Rug => self.anywhere(stream, room, &made),
                Place::At => self.at_table(stream, room, &made),
                Place::Beside => self.beside(stream, room, &made),
                Place::Top => self.on_top(stream, room, &made),
                Place::Hung => self.hung(stream, room, &made),
            };
            let Some((x, y, z, yaw, on)) = found else { continue };
            let mut thing = made.clone();
            thing.motion = Motion::Still(upright(x, y, z + made.extent[2] * 0.5, yaw));
            thing.room = Some(room);
            thing.on = on;
            let mut foot = Foot::of(&thing);
            let accepted = match kind.place {
                Place::Top => self.top_is_free(&foot),
                Place::Hung => self.wall_is_free(room, &foot),
                _ => match self.floor_is_free(room, &foot) {
                    Some(rug) => {
                        if let Some(rug) = rug {
                            let thick = self.things[rug].extent[2];
                            thing.motion =
                                Motion::Still(upright(x, y, z + thick + made.extent[2] * 0.5, yaw));
                            thing.on = Some(rug);
                            foot = Foot::of(&thing);
                        }
                        self.feet.push(Some(foot));
                        let walkable = foot.rug || self.walkable();
                        self.feet.pop();
                        walkable
                    }
                    None => false,
                },
            };
            if accepted {
                self.things.push(thing);
                self.feet.push(Some(foot));
                return true;
            }
        }
        false
    }

    fn by_wall(&self, stream: &mut Stream, room: usize, made: &Thing, any_turn: bool) -> Found {
        let outline: Vec<_> = edges(&self.rooms[room]).collect();
        let &(a, b) = stream.choose(&outline)?;
        let long = length(a, b);
        let wide = made.extent[1] * 0.5 + 0.02;
        if long < 2.0 * wide {
            return None;
        }
        // often into a corner, where furniture goes
        let s = match stream.below(if any_turn { 4 } else { 8 }) {
            0 | 1 if any_turn => wide + 0.05,
            2 if any_turn => long - wide - 0.05,
            0 => wide + 0.02,
            1 => long - wide - 0.02,
            _ => stream.uniform(wide, long - wide),
        };
        let inward = [-(b[1] - a[1]) / long, (b[0] - a[0]) / long];
        let deep = made.extent[0] * 0.5 + if any_turn { 0.06 } else { 0.015 };
        let x = a[0] + (b[0] - a[0]) * s / long + inward[0] * deep;
        let y = a[1] + (b[1] - a[1]) * s / long + inward[1] * deep;
        Some((x, y, 0.0, libm::atan2(inward[1], inward[0]), None))
    }

    fn anywhere(&self, stream: &mut Stream, room: usize, made: &Thing) -> Found {
        let r = *stream.choose(&self.rooms[room].rectangles)?;
        let (mut p, mut yaw) = ([stream.uniform(r[0], r[2]), stream.uniform(r[1], r[3])], 0.0);
        let quarter = std::f64::consts::FRAC_PI_2;
        if made.category == "coffee table" || made.category == "rug" {
            // in front of a sofa or beside a bed where there is one
            let seats: Vec<&Thing> = self
                .things
                .iter()
                .filter(|t| t.room == Some(room) && matches!(t.category.as_str(), "sofa" | "bed"))
                .collect();
            if let (Some(seat), true) = (stream.choose(&seats), stream.chance(0.7)) {
                let place = seat.motion.at(0);
                let gap = made.extent[0] * 0.5
                    + if made.category == "rug" { 0.05 } else { stream.uniform(0.35, 0.5) };
                let ahead = place * nalgebra::Point3::new(seat.extent[0] * 0.5 + gap, 0.0, 0.0);
                p = [ahead.x, ahead.y];
                yaw = place.rotation.euler_angles().2;
            }
        } else if made.extent[0].max(made.extent[1]) > 0.7 {
            yaw = quarter * stream.below(2) as f64;
        } else {
            yaw = stream.uniform(0.0, 4.0 * quarter);
        }
        Some((p[0], p[1], 0.0, yaw, None))
    }

    fn at_table(&self, stream: &mut Stream, room: usize, made: &Thing) -> Found {
        let office = made.category == "office chair";
        let tables: Vec<&Thing> = self
            .things
            .iter()
            .filter(|t| t.room == Some(room))
            .filter(|t| match t.category.as_str() {
                "desk" => true,
                "dining table" | "round table" => !office,
                _ => false,
            })
            .collect();
        let table = stream.choose(&tables)?;
        let side = if table.category == "desk" { 0 } else { stream.below(4) };
        let (deep, wide) = if side % 2 == 0 {
            (table.extent[0], table.extent[1])
        } else {
            (table.extent[1], table.extent[0])
        };
        let off = (wide * 0.5 - 0.3).max(0.0);
        let ahead = deep * 0.5 + made.extent[0] * 0.5 + stream.uniform(0.03, 0.2);
        let turn = side as f64 * std::f64::consts::FRAC_PI_2;
        let seat = table.motion.at(0)
            * upright(0.0, 0.0, 0.0, turn)
            * nalgebra::Point3::new(ahead, stream.uniform(-off, off), 0.0);
        let yaw = table.motion.at(0).rotation.euler_angles().2
            + turn
            + std::f64::consts::PI
            + stream.uniform(-0.15, 0.15);
        Some((seat.x, seat.y, 0.0, yaw, None))
    }

    fn beside(&self, stream: &mut Stream, room: usize, made: &Thing) -> Found {
        let beds: Vec<&Thing> =
            self.things.iter().filter(|t| t.room == Some(room) && t.category == "bed").collect();
        let bed = stream.choose(&beds)?;
        let side = if stream.chance(0.5) { 1.0 } else { -1.0 };
        let away = side * (bed.extent[1] * 0.5 + made.extent[1] * 0.5 + stream.uniform(0.04, 0.1));
        let back = -bed.extent[0] * 0.5 + made.extent[0] * 0.5;
        let p = bed.motion.at(0) * nalgebra::Point3::new(back, away, 0.0);
        Some((p.x, p.y, 0.0, bed.motion.at(0).rotation.euler_angles().2, None))
    }

    fn on_top(&self, stream: &mut Stream, room: usize, made: &Thing) -> Found {
        let wanted: &[&str] = match made.category.as_str() {
            "television" => &["tv stand", "dresser", "cabinet"],
            "monitor" => &["desk"],
            "microwave" | "toaster" | "kettle" => &["kitchen counter", "cabinet"],
            _ => &[],
        };
        let tops: Vec<usize> = (0..self.things.len())
            .filter(|&i| self.things[i].room == Some(room))
            .filter(|&i| kind(&self.things[i].category).is_some_and(|k| k.carries))
            .filter(|&i| wanted.is_empty() || wanted.contains(&self.things[i].category.as_str()))
            .collect();
        let &on = stream.choose(&tops)?;
        let carrier = &self.things[on];
        let round = carrier.category == "round table";
        let shrink = if round { 0.7 } else { 1.0 };
        let turn = if made.has_front { stream.uniform(-0.25, 0.25) } else { stream.uniform(-1.5, 1.5) };
        let turn = if made.category == "television" || made.extent[1] > 0.45 { 0.0 } else { turn };
        let (c, s) = (libm::cos(turn).abs(), libm::sin(turn).abs());
        let half = [
            0.5 * (made.extent[0] * c + made.extent[1] * s) + 0.015,
            0.5 * (made.extent[0] * s + made.extent[1] * c) + 0.015,
        ];
        let room_for =
            [carrier.extent[0] * 0.5 * shrink - half[0], carrier.extent[1] * 0.5 * shrink - half[1]];
        if room_for[0] < 0.0 || room_for[1] < 0.0 {
            return None;
        }
        let at = nalgebra::Point3::new(
            stream.uniform(-room_for[0], room_for[0]),
            stream.uniform(-room_for[1], room_for[1]),
            carrier.extent[2] * 0.5,
        );
        let p = carrier.motion.at(0) * at;
        let yaw = carrier.motion.at(0).rotation.euler_angles().2 + turn;
        Some((p.x, p.y, p.z, yaw, Some(on)))
    }

    fn hung(&self, stream: &mut Stream, room: usize, made: &Thing) -> Found {
        let outline: Vec<_> = edges(&self.rooms[room]).collect();
        let &(a, b) = stream.choose(&outline)?;
        let long = length(a, b);
        let wide = made.extent[1] * 0.5 + 0.1;
        if long < 2.0 * wide {
            return None;
        }
        let s = stream.uniform(wide, long - wide);
        let holes = self.rooms[room].doors.iter().chain(&self.rooms[room].windows);
        let blocked = holes
            .filter_map(|o| on_edge(o, a, b).map(|at| (at, o.width_m)))
            .any(|(at, width)| (at - s).abs() < width * 0.5 + wide);
        if blocked {
            return None;
        }
        let inward = [-(b[1] - a[1]) / long, (b[0] - a[0]) / long];
        let deep = made.extent[0] * 0.5 + 0.002;
        let x = a[0] + (b[0] - a[0]) * s / long + inward[0] * deep;
        let y = a[1] + (b[1] - a[1]) * s / long + inward[1] * deep;
        let z = 1.62 - made.extent[2] * 0.5 + stream.uniform(0.0, 0.12);
        Some((x, y, z, libm::atan2(inward[1], inward[0]), None))
    }

    fn top_is_free(&self, foot: &Foot) -> bool {
        self.feet.iter().flatten().all(|other| {
            other.from_to[1] <= foot.from_to[0] + 1e-6
                || other.from_to[0] >= foot.from_to[1]
                || !other.meets(foot, 0.02)
        })
    }

    fn wall_is_free(&self, room: usize, foot: &Foot) -> bool {
        self.rooms[room].holds(foot.centre, 0.0)
            && self.feet.iter().flatten().all(|other| {
                other.from_to[1] <= foot.from_to[0] - 0.05
                    || other.from_to[0] >= foot.from_to[1]
                    || !other.meets(foot, 0.05)
            })
    }

    /// None: blocked. Else the rug that it stands on, if any.
    #[expect(clippy::option_option, reason = "blocked, free, free on a rug")]
    fn floor_is_free(&self, room: usize, foot: &Foot) -> Option<Option<usize>> {
        let here = &self.rooms[room];
        let corners = foot.corners(0.0);
        let middles = (0..4).map(|k| {
            let (a, b) = (corners[k], corners[(k + 1) % 4]);
            [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])]
        });
        if !corners.iter().copied().chain(middles).chain([foot.centre]).all(|p| here.holds(p, 0.0)) {
            return None;
        }
        // doors open, windows stay clear of tall furniture
        for door in &here.doors {
            let clear = Foot {
                centre: door.centre,
                half: {
                    let deep = if foot.rug { 0.15 } else { 0.85 };
                    if door.along_x { [0.45, deep] } else { [deep, 0.45] }
                },
                axis: [1.0, 0.0],
                from_to: [0.0, 2.0],
                rug: false,
            };
            if clear.meets(foot, 0.0) {
                return None;
            }
        }
        for window in &here.windows {
            let clear = Foot {
                centre: window.centre,
                half: if window.along_x { [window.width_m * 0.5, 0.3] } else { [0.3, window.width_m * 0.5] },
                axis: [1.0, 0.0],
                from_to: window.from_to_m,
                rug: false,
            };
            if foot.from_to[1] > window.from_to_m[0] - 0.05 && clear.meets(foot, 0.0) {
                return None;
            }
        }
        let mut rug = None;
        for (i, other) in self.feet.iter().enumerate() {
            let Some(other) = other else { continue };
            if other.from_to[0] >= foot.from_to[1] + 0.02 || !other.meets(foot, 0.03) {
                continue;
            }
            if other.rug && !foot.rug && foot.within(other) {
                rug = Some(i);
            } else {
                return None;
            }
        }
        Some(rug)
    }

    /// Every door can be reached from every other one, and most of the free floor too.
    fn walkable(&self) -> bool {
        let feet: Vec<Foot> = self.feet.iter().flatten().copied().collect();
        let grid = Clearance::new(self.rooms, &feet, 0.25, 0.14);
        grid.joined() >= 0.9 && {
            let mut doors =
                self.rooms.iter().flat_map(|room| &room.doors).map(|door| grid.nearest(door.centre));
            doors.all(|cell| cell.is_some_and(|c| grid.largest[c]))
        }
    }
}

type Found = Option<(f64, f64, f64, f64, Option<usize>)>;

/// Which cells of the floor a walker of this radius can stand on.
pub(crate) struct Clearance {
    pub(crate) cell_m: f64,
    pub(crate) origin: [f64; 2],
    pub(crate) size: [usize; 2],
    pub(crate) free: Vec<bool>,
    /// In the largest joined piece.
    pub(crate) largest: Vec<bool>,
}

impl Clearance {
    pub(crate) fn new(rooms: &[Room], feet: &[Foot], radius_m: f64, cell_m: f64) -> Clearance {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for p in rooms.iter().flat_map(|room| &room.outline) {
            for k in 0..2 {
                low[k] = low[k].min(p[k]);
                high[k] = high[k].max(p[k]);
            }
        }
        let size = [0, 1].map(|k| (((high[k] - low[k]) / cell_m).ceil() as usize).clamp(1, 2000));
        let mut free = vec![false; size[0] * size[1]];
        let mut fill = |x0: f64, y0: f64, x1: f64, y1: f64, value: bool, keep: &dyn Fn([f64; 2]) -> bool| {
            let cells =
                |v: f64, k: usize| (((v - low[k]) / cell_m - 0.5).ceil().max(0.0) as usize).min(size[k]);
            let (i0, i1, j0, j1) = (cells(x0, 0), cells(x1, 0), cells(y0, 1), cells(y1, 1));
            for j in j0..j1 {
                for i in i0..i1 {
                    let p = [low[0] + (i as f64 + 0.5) * cell_m, low[1] + (j as f64 + 0.5) * cell_m];
                    if keep(p) {
                        free[j * size[0] + i] = value;
                    }
                }
            }
        };
        for room in rooms {
            for (k, r) in room.rectangles.iter().enumerate() {
                // edges between the rectangles of one room are no walls
                let open = |side: usize| {
                    room.rectangles.iter().enumerate().any(|(j, q)| {
                        let other = (side + 2) % 4;
                        j != k && (q[other] - r[side]).abs() < 1e-9
                    })
                };
                let gap = |side: usize| if open(side) { -0.5 * cell_m } else { radius_m };
                fill(r[0] + gap(0), r[1] + gap(1), r[2] - gap(2), r[3] - gap(3), true, &|p| {
                    // beside the opening to the other rectangle there may be wall
                    [[radius_m, 0.0], [-radius_m, 0.0], [0.0, radius_m], [0.0, -radius_m]]
                        .iter()
                        .all(|d| room.holds([p[0] + d[0] * 0.95, p[1] + d[1] * 0.95], 0.0))
                });
            }
            for door in &room.doors {
                let (a, d) = (door.width_m * 0.5 - radius_m, 2.0 * radius_m);
                let (hx, hy) = if door.along_x { (a, d) } else { (d, a) };
                let c = door.centre;
                let shared = rooms.iter().filter(|other| other.doors.contains(door)).count() > 1;
                fill(c[0] - hx, c[1] - hy, c[0] + hx, c[1] + hy, true, &|p| shared || room.holds(p, 0.0));
            }
        }
        for foot in feet.iter().filter(|foot| foot.blocks()) {
            let reach = libm::hypot(foot.half[0], foot.half[1]) + radius_m;
            let c = foot.centre;
            fill(c[0] - reach, c[1] - reach, c[0] + reach, c[1] + reach, false, &|p| {
                foot.covers(p, radius_m)
            });
        }
        let largest = largest(&free, size);
        Clearance { cell_m, origin: low, size, free, largest }
    }

    /// Share of the free cells that lie in the largest piece.
    fn joined(&self) -> f64 {
        let count = |cells: &[bool]| cells.iter().filter(|&&c| c).count() as f64;
        count(&self.largest) / count(&self.free).max(1.0)
    }

    pub(crate) fn middle(&self, cell: usize) -> [f64; 2] {
        let (i, j) = (cell % self.size[0], cell / self.size[0]);
        [self.origin[0] + (i as f64 + 0.5) * self.cell_m, self.origin[1] + (j as f64 + 0.5) * self.cell_m]
    }

    /// The free cell closest to a point, within 1.2 m.
    pub(crate) fn nearest(&self, p: [f64; 2]) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for cell in (0..self.free.len()).filter(|&c| self.free[c]) {
            let d = length(self.middle(cell), p);
            if d < 1.2 && best.is_none_or(|(least, _)| d < least) {
                best = Some((d, cell));
            }
        }
        best.map(|(_, cell)| cell)
    }
}

fn largest(free: &[bool], size: [usize; 2]) -> Vec<bool> {
    let mut piece = vec![0_u32; free.len()];
    let (mut best, mut most, mut n) = (0, 0, 0);
    let mut open = Vec::new();
    for start in 0..free.len() {
        if !free[start] || piece[start] != 0 {
            continue;
        }
        n += 1;
        piece[start] = n;
        open.push(start);
        let mut cells = 0;
        while let Some(cell) = open.pop() {
            cells += 1;
            let (i, j) = (cell % size[0], cell / size[0]);
            let mut step = |ok: bool, next: usize| {
                if ok && free[next] && piece[next] == 0 {
                    piece[next] = n;
                    open.push(next);
                }
            };
            step(i > 0, cell.wrapping_sub(1));
            step(i + 1 < size[0], cell + 1);
            step(j > 0, cell.wrapping_sub(size[0]));
            step(j + 1 < size[1], cell + size[0]);
        }
        if cells > most {
            (best, most) = (n, cells);
        }
    }
    piece.iter().map(|&p| p != 0 && p == best).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Vector3;

    #[test]
    fn nothing_overlaps_and_all_stands_upright_in_its_room() {
        for seed in 0..40 {
            let settings = RoomSettings {
                rooms: 1 + (seed % 4) as usize,
                objects: 30,
                area_m2: 16.0 * (1 + seed % 4).min(3) as f64,
                ..RoomSettings::default()
            };
            let scene = rooms(&mut Stream::of_item("rooms", "test", seed, 0), &settings).expect("rooms");
            assert!(scene.things.len() >= 15, "{} things in {}", scene.things.len(), settings.rooms);
            for (i, a) in scene.things.iter().enumerate() {
                let (p, q) = (a.motion.at(0), Foot::of(a));
                assert!((p.rotation * Vector3::z() - Vector3::z()).norm() < 1e-9);
                assert!(q.from_to[0] > -1e-9 && q.from_to[1] < 2.5, "{}", a.name);
                for b in &scene.things[..i] {
                    let r = Foot::of(b);
                    let apart = q.from_to[0] >= r.from_to[1] - 1e-6 || r.from_to[0] >= q.from_to[1] - 1e-6;
                    assert!(apart || !q.meets(&r, -1e-6), "{} and {} in {seed}", a.name, b.name);
                }
                if let Some(on) = a.on {
                    assert!(
                        (q.from_to[0] - Foot::of(&scene.things[on]).from_to[1]).abs() < 2e-3 + 1e-6,
                        "{}",
                        a.name
                    );
                }
            }
        }
    }

    #[test]
    fn impossible_settings_are_errors() {
        let with = |change: fn(&mut RoomSettings)| {
            let mut settings = RoomSettings::default();
            change(&mut settings);
            rooms(&mut Stream::named(&["x"]), &settings).is_err()
        };
        assert!(with(|s| s.rooms = 0) && with(|s| s.objects = 0) && with(|s| s.area_m2 = f64::NAN));
        assert!(with(|s| {
            s.rooms = 4;
            s.area_m2 = 20.0;
        }));
    }
}
