//! A World in Python.

use crate::answer::Answer;
use crate::convert::json;
use crate::error::raised;
use crate::record;
use chronotope::ask::program::{parse, run_program};
use chronotope::ask::replay;
use chronotope::ask::story::{Reach, Story, StorySettings};
use chronotope::ask::{Asked, ask};
use chronotope::formats::export::{self, ExportSettings};
use chronotope::remember::bundle;
use chronotope::world::{self, EntityId, ObserverId, SampleChunk, Selection, Span, Time, View, text};
use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

/// What is known of things in space and time: where it comes from, who looked when, and what follows from it exactly.
///
/// Made by `chronotope.open`, `World.parse`, `World.story` or `World.from_samples`. Worlds do not change; they may be used from any
/// number of threads.
#[pyclass(frozen, module = "chronotope")]
pub(crate) struct World {
    pub(crate) inner: world::World,
}

#[pymethods]
impl World {
    /// The World of its text form (`NAME.world.txt`).
    #[staticmethod]
    fn parse(py: Python<'_>, text: &str) -> PyResult<World> {
        py.detach(|| text::parse(text)).map(|inner| World { inner }).map_err(raised)
    }

    /// The World of a story in English. `steps`: every relation is one step on a grid; `closed`: what is not said is not so.
    #[staticmethod]
    #[pyo3(signature = (text, *, steps = false, closed = false, name = "story"))]
    fn story(py: Python<'_>, text: &str, steps: bool, closed: bool, name: &str) -> PyResult<World> {
        let reach = if steps { Reach::Step } else { Reach::Open };
        let told =
            py.detach(|| Story::read(text, StorySettings { reach, closed, skip_unread: false }).world(name));
        told.map(|inner| World { inner }).map_err(raised)
    }

