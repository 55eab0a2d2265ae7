//! `ask` with a model behind an address: a scripted stand-in over loopback.

use super::{chronotope, stdout_of};
use chronotope::models::scripted::{Fault, Said, Scripted};
use serde_json::{Value, json};
use std::path::PathBuf;

const STREET: &str = r#"record "street"
source video "street.mp4"
camera cam 640x360
coverage cam [0, 6) car, truck
car 1 through cam gap 9
  0: box (10, 100, 60, 40)
  5: box (60, 100, 60, 40)
truck 2 through cam gap 9
  1: box (200, 100, 60, 40)
  5: box (200, 100, 60, 40)
"#;
const ODD: &str = "Kindly ascertain the vehicular tally";

/// A folder with a World in text form; it goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let folder = std::env::temp_dir().join(format!("chronotope-model-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        std::fs::write(folder.join("street.world.txt"), STREET).expect("writable");
        Scratch(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Writes the program that counts cars.
fn counter() -> Scripted {
    let reply = json!({"because": "count", "program": "count(all(\"car\"))"}).to_string();
    Scripted::serve("counter", move |_| Said::Text(reply.clone())).expect("a free port")
}

#[test]
fn an_odd_question_is_answered_through_a_model_recorded_replayed_and_proved() {
    let (scratch, server) = (Scratch::new("odd"), counter());
    let (world, record, saved) =
        (scratch.path("street.world.txt"), scratch.path("replies.jsonl"), scratch.path("a.json"));
    let answer = stdout_of(&[
        "ask",
        &world,
        ODD,
        "--model",
        &server.address(),
        "--record",
        &record,
        "--json",
        "--no-timing",
    ]);
    let json: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(
        (&json["answer"]["value"], &json["model"]["part"]),
        (&json!(1), &json!("program")),
        "{answer}"
    );
    assert_eq!((&json["model"]["calls"], server.n_asked()), (&json!(1), 1));
    std::fs::write(&saved, &answer).expect("writable");
    assert!(stdout_of(&["replay", &saved, &world]).contains("digest"));
    drop(server);
    let again = stdout_of(&["ask", &world, ODD, "--replies", &record, "--json", "--no-timing"]);
    let json: Value = serde_json::from_str(&again).expect("JSON");
    assert_eq!((&json["answer"]["value"], &json["model"]["repeated"]), (&json!(1), &json!(1)));
    // what was not recorded is refused, and says so
    let other = chronotope(&["ask", &world, "Whence this?", "--replies", &record]);
    let stderr = String::from_utf8_lossy(&other.stderr).into_owned();
    assert_eq!(other.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("--record"), "{stderr}");
}

#[test]
fn a_diagnosis_tells_seeing_from_computing_and_goes_on_without_paying_again() {
    let (scratch, server) =
        (Scratch::new("diagnose"), Scripted::serve("guesser", |_| Said::Text("A".to_owned())));
    let server = server.expect("a free port");
    let (out, address) = (scratch.path("out"), server.address());
    let arguments = [
        "diagnose",
        "--model",
        &address,
        "--n",
        "2",
        "--tasks",
        "relative-direction",
        "--level",
        "easy",
        "--pictures",
        "2",
        "--out",
        &out,
        "--json",
        "-q",
    ];
    let first: Value = serde_json::from_str(&stdout_of(&arguments)).expect("JSON");
    let losses = &first["losses"][0];
    assert_eq!((&losses["task"], &losses["n"]), (&json!("relative-direction"), &json!(2)), "{first}");
    // the engine is right on exact Worlds, and who says A whatever he sees loses nothing by seeing
    assert_eq!(
        (&losses["scores"]["exact"], &losses["lost_by_seeing"]["difference"]),
        (&json!(1.0), &json!(0.0)),
        "{first}"
    );
    assert_eq!(server.n_asked(), 6);
    let page = std::fs::read_to_string(scratch.path("out/index.html")).expect("a page");
    assert!(page.contains("Where guesser loses"), "{page}");
    let again: Value = serde_json::from_str(&stdout_of(&arguments)).expect("JSON");
    assert_eq!((again, server.n_asked()), (first, 6));
}

#[test]
fn a_question_that_is_read_calls_nobody() {
    let (scratch, server) = (Scratch::new("read"), counter());
    let world = scratch.path("street.world.txt");
    let answer = stdout_of(&[
        "ask",
        &world,
        "How many trucks are there?",
        "--model",
        &server.address(),
        "--json",
        "--no-timing",
    ]);
    let json: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!((&json["answer"]["value"], &json["model"], server.n_asked()), (&json!(1), &Value::Null, 0));
}

#[test]
fn a_service_that_fails_ends_with_five_and_names_the_place() {
    let (scratch, server) = (Scratch::new("fails"), counter());
    let world = scratch.path("street.world.txt");
    server.plant([Some(Fault::Html)]);
    let address = server.address();
    for (address, word) in
        [(address.as_str(), "OpenAI-compatible"), ("http://127.0.0.1:9/v1#none", "127.0.0.1:9")]
    {
        let output = chronotope(&["ask", &world, ODD, "--model", address]);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(5), "{stderr}");
        assert!(stderr.contains(word) && !stderr.contains("panicked"), "{stderr}");
    }
    let spent = chronotope(&["ask", &world, ODD, "--model", &address, "--budget", "calls=0"]);
    assert_eq!(spent.status.code(), Some(5), "{}", String::from_utf8_lossy(&spent.stderr));
    let none = chronotope(&["ask", &world, ODD, "--model", "not an address"]);
    assert_eq!(none.status.code(), Some(3), "{}", String::from_utf8_lossy(&none.stderr));
}

