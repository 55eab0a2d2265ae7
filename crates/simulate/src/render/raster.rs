//! Triangles become samples: fixed-point edges, so that neighbours share no sample and leave none out, and a z-buffer.

use crate::path::Lens;

const SUB: f64 = 256.0;
/// What is nearer than this to a pinhole is cut off.
const NEAR_M: f64 = 0.02;

/// A triangle on the picture.
pub(super) struct Setup {
    /// `E(x, y) = a x + b y + c` at sample (x, y), already with the fill rule: inside where all three are at least 0.
    edges: [[i64; 3]; 3],
    /// Columns and rows, half-open.
    columns: [i32; 2],
    rows: [i32; 2],
    /// `key = k0 + kx x + ky y`, kept within its corners' range: greater is nearer.
    key: [f64; 3],
    range: [f64; 2],
    pub triangle: u32,
    pub thing: u16,
}

/// Key of an empty sample.
pub(super) const EMPTY: f32 = f32::NEG_INFINITY;

/// Depth along the axis of a key.
pub(super) fn depth_of(lens: &Lens, key: f64) -> f64 {
    match lens {
        Lens::Pinhole { .. } => 1.0 / key,
        Lens::Orthographic { .. } => -key,
    }
}

/// Cuts a triangle in camera coordinates at the near plane and sets up what is left, at `scale` samples a pixel.
pub(super) fn set_up(
    out: &mut Vec<Setup>,
    corners: [[f64; 3]; 3],
    lens: &Lens,
    (width, height, scale): (usize, usize, f64),
    (triangle, thing): (u32, u16),
) {
    match *lens {
        Lens::Orthographic { px_per_m, cx, cy } => {
            let p = corners.map(|c| [(px_per_m * c[0] + cx) * scale, (px_per_m * c[1] + cy) * scale, -c[2]]);
            push(out, p, (width, height), (triangle, thing));
        }
        Lens::Pinhole { fx, fy, cx, cy } => {
            let project = |c: [f64; 3]| {
                let q = 1.0 / c[2];
                [(fx * c[0] * q + cx) * scale, (fy * c[1] * q + cy) * scale, q]
            };
            let n_near = corners.iter().filter(|c| c[2] < NEAR_M).count();
            if n_near == 3 {
                return;
            }
            if n_near == 0 {
                push(out, corners.map(project), (width, height), (triangle, thing));
                return;
            }
            let mut kept: [[f64; 3]; 4] = [[0.0; 3]; 4];
            let mut n = 0;
            for i in 0..3 {
                let (a, b) = (corners[i], corners[(i + 1) % 3]);
                if a[2] >= NEAR_M {
                    kept[n] = a;
                    n += 1;
                }
                if (a[2] < NEAR_M) != (b[2] < NEAR_M) {
                    // always from the nearer end: neighbours cut their common edge at the same point
                    let (a, b) = if a[2] < b[2] { (a, b) } else { (b, a) };
                    let s = (NEAR_M - a[2]) / (b[2] - a[2]);
                    kept[n] = [a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s, NEAR_M];
                    n += 1;
                }
            }
            for i in 1..n.saturating_sub(1) {
                push(out, [kept[0], kept[i], kept[i + 1]].map(project), (width, height), (triangle, thing));
            }
        }
    }
}

fn push(
    out: &mut Vec<Setup>,
    p: [[f64; 3]; 3],
    (width, height): (usize, usize),
    (triangle, thing): (u32, u16),
) {
    // far outside of the picture a coordinate may be too large for the integers below; the limit is 10⁶ samples away
    const LIMIT: f64 = 1e6;
    let mut p = p;
    for corner in &mut p {
        corner[0] = (corner[0].clamp(-LIMIT, LIMIT) * SUB).round();
        corner[1] = (corner[1].clamp(-LIMIT, LIMIT) * SUB).round();
    }
    let area = |p: &[[f64; 3]; 3]| {
        (p[1][0] - p[0][0]) * (p[2][1] - p[0][1]) - (p[1][1] - p[0][1]) * (p[2][0] - p[0][0])
    };
    let mut twice = area(&p);
    if twice == 0.0 {
        return;
    }
    if twice < 0.0 {
        p.swap(1, 2);
        twice = -twice;
    }
    let bound = |k: usize, size: usize| {
        let low = p.iter().map(|c| c[k]).fold(f64::INFINITY, f64::min);
        let high = p.iter().map(|c| c[k]).fold(f64::NEG_INFINITY, f64::max);
        // samples lie at half: the first at or after low, the last at or before high
        let from = ((low / SUB - 0.5).ceil()).max(0.0) as i32;
        let to = ((high / SUB - 0.5).floor() + 1.0).clamp(0.0, size as f64) as i32;
        [from, to]
    };
    let (columns, rows) = (bound(0, width), bound(1, height));
    if columns[0] >= columns[1] || rows[0] >= rows[1] {
        return;
    }
    let edges = std::array::from_fn(|i| {
        let (a, b) = (p[i], p[(i + 1) % 3]);
        let [ax, ay, bx, by] = [a[0] as i64, a[1] as i64, b[0] as i64, b[1] as i64];
        let (dx, dy) = (bx - ax, by - ay);
        let own = dy < 0 || dy == 0 && dx > 0;
        // at sample (x, y): dx (256 y + 128 − ay) − dy (256 x + 128 − ax)
        [-dy * 256, dx * 256, dx * (128 - ay) - dy * (128 - ax) - i64::from(!own)]
    });
    let (d1, d2) = ([p[1][0] - p[0][0], p[1][1] - p[0][1]], [p[2][0] - p[0][0], p[2][1] - p[0][1]]);
    let (k1, k2) = (p[1][2] - p[0][2], p[2][2] - p[0][2]);
    let kx = (k1 * d2[1] - k2 * d1[1]) / twice * SUB;
    let ky = (k2 * d1[0] - k1 * d2[0]) / twice * SUB;
    let k0 = p[0][2] + kx * (0.5 - p[0][0] / SUB) + ky * (0.5 - p[0][1] / SUB);
    let range = [p[0][2].min(p[1][2]).min(p[2][2]), p[0][2].max(p[1][2]).max(p[2][2])];
    out.push(Setup { edges, columns, rows, key: [k0, kx, ky], range, triangle, thing });
}

