//! How many events and edges turn one temporal graph into another.
//!
//! Sanfeliu and Fu, A distance measure between attributed relational graphs, 1983; as a measure of temporal graphs: Zhang, Beauchamp and Wang,
//! Narrative-of-Thought, 2024. Names are unique, so that the least distance is the size of what differs.

use super::sums::{Summing, Sums};
use super::{Metric, Tally, TemporalGraph};
use crate::report::Mark;
use crate::row::Row;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// Graph edit distance of temporal graphs, one for each event and each edge that is put in or taken out.
///
/// `distance` is the mean over all rows; `similarity`, the headline, is 1 minus the distance as a share of the events and edges of both graphs:
/// 1 for equal ones, 0 where nothing is shared. A missing or unreadable prediction is the empty graph.
#[derive(Clone, Copy, Debug)]
pub struct GraphEditDistance;

impl Metric for GraphEditDistance {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "graph-edit-distance",
            about: "how many events and edges turn one temporal graph into the other",
            source: "score/src/metric/graph_edit_distance.rs",
            paper: Some("Zhang et al., Narrative-of-Thought, 2024"),
            example: "chronotope score graph-edit-distance --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Summing::new(GraphEditDistance))
    }
}

/// The fewest insertions and deletions of events and edges that make the graphs equal, events being told apart by name.
pub fn edit_distance(a: &TemporalGraph, b: &TemporalGraph) -> usize {
    a.nodes.symmetric_difference(&b.nodes).count() + a.edges.symmetric_difference(&b.edges).count()
}

impl Sums for GraphEditDistance {
    fn metric(&self) -> &'static str {
        "graph-edit-distance"
    }

    fn headline(&self) -> &'static str {
        "similarity"
    }

    fn width(&self) -> usize {
        2
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        let truth = TemporalGraph::read(row.truth).ok_or("statements such as `a -> b`")?;
        let read = row.prediction.map(TemporalGraph::read);
        let said = read.clone().flatten().unwrap_or_default();
        let size = |graph: &TemporalGraph| graph.nodes.len() + graph.edges.len();
        let (distance, most) = (edit_distance(&truth, &said) as f64, (size(&truth) + size(&said)) as f64);
        into[0] = distance;
        Ok(match read {
            None => Mark::Missing,
            // what cannot be read has no share of anything, even where the truth is empty
            Some(None) => Mark::Unparsable,
            Some(Some(_)) => {
                into[1] = if most > 0.0 { 1.0 - distance / most } else { 1.0 };
                Mark::Score(into[1])
            }
        })
    }

    fn values(&self, sums: &[f64], n: f64) -> BTreeMap<String, f64> {
        let mean = |sum: f64| (n > 0.0).then(|| sum / n);
        let named = [("distance", mean(sums[0])), ("similarity", mean(sums[1]))];
        named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::Datum;

    #[test]
    fn events_and_edges_that_differ_are_counted() {
        let graph = |text: &str| TemporalGraph::read(&Datum::text(text)).expect("a graph");
        let (a, b) = (graph("a -> b; b -> c"), graph("a -> b; b -> d; c"));
        // one event more, and one edge for another
        assert_eq!(edit_distance(&a, &b), 3);
        assert_eq!(edit_distance(&b, &a), 3);
        assert_eq!(edit_distance(&a, &a), 0);
        assert_eq!(edit_distance(&a, &TemporalGraph::default()), 5);
    }

    #[test]
    fn similarity_is_what_is_shared() {
        let mut tally = GraphEditDistance.tally();
        let truth = Datum::text("a -> b; b -> c");
        let said = Datum::text("a -> b; b -> d; c");
        for (id, prediction) in [("1", Some(&said)), ("2", None)] {
            tally.add(&Row { id, group: "g", truth: &truth, prediction }).expect("a graph");
        }
        let report = tally.finish();
        // 3 of 11, and all of 5
        assert_eq!(report.overall["distance"], 4.0);
        assert_eq!(report.result(), Some(f64::midpoint(8.0 / 11.0, 0.0)));
    }
}
