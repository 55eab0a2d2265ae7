//! Shapes that are compared: intervals, boxes, masks, and how they stand in rows.

use crate::datum::Datum;
use chronotope_world::{BoxPx, Mask};
use std::collections::BTreeMap;

/// An interval of seconds; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Start in seconds.
    pub start: f64,
    /// End in seconds, not before the start.
    pub end: f64,
}

impl Interval {
    /// An interval, or none where an end is not finite or they are reversed.
    pub fn new(start: f64, end: f64) -> Option<Interval> {
        (start.is_finite() && end.is_finite() && start <= end).then_some(Interval { start, end })
    }

    /// Length in seconds.
    pub fn length(self) -> f64 {
        self.end - self.start
    }

    /// Length of the common part in seconds.
    pub fn overlap(self, other: Interval) -> f64 {
        (self.end.min(other.end) - self.start.max(other.start)).max(0.0)
    }

    /// Intersection over union; 0 where both are instants.
    pub fn iou(self, other: Interval) -> f64 {
        over(self.overlap(other), self.length() + other.length() - self.overlap(other))
    }

    /// Intersection over the hull, negative by the gap where they are apart.
    pub fn signed_hull(self, other: Interval) -> f64 {
        let hull = self.end.max(other.end) - self.start.min(other.start);
        over(self.end.min(other.end) - self.start.max(other.start), hull)
    }

    /// Share of this interval that lies in `truth`; of an instant 1 where it lies inside, ends included.
    pub fn inside(self, truth: Interval) -> f64 {
        if self.length() == 0.0 {
            return f64::from(u8::from(truth.start <= self.start && self.end <= truth.end));
        }
        over(self.overlap(truth), self.length())
    }

    /// `[start, end]`, `{start, end}`, or the first two numbers of a text in `to`, `-` or brackets; reversed ends are none.
    pub(crate) fn of(datum: &Datum) -> Option<Interval> {
        match datum {
            Datum::List(_) => match datum.list_of_numbers()?[..] {
                [start, end] => Interval::new(start, end),
                _ => None,
            },
            Datum::Record(_) => {
                let end = |names: [&str; 2]| names.iter().find_map(|name| datum.field(name))?.number();
                Interval::new(end(["start", "start_s"])?, end(["end", "end_s"])?)
            }
            Datum::Text(text) => {
                crate::extract::interval(text).and_then(|(start, end)| Interval::new(start, end))
            }
            _ => None,
        }
    }

    /// One interval, or a list of them.
    pub(crate) fn several(datum: &Datum) -> Option<Vec<Interval>> {
        match datum {
            Datum::List(items) if !items.iter().all(|item| item.number().is_some()) || items.is_empty() => {
                items.iter().map(Interval::of).collect()
            }
            one => Interval::of(one).map(|one| vec![one]),
        }
    }
}

/// Intersection over union of two sets of intervals, those that overlap merged first; two empty sets are equal.
pub fn interval_sets_iou(a: &[Interval], b: &[Interval]) -> f64 {
    let (a, b) = (merged(a), merged(b));
    if a.is_empty() && b.is_empty() {
        return 1.0;
    }
    let overlap: f64 = a.iter().flat_map(|one| b.iter().map(|other| one.overlap(*other))).sum();
    let length = |set: &[Interval]| set.iter().map(|one| one.length()).sum::<f64>();
    over(overlap, length(&a) + length(&b) - overlap)
}

fn merged(set: &[Interval]) -> Vec<Interval> {
    let mut sorted = set.to_vec();
    sorted.sort_by(|a, b| a.start.total_cmp(&b.start));
    let mut merged: Vec<Interval> = Vec::new();
    for one in sorted {
        match merged.last_mut() {
            Some(last) if one.start <= last.end => last.end = last.end.max(one.end),
            _ => merged.push(one),
        }
    }
    merged
}

/// A box by its corners, in any unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corners {
    /// Left edge.
    pub x1: f64,
    /// Upper edge.
    pub y1: f64,
    /// Right edge.
    pub x2: f64,
    /// Lower edge.
    pub y2: f64,
}

impl Corners {
    /// Area; 0 where the corners are reversed.
    pub fn area(self) -> f64 {
        (self.x2 - self.x1).max(0.0) * (self.y2 - self.y1).max(0.0)
    }

    /// Area of the common part.
    pub fn overlap(self, other: Corners) -> f64 {
        let width = self.x2.min(other.x2) - self.x1.max(other.x1);
        let height = self.y2.min(other.y2) - self.y1.max(other.y1);
        width.max(0.0) * height.max(0.0)
    }

