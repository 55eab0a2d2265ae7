//! What moves on streets and what stands beside them.

use super::{Colour, Maker, Material, Shape, Thing};
use crate::Stream;
use Colour::{Beige, Black, Blue, Brown, Cyan, Gray, Green, Orange, Pink, Red, White, Yellow};
use Material::{
    Asphalt, Brick, Fabric, Facade, Glass, Glow, Leaves, Metal, Plastic, Roof, Rubber, Skin, Wood,
};
use Shape::{Box as Cuboid, Cone, Cylinder, Sphere, Wedge};

const DARK: (Colour, Material) = (Black, Plastic);
const STEEL: (Colour, Material) = (Gray, Metal);
const PANE: (Colour, Material) = (Cyan, Glass);
/// Turns a standing cylinder so that its axis points left.
const AXLE: [f64; 3] = [std::f64::consts::FRAC_PI_2, 0.0, 0.0];

/// Colours that cars come in.
const PAINTS: [Colour; 8] = [Red, Blue, White, Black, Gray, Yellow, Green, Orange];

fn paint(stream: &mut Stream) -> (Colour, Material) {
    (stream.choose(&PAINTS).copied().unwrap_or(Red), Material::Ceramic)
}

fn wheels(m: &mut Maker, at: &[f64], y: f64, r: f64, wide: f64) {
    for &x in at {
        for side in [1.0, -1.0] {
            m.turned(
                "wheel",
                Cylinder,
                [x, side * (y * 0.5 - wide * 0.5), r],
                [2.0 * r, 2.0 * r, wide],
                (Black, Rubber),
                AXLE,
            );
            m.turned(
                "hub",
                Cylinder,
                [x, side * (y * 0.5 - wide * 0.5), r],
                [1.1 * r, 1.1 * r, wide + 0.01],
                STEEL,
                AXLE,
            );
        }
    }
}

/// A car 3.9 to 4.6 m long.
pub(super) fn car(stream: &mut Stream) -> Thing {
    let look = paint(stream);
    let (x, y, z) = (stream.uniform(3.9, 4.6), stream.uniform(1.72, 1.85), stream.uniform(1.42, 1.58));
    let mut m = Maker::new();
    let belt = 0.86;
    m.cuboid("body", [0.0, 0.0, 0.28], [x, y - 0.06, belt - 0.28], look);
    m.cuboid("sill", [0.0, 0.0, 0.2], [x * 0.9, y - 0.12, 0.1], DARK);
    let (cabin, slope) = (x * 0.34, x * 0.14);
    let back = -x * 0.16;
    m.cuboid("cabin", [back, 0.0, belt], [cabin, y - 0.24, z - belt - 0.05], PANE);
    m.cuboid("roof", [back, 0.0, z - 0.05], [cabin + 0.06, y - 0.22, 0.05], look);
    let rise = z - belt - 0.03;
    m.turned(
        "windscreen",
        Wedge,
        [back + (cabin + slope) * 0.5, 0.0, belt + rise * 0.5],
        [slope, y - 0.26, rise],
        PANE,
        [0.0; 3],
    );
    m.turned(
        "rear window",
        Wedge,
        [back - (cabin + slope * 0.8) * 0.5, 0.0, belt + rise * 0.5],
        [slope * 0.8, y - 0.26, rise],
        PANE,
        [0.0, 0.0, std::f64::consts::PI],
    );
    for side in [1.0, -1.0] {
        m.cuboid("pillar", [back, side * (y - 0.23) * 0.5, belt], [0.07, 0.02, z - belt - 0.04], look);
        m.cuboid("headlight", [x * 0.5, side * y * 0.33, 0.6], [0.03, 0.32, 0.13], (White, Glow));
        m.cuboid("tail light", [-x * 0.5, side * y * 0.35, 0.62], [0.03, 0.26, 0.13], (Red, Glow));
        m.cuboid("mirror", [x * 0.12, side * (y * 0.5 - 0.01), belt + 0.02], [0.1, 0.14, 0.1], look);
    }
    m.cuboid("grille", [x * 0.5, 0.0, 0.42], [0.03, y * 0.5, 0.14], DARK);
    m.cuboid("number plate", [-x * 0.5, 0.0, 0.44], [0.02, 0.5, 0.11], (White, Plastic));
    wheels(&mut m, &[x * 0.31, -x * 0.3], y, 0.31, 0.2);
    m.thing("car", look, true)
}

