//! Expressions of time.

use crate::numeral::to_twenty;
use jiff::civil::{Date, DateTime, Time, Weekday, date, time};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _, Zoned};

/// What an expression says.
#[derive(Clone, Debug)]
pub enum TimeWords {
    /// A stretch of the calendar.
    Within(Within),
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
    /// The words name the day; otherwise `from` is on the day of `now`.
    pub dated: bool,
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

/// How often.
#[derive(Clone, Debug)]
pub struct Repeats {
    /// The stretch that repeats.
    pub every: Span,
    /// How often within it.
    pub times: u32,
    /// On this day of the week only.
    pub on: Option<Weekday>,
}

/// Reads an expression; what it leaves open is counted from `now`. None where any word is not known.
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
    within(&tokens, now).map(TimeWords::Within)
}

/// "every two weeks", "twice a day", "daily", "every Monday".
fn repeats(tokens: &[&str]) -> Option<Repeats> {
    let once = |every: Span| Some(Repeats { every, times: 1, on: None });
    match tokens {
        ["hourly"] => once(1.hour()),
        ["daily"] => once(1.day()),
        ["weekly"] => once(1.week()),
        ["fortnightly"] => once(2.weeks()),
        ["monthly"] => once(1.month()),
        ["quarterly"] => once(3.months()),
        ["yearly" | "annually"] => once(1.year()),
        ["every" | "each", "other" | "second", unit] => once(units(2, unit)?),
        ["every" | "each", day] if weekday(day).is_some() => {
            Some(Repeats { every: 1.week(), times: 1, on: weekday(day) })
        }
        ["every" | "each", rest @ ..] => {
            once(span(rest).or_else(|| units(1, rest.first().filter(|_| rest.len() == 1)?))?)
        }
        [often @ .., "a" | "an" | "per" | "every" | "each", unit] => {
            let times = match often {
                ["once"] => 1,
                ["twice"] => 2,
                ["thrice"] => 3,
                [n, "times"] => number(n)?,
                _ => return None,
            };
            Some(Repeats { every: units(1, unit)?, times: u32::try_from(times).ok()?, on: None })
        }
        _ => None,
    }
}

/// "two hours", "half an hour", "3 weeks and 2 days", "two and a half hours", "a fortnight".
pub(super) fn span(tokens: &[&str]) -> Option<Span> {
    let mut total: Option<Span> = None;
    let mut rest = tokens;
    while !rest.is_empty() {
        let (part, after) = one_span(rest)?;
        total = Some(match total {
            None => part,
            Some(before) => add(before, part)?,
        });
        rest = match after {
            ["and", more @ ..] if !more.is_empty() => more,
            more => more,
        };
    }
    total
}

/// The fields of two spans added each for itself: months stay months.
fn add(a: Span, b: Span) -> Option<Span> {
    Span::new()
        .try_years(i64::from(a.get_years()) + i64::from(b.get_years()))
        .and_then(|s| s.try_months(i64::from(a.get_months()) + i64::from(b.get_months())))
        .and_then(|s| s.try_weeks(i64::from(a.get_weeks()) + i64::from(b.get_weeks())))
        .and_then(|s| s.try_days(i64::from(a.get_days()) + i64::from(b.get_days())))
        .and_then(|s| s.try_hours(i64::from(a.get_hours()) + i64::from(b.get_hours())))
        .and_then(|s| s.try_minutes(a.get_minutes().saturating_add(b.get_minutes())))
        .and_then(|s| s.try_seconds(a.get_seconds().saturating_add(b.get_seconds())))
        .ok()
}

fn one_span<'a, 'w>(tokens: &'a [&'w str]) -> Option<(Span, &'a [&'w str])> {
    Some(match tokens {
        ["half", "an" | "a", unit, rest @ ..] | ["half", unit, rest @ ..] => (halves(1, unit)?, rest),
        [n, "and", "a", "half", unit, rest @ ..] => (halves(2 * number(n)? + 1, unit)?, rest),
        ["an" | "a" | "one", unit, "and", "a", "half", rest @ ..] => (halves(3, unit)?, rest),
        ["a", "couple", "of", unit, rest @ ..] => (units(2, unit)?, rest),
        ["a" | "an", unit, rest @ ..] => (units(1, unit)?, rest),
        [n, unit, rest @ ..] => (units(number(n)?, unit)?, rest),
        _ => return None,
    })
}

