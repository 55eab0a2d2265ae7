//! What follows from relations that are told: whether they can all hold, what else must, why not, and an example.

use super::entry;
use super::wide_networks::WideTold;
use super::witnessed;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_reason::calculus::{Algebra, Relations, calculus};
use chronotope_reason::constraint::{
    Closure, Demand, End, Network, Schedule, Timing, Verdict, consistency, entailed, explain, intervals,
    scenario,
};
use chronotope_story::lexicon::normal;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, MissingKind, Reference, Table};

/// `consistent(calculus: allen, facts: none, during: always)`: whether all of the facts can hold together.
///
/// `facts` are rows `["a", "m o", "b"]`: the names of two things and the relations of which one holds between them. In `allen`, a row of four
/// `["a start", "b end", "5", "6"]` bounds the seconds from one end to another (`""`: no bound). Without `facts`, those of the World are taken whose
/// predicates are relations of the calculus and that hold during the whole span.
pub struct Consistent;

/// `entailed("a", "c", third: none, calculus: allen, facts: none, …)`: List of the relations that `a` can have to `c`, exact where the calculus
/// has a way to decide. In a calculus of three, `third:` names the last thing.
pub struct Entailed;

/// `explain(calculus: allen, facts: none, …)`: List of facts that cannot hold together while any fewer of them can; empty where all can.
pub struct Explain;

/// `scenario(calculus: allen, facts: none, …)`: List, an example in which all of the facts hold.
pub struct Scenario;

/// Choices of one search among few things.
const MOST_CHOICES: u64 = 20_000;
/// Things of one network; closing takes cubic time.
const MOST_THINGS: usize = 300;
/// Facts of one network.
pub(super) const MOST_FACTS: usize = 20_000;

const CALCULI: [&str; 18] = [
    "allen",
    "branching",
    "cardinal",
    "opra1",
    "opra2",
    "opra4",
    "point",
    "qtc_b",
    "qtc_c",
    "qtc_line",
    "rcc23",
    "rcc5",
    "rcc8",
    "star4",
    "star4_revised",
    "star8",
    "star8_revised",
    "tpcc",
];

fn signature(gives: Type) -> Signature {
    Signature::gives(Gives::Fixed(gives))
}

fn told(signature: Signature) -> Signature {
    signature
        .default("calculus", Takes::Word(&CALCULI), "allen")
        .default("facts", Takes::List(Box::new(Takes::List(Box::new(Takes::Text)))), "none")
        .during()
}

impl Operator for Consistent {
    fn entry(&self) -> Entry {
        let about = "whether facts can all hold together";
        let example = "consistent(calculus: point, facts: [[\"a\", \"<\", \"b\"], [\"b\", \"<\", \"a\"]])";
        entry("consistent", about, "program/src/ops/networks.rs", example)
    }

    fn signature(&self) -> Signature {
        told(signature(Type::Truth))
    }

    fn cost(&self) -> Cost {
        Cost::Things
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        if let Some(told) = WideTold::read(run, args)? {
            return told.consistent(run);
        }
        let told = Told::read(run, args)?;
        let holds = if told.has_bounds() {
            match told.timing()?.solve(told.budget()) {
                Schedule::Possible(_) => Some(true),
                Schedule::Impossible => Some(false),
                Schedule::Undecided => None,
            }
        } else {
            consistency(&told.network()?, told.budget()).holds()
        };
        match holds {
            Some(yes) => Ok(Datum::Truth(yes)),
            None => match told.witness() {
                Some(lines) => {
                    witnessed::cite(run, &lines);
                    Ok(Datum::Truth(true))
                }
                None => undecided(&told),
            },
        }
    }
}

impl Operator for Entailed {
    fn entry(&self) -> Entry {
        let about = "which relations one thing can have to another, if facts hold";
        let example =
            "entailed(\"a\", \"c\", calculus: allen, facts: [[\"a\", \"m\", \"b\"], [\"b\", \"d\", \"c\"]])";
        entry("entailed", about, "program/src/ops/networks.rs", example)
    }

    fn signature(&self) -> Signature {
        let texts = Type::List(Box::new(Type::Text));
        told(signature(texts).needs("a", Takes::Text).needs("b", Takes::Text)).default(
            "third",
            Takes::Text,
            "none",
        )
    }

