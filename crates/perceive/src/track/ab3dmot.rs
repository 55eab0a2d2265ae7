//! AB3DMOT (Weng, Wang, Held, Kitani: 3D Multi-Object Tracking: A Baseline and New Evaluation Metrics, IROS 2020).

use super::assign::{Assigner, Edge};
use super::cost::PAIR_LIMIT;
use super::cost_3d::{Up, Upright};
use super::kalman::{Level, Motion};
use super::pace::{Labels, Pace};
use super::{Coasting, DetectedSpace, Error, Link, Match, Reason, Stage, Tracked, Tracker};
use chronotope_world::{Box3, Time};
use std::f64::consts::{FRAC_PI_2, PI};

/// AB3DMOT: constant velocity of upright boxes in space and one assignment per picture.
///
/// The box of a detection may tilt; its heading alone is used. Boxes are compared only within a label, and each
/// kind of thing has its own gate ([`Gate`]).
///
/// Deviations from `xinshuoweng/AB3DMOT`: no compensation of the observer's motion (give boxes in a world frame,
/// or accept, as in KITTI without its poses, that the camera's motion is tracked too); boxes far beyond the gate
/// take no part in the assignment.
#[derive(Clone, Debug)]
pub struct Ab3dmot {
    settings: Ab3dmotSettings,
    pace: Pace,
    labels: Labels,
    gates: Vec<Gate>,
    tracks: Vec<Tracklet>,
    next_id: u64,
    assigner: Assigner,
}

/// Settings of [`Ab3dmot`]; the default is the published configuration at KITTI's 10 pictures a second.
#[derive(Clone, Debug, PartialEq)]
pub struct Ab3dmotSettings {
    /// Seconds for which the noise constants hold once: the usual time between pictures.
    pub step_s: f64,
    /// Which way is up in the detections' reference frame.
    pub up: Up,
    /// Gates of the labels that have one of their own, as label in small letters and gate.
    pub gates: Vec<(&'static str, Gate)>,
    /// The gate of all other labels.
    pub other: Gate,
}

/// When a box may continue a track, and how long a track lives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gate {
    /// How alike two boxes are.
    pub likeness: Likeness,
    /// What a pair needs: a least (generalised) intersection over union, or a largest distance in metres.
    pub threshold: f64,
    /// Whether pairs are made in the order of likeness, instead of such that their sum is largest.
    pub greedy: bool,
    /// Sightings after which a track is confirmed, misses or not. As many first pictures of a record confirm
    /// their tracks at once.
    pub min_hits: u32,
    /// Seconds without a detection after which a track ends.
    pub max_age_s: f64,
}

/// How the likeness of two boxes in space is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Intersection over union of the volumes.
    Iou,
    /// Generalised intersection over union of the volumes (Rezatofighi 2019).
    Giou,
    /// Distance of the centres in metres.
    Distance,
}

impl Gate {
    fn confirms(&self, hits: u32, n_pictures: u64) -> bool {
        hits >= self.min_hits || n_pictures <= u64::from(self.min_hits)
    }
}

impl Default for Ab3dmotSettings {
    fn default() -> Self {
        Ab3dmotSettings::at_rate(10.0)
    }
}

impl Ab3dmotSettings {
    /// The published configuration for KITTI (`AB3DMOT_libs/model.py` at 61f3bd7) at this many pictures a second.
    /// There a track ends in the second picture (cars) or the fourth (people, cyclists) without a detection.
    pub fn at_rate(pictures_per_s: f64) -> Ab3dmotSettings {
        let step_s = 1.0 / pictures_per_s;
        let gate = |likeness, threshold, greedy, min_hits, missed: f64| Gate {
            likeness,
            threshold,
            greedy,
            min_hits,
            max_age_s: (missed - 1.0) * step_s,
        };
        let car = gate(Likeness::Giou, -0.2, false, 3, 2.0);
        Ab3dmotSettings {
            step_s,
            up: Up::PlusZ,
            gates: vec![
                ("car", car),
                ("pedestrian", gate(Likeness::Giou, -0.4, true, 1, 4.0)),
                ("cyclist", gate(Likeness::Distance, 2.0, false, 3, 4.0)),
            ],
            other: car,
        }
    }
}

