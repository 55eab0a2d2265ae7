//! One rule for gaps: a thing is linked between two samples no further apart than its track's tolerance, and nobody saw it elsewhere.

use chronotope_ask::engine::ask;
use chronotope_ask::program::answer;
use chronotope_world::{Answer, Span, Spans, Status, Time, Value, When, World, text::parse};

fn answers(world: &World, pairs: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (question, expected) in pairs {
        let asked = ask(world, question, &[]).expect("in memory").answered;
        if asked.answer.text != *expected {
            let (found, program) = (asked.answer.text, asked.program);
            wrong.push(format!("{question}\n  expected {expected}\n  found    {found}\n  {program}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn world(text: &str) -> World {
    parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

/// Tom alone: seen at 0 s, 1 s and 9 s, 1 s may lie between.
const TOM: &str =
    "coverage [0, 20) all labels\nperson 1 \"Tom\" gap 1\n  0: (0, 0, 0)\n  1: (1, 0, 0)\n  9: (9, 0, 0)\n";

#[test]
fn pictures_further_apart_than_the_tolerance_are_a_gap_for_every_operator() {
    answers(
        &world(TOM),
        &[
            ("Where is Tom at 0.5 s?", "(0.5, 0, 0) m in world(main)"),
            ("Where is Tom at 5 s?", "unknown: Tom was not seen at 5 s"),
            ("Is Tom moving at 0.5 s?", "yes"),
            ("Is Tom moving at 5 s?", "unknown: Tom was not seen at 5 s"),
            ("How fast is Tom at 5 s?", "unknown: Tom was not seen at two moments that may be joined"),
            ("When is Tom moving?", "0 s to 1 s; possibly 1 s to 9 s"),
            ("When was Tom visible?", "0 s to 1 s, 9 s; possibly 1 s to 2 s, 8 s to 9 s, 9 s to 10 s"),
            ("Was Tom visible at 5 s?", "no"),
            ("How far does Tom walk?", "9 m or more"),
        ],
    );
}

#[test]
fn what_states_no_tolerance_is_linked_at_the_step_of_its_record() {
    let sparse =
        world(&TOM.replace(" gap 1", "").replace("  1: (1, 0, 0)\n  9: (9", "  10: (10, 0, 0)\n  19: (19"));
    answers(
        &sparse,
        &[
            ("Where is Tom at 5 s?", "(5, 0, 0) m in world(main)"),
            ("Is Tom moving at 5 s?", "yes"),
            ("How fast is Tom at 5 s?", "1 m/s"),
            ("When was Tom visible?", "0 s to 19 s; possibly 19 s to 20 s"),
            ("How far does Tom walk?", "19 m"),
        ],
    );
}

#[test]
fn from_the_last_picture_to_the_end_of_the_coverage_nothing_is_sure() {
    // the next picture would be at 7 s
    let short = world(&TOM.replace("20)", "9.5)"));
    let long = world(TOM);
    for (world, at, seen) in [(&short, 9.2, "unknown"), (&long, 9.5, "unknown"), (&long, 12.0, "no")] {
        for (question, expected) in [
            (format!("Was Tom visible at {at} s?"), seen),
            (format!("Is Tom moving at {at} s?"), "unknown"),
            (format!("Where is Tom at {at} s?"), "unknown"),
        ] {
            let text = ask(world, &question, &[]).expect("in memory").answered.answer.text;
            assert!(text.starts_with(expected), "{question} {text}");
        }
    }
    answers(&short, &[("When did Tom disappear?", "unknown: Tom is in view until the end of the record")]);
    answers(&long, &[("When did Tom disappear?", "9 s (9 to 10)")]);
}

#[test]
fn speeds_over_gaps_are_bounds() {
    // 10 m/s, 50 m in a gap of 8 s, 10 m/s
    let text = "coverage [0, 20) all labels\ncar 1 \"Rex\" gap 2\n  0: (0, 0, 0)\n  2: (20, 0, 0)\n  10: (20, 50, 0)\n  12: (40, 50, 0)\n";
    answers(
        &world(text),
        &[
            ("What is the top speed of Rex?", "10 m/s or more"),
            ("What is the average speed of Rex?", "10 m/s of what was seen (at least 7.5)"),
        ],
    );
    let rex = world(text);
    for (program, low, high) in [
        ("speed(entity(1), reduce: max)", 10.0, f64::INFINITY),
        ("speed(entity(1), reduce: min)", 0.0, 10.0),
        ("speed(entity(1), reduce: max, during: span(0 s, 2 s))", 10.0, 10.0),
        ("speed(entity(1), reduce: max, during: span(2 s, 10 s))", f64::NAN, f64::NAN),
        ("acceleration(entity(1), reduce: max)", f64::NAN, f64::NAN),
    ] {
        let answer = answer(&rex, program).expect("fits").answer;
        match answer.value {
            Some(Value::Number(number)) => assert_eq!(number.bounds(), (low, high), "{program}"),
            _ => assert!(low.is_nan(), "{program}: {}", answer.text),
        }
    }
}

#[test]
fn sums_and_means_over_gaps_are_those_of_what_was_seen() {
    // to the right, unseen for 8 s, to the left
    let text = "coverage [0, 20) all labels\ncar 1 \"Rex\" gap 2\n  0: (0, 0, 0)\n  2: (20, 0, 0)\n  10: (20, 50, 0)\n  12: (20, 70, 0)\nbus 2 gap 30\n  0: (0, 5, 0)\n  12: (0, 5, 0)\n";
    let rex = world(text);
    let told = |program: &str| answer(&rex, program).expect("fits").answer.text;
    assert_eq!(told("turn(entity(1))"), "90 deg of what was seen");
    assert!(told("distance(entity(1), entity(2), reduce: mean)").ends_with(" m of what was seen"));
    let whole = world(&text.replace("gap 2", "gap 9"));
    let told = |program: &str| answer(&whole, program).expect("fits").answer.text;
    assert_eq!(told("turn(entity(1))"), "90 deg");
    assert!(!told("distance(entity(1), entity(2), reduce: mean)").contains("seen"));
}

#[test]
fn the_nearest_moment_is_one_of_what_was_seen() {
    let text = format!("{TOM}bus 3 gap 30\n  0: (1, 5, 0)\n  20: (1, 5, 0)\n");
    let near = answer(&world(&text), "closest_approach(entity(1), entity(3))").expect("fits").answer;
    assert_eq!(near.text, "1 s (1 to 9)");
    let seen = answer(&world(&text), "closest_approach(entity(1), entity(3), during: span(0 s, 0.5 s))");
    assert_eq!(seen.expect("fits").answer.text, "0.5 s");
}

#[test]
fn a_box_that_is_redrawn_within_itself_has_not_moved() {
    let mut text = "coverage [0, 20) all labels\n".to_owned();
    // twice a second: car 1 is drawn 0.6 m aside at 5 s, car 2 drifts 0.8 m in two seconds and back, car 3 creeps
    let ways: [fn(f64) -> f64; 3] = [
        |t| if t >= 5.0 { 0.6 } else { 0.0 },
        |t| 0.8 * (1.0 - ((t - 6.0) / 2.0).abs()).max(0.0),
        |t| 0.4 * (t - 3.0).max(0.0),
    ];
    for (car, way) in (1..).zip(ways) {
        text += &format!("car {car} gap 1\n");
        for n in 0..=30 {
            let t = f64::from(n) / 2.0;
            text += &format!("  {t}: ({}, {}, 0) size (4, 2, 1.5) yaw 0\n", way(t), 10 * car);
        }
    }
    answers(
        &world(&text),
        &[
            ("Does car 1 move?", "no"),
            ("Is car 1 parked?", "yes"),
            ("Does car 2 move?", "no"),
            ("Does car 3 move?", "yes"),
            ("Is car 3 moving at 8 s?", "yes"),
            ("Is car 3 moving at 1 s?", "no"),
            ("How many cars move?", "1"),
        ],
    );
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A camera, some cars with gaps, and what was looked for when.
fn random_world(random: &mut Random) -> World {
    let mut text = "camera cam 100x100\n".to_owned();
    let end = 8 + random.below(12);
    match random.below(3) {
        0 => text += &format!("coverage cam [0, {end}) car\n"),
        1 => text += &format!("coverage cam [0, {}) car\ncoverage cam [{}, {end}) car\n", end / 3, end / 2),
        _ => text += &format!("coverage cam [2, {end}) car, bus\n"),
    }
    for car in 1..=2 + random.below(2) {
        let gap = ["", " gap 0.5", " gap 1", " gap 3"][random.below(4) as usize];
        text += &format!("car {car} through cam{gap}\n");
        let mut left = random.below(90);
        for t in random.below(4)..=end {
            if random.below(3) > 0 {
                let hidden = if random.below(8) == 0 { " visible 0" } else { "" };
                text += &format!("  {t}: box ({left}, 40, 9, 9){hidden}\n");
            }
            left = (left + random.below(9)).min(90);
        }
        text += "  21: box (50, 40, 9, 9)\n";
    }
    world(&text)
}

fn when(world: &World, program: &str) -> When {
    match answer(world, program).expect("fits").answer {
        Answer { value: Some(Value::When(when)), .. } => when,
        // never surely and not everywhere told
        answer => panic!("{program}: {}", answer.text),
    }
}

#[test]
fn what_is_seen_hidden_and_out_of_view_adds_up() {
    let mut random = Random(7);
    for round in 0..60 {
        let world = random_world(&mut random);
        let (from, length) = (random.below(12) as f64, 1.0 + random.below(11) as f64);
        let asked = Spans::from(Span::between(Time::from_s(from), Time::from_s(from + length)));
        let during = format!("during: span({from} s, {} s)", from + length);
        let states = ["presence", "hidden", "out_of_view"]
            .map(|state| (state, when(&world, &format!("{state}(entity(1), {during})"))));
        let mut all = Spans::NONE;
        for (state, when) in &states {
            let case = format!("round {round}, {state}, {during}\n{when:?}\n{states:?}");
            assert!(when.certain.minus(&when.possible).is_empty(), "{case}");
            for (other, they) in states.iter().filter(|(other, _)| other != state) {
                assert!(when.certain.intersect(&they.possible).is_empty(), "{other}: {case}");
            }
            all = all.union(&when.possible);
        }
        assert!(asked.minus(&all).is_empty(), "round {round}, {during}: {:?}", asked.minus(&all));
        let whole = asked.ns();
        let low: i64 = states.iter().map(|(_, when)| when.certain.ns()).sum();
        let high: i64 = states.iter().map(|(_, when)| when.possible.ns()).sum();
        assert!(low <= whole && whole <= high, "round {round}: {low} {whole} {high}");
        // a moment: every operator says the same of it
        let (_, seen) = &states[0];
        for _ in 0..6 {
            let t = Time::from_s(from + random.below(1000) as f64 * length / 1000.0);
            let at = |program: &str| answer(&world, program).expect("fits").answer;
            let place = at(&format!("position(entity(1), at: {t} s)"));
            let speed = at(&format!("exists(moving(entity(1), during: span({t} s, {t} s)))"));
            if place.status != Status::Answered {
                assert_ne!(speed.status, Status::Answered, "round {round}, {t} s: {}", speed.text);
            }
            if seen.certain.contains(t) {
                assert_eq!(place.status, Status::Answered, "round {round}, {t} s: {}", place.text);
            } else if seen.possible.contains(t) {
                assert_ne!(place.status, Status::Answered, "round {round}, {t} s: {}", place.text);
            }
        }
    }
}

#[test]
fn what_only_touches_in_time_was_not_there_together() {
    // Ada may have stayed to 3 s and Bob may have come from 3 s on
    let both = world(
        "coverage [0, 20) all labels\ncar 1 \"Ada\" gap 1\n  0: (0, 0, 0)\n  1: (5, 0, 0)\n  2: (10, 0, 0)\ncar 2 \"Bob\" gap 1\n  4: (20, 2, 0)\n  5: (20, 2, 0)\nperson 3 gap 1\n  2: (0, 1, 0)\n  3: (0, 1, 0)\n",
    );
    answers(
        &both,
        &[
            ("When are Ada and Bob both visible?", "never"),
            ("Are Ada and Bob ever both visible?", "no"),
            ("When are both cars visible?", "never"),
            ("How many cars are visible at most at once?", "1"),
        ],
    );
}

#[test]
fn the_closest_pair_leaves_out_who_was_alone() {
    // Cy comes when the others have left
    let three = world(
        "coverage [0, 20) all labels\ncar 1 \"Ada\" gap 1\n  0: (0, 0, 0)\n  1: (5, 0, 0)\ncar 2 \"Bob\" gap 1\n  0: (0, 2, 0)\n  1: (5, 1, 0)\ncar 3 \"Cy\" gap 1\n  9: (5, 0, 0)\n  10: (5, 0, 0)\n",
    );
    answers(&three, &[("Which two cars come closest to each other?", "Ada, Bob")]);
}

#[test]
fn a_set_joined_with_itself_stays_as_short_as_it_was() {
    let lets = (1..60)
        .fold(String::new(), |all, i| all + &format!("let a{i} = union(a{last}, a{last}); ", last = i - 1));
    let program = format!("let a0 = all(); {lets}count(a59)");
    assert_eq!(answer(&world(TOM), &program).expect("fits").answer.text, "1");
}
