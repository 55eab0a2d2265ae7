//! Python values become data of metrics and JSON, and JSON becomes Python values.

use crate::error::raised;
use crate::mask;
use chronotope::score::Datum;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Map, Value as Json};

/// How deep lists and dictionaries may stand in one another.
const MOST_DEPTH: usize = 64;

/// JSON as Python's own lists, dictionaries, numbers and text.
pub(crate) fn to_python<'py>(py: Python<'py>, json: &Json) -> PyResult<Bound<'py, PyAny>> {
    Ok(match json {
        Json::Null => py.None().into_bound(py),
        Json::Bool(truth) => PyBool::new(py, *truth).to_owned().into_any(),
        Json::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(whole), _) => whole.into_pyobject(py)?.into_any(),
            (_, Some(whole)) => whole.into_pyobject(py)?.into_any(),
            _ => PyFloat::new(py, number.as_f64().unwrap_or(f64::NAN)).into_any(),
        },
        Json::String(text) => PyString::new(py, text).into_any(),
        Json::Array(items) => {
            let items = items.iter().map(|item| to_python(py, item)).collect::<PyResult<Vec<_>>>()?;
            PyList::new(py, items)?.into_any()
        }
        Json::Object(fields) => {
            let object = PyDict::new(py);
            for (name, value) in fields {
                object.set_item(name, to_python(py, value)?)?;
            }
            object.into_any()
        }
    })
}

/// A Python value as a truth or prediction: none, numbers, text, masks (two-dimensional arrays of truth values or bytes), lists,
/// dictionaries.
pub(crate) fn datum(value: &Bound<'_, PyAny>) -> PyResult<Option<Datum>> {
    datum_at(value, 0)
}

fn datum_at(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Option<Datum>> {
    if depth > MOST_DEPTH {
        return Err(raised(format!(
            "expected values at most {MOST_DEPTH} deep in one another, found deeper ones"
        )));
    }
    if value.is_none() {
        return Ok(None);
    }
    if let Ok(truth) = value.cast::<PyBool>() {
        return Ok(Some(Datum::text(truth.is_true().to_string())));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Some(Datum::text(text.to_string_lossy())));
    }
    if value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>() {
        return Ok(Some(Datum::Number(value.extract()?)));
    }
    if let Ok(fields) = value.cast::<PyDict>() {
        let mut record = std::collections::BTreeMap::new();
        for (name, value) in fields {
            if let Some(value) = datum_at(&value, depth + 1)? {
                record.insert(key(&name)?, value);
            }
        }
        return Ok(Some(Datum::Record(record)));
    }
    if let Some(mask) = mask::of_array(value)? {
        return Ok(Some(mask::datum(&mask)));
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let mut items = Vec::new();
        for item in value.try_iter()? {
            // in a list nothing is a record without fields, as in files
            items.push(datum_at(&item?, depth + 1)?.unwrap_or(Datum::Record([].into())));
        }
        return Ok(Some(Datum::List(items)));
    }
    // arrays of NumPy and Arrow, and their scalars
    for method in ["tolist", "to_pylist", "as_py"] {
        if value.hasattr(method)? {
            return datum_at(&value.call_method0(method)?, depth + 1);
        }
    }
    Err(raised(format!(
        "expected a number, text, list, dictionary or array, found {}",
        value.get_type().name()?
    )))
}

/// A Python value as JSON; tuples are lists.
pub(crate) fn json(value: &Bound<'_, PyAny>) -> PyResult<Json> {
    json_at(value, 0)
}

fn json_at(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Json> {
    if depth > MOST_DEPTH {
        return Err(raised(format!(
            "expected values at most {MOST_DEPTH} deep in one another, found deeper ones"
        )));
    }
    if value.is_none() {
        return Ok(Json::Null);
    }
    if let Ok(truth) = value.cast::<PyBool>() {
        return Ok(Json::Bool(truth.is_true()));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Json::String(text.to_string_lossy().into_owned()));
    }
    if let Ok(whole) = value.extract::<i64>()
        && value.is_instance_of::<PyInt>()
    {
        return Ok(whole.into());
    }
    if value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>() {
        // JSON has no word for NaN and infinities: as in Python's own files they become null
        return Ok(serde_json::Number::from_f64(value.extract()?).map_or(Json::Null, Json::Number));
    }
    if let Ok(fields) = value.cast::<PyDict>() {
        let mut object = Map::new();
        for (name, value) in fields {
            object.insert(key(&name)?, json_at(&value, depth + 1)?);
        }
        return Ok(Json::Object(object));
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let items = value.try_iter()?.map(|item| json_at(&item?, depth + 1));
        return Ok(Json::Array(items.collect::<PyResult<_>>()?));
    }
    for method in ["tolist", "to_pylist", "as_py"] {
        if value.hasattr(method)? {
            return json_at(&value.call_method0(method)?, depth + 1);
        }
    }
    Err(raised(format!(
        "expected a number, text, list, dictionary or array, found {}",
        value.get_type().name()?
    )))
}

/// The key of a dictionary as text: times and picture numbers may be keys.
fn key(name: &Bound<'_, PyAny>) -> PyResult<String> {
    match name.cast::<PyString>() {
        Ok(text) => Ok(text.to_string_lossy().into_owned()),
        Err(_) => Ok(name.str()?.to_string_lossy().into_owned()),
    }
}
