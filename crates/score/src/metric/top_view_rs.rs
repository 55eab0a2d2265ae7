//! TopViewRS: labels, wholly or word by word.

use super::columns::{Cells, Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeSet;

/// TopViewRS: `EM`, the share of items whose set of labels is that of the truth, and `PM`, the share of words that both have in common,
/// |words(p) ∩ words(g)| / max(|words(p)|, |words(g)|), as sets without regard to case.
///
/// Truth: a label or a list of them. A text is a list at its commas, semicolons and line ends; words are runs of letters and digits. The headline is `PM`.
///
/// # Source
/// Li et al., TopViewRS, EMNLP 2024, from its description: the authors' code was not at hand, so the form of `PM` is not verified against it.
#[derive(Clone, Copy, Debug)]
pub struct TopViewRs;

impl Metric for TopViewRs {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "top-view-rs",
            about: "exact match of labels and the share of their words in common, as TopViewRS describes them (not verified against its code)",
            source: "score/src/metric/top_view_rs.rs",
            paper: Some(
                "Li et al., TopViewRS: Vision-Language Models as Top-View Spatial Reasoners, EMNLP 2024",
            ),
            example: "chronotope score top-view-rs --truth truth.jsonl --pred pred.jsonl --by task",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("top-view-rs", &["PM", "EM"], marks).tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let truth =
        labels(truth).filter(|labels| !words(labels).is_empty()).ok_or("a label or a list of them")?;
    let Some(said) = labels(said) else { return Ok(None) };
    let (expected, found) = (words(&truth), words(&said));
    if found.is_empty() {
        return Ok(None);
    }
    let common = expected.intersection(&found).count() as f64;
    let partial = common / expected.len().max(found.len()) as f64;
    Ok(Some(vec![Some(partial), share(truth == said)]))
}

fn labels(said: &Datum) -> Option<BTreeSet<String>> {
    let texts: Vec<&str> = match said {
        Datum::Text(text) => text.split([',', ';', '\n']).collect(),
        Datum::List(items) => items
            .iter()
            .map(|item| if let Datum::Text(text) = item { Some(text.as_str()) } else { None })
            .collect::<Option<_>>()?,
        _ => return None,
    };
    let plain = texts.iter().map(|text| text.trim().trim_end_matches('.').to_lowercase());
    Some(plain.filter(|label| !label.is_empty()).collect())
}

fn words(labels: &BTreeSet<String>) -> BTreeSet<&str> {
    let words = labels.iter().flat_map(|label| label.split(|c: char| !c.is_alphanumeric()));
    words.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(truth: &str, said: &str) -> Option<[f64; 2]> {
        let cells = marks(&Datum::text(truth), &Datum::text(said)).expect("a label")?;
        Some([cells[0].expect("a share"), cells[1].expect("yes or no")])
    }

    #[test]
    fn words_in_common_count_over_the_longer_of_both() {
        assert_eq!(found("top left", "Top left."), Some([1.0, 1.0]));
        assert_eq!(found("top left", "top right"), Some([0.5, 0.0]));
        assert_eq!(found("left", "top left corner"), Some([1.0 / 3.0, 0.0]));
        assert_eq!(found("chair, sofa", "sofa; chair"), Some([1.0, 1.0]));
        assert_eq!(found("top left", "bottom right"), Some([0.0, 0.0]));
        assert_eq!(found("top left", " ?! "), None);
    }

    #[test]
    fn a_truth_without_a_label_is_refused() {
        marks(&Datum::text(" , "), &Datum::text("left")).expect_err("no label");
        marks(&Datum::Number(2.0), &Datum::text("left")).expect_err("no label");
    }
}