    fn cost(&self) -> Cost {
        Cost::Things
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        if let Some(told) = WideTold::read(run, args)? {
            let mut things = vec![args.text("a"), args.text("b")];
            things.extend(Some(args.text("third")).filter(|third| !third.is_empty()));
            return told.entailed(run, &things);
        }
        let told = Told::read(run, args)?;
        if told.has_bounds() {
            return missing(MissingKind::Wording, "entailed takes relations only, no bounds in seconds");
        }
        let (a, b) = (told.thing(args.text("a"))?, told.thing(args.text("b"))?);
        let network = told.network()?;
        let (possible, is_exact) = entailed(&network, a, b, told.budget());
        if possible.is_empty() {
            return missing(MissingKind::Wording, "the facts contradict each other: ask explain(…)");
        }
        // a calculus that nothing decides still tells what cannot be
        if !is_exact && told.algebra.decides() {
            return undecided(&told);
        }
        let wide = possible.iter().collect();
        if !is_exact
            && (a == b
                || !witnessed::all_occur(told.algebra.name(), &told.names, &told.demands(), &[a, b], wide))
        {
            run.assume("what the closure leaves is possible");
        }
        let names = possible.iter().map(|r| Datum::Text(told.algebra.names()[r].clone()));
        Ok(Datum::List(names.collect()))
    }
}

impl Operator for Explain {
    fn entry(&self) -> Entry {
        let about = "the fewest facts that cannot hold together";
        let example = "explain(calculus: point, facts: [[\"a\", \"<\", \"b\"], [\"b\", \"<\", \"a\"], [\"b\", \"<\", \"c\"]])";
        entry("explain", about, "program/src/ops/networks.rs", example)
    }

    fn signature(&self) -> Signature {
        told(signature(Type::List(Box::new(Type::Text))))
    }

    fn cost(&self) -> Cost {
        Cost::Things
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        if let Some(told) = WideTold::read(run, args)? {
            return told.explain(run);
        }
        let told = Told::read(run, args)?;
        let (core, holds) = if told.has_bounds() {
            let timing = told.timing()?;
            (timing.explain(told.budget()), matches!(timing.solve(told.budget()), Schedule::Possible(_)))
        } else {
            let network = told.network()?;
            let core = explain(&network, told.budget());
            let holds = core.is_none() && consistency(&network, told.budget()).holds() == Some(true);
            (core, holds)
        };
        match core {
            Some(core) => {
                run.cite_rows(
                    EvidenceKind::Refutes,
                    Table::Facts,
                    core.iter().filter_map(|&c| told.facts[c].row),
                );
                Ok(Datum::List(core.iter().map(|&c| Datum::Text(told.facts[c].text.clone())).collect()))
            }
            None if holds => Ok(Datum::List(Vec::new())),
            None => match told.witness() {
                Some(lines) => {
                    witnessed::cite(run, &lines);
                    Ok(Datum::List(Vec::new()))
                }
                None => undecided(&told),
            },
        }
    }
}

impl Operator for Scenario {
    fn entry(&self) -> Entry {
        let about = "an example in which facts hold";
        let example = "scenario(calculus: allen, facts: [[\"a\", \"m\", \"b\"], [\"b\", \"d\", \"c\"]])";
        entry("scenario", about, "program/src/ops/networks.rs", example)
    }

    fn signature(&self) -> Signature {
        told(signature(Type::List(Box::new(Type::Text))))
    }

    fn cost(&self) -> Cost {
        Cost::Things
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        if let Some(told) = WideTold::read(run, args)? {
            return told.scenario();
        }
        let told = Told::read(run, args)?;
        let contradicts = || missing(MissingKind::Wording, "the facts contradict each other: ask explain(…)");
        let lines: Vec<String> = if told.has_bounds() {
            match told.timing()?.solve(told.budget()) {
                Schedule::Possible(times) => {
                    let s = |ns: i64| chronotope_world::Time(ns);
                    let row =
                        |(name, (a, b)): (&String, (i64, i64))| format!("{name}: {} s to {} s", s(a), s(b));
                    told.names.iter().zip(times).map(row).collect()
                }
                Schedule::Impossible => return contradicts(),
                Schedule::Undecided => return undecided(&told),
            }
        } else {
            let network = told.network()?;
            match consistency(&network, told.budget()) {
                Verdict::Inconsistent => return contradicts(),
                Verdict::Undecided { .. } => {
                    let Some(lines) = told.witness() else { return undecided(&told) };
                    return Ok(Datum::List(lines.into_iter().map(Datum::Text).collect()));
                }
                Verdict::Consistent(_) => {}
            }
            let Some(found) = scenario(&network, told.budget()) else { return undecided(&told) };
            told.example(&found)
        };
        Ok(Datum::List(lines.into_iter().map(Datum::Text).collect()))
    }
}

