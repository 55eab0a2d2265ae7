//! Average precision of detections, as COCO measures it.

use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use crate::error::Error;
use crate::metric::sums::{poisson, split_mix};
use crate::objects::{Object, Region};
use crate::report::{Group, Interval, Left, Mark, Report};
use crate::row::Row;
use chronotope_world::catalogue::Entry;
use chronotope_world::{BoxPx, Mask};
use std::collections::BTreeMap;
use std::sync::Arc;

/// COCO's average precision and recall of detected objects, by boxes or by masks.
///
/// A row is a picture; its truth and prediction are [`Datum::Objects`]. Rows come in the order of their picture ids: detections of
/// equal score count in that order. `AP` is the mean over ten overlaps (0.50, 0.55 … 0.95), 101 recalls and all categories that have
/// a truth; `AP50` and `AP75` stand at one overlap; `APs`, `APm`, `APl` are those of areas up to 32², 96² and beyond; `AR@1`, `AR@10`,
/// `AR@100` are the mean recalls with that many detections a picture and category, `ARs`, `ARm`, `ARl` those by area. A category's own values
/// stand under its name, with the number of its truths as `n`. Of each picture and category the 100 detections with the highest scores
/// count. A crowd takes any number of detections, which then count as neither right nor wrong, and its overlap is the share of the
/// detection that it covers. A value that no truth was seen for is absent; the source prints −1.
///
/// # Source
/// Lin et al., Microsoft COCO, ECCV 2014; equal to `COCOeval` of pycocotools 2.0.11 to 1e-9, but for a truth of id 0, whose match the
/// source counts as none: here its id does not matter.
#[derive(Clone, Copy, Debug)]
pub struct CocoAp {
    name: &'static str,
    about: &'static str,
    example: &'static str,
    masks: bool,
}

impl CocoAp {
    /// By boxes.
    pub const BOX: CocoAp = CocoAp {
        name: "coco-ap",
        about: "COCO's average precision and recall of detected boxes, by category and size",
        example: "chronotope score coco-ap --truth instances.json --pred results.json",
        masks: false,
    };
    /// By masks.
    pub const MASK: CocoAp = CocoAp {
        name: "coco-ap-mask",
        about: "COCO's average precision and recall of detected masks, by category and size",
        example: "chronotope score coco-ap-mask --truth instances.json --pred results.json",
        masks: true,
    };
}

/// Overlaps at which a detection is right: 0.50, 0.55 … 0.95, as NumPy counts them up.
const THRESHOLDS: usize = 10;

/// Recalls at which precision is read: 0, 0.01 … 1.
const RECALLS: usize = 101;

/// Smallest and largest areas in square pixels, ends included: all, small, medium, large.
const AREAS: [(f64, f64); 4] = [(0.0, 1e10), (0.0, 1024.0), (1024.0, 9216.0), (9216.0, 1e10)];

/// Detections of a picture and category that count.
const MOST: [usize; 3] = [1, 10, 100];

impl Metric for CocoAp {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: self.name,
            about: self.about,
            source: "score/src/metric/coco_ap.rs",
            paper: Some("Lin et al., Microsoft COCO: Common Objects in Context, ECCV 2014"),
            example: self.example,
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Counting {
            metric: *self,
            n: 0,
            categories: BTreeMap::new(),
            unparsable: Left::default(),
            seed: None,
        })
    }

    fn takes(&self) -> Takes {
        Takes::Objects { masks: self.masks }
    }
}

struct Counting {
    metric: CocoAp,
    n: u64,
    categories: BTreeMap<Arc<str>, Category>,
    unparsable: Left,
    /// Seed of the resampled pictures.
    seed: Option<u64>,
}

/// What was seen of a category.
#[derive(Default)]
struct Category {
    truths: u64,
    /// Truths that have to be found, by area.
    wanted: [u64; AREAS.len()],
    /// Pictures with truths of any size that have to be found, and how many.
    wanted_in: Vec<(u32, u32)>,
    found: Vec<Found>,
}

/// A detection after matching; a bit a threshold.
struct Found {
    score: f64,
    /// Its place among those of its picture and category, the highest score first.
    rank: u32,
    /// The picture's number in the order of rows.
    picture: u32,
    matched: [u16; AREAS.len()],
    ignored: [u16; AREAS.len()],
}