#[derive(Clone, Debug)]
struct Tracklet {
    track_id: u64,
    label: u32,
    state: State,
    seen: Time,
    hits: u32,
    misses: u32,
    was_confirmed: bool,
}

impl Tracklet {
    fn link(&self, confirmed: bool, up: Up) -> Link<Box3> {
        Link { track_id: self.track_id, confirmed, filtered: self.state.upright().to_box3(up) }
    }
}

/// Centre with velocity, heading and sizes (section III-B of the paper; constants of `kalman_filter.py`).
#[derive(Clone, Debug)]
struct State {
    centre: [Motion; 3],
    yaw: Level,
    extent: [Level; 3],
}

impl State {
    fn new(b: &Upright) -> State {
        State {
            centre: b.centre.map(|x| Motion::new(x, 10.0, 10_000.0)),
            yaw: Level::new(b.yaw, 10.0),
            extent: b.extent.map(|x| Level::new(x, 10.0)),
        }
    }

    fn predict(&mut self, steps: f64) {
        self.centre.iter_mut().for_each(|m| m.predict(steps, 1.0, 0.01));
        self.extent.iter_mut().chain([&mut self.yaw]).for_each(|l| l.predict(steps, 1.0));
    }

    fn update(&mut self, b: &Upright) {
        for (m, z) in self.centre.iter_mut().zip(b.centre) {
            m.update(z, 1.0);
        }
        for (l, z) in self.extent.iter_mut().zip(b.extent) {
            l.update(z, 1.0);
        }
        // a detector that takes front for back turns the track, not the filter
        let mut turn = wrapped(b.yaw - self.yaw.x);
        if turn.abs() > FRAC_PI_2 {
            self.yaw.x = wrapped(self.yaw.x + PI);
            turn = wrapped(b.yaw - self.yaw.x);
        }
        self.yaw.update(self.yaw.x + turn, 1.0);
        self.yaw.x = wrapped(self.yaw.x);
    }

    fn upright(&self) -> Upright {
        Upright {
            centre: self.centre.map(|m| m.x),
            yaw: self.yaw.x,
            extent: self.extent.map(|l| l.x.max(0.0)),
        }
    }
}

/// The same angle in (−π, π]; angles come in as differences of such.
fn wrapped(angle: f64) -> f64 {
    let turns = ((angle + PI) / (2.0 * PI)).floor();
    angle - turns * 2.0 * PI
}

impl Ab3dmot {
    /// A tracker that has seen nothing yet.
    pub fn new(settings: Ab3dmotSettings) -> Ab3dmot {
        Ab3dmot {
            pace: Pace::new(settings.step_s),
            settings,
            labels: Labels::default(),
            gates: Vec::new(),
            tracks: Vec::new(),
            next_id: 1,
            assigner: Assigner::default(),
        }
    }

    fn gate_of(settings: &Ab3dmotSettings, label: &str) -> Gate {
        let known = settings.gates.iter().find(|(name, _)| label.eq_ignore_ascii_case(name));
        known.map_or(settings.other, |(_, gate)| *gate)
    }
}

/// A detection as the tracker sees it.
struct Seen {
    idx: usize,
    label: u32,
    upright: Upright,
}

