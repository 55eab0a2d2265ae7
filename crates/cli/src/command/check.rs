//! `check`: everything that is wrong with a bundle.

use std::path::PathBuf;

use chronotope::remember::{bundle, list_corpus};
use serde_json::json;

use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// Reads all of a World on disk and says everything that is wrong with it: checksums, columns, bounds, references.
///
/// A folder of Worlds is checked one by one. Exit code 3: there is a fault.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The World (NAME.world), or a folder of Worlds
    bundle: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        let bundles = self.bundles()?;
        let mut checked = Vec::new();
        for bundle in bundles {
            let faults: Vec<String> = bundle::check(&bundle).iter().map(ToString::to_string).collect();
            if !self.json {
                session.text(&lines(&bundle.display().to_string(), &faults))?;
            }
            checked.push((bundle.display().to_string(), faults));
        }
        let n_faults: usize = checked.iter().map(|(_, faults)| faults.len()).sum();
        if self.json {
            let rows = checked.iter().map(|(bundle, faults)| json!({ "bundle": bundle, "faults": faults }));
            session.json(&json!({ "n_faults": n_faults, "bundles": rows.collect::<Vec<_>>() }))?;
        }
        Ok(if n_faults == 0 { Outcome::Done } else { Outcome::Differs })
    }

    fn bundles(&self) -> Result<Vec<PathBuf>, Fault> {
        let path = &self.bundle;
        // its manifest may be what is missing
        if path.join("world.json").exists() || path.join("parts").exists() {
            return Ok(vec![path.clone()]);
        }
        if !path.exists() {
            return Err(Fault::bad("expected a World on disk, found nothing").at(path));
        }
        let bundles = if path.is_dir() { list_corpus(path).map_err(Fault::input)? } else { Vec::new() };
        if bundles.is_empty() {
            return Err(Fault::bad(
                "expected a World on disk (a folder with world.json), found something else",
            )
            .at(path)
            .hint("only what `watch`, `import` and `merge` write can be checked"));
        }
        Ok(bundles)
    }
}

fn lines(bundle: &str, faults: &[String]) -> String {
    match faults {
        [] => format!("{bundle}: no faults"),
        [one] => format!("{bundle}: 1 fault\n  {one}"),
        all => format!("{bundle}: {} faults\n  {}", all.len(), all.join("\n  ")),
    }
}
