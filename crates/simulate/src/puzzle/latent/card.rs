//! `card`: piles of cards; one is laid on top of a pile, or taken from its bottom.

use std::fmt;
use std::str::FromStr;

use super::{Demo, Latent, Shown, wrong};
use crate::canvas::{Canvas, Film, FilmSettings, Sprite, Stage, palette};
use crate::error::range;
use crate::{Error, Stream};

const SUITS: [(char, char); 4] = [('S', '\u{2660}'), ('H', '\u{2665}'), ('D', '\u{2666}'), ('C', '\u{2663}')];
const RANKS: [&str; 13] = ["A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"];
/// Cards of a pile at most.
const MOST: usize = 12;

/// Piles from the bottom up; a card is a number from 0 to 51 (rank, then suit). As text: a line for each pile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cards {
    /// Piles.
    pub piles: Vec<Vec<u8>>,
}

/// What is done with a card; piles from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardOperation {
    /// Lays a card on top.
    Add {
        /// The pile.
        pile: u8,
        /// The card.
        card: u8,
    },
    /// Takes the lowest card.
    Remove {
        /// The pile.
        pile: u8,
        /// The card that comes out.
        card: u8,
    },
}

fn name(card: u8) -> String {
    let (suit, rank) = (SUITS[usize::from(card % 4)].0, RANKS[usize::from(card / 4 % 13)]);
    format!("{rank}{suit}")
}

fn read(text: &str) -> Option<u8> {
    let suit = SUITS.iter().position(|(letter, _)| text.ends_with(*letter))?;
    let rank = RANKS.iter().position(|rank| *rank == &text[..text.len() - 1])?;
    Some((rank * 4 + suit) as u8)
}

/// A card, face up or down, `side` wide.
fn sprite(side: f32, card: Option<u8>) -> Sprite {
    let (w, h) = (side.max(4.0), (side * 1.35).max(4.0));
    let mut canvas = Canvas::clear(w as u32, h as u32);
    let radius = side * 0.1;
    canvas.round_rect(0.0, 0.0, w, h, radius, palette::INK.lighter(70));
    let line = side * 0.02;
    let face = if card.is_some() { palette::WHITE } else { palette::BLUE };
    canvas.round_rect(line, line, w - 2.0 * line, h - 2.0 * line, radius, face);
    if let Some(card) = card {
        let suit = usize::from(card % 4);
        let color = if suit == 1 || suit == 2 { palette::RED } else { palette::INK };
        canvas.text(w * 0.31, h * 0.27, side * 0.36, RANKS[usize::from(card / 4 % 13)], color);
        canvas.text(w * 0.31, h * 0.66, side * 0.46, &SUITS[suit].1.to_string(), color);
    } else {
        canvas.round_frame(
            w * 0.12,
            w * 0.12,
            w * 0.76,
            h - w * 0.24,
            radius * 0.6,
            line * 2.0,
            palette::WHITE,
        );
    }
    canvas.into_sprite()
}

impl Latent for Cards {
    const NAME: &'static str = "card";
    type Operation = CardOperation;

    fn begin(stream: &mut Stream, size: u8) -> Result<Cards, Error> {
        range("size", size, 1..=2)?;
        let each = if size == 1 { 5 } else { 4 };
        let mut drawn = stream.sample(52, each * usize::from(size)).into_iter().map(|card| card as u8);
        Ok(Cards { piles: (0..size).map(|_| drawn.by_ref().take(each).collect()).collect() })
    }

    fn choose(&self, stream: &mut Stream) -> Option<CardOperation> {
        let pile = stream.index(self.piles.len()) as u8;
        let cards = self.piles.get(usize::from(pile))?;
        let free: Vec<u8> =
            (0..52).filter(|card| !self.piles.iter().flatten().any(|known| known == card)).collect();
        let add = cards.len() < 2 || (cards.len() < MOST && stream.chance(0.5));
        let card = if add { *stream.choose(&free)? } else { *cards.first()? };
        Some(if add { CardOperation::Add { pile, card } } else { CardOperation::Remove { pile, card } })
    }

    fn apply(&mut self, operation: &CardOperation) -> bool {
        match *operation {
            CardOperation::Add { pile, card } => {
                let known = card >= 52 || self.piles.iter().flatten().any(|&known| known == card);
                match self.piles.get_mut(usize::from(pile)) {
                    Some(cards) if !known && cards.len() < MOST => cards.push(card),
                    _ => return false,
                }
            }
            CardOperation::Remove { pile, card } => match self.piles.get_mut(usize::from(pile)) {
                Some(cards) if cards.first() == Some(&card) => {
                    cards.remove(0);
                }
                _ => return false,
            },
        }
        true
    }

    fn kind(operation: &CardOperation) -> String {
        match operation {
            CardOperation::Add { pile, .. } => format!("add to pile {}", pile + 1),
            CardOperation::Remove { pile, .. } => format!("remove from pile {}", pile + 1),
        }
    }

    /// Places, from the bottom, whose cards differ.
    fn differences(&self, other: &Cards) -> Vec<String> {
        let mut all = Vec::new();
        for (pile, (a, b)) in self.piles.iter().zip(&other.piles).enumerate() {
            let differ = (0..a.len().max(b.len())).filter(|&at| a.get(at) != b.get(at));
            all.extend(differ.map(|at| format!("pile {} card {}", pile + 1, at + 1)));
        }
        all
    }

