//! What stands in rooms and on tables: sizes, where it belongs, and what it is made of.
//!
//! Sizes are ranges around the medians of AI2-THOR's houses (Kolve et al., 2017) where it has the category, else of common catalogues.

use super::{Colour, Maker, Material, Shape, Thing};
use crate::Stream;
use Colour::{Beige, Black, Blue, Brown, Cyan, Gray, Green, Orange, Pink, Purple, Red, White, Yellow};
use Material::{
    Books, Carpet, Ceramic, Fabric, Glass, Glow, Leather, Leaves, Metal, Painting, Paper, Plastic, Rubber,
    Wood,
};
use Shape::{Box as Cuboid, Cone, Cylinder, Sphere, Wedge};

/// Where a thing belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the floor, its back to a wall.
    Wall,
    /// On the floor, in a corner or by a wall, its heading of no account.
    Edge,
    /// On the floor, away from walls.
    Free,
    /// At a table or desk, facing it.
    At,
    /// Beside a bed or sofa, its back to the same wall.
    Beside,
    /// On top of furniture.
    Top,
    /// On a wall, off the floor.
    Hung,
    /// Flat on the floor, other things may stand on it.
    Rug,
}

/// A category of things.
pub struct Kind {
    /// Its name.
    pub category: &'static str,
    /// Where it belongs.
    pub place: Place,
    /// Smallest sizes: depth (forward), width, height, metres.
    pub low_m: [f64; 3],
    /// Largest sizes.
    pub high_m: [f64; 3],
    /// It has a front.
    pub has_front: bool,
    /// The rooms that it belongs to; empty: any.
    pub rooms: &'static [&'static str],
    /// What it may look like.
    pub looks: &'static [(Colour, Material)],
    /// Things may stand on its upper face.
    pub carries: bool,
    build: fn(&mut Maker, [f64; 3], (Colour, Material), &mut Stream),
}

impl Kind {
    /// One of this kind: of a size and look of the stream.
    pub fn make(&self, stream: &mut Stream) -> Thing {
        let share = stream.unit();
        let look = stream.choose(self.looks).copied().unwrap_or((Gray, Plastic));
        self.make_as(stream, look, share)
    }

    /// One of this kind with this look, `share` (0 to 1) of the way from the smallest to the largest.
    pub fn make_as(&self, stream: &mut Stream, look: (Colour, Material), share: f64) -> Thing {
        let size = std::array::from_fn(|k| {
            let wobble = (share + stream.uniform(-0.2, 0.2)).clamp(0.0, 1.0);
            // whole centimetres, as furniture is sold; small things to the millimetre
            let exact = self.low_m[k] + (self.high_m[k] - self.low_m[k]) * wobble;
            let grain = if exact > 0.3 { 100.0 } else { 1000.0 };
            (exact * grain).round() / grain
        });
        let mut maker = Maker::new();
        (self.build)(&mut maker, size, look, stream);
        let mut thing = maker.thing(self.category, look, self.has_front);
        thing.size = match share {
            s if s < 0.34 => super::Size::Small,
            s if s < 0.67 => super::Size::Medium,
            _ => super::Size::Large,
        };
        thing
    }
}

/// The kind of this name.
pub fn kind(category: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.category == category)
}

const WOODS: &[(Colour, Material)] = &[(Brown, Wood), (Beige, Wood), (White, Wood), (Black, Wood)];
const CLOTHS: &[(Colour, Material)] =
    &[(Gray, Fabric), (Blue, Fabric), (Green, Fabric), (Beige, Fabric), (Red, Fabric), (Brown, Leather)];
const BRIGHT: &[(Colour, Material)] = &[
    (Red, Ceramic),
    (Blue, Ceramic),
    (Yellow, Ceramic),
    (White, Ceramic),
    (Green, Ceramic),
    (Orange, Ceramic),
];
const TOYS: &[(Colour, Material)] = &[
    (Red, Plastic),
    (Blue, Plastic),
    (Yellow, Plastic),
    (Green, Plastic),
    (Purple, Plastic),
    (Orange, Plastic),
];

macro_rules! kinds {
    ($($category:literal $place:ident $low:expr, $high:expr, $front:literal $carries:literal $rooms:expr, $looks:expr, $build:ident;)*) => {
        /// All of them; large ones that want a wall first, what stands on others last.
        pub const KINDS: &[Kind] = &[$(Kind {
            category: $category, place: Place::$place, low_m: $low, high_m: $high, has_front: $front, rooms: $rooms,
            looks: $looks, carries: $carries, build: $build,
        }),*];
    };
}

