//! Boxes in tags.

use super::convention::{Order, Scale};
use super::{Hint, MOST_BOXES, Raw, head};

/// Tags that name the thing of the boxes after them, each with its end.
const NAMES: [(&str, &str); 4] = [
    ("<ref>", "</ref>"),
    ("<|object_ref_start|>", "<|object_ref_end|>"),
    ("<obj>", "</obj>"),
    ("<label>", "</label>"),
];
/// Tags of boxes, each with its end and what its numbers count where that is known.
const BOXES: [(&str, &str, Option<Scale>); 5] = [
    ("<box>", "</box>", Some(Scale::Thousand)),
    ("<|box_start|>", "<|box_end|>", Some(Scale::Thousand)),
    ("<bbox>", "</bbox>", None),
    ("<bbox_2d>", "</bbox_2d>", None),
    ("<bounding_box>", "</bounding_box>", None),
];
/// The longest tag with all that is in it.
const MOST_BYTES: usize = 1024;

/// All boxes in tags, in order.
pub(super) fn read(text: &str) -> Vec<Raw> {
    let (mut out, mut name, mut at) = (Vec::new(), None::<String>, 0);
    while let Some(start) = text[at..].find('<').map(|n| at + n) {
        let rest = &text[start..];
        at = start + 1;
        if out.len() >= MOST_BOXES {
            break;
        }
        if let Some((inner, length)) = NAMES.iter().find_map(|(open, close)| between(rest, open, close)) {
            name = label(inner);
            at = start + length;
            continue;
        }
        let boxed = BOXES.iter().find_map(|(open, close, scale)| Some((between(rest, open, close)?, *scale)));
        if let Some(((inner, length), scale)) = boxed {
            let hint = Hint { scale, order: None, point: false };
            // a name may stand before the numbers, within the tag
            let named = label(inner.split(['[', '(']).next().unwrap_or_default())
                .filter(|_| inner.contains(['[', '(']));
            for four in numbers(inner).chunks_exact(4) {
                let label = named.clone().or_else(|| name.clone());
                out.push(Raw { label, score: None, numbers: [four[0], four[1], four[2], four[3]], hint });
            }
            at = start + length;
            continue;
        }
        if rest.starts_with("<point") {
            at = start + points(rest, &mut out);
        } else if rest.starts_with("<loc") {
            at = start + locations(rest, &mut out);
        }
    }
    out
}

/// What stands between two tags where the text begins with the first, and the length of all.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, usize)> {
    let inner = text.strip_prefix(open)?;
    let window = head(inner, MOST_BYTES);
    let end = window.find(close)?;
    Some((&inner[..end], open.len() + end + close.len()))
}

/// Molmo: `<point x="61.5" y="40.4" alt="chair">chair</point>` and `<points x1="…" y1="…" x2="…" …>`, in hundredths.
fn points(text: &str, out: &mut Vec<Raw>) -> usize {
    let window = head(text, MOST_BYTES);
    let Some(end) = window.find('>') else { return 1 };
    let (tag, after) = window.split_at(end);
    let words = after[1..].split('<').next().unwrap_or_default();
    let attribute = |name: &str| -> Option<&str> {
        let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        tag[at..].split('"').next()
    };
    let name = label(words).or_else(|| attribute("alt").and_then(label));
    let hint = Hint { scale: Some(Scale::Hundred), order: Some(Order::Xyxy), point: true };
    let mut add = |x: Option<&str>, y: Option<&str>| {
        let number = |v: Option<&str>| v.and_then(|v| v.trim().parse::<f64>().ok()).filter(|v| v.is_finite());
        let (Some(x), Some(y)) = (number(x), number(y)) else { return false };
        out.push(Raw { label: name.clone(), score: None, numbers: [x, y, x, y], hint });
        true
    };
    if !add(attribute("x"), attribute("y")) {
        for n in 1..=64 {
            if !add(attribute(&format!("x{n}")), attribute(&format!("y{n}"))) {
                break;
            }
        }
    }
    end + 1
}

/// PaliGemma: `<loc0100><loc0200><loc0500><loc0600> chair ; …`: top, left, bottom, right in 1,024th parts.
fn locations(text: &str, out: &mut Vec<Raw>) -> usize {
    let (mut four, mut at) = ([0.0; 4], 0);
    for slot in &mut four {
        let digits = text[at..].strip_prefix("<loc").and_then(|rest| rest.get(..4));
        let number = digits.and_then(|digits| digits.parse::<u16>().ok());
        let (Some(number), Some(b'>')) = (number, text.as_bytes().get(at + 8)) else { return at.max(1) };
        *slot = f64::from(number);
        at += 9;
    }
    let words = &text[at..];
    let words = head(words, MOST_BYTES);
    let name = label(words.split([';', '<', '\n']).next().unwrap_or_default());
    let hint = Hint { scale: Some(Scale::Loc), order: Some(Order::Yxyx), point: false };
    out.push(Raw { label: name, score: None, numbers: four, hint });
    at
}

/// All numbers of a text.
pub(super) fn numbers(text: &str) -> Vec<f64> {
    text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-')))
        .filter_map(|part| part.trim_matches('.').parse::<f64>().ok())
        .filter(|v| v.is_finite())
        .collect()
}

/// A name, without what stands around it; none for none, or for more than a name.
pub(super) fn label(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(|c: char| !c.is_alphanumeric());
    (!text.is_empty() && text.len() <= 80).then(|| text.to_owned())
}
