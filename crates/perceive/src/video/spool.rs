//! Pipes and addresses that hold a file which must be read backwards: kept in a file of our own for as long as it is read.
//!
//! An MP4 or QuickTime file (ISO/IEC 14496-12) whose index (`moov`) comes after its pictures (`mdat`) cannot be read forwards.

use super::ffmpeg as native;
use super::source::{Source, describe};
use crate::Error;
use std::fs::File;
use std::io::{self, PipeReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Where a source that must be read backwards but cannot be is kept meanwhile.
pub struct Spool<'a> {
    /// The folder of the copy; it is made where it does not exist.
    pub folder: &'a Path,
    /// A longer source is refused.
    pub most_bytes: u64,
    /// Called with the bytes copied so far; false: stop.
    pub progress: &'a mut dyn FnMut(u64) -> bool,
}

/// What a source that is read backwards would have to be.
const FORWARDS: &str = "an MP4 whose index comes first (ffmpeg's `-movflags +faststart`), or a file";
const BACKWARDS: &str = "one whose index comes last, which cannot be read forwards";
/// Boxes that may stand before the index and the pictures.
const BEFORE: [&[u8; 4]; 7] = [b"ftyp", b"free", b"skip", b"wide", b"pnot", b"uuid", b"PICT"];
/// Of a pipe, this much is looked at before it is taken to be read forwards.
const MOST_HEAD: usize = 1 << 20;
const CHUNK: usize = 1 << 16;

/// A copy that goes away when it is no longer read.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    /// Where the system lets a file without a name be opened again, it has none: nothing stays however the process ends.
    nameless: Option<File>,
}

impl Kept {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if self.nameless.is_none() {
            std::fs::remove_file(&self.path).ok();
        }
    }
}

/// A pipe whose first bytes have been looked at, as a source that FFmpeg can read: itself, or a copy.
pub(super) fn looked_at(input: &str, spool: Option<Spool<'_>>) -> Result<Source, Error> {
    let broken = |error: io::Error| Error::Open {
        expected: super::source::EXPECTED,
        found: error.to_string(),
        input: input.to_owned(),
    };
    let mut pipe: Box<dyn Read + Send> = match input {
        "-" => Box::new(io::stdin()),
        path => Box::new(File::open(path).map_err(broken)?),
    };
    let mut head = Vec::new();
    if index_comes_last(&mut pipe, &mut head).map_err(broken)? {
        let mut rest = io::Cursor::new(head).chain(pipe);
        let mut buffer = vec![0; CHUNK];
        return keep(input, spool, || {
            let n = rest.read(&mut buffer).map_err(broken)?;
            Ok(buffer[..n].to_vec())
        });
    }
    let (reader, mut writer) = io::pipe().map_err(broken)?;
    // ends with the pipe, or when nobody reads any more
    std::thread::spawn(move || {
        writer.write_all(&head).and_then(|()| io::copy(&mut pipe, &mut writer)).ok();
    });
    Ok(Source::Pipe(Arc::new(reader)))
}

/// A copy of an address that was found to need reading backwards.
pub(super) fn fetched(
    input: &str,
    options: &[(&str, &str)],
    wait_s: f64,
    spool: Option<Spool<'_>>,
) -> Result<Source, Error> {
    let failed = |error| Error::Open {
        expected: "an address that gives video",
        found: describe(error),
        input: input.to_owned(),
    };
    if spool.is_none() {
        return Err(refused(input));
    }
    let mut bytes = native::Bytes::open(input, options, Duration::from_secs_f64(wait_s)).map_err(failed)?;
    keep(input, spool, || bytes.read(CHUNK).map_err(failed))
}

fn refused(input: &str) -> Error {
    Error::Open { expected: FORWARDS, found: BACKWARDS.to_owned(), input: input.to_owned() }
}

