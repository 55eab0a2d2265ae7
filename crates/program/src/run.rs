//! Running a checked program on a World: values, what is missing, and the rows that decide.

use crate::audit::{Step, args_of};
use crate::check::{Checked, Typed, TypedNode};
use crate::error::Error;
use crate::evidence::{Cites, evidence_of};
use crate::frame::Frame;
use crate::ops::{arithmetic, logic};
use crate::syntax::Infix;
use crate::types::Signature;
use crate::unseen::Open;
use crate::value::{Datum, Events, Instant, Region, Things, Viewpoint};
use chronotope_reason::metric::frames::Frames;
use chronotope_world::{
    EntityId, Evidence, EvidenceKind, Missing, MissingKind, ObserverId, Quantity, ReferenceFrame, Selection,
    Span, Spans, Table, Time, TrackId, Trajectory, When, World,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why a step has no value.
#[derive(Debug)]
pub enum Stop {
    /// The World does not tell: what would.
    Missing(Vec<Missing>),
    /// A part of the question, or of what was told, is not read: what.
    Unsupported(Vec<Missing>),
    /// Something is broken.
    Failed(Error),
}

impl From<Missing> for Stop {
    fn from(missing: Missing) -> Stop {
        Stop::Missing(vec![missing])
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(error)
    }
}

impl From<chronotope_world::Error> for Stop {
    fn from(error: chronotope_world::Error) -> Stop {
        Stop::Failed(Error::World(error))
    }
}

/// The value of a step, or why there is none.
pub type Outcome = Result<Datum, Stop>;

/// The same for parts of a step.
pub type Part<T> = Result<T, Stop>;

/// What is missing, as a stop.
pub fn missing<T>(kind: MissingKind, what: impl Into<String>) -> Part<T> {
    Err(Missing::new(kind, what).into())
}

/// Only the order of the pictures is known: the clock is missing, and with it what is named.
pub(crate) fn no_clock(what: &str) -> Missing {
    let colon = if what.is_empty() { "" } else { ": " };
    let words = format!("{what}{colon}the clock of the source is not known, only the order of its pictures");
    Missing::new(MissingKind::Clock, words)
        .hint("import with --fps, watch with --clock; or ask by the number of a picture")
}

/// A run of a program.
pub struct Run<'w> {
    /// The World as this run sees it.
    pub world: &'w World,
    /// Ways between reference frames.
    pub frames: Frames,
    pub(crate) cites: Cites,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) steps: Vec<Step>,
    /// The World of which this one was drawn; such a run cites nothing and leaves no audit.
    pub(crate) doubted: Option<&'w World>,
    lets: Vec<Option<Result<Datum, Vec<Missing>>>>,
    checked: &'w Checked,
    it: Vec<Things>,
    /// Why spans are only possible.
    pub(crate) open: Vec<Open>,
    trajectories: BTreeMap<EntityId, Arc<Trajectory>>,
    samples_kept: usize,
    pictures: BTreeMap<Option<ObserverId>, Arc<Vec<i64>>>,
    /// When somebody looked for what has these labels; and when all the time.
    pub(crate) looked: BTreeMap<Vec<String>, Arc<[Spans; 2]>>,
}

/// Samples of trajectories that are kept at hand: about 100 MB.
const MOST_KEPT: usize = 1 << 20;

