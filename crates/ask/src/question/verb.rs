//! Verb phrases: what things do, when, and to what.
//!
//! A [`Predicate`] is the meaning of a verb phrase; the families turn it into a truth, a time, a duration or a count.

pub(super) use super::act::act;

use super::act::ends_act;
use super::cursor::Cursor;
use super::noun::{self, Things, escape};
use super::time::Time;
use super::verb_forms::{AUXILIARIES, OTHER_VERBS, VERBS};
use super::{ASKED, AT_OR_ASKED, SUBJECT, VIEW, lexicon, place, relation, time, viewpoint};

/// What a verb phrase says of its subject.
#[derive(Clone, Debug)]
pub(super) enum Predicate {
    /// Is in view.
    Visible,
    /// Is covered by other things.
    Hidden,
    /// Is outside the picture.
    OutOfView,
    /// Comes into view.
    Appear,
    /// Comes in: into view, not there from the start.
    Arrive,
    /// Goes out of view.
    Disappear,
    /// Goes into a region.
    Enter(String),
    /// Goes out of a region.
    Leave(String),
    /// Is in a region.
    Inside(String),
    /// Passes a line.
    Cross(String),
    /// Moves.
    Move,
    /// Stands still.
    Still,
    /// Moves in a direction: left, right, up, down, towards, away.
    Heads(&'static str),
    /// Comes closer to another thing.
    Approach(Things),
    /// Goes away from another thing.
    Recede(Things),
    /// Comes together with another thing, or with each other.
    Meet(Option<Things>),
    /// Passes another thing from behind; or each other.
    Overtake(Things),
    /// Goes behind another thing the same way.
    Follow(Things),
    /// Crosses the path of another thing.
    CrossPath(Things),
    /// Falls freely.
    Fall,
    /// Is farther than a length from another thing.
    Beyond(Things, String),
    /// Is within a length of another thing.
    Within(Things, String),
    /// Is visible at the same time as another thing.
    Together(Things),
    /// Is left, right, above, below of another thing.
    Side(&'static str, Things),
    /// Has a fact: name, value.
    Has(String, String),
    /// Goes faster (`>`) or slower (`<`) than a speed.
    Speed(char, String),
    /// Stands so to another thing: the set with [`SUBJECT`] for what is said to stand so.
    Stands(String),
    /// Touches another thing, or each other.
    Touch(Option<Things>),
    /// Comes into contact with another thing, or each other: an event.
    Collide(Option<Things>),
    /// Is so at one go for more (`>`), at least (`>=`) … so many seconds.
    Lasting(Box<Predicate>, &'static str, String),
    /// Does what no other predicate says: an event of this kind.
    Act(String),
}

impl Predicate {
    /// When it holds, or the events of it: of the type When, Events or Moment.
    pub(super) fn when(&self, subject: &str) -> Option<String> {
        let s = subject;
        Some(match self {
            Predicate::Visible => format!("presence({s}{ASKED})"),
            Predicate::Hidden => format!("hidden({s}{ASKED})"),
            Predicate::OutOfView => format!("out_of_view({s}{ASKED})"),
            Predicate::Appear | Predicate::Arrive => format!("first_seen({s}{ASKED})"),
            Predicate::Disappear => format!("last_seen({s}{ASKED})"),
            Predicate::Enter(region) => format!("enters({s}, {region}{ASKED})"),
            Predicate::Leave(region) => format!("leaves({s}, {region}{ASKED})"),
            Predicate::Cross(line) => format!("crosses({s}, {line}{ASKED})"),
            Predicate::Move => format!("moving({s}{ASKED}{VIEW})"),
            Predicate::Still => format!("stationary({s}{ASKED}{VIEW})"),
            Predicate::Approach(other) => format!("approaching({s}, {}{ASKED})", other.program),
            Predicate::Recede(other) => format!("receding({s}, {}{ASKED})", other.program),
            Predicate::Meet(Some(other)) => format!("meets({s}, {}{ASKED})", other.program),
            Predicate::Meet(None) => format!("meets({s}, {s}{ASKED})"),
            Predicate::Overtake(other) => format!("overtakes({s}, {}{ASKED}{VIEW})", other.program),
            Predicate::Follow(other) => format!("follows({s}, {}{ASKED}{VIEW})", other.program),
            Predicate::CrossPath(other) => format!("crosses_path({s}, {}{ASKED}{VIEW})", other.program),
            Predicate::Fall => format!("falls({s}{ASKED}{VIEW})"),
            Predicate::Within(other, length) => format!("within({s}, {}, {length}{ASKED})", other.program),
            Predicate::Together(other) => format!("together({s}, {}{ASKED})", other.program),
            Predicate::Speed('>', speed) => format!("moving({s}, above: {speed}{ASKED}{VIEW})"),
            Predicate::Speed(_, speed) => format!("stationary({s}, below: {speed}{ASKED}{VIEW})"),
            Predicate::Inside(region) => format!("when_inside({s}, {region}{ASKED})"),
            Predicate::Act(kind) => format!("when(acts({s}, \"{}\"{ASKED}))", escape(kind)),
            Predicate::Touch(Some(other)) => {
                format!("within({s}, {}, 0 m{ASKED}, between: surfaces)", other.program)
            }
            Predicate::Collide(Some(other)) => format!("collides({s}, {}{ASKED})", other.program),
            Predicate::Collide(None) => format!("collides({s}, {s}{ASKED})"),
            Predicate::Touch(None) => format!("within({s}, {s}, 0 m{ASKED}, between: surfaces)"),
            Predicate::Beyond(other, length) => format!("beyond({s}, {}, {length}{ASKED})", other.program),
            Predicate::Lasting(..)
            | Predicate::Heads(_)
            | Predicate::Side(..)
            | Predicate::Has(..)
            | Predicate::Stands(_) => {
                return None;
            }
        })
    }

    /// Whether it holds of the subject.
    pub(super) fn truth(&self, subject: &str) -> Option<String> {
        let s = subject;
        Some(match self {
            Predicate::Visible => format!("exists({s}{ASKED})"),
            Predicate::Appear => format!("exists({s})"),
            Predicate::Arrive => format!("is_before(start(always), first_seen({s}))"),
            Predicate::Disappear => format!("is_before(last_seen({s}), last_moment())"),
            Predicate::Inside(region) => format!("exists(inside({s}, {region}{ASKED}))"),
            // of many, each beside the others and not beside itself
            Predicate::Beyond(other, length) if s == "it" => {
                format!("exists(beyond({s}, {}, {length}{ASKED}))", other.program)
            }
            Predicate::Beyond(other, length) => {
                format!("distance({s}, {}{ASKED}, reduce: max) > {length}", other.program)
            }
            Predicate::Heads(direction @ ("towards" | "away")) => {
                format!("motion_direction({s}{ASKED}, in: camera) = \"{direction}\"")
            }
            Predicate::Heads(direction) => format!("motion_direction({s}{ASKED}) = \"{direction}\""),
            Predicate::Side(side, other) => format!("side({s}, {}{AT_OR_ASKED}) = \"{side}\"", other.program),
            Predicate::Has(name, value) => {
                format!("exists(with({s}, \"{}\", \"{}\"{ASKED}))", escape(name), escape(value))
            }
            Predicate::Stands(set) => format!("exists({})", set.replace(SUBJECT, s)),
            Predicate::Lasting(state, op, seconds) => {
                format!("duration(longest({})) {op} {seconds} s", state.when(s)?)
            }
            Predicate::Act(kind) => format!("exists(acts({s}, \"{}\"{ASKED}))", escape(kind)),
            _ => format!("exists({})", self.when(subject)?),
        })
    }

    /// Whether it holds of the subject at a moment: what holds over time is found over the whole record and looked up, since
    /// a moment alone shows no motion.
    pub(super) fn truth_at(&self, subject: &str, moment: &str) -> Option<String> {
        match self {
            Predicate::Appear
            | Predicate::Arrive
            | Predicate::Disappear
            | Predicate::Heads(_)
            | Predicate::Lasting(..) => None,
            Predicate::Enter(_)
            | Predicate::Leave(_)
            | Predicate::Cross(_)
            | Predicate::Overtake(_)
            | Predicate::Collide(_)
            | Predicate::CrossPath(_) => None,
            Predicate::Beyond(other, length) => {
                let far = format!("distance({subject}, {}, at: {moment}) > {length}", other.program);
                // of many, those that are there then
                let there = format!("exists(it, during: span({moment}, {moment})) and ");
                Some(if subject == "it" { there + &far } else { far })
            }
            Predicate::Visible
            | Predicate::Inside(_)
            | Predicate::Side(..)
            | Predicate::Has(..)
            | Predicate::Act(_)
            | Predicate::Stands(_) => self.truth(subject),
            Predicate::Within(..) => {
                let then = format!(", during: span({moment}, {moment})");
                Some(format!("exists({})", self.when(subject)?.replace(super::ASKED, &then)))
            }
            _ => {
                let when = super::unasked(&self.when(subject)?);
                Some(format!("exists(overlap({when}, span({moment}, {moment})))"))
            }
        }
    }

    /// Whether a thing comes into view, or goes out of it, within a time: a condition about `it` that has the time in it.
    /// Nothing for other predicates.
    pub(super) fn comes_or_goes(&self, time: &Time) -> Option<String> {
        let moment = match self {
            Predicate::Appear | Predicate::Arrive => "first_seen(it)",
            Predicate::Disappear => "last_seen(it)",
            _ => return None,
        };
        let within = match time {
            Time::Always => None,
            Time::After(bound) => Some(format!("is_before({bound}, {moment})")),
            Time::Before(bound) => Some(format!("is_before({moment}, {bound})")),
            Time::During(when) => Some(format!("exists(overlap(span({moment}, {moment}), {when}))")),
            Time::At(_) => return None,
        };
        let leaves =
            matches!(self, Predicate::Disappear).then(|| format!("is_before({moment}, last_moment())"));
        let comes = matches!(self, Predicate::Arrive).then(|| format!("is_before(start(always), {moment})"));
        let leaves = leaves.or(comes);
        let both: Vec<String> = leaves.into_iter().chain(within).collect();
        (!both.is_empty()).then(|| both.join(" and "))
    }

    /// Whether the moment of coming or going is told rightly when only this time is looked at.
    pub(super) fn is_told_within(&self, time: &Time) -> bool {
        match self {
            Predicate::Appear | Predicate::Arrive => matches!(time, Time::Always | Time::Before(_)),
            Predicate::Disappear => matches!(time, Time::Always | Time::After(_)),
            _ => true,
        }
    }

    /// Whether it is a state that can last so long.
    pub(super) fn lasts(&self) -> bool {
        matches!(
            self,
            Predicate::Visible
                | Predicate::Hidden
                | Predicate::OutOfView
                | Predicate::Inside(_)
                | Predicate::Move
                | Predicate::Still
                | Predicate::Approach(_)
                | Predicate::Recede(_)
                | Predicate::Meet(_)
                | Predicate::Touch(_)
                | Predicate::Collide(_)
                | Predicate::Follow(_)
                | Predicate::Within(..)
                | Predicate::Together(_)
                | Predicate::Speed(..)
        )
    }

    /// Whether it names an act that begins, rather than a state that lasts.
    pub(super) fn is_act(&self) -> bool {
        !matches!(
            self,
            Predicate::Visible
                | Predicate::Hidden
                | Predicate::OutOfView
                | Predicate::Inside(_)
                | Predicate::Beyond(..)
                | Predicate::Within(..)
                | Predicate::Together(_)
                | Predicate::Speed(..)
                | Predicate::Stands(_)
        )
    }

    /// The moment at which it first begins: of the type Moment.
    pub(super) fn begins(&self, subject: &str) -> Option<String> {
        let when = self.when(subject)?;
        Some(match self {
            Predicate::Appear | Predicate::Arrive | Predicate::Disappear => when,
            Predicate::Visible => format!("first_seen({subject}{ASKED})"),
            _ => format!("start({when})"),
        })
    }

    /// The moment at which it last begins (an act) or ends (a state).
    pub(super) fn last(&self, subject: &str) -> Option<String> {
        let when = self.when(subject)?;
        Some(match self {
            Predicate::Appear | Predicate::Arrive => return None,
            Predicate::Disappear => when,
            Predicate::Visible => format!("last_seen({subject}{ASKED})"),
            Predicate::Enter(_)
            | Predicate::Leave(_)
            | Predicate::Cross(_)
            | Predicate::Overtake(_)
            | Predicate::Collide(_)
            | Predicate::CrossPath(_) => {
                format!("start(nth({when}, -1))")
            }
            _ if self.is_act() => format!("start(nth({when}, -1))"),
            _ => format!("end({when})"),
        })
    }
}

/// A subject and what it does.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    /// Program of the subject.
    pub(super) subject: String,
    /// Whether the subject says "no": "no car stops".
    pub(super) none: bool,
    /// What it does.
    pub(super) predicate: Predicate,
    /// Whether the verb is negated.
    pub(super) negated: bool,
    /// "first", "last", where it stands.
    pub(super) rank: Option<&'static str>,
    /// Whether the subject is any one of its kind: "anyone", "a car".
    pub(super) some: bool,
    /// The thing that every one of must do it, where the phrase says so: "all cars".
    pub(super) every: bool,
}

/// "the car stops", or with `asked`, after "did" or "is": "the car stop".
pub(super) fn clause(c: &mut Cursor) -> Option<Clause> {
    c.deeper(|c| {
        // what stands behind the noun may be all that is said: "(is) the car | in the left half"
        c.attempt(|c| clause_after(c, |c| c.bare(noun::list), |c| c.word(0).ends_with("ing")))
            .or_else(|| c.attempt(|c| clause_after(c, noun::list, |_| true)))
            .or_else(|| c.attempt(|c| clause_after(c, |c| c.bare(noun::list), |_| true)))
    })
}

/// As [`clause`], with a verb of its own: "the car stops", "the car is in the left half".
pub(super) fn statement(c: &mut Cursor) -> Option<Clause> {
    let verbs = c.verbs;
    c.verbs = true;
    let found = finite_clause(c);
    c.verbs = verbs;
    found
}

fn finite_clause(c: &mut Cursor) -> Option<Clause> {
    let finite = |c: &Cursor| {
        let word = c.word(0);
        is_verb(word)
            || noun::may_be_verb(word)
            || AUXILIARIES.contains(&word)
            || ["first", "last", "finally", "never"].contains(&word)
    };
    c.deeper(|c| {
        c.attempt(|c| clause_after(c, noun::list, finite))
            .or_else(|| c.attempt(|c| clause_after(c, |c| c.bare(noun::list), finite)))
    })
}

fn clause_after(
    c: &mut Cursor,
    subject: impl FnOnce(&mut Cursor) -> Option<Vec<Things>>,
    verb_is: impl FnOnce(&Cursor) -> bool,
) -> Option<Clause> {
    let subjects = subject(c)?;
    if !verb_is(c) {
        return None;
    }
    let before = rank(c);
    let (predicate, negated) = phrase(c)?;
    bind(subjects, predicate, negated, before.or_else(|| rank(c)))
}

/// Puts a subject before a predicate; two subjects of a mutual verb become its two sides.
pub(super) fn bind(
    subjects: Vec<Things>,
    predicate: Predicate,
    negated: bool,
    rank: Option<&'static str>,
) -> Option<Clause> {
    let (subjects, predicate) = match (predicate, subjects.as_slice()) {
        (Predicate::Approach(other), [one, another]) if other.program == EACH_OTHER => {
            (vec![one.clone()], Predicate::Approach(another.clone()))
        }
        (Predicate::Approach(other), _) if other.program == EACH_OTHER => return None,
        (Predicate::Within(other, length), [one, another]) if other.program == EACH_OTHER => {
            (vec![one.clone()], Predicate::Within(another.clone(), length))
        }
        (Predicate::Within(other, length), [one]) if other.program == EACH_OTHER => {
            // of a set with itself
            let same = Things { every: false, ..one.clone() };
            (vec![same.clone()], Predicate::Within(same, length))
        }
        (Predicate::Within(other, _), _) if other.program == EACH_OTHER => return None,
        (Predicate::Together(other), [one, another]) if other.program == EACH_OTHER => {
            (vec![one.clone()], Predicate::Together(another.clone()))
        }
        (Predicate::Together(other), _) if other.program == EACH_OTHER => return None,
        (Predicate::Meet(None), [one, other]) => (vec![one.clone()], Predicate::Meet(Some(other.clone()))),
        (Predicate::Touch(None), [one, other]) => (vec![one.clone()], Predicate::Touch(Some(other.clone()))),
        (Predicate::Collide(None), [one, other]) => {
            (vec![one.clone()], Predicate::Collide(Some(other.clone())))
        }
        (Predicate::Overtake(other), _) if other.program.is_empty() => return None,
        // "both cars are visible", "two cars": two of them at once; greater numbers of things are not told
        (Predicate::Visible, [one]) if one.number == Some(2) && !one.none => {
            let two = Things { every: false, number: None, ..one.clone() };
            (vec![two.clone()], Predicate::Together(two))
        }
        (predicate @ (Predicate::Meet(None) | Predicate::Touch(None) | Predicate::Collide(None)), [_]) => {
            (subjects, predicate)
        }
        (_, subjects)
            if subjects.iter().any(|subject| !subject.definite && subject.number.is_some_and(|n| n > 1)) =>
        {
            return None;
        }
        (predicate, _) => (subjects, predicate),
    };
    let whole = Things::union(&subjects);
    Some(Clause {
        every: whole.every || (subjects.len() > 1 && !subjects.iter().any(|subject| subject.or)),
        some: whole.some,
        none: whole.none,
        subject: whole.program,
        predicate,
        negated,
        rank,
    })
}

fn rank(c: &mut Cursor) -> Option<&'static str> {
    c.eat_any(&["for the first time", "for the last time", "first", "last", "finally"])
        .map(|word| if word.contains("first") { "first" } else { "last" })
}

/// A verb phrase, with its auxiliaries; and whether it is negated.
pub(super) fn phrase(c: &mut Cursor) -> Option<(Predicate, bool)> {
    c.attempt(|c| {
        let mut negated = false;
        for _ in 0..4 {
            if c.eat_any(&["not", "never"]).is_some() {
                negated = true;
            } else if c.sees("still") {
                // "is it still visible": the word says no more; "is it still" is a state
                let mut ahead = *c;
                ahead.skip(1);
                if visible(&mut ahead).is_none() && !eat_verb(&mut ahead, "move") {
                    break;
                }
                c.skip(1);
            } else if c.eat_any(AUXILIARIES).is_none() {
                break;
            }
        }
        if let Some(beyond) = c.attempt(beyond) {
            return Some((beyond, negated));
        }
        c.eat_any(&[
            "start to",
            "starts to",
            "started to",
            "begin to",
            "begins to",
            "began to",
            "start",
            "starts",
            "started",
            "begin",
            "begins",
            "began",
        ]);
        let mut predicate = core(c)?;
        if let Some((op, seconds)) = c.attempt(for_how_long) {
            predicate.lasts().then_some(())?;
            predicate = Predicate::Lasting(Box::new(predicate), op, seconds);
        }
        Some((predicate, negated))
    })
}

/// "more than 20 m from the bus".
fn beyond(c: &mut Cursor) -> Option<Predicate> {
    c.eat_any(&[
        "more than",
        "farther than",
        "further than",
        "farther away than",
        "further away than",
        "over",
    ])?;
    let length = c.length()?;
    c.eat_any(&["away from", "from"])?;
    Some(Predicate::Beyond(noun::one(c)?, length))
}

/// "for more than 5 s", "for at least three seconds": how long at one go.
fn for_how_long(c: &mut Cursor) -> Option<(&'static str, String)> {
    c.eat("for").then_some(())?;
    let table: &[(&str, &str)] = &[
        ("more than", ">"),
        ("longer than", ">"),
        ("at least", ">="),
        ("less than", "<"),
        ("at most", "<="),
    ];
    let (_, op) = table.iter().find(|(phrase, _)| c.eat(phrase))?;
    Some((op, super::cursor::plain(c.seconds()?)))
}

/// Whether this word is a form of a verb that phrases are made of.
pub(super) fn is_verb(word: &str) -> bool {
    VERBS.iter().any(|(_, forms)| forms.contains(&word)) || OTHER_VERBS.contains(&word)
}

/// Whether a form of this verb stands here; passes it.
pub(super) fn eat_verb(c: &mut Cursor, verb: &str) -> bool {
    let word = c.word(0);
    let found = VERBS.iter().any(|(name, forms)| *name == verb && forms.contains(&word));
    if found {
        c.skip(1);
    }
    found
}

/// "left", "to the right", "upwards", "towards the camera", "from left to right".
pub(super) fn direction(c: &mut Cursor) -> Option<&'static str> {
    c.attempt(|c| {
        let table: &[(&str, &str)] = &[
            ("from left to right", "right"),
            ("from the left to the right", "right"),
            ("from right to left", "left"),
            ("from the right to the left", "left"),
            ("from top to bottom", "down"),
            ("from bottom to top", "up"),
            ("towards the camera", "towards"),
            ("toward the camera", "towards"),
            ("closer to the camera", "towards"),
            ("towards the viewer", "towards"),
            ("away from the camera", "away"),
            ("away from the viewer", "away"),
            ("to the left", "left"),
            ("to the right", "right"),
            ("towards the left", "left"),
            ("towards the right", "right"),
            ("leftwards", "left"),
            ("leftward", "left"),
            ("rightwards", "right"),
            ("rightward", "right"),
            ("upwards", "up"),
            ("upward", "up"),
            ("downwards", "down"),
            ("downward", "down"),
            ("left", "left"),
            ("right", "right"),
            ("up", "up"),
            ("down", "down"),
        ];
        let (phrase, direction) = table.iter().find(|(phrase, _)| c.eat(phrase))?;
        if phrase.ends_with("left") || phrase.ends_with("right") {
            let side = c.eat_any(&[
                "side of the screen",
                "side of the picture",
                "side of the image",
                "side of the frame",
                "side",
            ]);
            if side.is_none() && (c.sees("half") || c.sees("of")) {
                return None; // a region, or a side of something
            }
        }
        Some(*direction)
    })
}

