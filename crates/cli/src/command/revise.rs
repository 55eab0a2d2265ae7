//! `revise`: identities are corrected.

use std::path::{Path, PathBuf};

use chronotope::remember::{Part, Revision, bundle, revise};
use chronotope::world::{EntityId, Span, Time, TrackId};

use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// Corrects which things are one, or what one is called.
///
/// Rows are only added: `ask --as-of` an earlier revision answers as then.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The World (NAME.world)
    bundle: PathBuf,
    #[command(subcommand)]
    change: Change,
    /// Second of the record at which it was known: who asks as of earlier sees neither the old nor the new [default: always]
    #[arg(long, global = true, value_name = "S", allow_hyphen_values = true)]
    known_at: Option<f64>,
}

#[derive(Debug, clap::Subcommand)]
enum Change {
    /// Two things are one
    Merge {
        /// The thing that stays
        #[arg(value_name = "KEEP", value_parser = entity)]
        keep: EntityId,
        /// The thing that it is, and that is no more
        #[arg(value_name = "OTHER", value_parser = entity)]
        other: EntityId,
    },
    /// One thing is two
    #[command(group = clap::ArgGroup::new("part").required(true))]
    Split {
        /// The thing
        #[arg(value_name = "ENTITY", value_parser = entity)]
        entity: EntityId,
        /// From this second of the record on it is another one
        #[arg(long, group = "part", value_name = "S", allow_hyphen_values = true)]
        at: Option<f64>,
        /// What this track shows is another one
        #[arg(long, group = "part", value_name = "TRACK", value_parser = track)]
        track: Option<TrackId>,
    },
    /// A thing is one with a thing of another World: questions over both count it once
    Same {
        /// The thing
        #[arg(value_name = "ENTITY", value_parser = entity)]
        entity: EntityId,
        /// The other: B.world/entity/7, or its global name B/entity/7
        #[arg(value_name = "OTHER")]
        other: String,
        /// From this second of the record on [default: always]
        #[arg(long, value_name = "S", allow_hyphen_values = true)]
        from: Option<f64>,
        /// Up to this second of the record [default: always]
        #[arg(long, value_name = "S", allow_hyphen_values = true)]
        to: Option<f64>,
        /// Who says so, or why
        #[arg(long, value_name = "TEXT", default_value = "")]
        because: String,
    },
    /// They are not one after all
    Apart {
        /// The thing
        #[arg(value_name = "ENTITY", value_parser = entity)]
        entity: EntityId,
        /// The other, as it was named
        #[arg(value_name = "OTHER")]
        other: String,
        /// Who says so, or why
        #[arg(long, value_name = "TEXT", default_value = "")]
        because: String,
    },
    /// A thing is called otherwise
    #[command(visible_alias = "label")]
    Relabel {
        /// The thing
        #[arg(value_name = "ENTITY", value_parser = entity)]
        entity: EntityId,
        /// What it is
        text: String,
    },
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        let known_at = self.known_at.map_or(Ok(Time::MIN), |s| second("--known-at", s))?;
        let (revision, said) = match self.change {
            Change::Merge { keep, other } => {
                (Revision::Merge { keep, other }, format!("{other} is {keep} from now on"))
            }
            Change::Split { entity, at, track } => {
                let part = match (at, track) {
                    (Some(s), _) => Part::From(second("--at", s)?),
                    (None, Some(track)) => Part::Track(track),
                    (None, None) => return Err(Fault::usage("split: expected --at S or --track TRACK")),
                };
                (Revision::Split { entity, part }, format!("{entity} is two things from now on"))
            }
            Change::Same { entity, other, from, to, because } => {
                let start = from.map_or(Ok(Time::MIN), |s| second("--from", s))?;
                let end = to.map_or(Ok(Time::MAX), |s| second("--to", s))?;
                let valid = Span::new(start, end).filter(|span| !span.is_empty()).ok_or_else(|| {
                    Fault::usage(format!("expected --from before --to, found {start} and {end}"))
                })?;
                let other = global_name(&other, true, session)?;
                let during = if valid == Span::ALWAYS { String::new() } else { format!(" during {valid} s") };
                let said = format!("{entity} and {other} are one thing{during} from now on");
                (Revision::Same { entity, other, valid, because }, said)
            }
            Change::Apart { entity, other, because } => {
                let other = global_name(&other, false, session)?;
                let said = format!("{entity} and {other} are two things from now on");
                (Revision::Apart { entity, other, because }, said)
            }
            Change::Relabel { entity, text } if text.trim().is_empty() => {
                return Err(Fault::usage(format!("relabel {entity}: expected a word, found none")));
            }
            Change::Relabel { entity, text } => {
                let said = format!("{entity} is called {text:?} from now on");
                (Revision::Relabel { entity, text }, said)
            }
        };
        let n = revise(&self.bundle, &revision, known_at).map_err(Fault::input)?;
        session.note(&format!("{}: revision {n}: {said}", self.bundle.display()));
        Ok(Outcome::Done)
    }
}

