//! What is compared: a truth or a prediction.

use std::fmt;

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
}

impl Datum {
    /// Words.
    pub fn text(text: impl Into<String>) -> Datum {
        Datum::Text(text.into())
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
        }
    }
}
