//! A World in Python.

use crate::answer::Answer;
use crate::arrow::{self, Table};
use crate::convert::json;
use crate::error::raised;
use crate::record;
use chronotope::ask::program::{parse, run_program};
use chronotope::ask::replay;
use chronotope::ask::story::{Reach, Story, StorySettings};
use chronotope::ask::{Asked, ask};
use chronotope::formats::export::{self, ExportSettings};
use chronotope::remember::bundle::{self, flat};
use chronotope::world::{self, EntityId, ObserverId, SampleChunk, Selection, Span, Time, View, text};
use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

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

    /// The World of samples in columns: a dictionary of arrays, or a table of anything that speaks Arrow (pyarrow, Polars, DuckDB, pandas).
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

    /// The World of whole tables by name, as `World.tables` gives them and bundles hold them; each is anything that speaks Arrow.
    ///
    /// `name` holds where no table `record` names the World.
    #[staticmethod]
    #[pyo3(signature = (tables, *, name = "tables"))]
    fn from_tables(py: Python<'_>, tables: &Bound<'_, PyDict>, name: &str) -> PyResult<World> {
        let mut given = BTreeMap::new();
        for (table, rows) in tables {
            let table: String = table.extract()?;
            let batches = arrow::batches(&rows)?;
            let batches = batches.ok_or_else(|| {
                raised(format!("table {table}: expected a table of Arrow (`__arrow_c_stream__`), found none"))
            })?;
            given.insert(table, batches);
        }
        py.detach(|| flat::world(name, given)).map(|inner| World { inner }).map_err(raised)
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

    /// A table of what is visible: `samples`, `tracks`, `events`, … as a bundle stores it. pyarrow, Polars, DuckDB and pandas take it as it is.
    fn table(&self, name: &str) -> PyResult<Table> {
        Table::of(&self.inner, name)
    }

    /// All tables by name, which `World.from_tables` takes back.
    #[getter]
    fn tables<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let all = PyDict::new(py);
        for name in flat::TABLES {
            all.set_item(name, Table::of(&self.inner, name)?)?;
        }
        Ok(all)
    }

    /// The table of samples as a stream of Arrow, so that a World can be handed to what reads tables.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        Table::of(&self.inner, "samples")?.__arrow_c_stream__(py, requested_schema)
    }

    /// The samples as a dictionary of arrays, row by row sorted by track and time. The arrays are views that cannot be written to; where one
    /// chunk holds all that is asked for, its numbers are not copied.
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

    /// What is visible of the samples, in one chunk; the World's own where that is all of it.
    fn columns(
        &self,
        track: Option<world::TrackId>,
        span: Option<Span>,
    ) -> Result<Arc<SampleChunk>, world::Error> {
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
                return Ok(chunk);
            }
            rows.extend((0..chunk.len()).filter(wanted).map(|i| chunk.row(i)));
        }
        Ok(Arc::new(SampleChunk::from_rows(rows)))
    }
}