/// "5 m/s", "30 km per hour", "2 px/s", as programs write it.
pub(super) fn speed_value(c: &mut Cursor) -> Option<String> {
    c.attempt(|c| {
        let value = c.number()?;
        let length = match c.word(0) {
            "m" | "metre" | "metres" | "meter" | "meters" => "m",
            "km" | "kilometre" | "kilometres" | "kilometer" | "kilometers" => "km",
            "px" | "pixel" | "pixels" => "px",
            "kmh" | "kph" => {
                c.skip(1);
                return Some(format!("{} km/h", super::cursor::plain(value)));
            }
            _ => return None,
        };
        c.skip(1);
        c.eat_any(&["/", "per", "a", "an"])?;
        let time = match c.word(0) {
            "s" | "sec" | "second" => "s",
            "h" | "hour" => "h",
            _ => return None,
        };
        c.skip(1);
        Some(format!("{} {length}/{time}", super::cursor::plain(value)))
    })
}

fn core(c: &mut Cursor) -> Option<Predicate> {
    still(c)
        .or_else(|| c.attempt(moves))
        .or_else(|| c.attempt(appears))
        .or_else(|| c.attempt(enters_or_leaves))
        .or_else(|| c.attempt(visible))
        .or_else(|| c.attempt(nears))
        .or_else(|| c.attempt(meets))
        .or_else(|| c.attempt(is_at))
        .or_else(|| c.attempt(act))
}

