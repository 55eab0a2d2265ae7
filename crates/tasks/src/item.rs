//! One item of a benchmark.

use chronotope_ask::Form;
use chronotope_ask::story::StorySettings;
use chronotope_reason::plan::grid::{Cell, Grid};
use chronotope_reason::plan::route::Connectivity;
use chronotope_world::{Time, World};
use std::path::PathBuf;
use std::sync::Arc;

/// A question about a scene, with its truth.
#[derive(Clone, Debug)]
pub struct Item {
    /// Unique within the benchmark.
    pub id: String,
    /// The benchmark's own name of the type, else the file's stem: what results are grouped by.
    pub group: String,
    /// Names of the subsets of the benchmark that the item belongs to, which are scored beside the whole.
    pub subsets: Vec<&'static str>,
    /// What it is about.
    pub scene: Scene,
    /// What is asked, in the benchmark's words.
    pub question: String,
    /// The question as a program, where the benchmark asks in figures and not in words.
    pub program: Option<String>,
    /// The options, with their letters; empty where there are none.
    pub options: Vec<String>,
    /// How the answer is to be said.
    pub form: Form,
    /// Nothing later may be seen.
    pub asked_at: Option<Time>,
    /// Videos and pictures of the scene, for who looks; a scene that is nothing else has them too.
    pub media: Arc<[PathBuf]>,
    /// The truth.
    pub truth: Truth,
}

/// What an item is about.
#[derive(Clone, Debug, Default)]
pub enum Scene {
    /// A scene that somebody annotated; shared by its items.
    World(World),
    /// Sentences that tell of it, and how the benchmark means them.
    Story(Arc<[String]>, StorySettings),
    /// A map, and two cells of it between which the shortest way is asked for.
    Map {
        /// Free and blocked cells; shared by the items of the map.
        grid: Arc<Grid>,
        /// From here.
        start: Cell,
        /// To here.
        goal: Cell,
        /// Which steps there are.
        connectivity: Connectivity,
    },
    /// Nothing but the question.
    #[default]
    None,
}

/// The answer that is right.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// A word or a letter.
    Text(String),
    /// A number, in the unit that the item's form names.
    Number(f64),
    /// Any of these.
    AnyOf(Vec<String>),
    /// All of these, in any order.
    AllOf(Vec<String>),
}
