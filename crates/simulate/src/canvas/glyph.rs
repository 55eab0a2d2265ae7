//! Characters as outlines, so that writing is the same on a machine without fonts.

use std::sync::LazyLock;

use tiny_skia::PathBuilder;

/// Units of the outlines in one em.
const EM: f32 = 2048.0;
/// Advance of a space, in em.
const SPACE_EM: f32 = 0.348;

struct Glyph {
    advance_em: f32,
    outline: Vec<Part>,
}

#[derive(Clone, Copy)]
enum Part {
    Move(f32, f32),
    Line(f32, f32),
    Quad(f32, f32, f32, f32),
    Close,
}

static GLYPHS: LazyLock<Vec<(char, Glyph)>> = LazyLock::new(|| read(include_str!("glyphs.txt")));

/// Width of a line of text, in units of its size. A character without outline is drawn as an empty box.
pub fn text_width_em(text: &str) -> f32 {
    text.chars().map(advance_em).sum()
}

/// Adds a line of text to a path: its left end and base line, and its size (one em) in pixels.
pub(super) fn write(path: &mut PathBuilder, text: &str, left: f32, base: f32, size: f32) {
    let mut x = left;
    for c in text.chars() {
        if let Some(glyph) = find(c) {
            let at = |px: f32, py: f32| (x + px * size, base - py * size);
            for part in &glyph.outline {
                match *part {
                    Part::Move(a, b) => {
                        let (a, b) = at(a, b);
                        path.move_to(a, b);
                    }
                    Part::Line(a, b) => {
                        let (a, b) = at(a, b);
                        path.line_to(a, b);
                    }
                    Part::Quad(a, b, c, d) => {
                        let ((a, b), (c, d)) = (at(a, b), at(c, d));
                        path.quad_to(a, b, c, d);
                    }
                    Part::Close => path.close(),
                }
            }
        } else if c != ' ' {
            let width = 0.6 * size;
            for (inset, turn) in [(0.0, false), (0.08 * size, true)] {
                let (l, r) = (x + 0.05 * size + inset, x + width - inset);
                let (t, b) = (base - 0.7 * size + inset, base - inset);
                path.move_to(l, t);
                let corners = if turn { [(l, b), (r, b), (r, t)] } else { [(r, t), (r, b), (l, b)] };
                for (px, py) in corners {
                    path.line_to(px, py);
                }
                path.close();
            }
        }
        x += advance_em(c) * size;
    }
}

fn advance_em(c: char) -> f32 {
    if c == ' ' { SPACE_EM } else { find(c).map_or(0.65, |glyph| glyph.advance_em) }
}

fn find(c: char) -> Option<&'static Glyph> {
    let at = GLYPHS.binary_search_by_key(&c, |(name, _)| *name).ok()?;
    GLYPHS.get(at).map(|(_, glyph)| glyph)
}

/// Reads the outlines; what cannot be read is left out (a test reads them all).
fn read(text: &str) -> Vec<(char, Glyph)> {
    let mut glyphs: Vec<(char, Glyph)> =
        text.lines().filter(|line| !line.starts_with('#')).filter_map(read_line).collect();
    glyphs.sort_by_key(|(name, _)| *name);
    glyphs
}

fn read_line(line: &str) -> Option<(char, Glyph)> {
    let mut words = line.split(' ');
    let name = char::from_u32(words.next()?.parse().ok()?)?;
    let advance_em = words.next()?.parse::<f32>().ok()? / EM;
    let mut outline = Vec::new();
    while let Some(word) = words.next() {
        let mut number = |first: Option<&str>| -> Option<f32> {
            Some(first.or_else(|| words.next())?.parse::<f32>().ok()? / EM)
        };
        let rest = word.get(1..);
        outline.push(match word.as_bytes().first()? {
            b'm' => Part::Move(number(rest)?, number(None)?),
            b'l' => Part::Line(number(rest)?, number(None)?),
            b'q' => Part::Quad(number(rest)?, number(None)?, number(None)?, number(None)?),
            _ => Part::Close,
        });
    }
    Some((name, Glyph { advance_em, outline }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_outlines_is_read() {
        let lines = include_str!("glyphs.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(GLYPHS.len(), lines);
        assert!(('!'..='~').all(|c| find(c).is_some_and(|glyph| glyph.outline.len() > 3)));
    }

    #[test]
    fn width_is_the_sum_of_the_advances() {
        assert!(text_width_em("W") > text_width_em("i"));
        assert!((text_width_em("ab") - text_width_em("a") - text_width_em("b")).abs() < 1e-6);
    }
}
