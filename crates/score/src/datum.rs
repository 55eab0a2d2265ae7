//! What is compared: a truth or a prediction.

use crate::objects::Object;
use crate::path::Path;
use crate::tracks::Tracks;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A truth, or what was predicted.
///
/// A prediction that somebody said in words is a [`Datum::Text`], and the metric reads it as its source does; a program
/// that knows better hands in a number.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Datum {
    /// Words: a letter, a label, a sentence.
    Text(String),
    /// A number, in the unit that the truth has.
    Number(f64),
    /// Several; order counts where the metric says so.
    List(Vec<Datum>),
    /// Named fields, of metrics that compare more than one thing of an item; a field without a value is left out.
    Record(BTreeMap<String, Datum>),
    /// Boxes with identities over the pictures of a sequence.
    Tracks(Arc<Tracks>),
    /// Poses over time.
    Path(Arc<Path>),
    /// Objects of a picture.
    Objects(Arc<Vec<Object>>),
}

impl Datum {
    /// Words.
    pub fn text(text: impl Into<String>) -> Datum {
        Datum::Text(text.into())
    }

    /// Numbers.
    pub fn numbers(numbers: &[f64]) -> Datum {
        Datum::List(numbers.iter().copied().map(Datum::Number).collect())
    }

    /// Named fields.
    pub fn record<const N: usize>(fields: [(&str, Datum); N]) -> Datum {
        Datum::Record(fields.into_iter().map(|(name, datum)| (name.to_owned(), datum)).collect())
    }

    /// The field of this name, of a record that has it.
    pub fn field(&self, name: &str) -> Option<&Datum> {
        match self {
            Datum::Record(fields) => fields.get(name),
            _ => None,
        }
    }

    /// The finite number that this is, or that its text is as a whole.
    pub fn number(&self) -> Option<f64> {
        let number = match self {
            Datum::Number(number) => Some(*number),
            Datum::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number| number.is_finite())
    }

    /// The finite numbers of a list of them.
    pub fn list_of_numbers(&self) -> Option<Vec<f64>> {
        match self {
            Datum::List(items) => items.iter().map(Datum::number).collect(),
            _ => None,
        }
    }

    /// Whether it says yes: `true`, `yes`, 1; or no: `false`, `no`, 0.
    pub fn verdict(&self) -> Option<bool> {
        match self {
            Datum::Number(1.0) => Some(true),
            Datum::Number(0.0) => Some(false),
            Datum::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Some(true),
                "false" | "no" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

impl fmt::Display for Datum {
    /// As a person would write it; lists are joined by commas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Datum::Text(text) => f.write_str(text),
            Datum::Number(number) => write!(f, "{number}"),
            Datum::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            Datum::Record(fields) => {
                for (i, (name, item)) in fields.iter().enumerate() {
                    write!(f, "{}{name}: {item}", if i == 0 { "{" } else { ", " })?;
                }
                f.write_str(if fields.is_empty() { "{}" } else { "}" })
            }
            Datum::Tracks(tracks) => write!(f, "{} boxes of tracks", tracks.len()),
            Datum::Path(path) => write!(f, "a path of {} poses", path.len()),
            Datum::Objects(objects) => write!(f, "{} objects of a picture", objects.len()),
        }
    }
}
