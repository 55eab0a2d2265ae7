//! Light on surfaces.

use super::mesh::{Mesh, Surface};
use super::occlusion::Openness;
use super::shadow::ShadowMap;
use super::texture::{look, power, sky};
use super::{Renderer, View, Visible};
use crate::path::Lens;
use crate::scene::motion::looking;
use crate::scene::{Material, Opening, Room, Scene, Shape, Sky};
use nalgebra::{Isometry3, Matrix3, Point3, Vector3};

type WindowLight = (Vector3<f64>, Vector3<f64>, f64);

/// The lights of a scene with what they see.
pub(super) struct Lights {
    sun: Option<ShadowMap>,
    lamps: Vec<ShadowMap>,
    /// Of each room its windows: middle, direction into the room, width.
    windows: Vec<Vec<WindowLight>>,
}

impl Lights {
    pub(super) fn new(scene: &Scene, mesh: &Mesh, view: &View<'_>, t_ns: i64, whole: bool) -> Lights {
        let placed = |g: usize| {
            let group = &mesh.groups[g];
            group.thing.map_or_else(Isometry3::identity, |i| scene.things[i].world_from_body(t_ns))
        };
        let to_sun = Vector3::from(scene.light.to_sun);
        let sun = (scene.light.sun > 0.0).then(|| {
            // a ball round what there is; in a wide scene, round what is before the camera
            let (mut centre, mut radius) = ball(scene, mesh, &placed);
            const MOST_M: f64 = 45.0;
            if !whole && radius > MOST_M || radius > 2.0 * MOST_M {
                let ahead = view.world_from_camera * Vector3::z();
                let eye = view.world_from_camera.translation.vector;
                let flat = Vector3::new(ahead.x, ahead.y, 0.0).try_normalize(1e-6).unwrap_or_default();
                centre = Point3::from(Vector3::new(eye.x, eye.y, 0.0) + flat * (MOST_M * 0.8));
                radius = MOST_M;
            }
            let size: usize = if radius > 20.0 { 2560 } else { 2048 };
            let px_per_m = size as f64 * 0.5 / radius;
            let half = size as f64 * 0.5;
            let lens = Lens::Orthographic { px_per_m, cx: half, cy: half };
            let eye = centre + to_sun * (radius * 2.0 + 40.0);
            let soft = (px_per_m * if radius > 20.0 { 0.1 } else { 0.025 }).round().clamp(1.0, 9.0) as i32;
            ShadowMap::new(mesh, &|g| Some(placed(g)), looking(eye, centre), lens, (size, soft))
        });
        let lamps = if scene.light.lamps > 0.0 {
            scene
                .rooms
                .iter()
                .map(|room| {
                    const SIZE: usize = 640;
                    let eye = Point3::from(room.lamp);
                    let f = SIZE as f64 * 0.5 / 2.2;
                    let half = SIZE as f64 * 0.5;
                    let lens = Lens::Pinhole { fx: f, fy: f, cx: half, cy: half };
                    let casts = |g: usize| mesh.groups[g].thing.map(|_| placed(g));
                    ShadowMap::new(mesh, &casts, looking(eye, eye - Vector3::z()), lens, (SIZE, 9))
                })
                .collect()
        } else {
            Vec::new()
        };
        let windows = scene.rooms.iter().map(|room| {
            let shine = |window: &Opening| {
                let middle = Vector3::new(window.centre[0], window.centre[1], 1.55);
                (middle, inward(room, window.centre, window.along_x), window.width_m)
            };
            room.windows.iter().take(6).map(shine).collect()
        });
        Lights { sun, lamps, windows: windows.collect() }
    }
}

