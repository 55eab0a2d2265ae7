//! How many things there are, over a span, at a moment, or at once.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::lexicon::normal;
use crate::question::noun;
use crate::question::relation;
use crate::question::time::Time;
use crate::question::verb::{self, Predicate};
use crate::question::{ASKED, AT, AT_IF, AT_OR_ASKED, SUBJECT, mark};

/// How many things there are, over a span, at a moment, or at once.
pub(super) struct Count;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Count {
    fn name(&self) -> &'static str {
        "count"
    }

    fn about(&self) -> &'static str {
        "How many things there are, over a span, at a moment, or at once"
    }

    fn example(&self) -> &'static str {
        "How many people are visible at most at once?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        if let Some(times) = c.attempt(how_often) {
            asked.rest(c)?;
            return Meaning::of(times);
        }
        if let Some(share) = c.attempt(share) {
            asked.rest(c)?;
            return Meaning::of(share);
        }
        if let Some(share) = c.attempt(|c| share_of_time(c, asked)) {
            return Meaning::of(share);
        }
        if c.attempt(of_each_kind).is_some() {
            asked.rest(c)?;
            let all = asked.located("all()");
            return Meaning::of(format!("contents({all}{ASKED})"));
        }
        if c.attempt(kinds).is_some() {
            asked.rest(c)?;
            return Meaning::of(format!("count(kinds(present(all(){ASKED})))"));
        }
        let mean = c.eat_any(&[
            "what is the average number of",
            "what was the average number of",
            "what is the mean number of",
            "what was the mean number of",
        ]);
        let most = c.eat_any(&[
            "what is the maximum number of",
            "what was the maximum number of",
            "what is the largest number of",
            "what was the largest number of",
            "what is the most",
            "what was the most",
        ]);
        let counted = c.eat_any(&[
            "how many different",
            "how many distinct",
            "how many",
            "what is the total number of",
            "what is the number of",
            "what was the number of",
            "what number of",
            "count the number of",
            "count all",
            "count",
            "number of",
            "the number of",
            "what is the count of",
        ]);
        if most.is_none() && mean.is_none() {
            counted?;
        }
        // "what is the most common object" counts nothing
        if most.is_some_and(|most| most.ends_with("most"))
            && counted.is_none()
            && normal(c.word(0)) == c.word(0)
        {
            return None;
        }
        let things = noun::things(c)?;
        if things.none {
            return None;
        }
        let mut rate = c.attempt(rate);
        let mut set = things.program;
        let (mut coming, mut held): (_, Option<(&str, Predicate)>) = (None, None);
        let mut at_once = at_once(c);
        let there = c.eat_any(&[
            "are there",
            "is there",
            "were there",
            "was there",
            "there are",
            "there is",
            "there were",
            "do you see",
            "can you see",
            "can i see",
            "do we see",
            "did you see",
            "does the video show",
            "are shown",
            "exist",
        ]);
        at_once = at_once || self::at_once(c);
        if there.is_none() && !c.done() {
            c.attempt(|c| {
                let (predicate, negated) = verb::phrase(c)?;
                if !negated && matches!(predicate, Predicate::Visible) {
                    return Some(());
                }
                if matches!(predicate, Predicate::Appear | Predicate::Arrive | Predicate::Disappear) {
                    coming = Some((predicate, negated));
                    return Some(());
                }
                if !negated && let Predicate::Inside(region) = &predicate {
                    set = format!("inside({set}, {region}{ASKED})");
                    return Some(());
                }
                if !negated && let Predicate::Stands(stands) = &predicate {
                    set = stands.replace(SUBJECT, &set);
                    return Some(());
                }
                let not = if negated { "not " } else { "" };
                held = Some((not, predicate));
                Some(())
            });
        }
        if there.is_some() {
            c.eat_any(&["visible", "present", "shown", "in view"]);
            while let Some(more) = relation::stands(c, &set) {
                set = more;
            }
        }
        if there.is_none() {
            let mut ahead = *c;
            if super::is(&mut ahead) {
                *c = ahead; // "how many chairs are in this room"
                while let Some(more) = relation::stands(c, &set) {
                    set = more;
                }
            }
        }
        at_once = at_once || self::at_once(c);
        let mean = c.eat_any(&["on average", "on the average", "in the mean"]).or(mean).is_some();
        rate = rate.or_else(|| c.attempt(self::rate));
        asked_at_once(c, asked, &mut at_once)?;
        if rate.is_some() && (at_once || most.is_some() || matches!(asked.time, Time::At(_))) {
            return None;
        }
        if let Some((not, predicate)) = held {
            let truth = match &asked.time {
                Time::At(moment) => predicate.truth_at("it", moment)?,
                _ => predicate.truth("it")?,
            };
            set = format!("where({set}, {not}{truth})");
        }
        let mut set = asked.located(&set);
        if let Some((predicate, negated)) = coming {
            match predicate.comes_or_goes(&asked.time) {
                Some(condition) if negated => set = format!("where({set}, not ({condition}))"),
                Some(condition) => set = format!("where({set}, {condition})"),
                None if asked.time == Time::Always && !negated => {}
                None => return None,
            }
            if at_once || most.is_some() {
                return None;
            }
            let per = per(rate, &asked.time);
            asked.time = Time::Always;
            return Meaning::of(format!("count({set}){per}"));
        }
        if mean {
            let at_a_time = most.is_none() && rate.is_none() && !matches!(asked.time, Time::At(_));
            return at_a_time.then(|| Meaning::of(format!("mean_at_once({set}{ASKED})"))).flatten();
        }
        if at_once || most.is_some() {
            return Meaning::of(format!("most_at_once({set}{ASKED})"));
        }
        if let Time::At(moment) = &asked.time {
            return Meaning::of(format!("count_at({set}, {moment})")).map(|meaning| used(meaning, asked));
        }
        let per = per(rate, &asked.time);
        Meaning::of(format!("count({set}{ASKED}){per}"))
    }
}

