//! `measure`: a number with its unit.

use serde_json::Value as Json;

use super::program::{answer, during, frame, things, time};
use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// A count, a distance, a speed, a size, an angle.
pub(super) struct Measure;

const WHAT: [&str; 17] = [
    "count",
    "most_at_once",
    "distance",
    "closest_approach",
    "route_length",
    "speed",
    "relative_speed",
    "acceleration",
    "path_length",
    "displacement",
    "heading",
    "turn",
    "size",
    "height",
    "footprint",
    "volume",
    "dwell",
];

const REDUCE: [&str; 4] = ["", "min", "max", "mean"];

const BETWEEN: [&str; 3] = ["", "centres", "surfaces"];

impl Tool for Measure {
    fn name(&self) -> &'static str {
        "measure"
    }

    fn about(&self) -> &'static str {
        "Measures things exactly: count, most_at_once, distance, closest_approach (when they are nearest), route_length, speed, relative_speed, acceleration, path_length, displacement, \
         heading, turn, size, height, footprint, volume, dwell (time inside a region). At a moment or over a time; the number comes with unit, reference frame and bounds. \
         Pixels never become metres: where nothing tells the scale, the answer says which transform is missing."
    }

    fn input(&self) -> Json {
        let mut own = vec![
            schema::text("what", "What to measure").one_of(&WHAT).required(),
            schema::thing("thing", "Of which things").required(),
            schema::thing(
                "other",
                "To which other things, for distance, closest_approach, route_length, relative_speed",
            ),
            schema::numbers(
                "region",
                4,
                "dwell: [left, top, width, height] in the picture, or [x, y, length, width] in a world",
            ),
            schema::text("reduce", "Of the values over time: min, max or mean").one_of(&REDUCE[1..]),
            schema::text("between", "distance: between centres or between surfaces").one_of(&BETWEEN[1..]),
        ];
        own.extend(schema::times());
        own.push(schema::frame());
        schema::of_world(own)
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let what = args.must("what").and_then(|_| args.word("what", &WHAT))?;
        let named = args.must("thing")?;
        let option = |name, words: &[&'static str]| -> Result<String, Error> {
            let word = args.word(name, words)?;
            Ok(if word.is_empty() { String::new() } else { format!(", {name}: {word}") })
        };
        let (reduce, between) = (option("reduce", &REDUCE)?, option("between", &BETWEEN)?);
        let (frame, when) = (frame(args)?, time(args)?);
        let over = || -> Result<String, Error> {
            match args.number("at")? {
                Some(at) => Err(Error::argument(
                    "at",
                    format!("from and to, as `{what}` is measured over time"),
                    at.to_string(),
                )),
                None => during(args),
            }
        };
        let at = || match args.number("at") {
            Ok(Some(at)) => format!(", at: {}", super::program::seconds(at)),
            _ => String::new(),
        };
        let region = args.numbers::<4>("region")?;
        let other = args.text("other")?;
        let seen = args.world(desk, control)?;
        let a = things(&seen.world, named)?;
        let b = || {
            let other = other
                .ok_or_else(|| Error::argument("other", format!("the other thing of `{what}`"), "nothing"))?;
            things(&seen.world, other)
        };
        let program = match what {
            "count" => match args.number("at")? {
                Some(at) => format!("count_at({a}, {})", super::program::seconds(at)),
                None => format!("count({a}{})", over()?),
            },
            "most_at_once" => format!("most_at_once({a}{})", over()?),
            "distance" => format!("distance({a}, {}{when}{reduce}{between}{frame})", b()?),
            "closest_approach" => format!("closest_approach({a}, {}{}{frame})", b()?, over()?),
            "route_length" => format!("route_length({a}, {}{}{frame})", b()?, at()),
            "relative_speed" => format!("relative_speed({a}, {}{when}{reduce}{frame})", b()?),
            "speed" | "acceleration" => format!("{what}({a}{when}{reduce}{frame})"),
            "heading" => format!("heading({a}{when}{frame})"),
            "path_length" | "displacement" | "turn" => format!("{what}({a}{}{frame})", over()?),
            "dwell" => {
                let region = region.ok_or_else(|| Error::argument("region", "four numbers", "nothing"))?;
                let [x, y, w, h] = region;
                format!("dwell({a}, region([{x}, {y}, {w}, {h}]{frame}){})", over()?)
            }
            "size" => format!("size({a}{}{frame})", at()),
            of => format!("size({a}, of: {of}{}{frame})", at()),
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
    fn numbers_have_their_unit() {
        let (_folder, desk) = street();
        let measure = |args| answered(&desk, "measure", args);
        assert_eq!(measure(json!({ "what": "count", "thing": "car" })), "2");
        assert_eq!(
            measure(json!({ "what": "distance", "thing": "car 1", "other": "car 3", "at": 0 })),
            "10 m"
        );
        assert_eq!(measure(json!({ "what": "speed", "thing": "car 1", "at": "1" })), "10 m/s");
    }

    #[test]
    fn every_word_makes_a_program_that_fits() {
        let (_folder, desk) = street();
        for what in WHAT {
            let args =
                json!({ "what": what, "thing": "car 1", "other": "car 3", "region": [0, 0, 100, 100] });
            call(&desk, "measure", args).unwrap_or_else(|error| panic!("{what}: {error}"));
        }
    }

    #[test]
    fn what_is_measured_over_time_has_no_moment() {
        let (_folder, desk) = street();
        let args = json!({ "what": "path_length", "thing": "car 1", "at": 1 });
        assert!(call(&desk, "measure", args).expect_err("no moment").to_string().contains("over time"));
    }
}
