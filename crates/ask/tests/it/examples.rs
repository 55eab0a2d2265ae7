//! The example of every operator, calculus and family of questions that `chronotope list` prints is answered on a World of
//! `tests/examples`, and this is the answer.
//!
//! `UPDATE_EXPECT=1 cargo test -p chronotope-ask examples` writes `tests/examples/answers.txt`; what changes there is to be
//! looked at: the Worlds are small enough to check an answer by hand.

use chronotope_ask::ask;
use chronotope_ask::program::answer;
use chronotope_ask::story::{Story, StorySettings};
use chronotope_world::{Answer, Status, World, text};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples")
}

/// The Worlds of `tests/examples` by name, in the order in which they are tried.
fn worlds() -> Vec<(&'static str, World)> {
    let written = |name: &str| {
        let path = folder().join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let mut worlds = Vec::new();
    for name in ["street", "kitchen", "shop", "yard", "pictures", "two_pictures", "views"] {
        let world = text::parse(&written(&format!("{name}.world.txt")));
        worlds.push((name, world.unwrap_or_else(|error| panic!("{name}: {error}"))));
    }
    let story = Story::read(&written("mary.story.txt"), StorySettings::default());
    worlds.push(("mary", story.world("mary").expect("a World")));
    worlds
}

/// The first World on which an example is answered, with the answer; else what each says instead.
fn answered(worlds: &[(&str, World)], kind: &str, example: &str) -> Result<String, String> {
    let mut why = Vec::new();
    for (name, world) in worlds {
        let found: Result<Answer, String> = if kind == "questions" {
            ask(world, example, &[]).map(|asked| asked.answered.answer).map_err(|error| error.to_string())
        } else {
            answer(world, example).map(|answered| answered.answer).map_err(|error| error.to_string())
        };
        match found {
            Ok(answer) if answer.status == Status::Answered => return Ok(format!("{name}: {}", answer.text)),
            Ok(answer) => why.push(format!("    {name}: {}", answer.text)),
            Err(error) => why.push(format!("    {name}: {error}")),
        }
    }
    Err(why.join("\n"))
}

#[test]
fn the_example_of_everything_that_is_listed_is_answered() {
    let worlds = worlds();
    let (mut lines, mut wrong) = (String::new(), Vec::new());
    let entries = [chronotope_ask::catalogue::entries(), chronotope_reason::catalogue::entries()].concat();
    for kind in ["operators", "calculi", "questions"] {
        let mut of_kind: Vec<_> = entries.iter().filter(|entry| entry.kind == kind).collect();
        of_kind.sort_unstable();
        assert!(!of_kind.is_empty(), "no {kind}");
        for entry in of_kind {
            match answered(&worlds, kind, entry.example) {
                Ok(found) => {
                    lines.push_str(&format!("{kind} {}: {}\n    {found}\n", entry.name, entry.example));
                }
                Err(why) => wrong.push(format!("{kind} {}: {}\n{why}", entry.name, entry.example)),
            }
        }
    }
    assert!(wrong.is_empty(), "not answered anywhere:\n{}", wrong.join("\n"));
    let path = folder().join("answers.txt");
    if env::var_os("UPDATE_EXPECT").is_some_and(|wish| wish == "1") {
        fs::write(&path, &lines).expect("the answers can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differs = written.lines().zip(lines.lines()).find(|(then, now)| then != now);
    assert!(
        written == lines,
        "an answer changed, or an example: {differs:?}; UPDATE_EXPECT=1 renews the file"
    );
}
