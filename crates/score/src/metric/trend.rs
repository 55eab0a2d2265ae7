//! Direction of a change.

use super::columns::{Cells, Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::extract::number;
use chronotope_world::catalogue::Entry;

/// Accuracy of trends in five classes (`accuracy_5`, the result) and in three (`accuracy_3`): falling strongly, falling, flat, rising, rising strongly.
///
/// Truth and prediction are a change in per cent, cut at ±2 and ±4, or one of the words down, fall, flat, stable, up, rise with `strong` or `slight`; a word
/// without either is the weaker class. The cut points are provisional: the paper is known from its abstract only.
///
/// # Source
/// MTBench, 2025.
#[derive(Clone, Copy, Debug)]
pub struct Trend;

impl Metric for Trend {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "trend",
            about: "direction of a change, in five classes and in three",
            source: "score/src/metric/trend.rs",
            paper: Some("MTBench, 2025 (definitions from its abstract)"),
            example: "chronotope score trend --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("trend", &["accuracy_5", "accuracy_3"], marks).tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let truth = class(truth).ok_or("a change in per cent, or a word for it")?;
    let Some(said) = class(said) else { return Ok(None) };
    Ok(Some(vec![share(truth == said), share(truth.signum() == said.signum())]))
}

/// −2 to 2.
fn class(change: &Datum) -> Option<i8> {
    let Some(number) = change.number() else {
        let Datum::Text(text) = change else { return None };
        let text = text.to_lowercase();
        let any = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let size = if any(&["strong", "sharp", "> 4", ">4"]) { 2 } else { 1 };
        return match (
            any(&["down", "fall", "bearish", "decreas", "negative"]),
            any(&["up", "ris", "bullish", "increas", "positive"]),
        ) {
            (true, false) => Some(-size),
            (false, true) => Some(size),
            (false, false) if any(&["flat", "stable", "neutral", "same"]) => Some(0),
            _ => number(&text).map(of_number),
        };
    };
    Some(of_number(number))
}

fn of_number(percent: f64) -> i8 {
    let size = if percent.abs() > 4.0 { 2 } else { i8::from(percent.abs() > 2.0) };
    if percent < 0.0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_fall_into_the_same_classes() {
        let of = |text: &str| class(&Datum::text(text));
        assert_eq!(
            [of("-5"), of("strongly falling"), of("3 %"), of("flat"), of("rising")],
            [Some(-2), Some(-2), Some(1), Some(0), Some(1)]
        );
        assert_eq!((of("up and down"), of("whatever")), (None, None));
        let found = marks(&Datum::Number(5.0), &Datum::text("rising")).expect("a truth").expect("read");
        assert_eq!(found, [Some(0.0), Some(1.0)]);
    }
}
