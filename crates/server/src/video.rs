//! Videos: watched once into the cache folder, and looked at.

use std::path::Path;

use chronotope::perceive::pipeline::{Progress, WatchSettings, Watching, sha256_of, watch};
use chronotope::remember::Error as BundleError;
use chronotope::remember::bundle::{self, Writer};
use chronotope::world::{Record, World};

use crate::control::{Control, Done};
use crate::error::Error;

/// Tells how far a watch is, and ends it when its caller went away.
struct Told<'a>(&'a Control);

impl Watching<Writer> for Told<'_> {
    fn progress(&mut self, progress: Progress) -> bool {
        let (start, end) = progress.span;
        let words = format!("watched {:.1} s, {} pictures", progress.t.as_s(), progress.n_pictures);
        let done = Done {
            done: (progress.t.as_s() - start.as_s()).max(0.0),
            of: end.map(|end| end.as_s() - start.as_s()),
            words,
        };
        self.0.tell(done).is_ok()
    }

    fn commit(&mut self, rows: &mut Writer, _saved: Option<&[u8]>) -> Result<(), BundleError> {
        rows.commit().map(|_revision| ())
    }
}

/// The World of a video, which is watched the first time, where `chronotope ask` keeps it too.
pub(crate) fn watched(path: &Path, name: &str, cache: &Path, control: &Control) -> Result<World, Error> {
    let told = |error: &dyn std::fmt::Display| {
        Error::input(error.to_string().replace(&path.display().to_string(), name))
    };
    let hash = sha256_of(path).map_err(|error| told(&error))?;
    let worlds = cache.join("worlds");
    let out = worlds.join(format!("{}.world", &hash[..16]));
    if !out.join("world.json").exists() {
        control.takes_long();
        std::fs::create_dir_all(&worlds)
            .map_err(|error| Error::input(format!("cannot make the cache folder: {error}")))?;
        let part = worlds.join(format!("{}.{}.part", &hash[..16], std::process::id()));
        std::fs::remove_dir_all(&part).ok(); // left by a process of this number
        let made = watch_into(path, hash, &part, control).map_err(|error| match error {
            Error::Cancelled => Error::Cancelled,
            error => told(&error),
        });
        // another process may have been quicker; then its World is the one
        let moved = made.and_then(|()| match std::fs::rename(&part, &out) {
            Err(_) if out.join("world.json").exists() => Ok(()),
            moved => moved.map_err(|error| Error::input(format!("cannot keep the World: {error}"))),
        });
        std::fs::remove_dir_all(&part).ok(); // nothing is left where it was moved
        moved?;
    }
    bundle::open(&out).map_err(|error| told(&error))
}

fn watch_into(video: &Path, sha256: String, out: &Path, control: &Control) -> Result<(), Error> {
    let name = video.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let mut writer = Writer::create(out, Record { name, ..Record::default() }).map_err(Error::input)?;
    let settings = WatchSettings { sha256: Some(sha256), ..WatchSettings::default() };
    let watched = watch(&mut writer, &video.display().to_string(), &settings, &mut Told(control))
        .map_err(Error::input)?;
    if watched.interrupted { Err(Error::Cancelled) } else { Ok(()) }
}
