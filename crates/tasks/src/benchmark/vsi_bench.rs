//! VSI-Bench: spatial questions over real indoor scenes.

use super::{Benchmark, Loaded};
use crate::error::Error;
use crate::item::{Item, Scene, Truth};
use crate::lines::{file_of, rows};
use chronotope_ask::Form;
use chronotope_formats::import::{ImportSettings, Importer as _, VsiBench as Scenes};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Label, LabelId, MemoryStore, Tables, World};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Ten types of questions over ScanNet, ScanNet++ and ARKitScenes rooms.
///
/// DATA holds `qa.jsonl` or the official `test.jsonl` (gzip or not) and the scenes' `meta_*.json[.gz]`. The items of the
/// debiased version (`debiased_removed` is false) are scored beside all. Truths are as released: letters, counts, metres and
/// square metres to one decimal, centimetres without; answers are said with as many decimals.
#[derive(Clone, Copy, Debug)]
pub struct VsiBench;

impl Benchmark for VsiBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "benchmarks",
            name: "vsi-bench",
            about: "ten types of spatial questions over scanned rooms",
            source: "tasks/src/benchmark/vsi_bench.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope eval vsi-bench ../shared/data/vsi_bench",
        }
    }

    fn metric(&self) -> &'static str {
        "vsi-bench"
    }

    fn reads(&self) -> &'static str {
        "rule recovery: the questions were made from the same boxes; not to be compared with systems that saw pixels"
    }

    /// Distances were taken between point clouds, which lie inside their boxes. On the 194 distances of ScanNet the boxes' are 0.054 m off (root
    /// mean square, of numbers with one decimal): 0.038 m for each of two things. ScanNet++ and ARKitScenes did not count for it.
    fn boxes_off_m(&self) -> f64 {
        0.038
    }

    fn load(&self, data: &Path) -> Result<Loaded, Error> {
        let file = file_of(data, &["qa.jsonl", "test.jsonl"], "the questions of VSI-Bench")?;
        let folder = if data.is_file() { data.parent().unwrap_or(data) } else { data };
        let questions: Vec<Row> = rows(&file, "a question of VSI-Bench as a JSON object")?;
        let imported = Scenes.import(folder, &ImportSettings::default())?;
        let mut scenes: BTreeMap<&str, World> = BTreeMap::new();
        for world in &imported.worlds {
            let named = as_asked(world).map_err(|fault| Error::World { fault, path: folder.to_owned() })?;
            scenes.insert(&world.record().name, named);
        }
        let scene = |name: &str| scenes.get(name).map_or(Scene::None, |world| Scene::World(world.clone()));
        let mut items = Vec::new();
        for (n, row) in questions.into_iter().enumerate() {
            let scene = scene(&row.scene_name);
            let item = row.item(scene).map_err(|found| Error::Line {
                line: n + 1,
                expected: "a letter for a question with options, else a number, as `ground_truth`".into(),
                found,
                path: file.clone(),
            })?;
            items.push(item);
        }
        let mut files = vec![file];
        let sources = imported.worlds.iter().flat_map(|world| &world.tables().sources);
        let mut metas: Vec<&str> = sources.map(|source| source.uri.as_str()).collect();
        metas.sort_unstable();
        metas.dedup();
        files.extend(metas.into_iter().map(Into::into));
        let notes = imported.faults.named().iter().map(ToString::to_string).collect();
        Ok(Loaded { items, files, notes })
    }
}

/// Classes that the released questions call by another name than the released boxes do: it holds for all questions.
const ASKED_AS: [(&str, &str); 1] = [("coat hanger", "coat rack")];

