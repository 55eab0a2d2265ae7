//! One sentence of how a question was understood.

use super::lexicon::plural;
use crate::program::parse;
use crate::program::print_expr;
use crate::program::syntax::{Call, Expr, Infix, Node};

/// One English sentence that says what a program asks: `count(all("car"), during: after(5 s))` becomes "Understood as: the
/// number of different cars after 5 s."
///
/// Arguments that have their default value are left out. A program that does not parse, and an operator that has no words
/// yet, is shown as written.
pub fn explain(program: &str) -> String {
    let words = match parse(program) {
        Ok(program) if program.lets.is_empty() => value(&program.body),
        _ => format!("`{program}`"),
    };
    format!("Understood as: {words}.")
}

/// What an expression gives, as a noun phrase.
fn value(expr: &Expr) -> String {
    let call = match &expr.node {
        Node::Number(value, Some(unit)) => return format!("{value} {unit}"),
        Node::Number(value, None) => return value.to_string(),
        Node::Text(text) => return text.clone(),
        Node::Name(name) if name == "always" => return "the whole record".to_owned(),
        Node::Name(name) => return name.clone(),
        Node::List(items) => return items.iter().map(value).collect::<Vec<_>>().join(", then "),
        Node::Minus(inner) => return format!("minus {}", value(inner)),
        Node::Infix(Infix::Plus, left, right) => return format!("{} plus {}", value(left), value(right)),
        Node::Infix(Infix::Minus, left, right) => return format!("{} minus {}", value(left), value(right)),
        Node::Infix(Infix::Times, left, right) => return format!("{} times {}", value(left), value(right)),
        Node::Infix(Infix::Per, left, right) => {
            return format!("{} divided by {}", value(left), value(right));
        }
        Node::Not(_) | Node::Infix(..) => return format!("whether {}", condition(expr)),
        Node::Call(call) => call,
    };
    let (time, said) = (time(call), |at: usize| argument(call, at).map_or_else(String::new, value));
    let (one, many) =
        (|at: usize| one_at(call, at), |at: usize| argument(call, at).map_or_else(String::new, plural_of));
    let when = || argument(call, 0).and_then(clause);
    match call.name.as_str() {
        "exists" | "is_before" => format!("whether {}", condition(expr)),
        "count" => match (when(), argument(call, 0)) {
            (_, Some(Expr { node: Node::Call(kinds), .. })) if kinds.name == "kinds" => {
                format!(
                    "how many kinds of things are among the {}",
                    argument(kinds, 0).map_or_else(String::new, plural_of)
                )
            }
            (Some(clause), _) => format!("how often {clause}{time}"),
            (None, _) => once(format!("the number of different {}", many(0)), &time),
        },
        "count_at" => once(format!("the number of {}", many(0)), &format!(" at {}", moment_at(call, 1))),
        "mean_at_once" => format!("the mean number of {} present at a time{time}", many(0)),
        "closest_pair" => format!("which two {} come closest to each other{time}", many(0)),
        "appearances" => format!("{} in the order in which they come into sight{time}", many(0)),
        "most_at_once" => format!("the greatest number of {} at one moment{time}", many(0)),
        "duration" => when()
            .map_or_else(|| format!("the length of {}", said(0)), |clause| format!("for how long {clause}")),
        "last_moment" => "the end".to_owned(),
        "start" if when().is_none() => format!("the start of {}", said(0)),
        "end" if when().is_none() => format!("the end of {}", said(0)),
        "first_seen" | "last_seen" | "disappears" | "picture" | "start" | "end" => moment(expr),
        "span" | "after" | "before" => format!("the time {}", span(expr).unwrap_or_default()),
        "time_between" => format!("the time between {} and {}", moment_at(call, 0), moment_at(call, 1)),
        "sequence" => match argument(call, 0).map(|list| &list.node) {
            Some(Node::List(items)) => {
                let names: Vec<String> = items.iter().map(one_of).collect();
                format!("in which order these are first seen: {}{time}", names.join(", "))
            }
            _ => print_expr(expr),
        },
        "position" => format!("where {} is{time}", one(0)),
        "distance" | "min_distance" => {
            let which = match reduce(call) {
                _ if call.name == "min_distance" => "least ",
                Some("min") => "least ",
                Some("max") => "greatest ",
                Some("mean") => "mean ",
                _ => "",
            };
            format!("the {which}distance between {} and {}{}{time}", one(0), other(call, 1), surfaces(call))
        }
        "size" | "speed" | "path_length" | "displacement" | "turn" => {
            format!("the {} of {}{time}", property(expr), one(0))
        }
        "acceleration" | "heading" => format!("the {} of {}{time}", call.name, one(0)),
        "turn_rate" => format!("how fast {} turns, left positive{time}", one(0)),
        "relative_speed" => format!("the relative speed of {} and {}{time}", one(0), other(call, 1)),
        "closest_approach" => format!("the moment when {} and {} are nearest{time}", one(0), other(call, 1)),
        "time_to_contact" => {
            let at = moment_at(call, 2);
            format!("the time from {at} until {} and {} meet, going on as they do then", one(0), one(1))
        }
        "repetitions" => format!("how often {} goes to and fro, or round{time}", one(0)),
        "revolutions" | "rotation" => {
            let about = named(call, "around").map_or_else(String::new, |of| format!(" about {}", one_of(of)));
            let what = if call.name == "rotation" { "the sense in which" } else { "how many times" };
            format!("{what} {} goes round{about}{time}", one(0))
        }
        "predict" => format!("where {} will be at {}, going on as it did", one(0), moment_at(call, 1)),
        "altitude" => format!("the height at which {} lies{time}", one(0)),
        "gravity" => format!("the acceleration with which {} falls, with its error{time}", one(0)),
        "fall_axis" => format!("the axis along which {} falls{time}", one(0)),
        "carriers" => format!("what carries {} about{time}", one(0)),
        "support" => format!("what holds {} up{time}", one(0)),
        "broken_laws" => format!("how {} breaks the laws of physics{time}", one(0)),
        "views_agree" => {
            let what = named(call, "about").map_or_else(|| "what both saw".to_owned(), one_of);
            format!("whether the cameras agree on where {what} is{time}")
        }
        "same_thing" => {
            let by = |name: &str| named(call, name).map_or_else(|| "the other".to_owned(), value);
            format!("whether {} of camera {} is that of camera {}{time}", one(0), by("a"), by("b"))
        }
        "visible_share" => format!("how much of {} can be seen by {}", one(0), view_at(call, 1)),
        "compass" => format!("in which compass direction {} lies from {}{time}", one(0), one(1)),
        "motion_pattern" => format!("whether the camera and {} stand, translate or rotate{time}", one(0)),
        "route" => format!("the shortest way from {} to {}{time}", one(0), one(1)),
        "route_length" => format!("the length of the shortest way from {} to {}{time}", one(0), one(1)),
        "route_turns" => match argument(call, 2).map(|list| &list.node) {
            Some(Node::List(items)) => {
                let names: Vec<String> = items.iter().map(one_of).collect();
                format!("which way to turn from {}, facing {}, to {}", one(0), one(1), names.join(", then "))
            }
            _ => print_expr(expr),
        },
        "room_size" => "the floor area of the room".to_owned(),
        "side" => format!("on which side of {} {} is{time}", one(1), one(0)),
        "relation" => {
            let calculus = named(call, "calculus").map_or_else(|| "rcc8".to_owned(), value);
            format!("how {} stands to {} in {calculus}{time}", one(0), one(1))
        }
        "direction" => format!("in which direction {} lies for {}{time}", one(0), viewer(call)),
        "bearing" => format!("at which angle {} lies, left positive, for {}{time}", one(0), viewer(call)),
        "motion_direction" => format!("which way {} moves{}{time}", one(0), viewed(call)),
        "dwell" => format!("for how long {} is in {}{time}", one(0), region_at(call, 1)),
        "fact" => format!("the {} of {}{time}", said(1), one(0)),
        "contents" if argument(call, 0).is_some_and(|of| print_expr(of).starts_with("events(")) => {
            format!("what happens{time}")
        }
        "contents" if when().is_some() => format!("what happens{time}"),
        "contents" if many(0) == "things" => format!("what there is, by kind{time}"),
        "contents" => format!("what {} there are, by kind{time}", many(0)),
        "kinds" => format!("which kinds of things are among the {}", many(0)),
        "when_most" => format!("when most {} are present{time}", many(0)),
        "ratio" => format!("{}, divided by {}", said(0), said(1)),
        "label" => format!("what kind of thing is {}", one(0)),
        "lies" => format!("which way {} lies for {}", one(0), view_at(call, 1)),
        "bearing_from" => format!("at which angle {} lies, left positive, for {}", one(0), view_at(call, 1)),
        "distance_from" => format!("the distance of {} from {}", one(0), view_at(call, 1)),
        "seen_side" => format!("where {} is of {} for {}", one(0), one(1), view_at(call, 2)),
        "remainder" => format!("what {} leaves when it is divided by {}", said(0), said(1)),
        "kind" => format!("what happens: {}", said(0)),
        "role" => format!("the {} of {}", said(1), said(0)),
        "nth" if acts(call) => format!("number {} of {}", said(1), said(0)),
        "acts" => {
            let what =
                argument(call, 1).map_or_else(|| "whatever".to_owned(), |kind| format!("“{}”", value(kind)));
            format!("{what} done by {}{time}", one(0))
        }
        "which_holds" => format!("which of these holds: {}", said(1).replace(", then ", " or ")),
        "visibility" => {
            format!("whether {} is visible, hidden or out of view at {}", one(0), moment_at(call, 1))
        }
        "reach" => format!("where {} can be at {}, at most {} fast", one(0), moment_at(call, 1), said(2)),
        "could_reach" => {
            let by = moment_at(call, 2);
            format!("whether {} can have come to {} by {by}, at most {} fast", one(0), one(1), said(3))
        }
        "difference" => format!("the difference between {} and {}", said(0), said(1)),
        "absolute" if argument(call, 0).is_some_and(|of| print_expr(of).starts_with("revolutions(")) => {
            said(0)
        }
        "absolute" => format!("the size of {}", said(0)),
        "if" => {
            let test = argument(call, 0).map_or_else(String::new, condition);
            format!("{} if {test}, otherwise {}", said(1), said(2))
        }
        _ => match clause(expr) {
            Some(clause) => format!("when {clause}"),
            None if is_set(call) => one_of(expr),
            None => format!("`{}`", print_expr(expr)),
        },
    }
}