fn units(n: i64, unit: &str) -> Option<Span> {
    let unit = unit.strip_suffix('s').unwrap_or(unit);
    let span = Span::new();
    match unit {
        "second" | "sec" => span.try_seconds(n),
        "minute" | "min" => span.try_minutes(n),
        "hour" | "hr" => span.try_hours(n),
        "day" => span.try_days(n),
        "week" => span.try_weeks(n),
        "fortnight" => span.try_weeks(n.checked_mul(2)?),
        "month" => span.try_months(n),
        "year" => span.try_years(n),
        "decade" => span.try_years(n.checked_mul(10)?),
        "century" | "centurie" => span.try_years(n.checked_mul(100)?),
        _ => return None,
    }
    .ok()
}

/// Half units: half a day is twelve hours, half a year six months; half a month is none.
fn halves(n: i64, unit: &str) -> Option<Span> {
    let (small, many) = match unit.strip_suffix('s').unwrap_or(unit) {
        "minute" => ("second", 30),
        "hour" => ("minute", 30),
        "day" => ("hour", 12),
        "year" => ("month", 6),
        "decade" => ("year", 5),
        "century" | "centurie" => ("year", 50),
        _ => return None,
    };
    units(n.checked_mul(many)?, small)
}

/// A number in figures or words up to twenty, and tens.
pub(super) fn number(word: &str) -> Option<i64> {
    const TENS: [(&str, i64); 8] = [
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
        ("sixty", 60),
        ("seventy", 70),
        ("eighty", 80),
        ("ninety", 90),
        ("hundred", 100),
    ];
    if let Some(at) = to_twenty(word) {
        return Some(at as i64);
    }
    if let Some((_, n)) = TENS.iter().find(|(w, _)| *w == word) {
        return Some(*n);
    }
    if let Some((tens, one)) = word.split_once('-') {
        let tens = if tens == "twenty" { 20 } else { TENS.iter().find(|(w, _)| *w == tens)?.1 };
        return number(one).filter(|n| (1..10).contains(n)).map(|n| tens + n);
    }
    word.bytes().all(|b| b.is_ascii_digit()).then(|| word.parse().ok()).flatten()
}

/// A stretch of the calendar: a day or longer, an hour of a day, or both, with a zone.
fn within(tokens: &[&str], now: DateTime) -> Option<Within> {
    let mut tokens: Vec<&str> =
        tokens.iter().copied().filter(|w| !["on", "at", "of", "the"].contains(w)).collect();
    let zone = tokens.last().and_then(|w| zone(w));
    if zone.is_some() {
        tokens.pop();
    }
    // an hour at the end ("4 March at 3 pm") or at the beginning ("3 pm on 4 March")
    for split in 0..=tokens.len() {
        let (first, last) = tokens.split_at(split);
        for (day_words, hour_words) in [(first, last), (last, first)] {
            let day = if day_words.is_empty() {
                Some((now.date(), now.date().tomorrow().ok()?))
            } else {
                day(day_words, now)
            };
            let Some((from, to)) = day else { continue };
            let dated = !day_words.is_empty();
            if hour_words.is_empty() {
                if dated {
                    let midnight = |d: Date| d.to_datetime(Time::midnight());
                    return Some(Within { from: midnight(from), to: midnight(to), zone, dated });
                }
                continue;
            }
            if from.tomorrow().ok()? == to
                && let Some((start, length)) = hour(hour_words)
            {
                let from = from.to_datetime(start);
                return Some(Within { from, to: from.checked_add(length).ok()?, zone, dated });
            }
        }
        if tokens.is_empty() {
            return None;
        }
    }
    ago(&tokens, now).map(|w| Within { zone, ..w })
}

/// "two hours ago", "in three days", "45 minutes from now".
fn ago(tokens: &[&str], now: DateTime) -> Option<Within> {
    let at = match tokens {
        [words @ .., "ago"] => now.checked_sub(span(words)?).ok()?,
        ["in", words @ ..] | [words @ .., "from", "now"] => now.checked_add(span(words)?).ok()?,
        ["now" | "right", ..] if tokens.len() <= 2 => now,
        _ => return None,
    };
    Some(Within { from: at, to: at.checked_add(1.second()).ok()?, zone: None, dated: true })
}

