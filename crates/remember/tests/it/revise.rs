//! One's mind can be changed, and what was believed before stays answered.

use chronotope_remember::bundle::{self, Writer};
use chronotope_remember::{Part, Revision, list_corpus, open_corpus, revise};
use chronotope_world::*;
use std::path::Path;

/// Three tracks, an entity each, called `car`.
fn three(path: &Path) {
    let mut w = Writer::create(path, Record::default()).expect("made");
    let source = w.source(Source {
        id: SourceId(0),
        kind: SourceKind::Live,
        uri: String::new(),
        sha256: None,
        record_from_source: Some(Clock::SAME),
        derived_from: None,
        settings: String::new(),
        known: Known::ALWAYS,
    });
    for k in 0..3 {
        let track = w.track(Track::new(source, k.to_string(), Known::ALWAYS));
        w.label(Label::new(track, "car", "test", Known::ALWAYS));
        w.entity_of(track, "tracked", Known::ALWAYS);
        for t in 0..10 {
            let mut s = Sample::new(source, Some(track), Time(t), Origin::Observed);
            s.box_px = BoxPx::new(t as f64, k as f64, 1.0, 1.0);
            w.sample(s).expect("valid");
        }
    }
    w.commit().expect("committed");
}

/// Entities with the number of samples and the labels of each.
fn believed(path: &Path, as_of: u64) -> Vec<(u64, usize, Vec<String>)> {
    let world = bundle::open(path).expect("opened").seen(View { as_of, ..View::NEWEST });
    let entity = |e: EntityId| {
        let samples = world.trajectory(e).expect("readable").runs.iter().map(Run::len).sum();
        (e.0, samples, world.labels_of(e).map(|label| label.text.clone()).collect())
    };
    world.entities().map(entity).collect()
}

#[test]
fn as_of_then_and_as_of_now_differ_as_they_should() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a.world");
    three(&path);
    let steps = [
        Revision::Merge { keep: EntityId(0), other: EntityId(2) },
        Revision::Split { entity: EntityId(1), part: Part::From(Time(4)) },
        Revision::Relabel { entity: EntityId(1), text: "bus".into() },
        Revision::Split { entity: EntityId(0), part: Part::Track(TrackId(2)) },
    ];
    for (k, step) in steps.iter().enumerate() {
        assert_eq!(revise(&path, step, Time::MIN).expect("revised"), k as u64 + 2);
    }
    let car = |n: usize| vec!["car".to_owned(); n];
    let bus = vec!["bus".to_owned()];
    let expected = [
        vec![(0, 10, car(1)), (1, 10, car(1)), (2, 10, car(1))],
        vec![(0, 20, car(2)), (1, 10, car(1))],
        vec![(0, 20, car(2)), (1, 4, car(1)), (3, 6, car(1))],
        vec![(0, 20, car(2)), (1, 4, bus.clone()), (3, 6, car(1))],
        vec![(0, 10, car(1)), (1, 4, bus.clone()), (3, 6, car(1)), (4, 10, car(1))],
    ];
    for (k, expected) in expected.iter().enumerate() {
        assert_eq!(believed(&path, k as u64 + 1), *expected, "as of {}", k + 1);
    }
    bundle::compact(&path).expect("compacted");
    for (k, expected) in expected.iter().enumerate() {
        assert_eq!(believed(&path, k as u64 + 1), *expected, "as of {}, compacted", k + 1);
    }
    assert_eq!(bundle::open(&path).expect("opened").store().revision(), 5);
    let again = Revision::Merge { keep: EntityId(0), other: EntityId(4) };
    assert_eq!(revise(&path, &again, Time::MIN).expect("revised"), 6);
    assert!(bundle::check(&path).is_empty());
}

