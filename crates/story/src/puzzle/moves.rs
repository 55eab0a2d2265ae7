//! Lists of moves: told, carried out, and checked; the move that fails is named.

use super::{HEADINGS, Kind, Puzzle, heading};
use chronotope_reason::plan::blocks::{Freedom, Slide};
use chronotope_reason::plan::grid::Cell;
use chronotope_reason::plan::maze::Maze;
use chronotope_reason::plan::task::{Fault, Task};

/// What a list of moves comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It ends at the goal, after so many single moves: cells of a maze, slides, actions.
    Reaches(usize),
    /// This move, counted from 1, cannot be made, and why.
    Fails(usize, String),
    /// Every move can be made, but it does not end at the goal: what is so instead.
    Misses(String),
}

/// Most moves that are read.
const MOST_MOVES: usize = 10_000;
/// Most cells that one move goes.
const MOST_CELLS: usize = 100_000;

/// Ways through a maze in words: `right 3`.
pub(super) fn runs(cells: &[Cell]) -> Vec<String> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for pair in cells.windows(2) {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        let way = match (to_x.cmp(&x), to_y.cmp(&y)) {
            (_, std::cmp::Ordering::Less) => 0,
            (std::cmp::Ordering::Greater, _) => 1,
            (_, std::cmp::Ordering::Greater) => 2,
            _ => 3,
        };
        match out.last_mut() {
            Some((same, n)) if *same == way => *n += 1,
            _ => out.push((way, 1)),
        }
    }
    out.into_iter().map(|(way, n)| format!("{} {n}", HEADINGS[way].0)).collect()
}

/// A slide in words: `A right 2`, `B down 1 and right 1` where it turns a corner on its way.
pub(super) fn slide(slide: &Slide) -> String {
    let part = |by: isize, more: &str, less: &str| match by {
        0 => None,
        by if by > 0 => Some(format!("{more} {by}")),
        by => Some(format!("{less} {}", -by)),
    };
    let run = |&(dx, dy): &(isize, isize)| part(dx, "right", "left").or_else(|| part(dy, "down", "up"));
    let parts: Vec<String> = slide.runs.iter().filter_map(run).collect();
    format!("{} {}", slide.block, parts.join(" and "))
}

