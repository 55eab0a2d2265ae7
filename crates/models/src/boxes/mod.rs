//! Where a model says that things are: every box convention of the field, through one ladder.
//!
//! Rungs, in order; the first that gives boxes counts, and which one it was is told:
//! tool call → the whole text is JSON → JSON in a fence → tags (`<ref>`, `<box>`, `<point>`, `<loc…>`) → JSON within words → numbers after a
//! name → "none".
//!
//! Numbers mean pixels of the shown picture, shares 0–1, 0–100, 0–1000 or 0–1024, in the order x y x y, y x y x or x y width height. What
//! they mean is declared by the caller, or told by keys and tags, or found from the numbers of all boxes of the reply together; what fits
//! no reading, or contradicts the declared one, is refused and never guessed.
//!
//! Time is linear in the length of the text.
//!
//! Sources: Qwen-VL, Qwen2-VL and InternVL (`<ref>`, `<box>`, 0–1000), Qwen2.5-VL (`bbox_2d`, pixels), Gemini (`box_2d`, y first, 0–1000),
//! Molmo (`<point>`, 0–100), PaliGemma (`<loc0000>`, y first, 0–1024), Open-o3 Video (`<obj>`, `<box>`), COCO (x y width height).

mod convention;
mod json;
mod spans;
mod tags;
mod words;

pub use convention::{Convention, Order, Scale};

use crate::ability::chat::Reply;
use chronotope_world::BoxPx;
use std::fmt;

/// A thing that a model says is somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What it is called; none where only a place was given.
    pub label: Option<String>,
    /// Where, in pixels of the shown picture, within it. Width and height are 0 for a point.
    pub box_px: BoxPx,
    /// How sure the model says it is, 0 to 1.
    pub score: Option<f64>,
}

/// What a reply says.
#[derive(Clone, Debug, PartialEq)]
pub struct Boxes {
    /// In the order of the reply.
    pub found: Vec<Found>,
    /// Which rung of the ladder read it.
    pub rung: Rung,
    /// How its numbers were read; none where there were none.
    pub convention: Option<Convention>,
    /// Boxes that stuck out of the picture and were cut.
    pub n_cut: u32,
    /// Boxes that lay outside of the picture and were left out.
    pub n_outside: u32,
    /// Boxes without area or with numbers that are none, left out.
    pub n_bad: u32,
}

/// How a reply was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// The arguments of a tool call.
    ToolCall,
    /// The whole text is JSON.
    Json,
    /// JSON in a fence.
    Fence,
    /// Tags.
    Tags,
    /// JSON somewhere in the words.
    Within,
    /// Numbers after a name.
    Words,
    /// It says in words that there is nothing.
    Nothing,
}

impl Rung {
    /// As it is recorded.
    pub fn name(self) -> &'static str {
        match self {
            Rung::ToolCall => "tool-call",
            Rung::Json => "json",
            Rung::Fence => "fence",
            Rung::Tags => "tags",
            Rung::Within => "within",
            Rung::Words => "words",
            Rung::Nothing => "nothing",
        }
    }
}

/// Why a reply gives no boxes.
#[derive(Clone, Debug, PartialEq)]
pub enum Unread {
    /// No rung of the ladder found any.
    NoBoxes,
    /// Its numbers contradict the declared convention.
    Contradicts {
        /// What was declared.
        declared: Convention,
        /// The box that shows it.
        example: [f64; 4],
    },
    /// Its numbers fit no convention, or not one alone.
    Unclear {
        /// The box that shows it.
        example: [f64; 4],
    },
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::NoBoxes => f.write_str("expected boxes, found none that can be read"),
            Unread::Contradicts { declared, example } => {
                write!(f, "expected boxes in {declared}, found {example:?}")
            }
            Unread::Unclear { example } => write!(f, "expected boxes of one convention, found {example:?}"),
        }
    }
}

/// A box as it stands in the reply.
#[derive(Clone, Debug, PartialEq)]
struct Raw {
    label: Option<String>,
    score: Option<f64>,
    numbers: [f64; 4],
    /// What the place where it stood tells.
    hint: Hint,
}

/// What a key or a tag tells of the numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Hint {
    scale: Option<Scale>,
    order: Option<Order>,
    point: bool,
}

/// More boxes than any picture needs.
const MOST_BOXES: usize = 4096;

