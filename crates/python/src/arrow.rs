//! Tables of Arrow, in and out, by its C interface in Python's capsules: without copies where the memory is laid out alike.
//!
//! ```text
//! chunk of samples ──shared buffers, counted──▶ RecordBatch ──capsule──▶ pyarrow, Polars, DuckDB, pandas …
//! theirs ──capsule──▶ RecordBatch ──cells of our types (a copy)──▶ World
//! ```
//!
//! Out, the numbers of a chunk are not copied: the arrays hold the chunk. Only bits that say where a value is are made, and texts, and columns
//! whose name depends on the row.

#![allow(
    unsafe_code,
    reason = "takes what another library put into a capsule; each block says why it is sound"
)]

use crate::error::raised;
use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, PrimitiveArray, RecordBatch, RecordBatchReader, StringArray, StructArray,
    new_null_array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use chronotope::remember::bundle::flat::{self, FlatColumn, FlatTable, FlatValues};
use chronotope::world::{self, SampleChunk};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods, PyTuple};
use std::ffi::CStr;
use std::sync::Arc;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// A table of a World, as a bundle stores it; made by `World.table`.
///
/// Anything that reads Arrow takes it as it is: `pyarrow.table(table)`, `polars.from_arrow(table)`, `duckdb.sql("from table")`. Numbers of samples
/// are not copied.
#[pyclass(frozen, module = "chronotope")]
pub(crate) struct Table {
    world: world::World,
    name: &'static str,
}

impl Table {
    /// The table of this name.
    pub(crate) fn of(world: &world::World, name: &str) -> PyResult<Table> {
        let known = flat::TABLES.into_iter().find(|table| *table == name);
        let name = known.ok_or_else(|| {
            raised(format!("expected a table ({}), found `{name}`", flat::TABLES.join(", ")))
        })?;
        Ok(Table { world: world.clone(), name })
    }

    fn stream(&self) -> Result<Box<dyn RecordBatchReader + Send>, ArrowError> {
        let Some(table) = flat::columns(&self.world, self.name) else {
            let schema = Samples::schema_of(&self.world)?;
            return Ok(Box::new(Samples { world: self.world.clone(), schema, n: 0 }));
        };
        let batch = batch(table)?;
        let schema = batch.schema();
        Ok(Box::new(arrow_array::RecordBatchIterator::new([Ok(batch)], schema)))
    }

    fn whole(&self) -> Result<RecordBatch, ArrowError> {
        let stream = self.stream()?;
        let schema = stream.schema();
        let mut batches = stream.collect::<Result<Vec<_>, _>>()?;
        match batches.len() {
            0 => Ok(RecordBatch::new_empty(schema)),
            1 => Ok(batches.remove(0)),
            _ => arrow_select::concat::concat_batches(&schema, &batches),
        }
    }
}

#[pymethods]
impl Table {
    /// Its name.
    #[getter]
    fn name(&self) -> &'static str {
        self.name
    }

    /// The names of its columns.
    #[getter]
    fn columns(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let stream = py.detach(|| self.stream()).map_err(raised)?;
        Ok(stream.schema().fields().iter().map(|field| field.name().clone()).collect())
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        let count = || match flat::columns(&self.world, self.name) {
            Some(table) => Ok(table.rows),
            None => (0..self.world.store().bounds().len())
                .map(|n| Ok(visible(&self.world, &self.world.store().chunk(n)?).len()))
                .sum(),
        };
        py.detach(count).map_err(|error: world::Error| raised(error))
    }

    /// Arrow's schema, in a capsule.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let stream = py.detach(|| self.stream()).map_err(raised)?;
        let schema = FFI_ArrowSchema::try_from(stream.schema().as_ref()).map_err(raised)?;
        PyCapsule::new_with_value(py, schema, SCHEMA)
    }

    /// A stream of Arrow's record batches, in a capsule; of the samples one for each chunk, read when it is asked for.
    #[pyo3(signature = (requested_schema = None))]
    pub(crate) fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema; // a wish, which the protocol lets a producer leave
        let stream = py.detach(|| self.stream()).map_err(raised)?;
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(stream), STREAM)
    }

    /// The table as one array of Arrow, in two capsules: schema and array. Several chunks of samples are copied together.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let _ = requested_schema;
        let whole = py.detach(|| self.whole()).map_err(raised)?;
        let (array, schema) = to_ffi(&StructArray::from(whole).to_data()).map_err(raised)?;
        let schema = PyCapsule::new_with_value(py, schema, SCHEMA)?;
        let array = PyCapsule::new_with_value(py, array, ARRAY)?;
        PyTuple::new(py, [schema, array])
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Table({:?}, {} rows)", self.name, self.__len__(py)?))
    }
}

