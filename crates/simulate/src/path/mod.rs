//! Cameras and how they move.

mod walker;

pub use walker::{WalkSettings, walk};

use crate::scene::motion::looking;
use crate::scene::{Motion, Scene};
use crate::{Error, Stream};
use nalgebra::{Isometry3, Point3, Translation3, UnitQuaternion, Vector3};

const S: f64 = 1e9;

/// A camera over time.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraPath {
    /// How directions become pixels.
    pub lens: Lens,
    /// Width and height of the picture in pixels.
    pub size_px: [u32; 2],
    /// `world_from_camera`: camera axes are x right, y down, z forward.
    pub motion: Motion,
}

/// How points in front of a camera become pixels; a pixel's middle is at half a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lens {
    /// A pinhole: `u = fx x / z + cx`.
    Pinhole {
        /// Focal length along x, pixels.
        fx: f64,
        /// Focal length along y, pixels.
        fy: f64,
        /// Principal point x, pixels.
        cx: f64,
        /// Principal point y, pixels.
        cy: f64,
    },
    /// Parallel rays: `u = scale x + cx`.
    Orthographic {
        /// Pixels in a metre.
        px_per_m: f64,
        /// Where the axis meets the picture, x.
        cx: f64,
        /// Where the axis meets the picture, y.
        cy: f64,
    },
}

impl Lens {
    /// A pinhole with square pixels and this horizontal angle of view.
    pub fn with_view(size_px: [u32; 2], horizontal_rad: f64) -> Lens {
        let [w, h] = size_px.map(f64::from);
        let f = 0.5 * w / libm::tan(0.5 * horizontal_rad);
        Lens::Pinhole { fx: f, fy: f, cx: 0.5 * w, cy: 0.5 * h }
    }

    /// The pixel of a point in camera coordinates; none behind a pinhole.
    pub fn project(&self, p: Point3<f64>) -> Option<[f64; 2]> {
        match *self {
            Lens::Pinhole { fx, fy, cx, cy } => {
                (p.z > 1e-9).then(|| [fx * p.x / p.z + cx, fy * p.y / p.z + cy])
            }
            Lens::Orthographic { px_per_m, cx, cy } => Some([px_per_m * p.x + cx, px_per_m * p.y + cy]),
        }
    }
}

impl CameraPath {
    /// `world_from_camera` at a time.
    pub fn at(&self, t_ns: i64) -> Isometry3<f64> {
        self.motion.at(t_ns)
    }

    /// A camera that stays where it is and looks at a point.
    pub fn fixed(size_px: [u32; 2], view_rad: f64, from: [f64; 3], at: [f64; 3]) -> CameraPath {
        CameraPath {
            lens: Lens::with_view(size_px, view_rad),
            size_px,
            motion: Motion::Still(looking(Point3::from(from), Point3::from(at))),
        }
    }

