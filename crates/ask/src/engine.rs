//! A question in English, answered on a World: read, run, chosen among the options, put into words.

use crate::Error;
use crate::program::ops::told::program_of;
use crate::program::{Answered, Step, parse, run_program};
use crate::question::{OptionText, Read, Reading, Vocabulary, choose, explain, read, too_long};
use crate::story::{self, Story};
use crate::{carrier, numbers};
use chronotope_world::{
    Answer, DIFFERENT_FROM, Missing, MissingKind, Observer, Reference, ReferenceFrame, SAME_AS, Scale,
    Status, Unit, Value, World,
};
use std::collections::{BTreeMap, BTreeSet};

/// A question with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The answer with program and audit; the program is empty where the question could not be read.
    pub answered: Answered,
    /// How the question was understood, in one sentence.
    pub understood: Option<String>,
    /// Questions that can be answered about this World, where this one could not be read.
    pub nearest: Vec<String>,
}

/// Most labels, names and values that are offered to a question.
const MAX_WORDS: usize = 10_000;

/// Answers a question in English. Options may carry letters (`A. left`) or not.
///
/// A question that no family reads is `unsupported`, with the nearest ones that can be answered; one that can be read in
/// several ways is `ambiguous` unless all ways have the same answer.
///
/// # Errors
/// Where rows cannot be read. What a World does not tell is no error.
pub fn ask(world: &World, question: &str, options: &[String]) -> Result<Asked, Error> {
    if let Some(story) = Story::of_world(world) {
        return tell(world, &story, question, options);
    }
    let vocabulary = vocabulary_of(world);
    let given = (!options.is_empty()).then_some(options);
    match read(question, given, &vocabulary) {
        Reading::Read(reading) => by_its_numbers(world, &reading),
        Reading::Ambiguous { readings } => {
            let all: Vec<Asked> =
                readings.iter().map(|r| by_its_numbers(world, r)).collect::<Result<_, _>>()?;
            Ok(settle(all))
        }
        Reading::Unsupported { why, nearest } => {
            let mut missing = Missing::new(MissingKind::Wording, why.clone());
            if let Some(first) = nearest.first() {
                missing = missing.hint(format!("a question that can be answered: {first}"));
            }
            let answered = without_value(Status::Unsupported, why, vec![missing]);
            Ok(Asked { answered, understood: None, nearest })
        }
    }
}

/// A question about a story; it is read in the words of stories.
fn tell(world: &World, story: &Story, question: &str, options: &[String]) -> Result<Asked, Error> {
    if let Some(why) = too_long(question) {
        let missing = vec![Missing::new(MissingKind::Wording, why.clone())];
        let answered = without_value(Status::Unsupported, why, missing);
        return Ok(Asked { answered, understood: None, nearest: Vec::new() });
    }
    let answer = story::answer(story, question);
    let program = program_of(question, answer.value.as_ref());
    let mut answered = match parse(&program) {
        Ok(program) => run_program(world, &program, true)?,
        Err(error) => {
            let missing = Missing::new(MissingKind::Wording, error.to_string());
            return Ok(Asked {
                answered: without_value(Status::Unsupported, error.to_string(), vec![missing]),
                understood: None,
                nearest: Vec::new(),
            });
        }
    };
    let nearest = match answered.answer.status {
        Status::Unsupported => story::examples(story),
        _ => Vec::new(),
    };
    if let Some(value) = &answered.answer.value {
        answered.answer.choice =
            choose(value, &options.iter().map(|o| OptionText::parse(o)).collect::<Vec<_>>());
        answered.answer.text = answer.text;
    }
    Ok(Asked { answered, understood: None, nearest })
}

