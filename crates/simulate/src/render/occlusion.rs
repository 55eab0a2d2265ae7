//! Corners are darker: how much of the half space over a point is taken by what is near (after McGuire et al., The Alchemy
//! Screen-Space Ambient Obscurance Algorithm, 2011).

use super::{View, Visible};
use nalgebra::Vector3;

/// At every second pixel of the picture: how open the point is (0 to 1), and its depth.
pub(super) struct Openness {
    width: usize,
    height: usize,
    open: Vec<f32>,
    depth: Vec<f32>,
}

const TAPS: usize = 14;

impl Openness {
    /// `radius_m`: how far things darken each other.
    pub(super) fn new(view: &View<'_>, once: &Visible, radius_m: f64) -> Openness {
        let (width, height) = (once.width.div_ceil(2), once.height.div_ceil(2));
        // points of a sunflower, turned by the pixel's place in a 4 × 4 pattern
        let disc: Vec<[f64; 2]> = (0..16 * TAPS)
            .map(|i| {
                let (turn, k) = (i / TAPS, i % TAPS);
                let angle = 2.399_963 * k as f64 + std::f64::consts::FRAC_PI_8 * turn as f64;
                let r = ((k as f64 + 0.5 + (turn % 4) as f64 / 4.0 - 0.375) / TAPS as f64).sqrt();
                [r * libm::cos(angle), r * libm::sin(angle)]
            })
            .collect();
        let mut raw = vec![1.0_f32; width * height];
        let mut depth = vec![f32::INFINITY; width * height];
        for j in 0..height {
            for i in 0..width {
                let (x, y) = ((2 * i).min(once.width - 1), (2 * j).min(once.height - 1));
                let id = once.id[y * once.width + x];
                if id == u32::MAX {
                    continue;
                }
                let p = view.hit(id, x, y, 1.0).coords;
                depth[j * width + i] = p.z as f32;
                let n = Vector3::from(view.triangles[id as usize].normal);
                let reach = (radius_m / view.footprint(&p.into())).clamp(3.0, 90.0);
                let turn = (j % 4) * 4 + (i * 5 + j) % 4;
                let mut taken = 0.0;
                for tap in &disc[turn * TAPS..(turn + 1) * TAPS] {
                    let (a, b) = (x as f64 + tap[0] * reach, y as f64 + tap[1] * reach);
                    if a < 0.0 || b < 0.0 || a >= once.width as f64 || b >= once.height as f64 {
                        continue;
                    }
                    let (a, b) = (a as usize, b as usize);
                    let other = once.id[b * once.width + a];
                    if other == u32::MAX {
                        continue;
                    }
                    let (o, r) = view.ray(a, b, 1.0);
                    let z = super::depth_of(&view.lens, f64::from(once.key[b * once.width + a]));
                    let v = o + r * (z - o.z) - p;
                    let square = v.dot(&v);
                    let over = v.dot(&n) - 0.002 - 0.0015 * p.z.abs();
                    if over > 0.0 && square < radius_m * radius_m {
                        let near = 1.0 - square / (radius_m * radius_m);
                        taken += over / square.sqrt().max(1e-6) * near;
                    }
                }
                raw[j * width + i] = (1.0 - 1.7 * taken / TAPS as f64).clamp(0.12, 1.0) as f32;
            }
        }
        // the pattern's 4 × 4 pixels are put together, each with those of its own depth
        let mut open = raw.clone();
        for j in 0..height {
            for i in 0..width {
                let z = depth[j * width + i];
                let (mut sum, mut weight) = (0.0, 0.0);
                for b in j.saturating_sub(2)..(j + 2).min(height) {
                    for a in i.saturating_sub(2)..(i + 2).min(width) {
                        if (depth[b * width + a] - z).abs() < 0.04 * z.abs() {
                            sum += raw[b * width + a];
                            weight += 1.0;
                        }
                    }
                }
                if weight > 0.0 {
                    open[j * width + i] = sum / weight;
                }
            }
        }
        Openness { width, height, open, depth }
    }

    /// At a pixel of the picture (its middle is at half), for a point of this depth.
    pub(super) fn at(&self, u: f64, v: f64, depth: f64) -> f64 {
        let (x, y) = ((u - 0.5) * 0.5, (v - 0.5) * 0.5);
        let (i, j) = (x.floor().max(0.0) as usize, y.floor().max(0.0) as usize);
        let (fx, fy) = ((x - i as f64).clamp(0.0, 1.0), (y - j as f64).clamp(0.0, 1.0));
        let (mut sum, mut weight) = (0.0, 1e-9);
        for (a, b, w) in [
            (i, j, (1.0 - fx) * (1.0 - fy)),
            (i + 1, j, fx * (1.0 - fy)),
            (i, j + 1, (1.0 - fx) * fy),
            (i + 1, j + 1, fx * fy),
        ] {
            let at = b.min(self.height - 1) * self.width + a.min(self.width - 1);
            let near = (f64::from(self.depth[at]) - depth).abs() < 0.05 * depth.abs();
            let w = (w + 1e-6) * if near { 1.0 } else { 1e-4 };
            sum += w * f64::from(self.open[at]);
            weight += w;
        }
        sum / weight
    }
}
