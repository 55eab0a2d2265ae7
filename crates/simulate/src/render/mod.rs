//! Pictures of scenes with exact annotation, drawn in software: the same bytes on every machine and at any number of threads.
//!
//! ```text
//! Scene ──mesh──▶ triangles ──raster──▶ what is nearest at each sample ──shade──▶ colour
//!                                  └──▶ depth, normals, masks, flow, visibility (at the pixels' middles)
//! ```
//!
//! Triangles are set up in fixed point (1/256 pixel, top-left rule), everything else is `f64` in a fixed order. Colour takes 2×2 samples
//! a pixel and shades each surface once; the annotation takes the pixel's middle.

mod mesh;
mod occlusion;
mod raster;
mod shade;
mod shadow;
mod texture;
mod tone;

use crate::path::{CameraPath, Lens};
use crate::scene::Scene;
use mesh::{Mesh, mesh};
use nalgebra::{Isometry3, Point3, Vector3};
use raster::{Band, EMPTY, Setup, depth_of, set_up};
use shade::Lights;
use std::sync::OnceLock;

/// Which layers to compute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    /// Colour.
    pub colour: bool,
    /// Depth.
    pub depth: bool,
    /// Normals.
    pub normals: bool,
    /// Which thing.
    pub mask: bool,
    /// Which part of it.
    pub parts: bool,
    /// Where each point goes until this many nanoseconds later.
    pub flow_ns: Option<i64>,
    /// How much of each thing is seen.
    pub seen: bool,
}

impl Layers {
    /// Colour alone.
    pub const COLOUR: Layers = Layers {
        colour: true,
        depth: false,
        normals: false,
        mask: false,
        parts: false,
        flow_ns: None,
        seen: false,
    };

    /// Masks, depth and visibility, no colour.
    pub const TRUTH: Layers = Layers {
        colour: false,
        depth: true,
        normals: false,
        mask: true,
        parts: false,
        flow_ns: None,
        seen: true,
    };

    /// All of them, flow over this time.
    pub fn all(flow_ns: i64) -> Layers {
        Layers {
            colour: true,
            depth: true,
            normals: true,
            mask: true,
            parts: true,
            flow_ns: Some(flow_ns),
            seen: true,
        }
    }
}

/// A picture and its annotation; a layer that was not asked for is empty. Rows from the top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Red, green, blue, 8 bits sRGB: 3 · width · height.
    pub rgb: Vec<u8>,
    /// Metres along the camera's axis; infinite where nothing is.
    pub depth_m: Vec<f32>,
    /// Unit normals in camera axes, towards the camera; 0 where nothing is. 3 · width · height.
    pub normals: Vec<f32>,
    /// Position of the thing in the scene plus 1; 0: the setting or nothing.
    pub mask: Vec<u16>,
    /// Position of the part in its thing plus 1; 0: nothing.
    pub parts: Vec<u16>,
    /// Pixels to the right and down that the point moves; NaN where it goes behind the camera. 2 · width · height.
    pub flow_px: Vec<f32>,
    /// The things of which at least one pixel would be in the picture if nothing stood before them, in the scene's order.
    pub seen: Vec<Seen>,
}

/// How much of a thing is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Position of the thing in the scene.
    pub thing: usize,
    /// Its pixels.
    pub visible_px: u32,
    /// Its pixels if nothing stood before it (within the picture).
    pub alone_px: u32,
    /// Box of the visible pixels: left, top, right, bottom, the last two behind the last pixel; none where none is visible.
    pub box_px: Option<[u32; 4]>,
}

impl Seen {
    /// Visible share, 0 to 1.
    pub fn share(&self) -> f64 {
        f64::from(self.visible_px) / f64::from(self.alone_px.max(1))
    }
}

/// Draws one scene, again and again; keeps what does not change.
pub struct Renderer<'a> {
    scene: &'a Scene,
    mesh: Mesh,
    threads: usize,
    still: bool,
    lights: OnceLock<Lights>,
    tone: tone::Tone,
}