impl<'w> Run<'w> {
    pub(crate) fn new(world: &'w World, checked: &'w Checked) -> Run<'w> {
        Run {
            world,
            frames: Frames::new(world),
            cites: Cites::default(),
            evidence: Vec::new(),
            steps: Vec::new(),
            doubted: None,
            lets: vec![None; checked.lets.len()],
            checked,
            it: Vec::new(),
            open: Vec::new(),
            trajectories: BTreeMap::new(),
            samples_kept: 0,
            pictures: BTreeMap::new(),
            looked: BTreeMap::new(),
        }
    }

    /// The value of an expression.
    pub(crate) fn eval(&mut self, typed: &Typed) -> Outcome {
        match &typed.node {
            TypedNode::Number(quantity, _) => Ok(Datum::Number(quantity.clone())),
            TypedNode::Text(text) | TypedNode::Word(text) => Ok(Datum::Text(text.clone())),
            TypedNode::Always => Ok(Datum::When(When::exactly(Span::ALWAYS.into()))),
            TypedNode::It => Ok(Datum::Things(self.it.last().cloned().unwrap_or_default())),
            TypedNode::Nothing(_) | TypedNode::Frame(_) | TypedNode::ObjectFrame(_) => {
                Ok(Datum::List(Vec::new()))
            }
            TypedNode::Let(i, _) => {
                if self.lets[*i].is_none() {
                    let checked = self.checked;
                    let bound = std::mem::take(&mut self.it);
                    let cites = std::mem::take(&mut self.cites);
                    let value = self.eval(&checked.lets[*i]);
                    (self.it, self.cites) = (bound, cites);
                    self.lets[*i] = Some(match value {
                        Ok(value) => Ok(value),
                        Err(Stop::Missing(missing)) => Err(missing),
                        Err(failed) => return Err(failed),
                    });
                }
                match self.lets[*i].clone() {
                    Some(Ok(value)) => Ok(value),
                    Some(Err(missing)) => Err(Stop::Missing(missing)),
                    None => Ok(Datum::List(Vec::new())),
                }
            }
            TypedNode::List(items) => {
                items.iter().map(|item| self.eval(item)).collect::<Result<_, _>>().map(Datum::List)
            }
            TypedNode::Not(inner) => match self.eval(inner)? {
                Datum::Truth(yes) => Ok(Datum::Truth(!yes)),
                other => Ok(other),
            },
            TypedNode::Minus(inner) => {
                let value = self.eval(inner)?;
                arithmetic::negated(value)
            }
            TypedNode::Infix(op, left, right) => {
                let outcome = match op {
                    Infix::And | Infix::Or => logic::connective(self, *op == Infix::And, left, right),
                    _ => match (self.eval(left), self.eval(right)) {
                        (Ok(left), Ok(right)) => arithmetic::infix(self, *op, left, right),
                        (Err(Stop::Failed(error)), _) | (_, Err(Stop::Failed(error))) => Err(error.into()),
                        (Err(Stop::Missing(mut a)), Err(Stop::Missing(b))) => {
                            a.extend(b);
                            Err(Stop::Missing(a))
                        }
                        (Err(stop), _) | (_, Err(stop)) => Err(stop),
                    },
                };
                self.record(op.sign().to_owned(), || args_of(&[Some(left), Some(right)]), outcome)
            }
            TypedNode::Call(operator, typed_args) => {
                let signature = operator.signature();
                let outcome = self.call_args(&signature, typed_args).and_then(|values| {
                    let args = Args { signature: &signature, typed: typed_args, values };
                    // rows cited while arguments with `it` were evaluated stay with this step
                    operator.run(self, &args)
                });
                let args: Vec<Option<&Typed>> = typed_args.iter().map(Option::as_ref).collect();
                self.record(operator.word(), || args_of(&args), outcome)
            }
        }
    }

    fn call_args(&mut self, signature: &Signature, typed: &[Option<Typed>]) -> Part<Vec<Option<Datum>>> {
        let mut missing = Vec::new();
        let mut values = Vec::with_capacity(typed.len());
        for (param, arg) in signature.params.iter().zip(typed) {
            let Some(arg) = arg else {
                values.push(None);
                continue;
            };
            let later = param.takes.is_later();
            match &arg.node {
                _ if later => values.push(None),
                TypedNode::Nothing(_) => values.push(None),
                TypedNode::Frame(_) => values.push(None),
                TypedNode::ObjectFrame(inner) => values.push(Some(self.eval(inner)?)),
                _ => match self.eval(arg) {
                    Ok(Datum::Number(seconds))
                        if self.world.record().order_only && param.takes.is_moment() =>
                    {
                        missing.push(no_clock(&format!("which picture {} s is", seconds.value)));
                        values.push(None);
                    }
                    Ok(value) => {
                        missing.extend(beyond_all_time(param.takes.is_moment(), &value));
                        values.push(Some(value));
                    }
                    Err(Stop::Missing(more)) => {
                        missing.extend(more);
                        values.push(None);
                    }
                    Err(failed) => return Err(failed),
                },
            }
        }
        if missing.is_empty() { Ok(values) } else { Err(Stop::Missing(missing)) }
    }

    /// Writes a step of the audit; inside expressions with `it`, the rows go to the step that tests.
    fn record(&mut self, op: String, args: impl FnOnce() -> Vec<String>, outcome: Outcome) -> Outcome {
        if let Err(Stop::Failed(_)) = outcome {
            return outcome;
        }
        if !self.it.is_empty() {
            return outcome;
        }
        if self.doubted.is_some() {
            self.cites = Cites::default();
            return outcome;
        }
        let evidence = self.cited()?;
        let (value, missing) = match &outcome {
            Ok(value) => (Some(value.value()), Vec::new()),
            Err(Stop::Missing(missing) | Stop::Unsupported(missing)) => (None, missing.clone()),
            Err(Stop::Failed(_)) => (None, Vec::new()),
        };
        self.steps.push(Step { step: self.steps.len() + 1, op, args: args(), value, missing, evidence });
        outcome
    }

    /// Makes evidence of what was cited since the last step; its numbers.
    fn cited(&mut self) -> Part<Vec<usize>> {
        let cites = std::mem::take(&mut self.cites);
        let rows = evidence_of(self.world, cites)?;
        let mut evidence = Vec::new();
        for row in rows {
            let found = self.evidence.iter().position(|known| *known == row);
            evidence.push(found.unwrap_or_else(|| {
                self.evidence.push(row);
                self.evidence.len() - 1
            }));
        }
        Ok(evidence)
    }

    /// Gives what was cited since to the last step.
    pub(crate) fn cite_for_last_step(&mut self) -> Part<()> {
        if self.doubted.is_some() {
            return Ok(());
        }
        let evidence = self.cited()?;
        if let Some(step) = self.steps.last_mut() {
            step.evidence.extend(evidence);
        }
        Ok(())
    }

    /// The value of an expression with `it` for one thing of a set.
    pub(crate) fn for_each(&mut self, typed: &Typed, set: &Things, thing: EntityId) -> Outcome {
        self.it.push(Things { among: set.scopes.clone(), ..Things::exactly(vec![thing]) });
        let value = self.eval(typed);
        self.it.pop();
        value
    }

    /// All that is known of where a thing was.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn trajectory(&mut self, thing: EntityId) -> Part<Arc<Trajectory>> {
        if let Some(found) = self.trajectories.get(&thing) {
            return Ok(Arc::clone(found));
        }
        let found = Arc::new(self.world.trajectory(thing)?);
        let samples: usize = found.runs.iter().map(chronotope_world::Run::len).sum();
        if self.samples_kept + samples > MOST_KEPT {
            self.trajectories.clear();
            self.samples_kept = 0;
        }
        self.samples_kept += samples;
        self.trajectories.insert(thing, Arc::clone(&found));
        Ok(found)
    }

    /// The times of all pictures (or instants) of a camera that have samples, ascending.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn picture_times(&mut self, observer: Option<ObserverId>) -> Part<Arc<Vec<i64>>> {
        if let Some(found) = self.pictures.get(&observer) {
            return Ok(Arc::clone(found));
        }
        let wanted = observer.map_or(u32::MAX, |o| o.0 as u32);
        let times_only = Selection { boxes: false, positions: false, rest: false, ..Selection::ALL };
        let mut times = Vec::new();
        for n in 0..self.world.store().bounds().len() {
            let chunk = self.world.store().select(n, &times_only)?;
            let mut seen: Vec<i64> = (0..chunk.len())
                .filter(|&i| chunk.observer[i] == wanted && self.world.view().sees(chunk.known(i)))
                .map(|i| chunk.t_ns[i])
                .collect();
            seen.sort_unstable();
            seen.dedup();
            times.extend(seen);
        }
        times.sort_unstable();
        times.dedup();
        let times = Arc::new(times);
        self.pictures.insert(observer, Arc::clone(&times));
        Ok(times)
    }

    /// The span of the whole record: where somebody looked, else what has samples; all time for a timeless scene.
    pub fn record_span(&self) -> Span {
        let bounded = |span: &Span| span.start() != Time::MIN && span.end() != Time::MAX;
        let rows: Vec<Span> = self.world.coverage().map(|row| row.span).collect();
        let looked = rows.iter().copied().filter(bounded).reduce(Span::hull);
        match (looked, rows.is_empty()) {
            (Some(span), _) => span,
            (None, false) => self.world.span().unwrap_or(Span::ALWAYS),
            (None, true) => self.world.span().unwrap_or(Span::ALWAYS),
        }
    }

    /// What is asked for, cut to the record where it reaches beyond: `always` is the whole record.
    pub fn asked(&self, during: &When) -> Spans {
        let whole = Spans::from(self.record_span());
        if during.certain == Spans::from(Span::ALWAYS) { whole } else { during.certain.clone() }
    }

    /// Record time is a rank: durations and speeds are unknown.
    ///
    /// # Errors
    /// The missing clock.
    pub fn needs_clock(&self) -> Part<()> {
        if !self.world.record().order_only {
            return Ok(());
        }
        Err(no_clock("").into())
    }

    /// Cites samples of a track during a span as deciding.
    pub fn cite_track(&mut self, entity: Option<EntityId>, track: TrackId, span: Span, best: Option<Time>) {
        self.cites.track(EvidenceKind::Supports, entity, track, span, best);
    }

    /// Cites rows of a table.
    pub fn cite_rows(&mut self, kind: EvidenceKind, table: Table, ids: impl IntoIterator<Item = u64>) {
        self.cites.rows(kind, table, ids);
    }

    /// Cites something taken for granted.
    pub fn assume(&mut self, words: &str) {
        self.cites.assume(words);
    }

    /// Cites all samples of a thing during spans.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn cite_thing(&mut self, thing: EntityId, during: &Spans, best: Option<Time>) -> Part<()> {
        let Some(hull) = during.hull() else { return Ok(()) };
        let trajectory = self.trajectory(thing)?;
        for run in &trajectory.runs {
            let span = run.identity_span.intersect(hull);
            if let Some(span) = span {
                self.cite_track(Some(thing), run.track, span, best);
            }
        }
        Ok(())
    }

    /// Cites the first sample of a thing during spans; where it is only known in between, the samples around.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn cite_first(&mut self, thing: EntityId, during: &Spans) -> Part<()> {
        let trajectory = self.trajectory(thing)?;
        for run in &trajectory.runs {
            let first = run.samples().find(|s| during.iter().any(|span| span.overlaps(s.span())));
            if let Some(sample) = first {
                self.cite_track(Some(thing), run.track, Span::at(sample.t), Some(sample.t));
                return Ok(());
            }
        }
        self.cite_thing(thing, during, None)
    }

    /// A name for people: `car 3`.
    pub fn name_of(&self, thing: EntityId) -> String {
        super::answer::name_of(self.world, thing)
    }
}

