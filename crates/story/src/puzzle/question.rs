//! Questions about the puzzle of a story: "How many moves at least?", "Does 'right, forward 2' lead to the exit?"

use super::{Puzzle, Verdict};
use crate::Story;
use crate::answer::{cited, without};
use chronotope_world::{
    Answer, Evidence, EvidenceKind, Missing, MissingKind, Quantity, Status, Truth, Value,
};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Plan,
    Length,
    Exists,
    Different,
    Leads,
    IsShortest,
}

/// The answer to a question about the puzzle of a story; none where the story has none, or the question is about something else.
pub(crate) fn tell(story: &Story, question: &str) -> Option<Answer> {
    if story.puzzles.is_empty() {
        return None;
    }
    let (words, quoted) = words_of(question);
    let kind = kind_asked(&words);
    let fits: Vec<&(usize, Puzzle)> =
        story.puzzles.iter().filter(|(_, puzzle)| kind.is_none_or(|kind| kind == puzzle.name())).collect();
    let asked = read(&words, quoted.is_some())?;
    let unknown = |what: String| without(Status::Unknown, Missing::new(MissingKind::Entity, what));
    let (sentence, puzzle) = match fits[..] {
        [] => return Some(unknown(format!("the story has no {}", kind.unwrap_or("such puzzle")))),
        [one] => one,
        _ => {
            let what = format!("which of {} puzzles is meant", fits.len());
            return Some(without(Status::Ambiguous, Missing::new(MissingKind::Wording, what)));
        }
    };
    let found = found(puzzle, asked, quoted.as_deref(), &words);
    let mut answer = match found {
        Ok((value, text, assumed)) => {
            Answer::answered(value, text, assumed.into_iter().map(Evidence::assumption).collect())
        }
        Err(missing) => without(Status::Unknown, missing),
    };
    let mut evidence = cited(story, EvidenceKind::Supports, std::iter::once(*sentence));
    evidence.append(&mut answer.evidence);
    answer.evidence = evidence;
    Some(answer)
}

type Found = Result<(Value, String, Vec<String>), Missing>;

fn found(puzzle: &Puzzle, asked: Asked, quoted: Option<&str>, words: &[String]) -> Found {
    let open = |what: String| Missing::new(MissingKind::Coverage, what);
    let truth = |so: bool, text: String, assumed: Vec<String>| (Value::Truth(Truth::of(so)), text, assumed);
    let none =
        || Missing::new(MissingKind::Entity, format!("no plan leads to the goal of the {}", puzzle.name()));
    Ok(match asked {
        Asked::Plan => {
            let plan = puzzle.plan().map_err(open)?.ok_or_else(none)?;
            let text =
                if plan.is_empty() { "nothing: it is done already".to_owned() } else { plan.join(", ") };
            (Value::List(plan.into_iter().map(Value::Text).collect()), text, Vec::new())
        }
        Asked::Length => {
            let n = puzzle.plan_length().map_err(open)?.ok_or_else(none)?;
            (Value::Number(Quantity::bare(n as f64)), n.to_string(), Vec::new())
        }
        Asked::Exists => {
            let there = puzzle.plan_length().map_err(open)?.is_some();
            truth(there, if there { "yes" } else { "no" }.to_owned(), Vec::new())
        }
        Asked::Different => {
            let n = puzzle
                .n_shortest()
                .ok_or_else(|| open(format!("shortest plans of {} are not counted", puzzle.name())))?;
            (Value::Number(Quantity::bare(n as f64)), n.to_string(), Vec::new())
        }
        Asked::Leads | Asked::IsShortest => {
            let facing = words.windows(2).find(|pair| pair[0] == "facing").map(|pair| pair[1].as_str());
            match puzzle.check(quoted.unwrap_or_default(), facing).map_err(open)? {
                Verdict::Fails(step, why) => {
                    truth(false, format!("no: move {step} fails, {why}"), Vec::new())
                }
                Verdict::Misses(instead) => truth(false, format!("no: {instead}"), Vec::new()),
                Verdict::Reaches(_) if asked == Asked::Leads => truth(true, "yes".to_owned(), Vec::new()),
                Verdict::Reaches(n) => {
                    let least = puzzle.plan_length().map_err(open)?.ok_or_else(none)?;
                    let text = if n == least {
                        "yes".to_owned()
                    } else {
                        format!("no: {n} moves, {least} are enough")
                    };
                    truth(n == least, text, Vec::new())
                }
            }
        }
    })
}

