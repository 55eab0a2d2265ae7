//! From pixels to metres on a flat ground: the calibration behind `watch --ground`.
//!
//! A picture of a plane is a homography of it (Hartley and Zisserman, *Multiple View Geometry*, 2nd edition, 2004,
//! §8.1.1), so a foot point in the picture has one place on the ground wherever the camera stands still.

use nalgebra::{DMatrix, Matrix2, Matrix2x3, Matrix3, Vector2, Vector3};
use serde_json::{Map, Value};

/// Maps the foot of a thing in the picture to metres on the ground plane z = 0.
///
/// **Frame**: right-handed, x and y in metres on the ground, z up. A homography or point pairs bring their own
/// ground axes; with intrinsics, height and tilt the origin is the ground point below the camera, x points to the
/// camera's right and y straight ahead.
///
/// **JSON**, one of three shapes, each with the picture size that it was made at:
///
/// - `{"H": [[…], […], […]], "picture_size": [768, 576]}`: ground ~ H · (x_px, y_px, 1); `homography` is the same;
/// - `{"fx": 800, "fy": 800, "cx": 480, "cy": 270, "height_m": 5, "tilt_deg": 20, "roll_deg": 0, "picture_size": …}`:
///   tilt is downwards from the horizon, roll is clockwise as the camera itself turns; `tilt_rad` and `roll_rad` too;
/// - `{"points": [{"image": [x, y], "ground": [X, Y]}, …], "picture_size": …}`: four pairs or more.
///
/// The size may also stand as `{"width": w, "height": h}` under `picture_size`, as `width` and `height` beside the
/// rest, or, failing these, as the only `WxH` in a text field `note`.
///
/// ```
/// use chronotope_perceive::camera::GroundCalibration;
///
/// let text = r#"{"points": [
///     {"image": [100, 500], "ground": [0, 0]}, {"image": [700, 500], "ground": [6, 0]},
///     {"image": [300, 200], "ground": [0, 9]}, {"image": [500, 200], "ground": [6, 9]}],
///     "picture_size": [800, 600]}"#;
/// let ground = GroundCalibration::parse(text)?.scaled_to(400, 300)?;
/// let foot = ground.locate([200.0, 250.0], 1.0).expect("below the horizon");
/// assert!((foot.x_m - 3.0).abs() < 1e-9 && foot.y_m.abs() < 1e-9);
/// # Ok::<(), chronotope_perceive::camera::GroundError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GroundCalibration {
    /// Signed so that the homogeneous coordinate is positive on the ground side of the horizon.
    ground_from_image: Matrix3<f64>,
    width_px: f64,
    height_px: f64,
    fit_m: f64,
}

/// A place on the ground, with what one pixel more or less would change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroundPoint {
    /// Metres along the ground's x axis.
    pub x_m: f64,
    /// Metres along the ground's y axis.
    pub y_m: f64,
    /// Covariance of (x, y) in m²: the pixel error through the homography's Jacobian, plus the calibration's own
    /// residual. Symmetric; to first order, so too small near the horizon.
    pub covariance_m2: [[f64; 2]; 2],
}

impl GroundPoint {
    /// Standard deviation along the worst direction, in metres.
    pub fn sigma_m(&self) -> f64 {
        let [[a, b], [_, d]] = self.covariance_m2;
        let half_gap = (a - d) / 2.0;
        (f64::midpoint(a, d) + (half_gap * half_gap + b * b).sqrt()).max(0.0).sqrt()
    }
}

/// A place in the picture, in pixels, and the same place on the ground, in metres.
pub type PointPair = ([f64; 2], [f64; 2]);

/// Why a calibration cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GroundError {
    /// The text is no JSON.
    #[error("ground calibration: expected a JSON object, found {found}")]
    NotJson {
        /// The JSON reader's words.
        found: String,
    },
    /// A field is missing or holds something else.
    #[error("ground calibration: field `{field}`: expected {expected}, found {found}")]
    Field {
        /// Name of the field.
        field: String,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The numbers do not describe a view of a plane.
    #[error("ground calibration: field `{field}`: expected {expected}, found a degenerate one")]
    Degenerate {
        /// Name of the field.
        field: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
    /// The calibration was made on pictures of another shape.
    #[error(
        "ground calibration: expected a video of the shape {made_width}x{made_height} (uniformly scaled), found {width}x{height}"
    )]
    OtherShape {
        /// Width that the calibration was made at.
        made_width: u32,
        /// Height that the calibration was made at.
        made_height: u32,
        /// Width of the video.
        width: u32,
        /// Height of the video.
        height: u32,
    },
}

