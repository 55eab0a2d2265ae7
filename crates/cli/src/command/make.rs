//! `make`: questions with verified answers, over generated Worlds or the user's own.

#[cfg(feature = "video")]
use std::path::Path;
use std::path::PathBuf;

use chronotope::evaluate::audit;
use chronotope::formats::import::ImportSettings;
#[cfg(feature = "video")]
use chronotope::perceive::video::{Encoder, EncoderSettings};
use chronotope::tasks::form::{FORMS, form_by_name, write_form};
use chronotope::tasks::gallery::gallery;
#[cfg(feature = "video")]
use chronotope::tasks::generate::Film;
use chronotope::tasks::generate::{FilmMaker, Knobs, Level};
use chronotope::tasks::make::{Census, Order, items, make};
use chronotope::tasks::{TASKS, Task, task_by_name};
#[cfg(feature = "video")]
use chronotope::world::Picture;
use chronotope::world::World;
use clap::builder::PossibleValuesParser;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::command::import::Known;
use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source::each;

/// Makes items: questions with their answers, the programs that give them, and the Worlds that they are about.
///
/// The answer is a program run by the engine on the exact World. The same seed gives the same bytes at any number of threads; other seeds
/// share nothing. A folder that holds a part of the same order is gone on with. `chronotope list tasks` names the tasks.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The task
    #[arg(required_unless_present = "gallery")]
    task: Option<String>,
    /// Makes a page with an item of every task instead
    #[arg(long, conflicts_with_all = ["task", "from", "set", "knobs"])]
    gallery: bool,
    /// How many items
    #[arg(long, value_name = "N", default_value_t = 100)]
    count: u64,
    /// Seed of all that is drawn
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// The folder for items.jsonl and what it names
    #[arg(long, value_name = "DIR", required_unless_present_any = ["knobs", "audit"])]
    out: Option<PathBuf>,
    /// Ask about these scenes instead of generated ones: bundles, folders of them, annotation files
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    from: Vec<String>,
    /// easy, medium or hard
    #[arg(long, value_name = "LEVEL", default_value = "medium", value_parser = PossibleValuesParser::new(Level::NAMES))]
    level: String,
    /// Sets one knob; --knobs lists them
    #[arg(long, value_name = "KNOB=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// Splits of one seed share nothing: train, val, test …
    #[arg(long, value_name = "NAME", default_value = "train")]
    split: String,
    /// Writes the items in these forms too, beside items.jsonl: sharegpt.json, items.parquet
    #[arg(long, value_name = "FORM", value_delimiter = ',', value_parser = PossibleValuesParser::new(forms()), conflicts_with_all = ["audit", "gallery", "knobs"])]
    format: Vec<String>,
    /// Makes no files but 6,000 items, trains solvers on 5,000 of them that see the words alone, and tests them on the others
    #[arg(long, conflicts_with_all = ["from", "out", "gallery"])]
    audit: bool,
    /// Lists what can be set for this task, and makes nothing
    #[arg(long)]
    knobs: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    known: Known,
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        if self.gallery {
            return self.show_all(session);
        }
        let name = self.task.as_deref().unwrap_or_default();
        let task = task_by_name(name).ok_or_else(|| unknown(name))?;
        if self.knobs {
            return print_knobs(task, session);
        }
        let level = Level::named(&self.level).unwrap_or_default();
        let knobs = Knobs::new(task.knobs(), level, &self.set).map_err(|fault| {
            Fault::usage(format!("--set: {fault}")).hint(format!("chronotope make {name} --knobs"))
        })?;
        if self.audit {
            return self.audit_of(task, level, session);
        }
        task.check(&knobs).map_err(|fault| Fault::usage(format!("--set: {fault}")))?;
        if !self.from.is_empty() && !task.takes_worlds() {
            return Err(Fault::usage(format!("--from: {name} draws its own Worlds")));
        }
        let out = self.out.clone().ok_or_else(|| Fault::usage("expected --out DIR"))?;
        let order = Order {
            task,
            knobs,
            level,
            seed: self.seed,
            split: self.split.clone(),
            count: self.count,
            from: self.worlds(session)?,
            threads: session.threads(),
            films: FILMS,
            out,
        };
        let bar = session.shows_progress().then(bar);
        let progress = |done: u64, of: u64| {
            if let Some(bar) = &bar {
                bar.set_length(of);
                bar.set_position(done);
            }
        };
        let census = make(&order, &progress).map_err(Fault::input)?;
        bar.inspect(ProgressBar::finish_and_clear);
        for form in self.format.iter().filter_map(|name| form_by_name(name)) {
            let path = write_form(form, &order.out).map_err(Fault::input)?;
            session.note(&format!("{}: {}", form.name(), path.display()));
        }
        self.say(&census, session)
    }

    /// What can be guessed from the words alone.
    fn audit_of(&self, task: &dyn Task, level: Level, session: &Session) -> Result<Outcome, Fault> {
        const TRAIN: u64 = 5000;
        const TEST: u64 = 1000;
        let mut set = self.set.clone();
        // what stands in the picture of a puzzle must not stand in its words; scenes are quicker without pictures
        if task.takes_worlds() && !set.iter().any(|(name, _)| name == "media") {
            set.push(("media".into(), "none".into()));
        }
        let knobs =
            Knobs::new(task.knobs(), level, &set).map_err(|fault| Fault::usage(format!("--set: {fault}")))?;
        let bar = session.shows_progress().then(bar);
        let progress = |done: u64, of: u64| {
            if let Some(bar) = &bar {
                bar.set_length(of);
                bar.set_position(done);
            }
        };
        let mut sets = Vec::new();
        for (split, count) in [("audit-train", TRAIN), ("audit-test", TEST)] {
            let order = Order {
                task,
                knobs: knobs.clone(),
                level,
                seed: self.seed,
                split: split.to_owned(),
                count,
                from: Vec::new(),
                threads: session.threads(),
                films: None,
                out: PathBuf::new(),
            };
            sets.push(items(&order, &progress).map_err(Fault::input)?.0);
        }
        bar.inspect(ProgressBar::finish_and_clear);
        let found = audit(&sets[0], &sets[1]);
        if self.json {
            let rows = found.iter().map(|blind| {
                json!({"solver": blind.solver, "score": blind.share, "low": blind.interval[0], "high": blind.interval[1],
                    "chance": blind.chance, "n": blind.n, "leaks": blind.leaks()})
            });
            session.json(
                &json!({"task": self.task, "train": sets[0].len(), "solvers": rows.collect::<Vec<_>>()}),
            )?;
            return Ok(Outcome::Done);
        }
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let rows = found.iter().map(|blind| {
            let [low, high] = blind.interval.map(percent);
            let verdict = if blind.leaks() { "leaks" } else { "no better than a quarter above chance" };
            [
                blind.solver.to_owned(),
                percent(blind.share),
                format!("{low} to {high}"),
                percent(blind.chance),
                verdict.to_owned(),
            ]
        });
        session.table(["SOLVER OF WORDS ALONE", "RIGHT", "95 %", "CHANCE", "VERDICT"], rows.collect())?;
        session.note(&format!("{} items to learn from, {} to answer", sets[0].len(), sets[1].len()));
        Ok(Outcome::Done)
    }

    fn show_all(&self, session: &Session) -> Result<Outcome, Fault> {
        let out = self.out.clone().ok_or_else(|| Fault::usage("expected --out DIR"))?;
        let bar = session.shows_progress().then(bar);
        let progress = |done: u64, of: u64| {
            if let Some(bar) = &bar {
                bar.set_length(of);
                bar.set_position(done);
            }
        };
        let shown = gallery(&out, self.seed, session.threads(), FILMS, &progress).map_err(Fault::input)?;
        bar.inspect(ProgressBar::finish_and_clear);
        session.text(&format!("{shown} tasks: {}", out.join("index.html").display()))?;
        Ok(Outcome::Done)
    }

    /// The Worlds of the user, by name.
    fn worlds(&self, session: &Session) -> Result<Vec<(String, World)>, Fault> {
        let settings: ImportSettings = self.known.settings();
        let mut all: Vec<(String, World)> = Vec::new();
        for source in &self.from {
            for world in each(source, &settings, session)? {
                let name = world.store().name().to_owned();
                if all.iter().any(|(other, _)| *other == name) {
                    return Err(Fault::usage(format!(
                        "--from: expected scenes of different names, found `{name}` twice"
                    )));
                }
                all.push((name, world));
            }
        }
        Ok(all)
    }

    fn say(&self, census: &Census, session: &Session) -> Result<Outcome, Fault> {
        if self.json {
            let mut json = census.json();
            json["task"] = json!(self.task);
            json["out"] = json!(self.out);
            session.json(&json)?;
        } else {
            let out = self.out.as_deref().unwrap_or_else(|| std::path::Path::new("."));
            session.text(&format!("{} items: {}", census.made, out.join("items.jsonl").display()))?;
            if census.resumed > 0 {
                session.note(&format!("{} of them were there before", census.resumed));
            }
        }
        if census.made < self.count {
            let most = census.failed.iter().max_by_key(|(_, times)| **times);
            let why =
                most.map_or(String::new(), |(filter, times)| format!("; {times} draws failed: {filter}"));
            session.note(&format!(
                "{} of {} items: {} draws of {} repeated one{why}",
                census.made, self.count, census.repeats, census.draws
            ));
            if census.made == 0 {
                return Err(Fault::bad(format!(
                    "expected items of {}, none could be made{why}",
                    self.task.as_deref().unwrap_or_default()
                )));
            }
        }
        Ok(Outcome::Done)
    }
}

