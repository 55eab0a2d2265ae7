//! `when`: the spans in which something holds.

use serde_json::Value as Json;

use super::program::{answer, during, frame, things};
use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// When something is so of things, alone or with others.
pub(super) struct When;

/// What can be asked; the first where nothing is said.
const WHAT: [&str; 15] = [
    "seen",
    "first_seen",
    "last_seen",
    "hidden",
    "out_of_view",
    "unobserved",
    "moving",
    "stationary",
    "together",
    "near",
    "touching",
    "approaching",
    "receding",
    "following",
    "inside",
];

/// What is told of the spans.
const TELL: [&str; 6] = ["spans", "total", "longest", "count", "first", "last"];

impl Tool for When {
    fn name(&self) -> &'static str {
        "when"
    }

    fn about(&self) -> &'static str {
        "Tells when something holds of things: seen, first_seen, last_seen, hidden, out_of_view, unobserved, moving, stationary; with other things: together, near, touching, \
         approaching, receding, following, inside. As spans in seconds, split into certain and possible; or the total time, the longest, first or last span, or their count."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![
            schema::thing("thing", "Which things").required(),
            schema::text("what", "What holds of them").one_of(&WHAT),
            schema::thing("other", "The other things, where what needs some"),
            schema::number(
                "within_m",
                "near: at most so many metres apart [default: 2 m, or half the size in a picture]",
            ),
            schema::numbers(
                "region",
                4,
                "inside: [left, top, width, height] in the picture, or [x, y, length, width] in a world, in place of other",
            ),
            schema::text("tell", "What is told of the spans").one_of(&TELL),
            schema::number("from", "From this second of the record on"),
            schema::number("to", "Before this second of the record"),
            schema::frame(),
        ])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let named = args.must("thing")?;
        let what = args.word("what", &WHAT)?;
        let tell = args.word("tell", &TELL)?;
        let (frame, during, near) = (frame(args)?, during(args)?, args.number("within_m")?);
        let region = args.numbers::<4>("region")?;
        let other = args.text("other")?;
        let seen = args.world(desk, control)?;
        let a = things(&seen.world, named)?;
        let other = || {
            let other = other.ok_or_else(|| {
                Error::argument("other", format!("the other things of `{what}`"), "nothing")
            })?;
            things(&seen.world, other)
        };
        let when = match what {
            "first_seen" | "last_seen" => {
                if tell != "spans" {
                    return Err(Error::argument(
                        "tell",
                        "spans, as a moment has no more",
                        format!("`{tell}`"),
                    ));
                }
                return answer(&seen, &format!("{what}({a}{during})"));
            }
            "seen" => format!("presence({a}{during})"),
            "hidden" | "out_of_view" | "unobserved" => format!("{what}({a}{during})"),
            "moving" | "stationary" => format!("{what}({a}{during}{frame})"),
            "together" => format!("together({a}, {}{during})", other()?),
            "near" => match near {
                Some(m) => format!("within({a}, {}, {m} m{during}{frame})", other()?),
                None => format!("meets({a}, {}{during}{frame})", other()?),
            },
            "touching" => format!("touches({a}, {}{during}{frame})", other()?),
            "approaching" | "receding" => format!("{what}({a}, {}{during}{frame})", other()?),
            "following" => format!("follows({a}, {}{during}{frame})", other()?),
            _ => {
                let region = match region {
                    Some([x, y, w, h]) => format!("region([{x}, {y}, {w}, {h}]{frame})"),
                    None => format!("region_of({}{frame})", other()?),
                };
                format!("when_inside({a}, {region}{during})")
            }
        };
        let program = match tell {
            "spans" => when,
            "total" => format!("duration({when})"),
            "longest" => format!("longest({when})"),
            "count" => format!("count({when})"),
            "first" => format!("nth({when}, 1)"),
            _ => format!("nth({when}, -1)"),
        };
        answer(&seen, &program)
    }
}

#[cfg(test)]
mod tests {
    use super::WHAT;
    use crate::tool::scratch::{answered, call, street};
    use serde_json::json;

    #[test]
    fn moments_spans_and_their_sum() {
        let (_folder, desk) = street();
        let when = |args| answered(&desk, "when", args);
        assert!(when(json!({ "thing": "person", "what": "first_seen" })).starts_with("1 s"));
        assert!(when(json!({ "thing": "person" })).contains("1 s to 3 s"));
        assert!(when(json!({ "thing": "person", "tell": "total" })).starts_with("2 s"));
    }

    #[test]
    fn every_word_makes_a_program_that_fits() {
        let (_folder, desk) = street();
        for what in WHAT {
            let args = json!({ "thing": "car 1", "what": what, "other": "car 3", "from": 0, "to": 2 });
            call(&desk, "when", args).unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        let error =
            call(&desk, "when", json!({ "thing": "car 1", "what": "together" })).expect_err("no other");
        assert!(error.to_string().starts_with("other: expected the other things"), "{error}");
    }
}
