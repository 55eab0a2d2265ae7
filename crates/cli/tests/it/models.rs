//! A chat model as detector, end to end: rooms rendered with their truth, looked at by a stand-in that answers from that truth.
#![allow(clippy::disallowed_methods, reason = "a test that waits for another process gives up in time")]
#![allow(clippy::print_stderr, reason = "how well things are found is told, and a part of it asserted")]

use chronotope::models::scripted::{Fault, Said, Scripted};
use chronotope::perceive::video::{Encoder, EncoderSettings};
use chronotope::remember::bundle;
use chronotope::simulate::Stream;
use chronotope::simulate::path::CameraPath;
use chronotope::simulate::render::{Layers, Renderer};
use chronotope::simulate::scene::{RoomSettings, rooms};
use chronotope::world::{BoxPx, Origin, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

const SIZE: [u32; 2] = [320, 240];
const RATE: u32 = 10;
const SECONDS: u32 = 12;

/// What stands where in one picture: name, box in pixels, which thing.
type Shown = Vec<(String, BoxPx, usize)>;

/// A film of a furnished room by a camera that goes round, with the truth of every picture.
struct Film {
    path: PathBuf,
    truth: Arc<Vec<Shown>>,
}

/// Rendered once for all tests of this process.
fn film() -> &'static Film {
    static FILM: OnceLock<Film> = OnceLock::new();
    FILM.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("chronotope-models-film-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let settings = RoomSettings { objects: 14, area_m2: 24.0, l_shape: 0.0, ..RoomSettings::default() };
        let scene = rooms(&mut Stream::named(&["models", "room"]), &settings).expect("a room");
        let corners: Vec<[f64; 2]> =
            scene.rooms.iter().flat_map(|room| room.outline.iter().copied()).collect();
        let middle = |k: usize| corners.iter().map(|c| c[k]).sum::<f64>() / corners.len() as f64;
        let centre = [middle(0), middle(1), 0.6];
        let duration_ns = i64::from(SECONDS) * 1_000_000_000;
        // from within, looking across the middle: what stands still moves through the picture
        let camera = CameraPath::orbit(SIZE, 1.3, centre, (1.4, 1.1), (0.3, 1.6), duration_ns);
        let path = folder.join("room.mp4");
        let settings = EncoderSettings { rate: (RATE, 1), ..EncoderSettings::default() };
        let mut encoder = Encoder::create(&path, SIZE[0], SIZE[1], settings).expect("writable");
        let renderer = Renderer::new(&scene, 2);
        let layers = Layers { colour: true, seen: true, mask: true, ..Layers::TRUTH };
        let mut truth = Vec::new();
        for n in 0..SECONDS * RATE {
            let frame = renderer.picture(&camera, i64::from(n) * 1_000_000_000 / i64::from(RATE), layers);
            encoder.push_rgb(&frame.rgb).expect("a picture of the right size");
            let shown = frame.seen.iter().filter(|seen| seen.visible_px >= 80 && seen.share() >= 0.4);
            truth.push(
                shown
                    .filter_map(|seen| {
                        let [l, t, r, b] = seen.box_px?.map(f64::from);
                        let box_px = BoxPx::new(l, t, r - l, b - t)?;
                        Some((scene.things[seen.thing].category.clone(), box_px, seen.thing))
                    })
                    .collect(),
            );
        }
        encoder.finish().expect("the film can be finished");
        Film { path, truth: Arc::new(truth) }
    })
}

/// The names that are seen longest, most first.
fn names(film: &Film, n: usize) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    film.truth.iter().flatten().for_each(|(name, ..)| *counts.entry(name).or_default() += 1);
    let mut names: Vec<_> = counts.into_iter().collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    names.into_iter().take(n).map(|(name, _)| name.to_owned()).collect()
}

/// How a stand-in writes boxes.
#[derive(Clone, Copy, Debug)]
enum Writes {
    Thousandths,
    FencedPixels,
    Gemini,
    QwenTags,
    ToolCall,
    Shares,
}

