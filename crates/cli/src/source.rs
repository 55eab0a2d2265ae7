//! Any SOURCE as a World.

use std::fs;
use std::io::{BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use chronotope::ask::story::{Story, StorySettings};
use chronotope::formats::import::ImportSettings;
use chronotope::formats::open::Error as OpenError;
#[cfg(feature = "video")]
use chronotope::remember::bundle;
#[cfg(feature = "video")]
use chronotope::world::{Source, SourceKind};
use chronotope::world::{World, are_related, join};

use crate::fault::Fault;
use crate::session::Session;

/// Opens sources and joins them, in the order given: bundles, folders of bundles, annotation files, text Worlds, videos.
pub(crate) fn open(
    sources: &[String],
    settings: &ImportSettings,
    told: StorySettings,
    session: &Session,
) -> Result<World, Fault> {
    let mut worlds = Vec::new();
    for source in sources {
        let found = told_each(source, settings, told, session)?;
        if !are_related(&found) {
            return Err(unrelated(source, &found));
        }
        worlds.extend(found);
    }
    Ok(join(&worlds))
}

/// Several scenes that have nothing to do with each other: a question is about one of them.
fn unrelated(source: &str, worlds: &[World]) -> Fault {
    const NAMED: usize = 8;
    let mut names: Vec<&str> = worlds.iter().take(NAMED).map(|world| world.store().name()).collect();
    let more = format!("{} more", worlds.len().saturating_sub(NAMED));
    if worlds.len() > NAMED {
        names.push(&more);
    }
    let found = format!("expected one scene, found {}: {}", worlds.len(), names.join(", "));
    Fault::usage(format!("{found}: {source}"))
        .hint(format!("--scene {}, or name each World as a source of its own", worlds[0].store().name()))
}

/// The Worlds of one source: one, or the bundles of a folder or the scenes of an annotation file by name.
pub(crate) fn each(source: &str, settings: &ImportSettings, session: &Session) -> Result<Vec<World>, Fault> {
    told_each(source, settings, StorySettings::default(), session)
}

/// Whether a source is a story in English, by its name.
pub(crate) fn is_story(source: &str) -> bool {
    source.to_ascii_lowercase().ends_with(".story.txt") && Path::new(source).is_file()
}

fn told_each(
    source: &str,
    settings: &ImportSettings,
    told: StorySettings,
    session: &Session,
) -> Result<Vec<World>, Fault> {
    let path = Path::new(source);
    if is_story(source) {
        return Ok(vec![story(path, told)?]);
    }
    match chronotope::formats::open::open(path, settings) {
        Ok(imported) => {
            crate::command::import::say_faults(&imported.faults, session);
            Ok(imported.worlds)
        }
        Err(OpenError::Video { .. }) => watched(source, session),
        Err(OpenError::Import(error)) => Err(crate::command::import::fault(error)),
        Err(error) => Err(Fault::input(error)),
    }
}

/// The World of a story in English.
pub(crate) fn story(path: &Path, settings: StorySettings) -> Result<World, Fault> {
    read_story(path, settings)?
        .world(&path.display().to_string())
        .map_err(|error| Fault::input(error).at(path))
}

/// A text file of at most 64 MiB, whatever stands there: a device gives as many bytes as it is asked for.
pub(crate) fn read_text(path: &Path) -> Result<String, Fault> {
    const MOST_BYTES: u64 = 64 << 20;
    let file = fs::File::open(path).map_err(|error| Fault::input(error).at(path))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Fault::input(error).at(path))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Fault::bad(format!("expected a text of at most {MOST_BYTES} bytes, found more")).at(path));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Fault::bad(format!("expected UTF-8, found other bytes at byte {at}")).at(path)
    })
}

/// A story in English.
pub(crate) fn read_story(path: &Path, settings: StorySettings) -> Result<Story, Fault> {
    Ok(Story::read(&read_text(path)?, settings))
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
pub(crate) fn cache_folder() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    cache.unwrap_or_else(std::env::temp_dir).join("chronotope")
}

#[cfg(feature = "video")]
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
    let refused = |error| Fault::output(&path.display().to_string(), error);
    write_whole_by(path, |out| out.write_all(bytes).map_err(refused))
}

/// Writes a file whole or not at all, as its bytes come.
pub(crate) fn write_whole_by(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let refused = |error| Fault::output(&path.display().to_string(), error);
    if path.is_dir() {
        return Err(refused(std::io::ErrorKind::IsADirectory.into()));
    }
    if path.metadata().is_ok_and(|facts| !facts.is_file()) {
        let mut out = fs::OpenOptions::new().write(true).open(path).map_err(refused)?; // a pipe, /dev/null
        return write(&mut out);
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let mut out = BufWriter::new(fs::File::create(&part).map_err(refused)?);
    let written = write(&mut out).and_then(|()| {
        let file = out.into_inner().map_err(|error| refused(error.into_error()))?;
        file.sync_all().and_then(|()| fs::rename(&part, path)).map_err(refused)
    });
    if written.is_err() {
        fs::remove_file(&part).ok(); // the first error is the one to tell
    }
    written
}
