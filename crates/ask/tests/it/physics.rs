//! Bodies that collide, fall, rest, carry one another, with known truth; and things seen from several places.

use crate::scene::{S, Scene};
use chronotope_ask::ask;
use chronotope_ask::program::answer;
use chronotope_world::{
    EntityId, Identity, IdentityId, Known, Label, Observer, ObserverId, ObserverKind, Origin, Pose,
    ReferenceFrame, Sample, Scale, Span, Status, Time, Track, World,
};

fn text(world: &World, program: &str) -> String {
    answer(world, program).map_or_else(|e| format!("error: {e}"), |answered| answered.answer.text)
}

fn asked(world: &World, question: &str) -> String {
    ask(world, question, &[]).map_or_else(|e| format!("error: {e}"), |asked| asked.answered.answer.text)
}

/// A box of this size whose middle goes so, every 20th of a second for so long.
fn body(
    scene: &mut Scene,
    label: &str,
    extent: [f64; 3],
    seconds: f64,
    place: impl Fn(f64) -> [f64; 3],
) -> EntityId {
    body_in(scene, label, &ReferenceFrame::World("ground".into()), extent, 20.0, seconds, place)
}

fn body_in(
    scene: &mut Scene,
    label: &str,
    frame: &ReferenceFrame,
    extent: [f64; 3],
    rate: f64,
    seconds: f64,
    place: impl Fn(f64) -> [f64; 3],
) -> EntityId {
    let entity = scene.builder.entity();
    track_of(scene, entity, label, frame, extent, rate, seconds, place);
    entity
}

/// Another track of a thing.
#[expect(clippy::too_many_arguments, reason = "what a drawn track is")]
fn track_of(
    scene: &mut Scene,
    entity: EntityId,
    label: &str,
    frame: &ReferenceFrame,
    extent: [f64; 3],
    rate: f64,
    seconds: f64,
    place: impl Fn(f64) -> [f64; 3],
) {
    let frame = scene.builder.reference_frame(frame.clone(), Scale::Metre);
    let mut row = Track::new(scene.source, format!("{label} {}", frame.0), Known::ALWAYS);
    row.tolerance_ns = Some(S);
    let track = scene.builder.track(row);
    scene.builder.identity(Identity {
        id: IdentityId(0),
        track,
        span: Span::ALWAYS,
        entity,
        confidence: None,
        reason: "annotated".into(),
        known: Known::ALWAYS,
        closed: None,
    });
    scene.builder.label(Label::new(track, label, "test", Known::ALWAYS));
    for i in 0..=(rate * seconds) as i32 {
        let t = f64::from(i) / rate;
        let mut sample = Sample::new(scene.source, Some(track), Time::from_s(t), Origin::Annotated);
        sample.pose = Some(Pose {
            reference_frame: frame,
            position: place(t),
            rotation: Some([1.0, 0.0, 0.0, 0.0]),
            extent: Some(extent),
        });
        scene.builder.sample(sample);
    }
}

const CAR: [f64; 3] = [4.0, 2.0, 1.5];

/// Two cars that drive into each other at 2 s: fronts 16 m apart, 4 m/s each. A bus is parked 20 m aside.
fn crash() -> World {
    let mut scene = Scene::new();
    scene.covers(&["car", "bus"], 0.0, 4.0);
    body(&mut scene, "car", CAR, 4.0, |t| [4.0 * t.min(2.0), 0.0, 0.75]);
    body(&mut scene, "car", CAR, 4.0, |t| [20.0 - 4.0 * t.min(2.0), 0.0, 0.75]);
    body(&mut scene, "bus", [10.0, 2.5, 3.0], 4.0, |_| [0.0, 20.0, 1.5]);
    scene.world()
}

#[test]
fn a_crash_is_found_when_it_happens_and_nothing_else_collides() {
    let world = crash();
    assert_eq!(asked(&world, "Do the cars collide?"), "yes");
    assert_eq!(asked(&world, "Does the car crash into the bus?"), "no");
    assert_eq!(asked(&world, "How many times do the cars collide with each other?"), "1");
    // within 5 cm from the sample before the crash on
    assert_eq!(text(&world, "start(collides(all(\"car\"), all(\"car\")))"), "2 s (1.95 to 2)");
    assert_eq!(text(&world, "start(touches(all(\"car\"), all(\"car\")))"), "2 s (1.95 to 2)");
    assert_eq!(text(&world, "exists(touches(all(\"car\"), all(\"bus\")))"), "no");
}

