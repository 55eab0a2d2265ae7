//! Text as it comes: plain or gzip, any line ends, with a byte order mark or without, in bounded memory.

use super::encoding::{ByteOrder, Utf16};
use super::error::Error;
use super::faults::{Faults, RowFault};
use super::layout::Layout;
use crate::twice::key_twice;
use flate2::bufread::MultiGzDecoder;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Longest line that is read; a longer one is a broken row.
pub(crate) const MAX_LINE: usize = 64 * 1024;

/// Most bytes that are read from one file after decompression: ten million rows of 100 bytes four times over.
const MAX_TEXT: u64 = 4 << 30;

/// Most bytes of a JSON file, which is held in memory as a whole.
const MAX_JSON: u64 = 1 << 30;

/// Most bytes of JSON for each byte on disk, above 64 MiB: annotations pack to a tenth or a thirtieth, a bomb to a thousandth.
const MOST_UNPACKED: u64 = 64;

/// Bytes that a format may look at to recognise itself.
const HEAD: u64 = 4096;

/// A file, decompressed where it is gzip, as UTF-8 where its byte order mark says UTF-16.
pub(crate) fn open(path: &Path) -> Result<Box<dyn BufRead>, Error> {
    let file = File::open(path).map_err(|e| Error::io(path, &e))?;
    if file.metadata().map_err(|e| Error::io(path, &e))?.is_dir() {
        return Err(Error::input(path, "a file", "a folder"));
    }
    let mut plain = BufReader::with_capacity(1 << 16, file);
    let is_gzip = plain.fill_buf().map_err(|e| Error::io(path, &e))?.starts_with(&[0x1f, 0x8b]);
    let mut text: Box<dyn BufRead> = if is_gzip {
        Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(plain)))
    } else {
        Box::new(plain)
    };
    // a stream that is broken from its first byte is found broken by who reads it
    let mark = text.fill_buf().ok().and_then(ByteOrder::of_mark);
    Ok(match mark {
        Some(order) => Box::new(BufReader::with_capacity(1 << 16, Utf16::new(text, order))),
        None => text,
    })
}

/// A file that rows come from: its path as given and the SHA-256 of its bytes as they lie on disk, in hexadecimal.
pub(crate) struct SourceFile<'a> {
    pub(crate) path: &'a Path,
    pub(crate) sha256: String,
}

impl<'a> SourceFile<'a> {
    pub(crate) fn new(path: &'a Path) -> Result<SourceFile<'a>, Error> {
        Ok(SourceFile { path, sha256: sha256(path)? })
    }
}

/// The first bytes of a file after decompression; empty where it cannot be read.
pub(crate) fn head(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(reader) = open(path) {
        // a head that breaks off is still a head
        let _ = reader.take(HEAD).read_to_end(&mut bytes);
    }
    match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => rest.to_vec(),
        None => bytes,
    }
}

/// SHA-256 of a file's bytes as they lie on disk, in hexadecimal.
fn sha256(path: &Path) -> Result<String, Error> {
    let mut file = File::open(path).map_err(|e| Error::io(path, &e))?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => hasher.update(&buffer[..n]),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(Error::io(path, &e)),
        }
    }
    let mut hex = String::new();
    for byte in hasher.finalize() {
        hex += &format!("{byte:02x}");
    }
    Ok(hex)
}

/// The lines of a text file; they end with LF, CR LF, or CR alone.
pub(crate) struct Lines {
    path: PathBuf,
    reader: Box<dyn BufRead>,
    line: Vec<u8>,
    number: u64,
    bytes: u64,
    /// The last line ended with CR, and LF may follow.
    after_cr: bool,
    layout: Layout,
}

/// A line with its number from 1, or what is wrong with it.
pub(crate) type Line<'a> = (u64, Result<&'a str, RowFault>);

impl Lines {
    pub(crate) fn open(path: &Path) -> Result<Lines, Error> {
        let reader = open(path)?;
        Ok(Lines {
            path: path.to_owned(),
            reader,
            line: Vec::new(),
            number: 0,
            bytes: 0,
            after_cr: false,
            layout: Layout::default(),
        })
    }

