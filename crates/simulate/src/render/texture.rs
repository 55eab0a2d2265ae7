//! What surfaces look like, computed at the point: grain, boards, tiles, weave. All from integer hashes, so equal everywhere.

use crate::scene::Material;

/// How a point of a surface takes light.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Linear colour.
    pub albedo: [f64; 3],
    /// Strength of the mirror image, 0 to 1.
    pub mirror: f64,
    /// Strength of highlights.
    pub shine: f64,
    /// Highlights are sharp: 2 to the power of this.
    pub sharp: u32,
    /// Light of its own.
    pub glow: f64,
}

/// The look at a point of a part: `u`, `v` metres along its face (v upwards on upright ones), `size` of the face, `seed` of the part and
/// `footprint` metres in a pixel there.
pub(super) fn look(
    material: Material,
    colour: [f64; 3],
    [u, v]: [f64; 2],
    size: [f64; 2],
    seed: u32,
    footprint: f64,
) -> Look {
    let plain = Look { albedo: colour, mirror: 0.0, shine: 0.0, sharp: 4, glow: 0.0 };
    // patterns finer than a pixel fade into their mean
    let fade = |feature: f64| (1.6 - 1.2 * footprint / feature).clamp(0.0, 1.0);
    let tint = |by: f64| colour.map(|c| c * by);
    match material {
        Material::Plastic => Look { mirror: 0.03, shine: 0.35, sharp: 5, ..plain },
        Material::Rubber => Look { shine: 0.06, sharp: 3, ..plain },
        Material::Ceramic => Look { mirror: 0.07, shine: 0.6, sharp: 6, ..plain },
        Material::Glass => Look { albedo: tint(0.45), mirror: 0.28, shine: 0.9, sharp: 7, ..plain },
        Material::Metal => Look { albedo: tint(0.55), mirror: 0.45, shine: 0.8, sharp: 5, ..plain },
        Material::Leather => {
            let n = noise(u * 90.0, v * 90.0, seed);
            Look { albedo: tint(1.0 + 0.16 * (n - 0.5) * fade(0.02)), shine: 0.22, sharp: 4, ..plain }
        }
        Material::Skin => Look { shine: 0.08, sharp: 3, ..plain },
        Material::Paper => plain,
        Material::Glow => Look { glow: 1.6, ..plain },
        Material::Wood => {
            // the grain runs along the longer side
            let (a, b) = if size[0] >= size[1] { (u, v) } else { (v, u) };
            let bend = noise(a * 1.7, b * 3.0, seed) * 0.06;
            let rings = noise((b + bend) * 38.0, a * 1.1, seed.wrapping_add(7));
            let fine = noise(a * 9.0, b * 210.0, seed.wrapping_add(13));
            let by = 1.0 + 0.34 * (rings - 0.5) * fade(0.03) + 0.14 * (fine - 0.5) * fade(0.008);
            Look { albedo: tint(by), mirror: 0.02, shine: 0.16, sharp: 4, ..plain }
        }
        Material::Planks => {
            const WIDE: f64 = 0.13;
            const LONG: f64 = 1.3;
            let row = (v / WIDE).floor();
            let shift = f64::from(hash(row as i32, 3, seed) & 255) / 255.0 * LONG;
            let board = ((u + shift) / LONG).floor();
            let own = unit(hash(row as i32, board as i32, seed));
            let (du, dv) = ((u + shift) - board * LONG, v - row * WIDE);
            let gap = du.min(LONG - du).min(dv).min(WIDE - dv);
            let line = smooth(0.0, 0.0022 + footprint, gap);
            let depth = 0.55 * fade(0.06);
            let rings = noise(v * 42.0 + 90.0 * own, u * 1.4, seed.wrapping_add(5));
            let fine = noise(u * 8.0, v * 220.0, seed.wrapping_add(11));
            let by = 0.86 + 0.3 * own + 0.26 * (rings - 0.5) * fade(0.03) + 0.1 * (fine - 0.5) * fade(0.008);
            Look {
                albedo: tint(by * (1.0 - depth * (1.0 - line))),
                mirror: 0.05,
                shine: 0.22,
                sharp: 5,
                ..plain
            }
        }
        Material::Tiles => {
            const SIDE: f64 = 0.33;
            let (i, j) = ((u / SIDE).floor(), (v / SIDE).floor());
            let (du, dv) = (u - i * SIDE, v - j * SIDE);
            let gap = du.min(SIDE - du).min(dv).min(SIDE - dv);
            let line = smooth(0.001, 0.004 + footprint, gap);
            let own = unit(hash(i as i32, j as i32, seed));
            let cloud = noise(u * 7.0, v * 7.0, seed);
            let by = (0.93 + 0.1 * own + 0.08 * (cloud - 0.5)) * (1.0 - 0.4 * fade(0.15) * (1.0 - line));
            // glazes are pale
            Look {
                albedo: colour.map(|c| (0.6 * c + 0.26) * by),
                mirror: 0.08 * line,
                shine: 0.4 * line,
                sharp: 6,
                ..plain
            }
        }
        Material::Carpet => {
            let pile = noise(u * 260.0, v * 260.0, seed) - 0.5;
            let cloud = noise(u * 5.0, v * 5.0, seed) - 0.5;
            // a border and stripes where the piece has an edge near
            let (du, dv) = (size[0] * 0.5 - u.abs(), size[1] * 0.5 - v.abs());
            let edge = du.min(dv);
            let border =
                if size[0] < 4.0 && size[0] > 0.6 && (0.08..0.14).contains(&edge) { 1.5 } else { 1.0 };
            Look { albedo: tint((1.0 + 0.35 * pile * fade(0.008) + 0.1 * cloud) * border), ..plain }
        }
        Material::Fabric => {
            let weave = noise(u * 420.0, v * 140.0, seed) + noise(u * 140.0, v * 420.0, seed ^ 5) - 1.0;
            let cloud = noise(u * 6.0, v * 6.0, seed) - 0.5;
            Look { albedo: tint(1.0 + 0.22 * weave * fade(0.006) + 0.1 * cloud), ..plain }
        }
        Material::Plaster => {
            let grain = noise(u * 120.0, v * 120.0, seed) - 0.5;
            let cloud = noise(u * 1.3, v * 1.3, seed) - 0.5;
            // wall paint: a colour's pale tone
            let by = 0.94 + 0.04 * grain * fade(0.015) + 0.03 * cloud;
            Look { albedo: colour.map(|c| (0.35 * c + 0.5) * by), ..plain }
        }
        Material::Asphalt => {
            let grain = noise(u * 70.0, v * 70.0, seed) - 0.5;
            let cloud = noise(u * 0.6, v * 0.6, seed) - 0.5;
            Look { albedo: tint(1.0 + 0.5 * grain * fade(0.03) + 0.22 * cloud), shine: 0.03, ..plain }
        }
        Material::Paving => {
            const SIDE: f64 = 0.5;
            let (i, j) = ((u / SIDE).floor(), (v / SIDE).floor());
            let (du, dv) = (u - i * SIDE, v - j * SIDE);
            let line = smooth(0.003, 0.012 + footprint, du.min(SIDE - du).min(dv).min(SIDE - dv));
            let own = unit(hash(i as i32, j as i32, seed));
            let grain = noise(u * 60.0, v * 60.0, seed) - 0.5;
            let by = 0.88 + 0.18 * own + 0.15 * grain * fade(0.03);
            Look { albedo: tint(by * (1.0 - 0.35 * fade(0.25) * (1.0 - line))), ..plain }
        }
        Material::Brick => {
            const TALL: f64 = 0.075;
            const LONG: f64 = 0.25;
            let row = (v / TALL).floor();
            let shift = if (row as i64) & 1 == 0 { 0.0 } else { LONG * 0.5 };
            let i = ((u + shift) / LONG).floor();
            let (du, dv) = (u + shift - i * LONG, v - row * TALL);
            let line = smooth(0.003, 0.01 + footprint, du.min(LONG - du).min(dv).min(TALL - dv));
            let own = unit(hash(i as i32, row as i32, seed));
            let mortar = 1.0 - fade(0.09) * (1.0 - line);
            let by = 0.8 + 0.4 * own * fade(0.25) + 0.2 * (1.0 - fade(0.25));
            let albedo = std::array::from_fn(|k| colour[k] * by * mortar + 0.42 * (1.0 - mortar));
            Look { albedo, ..plain }
        }
        Material::Roof => {
            const TALL: f64 = 0.3;
            let row = (v / TALL).floor();
            let down = (v - row * TALL) / TALL;
            let i = (u / 0.22 + 0.5 * row).floor();
            let own = unit(hash(i as i32, row as i32, seed));
            let by = 1.0 + fade(0.3) * (0.3 * (own - 0.5) - 0.4 * smooth(0.75, 1.0, 1.0 - down));
            Look { albedo: tint(by), ..plain }
        }
        Material::Grass => {
            let blades = noise(u * 55.0, v * 55.0, seed) - 0.5;
            let tufts = noise(u * 3.1, v * 3.1, seed) - 0.5;
            let field = noise(u * 0.25, v * 0.25, seed) - 0.5;
            let by = 1.0 + 0.6 * blades * fade(0.04) + 0.35 * tufts * fade(0.6) + 0.3 * field;
            Look { albedo: [colour[0] * by * (1.0 + 0.3 * field), colour[1] * by, colour[2] * by], ..plain }
        }
        Material::Leaves => {
            let n = noise(u * 28.0, v * 28.0, seed) - 0.5;
            let m = noise(u * 7.0, v * 7.0, seed ^ 3) - 0.5;
            Look {
                albedo: tint(1.0 + 0.7 * n * fade(0.06) + 0.5 * m * fade(0.25)),
                shine: 0.05,
                sharp: 3,
                ..plain
            }
        }
        Material::Painting => Look { albedo: painting(colour, u / size[0], v / size[1], seed), ..plain },
        Material::Books => {
            // spines of 2 to 5 cm
            let mut at = -size[0] * 0.5;
            let mut k = 0;
            let mut wide = 0.03;
            while k < 80 {
                wide = 0.018 + 0.03 * unit(hash(k, 1, seed));
                if u < at + wide {
                    break;
                }
                at += wide;
                k += 1;
            }
            let pick = hash(k, 2, seed);
            let spine = SPINES[pick as usize % SPINES.len()];
            let within = (u - at) / wide;
            let edge = if (0.12..=0.88).contains(&within) { 1.0 } else { 0.6 };
            let height = v / size[1];
            let gap = height > 0.5 - 0.16 * unit(hash(k, 3, seed));
            let band = (height - 0.25).abs() < 0.04 && pick & 64 != 0;
            let by = if gap {
                0.12
            } else if band {
                1.9
            } else {
                edge
            };
            let detail = fade(0.05);
            Look {
                albedo: std::array::from_fn(|c| (spine[c] * by * detail + 0.14 * (1.0 - detail)).min(1.0)),
                ..plain
            }
        }
        Material::Facade => {
            // storeys of 3 m, a window every 2.4 m
            let (i, j) = ((u / 2.4).floor(), (v / 3.0).floor());
            let (du, dv) = ((u - i * 2.4) / 2.4, (v - j * 3.0) / 3.0);
            let pane = (0.27..0.73).contains(&du) && (0.3..0.78).contains(&dv);
            let frame = (0.24..0.76).contains(&du) && (0.27..0.81).contains(&dv);
            let fits = (i + 1.0) * 2.4 < size[0] * 0.5 && i * 2.4 > -size[0] * 0.5;
            if pane && fits {
                let bar = (du - 0.5).abs() < 0.012 || (dv - 0.62).abs() < 0.008;
                if bar {
                    return Look { albedo: [0.75; 3], ..plain };
                }
                let curtain = unit(hash(i as i32, j as i32, seed));
                return Look {
                    albedo: [0.03 + 0.12 * curtain * curtain; 3],
                    mirror: 0.35,
                    shine: 0.8,
                    sharp: 7,
                    ..plain
                };
            }
            if frame && fits {
                return Look { albedo: [0.75; 3], ..plain };
            }
            let grain = noise(u * 40.0, v * 40.0, seed) - 0.5;
            let by = 0.96 + 0.08 * grain * fade(0.05);
            Look { albedo: colour.map(|c| (0.45 * c + 0.34) * by), ..plain }
        }
    }
}

