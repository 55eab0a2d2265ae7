//! Streets with traffic: lanes, junctions, houses, trees; what drives follows its lane as a kinematic bicycle.

use super::rooms::name;
use super::vehicle::{bench, bus, car, cyclist, house, hydrant, lamp_post, pedestrian, tree, truck};
use super::{Colour, Light, Maker, Material, Motion, Path, Scene, SegmentKind, Shape, Sky, Thing, upright};
use crate::{Error, Stream};
use nalgebra::Isometry3;

/// The street's course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// One straight street.
    Straight,
    /// A bend to the left of a quarter circle.
    Curve,
    /// Two streets that cross.
    Junction,
}

/// What street to make.
#[derive(Clone, Debug, PartialEq)]
pub struct StreetSettings {
    /// Its course.
    pub layout: Layout,
    /// Cars, trucks and buses, 0 to 24.
    pub vehicles: usize,
    /// Cyclists, 0 to 12.
    pub cyclists: usize,
    /// People on foot, 0 to 24.
    pub pedestrians: usize,
    /// How long it lasts, seconds, 1 to 600.
    pub duration_s: f64,
}

impl Default for StreetSettings {
    fn default() -> StreetSettings {
        StreetSettings {
            layout: Layout::Straight,
            vehicles: 6,
            cyclists: 2,
            pedestrians: 6,
            duration_s: 20.0,
        }
    }
}

/// Half the carriageway: a lane of 3.5 m and a cycle strip.
const HALF_ROAD_M: f64 = 4.3;
const LANE_M: f64 = 1.75;
const PAVEMENT_M: f64 = 3.0;
/// A street reaches so far to both sides of its middle.
const REACH_M: f64 = 110.0;
/// Radius of the bend's middle line.
const BEND_M: f64 = 25.0;
const NS: f64 = 1e9;

/// A street with traffic on the right. Thing 0 is a car that drives along the street all the time, for a driver's camera.
///
/// Vehicles of one lane keep its speed and their distance (at least two seconds at first, never less than 3 m between bumpers); at a
/// junction those of the crossing street wait at their line. Nobody drives through anybody.
///
/// # Errors
/// A setting outside of its range; more vehicles than the lanes hold.
pub fn street(stream: &mut Stream, settings: &StreetSettings) -> Result<Scene, Error> {
    check(settings)?;
    let mut things = Vec::new();
    let duration_ns = (settings.duration_s * NS) as i64;
    let course = |offset: f64, back: bool| Course { layout: settings.layout, offset, back };
    // lanes with a speed each; in a lane those in front start further on, so that order and distance stay
    let mut lanes: Vec<(Course, f64, Vec<f64>, bool)> = vec![
        (course(-LANE_M, false), stream.uniform(6.0, 10.0), Vec::new(), false),
        (course(-LANE_M, true), stream.uniform(6.0, 11.0), Vec::new(), false),
    ];
    if settings.layout == Layout::Junction {
        for back in [false, true] {
            let cross = Course { layout: Layout::Junction, offset: -LANE_M, back };
            lanes.push((cross, 0.0, Vec::new(), true));
        }
    }
    let mut kinds: Vec<u64> = (0..settings.vehicles).map(|_| stream.below(10)).collect();
    if let Some(first) = kinds.first_mut() {
        *first = 0;
    }
    for (n, kind) in kinds.into_iter().enumerate() {
        let mut thing = match kind {
            0..=6 => car(stream),
            7 | 8 => truck(stream),
            _ => bus(stream),
        };
        let lane = if n == 0 { 0 } else { stream.index(lanes.len()) };
        // the next place behind the last one of this lane, or the one in front where that fails
        let order: Vec<usize> = (0..lanes.len()).map(|k| (lane + k) % lanes.len()).collect();
        let mut placed = false;
        for lane in order {
            let (course, speed, ends, crossing) = &mut lanes[lane];
            let long = thing.extent[0];
            let front = if *crossing {
                ends.last().map_or(REACH_M - 9.0, |end| end - stream.uniform(1.5, 4.0))
            } else {
                let first = if lane == 0 { 34.0 } else { stream.uniform(60.0, 110.0) };
                ends.last().map_or(first, |end| end - (*speed * 2.0).max(3.0) - stream.uniform(0.0, 9.0))
            };
            if front - long < if *crossing { 15.0 } else { -150.0 } {
                continue;
            }
            ends.push(front - long);
            let at = front - long * 0.5;
            let z = thing.extent[2] * 0.5;
            thing.motion = if *crossing {
                Motion::Still(course.turned(at, z))
            } else {
                Motion::Path(course.drive(at, *speed, z, duration_ns))
            };
            placed = true;
            break;
        }
        if !placed {
            let found = settings.vehicles.to_string();
            return Err(Error::Setting {
                name: "vehicles",
                expected: format!("at most {n} in these lanes"),
                found,
            });
        }
        things.push(thing);
    }
    for n in 0..settings.cyclists {
        let mut thing = cyclist(stream);
        let back = n % 2 == 1;
        // at the road's edge, beside the lane; the fastest in front
        let path = course(-HALF_ROAD_M + 0.4, back);
        let at = 90.0 - 14.0 * (n / 2) as f64 + stream.uniform(0.0, 4.0);
        let speed = 4.6 - 0.3 * (n / 2) as f64;
        let z = thing.extent[2] * 0.5;
        thing.motion = Motion::Path(path.drive(at, speed, z, duration_ns));
        things.push(thing);
    }
    for n in 0..settings.pedestrians {
        let mut thing = pedestrian(stream);
        let back = n % 2 == 1;
        // each in a strip of the pavement of their own
        let strip = (n / 2 % 4) as f64;
        let path = course(-(HALF_ROAD_M + 0.95 + 0.5 * strip), back);
        let at = 46.0 + 13.0 * (n / 8) as f64 + stream.uniform(0.0, 8.0) + 7.0 * strip;
        let speed = stream.uniform(0.9, 1.6);
        let z = thing.extent[2] * 0.5 + 0.12;
        thing.motion = Motion::Path(path.drive(at, speed, z, duration_ns));
        things.push(thing);
    }
    beside(stream, settings.layout, &mut things);
    name(&mut things);
    let angle = stream.uniform(0.3, 2.8);
    Ok(Scene {
        kind: "street",
        things,
        rooms: Vec::new(),
        setting: ground(settings.layout),
        light: Light {
            to_sun: [0.62 * libm::cos(angle), -0.62 * libm::sin(angle), 0.785],
            sun: 1.35,
            ambient: 0.5,
            lamps: 0.0,
            sky: Sky::Day,
        },
        events: Vec::new(),
    })
}