kinds! {
    "bed" Wall [1.95, 0.95, 0.75], [2.2, 1.9, 1.05], true false &["bedroom"], CLOTHS, bed;
    "sofa" Wall [0.85, 1.6, 0.75], [1.0, 2.5, 0.92], true false &["living room"], CLOTHS, sofa;
    "wardrobe" Wall [0.55, 0.9, 1.8], [0.65, 1.8, 2.2], true false &["bedroom", "hall"], WOODS, cupboard;
    "bookshelf" Wall [0.28, 0.7, 1.5], [0.38, 1.2, 2.1], true false &["living room", "bedroom", "study"], WOODS, bookshelf;
    "fridge" Wall [0.65, 0.6, 1.6], [0.75, 0.8, 1.9], true false &["kitchen"], &[(White, Metal), (Gray, Metal)], fridge;
    "kitchen counter" Wall [0.6, 1.2, 0.88], [0.65, 2.2, 0.92], true true &["kitchen"], WOODS, counter;
    "stove" Wall [0.6, 0.55, 0.88], [0.65, 0.65, 0.94], true false &["kitchen"], &[(White, Metal), (Black, Metal)], stove;
    "washing machine" Wall [0.55, 0.58, 0.84], [0.62, 0.62, 0.88], true false &["bathroom", "kitchen"], &[(White, Metal)], washer;
    "bathtub" Wall [0.7, 1.5, 0.5], [0.8, 1.8, 0.6], false false &["bathroom"], &[(White, Ceramic)], bathtub;
    "toilet" Wall [0.62, 0.36, 0.74], [0.72, 0.42, 0.84], true false &["bathroom"], &[(White, Ceramic)], toilet;
    "sink" Wall [0.45, 0.55, 0.82], [0.55, 0.75, 0.9], true false &["bathroom"], &[(White, Ceramic)], sink;
    "desk" Wall [0.55, 1.0, 0.72], [0.75, 1.6, 0.76], true true &["study", "bedroom"], WOODS, desk;
    "dresser" Wall [0.42, 0.8, 0.75], [0.52, 1.5, 1.0], true true &["bedroom", "hall"], WOODS, drawers;
    "tv stand" Wall [0.38, 1.1, 0.42], [0.48, 1.8, 0.58], true true &["living room"], WOODS, drawers;
    "cabinet" Wall [0.38, 0.6, 0.8], [0.5, 1.1, 1.3], true true &["living room", "hall", "kitchen"], WOODS, cupboard;
    "piano" Wall [0.58, 1.4, 1.1], [0.66, 1.5, 1.25], true false &["living room"], &[(Black, Wood), (Brown, Wood)], piano;
    "radiator" Wall [0.09, 0.6, 0.55], [0.13, 1.1, 0.65], false false &[], &[(White, Metal)], radiator;
    "nightstand" Beside [0.36, 0.38, 0.45], [0.45, 0.5, 0.6], true true &["bedroom"], WOODS, drawers;
    "rug" Rug [1.2, 1.6, 0.012], [1.8, 2.6, 0.012], false false &["living room", "bedroom", "study"],
        &[(Red, Carpet), (Blue, Carpet), (Beige, Carpet), (Gray, Carpet), (Green, Carpet)], rug;
    "dining table" Free [0.8, 1.2, 0.72], [1.0, 1.8, 0.78], false true &["kitchen", "living room"], WOODS, table;
    "round table" Free [0.9, 0.9, 0.72], [1.2, 1.2, 0.76], false true &["kitchen", "study"], WOODS, round_table;
    "coffee table" Free [0.5, 0.8, 0.38], [0.7, 1.2, 0.48], false true &["living room"], WOODS, table;
    "chair" At [0.44, 0.42, 0.85], [0.52, 0.48, 0.98], true false &[], &[(Brown, Wood), (White, Wood), (Black, Plastic), (Red, Plastic), (Blue, Plastic)], chair;
    "office chair" At [0.58, 0.58, 0.95], [0.64, 0.64, 1.1], true false &["study", "bedroom"], &[(Black, Fabric), (Gray, Fabric), (Blue, Fabric)], office_chair;
    "stool" Free [0.32, 0.32, 0.42], [0.4, 0.4, 0.68], false false &["kitchen", "bathroom"], WOODS, stool;
    "armchair" Edge [0.78, 0.78, 0.78], [0.92, 0.92, 0.92], true false &["living room", "study"], CLOTHS, sofa;
    "ottoman" Free [0.45, 0.5, 0.38], [0.6, 0.75, 0.44], false false &["living room", "bedroom"], CLOTHS, ottoman;
    "side table" Edge [0.4, 0.4, 0.5], [0.5, 0.55, 0.65], false true &[], WOODS, table;
    "floor lamp" Edge [0.34, 0.34, 1.45], [0.44, 0.44, 1.8], false false &["living room", "bedroom", "study"], &[(White, Fabric), (Beige, Fabric), (Yellow, Fabric)], lamp;
    "plant" Edge [0.4, 0.4, 0.6], [0.65, 0.65, 1.4], false false &[], &[(Green, Leaves)], plant;
    "trash bin" Edge [0.26, 0.26, 0.35], [0.38, 0.38, 0.65], false false &[], &[(Gray, Metal), (Black, Plastic), (Blue, Plastic), (Red, Plastic)], bin;
    "laundry basket" Edge [0.38, 0.45, 0.5], [0.45, 0.58, 0.62], false false &["bathroom", "bedroom"], &[(Beige, Fabric), (White, Plastic)], bin;
    "suitcase" Edge [0.24, 0.42, 0.58], [0.3, 0.5, 0.72], true false &["bedroom", "hall"], &[(Red, Plastic), (Blue, Plastic), (Black, Fabric), (Purple, Plastic)], suitcase;
    "box" Edge [0.3, 0.35, 0.25], [0.45, 0.6, 0.42], false false &[], &[(Brown, Paper), (Beige, Paper)], carton;
    "ball" Free [0.2, 0.2, 0.2], [0.26, 0.26, 0.26], false false &["living room", "bedroom", "hall"], &[(Red, Rubber), (Blue, Rubber), (Yellow, Rubber), (Orange, Rubber)], ball;
    "backpack" Edge [0.22, 0.3, 0.42], [0.28, 0.36, 0.5], true false &["bedroom", "hall", "study"], &[(Red, Fabric), (Blue, Fabric), (Green, Fabric), (Black, Fabric)], backpack;
    "picture" Hung [0.03, 0.5, 0.4], [0.04, 1.1, 0.8], true false &[], &[(Black, Wood), (Brown, Wood), (White, Wood)], picture;
    "mirror" Hung [0.03, 0.5, 0.7], [0.04, 0.8, 1.0], true false &["bathroom", "hall", "bedroom"], &[(Gray, Metal)], mirror;
    "clock" Hung [0.04, 0.28, 0.28], [0.05, 0.36, 0.36], true false &["kitchen", "living room", "study"], &[(Black, Plastic), (Red, Plastic), (Brown, Wood)], clock;
    "television" Top [0.2, 0.9, 0.56], [0.25, 1.25, 0.76], true false &["living room"], &[(Black, Plastic)], television;
    "monitor" Top [0.18, 0.5, 0.4], [0.22, 0.68, 0.48], true false &["study", "bedroom"], &[(Black, Plastic)], television;
    "laptop" Top [0.26, 0.32, 0.22], [0.3, 0.38, 0.26], true false &["study", "bedroom", "kitchen", "living room"], &[(Gray, Metal), (Black, Metal)], laptop;
    "table lamp" Top [0.24, 0.24, 0.36], [0.32, 0.32, 0.5], false false &["bedroom", "living room", "study"], &[(White, Fabric), (Yellow, Fabric), (Red, Fabric)], lamp;
    "microwave" Top [0.34, 0.46, 0.27], [0.4, 0.54, 0.32], true false &["kitchen"], &[(White, Metal), (Black, Metal)], microwave;
    "toaster" Top [0.17, 0.28, 0.18], [0.2, 0.34, 0.21], false false &["kitchen"], &[(Gray, Metal), (Red, Metal)], toaster;
    "kettle" Top [0.2, 0.16, 0.22], [0.24, 0.18, 0.25], false false &["kitchen"], &[(Gray, Metal), (White, Plastic), (Red, Metal)], kettle;
    "vase" Top [0.12, 0.12, 0.25], [0.18, 0.18, 0.36], false false &[], BRIGHT, vase;
    "bowl" Top [0.16, 0.16, 0.07], [0.26, 0.26, 0.11], false false &["kitchen", "living room"], BRIGHT, bowl;
    "cup" Top [0.11, 0.085, 0.09], [0.13, 0.1, 0.11], false false &[], BRIGHT, cup;
    "plate" Top [0.2, 0.2, 0.02], [0.27, 0.27, 0.025], false false &["kitchen"], BRIGHT, plate;
    "bottle" Top [0.07, 0.07, 0.26], [0.09, 0.09, 0.32], false false &["kitchen", "living room", "bathroom"], &[(Green, Glass), (Blue, Glass), (Brown, Glass)], bottle;
    "book" Top [0.15, 0.2, 0.025], [0.2, 0.27, 0.05], false false &["living room", "bedroom", "study", "hall"], &[(Red, Paper), (Blue, Paper), (Green, Paper), (Yellow, Paper), (Purple, Paper)], book;
    "apple" Top [0.075, 0.075, 0.085], [0.09, 0.09, 0.1], false false &["kitchen"], &[(Red, Plastic), (Green, Plastic)], apple;
    "teddy bear" Top [0.18, 0.2, 0.28], [0.22, 0.26, 0.36], true false &["bedroom"], &[(Brown, Fabric), (Beige, Fabric)], teddy;
    "toy car" Top [0.2, 0.1, 0.08], [0.26, 0.12, 0.1], true false &["bedroom", "living room"], TOYS, toy_car;
    "phone" Top [0.15, 0.075, 0.012], [0.17, 0.08, 0.012], false false &[], &[(Black, Glass), (White, Glass)], slab;
}