const SPINES: [[f64; 3]; 9] = [
    [0.42, 0.05, 0.05],
    [0.05, 0.1, 0.35],
    [0.06, 0.24, 0.1],
    [0.55, 0.4, 0.1],
    [0.6, 0.56, 0.48],
    [0.12, 0.11, 0.12],
    [0.3, 0.12, 0.28],
    [0.08, 0.28, 0.32],
    [0.5, 0.2, 0.06],
];

/// A landscape: sky, sun, and hills in the painting's own colour.
fn painting(colour: [f64; 3], x: f64, y: f64, seed: u32) -> [f64; 3] {
    let sun = [unit(hash(1, 1, seed)) - 0.5, 0.1 + 0.25 * unit(hash(2, 1, seed))];
    let d = (x - sun[0]) * (x - sun[0]) + (y - sun[1]) * (y - sun[1]);
    let warm = unit(hash(3, 1, seed));
    let mut out = [0.55 + 0.35 * warm - 0.3 * y, 0.55 + 0.1 * y, 0.45 + 0.5 * y + 0.2 * (1.0 - warm)];
    if d < 0.008 {
        out = [0.95, 0.85, 0.5];
    }
    for k in 0..4 {
        let level = 0.12 - 0.16 * f64::from(k);
        let line =
            level + 0.16 * (noise(x * 3.0 + 9.0 * f64::from(k), 0.5, seed.wrapping_add(k as u32)) - 0.5);
        if y < line {
            let by = 1.05 - 0.22 * f64::from(k);
            let stroke = 0.15 * (noise(x * 30.0, y * 60.0, seed) - 0.5);
            out = std::array::from_fn(|c| {
                ((0.35 * colour[c] + 0.65 * colour[(c + k as usize) % 3]) * by + stroke * 0.3).max(0.02)
            });
        }
    }
    out
}

