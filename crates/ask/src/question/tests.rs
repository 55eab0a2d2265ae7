//! Questions and their programs: `readings.md`, the questions of VSI-Bench, hostile input.

#![expect(clippy::print_stderr, reason = "data tests say whether they ran")]

use super::*;
use crate::program::parse;

/// A street scene filmed by one camera, with metres.
fn street() -> Vocabulary {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Vocabulary {
        labels: words(&["person", "car", "bus", "truck", "bicycle", "door"]),
        names: words(&["Anna", "Main Street"]),
        attributes: vec![("colour".to_owned(), words(&["red", "blue", "white"]))],
        events: words(&["goal"]),
        metric: true,
        pixels: true,
        timeless: false,
        duration_s: None,
    }
}

/// A scanned room, without time.
fn room() -> Vocabulary {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Vocabulary {
        labels: words(&["chair", "table", "sofa", "tv", "stove", "ceiling light", "trash bin"]),
        metric: true,
        timeless: true,
        ..Vocabulary::default()
    }
}

/// What the motion detector alone gives.
fn motion() -> Vocabulary {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Vocabulary {
        labels: words(&["moving object"]),
        events: words(&["static", "pan left", "shot"]),
        pixels: true,
        duration_s: Some(8.0),
        ..Vocabulary::default()
    }
}

fn answer(question: &str, vocabulary: &Vocabulary) -> String {
    let (question, options) = match question.split_once(" | ") {
        Some((question, options)) => {
            (question, Some(options.split(" | ").map(str::to_owned).collect::<Vec<_>>()))
        }
        None => (question, None),
    };
    let line = |read: &Read| {
        let unit = read.asked_unit.map_or(String::new(), |unit| format!(" in {unit}"));
        // every program parses, and says itself in words
        parse(&read.program).unwrap_or_else(|error| panic!("{question}: {error} in {}", read.program));
        let words = explain(&read.program);
        let words = words.strip_prefix("Understood as: ").unwrap_or(&words);
        format!("  {}{unit}: `{}`\n  *{words}*\n", read.family, read.program)
    };
    match read(question, options.as_deref(), vocabulary) {
        Reading::Read(read) => line(&read),
        Reading::Ambiguous { readings } => {
            readings.iter().map(|read| line(read).replacen("  ", "  or ", 1)).collect()
        }
        Reading::Unsupported { .. } => "  not read\n".to_owned(),
    }
}

#[test]
fn readings_are_as_written() {
    let path = "src/question/readings.md";
    let written = std::fs::read_to_string(path).expect("readings.md stands beside the tests");
    let mut made = String::new();
    let mut vocabulary = street();
    for line in written.lines() {
        if line.starts_with("  ") {
            continue;
        }
        made += line;
        made.push('\n');
        if line.starts_with("## ") {
            vocabulary = match line {
                line if line.contains("room") => room(),
                line if line.contains("moving objects") => motion(),
                _ => street(),
            };
        }
        if let Some(question) = line.strip_prefix("- ") {
            made += &answer(question, &vocabulary);
        }
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, &made).expect("readings.md is written");
        return;
    }
    for (line, (made, written)) in made.lines().zip(written.lines()).enumerate() {
        assert_eq!(made, written, "readings.md, line {}", line + 1);
    }
    assert_eq!(
        made.lines().count(),
        written.lines().count(),
        "readings.md has other lines (UPDATE_EXPECT=1 renews it)"
    );
}

