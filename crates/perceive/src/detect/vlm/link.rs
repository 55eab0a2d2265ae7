//! Which boxes of asked pictures are one thing: those that flow leads to one another.

use super::follow::Place;
use super::{LookedBox, inside};
use crate::detect::Detection;
use crate::track::assign::assign_rows;
use chronotope_world::{BoxPx, Time};
use std::collections::BTreeMap;

/// Things over asked pictures.
#[derive(Default)]
pub(super) struct Linker {
    open: Vec<Thing>,
    closed: Vec<Thing>,
    n_things: u64,
}

struct Thing {
    id: u64,
    label: String,
    /// Where it is now, in pixels of the source.
    box_px: BoxPx,
    /// It could not be followed since it was seen last; its box is where it was then.
    lost: bool,
    version: u32,
    seen: Vec<Seen>,
    /// Boxes since it was seen last, by flow.
    pending: Vec<(Time, u32, BoxPx)>,
    /// Boxes between sightings.
    between: Vec<(u32, BoxPx)>,
    /// Asked pictures in a row in which it should have been seen.
    misses: u32,
    /// It should have been seen again right after its first sighting, and was not.
    doubted: bool,
}

struct Seen {
    t: Time,
    frame_index: u32,
    box_px: BoxPx,
    score: Option<f64>,
    /// Overlap with where it was expected; none for the first.
    similarity: Option<f32>,
}

/// A box is where a thing was expected if they overlap by so much (intersection over union).
const SAME_IOU: f64 = 0.2;
/// The same where it could not be followed: it is expected where it was.
const SAME_PLACE_IOU: f64 = 0.4;
/// Not seen so often in a row where it should be, a thing is gone.
const MOST_MISSES: u32 = 2;
/// A thing of which less is in the picture has left it; of which more is should be seen.
const GONE_SHARE: f64 = 0.2;
const SEEN_SHARE: f64 = 0.5;

impl Linker {
    /// What is to be followed, in pixels scaled by this.
    pub(super) fn places(&self, [sx, sy]: [f64; 2]) -> Vec<Place> {
        let followed = self.open.iter().filter(|thing| !thing.lost);
        followed
            .map(|thing| Place {
                thing: thing.id,
                box_px: thing.box_px.scaled(sx, sy),
                version: thing.version,
            })
            .collect()
    }

    /// Takes where the places have gone.
    pub(super) fn moved(
        &mut self,
        t: Time,
        frame_index: u32,
        moved: &[(u64, Option<BoxPx>)],
        [sx, sy]: [f64; 2],
        picture_px: [u32; 2],
    ) {
        for (id, place) in moved {
            let Some(thing) = self.open.iter_mut().find(|thing| thing.id == *id) else { continue };
            match place.map(|b| b.scaled(1.0 / sx, 1.0 / sy)) {
                Some(b) => {
                    thing.box_px = b;
                    thing.pending.push((t, frame_index, b));
                }
                None => thing.lost = true,
            }
        }
        self.close(|thing| inside(thing.box_px, picture_px).1 < GONE_SHARE);
    }

    /// Takes what an asked picture shows.
    pub(super) fn seen(&mut self, t: Time, frame_index: u32, found: &[Detection], picture_px: [u32; 2]) {
        let mut free = vec![true; found.len()];
        for (thing, i, iou) in self.pairs(found, picture_px) {
            free[i] = false;
            self.open[thing].seen_again(t, frame_index, &found[i], iou);
        }
        for thing in self.open.iter_mut().filter(|thing| thing.seen.last().is_some_and(|s| s.t < t)) {
            if inside(thing.box_px, picture_px).1 >= SEEN_SHARE {
                thing.misses += 1;
                thing.doubted |= thing.seen.len() == 1;
            }
        }
        self.close(|thing| thing.misses >= MOST_MISSES);
        for (detection, _) in found.iter().zip(free).filter(|(_, free)| *free) {
            self.n_things += 1;
            let Detection { box_px, score, label } = detection.clone();
            self.open.push(Thing {
                id: self.n_things,
                label,
                box_px,
                lost: false,
                version: 0,
                seen: vec![Seen { t, frame_index, box_px, score, similarity: None }],
                pending: Vec::new(),
                between: Vec::new(),
                misses: 0,
                doubted: false,
            });
        }
    }

