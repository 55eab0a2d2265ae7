//! A sequence: what the annotators saw, what the detector saw and the tracker made of it, and which is which.

use chronotope_formats::import::Imported;
use chronotope_perceive::track::ab3dmot::Ab3dmotSettings;
use chronotope_perceive::track::{Ab3dmot, DetectedSpace, Detection3, Tracked, Tracker as _};
use chronotope_world::{Box3, BoxPx, Error, Pose, Sample, Time};
use nalgebra::{Point3, Quaternion, Rotation3, UnitQuaternion, Vector3};
use std::collections::{BTreeMap, BTreeSet};

/// The classes that the detector knows.
pub(super) const CLASSES: [&str; 3] = ["Pedestrian", "Car", "Cyclist"];

/// Centres further apart than this, in metres along the floor, are of different things.
const SAME_WITHIN_M: f64 = 2.0;

/// Something at one moment, relative to the recording car: x ahead, y left, z up, in metres.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) t: Time,
    pub(super) pose: Pose,
    pub(super) box_px: Option<BoxPx>,
}

impl Place {
    /// Distance from the car along the floor.
    pub(super) fn range(&self) -> f64 {
        let [x, y, _] = self.pose.position;
        (x * x + y * y).sqrt()
    }
}

/// A thing as the annotators saw it.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) class: String,
    pub(super) places: BTreeMap<Time, Place>,
}

/// A tracked box at one moment.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) place: Place,
    pub(super) score: f64,
    pub(super) who: Who,
}

/// What a tracked box shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// The thing of this number.
    Thing(usize),
    /// Nothing.
    Nobody,
    /// A thing of a class that the detector does not know, or of a part that the annotators left out.
    Untold,
}

/// A track.
#[derive(Clone, Debug)]
pub(super) struct Tracklet {
    pub(super) class: &'static str,
    pub(super) seen: Vec<Seen>,
}

impl Tracklet {
    pub(super) fn mean_score(&self) -> f64 {
        self.seen.iter().map(|seen| seen.score).sum::<f64>() / self.seen.len().max(1) as f64
    }

    pub(super) fn at(&self, t: Time) -> Option<&Seen> {
        self.seen.iter().find(|seen| seen.place.t == t)
    }
}

/// A sequence.
pub(super) struct Sequence {
    pub(super) name: String,
    /// Times of the pictures.
    pub(super) times: Vec<Time>,
    pub(super) things: Vec<Thing>,
    /// Parts of pictures that the annotators left out.
    pub(super) left_out: Vec<(Time, BoxPx)>,
    pub(super) tracks: Vec<Tracklet>,
}

