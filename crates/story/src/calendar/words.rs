//! Expressions of time.

use super::day::day;
use super::duration::span;
use super::hour::{hour, zone};
use super::repeats::{Repeats, repeats};
use super::vague::{either_order, either_weekday, half_month, vague};
use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _, Zoned};

/// What an expression says.
#[derive(Clone, Debug)]
pub enum TimeWords {
    /// A stretch of the calendar.
    Within(Within),
    /// One of several stretches, and nothing says which: "on Monday", "summer 2024".
    Either(Vec<Within>),
    /// A duration.
    Lasts(Span),
    /// Again and again.
    Repeats(Repeats),
}

/// A stretch of the calendar, `[from, to)`: as long as the words are precise ("1999" is a year, "3 pm" an hour).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// Where it begins, on the clock of the zone.
    pub from: DateTime,
    /// Where it ends.
    pub to: DateTime,
    /// The zone, where the words say one.
    pub zone: Option<TimeZone>,
    /// How the words tell the day.
    pub day: Day,
    /// Where the words are vague ("early 2024"), the part that surely belongs to it, within what may: empty where none does.
    pub certain: Option<(DateTime, DateTime)>,
}

/// How words tell a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// By itself: "3 March 2024", "the 1990s".
    Named,
    /// Counted from `now`: "yesterday", "two hours ago", "3 March" of this year.
    Counted,
    /// Not: an hour on the day of `now`.
    Open,
}

impl Within {
    /// Both ends as seconds since 1970 in UTC; where no zone is said, as if on the clock of `zone`.
    ///
    /// An hour that the clock skips is taken as if the clock had not been changed, one that it repeats as the first.
    pub fn seconds(&self, zone: &TimeZone) -> Option<(i64, i64)> {
        let zone = self.zone.as_ref().unwrap_or(zone);
        let second = |at: DateTime| zone.to_zoned(at).ok().map(|z: Zoned| z.timestamp().as_second());
        Some((second(self.from)?, second(self.to)?))
    }
}

/// Reads an expression; what it leaves open is counted from `now`. None where any word is not known. Vague words give a stretch as far as it may
/// reach with the part that surely belongs to it; words that mean several stretches give all of them.
pub fn read(words: &str, now: DateTime) -> Option<TimeWords> {
    const MOST_BYTES: usize = 200;
    if words.len() > MOST_BYTES {
        return None;
    }
    let lower = words.trim().trim_end_matches(['.', '?', '!']).to_lowercase();
    let tokens: Vec<&str> =
        lower.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).collect();
    if let Some(repeats) = repeats(&tokens) {
        return Some(TimeWords::Repeats(repeats));
    }
    if let Some(span) = span(&tokens) {
        return Some(TimeWords::Lasts(span));
    }
    let bare = bare(&tokens);
    let several = either_weekday(&bare, now).or_else(|| either_order(&bare));
    if let Some(several) = several {
        return Some(TimeWords::Either(several));
    }
    if let Some(within) = exact(&bare, now) {
        return Some(TimeWords::Within(within));
    }
    let mut found = vague(&bare, now)?;
    Some(if found.len() == 1 { TimeWords::Within(found.remove(0)) } else { TimeWords::Either(found) })
}

/// The words without those that say nothing of their own.
fn bare<'t>(tokens: &[&'t str]) -> Vec<&'t str> {
    tokens.iter().copied().filter(|w| !["on", "at", "of", "the"].contains(w)).collect()
}

/// A stretch of the calendar: a day or longer, an hour of a day, or both, with a zone; or from one such to another.
pub(super) fn exact(bare: &[&str], now: DateTime) -> Option<Within> {
    single(bare, now).or_else(|| range(bare, now)).or_else(|| half_month(bare, now))
}

/// "from Monday to Friday", "between 3 and 5 pm", "1999-2003": the last day belongs to it, the last hour ends it.
fn range(tokens: &[&str], now: DateTime) -> Option<Within> {
    if let [years] = tokens
        && let Some((a, b)) = years.split_once(['-', '–']).filter(|(a, b)| a.len() == 4 && b.len() == 4)
    {
        return range(&["from", a, "to", b], now);
    }
    let (rest, joints): (&[&str], &[&str]) = match tokens {
        ["between", rest @ ..] => (rest, &["and"]),
        ["from", rest @ ..] => (rest, &["to", "until", "till", "through"]),
        rest => (rest, &["to", "until", "till", "through"]),
    };
    for at in (1..rest.len().saturating_sub(1)).filter(|at| joints.contains(&rest[*at])) {
        let Some(second) = single(&rest[at + 1..], now) else { continue };
        // "from 3 to 5 pm", "from 3 to 5 March 2024": the first shares what the second says at its end
        let shared = (0..3).find_map(|n| {
            let end = rest.len().checked_sub(n).filter(|end| *end > at)?;
            let first: Vec<&str> = rest[..at].iter().chain(&rest[end..]).copied().collect();
            single(&first, now)
        });
        let Some(mut first) = shared else { continue };
        if second.zone.is_some() && first.zone.is_none() {
            first.zone.clone_from(&second.zone);
        }
        let hours = second.from.time() != Time::midnight() || second.to.time() != Time::midnight();
        let mut end = if hours { second.from } else { second.to };
        if hours && first.day == Day::Open && second.day != Day::Open {
            // "from 9:00 to 11:00 on 3 March 2024": on the day that stands behind
            first.from = second.from.date().to_datetime(first.from.time());
            first.day = second.day;
        }
        if second.day == Day::Open && first.day != Day::Open {
            // "3 March 2024 from 9:00 to 17:00": on the same day
            end = first.from.date().to_datetime(end.time());
        }
        if first.from >= end {
            return None;
        }
        let day =
            if first.day == Day::Counted || second.day == Day::Counted { Day::Counted } else { first.day };
        return Some(Within { from: first.from, to: end, zone: first.zone, day, certain: None });
    }
    None
}