/// What a World offers to a question: its labels, names, attributes and events, and whether it is metric, in pixels, timeless.
pub fn vocabulary_of(world: &World) -> Vocabulary {
    let (mut labels, mut names) = (BTreeSet::new(), BTreeSet::new());
    let view = world.view();
    for row in world.tables().labels.iter().filter(|row| view.sees(row.known)) {
        let words = if row.vocabulary == "name" { &mut names } else { &mut labels };
        if words.len() < MAX_WORDS {
            words.insert(row.text.clone());
        }
    }
    let mut events: BTreeSet<String> = world.events().map(|event| event.kind.clone()).collect();
    for row in world.coverage() {
        // who looks for shots looks for events
        let words = if row.labels.iter().any(|l| l == "shot") { &mut events } else { &mut labels };
        words.extend(row.labels.iter().take(MAX_WORDS).cloned());
    }
    let mut attributes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for fact in world.facts().filter(|fact| ![SAME_AS, DIFFERENT_FROM].contains(&fact.predicate.as_str())) {
        if let (Reference::Entity(_), Reference::Text(value)) = (&fact.subject, &fact.object) {
            let values = attributes.entry(fact.predicate.clone()).or_default();
            if values.len() < MAX_WORDS {
                values.insert(value.clone());
            }
        }
    }
    let frames = &world.tables().reference_frames;
    let in_space = |row: &&chronotope_world::ReferenceFrameRow| !row.reference_frame.is_picture();
    let span = world.span();
    let has_picture = |o: &Observer| o.picture_px.is_some();
    Vocabulary {
        labels: labels.into_iter().collect(),
        names: names.into_iter().collect(),
        attributes: attributes.into_iter().map(|(k, v)| (k, v.into_iter().collect())).collect(),
        events: events.into_iter().collect(),
        metric: frames.iter().filter(in_space).any(|row| row.scale == Scale::Metre),
        pixels: world.tables().observers.iter().any(has_picture)
            || frames.iter().any(|row| matches!(row.reference_frame, ReferenceFrame::Image(_))),
        timeless: span.is_none(),
        duration_s: span.filter(|_| !world.record().order_only).map(|s| s.s()),
    }
}

/// A reading, answered for each thing that its numbers may mean.
fn by_its_numbers(world: &World, reading: &Read) -> Result<Asked, Error> {
    let (carried, by_carrier) = match carrier::meant(world, &reading.program) {
        Some((program, told)) => (program, Some(told)),
        None => (reading.program.clone(), None),
    };
    let answers = numbers::meant(world, &carried).into_iter().map(|(program, by_number)| {
        let told = by_carrier.iter().cloned().chain(by_number).reduce(|a, b| format!("{a}; {b}"));
        let mut asked = run(world, &Read { program, ..reading.clone() })?;
        if let (Some(understood), Some(told)) = (&mut asked.understood, told) {
            *understood = format!("{} ({told})", understood.trim_end_matches('.')) + ".";
        }
        Ok(asked)
    });
    Ok(settle(answers.collect::<Result<_, Error>>()?))
}

/// Says which word was taken for something that somebody may have written down, where nobody wrote down anything that happened.
fn name_the_word(world: &World, reading: &Read, answer: &mut Answer) {
    let Some(call) = reading.program.split("acts(").nth(1) else { return };
    let Some(word) = call.split(", \"").nth(1).and_then(|rest| rest.split('"').next()) else { return };
    if answer.status != Status::Unknown || world.events().any(|event| !event.roles.is_empty()) {
        return;
    }
    let looked = format!("nobody looked for `{word}`");
    let words = format!("`{word}` is no motion, place or state that is understood, and nobody looked for it");
    for missing in &mut answer.missing {
        missing.what = missing.what.replace(&looked, &words);
    }
    answer.text = answer.text.replace(&looked, &words);
}

fn run(world: &World, reading: &Read) -> Result<Asked, Error> {
    let mut understood = Some(explain(&reading.program));
    let program = match parse(&reading.program) {
        Ok(program) => program,
        Err(error) => return Ok(unfit(&error, reading, understood)),
    };
    let run = |program| match run_program(world, program, true) {
        Err(error @ (Error::World(_) | Error::Json { .. })) => Err(error),
        // words that do not go together: metres with pixels, a region without a picture
        told => Ok(told),
    };
    let mut answered = match run(&program)? {
        Ok(answered) => answered,
        Err(error) => return Ok(unfit(&error, reading, understood)),
    };
    // with the frames that were chosen: a way in the picture is told as such
    understood = Some(explain(&answered.program));
    // asked in km/h and found in pixels: a sum says what is missing between the two, and replays
    let other = answered.answer.value.as_ref().and_then(|value| unlike(value, reading.asked_unit?));
    if let Some(unit) = other {
        let sum = format!("{} + 0 {unit}", reading.program);
        let told = match parse(&sum) {
            Ok(sum) => run(&sum)?,
            Err(error) => Err(error),
        };
        answered = match told {
            Ok(answered) => answered,
            Err(error) => return Ok(unfit(&error, reading, understood)),
        };
    }
    name_the_word(world, reading, &mut answered.answer);
    if let Some(value) = &answered.answer.value {
        answered.answer.choice = chosen(world, value, &reading.options);
        if let Some(text) = reading.asked_unit.and_then(|unit| in_unit(value, unit)) {
            answered.answer.text = text;
        }
    }
    Ok(Asked { answered, understood, nearest: Vec::new() })
}