fn ball(scene: &Scene, mesh: &Mesh, placed: &dyn Fn(usize) -> Isometry3<f64>) -> (Point3<f64>, f64) {
    let (mut low, mut high) = (Vector3::repeat(f64::INFINITY), Vector3::repeat(f64::NEG_INFINITY));
    for (g, group) in mesh.groups.iter().enumerate() {
        // the ground of a table or street may be much larger than what stands on it
        if group.thing.is_none() && scene.rooms.is_empty() {
            continue;
        }
        let c = (placed(g) * Point3::from(group.middle)).coords;
        low = low.inf(&(c - Vector3::repeat(group.radius)));
        high = high.sup(&(c + Vector3::repeat(group.radius)));
    }
    if low.x > high.x {
        return (Point3::origin(), 5.0);
    }
    (Point3::from((low + high) * 0.5), ((high - low).norm() * 0.5).max(0.5))
}

/// Draws the colour layer.
pub(super) fn colour(
    renderer: &Renderer<'_>,
    view: &View<'_>,
    lights: &Lights,
    once: &Visible,
    twice: &Visible,
    rgb: &mut Vec<u8>,
) {
    let (width, height) = (once.width, once.height);
    let outdoors = renderer.scene.rooms.is_empty();
    let radius = if renderer.scene.kind == "street" {
        0.9
    } else if outdoors {
        0.35
    } else {
        0.45
    };
    let shader = Shader {
        scene: renderer.scene,
        lights,
        view,
        open: Openness::new(view, once, radius),
        cache: renderer
            .mesh
            .groups
            .iter()
            .enumerate()
            .flat_map(|(g, group)| group.surface.iter().map(move |&s| (s, g)))
            .fold(vec![None; renderer.mesh.surfaces.len()], |mut all, (s, g)| {
                if all[s as usize].is_none() {
                    let part_from_camera = renderer.mesh.surfaces[s as usize].body_from_part.inverse()
                        * view.placed[g].inverse();
                    let turn = (view.world_from_camera * part_from_camera.inverse()).rotation;
                    let m = *part_from_camera.rotation.to_rotation_matrix().matrix();
                    let w = *turn.to_rotation_matrix().matrix();
                    all[s as usize] = Some((m, part_from_camera.translation.vector, w));
                }
                all
            }),
        to_sun: Vector3::from(renderer.scene.light.to_sun),
        world_from_camera: *view.world_from_camera.rotation.to_rotation_matrix().matrix(),
        eye: view.world_from_camera.translation.vector,
        surfaces: &renderer.mesh.surfaces,
    };
    *rgb = vec![0; 3 * width * height];
    let rows = height.div_ceil(renderer.threads);
    std::thread::scope(|scope| {
        for (n, band) in rgb.chunks_mut(3 * rows * width).enumerate() {
            let shader = &shader;
            let tone = &renderer.tone;
            let mut work = move || {
                for (i, pixel) in band.chunks_mut(3).enumerate() {
                    let (x, y) = (i % width, n * rows + i / width);
                    let light = shader.pixel(x, y, twice);
                    pixel.copy_from_slice(&light.map(|v| tone.byte(v)));
                }
            };
            if renderer.threads == 1 {
                work();
            } else {
                scope.spawn(work);
            }
        }
    });
}

/// The surface's own normal (round things are round), in camera axes.
pub(super) fn normal_in_camera(
    renderer: &Renderer<'_>,
    view: &View<'_>,
    id: u32,
    p: Point3<f64>,
) -> [f64; 3] {
    let t = &view.triangles[id as usize];
    let surface = &renderer.mesh.surfaces[t.surface as usize];
    if matches!(surface.shape, Shape::Box | Shape::Wedge | Shape::Plate) {
        return t.normal;
    }
    let camera_from_part = view.placed[t.group as usize] * surface.body_from_part;
    let local = camera_from_part.inverse_transform_point(&p);
    let flat = camera_from_part.inverse_transform_vector(&Vector3::from(t.normal));
    (camera_from_part * round(surface, local.coords, flat)).into()
}

