//! What a model is told of the language of programs, and of a World.

use chronotope_ask::catalogue;
use chronotope_ask::engine::vocabulary_of;
use chronotope_ask::question::{Reading, read};
use chronotope_world::World;

/// Most words of a kind that are told.
const MOST_WORDS: usize = 60;

/// The rules, the operators, some questions with their programs, and what the World has names for.
pub(super) fn language(world: &World) -> String {
    let vocabulary = vocabulary_of(world);
    let mut out = String::from(
        "You write programs in a small typed language. The engine runs a program exactly on a World: things with labels, their places, \
         sizes, times and events, as somebody perceived or annotated them. You do not see the World's numbers and never answer yourself. \
         Reply with one JSON object {\"because\": …, \"program\": …}. Set program to null where no program can answer the question from \
         such a World, because it asks for what is not listed below (looks, writing, feelings, what lies outside).\n\n\
         A program is one expression. Things: all(\"car\"), entity(3, label: \"car\"), named(\"Ada\"). A set is narrowed by \
         where(SET, CONDITION on it), first(SET), argmax(SET, NUMBER of it). Times: span(2 s, 5 s), after(5 s), before(5 s), or a state \
         such as presence(SET); given as during: … or at: 3 s. Numbers carry units: 5 m, 2 s, 3 m/s, 30 deg. Words stand in double \
         quotes. Comparisons and and/or/not give yes or no. reduce: min, max or mean takes a number over time. Only these operators \
         exist:\n",
    );
    let entries = catalogue::entries();
    for entry in entries.iter().filter(|entry| entry.kind == "operators") {
        out.push_str(&format!("{}  # {}\n", entry.example, entry.about));
    }
    out.push_str("\nQuestions and their programs:\n");
    for entry in entries.iter().filter(|entry| entry.kind == "questions") {
        if let Reading::Read(reading) = read(entry.example, None, &vocabulary) {
            out.push_str(&format!("{} -> {}\n", entry.example, reading.program));
        }
    }
    out.push_str("\nThe World:\n");
    let mut line = |what: &str, words: &[String]| {
        if !words.is_empty() {
            let more = if words.len() > MOST_WORDS { ", …" } else { "" };
            let some: Vec<&str> = words.iter().take(MOST_WORDS).map(String::as_str).collect();
            out.push_str(&format!("{what}: {}{more}\n", some.join(", ")));
        }
    };
    line("labels", &vocabulary.labels);
    line("names", &vocabulary.names);
    line("kinds of events", &vocabulary.events);
    for (name, values) in vocabulary.attributes.iter().take(MOST_WORDS) {
        line(&format!("attribute `{name}` with"), values);
    }
    out.push_str(match (vocabulary.timeless, vocabulary.metric, vocabulary.pixels) {
        (true, ..) => "It is a still scene without time.\n",
        (_, true, _) => "Places are in metres.\n",
        (_, _, true) => "Places are in pixels of the picture; nothing is known in metres.\n",
        _ => "There are no places, only times and facts.\n",
    });
    if let Some(seconds) = vocabulary.duration_s {
        out.push_str(&format!("It lasts {seconds:.1} s.\n"));
    }
    out
}

/// The question with its options.
pub(super) fn asked(question: &str, options: &[String]) -> String {
    if options.is_empty() {
        return format!("Question: {question}");
    }
    format!(
        "Question: {question}\nOptions: {}\nThe program's value must be one of the options.",
        options.join(" | ")
    )
}

/// What is wrong with a program.
pub(super) fn refused(fault: &str) -> String {
    format!("That does not fit: {fault}\nReply again with the JSON object; program null where none fits.")
}

/// The question to a model that looks at pictures.
pub(super) fn look(question: &str, options: &[String], n: usize) -> String {
    let options = if options.is_empty() {
        "Answer in a few words.".to_owned()
    } else {
        format!("Options: {}\nAnswer with the letter of one option.", options.join(" | "))
    };
    format!(
        "These are {n} pictures of one video, in order, each with its time in seconds.\nQuestion: {question}\n{options}\nReply with one JSON \
         object {{\"because\": \"what the pictures show, with times\", \"answer\": …}}. Where the pictures do not show it, set answer to null."
    )
}