/// Two shapes are the same where their ratios differ by less: 480×270 and 854×480 do.
const SAME_SHAPE: f64 = 0.01;
/// Most point pairs that are read; a calibration has a few dozen.
const MOST_POINTS: usize = 10_000;
/// Nearest to the horizon that is still ground: this share of the homogeneous coordinate at the picture's bottom.
const NEAREST_HORIZON: f64 = 1e-3;

impl GroundCalibration {
    /// Reads one of the three JSON shapes.
    ///
    /// # Errors
    /// Names the field, what was expected and what was found.
    pub fn parse(json: &str) -> Result<GroundCalibration, GroundError> {
        let value: Value =
            serde_json::from_str(json).map_err(|error| GroundError::NotJson { found: error.to_string() })?;
        let Value::Object(fields) = value else {
            return Err(GroundError::NotJson { found: kind(&value) });
        };
        let (width, height) = picture_size(&fields)?;
        if let Some((name, matrix)) = ["H", "homography"].iter().find_map(|n| fields.get(*n).map(|v| (*n, v)))
        {
            return Self::from_homography(matrix3(name, matrix)?, width, height);
        }
        if let Some(points) = fields.get("points") {
            return Self::from_points(&point_pairs(points)?, width, height);
        }
        if fields.contains_key("fx") {
            let number = |name: &str| number(&fields, name);
            let roll = if fields.contains_key("roll_deg") || fields.contains_key("roll_rad") {
                angle(&fields, "roll_deg", "roll_rad")?
            } else {
                0.0
            };
            let tilt = angle(&fields, "tilt_deg", "tilt_rad")?;
            let (fx, fy) = (positive(&fields, "fx")?, positive(&fields, "fy")?);
            let height_m = positive(&fields, "height_m")?;
            return Self::from_pose(
                [fx, fy, number("cx")?, number("cy")?],
                height_m,
                tilt,
                roll,
                width,
                height,
            );
        }
        Err(GroundError::Field {
            field: "H".to_owned(),
            expected: "one of `H`, `points`, or `fx` with `fy`, `cx`, `cy`, `height_m` and `tilt_deg`",
            found: format!("the fields {}", fields.keys().take(20).cloned().collect::<Vec<_>>().join(", ")),
        })
    }

    /// From a homography that takes pixels of a `width`×`height` picture to metres.
    ///
    /// The ground is the side of the horizon on which the middle of the picture's lower edge lies.
    pub fn from_homography(
        ground_from_image: Matrix3<f64>,
        width: u32,
        height: u32,
    ) -> Result<GroundCalibration, GroundError> {
        let expected = "an invertible homography whose horizon is not the lower edge of the picture";
        let degenerate = GroundError::Degenerate { field: "H", expected };
        let (width_px, height_px) = (f64::from(width), f64::from(height));
        // scaled by its size, so that the test of the determinant means the same in any unit
        let norm = ground_from_image.norm();
        let pixel_scale = Matrix3::from_diagonal(&Vector3::new(width_px, height_px, 1.0));
        let unit = ground_from_image * pixel_scale;
        let unit = unit / unit.norm();
        // `max` takes the other side of a NaN, so a NaN is degenerate too
        if !norm.is_finite() || unit.determinant().abs().max(1e-12) == 1e-12 {
            return Err(degenerate);
        }
        let depth = (ground_from_image * Vector3::new(width_px / 2.0, height_px, 1.0)).z;
        if depth.abs() <= 1e-9 * norm {
            return Err(degenerate);
        }
        Ok(GroundCalibration {
            ground_from_image: ground_from_image / depth,
            width_px,
            height_px,
            fit_m: 0.0,
        })
    }