/// Reads the boxes of a reply about a picture that was shown at this size. `declared`: what the numbers mean, where the caller knows;
/// `asked`: what the prompt asked for, which decides only between readings that both fit.
///
/// # Errors
/// [`Unread`] where there are no boxes, or not of one convention.
pub fn read(
    reply: &Reply,
    shown_px: [u32; 2],
    declared: Option<Convention>,
    asked: Option<Convention>,
) -> Result<Boxes, Unread> {
    let Some((rung, raw)) = climb(reply) else { return Err(Unread::NoBoxes) };
    let mut out = Boxes { found: Vec::new(), rung, convention: None, n_cut: 0, n_outside: 0, n_bad: 0 };
    let (sound, bad): (Vec<Raw>, Vec<Raw>) =
        raw.into_iter().take(MOST_BOXES).partition(|raw| raw.numbers.iter().all(|v| v.abs() <= 1e6));
    out.n_bad = bad.len() as u32;
    if sound.is_empty() {
        return if out.n_bad > 0 { Err(Unread::NoBoxes) } else { Ok(out) };
    }
    let convention = convention::of(&sound, shown_px, declared, asked)?;
    out.convention = Some(convention);
    for raw in sound {
        let Some([left, top, right, bottom]) = convention.sides_px(&raw, shown_px) else {
            out.n_bad += 1;
            continue;
        };
        let [w, h] = shown_px.map(f64::from);
        let cut = [left.clamp(0.0, w), top.clamp(0.0, h), right.clamp(0.0, w), bottom.clamp(0.0, h)];
        let area = |b: [f64; 4]| (b[2] - b[0]).max(0.0) * (b[3] - b[1]).max(0.0);
        let inside = if raw.hint.point {
            (0.0..=w).contains(&left) && (0.0..=h).contains(&top)
        } else {
            area(cut) > 0.0 && area(cut) >= 0.5 * area([left, top, right, bottom])
        };
        let Some(box_px) = BoxPx::new(cut[0], cut[1], cut[2] - cut[0], cut[3] - cut[1]).filter(|_| inside)
        else {
            out.n_outside += 1;
            continue;
        };
        // rounding is no sticking out
        let by = [left - cut[0], top - cut[1], right - cut[2], bottom - cut[3]];
        out.n_cut += u32::from(by.iter().any(|d| d.abs() > 1.0 + 0.002 * w.max(h)));
        out.found.push(Found { label: raw.label, box_px, score: raw.score });
    }
    Ok(out)
}

/// The first rung that gives boxes, or says that there are none.
fn climb(reply: &Reply) -> Option<(Rung, Vec<Raw>)> {
    let mut empty = None;
    let mut rung = |rung: Rung, read: Option<Vec<Raw>>| match read {
        Some(raw) if raw.is_empty() => {
            empty.get_or_insert(rung);
            None
        }
        Some(raw) => Some((rung, raw)),
        None => None,
    };
    for call in &reply.tool_calls {
        if let Some(found) = rung(Rung::ToolCall, json::read(&call.arguments)) {
            return Some(found);
        }
    }
    let text = after_thought(&reply.text);
    let found = rung(Rung::Json, json::read(text))
        .or_else(|| rung(Rung::Fence, spans::fences(text).into_iter().rev().find_map(json::read)))
        .or_else(|| rung(Rung::Tags, Some(tags::read(text)).filter(|raw| !raw.is_empty())))
        .or_else(|| {
            // numbers in brackets are JSON too, but the name before them is not
            let within = spans::json_within(text);
            let nameless = within.iter().flatten().all(|raw| raw.label.is_none());
            let words = if nameless { words::read(text) } else { Vec::new() };
            if words.iter().any(|raw| raw.label.is_some()) {
                rung(Rung::Words, Some(words))
            } else {
                rung(Rung::Within, within)
            }
        });
    found
        .or_else(|| empty.map(|rung| (rung, Vec::new())))
        .or_else(|| words::says_none(text).then(|| (Rung::Nothing, Vec::new())))
}

/// What follows the last thought: boxes of a draft do not count.
fn after_thought(text: &str) -> &str {
    match text.rfind("</think>") {
        Some(at) => &text[at + "</think>".len()..],
        None => text,
    }
}

/// At most so many bytes of the beginning of a text, whole characters only.
fn head(text: &str, most_bytes: usize) -> &str {
    let mut end = text.len().min(most_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests;
