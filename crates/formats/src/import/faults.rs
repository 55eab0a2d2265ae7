//! Rows that were left out, with their places.

use std::fmt;
use std::path::{Path, PathBuf};

/// The broken rows of one import: all are counted, the first ones are named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    count: u64,
    named: Vec<Fault>,
}

/// How many faults are named; the rest is counted.
pub const NAMED: usize = 20;

/// One broken row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub path: PathBuf,
    /// Where in it.
    pub place: Place,
    /// What would have been right.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line, from 1.
    Line(u64),
    /// An item of a JSON file in words: `annotation 3`, from 0.
    Item(String),
}

impl Faults {
    /// How many rows were left out.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The first [`NAMED`] of them.
    pub fn named(&self) -> &[Fault] {
        &self.named
    }

    /// No row was left out.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds a broken line.
    pub(crate) fn line(&mut self, path: &Path, line: u64, fault: RowFault) {
        self.add(path, Place::Line(line), fault);
    }

    /// Adds a broken item.
    pub(crate) fn item(&mut self, path: &Path, item: String, fault: RowFault) {
        self.add(path, Place::Item(item), fault);
    }

    fn add(&mut self, path: &Path, place: Place, fault: RowFault) {
        self.count += 1;
        if self.named.len() < NAMED {
            let RowFault { expected, found } = fault;
            self.named.push(Fault { path: path.to_owned(), place, expected, found });
        }
    }

    /// Joins the faults of another file.
    pub(crate) fn append(&mut self, other: Faults) {
        self.count += other.count;
        self.named.extend(other.named);
        self.named.truncate(NAMED);
    }
}

impl fmt::Display for Faults {
    /// One line per named fault, then how many more there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.named {
            writeln!(f, "{fault}")?;
        }
        match self.count - self.named.len() as u64 {
            0 => Ok(()),
            more => writeln!(f, "and {more} more rows left out"),
        }
    }
}

impl fmt::Display for Fault {
    /// `gt.txt:12: expected …, found …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { path, place, expected, found } = self;
        let path = path.display();
        match place {
            Place::Line(line) => write!(f, "{path}:{line}: expected {expected}, found {found}"),
            Place::Item(item) => write!(f, "{path}: {item}: expected {expected}, found {found}"),
        }
    }
}

/// What is wrong with a row, before its place is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowFault {
    expected: String,
    found: String,
}

impl RowFault {
    /// Long texts are cut, so that a hostile row cannot fill the screen.
    pub(crate) fn new(expected: impl Into<String>, found: impl fmt::Display) -> RowFault {
        const MOST: usize = 60;
        let full = found.to_string();
        let mut shown: String = full.chars().take(MOST).collect();
        if shown.len() < full.len() {
            shown.push('…');
        }
        RowFault { expected: expected.into(), found: shown.escape_debug().to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_first_are_named() {
        let mut faults = Faults::default();
        for line in 1..=50 {
            faults.line(Path::new("a.txt"), line, RowFault::new("9 columns", "x".repeat(500)));
        }
        assert_eq!((faults.count(), faults.named().len()), (50, NAMED));
        let text = faults.to_string();
        assert!(text.starts_with("a.txt:1: expected 9 columns, found xxx"), "{text}");
        assert!(text.ends_with("and 30 more rows left out\n"), "{text}");
        assert!(text.len() < 4000, "{}", text.len());
    }
}