/// Something that is so or not, as a clause.
fn condition(expr: &Expr) -> String {
    match &expr.node {
        Node::Not(inner) => match &inner.node {
            Node::Call(call)
                if call.name == "exists" && argument(call, 0).is_some_and(|what| clause(what).is_none()) =>
            {
                let things = one_at(call, 0);
                format!("there is no {}{}", strip_article(&things), time(call))
            }
            _ => format!("it is not so that {}", condition(inner)),
        },
        Node::Infix(op, left, right) => {
            if let (Infix::Equal, Node::Call(call), Node::Text(word)) = (op, &left.node, &right.node) {
                let (a, time) = (one_at(call, 0), time(call));
                match call.name.as_str() {
                    "side" => return format!("{a} is {} {}{time}", beside(word), one_at(call, 1)),
                    "motion_direction" => return format!("{a} moves {word}{}{time}", viewed(call)),
                    "direction" => return format!("{a} lies {word} for {}{time}", viewer(call)),
                    _ => {}
                }
            }
            let between = match op {
                Infix::And => return format!("{} and {}", condition(left), condition(right)),
                Infix::Or => return format!("{}, or {}", condition(left), condition(right)),
                Infix::Less => "is less than",
                Infix::LessEqual => "is at most",
                Infix::Greater => "is more than",
                Infix::GreaterEqual => "is at least",
                Infix::NotEqual => "is not",
                _ => "is",
            };
            let side = |expr: &Expr| match &expr.node {
                Node::Call(call) if is_set(call) => one_of(expr),
                _ => value(expr),
            };
            format!("{} {between} {}", side(left), side(right))
        }
        Node::Call(call) if call.name == "exists" => {
            let Some(what) = argument(call, 0) else { return print_expr(expr) };
            match (clause(what), &what.node) {
                (Some(clause), Node::Call(at)) if at.name == "overlap" => clause,
                (Some(clause), _) => format!("at some time {clause}"),
                (None, Node::Name(_)) => format!("it is seen{}", time(call)),
                (None, Node::Call(set)) if set.name == "named" || set.name == "entity" => {
                    format!("{} is seen{}", one_of(what), time(call))
                }
                (None, _) => format!("there is {}{}", one_of(what), time(call)),
            }
        }
        Node::Call(call) if call.name == "is_before" => match argument(call, 1).map(|end| &end.node) {
            Some(Node::Call(end)) if end.name == "end" && clause_at(end).is_none() => {
                format!("{} is before the end", moment_at(call, 0))
            }
            _ => format!("{} is before {}", moment_at(call, 0), moment_at(call, 1)),
        },
        _ => value(expr),
    }
}

