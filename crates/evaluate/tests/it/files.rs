//! Files of truths and predictions, joined and scored.

use chronotope_evaluate::{Error, ScoreSettings, Scores, fitting, score_files};
use chronotope_score::by_name;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A file of this test alone.
fn file(name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("score-files");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

fn scored(metric: &str, truth: &Path, said: &Path) -> Result<Scores, Error> {
    score_files(by_name(metric).expect("a metric"), truth, said, &ScoreSettings::default())
}

#[test]
fn rows_meet_by_id_whatever_their_order_and_form() {
    let truth = file(
        "a.jsonl",
        "{\"question_id\": 1, \"answer\": \"A\", \"type\": \"x\"}\n\n{\"question_id\": 2, \"answer\": \"B\", \"type\": \"y\"}\n",
    );
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"{\"id\": \"2\", \"prediction\": \"B\"}\n{\"id\": \"1\", \"prediction\": \"C\"}")
        .expect("memory");
    for said in [
        file("a.csv", "id,prediction\r\n2,\"B. the\nsofa\"\r\n1,C\r\n"),
        file("a.tsv", "prediction\tid\nB\t2\nC\t1\n"),
        file("a.json", "[{\"id\": 2, \"pred\": \"B\"}, {\"id\": 1, \"pred\": \"C\"}]"),
        file("map.json", "{\"2\": \"B\", \"1\": \"C\"}"),
        file("list.json", "{\"results\": [{\"id\": 2, \"output\": \"B\"}, {\"id\": 1, \"output\": null}]}"),
        file("a.jsonl.gz", gzip.finish().expect("memory")),
    ] {
        let report = scored("accuracy", &truth, &said).unwrap_or_else(|fault| panic!("{fault}")).report;
        assert_eq!((report.result(), report.n), (Some(0.5), 2), "{}", said.display());
        assert_eq!(report.by_group["y"].values["accuracy"], 1.0, "{}", said.display());
    }
}

#[test]
fn rows_without_ids_meet_by_their_number() {
    let truth = file("n.csv", "answer\nA\nB\n");
    let said = file("n.jsonl", "{\"prediction\": \"A\"}\n{\"prediction\": \"\"}\n");
    let report = scored("accuracy", &truth, &said).expect("two rows").report;
    assert_eq!((report.result(), report.missing.first), (Some(0.5), vec!["2".to_owned()]));
}

#[test]
fn what_cannot_be_scored_is_refused_with_its_line() {
    let truth = file("r.jsonl", "{\"id\": 1, \"answer\": \"A\"}\n{\"id\": 2, \"answer\": \"B\"}\n");
    let twice = file("t.jsonl", "{\"id\": 1, \"answer\": \"A\"}\n{\"id\": 1, \"answer\": \"A\"}\n");
    let good = file("g.jsonl", "{\"id\": 1, \"prediction\": \"A\"}\n");
    let of = |truth: &PathBuf, said: &str| {
        let said = file(&format!("bad-{}.jsonl", said.len()), said);
        scored("accuracy", truth, &said).err().map_or("no fault".to_owned(), |fault| fault.to_string())
    };
    for (text, expected) in [
        (
            "{\"id\": 1, \"prediction\": \"A\"}\n{\"id\": 3, \"prediction\": \"A\"}",
            "found 1 of others (`3` on line 2)",
        ),
        (
            "{\"id\": 1, \"prediction\": \"A\"}\n{\"id\": 1, \"prediction\": \"B\"}\n",
            "lines 1 and 2: expected each id once, found `1` twice",
        ),
        ("{\"id\": 1, \"prediction\": \"A\"}\n{\"id\": ", "line 2: expected a JSON object"),
        ("{\"id\": 1, \"prediction\": \"A\"}\n{\"prediction\": \"A\"}\n", "line 2: expected an id in `id`"),
        ("{\"id\": 1, \"why\": \"A\"}\n", "line 1: expected one of the fields prediction"),
        ("\u{1}\u{2}", "line 1: expected rows"),
    ] {
        let found = of(&truth, text);
        assert!(found.contains(expected), "{text:?}: {found}");
    }
    let found = scored("accuracy", &twice, &good).expect_err("an id twice").to_string();
    assert!(found.contains("lines 1 and 2: expected each id once"), "{found}");
}