/// The batches of anything that speaks Arrow's C interface; none of what does not.
pub(crate) fn batches(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<FlatTable>>> {
    let read = if value.hasattr("__arrow_c_stream__")? {
        let capsule = value.call_method0("__arrow_c_stream__")?;
        let capsule = capsule.cast::<PyCapsule>().map_err(|_other| not_a_capsule())?;
        let pointer = capsule.pointer_checked(Some(STREAM))?.as_ptr().cast::<FFI_ArrowArrayStream>();
        // SAFETY: the capsule's name says that a stream lies there, and it lives as long as the capsule; what is moved out of it is marked as
        // released there, as the interface asks
        let reader = unsafe { RecordBatchStreamReader::from_raw(pointer) }.map_err(raised)?;
        reader.collect::<Result<Vec<_>, _>>().map_err(raised)?
    } else if value.hasattr("__arrow_c_array__")? {
        let pair = value.call_method0("__arrow_c_array__")?;
        let (schema, array): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
        let schema = schema.cast::<PyCapsule>().map_err(|_other| not_a_capsule())?;
        let array = array.cast::<PyCapsule>().map_err(|_other| not_a_capsule())?;
        let schema = schema.pointer_checked(Some(SCHEMA))?.as_ptr().cast::<FFI_ArrowSchema>();
        let array = array.pointer_checked(Some(ARRAY))?.as_ptr().cast::<FFI_ArrowArray>();
        // SAFETY: the capsules' names say what lies there, and they outlive the two calls; the array is moved out, which marks it as released
        let data = unsafe { from_ffi(FFI_ArrowArray::from_raw(array), &*schema) }.map_err(raised)?;
        if !matches!(data.data_type(), DataType::Struct(_)) {
            return Err(raised(format!("expected an array of records, found {}", data.data_type())));
        }
        data.validate_full().map_err(raised)?;
        vec![RecordBatch::from(StructArray::from(data))]
    } else {
        return Ok(None);
    };
    read.iter().map(table_of).collect::<Result<Vec<_>, _>>().map(Some).map_err(raised)
}

fn not_a_capsule() -> PyErr {
    raised("expected a capsule of Arrow's C interface, found something else")
}

/// A batch of theirs in cells of ours.
fn table_of(batch: &RecordBatch) -> Result<FlatTable, ArrowError> {
    let mut columns = Vec::new();
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        column.to_data().validate_full()?; // it came from outside
        let values = values_of(field.name(), column)?;
        let nulls = column.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        let present = nulls.map(|nulls| nulls.iter().collect());
        columns.push(FlatColumn { name: field.name().clone(), values, present });
    }
    Ok(FlatTable { rows: batch.num_rows(), columns })
}

