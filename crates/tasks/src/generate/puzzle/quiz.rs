//! Puzzles of which one thing is asked: a digit, a face, yes or no.

use super::{Still, solved};
use crate::generate::{Draft, Family, Knob, Knobs, Material, Media, Said, Show, Skip, Stream, Task};
use chronotope_simulate::puzzle::Puzzle;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Picture, WorldBuilder};
use serde_json::{Map, json};
use std::marker::PhantomData;
use std::sync::Arc;

/// What a kind of puzzle adds to be asked about.
pub(crate) trait Quizzed: Puzzle<Answer: Send + Sync> + Send + Sync + 'static {
    /// What it is called and where it comes from.
    const ENTRY: Entry;
    /// Its family.
    const FAMILY: Family;
    /// What can be set; `options`, `media` and `side_px` among them.
    const KNOBS: &'static [Knob];
    /// The rules, and how the text form is written.
    const RULES: &'static str;

    /// The settings that the knobs say.
    fn settings(knobs: &Knobs) -> Self::Settings;

    /// What the knobs' ranges alone do not say.
    fn check(knobs: &Knobs) -> Result<(), String> {
        let _ = knobs;
        Ok(())
    }

    /// Its picture as this question needs it.
    fn picture(&self, knobs: &Knobs) -> Picture {
        self.draw(knobs.whole("side_px") as u32)
    }

    /// Its text form as this question needs it.
    fn text(&self, knobs: &Knobs) -> String {
        let _ = knobs;
        self.to_string()
    }

    /// A question about it with its answer and wrong ones.
    fn question(
        &self,
        answer: &Self::Answer,
        stream: &mut Stream,
        knobs: &Knobs,
    ) -> Result<(String, Said), Skip>;
}

/// The task of a kind of puzzle of which one thing is asked.
#[derive(Clone, Copy, Debug)]
pub struct Quiz<P>(PhantomData<fn() -> P>);

impl<P> Quiz<P> {
    /// The task.
    pub const TASK: Quiz<P> = Quiz(PhantomData);
}

impl<P: Quizzed> Task for Quiz<P> {
    fn entry(&self) -> Entry {
        P::ENTRY
    }

    fn family(&self) -> Family {
        P::FAMILY
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn knobs(&self) -> &'static [Knob] {
        P::KNOBS
    }

    fn takes_worlds(&self) -> bool {
        false
    }

    fn check(&self, knobs: &Knobs) -> Result<(), String> {
        P::check(knobs)
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        let pair = solved::<P>(stream, &P::settings(knobs))?;
        let world = WorldBuilder::new(P::NAME).build().map_err(|fault| Skip::draw(fault.to_string()))?;
        let show: Option<Arc<dyn Show>> = if knobs.word("media") == Media::NAMES[Media::None as usize] {
            None
        } else {
            let (puzzle, knobs) = (pair.0.clone(), knobs.clone());
            Some(Arc::new(Still(Box::new(move || puzzle.picture(&knobs)))))
        };
        let made = Material::generated(world, show)?;
        Ok(Material { puzzle: Some(Arc::new(pair)), ..made })
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        let pair = about.puzzle.as_ref().and_then(|puzzle| {
            puzzle.downcast_ref::<(P, chronotope_simulate::puzzle::Solution<P::Answer>)>()
        });
        let (puzzle, solution) = pair.ok_or(Skip::world("not a puzzle of this kind"))?;
        if !solution.unique {
            return Err(Skip::world("several answers are right"));
        }
        let (asked, said) = puzzle.question(&solution.answer, stream, knobs)?;
        let text = puzzle.text(knobs);
        let mut question = P::RULES.to_owned();
        if about.show.is_none() {
            question += &format!("\n\n{}\n", text.trim_end());
        }
        question += &format!("\n{asked}");
        Ok(Draft {
            question,
            said,
            program: String::new(),
            evidence: Vec::new(),
            story: None,
            slots: Map::from_iter([("puzzle".to_owned(), json!(text))]),
            margins: Map::from_iter([("unique".to_owned(), json!(true))]),
            difficulty: Map::from_iter([("cost".to_owned(), json!(solution.cost))]),
            space: P::space(&P::settings(knobs)),
        })
    }
}
