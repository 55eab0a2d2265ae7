//! `compact`: a bundle with few parts and without history.

use std::path::{Path, PathBuf};

use chronotope::remember::bundle;

use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// Makes a World on disk small again: many parts become few, earlier manifests go.
///
/// Rows keep their revisions: what was asked as of an earlier one is answered as before.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The World (NAME.world)
    bundle: PathBuf,
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        let before = files_in(&self.bundle);
        bundle::compact(&self.bundle).map_err(Fault::input)?;
        let after = files_in(&self.bundle);
        session.note(&format!("{}: {before} before, {after} now", self.bundle.display()));
        Ok(Outcome::Done)
    }
}

/// What a folder takes on disk: `12 files, 3.4 MB`. Nothing is said of what cannot be looked at.
fn files_in(folder: &Path) -> String {
    let (mut n_files, mut bytes, mut folders) = (0u64, 0u64, vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(facts) if facts.is_dir() => folders.push(entry.path()),
                Ok(facts) => (n_files, bytes) = (n_files + 1, bytes + facts.len()),
                Err(_) => {}
            }
        }
    }
    format!("{n_files} files of {:.3} MB", bytes as f64 / 1e6)
}
