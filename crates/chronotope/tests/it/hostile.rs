//! Hostile input: what anybody can hand in is mutated, and gets a result or an error that names the place. Never a panic,
//! and never more than a bounded time.
//!
//! In the normal run each door gets a few hundred inputs. `CHRONOTOPE_FUZZ_SECONDS=60 cargo test -p chronotope --all-features
//! hostile -- --nocapture` goes on for so many seconds at each door and says how far it came; `CHRONOTOPE_FUZZ_SEED=N` begins elsewhere.

#![expect(clippy::print_stderr, reason = "a long run says how far it came")]

#[path = "../../../../fuzz/src/doors.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::pedantic,
    reason = "a library of the fuzzer, which looks doors up by name"
)]
mod doors;
#[path = "../../../../fuzz/src/seeds.rs"]
#[allow(dead_code, unreachable_pub, clippy::pedantic, reason = "a library of the fuzzer")]
mod seeds;

use std::any::Any;
use std::env;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use chronotope::ask::ask;
use chronotope::ask::program::{answer, answer_json};
use chronotope::formats::import::{IMPORTERS, ImportSettings};
use chronotope::perceive::camera::GroundCalibration;

use chronotope::world::{Mask, join, text};
use serde_json::json;

/// What stands where a number or a word did.
const WORST: [&str; 30] = [
    "nan",
    "inf",
    "-inf",
    "-1",
    "0",
    "-0.0",
    "1e308",
    "-1e308",
    "1e-320",
    "9e14",
    "99999999999999999999",
    "18446744073709551615",
    "9007199254740992",
    "-9223372036854775808",
    "4294967295",
    "4294967296",
    "0.1",
    "\"",
    "\0",
    "[",
    "(",
    ")",
    "{}",
    "null",
    ",,",
    "é🚗\u{202e}",
    "always",
    "2147483647",
    " ",
    "\n",
];

/// Numbers from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n.max(1)
    }

    /// A seed text with a few pieces exchanged, doubled, dropped, moved or taken from another seed.
    fn mutated(&mut self, seeds: &[String]) -> String {
        let mut pieces = pieces(&seeds[self.below(seeds.len())]);
        let other = crate::hostile::pieces(&seeds[self.below(seeds.len())]);
        for _ in 0..=self.below(4) {
            let at = self.below(pieces.len());
            let to = (at + 1 + self.below(12)).min(pieces.len());
            match self.below(9) {
                0..=2 if at < pieces.len() => pieces[at] = WORST[self.below(WORST.len())].into(),
                3 => pieces.truncate(at),
                4 => drop(pieces.drain(at..to)),
                5 => {
                    let copied = pieces[at..to].to_vec();
                    pieces.splice(at..at, copied);
                }
                6 => {
                    let from = self.below(other.len());
                    let until = (from + 1 + self.below(12)).min(other.len());
                    pieces.splice(at..at, other[from..until].iter().cloned());
                }
                7 if at < pieces.len() => {
                    let with = self.below(pieces.len());
                    pieces.swap(at, with);
                }
                8 if at < pieces.len() && !other.is_empty() => {
                    pieces[at].clone_from(&other[self.below(other.len())]);
                }
                _ => pieces.insert(at.min(pieces.len()), WORST[self.below(WORST.len())].into()),
            }
        }
        pieces.concat()
    }
}

/// Words, numbers, and all other characters one by one.
fn pieces(text: &str) -> Vec<String> {
    let (mut out, mut last) = (Vec::<String>::new(), ' ');
    for c in text.chars() {
        let sticks = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        match out.last_mut() {
            Some(piece) if sticks(c) && sticks(last) => piece.push(c),
            _ => out.push(c.into()),
        }
        last = c;
    }
    out
}

/// Hands mutated seeds to a door. `enter` gives the text of the error where there is one, and `names` says whether it
/// names a place.
fn attack(
    door: &str,
    rounds: usize,
    seeds: &[String],
    enter: impl Fn(&str) -> Result<(), String>,
    names: impl Fn(&str) -> bool,
) {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let mut random = Random(number("CHRONOTOPE_FUZZ_SEED").unwrap_or(20));
    let long = number("CHRONOTOPE_FUZZ_SECONDS").map(Duration::from_secs);
    let started = now();
    let (mut n, mut refused, mut slowest) = (0u64, 0u64, Duration::ZERO);
    while long.map_or(n < rounds as u64, |long| started.elapsed() < long) {
        // the first inputs are the seeds as they are
        let input = seeds.get(n as usize).cloned().unwrap_or_else(|| random.mutated(seeds));
        let begun = now();
        let came = panic::catch_unwind(AssertUnwindSafe(|| enter(&input)));
        let took = begun.elapsed();
        let shown: String = input.chars().take(4000).collect();
        match came {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                refused += 1;
                assert!(names(&error), "{door}, input {n}: the error names no place: {error}\n{shown}");
            }
            Err(payload) => panic!("{door}, input {n} panics: {}\n{shown}", said(payload.as_ref())),
        }
        // a shared machine may be busy: what is meant is that nothing runs away
        assert!(took < Duration::from_secs(20), "{door}, input {n} takes {took:?}\n{shown}");
        slowest = slowest.max(took);
        n += 1;
    }
    if long.is_some() {
        let per_s = n as f64 / started.elapsed().as_secs_f64();
        eprintln!("{door}: {n} inputs, {refused} refused, {per_s:.0} per second, slowest {slowest:?}");
    }
}

fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a bound on time is what is tested")]
    Instant::now()
}

fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default()
}

/// A file that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Scratch {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("chronotope-hostile-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        Scratch(folder)
    }

    fn write(&self, text: &str) -> PathBuf {
        let path = self.0.join("hostile.txt");
        std::fs::write(&path, text).expect("a file can be written");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok(); // the test has ended
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The seeds of a door, as text.
fn seeds_of(door: &str) -> Vec<String> {
    seeds::seeds(door).iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
}

#[test]
fn worlds_in_text_form() {
    let names = |error: &str| !error.contains("prints otherwise");
    attack("text form", 1500, &seeds_of("text"), |text| doors::text(text.as_bytes()), names);
}

#[test]
fn questions_on_worlds_in_text_form() {
    let questions = [
        "How far is the car from the person at 1 s?",
        "How many cars are there?",
        "Which is closer to the chair, the table or the sofa?",
        "Did the taxi move?",
        "How fast was the car between 0 and 2 s?",
        "If I stand by the chair and face the table, is the sofa to my left or right?",
        "When did the person first appear?",
    ];
    let programs = seeds::examples("operators");
    let enter = |text: &str| {
        let Ok(world) = text::parse(text) else { return Ok(()) };
        let both = join(&[world.clone(), world.clone()]);
        for question in questions {
            for world in [&world, &both] {
                let asked = ask(world, question, &[]).map_err(|error| error.to_string())?;
                answer_json(world, Some(question), &asked.answered, &json!({}));
            }
        }
        let n = text.len() % programs.len();
        for text in programs.iter().cycle().skip(n).take(8) {
            if let Ok(answered) = answer(&world, text) {
                answer_json(&world, None, &answered, &json!({}));
            }
        }
        Ok(())
    };
    attack("asked Worlds", 60, &seeds_of("text"), enter, |error| error.starts_with("table "));
}

#[test]
fn programs() {
    // where a fault stands, the program's own tests say
    attack("programs", 1500, &seeds_of("program"), |text| doors::program(text.as_bytes()), |_| true);
    attack(
        "programs in JSON",
        500,
        &seeds_of("program-json"),
        |text| doors::program_json(text.as_bytes()),
        |_| true,
    );
}

#[test]
fn questions() {
    let mut seeds = seeds_of("question");
    seeds.push("How many times did the red car pass within 3 m of the person after 2:30?".into());
    seeds.push("Which is closer to the chair?\nA. the table\nB. the sofa".into());
    // there is no question that is an error
    attack("questions", 150, &seeds, |text| doors::question(text.as_bytes()), |_| false);
}

/// A bundle whose bytes are exchanged, with its checksums made right again: nobody damaged it by accident.
#[test]
fn bundles() {
    let seeds = seeds::seeds("bundle");
    let mut random = Random(30);
    for n in 0..400 {
        let mut bytes = seeds[random.below(seeds.len())].clone();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            match random.below(6) {
                0 => bytes[at] = random.below(256) as u8,
                1 | 2 => bytes[at] ^= 1 << random.below(8),
                3 => bytes[at] = [0, 0x7f, 0x80, 0xff][random.below(4)],
                4 => bytes.truncate(at + 1),
                _ => drop(bytes.drain(at..(at + 1 + random.below(8)).min(bytes.len()))),
            }
        }
        let begun = now();
        let came = panic::catch_unwind(AssertUnwindSafe(|| doors::bundle(&bytes)));
        assert!(begun.elapsed() < Duration::from_secs(20), "bundle {n} takes {:?}", begun.elapsed());
        if let Err(payload) = came {
            panic!("bundle {n} panics: {}", said(payload.as_ref()));
        }
    }
    for bytes in seeds {
        assert_eq!(doors::bundle(&bytes), Ok(()), "what is not damaged is read");
    }
}

/// What the fuzzer found once stays mended.
#[test]
fn finds() {
    let root = crate::root().join("fuzz/finds");
    let mut n = 0;
    for (name, door) in doors::DOORS {
        let Ok(folder) = std::fs::read_dir(root.join(name)) else { continue };
        for file in folder {
            let path = file.expect("listed").path();
            let bytes = std::fs::read(&path).expect("a find");
            let came = panic::catch_unwind(AssertUnwindSafe(|| door(&bytes)));
            assert!(came.is_ok(), "{} panics again", path.display());
            n += 1;
        }
    }
    assert!(n > 0, "finds lie in {}", root.display());
}