fn check(settings: &StreetSettings) -> Result<(), Error> {
    let counts = [
        ("vehicles", settings.vehicles, 24),
        ("cyclists", settings.cyclists, 12),
        ("pedestrians", settings.pedestrians, 24),
    ];
    for (name, count, most) in counts {
        if count > most {
            return Err(Error::Setting { name, expected: format!("0 to {most}"), found: count.to_string() });
        }
    }
    if !(1.0..=600.0).contains(&settings.duration_s) {
        let found = settings.duration_s.to_string();
        return Err(Error::Setting { name: "duration_s", expected: "1 to 600 seconds".into(), found });
    }
    Ok(())
}

/// A line along the street, so far to the left of its middle line (of those who drive back, to their own left).
#[derive(Clone, Copy)]
struct Course {
    layout: Layout,
    offset: f64,
    back: bool,
}

impl Course {
    /// The place this far along the main street, heading along it.
    fn start(&self) -> Isometry3<f64> {
        let half = std::f64::consts::PI;
        match (self.layout, self.back) {
            (Layout::Curve, true) => {
                // comes down the far leg, which runs north at x = BEND
                upright(BEND_M + self.offset, BEND_M + REACH_M, 0.0, -half * 0.5)
            }
            (_, true) => upright(REACH_M, -self.offset, 0.0, half),
            _ => upright(-REACH_M, self.offset, 0.0, 0.0),
        }
    }