fn values_of(name: &str, column: &ArrayRef) -> Result<FlatValues, ArrowError> {
    fn all<T: ArrowPrimitiveType, V: From<T::Native>>(column: &ArrayRef) -> Vec<V> {
        column.as_primitive::<T>().values().iter().map(|&value| value.into()).collect()
    }
    fn texts<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> FlatValues {
        FlatValues::Text(cells.map(|cell| cell.unwrap_or_default().to_owned()).collect())
    }
    Ok(match column.data_type() {
        DataType::Int8 => FlatValues::I64(all::<Int8Type, i64>(column)),
        DataType::Int16 => FlatValues::I64(all::<Int16Type, i64>(column)),
        DataType::Int32 => FlatValues::I64(all::<Int32Type, i64>(column)),
        DataType::Int64 => FlatValues::I64(all::<Int64Type, i64>(column)),
        DataType::UInt8 => FlatValues::U64(all::<UInt8Type, u64>(column)),
        DataType::UInt16 => FlatValues::U64(all::<UInt16Type, u64>(column)),
        DataType::UInt32 => FlatValues::U32(all::<UInt32Type, u32>(column)),
        DataType::UInt64 => FlatValues::U64(all::<UInt64Type, u64>(column)),
        DataType::Float32 => FlatValues::F64(all::<Float32Type, f64>(column)),
        DataType::Float64 => FlatValues::F64(all::<Float64Type, f64>(column)),
        DataType::Boolean => FlatValues::Bool(column.as_boolean().iter().map(|v| v == Some(true)).collect()),
        DataType::Utf8 => texts(column.as_string::<i32>().iter()),
        DataType::LargeUtf8 => texts(column.as_string::<i64>().iter()),
        DataType::Utf8View => texts(column.as_string_view().iter()),
        DataType::Null => FlatValues::Text(vec![String::new(); column.len()]),
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary();
            let FlatValues::Text(words) = values_of(name, dictionary.values())? else {
                return Err(ArrowError::SchemaError(format!(
                    "column {name}: expected a dictionary of texts"
                )));
            };
            let word = |key: usize| words.get(key).cloned().unwrap_or_default();
            FlatValues::Text(dictionary.normalized_keys().into_iter().map(word).collect())
        }
        other => {
            let expected = "expected whole numbers, numbers, truths or texts";
            return Err(ArrowError::SchemaError(format!("column {name}: {expected}, found {other}")));
        }
    })
}

/// A table of ours as a batch; numbers are moved, not copied.
fn batch(table: FlatTable) -> Result<RecordBatch, ArrowError> {
    let rows = table.rows;
    let columns: Vec<(String, ArrayRef)> =
        table.columns.into_iter().map(|column| (column.name.clone(), array(column))).collect();
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
}

fn array(column: FlatColumn) -> ArrayRef {
    let nulls = column.present.map(NullBuffer::from);
    match column.values {
        FlatValues::I64(v) => Arc::new(PrimitiveArray::<Int64Type>::new(v.into(), nulls)),
        FlatValues::U64(v) => Arc::new(PrimitiveArray::<UInt64Type>::new(v.into(), nulls)),
        FlatValues::U32(v) => Arc::new(PrimitiveArray::<UInt32Type>::new(v.into(), nulls)),
        FlatValues::F64(v) => Arc::new(PrimitiveArray::<Float64Type>::new(v.into(), nulls)),
        FlatValues::Bool(v) => Arc::new(BooleanArray::new(v.into(), nulls)),
        FlatValues::Text(v) => {
            let has = |row: usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
            let cells = v.iter().enumerate().map(|(row, text)| has(row).then_some(text.as_str()));
            Arc::new(cells.collect::<StringArray>())
        }
    }
}

/// The samples of a World, chunk by chunk.
struct Samples {
    world: world::World,
    schema: SchemaRef,
    n: usize,
}

impl Samples {
    /// The columns that some chunk has, in a bundle's order of the first that has them.
    fn schema_of(world: &world::World) -> Result<SchemaRef, ArrowError> {
        let mut fields: Vec<Field> = Vec::new();
        for n in 0..world.store().bounds().len() {
            for (name, array) in columns_of(world, n)? {
                if !fields.iter().any(|field| *field.name() == name) {
                    fields.push(Field::new(name, array.data_type().clone(), true));
                }
            }
        }
        Ok(Arc::new(Schema::new(fields)))
    }
}

