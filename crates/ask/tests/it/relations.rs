//! Qualitative relations in programs.

use crate::scene::Scene;
use chronotope_ask::program::answer;
use chronotope_world::{Status, World, text};

fn says(world: &World, program: &str) -> String {
    match answer(world, program) {
        Ok(answered) if answered.answer.status == Status::Answered => answered.answer.text,
        Ok(answered) => {
            let what: Vec<String> = answered.answer.missing.iter().map(|m| m.what.clone()).collect();
            format!("{}: {}", answered.answer.status.name(), what.join("; "))
        }
        Err(error) => format!("error: {error}"),
    }
}

fn asks(world: &World, pairs: &[(&str, &str)]) {
    let wrong: Vec<String> = pairs
        .iter()
        .filter_map(|(program, expected)| {
            let found = says(world, program);
            (found != *expected)
                .then(|| format!("{program}\n    expected: {expected}\n    found:    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A bus drives through behind a still car; a dog stands above them.
fn street() -> World {
    let mut scene = Scene::new();
    scene.covers(&["bus", "car", "dog"], 0.0, 10.0);
    let bus: Vec<(f64, [f64; 4])> =
        (0..=10).map(|t| (f64::from(t), [f64::from(t) * 20.0, 100.0, 20.0, 20.0])).collect();
    scene.shows("bus", &bus);
    let still = |from: i32, to: i32, place: [f64; 4]| -> Vec<(f64, [f64; 4])> {
        (from..=to).map(|t| (f64::from(t), place)).collect()
    };
    scene.shows("car", &still(2, 8, [80.0, 90.0, 60.0, 40.0]));
    scene.shows("dog", &still(0, 10, [100.0, 20.0, 10.0, 10.0]));
    scene.world()
}

#[test]
fn things_stand_in_relations() {
    asks(
        &street(),
        &[
            ("relation(all(\"bus\"), all(\"car\"), at: 2 s)", "dc"),
            ("relation(all(\"bus\"), all(\"car\"), at: 3 s)", "ec"),
            ("relation(all(\"bus\"), all(\"car\"), at: 3.5 s)", "po"),
            ("relation(all(\"bus\"), all(\"car\"), at: 4 s)", "tpp"),
            ("relation(all(\"car\"), all(\"bus\"), at: 5 s)", "ntppi"),
            ("relation(all(\"bus\"), all(\"car\"), calculus: rcc5, at: 5 s)", "pp"),
            ("relation(all(\"bus\"), all(\"car\"), calculus: rectangle, at: 4 s)", "s,d"),
            ("relation(all(\"dog\"), all(\"car\"), calculus: compass, at: 5 s)", "n"),
            ("relation(all(\"dog\"), all(\"car\"), calculus: cardinal, at: 5 s)", "nw"),
            ("relation(all(\"dog\"), all(\"car\"), calculus: near, limits: [20, 60, 200], at: 5 s)", "far"),
            ("relation(all(\"bus\"), all(\"car\"), third: all(\"dog\"), calculus: tpcc, at: 2 s)", "dfl"),
            ("relation(all(\"car\"), all(\"bus\"), calculus: allen)", "d"),
            ("relation(span(0 s, 2 s), span(2 s, 4 s), calculus: allen)", "m"),
            (
                "relation(span(0 s, 2 s), presence(all(\"car\")), calculus: allen)",
                "unknown: the exact times: the relation is m or o",
            ),
            ("relation(all(\"dog\"), all(\"bus\"), calculus: allen)", "="),
            (
                "relation(all(\"bus\"), all(\"car\"), calculus: tpcc, at: 2 s)",
                "ambiguous: tpcc relates three things: `third:` is not given",
            ),
        ],
    );
}

#[test]
fn relations_are_followed_over_time() {
    asks(
        &street(),
        &[
            ("when_related(all(\"bus\"), all(\"car\"), [\"po\"])", "3 s to 4 s, 6 s to 7 s"),
            ("when_related(all(\"bus\"), all(\"car\"), [\"tpp\", \"ntpp\"])", "4 s to 6 s"),
            ("count(relations_over_time(all(\"bus\"), all(\"car\")))", "9"),
            ("kind(nth(relations_over_time(all(\"bus\"), all(\"car\")), 5))", "ntpp"),
            ("kind(nth(relations_over_time(all(\"bus\"), all(\"car\"), calculus: qtc_c), 1))", "-,0,0,0"),
            ("kind(nth(relations_over_time(all(\"bus\"), all(\"car\"), calculus: qtc_c), -1))", "+,0,0,0"),
        ],
    );
}

#[test]
fn told_relations_are_closed_and_explained() {
    let world = street();
    asks(
        &world,
        &[
            (
                "consistent(calculus: point, facts: [[\"a\", \"<\", \"b\"], [\"b\", \"before\", \"c\"]])",
                "yes",
            ),
            ("consistent(calculus: point, facts: [[\"a\", \"<\", \"b\"], [\"b\", \"<\", \"a\"]])", "no"),
            ("entailed(\"a\", \"c\", facts: [[\"a\", \"m\", \"b\"], [\"b\", \"d\", \"c\"]])", "o, s, d"),
            (
                "entailed(\"a\", \"c\", calculus: rcc8, facts: [[\"a\", \"inside\", \"b\"], [\"b\", \"ec\", \"c\"]])",
                "dc, ec",
            ),
            (
                "explain(calculus: cardinal, facts: [[\"a\", \"n\", \"b\"], [\"x\", \"e\", \"y\"], [\"b\", \"ne\", \"c\"], [\"c\", \"n\", \"a\"]])",
                "a n b, b ne c, c n a",
            ),
            ("explain(calculus: point, facts: [[\"a\", \"<\", \"b\"]])", "none"),
            (
                "scenario(facts: [[\"a\", \"m\", \"b\"], [\"b\", \"d\", \"c\"]])",
                "a: 0 to 2, b: 2 to 3, c: 1 to 4",
            ),
            (
                "scenario(calculus: point, facts: [[\"a\", \"<\", \"b\"], [\"c\", \"=\", \"b\"]])",
                "a: 0, b: 1, c: 1",
            ),
            (
                "consistent(facts: [[\"a\", \"d\", \"b\"], [\"a start\", \"a end\", \"5\", \"\"], [\"b start\", \"b end\", \"\", \"4\"]])",
                "no",
            ),
            (
                "explain(facts: [[\"a\", \"d\", \"b\"], [\"c\", \"m\", \"a\"], [\"a start\", \"a end\", \"5\", \"\"], [\"b start\", \"b end\", \"\", \"4\"]])",
                "a d b, a start to a end: 5 to  s, b start to b end:  to 4 s",
            ),
            (
                "scenario(facts: [[\"a\", \"m\", \"b\"], [\"origin\", \"a start\", \"2\", \"2\"], [\"a start\", \"a end\", \"3\", \"3\"], [\"b start\", \"b end\", \"1\", \"1\"]])",
                "a: 2 s to 5 s, b: 5 s to 6 s",
            ),
            ("consistent(calculus: opra1, facts: [[\"a\", \"0_2\", \"b\"]])", "yes"),
            (
                "consistent(calculus: rcc23, facts: [[\"a\", \"NTPP\", \"b\"]])",
                "unknown: a proof: no way to decide rcc23 is known, its closure finds no contradiction, and no example was found",
            ),
            (
                "consistent(calculus: tpcc, facts: [[\"a\", \"b\", \"csb\", \"c\"], [\"b\", \"c\", \"dlf\", \"d\"]])",
                "yes",
            ),
            ("explain(calculus: qtc_b, facts: [[\"a\", \"-,-\", \"b\"], [\"b\", \"+,0\", \"c\"]])", "none"),
            (
                "scenario(calculus: star8, facts: [[\"a\", \"2\", \"b\"], [\"b\", \"=\", \"c\"]])",
                "a: (0, 1 + √2), b: (1 - √2, √2), c: (1 - √2, √2)",
            ),
            (
                "entailed(\"a\", \"c\", calculus: qtc_line, facts: [[\"a\", \"-,-\", \"b\"], [\"b\", \"+,0\", \"c\"]])",
                "-,0",
            ),
            (
                "explain(calculus: qtc_c, facts: [[\"x\", \"-,-,-,-\", \"a\"], [\"a\", \"-,0,0,0\", \"b\"], [\"b\", \"-,-,0,0\", \"c\"]])",
                "a -,0,0,0 b, b -,-,0,0 c",
            ),
            ("consistent(calculus: opra4, facts: [[\"a\", \"0_8\", \"b\"], [\"b\", \"0_8\", \"a\"]])", "no"),
            (
                "entailed(\"a\", \"b\", third: \"d\", calculus: tpcc, facts: [[\"a\", \"b\", \"csb\", \"c\"], [\"b\", \"c\", \"csf\", \"d\"]])",
                "sam, csb",
            ),
            (
                "entailed(\"a\", \"b\", calculus: tpcc, facts: [[\"a\", \"b\", \"csb\", \"c\"]])",
                "ambiguous: tpcc relates three things: `third:` is not given",
            ),
            (
                "entailed(\"a\", \"c\", calculus: rcc23, facts: [[\"a\", \"NTPP\", \"b\"], [\"b\", \"OOE\", \"c\"]])",
                "OOD",
            ),
            (
                "entailed(\"a\", \"c\", calculus: star4_revised, facts: [[\"a\", \"0\", \"b\"], [\"b\", \"2\", \"c\"]])",
                "0, 1, 2",
            ),
            (
                "bounds(\"lunch start\", \"walk end\", facts: [[\"lunch\", \"m\", \"walk\"], [\"lunch start\", \"lunch end\", \"1800\", \"3600\"], [\"walk start\", \"walk end\", \"600\", \"900\"], [\"rain\", \"<\", \"lunch\"]])",
                "3450 s (2400 to 4500)",
            ),
            (
                "bounds(\"a end\", \"b start\", facts: [[\"a\", \"< >\", \"b\"], [\"a start\", \"b start\", \"2\", \"2\"], [\"a start\", \"a end\", \"1\", \"1\"]])",
                "1 s",
            ),
            (
                "bounds(\"a start\", \"b start\", facts: [[\"a\", \"<\", \"b\"]])",
                "unknown: a fact that bounds it from above: it is at least 0.000000002 s",
            ),
            (
                "bounds(\"a start\", \"x start\", facts: [[\"a\", \"<\", \"b\"]])",
                "unknown: no fact names `x`",
            ),
            (
                "bounds(\"a start\", \"b start\", facts: [[\"a\", \"<\", \"b\"], [\"b\", \"<\", \"a\"]])",
                "ambiguous: the facts contradict each other: ask explain(…)",
            ),
            ("consistent(calculus: point)", "unknown: no fact of the World is a relation of point"),
        ],
    );
    assert!(
        says(&world, "consistent(facts: [[\"a\", \"near\", \"b\"]])").contains("is no relation of allen")
    );
}

#[test]
fn an_example_stands_beside_a_yes() {
    let world = text::parse("record \"story\"\n").expect("a valid World");
    let said = |program: &str| {
        let answer = answer(&world, program).expect("it runs").answer;
        (answer.text, format!("{:?}", answer.evidence))
    };
    // the one ahead of the other, who faces it
    let (text, evidence) =
        said("consistent(calculus: opra2, facts: [[\"a\", \"0_0\", \"b\"], [\"c\", \"0_4\", \"a\"]])");
    assert_eq!(text, "yes");
    assert!(evidence.contains("an example in which all facts hold: a: ("), "{evidence}");
    // what the closure leaves does occur: nothing is assumed
    let (text, evidence) = said(
        "entailed(\"a\", \"c\", calculus: star4, facts: [[\"a\", \"1\", \"b\"], [\"b\", \"4\", \"c\"]])",
    );
    assert_eq!(text, "1, 2, 3");
    assert!(!evidence.contains("what the closure leaves"), "{evidence}");
}

#[test]
fn the_worlds_own_facts_are_checked_and_the_contradiction_cites_them() {
    let story = "record \"story\"\ncoverage always all labels\n\
        fact \"box\" \"inside\" \"crate\"\nfact \"crate\" \"inside\" \"shed\"\nfact \"cat\" \"inside\" \"box\"\n\
        fact \"shed\" \"apart\" \"cat\"\n";
    let world = text::parse(story).expect("a valid World");
    asks(
        &world,
        &[
            ("consistent(calculus: rcc8)", "no"),
            (
                "explain(calculus: rcc8)",
                "box inside crate, crate inside shed, cat inside box, shed apart cat",
            ),
        ],
    );
    let answered = answer(&world, "explain(calculus: rcc8)").expect("it runs");
    assert!(!answered.answer.evidence.is_empty(), "the facts are cited");
}

#[test]
fn a_bound_cites_the_facts_that_it_follows_from() {
    let world = text::parse("record \"story\"\n").expect("a valid World");
    let program = "bounds(\"a start\", \"b end\", facts: [[\"c\", \"<\", \"a\"], [\"a\", \"m\", \"b\"], [\"a start\", \"a end\", \"1\", \"2\"], [\"b start\", \"b end\", \"3\", \"3\"]])";
    let answered = answer(&world, program).expect("it runs").answer;
    let said = format!("{:?}", answered.evidence);
    assert!(said.contains("told: a m b") && said.contains("told: b start to b end: 3 to 3 s"), "{said}");
    assert!(said.contains("anything from 4 s to 5 s is possible"), "{said}");
    assert!(!said.contains("told: c < a"), "{said}");
}

#[test]
fn what_happened_is_told_from_far_and_near() {
    let mut scene = Scene::new();
    scene.covers(&["car", "bus"], 0.0, 60.0);
    let seconds = |range: std::ops::RangeInclusive<i32>| range.map(f64::from);
    let stands: Vec<(f64, [f64; 4])> = seconds(0..=60).map(|t| (t, [300.0, 100.0, 40.0, 40.0])).collect();
    // over the standing one from 18 s to 34 s, and back again
    let passes: Vec<(f64, [f64; 4])> =
        seconds(0..=60).map(|t| (t, [300.0 + 5.0 * (t - 26.0), 100.0, 40.0, 40.0])).collect();
    let comes: Vec<(f64, [f64; 4])> = seconds(50..=60).map(|t| (t, [10.0, 300.0, 40.0, 40.0])).collect();
    scene.shows("car", &stands);
    scene.shows("car", &passes);
    scene.shows("bus", &comes);
    asks(
        &scene.world(),
        &[
            ("hierarchy(all(\"car\"), level: 0)", "18 s, 34 s"),
            ("hierarchy(union(all(\"car\"), all(\"bus\")), level: 1, spacing: 20 s)", "18 s to 34 s, 50 s"),
            (
                "hierarchy(union(all(\"car\"), all(\"bus\")), level: 1, spacing: 20 s, during: span(40 s, 60 s))",
                "50 s",
            ),
            ("hierarchy(union(all(\"car\"), all(\"bus\")), level: 9, spacing: 20 s)", "18 s to 50 s"),
            ("count(hierarchy(all(\"car\"), level: 0, during: span(0 s, 20 s)))", "1"),
            ("hierarchy(all(\"car\"), level: 1.5)", "ambiguous: `level:` a whole number from 0 to 64"),
        ],
    );
}

#[test]
fn a_track_that_goes_over_to_another_thing_is_impossible() {
    let walk = |from: f64, step: f64, times: std::ops::RangeInclusive<i32>| -> Vec<(f64, [f64; 4])> {
        times.map(|t| (f64::from(t) / 5.0, [from + step * f64::from(t), 100.0, 20.0, 40.0])).collect()
    };
    let mut scene = Scene::new();
    scene.covers(&["person"], 0.0, 4.0);
    let (left, right) = (walk(50.0, 2.0, 0..=9), walk(300.0, -2.0, 0..=9));
    let (left_then, right_then) = (walk(50.0, 2.0, 10..=20), walk(300.0, -2.0, 10..=20));
    scene.shows("person", &[left, right_then].concat());
    scene.shows("person", &[right, left_then].concat());
    asks(
        &scene.world(),
        &[
            ("count(impossible(all(\"person\")))", "2"),
            ("start(impossible(all(\"person\")))", "1.8 s"),
            ("count(impossible(all(\"person\"), within: 0.1 s))", "0"),
        ],
    );
}

#[test]
fn the_example_of_every_calculus_runs() {
    let world = street();
    for entry in chronotope_reason::catalogue::entries() {
        let found = says(&world, entry.example);
        assert!(
            !found.contains("error") && !found.contains("unknown"),
            "{}: {}: {found}",
            entry.name,
            entry.example
        );
    }
}
