//! Tests of the room as a whole: programs on Worlds.

mod absence;
mod programs;
mod scene;
