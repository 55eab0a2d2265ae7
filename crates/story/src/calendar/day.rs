//! Days and longer stretches of the calendar: dates, months, quarters, centuries, "next Monday", "the day after …".

use super::duration::span;
use super::repeats::which;
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use jiff::{Span, ToSpan as _};

/// The days of an expression, `[from, to)`, and whether they are counted from `now`; articles, "on", "at" and "of" are gone.
pub(super) fn day(tokens: &[&str], now: DateTime) -> Option<(Date, Date, bool)> {
    if let Some((from, to)) = named(tokens) {
        return Some((from, to, false));
    }
    if let Some((from, to)) = counted(tokens, now.date()) {
        return Some((from, to, true));
    }
    // "two weeks after 20 February 2024", "the week before 3 March 2024"
    if let Some(at) = tokens
        .iter()
        .position(|w| ["after", "before", "from"].contains(w))
        .filter(|at| *at > 0 && at + 1 < tokens.len())
        && tokens[at + 1..] != ["now"]
    {
        let (words, earlier) = (&tokens[..at], tokens[at] == "before");
        if let ["week" | "month" | "year"] = words {
            let (from, to, counted) = day(&tokens[at + 1..], now)?;
            let by = if earlier { -1 } else { 1 };
            let (from, to) = stretch(words[0], if earlier { from } else { to.yesterday().ok()? }, by)?;
            return Some((from, to, counted));
        }
        let step = if words == ["day"] { 1.day() } else { days_only(words)? };
        if tokens[at + 1..] == ["yesterday"] || tokens[at + 1..] == ["tomorrow"] {
            let base = now.date().checked_add(if tokens[at + 1] == "yesterday" { -1.day() } else { 1.day() });
            let base = base.ok()?;
            let day = if earlier { base.checked_sub(step) } else { base.checked_add(step) }.ok()?;
            return Some((day, day.tomorrow().ok()?, true));
        }
        let (from, to, counted) = day(&tokens[at + 1..], now)?;
        (from.tomorrow().ok()? == to).then_some(())?;
        let day = if earlier { from.checked_sub(step) } else { from.checked_add(step) }.ok()?;
        return Some((day, day.tomorrow().ok()?, counted));
    }
    None
}

/// What is counted from today.
fn counted(tokens: &[&str], today: Date) -> Option<(Date, Date)> {
    let one = |day: Date| Some((day, day.tomorrow().ok()?));
    let shifted = |span: Span| one(today.checked_add(span).ok()?);
    match tokens {
        ["today"] => one(today),
        ["yesterday"] => shifted(-1.day()),
        ["tomorrow"] => shifted(1.day()),
        [words @ .., "ago"] => days_only(words).and_then(|s| one(today.checked_sub(s).ok()?)),
        ["in", words @ ..] if days_only(words).is_some() => one(today.checked_add(days_only(words)?).ok()?),
        ["last" | "previous", unit] => stretch(unit, today, -1),
        ["this" | "current", unit] => stretch(unit, today, 0),
        ["next" | "coming" | "following", unit] => stretch(unit, today, 1),
        [unit, "before", "last"] => stretch(unit, today, -2),
        [unit, "after", "next"] => stretch(unit, today, 2),
        [name, which @ ("last" | "this" | "next"), "week"] if weekday(name).is_some() => {
            let by = ["last", "this", "next"].iter().position(|w| w == which)? as i32 - 1;
            let (monday, _) = stretch("week", today, by)?;
            one(monday.checked_add(i64::from(weekday(name)?.to_monday_zero_offset()).days()).ok()?)
        }
        [day, month] | [month, day] if month_of(month).is_some() && ordinal(day).is_some() => {
            one(Date::new(today.year(), month_of(month)?, i8::try_from(ordinal(day)?).ok()?).ok()?)
        }
        _ => None,
    }
}

