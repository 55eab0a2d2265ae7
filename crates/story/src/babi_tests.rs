//! Generated stories with truth from a small simulator of their own: the relation, two and three supporting facts, gifts,
//! yes/no, counting, lists, negation, pronouns, conjunction, time, size, positions and ways (kinds of bAbI, Weston 2015).

use super::{Reach, Story, StorySettings, answer};
use chronotope_world::Status;
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: [&str; 4] = ["Mary", "John", "Sandra", "Daniel"];
const ROOMS: [&str; 6] = ["kitchen", "garden", "office", "hallway", "bathroom", "bedroom"];
const THINGS: [&str; 3] = ["milk", "apple", "football"];

struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % n as u64) as usize
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

fn told(story: &Story, question: &str) -> (Status, String) {
    let found = answer(story, question);
    (found.status, found.text)
}

/// People move, take, drop and give; all that the simulator knows is asked.
#[test]
fn people_and_things() {
    for seed in 0..200 {
        let mut draw = Draw(seed);
        let mut text = String::new();
        let mut place: BTreeMap<&str, &str> = BTreeMap::new();
        let mut held: BTreeMap<&str, &str> = BTreeMap::new(); // thing → who
        let mut path: BTreeMap<&str, Vec<&str>> = BTreeMap::new(); // of things
        let mut gift: Option<(&str, &str, &str)> = None;
        for who in PEOPLE {
            let room = draw.of(&ROOMS);
            text += &format!(
                "{who} {} to the {room}. ",
                draw.of(&["went", "moved", "journeyed", "travelled", "went back"])
            );
            place.insert(who, room);
        }
        let step = |path: &mut BTreeMap<&str, Vec<&'static str>>, thing: &'static str, at: &'static str| {
            let stays = path.entry(thing).or_default();
            if stays.last() != Some(&at) {
                stays.push(at);
            }
        };
        for _ in 0..20 {
            let who = draw.of(&PEOPLE);
            let thing = draw.of(&THINGS);
            match draw.below(5) {
                0 | 1 => {
                    let room = draw.of(&ROOMS);
                    let pronoun = draw.below(3) == 0;
                    text += &format!("{who} went to the hallway. ");
                    let he = if ["John", "Daniel"].contains(&who) { "he" } else { "she" };
                    text += &if pronoun {
                        format!("After that {he} went to the {room}. ")
                    } else {
                        format!("Then {who} moved to the {room}. ")
                    };
                    for at in ["hallway", room] {
                        place.insert(who, at);
                        let mine: Vec<&str> =
                            held.iter().filter(|(_, h)| **h == who).map(|(t, _)| *t).collect();
                        for thing in THINGS.into_iter().filter(|t| mine.contains(t)) {
                            step(&mut path, thing, ROOMS.into_iter().find(|r| *r == at).expect("a room"));
                        }
                    }
                }
                2 if !held.contains_key(thing)
                    && path.get(thing).is_none_or(|p| p.last() == Some(&place[who])) =>
                {
                    text += &format!(
                        "{who} {} the {thing}{}. ",
                        draw.of(&["took", "picked up", "got", "grabbed"]),
                        draw.of(&["", " there"])
                    );
                    held.insert(thing, who);
                    step(&mut path, thing, place[who]);
                }
                3 if held.get(thing) == Some(&who) => {
                    text += &format!(
                        "{who} {} the {thing}. ",
                        draw.of(&["dropped", "put down", "discarded", "left"])
                    );
                    held.remove(thing);
                }
                4 if held.get(thing) == Some(&who) => {
                    let to = draw.of(&PEOPLE);
                    if to != who && place[to] == place[who] {
                        text += &format!(
                            "{who} {} the {thing} to {to}. ",
                            draw.of(&["gave", "handed", "passed"])
                        );
                        held.insert(thing, to);
                        gift = Some((who, thing, to));
                    }
                }
                _ => {}
            }
        }
        let story = Story::read(&text, StorySettings::default());
        assert_eq!(story.unread(), [], "{text}");
        let check = |question: String, expected: &str| {
            assert_eq!(
                told(&story, &question),
                (Status::Answered, expected.to_owned()),
                "seed {seed}: {text}\n{question}"
            );
        };
        for who in PEOPLE {
            check(format!("Where is {who}?"), place[who]);
            // a room that the story names
            let room = place["John"];
            let is_there = if place[who] == room { "yes" } else { "no" };
            check(format!("Is {who} in the {room}?"), is_there);
            let mine: BTreeSet<&str> = held.iter().filter(|(_, h)| **h == who).map(|(t, _)| *t).collect();
            check(format!("How many objects is {who} carrying?"), &mine.len().to_string());
            let listed = told(&story, &format!("What is {who} carrying?")).1;
            let listed: BTreeSet<&str> = listed.split(", ").filter(|w| *w != "nothing").collect();
            assert_eq!(listed, mine, "{text}");
        }
        for (thing, stays) in &path {
            check(format!("Where is the {thing}?"), stays[stays.len() - 1]);
            if let [.., before, last] = stays[..] {
                check(format!("Where was the {thing} before the {last}?"), before);
            }
        }
        if let Some((who, what, to)) = gift {
            check(format!("Who gave the {what}?"), who);
            check(format!("Who received the {what}?"), to);
        }
    }
}

