//! `cup`: cups on a board, some with a coin under them; two cups change places with what is under them.

use std::fmt;
use std::str::FromStr;

use super::number::squares;
use super::{Demo, Latent, Shown, square_name, square_place, wrong};
use crate::canvas::{Canvas, Film, FilmSettings, Sprite, Stage, palette};
use crate::error::range;
use crate::puzzle::maze::Look;
use crate::{Error, Stream};

/// What is under each cup. As text: rows of `o` (a coin) and `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cups {
    side: u8,
    coin: Vec<bool>,
}

/// Two cups change places, by their places, the smaller first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swap {
    /// Squares a side of the board that the places are of.
    pub side: u8,
    /// Places, row by row from 0.
    pub places: [u8; 2],
}

impl Cups {
    /// Whether a coin is under a cup, row by row.
    pub fn coins(&self) -> &[bool] {
        &self.coin
    }
}

fn cup(cell: f32) -> Sprite {
    let side = cell.max(2.0);
    let mut canvas = Canvas::clear(side as u32, side as u32);
    let (x, y, c) = (side / 2.0, side / 2.0, cell);
    let color = palette::RED;
    canvas.polygon(
        &[
            [x - c * 0.2, y - c * 0.26],
            [x + c * 0.2, y - c * 0.26],
            [x + c * 0.31, y + c * 0.26],
            [x - c * 0.31, y + c * 0.26],
        ],
        color,
    );
    canvas.ellipse(x - c * 0.31, y + c * 0.17, c * 0.62, c * 0.18, color.darker(50));
    canvas.ellipse(x - c * 0.2, y - c * 0.32, c * 0.4, c * 0.12, color.lighter(60));
    canvas.polygon(
        &[
            [x - c * 0.245, y - c * 0.02],
            [x + c * 0.245, y - c * 0.02],
            [x + c * 0.265, y + c * 0.08],
            [x - c * 0.265, y + c * 0.08],
        ],
        palette::WHITE.fade(190),
    );
    canvas.into_sprite()
}

fn below(cell: f32, coin: bool) -> Sprite {
    let side = cell.max(2.0);
    let mut canvas = Canvas::clear(side as u32, side as u32);
    let half = side / 2.0;
    if coin {
        canvas.disc(half, half, cell * 0.22, palette::YELLOW.darker(70));
        canvas.disc(half, half - cell * 0.015, cell * 0.2, palette::YELLOW);
        canvas.text(half, half - cell * 0.015, cell * 0.2, "1", palette::YELLOW.darker(120));
    }
    canvas.into_sprite()
}

impl Latent for Cups {
    const NAME: &'static str = "cup";
    type Operation = Swap;

    fn begin(stream: &mut Stream, size: u8) -> Result<Cups, Error> {
        range("size", size, 3..=4)?;
        let squares = usize::from(size) * usize::from(size);
        let mut coin: Vec<bool> = (0..squares).map(|_| stream.chance(0.5)).collect();
        // at least one of each
        coin[0] = true;
        coin[1] = false;
        stream.shuffle(&mut coin);
        Ok(Cups { side: size, coin })
    }

    fn choose(&self, stream: &mut Stream) -> Option<Swap> {
        let mut two = stream.sample(self.coin.len(), 2);
        two.sort_unstable();
        let [a, b] = two[..] else { return None };
        Some(Swap { side: self.side, places: [a as u8, b as u8] })
    }

    fn apply(&mut self, operation: &Swap) -> bool {
        let [a, b] = operation.places.map(usize::from);
        let fits = operation.side == self.side && a != b && a.max(b) < self.coin.len();
        if fits {
            self.coin.swap(a, b);
        }
        fits
    }

    fn kind(_: &Swap) -> String {
        "swap".to_owned()
    }

    fn differences(&self, other: &Cups) -> Vec<String> {
        let pairs = self.coin.iter().zip(&other.coin).enumerate();
        pairs.filter(|(_, (a, b))| a != b).map(|(at, _)| square_name(self.side, at)).collect()
    }

