//! How a text file is laid out beside its rows: what an exporter needs to give back the same bytes.

use super::record;
use chronotope_world::{Reference, SourceId, Span, World, WorldBuilder};
use std::io::{Result, Write};

/// The predicate of the fact that keeps what stands above the rows.
const HEADING: &str = "heading as given";

/// Line ends and what stands above the rows. Empty lines and comments between rows are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The end of the first line that has one; mixed ends become that one.
    end: Option<&'static str>,
    /// The last line has no end.
    is_open: bool,
    /// Comments before the first row, each with a line end.
    pub(crate) heading: String,
}

impl Layout {
    /// Takes the end of a line.
    pub(crate) fn end(&mut self, end: &'static str) {
        self.end.get_or_insert(end);
    }

    /// The file ends within a line.
    pub(crate) fn open_end(&mut self) {
        self.is_open = true;
    }

    /// Words for the settings of the source, each after a space; nothing where lines end with LF, the last one too.
    pub(crate) fn words(&self) -> String {
        let ends = match self.end {
            Some("\r\n") => " line-ends=crlf",
            Some("\r") => " line-ends=cr",
            _ => "",
        };
        format!("{ends}{}", if self.is_open { " last-line=open" } else { "" })
    }

    /// Keeps what stands above the rows as a fact of the record.
    pub(crate) fn keep_heading(&self, builder: &mut WorldBuilder, source: SourceId) {
        if !self.heading.is_empty() {
            let (file, text) = (Reference::Text("file".into()), Reference::Text(self.heading.clone()));
            record::add_fact(builder, source, file, HEADING, text, Span::ALWAYS);
        }
    }
}

/// What stood above the rows of the file that a World was imported from.
pub(crate) fn heading(world: &World) -> &str {
    let heading = world.facts().find(|fact| fact.predicate == HEADING);
    match heading.map(|fact| &fact.object) {
        Some(Reference::Text(text)) => text,
        _ => "",
    }
}

/// Gives lines the ends that a file had: takes text whose lines end with LF.
pub(crate) struct LaidOut<W> {
    out: W,
    end: &'static [u8],
    is_open: bool,
    /// A line end that is written when more follows.
    owed: bool,
}

impl<W: Write> LaidOut<W> {
    /// Of the words `line-ends` and `last-line` in the settings of a source.
    pub(crate) fn new(out: W, line_ends: Option<&str>, last_line: Option<&str>) -> LaidOut<W> {
        let end: &[u8] = match line_ends {
            Some("crlf") => b"\r\n",
            Some("cr") => b"\r",
            _ => b"\n",
        };
        LaidOut { out, end, is_open: last_line == Some("open"), owed: false }
    }

    /// Ends the last line, where it is ended.
    pub(crate) fn finish(mut self) -> Result<()> {
        if self.owed && !self.is_open {
            self.out.write_all(self.end)?;
        }
        self.out.flush()
    }
}

impl<W: Write> Write for LaidOut<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        for (n, piece) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if n > 0 {
                if self.owed {
                    self.out.write_all(self.end)?;
                }
                self.owed = true;
            }
            if !piece.is_empty() {
                if std::mem::take(&mut self.owed) {
                    self.out.write_all(self.end)?;
                }
                self.out.write_all(piece)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_given_back() {
        for (ends, last, expected) in [
            (None, None, "a\n\nb\n"),
            (Some("crlf"), None, "a\r\n\r\nb\r\n"),
            (Some("crlf"), Some("open"), "a\r\n\r\nb"),
            (Some("cr"), Some("open"), "a\r\rb"),
        ] {
            let mut bytes = Vec::new();
            let mut out = LaidOut::new(&mut bytes, ends, last);
            for piece in ["a", "\n\n", "b\n"] {
                out.write_all(piece.as_bytes()).expect("in memory");
            }
            out.finish().expect("in memory");
            assert_eq!(String::from_utf8(bytes).expect("text"), expected);
        }
    }
}