    /// The next line without its end; none at the end of the file.
    ///
    /// # Errors
    /// A damaged or truncated gzip stream, a file that cannot be read on, or one of more than 4 GiB.
    pub(crate) fn next_line(&mut self) -> Result<Option<Line<'_>>, Error> {
        self.line.clear();
        let (mut too_long, mut any, mut ended) = (false, false, false);
        while !ended {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => {
                    return Err(Error::Line {
                        line: self.number + 1,
                        expected: "a file that can be read to its end".into(),
                        found: e.to_string(),
                        path: self.path.clone(),
                    });
                }
            };
            let taken = if std::mem::take(&mut self.after_cr) {
                let lf = buffer.first() == Some(&b'\n');
                self.layout.end(if lf { "\r\n" } else { "\r" });
                usize::from(lf)
            } else if buffer.is_empty() {
                break;
            } else {
                any = true;
                let end = buffer.iter().position(|b| matches!(b, b'\n' | b'\r'));
                let text = &buffer[..end.unwrap_or(buffer.len())];
                if self.line.len() + text.len() > MAX_LINE {
                    too_long = true;
                } else if !too_long {
                    self.line.extend_from_slice(text);
                }
                if let Some(at) = end {
                    ended = true;
                    self.after_cr = buffer[at] == b'\r';
                    if !self.after_cr {
                        self.layout.end("\n");
                    }
                }
                end.map_or(buffer.len(), |at| at + 1)
            };
            self.reader.consume(taken);
            self.bytes += taken as u64;
            if self.bytes > MAX_TEXT {
                return Err(Error::input(&self.path, format!("at most {MAX_TEXT} bytes of text"), "more"));
            }
        }
        if !any {
            return Ok(None);
        }
        if !ended {
            self.layout.open_end();
        }
        self.number += 1;
        let bytes = match self.line.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) if self.number == 1 => rest,
            _ => &self.line,
        };
        let line = if too_long {
            Err(RowFault::new(format!("a line of at most {MAX_LINE} bytes"), "a longer one"))
        } else {
            std::str::from_utf8(bytes).map_err(|e| RowFault::new("text in UTF-8", e))
        };
        Ok(Some((self.number, line)))
    }
}

/// What the rows of a text file are, and how it is laid out beside them.
pub(crate) struct Parsed<R> {
    pub(crate) rows: Vec<R>,
    pub(crate) faults: Faults,
    pub(crate) layout: Layout,
}

/// The good rows of a text file: lines that are neither empty nor comments (from `#` on), each read by `parse`, which gives
/// none for a header. Broken ones are faults.
///
/// # Errors
/// A file that cannot be read, or has no good row (`expected` says of what).
pub(crate) fn rows<R>(
    path: &Path,
    expected: &str,
    mut parse: impl FnMut(&str) -> Result<Option<R>, RowFault>,
) -> Result<Parsed<R>, Error> {
    let (mut lines, mut rows, mut faults) = (Lines::open(path)?, Vec::new(), Faults::default());
    let mut heading = String::new();
    while let Some((line, text)) = lines.next_line()? {
        if let Ok(text) = text
            && (text.trim().is_empty() || text.trim_start().starts_with('#'))
        {
            if rows.is_empty() && faults.is_empty() && heading.len() < MAX_LINE {
                heading.push_str(text);
                heading.push('\n');
            }
            continue;
        }
        match text.and_then(&mut parse) {
            Ok(row) => rows.extend(row),
            Err(fault) => faults.line(path, line, fault),
        }
    }
    if rows.is_empty() {
        let found = faults.named().first().map_or_else(|| "none".to_owned(), ToString::to_string);
        return Err(Error::input(path, format!("at least one row of {expected}"), found));
    }
    let mut layout = lines.layout;
    layout.heading = heading;
    Ok(Parsed { rows, faults, layout })
}

/// A whole text file.
///
/// # Errors
/// A file that cannot be read, is not UTF-8, or holds more than 64 MiB.
pub(crate) fn text(path: &Path) -> Result<String, Error> {
    const MOST: u64 = 64 << 20;
    let mut bytes = Vec::new();
    let read = open(path)?.take(MOST + 1).read_to_end(&mut bytes);
    read.map_err(|e| Error::input(path, "a file that can be read to its end", e.to_string()))?;
    if bytes.len() as u64 > MOST {
        return Err(Error::input(path, format!("at most {MOST} bytes of text"), "more"));
    }
    String::from_utf8(bytes).map_err(|e| Error::input(path, "text in UTF-8", e.to_string()))
}

/// A whole JSON file.
///
/// # Errors
/// A file that cannot be read, holds more than 1 GiB or unpacks to more than 64 MiB and 64 times its size, is not of the expected shape, or has a key twice in one object.
pub(crate) fn json<T: DeserializeOwned>(path: &Path, expected: &str) -> Result<T, Error> {
    const SMALL: u64 = 64 << 20;
    let mut bytes = Vec::new();
    let on_disk = std::fs::metadata(path).map_err(|e| Error::io(path, &e))?.len();
    let most = on_disk.saturating_mul(MOST_UNPACKED).clamp(SMALL, MAX_JSON);
    let read = open(path)?.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|e| Error::input(path, "a file that can be read to its end", e.to_string()))?;
    if bytes.len() as u64 > most {
        return Err(Error::input(path, format!("at most {most} bytes of JSON"), "more"));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    if let Some(fault) = key_twice(text) {
        return Err(Error::Line {
            line: fault.line,
            expected: "each key once in an object".to_owned(),
            found: fault.to_string(),
            path: path.to_owned(),
        });
    }
    serde_json::from_slice(text).map_err(|e| Error::Line {
        line: e.line() as u64,
        expected: expected.to_owned(),
        found: e.to_string(),
        path: path.to_owned(),
    })
}

