//! What is where when, on 1,000 tracks of 1,000 samples each: everything at a time, what is near a place, one thing's place.

#![allow(missing_docs)] // a bench is a program

use chronotope_world::{
    BoxPx, EntityId, Known, Label, Origin, Pose, ReferenceFrame, Sample, Scale, Source, SourceId, SourceKind,
    Time, Track, World, WorldBuilder,
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const TRACKS: u64 = 1000;
const SAMPLES: i64 = 1000;

/// Walks of a linear congruential generator on a square kilometre, ten samples a second.
fn made() -> World {
    let mut world = WorldBuilder::new("bench");
    let source = world.source(Source {
        id: SourceId(0),
        kind: SourceKind::Annotation,
        uri: "bench".into(),
        sha256: None,
        record_from_source: None,
        derived_from: None,
        settings: String::new(),
        known: Known::ALWAYS,
    });
    let frame = world.reference_frame(ReferenceFrame::World("main".into()), Scale::Metre);
    let mut state = 1u64;
    let mut draw = |range: f64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64 * range
    };
    for n in 0..TRACKS {
        let mut row = Track::new(source, n.to_string(), Known::ALWAYS);
        row.tolerance_ns = Some(1_000_000_000);
        let track = world.track(row);
        world.entity_of(track, "made", Known::ALWAYS);
        world.label(Label::new(track, "car", "bench", Known::ALWAYS));
        let (mut x, mut y) = (draw(1000.0), draw(1000.0));
        for k in 0..SAMPLES {
            (x, y) = (x + draw(2.0) - 1.0, y + draw(2.0) - 1.0);
            let mut sample = Sample::new(source, Some(track), Time(k * 100_000_000), Origin::Annotated);
            sample.box_px = BoxPx::new(x, y, 10.0, 10.0);
            sample.pose =
                Some(Pose { reference_frame: frame, position: [x, y, 0.0], rotation: None, extent: None });
            world.sample(sample);
        }
    }
    world.build().expect("sound rows")
}

fn at(c: &mut Criterion) {
    let world = made();
    let frame = ReferenceFrame::World("main".into());
    let mut n = 0;
    let mut time = move || {
        n = (n + 7919) % 99_900;
        Time(n * 1_000_000)
    };
    assert_eq!(world.at(Time(50_050_000)).expect("in memory").len(), 1000);
    c.bench_function("at: all of 1,000 tracks", |b| b.iter(|| black_box(world.at(time()))));
    c.bench_function("near: within 20 m of a place", |b| {
        b.iter(|| black_box(world.near(&frame, [500.0, 500.0, 0.0], 20.0, time())));
    });
    c.bench_function("trajectory and place of one thing", |b| {
        b.iter(|| black_box(world.trajectory(EntityId(500)).map(|one| one.at(time()))));
    });
}

criterion_group!(benches, at);
criterion_main!(benches);
