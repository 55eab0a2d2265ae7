//! Puzzles and small tasks in a story: drawn or listed under a heading, solved in the fewest moves, lists of moves checked.
//!
//! ```text
//! Maze:            Tiles:      Blocks: lengthwise      Task:
//! #####            1 2 3       ..B.                    start: door closed, robot in hall
//! #S G#            4 _ 6       AAB.                    goal: door open
//! #####            7 5 8       goal: A at 3 2          open door: needs door closed, robot in hall; adds door open; removes door closed
//! ```
//!
//! A block ends at an empty line. Maze: `#` wall, space or `.` free, `S` start, `G` goal; `Maze facing north:` says which way one looks
//! at the start. Tiles: `_` or 0 is the gap; `goal` and rows where it is not in order with the gap last. Blocks: each letter is one
//! block, `.` is free, `#` wall; the goal is the column and row of its upper left cell, from 1; `lengthwise` lets blocks go along
//! their longer side only, as cars do. Task: what holds at the start, what shall hold, and what can be done (STRIPS).

mod moves;
mod question;

pub use moves::Verdict;
pub(super) use question::tell;

use chronotope_reason::plan::blocks::{Board, Count, Freedom};
use chronotope_reason::plan::grid::Cell;
use chronotope_reason::plan::maze::Maze;
use chronotope_reason::plan::task::{Action, Task};
use chronotope_reason::plan::tiles;

/// A puzzle or a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Puzzle {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Maze { maze: Maze, facing: Option<usize> },
    Tiles { width: usize, start: Vec<u8>, goal: Vec<u8> },
    Blocks { rows: Vec<String>, board: Board, block: char, goal: Cell, freedom: Freedom },
    Task(Task),
}

/// Ways to look, in the order of turns to the right: up, right, down, left.
const HEADINGS: [(&str, &str); 4] = [("up", "north"), ("right", "east"), ("down", "south"), ("left", "west")];

/// Most positions that are looked at: a few seconds' work, some hundred megabytes at most.
const MOST_POSITIONS: usize = 2_000_000;
/// Most bytes of a puzzle.
const MOST_BYTES: usize = 1 << 20;

impl Puzzle {
    /// From its lines, the heading first; `/` may stand for the end of a line where there is only one.
    ///
    /// # Errors
    /// What was expected and what was found, in words.
    pub fn parse(text: &str) -> Result<Puzzle, String> {
        if text.len() > MOST_BYTES {
            return Err(format!("puzzle: expected at most {MOST_BYTES} bytes, found {}", text.len()));
        }
        let lines: Vec<&str> =
            if text.contains('\n') { text.lines().collect() } else { text.split('/').collect() };
        let Some((heading, rows)) = lines.split_first() else { return Err("expected a puzzle".to_owned()) };
        let (word, rest) = heading_of(heading)
            .ok_or_else(|| format!("expected `Maze:`, `Tiles:`, `Blocks:` or `Task:`, found `{heading}`"))?;
        let rows: Vec<&str> = rows.iter().copied().filter(|row| !row.trim().is_empty()).collect();
        let kind = match word {
            "maze" => maze(&rows, rest),
            "tiles" => tile_board(&rows),
            "blocks" => blocks(&rows, rest),
            _ => task(&rows),
        }?;
        Ok(Puzzle { kind })
    }

    /// The fewest moves to the goal, in words; none where it cannot be reached. Of several shortest plans always the same.
    ///
    /// Mazes: `right 3, down 2`. Tiles: the numbers that slide, one after the other. Blocks: `A right 2`. Tasks: actions.
    ///
    /// # Errors
    /// More positions than are looked at.
    pub fn plan(&self) -> Result<Option<Vec<String>>, String> {
        let words = |error: chronotope_reason::Error| error.to_string();
        Ok(match &self.kind {
            Kind::Maze { maze, .. } => maze.solve().map(|way| moves::runs(&way.cells())),
            Kind::Tiles { width, start, goal } => {
                let found = tiles::solve(*width, start, goal, MOST_POSITIONS as u64).map_err(words)?;
                found.map(|tiles| tiles.iter().map(ToString::to_string).collect())
            }
            Kind::Blocks { board, block, goal, freedom, .. } => {
                let found =
                    board.solve(*block, *goal, Count::Moves, *freedom, MOST_POSITIONS / 4).map_err(words)?;
                found.map(|slides| slides.iter().map(moves::slide).collect())
            }
            Kind::Task(task) => task.plan(MOST_POSITIONS / 10).map_err(words)?,
        })
    }