    /// The World of samples in columns: a dictionary of arrays, or a table of Arrow, Polars or pandas.
    ///
    /// Columns: `track` (whole numbers, which things keep: "car 8" is track 8), `t_s` (seconds), and `x`, `y`, optionally `z` (in `unit`), or `left_px`, `top_px`, `width_px`,
    /// `height_px`; optionally `length`, `width`, `height` (sizes, in `unit`). `labels` and `names` say what tracks are, by their number.
    /// `tolerance_s` is the longest gap across which a track may be interpolated. `complete`: all things of these labels were
    /// recorded from `start_s` to `end_s` (by default from the first to the last sample), so that what is not there was absent.
    #[staticmethod]
    #[pyo3(signature = (columns, *, labels = None, names = None, unit = "m", tolerance_s = None, complete = true, start_s = None,
        end_s = None, picture_px = None, name = "record"))]
    #[allow(clippy::too_many_arguments, reason = "Python names its arguments")]
    fn from_samples(
        columns: &Bound<'_, PyAny>,
        labels: Option<&Bound<'_, PyDict>>,
        names: Option<&Bound<'_, PyDict>>,
        unit: &str,
        tolerance_s: Option<f64>,
        complete: bool,
        start_s: Option<f64>,
        end_s: Option<f64>,
        picture_px: Option<[u32; 2]>,
        name: &str,
    ) -> PyResult<World> {
        let columns = record::Columns::of(columns)?;
        let said = record::Said {
            labels: record::words(labels, "labels")?,
            names: record::words(names, "names")?,
            unit: unit.to_owned(),
            tolerance_s,
            complete,
            span_s: [start_s, end_s],
            picture_px,
            name: name.to_owned(),
        };
        columns.world(said).map(|inner| World { inner })
    }

    /// Several Worlds as one.
    #[staticmethod]
    #[allow(clippy::needless_pass_by_value, reason = "Python hands in a list")]
    fn join(worlds: Vec<PyRef<'_, World>>) -> World {
        let worlds: Vec<world::World> = worlds.iter().map(|world| world.inner.clone()).collect();
        World { inner: world::join(&worlds) }
    }

    /// Its name.
    #[getter]
    fn name(&self) -> String {
        self.inner.store().name().to_owned()
    }

    /// Its newest revision that is visible.
    #[getter]
    fn revision(&self) -> u64 {
        self.inner.revision()
    }

    /// First and last second; None for a timeless scene.
    #[getter]
    fn span_s(&self) -> Option<(f64, f64)> {
        self.inner.span().map(|span| (span.start().as_s(), span.end().as_s()))
    }

    /// The same World as it was known by a revision, or at a second of the record.
    #[pyo3(signature = (*, as_of = None, asked_at = None))]
    fn seen(&self, as_of: Option<u64>, asked_at: Option<f64>) -> PyResult<World> {
        if asked_at.is_some_and(|s| !s.is_finite()) {
            return Err(raised("asked_at: expected a number of seconds, found none"));
        }
        let newest = self.inner.store().revision();
        if let Some(revision) = as_of.filter(|revision| *revision > newest) {
            return Err(raised(format!("as_of: expected a revision up to {newest}, found {revision}")));
        }
        let view =
            View { as_of: as_of.unwrap_or(u64::MAX), asked_at: asked_at.map_or(Time::MAX, Time::from_s) };
        Ok(World { inner: self.inner.seen(view) })
    }

    /// Answers a question in English, exactly, with its evidence. `options` to choose from may carry letters (`A. left`).
    #[pyo3(signature = (question, options = None))]
    #[allow(clippy::needless_pass_by_value, reason = "Python hands in a list")]
    fn ask(&self, py: Python<'_>, question: &str, options: Option<Vec<String>>) -> PyResult<Answer> {
        let options = options.unwrap_or_default();
        py.detach(|| {
            ask(&self.inner, question, &options)
                .map(|asked| Answer::new(&self.inner, Some(question), &options, asked))
        })
        .map_err(raised)
    }

    /// Answers many questions on all cores, in their order.
    #[allow(clippy::needless_pass_by_value, reason = "Python hands in a list")]
    fn ask_all(&self, py: Python<'_>, questions: Vec<String>) -> PyResult<Vec<Answer>> {
        let one = |question: &String| {
            ask(&self.inner, question, &[]).map(|asked| Answer::new(&self.inner, Some(question), &[], asked))
        };
        py.detach(|| crate::score::on_all_cores(&questions, one))
            .into_iter()
            .collect::<Result<_, _>>()
            .map_err(raised)
    }

    /// Runs a program of the language in docs/language.md.
    fn run(&self, py: Python<'_>, program: &str) -> PyResult<Answer> {
        py.detach(|| {
            let answered = run_program(&self.inner, &parse(program)?, false)?;
            Ok(Answer::new(&self.inner, None, &[], Asked { answered, understood: None, nearest: Vec::new() }))
        })
        .map_err(|error: chronotope::ask::Error| raised(error))
    }

    /// What of a saved answer (`Answer.json()`) is not as it was; empty: it holds.
    fn replay(&self, py: Python<'_>, answer: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
        let saved = json(answer)?;
        py.detach(|| replay(&saved, &self.inner)).map(|report| report.differences).map_err(raised)
    }

    /// The things: dictionaries with `id`, `labels`, `names`, `tracks`, `keys` (their numbers in the source).
    #[getter]
    fn entities<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows =
            self.inner.entities().map(|entity| self.entity(py, entity)).collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, rows)
    }

    /// The samples as a dictionary of arrays, row by row sorted by track and time.
    ///
    /// `id`, `track`, `source`, `observer`, `frame_index`, `reference_frame`: whole numbers, -1 where none. `t_ns`: nanoseconds of
    /// the record, `end_ns` where samples hold for longer. Boxes: `left_px`, `top_px`, `width_px`, `height_px`. Poses: `x`, `y`, `z`,
    /// `qw`, `qx`, `qy`, `qz`, `length`, `width`, `height`, in the unit of their reference frame. `score`, `visibility`. Numbers that are
    /// not known are NaN; columns that no row has are left out. `track`, `start_s`, `end_s` narrow what is read.
    #[pyo3(signature = (*, track = None, start_s = None, end_s = None))]
    fn samples<'py>(
        &self,
        py: Python<'py>,
        track: Option<u64>,
        start_s: Option<f64>,
        end_s: Option<f64>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let from = start_s.map_or(Time::MIN, Time::from_s);
        let to = end_s.map_or(Time::MAX, Time::from_s);
        if start_s.is_some_and(f64::is_nan) || end_s.is_some_and(f64::is_nan) || to < from {
            return Err(raised(format!("expected start_s up to end_s, found {start_s:?} and {end_s:?}")));
        }
        let span = (from, to) != (Time::MIN, Time::MAX);
        let span = span.then(|| Span::between(from, to));
        let rows = py.detach(|| self.columns(track.map(world::TrackId), span)).map_err(raised)?;
        columns_of(py, rows)
    }

    /// The World in text form, which `World.parse` reads.
    fn text(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| text::print_within(&self.inner, usize::MAX)).map(|(text, _)| text).map_err(raised)
    }

    /// Writes a bundle; nothing may be there yet.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| bundle::write(path, &self.inner)).map_err(raised)
    }

    /// Writes another format; `chronotope.catalogue("exporters")` says which there are.
    #[pyo3(signature = (format, path, *, observer = None, entity = None))]
    fn export(
        &self,
        py: Python<'_>,
        format: &str,
        path: PathBuf,
        observer: Option<u64>,
        entity: Option<u64>,
    ) -> PyResult<()> {
        let names: Vec<&str> = export::EXPORTERS.iter().map(|exporter| exporter.entry().name).collect();
        let exporter = export::by_name(format)
            .ok_or_else(|| raised(format!("expected a format ({}), found `{format}`", names.join(", "))))?;
        let settings = ExportSettings { observer: observer.map(ObserverId), entity: entity.map(EntityId) };
        py.detach(|| -> Result<(), String> {
            let told = |error: &dyn std::fmt::Display| format!("{error}: {}", path.display());
            // beside its place first, so that nothing is half-written
            let part = path.with_extension(format!("{}.part", std::process::id()));
            let written = File::create(&part).map_err(|error| told(&error)).and_then(|file| {
                let mut out = BufWriter::new(file);
                exporter.export(&self.inner, &settings, &mut out).map_err(|error| told(&error))?;
                out.flush().and_then(|()| std::fs::rename(&part, &path)).map_err(|error| told(&error))
            });
            if written.is_err() {
                std::fs::remove_file(&part).ok(); // the first error is the one to tell
            }
            written
        })
        .map_err(raised)
    }

    fn __repr__(&self) -> String {
        let tables = self.inner.tables();
        let span = self.span_s().map_or("timeless".to_owned(), |(start, end)| format!("{start} to {end} s"));
        format!(
            "World({:?}, revision {}, {} things, {} tracks, {span})",
            self.name(),
            self.revision(),
            self.inner.entities().count(),
            tables.tracks.len()
        )
    }
}

