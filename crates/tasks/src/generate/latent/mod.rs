//! States that are shown once and then changed out of sight: recall what was done, infer the end that is not shown, predict what comes of
//! more. VideoReasonBench (Liu et al., 2025), its three levels and six kinds of questions.
//!
//! The demonstration computes every answer; a replay that works on the text forms alone and shares no code with it must agree. Wrong
//! options are states, sequences or lists near the right one that neither of the two accepts.

mod card;
mod chip;
mod circle;
mod cup;
mod file;
mod number;
mod options;

use super::options::wrong_counts;
use super::{Draft, Family, Knob, Knobs, Material, Media, Said, Show, Skip, Stream, Task};
use chronotope_simulate::canvas::{Film, FilmSettings};
use chronotope_simulate::puzzle::latent::{self, Demo, DemoSettings, Latent, Shown};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Picture, WorldBuilder};
use serde_json::{Map, json};
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

/// Cards laid on piles and taken from below.
pub type HiddenCards = Hiding<latent::Cards>;
/// Chips put into cups and taken out.
pub type HiddenChips = Hiding<latent::Chips>;
/// Pieces that a ring turns over.
pub type HiddenCircle = Hiding<latent::Circle>;
/// Coins under cups that change places.
pub type HiddenCups = Hiding<latent::Cups>;
/// Files that a shell changes.
pub type HiddenFiles = Hiding<latent::Files>;
/// Tiles that slide face down.
pub type HiddenNumber = Hiding<latent::Number>;

/// Knobs of every demonstration; `size` differs.
macro_rules! demo_knobs {
    ($size:expr) => {
        &[
            $size,
            $crate::generate::Knob {
                name: "operations",
                about: "what is done to the state, one after the other",
                range: $crate::generate::Range::Whole(3, 50),
                levels: ["5", "9", "14"],
            },
            $crate::generate::Knob {
                name: "depth",
                about: "what is asked: what was done, the state that is not shown, or what more operations make of it",
                range: $crate::generate::Range::Word(&["recall", "infer", "predict", "any"]),
                levels: ["recall", "infer", "predict"],
            },
            $crate::generate::Knob {
                name: "shown",
                about: "at which end the state is shown",
                range: $crate::generate::Range::Word(&["start", "end", "either"]),
                levels: ["start", "either", "either"],
            },
            $crate::generate::Knob {
                name: "further",
                about: "further operations of a prediction",
                range: $crate::generate::Range::Whole(1, 10),
                levels: ["2", "3", "5"],
            },
            $crate::generate::Knob {
                name: "options",
                about: "options of a question",
                range: $crate::generate::Range::Whole(2, 4),
                levels: ["4", "4", "4"],
            },
            $crate::generate::Knob {
                name: "per_scene",
                about: "questions about one demonstration",
                range: $crate::generate::Range::Whole(1, 12),
                levels: ["2", "2", "2"],
            },
            $crate::generate::Knob {
                name: "media",
                about: "what is shown: a video, or nothing and the demonstration stands in the question",
                range: $crate::generate::Range::Word(&["none", "video"]),
                levels: ["video", "video", "video"],
            },
            $crate::generate::Knob {
                name: "side_px",
                about: "longer side of the video, in pixels",
                range: $crate::generate::Range::Whole(96, 2048),
                levels: ["512", "512", "512"],
            },
            $crate::generate::Knob {
                name: "fps",
                about: "pictures per second",
                range: $crate::generate::Range::Whole(4, 60),
                levels: ["12", "12", "12"],
            },
        ]
    };
}
use demo_knobs;

/// What a demonstration adds to be asked about.
pub(crate) trait Hides: Latent<Operation: Send + Sync> + Send + Sync + 'static {
    /// What it is called and where it comes from.
    const ENTRY: Entry;
    /// What can be set.
    const KNOBS: &'static [Knob];
    /// What is seen, and how states and operations are written.
    const RULES: &'static str;

    /// The state, in its text form, that operations joined by semicolons make of another; none where one of them cannot be made. Works on
    /// texts alone: it checks the demonstration.
    fn replay(state: &str, operations: &str) -> Option<String>;

    /// A state that could be taken for this one: what is always in sight (a gap, a ring) stays where it is.
    fn near(&self, stream: &mut Stream) -> Option<Self> {
        let mut state = self.clone();
        let operation = state.choose(stream)?;
        state.apply(&operation).then_some(state)
    }

    /// Other first states that could come to the same end by the same operations, where operations can lose what was there.
    fn rivals(&self) -> Vec<Self> {
        Vec::new()
    }

    /// An operation in words.
    fn say(operation: &Self::Operation) -> String {
        operation.to_string()
    }
}