/// The scene, with the names of the questions beside those of the boxes.
fn as_asked(world: &World) -> Result<World, chronotope_world::Error> {
    if !world.tables().labels.iter().any(|row| ASKED_AS.iter().any(|(boxed, _)| row.text == *boxed)) {
        return Ok(world.clone());
    }
    with_rows(world, |tables| {
        for (boxed, asked) in ASKED_AS {
            let rows: Vec<Label> = tables.labels.iter().filter(|row| row.text == boxed).cloned().collect();
            for row in rows {
                let id = LabelId(tables.labels.last().map_or(0, |last| last.id.0 + 1));
                tables.labels.push(Label {
                    id,
                    text: asked.to_owned(),
                    vocabulary: "vsi-bench questions".to_owned(),
                    ..row
                });
            }
            for row in tables.coverage.iter_mut().filter(|row| row.labels.iter().any(|label| label == boxed))
            {
                row.labels.push(asked.to_owned());
            }
        }
    })
}

/// The World with other rows beside its samples.
pub(super) fn with_rows(
    world: &World,
    change: impl FnOnce(&mut Tables),
) -> Result<World, chronotope_world::Error> {
    let mut tables = world.tables().clone();
    change(&mut tables);
    let store = world.store();
    let chunks = (0..store.bounds().len()).map(|n| store.chunk(n)).collect::<Result<_, _>>()?;
    Ok(World::new(Arc::new(MemoryStore::new(store.name().to_owned(), store.revision(), tables, chunks))))
}

#[derive(Deserialize)]
struct Row {
    id: Value,
    scene_name: String,
    question_type: String,
    question: String,
    options: Option<Vec<String>>,
    ground_truth: Value,
    debiased_removed: Option<bool>,
}

impl Row {
    fn item(self, scene: Scene) -> Result<Item, String> {
        let options = self.options.unwrap_or_default();
        let words = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let told = words(&self.ground_truth);
        let (truth, form) = if options.is_empty() {
            let number = told.trim().parse().ok().filter(|number: &f64| number.is_finite());
            (Truth::Number(number.ok_or_else(|| told.clone())?), form_of(&self.question))
        } else if told.chars().count() == 1 {
            (Truth::Text(told), Form::Letter)
        } else {
            return Err(told);
        };
        Ok(Item {
            id: words(&self.id),
            group: self.question_type,
            subsets: if self.debiased_removed == Some(false) { vec!["debiased"] } else { Vec::new() },
            scene,
            question: self.question,
            program: None,
            options,
            form,
            asked_at: None,
            media: std::sync::Arc::default(),
            truth,
        })
    }
}

/// The unit that the question names, and the decimals that the released truths in it have.
fn form_of(question: &str) -> Form {
    let (unit, decimals) = if question.contains("centimeters") {
        (Some("cm"), 0)
    } else if question.contains("square meters") {
        (Some("m²"), 1)
    } else if question.contains("meters") {
        (Some("m"), 1)
    } else {
        (None, 0)
    };
    Form::Number { unit, decimals: Some(decimals) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(row: &str) -> Result<Item, String> {
        serde_json::from_str::<Row>(row).expect("an object of the format").item(Scene::None)
    }

    #[test]
    fn letters_and_numbers_are_truths_and_anything_else_is_refused() {
        let row = |options: &str, truth: &str| {
            format!(
                r#"{{"id": 7, "dataset": "scannet", "scene_name": "s", "question_type": "t",
                "question": "How far, measured in centimeters?", "options": {options}, "ground_truth": {truth}}}"#
            )
        };
        let lettered = item(&row(r#"["A. x", "B. y"]"#, "\"B\"")).expect("a letter");
        assert_eq!((lettered.truth, lettered.form), (Truth::Text("B".into()), Form::Letter));
        let number = item(&row("null", "\"62\"")).expect("a number in words");
        assert_eq!(number.truth, item(&row("null", "62")).expect("a number").truth);
        assert_eq!(number.form, Form::Number { unit: Some("cm"), decimals: Some(0) });
        assert_eq!((number.id.as_str(), number.subsets.len()), ("7", 0));
        for (options, truth) in [("null", "\"B\""), ("[\"A. x\"]", "\"both\""), ("null", "\"nan\"")] {
            item(&row(options, truth)).expect_err(truth);
        }
    }
}
