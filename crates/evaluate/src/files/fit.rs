//! Which metrics fit two files.

use super::form::{self, Form};
use super::{ScoreSettings, coco, joined};
use crate::error::Error;
use chronotope_score::{METRICS, Mark, Takes};
use std::path::Path;

/// A metric that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Its name.
    pub metric: &'static str,
    /// What it measures.
    pub about: &'static str,
}

/// Rows that are tried.
const TRIED: usize = 200;

/// The metrics that take the truths of these files and can read at least one of the predictions, by their first rows.
///
/// # Errors
/// A file that cannot be read.
pub fn fitting(truth: &Path, said: &Path, settings: &ScoreSettings) -> Result<Vec<Fit>, Error> {
    let form = form::of(truth)?;
    let detections = form == Some(Form::Table) && coco::looks_like(truth)?;
    let mut fits = Vec::new();
    for metric in METRICS {
        let entry = metric.entry();
        let fit = Fit { metric: entry.name, about: entry.about };
        let takes = metric.takes();
        match (takes, form) {
            (Takes::Tracks, Some(Form::Tracks)) | (Takes::Path, Some(Form::Path)) => fits.push(fit),
            (Takes::Tracks | Takes::Path, None) => fits.push(fit),
            (Takes::Objects { masks }, Some(Form::Table)) if detections => {
                if coco::joined(truth, said, masks, &mut |_| Ok(())).is_ok() {
                    fits.push(fit);
                }
            }
            (Takes::Tracks | Takes::Path | Takes::Objects { .. }, _)
            | (_, None | Some(Form::Tracks | Form::Path)) => {}
            _ if detections => {}
            (takes, Some(Form::Table)) => {
                let (mut tally, mut n, mut read) = (metric.tally(), 0, 0);
                let tried = joined(truth, said, takes, settings, &mut |row| {
                    let mark = tally.add(row)?;
                    n += 1;
                    read += usize::from(row.prediction.is_some() && mark != Mark::Unparsable);
                    if n == TRIED { Err(enough(truth)) } else { Ok(()) }
                });
                let refused = match tried {
                    Ok(()) => false,
                    Err(Error::Row { line: u64::MAX, .. }) => false,
                    // a truth that does not fit, or a field that is not there
                    Err(Error::Score(_) | Error::Truth { .. } | Error::Row { .. }) => true,
                    Err(other) => return Err(other),
                };
                if !refused && read > 0 {
                    fits.push(fit);
                }
            }
        }
    }
    Ok(fits)
}

/// Ends the trial; never shown.
fn enough(path: &Path) -> Error {
    Error::row(path, u64::MAX, "", "")
}