fn still(c: &mut Cursor) -> Option<Predicate> {
    // what somebody wrote down is not computed
    if c.word(0) == "parked" && c.vocabulary.attribute("parked").is_some() {
        return None;
    }
    if c.eat_any(&[
        "stop moving",
        "stops moving",
        "stopped moving",
        "stand still",
        "stands still",
        "stood still",
        "standing still",
        "stay still",
        "stays still",
        "stayed still",
        "come to a stop",
        "comes to a stop",
        "came to a stop",
        "come to a halt",
        "comes to a halt",
        "came to a halt",
        "come to rest",
        "comes to rest",
        "came to rest",
        "at rest",
        "stationary",
        "motionless",
        "standing still",
        "at a standstill",
        "still",
        "parked",
        "halted",
    ])
    .is_some()
        || eat_verb(c, "stop")
    {
        return Some(Predicate::Still);
    }
    None
}

fn moves(c: &mut Cursor) -> Option<Predicate> {
    if c.eat("in motion") {
        return Some(Predicate::Move);
    }
    // "faster than 50 km/h", behind "was"
    if let Some(than) = c.eat_any(&["faster than", "quicker than", "slower than"]) {
        let speed = speed_value(c)?;
        return Some(Predicate::Speed(if than.starts_with("slower") { '<' } else { '>' }, speed));
    }
    let plain = eat_verb(c, "move");
    if !plain && !eat_verb(c, "go") {
        return None;
    }
    if let Some(direction) = direction(c) {
        return Some(Predicate::Heads(direction));
    }
    if let Some(than) = c.eat_any(&["faster than", "quicker than", "more than", "slower than"]) {
        let speed = speed_value(c)?;
        return Some(Predicate::Speed(if than.starts_with("slower") { '<' } else { '>' }, speed));
    }
    if c.eat_any(&["towards", "toward", "closer to", "nearer to"]).is_some() {
        return Some(Predicate::Approach(noun::one(c)?));
    }
    if c.eat("away from") {
        return Some(Predicate::Recede(noun::one(c)?));
    }
    if c.eat_any(&["into", "in to"]).is_some() {
        return Some(Predicate::Enter(place::region(c)?));
    }
    if c.eat("out of") {
        if c.eat_any(&["view", "sight"]).is_some() || place::of_the_picture(c) {
            return Some(Predicate::Disappear);
        }
        return Some(Predicate::Leave(place::region(c)?));
    }
    if c.eat_any(&["across", "over"]).is_some() {
        return Some(Predicate::Cross(place::line(c)?));
    }
    plain.then_some(Predicate::Move)
}

