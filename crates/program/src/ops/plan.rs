//! Plans for puzzles and small tasks: mazes, sliding tiles, sliding blocks, actions with preconditions.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_story::puzzle::{Puzzle, Verdict};
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, Unit};

const FILE: &str = "program/src/ops/plan.rs";

/// `plan("Maze:/#####/#S G#/#####")`: a shortest plan; the puzzle as in a story, `/` at the ends of its lines.
pub struct Plan;
/// `plan_exists("…")`: whether the goal can be reached.
pub struct PlanExists;
/// `plan_length("…")`: how many moves a shortest plan takes.
pub struct PlanLength;
/// `plan_valid("…", "right 2")`: whether these moves can be made and lead to the goal.
pub struct PlanValid;

fn signature(gives: Type) -> Signature {
    Signature::gives(Gives::Fixed(gives)).needs("puzzle", Takes::Text)
}

fn puzzle(args: &Args<'_>) -> Part<Puzzle> {
    Puzzle::parse(args.text("puzzle")).or_else(|fault| missing(MissingKind::Wording, fault))
}

fn open<T>(fault: String) -> Part<T> {
    missing(MissingKind::Coverage, fault)
}

impl Operator for Plan {
    fn entry(&self) -> Entry {
        let about = "a shortest plan for a maze, tiles, blocks or a task";
        Entry {
            paper: Some("Korf 1985 (tiles); Fikes and Nilsson 1971 (tasks); Wang et al. 2025 (mazes)"),
            ..entry("plan", about, FILE, "plan(\"Maze:/#####/#S G#/#####\")")
        }
    }

    fn signature(&self) -> Signature {
        signature(Type::List(Box::new(Type::Text)))
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        match puzzle(args)?.plan().or_else(open)? {
            Some(moves) => Ok(Datum::List(moves.into_iter().map(Datum::Text).collect())),
            None => missing(MissingKind::Entity, "no plan leads to the goal"),
        }
    }
}

impl Operator for PlanExists {
    fn entry(&self) -> Entry {
        let about = "whether the goal of a maze, tiles, blocks or a task can be reached";
        entry("plan-exists", about, FILE, "plan_exists(\"Tiles:/2 1 3/4 5 6/7 8 _\")")
    }

    fn signature(&self) -> Signature {
        signature(Type::Truth)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        Ok(Datum::Truth(puzzle(args)?.plan_length().or_else(open)?.is_some()))
    }
}

impl Operator for PlanLength {
    fn entry(&self) -> Entry {
        let about = "how many moves a shortest plan takes";
        entry("plan-length", about, FILE, "plan_length(\"Tiles:/1 2 3/4 _ 6/7 5 8\")")
    }

    fn signature(&self) -> Signature {
        signature(Type::Number(UnitType::ONE))
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        match puzzle(args)?.plan_length().or_else(open)? {
            Some(n) => Ok(Datum::Number(Quantity::new(n as f64, Unit::ONE, None))),
            None => missing(MissingKind::Entity, "no plan leads to the goal"),
        }
    }
}

impl Operator for PlanValid {
    fn entry(&self) -> Entry {
        let about = "whether moves can be made one after the other and lead to the goal";
        entry("plan-valid", about, FILE, "plan_valid(\"Maze facing east:/#####/#S G#/#####\", \"forward 2\")")
    }

    fn signature(&self) -> Signature {
        signature(Type::Truth).needs("moves", Takes::Text)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let verdict = puzzle(args)?.check(args.text("moves"), None).or_else(open)?;
        Ok(Datum::Truth(match verdict {
            Verdict::Reaches(_) => true,
            Verdict::Fails(step, why) => {
                run.assume(&format!("move {step} fails, {why}"));
                false
            }
            Verdict::Misses(instead) => {
                run.assume(&instead);
                false
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use crate::answer;
    use chronotope_world::text::parse;

    #[test]
    fn puzzles_are_solved_and_lists_of_moves_checked() {
        let world = parse("record \"none\"\n").expect("valid");
        for (program, expected) in [
            ("plan(\"Maze:/#####/#S G#/#####\")", "right 2"),
            ("plan_length(\"Tiles:/1 2 3/4 _ 6/7 5 8\")", "2"),
            ("plan_exists(\"Tiles:/2 1 3/4 5 6/7 8 _\")", "no"),
            ("plan_valid(\"Maze facing east:/#####/#S G#/#####\", \"forward 2\")", "yes"),
            ("plan_valid(\"Maze:/#####/#S G#/#####\", \"right 3\")", "no"),
            ("plan(\"Maze:/#####/#S#G#/#####\")", "unknown: no plan leads to the goal"),
            ("plan(\"Maze:/##/##\")", "ambiguous: maze: expected one S and one G, found 0 and 0"),
        ] {
            assert_eq!(answer(&world, program).expect("runs").answer.text, expected, "{program}");
        }
    }
}
