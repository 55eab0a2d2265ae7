//! Typed flat columns: between rows in memory and Parquet's values with definition levels.

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::ByteArray;
use parquet::schema::types::{ColumnDescriptor, Type, TypePtr};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    I64,
    U64,
    U32,
    F64,
    Bool,
    Text,
}

/// The values that are present, in row order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Values {
    /// Also u64, by its bits.
    I64(Vec<i64>),
    /// u32, by its bits.
    I32(Vec<i32>),
    F64(Vec<f64>),
    Bool(Vec<bool>),
    Text(Vec<ByteArray>),
}

/// One column of a row group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) values: Values,
    /// 1 where a row has a value, 0 where not; none: every row has one and the column is required.
    pub(crate) levels: Option<Vec<i16>>,
}

impl Column {
    /// A required column.
    pub(crate) fn required(name: &str, kind: Kind, values: Values) -> Column {
        Column { name: name.to_owned(), kind, values, levels: None }
    }

    /// A nullable column of signed numbers.
    pub(crate) fn i64(name: &str, cells: impl Iterator<Item = Option<i64>>) -> Column {
        let (values, levels) = split(cells);
        Column { name: name.to_owned(), kind: Kind::I64, values: Values::I64(values), levels: Some(levels) }
    }

    /// A nullable column of ids and counts.
    pub(crate) fn u64(name: &str, cells: impl Iterator<Item = Option<u64>>) -> Column {
        let (values, levels) = split(cells.map(|cell| cell.map(u64::cast_signed)));
        Column { name: name.to_owned(), kind: Kind::U64, values: Values::I64(values), levels: Some(levels) }
    }

    /// A nullable column of small ids and counts.
    pub(crate) fn u32(name: &str, cells: impl Iterator<Item = Option<u32>>) -> Column {
        let (values, levels) = split(cells.map(|cell| cell.map(u32::cast_signed)));
        Column { name: name.to_owned(), kind: Kind::U32, values: Values::I32(values), levels: Some(levels) }
    }

    /// A nullable column of numbers, stored bit by bit.
    pub(crate) fn f64(name: &str, cells: impl Iterator<Item = Option<f64>>) -> Column {
        let (values, levels) = split(cells);
        Column { name: name.to_owned(), kind: Kind::F64, values: Values::F64(values), levels: Some(levels) }
    }

    /// A nullable column of truths.
    pub(crate) fn bool(name: &str, cells: impl Iterator<Item = Option<bool>>) -> Column {
        let (values, levels) = split(cells);
        Column { name: name.to_owned(), kind: Kind::Bool, values: Values::Bool(values), levels: Some(levels) }
    }

    /// A nullable column of texts.
    pub(crate) fn text<'a>(name: &str, cells: impl Iterator<Item = Option<&'a str>>) -> Column {
        let (values, levels) = split(cells.map(|cell| cell.map(ByteArray::from)));
        Column { name: name.to_owned(), kind: Kind::Text, values: Values::Text(values), levels: Some(levels) }
    }

    /// Takes the first rows out.
    pub(crate) fn take_front(&mut self, rows: usize) -> Column {
        let (levels, n_values) = match &mut self.levels {
            None => (None, rows),
            Some(levels) => {
                let rest = levels.split_off(rows.min(levels.len()));
                let front = std::mem::replace(levels, rest);
                let n_values = front.iter().filter(|&&level| level > 0).count();
                (Some(front), n_values)
            }
        };
        let values = match &mut self.values {
            Values::I64(v) => Values::I64(front_of(v, n_values)),
            Values::I32(v) => Values::I32(front_of(v, n_values)),
            Values::F64(v) => Values::F64(front_of(v, n_values)),
            Values::Bool(v) => Values::Bool(front_of(v, n_values)),
            Values::Text(v) => Values::Text(front_of(v, n_values)),
        };
        Column { name: self.name.clone(), kind: self.kind, values, levels }
    }

    /// No row has a value.
    pub(crate) fn is_absent(&self) -> bool {
        self.levels.is_some() && self.values.len() == 0
    }

    /// A column without values.
    pub(crate) fn absent(name: &str, kind: Kind, rows: usize) -> Column {
        let values = match kind {
            Kind::I64 | Kind::U64 => Values::I64(Vec::new()),
            Kind::U32 => Values::I32(Vec::new()),
            Kind::F64 => Values::F64(Vec::new()),
            Kind::Bool => Values::Bool(Vec::new()),
            Kind::Text => Values::Text(Vec::new()),
        };
        Column { name: name.to_owned(), kind, values, levels: Some(vec![0; rows]) }
    }

    /// The column's type in the schema of a part.
    pub(crate) fn parquet_type(&self) -> parquet::errors::Result<TypePtr> {
        let integer = |bits: i8, is_signed: bool| LogicalType::integer(bits, is_signed);
        let (physical, logical) = match self.kind {
            Kind::I64 => (Physical::INT64, None),
            Kind::U64 => (Physical::INT64, Some(integer(64, false))),
            Kind::U32 => (Physical::INT32, Some(integer(32, false))),
            Kind::F64 => (Physical::DOUBLE, None),
            Kind::Bool => (Physical::BOOLEAN, None),
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let repetition = if self.levels.is_some() { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        Type::primitive_type_builder(&self.name, physical)
            .with_repetition(repetition)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    }
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        match self {
            Values::I64(v) => v.len(),
            Values::I32(v) => v.len(),
            Values::F64(v) => v.len(),
            Values::Bool(v) => v.len(),
            Values::Text(v) => v.len(),
        }
    }
}

