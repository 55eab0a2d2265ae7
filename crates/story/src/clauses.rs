//! Clauses of sentences about time: how two are joined, what is a time, what happens again and again.

use super::lemma::content;
use crate::calendar::{Day, SOME_DAY, TimeWords, read as read_time};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SpanRound, Unit as Step};

/// Part of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Whole,
    Start,
    End,
}

/// How two clauses are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// The main one after the other; by this many seconds, where said.
    After(Option<i64>),
    Before(Option<i64>),
    /// The main one within the other.
    During,
    Same,
    /// They share some time.
    Overlap,
    /// The main one lasts up to the other.
    Until,
    /// The main one lasts from the other on.
    Since,
}

/// Lower-case words with commas as words of their own.
pub(super) fn words_of(said: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in said.trim_end_matches(['.', '?', '!']).split_whitespace() {
        let bare = part.trim_end_matches([',', ';', ':', '?', '!']).trim_matches(['"', '“', '”', '(', ')']);
        if !bare.is_empty() {
            out.push(bare.to_lowercase());
        }
        if part.ends_with([',', ';', ':']) {
            out.push(",".to_owned());
        }
    }
    let mut joined = Vec::with_capacity(out.len());
    let mut rest = &out[..];
    while let [first, after @ ..] = rest {
        if let Some((phrase, word)) = AS_ONE.iter().find(|(phrase, _)| starts(rest, phrase)) {
            joined.push((*word).to_owned());
            rest = &rest[phrase.len()..];
        } else {
            joined.push(first.clone());
            rest = after;
        }
    }
    joined
}

pub(super) fn starts(words: &[String], phrase: &[&str]) -> bool {
    words.len() >= phrase.len() && words.iter().zip(phrase).all(|(w, p)| w == p)
}

pub(super) fn trimmed(mut words: &[String]) -> &[String] {
    while let [first, rest @ ..] = words
        && (first == "," || first == "and")
    {
        words = rest;
    }
    while let [rest @ .., last] = words
        && last == ","
    {
        words = rest;
    }
    words
}

/// A clause's content words, and which part of an event it tells.
pub(super) fn phased(words: &[String]) -> (Vec<String>, Phase) {
    let mut key = content(words);
    let phase = match key.last().map(String::as_str) {
        Some("begin" | "start") if key.len() > 1 => Phase::Start,
        Some("end" | "finish" | "stop") if key.len() > 1 => Phase::End,
        _ => Phase::Whole,
    };
    if phase != Phase::Whole {
        key.pop();
    }
    // "the start of the meeting"
    if phase == Phase::Whole && key.len() > 1 {
        let phase = match key[0].as_str() {
            "begin" | "start" | "beginning" => Phase::Start,
            "end" => Phase::End,
            _ => return (key, phase),
        };
        key.remove(0);
        return (key, phase);
    }
    (key, phase)
}

/// The seconds of a duration that has a length.
pub(super) fn seconds_of(words: &[String]) -> Option<i64> {
    let text: Vec<&str> = words.iter().filter(|w| *w != "," && *w != "exactly").map(String::as_str).collect();
    let TimeWords::Lasts(span) = read_time(&text.join(" "), SOME_DAY)? else { return None };
    if span.get_months() != 0 || span.get_years() != 0 {
        return None;
    }
    Some(span.round(SpanRound::new().largest(Step::Second).days_are_24_hours()).ok()?.get_seconds())
}

/// "two hours later …", "… two hours earlier": the seconds, whether later, and the rest.
pub(super) fn later(words: &[String]) -> Option<(i64, bool, &[String])> {
    let at = words.iter().position(|w| w == "later" || w == "earlier")?;
    let is_later = words[at] == "later";
    if let Some(seconds) = seconds_of(&words[..at]) {
        return Some((seconds, is_later, &words[at + 1..]));
    }
    if at + 1 == words.len() {
        let begin = (0..at).find(|&b| seconds_of(&words[b..at]).is_some())?;
        return Some((seconds_of(&words[begin..at])?, is_later, &words[..begin]));
    }
    None
}

/// A time that a sentence says.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    /// In seconds since 1970, on the clock that is told by.
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) day: Day,
    /// Where it begins on its clock.
    pub(super) at: DateTime,
    /// "from 9:00 to 11:00": begins and ends with it; otherwise somewhere within.
    pub(super) exact: bool,
}

/// "Today the talk began at 9:00": the day stands before, up to `end`, the hour behind. `found` is what the day alone says; the clause
/// begins at `from`.
fn with_hour<'w>(
    words: &'w [String],
    end: usize,
    from: usize,
    leading: &[&str],
    read: impl Fn(&[String]) -> Option<When>,
    found: When,
) -> (&'w [String], Option<When>) {
    for at in from + 1..words.len() {
        if leading.contains(&words[at].as_str()) {
            let both: Vec<String> = words[at..].iter().chain(&words[..end]).cloned().collect();
            if let Some(both) = read(&both) {
                return (&words[from..at], Some(both));
            }
        }
    }
    (&words[from..], Some(found))
}

