//! Time phrases: "after the second shot", "between 3 s and 0:12", "while the bus is visible", "at the end".

use super::PRONOUN;
use super::cursor::{Cursor, plain};
use super::noun;
use super::token::Kind;
use super::verb::{self, Predicate};

/// The time that a question asks about. The programs in it are complete.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Time {
    /// Nothing is said, or "in the video".
    #[default]
    Always,
    /// A span: of the type When.
    During(String),
    /// From a Moment, or from the end of a When or Events, on.
    After(String),
    /// Up to a Moment, or to the start of a When or Events.
    Before(String),
    /// A moment: of the type Moment, or seconds.
    At(String),
}

impl Time {
    /// Both, where that can be said.
    pub(super) fn and(self, other: Time) -> Option<Time> {
        match (self, other) {
            (Time::Always, time) | (time, Time::Always) => Some(time),
            // "after he sat down at the end": the end is then no moment but the last part
            (Time::At(edge), other) | (other, Time::At(edge)) => {
                let part = last_or_first(&edge)?;
                let when = match other {
                    Time::At(moment) => format!("span({moment}, {moment})"),
                    other => other.when()?,
                };
                Some(Time::During(format!("overlap({when}, {part})")))
            }
            (a, b) => Some(Time::During(format!("overlap({}, {})", a.when()?, b.when()?))),
        }
    }

    /// The span, as of the type When; nothing for a moment and for the whole record.
    pub(super) fn when(&self) -> Option<String> {
        match self {
            Time::Always | Time::At(_) => None,
            Time::During(when) => Some(when.clone()),
            Time::After(bound) => Some(format!("after({bound})")),
            Time::Before(bound) => Some(format!("before({bound})")),
        }
    }
}

/// The quarter of the record at an edge of it; nothing for another moment.
fn last_or_first(edge: &str) -> Option<&'static str> {
    match edge {
        "last_moment()" => Some("span(end(always) - duration(always) / 4, end(always))"),
        "start(always)" => Some("span(start(always), start(always) + duration(always) / 4)"),
        _ => None,
    }
}

/// A time phrase at the cursor.
pub(super) fn phrase(c: &mut Cursor) -> Option<Time> {
    c.deeper(|c| {
        c.attempt(between)
            .or_else(|| c.attempt(first_or_last))
            .or_else(|| c.attempt(part))
            .or_else(|| c.attempt(near_edge))
            .or_else(|| c.attempt(at))
            .or_else(|| c.attempt(relative))
            .or_else(|| c.attempt(during_event))
            .or_else(|| c.attempt(filler))
    })
}

/// A moment or number of seconds: `3 s`, `0:12`, "second 7", "the end", "the second cut", "the moment the car stops".
pub(super) fn moment(c: &mut Cursor) -> Option<String> {
    c.attempt(|c| {
        if let Some(seconds) = seconds(c) {
            return Some(seconds);
        }
        if let Some(edge) = edge(c) {
            return Some(edge);
        }
        if let Some(picture) = c.attempt(picture) {
            return Some(picture);
        }
        if let Some(event) = c.attempt(event) {
            return Some(format!("start({event})"));
        }
        c.eat_any(&[
            "the moment when",
            "the moment that",
            "the moment",
            "the time when",
            "the time that",
            "the time",
            "when",
        ])?;
        let clause = verb::statement(c).filter(|clause| !clause.negated && !clause.none)?;
        let begins = clause.predicate.begins(&clause.subject)?;
        Some(super::unasked(&begins))
    })
}

/// "picture 91", "frame number 91".
fn picture(c: &mut Cursor) -> Option<String> {
    c.eat("the");
    c.eat_any(&["picture", "frame", "image"])?;
    c.eat_any(&["number", "no", "#"]);
    let Kind::Number(n) = c.token(0)?.kind else { return None };
    c.skip(1);
    (n.fract() == 0.0 && (0.0..1e9).contains(&n)).then(|| format!("picture({})", plain(n)))
}

/// `3 s`, `0:12`, "second 7", "3 seconds into the video", "time 3 s".
fn seconds(c: &mut Cursor) -> Option<String> {
    c.attempt(|c| {
        c.eat("the");
        c.eat_any(&["time", "t", "minute mark", "timestamp"]);
        if c.eat("second") || c.eat("seconds") {
            let Kind::Number(value) = c.token(0)?.kind else { return None };
            c.skip(1);
            return Some(format!("{} s", plain(value)));
        }
        let mut total = c.seconds()?;
        if let Some(more) = c.attempt(|c| {
            c.eat("and");
            c.seconds().filter(|more| total >= 60.0 && *more < 60.0)
        }) {
            total += more;
        }
        c.eat("mark");
        c.attempt(|c| {
            c.eat_any(&["into", "from the start of", "after the start of", "after the beginning of"])?;
            record(c)
        });
        Some(format!("{} s", plain(total)))
    })
}

