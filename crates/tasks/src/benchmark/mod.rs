//! Benchmarks, one file each: their official files, or the same under the project's data folder, become items.

mod grid_paths;
mod made;
mod matres;
mod nuscenes;
mod qsrlib;
mod sqa3d;
mod step_game;
mod thor_scenes;
mod vsi_bench;

pub use grid_paths::GridPaths;
pub use made::Made;
pub use matres::Matres;
pub use nuscenes::NuScenes;
pub use qsrlib::Qsrlib;
pub use sqa3d::Sqa3d;
pub use step_game::StepGame;
pub use thor_scenes::ThorScenes;
pub use vsi_bench::VsiBench;

use crate::error::Error;
use crate::item::Item;
use chronotope_world::catalogue::Entry;
use std::path::{Path, PathBuf};

/// A benchmark whose files can be read.
pub trait Benchmark: Sync {
    /// Its name, what it asks, its paper and an example; the kind is `benchmarks`.
    fn entry(&self) -> Entry;

    /// Name of the metric of its official score.
    fn metric(&self) -> &'static str;

    /// What a score of a strategy that knows the scenes' annotations means, in one line: of what the answers are made, and
    /// what such a score must not be compared with.
    fn reads(&self) -> &'static str;

    /// How far the truth's surfaces lie from those of the scenes' boxes, root mean square along an axis, in metres; 0 where the boxes are the
    /// truth. Scenes that are disturbed on purpose tell it with the rest of their errors.
    fn boxes_off_m(&self) -> f64 {
        0.0
    }

    /// Reads all items, in the order of the files. A gzip file is read as it is.
    ///
    /// # Errors
    /// A file that is not there or not of the format, and any row that is no item: none is left out silently.
    fn load(&self, data: &Path) -> Result<Loaded, Error>;
}

/// The items of a benchmark.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// In the order of the files.
    pub items: Vec<Item>,
    /// The files that were read, in order: what a run card names with their digests.
    pub files: Vec<PathBuf>,
    /// What was left out of the scenes, in words; items are never left out.
    pub notes: Vec<String>,
}

/// Every benchmark, alphabetical.
pub const BENCHMARKS: &[&dyn Benchmark] =
    &[&GridPaths, &Matres, &NuScenes { seed: 0 }, &Qsrlib, &Sqa3d, &StepGame, &ThorScenes, &VsiBench];

/// The benchmark of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Benchmark> {
    BENCHMARKS.iter().copied().find(|benchmark| benchmark.entry().name == name)
}

/// What the benchmarks say of themselves.
pub(crate) fn entries() -> Vec<Entry> {
    BENCHMARKS.iter().map(|benchmark| benchmark.entry()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_in_order_and_without_fault() {
        let entries = entries();
        assert!(entries.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(entries.iter().all(|entry| entry.fault().is_none()));
    }

    #[test]
    fn a_folder_without_the_files_is_refused_by_name() {
        for benchmark in BENCHMARKS {
            let error =
                benchmark.load(Path::new("/nowhere/at all")).expect_err("nothing is there").to_string();
            assert!(error.contains("/nowhere/at all"), "{}: {error}", benchmark.entry().name);
        }
    }
}
