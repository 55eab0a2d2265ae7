//! A scene becomes a World: exact poses, what the camera saw, facts.

use crate::Error;
use crate::path::{CameraPath, Lens};
use crate::render::{Layers, Renderer};
use crate::scene::{Scene, Thing};
use chronotope_world::{
    BoxPx, Clock, Coverage, CoverageId, EntityId, Event, EventId, Fact, FactId, Intrinsics, Known, Label,
    Observer, ObserverId, ObserverKind, Origin, Pose, Reference, ReferenceFrame, ReferenceFrameId, Sample,
    Scale, Source, SourceId, SourceKind, Span, Time, Track, TrackId, World, WorldBuilder,
};
use nalgebra::Isometry3;

/// What the World says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Annotation {
    /// Everything that there is, whether seen or not: a still scene holds always, a moving thing has its place at each of the times.
    Map,
    /// What the camera saw: a sample with box, place and visible share for each picture in which a thing has at least so many visible
    /// pixels; when it was first seen, how long, and what was hidden follow from it. Coverage is the camera's.
    Sight {
        /// Smallest number of visible pixels, 1 or more.
        least_px: u32,
    },
}

/// Labels are from this vocabulary.
pub const VOCABULARY: &str = "simulate";

/// The scene as a World named `name`, in metres of `world(scene)`.
///
/// Each thing is an entity with the number that it has in the scene, a label (its category) and a name (`chair 2`), the facts `colour`,
/// `material`, `size class`, `front` (yes: body x; no: the heading is only that of its box), `on` and `in`. Boxes are the things' own.
/// Rooms give `room size` (all floors together, m²), `room centre x` …, and `area`, m², of each by its name; `count` is left to the
/// boxes. Of a camera the World has the observer with its lens and the trajectory that carries it, with a place at each of the times.
/// What happens in the scene are events. **Coverage** is complete, for every label.
///
/// `times_ns` are the pictures' times, ascending; `settings` (`key=value` words) stand with the source.
///
/// # Errors
/// Times that do not ascend; for [`Annotation::Sight`] no camera or no time; rows that the World does not take (places that are not
/// finite).
pub fn to_world(
    name: &str,
    settings: &str,
    scene: &Scene,
    camera: Option<&CameraPath>,
    times_ns: &[i64],
    annotation: Annotation,
) -> Result<World, Error> {
    builder(name, settings, scene, camera, times_ns, annotation)?.build().map_err(|error| Error::Setting {
        name: "scene",
        expected: "rows that a World takes".into(),
        found: error.to_string(),
    })
}

/// As [`to_world`], before it is built: for rows of one's own.
///
/// # Errors
/// As there, but for the rows.
pub fn builder(
    name: &str,
    settings: &str,
    scene: &Scene,
    camera: Option<&CameraPath>,
    times_ns: &[i64],
    annotation: Annotation,
) -> Result<WorldBuilder, Error> {
    if times_ns.windows(2).any(|w| w[0] >= w[1]) {
        return Err(Error::Setting {
            name: "times_ns",
            expected: "ascending times".into(),
            found: "others".into(),
        });
    }
    let mut builder = WorldBuilder::new(name);
    let source = builder.source(Source {
        id: SourceId(0),
        kind: SourceKind::Simulation,
        uri: format!("simulate:{}", scene.kind),
        sha256: None,
        record_from_source: Some(Clock::SAME),
        derived_from: None,
        settings: settings.to_owned(),
        known: Known::ALWAYS,
    });
    let frame = builder.reference_frame(ReferenceFrame::World("scene".into()), Scale::Metre);
    let mut rows =
        Rows { builder, source, frame, entities: Vec::new(), told: vec![false; scene.things.len()] };
    let observer = camera.map(|camera| rows.camera(camera, times_ns));
    rows.entities = scene.things.iter().map(|_| rows.builder.entity()).collect();
    let span = match (times_ns.first(), times_ns.last()) {
        (Some(&first), Some(&last)) => Span::between(Time(first), Time(last.saturating_add(1))),
        _ => Span::ALWAYS,
    };
    match (annotation, camera, observer) {
        (Annotation::Map, ..) => rows.map(scene, times_ns, span),
        (Annotation::Sight { least_px }, Some(camera), Some(observer)) if !times_ns.is_empty() => {
            rows.sight(scene, (camera, observer), times_ns, span, least_px.max(1));
        }
        _ => {
            let expected = "a camera and a time for what was seen".into();
            return Err(Error::Setting { name: "camera", expected, found: "none".into() });
        }
    }
    rows.facts(scene);
    for happening in scene.events.iter().filter(|event| event.things.iter().all(|&i| rows.told[i])) {
        let span =
            Span::between(Time(happening.start_ns), Time(happening.end_ns.max(happening.start_ns + 1)));
        let roles = happening.things.iter().zip(["agent", "patient", "other"]);
        rows.builder.event(Event {
            id: EventId(0),
            kind: happening.kind.to_owned(),
            span,
            parent: None,
            roles: roles.map(|(&i, role)| (role.to_owned(), Reference::Entity(rows.entities[i]))).collect(),
            confidence: None,
            source,
            known: Known::at(span.start()),
            closed: None,
        });
    }
    Ok(rows.builder)
}

