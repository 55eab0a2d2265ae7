//! How things move: speeds, lengths and nearest approaches of piecewise linear paths, exact in continuous time.

pub mod pair;
pub mod polyline;
