//! `diagnose`: where a model loses.

use std::path::PathBuf;

use chronotope::act::Means;
use chronotope::evaluate::diagnose::{ARMS, Diagnosis, Losses, Plan, USUAL, diagnose};
use chronotope::score::Paired;
use chronotope::tasks::generate::Level;
use clap::builder::PossibleValuesParser;

use super::eval;
use super::make::FILMS;
use super::model::Model;
use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// Where a model loses: by seeing, by computing, or not at all.
///
/// Makes items with clips and exact Worlds, and has each answered four times: blind, from pictures, from the exact World as text, and by the engine.
/// What lies between two of them is lost there; intervals are paired by item. A diagnosis that was stopped goes on and pays nothing twice.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    model: Model,
    /// Items, all tasks together
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    n: u64,
    /// The tasks, with commas between them [default: five over rooms]
    #[arg(long, value_name = "TASK,…", value_delimiter = ',')]
    tasks: Vec<String>,
    /// easy, medium or hard
    #[arg(long, value_name = "LEVEL", default_value = "medium", value_parser = PossibleValuesParser::new(Level::NAMES))]
    level: String,
    /// Seed of the items
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Pictures that the model is shown of each item
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pictures: u32,
    /// Longest side of these pictures
    #[arg(long, value_name = "PX", default_value_t = 768, value_parser = clap::value_parser!(u32).range(16..=8192))]
    longest_px: u32,
    /// The folder for items, runs, diagnosis.json and index.html
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        let tasks: Vec<String> = if self.tasks.is_empty() {
            USUAL.iter().map(|name| (*name).to_owned()).collect()
        } else {
            self.tasks.clone()
        };
        let mut means = Means::default();
        means.n_pictures = self.pictures;
        means.longest_px = self.longest_px;
        means.chat = self.model.ready()?;
        if means.chat.is_none() {
            return Err(Fault::usage("expected --model URL, found none"));
        }
        means.open = eval::opens();
        means.decoder = eval::decoder();
        let plan = Plan {
            count: self.n.div_ceil(tasks.len() as u64),
            tasks,
            level: Level::named(&self.level).unwrap_or_default(),
            seed: self.seed,
            means,
            films: FILMS,
            threads: session.threads(),
            out: self.out.clone(),
        };
        let bar = session.shows_progress().then(eval::bar);
        let progress = |what: &str, done: u64, of: u64| {
            if let Some(bar) = &bar {
                bar.set_message(what.to_owned());
                bar.set_length(of);
                bar.set_position(done);
            }
        };
        let found = diagnose(&plan, &progress);
        if let Some(bar) = &bar {
            bar.finish_and_clear();
        }
        let found = found.map_err(eval::failed)?;
        if self.json {
            session.json(&found.json())?;
        } else {
            print(&found, session)?;
        }
        session.note(&format!("the page: {}", self.out.join("index.html").display()));
        Ok(Outcome::Done)
    }
}

fn print(found: &Diagnosis, session: &Session) -> Result<(), Fault> {
    let share = |score: f64| format!("{:.1} %", 100.0 * score);
    let points = |found: &Paired| {
        let difference = 100.0 * (found.means[1] - found.means[0]);
        found.interval.map_or_else(
            || format!("{difference:+.1}"),
            |interval| {
                format!("{difference:+.1} ({:+.1} to {:+.1})", 100.0 * interval.low, 100.0 * interval.high)
            },
        )
    };
    let row = |losses: &Losses| {
        let [blind, pictures, text, engine] = losses.scores.map(share);
        let name = losses.name.clone();
        let between = [&losses.looking, &losses.seeing, &losses.computing].map(points);
        let [looking, seeing, computing] = between;
        [name, losses.n.to_string(), blind, pictures, text, engine, looking, seeing, computing]
    };
    let head = [
        "TASK",
        "N",
        "BLIND",
        "PICTURES",
        "WORLD AS TEXT",
        "ENGINE",
        "GAINED BY LOOKING",
        "LOST BY SEEING",
        "LOST BY COMPUTING",
    ];
    session.table(head, found.losses.iter().map(row).collect())?;
    for ((name, _), cost) in ARMS.iter().zip(&found.costs).filter(|(_, cost)| cost.calls > 0) {
        session
            .note(&format!("{name}: {} calls, {} pictures, {} tokens", cost.calls, cost.frames, cost.tokens));
    }
    Ok(())
}