fn appears(c: &mut Cursor) -> Option<Predicate> {
    if eat_verb(c, "appear") || c.eat_any(&["show up", "shows up", "showed up", "showing up"]).is_some() {
        return Some(Predicate::Appear);
    }
    if eat_verb(c, "arrive") {
        return ends(c).then_some(Predicate::Arrive);
    }
    if eat_verb(c, "come") {
        c.eat("in");
        if ends(c) {
            return Some(Predicate::Arrive);
        }
        c.eat_any(&[
            "into view",
            "into sight",
            "into the picture",
            "into the frame",
            "into the scene",
            "into the image",
            "into the video",
        ])?;
        return Some(Predicate::Appear);
    }
    if eat_verb(c, "disappear") {
        return Some(Predicate::Disappear);
    }
    None
}

/// Whether nothing follows that belongs to the verb: the end, a comma, a time.
fn ends(c: &Cursor) -> bool {
    let then = ["at", "between", "in", "within", "and", "or", ","].contains(&c.word(0));
    let most =
        ["longest", "shortest", "the"].contains(&c.word(0)) && (c.word(0) != "the" || c.sees("the longest"));
    c.done()
        || most
        || ends_act(c, false)
        || then && (time::phrase(&mut c.clone()).is_some() || c.word(0) == ",")
}