    /// Starts `at` metres along and drives on at this speed; straight on behind the street's end.
    fn drive(&self, at: f64, speed: f64, z: f64, duration_ns: i64) -> Path {
        let lift = |place: Isometry3<f64>| {
            Isometry3::from_parts(
                (place.translation.vector + nalgebra::Vector3::new(0.0, 0.0, z)).into(),
                place.rotation,
            )
        };
        // who is not there yet starts further back
        let before = (-at).max(0.0);
        let at = at.max(0.0);
        let mut path = Path::new(lift(self.start() * upright(-before, 0.0, 0.0, 0.0)));
        // time runs from before the record, so that everybody is on the way at 0
        let lead_ns = (at / speed * NS) as i64;
        let straight = SegmentKind::Arc { speed_mps: speed, acceleration_mps2: 0.0, curvature_per_m: 0.0 };
        let ns = |metres: f64| (metres / speed * NS) as i64;
        let until = lead_ns + duration_ns;
        if self.layout == Layout::Curve {
            let sign = if self.back { -1.0 } else { 1.0 };
            let radius = BEND_M - sign * self.offset;
            let bend =
                SegmentKind::Arc { speed_mps: speed, acceleration_mps2: 0.0, curvature_per_m: sign / radius };
            path.then(-lead_ns, ns(REACH_M + before), straight);
            path.then(0, ns(radius * std::f64::consts::FRAC_PI_2), bend);
            let used = path.end_ns().unwrap_or(0) + lead_ns;
            path.then(0, (until - used).max(0), straight);
        } else {
            path.then(-lead_ns, until, straight);
        }
        path
    }

    /// The place this far along the crossing street, which runs north.
    fn turned(&self, at: f64, z: f64) -> Isometry3<f64> {
        let quarter = std::f64::consts::FRAC_PI_2;
        if self.back {
            upright(self.offset, REACH_M - at, z, -quarter)
        } else {
            upright(-self.offset, at - REACH_M, z, quarter)
        }
    }
}

/// Houses, trees, lamps and benches along both sides.
fn beside(stream: &mut Stream, layout: Layout, things: &mut Vec<Thing>) {
    let front = HALF_ROAD_M + PAVEMENT_M + 2.5;
    // where a side may be built on: along the street, from, to
    let spans: Vec<(f64, f64, f64)> = match layout {
        Layout::Straight => vec![(1.0, -REACH_M, REACH_M), (-1.0, -REACH_M, REACH_M)],
        Layout::Curve => vec![(1.0, -REACH_M, -14.0), (-1.0, -REACH_M, 4.0)],
        Layout::Junction => {
            let near = front + 2.0;
            vec![(1.0, -REACH_M, -near), (1.0, near, REACH_M), (-1.0, -REACH_M, -near), (-1.0, near, REACH_M)]
        }
    };
    let mut put = |stream: &mut Stream, frame: Isometry3<f64>, (side, from, to): (f64, f64, f64)| {
        let facing = -side * std::f64::consts::FRAC_PI_2;
        let mut stand = |mut thing: Thing, along: f64, away: f64, low: f64| {
            let z = thing.extent[2] * 0.5 + low;
            thing.motion = Motion::Still(frame * upright(along, side * away, z, facing));
            things.push(thing);
        };
        let mut at = from + stream.uniform(0.5, 3.0);
        while at < to - 8.0 {
            let wide = stream.uniform(8.0, 13.0).min(to - at);
            let home = house(stream, wide - 0.6);
            let deep = home.extent[0];
            let back = front + stream.uniform(0.0, 1.5);
            stand(home, at + wide * 0.5, back + deep * 0.5, 0.0);
            at += wide + stream.uniform(0.6, 4.0);
        }
        let mut at = from + stream.uniform(2.0, 6.0);
        let mut n = 0;
        while at < to - 1.0 {
            match n % 4 {
                1 => stand(lamp_post(), at, HALF_ROAD_M + 0.3 - 0.515, 0.12),
                3 if stream.chance(0.5) => stand(bench(), at, HALF_ROAD_M + PAVEMENT_M + 0.7, 0.0),
                3 if stream.chance(0.4) => stand(hydrant(), at, HALF_ROAD_M + PAVEMENT_M + 0.5, 0.0),
                _ => stand(tree(stream), at, HALF_ROAD_M + PAVEMENT_M + 1.1, 0.0),
            }
            n += 1;
            at += stream.uniform(4.0, 7.5);
        }
    };
    for span in spans {
        put(stream, Isometry3::identity(), span);
    }
    let turned = upright(0.0, 0.0, 0.0, std::f64::consts::FRAC_PI_2);
    match layout {
        Layout::Curve => {
            // the far leg: along is north, left is west
            let leg = upright(BEND_M, BEND_M, 0.0, std::f64::consts::FRAC_PI_2);
            put(stream, leg, (1.0, 12.0, REACH_M));
            put(stream, leg, (-1.0, -8.0, REACH_M));
        }
        Layout::Junction => {
            let near = front + 12.0;
            for side in [1.0, -1.0] {
                put(stream, turned, (side, -REACH_M, -near));
                put(stream, turned, (side, near, REACH_M));
            }
        }
        Layout::Straight => {}
    }
}