/// One picture of a scene, on one thread. For several use a [`Renderer`].
pub fn render(scene: &Scene, camera: &CameraPath, t_ns: i64, layers: Layers) -> Frame {
    Renderer::new(scene, 1).picture(camera, t_ns, layers)
}

impl<'a> Renderer<'a> {
    /// Prepares a scene for this number of threads (0 counts as 1); the pictures do not depend on it.
    pub fn new(scene: &'a Scene, threads: usize) -> Renderer<'a> {
        Renderer {
            scene,
            mesh: mesh(scene),
            threads: threads.clamp(1, 64),
            still: scene.things.iter().all(|thing| thing.motion.is_still()),
            lights: OnceLock::new(),
            tone: tone::Tone::new(),
        }
    }

    /// Number of triangles in the scene.
    pub fn triangles(&self) -> usize {
        self.mesh.groups.iter().map(|group| group.triangles.len()).sum()
    }

    /// The picture that the camera takes at a time.
    pub fn picture(&self, camera: &CameraPath, t_ns: i64, layers: Layers) -> Frame {
        let [width, height] = camera.size_px.map(|s| s as usize);
        let mut frame = Frame { width, height, ..Frame::default() };
        if width == 0 || height == 0 {
            return frame;
        }
        let view = View::new(self, camera, t_ns);
        let once = self.visible(&view, (width, height, 1.0), layers.seen);
        self.annotate(&view, &once, layers, &mut frame);
        if layers.colour {
            let twice = self.visible(&view, (2 * width, 2 * height, 2.0), false);
            let fresh;
            let lights = if self.still {
                self.lights.get_or_init(|| Lights::new(self.scene, &self.mesh, &view, t_ns, true))
            } else {
                fresh = Lights::new(self.scene, &self.mesh, &view, t_ns, false);
                &fresh
            };
            shade::colour(self, &view, lights, &once, &twice, &mut frame.rgb);
        }
        frame
    }

    fn visible(&self, view: &View, (width, height, scale): (usize, usize, f64), alone: bool) -> Visible {
        let mut setups: Vec<Setup> = Vec::with_capacity(view.triangles.len());
        for (i, t) in view.triangles.iter().enumerate() {
            let thing = self.mesh.surfaces[t.surface as usize].thing;
            let corners = t.corners.map(|c| view.points[c as usize]);
            set_up(&mut setups, corners, &view.lens, (width, height, scale), (i as u32, thing));
        }
        let mut key = vec![EMPTY; width * height];
        let mut id = vec![u32::MAX; width * height];
        let n_things = self.scene.things.len();
        let rows = height.div_ceil(self.threads);
        let mut counts = vec![0_u32; n_things];
        let parts = std::thread::scope(|scope| {
            let bands = key.chunks_mut(rows * width).zip(id.chunks_mut(rows * width)).enumerate();
            let mut running = Vec::new();
            let setups = &setups;
            for (n, (key, id)) in bands {
                let mut work = move || {
                    let first = n * rows;
                    let last = first + key.len() / width;
                    let mut stamps = vec![0_u16; if alone { key.len() } else { 0 }];
                    let mut counts = vec![0_u32; if alone { n_things } else { 0 }];
                    let scratch = alone.then_some((&mut stamps[..], &mut counts[..]));
                    Band { width, rows: [first, last], key, id }.draw(setups, scratch);
                    counts
                };
                if self.threads == 1 {
                    running.push(Ok(work()));
                } else {
                    running.push(Err(scope.spawn(work)));
                }
            }
            running
                .into_iter()
                .map(|part| part.unwrap_or_else(|thread| thread.join().unwrap_or_default()))
                .collect::<Vec<Vec<u32>>>()
        });
        for part in parts {
            counts.iter_mut().zip(part).for_each(|(sum, n)| *sum += n);
        }
        Visible { width, height, key, id, alone: counts }
    }

    fn annotate(&self, view: &View, once: &Visible, layers: Layers, frame: &mut Frame) {
        let n = once.id.len();
        let surface = |id: u32| &self.mesh.surfaces[view.triangles[id as usize].surface as usize];
        if layers.depth {
            let depth = |(&id, &key): (&u32, &f32)| {
                if id == u32::MAX { f32::INFINITY } else { depth_of(&view.lens, f64::from(key)) as f32 }
            };
            frame.depth_m = once.id.iter().zip(&once.key).map(depth).collect();
        }
        if layers.mask {
            frame.mask =
                once.id.iter().map(|&id| if id == u32::MAX { 0 } else { surface(id).thing }).collect();
        }
        if layers.parts {
            frame.parts =
                once.id.iter().map(|&id| if id == u32::MAX { 0 } else { surface(id).part }).collect();
        }
        if layers.normals {
            frame.normals = Vec::with_capacity(3 * n);
            for (i, &id) in once.id.iter().enumerate() {
                let normal = if id == u32::MAX {
                    [0.0; 3]
                } else {
                    let p = view.hit(id, i % once.width, i / once.width, 1.0);
                    shade::normal_in_camera(self, view, id, p)
                };
                frame.normals.extend(normal.map(|v| v as f32));
            }
        }
        if let Some(step_ns) = layers.flow_ns {
            self.flow(view, once, step_ns, frame);
        }
        if layers.seen {
            frame.seen = self.seen(view, once);
        }
    }

    fn seen(&self, view: &View, once: &Visible) -> Vec<Seen> {
        let mut visible = vec![0_u32; self.scene.things.len()];
        let mut boxes = vec![[u32::MAX, u32::MAX, 0, 0]; visible.len()];
        for (y, row) in once.id.chunks(once.width).enumerate() {
            for (x, &id) in row.iter().enumerate() {
                if id == u32::MAX {
                    continue;
                }
                let thing = self.mesh.surfaces[view.triangles[id as usize].surface as usize].thing;
                if let Some(thing) = usize::from(thing).checked_sub(1) {
                    visible[thing] += 1;
                    let [x, y] = [x as u32, y as u32];
                    let b = &mut boxes[thing];
                    *b = [b[0].min(x), b[1].min(y), b[2].max(x + 1), b[3].max(y + 1)];
                }
            }
        }
        (0..visible.len())
            .filter(|&i| once.alone[i] > 0)
            .map(|i| Seen {
                thing: i,
                visible_px: visible[i],
                alone_px: once.alone[i],
                box_px: (visible[i] > 0).then_some(boxes[i]),
            })
            .collect()
    }

    fn flow(&self, view: &View, once: &Visible, step_ns: i64, frame: &mut Frame) {
        let later_ns = view.t_ns.saturating_add(step_ns);
        let later = view.camera.at(later_ns).inverse();
        // later camera from this camera, by what the point belongs to
        let from_camera = |thing: u16| {
            let moved = usize::from(thing)
                .checked_sub(1)
                .and_then(|i| self.scene.things.get(i))
                .map_or_else(Isometry3::identity, |thing| {
                    thing.world_from_body(later_ns) * thing.world_from_body(view.t_ns).inverse()
                });
            later * moved * view.world_from_camera
        };
        let maps: Vec<Isometry3<f64>> =
            (0..=self.scene.things.len()).map(|i| from_camera(i as u16)).collect();
        frame.flow_px = Vec::with_capacity(2 * once.id.len());
        for (i, &id) in once.id.iter().enumerate() {
            let (x, y) = (i % once.width, i / once.width);
            let (thing, p) = if id == u32::MAX {
                // the sky is so far away that only turning moves it
                (0, view.ray(x, y, 1.0).1 * 1e9)
            } else {
                let thing = self.mesh.surfaces[view.triangles[id as usize].surface as usize].thing;
                (usize::from(thing), view.hit(id, x, y, 1.0).coords)
            };
            let there = view.lens.project(maps[thing] * Point3::from(p));
            let here = [x as f64 + 0.5, y as f64 + 0.5];
            let flow = there.map_or([f32::NAN; 2], |q| [(q[0] - here[0]) as f32, (q[1] - here[1]) as f32]);
            frame.flow_px.extend(flow);
        }
    }
}

/// What is nearest at each sample.
struct Visible {
    width: usize,
    height: usize,
    key: Vec<f32>,
    /// Position in the view's triangles.
    id: Vec<u32>,
    /// Samples of each thing if nothing stood before it.
    alone: Vec<u32>,
}

/// A triangle that faces the camera: its corners among the view's points, its surface, its plane `n · p = d` in camera axes.
struct Facing {
    corners: [u32; 3],
    surface: u32,
    group: u32,
    normal: [f64; 3],
    d: f64,
}

/// The scene from one camera at one time.
struct View<'a> {
    camera: &'a CameraPath,
    lens: Lens,
    t_ns: i64,
    world_from_camera: Isometry3<f64>,
    points: Vec<[f64; 3]>,
    triangles: Vec<Facing>,
    /// `camera_from_body` of each group.
    placed: Vec<Isometry3<f64>>,
}