/// The columns of a chunk as arrays; what is `u32` becomes `i64` with -1 where none, what is `u64` is seen as `i64`.
fn columns_of(py: Python<'_>, chunk: Arc<SampleChunk>) -> PyResult<Bound<'_, PyDict>> {
    let all = PyDict::new(py);
    let as_array = py.import("numpy")?.getattr("asarray")?;
    let view = |name: &str, cells: Cells| -> PyResult<()> {
        all.set_item(name, as_array.call1((Column { chunk: Arc::clone(&chunk), cells },))?)
    };
    let whole = |name: &str, column: &[u32]| -> PyResult<()> {
        let wide = column.iter().map(|&v| if v == u32::MAX { -1 } else { i64::from(v) }).collect();
        all.set_item(name, PyArray1::from_vec(py, wide))
    };
    view("id", Cells::U64(|c| &c.id))?;
    view("track", Cells::U64(|c| &c.track))?;
    whole("source", &chunk.source)?;
    whole("observer", &chunk.observer)?;
    view("t_ns", Cells::I64(|c| &c.t_ns))?;
    whole("frame_index", &chunk.frame_index)?;
    if chunk.end_ns.is_some() {
        view("end_ns", Cells::I64(|c| c.end_ns.as_deref().unwrap_or_default()))?;
    }
    if chunk.boxes.is_some() {
        view("left_px", Cells::F64(|c| c.boxes.as_ref().map_or(&[], |b| &b.left_px)))?;
        view("top_px", Cells::F64(|c| c.boxes.as_ref().map_or(&[], |b| &b.top_px)))?;
        view("width_px", Cells::F64(|c| c.boxes.as_ref().map_or(&[], |b| &b.width_px)))?;
        view("height_px", Cells::F64(|c| c.boxes.as_ref().map_or(&[], |b| &b.height_px)))?;
    }
    if let Some(poses) = &chunk.poses {
        whole("reference_frame", &poses.reference_frame)?;
        view("x", Cells::F64(|c| c.poses.as_ref().map_or(&[], |p| &p.x)))?;
        view("y", Cells::F64(|c| c.poses.as_ref().map_or(&[], |p| &p.y)))?;
        view("z", Cells::F64(|c| c.poses.as_ref().map_or(&[], |p| &p.z)))?;
        view("qw", Cells::F64(|c| c.poses.as_ref().map_or(&[], |p| &p.qw)))?;
        view("qx", Cells::F64(|c| c.poses.as_ref().map_or(&[], |p| &p.qx)))?;
        view("qy", Cells::F64(|c| c.poses.as_ref().map_or(&[], |p| &p.qy)))?;
        view("qz", Cells::F64(|c| c.poses.as_ref().map_or(&[], |p| &p.qz)))?;
        view("length", Cells::F64(|c| c.poses.as_ref().map_or(&[], |p| &p.length)))?;
        view("width", Cells::F64(|c| c.poses.as_ref().map_or(&[], |p| &p.width)))?;
        view("height", Cells::F64(|c| c.poses.as_ref().map_or(&[], |p| &p.height)))?;
    }
    if chunk.score.is_some() {
        view("score", Cells::F64(|c| c.score.as_deref().unwrap_or_default()))?;
    }
    if chunk.visibility.is_some() {
        view("visibility", Cells::F64(|c| c.visibility.as_deref().unwrap_or_default()))?;
    }
    Ok(all)
}

/// A column of samples in memory, as NumPy takes it without copying: the array holds this, and this holds the chunk.
#[pyclass(frozen, module = "chronotope")]
pub(crate) struct Column {
    chunk: Arc<SampleChunk>,
    cells: Cells,
}

#[derive(Clone, Copy)]
enum Cells {
    F64(fn(&SampleChunk) -> &[f64]),
    I64(fn(&SampleChunk) -> &[i64]),
    /// Seen as signed: `u64::MAX`, which is none, is -1.
    U64(fn(&SampleChunk) -> &[u64]),
}

#[pymethods]
impl Column {
    /// Where the numbers lie, as NumPy asks; they are not to be written to.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (at, n, kind) = match self.cells {
            Cells::F64(column) => (column(&self.chunk).as_ptr().addr(), column(&self.chunk).len(), 'f'),
            Cells::I64(column) => (column(&self.chunk).as_ptr().addr(), column(&self.chunk).len(), 'i'),
            Cells::U64(column) => (column(&self.chunk).as_ptr().addr(), column(&self.chunk).len(), 'i'),
        };
        let order = if cfg!(target_endian = "little") { '<' } else { '>' };
        let interface = PyDict::new(py);
        interface.set_item("version", 3)?;
        interface.set_item("typestr", format!("{order}{kind}8"))?;
        interface.set_item("shape", (n,))?;
        interface.set_item("data", (at, true))?;
        Ok(interface)
    }
}
