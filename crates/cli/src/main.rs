//! The command `chronotope`.

fn main() {}
