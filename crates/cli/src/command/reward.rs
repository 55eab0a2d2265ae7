//! `reward`: what completions are worth to a trainer, by a rule.

use std::fs;
use std::io::{self, BufRead as _, Read as _, Write};
use std::path::{Path, PathBuf};

use chronotope::ask::story::StorySettings;
use chronotope::evaluate::{RewardVerdicts, WorldCheck, reward_by_name, rewards};
use chronotope::formats::import::ImportSettings;
use chronotope::formats::twice::key_twice;
use chronotope::score::advantage::{ADVANTAGES, Method, method};
use chronotope::score::reward::{
    Fault as RowFault, Plan, Recipe, Reward, Settled, add_advantages, rewarded_lines,
};
use serde_json::{Map, Value};

use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source::open;

/// Rewards completions, one JSON object a line on standard input and output, in the same order.
///
/// Rows are {id, completion, answer, problem_type, context}: `answer` is the truth as text, `context` holds what else a rule needs. Out come
/// {id, reward, parts, reason, error}. What a completion says is never an error; a row that the rule cannot judge has one, in its place.
/// `chronotope list rewards --json` has a whole row for each rule.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The rule; `chronotope list rewards` names them
    #[arg(required_unless_present = "recipe")]
    rule: Option<String>,
    /// A file that puts rules together: [[part]]s with a rule, a weight, a gate, a curriculum by step (TOML)
    #[arg(long, value_name = "FILE", conflicts_with = "rule")]
    recipe: Option<PathBuf>,
    /// The World that the rule `world-check` checks claims against, for all rows; rows that bring another one are at fault
    #[arg(long, value_name = "SOURCE")]
    world: Option<String>,
    /// Recorded verdicts (rows of id, part, answer, verdict) for rules of which a judge decides a part
    #[arg(long, value_name = "FILE")]
    judge: Option<PathBuf>,
    /// A field of the context of every row that lacks it, e.g. faithful=true
    #[arg(long, value_name = "FIELD=VALUE", value_parser = setting)]
    set: Vec<(String, Value)>,
    /// Rows with the same value here, or in their context, are rollouts of one prompt; holds all rows until the end
    #[arg(long, value_name = "FIELD")]
    group_by: Option<String>,
    /// Adds each row's advantage in its group: batch, dgrpo, dr-grpo, ema-grpo, grpo, rloo, remax …
    #[arg(long, value_name = "NAME", requires = "group_by", value_parser = advantage)]
    advantage: Option<&'static Method>,
    /// What is added to the deviation [default: the method's own]
    #[arg(long, value_name = "E", requires = "advantage", value_parser = not_negative)]
    epsilon: Option<f64>,
    /// Lets groups of one rollout through, with their reward as the advantage
    #[arg(long, requires = "advantage")]
    lone: bool,
}

/// Longest line that is read: a completion of a megabyte and a context have room in it many times.
const LONGEST_LINE: u64 = 64 << 20;
/// Lines, and bytes of them, that are judged together.
const LINES: usize = 8192;
const BYTES: usize = 32 << 20;

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        let world_check: Option<&'static dyn Reward> = match &self.world {
            Some(source) => {
                let world = open(
                    std::slice::from_ref(source),
                    &ImportSettings::default(),
                    StorySettings::default(),
                    session,
                )?;
                // recipes hold rules that live as long as the program, and this one does
                Some(Box::leak(Box::new(WorldCheck::of(world))))
            }
            None => None,
        };
        let named = |name: &str| match world_check {
            Some(rule) if rule.entry().name == name => world_check,
            _ => reward_by_name(name),
        };
        let written;
        let rule: &dyn Reward = match (&self.recipe, &self.rule) {
            (Some(path), _) => {
                written = recipe(path, named)?;
                &written
            }
            (None, name) => rule(name.as_deref().unwrap_or_default(), named)?,
        };
        let mut context: Map<String, Value> = Map::new();
        for (field, value) in &self.set {
            if context.insert(field.clone(), value.clone()).is_some() {
                return Err(Fault::usage(format!("--set: expected each field once, found `{field}` twice")));
            }
        }
        let mut verdicts =
            self.judge.as_deref().map(RewardVerdicts::read).transpose().map_err(Fault::input)?;
        let judge = verdicts.as_ref().map(RewardVerdicts::judge);
        let plan = Plan { context, group_by: self.group_by.clone(), judge };
        let mut meet = |rows: &[Settled]| {
            if let Some(verdicts) = &mut verdicts {
                for row in rows {
                    verdicts.meet(&row.id);
                }
            }
        };
        let mut sums = Sums::default();
        session.data(|out| {
            let mut input = Lines { input: io::stdin().lock(), n: 0, numbers: Vec::new() };
            if plan.group_by.is_some() {
                let lines = input.next_lines(usize::MAX, usize::MAX)?;
                let mut rows = rewarded_lines(rule, &plan, &lines, session.threads());
                self.check(&rows)?;
                meet(&rows);
                if let Some(method) = self.advantage {
                    add_advantages(&mut rows, method, self.epsilon, self.lone);
                }
                return sums.print(&rows, &input.numbers, out);
            }
            loop {
                let lines = input.next_lines(LINES, BYTES)?;
                if lines.is_empty() {
                    return Ok(());
                }
                let rows = rewarded_lines(rule, &plan, &lines, session.threads());
                self.check(&rows)?;
                meet(&rows);
                sums.print(&rows, &input.numbers, out)?;
            }
        })?;
        // rows are written as they come: that a verdict is on none of them is known at the end
        verdicts.as_ref().map_or(Ok(()), RewardVerdicts::check).map_err(Fault::input)?;
        session.note(&sums.to_string());
        for (line, fault) in &sums.first {
            session.note(&format!("standard input, line {line}: {fault}"));
        }
        if sums.faults > sums.first.len() as u64 {
            session.note(&format!("and {} more rows", sums.faults - sums.first.len() as u64));
        }
        Ok(Outcome::Done)
    }
}