#[test]
fn who_passes_through_between_two_pictures_has_hit() {
    let mut scene = Scene::new();
    scene.covers(&["bullet", "wall"], 0.0, 1.0);
    let ground = ReferenceFrame::World("ground".into());
    // 50 m between two pictures
    body_in(&mut scene, "bullet", &ground, [0.1; 3], 2.0, 1.0, |t| [100.0 * t - 20.0, 0.3, 1.5]);
    body_in(&mut scene, "wall", &ground, [0.4, 5.0, 3.0], 2.0, 1.0, |_| [10.0, 0.0, 1.5]);
    let world = scene.world();
    assert_eq!(text(&world, "count(collides(all(\"bullet\"), all(\"wall\")))"), "1");
}

/// A cup on a table, a ball that falls to the floor and lies there, a crate.
fn room(change: impl FnOnce(&mut Scene)) -> World {
    let mut scene = Scene::new();
    scene.covers(&["table", "cup", "ball", "crate", "ghost"], 0.0, 3.0);
    body(&mut scene, "table", [1.2, 0.8, 0.7], 3.0, |_| [0.0, 0.0, 0.35]);
    body(&mut scene, "cup", [0.1; 3], 3.0, |_| [0.3, 0.1, 0.75]);
    body(&mut scene, "crate", [0.5; 3], 3.0, |_| [2.0, 2.0, 0.25]);
    body(&mut scene, "ball", [0.2; 3], 3.0, |t| [-2.0, 0.0, (4.0 - 4.903_325 * t * t).max(0.1)]);
    change(&mut scene);
    scene.world()
}

#[test]
fn a_sound_world_obeys_physics_and_each_fault_is_named() {
    let sound = room(|_| ());
    assert_eq!(
        asked(&sound, "Does this video obey the laws of physics?"),
        "yes",
        "{}",
        text(&sound, "broken_laws(all())")
    );
    assert_eq!(asked(&sound, "Does the ball fall freely?"), "yes");
    assert_eq!(asked(&sound, "Does the cup fall freely?"), "no");
    let broken = |expected: &str, change: fn(&mut Scene)| {
        let world = room(change);
        assert_eq!(asked(&world, "Does anything break the laws of physics?"), "yes", "{expected}");
        let told = asked(&world, "What breaks the laws of physics?");
        assert!(told.contains(expected) && told.contains("ghost"), "{expected}: {told}");
        assert_eq!(text(&world, "exists(violations(all(\"ball\")))"), "no", "{expected}");
    };
    broken("jumps", |scene| {
        body(scene, "ghost", [0.3; 3], 3.0, |t| [if t < 1.5 { 5.0 } else { 50.0 }, 5.0, 0.15]);
    });
    broken("rests", |scene| {
        body(scene, "ghost", [0.3; 3], 3.0, |_| [-1.0, 2.0, 1.5]);
    });
    broken("reach", |scene| {
        // through the crate
        body(scene, "ghost", [0.3; 3], 3.0, |t| [0.5 + t, 2.0, 0.15]);
    });
    broken("push", |scene| {
        // at 1 s both go on the same way, faster
        body(scene, "ghost", [0.3; 3], 3.0, |t| [8.0 + if t < 1.0 { t } else { 3.0 * t - 2.0 }, -3.0, 0.15]);
        body(scene, "crate", [0.3; 3], 3.0, |t| {
            [9.3 + if t < 1.0 { 0.0 } else { 3.5 * (t - 1.0) }, -3.0, 0.15]
        });
    });
}

#[test]
fn gravity_is_told_with_its_error_and_its_axis() {
    let world = room(|_| ());
    let answered = answer(&world, "gravity(all(\"ball\"))").expect("runs").answer;
    let Some(chronotope_world::Value::Number(told)) = answered.value else { panic!("{}", answered.text) };
    assert!((told.value - 9.80665).abs() < 1e-3, "{told:?}");
    assert!(matches!(told.spread, chronotope_world::Spread::Deviation(d) if d < 1e-3), "{told:?}");
    assert_eq!(asked(&world, "Along which axis does the ball fall?"), "-z");
    assert_eq!(answer(&world, "gravity(all(\"cup\"))").expect("runs").answer.status, Status::Unknown);
}