type Look = (Colour, Material);

const DARK: Look = (Black, Plastic);
const STEEL: Look = (Gray, Metal);

fn bed(m: &mut Maker, [x, y, z]: [f64; 3], cloth: Look, s: &mut Stream) {
    let wood = *s.choose(WOODS).unwrap_or(&(Brown, Wood));
    let deck = 0.32;
    m.cuboid("headboard", [-x * 0.5 + 0.03, 0.0, 0.0], [0.06, y, z], wood);
    m.cuboid("frame", [0.03, 0.0, 0.08], [x - 0.06, y, deck - 0.08], wood);
    m.legs([x, y], 0.06, 0.07, 0.08, wood);
    m.cuboid("mattress", [0.03, 0.0, deck], [x - 0.1, y - 0.06, 0.16], (White, Fabric));
    m.cuboid("blanket", [0.18 + 0.03, 0.0, deck + 0.02], [x - 0.46, y - 0.02, 0.175], cloth);
    let n = if y > 1.3 { 2 } else { 1 };
    for i in 0..n {
        let at = (f64::from(i) - 0.5 * f64::from(n - 1)) * y * 0.48;
        let wide = if n == 2 { y * 0.4 } else { y * 0.65 };
        m.turned(
            "pillow",
            Sphere,
            [-x * 0.5 + 0.28, at, deck + 0.22],
            [0.4, wide, 0.17],
            (White, Fabric),
            [0.0, -0.15, 0.0],
        );
    }
}

fn sofa(m: &mut Maker, [x, y, z]: [f64; 3], cloth: Look, _: &mut Stream) {
    let arm = (y * 0.12).min(0.22);
    m.cuboid("base", [0.0, 0.0, 0.08], [x, y, 0.2], cloth);
    m.legs([x, y], 0.07, 0.05, 0.08, (Black, Wood));
    m.turned(
        "back",
        Cuboid,
        [-x * 0.5 + 0.13, 0.0, 0.28 + (z - 0.28) * 0.5],
        [0.2, y, z - 0.28],
        cloth,
        [0.0; 3],
    );
    for side in [1.0, -1.0] {
        m.cuboid("arm", [0.0, side * (y - arm) * 0.5, 0.28], [x, arm, 0.3], cloth);
        m.turned(
            "arm",
            Cylinder,
            [0.0, side * (y - arm) * 0.5, 0.58],
            [arm, arm, x],
            cloth,
            [0.0, std::f64::consts::FRAC_PI_2, 0.0],
        );
    }
    let inner = y - 2.0 * arm;
    let n = (inner / 0.62).round().max(1.0);
    let wide = inner / n;
    for i in 0..n as i32 {
        let at = (f64::from(i) + 0.5) * wide - inner * 0.5;
        m.cuboid("cushion", [0.1, at, 0.28], [x - 0.22, wide - 0.015, 0.16], cloth);
        m.turned(
            "cushion",
            Cuboid,
            [-x * 0.5 + 0.29, at, 0.44 + (z - 0.5) * 0.5],
            [0.14, wide - 0.03, z - 0.5],
            cloth,
            [0.0, -0.14, 0.0],
        );
    }
}

fn cupboard(m: &mut Maker, [x, y, z]: [f64; 3], wood: Look, _: &mut Stream) {
    m.cuboid("plinth", [-0.01, 0.0, 0.0], [x - 0.06, y - 0.04, 0.07], (Black, Wood));
    m.cuboid("body", [-0.01, 0.0, 0.07], [x - 0.02, y, z - 0.07], wood);
    let n = (y / 0.5).round().max(1.0);
    let wide = y / n;
    for i in 0..n as i32 {
        let at = (f64::from(i) + 0.5) * wide - y * 0.5;
        m.cuboid("door", [x * 0.5 - 0.012, at, 0.085], [0.022, wide - 0.012, z - 0.105], wood);
        let side = if i % 2 == 0 { 1.0 } else { -1.0 };
        m.cuboid(
            "handle",
            [x * 0.5 + 0.008, at + side * (wide * 0.5 - 0.05), z * 0.48],
            [0.018, 0.014, 0.14],
            STEEL,
        );
    }
}

