//! What holds across the rooms.

mod arrows;
mod catalogues;
mod examples;
#[cfg(all(feature = "perceive", feature = "reason"))]
mod hostile;
mod truth;

use std::fs;
use std::path::PathBuf;

/// The root of the repository: tests run in the folder of their crate.
fn root() -> PathBuf {
    fs::canonicalize("../..").expect("a crate lies two folders deep")
}

/// The folders under `crates`, by name.
fn rooms() -> Vec<String> {
    let folder = fs::read_dir(root().join("crates")).expect("the folder crates is there");
    let paths = folder.map(|entry| entry.expect("the folder can be read").path());
    let mut rooms: Vec<String> = paths
        .filter(|path| path.join("Cargo.toml").is_file())
        .map(|path| path.file_name().expect("a folder has a name").to_string_lossy().into_owned())
        .collect();
    rooms.sort_unstable();
    rooms
}
