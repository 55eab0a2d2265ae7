//! What must not change an answer: where the axes lie, when the clock starts, what things are called, in which unit a
//! threshold is written, the order of the rows, and anything that became known after the question's time.
//!
//! Random Worlds by seed, a list of programs over them, each property on each of them.

use crate::scene::Scene;
use chronotope_ask::program::{answer, answer_json, replay};
use chronotope_world::{Evidence, Span, Time, World};
use serde_json::{Value, json};

/// Worlds per property.
const N_WORLDS: u64 = 60;

/// Seconds of record.
const LENGTH_S: i32 = 20;

/// Seconds, x and y in metres.
type Places = Vec<(f64, f64, f64)>;

/// Things that walk: label, and seconds with metres.
#[derive(Clone)]
struct Plan {
    things: Vec<(&'static str, Places)>,
    /// Added to every time, in seconds.
    shift_s: f64,
}

impl Plan {
    fn random(seed: u64) -> Plan {
        let mut random = Random(seed);
        let labels = ["car", "person", "dog"];
        let things = (0..4 + random.below(4))
            .map(|k| {
                let label = labels[if k < 3 { k } else { random.below(3) } as usize];
                let from = random.below(8) as i32;
                let to = from + 4 + random.below((LENGTH_S - from - 4) as u64) as i32;
                let (mut x, mut y) = (random.within(-20.0, 20.0), random.within(-20.0, 20.0));
                let (mut vx, mut vy) = (random.within(-3.0, 3.0), random.within(-3.0, 3.0));
                let mut places = Vec::new();
                let gap = random.below(40) as i32;
                for t in from..=to {
                    if random.below(4) == 0 {
                        (vx, vy) = (random.within(-3.0, 3.0), random.within(-3.0, 3.0));
                    }
                    if random.below(6) == 0 {
                        (vx, vy) = (0.0, 0.0);
                    }
                    // a gap of three seconds in some tracks
                    if !(gap..gap + 2).contains(&t) {
                        places.push((f64::from(t), x, y));
                    }
                    x += vx;
                    y += vy;
                }
                (label, places)
            })
            .collect();
        Plan { things, shift_s: 0.0 }
    }

    fn moved(&self, place: impl Fn(f64, f64) -> (f64, f64)) -> Plan {
        let mut out = self.clone();
        for (_, places) in &mut out.things {
            for at in places {
                (at.1, at.2) = place(at.1, at.2);
            }
        }
        out
    }

    fn later(&self, by_s: f64) -> Plan {
        let mut out = self.clone();
        out.shift_s = by_s;
        for at in out.things.iter_mut().flat_map(|(_, places)| places) {
            at.0 += by_s;
        }
        out
    }

    fn scene(&self, name: impl Fn(&str) -> String) -> Scene {
        let mut scene = Scene::new();
        let labels: Vec<String> = ["car", "person", "dog", "bus"].iter().map(|l| name(l)).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        scene.covers(&labels, self.shift_s, self.shift_s + f64::from(LENGTH_S));
        for (label, places) in &self.things {
            scene.walks(&name(label), places);
        }
        scene
    }

