//! Random Worlds: every table, every optional field, awkward numbers.

use chronotope_world::*;

/// A small generator of its own: the same Worlds everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % n.max(1)
    }

    fn chance(&mut self) -> bool {
        self.below(2) == 0
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        self.chance().then_some(value)
    }

    /// Finite, with signed zeros, subnormals and many digits.
    fn number(&mut self) -> f64 {
        match self.below(8) {
            0 => 0.0,
            1 => -0.0,
            2 => f64::MIN_POSITIVE / 8.0,
            3 => -1.0 / 3.0,
            4 => 1e300,
            _ => (self.below(1 << 30) as f64 - (1 << 29) as f64) / 256.0,
        }
    }

    fn text(&mut self) -> String {
        ["", "car", "Fußgänger", "a\nb\"c", "\u{1f6b2}"][self.below(5) as usize].to_owned()
    }

    fn time(&mut self) -> Time {
        Time(self.below(2_000_000_000) as i64 - 1_000_000_000)
    }

    fn span(&mut self) -> Span {
        match self.below(3) {
            0 => Span::ALWAYS,
            _ => Span::between(self.time(), self.time()),
        }
    }

    fn known(&mut self) -> Known {
        if self.chance() { Known::ALWAYS } else { Known::at(self.time()) }
    }

    fn reference(&mut self) -> Reference {
        match self.below(5) {
            0 => Reference::Entity(EntityId(self.below(9))),
            1 => Reference::Event(EventId(self.below(9))),
            2 => Reference::Observer(ObserverId(0)),
            3 => Reference::Text(self.text()),
            _ => Reference::Number(self.number(), self.text()),
        }
    }

    fn box_px(&mut self) -> BoxPx {
        let side = |r: &mut Random| r.below(100_000) as f64 / 256.0;
        BoxPx { left: self.number(), top: -0.0, width: side(self), height: side(self) }
    }
}

/// A World of `n` samples. Revision 0 everywhere, ids by position.
pub(crate) fn world(seed: u64, n: u64) -> World {
    let mut r = Random::new(seed);
    let mut b = WorldBuilder::new(r.text());
    *b.record() = Record {
        name: r.text(),
        utc_start_ns: r.maybe(1_700_000_000_000_000_001),
        utc_uncertainty_ns: r.maybe(5),
        order_only: r.chance(),
    };
    let kinds = [
        SourceKind::Video,
        SourceKind::Annotation,
        SourceKind::Perception,
        SourceKind::Simulation,
        SourceKind::Text,
        SourceKind::Live,
    ];
    for kind in kinds {
        let clock = Clock { offset: r.time(), rate: 1.0 + r.number() / 1e9, uncertainty_ns: 3 };
        b.source(Source {
            id: SourceId(0),
            kind,
            uri: r.text(),
            sha256: r.maybe("ab".repeat(32)),
            record_from_source: r.maybe(clock),
            derived_from: r.maybe(SourceId(0)),
            settings: r.text(),
            known: r.known(),
        });
    }
    for kind in [ObserverKind::Camera, ObserverKind::Microphone, ObserverKind::Person] {
        let intrinsics = Intrinsics {
            fx: r.number(),
            fy: 1.0,
            cx: r.number(),
            cy: 2.0,
            distortion: vec![0.1; r.below(6) as usize],
        };
        b.observer(Observer {
            id: ObserverId(0),
            source: SourceId(r.below(6)),
            kind,
            name: r.text(),
            picture_px: r.maybe([640, 480]),
            intrinsics: r.maybe(intrinsics),
            known: r.known(),
        });
    }
    let frames = [
        b.reference_frame(ReferenceFrame::World("street".into()), Scale::Metre),
        b.reference_frame(ReferenceFrame::World("scan".into()), Scale::Own("scan".into())),
        b.reference_frame(ReferenceFrame::Camera(ObserverId(1)), Scale::Metre),
        b.reference_frame(ReferenceFrame::Image(ObserverId(0)), Scale::Pixel),
        b.reference_frame(ReferenceFrame::Stage(ObserverId(0), 3), Scale::Pixel),
        b.reference_frame(ReferenceFrame::Object(EntityId(2)), Scale::Metre),
        b.reference_frame(ReferenceFrame::Geo, Scale::Metre),
    ];
    for i in 0..7u64 {
        let mut track = Track::new(SourceId(r.below(6)), r.text(), r.known());
        track.observer = r.maybe(ObserverId(2));
        track.tolerance_ns = r.maybe(r.0 as i64 >> 20);
        track.max_speed = r.maybe(r.0 as f64);
        track.derived_from = (0..r.below(3).min(i)).map(TrackId).collect();
        track.carries = r.maybe(ObserverId(1));
        track.ignored = r.chance();
        b.track(track);
    }
    for _ in 0..r.below(9) {
        let entity = if r.chance() { b.entity() } else { EntityId(0) };
        b.identity(Identity {
            id: IdentityId(0),
            track: TrackId(r.below(7)),
            span: r.span(),
            entity,
            confidence: r.maybe(0.25),
            reason: r.text(),
            known: r.known(),
            closed: None,
        });
        let mut label = Label::new(TrackId(r.below(7)), r.text(), r.text(), r.known());
        label.score = r.maybe(-0.0);
        label.span = r.span();
        b.label(label);
        let region = r.box_px();
        let labels = (0..r.below(3)).map(|_| r.text()).collect();
        b.coverage(Coverage {
            id: CoverageId(0),
            source: SourceId(r.below(6)),
            observer: r.maybe(ObserverId(0)),
            span: r.span(),
            region_px: r.maybe(region),
            labels,
            smallest_px: r.maybe(8.0),
            recall: r.maybe(0.5),
            complete: r.chance(),
            known: r.known(),
        });
        let kind = match r.below(3) {
            0 => TransformKind::Similarity {
                translation: [r.number(), r.number(), r.number()],
                rotation: [1.0, 0.0, -0.0, 0.0],
                scale: 2.0,
            },
            1 => TransformKind::Homography(std::array::from_fn(|_| r.number())),
            _ => {
                TransformKind::GeoAnchor { longitude: 7.1, latitude: -0.0, height: r.number(), bearing: 90.0 }
            }
        };
        let (span, known) = (r.span(), r.known());
        let deviation = r.maybe(0.1);
        b.transform(Transform {
            id: TransformId(0),
            target: frames[0],
            source: frames[2],
            span,
            kind,
            deviation,
            known,
        });
        let roles = (0..r.below(3)).map(|_| (r.text(), r.reference())).collect();
        b.event(Event {
            id: EventId(0),
            kind: r.text(),
            span: r.span(),
            parent: r.maybe(EventId(0)),
            roles,
            confidence: r.maybe(1.0),
            source: SourceId(0),
            known: r.known(),
            closed: None,
        });
        b.fact(Fact {
            id: FactId(0),
            subject: r.reference(),
            predicate: r.text(),
            object: r.reference(),
            valid: r.span(),
            confidence: r.maybe(0.75),
            source: SourceId(1),
            known: r.known(),
            closed: None,
        });
    }
    let rich = r.below(4);
    for _ in 0..n {
        let sample = sample(&mut r, &frames, rich);
        b.sample(sample);
    }
    b.build().expect("valid")
}