/// The option that says the value; things are matched by what they are called.
fn chosen(world: &World, value: &Value, options: &[OptionText]) -> Option<char> {
    if options.is_empty() {
        return None;
    }
    match value {
        Value::Entities(things) => {
            // "car 12": an option that names the thing by its number
            if let [thing] = things.as_slice() {
                let number = thing.0.to_string();
                let tells = |o: &&OptionText| o.text.split_whitespace().next_back() == Some(number.as_str());
                if let [option] = options.iter().filter(tells).collect::<Vec<_>>().as_slice() {
                    return choose(&Value::Text(option.text.clone()), options);
                }
            }
            let called: BTreeSet<&str> =
                things.iter().flat_map(|e| world.labels_of(*e)).map(|l| l.text.as_str()).collect();
            let letters: BTreeSet<char> =
                called.iter().filter_map(|name| choose(&Value::Text((*name).to_owned()), options)).collect();
            letters.first().copied().filter(|_| letters.len() == 1)
        }
        Value::Text(word) => choose(value, options).or_else(|| otherwise_called(world, word, options)),
        value => choose(value, options),
    }
}

/// The one option that says what the things of this label are called besides, where their source gives them several labels.
fn otherwise_called(world: &World, word: &str, options: &[OptionText]) -> Option<char> {
    let labels = &world.tables().labels;
    let tracks: BTreeSet<_> = labels.iter().filter(|l| l.text == word).map(|l| l.track).collect();
    let others: BTreeSet<&str> =
        labels.iter().filter(|l| tracks.contains(&l.track)).map(|l| l.text.as_str()).collect();
    let letters: BTreeSet<char> =
        others.iter().filter_map(|other| choose(&Value::Text((*other).to_owned()), options)).collect();
    letters.first().copied().filter(|_| letters.len() == 1)
}

/// A list of one as that one.
fn alone(value: Option<&Value>) -> Option<&Value> {
    match value {
        Some(Value::List(items)) if items.len() == 1 => items.first(),
        value => value,
    }
}

/// Several readings: one answer if they agree (unknown whatever is meant, too), else ambiguous with what each would be.
fn settle(all: Vec<Asked>) -> Asked {
    let same = all.windows(2).all(|pair| {
        let (a, b) = (&pair[0].answered.answer, &pair[1].answered.answer);
        let told = a.value.is_some() || a.status == Status::Unknown;
        a.status == b.status && alone(a.value.as_ref()) == alone(b.value.as_ref()) && told
    });
    let mut all = all.into_iter();
    let Some(first) = all.next() else {
        let answered = without_value(Status::Unsupported, "no reading".into(), Vec::new());
        return Asked { answered, understood: None, nearest: Vec::new() };
    };
    if same {
        return first;
    }
    let mut missing = Vec::new();
    for asked in std::iter::once(&first).chain(all.as_slice()) {
        let meant = asked.understood.clone().unwrap_or_default();
        let what = format!("which is meant: {meant} ({})", asked.answered.answer.text);
        missing.push(Missing::new(MissingKind::Wording, what).hint(asked.answered.program.clone()));
    }
    let text = format!("{} ways to read this, with different answers", missing.len());
    let mut answered = without_value(Status::Ambiguous, text, missing);
    answered.program = first.answered.program;
    Asked { answered, understood: None, nearest: Vec::new() }
}

/// A program of ours that does not fit this World.
fn unfit(error: &Error, reading: &Read, understood: Option<String>) -> Asked {
    let missing = Missing::new(MissingKind::Wording, error.to_string());
    let mut answered = without_value(Status::Unsupported, error.to_string(), vec![missing]);
    answered.program.clone_from(&reading.program);
    Asked { answered, understood, nearest: Vec::new() }
}

