//! What all tools share: the sources, what may be done, how much at once.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use crate::allow::Allowed;
use crate::library::Library;

/// How much one caller, and all together, may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls that run at a time; more wait.
    pub at_once: NonZeroUsize,
    /// Calls that wait; more are refused.
    pub waiting: usize,
    /// Longest time of a call that watches no video.
    pub time: Duration,
    /// Longest time of a call that watches a video.
    pub watch_time: Duration,
    /// Longest body of a request, in bytes.
    pub body_bytes: usize,
    /// Longest text of an argument, in bytes.
    pub text_bytes: usize,
    /// Worlds that are kept open.
    pub worlds: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            at_once: NonZeroUsize::MIN.saturating_add(3),
            waiting: 256,
            time: Duration::from_secs(30),
            watch_time: Duration::from_secs(1800),
            body_bytes: 32 << 20,
            text_bytes: 1 << 16,
            worlds: 32,
        }
    }
}

/// What a server is started with.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What can be reached.
    pub allowed: Allowed,
    /// Whether notes may be written into Worlds.
    pub write: bool,
    /// Where videos that are watched are kept; none: videos are not watched.
    pub cache: Option<PathBuf>,
    /// How much may be asked for.
    pub limits: Limits,
}

/// What all tools share.
pub struct Desk {
    /// Worlds by name.
    pub library: Library,
    /// Whether notes may be written into Worlds.
    pub write: bool,
    /// How much may be asked for.
    pub limits: Limits,
    /// Videos that are looked at.
    #[cfg(feature = "video")]
    pub(crate) eyes: crate::video::Eyes,
}

impl Desk {
    /// A desk with these settings; nothing is opened yet.
    pub fn new(settings: Settings) -> Desk {
        let Settings { allowed, write, cache, limits } = settings;
        Desk {
            library: Library::new(allowed, limits.worlds, cache),
            write,
            limits,
            #[cfg(feature = "video")]
            eyes: crate::video::Eyes::default(),
        }
    }
}
