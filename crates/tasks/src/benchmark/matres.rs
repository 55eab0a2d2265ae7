//! MATRES: which of two events in a news text began first.

use super::{Benchmark, Loaded};
use crate::error::Error;
use crate::item::{Item, Scene, Truth};
use crate::lines::{files_of, stem};
use chronotope_ask::Form;
use chronotope_formats::import::text_of;
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    Clock, Fact, FactId, Known, Reference, Source, SourceId, SourceKind, Span, World, WorldBuilder,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Held-out pairs of events: what follows about each from all other pairs of its document.
///
/// DATA holds `*.txt[.gz]` with document, two verbs, two event ids and BEFORE, AFTER, EQUAL or VAGUE between the events' starts, separated by
/// tabs. The World of an item is a record of facts, one for each pair of the document but the asked one; VAGUE says nothing and is
/// neither told nor asked. Most pairs do not follow from the others: those are not answered.
#[derive(Clone, Copy, Debug)]
pub struct Matres;

impl Benchmark for Matres {
    fn entry(&self) -> Entry {
        Entry {
            kind: "benchmarks",
            name: "matres",
            about: "which of two events began first, from all other pairs of the document",
            source: "tasks/src/benchmark/matres.rs",
            paper: Some(
                "Ning et al., A Multi-Axis Annotation Scheme for Event Temporal Relations (MATRES), ACL 2018",
            ),
            example: "chronotope eval matres ../shared/data/matres",
        }
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn reads(&self) -> &'static str {
        "each pair is held out and inferred from the annotation of the others; no text is read"
    }

    fn load(&self, data: &Path) -> Result<Loaded, Error> {
        let is_text = |name: &str| Path::new(name).extension().is_some_and(|extension| extension == "txt");
        let files = files_of(data, is_text, "the files of MATRES: timebank.txt, aquaint.txt, platinum.txt")?;
        let mut items = Vec::new();
        for file in &files {
            let mut documents: BTreeMap<String, Vec<Pair>> = BTreeMap::new();
            for (n, line) in text_of(file)?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let (document, pair) = pair(line).ok_or_else(|| Error::Line {
                    line: n + 1,
                    expected:
                        "document, two verbs, two ids and BEFORE, AFTER, EQUAL or VAGUE, separated by tabs"
                            .into(),
                    found: line.chars().take(80).collect(),
                    path: file.clone(),
                })?;
                documents.entry(document).or_default().push(pair);
            }
            for (document, pairs) in &documents {
                let fault = |fault| Error::World { fault, path: file.clone() };
                items.extend(items_of(stem(file), document, pairs).map_err(fault)?);
            }
        }
        Ok(Loaded { items, files, notes: Vec::new() })
    }
}

struct Pair {
    verbs: [String; 2],
    ids: [String; 2],
    /// Of the point algebra; none where the annotation is vague.
    relation: Option<&'static str>,
}

fn pair(line: &str) -> Option<(String, Pair)> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let [document, first, second, a, b, relation] = fields[..] else { return None };
    let relation = match relation {
        "BEFORE" => Some("<"),
        "AFTER" => Some(">"),
        "EQUAL" => Some("="),
        "VAGUE" => None,
        _ => return None,
    };
    let name = |id: &str| format!("e{id}");
    let verbs = [first.to_owned(), second.to_owned()];
    Some((document.to_owned(), Pair { verbs, ids: [name(a), name(b)], relation }))
}

fn items_of(file: &str, document: &str, pairs: &[Pair]) -> Result<Vec<Item>, chronotope_world::Error> {
    let mut items = Vec::new();
    let mut asked = BTreeSet::new();
    for (n, pair) in pairs.iter().enumerate() {
        let Some(relation) = pair.relation else { continue };
        let mut both = pair.ids.clone();
        both.sort();
        // a pair that is annotated twice is asked once, and neither time told
        if !asked.insert(both.clone()) {
            continue;
        }
        let is_other = |other: &&Pair| {
            let mut ids = other.ids.clone();
            ids.sort();
            ids != both
        };
        let [a, b] = &pair.ids;
        items.push(Item {
            id: format!("{file}/{document}/{n}"),
            group: file.to_owned(),
            subsets: Vec::new(),
            scene: Scene::World(told(document, pairs.iter().filter(is_other))?),
            question: format!("Did \"{}\" begin before \"{}\"?", pair.verbs[0], pair.verbs[1]),
            program: Some(format!("entailed(\"{a}\", \"{b}\", calculus: point)")),
            options: Vec::new(),
            form: Form::Sole,
            asked_at: None,
            media: std::sync::Arc::default(),
            truth: Truth::Text(relation.to_owned()),
        });
    }
    Ok(items)
}

/// A record of facts alone: which event begins before which.
fn told<'a>(document: &str, pairs: impl Iterator<Item = &'a Pair>) -> Result<World, chronotope_world::Error> {
    let mut builder = WorldBuilder::new(document);
    let source = builder.source(Source {
        id: SourceId(0),
        kind: SourceKind::Annotation,
        uri: document.to_owned(),
        sha256: None,
        record_from_source: Some(Clock::SAME),
        derived_from: None,
        settings: "format=matres".to_owned(),
        known: Known::ALWAYS,
    });
    for pair in pairs {
        let Some(relation) = pair.relation else { continue };
        builder.fact(Fact {
            id: FactId(0),
            subject: Reference::Text(pair.ids[0].clone()),
            predicate: relation.to_owned(),
            object: Reference::Text(pair.ids[1].clone()),
            valid: Span::ALWAYS,
            confidence: None,
            source,
            known: Known::ALWAYS,
            closed: None,
        });
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_not_told() {
        let lines = [
            "d\tsaid\twent\t1\t2\tBEFORE",
            "d\twent\tate\t2\t3\tBEFORE",
            "d\tate\tslept\t3\t4\tVAGUE",
            "d\twent\tsaid\t2\t1\tAFTER",
        ];
        let pairs: Vec<Pair> = lines.iter().map(|line| pair(line).expect("six fields").1).collect();
        let items = items_of("timebank", "d", &pairs).expect("sound");
        assert_eq!(items.len(), 2, "vague ones are not asked, doubled ones once");
        let Scene::World(world) = &items[0].scene else { panic!("a World") };
        let told: Vec<_> = world.facts().map(|fact| (fact.subject.clone(), fact.predicate.clone())).collect();
        assert_eq!(told, [(Reference::Text("e2".into()), "<".into())]);
        assert!(pair("d\tsaid\twent\t1\t2\tSOON").is_none());
    }
}
