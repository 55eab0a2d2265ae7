//! When things happen in a story: events from sentences, and what follows of their order and distance in time.
//!
//! ```text
//! sentence = [time | connective clause ,] clause [connective clause | time | for duration]
//! connective = [duration] (before | after) | while | during | when | at the same time as
//! ```
//!
//! An event is the content words of a clause; "the meeting began" is the start of "the meeting". Sentences become bounds
//! between starts and ends ([`chronotope_reason::chain::Bounds`]), and an answer cites the sentences of its shortest chain.
//! What is told without any word of time is taken to have happened in the order in which it is told; an answer that rests
//! on this says so. Story order may differ from telling order: "Before that, …", "Two hours earlier, …".

use super::Story;
use super::lemma::content;
use super::statement::Statement;
use crate::calendar::{SOME_DAY, TimeWords, read as read_time};
use chronotope_reason::chain::{Bound, Bounds, Difference};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SpanRound, Unit as Step};
use std::collections::HashMap;

/// Most events that are put in order; bounds between more would take too long.
const MOST_EVENTS: usize = 2_000;

/// What happens, and bounds between the ends of it.
pub(super) struct Timeline {
    pub(super) events: Vec<Happening>,
    by_key: HashMap<Vec<String>, usize>,
    links: Vec<Bound>,
    /// The sentence of each link; none: an end is not before its start.
    by: Vec<Option<usize>>,
    /// The link rests on the order of telling.
    assumed: Vec<bool>,
    /// Some event has a date.
    pub(super) dated: bool,
    /// Sentences with words of time that are not read.
    pub(super) unread: Vec<usize>,
    pub(super) too_many: bool,
}

/// An event.
#[derive(Clone, Debug)]
pub(super) struct Happening {
    /// Content words, in order.
    pub(super) key: Vec<String>,
    /// As first told.
    pub(super) words: String,
    /// It has a length; otherwise it happens at one moment.
    durative: bool,
}

/// Part of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Whole,
    Start,
    End,
}

/// A mention: which event, which part of it.
pub(super) type Mention = (usize, Phase);

/// Seconds from one point to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    /// At least, and whether it is more.
    pub(super) least: Option<(i64, bool)>,
    /// At most, and whether it is less.
    pub(super) most: Option<(i64, bool)>,
    /// Sentences that say so.
    pub(super) by: Vec<usize>,
    /// The order of telling was taken for the order of happening.
    pub(super) assumed: bool,
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
}

impl Timeline {
    pub(super) fn of(story: &Story) -> Timeline {
        let mut line = Timeline {
            events: Vec::new(),
            by_key: HashMap::new(),
            links: Vec::new(),
            by: Vec::new(),
            assumed: Vec::new(),
            dated: false,
            unread: Vec::new(),
            too_many: false,
        };
        let mut still = vec![false; story.sentences().len()];
        for row in story.told() {
            still[row.sentence] |= !matches!(
                row.what,
                Statement::Moves { .. }
                    | Statement::Leaves { .. }
                    | Statement::Takes { .. }
                    | Statement::Drops { .. }
                    | Statement::Gives { .. }
            );
        }
        let (mut now, mut last) = (SOME_DAY, None);
        for (number, still) in still.into_iter().enumerate() {
            if still {
                continue;
            }
            if line.events.len() >= MOST_EVENTS {
                line.too_many = true;
                break;
            }
            if line.sentence(story.sentence(number), number, &mut now, &mut last).is_none() {
                line.unread.push(number);
            }
        }
        for event in 0..line.events.len() {
            line.put(end(event), start(event), 0, false, None, false);
            if !line.events[event].durative {
                line.put(start(event), end(event), 0, false, None, false);
            }
        }
        line
    }

    fn put(&mut self, from: u32, to: u32, most: i64, strict: bool, by: Option<usize>, assumed: bool) {
        self.links.push(Bound { from, to, most, strict });
        self.by.push(by);
        self.assumed.push(assumed);
    }

    /// `low < high` or `low ≤ high`.
    fn order(&mut self, low: u32, high: u32, strict: bool, by: usize, assumed: bool) {
        self.put(high, low, 0, strict, Some(by), assumed);
    }

    /// `to` is this many seconds after `from`.
    fn exactly(&mut self, from: u32, to: u32, seconds: i64, by: usize) {
        self.put(from, to, seconds, false, Some(by), false);
        self.put(to, from, -seconds, false, Some(by), false);
    }

