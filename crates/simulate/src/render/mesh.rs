//! Parts become triangles; each keeps the surface that it came from, by which it is shaded.

use crate::scene::{Material, Part, Scene, Shape};
use nalgebra::{Isometry3, Point3};

/// A part as the shader sees it.
#[derive(Clone, Debug)]
pub(super) struct Surface {
    /// Position of the thing plus 1; 0 for the setting.
    pub thing: u16,
    /// Position of the part in its thing plus 1.
    pub part: u16,
    pub shape: Shape,
    pub half: [f64; 3],
    /// Linear light.
    pub colour: [f64; 3],
    pub material: Material,
    pub body_from_part: Isometry3<f64>,
}

/// The triangles of one thing, in its body's coordinates (of the setting, in the world's).
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub thing: Option<usize>,
    pub vertices: Vec<[f64; 3]>,
    pub triangles: Vec<[u32; 3]>,
    pub surface: Vec<u32>,
    /// Distance of the furthest vertex from the origin, and a middle.
    pub middle: [f64; 3],
    pub radius: f64,
}

pub(super) struct Mesh {
    pub surfaces: Vec<Surface>,
    pub groups: Vec<Group>,
}

pub(super) fn mesh(scene: &Scene) -> Mesh {
    let mut surfaces = Vec::new();
    let mut groups = Vec::new();
    // the setting in pieces, so that what is out of sight is left out early
    for parts in scene.setting.chunks(24) {
        groups.push(group(&mut surfaces, None, parts));
    }
    for (i, thing) in scene.things.iter().enumerate() {
        groups.push(group(&mut surfaces, Some(i), &thing.parts));
    }
    Mesh { surfaces, groups }
}

fn group(surfaces: &mut Vec<Surface>, thing: Option<usize>, parts: &[Part]) -> Group {
    let mut out = Group {
        thing,
        vertices: Vec::new(),
        triangles: Vec::new(),
        surface: Vec::new(),
        middle: [0.0; 3],
        radius: 0.0,
    };
    for (k, part) in parts.iter().enumerate() {
        let surface = surfaces.len() as u32;
        surfaces.push(Surface {
            thing: thing.map_or(0, |i| (i + 1).min(usize::from(u16::MAX)) as u16),
            part: (k + 1).min(usize::from(u16::MAX)) as u16,
            shape: part.shape,
            half: part.extent.map(|e| (e * 0.5).max(1e-6)),
            colour: super::tone::linear(part.colour.rgb()),
            material: part.material,
            body_from_part: part.body_from_part,
        });
        let base = out.vertices.len() as u32;
        let (vertices, triangles) = solid(part.shape, part.extent);
        for v in vertices {
            let p = part.body_from_part * Point3::from(v);
            out.vertices.push(p.coords.into());
        }
        for t in triangles {
            out.triangles.push(t.map(|i| base + i));
            out.surface.push(surface);
        }
    }
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for v in &out.vertices {
        for k in 0..3 {
            low[k] = low[k].min(v[k]);
            high[k] = high[k].max(v[k]);
        }
    }
    if !out.vertices.is_empty() {
        out.middle = std::array::from_fn(|k| 0.5 * (low[k] + high[k]));
        out.radius = out.vertices.iter().fold(0.0, |most: f64, v| {
            let d: f64 = (0..3).map(|k| (v[k] - out.middle[k]) * (v[k] - out.middle[k])).sum();
            most.max(d.sqrt())
        });
    }
    out
}

type Solid = (Vec<[f64; 3]>, Vec<[u32; 3]>);

