//! Worlds, opened once and kept: a source that has changed on disk is opened again.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use chronotope::ask::story::{Story, StorySettings};
use chronotope::formats::import::{ImportSettings, text_of};
use chronotope::formats::open::{Error as OpenError, open};
use chronotope::world::{World, are_related, join};

use crate::allow::Allowed;
use crate::control::Control;
use crate::error::Error;

/// Opens sources and keeps what it opened; at most so many, the least recently asked go first.
pub struct Library {
    allowed: Allowed,
    most: usize,
    /// Where videos that are watched are kept; none: they are not watched.
    #[cfg_attr(not(feature = "video"), expect(dead_code, reason = "only videos are watched"))]
    cache: Option<PathBuf>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    places: BTreeMap<Vec<PathBuf>, Place>,
    /// Counts what was asked for, to know what was not for long.
    clock: u64,
}

/// A source's place; whoever opens it holds the lock, so that it is opened once whoever asks at a time.
struct Place {
    opened: Arc<Mutex<Option<Opened>>>,
    asked: u64,
}

struct Opened {
    stamp: u64,
    world: World,
}

impl Library {
    /// Of what is allowed; keeps `most` Worlds, and videos that it watched under `cache`.
    pub fn new(allowed: Allowed, most: usize, cache: Option<PathBuf>) -> Library {
        Library { allowed, most: most.max(1), cache, kept: Mutex::default() }
    }

    /// What can be reached.
    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// The World of one source or of several, by their names, with their paths.
    ///
    /// # Errors
    /// What may not be reached, what is not there, what cannot be read.
    pub fn world(&self, names: &[&str], control: &Control) -> Result<(World, Vec<PathBuf>), Error> {
        let paths = names.iter().map(|name| self.allowed.resolve(name)).collect::<Result<Vec<_>, _>>()?;
        let stamp = paths.iter().fold(0, |stamp, path| mixed(stamp, stamp_of(path)));
        let place = self.place(&paths);
        let mut opened = held(&place);
        if let Some(Opened { stamp: was, world }) = &*opened
            && *was == stamp
        {
            return Ok((world.clone(), paths));
        }
        let mut worlds = Vec::new();
        for (name, path) in names.iter().zip(&paths) {
            self.allowed.vet(path, name)?;
            let found = self.open(name, path, control)?;
            if !are_related(&found) {
                let some: Vec<&str> = found.iter().take(8).map(|world| world.store().name()).collect();
                let text = format!("{name}: expected one scene, found {}: {}", found.len(), some.join(", "));
                return Err(Error::input(text).remedy("name one of the Worlds in it as the source"));
            }
            worlds.extend(found);
        }
        let world = join(&worlds);
        *opened = Some(Opened { stamp, world: world.clone() });
        Ok((world, paths))
    }

    fn place(&self, paths: &[PathBuf]) -> Arc<Mutex<Option<Opened>>> {
        let mut kept = held(&self.kept);
        kept.clock += 1;
        let now = kept.clock;
        if !kept.places.contains_key(paths) && kept.places.len() >= self.most {
            let oldest = kept.places.iter().min_by_key(|(_, place)| place.asked).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                kept.places.remove(&oldest);
            }
        }
        let place =
            kept.places.entry(paths.to_vec()).or_insert_with(|| Place { opened: Arc::default(), asked: now });
        place.asked = now;
        Arc::clone(&place.opened)
    }

    fn open(&self, name: &str, path: &Path, control: &Control) -> Result<Vec<World>, Error> {
        if name.to_ascii_lowercase().ends_with(".story.txt") && path.is_file() {
            let text = text_of(path).map_err(|error| self.told(&error, path))?;
            let world = Story::read(&text, StorySettings::default())
                .world(&self.allowed.name_of(path))
                .map_err(|error| self.told(&error, path))?;
            return Ok(vec![world]);
        }
        match open(path, &ImportSettings::default()) {
            Ok(imported) => Ok(imported.worlds),
            Err(OpenError::Video { .. }) => self.watched(name, path, control),
            Err(error) => Err(self.told(&error, path)),
        }
    }

    /// What a room says of a file, with the name that the caller knows in place of the path.
    fn told(&self, error: &dyn std::fmt::Display, path: &Path) -> Error {
        let name = self.allowed.name_of(path);
        let text = error.to_string().replace(&path.display().to_string(), &name);
        let text = if text.contains(&name) { text } else { format!("{text}: {name}") };
        Error::input(text)
    }

    #[cfg(feature = "video")]
    fn watched(&self, name: &str, path: &Path, control: &Control) -> Result<Vec<World>, Error> {
        let Some(cache) = &self.cache else {
            return Err(Error::input(format!("{name}: expected a World, found a video that nobody watched"))
                .remedy(format!("chronotope watch {name}; or start the server without --no-watch")));
        };
        crate::video::watched(path, name, cache, control).map(|world| vec![world])
    }

    #[cfg(not(feature = "video"))]
    fn watched(&self, name: &str, _path: &Path, _control: &Control) -> Result<Vec<World>, Error> {
        Err(Error::input(format!("{name}: this build cannot decode video")).remedy("build it with video"))
    }
}