impl Iterator for Samples {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let n = self.n;
        self.n += 1;
        (n < self.world.store().bounds().len()).then(|| {
            let mut columns = columns_of(&self.world, n)?;
            let rows = columns.first().map_or(0, |(_, array)| array.len());
            let arrays = self.schema.fields().iter().map(|field| {
                let found = columns.iter().position(|(name, _)| name == field.name());
                found.map_or_else(|| new_null_array(field.data_type(), rows), |at| columns.swap_remove(at).1)
            });
            let arrays = arrays.collect();
            let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
            RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
        })
    }
}

impl RecordBatchReader for Samples {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// The rows of a chunk that the World's view shows: the chunk itself where that is all of them.
pub(crate) fn visible(world: &world::World, chunk: &Arc<SampleChunk>) -> Arc<SampleChunk> {
    let sees = |i: &usize| world.view().sees(chunk.known(*i));
    if (0..chunk.len()).all(|i| sees(&i)) {
        return Arc::clone(chunk);
    }
    Arc::new(SampleChunk::from_rows((0..chunk.len()).filter(sees).map(|i| chunk.row(i)).collect()))
}

/// The columns of the `n`-th chunk.
fn columns_of(world: &world::World, n: usize) -> Result<Vec<(String, ArrayRef)>, ArrowError> {
    let outside = |error: world::Error| ArrowError::ExternalError(Box::new(error));
    let chunk = visible(world, &world.store().chunk(n).map_err(outside)?);
    let tables = world.tables();
    let unit = flat::unit_of(&chunk, tables);
    let (Some(unit), None, None, None) = (unit, &chunk.mask, &chunk.covariance, &chunk.extent_deviation)
    else {
        let columns = flat::sample_columns(&chunk, tables);
        return Ok(columns.into_iter().map(|column| (column.name.clone(), array(column))).collect());
    };
    Ok(shared(&chunk, unit))
}

/// The numbers of a chunk as they lie in memory.
fn shared(chunk: &Arc<SampleChunk>, unit: &str) -> Vec<(String, ArrayRef)> {
    let n = chunk.len();
    let mut columns: Vec<(String, ArrayRef)> = Vec::new();
    let mut add = |name: &str, array: ArrayRef, always: bool| {
        if always || array.null_count() < n {
            columns.push((name.to_owned(), array));
        }
    };
    let u32s = |column: fn(&SampleChunk) -> &[u32]| of::<UInt32Type>(chunk, column, |v| *v != u32::MAX);
    let u64s = |column: fn(&SampleChunk) -> &[u64], least: u64| {
        of::<UInt64Type>(chunk, column, move |v| *v != u64::MAX || least == 0)
    };
    let numbers = |column: fn(&SampleChunk) -> &[f64]| of::<Float64Type>(chunk, column, |v| !v.is_nan());
    add("id", u64s(|c| &c.id, 0), true);
    add("track", u64s(|c| &c.track, 1), true);
    add("source", u32s(|c| &c.source), true);
    add("observer", u32s(|c| &c.observer), true);
    add("t_ns", of::<Int64Type>(chunk, |c| &c.t_ns, |_| true), true);
    add("frame_index", u32s(|c| &c.frame_index), true);
    let origins = flat::origin_texts(chunk);
    add("origin", Arc::new(StringArray::from_iter_values(origins)), true);
    add("revision", u64s(|c| &c.revision, 0), true);
    if chunk.end_ns.is_some() {
        let ends = of::<Int64Type>(chunk, |c| c.end_ns.as_deref().unwrap_or_default(), |v| *v != i64::MIN);
        add("end_ns", ends, false);
    }
    if chunk.boxes.is_some() {
        add("left_px", numbers(|c| c.boxes.as_ref().map_or(&[], |b| &b.left_px)), false);
        add("top_px", numbers(|c| c.boxes.as_ref().map_or(&[], |b| &b.top_px)), false);
        add("width_px", numbers(|c| c.boxes.as_ref().map_or(&[], |b| &b.width_px)), false);
        add("height_px", numbers(|c| c.boxes.as_ref().map_or(&[], |b| &b.height_px)), false);
    }
    if chunk.poses.is_some() {
        add("reference_frame", u32s(|c| c.poses.as_ref().map_or(&[], |p| &p.reference_frame)), false);
        let named = |name: &str| format!("{name}_{unit}");
        add(&named("x"), numbers(|c| c.poses.as_ref().map_or(&[], |p| &p.x)), false);
        add(&named("y"), numbers(|c| c.poses.as_ref().map_or(&[], |p| &p.y)), false);
        add(&named("z"), numbers(|c| c.poses.as_ref().map_or(&[], |p| &p.z)), false);
        add(&named("extent_x"), numbers(|c| c.poses.as_ref().map_or(&[], |p| &p.length)), false);
        add(&named("extent_y"), numbers(|c| c.poses.as_ref().map_or(&[], |p| &p.width)), false);
        add(&named("extent_z"), numbers(|c| c.poses.as_ref().map_or(&[], |p| &p.height)), false);
        add("qw", numbers(|c| c.poses.as_ref().map_or(&[], |p| &p.qw)), false);
        add("qx", numbers(|c| c.poses.as_ref().map_or(&[], |p| &p.qx)), false);
        add("qy", numbers(|c| c.poses.as_ref().map_or(&[], |p| &p.qy)), false);
        add("qz", numbers(|c| c.poses.as_ref().map_or(&[], |p| &p.qz)), false);
    }
    if chunk.score.is_some() {
        add("score", numbers(|c| c.score.as_deref().unwrap_or_default()), false);
    }
    if chunk.visibility.is_some() {
        add("visibility", numbers(|c| c.visibility.as_deref().unwrap_or_default()), false);
    }
    if chunk.existence.is_some() {
        add("existence", numbers(|c| c.existence.as_deref().unwrap_or_default()), false);
    }
    match &chunk.known_ns {
        None => add("known_ns", new_null_array(&DataType::Int64, n), true),
        Some(known) => {
            let own = BooleanBuffer::collect_bool(n, |i| known[i] != chunk.t_ns[i]);
            let values = buffer(chunk, |c| c.known_ns.as_deref().unwrap_or_default());
            let values = ScalarBuffer::new(values, 0, n);
            add(
                "known_ns",
                Arc::new(PrimitiveArray::<Int64Type>::new(values, Some(NullBuffer::new(own)))),
                true,
            );
        }
    }
    columns
}

/// A column of a chunk as an array that holds the chunk.
fn of<T: ArrowPrimitiveType>(
    chunk: &Arc<SampleChunk>,
    column: fn(&SampleChunk) -> &[T::Native],
    has: impl Fn(&T::Native) -> bool,
) -> ArrayRef
where
    T::Native: bytemuck::NoUninit + Send,
{
    let cells = column(chunk);
    let nulls = NullBuffer::new(BooleanBuffer::collect_bool(cells.len(), |i| has(&cells[i])));
    let values = ScalarBuffer::new(buffer(chunk, column), 0, cells.len());
    Arc::new(PrimitiveArray::<T>::new(values, Some(nulls).filter(|nulls| nulls.null_count() > 0)))
}

fn buffer<T: bytemuck::NoUninit + Send>(
    chunk: &Arc<SampleChunk>,
    column: fn(&SampleChunk) -> &[T],
) -> Buffer {
    Buffer::from(bytes::Bytes::from_owner(Held { chunk: Arc::clone(chunk), column }))
}

/// A column that keeps its chunk in memory.
struct Held<T> {
    chunk: Arc<SampleChunk>,
    column: fn(&SampleChunk) -> &[T],
}

impl<T: bytemuck::NoUninit> AsRef<[u8]> for Held<T> {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice((self.column)(&self.chunk))
    }
}
