//! How things move: speeds, lengths and nearest approaches of piecewise linear paths, exact in continuous time; accelerations, turn
//! rates and predictions from fits around a moment.

pub mod cycle;
pub mod encounter;
pub mod impact;
pub mod kinematics;
pub mod pair;
pub mod pattern;
pub mod physics;
pub mod polyline;
pub mod predict;