/// "how many different kinds of things are there".
fn kinds(c: &mut Cursor) -> Option<()> {
    c.eat_any(&["how many different", "how many distinct", "how many"])?;
    super::list::kinds(c)
}

/// "how many of each kind are there".
fn of_each_kind(c: &mut Cursor) -> Option<()> {
    c.eat_any(&["how many things of each", "how many objects of each", "how many of each"])?;
    c.eat_any(&["kind", "type", "sort", "class", "category", "label"])?;
    c.eat_any(&["of thing", "of object"]);
    c.eat_any(&[
        "are there",
        "were there",
        "are visible",
        "were seen",
        "are present",
        "appear",
        "do you see",
    ]);
    Some(())
}

/// "per minute": its seconds.
fn rate(c: &mut Cursor) -> Option<u32> {
    c.eat_any(&["per", "each", "every", "a"])?;
    match c.eat_any(&["second", "minute", "hour"])? {
        "second" => Some(1),
        "minute" => Some(60),
        _ => Some(3600),
    }
}

/// By how many of these spans the asked time is long.
fn per(rate: Option<u32>, time: &Time) -> String {
    let during = time.when().unwrap_or_else(|| "always".to_owned());
    rate.map_or_else(String::new, |seconds| format!(" / (duration({during}) / {seconds} s)"))
}

/// The time stands in the program already, where the set does not ask for it too.
fn used(meaning: Meaning, asked: &mut Asked) -> Meaning {
    if !meaning.programs.iter().any(|program| program.contains([ASKED, AT_OR_ASKED, AT, AT_IF].map(mark))) {
        asked.time = Time::Always;
    }
    meaning
}

/// The phrases behind the core, with "at once" among them.
fn asked_at_once(c: &mut Cursor, asked: &mut Asked, found: &mut bool) -> Option<()> {
    for _ in 0..4 {
        if asked.clone().rest(&mut c.clone()).is_some() {
            return asked.rest(c);
        }
        // "… in the video at the same time", "at once in the left half"
        let mut ahead = *c;
        let mut taken = asked.clone();
        let mut n = 0;
        while n < 4 && !at_once(&mut ahead.clone()) {
            taken.phrase(&mut ahead).then_some(())?;
            n += 1;
        }
        if !at_once(&mut ahead) {
            return None;
        }
        *found = true;
        *asked = taken;
        *c = ahead;
    }
    None
}

/// "at once", "at the same time", "at most".
fn at_once(c: &mut Cursor) -> bool {
    let mut found = false;
    while c
        .eat_any(&[
            "at most at the same time",
            "at most at once",
            "at most",
            "at once",
            "at the same time",
            "simultaneously",
            "at any one time",
            "at one time",
            "at a time",
            "together",
            "visible at once",
            "visible at the same time",
            "at the most",
            "at any given time",
        ])
        .is_some()
    {
        found = true;
    }
    found
}

/// "what share of the vehicles are trucks", "what percentage of cars stopped".
fn share(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["what", "which"])?;
    c.eat_any(&["share", "percentage", "proportion", "fraction", "part"])?;
    c.eat("of").then_some(())?;
    let whole = c.bare(noun::one).filter(|things| !things.none)?.program;
    let kind = c.attempt(|c| {
        super::is(c).then_some(())?;
        let kind = c.bare(noun::one).filter(|kind| !kind.label.is_empty() && !kind.none)?;
        c.done().then(|| format!("both({whole}, {})", kind.program))
    });
    let part = kind.or_else(|| {
        let (predicate, negated) = verb::phrase(c)?;
        let not = if negated { "not " } else { "" };
        Some(format!("where({whole}, {not}{})", predicate.truth("it")?))
    })?;
    Some(format!("ratio(count({part}), count({whole}))"))
}

