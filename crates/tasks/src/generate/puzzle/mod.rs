//! Puzzles: the way through, told in moves or counted. The generator draws the puzzle; its own exact solver finds the best answer, a verifier
//! that shares no code with it accepts it, and, where the engine reads the kind, a program finds an answer of the same cost.

mod cube_net;
mod knight_swap;
mod maze;
mod noise;
mod quiz;
mod rush_hour;
mod sliding_tiles;
mod sokoban;
mod space_maze;
mod sudoku;
mod tower_of_hanoi;
mod trapfield;

pub use cube_net::CubeNetTask;
pub use knight_swap::KnightSwapTask;
pub use maze::MazeTask;
pub use noise::NoiseTask;
pub use rush_hour::RushHourTask;
pub use sliding_tiles::SlidingTilesTask;
pub use sokoban::SokobanTask;
pub use space_maze::SpaceMazeTask;
pub use sudoku::SudokuTask;
pub use tower_of_hanoi::TowerOfHanoiTask;
pub use trapfield::TrapfieldTask;

use super::options::wrong_counts;
use super::{Draft, Family, Knob, Knobs, Material, Media, Said, Show, Skip, Stream, Task};
use chronotope_ask::program::answer;
use chronotope_ask::program::answer::evidence_json;
use chronotope_simulate::puzzle::{Puzzle, Solution};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Picture, Status, Value, WorldBuilder};
use serde_json::{Map, json};
use std::fmt::Display;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Knobs of every puzzle.
macro_rules! puzzle_knobs {
    ($($knob:expr),* $(,)?) => {
        &[
            $($knob,)*
            $crate::generate::Knob {
                name: "ask",
                about: "what is asked: the moves, or how many are needed",
                range: $crate::generate::Range::Word(&["moves", "length"]),
                levels: ["moves", "moves", "moves"],
            },
            $crate::generate::Knob {
                name: "options",
                about: "options of a question",
                range: $crate::generate::Range::Whole(2, 6),
                levels: ["4", "4", "4"],
            },
            $crate::generate::Knob {
                name: "media",
                about: "what is shown: a picture, or nothing and the puzzle stands in the question",
                range: $crate::generate::Range::Word(&["none", "pictures"]),
                levels: ["pictures", "pictures", "pictures"],
            },
            $crate::generate::Knob {
                name: "side_px",
                about: "longer side of the picture, in pixels",
                range: $crate::generate::Range::Whole(64, 4096),
                levels: ["512", "512", "512"],
            },
        ]
    };
}
use puzzle_knobs;

/// Knobs of every puzzle of which one thing is asked.
macro_rules! quiz_knobs {
    ($most:expr, [$($options:expr),*], $($knob:expr),* $(,)?) => {
        &[
            $($knob,)*
            $crate::generate::Knob {
                name: "options",
                about: "options of a question",
                range: $crate::generate::Range::Whole(2, $most),
                levels: [$($options),*],
            },
            $crate::generate::Knob {
                name: "media",
                about: "what is shown: a picture, or nothing and the puzzle stands in the question",
                range: $crate::generate::Range::Word(&["none", "pictures"]),
                levels: ["pictures", "pictures", "pictures"],
            },
            $crate::generate::Knob {
                name: "side_px",
                about: "longer side of the picture, in pixels",
                range: $crate::generate::Range::Whole(64, 4096),
                levels: ["512", "512", "512"],
            },
        ]
    };
}
use quiz_knobs;