fn ground(layout: Layout) -> Vec<super::Part> {
    let mut m = Maker::new();
    let lawn = (Colour::Green, Material::Grass);
    let tar = (Colour::Gray, Material::Asphalt);
    let slab = (Colour::Beige, Material::Paving);
    let paint = (Colour::White, Material::Paper);
    let plate = |m: &mut Maker, name, x: [f64; 2], y: [f64; 2], z: f64, look| {
        let size = [x[1] - x[0], y[1] - y[0], 0.1];
        m.add(name, Shape::Plate, [0.5 * (x[0] + x[1]), 0.5 * (y[0] + y[1]), z - 0.1], size, look);
    };
    let far = 4.0 * REACH_M;
    plate(&mut m, "lawn", [-far, far], [-far, far], -0.02, lawn);
    let edge = HALF_ROAD_M + PAVEMENT_M;
    // a street along x between two places, with pavements and a broken line
    let run = |m: &mut Maker, along_x: bool, from: f64, to: f64, centre: f64, walks: bool| {
        let mut strip = |name, low: f64, high: f64, a: f64, b: f64, z: f64, tall: f64, look| {
            if tall > 0.0 {
                let (s, t) = (0.5 * (a + b), 0.5 * (low + high) + centre);
                let foot = if along_x { [s, t, z] } else { [t, s, z] };
                let size = if along_x { [b - a, high - low, tall] } else { [high - low, b - a, tall] };
                m.cuboid(name, foot, size, look);
            } else if along_x {
                plate(m, name, [a, b], [low + centre, high + centre], z, look);
            } else {
                plate(m, name, [low + centre, high + centre], [a, b], z, look);
            }
        };
        strip("road", -HALF_ROAD_M, HALF_ROAD_M, from, to, 0.0, 0.0, tar);
        for side in [3.3, -3.3] {
            strip("line", side - 0.05, side + 0.05, from, to, 0.004, 0.0, paint);
        }
        let mut at = from + 1.5;
        while at + 3.0 < to {
            strip("line", -0.07, 0.07, at, at + 3.0, 0.004, 0.0, paint);
            at += 9.0;
        }
        if walks {
            for side in [1.0, -1.0] {
                let (a, b) = (side * HALF_ROAD_M, side * edge);
                strip("pavement", a.min(b), a.max(b), from, to, -0.1, 0.22, slab);
                let kerb = side * (HALF_ROAD_M + 0.06);
                strip(
                    "kerb",
                    kerb - 0.07,
                    kerb + 0.07,
                    from,
                    to,
                    -0.1,
                    0.225,
                    (Colour::Gray, Material::Plaster),
                );
            }
        }
    };
    match layout {
        Layout::Straight => run(&mut m, true, -far, far, 0.0, true),
        Layout::Junction => {
            for (along_x, from, to) in
                [(true, -far, -edge), (true, edge, far), (false, -far, -edge), (false, edge, far)]
            {
                run(&mut m, along_x, from, to, 0.0, true);
            }
            plate(&mut m, "road", [-edge, edge], [-edge, edge], -0.001, tar);
            for sx in [1.0, -1.0] {
                for sy in [1.0, -1.0] {
                    let c = HALF_ROAD_M + 0.5 * PAVEMENT_M;
                    m.cuboid("pavement", [sx * c, sy * c, -0.1], [PAVEMENT_M, PAVEMENT_M, 0.22], slab);
                }
            }
            // zebra crossings and stop lines
            for side in [1.0, -1.0] {
                let mut at = -HALF_ROAD_M + 0.5;
                while at < HALF_ROAD_M - 0.4 {
                    let x = [side * (edge + 1.0), side * (edge + 3.5)];
                    plate(&mut m, "crossing", [x[0].min(x[1]), x[0].max(x[1])], [at, at + 0.5], 0.006, paint);
                    at += 1.0;
                }
                let y = side * (edge + 0.6);
                let x = if side < 0.0 { [0.0, HALF_ROAD_M] } else { [-HALF_ROAD_M, 0.0] };
                plate(&mut m, "stop line", x, [y - 0.2, y + 0.2], 0.006, paint);
            }
        }
        Layout::Curve => {
            run(&mut m, true, -far, 0.0, 0.0, true);
            run(&mut m, false, BEND_M, far, BEND_M, true);
            // the bend in short pieces, each a little longer than its step, so that no gap stays
            let n = 40;
            for i in 0..n {
                let step = std::f64::consts::FRAC_PI_2 / f64::from(n);
                let angle = (f64::from(i) + 0.5) * step - std::f64::consts::FRAC_PI_2;
                let (c, s) = (libm::cos(angle), libm::sin(angle));
                let turn = [0.0, 0.0, angle + std::f64::consts::FRAC_PI_2];
                let mut piece = |name, shape, r: [f64; 2], z: f64, tall: f64, look| {
                    let middle = 0.5 * (r[0] + r[1]);
                    let long = 2.0 * r[1] * libm::tan(0.5 * step) + 0.004;
                    let at = [c * middle, BEND_M + s * middle, z];
                    m.turned(name, shape, at, [long, r[1] - r[0], tall], look, turn);
                };
                // odd pieces a millimetre lower: where two overlap one of them is seen
                let low = -0.001 * f64::from(i % 2);
                piece(
                    "road",
                    Shape::Plate,
                    [BEND_M - HALF_ROAD_M, BEND_M + HALF_ROAD_M],
                    low - 0.051,
                    0.1,
                    tar,
                );
                piece("pavement", Shape::Box, [BEND_M - edge, BEND_M - HALF_ROAD_M], 0.01 + low, 0.22, slab);
                piece("pavement", Shape::Box, [BEND_M + HALF_ROAD_M, BEND_M + edge], 0.01 + low, 0.22, slab);
                if i % 6 < 2 {
                    piece("line", Shape::Plate, [BEND_M - 0.07, BEND_M + 0.07], -0.046, 0.1, paint);
                }
            }
        }
    }
    m.into_parts()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Foot;

    #[test]
    fn nobody_drives_through_anybody() {
        for (n, layout) in [Layout::Straight, Layout::Curve, Layout::Junction].into_iter().enumerate() {
            for seed in 0..6 {
                let settings =
                    StreetSettings { layout, vehicles: 8, cyclists: 4, ..StreetSettings::default() };
                let mut stream = Stream::of_item("street", "test", seed, n as u64);
                let scene = street(&mut stream, &settings).expect("a street");
                for t in (0..20).map(|s| s * 1_000_000_000) {
                    let moved: Vec<Foot> = scene
                        .things
                        .iter()
                        .map(|thing| {
                            let mut still = thing.clone();
                            still.motion = Motion::Still(thing.motion.at(t));
                            Foot::of(&still)
                        })
                        .collect();
                    for i in 0..moved.len() {
                        if scene.things[i].motion.is_still() {
                            continue;
                        }
                        for j in 0..moved.len() {
                            let pair = (&scene.things[i], &scene.things[j]);
                            // walkers of one strip may pass each other shoulder to shoulder; trees reach over the pavement
                            let people = pair.0.category == "pedestrian";
                            if i != j
                                && !people
                                && pair.1.category != "tree"
                                && pair.1.category != "street lamp"
                            {
                                let hit = moved[i].meets(&moved[j], 0.0);
                                assert!(!hit, "{layout:?} {seed} at {t}: {} {}", pair.0.name, pair.1.name);
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_car_in_the_bend_stays_in_its_lane() {
        let path = Course { layout: Layout::Curve, offset: -LANE_M, back: false }.drive(
            0.0,
            10.0,
            0.0,
            15_000_000_000,
        );
        let motion = Motion::Path(path);
        let end = motion.at(20_000_000_000).translation.vector;
        assert!((end.x - (BEND_M + LANE_M)).abs() < 1e-6, "{end}");
        let middle = motion.at(13_000_000_000).translation.vector;
        let r = libm::hypot(middle.x, middle.y - BEND_M);
        assert!((r - (BEND_M + LANE_M)).abs() < 1e-6);
    }

    #[test]
    fn too_many_vehicles_are_an_error() {
        let settings = StreetSettings { vehicles: 25, ..StreetSettings::default() };
        assert!(street(&mut Stream::named(&["s"]), &settings).is_err());
    }
}
