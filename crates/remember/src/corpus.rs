//! A corpus: a folder of bundles.

use crate::bundle;
use crate::error::{Error, Result};
use chronotope_world::World;
use std::path::{Path, PathBuf};

/// The bundles in a folder, by name in byte order: folders `NAME.world` that hold a manifest. Other files are left alone.
///
/// # Errors
/// Where the folder cannot be read. A bundle that is damaged is listed; opening it gives the error.
pub fn list_corpus(path: impl AsRef<Path>) -> Result<Vec<PathBuf>> {
    let path = path.as_ref();
    let mut bundles = Vec::new();
    for entry in std::fs::read_dir(path).map_err(Error::io("read", path))? {
        let bundle = entry.map_err(Error::io("read", path))?.path();
        if bundle.extension().is_some_and(|end| end == "world") && bundle.join("world.json").is_file() {
            bundles.push(bundle);
        }
    }
    bundles.sort();
    Ok(bundles)
}

/// Opens the bundles of a corpus one after another, by name.
///
/// # Errors
/// Where the folder cannot be read; each item tells of its own bundle.
pub fn open_corpus(path: impl AsRef<Path>) -> Result<impl Iterator<Item = Result<World>>> {
    Ok(list_corpus(path)?.into_iter().map(bundle::open))
}
