//! States that are shown once and then changed out of sight: six demonstrations of VideoReasonBench (Liu et al., 2025).
//!
//! The state is shown at the start or at the end only; the operations are always seen. Questions are functions of a [`Demo`]: what was
//! done (level 1), what the state is where it is not shown (level 2), what further operations would make of it (level 3).
//!
//! Squares are written as a column letter from `a` and a row number from 1 at the top, in all six.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use crate::canvas::{Film, FilmSettings};
use crate::error::range;
use crate::{Error, Stream};

mod card;
mod chip;
mod circle;
mod cup;
mod file;
mod number;

pub use card::{CardOperation, Cards};
pub use chip::{ChipOperation, Chips};
pub use circle::Circle;
pub use cup::{Cups, Swap};
pub use file::{FileOperation, Files};
pub use number::Number;

/// A state that operations change.
pub trait Latent: Clone + PartialEq + Debug + Display + FromStr<Err = Error> {
    /// The demonstration's name.
    const NAME: &'static str;
    /// What changes the state; its text form is what a question or an answer says.
    type Operation: Clone + PartialEq + Debug + Display + FromStr<Err = Error>;

    /// A first state; `size` is 3 or 4 squares a side, or 1 or 2 containers.
    ///
    /// # Errors
    /// A size that the demonstration does not have.
    fn begin(stream: &mut Stream, size: u8) -> Result<Self, Error>;

    /// An operation that can be made now; none where there is none.
    fn choose(&self, stream: &mut Stream) -> Option<Self::Operation>;

    /// Makes it; false (and nothing changes) where it cannot be made.
    fn apply(&mut self, operation: &Self::Operation) -> bool;

    /// Kind of an operation, for counting: `up`, `swap`, `add 5` …
    fn kind(operation: &Self::Operation) -> String;

    /// What is different in another state of the same size: squares, places of a pile, files, worth; in order.
    fn differences(&self, other: &Self) -> Vec<String>;

    /// The operations as a film; `shown` says at which end the state can be seen. Operations are half a second apart at least.
    ///
    /// # Errors
    /// Settings outside of their ranges.
    fn film(demo: &Demo<Self>, settings: &FilmSettings) -> Result<Film, Error>;
}

/// At which end a state can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Before the first operation.
    Start,
    /// After the last one.
    End,
}

/// How a demonstration is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoSettings {
    /// 3 or 4 (squares a side: number, circle, cup), 1 or 2 (containers: file, card, chip).
    pub size: u8,
    /// Operations; 1 to 50 (official: 5 to 14).
    pub operations: u8,
    /// At which end the state is shown.
    pub shown: Shown,
}

impl DemoSettings {
    /// Whether the settings are within their ranges; `size` is checked by the demonstration.
    pub fn check(&self) -> Result<(), Error> {
        range("size", self.size, 1..=4)?;
        range("operations", self.operations, 1..=50)
    }
}

/// A demonstration: a first state, and what is done to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Demo<S: Latent> {
    /// The state before the first operation.
    pub start: S,
    /// What is done, in order.
    pub operations: Vec<S::Operation>,
    /// At which end the state is shown.
    pub shown: Shown,
}

impl<S: Latent> Demo<S> {
    /// A demonstration whose ends differ.
    ///
    /// # Errors
    /// Settings outside of their ranges; nothing found in 200 attempts.
    pub fn generate(stream: &mut Stream, settings: &DemoSettings) -> Result<Demo<S>, Error> {
        const ATTEMPTS: u32 = 200;
        settings.check()?;
        for _ in 0..ATTEMPTS {
            let start = S::begin(stream, settings.size)?;
            let (end, operations) = wander(stream, &start, settings.operations.into());
            if operations.len() == usize::from(settings.operations) && end != start {
                return Ok(Demo { start, operations, shown: settings.shown });
            }
        }
        Err(Error::Exhausted {
            what: "demonstration",
            attempts: ATTEMPTS,
            reason: "start and end are alike".to_owned(),
        })
    }

    /// The state after so many operations; the last where there are fewer.
    pub fn state_after(&self, count: usize) -> S {
        let mut state = self.start.clone();
        for operation in self.operations.iter().take(count) {
            state.apply(operation);
        }
        state
    }

    /// The state after all operations.
    pub fn end(&self) -> S {
        self.state_after(self.operations.len())
    }

    /// Level 1: the operations from one to another, counted from 1, both included.
    pub fn recall(&self, from: usize, to: usize) -> &[S::Operation] {
        self.operations.get(from.saturating_sub(1)..to.min(self.operations.len())).unwrap_or(&[])
    }

    /// Level 1: numbers (from 1) of the operations of a kind.
    pub fn count(&self, kind: &str) -> Vec<usize> {
        (1..)
            .zip(&self.operations)
            .filter(|(_, operation)| S::kind(operation) == kind)
            .map(|(number, _)| number)
            .collect()
    }

