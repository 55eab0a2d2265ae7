//! `replay`: a saved answer is computed again.

use std::io::Read as _;
use std::path::PathBuf;

use chronotope::ask::story::{Reach, StorySettings};
use chronotope::ask::{replay, story_json, story_settings_of};
use chronotope::formats::twice::key_twice;
use chronotope::world::join;
use serde_json::{Value as Json, json};

use super::ask::Told;
use super::import::Known;
use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source;

/// Computes a saved answer again and compares all of it: reading, value, words, choice, evidence with digests, audit.
///
/// Exit code 3: something is not as it was.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What `ask --json` printed
    answer: PathBuf,
    /// The sources that were asked, in the same order
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// The story in English that was asked, as the source; it is read as the answer says that it was, unless the flags say more
    #[arg(long, value_name = "FILE")]
    story: Option<PathBuf>,
    #[command(flatten)]
    told: Told,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    known: Known,
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        if self.sources.is_empty() && self.story.is_none() {
            let asks =
                "expected the SOURCE that was asked, found none: an answer names rows, not where they lie";
            return Err(Fault::usage(asks)
                .hint(format!("chronotope replay {} SOURCE, or --story FILE", self.answer.display())));
        }
        let mut saved = self.saved()?;
        self.told.check(self.story.is_some(), &self.sources)?;
        let given = self.told.settings();
        let was = story_settings_of(&saved).map_err(|error| Fault::input(error).at(&self.answer))?;
        let told = StorySettings {
            reach: if given.reach == Reach::Step { Reach::Step } else { was.reach },
            closed: given.closed || was.closed,
            skip_unread: given.skip_unread || was.skip_unread,
        };
        if told != was {
            // whoever asks for another reading does not ask whether the reading is the same
            saved["story"] = story_json(told);
        }
        let mut worlds = Vec::new();
        if let Some(path) = &self.story {
            worlds.push(source::story(path, told)?);
        }
        if !self.sources.is_empty() {
            worlds.push(source::open(&self.sources, &self.known.settings(), told, session)?);
        }
        let world = join(&worlds);
        let report = replay(&saved, &world).map_err(|error| Fault::input(error).at(&self.answer))?;
        if self.json {
            session.json(&json!({
                "holds": report.holds(),
                "digests": report.digests,
                "differences": report.differences,
            }))?;
        } else if report.holds() {
            let digests = match report.digests {
                1 => "1 digest".to_owned(),
                n => format!("{n} digests"),
            };
            session.text(&format!("the answer holds: its value and {digests} are as they were"))?;
        } else {
            session.text(&format!("the answer does not hold:\n  {}", report.differences.join("\n  ")))?;
        }
        Ok(if report.holds() { Outcome::Done } else { Outcome::Differs })
    }

    fn saved(&self) -> Result<Json, Fault> {
        const MOST_BYTES: u64 = 256 << 20;
        let refused = |error: std::io::Error| {
            Fault::bad(format!("expected a file with what `ask --json` prints, cannot read it: {error}"))
                .at(&self.answer)
        };
        let file = std::fs::File::open(&self.answer).map_err(refused)?;
        let mut text = Vec::new();
        file.take(MOST_BYTES + 1).read_to_end(&mut text).map_err(refused)?;
        if text.len() as u64 > MOST_BYTES {
            let problem = format!("expected an answer of at most {MOST_BYTES} bytes, found more");
            return Err(Fault::bad(problem).at(&self.answer));
        }
        if let Some(twice) = key_twice(&text) {
            let problem = format!("line {}: expected each key once in an object, found {twice}", twice.line);
            return Err(Fault::bad(problem).at(&self.answer));
        }
        serde_json::from_slice(&text).map_err(|error| {
            Fault::bad(format!("expected what `ask --json` prints, found no JSON: {error}")).at(&self.answer)
        })
    }
}
