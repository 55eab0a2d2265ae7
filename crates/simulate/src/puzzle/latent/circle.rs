//! `circle`: black and white pieces on a board; a ring steps from square to square, and the square that it enters and its neighbours
//! turn over (not the square where it begins).

use std::fmt;
use std::str::FromStr;

use super::number::squares;
use super::{Demo, Latent, Shown, square_name, wrong};
use crate::canvas::{Canvas, Film, FilmSettings, Sprite, Stage, palette};
use crate::error::range;
use crate::puzzle::maze::Look;
use crate::puzzle::step::Step;
use crate::{Error, Stream};

/// Pieces and the ring. As text: rows of `b` and `w`, the ring's square as a capital.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circle {
    side: u8,
    black: Vec<bool>,
    ring: usize,
}

impl Circle {
    fn beside(&self, at: usize, step: Step) -> Option<usize> {
        let side = usize::from(self.side);
        match step {
            Step::Up => at.checked_sub(side),
            Step::Down => Some(at + side).filter(|&to| to < side * side),
            Step::Left => (!at.is_multiple_of(side)).then(|| at - 1),
            Step::Right => (at % side + 1 < side).then(|| at + 1),
        }
    }

    fn center(&self, look: Look, at: usize) -> [f32; 2] {
        look.center(((at % usize::from(self.side)) as u16, (at / usize::from(self.side)) as u16))
    }

    /// Whether the piece of a square is black, row by row.
    pub fn black(&self) -> &[bool] {
        &self.black
    }
}

fn piece(cell: f32, color: Option<bool>) -> Sprite {
    let side = cell.max(2.0);
    let mut canvas = Canvas::clear(side as u32, side as u32);
    let half = side / 2.0;
    if let Some(black) = color {
        canvas.disc(half, half + cell * 0.02, cell * 0.3, palette::INK.fade(90));
        canvas.disc(half, half, cell * 0.3, if black { palette::INK } else { palette::WHITE });
        canvas.ring(half, half, cell * 0.3, cell * 0.025, palette::INK);
    } else {
        canvas.round_rect(
            half - cell * 0.3,
            half - cell * 0.3,
            cell * 0.6,
            cell * 0.6,
            cell * 0.1,
            palette::BLUE,
        );
        canvas.text(half, half, cell * 0.3, "?", palette::WHITE);
    }
    canvas.into_sprite()
}

impl Latent for Circle {
    const NAME: &'static str = "circle";
    type Operation = Step;

    fn begin(stream: &mut Stream, size: u8) -> Result<Circle, Error> {
        range("size", size, 3..=4)?;
        let squares = usize::from(size) * usize::from(size);
        let black = (0..squares).map(|_| stream.chance(0.5)).collect();
        Ok(Circle { side: size, black, ring: stream.index(squares) })
    }

    fn choose(&self, stream: &mut Stream) -> Option<Step> {
        let open: Vec<Step> =
            Step::ALL.into_iter().filter(|&step| self.beside(self.ring, step).is_some()).collect();
        stream.choose(&open).copied()
    }

    fn apply(&mut self, operation: &Step) -> bool {
        let Some(to) = self.beside(self.ring, *operation) else { return false };
        self.ring = to;
        let around = Step::ALL.into_iter().filter_map(|step| self.beside(to, step));
        for at in around.chain([to]).collect::<Vec<_>>() {
            self.black[at] = !self.black[at];
        }
        true
    }

    fn kind(operation: &Step) -> String {
        operation.to_string()
    }

    /// Squares whose pieces differ; where there is none, the ring.
    fn differences(&self, other: &Circle) -> Vec<String> {
        let pairs = self.black.iter().zip(&other.black).enumerate();
        let mut all: Vec<String> =
            pairs.filter(|(_, (a, b))| a != b).map(|(at, _)| square_name(self.side, at)).collect();
        if all.is_empty() && self.ring != other.ring {
            all.push("ring".to_owned());
        }
        all
    }

    fn film(demo: &Demo<Circle>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let look = Look::of(demo.start.side.into(), demo.start.side.into(), settings.side_px);
        let mut stage = Stage::new(squares(look, demo.start.side).into_picture(), settings.fps);
        let looks =
            [Some(false), Some(true), None].map(|color| piece(look.cell, color)).map(|s| stage.sprite(s));
        let face = |black: bool, seen: bool| looks[if seen { usize::from(black) } else { 2 }];
        let mut state = demo.start.clone();
        let mut actors = Vec::new();
        for (at, &black) in state.black.iter().enumerate() {
            let center = state.center(look, at);
            let name = square_name(state.side, at);
            actors.push(stage.enter(&name, face(black, demo.shown == Shown::Start), center));
        }
        let mut canvas = Canvas::clear(look.cell.max(2.0) as u32, look.cell.max(2.0) as u32);
        canvas.ring(look.cell / 2.0, look.cell / 2.0, look.cell * 0.4, look.cell * 0.07, palette::RED);
        let ring = stage.sprite(canvas.into_sprite());
        let ring = stage.enter("ring", ring, state.center(look, state.ring));
        let second = (settings.fps as usize).max(2);
        stage.hold(second);
        for &actor in &actors {
            stage.look(actor, looks[2]);
        }
        for step in &demo.operations {
            state.apply(step);
            stage.glide(
                &[(ring, state.center(look, state.ring))],
                settings.pictures_per_step().max(second / 2),
            );
            stage.hold((second / 2).max(1));
        }
        if demo.shown == Shown::End {
            for (&actor, &black) in actors.iter().zip(&state.black) {
                stage.look(actor, face(black, true));
            }
        }
        stage.hold(second);
        Ok(stage.finish())
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = usize::from(self.side);
        for (y, row) in self.black.chunks(side).enumerate() {
            let row: String = row
                .iter()
                .enumerate()
                .map(|(x, &black)| {
                    let c = if black { 'b' } else { 'w' };
                    if y * side + x == self.ring { c.to_ascii_uppercase() } else { c }
                })
                .collect();
            writeln!(f, "{row}")?;
        }
        Ok(())
    }
}

impl FromStr for Circle {
    type Err = Error;
    fn from_str(text: &str) -> Result<Circle, Error> {
        let rows: Vec<&str> = text.trim().lines().map(str::trim).collect();
        let side = rows.len();
        let letters: String = rows.concat();
        let square = rows.iter().all(|row| row.len() == side)
            && letters.chars().all(|c| matches!(c, 'b' | 'w' | 'B' | 'W'));
        let rings: Vec<usize> =
            letters.match_indices(|c: char| c.is_ascii_uppercase()).map(|(at, _)| at).collect();
        match rings[..] {
            [ring] if square && (3..=4).contains(&side) => Ok(Circle {
                side: side as u8,
                black: letters.chars().map(|c| c.eq_ignore_ascii_case(&'b')).collect(),
                ring,
            }),
            _ => Err(wrong("circle", 1, "3 or 4 rows of b and w, one of them a capital", text.trim())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_holds_what_it_promises() {
        crate::puzzle::latent::holds::<Circle>([3, 4]);
    }

    #[test]
    fn the_square_entered_and_its_neighbours_turn_over() {
        let mut state: Circle = "Www\nwww\nwww\n".parse().unwrap();
        assert!(state.apply(&Step::Right) && !state.apply(&Step::Up));
        assert_eq!(state.to_string(), "bBb\nwbw\nwww\n");
    }
}