    /// Level 2: the state at the end that is not shown.
    pub fn hidden(&self) -> S {
        match self.shown {
            Shown::Start => self.end(),
            Shown::End => self.start.clone(),
        }
    }

    /// Level 2: what differs between start and end.
    pub fn changed(&self) -> Vec<String> {
        self.start.differences(&self.end())
    }

    /// Level 3: further operations, and the state after them; fewer where no more can be made.
    pub fn further(&self, stream: &mut Stream, count: usize) -> (Vec<S::Operation>, S) {
        let (state, operations) = wander(stream, &self.end(), count);
        (operations, state)
    }

    /// Level 3: whether these operations lead from the end of the demonstration to a state. Any that do are right.
    pub fn reaches(&self, operations: &[S::Operation], target: &S) -> bool {
        let mut state = self.end();
        operations.iter().all(|operation| state.apply(operation)) && state == *target
    }
}

fn wander<S: Latent>(stream: &mut Stream, start: &S, count: usize) -> (S, Vec<S::Operation>) {
    let mut state = start.clone();
    let mut operations = Vec::with_capacity(count);
    for _ in 0..count {
        let Some(operation) = state.choose(stream) else { break };
        if state.apply(&operation) {
            operations.push(operation);
        }
    }
    (state, operations)
}

/// Operations as text: joined by semicolons.
pub fn write_operations<O: Display>(operations: &[O]) -> String {
    operations.iter().map(O::to_string).collect::<Vec<_>>().join("; ")
}

/// Operations from text, joined by semicolons.
///
/// # Errors
/// One that cannot be read, or more than 1,000.
pub fn read_operations<O: FromStr<Err = Error>>(text: &str) -> Result<Vec<O>, Error> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty()).take(1_000).map(str::parse).collect()
}

fn wrong(kind: &'static str, line: usize, expected: &str, found: &str) -> Error {
    Error::Text { kind, line, expected: expected.to_owned(), found: format!("{found:?}") }
}

/// `c2` for the third square of the second row.
fn square_name(side: u8, place: usize) -> String {
    let side = usize::from(side.max(1));
    format!("{}{}", char::from(b'a' + (place % side) as u8), place / side + 1)
}

fn square_place(side: u8, name: &str) -> Option<usize> {
    let mut chars = name.chars();
    let column = usize::from((chars.next()?.to_ascii_lowercase() as u32).checked_sub(u32::from(b'a'))? as u8);
    let row: usize = chars.as_str().parse().ok()?;
    let side = usize::from(side);
    (column < side && (1..=side).contains(&row)).then(|| (row - 1) * side + column)
}

#[cfg(test)]
pub(crate) fn holds<S: Latent>(sizes: [u8; 2]) {
    let mut seen = std::collections::BTreeSet::new();
    for index in 0..60u64 {
        let shown = if index % 2 == 0 { Shown::Start } else { Shown::End };
        let size = sizes[(index / 2 % 2) as usize];
        let settings = DemoSettings { size, operations: 5 + (index % 10) as u8, shown };
        let mut stream = Stream::of_item(S::NAME, "test", 3, index);
        let demo = Demo::<S>::generate(&mut stream, &settings).unwrap();
        seen.insert(format!("{}{}", demo.start, write_operations(&demo.operations)));
        let end = demo.end();
        assert!(
            end != demo.start && !demo.changed().is_empty() && end.differences(&end).is_empty(),
            "{demo:?}"
        );
        assert_eq!(demo.hidden(), if shown == Shown::Start { end.clone() } else { demo.start.clone() });
        assert_eq!(demo.start.to_string().parse::<S>().as_ref(), Ok(&demo.start), "\n{}", demo.start);
        assert_eq!(end.to_string().parse::<S>().as_ref(), Ok(&end), "\n{end}");
        let text = write_operations(&demo.operations);
        assert_eq!(read_operations::<S::Operation>(&text).as_ref(), Ok(&demo.operations), "{text}");
        let kind = S::kind(&demo.operations[0]);
        assert!(demo.count(&kind).contains(&1) && demo.recall(1, 2) == &demo.operations[..2]);
        let (operations, target) = demo.further(&mut stream, 5);
        assert!(demo.reaches(&operations, &target));
        let fewer = &operations[..operations.len() - 1];
        let mut state = end.clone();
        assert!(fewer.iter().all(|operation| state.apply(operation)));
        assert_eq!(demo.reaches(fewer, &target), state == target);
        if index < 4 {
            let film = S::film(&demo, &FilmSettings { side_px: 96, fps: 8, ..Default::default() }).unwrap();
            let (first, last) = (film.picture(0), film.picture(film.len() - 1));
            assert!(film.len() >= demo.operations.len() * 2 && first.rgb != last.rgb, "{} {index}", S::NAME);
        }
    }
    assert!(seen.len() == 60);
    let mut stream = Stream::named(&["x"]);
    let bad = DemoSettings { size: 9, operations: 5, shown: Shown::Start };
    assert!(Demo::<S>::generate(&mut stream, &bad).unwrap_err().to_string().starts_with("size"));
}
