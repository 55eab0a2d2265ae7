//! Folders, Worlds and calls for tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Map, Value as Json};

use crate::allow::Allowed;
use crate::control::Control;
use crate::desk::{Desk, Limits, Settings};
use crate::error::Error;
use crate::reply::Reply;

/// A folder that goes away with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("chronotope-server-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        Folder(folder.canonicalize().expect("it exists"))
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder can be made");
        std::fs::write(&path, text).expect("a file can be written");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok(); // nothing depends on it
    }
}

/// A street: two cars in metres, a person, a door that was opened.
pub(crate) const STREET: &str = "record \"street\"\ncamera cam 640x360\nworld ground m\n\
    coverage cam [0, 10) car, person\n\
    car 1 in ground through cam gap 2\n  colour \"red\"\n  0: (0, 0, 0) box (10, 100, 60, 40)\n  2: (20, 0, 0) box (300, 100, 60, 40)\n\
    person 2 in ground through cam gap 2\n  1: (5, 5, 0) box (100, 80, 20, 60)\n  3: (5, 5, 0) box (100, 80, 20, 60)\n\
    car 3 in ground through cam gap 2\n  0: (0, 10, 0) box (10, 200, 60, 40)\n  2: (0, 10, 0) box (10, 200, 60, 40)\n";

/// A desk over a folder with the street in it.
pub(crate) fn street() -> (Folder, Arc<Desk>) {
    let folder = Folder::new();
    folder.file("street.world.txt", STREET);
    let desk = desk(&folder, false);
    (folder, desk)
}

pub(crate) fn desk(folder: &Folder, write: bool) -> Arc<Desk> {
    let allowed = Allowed::new([folder.path("")]).expect("it exists");
    Arc::new(Desk::new(Settings { allowed, write, cache: None, limits: Limits::default() }))
}

pub(crate) fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        other => panic!("expected an object, found {other}"),
    }
}

/// Calls a tool here and now.
pub(crate) fn call(desk: &Desk, name: &str, arguments: Json) -> Result<Reply, Error> {
    let tool = super::by_name(name).expect("a tool");
    super::checked(tool, desk, &object(arguments), &Control::default())
}

/// The text of an answer that must have been given.
pub(crate) fn answered(desk: &Desk, name: &str, arguments: Json) -> String {
    let reply =
        call(desk, name, arguments.clone()).unwrap_or_else(|error| panic!("{name} {arguments}: {error}"));
    assert_eq!(reply.json["status"], "answered", "{name} {arguments}: {}", reply.text);
    reply.json["answer"]["text"].as_str().expect("a text").to_owned()
}