/// A time as a clause: "a bus is in view".
fn clause(expr: &Expr) -> Option<String> {
    let Node::Call(call) = &expr.node else { return None };
    let inner = |at: usize| argument(call, at).and_then(clause);
    Some(match call.name.as_str() {
        "outside" => format!("it is not so that {}", inner(0)?),
        "either" => format!("{} or {}", inner(0)?, inner(1)?),
        "overlap" if is_instant(argument(call, 0)?) => {
            let Node::Call(instant) = &argument(call, 0)?.node else { return None };
            let when = argument(call, 1)?;
            let when = span(when).or_else(|| clause(when).map(|clause| format!("while {clause}")))?;
            format!("{} lies {when}", moment_at(instant, 0))
        }
        "overlap" => match argument(call, 1).and_then(span) {
            Some(span) => format!("{} {span}", inner(0)?),
            None => format!("{} while {}", inner(0)?, inner(1)?),
        },
        "longest" => format!("{} (the longest time)", inner(0)?),
        "nth" => format!("{} (the {} time)", inner(0)?, rank(argument(call, 1)?)),
        "when" => inner(0)?,
        "acts" => {
            let what = argument(call, 1).map_or_else(|| "something".to_owned(), value);
            format!("{}: “{what}”{}", one_at(call, 0), time(call))
        }
        "when_count" => {
            let limit = |name: &str| named(call, name).map(print_expr).filter(|n| n != "none");
            let how_many = match (limit("at_least"), limit("at_most")) {
                (Some(least), Some(most)) if least == most => format!("exactly {least}"),
                (Some(least), Some(most)) => format!("{least} to {most}"),
                (Some(least), None) => format!("at least {least}"),
                (None, Some(most)) => format!("at most {most}"),
                (None, None) => "any number of".to_owned(),
            };
            let many = plural_at(call, 0);
            format!("{how_many} {many} are in view at once{}", time(call))
        }
        "events" => format!("there is an event “{}”{}", value(argument(call, 0)?), time(call)),
        _ => format!("{} {}{}", one_at(call, 0), predicate(call)?, time(call)),
    })
}