    /// From `[fx, fy, cx, cy]` in pixels, the camera's height in metres, its tilt below the horizon and its roll in
    /// radians.
    pub fn from_pose(
        [fx, fy, cx, cy]: [f64; 4],
        height_m: f64,
        tilt_rad: f64,
        roll_rad: f64,
        width: u32,
        height: u32,
    ) -> Result<GroundCalibration, GroundError> {
        let degenerate =
            GroundError::Degenerate { field: "tilt_deg", expected: "a camera that sees the ground" };
        let (st, ct) = libm::sincos(tilt_rad);
        let (sr, cr) = libm::sincos(roll_rad);
        let right = Vector3::new(1.0, 0.0, 0.0);
        let down = Vector3::new(0.0, -st, -ct);
        let forward = Vector3::new(0.0, ct, -st);
        let rolled_right = right * cr + down * sr;
        let rolled_down = down * cr - right * sr;
        let camera_from_world =
            Matrix3::from_rows(&[rolled_right.transpose(), rolled_down.transpose(), forward.transpose()]);
        // columns: ground x, ground y, and the ground's origin as seen from the camera at (0, 0, height)
        let plane = Matrix3::new(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, -height_m);
        let intrinsics = Matrix3::new(fx, 0.0, cx, 0.0, fy, cy, 0.0, 0.0, 1.0);
        let image_from_ground = intrinsics * camera_from_world * plane;
        // the inverse's homogeneous coordinate is 1 / depth: positive before the camera
        let ground_from_image = image_from_ground.try_inverse().ok_or_else(|| degenerate.clone())?;
        if !ground_from_image.iter().all(|v| v.is_finite()) {
            return Err(degenerate);
        }
        Ok(GroundCalibration {
            ground_from_image,
            width_px: f64::from(width),
            height_px: f64::from(height),
            fit_m: 0.0,
        })
    }

    /// From four or more pairs of a pixel and its place in metres, by the normalised direct linear transform (Hartley
    /// and Zisserman, algorithm 4.2). With more than four, [`GroundCalibration::fit_m`] says how well they agree.
    pub fn from_points(
        pairs: &[PointPair],
        width: u32,
        height: u32,
    ) -> Result<GroundCalibration, GroundError> {
        let degenerate = GroundError::Degenerate {
            field: "points",
            expected: "at least four pairs, no three on a line, all on one side of the horizon",
        };
        if pairs.len() < 4 {
            return Err(degenerate);
        }
        let (image, unit_from_image) =
            normalised(pairs.iter().map(|p| p.0)).ok_or_else(|| degenerate.clone())?;
        let (ground, unit_from_ground) =
            normalised(pairs.iter().map(|p| p.1)).ok_or_else(|| degenerate.clone())?;
        // a ninth row of zeros keeps the system square with four pairs, so that its null space is computed
        let mut system = DMatrix::<f64>::zeros((2 * pairs.len()).max(9), 9);
        for (i, (p, g)) in image.iter().zip(&ground).enumerate() {
            let (x, y, u, v) = (p.x, p.y, g.x, g.y);
            let rows = [
                [-x, -y, -1.0, 0.0, 0.0, 0.0, u * x, u * y, u],
                [0.0, 0.0, 0.0, -x, -y, -1.0, v * x, v * y, v],
            ];
            for (k, row) in rows.iter().enumerate() {
                for (j, value) in row.iter().enumerate() {
                    system[(2 * i + k, j)] = *value;
                }
            }
        }
        let svd = system.try_svd(false, true, f64::EPSILON, 1000).ok_or_else(|| degenerate.clone())?;
        let v_t = svd.v_t.as_ref().ok_or_else(|| degenerate.clone())?;
        let mut order: Vec<usize> = (0..9).collect();
        order.sort_by(|a, b| svd.singular_values[*b].total_cmp(&svd.singular_values[*a]));
        // a second null direction means that the pairs leave the plane's view open
        if svd.singular_values[order[7]] < 1e-7 * svd.singular_values[order[0]] {
            return Err(degenerate);
        }
        let h = v_t.row(order[8]);
        let unit = Matrix3::from_fn(|r, c| h[3 * r + c]);
        let back = unit_from_ground.try_inverse().ok_or_else(|| degenerate.clone())?;
        let homography = back * unit * unit_from_image;
        let depths: Vec<f64> =
            pairs.iter().map(|(p, _)| (homography * Vector3::new(p[0], p[1], 1.0)).z).collect();
        let sign = if depths[0] < 0.0 { -1.0 } else { 1.0 };
        if !depths.iter().all(|depth| depth * sign > 0.0) {
            return Err(degenerate);
        }
        let ground_from_image = homography * (sign / homography.norm());
        let (width_px, height_px) = (f64::from(width), f64::from(height));
        let mut fitted = GroundCalibration { ground_from_image, width_px, height_px, fit_m: 0.0 };
        let squares: f64 =
            pairs.iter().map(|(p, g)| (fitted.project(*p) - Vector2::new(g[0], g[1])).norm_squared()).sum();
        // four pairs fix all eight numbers; each further pair leaves two to judge by
        let free = (2 * pairs.len() - 8).max(1) as f64;
        fitted.fit_m = if pairs.len() > 4 { (squares / free).sqrt() } else { 0.0 };
        Ok(fitted)
    }

