//! Any SOURCE as a World.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chronotope::perceive::import::ImportSettings;
use chronotope::perceive::open as perceive;
use chronotope::remember::bundle;
use chronotope::world::{Source, SourceKind, World, join};

use crate::fault::Fault;
use crate::session::Session;

/// Opens sources and joins them, in the order given: bundles, folders of bundles, annotation files, text Worlds, videos.
pub(crate) fn open(sources: &[String], settings: &ImportSettings, session: &Session) -> Result<World, Fault> {
    let mut worlds = Vec::new();
    for source in sources {
        worlds.extend(open_one(source, settings, session)?);
    }
    Ok(join(&worlds))
}

fn open_one(source: &str, settings: &ImportSettings, session: &Session) -> Result<Vec<World>, Fault> {
    let path = Path::new(source);
    if path.join("world.json").exists() {
        return Ok(vec![bundle::open(path).map_err(Fault::input)?]);
    }
    if path.is_dir() {
        let bundles = bundles_in(path)?;
        if !bundles.is_empty() {
            return bundles.iter().map(|b| bundle::open(b).map_err(Fault::input)).collect();
        }
    }
    match perceive::open(path, settings) {
        Ok(imported) => {
            if imported.faults.count() > 0 {
                session.note(&format!("{source}: {} rows were left out", imported.faults.count()));
                for fault in imported.faults.named().iter().take(3) {
                    session.note(&format!("  {fault}"));
                }
            }
            Ok(imported.worlds)
        }
        Err(perceive::Error::Video { .. }) => watched(source, session),
        Err(error) => Err(Fault::input(error)),
    }
}

/// The bundles of a corpus, by name.
fn bundles_in(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let entries = fs::read_dir(folder).map_err(|error| Fault::input(error).at(folder))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| p.join("world.json").is_file())
        .collect();
    found.sort();
    Ok(found)
}

/// A video is watched into the cache folder, once.
#[cfg(feature = "video")]
fn watched(video: &str, session: &Session) -> Result<Vec<World>, Fault> {
    let hash = chronotope::perceive::pipeline::sha256_of(Path::new(video))
        .map_err(|error| Fault::input(error).at(Path::new(video)))?;
    let bundle = cache_folder().join("worlds").join(format!("{}.world", &hash[..16]));
    if !bundle.join("world.json").exists() {
        session.note(&format!("{video} is watched first; `chronotope watch` lets you choose how"));
        crate::command::watch::watch_into(video, &bundle, session)?;
    }
    Ok(vec![bundle::open(&bundle).map_err(Fault::input)?])
}

#[cfg(not(feature = "video"))]
fn watched(video: &str, _session: &Session) -> Result<Vec<World>, Fault> {
    Err(Fault::usage(format!("this build of chronotope cannot decode video: {video}")))
}

/// The user's cache folder for Chronotope.
fn cache_folder() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    cache.unwrap_or_else(std::env::temp_dir).join("chronotope")
}

/// The sources with the paths of their videos, looked for in the working folder, then beside the Worlds.
pub(crate) fn found_beside(rows: &[Source], sources: &[String]) -> Vec<Source> {
    let folders: Vec<&Path> = sources.iter().filter_map(|s| Path::new(s).parent()).collect();
    let found = |uri: &str| {
        let given = Path::new(uri);
        if uri.contains("://") || given.exists() {
            return uri.to_owned();
        }
        let names = [Some(given), given.file_name().map(Path::new)];
        let candidates = names.into_iter().flatten().flat_map(|n| folders.iter().map(move |f| f.join(n)));
        let exists = candidates.into_iter().find(|path| path.is_file());
        exists.map_or(uri.to_owned(), |path| path.to_string_lossy().into_owned())
    };
    let mut rows = rows.to_vec();
    for row in rows.iter_mut().filter(|row| row.kind == SourceKind::Video) {
        row.uri = found(&row.uri);
    }
    rows
}

/// Writes a file whole or not at all: beside its place first, then by rename.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = fs::File::create(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    });
    written.map_err(|error| {
        fs::remove_file(&part).ok(); // the first error is the one to tell
        Fault::input(error).at(path)
    })
}
