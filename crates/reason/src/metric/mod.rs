//! Where things are, how far apart, how large: pure functions of places and boxes, and the way between reference frames.

pub mod contact;
pub mod direction;
pub mod frames;
pub mod polygon;
pub mod solid;
pub mod views;
