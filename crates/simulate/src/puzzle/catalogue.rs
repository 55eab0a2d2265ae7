//! Every kind of puzzle, by name.

/// Names and first lines of all kinds, in alphabetical order.
pub const KINDS: &[(&str, &str)] = &[
    ("card", "piles of cards change out of sight"),
    ("chip", "chips go into cups and out of them"),
    ("circle", "pieces turn over around a ring that steps"),
    ("cube-net", "six squares that fold into a cube, or do not"),
    ("cup", "cups change places with what is under them"),
    ("file", "files are made, copied, moved and deleted"),
    ("fold-and-punch", "where the holes of a folded sheet are once it is unfolded"),
    ("grid-world", "an agent turns, walks, carries keys and opens doors"),
    ("knight-swap", "white and black knights change places"),
    ("maze", "mazes on a grid of cells, carved or open"),
    ("moving-discs", "discs fly and bounce"),
    ("noise", "a shape is seen by the motion of noise only"),
    ("number", "covered tiles slide out of sight"),
    ("roads", "bent roads between places, the shortest way"),
    ("rush-hour", "vehicles slide until the red one is out"),
    ("sliding-tiles", "numbered tiles and a gap"),
    ("sokoban", "boxes are pushed onto targets"),
    ("space-maze", "walks and ladders in space, seen from a corner"),
    ("sudoku", "digits that are missing, one solution"),
    ("tower-of-hanoi", "discs move from peg to peg"),
    ("trapfield", "a way that steps on no trap"),
];

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_in_order_and_unique() {
        assert!(super::KINDS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