impl World {
    fn entity<'py>(&self, py: Python<'py>, entity: EntityId) -> PyResult<Bound<'py, PyDict>> {
        let (mut labels, mut names) = (Vec::new(), Vec::new());
        for label in self.inner.labels_of(entity) {
            let words = if label.vocabulary == "name" { &mut names } else { &mut labels };
            if !words.contains(&label.text) {
                words.push(label.text.clone());
            }
        }
        let mut tracks: Vec<u64> = self.inner.identities_of(entity).map(|row| row.track.0).collect();
        tracks.sort_unstable();
        tracks.dedup();
        let keys: Vec<&str> = (tracks.iter())
            .filter_map(|&track| self.inner.track(world::TrackId(track)))
            .map(|track| track.source_key.as_str())
            .collect();
        let row = PyDict::new(py);
        row.set_item("id", entity.0)?;
        row.set_item("labels", labels)?;
        row.set_item("names", names)?;
        row.set_item("keys", keys)?;
        row.set_item("tracks", tracks)?;
        Ok(row)
    }

    /// What is visible of the samples, in one chunk.
    fn columns(
        &self,
        track: Option<world::TrackId>,
        span: Option<Span>,
    ) -> Result<SampleChunk, world::Error> {
        let store = self.inner.store();
        let selection = Selection { tracks: track.map(|t| (t, t)), time: span, ..Selection::ALL };
        let mut rows = Vec::new();
        for (n, bounds) in store.bounds().iter().enumerate() {
            if span.is_some_and(|span| !bounds.time.is_some_and(|time| time.overlaps(span))) {
                continue;
            }
            let chunk = store.select(n, &selection)?;
            let wanted = |i: &usize| {
                let t = Time(chunk.t_ns[*i]);
                let end = chunk.end_ns.as_ref().map(|ends| ends[*i]).filter(|&end| end != i64::MIN);
                let held = end.map_or(Span::at(t), |end| Span::between(t, Time(end)));
                self.inner.view().sees(chunk.known(*i))
                    && track.is_none_or(|track| chunk.track[*i] == track.0)
                    && span.is_none_or(|span| held.overlaps(span))
            };
            if store.bounds().len() == 1 && (0..chunk.len()).all(|i| wanted(&i)) {
                return Ok(SampleChunk::clone(&chunk));
            }
            rows.extend((0..chunk.len()).filter(wanted).map(|i| chunk.row(i)));
        }
        Ok(SampleChunk::from_rows(rows))
    }
}

