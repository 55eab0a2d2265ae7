//! `ask`: a question about a World, answered with its evidence.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chronotope::act::asking::{self, Help};
use chronotope::ask::program::json::from_json;
use chronotope::ask::program::{parse, run_program};
use chronotope::ask::report;
use chronotope::ask::story::{Reach, StorySettings};
use chronotope::ask::{Asked, ask, asked_json, in_words};
use chronotope::formats::import::ImportSettings;
use chronotope::formats::twice::key_twice;
#[cfg(feature = "video")]
use chronotope::perceive::video::VideoPictures;
use chronotope::world::{Pictures, Status, Time, View, World, text};
use serde_json::json;

use super::model::{self, Model};
use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source;

/// Answers a question about one or several sources exactly, and says why.
///
/// A SOURCE is a World (NAME.world), a folder of Worlds, an annotation file that an importer knows, a text World
/// (NAME.world.txt), a story in English (NAME.story.txt), or a video, which is watched first. Exit code 4: the answer is unknown, ambiguous or unsupported.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Sources, then the question; with `--program` sources alone
    #[arg(value_name = "SOURCE… \"QUESTION\"")]
    words: Vec<String>,
    /// A World in text form, as the source
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// A story in English, as the source (also NAME.story.txt among the sources)
    #[arg(long, value_name = "FILE")]
    story: Option<PathBuf>,
    #[command(flatten)]
    told: Told,
    /// Print the story of --story as an answer-set program (for clingo) instead of answering
    #[arg(long, requires = "story")]
    asp: bool,
    /// Solve that program with this solver (`clingo`, where it is installed, or a path to one) and print what it finds
    #[arg(long, requires = "asp", value_name = "PROGRAM")]
    solver: Option<PathBuf>,
    /// Seconds that the solver may take, from 0.001 on [default: 20]
    #[arg(long, requires = "solver", value_name = "S", value_parser = solver_timeout)]
    solver_timeout: Option<f64>,
    /// Options to choose from, separated by `|`: "A. left|B. right"
    #[arg(long, value_name = "A|B|C")]
    options: Option<String>,
    /// A program instead of a question: its text, its JSON, or @FILE
    #[arg(long, value_name = "P")]
    program: Option<String>,
    /// As the World was known by this revision
    #[arg(long, value_name = "REVISION")]
    as_of: Option<u64>,
    /// As if asked at this second of the record: nothing later is known
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    asked_at: Option<f64>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Write a page that shows why
    #[arg(long, value_name = "OUT.html")]
    report: Option<PathBuf>,
    /// Pictures per second of annotation files that do not say
    #[arg(long, value_name = "F")]
    fps: Option<f64>,
    #[command(flatten)]
    model: Model,
    /// Pictures that a model is shown at most where no program answers the question [default: 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pictures: Option<u32>,
    /// The scene of a file that has several
    #[arg(long, value_name = "NAME")]
    scene: Option<String>,
}

/// How stories in English are read.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Told {
    /// In a story every relation is one step on a grid, as if it said so
    #[arg(long)]
    steps: bool,
    /// In a story what is not said is not so
    #[arg(long)]
    closed: bool,
    /// In a story sentences that are not read say nothing of what is asked; answers say that they rest on it
    #[arg(long)]
    skip_unread: bool,
}

impl Told {
    pub(crate) fn settings(self) -> StorySettings {
        let reach = if self.steps { Reach::Step } else { Reach::Open };
        StorySettings { reach, closed: self.closed, skip_unread: self.skip_unread }
    }