impl<'a> View<'a> {
    fn new(renderer: &Renderer<'_>, camera: &'a CameraPath, t_ns: i64) -> View<'a> {
        let world_from_camera = camera.at(t_ns);
        let camera_from_world = world_from_camera.inverse();
        let mut view = View {
            camera,
            lens: camera.lens,
            t_ns,
            world_from_camera,
            points: Vec::new(),
            triangles: Vec::new(),
            placed: Vec::with_capacity(renderer.mesh.groups.len()),
        };
        let [w, h] = camera.size_px.map(f64::from);
        for (g, group) in renderer.mesh.groups.iter().enumerate() {
            let pose = group
                .thing
                .map_or_else(Isometry3::identity, |i| renderer.scene.things[i].world_from_body(t_ns));
            let m = camera_from_world * pose;
            view.placed.push(m);
            let middle = m * Point3::from(group.middle);
            if group.triangles.is_empty() || view.outside(middle, group.radius, [w, h]) {
                continue;
            }
            let h = m.to_homogeneous();
            let rows: [[f64; 4]; 3] = std::array::from_fn(|r| std::array::from_fn(|c| h[(r, c)]));
            let base = view.points.len() as u32;
            view.points.extend(
                group.vertices.iter().map(|v| rows.map(|r| r[0] * v[0] + r[1] * v[1] + r[2] * v[2] + r[3])),
            );
            for (t, &surface) in group.triangles.iter().zip(&group.surface) {
                let corners = t.map(|i| base + i);
                let [a, b, c] = corners.map(|i| view.points[i as usize]);
                let (u, v) = (sub(b, a), sub(c, a));
                let n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
                let d = n[0] * a[0] + n[1] * a[1] + n[2] * a[2];
                let faces = match view.lens {
                    Lens::Pinhole { .. } => d < 0.0,
                    Lens::Orthographic { .. } => n[2] < 0.0,
                };
                if faces {
                    let long = (n[0] * n[0] + n[1] * n[1] + n[2] * n[2]).sqrt();
                    let normal = n.map(|v| v / long);
                    view.triangles.push(Facing { corners, surface, group: g as u32, normal, d: d / long });
                }
            }
        }
        view
    }

    /// A ball lies wholly outside of the picture.
    fn outside(&self, middle: Point3<f64>, radius: f64, [w, h]: [f64; 2]) -> bool {
        match self.lens {
            Lens::Pinhole { fx, fy, cx, cy } => {
                // the four sides of the pyramid: n · p > radius is outside
                let side = |n: [f64; 3]| {
                    let long = (n[0] * n[0] + n[1] * n[1] + n[2] * n[2]).sqrt();
                    (n[0] * middle.x + n[1] * middle.y + n[2] * middle.z) / long > radius
                };
                middle.z < -radius
                    || side([-fx, 0.0, -cx])
                    || side([fx, 0.0, cx - w])
                    || side([0.0, -fy, -cy])
                    || side([0.0, fy, cy - h])
            }
            Lens::Orthographic { px_per_m, cx, cy } => {
                let (u, v, r) = (px_per_m * middle.x + cx, px_per_m * middle.y + cy, px_per_m * radius);
                u + r < 0.0 || u - r > w || v + r < 0.0 || v - r > h
            }
        }
    }

    /// Origin and direction (1 along the axis) of the ray through a sample, in camera axes.
    fn ray(&self, x: usize, y: usize, scale: f64) -> (Vector3<f64>, Vector3<f64>) {
        self.ray_at((x as f64 + 0.5) / scale, (y as f64 + 0.5) / scale)
    }

    fn ray_at(&self, u: f64, v: f64) -> (Vector3<f64>, Vector3<f64>) {
        match self.lens {
            Lens::Pinhole { fx, fy, cx, cy } => {
                (Vector3::zeros(), Vector3::new((u - cx) / fx, (v - cy) / fy, 1.0))
            }
            Lens::Orthographic { px_per_m, cx, cy } => {
                (Vector3::new((u - cx) / px_per_m, (v - cy) / px_per_m, 0.0), Vector3::z())
            }
        }
    }

    /// Where the ray through a sample meets a triangle's plane, in camera axes.
    fn hit(&self, id: u32, x: usize, y: usize, scale: f64) -> Point3<f64> {
        self.hit_at(id, (x as f64 + 0.5) / scale, (y as f64 + 0.5) / scale)
    }

    fn hit_at(&self, id: u32, u: f64, v: f64) -> Point3<f64> {
        let t = &self.triangles[id as usize];
        let (o, r) = self.ray_at(u, v);
        let n = Vector3::from(t.normal);
        // seen edge on a plane has no depth: the limit keeps the number finite
        let along = n.dot(&r).min(-1e-9);
        Point3::from(o + r * ((t.d - n.dot(&o)) / along))
    }

    /// Metres in a pixel at this point.
    fn footprint(&self, p: &Point3<f64>) -> f64 {
        match self.lens {
            Lens::Pinhole { fx, .. } => p.z / fx,
            Lens::Orthographic { px_per_m, .. } => 1.0 / px_per_m,
        }
    }
}

