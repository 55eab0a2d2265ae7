//! `export`: a World in somebody else's format.

use std::path::{Path, PathBuf};

use chronotope::formats::export::{self, EXPORTERS, ExportSettings};
use chronotope::world::{EntityId, ObserverId};
use clap::builder::PossibleValuesParser;

use super::import::Known;
use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source;

/// Writes a World in a format of others. What was imported comes back as it was.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The format; `chronotope list exporters` says what each is
    #[arg(value_parser = PossibleValuesParser::new(formats()))]
    format: String,
    /// A World, an annotation file or a text World
    source: String,
    /// The file to write, or `-` for standard output
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    /// The camera whose boxes are written, by number [default: the only one]
    #[arg(long, value_name = "N")]
    observer: Option<u64>,
    /// The thing whose way is written, by number [default: the only camera, or the only thing]
    #[arg(long, value_name = "N")]
    entity: Option<u64>,
    #[command(flatten)]
    known: Known,
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        let exporter = export::by_name(&self.format).expect("the command line takes only names of exporters");
        let settings =
            ExportSettings { observer: self.observer.map(ObserverId), entity: self.entity.map(EntityId) };
        let worlds = source::each(&self.source, &self.known.settings(), session)?;
        let fault = |error: export::Error| match error {
            export::Error::Write(error) => Fault::output(&self.out.display().to_string(), error),
            export::Error::Unfit { ref found, .. } => {
                let several = found.ends_with("choose one");
                let fault = Fault::input(error).at(Path::new(&self.source));
                if several { fault.hint("--entity N or --observer N says which") } else { fault }
            }
            other => Fault::input(other),
        };
        if self.out == Path::new("-") {
            session.data(|out| exporter.export_all(&worlds, &settings, out).map_err(fault))?;
        } else {
            source::write_whole_by(&self.out, |out| {
                exporter.export_all(&worlds, &settings, out).map_err(fault)
            })?;
        }
        if let [world] = worlds.as_slice()
            && let Some(companion) = exporter.companion(world, &settings).map_err(fault)?
        {
            if self.out == Path::new("-") {
                session.note(&format!("labels are lost: {}", companion.why));
            } else {
                let beside = self.out.with_extension(companion.extension);
                source::write_whole_by(&beside, |out| {
                    out.write_all(companion.text.as_bytes())
                        .map_err(|error| Fault::output(&beside.display().to_string(), error))
                })?;
                session.note(&format!("labels stand in {}: {}", beside.display(), companion.why));
            }
        }
        Ok(Outcome::Done)
    }
}

fn formats() -> impl Iterator<Item = &'static str> {
    EXPORTERS.iter().map(|exporter| exporter.entry().name)
}