    /// A flag that nothing takes is a mistake.
    pub(crate) fn check(self, has_story: bool, sources: &[String]) -> Result<(), Fault> {
        let flags = [("--steps", self.steps), ("--closed", self.closed), ("--skip-unread", self.skip_unread)];
        match flags.iter().find(|(_, given)| *given) {
            Some((flag, _)) if !has_story && !sources.iter().any(|source| source::is_story(source)) => {
                Err(Fault::usage(format!("{flag}: expected a story among the sources, found none"))
                    .hint("--story FILE, or a file NAME.story.txt"))
            }
            _ => Ok(()),
        }
    }
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        #[expect(clippy::disallowed_methods, reason = "the command line is the rim that measures time")]
        let started = Instant::now();
        if let (true, Some(path)) = (self.asp, &self.story) {
            let story = source::read_story(path, self.told.settings())?;
            let program = chronotope::ask::story::answer_set_program(&story);
            match &self.solver {
                None => session.text(program.trim_end())?,
                Some(solver) => {
                    let most_s = self.solver_timeout.unwrap_or(SOLVER_TIMEOUT_S);
                    session.text(solved(solver, &program, most_s)?.trim_end())?;
                }
            }
            return Ok(Outcome::Done);
        }
        let (sources, question) = self.split()?;
        let world = self.world(&sources, session)?;
        let opened_s = started.elapsed().as_secs_f64();
        let world = self.seen(&world)?;
        let options: Vec<String> = match &self.options {
            Some(options) => options.split('|').map(|option| option.trim().to_owned()).collect(),
            None => Vec::new(),
        };
        let mut model_json = serde_json::Value::Null;
        let asked = match (&question, &self.program) {
            (Some(question), _) => match self.model.ready()? {
                None => ask(&world, question, &options).map_err(Fault::input)?,
                Some(chat) => {
                    let helped = self.helped(&world, question, &options, &sources, &*chat)?;
                    model_json = helped.model_json();
                    helped.answer
                }
            },
            (None, Some(program)) => {
                let program = read_program(program)?;
                let answered = run_program(&world, &program, false).map_err(Fault::input)?;
                Asked { answered, understood: None, nearest: Vec::new() }
            }
            (None, None) => return Err(Fault::usage("expected a question or --program")),
        };
        let timing = if session.timing() {
            json!({ "open_s": opened_s, "total_s": started.elapsed().as_secs_f64() })
        } else {
            json!({})
        };
        let mut json = asked_json(&world, question.as_deref(), &options, &asked, &timing);
        json["model"] = model_json;
        if let Some(path) = &self.report {
            self.write_report(path, &world, question.as_deref(), &options, &asked, &sources)?;
            session.note(&format!("report: {}", path.display()));
        }
        if self.json {
            session.json(&json)?;
        } else {
            let mut words = in_words(&world, &asked);
            if asked
                .answered
                .answer
                .missing
                .iter()
                .any(|missing| missing.what.contains(" is not read (byte "))
            {
                words += "\n  try       --skip-unread: as if what is not read said nothing of what is asked";
            }
            session.text(&words)?;
        }
        Ok(match asked.answered.answer.status {
            Status::Answered => Outcome::Done,
            _ => Outcome::Unsettled,
        })
    }

    /// The answer with a model's help.
    fn helped(
        &self,
        world: &World,
        question: &str,
        options: &[String],
        sources: &[String],
        chat: &dyn chronotope::models::Chat,
    ) -> Result<asking::Asked, Fault> {
        let mut help = Help::of(chat);
        help.n_pictures = self.pictures.unwrap_or(help.n_pictures);
        // pictures are cut out of videos alone
        #[cfg(not(feature = "video"))]
        let _ = sources;
        #[cfg(feature = "video")]
        let mut videos = VideoPictures::new(&source::found_beside(&world.tables().sources, sources));
        #[cfg(feature = "video")]
        {
            help.pictures = Some(&mut videos);
        }
        asking::ask_with(world, question, options, help).map_err(|error| match error {
            chronotope::act::Error::Model { fault, .. } => model::served(fault),
            other => Fault::input(other),
        })
    }

    /// The sources and the question: the last positional, unless a program is given.
    fn split(&self) -> Result<(Vec<String>, Option<String>), Fault> {
        let mut sources = self.words.clone();
        let question = if self.program.is_some() {
            None
        } else {
            Some(sources.pop().ok_or_else(|| Fault::usage("expected a question, or --program P"))?)
        };
        if sources.is_empty() && self.text.is_none() && self.story.is_none() {
            let found = question.as_deref().unwrap_or_default();
            return Err(Fault::usage(format!("expected a SOURCE before the question, found only `{found}`"))
                .hint("chronotope ask street.world \"How many cars are there?\""));
        }
        Ok((sources, question))
    }

    fn world(&self, sources: &[String], session: &Session) -> Result<World, Fault> {
        self.told.check(self.story.is_some(), sources)?;
        let mut worlds = Vec::new();
        if let Some(path) = &self.text {
            let written = source::read_text(path)?;
            worlds.push(text::parse(&written).map_err(|error| Fault::input(error).at(path))?);
        }
        if let Some(path) = &self.story {
            worlds.push(source::story(path, self.told.settings())?);
        }
        if !sources.is_empty() {
            let settings =
                ImportSettings { fps: self.fps, scene: self.scene.clone(), ..ImportSettings::default() };
            worlds.push(source::open(sources, &settings, self.told.settings(), session)?);
        }
        Ok(chronotope::world::join(&worlds))
    }

    fn seen(&self, world: &World) -> Result<World, Fault> {
        let newest = world.store().revision();
        if let Some(revision) = self.as_of.filter(|revision| *revision > newest) {
            return Err(Fault::usage(format!(
                "--as-of: expected a revision up to {newest}, found {revision}"
            )));
        }
        if self.asked_at.is_some_and(|s| !s.is_finite()) {
            return Err(Fault::usage("--asked-at: expected a number of seconds"));
        }
        let view = View {
            as_of: self.as_of.unwrap_or(u64::MAX),
            asked_at: self.asked_at.map_or(Time::MAX, Time::from_s),
        };
        Ok(world.seen(view))
    }

    fn write_report(
        &self,
        path: &Path,
        world: &World,
        question: Option<&str>,
        options: &[String],
        asked: &Asked,
        sources: &[String],
    ) -> Result<(), Fault> {
        let answered = &asked.answered;
        let steps: Vec<report::Step> =
            answered.audit.iter().map(|step| report::Step::of(world, step)).collect();
        let quoted: Vec<String> =
            sources.iter().map(|s| if s.contains(' ') { format!("'{s}'") } else { s.clone() }).collect();
        let told = self.story.as_ref().map(|path| format!("--story '{}'", path.display()));
        let words: Vec<String> = quoted.into_iter().chain(told).collect();
        let replay = format!("chronotope replay ANSWER.json {}", words.join(" "));
        let page = report::Page {
            question: question.unwrap_or(&answered.program),
            understood: asked.understood.as_deref(),
            options,
            answer: &answered.answer,
            program: &answered.program,
            steps: &steps,
            replay: Some(&replay),
        };
        #[cfg(feature = "video")]
        let mut videos = VideoPictures::new(&source::found_beside(&world.tables().sources, sources));
        #[cfg(feature = "video")]
        let pictures = Some(&mut videos as &mut dyn Pictures);
        #[cfg(not(feature = "video"))]
        let pictures: Option<&mut dyn Pictures> = None;
        let html = report::html(&page, world, pictures).map_err(Fault::input)?;
        source::write_whole(path, html.as_bytes())
    }
}