    fn world(&self) -> World {
        self.scene(str::to_owned).world()
    }
}

/// Programs whose answers name no direction of the axes; times stand as `{N}` seconds, lengths as `[N]` metres.
const PROGRAMS: &[&str] = &[
    "count(all(\"car\"))",
    "count(all(\"bus\"))",
    "count(all(), during: span({3}, {9}))",
    "count_at(all(\"person\"), {7.25})",
    "most_at_once(all())",
    "exists(all(\"dog\"), during: span({2}, {5}))",
    "presence(entity(0))",
    "first_seen(all(\"person\"))",
    "last_seen(entity(1))",
    "duration(presence(entity(2)))",
    "together(all(\"car\"), all(\"person\"))",
    "is_before(first_seen(entity(0)), first_seen(entity(1)))",
    "sequence([all(\"car\"), all(\"person\"), all(\"dog\")])",
    "min_distance(entity(0), entity(1))",
    "distance(entity(0), entity(1), at: {8.5})",
    "distance(all(\"car\"), all(\"dog\"), reduce: max)",
    "within(entity(0), entity(2), [9])",
    "duration(within(all(\"car\"), all(\"person\"), [12.5]))",
    "nearest(all(), entity(0), at: {9})",
    "farthest(all(\"person\"), entity(0))",
    "speed(entity(0))",
    "speed(entity(1), reduce: max)",
    "speed(entity(2), at: {7.5})",
    "path_length(entity(0), during: span({4}, {11.5}))",
    "displacement(entity(1))",
    "turn(entity(0))",
    "stationary(entity(0), below: [0.5]/s)",
    "duration(moving(entity(1)))",
    "approaching(entity(0), entity(1))",
    "meets(all(\"car\"), all(\"dog\"), within: [4])",
    "overtakes(entity(0), entity(1))",
    "argmax(all(), speed(it))",
    "count(where(all(), path_length(it) > [11]))",
    "min_distance(entity(0), entity(1)) < [6]",
    "direction(of: entity(2), standing_at: entity(0), facing: entity(1), sectors: QUAD4, at: {8})",
    "bearing(of: entity(2), standing_at: entity(0), facing: entity(1), at: {8})",
    "visibility(entity(0), {9.5})",
    "hidden(entity(0))",
    "could_reach(entity(0), entity(1), {15}, [3]/s)",
];

/// A program with its times moved and its lengths in another unit.
fn written(program: &str, shift_s: f64, unit: &str, per_m: f64) -> String {
    let mut out = String::new();
    let mut rest = program;
    while let Some(at) = rest.find(['{', '[']) {
        let close = if rest.as_bytes()[at] == b'{' { '}' } else { ']' };
        let end = at + rest[at..].find(close).unwrap_or(rest.len() - at - 1);
        out.push_str(&rest[..at]);
        match rest[at + 1..end].parse::<f64>() {
            Ok(s) if close == '}' => out.push_str(&format!("{} s", s + shift_s)),
            Ok(m) => out.push_str(&format!("{} {unit}", m * per_m)),
            Err(_) => out.push_str(&rest[at..=end]), // a list
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

fn plain(program: &str) -> String {
    written(program, 0.0, "m", 1.0)
}

/// Status and value of an answer, or the error.
fn found(world: &World, program: &str) -> Value {
    match answer(world, program) {
        Ok(answered) => {
            let json = answer_json(world, None, &answered, &json!({}));
            let answer = &json["answer"];
            json!([json["status"], answer["value"], answer["low"], answer["high"], answer["unit"]])
        }
        Err(error) => json!(error.to_string()),
    }
}

/// Equal but for the last digits of numbers.
fn alike(a: &Value, b: &Value, tolerance: f64) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            let (x, y) = (x.as_f64().unwrap_or(f64::NAN), y.as_f64().unwrap_or(f64::NAN));
            (x - y).abs() <= tolerance * x.abs().max(1.0)
        }
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| alike(x, y, tolerance))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len() && x.iter().all(|(k, x)| y.get(k).is_some_and(|y| alike(x, y, tolerance)))
        }
        _ => a == b,
    }
}

/// The answers of every program on both sides; those that differ are shown.
fn compare(property: &str, pairs: impl Fn(u64, &str) -> (Value, Value), tolerance: f64) {
    let (mut wrong, mut answered) = (Vec::new(), 0);
    for seed in 0..N_WORLDS {
        for program in PROGRAMS {
            let (a, b) = pairs(seed, program);
            answered += usize::from(a[0] == json!("answered"));
            if !alike(&a, &b, tolerance) {
                wrong.push(format!("World {seed}: {program}\n    {a}\n    {b}"));
            }
        }
    }
    let n = N_WORLDS as usize * PROGRAMS.len();
    assert!(answered * 2 > n, "{property}: only {answered} of {n} are answered, so nothing is shown");
    assert!(wrong.is_empty(), "{property}: {} of {n} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn programs_are_right_in_form() {
    for program in PROGRAMS {
        let value = found(&Plan::random(1).world(), &plain(program));
        assert!(value.is_array(), "{program}: {value}");
    }
}

#[test]
fn turning_and_moving_the_axes_changes_nothing() {
    compare(
        "rigid motion",
        |seed, program| {
            let plan = Plan::random(seed);
            let mut random = Random(seed ^ 0xA5A5);
            let (angle, dx, dy) =
                (random.within(-3.0, 3.0), random.within(-500.0, 500.0), random.within(-500.0, 500.0));
            let (c, s) = (libm::cos(angle), libm::sin(angle));
            let moved = plan.moved(|x, y| (c * x - s * y + dx, s * x + c * y + dy));
            (found(&plan.world(), &plain(program)), found(&moved.world(), &plain(program)))
        },
        1e-7,
    );
}

#[test]
fn a_later_start_of_the_clock_moves_times_alone() {
    const SHIFT_S: f64 = 4096.0;
    fn earlier(value: &Value) -> Value {
        match value {
            Value::Number(x) => x.as_f64().map_or(Value::Null, |x| json!(x - SHIFT_S)),
            Value::Array(list) => list.iter().map(earlier).collect(),
            Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), earlier(v))).collect(),
            other => other.clone(),
        }
    }
    let is_time = |program: &str| {
        ["presence", "first_seen", "last_seen", "together", "within", "stationary", "approaching", "meets"]
            .iter()
            .chain(&["overtakes", "hidden"])
            .any(|operator| program.starts_with(operator))
    };
    compare(
        "time shift",
        |seed, program| {
            let plan = Plan::random(seed);
            let late = found(&plan.later(SHIFT_S).world(), &written(program, SHIFT_S, "m", 1.0));
            let late = if is_time(program) { earlier(&late) } else { late };
            (found(&plan.world(), &plain(program)), late)
        },
        1e-9,
    );
}