    /// How many moves a shortest plan takes: steps of a maze, slides of tiles and blocks, actions.
    ///
    /// # Errors
    /// As [`Puzzle::plan`].
    pub fn plan_length(&self) -> Result<Option<usize>, String> {
        if let Kind::Maze { maze, .. } = &self.kind {
            return Ok(maze.solve().map(|way| way.straight as usize));
        }
        Ok(self.plan()?.map(|plan| plan.len()))
    }

    /// How many different shortest ways a maze has; none of other puzzles.
    pub fn n_shortest(&self) -> Option<u64> {
        match &self.kind {
            Kind::Maze { maze, .. } => Some(maze.n_shortest()),
            _ => None,
        }
    }

    /// What the puzzle is called: `maze`, `tiles`, `blocks`, `task`.
    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::Maze { .. } => "maze",
            Kind::Tiles { .. } => "tiles",
            Kind::Blocks { .. } => "blocks",
            Kind::Task(_) => "task",
        }
    }

    /// Whether a list of moves leads to the goal, and if not, which one fails. `facing` is which way one looks at the start of a
    /// maze, where the moves turn and go forward and the maze does not say.
    ///
    /// # Errors
    /// A move that is not read, or a maze that does not say which way one looks.
    pub fn check(&self, list: &str, facing: Option<&str>) -> Result<Verdict, String> {
        moves::check(self, list, facing)
    }
}

/// The word of a heading and what it adds: `Maze facing north:`, `Blocks: lengthwise`.
pub(super) fn heading_of(line: &str) -> Option<(&'static str, &str)> {
    let (front, behind) = line.trim().split_once(':')?;
    ["maze", "tiles", "blocks", "task"].into_iter().find_map(|word| {
        let named = front.get(..word.len()).filter(|named| named.eq_ignore_ascii_case(word))?;
        let (rest, behind) = (front[named.len()..].trim(), behind.trim());
        match (word, rest, behind) {
            (_, "", "") => Some((word, "")),
            ("maze", rest, "") if rest.starts_with("facing ") => Some((word, rest)),
            ("blocks", "", "lengthwise") => Some((word, behind)),
            _ => None,
        }
    })
}

/// The number of a heading: `north`, `up`.
fn heading(word: &str) -> Option<usize> {
    HEADINGS.iter().position(|(a, b)| *a == word || *b == word)
}

fn maze(rows: &[&str], rest: &str) -> Result<Kind, String> {
    let facing = match rest.strip_prefix("facing ") {
        None => None,
        Some(word) => Some(heading(&word.to_lowercase()).ok_or_else(|| {
            format!(
                "`Maze facing …:`: expected north, east, south, west, up, right, down or left, found `{word}`"
            )
        })?),
    };
    // rows may be indented, and free cells at their ends left out
    let indent = rows.iter().map(|row| row.len() - row.trim_start().len()).min().unwrap_or(0);
    let cells = |row: &str| row.get(indent..).unwrap_or_default().trim_end().to_owned();
    let mut drawn: Vec<String> = rows.iter().map(|row| cells(row)).collect();
    let width = drawn.iter().map(|row| row.chars().count()).max().unwrap_or(0);
    for row in &mut drawn {
        row.extend(std::iter::repeat_n(' ', width - row.chars().count()));
    }
    let maze = Maze::from_rows(&drawn).map_err(|error| error.to_string())?;
    Ok(Kind::Maze { maze, facing })
}