impl Tally for Counting {
    fn add(&mut self, row: &Row<'_>) -> Result<Mark, Error> {
        let fault = || Error::Truth {
            metric: self.metric.name,
            id: row.id.to_owned(),
            expected: if self.metric.masks { "objects with masks" } else { "objects with boxes" },
            found: row.truth.to_string(),
        };
        let fits = |objects: &[Object]| {
            objects.iter().all(|object| matches!(object.region, Region::Mask(_)) == self.metric.masks)
        };
        let Datum::Objects(truth) = row.truth else { return Err(fault()) };
        if !fits(truth) {
            return Err(fault());
        }
        let (said, mark): (&[Object], Mark) = match row.prediction {
            Some(Datum::Objects(said)) if fits(said) => (said, Mark::Counted),
            Some(_) => (&[], Mark::Unparsable),
            None => (&[], Mark::Counted),
        };
        if mark == Mark::Unparsable {
            self.unparsable.add(row.id);
        }
        // pictures beyond numbers share one in the resamples
        let picture = u32::try_from(self.n).unwrap_or(u32::MAX);
        self.n += 1;
        let mut by_category: BTreeMap<&Arc<str>, (Vec<&Object>, Vec<&Object>)> = BTreeMap::new();
        for object in truth.iter() {
            by_category.entry(&object.category).or_default().0.push(object);
        }
        for object in said {
            by_category.entry(&object.category).or_default().1.push(object);
        }
        for (name, (truth, said)) in by_category {
            self.categories.entry(name.clone()).or_default().add(&truth, said, picture);
        }
        Ok(mark)
    }

    fn resample(&mut self, seed: u64) {
        self.seed = Some(seed);
    }

    fn finish(self: Box<Self>) -> Report {
        let (seed, n) = (self.seed, self.n);
        let mut categories = Vec::new();
        let mut report = Report {
            metric: self.metric.name.to_owned(),
            headline: "AP".to_owned(),
            n: self.n,
            unparsable: self.unparsable,
            ..Report::default()
        };
        let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for (name, mut category) in self.categories {
            let values = category.values();
            for (name, value) in &values {
                let (sum, n) = sums.entry(name).or_default();
                (*sum, *n) = (*sum + value, *n + 1.0);
            }
            let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            report.by_group.insert(name.to_string(), Group { values, n: category.truths });
            categories.push(category);
        }
        report.interval = seed.and_then(|seed| interval(&categories, n, seed));
        report.overall = sums.into_iter().map(|(name, (sum, n))| (name.to_owned(), sum / n)).collect();
        report
    }
}

impl Category {
    /// Matches the detections of one picture.
    fn add(&mut self, truth: &[&Object], mut said: Vec<&Object>, picture: u32) {
        self.truths += truth.len() as u64;
        // 0 and −0 are one score; equal ones keep their order
        said.sort_by(|a, b| (b.score + 0.0).total_cmp(&(a.score + 0.0)));
        said.truncate(MOST[2]);
        let (truths, detections): (Vec<_>, Vec<_>) = (
            truth.iter().map(|one| Shape::of(one)).collect(),
            said.iter().map(|one| Shape::of(one)).collect(),
        );
        let mut overlaps = Vec::with_capacity(truth.len() * said.len());
        for one in &detections {
            overlaps.extend(truths.iter().zip(truth).map(|(other, truth)| one.overlap(other, truth.crowd)));
        }
        let first = self.found.len();
        self.found.extend(said.iter().zip(0..).map(|(one, rank)| Found {
            score: one.score + 0.0,
            rank,
            picture,
            matched: [0; AREAS.len()],
            ignored: [0; AREAS.len()],
        }));
        for (area, &(least, most)) in AREAS.iter().enumerate() {
            let outside = |one: &Object| one.area_px < least || one.area_px > most;
            let ignored: Vec<bool> = truth.iter().map(|one| one.crowd || outside(one)).collect();
            let wanted = ignored.iter().filter(|ignored| !**ignored).count();
            self.wanted[area] += wanted as u64;
            if area == 0 && wanted > 0 {
                self.wanted_in.push((picture, u32::try_from(wanted).unwrap_or(u32::MAX)));
            }
            let mut order: Vec<usize> = (0..truth.len()).collect();
            order.sort_by_key(|&g| ignored[g]);
            for threshold in 0..THRESHOLDS {
                let mut taken = vec![false; truth.len()];
                for (d, one) in said.iter().enumerate() {
                    let of = &overlaps[d * truth.len()..(d + 1) * truth.len()];
                    let mut least = overlap_at(threshold).min(1.0 - 1e-10);
                    let mut best: Option<usize> = None;
                    for &g in &order {
                        if taken[g] && !truth[g].crowd {
                            continue;
                        }
                        // those that are not looked for stand last: nothing better comes
                        if best.is_some_and(|best| !ignored[best]) && ignored[g] {
                            break;
                        }
                        if of[g] >= least {
                            (least, best) = (of[g], Some(g));
                        }
                    }
                    let found = &mut self.found[first + d];
                    let bit = 1 << threshold;
                    if let Some(best) = best {
                        taken[best] = true;
                        found.matched[area] |= bit;
                    }
                    if best.map_or_else(|| outside(one), |best| ignored[best]) {
                        found.ignored[area] |= bit;
                    }
                }
            }
        }
    }

