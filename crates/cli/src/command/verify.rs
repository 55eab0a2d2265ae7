//! `verify`: sentences held against a World.

use std::io::Read as _;
use std::path::PathBuf;

use chronotope::ask::claim::{LONGEST, Stands, Verdict, split, verdict_json, verify};
use chronotope::ask::report;
use chronotope::ask::story::StorySettings;
use chronotope::world::World;
use serde_json::{Value as Json, json};

use super::import::Known;
use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source;

/// Holds the sentences of a caption, an answer or a chain of thought against a World: supported, contradicted or undecidable, with the evidence.
///
/// A count must be the World's; a speed or distance may be off by a tenth. What is not read is undecidable and says so.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A World, a video, annotations
    source: String,
    /// A file of sentences, or `-` for standard input
    claims: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    known: Known,
}

/// Most bytes that are read of a file of claims.
const MOST: u64 = 4 << 20;

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        let written = self.written()?;
        let sources = [self.source.clone()];
        let world = source::open(&sources, &self.known.settings(), StorySettings::default(), session)?;
        let mut verdicts = Vec::new();
        for (sentence, mark) in split(&written) {
            if matches!(mark, '?' | '>') {
                continue;
            }
            verdicts.push((sentence, verify(&world, sentence).map_err(Fault::input)?));
        }
        if verdicts.is_empty() {
            let refused = std::io::Error::other("expected sentences that claim something, found none");
            return Err(Fault::input(refused).at(&self.claims));
        }
        let count = |stands| verdicts.iter().filter(|(_, verdict)| verdict.stands == stands).count();
        let [supported, contradicted, undecidable] =
            [Stands::Supported, Stands::Contradicted, Stands::Undecidable].map(count);
        if self.json {
            let claims: Vec<Json> =
                verdicts.iter().map(|(sentence, verdict)| verdict_json(sentence, verdict)).collect();
            session.json(&json!({
                "claims": claims,
                "supported": supported,
                "contradicted": contradicted,
                "undecidable": undecidable,
            }))?;
        } else {
            let mut lines: Vec<String> =
                verdicts.iter().map(|(sentence, verdict)| in_words(&world, sentence, verdict)).collect();
            lines.push(format!(
                "{supported} supported, {contradicted} contradicted, {undecidable} undecidable"
            ));
            session.text(&lines.join("\n"))?;
        }
        Ok(Outcome::Done)
    }

    fn written(&self) -> Result<String, Fault> {
        let from: Box<dyn std::io::Read> = if self.claims.as_os_str() == "-" {
            Box::new(std::io::stdin())
        } else {
            Box::new(std::fs::File::open(&self.claims).map_err(|error| Fault::input(error).at(&self.claims))?)
        };
        let mut bytes = Vec::new();
        from.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| Fault::input(error).at(&self.claims))?;
        let refused = |found: String| Fault::input(std::io::Error::other(found)).at(&self.claims);
        if bytes.len() as u64 > MOST {
            return Err(refused(format!("expected at most {MOST} bytes of sentences, found more")));
        }
        String::from_utf8(bytes).map_err(|error| {
            refused(format!(
                "expected text in UTF-8, found byte {} that is none",
                error.utf8_error().valid_up_to()
            ))
        })
    }
}

fn in_words(world: &World, sentence: &str, verdict: &Verdict) -> String {
    let mut lines = vec![format!("{:<13} {sentence}", verdict.stands.name())];
    match verdict.asked.as_ref().map(|asked| (&asked.answered.answer, asked)) {
        None if sentence.len() > LONGEST => {
            lines.push(format!("              longer than {LONGEST} bytes: not read"));
        }
        None => lines
            .push("              not read: no question of yes or no, count, speed or distance".to_owned()),
        Some((answer, asked)) => {
            let read = asked.understood.as_deref().unwrap_or(&verdict.question);
            lines.push(format!(
                "              {}  [{}]",
                read.trim_start_matches("Understood as: "),
                answer.text
            ));
            if let Some(because) = report::evidence_in_words(world, answer).first() {
                lines.push(format!("              because {because}"));
            }
            for missing in answer.missing.iter().take(2) {
                lines.push(format!("              missing {}", missing.what));
            }
        }
    }
    lines.join("\n")
}
