//! `relate`: how things lie to each other.

use serde_json::Value as Json;

use super::program::{answer, during, frame, things, time};
use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// The relation of one thing to another: by side, for somebody who stands there, or in a calculus.
pub(super) struct Relate;

const HOW: [&str; 11] = [
    "side",
    "viewpoint",
    "compass",
    "rcc8",
    "rcc5",
    "rectangle",
    "cardinal",
    "qtc_b",
    "resting_on",
    "contained_in",
    "next_to",
];

impl Tool for Relate {
    fn name(&self) -> &'static str {
        "relate"
    }

    fn about(&self) -> &'static str {
        "Tells how one thing lies to another. side: left, right, above or below as the picture shows. viewpoint: where it lies for somebody who stands at `standing` and faces `facing` \
         (front-left, behind …). compass: north-east … in a metric world. rcc8, rcc5, rectangle, cardinal: the relation of that calculus. qtc_b: how they move to each other over time. \
         resting_on, contained_in, next_to: which of the things do so to the other."
    }

    fn input(&self) -> Json {
        let mut own = vec![
            schema::thing("thing", "Which thing").required(),
            schema::thing(
                "other",
                "To which other thing; with viewpoint it may be left out: then it is told where the thing lies for who stands there",
            ),
            schema::text("how", "In which words").one_of(&HOW),
            schema::thing("standing", "viewpoint: who looks stands in the middle of this"),
            schema::thing("facing", "viewpoint: and looks at this"),
        ];
        own.extend(schema::times());
        own.push(schema::frame());
        schema::of_world(own)
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let named = args.must("thing")?;
        let how = args.word("how", &HOW)?;
        let (frame, when) = (frame(args)?, time(args)?);
        let at = match args.number("at")? {
            Some(at) => format!(", at: {}", super::program::seconds(at)),
            None => String::new(),
        };
        let seen = args.world(desk, control)?;
        let a = things(&seen.world, named)?;
        let of = |name: &str| {
            let told = args
                .text(name)?
                .ok_or_else(|| Error::argument(name, format!("a thing, for `{how}`"), "nothing"))?;
            things(&seen.world, told)
        };
        let program = match how {
            "side" => format!("side({a}, {}{when}{frame})", of("other")?),
            "compass" => format!("compass({a}, {}{at}{frame})", of("other")?),
            "viewpoint" => {
                let view = format!("standing({}, {}{at}{frame})", of("standing")?, of("facing")?);
                match args.text("other")? {
                    Some(_) => format!("seen_side({a}, {}, {view}{at})", of("other")?),
                    None => format!("lies({a}, {view}{at})"),
                }
            }
            "qtc_b" => {
                format!("relations_over_time({a}, {}, calculus: qtc_b{}{frame})", of("other")?, during(args)?)
            }
            "rcc8" | "rcc5" | "rectangle" | "cardinal" => {
                if at.is_empty() {
                    format!(
                        "relations_over_time({a}, {}, calculus: {how}{}{frame})",
                        of("other")?,
                        during(args)?
                    )
                } else {
                    format!("relation({a}, {}, calculus: {how}{at}{frame})", of("other")?)
                }
            }
            contact => format!("{contact}({a}, {}{at}{frame})", of("other")?),
        };
        answer(&seen, &program)
    }
}

#[cfg(test)]
mod tests {
    use super::HOW;
    use crate::tool::scratch::{answered, call, street};
    use serde_json::json;

    #[test]
    fn a_side_is_told_as_the_picture_shows() {
        let (_folder, desk) = street();
        let args = json!({ "thing": "car 1", "other": "car 3", "at": 2, "reference_frame": "image" });
        assert_eq!(answered(&desk, "relate", args), "right");
    }

    #[test]
    fn a_direction_is_told_for_who_stands_there() {
        let (_folder, desk) = street();
        let args =
            json!({ "thing": "person", "how": "viewpoint", "standing": "car 3", "facing": "car 1", "at": 1 });
        assert!(!answered(&desk, "relate", args).is_empty());
    }

    #[test]
    fn every_word_makes_a_program_that_fits() {
        let (_folder, desk) = street();
        for how in HOW {
            for at in [json!(1), json!(null)] {
                let args = json!({ "thing": "car 1", "other": "car 3", "how": how, "standing": "person", "facing": "car 3", "at": at });
                call(&desk, "relate", args).unwrap_or_else(|error| panic!("{how} {at}: {error}"));
            }
        }
    }
}
