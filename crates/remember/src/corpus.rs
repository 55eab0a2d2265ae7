//! A corpus: a folder of bundles.

use crate::bundle::{self, sync_folder};
use crate::error::{Error, Result};
use chronotope_world::World;
use std::collections::BTreeSet;
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

/// Writes Worlds as the bundles of a new corpus, each in a folder of its World's name: all of them, or none.
///
/// Characters that are no letter, digit, `-`, `_`, `.` or blank become `_` in the folder's name; a name that is taken gets a number.
///
/// # Errors
/// Where something is there already, or a bundle cannot be written; then nothing is left behind.
pub fn write_corpus(path: impl AsRef<Path>, worlds: &[World]) -> Result<()> {
    let path = path.as_ref();
    expect_vacant(path)?;
    let (Some(name), parent) = (path.file_name(), parent_of(path)) else {
        return Err(Error::Occupied { path: path.to_owned() });
    };
    std::fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
    let part = parent.join(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
    std::fs::create_dir(&part).map_err(Error::io("create", &part))?;
    let mut taken = BTreeSet::new();
    let write = |world: &World| bundle::write(part.join(folder_name(world, &mut taken)), world);
    let written = worlds.iter().try_for_each(write);
    let written = written.and_then(|()| std::fs::rename(&part, path).map_err(Error::io("create", path)));
    if written.is_err() {
        std::fs::remove_dir_all(&part).ok(); // the first error is the one to tell
    }
    written.and_then(|()| sync_folder(parent))
}

/// Whether a new bundle or corpus can be made here: nothing is there, or an empty folder, or what a writer that was killed before
/// its first commit left.
///
/// # Errors
/// [`Error::Exists`] for a bundle, [`Error::Occupied`] for anything else.
pub fn expect_vacant(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    if std::fs::symlink_metadata(path).is_err() {
        return Ok(()); // where it cannot be looked at, writing will say why
    }
    if path.join("world.json").exists() {
        return Err(Error::Exists { path: path.to_owned() });
    }
    let occupied = || Error::Occupied { path: path.to_owned() };
    if !path.is_dir() {
        return Err(occupied());
    }
    for entry in std::fs::read_dir(path).map_err(Error::io("read", path))? {
        let name = entry.map_err(Error::io("read", path))?.file_name();
        if !["lock", "parts", "history"].iter().any(|left| name == *left) {
            return Err(occupied());
        }
    }
    Ok(())
}

/// The folder that a path lies in.
fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A World's name as that of a folder which no other of the corpus has.
fn folder_name(world: &World, taken: &mut BTreeSet<String>) -> String {
    const MOST: usize = 100;
    let plain = |c: char| if c.is_alphanumeric() || "-_. ".contains(c) { c } else { '_' };
    let name: String = world.store().name().chars().take(MOST).map(plain).collect();
    let name = match name.trim() {
        "" => "scene".to_owned(),
        hidden if hidden.starts_with('.') => format!("_{hidden}"),
        name => name.to_owned(),
    };
    let (mut free, mut n) = (name.clone(), 1);
    while !taken.insert(free.to_lowercase()) {
        n += 1;
        free = format!("{name}-{n}");
    }
    format!("{free}.world")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::text::parse;

    fn world(name: &str) -> World {
        parse(&format!("record \"{name}\"\ncar 0\n  0: (0, 0, 0)\n")).expect("valid")
    }

    #[test]
    fn a_corpus_is_written_whole_under_the_names_of_its_worlds() {
        let scratch = tempfile::tempdir().expect("a place for files");
        let corpus = scratch.path().join("deep/corpus");
        let worlds = ["b", "a/../x", "B", ".git", ""].map(world);
        write_corpus(&corpus, &worlds).expect("can be written");
        let names: Vec<String> = list_corpus(&corpus)
            .expect("can be read")
            .iter()
            .map(|path| path.file_name().expect("has one").to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["B-2.world", "_.git.world", "a_.._x.world", "b.world", "scene.world"]);
        assert!(matches!(write_corpus(&corpus, &worlds), Err(Error::Occupied { .. })));
        assert_eq!(std::fs::read_dir(scratch.path().join("deep")).expect("is there").count(), 1);
    }

    #[test]
    fn a_new_bundle_takes_nobody_elses_place() {
        let scratch = tempfile::tempdir().expect("a place for files");
        let place = scratch.path().join("street.world");
        assert!(expect_vacant(&place).is_ok());
        std::fs::create_dir_all(place.join("parts")).expect("can be made");
        assert!(expect_vacant(&place).is_ok(), "left by a writer that was killed");
        std::fs::write(place.join("notes.txt"), "mine").expect("can be written");
        assert!(matches!(expect_vacant(&place), Err(Error::Occupied { .. })));
        assert!(matches!(expect_vacant(place.join("notes.txt")), Err(Error::Occupied { .. })));
    }
}