/// A span from a moment to itself.
fn is_instant(expr: &Expr) -> bool {
    matches!(&expr.node, Node::Call(call) if call.name == "span" && argument(call, 0) == argument(call, 1))
}

/// Whether the first argument is what happens.
fn acts(call: &Call) -> bool {
    let first = argument(call, 0).map(|expr| &expr.node);
    matches!(first, Some(Node::Call(inner)) if inner.name == "acts" || inner.name == "events")
}

fn clause_at(call: &Call) -> Option<String> {
    argument(call, 0).and_then(clause)
}

/// What the first argument of a call does: "stands still".
fn predicate(call: &Call) -> Option<String> {
    let limit = |name: &str| named(call, name).map(value);
    Some(match call.name.as_str() {
        "presence" => "is in view".to_owned(),
        "hidden" => "is hidden".to_owned(),
        "out_of_view" => "is out of view".to_owned(),
        "unobserved" => "is looked for by nobody".to_owned(),
        "moving" => {
            let moves = limit("above")
                .map_or_else(|| "moves".to_owned(), |speed| format!("moves faster than {speed}"));
            moves + carried(call)
        }
        "stationary" => {
            let stands = limit("below")
                .map_or_else(|| "stands still".to_owned(), |speed| format!("is slower than {speed}"));
            stands + carried(call)
        }
        "approaching" => format!("comes closer to {}", one_at(call, 1)),
        "receding" => format!("goes away from {}", one_at(call, 1)),
        "meets" => format!("meets {}", other(call, 1)),
        "overtakes" => format!("overtakes {}{}", other(call, 1), carried(call)),
        "follows" => format!("follows {}", other(call, 1)),
        "crosses_path" => format!("crosses the path of {}", other(call, 1)),
        "falls" => "falls freely".to_owned(),
        "touches" => format!("is in contact with {}", other(call, 1)),
        "collides" => format!("collides with {}", other(call, 1)),
        "violations" => "breaks the laws of physics".to_owned(),
        "in_view" => "is in the camera's picture".to_owned(),
        "within" if value(argument(call, 2)?) == "0 m" => format!("touches {}", other(call, 1)),
        "beyond" => format!("is more than {} from {}", value(argument(call, 2)?), other(call, 1)),
        "within" => format!("is within {} of {}", value(argument(call, 2)?), other(call, 1)),
        "together" => format!("is in view together with {}", other(call, 1)),
        "enters" => format!("enters {}", region_at(call, 1)),
        "leaves" => format!("leaves {}", region_at(call, 1)),
        "crosses" => {
            format!("crosses the line {}", print_expr(argument(call, 1)?).trim_start_matches("line"))
        }
        "dwell" | "when_inside" => format!("is in {}", region_at(call, 1)),
        "when_related" => {
            let names = argument(call, 2).map_or_else(String::new, value).replace(", then ", " or ");
            match names.as_str() {
                // sharing an inner point
                "po or tpp or ntpp or tppi or ntppi or eq" => format!("overlaps {}", one_at(call, 1)),
                _ => format!("is {names} to {}", one_at(call, 1)),
            }
        }
        _ => return None,
    })
}

