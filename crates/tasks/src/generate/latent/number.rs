//! Tiles that slide face down (`number` of VideoReasonBench).

use super::{Hides, Stream, demo_knobs};
use crate::generate::{Knob, Range};
use chronotope_simulate::puzzle::Sliding;
use chronotope_simulate::puzzle::latent::Number;
use chronotope_world::catalogue::Entry;

impl Hides for Number {
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "hidden-tiles",
        about: "where numbered tiles lie that slid face down",
        source: "tasks/src/generate/latent/number.rs",
        paper: Some("VideoReasonBench, 2025"),
        example: "chronotope make hidden-tiles --count 10 --out items",
    };
    const KNOBS: &'static [Knob] = demo_knobs!(Knob {
        name: "size",
        about: "rows and columns of the board",
        range: Range::Whole(3, 4),
        levels: ["3", "3", "4"],
    });
    const RULES: &'static str = "Numbered tiles slide on a board with one gap; while they slide they are covered. An operation says where the tile beside the gap goes: up, down, left or right. States are written row by row, `_` for the gap.";

    fn replay(state: &str, operations: &str) -> Option<String> {
        let mut rows: Vec<Vec<&str>> = state.lines().map(|row| row.split_whitespace().collect()).collect();
        for word in operations.split("; ") {
            let (y, x) = (0..rows.len())
                .flat_map(|y| (0..rows.len()).map(move |x| (y, x)))
                .find(|&(y, x)| rows[y].get(x) == Some(&"_"))?;
            // the tile comes from the other side
            let (from_y, from_x) = match word {
                "up" => (y + 1, x),
                "down" => (y.checked_sub(1)?, x),
                "left" => (y, x + 1),
                "right" => (y, x.checked_sub(1)?),
                _ => return None,
            };
            let tile = *rows.get(from_y)?.get(from_x)?;
            rows[y][x] = tile;
            rows[from_y][from_x] = "_";
        }
        Some(rows.iter().map(|row| row.join(" ") + "\n").collect())
    }

    /// Two tiles exchanged: the gap is in sight all the time.
    fn near(&self, stream: &mut Stream) -> Option<Number> {
        let mut tiles = self.0.tiles().to_vec();
        let full: Vec<usize> = (0..tiles.len()).filter(|&at| tiles[at] != 0).collect();
        let two = stream.sample(full.len(), 2);
        tiles.swap(full[*two.first()?], full[*two.get(1)?]);
        Sliding::from_tiles(tiles).ok().map(Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_hold_by_the_replay() {
        super::super::holds::<Number>([3, 4]);
    }

    #[test]
    fn the_replay_slides_the_tile_beside_the_gap() {
        let state = "1 2 3\n4 _ 5\n6 7 8\n";
        assert_eq!(Number::replay(state, "up; right").as_deref(), Some("1 2 3\n4 7 5\n_ 6 8\n"));
        assert_eq!(Number::replay(state, "up; up"), None);
    }
}
