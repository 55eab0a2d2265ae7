use super::*;
use chronotope_act::{Error as ActError, Prediction};
use chronotope_ask::Form;
use chronotope_tasks::{Error as TaskError, Truth};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Missing, MissingKind, Status};
use std::sync::atomic::AtomicU32;

/// A folder that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Scratch {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("chronotope-evaluate-{}-{n}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        Scratch(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // nothing depends on it
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Sums;

impl Benchmark for Sums {
    fn entry(&self) -> Entry {
        let (source, example) = ("evaluate/src/run/tests.rs", "none");
        Entry { kind: "benchmarks", name: "sums", about: "sums", source, paper: None, example }
    }

    fn metric(&self) -> &'static str {
        "mra"
    }

    fn reads(&self) -> &'static str {
        "nothing"
    }

    fn load(&self, _data: &Path) -> Result<Loaded, TaskError> {
        let item = |n: usize| Item {
            id: n.to_string(),
            group: if n.is_multiple_of(3) { "threes" } else { "others" }.into(),
            subsets: if n.is_multiple_of(2) { vec!["even"] } else { Vec::new() },
            scene: Scene::None,
            question: n.to_string(),
            program: None,
            options: Vec::new(),
            form: Form::Words,
            asked_at: None,
            media: std::sync::Arc::default(),
            truth: Truth::Number(n as f64),
        };
        Ok(Loaded { items: (1..=100).map(item).collect(), files: Vec::new(), notes: Vec::new() })
    }
}

/// Says the number of the question, but nothing for those that end in 0; breaks off at `fails`.
struct Parrot {
    fails: &'static str,
    asked: AtomicUsize,
}

impl Parrot {
    fn new(fails: &'static str) -> Parrot {
        Parrot { fails, asked: AtomicUsize::new(0) }
    }
}

impl Strategy for Parrot {
    fn entry(&self) -> Entry {
        let (source, example) = ("evaluate/src/run/tests.rs", "none");
        Entry { kind: "strategies", name: "parrot", about: "parrot", source, paper: None, example }
    }

    fn answer(&self, task: &Task<'_>, _means: &Means) -> Result<Prediction, ActError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if task.id == self.fails {
            let fault = chronotope_ask::program::parse("(").expect_err("no program");
            return Err(ActError::Engine { task: task.id.to_owned(), fault });
        }
        let mut told =
            Prediction::none(Status::Unknown, Missing::new(MissingKind::Entity, "a parrot's mind"));
        if !task.question.ends_with('0') {
            (told.text, told.status, told.missing) =
                (Some(task.question.to_owned()), Status::Answered, Vec::new());
        }
        Ok(told)
    }
}

fn settings(threads: usize, out: Option<&Scratch>) -> Settings {
    Settings {
        limit: None,
        threads: NonZeroUsize::new(threads).expect("above 0"),
        means: chronotope_act::Means::default(),
        seed: 0,
        noise: Noise::default(),
        out: out.map(|scratch| scratch.0.clone()),
    }
}

fn go(parrot: &Parrot, settings: &Settings) -> Result<Run, Error> {
    run(&Sums, &Sums.load(Path::new("")).expect("made"), parrot, settings, &|_, _| {})
}

fn files(scratch: &Scratch) -> Vec<String> {
    [PREDICTIONS, REPORT, CARD].map(|name| fs::read_to_string(scratch.0.join(name)).expect(name)).to_vec()
}

#[test]
fn unanswered_items_score_nothing_and_stay_in_the_count() {
    let run = go(&Parrot::new(""), &settings(1, None)).expect("in memory");
    let all = &run.report.all;
    assert_eq!((all.overall, all.n, all.answered), (Some(0.9), 100, 90));
    assert_eq!(all.overall_answered, Some(1.0));
    let threes = all.by_type["threes"];
    assert_eq!((threes.n, threes.answered, threes.score_answered), (33, 30, Some(1.0)));
    assert_eq!(run.report.subsets["even"].n, 50);
    assert_eq!(run.report.by_missing["entity"], 10);
    let json = run.json(&json!({}));
    let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["benchmark", "strategy", "model", "overall", "by_type", "n", "cost", "timing"]);
    assert_eq!(json["by_type"]["threes"]["answered"], 30);
}

#[test]
fn the_files_are_the_same_at_any_number_of_threads() {
    let (one, eight) = (Scratch::new(), Scratch::new());
    go(&Parrot::new(""), &settings(1, Some(&one))).expect("writable");
    go(&Parrot::new(""), &settings(8, Some(&eight))).expect("writable");
    assert_eq!(files(&one), files(&eight));
}

#[test]
fn a_run_that_was_stopped_goes_on_and_asks_nothing_twice() {
    let (whole, broken) = (Scratch::new(), Scratch::new());
    go(&Parrot::new(""), &settings(2, Some(&whole))).expect("writable");
    go(&Parrot::new("42"), &settings(2, Some(&broken))).expect_err("42 fails");
    // and the last line was cut
    let path = broken.0.join(PREDICTIONS);
    let text = fs::read_to_string(&path).expect("written");
    fs::write(&path, &text[..text.len() - 9]).expect("writable");
    let parrot = Parrot::new("");
    let run = go(&parrot, &settings(2, Some(&broken))).expect("writable");
    assert_eq!((run.resumed, parrot.asked.into_inner()), (40, 60));
    assert_eq!(files(&whole), files(&broken));
}

#[test]
fn the_folder_of_another_run_is_refused() {
    let scratch = Scratch::new();
    go(&Parrot::new(""), &settings(1, Some(&scratch))).expect("writable");
    let other = Settings { limit: Some(7), ..settings(1, Some(&scratch)) };
    let error = go(&Parrot::new(""), &other).expect_err("7 items are not 100").to_string();
    assert!(
        error.contains("expected the run of 7 items of sums by parrot, found one of 100 items"),
        "{error}"
    );
}

#[test]
fn of_items_that_fail_the_first_is_named() {
    for threads in [1, 8] {
        let error = go(&Parrot::new("17"), &settings(threads, None)).expect_err("17 fails").to_string();
        assert!(error.starts_with("task `17`"), "{error}");
    }
}