/// What a column of a part holds; none where it is nested or of a type that no table has.
pub(crate) fn kind_of(column: &ColumnDescriptor) -> Option<Kind> {
    if column.max_rep_level() != 0 || column.max_def_level() > 1 || column.path().parts().len() != 1 {
        return None;
    }
    let unsigned = |bits: i8| column.logical_type_ref() == Some(&LogicalType::integer(bits, false));
    match column.physical_type() {
        Physical::INT64 if unsigned(64) => Some(Kind::U64),
        Physical::INT64 => Some(Kind::I64),
        Physical::INT32 if unsigned(32) => Some(Kind::U32),
        Physical::DOUBLE => Some(Kind::F64),
        Physical::BOOLEAN => Some(Kind::Bool),
        Physical::BYTE_ARRAY => Some(Kind::Text),
        _ => None,
    }
}

fn front_of<T>(values: &mut Vec<T>, n: usize) -> Vec<T> {
    let rest = values.split_off(n.min(values.len()));
    std::mem::replace(values, rest)
}

fn split<T>(cells: impl Iterator<Item = Option<T>>) -> (Vec<T>, Vec<i16>) {
    let (mut values, mut levels) = (Vec::new(), Vec::with_capacity(cells.size_hint().0));
    for cell in cells {
        levels.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    (values, levels)
}

/// The columns of a small table, to make rows from. Faults are texts: the caller knows table and part.
pub(crate) struct Cells {
    pub(crate) rows: usize,
    columns: BTreeMap<String, Column>,
}

impl Cells {
    pub(crate) fn new(rows: usize, columns: Vec<Column>) -> Cells {
        Cells { rows, columns: columns.into_iter().map(|c| (c.name.clone(), c)).collect() }
    }

    /// Cells of a column; all empty where the part has no such column.
    fn cells<T>(
        &mut self,
        name: &str,
        kind: Kind,
        unpack: impl FnOnce(Values) -> Option<Vec<T>>,
    ) -> Result<Vec<Option<T>>, String> {
        let Some(column) = self.columns.remove(name) else {
            return Ok((0..self.rows).map(|_row| None).collect());
        };
        let found = column.kind;
        let values = (found == kind).then(|| unpack(column.values)).flatten();
        let values = values.ok_or_else(|| format!("column {name}: expected {kind:?}, found {found:?}"))?;
        let mut values = values.into_iter();
        match column.levels {
            None => Ok(values.map(Some).collect()),
            Some(levels) => {
                Ok(levels.iter().map(|&level| if level > 0 { values.next() } else { None }).collect())
            }
        }
    }

    pub(crate) fn i64(&mut self, name: &str) -> Result<Vec<Option<i64>>, String> {
        self.cells(name, Kind::I64, |values| if let Values::I64(v) = values { Some(v) } else { None })
    }

    pub(crate) fn u64(&mut self, name: &str) -> Result<Vec<Option<u64>>, String> {
        let unpack = |values| match values {
            Values::I64(v) => Some(v.into_iter().map(i64::cast_unsigned).collect()),
            _ => None,
        };
        self.cells(name, Kind::U64, unpack)
    }

    pub(crate) fn u32(&mut self, name: &str) -> Result<Vec<Option<u32>>, String> {
        let unpack = |values| match values {
            Values::I32(v) => Some(v.into_iter().map(i32::cast_unsigned).collect()),
            _ => None,
        };
        self.cells(name, Kind::U32, unpack)
    }

    pub(crate) fn f64(&mut self, name: &str) -> Result<Vec<Option<f64>>, String> {
        self.cells(name, Kind::F64, |values| if let Values::F64(v) = values { Some(v) } else { None })
    }

    pub(crate) fn bool(&mut self, name: &str) -> Result<Vec<Option<bool>>, String> {
        self.cells(name, Kind::Bool, |values| if let Values::Bool(v) = values { Some(v) } else { None })
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Vec<Option<String>>, String> {
        let cells =
            self.cells(name, Kind::Text, |values| if let Values::Text(v) = values { Some(v) } else { None })?;
        let text = |cell: Option<ByteArray>| match cell {
            None => Ok(None),
            Some(bytes) => String::from_utf8(bytes.data().to_vec())
                .map(Some)
                .map_err(|error| format!("column {name}: expected UTF-8, found {}", error.utf8_error())),
        };
        cells.into_iter().map(text).collect()
    }
}

/// The value of a cell that every row must have.
pub(crate) fn must<T>(name: &str, row: usize, cell: Option<T>) -> Result<T, String> {
    cell.ok_or_else(|| format!("row {row}: expected a value in column {name}, found none"))
}
