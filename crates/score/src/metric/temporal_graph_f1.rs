//! F1 over the edges of temporal graphs.
//!
//! Zhang, Beauchamp and Wang, Narrative-of-Thought: improving temporal reasoning of large language models via recounted narratives, 2024.

use super::sums::{Summing, Sums};
use super::{Metric, Tally, TemporalGraph};
use crate::report::Mark;
use crate::row::Row;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// Precision, recall and F1 of the edges of temporal graphs, counted over all graphs (micro).
///
/// Graphs are texts of statements such as `wake up -> eat`, see [`TemporalGraph::read`]. A graph of its own scores its own F1. Where no graph
/// has an edge and none was predicted, nothing was wrong: 1. An unreadable prediction has no edges.
#[derive(Clone, Copy, Debug)]
pub struct TemporalGraphF1;

impl Metric for TemporalGraphF1 {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "temporal-graph-f1",
            about: "precision, recall and F1 over the edges of temporal graphs",
            source: "score/src/metric/temporal_graph_f1.rs",
            paper: Some("Zhang et al., Narrative-of-Thought, 2024"),
            example: "chronotope score temporal-graph-f1 --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Summing::new(TemporalGraphF1))
    }
}

impl Sums for TemporalGraphF1 {
    fn metric(&self) -> &'static str {
        "temporal-graph-f1"
    }

    fn headline(&self) -> &'static str {
        "f1"
    }

    fn width(&self) -> usize {
        3
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        let truth = TemporalGraph::read(row.truth).ok_or("statements such as `a -> b`")?;
        into[1] = truth.edges.len() as f64;
        let Some(said) = row.prediction else { return Ok(Mark::Missing) };
        let Some(said) = TemporalGraph::read(said) else { return Ok(Mark::Unparsable) };
        into[0] = truth.edges.intersection(&said.edges).count() as f64;
        into[2] = said.edges.len() as f64;
        Ok(Mark::Score(f1(into)))
    }

    fn values(&self, sums: &[f64], n: f64) -> BTreeMap<String, f64> {
        let share = |of: f64| (of > 0.0).then(|| sums[0] / of);
        let f1 = (n > 0.0).then(|| f1(sums));
        let named = [("precision", share(sums[2])), ("recall", share(sums[1])), ("f1", f1)];
        named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

/// Of edges of both, of the truth and of the prediction.
fn f1(sums: &[f64]) -> f64 {
    let all = sums[1] + sums[2];
    if all > 0.0 { 2.0 * sums[0] / all } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::Datum;

    #[test]
    fn edges_are_counted_over_all_graphs() {
        let mut tally = TemporalGraphF1.tally();
        let mut add = |id, truth: &str, said: Option<&str>| {
            let (truth, said) = (Datum::text(truth), said.map(Datum::text));
            tally.add(&Row { id, group: "g", truth: &truth, prediction: said.as_ref() }).expect("graphs")
        };
        // one of two edges, turned around it does not count
        assert_eq!(add("1", "a -> b; b -> c", Some("a -> b\nc -> b")), Mark::Score(0.5));
        assert_eq!(add("2", "a -> b", Some("->")), Mark::Unparsable);
        assert_eq!(add("3", "a -> b", None), Mark::Missing);
        assert_eq!(add("4", "a", Some("b")), Mark::Score(1.0));
        let report = tally.finish();
        // 1 of 2 said, 1 of 4 true
        assert_eq!((report.overall["precision"], report.overall["recall"]), (0.5, 0.25));
        assert_eq!((report.result(), report.n), (Some(2.0 / 6.0), 4));
    }
}