#[test]
fn masks() {
    let enter = |text: &str| {
        let (size, counts) = text.split_once(':').unwrap_or(("4x3", text));
        let (width, height) = size.split_once('x').unwrap_or(("4", "3"));
        let (width, height) = (width.parse().unwrap_or(4), height.parse().unwrap_or(3));
        let mask = Mask::from_coco(width, height, counts).map_err(|error| error.to_string())?;
        assert_eq!(Mask::from_coco(width, height, &mask.to_coco()).ok().as_ref(), Some(&mask));
        assert!(mask.area() <= u64::from(width) * u64::from(height) && mask.iou(&mask).is_ok());
        mask.box_px();
        Ok(())
    };
    let seeds = ["4x3:363", "100x100:PPYo0^2000", "4294967295x4294967295:0", "1x1:01"];
    attack("masks", 3000, &owned(&seeds), enter, |error| error.starts_with("mask: "));
}

#[test]
fn detection_files() {
    attack(
        "detection files",
        1000,
        &seeds_of("detections"),
        |text| doors::detections(text.as_bytes()),
        |_| true,
    );
}

#[test]
fn ground_calibrations() {
    let seeds = [
        r#"{"image_width": 640, "image_height": 480, "H": [[0.01, 0, 1], [0, 0.02, 2], [0, 0.001, 1]]}"#,
        r#"{"image_width": 640, "image_height": 480, "points": [{"px": [0, 0], "m": [0, 0]}, {"px": [640, 0], "m": [10, 0]},
            {"px": [640, 480], "m": [10, 10]}, {"px": [0, 480], "m": [0, 10]}, {"px": [320, 240], "m": [5, 5]}]}"#,
        r#"{"image_width": 640, "image_height": 480, "fx": 500, "fy": 500, "cx": 320, "cy": 240, "height_m": 5, "tilt_deg": 30}"#,
    ];
    let enter = |text: &str| {
        let ground = GroundCalibration::parse(text).map_err(|error| error.to_string())?;
        for foot in [[0.0, 0.0], [320.0, 479.0], [1e9, -1e9], [f64::NAN, 0.0]] {
            ground.locate(foot, 1.0);
        }
        ground.scaled_to(1280, 960).ok();
        Ok(())
    };
    attack("ground calibrations", 2000, &owned(&seeds), enter, |error| error.contains("found"));
}

#[test]
fn annotation_files_that_are_asked() {
    let scratch = Scratch::new();
    let seeds: Vec<String> = seeds::ANNOTATIONS.iter().map(|(_, text)| (*text).to_owned()).collect();
    let enter = |text: &str| {
        let path = scratch.write(text);
        let mut error = None;
        for importer in IMPORTERS {
            match importer.import(&path, &ImportSettings::default()) {
                Ok(imported) => {
                    for world in imported.worlds.iter().take(3) {
                        for question in
                            ["How many cars are there?", "What is the longest time a thing is seen?"]
                        {
                            ask(world, question, &[]).map_err(|error| error.to_string())?;
                        }
                        text::print(world).map_err(|error| error.to_string())?;
                    }
                    join(&imported.worlds);
                }
                Err(fault) => error = Some(fault.to_string()),
            }
        }
        error.map_or(Ok(()), Err)
    };
    for (name, text) in seeds::ANNOTATIONS {
        // what an importer's own exporter writes is read back, and written as the same bytes
        assert_eq!(doors::import(name, text.as_bytes()), Ok(()), "{name}");
    }
    attack("annotation files", 150, &seeds, enter, |error| error.contains("hostile.txt"));
}

#[test]
fn depth_and_length_are_bounded() {
    let world = &doors::worlds()[0];
    let deep = |open: &str, middle: &str, close: &str| {
        [open.repeat(1_000_000), middle.into(), close.repeat(1_000_000)].concat()
    };
    for text in [
        deep("not(", "true", ")"),
        deep("(", "1", ")"),
        deep("[", "1", "]"),
        deep("not ", "true", ""),
        deep("-", "1", ""),
        deep("", "1", " + 1"),
        deep("count(all(", "", ""),
        "x".repeat(1_000_000),
        "\"".repeat(1_000_001),
    ] {
        let begun = now();
        let error = answer(world, &text).expect_err("too deep").to_string();
        assert!(begun.elapsed() < Duration::from_secs(10), "{} takes {:?}", &text[..20], begun.elapsed());
        assert!(error.len() < 1000, "{}", &error[..1000]);
    }
    for word in ["car ", "how many ", "not ", "(", "a", "of the ", "the car and the "] {
        let question = word.repeat(100_000 / word.len());
        let begun = now();
        ask(world, &question, std::slice::from_ref(&question)).expect("an answer");
        let long = word.repeat(4000 / word.len());
        ask(world, &format!("How many {long}?"), &[]).expect("an answer");
        assert!(begun.elapsed() < Duration::from_secs(10), "{word} takes {:?}", begun.elapsed());
    }
}
