//! AI2-THOR scenes: what lies on or in what.

use super::{Benchmark, Loaded};
use crate::error::Error;
use crate::item::{Item, Scene, Truth};
use crate::lines::{object, stem};
use chronotope_ask::Form;
use chronotope_formats::import::{ImportSettings, Importer as _, Thor};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Reference, World};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every object of a house, and the receptacles that the simulator says it is on or in.
///
/// DATA is a folder of `FloorPlanN.json[.gz]` or one such file. The World holds the boxes and which objects can be moved or hold
/// others, and nothing of what is on or in what. An object is asked about by its id; what cannot be moved is built in and asked
/// about alike, in a group of its own. Perfect is not reached from boxes: a chair's box reaches over its seat, a shelf's holds the
/// air between its boards.
#[derive(Clone, Copy, Debug)]
pub struct ThorScenes;

impl Benchmark for ThorScenes {
    fn entry(&self) -> Entry {
        Entry {
            kind: "benchmarks",
            name: "thor-scenes",
            about: "what lies on or in what, from the boxes of simulated houses",
            source: "tasks/src/benchmark/thor_scenes.rs",
            paper: Some("Kolve et al., AI2-THOR, 2017; scenes of Embodied-Reasoner, 2025"),
            example: "chronotope eval thor-scenes ../shared/data/thor_scenes",
        }
    }

    fn metric(&self) -> &'static str {
        "pair-f1"
    }

    fn reads(&self) -> &'static str {
        "from exact boxes alone; the truth is the simulator's own parentReceptacles. F1 counts what lies on or in something: of what is built in, \
         most is rightly said to lie on nothing, which F1 leaves out"
    }

    fn load(&self, data: &Path) -> Result<Loaded, Error> {
        let imported = Thor.import(data, &ImportSettings::default())?;
        let (mut items, mut files) = (Vec::new(), Vec::new());
        for world in &imported.worlds {
            let Some(source) = world.tables().sources.first() else { continue };
            let file = PathBuf::from(&source.uri);
            let house: House = object(&file, "objects with parentReceptacles")?;
            let parents: BTreeMap<String, Vec<String>> = house
                .objects
                .into_iter()
                .map(|object| (object.object_id, object.parent_receptacles.unwrap_or_default()))
                .collect();
            items.extend(items_of(world, stem(&file), &parents));
            files.push(file);
        }
        let notes = imported.faults.named().iter().map(ToString::to_string).collect();
        Ok(Loaded { items, files, notes })
    }
}

#[derive(Deserialize)]
struct House {
    objects: Vec<Object>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    object_id: String,
    #[serde(default)]
    parent_receptacles: Option<Vec<String>>,
}

fn items_of(world: &World, house: &str, parents: &BTreeMap<String, Vec<String>>) -> Vec<Item> {
    let is_movable = |entity| {
        world.facts().any(|fact| {
            fact.subject == Reference::Entity(entity)
                && fact.predicate == "movable"
                && fact.object == Reference::Text("yes".into())
        })
    };
    let item = |entity| {
        let labels: Vec<_> = world.labels_of(entity).collect();
        let id = labels.iter().find(|label| label.vocabulary == "name")?.text.clone();
        let kind = labels.iter().find(|label| label.vocabulary != "name")?.text.clone();
        let thing = format!("entity({})", entity.0);
        Some(Item {
            group: if is_movable(entity) { "movable" } else { "built in" }.into(),
            subsets: Vec::new(),
            scene: Scene::World(world.clone()),
            question: format!("What is the {kind} on or in?"),
            // what is built in is held by the building
            program: Some(format!(
                "support(with({thing}, \"movable\", \"yes\"), with(all(), \"receptacle\", \"yes\"))"
            )),
            options: Vec::new(),
            form: Form::Words,
            asked_at: None,
            media: std::sync::Arc::default(),
            truth: Truth::AllOf(parents.get(&id).cloned().unwrap_or_default()),
            id: format!("{house}/{id}"),
        })
    };
    world.entities().filter_map(item).collect()
}