fn sub(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stream;
    use crate::path::{WalkSettings, walk};
    use crate::scene::{
        Colour, Maker, Material, Motion, RoomSettings, TableSettings, Thing, rooms, table, upright,
    };
    use sha2::{Digest, Sha256};

    const S: i64 = 1_000_000_000;

    fn cube(x: f64, y: f64, side: f64) -> Thing {
        let look = (Colour::Red, Material::Plastic);
        let mut maker = Maker::new();
        maker.cuboid("cube", [0.0; 3], [side; 3], look);
        let mut thing = maker.thing("cube", look, false);
        thing.motion = Motion::Still(upright(x, y, 1.0, 0.0));
        thing
    }

    fn digest(frame: &Frame) -> String {
        let mut digest = Sha256::new();
        digest.update(&frame.rgb);
        let floats = frame.depth_m.iter().chain(&frame.normals).chain(&frame.flow_px);
        floats.for_each(|v| digest.update(v.to_bits().to_le_bytes()));
        frame.mask.iter().chain(&frame.parts).for_each(|v| digest.update(v.to_le_bytes()));
        frame.seen.iter().for_each(|s| digest.update(format!("{s:?}")));
        format!("{:x}", digest.finalize())[..12].to_owned()
    }

    #[test]
    fn the_same_bytes_at_any_number_of_threads_and_on_every_machine() {
        let mut stream = Stream::of_item("render", "test", 1, 0);
        let room = rooms(&mut stream, &RoomSettings::default()).expect("rooms");
        let size_px = [97, 73];
        let camera =
            walk(&mut stream, &room, &WalkSettings { size_px, ..WalkSettings::default() }).expect("a walk");
        let plate = table(&mut stream, &TableSettings::default()).expect("a table");
        let above = CameraPath::fixed(size_px, 0.8, [0.2, -1.7, 1.0], [0.0; 3]);
        let mut found = Vec::new();
        for (scene, camera) in [(&room, &camera), (&plate, &above)] {
            let one = Renderer::new(scene, 1).picture(camera, 5 * S, Layers::all(S / 10));
            let four = Renderer::new(scene, 4).picture(camera, 5 * S, Layers::all(S / 10));
            assert!(digest(&one) == digest(&four));
            found.push(digest(&one));
        }
        assert_eq!(found, ["214553053ec5", "47dc928ca0de"]);
    }

    #[test]
    fn depth_normals_and_boxes_are_those_of_geometry() {
        let scene = Scene { things: vec![cube(5.0, 0.0, 1.0)], ..Scene::default() };
        let camera = CameraPath::fixed([101, 101], 0.8, [0.0, 0.0, 1.0], [5.0, 0.0, 1.0]);
        let frame = render(&scene, &camera, 0, Layers { colour: false, ..Layers::all(S) });
        let middle = 50 * 101 + 50;
        assert!((frame.depth_m[middle] - 4.5).abs() < 1e-5);
        assert_eq!(frame.normals[3 * middle..3 * middle + 3], [0.0, 0.0, -1.0]);
        assert!(frame.depth_m[0].is_infinite() && frame.mask[middle] == 1 && frame.mask[0] == 0);
        // half a metre at 4.5 m, f = 50.5 / tan(0.4): 13.3 pixels to each side
        let f = 50.5 / libm::tan(0.4);
        let b = frame.seen[0].box_px.expect("seen");
        assert!((f64::from(b[2] - b[0]) - 2.0 * f * 0.5 / 4.5).abs() <= 1.0, "{b:?}");
        assert_eq!(frame.seen[0].visible_px, frame.seen[0].alone_px);
    }

    #[test]
    fn what_stands_before_it_takes_its_share() {
        // the near one covers the right half of the far one: their left edges project to the middle column
        let scene = Scene { things: vec![cube(10.5, 0.0, 1.0), cube(5.25, -0.25, 0.5)], ..Scene::default() };
        let camera = CameraPath::fixed([400, 400], 0.3, [0.0, 0.0, 1.0], [9.0, 0.0, 1.0]);
        let seen = render(&scene, &camera, 0, Layers::TRUTH).seen;
        assert!((seen[0].share() - 0.5).abs() < 0.01, "{seen:?}");
        assert_eq!(seen[1].visible_px, seen[1].alone_px);
    }

    #[test]
    fn flow_is_how_far_points_move() {
        let mut moving = cube(5.0, 0.0, 1.0);
        let mut path = crate::scene::Path::new(upright(5.0, 0.0, 1.0, 0.0));
        let kind =
            crate::scene::SegmentKind::Line { velocity_mps: [0.0, -0.45, 0.0], acceleration_mps2: [0.0; 3] };
        path.then(0, 2 * S, kind);
        moving.motion = Motion::Path(path);
        let scene = Scene { things: vec![moving], ..Scene::default() };
        let camera = CameraPath::fixed([101, 101], 0.8, [0.0, 0.0, 1.0], [5.0, 0.0, 1.0]);
        let frame = render(&scene, &camera, 0, Layers { flow_ns: Some(S), ..Layers::default() });
        let f = 50.5 / libm::tan(0.4);
        let at = 2 * (50 * 101 + 50);
        assert!((f64::from(frame.flow_px[at]) - f * 0.1).abs() < 1e-4);
        assert!(frame.flow_px[at + 1].abs() < 1e-4 && frame.flow_px[0] == 0.0);
    }

    #[test]
    fn an_empty_picture_is_no_error() {
        let scene = Scene::default();
        let camera = CameraPath::fixed([0, 5], 0.8, [0.0; 3], [1.0, 0.0, 0.0]);
        assert!(render(&scene, &camera, 0, Layers::all(S)).rgb.is_empty());
        let camera = CameraPath::fixed([4, 3], 0.8, [0.0; 3], [1.0, 0.0, 0.0]);
        assert_eq!(render(&scene, &camera, 0, Layers::all(S)).rgb.len(), 36);
    }
}