/// Times of `n` pictures at a rate, from 0.
pub fn picture_times(n: usize, per_s: f64) -> Vec<i64> {
    (0..n).map(|i| (i as f64 * 1e9 / per_s).round() as i64).collect()
}

struct Rows {
    builder: WorldBuilder,
    source: SourceId,
    frame: ReferenceFrameId,
    entities: Vec<EntityId>,
    /// The things that have a track: of others nothing is said.
    told: Vec<bool>,
}

impl Rows {
    fn pose(&self, place: &Isometry3<f64>, extent: Option<[f64; 3]>) -> Pose {
        let q = place.rotation;
        Pose {
            reference_frame: self.frame,
            position: place.translation.vector.into(),
            rotation: Some([q.w, q.i, q.j, q.k]),
            extent,
        }
    }

    fn camera(&mut self, camera: &CameraPath, times_ns: &[i64]) -> ObserverId {
        let intrinsics = match camera.lens {
            Lens::Pinhole { fx, fy, cx, cy } => Some(Intrinsics { fx, fy, cx, cy, distortion: Vec::new() }),
            Lens::Orthographic { .. } => None,
        };
        let observer = self.builder.observer(Observer {
            id: ObserverId(0),
            source: self.source,
            kind: ObserverKind::Camera,
            name: "camera".into(),
            picture_px: Some(camera.size_px),
            intrinsics,
            known: Known::ALWAYS,
        });
        let mut track = Track::new(self.source, "camera", Known::ALWAYS);
        track.carries = Some(observer);
        let track = self.builder.track(track);
        for (i, &t_ns) in times_ns.iter().enumerate() {
            let mut sample = self.sample(track, t_ns);
            sample.frame_index = u32::try_from(i).ok();
            sample.pose = Some(self.pose(&camera.at(t_ns), None));
            self.builder.sample(sample);
        }
        observer
    }

    fn sample(&self, track: TrackId, t_ns: i64) -> Sample {
        Sample::new(self.source, Some(track), Time(t_ns), Origin::Simulated)
    }

    /// The track of a thing, with its label and its name.
    fn track(&mut self, i: usize, thing: &Thing, observer: Option<ObserverId>) -> TrackId {
        self.told[i] = true;
        let mut track = Track::new(self.source, thing.name.clone(), Known::ALWAYS);
        track.observer = observer;
        let track = self.builder.track(track);
        self.builder.identity(chronotope_world::Identity {
            id: chronotope_world::IdentityId(0),
            track,
            span: Span::ALWAYS,
            entity: self.entities[i],
            confidence: None,
            reason: "simulated".into(),
            known: Known::ALWAYS,
            closed: None,
        });
        self.builder.label(Label::new(track, thing.category.clone(), VOCABULARY, Known::ALWAYS));
        if thing.name != thing.category {
            self.builder.label(Label::new(track, thing.name.clone(), "name", Known::ALWAYS));
        }
        track
    }

