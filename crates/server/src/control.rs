//! What a long call tells its caller, and how the caller ends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;

/// How far a long call has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// So much is done.
    pub done: f64,
    /// Of so much in all, where that is known.
    pub of: Option<f64>,
    /// In words.
    pub words: String,
}

/// Takes what a long call tells.
type Told = dyn Fn(Done) + Send + Sync;

/// One call's line to its caller.
#[derive(Clone, Default)]
pub struct Control {
    ended: Arc<AtomicBool>,
    long: Arc<AtomicBool>,
    told: Option<Arc<Told>>,
}

impl Control {
    /// Tells progress to somebody.
    pub fn telling(told: impl Fn(Done) + Send + Sync + 'static) -> Control {
        Control { told: Some(Arc::new(told)), ..Control::default() }
    }

    /// The caller went away: the call ends at the next chance.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Whether the caller went away.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// From here on it takes long, as a video is watched.
    pub fn takes_long(&self) {
        self.long.store(true, Ordering::Relaxed);
    }

    /// Whether it said that it takes long.
    pub fn is_long(&self) -> bool {
        self.long.load(Ordering::Relaxed)
    }

    /// Says how far it is.
    ///
    /// # Errors
    /// [`Error::Cancelled`] where the caller went away.
    pub fn tell(&self, done: Done) -> Result<(), Error> {
        if self.has_ended() {
            return Err(Error::Cancelled);
        }
        if let Some(told) = &self.told {
            told(done);
        }
        Ok(())
    }
}