/// The questions of VSI-Bench with the program that each must become, cut out of the wording without the grammar.
#[test]
fn every_question_of_vsi_bench_is_read_into_its_program() {
    let Some(rows) = rows("vsi_bench/qa.jsonl", "question readings of vsi_bench") else { return };
    let vocabulary = Vocabulary { metric: true, timeless: true, ..Vocabulary::default() };
    let (mut routes, mut routes_read) = (0, 0);
    for row in rows {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let (question, kind) = (text("question"), text("question_type"));
        let options: Option<Vec<String>> = row["options"]
            .as_array()
            .map(|list| list.iter().map(|o| o.as_str().unwrap_or_default().to_owned()).collect());
        let reading = read(&question, options.as_deref(), &vocabulary);
        let Some((family, program, unit)) = expected(&kind, &question) else {
            routes += 1;
            let turns = question.to_lowercase().matches("[please fill in]").count() - 1; // once in the note
            if let Reading::Read(read) = &reading {
                routes_read += 1;
                assert_eq!(read.family, "route", "{question}");
                let asked = read.program.rsplit_once("asked: [").expect("turns").1;
                let asked = asked.split_once(']').expect("a list").0;
                assert_eq!(asked.split(',').count(), turns, "{question}\n{}", read.program);
            }
            continue;
        };
        let Reading::Read(read) = &reading else { panic!("{question}\n{reading:?}") };
        assert_eq!(
            (read.family, read.program.as_str(), read.asked_unit),
            (family, program.as_str(), unit),
            "{question}"
        );
        assert_eq!(read.options.len(), options.map_or(0, |options| options.len()));
    }
    // one faces a side of something that is told by the side of oneself on which something else is
    assert!(routes - routes_read <= 2, "routes read: {routes_read} of {routes}");
}

/// Family, program and asked unit of a question of a derivable type.
fn expected(kind: &str, question: &str) -> Option<(&'static str, String, Option<&'static str>)> {
    let cut = |front: &str, back: &str| {
        let start = question.rfind(front).expect(front) + front.len();
        let end = start + question[start..].find(back).expect(back);
        lexicon::normal(&question[start..end])
    };
    let all = |label: String| format!("all(\"{label}\")");
    let three = |sectors: &str| {
        let (at, facing) = (cut("standing by the ", " and facing"), cut("facing the ", ","));
        format!(
            "direction({}, {}, {}, sectors: {sectors})",
            all(cut(", is the ", " to ")),
            all(at),
            all(facing)
        )
    };
    Some(match kind {
        "object_counting" => ("count", format!("count({})", all(cut("How many ", "(s)"))), None),
        "object_size_estimation" => {
            ("size", format!("size({}, of: longest)", all(cut("of the ", ", measured"))), Some("cm"))
        }
        "room_size_estimation" => ("room-size", "room_size()".to_owned(), Some("m²")),
        "object_abs_distance" => {
            let (a, b) = (all(cut("between the ", " and the ")), all(cut(" and the ", " (in")));
            ("distance", format!("distance({a}, {b}, between: surfaces)"), Some("m"))
        }
        "object_rel_distance" => {
            let start = question.find('(').expect("a list") + 1;
            let end = question.find(')').expect("a list");
            let set = question[start..end].split(", ").map(|label| all(lexicon::normal(label)));
            let set = set.reduce(|so_far, next| format!("union({so_far}, {next})")).expect("labels");
            let to = all(cut("closest to the ", "?"));
            ("nearest", format!("label(nearest({set}, {to}, between: surfaces))"), None)
        }
        "object_rel_direction_easy" => ("relative-direction", three("LR2"), None),
        "object_rel_direction_medium" => ("relative-direction", three("LRB3"), None),
        "object_rel_direction_hard" => ("relative-direction", three("QUAD4"), None),
        "obj_appearance_order" => {
            let start = question.find(": ").expect("a list") + 2;
            let labels =
                question[start..].trim_end_matches('?').split(", ").map(|label| all(lexicon::normal(label)));
            ("order", format!("sequence([{}])", labels.collect::<Vec<_>>().join(", ")), None)
        }
        _ => return None,
    })
}

/// The rows of a JSON Lines file of the data folder; nothing, with one line said, where it is absent.
fn rows(path: &str, name: &str) -> Option<Vec<serde_json::Value>> {
    let folder = std::env::var("CHRONOTOPE_DATA").unwrap_or_else(|_| "../../../shared/data".to_owned());
    let Ok(text) = std::fs::read_to_string(format!("{folder}/{path}")) else {
        eprintln!("data test skipped: {name}");
        return None;
    };
    eprintln!("data test run: {name}");
    Some(text.lines().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect())
}

#[test]
fn a_long_question_is_refused_quickly() {
    for question in [
        "how many ".repeat(12_000),
        "the person nearest to ".repeat(180),
        "between ".repeat(400),
        "(((((".repeat(700),
        "is the car and ".repeat(250),
        "after the car stops before the bus leaves while ".repeat(80),
        "when the person that is nearest to ".repeat(110),
        "how many cars that meet the person who meets ".repeat(90),
        "which of the car or ".repeat(200),
    ] {
        assert!(
            matches!(read(&question, None, &street()), Reading::Unsupported { .. }),
            "{}",
            &question[..20]
        );
    }
    assert!(matches!(read("", None, &street()), Reading::Unsupported { .. }));
}