/// A moment: "the moment when a car is first seen", "5 s".
fn moment(expr: &Expr) -> String {
    let Node::Call(call) = &expr.node else { return value(expr) };
    let inner = argument(call, 0).and_then(clause);
    match (call.name.as_str(), inner) {
        ("last_moment", _) => "the end".to_owned(),
        ("start", None) => "the start".to_owned(),
        ("end", None) => "the end".to_owned(),
        ("start", Some(clause)) => format!("the moment when first {clause}"),
        ("end", Some(clause)) => format!("the moment when last {clause}"),
        ("first_seen", _) => format!("the moment when {} is first seen{}", one_at(call, 0), time(call)),
        ("disappears", _) => format!("the moment when {} goes out of view{}", one_at(call, 0), time(call)),
        ("picture", _) => format!("picture {}", argument(call, 0).map_or_else(String::new, value)),
        ("last_seen", _) => format!("the moment when {} is last seen{}", one_at(call, 0), time(call)),
        _ => value(expr),
    }
}

fn moment_at(call: &Call, at: usize) -> String {
    argument(call, at).map_or_else(String::new, moment)
}

/// A side as a phrase: "on the left", "at 5 o'clock".
fn way(side: &str) -> String {
    match side {
        "left" | "right" => format!("on the {side}"),
        "back" => "behind".to_owned(),
        "front" => "in front".to_owned(),
        side if side.ends_with("o'clock") => format!("at {side}"),
        side => format!("to the {side}"),
    }
}

/// Who looks: "somebody at a door who faces a window".
fn view_at(call: &Call, at: usize) -> String {
    let Some(Node::Call(view)) = argument(call, at).map(|expr| &expr.node) else {
        return "somebody".to_owned();
    };
    let by = || argument(view, 1).map_or_else(String::new, value);
    match view.name.as_str() {
        "standing" => format!("somebody at {} who faces {}", one_at(view, 0), one_at(view, 1)),
        "own_view" => one_at(view, 0),
        "camera_view" => "the camera".to_owned(),
        "pose" => {
            let place = argument(view, 0).map_or_else(String::new, print_expr);
            format!("somebody at {place} who looks along {}", by())
        }
        "turned" => format!("{} turned by {}", view_at(view, 0), by()),
        "stepped" => format!("{} gone ahead {}", view_at(view, 0), by()),
        _ => "somebody".to_owned(),
    }
}

/// Whether a call gives things.
fn is_set(call: &Call) -> bool {
    const SETS: &[&str] = &[
        "all",
        "entity",
        "named",
        "union",
        "both",
        "except",
        "where",
        "with",
        "present",
        "inside",
        "nearest",
        "farthest",
        "argmax",
        "argmin",
        "first",
        "last",
        "nth",
        "resting_on",
        "contained_in",
        "underneath",
        "above",
        "next_to",
        "facing",
        "in_between",
        "on_side",
        "visible_from",
    ];
    SETS.contains(&call.name.as_str())
}

/// One of a set: "a red car that stands still".
fn one_of(expr: &Expr) -> String {
    noun(expr, false)
}

/// A set: "red cars that stand still at some time".
fn plural_of(expr: &Expr) -> String {
    noun(expr, true)
}

fn one_at(call: &Call, at: usize) -> String {
    argument(call, at).map_or_else(String::new, one_of)
}