impl Tracker<DetectedSpace> for Ab3dmot {
    fn name(&self) -> &'static str {
        "ab3dmot"
    }

    fn update(&mut self, picture: &DetectedSpace, tracked: &mut Tracked<Box3>) -> Result<(), Error> {
        let steps = self.pace.advance(picture.t, picture.frame_index)?;
        let Ab3dmot { settings, pace, labels, gates, tracks, next_id, assigner } = self;
        tracked.reset(picture.detections.len());

        tracks.retain_mut(|track| {
            track.state.predict(steps);
            let keep = !pace.overdue_before(track.seen, gates[track.label as usize].max_age_s);
            if !keep {
                let unseen_ns = picture.t.ns_since(track.seen);
                tracked.decide(Some(track.track_id), None, Reason::Ended { unseen_ns });
            }
            keep
        });
        let mut seen = Vec::with_capacity(picture.detections.len());
        for (idx, detection) in picture.detections.iter().enumerate() {
            let upright = Upright::from_box3(&detection.box3, settings.up);
            let finite = upright.centre.iter().chain(&upright.extent).all(|v| v.is_finite());
            if upright.volume().is_normal() && finite && upright.yaw.is_finite() {
                let label = labels.number(&detection.label);
                if label as usize == gates.len() {
                    gates.push(Ab3dmot::gate_of(settings, &detection.label));
                }
                seen.push(Seen { idx, label, upright });
            } else {
                tracked.decide(None, Some(idx), Reason::NoArea);
            }
        }

        let Some(mut pairs) = likely_pairs(tracks, &seen, gates) else {
            for track in tracks.iter_mut() {
                track.misses += 1;
            }
            return Err(Error::TooManyPairs {
                frame_index: picture.frame_index,
                n_detections: picture.detections.len(),
                n_tracks: tracks.len(),
                limit: PAIR_LIMIT,
            });
        };
        let track_to_seen = assign(&mut pairs, tracks, &seen, gates, assigner);

        let mut taken = vec![false; seen.len()];
        for (track, &found) in tracks.iter_mut().zip(&track_to_seen) {
            let Some((col, similarity, gain)) = found else {
                if track.misses == 0 {
                    tracked.decide(Some(track.track_id), None, Reason::Lost);
                }
                track.misses += 1;
                continue;
            };
            taken[col as usize] = true;
            let Seen { idx, upright, .. } = &seen[col as usize];
            let fit = Match { stage: Stage::First, similarity: similarity as f32, gain: gain as f32 };
            let reason = match track.misses {
                0 => Reason::Matched(fit),
                _ => Reason::Recovered { fit, unseen_ns: picture.t.ns_since(track.seen) },
            };
            tracked.decide(Some(track.track_id), Some(*idx), reason);
            track.state.update(upright);
            track.seen = picture.t;
            track.hits = track.hits.saturating_add(1);
            track.misses = 0;
            let confirmed = gates[track.label as usize].confirms(track.hits, pace.n_pictures());
            if confirmed && !track.was_confirmed {
                track.was_confirmed = true;
                tracked.decide(Some(track.track_id), Some(*idx), Reason::Confirmed { hits: track.hits });
            }
            tracked.links[*idx] = Some(track.link(confirmed, settings.up));
        }
        for (Seen { idx, label, upright }, _) in seen.iter().zip(&taken).filter(|(_, taken)| !**taken) {
            let track_id = *next_id;
            *next_id += 1;
            tracked.decide(Some(track_id), Some(*idx), Reason::Born);
            let confirmed = gates[*label as usize].confirms(1, pace.n_pictures());
            if confirmed {
                tracked.decide(Some(track_id), Some(*idx), Reason::Confirmed { hits: 1 });
            }
            let track = Tracklet {
                track_id,
                label: *label,
                state: State::new(upright),
                seen: picture.t,
                hits: 1,
                misses: 0,
                was_confirmed: confirmed,
            };
            tracked.links[*idx] = Some(track.link(confirmed, settings.up));
            tracks.push(track);
        }
        tracks.retain(|track| {
            let gate = gates[track.label as usize];
            let keep = track.misses == 0 || !pace.overdue(track.seen, gate.max_age_s);
            if !keep {
                let unseen_ns = picture.t.ns_since(track.seen);
                tracked.decide(Some(track.track_id), None, Reason::Ended { unseen_ns });
            } else if track.misses > 0 && gate.confirms(track.hits, pace.n_pictures()) {
                let shape = track.state.upright().to_box3(settings.up);
                tracked.coasting.push(Coasting { track_id: track.track_id, shape });
            }
            keep
        });
        Ok(())
    }
}

