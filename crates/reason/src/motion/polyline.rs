//! The path of one thing: places at instants, joined by straight lines where interpolation is allowed.

use chronotope_world::{ReferenceFrame, Time};

/// A path in columns, with a box around every [`BLOCK`] segments for skipping.
///
/// # Shape
/// All columns have one length; times ascend strictly. `linked[i]` says that the path goes straight from `i` to `i + 1`;
/// the last is false.
#[derive(Clone, Debug, Default)]
pub struct Polyline {
    /// Instants in nanoseconds.
    pub t_ns: Vec<i64>,
    /// Places.
    pub x: Vec<f64>,
    /// Places.
    pub y: Vec<f64>,
    /// Places.
    pub z: Vec<f64>,
    /// Joined to the next.
    pub linked: Vec<bool>,
    /// The frame of each point, as a position in `frames`; points of unlike frames are never joined.
    pub frame: Vec<u16>,
    /// The frames that occur.
    pub frames: Vec<ReferenceFrame>,
    /// A box around the points of each run of [`BLOCK`] segments: least and greatest x, y, z.
    pub(crate) blocks: Vec<[f64; 6]>,
    /// Every point but the last is joined to the next, all in one frame.
    pub(crate) whole: bool,
}

/// Segments in a block.
pub const BLOCK: usize = 32;

impl Polyline {
    /// A path in one frame that is joined from the first to the last instant.
    pub fn joined(t_ns: Vec<i64>, x: Vec<f64>, y: Vec<f64>, z: Vec<f64>) -> Polyline {
        let n = t_ns.len();
        let linked = (0..n).map(|i| i + 1 < n).collect();
        let frames = vec![ReferenceFrame::World(String::new())];
        Polyline { t_ns, x, y, z, linked, frame: vec![0; n], frames, ..Polyline::default() }.indexed()
    }

    /// Adds a point; `join` it to the one before where both are in one frame.
    pub fn push(&mut self, t: Time, point: [f64; 3], reference_frame: &ReferenceFrame, join: bool) {
        let frame = self.frames.iter().position(|f| f == reference_frame).unwrap_or_else(|| {
            self.frames.push(reference_frame.clone());
            self.frames.len() - 1
        }) as u16;
        if let Some(last) = self.linked.last_mut() {
            *last = join && self.frame.last() == Some(&frame);
        }
        self.t_ns.push(t.0);
        self.x.push(point[0]);
        self.y.push(point[1]);
        self.z.push(point[2]);
        self.linked.push(false);
        self.frame.push(frame);
    }

    /// With the boxes for skipping.
    pub fn indexed(mut self) -> Polyline {
        let n = self.len();
        self.whole = n > 0 && self.linked[..n - 1].iter().all(|&l| l) && self.frames.len() <= 1;
        self.blocks = (0..n.saturating_sub(1).div_ceil(BLOCK).max(usize::from(n > 0)))
            .map(|k| {
                let range = k * BLOCK..((k + 1) * BLOCK + 1).min(n);
                let hull = |v: &[f64]| {
                    v[range.clone()].iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], &p| {
                        [if p < low { p } else { low }, if p > high { p } else { high }]
                    })
                };
                let ([a, b], [c, d], [e, f]) = (hull(&self.x), hull(&self.y), hull(&self.z));
                [a, b, c, d, e, f]
            })
            .collect();
        self
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.t_ns.len()
    }

    /// Has no point.
    pub fn is_empty(&self) -> bool {
        self.t_ns.is_empty()
    }

    /// A point.
    pub fn point(&self, i: usize) -> [f64; 3] {
        [self.x[i], self.y[i], self.z[i]]
    }

    /// Length of the segment from `i` to `i + 1`.
    pub fn step(&self, i: usize) -> f64 {
        let (dx, dy, dz) = (self.x[i + 1] - self.x[i], self.y[i + 1] - self.y[i], self.z[i + 1] - self.z[i]);
        (dx * dx + dy * dy + dz * dz).sqrt()
    }

    /// Seconds from `i` to `i + 1`.
    pub fn step_s(&self, i: usize) -> f64 {
        (Time(self.t_ns[i + 1]) - Time(self.t_ns[i])) as f64 / 1e9
    }

    /// The joined segments, by the position of their first point.
    pub fn segments(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(|&i| self.linked[i])
    }

    /// Speeds of all segments in the frame's unit per second; 0 across a gap.
    pub fn speeds(&self) -> Vec<f64> {
        let n = self.len().saturating_sub(1);
        let (x, y, z, t) = (&self.x[..], &self.y[..], &self.z[..], &self.t_ns[..]);
        (0..n)
            .map(|i| {
                let (dx, dy, dz) = (x[i + 1] - x[i], y[i + 1] - y[i], z[i + 1] - z[i]);
                let length = (dx * dx + dy * dy + dz * dz).sqrt();
                // nanoseconds of one record differ by less than the range of i64
                let speed = length / (t[i + 1].wrapping_sub(t[i]) as f64 / 1e9);
                if self.linked[i] { speed } else { 0.0 }
            })
            .collect()
    }

    /// Length of the joined segments.
    pub fn length(&self) -> f64 {
        // a sum of nothing is not −0
        self.segments().fold(0.0, |sum, i| sum + self.step(i))
    }

    /// Where it is then, by the straight lines.
    pub fn at(&self, t_ns: i64) -> Option<[f64; 3]> {
        let n = self.t_ns.partition_point(|&s| s <= t_ns);
        let i = n.checked_sub(1)?;
        if self.t_ns[i] == t_ns {
            return Some(self.point(i));
        }
        if !self.linked[i] {
            return None;
        }
        let u = (Time(t_ns) - Time(self.t_ns[i])) as f64 / (Time(self.t_ns[n]) - Time(self.t_ns[i])) as f64;
        let (a, b) = (self.point(i), self.point(n));
        Some(std::array::from_fn(|k| a[k] + (b[k] - a[k]) * u))
    }
}
