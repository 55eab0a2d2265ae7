//! A tabletop with solids (after Johnson et al., CLEVR, 2017) or everyday things.

use super::furniture::kind;
use super::rooms::{Foot, name};
use super::{Colour, Light, Maker, Material, Motion, Scene, Shape, Size, Sky, Thing, upright};
use crate::{Error, Stream};
use std::collections::BTreeMap;

/// What to put on the table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSettings {
    /// Number of things, 1 to 12.
    pub objects: usize,
    /// Things of every day (cups, books, apples …) in place of solids.
    pub everyday: bool,
    /// Smallest gap between the things' circles, metres on the scale of a table 1.6 m wide.
    pub gap_m: f64,
    /// How far two things must differ along both of the table's axes, so that left, right, in front and behind are unambiguous for
    /// whoever stands at its near side.
    pub margin_m: f64,
    /// All pairs of colour and shape differ, so that each thing has a description of its own.
    pub unique: bool,
}

impl Default for TableSettings {
    fn default() -> TableSettings {
        TableSettings { objects: 6, everyday: false, gap_m: 0.03, margin_m: 0.05, unique: true }
    }
}

const EVERYDAY: [&str; 12] = [
    "cup",
    "bowl",
    "book",
    "apple",
    "bottle",
    "vase",
    "plate",
    "laptop",
    "toy car",
    "teddy bear",
    "phone",
    "kettle",
];

/// Things on a table, the viewer's side at −y; its upper face is z = 0.
///
/// CLEVR's rules at a table's scale: a third of its lengths. Placement is tried anew, as a whole, until all things keep their margins.
///
/// # Errors
/// A setting outside of its range; things that find no room within 400 attempts, with what stood in their way most often.
pub fn table(stream: &mut Stream, settings: &TableSettings) -> Result<Scene, Error> {
    let bad =
        |name, expected: &str, found: String| Err(Error::Setting { name, expected: expected.into(), found });
    if !(1..=12).contains(&settings.objects) {
        return bad("objects", "1 to 12", settings.objects.to_string());
    }
    if !(0.0..=0.5).contains(&settings.gap_m) {
        return bad("gap_m", "0 to 0.5 m", settings.gap_m.to_string());
    }
    if !(0.0..=0.3).contains(&settings.margin_m) {
        return bad("margin_m", "0 to 0.3 m", settings.margin_m.to_string());
    }
    const ATTEMPTS: u32 = 400;
    let mut why: BTreeMap<&'static str, u32> = BTreeMap::new();
    for _ in 0..ATTEMPTS {
        match place(stream, settings) {
            Ok(mut things) => {
                name(&mut things);
                return Ok(finished(stream, things));
            }
            Err(reason) => *why.entry(reason).or_default() += 1,
        }
    }
    let reason =
        why.into_iter().max_by_key(|(_, n)| *n).map_or_else(String::new, |(reason, _)| reason.into());
    Err(Error::Exhausted { what: "a table", attempts: ATTEMPTS, reason })
}

fn place(stream: &mut Stream, settings: &TableSettings) -> Result<Vec<Thing>, &'static str> {
    let mut things: Vec<Thing> = Vec::new();
    let mut tries = 0;
    while things.len() < settings.objects {
        tries += 1;
        if tries > 60 * settings.objects {
            return Err("things come too close to each other, or side by side");
        }
        let mut thing = if settings.everyday { everyday(stream) } else { solid(stream) };
        if settings.unique {
            let twin =
                |t: &Thing| t.category == thing.category && (t.colour == thing.colour || settings.everyday);
            if things.iter().any(twin) {
                continue;
            }
        }
        let (x, y) = (stream.uniform(-0.62, 0.62), stream.uniform(-0.36, 0.36));
        let yaw = stream.uniform(0.0, 2.0 * std::f64::consts::PI);
        let yaw =
            if thing.has_front { -std::f64::consts::FRAC_PI_2 + stream.uniform(-0.9, 0.9) } else { yaw };
        thing.motion = Motion::Still(upright(x, y, thing.extent[2] * 0.5, yaw));
        let radius = |t: &Thing| 0.5 * libm::hypot(t.extent[0], t.extent[1]);
        let fits = things.iter().all(|other| {
            let c = other.motion.at(0).translation.vector;
            let (dx, dy) = ((c.x - x).abs(), (c.y - y).abs());
            libm::hypot(dx, dy) >= settings.gap_m + 0.75 * (radius(other) + radius(&thing))
                && dx >= settings.margin_m
                && dy >= settings.margin_m
                && !Foot::of(other).meets(&Foot::of(&thing), settings.gap_m)
        });
        if fits {
            things.push(thing);
        }
    }
    Ok(things)
}

