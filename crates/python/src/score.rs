//! Metrics on files and on values.

use crate::convert::{datum, to_python};
use crate::error::raised;
use crate::judge::name_of;
use chronotope::evaluate::{self, Distractors, ScoreSettings, Scores};
use chronotope::score::{
    Asked, Datum, Path, Posed, Question, Row, SharedJudge, Takes, Tally, TrackedBox, Tracks, by_name,
};
use chronotope::world::BoxPx;
use numpy::{AllowTypeChange, PyArrayLike2};
use pyo3::prelude::*;
use serde_json::json;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{available_parallelism, scope};

/// Scores a file or folder of predictions against one of truths: the dictionary of `chronotope score --json`. Files are JSON Lines, JSON or CSV,
/// COCO's annotations and results, MOT text, TUM or KITTI paths, bundles.
///
/// `judge` is a file of recorded verdicts, `out` a folder for the run card. `distractors` (`mot17`, `mot20`, `off`) says which predictions a
/// MOTChallenge truth takes with it, as TrackEval does; None: by the path's name. As of the command.
#[pyfunction]
#[pyo3(signature = (metric, truth, prediction, *, by = None, id = None, seed = Some(0), distractors = None, judge = None, out = None))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub(crate) fn score_files<'py>(
    py: Python<'py>,
    metric: &str,
    truth: PathBuf,
    prediction: PathBuf,
    by: Option<String>,
    id: Option<Vec<String>>,
    seed: Option<u64>,
    distractors: Option<&str>,
    judge: Option<PathBuf>,
    out: Option<PathBuf>,
) -> PyResult<Bound<'py, PyAny>> {
    let metric = named(metric)?;
    let id = id.unwrap_or_default();
    let distractors = match distractors {
        None => Distractors::ByName,
        Some("mot17") => Distractors::Mot17,
        Some("mot20") => Distractors::Mot20,
        Some("off") => Distractors::Off,
        Some(other) => {
            return Err(raised(format!("distractors: expected mot17, mot20 or off, found `{other}`")));
        }
    };
    let settings = ScoreSettings { by, id, seed, distractors, judge, out };
    let scores =
        py.detach(|| evaluate::score_files(metric, &truth, &prediction, &settings)).map_err(raised)?;
    to_python(py, &scores.json())
}

/// The metrics that fit a file or folder of truths and one of predictions: dictionaries with `metric` and `about`, as `chronotope score` without a
/// metric says it.
#[pyfunction]
pub(crate) fn fitting(py: Python<'_>, truth: PathBuf, prediction: PathBuf) -> PyResult<Bound<'_, PyAny>> {
    let fits =
        py.detach(|| evaluate::fitting(&truth, &prediction, &ScoreSettings::default())).map_err(raised)?;
    let rows: Vec<_> = fits.iter().map(|fit| json!({"metric": fit.metric, "about": fit.about})).collect();
    to_python(py, &rows.into())
}

/// A metric that takes items one by one.
///
/// Truths and predictions are numbers, text, lists, dictionaries, masks as two-dimensional arrays; for metrics of tracking arrays of
/// rows `picture, identity, left, top, width, height`; for metrics of paths arrays of rows `t, x, y, z, qx, qy, qz, qw`. A prediction
/// that is None is missing: it scores 0 and counts. With a seed the result has a bootstrap interval. A metric whose answers a judge decides takes
/// one as `judge`: a function of id, question (or None), truth and answer that gives a grade, or True or False, or None where it says nothing.
#[pyclass(frozen, module = "chronotope")]
pub(crate) struct Metric {
    name: &'static str,
    takes: Takes,
    state: Mutex<State>,
}

struct State {
    tally: Option<Box<dyn Tally>>,
    n: usize,
}

#[pymethods]
impl Metric {
    #[new]
    #[pyo3(signature = (name, *, seed = None, judge = None))]
    fn new(py: Python<'_>, name: &str, seed: Option<u64>, judge: Option<Py<PyAny>>) -> PyResult<Metric> {
        let metric = named(name)?;
        let mut tally = match judge {
            None => metric.tally(),
            Some(judge) => metric.judged_tally(asked(py, judge)).ok_or_else(|| {
                raised(format!("{name}: expected no judge, found one; this metric is computed alone"))
            })?,
        };
        if let Some(seed) = seed {
            tally.resample(seed);
        }
        let state = Mutex::new(State { tally: Some(tally), n: 0 });
        Ok(Metric { name: metric.entry().name, takes: metric.takes(), state })
    }

    /// Takes an item; gives its own mark, None where the metric has none for single items.
    #[pyo3(signature = (truth, prediction, *, id = None, group = "all"))]
    fn add(
        &self,
        py: Python<'_>,
        truth: &Bound<'_, PyAny>,
        prediction: &Bound<'_, PyAny>,
        id: Option<&str>,
        group: &str,
    ) -> PyResult<Option<f64>> {
        let truth = self.datum(truth)?.ok_or_else(|| raised("truth: expected a value, found None"))?;
        let said = self.datum(prediction)?;
        py.detach(|| {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let number = state.n.to_string();
            state.n += 1;
            let row = Row { id: id.unwrap_or(&number), group, truth: &truth, prediction: said.as_ref() };
            let tally =
                state.tally.as_mut().ok_or("expected a metric without a result, found a finished one")?;
            tally.add(&row).map(|mark| mark.score()).map_err(|error| error.to_string())
        })
        .map_err(|error: String| raised(format!("{}: {error}", self.name)))
    }

    /// What came of all items: the dictionary of `chronotope score --json`. Takes no more items afterwards.
    fn result<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        // a judge in another thread may wait for the interpreter
        let tally = py.detach(|| self.state.lock().unwrap_or_else(PoisonError::into_inner).tally.take());
        let tally =
            tally.ok_or_else(|| raised("expected a metric without a result, found a finished one"))?;
        let scores = py
            .detach(|| Scores { report: tally.finish(), why_unparsable: std::collections::BTreeMap::new() });
        to_python(py, &scores.json())
    }

    fn __repr__(&self) -> String {
        format!("Metric({:?})", self.name)
    }
}