/// Facts as they were told, with the things that they name.
pub(super) struct Told {
    algebra: &'static Algebra,
    pub(super) names: Vec<String>,
    pub(super) facts: Vec<Fact>,
}

pub(super) struct Fact {
    pub(super) text: String,
    /// Its row of the World's facts.
    row: Option<u64>,
    said: Said,
}

enum Said {
    Related(usize, Relations, usize),
    Bounded(End, End, i64, i64),
}

impl Told {
    fn read(run: &mut Run<'_>, args: &Args<'_>) -> Part<Told> {
        Told::in_calculus(run, args, args.text("calculus"))
    }

    pub(super) fn in_calculus(run: &mut Run<'_>, args: &Args<'_>, name: &str) -> Part<Told> {
        let Some(algebra) = calculus(&name.replace('_', "-")).and_then(|calculus| calculus.algebra()) else {
            return missing(MissingKind::Wording, format!("{name} has no composition"));
        };
        let mut told = Told { algebra, names: Vec::new(), facts: Vec::new() };
        match args.given("facts") {
            Some(Datum::List(rows)) => {
                for row in rows {
                    let Datum::List(words) = row else { continue };
                    let words: Vec<&str> = words
                        .iter()
                        .filter_map(|w| if let Datum::Text(t) = w { Some(t.as_str()) } else { None })
                        .collect();
                    told.row(&words)?;
                }
            }
            _ => told.of_world(run, args)?,
        }
        if told.names.len() > MOST_THINGS || told.facts.len() > MOST_FACTS {
            return missing(
                MissingKind::Wording,
                format!(
                    "fewer facts: {} facts of {} things; at most {MOST_FACTS} of {MOST_THINGS} are decided",
                    told.facts.len(),
                    told.names.len()
                ),
            );
        }
        Ok(told)
    }

    /// A row that the program states.
    fn row(&mut self, words: &[&str]) -> Part<()> {
        match *words {
            [a, relations, b] => {
                let set = self.meaning(relations).or_else(|| {
                    relations
                        .split([' ', '|', ','])
                        .filter(|w| !w.is_empty())
                        .try_fold(Relations::NONE, |set, word| Some(set.or(self.meaning(word)?)))
                });
                let Some(set) = set.filter(|set| !set.is_empty()) else {
                    let known = self.algebra.names().join(" ");
                    let what = format!("`{relations}` is no relation of {}: {known}", self.algebra.name());
                    return missing(MissingKind::Wording, what);
                };
                let (first, second) = (self.index(a), self.index(b));
                let text = format!("{a} {relations} {b}");
                self.facts.push(Fact { text, row: None, said: Said::Related(first, set, second) });
                Ok(())
            }
            [from, to, low, high] if self.algebra.name() == "allen" => {
                let (p, q) = (self.end(from)?, self.end(to)?);
                let seconds = |word: &str, none: i64| {
                    let word = word.trim().trim_end_matches('s').trim_end();
                    if word.is_empty() {
                        return Some(none);
                    }
                    // 31 years and more overflow what bounds add up to
                    let value = word.parse::<f64>().ok().filter(|v| v.abs() <= 1e9)?;
                    Some(libm::round(value * 1e9) as i64)
                };
                let (Some(least), Some(most)) = (seconds(low, i64::MIN), seconds(high, i64::MAX)) else {
                    return missing(MissingKind::Wording, format!("`{low}`, `{high}`: seconds, below 1e9"));
                };
                let text = format!("{from} to {to}: {low} to {high} s");
                self.facts.push(Fact { text, row: None, said: Said::Bounded(p, q, least, most) });
                Ok(())
            }
            _ => missing(
                MissingKind::Wording,
                "a fact is a row [\"a\", \"relation\", \"b\"] or, in allen, [\"a start\", \"b end\", \"low\", \"high\"]",
            ),
        }
    }