fn drawers(m: &mut Maker, [x, y, z]: [f64; 3], wood: Look, _: &mut Stream) {
    m.legs([x, y], 0.05, 0.05, 0.08, wood);
    m.cuboid("body", [-0.01, 0.0, 0.08], [x - 0.02, y, z - 0.11], wood);
    m.cuboid("top", [0.0, 0.0, z - 0.03], [x, y, 0.03], wood);
    let columns = (y / 0.75).round().max(1.0);
    let rows = ((z - 0.11) / 0.24).round().max(1.0);
    let (wide, tall) = (y / columns, (z - 0.13) / rows);
    for c in 0..columns as i32 {
        for r in 0..rows as i32 {
            let at = [x * 0.5 - 0.012, (f64::from(c) + 0.5) * wide - y * 0.5, 0.09 + f64::from(r) * tall];
            m.cuboid("drawer", at, [0.022, wide - 0.02, tall - 0.014], wood);
            m.cuboid("handle", [at[0] + 0.018, at[1], at[2] + tall * 0.55], [0.016, 0.12, 0.012], STEEL);
        }
    }
}

fn bookshelf(m: &mut Maker, [x, y, z]: [f64; 3], wood: Look, s: &mut Stream) {
    let t = 0.022;
    for side in [1.0, -1.0] {
        m.cuboid("side", [0.0, side * (y - t) * 0.5, 0.0], [x, t, z], wood);
    }
    m.cuboid("back", [-x * 0.5 + 0.006, 0.0, 0.0], [0.012, y - 2.0 * t, z], wood);
    let rows = ((z - 0.08) / 0.34).floor().max(1.0);
    let tall = (z - 0.08 - t) / rows;
    for r in 0..=rows as i32 {
        let foot = 0.08 + f64::from(r) * tall;
        m.cuboid("shelf", [0.0, 0.0, foot], [x, y - 2.0 * t, t], wood);
        if r < rows as i32 && s.chance(0.85) {
            let wide = (y - 2.0 * t) * s.uniform(0.45, 0.97);
            let at = (y - 2.0 * t - wide) * s.uniform(-0.5, 0.5);
            let look = (*s.choose(&[Red, Blue, Green, Brown, Yellow]).unwrap_or(&Red), Books);
            m.cuboid("books", [-0.02, at, foot + t], [x * 0.72, wide, tall * s.uniform(0.6, 0.82)], look);
        }
    }
}

fn fridge(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("body", [-0.02, 0.0, 0.03], [x - 0.06, y, z - 0.03], look);
    m.cuboid("foot", [-0.02, 0.0, 0.0], [x - 0.1, y - 0.04, 0.03], DARK);
    m.cuboid("door", [x * 0.5 - 0.025, 0.0, 0.04], [0.05, y, z * 0.62 - 0.04], look);
    m.cuboid("door", [x * 0.5 - 0.025, 0.0, z * 0.63], [0.05, y, z * 0.37], look);
    m.cuboid("handle", [x * 0.5 + 0.015, y * 0.4, z * 0.3], [0.03, 0.025, z * 0.26], STEEL);
    m.cuboid("handle", [x * 0.5 + 0.015, y * 0.4, z * 0.68], [0.03, 0.025, z * 0.2], STEEL);
}

fn counter(m: &mut Maker, [x, y, z]: [f64; 3], wood: Look, s: &mut Stream) {
    cupboard(m, [x - 0.02, y, z - 0.04], wood, s);
    let top = if s.chance(0.5) { (Gray, Ceramic) } else { (Beige, Wood) };
    m.cuboid("top", [0.0, 0.0, z - 0.04], [x, y, 0.04], top);
}

fn stove(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("body", [-0.01, 0.0, 0.0], [x - 0.02, y, z - 0.02], look);
    m.cuboid("oven window", [x * 0.5 - 0.005, 0.0, 0.22], [0.012, y * 0.72, 0.32], (Black, Glass));
    m.cuboid("handle", [x * 0.5 + 0.015, 0.0, 0.6], [0.02, y * 0.74, 0.02], STEEL);
    m.cuboid("top", [0.0, 0.0, z - 0.02], [x, y, 0.012], (Black, Glass));
    for (i, (sx, sy)) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)].into_iter().enumerate() {
        let r = if i % 2 == 0 { 0.095 } else { 0.075 };
        m.rod("burner", [sx * x * 0.22, sy * y * 0.23, z - 0.008], r, 0.008, STEEL);
        m.turned(
            "knob",
            Cylinder,
            [x * 0.5, (i as f64 - 1.5) * y * 0.2, z - 0.09],
            [0.04, 0.04, 0.03],
            STEEL,
            [0.0, std::f64::consts::FRAC_PI_2, 0.0],
        );
    }
}

fn washer(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("body", [-0.015, 0.0, 0.0], [x - 0.03, y, z], look);
    let flat = [0.0, std::f64::consts::FRAC_PI_2, 0.0];
    m.turned("door", Cylinder, [x * 0.5 - 0.02, 0.0, z * 0.48], [0.4, 0.4, 0.04], STEEL, flat);
    m.turned("glass", Cylinder, [x * 0.5 - 0.01, 0.0, z * 0.48], [0.3, 0.3, 0.05], (Black, Glass), flat);
    m.cuboid("panel", [x * 0.5 - 0.025, y * 0.2, z * 0.86], [0.03, y * 0.45, 0.07], DARK);
}

fn bathtub(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    for side in [1.0, -1.0] {
        m.cuboid("wall", [side * (x * 0.5 - 0.045), 0.0, 0.0], [0.09, y, z], look);
        m.cuboid("wall", [0.0, side * (y * 0.5 - 0.05), 0.0], [x - 0.18, 0.1, z], look);
    }
    m.cuboid("bottom", [0.0, 0.0, 0.0], [x - 0.18, y - 0.2, 0.14], look);
    m.cuboid("water", [0.0, 0.0, 0.14], [x - 0.18, y - 0.2, z * 0.45], (Cyan, Glass));
}

