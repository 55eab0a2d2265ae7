//! Small Worlds for tests.

use chronotope_world::{
    BoxPx, Coverage, CoverageId, EntityId, Known, Label, Observer, ObserverId, ObserverKind, Origin, Pose,
    ReferenceFrame, Sample, Scale, Source, SourceId, SourceKind, Span, Time, Track, TrackId, World,
    WorldBuilder,
};

pub(crate) const S: i64 = 1_000_000_000;

pub(crate) struct Scene {
    pub(crate) builder: WorldBuilder,
    pub(crate) source: SourceId,
    pub(crate) observer: ObserverId,
}

impl Scene {
    pub(crate) fn new() -> Scene {
        let mut builder = WorldBuilder::new("test");
        let source = builder.source(Source {
            id: SourceId(0),
            kind: SourceKind::Annotation,
            uri: "test".into(),
            sha256: None,
            record_from_source: None,
            derived_from: None,
            settings: String::new(),
            known: Known::ALWAYS,
        });
        let observer = builder.observer(Observer {
            id: ObserverId(0),
            source,
            kind: ObserverKind::Camera,
            name: "front".into(),
            picture_px: Some([640, 480]),
            intrinsics: None,
            known: Known::ALWAYS,
        });
        Scene { builder, source, observer }
    }

    /// Somebody looked for these labels during this span, in seconds.
    pub(crate) fn covers(&mut self, labels: &[&str], from_s: f64, to_s: f64) {
        let span = Span::between(Time::from_s(from_s), Time::from_s(to_s));
        self.coverage(labels, span);
    }

    pub(crate) fn coverage(&mut self, labels: &[&str], span: Span) {
        self.builder.coverage(Coverage {
            id: CoverageId(0),
            source: self.source,
            observer: None,
            span,
            region_px: None,
            labels: labels.iter().map(|l| String::from(*l)).collect(),
            smallest_px: None,
            recall: None,
            complete: true,
            known: Known::ALWAYS,
        });
    }

    fn track(&mut self, label: &str) -> (TrackId, EntityId) {
        let mut row = Track::new(self.source, label, Known::ALWAYS);
        row.tolerance_ns = Some(S);
        row.observer = Some(self.observer);
        let track = self.builder.track(row);
        let entity = self.builder.entity_of(track, "annotated", Known::ALWAYS);
        self.builder.label(Label::new(track, label, "test", Known::ALWAYS));
        (track, entity)
    }

    /// A thing at places of `world(ground)` in metres: seconds, x, y.
    pub(crate) fn walks(&mut self, label: &str, places: &[(f64, f64, f64)]) -> EntityId {
        self.walks_in(label, "ground", Scale::Metre, places)
    }

    pub(crate) fn walks_in(
        &mut self,
        label: &str,
        frame: &str,
        scale: Scale,
        places: &[(f64, f64, f64)],
    ) -> EntityId {
        let frame = self.builder.reference_frame(ReferenceFrame::World(frame.into()), scale);
        let (track, entity) = self.track(label);
        for &(t, x, y) in places {
            let mut sample = Sample::new(self.source, Some(track), Time::from_s(t), Origin::Annotated);
            sample.pose =
                Some(Pose { reference_frame: frame, position: [x, y, 0.0], rotation: None, extent: None });
            self.builder.sample(sample);
        }
        entity
    }

    /// A thing with boxes in the picture: seconds, left, top, width, height.
    pub(crate) fn shows(&mut self, label: &str, boxes: &[(f64, [f64; 4])]) -> EntityId {
        let (track, entity) = self.track(label);
        for &(t, [left, top, width, height]) in boxes {
            let mut sample = Sample::new(self.source, Some(track), Time::from_s(t), Origin::Annotated);
            sample.observer = Some(self.observer);
            sample.frame_index = Some((t * 10.0).round() as u32);
            sample.box_px = BoxPx::new(left, top, width, height);
            self.builder.sample(sample);
        }
        entity
    }

    /// A box that always stands there: centre, extent, quarter turns about z.
    pub(crate) fn stands(
        &mut self,
        label: &str,
        centre: [f64; 3],
        extent: [f64; 3],
        yaw_rad: f64,
    ) -> EntityId {
        let frame = self.builder.reference_frame(ReferenceFrame::World("scene".into()), Scale::Metre);
        let (track, entity) = self.track(label);
        let mut sample = Sample::new(self.source, Some(track), Time::MIN, Origin::Annotated);
        sample.end = Some(Time::MAX);
        sample.known = Known::ALWAYS;
        let rotation = Some([libm::cos(yaw_rad / 2.0), 0.0, 0.0, libm::sin(yaw_rad / 2.0)]);
        sample.pose = Some(Pose { reference_frame: frame, position: centre, rotation, extent: Some(extent) });
        self.builder.sample(sample);
        entity
    }

    pub(crate) fn world(self) -> World {
        self.builder.build().expect("a valid World")
    }
}
