//! Input that contradicts itself: a key twice in one JSON object, a column twice in a table, a quotation mark that is never closed.
//!
//! The readers of JSON and CSV keep the last of two values, or take the rest of a file for one cell, without a word. These looks over the
//! text are made first; they say nothing of text that is broken otherwise, which its reader finds.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, ErrorKind};

/// A key that stands twice in one JSON object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` twice in one object")]
pub struct KeyTwice {
    /// The line of the second one, from 1.
    pub line: u64,
    /// The key, cut where it is long.
    pub key: String,
}

/// Deepest nesting that is looked at; serde_json reads 128.
const MOST_DEPTH: usize = 256;

/// The first key that stands twice in one object of a JSON text, or of several texts after each other. Linear in the text; memory for the
/// keys of the objects that are open.
pub fn key_twice(json: &[u8]) -> Option<KeyTwice> {
    // per open bracket: the keys so far of an object, none of a list
    let mut open: Vec<Option<HashSet<Cow<'_, [u8]>>>> = Vec::new();
    let (mut i, mut line, mut is_key) = (0, 1, false);
    while let Some(&byte) = json.get(i) {
        i += 1;
        match byte {
            b'\n' => line += 1,
            b'{' | b'[' => {
                open.push((byte == b'{').then(HashSet::new));
                is_key = byte == b'{';
                if open.len() > MOST_DEPTH {
                    return None;
                }
            }
            b'}' | b']' => {
                open.pop();
                is_key = false;
            }
            b',' => is_key = matches!(open.last(), Some(Some(_))),
            b'"' => {
                let from = i;
                while *json.get(i)? != b'"' {
                    line += u64::from(json[i] == b'\n');
                    i += if json[i] == b'\\' { 2 } else { 1 };
                }
                let written = &json[from..i];
                i += 1;
                if std::mem::take(&mut is_key)
                    && let Some(Some(keys)) = open.last_mut()
                    && !keys.insert(unescaped(written))
                {
                    const MOST: usize = 60;
                    let key = String::from_utf8_lossy(written).chars().take(MOST).collect::<String>();
                    return Some(KeyTwice { line, key });
                }
            }
            _ => {}
        }
    }
    None
}

/// A key as it is meant: `"a"` and `"\u0061"` are one.
fn unescaped(written: &[u8]) -> Cow<'_, [u8]> {
    if !written.contains(&b'\\') {
        return Cow::Borrowed(written);
    }
    let quoted = [b"\"", written, b"\""].concat();
    match serde_json::from_slice::<String>(&quoted) {
        Ok(text) => Cow::Owned(text.into_bytes()),
        Err(_broken) => Cow::Borrowed(written),
    }
}

/// The first name of a table's head that stands twice; columns without a name are no names.
pub fn column_twice<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = HashSet::new();
    names.into_iter().find(|name| !name.is_empty() && !seen.insert(*name))
}

/// The line, from 1, in which a quoted cell of a CSV text begins that is never closed.
///
/// # Errors
/// Those of the reader.
pub fn open_quote(mut csv: impl BufRead, delimiter: u8) -> std::io::Result<Option<u64>> {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let (mut at, mut line, mut since) = (At::Start, 1, 1);
    loop {
        let buffer = match csv.fill_buf() {
            Ok(buffer) => buffer,
            Err(fault) if fault.kind() == ErrorKind::Interrupted => continue,
            Err(fault) => return Err(fault),
        };
        if buffer.is_empty() {
            return Ok((at == At::Quoted).then_some(since));
        }
        for &byte in buffer {
            at = match (at, byte) {
                (At::Start, b'"') => {
                    since = line;
                    At::Quoted
                }
                (At::Quoted, b'"') => At::Closed,
                // a doubled mark within a cell
                (At::Closed, b'"') | (At::Quoted, _) => At::Quoted,
                (_, b'\n' | b'\r') => At::Start,
                (_, byte) if byte == delimiter => At::Start,
                _ => At::Plain,
            };
            line += u64::from(byte == b'\n');
        }
        let taken = buffer.len();
        csv.consume(taken);
    }
}

/// Farthest that two measurements of one time lie apart, as a share of the extent of the way: motion capture writes rows of one time that
/// are a millimetre apart (TUM's `fr2_desk` has such a pair).
const MOST_APART: f64 = 0.01;