    fn film(demo: &Demo<Cards>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let (w, h) = (settings.side_px as f32, settings.side_px as f32 * 0.75);
        let mut canvas = Canvas::new(w as u32, h as u32, palette::GREEN.darker(110));
        let count = demo.start.piles.len();
        let (card, row) = (w * 0.11, h * 0.72 / count as f32);
        let center =
            |pile: usize, at: usize| [w * 0.1 + at as f32 * card * 0.62, h * 0.2 + row * (pile as f32 + 0.5)];
        for pile in 0..count {
            let [_, y] = center(pile, 0);
            canvas.round_rect(
                w * 0.02,
                y - card * 0.82,
                w * 0.96,
                card * 1.64,
                card * 0.15,
                palette::GREEN.darker(70),
            );
            canvas.text_from(
                w * 0.03,
                y - card * 1.0,
                w * 0.03,
                &format!("pile {}, bottom left", pile + 1),
                palette::WHITE,
            );
        }
        let mut stage = Stage::new(canvas.into_picture(), settings.fps);
        let second = (settings.fps as usize).max(2);
        let back = stage.sprite(sprite(card, None));
        let shown = demo.shown == Shown::Start;
        let mut state = demo.start.clone();
        let mut actors = Vec::new();
        for (pile, cards) in state.piles.iter().enumerate() {
            let mut row = Vec::new();
            for (at, &card_) in cards.iter().enumerate() {
                let face = stage.sprite(sprite(card, Some(card_)));
                row.push(stage.enter(&name(card_), if shown { face } else { back }, center(pile, at)));
            }
            actors.push(row);
        }
        stage.hold(second);
        for &actor in actors.iter().flatten() {
            stage.look(actor, back);
        }
        let pace = settings.pictures_per_step().max(second / 2);
        for operation in &demo.operations {
            let before = state.clone();
            state.apply(operation);
            match *operation {
                CardOperation::Add { pile, card: new } => {
                    let pile = usize::from(pile);
                    let face = stage.sprite(sprite(card, Some(new)));
                    let actor = stage.enter(&name(new), face, [w * 0.9, h * 0.1]);
                    stage.hold((second / 3).max(1));
                    stage.glide(&[(actor, center(pile, before.piles[pile].len()))], pace);
                    stage.look(actor, back);
                    actors[pile].push(actor);
                }
                CardOperation::Remove { pile, card: old } => {
                    let pile = usize::from(pile);
                    let actor = actors[pile].remove(0);
                    let face = stage.sprite(sprite(card, Some(old)));
                    stage.glide(&[(actor, [w * 0.1, h * 0.1])], pace);
                    stage.look(actor, face);
                    stage.hold((second / 3).max(1));
                    stage.leave(actor);
                    let moves: Vec<_> = actors[pile]
                        .iter()
                        .enumerate()
                        .map(|(at, &actor)| (actor, center(pile, at)))
                        .collect();
                    stage.glide(&moves, (second / 4).max(1));
                }
            }
            stage.hold((second / 2).max(1));
        }
        if demo.shown == Shown::End {
            for (&actor, &known) in actors.iter().flatten().zip(state.piles.iter().flatten()) {
                let face = stage.sprite(sprite(card, Some(known)));
                stage.look(actor, face);
            }
        }
        stage.hold(second);
        Ok(stage.finish())
    }
}

impl fmt::Display for CardOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CardOperation::Add { pile, card } => write!(f, "add {} to pile {}", name(*card), pile + 1),
            CardOperation::Remove { pile, card } => {
                write!(f, "remove {} from pile {}", name(*card), pile + 1)
            }
        }
    }
}

impl FromStr for CardOperation {
    type Err = Error;
    fn from_str(text: &str) -> Result<CardOperation, Error> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let pile = |word: &str| word.parse::<u8>().ok().filter(|n| (1..=2).contains(n)).map(|n| n - 1);
        let operation = match words[..] {
            ["add", card, "to", "pile", at] => {
                read(card).zip(pile(at)).map(|(card, pile)| CardOperation::Add { pile, card })
            }
            ["remove", card, "from", "pile", at] => {
                read(card).zip(pile(at)).map(|(card, pile)| CardOperation::Remove { pile, card })
            }
            _ => None,
        };
        operation.ok_or_else(|| wrong("card", 1, "as in `add 7H to pile 1` or `remove KS from pile 2`", text))
    }
}

impl fmt::Display for Cards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, pile) in (1..).zip(&self.piles) {
            let cards: Vec<String> = pile.iter().map(|&card| name(card)).collect();
            writeln!(f, "pile {number}: {}", cards.join(" "))?;
        }
        Ok(())
    }
}

impl FromStr for Cards {
    type Err = Error;
    fn from_str(text: &str) -> Result<Cards, Error> {
        let mut piles = Vec::new();
        for (line, row) in (1..).zip(text.trim().lines()) {
            let cards = row.strip_prefix(&format!("pile {line}:")).filter(|_| line <= 2);
            let cards: Option<Vec<u8>> = cards.and_then(|cards| cards.split_whitespace().map(read).collect());
            let cards = cards.filter(|cards| cards.len() <= MOST);
            piles.push(cards.ok_or_else(|| wrong("card", line, "`pile 1:` and cards as 7H, 10S", row))?);
        }
        if piles.is_empty() {
            return Err(wrong("card", 1, "1 or 2 piles", text));
        }
        Ok(Cards { piles })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_holds_what_it_promises() {
        crate::puzzle::latent::holds::<Cards>([1, 2]);
    }

    #[test]
    fn cards_go_on_top_and_leave_from_the_bottom() {
        let mut state: Cards = "pile 1: 7H 10S\n".parse().unwrap();
        assert!(
            state.apply(&"add KD to pile 1".parse().unwrap())
                && state.apply(&"remove 7H from pile 1".parse().unwrap())
        );
        assert!(
            !state.apply(&"remove KD from pile 1".parse().unwrap())
                && !state.apply(&"add KD to pile 2".parse().unwrap())
        );
        assert_eq!(state.to_string(), "pile 1: 10S KD\n");
    }
}