    /// Takes one sentence in; none where a word of time is not read.
    fn sentence(
        &mut self,
        said: &str,
        number: usize,
        now: &mut DateTime,
        last: &mut Option<Mention>,
    ) -> Option<()> {
        let words = words_of(said);
        let mut rest: &[String] = &words;
        let mut led = None; // how the sentence follows on the one before
        for (phrase, join) in LEADS {
            if starts(rest, phrase) && rest.len() > phrase.len() {
                rest = &rest[phrase.len()..];
                led = Some(*join);
                break;
            }
        }
        rest = trimmed(rest);
        // "two hours later, …", "… two hours later"
        if led.is_none()
            && let Some((length, join, after)) = later(rest)
        {
            led = Some(if join { Join::After(Some(length)) } else { Join::Before(Some(length)) });
            rest = trimmed(after);
        }
        let (rest, within) = timed(rest, *now)?;
        if let Some((from, to, dated, day)) = within {
            if dated {
                *now = day;
                self.dated = true;
            }
            let main = self.joined(rest, number, *now)?;
            self.place(main, from, to, number);
            *last = Some(main);
            return Some(());
        }
        let bare = connective(rest).is_none() && !rest.iter().any(|w| w == "lasted");
        let main = self.joined(rest, number, *now)?;
        let before = last.filter(|l| l.0 != main.0);
        match (led, before) {
            (Some(join), Some(before)) => self.relate(main, before, join, number, false),
            (None, Some(before)) if bare => self.relate(main, before, Join::After(None), number, true),
            _ => {}
        }
        *last = Some(main);
        Some(())
    }

    /// One clause, or two with a connective; gives the main one.
    fn joined(&mut self, words: &[String], number: usize, now: DateTime) -> Option<Mention> {
        let words = trimmed(words);
        if let Some(at) = words.iter().position(|w| w == "lasted" || w == "took")
            && let Some(seconds) = seconds_of(&words[at + 1..])
        {
            let event = self.mention(&words[..at], true)?.0;
            self.exactly(start(event), end(event), seconds, number);
            return Some((event, Phase::Whole));
        }
        if let Some(at) = words.iter().rposition(|w| w == "for")
            && let Some(seconds) = seconds_of(&words[at + 1..])
        {
            let event = self.mention(&words[..at], true)?.0;
            self.exactly(start(event), end(event), seconds, number);
            return Some((event, Phase::Whole));
        }
        let Some((main, other, join)) = connective(words) else { return self.mention(words, false) };
        let main = self.mention(main, false)?;
        if let Some((from, to, ..)) = time_of(other, now) {
            // "before noon", "after 3 March 2024"
            let (a, b) = self.ends(main);
            match join {
                Join::After(None) => self.put(a, ORIGIN, 1 - to, false, Some(number), false),
                Join::Before(None) => self.put(ORIGIN, b, from, true, Some(number), false),
                _ => return None,
            }
            return Some(main);
        }
        let (other, within) = timed(other, now)?;
        let whole = join == Join::During;
        let other = self.mention(other, whole)?;
        if let Some((from, to, ..)) = within {
            self.place(other, from, to, number);
        }
        self.relate(main, other, join, number, false);
        Some(main)
    }

    /// The mention happens in a stretch of the calendar; a minute said is a moment.
    fn place(&mut self, mention: Mention, from: i64, to: i64, by: usize) {
        let (a, b) = self.ends(mention);
        if to - from <= 60 {
            self.exactly(ORIGIN, a, from, by);
        } else {
            self.put(a, ORIGIN, -from, false, Some(by), false);
            self.put(ORIGIN, b, to, true, Some(by), false);
        }
    }

    fn relate(&mut self, main: Mention, other: Mention, join: Join, by: usize, assumed: bool) {
        let ((a, b), (c, d)) = (self.ends(main), self.ends(other));
        match join {
            Join::After(None) => self.order(d, a, true, by, assumed),
            Join::Before(None) => self.order(b, c, true, by, assumed),
            Join::After(Some(seconds)) => self.exactly(d, a, seconds, by),
            Join::Before(Some(seconds)) => self.exactly(a, c, seconds, by),
            Join::During => {
                self.order(c, a, false, by, assumed);
                self.order(b, d, false, by, assumed);
            }
            Join::Same => {
                self.exactly(a, c, 0, by);
                self.exactly(b, d, 0, by);
            }
        }
    }

