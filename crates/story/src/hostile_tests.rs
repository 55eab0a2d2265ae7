//! Stories and questions that mean harm end soon, with an honest status.

use super::{Reach, Story, StorySettings, answer};
use chronotope_world::Status;

fn statuses(text: &str, questions: &[&str]) -> Vec<Status> {
    [Reach::Open, Reach::Step]
        .into_iter()
        .flat_map(|reach| {
            let story = Story::read(text, StorySettings { reach, closed: false, skip_unread: false });
            questions.iter().map(move |q| answer(&story, q).status).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn ten_megabytes_are_read_in_linear_time() {
    // a chain, a crowd of moves, a sentence that never ends, a list of denials
    let chain = (0..200_000).map(|i| format!("N{} is left of N{}. ", i, i + 1)).collect::<Vec<_>>().concat();
    assert!(chain.len() > 4_000_000);
    let found = statuses(&chain, &["Is N0 left of N150000?", "Where is N3 relative to N199999?"]);
    assert_eq!(found, [Status::Answered; 4]);
    let moves = (0..60_000)
        .map(|i| format!("P{} went to R{}. Before that, P{} took T{i}. ", i % 50, i % 7, i % 50))
        .collect::<Vec<_>>()
        .concat();
    let found = statuses(
        &moves,
        &["Where is T17?", "Where was T17 before R3?", "How many objects is P3 carrying?", "Who is in R2?"],
    );
    assert!(found.iter().all(|s| *s != Status::Unsupported), "{found:?}");
    let endless = "very ".repeat(2_000_000);
    assert_eq!(statuses(&endless, &["Where is Mary?"]), [Status::Unsupported; 2]);
    let denials = (0..200_000).map(|i| format!("Mary is not in R{i}. ")).collect::<Vec<_>>().concat();
    assert_eq!(
        statuses(&denials, &["Is Mary in R7?", "Where is Mary?"])[..2],
        [Status::Answered, Status::Unknown]
    );
}

#[test]
fn cycles_end() {
    let text = "The box is in the bag. The bag is in the chest. The chest is in the box. Ann took Bob. Bob took Ann. \
        A is a B. B is an A. The cup is bigger than the cup.";
    let story = Story::read(text, StorySettings::default());
    for question in [
        "Where is the box?",
        "Is the box in the chest?",
        "Where is Ann?",
        "Who has Bob?",
        "What is Ann carrying?",
        "Is A a B?",
        "Is the cup bigger than the cup?",
        "Who is in the box?",
        "Is the story consistent?",
        "What is A?",
    ] {
        let _ = answer(&story, question);
    }
    assert_eq!(answer(&story, "Is the cup bigger than the cup?").status, Status::Ambiguous);
}

#[test]
fn nonsense_is_answered_soon_and_never_with_a_panic() {
    let pieces = [
        "Mary",
        "is",
        "the",
        "left",
        "of",
        "A",
        "’s",
        "3",
        "o'clock",
        ",",
        ".",
        "?",
        "and",
        "it",
        "went to",
        "before",
        "after",
        "at 25:00",
        "at 3 pm",
        "two hours later",
        "between",
        "4",
        "clock face",
        "either",
        "or",
        "not",
        "no longer",
        "\u{0}",
        "\u{202e}",
        "é",
        "—",
        "did",
        "how long",
        "when",
        "what",
        "happened",
        "first",
        "who",
        "has",
        "where",
        "ago",
        "every",
        "If",
        "with",
        "over there",
        "there",
        "in",
        "99999999999999999999",
        "years",
        "29 February 2023",
        "he",
        "they",
        "took",
        "gave",
        "to",
        "bigger than",
        "\n",
    ];
    let mut seed = 1u64;
    let mut draw = |n: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((seed >> 33) % n as u64) as usize
    };
    for _ in 0..3_000 {
        let mut words = |most: usize| {
            let n = draw(most) + 1;
            (0..n).map(|_| pieces[draw(pieces.len())]).collect::<Vec<_>>().join(" ")
        };
        let (text, question) = (words(40), words(12));
        let reach = if text.len() % 2 == 0 { Reach::Open } else { Reach::Step };
        let story =
            Story::read(&text, StorySettings { reach, closed: text.len() % 3 == 0, skip_unread: false });
        let found = answer(&story, &question);
        assert_eq!(found.value.is_some(), found.status == Status::Answered, "{text}\n{question}");
        assert_eq!(
            found.missing.is_empty(),
            found.status == Status::Answered,
            "{text}\n{question}: {found:?}"
        );
        // what is cited lies in the text
        for (start, end) in found.evidence.iter().filter_map(|e| e.text) {
            assert!(story.text().get(start..end).is_some());
        }
    }
}

#[test]
fn nested_questions_are_refused() {
    let story = Story::read("Mary went to the kitchen.", StorySettings::default());
    for question in [
        "Where is ".repeat(500),
        "((((".repeat(500),
        format!("Is {}Mary in the kitchen?", "the ".repeat(400)),
        "Where is Mary?".repeat(1000),
    ] {
        let _ = answer(&story, &question).status;
    }
}
