//! A box with sides along the axes.

/// A closed box, as `(low, high)` on each axis; `low <= high`. Units and reference frame are the caller's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left and right.
    pub x: (f64, f64),
    /// Low and high: bottom and top where y goes up, top and bottom where it goes down.
    pub y: (f64, f64),
}

impl Rect {
    /// The box around a centre with full sizes.
    pub fn around(centre: (f64, f64), size: (f64, f64)) -> Rect {
        let (w, h) = (size.0 / 2.0, size.1 / 2.0);
        Rect { x: (centre.0 - w, centre.0 + w), y: (centre.1 - h, centre.1 + h) }
    }

    /// The centre.
    pub fn centre(&self) -> (f64, f64) {
        (self.x.0.midpoint(self.x.1), self.y.0.midpoint(self.y.1))
    }
}