/// The phrase of time at the beginning (before a comma) or the end, and the rest of the words. None where words of time are
/// none that can be read: "at 25:00", "on Monday" (of which week?).
pub(super) fn timed(words: &[String], now: DateTime, today: DateTime) -> Option<(&[String], Option<When>)> {
    let read = |part: &[String]| time_of(part, now, today);
    let leading = [
        "at",
        "on",
        "in",
        "from",
        "between",
        "yesterday",
        "today",
        "tomorrow",
        "tonight",
        "last",
        "next",
        "this",
        "by",
        "around",
    ];
    if let Some(comma) = words.iter().position(|w| w == ",")
        && (leading.contains(&words[0].as_str()) || words[..comma].last().is_some_and(|w| w == "ago"))
        && let Some(found) = read(&words[..comma])
    {
        return Some(with_hour(words, comma, comma + 1, &leading, read, found));
    }
    // "Yesterday Anna left": the longest phrase that reads
    if leading.contains(&words.first()?.as_str())
        && let Some((end, found)) =
            (1..words.len().min(9)).rev().find_map(|end| read(&words[..end]).map(|found| (end, found)))
    {
        return Some(with_hour(words, end, end, &leading, read, found));
    }
    // "two hours ago the bell rang"
    if let Some(at) = words.iter().position(|w| w == "ago").filter(|at| at + 1 < words.len())
        && let Some(found) = read(&words[..=at])
    {
        return Some((&words[at + 1..], Some(found)));
    }
    let ago = words.last().is_some_and(|w| w == "ago");
    for at in 1..words.len() {
        if (leading.contains(&words[at].as_str()) || ago)
            && let Some(found) = read(&words[at..])
        {
            return Some((&words[..at], Some(found)));
        }
    }
    let broken = words.windows(2).any(|w| {
        let figures = w[1].starts_with(|c: char| c.is_ascii_digit());
        (w[0] == "at" && figures)
            || (w[0] == "on" && crate::calendar::is_weekday(&w[1]))
            || (["on", "in", "by"].contains(&w[0].as_str()) && figures && w[1].len() == 4)
    });
    (!broken).then_some((words, None))
}

/// The time that all of the words say: hours on the day told of last, "yesterday" from the day of telling.
pub(super) fn time_of(words: &[String], now: DateTime, today: DateTime) -> Option<When> {
    let text: Vec<&str> = words.iter().filter(|w| *w != ",").map(String::as_str).collect();
    let exact = text.first() == Some(&"from");
    let text = if text.first() == Some(&"by") { &text[1..] } else { &text[..] };
    let said = |base: DateTime| match read_time(&text.join(" "), base)? {
        TimeWords::Within(within) => Some(within),
        _ => None,
    };
    let mut within = said(now)?;
    if within.day == Day::Counted {
        within = said(today)?;
    }
    let (from, to) = within.seconds(&TimeZone::UTC)?;
    // "by noon": at some time up to then
    let from = if words.first().is_some_and(|w| w == "by") { i64::from(i32::MIN) * 64 } else { from };
    Some(When { from, to, day: within.day, at: within.from, exact })
}

/// "Anna swims three times a week", "Every Monday, Anna swims": the clause, and how often.
pub(super) fn habit(words: &[String]) -> Option<(&[String], String)> {
    let often = |part: &[String]| {
        let text: Vec<&str> = part.iter().filter(|w| *w != ",").map(String::as_str).collect();
        let text = text.join(" ");
        matches!(read_time(&text, SOME_DAY), Some(TimeWords::Repeats(_))).then_some(text)
    };
    let first = words.first()?;
    if ["every", "each", "on", "once", "twice", "daily"].contains(&first.as_str())
        && let Some(comma) = words.iter().position(|w| w == ",")
        && let Some(text) = often(&words[..comma])
    {
        return Some((trimmed(&words[comma..]), text));
    }
    (1..words.len()).find_map(|at| Some((&words[..at], often(&words[at..])?)))
}