/// A track and a detection that may belong together.
#[derive(Clone, Copy, Debug)]
struct Likely {
    row: u32,
    col: u32,
    /// Larger is more alike.
    similarity: f64,
    /// By how much more than boxes that are far apart.
    gain: f64,
    /// Whether the pair passes the gate.
    gated: bool,
}

/// Boxes farther apart than this many times the gate are as good as never made a pair.
const REACH_OF_DISTANCE: f64 = 10.0;

/// All pairs of equal label that are near enough to weigh; none where there are too many to look at.
///
/// Detections are walked in the order of their first ground coordinate, so that only near ones are compared.
fn likely_pairs(tracks: &[Tracklet], seen: &[Seen], gates: &[Gate]) -> Option<Vec<Likely>> {
    let x = |col: u32| seen[col as usize].upright.centre[0];
    let mut along: Vec<u32> = (0..seen.len() as u32).collect();
    along.sort_by(|&a, &b| x(a).total_cmp(&x(b)));
    let longest = |b: &Upright| (b.extent[0] * b.extent[0] + b.extent[1] * b.extent[1]).sqrt();
    let largest = seen.iter().map(|s| longest(&s.upright)).fold(0.0, f64::max);
    let mut budget = PAIR_LIMIT / 16;
    let mut pairs = Vec::new();
    for (row, track) in tracks.iter().enumerate() {
        let predicted = track.state.upright();
        let gate = gates[track.label as usize];
        let near = match gate.likeness {
            Likeness::Distance => REACH_OF_DISTANCE * gate.threshold,
            Likeness::Iou => f64::midpoint(longest(&predicted), largest),
            Likeness::Giou => reach_of_giou(gate.threshold) * (longest(&predicted) + largest),
        };
        let from = along.partition_point(|&col| x(col) < predicted.centre[0] - near);
        for &col in &along[from..] {
            if x(col) > predicted.centre[0] + near {
                break;
            }
            budget = budget.checked_sub(1)?;
            let Seen { label, upright, .. } = &seen[col as usize];
            if *label != track.label {
                continue;
            }
            let (similarity, gain, gated) = match gate.likeness {
                Likeness::Iou => {
                    let iou = predicted.iou(upright);
                    (iou, iou, iou >= gate.threshold)
                }
                Likeness::Giou => {
                    let giou = predicted.giou(upright);
                    (giou, giou + 1.0, giou >= gate.threshold)
                }
                Likeness::Distance => {
                    let distance = predicted.distance(upright);
                    (-distance, near - distance, distance <= gate.threshold)
                }
            };
            pairs.push(Likely { row: row as u32, col, similarity, gain, gated });
        }
    }
    Some(pairs)
}

/// How many of their summed footprint diagonals apart two boxes can be and still reach this GIoU.
///
/// Without overlap `giou = volumes / hull − 1`, and the hull is at least `(volumes / 2) · (1 + d / diagonals)`
/// for boxes of like size; a factor of 4 allows for unlike ones.
fn reach_of_giou(threshold: f64) -> f64 {
    4.0 / (threshold + 1.0).max(0.05)
}

