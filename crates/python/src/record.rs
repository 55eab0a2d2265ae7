//! Columns of samples become a World.

use crate::arrow;
use crate::error::raised;
use chronotope::remember::bundle::flat::{FlatColumn, FlatTable, FlatValues};
use chronotope::world::{
    BoxPx, Clock, Coverage, CoverageId, Identity, IdentityId, Known, Label, Observer, ObserverId,
    ObserverKind, Origin, Pose, ReferenceFrame, Sample, Scale, Source, SourceId, SourceKind, Span, Time,
    Track, WorldBuilder,
};
use numpy::{AllowTypeChange, PyArrayLike1, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::BTreeMap;

/// Columns of numbers, as they came.
pub(crate) struct Columns {
    track: Vec<i64>,
    t_s: Vec<f64>,
    position: Option<[Vec<f64>; 3]>,
    box_px: Option<[Vec<f64>; 4]>,
    size: Option<[Vec<f64>; 3]>,
}

/// What is said of them.
pub(crate) struct Said {
    pub(crate) labels: BTreeMap<i64, String>,
    pub(crate) names: BTreeMap<i64, String>,
    pub(crate) unit: String,
    pub(crate) tolerance_s: Option<f64>,
    pub(crate) complete: bool,
    pub(crate) span_s: [Option<f64>; 2],
    pub(crate) picture_px: Option<[u32; 2]>,
    pub(crate) name: String,
}

/// Words by track.
pub(crate) fn words(given: Option<&Bound<'_, PyDict>>, what: &str) -> PyResult<BTreeMap<i64, String>> {
    let mut words = BTreeMap::new();
    for (track, word) in given.into_iter().flatten() {
        let read = track.extract().and_then(|track| Ok((track, word.extract()?)));
        let (track, word) = read.map_err(|_wrong| {
            raised(format!("{what}: expected text by the number of a track, found {track}: {word}"))
        })?;
        words.insert(track, word);
    }
    Ok(words)
}

impl Columns {
    /// Of anything that gives columns by name: what speaks Arrow, or a dictionary of arrays.
    pub(crate) fn of(table: &Bound<'_, PyAny>) -> PyResult<Columns> {
        let batches = if table.is_instance_of::<PyDict>() { None } else { arrow::batches(table)? };
        let whole = |name: &str| match &batches {
            Some(batches) => joined(batches, name, whole_cells),
            None => column::<i64>(table, name),
        };
        let column = |name: &str| match &batches {
            Some(batches) => joined(batches, name, number_cells),
            None => column::<f64>(table, name),
        };
        let track = whole("track")?.ok_or_else(|| lacks("track"))?;
        let t_s = column("t_s")?.ok_or_else(|| lacks("t_s"))?;
        let n = track.len();
        let numbers = |name: &str| -> PyResult<Option<Vec<f64>>> {
            let found = column(name)?;
            match &found {
                Some(column) if column.len() != n => Err(raised(format!(
                    "column {name}: expected {n} rows as in `track`, found {}",
                    column.len()
                ))),
                _ => Ok(found),
            }
        };
        if t_s.len() != n {
            return Err(raised(format!("column t_s: expected {n} rows as in `track`, found {}", t_s.len())));
        }
        let need = |name: &str| numbers(name)?.ok_or_else(|| lacks(name));
        let position = match (numbers("x")?, numbers("y")?, numbers("z")?) {
            (None, None, None) => None,
            (Some(x), Some(y), z) => Some([x, y, z.unwrap_or_else(|| vec![0.0; n])]),
            _ => return Err(raised("expected columns x and y together, found one without the other")),
        };
        let box_px = match numbers("left_px")? {
            Some(left) => Some([left, need("top_px")?, need("width_px")?, need("height_px")?]),
            None => None,
        };
        let size = match numbers("length")? {
            Some(length) => Some([length, need("width")?, need("height")?]),
            None => None,
        };
        if position.is_none() && box_px.is_none() {
            return Err(raised(
                "expected columns x and y, or left_px, top_px, width_px and height_px; found neither",
            ));
        }
        Ok(Columns { track, t_s, position, box_px, size })
    }

    /// The World that they tell of.
    pub(crate) fn world(self, said: Said) -> PyResult<chronotope::world::World> {
        let mut builder = WorldBuilder::new(said.name.clone());
        let scale = match said.unit.as_str() {
            "m" => Scale::Metre,
            "px" => Scale::Pixel,
            own => Scale::Own(own.to_owned()),
        };
        let source = builder.source(Source {
            id: SourceId(0),
            kind: SourceKind::Annotation,
            uri: said.name.clone(),
            sha256: None,
            record_from_source: Some(Clock::SAME),
            derived_from: None,
            settings: "format=python".to_owned(),
            known: Known::ALWAYS,
        });
        let observer = self.box_px.is_some().then(|| {
            builder.observer(Observer {
                id: ObserverId(0),
                source,
                kind: ObserverKind::Camera,
                name: "camera".to_owned(),
                picture_px: said.picture_px,
                intrinsics: None,
                known: Known::ALWAYS,
            })
        });
        let frame = self
            .position
            .is_some()
            .then(|| builder.reference_frame(ReferenceFrame::World("world".to_owned()), scale));
        let tolerance_ns = match said.tolerance_s {
            Some(s) if !(s >= 0.0 && s.is_finite()) => {
                return Err(raised(format!("tolerance_s: expected seconds from 0 on, found {s}")));
            }
            s => s.map(|s| Time::from_s(s).0),
        };
        let mut tracks = BTreeMap::new();
        for (row, &key) in self.track.iter().enumerate() {
            if key < 0 {
                return Err(raised(format!(
                    "column track, row {row}: expected a number from 0 on, found {key}"
                )));
            }
            tracks.entry(key).or_insert(None);
        }
        let unknown = said.labels.keys().chain(said.names.keys()).find(|key| !tracks.contains_key(key));
        if let Some(key) = unknown {
            return Err(raised(format!("labels and names: expected tracks that have samples, found {key}")));
        }
        for (key, id) in &mut tracks {
            let mut row = Track::new(source, key.to_string(), Known::ALWAYS);
            (row.observer, row.tolerance_ns) = (observer, tolerance_ns);
            let track = builder.track(row);
            let entity = builder.entity_numbered(key.cast_unsigned());
            builder.identity(Identity {
                id: IdentityId(0),
                track,
                span: Span::ALWAYS,
                entity,
                confidence: None,
                reason: "annotated".to_owned(),
                known: Known::ALWAYS,
                closed: None,
            });
            for (words, vocabulary) in [(&said.labels, "python"), (&said.names, "name")] {
                if let Some(word) = words.get(key) {
                    builder.label(Label::new(track, word, vocabulary, Known::ALWAYS));
                }
            }
            *id = Some(track);
        }
        let (mut first, mut last) = (Time::MAX, Time::MIN);
        for (row, key) in self.track.iter().enumerate() {
            let bad = |what: &str| raised(format!("row {row}: {what}"));
            let t_s = self.t_s[row];
            if !t_s.is_finite() {
                return Err(bad(&format!("expected seconds in t_s, found {t_s}")));
            }
            let t = Time::from_s(t_s);
            (first, last) = (first.min(t), last.max(t));
            let mut sample = Sample::new(source, tracks[key], t, Origin::Annotated);
            sample.observer = observer;
            if let Some([x, y, z]) = &self.position {
                let position = [x[row], y[row], z[row]];
                let size = self.size.as_ref().map(|[l, w, h]| [l[row], w[row], h[row]]);
                let size = size.filter(|size| size.iter().all(|side| !side.is_nan()));
                if let Some(reference_frame) = frame.filter(|_| position.iter().all(|v| !v.is_nan())) {
                    sample.pose = Some(Pose { reference_frame, position, rotation: None, extent: size });
                }
            }
            if let Some([left, top, width, height]) = &self.box_px {
                let sides = [left[row], top[row], width[row], height[row]];
                if sides.iter().all(|v| !v.is_nan()) {
                    let found = BoxPx::new(sides[0], sides[1], sides[2], sides[3]);
                    sample.box_px =
                        Some(found.ok_or_else(|| bad(&format!("expected a box, found {sides:?}")))?);
                }
            }
            builder.sample(sample);
        }
        if said.complete && first <= last {
            let [start, end] = said.span_s;
            if [start, end].into_iter().flatten().any(|s| !s.is_finite()) {
                return Err(raised("start_s and end_s: expected seconds, found none"));
            }
            // a span ends before its end: the last sample is seen too
            let (start, end) = (start.map_or(first, Time::from_s), end.map_or(last.plus_ns(1), Time::from_s));
            if end < start {
                return Err(raised("expected start_s up to end_s, found it the other way round"));
            }
            let mut labels: Vec<String> = said.labels.into_values().collect();
            labels.sort();
            labels.dedup();
            builder.coverage(Coverage {
                id: CoverageId(0),
                source,
                observer,
                span: Span::between(start, end),
                region_px: None,
                labels,
                smallest_px: None,
                recall: None,
                complete: true,
                known: Known::ALWAYS,
            });
        }
        builder.build().map_err(raised)
    }
}

fn lacks(name: &str) -> PyErr {
    raised(format!("expected a column `{name}`, found none"))
}

/// A column of batches, one after the other; none where they have none of this name.
fn joined<T>(
    batches: &[FlatTable],
    name: &str,
    cells: fn(&FlatColumn) -> Option<Vec<T>>,
) -> PyResult<Option<Vec<T>>> {
    let mut all = Vec::new();
    for batch in batches {
        let Some(column) = batch.columns.iter().find(|column| column.name == name) else { return Ok(None) };
        let wrong = || raised(format!("column {name}: expected numbers in every row, found something else"));
        all.extend(cells(column).ok_or_else(wrong)?);
    }
    Ok((!batches.is_empty()).then_some(all))
}

/// Whole numbers, one in every row.
fn whole_cells(column: &FlatColumn) -> Option<Vec<i64>> {
    if column.present.is_some() {
        return None;
    }
    match &column.values {
        FlatValues::I64(v) => Some(v.clone()),
        FlatValues::U64(v) => v.iter().map(|&v| i64::try_from(v).ok()).collect(),
        FlatValues::U32(v) => Some(v.iter().map(|&v| v.into()).collect()),
        FlatValues::F64(v) => {
            let exact = |v: f64| (v.abs() <= 2f64.powi(53) && v.fract() == 0.0).then_some(v as i64);
            v.iter().map(|&v| exact(v)).collect()
        }
        _ => None,
    }
}

/// Numbers, NaN where there is none.
fn number_cells(column: &FlatColumn) -> Option<Vec<f64>> {
    let mut numbers: Vec<f64> = match &column.values {
        FlatValues::I64(v) => v.iter().map(|&v| v as f64).collect(),
        FlatValues::U64(v) => v.iter().map(|&v| v as f64).collect(),
        FlatValues::U32(v) => v.iter().map(|&v| v.into()).collect(),
        FlatValues::F64(v) => v.clone(),
        _ => return None,
    };
    for (number, has) in numbers.iter_mut().zip(column.present.iter().flatten()) {
        if !has {
            *number = f64::NAN;
        }
    }
    Some(numbers)
}

/// A column of a table; none where it has none of this name.
fn column<T: numpy::Element + Copy>(table: &Bound<'_, PyAny>, name: &str) -> PyResult<Option<Vec<T>>>
where
    for<'a, 'py> PyArrayLike1<'py, T, AllowTypeChange>: FromPyObject<'a, 'py>,
{
    let names = ["column_names", "columns", "keys"].into_iter().find(|n| table.hasattr(*n).unwrap_or(false));
    let Some(names) = names else {
        return Err(raised("expected a dictionary of arrays or a table with columns, found something else"));
    };
    let mut listed = table.getattr(names)?;
    if listed.is_callable() {
        listed = listed.call0()?;
    }
    let mut has = false;
    for one in listed.try_iter()? {
        has |= one?.extract::<String>().is_ok_and(|one| one == name);
    }
    if !has {
        return Ok(None);
    }
    let mut column = table.get_item(name)?;
    if column.hasattr("to_numpy")? {
        column = column.call_method0("to_numpy")?;
    }
    let array: PyArrayLike1<'_, T, AllowTypeChange> = column.extract().map_err(|_wrong| {
        raised(format!("column {name}: expected one-dimensional numbers, found something else"))
    })?;
    Ok(Some(array.to_vec().map_err(raised).or_else(|_: PyErr| Ok::<_, PyErr>(array.as_array().to_vec()))?))
}