    fn values(&mut self) -> Vec<(&'static str, f64)> {
        self.found.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut values = Vec::new();
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        let names = [("AP", "AR@100"), ("APs", "ARs"), ("APm", "ARm"), ("APl", "ARl")];
        for (area, (precision, recall)) in names.into_iter().enumerate() {
            if self.wanted[area] == 0 {
                continue;
            }
            let (precisions, recalls): (Vec<f64>, Vec<f64>) =
                (0..THRESHOLDS).map(|threshold| self.curve(area, threshold)).unzip();
            values.extend([(precision, mean(&precisions)), (recall, mean(&recalls))]);
            if area == 0 {
                values.extend([("AP50", precisions[0]), ("AP75", precisions[5])]);
                values.extend([("AR@1", self.recall(MOST[0])), ("AR@10", self.recall(MOST[1]))]);
            }
        }
        values
    }

    /// Mean precision over the recalls, and the recall that is reached.
    fn curve(&self, area: usize, threshold: usize) -> (f64, f64) {
        let wanted = self.wanted[area] as f64;
        let bit = 1 << threshold;
        let (mut right, mut wrong) = (0.0, 0.0);
        let mut recalls = Vec::with_capacity(self.found.len());
        let mut precisions = Vec::with_capacity(self.found.len());
        for found in &self.found {
            if found.ignored[area] & bit == 0 {
                if found.matched[area] & bit != 0 { right += 1.0 } else { wrong += 1.0 }
            }
            recalls.push(right / wanted);
            precisions.push(right / (wrong + right + f64::EPSILON));
        }
        let mut highest: f64 = 0.0;
        for precision in precisions.iter_mut().rev() {
            highest = highest.max(*precision);
            *precision = highest;
        }
        let (mut at, mut sum) = (0, 0.0);
        for i in 0..RECALLS {
            let wanted = recall_at(i);
            at += recalls[at..].partition_point(|recall| *recall < wanted);
            let Some(precision) = precisions.get(at) else { break };
            sum += precision;
        }
        (sum / RECALLS as f64, recalls.last().copied().unwrap_or_default())
    }

    /// `AP` where each picture counts as often as its weight says; none where none of these pictures has a truth. Its detections stand in the order
    /// of their scores.
    fn weighted(&self, weights: &[u8], points: &mut Vec<(f64, f64)>) -> Option<f64> {
        let weight = |picture: u32| weights.get(picture as usize).copied().map_or(0.0, f64::from);
        let wanted: f64 = self.wanted_in.iter().map(|(picture, n)| weight(*picture) * f64::from(*n)).sum();
        if wanted == 0.0 {
            return None;
        }
        let mut sum = 0.0;
        for threshold in 0..THRESHOLDS {
            let bit = 1 << threshold;
            let (mut right, mut wrong) = (0.0, 0.0);
            points.clear();
            for found in self.found.iter().filter(|found| found.ignored[0] & bit == 0) {
                let weight = weight(found.picture);
                if found.matched[0] & bit == 0 {
                    wrong += weight;
                } else if weight > 0.0 {
                    right += weight;
                    points.push((right / wanted, right / (wrong + right + f64::EPSILON)));
                }
            }
            // from the highest recall down, each takes the best precision from there on
            let mut highest: f64 = 0.0;
            let mut recall = RECALLS;
            for (i, (_, precision)) in points.iter().enumerate().rev() {
                highest = highest.max(*precision);
                let below = if i == 0 { -1.0 } else { points[i - 1].0 };
                while recall > 0 && recall_at(recall - 1) > below {
                    recall -= 1;
                    sum += if recall_at(recall) <= points[i].0 { highest } else { 0.0 };
                }
            }
        }
        Some(sum / (RECALLS * THRESHOLDS) as f64)
    }