fn toilet(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("tank", [-x * 0.5 + 0.09, 0.0, 0.36], [0.18, y, z - 0.36], look);
    m.add("foot", Cylinder, [0.02, 0.0, 0.0], [x * 0.5, y * 0.6, 0.3], look);
    m.add("bowl", Cylinder, [0.09, 0.0, 0.28], [x - 0.22, y, 0.12], look);
    m.add("seat", Cylinder, [0.09, 0.0, 0.4], [x - 0.2, y, 0.025], (White, Plastic));
}

fn sink(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("cabinet", [-0.02, 0.0, 0.0], [x - 0.06, y - 0.08, z - 0.15], (White, Wood));
    m.cuboid("basin", [0.0, 0.0, z - 0.15], [x, y, 0.11], look);
    m.add("bowl", Cylinder, [0.03, 0.0, z - 0.045], [x * 0.6, y * 0.6, 0.01], (Gray, Ceramic));
    m.rod("tap", [-x * 0.5 + 0.08, 0.0, z - 0.1], 0.016, 0.1, STEEL);
    m.cuboid("tap", [-x * 0.5 + 0.14, 0.0, z - 0.025], [0.14, 0.022, 0.022], STEEL);
}

fn desk(m: &mut Maker, [x, y, z]: [f64; 3], wood: Look, s: &mut Stream) {
    m.cuboid("top", [0.0, 0.0, z - 0.03], [x, y, 0.03], wood);
    m.legs([x, y], 0.05, 0.05, z - 0.03, if s.chance(0.4) { STEEL } else { wood });
    let side = if s.chance(0.5) { 1.0 } else { -1.0 };
    m.cuboid("drawer", [0.0, side * (y * 0.5 - 0.26), z - 0.43], [x - 0.12, 0.36, 0.4], wood);
    for i in 0..3 {
        // the sitter's side is the front
        m.cuboid(
            "handle",
            [x * 0.5 - 0.05, side * (y * 0.5 - 0.26), z - 0.36 + 0.12 * f64::from(i)],
            [0.02, 0.1, 0.012],
            STEEL,
        );
    }
}

fn piano(m: &mut Maker, [x, y, z]: [f64; 3], wood: Look, _: &mut Stream) {
    m.cuboid("body", [-x * 0.5 + 0.15, 0.0, 0.0], [0.3, y, z], wood);
    m.cuboid("keybed", [0.08, 0.0, 0.6], [x - 0.16, y, 0.1], wood);
    m.cuboid("keys", [x * 0.5 - 0.11, 0.0, 0.7], [0.15, y - 0.12, 0.02], (White, Plastic));
    m.cuboid("keys", [x * 0.5 - 0.145, 0.0, 0.72], [0.08, y - 0.16, 0.008], DARK);
    for side in [1.0, -1.0] {
        m.cuboid("leg", [x * 0.5 - 0.06, side * (y * 0.5 - 0.05), 0.0], [0.07, 0.07, 0.6], wood);
    }
}

fn radiator(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    let n = (y / 0.08).floor().max(2.0);
    for i in 0..n as i32 {
        m.cuboid("rib", [0.0, (f64::from(i) + 0.5) * y / n - y * 0.5, 0.1], [x, y / n * 0.72, z - 0.1], look);
    }
    m.cuboid("rail", [0.0, 0.0, 0.16], [x * 0.5, y, 0.04], look);
    m.cuboid("rail", [0.0, 0.0, z - 0.08], [x * 0.5, y, 0.04], look);
    for side in [1.0, -1.0] {
        m.cuboid("foot", [0.0, side * y * 0.4, 0.0], [x * 0.5, 0.03, 0.1], look);
    }
}

fn rug(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("rug", [0.0; 3], [x, y, z], look);
}

fn table(m: &mut Maker, [x, y, z]: [f64; 3], wood: Look, s: &mut Stream) {
    m.cuboid("top", [0.0, 0.0, z - 0.035], [x, y, 0.035], wood);
    m.legs([x, y], 0.06, 0.06, z - 0.035, wood);
    m.cuboid("apron", [0.0, 0.0, z - 0.11], [x - 0.14, y - 0.14, 0.075], wood);
    if z < 0.6 && s.chance(0.5) {
        m.cuboid("shelf", [0.0, 0.0, z * 0.3], [x - 0.1, y - 0.1, 0.02], wood);
    }
}

fn round_table(m: &mut Maker, [x, _, z]: [f64; 3], wood: Look, _: &mut Stream) {
    m.rod("top", [0.0, 0.0, z - 0.035], x * 0.5, 0.035, wood);
    m.rod("column", [0.0, 0.0, 0.04], 0.05, z - 0.075, wood);
    m.add("foot", Cone, [0.0, 0.0, 0.03], [x * 0.5, x * 0.5, 0.2], wood);
    m.rod("foot", [0.0; 3], x * 0.25, 0.03, wood);
}

fn chair(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, s: &mut Stream) {
    let seat = 0.45;
    m.legs([x, y], 0.03, 0.035, seat - 0.02, look);
    m.cuboid("seat", [0.0, 0.0, seat - 0.02], [x, y, 0.035], look);
    let back = -x * 0.5 + 0.02;
    for side in [1.0, -1.0] {
        m.cuboid("post", [back, side * (y * 0.5 - 0.02), seat], [0.03, 0.03, z - seat], look);
    }
    if s.chance(0.5) {
        m.cuboid("back", [back, 0.0, z - 0.25], [0.025, y, 0.25], look);
    } else {
        for i in 0..3 {
            m.cuboid("back", [back, 0.0, z - 0.08 - 0.13 * f64::from(i)], [0.022, y - 0.02, 0.07], look);
        }
    }
}