/// A finite number.
pub(crate) fn number(text: &str, what: &str) -> Result<f64, RowFault> {
    let fault = || RowFault::new(format!("{what} as a finite number"), format_args!("`{}`", text.trim()));
    text.trim().parse::<f64>().ok().filter(|v| v.is_finite()).ok_or_else(fault)
}

/// A whole number, which may be written `7` or `7.0`, within bounds.
pub(crate) fn whole(text: &str, what: &str, low: i64, high: i64) -> Result<i64, RowFault> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53
    let text = text.trim();
    let exact = |v: &f64| v.fract() == 0.0 && v.abs() <= EXACT;
    text.parse::<i64>()
        .ok()
        .or_else(|| text.parse::<f64>().ok().filter(exact).map(|v| v as i64))
        .filter(|v| (low..=high).contains(v))
        .ok_or_else(|| {
            RowFault::new(format!("{what} as a whole number from {low} to {high}"), format_args!("`{text}`"))
        })
}

/// The file's name without `.gz` and its extension: `0001` of `label/0001.txt.gz`.
pub(crate) fn stem(path: &Path) -> String {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

/// The files and folders of a folder, sorted by name; at most 100,000.
pub(crate) fn listing(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    const MOST: usize = 100_000;
    let entries = std::fs::read_dir(folder).map_err(|e| Error::io(folder, &e))?;
    let mut paths = Vec::new();
    for entry in entries.take(MOST) {
        paths.push(entry.map_err(|e| Error::io(folder, &e))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The file `NAME` or `NAME.gz` in a folder, whichever is there.
pub(crate) fn beside(folder: &Path, name: &str) -> Option<PathBuf> {
    [name.to_owned(), format!("{name}.gz")].iter().map(|n| folder.join(n)).find(|p| p.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::Scratch;
    use std::io::Write;

    fn lines(path: &Path) -> Result<Vec<String>, Error> {
        let (mut lines, mut out) = (Lines::open(path)?, Vec::new());
        while let Some((n, line)) = lines.next_line()? {
            out.push(format!("{n}:{}", line.unwrap_or("broken")));
        }
        Ok(out)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).expect("in memory");
        encoder.finish().expect("in memory")
    }

    #[test]
    fn line_ends_marks_and_compression_do_not_matter() {
        let scratch = Scratch::new();
        for bytes in [b"\xef\xbb\xbfa\r\nb\n\nc".to_vec(), gzip(b"a\nb\r\n\nc\n")] {
            let path = scratch.file("x.txt", &bytes);
            assert_eq!(lines(&path).expect("readable"), ["1:a", "2:b", "3:", "4:c"]);
        }
    }

    /// Lines that end with CR alone, as a spreadsheet on an old Mac wrote them, and text in UTF-16, as a shell on Windows does.
    #[test]
    fn old_line_ends_and_wide_characters_are_read() {
        let scratch = Scratch::new();
        let expected = ["1:a", "2:é,1", "3:", "4:c"];
        assert_eq!(lines(&scratch.file("x.txt", "a\ré,1\r\rc".as_bytes())).expect("readable"), expected);
        for big in [false, true] {
            let units = "\u{feff}a\r\né,1\n\nc\n".encode_utf16();
            let bytes: Vec<u8> =
                units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
            assert_eq!(lines(&scratch.file("x.txt", &bytes)).expect("readable"), expected, "{big}");
            // half a character at the end is no character
            let cut = lines(&scratch.file("x.txt", &gzip(&bytes[..bytes.len() - 1]))).expect("readable");
            assert_eq!(cut[..3], expected[..3]);
        }
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let scratch = Scratch::new();
        let mut bytes = vec![b'7'; 3_000_000];
        bytes.extend(b"\nok\n\xff\xfe\n");
        let path = scratch.file("x.txt", &gzip(&bytes));
        assert_eq!(lines(&path).expect("readable"), ["1:broken", "2:ok", "3:broken"]);
    }

    #[test]
    fn a_truncated_gzip_is_an_error_with_its_line() {
        let scratch = Scratch::new();
        let text: Vec<_> = (0..2000).map(|i| (i * 7919 % 1009).to_string()).collect();
        let bytes = gzip(text.join("\n").as_bytes());
        let path = scratch.file("x.txt.gz", &bytes[..bytes.len() / 2]);
        let error = lines(&path).expect_err("cut off").to_string();
        assert!(error.starts_with("line ") && error.contains("x.txt.gz"), "{error}");
    }

    #[test]
    fn whole_numbers_may_have_a_point_but_no_fraction() {
        assert_eq!(whole(" 7.0", "id", 0, 9).ok(), Some(7));
        for bad in ["7.5", "10", "-1", "nan", "1e300", "", "99999999999999999999"] {
            assert!(whole(bad, "id", 0, 9).is_err(), "{bad}");
        }
    }
}
