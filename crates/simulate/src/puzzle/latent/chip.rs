//! `chip`: cups that chips of 5 to 100 are put into and taken out of.

use std::fmt;
use std::str::FromStr;

use super::{Demo, Latent, Shown, wrong};
use crate::canvas::{Canvas, Color, Film, FilmSettings, Sprite, Stage, palette};
use crate::error::range;
use crate::{Error, Stream};

const WORTHS: [(u16, Color); 5] = [
    (5, palette::RED),
    (10, palette::BLUE),
    (20, palette::GREEN),
    (50, palette::ORANGE),
    (100, palette::PURPLE),
];
/// Chips of a cup at most.
const MOST: u16 = 20;

/// How many chips of each worth (5, 10, 20, 50, 100) are in each cup. As text: a line for each cup with the chips' worths in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chips {
    /// Cups.
    pub cups: Vec<[u16; 5]>,
}

/// A chip goes into a cup or comes out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChipOperation {
    /// The cup, from 0.
    pub cup: u8,
    /// Worth: 5, 10, 20, 50 or 100.
    pub worth: u16,
    /// Into the cup; else out of it.
    pub add: bool,
}

impl Chips {
    /// What the chips of a cup are worth together; 0 where there is no such cup.
    pub fn worth(&self, cup: usize) -> u32 {
        let chips = self.cups.get(cup).copied().unwrap_or_default();
        chips.iter().zip(WORTHS).map(|(&count, (worth, _))| u32::from(count) * u32::from(worth)).sum()
    }
}

fn sprite(side: f32, worth: Option<usize>) -> Sprite {
    let side = side.max(4.0);
    let mut canvas = Canvas::clear(side as u32, side as u32);
    let half = side / 2.0;
    let (text, color) =
        worth.map_or((String::new(), palette::GREY), |at| (WORTHS[at].0.to_string(), WORTHS[at].1));
    canvas.disc(half, half, half * 0.96, color.darker(60));
    canvas.disc(half, half, half * 0.9, color);
    canvas.ring(half, half, half * 0.78, half * 0.07, palette::WHITE);
    canvas.text(half, half, side * 0.3, &text, palette::WHITE);
    canvas.into_sprite()
}

fn cup_onto(canvas: &mut Canvas, x: f32, y: f32, side: f32, label: &str) {
    let (a, b) = (side * 0.5, side * 0.38);
    canvas.polygon(
        &[[x - a, y - side * 0.5], [x + a, y - side * 0.5], [x + b, y + side * 0.5], [x - b, y + side * 0.5]],
        palette::BROWN,
    );
    canvas.ellipse(x - a, y - side * 0.62, side, side * 0.24, palette::BROWN.darker(90));
    canvas.ellipse(x - b, y + side * 0.42, 2.0 * b, side * 0.16, palette::BROWN);
    canvas.text(x, y + side * 0.05, side * 0.18, label, palette::WHITE);
}

impl Latent for Chips {
    const NAME: &'static str = "chip";
    type Operation = ChipOperation;

    fn begin(stream: &mut Stream, size: u8) -> Result<Chips, Error> {
        range("size", size, 1..=2)?;
        let mut cups = vec![[0; 5]; size.into()];
        for cup in &mut cups {
            for _ in 0..stream.between(3, 6) {
                cup[stream.index(5)] += 1;
            }
        }
        Ok(Chips { cups })
    }

    fn choose(&self, stream: &mut Stream) -> Option<ChipOperation> {
        let cup = stream.index(self.cups.len());
        let chips = self.cups.get(cup)?;
        let held: Vec<usize> = (0..5).filter(|&at| chips[at] > 0).collect();
        let add = held.is_empty() || (chips.iter().sum::<u16>() < MOST && stream.chance(0.5));
        let at = if add { stream.index(5) } else { *stream.choose(&held)? };
        Some(ChipOperation { cup: cup as u8, worth: WORTHS[at].0, add })
    }

    fn apply(&mut self, operation: &ChipOperation) -> bool {
        let at = WORTHS.iter().position(|(worth, _)| *worth == operation.worth);
        let (Some(at), Some(cup)) = (at, self.cups.get_mut(usize::from(operation.cup))) else { return false };
        match operation.add {
            true if cup.iter().sum::<u16>() < MOST => cup[at] += 1,
            false if cup[at] > 0 => cup[at] -= 1,
            _ => return false,
        }
        true
    }

    fn kind(operation: &ChipOperation) -> String {
        format!("{} {}", if operation.add { "add" } else { "remove" }, operation.worth)
    }

    /// For each cup whose chips differ, what it is worth more or less in the other state.
    fn differences(&self, other: &Chips) -> Vec<String> {
        let cups = (0..self.cups.len()).filter(|&cup| self.cups.get(cup) != other.cups.get(cup));
        cups.map(|cup| {
            format!("cup {} {:+}", cup + 1, i64::from(other.worth(cup)) - i64::from(self.worth(cup)))
        })
        .collect()
    }