    /// The event of a clause, added where it is new.
    fn mention(&mut self, words: &[String], durative: bool) -> Option<Mention> {
        let (key, phase) = phased(words);
        if key.is_empty() {
            return None;
        }
        let durative = durative || phase != Phase::Whole;
        if let Some(&event) = self.by_key.get(&key) {
            self.events[event].durative |= durative;
            return Some((event, phase));
        }
        let words = trimmed(words).join(" ");
        self.by_key.insert(key.clone(), self.events.len());
        self.events.push(Happening { key, words, durative });
        Some((self.events.len() - 1, phase))
    }

    /// The event that a clause of a question means: the same words, or all of them and more where only one has them.
    pub(super) fn find(&self, words: &[String]) -> Option<Mention> {
        let (key, phase) = phased(words);
        if key.is_empty() {
            return None;
        }
        if let Some(&event) = self.by_key.get(&key) {
            return Some((event, phase));
        }
        let has = |event: &Happening| key.iter().all(|w| event.key.contains(w));
        let mut found = self.events.iter().enumerate().filter(|(_, e)| has(e)).map(|(i, _)| i);
        let one = found.next()?;
        found.next().is_none().then_some((one, phase))
    }

    fn ends(&self, mention: Mention) -> (u32, u32) {
        let (event, phase) = mention;
        match phase {
            Phase::Whole => (start(event), end(event)),
            Phase::Start => (start(event), start(event)),
            Phase::End => (end(event), end(event)),
        }
    }

    fn bounds(&self) -> Bounds {
        Bounds::new(2 * self.events.len() + 1, &self.links)
    }

    /// Sentences that contradict each other about time, none of which can be left out.
    pub(super) fn contradiction(&self) -> Option<Vec<usize>> {
        Some(self.sentences(&self.bounds().contradiction()?).0)
    }

    /// The time from the end of one mention to the start of another.
    pub(super) fn gap(&self, from: Mention, to: Mention) -> Gap {
        self.between(self.ends(from).1, self.ends(to).0)
    }

    /// The time between the starts.
    pub(super) fn starts_apart(&self, from: Mention, to: Mention) -> Gap {
        self.between(self.ends(from).0, self.ends(to).0)
    }

    /// How long an event is.
    pub(super) fn length(&self, event: usize) -> Gap {
        self.between(start(event), end(event))
    }

    /// When a mention begins, in seconds since the origin.
    pub(super) fn moment(&self, mention: Mention) -> Gap {
        self.between(ORIGIN, self.ends(mention).0)
    }

    fn between(&self, from: u32, to: u32) -> Gap {
        let bounds = self.bounds();
        let mut gap = Gap { least: None, most: None, by: Vec::new(), assumed: false };
        for (a, b, upper) in [(from, to, true), (to, from, false)] {
            if let Difference::Most(most) = bounds.most(a, b) {
                if upper {
                    gap.most = Some((most.most, most.strict));
                } else {
                    gap.least = Some((-most.most, most.strict));
                }
                let (by, assumed) = self.sentences(&most.links);
                gap.by.extend(by);
                gap.assumed |= assumed;
            }
        }
        gap.by.sort_unstable();
        gap.by.dedup();
        gap
    }

    /// Whether one mention is surely over when the other begins (yes), surely not (no), with the sentences.
    pub(super) fn precedes(&self, first: Mention, second: Mention) -> (Option<bool>, Vec<usize>, bool) {
        let bounds = self.bounds();
        let ((a, b), (c, d)) = (self.ends(first), self.ends(second));
        let proves = |low: u32, high: u32, strict: bool| match bounds.most(high, low) {
            Difference::Most(most) if most.most < 0 || (most.most == 0 && (most.strict || !strict)) => {
                Some(self.sentences(&most.links))
            }
            _ => None,
        };
        if let Some((by, assumed)) = proves(b, c, true) {
            return (Some(true), by, assumed);
        }
        // the second begins no later than the first, or the first ends after the second begins
        if let Some((by, assumed)) =
            proves(c, a, false).or_else(|| proves(d, a, true)).or_else(|| proves(c, b, false))
        {
            return (Some(false), by, assumed);
        }
        (None, Vec::new(), false)
    }

    /// The sentences that say that the first mention lies within the second.
    pub(super) fn within(&self, inner: Mention, outer: Mention) -> Option<(Vec<usize>, bool)> {
        let ((a, b), (c, d)) = (self.ends(inner), self.ends(outer));
        let bounds = self.bounds();
        let mut links = Vec::new();
        for (low, high) in [(c, a), (b, d)] {
            match bounds.most(high, low) {
                Difference::Most(most) if most.most <= 0 => links.extend(most.links),
                _ => return None,
            }
        }
        Some(self.sentences(&links))
    }