    /// The World's own facts that are relations of the calculus.
    fn of_world(&mut self, run: &mut Run<'_>, args: &Args<'_>) -> Part<()> {
        let meaning = |predicate: &str| self.meaning(predicate).is_some();
        let rows = facts_of_world(run, args, &meaning, self.algebra.name())?;
        for World { a, predicate, b, row } in rows {
            let Some(set) = self.meaning(&predicate) else { continue };
            let (first, second) = (self.index(&a), self.index(&b));
            let text = format!("{a} {predicate} {b}");
            self.facts.push(Fact { text, row: Some(row), said: Said::Related(first, set, second) });
        }
        Ok(())
    }

    /// What a word means: a relation of the calculus by name, or an everyday word.
    fn meaning(&self, word: &str) -> Option<Relations> {
        if let Some(index) = self.algebra.index(word.trim()) {
            return Some(Relations::one(index));
        }
        let word = normal(word).replace('_', " ");
        let names: &[&str] = match (self.algebra.name(), word.as_str()) {
            ("rcc8", "inside" | "in" | "part of" | "within") => &["tpp", "ntpp"],
            ("rcc8", "contains") => &["tppi", "ntppi"],
            ("rcc8", "apart" | "disconnected") => &["dc"],
            ("rcc8", "touches" | "touching") => &["ec"],
            ("rcc5", "inside" | "in" | "part of" | "within") => &["pp"],
            ("rcc5", "contains") => &["ppi"],
            ("rcc5", "apart" | "disconnected") => &["dr"],
            ("rcc8" | "rcc5", "overlaps") => &["po"],
            ("rcc8" | "rcc5", "equals" | "same as") => &["eq"],
            ("cardinal", "north" | "north of") => &["n"],
            ("cardinal", "south" | "south of") => &["s"],
            ("cardinal", "east" | "east of") => &["e"],
            ("cardinal", "west" | "west of") => &["w"],
            ("cardinal", "northeast" | "northeast of") => &["ne"],
            ("cardinal", "northwest" | "northwest of") => &["nw"],
            ("cardinal", "southeast" | "southeast of") => &["se"],
            ("cardinal", "southwest" | "southwest of") => &["sw"],
            ("point" | "branching", "before") => &["<"],
            ("point" | "branching", "after") => &[">"],
            ("point" | "branching", "equal" | "same as" | "at") => &["="],
            ("allen", "met by") => &["mi"],
            ("allen", "overlapped by") => &["oi"],
            ("allen", "started by") => &["si"],
            ("allen", "finished by") => &["fi"],
            ("allen", "within") => &["d", "s", "f", "="],
            _ => return None,
        };
        self.algebra.set(names.iter().copied()).ok()
    }

    /// `breakfast start`, `breakfast end`, or `origin` for time 0.
    pub(super) fn end(&mut self, words: &str) -> Part<End> {
        let words = words.trim();
        if words == "origin" {
            return Ok(End::Origin);
        }
        if let Some(name) = words.strip_suffix("start") {
            return Ok(End::Start(self.index(name.trim())));
        }
        if let Some(name) = words.strip_suffix("end") {
            return Ok(End::Stop(self.index(name.trim())));
        }
        missing(MissingKind::Wording, format!("`{words}`: a name with `start` or `end`, or `origin`"))
    }

