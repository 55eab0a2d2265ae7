//! Landmarks on a way, in the words that people describe them with: "the nightstand closest to the window".

use super::lexicon::{self, normal};
use super::noun::escape;
use super::vocabulary::Scope;

/// A landmark as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Landmark {
    /// The program that selects what may be meant.
    pub(super) program: String,
    /// The kind of thing.
    head: String,
    /// Nothing but the kind is said.
    bare: bool,
    /// It is only somewhere at that thing: its foot, a corner, an edge.
    pub(super) is_part: bool,
}

/// Words between the things of a description.
const LINKS: &[&str] = &[
    "with",
    "by",
    "near",
    "on",
    "under",
    "above",
    "behind",
    "in",
    "at",
    "of",
    "to",
    "beside",
    "next",
    "below",
    "over",
    "closest",
    "closer",
    "nearest",
    "nearer",
    "farthest",
    "furthest",
    "farther",
    "facing",
    "positioned",
    "that",
    "which",
    "and",
    "from",
    "against",
    "inside",
    "along",
    "between",
    "opposite",
];

/// Parts of things.
const PARTS: &[&str] = &[
    "foot", "head", "end", "edge", "corner", "side", "back", "front", "middle", "center", "centre", "top",
    "row",
];

/// Articles and the like at the front, which select nothing.
pub(super) fn strip(words: &mut Vec<String>) {
    const EMPTY: &[&str] =
        &["the", "a", "an", "your", "my", "at", "by", "near", "from", "in", "on", "past", "you"];
    let n = words.iter().take_while(|word| EMPTY.contains(&word.as_str())).count();
    words.drain(..n);
}

impl Landmark {
    /// From the words of its description, articles at the front left out.
    pub(super) fn read(words: &[String], scope: &Scope) -> Option<Landmark> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Landmark::of(&words, scope, 0)
    }

    fn of(words: &[&str], scope: &Scope, depth: usize) -> Option<Landmark> {
        const MOST_NESTED: usize = 3;
        let words = without_articles(words);
        if words.is_empty() || depth > MOST_NESTED {
            return None;
        }
        // "2 feet before the wall": a place that the thing only tells of
        let before = words.iter().position(|word| *word == "before" || *word == "past");
        if let Some(at) = before.filter(|at| at + 1 < words.len()) {
            return Landmark::of(&words[at + 1..], scope, depth + 1);
        }
        // "the bottom right corner of the bed"
        let of = words.iter().position(|word| *word == "of").filter(|at| *at > 0 && at + 1 < words.len());
        if let Some(at) = of.filter(|at| PARTS.contains(&words[at - 1])) {
            let whole = Landmark::of(&words[at + 1..], scope, depth + 1)?;
            return Some(Landmark { is_part: true, ..whole });
        }
        // a World that holds this very name
        let whole = words.join(" ");
        if knows(&whole, scope) {
            return Some(Landmark::bare(&whole));
        }
        let cut =
            words.iter().position(|word| LINKS.contains(word)).filter(|at| *at > 0).unwrap_or(words.len());
        let (front, rest) = words.split_at(cut);
        let head = (0..front.len()).map(|from| front[from..].join(" ")).find(|name| knows(name, scope));
        let Some(head) = head else {
            return Some(Landmark::bare(&front.join(" ")));
        };
        let program = format!("all(\"{}\")", escape(&normal(&head)));
        let known = |program: String| Landmark { program, head: normal(&head), bare: false, is_part: false };
        let alone = front.join(" ") == head;
        // "the red chair" where the World tells colours
        let told: Option<Vec<_>> =
            front[..front.len() - head.split(' ').count()].iter().map(|word| scope.attribute(word)).collect();
        if let Some(told) = told.filter(|told| !told.is_empty() && rest.is_empty()) {
            let with = |set: String, (name, value): &(&str, &str)| {
                format!("with({set}, \"{}\", \"{}\")", escape(name), escape(value))
            };
            return Some(known(told.iter().fold(program, with)));
        }
        // the nearest to another is a measure; any other description is taken at its word
        if alone && let Some((farthest, other)) = measured(rest) {
            let other = Landmark::of(other, scope, depth + 1)?;
            let operator = if farthest { "farthest" } else { "nearest" };
            return Some(known(format!("{operator}({program}, {})", other.program)));
        }
        Some(known(format!("meant({program}, \"{}\")", escape(&whole))))
    }

    fn bare(name: &str) -> Landmark {
        let head = normal(name);
        Landmark { program: format!("all(\"{}\")", escape(&head)), head, bare: true, is_part: false }
    }

    /// Named by its kind alone, it is the one of that kind that was described before; the first of several kinds.
    pub(super) fn or_one_of(self, described: &[&Landmark]) -> Landmark {
        let short = |other: &Landmark| {
            other
                .head
                .strip_suffix(self.head.as_str())
                .is_some_and(|front| front.is_empty() || front.ends_with(' '))
        };
        let before = described.iter().find(|other| self.bare && short(other));
        before.map_or(self.clone(), |other| Landmark { is_part: self.is_part, ..(*other).clone() })
    }
}

/// Whether a description tells on which side of somebody something is: "with the window on your left".
pub(super) fn tells_side(words: &[String]) -> bool {
    words.windows(2).any(|pair| {
        ["your", "my", "its"].contains(&pair[0].as_str())
            && ["left", "right", "back"].contains(&pair[1].as_str())
    })
}

/// "closest to the door", "by the door": from what, and whether far from it.
fn measured<'w>(words: &'w [&'w str]) -> Option<(bool, &'w [&'w str])> {
    Some(match words {
        ["closest" | "closer" | "nearest" | "nearer", "to", other @ ..] => (false, other),
        ["farthest" | "furthest" | "farther", "from", other @ ..] => (true, other),
        ["by" | "near" | "beside", other @ ..] | ["next", "to", other @ ..] => (false, other),
        _ => return None,
    })
}

fn without_articles<'w>(words: &'w [&'w str]) -> &'w [&'w str] {
    let n = words.iter().take_while(|word| ["the", "a", "an", "its"].contains(word)).count();
    &words[n..]
}

/// Whether the World may hold things of this name: by its labels, or because they are of a kind with one.
fn knows(name: &str, scope: &Scope) -> bool {
    let name = normal(name);
    scope.has_label(&name)
        || scope
            .vocabulary
            .labels
            .iter()
            .any(|label| lexicon::label_match(&name, label) != lexicon::Match::No)
}
