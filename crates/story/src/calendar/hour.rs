//! Hours of the day, parts of the day, and zones.

use super::duration::{number, quantity};
use jiff::civil::{Time, time};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _};

/// Parts of the day by their usual hours, from midnight; the night ends on the next day. The words are a convention, the
/// same as in stories about people.
const PARTS: [(&str, i64, i64); 4] =
    [("morning", 6, 12), ("afternoon", 12, 18), ("evening", 18, 22), ("night", 22, 30)];

/// "15:30", "15:30:20", "3 pm", "3:30 p.m.", "noon", "half past three in the afternoon", "ten to nine", "the morning":
/// from when after midnight, and how long at the precision of the words.
pub(super) fn hour(tokens: &[&str]) -> Option<(Time, Span)> {
    let joined;
    let mut words: Vec<&str> = match tokens {
        [one] if one.ends_with("pm") || one.ends_with("am") => {
            joined = one.split_at(one.len() - 2);
            vec![joined.0, joined.1]
        }
        words => words.to_vec(),
    };
    if let ["in", part] | [part] = &words[..]
        && let Some((_, from, to)) = PARTS.iter().find(|(word, ..)| word == part)
    {
        return Some((time(i8::try_from(*from).ok()?, 0, 0, 0), Span::new().try_hours(to - from).ok()?));
    }
    let half = |word: &str| match word {
        "am" | "a.m" | "a.m." => Some(0),
        "pm" | "p.m" | "p.m." => Some(12),
        _ => None,
    };
    // what tells the half of the day: "pm", "in the afternoon", "at night"; articles and "at" are gone
    let shift = match words[..] {
        [.., "in", part] | [.., part] => PARTS.iter().position(|(word, ..)| *word == part),
        [] => None,
    };
    let later = match (words.last().and_then(|last| half(last)), shift) {
        (Some(shift), _) => {
            words.pop();
            Some(shift)
        }
        (None, Some(part)) => {
            words.truncate(
                words.len() - if words.len() > 1 && words[words.len() - 2] == "in" { 2 } else { 1 },
            );
            // the night has hours of both halves
            let n = quantity(&words).map_or(0, |(n, _)| n);
            Some(if part == 0 || (part == 3 && !(6..12).contains(&n)) { 0 } else { 12 })
        }
        (None, None) => None,
    };
    let at = |hour: i64, minute: i64, second: i64, precise: Span| {
        let hour = match later {
            Some(shift) => (1..=12).contains(&hour).then(|| hour % 12 + shift)?,
            None => hour,
        };
        Some((clock(hour, minute, second)?, precise))
    };
    let to = |n: i64, minute: i64| at(if n == 1 { 12 } else { n - 1 }, minute, 0, 1.minute());
    let whole = |tokens: &[&str]| quantity(tokens).filter(|(_, rest)| rest.is_empty()).map(|(n, _)| n);
    match &words[..] {
        ["noon" | "midday"] => Some((time(12, 0, 0, 0), 1.minute())),
        ["midnight"] => Some((Time::midnight(), 1.minute())),
        ["half", "past", n] => at(number(n)?, 30, 0, 1.minute()),
        ["quarter", "past", n] | ["a", "quarter", "past", n] => at(number(n)?, 15, 0, 1.minute()),
        ["quarter", "to", n] | ["a", "quarter", "to", n] => to(number(n)?, 45),
        [minutes @ .., "past", n] => at(number(n)?, of_hour(minutes)?, 0, 1.minute()),
        [minutes @ .., "to", n] => to(number(n)?, 60 - of_hour(minutes)?),
        [n, "o'clock"] => at(number(n)?, 0, 0, 1.minute()),
        [clock] if clock.contains(':') || (later.is_some() && clock.bytes().all(|b| b.is_ascii_digit())) => {
            let (hour, minute, second, precise) = colons(clock)?;
            at(hour, minute, second, precise)
        }
        words if later.is_some() => at(whole(words)?, 0, 0, 1.minute()),
        _ => None,
    }
}

/// "utc", "gmt", "utc+2", "+02:00", "cest", "europe/berlin". Abbreviations that stand for several zones (CST, IST) are none.
pub(super) fn zone(word: &str) -> Option<TimeZone> {
    const OFFSETS: [(&str, i32); 15] = [
        ("utc", 0),
        ("gmt", 0),
        ("z", 0),
        ("wet", 0),
        ("west", 1),
        ("cet", 1),
        ("cest", 2),
        ("eet", 2),
        ("eest", 3),
        ("jst", 9),
        ("est", -5),
        ("edt", -4),
        ("mdt", -6),
        ("pst", -8),
        ("pdt", -7),
    ];
    let fixed = |seconds: i32| jiff::tz::Offset::from_seconds(seconds).ok().map(TimeZone::fixed);
    if let Some((_, hours)) = OFFSETS.iter().find(|(name, _)| *name == word) {
        return if *hours == 0 { Some(TimeZone::UTC) } else { fixed(hours * 3600) };
    }
    let offset = word.strip_prefix("utc").or_else(|| word.strip_prefix("gmt")).unwrap_or(word);
    if let Some(figures) = offset.strip_prefix(['+', '-']) {
        let sign = if offset.starts_with('-') { -1 } else { 1 };
        let (hours, minutes) = figures.split_once(':').unwrap_or((figures, "0"));
        let part =
            |s: &str| s.parse::<i32>().ok().filter(|_| s.bytes().all(|b| b.is_ascii_digit()) && s.len() <= 2);
        return fixed(sign * (part(hours)? * 3600 + part(minutes).filter(|m| *m < 60)? * 60));
    }
    word.contains('/').then(|| jiff::tz::TimeZoneDatabase::bundled().get(word).ok()).flatten()
}

/// "five", "twenty-five minutes": minutes before or after an hour.
fn of_hour(tokens: &[&str]) -> Option<i64> {
    let (n, rest) = quantity(tokens)?;
    matches!(rest, [] | ["minutes" | "minute"]).then_some(n).filter(|n| (1..60).contains(n))
}

fn clock(hour: i64, minute: i64, second: i64) -> Option<Time> {
    let part = |n: i64| i8::try_from(n).ok();
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()
}

fn colons(word: &str) -> Option<(i64, i64, i64, Span)> {
    let figures = |p: &str| p.parse().ok().filter(|_| p.len() <= 2 && p.bytes().all(|b| b.is_ascii_digit()));
    let parts: Vec<i64> = word.split(':').map(figures).collect::<Option<_>>()?;
    Some(match parts[..] {
        [hour] => (hour, 0, 0, 1.minute()),
        [hour, minute] => (hour, minute, 0, 1.minute()),
        [hour, minute, second] => (hour, minute, second, 1.second()),
        _ => return None,
    })
}
