//! Replies kept by the content of their requests: who was stopped does not pay twice.

use crate::Error;
use crate::ability::chat::{Chat, Reply, Request};
use crate::key::{hex, request_key};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Answers from a folder what was asked before, and keeps there what is new: one file per request, named by its SHA-256, written whole or
/// not at all. A file that cannot be read, or was damaged, counts as absent.
pub struct Cached<C> {
    inner: C,
    folder: PathBuf,
}

/// A reply that is larger is no reply of ours.
const MOST_BYTES: u64 = 16 << 20;

impl<C: Chat> Cached<C> {
    /// Keeps replies in `folder`, which is made when the first one comes.
    pub fn new(inner: C, folder: &Path) -> Cached<C> {
        Cached { inner, folder: folder.to_owned() }
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(&key[..2]).join(format!("{key}.json"))
    }

    fn kept(&self, key: &str) -> Option<Reply> {
        let path = self.path(key);
        if std::fs::metadata(&path).ok()?.len() > MOST_BYTES {
            return None;
        }
        let bytes = std::fs::read(path).ok()?;
        let (digest, body) = bytes.split_at_checked(65)?;
        if digest[64] != b'\n' || digest[..64] != *hex(&Sha256::digest(body)).as_bytes() {
            return None;
        }
        let reply: Reply = serde_json::from_slice(body).ok()?;
        Some(Reply { repeated: true, ..reply })
    }

    fn keep(&self, key: &str, reply: &Reply) -> std::io::Result<()> {
        let path = self.path(key);
        let folder = path.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder)?;
        let body = serde_json::to_vec(reply)?;
        let mut bytes = hex(&Sha256::digest(&body)).into_bytes();
        bytes.push(b'\n');
        bytes.extend(body);
        let writing = folder.join(format!("{key}.{}.writing", std::process::id()));
        std::fs::write(&writing, bytes)?;
        std::fs::rename(&writing, &path)
    }

    fn new_reply(&self, key: &str, reply: Reply) -> Reply {
        // a reply that cannot be kept is as good; it is only paid again
        self.keep(key, &reply).ok();
        reply
    }
}

impl<C: Chat> Chat for Cached<C> {
    fn model(&self) -> &str {
        self.inner.model()
    }
    fn address(&self) -> String {
        self.inner.address()
    }
    fn chat(&self, request: &Request) -> Result<Reply, Error> {
        let (key, _) = request_key(self.model(), request);
        match self.kept(&key) {
            Some(reply) => Ok(reply),
            None => Ok(self.new_reply(&key, self.inner.chat(request)?)),
        }
    }
    fn chat_streamed(&self, request: &Request, on_text: &mut dyn FnMut(&str)) -> Result<Reply, Error> {
        let (key, _) = request_key(self.model(), request);
        if let Some(reply) = self.kept(&key) {
            on_text(&reply.text);
            return Ok(reply);
        }
        Ok(self.new_reply(&key, self.inner.chat_streamed(request, on_text)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ability::chat::{Message, Role};
    use std::sync::atomic::{AtomicU32, Ordering};

    #[derive(Default)]
    struct Counting(AtomicU32);

    impl Chat for Counting {
        fn model(&self) -> &'static str {
            "m"
        }
        fn address(&self) -> String {
            "nowhere".into()
        }
        fn chat(&self, _: &Request) -> Result<Reply, Error> {
            let n = self.0.fetch_add(1, Ordering::Relaxed);
            Ok(Reply { text: format!("reply {n}"), ..Reply::default() })
        }
    }

    #[test]
    fn the_same_request_is_paid_once_and_damage_is_seen() {
        let folder = std::env::temp_dir().join(format!("chronotope-models-cache-{}", std::process::id()));
        std::fs::remove_dir_all(&folder).ok();
        let request =
            |t: &str| Request { messages: vec![Message::text(Role::User, t)], ..Request::default() };
        let first = Cached::new(Counting::default(), &folder);
        assert!(!first.chat(&request("a")).expect("counted").repeated);
        let second = Cached::new(Counting::default(), &folder);
        let again = second.chat(&request("a")).expect("kept");
        assert_eq!((again.text.as_str(), again.repeated), ("reply 0", true));
        assert_eq!(second.inner.0.load(Ordering::Relaxed), 0);
        let path = second.path(&request_key("m", &request("a")).0);
        let mut bytes = std::fs::read(&path).expect("kept");
        *bytes.last_mut().expect("bytes") ^= 1;
        std::fs::write(&path, bytes).expect("writable");
        assert!(!second.chat(&request("a")).expect("asked again").repeated);
        std::fs::remove_dir_all(&folder).ok();
    }
}