/// The sky in a direction (unit), with clouds; below the horizon a lawn that fades into haze.
pub(super) fn sky(d: [f64; 3], to_sun: [f64; 3]) -> [f64; 3] {
    let up = d[2];
    if up < 0.0 {
        let haze = smooth(0.0, 0.25, -up);
        return [0.62 - 0.44 * haze, 0.72 - 0.44 * haze, 0.78 - 0.66 * haze];
    }
    let high = 1.0 - (1.0 - up) * (1.0 - up) * (1.0 - up);
    let mut out = [0.78 - 0.62 * high, 0.9 - 0.52 * high, 1.08 - 0.2 * high];
    if up > 0.02 {
        let (u, v) = (d[0] / (up + 0.15), d[1] / (up + 0.15));
        let n = 0.5 * noise(u * 1.3, v * 1.3, 77)
            + 0.27 * noise(u * 2.9, v * 2.9, 78)
            + 0.15 * noise(u * 6.1, v * 6.1, 79)
            + 0.08 * noise(u * 13.0, v * 13.0, 80);
        let cloud = smooth(0.5, 0.78, n) * smooth(0.02, 0.2, up);
        let white = 1.08 - 0.25 * smooth(0.6, 0.95, n);
        out = out.map(|c| c + (white - c) * cloud * 0.85);
    }
    let near = (d[0] * to_sun[0] + d[1] * to_sun[1] + d[2] * to_sun[2]).max(0.0);
    let glow = power(near, 5) * 0.25 + if near > 0.9995 { 4.0 } else { 0.0 };
    out.map(|c| c + glow)
}