/// What is missing where seconds that stand for a moment are none that a record can have: they would be taken for the end of all time.
fn beyond_all_time(is_moment: bool, value: &Datum) -> Option<Missing> {
    let Datum::Number(seconds) = value else { return None };
    let t = Time::from_s(seconds.value);
    (is_moment && (t == Time::MIN || t == Time::MAX || seconds.value.is_nan())).then(|| {
        let what = format!("expected a time within 292 years of zero, found {} s", seconds.value);
        Missing::new(MissingKind::Clock, what)
    })
}

/// The arguments of a call, by the names of the parameters.
pub struct Args<'a> {
    pub(crate) signature: &'a Signature,
    pub(crate) typed: &'a [Option<Typed>],
    pub(crate) values: Vec<Option<Datum>>,
}

/// How what is missing ends where a description fits several things and one is asked of.
const SEVERAL: &str = " things is meant";

/// Whether an answer is missing only because descriptions of one thing fit several.
pub(crate) fn fits_several(missing: &[Missing]) -> bool {
    !missing.is_empty() && missing.iter().all(|m| m.kind == MissingKind::Wording && m.what.ends_with(SEVERAL))
}

impl Args<'_> {
    fn index(&self, name: &str) -> usize {
        let found = self.signature.params.iter().position(|p| p.name == name);
        found.expect("an operator asks only for its own parameters")
    }

    /// The value, where one was given.
    pub fn given(&self, name: &str) -> Option<&Datum> {
        self.values[self.index(name)].as_ref()
    }

    pub(crate) fn later(&self, name: &str) -> &Typed {
        self.typed[self.index(name)].as_ref().expect("required by the signature")
    }

    /// A set of things.
    pub fn things(&self, name: &str) -> &Things {
        static NONE: Things = Things {
            certain: Vec::new(),
            possible: Vec::new(),
            scopes: Vec::new(),
            missing: Vec::new(),
            unconditional: false,
            among: Vec::new(),
        };
        match self.given(name) {
            Some(Datum::Things(things)) => things,
            _ => &NONE,
        }
    }

    /// The one thing of a set.
    ///
    /// # Errors
    /// Missing where there is none, or more than one.
    pub fn thing(&self, name: &str) -> Part<EntityId> {
        let things = self.things(name);
        // what the set was asked by is a better name for it than that of the argument
        let label = things.scopes.iter().find_map(|scope| scope.label.as_deref());
        let name = label.unwrap_or(name);
        match (things.certain.as_slice(), things.possible.as_slice()) {
            ([one], []) => Ok(*one),
            ([], []) => missing(MissingKind::Entity, format!("`{name}`: there is no such thing")),
            ([], _) => Err(Stop::Missing(things.missing.clone())),
            (several, _) => {
                missing(MissingKind::Wording, format!("`{name}`: which of {}{SEVERAL}", several.len()))
            }
        }
    }

    /// A word or a text; empty where none was given.
    pub fn text(&self, name: &str) -> &str {
        match self.given(name) {
            Some(Datum::Text(text)) => text,
            _ => "",
        }
    }

    /// A number, where one was given.
    pub fn number(&self, name: &str) -> Option<&Quantity> {
        match self.given(name) {
            Some(Datum::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// A moment, where one was given; seconds count as one.
    pub fn moment(&self, name: &str) -> Option<Instant> {
        match self.given(name) {
            Some(Datum::Moment(instant)) => Some(*instant),
            Some(Datum::Number(seconds)) => Some(Instant::exactly(Time::from_s(seconds.value))),
            _ => None,
        }
    }

    /// Spans; all time where none were given.
    pub fn when(&self, name: &str) -> When {
        match self.given(name) {
            Some(Datum::When(when)) => when.clone(),
            _ => When::exactly(Span::ALWAYS.into()),
        }
    }

    /// A viewpoint.
    ///
    /// # Errors
    /// Missing where none was given.
    pub fn viewpoint(&self, name: &str) -> Part<&Viewpoint> {
        match self.given(name) {
            Some(Datum::Viewpoint(view)) => Ok(view),
            _ => missing(MissingKind::Wording, format!("`{name}`: no viewpoint")),
        }
    }

    /// Events.
    pub fn events(&self, name: &str) -> Option<&Events> {
        match self.given(name) {
            Some(Datum::Events(events)) => Some(events),
            _ => None,
        }
    }

    /// A region or line.
    pub fn region(&self, name: &str) -> Part<&Region> {
        match self.given(name) {
            Some(Datum::Region(region) | Datum::Line(region)) => Ok(region),
            _ => missing(MissingKind::Wording, format!("`{name}`: no region")),
        }
    }

    /// The items of a list.
    pub fn list(&self, name: &str) -> &[Datum] {
        match self.given(name) {
            Some(Datum::List(items)) => items,
            _ => &[],
        }
    }

    /// The reference frame.
    ///
    /// # Errors
    /// Missing where `object(…)` is not one thing.
    pub fn frame(&self, name: &str) -> Part<Frame> {
        match self.typed[self.index(name)].as_ref().map(|t| &t.node) {
            Some(TypedNode::Frame(Frame::Absent(missing))) => Err(missing.clone().into()),
            Some(TypedNode::Frame(frame)) => Ok(frame.clone()),
            Some(TypedNode::ObjectFrame(_)) => Ok(Frame::One(ReferenceFrame::Object(self.thing(name)?))),
            _ => missing(MissingKind::Transform, format!("`{name}`: no reference frame")),
        }
    }
}
