//! Ways on foot and turns on them, in a room whose answers can be seen on paper.

use chronotope_ask::program::answer;
use chronotope_world::{World, text::parse};

/// A bed 4 m east of a door, a cabinet across the straight way, a lamp above the way around it; tv and sofa to the north.
fn room() -> World {
    parse(
        "coverage always all labels\n\
         door 1\n  always: (0, 0, 1) size (0.1, 1, 2) yaw 0\n\
         bed 2\n  always: (4, 0, 0.3) size (2, 1.6, 0.6) yaw 0\n\
         cabinet 3\n  always: (2, 0.5, 1) size (1, 4, 2) yaw 0\n\
         lamp 4\n  always: (1, -1, 2.8) size (0.5, 0.5, 0.5) yaw 0\n\
         tv 5\n  always: (4, 3, 1) size (0.1, 1, 0.6) yaw 0\n\
         sofa 6\n  always: (0, 3, 0.4) size (2, 1, 0.8) yaw 0\n\
         chair 7\n  always: (-1, 2, 0.4) size (0.5, 0.5, 0.8) yaw 0\n\
         chair 8\n  always: (-1, -2, 0.4) size (0.5, 0.5, 0.8) yaw 0\n",
    )
    .expect("valid")
}

fn asks(pairs: &[(&str, &str)]) {
    let world = room();
    let mut wrong = Vec::new();
    for (program, expected) in pairs {
        let found = match answer(&world, program) {
            Ok(answered) => answered.answer.text,
            Err(error) => format!("error: {error}"),
        };
        if found != *expected {
            wrong.push(format!("{program}\n    expected: {expected}\n    found:    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_shortest_way_goes_around_what_stands_there() {
    asks(&[
        ("route_length(all(\"door\"), all(\"bed\"))", "5.243 m"),
        ("route_length(all(\"bed\"), all(\"door\"))", "5.243 m"),
        ("route_length(all(\"door\"), all(\"bed\"), clearance: 0.3 m) > 5.3 m", "yes"),
        ("route_length(all(\"door\"), all(\"bed\"), clearance: 0.3 m) < 6 m", "yes"),
        (
            "route(all(\"door\"), all(\"bed\"))",
            "go forward 2.12 m, turn left by 45 degrees, go forward 1 m, turn left by 45 degrees, go forward 2.12 m",
        ),
        ("route_length(all(\"door\"), all(\"chair\"))", "ambiguous: `chair`: which of 2 things is meant"),
        ("route_length(all(\"door\"), all(\"oven\"))", "unknown: `oven`: there is no such thing"),
    ]);
}

#[test]
fn turns_past_landmarks() {
    asks(&[
        (
            "route_turns(all(\"door\"), all(\"bed\"), [all(\"bed\"), all(\"tv\"), all(\"sofa\")], asked: [2, 3])",
            "left, left",
        ),
        ("route_turns(all(\"door\"), all(\"bed\"), [all(\"sofa\")])", "left"),
        ("route_turns(all(\"door\"), all(\"sofa\"), [all(\"bed\"), all(\"door\")])", "right, back"),
        // all corners of the bed agree, those of the cabinet do not
        ("route_turns(all(\"door\"), all(\"sofa\"), [all(\"bed\"), all(\"tv\")], parts: [1])", "right, left"),
        (
            "route_turns(all(\"door\"), all(\"bed\"), [all(\"cabinet\")], parts: [1])",
            "ambiguous: where at its thing a landmark is that is only a part of it",
        ),
        // of two chairs behind the door the options leave one side
        (
            "route_turns(all(\"door\"), all(\"bed\"), [all(\"chair\"), all(\"sofa\")], asked: [1, 2], among: [\"right left\", \"left right\"])",
            "left, right",
        ),
        ("route_turns(all(\"tv\"), all(\"tv\"), [all(\"bed\")], looking: away)", "left"),
        // before the tv, which hangs at the east end
        ("route_turns(all(\"tv\"), all(\"tv\"), [all(\"sofa\")])", "back"),
        ("route_turns(all(\"door\"), all(\"bed\"), [all(\"sofa\"), all(\"chair\")], asked: [1])", "left"),
        (
            "route_turns(all(\"door\"), all(\"bed\"), [all(\"chair\")])",
            "ambiguous: which of several is meant: chair",
        ),
        (
            "route_turns(all(\"door\"), all(\"oven\"), [all(\"toilet\")])",
            "unknown: where the oven is: no such thing is known; where the toilet is: no such thing is known",
        ),
        (
            "route_turns(all(\"door\"), all(\"bed\"), [all(\"sofa\")], asked: [2])",
            "unknown: leg 2 of a route with 1 legs",
        ),
    ]);
}