/// What the words name without any today.
fn named(tokens: &[&str]) -> Option<(Date, Date)> {
    match tokens {
        ["in", words @ ..] => named(words),
        [day, rest @ ..] if weekday(day).is_some() && !rest.is_empty() => {
            // "Monday 4 March 2024": the weekday must fit
            let found = named(rest)?;
            (found.0.tomorrow().ok()? == found.1 && found.0.weekday() == weekday(day)?).then_some(found)
        }
        [year] => written(year).or_else(|| year_of(year)).or_else(|| decade(year)),
        [year, era @ ("bc" | "bce" | "ad" | "ce")] => {
            let n: i16 = year.parse().ok().filter(|n| (1..9_000).contains(n))?;
            whole_year(if era.starts_with('b') { 1 - n } else { n })
        }
        ["year", year] => year_of(year),
        [nth, "century"] => century(nth, false),
        [nth, "century", "bc" | "bce"] => century(nth, true),
        [nth, "quarter", year] => quarter(which(nth)?, year),
        [q, year] | [year, q] if q.len() == 2 && q.starts_with('q') => quarter(q[1..].parse().ok()?, year),
        [half @ ("first" | "second"), "half", year] => {
            let (from, to) = year_of(year)?;
            let middle = from.checked_add(6.months()).ok()?;
            Some(if *half == "first" { (from, middle) } else { (middle, to) })
        }
        [h, year] | [year, h] if ["h1", "h2", "1h", "2h"].contains(h) => {
            named(&[if h.contains('1') { "first" } else { "second" }, "half", *year])
        }
        ["week", n, year] => {
            let (year, _) = year_of(year)?;
            week(year.year(), n.parse().ok()?)
        }
        [nth, "day", rest @ ..] if which(nth).is_some() => {
            let (from, to) = named(rest)?;
            let nth = i64::from(which(nth)?);
            let day = if nth < 0 { to.yesterday() } else { from.checked_add((nth - 1).days()) }.ok()?;
            (day < to).then_some(())?;
            Some((day, day.tomorrow().ok()?))
        }
        [nth, name, month, year] if weekday(name).is_some() => {
            let (from, _) = whole_month(year_of(year)?.0.year(), month_of(month)?)?;
            let day = from.nth_weekday_of_month(which(nth)?, weekday(name)?).ok()?;
            Some((day, day.tomorrow().ok()?))
        }
        [month, year] if month_of(month).is_some() => whole_month(year_of(year)?.0.year(), month_of(month)?),
        [feast @ .., year] if feast_of(feast).is_some() => {
            let (month, day) = feast_of(feast)?;
            one_day(year_of(year)?.0.year(), month, day)
        }
        [day, month, year] if month_of(month).is_some() => {
            one_day(year_of(year)?.0.year(), month_of(month)?, ordinal(day)?)
        }
        [month, day, year] => one_day(year_of(year)?.0.year(), month_of(month)?, ordinal(day)?),
        _ => None,
    }
}

fn one_day(year: i16, month: i8, day: i64) -> Option<(Date, Date)> {
    let day = Date::new(year, month, i8::try_from(day).ok()?).ok()?;
    Some((day, day.tomorrow().ok()?))
}

/// Dates in figures: `2024-02-29`, `2024-02`, `2024-W09`, `29.02.2024`, and `29/02/2024` where only one order fits.
fn written(word: &str) -> Option<(Date, Date)> {
    let figures = |s: &str| s.parse::<i16>().ok().filter(|_| s.bytes().all(|b| b.is_ascii_digit()));
    let small = |n: i16| i8::try_from(n).ok();
    if let [year, week_of] = word.split('-').collect::<Vec<_>>()[..]
        && year.len() == 4
        && let Some(n) = week_of.strip_prefix('w')
    {
        return week(figures(year)?, i8::try_from(figures(n)?).ok()?);
    }
    for separator in ['-', '.', '/'] {
        let parts: Option<Vec<i16>> = word.split(separator).map(figures).collect();
        let lengths: Vec<usize> = word.split(separator).map(str::len).collect();
        match (parts.as_deref(), separator, &lengths[..]) {
            (Some(&[year, month, day]), '-', [4, 2, 2]) => {
                return one_day(year, small(month)?, i64::from(day));
            }
            (Some(&[year, month]), '-', [4, 2]) => return whole_month(year, small(month)?),
            (Some(&[day, month, year]), '.', [1..=2, 1..=2, 4]) => {
                return one_day(year, small(month)?, i64::from(day));
            }
            (Some(&[a, b, year]), '/', [1..=2, 1..=2, 4]) => {
                let day_first = one_day(year, small(b)?, i64::from(a));
                let month_first = one_day(year, small(a)?, i64::from(b));
                return match (day_first, month_first) {
                    (Some(a), Some(b)) => (a == b).then_some(a),
                    (one, other) => one.or(other),
                };
            }
            _ => {}
        }
    }
    None
}

/// "1990s".
fn decade(word: &str) -> Option<(Date, Date)> {
    let (from, _) = year_of(word.strip_suffix("'s").or_else(|| word.strip_suffix('s'))?)?;
    (from.year() % 10 == 0).then(|| Some((from, from.checked_add(10.years()).ok()?))).flatten()
}

/// "19th": 1801 to 1900.
fn century(nth: &str, before: bool) -> Option<(Date, Date)> {
    let n = i16::from(which(nth).filter(|n| *n > 0)?);
    let first = if before { 1 - 100 * n } else { 100 * (n - 1) + 1 };
    let from = Date::new(first, 1, 1).ok()?;
    Some((from, from.checked_add(100.years()).ok()?))
}