fn office_chair(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    let r = x.min(y) * 0.5;
    for i in 0..5 {
        let angle = f64::from(i) * 0.4 * std::f64::consts::PI;
        let (c, s) = (libm::cos(angle), libm::sin(angle));
        m.turned(
            "foot",
            Cuboid,
            [c * r * 0.45, s * r * 0.45, 0.07],
            [r * 0.9, 0.04, 0.03],
            DARK,
            [0.0, 0.0, angle],
        );
        m.add("wheel", Sphere, [c * (r - 0.03), s * (r - 0.03), 0.0], [0.06; 3], DARK);
    }
    m.rod("column", [0.0, 0.0, 0.07], 0.03, 0.36, STEEL);
    m.cuboid("seat", [0.02, 0.0, 0.42], [x * 0.8, y * 0.82, 0.08], look);
    m.turned(
        "back",
        Cuboid,
        [-x * 0.4, 0.0, 0.55 + (z - 0.55) * 0.5],
        [0.06, y * 0.76, z - 0.56],
        look,
        [0.0, -0.12, 0.0],
    );
    for side in [1.0, -1.0] {
        m.cuboid("arm", [0.0, side * y * 0.45, 0.64], [x * 0.45, 0.05, 0.03], DARK);
        m.cuboid("arm", [-0.02, side * y * 0.45, 0.44], [0.04, 0.03, 0.2], DARK);
    }
}

fn stool(m: &mut Maker, [x, y, z]: [f64; 3], wood: Look, _: &mut Stream) {
    m.add("seat", Cylinder, [0.0, 0.0, z - 0.04], [x, y, 0.04], wood);
    m.legs([x * 0.75, y * 0.75], 0.02, 0.035, z - 0.04, wood);
    m.cuboid("rung", [0.0, 0.0, z * 0.35], [x * 0.62, 0.02, 0.02], wood);
    m.cuboid("rung", [0.0, 0.0, z * 0.42], [0.02, y * 0.62, 0.02], wood);
}

fn ottoman(m: &mut Maker, [x, y, z]: [f64; 3], cloth: Look, _: &mut Stream) {
    m.legs([x, y], 0.06, 0.05, 0.08, (Brown, Wood));
    m.cuboid("body", [0.0, 0.0, 0.08], [x, y, z - 0.14], cloth);
    m.cuboid("cushion", [0.0, 0.0, z - 0.06], [x - 0.02, y - 0.02, 0.06], cloth);
}

fn lamp(m: &mut Maker, [x, _, z]: [f64; 3], shade: Look, _: &mut Stream) {
    let tall = (z * 0.42).min(0.34);
    m.rod("foot", [0.0; 3], x * 0.38, 0.03, STEEL);
    m.rod("stem", [0.0, 0.0, 0.03], 0.013, z - tall, STEEL);
    m.rod("shade", [0.0, 0.0, z - tall], x * 0.5, tall, shade);
    m.rod("light", [0.0, 0.0, z - tall - 0.004], x * 0.46, 0.004, (Yellow, Glow));
}

fn plant(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, s: &mut Stream) {
    let pot = (z * 0.32).min(0.36);
    let clay =
        *s.choose(&[(Orange, Ceramic), (White, Ceramic), (Gray, Ceramic)]).unwrap_or(&(White, Ceramic));
    m.rod("pot", [0.0; 3], x * 0.3, pot, clay);
    m.rod("soil", [0.0, 0.0, pot], x * 0.27, 0.01, (Brown, Carpet));
    m.rod("stem", [0.0, 0.0, pot], 0.015, (z - pot) * 0.6, (Brown, Wood));
    let n = 9;
    for i in 0..n {
        let share = f64::from(i) / f64::from(n - 1);
        let angle = 2.4 * f64::from(i) + s.uniform(-0.4, 0.4);
        let reach = x * (0.32 - 0.2 * share);
        let height = pot + (z - pot) * (0.3 + 0.52 * share);
        let leaf = [x * 0.38, y * 0.3, (z - pot) * 0.34];
        m.turned(
            "leaf",
            Sphere,
            [reach * libm::cos(angle), reach * libm::sin(angle), height],
            leaf,
            look,
            [0.0, -0.5, angle],
        );
    }
}

fn bin(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.add("body", Cylinder, [0.0; 3], [x * 0.92, y * 0.92, z - 0.03], look);
    m.add("rim", Cylinder, [0.0, 0.0, z - 0.03], [x, y, 0.028], look);
    m.add("opening", Cylinder, [0.0, 0.0, z - 0.002], [x * 0.86, y * 0.86, 0.002], DARK);
}

fn suitcase(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    let body = z - 0.16;
    m.cuboid("body", [0.0, 0.0, 0.05], [x, y, body], look);
    for side in [1.0, -1.0] {
        m.cuboid("rail", [-x * 0.3, side * y * 0.22, 0.05 + body], [0.015, 0.015, 0.1], STEEL);
        for end in [1.0, -1.0] {
            m.add("wheel", Sphere, [end * x * 0.35, side * y * 0.4, 0.0], [0.05; 3], DARK);
        }
        m.cuboid("rib", [0.0, side * y * 0.25, 0.07], [x + 0.008, 0.02, body - 0.04], look);
    }
    m.cuboid("handle", [-x * 0.3, 0.0, 0.05 + body + 0.09], [0.025, y * 0.5, 0.02], DARK);
}

fn carton(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("body", [0.0; 3], [x, y, z - 0.004], look);
    m.cuboid("tape", [0.0, 0.0, z - 0.004], [x * 0.12, y, 0.004], (Beige, Plastic));
}

fn ball(m: &mut Maker, [x, _, _]: [f64; 3], look: Look, _: &mut Stream) {
    m.add("ball", Sphere, [0.0; 3], [x; 3], look);
}

fn backpack(m: &mut Maker, [x, y, z]: [f64; 3], cloth: Look, _: &mut Stream) {
    m.cuboid("body", [-0.03, 0.0, 0.0], [x - 0.06, y, z * 0.8], cloth);
    m.turned(
        "top",
        Cylinder,
        [-0.03, 0.0, z * 0.8],
        [x - 0.06, z * 0.38, y],
        cloth,
        [std::f64::consts::FRAC_PI_2, 0.0, 0.0],
    );
    m.cuboid("pocket", [x * 0.5 - 0.035, 0.0, 0.02], [0.07, y * 0.75, z * 0.4], cloth);
}