    /// The same calibration for pictures of another size.
    ///
    /// # Errors
    /// A picture of another shape was cropped or stretched, and then the calibration does not hold.
    pub fn scaled_to(&self, width: u32, height: u32) -> Result<GroundCalibration, GroundError> {
        let (sx, sy) = (f64::from(width) / self.width_px, f64::from(height) / self.height_px);
        if !(sx > 0.0 && sy > 0.0 && (sx / sy - 1.0).abs() <= SAME_SHAPE) {
            return Err(GroundError::OtherShape {
                made_width: self.width_px as u32,
                made_height: self.height_px as u32,
                width,
                height,
            });
        }
        let old_from_new = Matrix3::from_diagonal(&Vector3::new(1.0 / sx, 1.0 / sy, 1.0));
        Ok(GroundCalibration {
            ground_from_image: self.ground_from_image * old_from_new,
            width_px: f64::from(width),
            height_px: f64::from(height),
            fit_m: self.fit_m,
        })
    }

    /// Where on the ground a foot point stands; `sigma_px` is the standard deviation of its pixel coordinates.
    ///
    /// None on and above the horizon, just below it (where a pixel would be kilometres), and for a point that is not
    /// finite. A point outside the picture is located like any other.
    pub fn locate(&self, foot_px: [f64; 2], sigma_px: f64) -> Option<GroundPoint> {
        let p = self.ground_from_image * Vector3::new(foot_px[0], foot_px[1], 1.0);
        let bottom = self.ground_from_image * Vector3::new(self.width_px / 2.0, self.height_px, 1.0);
        // a camera that looks up may have its lower edge above the horizon; then nothing in the picture is ground
        if !(bottom.z > 0.0 && p.z > NEAREST_HORIZON * bottom.z) {
            return None;
        }
        let (x_m, y_m) = (p.x / p.z, p.y / p.z);
        let h = &self.ground_from_image;
        let outer = Matrix2x3::new(1.0, 0.0, -x_m, 0.0, 1.0, -y_m) / p.z;
        let jacobian: Matrix2<f64> = outer * h.fixed_columns::<2>(0);
        let covariance = jacobian * jacobian.transpose() * (sigma_px * sigma_px)
            + Matrix2::identity() * (self.fit_m * self.fit_m);
        let finite = x_m.is_finite() && y_m.is_finite() && covariance.iter().all(|v| v.is_finite());
        finite.then_some(GroundPoint {
            x_m,
            y_m,
            covariance_m2: [
                [covariance[(0, 0)], covariance[(0, 1)]],
                [covariance[(1, 0)], covariance[(1, 1)]],
            ],
        })
    }

    /// The picture size that pixels are meant in.
    pub fn picture_size(&self) -> (u32, u32) {
        (self.width_px as u32, self.height_px as u32)
    }

    /// How far the point pairs that it was fitted to stay apart, root mean square per coordinate, in metres; 0 where
    /// nothing was fitted or nothing was left to judge by.
    pub fn fit_m(&self) -> f64 {
        self.fit_m
    }

    /// The 3×3 homography: ground ~ H · (x_px, y_px, 1), positive below the horizon; row by row.
    pub fn ground_from_image(&self) -> [[f64; 3]; 3] {
        std::array::from_fn(|r| std::array::from_fn(|c| self.ground_from_image[(r, c)]))
    }

    fn project(&self, p: [f64; 2]) -> Vector2<f64> {
        let q = self.ground_from_image * Vector3::new(p[0], p[1], 1.0);
        Vector2::new(q.x / q.z, q.y / q.z)
    }
}