    /// Intersection over union; a box without area has none.
    pub fn iou(self, other: Corners) -> f64 {
        let overlap = self.overlap(other);
        let union = self.area() + other.area() - overlap;
        if !union.is_finite() {
            return self.smaller().iou(other.smaller());
        }
        over(overlap, union)
    }

    /// A box whose areas a number holds, as do those of two of them: shares do not change with the scale.
    fn smaller(self) -> Corners {
        const SMALLER: f64 = 1e-160;
        let Corners { x1, y1, x2, y2 } = self;
        Corners { x1: x1 * SMALLER, y1: y1 * SMALLER, x2: x2 * SMALLER, y2: y2 * SMALLER }
    }

    /// Generalised intersection over union, −1 to 1: what the enclosing box holds beside both is taken off.
    ///
    /// # Source
    /// Rezatofighi et al., Generalized Intersection over Union, 2019.
    pub fn giou(self, other: Corners) -> f64 {
        let overlap = self.overlap(other);
        let union = self.area() + other.area() - overlap;
        let hull = Corners {
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
            x2: self.x2.max(other.x2),
            y2: self.y2.max(other.y2),
        };
        if !hull.area().is_finite() || !union.is_finite() {
            return self.smaller().giou(other.smaller());
        }
        over(overlap, union) - over(hull.area() - union, hull.area())
    }

    /// The middle.
    pub fn centre(self) -> [f64; 2] {
        [f64::midpoint(self.x1, self.x2), f64::midpoint(self.y1, self.y2)]
    }

    /// Whether a point lies in it, edges included.
    pub fn holds(self, [x, y]: [f64; 2]) -> bool {
        self.x1 <= x && x <= self.x2 && self.y1 <= y && y <= self.y2
    }

    /// `[x1, y1, x2, y2]`, the same in a text, `{x1, y1, x2, y2}` or `{xmin, ymin, xmax, ymax}` or `{left, top, width, height}`; reversed corners are none.
    pub(crate) fn of(datum: &Datum) -> Option<Corners> {
        let four = |numbers: &[f64]| match *numbers {
            [x1, y1, x2, y2] if x1 <= x2 && y1 <= y2 && x2.is_finite() && y2.is_finite() => {
                Some(Corners { x1, y1, x2, y2 })
            }
            _ => None,
        };
        match datum {
            Datum::List(_) => four(&datum.list_of_numbers()?),
            Datum::Text(text) => four(&crate::extract::bracketed(text, 4)?),
            Datum::Record(_) => {
                let all = |names: [&str; 4]| -> Option<Vec<f64>> {
                    names.iter().map(|name| datum.field(name)?.number()).collect()
                };
                let named = [["x1", "y1", "x2", "y2"], ["xmin", "ymin", "xmax", "ymax"]];
                if let Some(corners) = named.into_iter().find_map(all) {
                    return four(&corners);
                }
                let [left, top, width, height] = all(["left", "top", "width", "height"])?[..] else {
                    return None;
                };
                four(&[left, top, left + width, top + height])
            }
            _ => None,
        }
    }
}

impl From<BoxPx> for Corners {
    fn from(b: BoxPx) -> Corners {
        Corners { x1: b.left, y1: b.top, x2: b.right(), y2: b.bottom() }
    }
}

/// A mask: COCO's `{size: [height, width], counts: "…"}` with counts as text or as run lengths.
pub(crate) fn mask(datum: &Datum) -> Option<Mask> {
    let [height, width] = datum.field("size")?.list_of_numbers()?[..] else { return None };
    let side = |v: f64| (v >= 0.0 && v <= f64::from(u16::MAX) && v.fract() == 0.0).then_some(v as u32);
    let (width, height) = (side(width)?, side(height)?);
    match datum.field("counts")? {
        Datum::Text(counts) => Mask::from_coco(width, height, counts).ok(),
        counts => {
            let whole =
                |v: f64| (v >= 0.0 && v <= f64::from(u32::MAX) && v.fract() == 0.0).then_some(v as u32);
            let runs = counts.list_of_numbers()?.into_iter().map(whole).collect::<Option<Vec<u32>>>()?;
            Mask::from_counts(width, height, runs).ok()
        }
    }
}

/// One mask, or a list of them, picture by picture; a picture without one is none.
pub(crate) fn masks(datum: &Datum) -> Option<Vec<Option<Mask>>> {
    match datum {
        Datum::List(items) => items
            .iter()
            .map(|item| match item {
                Datum::Record(fields) if fields.is_empty() => Some(None),
                item => mask(item).map(Some),
            })
            .collect(),
        one => mask(one).map(|one| vec![Some(one)]),
    }
}