    /// Mean recall over the overlaps with so many detections a picture.
    fn recall(&self, most: usize) -> f64 {
        let counts = self.found.iter().filter(|found| (found.rank as usize) < most);
        let right: u32 = counts.map(|found| (found.matched[0] & !found.ignored[0]).count_ones()).sum();
        f64::from(right) / self.wanted[0] as f64 / THRESHOLDS as f64
    }
}

/// Copies of the sample of pictures that are drawn; as many as other measures draw of rows.
const RESAMPLES: u64 = 400;

/// The interval of `AP` when pictures are drawn again, each as often as a Poisson variable of mean 1 says; all that was found stays matched as it was. Linear in
/// the detections, and no memory but a byte a picture.
fn interval(categories: &[Category], n: u64, seed: u64) -> Option<Interval> {
    // a single picture says nothing about how pictures differ
    let n = usize::try_from(n).ok().filter(|n| *n > 1)?;
    let (mut weights, mut points, mut values) = (vec![0u8; n], Vec::new(), Vec::new());
    for copy in 0..RESAMPLES {
        let mut random = seed ^ copy.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for four in weights.chunks_mut(4) {
            let mut bits = split_mix(&mut random);
            for weight in four {
                *weight = poisson(bits as u16) as u8;
                bits >>= 16;
            }
        }
        let each: Vec<f64> =
            categories.iter().filter_map(|category| category.weighted(&weights, &mut points)).collect();
        if !each.is_empty() {
            values.push(each.iter().sum::<f64>() / each.len() as f64);
        }
    }
    values.sort_by(f64::total_cmp);
    let tail = values.len() / 40;
    let (low, high) = (*values.get(tail)?, *values.get(values.len() - 1 - tail)?);
    Some(Interval { low, high, level: 0.95, resamples: values.len() as u32 })
}

/// A recall at which precision is read.
fn recall_at(i: usize) -> f64 {
    if i == RECALLS - 1 { 1.0 } else { i as f64 * 0.01 }
}

/// Overlap of a threshold.
fn overlap_at(threshold: usize) -> f64 {
    if threshold == THRESHOLDS - 1 { 0.95 } else { threshold as f64 * ((0.95 - 0.5) / 9.0) + 0.5 }
}

/// A region with what is asked of it more than once.
struct Shape<'a> {
    hull: BoxPx,
    area: f64,
    mask: Option<&'a Mask>,
}