    /// Open things and detections that are the same, with their overlap: the pairing whose overlaps sum to most.
    fn pairs(&self, found: &[Detection], picture_px: [u32; 2]) -> Vec<(usize, usize, f64)> {
        let fit = |thing: &Thing, detection: &Detection| -> f64 {
            let expected = inside(thing.box_px, picture_px).0.unwrap_or(thing.box_px);
            let iou = expected.iou(detection.box_px);
            let enough = if thing.lost { SAME_PLACE_IOU } else { SAME_IOU };
            if thing.label == detection.label && iou >= enough { iou } else { 0.0 }
        };
        let (n, m) = (self.open.len(), found.len());
        if n == 0 || m == 0 {
            return Vec::new();
        }
        // rows are the fewer ones
        let turned = n > m;
        let (rows, cols) = if turned { (m, n) } else { (n, m) };
        let of = |row: usize, col: usize| if turned { (col, row) } else { (row, col) };
        let mut cost = Vec::with_capacity(rows * cols);
        for row in 0..rows {
            for col in 0..cols {
                let (thing, i) = of(row, col);
                cost.push(-fit(&self.open[thing], &found[i]));
            }
        }
        let assigned = assign_rows(&cost, rows, cols);
        let pairs = assigned.iter().enumerate().map(|(row, &col)| {
            let (thing, i) = of(row, col as usize);
            (thing, i, -cost[row * cols + col as usize])
        });
        pairs.filter(|pair| pair.2 > 0.0).collect()
    }

    /// All that is open ends here: another shot begins.
    pub(super) fn close_all(&mut self) {
        self.close(|_| true);
    }

    fn close(&mut self, ends: impl Fn(&Thing) -> bool) {
        let (gone, open) = std::mem::take(&mut self.open).into_iter().partition(|thing| ends(thing));
        self.open = open;
        self.closed.extend::<Vec<Thing>>(gone);
    }

    /// All boxes with the number of their picture, and how many things are doubted. `scores`: what a name's boxes are worth where they were
    /// not checked themselves.
    pub(super) fn finish(mut self, scores: &BTreeMap<String, f64>) -> (Vec<(u32, LookedBox)>, u32) {
        self.close_all();
        self.closed.sort_by_key(|thing| thing.id);
        let (mut out, mut n_doubted) = (Vec::new(), 0);
        for thing in self.closed {
            let confirmed = thing.seen.len() > 1 || !thing.doubted;
            n_doubted += u32::from(!confirmed);
            let usual = scores.get(&thing.label).copied();
            let boxed = |box_px, score: Option<f64>, followed, similarity| LookedBox {
                detection: Detection { box_px, score: score.or(usual), label: thing.label.clone() },
                thing: thing.id,
                confirmed,
                followed,
                similarity,
            };
            out.extend(
                thing.seen.iter().map(|s| (s.frame_index, boxed(s.box_px, s.score, false, s.similarity))),
            );
            out.extend(thing.between.iter().map(|(n, b)| (*n, boxed(*b, None, true, None))));
        }
        (out, n_doubted)
    }
}