/// The task of a demonstration.
#[derive(Clone, Copy, Debug)]
pub struct Hiding<S>(PhantomData<fn() -> S>);

impl<S> Hiding<S> {
    /// The task.
    pub const TASK: Hiding<S> = Hiding(PhantomData);
}

/// A question's text, answer and what it is called.
type Asked = (&'static str, String, Said);

impl<S: Hides> Task for Hiding<S> {
    fn entry(&self) -> Entry {
        S::ENTRY
    }

    fn family(&self) -> Family {
        Family::Latent
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn knobs(&self) -> &'static [Knob] {
        S::KNOBS
    }

    fn takes_worlds(&self) -> bool {
        false
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        let shown = match knobs.word("shown") {
            "start" => Shown::Start,
            "end" => Shown::End,
            _ if stream.chance(0.5) => Shown::Start,
            _ => Shown::End,
        };
        let settings = DemoSettings {
            size: knobs.count("size") as u8,
            operations: knobs.count("operations") as u8,
            shown,
        };
        let demo = Demo::<S>::generate(stream, &settings).map_err(|fault| Skip::draw(fault.to_string()))?;
        let end = S::replay(&demo.start.to_string(), &latent::write_operations(&demo.operations));
        if end != Some(demo.end().to_string()) {
            return Err(Skip::draw("the replay of the operations and the demonstration differ"));
        }
        let world = WorldBuilder::new(S::NAME).build().map_err(|fault| Skip::draw(fault.to_string()))?;
        let show: Option<Arc<dyn Show>> = if knobs.word("media") == Media::NAMES[Media::None as usize] {
            None
        } else {
            let settings = FilmSettings {
                side_px: knobs.whole("side_px") as u32,
                fps: knobs.whole("fps") as u32,
                ..FilmSettings::default()
            };
            Some(Arc::new(Reel { demo: demo.clone(), settings, film: OnceLock::new() }))
        };
        let made = Material::generated(world, show)?;
        Ok(Material { puzzle: Some(Arc::new(demo)), ..made })
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        let demo = about.puzzle.as_ref().and_then(|puzzle| puzzle.downcast_ref::<Demo<S>>());
        let demo = demo.ok_or(Skip::world("not a demonstration of this kind"))?;
        let n = knobs.count("options").saturating_sub(1);
        let depth = match knobs.word("depth") {
            "any" => *stream.choose(&["recall", "infer", "predict"]).unwrap_or(&"infer"),
            depth => depth,
        };
        let second = stream.chance(0.5);
        let (kind, asked, said) = match (depth, second) {
            ("recall", false) => order(demo, n, stream)?,
            ("recall", true) => count(demo, n, stream),
            ("predict", false) => prediction(demo, knobs.count("further"), n, stream)?,
            ("predict", true) => way(demo, knobs.count("further"), n, stream)?,
            (_, true) if is_certain(demo) => comparison(demo, n, stream)?,
            _ => hidden(demo, n, stream)?,
        };
        let operations = latent::write_operations(&demo.operations);
        let (at, state) = match demo.shown {
            Shown::Start => ("start", demo.start.to_string()),
            Shown::End => ("end", demo.end().to_string()),
        };
        let mut question = S::RULES.to_owned();
        if about.show.is_some() {
            question += &format!(" The state is shown at the {at} only.");
        } else {
            question += &format!("\n\nState at the {at}: {}\nOperations:\n", flat(&state));
            for (number, operation) in (1..).zip(&demo.operations) {
                question += &format!("{number}. {}\n", S::say(operation));
            }
        }
        question += &format!("\n{asked}");
        let count = demo.operations.len();
        Ok(Draft {
            question,
            said,
            program: String::new(),
            evidence: Vec::new(),
            story: None,
            slots: Map::from_iter([
                ("puzzle".to_owned(), json!(format!("{}{operations}\nshown at the {at}", demo.start))),
                ("kind".to_owned(), json!(kind)),
            ]),
            margins: Map::from_iter([("replayed".to_owned(), json!(true))]),
            difficulty: Map::from_iter([
                ("operations".to_owned(), json!(count)),
                ("size".to_owned(), json!(knobs.whole("size"))),
                ("depth".to_owned(), json!(depth)),
            ]),
            space: None,
        })
    }
}

/// Level 1: some operations in order.
fn order<S: Hides>(demo: &Demo<S>, n: usize, stream: &mut Stream) -> Result<Asked, Skip> {
    let total = demo.operations.len();
    let long = 2 + stream.index(3.min(total - 1).min(2));
    let from = 1 + stream.index(total - long + 1);
    let right = demo.recall(from, from + long - 1);
    let wrong = options::sequences(demo, &demo.state_after(from - 1), right, n, stream, |_| true)?;
    let asked = format!("Which are operations {from} to {}, in order?", from + long - 1);
    Ok(("order of operations", asked, Said::Choice { right: said::<S>(right), wrong }))
}

/// Level 1: how many operations of a kind.
fn count<S: Hides>(demo: &Demo<S>, n: usize, stream: &mut Stream) -> Asked {
    let mut kinds: Vec<String> = demo.operations.iter().map(S::kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let kind = stream.choose(&kinds).cloned().unwrap_or_default();
    let right = demo.count(&kind).len();
    let wrong = wrong_counts(right as i64, n, stream).iter().map(ToString::to_string).collect();
    let asked = format!("How many of the operations are `{kind}`?");
    ("count of operations", asked, Said::Choice { right: right.to_string(), wrong })
}

/// Level 2: the state where it is not shown.
fn hidden<S: Hides>(demo: &Demo<S>, n: usize, stream: &mut Stream) -> Result<Asked, Skip> {
    let right = demo.hidden();
    let end = demo.end().to_string();
    let operations = latent::write_operations(&demo.operations);
    // a start is wrong only where it comes to another end
    let is_wrong = |state: &S| {
        demo.shown == Shown::Start || S::replay(&state.to_string(), &operations).as_ref() != Some(&end)
    };
    let wrong = options::states(demo, &right, n, stream, is_wrong)?;
    let asked = match demo.shown {
        Shown::Start => "What is the state after the last operation?",
        Shown::End => "Which of these can have been the state before the first operation?",
    };
    Ok(("hidden state", asked.to_owned(), Said::Choice { right: flat(&right.to_string()), wrong }))
}

/// Level 2: what differs between the two ends.
fn comparison<S: Hides>(demo: &Demo<S>, n: usize, stream: &mut Stream) -> Result<Asked, Skip> {
    let list = |differences: Vec<String>| differences.join(", ");
    let right = list(demo.changed());
    let mut wrong: Vec<String> = Vec::new();
    let mut known = vec![demo.end()];
    for _ in 0..60 * n {
        if wrong.len() == n {
            break;
        }
        let base = stream.index(known.len());
        let Some(other) = known[base].near(stream) else { continue };
        let text = list(demo.start.differences(&other));
        if !text.is_empty() && text != right && !wrong.contains(&text) {
            wrong.push(text);
            known.push(other);
        }
    }
    if wrong.len() < n {
        return Err(Skip::draw("too few wrong lists that look right"));
    }
    let asked = "What differs between the state before the first operation and the state after the last one?";
    Ok(("comparison of states", asked.to_owned(), Said::Choice { right, wrong }))
}

/// Level 3: the state after further operations.
fn prediction<S: Hides>(
    demo: &Demo<S>,
    further: usize,
    n: usize,
    stream: &mut Stream,
) -> Result<Asked, Skip> {
    let (operations, state) = demo.further(stream, further);
    let right = state.to_string();
    if S::replay(&demo.end().to_string(), &latent::write_operations(&operations)) != Some(right.clone()) {
        return Err(Skip::draw("the replay of the operations and the demonstration differ"));
    }
    let longer = Demo {
        start: demo.start.clone(),
        operations: [demo.operations.as_slice(), &operations].concat(),
        shown: Shown::Start,
    };
    let wrong = options::states(&longer, &state, n, stream, |_| true)?;
    let asked = format!("What is the state when after that come: {}?", said::<S>(&operations));
    Ok(("predicted state", asked, Said::Choice { right: flat(&right), wrong }))
}

/// Level 3: operations that reach a state.
fn way<S: Hides>(demo: &Demo<S>, further: usize, n: usize, stream: &mut Stream) -> Result<Asked, Skip> {
    let (operations, target) = demo.further(stream, further);
    let (end, goal) = (demo.end(), target.to_string());
    if end == target {
        return Err(Skip::draw("the state that is to be reached is there already"));
    }
    let end_text = end.to_string();
    let replayed = |sequence: &[S::Operation]| S::replay(&end_text, &latent::write_operations(sequence));
    if replayed(&operations).as_ref() != Some(&goal) {
        return Err(Skip::draw("the replay of the operations and the demonstration differ"));
    }
    let is_wrong = |sequence: &[S::Operation]| {
        !demo.reaches(sequence, &target) && replayed(sequence).as_ref() != Some(&goal)
    };
    let wrong = options::sequences(demo, &end, &operations, n, stream, is_wrong)?;
    let asked = format!("Which operations lead from the state after the last one to: {}?", flat(&goal));
    Ok(("operations that reach a state", asked, Said::Choice { right: said::<S>(&operations), wrong }))
}

/// Whether both ends follow from the one that is shown.
fn is_certain<S: Hides>(demo: &Demo<S>) -> bool {
    let (end, operations) = (demo.end().to_string(), latent::write_operations(&demo.operations));
    let comes = |start: S| S::replay(&start.to_string(), &operations).as_ref() == Some(&end);
    demo.shown == Shown::Start || !demo.start.rivals().into_iter().any(comes)
}

/// A state in one line.
fn flat(state: &str) -> String {
    state.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join(" / ")
}

/// Operations in one line.
fn said<S: Hides>(operations: &[S::Operation]) -> String {
    operations.iter().map(S::say).collect::<Vec<_>>().join("; ")
}

/// The video of a demonstration, drawn when it is wanted.
struct Reel<S: Latent> {
    demo: Demo<S>,
    settings: FilmSettings,
    film: OnceLock<Option<Film>>,
}

impl<S: Hides> Reel<S> {
    fn film(&self) -> Option<&Film> {
        self.film.get_or_init(|| S::film(&self.demo, &self.settings).ok()).as_ref()
    }
}

impl<S: Hides> Show for Reel<S> {
    fn rate(&self) -> (u32, u32) {
        (self.settings.fps, 1)
    }

    fn len(&self) -> usize {
        self.film().map_or(0, Film::len)
    }

    fn play(&self, numbers: &[usize], _threads: usize, take: &mut dyn FnMut(Picture) -> ControlFlow<()>) {
        let Some(film) = self.film() else { return };
        for &number in numbers {
            if take(film.picture(number)).is_break() {
                return;
            }
        }
    }
}

#[cfg(test)]
pub(crate) fn holds<S: Hides>(sizes: [u8; 2]) {
    use crate::generate::Level;
    for size in sizes {
        for (index, depth) in (0..90).zip(["recall", "infer", "predict"].into_iter().cycle()) {
            let set = [("size", size.to_string()), ("depth", depth.to_owned()), ("media", "none".to_owned())];
            let set = set.map(|(name, value)| (name.to_owned(), value));
            let knobs = Knobs::new(S::KNOBS, Level::Medium, &set).expect("in range");
            let task = Hiding::<S>::TASK;
            let mut stream = Stream::of_item(S::NAME, "test", u64::from(size), index);
            let about = (0..20).find_map(|_| task.world(&mut stream, &knobs).ok()).expect("a demonstration");
            let draft = (0..20).find_map(|_| task.ask(&about, &mut stream, &knobs).ok()).expect("a question");
            let demo = about.puzzle.as_ref().and_then(|p| p.downcast_ref::<Demo<S>>()).expect("of the kind");
            let Said::Choice { right, wrong } = &draft.said else { panic!("{draft:?}") };
            assert!(wrong.len() == 3 && !wrong.contains(right), "{draft:?}");
            let operations = latent::write_operations(&demo.operations);
            let comes = |text: &str| S::replay(&text.replace(" / ", "\n"), &operations);
            if draft.slots["kind"] == "hidden state" && demo.shown == Shown::End {
                let end = Some(demo.end().to_string());
                assert_eq!(comes(right), end, "{draft:?}");
                assert!(wrong.iter().all(|text| comes(text) != end), "{draft:?}");
            }
            if draft.slots["kind"] == "hidden state" && demo.shown == Shown::Start {
                let end = comes(&demo.start.to_string()).expect("it can be done");
                assert_eq!(flat(&end), *right, "{draft:?}");
            }
        }
    }
}