/// "between A and B", "from A to B".
fn between(c: &mut Cursor) -> Option<Time> {
    let from = c.eat_any(&["in between", "between", "from"])? == "from";
    // "between 3 and 12 s": the unit stands once
    let elliptic = c.attempt(|c| {
        let Kind::Number(a) = c.token(0)?.kind else { return None };
        c.skip(1);
        joint(c, from)?;
        let mut unit = *c;
        unit.number()?;
        let factor = match unit.word(0) {
            "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
            "min" | "mins" | "minute" | "minutes" => 60.0,
            _ => return None,
        };
        Some(format!("{} s", plain(a * factor))).zip(c.seconds().map(|b| format!("{} s", plain(b))))
    });
    let (a, b) = elliptic.or_else(|| {
        let a = moment(c)?;
        joint(c, from)?;
        Some((a, moment(c)?))
    })?;
    Some(Time::During(format!("span({a}, {b})")))
}

fn joint(c: &mut Cursor, from: bool) -> Option<()> {
    if from {
        c.eat_any(&["to", "until", "till", "up to", "through"]).map(|_| ())
    } else {
        c.eat("and").then_some(())
    }
}

/// "in the first ten seconds", "in the second half of the video", "for the last 5 s".
fn first_or_last(c: &mut Cursor) -> Option<Time> {
    c.eat_any(&["in", "during", "within", "for", "over", "throughout"])?;
    c.eat("the").then_some(())?;
    let last = match c.eat_any(&["first", "initial", "opening", "last", "final", "closing"]) {
        Some(word) => matches!(word, "last" | "final" | "closing"),
        None => c.eat("second").then_some(true).filter(|_| c.sees("half"))?,
    };
    if c.eat("half") {
        if c.eat("of") {
            record(c)?;
        }
        let middle = match c.vocabulary.vocabulary.duration_s {
            Some(duration) => format!("start(always) + {} s", plain(duration / 2.0)),
            None => "start(always) + duration(always) / 2".to_owned(),
        };
        let half = if last {
            format!("span({middle}, end(always))")
        } else {
            format!("span(start(always), {middle})")
        };
        return Some(Time::During(half));
    }
    let seconds = c
        .seconds()
        .or_else(|| (c.eat("second")).then_some(1.0))
        .or_else(|| c.eat("minute").then_some(60.0))?;
    if c.eat("of") {
        record(c)?;
    }
    let seconds = plain(seconds);
    Some(Time::During(if last {
        format!("span(end(always) - {seconds} s, end(always))")
    } else {
        format!("span(start(always), start(always) + {seconds} s)")
    }))
}

/// "at 4.5 s", "at the end", "3 seconds into the video", "at the moment the car stops", "in the beginning".
fn at(c: &mut Cursor) -> Option<Time> {
    if c.eat_any(&["at", "on", "in", "by"]).is_some() {
        if let Some(edge) = edge(c) {
            // the end is no moment of the record
            return Some(Time::At(if edge.starts_with("end") { "last_moment()".to_owned() } else { edge }));
        }
        let mut ahead = *c;
        let found = moment(&mut ahead)?;
        if c.sees("when") || found.starts_with("start(nth") && c.sees("the") && !found.contains("events") {
            return None;
        }
        *c = ahead;
        return Some(Time::At(found));
    }
    let mut ahead = *c;
    ahead.seconds()?;
    ahead.eat("into").then_some(())?;
    seconds(c).map(Time::At)
}

