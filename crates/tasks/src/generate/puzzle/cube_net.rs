//! Nets of cubes: whether six squares fold into one (STARE `folding_nets`, Li et al., 2025), and which squares lie opposite each other then
//! (Spatial-DISE's 3D folding, 2025).

use super::quiz::{Quiz, Quizzed};
use super::quiz_knobs;
use crate::generate::{Family, Knob, Knobs, Range, Said, Skip, Stream};
use chronotope_simulate::puzzle::{Net, NetSettings};
use chronotope_world::Picture;
use chronotope_world::catalogue::Entry;

/// Whether a net folds, or what lies opposite.
pub type CubeNetTask = Quiz<Net>;

const MARKS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

impl Quizzed for Net {
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "cube-net",
        about: "whether six squares fold into a cube, or which of them lie opposite each other then",
        source: "tasks/src/generate/puzzle/cube_net.rs",
        paper: Some("STARE, 2025"),
        example: "chronotope make cube-net --count 10 --out items",
    };
    const FAMILY: Family = Family::Shape;
    const RULES: &'static str =
        "Six squares joined by their edges are cut out of paper and folded along the edges that they share.";
    const KNOBS: &'static [Knob] = quiz_knobs![
        5,
        ["2", "4", "5"],
        Knob {
            name: "ask",
            about: "what is asked: whether it folds into a cube (yes or no), or which square lies opposite another",
            range: Range::Word(&["folds", "opposite"]),
            levels: ["folds", "opposite", "opposite"],
        },
    ];

    fn settings(knobs: &Knobs) -> NetSettings {
        NetSettings { folds: if knobs.word("ask") == "opposite" { Some(true) } else { None } }
    }

    fn picture(&self, knobs: &Knobs) -> Picture {
        let marks: &[&str] = if knobs.word("ask") == "opposite" { &MARKS } else { &[] };
        self.draw_marked(marks, knobs.whole("side_px") as u32)
    }

    fn text(&self, knobs: &Knobs) -> String {
        if knobs.word("ask") == "folds" {
            return self.to_string();
        }
        let mut marks = MARKS.iter();
        let mark = |c: char| {
            if c == '#' { marks.next().map_or(c, |mark| mark.chars().next().unwrap_or(c)) } else { c }
        };
        self.to_string().chars().map(mark).collect()
    }

    fn question(&self, answer: &bool, stream: &mut Stream, knobs: &Knobs) -> Result<(String, Said), Skip> {
        if knobs.word("ask") == "folds" {
            let word = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
            let said = Said::Choice { right: word(*answer), wrong: vec![word(!*answer)] };
            return Ok(("Do they fold into a cube?".to_owned(), said));
        }
        let pairs = self.opposite().ok_or(Skip::world("it does not fold into a cube"))?;
        let (mut of, mut right) = *stream.choose(&pairs).ok_or(Skip::world("no pair of faces"))?;
        if stream.chance(0.5) {
            (of, right) = (right, of);
        }
        let mut wrong: Vec<String> =
            (0..6).filter(|&at| at != of && at != right).map(|at| MARKS[at].to_owned()).collect();
        stream.shuffle(&mut wrong);
        wrong.truncate(knobs.count("options").saturating_sub(1));
        let asked = format!("Which square lies opposite {} on the cube?", MARKS[of]);
        Ok((asked, Said::Choice { right: MARKS[right].to_owned(), wrong }))
    }
}