/// A second value for one thing is no correction: nobody can say which of the two is meant.
#[test]
fn what_contradicts_itself_is_refused_with_its_line() {
    let truth = file("once.jsonl", "{\"id\": 1, \"answer\": \"A\"}\n");
    for (name, said, expected) in [
        (
            "key.jsonl",
            "{\"id\": 1, \"prediction\": \"A\", \"prediction\": \"B\"}\n",
            "line 1: expected each key once",
        ),
        (
            "key.json",
            "[{\"id\": 1,\n\"prediction\": \"A\",\n\"prediction\": \"B\"}]",
            "line 3: expected each key once",
        ),
        ("head.csv", "id,prediction,prediction\n1,A,B\n", "line 1: expected each column once in the head"),
        ("open.csv", "id,prediction\n1,\"A\n2,B\n", "line 2: expected a quoted cell that is closed"),
    ] {
        let fault = scored("accuracy", &truth, &file(name, said)).expect_err(name).to_string();
        assert!(fault.contains(expected) && fault.contains(name), "{fault}");
    }
    let boxes = file("boxes.txt", "1,1,0,0,1,1,1,-1,-1,-1\n");
    let twice =
        file("boxes-twice.txt", "1,1,0,0,1,1,1,-1,-1,-1\n2,1,0,0,1,1,1,-1,-1,-1\n1,1,5,0,1,1,1,-1,-1,-1\n");
    let fault = scored("hota", &boxes, &twice).expect_err("an identity twice").to_string();
    assert!(
        fault.contains("line 3: expected each identity at most once in a picture, found 1 again in picture 1, first in line 1"),
        "{fault}"
    );
    let way = file("way.txt", "1 0 0 0 0 0 0 1\n2 1 0 0 0 0 0 1\n3 2 0 0 0 0 0 1\n");
    let other = file("way-twice.txt", "1 0 0 0 0 0 0 1\n2 1 0 0 0 0 0 1\n2 0 0 0 0 0 0 1\n3 2 0 0 0 0 0 1\n");
    let fault = scored("ate", &way, &other).expect_err("two poses at once").to_string();
    assert!(
        fault.contains("line 3: expected one pose per time, found another pose of 2 s, first in line 2"),
        "{fault}"
    );
}

#[test]
fn tracks_meet_by_the_names_of_their_files() {
    let row = |id: u32| format!("1,{id},10,10,20,40,1\n2,{id},10,10,20,40,1\n");
    let (truth, said) = (
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gt"),
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("said"),
    );
    for (path, text) in [
        (truth.join("a/gt/gt.txt"), row(1) + "2,9,10,10,20,40,0\n"),
        (truth.join("b.txt"), row(1)),
        (said.join("a.txt"), row(7)),
    ] {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the target folder can be written");
        std::fs::write(path, text).expect("a file");
    }
    let report = scored("clear-mot", &truth, &said).expect("two sequences").report;
    assert_eq!((report.by_group["a"].values["MOTA"], report.by_group["b"].values["MOTA"]), (1.0, 0.0));
    assert_eq!((report.result(), report.missing.first), (Some(0.5), vec!["b".to_owned()]));
    std::fs::write(said.join("c.txt"), row(1)).expect("a file");
    assert!(matches!(scored("clear-mot", &truth, &said), Err(Error::UnknownIds { n: 1, .. })));
    std::fs::remove_file(said.join("c.txt")).expect("a file");
}

#[test]
fn the_metrics_that_fit_are_told() {
    let truth = file("f.jsonl", "{\"id\": 1, \"span\": [1, 2]}\n");
    let said = file("fp.jsonl", "{\"id\": 1, \"prediction\": \"from 1 to 2 s\"}\n");
    let names: Vec<&str> = fitting(&truth, &said, &ScoreSettings::default())
        .expect("files")
        .iter()
        .map(|fit| fit.metric)
        .collect();
    assert!(names.contains(&"tiou") && !names.contains(&"hota") && !names.contains(&"mra"), "{names:?}");
}
