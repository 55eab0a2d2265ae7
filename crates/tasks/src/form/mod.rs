//! Made items in the forms that trainers and evaluators of others read.
//!
//! ```text
//! DIR/items.jsonl, DIR/media/ ──OutputForm──▶ DIR/sharegpt.json, DIR/items.parquet …
//! ```
//!
//! Items are read, written and let go of one after another: memory does not grow with their number.
//!
//! # Adding a form
//!
//! 1. A file here with one public unit struct that implements [`OutputForm`], headed by its format.
//! 2. A line in [`FORMS`].

mod hugging_face;
mod share_gpt;

pub use hugging_face::HuggingFace;
pub use share_gpt::ShareGpt;

use crate::error::Error;
use serde_json::Value as Json;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

/// Items as somebody else's reader takes them.
pub trait OutputForm: Sync {
    /// As the user types it.
    fn name(&self) -> &'static str;

    /// The file that it writes, beside `items.jsonl`.
    fn file(&self) -> &'static str;

    /// Writes all items, in order. `folder` is where their media are.
    ///
    /// # Errors
    /// An item that is none, media that cannot be read, or what the system refuses.
    fn write(
        &self,
        items: &mut dyn Iterator<Item = Result<Json, Error>>,
        folder: &Path,
        out: &mut (dyn Write + Send),
    ) -> Result<(), Error>;
}

/// Every form, alphabetical.
pub const FORMS: &[&dyn OutputForm] = &[&HuggingFace, &ShareGpt];

/// The form of this name.
pub fn form_by_name(name: &str) -> Option<&'static dyn OutputForm> {
    FORMS.iter().copied().find(|form| form.name() == name)
}

/// Writes the items of a folder that `make` made in a form, beside them, whole or not at all; gives the file.
///
/// # Errors
/// A folder without items, a line that is no item, media that are not there, or what the system refuses.
pub fn write_form(form: &dyn OutputForm, folder: &Path) -> Result<PathBuf, Error> {
    let from = folder.join("items.jsonl");
    let file = File::open(&from).map_err(|fault| Error::write(&from, fault))?;
    let mut items = BufReader::new(file).lines().zip(1..).map(|(line, n)| {
        let line = line.map_err(|fault| Error::write(&from, fault))?;
        item_of(&line).map_err(|found| Error::Line {
            line: n,
            expected: "an item with id, question, options, answer and media".to_owned(),
            found,
            path: from.clone(),
        })
    });
    let path = folder.join(form.file());
    let beside = folder.join(format!("{}.part", form.file()));
    let refused = |fault| Error::write(&path, fault);
    let mut write = || -> Result<(), Error> {
        let mut out = BufWriter::new(File::create(&beside).map_err(refused)?);
        form.write(&mut items, folder, &mut out)?;
        let file = out.into_inner().map_err(|fault| refused(fault.into_error()))?;
        file.sync_all().and_then(|()| fs::rename(&beside, &path)).map_err(refused)
    };
    let written = write();
    if written.is_err() {
        fs::remove_file(&beside).ok(); // the first error is the one to tell
    }
    written.map(|()| path)
}

/// A line as an item that has what every form needs.
fn item_of(line: &str) -> Result<Json, String> {
    let item: Json = serde_json::from_str(line).map_err(|fault| fault.to_string())?;
    let texts = |field: &str| item[field].as_array().is_some_and(|list| list.iter().all(Json::is_string));
    for (field, there) in [
        ("id", item["id"].is_string()),
        ("question", item["question"].is_string()),
        ("options", texts("options")),
        ("media", texts("media")),
        ("answer", item["answer"].is_string() || item["answer"].is_number()),
    ] {
        if !there {
            return Err(format!("none in `{field}`"));
        }
    }
    let outside = texts_of(&item, "media").find(|path| !is_inside(path)).map(str::to_owned);
    match outside {
        Some(path) => Err(format!("a path out of its folder: {path}")),
        None => Ok(item),
    }
}

/// Whether a path stays below the folder that it starts from.
fn is_inside(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The texts of a list.
fn texts_of<'a>(item: &'a Json, field: &str) -> impl Iterator<Item = &'a str> {
    item[field].as_array().into_iter().flatten().filter_map(Json::as_str)
}

/// Whether a file is a video, by its name; else it is a picture.
fn is_video(path: &str) -> bool {
    let end = Path::new(path).extension().and_then(|end| end.to_str()).unwrap_or_default();
    ["mp4", "mkv", "webm", "mov", "avi"].iter().any(|known| end.eq_ignore_ascii_case(known))
}

/// A text as it is, a number as JSON writes it.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A folder of items: a choice about a picture, a number about a video; removed when it goes.
    pub(super) struct Made(pub(super) PathBuf);

    impl Made {
        pub(super) fn new(name: &str) -> Made {
            let folder = std::env::temp_dir().join(format!("chronotope-form-{name}-{}", std::process::id()));
            fs::create_dir_all(folder.join("media")).expect("can be made");
            fs::write(folder.join("media/a.png"), b"a picture").expect("can be written");
            fs::write(folder.join("media/b.mp4"), b"a video").expect("can be written");
            let lines: Vec<String> = items().iter().map(|item| format!("{item}\n")).collect();
            fs::write(folder.join("items.jsonl"), lines.concat()).expect("can be written");
            Made(folder)
        }
    }

    impl Drop for Made {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).ok();
        }
    }

    pub(super) fn items() -> Vec<Json> {
        let seen = json!({"kind": "supports", "place": "car 1", "start_s": 1.5, "end_s": 2.0, "box": [1.0, 2.0, 30.0, 40.5]});
        let assumed =
            json!({"kind": "assumption", "place": null, "start_s": null, "end_s": null, "box": null});
        vec![
            json!({"id": "t-0", "task": "t", "media": ["media/a.png"], "question": "Which?", "options": ["A. left", "B. \"right\""],
                "answer": "B", "unit": null, "program": "language 1.0; as_of 1; direction(x)", "evidence": [assumed]}),
            json!({"id": "t-1", "task": "t", "media": ["media/b.mp4"], "question": "How\nfar?", "options": [],
                "answer": 0.3, "unit": "m", "program": null, "evidence": [seen, seen]}),
            json!({"id": "t-2", "task": "t", "media": [], "question": "How many?", "options": [],
                "answer": 2, "unit": null, "program": null, "evidence": []}),
        ]
    }

    #[test]
    fn a_bad_line_is_named_and_leaves_nothing() {
        let made = Made::new("bad");
        for (line, word) in [
            ("{", "EOF"),
            (r#"{"id":"x"}"#, "question"),
            (r#"{"id":"x","question":"?","options":[],"answer":1,"media":["../x"]}"#, "../x"),
        ] {
            fs::write(made.0.join("items.jsonl"), format!("{}\n{line}\n", items()[0]))
                .expect("can be written");
            for form in FORMS {
                let fault = write_form(*form, &made.0).expect_err("no item").to_string();
                assert!(fault.contains("line 2") && fault.contains(word), "{fault}");
                assert!(!made.0.join(form.file()).exists(), "{}", form.name());
                assert!(!made.0.join(format!("{}.part", form.file())).exists(), "{}", form.name());
            }
        }
    }
}