fn single(tokens: &[&str], now: DateTime) -> Option<Within> {
    if let Some(stamp) = timestamp(tokens) {
        return Some(stamp);
    }
    // "23:30 Europe/Berlin on 30 March 2024": the zone stands anywhere behind
    let told = tokens.iter().enumerate().skip(1).rev().find_map(|(at, w)| Some((at, zone(w)?)));
    let zone_at = told.as_ref().map(|(at, _)| *at);
    let zone = told.map(|(_, zone)| zone);
    let bare: Vec<&str> =
        tokens.iter().enumerate().filter(|(at, _)| Some(*at) != zone_at).map(|(_, w)| *w).collect();
    let tokens = &bare[..];
    // "tonight" and "last night" are parts of two days
    let words: Vec<&str> = match tokens {
        ["tonight", rest @ ..] => ["today", "night"].iter().chain(rest).copied().collect(),
        ["last", "night", rest @ ..] => ["yesterday", "night"].iter().chain(rest).copied().collect(),
        ["this", part @ ("morning" | "afternoon" | "evening"), rest @ ..] => {
            ["today", part].iter().chain(rest).copied().collect()
        }
        words => words.to_vec(),
    };
    let tokens = &words[..];
    // an hour at the end ("4 March at 3 pm") or at the beginning ("3 pm on 4 March")
    for split in 0..=tokens.len() {
        let (first, last) = tokens.split_at(split);
        for (day_words, hour_words) in [(first, last), (last, first)] {
            let (from, to, told) = if day_words.is_empty() {
                (now.date(), now.date().tomorrow().ok()?, Day::Open)
            } else {
                let Some((from, to, counted)) = day(day_words, now) else { continue };
                (from, to, if counted { Day::Counted } else { Day::Named })
            };
            if hour_words.is_empty() {
                if told != Day::Open {
                    let midnight = |d: Date| d.to_datetime(Time::midnight());
                    return Some(Within {
                        from: midnight(from),
                        to: midnight(to),
                        zone,
                        day: told,
                        certain: None,
                    });
                }
                continue;
            }
            if from.tomorrow().ok()? == to
                && let Some((start, length)) = hour(hour_words)
            {
                let from = from.to_datetime(start);
                return Some(Within {
                    from,
                    to: from.checked_add(length).ok()?,
                    zone,
                    day: told,
                    certain: None,
                });
            }
        }
        if tokens.is_empty() {
            return None;
        }
    }
    ago(tokens, now).map(|w| Within { zone, ..w })
}

/// "two hours ago", "in three days", "45 minutes from now", "three hours after 11:30 pm".
fn ago(tokens: &[&str], now: DateTime) -> Option<Within> {
    let shifted = |base: DateTime, by: Span, earlier: bool| {
        if earlier { base.checked_sub(by) } else { base.checked_add(by) }.ok()
    };
    let at = match tokens {
        [words @ .., "ago"] => shifted(now, span(words)?, true)?,
        ["in", words @ ..] | [words @ .., "from", "now"] => shifted(now, span(words)?, false)?,
        ["now"] | ["right", "now"] => now,
        _ => {
            let at = tokens.iter().position(|w| ["after", "before"].contains(w))?;
            let by = span(tokens.get(..at)?)?;
            let base = single(&tokens[at + 1..], now)?;
            let earlier = tokens[at] == "before";
            let (from, to) = (shifted(base.from, by, earlier)?, shifted(base.to, by, earlier)?);
            return Some(Within { from, to, ..base });
        }
    };
    Some(Within {
        from: at,
        to: at.checked_add(1.second()).ok()?,
        zone: None,
        day: Day::Counted,
        certain: None,
    })
}

/// `2024-02-29T15:30:20+02:00`, in lower case.
fn timestamp(tokens: &[&str]) -> Option<Within> {
    let [word] = tokens else { return None };
    let at = word.find('t').filter(|at| *at == 10)?;
    let end = word[at..].find(['z', '+', '-']).map_or(word.len(), |i| at + i);
    let from: DateTime = word[..end].parse().ok()?;
    let zone = if end < word.len() { Some(zone(&word[end..])?) } else { None };
    let precise = if word[at..end].matches(':').count() == 1 { 1.minute() } else { 1.second() };
    Some(Within { from, to: from.checked_add(precise).ok()?, zone, day: Day::Named, certain: None })
}

/// The day that stories without dates are told on.
pub const SOME_DAY: DateTime = date(2000, 1, 1).to_datetime(Time::midnight());
