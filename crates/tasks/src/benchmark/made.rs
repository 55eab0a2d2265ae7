//! Items that `chronotope make` wrote, as a benchmark.

use super::{Benchmark, Loaded};
use crate::error::Error;
use crate::item::{Item, Scene, Truth};
use crate::lines::rows;
use chronotope_ask::Form;
use chronotope_ask::story::StorySettings;
use chronotope_world::World;
use chronotope_world::catalogue::Entry;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file `items.jsonl` with the Worlds that it names. The question is asked in its English; the item's program is not used.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    metric: &'static str,
}

impl Made {
    /// Looks at the items' metrics: one for all, or that of VSI-Bench where letters and numbers are mixed.
    ///
    /// # Errors
    /// A file that holds no items, or items that no one metric scores.
    pub fn open(path: &Path) -> Result<Made, Error> {
        const EXPECTED: &str = "an item that `make` wrote";
        let metrics: BTreeSet<String> =
            rows::<Metric>(path, EXPECTED)?.into_iter().map(|row| row.metric).collect();
        let names: Vec<&str> = metrics.iter().map(String::as_str).collect();
        let metric = match names.as_slice() {
            ["accuracy"] => "accuracy",
            ["mra"] => "mra",
            ["accuracy", "mra"] => "vsi-bench",
            ["tolerance"] => "tolerance",
            ["exact-match"] => "exact-match",
            ["sequence-accuracy"] => "sequence-accuracy",
            ["vr-bench"] => "vr-bench",
            found => {
                let expected = "items of one metric, or of accuracy and mra";
                return Err(Error::input(path, expected, found.join(", ")));
            }
        };
        Ok(Made { metric })
    }
}

impl Benchmark for Made {
    fn entry(&self) -> Entry {
        Entry {
            kind: "benchmarks",
            name: "made",
            about: "items that `chronotope make` wrote, with the Worlds that they name",
            source: "tasks/src/benchmark/made.rs",
            paper: None,
            example: "chronotope eval items/items.jsonl",
        }
    }

    fn metric(&self) -> &'static str {
        self.metric
    }

    fn reads(&self) -> &'static str {
        "exact Worlds: the answers were made from the same rows; not to be compared with systems that saw pixels"
    }

    fn load(&self, data: &Path) -> Result<Loaded, Error> {
        let folder = data.parent().unwrap_or(Path::new("."));
        let mut worlds: BTreeMap<String, World> = BTreeMap::new();
        let mut items = Vec::new();
        let mut ids = BTreeSet::new();
        for (n, row) in rows::<Row>(data, "an item that `make` wrote")?.into_iter().enumerate() {
            let fault = |expected: &str, found: String| Error::Line {
                line: n + 1,
                expected: expected.to_owned(),
                found,
                path: data.to_owned(),
            };
            if !ids.insert(row.id.clone()) {
                return Err(fault("an id of its own", format!("`{}` again", row.id)));
            }
            let scene = match (&row.world, &row.story) {
                (None, Some(story)) => {
                    Scene::Story(story.lines().map(str::to_owned).collect(), StorySettings::default())
                }
                (None, None) => Scene::None,
                (Some(name), _) => {
                    if !inside(folder, name) {
                        return Err(fault("`world` below the folder of the items", format!("`{name}`")));
                    }
                    if !worlds.contains_key(name) {
                        let path = folder.join(name);
                        let world = chronotope_remember::bundle::open(&path)
                            .map_err(|fault| Error::Bundle { fault, path })?;
                        worlds.insert(name.clone(), world);
                    }
                    worlds.get(name).cloned().map_or(Scene::None, Scene::World)
                }
            };
            let mut row = row;
            let mut media = Vec::new();
            for name in &row.media {
                if !inside(folder, name) {
                    return Err(fault("`media` below the folder of the items", format!("`{name}`")));
                }
                media.push(folder.join(name));
            }
            if matches!(scene, Scene::Story(..)) {
                // the engine knows the rules of what it reads: what is asked stands in the last line
                let asked = row.question.lines().last().map(str::to_owned);
                row.question = asked.unwrap_or_default();
            }
            items.push(
                row.item(scene, media.into())
                    .map_err(|found| fault("an answer of the item's form", found))?,
            );
        }
        Ok(Loaded { items, files: vec![data.to_owned()], notes: Vec::new() })
    }
}

#[derive(Deserialize)]
struct Metric {
    metric: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    task: String,
    question: String,
    #[serde(default)]
    options: Vec<String>,
    answer: Value,
    unit: Option<String>,
    world: Option<String>,
    story: Option<String>,
    #[serde(default)]
    media: Vec<String>,
}

/// Whether a path stays below its folder, also where it is a link, and is a file or a folder where it is there.
fn inside(folder: &Path, name: &str) -> bool {
    let plain = Path::new(name).components().all(|c| matches!(c, std::path::Component::Normal(_)));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let path = folder.join(name);
    let leads_out = || match (folder.canonicalize(), path.canonicalize()) {
        (Ok(folder), Ok(path)) => !path.starts_with(folder),
        // what is not there leads nowhere
        _ => false,
    };
    plain && !leads_out() && (path.is_file() || path.is_dir() || !path.exists())
}

impl Row {
    fn item(self, scene: Scene, media: Arc<[PathBuf]>) -> Result<Item, String> {
        let (truth, form) = match &self.answer {
            Value::Number(number) => {
                let unit =
                    self.unit.as_deref().and_then(|unit| UNITS.iter().copied().find(|known| *known == unit));
                let value = number.as_f64().filter(|v| v.is_finite()).ok_or_else(|| number.to_string())?;
                let text = number.to_string();
                let decimals = text.split_once('.').map_or(0, |(_, after)| after.len().min(6) as u8);
                // a whole number of metres was rounded to tenths as the others are
                let decimals = if unit.is_none_or(|unit| unit == "cm") { decimals } else { decimals.max(1) };
                (Truth::Number(value), Form::Number { unit, decimals: Some(decimals) })
            }
            Value::String(text) if !self.options.is_empty() => (Truth::Text(text.clone()), Form::Letter),
            Value::String(text) => (Truth::Text(text.clone()), Form::Words),
            other => return Err(other.to_string()),
        };
        Ok(Item {
            id: self.id,
            group: self.task,
            subsets: Vec::new(),
            scene,
            question: self.question,
            program: None,
            options: self.options,
            form,
            asked_at: None,
            media,
            truth,
        })
    }
}

/// The units in which numbers are asked for.
const UNITS: [&str; 8] = ["m", "cm", "m²", "s", "m/s", "km/h", "deg", "px"];