fn picture(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, s: &mut Stream) {
    let paint = *s.choose(&[Blue, Red, Green, Yellow, Purple, Orange]).unwrap_or(&Blue);
    m.cuboid("frame", [0.0; 3], [x, y, z], look);
    m.cuboid("mat", [x * 0.5, 0.0, 0.03], [0.006, y - 0.06, z - 0.06], (White, Paper));
    m.cuboid("painting", [x * 0.5 + 0.004, 0.0, 0.08], [0.006, y - 0.16, z - 0.16], (paint, Painting));
}

fn mirror(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("frame", [0.0; 3], [x, y, z], look);
    m.cuboid("glass", [x * 0.5, 0.0, 0.025], [0.006, y - 0.05, z - 0.05], (White, Metal));
}

fn clock(m: &mut Maker, [x, y, _]: [f64; 3], look: Look, _: &mut Stream) {
    let flat = [0.0, std::f64::consts::FRAC_PI_2, 0.0];
    m.turned("rim", Cylinder, [0.0, 0.0, y * 0.5], [y, y, x], look, flat);
    m.turned("face", Cylinder, [x * 0.5, 0.0, y * 0.5], [y * 0.88, y * 0.88, 0.006], (White, Paper), flat);
    m.turned(
        "hand",
        Cuboid,
        [x * 0.5 + 0.004, 0.0, y * 0.5 + y * 0.15],
        [0.004, 0.012, y * 0.3],
        DARK,
        [0.0; 3],
    );
    m.turned("hand", Cuboid, [x * 0.5 + 0.004, y * 0.1, y * 0.5], [0.004, y * 0.22, 0.014], DARK, [0.0; 3]);
}

fn television(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    let foot = 0.09;
    m.cuboid("foot", [0.0; 3], [x, y * 0.4, 0.015], look);
    m.cuboid("neck", [-0.02, 0.0, 0.015], [0.04, 0.08, foot], look);
    m.cuboid("body", [0.0, 0.0, foot], [0.04, y, z - foot], look);
    m.cuboid("screen", [0.02, 0.0, foot + 0.02], [0.004, y - 0.03, z - foot - 0.035], (Blue, Glass));
}

fn laptop(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("base", [0.02, 0.0, 0.0], [x - 0.06, y, 0.018], look);
    m.cuboid("keys", [0.0, 0.0, 0.018], [x * 0.38, y * 0.86, 0.002], DARK);
    let tilt = [0.0, -0.25, 0.0];
    m.turned("lid", Cuboid, [-x * 0.5 + 0.035, 0.0, z * 0.53], [0.01, y, z * 0.95], look, tilt);
    m.turned(
        "screen",
        Cuboid,
        [-x * 0.5 + 0.041, 0.0, z * 0.53],
        [0.006, y * 0.93, z * 0.86],
        (Cyan, Glow),
        tilt,
    );
}

fn microwave(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("body", [-0.01, 0.0, 0.015], [x - 0.02, y, z - 0.015], look);
    m.cuboid("foot", [0.0; 3], [x * 0.8, y * 0.9, 0.015], DARK);
    m.cuboid("window", [x * 0.5 - 0.008, y * 0.12, 0.05], [0.012, y * 0.62, z - 0.09], (Black, Glass));
    m.cuboid("panel", [x * 0.5 - 0.008, -y * 0.38, 0.05], [0.012, y * 0.18, z - 0.09], DARK);
    m.cuboid("handle", [x * 0.5 + 0.008, -y * 0.25, 0.06], [0.02, 0.02, z - 0.12], STEEL);
}

fn toaster(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("body", [0.0, 0.0, 0.012], [x, y - 0.02, z - 0.012], look);
    m.cuboid("foot", [0.0; 3], [x * 0.9, y * 0.9, 0.012], DARK);
    for side in [1.0, -1.0] {
        m.cuboid("slot", [side * x * 0.2, 0.0, z], [0.025, y * 0.72, 0.002], DARK);
    }
    m.cuboid("lever", [0.0, y * 0.5 - 0.005, z * 0.6], [0.035, 0.02, 0.015], DARK);
}

fn kettle(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.rod("body", [0.0; 3], y * 0.5, z * 0.55, look);
    m.add("shoulder", Sphere, [0.0, 0.0, z * 0.3], [y, y, z * 0.5], look);
    m.add("knob", Sphere, [0.0, 0.0, z - 0.06], [0.04, 0.04, 0.06], DARK);
    m.turned("spout", Cuboid, [x * 0.35, 0.0, z * 0.6], [0.07, 0.025, 0.03], look, [0.0, -0.6, 0.0]);
    m.cuboid("handle", [-x * 0.44, 0.0, z * 0.15], [0.02, 0.025, z * 0.55], DARK);
    m.cuboid("handle", [-x * 0.38, 0.0, z * 0.62], [0.07, 0.025, 0.02], DARK);
}

fn vase(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, s: &mut Stream) {
    m.rod("foot", [0.0; 3], x * 0.28, 0.015, look);
    m.add("belly", Sphere, [0.0, 0.0, 0.005], [x, y, z * 0.5], look);
    m.rod("neck", [0.0, 0.0, z * 0.38], x * 0.2, z * 0.2, look);
    let flower = *s.choose(&[Red, Yellow, Pink, Purple]).unwrap_or(&Pink);
    for i in 0..4 {
        let angle = 1.6 * f64::from(i) + s.uniform(0.0, 0.8);
        let (c, t) = (libm::cos(angle) * x * 0.3, libm::sin(angle) * x * 0.3);
        m.rod("stalk", [c * 0.4, t * 0.4, z * 0.5], 0.004, z * 0.36, (Green, Leaves));
        m.add(
            "flower",
            Sphere,
            [c * 0.8, t * 0.8, z * 0.8 + 0.03 * s.unit()],
            [x * 0.32, x * 0.32, z * 0.16],
            (flower, Fabric),
        );
    }
}