/// Vertices and outward triangles, counter-clockwise seen from outside.
fn solid(shape: Shape, extent: [f64; 3]) -> Solid {
    let [x, y, z] = extent.map(|e| e * 0.5);
    match shape {
        Shape::Box => {
            let v = (0..8)
                .map(|i| {
                    let s = |bit: usize, h: f64| if i >> bit & 1 == 1 { h } else { -h };
                    [s(0, x), s(1, y), s(2, z)]
                })
                .collect();
            let quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
            (v, quads.iter().flat_map(|q| [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]).collect())
        }
        Shape::Plate => {
            let v = vec![[-x, -y, z], [x, -y, z], [x, y, z], [-x, y, z]];
            (v, vec![[0, 1, 2], [0, 2, 3]])
        }
        Shape::Wedge => {
            let v = vec![[-x, -y, -z], [x, -y, -z], [-x, y, -z], [x, y, -z], [-x, -y, z], [-x, y, z]];
            let t =
                vec![[0, 2, 3], [0, 3, 1], [0, 1, 4], [2, 5, 3], [0, 4, 5], [0, 5, 2], [1, 3, 5], [1, 5, 4]];
            (v, t)
        }
        Shape::Cylinder | Shape::Cone => {
            let n = rounds(extent[0].max(extent[1]));
            let ring: Vec<[f64; 2]> = circle(n).iter().map(|[c, s]| [c * x, s * y]).collect();
            let mut v: Vec<[f64; 3]> = ring.iter().map(|p| [p[0], p[1], -z]).collect();
            let mut t = Vec::new();
            let m = n as u32;
            if shape == Shape::Cylinder {
                v.extend(ring.iter().map(|p| [p[0], p[1], z]));
                for i in 0..m {
                    let j = (i + 1) % m;
                    t.push([i, j, m + j]);
                    t.push([i, m + j, m + i]);
                    if i > 0 && j > 0 {
                        t.push([m, m + i, m + j]);
                        t.push([0, j, i]);
                    }
                }
            } else {
                v.push([0.0, 0.0, z]);
                for i in 0..m {
                    let j = (i + 1) % m;
                    t.push([i, j, m]);
                    if i > 0 && j > 0 {
                        t.push([0, j, i]);
                    }
                }
            }
            (v, t)
        }
        Shape::Sphere => {
            let n = rounds(extent[0].max(extent[1]).max(extent[2]));
            let rows = n / 2;
            let around = circle(n);
            // half a turn from pole to pole
            let down = circle(2 * rows);
            let mut v = vec![[0.0, 0.0, z]];
            for d in down.iter().take(rows).skip(1) {
                v.extend(around.iter().map(|[c, s]| [c * d[1] * x, s * d[1] * y, d[0] * z]));
            }
            v.push([0.0, 0.0, -z]);
            let m = n as u32;
            let last = v.len() as u32 - 1;
            let mut t = Vec::new();
            for i in 0..m {
                let j = (i + 1) % m;
                t.push([0, 1 + i, 1 + j]);
                for r in 0..rows as u32 - 2 {
                    let (a, b) = (1 + r * m, 1 + (r + 1) * m);
                    t.push([a + i, b + i, b + j]);
                    t.push([a + i, b + j, a + j]);
                }
                let a = 1 + (rows as u32 - 2) * m;
                t.push([a + i, last, a + j]);
            }
            (v, t)
        }
    }
}

/// Corners of a round thing of this size: enough that its outline looks round at arm's length.
fn rounds(size_m: f64) -> usize {
    match size_m {
        s if s < 0.03 => 8,
        s if s < 0.12 => 16,
        s if s < 0.5 => 28,
        _ => 40,
    }
}

fn circle(n: usize) -> Vec<[f64; 2]> {
    (0..n)
        .map(|i| {
            let angle = 2.0 * std::f64::consts::PI * i as f64 / n as f64;
            [libm::cos(angle), libm::sin(angle)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solids_are_closed_and_have_their_volume() {
        let pi = std::f64::consts::PI;
        let cases = [
            (Shape::Box, 1.0),
            (Shape::Wedge, 0.5),
            (Shape::Cylinder, pi / 4.0),
            (Shape::Cone, pi / 12.0),
            (Shape::Sphere, pi / 6.0),
        ];
        for (shape, share) in cases {
            let extent = [2.0, 1.5, 1.0];
            let (v, t) = solid(shape, extent);
            // divergence theorem: outward triangles sum to the volume
            let six: f64 = t
                .iter()
                .map(|t| {
                    let [a, b, c] = t.map(|i| nalgebra::Vector3::from(v[i as usize]));
                    a.dot(&b.cross(&c))
                })
                .sum();
            let volume = six / 6.0 / (extent[0] * extent[1] * extent[2]);
            assert!((volume / share - 1.0).abs() < 0.02, "{shape:?} {volume} {share}");
        }
    }
}
