//! Pieces that a ring turns over (`circle` of VideoReasonBench).

use super::{Hides, Stream, demo_knobs};
use crate::generate::{Knob, Range};
use chronotope_simulate::puzzle::latent::Circle;
use chronotope_world::catalogue::Entry;

impl Hides for Circle {
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "hidden-pieces",
        about: "which pieces are black after a ring turned over the square it enters and the four beside it",
        source: "tasks/src/generate/latent/circle.rs",
        paper: Some("VideoReasonBench, 2025"),
        example: "chronotope make hidden-pieces --count 10 --out items",
    };
    const KNOBS: &'static [Knob] = demo_knobs!(Knob {
        name: "size",
        about: "rows and columns of the board",
        range: Range::Whole(3, 4),
        levels: ["3", "3", "4"],
    });
    const RULES: &'static str = "A red ring steps over a board of black and white pieces: up, down, left or right. The piece of the square that it enters and the pieces above, below, left and right of that square turn over; the square where it begins does not. States are written row by row, b for black and w for white, a capital where the ring is.";

    fn replay(state: &str, operations: &str) -> Option<String> {
        let mut rows: Vec<Vec<u8>> = state.lines().map(|row| row.trim().bytes().collect()).collect();
        for word in operations.split("; ") {
            let (y, x) = ring(&rows)?;
            let (to_y, to_x) = match word {
                "up" => (y.checked_sub(1)?, x),
                "down" => (y + 1, x),
                "left" => (y, x.checked_sub(1)?),
                "right" => (y, x + 1),
                _ => return None,
            };
            rows.get(to_y)?.get(to_x)?;
            rows[y][x].make_ascii_lowercase();
            turn(&mut rows, to_y, to_x);
            rows[to_y][to_x].make_ascii_uppercase();
        }
        Some(rows.iter().map(|row| String::from_utf8_lossy(row).into_owned() + "\n").collect())
    }

    /// A square and those beside it turned over, as by a step that was missed; the ring is in sight all the time.
    fn near(&self, stream: &mut Stream) -> Option<Circle> {
        let mut rows: Vec<Vec<u8>> = self.to_string().lines().map(|row| row.bytes().collect()).collect();
        let side = rows.len();
        let (y, x) = (stream.index(side), stream.index(side));
        turn(&mut rows, y, x);
        rows.iter()
            .map(|row| String::from_utf8_lossy(row).into_owned() + "\n")
            .collect::<String>()
            .parse()
            .ok()
    }
}

/// Row and column of the capital.
fn ring(rows: &[Vec<u8>]) -> Option<(usize, usize)> {
    let find = |row: &Vec<u8>| row.iter().position(u8::is_ascii_uppercase);
    rows.iter().enumerate().find_map(|(y, row)| find(row).map(|x| (y, x)))
}

/// Turns over a square and those beside it; capitals stay capitals.
fn turn(rows: &mut [Vec<u8>], at_y: usize, at_x: usize) {
    for (y, row) in rows.iter_mut().enumerate() {
        for (x, piece) in row.iter_mut().enumerate() {
            if y.abs_diff(at_y) + x.abs_diff(at_x) <= 1 {
                *piece = match *piece {
                    b'b' => b'w',
                    b'w' => b'b',
                    b'B' => b'W',
                    _ => b'B',
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_hold_by_the_replay() {
        super::super::holds::<Circle>([3, 4]);
    }

    #[test]
    fn the_replay_turns_over_the_square_entered_and_those_beside_it() {
        assert_eq!(Circle::replay("Www\nwww\nwww\n", "right").as_deref(), Some("bBb\nwbw\nwww\n"));
        assert_eq!(Circle::replay("Www\nwww\nwww\n", "up"), None);
    }
}
