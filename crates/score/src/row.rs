//! One row to score.

use crate::datum::Datum;

/// An item's truth beside what was predicted for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<'a> {
    /// The item's id, for the lists of what is missing or unparsable.
    pub id: &'a str,
    /// What results are grouped by: a question type, a sequence.
    pub group: &'a str,
    /// The truth.
    pub truth: &'a Datum,
    /// The prediction; none where there is no answer.
    pub prediction: Option<&'a Datum>,
}