/// The days of an expression, `[from, to)`.
fn day(tokens: &[&str], now: DateTime) -> Option<(Date, Date)> {
    let today = now.date();
    let one = |day: Date| Some((day, day.tomorrow().ok()?));
    let shifted = |span: Span| one(today.checked_add(span).ok()?);
    // "two weeks after 20 February 2024"
    let counted = ["after", "before", "from"];
    if let Some(at) =
        tokens.iter().position(|w| counted.contains(w)).filter(|at| *at > 0 && at + 1 < tokens.len())
        && let Some(span) = span(&tokens[..at])
        && tokens[at + 1..] != ["now"]
    {
        let (from, to) = day(&tokens[at + 1..], now)?;
        (from.tomorrow().ok()? == to).then_some(())?;
        return one(
            if tokens[at] == "before" { from.checked_sub(span) } else { from.checked_add(span) }.ok()?
        );
    }
    match tokens {
        ["today"] => one(today),
        ["yesterday"] => shifted(-1.day()),
        ["tomorrow"] => shifted(1.day()),
        ["day", "before", "yesterday"] => shifted(-2.days()),
        ["day", "after", "tomorrow"] => shifted(2.days()),
        [words @ .., "ago"] => days_only(words).and_then(|s| one(today.checked_sub(s).ok()?)),
        ["in", words @ ..] if days_only(words).is_some() => one(today.checked_add(days_only(words)?).ok()?),
        ["in", year] => year_of(year),
        ["last" | "previous", unit] => stretch(unit, today, -1),
        ["this" | "current", unit] => stretch(unit, today, 0),
        ["next" | "coming" | "following", unit] => stretch(unit, today, 1),
        ["in", words @ ..] => month_and_day(words),
        words => month_and_day(words),
    }
}

/// A span of whole days or longer.
fn days_only(tokens: &[&str]) -> Option<Span> {
    let span = span(tokens)?;
    let small = span.get_hours() != 0 || span.get_minutes() != 0 || span.get_seconds() != 0;
    (!small).then_some(span)
}