fn plural_at(call: &Call, at: usize) -> String {
    argument(call, at).map_or_else(String::new, plural_of)
}

/// The second thing of a pair; "another" where it is of the same set.
fn other(call: &Call, at: usize) -> String {
    if argument(call, at) == argument(call, 0) { "another".to_owned() } else { one_at(call, at) }
}

fn noun(expr: &Expr, many: bool) -> String {
    let Node::Call(call) = &expr.node else { return value(expr) };
    let base = || argument(call, 0).map_or_else(String::new, |set| noun(set, many));
    let the = || match argument(call, 0) {
        Some(set) if matches!(&set.node, Node::Call(union) if union.name == "union") => {
            format!("one of {}", one_of(set).replace(" or ", ", "))
        }
        Some(set) => strip_article(&one_of(set)).to_owned(),
        None => String::new(),
    };
    match call.name.as_str() {
        "all" => match argument(call, 0).map(|label| &label.node) {
            Some(Node::Text(label)) if many => plural(label),
            Some(Node::Text(label)) => with_article(label),
            _ if many => "things".to_owned(),
            _ => "a thing".to_owned(),
        },
        "entity" => {
            let label = named(call, "label").map_or_else(|| "thing number".to_owned(), value);
            format!("{label} {}", argument(call, 0).map_or_else(String::new, value))
        }
        "named" => argument(call, 0).map_or_else(String::new, value),
        "except" if matches!(argument(call, 1), Some(Expr { node: Node::Name(it), .. }) if it == "it") => {
            format!("{} {}", if many { "the other" } else { "another" }, strip_article(&base()))
        }
        "except" => {
            let other = argument(call, 1).map_or_else(String::new, |set| noun(set, many));
            format!("{} but not {other}", base())
        }
        "both" => {
            let other = argument(call, 1).map_or_else(String::new, |set| noun(set, many));
            format!("{} that {} {other}", base(), if many { "are" } else { "is" })
        }
        "union" => {
            format!("{} or {}", base(), argument(call, 1).map_or_else(String::new, |set| noun(set, many)))
        }
        "with" => {
            let (name, of) = (
                argument(call, 1).map_or_else(String::new, value),
                argument(call, 2).map_or_else(String::new, value),
            );
            if name == "colour" {
                let inner = base();
                if many {
                    format!("{of} {inner}")
                } else {
                    with_article(&format!("{of} {}", strip_article(&inner)))
                }
            } else {
                format!("{} whose {name} is {of}", base())
            }
        }
        "inside" => format!("{} in {}{}", base(), region_at(call, 1), time(call)),
        "resting_on" => format!("{} on {}", base(), one_at(call, 1)),
        "contained_in" => format!("{} in {}", base(), one_at(call, 1)),
        "underneath" => format!("{} under {}", base(), one_at(call, 1)),
        "above" => format!("{} above {}", base(), one_at(call, 1)),
        "next_to" => format!("{} beside {}", base(), one_at(call, 1)),
        "facing" => format!("{} facing {}", base(), one_at(call, 1)),
        "in_between" => format!("{} between {} and {}", base(), one_at(call, 1), one_at(call, 2)),
        "on_side" => {
            let side = argument(call, 1).map_or_else(String::new, value);
            format!("{} {} for {}", base(), way(&side), view_at(call, 2))
        }
        "visible_from" => format!("{} that can be seen by {}", base(), view_at(call, 1)),
        "present" => format!("{} seen{}", base(), time(call)),
        "where" => {
            format!("{} {}", base(), argument(call, 1).map_or_else(String::new, |it| relative(it, many)))
        }
        "nearest" => format!("the {} nearest to {}{}{}", the(), one_at(call, 1), surfaces(call), time(call)),
        "farthest" => {
            format!("the {} farthest from {}{}{}", the(), one_at(call, 1), surfaces(call), time(call))
        }
        "argmax" => format!(
            "the {} with the greatest {}",
            the(),
            argument(call, 1).map_or_else(String::new, property)
        ),
        "argmin" => {
            format!("the {} with the least {}", the(), argument(call, 1).map_or_else(String::new, property))
        }
        "first" | "last" | "nth" => {
            let rank = match call.name.as_str() {
                "nth" => argument(call, 1).map_or_else(String::new, rank),
                rank => rank.to_owned(),
            };
            let by = named(call, "by").map(|by| match &by.node {
                Node::Call(by) if by.name == "last_seen" => " to leave".to_owned(),
                Node::Call(by) if by.name == "start" => match argument(by, 0).map(|of| &of.node) {
                    Some(Node::Call(act)) => {
                        predicate(act).map_or_else(String::new, |act| format!(" that {act}"))
                    }
                    _ => String::new(),
                },
                _ => " to appear".to_owned(),
            });
            format!("the {rank} {}{}", the(), by.unwrap_or_default())
        }
        _ => print_expr(expr),
    }
}