/// The two clauses of a sentence and how they are joined: the main one first.
pub(super) fn connective(words: &[String]) -> Option<(&[String], &[String], Join)> {
    // "X preceded Y", "X was followed by Y", "X overlapped with Y"
    for (phrase, join) in VERBS {
        if let Some(at) = words.windows(phrase.len()).position(|w| starts(w, phrase)).filter(|at| *at > 0) {
            return Some((&words[..at], &words[at + phrase.len()..], *join));
        }
    }
    // the connective leads: "After E1, E2", "Two hours after E1, E2"
    let joins = |(at, w): (usize, &String)| {
        // "once a week" joins nothing
        let often = w == "once"
            && words.get(at + 1).is_some_and(|w| ["a", "per", "every", "in"].contains(&w.as_str()));
        (JOINS.contains(&w.as_str()) && !often).then_some(at)
    };
    let first = words.iter().enumerate().find_map(joins)?;
    let length = (first > 0).then(|| seconds_of(&words[..first])).flatten();
    let leads =
        first == 0 || length.is_some() || matches!(&words[..first], [only] if CLOSE.contains(&only.as_str()));
    if leads {
        let comma = words.iter().position(|w| w == ",").filter(|c| *c > first + 1)?;
        return Some((trimmed(&words[comma..]), &words[first + 1..comma], join_of(&words[first], length)?));
    }
    let (main, other) = (&words[..first], &words[first + 1..]);
    // "E2 two hours after E1"
    let begin = (1..main.len()).find(|&b| seconds_of(&main[b..]).is_some());
    let (main, length) = begin.map_or((main, None), |b| (&main[..b], seconds_of(&main[b..])));
    let main = match main {
        [rest @ .., last] if CLOSE.contains(&last.as_str()) || last == "," => rest,
        main => main,
    };
    Some((main, other, join_of(&words[first], length)?))
}

/// Words that say how close two events are, without a length.
const CLOSE: [&str; 7] = ["right", "just", "shortly", "immediately", "soon", "long", "directly"];

/// Words that join two clauses; those of several words stand as one ([`words_of`]).
const JOINS: [&str; 12] = [
    "before",
    "after",
    "while",
    "during",
    "when",
    "until",
    "till",
    "since",
    "once",
    "assoonas",
    "bythetime",
    "sametimeas",
];

/// Phrases of [`JOINS`] and of time that are read as one word.
const AS_ONE: &[(&[&str], &str)] = &[
    (&["at", "the", "same", "time", "as"], "sametimeas"),
    (&["at", "the", "same", "moment", "as"], "sametimeas"),
    (&["simultaneously", "with"], "sametimeas"),
    (&["as", "soon", "as"], "assoonas"),
    (&["by", "the", "time"], "bythetime"),
    (&["prior", "to"], "before"),
    (&["previous", "to"], "before"),
    (&["earlier", "than"], "before"),
    (&["later", "than"], "after"),
    (&["subsequent", "to"], "after"),
    (&["in", "the", "course", "of"], "during"),
    (&["whilst"], "while"),
];

/// Verbs between two events.
const VERBS: &[(&[&str], Join)] = &[
    (&["was", "followed", "by"], Join::Before(None)),
    (&["were", "followed", "by"], Join::Before(None)),
    (&["was", "preceded", "by"], Join::After(None)),
    (&["were", "preceded", "by"], Join::After(None)),
    (&["preceded"], Join::Before(None)),
    (&["precede"], Join::Before(None)),
    (&["overlapped", "with"], Join::Overlap),
    (&["overlap", "with"], Join::Overlap),
    (&["overlapped"], Join::Overlap),
    (&["overlap"], Join::Overlap),
    (&["coincided", "with"], Join::Same),
    (&["coincide", "with"], Join::Same),
];

/// Days counted from the one that was told last.
pub(super) const NEXT_DAYS: &[(&[&str], i64)] = &[
    (&["the", "next", "day"], 1),
    (&["the", "following", "day"], 1),
    (&["the", "day", "after"], 1),
    (&["the", "day", "after", "that"], 1),
    (&["one", "day", "later"], 1),
    (&["a", "day", "later"], 1),
    (&["the", "previous", "day"], -1),
    (&["the", "day", "before"], -1),
    (&["the", "same", "day"], 0),
    (&["that", "day"], 0),
    (&["on", "the", "same", "day"], 0),
];

fn join_of(word: &str, length: Option<i64>) -> Option<Join> {
    Some(match word {
        "before" | "bythetime" => Join::Before(length),
        "after" | "assoonas" | "once" => Join::After(length),
        _ if length.is_some() => return None,
        "while" | "during" => Join::During,
        "when" | "sametimeas" => Join::Same,
        "until" | "till" => Join::Until,
        "since" => Join::Since,
        _ => return None,
    })
}

/// Words that lead on from the sentence before.
pub(super) const LEADS: &[(&[&str], Join)] = &[
    (&["at", "the", "same", "time", ","], Join::Same),
    (&["meanwhile"], Join::Same),
    (&["just", "before", "that"], Join::Before(None)),
    (&["before", "that"], Join::Before(None)),
    (&["earlier", ","], Join::Before(None)),
    (&["after", "that"], Join::After(None)),
    (&["following", "that"], Join::After(None)),
    (&["afterwards"], Join::After(None)),
    (&["then"], Join::After(None)),
    (&["next", ","], Join::After(None)),
    (&["later", ","], Join::After(None)),
    (&["finally"], Join::After(None)),
];

/// Whether words are a time.
pub(super) fn is_time(words: &[String]) -> bool {
    time_of(words, SOME_DAY, SOME_DAY).is_some()
}
