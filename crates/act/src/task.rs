//! A task as a strategy sees it.

use chronotope_ask::Form;
use chronotope_ask::story::StorySettings;
use chronotope_reason::plan::grid::{Cell, Grid};
use chronotope_reason::plan::route::Connectivity;
use chronotope_world::{Time, World};
use std::path::PathBuf;

/// A shortest way that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// Free and blocked cells.
    pub grid: &'a Grid,
    /// From here.
    pub start: Cell,
    /// To here.
    pub goal: Cell,
    /// Which steps there are.
    pub connectivity: Connectivity,
}

/// What is asked, about what. There is no truth here, and nothing that leads to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Task<'a> {
    /// Names the task in logs and errors; means nothing.
    pub id: &'a str,
    /// What is asked, in words.
    pub question: &'a str,
    /// The question as a program, where the asker has it as one; it comes before the words.
    pub program: Option<&'a str>,
    /// Options to choose from, with their letters; empty where there are none.
    pub options: &'a [String],
    /// How the answer is to be said.
    pub form: Form,
    /// What is known of the scene, where somebody perceived or annotated it.
    pub world: Option<&'a World>,
    /// Sentences that tell of the scene, in order.
    pub story: &'a [String],
    /// How the sentences are meant.
    pub story_settings: StorySettings,
    /// A map and two cells of it, where the shortest way between them is asked for.
    pub way: Option<Way<'a>>,
    /// Videos and pictures of the scene.
    pub media: &'a [PathBuf],
    /// Nothing later than this may be seen: every read is cut off here.
    pub asked_at: Option<Time>,
}
