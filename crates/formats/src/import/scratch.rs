//! Folders for tests.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that goes away with the test.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("chronotope-import-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        Scratch(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder can be made");
        std::fs::write(&path, bytes).expect("a file can be written");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // nothing depends on it
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The folder of test data with this name, or none with the one line that the counter of data tests reads.
#[allow(clippy::print_stderr)] // the counter reads it
pub(crate) fn data(test: &str, name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CHRONOTOPE_DATA")
        .map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let folder = root.join(name);
    if folder.exists() {
        eprintln!("data test run: {test}");
        Some(folder)
    } else {
        eprintln!("data test skipped: {test}");
        None
    }
}
