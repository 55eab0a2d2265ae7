//! StepGame: where one agent is from another, through up to ten sentences.

use super::{Benchmark, Loaded};
use crate::error::Error;
use crate::item::{Item, Scene, Truth};
use crate::lines::{files_of, object, plain_name, rows, stem};
use chronotope_ask::Form;
use chronotope_ask::story::{Reach, StorySettings};
use chronotope_world::catalogue::Entry;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Stories of agents one step from each other, with a question about two of them.
///
/// DATA holds `VERSION_{clean,noise}_kN.jsonl[.gz]` (rows of story, question, label) or the official `qaN_test.json` and
/// `qaN_valid.json` (objects of such rows). Versions, as `corrected-clean`, are scored beside all. Every sentence is meant as one
/// step on a grid: that is the benchmark's rule and holds for all of its items.
#[derive(Clone, Copy, Debug)]
pub struct StepGame;

const EXPECTED: &str = "files of StepGame: corrected_clean_k1.jsonl, qa1_test.json";

impl Benchmark for StepGame {
    fn entry(&self) -> Entry {
        Entry {
            kind: "benchmarks",
            name: "stepgame",
            about: "multi-hop spatial reasoning over stories, one to ten hops, clean and with noise",
            source: "tasks/src/benchmark/step_game.rs",
            paper: Some("Shi et al., StepGame, AAAI 2022; corrected by Li et al., AAAI 2024"),
            example: "chronotope eval stepgame ../shared/data/stepgame",
        }
    }

    fn metric(&self) -> &'static str {
        "mean-accuracy"
    }

    fn reads(&self) -> &'static str {
        "the stories are read as text; the corrected set is the one to quote, the original holds sentences that do not say what \
         their labels mean"
    }

    fn load(&self, data: &Path) -> Result<Loaded, Error> {
        let is_one = |name: &str| {
            let stem = name.split('.').next().unwrap_or(name);
            let numbered = |after: &str| {
                stem.rsplit_once(after)
                    .is_some_and(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
            };
            let has = |extension: &str| Path::new(name).extension().is_some_and(|e| e == extension);
            (has("jsonl") && numbered("_k")) || (has("json") && stem.starts_with("qa"))
        };
        let files = files_of(data, is_one, EXPECTED)?;
        let mut items = Vec::new();
        for file in &files {
            let group = stem(file).to_owned();
            let subsets: Vec<&'static str> =
                SUBSETS.into_iter().filter(|subset| group.starts_with(&subset.replace('-', "_"))).collect();
            for (n, row) in rows_of(file)?.into_iter().enumerate() {
                let id = row.id.as_ref().map_or_else(|| n.to_string(), ToString::to_string);
                let settings = StorySettings { reach: Reach::Step, ..StorySettings::default() };
                items.push(Item {
                    id: format!("{group}/{id}"),
                    group: group.clone(),
                    subsets: subsets.clone(),
                    scene: Scene::Story(Arc::from(row.story), settings),
                    question: row.question,
                    program: None,
                    options: Vec::new(),
                    form: Form::Words,
                    asked_at: None,
                    media: std::sync::Arc::default(),
                    truth: Truth::Text(row.label),
                });
            }
        }
        Ok(Loaded { items, files, notes: Vec::new() })
    }
}

const SUBSETS: [&str; 4] = ["corrected-clean", "corrected-noise", "original-clean", "original-noise"];

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    id: Option<Value>,
    story: Vec<String>,
    question: String,
    label: String,
}

/// The rows of a file; the official files are one object of them, by number.
fn rows_of(file: &Path) -> Result<Vec<Row>, Error> {
    const ROW: &str = "an object with story, question and label";
    if Path::new(plain_name(file)).extension().is_some_and(|extension| extension == "jsonl") {
        return rows(file, ROW);
    }
    let by_number: BTreeMap<String, Row> = object(file, ROW)?;
    let mut rows: Vec<(u64, Row)> = Vec::new();
    for (number, mut row) in by_number {
        let n = number
            .parse()
            .map_err(|_no_number| Error::input(file, "objects by number", format!("`{number}`")))?;
        row.id.get_or_insert(Value::from(n));
        rows.push((n, row));
    }
    rows.sort_by_key(|(n, _)| *n);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn both_layouts_are_read_in_the_order_of_hops_and_of_numbers() {
        let folder = std::env::temp_dir().join(format!("chronotope-stepgame-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let row = |label: &str| {
            format!(r#"{{"story": ["A is left of B."], "question": "Where is A?", "label": "{label}"}}"#)
        };
        fs::write(folder.join("corrected_clean_k10.jsonl"), row("ten")).expect("writable");
        fs::write(folder.join("corrected_clean_k2.jsonl"), row("two") + "\n\n").expect("writable");
        fs::write(folder.join("qa3_test.json"), format!("{{\"10\": {}, \"9\": {}}}", row("b"), row("a")))
            .expect("writable");
        fs::write(folder.join("readme.json"), "no").expect("writable");
        let loaded = StepGame.load(&folder).expect("three files");
        let ids: Vec<&str> = loaded.items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids, ["corrected_clean_k2/0", "corrected_clean_k10/0", "qa3_test/9", "qa3_test/10"]);
        assert_eq!(loaded.items[0].subsets, ["corrected-clean"]);
        assert!(loaded.items[2].subsets.is_empty());
        fs::write(folder.join("corrected_clean_k2.jsonl"), "{}").expect("writable");
        let error = StepGame.load(&folder).expect_err("a row without a story").to_string();
        assert!(error.starts_with("line 1: expected an object with story"), "{error}");
        fs::remove_dir_all(&folder).expect("it was made above");
    }
}