impl Sequence {
    pub(super) fn new(
        name: String,
        labelled: &Imported,
        detected: &[(&'static str, Imported)],
    ) -> Result<Sequence, Error> {
        let (mut things, mut left_out) = (Vec::new(), Vec::new());
        for world in &labelled.worlds {
            for entity in world.entities() {
                let class = world.labels_of(entity).next().map_or(String::new(), |label| label.text.clone());
                let trajectory = world.trajectory(entity)?;
                let rows = trajectory.runs.iter().flat_map(chronotope_world::Run::samples);
                let places = rows.filter_map(|row| Some((row.t, relative(&row)?))).collect();
                things.push(Thing { class, places });
            }
            for track in world.tables().tracks.iter().filter(|track| track.ignored) {
                let run = world.run(track.id, chronotope_world::Span::ALWAYS)?;
                left_out.extend(run.samples().filter_map(|row| Some((row.t, row.box_px?))));
            }
        }
        let mut times: BTreeSet<Time> =
            things.iter().flat_map(|thing| thing.places.keys().copied()).collect();
        let mut rows_of = Vec::new();
        for (class, imported) in detected {
            for world in &imported.worlds {
                let rows = world.unassigned()?;
                times.extend(rows.iter().map(|row| row.t));
                rows_of.push((*class, rows));
            }
        }
        let tracks = rows_of.iter().flat_map(|(class, rows)| tracked(class, rows, &times)).collect();
        let times = times.into_iter().collect();
        let mut sequence = Sequence { name, times, things, left_out, tracks };
        sequence.recognise();
        Ok(sequence)
    }

    /// Says which thing each tracked box shows: of the same class and moment the nearest, pair by pair.
    fn recognise(&mut self) {
        let mut pairs: BTreeMap<Time, Vec<(f64, usize, usize, usize)>> = BTreeMap::new();
        for (k, track) in self.tracks.iter().enumerate() {
            for (n, seen) in track.seen.iter().enumerate() {
                for (i, thing) in self.things.iter().enumerate() {
                    let Some(place) = thing.places.get(&seen.place.t) else { continue };
                    let gap = apart(&place.pose, &seen.place.pose);
                    if gap <= SAME_WITHIN_M && may_be(track.class, &thing.class) {
                        pairs.entry(seen.place.t).or_default().push((gap, i, k, n));
                    }
                }
            }
        }
        for (_, mut pairs) in pairs {
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let (mut things, mut tracks) = (BTreeSet::new(), BTreeSet::new());
            for (_, i, k, n) in pairs {
                if !things.contains(&i) && !tracks.contains(&k) {
                    things.insert(i);
                    tracks.insert(k);
                    let is_asked = self.things[i].class == self.tracks[k].class;
                    self.tracks[k].seen[n].who = if is_asked { Who::Thing(i) } else { Who::Untold };
                }
            }
        }
        for seen in self.tracks.iter_mut().flat_map(|track| &mut track.seen) {
            let within = |(t, part): &(Time, BoxPx)| {
                let Some(b) = seen.place.box_px.filter(|_| *t == seen.place.t) else { return false };
                2.0 * b.overlap(*part) > b.width * b.height
            };
            if seen.who == Who::Nobody && self.left_out.iter().any(within) {
                seen.who = Who::Untold;
            }
        }
    }
}

/// A box that the detector takes for this class may show a thing of that one.
fn may_be(detected: &str, class: &str) -> bool {
    detected == class
        || match detected {
            "Car" => matches!(class, "Van" | "Truck" | "Misc"),
            "Pedestrian" => matches!(class, "Person" | "Cyclist"),
            _ => matches!(class, "Pedestrian" | "Person"),
        }
}

fn apart(a: &Pose, b: &Pose) -> f64 {
    let (x, y) = (a.position[0] - b.position[0], a.position[1] - b.position[1]);
    (x * x + y * y).sqrt()
}

/// A row of KITTI's camera frame (x right, y down, z ahead), relative to the car.
fn relative(row: &Sample) -> Option<Place> {
    let pose = row.pose?;
    let [right, down, ahead] = pose.position;
    let turn = Rotation3::from_matrix_unchecked(nalgebra::Matrix3::new(
        0.0, 0.0, 1.0, //
        -1.0, 0.0, 0.0, //
        0.0, -1.0, 0.0,
    ));
    let rotation = pose.rotation.map(|[w, x, y, z]| {
        let q = UnitQuaternion::from_rotation_matrix(&turn)
            * UnitQuaternion::new_unchecked(Quaternion::new(w, x, y, z));
        [q.w, q.i, q.j, q.k]
    });
    let pose = Pose { position: [ahead, -right, -down], rotation, ..pose };
    Some(Place { t: row.t, pose, box_px: row.box_px })
}

/// Follows the detections of one class. Boxes of tracks that were ever confirmed, each where the tracker's filter has it.
fn tracked(class: &'static str, rows: &[Sample], times: &BTreeSet<Time>) -> Vec<Tracklet> {
    // a picture without detections is how a track is known to be lost
    let mut by_time: BTreeMap<Time, Vec<(&Sample, Place)>> = times.iter().map(|t| (*t, Vec::new())).collect();
    for row in rows {
        if let Some(place) = relative(row) {
            by_time.entry(row.t).or_default().push((row, place));
        }
    }
    let mut tracker = Ab3dmot::new(Ab3dmotSettings::at_rate(10.0));
    let mut links = Tracked::default();
    let mut found: BTreeMap<u64, (bool, Tracklet)> = BTreeMap::new();
    for (t, rows) in by_time {
        let detections = rows
            .iter()
            .filter_map(|(row, place)| {
                let (extent, [w, x, y, z]) = (place.pose.extent?, place.pose.rotation?);
                let box3 = Box3 {
                    centre: Point3::from(place.pose.position),
                    rotation: UnitQuaternion::new_unchecked(Quaternion::new(w, x, y, z)),
                    extent: Vector3::from(extent),
                };
                Some(Detection3 { box3, score: row.score, label: class.to_lowercase() })
            })
            .collect();
        let frame_index = rows.first().and_then(|(row, _)| row.frame_index).unwrap_or_default();
        let picture = DetectedSpace { t, frame_index, detections };
        if picture.detections.len() != rows.len() || tracker.update(&picture, &mut links).is_err() {
            continue;
        }
        for (link, (row, place)) in links.links.iter().zip(rows) {
            let Some(link) = link else { continue };
            let entry =
                found.entry(link.track_id).or_insert_with(|| (false, Tracklet { class, seen: Vec::new() }));
            entry.0 |= link.confirmed;
            let q = link.filtered.rotation;
            let pose = Pose {
                position: link.filtered.centre.coords.into(),
                rotation: Some([q.w, q.i, q.j, q.k]),
                extent: Some(link.filtered.extent.into()),
                ..place.pose
            };
            let place = Place { pose, ..place };
            entry.1.seen.push(Seen { place, score: row.score.unwrap_or_default(), who: Who::Nobody });
        }
    }
    found.into_values().filter(|(confirmed, _)| *confirmed).map(|(_, track)| track).collect()
}
