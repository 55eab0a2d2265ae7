//! The engine alone.

use super::{Means, Strategy};
use crate::error::Error;
use crate::prediction::{Cost, Prediction};
use crate::task::{Task, Way};
use chronotope_ask::program::{Answered, parse, run_program};
use chronotope_ask::question::{OptionText, choose};
use chronotope_ask::story::answer_sentences;
use chronotope_ask::{Form, ask, form};
use chronotope_reason::plan::route::route;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Missing, MissingKind, Status, View, World};

/// The engine alone on a World, or on a story: the question is read, its program run, the value matched with the options.
///
/// No model is called and no picture seen. A task without a World is `unsupported`; it is never answered by looking.
#[derive(Clone, Copy, Debug)]
pub struct Exact;

impl Strategy for Exact {
    fn entry(&self) -> Entry {
        Entry {
            kind: "strategies",
            name: "exact",
            about: "the engine alone on a World: no model, no picture",
            source: "act/src/strategy/exact.rs",
            paper: None,
            example: "chronotope eval vsi-bench ../shared/data/vsi_bench --strategy exact",
        }
    }

    fn answer(&self, task: &Task<'_>, _means: &Means) -> Result<Prediction, Error> {
        let Some(world) = task.world else {
            if !task.story.is_empty() {
                return Ok(told(task));
            }
            if let Some(way) = task.way {
                return Ok(shortest(&way));
            }
            let missing = Missing::new(MissingKind::Coverage, "a World of the scene; there is none");
            return Ok(Prediction::none(Status::Unsupported, missing));
        };
        let seen = task.asked_at.map(|asked_at| world.seen(View { asked_at, ..world.view() }));
        let world = seen.as_ref().unwrap_or(world);
        let answered =
            answered(task, world).map_err(|fault| Error::Engine { task: task.id.to_owned(), fault })?;
        let Answered { answer, program, .. } = answered;
        let interval = answer.confidence.and_then(|_| form::say_interval(&answer, task.form));
        Ok(Prediction {
            text: form::say(world, &answer, task.form),
            status: answer.status,
            said: answer.text,
            confidence: answer.confidence,
            interval,
            program,
            evidence: answer.evidence,
            missing: answer.missing,
            cost: Cost::default(),
            calls: Vec::new(),
        })
    }
}

/// The length of the shortest way, in cells; no way at all is an answer, too.
fn shortest(way: &Way<'_>) -> Prediction {
    let found = route(way.grid, way.start, way.goal, way.connectivity);
    let length = found.map(|found| found.length().to_string());
    Prediction {
        said: length.clone().unwrap_or_else(|| "no way".into()),
        text: Some(length.unwrap_or_else(|| "no way".into())),
        status: Status::Answered,
        confidence: None,
        interval: None,
        program: String::new(),
        evidence: Vec::new(),
        missing: Vec::new(),
        cost: Cost::default(),
        calls: Vec::new(),
    }
}

/// What the story tells; its words are the answer's form, as there are no things to be named or measured.
fn told(task: &Task<'_>) -> Prediction {
    let answer = answer_sentences(task.story, task.question, task.story_settings);
    let letter = || {
        let options: Vec<OptionText> = task.options.iter().map(|option| OptionText::parse(option)).collect();
        Some(choose(answer.value.as_ref()?, &options)?.to_string())
    };
    let said = if task.form == Form::Letter { letter() } else { Some(answer.text.clone()) };
    Prediction {
        text: said.filter(|_| answer.status == Status::Answered),
        status: answer.status,
        said: answer.text,
        confidence: answer.confidence,
        interval: None,
        program: String::new(),
        evidence: answer.evidence,
        missing: answer.missing,
        cost: Cost::default(),
        calls: Vec::new(),
    }
}

fn answered(task: &Task<'_>, world: &World) -> Result<Answered, chronotope_ask::Error> {
    match task.program {
        Some(program) => run_program(world, &parse(program)?, false),
        None => Ok(ask(world, task.question, task.options)?.answered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_ask::Form;
    use chronotope_ask::story::{Reach, StorySettings};
    use chronotope_world::text::parse as world;

    const STREET: &str = "record \"street\"\ncamera cam 640x360\ncoverage cam [0, 10) car\n\
        car 1 through cam gap 2\n  0: box (10, 100, 60, 40)\n  2: box (300, 100, 60, 40)\n";

    #[test]
    fn a_question_or_its_program_is_answered_on_a_world() {
        let world = world(STREET).expect("valid");
        let form = Form::Number { unit: None, decimals: None };
        let task =
            Task { question: "How many cars are there?", form, world: Some(&world), ..Task::default() };
        let told = Exact.answer(&task, &Means::default()).expect("in memory");
        assert_eq!((told.text.as_deref(), told.status), (Some("1"), Status::Answered), "{told:?}");
        let program = Task { program: Some("count(all(\"car\"))"), question: "", ..task };
        assert_eq!(Exact.answer(&program, &Means::default()).expect("in memory").text, told.text);
    }

    #[test]
    fn a_story_is_read_and_its_deciding_sentences_are_cited() {
        let story = ["D is to the left of K.", "B is below K.", "Z is above Q."].map(String::from);
        let settings = StorySettings { reach: Reach::Step, ..StorySettings::default() };
        let question = "What is the relation of the agent D to the agent B?";
        let task = Task { question, story: &story, story_settings: settings, ..Task::default() };
        let told = Exact.answer(&task, &Means::default()).expect("nothing to read");
        assert_eq!(told.text.as_deref(), Some("upper-left"), "{told:?}");
        assert_eq!(told.evidence.iter().filter(|row| row.text.is_some()).count(), 2, "{:?}", told.evidence);
    }

    #[test]
    fn without_a_world_nothing_is_answered() {
        let task = Task { question: "How many cars are there?", ..Task::default() };
        let told = Exact.answer(&task, &Means::default()).expect("nothing to read");
        assert_eq!((told.text, told.status), (None, Status::Unsupported));
    }

    #[test]
    fn an_unknown_answer_has_no_text_and_says_what_is_missing() {
        let world = world(STREET).expect("valid");
        let task = Task { question: "How many dogs are there?", world: Some(&world), ..Task::default() };
        let told = Exact.answer(&task, &Means::default()).expect("in memory");
        assert_eq!((told.text, told.status), (None, Status::Unknown));
        assert!(!told.missing.is_empty());
    }
}
