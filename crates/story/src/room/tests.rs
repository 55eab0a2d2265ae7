use crate::{Story, StorySettings, answer};
use chronotope_world::Status;

type Fits = Box<dyn Fn(&[(i32, i32)]) -> bool>;

fn ask(text: &str, question: &str) -> chronotope_world::Answer {
    answer(&Story::read(text, StorySettings::default()), question)
}

const FLAT: &str = "The room is a 12 by 12 grid. No two things share a cell. The bed is in the northwest corner. \
    The desk is south of the bed. The lamp is northeast of the desk and touches the east wall. The chair is near the desk. \
    The sofa is in the southeast part of the room.";

#[test]
fn what_holds_in_all_layouts_is_so() {
    for (question, expected) in [
        ("Is the bed north of the desk?", "yes"),
        ("Is the lamp north of the desk?", "no"),
        ("Is the lamp east of the sofa?", "unknown: it is possible, and so is the opposite"),
        ("Can the lamp be north of the sofa?", "yes"),
        ("Must the chair be in the middle?", "no"),
        ("Could the sofa be west of the bed?", "no"),
        ("What is the relation between the desk and the bed?", "south"),
        ("What is the relation between the bed and the sofa?", "northwest"),
        ("In which part of the room is the bed?", "northwest"),
        ("How far is the sofa from the bed?", "unknown: which of what is possible: medium, far"),
        ("Does the lamp touch the wall?", "yes"),
        ("Does the lamp touch the west wall?", "no"),
        (
            "Which relations are possible between the lamp and the sofa?",
            "north, northeast, east, southeast, south",
        ),
        ("Where is the cat relative to the bed?", "unknown: the story names no cat"),
    ] {
        assert_eq!(ask(FLAT, question).text, expected, "{question}");
    }
}

#[test]
fn the_sentences_that_decide_are_cited_and_those_that_clash_named() {
    let answer = ask(FLAT, "Is the lamp north of the desk?");
    let cited: Vec<String> = answer.evidence.iter().map(|e| format!("{e:?}")).collect();
    assert!(cited.len() == 1 && cited[0].contains("sentence 5"), "{cited:?}");
    let torn = format!("{FLAT} The desk is in the northwest corner. The bed touches the south wall.");
    let answer = ask(&torn, "Is the lamp north of the desk?");
    assert_eq!(answer.status, Status::Ambiguous);
    assert_eq!(answer.text, "ambiguous: sentences 4, 9 contradict each other");
}

#[test]
fn sides_are_read_only_from_a_door() {
    let seen = "The room is a 9 by 9 grid. You look north from the south door. The bed is to the left of the desk. The lamp is behind the bed.";
    assert_eq!(ask(seen, "Is the desk to the right of the bed?").text, "yes");
    assert_eq!(ask(seen, "Is the bed in front of the lamp?").text, "yes");
    assert_eq!(ask(seen, "Is the lamp west of the desk?").status, Status::Unknown);
    let unseen = "The room is a 9 by 9 grid. The bed is to the left of the desk.";
    assert_ne!(ask(unseen, "Is the bed west of the desk?").status, Status::Answered);
}

const SIDE: i32 = 4;
const WAYS: [&str; 8] =
    ["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"];

fn way_of(a: (i32, i32), b: (i32, i32)) -> &'static str {
    let sign = |v: i32| i32::from(v > 0) - i32::from(v < 0);
    let signs = [(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)];
    let way = (sign(a.0 - b.0), sign(a.1 - b.1));
    signs.iter().position(|w| *w == way).map_or("same place", |at| WAYS[at])
}

fn part_of(a: (i32, i32)) -> &'static str {
    let third = |c: i32| c * 3 / SIDE - 1;
    match (third(a.0), third(a.1)) {
        (0, 0) => "middle",
        way => way_of(way, (0, 0)),
    }
}

fn far_of(a: (i32, i32), b: (i32, i32)) -> &'static str {
    let far = f64::from((a.0 - b.0).pow(2) + (a.1 - b.1).pow(2)).sqrt();
    let longest = f64::from(2 * (SIDE - 1).pow(2)).sqrt();
    let beyond = |share: f64| usize::from(far > longest * share - 1e-9);
    ["near", "medium", "far"][beyond(1.0 / 3.0) + beyond(2.0 / 3.0)]
}

fn at_wall(a: (i32, i32)) -> bool {
    a.0 == 0 || a.1 == 0 || a.0 == SIDE - 1 || a.1 == SIDE - 1
}

