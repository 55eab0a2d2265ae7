//! Boxes in pictures and boxes in space.

use nalgebra::{Point3, UnitQuaternion, Vector3};

/// An axis-aligned box in a picture.
///
/// # Units and frame
/// Pixels of `image(observer)`: the displayed frame at source size, origin top left, y down.
/// Edges are real numbers; a box from pixel 3 to pixel 5 inclusive has left 3 and width 3.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BoxPx {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width; zero is a line or a point.
    pub width: f64,
    /// Height; zero is a line or a point.
    pub height: f64,
}

impl BoxPx {
    /// The box, or none where a number is not finite or a side is negative.
    pub fn new(left: f64, top: f64, width: f64, height: f64) -> Option<BoxPx> {
        let ok = [left, top, width, height].iter().all(|v| v.is_finite()) && width >= 0.0 && height >= 0.0;
        ok.then_some(BoxPx { left, top, width, height })
    }

    /// Right edge.
    pub fn right(self) -> f64 {
        self.left + self.width
    }

    /// Bottom edge.
    pub fn bottom(self) -> f64 {
        self.top + self.height
    }

    /// Centre `[x, y]`.
    pub fn centre(self) -> [f64; 2] {
        [self.left + self.width / 2.0, self.top + self.height / 2.0]
    }

    /// Middle of the bottom edge `[x, y]`: where a thing that stands touches the ground.
    pub fn foot(self) -> [f64; 2] {
        [self.left + self.width / 2.0, self.bottom()]
    }

    /// Area in square pixels.
    pub fn area(self) -> f64 {
        self.width * self.height
    }

    /// Area of the overlap in square pixels; touching gives 0.
    pub fn overlap(self, other: BoxPx) -> f64 {
        let w = self.right().min(other.right()) - self.left.max(other.left);
        let h = self.bottom().min(other.bottom()) - self.top.max(other.top);
        if w > 0.0 && h > 0.0 { w * h } else { 0.0 }
    }

    /// Intersection over union; 0 where both are empty.
    pub fn iou(self, other: BoxPx) -> f64 {
        let overlap = self.overlap(other);
        let union = self.area() + other.area() - overlap;
        if !union.is_finite() {
            // areas that no number holds: shares do not change with the scale, and the scaled areas are below 1e300
            const SMALLER: f64 = 1e-160;
            return self.scaled(SMALLER, SMALLER).iou(other.scaled(SMALLER, SMALLER));
        }
        if union > 0.0 { overlap / union } else { 0.0 }
    }

    /// The part inside `[0, width] × [0, height]`, or none where no area remains.
    pub fn clip(self, width: f64, height: f64) -> Option<BoxPx> {
        let (left, top) = (self.left.max(0.0), self.top.max(0.0));
        let (w, h) = (self.right().min(width) - left, self.bottom().min(height) - top);
        (w > 0.0 && h > 0.0).then_some(BoxPx { left, top, width: w, height: h })
    }

    /// Both axes scaled about the origin: from one picture size to another.
    pub fn scaled(self, sx: f64, sy: f64) -> BoxPx {
        BoxPx { left: self.left * sx, top: self.top * sy, width: self.width * sx, height: self.height * sy }
    }
}

/// An oriented box in space.
///
/// # Units and frame
/// Lengths in the unit of the reference frame in which it is stated. The body axes are x forward,
/// y left, z up; `extent` is `[length, width, height]`, full sizes along these axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Box3 {
    /// Centre of the box.
    pub centre: Point3<f64>,
    /// Turns body axes into axes of the reference frame.
    pub rotation: UnitQuaternion<f64>,
    /// Full sizes along the body axes.
    pub extent: Vector3<f64>,
}

impl Box3 {
    /// The eight corners; bit 0 of the index chooses x, bit 1 y, bit 2 z (0 minus, 1 plus).
    pub fn corners(&self) -> [Point3<f64>; 8] {
        std::array::from_fn(|i| {
            let sign = |bit: usize| if i >> bit & 1 == 1 { 0.5 } else { -0.5 };
            let half =
                Vector3::new(sign(0) * self.extent.x, sign(1) * self.extent.y, sign(2) * self.extent.z);
            self.centre + self.rotation * half
        })
    }

    /// Volume in cubed units.
    pub fn volume(&self) -> f64 {
        self.extent.x * self.extent.y * self.extent.z
    }

    /// The longest of the three sizes.
    pub fn longest(&self) -> f64 {
        self.extent.max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_boxes_do_not_overlap() {
        let a = BoxPx::new(0.0, 0.0, 2.0, 2.0).expect("finite");
        let b = BoxPx::new(2.0, 0.0, 2.0, 2.0).expect("finite");
        assert_eq!((a.overlap(b), a.iou(a)), (0.0, 1.0));
    }

    #[test]
    fn areas_that_no_number_holds_still_overlap() {
        let a = BoxPx::new(0.0, 0.0, 1e308, 1e308).expect("finite");
        let b = BoxPx::new(0.5e308, 0.0, 1.5e308, 1e308).expect("finite");
        assert!(
            (a.iou(a) - 1.0).abs() < 1e-12 && (a.iou(b) - 0.25).abs() < 1e-12,
            "{} {}",
            a.iou(a),
            a.iou(b)
        );
    }

    #[test]
    fn bad_numbers_are_refused() {
        assert!(BoxPx::new(f64::NAN, 0.0, 1.0, 1.0).is_none());
        assert!(BoxPx::new(0.0, 0.0, -1.0, 1.0).is_none());
    }
}
