//! `chronotope list KIND`: what the catalogues hold.

use chronotope::world::catalogue::{Entry, KINDS};
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use crate::fault::{Fault, Outcome};
use crate::papers::{Level, Paper, State, papers};
use crate::session::Session;

/// Everything that can be listed beside the kinds of the catalogues.
const PAPERS: &str = "papers";

/// What to list, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What to list
    #[arg(value_name = "KIND", value_parser = PossibleValuesParser::new(KINDS.into_iter().chain([PAPERS])))]
    kind: String,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Prints the list.
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        if self.kind == PAPERS { list_papers(self.json, session) } else { list_entries(&self, session) }
    }
}

/// An entry as the contract prints it.
#[derive(Serialize)]
struct EntryRow {
    name: &'static str,
    about: &'static str,
    source: &'static str,
    paper: Option<&'static str>,
    example: &'static str,
}

fn list_entries(arguments: &Arguments, session: &Session) -> Result<Outcome, Fault> {
    let mut entries = chronotope::entries();
    entries.retain(|entry| entry.kind == arguments.kind);
    entries.sort_unstable();
    if arguments.json {
        let row = |&Entry { name, about, source, paper, example, .. }: &Entry| EntryRow {
            name,
            about,
            source,
            paper,
            example,
        };
        session.json(&entries.iter().map(row).collect::<Vec<_>>())?;
    } else if entries.is_empty() {
        session.note(&format!("no {} yet", arguments.kind));
    } else {
        let row = |entry: &Entry| [entry.name, entry.about, entry.paper.unwrap_or("–")].map(String::from);
        session.table(["NAME", "WHAT IT DOES", "FROM"], entries.iter().map(row).collect())?;
    }
    Ok(Outcome::Done)
}

/// A paper as the contract prints it.
#[derive(Serialize)]
struct PaperRow {
    id: String,
    name: String,
    state: State,
    level: Option<Level>,
    through: Vec<String>,
    check: String,
}

fn list_papers(json: bool, session: &Session) -> Result<Outcome, Fault> {
    let papers = papers();
    if json {
        let row = |paper: Paper| PaperRow {
            check: paper.check(),
            level: paper.level,
            id: paper.id,
            name: paper.name,
            state: paper.state,
            through: paper.through,
        };
        session.json(&papers.into_iter().map(row).collect::<Vec<_>>())?;
    } else {
        let n = |state| papers.iter().filter(|paper| paper.state == state).count();
        let sum = format!("{} work, {} partly, {} open", n(State::Works), n(State::Partly), n(State::Open));
        let row = |paper: Paper| {
            let level = paper.level.map_or("–", |level| level.word());
            let through = if paper.through.is_empty() { "–".to_owned() } else { paper.through.join(", ") };
            let check = paper.check();
            [paper.id, paper.name, paper.state.word().to_owned(), level.to_owned(), through, check]
        };
        let rows = papers.into_iter().map(row).collect();
        session.table(["ID", "SYSTEM", "STATE", "SHOWN", "THROUGH", "CHECK"], rows)?;
        session.note(&sum);
    }
    Ok(Outcome::Done)
}
