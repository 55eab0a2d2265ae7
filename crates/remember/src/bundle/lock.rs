//! One writer at a time.

use crate::error::{Error, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// The writer's lock on a bundle. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Lets go at once: closing alone waits for a child process that was just being started with a copy of the file.
    fn drop(&mut self) {
        self.file.unlock().ok(); // the system lets go of it anyway
    }
}

/// The file that is locked. It stays, empty: removing it could let two writers in.
pub(crate) const LOCK: &str = "lock";

impl Lock {
    /// Takes the lock of a bundle, or says that another writer has it.
    pub(crate) fn take(bundle: &Path) -> Result<Lock> {
        let path = bundle.join(LOCK);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path: bundle.to_owned() }),
            Err(TryLockError::Error(error)) => Err(Error::io("lock", path)(error)),
        }
    }
}