fn enters_or_leaves(c: &mut Cursor) -> Option<Predicate> {
    if c.sees("left of") || c.sees("left side") {
        return None; // where something is
    }
    let enters = eat_verb(c, "enter");
    if !enters && !eat_verb(c, "leave") && !eat_verb(c, "exit") {
        if eat_verb(c, "cross") {
            return Some(Predicate::Cross(place::line(c)?));
        }
        return None;
    }
    c.eat("from");
    if let Some(region) = place::region(c) {
        return Some(if enters { Predicate::Enter(region) } else { Predicate::Leave(region) });
    }
    place::of_the_picture(c);
    if c.sees("the") || c.sees("a") || c.sees("from") {
        return None; // "enter the shop" is not "appear"
    }
    Some(if enters { Predicate::Arrive } else { Predicate::Disappear })
}

/// "hidden", "out of view": a state in which something is not seen.
pub(super) fn unseen(c: &mut Cursor) -> Option<Predicate> {
    if c.eat_any(&["hidden", "occluded", "covered", "covered up", "blocked from view", "obscured"]).is_some()
    {
        c.eat_any(&["from view", "from sight", "from the camera", "by something", "by other things"]);
        return Some(Predicate::Hidden);
    }
    c.eat_any(&[
        "out of view",
        "out of sight",
        "out of the picture",
        "out of the frame",
        "out of the image",
        "out of frame",
        "off screen",
        "off camera",
        "outside the picture",
        "outside the frame",
        "outside the image",
        "outside of the picture",
        "outside of the frame",
        "outside of the image",
    ])
    .map(|_| Predicate::OutOfView)
}