/// Carries the moves out.
pub(super) fn check(puzzle: &Puzzle, list: &str, facing: Option<&str>) -> Result<Verdict, String> {
    let moves: Vec<String> = list
        .split([',', ';', '\n'])
        .flat_map(|part| part.split(" then "))
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .map(|part| part.strip_prefix("then ").unwrap_or(&part).trim_end_matches('.').to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    if moves.is_empty() || moves.len() > MOST_MOVES {
        return Err(format!("moves: expected 1 to {MOST_MOVES}, found {}", moves.len()));
    }
    match &puzzle.kind {
        Kind::Maze { maze, facing: stated } => {
            let facing = match facing {
                Some(word) => heading(word),
                None => *stated,
            };
            walk(maze, &moves, facing)
        }
        Kind::Tiles { width, start, goal } => slide_tiles(*width, start, goal, &moves),
        Kind::Blocks { rows, block, goal, freedom, .. } => {
            slide_blocks(rows, *block, *goal, *freedom, &moves)
        }
        Kind::Task(task) => Ok(carry_out(task, &moves)),
    }
}

fn walk(maze: &Maze, moves: &[String], facing: Option<usize>) -> Result<Verdict, String> {
    let lower: Vec<String> = moves.iter().map(|one| one.to_lowercase()).collect();
    let egocentric = lower.iter().any(|one| {
        one.split(' ').any(|word| ["forward", "forwards", "straight", "turn", "ahead"].contains(&word))
    });
    let mut looks = facing;
    if egocentric && looks.is_none() {
        return Err("which way one looks at the start (`Maze facing north:`)".to_owned());
    }
    let (mut at, mut steps) = (maze.start, 0);
    for (n, one) in lower.iter().enumerate() {
        let unread =
            || format!("move {}: expected a turn or a way and a number of cells, found `{one}`", n + 1);
        let words: Vec<&str> = one
            .split(' ')
            .filter(|word| {
                !["go", "move", "walk", "cell", "cells", "step", "steps", "by", "to", "the"].contains(word)
            })
            .collect();
        let count = |word: &str| {
            let spelled = crate::numeral::to_twenty(word);
            word.parse::<usize>().ok().or(spelled).filter(|cells| *cells <= MOST_CELLS)
        };
        let (way, cells) = match words[..] {
            ["forward" | "forwards" | "straight" | "ahead"] => (looks, 1),
            ["forward" | "forwards" | "straight" | "ahead", cells] => {
                (looks, count(cells).ok_or_else(unread)?)
            }
            ["turn", turn] | [turn @ ("left" | "right" | "back" | "around")] if egocentric => {
                let by = match turn {
                    "right" => 1,
                    "back" | "around" => 2,
                    "left" => 3,
                    _ => return Err(unread()),
                };
                looks = looks.map(|looks| (looks + by) % 4);
                (looks, 0)
            }
            [way] => (Some(heading(way).ok_or_else(unread)?), 1),
            [way, cells] => (Some(heading(way).ok_or_else(unread)?), count(cells).ok_or_else(unread)?),
            _ => return Err(unread()),
        };
        let Some(way) = way else { return Err(unread()) };
        for _ in 0..cells {
            let to = match way {
                0 => (at.0, at.1.wrapping_sub(1)),
                1 => (at.0 + 1, at.1),
                2 => (at.0, at.1 + 1),
                _ => (at.0.wrapping_sub(1), at.1),
            };
            if !maze.grid.is_free(to) {
                let inside = to.0 < maze.grid.width() && to.1 < maze.grid.height();
                let what = if inside {
                    format!("a wall stands at column {}, row {}", to.0 + 1, to.1 + 1)
                } else {
                    "it leaves the maze".to_owned()
                };
                return Ok(Verdict::Fails(n + 1, format!("`{}`: {what}", moves[n])));
            }
            (at, steps) = (to, steps + 1);
        }
    }
    Ok(if at == maze.goal {
        Verdict::Reaches(steps)
    } else {
        Verdict::Misses(format!("it ends at column {}, row {}", at.0 + 1, at.1 + 1))
    })
}

fn slide_tiles(width: usize, start: &[u8], goal: &[u8], moves: &[String]) -> Result<Verdict, String> {
    let mut now = start.to_vec();
    for (n, one) in moves.iter().enumerate() {
        let tile: u8 = one
            .parse()
            .ok()
            .filter(|tile| *tile != 0)
            .ok_or_else(|| format!("move {}: expected the number of a tile, found `{one}`", n + 1))?;
        let place = |of: u8| now.iter().position(|&tile| tile == of);
        let (Some(from), Some(gap)) = (place(tile), place(0)) else {
            return Ok(Verdict::Fails(n + 1, format!("there is no tile {tile}")));
        };
        let apart = (from % width).abs_diff(gap % width) + (from / width).abs_diff(gap / width);
        if apart != 1 {
            return Ok(Verdict::Fails(n + 1, format!("tile {tile} is not beside the gap")));
        }
        now.swap(from, gap);
    }
    Ok(match now.iter().zip(goal).position(|(is, shall)| is != shall) {
        None => Verdict::Reaches(moves.len()),
        Some(at) => {
            let what = |tile: u8| if tile == 0 { "the gap".to_owned() } else { format!("tile {tile}") };
            let (column, row) = (at % width + 1, at / width + 1);
            Verdict::Misses(format!(
                "column {column}, row {row} holds {} and not {}",
                what(now[at]),
                what(goal[at])
            ))
        }
    })
}

fn slide_blocks(
    rows: &[String],
    block: char,
    goal: Cell,
    freedom: Freedom,
    moves: &[String],
) -> Result<Verdict, String> {
    let mut board: Vec<Vec<char>> = rows.iter().map(|row| row.chars().collect()).collect();
    let cells_of = |board: &[Vec<char>], name: char| -> Vec<Cell> {
        let row = |(y, row): (usize, &Vec<char>)| {
            let mine = row.iter().enumerate().filter(|&(_, &c)| c == name);
            mine.map(|(x, _)| (x, y)).collect::<Vec<_>>()
        };
        board.iter().enumerate().flat_map(row).collect()
    };
    let span = |cells: &[Cell], k: fn(&Cell) -> usize| {
        let (least, most) = (cells.iter().map(k).min().unwrap_or(0), cells.iter().map(k).max().unwrap_or(0));
        (least, most - least + 1)
    };
    for (n, one) in moves.iter().enumerate() {
        let unread = || format!("move {}: expected `A right 2`, found `{one}`", n + 1);
        let words: Vec<&str> = one.split(' ').filter(|word| *word != "and").collect();
        let Some((name, ways)) =
            words.split_first().filter(|(name, ways)| name.chars().count() == 1 && !ways.is_empty())
        else {
            return Err(unread());
        };
        let name = name.chars().next().unwrap_or('.');
        let fails = |what: String| Ok(Verdict::Fails(n + 1, format!("`{one}`: {what}")));
        if ['.', '#'].contains(&name) || cells_of(&board, name).is_empty() {
            return fails(format!("there is no block {name}"));
        }
        let mut ways = ways.iter().peekable();
        while let Some(way) = ways.next() {
            let way = heading(&way.to_lowercase()).ok_or_else(unread)?;
            let steps = ways.peek().and_then(|word| word.parse::<usize>().ok());
            if steps.is_some() {
                ways.next();
            }
            for _ in 0..steps.unwrap_or(1).min(MOST_CELLS) {
                let cells = cells_of(&board, name);
                let (width, height) = (span(&cells, |c| c.0).1, span(&cells, |c| c.1).1);
                let across = way % 2 == 1;
                if freedom == Freedom::Lengthwise && (width == height || (width > height) != across) {
                    return fails(format!("block {name} goes along its longer side only"));
                }
                let to = |&(x, y): &Cell| match way {
                    0 => (x, y.wrapping_sub(1)),
                    1 => (x + 1, y),
                    2 => (x, y + 1),
                    _ => (x.wrapping_sub(1), y),
                };
                let blocked =
                    cells.iter().map(to).find_map(|(x, y)| match board.get(y).and_then(|row| row.get(x)) {
                        None => Some("the edge of the board".to_owned()),
                        Some('#') => Some(format!("a wall at column {}, row {}", x + 1, y + 1)),
                        Some(&c) if c != '.' && c != name => Some(format!("block {c}")),
                        Some(_) => None,
                    });
                if let Some(what) = blocked {
                    return fails(format!("it runs into {what}"));
                }
                for &(x, y) in &cells {
                    board[y][x] = '.';
                }
                for (x, y) in cells.iter().map(to) {
                    board[y][x] = name;
                }
            }
        }
    }
    let cells = cells_of(&board, block);
    let at = (span(&cells, |c| c.0).0, span(&cells, |c| c.1).0);
    Ok(if at == goal {
        Verdict::Reaches(moves.len())
    } else {
        Verdict::Misses(format!("block {block} ends at column {}, row {}", at.0 + 1, at.1 + 1))
    })
}

fn carry_out(task: &Task, moves: &[String]) -> Verdict {
    match task.fault(moves) {
        None => Verdict::Reaches(moves.len()),
        Some(Fault::Needs(n, fact)) => {
            Verdict::Fails(n + 1, format!("`{}` needs `{fact}`, which does not hold then", moves[n]))
        }
        Some(Fault::NoAction(n, name)) => Verdict::Fails(n + 1, format!("there is no action `{name}`")),
        Some(Fault::Goal(fact)) => Verdict::Misses(format!("at the end `{fact}` does not hold")),
    }
}
