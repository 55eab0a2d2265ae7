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
use super::clauses::{
    Join, LEADS, NEXT_DAYS, Phase, When, connective, habit, later, phased, seconds_of, starts, time_of,
    timed, trimmed, words_of,
};
use super::lemma::content;
use super::statement::Statement;
use crate::calendar::{Day, SOME_DAY, TimeWords, read as read_time};
use chronotope_reason::chain::{Bound, Bounds, Difference};
use jiff::Span;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
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
    /// Some event has a date, or a sentence says which day it is.
    pub(super) dated: bool,
    /// Some event has a day that is counted from today.
    pub(super) counted: bool,
    /// What happens again and again.
    pub(super) habits: Vec<Habit>,
    /// The day on which the story is told.
    today: DateTime,
    /// Sentences whose hours are taken to be of the day that was told last.
    pub(super) carried: Vec<usize>,
    /// Sentences whose day hangs on a today that is not said.
    floating: Vec<usize>,
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
    pub(super) durative: bool,
}

/// What happens again and again.
#[derive(Clone, Debug)]
pub(super) struct Habit {
    /// Content words, in order.
    pub(super) key: Vec<String>,
    /// "three times a week".
    pub(super) often: String,
    /// Its sentence.
    pub(super) by: usize,
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

impl Timeline {
    pub(super) fn of(story: &Story) -> Timeline {
        let mut line = Timeline {
            events: Vec::new(),
            by_key: HashMap::new(),
            links: Vec::new(),
            by: Vec::new(),
            assumed: Vec::new(),
            dated: false,
            counted: false,
            habits: Vec::new(),
            today: SOME_DAY,
            carried: Vec::new(),
            floating: Vec::new(),
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
        if line.dated {
            // a date, and a day counted from nowhere: how far they are apart is not said
            let floating = std::mem::take(&mut line.floating);
            line.unread.extend(floating);
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
        if let ["today" | "it", "is", day @ ..] = &words.iter().map(String::as_str).collect::<Vec<_>>()[..]
            && let Some(TimeWords::Within(day)) = read_time(&day.join(" "), *now)
            && day.day == Day::Named
            && day.certain.is_none()
        {
            (self.today, *now, self.dated) = (day.from, day.from, true);
            return Some(());
        }
        if let Some((clause, often)) = habit(&words) {
            let key = content(clause);
            self.habits.push(Habit { key, often, by: number });
            return Some(());
        }
        let mut led = None; // how the sentence follows on the one before
        if let ["first" | "firstly" | "initially", ..] =
            &rest.iter().map(String::as_str).collect::<Vec<_>>()[..]
        {
            rest = trimmed(&rest[1..]);
        } else if starts(rest, &["at", "first", ","]) {
            rest = &rest[3..];
        }
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
        // "the next day, …": counted from the day that was told last
        let mut told_on = None;
        for (phrase, days) in NEXT_DAYS {
            if starts(rest, phrase) && rest.len() > phrase.len() {
                (rest, told_on) = (trimmed(&rest[phrase.len()..]), Some(*days));
                let join = if *days > 0 { Join::After(None) } else { Join::Before(None) };
                led = led.or((*days != 0).then_some(join));
                break;
            }
        }
        if let Some(days) = told_on
            && self.is_dated()
        {
            *now =
                now.checked_add(Span::new().try_days(days).ok()?).ok()?.date().to_datetime(Time::midnight());
        }
        let (rest, mut within) = timed(rest, *now, self.today)?;
        if within.is_none() && told_on.is_some() && self.is_dated() {
            let from = now.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
            within = Some(When { from, to: from + 86_400, day: Day::Open, at: *now, exact: false });
        }
        if let Some(when) = within {
            self.note(&when, number, now);
            let main = self.joined(rest, number, *now)?;
            self.place(main, &when, number);
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
        if let [clause @ .., last] = words
            && last == "lasted"
        {
            return self.mention(clause, true);
        }
        let Some((main, other, join)) = connective(words) else { return self.mention(words, false) };
        // what shares some time with another, or lasts up to it, has a length
        let lasts = matches!(join, Join::Overlap | Join::Until | Join::Since);
        let main = self.mention(main, lasts)?;
        if let Some(when) = time_of(other, now, self.today) {
            // "before noon", "after 3 March 2024", "until 5 pm"
            let mut told = now;
            self.note(&when, number, &mut told);
            let (a, b) = self.ends(main);
            match join {
                Join::After(None) => self.put(a, ORIGIN, 1 - when.to, false, Some(number), false),
                Join::Before(None) => self.put(ORIGIN, b, when.from, true, Some(number), false),
                Join::Until if when.to - when.from <= 60 => self.exactly(ORIGIN, b, when.from, number),
                Join::Since if when.to - when.from <= 60 => self.exactly(ORIGIN, a, when.from, number),
                _ => return None,
            }
            return Some(main);
        }
        let (other, within) = timed(other, now, self.today)?;
        let other = self.mention(other, matches!(join, Join::During | Join::Overlap))?;
        if let Some(when) = within {
            let mut told = now;
            self.note(&when, number, &mut told);
            self.place(other, &when, number);
        }
        self.relate(main, other, join, number, false);
        Some(main)
    }

    /// What a time says about the day: which one is told of, and on what it hangs.
    fn note(&mut self, when: &When, number: usize, now: &mut DateTime) {
        match when.day {
            Day::Named => self.dated = true,
            // counted from the day of telling, or an hour of a day that is not said
            Day::Counted | Day::Open if !self.is_dated() => {
                self.counted |= when.day == Day::Counted;
                self.floating.push(number);
            }
            Day::Open => self.carried.push(number),
            Day::Counted if self.today == SOME_DAY => self.floating.push(number),
            Day::Counted => {}
        }
        if when.day != Day::Open {
            *now = when.at;
        }
    }

    /// The day that is told of is known, or at least which it is from today.
    fn is_dated(&self) -> bool {
        self.dated || self.counted
    }

    /// The mention happens in a stretch of the calendar; a minute said is a moment.
    fn place(&mut self, mention: Mention, when: &When, by: usize) {
        let (a, b) = self.ends(mention);
        let &When { from, to, exact, .. } = when;
        if exact {
            self.events[mention.0].durative = true;
            self.exactly(ORIGIN, a, from, by);
            self.exactly(ORIGIN, b, to, by);
        } else if to - from <= 60 {
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
            Join::Overlap => {
                self.order(a, d, true, by, assumed);
                self.order(c, b, true, by, assumed);
            }
            Join::Until => self.exactly(b, c, 0, by),
            Join::Since => self.exactly(c, a, 0, by),
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

    /// How much longer the first event is than the second; the lengths are bounded each for itself.
    pub(super) fn longer_by(&self, a: usize, b: usize) -> Gap {
        let (a, b) = (self.length(a), self.length(b));
        let apart = |high: Option<(i64, bool)>, low: Option<(i64, bool)>| {
            high.zip(low).map(|((high, s), (low, t))| (high - low, s || t))
        };
        let mut by: Vec<usize> = a.by.iter().chain(&b.by).copied().collect();
        by.sort_unstable();
        by.dedup();
        let (least, most) = (apart(a.least, b.most), apart(a.most, b.least));
        Gap { least, most, by, assumed: a.assumed || b.assumed }
    }

    /// The relations of Allen's algebra that what is told leaves to two events, with the sentences that rule out the others.
    pub(super) fn relations(&self, a: usize, b: usize) -> (Vec<&'static str>, Vec<usize>, bool) {
        use std::cmp::Ordering::{Equal, Greater, Less};
        // start to start, start to end, end to start, end to end of the first against the second
        // a moment at an end of a stretch starts or finishes it
        const ALLEN: [(&str, [std::cmp::Ordering; 4]); 18] = [
            ("before", [Less, Less, Less, Less]),
            ("meets", [Less, Less, Equal, Less]),
            ("overlaps", [Less, Less, Greater, Less]),
            ("starts", [Equal, Less, Greater, Less]),
            ("during", [Greater, Less, Greater, Less]),
            ("finishes", [Greater, Less, Greater, Equal]),
            ("equals", [Equal, Less, Greater, Equal]),
            ("finished by", [Less, Less, Greater, Equal]),
            ("contains", [Less, Less, Greater, Greater]),
            ("started by", [Equal, Less, Greater, Greater]),
            ("overlapped by", [Greater, Less, Greater, Greater]),
            ("met by", [Greater, Equal, Greater, Greater]),
            ("after", [Greater, Greater, Greater, Greater]),
            ("equals", [Equal, Equal, Equal, Equal]),
            ("starts", [Equal, Less, Equal, Less]),
            ("finishes", [Greater, Equal, Greater, Equal]),
            ("started by", [Equal, Equal, Greater, Greater]),
            ("finished by", [Less, Less, Equal, Equal]),
        ];
        let ends = [(start(a), start(b)), (start(a), end(b)), (end(a), start(b)), (end(a), end(b))];
        let gaps = ends.map(|(from, to)| self.between(from, to));
        let stretches = self.events[a].durative && self.events[b].durative;
        // the second minus the first: more than nothing where the first is less
        let may = |gap: &Gap, order: std::cmp::Ordering| {
            let least = gap.least.is_none_or(|(s, strict)| match order {
                Less => true,
                Equal => s < 0 || (s == 0 && !strict),
                Greater => s < 0,
            });
            let most = gap.most.is_none_or(|(s, strict)| match order {
                Greater => true,
                Equal => s > 0 || (s == 0 && !strict),
                Less => s > 0,
            });
            least && most
        };
        let found: Vec<&str> = ALLEN
            .iter()
            .filter(|(_, orders)| gaps.iter().zip(orders).all(|(gap, order)| may(gap, *order)))
            .map(|(name, _)| *name)
            .filter(|name| stretches || !["meets", "met by"].contains(name))
            .collect();
        let mut by: Vec<usize> = gaps.iter().flat_map(|gap| gap.by.iter().copied()).collect();
        by.sort_unstable();
        by.dedup();
        (found, by, gaps.iter().any(|gap| gap.assumed))
    }

    /// The stretch of the calendar that words of a question say, on the days that the story tells of.
    pub(super) fn time(&self, words: &[String]) -> Option<(i64, i64)> {
        let when = time_of(words, self.today, self.today)?;
        // a date of a story that has none says nothing, nor an hour of one that has several days
        let known = match when.day {
            Day::Named => self.dated,
            Day::Counted => !self.dated || self.today != SOME_DAY,
            Day::Open => !self.dated && !self.counted,
        };
        known.then_some((when.from, when.to))
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
