//! The package's one exception.

use pyo3::{PyErr, create_exception, exceptions::PyValueError};
use std::fmt::Display;

create_exception!(
    chronotope,
    Error,
    PyValueError,
    "Input that is not as expected; the text names the file, the place, what was expected and what was found."
);

/// An error of a room as the exception.
pub(crate) fn raised(error: impl Display) -> PyErr {
    Error::new_err(error.to_string())
}