/// "last Monday", "next week", "this year": the weekday before or after today, or the whole unit.
fn stretch(unit: &str, today: Date, which: i32) -> Option<(Date, Date)> {
    if let Some(weekday) = weekday(unit) {
        let day = match which {
            0 => {
                let monday =
                    today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).ok()?;
                monday.checked_add(i64::from(weekday.to_monday_zero_offset()).days()).ok()?
            }
            which => today.nth_weekday(which, weekday).ok()?,
        };
        return Some((day, day.tomorrow().ok()?));
    }
    let n = i64::from(which);
    Some(match unit {
        "week" => {
            let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).ok()?;
            let from = monday.checked_add(Span::new().try_weeks(n).ok()?).ok()?;
            (from, from.checked_add(1.week()).ok()?)
        }
        "month" => {
            let from = today.first_of_month().checked_add(Span::new().try_months(n).ok()?).ok()?;
            (from, from.checked_add(1.month()).ok()?)
        }
        "year" => {
            let from = today.first_of_year().checked_add(Span::new().try_years(n).ok()?).ok()?;
            (from, from.checked_add(1.year()).ok()?)
        }
        month if month_of(month).is_some() => {
            let month = month_of(month)?;
            let here = today.month();
            let year = match which {
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

/// "2024-02-29", "29 February 2024", "February 29th, 2024", "March 2021", "1999", "3 March" (of no year: none).
fn month_and_day(tokens: &[&str]) -> Option<(Date, Date)> {
    let one = |year: i16, month: i8, day: i64| {
        let day = Date::new(year, month, i8::try_from(day).ok()?).ok()?;
        Some((day, day.tomorrow().ok()?))
    };
    let tokens = match tokens {
        [day, rest @ ..] if weekday(day).is_some() && !rest.is_empty() => {
            // "Monday 4 March 2024": the weekday must fit
            let found = month_and_day(rest)?;
            return (found.0.weekday() == weekday(day)?).then_some(found);
        }
        tokens => tokens,
    };
    match tokens {
        [iso] if iso.len() == 10 && iso.as_bytes()[4] == b'-' => {
            let mut parts = iso.split('-').map(|p| p.parse::<i16>().ok());
            let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
            one(year, i8::try_from(month).ok()?, i64::from(day))
        }
        [year] => year_of(year),
        [month, year] if month_of(month).is_some() && year_of(year).is_some() => {
            whole_month(year.parse().ok()?, month_of(month)?)
        }
        [day, month, year] if month_of(month).is_some() => {
            year_of(year)?;
            one(year.parse().ok()?, month_of(month)?, ordinal(day)?)
        }
        [month, day, year] => {
            year_of(year)?;
            one(year.parse().ok()?, month_of(month)?, ordinal(day)?)
        }
        _ => None,
    }
}

fn year_of(word: &str) -> Option<(Date, Date)> {
    let year: i16 =
        word.parse().ok().filter(|_| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))?;
    Some((Date::new(year, 1, 1).ok()?, Date::new(year.checked_add(1)?, 1, 1).ok()?))
}

fn whole_month(year: i16, month: i8) -> Option<(Date, Date)> {
    let from = Date::new(year, month, 1).ok()?;
    Some((from, from.checked_add(1.month()).ok()?))
}

fn ordinal(word: &str) -> Option<i64> {
    let bare = ["st", "nd", "rd", "th"].into_iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    bare.parse().ok().filter(|n| (1..=31).contains(n))
}

fn month_of(word: &str) -> Option<i8> {
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
    let is_short = |m: &str| {
        m == word || (word.len() == 3 && m.starts_with(word)) || (word == "sept" && m.starts_with(word))
    };
    MONTHS.iter().position(|m| is_short(m)).map(|i| i as i8 + 1)
}

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

/// "15:30", "15:30:20", "3 pm", "3:30 p.m.", "noon", "half past three", "quarter to nine": from when, and how precise.
fn hour(tokens: &[&str]) -> Option<(Time, Span)> {
    let joined;
    let words: Vec<&str> = match tokens {
        [one] if one.ends_with("pm") || one.ends_with("am") => {
            joined = one.split_at(one.len() - 2);
            vec![joined.0, joined.1]
        }
        words => words.to_vec(),
    };
    let half = |word: &str| match word {
        "am" | "a.m" | "a.m." => Some(0),
        "pm" | "p.m" | "p.m." => Some(12),
        _ => None,
    };
    match &words[..] {
        ["noon" | "midday"] => Some((time(12, 0, 0, 0), 1.minute())),
        ["midnight"] => Some((Time::midnight(), 1.minute())),
        ["half", "past", n] => Some((clock(number(n)?, 30, 0)?, 1.minute())),
        ["quarter", "past", n] => Some((clock(number(n)?, 15, 0)?, 1.minute())),
        ["quarter", "to", n] => Some((clock(number(n)? - 1, 45, 0)?, 1.minute())),
        [n, "o'clock"] => Some((clock(number(n)?, 0, 0)?, 1.minute())),
        [at, end] => {
            let shift = half(end)?;
            let (hour, minute, second, precise) = colons(at)?;
            if !(1..=12).contains(&hour) {
                return None;
            }
            Some((clock(hour % 12 + shift, minute, second)?, precise))
        }
        [at] if at.contains(':') => {
            let (hour, minute, second, precise) = colons(at)?;
            Some((clock(hour, minute, second)?, precise))
        }
        _ => None,
    }
}

fn clock(hour: i64, minute: i64, second: i64) -> Option<Time> {
    let part = |n: i64| i8::try_from(n).ok();
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()
}

fn colons(word: &str) -> Option<(i64, i64, i64, Span)> {
    let parts: Vec<i64> =
        word.split(':').map(|p| p.parse().ok().filter(|_| p.len() <= 2)).collect::<Option<_>>()?;
    Some(match parts[..] {
        [hour] => (hour, 0, 0, 1.minute()),
        [hour, minute] => (hour, minute, 0, 1.minute()),
        [hour, minute, second] => (hour, minute, second, 1.second()),
        _ => return None,
    })
}

/// "utc", "gmt", "+02:00", "europe/berlin".
fn zone(word: &str) -> Option<TimeZone> {
    if ["utc", "gmt", "z"].contains(&word) {
        return Some(TimeZone::UTC);
    }
    if let Some(sign) = match word.as_bytes().first()? {
        b'+' => Some(1),
        b'-' => Some(-1),
        _ => None,
    } {
        let (hours, minutes) = word[1..].split_once(':')?;
        let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
        return jiff::tz::Offset::from_seconds(sign * seconds).ok().map(TimeZone::fixed);
    }
    word.contains('/').then(|| jiff::tz::TimeZoneDatabase::bundled().get(word).ok()).flatten()
}

/// The day that stories without dates are told on.
pub const SOME_DAY: DateTime = date(2000, 1, 1).to_datetime(Time::midnight());

#[cfg(test)]
mod tests {
    use super::*;

    /// Wednesday 15 May 2024, 10:00.
    const NOW: DateTime = date(2024, 5, 15).at(10, 0, 0, 0);

    fn said(words: &str) -> String {
        match read(words, NOW) {
            Some(TimeWords::Within(w)) => format!("{} {}", w.from, w.to),
            Some(TimeWords::Lasts(span)) => span.to_string(),
            Some(TimeWords::Repeats(r)) => format!("{} times {} {:?}", r.times, r.every, r.on),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn dates_and_hours_are_stretches() {
        for (words, expected) in [
            ("29 February 2024", "2024-02-29T00:00:00 2024-03-01T00:00:00"),
            ("29 February 2023", "none"),
            ("February 29th, 2024 at 3 pm", "2024-02-29T15:00:00 2024-02-29T15:01:00"),
            ("2024-02-29 15:30:20", "2024-02-29T15:30:20 2024-02-29T15:30:21"),
            ("Thursday 29 February 2024", "2024-02-29T00:00:00 2024-03-01T00:00:00"),
            ("Monday 29 February 2024", "none"),
            ("February 2024", "2024-02-01T00:00:00 2024-03-01T00:00:00"),
            ("in 1999", "1999-01-01T00:00:00 2000-01-01T00:00:00"),
            ("03/04/2024", "none"),
            ("half past three", "2024-05-15T03:30:00 2024-05-15T03:31:00"),
            ("noon", "2024-05-15T12:00:00 2024-05-15T12:01:00"),
            ("25:00", "none"),
            ("13 pm", "none"),
        ] {
            assert_eq!(said(words), expected, "{words}");
        }
    }

    #[test]
    fn relative_words_count_from_now() {
        for (words, expected) in [
            ("yesterday", "2024-05-14T00:00:00 2024-05-15T00:00:00"),
            ("three days ago", "2024-05-12T00:00:00 2024-05-13T00:00:00"),
            ("two hours ago", "2024-05-15T08:00:00 2024-05-15T08:00:01"),
            ("next Monday", "2024-05-20T00:00:00 2024-05-21T00:00:00"),
            ("last Wednesday", "2024-05-08T00:00:00 2024-05-09T00:00:00"),
            ("next month", "2024-06-01T00:00:00 2024-07-01T00:00:00"),
            ("last week", "2024-05-06T00:00:00 2024-05-13T00:00:00"),
            ("two weeks after 20 February 2024", "2024-03-05T00:00:00 2024-03-06T00:00:00"),
            ("one month before 31 March 2024", "2024-02-29T00:00:00 2024-03-01T00:00:00"),
            ("tomorrow at noon", "2024-05-16T12:00:00 2024-05-16T12:01:00"),
        ] {
            assert_eq!(said(words), expected, "{words}");
        }
    }

    #[test]
    fn durations_and_frequencies() {
        for (words, expected) in [
            ("two hours", "PT2H"),
            ("half an hour", "PT30M"),
            ("two and a half hours", "PT150M"),
            ("3 weeks and 2 days", "P3W2D"),
            ("a fortnight", "P2W"),
            ("twenty-five minutes", "PT25M"),
            ("every other week", "1 times P2W None"),
            ("twice a day", "2 times P1D None"),
            ("every Monday", "1 times P1W Some(Monday)"),
            ("three times per year", "3 times P1Y None"),
            ("every blue moon", "none"),
        ] {
            assert_eq!(said(words), expected, "{words}");
        }
    }

    #[test]
    fn zones_change_their_clocks() {
        let seconds = |words: &str| match read(words, NOW) {
            Some(TimeWords::Within(w)) => w.seconds(&TimeZone::UTC).map(|s| s.0),
            _ => None,
        };
        // summer time begins in Berlin on 31 March 2024
        let before = seconds("30 March 2024 12:00 Europe/Berlin").expect("a zone");
        let after = seconds("31 March 2024 12:00 Europe/Berlin").expect("a zone");
        assert_eq!(after - before, 23 * 3600);
        assert_eq!(seconds("12:00 +02:00"), seconds("10:00 UTC"));
        assert_eq!(seconds("12:00 Middle/Earth"), None);
    }

    #[test]
    fn anything_typed_is_read_or_not() {
        for words in [
            "",
            " ",
            "at",
            "half",
            "half a",
            "in",
            "ago",
            "9999999999999999999 years ago",
            "every",
            "a a a a",
            "+9:99",
            "-::",
            "pm",
            "é",
            "last last",
            "in in in",
            "10000 years",
            "one month after one month after one month after 2024-01-31",
        ] {
            let _ = said(words);
        }
    }
}
