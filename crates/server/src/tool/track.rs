//! `track`: where a thing was, moment by moment.

use chronotope::world::{How, Moment, Time, Trajectory, World};
use serde_json::{Value as Json, json};

use super::program::{name_of, one_thing};
use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// The path of one thing.
pub(super) struct Track;

const USUAL: u64 = 50;
const MOST: u64 = 2000;

impl Tool for Track {
    fn name(&self) -> &'static str {
        "track"
    }

    fn about(&self) -> &'static str {
        "Lists where one thing was, moment by moment: its box in the picture and its place in space with the reference frame, and whether it was seen just then, \
         held still, or lies between two sightings. Moments at which nobody saw it are left out."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![
            schema::thing("thing", "The one thing").required(),
            schema::number("from", "From this second of the record on"),
            schema::number("to", "Before this second of the record"),
            schema::number("every", "Every so many seconds [default: as it was seen, evenly thinned]"),
            schema::integer("most", "At most so many moments [default: 50]"),
        ])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let named = args.must("thing")?;
        let most = args.whole("most")?.unwrap_or(USUAL).clamp(1, MOST) as usize;
        let every = args.number("every")?;
        if every.is_some_and(|every| every <= 0.0) {
            return Err(Error::argument("every", "seconds above 0", every.unwrap_or_default().to_string()));
        }
        let from = args.number("from")?.map_or(Time::MIN, Time::from_s);
        let to = args.number("to")?.map_or(Time::MAX, Time::from_s);
        let seen = args.world(desk, control)?;
        let thing = one_thing(&seen, named)?;
        let path = seen.world.trajectory(thing).map_err(Error::input)?;
        let times = match every {
            Some(every) => stepped(&path, from, to, every, most),
            None => sampled(&path, from, to, most),
        };
        let moments: Vec<Moment> = times.into_iter().filter_map(|t| path.at(t)).collect();
        let rows: Vec<Json> = moments.iter().map(|moment| row(&seen.world, moment)).collect();
        let name = name_of(&seen.world, thing);
        let mut text = vec![format!("{name}: {} moments", rows.len())];
        text.extend(rows.iter().map(|row| {
            let place = if row["position"].is_null() { &row["box_px"] } else { &row["position"] };
            format!("{} s {place} {}", row["t_s"], row["how"].as_str().unwrap_or_default())
        }));
        Ok(Reply::new(json!({ "entity": thing.0, "name": name, "moments": rows }), text.join("\n")))
    }
}

/// The times at which it was seen, evenly thinned.
fn sampled(path: &Trajectory, from: Time, to: Time, most: usize) -> Vec<Time> {
    let times = path.runs.iter().flat_map(|run| run.times());
    let mut times: Vec<Time> = times.filter(|t| (from..to).contains(t)).collect();
    times.sort_unstable();
    times.dedup();
    let n = times.len();
    if n <= most {
        return times;
    }
    (0..most).map(|i| times[i * (n - 1) / (most - 1).max(1)]).collect()
}

/// Every so many seconds of the time in which it is known.
fn stepped(path: &Trajectory, from: Time, to: Time, every: f64, most: usize) -> Vec<Time> {
    let Some(hull) = path.spans().hull() else { return Vec::new() };
    let (start, end) = (hull.start().max(from), hull.end().min(to));
    let times = (0..most).map(|i| Time::from_s(start.as_s() + i as f64 * every));
    times.take_while(|t| *t < end).collect()
}

fn row(world: &World, moment: &Moment) -> Json {
    let frame = moment.pose.as_ref().and_then(|pose| world.reference_frame(pose.reference_frame));
    let (how, samples) = match moment.how {
        How::Sampled(id) => ("seen", vec![id.0]),
        How::Held(id) => ("held", vec![id.0]),
        How::Interpolated { before, after } => ("between", vec![before.0, after.0]),
    };
    json!({
        "t_s": moment.t.as_s(),
        "box_px": moment.box_px.map(|b| [b.left, b.top, b.width, b.height]),
        "position": moment.pose.as_ref().map(|pose| pose.position),
        "reference_frame": frame.map(|frame| frame.reference_frame.to_string()),
        "unit": frame.map(|frame| frame.scale.to_string()),
        "how": how,
        "track": moment.track.0,
        "samples": samples,
    })
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{call, street};
    use serde_json::json;

    #[test]
    fn a_path_is_told_as_it_was_seen_and_between() {
        let (_folder, desk) = street();
        let moments = |args| {
            let reply = call(&desk, "track", args).expect("a path");
            reply.json["moments"].as_array().expect("a list").clone()
        };
        let seen = moments(json!({ "thing": "car 1" }));
        assert_eq!(seen.len(), 2);
        let stepped = moments(json!({ "thing": "car 1", "every": 0.5, "from": 0.4 }));
        assert_eq!(stepped[0]["how"], "between");
        assert_eq!(stepped[0]["position"], json!([4.0, 0.0, 0.0]));
        assert_eq!(moments(json!({ "thing": "car 1", "most": 1 })).len(), 1);
    }

    #[test]
    fn one_of_several_is_asked_for() {
        let (_folder, desk) = street();
        let error = call(&desk, "track", json!({ "thing": "car" })).expect_err("two").to_string();
        assert!(error.contains("car 1, car 3"), "{error}");
        let error = call(&desk, "track", json!({ "thing": "dog" })).expect_err("none").to_string();
        assert!(error.contains("dog"), "{error}");
    }
}
