//! Videos: watched once into the cache folder, and looked at.

use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};

use chronotope::perceive::pipeline::{Progress, WatchSettings, Watching, sha256_of, watch};
use chronotope::perceive::video::VideoPictures;
use chronotope::remember::Error as BundleError;
use chronotope::remember::bundle::{self, Writer};
use chronotope::world::{Picture, Pictures as _, Record, Source, Time, World};

use crate::control::{Control, Done};
use crate::error::Error;
use crate::library::{held, stamp_of};

/// Videos that are kept open to be looked at: what was looked at last is at hand.
///
/// A decoder stays on the thread that opened it, so each video has one; it ends when its place is given to another.
#[derive(Default)]
pub(crate) struct Eyes(Mutex<Vec<Eye>>);

struct Eye {
    source: Source,
    stamp: u64,
    asks: Sender<Ask>,
}

struct Ask {
    t: Time,
    longest_px: Option<u32>,
    answers: Sender<Result<Option<Picture>, String>>,
}

/// Videos that are kept open.
const MOST_OPEN: usize = 8;

impl Eyes {
    /// The picture of a video at a record time. Its path is one that may be reached.
    pub(crate) fn see(
        &self,
        source: &Source,
        t: Time,
        longest_px: Option<u32>,
    ) -> Result<Option<Picture>, String> {
        let (answers, answer) = channel();
        let asked = self.on(source).send(Ask { t, longest_px, answers });
        if let Some(seen) = asked.ok().and_then(|()| answer.recv().ok()) {
            return seen;
        }
        // its thread has ended; the next one to look opens it anew
        held(&self.0).retain(|eye| eye.source != *source);
        Err("the video cannot be looked at: its decoder failed".to_owned())
    }

    fn on(&self, source: &Source) -> Sender<Ask> {
        let stamp = stamp_of(Path::new(&source.uri));
        let mut open = held(&self.0);
        let at = open.iter().position(|eye| eye.source == *source && eye.stamp == stamp);
        let eye = match at {
            Some(at) => open.remove(at),
            None => Eye { source: source.clone(), stamp, asks: opened(source.clone()) },
        };
        let asks = eye.asks.clone();
        open.insert(0, eye);
        open.truncate(MOST_OPEN);
        asks
    }
}

/// A thread that shows the pictures of a video until nobody can ask it any more.
fn opened(source: Source) -> Sender<Ask> {
    let (asks, asked) = channel::<Ask>();
    std::thread::spawn(move || {
        let mut pictures = VideoPictures::new(std::slice::from_ref(&source));
        for Ask { t, longest_px, answers } in asked {
            let found = pictures.pictures_at(source.id, &[t], longest_px);
            // whoever asked may have gone away
            answers.send(found.map(|all| all.into_iter().next().flatten())).ok();
        }
    });
    asks
}

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