#[test]
fn claims_are_held_against_a_world() {
    let scratch = Scratch::new("claims");
    let (world, claims) = (scratch.path("street.world.txt"), scratch.path("claims.txt"));
    std::fs::write(&claims, "There is one car. The truck appears before the car. The driver is in a hurry.")
        .expect("writable");
    let json: Value = serde_json::from_str(&stdout_of(&["verify", &world, &claims, "--json"])).expect("JSON");
    let verdicts: Vec<&Value> =
        json["claims"].as_array().expect("a list").iter().map(|c| &c["verdict"]).collect();
    assert_eq!(verdicts, ["supported", "contradicted", "undecidable"], "{json}");
    assert_eq!(json["claims"][1]["level"], "time");
    let words = stdout_of(&["verify", &world, &claims]);
    assert!(words.ends_with("1 supported, 1 contradicted, 1 undecidable\n"), "{words}");
    std::fs::write(&claims, "Is it?").expect("writable");
    assert_eq!(chronotope(&["verify", &world, &claims]).status.code(), Some(3));
}

#[test]
fn strategies_with_a_model_run_side_by_side_and_go_on_without_paying_again() {
    let scratch = Scratch::new("eval");
    let items = scratch.path("items");
    assert!(chronotope(&["make", "maze", "--count", "4", "--seed", "3", "--out", &items]).status.success());
    let server =
        Scripted::serve("guesser", |_| Said::Text("<answer>A</answer>".to_owned())).expect("a free port");
    let (file, out) = (format!("{items}/items.jsonl"), scratch.path("out"));
    let arguments = [
        "eval",
        &file,
        "--strategy",
        "blind,direct,ig-vlm",
        "--model",
        &server.address(),
        "--pictures",
        "2",
        "--out",
        &out,
        "--json",
        "-q",
    ];
    let first: Value = serde_json::from_str(&stdout_of(&arguments)).expect("JSON");
    let names: Vec<&Value> = first.as_array().expect("a list").iter().map(|run| &run["strategy"]).collect();
    assert_eq!(names, ["blind", "direct", "ig-vlm"]);
    assert_eq!((&first[0]["cost"]["calls"], &first[0]["cost"]["frames"]), (&json!(4), &json!(0)), "{first}");
    assert!(first[1]["cost"]["frames"].as_u64().is_some_and(|n| n >= 4), "{first}");
    assert_eq!((&first[2]["cost"]["frames"], &first[1]["model"]), (&json!(4), &json!("guesser")), "{first}");
    // whoever always says A is as good blind as seeing
    assert_eq!(first[0]["overall"], first[1]["overall"], "{first}");
    assert_eq!(first[1]["against_first"]["difference"], json!(0.0), "{first}");
    let paid = server.n_asked();
    assert_eq!(paid, 12);
    let again: Value = serde_json::from_str(&stdout_of(&arguments)).expect("JSON");
    assert_eq!((again, server.n_asked()), (first, paid));
    let card = std::fs::read_to_string(scratch.path("out/direct/card.json")).expect("a card");
    assert!(card.contains("guesser") && card.contains("768 px") && card.contains("libavcodec"), "{card}");
    assert!(card.contains("4 files, SHA-256 "), "{card}");
    let rows = std::fs::read_to_string(scratch.path("out/direct/predictions.jsonl")).expect("rows");
    let row: Value = serde_json::from_str(rows.lines().next().expect("a row")).expect("JSON");
    let call = &row["calls"][0];
    assert_eq!((&call["rung"], &call["model"]), (&json!("tag"), &json!("guesser-scripted")), "{row}");
    assert_eq!(call["request"].as_str().map(str::len), Some(64));
    assert!(call["shown"][0][1].as_u64().is_some_and(|width| width > 0 && width <= 768), "{row}");
    let without = chronotope(&["eval", &file, "--strategy", "direct"]);
    assert_eq!(without.status.code(), Some(2), "{}", String::from_utf8_lossy(&without.stderr));
}
