//! `watch`: a video becomes a World.

use serde_json::Value as Json;

use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// Watches a video that nobody watched yet.
pub(super) struct Watch;

impl Tool for Watch {
    fn name(&self) -> &'static str {
        "watch"
    }

    fn about(&self) -> &'static str {
        "Watches a video: finds what moves, follows it and keeps the World, so that every other tool answers about it at once. Takes about as long as the video, tells progress, and ends when cancelled. \
         The other tools watch a video first where nobody did; this one is for doing it beforehand."
    }

    fn input(&self) -> Json {
        schema::object([schema::text("source", "Name of the video as list_sources tells it").required()])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        args.must("source")?;
        super::show::Show.run(desk, args, control)
    }
}
