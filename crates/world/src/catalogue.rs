//! What a room offers, item by item: the type that every room's `catalogue.rs` fills.
//!
//! A room with items (trackers, importers, operators …) has a file `src/catalogue.rs` with
//!
//! ```
//! use chronotope_world::catalogue::Entry;
//!
//! /// Everything that this room offers, kind by kind, alphabetical within a kind.
//! pub fn entries() -> Vec<Entry> {
//!     vec![Entry {
//!         kind: "trackers",
//!         name: "sort",
//!         about: "Kalman filter on boxes, matched by overlap",
//!         source: "perceive/src/track/sort.rs",
//!         paper: Some("Bewley et al., Simple Online and Realtime Tracking, ICIP 2016"),
//!         example: "chronotope watch street.mp4 --tracker sort",
//!     }]
//! }
//! # assert!(entries().iter().all(|entry| entry.fault().is_none()));
//! ```
//!
//! and one line in the facade's `entries()`. `chronotope list KIND`, the tables in the documents and the tests that walk
//! every catalogue read nothing else.

/// The kinds that can be listed, as the user types them, in the order of the documents.
///
/// A new kind is a line here.
pub const KINDS: [&str; 13] = [
    "detectors",
    "trackers",
    "importers",
    "exporters",
    "operators",
    "questions",
    "calculi",
    "tasks",
    "benchmarks",
    "metrics",
    "rewards",
    "strategies",
    "tools",
];

/// One item of a catalogue: what it is called, what it does, where it comes from, how to call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// One of [`KINDS`].
    pub kind: &'static str,
    /// The name that the user types: kebab-case, unique within the kind.
    pub name: &'static str,
    /// One line, without a full stop.
    pub about: &'static str,
    /// The item's file, from the folder `crates`: `perceive/src/track/sort.rs`.
    pub source: &'static str,
    /// Paper or format specification with its year, where there is one.
    pub paper: Option<&'static str>,
    /// How to use it: a command, a question, a program, or an input row, as fits the kind.
    pub example: &'static str,
}

impl Entry {
    /// What is wrong with this entry by itself, in plain words; none when nothing is.
    ///
    /// Whether the name is unique and the file exists is for the test that sees all entries.
    pub fn fault(&self) -> Option<String> {
        let Entry { kind, name, about, source, paper, example } = *self;
        if !KINDS.contains(&kind) {
            return Some(format!("kind `{kind}` of `{name}` is none of {}", KINDS.join(", ")));
        }
        if !is_kebab_case(name) {
            return Some(format!("{kind}: name `{name}` is not kebab-case (a-z, 0-9, single hyphens)"));
        }
        for (field, text) in [("about", about), ("source", source), ("example", example)] {
            if text.trim().is_empty() {
                return Some(format!("{kind}: `{name}` has an empty {field}"));
            }
        }
        if about.contains('\n') || about.ends_with('.') {
            return Some(format!("{kind}: about of `{name}` is not one line without a full stop"));
        }
        if paper.is_some_and(|paper| paper.trim().is_empty()) {
            return Some(format!("{kind}: `{name}` has an empty paper; say None"));
        }
        None
    }
}

/// Lower-case words of letters and digits, joined by single hyphens, the first of them starting with a letter or digit.
fn is_kebab_case(name: &str) -> bool {
    !name.is_empty()
        && name.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Entry = Entry {
        kind: "trackers",
        name: "byte-track",
        about: "associates every detection box",
        source: "perceive/src/track/byte_track.rs",
        paper: None,
        example: "chronotope watch street.mp4 --tracker byte-track",
    };

    #[test]
    fn a_good_entry_has_no_fault() {
        assert_eq!(GOOD.fault(), None);
    }

    #[test]
    fn names_are_kebab_case() {
        for name in ["", "ByteTrack", "byte_track", "byte--track", "-byte", "byte-", "byte track"] {
            assert!(Entry { name, ..GOOD }.fault().is_some(), "`{name}` was accepted");
        }
        for name in ["sort", "3d", "mf-json", "rcc8"] {
            assert_eq!(Entry { name, ..GOOD }.fault(), None, "`{name}` was refused");
        }
    }

    #[test]
    fn every_field_says_something() {
        for entry in [
            Entry { kind: "tracker", ..GOOD },
            Entry { about: " ", ..GOOD },
            Entry { about: "A sentence.", ..GOOD },
            Entry { about: "two\nlines", ..GOOD },
            Entry { source: "", ..GOOD },
            Entry { paper: Some(""), ..GOOD },
            Entry { example: "", ..GOOD },
        ] {
            assert!(entry.fault().is_some(), "{entry:?} was accepted");
        }
    }
}