fn without_value(status: Status, text: String, missing: Vec<Missing>) -> Answered {
    Answered {
        answer: Answer {
            value: None,
            choice: None,
            text,
            status,
            confidence: None,
            evidence: Vec::new(),
            missing,
        },
        program: String::new(),
        audit: Vec::<Step>::new(),
    }
}

/// A number in the unit that the question asked for, in words; none where that is the engine's unit already or another
/// kind of measure.
fn in_unit(value: &Value, unit: &str) -> Option<String> {
    let Value::Number(number) = value else { return None };
    let factor = unit_factor(unit, &number.unit)?;
    let text = format!("{:.3}", number.value * factor);
    Some(format!("{} {unit}", text.trim_end_matches('0').trim_end_matches('.')))
}

/// The engine's unit, as programs write it, of a measure that was asked for and is not of the value's kind.
fn unlike(value: &Value, asked: &str) -> Option<&'static str> {
    let Value::Number(number) = value else { return None };
    let wanted = match asked {
        "mm" | "cm" | "m" | "km" | "ft" | "in" => "m",
        "m/s" | "km/h" => "m/s",
        "m²" => "m2",
        "px" => "px",
        "ms" | "s" | "min" | "h" => "s",
        "deg" => "deg",
        _ => return None,
    };
    (number.unit.to_string().replace('²', "2") != wanted).then_some(wanted)
}

/// How many of `unit` (`cm`, `km/h`, `min` …) are one of the engine's units; none where it is no measure of that kind.
pub(crate) fn unit_factor(unit: &str, of: &Unit) -> Option<f64> {
    let speed = Unit::METRE.per(&Unit::SECOND)?;
    Some(match (unit, of) {
        ("mm", u) if *u == Unit::METRE => 1000.0,
        ("cm", u) if *u == Unit::METRE => 100.0,
        ("km", u) if *u == Unit::METRE => 0.001,
        ("ft", u) if *u == Unit::METRE => 1.0 / 0.3048,
        ("in", u) if *u == Unit::METRE => 1.0 / 0.0254,
        ("km/h", u) if *u == speed => 3.6,
        ("min", u) if *u == Unit::SECOND => 1.0 / 60.0,
        ("h", u) if *u == Unit::SECOND => 1.0 / 3600.0,
        ("ms", u) if *u == Unit::SECOND => 1000.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::text::parse as world;

    const STREET: &str = "record \"street\"\ncamera cam 640x360\nworld ground m\n\
        coverage cam [0, 10) car, person\n\
        car 1 in ground through cam gap 2\n  colour \"red\"\n  0: (0, 0, 0) box (10, 100, 60, 40)\n  2: (20, 0, 0) box (300, 100, 60, 40)\n\
        person 2 in ground through cam gap 2\n  1: (5, 5, 0) box (100, 80, 20, 60)\n  3: (5, 5, 0) box (100, 80, 20, 60)\n";

    fn asked(question: &str, options: &[&str]) -> Asked {
        let options: Vec<String> = options.iter().map(|o| (*o).to_owned()).collect();
        ask(&world(STREET).expect("valid"), question, &options).expect("in memory")
    }

    #[test]
    fn a_question_becomes_an_answer_with_its_program() {
        let asked = asked("How many cars are there?", &[]);
        assert_eq!(asked.answered.answer.status, Status::Answered, "{asked:?}");
        assert_eq!(asked.answered.answer.text, "1");
        assert!(asked.answered.program.contains("count("), "{}", asked.answered.program);
        assert!(!asked.answered.answer.evidence.is_empty());
    }

    #[test]
    fn options_are_chosen() {
        let asked = asked("How many people are there?", &["A. 2", "B. 1", "C. 0"]);
        assert_eq!(asked.answered.answer.choice, Some('B'), "{asked:?}");
    }

    #[test]
    fn what_nobody_looked_for_is_unknown_and_what_nobody_reads_is_unsupported() {
        let unknown = asked("How many dogs are there?", &[]);
        assert_eq!(unknown.answered.answer.status, Status::Unknown, "{unknown:?}");
        let unsupported = asked("Why do birds sing so gay?", &[]);
        assert_eq!(unsupported.answered.answer.status, Status::Unsupported);
        assert!(!unsupported.nearest.is_empty());
    }
}