/// What a solver of answer-set programs finds: the atoms of an answer set, or that there is none.
fn solved(solver: &Path, program: &str, most_s: f64) -> Result<String, Fault> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let failed = |error: std::io::Error| {
        let is_none = error.kind() == std::io::ErrorKind::NotFound;
        let told = std::io::Error::other(format!("solver {}: {error}", solver.display()));
        let fault = Fault::service(told);
        // who has a program under that name needs no other
        if is_none { fault.hint("apt install gringo, or pip install clingo") } else { fault }
    };
    // whoever does not keep to it is stopped
    let limit = format!("--time-limit={}", most_s.ceil());
    #[expect(clippy::disallowed_methods, reason = "the command line is the rim that measures time")]
    let started = Instant::now();
    let most = Duration::from_secs_f64(most_s);
    let mut child = Command::new(solver)
        .args(["-", "--verbose=0", &limit])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    // its input is closed when it is dropped; a solver that reads no more says why below
    let mut input = child.stdin.take();
    let program = program.to_owned();
    let writer = std::thread::spawn(move || {
        input.as_mut().map_or(Ok(()), |input| input.write_all(program.as_bytes()))
    });
    let (found, said) = (read_some(child.stdout.take()), read_some(child.stderr.take()));
    let mut status = None;
    while status.is_none() && started.elapsed() < most {
        std::thread::sleep(Duration::from_millis(5));
        status = child.try_wait().map_err(failed)?;
    }
    let ended = status.is_some();
    // a child of the solver may hold its output open after it ended
    while ended && !(found.is_finished() && said.is_finished()) && started.elapsed() < most {
        std::thread::sleep(Duration::from_millis(5));
    }
    if !ended || !found.is_finished() || !said.is_finished() {
        if !ended {
            child.kill().and_then(|()| child.wait()).map_err(failed)?;
        }
        let told = format!("expected an end within {most_s} s, found none");
        let told = std::io::Error::other(format!("solver {}: {told}", solver.display()));
        return Err(Fault::service(told).hint("--solver-timeout S gives it more time"));
    }
    let wrote = if writer.is_finished() { writer.join().unwrap_or(Ok(())) } else { Ok(()) };
    let found = found.join().unwrap_or_default();
    if found.len() as u64 > MOST_PRINTED {
        let told = format!("expected at most {MOST_PRINTED} bytes of what it finds, found more");
        return Err(failed(std::io::Error::other(told)));
    }
    // clingo: 10 where there is an answer set, 20 where there is none, 30 where it has seen them all
    let is_usual = status.and_then(|status| status.code()).is_some_and(|n| [0, 10, 20, 30].contains(&n));
    let stray = found.lines().find(|line| !is_of_answer_set(line));
    if found.trim().is_empty() || stray.is_some() || !is_usual {
        let said = said.join().unwrap_or_default();
        let why = match (said.lines().find(|line| !line.trim().is_empty()), stray, &wrote) {
            (Some(said), _, _) => said.chars().take(MOST_QUOTED).collect(),
            (None, Some(stray), _) => {
                let found: String = stray.chars().take(MOST_QUOTED).collect();
                format!("expected the atoms of an answer set, found `{}`", found.escape_debug())
            }
            (None, None, Err(error)) => error.to_string(),
            (None, None, Ok(())) if found.trim().is_empty() => "it printed nothing".to_owned(),
            (None, None, Ok(())) => "it broke off".to_owned(),
        };
        let ended = status.map_or(String::new(), |status| format!("; it ended with {status}"));
        return Err(failed(std::io::Error::other(format!("{why}{ended}"))));
    }
    Ok(found)
}