    fn sentences(&self, links: &[usize]) -> (Vec<usize>, bool) {
        let mut by: Vec<usize> = links.iter().filter_map(|&l| self.by[l]).collect();
        by.sort_unstable();
        by.dedup();
        (by, links.iter().any(|&l| self.assumed[l]))
    }
}

const ORIGIN: u32 = 0;

fn start(event: usize) -> u32 {
    2 * event as u32 + 1
}

fn end(event: usize) -> u32 {
    2 * event as u32 + 2
}

/// Words that lead on from the sentence before.
const LEADS: &[(&[&str], Join)] = &[
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
    out
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
fn phased(words: &[String]) -> (Vec<String>, Phase) {
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
fn later(words: &[String]) -> Option<(i64, bool, &[String])> {
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

/// `(from, to, dated, the day)` of a phrase of time at the beginning (before a comma) or the end; the rest of the words. None
/// where a preposition of time is followed by figures that are no time.
#[allow(clippy::type_complexity)] // seconds, seconds, whether dated, the day
fn timed(words: &[String], now: DateTime) -> Option<(&[String], Option<(i64, i64, bool, DateTime)>)> {
    let read = |part: &[String]| time_of(part, now);
    let leading = ["at", "on", "in", "yesterday", "today", "tomorrow", "last", "next", "this"];
    if let Some(comma) = words.iter().position(|w| w == ",")
        && leading.contains(&words[0].as_str())
        && let Some(found) = read(&words[..comma])
    {
        return Some((&words[comma + 1..], Some(found)));
    }
    for at in 1..words.len() {
        if leading.contains(&words[at].as_str())
            && let Some(found) = read(&words[at..])
        {
            return Some((&words[..at], Some(found)));
        }
    }
    // "at 25:00" is a time that is none
    let broken = words.windows(2).any(|w| w[0] == "at" && w[1].starts_with(|c: char| c.is_ascii_digit()));
    (!broken).then_some((words, None))
}

/// `(from, to, dated, the day)` of words that are a time.
fn time_of(words: &[String], now: DateTime) -> Option<(i64, i64, bool, DateTime)> {
    let text: Vec<&str> = words.iter().filter(|w| *w != ",").map(String::as_str).collect();
    match read_time(&text.join(" "), now)? {
        TimeWords::Within(within) => {
            let (from, to) = within.seconds(&TimeZone::UTC)?;
            Some((from, to, within.dated, within.from))
        }
        _ => None,
    }
}

/// The two clauses of a sentence and how they are joined: the main one first.
pub(super) fn connective(words: &[String]) -> Option<(&[String], &[String], Join)> {
    // the connective leads: "After E1, E2", "Two hours after E1, E2"
    let first = words.iter().position(|w| JOINS.contains(&w.as_str()))?;
    let length = (first > 0).then(|| seconds_of(&words[..first])).flatten();
    let leads = first == 0 || length.is_some() || matches!(&words[..first], [only] if only == "just");
    if leads {
        let comma = words.iter().position(|w| w == ",").filter(|c| *c > first + 1)?;
        return Some((trimmed(&words[comma..]), &words[first + 1..comma], join_of(&words[first], length)?));
    }
    if let Some(at) = words.windows(5).position(|w| starts(w, &["at", "the", "same", "time", "as"])) {
        return Some((&words[..at], &words[at + 5..], Join::Same));
    }
    let (main, other) = (&words[..first], &words[first + 1..]);
    // "E2 two hours after E1"
    let begin = (1..main.len()).find(|&b| seconds_of(&main[b..]).is_some());
    let (main, length) = begin.map_or((main, None), |b| (&main[..b], seconds_of(&main[b..])));
    let main = match main {
        [rest @ .., last]
            if ["right", "just", "shortly", "immediately", "long", ","].contains(&last.as_str()) =>
        {
            rest
        }
        main => main,
    };
    Some((main, other, join_of(&words[first], length)?))
}

const JOINS: [&str; 6] = ["before", "after", "while", "during", "when", "as"];

fn join_of(word: &str, length: Option<i64>) -> Option<Join> {
    Some(match word {
        "before" => Join::Before(length),
        "after" => Join::After(length),
        "while" | "during" if length.is_none() => Join::During,
        "when" if length.is_none() => Join::Same,
        _ => return None,
    })
}
