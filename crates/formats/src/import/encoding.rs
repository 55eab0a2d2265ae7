//! UTF-16 as UTF-8: what a shell on Windows writes into a file.

use std::io::{BufRead, Read, Result};

/// Which byte of two comes first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ByteOrder {
    Big,
    Little,
}

impl ByteOrder {
    /// The order that a byte order mark at the beginning tells.
    pub(crate) fn of_mark(head: &[u8]) -> Option<ByteOrder> {
        match head {
            [0xff, 0xfe, ..] => Some(ByteOrder::Little),
            [0xfe, 0xff, ..] => Some(ByteOrder::Big),
            _ => None,
        }
    }
}

/// A stream of UTF-16 with its byte order mark, read as UTF-8. What is no character becomes U+FFFD, which no number holds.
pub(crate) struct Utf16<R> {
    inner: R,
    order: ByteOrder,
    /// The first half of a pair.
    high: Option<u16>,
    /// Bytes of characters that the last reader had no room for.
    ready: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl<R: BufRead> Utf16<R> {
    pub(crate) fn new(inner: R, order: ByteOrder) -> Utf16<R> {
        Utf16 { inner, order, high: None, ready: Vec::new(), taken: 0, ended: false }
    }

    /// The next two bytes; fewer at the end.
    fn unit(&mut self) -> Result<Option<u16>> {
        let mut bytes = [0; 2];
        for (n, byte) in bytes.iter_mut().enumerate() {
            let buffer = self.inner.fill_buf()?;
            match buffer.first() {
                Some(given) => *byte = *given,
                // half a character
                None => return Ok((n > 0).then_some(0xfffd)),
            }
            self.inner.consume(1);
        }
        Ok(Some(match self.order {
            ByteOrder::Big => u16::from_be_bytes(bytes),
            ByteOrder::Little => u16::from_le_bytes(bytes),
        }))
    }

    fn push(&mut self, c: char) {
        self.ready.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Decodes about as much as is asked for.
    fn decode(&mut self, wanted: usize) -> Result<()> {
        (self.taken, self.ready) = (0, std::mem::take(&mut self.ready));
        self.ready.clear();
        while self.ready.len() < wanted && !self.ended {
            let unit = self.unit()?;
            self.ended = unit.is_none();
            let pair = self.high.take();
            let Some(unit) = unit else {
                if pair.is_some() {
                    self.push(char::REPLACEMENT_CHARACTER);
                }
                break;
            };
            for c in char::decode_utf16(pair.into_iter().chain([unit])) {
                match c {
                    Ok(c) => self.push(c),
                    Err(e)
                        if (0xd800..0xdc00).contains(&e.unpaired_surrogate())
                            && e.unpaired_surrogate() == unit =>
                    {
                        self.high = Some(unit);
                    }
                    Err(_) => self.push(char::REPLACEMENT_CHARACTER),
                }
            }
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        if self.taken == self.ready.len() {
            self.decode(out.len())?;
        }
        let n = (self.ready.len() - self.taken).min(out.len());
        out[..n].copy_from_slice(&self.ready[self.taken..self.taken + n]);
        self.taken += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_halves() {
        for order in [ByteOrder::Big, ByteOrder::Little] {
            let units: Vec<u16> = "a🚗".encode_utf16().chain([0xd83d, 0x62, 0xdc00]).collect();
            let bytes: Vec<u8> = units
                .iter()
                .flat_map(|u| if order == ByteOrder::Big { u.to_be_bytes() } else { u.to_le_bytes() })
                .chain([7])
                .collect();
            let mut text = String::new();
            Utf16::new(&bytes[..], order).read_to_string(&mut text).expect("in memory");
            assert_eq!(text, "a🚗\u{fffd}b\u{fffd}\u{fffd}");
        }
    }
}