/// A condition about `it` behind its noun: "that stands still", "to the left of a bus".
fn relative(expr: &Expr, many: bool) -> String {
    let that = if many { "of which each" } else { "that" };
    match &expr.node {
        Node::Not(inner) => match &inner.node {
            Node::Call(call) if call.name == "exists" => match argument(call, 0).map(|what| &what.node) {
                Some(Node::Call(act)) if predicate(act).is_some() => {
                    format!("{that} never {}{}", predicate(act).unwrap_or_default(), time(act))
                }
                _ => format!("for which not: {}", condition(inner)),
            },
            _ => format!("for which not: {}", condition(inner)),
        },
        Node::Call(call) if call.name == "exists" => match argument(call, 0).map(|what| &what.node) {
            Some(Node::Call(act)) if predicate(act).is_some() => {
                format!("{that} {} at some time{}", predicate(act).unwrap_or_default(), time(act))
            }
            _ => format!("for which {}", condition(expr)),
        },
        Node::Infix(Infix::Equal, left, right) => match (&left.node, &right.node) {
            (Node::Call(call), Node::Text(word)) if call.name == "side" => {
                format!("{} {}{}", beside(word), one_at(call, 1), time(call))
            }
            _ => format!("for which {}", condition(expr)),
        },
        _ => format!("for which {}", condition(expr)),
    }
}

/// A number about a thing, without the thing: "greatest speed".
fn property(expr: &Expr) -> String {
    let Node::Call(call) = &expr.node else { return value(expr) };
    let inner = argument(call, 0).and_then(|inner| match &inner.node {
        Node::Call(act) => predicate(act).map(|act| format!("it {act}")),
        _ => None,
    });
    match call.name.as_str() {
        "speed" => {
            let speed = match reduce(call) {
                Some("max") => "top speed",
                Some("min") => "lowest speed",
                _ if named(call, "at").is_some() => "speed",
                _ => "mean speed",
            };
            format!("{speed}{}", carried(call))
        }
        "distance" => format!("distance between it and {}", plural_at(call, 1)),
        "size" => match named(call, "of").map(print_expr).as_deref() {
            Some(of @ ("length" | "width" | "height" | "footprint" | "volume")) => of.to_owned(),
            _ => "longest side".to_owned(),
        },
        "path_length" => "length of the path".to_owned(),
        "displacement" => "distance between the ends of the path".to_owned(),
        "turn" => "turn to the left".to_owned(),
        "duration" => inner.map_or_else(|| value(expr), |clause| format!("time during which {clause}")),
        "count" => inner.map_or_else(|| value(expr), |clause| format!("number of times that {clause}")),
        "dwell" => format!("time in {}", region_at(call, 1)),
        _ => value(expr),
    }
}

/// " after 5 s", " at 3 s", " while a bus is in view"; nothing for the whole record.
fn time(call: &Call) -> String {
    if let Some(at) = named(call, "at") {
        return format!(" at {}", moment(at));
    }
    let Some(during) = named(call, "during") else { return String::new() };
    match (span(during), clause(during)) {
        (Some(span), _) => format!(" {span}"),
        (None, Some(clause)) => format!(" while {clause}"),
        (None, None) => format!(" during {}", value(during)),
    }
}