impl Metric {
    fn datum(&self, value: &Bound<'_, PyAny>) -> PyResult<Option<Datum>> {
        if value.is_none() {
            return Ok(None);
        }
        match self.takes {
            Takes::Tracks => tracks(value).map(Some),
            Takes::Path => path(value).map(Some),
            Takes::Objects { .. } => Err(raised(format!(
                "{}: expected files of detections; use chronotope.score_files",
                self.name
            ))),
            _ => datum(value),
        }
    }
}

/// A judge that calls a Python function. What the function raises goes to `sys.unraisablehook`, and the answer counts as not judged.
fn asked(py: Python<'_>, judge: Py<PyAny>) -> SharedJudge {
    let name = name_of(judge.bind(py));
    Arc::new(Asked::new(name, move |question: &Question<'_>| {
        Python::attach(|py| {
            let asked =
                (question.id, question.question, question.truth.to_string(), question.answer.to_string());
            let verdict = judge.call1(py, asked).and_then(|verdict| datum(verdict.bind(py)));
            verdict.unwrap_or_else(|error| {
                error.write_unraisable(py, None);
                None
            })
        })
    }))
}

fn named(name: &str) -> PyResult<&'static dyn chronotope::score::Metric> {
    by_name(name).ok_or_else(|| {
        raised(format!("expected a metric of chronotope.catalogue(\"metrics\"), found `{name}`"))
    })
}

fn rows<'py>(
    value: &Bound<'py, PyAny>,
    columns: usize,
    what: &str,
) -> PyResult<PyArrayLike2<'py, f64, AllowTypeChange>> {
    let wrong = |found: String| raised(format!("expected an array of rows {what}, found {found}"));
    let array: PyArrayLike2<'py, f64, AllowTypeChange> =
        value.extract().map_err(|_error| wrong("something else".to_owned()))?;
    let shape = array.as_array().dim();
    if shape.1 != columns {
        return Err(wrong(format!("{} columns", shape.1)));
    }
    Ok(array)
}

fn tracks(value: &Bound<'_, PyAny>) -> PyResult<Datum> {
    let array = rows(value, 6, "picture, identity, left, top, width, height")?;
    let mut boxes = Vec::new();
    for (n, row) in array.as_array().rows().into_iter().enumerate() {
        let whole = |v: f64, most: f64| (v >= 0.0 && v <= most && v.fract() == 0.0).then_some(v);
        let read = || {
            Some(TrackedBox {
                frame_index: whole(row[0], f64::from(u32::MAX - 1))? as u32,
                id: whole(row[1], 2f64.powi(53))? as u64,
                box_px: BoxPx::new(row[2], row[3], row[4], row[5])?,
            })
        };
        boxes.push(read().ok_or_else(|| {
            raised(format!(
                "row {n}: expected whole numbers of picture and identity, then a box; found {row}"
            ))
        })?);
    }
    Ok(Datum::Tracks(Arc::new(Tracks::new(boxes).map_err(raised)?)))
}

fn path(value: &Bound<'_, PyAny>) -> PyResult<Datum> {
    let array = rows(value, 8, "t, x, y, z, qx, qy, qz, qw")?;
    let mut poses = Vec::new();
    for (n, row) in array.as_array().rows().into_iter().enumerate() {
        let [t_s, x, y, z, qx, qy, qz, qw] = std::array::from_fn(|k| row[k]);
        poses.push(Posed::of(t_s, [x, y, z], [qw, qx, qy, qz]).ok_or_else(|| {
            raised(format!("row {n}: expected a time, a position and a rotation, found {row}"))
        })?);
    }
    Ok(Datum::Path(Arc::new(Path::new(poses))))
}

/// Calls a function on every item, on all cores; the results in the order of the items.
pub(crate) fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = available_parallelism().map_or(1, NonZeroUsize::get);
    if cores == 1 || items.len() < 2 {
        return items.iter().map(work).collect();
    }
    let share = items.len().div_ceil(cores);
    scope(|scope| {
        let threads: Vec<_> = items
            .chunks(share)
            .map(|part| scope.spawn(|| part.iter().map(&work).collect::<Vec<R>>()))
            .collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.flat_map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}