/// Copies what `next` gives, up to where it gives nothing.
fn keep(
    input: &str,
    spool: Option<Spool<'_>>,
    mut next: impl FnMut() -> Result<Vec<u8>, Error>,
) -> Result<Source, Error> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let Some(spool) = spool else { return Err(refused(input)) };
    let name = format!("pipe-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let path = spool.folder.join(name);
    let unwritable = |error: io::Error| Error::Write {
        what: "a copy of what must be read backwards",
        found: error.to_string(),
        output: path.to_string_lossy().into_owned(),
    };
    std::fs::create_dir_all(spool.folder).map_err(unwritable)?;
    let mut file = File::options().read(true).write(true).create_new(true).open(&path).map_err(unwritable)?;
    let kept = unnamed(path.clone(), &file);
    let mut n = 0;
    loop {
        let bytes = next()?;
        if bytes.is_empty() {
            break;
        }
        n += bytes.len() as u64;
        if n > spool.most_bytes {
            return Err(Error::Open {
                expected: FORWARDS,
                found: format!(
                    "{BACKWARDS}, and is longer than the {} MiB that are kept",
                    spool.most_bytes >> 20
                ),
                input: input.to_owned(),
            });
        }
        file.write_all(&bytes).map_err(unwritable)?;
        if !(spool.progress)(n) {
            return Err(Error::Stopped { input: input.to_owned() });
        }
    }
    Ok(Source::Kept(Arc::new(kept)))
}

#[cfg(target_os = "linux")]
fn unnamed(path: PathBuf, file: &File) -> Kept {
    use std::os::fd::AsRawFd;
    let again = file.try_clone().ok().and_then(|open| {
        let by_number = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()));
        (by_number.exists() && std::fs::remove_file(&path).is_ok()).then_some((by_number, open))
    });
    match again {
        Some((path, open)) => Kept { path, nameless: Some(open) },
        None => Kept { path, nameless: None },
    }
}

#[cfg(not(target_os = "linux"))]
fn unnamed(path: PathBuf, _: &File) -> Kept {
    Kept { path, nameless: None }
}

/// As FFmpeg names a pipe.
pub(super) fn address_of(pipe: &PipeReader) -> String {
    use std::os::fd::AsRawFd;
    format!("pipe:{}", pipe.as_raw_fd())
}

/// Whether this is an MP4 whose pictures come before their index. `head`: what was read to find out.
fn index_comes_last(from: &mut impl Read, head: &mut Vec<u8>) -> io::Result<bool> {
    let mut at = 0;
    loop {
        let missing = (at + 16_usize).saturating_sub(head.len());
        from.by_ref().take(missing as u64).read_to_end(head)?;
        let Some((size, rest)) = head.get(at..).and_then(|rest| rest.split_first_chunk::<4>()) else {
            return Ok(false);
        };
        let Some((kind, rest)) = rest.split_first_chunk::<4>() else { return Ok(false) };
        if !BEFORE.contains(&kind) {
            return Ok(kind == b"mdat");
        }
        let size = match u32::from_be_bytes(*size) {
            1 => rest.first_chunk::<8>().map_or(0, |size| u64::from_be_bytes(*size)),
            size => u64::from(size),
        };
        let Some(next) = usize::try_from(size).ok().filter(|n| (8..=MOST_HEAD - at).contains(n)) else {
            return Ok(false);
        };
        at += next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxes(kinds: &[(&[u8; 4], u32)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (kind, size) in kinds {
            bytes.extend(size.to_be_bytes());
            bytes.extend(*kind);
            bytes.resize(bytes.len() + (*size as usize).saturating_sub(8), 0);
        }
        bytes
    }

    fn last(bytes: &[u8]) -> (bool, usize) {
        let mut head = Vec::new();
        let mut from = bytes;
        let last = index_comes_last(&mut from, &mut head).expect("in memory");
        assert_eq!([&head, from].concat(), bytes, "what was looked at is kept");
        (last, head.len())
    }

    #[test]
    fn what_comes_first_tells_whether_it_can_be_read_forwards() {
        let ftyp = (b"ftyp", 32);
        assert!(last(&boxes(&[ftyp, (b"free", 8), (b"mdat", 5000), (b"moov", 100)])).0);
        assert!(last(&boxes(&[(b"wide", 8), (b"mdat", 5000)])).0);
        let (backwards, looked_at) = last(&boxes(&[ftyp, (b"moov", 100), (b"mdat", 5000)]));
        assert!(!backwards && looked_at < 64, "{looked_at}");
        assert!(!last(&boxes(&[ftyp, (b"moof", 100), (b"mdat", 5000)])).0);
        // something else, cut off, and lies about sizes
        assert!(!last(&[0x47; 200]).0);
        assert!(!last(b"").0);
        assert!(!last(&boxes(&[ftyp])[..20]).0);
        assert!(!last(&boxes(&[(b"free", 0), (b"mdat", 5000)])).0);
        let endless = [&[0xff; 4], &b"free"[..], &[0; 5000]].concat();
        assert!(last(&endless).1 < 64);
    }
}
