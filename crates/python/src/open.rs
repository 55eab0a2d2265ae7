//! Files become Worlds; catalogues; runs of benchmarks.

use crate::convert::to_python;
use crate::error::raised;
use crate::world::World;
use chronotope::act;
use chronotope::ask::story::{Story, StorySettings};
use chronotope::evaluate::{Noise, Settings, benchmarks, run};
use chronotope::formats::import::ImportSettings;
use chronotope::formats::open;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde_json::json;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread::available_parallelism;

/// All Worlds of a source, and how many broken rows were left out: a bundle, a folder of bundles, an annotation file or folder
/// that an importer knows, a text World, a story.
#[pyfunction]
#[pyo3(signature = (source, *, scene = None, fps = None, picture_px = None, tolerance_s = None, unknown_scale = false))]
pub(crate) fn open_all(
    py: Python<'_>,
    source: PathBuf,
    scene: Option<String>,
    fps: Option<f64>,
    picture_px: Option<[u32; 2]>,
    tolerance_s: Option<f64>,
    unknown_scale: bool,
) -> PyResult<(Vec<World>, Vec<String>)> {
    let settings = ImportSettings { fps, scene, picture_px, tolerance_s, unknown_scale };
    py.detach(|| {
        if source.to_string_lossy().to_ascii_lowercase().ends_with(".story.txt") && source.is_file() {
            let text = std::fs::read_to_string(&source).map_err(|e| format!("{e}: {}", source.display()))?;
            let story = Story::read(&text, StorySettings::default());
            let world = story.world(&source.display().to_string());
            return Ok((vec![world.map_err(|e| format!("{e}: {}", source.display()))?], Vec::new()));
        }
        let opened = open::open(&source, &settings).map_err(|error| error.to_string())?;
        let mut faults: Vec<String> = opened.faults.named().iter().map(ToString::to_string).collect();
        let more = opened.faults.count().saturating_sub(faults.len() as u64);
        if more > 0 {
            faults.push(format!("and {more} more"));
        }
        Ok((opened.worlds, faults))
    })
    .map(|(worlds, faults)| (worlds.into_iter().map(|inner| World { inner }).collect(), faults))
    .map_err(|error: String| raised(error))
}

/// What there is of a kind: `metrics`, `operators`, `importers`, `exporters`, `benchmarks`, `calculi`, … as dictionaries with `name`,
/// `about`, `paper`, `example`.
#[pyfunction]
pub(crate) fn catalogue<'py>(py: Python<'py>, kind: &str) -> PyResult<Bound<'py, PyList>> {
    let kinds = chronotope::world::catalogue::KINDS;
    if !kinds.contains(&kind) {
        return Err(raised(format!("expected a kind ({}), found `{kind}`", kinds.join(", "))));
    }
    let rows = chronotope::entries().into_iter().filter(|entry| entry.kind == kind).map(|entry| {
        let row = PyDict::new(py);
        row.set_item("name", entry.name)?;
        row.set_item("about", entry.about)?;
        row.set_item("paper", entry.paper)?;
        row.set_item("example", entry.example)?;
        Ok(row)
    });
    PyList::new(py, rows.collect::<PyResult<Vec<_>>>()?)
}

/// Runs a strategy over a benchmark's own files, on all cores, and scores it: the dictionary of `chronotope eval --json`. With `out`,
/// predictions, report and run card stand in that folder, and a run that was stopped there goes on.
#[pyfunction]
#[pyo3(signature = (benchmark, data, *, strategy = "exact", limit = None, noise = None, seed = 0, out = None))]
#[allow(clippy::too_many_arguments, reason = "Python names its arguments")]
pub(crate) fn evaluate<'py>(
    py: Python<'py>,
    benchmark: &str,
    data: PathBuf,
    strategy: &str,
    limit: Option<usize>,
    noise: Option<&str>,
    seed: u64,
    out: Option<PathBuf>,
) -> PyResult<Bound<'py, PyAny>> {
    let all = benchmarks();
    let names: Vec<&str> = all.iter().map(|benchmark| benchmark.entry().name).collect();
    let found = all.iter().copied().find(|one| one.entry().name == benchmark);
    let found = found
        .ok_or_else(|| raised(format!("expected a benchmark ({}), found `{benchmark}`", names.join(", "))))?;
    let names: Vec<&str> = act::STRATEGIES.iter().map(|strategy| strategy.entry().name).collect();
    let strategy = act::by_name(strategy)
        .ok_or_else(|| raised(format!("expected a strategy ({}), found `{strategy}`", names.join(", "))))?;
    let noise = noise.map(Noise::parse).transpose().map_err(|error| raised(format!("noise: {error}")))?;
    let settings = Settings {
        limit,
        threads: available_parallelism().unwrap_or(NonZeroUsize::MIN),
        seed,
        noise: noise.unwrap_or_default(),
        means: act::Means::default(),
        out,
    };
    let json = py
        .detach(|| -> Result<_, String> {
            let loaded = found.load(&data).map_err(|error| error.to_string())?;
            let run =
                run(found, &loaded, strategy, &settings, &|_done, _of| ()).map_err(|e| e.to_string())?;
            Ok(run.json(&json!({})))
        })
        .map_err(raised)?;
    to_python(py, &json)
}