/// A lock, whatever became of who held it before: what is kept is whole or none.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Folders in a folder of annotations that are looked at for changes, and entries of them.
const DEPTH: usize = 4;
const MOST_ENTRIES: usize = 20_000;

/// A number that changes when what lies at a path does: of a file its time and length, of a bundle its manifest's, of another folder all of these.
pub(crate) fn stamp_of(path: &Path) -> u64 {
    let manifest = path.join("world.json");
    if let Ok(facts) = manifest.metadata() {
        return stamp_of_file(&facts);
    }
    match path.metadata() {
        Ok(facts) if facts.is_dir() => {
            let mut left = MOST_ENTRIES;
            stamp_of_folder(path, DEPTH, &mut left)
        }
        Ok(facts) => stamp_of_file(&facts),
        Err(_) => 0,
    }
}

fn stamp_of_folder(folder: &Path, depth: usize, left: &mut usize) -> u64 {
    let mut entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().take(*left).collect();
    *left = left.saturating_sub(entries.len());
    entries.sort_by_key(std::fs::DirEntry::file_name);
    entries.iter().fold(1, |stamp, entry| {
        let Ok(facts) = entry.metadata() else { return stamp };
        let stamp = mixed(stamp, stamp_of_file(&facts));
        if facts.is_dir() && depth > 0 {
            mixed(stamp, stamp_of_folder(&entry.path(), depth - 1, left))
        } else {
            stamp
        }
    })
}

fn stamp_of_file(facts: &Metadata) -> u64 {
    let when = facts.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    mixed(when.map_or(0, |t| u64::try_from(t.as_nanos()).unwrap_or(u64::MAX)), facts.len())
}

/// Two numbers as one (FNV's prime).
fn mixed(a: u64, b: u64) -> u64 {
    (a ^ b.rotate_left(29)).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(17) ^ b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::scratch::Folder;

    fn library(folder: &Folder, most: usize) -> Library {
        Library::new(Allowed::new([folder.path("")]).expect("it exists"), most, None)
    }

    #[test]
    fn a_source_is_opened_once_and_again_when_it_has_changed() {
        let folder = Folder::new();
        folder.file("a.world.txt", "record \"one\"\n");
        let library = library(&folder, 4);
        let open = || library.world(&["a.world.txt"], &Control::default()).expect("valid").0;
        let (first, second) = (open(), open());
        assert!(std::ptr::eq(first.store(), second.store()), "it was opened twice");
        folder.file("a.world.txt", "record \"another\"\n");
        assert_eq!(open().record().name, "another");
    }

    #[test]
    fn no_more_are_kept_than_asked_for() {
        let folder = Folder::new();
        let library = library(&folder, 2);
        for name in ["a", "b", "c", "d"] {
            let file = format!("{name}.world.txt");
            folder.file(&file, &format!("record \"{name}\"\n"));
            library.world(&[&file], &Control::default()).expect("valid");
        }
        assert_eq!(held(&library.kept).places.len(), 2);
    }

    #[test]
    fn several_sources_are_one_world() {
        let folder = Folder::new();
        folder.file("a.world.txt", "record \"r\"\ncar 1\n  0: (0, 0, 0)\n");
        folder.file("b.world.txt", "record \"r\"\ncar 2\n  0: (0, 0, 0)\n");
        let (world, paths) =
            library(&folder, 4).world(&["a.world.txt", "b.world.txt"], &Control::default()).expect("valid");
        assert_eq!((world.entities().count(), paths.len()), (2, 2));
    }

    #[test]
    fn a_broken_source_is_told_by_the_name_that_was_asked() {
        let folder = Folder::new();
        folder.file("a.world.txt", "nonsense here\n");
        let error =
            library(&folder, 4).world(&["a.world.txt"], &Control::default()).expect_err("it is broken");
        let text = error.to_string();
        assert!(
            text.contains("a.world.txt") && !text.contains(&folder.path("").display().to_string()),
            "{text}"
        );
    }
}
