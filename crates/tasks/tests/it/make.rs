//! Every task: it makes items, the same ones on any number of threads, with an answer that the engine gives again.

use chronotope_tasks::generate::{Knobs, Level, TASKS, Task};
use chronotope_tasks::make::{Order, items, make};
use chronotope_tasks::task_by_name;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Items without pictures, of a level, small enough for a test.
fn order<'a>(
    task: &'a dyn Task,
    level: Level,
    count: u64,
    threads: usize,
    set: &[(&str, &str)],
) -> Order<'a> {
    let names: BTreeSet<&str> = task.knobs().iter().map(|knob| knob.name).collect();
    let small = [
        ("media", "none"),
        ("seconds", "12"),
        ("fps", "4"),
        ("camera", "driver"),
        ("gap_s", "0.2"),
        ("things", "2"),
        ("width_px", "320"),
        ("least_px", "12"),
        ("movers", "14"),
        ("ratio", "1.2"),
        ("least_s", "1"),
    ];
    let mut all: Vec<(String, String)> = Vec::new();
    for (name, value) in set.iter().chain(&small).filter(|(name, _)| names.contains(name)) {
        if !all.iter().any(|(known, _)| known == name) {
            all.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    Order {
        task,
        knobs: Knobs::new(task.knobs(), level, &all).expect("in range"),
        level,
        seed: 7,
        split: "test".to_owned(),
        count,
        from: Vec::new(),
        threads: NonZeroUsize::new(threads).expect("some"),
        films: None,
        out: PathBuf::new(),
    }
}

fn made(order: &Order<'_>) -> Vec<Value> {
    let (items, census) = items(order, &|_, _| ()).expect("it can be made");
    assert_eq!(items.len() as u64, order.count, "{}: {census:?}", order.task.entry().name);
    items
}

#[test]
fn names_are_in_order_and_every_knob_holds_its_own_levels() {
    let names: Vec<&str> = TASKS.iter().map(|task| task.entry().name).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    for task in TASKS {
        assert_eq!(task.entry().fault(), None);
        for level in [Level::Easy, Level::Medium, Level::Hard] {
            for knob in task.knobs() {
                let set = [(knob.name.to_owned(), knob.levels[level as usize].to_owned())];
                let name = task.entry().name;
                Knobs::new(task.knobs(), level, &set).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            }
        }
    }
}

#[test]
fn every_task_makes_items_that_do_not_depend_on_the_threads() {
    for task in TASKS {
        let one = made(&order(*task, Level::Easy, 4, 1, &[]));
        let three = made(&order(*task, Level::Easy, 4, 3, &[]));
        assert_eq!(one, three, "{}", task.entry().name);
        for item in &one {
            let options = item["options"].as_array().expect("a list");
            let texts: BTreeSet<&str> =
                options.iter().filter_map(|o| Some(o.as_str()?.split_once(". ")?.1)).collect();
            assert_eq!(texts.len(), options.len(), "options differ: {item}");
            match &item["answer"] {
                Value::String(letter) => {
                    let at = letter.bytes().next().expect("a letter") - b'A';
                    assert!(usize::from(at) < options.len(), "{item}");
                }
                Value::Number(_) => assert!(options.is_empty(), "{item}"),
                other => panic!("{other}: {item}"),
            }
        }
    }
}

#[test]
fn other_seeds_and_splits_give_other_items() {
    let task = task_by_name("maze").expect("there is one");
    let puzzles = |seed: u64, split: &str| -> BTreeSet<String> {
        let order = Order { seed, split: split.to_owned(), ..order(task, Level::Medium, 40, 2, &[]) };
        made(&order).iter().map(|item| item["slots"]["puzzle"].to_string()).collect()
    };
    let (a, b, c) = (puzzles(100, "train"), puzzles(101, "train"), puzzles(100, "test"));
    assert_eq!(a.len(), 40, "no repeats");
    assert!(a.is_disjoint(&b) && a.is_disjoint(&c));
}

#[test]
fn every_letter_is_right_as_often_as_the_others() {
    let task = task_by_name("sliding-tiles").expect("there is one");
    let items = made(&order(task, Level::Easy, 41, 2, &[]));
    let count = |letter: &str| items.iter().filter(|item| item["answer"] == letter).count();
    let counts = ["A", "B", "C", "D"].map(count);
    assert!(
        counts.iter().max().zip(counts.iter().min()).is_some_and(|(most, least)| most - least <= 1),
        "{counts:?}"
    );
}

#[test]
fn a_run_that_was_cut_off_goes_on_without_a_repeat_and_another_order_is_refused() {
    let folder = Folder::new("cut");
    let task = task_by_name("object-count").expect("there is one");
    let whole = Order { out: folder.0.join("whole"), ..order(task, Level::Easy, 12, 2, &[]) };
    make(&whole, &|_, _| ()).expect("a fresh folder");
    let text = fs::read_to_string(whole.out.join("items.jsonl")).expect("written");

    let cut = Order { out: folder.0.join("cut"), count: 5, ..order(task, Level::Easy, 5, 1, &[]) };
    make(&cut, &|_, _| ()).expect("a fresh folder");
    let path = cut.out.join("items.jsonl");
    let begun = fs::read_to_string(&path).expect("written");
    fs::write(&path, &begun[..begun.len() - 20]).expect("cut off in the last line");
    let census = make(&Order { count: 12, ..cut }, &|_, _| ()).expect("goes on");
    assert_eq!((census.made, census.resumed), (12, 4));
    assert_eq!(fs::read_to_string(&path).expect("written"), text);

    let other = Order { seed: 8, out: whole.out.clone(), ..order(task, Level::Easy, 12, 2, &[]) };
    let refused = make(&other, &|_, _| ()).expect_err("another seed").to_string();
    assert!(refused.contains("\"seed\":7") && refused.contains("\"seed\":8"), "{refused}");
}

#[test]
fn what_cannot_be_made_ends_and_says_why() {
    let task = task_by_name("object-count").expect("there is one");
    let order = order(task, Level::Easy, 5, 2, &[("least", "20"), ("objects", "4")]);
    let (items, census) = items(&order, &|_, _| ()).expect("no error");
    assert!(items.is_empty());
    assert!(census.failed.keys().any(|filter| filter.contains("too few")), "{census:?}");
}

/// A folder that goes when the test does.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("chronotope-make-{name}-{}", std::process::id()));
        fs::remove_dir_all(&path).ok();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(Path::new(&self.0)).ok();
    }
}
