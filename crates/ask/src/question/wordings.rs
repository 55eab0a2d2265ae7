//! How much of other people's wordings is read: OpenEQA, NExT-GQA, SQA3D, TempCompass, TOMATO. No answer is looked at.

#![expect(clippy::print_stderr, reason = "data tests say whether they ran")]

use super::*;
use crate::program::parse;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A set: its name, whether it asks about a scanned scene, and its questions with options.
type Set = (&'static str, bool, Vec<(String, Option<Vec<String>>)>);

fn folder() -> String {
    std::env::var("CHRONOTOPE_DATA").unwrap_or_else(|_| "../../../shared/data".to_owned())
}

fn text(path: &str) -> Option<String> {
    let bytes = std::fs::read(format!("{}/{path}", folder())).ok()?;
    if std::path::Path::new(path).extension().is_none_or(|end| end != "gz") {
        return String::from_utf8(bytes).ok();
    }
    let mut out = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut out).ok()?;
    Some(out)
}

fn lines(path: &str) -> Option<Vec<(String, Option<Vec<String>>)>> {
    let row = |line: &str| {
        let row: Json = serde_json::from_str(line).ok()?;
        Some((row["question"].as_str()?.to_owned(), None))
    };
    Some(text(path)?.lines().filter_map(row).collect())
}

/// All sets; none where the data are absent.
fn sets() -> Option<Vec<Set>> {
    let words = |json: &Json| -> Option<Vec<String>> {
        Some(json.as_array()?.iter().map(|o| o.as_str().unwrap_or_default().to_owned()).collect())
    };
    let mut nextgqa = Vec::new();
    let mut rows = csv::Reader::from_reader(std::io::Cursor::new(text("nextgqa/val.csv.gz")?));
    for row in rows.records().filter_map(Result::ok) {
        let options = (8..13).map(|i| row.get(i).unwrap_or_default().to_owned()).collect();
        nextgqa.push((row.get(4)?.to_owned(), Some(options)));
    }
    let mut tomato = Vec::new();
    for kind in ["count", "direction", "rotation", "shape_trend", "velocity_frequency", "visual_cues"] {
        let all: BTreeMap<String, Json> =
            serde_json::from_str(&text(&format!("videoqa_text/tomato_{kind}.json.gz"))?).ok()?;
        tomato.extend(
            all.values().filter_map(|r| Some((r["question"].as_str()?.to_owned(), words(&r["options"])))),
        );
    }
    let mut compass = Vec::new();
    for kind in ["multi-choice", "yes_no", "caption_matching"] {
        let all: BTreeMap<String, BTreeMap<String, Vec<Json>>> =
            serde_json::from_str(&text(&format!("videoqa_text/tempcompass_{kind}.json.gz"))?).ok()?;
        for row in all.values().flat_map(BTreeMap::values).flatten() {
            let mut parts = row["question"].as_str()?.lines();
            let question = parts.next()?.to_owned();
            let options: Vec<String> = parts.map(str::to_owned).collect();
            compass.push((question, (!options.is_empty()).then_some(options)));
        }
    }
    Some(vec![
        ("open-eqa", true, lines("videoqa_text/open_eqa.jsonl")?),
        ("sqa3d", true, lines("sqa3d/qa.jsonl")?),
        ("nextgqa", false, nextgqa),
        ("tempcompass", false, compass),
        ("tomato", false, tomato),
    ])
}

fn vocabulary(scene: bool) -> Vocabulary {
    Vocabulary { metric: scene, pixels: !scene, timeless: scene, ..Vocabulary::default() }
}

/// A question and how it is read, in one line.
fn line(question: &str, options: Option<&[String]>, scene: bool) -> (String, &'static str) {
    match read(question, options, &vocabulary(scene)) {
        Reading::Read(read) => {
            parse(&read.program).unwrap_or_else(|error| panic!("{question}: {error} in {}", read.program));
            (format!("{}: `{}`", read.family, read.program), "read")
        }
        Reading::Ambiguous { readings } => {
            let ways: Vec<String> =
                readings.iter().map(|r| format!("{}: `{}`", r.family, r.program)).collect();
            (ways.join(" or "), "read")
        }
        Reading::Unsupported { why, .. } => {
            let kind = if why.starts_with("no family") { "not read" } else { "refused" };
            (format!("{kind}: {why}"), kind)
        }
    }
}

#[test]
fn shares_of_other_wordings_that_are_read() {
    let Some(sets) = sets() else {
        eprintln!("data test skipped: question wordings of other sets");
        return;
    };
    eprintln!("data test run: question wordings of other sets");
    let mut dump = String::new();
    for (name, scene, questions) in &sets {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (question, options) in questions {
            let (told, kind) = line(question, options.as_deref(), *scene);
            *counts.entry(kind).or_default() += 1;
            let _ = writeln!(dump, "{name}\t{question}\t{told}"); // a String takes everything
        }
        eprintln!("{name}: {counts:?} of {}", questions.len());
    }
    if let Some(path) = std::env::var_os("CHRONOTOPE_WORDINGS") {
        std::fs::write(path, dump).expect("the dump is written");
    }
}

/// 200 questions that are read, drawn with Python's `random.seed(7351964)` from the sorted readings of each set (40 each; NExT-GQA
/// takes what TOMATO lacks), each judged by hand: `right`, `partly` (a word of it has the wrong weight), `wrong`; `refused` where a
/// correction that the judging led to refuses it. As drawn, 186 were right.
#[test]
fn judged_readings_are_as_they_were_judged() {
    let path = "src/question/wordings.tsv";
    let judged = std::fs::read_to_string(path).expect("wordings.tsv stands beside the tests");
    let (mut right, mut n, mut changed) = (0, 0, Vec::new());
    for row in judged.lines().filter(|row| !row.starts_with('#')) {
        let [set, judgement, question, reading] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not four columns: {row}")
        };
        assert!(["right", "partly", "wrong", "refused"].contains(&judgement), "{row}");
        let told = line(question, None, ["open-eqa", "sqa3d"].contains(&set)).0;
        if told != reading {
            changed.push(format!("{question}\n  judged: {reading}\n  now:    {told}"));
        }
        n += 1;
        right += usize::from(judgement == "right");
    }
    assert!(changed.is_empty(), "judge these again:\n{}", changed.join("\n"));
    assert_eq!(n, 200);
    assert!(right * 100 >= n * 93, "{right} of {n} are rightly read");
}
