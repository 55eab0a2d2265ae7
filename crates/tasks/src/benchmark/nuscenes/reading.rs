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
    /// Microseconds since the first keyframe, middle and way of the camera, in the order of time.
    pub(super) camera: Vec<(i64, [f64; 3], f64)>,
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
        let named = ["filename", "cam_x", "cam_y", "cam_z", "cam_qw", "cam_qx", "cam_qy", "cam_qz"];
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
            // where the camera's z axis, which looks ahead, points on the ground
            let [w, x, y, z] = [v[3], v[4], v[5], v[6]];
            let ahead = (2.0 * (x * z + w * y), 2.0 * (y * z - w * x));
            self.camera.push((t - start_us, [v[0], v[1], v[2]], libm::atan2(ahead.1, ahead.0)));
        }
        self.camera.sort_by_key(|row| row.0);
        Ok(())
    }

    /// Where the camera is at a time and which way it looks, straight between its pictures; none outside of them.
    pub(super) fn camera_at(&self, t_us: i64) -> Option<([f64; 3], f64)> {
        let after = self.camera.partition_point(|row| row.0 < t_us);
        let (next, last) = (self.camera.get(after)?, self.camera.get(after.checked_sub(1)?)?);
        let share = (t_us - last.0) as f64 / (next.0 - last.0) as f64;
        let middle = [0, 1, 2].map(|k| last.1[k] + share * (next.1[k] - last.1[k]));
        Some((middle, last.2 + share * wrapped(next.2 - last.2)))
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
        assert!((wrapped(1.5 * PI) + PI / 2.0).abs() < 1e-9);
    }
}