/// The columns of a chunk as arrays; what is `u32` or `u64` becomes `i64` with -1 where none.
fn columns_of(py: Python<'_>, chunk: SampleChunk) -> PyResult<Bound<'_, PyDict>> {
    let all = PyDict::new(py);
    let wide = |column: Vec<u64>| column.into_iter().map(u64::cast_signed).collect::<Vec<i64>>();
    let whole = |column: Vec<u32>| {
        column.into_iter().map(|v| if v == u32::MAX { -1 } else { i64::from(v) }).collect::<Vec<i64>>()
    };
    let integers: [(&str, Vec<i64>); 6] = [
        ("id", wide(chunk.id)),
        ("track", wide(chunk.track)),
        ("source", whole(chunk.source)),
        ("observer", whole(chunk.observer)),
        ("t_ns", chunk.t_ns),
        ("frame_index", whole(chunk.frame_index)),
    ];
    for (name, column) in integers {
        all.set_item(name, PyArray1::from_vec(py, column))?;
    }
    if let Some(ends) = chunk.end_ns {
        all.set_item("end_ns", PyArray1::from_vec(py, ends))?;
    }
    let mut numbers: Vec<(&str, Vec<f64>)> = Vec::new();
    if let Some(b) = chunk.boxes {
        numbers.extend([
            ("left_px", b.left_px),
            ("top_px", b.top_px),
            ("width_px", b.width_px),
            ("height_px", b.height_px),
        ]);
    }
    if let Some(p) = chunk.poses {
        all.set_item("reference_frame", PyArray1::from_vec(py, whole(p.reference_frame)))?;
        numbers.extend([("x", p.x), ("y", p.y), ("z", p.z)]);
        numbers.extend([("qw", p.qw), ("qx", p.qx), ("qy", p.qy), ("qz", p.qz)]);
        numbers.extend([("length", p.length), ("width", p.width), ("height", p.height)]);
    }
    numbers.extend(chunk.score.map(|score| ("score", score)));
    numbers.extend(chunk.visibility.map(|visibility| ("visibility", visibility)));
    for (name, column) in numbers {
        all.set_item(name, PyArray1::from_vec(py, column))?;
    }
    Ok(all)
}
