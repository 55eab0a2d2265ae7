//! Small stories with their answers, one of each kind.

use super::{Reach, Story, StorySettings, answer};
use chronotope_world::Status;

fn ask(text: &str, question: &str) -> String {
    let reach = if text.contains("one step") { Reach::Step } else { Reach::Open };
    let story = Story::read(text, StorySettings { reach, ..StorySettings::default() });
    answer(&story, question).text
}

#[track_caller]
fn check(text: &str, cases: &[(&str, &str)]) {
    for (question, expected) in cases {
        let found = ask(text, question);
        let fits = found == *expected
            || (expected.ends_with('…') && found.starts_with(expected.trim_end_matches('…')));
        assert!(fits, "{text}\n{question}\nexpected {expected}\nfound    {found}");
    }
}

#[test]
fn who_is_where() {
    let story =
        "Mary moved to the bathroom. John went back to the hallway. Then Mary travelled to the office.";
    check(
        story,
        &[
            ("Where is Mary?", "office"),
            ("Where is John?", "hallway"),
            ("Is Mary in the office?", "yes"),
            ("Is Mary in the bathroom?", "no"),
            ("Is John in the office?", "no"),
            ("Where was Mary before the office?", "bathroom"),
            ("Who is in the hallway?", "John"),
            ("How many people are in the office?", "1"),
        ],
    );
}

#[test]
fn what_is_held_goes_along() {
    let story = "Mary took the milk there. Mary went to the kitchen. Mary moved to the garden. \
        Mary put down the milk. Mary went to the office. John got the apple. John picked up the football.";
    check(
        story,
        &[
            ("Where is the milk?", "garden"),
            ("Where was the milk before the garden?", "kitchen"),
            ("What is Mary carrying?", "nothing"),
            ("What is John carrying?", "apple, football"),
            ("How many objects is John carrying?", "2"),
            ("Who has the apple?", "John"),
            ("Where is John?", "unknown…"),
            ("Does John have the apple?", "yes"),
        ],
    );
}

#[test]
fn gifts_have_three_parts() {
    let story =
        "Fred picked up the football there. Fred gave the football to Jeff. Jeff handed Bill the football.";
    check(
        story,
        &[
            ("What did Fred give to Jeff?", "football"),
            ("Who gave the football to Jeff?", "Fred"),
            ("Who did Jeff give the football to?", "Bill"),
            ("Who received the football?", "Bill"),
            ("Who has the football?", "Bill"),
        ],
    );
}

#[test]
fn negation_and_doubt() {
    let story = "Mary is no longer in the bedroom. Fred is either in the school or the park. Bill went to the cinema.";
    check(
        story,
        &[
            ("Is Mary in the bedroom?", "no"),
            ("Is Mary in the park?", "unknown: …"),
            ("Is Fred in the school?", "unknown: in which: Fred is in the school or the park"),
            ("Is Fred in the cinema?", "no"),
            ("Is Bill in the cinema?", "yes"),
        ],
    );
}

#[test]
fn pronouns_are_the_last_of_their_number() {
    let story = "Daniel went to the kitchen. After that he moved to the garden. Mary and Sandra journeyed to the office. \
        Then they went to the park.";
    check(story, &[("Where is Daniel?", "garden"), ("Where is Mary?", "park"), ("Where is Sandra?", "park")]);
}

#[test]
fn times_put_sentences_in_order() {
    let story = "This morning Mary moved to the kitchen. Yesterday Mary went to the school. Mary went to the park this evening. \
        This afternoon Mary travelled to the office.";
    check(
        story,
        &[
            ("Where was Mary before the office?", "kitchen"),
            ("Where was Mary before the kitchen?", "school"),
            ("Where is Mary?", "park"),
        ],
    );
    check(
        "Mary went to the kitchen. Before that, she went to the garden.",
        &[("Where is Mary?", "kitchen"), ("Where was Mary before the kitchen?", "garden")],
    );
}

#[test]
fn kinds_hand_down_what_is_said_of_them() {
    let story = "Mice are afraid of wolves. Gertrude is a mouse. Lily is a swan. Lily is white. Greg is a swan. Frogs are green. \
        Bernhard is a frog.";
    check(
        story,
        &[
            ("What is Gertrude afraid of?", "wolf"),
            ("What color is Lily?", "white"),
            ("What color is Bernhard?", "green"),
            ("What color is Greg?", "unknown…"),
            ("Is Greg a swan?", "yes"),
            ("Is Greg a frog?", "unknown…"),
            ("Is Gertrude afraid of wolves?", "yes"),
        ],
    );
}