impl Arguments {
    /// Faults of the command line and of the recipe, which no row can repair.
    fn check(&self, rows: &[Settled]) -> Result<(), Fault> {
        for row in rows {
            match (&row.outcome, &self.recipe) {
                (Err(RowFault::Recipe(text)), Some(path)) => return Err(Fault::bad(text.as_str()).at(path)),
                (Err(RowFault::Context { field, expected, found }), _) => {
                    let begins = found.trim_end_matches('…');
                    let is_set = |(name, value): &(String, Value)| {
                        name == field && value.to_string().starts_with(begins)
                    };
                    if self.set.iter().any(is_set) {
                        return Err(Fault::usage(format!(
                            "--set {field}: expected {expected}, found {found}"
                        )));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// What came of all rows, for people.
#[derive(Default)]
struct Sums {
    n: u64,
    faults: u64,
    reward: f64,
    /// The first rows with an error: their lines, and what it is.
    first: Vec<(u64, String)>,
}

/// Rows with an error that are told for people.
const TOLD: usize = 3;

impl Sums {
    fn print(&mut self, rows: &[Settled], lines: &[u64], out: &mut dyn Write) -> Result<(), Fault> {
        for (row, line) in rows.iter().zip(lines) {
            self.n += 1;
            match &row.outcome {
                Ok(verdict) => self.reward += verdict.reward(),
                Err(fault) => {
                    self.faults += 1;
                    if self.first.len() < TOLD {
                        self.first.push((*line, fault.to_string()));
                    }
                }
            }
            let mut written = serde_json::to_vec(row).map_err(Fault::input)?;
            written.push(b'\n');
            out.write_all(&written).map_err(|error| Fault::output("standard output", error))?;
        }
        Ok(())
    }
}

impl std::fmt::Display for Sums {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rewarded = self.n - self.faults;
        let mean = if rewarded > 0 { self.reward / rewarded as f64 } else { 0.0 };
        write!(f, "{} rows, {} with an error, mean reward {mean:.4}", self.n, self.faults)
    }
}

/// Lines of the input; blank ones are none.
struct Lines<R> {
    input: R,
    n: u64,
    /// The numbers of the lines that were given last.
    numbers: Vec<u64>,
}

impl<R: io::BufRead> Lines<R> {
    /// The next lines, up to so many or so many bytes of them; none at the end.
    fn next_lines(&mut self, most: usize, bytes: usize) -> Result<Vec<String>, Fault> {
        let mut lines = Vec::new();
        self.numbers.clear();
        let mut read = 0;
        while lines.len() < most && read < bytes {
            let mut line = Vec::new();
            let limited = (&mut self.input).take(LONGEST_LINE).read_until(b'\n', &mut line);
            let n = limited.map_err(|error| Fault::bad(format!("cannot read standard input: {error}")))?;
            if n == 0 {
                break;
            }
            self.n += 1;
            if n as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
                return Err(Fault::bad(format!(
                    "standard input, line {}: longer than {LONGEST_LINE} bytes",
                    self.n
                )));
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            read += n;
            self.numbers.push(self.n);
            // what is no text is no JSON either: the row's error says so
            lines.push(String::from_utf8(line).unwrap_or_else(|broken| {
                String::from_utf8_lossy(broken.as_bytes()).replace('{', "not UTF-8: {")
            }));
        }
        Ok(lines)
    }
}

/// `FIELD=VALUE`, the value as JSON or else as text.
fn setting(given: &str) -> Result<(String, Value), String> {
    let (field, value) = given.split_once('=').ok_or("expected FIELD=VALUE")?;
    if field.trim().is_empty() {
        return Err("expected the name of a field before `=`, found none".to_owned());
    }
    if let Some(twice) = key_twice(value.as_bytes()) {
        return Err(format!("expected each key once, found {twice}"));
    }
    Ok((field.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

fn advantage(name: &str) -> Result<&'static Method, String> {
    let names: Vec<&str> = ADVANTAGES.iter().map(|method| method.name).collect();
    method(name).ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

/// The recipe in a file.
fn recipe(path: &Path, named: impl Fn(&str) -> Option<&'static dyn Reward>) -> Result<Recipe, Fault> {
    let text = fs::read_to_string(path)
        .map_err(|error| Fault::bad(format!("cannot read {}: {error}", path.display())))?;
    Recipe::parse_with(&text, named).map_err(|error| Fault::input(error).at(path))
}

/// The rule of this name, or the names that are near.
fn rule(
    name: &str,
    named: impl Fn(&str) -> Option<&'static dyn Reward>,
) -> Result<&'static dyn Reward, Fault> {
    named(name).ok_or_else(|| {
        let near: Vec<&str> = rewards()
            .into_iter()
            .map(|rule| rule.entry().name)
            .filter(|known| known.split('-').any(|word| name.contains(word)) || known.contains(name))
            .collect();
        let fault = Fault::usage(format!("expected a rule, found `{name}`"));
        let near = if near.is_empty() { String::new() } else { format!("near: {}; ", near.join(", ")) };
        fault.hint(format!("{near}`chronotope list rewards` names all"))
    })
}

/// A number from 0 on.
fn not_negative(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "expected a number from 0 on".to_owned())
}
