//! Shadow maps: what a light sees, and soft edges by asking many neighbours.

use super::mesh::Mesh;
use super::raster::{Band, EMPTY, Setup, set_up};
use crate::path::Lens;
use nalgebra::{Isometry3, Point3};

/// What a light sees.
pub(super) struct ShadowMap {
    light_from_world: Isometry3<f64>,
    lens: Lens,
    size: usize,
    key: Vec<f32>,
    /// Width of the soft edge in samples.
    soft: i32,
    /// How far off its surface a point is looked up, so that no surface shades itself; metres.
    pub lift_m: f64,
}

impl ShadowMap {
    /// Draws what casts a shadow. `placed` gives a group's `world_from_body`, or none where it casts none.
    pub(super) fn new(
        mesh: &Mesh,
        placed: &dyn Fn(usize) -> Option<Isometry3<f64>>,
        world_from_light: Isometry3<f64>,
        lens: Lens,
        (size, soft): (usize, i32),
    ) -> ShadowMap {
        let light_from_world = world_from_light.inverse();
        let mut setups: Vec<Setup> = Vec::new();
        for (g, group) in mesh.groups.iter().enumerate() {
            let Some(world_from_body) = placed(g) else { continue };
            let m = (light_from_world * world_from_body).to_homogeneous();
            let points: Vec<[f64; 3]> = group
                .vertices
                .iter()
                .map(|v| {
                    std::array::from_fn(|k| {
                        m[(k, 0)] * v[0] + m[(k, 1)] * v[1] + m[(k, 2)] * v[2] + m[(k, 3)]
                    })
                })
                .collect();
            for t in &group.triangles {
                set_up(&mut setups, t.map(|i| points[i as usize]), &lens, (size, size, 1.0), (0, 0));
            }
        }
        let mut key = vec![EMPTY; size * size];
        let mut id = vec![0; size * size];
        Band { width: size, rows: [0, size], key: &mut key, id: &mut id }.draw(&setups, None);
        let lift_m = match lens {
            Lens::Orthographic { px_per_m, .. } => 0.004 + 0.5 * (f64::from(soft) + 1.0) / px_per_m,
            Lens::Pinhole { .. } => 0.012,
        };
        ShadowMap { light_from_world, lens, size, key, soft, lift_m }
    }

    /// Share of the light that reaches a point; 1 outside of the map.
    pub(super) fn lit(&self, p: Point3<f64>) -> f64 {
        let p = self.light_from_world * p;
        let Some([u, v]) = self.lens.project(p) else { return 1.0 };
        let own = match self.lens {
            Lens::Pinhole { .. } => (1.0 / (p.z - 0.012)) as f32,
            Lens::Orthographic { .. } => (0.012 - p.z) as f32,
        };
        let n = self.soft;
        let (x, y) = (u - 0.5 - 0.5 * f64::from(n), v - 0.5 - 0.5 * f64::from(n));
        let last = self.size as f64 - f64::from(n) - 2.0;
        if !(x >= 0.0 && y >= 0.0 && x < last && y < last) {
            return 1.0;
        }
        let (i, j) = (x as usize, y as usize);
        let (fx, fy) = (x - i as f64, y - j as f64);
        let free = |dx: usize, dy: usize| self.key[(j + dy) * self.size + i + dx] <= own;
        let m = n as usize + 1;
        let h = m / 2;
        let probes = [
            free(0, 0),
            free(m, 0),
            free(0, m),
            free(m, m),
            free(h, h),
            free(h, 0),
            free(0, h),
            free(m, h),
            free(h, m),
        ];
        if probes.iter().all(|&p| p) {
            return 1.0;
        }
        if !probes.contains(&true) {
            return 0.0;
        }
        // a box as wide as the soft edge, at its exact place: the outer samples count by their share
        let mut sum = 0.0;
        for dy in 0..=m {
            let wy = if dy == 0 {
                1.0 - fy
            } else if dy == m {
                fy
            } else {
                1.0
            };
            let mut row = 0.0;
            for dx in 0..=m {
                let wx = if dx == 0 {
                    1.0 - fx
                } else if dx == m {
                    fx
                } else {
                    1.0
                };
                row += if free(dx, dy) { wx } else { 0.0 };
            }
            sum += row * wy;
        }
        sum / (m * m) as f64
    }
}