/// A truck with a box body, 6.5 to 8.5 m long.
pub(super) fn truck(stream: &mut Stream) -> Thing {
    let look = paint(stream);
    let (x, y, z) = (stream.uniform(6.5, 8.5), 2.4, stream.uniform(3.0, 3.5));
    let mut m = Maker::new();
    m.cuboid("chassis", [0.0, 0.0, 0.55], [x, y * 0.6, 0.2], DARK);
    m.cuboid("cab", [x * 0.5 - 0.95, 0.0, 0.6], [1.8, y - 0.1, 1.0], look);
    m.cuboid("cab", [x * 0.5 - 1.15, 0.0, 1.6], [1.4, y - 0.14, 0.9], look);
    m.cuboid("windscreen", [x * 0.5 - 0.44, 0.0, 1.68], [0.04, y - 0.4, 0.66], PANE);
    for side in [1.0, -1.0] {
        m.cuboid("window", [x * 0.5 - 1.0, side * (y - 0.14) * 0.5, 1.7], [0.8, 0.03, 0.6], PANE);
        m.cuboid("headlight", [x * 0.5 - 0.05, side * y * 0.36, 0.75], [0.04, 0.34, 0.2], (White, Glow));
        m.cuboid("tail light", [-x * 0.5, side * y * 0.42, 0.7], [0.04, 0.2, 0.2], (Red, Glow));
    }
    let load = *stream.choose(&[White, Beige, Gray, Blue]).unwrap_or(&White);
    m.cuboid("load box", [-1.0, 0.0, 0.85], [x - 2.0, y, z - 0.85], (load, Plastic));
    wheels(&mut m, &[x * 0.5 - 1.0, -x * 0.5 + 1.2, -x * 0.5 + 2.3], y, 0.48, 0.3);
    m.thing("truck", look, true)
}

/// A city bus, 11 to 12 m long.
pub(super) fn bus(stream: &mut Stream) -> Thing {
    let look =
        (stream.choose(&[Red, Yellow, Blue, Green, Orange]).copied().unwrap_or(Red), Material::Ceramic);
    let (x, y, z) = (stream.uniform(11.0, 12.0), 2.5, 3.0);
    let mut m = Maker::new();
    m.cuboid("body", [0.0, 0.0, 0.35], [x, y - 0.04, 0.95], look);
    m.cuboid("windows", [0.0, 0.0, 1.3], [x - 0.04, y - 0.1, 1.15], PANE);
    m.cuboid("roof", [0.0, 0.0, 2.45], [x, y - 0.04, z - 2.6], look);
    m.cuboid("air conditioner", [-x * 0.2, 0.0, z - 0.15], [3.0, 1.6, 0.15], (White, Plastic));
    let n = 7;
    for i in 0..=n {
        let at = (f64::from(i) / f64::from(n) - 0.5) * (x - 0.1);
        for side in [1.0, -1.0] {
            m.cuboid("pillar", [at, side * (y - 0.08) * 0.5, 1.3], [0.1, 0.04, 1.15], look);
        }
    }
    for side in [1.0, -1.0] {
        m.cuboid("headlight", [x * 0.5, side * y * 0.36, 0.6], [0.03, 0.36, 0.18], (White, Glow));
        m.cuboid("tail light", [-x * 0.5, side * y * 0.4, 0.7], [0.03, 0.2, 0.3], (Red, Glow));
    }
    m.cuboid("sign", [x * 0.5, 0.0, 2.5], [0.03, y * 0.6, 0.25], (Orange, Glow));
    wheels(&mut m, &[x * 0.28, -x * 0.25], y, 0.48, 0.28);
    m.thing("bus", look, true)
}

/// Somebody on foot.
pub(super) fn pedestrian(stream: &mut Stream) -> Thing {
    let shirt =
        (stream.choose(&[Red, Blue, Yellow, Green, White, Orange, Pink]).copied().unwrap_or(Red), Fabric);
    let z = stream.uniform(1.58, 1.88);
    let mut m = Maker::new();
    person(&mut m, stream, shirt, z, 0.0, false);
    m.thing("pedestrian", shirt, true)
}

