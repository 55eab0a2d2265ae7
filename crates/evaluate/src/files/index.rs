//! Where the prediction of each id stands, without holding ids or predictions.

use super::id_of;
use super::table::Table;
use crate::error::Error;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

/// A fingerprint of an id. Of 128 bits: two of a million ids meet by chance once in 10²⁶ files.
type Print = [u64; 2];

/// Places of predictions by fingerprint.
pub(super) struct Index {
    places: Vec<(Print, u64)>,
}

impl Index {
    /// Reads a table once.
    pub(super) fn of(table: &mut Table, names: &[String]) -> Result<Index, Error> {
        let path = table.path().to_owned();
        let (mut places, mut n) = (Vec::new(), 0);
        while let Some(row) = table.next()? {
            n += 1;
            places.push((print(&id_of(&row, names, n, &path)?), row.place));
        }
        places.sort_unstable();
        if let Some(pair) = places.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let (first, second) = (table.at(pair[0].1)?, table.at(pair[1].1)?);
            let id = id_of(&first, names, 0, &path)?;
            return Err(twice(table, names, &id).unwrap_or(Error::Twice {
                path,
                id,
                first: first.line,
                second: second.line,
            }));
        }
        Ok(Index { places })
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Number and place of the prediction for an id.
    pub(super) fn place(&self, id: &str) -> Option<(usize, u64)> {
        let print = print(id);
        let at = self.places.partition_point(|(other, _)| *other < print);
        self.places.get(at).filter(|(other, _)| *other == print).map(|(_, place)| (at, *place))
    }
}

/// What was met: ids of the truth, and predictions that were asked for.
pub(super) struct Seen {
    truths: Vec<Print>,
    said: Vec<bool>,
}

impl Seen {
    pub(super) fn new(n_said: usize) -> Seen {
        Seen { truths: Vec::new(), said: vec![false; n_said] }
    }

    pub(super) fn truth(&mut self, id: &str) {
        self.truths.push(print(id));
    }

    pub(super) fn said(&mut self, at: usize) {
        self.said[at] = true;
    }

    /// Refuses ids that stand twice in the truth, and predictions of none of them.
    pub(super) fn check(
        mut self,
        (truth, truths, names): (&Path, &mut Table, &[String]),
        (said, predictions, said_names): (&Path, &mut Table, &[String]),
    ) -> Result<(), Error> {
        self.truths.sort_unstable();
        if let Some(pair) = self.truths.windows(2).find(|pair| pair[0] == pair[1]) {
            let print_twice = pair[0];
            truths.rewind()?;
            let mut n = 0;
            while let Some(row) = truths.next()? {
                n += 1;
                let id = id_of(&row, names, n, truth)?;
                if print(&id) == print_twice {
                    return Err(twice(truths, names, &id).unwrap_or(Error::Twice {
                        path: truth.to_owned(),
                        id,
                        first: row.line,
                        second: row.line,
                    }));
                }
            }
        }
        let unknown = self.said.iter().filter(|said| !**said).count() as u64;
        if unknown == 0 {
            return Ok(());
        }
        predictions.rewind()?;
        let (mut first, mut n) = (Vec::new(), 0);
        while let Some(row) = predictions.next()? {
            n += 1;
            let id = id_of(&row, said_names, n, said)?;
            if self.truths.binary_search(&print(&id)).is_err() {
                first.push(format!("`{id}` on line {}", row.line));
                if first.len() == 3 {
                    break;
                }
            }
        }
        Err(Error::UnknownIds { path: said.to_owned(), n: unknown, first: first.join(", ") })
    }
}

/// The two lines of an id that stands twice.
fn twice(table: &mut Table, names: &[String], id: &str) -> Option<Error> {
    let path = table.path().to_owned();
    table.rewind().ok()?;
    let (mut first, mut n) = (None, 0);
    // what could be read before can be read again
    while let Some(row) = table.next().ok()? {
        n += 1;
        if id_of(&row, names, n, &path).ok()? == id {
            match first {
                None => first = Some(row.line),
                Some(first) => {
                    return Some(Error::Twice { path, id: id.to_owned(), first, second: row.line });
                }
            }
        }
    }
    None
}

fn print(id: &str) -> Print {
    [0u8, 1].map(|salt| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        id.hash(&mut hasher);
        hasher.finish()
    })
}