    /// A parallel view from above on everything that stands, north up, with a margin of 5 %.
    pub fn top(size_px: [u32; 2], scene: &Scene, t_ns: i64) -> CameraPath {
        let [mut low, mut high] = [[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]];
        let mut grow = |p: [f64; 3]| {
            for k in 0..3 {
                low[k] = low[k].min(p[k]);
                high[k] = high[k].max(p[k]);
            }
        };
        for room in &scene.rooms {
            room.outline.iter().for_each(|p| grow([p[0], p[1], room.height_m]));
        }
        if scene.rooms.is_empty() {
            for corner in scene.things.iter().flat_map(|thing| thing.corners(t_ns)) {
                grow(corner.coords.into());
            }
        }
        if low[0] > high[0] {
            [low, high] = [[-1.0; 3], [1.0; 3]];
        }
        let [w, h] = size_px.map(f64::from);
        let px_per_m = (w / (high[0] - low[0]).max(0.1)).min(h / (high[1] - low[1]).max(0.1)) / 1.05;
        let middle = [0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1])];
        let eye = Point3::new(middle[0], middle[1], high[2] + 10.0);
        CameraPath {
            lens: Lens::Orthographic { px_per_m, cx: 0.5 * w, cy: 0.5 * h },
            size_px,
            motion: Motion::Still(looking(eye, eye - Vector3::z())),
        }
    }

    /// Once or more round a point on a circle, always looking at it.
    pub fn orbit(
        size_px: [u32; 2],
        view_rad: f64,
        centre: [f64; 3],
        (radius_m, height_m): (f64, f64),
        (from_rad, turn_rad): (f64, f64),
        duration_ns: i64,
    ) -> CameraPath {
        // a key every 3 degrees: the straight stretch between two leaves the circle by 0.03 %
        let n = ((turn_rad.abs() / 0.05) as usize).clamp(1, 20_000);
        let keys = (0..=n).map(|i| {
            let share = i as f64 / n as f64;
            let angle = from_rad + turn_rad * share;
            let eye = Point3::new(
                centre[0] + radius_m * libm::cos(angle),
                centre[1] + radius_m * libm::sin(angle),
                centre[2] + height_m,
            );
            ((duration_ns as f64 * share) as i64, looking(eye, Point3::from(centre)))
        });
        CameraPath { lens: Lens::with_view(size_px, view_rad), size_px, motion: Motion::Keys(keys.collect()) }
    }

    /// Rides on a thing (a car): this far forward, left and up of the middle of its box, looking forward and `down_rad` down.
    ///
    /// # Errors
    /// A scene without such a thing.
    pub fn driver(
        size_px: [u32; 2],
        view_rad: f64,
        scene: &Scene,
        thing: usize,
        offset_m: [f64; 3],
        down_rad: f64,
        (duration_ns, rate_hz): (i64, f64),
    ) -> Result<CameraPath, Error> {
        let Some(car) = scene.things.get(thing) else {
            let found = format!("{thing} of {}", scene.things.len());
            return Err(Error::Setting { name: "thing", expected: "a thing of the scene".into(), found });
        };
        let ahead = Point3::new(libm::cos(down_rad), 0.0, -libm::sin(down_rad));
        let body_from_camera = looking(Point3::origin(), ahead);
        let mount = Isometry3::from_parts(
            Translation3::new(offset_m[0], offset_m[1], offset_m[2]),
            body_from_camera.rotation,
        );
        let n = ((duration_ns as f64 / S * rate_hz) as usize).clamp(1, 100_000);
        let keys = (0..=n).map(|i| {
            let t = (duration_ns as f64 * i as f64 / n as f64) as i64;
            (t, car.world_from_body(t) * mount)
        });
        Ok(CameraPath {
            lens: Lens::with_view(size_px, view_rad),
            size_px,
            motion: Motion::Keys(keys.collect()),
        })
    }

    /// The same path held by a hand: turns of this deviation and shifts of a tenth of it in metres, smooth over about a third of a
    /// second, with keys at this rate.
    pub fn shaken(
        &self,
        stream: &mut Stream,
        deviation_rad: f64,
        (duration_ns, rate_hz): (i64, f64),
    ) -> CameraPath {
        let n = ((duration_ns as f64 / S * rate_hz) as usize).clamp(1, 100_000);
        let keep = libm::exp(-3.0 / rate_hz.max(0.1));
        let kick = (1.0 - keep * keep).sqrt();
        // twice through the same low pass: no jumps of the speed
        let mut state: [f64; 6] = std::array::from_fn(|_| stream.normal());
        let mut smooth = state;
        let keys = (0..=n).map(|i| {
            let t = (duration_ns as f64 * i as f64 / n as f64) as i64;
            for (value, held) in state.iter_mut().zip(&mut smooth) {
                *value = keep * *value + kick * stream.normal();
                *held = keep * *held + (1.0 - keep) * *value;
            }
            let turn = Vector3::new(smooth[0], smooth[1], 0.5 * smooth[2]) * deviation_rad;
            let shift = Vector3::new(smooth[3], smooth[4], smooth[5]) * (0.1 * deviation_rad);
            let shake =
                Isometry3::from_parts(Translation3::from(shift), UnitQuaternion::from_scaled_axis(turn));
            (t, self.at(t) * shake)
        });
        CameraPath { lens: self.lens, size_px: self.size_px, motion: Motion::Keys(keys.collect()) }
    }
}
