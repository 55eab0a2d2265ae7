//! Tests of the room as a whole: programs on Worlds.

mod programs;
mod scene;
