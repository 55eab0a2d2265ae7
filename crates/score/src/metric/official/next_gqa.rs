//! NExT-GQA as its authors score it.

use crate::metric::columns::Columns;
use crate::metric::next_gqa::{NAMES, marks};
use crate::metric::{Metric, Takes, Tally};
use chronotope_world::catalogue::Entry;

/// NExT-GQA with what is missing left out of the denominator, as the authors' code does.
///
/// Differs from `next-gqa` in that alone: there a question without a prediction counts 0.
///
/// # Source
/// `code/TempGQA/eval_ground.py` of doc-doc/NExT-GQA (revision 63772e0), to which it is equal; that compares answers as they are, this ignores case.
#[derive(Clone, Copy, Debug)]
pub struct OfficialNextGqa;

impl Metric for OfficialNextGqa {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "next-gqa-official",
            about: "`next-gqa/official`: NExT-GQA as its authors score it: questions without a prediction are left out",
            source: "score/src/metric/official/next_gqa.rs",
            paper: Some(
                "Xiao et al., Can I Trust Your Answer? Visually Grounded Video Question Answering, CVPR 2024",
            ),
            example: "chronotope score next-gqa/official --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns { unread: None, ..Columns::scores("next-gqa/official", NAMES, marks) }.tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer", "location"], prediction: &["answer"] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::Datum;
    use crate::row::Row;

    #[test]
    fn a_missing_prediction_is_left_out() {
        let truth =
            Datum::record([("answer", Datum::text("a dog")), ("location", Datum::numbers(&[0.0, 4.0]))]);
        let mut tally = OfficialNextGqa.tally();
        for said in [Some(&truth), None] {
            tally.add(&Row { id: "1", group: "g", truth: &truth, prediction: said }).expect("a record");
        }
        let report = tally.finish();
        assert_eq!((report.result(), report.n, report.missing.n), (Some(1.0), 2, 1));
    }
}
