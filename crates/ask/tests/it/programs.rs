//! Programs on small Worlds: values, what is unknown and why, replay.

use crate::scene::Scene;
use chronotope_ask::program::{answer, answer_json, replay};
use chronotope_world::{EntityId, Known, Scale, Span, Status, Time, View, World};
use serde_json::{Value, json};

/// Asks programs and compares the words of the answers.
fn asks(world: &World, pairs: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (program, expected) in pairs {
        let found = match answer(world, program) {
            Ok(answered) => answered.answer.text,
            Err(error) => format!("error: {error}"),
        };
        if found != *expected {
            wrong.push(format!("{program}\n    expected: {expected}\n    found:    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A street: two cars and a person on the ground, seen from 0 s to 10 s.
fn street() -> World {
    let mut scene = Scene::new();
    scene.covers(&["car", "person", "bus"], 0.0, 10.0);
    let every_s = |from: i32, to: i32, place: fn(f64) -> (f64, f64)| -> Vec<(f64, f64, f64)> {
        (from..=to).map(|t| (f64::from(t), place(f64::from(t)).0, place(f64::from(t)).1)).collect()
    };
    scene.walks("car", &every_s(0, 9, |t| (2.0 * t, 0.0)));
    scene.walks("car", &every_s(2, 6, |t| (10.0, 5.0 + 0.0 * t)));
    scene.walks("person", &every_s(4, 8, |t| (10.0, t - 4.0)));
    scene.world()
}

/// What lies beyond all that a record can hold is not its end.
#[test]
fn times_and_revisions_that_there_are_not_are_told() {
    asks(
        &street(),
        &[
            (
                "count_at(all(\"car\"), 1000000000000 s)",
                "unknown: expected a time within 292 years of zero, found 1000000000000 s",
            ),
            (
                "count(all(\"car\"), during: span(1 s, 10000000000 s * 7))",
                "unknown: expected a time within 292 years of zero, found 70000000000 s",
            ),
            (
                "as_of 5; count(all(\"car\"))",
                "error: program, as_of: expected a revision up to 0, found 5, at byte 0",
            ),
            ("as_of 0; count(all(\"car\"))", "2"),
        ],
    );
}

#[test]
fn a_street_is_questioned() {
    asks(
        &street(),
        &[
            ("count(all(\"car\"))", "2"),
            ("count(all(\"cars\"))", "2"),
            ("count(all(\"vehicle\"))", "2"),
            ("count(all(\"bus\"))", "0"),
            ("count(all(\"car\"), during: span(6.5 s, 9.5 s))", "1 (1 to 2)"),
            ("count_at(all(), 5 s)", "3"),
            ("most_at_once(all(\"car\"))", "2"),
            ("exists(all(\"bus\"))", "no"),
            ("exists(all(\"person\"), during: span(0 s, 3 s))", "no"),
            ("presence(all(\"person\"))", "4 s to 8 s; possibly 3 s to 4 s, 8 s to 9 s"),
            ("first_seen(all(\"person\"))", "4 s (3 to 4)"),
            ("last_seen(all(\"person\"))", "8 s (8 to 9)"),
            ("duration(presence(all(\"person\")))", "4 s (4 to 6)"),
            ("together(all(\"person\"), entity(1))", "4 s to 6 s; possibly 3 s to 4 s, 6 s to 7 s"),
            ("is_before(first_seen(entity(1)), first_seen(all(\"person\")))", "yes"),
            ("time_between(first_seen(entity(1)), first_seen(all(\"person\")))", "2 s (1 to 3)"),
            ("sequence([all(\"person\"), all(\"car\")])", "car, person"),
            ("min_distance(entity(0), all(\"person\"))", "0.894 m"),
            ("distance(entity(0), entity(1), at: 4.5 s)", "5.099 m"),
            ("distance(entity(1), all(\"person\"), reduce: max)", "5 m"),
            ("within(entity(1), all(\"person\"), 3.5 m)", "6 s; possibly 5 s to 6 s"),
            ("nearest(all(\"car\"), all(\"person\"), at: 4 s)", "car 0"),
            ("speed(entity(0))", "2 m/s"),
            ("speed(entity(0), at: 3.5 s) * 2 s", "4 m"),
            ("path_length(entity(0), during: span(1 s, 3 s))", "4 m"),
            ("displacement(all(\"person\"))", "4 m"),
            ("motion_direction(all(\"person\"))", "north"),
            ("stationary(entity(1))", "2 s to 6 s"),
            ("exists(moving(entity(0), during: span(5 s, 5 s)))", "yes"),
            ("exists(moving(entity(1), during: span(5 s, 5 s)))", "no"),
            ("duration(moving(entity(0), during: span(4 s, 6.5 s)))", "2.5 s"),
            ("count(where(all(\"car\"), speed(it) > 1 m/s))", "1"),
            ("argmax(all(\"car\"), speed(it))", "car 0"),
            ("first(all(\"car\"))", "car 0"),
            ("nth(all(\"car\"), 2)", "car 1"),
            ("label(nth(all(), -1))", "person"),
            ("position(entity(0), at: 1.5 s)", "(3, 0, 0) m in world(ground)"),
            ("exists(approaching(entity(0), entity(1)))", "yes"),
            ("compass(of: entity(1), from: entity(0), at: 2 s)", "north-east"),
            ("let c = all(\"car\"); count(c) + count(c)", "4"),
            ("2 m + 50 cm", "2.5 m"),
            ("36 km/h", "10 m/s"),
            ("ratio(3 m, 2 m)", "1.5"),
            ("compare(3 m, 2 m)", "greater"),
            ("max([1 s, 3 s, 2 s])", "3 s"),
            ("if(exists(all(\"bus\")), 1, 2)", "2"),
            ("not exists(all(\"bus\")) and 1 < 2", "yes"),
            ("enters(entity(0), region([5, -1, 6, 2], in: world))", "2 s to 3 s"),
            ("dwell(entity(0), region([5, -1, 6, 2], in: world))", "2 s (2 to 4)"),
            ("count(crosses(entity(0), line([5, -1, 5, 1], in: world)))", "1"),
            ("kind(crosses(entity(0), line([5, -1, 5, 1], in: world)))", "crosses left to right"),
        ],
    );
}

#[test]
fn what_nobody_looked_for_is_unknown() {
    let mut scene = Scene::new();
    scene.covers(&["moving object"], 0.0, 10.0);
    scene.shows("moving object", &[(1.0, [0.0, 0.0, 10.0, 10.0]), (2.0, [50.0, 0.0, 10.0, 10.0])]);
    let world = scene.world();
    asks(
        &world,
        &[
            ("count(all(\"moving object\"))", "1"),
            ("count(all())", "1; only moving objects were looked for"),
            ("exists(all())", "yes; only moving objects were looked for"),
            ("present(all())", "moving object 0; only moving objects were looked for"),
            (
                "where(all(), exists(stationary(it)))",
                "unknown: nobody looked for what does not move, only for moving objects during [0, 10) s",
            ),
            (
                "count(where(all(), not exists(moving(it))))",
                "unknown: nobody looked for what does not move, only for moving objects during [0, 10) s",
            ),
            (
                "exists(stationary(all()))",
                "unknown: nobody looked for what does not move, only for moving objects during [0, 10) s",
            ),
            ("exists(stationary(entity(0)))", "no"),
            ("present(all(\"dog\"))", "unknown: nobody looked for `dog` during [0, 10) s"),
            ("count(all(\"people\"))", "unknown: nobody looked for `people` during [0, 10) s"),
            (
                "count(all(\"moving object\"), during: span(8 s, 12 s))",
                "unknown: nobody looked for `moving object` during [10, 12) s",
            ),
            ("exists(all(\"moving object\"), during: span(0 s, 12 s))", "yes"),
            ("motion_direction(all(\"moving object\"))", "right"),
            ("presence(all(\"moving object\"))", "1 s to 2 s; possibly 0 s to 1 s, 2 s to 3 s"),
        ],
    );
    let unseen = answer(&world, "first_seen(all(\"dog\"))").expect("a program");
    assert_eq!(unseen.answer.status, Status::Unknown);
}

#[test]
fn the_gaps_of_coverage_are_named_one_by_one() {
    let mut scene = Scene::new();
    for (from, to) in [(0.0, 2.0), (3.0, 6.0), (7.0, 8.0)] {
        scene.covers(&["car"], from, to);
    }
    scene.shows("car", &[(1.0, [0.0, 0.0, 10.0, 10.0]), (4.0, [0.0, 0.0, 10.0, 10.0])]);
    let world = scene.world();
    asks(
        &world,
        &[
            ("count(all(\"car\"))", "unknown: nobody looked for `car` during [2, 3), [6, 7) s"),
            ("count(all(\"car\"), during: span(3 s, 6 s))", "1"),
        ],
    );
    let told = answer(&world, "count(all(\"car\"))").expect("a program").answer;
    assert_eq!(told.missing[0].hint.as_deref(), Some("somebody looked during [3, 6) s"));
}

#[test]
fn a_summary_tells_kinds_numbers_and_spans_and_when_most_were_there() {
    let mut scene = Scene::new();
    scene.covers(&["car", "bus"], 0.0, 10.0);
    let still = [0.0, 0.0, 10.0, 10.0];
    scene.shows("car", &[(1.0, still), (2.0, still), (3.0, still)]);
    scene.shows("car", &[(2.0, still), (3.0, still), (4.0, still)]);
    scene.shows("bus", &[(6.0, still)]);
    let world = scene.world();
    asks(
        &world,
        &[
            ("contents(all())", "2 cars (1 s to 4 s), 1 bus (at 6 s)"),
            ("contents(all(\"car\"), during: span(0 s, 1.5 s))", "1 car (1 s to 1.5 s)"),
            ("kinds(all())", "bus, car"),
            ("when_most(all(\"car\"))", "2 s to 3 s; possibly 1 s to 2 s, 3 s to 4 s"),
            ("when_count(all(\"car\"), at_least: 2)", "2 s to 3 s; possibly 1 s to 2 s, 3 s to 4 s"),
            (
                "when_count(all(\"car\"), at_least: 1, at_most: 1)",
                "1 s, 4 s; possibly 0 s to 1 s, 1 s to 2 s, 3 s to 4 s, 4 s to 5 s",
            ),
            ("when_count(all(\"dog\"), at_most: 1)", "unknown: nobody looked for `dog` during [0, 10) s"),
            ("when_count(all(\"car\"), at_least: 1.5)", "unknown: a whole number of things, not 1.5"),
            ("when_most(all(\"dog\"))", "unknown: nobody looked for `dog` during [0, 10) s"),
            ("presence(entity(2, label: \"bus\"))", "6 s; possibly 5 s to 6 s, 6 s to 7 s"),
            ("presence(entity(2, label: \"car\"))", "unknown: there is no `car` 2: number 2 is `bus`"),
        ],
    );
}

#[test]
fn pixels_never_become_metres() {
    let mut scene = Scene::new();
    scene.covers(&[], 0.0, 10.0);
    scene.shows("car", &[(1.0, [0.0, 0.0, 10.0, 10.0])]);
    scene.shows("bus", &[(1.0, [30.0, 0.0, 10.0, 10.0])]);
    let world = scene.world();
    asks(
        &world,
        &[
            ("distance(all(\"car\"), all(\"bus\"))", "30 px"),
            ("distance(all(\"car\"), all(\"bus\"), between: surfaces)", "20 px"),
            (
                "distance(all(\"car\"), all(\"bus\")) < 5 m",
                "unknown: no transform between a frame in px and a frame in m",
            ),
            (
                "exists(within(all(\"car\"), all(\"bus\"), 5 m))",
                "unknown: no transform from image(0) to a frame in metres",
            ),
            ("distance(all(\"car\"), all(\"bus\"), in: world)", "unknown: no transform to a world"),
            (
                "distance(all(\"car\"), all(\"bus\"), in: image) < 5 m",
                "error: program, `<`: expected like units, found px against m, at byte 46",
            ),
            (
                "within(all(\"car\"), all(\"bus\"), 5 m, in: image)",
                "error: program, within: expected arguments that go together, found px against m, at byte 0",
            ),
            ("side(all(\"bus\"), all(\"car\"))", "right"),
            ("count(inside(all(\"car\"), left_half()))", "1"),
        ],
    );
    let mut scene = Scene::new();
    scene.covers(&[], 0.0, 10.0);
    scene.walks_in("car", "map", Scale::Own("map".into()), &[(0.0, 0.0, 0.0), (1.0, 3.0, 4.0)]);
    asks(
        &scene.world(),
        &[
            ("path_length(all(\"car\"))", "5 unit(map)"),
            ("path_length(all(\"car\")) > 2 m", "unknown: the scale of map: how many metres its unit is"),
        ],
    );
}

#[test]
fn a_room_is_timeless() {
    let mut scene = Scene::new();
    scene.coverage(&["chair", "table", "door", "lamp"], Span::ALWAYS);
    scene.stands("chair", [0.0, 0.0, 0.5], [0.5, 0.5, 1.0], 0.0);
    scene.stands("chair", [3.0, 0.0, 0.5], [0.5, 0.5, 1.0], 0.3);
    scene.stands("table", [1.25, 0.0, 0.5], [1.0, 1.0, 1.0], 0.0);
    scene.stands("door", [0.0, 4.0, 1.0], [1.0, 0.1, 2.0], 0.0);
    asks(
        &scene.world(),
        &[
            ("count(all(\"chair\"))", "2"),
            ("count(all(\"lamp\"))", "0"),
            ("count(all(\"sofa\"))", "unknown: nobody looked for `sofa`"),
            ("min_distance(all(\"table\"), all(\"chair\"), between: surfaces)", "0.5 m"),
            ("distance(entity(0), all(\"table\"))", "1.25 m"),
            ("nearest(all(\"chair\"), all(\"table\"), between: surfaces)", "chair 0"),
            ("size(all(\"door\"), of: height)", "2 m"),
            ("size(all(\"door\"), of: volume) < 1 m3", "yes"),
            ("direction(all(\"door\"), entity(0), all(\"table\"), sectors: LR2)", "left"),
            ("bearing(all(\"door\"), entity(0), all(\"table\"))", "90 deg"),
            ("side(entity(0), all(\"table\"), in: object(all(\"table\")))", "back"),
            ("side(all(\"door\"), all(\"table\"), in: object(all(\"table\")))", "left"),
            ("first_seen(all(\"door\"))", "unknown: a timeless scene has no moments"),
        ],
    );
}

#[test]
fn the_future_changes_nothing() {
    let world = street();
    let then = world.seen(View { as_of: u64::MAX, asked_at: Time::from_s(3.5) });
    asks(
        &then,
        &[
            ("count(all(\"car\"), during: span(0 s, 3.5 s))", "2"),
            ("exists(all(\"person\"), during: span(0 s, 3 s))", "no"),
        ],
    );
    asks(&world, &[("asked_at 3.5 s; displacement(entity(0))", "6 m")]);
    let mut scene = Scene::new();
    scene.walks("car", &[(0.0, 0.0, 0.0)]);
    scene.covers(&["car"], 0.0, 10.0);
    let mut late = scene.builder.tables().coverage[0].clone();
    late.known = Known::at(Time::from_s(10.0));
    let mut scene = Scene::new();
    scene.walks("car", &[(0.0, 0.0, 0.0)]);
    scene.builder.coverage(late);
    asks(
        &scene.world(),
        &[(
            "asked_at 5 s; count(all(\"car\"), during: span(0 s, 4 s))",
            "unknown: what was seen is known only from 10 s on, asked at 5 s",
        )],
    );
}

#[test]
fn order_without_a_clock() {
    let mut scene = Scene::new();
    scene.builder.record().order_only = true;
    scene.covers(&[], 0.0, 10.0);
    scene.walks("car", &[(0.0, 0.0, 0.0), (1.0, 1.0, 0.0)]);
    scene.walks("dog", &[(1.0, 0.0, 0.0), (2.0, 1.0, 0.0)]);
    let clock = "unknown: the clock of the source is not known, only the order of its pictures";
    asks(
        &scene.world(),
        &[
            ("is_before(first_seen(all(\"car\")), first_seen(all(\"dog\")))", "yes"),
            ("sequence([all(\"dog\"), all(\"car\")])", "car, dog"),
            ("speed(all(\"car\"))", clock),
            ("first_seen(all(\"dog\"))", clock),
            ("duration(presence(all(\"dog\")))", clock),
            ("path_length(all(\"car\"))", "1 m"),
        ],
    );
}

#[test]
fn faults_of_types_have_a_place() {
    asks(
        &street(),
        &[
            (
                "count(3)",
                "error: program, count, argument `what`: expected Things or Events or When or a List of Text, found Number of a bare number, at byte 6",
            ),
            (
                "cuont(all())",
                "error: program, call: expected an operator such as `count`, found `cuont`, at byte 0",
            ),
            ("1 m + 2 s", "error: program, `+`: expected like units, found m against s, at byte 6"),
            (
                "count(it)",
                "error: program, count, argument `what`: expected `always`, `it` where it is bound, or a name bound by `let`, found `it`, at byte 6",
            ),
            (
                "distance(all(), all(), inn: image)",
                "error: program, distance: expected one of the arguments a, b, at, during, reduce, between, in, found `inn`, at byte 28",
            ),
            (
                "speed(all(), reduce: most)",
                "error: program, speed, argument `reduce`: expected one of min, max, mean, found most, at byte 21",
            ),
            (
                "exists(all()) + 1",
                "error: program, +: expected a Number or a Moment or seconds, found Truth, at byte 0",
            ),
        ],
    );
}

#[test]
fn an_answer_has_every_key_and_replays() {
    let world = street();
    for program in [
        "count(all(\"car\"))",
        "min_distance(entity(0), all(\"person\"))",
        "exists(all(\"bus\"))",
        "presence(all(\"person\"))",
        "where(all(), speed(it) > 1 m/s)",
        "distance(entity(0), entity(1), at: 4.5 s) < 1 px",
        "speed(entity(0))",
    ] {
        let Ok(answered) = answer(&world, program) else { continue };
        let json = answer_json(&world, Some("?"), &answered, &json!({"run_s": 0.1}));
        for key in [
            "question",
            "answer",
            "status",
            "confidence",
            "program",
            "audit",
            "evidence",
            "missing",
            "timing",
        ] {
            assert!(json.get(key).is_some(), "{key} {json}");
        }
        for key in ["type", "value", "low", "high", "unit", "reference_frame", "choice", "text"] {
            assert!(json["answer"].get(key).is_some(), "{key} {json}");
        }
        let report = replay(&json, &world).expect("an answer");
        assert!(report.holds(), "{program}: {report:?}");
        let read: Value = serde_json::from_str(&json.to_string()).expect("valid JSON");
        assert!(replay(&read, &world).expect("an answer").holds());
    }
}

#[test]
fn one_changed_sample_breaks_the_proof() {
    let build = |x: f64| {
        let mut scene = Scene::new();
        scene.covers(&[], 0.0, 10.0);
        scene.walks("car", &[(0.0, 0.0, 0.0), (1.0, x, 0.0), (2.0, 0.0, 0.0)]);
        scene.walks("dog", &[(0.0, 3.0, 4.0), (1.0, 60.0, 0.0), (2.0, 60.0, 0.0)]);
        scene.world()
    };
    let world = build(1.0);
    let answered = answer(&world, "min_distance(all(\"car\"), all(\"dog\"))").expect("a program");
    let json = answer_json(&world, None, &answered, &json!({}));
    assert!(replay(&json, &world).expect("an answer").digests > 0);
    // the value is the same, the cited row is not
    let report = replay(&json, &build(0.5)).expect("an answer");
    assert!(report.differences.iter().any(|d| d.contains("digest")), "{report:?}");
    let mut forged = json.clone();
    forged["answer"]["value"] = json!(4.0);
    assert!(!replay(&forged, &world).expect("an answer").holds());
    assert!(replay(&json!({"program": "1 +"}), &world).is_err());
}

#[test]
fn times_are_certain_within_possible() {
    let mut scene = Scene::new();
    scene.covers(&[], 0.0, 10.0);
    let still: Vec<_> = (0..10).map(|t| (f64::from(t), [0.0, 0.0, 10.0, 10.0])).collect();
    scene.shows("lamp", &still);
    scene.shows("dog", &[(3.0, [50.0, 0.0, 10.0, 10.0]), (4.0, [60.0, 0.0, 10.0, 10.0])]);
    let world = scene.world();
    let answered = answer(&world, "first_seen(all(\"dog\"))").expect("a program");
    let json = answer_json(&world, None, &answered, &json!({}));
    assert_eq!(json["answer"]["value"], json!(3.0));
    assert_eq!((&json["answer"]["low"], &json["answer"]["high"]), (&json!(2.000000001), &json!(3.0)));
    let answered = answer(&world, "presence(all(\"dog\"))").expect("a program");
    let json = answer_json(&world, None, &answered, &json!({}));
    assert_eq!(json["answer"]["value"], json!({"certain": [[3.0, 4.0]], "possible": [[2.0, 5.0]]}));
    let dog = answered.answer.evidence.iter().find(|row| row.entity == Some(EntityId(1))).expect("cited");
    assert!(dog.frame_index.is_some() && dog.box_px.is_some(), "{dog:?}");
}

/// What questions become must fit: every program of the golden file passes the type check and runs to an answer.
#[test]
fn every_reading_of_a_question_runs() {
    let mut scene = Scene::new();
    scene.covers(&[], 0.0, 10.0);
    let places: Vec<_> = (0..10).map(|t| (f64::from(t), f64::from(t), 0.0)).collect();
    scene.walks("car", &places);
    scene.shows("person", &[(0.0, [0.0, 0.0, 10.0, 10.0]), (1.0, [500.0, 0.0, 10.0, 10.0])]);
    let world = scene.world();
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for line in include_str!("../../src/question/readings.md").lines() {
        for program in line.split('`').skip(1).step_by(2).filter(|_| line.starts_with("  ")) {
            tried += 1;
            if let Err(error) = answer(&world, program) {
                wrong.push(format!("{program}\n    {error}"));
            }
        }
    }
    assert!(tried > 150, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}\n{}", wrong.len(), wrong.join("\n"));
}