fn unknown(name: &str) -> Fault {
    let names: Vec<&str> = TASKS.iter().map(|task| task.entry().name).collect();
    Fault::usage(format!("expected one of {}, found `{name}`", names.join(", ")))
        .hint("chronotope list tasks")
}

fn print_knobs(task: &dyn Task, session: &Session) -> Result<Outcome, Fault> {
    let rows = task.knobs().iter().map(|knob| {
        let [easy, medium, hard] = knob.levels.map(str::to_owned);
        [knob.name.to_owned(), knob.about.to_owned(), knob.range.words(), easy, medium, hard]
    });
    session.table(["KNOB", "WHAT IT SETS", "VALUES", "EASY", "MEDIUM", "HARD"], rows.collect())?;
    Ok(Outcome::Done)
}

fn forms() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|form| form.name())
}

/// `KNOB=VALUE`.
fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected KNOB=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} items {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

/// Who writes videos.
#[cfg(feature = "video")]
pub(crate) const FILMS: Option<&'static dyn FilmMaker> = Some(&X264);
#[cfg(not(feature = "video"))]
pub(crate) const FILMS: Option<&'static dyn FilmMaker> = None;

/// FFmpeg's libraries.
#[cfg(feature = "video")]
struct X264;

#[cfg(feature = "video")]
impl FilmMaker for X264 {
    fn begin(
        &self,
        path: &Path,
        [width, height]: [u32; 2],
        rate: (u32, u32),
        lossless: bool,
    ) -> Result<Box<dyn Film>, String> {
        let usual = EncoderSettings { rate, ..EncoderSettings::default() };
        let settings = if lossless { EncoderSettings { crf: 0, ..usual } } else { usual };
        let encoder = Encoder::create(path, width, height, settings).map_err(|fault| fault.to_string())?;
        Ok(Box::new(Reel(encoder)))
    }
}

#[cfg(feature = "video")]
struct Reel(Encoder);

#[cfg(feature = "video")]
impl Film for Reel {
    fn add(&mut self, picture: &Picture) -> Result<(), String> {
        self.0.push_rgb(&picture.rgb).map_err(|fault| fault.to_string())
    }

    fn finish(self: Box<Self>) -> Result<(), String> {
        self.0.finish().map_err(|fault| fault.to_string())
    }
}