/// "halfway through the video", "near the end", "in the middle of the video", "towards the beginning".
///
/// Near an edge is the quarter of the record next to it, the middle its middle third.
fn part(c: &mut Cursor) -> Option<Time> {
    let share = |n: u32, of: u32| match c.vocabulary.vocabulary.duration_s {
        Some(duration) => format!("start(always) + {} s", plain(duration * f64::from(n) / f64::from(of))),
        None if n == 1 => format!("start(always) + duration(always) / {of}"),
        None => format!("start(always) + duration(always) * {n} / {of}"),
    };
    let of_record = |c: &mut Cursor| match c.eat_any(&["of", "through", "into", "in"]) {
        Some(_) => record(c),
        None => Some(()),
    };
    if c.eat_any(&["halfway", "half way", "midway"]).is_some() {
        let middle = share(1, 2);
        of_record(c)?;
        return Some(Time::At(middle));
    }
    if c.eat_any(&["in", "at", "near", "around", "towards", "toward", "during"]).is_some() {
        let near = *c;
        c.eat("the");
        if c.eat("middle") {
            c.eat_any(&["part", "section"]);
            // "in the middle" alone is a place in the picture as well; of the record it is a time
            let at_end = c.done() || matches!(c.word(0), "," | "and");
            let time = format!("span({}, {})", share(1, 3), share(2, 3));
            if !at_end {
                c.eat_any(&["of", "through"])?;
                c.eat_any(&["the", "this"]);
                c.eat_any(&["video", "clip", "recording", "footage", "film", "movie", "record"])?;
            }
            return Some(Time::During(time));
        }
        *c = near;
    }
    None
}

/// "near the end", "towards the beginning of the video".
fn near_edge(c: &mut Cursor) -> Option<Time> {
    c.eat_any(&[
        "near",
        "nearing",
        "right at",
        "right near",
        "towards",
        "toward",
        "close to",
        "just before",
        "at about",
        "around",
    ])?;
    let edge = edge(c)?;
    let quarter = match c.vocabulary.vocabulary.duration_s {
        Some(duration) => format!("{} s", plain(duration / 4.0)),
        None => "duration(always) / 4".to_owned(),
    };
    Some(Time::During(if edge.starts_with("end") {
        format!("span(end(always) - {quarter}, end(always))")
    } else {
        format!("span(start(always), start(always) + {quarter})")
    }))
}

/// "the start", "the very end of the video".
fn edge(c: &mut Cursor) -> Option<String> {
    c.attempt(|c| {
        c.eat("the");
        c.eat("very");
        let start = c.eat_any(&["start", "beginning", "end"])? != "end";
        if c.eat("of") {
            record(c)?;
        }
        Some(if start { "start(always)" } else { "end(always)" }.to_owned())
    })
}

/// "after …", "before …", "until …", "while …", "when …".
fn relative(c: &mut Cursor) -> Option<Time> {
    let word = c.eat_any(&[
        "right after",
        "shortly after",
        "after",
        "since",
        "once",
        "before",
        "prior to",
        "until",
        "till",
        "up to",
        "while",
        "when",
        "whenever",
        "as long as",
        "as",
        "upon",
        "from",
    ])?;
    if word == "shortly after" || word == "right after" {
        return None; // how shortly?
    }
    let before = matches!(word, "before" | "prior to" | "until" | "till" | "up to");
    // "after playing for a while": the subject does it
    if c.word(0).ends_with("ing") && c.word(0).len() > 4 {
        let verbs = c.verbs;
        c.verbs = true;
        let act = verb::act(c);
        c.verbs = verbs;
        let Predicate::Act(kind) = act? else { return None };
        let acts = format!("acts({PRONOUN}, \"{}\")", noun::escape(&kind));
        return Some(match word {
            _ if before => Time::Before(acts),
            "while" | "when" | "whenever" | "as long as" | "as" => Time::During(format!("when({acts})")),
            _ => Time::After(acts),
        });
    }
    if !matches!(word, "while" | "when" | "whenever" | "as long as" | "as") {
        let bound =
            c.attempt(event).or_else(|| moment(c)).or_else(|| c.attempt(|c| clause_bound(c, before)))?;
        if word == "from" {
            c.eat_any(&["on", "onwards", "onward"])?;
        }
        c.eat_any(&["onwards", "onward"]);
        return Some(if before { Time::Before(bound) } else { Time::After(bound) });
    }
    if let Some(when) = c.attempt(super::family::camera_moves) {
        return Some(Time::During(when));
    }
    let from = *c;
    let clause = verb::statement(c).filter(|clause| !clause.none && clause.rank.is_none())?;
    // "when it stopped" is a moment, "when it was standing still" a time
    let lasts =
        word == "as" || ["is", "are", "was", "were"].iter().any(|be| from.until(c).any(|word| word == *be));
    let act = clause.predicate.is_act() && !lasts;
    if word == "when" && act && !clause.negated {
        return Some(Time::At(super::unasked(&clause.predicate.begins(&clause.subject)?)));
    }
    if matches!(clause.predicate, Predicate::Appear | Predicate::Arrive | Predicate::Disappear) {
        return None;
    }
    let when = super::unasked(&clause.predicate.when(&clause.subject)?);
    Some(Time::During(if clause.negated { format!("outside({when})") } else { when }))
}