/// The normal of the true shape at a point of its triangles, in part axes.
fn round(surface: &Surface, p: Vector3<f64>, flat: Vector3<f64>) -> Vector3<f64> {
    let [x, y, z] = surface.half;
    let n = match surface.shape {
        Shape::Sphere => Vector3::new(p.x / (x * x), p.y / (y * y), p.z / (z * z)),
        Shape::Cylinder if flat.z.abs() < 0.9 => Vector3::new(p.x / (x * x), p.y / (y * y), 0.0),
        Shape::Cone if flat.z > -0.9 => {
            let out = Vector3::new(p.x / (x * x), p.y / (y * y), 0.0);
            let long = (out.x * out.x + out.y * out.y).sqrt().max(1e-9);
            // radius falls by x over the height 2 z
            Vector3::new(out.x / long, out.y / long, 0.5 * x.min(y) / z)
        }
        _ => return flat,
    };
    n.try_normalize(1e-12).unwrap_or(flat)
}

type Frames = (Matrix3<f64>, Vector3<f64>, Matrix3<f64>);

struct Shader<'a> {
    scene: &'a Scene,
    lights: &'a Lights,
    view: &'a View<'a>,
    open: Openness,
    /// Of each surface: part from camera (turn, shift), world from part (turn).
    cache: Vec<Option<Frames>>,
    to_sun: Vector3<f64>,
    world_from_camera: Matrix3<f64>,
    eye: Vector3<f64>,
    surfaces: &'a [Surface],
}

