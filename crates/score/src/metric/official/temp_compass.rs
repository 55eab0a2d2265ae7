//! TempCompass as its authors score it.

use super::reply;
use crate::datum::Datum;
use crate::metric::columns::{Cells, Columns, share};
use crate::metric::{Metric, Takes, Tally};
use chronotope_world::catalogue::Entry;

/// TempCompass's accuracy by its authors' matching rules, and `match_rate`, the share of replies that these rules read.
///
/// Truth: `answer` as published, and of caption matching the `question`, whose lines after the first are the options. `task` (`multi-choice`, `yes_no`,
/// `caption_matching`) says which rules hold; where it is not there, the answer does: yes or no; `Caption B: …`, `Option 1: …` or `Sentence A: …`; else an option
/// (`B. dancing`). Of options the answer's text, one letter, `B.…` and `B)…` are read; of yes or no how the reply begins; of captions a whole line, its sentence
/// or its head. Groups are the five temporal aspects, over all items in each (micro).
///
/// Differs from the source in what no rule reads: there a language model is asked; here it is unparsable and scores 0, as the source does with `--disable_llm`.
/// Captioning needs a model throughout: see `judged-accuracy`. The source rounds to a tenth of a percent.
///
/// # Source
/// `eval_multi-choice.py`, `eval_yes_no.py`, `eval_caption_matching.py` of llyx97/TempCompass (revision e1b4631), to which it is equal.
#[derive(Clone, Copy, Debug)]
pub struct OfficialTempCompass;

impl Metric for OfficialTempCompass {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "temp-compass-official",
            about: "`temp-compass/official`: TempCompass by its authors' matching rules, without the model that they ask after them",
            source: "score/src/metric/official/temp_compass.rs",
            paper: Some(
                "Liu et al., TempCompass: Do Video LLMs Really Understand Videos?, ACL 2024 Findings",
            ),
            example: "chronotope score temp-compass/official --truth truth.jsonl --pred pred.jsonl --by aspect",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("temp-compass/official", &["accuracy", "match_rate"], marks).tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer"], prediction: &[] }
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let answer = truth.field("answer").ok_or("a record of answer (text)")?.to_string();
    let said = reply(said).replace("</s>", "");
    let said = said.trim();
    let right = match Task::of(truth, &answer)? {
        Task::Option => option(said, &answer),
        Task::YesNo => yes_no(said).map(|said| said == answer),
        Task::Caption => {
            let question = truth.field("question").ok_or("a question, whose lines are the captions")?;
            caption(said, &question.to_string(), &answer)?
        }
    };
    Ok(right.map(|right| vec![share(right), Some(1.0)]))
}

enum Task {
    Option,
    YesNo,
    Caption,
}

impl Task {
    fn of(truth: &Datum, answer: &str) -> Result<Task, &'static str> {
        match truth.field("task").map(Datum::to_string).as_deref() {
            Some("multi-choice") => Ok(Task::Option),
            Some("yes_no") => Ok(Task::YesNo),
            Some("caption_matching") => Ok(Task::Caption),
            Some(_) => Err("multi-choice, yes_no or caption_matching as task"),
            None if matches!(answer, "yes" | "no") => Ok(Task::YesNo),
            None if HEADS.iter().any(|head| answer.starts_with(head)) && answer.contains(": ") => {
                Ok(Task::Caption)
            }
            None => Ok(Task::Option),
        }
    }
}

/// How captions' lines begin.
const HEADS: [&str; 3] = ["Caption ", "Option ", "Sentence "];

fn option(said: &str, answer: &str) -> Option<bool> {
    if said == answer {
        return Some(true);
    }
    let mut letters = said.chars();
    let letter = letters.next().filter(|letter| ('A'..='D').contains(letter))?;
    matches!(letters.next(), None | Some('.' | ')')).then(|| answer.starts_with(letter))
}

fn yes_no(said: &str) -> Option<&'static str> {
    let said = said.to_lowercase();
    ["yes", "no"].into_iter().find(|word| said.starts_with(word))
}

/// Whether a reply names the caption of the answer; the last rule that reads it decides, as in the source.
fn caption(said: &str, question: &str, answer: &str) -> Result<Option<bool>, &'static str> {
    let malformed = "lines such as `Caption A: …` in the question and as answer";
    let parts = |line: &str| -> Option<(String, String)> {
        let mut parts = line.split(": ");
        Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
    };
    let lines: Vec<&str> = question.split('\n').skip(1).collect();
    let options: Vec<(String, String)> =
        lines.iter().map(|line| parts(line)).collect::<Option<_>>().ok_or(malformed)?;
    let (head, sentence) = parts(answer).ok_or(malformed)?;
    let mark = head.split_whitespace().nth(1).ok_or(malformed)?.to_owned();
    let after = said.split(") ").nth(1);
    let bare = said.replace('.', "");
    let shorn = |head: &str| HEADS.iter().fold(head.to_owned(), |head, name| head.replace(name, ""));
    let mut found = None;
    found = lines.iter().rfind(|line| **line == said).map(|line| (*line).to_owned()).or(found);
    let sentences = options.iter().map(|(_, sentence)| sentence);
    found = sentences.rev().find(|one| *one == said || after == Some(one.as_str())).cloned().or(found);
    let heads = options.iter().map(|(head, _)| head.clone());
    let marks = options.iter().map(|(head, _)| shorn(head));
    found = heads.chain(marks).rfind(|one| *one == said || *one == bare).or(found);
    Ok(found.map(|found| {
        let before = answer.split(':').next().unwrap_or_default();
        found == answer || found == before || found == sentence || found == mark
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(answer: &str, said: &str) -> Option<f64> {
        let question = Datum::text("Which?\nCaption A: A cat: red.\nCaption B: A dog.");
        let truth = Datum::record([("answer", Datum::text(answer)), ("question", question)]);
        let said = Datum::record([("prediction", Datum::text(said))]);
        marks(&truth, &said).expect("a truth").and_then(|cells| cells[0])
    }

    #[test]
    fn each_task_has_its_rules() {
        for (answer, said, expected) in [
            ("B. dancing", "B. dancing", Some(1.0)),
            ("B. dancing", "B", Some(1.0)),
            ("B. dancing", "A) cooking</s>", Some(0.0)),
            ("B. dancing", "b", None),
            ("B. dancing", "The answer is B", None),
            ("yes", "Yes, it does", Some(1.0)),
            ("no", "Nothing moves", Some(1.0)),
            ("yes", "It does", None),
            ("Caption B: A dog.", "Caption B: A dog.", Some(1.0)),
            ("Caption B: A dog.", "A dog.", Some(1.0)),
            ("Caption B: A dog.", "B.", Some(1.0)),
            ("Caption B: A dog.", "(B) A dog.", Some(1.0)),
            ("Caption B: A dog.", "Caption A", Some(0.0)),
            ("Caption B: A dog.", "a dog", None),
        ] {
            assert_eq!(found(answer, said), expected, "{answer} {said}");
        }
    }

    #[test]
    fn captions_without_lines_are_refused() {
        let truth = Datum::record([("answer", Datum::text("Caption B: A dog."))]);
        marks(&truth, &Datum::text("B")).expect_err("no question");
        let question = ("question", Datum::text("Which?\nA dog"));
        let truth = Datum::record([("answer", Datum::text("Caption B: A dog.")), question]);
        marks(&truth, &Datum::text("B")).expect_err("no captions");
    }
}