#[test]
fn positions_add_up_where_each_is_one_step() {
    let story = "Every relation is one step. The triangle is above the pink rectangle. The blue square is to the left of the triangle.";
    check(
        story,
        &[
            ("Is the pink rectangle to the right of the blue square?", "yes"),
            ("Is the pink rectangle above the blue square?", "no"),
            ("Is the blue square below the pink rectangle?", "no"),
            ("What is above the pink rectangle?", "triangle"),
        ],
    );
    let map = "Every relation is one step. The office is north of the bedroom. The bedroom is north of the bathroom.";
    check(
        map,
        &[
            ("What is north of the bedroom?", "office"),
            ("What is the bedroom north of?", "bathroom"),
            ("In which direction is the office from the bathroom?", "above"),
        ],
    );
}

#[test]
fn sizes_are_a_chain() {
    let story = "The suitcase is bigger than the chest. The box of chocolates fits inside the chest. The box of chocolates is bigger than the chocolate.";
    check(
        story,
        &[
            ("Does the chocolate fit in the suitcase?", "yes"),
            ("Is the chocolate bigger than the chest?", "no"),
            ("Does the suitcase fit in the box of chocolates?", "no"),
        ],
    );
    check(
        "The box is bigger than the cup. The bag is bigger than the cup.",
        &[("Is the box bigger than the bag?", "unknown…")],
    );
}

#[test]
fn ways_are_found() {
    let story = "The office is north of the kitchen. The garden is west of the office. The kitchen is north of the bathroom.";
    check(
        story,
        &[
            ("How do you go from the kitchen to the garden?", "north, west"),
            ("How do you get from the garden to the bathroom?", "east, south, south"),
            ("How do you go from the kitchen to the moon?", "unknown: the story names no moon"),
        ],
    );
}

#[test]
fn an_open_story_says_what_holds_in_every_drawing() {
    let story = "Block A contains the red circle. Block B contains the blue square. Block A is to the left of block B. \
        The yellow star is above the blue square.";
    check(
        story,
        &[
            ("Is the red circle to the left of the blue square?", "yes"),
            ("Is the blue square left of the red circle?", "no"),
            ("Is the yellow star above the red circle?", "unknown…"),
            ("Where is the red circle relative to block B?", "left"),
            ("What is to the right of the red circle?", "block B, blue square"),
            ("Is the red circle in block A?", "yes"),
            ("Is the red circle in block B?", "no"),
            ("Is the yellow star left of the red circle?", "unknown…"),
        ],
    );
    check(
        "A is left of B. C is not left of B.",
        &[("Is C left of B?", "no"), ("Is C left of A?", "no"), ("Is A left of C?", "unknown…")],
    );
}

#[test]
fn contradictions_are_minimal() {
    let story = "A is left of B. X is above Y. B is left of C. C is left of A.";
    check(
        story,
        &[
            ("Is A left of C?", "ambiguous: sentences 1, 3 and 4 contradict each other"),
            ("Does the story contradict itself?", "yes"),
            ("Is the story consistent?", "no"),
        ],
    );
}

#[test]
fn a_question_or_sentence_that_is_not_read_is_said() {
    let read = |text: &str, question: &str| {
        let found = answer(&Story::read(text, StorySettings::default()), question);
        (found.status, found.text)
    };
    let (status, text) = read("Mary went to the kitchen. Mary frobnicated the milk.", "Where is Mary?");
    assert_eq!(status, Status::Unsupported);
    assert!(text.contains("sentence 2"), "{text}");
    assert_eq!(read("Mary went to the kitchen.", "Why is Mary there?").0, Status::Unsupported);
    assert_eq!(read("Mary went to the kitchen.", "").0, Status::Unsupported);
    assert_eq!(read("", "Where is Mary?").0, Status::Unknown);
}

/// A list after a colon or a comma says what there is, and nothing of where it is; a list of another length is not read.
#[test]
fn a_list_of_what_there_is_is_read() {
    let read = |first: &str| {
        let story = Story::read(&format!("{first} Mary went to the kitchen."), StorySettings::default());
        (story.unread().len(), answer(&story, "Where is Mary?").text)
    };
    for said in [
        "There are three rooms: a kitchen, a bedroom and a hall.",
        "There are three rooms, the kitchen, the bedroom, and the hall.",
        "There are 2 people: Mary and John.",
    ] {
        assert_eq!(read(said), (0, "kitchen".to_owned()), "{said}");
    }
    for said in ["There are three rooms: a kitchen and a hall.", "There are two rooms: a kitchen in a hall."]
    {
        assert_eq!(read(said).0, 1, "{said}");
    }
}