#[test]
fn a_tray_carries_the_cup_and_a_table_only_holds_it() {
    let mut scene = Scene::new();
    scene.covers(&["tray", "cup", "table"], 0.0, 4.0);
    body(&mut scene, "table", [1.0, 1.0, 0.7], 4.0, |_| [0.0, 0.0, 0.35]);
    let along = |t: f64| (t - 1.0).max(0.0);
    body(&mut scene, "tray", [0.5, 0.5, 0.04], 4.0, move |t| [along(t), 0.0, 0.72]);
    body(&mut scene, "cup", [0.1; 3], 4.0, move |t| [along(t) + 0.1, 0.0, 0.79]);
    let world = scene.world();
    assert_eq!(asked(&world, "What carries the cup?"), "tray 1");
    assert_eq!(asked(&world, "What supports the cup at 3 s?"), "tray 1");
    assert_eq!(text(&world, "count(carriers(all(\"cup\"), all(\"table\")))"), "0");
    assert_eq!(asked(&world, "What supports the tray at 0.5 s?"), "table 0");
}

#[test]
fn sides_flip_between_views_and_heights_do_not() {
    let mut scene = Scene::new();
    scene.covers(&["lamp", "sofa"], 0.0, 1.0);
    body(&mut scene, "lamp", [0.2; 3], 1.0, |_| [5.0, 1.0, 1.5]);
    body(&mut scene, "sofa", [1.0; 3], 1.0, |_| [5.0, -1.0, 0.5]);
    let world = scene.world();
    let told = text(
        &world,
        "across_views(all(), [pose([0, 0], 0 deg, in: world), pose([10, 0], 180 deg, in: world)], margin: 0.1 m, at: 0.5 s)",
    );
    assert!(told.contains("left, right: flips") && told.contains("above, above: agrees"), "{told}");
    assert!(!told.contains("behind"), "neither is nearer: {told}");
}

#[test]
fn two_cameras_saw_one_scene_or_the_reasons_why_not() {
    let of = |moved: f64| {
        let mut scene = Scene::new();
        scene.covers(&["chair", "table", "door"], 0.0, 1.0);
        let second = scene.builder.observer(Observer {
            id: ObserverId(0),
            source: scene.source,
            kind: ObserverKind::Camera,
            name: "side".into(),
            picture_px: None,
            intrinsics: None,
            known: Known::ALWAYS,
        });
        let places = [("chair", [1.0, 0.0, 4.0]), ("table", [-1.0, 0.5, 5.0]), ("door", [0.0, -1.0, 7.0])];
        for (label, [x, y, z]) in places {
            let first = ReferenceFrame::Camera(scene.observer);
            let entity = body_in(&mut scene, label, &first, [0.5; 3], 2.0, 1.0, |_| [x, y, z]);
            // from the side: turned by 90 degrees about the way up, and moved
            let off = if label == "door" { moved } else { 0.0 };
            let other = ReferenceFrame::Camera(second);
            track_of(&mut scene, entity, label, &other, [0.5; 3], 2.0, 1.0, |_| [z - 3.0 + off, y, 6.0 - x]);
        }
        scene.world()
    };
    let agrees = text(&of(0.0), "view_conflicts(all(), 0, 1, at: 0.5 s)");
    assert!(!agrees.contains("apart") && !agrees.contains("error"), "{agrees}");
    let differs = text(&of(2.0), "view_conflicts(all(), 0, 1, at: 0.5 s)");
    assert!(differs.contains("door") && differs.contains("for camera 1"), "{differs}");
    assert_eq!(asked(&of(0.0), "Do the two cameras agree on where the door is at 0.5 s?"), "yes");
    assert_eq!(asked(&of(2.0), "Do the two cameras agree on where the door is at 0.5 s?"), "no");
    assert_eq!(asked(&of(2.0), "Do camera 0 and camera 1 agree at 0.5 s?"), "no");
    assert_eq!(asked(&of(0.0), "Is the chair in camera A the one in camera B?"), "yes");
    assert!(asked(&of(0.0), "Is the chair in camera A the one in camera C?").contains("no camera `c`"));
}