impl Thing {
    /// It is where flow led, nearly: the boxes since its last sighting are bent to end here.
    fn seen_again(&mut self, t: Time, frame_index: u32, detection: &Detection, iou: f64) {
        let pending = std::mem::take(&mut self.pending);
        if let Some(start) = self.seen.last().map(|s| s.t) {
            let here = detection.box_px;
            let led = self.box_px;
            let whole = (t - start).max(1) as f64;
            for (at, n, b) in pending.into_iter().filter(|(_, n, _)| *n < frame_index) {
                // what was lost on the way is not known to err evenly
                let u = if self.lost { 0.0 } else { (at - start) as f64 / whole };
                let bent = BoxPx::new(
                    b.left + u * (here.left - led.left),
                    b.top + u * (here.top - led.top),
                    (b.width + u * (here.width - led.width)).max(1.0),
                    (b.height + u * (here.height - led.height)).max(1.0),
                );
                self.between.extend(bent.map(|b| (n, b)));
            }
        }
        self.seen.push(Seen {
            t,
            frame_index,
            box_px: detection.box_px,
            score: detection.score,
            similarity: Some(iou as f32),
        });
        self.box_px = detection.box_px;
        self.lost = false;
        self.version += 1;
        self.misses = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: [u32; 2] = [400, 300];

    fn cup(left: f64) -> Detection {
        Detection {
            box_px: BoxPx::new(left, 50.0, 40.0, 40.0).expect("finite"),
            score: None,
            label: "cup".into(),
        }
    }

    /// Asked at every fifth picture; flow leads every box 2 pixels to the right a picture, 1.8 in truth.
    fn linked(shows: impl Fn(u32) -> Vec<Detection>) -> (Vec<(u32, LookedBox)>, u32) {
        let mut linker = Linker::default();
        for n in 0..=20u32 {
            let t = Time(i64::from(n) * 100_000_000);
            let moved: Vec<_> = linker
                .places([1.0, 1.0])
                .iter()
                .map(|p| (p.thing, BoxPx::new(p.box_px.left + 2.0, 50.0, 40.0, 40.0)))
                .collect();
            linker.moved(t, n, &moved, [1.0, 1.0], PICTURE);
            if n % 5 == 0 {
                linker.seen(t, n, &shows(n), PICTURE);
            }
        }
        linker.finish(&BTreeMap::from([("cup".to_owned(), 0.75)]))
    }

    #[test]
    fn a_thing_is_one_between_its_sightings_and_ends_with_the_last() {
        let (boxes, doubted) =
            linked(|n| if n <= 15 { vec![cup(100.0 + 1.8 * f64::from(n))] } else { vec![] });
        let mut frames: Vec<u32> = boxes.iter().map(|(n, _)| *n).collect();
        frames.sort_unstable();
        assert_eq!((frames, doubted), ((0..=15).collect(), 0));
        assert!(boxes.iter().all(|(_, b)| b.thing == 1 && b.confirmed && b.detection.score == Some(0.75)));
        for (n, b) in boxes {
            assert_eq!(b.followed, n % 5 != 0);
            let truth = 100.0 + 1.8 * f64::from(n);
            assert!((b.detection.box_px.left - truth).abs() < 1e-6, "{n}: {:?}", b.detection.box_px);
        }
    }

    #[test]
    fn one_miss_is_bridged_and_two_are_not() {
        let missed = |gaps: &'static [u32]| {
            let (boxes, _) =
                linked(|n| if gaps.contains(&n) { vec![] } else { vec![cup(100.0 + 2.0 * f64::from(n))] });
            boxes.iter().map(|(_, b)| b.thing).max()
        };
        assert_eq!((missed(&[10]), missed(&[5, 10])), (Some(1), Some(2)));
    }

    #[test]
    fn what_is_seen_once_and_not_where_it_should_be_is_doubted() {
        let (boxes, doubted) = linked(|n| if n == 5 { vec![cup(100.0)] } else { vec![] });
        assert!(boxes.len() == 1 && !boxes[0].1.confirmed && doubted == 1, "{boxes:?}");
        // the last picture leaves no chance to doubt
        let (boxes, doubted) = linked(|n| if n == 20 { vec![cup(100.0)] } else { vec![] });
        assert!(boxes[0].1.confirmed && doubted == 0);
    }

    #[test]
    fn two_alike_are_paired_by_place() {
        let (boxes, _) = linked(|n| {
            let at = 2.0 * f64::from(n);
            if n % 2 == 0 {
                vec![cup(100.0 + at), cup(125.0 + at)]
            } else {
                vec![cup(125.0 + at), cup(100.0 + at)]
            }
        });
        assert!(boxes.iter().all(|(n, b)| {
            let left = b.detection.box_px.left - 2.0 * f64::from(*n);
            (b.thing == 1) == (left < 110.0)
        }));
        assert_eq!(boxes.len(), 42);
    }
}
