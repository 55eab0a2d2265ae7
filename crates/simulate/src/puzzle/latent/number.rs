//! `number`: a sliding puzzle whose tiles are covered while they move.

use std::fmt;
use std::str::FromStr;

use super::{Demo, Latent, Shown, square_name};
use crate::canvas::{Canvas, Film, FilmSettings, Stage, palette};
use crate::error::range;
use crate::puzzle::maze::Look;
use crate::puzzle::sliding::{Sliding, tile_sprite};
use crate::puzzle::step::Step;
use crate::{Error, Stream};

/// A board of numbered tiles and a gap, in any order. An operation names where the tile beside the gap goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(pub Sliding);

impl Latent for Number {
    const NAME: &'static str = "number";
    type Operation = Step;

    fn begin(stream: &mut Stream, size: u8) -> Result<Number, Error> {
        range("size", size, 3..=4)?;
        let mut tiles: Vec<u8> = (0..size * size).collect();
        stream.shuffle(&mut tiles);
        Sliding::from_tiles(tiles).map(Number)
    }

    fn choose(&self, stream: &mut Stream) -> Option<Step> {
        let open: Vec<Step> = Step::ALL.into_iter().filter(|&step| self.0.clone().apply(step)).collect();
        stream.choose(&open).copied()
    }

    fn apply(&mut self, operation: &Step) -> bool {
        self.0.apply(*operation)
    }

    fn kind(operation: &Step) -> String {
        operation.to_string()
    }

    fn differences(&self, other: &Number) -> Vec<String> {
        let pairs = self.0.tiles().iter().zip(other.0.tiles()).enumerate();
        pairs.filter(|(_, (a, b))| a != b).map(|(at, _)| square_name(self.0.side(), at)).collect()
    }

    fn film(demo: &Demo<Number>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let side = usize::from(demo.start.0.side());
        let look = Look::of(side as u16, side as u16, settings.side_px);
        let mut canvas = look.sheet(palette::INK);
        let edge = look.cell * 0.03;
        let (w, h) = (canvas.width() as f32, canvas.height() as f32);
        canvas.round_rect(
            edge,
            edge,
            w - 2.0 * edge,
            h - 2.0 * edge,
            look.cell * 0.1,
            palette::INK.lighter(30),
        );
        let mut stage = Stage::new(canvas.into_picture(), settings.fps);
        let cover = stage.sprite(tile_sprite(look.cell, "", true));
        let center = |at: usize| look.center(((at % side) as u16, (at / side) as u16));
        let mut actors = vec![None; side * side];
        let mut faces = vec![cover; side * side];
        for (at, &tile) in demo.start.0.tiles().iter().enumerate().filter(|(_, tile)| **tile != 0) {
            let tile = usize::from(tile);
            faces[tile] = stage.sprite(tile_sprite(look.cell, &tile.to_string(), false));
            let first = if demo.shown == Shown::Start { faces[tile] } else { cover };
            actors[tile] = Some(stage.enter(&format!("tile {tile}"), first, center(at)));
        }
        let reveal = (settings.fps as usize).max(2);
        stage.hold(reveal);
        for actor in actors.iter().flatten() {
            stage.look(*actor, cover);
        }
        stage.hold(settings.hold_pictures().max(1));
        let mut state = demo.start.0.clone();
        for &step in &demo.operations {
            let gap = state.tiles().iter().position(|&tile| tile == 0).unwrap_or(0);
            state.apply(step);
            if let Some(Some(actor)) = state.tiles().get(gap).and_then(|&tile| actors.get(usize::from(tile)))
            {
                stage.glide(&[(*actor, center(gap))], settings.pictures_per_step().max(reveal / 2));
            }
            stage.hold((reveal / 2).max(1));
        }
        if demo.shown == Shown::End {
            for (tile, actor) in actors.iter().enumerate() {
                if let Some(actor) = actor {
                    stage.look(*actor, faces[tile]);
                }
            }
        }
        stage.hold(reveal);
        Ok(stage.finish())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Number {
    type Err = Error;
    fn from_str(text: &str) -> Result<Number, Error> {
        text.parse().map(Number)
    }
}

/// A sheet of squares for the demonstrations on a board.
pub(super) fn squares(look: Look, side: u8) -> Canvas {
    let mut canvas = look.sheet(palette::PAPER);
    let c = look.cell;
    for at in 0..usize::from(side) * usize::from(side) {
        let [x, y] = look.center(((at % usize::from(side)) as u16, (at / usize::from(side)) as u16));
        canvas.round_rect(x - c * 0.47, y - c * 0.47, c * 0.94, c * 0.94, c * 0.08, palette::LINE);
        canvas.round_rect(x - c * 0.455, y - c * 0.455, c * 0.91, c * 0.91, c * 0.07, palette::FLOOR);
        canvas.text(x - c * 0.36, y - c * 0.37, c * 0.12, &square_name(side, at), palette::GREY);
    }
    canvas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_holds_what_it_promises() {
        crate::puzzle::latent::holds::<Number>([3, 4]);
    }
}