    fn film(demo: &Demo<Chips>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let (w, h) = (settings.side_px as f32, settings.side_px as f32 * 0.75);
        let mut canvas = Canvas::new(w as u32, h as u32, palette::PAPER);
        canvas.rect(0.0, h * 0.74, w, h * 0.26, palette::LINE);
        let count = demo.start.cups.len();
        let side = w * 0.24;
        let center = |cup: usize| [w * (cup as f32 + 0.5) / count as f32, h * 0.56];
        for cup in 0..count {
            let [x, y] = center(cup);
            cup_onto(&mut canvas, x, y, side, &format!("cup {}", cup + 1));
        }
        let mut stage = Stage::new(canvas.into_picture(), settings.fps);
        let second = (settings.fps as usize).max(2);
        let chip = side * 0.24;
        let looks = [0, 1, 2, 3, 4].map(|at| stage.sprite(sprite(chip, Some(at))));
        let show = |stage: &mut Stage, state: &Chips| -> Vec<_> {
            let mut all = Vec::new();
            for (cup, chips) in state.cups.iter().enumerate() {
                let kinds = chips.iter().enumerate().flat_map(|(at, &n)| std::iter::repeat_n(at, n.into()));
                for (place, at) in kinds.enumerate() {
                    // seven a row: three rows hold a full cup, and the cups' chips stay apart
                    let (column, row) = (place % 7, place / 7);
                    let [x, _] = center(cup);
                    let at_x = x + (column as f32 - 3.0) * chip * 1.04;
                    all.push(stage.enter("shown", looks[at], [at_x, h * 0.785 + row as f32 * chip * 1.04]));
                }
            }
            all
        };
        let shown = if demo.shown == Shown::Start { show(&mut stage, &demo.start) } else { Vec::new() };
        stage.hold(second);
        for actor in shown {
            stage.leave(actor);
        }
        stage.hold(second / 2);
        let pace = settings.pictures_per_step().max(second / 2);
        for (number, operation) in (1..).zip(&demo.operations) {
            let at = WORTHS.iter().position(|(worth, _)| *worth == operation.worth).unwrap_or(0);
            let [x, y] = center(operation.cup.into());
            let (outside, mouth) = ([x, h * 0.08], [x, y - side * 0.5]);
            let (from, to) = if operation.add { (outside, mouth) } else { (mouth, outside) };
            let actor = stage.enter(&format!("chip {number}"), looks[at], from);
            stage.hold((second / 4).max(1));
            stage.glide(&[(actor, to)], pace);
            stage.hold((second / 4).max(1));
            stage.leave(actor);
            stage.hold((second / 2).max(1));
        }
        if demo.shown == Shown::End {
            show(&mut stage, &demo.end());
        }
        stage.hold(second);
        Ok(stage.finish())
    }
}

impl fmt::Display for ChipOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, way) = if self.add { ("add", "to") } else { ("remove", "from") };
        write!(f, "{word} {} {way} cup {}", self.worth, self.cup + 1)
    }
}

impl FromStr for ChipOperation {
    type Err = Error;
    fn from_str(text: &str) -> Result<ChipOperation, Error> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let read = |worth: &str, cup: &str, add| {
            let worth = worth.parse().ok().filter(|worth| WORTHS.iter().any(|(known, _)| known == worth))?;
            let cup: u8 = cup.parse().ok().filter(|cup| (1..=2).contains(cup))?;
            Some(ChipOperation { cup: cup - 1, worth, add })
        };
        let operation = match words[..] {
            ["add", worth, "to", "cup", cup] => read(worth, cup, true),
            ["remove", worth, "from", "cup", cup] => read(worth, cup, false),
            _ => None,
        };
        operation.ok_or_else(|| wrong("chip", 1, "as in `add 50 to cup 1` or `remove 5 from cup 2`", text))
    }
}

impl fmt::Display for Chips {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, cup) in (1..).zip(&self.cups) {
            let kinds = cup.iter().zip(WORTHS);
            let all: Vec<String> =
                kinds.flat_map(|(&n, (worth, _))| std::iter::repeat_n(worth.to_string(), n.into())).collect();
            writeln!(f, "cup {number}: {}", all.join(" "))?;
        }
        Ok(())
    }
}

impl FromStr for Chips {
    type Err = Error;
    fn from_str(text: &str) -> Result<Chips, Error> {
        let mut state = Chips { cups: Vec::new() };
        for (line, row) in (1..).zip(text.trim().lines()) {
            let bad = || wrong("chip", line, "`cup 1:` and chips of 5, 10, 20, 50 or 100", row);
            let chips = row.strip_prefix(&format!("cup {line}:")).filter(|_| line <= 2).ok_or_else(bad)?;
            state.cups.push([0; 5]);
            for word in chips.split_whitespace() {
                let worth = word.parse().ok().ok_or_else(bad)?;
                if !state.apply(&ChipOperation { cup: line as u8 - 1, worth, add: true }) {
                    return Err(bad());
                }
            }
        }
        if state.cups.is_empty() {
            return Err(wrong("chip", 1, "1 or 2 cups", text));
        }
        Ok(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_holds_what_it_promises() {
        crate::puzzle::latent::holds::<Chips>([1, 2]);
    }

    #[test]
    fn worth_is_counted() {
        let mut state: Chips = "cup 1: 5 5 100\ncup 2:\n".parse().unwrap();
        assert_eq!((state.worth(0), state.worth(1)), (110, 0));
        assert!(
            !state.apply(&"remove 20 from cup 1".parse().unwrap())
                && state.apply(&"remove 100 from cup 1".parse().unwrap())
        );
        assert_eq!(state.differences(&"cup 1: 5\ncup 2: 50\n".parse().unwrap()), ["cup 1 -5", "cup 2 +50"]);
    }
}