    fn map(&mut self, scene: &Scene, times_ns: &[i64], span: Span) {
        let mut always = true;
        for (i, thing) in scene.things.iter().enumerate() {
            let track = self.track(i, thing, None);
            if thing.motion.is_still() || times_ns.is_empty() {
                let mut sample = self.sample(track, 0);
                (sample.t, sample.end, sample.known) = (Time::MIN, Some(Time::MAX), Known::ALWAYS);
                sample.pose = Some(self.pose(&thing.world_from_body(0), Some(thing.extent)));
                self.builder.sample(sample);
                continue;
            }
            always = false;
            for (n, &t_ns) in times_ns.iter().enumerate() {
                let mut sample = self.sample(track, t_ns);
                sample.frame_index = u32::try_from(n).ok();
                sample.pose = Some(self.pose(&thing.world_from_body(t_ns), Some(thing.extent)));
                self.builder.sample(sample);
            }
        }
        self.cover(None, if always { Span::ALWAYS } else { span });
    }

    fn sight(
        &mut self,
        scene: &Scene,
        (camera, observer): (&CameraPath, ObserverId),
        times_ns: &[i64],
        span: Span,
        least_px: u32,
    ) {
        let renderer = Renderer::new(scene, 1);
        let layers = Layers { seen: true, ..Layers::default() };
        let mut tracks: Vec<Option<TrackId>> = vec![None; scene.things.len()];
        for (n, &t_ns) in times_ns.iter().enumerate() {
            for seen in renderer.picture(camera, t_ns, layers).seen {
                let (i, Some(b)) = (seen.thing, seen.box_px) else { continue };
                if seen.visible_px < least_px {
                    continue;
                }
                let thing = &scene.things[i];
                let track = match tracks[i] {
                    Some(track) => track,
                    None => *tracks[i].insert(self.track(i, thing, Some(observer))),
                };
                let mut sample = self.sample(track, t_ns);
                let [left, top, right, bottom] = b.map(f64::from);
                sample.observer = Some(observer);
                sample.frame_index = u32::try_from(n).ok();
                sample.box_px = BoxPx::new(left, top, right - left, bottom - top);
                sample.visibility = Some(seen.share());
                sample.pose = Some(self.pose(&thing.world_from_body(t_ns), Some(thing.extent)));
                self.builder.sample(sample);
            }
        }
        self.cover(Some(observer), span);
    }

    fn cover(&mut self, observer: Option<ObserverId>, span: Span) {
        let known = if span == Span::ALWAYS { Known::ALWAYS } else { Known::at(span.start()) };
        self.builder.coverage(Coverage {
            id: CoverageId(0),
            source: self.source,
            observer,
            span,
            region_px: None,
            labels: Vec::new(),
            smallest_px: None,
            recall: None,
            complete: true,
            known,
        });
    }

    fn fact(&mut self, subject: Reference, predicate: &str, object: Reference) {
        self.builder.fact(Fact {
            id: FactId(0),
            subject,
            predicate: predicate.to_owned(),
            object,
            valid: Span::ALWAYS,
            confidence: None,
            source: self.source,
            known: Known::ALWAYS,
            closed: None,
        });
    }

