//! Importers: files that others made become Worlds. One file per format.
//!
//! ```text
//!  PATH ─ input: lines, gzip, JSON ─▶ format: rows, faults ─▶ WorldBuilder ─▶ Imported { worlds, faults }
//! ```
//!
//! A row that is broken is left out, counted and named; the others are kept. A file of which no row is good, or which
//! breaks off inside its compression, is an error. What a format says and the World has no column for is kept as dated
//! facts or in the settings of the source, so that the exporter of the same name writes the file back.
//!
//! # Adding a format
//!
//! 1. A file here with one public unit struct that implements [`Importer`], headed by the format's specification.
//! 2. A line in [`IMPORTERS`].

mod error;
mod euroc;
mod faults;
pub(crate) mod input;
mod kitti;
mod kitti_poses;
mod mot;
mod nuscenes;
mod record;
#[cfg(test)]
pub(crate) mod scratch;
pub(crate) mod trajectory;
mod tum;
mod vsi_bench;

pub use error::Error;
pub use euroc::Euroc;
pub(crate) use faults::RowFault;
pub use faults::{Fault, Faults, NAMED, Place};
pub use kitti::Kitti;
pub use kitti_poses::KittiPoses;
pub(crate) use kitti_poses::matrix as kitti_matrix;
pub use mot::Mot;
pub(crate) use mot::{class_number as mot_class_number, detections as mot_detections};
pub use nuscenes::NuScenes;
pub use tum::Tum;
pub(crate) use tum::print_pose as tum_pose;
pub use vsi_bench::VsiBench;

use chronotope_world::World;
use chronotope_world::catalogue::Entry;
use std::path::Path;

/// One format that can be read.
pub trait Importer: Sync {
    /// Its name, about, specification and example; the kind is `importers`.
    fn entry(&self) -> Entry;

    /// This path, whose first bytes after decompression are `head` (empty for a folder), is of this format.
    /// May look at the names beside it, never at more bytes.
    fn recognises(&self, path: &Path, head: &[u8]) -> bool;

    /// Reads a file or a folder into one World per scene, sorted by name.
    ///
    /// # Errors
    /// Where nothing can be imported: see [`Error`].
    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error>;
}

/// What an import gave.
#[derive(Clone, Debug)]
pub struct Imported {
    /// One World per scene; its name is the scene's.
    pub worlds: Vec<World>,
    /// The rows that were left out.
    pub faults: Faults,
}

/// What the user knows and the file does not say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportSettings {
    /// Pictures per second. Without it, and where the format says nothing, only the order of the pictures is known.
    pub fps: Option<f64>,
    /// The one scene to read; none: all.
    pub scene: Option<String>,
    /// Width and height of the pictures in pixels, where the files do not say.
    pub picture_px: Option<[u32; 2]>,
    /// Longest gap in seconds across which a track may be interpolated; none: the format's default.
    pub tolerance_s: Option<f64>,
    /// A trajectory's unit is not metres but unknown (monocular reconstruction).
    pub unknown_scale: bool,
}

impl ImportSettings {
    /// The settings, where they make sense.
    ///
    /// # Errors
    /// Pictures per second outside (0, 1e6], a tolerance below 0 or not finite, a picture without area.
    pub(crate) fn checked(&self) -> Result<&ImportSettings, Error> {
        let bad = |setting, expected: &str, found: String| {
            Err(Error::Setting { setting, expected: expected.into(), found })
        };
        match *self {
            ImportSettings { fps: Some(fps), .. } if !(fps > 0.0 && fps <= 1e6) => {
                bad("--fps", "a number above 0, at most 1,000,000", fps.to_string())
            }
            ImportSettings { tolerance_s: Some(s), .. } if !(s >= 0.0 && s.is_finite()) => {
                bad("tolerance", "a number of seconds from 0", s.to_string())
            }
            ImportSettings { picture_px: Some([w, h]), .. } if w == 0 || h == 0 => {
                bad("picture size", "a width and height above 0", format!("{w}x{h}"))
            }
            _ => Ok(self),
        }
    }
}

/// Every importer, alphabetical. Recognition asks in this order; no two may recognise one file.
pub const IMPORTERS: &[&dyn Importer] = &[&Euroc, &Kitti, &KittiPoses, &Mot, &NuScenes, &Tum, &VsiBench];

/// The importer of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Importer> {
    IMPORTERS.iter().copied().find(|importer| importer.entry().name == name)
}

/// The importer that recognises a file or folder, by its name and first bytes.
pub fn recognise(path: &Path) -> Option<&'static dyn Importer> {
    let head = if path.is_file() { input::head(path) } else { Vec::new() };
    IMPORTERS.iter().copied().find(|importer| importer.recognises(path, &head))
}

/// A text file as a whole, decompressed where it is gzip.
///
/// # Errors
/// A file that cannot be read, is not UTF-8, or holds more than 64 MiB.
pub(crate) fn text_of(path: &Path) -> Result<String, Error> {
    input::text(path)
}

/// What the importers say of themselves, for the room's catalogue.
pub fn entries() -> Vec<Entry> {
    IMPORTERS.iter().map(|importer| importer.entry()).collect()
}