    fn index(&mut self, name: &str) -> usize {
        let name = name.trim();
        self.names.iter().position(|n| n == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        })
    }

    fn thing(&self, name: &str) -> Part<usize> {
        match self.names.iter().position(|n| n == name.trim()) {
            Some(index) => Ok(index),
            None => missing(MissingKind::Entity, format!("no fact names `{name}`")),
        }
    }

    /// Choices of one search: fewer among many things, where each takes quadratic time.
    pub(super) fn budget(&self) -> u64 {
        let things = self.names.len().max(1) as u64;
        (20_000_000 / (things * things)).clamp(100, MOST_CHOICES)
    }

    /// An example on points, where nothing is known to decide the calculus.
    fn witness(&self) -> Option<Vec<String>> {
        let decides = self.algebra.decides() || self.has_bounds();
        if decides { None } else { witnessed::example(self.algebra.name(), &self.names, &self.demands()) }
    }

    fn demands(&self) -> Vec<Demand> {
        let related = |fact: &Fact| match fact.said {
            // what is said of a thing and itself was checked by the closure
            Said::Related(a, set, b) if a != b => {
                Some(Demand { things: vec![a, b], set: set.iter().collect() })
            }
            _ => None,
        };
        self.facts.iter().filter_map(related).collect()
    }

    fn has_bounds(&self) -> bool {
        self.facts.iter().any(|fact| matches!(fact.said, Said::Bounded(..)))
    }

    fn network(&self) -> Part<Network<'static>> {
        let mut network = Network::new(self.algebra, self.names.len()).map_err(crate::error::Error::from)?;
        for fact in &self.facts {
            if let Said::Related(a, set, b) = fact.said {
                network.add(a, b, set).map_err(crate::error::Error::from)?;
            }
        }
        Ok(network)
    }

    pub(super) fn timing(&self) -> Part<Timing> {
        let mut timing = Timing::new(self.names.len()).map_err(crate::error::Error::from)?;
        for fact in &self.facts {
            match fact.said {
                Said::Related(a, set, b) => timing.relate(a, b, set).map_err(crate::error::Error::from)?,
                Said::Bounded(p, q, low, high) => {
                    timing.bound(p, q, low, high).map_err(crate::error::Error::from)?
                }
            };
        }
        Ok(timing)
    }

    /// Places on a line where the calculus has them, else the relation of every pair.
    fn example(&self, found: &Closure<'_>) -> Vec<String> {
        let n = self.names.len();
        let base = |i: usize, j: usize| found.get(i, j).0.trailing_zeros() as usize;
        if self.algebra.name() == "allen"
            && let Some(places) = intervals(found)
        {
            return self
                .names
                .iter()
                .zip(places)
                .map(|(name, (a, b))| format!("{name}: {a} to {b}"))
                .collect();
        }
        if self.algebra.name() == "point" {
            // how many different points lie before
            let rank = |i: usize| {
                let before: Vec<usize> = (0..n).filter(|&j| base(j, i) == 0).collect();
                before.iter().filter(|&&j| !before.iter().any(|&k| k < j && base(k, j) == 1)).count()
            };
            return (0..n).map(|i| format!("{}: {}", self.names[i], rank(i))).collect();
        }
        (0..n)
            .flat_map(|i| (i + 1..n).map(move |j| (i, j)))
            .map(|(i, j)| {
                format!("{} {} {}", self.names[i], self.algebra.text(found.get(i, j)), self.names[j])
            })
            .collect()
    }
}

/// A fact of the World: two names, the predicate between them, and its row.
pub(super) struct World {
    pub(super) a: String,
    pub(super) predicate: String,
    pub(super) b: String,
    pub(super) row: u64,
}

/// The World's facts whose predicates mean something and that hold during the whole span; they are cited.
pub(super) fn facts_of_world(
    run: &mut Run<'_>,
    args: &Args<'_>,
    meaning: &dyn Fn(&str) -> bool,
    calculus: &str,
) -> Part<Vec<World>> {
    let asked = run.asked(&args.when("during"));
    let mut rows = Vec::new();
    for fact in run.world.facts() {
        if !meaning(&fact.predicate) || !asked.iter().all(|span| fact.valid.intersect(*span) == Some(*span)) {
            continue;
        }
        let words = |reference: &Reference| match reference {
            Reference::Text(text) => Some(text.clone()),
            Reference::Entity(entity) => Some(run.name_of(*entity)),
            Reference::Event(event) => Some(event.to_string()),
            Reference::Observer(observer) => Some(observer.to_string()),
            Reference::Number(..) => None,
        };
        if let (Some(a), Some(b)) = (words(&fact.subject), words(&fact.object)) {
            rows.push(World { a, predicate: fact.predicate.clone(), b, row: fact.id.0 });
        }
    }
    if rows.is_empty() {
        return missing(MissingKind::Entity, format!("no fact of the World is a relation of {calculus}"));
    }
    run.cite_rows(EvidenceKind::Supports, Table::Facts, rows.iter().map(|row| row.row));
    Ok(rows)
}

pub(super) fn undecided<T>(told: &Told) -> Part<T> {
    let why = if told.algebra.decides() {
        format!("a longer search than {} choices", told.budget())
    } else {
        format!(
            "a proof: no way to decide {} is known, its closure finds no contradiction, and no example was found",
            told.algebra.name()
        )
    };
    // more facts would settle it
    missing(MissingKind::Coverage, why)
}