/// The global name of a thing of another World: `B.world/entity/7` becomes `B/entity/7`. Where the World is at hand (and `must`),
/// the thing must be there.
fn global_name(other: &str, must: bool, session: &Session) -> Result<String, Fault> {
    let n = entity(other).map_err(|expected| Fault::usage(format!("{other}: {expected}")))?;
    let Some(place) = other.strip_suffix(&format!("/{n}")).filter(|place| !place.is_empty()) else {
        return Err(Fault::usage(format!(
            "expected a thing of another World as B.world/entity/7, found {other}"
        )));
    };
    let path = Path::new(place.trim_end_matches('/'));
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = name.strip_suffix(".world").map_or(name.clone(), str::to_owned);
    let global = format!("{name}/{n}");
    if !must {
        return Ok(global);
    }
    if path.join("world.json").exists() {
        let world = bundle::open(path).map_err(Fault::input)?;
        if world.identities_of(n).next().is_none() {
            let fault = format!("expected an existing entity, found {n}");
            return Err(Fault::input(std::io::Error::other(fault)).at(path));
        }
    } else {
        session.note(&format!("{place} is not here: nobody has looked whether it has {n}"));
    }
    Ok(global)
}

fn second(flag: &str, s: f64) -> Result<Time, Fault> {
    const LONG: f64 = 1e15;
    let number = if s.abs() < LONG { s.to_string() } else { format!("{s:e}") };
    let found = || Fault::usage(format!("{flag}: expected a second of the record, found {number}"));
    let t = Time::from_s(s);
    // beyond 292 years stand the open ends
    if s.is_finite() && t != Time::MIN && t != Time::MAX { Ok(t) } else { Err(found()) }
}

/// `7`, `entity/7` or `street/entity/7`.
fn entity(text: &str) -> Result<EntityId, String> {
    id(text, EntityId::KIND).map(EntityId)
}

/// `7`, `track/7` or `street/track/7`.
fn track(text: &str) -> Result<TrackId, String> {
    id(text, TrackId::KIND).map(TrackId)
}

fn id(text: &str, kind: &str) -> Result<u64, String> {
    let mut parts = text.rsplit('/');
    let n = parts.next().and_then(|n| n.parse().ok());
    n.filter(|_| parts.next().is_none_or(|word| word == kind))
        .ok_or_else(|| format!("expected a number such as 7, or {kind}/7"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_named_by_its_number_or_its_global_name() {
        for text in ["7", "entity/7", "street/entity/7", "a/b.world/entity/7"] {
            assert_eq!(entity(text), Ok(EntityId(7)), "{text}");
        }
        for text in ["", "car", "track/7", "-1", "7/", "entity/x"] {
            assert!(entity(text).is_err(), "{text}");
        }
    }
}