/// The words in lower case, and what stands between quotation marks.
fn words_of(question: &str) -> (Vec<String>, Option<String>) {
    const MOST_BYTES: usize = 20_000;
    let question = question.get(..MOST_BYTES.min(question.len())).unwrap_or_default();
    let marks = [('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('`', '`')];
    let cut = marks.iter().find_map(|&(opening, closing)| {
        let from = question.find(opening)?;
        let inner = from + opening.len_utf8();
        let to = question.rfind(closing).filter(|to| *to > inner)?;
        Some((from, inner, to, to + closing.len_utf8()))
    });
    let outside = match cut {
        Some((from, _, _, end)) => format!("{} {}", &question[..from], &question[end..]),
        None => question.to_owned(),
    };
    let words = outside
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    (words, cut.map(|(_, inner, to, _)| question[inner..to].to_owned()))
}

/// The kind of puzzle that a question names.
fn kind_asked(words: &[String]) -> Option<&'static str> {
    let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
    if has(&["maze", "labyrinth", "exit", "way", "out"]) {
        Some("maze")
    } else if has(&["tile", "tiles"]) {
        Some("tiles")
    } else if has(&["block", "blocks", "car", "cars"]) {
        Some("blocks")
    } else if has(&["task", "action", "actions"]) {
        Some("task")
    } else {
        None
    }
}

/// Words of questions about puzzles; one with any other word asks something else.
const KNOWN: &[&str] = &[
    "what",
    "which",
    "how",
    "many",
    "much",
    "long",
    "is",
    "are",
    "there",
    "the",
    "a",
    "an",
    "of",
    "to",
    "in",
    "out",
    "through",
    "from",
    "do",
    "does",
    "i",
    "we",
    "you",
    "one",
    "can",
    "could",
    "it",
    "be",
    "that",
    "this",
    "at",
    "least",
    "fewest",
    "smallest",
    "minimum",
    "minimal",
    "number",
    "length",
    "shortest",
    "optimal",
    "best",
    "way",
    "ways",
    "path",
    "paths",
    "route",
    "routes",
    "plan",
    "plans",
    "moves",
    "move",
    "steps",
    "step",
    "actions",
    "action",
    "maze",
    "labyrinth",
    "puzzle",
    "tiles",
    "tile",
    "blocks",
    "block",
    "board",
    "task",
    "goal",
    "exit",
    "start",
    "solve",
    "solved",
    "solves",
    "solution",
    "solutions",
    "solvable",
    "possible",
    "reach",
    "reached",
    "reaches",
    "get",
    "needed",
    "need",
    "take",
    "takes",
    "must",
    "should",
    "done",
    "different",
    "lead",
    "leads",
    "valid",
    "correct",
    "right",
    "work",
    "works",
    "list",
    "sequence",
    "following",
    "facing",
    "north",
    "south",
    "east",
    "west",
    "up",
    "down",
    "left",
    "when",
    "if",
    "starting",
    "any",
    "for",
    "with",
    "and",
    "cars",
    "car",
];

fn read(words: &[String], quoted: bool) -> Option<Asked> {
    if words.is_empty() || !words.iter().all(|word| KNOWN.contains(&word.as_str())) {
        return None;
    }
    let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
    let first = words[0].as_str();
    let shortest = has(&["shortest", "optimal", "best"]);
    if quoted {
        let asks = ["does", "do", "is", "can", "are", "if"].contains(&first);
        return asks.then_some(if shortest { Asked::IsShortest } else { Asked::Leads });
    }
    let counted =
        first == "how" && words.get(1).is_some_and(|word| ["many", "long", "much"].contains(&word.as_str()));
    if counted && has(&["ways", "paths", "routes", "solutions", "plans"]) {
        return shortest.then_some(Asked::Different);
    }
    if counted || has(&["length", "number"]) {
        let about = has(&["moves", "move", "steps", "step", "actions", "long", "length"]);
        return about.then_some(Asked::Length);
    }
    match first {
        "is" | "can" | "could" => has(&[
            "way", "path", "route", "solvable", "solved", "solve", "possible", "reached", "reach", "plan",
            "solution", "get",
        ])
        .then_some(Asked::Exists),
        "what" | "which" | "how" => has(&[
            "way", "path", "route", "plan", "moves", "steps", "solution", "solve", "solved", "reach", "get",
            "actions", "done", "sequence",
        ])
        .then_some(Asked::Plan),
        _ => None,
    }
}