/// Against rooms drawn by seed, told in part: every answer is compared with all layouts of the same facts, counted one by one on a
/// smaller floor by other code.
#[test]
fn answers_equal_those_of_all_layouts_counted_one_by_one() {
    let mut state = 11u64;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let things = ["bed", "desk", "lamp"];
    let (mut certain, mut open) = (0, 0);
    for _ in 0..60 {
        let truth: Vec<(i32, i32)> =
            things.iter().map(|_| (below(SIDE as usize) as i32, below(SIDE as usize) as i32)).collect();
        let mut text = "The room is a 4 by 4 grid. ".to_owned();
        let mut told: Vec<Fits> = Vec::new();
        for _ in 0..3 {
            let (a, b) = (below(3), below(3));
            match below(4) {
                0 if a != b && truth[a] != truth[b] => {
                    let way = way_of(truth[a], truth[b]);
                    text += &format!("The {} is {way} of the {}. ", things[a], things[b]);
                    told.push(Box::new(move |at| way_of(at[a], at[b]) == way));
                }
                1 => {
                    let part = part_of(truth[a]);
                    text += &format!("The {} is in the {part} part of the room. ", things[a]);
                    told.push(Box::new(move |at| part_of(at[a]) == part));
                }
                2 => {
                    let touches = at_wall(truth[a]);
                    let verb = if touches { "touches" } else { "does not touch" };
                    text += &format!("The {} {verb} the wall. ", things[a]);
                    told.push(Box::new(move |at| at_wall(at[a]) == touches));
                }
                _ if a != b => {
                    let far = far_of(truth[a], truth[b]);
                    let words =
                        [("near", "near"), ("medium", "at a medium distance from"), ("far", "far from")];
                    let word = words.iter().find(|(f, _)| *f == far).expect("a word").1;
                    text += &format!("The {} is {word} the {}. ", things[a], things[b]);
                    told.push(Box::new(move |at| far_of(at[a], at[b]) == far));
                }
                _ => {}
            }
        }
        for thing in things {
            text += &format!("The {thing} is inside the room. ");
        }
        let story = Story::read(&text, StorySettings::default());
        assert!(story.unread().is_empty(), "{:?} {text}", story.unread());
        let cells: Vec<(i32, i32)> = (0..SIDE).flat_map(|x| (0..SIDE).map(move |y| (x, y))).collect();
        let mut layouts: Vec<[(i32, i32); 3]> = Vec::new();
        for &p in &cells {
            for &q in &cells {
                layouts.extend(cells.iter().map(|&r| [p, q, r]).filter(|at| told.iter().all(|t| t(at))));
            }
        }
        for _ in 0..4 {
            let (a, b) = (below(3), below(3));
            if a == b {
                continue;
            }
            let mut possible: Vec<&str> = layouts.iter().map(|at| way_of(at[a], at[b])).collect();
            possible.sort_unstable();
            possible.dedup();
            let question = format!("What is the relation between the {} and the {}?", things[a], things[b]);
            let found = answer(&story, &question);
            if let [one] = possible[..] {
                assert_eq!(found.text, one, "{question} {text}");
                certain += 1;
            } else {
                assert_eq!(found.status, Status::Unknown, "{question} {text} {}", found.text);
                open += 1;
            }
            let listed =
                format!("Which relations are possible between the {} and the {}?", things[a], things[b]);
            let mut all: Vec<String> = answer(&story, &listed).text.split(", ").map(str::to_owned).collect();
            all.sort_unstable();
            assert_eq!(all, possible, "{listed} {text}");
            let way = WAYS[below(8)];
            let found = answer(&story, &format!("Is the {} {way} of the {}?", things[a], things[b])).text;
            let expected = match (possible.contains(&way), possible.len()) {
                (true, 1) => "yes",
                (false, _) => "no",
                _ => "unknown: it is possible, and so is the opposite",
            };
            assert_eq!(found, expected, "{way} {text}");
        }
    }
    assert!(certain > 20 && open > 20, "{certain} {open}");
}

#[test]
fn odd_rooms_are_read_or_not() {
    for text in [
        "The room is a 0 by 0 grid. The bed is north of the desk.",
        "The room is a 99 by 99 grid. The bed is north of the desk.",
        "The room is a 3 by 4 grid. The bed is north of the desk.",
        "The room is a 12x12 grid. The is north of the.",
        "The room is a 12x12 grid. The bed is north of the bed.",
    ] {
        let _ = ask(text, "Is the bed north of the desk?");
    }
    let crowd = (0..40).map(|i| format!("T{i} is near T{}. ", i + 1)).collect::<Vec<_>>().concat();
    let answer = ask(&format!("The room is a 32 by 32 grid. {crowd}"), "Is T0 near T20?");
    assert_ne!(answer.status, Status::Answered);
}