fn visible(c: &mut Cursor) -> Option<Predicate> {
    if let Some(unseen) = unseen(c) {
        return Some(unseen);
    }
    let both = c.eat("both");
    c.eat_any(&[
        "visible",
        "there",
        "present",
        "seen",
        "in view",
        "in sight",
        "on screen",
        "on camera",
        "shown",
        "in the picture",
        "in the image",
        "in the frame",
        "in the scene",
        "in the video",
        "on the screen",
        "in the view",
    ])?;
    if c.eat_any(&["together with", "at the same time as", "simultaneously with", "along with"]).is_some() {
        return Some(Predicate::Together(noun::one(c)?));
    }
    if both || c.eat("together") {
        return Some(Predicate::Together(each_other()));
    }
    Some(Predicate::Visible)
}

fn each_other() -> Things {
    Things { program: EACH_OTHER.to_owned(), ..Things::all("") }
}

/// Approach, come closer, within a length.
fn nears(c: &mut Cursor) -> Option<Predicate> {
    if eat_verb(c, "approach") {
        if c.eat_any(&["each other", "one another"]).is_some() {
            return Some(Predicate::Approach(Things { program: EACH_OTHER.to_owned(), ..Things::all("") }));
        }
        return Some(Predicate::Approach(noun::one(c)?));
    }
    let comes = eat_verb(c, "come") || eat_verb(c, "get");
    if comes && c.eat_any(&["closer to", "nearer to"]).is_some() {
        return Some(Predicate::Approach(noun::one(c)?));
    }
    c.eat_any(&["within", "closer than", "less than", "nearer than"])?;
    let length = c.length()?;
    if c.eat_any(&["of", "to", "from", "away from"]).is_none() {
        // "do any two cars come within 2 m"
        return ends(c).then(|| Predicate::Within(each_other(), length));
    }
    if c.eat_any(&["each other", "one another"]).is_some() {
        return Some(Predicate::Within(each_other(), length));
    }
    Some(Predicate::Within(noun::one(c)?, length))
}

