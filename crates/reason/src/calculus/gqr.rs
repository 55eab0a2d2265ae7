//! Tables in the text form of GQR and SparQ exports: `A : B :: ( C D )` and `A :: B`.
//!
//! Gantner, Westphal and Wölfl, GQR: a fast reasoner for binary qualitative constraint calculi, AAAI workshop 2008.

use super::{Algebra, Relations};
use crate::{Error, Result};

/// An algebra from a composition table and a table of converses.
///
/// Relations are numbered as the table of converses names them. Blank lines and lines from `#` on are skipped.
///
/// # Errors
/// When a line has another form, names an unknown relation, or the tables are not those of an algebra.
pub fn read(name: &'static str, identity: &str, composition: &str, converse: &str) -> Result<Algebra> {
    let wrong = |table: &str, line: usize, expected: &str, found: &str| Error::Calculus {
        calculus: format!("{name}, {table}, line {}", line + 1),
        expected: expected.to_owned(),
        found: format!("`{}`", found.chars().take(60).collect::<String>()),
    };
    let mut pairs = Vec::new();
    for (number, line) in lines(converse) {
        let (a, b) = line.split_once("::").ok_or_else(|| wrong("converses", number, "`A :: B`", line))?;
        pairs.push((a.trim(), b.trim(), number));
    }
    let index = |relation: &str| pairs.iter().position(|(a, ..)| *a == relation);
    let n = pairs.len();
    let turned = pairs
        .iter()
        .map(|(_, b, number)| index(b).ok_or_else(|| wrong("converses", *number, "a named relation", b)))
        .collect::<Result<Vec<_>>>()?;
    let mut table = vec![Relations::NONE; n * n];
    for (number, line) in lines(composition) {
        let form = || wrong("compositions", number, "`A : B :: ( C … )` of named relations", line);
        let (operands, result) = line.split_once("::").ok_or_else(form)?;
        let (a, b) = operands.split_once(':').ok_or_else(form)?;
        let (a, b) = (index(a.trim()).ok_or_else(form)?, index(b.trim()).ok_or_else(form)?);
        let inside = result.trim().strip_prefix('(').and_then(|r| r.strip_suffix(')')).ok_or_else(form)?;
        for relation in inside.split_whitespace() {
            let c = index(relation).filter(|&c| c < 32).ok_or_else(form)?;
            table[a * n + b] = table[a * n + b].or(Relations::one(c));
        }
    }
    let names = pairs.iter().map(|(a, ..)| (*a).to_owned()).collect();
    let identity =
        index(identity).ok_or_else(|| wrong("converses", 0, "the identity among the relations", identity))?;
    Algebra::new(name, names, identity, turned, table)
}

/// Lines that say something, with their numbers from 0.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
}
