//! The annotation files of nuScenes, read for the truths alone: plain rows and school geometry, nothing of the engine.

use crate::error::Error;
use chronotope_formats::import::text_of;
use std::collections::BTreeMap;
use std::f64::consts::{PI, TAU};
use std::path::Path;

/// A box at a keyframe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placed {
    /// Middle, in metres: x east, y north, z up.
    pub(super) middle: [f64; 3],
    /// Length, width, height in metres.
    pub(super) size: [f64; 3],
    /// Counter-clockwise from east, in radians.
    pub(super) yaw: f64,
}

/// Something that was annotated.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    /// The official name of the category.
    pub(super) category: String,
    /// By keyframe.
    pub(super) boxes: BTreeMap<usize, Placed>,
}

/// A scene's rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// Microseconds of each keyframe since the first.
    pub(super) times_us: Vec<i64>,
    /// By the instance's token.
    pub(super) instances: BTreeMap<String, Instance>,
    /// Pictures of the camera, in the order of time.
    pub(super) camera: Vec<Picture>,
}

/// Where the camera was for a picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture {
    /// Microseconds since the first keyframe.
    pub(super) t_us: i64,
    pub(super) eye: [f64; 3],
    /// w, x, y, z: turns the camera's axes (x right, y down, z ahead) into the world's.
    pub(super) turn: [f64; 4],
    /// fx, cx, fy, cy in pixels.
    pub(super) lens: [f64; 4],
}

impl Picture {
    /// Which way it looks on the ground, counter-clockwise from east.
    pub(super) fn yaw(&self) -> f64 {
        let [x, y, _] = turned(self.turn, [0.0, 0.0, 1.0]);
        libm::atan2(y, x)
    }

    /// A place in the camera's axes.
    pub(super) fn seen(&self, place: [f64; 3]) -> [f64; 3] {
        let [w, x, y, z] = self.turn;
        turned([w, -x, -y, -z], std::array::from_fn(|k| place[k] - self.eye[k]))
    }

    /// Where a place before the camera is in the picture.
    pub(super) fn pixel(&self, place: [f64; 3]) -> Option<[f64; 2]> {
        let [x, y, z] = self.seen(place);
        let [fx, cx, fy, cy] = self.lens;
        (z > 0.5).then(|| [fx * x / z + cx, fy * y / z + cy])
    }
}

/// A vector turned by a unit quaternion w, x, y, z.
fn turned([w, x, y, z]: [f64; 4], v: [f64; 3]) -> [f64; 3] {
    let cross = |a: [f64; 3], b: [f64; 3]| {
        [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    };
    let u = [x, y, z];
    let once = cross(u, v);
    let twice = cross(u, once);
    std::array::from_fn(|k| v[k] + 2.0 * (w * once[k] + twice[k]))
}

impl Placed {
    /// Its eight corners.
    pub(super) fn corners(&self) -> [[f64; 3]; 8] {
        let (sine, cosine) = (libm::sin(self.yaw), libm::cos(self.yaw));
        std::array::from_fn(|n| {
            let half = |k: usize| if n >> k & 1 == 1 { self.size[k] / 2.0 } else { -self.size[k] / 2.0 };
            let (along, aside) = (half(0), half(1));
            [
                self.middle[0] + along * cosine - aside * sine,
                self.middle[1] + along * sine + aside * cosine,
                self.middle[2] + half(2),
            ]
        })
    }
}

/// Where each column stands, by its name.
fn columns<'t>(path: &Path, text: &'t str, names: &[&str]) -> Result<Vec<(usize, Vec<&'t str>)>, Error> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
    let places: Option<Vec<usize>> =
        names.iter().map(|name| header.iter().position(|column| column == name)).collect();
    let places =
        places.ok_or_else(|| Error::input(path, format!("columns {}", names.join(", ")), "others"))?;
    let filled = lines.enumerate().filter(|(_, line)| !line.trim().is_empty());
    filled
        .map(|(n, line)| {
            let cells: Vec<&str> = line.split(',').collect();
            let picked: Option<Vec<&str>> = places.iter().map(|at| cells.get(*at).copied()).collect();
            let fault = || Error::Line {
                line: n + 2,
                expected: format!("{} columns", header.len()),
                found: line.to_owned(),
                path: path.to_owned(),
            };
            Ok((n + 2, picked.ok_or_else(fault)?))
        })
        .collect()
}

fn numbers(path: &Path, line: usize, cells: &[&str]) -> Result<Vec<f64>, Error> {
    let parse = |cell: &&str| {
        cell.trim().parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| Error::Line {
            line,
            expected: "a number".into(),
            found: (*cell).to_owned(),
            path: path.to_owned(),
        })
    };
    cells.iter().map(parse).collect()
}

impl Rows {
    /// Reads `scene-NNNN.csv`, and the way of its camera where there is a file of it.
    pub(super) fn read(boxes: &Path, camera: Option<&Path>) -> Result<Rows, Error> {
        let text = text_of(boxes)?;
        let mut out = Rows::default();
        let named =
            ["instance", "category", "timestamp_us", "x", "y", "z", "length", "width", "height", "qw", "qz"];
        let mut rows = Vec::new();
        for (line, cells) in columns(boxes, &text, &named)? {
            let v = numbers(boxes, line, &cells[3..])?;
            let t = numbers(boxes, line, &cells[2..3])?[0] as i64;
            let placed = Placed {
                middle: [v[0], v[1], v[2]],
                size: [v[3], v[4], v[5]],
                yaw: 2.0 * libm::atan2(v[7], v[6]),
            };
            rows.push((cells[0], cells[1], t, placed));
        }
        let mut times: Vec<i64> = rows.iter().map(|row| row.2).collect();
        times.sort_unstable();
        times.dedup();
        let start = times.first().copied().unwrap_or_default();
        for (token, category, t, placed) in rows {
            let keyframe = times.binary_search(&t).unwrap_or_default();
            let instance = out
                .instances
                .entry(token.to_owned())
                .or_insert_with(|| Instance { category: category.to_owned(), boxes: BTreeMap::new() });
            instance.boxes.insert(keyframe, placed);
        }
        out.times_us = times.iter().map(|t| t - start).collect();
        if let Some(path) = camera {
            out.read_camera(path, start)?;
        }
        Ok(out)
    }