#[test]
fn examples_that_are_offered_can_be_read() {
    for vocabulary in [street(), room(), motion()] {
        for question in nearest::all_examples(&vocabulary) {
            assert!(!matches!(read(&question, None, &vocabulary), Reading::Unsupported { .. }), "{question}");
        }
        let Reading::Unsupported { nearest, .. } = read("Why is the car so fast?", None, &vocabulary) else {
            panic!()
        };
        assert_eq!(nearest.len(), 3);
    }
}

#[test]
fn every_familys_example_is_read_by_it() {
    for family in FAMILIES {
        let vocabulary =
            if ["route", "room-size", "way"].contains(&family.name()) { room() } else { street() };
        let reading = read(family.example(), None, &vocabulary);
        let families: Vec<&str> = match &reading {
            Reading::Read(read) => vec![read.family],
            Reading::Ambiguous { readings } => readings.iter().map(|read| read.family).collect(),
            Reading::Unsupported { .. } => vec![],
        };
        assert!(families.contains(&family.name()), "{}: {}", family.name(), family.example());
    }
}

/// Words of the grammar in no order: nothing panics, nothing takes long, and what is read is short.
#[test]
fn word_salad_ends() {
    let words: Vec<&str> = "how many what is the first second car people and or , between 3 s 0:12 after before while visible stop \
        stopped moving left half of picture nearest to door red not in which that who enters meets within 5 m far long is are did \
        was from at end most once same time ( ) [ ] . ? standing by facing if i am than faster closer 's speed direction camera pan \
        shot cut goal Anna #7 entity two last no every video during until when"
        .split_whitespace()
        .collect();
    let mut seed = 7_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for _ in 0..4000 {
        let length = 1 + next(40);
        let question: Vec<&str> = (0..length).map(|_| words[next(words.len())]).collect();
        let readings = match read(&question.join(" "), None, &street()) {
            Reading::Read(read) => vec![read],
            Reading::Ambiguous { readings } => readings,
            Reading::Unsupported { .. } => continue,
        };
        for read in readings {
            assert!(!read.program.contains(char::is_control), "{question:?} {}", read.program);
            assert!(read.program.len() < 8192, "{question:?}");
            assert!(parse(&read.program).is_ok(), "{question:?} {}", read.program);
            assert!(!explain(&read.program).is_empty());
        }
    }
}

#[test]
fn a_moment_is_asked_in_every_family() {
    const STREET: &str = "record \"street\"\ncamera cam 640x360\nworld ground m\n\
        coverage cam [0, 15) car, person\n\
        car 1 in ground through cam gap 2\n  0: (0, 0, 0) box (10, 100, 60, 40)\n  2: (20, 0, 0) box (300, 100, 60, 40)\n\
        \u{20} 4: (20, 0, 0) box (300, 100, 60, 40)\n\
        person 2 in ground through cam gap 2\n  1: (5, 5, 0) box (100, 80, 20, 60)\n  3: (5, 5, 0) box (100, 80, 20, 60)\n\
        person 3 in ground through cam gap 2\n  11: (5, 5, 0) box (100, 80, 20, 60)\n  13: (5, 5, 0) box (100, 80, 20, 60)\n";
    let world = chronotope_world::text::parse(STREET).expect("a street");
    for (question, expected) in [
        ("How many people are in the left half at 3 s?", "1"),
        ("How many people are in the right half at 3 s?", "0"),
        ("Which people are visible at 3 s?", "person 2"),
        ("Is the person at 3 s the same person as at 12 s?", "no"),
        ("Is the person at 1 s the same person as at 3 s?", "yes"),
        ("Was there a person at 2 s?", "yes"),
        ("How fast was the car at 1 s?", "10 m/s"),
    ] {
        let Reading::Read(read) = read(question, None, &street()) else { panic!("{question}") };
        let program = parse(&read.program).expect("a program");
        let answered = crate::program::run_program(&world, &program, true).expect("an answer");
        assert_eq!(answered.answer.text, expected, "{question} {}", read.program);
    }
}
