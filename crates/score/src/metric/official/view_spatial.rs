//! ViewSpatial-Bench as its authors score it.

use super::mvbench::alone;
use crate::datum::Datum;
use crate::metric::means::{Means, Overall};
use crate::metric::{Metric, Tally};
use chronotope_world::catalogue::Entry;

/// ViewSpatial-Bench's accuracy: the first stand-alone A to D of the last line, in either case.
///
/// Differs from `accuracy`: the article in `a chair` is option A, and the letter need not come first. The groups are the benchmark's five types;
/// `accuracy` is over all items.
///
/// # Source
/// `evaluate.py` of ZJU-REAL/ViewSpatial-Bench; equal to `lmms_eval/tasks/viewspatial/utils.py` of lmms-eval 0.7.3.
#[derive(Clone, Copy, Debug)]
pub struct OfficialViewSpatial;

impl Metric for OfficialViewSpatial {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "view-spatial-official",
            about: "`view-spatial/official`: ViewSpatial-Bench exactly as its authors score it: the first stand-alone letter of the last line",
            source: "score/src/metric/official/view_spatial.rs",
            paper: Some("Li et al., ViewSpatial-Bench, 2025"),
            example: "chronotope score view-spatial/official --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("view-spatial/official", "accuracy", judge, Overall::Micro)
    }
}

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    let expected = "a text with an option letter A to D";
    let Datum::Text(truth) = truth else { return Err(expected) };
    let truth = option(truth).ok_or(expected)?;
    let said = said.to_string();
    let last = said.rsplit('\n').next().unwrap_or_default();
    Ok(option(last).map(|said| f64::from(u8::from(said == truth))))
}

fn option(text: &str) -> Option<char> {
    alone(&text.to_ascii_lowercase(), 'a'..='d')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_and_an_article_is_an_option() {
        let found = |said: &str| judge(&Datum::text("A. left"), &Datum::text(said)).expect("a letter");
        assert_eq!(found("B\nso it is a chair"), Some(1.0));
        assert_eq!(found("A\nthe answer is (B)"), Some(0.0));
        assert_eq!(found("A\nleft"), None);
    }
}