fn tile_board(rows: &[&str]) -> Result<Kind, String> {
    let is_goal = |row: &&str| row.trim().trim_end_matches(':').eq_ignore_ascii_case("goal");
    let cut = rows.iter().position(is_goal).unwrap_or(rows.len());
    let read = |rows: &[&str]| -> Result<(usize, Vec<u8>), String> {
        let mut width = None;
        let mut out = Vec::new();
        for (n, row) in rows.iter().enumerate() {
            let cells: Vec<&str> = row.split_whitespace().collect();
            if *width.get_or_insert(cells.len()) != cells.len() {
                return Err(format!(
                    "row {} of the tiles: expected as many as above, found {}",
                    n + 1,
                    cells.len()
                ));
            }
            for cell in cells {
                let tile = if cell == "_" { Some(0) } else { cell.parse::<u8>().ok() };
                out.push(tile.ok_or_else(|| {
                    format!("row {} of the tiles: expected numbers and `_`, found `{cell}`", n + 1)
                })?);
            }
        }
        if out.len() > tiles::MAX_TILES {
            return Err(format!("tiles: expected at most {}, found {}", tiles::MAX_TILES, out.len()));
        }
        Ok((width.unwrap_or(0), out))
    };
    let (width, start) = read(&rows[..cut])?;
    let goal = match rows.get(cut + 1..) {
        Some(rows) if !rows.is_empty() => read(rows)?.1,
        _ => (1..start.len() as u8).chain([0]).take(start.len()).collect(),
    };
    // a board that no move fits is refused here, once
    tiles::solve(width, &goal, &goal, 1).map_err(|error| error.to_string())?;
    tiles::solve(width, &start, &start, 1).map_err(|error| error.to_string())?;
    if start.len() != goal.len() {
        return Err(format!("goal of the tiles: expected {} tiles, found {}", start.len(), goal.len()));
    }
    Ok(Kind::Tiles { width, start, goal })
}

fn blocks(rows: &[&str], rest: &str) -> Result<Kind, String> {
    let freedom = if rest == "lengthwise" { Freedom::Lengthwise } else { Freedom::All };
    let goal_at = rows.iter().position(|row| row.trim().to_lowercase().starts_with("goal:"));
    let Some(goal_at) = goal_at else {
        return Err("blocks: expected a line `goal: A at 3 2`, found none".to_owned());
    };
    let told = rows[goal_at].trim();
    let wrong = || format!("goal of the blocks: expected `goal: A at 3 2`, found `{told}`");
    let words: Vec<&str> =
        told[5..].split(|c: char| c == ',' || c.is_whitespace()).filter(|w| !w.is_empty()).collect();
    let [name, "at", column, row] = words[..] else { return Err(wrong()) };
    let mut letters = name.chars();
    let (Some(block), None) = (letters.next(), letters.next()) else { return Err(wrong()) };
    let number = |word: &str| word.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).ok_or_else(wrong);
    let goal = (number(column)?, number(row)?);
    let drawn: Vec<String> = rows[..goal_at].iter().map(|row| row.trim().to_owned()).collect();
    let board = Board::from_rows(&drawn).map_err(|error| error.to_string())?;
    if !drawn.iter().any(|row| row.contains(block)) || ['.', '#'].contains(&block) {
        return Err(format!("goal of the blocks: expected a block of the board, found `{block}`"));
    }
    Ok(Kind::Blocks { rows: drawn, board, block, goal, freedom })
}

fn task(rows: &[&str]) -> Result<Kind, String> {
    let facts = |text: &str| -> Vec<String> {
        let parts = text.split(',').map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
        parts.filter(|part| !part.is_empty()).collect()
    };
    let mut task = Task::default();
    for row in rows {
        let wrong = |expected: &str| format!("task: expected {expected}, found `{}`", row.trim());
        let (name, rest) = row.split_once(':').ok_or_else(|| wrong("`NAME: …`"))?;
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        match name.to_lowercase().as_str() {
            "start" => task.start.extend(facts(rest)),
            "goal" => task.goal.extend(facts(rest)),
            "" => return Err(wrong("the name of an action")),
            _ => {
                let mut action = Action { name, ..Action::default() };
                for part in rest.split(';').map(str::trim).filter(|part| !part.is_empty()) {
                    let (word, list) = part.split_once(' ').unwrap_or((part, ""));
                    match word {
                        "needs" => action.needs.extend(facts(list)),
                        "adds" => action.adds.extend(facts(list)),
                        "removes" => action.deletes.extend(facts(list)),
                        _ => return Err(wrong("`needs …; adds …; removes …`")),
                    }
                }
                if task.actions.iter().any(|other| other.name == action.name) {
                    return Err(wrong("an action of another name"));
                }
                task.actions.push(action);
            }
        }
    }
    if task.goal.is_empty() {
        return Err("task: expected a line `goal: …`, found none".to_owned());
    }
    Ok(Kind::Task(task))
}

#[cfg(test)]
mod tests;
