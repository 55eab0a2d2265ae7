//! What somebody did, before and after what, how often, to what: asked in words of a World with events.

use chronotope_ask::engine::ask;
use chronotope_world::{Status, World, text::parse};

fn playground() -> World {
    parse(
        "camera cam 100x100\ncoverage cam [0, 20) all labels\n\
         boy 1 through cam gap 20\n  0: box (1, 1, 5, 5)\n  19: box (1, 1, 5, 5)\n\
         dog 2 through cam gap 20\n  colour \"black\"\n  0: box (50, 1, 5, 5)\n  19: box (50, 1, 5, 5)\n\
         ball 3 through cam gap 20\n  0: box (70, 1, 5, 5)\n  19: box (70, 1, 5, 5)\n\
         event \"kick\" [2, 3) agent 1 patient 3\nevent \"run\" [4, 6) agent 1\nevent \"bark\" [4, 5) agent 2\n\
         event \"clap\" [8, 9) agent 1\nevent \"clap\" [10, 11) agent 1\nevent \"fall down\" [17, 18) agent 1\n",
    )
    .expect("valid")
}

#[test]
fn acts_are_ordered_counted_and_have_an_object() {
    let world = playground();
    for (question, expected) in [
        ("What did the boy do after he kicked the ball?", "run"),
        ("What did the boy do before running?", "kick"),
        ("What did the boy do near the end?", "fall down"),
        ("What was the dog doing when the boy ran?", "bark"),
        ("How did the dog react when the boy kicked the ball?", "bark"),
        ("How many times does the boy clap?", "2"),
        ("Did the boy kick the ball?", "yes"),
        ("Is the dog clapping?", "no"),
        ("What did the boy kick?", "ball"),
        ("What happened after the boy ran?", "clap"),
        ("Did the boy clap after falling down?", "no"),
        ("When did the dog bark?", "4 s to 5 s"),
    ] {
        let asked = ask(&world, question, &[]).expect("in memory");
        assert_eq!(asked.answered.answer.text, expected, "{question} {}", asked.answered.program);
    }
    let options =
        ["Caption A: The dog is clapping.".to_owned(), "Caption B: The boy is clapping.".to_owned()];
    let asked = ask(&world, "Which caption matches the video better?", &options).expect("in memory");
    assert_eq!(asked.answered.answer.choice, Some('B'), "{:?}", asked.answered.answer);
}

#[test]
fn a_reason_is_not_what_a_world_holds() {
    let asked = ask(&playground(), "Why did the boy kick the ball?", &[]).expect("in memory");
    assert_eq!(asked.answered.answer.status, Status::Unsupported);
    assert!(asked.answered.answer.text.contains("reason"), "{}", asked.answered.answer.text);
}

#[test]
fn acts_that_nobody_looked_for_are_unknown() {
    let world = parse("camera cam 100x100\ncoverage cam [0, 9) man\nman 1 through cam gap 9\n  0: box (1, 1, 5, 5)\n  8: box (1, 1, 5, 5)\n").expect("valid");
    let asked = ask(&world, "Is the man dancing?", &[]).expect("in memory");
    assert_eq!(
        asked.answered.answer.text,
        "unknown: `dancing` is no motion, place or state that is understood, and nobody looked for it during [0, 9) s"
    );
}