impl Shader<'_> {
    /// The light of a pixel: each of its surfaces is shaded once, at the middle of its samples.
    fn pixel(&self, x: usize, y: usize, twice: &Visible) -> [f64; 3] {
        let at = 2 * y * twice.width + 2 * x;
        let ids = [at, at + 1, at + twice.width, at + twice.width + 1].map(|i| twice.id[i]);
        let mut light = [0.0; 3];
        let mut done = [false; 4];
        for k in 0..4 {
            if done[k] {
                continue;
            }
            let same = |id: u32| {
                id == ids[k]
                    || id != u32::MAX && ids[k] != u32::MAX && {
                        let (a, b) =
                            (&self.view.triangles[id as usize], &self.view.triangles[ids[k] as usize]);
                        a.surface == b.surface && a.normal == b.normal
                    }
            };
            let (mut n, mut u, mut v) = (0.0, 0.0, 0.0);
            for (j, done) in done.iter_mut().enumerate() {
                if same(ids[j]) {
                    *done = true;
                    n += 1.0;
                    u += 0.25 + 0.5 * (j % 2) as f64;
                    v += 0.25 + 0.5 * (j / 2) as f64;
                }
            }
            let one = self.sample(ids[k], x as f64 + u / n, y as f64 + v / n);
            for c in 0..3 {
                // what is brighter than white counts as white before it is mixed, or edges against the sky tear
                light[c] += (0.25 * n) * one[c].min(1.6);
            }
        }
        light
    }

    fn sample(&self, id: u32, u: f64, v: f64) -> [f64; 3] {
        if id == u32::MAX {
            let (_, r) = self.view.ray_at(u, v);
            let d = (self.world_from_camera * r).try_normalize(1e-12).unwrap_or_else(Vector3::z);
            return self.beyond(d, v);
        }
        let t = &self.view.triangles[id as usize];
        let surface = &self.surfaces[t.surface as usize];
        let Some((part_from_camera, shift, world_from_part)) = &self.cache[t.surface as usize] else {
            return [0.0; 3];
        };
        let p_camera = self.view.hit_at(id, u, v);
        let p = part_from_camera * p_camera.coords + shift;
        let flat = part_from_camera * Vector3::from(t.normal);
        let mut local = round(surface, p, flat);
        let footprint = self.view.footprint(&p_camera);
        let (uv, size) = face(surface, p, flat);
        if surface.shape == Shape::Box && surface.material != Material::Plaster {
            local = bevel(surface, p, flat);
        }
        let seed = t.surface.wrapping_mul(0x9e37_79b9);
        let seen = look(surface.material, surface.colour, uv, size, seed, footprint);
        if seen.glow > 0.0 {
            return seen.albedo.map(|c| c * seen.glow);
        }
        let n = world_from_part * local;
        let flat_world = world_from_part * flat;
        let world = Point3::from(self.world_from_camera * p_camera.coords + self.eye);
        let to_eye = match self.view.lens {
            Lens::Pinhole { .. } => (self.eye - world.coords).try_normalize(1e-12).unwrap_or_else(Vector3::z),
            Lens::Orthographic { .. } => -(self.world_from_camera * Vector3::z()),
        };
        let open = self.open.at(u, v, p_camera.z);
        let light = &self.scene.light;
        let room = self.room_of(world);
        let mut diffuse = [0.0; 3];
        let mut shine = [0.0; 3];
        // from everywhere: more from above; indoors light comes back warm from floor and walls
        let up = 0.5 + 0.5 * n.z;
        let (over, under) = if room.is_some() {
            ([1.0, 0.99, 0.97], [0.66, 0.58, 0.5])
        } else if light.sky == Sky::Studio {
            ([1.0, 1.0, 1.0], [0.62, 0.6, 0.58])
        } else {
            ([0.82, 0.95, 1.2], [0.4, 0.4, 0.36])
        };
        for c in 0..3 {
            diffuse[c] += light.ambient * open * (under[c] + (over[c] - under[c]) * up);
        }
        let lifted = |map: &ShadowMap| world + flat_world * map.lift_m;
        let mut add = |to_light: Vector3<f64>, strength: f64, tint: [f64; 3], lit: f64| {
            let facing = n.dot(&to_light).max(0.0);
            let half = (to_light + to_eye).try_normalize(1e-12).unwrap_or(n);
            let glint =
                power(n.dot(&half).max(0.0), seen.sharp) * seen.shine * if facing > 0.0 { 1.0 } else { 0.0 };
            for c in 0..3 {
                diffuse[c] += strength * lit * facing * tint[c];
                shine[c] += strength * lit * glint * tint[c];
            }
        };
        if let (Some(map), true) = (&self.lights.sun, n.dot(&self.to_sun) > 0.0) {
            let lit = if flat_world.dot(&self.to_sun) > 0.0 { map.lit(lifted(map)) } else { 0.0 };
            add(self.to_sun, light.sun, [1.0, 0.95, 0.86], lit);
        }
        if let Some(i) = room {
            let room = &self.scene.rooms[i];
            let v = Point3::from(room.lamp) - world;
            let square = v.dot(&v).max(0.05);
            let to_lamp = v / square.sqrt();
            let lit = self.lights.lamps.get(i).map_or(1.0, |map| map.lit(lifted(map)));
            add(to_lamp, light.lamps * 2.6 / (square + 1.3), [1.0, 0.93, 0.82], lit);
            // daylight through the windows: a soft light from each
            for &(at, inward, width_m) in &self.lights.windows[i] {
                let v = at - world.coords;
                let square = v.dot(&v).max(0.2);
                let to_window = v / square.sqrt();
                let leaves = (-to_window.dot(&inward)).max(0.0);
                let facing = (n.dot(&to_window) * 0.8 + 0.2).max(0.0);
                let strength = 0.95 * width_m * leaves * facing * open / (square + 0.9);
                let tint = [0.9, 0.97, 1.1];
                for c in 0..3 {
                    diffuse[c] += strength * tint[c];
                }
            }
        }
        let mut out: [f64; 3] = std::array::from_fn(|c| seen.albedo[c] * diffuse[c] + shine[c]);
        if seen.mirror > 0.0 {
            let mirrored = n * (2.0 * n.dot(&to_eye)) - to_eye;
            let rim = 1.0 - n.dot(&to_eye).clamp(0.0, 1.0);
            let share = seen.mirror + (1.0 - seen.mirror) * 0.5 * power(rim, 2);
            let env = self.mirrored(mirrored, room.is_some());
            let metal = surface.material == Material::Metal;
            for c in 0..3 {
                let tint = if metal { surface.colour[c] * 1.3 + 0.06 } else { 1.0 };
                out[c] += share * env[c] * tint * (0.4 + 0.6 * open);
            }
        }
        if room.is_none() && self.scene.kind == "street" {
            // far things fade into the haze
            let far = (p_camera.z.abs() - 30.0).max(0.0);
            let haze = 1.0 - 1.0 / (1.0 + far * far * 0.00006);
            let air = [0.74, 0.84, 0.96];
            for c in 0..3 {
                out[c] += (air[c] - out[c]) * haze;
            }
        }
        out
    }

    fn beyond(&self, d: Vector3<f64>, v: f64) -> [f64; 3] {
        match self.scene.light.sky {
            // through a window the day is brighter than the room; from above (no horizon) it is paper
            Sky::Day if matches!(self.view.lens, Lens::Orthographic { .. }) => [0.92; 3],
            Sky::Day => {
                let by = if self.scene.rooms.is_empty() { 1.0 } else { 1.5 };
                sky(d.into(), self.scene.light.to_sun).map(|c| c * by)
            }
            Sky::Studio => {
                let down = v / f64::from(self.view.camera.size_px[1]);
                [0.86 - 0.22 * down, 0.87 - 0.21 * down, 0.89 - 0.2 * down]
            }
        }
    }

    /// What is mirrored from a direction: not the scene itself, but its kind of surroundings.
    fn mirrored(&self, d: Vector3<f64>, indoors: bool) -> [f64; 3] {
        if indoors {
            let up = d.z;
            let band = if up > 0.0 { 0.55 + 0.5 * up } else { 0.55 + 0.4 * up };
            return [band, band * 0.97, band * 0.92];
        }
        if self.scene.light.sky == Sky::Studio {
            // two light boxes overhead
            let boxes =
                if d.z > 0.35 && (d.x.abs() - 0.4).abs() < 0.22 && d.y.abs() < 0.6 { 1.1 } else { 0.0 };
            let floor = if d.z < 0.0 { 0.25 } else { 0.5 + 0.25 * d.z };
            return [floor + boxes; 3];
        }
        let soft = sky([d.x, d.y, d.z.max(-0.2)], self.scene.light.to_sun);
        soft.map(|c| c.min(1.4))
    }

    fn room_of(&self, p: Point3<f64>) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for (i, room) in self.scene.rooms.iter().enumerate() {
            for r in &room.rectangles {
                let away = (r[0] - p.x).max(p.x - r[2]).max(r[1] - p.y).max(p.y - r[3]);
                if best.is_none_or(|(least, _)| away < least) {
                    best = Some((away, i));
                }
            }
        }
        best.map(|(_, i)| i)
    }
}