fn sample(r: &mut Random, frames: &[ReferenceFrameId], rich: u64) -> Sample {
    let origins =
        [Origin::Observed, Origin::Annotated, Origin::Interpolated, Origin::Predicted, Origin::Simulated];
    let track = r.below(8);
    let t = r.time();
    let mut s = Sample::new(
        SourceId(r.below(6)),
        (track < 7).then_some(TrackId(track)),
        t,
        origins[r.below(if rich > 0 { 5 } else { 1 }) as usize],
    );
    let observer = ObserverId(r.below(3));
    s.observer = r.maybe(observer);
    s.frame_index = r.maybe(r.0 as u32 >> 8);
    let (place, b) = ([r.number(), r.number(), r.number()], r.box_px());
    s.box_px = r.maybe(b);
    if rich > 0 {
        let pose = Pose {
            reference_frame: frames[r.below(frames.len() as u64) as usize],
            position: place,
            rotation: r.maybe([0.5, -0.5, 0.5, -0.0]),
            extent: r.maybe([1.0 / 3.0, 2.0, 0.0]),
        };
        s.pose = r.maybe(pose);
        s.score = r.maybe(r.0 as f64 / 1e19);
    }
    if rich > 1 {
        s.end = r.maybe(t.plus_ns((r.0 >> 40) as i64));
        s.visibility = r.maybe(0.5);
        s.mask = r.maybe("2x2:13".into());
        s.known = r.known();
    }
    if rich > 2 {
        s.covariance = r.maybe([1.0, -0.0, f64::NAN, 1e-300, 2.0, 3.0]);
        s.extent_deviation = r.maybe([0.1, 0.0, 1e-300]);
        s.existence = r.maybe(0.25);
    }
    s
}

/// All samples by id, as text: every bit shows, NaN too.
pub(crate) fn samples(world: &World) -> Vec<String> {
    let store = world.store();
    let mut rows: Vec<Sample> = (0..store.bounds().len())
        .flat_map(|n| {
            let chunk = store.chunk(n).expect("readable");
            (0..chunk.len()).map(|i| chunk.row(i)).collect::<Vec<_>>()
        })
        .collect();
    rows.sort_by_key(|s| s.id);
    rows.iter().map(|s| format!("{s:?}")).collect()
}

/// The tables with this revision where there is none: what a first commit makes of them.
pub(crate) fn stamped(world: &World) -> Tables {
    let mut t = world.tables().clone();
    let known = t.sources.iter_mut().map(|r| &mut r.known);
    let known = known.chain(t.observers.iter_mut().map(|r| &mut r.known));
    let known = known.chain(t.tracks.iter_mut().map(|r| &mut r.known));
    let known = known.chain(t.identities.iter_mut().map(|r| &mut r.known));
    let known = known.chain(t.labels.iter_mut().map(|r| &mut r.known));
    let known = known.chain(t.coverage.iter_mut().map(|r| &mut r.known));
    let known = known.chain(t.transforms.iter_mut().map(|r| &mut r.known));
    let known = known.chain(t.events.iter_mut().map(|r| &mut r.known));
    let known = known.chain(t.facts.iter_mut().map(|r| &mut r.known));
    known.for_each(|known| known.revision = 1);
    t
}

/// Everything of a World as text, with revisions left out.
pub(crate) fn content(world: &World) -> String {
    let text = format!("{:?}\n{}", stamped(world), samples(world).join("\n"));
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("revision: ") {
        out.push_str(&rest[..at]);
        rest = rest[at + "revision: ".len()..].trim_start_matches(|c: char| c.is_ascii_digit());
    }
    out + rest
}