    fn film(demo: &Demo<Cups>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let side = demo.start.side;
        let look = Look::of(side.into(), side.into(), settings.side_px);
        let center =
            |at: usize| look.center(((at % usize::from(side)) as u16, (at / usize::from(side)) as u16));
        let mut stage = Stage::new(squares(look, side).into_picture(), settings.fps);
        let second = (settings.fps as usize).max(2);
        let coin = [false, true].map(|coin| below(look.cell, coin)).map(|sprite| stage.sprite(sprite));
        let cup = stage.sprite(cup(look.cell));
        let (start, end) = (&demo.start, demo.end());
        let under: Vec<_> = (0..start.coin.len())
            .map(|at| {
                stage.enter(
                    &format!("under {}", square_name(side, at)),
                    coin[usize::from(start.coin[at])],
                    center(at),
                )
            })
            .collect();
        let mut cups: Vec<_> = (0..start.coin.len())
            .map(|at| stage.enter(&format!("cup {}", at + 1), cup, center(at)))
            .collect();
        let lifted = |at: usize| [center(at)[0], center(at)[1] - look.cell * 0.55];
        let lift = |stage: &mut Stage, cups: &[_], up: bool| {
            let moves: Vec<_> = cups
                .iter()
                .enumerate()
                .map(|(at, &cup)| (cup, if up { lifted(at) } else { center(at) }))
                .collect();
            stage.glide(&moves, (second / 3).max(1));
        };
        if demo.shown == Shown::Start {
            for (at, &actor) in cups.iter().enumerate() {
                stage.put(actor, cup, lifted(at));
            }
            stage.hold(second);
            lift(&mut stage, &cups, false);
        }
        stage.hold((second / 3).max(1));
        for &actor in &under {
            stage.leave(actor);
        }
        for swap in &demo.operations {
            let [a, b] = swap.places.map(usize::from);
            let moves = [(cups[a], center(b)), (cups[b], center(a))];
            // around each other, each to its own left
            stage.glide_by(&moves, settings.pictures_per_step().max(second / 2), |from, to, share| {
                let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
                let bend = share * (1.0 - share);
                [from[0] + dx * share + dy * bend, from[1] + dy * share - dx * bend]
            });
            cups.swap(a, b);
            stage.hold((second / 2).max(1));
        }
        if demo.shown == Shown::End {
            for (at, &actor) in under.iter().enumerate() {
                stage.put(actor, coin[usize::from(end.coin[at])], center(at));
            }
            lift(&mut stage, &cups, true);
        }
        stage.hold(second);
        Ok(stage.finish())
    }
}

impl fmt::Display for Swap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = self.places.map(|place| square_name(self.side, place.into()));
        write!(f, "swap {a} {b} of {}", self.side)
    }
}

impl FromStr for Swap {
    type Err = Error;
    fn from_str(text: &str) -> Result<Swap, Error> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let read = |side: &str, a: &str, b: &str| -> Option<Swap> {
            let side: u8 = side.parse().ok().filter(|side| (3..=4).contains(side))?;
            let (a, b) = (square_place(side, a)?, square_place(side, b)?);
            (a != b).then(|| Swap { side, places: [a.min(b) as u8, a.max(b) as u8] })
        };
        let swap = match words[..] {
            ["swap", a, b, "of", side] => read(side, a, b),
            _ => None,
        };
        swap.ok_or_else(|| wrong("cup", 1, "two squares, as in `swap a1 c2 of 3`", text))
    }
}

impl fmt::Display for Cups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in self.coin.chunks(self.side.into()) {
            let row: String = row.iter().map(|&coin| if coin { 'o' } else { '.' }).collect();
            writeln!(f, "{row}")?;
        }
        Ok(())
    }
}

impl FromStr for Cups {
    type Err = Error;
    fn from_str(text: &str) -> Result<Cups, Error> {
        let rows: Vec<&str> = text.trim().lines().map(str::trim).collect();
        let side = rows.len();
        let square = rows.iter().all(|row| row.len() == side && row.chars().all(|c| c == 'o' || c == '.'));
        if !square || !(3..=4).contains(&side) {
            return Err(wrong("cup", 1, "3 or 4 rows of o and .", text.trim()));
        }
        Ok(Cups { side: side as u8, coin: rows.concat().chars().map(|c| c == 'o').collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_holds_what_it_promises() {
        crate::puzzle::latent::holds::<Cups>([3, 4]);
    }
}