fn meets(c: &mut Cursor) -> Option<Predicate> {
    if eat_verb(c, "meet") {
        if c.eat_any(&["each other", "one another"]).is_some() {
            return Some(Predicate::Meet(None));
        }
        c.eat("with");
        return Some(Predicate::Meet(noun::one(c)));
    }
    // boxes in a picture that overlap need not touch
    if c.vocabulary.vocabulary.metric && eat_verb(c, "touch") {
        if c.eat_any(&["each other", "one another"]).is_some() {
            return Some(Predicate::Touch(None));
        }
        return Some(Predicate::Touch(noun::one(c)));
    }
    if c.vocabulary.vocabulary.metric && (eat_verb(c, "collide") || eat_verb(c, "crash")) {
        c.eat_any(&["with", "into"]);
        if c.eat_any(&["each other", "one another"]).is_some() {
            return Some(Predicate::Collide(None));
        }
        return Some(Predicate::Collide(noun::one(c)));
    }
    if eat_verb(c, "overtake") {
        return Some(Predicate::Overtake(noun::one(c)?));
    }
    if eat_verb(c, "follow") {
        return Some(Predicate::Follow(noun::one(c)?));
    }
    if eat_verb(c, "fall") {
        c.eat_any(&["freely", "down"]);
        return Some(Predicate::Fall);
    }
    if eat_verb(c, "cross") && c.eat_any(&["the path of", "the way of", "the track of"]).is_some() {
        return Some(Predicate::CrossPath(noun::one(c)?));
    }
    None
}