/// Somebody on a bicycle.
pub(super) fn cyclist(stream: &mut Stream) -> Thing {
    let shirt =
        (stream.choose(&[Red, Blue, Yellow, Green, White, Orange, Pink]).copied().unwrap_or(Red), Fabric);
    let frame = (stream.choose(&PAINTS).copied().unwrap_or(Red), Metal);
    let mut m = Maker::new();
    let r = 0.34;
    for end in [0.52, -0.52] {
        m.turned("wheel", Cylinder, [end, 0.0, r], [2.0 * r, 2.0 * r, 0.04], (Black, Rubber), AXLE);
        m.turned("spokes", Cylinder, [end, 0.0, r], [1.76 * r, 1.76 * r, 0.044], (Gray, Metal), AXLE);
    }
    m.turned("frame", Cuboid, [0.12, 0.0, 0.58], [0.72, 0.04, 0.04], frame, [0.0, -0.25, 0.0]);
    m.turned("frame", Cuboid, [-0.2, 0.0, 0.62], [0.04, 0.04, 0.6], frame, [0.0, -0.2, 0.0]);
    m.turned("fork", Cuboid, [0.48, 0.0, 0.66], [0.04, 0.04, 0.66], frame, [0.0, -0.22, 0.0]);
    m.cuboid("handlebar", [0.4, 0.0, 0.98], [0.04, 0.5, 0.03], DARK);
    m.cuboid("saddle", [-0.27, 0.0, 0.92], [0.24, 0.14, 0.05], DARK);
    let z = stream.uniform(1.62, 1.78);
    person(&mut m, stream, shirt, z, -0.12, true);
    m.thing("cyclist", shirt, true)
}

fn person(m: &mut Maker, stream: &mut Stream, shirt: (Colour, Material), z: f64, x: f64, riding: bool) {
    let trousers = (stream.choose(&[Black, Blue, Gray, Brown, Beige]).copied().unwrap_or(Black), Fabric);
    let hair = (stream.choose(&[Black, Brown, Yellow, Gray]).copied().unwrap_or(Brown), Fabric);
    let skin = (Beige, Skin);
    let hip = z * 0.49;
    let lean = if riding { 0.35 } else { 0.0 };
    for side in [1.0, -1.0] {
        let swing = if riding { 0.35 } else { 0.12 * side };
        m.turned(
            "leg",
            Cylinder,
            [x + swing * 0.25, side * 0.09, hip * 0.53],
            [0.15, 0.15, hip * 0.96],
            trousers,
            [0.0, -swing, 0.0],
        );
        let foot = if riding { x + 0.3 } else { x + 0.06 + swing * 0.45 };
        let low = if riding { 0.12 } else { 0.0 };
        m.cuboid("shoe", [foot, side * 0.09, low], [0.26, 0.09, 0.08], DARK);
        let arm = if riding { 0.9 } else { -0.2 * side };
        m.turned(
            "arm",
            Cylinder,
            [x + lean * 0.5 + arm * 0.26, side * 0.24, hip + z * 0.19],
            [0.1, 0.1, z * 0.32],
            shirt,
            [0.0, -arm, 0.0],
        );
        m.add(
            "hand",
            Sphere,
            [x + lean * 0.5 + arm * 0.5, side * 0.24, hip + z * if riding { 0.05 } else { -0.02 }],
            [0.1; 3],
            skin,
        );
    }
    m.turned(
        "torso",
        Cylinder,
        [x + lean * 0.25, 0.0, hip + z * 0.16],
        [0.24, 0.4, z * 0.34],
        shirt,
        [0.0, lean, 0.0],
    );
    m.add("shoulders", Sphere, [x + lean * 0.5, 0.0, hip + z * 0.27], [0.26, 0.46, z * 0.09], shirt);
    m.rod("neck", [x + lean * 0.55, 0.0, z * 0.8], 0.055, z * 0.08, skin);
    m.add("head", Sphere, [x + lean * 0.6, 0.0, z * 0.865], [0.2, 0.17, z * 0.135], skin);
    let cap = if riding { (Red, Plastic) } else { hair };
    m.add("hair", Sphere, [x + lean * 0.6 - 0.02, 0.0, z * 0.915], [0.22, 0.19, z * 0.085], cap);
}

