//! `route`: the way from one thing to another.

use serde_json::Value as Json;

use super::program::{answer, frame, seconds, things};
use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// The shortest way on foot, turn by turn.
pub(super) struct Route;

impl Tool for Route {
    fn name(&self) -> &'static str {
        "route"
    }

    fn about(&self) -> &'static str {
        "Plans the shortest way on foot from one thing to another around everything that stands between, turn by turn with lengths. \
         Needs a metric world; measure with route_length tells how long it is."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![
            schema::thing("start", "From the middle of this thing").required(),
            schema::thing("goal", "To the middle of this thing").required(),
            schema::number("clearance_m", "So many metres off everything that stands"),
            schema::number("at", "At this second of the record"),
            schema::frame(),
        ])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let (start, goal) = (args.must("start")?, args.must("goal")?);
        let frame = frame(args)?;
        let at = args.number("at")?.map_or(String::new(), |at| format!(", at: {}", seconds(at)));
        let clearance = args.number("clearance_m")?.map_or(String::new(), |m| format!(", clearance: {m} m"));
        let seen = args.world(desk, control)?;
        let (start, goal) = (things(&seen.world, start)?, things(&seen.world, goal)?);
        answer(&seen, &format!("route({start}, {goal}{clearance}{at}{frame})"))
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{Folder, call, desk};
    use serde_json::json;

    const ROOM: &str = "record \"room\"\nworld main m\n\
        door 0 in main\n  always: (0, 0, 0) size (0.2, 1, 2) yaw 0\n\
        table 1 in main\n  always: (3, 0, 0) size (1, 2, 1) yaw 0\n\
        window 2 in main\n  always: (6, 0, 0) size (0.2, 1, 1) yaw 0\n";

    #[test]
    fn a_way_goes_around_what_stands_between() {
        let folder = Folder::new();
        folder.file("room.world.txt", ROOM);
        let desk = desk(&folder, false);
        let args = json!({ "start": "door", "goal": "window" });
        let reply = call(&desk, "route", args).expect("an answer");
        assert_eq!(reply.json["status"], "answered", "{}", reply.text);
        assert!(reply.text.contains("left") || reply.text.contains("right"), "{}", reply.text);
    }
}