/// "(after) the car stops": the moment from which, or to which.
fn clause_bound(c: &mut Cursor, before: bool) -> Option<String> {
    let clause = verb::statement(c).filter(|clause| !clause.negated && !clause.none)?;
    let predicate = &clause.predicate;
    let bound = match clause.rank {
        Some("last") => predicate.last(&clause.subject)?,
        // after what lasts is after its end
        _ if matches!(predicate, Predicate::Act(_)) => {
            predicate.when(&clause.subject)?.strip_prefix("when(")?.strip_suffix(')')?.to_owned()
        }
        _ if predicate.is_act() || before => predicate.begins(&clause.subject)?,
        _ => predicate.when(&clause.subject)?,
    };
    Some(super::unasked(&bound))
}

/// "the second shot", "shot 2", "the first cut", "the goal": one event.
fn event(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["the", "a"]);
    let rank = c.attempt(Cursor::ordinal);
    let kind = event_kind(c)?;
    let number = match c.token(0).map(|token| token.kind) {
        Some(Kind::Number(n)) if rank.is_none() && (1.0..1e6).contains(&n) && n.fract() == 0.0 => {
            c.skip(1);
            Some(n as i64)
        }
        _ => None,
    };
    let n = match rank {
        Some(0) => -1,
        Some(rank) => i64::from(rank),
        None => number.unwrap_or(1),
    };
    if kind == "shot" && rank.is_none() && number.is_none() {
        return None; // "the scene" is the whole of it
    }
    Some(format!("nth(events(\"{}\"), {n})", noun::escape(&kind)))
}

/// A kind of event: of the World, or shots and cuts.
pub(super) fn event_kind(c: &mut Cursor) -> Option<String> {
    for n in (1..=3).rev() {
        let words: Vec<&str> = c.ahead(n).iter().map(|token| token.text.as_str()).collect();
        if words.len() == n
            && let Some(kind) = c.vocabulary.event(&words.join(" "))
        {
            c.skip(n);
            return Some(kind.to_owned());
        }
    }
    if c.eat_any(&["shot", "shots", "scene", "scenes"]).is_some() {
        return Some("shot".to_owned());
    }
    c.eat_any(&["cuts", "cut"]).map(|_| "cut".to_owned())
}

/// "during the second shot", "in shot 2".
fn during_event(c: &mut Cursor) -> Option<Time> {
    c.eat_any(&["during", "in", "throughout", "within"])?;
    let ranked = {
        let mut ahead = *c;
        ahead.eat("the");
        ahead.ordinal().is_some() || matches!(c.token(1).map(|token| token.kind), Some(Kind::Number(_)))
    };
    if !ranked {
        return None; // "in the scene" says nothing
    }
    Some(Time::During(format!("when({})", event(c)?)))
}

/// "in the video", "in this room", "at any time": no restriction.
fn filler(c: &mut Cursor) -> Option<Time> {
    if c.eat_any(&[
        "at any time",
        "at any point",
        "at any moment",
        "at some point",
        "in total",
        "at all",
        "anywhere",
        "on screen",
        "on the screen",
        "so far",
        "somewhere",
        "throughout",
        "all in all",
        "in all",
        "in view",
        "in sight",
        "here",
    ])
    .is_some()
    {
        return Some(Time::Always);
    }
    c.eat_any(&[
        "in",
        "throughout",
        "during",
        "of",
        "across",
        "over",
        "from",
        "within",
        "on",
        "for",
        "inside",
    ])?;
    record(c)?;
    Some(Time::Always)
}

/// "the (whole) video", "this room", "the scene".
fn record(c: &mut Cursor) -> Option<()> {
    c.eat_any(&["the", "this", "our"]);
    c.eat_any(&["entire", "whole", "complete", "full", "course of the", "duration of the"]);
    c.eat_any(&[
        "video",
        "clip",
        "recording",
        "footage",
        "scene",
        "room",
        "picture",
        "image",
        "frame",
        "film",
        "movie",
        "sequence",
        "record",
        "shot sequence",
        "space",
        "house",
        "apartment",
        "flat",
        "shop",
        "store",
        "office",
        "scan",
    ])?;
    // "the video is" would be a subject
    Some(())
}
