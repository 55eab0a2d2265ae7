//! Relations of time in stories, wording by wording.

use super::{Story, StorySettings, answer};

#[track_caller]
fn check(text: &str, cases: &[(&str, &str)]) {
    let story = Story::read(text, StorySettings::default());
    for (question, expected) in cases {
        let found = answer(&story, question).text;
        let fits = found == *expected
            || (expected.ends_with('…') && found.starts_with(expected.trim_end_matches('…')));
        assert!(fits, "{text}\n{question}\nexpected {expected}\nfound    {found}");
    }
}

#[test]
fn stretches_are_compared_with_the_hours_of_the_calendar() {
    check(
        "The meeting began at 10:00. The alarm rang 20 minutes after the meeting began. Anna left two hours later. The meeting lasted 90 minutes.",
        &[
            ("How long did the meeting last?", "1 h 30 min"),
            ("How long did the meeting take?", "1 h 30 min"),
            ("When did the meeting end?", "11:30"),
            ("Until when did the meeting last?", "11:30"),
            ("Did Anna leave before noon?", "no"),
            ("Did Anna leave after noon?", "yes"),
            ("Did the alarm ring at 10:20?", "yes"),
            ("Did the alarm ring before 10:10?", "no"),
            ("What happened during the meeting?", "the alarm rang"),
            ("Was the meeting still going on when the alarm rang?", "yes"),
            ("What is the temporal relation between the alarm and the meeting?", "during"),
        ],
    );
}

#[test]
fn lengths_and_allens_relations_follow_from_hours() {
    check(
        "The concert lasted from 19:00 to 21:00. The dinner lasted from 18:00 to 19:00. The film ran from 20:00 to 22:30. Anna slept until 20:00. Ben was awake since 19:30.",
        &[
            ("What is the temporal relation between the dinner and the concert?", "meets"),
            ("What is the temporal relation between the concert and the film?", "overlaps"),
            ("Which lasted longer, the dinner or the concert?", "the concert"),
            ("Did the concert last longer than the dinner?", "yes"),
            ("How much longer was the film than the dinner?", "1 h 30 min"),
            ("Did the concert and the film overlap?", "yes"),
            ("Did the dinner overlap with the film?", "no"),
            ("Until when did Anna sleep?", "20:00"),
            ("Since when was Ben awake?", "19:30"),
            ("Did the dinner end when the concert began?", "yes"),
            ("Did the concert and the film start at the same time?", "no"),
        ],
    );
}

#[test]
fn until_while_and_as_soon_as_join_clauses() {
    check(
        "The storm raged while the ship sailed. The ship arrived as soon as the storm ended. The crew slept until the bell rang.",
        &[
            ("Did the ship arrive after the storm ended?", "yes"),
            ("Did the crew sleep until the bell rang?", "yes"),
        ],
    );
}

#[test]
fn verbs_join_events() {
    check(
        "The lunch overlapped with the talk. The talk was followed by the walk. The walk preceded the dinner.",
        &[
            ("Did the lunch overlap the talk?", "yes"),
            ("Did the lunch and the talk overlap?", "yes"),
            ("Did the dinner happen after the talk?", "yes"),
            ("Did the walk and the talk overlap?", "no"),
            (
                "What is the temporal relation between the lunch and the talk?",
                "unknown: which relation: overlaps, starts, during, finishes, equals, finished by, contains, started by, overlapped by",
            ),
        ],
    );
}

#[test]
fn telling_order_is_ranked() {
    check(
        "First, Anna ate breakfast. Then she read a book. After that, she called Ben. Finally, she went to bed.",
        &[
            ("What happened first?", "anna ate breakfast"),
            ("What happened last?", "she went to bed"),
            ("What was the second event?", "she read a book"),
            ("What happened right after she read a book?", "she called ben"),
            ("What happened right before she called Ben?", "she read a book"),
            ("What happened between breakfast and the bed?", "she read a book; she called ben"),
            ("What happened in the middle?", "unknown: which of two events is in the middle"),
            ("How many events are told?", "4"),
            (
                "Put the events in order.",
                "anna ate breakfast; she read a book; she called ben; she went to bed",
            ),
            ("Which came first, she called Ben or she read a book?", "she read a book"),
        ],
    );
}

#[test]
fn who_was_first() {
    check(
        "Anna left at 9:00. Ben left at 8:30.",
        &[
            ("Who left first, Anna or Ben?", "ben left"),
            ("Who left last, Anna or Ben?", "anna left"),
            ("Did Anna or Ben leave first?", "ben left"),
            ("How long after Ben left did Anna leave?", "30 min"),
            ("Did Anna leave half an hour after Ben left?", "yes"),
        ],
    );
}

#[test]
fn habits_are_counted() {
    check(
        "Anna swims three times a week. Every Monday, Ben sings. Carl pays every other week. On weekdays, Dora works.",
        &[
            ("How often does Anna swim?", "three times a week"),
            ("How many times does Anna swim in four weeks?", "12"),
            ("How many times does Ben sing in May 2024?", "4"),
            ("How many times does Carl pay in eight weeks?", "4"),
            ("How many times does Dora work in February 2024?", "21"),
            (
                "How many times does Anna swim in a month?",
                "unknown: how often exactly: three times a week and a month have no common measure",
            ),
        ],
    );
}

