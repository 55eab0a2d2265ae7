//! `import`: what somebody else annotated becomes a World on disk.

use std::path::{Path, PathBuf};

use chronotope::formats::import::{self, Faults, IMPORTERS, ImportSettings, Imported};
use chronotope::formats::open;
use chronotope::remember::{bundle, expect_vacant, write_corpus};
use chronotope::world::{World, summary};
use clap::builder::PossibleValuesParser;

use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// Turns annotation files into a World on disk; several scenes become a folder of Worlds.
///
/// Rows that are broken are left out, counted and named; the others are kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The format, or `auto` to recognise it; `chronotope list importers` says what each is
    #[arg(value_parser = PossibleValuesParser::new(formats()))]
    format: String,
    /// A file or folder, laid out as its publisher does; gzip is read as it is
    path: PathBuf,
    /// The World to write, or the folder of Worlds where there are several scenes; nothing may be there yet
    #[arg(short, long, value_name = "OUT.world")]
    out: PathBuf,
    #[command(flatten)]
    known: Known,
}

/// What the user knows and annotation files do not say.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "What the files do not say")]
pub(crate) struct Known {
    /// Pictures per second; without it, and where the format says nothing, only the order of pictures is known
    #[arg(long, value_name = "F")]
    fps: Option<f64>,
    /// The one scene to read
    #[arg(long, value_name = "NAME")]
    scene: Option<String>,
    /// Width and height of the pictures in pixels
    #[arg(long, value_name = "WxH", value_parser = picture_size)]
    size: Option<[u32; 2]>,
    /// Longest gap in seconds across which a track is interpolated [default: the format's]
    #[arg(long, value_name = "S")]
    tolerance: Option<f64>,
    /// A trajectory's unit is not metres but unknown
    #[arg(long)]
    unknown_scale: bool,
}

impl Known {
    /// As the importers take it.
    pub(crate) fn settings(&self) -> ImportSettings {
        ImportSettings {
            fps: self.fps,
            scene: self.scene.clone(),
            picture_px: self.size,
            tolerance_s: self.tolerance,
            unknown_scale: self.unknown_scale,
        }
    }
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        expect_vacant(&self.out).map_err(Fault::input)?;
        let Imported { worlds, faults } = self.import()?;
        match worlds.as_slice() {
            [] => return Err(Fault::bad("expected at least one scene, found none").at(&self.path)),
            [one] => bundle::write(&self.out, one).map_err(Fault::input)?,
            scenes => write_corpus(&self.out, scenes).map_err(Fault::input)?,
        }
        say_faults(&faults, session);
        say_worlds(&self.out, &worlds, session)?;
        Ok(Outcome::Done)
    }

    fn import(&self) -> Result<Imported, Fault> {
        if !self.path.exists() {
            return Err(Fault::bad("expected a file or folder, found nothing").at(&self.path));
        }
        if self.format == "auto" && matches!(open::form_of(&self.path), Ok(open::SourceForm::Text)) {
            return open::open(&self.path, &self.known.settings()).map_err(Fault::input);
        }
        let importer = match self.format.as_str() {
            "auto" => import::recognise(&self.path).ok_or_else(|| {
                let formats: Vec<&str> = formats().collect();
                Fault::bad("expected a file or folder of a known format, found none that is recognised")
                    .at(&self.path)
                    .hint(format!("name the format: {}", formats[1..].join(", ")))
            })?,
            name => import::by_name(name).expect("the command line takes only names of importers"),
        };
        importer.import(&self.path, &self.known.settings()).map_err(fault)
    }
}

/// A setting that makes no sense is the command line's fault, the rest the file's.
pub(crate) fn fault(error: import::Error) -> Fault {
    match error {
        import::Error::Setting { .. } => Fault::usage(error.to_string()),
        _ => Fault::input(error),
    }
}

/// Says how many rows were left out, and the first of them.
pub(crate) fn say_faults(faults: &Faults, session: &Session) {
    const NAMED: usize = 5;
    if faults.is_empty() {
        return;
    }
    let rows = if faults.count() == 1 { "row was" } else { "rows were" };
    session.note(&format!("{} broken {rows} left out:", faults.count()));
    faults.named().iter().take(NAMED).for_each(|fault| session.note(&format!("  {fault}")));
    let more = faults.count().saturating_sub(NAMED as u64);
    if more > 0 {
        session.note(&format!("  and {more} more"));
    }
}

/// Says what the new Worlds hold.
fn say_worlds(out: &Path, worlds: &[World], session: &Session) -> Result<(), Fault> {
    const NAMED: usize = 10;
    let out = out.display();
    if let [one] = worlds {
        session.note(&format!("{out}: {}", in_a_line(one)?));
        return Ok(());
    }
    session.note(&format!("{out}: {} scenes", worlds.len()));
    for world in worlds.iter().take(NAMED) {
        session.note(&format!("  {}: {}", world.store().name(), in_a_line(world)?));
    }
    if worlds.len() > NAMED {
        session.note(&format!("  and {} more", worlds.len() - NAMED));
    }
    Ok(())
}

/// `8 pedestrian, 359 samples, 0 to 2.8 s`.
pub(crate) fn in_a_line(world: &World) -> Result<String, Fault> {
    const NAMED: usize = 6;
    let found = summary(world).map_err(Fault::input)?;
    let mut parts: Vec<String> = found
        .labels
        .iter()
        .filter(|row| row.n_entities > 0)
        .map(|row| format!("{} {}", row.n_entities, row.label.as_deref().unwrap_or("without a label")))
        .collect();
    if parts.len() > NAMED + 1 {
        let more = parts.len() - NAMED;
        parts.truncate(NAMED);
        parts.push(format!("things of {more} more labels"));
    }
    if parts.is_empty() {
        parts.push("nothing with an identity".to_owned());
    }
    parts.push(format!("{} samples", found.n_samples));
    parts.push(super::show::span_in_words(found.span, world.record().order_only));
    Ok(parts.join(", "))
}

fn formats() -> impl Iterator<Item = &'static str> {
    std::iter::once("auto").chain(IMPORTERS.iter().map(|importer| importer.entry().name))
}

fn picture_size(text: &str) -> Result<[u32; 2], String> {
    let size = text.split_once(['x', '×']).and_then(|(w, h)| Some([w.parse().ok()?, h.parse().ok()?]));
    size.filter(|size| !size.contains(&0))
        .ok_or_else(|| "expected a width and height such as 640x480".to_owned())
}