/// Boxes by time or picture: `{"12.5": box}`, `{"12.5": [box, box]}`, or a list of `{frame | time, box}` or of boxes with a time beside their corners. The keys are the bits of the
/// number, which for times of at least 0 stand in their order.
pub(crate) fn over_time(datum: &Datum) -> Option<BTreeMap<u64, Vec<Corners>>> {
    const KEYS: [&str; 6] = ["time", "timestamp", "t", "t_s", "frame", "frame_index"];
    const BOXES: [&str; 4] = ["box", "boxes", "bbox", "bboxes"];
    let mut tube: BTreeMap<u64, Vec<Corners>> = BTreeMap::new();
    let mut add = |key: f64, boxes: &Datum| {
        let boxes = match boxes {
            Datum::List(items) if items.iter().all(|item| item.number().is_none()) => {
                items.iter().map(Corners::of).collect::<Option<Vec<_>>>()?
            }
            one => vec![Corners::of(one)?],
        };
        // 0 and −0 are one time
        tube.entry((key + 0.0).to_bits()).or_default().extend(boxes);
        Some(())
    };
    match datum {
        Datum::Record(fields) => {
            for (key, boxes) in fields {
                add(key.trim().trim_end_matches('s').parse().ok().filter(|t: &f64| t.is_finite())?, boxes)?;
            }
        }
        Datum::List(items) => {
            for item in items {
                let key = KEYS.iter().find_map(|name| item.field(name))?.number()?;
                add(key, BOXES.iter().find_map(|name| item.field(name)).unwrap_or(item))?;
            }
        }
        _ => return None,
    }
    Some(tube)
}

/// A quotient; 0 where there is nothing to divide by, or more than numbers hold.
fn over(part: f64, whole: f64) -> f64 {
    if whole > 0.0 && whole.is_finite() { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }

    #[test]
    fn intervals_overlap_as_the_worked_vectors_say() {
        let of = |start, end| Interval::new(start, end).expect("in order");
        let (p, g) = (of(12.0, 24.0), of(10.0, 20.0));
        close(p.iou(g), 0.571429);
        close(p.inside(g), 0.666667);
        close(of(0.0, 5.0).signed_hull(g), -0.25);
        assert_eq!(
            (of(15.0, 15.0).iou(g), of(15.0, 15.0).inside(g), of(20.1, 20.1).inside(g)),
            (0.0, 1.0, 0.0)
        );
        assert_eq!(Interval::new(2.0, 1.0), None);
        close(interval_sets_iou(&[of(0.0, 4.0), of(3.0, 6.0)], &[of(0.0, 3.0)]), 0.5);
        assert_eq!((interval_sets_iou(&[], &[]), interval_sets_iou(&[p], &[])), (1.0, 0.0));
    }

    #[test]
    fn boxes_overlap_as_the_worked_vectors_say() {
        let of = |x1, y1, x2, y2| Corners { x1, y1, x2, y2 };
        let (a, b) = (of(0.1, 0.1, 0.5, 0.5), of(0.3, 0.3, 0.7, 0.7));
        close(a.iou(b), 0.142857);
        close(a.giou(b), -0.079365);
        // areas beyond all numbers
        let vast = of(0.0, 0.0, 1e308, 1e308);
        assert_eq!((vast.iou(vast), vast.giou(vast)), (1.0, 1.0));
        assert_eq!((a.iou(a), of(0.0, 0.0, 0.0, 1.0).iou(of(0.0, 0.0, 0.0, 1.0))), (1.0, 0.0));
    }

    #[test]
    fn shapes_are_read_from_lists_records_and_texts() {
        let text = |t: &str| Datum::text(t);
        assert_eq!(Interval::of(&text("from 3.5 s to 7 s")), Interval::new(3.5, 7.0));
        assert_eq!(Interval::of(&Datum::numbers(&[3.0, 2.0])), None);
        let b = Some(Corners { x1: 1.0, y1: 2.0, x2: 3.0, y2: 4.0 });
        assert_eq!(Corners::of(&text("the box is [1, 2, 3.0, 4]")), b);
        let record = [("left", 1.0), ("top", 2.0), ("width", 2.0), ("height", 2.0)];
        assert_eq!(Corners::of(&Datum::record(record.map(|(k, v)| (k, Datum::Number(v))))), b);
        let rle = Datum::record([
            ("size", Datum::numbers(&[1.0, 4.0])),
            ("counts", Datum::numbers(&[1.0, 2.0, 1.0])),
        ]);
        assert_eq!(mask(&rle).map(|m| m.area()), Some(2));
    }
}
