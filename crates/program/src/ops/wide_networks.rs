//! Facts in calculi of many relations or of three things: what their closure refutes, leaves and explains.

use super::networks::{MOST_FACTS, World, facts_of_world};
use super::witnessed;
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::value::Datum;
use chronotope_reason::calculus::{Wide, WideSet, calculus};
use chronotope_reason::constraint::{Demand, WideNetwork};
use chronotope_world::{EvidenceKind, MissingKind, Table};

/// Facts as they were told, with the things that they name.
pub(super) struct WideTold {
    calculus: &'static Wide,
    names: Vec<String>,
    facts: Vec<Fact>,
}

struct Fact {
    text: String,
    /// Its row of the World's facts.
    row: Option<u64>,
    things: Vec<usize>,
    set: WideSet,
}

impl WideTold {
    /// The facts, where the calculus is a wide one.
    pub(super) fn read(run: &mut Run<'_>, args: &Args<'_>) -> Part<Option<WideTold>> {
        let name = args.text("calculus").replace('_', "-");
        let Some(calculus) = calculus(&name).and_then(|calculus| calculus.wide()) else { return Ok(None) };
        let mut told = WideTold { calculus, names: Vec::new(), facts: Vec::new() };
        if let Some(Datum::List(rows)) = args.given("facts") {
            for row in rows {
                let Datum::List(words) = row else { continue };
                let text = |w: &Datum| if let Datum::Text(t) = w { Some(t.clone()) } else { None };
                told.row(&words.iter().filter_map(text).collect::<Vec<_>>(), None)?;
            }
        } else {
            let meaning = |predicate: &str| calculus.arity() == 2 && calculus.index(predicate).is_some();
            for World { a, predicate, b, row } in facts_of_world(run, args, &meaning, calculus.name())? {
                told.row(&[a, predicate, b], Some(row))?;
            }
        }
        if told.facts.len() > MOST_FACTS {
            let found = told.facts.len();
            return missing(MissingKind::Wording, format!("fewer facts: {found}; at most {MOST_FACTS}"));
        }
        Ok(Some(told))
    }

    /// Whether all can hold: no by the closure, yes by an example.
    pub(super) fn consistent(&self, run: &mut Run<'_>) -> Outcome {
        if self.network()?.closed().is_none() {
            return Ok(Datum::Truth(false));
        }
        let Some(lines) = self.example() else { return self.undecided() };
        witnessed::cite(run, &lines);
        Ok(Datum::Truth(true))
    }

    /// An example in which all hold.
    pub(super) fn scenario(&self) -> Outcome {
        if self.network()?.closed().is_none() {
            return missing(MissingKind::Wording, "the facts contradict each other: ask explain(…)");
        }
        match self.example() {
            Some(lines) => Ok(Datum::List(lines.into_iter().map(Datum::Text).collect())),
            None => self.undecided(),
        }
    }

    /// The relations that the things can have.
    pub(super) fn entailed(&self, run: &mut Run<'_>, things: &[&str]) -> Outcome {
        if things.len() != self.calculus.arity() {
            let what = format!("{} relates three things: `third:` is not given", self.calculus.name());
            return missing(MissingKind::Wording, what);
        }
        let mut found = Vec::new();
        for thing in things {
            match self.names.iter().position(|n| n == thing.trim()) {
                Some(index) if !found.contains(&index) => found.push(index),
                Some(_) => return missing(MissingKind::Wording, format!("`{thing}` is named twice")),
                None => return missing(MissingKind::Entity, format!("no fact names `{thing}`")),
            }
        }
        let possible = self.network()?.entailed(&found);
        if possible.is_empty() {
            return missing(MissingKind::Wording, "the facts contradict each other: ask explain(…)");
        }
        let (name, demands) = (self.calculus.name(), self.demands());
        if !witnessed::all_occur(name, &self.names, &demands, &found, possible) {
            run.assume("what the closure leaves is possible");
        }
        let names = possible.iter().map(|r| Datum::Text(self.calculus.names()[r].clone()));
        Ok(Datum::List(names.collect()))
    }

    /// The fewest facts that cannot hold together.
    pub(super) fn explain(&self, run: &mut Run<'_>) -> Outcome {
        let Some(core) = self.network()?.explain() else {
            let Some(lines) = self.example() else { return self.undecided() };
            witnessed::cite(run, &lines);
            return Ok(Datum::List(Vec::new()));
        };
        let rows = core.iter().filter_map(|&c| self.facts[c].row);
        run.cite_rows(EvidenceKind::Refutes, Table::Facts, rows);
        Ok(Datum::List(core.iter().map(|&c| Datum::Text(self.facts[c].text.clone())).collect()))
    }

    fn example(&self) -> Option<Vec<String>> {
        witnessed::example(self.calculus.name(), &self.names, &self.demands())
    }

    fn demands(&self) -> Vec<Demand> {
        self.facts.iter().map(|fact| Demand { things: fact.things.clone(), set: fact.set }).collect()
    }

    /// Neither refuted nor shown.
    fn undecided(&self) -> Outcome {
        let name = self.calculus.name();
        let why = format!(
            "a proof: no way to decide {name} is known, its closure finds no contradiction, and no example was found"
        );
        missing(MissingKind::Coverage, why)
    }

    /// `a relations b`, or `a b relations c`: c for one who comes from a to b.
    fn row(&mut self, words: &[String], row: Option<u64>) -> Part<()> {
        let (things, relations) = match (self.calculus.arity(), words) {
            (2, [a, relations, b]) => (vec![a, b], relations),
            (3, [a, b, relations, c]) => (vec![a, b, c], relations),
            (2, _) => return missing(MissingKind::Wording, "a fact is a row [\"a\", \"relation\", \"b\"]"),
            _ => {
                let form =
                    "a fact is a row [\"a\", \"b\", \"relation\", \"c\"]: c for one who comes from a to b";
                return missing(MissingKind::Wording, form);
            }
        };
        // names of trajectory relations hold commas
        let set = relations
            .split([' ', '|'])
            .filter(|w| !w.is_empty())
            .try_fold(WideSet::NONE, |set, word| Some(set.or(WideSet::one(self.calculus.index(word)?))));
        let Some(set) = set.filter(|set| !set.is_empty()) else {
            let known = self.calculus.names().iter().take(30).cloned().collect::<Vec<_>>().join(" ");
            let what = format!("`{relations}` is no relation of {}: {known} …", self.calculus.name());
            return missing(MissingKind::Wording, what);
        };
        let text = words.join(" ");
        let things = things.iter().map(|name| self.index(name)).collect();
        self.facts.push(Fact { text, row, things, set });
        Ok(())
    }

    fn index(&mut self, name: &str) -> usize {
        let name = name.trim();
        self.names.iter().position(|n| n == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        })
    }

    fn network(&self) -> Part<WideNetwork<'static>> {
        let mut network =
            WideNetwork::new(self.calculus, self.names.len()).map_err(crate::error::Error::from)?;
        for fact in &self.facts {
            network.add(&fact.things, fact.set).map_err(crate::error::Error::from)?;
        }
        Ok(network)
    }
}
