//! What a task asks about: a World, looked over once.

use super::{Show, Skip, Stream};
use chronotope_ask::program::{answer, answer::evidence_json};
use chronotope_world::{
    Answer, EntityId, ReferenceFrameId, Span, Spread, Status, Time, Truth, Value, World, unit_quaternion,
};
use nalgebra::{Point3, Vector3};
use serde_json::Value as Json;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// A World to ask about, with what it offers.
#[derive(Clone, Debug)]
pub struct Material {
    /// Its name in the items.
    pub name: String,
    /// What is where when.
    pub world: World,
    /// Nothing in its pictures tells the number of a thing: only what is the only one of its kind has a name.
    pub unnumbered: bool,
    /// The puzzle that stands in the World's stead, with its answer.
    pub puzzle: Option<Arc<dyn Any + Send + Sync>>,
    /// Its pictures, where there are any.
    pub show: Option<Arc<dyn Show>>,
    /// What there is to ask about.
    pub survey: Survey,
}

/// What a World offers to a question.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// The kinds of things, by what they are called; alphabetical.
    pub categories: Vec<Category>,
    /// The time that the record covers; none for a timeless scene.
    pub span: Option<Span>,
    /// When each thing was seen, looked up once.
    times: OnceLock<BTreeMap<EntityId, Vec<Time>>>,
}

/// The things that bear a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// The label.
    pub name: String,
    /// The things that a question of this word means.
    pub things: Vec<EntityId>,
}

/// Where a thing stands: a box in a reference frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Its frame.
    pub reference_frame: ReferenceFrameId,
    /// Middle of the box, metres.
    pub centre: Point3<f64>,
    /// The corners of the box; all the centre for a point.
    pub corners: [Point3<f64>; 8],
    /// Full sizes along its own axes, metres; none for a point.
    pub extent: Option<Vector3<f64>>,
}

/// What the engine said, with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The answer.
    pub answer: Answer,
    /// The program as it ran.
    pub program: String,
}

impl Material {
    /// Looks a World over.
    ///
    /// # Errors
    /// Where its rows cannot be read.
    pub fn new(
        name: impl Into<String>,
        world: World,
        show: Option<Arc<dyn Show>>,
    ) -> Result<Material, chronotope_ask::Error> {
        let survey = Survey::of(&world)?;
        Ok(Material { name: name.into(), world, unnumbered: false, puzzle: None, show, survey })
    }

    /// A World that was made to be asked about: it is named and kept on disk when an item comes of it.
    pub(crate) fn generated(world: World, show: Option<Arc<dyn Show>>) -> Result<Material, Skip> {
        let world = world.committed().map_err(|fault| Skip::draw(fault.to_string()))?;
        Material::new("", world, show).map_err(|fault| Skip::draw(fault.to_string()))
    }

    /// Runs a program; what is not answered is a skip by what is missing.
    pub fn run(&self, program: &str) -> Result<Found, Skip> {
        let answered = answer(&self.world, program).map_err(|error| Skip::draw(error.to_string()))?;
        if answered.answer.status != Status::Answered {
            return Err(Skip::draw("the scene does not tell"));
        }
        Ok(Found { answer: answered.answer, program: answered.program })
    }

    /// A number that the scene tells surely, in the engine's unit.
    pub fn number(&self, program: &str) -> Result<(f64, Found), Skip> {
        let found = self.run(program)?;
        match &found.answer.value {
            Some(Value::Number(number)) if number.spread == Spread::None => Ok((number.value, found)),
            Some(Value::Number(_)) => Err(Skip::draw("the number is only known within bounds")),
            _ => Err(Skip::draw("no number")),
        }
    }

    /// A word that the scene tells.
    pub fn word(&self, program: &str) -> Result<(String, Found), Skip> {
        let found = self.run(program)?;
        match &found.answer.value {
            Some(Value::Text(word)) => Ok((word.clone(), found)),
            _ => Err(Skip::draw("no word")),
        }
    }

    /// A yes or no that the scene tells.
    pub fn truth(&self, program: &str) -> Result<(bool, Found), Skip> {
        let found = self.run(program)?;
        match found.answer.value {
            Some(Value::Truth(Truth::Yes)) => Ok((true, found)),
            Some(Value::Truth(Truth::No)) => Ok((false, found)),
            _ => Err(Skip::draw("neither yes nor no")),
        }
    }

