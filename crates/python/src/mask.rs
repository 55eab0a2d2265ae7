//! Masks between NumPy and COCO's run lengths.

use crate::error::raised;
use bytemuck::{NoUninit, cast_slice};
use chronotope::score::Datum;
use chronotope::world::Mask;
use numpy::{Element, PyArray2, PyArrayMethods, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyDictMethods};

/// A mask as COCO's run lengths: `{"size": [height, width], "counts": "…"}`, as `pycocotools.mask.encode` gives it.
///
/// `pixels` is a two-dimensional array of truth values or bytes, rows first; every byte that is not 0 belongs to the mask.
#[pyfunction]
pub(crate) fn encode_mask<'py>(py: Python<'py>, pixels: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let mask = of_array(pixels)?.ok_or_else(|| {
        raised("expected a two-dimensional array of truth values or bytes, found something else")
    })?;
    let coco = PyDict::new(py);
    coco.set_item("size", [mask.height(), mask.width()])?;
    coco.set_item("counts", mask.to_coco())?;
    Ok(coco)
}

/// The pixels of a mask in COCO's run lengths: an array of bytes 0 and 1, height × width.
#[pyfunction]
pub(crate) fn decode_mask<'py>(py: Python<'py>, coco: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    let field = |name: &str| -> PyResult<Bound<'py, PyAny>> {
        coco.get_item(name)?
            .ok_or_else(|| raised(format!("expected a field `{name}` of COCO's run lengths, found none")))
    };
    let [height, width]: [u32; 2] = field("size")?.extract()?;
    let counts = field("counts")?;
    let mask = if let Ok(text) = counts.extract::<String>() {
        Mask::from_coco(width, height, &text)
    } else if let Ok(bytes) = counts.extract::<Vec<u8>>().map(String::from_utf8) {
        Mask::from_coco(width, height, &bytes.map_err(raised)?)
    } else {
        Mask::from_counts(width, height, counts.extract()?)
    }
    .map_err(raised)?;
    let pixels = py.detach(|| mask.to_pixels());
    let array = numpy::PyArray1::from_vec(py, pixels);
    Ok(array.reshape([mask.height() as usize, mask.width() as usize])?.into_any())
}

/// The mask of a two-dimensional array of truth values or bytes; none of anything else.
pub(crate) fn of_array(value: &Bound<'_, PyAny>) -> PyResult<Option<Mask>> {
    // without this, whoever uses no array would load NumPy
    if !value.hasattr("__array_interface__")? {
        return Ok(None);
    }
    if let Ok(array) = value.cast::<PyArray2<u8>>() {
        return mask_of(&array.readonly()).map(Some);
    }
    if let Ok(array) = value.cast::<PyArray2<bool>>() {
        return mask_of(&array.readonly()).map(Some);
    }
    Ok(None)
}

/// Arrays in C's order and in Fortran's are read where they lie; others are copied.
fn mask_of<T: Element + NoUninit>(array: &PyReadonlyArray2<'_, T>) -> PyResult<Mask> {
    let pixels = array.as_array();
    let side = |length: usize| u32::try_from(length).map_err(raised);
    let (height, width) = (side(pixels.nrows())?, side(pixels.ncols())?);
    if let Some(rows) = pixels.as_slice() {
        Mask::from_pixels(width, height, cast_slice(rows))
    } else if let Some(columns) = pixels.t().as_slice() {
        Mask::from_columns(width, height, cast_slice(columns))
    } else {
        let rows: Vec<T> = pixels.iter().copied().collect();
        Mask::from_pixels(width, height, cast_slice(&rows))
    }
    .map_err(raised)
}

/// As files have it.
pub(crate) fn datum(mask: &Mask) -> Datum {
    Datum::record([
        ("size", Datum::numbers(&[f64::from(mask.height()), f64::from(mask.width())])),
        ("counts", Datum::text(mask.to_coco())),
    ])
}
