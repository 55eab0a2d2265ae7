//! `list_sources`: what can be asked.

use std::path::Path;

use chronotope::formats::open::{SourceForm, form_of};
use serde_json::{Value as Json, json};

use super::{Args, Tool, schema};
use crate::allow::Allowed;
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// The sources that can be reached.
pub(super) struct ListSources;

/// Sources that are listed, folders that are looked into, and how deep.
const MOST: usize = 500;
const MOST_ENTRIES: usize = 20_000;
const DEPTH: usize = 4;

/// A source by the name under which it is asked.
pub(super) struct Found {
    pub name: String,
    pub form: &'static str,
}

impl Tool for ListSources {
    fn name(&self) -> &'static str {
        "list_sources"
    }

    fn about(&self) -> &'static str {
        "Lists the sources that can be asked: Worlds, videos, annotation files, stories. Their names are what the other tools take as `source`. Call it first."
    }

    fn input(&self) -> Json {
        schema::object([])
    }

    fn run(&self, desk: &Desk, _args: &Args<'_>, _control: &Control) -> Result<Reply, Error> {
        let found = found(desk.library.allowed());
        let rows: Vec<Json> =
            found.iter().map(|one| json!({ "source": one.name, "kind": one.form })).collect();
        let text = match found.as_slice() {
            [] => "no source is here".to_owned(),
            all => {
                all.iter().map(|one| format!("{} ({})", one.name, one.form)).collect::<Vec<_>>().join("\n")
            }
        };
        let is_cut = found.len() >= MOST;
        Ok(Reply::new(json!({ "sources": rows, "cut": is_cut }), text))
    }
}

/// All sources, those of a folder by name; links that lead out are none.
pub(super) fn found(allowed: &Allowed) -> Vec<Found> {
    let mut found = Vec::new();
    let mut left = MOST_ENTRIES;
    for (root, is_folder) in allowed.roots() {
        if is_folder {
            collect(allowed, root, DEPTH, &mut left, &mut found);
        } else if let Some(form) = form(root) {
            found.push(Found { name: allowed.name_of(root), form });
        }
    }
    found.truncate(MOST);
    found
}

fn collect(allowed: &Allowed, folder: &Path, depth: usize, left: &mut usize, found: &mut Vec<Found>) {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if *left == 0 || found.len() >= MOST {
            return;
        }
        *left -= 1;
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let Ok(canonical) = path.canonicalize() else { continue };
        if hidden || !allowed.holds(&canonical) {
            continue;
        }
        match form(&canonical) {
            Some(form) => found.push(Found { name: allowed.name_of(&canonical), form }),
            None if path.is_dir() && !path.is_symlink() && depth > 0 => {
                collect(allowed, &path, depth - 1, left, found);
            }
            None => {}
        }
    }
}

/// The kind of a source; none for what is no source, or a folder that holds several.
fn form(path: &Path) -> Option<&'static str> {
    if !path.is_file() && !path.is_dir() {
        return None;
    }
    if path.is_file() && path.to_string_lossy().to_ascii_lowercase().ends_with(".story.txt") {
        return Some("story");
    }
    match form_of(path).ok()? {
        SourceForm::Bundle => Some("World"),
        SourceForm::Corpus => None,
        SourceForm::Text => Some("text World"),
        SourceForm::Video => Some("video"),
        SourceForm::Annotation(name) => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{Folder, STREET, call, desk};
    use serde_json::json;

    #[test]
    fn everything_that_can_be_asked_is_listed_and_nothing_else() {
        let folder = Folder::new();
        folder.file("a.world.txt", STREET);
        folder.file("deep/b.story.txt", "Mary is in the kitchen.");
        folder.file("notes.md", "nothing");
        folder.file(".hidden/c.world.txt", STREET);
        folder.file("clip.mp4", "no video, but named so");
        let desk = desk(&folder, false);
        let reply = call(&desk, "list_sources", json!({})).expect("a list");
        let names: Vec<&str> = reply.json["sources"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| row["source"].as_str().expect("a text"))
            .collect();
        assert_eq!(names, ["a.world.txt", "clip.mp4", "deep/b.story.txt"]);
        let story = json!({ "source": "deep/b.story.txt", "question": "Where is Mary?" });
        assert_eq!(call(&desk, "ask", story).expect("an answer").json["answer"]["text"], "kitchen");
    }
}