/// Least cosine of half the angle between two rotations of one time: 10 degrees.
const LEAST_ALIKE: f64 = 0.996;

/// Poses of one time that contradict each other: their places in the list, the first one of that time before. A row is its time, its
/// position and its rotation as a unit quaternion; measurements that hardly differ contradict nothing.
pub fn poses_twice(rows: &[(i64, [f64; 3], [f64; 4])]) -> Vec<(usize, usize)> {
    let mut first: HashMap<i64, usize> = HashMap::new();
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for (n, (t, position, _)) in rows.iter().enumerate() {
        // the extent is that of the rows that stay whatever is found, or what stays would contradict itself when it is read again
        if first.contains_key(t) {
            continue;
        }
        first.insert(*t, n);
        for k in 0..3 {
            (low[k], high[k]) = (low[k].min(position[k]), high[k].max(position[k]));
        }
    }
    let length = |a: [f64; 3], b: [f64; 3]| {
        let [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
        (x * x + y * y + z * z).sqrt()
    };
    let apart = |a: &(i64, [f64; 3], [f64; 4]), b: &(i64, [f64; 3], [f64; 4])| {
        let alike: f64 = a.2.iter().zip(b.2).map(|(a, b)| a * b).sum();
        length(a.1, b.1) > MOST_APART * length(low, high) || alike.abs() < LEAST_ALIKE
    };
    let mut found = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let before = first.get(&row.0).copied().unwrap_or(n);
        if before != n && apart(&rows[before], row) {
            found.push((before, n));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_twice_is_found_with_its_line() {
        for (json, expected) in [
            (r#"{"a": 1, "b": {"a": 2}, "c": [{"a": 1}, {"a": 1}]}"#, None),
            ("{\"a\": 1,\n \"a\": 2}", Some((2, "a"))),
            (r#"[[{"x": {"k": [], "k": 1}}]]"#, Some((1, "k"))),
            (r#"{"a": "b\"", "b": "a", "c": "a"}"#, None),
            (r#"{"a": 1, "\u0061": 1}"#, Some((1, "\\u0061"))),
            // texts that a reader refuses say nothing here
            (r#"{"a": 1, "a"#, None),
            ("{\"a\\", None),
            ("]]}\"a\"", None),
            ("{\"a\":1}\n{\"a\":1}\n", None),
        ] {
            let found = key_twice(json.as_bytes());
            assert_eq!(found.as_ref().map(|f| (f.line, f.key.as_str())), expected, "{json}");
        }
        assert_eq!(key_twice(&vec![b'['; 10_000_000]), None);
    }

    #[test]
    fn poses_of_one_time_may_differ_by_a_hair() {
        let at = |t: i64, x: f64| (t, [x, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]);
        assert_eq!(poses_twice(&[at(0, 0.0), at(1, 1.0), at(1, 1.001), at(2, 2.0)]), []);
        // a far one does not make others alike: what is left when it goes is read without a fault
        assert_eq!(poses_twice(&[at(0, 0.0), at(1, 1.0), at(1, 1.5), at(1, 900.0)]), [(1, 2), (1, 3)]);
        assert_eq!(poses_twice(&[at(0, 0.0), at(1, 1.0), at(1, 1.1), at(2, 2.0)]), [(1, 2)]);
        let turned = (1, [1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]);
        assert_eq!(poses_twice(&[at(0, 0.0), at(1, 1.0), turned]), [(1, 2)]);
        // the opposite quaternion is the same rotation
        assert_eq!(poses_twice(&[at(0, 0.0), (0, [0.0; 3], [-1.0, 0.0, 0.0, 0.0])]), []);
    }

    #[test]
    fn a_column_twice_is_found() {
        assert_eq!(column_twice(["id", "", "answer", "", "id"]), Some("id"));
        assert_eq!(column_twice(["id", "Id", "", ""]), None);
    }

    #[test]
    fn a_cell_that_is_never_closed_is_found() {
        for (csv, expected) in [
            ("a,b\n1,\"x\ny\"\n2,z\n", None),
            ("a,b\n1,x\n2,\"z\n3,w\n", Some(3)),
            ("a,b\n1,5\" pipe\n", None),
            ("a,b\n1,\"he said \"\"no\"\"\"\n", None),
            ("a\n\"", Some(2)),
        ] {
            assert_eq!(open_quote(csv.as_bytes(), b',').expect("in memory"), expected, "{csv}");
        }
    }
}