/// "what percentage of the time is the car visible".
fn share_of_time(c: &mut Cursor, asked: &mut Asked) -> Option<String> {
    c.eat("for");
    c.eat_any(&["what", "which"])?;
    let share = c.eat_any(&["share", "percentage", "proportion", "fraction", "part"])?;
    c.eat_any(&["of the time", "of the video", "of the clip", "of the recording"])?;
    super::auxiliary(c).then_some(())?;
    let whens = c.attempt(|c| Some(crowd(c, false)?.whens())).or_else(|| {
        let clause = verb::clause(c).filter(|clause| !clause.none && clause.rank.is_none())?;
        let when = clause.predicate.lasts().then(|| clause.predicate.when(&clause.subject))??;
        Some(vec![if clause.negated { format!("outside({when})") } else { when }])
    })?;
    let [when] = whens.as_slice() else { return None };
    asked.rest(c)?;
    let whole = asked.time.when().unwrap_or_else(|| "always".to_owned());
    let hundred = if share == "percentage" { "100 * " } else { "" };
    Some(format!("{hundred}ratio(duration({when}), duration({whole}))"))
}

/// So many of a set at once.
pub(super) struct Crowd {
    set: String,
    least: Option<u32>,
    most: Option<u32>,
    /// Nothing says exactly or at least.
    open: bool,
}

impl Crowd {
    /// When it is so; two readings where nothing says exactly or at least.
    pub(super) fn whens(&self) -> Vec<String> {
        let limits = match (self.least, self.most) {
            (Some(least), Some(most)) => format!("at_least: {least}, at_most: {most}"),
            (Some(least), None) => format!("at_least: {least}"),
            (None, Some(most)) => format!("at_most: {most}"),
            (None, None) => return Vec::new(),
        };
        let program = |limits: &str| format!("when_count({}, {limits}{ASKED})", self.set);
        let mut whens = vec![program(&limits)];
        if let (true, Some(least)) = (self.open, self.least) {
            whens.push(program(&format!("at_least: {least}")));
        }
        whens
    }

    /// Whether it is so: at least, at some time; at most, all the time; at a moment what is said of it.
    pub(super) fn truths(&self, time: &Time) -> Vec<String> {
        if let (None, Some(most), false) = (self.least, self.most, matches!(time, Time::At(_))) {
            return vec![format!("most_at_once({}{ASKED}) <= {most}", self.set)];
        }
        self.whens().iter().map(|when| format!("exists({when})")).collect()
    }

    /// As a statement says it: a bare number is exact.
    pub(super) fn stated(self) -> Crowd {
        Crowd { open: false, ..self }
    }
}

/// "at least three cars visible", "there exactly two people"; of a statement "at least three cars are visible".
pub(super) fn crowd(c: &mut Cursor, stated: bool) -> Option<Crowd> {
    let there = c.eat("there");
    if there && stated {
        super::is(c).then_some(())?;
    }
    let never = there && stated && c.eat("never");
    let bound = c.eat_any(&[
        "at least",
        "exactly",
        "only",
        "just",
        "more than",
        "no more than",
        "not more than",
        "at most",
        "fewer than",
        "less than",
    ]);
    let n = c.number().filter(|n| n.fract() == 0.0 && (0.0..1e6).contains(n))? as u32;
    c.eat("or more");
    let set =
        noun::one(c).filter(|things| !things.none && things.number.is_none() && !things.label.is_empty())?;
    if stated && !there {
        super::is(c).then_some(())?;
    }
    let seen = c.eat_any(&[
        "visible",
        "in view",
        "present",
        "shown",
        "seen",
        "there",
        "on screen",
        "in the picture",
        "in the frame",
        "in the scene",
    ]);
    let together = at_once(c);
    // "there are three cars" is read where questions of whether there is something are
    let read_elsewhere = stated && there && !never;
    (!read_elsewhere && (seen.is_some() || there)).then_some(())?;
    // two at once are together, whoever else is there
    (stated || bound.is_some() || n != 2 || !together).then_some(())?;
    let (least, most, open) = match bound {
        Some("more than") if never => (None, Some(n), false),
        Some("at least") if never => (None, Some(n.checked_sub(1)?), false),
        _ if never => return None,
        Some("at least") => (Some(n), None, false),
        Some("more than") => (Some(n + 1), None, false),
        Some("no more than" | "not more than" | "at most") => (None, Some(n), false),
        Some("fewer than" | "less than") => (None, Some(n.checked_sub(1)?), false),
        Some(_) => (Some(n), Some(n), false),
        None if together && !stated => (Some(n), None, false),
        None => (Some(n), Some(n), true),
    };
    Some(Crowd { set: set.program, least, most, open })
}

/// "how many times did the car stop", "how often does the person enter the left half".
fn how_often(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["how many times", "how often", "how many separate times", "number of times"])?;
    super::auxiliary(c);
    c.verbs = true;
    let clause = verb::clause(c).filter(|clause| !clause.negated && !clause.none && clause.rank.is_none())?;
    let when = match clause.predicate {
        Predicate::Appear | Predicate::Arrive | Predicate::Visible => {
            format!("presence({}{ASKED})", clause.subject)
        }
        Predicate::Disappear => return None,
        predicate => predicate.when(&clause.subject)?,
    };
    Some(format!("count({when})"))
}
