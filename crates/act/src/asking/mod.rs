//! Any question: read by the grammar, else written as a program by a model, else answered by a model that looks.
//!
//! ```text
//! question ──grammar──▶ program ──▶ engine ──▶ answer, evidence
//!     │ not read                       ▲
//!     ├──model──▶ program, checked, two repairs ┘
//!     └──no program fits──▶ the model looks at pictures and says ──▶ answer, marked as the model's own
//! ```
//!
//! The model is called only where the grammar does not read the question. What it gave is told apart in [`Asked::by`]: a program, which
//! the engine ran, so that the answer has evidence as any other; or words, which nothing checked.

mod looked;
mod prompt;
mod said;
mod written;

pub use looked::{Looked, looks};
pub(crate) use looked::{evenly, image};
pub use said::{Said, said};
pub use written::{Written, write};

use crate::error::Error;
use chronotope_ask::{Asked as Answer, ask};
use chronotope_models::{Chat, Usage};
use chronotope_world::{Pictures, Status, World};
use serde_json::{Value as Json, json};

/// What may be used beside the World.
pub struct Help<'a> {
    /// The model.
    pub chat: &'a dyn Chat,
    /// The pictures of the World's sources, where there are any.
    pub pictures: Option<&'a mut dyn Pictures>,
    /// How often a program that does not fit is given back to be mended.
    pub repairs: u32,
    /// How many pictures are shown at most where no program fits.
    pub n_pictures: u32,
    /// Their longest side.
    pub longest_px: u32,
}

impl<'a> Help<'a> {
    /// A model without pictures; two repairs, eight pictures of 768 pixels.
    pub fn of(chat: &'a dyn Chat) -> Help<'a> {
        Help { chat, pictures: None, repairs: 2, n_pictures: 8, longest_px: 768 }
    }
}

/// A question with its answer, and which part of it a model gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The answer.
    pub answer: Answer,
    /// Whose it is.
    pub by: By,
    /// What the calls of the model cost.
    pub spent: Spent,
}

/// Which part of an answer a model gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// None: the grammar read the question.
    Grammar,
    /// The program. The engine ran it.
    Program,
    /// The answer itself, from pictures. Nothing checked it.
    Pictures,
    /// Nothing that could be used.
    Nothing,
}

impl By {
    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            By::Grammar => "none",
            By::Program => "program",
            By::Pictures => "answer",
            By::Nothing => "nothing",
        }
    }
}

/// Calls of a model and what they cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Replies, those from a recording or a cache among them.
    pub n_calls: u64,
    /// Of these, taken from a recording or a cache.
    pub n_repeated: u64,
    /// Pictures shown.
    pub n_pictures: u64,
    /// Tokens, as the server counts.
    pub tokens: Usage,
    /// Programs that were given back to be mended.
    pub n_repairs: u64,
    /// The model's own name; empty before the first reply.
    pub model: String,
}

/// Answers a question with a model's help where the grammar does not read it.
///
/// An answer that is the model's own (`By::Pictures`) has no confidence, and an assumption among its evidence that names the model and the
/// times of the pictures that it saw.
///
/// # Errors
/// A store that cannot be read, or a model that fails: what it said until then is lost, the question can be asked again.
pub fn ask_with(
    world: &World,
    question: &str,
    options: &[String],
    mut help: Help<'_>,
) -> Result<Asked, Error> {
    let answer = ask(world, question, options).map_err(Error::engine(question))?;
    let mut spent = Spent::default();
    if answer.answered.answer.status != Status::Unsupported {
        return Ok(Asked { answer, by: By::Grammar, spent });
    }
    match write(world, question, options, help.chat, help.repairs, &mut spent)? {
        Written::Answered(answer) => return Ok(Asked { answer: *answer, by: By::Program, spent }),
        Written::NoneFits { .. } => {}
    }
    match looks(world, question, options, &mut help, &mut spent)? {
        Some(looked) => Ok(Asked { answer: looked.into_asked(&spent.model), by: By::Pictures, spent }),
        None => Ok(Asked { answer, by: By::Nothing, spent }),
    }
}

impl Asked {
    /// For the key `model` of an answer in JSON: which part of it a model gave, and at what cost; null where no model was called.
    pub fn model_json(&self) -> Json {
        let Spent { n_calls, n_repeated, n_pictures, tokens, n_repairs, model } = &self.spent;
        if *n_calls == 0 {
            return Json::Null;
        }
        json!({
            "part": self.by.name(),
            "name": model,
            "calls": n_calls,
            "repeated": n_repeated,
            "repairs": n_repairs,
            "pictures": n_pictures,
            "tokens_in": tokens.tokens_in,
            "tokens_out": tokens.tokens_out,
        })
    }
}