/// A band of rows of a z-buffer.
pub(super) struct Band<'a> {
    pub width: usize,
    /// First row and the row after the last.
    pub rows: [usize; 2],
    pub key: &'a mut [f32],
    pub id: &'a mut [u32],
}

impl Band<'_> {
    /// Draws all triangles, in order. `alone` counts each thing's samples as if nothing stood before it: a scratch stamp per sample,
    /// and a count per thing.
    pub(super) fn draw(&mut self, setups: &[Setup], mut alone: Option<(&mut [u16], &mut [u32])>) {
        for setup in setups {
            let first = setup.rows[0].max(self.rows[0] as i32);
            let last = setup.rows[1].min(self.rows[1] as i32);
            for y in first..last {
                let Some((from, to)) = setup.span(y) else { continue };
                let base = (y as usize - self.rows[0]) * self.width;
                let (from, to) = (from as usize, to as usize);
                let keys = &mut self.key[base + from..base + to];
                let ids = &mut self.id[base + from..base + to];
                let row = setup.key[0] + setup.key[2] * f64::from(y);
                for (i, (key, id)) in keys.iter_mut().zip(ids.iter_mut()).enumerate() {
                    let k =
                        (row + setup.key[1] * (from + i) as f64).clamp(setup.range[0], setup.range[1]) as f32;
                    if k > *key {
                        *key = k;
                        *id = setup.triangle;
                    }
                }
                if let (Some((stamps, counts)), true) = (&mut alone, setup.thing > 0) {
                    let count = &mut counts[usize::from(setup.thing) - 1];
                    for stamp in &mut stamps[base + from..base + to] {
                        *count += u32::from(*stamp != setup.thing);
                        *stamp = setup.thing;
                    }
                }
            }
        }
    }
}

impl Setup {
    /// The columns of this row that it covers.
    fn span(&self, y: i32) -> Option<(i32, i32)> {
        let (mut from, mut to) = (i64::from(self.columns[0]), i64::from(self.columns[1]));
        for [a, b, c] in self.edges {
            let e = b * i64::from(y) + c;
            if a > 0 {
                // a x + e ≥ 0: from the ceiling of −e / a on
                from = from.max(-(e.div_euclid(a)));
            } else if a < 0 {
                to = to.min(e.div_euclid(-a) + 1);
            } else if e < 0 {
                return None;
            }
        }
        (from < to).then_some((from as i32, to as i32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_cover_every_sample_once() {
        let lens = Lens::Orthographic { px_per_m: 1.0, cx: 0.0, cy: 0.0 };
        // a fan round a point that is on no grid
        let middle = [10.3, 9.7, 1.0];
        let n = 7;
        let ring: Vec<[f64; 3]> = (0..n)
            .map(|i| {
                let angle = std::f64::consts::TAU * f64::from(i) / f64::from(n);
                [middle[0] + 40.0 * libm::cos(angle), middle[1] + 40.0 * libm::sin(angle), 1.0]
            })
            .collect();
        let mut hits = vec![0; 20 * 20];
        for i in 0..ring.len() {
            let mut setups = Vec::new();
            set_up(
                &mut setups,
                [middle, ring[i], ring[(i + 1) % ring.len()]],
                &lens,
                (20, 20, 1.0),
                (i as u32, 0),
            );
            for setup in &setups {
                for y in setup.rows[0]..setup.rows[1] {
                    if let Some((from, to)) = setup.span(y) {
                        (from..to).for_each(|x| hits[(y * 20 + x) as usize] += 1);
                    }
                }
            }
        }
        assert!(hits.iter().all(|&h| h == 1), "{hits:?}");
    }
}
