//! Boxes followed from picture to picture by the corners within them.
//!
//! Corners (Shi and Tomasi, *Good Features to Track*, CVPR 1994) go by pyramidal optical flow (Lucas and Kanade; Bouguet, Intel 2001) to the
//! next picture and back; those that do not come back are left out (Kalal, Mikolajczyk and Matas, *Forward-Backward Error*, ICPR 2010). The
//! box moves by their median step and grows by the median ratio of their distances, as in the same authors' Median Flow.

use chronotope_world::BoxPx;
use opencv::core::{Mat, Point2f, Rect, Size, TermCriteria, TermCriteria_Type, Vector, no_array};
use opencv::prelude::*;
use opencv::{imgproc, video};
use std::collections::BTreeMap;

/// Follows boxes in grey pictures of one size, one call a picture.
pub(super) struct Follower {
    width: i32,
    height: i32,
    before: Option<Mat>,
    points: BTreeMap<u64, Corners>,
}

/// What is to be followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) thing: u64,
    /// Where it is in the last picture, in pixels of the grey pictures.
    pub(super) box_px: BoxPx,
    /// Counts up when the box was set anew.
    pub(super) version: u32,
}

struct Corners {
    version: u32,
    at: Vec<Point2f>,
}

/// Corners of a thing: enough that a median outvotes what does not belong to it.
const MOST: i32 = 30;
/// With fewer left new ones are sought; with fewer than `FEWEST` found the thing is lost.
const FEW: usize = 8;
const FEWEST: usize = 3;
/// A corner that comes back further away than this was not followed, in pixels.
const BACK_PX: f32 = 1.0;
/// Part of a box's sides by which corners are also sought around it: smooth things have theirs on the rim.
const RIM: f64 = 0.06;
const WINDOW: i32 = 15;
const LEVELS: i32 = 3;

impl Follower {
    pub(super) fn new(width: u32, height: u32) -> Follower {
        Follower { width: width as i32, height: height as i32, before: None, points: BTreeMap::new() }
    }

    /// Takes the next picture: where each of the places has gone; none for one that was lost. `places` were true in the picture before.
    ///
    /// # Errors
    /// OpenCV's own, which a picture of the right size does not cause.
    pub(super) fn push(
        &mut self,
        grey: &[u8],
        places: &[Place],
    ) -> opencv::Result<Vec<(u64, Option<BoxPx>)>> {
        let now = Mat::new_rows_cols_with_data(self.height, self.width, grey)?.try_clone()?;
        let Some(before) = self.before.replace(now.try_clone()?) else {
            return Ok(places.iter().map(|place| (place.thing, None)).collect());
        };
        self.points.retain(|thing, _| places.iter().any(|place| place.thing == *thing));
        let mut from = Vector::<Point2f>::new();
        for place in places {
            let known = self.points.get(&place.thing);
            let fresh = known.is_none_or(|c| c.version != place.version || c.at.len() < FEW);
            if fresh {
                let at = self.corners(&before, place.box_px)?;
                self.points.insert(place.thing, Corners { version: place.version, at });
            }
            from.extend(self.points[&place.thing].at.iter().copied());
        }
        if from.is_empty() {
            return Ok(places.iter().map(|place| (place.thing, None)).collect());
        }
        let (to, found) = flow(&before, &now, &from)?;
        let (back, returned) = flow(&now, &before, &to)?;
        let mut at = 0;
        let mut out = Vec::with_capacity(places.len());
        for place in places {
            let corners = self.points.entry(place.thing).or_insert(Corners { version: 0, at: Vec::new() });
            let mut kept = Vec::new();
            for i in at..at + corners.at.len() {
                let (p, q, r) = (from.get(i)?, to.get(i)?, back.get(i)?);
                let inside = q.x >= 0.0 && q.y >= 0.0 && q.x < self.width as f32 && q.y < self.height as f32;
                let came_back = (p.x - r.x).abs().max((p.y - r.y).abs()) <= BACK_PX;
                if found.get(i)? != 0 && returned.get(i)? != 0 && inside && came_back {
                    kept.push((p, q));
                }
            }
            at += corners.at.len();
            let moved = step(&mut kept, place.box_px);
            corners.at = kept.into_iter().map(|(_, q)| q).collect();
            out.push((place.thing, moved));
        }
        Ok(out)
    }

    /// Corners within a box and on its rim.
    fn corners(&self, grey: &Mat, b: BoxPx) -> opencv::Result<Vec<Point2f>> {
        let (rim_x, rim_y) = ((b.width * RIM).max(2.0), (b.height * RIM).max(2.0));
        let clamp = |v: f64, most: i32| (v.round() as i32).clamp(0, most);
        let (left, right) = (clamp(b.left - rim_x, self.width), clamp(b.right() + rim_x, self.width));
        let (top, bottom) = (clamp(b.top - rim_y, self.height), clamp(b.bottom() + rim_y, self.height));
        if right - left < 3 || bottom - top < 3 {
            return Ok(Vec::new());
        }
        let part = Mat::roi(grey, Rect::new(left, top, right - left, bottom - top))?;
        let mut found = Vector::<Point2f>::new();
        let apart = (f64::from((right - left).min(bottom - top)) / 12.0).max(2.0);
        imgproc::good_features_to_track(&part, &mut found, MOST, 0.01, apart, &no_array(), 3, false, 0.04)?;
        Ok(found.iter().map(|p| Point2f::new(p.x + left as f32, p.y + top as f32)).collect())
    }
}