/// For each track its detection, their likeness and their gain. Pairs below the gate take part in an assignment, so that they
/// can draw others towards the better whole, and are then dropped.
fn assign(
    pairs: &mut [Likely],
    tracks: &[Tracklet],
    seen: &[Seen],
    gates: &[Gate],
    assigner: &mut Assigner,
) -> Vec<Option<(u32, f64, f64)>> {
    let greedy = |p: &Likely| gates[tracks[p.row as usize].label as usize].greedy;
    let mut found = vec![None; tracks.len()];
    let edges: Vec<Edge> =
        pairs.iter().filter(|p| !greedy(p)).map(|p| Edge { row: p.row, col: p.col, gain: p.gain }).collect();
    let row_to_col = assigner.solve(tracks.len(), seen.len(), &edges);
    for p in pairs.iter().filter(|p| p.gated && !greedy(p)) {
        if row_to_col[p.row as usize] == Some(p.col) {
            found[p.row as usize] = Some((p.col, p.similarity, p.gain));
        }
    }
    pairs.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then((a.row, a.col).cmp(&(b.row, b.col))));
    let mut taken = vec![false; seen.len()];
    for p in pairs.iter().filter(|p| p.gated && greedy(p)) {
        if found[p.row as usize].is_none() && !taken[p.col as usize] {
            found[p.row as usize] = Some((p.col, p.similarity, p.gain));
            taken[p.col as usize] = true;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Decision, Detection3};
    use super::*;
    use nalgebra::{Point3, UnitQuaternion, Vector3};

    fn car(x: f64, y: f64, yaw: f64) -> Detection3 {
        Detection3 {
            box3: Box3 {
                centre: Point3::new(x, y, 0.8),
                rotation: UnitQuaternion::from_axis_angle(&Vector3::z_axis(), yaw),
                extent: Vector3::new(4.2, 1.8, 1.6),
            },
            score: Some(1.0),
            label: "Car".into(),
        }
    }

    fn sweep(k: u32, detections: Vec<Detection3>) -> DetectedSpace {
        DetectedSpace { t: Time::from_s(f64::from(k) / 10.0), frame_index: k, detections }
    }

    fn ids(tracked: &Tracked<Box3>) -> Vec<Option<u64>> {
        tracked.links.iter().map(|l| l.map(|l| l.track_id)).collect()
    }

    #[test]
    fn cars_that_meet_keep_their_identities() {
        let mut tracker = Ab3dmot::new(Ab3dmotSettings::default());
        let mut tracked = Tracked::default();
        for k in 0..30 {
            let along = f64::from(k) * 0.9;
            let cars = vec![car(along, 0.0, 0.0), car(25.0 - along, 3.0, PI)];
            tracker.update(&sweep(k, cars), &mut tracked).expect("in order");
            assert_eq!(ids(&tracked), [Some(1), Some(2)], "sweep {k}");
        }
    }

    #[test]
    fn front_taken_for_back_does_not_turn_the_filter() {
        let mut tracker = Ab3dmot::new(Ab3dmotSettings::default());
        let mut tracked = Tracked::default();
        for k in 0..20 {
            let yaw = if k % 3 == 0 { 3.1 + PI } else { 3.1 };
            tracker.update(&sweep(k, vec![car(0.0, 0.0, yaw)]), &mut tracked).expect("in order");
        }
        let found = wrapped(tracker.tracks[0].state.yaw.x - 3.1);
        assert!(found.abs() < 1e-6 || (found.abs() - PI).abs() < 1e-6, "{found}");
    }

    #[test]
    fn a_missed_car_coasts_for_one_sweep_and_then_ends() {
        let mut tracker = Ab3dmot::new(Ab3dmotSettings::default());
        let mut tracked = Tracked::default();
        for k in 0..8 {
            tracker.update(&sweep(k, vec![car(f64::from(k), 0.0, 0.0)]), &mut tracked).expect("in order");
        }
        tracker.update(&sweep(8, Vec::new()), &mut tracked).expect("in order");
        assert!((tracked.coasting[0].shape.centre.x - 8.0).abs() < 0.2, "{:?}", tracked.coasting);
        tracker.update(&sweep(9, Vec::new()), &mut tracked).expect("in order");
        assert!(matches!(tracked.decisions[..], [Decision { reason: Reason::Ended { .. }, .. }]));
    }

    #[test]
    fn boxes_without_volume_belong_to_nothing() {
        let mut tracker = Ab3dmot::new(Ab3dmotSettings::default());
        let mut tracked = Tracked::default();
        let mut flat = car(0.0, 0.0, 0.0);
        flat.box3.extent.z = 0.0;
        let mut nowhere = car(0.0, 0.0, 0.0);
        nowhere.box3.centre.x = f64::NAN;
        for k in 0..5 {
            let seen = vec![flat.clone(), nowhere.clone()];
            tracker.update(&sweep(k, seen), &mut tracked).expect("in order");
            assert_eq!(ids(&tracked), [None, None]);
        }
    }
}