#[test]
fn days_are_counted_from_the_day_of_telling() {
    check(
        "Anna left yesterday at 10:00. Ben leaves tomorrow at noon. Carl left three days ago.",
        &[
            ("How long after Anna left did Ben leave?", "2 d 2 h"),
            ("When did Anna leave?", "yesterday 10:00"),
            ("Who left first, Anna or Ben?", "anna left"),
            ("Did Carl leave before Anna left?", "yes"),
        ],
    );
}

#[test]
fn a_date_and_a_yesterday_do_not_meet() {
    check(
        "Anna left yesterday. Ben arrived on 3 March 2024.",
        &[(
            "How long after Anna left did Ben arrive?",
            "unsupported: sentence 1 is not read for its time: Anna left yesterday.",
        )],
    );
}

#[test]
fn the_day_of_telling_may_be_said() {
    check(
        "Today is 3 March 2024. Anna left yesterday at 10:00. Ben arrived on 1 March 2024 at 10:00.",
        &[
            ("How long after Ben arrived did Anna leave?", "1 d"),
            ("When did Anna leave?", "2024-03-02 10:00"),
        ],
    );
}

#[test]
fn days_follow_each_other_over_a_leap_day() {
    check(
        "On 28 February 2024 the ship sailed. The next day, the storm began. The following day, the ship sank.",
        &[("When did the ship sink?", "2024-03-01"), ("When did the storm begin?", "2024-02-29")],
    );
}

#[test]
fn a_day_of_an_unknown_week_is_not_read() {
    check(
        "Anna left on Monday. Ben left on Tuesday.",
        &[(
            "Who left first, Anna or Ben?",
            "unsupported: sentence 1 is not read for its time: Anna left on Monday.",
        )],
    );
}

#[test]
fn years_and_decades_bound() {
    check(
        "The shop opened in 1999. The shop closed by 2005. The owner died in the 1980s.",
        &[
            ("Did the owner die before the shop opened?", "yes"),
            ("Did the shop open after 1998?", "yes"),
            ("Did the owner die in 1985?", "unknown: the story leaves open when"),
        ],
    );
}

#[test]
fn a_night_in_which_clocks_change_is_shorter() {
    check(
        "The flight left at 23:30 Europe/Berlin on 30 March 2024. The flight landed on 31 March 2024 at 06:00 Europe/Berlin.",
        &[("How long after the flight left did the flight land?", "5 h 30 min")],
    );
}

#[test]
fn what_had_happened_before() {
    check(
        "By the time the police came, the thief had fled. Prior to that, the alarm rang.",
        &[
            ("Did the thief flee before the police came?", "yes"),
            ("Did the alarm ring before the thief fled?", "yes"),
        ],
    );
}

#[test]
fn parts_of_the_day_are_in_order() {
    check(
        "In the evening, Anna sang. In the morning, Ben danced.",
        &[("Did Ben dance before Anna sang?", "yes")],
    );
}

#[test]
fn lengths_said_with_for() {
    check(
        "Anna slept for eight hours. Ben slept for 90 minutes.",
        &[
            ("How long did Anna sleep?", "8 h"),
            ("Which lasted longer, Anna slept or Ben slept?", "anna slept"),
            ("Did Anna sleep longer than Ben slept?", "yes"),
        ],
    );
}

#[test]
fn one_moment() {
    check(
        "The bell rang simultaneously with the shot. The dog barked at the same time as the bell rang.",
        &[
            ("Did the shot and the dog bark at the same time?", "yes"),
            ("Did the dog bark and the bell ring at the same time?", "yes"),
        ],
    );
}

#[test]
fn hours_from_now() {
    check(
        "Half an hour ago the bell rang. In two hours the train leaves.",
        &[("How long after the bell rang did the train leave?", "2 h 30 min")],
    );
}

#[test]
fn an_hour_without_a_day_says_what_it_assumes() {
    let text = "Anna left on 3 March 2024 at 9:00. Ben left at 10:00.";
    let story = Story::read(text, StorySettings::default());
    let found = answer(&story, "How long after Anna left did Ben leave?");
    assert_eq!(found.text, "1 h");
    let evidence = format!("{:?}", found.evidence);
    assert!(evidence.contains("of the day that was told last"), "{evidence}");
}

#[test]
fn hours_belong_to_the_day_that_stands_with_them() {
    let begun = "How long after Anna left did the talk begin?";
    for told in [
        "The talk lasted from 9:00 to 11:00 today.",
        "Today the talk lasted from 9:00 to 11:00.",
        "Today, the talk began at 9:00.",
        "The talk lasted from 9:00 to 11:00 on 3 March 2024.",
        "On 3 March 2024 the talk lasted from 9:00 to 11:00.",
    ] {
        check(
            &format!("Today is 3 March 2024. Anna left yesterday at 23:30. {told}"),
            &[(begun, "9 h 30 min")],
        );
    }
}