#[test]
fn names_change_names_alone() {
    let other = |text: &str| text.replace("car", "florb").replace("person", "grint").replace("dog", "zapf");
    compare(
        "renaming",
        |seed, program| {
            let plan = Plan::random(seed);
            let renamed = plan.scene(other).world();
            let there = found(&plan.world(), &plain(program));
            let there: Value = serde_json::from_str(&other(&there.to_string())).unwrap_or(Value::Null);
            (there, found(&renamed, &other(&plain(program))))
        },
        0.0,
    );
}

#[test]
fn the_unit_of_a_threshold_changes_nothing() {
    for (unit, per_m) in [("cm", 100.0), ("mm", 1000.0), ("km", 0.001)] {
        compare(
            unit,
            |seed, program| {
                let world = Plan::random(seed).world();
                (found(&world, &plain(program)), found(&world, &written(program, 0.0, unit, per_m)))
            },
            1e-12,
        );
    }
}

/// What is seen after `asked_at` changes no byte of the answer with its evidence and audit.
#[test]
fn the_future_changes_nothing() {
    for seed in 0..N_WORLDS {
        let plan = Plan::random(seed);
        let known_at_their_time = |future: &Plan| {
            let mut scene = Scene::new();
            scene.covers(&["car", "person", "dog", "bus"], 0.0, f64::from(LENGTH_S));
            for (label, places) in &future.things {
                scene.walks(label, places);
            }
            scene.world()
        };
        let mut random = Random(seed ^ 0x5A5A);
        let asked_s = 6.0 + random.below(10) as f64;
        let mut future = plan.clone();
        for (_, places) in &mut future.things {
            for at in places.iter_mut().filter(|at| at.0 > asked_s) {
                (at.1, at.2) = (random.within(-90.0, 90.0), random.within(-90.0, 90.0));
            }
        }
        let (there, changed) = (known_at_their_time(&plan), known_at_their_time(&future));
        for program in PROGRAMS {
            let program = format!("asked_at {asked_s} s; {}", plain(program));
            let json = |world: &World| match answer(world, &program) {
                Ok(answered) => answer_json(world, None, &answered, &json!({})).to_string(),
                Err(error) => error.to_string(),
            };
            assert_eq!(json(&there), json(&changed), "World {seed}: {program}");
        }
    }
}

/// Each answer replays; moving any one cited sample breaks it, whichever it is.
#[test]
fn a_proof_breaks_with_any_sample_that_it_cites() {
    let (mut broken, mut whole) = (0, Vec::new());
    for seed in 0..N_WORLDS / 4 {
        let plan = Plan::random(seed);
        let world = plan.world();
        for program in PROGRAMS {
            let Ok(answered) = answer(&world, &plain(program)) else { continue };
            let json = answer_json(&world, None, &answered, &json!({}));
            let report = replay(&json, &world).expect("an answer");
            assert!(report.holds(), "World {seed}: {program}: {report:?}");
            let Some((track, span)) = answered.answer.evidence.iter().find_map(cited_track) else { continue };
            let mut forged = plan.clone();
            let places = &mut forged.things[track as usize].1;
            let inside: Vec<usize> =
                (0..places.len()).filter(|&i| span.contains(Time::from_s(places[i].0))).collect();
            let Some(&i) = inside.get(seed as usize % inside.len().max(1)) else { continue };
            places[i].1 += 1e-3;
            if replay(&json, &forged.world()).is_ok_and(|report| report.holds()) {
                whole.push(format!("World {seed}: {program}: sample {i} of track {track}"));
            } else {
                broken += 1;
            }
        }
    }
    assert!(whole.is_empty(), "{} proofs hold after tampering\n{}", whole.len(), whole.join("\n"));
    assert!(broken > 200, "{broken}");
}

/// Track and span of a row of evidence that cites all samples of a track within a span.
fn cited_track(row: &Evidence) -> Option<(u64, Span)> {
    let rows = row.rows.as_ref()?;
    Some((*rows.tracks.first()?, rows.span))
}

/// Splitmix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.next() >> 11) as f64 / (1u64 << 53) as f64)
    }
}