#[test]
fn a_thing_is_one_with_a_thing_of_another_bundle_until_somebody_knows_better() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (a, b) = (folder.path().join("a.world"), folder.path().join("b.world"));
    three(&a);
    three(&b);
    let (entity, other) = (EntityId(2), "b/entity/0".to_owned());
    let same = Revision::Same { entity, other: other.clone(), valid: Span::ALWAYS, because: "coat".into() };
    assert_eq!(revise(&a, &same, Time::MIN).expect("revised"), 2);
    assert_eq!(
        revise(
            &a,
            &Revision::Apart { entity, other: other.clone(), because: "another coat".into() },
            Time::MIN
        )
        .expect("revised"),
        3
    );
    let kept = bundle::open(&a).expect("opened");
    let why = kept.facts().find(|fact| fact.predicate == chronotope_world::DIFFERENT_FROM).expect("kept");
    assert_eq!(kept.tables().sources[why.source.0 as usize].uri, "another coat");
    let things = |as_of: u64| {
        let worlds = [&a, &b].map(|path| bundle::open(path).expect("opened"));
        let both = join(&worlds).seen(View { as_of, ..View::NEWEST });
        both.entities().map(|e| e.0).collect::<Vec<_>>()
    };
    let expected = [vec![0, 1, 2, 3, 4, 5], vec![0, 1, 2, 4, 5], vec![0, 1, 2, 3, 4, 5]];
    assert_eq!([things(1), things(2), things(3)], expected);
    // one on disk, it is still so
    let worlds = [&a, &b].map(|path| bundle::open(path).expect("opened"));
    let both = folder.path().join("both.world");
    bundle::write(&both, &join(&worlds)).expect("written");
    let n =
        |as_of| bundle::open(&both).expect("opened").seen(View { as_of, ..View::NEWEST }).entities().count();
    assert_eq!([n(1), n(2), n(3)], [6, 5, 6]);
    for (again, expected) in [
        (Revision::Apart { entity, other: other.clone(), because: "another coat".into() }, "found none"),
        (
            Revision::Same {
                entity,
                other: "a/entity/0".into(),
                valid: Span::ALWAYS,
                because: String::new(),
            },
            "which is of this one",
        ),
        (
            Revision::Same { entity, other: "b/track/0".into(), valid: Span::ALWAYS, because: String::new() },
            "NAME/entity/N",
        ),
    ] {
        let error = revise(&a, &again, Time::MIN).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_revision_that_changes_nothing_is_refused() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a.world");
    three(&path);
    let cases = [
        (Revision::Merge { keep: EntityId(0), other: EntityId(0) }, "found entity/0 twice"),
        (
            Revision::Merge { keep: EntityId(0), other: EntityId(9) },
            "expected an existing entity, found entity/9",
        ),
        (
            Revision::Split { entity: EntityId(0), part: Part::Track(TrackId(1)) },
            "found all or nothing of it",
        ),
        (Revision::Relabel { entity: EntityId(0), text: "car".into() }, "expected another label"),
    ];
    for (revision, expected) in cases {
        let error = revise(&path, &revision, Time::MIN).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(bundle::open(&path).expect("opened").store().revision(), 1);
}

#[test]
fn a_corpus_is_listed_by_name() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for name in ["b.world", "a.world", "c.world"] {
        three(&folder.path().join(name));
    }
    std::fs::write(folder.path().join("notes.txt"), "no bundle").expect("written");
    std::fs::create_dir(folder.path().join("empty.world")).expect("made");
    let names: Vec<String> = open_corpus(folder.path())
        .expect("readable")
        .map(|world| world.expect("opened").store().name().to_owned())
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert!(list_corpus(folder.path().join("nowhere")).is_err());
}

/// What lies before the first sample or after the last one is no part of a thing: the bundle stays as it was.
#[test]
fn a_split_outside_of_what_was_seen_is_refused_with_the_range() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a.world");
    three(&path);
    for t in [-1, 0, 10, 1000] {
        let step = Revision::Split { entity: EntityId(1), part: Part::From(Time(t)) };
        let fault = revise(&path, &step, Time::MIN).expect_err("nothing there").to_string();
        assert!(fault.contains("expected a moment after 0 s and up to 0.000000009 s"), "{t}: {fault}");
    }
    assert_eq!(bundle::open(&path).expect("as before").revision(), 1);
}
