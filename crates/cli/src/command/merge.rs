//! `merge`: several Worlds become one on disk.

use std::path::PathBuf;

use chronotope::remember::{bundle, expect_vacant};
use chronotope::world::World;

use super::import::{Known, in_a_line};
use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source;

/// Makes one World of several. Things stay apart until `revise` says that they are one.
///
/// Records that all have a UTC start are put on the first one's clock; without it, only the order within each is known.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Worlds, folders of Worlds, annotation files, text Worlds
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<String>,
    /// The World to write; nothing may be there yet
    #[arg(short, long, value_name = "OUT.world")]
    out: PathBuf,
    #[command(flatten)]
    known: Known,
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        expect_vacant(&self.out).map_err(Fault::input)?;
        let settings = self.known.settings();
        let mut worlds: Vec<World> = Vec::new();
        for source in &self.sources {
            worlds.extend(source::each(source, &settings, session)?);
        }
        if worlds.len() < 2 {
            return Err(Fault::usage(format!("expected at least two Worlds, found {}", worlds.len())));
        }
        let merged = chronotope::world::join(&worlds);
        bundle::write(&self.out, &merged).map_err(Fault::input)?;
        session.note(&format!("{}: {}", self.out.display(), in_a_line(&merged)?));
        if worlds.iter().any(|world| world.record().utc_start_ns.is_none()) {
            session.note("not every record has a UTC start: times of different Worlds cannot be compared");
        }
        Ok(Outcome::Done)
    }
}
