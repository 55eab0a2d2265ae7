//! TOMATO: whether questions need the order of pictures.

use super::accuracy::right;
use super::columns::{Cells, Columns};
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// What questions need: multi-frame gain κ = Acc(many) / Acc(one) − 1, order sensitivity τ = Acc(many) / Acc(shuffled) − 1, information disparity
/// ρ = Acc(picked) / Acc(one) − 1. The result is `Acc_many`.
///
/// Truth: `answer`. Prediction: answers to the same question with all pictures (`many`), with `one` picture, with `shuffled` pictures and with the `picked` best one; those that are not
/// there leave their measures out. An accuracy of 0 below the line leaves the measure out. The exact symbols are known from notes.
///
/// # Source
/// Shangguan et al., TOMATO, 2025.
#[derive(Clone, Copy, Debug)]
pub struct Tomato;

impl Metric for Tomato {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "tomato",
            about: "what a question needs: multi-frame gain, order sensitivity, information disparity",
            source: "score/src/metric/tomato.rs",
            paper: Some("Shangguan et al., TOMATO, ICLR 2025"),
            example: "chronotope score tomato --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns {
            derive,
            ..Columns::scores("tomato", &["Acc_many", "Acc_one", "Acc_shuffled", "Acc_picked"], marks)
        }
        .tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer"], prediction: &["many"] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let answer = truth.field("answer").ok_or("a record of answer")?;
    let of =
        |name: &str| said.field(name).map(|said| f64::from(u8::from(right(answer, said) == Ok(Some(1.0)))));
    Ok(Some(vec![Some(of("many").unwrap_or_default()), of("one"), of("shuffled"), of("picked")]))
}

fn derive(values: &mut BTreeMap<String, f64>) {
    for (name, above, below) in [
        ("kappa", "Acc_many", "Acc_one"),
        ("tau", "Acc_many", "Acc_shuffled"),
        ("rho", "Acc_picked", "Acc_one"),
    ] {
        if let (Some(above), Some(below)) = (values.get(above).copied(), values.get(below).copied())
            && below > 0.0
        {
            values.insert(name.to_owned(), above / below - 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gains_are_those_of_the_worked_vector_and_need_a_denominator() {
        let mut values: BTreeMap<String, f64> =
            [("Acc_many", 0.5), ("Acc_one", 0.4), ("Acc_shuffled", 0.45), ("Acc_picked", 0.0)]
                .map(|(k, v)| (k.to_owned(), v))
                .into();
        derive(&mut values);
        assert!((values["kappa"] - 0.25).abs() < 1e-12 && (values["tau"] - 1.0 / 9.0).abs() < 1e-12);
        values.insert("Acc_one".to_owned(), 0.0);
        values.remove("kappa");
        derive(&mut values);
        assert!(!values.contains_key("kappa"));
    }
}