/// What a request is about: its words, the picture's size and time, and the drawn red rectangle where there is one.
fn looked_at(body: &Value) -> (String, [u32; 2], Option<f64>, Option<[f64; 4]>) {
    let parts = body["messages"][0]["content"].as_array().expect("parts");
    let texts: Vec<&str> = parts.iter().filter_map(|part| part["text"].as_str()).collect();
    let t = texts.iter().find_map(|text| text.strip_prefix("t=")?.strip_suffix('s')?.parse::<f64>().ok());
    let url = parts.iter().find_map(|part| part["image_url"]["url"].as_str()).expect("a picture");
    let data = url.split_once("base64,").expect("a data address").1;
    let bytes = decode(data);
    let image = image::load_from_memory(&bytes).expect("a JPEG").to_rgb8();
    let mut red: Option<[f64; 4]> = None;
    for (x, y, p) in image.enumerate_pixels() {
        if p[0] > 180 && p[1] < 90 && p[2] < 90 {
            let (x, y) = (f64::from(x), f64::from(y));
            let b = red.get_or_insert([x, y, x + 1.0, y + 1.0]);
            *b = [b[0].min(x), b[1].min(y), b[2].max(x + 1.0), b[3].max(y + 1.0)];
        }
    }
    (texts[0].to_owned(), [image.width(), image.height()], t, red)
}

fn decode(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut out = Vec::new();
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits =
            four.iter().fold(0u32, |bits, c| bits << 6 | u32::from(value(*c))) << (6 * (4 - four.len()));
        out.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    out
}

/// Writes boxes (shares of the picture) as this kind of model does.
fn written(writes: Writes, shown: [u32; 2], found: &[(String, [f64; 4])]) -> Said {
    let [w, h] = shown.map(f64::from);
    let scaled = |b: &[f64; 4], x: f64, y: f64| [b[0] * x, b[1] * y, b[2] * x, b[3] * y].map(f64::round);
    let list = |row: &dyn Fn(&str, &[f64; 4]) -> Value| -> Value {
        found.iter().map(|(name, b)| row(name, b)).collect::<Vec<_>>().into()
    };
    match writes {
        Writes::Thousandths => Said::Text(
            json!({"objects": list(&|n, b| json!({"label": n, "box": scaled(b, 1000.0, 1000.0)}))})
                .to_string(),
        ),
        Writes::FencedPixels => {
            let rows = list(&|n, b| json!({"bbox_2d": scaled(b, w, h), "label": n}));
            Said::Text(format!("Sure, here they are:\n```json\n{rows}\n```\nAnything else?"))
        }
        Writes::Gemini => Said::Text(
            list(&|n, b| {
                let [l, t, r, b] = scaled(b, 1000.0, 1000.0);
                json!({"box_2d": [t, l, b, r], "label": n})
            })
            .to_string(),
        ),
        Writes::QwenTags => {
            let rows = found.iter().map(|(name, b)| {
                let [l, t, r, b] = scaled(b, 1000.0, 1000.0);
                format!("<ref>{name}</ref><box>({l},{t}),({r},{b})</box>")
            });
            match rows.collect::<String>() {
                none if none.is_empty() => Said::Text("There are no such things in this picture.".into()),
                rows => Said::Text(rows),
            }
        }
        Writes::ToolCall => Said::Call(
            "report".into(),
            json!({"detections": list(&|n, b| json!({"bbox": scaled(b, w, h), "name": n}))}).to_string(),
        ),
        Writes::Shares => {
            let row = |(name, b): &(String, [f64; 4])| {
                format!("- {name}: [{:.4}, {:.4}, {:.4}, {:.4}]", b[0], b[1], b[2], b[3])
            };
            match found.iter().map(row).collect::<Vec<_>>().join("\n") {
                none if none.is_empty() => Said::Text("None.".into()),
                rows => Said::Text(rows),
            }
        }
    }
}