/// Points with mean 0 and mean distance √2, and the matrix that made them so; none where they all coincide.
fn normalised(points: impl Iterator<Item = [f64; 2]>) -> Option<(Vec<Vector2<f64>>, Matrix3<f64>)> {
    let points: Vec<Vector2<f64>> = points.map(|[x, y]| Vector2::new(x, y)).collect();
    let n = points.len() as f64;
    let mean = points.iter().sum::<Vector2<f64>>() / n;
    let spread = points.iter().map(|p| (p - mean).norm()).sum::<f64>() / n;
    if !(spread > 0.0 && spread.is_finite()) {
        return None;
    }
    let s = std::f64::consts::SQRT_2 / spread;
    let matrix = Matrix3::new(s, 0.0, -s * mean.x, 0.0, s, -s * mean.y, 0.0, 0.0, 1.0);
    Some((points.iter().map(|p| (p - mean) * s).collect(), matrix))
}

fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::String(_) => "a text".to_owned(),
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(_) => "an object".to_owned(),
    }
}

fn fault(field: &str, expected: &'static str, found: Option<&Value>) -> GroundError {
    GroundError::Field {
        field: field.to_owned(),
        expected,
        found: found.map_or_else(|| "nothing".to_owned(), kind),
    }
}

fn finite(field: &str, value: Option<&Value>) -> Result<f64, GroundError> {
    value
        .and_then(Value::as_f64)
        .filter(|v| v.is_finite() && v.abs() < 1e12)
        .ok_or_else(|| fault(field, "a finite number", value))
}

fn number(fields: &Map<String, Value>, name: &str) -> Result<f64, GroundError> {
    finite(name, fields.get(name))
}

fn positive(fields: &Map<String, Value>, name: &str) -> Result<f64, GroundError> {
    let value = number(fields, name)?;
    if value > 0.0 { Ok(value) } else { Err(fault(name, "a number above 0", fields.get(name))) }
}

fn angle(fields: &Map<String, Value>, degrees: &str, radians: &str) -> Result<f64, GroundError> {
    if fields.contains_key(radians) {
        return number(fields, radians);
    }
    Ok(number(fields, degrees)?.to_radians())
}

fn matrix3(name: &str, value: &Value) -> Result<Matrix3<f64>, GroundError> {
    let expected = "three rows of three numbers";
    let Value::Array(rows) = value else { return Err(fault(name, expected, Some(value))) };
    let flat: Vec<&Value> = match rows.len() {
        9 => rows.iter().collect(),
        3 => rows.iter().filter_map(Value::as_array).filter(|row| row.len() == 3).flatten().collect(),
        _ => Vec::new(),
    };
    if flat.len() != 9 {
        return Err(fault(name, expected, Some(value)));
    }
    let mut matrix = Matrix3::zeros();
    for (i, v) in flat.into_iter().enumerate() {
        matrix[(i / 3, i % 3)] = finite(&format!("{name}[{}][{}]", i / 3, i % 3), Some(v))?;
    }
    Ok(matrix)
}

fn point_pairs(value: &Value) -> Result<Vec<PointPair>, GroundError> {
    let list = value
        .as_array()
        .filter(|list| list.len() >= 4 && list.len() <= MOST_POINTS)
        .ok_or_else(|| fault("points", "a list of four or more pairs", Some(value)))?;
    let mut pairs = Vec::with_capacity(list.len());
    for (i, pair) in list.iter().enumerate() {
        let two = |name: &str| -> Result<[f64; 2], GroundError> {
            let field = format!("points[{i}].{name}");
            let at = pair.get(name);
            match at.and_then(Value::as_array).map(Vec::as_slice) {
                Some([a, b]) => Ok([finite(&field, Some(a))?, finite(&field, Some(b))?]),
                _ => Err(fault(&field, "a list of two numbers", at)),
            }
        };
        pairs.push((two("image")?, two("ground")?));
    }
    Ok(pairs)
}

/// Largest side that a picture may have, as the decoder has it.
const LARGEST_SIDE: f64 = 16_384.0;

