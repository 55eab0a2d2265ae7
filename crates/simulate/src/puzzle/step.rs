//! Steps between neighbouring cells, and how they are written.

use std::fmt;
use std::str::FromStr;

use super::board::Cell;
use crate::Error;

/// A step to a neighbouring cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One column to the left.
    Left,
    /// One column to the right.
    Right,
}

impl Step {
    /// All four, in the order in which a solver tries them.
    pub const ALL: [Step; 4] = [Step::Up, Step::Down, Step::Left, Step::Right];

    /// How column and row change.
    pub fn delta(self) -> (i32, i32) {
        match self {
            Step::Up => (0, -1),
            Step::Down => (0, 1),
            Step::Left => (-1, 0),
            Step::Right => (1, 0),
        }
    }

    /// The opposite step.
    pub fn back(self) -> Step {
        match self {
            Step::Up => Step::Down,
            Step::Down => Step::Up,
            Step::Left => Step::Right,
            Step::Right => Step::Left,
        }
    }

    /// The step from a cell to its neighbour; none where they are no neighbours.
    pub fn between(from: Cell, to: Cell) -> Option<Step> {
        Step::ALL.into_iter().find(|step| {
            let (dx, dy) = step.delta();
            (i32::from(from.0) + dx, i32::from(from.1) + dy) == (i32::from(to.0), i32::from(to.1))
        })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Up => "up",
            Step::Down => "down",
            Step::Left => "left",
            Step::Right => "right",
        })
    }
}

impl FromStr for Step {
    type Err = Error;
    fn from_str(text: &str) -> Result<Step, Error> {
        match text.trim().to_ascii_lowercase().as_str() {
            "up" | "u" => Ok(Step::Up),
            "down" | "d" => Ok(Step::Down),
            "left" | "l" => Ok(Step::Left),
            "right" | "r" => Ok(Step::Right),
            other => Err(Error::Text {
                kind: "steps",
                line: 1,
                expected: "up, down, left or right".to_owned(),
                found: format!("{other:?}"),
            }),
        }
    }
}

/// Steps as text, repeated ones counted: `right 4, down 2, left`.
pub fn write_steps(steps: &[Step]) -> String {
    let runs = steps.chunk_by(|a, b| a == b).filter_map(|run| {
        let first = run.first()?;
        Some(if run.len() == 1 { first.to_string() } else { format!("{first} {}", run.len()) })
    });
    runs.collect::<Vec<_>>().join(", ")
}

/// Steps from text: words between commas, each with an optional count.
///
/// # Errors
/// Other words, a count that is none, more than 100,000 steps.
pub fn read_steps(text: &str) -> Result<Vec<Step>, Error> {
    const MOST: usize = 100_000;
    let mut steps = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (word, count) = part.split_once(char::is_whitespace).unwrap_or((part, "1"));
        let step: Step = word.parse()?;
        let wrong = || Error::Text {
            kind: "steps",
            line: 1,
            expected: format!("a count of steps, {MOST} in all at most"),
            found: format!("{count:?}"),
        };
        let count: usize =
            count.trim().parse().ok().filter(|&n| n <= MOST - steps.len()).ok_or_else(wrong)?;
        steps.extend(std::iter::repeat_n(step, count));
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_as_written() {
        let steps = vec![Step::Right, Step::Right, Step::Up, Step::Left];
        assert_eq!(write_steps(&steps), "right 2, up, left");
        assert_eq!(read_steps("right 2, up, left"), Ok(steps));
        assert_eq!(read_steps(""), Ok(Vec::new()));
        assert!(read_steps("right 100000, up").is_err() && read_steps("jump").is_err());
    }
}
