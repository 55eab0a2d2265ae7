//! What can be set, checked before anything is made.

use std::collections::BTreeMap;

/// One thing that can be set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knob {
    /// As the user types it: `margin_deg`.
    pub name: &'static str,
    /// One line, with the unit.
    pub about: &'static str,
    /// Which values there are.
    pub range: Range,
    /// The values at the levels easy, medium and hard; the default is medium.
    pub levels: [&'static str; 3],
}

/// Which values a knob has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// Whole numbers from the first to the second.
    Whole(i64, i64),
    /// Numbers from the first to the second.
    Real(f64, f64),
    /// One of these words.
    Word(&'static [&'static str]),
}

impl Range {
    /// In words, for help and errors.
    pub fn words(self) -> String {
        match self {
            Range::Whole(low, high) => format!("a whole number from {low} to {high}"),
            Range::Real(low, high) => format!("a number from {low} to {high}"),
            Range::Word(words) => format!("one of {}", words.join(", ")),
        }
    }

    fn holds(self, value: &str) -> bool {
        match self {
            Range::Whole(low, high) => value.parse::<i64>().is_ok_and(|v| (low..=high).contains(&v)),
            Range::Real(low, high) => value.parse::<f64>().is_ok_and(|v| (low..=high).contains(&v)),
            Range::Word(words) => words.contains(&value),
        }
    }
}

/// How hard a task is meant to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// For a first try.
    Easy,
    /// As the papers have it.
    #[default]
    Medium,
    /// For the best.
    Hard,
}

impl Level {
    /// As the user types it.
    pub const NAMES: [&'static str; 3] = ["easy", "medium", "hard"];

    /// The level of this name.
    pub fn named(name: &str) -> Option<Level> {
        let at = Level::NAMES.iter().position(|word| *word == name)?;
        [Level::Easy, Level::Medium, Level::Hard].get(at).copied()
    }
}

/// The values of a task's knobs; every one of them is set and in its range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knobs {
    values: BTreeMap<&'static str, String>,
}

impl Knobs {
    /// The values of a level, with those that were set by hand.
    ///
    /// # Errors
    /// A name that is no knob, a value outside of its range, or one set twice: a text that says what was expected and found.
    pub fn new(knobs: &'static [Knob], level: Level, set: &[(String, String)]) -> Result<Knobs, String> {
        let at = level as usize;
        let mut values: BTreeMap<&'static str, String> =
            knobs.iter().map(|knob| (knob.name, knob.levels[at].to_owned())).collect();
        let mut seen = Vec::new();
        for (name, value) in set {
            let Some(knob) = knobs.iter().find(|knob| knob.name == name) else {
                let names: Vec<&str> = knobs.iter().map(|knob| knob.name).collect();
                return Err(format!("expected one of {}, found `{name}`", names.join(", ")));
            };
            if !knob.range.holds(value) {
                return Err(format!("{name}: expected {}, found `{value}`", knob.range.words()));
            }
            if seen.contains(&knob.name) {
                return Err(format!("{name}: expected once, found twice"));
            }
            seen.push(knob.name);
            values.insert(knob.name, value.clone());
        }
        Ok(Knobs { values })
    }

    /// A knob that is a whole number; 0 for none of this name.
    pub fn whole(&self, name: &str) -> i64 {
        self.values.get(name).and_then(|value| value.parse().ok()).unwrap_or_default()
    }

    /// A knob that is a count.
    pub fn count(&self, name: &str) -> usize {
        usize::try_from(self.whole(name)).unwrap_or_default()
    }

    /// A knob that is a number.
    pub fn real(&self, name: &str) -> f64 {
        self.values.get(name).and_then(|value| value.parse().ok()).unwrap_or_default()
    }

    /// A knob that is a word.
    pub fn word(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Name and value of each, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.values.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOBS: &[Knob] = &[
        Knob { name: "options", about: "options", range: Range::Whole(2, 8), levels: ["2", "4", "6"] },
        Knob { name: "gap_m", about: "m", range: Range::Real(0.0, 5.0), levels: ["0.5", "0.3", "0.15"] },
    ];

    #[test]
    fn a_level_sets_all_and_a_hand_sets_one() {
        let set = [("options".to_owned(), "3".to_owned())];
        let knobs = Knobs::new(KNOBS, Level::Hard, &set).expect("in range");
        assert_eq!((knobs.count("options"), knobs.real("gap_m")), (3, 0.15));
    }

    #[test]
    fn what_is_no_knob_or_out_of_range_is_told() {
        for (name, value, told) in [
            ("option", "3", "expected one of options, gap_m, found `option`"),
            ("options", "9", "options: expected a whole number from 2 to 8, found `9`"),
            ("gap_m", "NaN", "gap_m: expected a number from 0 to 5, found `NaN`"),
        ] {
            let set = [(name.to_owned(), value.to_owned())];
            assert_eq!(Knobs::new(KNOBS, Level::Easy, &set), Err(told.to_owned()));
        }
    }
}
