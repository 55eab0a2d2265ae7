//! Tasks, one file each: a World and a draw become a question whose answer is a program run on that World.
//!
//! ```text
//! World (generated, or --from) ──Task::ask──▶ Draft { question, answer, program, margins } ──make──▶ items.jsonl
//! ```
//!
//! A generator chooses the World and the question; the answer is what the engine says. What is too close to call (a thing on the edge
//! of two directions, two distances that hardly differ) is a [`Skip`] that names the filter, never an item.
//!
//! # Adding a task
//!
//! 1. A file in the folder of its family with one public unit struct that implements [`Task`], headed by its paper.
//! 2. A line in [`TASKS`].

mod draft;
mod knob;
pub mod latent;
mod material;
mod options;
mod phrase;
pub mod puzzle;
pub mod room;
mod show;
pub mod track;
mod walk;

pub use draft::{Draft, Said, Skip};
pub use knob::{Knob, Knobs, Level, Range};
pub use material::{Category, Found, Material, Placed, Survey};
pub(crate) use options::{letter_of, wrong_counts, wrong_numbers};

pub(crate) use show::keep;
pub use show::{Film, FilmMaker, Media, Show};

use chronotope_simulate::Stream;
use chronotope_world::catalogue::Entry;

/// What a task is about: the families of the field's generated benchmarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Rooms and the things in them.
    Room,
    /// Things that move, roads.
    Motion,
    /// Mazes and ways.
    Maze,
    /// States that are seen for a while and then inferred.
    Latent,
    /// Shapes that turn, fold and fit.
    Shape,
    /// Worlds told in words.
    Text,
}

impl Family {
    /// As in the documents.
    pub fn name(self) -> &'static str {
        match self {
            Family::Room => "ROOM",
            Family::Motion => "MOTION",
            Family::Maze => "MAZE",
            Family::Latent => "LATENT",
            Family::Shape => "SHAPE",
            Family::Text => "TEXT",
        }
    }
}

/// A kind of question that can be made at will.
pub trait Task: Sync {
    /// Its name, what it asks, the paper it follows and an example; the kind is `tasks`.
    fn entry(&self) -> Entry;

    /// Its family.
    fn family(&self) -> Family;

    /// Raised whenever the same seed gives another item.
    fn version(&self) -> &'static str {
        "1.0"
    }

    /// Name of the metric that scores its answers.
    fn metric(&self) -> &'static str;

    /// What can be set, with ranges and the values of the named levels.
    fn knobs(&self) -> &'static [Knob];

    /// What the knobs' ranges alone do not say.
    ///
    /// # Errors
    /// Values that do not go together: what was expected and found.
    fn check(&self, knobs: &Knobs) -> Result<(), String> {
        let _ = knobs;
        Ok(())
    }

    /// Whether the options are words of a fixed list, each of which shall be right equally often: what is common in the World is not
    /// worth guessing then.
    fn balanced(&self) -> bool {
        false
    }

    /// A World of its own to ask about.
    ///
    /// # Errors
    /// A draw that gives no World, by the filter that it failed.
    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip>;

    /// Whether it can ask about the Worlds that a user brings.
    fn takes_worlds(&self) -> bool {
        true
    }

    /// One question about this World.
    ///
    /// # Errors
    /// A draw that gives no question, by the filter that it failed: the next draw may.
    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip>;
}

/// Every task, alphabetical.
pub const TASKS: &[&dyn Task] = &[
    &room::AbsoluteDistance,
    &track::AppearanceOrder,
    &track::CountAtOnce,
    &puzzle::CubeNetTask::TASK,
    &track::DistanceAt,
    &latent::HiddenCards::TASK,
    &latent::HiddenChips::TASK,
    &latent::HiddenCups::TASK,
    &latent::HiddenFiles::TASK,
    &latent::HiddenCircle::TASK,
    &latent::HiddenNumber::TASK,
    &puzzle::KnightSwapTask::TASK,
    &puzzle::MazeTask::TASK,
    &puzzle::NoiseTask,
    &room::ObjectCount,
    &room::ObjectSize,
    &room::RelativeDirection,
    &room::RelativeDistance,
    &room::RoomSize,
    &puzzle::RushHourTask::TASK,
    &puzzle::SlidingTilesTask::TASK,
    &puzzle::SokobanTask::TASK,
    &puzzle::SpaceMazeTask::TASK,
    &track::Speed,
    &track::SpeedComparison,
    &puzzle::SudokuTask::TASK,
    &puzzle::TowerOfHanoiTask::TASK,
    &puzzle::TrapfieldTask::TASK,
    &track::TravelledDistance,
];

/// The task of this name.
pub fn task_by_name(name: &str) -> Option<&'static dyn Task> {
    TASKS.iter().copied().find(|task| task.entry().name == name)
}
