//! Every kind of puzzle, by name.

/// Names and first lines of all kinds, in alphabetical order.
pub const KINDS: &[(&str, &str)] = &[("maze", "mazes on a grid of cells, carved or open")];