    fn facts(&mut self, scene: &Scene) {
        let text = |words: &str| Reference::Text(words.to_owned());
        for (i, thing) in scene.things.iter().enumerate() {
            if !self.told[i] {
                continue;
            }
            let entity = self.entities[i];
            let of = || Reference::Entity(entity);
            self.fact(of(), "colour", text(thing.colour.word()));
            self.fact(of(), "material", text(thing.material.word()));
            self.fact(of(), "size class", text(thing.size.word()));
            self.fact(of(), "front", text(if thing.has_front { "yes" } else { "no" }));
            if let Some(on) = thing.on.filter(|&on| self.told[on]) {
                self.fact(of(), "on", Reference::Entity(self.entities[on]));
            }
            if let Some(room) = thing.room.and_then(|room| scene.rooms.get(room)) {
                self.fact(of(), "in", text(room.kind));
            }
        }
        if scene.rooms.is_empty() {
            return;
        }
        let total: f64 = scene.rooms.iter().map(crate::scene::Room::area_m2).sum();
        self.fact(text("room"), "room size", Reference::Number(total, "m²".into()));
        self.fact(
            text("house"),
            "number of rooms",
            Reference::Number(scene.rooms.len() as f64, String::new()),
        );
        let rectangles = || scene.rooms.iter().flat_map(|room| &room.rectangles);
        let hull = |k: usize| {
            let low = rectangles().map(|r| r[k]).fold(f64::INFINITY, f64::min);
            let high = rectangles().map(|r| r[k + 2]).fold(f64::NEG_INFINITY, f64::max);
            0.5 * (low + high)
        };
        let height = scene.rooms[0].height_m;
        for (axis, value) in [("x", hull(0)), ("y", hull(1)), ("z", 0.5 * height)] {
            self.fact(text("room"), &format!("room centre {axis}"), Reference::Number(value, "m".into()));
        }
        for room in &scene.rooms {
            self.fact(text(room.kind), "area", Reference::Number(room.area_m2(), "m²".into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stream;
    use crate::path::{WalkSettings, walk};
    use crate::scene::{RoomSettings, rooms};

    fn scene() -> (Stream, Scene) {
        let mut stream = Stream::of_item("bundle", "test", 3, 0);
        let scene = rooms(&mut stream, &RoomSettings::default()).expect("rooms");
        (stream, scene)
    }

    #[test]
    fn a_map_has_each_thing_once_and_holds_always() {
        let (_, scene) = scene();
        let world = to_world("m", "", &scene, None, &[], Annotation::Map).expect("a world");
        let tables = world.tables();
        assert_eq!(tables.tracks.len(), scene.things.len());
        assert_eq!(tables.coverage[0].span, Span::ALWAYS);
        let size: Vec<_> = tables.facts.iter().filter(|f| f.predicate == "room size").collect();
        let area: f64 = scene.rooms.iter().map(crate::scene::Room::area_m2).sum();
        assert_eq!(size.len(), 1);
        assert_eq!(size[0].object, Reference::Number(area, "m²".into()));
        for (i, thing) in scene.things.iter().enumerate() {
            let moment = world.trajectory(EntityId(i as u64)).expect("reads").at(Time(5)).expect("always");
            let pose = moment.pose.expect("has a place");
            assert_eq!(pose.extent, Some(thing.extent));
            let place: [f64; 3] = thing.world_from_body(0).translation.vector.into();
            assert!(pose.position.iter().zip(place).all(|(a, b)| (a - b).abs() < 1e-12));
        }
    }

    #[test]
    fn what_is_seen_lies_within_the_projected_box() {
        let (mut stream, scene) = scene();
        let settings = WalkSettings { size_px: [160, 120], duration_s: 8.0, ..WalkSettings::default() };
        let camera = walk(&mut stream, &scene, &settings).expect("a walk");
        let times = picture_times(16, 2.0);
        let sight = Annotation::Sight { least_px: 4 };
        let world = to_world("s", "", &scene, Some(&camera), &times, sight).expect("a world");
        let mut n = 0;
        for (i, thing) in scene.things.iter().enumerate() {
            let Ok(trajectory) = world.trajectory(EntityId(i as u64)) else { continue };
            for &t in &times {
                let Some(b) = trajectory.at(Time(t)).and_then(|m| m.box_px) else { continue };
                let from_world = camera.at(t).inverse();
                let points: Option<Vec<[f64; 2]>> = thing
                    .corners(t)
                    .iter()
                    .map(|c| Some(from_world * c).filter(|p| p.z > 0.05))
                    .map(|p| camera.lens.project(p?))
                    .collect();
                let Some(points) = points else { continue };
                n += 1;
                let (low, high) =
                    points.iter().fold(([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]), |(l, h), p| {
                        ([l[0].min(p[0]), l[1].min(p[1])], [h[0].max(p[0]), h[1].max(p[1])])
                    });
                let inside = b.left >= low[0] - 0.6
                    && b.right() <= high[0] + 0.6
                    && b.top >= low[1] - 0.6
                    && b.bottom() <= high[1] + 0.6;
                assert!(inside, "{} {b:?} {low:?} {high:?}", thing.name);
            }
        }
        assert!(n > 10, "only {n} boxes compared");
        assert!(to_world("s", "", &scene, None, &times, sight).is_err());
        assert!(to_world("s", "", &scene, Some(&camera), &[2, 1], sight).is_err());
    }
}