/// Characters of what a solver printed that an error quotes.
const MOST_QUOTED: usize = 80;

/// Whether a solver of answer-set programs prints such a line: atoms, a comment, or how the search ended.
fn is_of_answer_set(line: &str) -> bool {
    let is_text = line.chars().all(|c| c != char::REPLACEMENT_CHARACTER && (c == '\t' || !c.is_control()));
    let line = line.trim();
    let first = line.trim_start_matches(['-', '_', '{', '}']).chars().next();
    let ends = ["SATISFIABLE", "UNSATISFIABLE", "UNKNOWN", "OPTIMUM FOUND", "INTERRUPTED"];
    let heads = ["%", "Answer:", "Optimization:", "Models", "Costs", "Cost:", "COST "];
    is_text
        && (first.is_none_or(|c| c.is_ascii_lowercase())
            || ends.contains(&line)
            || heads.iter().any(|head| line.starts_with(head)))
}

/// Seconds that a solver may take where nobody says how long.
const SOLVER_TIMEOUT_S: f64 = 20.0;

/// Seconds from a thousandth on, up to a day.
fn solver_timeout(given: &str) -> Result<f64, String> {
    const LEAST_S: f64 = 0.001;
    const DAY_S: f64 = 86_400.0;
    let seconds = given.parse().ok().filter(|s: &f64| (LEAST_S..=DAY_S).contains(s));
    seconds.ok_or_else(|| "expected seconds from 0.001 to 86400".to_owned())
}

/// Most bytes that are taken from a solver: sixteen million.
const MOST_PRINTED: u64 = 16 << 20;

/// What a solver prints, read while it runs; of more than [`MOST_PRINTED`] a byte more, so that nobody takes the beginning for the whole.
fn read_some(from: Option<impl std::io::Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    use std::io::Read as _;
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(from) = from {
            // what was read until it broke off is what there is; dropping the pipe ends a solver that goes on
            from.take(MOST_PRINTED + 1).read_to_end(&mut bytes).ok();
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// A program from its text, its JSON, or a file with either.
fn read_program(given: &str) -> Result<chronotope::ask::program::Program, Fault> {
    let Some(path) = given.strip_prefix('@') else {
        return parse_program(given);
    };
    let path = Path::new(path);
    let written = source::read_text(path)?;
    parse_program(&written).map_err(|fault| fault.at(path))
}

fn parse_program(written: &str) -> Result<chronotope::ask::program::Program, Fault> {
    if written.trim_start().starts_with('{') {
        let refused = |found: String| {
            Fault::input(std::io::Error::other(format!("program: expected JSON, found {found}")))
        };
        if let Some(twice) = key_twice(written.as_bytes()) {
            return Err(refused(format!("{twice} at line {}", twice.line)));
        }
        let json = serde_json::from_str(written).map_err(|error| refused(error.to_string()))?;
        return from_json(&json).map_err(Fault::input);
    }
    parse(written).map_err(Fault::input)
}
