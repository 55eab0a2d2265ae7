//! Events and what comes right before what, as text.

use crate::datum::Datum;
use std::collections::BTreeSet;

/// A temporal graph: events by name, and edges from an event to one that follows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemporalGraph {
    /// The names of the events, those of edges among them.
    pub nodes: BTreeSet<String>,
    /// Pairs of an event and one that follows it.
    pub edges: BTreeSet<(String, String)>,
}

impl TemporalGraph {
    /// The graph of a text, one statement a line or between `;`: `"wake up" -> eat` is an edge, also written `→`, a chain `a -> b -> c` is two,
    /// and a bare name is an event. Statements in brackets or braces of DOT (`digraph {`, `}`) are passed over.
    ///
    /// Names are compared without quotes, outer blanks and case. None where an arrow has no name on one side, and where nothing is said.
    /// A list is read statement by statement.
    pub fn read(datum: &Datum) -> Option<TemporalGraph> {
        let mut graph = TemporalGraph::default();
        match datum {
            Datum::List(items) => {
                for item in items {
                    if !matches!(item, Datum::Text(_)) {
                        return None;
                    }
                    graph.add(&item.to_string())?;
                }
                // nothing happened is something said
                return Some(graph);
            }
            Datum::Text(_) | Datum::Number(_) => graph.add(&datum.to_string())?,
            _ => return None,
        }
        (!graph.nodes.is_empty()).then_some(graph)
    }

    fn add(&mut self, text: &str) -> Option<()> {
        let statements = text.split(['\n', ';']).map(str::trim);
        for statement in statements {
            if statement.is_empty()
                || statement.ends_with('{')
                || statement == "}"
                || statement.starts_with("```")
            {
                continue;
            }
            let arrows = statement.replace('→', "->");
            let names: Vec<String> = arrows.split("->").map(name).collect();
            if names.iter().any(String::is_empty) {
                return None;
            }
            self.edges.extend(names.windows(2).map(|pair| (pair[0].clone(), pair[1].clone())));
            self.nodes.extend(names);
        }
        Some(())
    }
}

fn name(text: &str) -> String {
    let text = text.trim().trim_matches(['"', '\'', '`']).trim();
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<TemporalGraph> {
        TemporalGraph::read(&Datum::text(text))
    }

    #[test]
    fn edges_chains_and_lone_events_are_read() {
        let graph = read("digraph {\n\"Wake  up\" -> eat → leave;\n rain\n}").expect("a graph");
        assert_eq!(graph.nodes.iter().collect::<Vec<_>>(), ["eat", "leave", "rain", "wake up"]);
        let edge = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            graph.edges.into_iter().collect::<Vec<_>>(),
            [edge("eat", "leave"), edge("wake up", "eat")]
        );
    }

    #[test]
    fn broken_ones_are_none() {
        assert_eq!(read("a -> "), None);
        assert_eq!(read(" \n"), None);
        assert_eq!(TemporalGraph::read(&Datum::List(Vec::new())), Some(TemporalGraph::default()));
    }
}