/// What a kind of puzzle adds to be asked about.
pub(crate) trait Posed: Puzzle<Answer = Vec<Self::Move>> + Send + Sync + 'static {
    /// One move of an answer.
    type Move: Clone + PartialEq + Display;
    /// What it is called and where it comes from.
    const ENTRY: Entry;
    /// Its family.
    const FAMILY: Family;
    /// What can be set.
    const KNOBS: &'static [Knob];
    /// The rules in two or three sentences; they name what the picture shows and how moves are written.
    const RULES: &'static str;

    /// The settings that the knobs say.
    fn settings(knobs: &Knobs) -> Self::Settings;

    /// What the knobs' ranges alone do not say.
    fn check(knobs: &Knobs) -> Result<(), String> {
        let _ = knobs;
        Ok(())
    }

    /// The puzzle as the engine reads it, a heading and its lines; none where it has no such puzzle.
    fn engine_text(&self) -> Option<String> {
        None
    }

    /// The moves in words, as the engine writes them where it reads the puzzle.
    fn words(&self, moves: &[Self::Move]) -> String {
        moves.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

/// The task of a kind of puzzle.
#[derive(Clone, Copy, Debug)]
pub struct Posing<P>(PhantomData<fn() -> P>);

impl<P> Posing<P> {
    /// The task.
    pub const TASK: Posing<P> = Posing(PhantomData);
}

/// A puzzle with its best answer, as a World's stead.
struct Solved<P: Posed> {
    puzzle: P,
    solution: Solution<Vec<P::Move>>,
}

impl<P: Posed> Task for Posing<P>
where
    P::Move: Send + Sync + 'static,
{
    fn entry(&self) -> Entry {
        P::ENTRY
    }

    fn family(&self) -> Family {
        P::FAMILY
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn knobs(&self) -> &'static [Knob] {
        P::KNOBS
    }

    fn takes_worlds(&self) -> bool {
        false
    }

    fn check(&self, knobs: &Knobs) -> Result<(), String> {
        P::check(knobs)
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        let settings = P::settings(knobs);
        let (puzzle, solution) = solved::<P>(stream, &settings)?;
        let world = WorldBuilder::new(P::NAME).build().map_err(|fault| Skip::draw(fault.to_string()))?;
        let show: Option<Arc<dyn Show>> = if knobs.word("media") == Media::NAMES[Media::None as usize] {
            None
        } else {
            let (puzzle, side_px) = (puzzle.clone(), knobs.whole("side_px") as u32);
            Some(Arc::new(Still(Box::new(move || puzzle.draw(side_px)))))
        };
        let made = Material::generated(world, show)?;
        Ok(Material { puzzle: Some(Arc::new(Solved { puzzle, solution })), ..made })
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        let solved = about.puzzle.as_ref().and_then(|puzzle| puzzle.downcast_ref::<Solved<P>>());
        let Solved { puzzle, solution } = solved.ok_or(Skip::world("not a puzzle of this kind"))?;
        let n = knobs.count("options").saturating_sub(1);
        let (asked, said) = if knobs.word("ask") == "length" {
            let wrong = wrong_counts(i64::from(solution.cost), n, stream);
            let said = Said::Choice {
                right: solution.cost.to_string(),
                wrong: wrong.iter().map(ToString::to_string).collect(),
            };
            ("How many moves are needed at least?", said)
        } else {
            let wrong = wrong_moves(puzzle, &solution.answer, n, &P::settings(knobs), stream)?;
            ("What is the shortest plan?", Said::Choice { right: puzzle.words(&solution.answer), wrong })
        };
        let text = puzzle.to_string();
        let mut question = P::RULES.to_owned();
        if about.show.is_none() {
            question += &format!("\n\n{}\n", text.trim_end());
        }
        question += &format!("\n{asked}");
        let (program, evidence) = checked(puzzle, solution, about)?;
        let number = |name: &str, value: f64| (name.to_owned(), json!(value));
        Ok(Draft {
            question,
            said,
            program,
            evidence,
            story: puzzle.engine_text(),
            slots: Map::from_iter([
                ("puzzle".to_owned(), json!(text)),
                ("solution".to_owned(), json!(puzzle.words(&solution.answer))),
            ]),
            margins: Map::from_iter([("unique".to_owned(), json!(solution.unique))]),
            difficulty: Map::from_iter([number("cost", f64::from(solution.cost))]),
            space: P::space(&P::settings(knobs)),
        })
    }
}

/// The program that solves the puzzle, where the engine reads it, after it found an answer of the same cost.
fn checked<P: Posed>(
    puzzle: &P,
    solution: &Solution<Vec<P::Move>>,
    about: &Material,
) -> Result<(String, Vec<serde_json::Value>), Skip> {
    let Some(text) = puzzle.engine_text() else { return Ok((String::new(), Vec::new())) };
    let text = serde_json::to_string(&text.trim_end().replace('\n', "/")).unwrap_or_default();
    let length =
        answer(&about.world, &format!("plan_length({text})")).map_err(|e| Skip::draw(e.to_string()))?;
    match length.answer.value {
        Some(Value::Number(number)) if length.answer.status == Status::Answered => {
            if number.value != f64::from(solution.cost) {
                return Err(Skip::draw("the engine's shortest plan and the solver's differ"));
            }
        }
        _ => return Err(Skip::draw("the engine finds no plan")),
    }
    let found = answer(&about.world, &format!("plan({text})")).map_err(|e| Skip::draw(e.to_string()))?;
    Ok((found.program, found.answer.evidence.iter().map(evidence_json).collect()))
}

/// Moves that solve other puzzles of the same settings and that the verifier refuses for this one, all different. Nothing in their words tells
/// them from the right ones: they are drawn as those are. (Right moves that are changed a little give themselves away: ways through a
/// carved maze have runs of even length alone.)
fn wrong_moves<P: Posed>(
    puzzle: &P,
    right: &[P::Move],
    n: usize,
    settings: &P::Settings,
    stream: &mut Stream,
) -> Result<Vec<String>, Skip> {
    let right = puzzle.words(right);
    let mut wrong: Vec<String> = Vec::new();
    for _ in 0..10 * n {
        if wrong.len() == n {
            return Ok(wrong);
        }
        let Some((other, solution)) = P::generate(stream, settings).ok().and_then(|other| {
            let solution = other.solve()?;
            Some((other, solution))
        }) else {
            continue;
        };
        let words = other.words(&solution.answer);
        if !solution.answer.is_empty()
            && words != right
            && !wrong.contains(&words)
            && !puzzle.accepts(&solution.answer)
        {
            wrong.push(words);
        }
    }
    if wrong.len() == n { Ok(wrong) } else { Err(Skip::draw("too few wrong answers that look right")) }
}

/// A puzzle with the solver's answer, which the verifier accepts.
fn solved<P: Puzzle>(stream: &mut Stream, settings: &P::Settings) -> Result<(P, Solution<P::Answer>), Skip> {
    let puzzle = P::generate(stream, settings).map_err(|fault| Skip::draw(fault.to_string()))?;
    let solution = puzzle.solve().ok_or(Skip::draw("no answer was found"))?;
    if !puzzle.accepts(&solution.answer) {
        return Err(Skip::draw("the verifier refuses the answer of the solver"));
    }
    Ok((puzzle, solution))
}

/// A puzzle's picture, drawn when it is wanted.
struct Still(Box<dyn Fn() -> Picture + Send + Sync>);

impl Show for Still {
    fn rate(&self) -> (u32, u32) {
        (1, 1)
    }

    fn len(&self) -> usize {
        1
    }

    fn play(&self, numbers: &[usize], _threads: usize, take: &mut dyn FnMut(Picture) -> ControlFlow<()>) {
        for _ in numbers.iter().filter(|n| **n == 0) {
            if take((self.0)()).is_break() {
                return;
            }
        }
    }
}

/// Steps on a grid in runs, as the engine writes them: `right 3, down 2`.
pub(crate) fn runs(steps: &[chronotope_simulate::puzzle::Step]) -> String {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for step in steps.iter().map(ToString::to_string) {
        match runs.last_mut() {
            Some((last, n)) if *last == step => *n += 1,
            _ => runs.push((step, 1)),
        }
    }
    runs.iter().map(|(step, n)| format!("{step} {n}")).collect::<Vec<_>>().join(", ")
}