fn flow(from: &Mat, to: &Mat, points: &Vector<Point2f>) -> opencv::Result<(Vector<Point2f>, Vector<u8>)> {
    let (mut moved, mut status, mut error) = (Vector::new(), Vector::new(), Vector::<f32>::new());
    let criteria =
        TermCriteria::new(TermCriteria_Type::COUNT as i32 | TermCriteria_Type::EPS as i32, 20, 0.03)?;
    let window = Size::new(WINDOW, WINDOW);
    video::calc_optical_flow_pyr_lk(
        from,
        to,
        points,
        &mut moved,
        &mut status,
        &mut error,
        window,
        LEVELS,
        criteria,
        0,
        1e-4,
    )?;
    Ok((moved, status))
}

/// Where a box goes with its corners; none with too few of them. Corners that go elsewhere are left out.
fn step(kept: &mut Vec<(Point2f, Point2f)>, b: BoxPx) -> Option<BoxPx> {
    if kept.len() < FEWEST {
        return None;
    }
    let steps =
        |f: fn(&(Point2f, Point2f)) -> f32| median(kept.iter().map(|pair| f64::from(f(pair))).collect());
    let (dx, dy) = (steps(|(p, q)| q.x - p.x), steps(|(p, q)| q.y - p.y));
    let off = |(p, q): &(Point2f, Point2f)| {
        (f64::from(q.x - p.x) - dx).abs().max((f64::from(q.y - p.y) - dy).abs())
    };
    let spread = median(kept.iter().map(off).collect());
    // what grows or turns spreads; what stays behind is far from the median
    kept.retain(|pair| off(pair) <= 3.0 * spread + 1.5);
    let mut ratios = Vec::new();
    for (i, (p, q)) in kept.iter().enumerate() {
        for (r, s) in &kept[i + 1..] {
            let was = libm::hypot(f64::from(p.x - r.x), f64::from(p.y - r.y));
            if was >= 4.0 {
                ratios.push(libm::hypot(f64::from(q.x - s.x), f64::from(q.y - s.y)) / was);
            }
        }
    }
    // a few ratios are noise: then it keeps its size
    let grow = if ratios.len() >= 6 { median(ratios).clamp(0.9, 1.1) } else { 1.0 };
    let [cx, cy] = b.centre();
    let (width, height) = (b.width * grow, b.height * grow);
    // it grows about the middle of its corners, not of the box
    let n = kept.len() as f64;
    let mx = kept.iter().map(|(p, _)| f64::from(p.x)).sum::<f64>() / n;
    let my = kept.iter().map(|(p, _)| f64::from(p.y)).sum::<f64>() / n;
    let (cx, cy) = (mx + (cx - mx) * grow + dx, my + (cy - my) * grow + dy);
    BoxPx::new(cx - width / 2.0, cy - height / 2.0, width, height)
}

fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() {
        return 0.0;
    }
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise, with a square of other noise at this place.
    fn picture(left: i32, top: i32, side: i32) -> Vec<u8> {
        let noise = |x: i32, y: i32| {
            ((x.wrapping_mul(7919) ^ y.wrapping_mul(104_729)).wrapping_mul(40_503) >> 7) as u8
        };
        let mut out = Vec::new();
        for y in 0..120 {
            for x in 0..160 {
                let (u, v) = (x - left, y - top);
                let on = (0..side).contains(&u) && (0..side).contains(&v);
                out.push(if on { noise(u * 24 / side / 3 + 500, v * 24 / side / 3) } else { 100 });
            }
        }
        out
    }

    #[test]
    fn a_square_is_followed_and_grows() {
        let mut follower = Follower::new(160, 120);
        let mut b = BoxPx::new(20.0, 30.0, 24.0, 24.0).expect("finite");
        follower.push(&picture(20, 30, 24), &[]).expect("a picture");
        for k in 1..=20 {
            let place = Place { thing: 1, box_px: b, version: 0 };
            let moved = follower.push(&picture(20 + 3 * k, 30 + k, 24), &[place]).expect("a picture");
            b = moved[0].1.expect("not lost");
        }
        let truth = BoxPx::new(80.0, 50.0, 24.0, 24.0).expect("finite");
        assert!(b.iou(truth) > 0.8, "{b:?}");
    }

    #[test]
    fn what_vanishes_is_lost() {
        let mut follower = Follower::new(160, 120);
        let b = BoxPx::new(20.0, 30.0, 24.0, 24.0).expect("finite");
        follower.push(&picture(20, 30, 24), &[]).expect("a picture");
        let place = Place { thing: 1, box_px: b, version: 0 };
        let moved = follower.push(&vec![100; 160 * 120], &[place]).expect("a picture");
        assert_eq!(moved, [(1, None)]);
    }
}
