//! Hidden, out of view, last seen, within reach: asked in words, on a World in which the answers are known.

use chronotope_ask::engine::ask;
use chronotope_world::{Status, World, text::parse};

fn answers(world: &World, pairs: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (question, expected) in pairs {
        let asked = ask(world, question, &[]).expect("in memory");
        let text = asked.answered.answer.text;
        if text != *expected {
            wrong.push(format!(
                "{question}\n  expected {expected}\n  found    {text}\n  {}",
                asked.answered.program
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Car 1 goes behind something from 2 s to 5 s and leaves the picture at 6 s; the coverage ends at 9 s.
fn street() -> World {
    parse(
        "camera cam 100x100\ncoverage cam [0, 9) car\ncar 1 through cam gap 1\n  1: box (40, 40, 10, 10)\n\
         \u{20} 2: box (42, 40, 10, 10)\n  5: box (60, 40, 10, 10)\n  6: box (90, 40, 10, 10)\n\
         bus 2 through cam gap 1\n  0: box (50, 40, 30, 30)\n  1: box (50, 40, 30, 30)\n  2: box (50, 40, 30, 30)\n\
         \u{20} 3: box (50, 40, 30, 30)\n  4: box (50, 40, 30, 30)\n  5: box (50, 40, 30, 30)\n  8: box (50, 40, 30, 30)\n",
    )
    .expect("valid")
}

#[test]
fn hidden_and_out_of_view_are_told_apart() {
    answers(
        &street(),
        &[
            ("When was car 1 hidden?", "3 s to 4 s; possibly 0 s to 1 s, 2 s to 3 s, 4 s to 5 s"),
            ("How long was car 1 hidden?", "1 s (1 to 4)"),
            ("When was car 1 out of view?", "7 s to 9 s; possibly 0 s to 1 s, 6 s to 7 s"),
            ("Was car 1 hidden at 3 s?", "yes"),
            ("Was car 1 hidden at 1.5 s?", "no"),
            ("Was car 1 out of view or hidden at 8 s?", "out of view"),
            ("Was car 1 visible or hidden at 1 s?", "visible"),
            ("Was car 1 visible or hidden at 0 s?", "not seen"),
            (
                "Was car 1 visible or hidden at 0.5 s?",
                "unknown: whether car 1 was in view at 0.5 s, between two pictures",
            ),
            ("Was the car visible at 3 s?", "no"),
            ("Where was car 1 last seen?", "(95, 45) px in image(0)"),
            ("Where was car 1 last seen before 4 s?", "(47, 45) px in image(0)"),
        ],
    );
}

#[test]
fn where_nobody_looked_the_state_is_unknown_with_the_coverage_that_is_missing() {
    let world = parse("camera cam 100x100\ncoverage cam [0, 4) car\ncoverage cam [5, 9) bus\ncar 1 through cam gap 1\n  1: box (40, 40, 10, 10)\n").expect("valid");
    let asked = ask(&world, "Was car 1 hidden or out of view at 6 s?", &[]).expect("in memory");
    assert_eq!(asked.answered.answer.status, Status::Unknown);
    assert_eq!(asked.answered.answer.text, "unknown: nobody looked for car 1 at 6 s");
    let asked = ask(&world, "Was car 1 hidden at 6 s?", &[]).expect("in memory");
    assert_eq!(asked.answered.answer.status, Status::Unknown, "{}", asked.answered.answer.text);
}

/// A person is seen at 0 s and at 10 s, 6 m apart; a door stands 4 m to the side of the way.
fn room() -> World {
    parse(
        "coverage [0, 20) person, door\nperson 1 gap 1\n  0: (0, 0, 0)\n  10: (6, 0, 0)\n\
         door 2\n  always: (3, 4, 0)\ndoor 3\n  always: (30, 0, 0) size (2, 2, 2) yaw 0\n",
    )
    .expect("valid")
}

#[test]
fn a_speed_bounds_where_a_thing_can_be_and_have_been() {
    answers(
        &room(),
        &[
            (
                "Where could person 1 be at 4 s if it moves at most 2 m/s?",
                "within 8 m of (0, 0, 0) m in world(main) (seen at 0 s) and within 12 m of (6, 0, 0) m in world(main) (seen at 10 s)",
            ),
            (
                "Where could person 1 be at 12 s at 2 m/s?",
                "within 4 m of (6, 0, 0) m in world(main) (seen at 10 s)",
            ),
            // there and on to the next sighting: 5 m and 5 m
            ("Could person 1 have reached entity 2 by 9 s at 1 m/s?", "yes"),
            ("Could person 1 have reached entity 2 by 4.9 s at 1 m/s?", "no"),
            ("Could person 1 have reached entity 2 by 9 s at 0.99 m/s?", "no"),
            // after the last sighting: 23 m to its face
            ("Could person 1 have reached entity 3 by 20 s at 2.3 m/s?", "yes"),
            ("Could person 1 have reached entity 3 by 20 s at 2.29 m/s?", "no"),
            ("Could person 1 have reached entity 3 by 9 s at 2.3 m/s?", "no"),
        ],
    );
}

#[test]
fn looking_at_a_part_of_the_picture_is_enough_for_what_lies_inside_it() {
    use chronotope_world::{BoxPx, Coverage, CoverageId, Span, Time};
    let mut scene = crate::scene::Scene::new();
    let row = Coverage {
        id: CoverageId(0),
        source: scene.source,
        observer: Some(scene.observer),
        span: Span::between(Time(0), Time::from_s(10.0)),
        region_px: BoxPx::new(0.0, 0.0, 320.0, 480.0),
        labels: vec!["dog".into()],
        smallest_px: None,
        recall: None,
        complete: true,
        known: chronotope_world::Known::ALWAYS,
    };
    scene.builder.coverage(row);
    let world = scene.world();
    let text = |program: &str| chronotope_ask::program::answer(&world, program).expect("fits").answer.text;
    let inside = |region: &str| format!("count(inside(all(\"dog\"), region({region}, in: image(0))))");
    assert_eq!(text(&inside("[10, 10, 300, 400]")), "0");
    assert_eq!(text(&inside("[10, 10, 400, 400]")), "unknown: nobody looked for `dog` during [0, 10) s");
    assert_eq!(text("count(all(\"dog\"))"), "unknown: nobody looked for `dog` during [0, 10) s");
    assert_eq!(text("dwell(all(\"dog\"), region([10, 10, 300, 400], in: image(0)))"), "0 s");
}

#[test]
fn the_end_is_the_last_picture_and_what_is_known_around_a_moment_is_said() {
    let world = parse(
        "camera cam 100x100\ncoverage cam [0, 10) car\ncar 1 through cam gap 1\n  0: box (1, 1, 5, 5)\n  1: box (1, 1, 5, 5)\n\
         bus 3 through cam gap 9\n  0: box (1, 1, 5, 5)\n  4: box (1, 1, 5, 5)\n  5: box (1, 1, 5, 5)\n  6: box (1, 1, 5, 5)\n\
         car 2 through cam gap 1\n  7: box (1, 1, 5, 5)\n  8: box (1, 1, 5, 5)\n  9: box (1, 1, 5, 5)\n",
    )
    .expect("valid");
    answers(
        &world,
        &[
            ("How many cars are there at the end?", "1"),
            ("How many cars are there at the start?", "1"),
            ("How many cars are there halfway through the video?", "0"),
            ("How many cars were there in the last 5 seconds?", "1"),
            ("When is car 2 in the left half?", "7 s to 9 s"),
        ],
    );
    let asked = ask(&world, "Where was car 1 at 3 s?", &[]).expect("in memory");
    assert_eq!(asked.answered.answer.missing[0].hint.as_deref(), Some("it was last known at 1 s"));
}