fn bowl(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.rod("foot", [0.0; 3], x * 0.25, z * 0.3, look);
    m.add("bowl", Cylinder, [0.0, 0.0, z * 0.55], [x, y, z * 0.45], look);
    m.add("bowl", Cylinder, [0.0, 0.0, z * 0.25], [x * 0.8, y * 0.8, z * 0.3], look);
    m.add("inside", Cylinder, [0.0, 0.0, z], [x * 0.88, y * 0.88, 0.001], (Beige, Ceramic));
}

fn cup(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    let r = y * 0.5;
    m.rod("body", [0.0; 3], r, z, look);
    m.rod("drink", [0.0, 0.0, z], r * 0.84, 0.001, (Brown, Glass));
    m.cuboid("handle", [r + (x - y) * 0.8, 0.0, z * 0.25], [0.01, 0.014, z * 0.5], look);
    for at in [0.25, 0.68] {
        m.cuboid("handle", [r + (x - y) * 0.4, 0.0, z * at], [(x - y) * 0.8 + 0.01, 0.014, 0.01], look);
    }
}

fn plate(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.add("foot", Cylinder, [0.0; 3], [x * 0.6, y * 0.6, z * 0.5], look);
    m.add("rim", Cylinder, [0.0, 0.0, z * 0.5], [x, y, z * 0.5], look);
    m.add("middle", Cylinder, [0.0, 0.0, z], [x * 0.68, y * 0.68, 0.001], (White, Ceramic));
}

fn bottle(m: &mut Maker, [x, _, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.rod("body", [0.0; 3], x * 0.5, z * 0.6, look);
    m.add("shoulder", Sphere, [0.0, 0.0, z * 0.48], [x, x, z * 0.24], look);
    m.rod("neck", [0.0, 0.0, z * 0.68], x * 0.17, z * 0.28, look);
    m.rod("cap", [0.0, 0.0, z * 0.94], x * 0.2, z * 0.06, (White, Plastic));
    m.rod("label", [0.0, 0.0, z * 0.2], x * 0.505, z * 0.25, (White, Paper));
}

fn book(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("pages", [0.004, 0.0, 0.004], [x - 0.012, y - 0.01, z - 0.008], (White, Paper));
    m.cuboid("cover", [0.0; 3], [x, y, 0.004], look);
    m.cuboid("cover", [0.0, 0.0, z - 0.004], [x, y, 0.004], look);
    m.cuboid("spine", [-x * 0.5 + 0.003, 0.0, 0.0], [0.006, y, z], look);
    m.cuboid("title", [x * 0.1, 0.0, z], [x * 0.15, y * 0.6, 0.001], (Beige, Paper));
}

fn apple(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.add("fruit", Sphere, [0.0; 3], [x, y, z * 0.88], look);
    m.rod("stalk", [0.0, 0.0, z * 0.84], 0.004, z * 0.16, (Brown, Wood));
}

fn teddy(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    let tan = (Beige, Fabric);
    m.add("belly", Sphere, [-x * 0.1, 0.0, 0.0], [x * 0.7, y * 0.66, z * 0.56], look);
    m.add("head", Sphere, [-x * 0.08, 0.0, z * 0.48], [x * 0.62, y * 0.56, z * 0.44], look);
    m.add("snout", Sphere, [x * 0.16, 0.0, z * 0.55], [x * 0.26, y * 0.22, z * 0.16], tan);
    m.add("nose", Sphere, [x * 0.27, 0.0, z * 0.63], [x * 0.08, y * 0.08, z * 0.05], DARK);
    for side in [1.0, -1.0] {
        m.add("ear", Sphere, [-x * 0.1, side * y * 0.24, z * 0.82], [x * 0.12, y * 0.2, z * 0.18], look);
        m.add("arm", Sphere, [x * 0.08, side * y * 0.38, z * 0.22], [x * 0.28, y * 0.24, z * 0.3], look);
        m.add("leg", Sphere, [x * 0.28, side * y * 0.26, 0.0], [x * 0.44, y * 0.26, z * 0.24], look);
        m.add("eye", Sphere, [x * 0.18, side * y * 0.11, z * 0.7], [x * 0.06, y * 0.06, z * 0.05], DARK);
    }
}

fn toy_car(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    let r = z * 0.22;
    m.cuboid("body", [0.0, 0.0, r * 0.8], [x, y * 0.88, z * 0.42], look);
    m.cuboid(
        "cabin",
        [-x * 0.08, 0.0, r * 0.8 + z * 0.42],
        [x * 0.4, y * 0.76, z * 0.58 - r * 0.8],
        (Cyan, Glass),
    );
    m.turned(
        "windscreen",
        Wedge,
        [x * 0.2, 0.0, r * 0.8 + z * 0.42 + (z * 0.58 - r * 0.8) * 0.5],
        [x * 0.16, y * 0.76, z * 0.58 - r * 0.8],
        (Cyan, Glass),
        [0.0; 3],
    );
    for end in [0.3, -0.3] {
        for side in [1.0, -1.0] {
            m.turned(
                "wheel",
                Cylinder,
                [end * x, side * (y * 0.5 - 0.012), r],
                [2.0 * r, 2.0 * r, 0.024],
                (Black, Rubber),
                [std::f64::consts::FRAC_PI_2, 0.0, 0.0],
            );
        }
    }
}

fn slab(m: &mut Maker, [x, y, z]: [f64; 3], look: Look, _: &mut Stream) {
    m.cuboid("body", [0.0; 3], [x, y, z], look);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_keeps_to_its_sizes() {
        let mut names = std::collections::BTreeSet::new();
        for kind in KINDS {
            assert!(names.insert(kind.category), "{} twice", kind.category);
            for seed in 0..20 {
                let thing = kind.make(&mut Stream::of_item("furniture", "test", seed, 0));
                for k in 0..3 {
                    let (low, high) = (kind.low_m[k] * 0.85, kind.high_m[k] * 1.2 + 0.02);
                    assert!(
                        thing.extent[k] >= low && thing.extent[k] <= high,
                        "{} {:?}",
                        kind.category,
                        thing.extent
                    );
                }
            }
        }
        assert!(names.len() >= 40);
    }
}