    /// Where a thing stands at a time, in space.
    pub fn placed(&self, thing: EntityId, t: Time) -> Result<Placed, Skip> {
        let moment = self.world.moment(thing, t).map_err(|error| Skip::draw(error.to_string()))?;
        let pose =
            moment.and_then(|moment| moment.pose).ok_or(Skip::draw("a thing has no place in space"))?;
        let centre = Point3::from(pose.position);
        let extent = pose.extent.map(Vector3::from);
        let turn = pose.rotation.and_then(unit_quaternion).unwrap_or_default();
        let half = extent.unwrap_or_default() / 2.0;
        let corner = |n: usize| {
            let sign = |bit: usize| if n >> bit & 1 == 1 { 1.0 } else { -1.0 };
            centre + turn * Vector3::new(sign(0) * half.x, sign(1) * half.y, sign(2) * half.z)
        };
        Ok(Placed {
            reference_frame: pose.reference_frame,
            centre,
            corners: std::array::from_fn(corner),
            extent,
        })
    }

    /// The moments at which a thing was seen, in order; none for what nobody asks about.
    pub(crate) fn seen(&self, thing: EntityId) -> &[Time] {
        let times = self.survey.times.get_or_init(|| {
            let things: BTreeSet<EntityId> =
                self.survey.categories.iter().flat_map(|category| category.things.iter().copied()).collect();
            let of = |thing: EntityId| {
                let runs = self.world.trajectory(thing).map(|found| found.runs).unwrap_or_default();
                let mut times: Vec<Time> =
                    runs.iter().flat_map(|run| run.times().collect::<Vec<_>>()).collect();
                times.sort_unstable();
                times.dedup();
                (thing, times)
            };
            things.into_iter().map(of).collect()
        });
        times.get(&thing).map_or(&[], Vec::as_slice)
    }

    /// `k` kinds of things in random order, of those that `fits` takes, no two of which share a thing.
    pub(crate) fn draw(
        &self,
        k: usize,
        stream: &mut Stream,
        fits: impl Fn(&Category) -> bool,
    ) -> Result<Vec<&Category>, Skip> {
        let fitting: Vec<&Category> = self.survey.categories.iter().filter(|c| fits(c)).collect();
        let mut drawn: Vec<&Category> = Vec::new();
        for at in stream.sample(fitting.len(), fitting.len()) {
            let next = fitting[at];
            let shares = |other: &&Category| other.things.iter().any(|thing| next.things.contains(thing));
            if drawn.len() < k && !drawn.iter().any(shares) {
                drawn.push(next);
            }
        }
        if drawn.len() < k {
            return Err(Skip::world("too few kinds of things to ask about"));
        }
        Ok(drawn)
    }
}

impl Found {
    /// The unit of its number; empty for what has none.
    pub fn unit(&self) -> String {
        match &self.answer.value {
            Some(Value::Number(number)) => number.unit.to_string(),
            _ => String::new(),
        }
    }

    /// The rows of its evidence as JSON.
    pub fn evidence(&self) -> Vec<Json> {
        self.answer.evidence.iter().map(evidence_json).collect()
    }
}

impl Survey {
    fn of(world: &World) -> Result<Survey, chronotope_ask::Error> {
        let view = world.view();
        let rows =
            world.tables().labels.iter().filter(|row| view.sees(row.known) && row.vocabulary != "name");
        let names: BTreeSet<&str> = rows.filter_map(|row| spoken(&row.text)).collect();
        let mut by_name = BTreeMap::new();
        for name in names {
            let found = answer(world, &format!("all(\"{name}\")"))?.answer;
            if let Some(Value::Entities(things)) = found.value {
                by_name.insert(name.to_owned(), things);
            }
        }
        let categories = by_name.into_iter().filter(|(_, things)| !things.is_empty());
        Ok(Survey {
            categories: categories.map(|(name, things)| Category { name, things }).collect(),
            span: world.span(),
            times: OnceLock::new(),
        })
    }
}

impl Survey {
    /// How many things there are, each counted once.
    pub fn n_things(&self) -> usize {
        self.categories.iter().flat_map(|c| &c.things).collect::<BTreeSet<_>>().len()
    }
}

impl Category {
    /// The only one of its kind.
    pub fn is_single(&self) -> bool {
        self.things.len() == 1
    }
}

/// What people call a label: of `vehicle.bus.rigid` the bus.
fn spoken(label: &str) -> Option<&str> {
    let word = label.split('.').nth(1).unwrap_or(label);
    Some(word).filter(|word| speakable(word))
}

/// A label that can stand in a sentence and in a program as it is.
fn speakable(label: &str) -> bool {
    const NOBODY_ASKS: [&str; 10] = [
        "object",
        "objects",
        "other",
        "others",
        "unknown",
        "misc",
        "dontcare",
        "thing",
        "otherfurniture",
        "remove",
    ];
    !label.is_empty()
        && label.len() <= 40
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '-')
        && !NOBODY_ASKS.contains(&label.to_ascii_lowercase().as_str())
}
