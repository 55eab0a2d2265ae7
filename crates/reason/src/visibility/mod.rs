//! What can be seen from where, and what a speed allows: exact on points, rectangles and oriented boxes.

pub mod detour;
pub mod sight;