impl Spent {
    fn add(&mut self, reply: &chronotope_models::Reply, n_pictures: u64) {
        self.n_calls += 1;
        self.n_repeated += u64::from(reply.repeated);
        self.n_pictures += n_pictures;
        self.tokens.tokens_in += reply.usage.tokens_in;
        self.tokens.tokens_out += reply.usage.tokens_out;
        self.model.clone_from(&reply.model);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_models::{Error as ModelError, Part, Reply, Request};
    use chronotope_world::{Picture, SourceId, Time, text::parse};
    use std::sync::Mutex;

    const STREET: &str = r#"record "street"
source video "street.mp4"
camera cam 640x360
coverage cam [0, 6) car, truck
car 1 through cam gap 9
  0: box (10, 100, 60, 40)
  5: box (60, 100, 60, 40)
truck 2 through cam gap 9
  1: box (200, 100, 60, 40)
  5: box (200, 100, 60, 40)
"#;
    const ODD: &str = "Kindly ascertain the vehicular tally, sir";

    /// Says these replies one after another and keeps what it was asked.
    struct Script {
        replies: Vec<&'static str>,
        asked: Mutex<Vec<Request>>,
    }

    impl Script {
        fn of(replies: &[&'static str]) -> Script {
            Script { replies: replies.to_vec(), asked: Mutex::default() }
        }

        fn asked(&self) -> Vec<Request> {
            self.asked.lock().expect("one thread").clone()
        }
    }

    impl Chat for Script {
        fn model(&self) -> &'static str {
            "script"
        }
        fn address(&self) -> String {
            "script".into()
        }
        fn chat(&self, request: &Request) -> Result<Reply, ModelError> {
            let mut asked = self.asked.lock().expect("one thread");
            let text = self.replies.get(asked.len()).copied().unwrap_or_default().to_owned();
            asked.push(request.clone());
            Ok(Reply { text, model: "script-1".into(), ..Reply::default() })
        }
    }

    struct Grey;

    impl Pictures for Grey {
        fn pictures_at(
            &mut self,
            _source: SourceId,
            times: &[Time],
            _longest_px: Option<u32>,
        ) -> Result<Vec<Option<Picture>>, String> {
            let picture = |(n, &t): (usize, &Time)| {
                Some(Picture { t, frame_index: n as u32, width: 8, height: 8, rgb: vec![128; 192] })
            };
            Ok(times.iter().enumerate().map(picture).collect())
        }
    }

    fn asked(script: &Script, question: &str, options: &[&str]) -> Asked {
        let world = parse(STREET).expect("a World");
        let options: Vec<String> = options.iter().map(|o| (*o).to_owned()).collect();
        let mut grey = Grey;
        let mut help = Help::of(script);
        help.pictures = Some(&mut grey);
        ask_with(&world, question, &options, help).expect("nothing fails")
    }

    #[test]
    fn what_the_grammar_reads_costs_no_call() {
        let script = Script::of(&[]);
        let found = asked(&script, "How many cars are there?", &[]);
        assert_eq!((found.by, found.spent.n_calls), (By::Grammar, 0));
        assert_eq!(found.model_json(), Json::Null);
    }

    #[test]
    fn a_program_of_the_model_is_run_by_the_engine_with_evidence() {
        let script = Script::of(&[r#"{"because": "count", "program": "count(all(\"car\"))"}"#]);
        let found = asked(&script, ODD, &[]);
        assert_eq!((found.by, found.answer.answered.answer.text.as_str()), (By::Program, "1"), "{found:?}");
        assert!(!found.answer.answered.answer.evidence.is_empty());
        assert_eq!(
            found.answer.understood.as_deref(),
            Some("Understood as: the number of different cars (program by script-1).")
        );
    }

    #[test]
    fn a_program_that_does_not_fit_goes_back_with_its_fault() {
        let script = Script::of(&[
            r#"{"program": "42"}"#,
            r#"```json
{"program": "cuont(all(\"car\"))"}
```"#,
            r#"{"program": "count(all(\"car\"))"}"#,
        ]);
        let found = asked(&script, ODD, &["A. 1", "B. 2"]);
        assert_eq!((found.by, found.spent.n_repairs), (By::Program, 2), "{found:?}");
        assert_eq!(found.answer.answered.answer.choice, Some('A'));
        let last = script.asked().pop().expect("asked");
        assert_eq!(last.messages.len(), 6);
        assert!(matches!(&last.messages[5].parts[0], Part::Text(text) if text.contains("cuont")), "{last:?}");
    }

    #[test]
    fn a_value_that_is_no_option_goes_back_too() {
        let script = Script::of(&[
            r#"{"program": "count(all(\"car\"))"}"#,
            r#"{"program": null}"#,
            r#"{"answer": "B"}"#,
        ]);
        let found = asked(&script, ODD, &["A. red", "B. blue"]);
        assert_eq!((found.by, found.answer.answered.answer.choice), (By::Pictures, Some('B')), "{found:?}");
        let repair = &script.asked()[1].messages[3];
        assert!(matches!(&repair.parts[0], Part::Text(text) if text.contains("none of the options")));
    }

    #[test]
    fn what_no_program_answers_the_model_answers_from_pictures_and_says_so() {
        let script = Script::of(&[
            r#"{"because": "looks", "program": null}"#,
            r#"{"because": "at 2 s", "answer": "red"}"#,
        ]);
        let found = asked(&script, "What mood does the picture convey?", &[]);
        let answer = &found.answer.answered.answer;
        assert_eq!(
            (found.by, answer.text.as_str(), answer.confidence),
            (By::Pictures, "red (says script-1)", None)
        );
        assert_eq!((answer.evidence.len(), found.spent.n_pictures), (9, 8));
        assert!(
            answer.evidence[0].place.as_deref().is_some_and(|words| words.contains("nothing checked it"))
        );
        let pictures = &script.asked()[1].messages[0].parts;
        assert_eq!(pictures.iter().filter(|part| matches!(part, Part::Image(_))).count(), 8);
    }

    #[test]
    fn a_model_that_never_says_json_changes_nothing() {
        let script = Script::of(&["I cannot do that.", "Sorry.", "Still not.", "A long\nstory."]);
        let found = asked(&script, ODD, &[]);
        assert_eq!((found.by, found.answer.answered.answer.status), (By::Nothing, Status::Unsupported));
    }
}