fn quarter(nth: i8, year: &str) -> Option<(Date, Date)> {
    let nth = if nth == -1 { 4 } else { nth };
    let (year, _) = year_of(year)?;
    let from = (1..=4).contains(&nth).then(|| Date::new(year.year(), 3 * nth - 2, 1).ok()).flatten()?;
    Some((from, from.checked_add(3.months()).ok()?))
}

/// A week of ISO 8601.
fn week(year: i16, n: i8) -> Option<(Date, Date)> {
    let monday = ISOWeekDate::new(year, n, Weekday::Monday).ok()?.date();
    Some((monday, monday.checked_add(1.week()).ok()?))
}

/// Days with a name and a fixed date.
fn feast_of(words: &[&str]) -> Option<(i8, i64)> {
    Some(match words {
        ["christmas", "eve"] => (12, 24),
        ["christmas"] | ["christmas", "day"] => (12, 25),
        ["new", "year's", "eve"] => (12, 31),
        ["new", "year's", "day"] | ["new", "year"] => (1, 1),
        ["valentine's", "day"] => (2, 14),
        ["halloween"] => (10, 31),
        ["leap", "day"] => (2, 29),
        _ => return None,
    })
}

/// A span of whole days or longer.
pub(super) fn days_only(tokens: &[&str]) -> Option<Span> {
    let span = span(tokens)?;
    let small = span.get_hours() != 0
        || span.get_minutes() != 0
        || span.get_seconds() != 0
        || span.get_milliseconds() != 0;
    (!small).then_some(span)
}

/// "last Monday", "next week", "this year": the weekday before or after today, or the whole unit so many on.
fn stretch(unit: &str, today: Date, by: i32) -> Option<(Date, Date)> {
    let n = i64::from(by);
    let monday = || today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).ok();
    if let Some(weekday) = weekday(unit) {
        let day = match by {
            0 => monday()?.checked_add(i64::from(weekday.to_monday_zero_offset()).days()).ok()?,
            by => today.nth_weekday(by, weekday).ok()?,
        };
        return Some((day, day.tomorrow().ok()?));
    }
    Some(match unit {
        "week" => {
            let from = monday()?.checked_add(Span::new().try_weeks(n).ok()?).ok()?;
            (from, from.checked_add(1.week()).ok()?)
        }
        "weekend" => {
            let from =
                monday()?.checked_add(Span::new().try_weeks(n).ok()?).ok()?.checked_add(5.days()).ok()?;
            (from, from.checked_add(2.days()).ok()?)
        }
        "month" => {
            let from = today.first_of_month().checked_add(Span::new().try_months(n).ok()?).ok()?;
            (from, from.checked_add(1.month()).ok()?)
        }
        "year" => {
            let from = today.first_of_year().checked_add(Span::new().try_years(n).ok()?).ok()?;
            (from, from.checked_add(1.year()).ok()?)
        }
        month if month_of(month).is_some() && by.abs() <= 1 => {
            let month = month_of(month)?;
            let here = today.month();
            let year = match by {
                -1 if month < here => today.year(),
                -1 => today.year() - 1,
                1 if month > here => today.year(),
                1 => today.year() + 1,
                _ => today.year(),
            };
            whole_month(year, month)?
        }
        _ => return None,
    })
}

fn year_of(word: &str) -> Option<(Date, Date)> {
    let figures = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    whole_year(word.parse().ok().filter(|_| figures)?)
}

fn whole_year(year: i16) -> Option<(Date, Date)> {
    Some((Date::new(year, 1, 1).ok()?, Date::new(year.checked_add(1)?, 1, 1).ok()?))
}

fn whole_month(year: i16, month: i8) -> Option<(Date, Date)> {
    let from = Date::new(year, month, 1).ok()?;
    Some((from, from.checked_add(1.month()).ok()?))
}

/// A day of the month: "3", "3rd", "third".
pub(super) fn ordinal(word: &str) -> Option<i64> {
    let bare = ["st", "nd", "rd", "th"].into_iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let n =
        if bare.bytes().all(|b| b.is_ascii_digit()) { bare.parse().ok()? } else { i64::from(which(word)?) };
    (1..=31).contains(&n).then_some(n)
}

pub(super) fn month_of(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.');
    let is_short = |m: &str| {
        m == word || (word.len() == 3 && m.starts_with(word)) || (word == "sept" && m.starts_with(word))
    };
    MONTHS.iter().position(|m| is_short(m)).map(|i| i as i8 + 1)
}

/// A day of the week by its whole name.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}
