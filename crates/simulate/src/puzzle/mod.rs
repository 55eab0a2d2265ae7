//! Puzzles: each kind in one file, with a generator, an exact solver, a verifier that shares no code with it, and its pictures.
//!
//! ```text
//! Stream, Settings ──generate──▶ Puzzle ──solve──▶ answer, whether it is the only one ──film──▶ pictures with boxes
//!                                  │ text form          │
//!                                  └────── accepts ◀────┘  (makes the moves, checks the rules)
//! ```
//!
//! Adding a kind: write its file with one type that implements [`Puzzle`], enter it here and in [`catalogue`], and give its tests the
//! line `crate::puzzle::trial::holds::<Kind>(…)`.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use chronotope_world::Picture;

use crate::canvas::{Film, FilmSettings};
use crate::{Error, Stream};

mod board;
pub mod catalogue;
mod cubes;
mod discs;
pub mod grid_world;
mod hanoi;
mod knight_swap;
pub mod latent;
mod maze;
mod net;
mod noise;
mod open_maze;
mod punch;
mod roads;
mod rush_hour;
mod sliding;
mod sokoban;
mod step;
mod sudoku;
mod trapfield;
#[cfg(test)]
mod trial;

pub use board::{Board, Cell};
pub use cubes::{Place, SpaceMaze, SpaceMazeSettings, SpaceMove};
pub use discs::{Bounce, Disc, Discs, DiscsSettings};
pub use grid_world::{GridWorld, GridWorldSettings};
pub use hanoi::{DiscMove, Hanoi, HanoiSettings};
pub use knight_swap::{Jump, KnightSwap, KnightSwapSettings};
pub use maze::{Maze, MazeSettings};
pub use net::{Cube, Net, NetSettings, draw_cross, tops_along};
pub use noise::{Axis, Hidden, Noise, NoiseSettings, seen_by_motion};
pub use open_maze::OpenMazeSettings;
pub use punch::{Fold, Punch, PunchSettings};
pub use roads::{Road, Roads, RoadsSettings};
pub use rush_hour::{RushHour, RushHourSettings, Slide, Vehicle};
pub use sliding::{Sliding, SlidingSettings, boards_by_moves};
pub use sokoban::{Sokoban, SokobanSettings};
pub use step::{Step, read_steps, write_steps};
pub use sudoku::{Sudoku, SudokuSettings};
pub use trapfield::{Holes, Trapfield, TrapfieldSettings};

/// One kind of puzzle; a value is one puzzle of it.
pub trait Puzzle: Clone + PartialEq + Debug + Display + FromStr<Err = Error> {
    /// Its name: lower case, words joined by hyphens.
    const NAME: &'static str;
    /// What can be chosen; ranges are stated at each.
    type Settings: Clone + Debug + Default;
    /// What solves it.
    type Answer: Clone + Debug + PartialEq;

    /// A puzzle that can be solved. The same stream gives the same puzzle.
    ///
    /// # Errors
    /// A setting outside of its range, by name; nothing found in a bounded number of attempts.
    fn generate(stream: &mut Stream, settings: &Self::Settings) -> Result<Self, Error>;

    /// The best answer; none where there is none (a puzzle that was read, not made) or the bounded search does not find it.
    fn solve(&self) -> Option<Solution<Self::Answer>>;

    /// Whether an answer solves it by the rules, the best or not. Shares no code with [`Puzzle::solve`].
    fn accepts(&self, answer: &Self::Answer) -> bool;

    /// How many different puzzles there can be with these settings, where they are few enough to be counted.
    fn space(_settings: &Self::Settings) -> Option<u64> {
        None
    }

    /// Its picture; the longer side as asked, within 16 to 4096 pixels.
    fn draw(&self, side_px: u32) -> Picture;

    /// An answer carried out, move after move. Moves that the rules forbid end the film before them.
    ///
    /// # Errors
    /// Settings outside of their ranges.
    fn film(&self, answer: &Self::Answer, settings: &FilmSettings) -> Result<Film, Error>;
}

/// A best answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution<A> {
    /// The answer; the first in a fixed order where several are as good.
    pub answer: A,
    /// Whether no other is as good.
    pub unique: bool,
    /// What it costs: moves, unless the kind says otherwise.
    pub cost: u32,
}

/// What an attempt failed by, counted, so that the error names the filter that failed most.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failures(Vec<(&'static str, u32)>);

impl Failures {
    pub(crate) fn count(&mut self, reason: &'static str) {
        match self.0.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => self.0.push((reason, 1)),
        }
    }

    pub(crate) fn error(self, what: &'static str) -> Error {
        let attempts = self.0.iter().map(|(_, count)| count).sum();
        let most = self.0.iter().rev().max_by_key(|(_, count)| *count);
        Error::Exhausted {
            what,
            attempts,
            reason: most.map_or(String::new(), |(reason, _)| (*reason).to_owned()),
        }
    }
}