/// A tree, 4 to 8 m high.
pub(super) fn tree(stream: &mut Stream) -> Thing {
    let z = stream.uniform(4.5, 8.0);
    let look = (Green, Leaves);
    let mut m = Maker::new();
    m.rod("trunk", [0.0; 3], 0.06 + 0.018 * z, z * 0.5, (Brown, Wood));
    if stream.chance(0.3) {
        for i in 0..3 {
            let s = f64::from(i);
            let wide = z * (0.42 - 0.1 * s);
            m.add(
                "crown",
                Cone,
                [0.0, 0.0, z * (0.22 + 0.24 * s)],
                [wide, wide, z * (0.4 - 0.06 * s) * 0.85],
                look,
            );
        }
    } else {
        let wide = z * 0.42;
        m.add("crown", Sphere, [0.0, 0.0, z * 0.45], [wide, wide, z * 0.5], look);
        for i in 0..6 {
            let angle = 1.05 * f64::from(i) + stream.uniform(-0.3, 0.3);
            let (c, s) = (libm::cos(angle) * wide * 0.36, libm::sin(angle) * wide * 0.36);
            let at = z * stream.uniform(0.34, 0.58);
            m.add("crown", Sphere, [c, s, at], [wide * 0.6, wide * 0.6, z * 0.3], look);
        }
    }
    m.thing("tree", look, false)
}

/// A house, its front towards the street.
pub(super) fn house(stream: &mut Stream, wide: f64) -> Thing {
    let storeys = stream.between(2, 3) as f64;
    let (deep, wall) = (stream.uniform(7.0, 9.0), 3.0 * storeys);
    let colour = *stream.choose(&[Beige, White, Yellow, Pink, Orange, Gray]).unwrap_or(&Beige);
    let mut m = Maker::new();
    m.cuboid("base", [0.0, 0.0, 0.0], [deep + 0.06, wide + 0.06, 0.5], (Gray, Brick));
    m.cuboid("walls", [0.0, 0.0, 0.0], [deep, wide, wall], (colour, Facade));
    let roof = (*stream.choose(&[Red, Brown, Gray]).unwrap_or(&Red), Roof);
    let rise = stream.uniform(1.8, 2.8);
    for (sign, turn) in [(1.0, 0.0), (-1.0, std::f64::consts::PI)] {
        m.turned(
            "roof",
            Wedge,
            [sign * (deep + 0.7) * 0.25, 0.0, wall + rise * 0.5],
            [(deep + 0.7) * 0.5, wide + 0.4, rise],
            roof,
            [0.0, 0.0, turn],
        );
    }
    m.cuboid(
        "door",
        [deep * 0.5, 0.0, 0.0],
        [0.12, 1.1, 2.2],
        (*stream.choose(&[Red, Blue, Green, Brown]).unwrap_or(&Red), Wood),
    );
    m.cuboid("step", [deep * 0.5 + 0.3, 0.0, 0.0], [0.6, 1.5, 0.15], (Gray, Asphalt));
    m.cuboid("chimney", [-deep * 0.2, wide * 0.3, wall + rise * 0.3], [0.6, 0.6, rise * 0.9], (Red, Brick));
    m.thing("house", (colour, Material::Plaster), true)
}

/// A street lamp.
pub(super) fn lamp_post() -> Thing {
    let mut m = Maker::new();
    m.rod("foot", [0.0; 3], 0.12, 0.4, STEEL);
    m.rod("post", [0.0; 3], 0.06, 5.2, STEEL);
    m.cuboid("arm", [0.5, 0.0, 5.12], [1.1, 0.07, 0.07], STEEL);
    m.cuboid("light", [0.9, 0.0, 5.05], [0.5, 0.2, 0.08], (White, Glow));
    m.thing("street lamp", STEEL, true)
}

/// A bench.
pub(super) fn bench() -> Thing {
    let wood = (Brown, Wood);
    let mut m = Maker::new();
    for side in [0.6, -0.6] {
        m.cuboid("leg", [0.0, side, 0.0], [0.4, 0.06, 0.42], DARK);
    }
    for i in 0..4 {
        m.cuboid("slat", [-0.15 + 0.11 * f64::from(i), 0.0, 0.42], [0.09, 1.6, 0.04], wood);
    }
    for i in 0..2 {
        m.turned(
            "back",
            Cuboid,
            [-0.24, 0.0, 0.62 + 0.16 * f64::from(i)],
            [0.03, 1.6, 0.11],
            wood,
            [0.0, -0.15, 0.0],
        );
    }
    m.thing("bench", wood, true)
}

/// A fire hydrant.
pub(super) fn hydrant() -> Thing {
    let red = (Red, Metal);
    let mut m = Maker::new();
    m.rod("foot", [0.0; 3], 0.16, 0.06, red);
    m.rod("body", [0.0; 3], 0.11, 0.58, red);
    m.add("cap", Sphere, [0.0, 0.0, 0.46], [0.25, 0.25, 0.26], red);
    m.turned("outlet", Cylinder, [0.0, 0.0, 0.42], [0.11, 0.11, 0.42], red, AXLE);
    m.thing("fire hydrant", red, false)
}
