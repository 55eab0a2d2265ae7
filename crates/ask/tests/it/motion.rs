//! Motion with known truth: circles, parabolas, followers, and a camera that moves.

use crate::scene::{S, Scene};
use chronotope_ask::program::answer;
use chronotope_world::{
    Event, EventId, Known, Label, Origin, Pose, Reference, ReferenceFrame, Sample, Scale, Span, Time, Track,
    World,
};

fn value(world: &World, program: &str) -> f64 {
    let answered = answer(world, program).unwrap_or_else(|e| panic!("{program}: {e}"));
    match &answered.answer.value {
        Some(chronotope_world::Value::Number(number)) => number.value,
        Some(chronotope_world::Value::Moment(t)) => t.as_s(),
        other => panic!("{program}: {other:?} {}", answered.answer.text),
    }
}

fn text(world: &World, program: &str) -> String {
    answer(world, program).map_or_else(|e| format!("error: {e}"), |answered| answered.answer.text)
}

fn near(world: &World, rows: &[(&str, f64, f64)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|&(program, expected, most)| {
            let found = value(world, program);
            ((found - expected).abs() > most).then(|| format!("{program}: {found}, expected {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn every(n: i32, place: impl Fn(f64) -> (f64, f64)) -> Vec<(f64, f64, f64)> {
    (0..=n).map(|i| f64::from(i) / 10.0).map(|t| (t, place(t).0, place(t).1)).collect()
}

/// A bus that brakes, a car on a circle to the left, one that follows the bus, a dog that runs to and fro.
fn street() -> World {
    let mut scene = Scene::new();
    scene.covers(&["bus", "car", "van", "dog", "person"], 0.0, 10.0);
    scene.walks("bus", &every(100, |t| (20.0 + 10.0 * t - 0.4 * t * t, 0.0)));
    scene.walks("car", &every(100, |t| (10.0 * libm::cos(0.5 * t), 60.0 + 10.0 * libm::sin(0.5 * t))));
    scene.walks("van", &every(100, |t| (5.0 + 10.0 * t - 0.4 * t * t, 0.5)));
    scene.walks("dog", &every(100, |t| (-20.0 + 3.0 * libm::sin(std::f64::consts::PI * t), -30.0)));
    scene.walks("person", &every(100, |t| (30.0, -10.0 + 2.0 * t)));
    scene.world()
}

#[test]
fn figures_of_known_motion() {
    let rate = 0.5f64.to_degrees();
    near(
        &street(),
        &[
            ("acceleration(all(\"bus\"), at: 4 s)", -0.8, 1e-9),
            ("acceleration(all(\"bus\"))", -0.8, 1e-6),
            ("acceleration(all(\"car\"), at: 4 s)", 0.0, 1e-9),
            ("turn_rate(all(\"car\"), at: 4 s)", rate, 0.5),
            ("turn_rate(all(\"car\"), reduce: max)", rate, 0.5),
            ("heading(all(\"bus\"), at: 4 s)", 0.0, 1e-9),
            ("heading(all(\"person\"), at: 4 s)", 90.0, 1e-9),
            (
                "heading(all(\"car\"), at: 4 s)",
                (2.0f64 + std::f64::consts::FRAC_PI_2).to_degrees() - 360.0,
                0.5,
            ),
            ("relative_speed(all(\"bus\"), all(\"van\"))", 0.0, 1e-9),
            (
                "relative_speed(all(\"bus\"), all(\"person\"), at: 0.05 s)",
                (9.96f64 * 9.96 + 4.0).sqrt(),
                1e-6,
            ),
            ("repetitions(all(\"dog\"))", 5.0, 0.0),
            ("revolutions(all(\"car\"), during: span(0 s, 10 s))", 5.0 / std::f64::consts::TAU, 0.15),
        ],
    );
    let world = street();
    assert_eq!(text(&world, "rotation(all(\"car\"))"), "counter-clockwise");
    assert_eq!(
        text(
            &world,
            "predict_error(all(\"bus\"), 8 s, seen_until: 5 s) > predict_error(all(\"bus\"), 7 s, seen_until: 5 s)"
        ),
        "yes"
    );
}

#[test]
fn two_on_their_way() {
    let world = street();
    // the person is 10 m from the bus lane at the start and crosses it at 5 s; the bus passes there after 1.04 s
    assert_eq!(text(&world, "crosses_path(all(\"person\"), all(\"bus\"))"), "5 s");
    assert_eq!(text(&world, "exists(crosses_path(all(\"dog\"), all(\"bus\")))"), "no");
    assert_eq!(text(&world, "follows(all(\"van\"), all(\"bus\"), within: 16 m)"), "0 s to 10 s");
    assert_eq!(text(&world, "exists(follows(all(\"bus\"), all(\"van\")))"), "no");
    assert_eq!(text(&world, "exists(follows(all(\"van\"), all(\"bus\"), within: 10 m))"), "no");
    // straight towards: 15 m apart at equal speeds never meet; the person reaches the line through (30, 0) alone
    assert!(
        text(&world, "time_to_contact(all(\"van\"), all(\"bus\"), 4 s)").starts_with("unknown: a contact")
    );
    let mut scene = Scene::new();
    scene.covers(&["bus", "car"], 0.0, 10.0);
    scene.walks("bus", &every(100, |t| (5.0 * t, 0.0)));
    scene.walks("car", &every(100, |t| (100.0 - 5.0 * t, 0.0)));
    let world = scene.world();
    near(
        &world,
        &[
            ("time_to_contact(all(\"bus\"), all(\"car\"), 4 s)", 5.8, 1e-6),
            ("time_to_contact(all(\"bus\"), all(\"car\"), 4 s, within: 10 m)", 5.0, 1e-6),
            ("relative_speed(all(\"bus\"), all(\"car\"))", 10.0, 1e-9),
            ("closest_approach(all(\"bus\"), all(\"car\"))", 10.0, 1e-6),
        ],
    );
}

#[test]
fn the_future_changes_no_prediction() {
    let mut texts = Vec::new();
    for after in [1.0, 7.0] {
        let mut scene = Scene::new();
        scene.covers(&["bus"], 0.0, 10.0);
        scene.walks("bus", &every(100, |t| if t <= 5.0 { (2.0 * t, t) } else { (2.0 * t * after, t) }));
        let world = scene.world();
        texts.push(text(&world, "predict(all(\"bus\"), 8 s, seen_until: 5 s)"));
        let x =
            answer(&world, "predict(all(\"bus\"), 8 s, seen_until: 5 s)").expect("a program").answer.value;
        let Some(chronotope_world::Value::Position(at, _)) = x else { panic!("{texts:?}") };
        assert!((at[0] - 16.0).abs() < 1e-6 && (at[1] - 8.0).abs() < 1e-6, "{at:?}");
    }
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn falling_and_jumping() {
    let mut scene = Scene::new();
    scene.covers(&["ball", "stone", "car"], 0.0, 4.0);
    let frame = scene.builder.reference_frame(ReferenceFrame::World("ground".into()), Scale::Metre);
    let mut drop = |label: &str, z: &dyn Fn(f64) -> f64| {
        let mut row = Track::new(scene.source, label, Known::ALWAYS);
        row.tolerance_ns = Some(S);
        row.observer = Some(scene.observer);
        let track = scene.builder.track(row);
        scene.builder.entity_of(track, "annotated", Known::ALWAYS);
        scene.builder.label(chronotope_world::Label::new(track, label, "test", Known::ALWAYS));
        for i in 0..=80 {
            let t = f64::from(i) / 20.0;
            let mut sample = Sample::new(scene.source, Some(track), Time::from_s(t), Origin::Annotated);
            sample.pose = Some(Pose {
                reference_frame: frame,
                position: [3.0 * t, 0.0, z(t)],
                rotation: None,
                extent: None,
            });
            scene.builder.sample(sample);
        }
    };
    drop("ball", &|t| 80.0 - 4.903325 * t * t);
    drop("stone", &|_| 2.0);
    drop("car", &|t| if t < 2.0 { 0.0 } else { 900.0 });
    let world = scene.world();
    assert_eq!(text(&world, "falls(all(\"ball\"))"), "0 s to 4 s");
    assert_eq!(text(&world, "exists(falls(all(\"stone\")))"), "no");
    assert_eq!(text(&world, "count(jumps(all(\"car\")))"), "1");
    assert_eq!(text(&world, "count(jumps(all(\"ball\")))"), "0");
}

/// The nine combinations of observer and object, each still, translating or rotating.
#[test]
fn observer_and_object_are_told_apart() {
    let motions = [("still", 0.0, 0.0), ("translates", 2.0, 0.0), ("rotates", 0.0, 1.5)];
    for (observer_word, observer_m, observer_rad) in motions {
        for (object_word, object_m, object_rad) in motions {
            let mut scene = Scene::new();
            let frame = scene.builder.reference_frame(ReferenceFrame::World("ground".into()), Scale::Metre);
            let observer = scene.observer;
            for (label, carries, metres, turn) in
                [("camera", Some(observer), observer_m, observer_rad), ("car", None, object_m, object_rad)]
            {
                let mut row = Track::new(scene.source, label, Known::ALWAYS);
                (row.tolerance_ns, row.observer, row.carries) =
                    (Some(S), carries.is_none().then_some(observer), carries);
                let track = scene.builder.track(row);
                scene.builder.entity_of(track, "annotated", Known::ALWAYS);
                scene.builder.label(chronotope_world::Label::new(track, label, "test", Known::ALWAYS));
                for i in 0..=10 {
                    let s = f64::from(i) / 10.0;
                    let mut sample =
                        Sample::new(scene.source, Some(track), Time::from_s(s), Origin::Annotated);
                    let half = turn * s / 2.0;
                    sample.pose = Some(Pose {
                        reference_frame: frame,
                        position: [metres * s, 5.0, 0.0],
                        rotation: Some([libm::cos(half), 0.0, 0.0, libm::sin(half)]),
                        extent: None,
                    });
                    scene.builder.sample(sample);
                }
            }
            let world = scene.world();
            assert_eq!(
                text(&world, "motion_pattern(all(\"car\"), in: world)"),
                format!("observer {observer_word}, object {object_word}")
            );
        }
    }
}

/// A parked car that a driving camera comes up to, and one in front that drives as fast; what is known of the camera's motion.
fn from_a_car(camera: Option<&str>) -> World {
    let mut scene = Scene::new();
    scene.covers(&["car", "van"], 0.0, 5.0);
    let frame = scene.builder.reference_frame(ReferenceFrame::Camera(scene.observer), Scale::Metre);
    for (label, speed) in [("car", -10.0), ("van", 0.0)] {
        let mut row = Track::new(scene.source, label, Known::ALWAYS);
        row.tolerance_ns = Some(S);
        row.observer = Some(scene.observer);
        let track = scene.builder.track(row);
        scene.builder.entity_of(track, "annotated", Known::ALWAYS);
        scene.builder.label(Label::new(track, label, "test", Known::ALWAYS));
        for i in 0..50 {
            let t = f64::from(i) / 10.0;
            let mut sample = Sample::new(scene.source, Some(track), Time::from_s(t), Origin::Annotated);
            let position = [3.0, 1.0, 60.0 + speed * t];
            sample.pose = Some(Pose { reference_frame: frame, position, rotation: None, extent: None });
            scene.builder.sample(sample);
        }
    }
    if let Some(kind) = camera {
        scene.builder.event(Event {
            id: EventId(0),
            kind: kind.to_owned(),
            span: Span::between(Time(0), Time(5 * S)),
            parent: None,
            roles: vec![("camera".to_owned(), Reference::Observer(scene.observer))],
            confidence: None,
            source: scene.source,
            known: Known::ALWAYS,
            closed: None,
        });
    }
    scene.world()
}

#[test]
fn what_a_camera_that_may_move_shows_is_no_motion() {
    let said = |world: &World, question: &str| {
        chronotope_ask::ask(world, question, &[]).expect("it runs").answered.answer.text
    };
    let unknown = "unknown: how camera(0) moves itself: only motion relative to camera(0) is known (ask it \"relative to the camera\")";
    for camera in [None, Some("travelling")] {
        let world = from_a_car(camera);
        for question in [
            "Is the car moving?",
            "Does the van stand still?",
            "How fast is the car?",
            "Which is faster, the car or the van?",
            "Does the van overtake the car?",
            "How far did the car travel?",
        ] {
            let told = said(&world, question);
            assert!(told.starts_with("unknown: how camera(0) moves itself"), "{question} {told}\n{unknown}");
        }
        assert_eq!(said(&world, "Does the van stand still relative to the camera?"), "yes");
        assert_eq!(
            said(&world, "How fast is the car relative to the camera?"),
            "10 m/s relative to camera(0)"
        );
        // how far they are from each other does not depend on who looks
        assert_eq!(said(&world, "Do the car and the van come within 5 m of each other?"), "yes");
    }
    assert_eq!(said(&from_a_car(Some("static")), "Is the car moving?"), "yes");
    assert_eq!(said(&from_a_car(Some("static")), "Is the van moving?"), "no");
}
