//! An answer with its evidence.

use crate::convert::to_python;
use chronotope::ask::{Asked, asked_json};
use chronotope::world::World;
use pyo3::prelude::*;
use serde_json::{Value as Json, json};

/// What came of a question or a program: the value with its unit and bounds, the evidence, the program and its audit.
///
/// Everything of `chronotope ask --json` stands in `json()`, which `World.replay` takes back.
#[pyclass(frozen, module = "chronotope")]
pub(crate) struct Answer {
    json: Json,
    understood: Option<String>,
    nearest: Vec<String>,
}

impl Answer {
    pub(crate) fn new(world: &World, question: Option<&str>, options: &[String], asked: Asked) -> Answer {
        let json = asked_json(world, question, options, &asked, &json!({}));
        Answer { json, understood: asked.understood, nearest: asked.nearest }
    }

    fn text_at(&self, pointer: &str) -> Option<&str> {
        self.json.pointer(pointer).and_then(Json::as_str)
    }

    fn at<'py>(&self, py: Python<'py>, pointer: &str) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, self.json.pointer(pointer).unwrap_or(&Json::Null))
    }
}

#[pymethods]
impl Answer {
    /// `answered`, `unknown`, `ambiguous` or `unsupported`.
    #[getter]
    fn status(&self) -> &str {
        self.text_at("/status").unwrap_or_default()
    }

    /// The answer in words.
    #[getter]
    fn text(&self) -> &str {
        self.text_at("/answer/text").unwrap_or_default()
    }

    /// The value: a number in `unit`, a truth value, seconds of a moment, spans in seconds, ids of things, a text, a list. None
    /// where there is none.
    #[getter]
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.at(py, "/answer/value")
    }

    /// What kind of value it is: `number`, `truth`, `moment`, `when`, `things`, `position`, `text`, `list`, `none`.
    #[getter]
    fn kind(&self) -> &str {
        self.text_at("/answer/type").unwrap_or_default()
    }

    /// The unit of the value: `m`, `s`, `px`, `m/s`. None where it has none.
    #[getter]
    fn unit(&self) -> Option<&str> {
        self.text_at("/answer/unit")
    }

    /// Smallest and largest value that is possible, where the value is only bounded.
    #[getter]
    fn bounds<'py>(&self, py: Python<'py>) -> PyResult<Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>> {
        let (low, high) = (self.at(py, "/answer/low")?, self.at(py, "/answer/high")?);
        Ok(if low.is_none() && high.is_none() { None } else { Some((low, high)) })
    }

    /// The letter of the option that fits, where options were given.
    #[getter]
    fn choice(&self) -> Option<&str> {
        self.text_at("/answer/choice")
    }

    /// The probability of being right, where something calibrates it.
    #[getter]
    fn confidence(&self) -> Option<f64> {
        self.json.get("confidence").and_then(Json::as_f64)
    }

    /// The program that ran, with all defaults written out.
    #[getter]
    fn program(&self) -> &str {
        self.text_at("/program").unwrap_or_default()
    }

    /// How the question was understood, in a sentence.
    #[getter]
    fn understood(&self) -> Option<&str> {
        self.understood.as_deref()
    }

    /// Questions that can be answered, where this one could not be read.
    #[getter]
    fn nearest(&self) -> Vec<String> {
        self.nearest.clone()
    }

    /// What supports or refutes the answer: dictionaries with source, rows, span, picture, box.
    #[getter]
    fn evidence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.at(py, "/evidence")
    }

    /// What is missing for an answer: dictionaries with `kind`, `what`, `hint`.
    #[getter]
    fn missing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.at(py, "/missing")
    }

    /// All of it, as `chronotope ask --json` prints it.
    fn json<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.json)
    }

    fn __str__(&self) -> &str {
        self.text()
    }

    fn __repr__(&self) -> String {
        format!("Answer({}: {:?})", self.status(), self.text())
    }

    /// Whether it is answered.
    fn __bool__(&self) -> bool {
        self.status() == "answered"
    }
}