fn picture_size(fields: &Map<String, Value>) -> Result<(u32, u32), GroundError> {
    let expected = "the width and height in pixels that the calibration was made at, such as [768, 576]";
    let whole = |field: &str, value: Option<&Value>| -> Result<u32, GroundError> {
        let side = finite(field, value)?;
        let fits = (1.0..=LARGEST_SIDE).contains(&side) && side.fract() == 0.0;
        if fits { Ok(side as u32) } else { Err(fault(field, "a whole number from 1 to 16384", value)) }
    };
    match fields.get("picture_size") {
        Some(Value::Array(list)) if list.len() == 2 => {
            return Ok((whole("picture_size", list.first())?, whole("picture_size", list.get(1))?));
        }
        Some(Value::Object(size)) => {
            return Ok((
                whole("picture_size.width", size.get("width"))?,
                whole("picture_size.height", size.get("height"))?,
            ));
        }
        Some(other) => return Err(fault("picture_size", expected, Some(other))),
        None => {}
    }
    if fields.contains_key("width") || fields.contains_key("height") {
        return Ok((whole("width", fields.get("width"))?, whole("height", fields.get("height"))?));
    }
    let noted = fields.get("note").and_then(Value::as_str).and_then(only_size_in);
    noted.ok_or_else(|| fault("picture_size", expected, None))
}

