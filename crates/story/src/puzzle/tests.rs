use crate::{Story, StorySettings, answer};

const MAZE: &str = "Anna is in the maze.\n\nMaze facing east:\n#######\n#S   G#\n# ### #\n#     #\n#######\n";

#[track_caller]
fn asks(story: &str, pairs: &[(&str, &str)]) {
    let story = Story::read(story, StorySettings::default());
    for (question, expected) in pairs {
        assert_eq!(answer(&story, question).text, *expected, "{question}");
    }
}

#[test]
fn mazes_in_english() {
    asks(
        MAZE,
        &[
            ("What is the shortest way out of the maze?", "right 4"),
            ("How long is the shortest way?", "4"),
            ("How many steps are needed at least?", "4"),
            ("How many shortest ways are there?", "1"),
            ("Is there a way out?", "yes"),
            ("Does 'right 4' lead to the exit?", "yes"),
            ("Does 'forward 4' lead to the exit?", "yes"),
            ("Does 'turn right, forward 2, left, forward 4, left, forward 2' lead to the exit?", "yes"),
            ("Is 'down 2, right 4, up 2' a shortest way?", "no: 8 moves, 4 are enough"),
            (
                "Does 'down 2, right 5' lead to the exit?",
                "no: move 2 fails, `right 5`: a wall stands at column 7, row 4",
            ),
            ("Does 'right 3' lead to the exit?", "no: it ends at column 5, row 2"),
            (
                "Does 'forward 4' lead to the exit when facing south?",
                "no: move 1 fails, `forward 4`: a wall stands at column 2, row 5",
            ),
            (
                "Is the plan 'open the door' valid?",
                "unknown: move 1: expected a turn or a way and a number of cells, found `open the door`",
            ),
        ],
    );
}

#[test]
fn a_story_around_the_drawing_is_still_read() {
    asks(MAZE, &[("Where is Anna?", "maze")]);
    asks(
        "Maze:\n#####\n#S#G#\n#####\n",
        &[
            ("Is there a way out of the maze?", "no"),
            ("How many steps at least?", "unknown: no plan leads to the goal of the maze"),
            (
                "Does 'forward 2' lead to the exit?",
                "unknown: which way one looks at the start (`Maze facing north:`)",
            ),
        ],
    );
}

#[test]
fn tiles_in_english() {
    asks(
        "Tiles:\n1 2 3\n4 _ 6\n7 5 8\n",
        &[
            ("How many moves at least?", "2"),
            ("What is the shortest solution?", "5, 8"),
            ("Does '5, 8' solve the puzzle?", "yes"),
            ("Does '8, 5' solve the puzzle?", "no: move 1 fails, tile 8 is not beside the gap"),
            ("Does '5' solve the puzzle?", "no: column 2, row 3 holds the gap and not tile 8"),
        ],
    );
    asks("Tiles:\n2 1 3\n4 5 6\n7 8 _\n", &[("Can the puzzle be solved?", "no")]);
}

#[test]
fn blocks_in_english() {
    // a car in the way has to go up
    let jam = "Blocks: lengthwise\n....\n..B.\nAAB.\n....\ngoal: A at 3 3\n";
    asks(
        jam,
        &[
            ("What is the shortest plan?", "B up 1, A right 2"),
            ("How many moves at least?", "2"),
            ("Does 'A right 2' solve the puzzle?", "no: move 1 fails, `A right 2`: it runs into block B"),
            (
                "Does 'B left 1' solve the puzzle?",
                "no: move 1 fails, `B left 1`: block B goes along its longer side only",
            ),
            ("Does 'B up 1, A right 2' solve the puzzle?", "yes"),
            ("Does 'B up 1, A right 1' solve the puzzle?", "no: block A ends at column 2, row 3"),
        ],
    );
}

const TASK: &str = "Task:\nstart: robot in hall, door closed, key in hall\ngoal: robot in vault\n\
    take key: needs robot in hall, key in hall; adds robot has key; removes key in hall\n\
    open door: needs robot in hall, robot has key, door closed; adds door open; removes door closed\n\
    go to vault: needs robot in hall, door open; adds robot in vault; removes robot in hall\n";

#[test]
fn tasks_in_english() {
    asks(
        TASK,
        &[
            ("What is the plan?", "take key, open door, go to vault"),
            ("How many actions are needed at least?", "3"),
            ("Can the goal be reached?", "yes"),
            ("Is the plan 'take key, open door, go to vault' valid?", "yes"),
            (
                "Is the plan 'open door, go to vault' valid?",
                "no: move 1 fails, `open door` needs `robot has key`, which does not hold then",
            ),
            ("Is the plan 'take key' valid?", "no: at the end `robot in vault` does not hold"),
        ],
    );
}

#[test]
fn what_is_asked_of_something_else_is_not_answered_by_a_puzzle() {
    asks(TASK, &[("How many moves does the maze need at least?", "unknown: the story has no maze")]);
    let story = Story::read(MAZE, StorySettings::default());
    let found = answer(&story, "What is the shortest way out of the maze for a knight?");
    assert!(found.value.is_none(), "{found:?}");
}

#[test]
fn hostile_puzzles_are_unread_or_unknown_within_bounds() {
    for text in [
        "Maze:\n#S G\n##\nG\n",
        "Maze:\nSG?\n",
        "Tiles:\n1 1\n",
        "Tiles:\n1 2 3\n4\n",
        "Tiles:\n300 _\n",
        "Blocks:\nAB\n",
        "Blocks:\nA.\ngoal: B at 1 1\n",
        "Blocks:\nA.\ngoal: A at 0 0\n",
        "Task:\nstart a\n",
        "Task:\nstart: a\n",
        "Task:\ngoal: b\nx: eats a\n",
        "Maze facing home:\nS G\n",
        "Maze:\nS\u{301}G\n",
        "Tiles:\n_\n",
    ] {
        let story = Story::read(text, StorySettings::default());
        let found = answer(&story, "How many moves at least?");
        assert!(found.value.is_none() || text == "Tiles:\n_\n", "{text}: {found:?}");
    }
    // the goal of the fifteen is far: a bound, not an hour
    let far = "Tiles:\n15 14 8 12\n10 11 9 13\n2 6 5 1\n3 7 4 _\n";
    let found = answer(&Story::read(far, StorySettings::default()), "How many moves at least?");
    assert!(found.value.is_none(), "{found:?}");
    let rows = vec!["#".repeat(3000); 400].join("\n");
    let big = Story::read(&format!("Maze:\n{rows}\n"), StorySettings::default());
    assert_eq!((big.puzzles().count(), big.unread().len()), (0, 1));
    assert!(answer(&big, "How many steps at least?").value.is_none());
}