fn inward(room: &Room, centre: [f64; 2], along_x: bool) -> Vector3<f64> {
    let step = |s: f64| if along_x { [centre[0], centre[1] + s] } else { [centre[0] + s, centre[1]] };
    let sign = if room.holds(step(0.3), 0.0) { 1.0 } else { -1.0 };
    if along_x { Vector3::new(0.0, sign, 0.0) } else { Vector3::new(sign, 0.0, 0.0) }
}

/// Metres along the face that a point lies on, and the face's size.
fn face(surface: &Surface, p: Vector3<f64>, flat: Vector3<f64>) -> ([f64; 2], [f64; 2]) {
    let [x, y, z] = surface.half.map(|h| 2.0 * h);
    if surface.shape == Shape::Cylinder && flat.z.abs() < 0.9 {
        let around = libm::atan2(p.y, p.x);
        return ([around * surface.half[0], p.z], [x * std::f64::consts::PI, z]);
    }
    let a = flat.map(f64::abs);
    if a.z >= a.x && a.z >= a.y {
        ([p.x, p.y], [x, y])
    } else if a.x >= a.y {
        ([p.y, p.z], [y, z])
    } else {
        ([p.x, p.z], [x, z])
    }
}

/// Edges of boxes catch the light as if they were a little round.
fn bevel(surface: &Surface, p: Vector3<f64>, flat: Vector3<f64>) -> Vector3<f64> {
    let mut n = flat;
    for k in 0..3 {
        if flat[k].abs() > 0.5 {
            continue;
        }
        let h = surface.half[k];
        let wide = (0.1 * h).min(0.012);
        let edge = h - p[k].abs();
        if edge < wide && h < 1.3 {
            n[k] += p[k].signum() * 0.55 * (1.0 - edge / wide);
        }
    }
    n.try_normalize(1e-12).unwrap_or(flat)
}
