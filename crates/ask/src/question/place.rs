//! Places in the picture: "in the left half", "the top right quarter", "the region [10, 20, 100, 50]", lines.

use super::cursor::{Cursor, plain};
use super::token::Kind;

/// A place after its preposition: "in the left half of the picture", "on the left".
pub(super) fn at(c: &mut Cursor) -> Option<String> {
    c.attempt(|c| {
        c.eat_any(&["somewhere", "anywhere"]);
        let preposition = c.eat_any(&["inside of", "in", "inside", "within", "on", "at", "into"])?;
        region(c).or_else(|| {
            // "on the left", with nothing of which it would be the left
            (preposition == "on" || preposition == "at" || preposition == "in").then_some(())?;
            c.eat("the").then_some(())?;
            let half = half_word(c)?;
            (!c.sees("of") && !c.sees("side")).then(|| half.to_owned())
        })
    })
}

/// A region without preposition: "the left half (of the picture)".
pub(super) fn region(c: &mut Cursor) -> Option<String> {
    c.attempt(|c| {
        c.eat_any(&["the", "a"]);
        if c.eat_any(&["region", "box", "rectangle", "area", "zone"]).is_some() {
            let [left, top, width, height] = numbers(c)?;
            return Some(format!("region([{left}, {top}, {width}, {height}], in: image)"));
        }
        if c.eat_any(&["middle", "centre", "center"]).is_some() {
            c.eat_any(&["part", "third"]);
            // the middle of the video is a time
            let video = ["video", "clip", "recording", "footage", "film", "movie"];
            let of = c.eat("of") && !video.contains(&c.word(1));
            return (of && of_the_picture(c)).then(|| "middle()".to_owned());
        }
        let quarter = c.attempt(|c| {
            let vertical = vertical(c)?;
            let horizontal = c.eat_any(&["left", "right"])?;
            c.eat_any(&["hand"]);
            c.eat_any(&["quarter", "corner", "quadrant", "part"])?;
            Some(format!("quarter(\"{vertical} {horizontal}\")"))
        });
        let region = quarter.or_else(|| {
            let half = half_word(c)?;
            c.eat("hand");
            c.eat_any(&["half", "side", "part"])?;
            Some(half.to_owned())
        })?;
        if c.eat("of") {
            of_the_picture(c).then_some(())?;
        }
        Some(region)
    })
}

/// A line: "the line from 10, 20 to 300, 200", "the line [x, y, x, y]".
pub(super) fn line(c: &mut Cursor) -> Option<String> {
    c.attempt(|c| {
        c.eat_any(&["the", "a"]);
        c.eat("line").then_some(())?;
        let [x0, y0, x1, y1] = numbers(c)?;
        Some(format!("line([{x0}, {y0}, {x1}, {y1}], in: image)"))
    })
}

/// "the picture", "the image", "the screen" …
pub(super) fn of_the_picture(c: &mut Cursor) -> bool {
    c.attempt(|c| {
        c.eat_any(&["the", "this"]);
        c.eat_any(&["picture", "image", "frame", "screen", "view", "video", "camera view", "scene"])
    })
    .is_some()
}

fn half_word(c: &mut Cursor) -> Option<&'static str> {
    if c.eat("left") {
        return Some("left_half()");
    }
    if c.eat("right") {
        return Some("right_half()");
    }
    vertical(c).map(|word| if word == "top" { "top_half()" } else { "bottom_half()" })
}

fn vertical(c: &mut Cursor) -> Option<&'static str> {
    if c.eat_any(&["top", "upper"]).is_some() {
        return Some("top");
    }
    c.eat_any(&["bottom", "lower"]).map(|_| "bottom")
}

/// Four numbers with any of the usual marks between them.
fn numbers(c: &mut Cursor) -> Option<[String; 4]> {
    let mut found: [String; 4] = Default::default();
    let mut n = 0;
    for _ in 0..24 {
        match c.token(0)?.kind {
            Kind::Number(value) if n < 4 => {
                found[n] = plain(value);
                n += 1;
                c.skip(1);
                if n == 4 {
                    c.eat_any(&["px", "pixels"]);
                    if !c.eat("]") {
                        c.eat(")");
                    }
                    return Some(found);
                }
            }
            _ => {
                c.eat_any(&[
                    ",", "[", "]", "(", ")", ":", "and", "to", "from", "by", "at", "px", "pixels", "x", "y",
                ])?;
            }
        }
    }
    None
}