/// The one `WxH` in a text; none where there is none or more than one.
fn only_size_in(text: &str) -> Option<(u32, u32)> {
    let mut sizes = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| {
            let (w, h) = word.split_once('x')?;
            let side = |s: &str| s.parse::<u32>().ok().filter(|v| *v >= 16 && f64::from(*v) <= LARGEST_SIDE);
            Some((side(w)?, side(h)?))
        })
        .take(2);
    let only = sizes.next()?;
    sizes.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSE: &str = r#"{"fx": 800, "fy": 800, "cx": 480, "cy": 270, "height_m": 5, "tilt_deg": 45, "picture_size": [960, 540]}"#;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    }

    #[test]
    fn a_camera_tilted_by_45_degrees_sees_its_height_ahead() {
        let ground = GroundCalibration::parse(POSE).unwrap();
        let middle = ground.locate([480.0, 270.0], 1.0).unwrap();
        near(middle.x_m, 0.0);
        near(middle.y_m, 5.0);
        let right = ground.locate([560.0, 270.0], 1.0).unwrap();
        near(right.x_m, 5.0 * std::f64::consts::SQRT_2 * 0.1);
    }

    #[test]
    fn above_the_horizon_is_no_ground() {
        let level = POSE.replace("45", "0");
        let ground = GroundCalibration::parse(&level).unwrap();
        assert_eq!(ground.locate([480.0, 269.0], 1.0), None);
        assert_eq!(ground.locate([480.0, 270.0], 1.0), None);
        near(ground.locate([480.0, 350.0], 1.0).unwrap().y_m, 50.0);
        assert_eq!(ground.locate([f64::NAN, 350.0], 1.0), None);
    }

    #[test]
    fn uncertainty_grows_towards_the_horizon_and_matches_a_small_step() {
        let ground = GroundCalibration::parse(&POSE.replace("45", "10")).unwrap();
        let near_foot = ground.locate([480.0, 500.0], 2.0).unwrap();
        let far_foot = ground.locate([480.0, 300.0], 2.0).unwrap();
        assert!(far_foot.sigma_m() > 3.0 * near_foot.sigma_m());
        let step = ground.locate([480.0, 500.002], 2.0).unwrap();
        let slope = (step.y_m - near_foot.y_m) / 0.002;
        assert!((near_foot.covariance_m2[1][1].sqrt() - 2.0 * slope.abs()).abs() < 1e-3);
    }

    #[test]
    fn roll_turns_the_picture_about_its_middle() {
        let flat = GroundCalibration::parse(POSE).unwrap();
        let rolled =
            GroundCalibration::parse(&POSE.replace(r#""tilt_deg""#, r#""roll_deg": 90, "tilt_deg""#))
                .unwrap();
        // the camera turned clockwise by a quarter: what was on the right is now at the top
        let right = flat.locate([560.0, 270.0], 1.0).unwrap();
        let top = rolled.locate([480.0, 190.0], 1.0).unwrap();
        near(right.x_m, top.x_m);
        near(right.y_m, top.y_m);
    }

    #[test]
    fn points_and_pose_agree_and_scale() {
        let pose = GroundCalibration::parse(POSE).unwrap();
        let pixels = [[100.0, 500.0], [800.0, 480.0], [300.0, 200.0], [700.0, 180.0], [480.0, 333.0]];
        let pairs: Vec<_> =
            pixels.iter().map(|p| pose.locate(*p, 1.0).map(|g| (*p, [g.x_m, g.y_m])).unwrap()).collect();
        for n in [4, 5] {
            let fitted = GroundCalibration::from_points(&pairs[..n], 960, 540).unwrap();
            assert!(fitted.fit_m() < 1e-9);
            let half = fitted.scaled_to(480, 270).unwrap();
            let (a, b) =
                (pose.locate([620.0, 410.0], 1.0).unwrap(), half.locate([310.0, 205.0], 0.5).unwrap());
            near(a.x_m, b.x_m);
            near(a.y_m, b.y_m);
            near(a.sigma_m(), b.sigma_m());
        }
    }

    #[test]
    fn faults_name_the_field() {
        let fault_of = |json: &str| GroundCalibration::parse(json).unwrap_err().to_string();
        for (json, part) in [
            ("[1]", "expected a JSON object, found a list of 1"),
            ("{", "expected a JSON object"),
            (r#"{"H": [[1,0,0],[0,1,0],[0,0,1]]}"#, "field `picture_size`"),
            (
                r#"{"H": [[1,0],[0,1]], "picture_size": [8, 8]}"#,
                "field `H`: expected three rows of three numbers",
            ),
            (r#"{"H": [[0,0,0],[0,0,0],[0,0,0]], "picture_size": [8, 8]}"#, "degenerate"),
            (r#"{"H": [[1,0,0],[0,"a",0],[0,0,1]], "picture_size": [8, 8]}"#, "field `H[1][1]`"),
            (r#"{"picture_size": [8, 0]}"#, "a whole number from 1 to 16384, found 0"),
            (r#"{"picture_size": [8, 8]}"#, "one of `H`, `points`, or `fx`"),
            (
                r#"{"fx": 1, "fy": 1, "cx": 1, "cy": 1, "height_m": -1, "tilt_deg": 3, "width": 8, "height": 8}"#,
                "`height_m`",
            ),
            (
                r#"{"points": [{"image":[0,0],"ground":[0,0]},{"image":[1,1],"ground":[1,1]},{"image":[2,2],"ground":[2,2]},{"image":[3,3],"ground":[3,3]}], "picture_size": [8, 8]}"#,
                "no three on a line",
            ),
        ] {
            let text = fault_of(json);
            assert!(text.contains(part), "{json}: {text}");
        }
        let other = GroundCalibration::parse(POSE).unwrap().scaled_to(640, 480).unwrap_err().to_string();
        assert!(other.contains("960x540") && other.contains("640x480"), "{other}");
    }

    #[test]
    #[expect(clippy::print_stderr, reason = "data tests are counted by these lines")]
    fn pets_calibration_gives_the_truth_s_metres() {
        let root = std::env::var("CHRONOTOPE_DATA").unwrap_or_else(|_| "../../../shared/data".to_owned());
        let folder = std::path::Path::new(&root).join("pets09_s2l1");
        let Ok(json) = std::fs::read_to_string(folder.join("homography_foot_to_world.json")) else {
            eprintln!("data test skipped: pets_calibration_gives_the_truth_s_metres");
            return;
        };
        eprintln!("data test run: pets_calibration_gives_the_truth_s_metres");
        // the truth is in pixels of 768×576, the video is 480×360
        let ground = GroundCalibration::parse(&json).unwrap().scaled_to(480, 360).unwrap();
        let rows = std::fs::read_to_string(folder.join("gt_every3rd_0001_0067.txt")).unwrap();
        let (mut n, mut sum) = (0.0, 0.0);
        for row in rows.lines() {
            let v: Vec<f64> = row.split(',').map(|field| field.trim().parse().unwrap()).collect();
            let foot = [(v[2] + v[4] / 2.0) * 0.625, (v[3] + v[5]) * 0.625];
            let at = ground.locate(foot, 1.0).unwrap();
            n += 1.0;
            sum += libm::hypot(at.x_m - v[7], at.y_m - v[8]);
        }
        assert_eq!(n, 111.0);
        assert!(sum / n < 0.02, "mean error {} m", sum / n);
    }
}
