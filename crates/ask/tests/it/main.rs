//! Tests of the room as a whole: programs on Worlds.

mod absence;
mod acts;
mod examples;
mod gaps;
mod invariance;
mod motion;
mod physics;
mod programs;
mod relations;
mod scene;
mod units;
mod unseen;
mod viewpoint;
mod ways;
