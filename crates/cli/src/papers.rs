//! The papers' systems that the project promises, and what has been shown of each: `papers.csv`, one row per system.
//!
//! The first nine columns are the promise and are not edited. What a change shows, it enters in the last four:
//!
//! | column | holds |
//! |---|---|
//! | `state` | `open`, `partly`, `works` |
//! | `level` | what was shown: see [`Level`]; empty while open |
//! | `through` | the commands that do it, without `chronotope`, separated by `;` |
//! | `shown_by` | tests as `FILE.rs::test_name` or files of recorded runs, from the root of the repository, separated by `;` |
//!
//! The tests below refuse a row that is not open and does not name commands that exist and tests or runs that exist.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// The table, in the order of its ids.
const TABLE: &str = include_str!("papers.csv");

/// One system of one paper.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Paper {
    /// `S001` and so on.
    pub(crate) id: String,
    /// The name that its authors gave it.
    pub(crate) name: String,
    /// What must hold before it counts as working.
    works_when: String,
    /// How far it is.
    pub(crate) state: State,
    /// What has been shown.
    pub(crate) level: Option<Level>,
    /// The commands that do it.
    #[serde(deserialize_with = "separated")]
    pub(crate) through: Vec<String>,
    /// The tests and recorded runs that show it.
    #[serde(deserialize_with = "separated")]
    shown_by: Vec<String>,
}

impl Paper {
    /// What must hold, and which tests or recorded runs show it.
    pub(crate) fn check(&self) -> String {
        let mut check = self.works_when.clone();
        for (n, proof) in self.shown_by.iter().enumerate() {
            write!(check, "{}{proof}", if n == 0 { " Shown by: " } else { "; " })
                .expect("a string takes all");
        }
        check
    }
}

/// How far a system is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Not begun, or nothing shown.
    Open,
    /// Some of the check is shown.
    Partly,
    /// All of the check is shown.
    Works,
}

impl State {
    /// As the table spells it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Partly => "partly",
            State::Works => "works",
        }
    }
}

/// What has been shown of a system, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// Equals test vectors or the official code.
    Formula,
    /// Official files load and score.
    Format,
    /// The loop runs against a scripted model.
    Protocol,
    /// The claim's direction holds on our generated data, with a small policy or observer.
    Direction,
    /// Shown on the paper's data with a real model.
    Paper,
}

impl Level {
    /// As the table spells it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Level::Formula => "formula",
            Level::Format => "format",
            Level::Protocol => "protocol",
            Level::Direction => "direction",
            Level::Paper => "paper",
        }
    }
}

/// All systems, in the order of their ids.
pub(crate) fn papers() -> Vec<Paper> {
    csv::Reader::from_reader(TABLE.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the table is part of the program and a test reads it")
}

/// A cell of items separated by `;`.
fn separated<'de, D: serde::Deserializer<'de>>(cell: D) -> Result<Vec<String>, D::Error> {
    let cell = String::deserialize(cell)?;
    Ok(cell.split(';').map(str::trim).filter(|item| !item.is_empty()).map(String::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Arguments;
    use clap::CommandFactory as _;
    use std::fs;
    use std::path::{Component, Path};

    /// What is wrong with a row, given the root of the repository; none when it claims no more than is shown.
    fn fault(paper: &Paper, root: &Path) -> Option<String> {
        let Paper { id, state, level, through, shown_by, .. } = paper;
        if *state == State::Open {
            let claims = level.is_some() || !through.is_empty() || !shown_by.is_empty();
            return claims.then(|| format!("{id} is open and yet says that something is shown"));
        }
        if level.is_none() || through.is_empty() || shown_by.is_empty() {
            return Some(format!("{id} is {}: it must say level, through and shown_by", state.word()));
        }
        let commands = Arguments::command();
        let unknown = |call: &&String| {
            call.split(' ').next().is_none_or(|name| commands.find_subcommand(name).is_none())
        };
        if let Some(call) = through.iter().find(unknown) {
            return Some(format!("{id} works through `{call}`, which is no command"));
        }
        let proof = shown_by.iter().find(|proof| !exists(proof, root))?;
        Some(format!(
            "{id} is shown by `{proof}`: there is no such test (FILE.rs::test_name) or recorded run"
        ))
    }

    /// Whether a proof is there: a test function in its file, or a file with something in it.
    fn exists(proof: &str, root: &Path) -> bool {
        let inside = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
        let (file, test) = proof.split_once("::").map_or((proof, None), |(file, test)| (file, Some(test)));
        let Ok(text) = fs::read_to_string(root.join(file)) else { return false };
        let holds = match test {
            Some(name) => text.split("#[test]").skip(1).any(|after| {
                let declared =
                    after.trim_start().strip_prefix("fn ").and_then(|rest| rest.strip_prefix(name));
                declared.is_some_and(|rest| rest.starts_with('('))
            }),
            None => Path::new(file).extension().is_some_and(|kind| kind != "rs") && !text.trim().is_empty(),
        };
        holds && inside(Path::new(file))
    }

    fn root() -> &'static Path {
        Path::new("../..")
    }

    fn claimed(shown_by: &[&str]) -> Paper {
        Paper {
            state: State::Works,
            level: Some(Level::Formula),
            through: vec!["list papers".to_owned()],
            shown_by: shown_by.iter().map(|proof| (*proof).to_owned()).collect(),
            ..papers().remove(0)
        }
    }

    #[test]
    fn all_systems_are_there_once() {
        let ids: Vec<String> = papers().into_iter().map(|paper| paper.id).collect();
        let expected: Vec<String> = (1..=263).map(|n| format!("S{n:03}")).collect();
        assert_eq!(ids, expected);
    }

    #[test]
    fn every_paper_claims_only_what_is_shown() {
        let faults: Vec<String> = papers().iter().filter_map(|paper| fault(paper, root())).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn a_claim_with_a_test_or_a_recorded_run_is_accepted() {
        let test = "crates/cli/src/papers.rs::all_systems_are_there_once";
        assert_eq!(fault(&claimed(&[test, "crates/cli/Cargo.toml"]), root()), None);
    }

    #[test]
    fn a_claim_without_proof_is_refused() {
        let no_test = "crates/cli/src/papers.rs::papers"; // a function, but no test
        let no_file = "runs/never.json";
        let no_run = "crates/cli/src/papers.rs"; // source is no recorded run
        for shown_by in [&[][..], &[no_test], &[no_file], &[no_run], &["../../etc/passwd"]] {
            assert!(fault(&claimed(shown_by), root()).is_some(), "{shown_by:?} was accepted");
        }
        let proof = "crates/cli/src/papers.rs::all_systems_are_there_once";
        let through = vec!["dream".to_owned()];
        assert!(fault(&Paper { through, ..claimed(&[proof]) }, root()).is_some(), "no command was accepted");
        assert!(
            fault(&Paper { level: None, ..claimed(&[proof]) }, root()).is_some(),
            "no level was accepted"
        );
        let open = Paper { state: State::Open, ..claimed(&[proof]) };
        assert!(fault(&open, root()).is_some(), "an open row with proof was accepted");
    }

    #[test]
    fn a_check_names_its_proofs() {
        let paper = Paper { works_when: "It works.".to_owned(), ..claimed(&["a.rs::b", "c.json"]) };
        assert_eq!(paper.check(), "It works. Shown by: a.rs::b; c.json");
    }
}