/// "after 5 s", "from 3 s to 12 s", "in the first 10 s".
fn span(expr: &Expr) -> Option<String> {
    let Node::Call(call) = &expr.node else { return None };
    let is = |expr: &Expr, name: &str| print_expr(expr) == name;
    match (call.name.as_str(), call.positional.as_slice()) {
        ("after" | "before", [of]) => {
            let of = match &of.node {
                Node::Call(inner) if inner.name == "nth" => {
                    clause(of).map(|clause| format!("the time when {clause}"))
                }
                _ => None,
            }
            .unwrap_or_else(|| moment(of));
            Some(format!("{} {of}", call.name))
        }
        ("span", [from, to]) if from == to => Some(format!("at {}", moment(from))),
        ("span", [from, to]) => Some(match (&from.node, &to.node) {
            (_, Node::Infix(Infix::Plus, start, length))
                if start.as_ref() == from && is(from, "start(always)") =>
            {
                match &length.node {
                    Node::Number(..) => format!("in the first {}", value(length)),
                    _ => "in the first half".to_owned(),
                }
            }
            (Node::Infix(Infix::Minus, end, length), _) if end.as_ref() == to && is(to, "end(always)") => {
                format!("in the last {}", value(length))
            }
            (Node::Infix(Infix::Plus, ..), _) if is(to, "end(always)") => "in the second half".to_owned(),
            _ => format!("from {} to {}", moment(from), moment(to)),
        }),
        _ => None,
    }
}

fn region_at(call: &Call, at: usize) -> String {
    let Some(region) = argument(call, at) else { return String::new() };
    match &region.node {
        Node::Call(call) if call.name == "middle" => "the middle of the picture".to_owned(),
        Node::Call(call) if call.name.ends_with("_half") => {
            format!("the {} of the picture", call.name.replace('_', " "))
        }
        Node::Call(call) if call.name == "quarter" => {
            format!("the {} quarter of the picture", argument(call, 0).map_or_else(String::new, value))
        }
        _ => format!("`{}`", print_expr(region)),
    }
}

/// Who looks: "somebody who stands at a door and faces a bus".
fn viewer(call: &Call) -> String {
    format!("somebody who stands at {} and faces {}", one_at(call, 1), one_at(call, 2))
}

/// " relative to the camera", " in the picture".
fn carried(call: &Call) -> &'static str {
    match named(call, "in").map(print_expr) {
        Some(frame) if frame.starts_with("camera") => " relative to the camera",
        Some(frame) if frame.starts_with("image") => " in the picture",
        _ => "",
    }
}

/// " as the camera sees it".
fn viewed(call: &Call) -> &'static str {
    match named(call, "in").map(print_expr) {
        Some(frame) if frame.starts_with("camera") => " as the camera sees it",
        Some(frame) if frame.starts_with("image") => " in the picture",
        _ => "",
    }
}

fn surfaces(call: &Call) -> &'static str {
    if named(call, "between").is_some_and(|between| print_expr(between) == "surfaces") {
        " (surface to surface)"
    } else {
        ""
    }
}

fn beside(word: &str) -> &str {
    match word {
        "left" => "to the left of",
        "right" => "to the right of",
        word => word,
    }
}

fn argument(call: &Call, at: usize) -> Option<&Expr> {
    call.positional.get(at)
}

/// A named argument that is not left at its default.
fn named<'c>(call: &'c Call, name: &str) -> Option<&'c Expr> {
    let found = call.named.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    found.filter(|value| !matches!(&value.node, Node::Name(name) if ["auto", "none", "always"].contains(&name.as_str())))
}

fn reduce(call: &Call) -> Option<&'static str> {
    let word = print_expr(named(call, "reduce")?);
    ["min", "max", "mean"].into_iter().find(|known| *known == word)
}

/// "second", "last", "7th".
fn rank(expr: &Expr) -> String {
    match print_expr(expr).as_str() {
        "1" => "first".to_owned(),
        "2" => "second".to_owned(),
        "3" => "third".to_owned(),
        "-1" => "last".to_owned(),
        n => format!("{n}th"),
    }
}

/// With the time behind, unless it stands there already.
fn once(noun: String, time: &str) -> String {
    if noun.ends_with(time) { noun } else { noun + time }
}

fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !noun.starts_with("uni");
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

fn strip_article(noun: &str) -> &str {
    ["a ", "an ", "the "].iter().find_map(|article| noun.strip_prefix(article)).unwrap_or(noun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_left_out() {
        let full = "count(all(\"car\"), during: always)";
        assert_eq!(explain(full), explain("count(all(\"car\"))"));
        assert_eq!(explain(full), "Understood as: the number of different cars.");
    }

    #[test]
    fn what_has_no_words_is_shown_as_written() {
        assert_eq!(explain("count("), "Understood as: `count(`.");
        assert_eq!(explain("geo_fence(3)"), "Understood as: `geo_fence(3)`.");
    }
}