/// In a region, to a side of something, of a colour.
fn is_at(c: &mut Cursor) -> Option<Predicate> {
    if let Some((side, sectors)) = c.attempt(|c| viewpoint::side_of_me(c, c.vocabulary.vocabulary.pixels)) {
        return Some(Predicate::Stands(relation::on_side(SUBJECT, &side, sectors)));
    }
    if !c.vocabulary.vocabulary.pixels
        && let Some(set) = c.attempt(|c| relation::relation(c, SUBJECT))
    {
        return Some(Predicate::Stands(set));
    }
    let stays = eat_verb(c, "stay");
    if stays
        && (c.eat("here")
            || ends(c)
            || c.attempt(|c| visible(c).filter(|p| matches!(p, Predicate::Visible))).is_some())
    {
        return Some(Predicate::Visible);
    }
    if let Some(region) = place::at(c) {
        return Some(Predicate::Inside(region));
    }
    if stays {
        return None;
    }
    if let Some((side, other)) = noun::side_of(c) {
        return Some(Predicate::Side(side, other));
    }
    if let Some((name, value)) = c.vocabulary.attribute(c.word(0)) {
        c.skip(1);
        return Some(Predicate::Has(name.to_owned(), value.to_owned()));
    }
    let colour = lexicon::colour(c.word(0))?;
    c.skip(1);
    Some(Predicate::Has("colour".to_owned(), colour.to_owned()))
}

/// Stands for the other of two subjects until they are known.
const EACH_OTHER: &str = "each other";
