//! Exporters: a World becomes a file in somebody else's format. One file per format.
//!
//! What the importer of the same name read is written back: byte by byte where numbers and spaces are written as the format's own files have them, else with the same
//! values: picture numbers, boxes, ids, order of rows. What a format
//! cannot say is left out; what it must say and the World does not know is an error.
//!
//! # Adding a format
//!
//! 1. A file here with one public unit struct that implements [`Exporter`], headed by the format's specification.
//! 2. A line in [`EXPORTERS`].

mod coco;
mod csv;
mod euroc;
mod geojson;
mod kitti;
mod kitti_calibration;
mod kitti_detections;
mod kitti_poses;
mod mf_json;
mod mot;
mod nuscenes;
mod rows;
mod tum;
mod vsi_bench;
mod youtube_vis;

pub use coco::Coco;
pub use csv::Csv;
pub use euroc::Euroc;
pub use geojson::GeoJson;
pub use kitti::Kitti;
pub use kitti_calibration::KittiCalibration;
pub use kitti_detections::KittiDetections;
pub use kitti_poses::KittiPoses;
pub use mf_json::MfJson;
pub use mot::Mot;
pub use nuscenes::{NuScenes, NuScenesCamera, NuScenesScene};
pub use tum::Tum;
pub use vsi_bench::VsiBench;
pub use youtube_vis::YoutubeVis;

use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, ObserverId, World, join};
use std::io::Write;

/// One format that can be written.
pub trait Exporter: Sync {
    /// Its name, about, specification and example; the kind is `exporters`.
    fn entry(&self) -> Entry;

    /// Writes what is visible of a World.
    ///
    /// # Errors
    /// [`Error::Unfit`] before anything is written where the World cannot be said in this format.
    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error>;

    /// What the format has no place for and its importer would take for something else: a file to stand beside the written one.
    ///
    /// # Errors
    /// As for [`Exporter::export`].
    fn companion(&self, _world: &World, _settings: &ExportSettings) -> Result<Option<Companion>, Error> {
        Ok(None)
    }

    /// Writes several Worlds: as the scenes of one file where the format has scenes, else joined into one.
    ///
    /// # Errors
    /// As for one.
    fn export_all(
        &self,
        worlds: &[World],
        settings: &ExportSettings,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        match worlds {
            [one] => self.export(one, settings, out),
            several => self.export(&join(several), settings, out),
        }
    }
}

/// A file beside an exported one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// What takes the place of the written file's extension: `labels.csv`.
    pub extension: &'static str,
    /// What stands in it.
    pub text: String,
    /// Why there is one, in a few words.
    pub why: String,
}

/// What to write, where a World holds more than a format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportSettings {
    /// The camera whose boxes are written, for formats of one picture; none: the only one.
    pub observer: Option<ObserverId>,
    /// The thing whose way is written, for formats of one trajectory; none: the only camera's, or the only thing's.
    pub entity: Option<EntityId>,
}

/// Why nothing, or not all, was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The World cannot be said in this format.
    #[error("{format}: expected {expected}, found {found}")]
    Unfit {
        /// The exporter's name.
        format: &'static str,
        /// What the format needs.
        expected: String,
        /// What the World holds.
        found: String,
    },
    /// Samples that cannot be read.
    #[error(transparent)]
    World(#[from] chronotope_world::Error),
    /// The file cannot be written.
    #[error("cannot write: {0}")]
    Write(#[from] std::io::Error),
}

impl Error {
    /// The World cannot be said in this format.
    pub(crate) fn unfit(
        format: &'static str,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Error {
        Error::Unfit { format, expected: expected.into(), found: found.into() }
    }
}

/// Every exporter, alphabetical.
pub const EXPORTERS: &[&dyn Exporter] = &[
    &Coco,
    &Csv,
    &Euroc,
    &GeoJson,
    &Kitti,
    &KittiCalibration,
    &KittiDetections,
    &KittiPoses,
    &MfJson,
    &Mot,
    &NuScenes,
    &NuScenesCamera,
    &NuScenesScene,
    &Tum,
    &VsiBench,
    &YoutubeVis,
];

/// The exporter of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Exporter> {
    EXPORTERS.iter().copied().find(|exporter| exporter.entry().name == name)
}

/// What the exporters say of themselves, for the room's catalogue.
pub fn entries() -> Vec<Entry> {
    EXPORTERS.iter().map(|exporter| exporter.entry()).collect()
}