    fn read_camera(&mut self, path: &Path, start_us: i64) -> Result<(), Error> {
        let text = text_of(path)?;
        let named = [
            "filename", "cam_x", "cam_y", "cam_z", "cam_qw", "cam_qx", "cam_qy", "cam_qz", "fx", "cx", "fy",
            "cy",
        ];
        for (line, cells) in columns(path, &text, &named)? {
            let v = numbers(path, line, &cells[1..])?;
            // the file's name ends in its time
            let t = cells[0].rsplit("__").next().and_then(|end| end.split('.').next()?.parse::<i64>().ok());
            let t = t.ok_or_else(|| Error::Line {
                line,
                expected: "a picture named by its microsecond".into(),
                found: cells[0].to_owned(),
                path: path.to_owned(),
            })?;
            self.camera.push(Picture {
                t_us: t - start_us,
                eye: [v[0], v[1], v[2]],
                turn: [v[3], v[4], v[5], v[6]],
                lens: [v[7], v[8], v[9], v[10]],
            });
        }
        self.camera.sort_by_key(|row| row.t_us);
        Ok(())
    }

    /// The camera at a time, straight between its pictures; none outside of them.
    pub(super) fn camera_at(&self, t_us: i64) -> Option<Picture> {
        let after = self.camera.partition_point(|row| row.t_us < t_us);
        let (next, last) = (self.camera.get(after)?, self.camera.get(after.checked_sub(1)?)?);
        let share = (t_us - last.t_us) as f64 / (next.t_us - last.t_us) as f64;
        let eye = std::array::from_fn(|k| last.eye[k] + share * (next.eye[k] - last.eye[k]));
        // a quaternion and its negative are one turn
        let dot: f64 = (0..4).map(|k| last.turn[k] * next.turn[k]).sum();
        let mixed: [f64; 4] =
            std::array::from_fn(|k| (1.0 - share) * last.turn[k] + share * dot.signum() * next.turn[k]);
        let length = mixed.iter().map(|q| q * q).sum::<f64>().sqrt();
        Some(Picture { t_us, eye, turn: mixed.map(|q| q / length), lens: last.lens })
    }
}

/// An angle between −π and π.
pub(super) fn wrapped(angle: f64) -> f64 {
    let turns = (angle + PI).rem_euclid(TAU);
    turns - PI
}

/// Metres between two places.
pub(super) fn apart(a: [f64; 3], b: [f64; 3]) -> f64 {
    (0..3).map(|k| (a[k] - b[k]) * (a[k] - b[k])).sum::<f64>().sqrt()
}

/// Degrees from the way somebody looks to a place, left positive.
pub(super) fn bearing_deg(from: [f64; 3], yaw: f64, to: [f64; 3]) -> f64 {
    wrapped(libm::atan2(to[1] - from[1], to[0] - from[0]) - yaw).to_degrees()
}

/// Metres on the ground from a place to the nearest point of a box's outline; 0 inside.
pub(super) fn ground_distance(from: [f64; 3], to: &Placed) -> f64 {
    let (dx, dy) = (from[0] - to.middle[0], from[1] - to.middle[1]);
    let (sine, cosine) = (libm::sin(to.yaw), libm::cos(to.yaw));
    let along = (dx * cosine + dy * sine).abs() - to.size[0] / 2.0;
    let aside = (dy * cosine - dx * sine).abs() - to.size[1] / 2.0;
    let (along, aside) = (along.max(0.0), aside.max(0.0));
    (along * along + aside * aside).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_and_distances_of_a_drawn_scene() {
        // looking north at (1, 1): what is west lies to the left
        let (eye, north) = ([1.0, 1.0, 0.0], PI / 2.0);
        assert!((bearing_deg(eye, north, [-4.0, 1.0, 0.0]) - 90.0).abs() < 1e-9);
        assert!((bearing_deg(eye, north, [3.0, 1.0, 0.0]) + 90.0).abs() < 1e-9);
        let turned = Placed { middle: [5.0, 1.0, 0.0], size: [4.0, 2.0, 1.0], yaw: PI / 2.0 };
        assert!((ground_distance(eye, &turned) - 3.0).abs() < 1e-9);
        assert!(ground_distance([5.0, 2.5, 0.0], &turned).abs() < 1e-9);
        let ahead = Picture {
            t_us: 0,
            eye,
            // looks north: right is east, down is down
            turn: [0.5f64.sqrt(), -0.5f64.sqrt(), 0.0, 0.0],
            lens: [1000.0, 800.0, 1000.0, 450.0],
        };
        assert!((ahead.yaw() - north).abs() < 1e-9, "{}", ahead.yaw());
        let [x, y] = ahead.pixel([2.0, 11.0, 1.0]).expect("before it");
        assert!((x - 900.0).abs() < 1e-9 && (y - 350.0).abs() < 1e-9, "{x} {y}");
        assert_eq!(ahead.pixel([1.0, -3.0, 0.0]), None);
        assert!((wrapped(1.5 * PI) + PI / 2.0).abs() < 1e-9);
    }
}