/// A stand-in that sees the film's truth. `errs`: one box in seven is left out and one in nine pictures has a box too many.
fn stand_in(writes: Writes, errs: bool) -> Scripted {
    let truth = Arc::clone(&film().truth);
    Scripted::serve("stand-in", move |body| {
        let (words, shown, t, red) = looked_at(body);
        let [w, h] = shown.map(f64::from);
        if words.contains("red rectangle") {
            let found = red.map(|b| ("red rectangle".to_owned(), [b[0] / w, b[1] / h, b[2] / w, b[3] / h]));
            return written(writes, shown, &found.into_iter().collect::<Vec<_>>());
        }
        let n = (t.expect("a time") * f64::from(RATE)).round() as usize;
        let again = body["seed"].as_u64().unwrap_or(0) as usize;
        let mut found = Vec::new();
        for (i, (name, b, thing)) in truth[n].iter().enumerate() {
            let missed = errs && (n * 31 + thing * 17 + again * 5).is_multiple_of(7);
            if words.contains(name.as_str()) && !missed {
                let [sw, sh] = SIZE.map(f64::from);
                found.push((name.clone(), [b.left / sw, b.top / sh, b.right() / sw, b.bottom() / sh]));
            }
            if errs && i == 0 && (n + again).is_multiple_of(9) {
                found.push((name.clone(), [0.4, 0.05, 0.5, 0.15]));
            }
        }
        written(writes, shown, &found)
    })
    .expect("a free port")
}

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let folder = std::env::temp_dir().join(format!("chronotope-models-{name}-{}", std::process::id()));
        std::fs::remove_dir_all(&folder).ok();
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Scratch(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chronotope"));
        command.args(arguments).env("XDG_CACHE_HOME", &self.0).env_remove("CHRONOTOPE_API_KEY");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program was built")
    }

    fn watch(&self, out: &str, model: &str, more: &[&str]) -> Output {
        let (video, find) = (film().path.to_string_lossy(), names(film(), 4).join(", "));
        let mut arguments =
            vec!["watch", &video, "-o", out, "--detector", "vlm", "--model", model, "--find", &find];
        arguments.extend_from_slice(more);
        self.run(&arguments)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[track_caller]
fn ended_with(output: &Output, code: i32) -> String {
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{words}");
    words
}

fn world(out: &str) -> World {
    bundle::open(Path::new(out)).expect("a bundle")
}

/// Found of all boxes of the truth, right of all boxes of the World, at every picture, at an overlap of one half.
fn recall_and_precision(world: &World) -> (f64, f64) {
    let (film, find) = (film(), names(film(), 4));
    let mut told: BTreeMap<usize, Vec<(String, BoxPx)>> = BTreeMap::new();
    for entity in world.entities() {
        let label = world.labels_of(entity).next().expect("a label").text.clone();
        for run in world.trajectory(entity).expect("readable").runs {
            for sample in run.samples() {
                let n = (sample.t.as_s() * f64::from(RATE)).round() as usize;
                told.entry(n).or_default().extend(sample.box_px.map(|b| (label.clone(), b)));
            }
        }
    }
    let (mut hits, mut n_truth, mut n_told) = (0, 0, 0);
    for (n, shown) in film.truth.iter().enumerate() {
        let mut left = told.remove(&n).unwrap_or_default();
        n_told += left.len();
        for (name, b, _) in shown.iter().filter(|(name, ..)| find.contains(name)) {
            n_truth += 1;
            let fits = |(label, told): &(String, BoxPx)| label == name && told.iou(*b) >= 0.5;
            if let Some(at) = left.iter().position(fits) {
                left.swap_remove(at);
                hits += 1;
            }
        }
    }
    (f64::from(hits) / f64::from(n_truth.max(1)), f64::from(hits) / (n_told.max(1) as f64))
}

/// Spans in which the model was asked for names, each of them marked as looked at in moments alone.
fn sampled(world: &World) -> usize {
    let name = &names(film(), 1)[0];
    let rows: Vec<_> = world.coverage().filter(|row| row.labels.contains(name)).collect();
    assert!(rows.iter().all(|row| !row.complete), "{rows:?}");
    rows.len()
}

/// Things of a name that are in the film at any time.
fn truly(name: &str) -> usize {
    let mut things: Vec<usize> =
        film().truth.iter().flatten().filter(|shown| shown.0 == name).map(|shown| shown.2).collect();
    things.sort_unstable();
    things.dedup();
    things.len()
}

#[test]
fn every_convention_gives_the_same_world() {
    let scratch = Scratch::new("conventions");
    let name = names(film(), 1).remove(0);
    for (i, writes) in [
        Writes::Thousandths,
        Writes::FencedPixels,
        Writes::Gemini,
        Writes::QwenTags,
        Writes::ToolCall,
        Writes::Shares,
    ]
    .into_iter()
    .enumerate()
    {
        let (server, out) = (stand_in(writes, false), scratch.path(&format!("{i}.world")));
        let words = ended_with(&scratch.watch(&out, &server.address(), &["--budget", "calls=21"]), 0);
        let (recall, precision) = recall_and_precision(&world(&out));
        eprintln!("{writes:?}: recall {recall:.3}, precision {precision:.3}");
        assert!(recall >= 0.7 && precision >= 0.9, "{writes:?}: {recall:.3} {precision:.3}\n{words}");
        assert!(server.n_asked() <= 21, "{}", server.n_asked());
        let plural = format!("How many {name}s are there?");
        let answer = scratch.run(&["ask", &out, &plural, "--json", "--no-timing"]);
        let answer: Value = serde_json::from_slice(&answer.stdout).expect("JSON");
        assert_eq!(answer["status"], "answered", "{answer}");
        let n = answer["answer"]["value"].as_u64().expect("a count") as usize;
        assert!(n.abs_diff(truly(&name)) <= 1, "{n} for {}: {answer}", truly(&name));
        let kinds: Vec<&Value> =
            answer["evidence"].as_array().expect("rows").iter().map(|e| &e["kind"]).collect();
        assert!(kinds.contains(&&json!("coverage")), "{kinds:?}");
    }
    let unasked = scratch.run(&["ask", &scratch.path("0.world"), "How many elephants are there?", "--json"]);
    assert_eq!(unasked.status.code(), Some(4));
    let unasked: Value = serde_json::from_slice(&unasked.stdout).expect("JSON");
    assert!(unasked["missing"].to_string().contains("elephant"), "{unasked}");
}

#[test]
fn what_was_not_asked_about_is_marked_as_interpolated() {
    let scratch = Scratch::new("origin");
    let (server, out) = (stand_in(Writes::Thousandths, false), scratch.path("room.world"));
    ended_with(&scratch.watch(&out, &server.address(), &["--budget", "calls=11", "--check", "0"]), 0);
    let world = world(&out);
    let mut asked: Vec<i64> = Vec::new();
    let (mut observed, mut interpolated) = (0, 0);
    for entity in world.entities() {
        for run in world.trajectory(entity).expect("readable").runs {
            for sample in run.samples() {
                match sample.origin {
                    Origin::Observed => {
                        observed += 1;
                        asked.push(sample.t.0);
                    }
                    Origin::Interpolated => interpolated += 1,
                    other => panic!("{other:?}"),
                }
            }
        }
    }
    asked.sort_unstable();
    asked.dedup();
    assert!(
        asked.len() <= 10 && observed > 10 && interpolated > 5 * observed,
        "{asked:?} {observed} {interpolated}"
    );
    assert_eq!(sampled(&world), 10);
    let perception = world.tables().sources.iter().find(|s| s.uri == "vlm:stand-in").expect("the detector");
    for word in ["find=", "prompt=", "rung=json", "said=stand-in-scripted"] {
        assert!(perception.settings.contains(word), "{}", perception.settings);
    }
}

#[test]
fn a_model_that_errs_is_not_believed_blindly() {
    let scratch = Scratch::new("errs");
    let server = stand_in(Writes::Thousandths, true);
    for calls in [12, 24, 48] {
        let out = scratch.path(&format!("{calls}.world"));
        let output = scratch.watch(&out, &server.address(), &["--budget", &format!("calls={calls}")]);
        let words = ended_with(&output, 0);
        let (recall, precision) = recall_and_precision(&world(&out));
        let tokens: f64 = words
            .split_whitespace()
            .zip(words.split_whitespace().skip(1))
            .filter(|(_, unit)| *unit == "tokens" || *unit == "out")
            .filter_map(|(n, _)| n.parse::<f64>().ok())
            .sum();
        eprintln!(
            "calls={calls}: recall {recall:.3}, precision {precision:.3}, {:.0} calls and {:.0} tokens a minute, recall per 1,000 tokens {:.4}",
            f64::from(calls) * 60.0 / f64::from(SECONDS),
            tokens * 60.0 / f64::from(SECONDS),
            recall / tokens * 1000.0
        );
        assert!(words.contains("confirmed"), "{words}");
        if calls == 48 {
            assert!(recall >= 0.6 && precision >= 0.75, "{recall:.3} {precision:.3}\n{words}");
        }
    }
}

#[test]
fn a_service_that_fails_leaves_what_was_gathered_and_is_not_paid_twice() {
    let scratch = Scratch::new("fails");
    let (server, out) = (stand_in(Writes::Thousandths, false), scratch.path("room.world"));
    let more = ["--budget", "calls=13", "--check", "0"];
    // the drawn picture and four pictures of twelve
    server.plant([vec![None; 5], vec![Some(Fault::Status(401, "key expired".into(), None))]].concat());
    let words = ended_with(&scratch.watch(&out, &server.address(), &more), 5);
    assert!(words.contains("key expired") && words.contains("CHRONOTOPE_API_KEY"), "{words}");
    assert!(words.contains(&server.base()), "{words}");
    let early = world(&out);
    assert!(early.entities().count() > 0 && sampled(&early) == 4, "{}", sampled(&early));
    let before = server.n_asked();
    ended_with(&scratch.watch(&out, &server.address(), &more), 0);
    assert_eq!(server.n_asked() - before, 8);
    let (recall, precision) = recall_and_precision(&world(&out));
    eprintln!("after a failure: recall {recall:.3}, precision {precision:.3}");
    assert!(recall >= 0.6 && precision >= 0.85, "{recall:.3} {precision:.3}");
    // nobody there at all: nothing is written
    let gone = { Scripted::serve("x", |_| Said::Text(String::new())).expect("a port").address() };
    let nothing = scratch.path("nothing.world");
    let words = ended_with(&scratch.watch(&nothing, &gone, &more), 5);
    assert!(words.contains("no connection") && !Path::new(&nothing).exists(), "{words}");
}

#[test]
fn a_killed_run_goes_on_and_pays_nothing_again() {
    let scratch = Scratch::new("killed");
    let (server, out) = (stand_in(Writes::Thousandths, false), scratch.path("room.world"));
    server.plant(vec![Some(Fault::Slow(150)); 40]);
    let (video, find) = (film().path.to_string_lossy(), names(film(), 4).join(", "));
    let address = server.address();
    let arguments = [
        "watch",
        &video,
        "-o",
        &out,
        "--detector",
        "vlm",
        "--model",
        &address,
        "--find",
        &find,
        "--budget",
        "calls=13",
        "--check",
        "0",
    ];
    let mut child = scratch.command(&arguments).spawn().expect("the program was built");
    let begun = Instant::now();
    while server.n_asked() < 6 {
        assert!(begun.elapsed() < Duration::from_secs(120), "only {} asks", server.n_asked());
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("it still runs");
    child.wait().expect("it was there");
    let killed_at = server.n_asked();
    ended_with(&scratch.run(&arguments), 0);
    // the reply that was on its way is lost
    assert!(server.n_asked() <= 13 + 1, "{} after {killed_at}", server.n_asked());
    let (recall, _) = recall_and_precision(&world(&out));
    assert!(recall >= 0.6, "{recall:.3}");
}

#[test]
fn a_recording_answers_without_a_network() {
    let scratch = Scratch::new("recorded");
    let (server, out) = (stand_in(Writes::Gemini, false), scratch.path("a.world"));
    let (file, budget) = (scratch.path("replies.jsonl"), ["--budget", "calls=9"]);
    let address = server.address();
    ended_with(&scratch.watch(&out, &address, &[&budget[..], &["--record", &file]].concat()), 0);
    drop(server);
    let again = scratch.path("b.world");
    ended_with(&scratch.watch(&again, &address, &[&budget[..], &["--replay", &file]].concat()), 0);
    assert_eq!(recall_and_precision(&world(&out)), recall_and_precision(&world(&again)));
    // with another budget something was never asked
    let other = scratch.path("c.world");
    let words = ended_with(&scratch.watch(&other, &address, &["--budget", "calls=14", "--replay", &file]), 3);
    assert!(words.contains("recorded") && words.contains(&file), "{words}");
}

#[test]
fn unreadable_replies_are_counted_and_a_babbling_model_is_given_up() {
    let scratch = Scratch::new("unread");
    let (server, out) = (stand_in(Writes::Thousandths, false), scratch.path("room.world"));
    let faults = [Fault::HalfJson, Fault::Html, Fault::Huge(10 << 20), Fault::NoChoices];
    server.plant(
        [None, None, Some(faults[0].clone()), None, Some(faults[1].clone()), None].into_iter().chain([
            Some(faults[2].clone()),
            None,
            Some(faults[3].clone()),
        ]),
    );
    let words =
        ended_with(&scratch.watch(&out, &server.address(), &["--budget", "calls=15", "--check", "0"]), 0);
    assert!(words.contains("unread   4 replies"), "{words}");
    let babbling = Scripted::serve("babbler", |_| Said::Text("What a lovely room!".into())).expect("a port");
    let words = ended_with(
        &scratch.watch(&scratch.path("b.world"), &babbling.address(), &["--budget", "calls=15"]),
        5,
    );
    assert!(words.contains("lovely") || words.contains("boxes"), "{words}");
    assert!(babbling.n_asked() <= 7, "{}", babbling.n_asked());
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let scratch = Scratch::new("usage");
    let video = film().path.to_string_lossy();
    let base = ["watch", &video, "-o", "never.world"];
    for (more, words) in [
        (&["--find", "cup"][..], "--detector vlm"),
        (&["--detector", "vlm", "--find", "cup"], "--model"),
        (&["--detector", "vlm", "--model", "http://127.0.0.1:1/v1#m"], "--find"),
        (&["--detector", "vlm", "--model", "ftp://x", "--find", "cup"], "--model"),
        (
            &[
                "--detector",
                "vlm",
                "--model",
                "http://127.0.0.1:1/v1#m",
                "--find",
                "cup",
                "--budget",
                "apples=1",
            ],
            "--budget",
        ),
        (
            &[
                "--detector",
                "vlm",
                "--model",
                "http://127.0.0.1:1/v1#m",
                "--find",
                "cup",
                "--boxes",
                "inches",
            ],
            "--boxes",
        ),
        (
            &["--detector", "vlm", "--model", "http://127.0.0.1:1/v1#m", "--find", "cup", "--online"],
            "--online",
        ),
    ] {
        let output = scratch.run(&[&base[..], more].concat());
        assert!(
            ended_with(&output, 2).contains(words),
            "{more:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
