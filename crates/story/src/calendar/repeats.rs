//! Frequencies: "twice a day", "every other Monday", "on the 15th of every month".

use super::day::{month_of, ordinal, weekday};
use super::duration::{quantity, span, units};
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

/// How often.
#[derive(Clone, Debug)]
pub struct Repeats {
    /// The stretch that repeats.
    pub every: Span,
    /// How often within it.
    pub times: u32,
    /// On which days only.
    pub on: On,
}

/// The days on which something repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// Any.
    Any,
    /// These days of the week.
    Weekdays(Vec<Weekday>),
    /// This day of the month.
    DayOfMonth(i8),
    /// This one of the weekdays of a month; −1 is the last.
    NthWeekday(i8, Weekday),
    /// This month and day.
    Date(i8, i8),
}

impl Repeats {
    /// Whether a day is one of those on which it repeats; nothing where that depends on when it began.
    pub fn falls_on(&self, day: Date) -> Option<bool> {
        let one = |n: i64, field: i64| n == 1 && field == 1;
        let span = &self.every;
        match &self.on {
            On::Any => None,
            On::Weekdays(days) => one(i64::from(span.get_weeks()), 1).then(|| days.contains(&day.weekday())),
            On::DayOfMonth(n) => one(i64::from(span.get_months()), 1).then(|| day.day() == *n),
            On::NthWeekday(n, weekday) => one(i64::from(span.get_months()), 1)
                .then(|| day.nth_weekday_of_month(*n, *weekday).is_ok_and(|found| found == day)),
            On::Date(month, n) => {
                one(i64::from(span.get_years()), 1).then(|| (day.month(), day.day()) == (*month, *n))
            }
        }
    }
}

/// A frequency that is nothing else; articles as written.
pub(super) fn repeats(tokens: &[&str]) -> Option<Repeats> {
    let rule = |every: Span, on: On| Some(Repeats { every, times: 1, on });
    let once = |every: Span| rule(every, On::Any);
    let words: Vec<&str> = tokens.iter().copied().filter(|w| *w != "the").collect();
    match &words[..] {
        ["hourly"] => once(1.hour()),
        ["daily"] => once(1.day()),
        ["weekly"] => once(1.week()),
        ["fortnightly"] => once(2.weeks()),
        ["monthly"] => once(1.month()),
        ["quarterly"] => once(3.months()),
        ["yearly" | "annually"] => once(1.year()),
        [times @ .., often @ ("hourly" | "daily" | "weekly" | "monthly" | "yearly")] => {
            Some(Repeats { times: times_of(times)?, ..repeats(&[often])? })
        }
        ["on", "weekdays"] | ["every", "weekday"] => rule(1.week(), On::Weekdays(working_days())),
        ["on", "alternate", days] if days.ends_with("days") && weekdays(&[days]).is_some() => {
            rule(2.weeks(), On::Weekdays(weekdays(&[days])?))
        }
        ["on", days @ ..] if days.last().is_some_and(|d| d.ends_with("days")) => {
            rule(1.week(), On::Weekdays(weekdays(days)?))
        }
        ["on", nth, "of", "every" | "each", "month"]
        | ["on", nth, "every" | "each", "month"]
        | ["every" | "each", "month", "on", nth] => {
            rule(1.month(), On::DayOfMonth(i8::try_from(ordinal(nth)?).ok()?))
        }
        ["on" | "every", nth, day, "of", "every" | "each" | "a" | "month", ..]
        | ["on", nth, day, "every" | "each", "month"]
        | ["every" | "each", "month", "on", nth, day]
            if words.contains(&"month") && weekday(day).is_some() =>
        {
            rule(1.month(), On::NthWeekday(which(nth)?, weekday(day)?))
        }
        ["every" | "each", "other" | "second", day] if weekday(day).is_some() => {
            rule(2.weeks(), On::Weekdays(vec![weekday(day)?]))
        }
        ["every" | "each", "weekend"] => {
            rule(1.week(), On::Weekdays(vec![Weekday::Saturday, Weekday::Sunday]))
        }
        ["every" | "each", nth, day] if weekday(day).is_some() && which(nth).is_some_and(|n| n > 2) => {
            rule(units(i64::from(which(nth)?), "week")?, On::Weekdays(vec![weekday(day)?]))
        }
        ["every" | "each", "other" | "second", unit] => once(units(2, unit)?),
        ["every" | "each", nth, unit] if which(nth).is_some_and(|n| n > 2) => {
            once(units(i64::from(which(nth)?), unit)?)
        }
        ["every" | "each", day, month] | ["every" | "each", month, day]
            if month_of(month).is_some() && ordinal(day).is_some() =>
        {
            rule(1.year(), On::Date(month_of(month)?, i8::try_from(ordinal(day)?).ok()?))
        }
        ["every" | "each", "morning" | "afternoon" | "evening" | "night"] => once(1.day()),
        ["every" | "each", days @ ..] if weekdays(days).is_some() => {
            rule(1.week(), On::Weekdays(weekdays(days)?))
        }
        ["every" | "each", rest @ ..] => {
            once(span(rest).or_else(|| units(1, rest.first().filter(|_| rest.len() == 1)?))?)
        }
        [often @ .., "a" | "an" | "per", unit] => {
            Some(Repeats { every: units(1, unit)?, times: times_of(often)?, on: On::Any })
        }
        [often @ .., "every" | "each", unit] if units(1, unit).is_some() => {
            Some(Repeats { every: units(1, unit)?, times: times_of(often)?, on: On::Any })
        }
        _ => {
            // "once every three months", "twice in two weeks"
            let at = words.iter().position(|w| ["every", "each", "in"].contains(w))?;
            Some(Repeats { every: span(&words[at + 1..])?, times: times_of(&words[..at])?, on: On::Any })
        }
    }
}

fn times_of(words: &[&str]) -> Option<u32> {
    match words {
        ["once"] => Some(1),
        ["twice"] => Some(2),
        ["thrice"] => Some(3),
        words => match quantity(words)? {
            (n, ["times"]) => u32::try_from(n).ok().filter(|n| *n > 0),
            _ => None,
        },
    }
}

/// "Mondays", "Monday and Thursday", "Tuesday, Wednesday and Friday" (without commas).
fn weekdays(words: &[&str]) -> Option<Vec<Weekday>> {
    let named = words.iter().filter(|w| **w != "and");
    let mut days: Vec<Weekday> =
        named.map(|w| weekday(w).or_else(|| weekday(w.strip_suffix('s')?))).collect::<Option<_>>()?;
    days.sort_by_key(|day| day.to_monday_zero_offset());
    days.dedup();
    (!days.is_empty()).then_some(days)
}

fn working_days() -> Vec<Weekday> {
    vec![Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday]
}

/// "first", "second", "3rd", "last".
pub(super) fn which(word: &str) -> Option<i8> {
    const WORDS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    if word == "last" {
        return Some(-1);
    }
    if let Some(at) = WORDS.iter().position(|w| *w == word) {
        return Some(at as i8 + 1);
    }
    let bare = ["st", "nd", "rd", "th"].into_iter().find_map(|end| word.strip_suffix(end))?;
    bare.parse().ok().filter(|n| (1..=99).contains(n))
}
