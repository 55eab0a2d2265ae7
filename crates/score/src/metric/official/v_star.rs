//! V-STaR as its authors score it.

use crate::datum::Datum;
use crate::metric::columns::{Cells, Columns, share};
use crate::metric::v_star::{means, place, span};
use crate::metric::{Metric, Takes, Tally};
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// V-STaR as the authors' code counts it: items without an answer are left out of the means of time and place, but not of the accuracy.
///
/// Truth and prediction as for `v-star`; `answer_vqa_score` is the grade 0 to 3 of the judge, of which 2 is right, and without one an answer is wrong. `mAP@…` are the
/// mean shares of the annotated pictures whose overlap is that large, where `v-star` compares the item's mean. `joint` values are shares of all items. LGM is left
/// out where a part is 1, where the source ends in an error. Differs from the source in that times of boxes are compared as numbers, not as texts.
///
/// # Source
/// `eval.py` of V-STaR-Bench/V-STaR (revision 1894682), to which it is equal.
#[derive(Clone, Copy, Debug)]
pub struct OfficialVStar;

impl Metric for OfficialVStar {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "v-star-official",
            about: "`v-star/official`: V-STaR exactly as its authors count: grades of a judge, unanswered items left out of the means",
            source: "score/src/metric/official/v_star.rs",
            paper: Some("Cheng et al., V-STaR, 2025"),
            example: "chronotope score v-star/official --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        let columns = Columns::scores("v-star/official", NAMES, marks).of_missing(|_truth| unanswered());
        Columns { headline: "mAM", derive, ..columns }.tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["timestamps", "bboxes"], prediction: &[] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

const OVERLAPS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];

const NAMES: &[&str] = &[
    "Acc",
    "joint",
    "joint_2",
    "m_tIoU",
    "R1@0.3",
    "R1@0.5",
    "R1@0.7",
    "m_vIoU",
    "mAP@0.1",
    "mAP@0.3",
    "mAP@0.5",
    "mAP@0.7",
    "mAP@0.9",
    "m_tIoU_2",
    "R1@0.3_2",
    "R1@0.5_2",
    "R1@0.7_2",
    "m_vIoU_2",
    "mAP@0.1_2",
    "mAP@0.3_2",
    "mAP@0.5_2",
    "mAP@0.7_2",
    "mAP@0.9_2",
];

/// Values of all items; the others are of those with an answer.
const OF_ALL: usize = 3;

/// An item without an answer.
fn unanswered() -> Cells {
    (0..NAMES.len()).map(|i| (i < OF_ALL).then_some(0.0)).collect()
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let (when, tube) = span(truth)?;
    if said.field("answer_vqa").is_none_or(|answer| answer.to_string().is_empty()) {
        return Ok(Some(unanswered()));
    }
    let right = said.field("answer_vqa_score").and_then(Datum::number).is_some_and(|grade| grade >= 2.0);
    let mut cells = vec![share(right)];
    let mut of_chains = Vec::new();
    for chain in ["", "_2"] {
        let time = crate::metric::v_star::when(when, said, &format!("answer_temporal{chain}"));
        let overlaps = place(&tube, said, &format!("answer_spatial{chain}"));
        let mean = overlaps.iter().sum::<f64>() / overlaps.len() as f64;
        cells.push(share(right && time >= 0.3 && mean >= 0.1));
        of_chains.push(Some(time));
        of_chains.extend([0.3, 0.5, 0.7].map(|least| share(time >= least)));
        of_chains.push(Some(mean));
        let reaching = |least: f64| overlaps.iter().filter(|overlap| **overlap >= least).count() as f64;
        of_chains.extend(OVERLAPS.map(|least| Some(reaching(least) / overlaps.len() as f64)));
    }
    cells.extend(of_chains);
    Ok(Some(cells))
}

fn derive(values: &mut BTreeMap<String, f64>) {
    let certain = ["Acc", "m_tIoU", "m_vIoU", "m_tIoU_2", "m_vIoU_2"]
        .map(|name| values.get(name).is_some_and(|value| *value >= 1.0));
    means(values);
    for (name, parts) in [("LGM", [0, 1, 2]), ("LGM_2", [0, 3, 4])] {
        if parts.iter().any(|&part| certain[part]) {
            values.remove(name);
            values.remove("mLGM");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Row;

    #[test]
    fn an_item_without_an_answer_counts_for_the_accuracy_alone() {
        let boxes = Datum::record([("12", Datum::numbers(&[0.0, 0.0, 2.0, 2.0]))]);
        let span = Datum::numbers(&[10.0, 20.0]);
        let truth = Datum::record([("timestamps", span.clone()), ("bboxes", boxes.clone())]);
        let said = Datum::record([
            ("answer_vqa", Datum::text("a chair")),
            ("answer_vqa_score", Datum::Number(2.0)),
            ("answer_temporal", span),
            ("answer_spatial", boxes),
        ]);
        let mut tally = OfficialVStar.tally();
        for prediction in [Some(&said), None, Some(&Datum::record([]))] {
            tally.add(&Row { id: "1", group: "g", truth: &truth, prediction }).expect("a truth");
        }
        let report = tally.finish();
        let value = |name: &str| report.overall.get(name).copied();
        assert_eq!(
            (value("Acc"), value("m_tIoU"), value("mAP@0.9")),
            (Some(1.0 / 3.0), Some(1.0), Some(1.0))
        );
        assert_eq!((value("LGM"), value("mLGM"), value("joint_2")), (None, None, Some(0.0)));
    }
}
