//! Absence of samples is not absence of the thing: what nobody saw is possible, bounded or unknown, never "no".

use chronotope_ask::engine::ask;
use chronotope_world::{Known, Time, Track, World, text::parse};

fn answers(world: &World, pairs: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (question, expected) in pairs {
        let asked = ask(world, question, &[]).expect("in memory");
        let text = asked.answered.answer.text;
        if text != *expected {
            let program = asked.answered.program;
            wrong.push(format!("{question}\n  expected {expected}\n  found    {text}\n  {program}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Anna walks from 0 s to 4 s and from 8 s to 12 s, the taxi stands until 6 s, somebody looked until 20 s.
fn square() -> World {
    let mut text = "coverage [0, 20) all labels\nperson 1 \"Anna\" gap 1\n".to_owned();
    for t in (0..=4).chain(8..=12) {
        text += &format!("  {t}: ({t}, 0, 0)\n");
    }
    text += "taxi 2 gap 1\n";
    for t in 0..=6 {
        text += &format!("  {t}: (3, 4, 0)\n");
    }
    text += "bus 3\n  always: (50, 0, 0)\n";
    parse(&text).expect("valid")
}

#[test]
fn at_a_moment_at_which_it_was_not_seen_a_state_is_unknown() {
    answers(
        &square(),
        &[
            ("Is Anna moving at 2 s?", "yes"),
            ("Is Anna moving at 6 s?", "unknown: Anna was not seen at 6 s"),
            ("Is Anna standing still at 6 s?", "unknown: Anna was not seen at 6 s"),
            ("Is Anna moving at 15 s?", "unknown: Anna was not seen at 15 s"),
            // beyond the record
            ("Is Anna moving at 30 s?", "unknown: Anna was not seen at 30 s"),
            ("Is the taxi moving at 3 s?", "no"),
            ("Is the taxi moving at 9 s?", "unknown: taxi 2 was not seen at 9 s"),
            ("Is Anna within 5 m of the taxi at 3 s?", "yes"),
            ("Is Anna within 5 m of the taxi at 5 s?", "unknown: Anna was not seen at 5 s"),
            ("Is Anna within 5 m of the taxi at 9 s?", "unknown: taxi 2 was not seen at 9 s"),
            ("Is Anna within 5 m of the bus at 3 s?", "no"),
            ("Is Anna within 5 m of the bus at 15 s?", "unknown: Anna was not seen at 15 s"),
            ("Is Anna approaching the taxi at 1 s?", "yes"),
            ("Is Anna approaching the taxi at 5 s?", "unknown: Anna was not seen at 5 s"),
            ("Is Anna moving faster than 5 m/s at 6 s?", "unknown: Anna was not seen at 6 s"),
        ],
    );
    for program in [
        "exists(approaching(entity(1), entity(2), during: span(5 s, 5 s)))",
        "exists(follows(entity(1), entity(2), during: span(5 s, 5 s)))",
        "exists(touches(entity(1), entity(2), during: span(5 s, 5 s)))",
        "exists(meets(entity(1), entity(2), during: span(5 s, 5 s)))",
        "exists(falls(entity(1), during: span(5 s, 5 s)))",
        "exists(when_inside(entity(1), region([0, 0, 9, 9], in: world), during: span(5 s, 5 s)))",
        "exists(inside(entity(1), region([0, 0, 9, 9], in: world), during: span(5 s, 5 s)))",
        "dwell(entity(1), region([0, 0, 9, 9], in: world), during: span(5 s, 6 s))",
        "exists(crosses_path(entity(1), entity(2), during: span(5 s, 5 s)))",
        "exists(overtakes(entity(1), entity(2), during: span(5 s, 5 s)))",
        "exists(collides(entity(1), entity(2), during: span(5 s, 5 s)))",
        "exists(enters(entity(1), region([0, 0, 9, 9], in: world), during: span(5 s, 5 s)))",
        "exists(crosses(entity(1), line([0, 0, 9, 9], in: world), during: span(5 s, 5 s)))",
    ] {
        let text = chronotope_ask::program::answer(&square(), program).expect("fits").answer.text;
        assert!(text.starts_with("unknown: Anna was not seen "), "{program}: {text}");
    }
    let crosses = |x: f64| {
        let program = format!("count(crosses(entity(1), line([{x}, -9, {x}, 9], in: world)))");
        chronotope_ask::program::answer(&square(), &program).expect("fits").answer.text
    };
    assert_eq!(crosses(2.5), "1 or more");
    assert_eq!(crosses(6.5), "unknown: Anna was not seen from 4 s to 8 s");
    // a motion at a moment is that between the samples around it
    let now = "exists(approaching(entity(1), entity(2), during: span(1.5 s, 1.5 s)))";
    assert_eq!(chronotope_ask::program::answer(&square(), now).expect("fits").answer.text, "yes");
}

#[test]
fn over_a_period_what_was_not_seen_is_possible() {
    answers(
        &square(),
        &[
            ("When is Anna moving?", "0 s to 4 s, 8 s to 12 s; possibly 4 s to 8 s"),
            ("How long is Anna moving after 2 s?", "6 s (6 to 18)"),
            // as far as the record follows her
            ("When is Anna not moving?", "possibly 4 s to 8 s"),
            ("Does the taxi move?", "no"),
            ("Did the taxi move between 4 s and 10 s?", "unknown: taxi 2 was not seen from 6 s to 10 s"),
            ("Did the taxi move between 2 s and 5 s?", "no"),
            ("Was Anna within 5 m of the bus between 3 s and 4 s?", "no"),
        ],
    );
}

#[test]
fn of_many_those_that_were_not_there_are_out_of_question() {
    let mut text = "coverage [0, 20) all labels\n".to_owned();
    for (n, from) in [(1, 0), (2, 5), (3, 10)] {
        text += &format!("car {n} gap 1\n  {from}: (0, {n}, 0)\n  {}: (5, {n}, 0)\n", from + 1);
    }
    let world = parse(&text.replace("gap 1", "gap 2")).expect("valid");
    answers(
        &world,
        &[
            ("How many cars are moving at 5.5 s?", "1"),
            ("How many cars are moving at 15 s?", "0"),
            ("Is a car moving at 15 s?", "no"),
            (
                "Is a car moving at 25 s?",
                "unknown: car 1 was not seen at 25 s; car 2 was not seen at 25 s; car 3 was not seen at 25 s",
            ),
            ("Is car 2 moving at 15 s?", "unknown: car 2 was not seen at 15 s"),
        ],
    );
}

#[test]
fn over_a_gap_lengths_are_bounds() {
    answers(
        &square(),
        &[
            ("How far does Anna walk?", "12 m or more"),
            ("How far did Anna walk after 10 s?", "2 m or more"),
            ("How far did the taxi move?", "0 m"),
            ("How close does Anna come to the taxi?", "4 m or less"),
        ],
    );
    let two = |gap: &str| {
        let text = format!(
            "coverage [0, 20) all labels\nperson 1 \"Tom\" gap 1\n  0: (0, 0, 0)\n  1: (0, 0, 0)\n  {gap}: (9, 0, 0)\n\
             person 2 \"Eve\" gap 30\n  0: (0, 5, 0)\n  10: (10, 5, 0)\n"
        );
        // what shows that there are pictures in between
        let text = (0..=10).fold(text + "bus 3 gap 1\n", |text, t| text + &format!("  {t}: (50, 0, 0)\n"));
        parse(&text).expect("valid")
    };
    answers(
        &two("9"),
        &[
            (
                "Who walks the furthest?",
                "unknown: whether it is Eve or Tom: they are within each other's uncertainty",
            ),
            ("Does Tom move?", "yes"),
            ("Did Tom move between 2 s and 5 s?", "unknown: Tom was not seen from 2 s to 5 s"),
            ("How far does Tom walk?", "9 m or more"),
        ],
    );
    answers(&two("2"), &[("Who walks the furthest?", "Eve"), ("How far does Tom walk?", "9 m")]);
    // a thing seen once
    let once = parse("coverage [0, 20) car\ncar 1 gap 1\n  3: (0, 0, 0)\n").expect("valid");
    answers(&once, &[("How far does the car move?", "0 m")]);
}

#[test]
fn of_pictures_in_order_only_seconds_are_unknown_and_numbers_are_read() {
    let mut text =
        "order only\ncamera cam 100x100\ncoverage cam [0, 20) car\ncar 1 through cam gap 1\n".to_owned();
    for t in 0..=6 {
        text += &format!("  {t}: box ({}, 40, 10, 10) frame {t}\n", 10 * t);
    }
    let world = parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let clock = |what: &str| {
        format!("unknown: {what}the clock of the source is not known, only the order of its pictures")
    };
    let (at_5, speed) = (clock("which picture 5 s is: "), clock(""));
    answers(
        &world,
        &[
            ("Where is the car at 5 s?", &at_5),
            ("How many cars are there at 5 s?", &at_5),
            ("Is the car in the left half at 5 s?", &at_5),
            ("Did the car enter the right half before 5 s?", &at_5),
            ("How fast does the car go?", &speed),
            ("How many cars are there in picture 5?", "1"),
            ("Where is the car in picture 5?", "(55, 45) px in image(0)"),
            ("Is the car in the right half at frame 5?", "yes"),
            ("Is the car in the right half at frame number 2?", "no"),
            (
                "How many cars are there in picture 91?",
                "unknown: no picture 91: the last with something in it is 6 at 6 s",
            ),
        ],
    );
}

#[test]
fn what_never_left_is_in_view_until_the_end() {
    let mut text = "coverage [0, 7) car, bus\ncar 1 gap 1\n".to_owned();
    for (label, last) in [("", 6), ("bus 2 gap 1\n", 3)] {
        text += label;
        for t in 0..=last {
            text += &format!("  {t}: ({t}, 0, 0)\n");
        }
    }
    answers(
        &parse(&text).expect("valid"),
        &[
            ("When did the car disappear?", "unknown: car 1 is in view until the end of the record"),
            ("When did the bus disappear?", "3 s (3 to 4)"),
            ("When was the car last seen?", "6 s"),
            ("Did the bus leave before the car?", "yes"),
        ],
    );
}

#[test]
fn choice_and_value_have_one_measure_and_names_are_told() {
    // car 1 is the faster on average, car 2 at its fastest
    let text = "coverage [0, 20) all labels\ncar 1 gap 20\n  0: (0, 0, 0)\n  10: (50, 0, 0)\n\
        car 2 gap 20\n  0: (0, 9, 0)\n  9: (9, 9, 0)\n  10: (19, 9, 0)\n\
        person 3 \"Anna\" gap 20\n  0: (0, 20, 0)\n  10: (5, 20, 0)\nbus 4 gap 20\n  0: (0, 30, 0)\n  10: (1, 30, 0)\n";
    answers(
        &parse(text).expect("valid"),
        &[
            ("How fast does the fastest car go?", "10 m/s"),
            ("Which car is the fastest?", "car 2"),
            ("How fast does the fastest car go on average?", "1.9 m/s"),
            ("Who is faster, Anna or the bus?", "Anna"),
            ("Which is closer to car 1, Anna or the bus?", "Anna"),
        ],
    );
}

#[test]
fn before_it_was_known_a_thing_is_not_known_yet() {
    let mut scene = crate::scene::Scene::new();
    scene.covers(&["car"], 0.0, 9.0);
    let track = scene.builder.track(Track::new(scene.source, "car", Known::at(Time::from_s(5.0))));
    let car = scene.builder.entity_of(track, "annotated", Known::at(Time::from_s(5.0)));
    let program = format!("asked_at 2 s; position(entity({}), at: 1 s)", car.0);
    let asked = chronotope_ask::program::answer(&scene.world(), &program).expect("fits");
    let expected = format!("unknown: entity {} was not known yet at 2 s: it is known from 5 s on", car.0);
    assert_eq!(asked.answer.text, expected);
}

#[test]
fn what_was_not_read_is() {
    let mut text = "coverage [0, 20) all labels\ncar 1 gap 1\n".to_owned();
    for t in 0..=19 {
        text += &format!("  {t}: ({}, 0, 0)\n", 2 * t);
    }
    text += "car 2\n  always: (10, 1.5, 0)\ncar 3 gap 1\n  3: (90, 0, 0)\n  4: (90, 0, 0)\n";
    answers(
        &parse(&text).expect("valid"),
        &[
            ("Is car 2 parked?", "yes"),
            ("How many parked cars are there?", "2"),
            ("Do any two cars come within 2 m?", "yes"),
            ("Do any two cars come within 1 m of each other?", "no"),
            ("Are there more cars at 3 s than at 10 s?", "yes"),
            ("How many cars appear per minute?", "9"),
            (
                "Did car 1 accelerate?",
                "unknown: `accelerate` is no motion, place or state that is understood, and nobody looked for it during [0, 20) s",
            ),
        ],
    );
    // one that was seen once can have moved or not
    let once = parse(&format!("{text}car 4 gap 1\n  5: (60, 0, 0)\n")).expect("valid");
    answers(
        &once,
        &[
            ("How many cars move?", "1 (1 to 2)"),
            ("Does car 4 move?", "unknown: the place of car 4 is known at one moment alone, at 5 s"),
        ],
    );
    // one that came between the two pictures at the edge of the first half
    let edge = "coverage [0, 20) all labels\ncar 1 gap 9\n  0: (0, 0, 0)\n  9: (0, 0, 0)\n  11: (1, 0, 0)\n  20: (0, 0, 0)\n\
        car 2 gap 1\n  11: (5, 0, 0)\n  12: (5, 0, 0)\n";
    answers(
        &parse(edge).expect("valid"),
        &[("How many cars are there in the first half of the video?", "1 (1 to 2)")],
    );
    // seen by a camera that stands at the origin and looks along x
    let filmed = "world street m\ncamera cam 640x480\ncoverage [0, 9) all labels\n\
        rig 9 carries cam in street\n  [0, 9): (0, 0, 1.5) turn (0.5, -0.5, 0.5, -0.5)\n\
        car 1 in street\n  [0, 9): (10, 0, 0)\ncar 2 in street\n  [0, 9): (30, 0, 0)\n";
    answers(
        &parse(filmed).unwrap_or_else(|e| panic!("{e}")),
        &[("Which car is closest to the camera?", "car 1"), ("How far is the nearest car?", "10 m")],
    );
}

#[test]
fn a_box_that_is_drawn_elsewhere_once_has_not_moved() {
    let mut text = "coverage [0, 20) all labels\n".to_owned();
    for (car, step) in [(1, 0.0), (2, 0.5)] {
        text += &format!("car {car} gap 1\n");
        for n in 0..=20 {
            // twice a second; car 1 is redrawn 0.2 m aside at 5 s
            let x = f64::from(n) * step + if n >= 10 && car == 1 { 0.2 } else { 0.0 };
            text += &format!("  {}: ({x}, 0, 0)\n", f64::from(n) / 2.0);
        }
    }
    answers(
        &parse(&text).expect("valid"),
        &[("Does car 1 move?", "no"), ("Does car 2 move?", "yes"), ("When does car 2 move?", "0 s to 10 s")],
    );
}

#[test]
fn a_speed_that_is_asked_for_is_that_of_the_way_between_two_pictures() {
    // 2 m/s from 2 s to 4 s, 1 m/s before and after
    let sparse = parse(
        "coverage [0, 7) all labels\ncar 1 \"Rex\" gap 2\n  0: (0, 0, 0)\n  2: (2, 0, 0)\n  4: (6, 0, 0)\n  6: (8, 0, 0)\n",
    );
    // 50 m in a gap of 8 s: at least 6.25 m/s in it, 10 m/s before and after
    let gap = parse(
        "coverage [0, 20) all labels\ncar 1 \"Rex\" gap 2\n  0: (0, 0, 0)\n  2: (20, 0, 0)\n  10: (20, 50, 0)\n  12: (40, 50, 0)\nperson 2 gap 2\n  4: (0, 9, 0)\n  6: (0, 9, 0)\n  8: (0, 9, 0)\n",
    );
    answers(
        &sparse.expect("valid"),
        &[
            ("Does Rex ever go faster than 1.5 m/s?", "yes"),
            ("Does Rex ever go faster than 2.5 m/s?", "no"),
            ("When does Rex go faster than 1.5 m/s?", "2 s to 4 s"),
        ],
    );
    let gap = gap.expect("valid");
    for (limit, expected) in [(6, "yes"), (9, "yes"), (12, "unknown"), (40, "unknown"), (60, "unknown")] {
        let asked = ask(&gap, &format!("Does Rex ever go faster than {limit} m/s?"), &[]).expect("in memory");
        let text = asked.answered.answer.text;
        assert!(text.starts_with(expected), "{limit}: {text}");
    }
}

#[test]
fn after_the_record_nobody_looked_for_what_has_a_name() {
    answers(
        &square(),
        &[("Is Anna visible at 2 s?", "yes"), ("Is Anna visible at 30 s?", "unknown: nobody looked at 30 s")],
    );
}