/// x to the power of 2 to the power of n.
pub(super) fn power(x: f64, n: u32) -> f64 {
    (0..n).fold(x, |x, _| x * x)
}

pub(super) fn smooth(low: f64, high: f64, x: f64) -> f64 {
    let s = ((x - low) / (high - low)).clamp(0.0, 1.0);
    s * s * (3.0 - 2.0 * s)
}

/// Smooth noise in 0..1 with a grid of 1.
fn noise(x: f64, y: f64, seed: u32) -> f64 {
    let (i, j) = (x.floor(), y.floor());
    let (fx, fy) = (x - i, y - j);
    let (sx, sy) = (fx * fx * (3.0 - 2.0 * fx), fy * fy * (3.0 - 2.0 * fy));
    let (i, j) = (i as i64 as i32, j as i64 as i32);
    let at = |a: i32, b: i32| unit(hash(i.wrapping_add(a), j.wrapping_add(b), seed));
    let low = at(0, 0) + (at(1, 0) - at(0, 0)) * sx;
    let high = at(0, 1) + (at(1, 1) - at(0, 1)) * sx;
    low + (high - low) * sy
}

fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x85eb_ca6b)
        ^ (y as u32).wrapping_mul(0xc2b2_ae35)
        ^ seed.wrapping_mul(0x27d4_eb2f);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297a_2d39);
    h ^ h >> 15
}

fn unit(h: u32) -> f64 {
    f64::from(h) * (1.0 / 4_294_967_296.0)
}