/// Boxes on a grid, told in a random order with noise between, asked for any pair.
#[test]
fn positions_and_ways() {
    let words = [(1, 0, "east"), (-1, 0, "west"), (0, 1, "north"), (0, -1, "south")];
    for seed in 0..200 {
        let mut draw = Draw(seed);
        let mut at: Vec<(i64, i64)> = vec![(0, 0)];
        let mut said = Vec::new();
        for (room, name) in ROOMS.into_iter().enumerate().skip(1) {
            let from = draw.below(room);
            let (x, y, word) = words[draw.below(4)];
            at.push((at[from].0 + x, at[from].1 + y));
            let back = words.iter().find(|w| (w.0, w.1) == (-x, -y)).expect("four words").2;
            said.push(if draw.below(2) == 0 {
                format!("The {name} is {word} of the {}.", ROOMS[from])
            } else {
                format!("The {} is {back} of the {name}.", ROOMS[from])
            });
        }
        for i in (1..said.len()).rev() {
            said.swap(i, draw.below(i + 1));
        }
        said.insert(draw.below(said.len()), "The cup is left of the plate.".to_owned());
        let story = Story::read(
            &said.join(" "),
            StorySettings { reach: Reach::Step, closed: false, skip_unread: false },
        );
        let (a, b) = (draw.below(6), draw.below(6));
        if a == b {
            continue;
        }
        let (x, y) = (at[a].0 - at[b].0, at[a].1 - at[b].1);
        let east = told(&story, &format!("Is the {} east of the {}?", ROOMS[a], ROOMS[b]));
        assert_eq!(east, (Status::Answered, if x > 0 { "yes" } else { "no" }.to_owned()), "{said:?}");
        let found = told(&story, &format!("Where is the {} relative to the {}?", ROOMS[a], ROOMS[b])).1;
        let across = ["left", "", "right"][(x.signum() + 1) as usize];
        let expected = match (y.signum(), across) {
            (0, "") => "overlap".to_owned(),
            (0, across) => across.to_owned(),
            (y, "") => if y > 0 { "above" } else { "below" }.to_owned(),
            (y, across) => format!("{}-{across}", if y > 0 { "upper" } else { "lower" }),
        };
        assert_eq!(found, expected, "{said:?}");
        // the way leads there
        let way = told(&story, &format!("How do you go from the {} to the {}?", ROOMS[b], ROOMS[a])).1;
        let sum = way.split(", ").fold((0, 0), |sum, turn| {
            let word = words.iter().find(|w| w.2 == turn).unwrap_or_else(|| panic!("{way}"));
            (sum.0 + word.0, sum.1 + word.1)
        });
        assert_eq!(sum, (x, y), "{said:?}: {way}");
    }
}

/// Sizes and open drawings against the truth of numbers: what is answered is right, and chains are found.
#[test]
fn what_is_answered_holds_in_the_world_that_was_told() {
    for seed in 0..100 {
        let mut draw = Draw(seed);
        let boxes = ["box", "chest", "crate", "bag", "suitcase"];
        let place: Vec<(usize, usize)> = (0..5).map(|_| (draw.below(5), draw.below(5))).collect();
        let mut text = String::new();
        for _ in 0..6 {
            let (a, b) = (draw.below(5), draw.below(5));
            if place[a].0 < place[b].0 {
                text += &format!("The {} is to the left of the {}. ", boxes[a], boxes[b]);
            }
            if place[a].1 < place[b].1 {
                text += &format!(
                    "The {} {} the {}. ",
                    boxes[a],
                    draw.of(&["fits inside", "is smaller than"]),
                    boxes[b]
                );
            }
        }
        let story = Story::read(&text, StorySettings::default());
        for a in 0..5 {
            for b in (0..5).filter(|b| *b != a) {
                for (question, truth) in [
                    (
                        format!("Is the {} to the right of the {}?", boxes[a], boxes[b]),
                        place[a].0 > place[b].0,
                    ),
                    (format!("Does the {} fit in the {}?", boxes[a], boxes[b]), place[a].1 < place[b].1),
                ] {
                    let (status, found) = told(&story, &question);
                    if status == Status::Answered && found == "yes" {
                        assert!(truth, "{text}\n{question}");
                    }
                    assert_ne!(status, Status::Ambiguous, "{text}\n{question}");
                }
            }
        }
    }
}
