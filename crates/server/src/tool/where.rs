//! `where`: the place of a thing.

use chronotope::ask::vocabulary_of;
use serde_json::Value as Json;

use super::program::{answer, frame, seconds, things};
use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// Where a thing is at a moment, or where it was seen last.
pub(super) struct Where;

impl Tool for Where {
    fn name(&self) -> &'static str {
        "where"
    }

    fn about(&self) -> &'static str {
        "Tells where a thing is at a moment; without a moment, where it was last seen. The place comes with its reference frame and unit. \
         Where the thing was not observed the answer is unknown and says between which sightings it lies."
    }

    fn input(&self) -> Json {
        let at = schema::number("at", "At this second of the record [default: when it was last seen]");
        schema::of_world(vec![schema::thing("thing", "Which thing").required(), at, schema::frame()])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let named = args.must("thing")?;
        let frame = frame(args)?;
        let seen = args.world(desk, control)?;
        let thing = things(&seen.world, named)?;
        let at = match args.number("at")? {
            Some(at) => format!(", at: {}", seconds(at)),
            None if vocabulary_of(&seen.world).timeless => String::new(),
            None => format!(", at: last_seen({thing}, during: always)"),
        };
        answer(&seen, &format!("position({thing}{at}{frame})"))
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{answered, call, street};
    use serde_json::json;

    #[test]
    fn a_thing_is_where_it_is_and_where_it_was_last_seen() {
        let (_folder, desk) = street();
        let told = answered(&desk, "where", json!({ "thing": "car 1", "at": 1 }));
        assert!(told.contains("(10, 0, 0) m"), "{told}");
        let told = answered(&desk, "where", json!({ "thing": "the person" }));
        assert!(told.contains("(5, 5, 0) m"), "{told}");
    }

    #[test]
    fn nothing_but_a_frame_gets_into_the_program() {
        let (_folder, desk) = street();
        let args = json!({ "thing": "car 1", "reference_frame": "world); count(all(\"car\")" });
        assert!(call(&desk, "where", args).expect_err("refused").to_string().contains("reference_frame"));
        let args = json!({ "thing": "x\") , at: 0 s, in: image) #" });
        let reply = call(&desk, "where", args).expect("an answer");
        assert_ne!(reply.json["status"], "answered", "{}", reply.text);
    }
}
