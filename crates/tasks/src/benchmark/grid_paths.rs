//! Shortest paths on the maps of games, cities, rooms and mazes.

use super::{Benchmark, Loaded};
use crate::error::Error;
use crate::item::{Item, Scene, Truth};
use crate::lines::plain_name;
use chronotope_ask::Form;
use chronotope_formats::import::text_of;
use chronotope_reason::plan::movingai::{map, scenario};
use chronotope_reason::plan::route::Connectivity;
use chronotope_world::catalogue::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Queries of MovingAI scenarios, and the published lengths of their shortest paths.
///
/// DATA is a folder with `NAME.map.scen[.gz]` beside `NAME.map[.gz]`, or a folder of such folders, which name the groups. Steps cost 1,
/// diagonal ones √2, and cut no corner.
#[derive(Clone, Copy, Debug)]
pub struct GridPaths;

const EXPECTED: &str = "NAME.map.scen beside NAME.map, here or in folders";

impl Benchmark for GridPaths {
    fn entry(&self) -> Entry {
        Entry {
            kind: "benchmarks",
            name: "grid-paths",
            about: "lengths of shortest paths on maps of games, cities, rooms and mazes",
            source: "tasks/src/benchmark/grid_paths.rs",
            paper: Some("Sturtevant, Benchmarks for Grid-Based Pathfinding, 2012"),
            example: "chronotope eval grid-paths ../shared/data/grid_paths",
        }
    }

    fn metric(&self) -> &'static str {
        "absolute-tolerance"
    }

    fn reads(&self) -> &'static str {
        "the maps are given; published lengths are rounded to two decimals in some families"
    }

    fn load(&self, data: &Path) -> Result<Loaded, Error> {
        let (mut items, mut files) = (Vec::new(), Vec::new());
        for file in scenarios(data)? {
            let name = plain_name(&file).trim_end_matches(".scen").to_owned();
            let beside = [name.clone(), format!("{name}.gz")].map(|name| file.with_file_name(name));
            let Some(map_file) = beside.iter().find(|path| path.is_file()) else {
                return Err(Error::input(&file, format!("{name} beside it"), "none"));
            };
            let fault = |path: &Path| {
                let path = path.to_owned();
                |fault| Error::Map { fault, path }
            };
            let grid = Arc::new(map(&text_of(map_file)?).map_err(fault(map_file))?);
            let family = file
                .parent()
                .and_then(Path::file_name)
                .map_or_else(String::new, |n| n.to_string_lossy().into());
            for (n, query) in scenario(&text_of(&file)?).map_err(fault(&file))?.into_iter().enumerate() {
                let ((x0, y0), (x1, y1)) = (query.start, query.goal);
                items.push(Item {
                    id: format!("{family}/{name}/{n}"),
                    group: family.clone(),
                    subsets: Vec::new(),
                    scene: Scene::Map {
                        grid: Arc::clone(&grid),
                        start: query.start,
                        goal: query.goal,
                        connectivity: Connectivity::Eight,
                    },
                    question: format!("How long is the shortest way from ({x0}, {y0}) to ({x1}, {y1})?"),
                    program: None,
                    options: Vec::new(),
                    form: Form::Number { unit: None, decimals: None },
                    asked_at: None,
                    media: std::sync::Arc::default(),
                    truth: Truth::Number(query.length),
                });
            }
            files.extend([map_file.clone(), file]);
        }
        Ok(Loaded { items, files, notes: Vec::new() })
    }
}

/// The scenario files of a folder and of its folders, by path.
fn scenarios(data: &Path) -> Result<Vec<PathBuf>, Error> {
    if data.is_file() {
        return Ok(vec![data.to_owned()]);
    }
    let listed = |folder: &Path| -> Result<Vec<PathBuf>, Error> {
        let entries =
            std::fs::read_dir(folder).map_err(|error| Error::input(folder, EXPECTED, error.to_string()))?;
        Ok(entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect())
    };
    let mut found = listed(data)?;
    for folder in found.clone().iter().filter(|path| path.is_dir()) {
        found.extend(listed(folder)?);
    }
    found.retain(|path| path.is_file() && plain_name(path).ends_with(".map.scen"));
    found.sort();
    if found.is_empty() { Err(Error::input(data, EXPECTED, "a folder without any")) } else { Ok(found) }
}