impl<'a> Shape<'a> {
    fn of(object: &'a Object) -> Shape<'a> {
        match &object.region {
            Region::Box(hull) => Shape { hull: *hull, area: hull.width * hull.height, mask: None },
            Region::Mask(mask) => {
                let nothing = BoxPx { left: 0.0, top: 0.0, width: 0.0, height: 0.0 };
                let hull = mask.box_px().unwrap_or(nothing);
                Shape { hull, area: mask.area() as f64, mask: Some(mask) }
            }
        }
    }

    /// Intersection over union with a truth; over the detection alone where the truth is a crowd.
    fn overlap(&self, truth: &Shape<'_>, crowd: bool) -> f64 {
        let (a, b) = (self.hull, truth.hull);
        let width = (a.width + a.left).min(b.width + b.left) - a.left.max(b.left);
        let height = (a.height + a.top).min(b.height + b.top) - a.top.max(b.top);
        if width <= 0.0 || height <= 0.0 {
            return 0.0;
        }
        let both = match (self.mask, truth.mask) {
            (Some(one), Some(other)) => set_in_both(one, other) as f64,
            _ => width * height,
        };
        let either = if crowd { self.area } else { self.area + truth.area - both };
        if both > 0.0 { both / either } else { 0.0 }
    }
}

/// Pixels set in both masks; 0 where their sizes differ.
fn set_in_both(a: &Mask, b: &Mask) -> u64 {
    if (a.width(), a.height()) != (b.width(), b.height()) {
        return 0;
    }
    let (a, b) = (a.counts(), b.counts());
    let (mut i, mut j, mut both) = (0, 0, 0);
    let (mut left, mut right) = (a.first().copied().unwrap_or(0), b.first().copied().unwrap_or(0));
    while i < a.len() && j < b.len() {
        let step = left.min(right);
        if i & j & 1 == 1 {
            both += u64::from(step);
        }
        (left, right) = (left - step, right - step);
        if left == 0 {
            i += 1;
            left = a.get(i).copied().unwrap_or(0);
        }
        if right == 0 {
            j += 1;
            right = b.get(j).copied().unwrap_or(0);
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(left: f64, score: f64, crowd: bool) -> Object {
        let hull = BoxPx::new(left, 0.0, 10.0, 10.0).expect("finite");
        Object { category: "cup".into(), region: Region::Box(hull), area_px: 100.0, crowd, score }
    }

    fn report(truth: Vec<Object>, said: Vec<Object>) -> Report {
        let (truth, said) = (Datum::Objects(Arc::new(truth)), Datum::Objects(Arc::new(said)));
        let mut tally = CocoAp::BOX.tally();
        tally.add(&Row { id: "1", group: "", truth: &truth, prediction: Some(&said) }).expect("boxes");
        tally.finish()
    }

    #[test]
    fn a_surer_wrong_detection_halves_the_precision() {
        let found =
            report(vec![object(0.0, 0.0, false)], vec![object(50.0, 0.9, false), object(0.0, 0.8, false)]);
        assert!((found.overall["AP"] - 0.5).abs() < 1e-9, "{found:?}");
        assert_eq!((found.overall["AR@1"], found.overall["AR@10"]), (0.0, 1.0));
        assert!(!found.overall.contains_key("APm"), "no truth of that size");
    }

    #[test]
    fn what_lies_in_a_crowd_is_neither_right_nor_wrong() {
        let truth = vec![object(0.0, 0.0, false), object(50.0, 0.0, true)];
        let found =
            report(truth, vec![object(50.0, 0.9, false), object(50.0, 0.9, false), object(0.0, 0.8, false)]);
        assert!((found.overall["AP"] - 1.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn pictures_are_drawn_again_and_each_once_is_the_result_itself() {
        let mut random = 5;
        let mut uniform = move || (split_mix(&mut random) >> 11) as f64 / (1u64 << 53) as f64;
        let mut tally = Counting {
            metric: CocoAp::BOX,
            n: 0,
            categories: BTreeMap::new(),
            unparsable: Left::default(),
            seed: Some(3),
        };
        for i in 0..60 {
            let truth: Vec<Object> = (0..i % 4).map(|k| object(30.0 * f64::from(k), 0.0, false)).collect();
            let said: Vec<Object> = (0..i % 5)
                .map(|k| {
                    object(30.0 * f64::from(k) + 9.0 * uniform(), (8.0 * uniform()).floor() / 8.0, false)
                })
                .collect();
            let (truth, said) = (Datum::Objects(Arc::new(truth)), Datum::Objects(Arc::new(said)));
            tally.add(&Row { id: "1", group: "", truth: &truth, prediction: Some(&said) }).expect("boxes");
        }
        let cups = tally.categories.get_mut("cup").expect("seen");
        let plain = cups.values()[0].1;
        assert!((cups.weighted(&[1; 60], &mut Vec::new()).expect("truths") - plain).abs() < 1e-12);
        // twice the same pictures are no other sample
        assert!((cups.weighted(&[2; 60], &mut Vec::new()).expect("truths") - plain).abs() < 1e-12);
        assert_eq!(cups.weighted(&[0; 60], &mut Vec::new()), None);
        let report = Box::new(tally).finish();
        let found = report.interval.expect("many pictures");
        assert!(found.low < plain && plain < found.high && found.high - found.low < 0.5, "{found:?} {plain}");
        assert_eq!(report.result(), Some(plain));
    }

    #[test]
    fn pictures_without_a_truth_have_no_score() {
        assert_eq!(report(vec![], vec![object(0.0, 1.0, false)]).result(), None);
    }
}