fn everyday(stream: &mut Stream) -> Thing {
    let category = stream.choose(&EVERYDAY).copied().unwrap_or("cup");
    match kind(category) {
        Some(kind) => kind.make(stream),
        None => solid(stream),
    }
}

fn solid(stream: &mut Stream) -> Thing {
    let shapes = [
        ("cube", Shape::Box),
        ("sphere", Shape::Sphere),
        ("cylinder", Shape::Cylinder),
        ("cone", Shape::Cone),
    ];
    let (category, shape) = stream.choose(&shapes).copied().unwrap_or(("cube", Shape::Box));
    let colour = stream.choose(&Colour::DISTINCT).copied().unwrap_or(Colour::Red);
    let material = if stream.chance(0.5) { Material::Metal } else { Material::Rubber };
    let (size, side) = if stream.chance(0.5) { (Size::Large, 0.17) } else { (Size::Small, 0.095) };
    let mut maker = Maker::new();
    maker.add(category, shape, [0.0; 3], [side; 3], (colour, material));
    let mut thing = maker.thing(category, (colour, material), false);
    thing.size = size;
    thing
}

fn finished(stream: &mut Stream, things: Vec<Thing>) -> Scene {
    let mut maker = Maker::new();
    let board = *stream.choose(&[Colour::Brown, Colour::Beige, Colour::White]).unwrap_or(&Colour::Beige);
    maker.cuboid("table top", [0.0, 0.0, -0.04], [1.8, 1.15, 0.04], (board, Material::Wood));
    maker.legs([1.7, 1.05], 0.05, 0.07, 0.7, (board, Material::Wood));
    let mut setting = maker.into_parts();
    for part in &mut setting[1..] {
        part.body_from_part.translation.vector.z -= 0.74;
    }
    let angle = stream.uniform(0.6, 2.5);
    Scene {
        kind: "table",
        things,
        rooms: Vec::new(),
        setting,
        light: Light {
            to_sun: [0.55 * libm::cos(angle), 0.55 * libm::sin(angle), 0.835],
            sun: 1.15,
            ambient: 0.55,
            lamps: 0.0,
            sky: Sky::Studio,
        },
        events: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_and_right_in_front_and_behind_are_clear_for_every_pair() {
        for seed in 0..60 {
            let settings = TableSettings { objects: 3 + (seed % 6) as usize, ..TableSettings::default() };
            let scene = table(&mut Stream::of_item("table", "test", seed, 0), &settings).expect("fits");
            assert_eq!(scene.things.len(), settings.objects);
            for (i, a) in scene.things.iter().enumerate() {
                for b in &scene.things[..i] {
                    let d = a.motion.at(0).translation.vector - b.motion.at(0).translation.vector;
                    assert!(d.x.abs() >= 0.05 && d.y.abs() >= 0.05);
                    assert!(a.category != b.category || a.colour != b.colour);
                }
            }
        }
    }

    #[test]
    fn too_many_for_the_margin_is_an_error_that_says_so() {
        let settings = TableSettings { objects: 12, margin_m: 0.3, ..TableSettings::default() };
        let error = table(&mut Stream::named(&["full"]), &settings).expect_err("too full");
        assert!(error.to_string().contains("too close"), "{error}");
    }
}
