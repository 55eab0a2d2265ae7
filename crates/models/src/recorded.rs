//! Replies recorded once and replayed for ever: tests and demonstrations run without a network.

use crate::Error;
use crate::ability::chat::{Chat, Part, Reply, Request};
use crate::error::shortened;
use crate::key::request_key;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Writes every reply of another client to a file, as it comes: one JSON object per line with `key`, `model`, `request` (pictures by
/// their hash) and `reply`. A file that exists is added to.
pub struct Recorded<C> {
    inner: C,
    path: PathBuf,
    file: Mutex<File>,
}

/// Answers from such a file alone; no connection is ever opened.
pub struct Replayed {
    model: String,
    path: PathBuf,
    replies: BTreeMap<String, Reply>,
}

/// The longest line that a recording may have.
const MOST_LINE_BYTES: u64 = 16 << 20;

#[derive(Serialize, Deserialize)]
struct Row {
    key: String,
    model: String,
    request: Value,
    reply: Reply,
}

impl<C: Chat> Recorded<C> {
    /// Records what `inner` replies.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn new(inner: C, path: &Path) -> Result<Recorded<C>, Error> {
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(|e| fault(path, &e))?;
        Ok(Recorded { inner, path: path.to_owned(), file: Mutex::new(file) })
    }

    fn keep(&self, request: &Request, reply: Reply) -> Result<Reply, Error> {
        let (key, body) = request_key(self.inner.model(), request);
        let row = Row { key, model: self.inner.model().to_owned(), request: body, reply };
        let mut line = serde_json::to_string(&row).map_err(|e| Error::File {
            place: String::new(),
            expected: "a reply that can be written as JSON",
            found: e.to_string(),
            file: self.path.display().to_string(),
        })?;
        line.push('\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes()).map_err(|e| fault(&self.path, &e))?;
        Ok(row.reply)
    }
}

impl<C: Chat> Chat for Recorded<C> {
    fn model(&self) -> &str {
        self.inner.model()
    }
    fn address(&self) -> String {
        self.inner.address()
    }
    fn chat(&self, request: &Request) -> Result<Reply, Error> {
        let reply = self.inner.chat(request)?;
        self.keep(request, reply)
    }
    fn chat_streamed(&self, request: &Request, on_text: &mut dyn FnMut(&str)) -> Result<Reply, Error> {
        let reply = self.inner.chat_streamed(request, on_text)?;
        self.keep(request, reply)
    }
}

impl Replayed {
    /// Reads a recording. `model`: whose replies; none: those of the first line's. Of two lines with one key the last counts.
    ///
    /// # Errors
    /// A file that cannot be read, a line that is none of a recording (with its number), or no line at all.
    pub fn open(path: &Path, model: Option<&str>) -> Result<Replayed, Error> {
        let mut lines = BufReader::new(File::open(path).map_err(|e| fault(path, &e))?);
        let (mut replies, mut first) = (BTreeMap::new(), None);
        let mut line = Vec::new();
        let bad = |n: usize, expected, found: String| Error::File {
            place: format!("line {n}: "),
            expected,
            found,
            file: path.display().to_string(),
        };
        for n in 1.. {
            line.clear();
            let read = lines.by_ref().take(MOST_LINE_BYTES + 1).read_until(b'\n', &mut line);
            let read = read.map_err(|e| fault(path, &e))?;
            if read as u64 > MOST_LINE_BYTES {
                return Err(bad(n, "at most 16 MiB", "more".to_owned()));
            }
            if read == 0 {
                break;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let row: Row = serde_json::from_slice(&line)
                .map_err(|e| bad(n, "key, model, request and reply", e.to_string()))?;
            first.get_or_insert_with(|| row.model.clone());
            replies.insert(row.key, Reply { repeated: true, ..row.reply });
        }
        let Some(model) = model.map(str::to_owned).or(first) else {
            return Err(bad(1, "a recorded reply", "none".to_owned()));
        };
        Ok(Replayed { model, path: path.to_owned(), replies })
    }
}

impl Chat for Replayed {
    fn model(&self) -> &str {
        &self.model
    }
    fn address(&self) -> String {
        format!("{}#{}", self.path.display(), self.model)
    }
    fn chat(&self, request: &Request) -> Result<Reply, Error> {
        let (key, _) = request_key(&self.model, request);
        self.replies.get(&key).cloned().ok_or_else(|| Error::NotRecorded {
            about: about(request),
            key,
            file: self.path.display().to_string(),
        })
    }
}

/// The last words of a request, and how many pictures it has.
fn about(request: &Request) -> String {
    let mut words = request.messages.iter().flat_map(|m| &m.parts).filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        Part::Image(_) => None,
    });
    let words: String = shortened(words.next_back().unwrap_or_default()).chars().take(60).collect();
    match request.pictures().0 {
        0 => format!("`{words}`"),
        n => format!("`{words}`, {n} pictures"),
    }
}

fn fault(path: &Path, error: &std::io::Error) -> Error {
    Error::File {
        place: String::new(),
        expected: "a file of recorded replies",
        found: error.to_string(),
        file: path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ability::chat::{Message, Role};

    struct Echo;

    impl Chat for Echo {
        fn model(&self) -> &'static str {
            "echo"
        }
        fn address(&self) -> String {
            "nowhere".into()
        }
        fn chat(&self, request: &Request) -> Result<Reply, Error> {
            let Some(Part::Text(text)) = request.messages[0].parts.first() else { unreachable!() };
            Ok(Reply {
                text: format!("{text} {}", request.sample),
                model: "echo-1".into(),
                ..Reply::default()
            })
        }
    }

    fn say(text: &str, sample: u32) -> Request {
        Request { messages: vec![Message::text(Role::User, text)], sample, ..Request::default() }
    }

    fn scratch(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("chronotope-models-{name}-{}", std::process::id()))
    }

    #[test]
    fn what_was_recorded_is_replayed_and_nothing_else() {
        let path = scratch("recorded");
        std::fs::remove_file(&path).ok();
        let recorded = Recorded::new(Echo, &path).expect("writable");
        let replies = [say("a", 0), say("a", 1)].map(|r| recorded.chat(&r).expect("echo").text);
        assert_eq!(replies, ["a 0", "a 1"]);
        let replayed = Replayed::open(&path, None).expect("two lines");
        assert_eq!(replayed.model(), "echo");
        let again = replayed.chat(&say("a", 1)).expect("recorded");
        assert_eq!((again.text.as_str(), again.repeated), ("a 1", true));
        let error = replayed.chat(&say("b", 0)).expect_err("never asked").to_string();
        assert!(error.contains("`b`") && error.contains("recorded"), "{error}");
        std::fs::remove_file(&path).ok();
    }

    #[test]
    fn a_broken_line_is_named() {
        let path = scratch("broken");
        for (text, words) in [("", "line 1"), ("\n{\n", "line 2"), ("{\"key\": 7}\n", "line 1")] {
            std::fs::write(&path, text).expect("writable");
            let error = Replayed::open(&path, None).err().expect(text).to_string();
            assert!(error.contains(words), "{error}");
        }
        std::fs::remove_file(&path).ok();
    }
}
