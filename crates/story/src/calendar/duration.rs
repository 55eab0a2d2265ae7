//! Durations: "two and a half hours", "1 h 30 min", "three quarters of an hour".

use crate::numeral::to_twenty;
use jiff::{Span, SpanRound, Unit};

/// A duration that is nothing else. None where it is vague ("a few days") or has no fixed parts ("half a month").
pub(super) fn span(tokens: &[&str]) -> Option<Span> {
    let parted: Vec<&str> = tokens.iter().flat_map(|word| figures_apart(word)).collect();
    let mut total: Option<Span> = None;
    let mut rest = &parted[..];
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

/// The nanoseconds of a span that has no months or years: their length is not one.
pub(super) fn exact_ns(span: Span) -> Option<i64> {
    if span.get_months() != 0 || span.get_years() != 0 {
        return None;
    }
    let rounded = span.round(SpanRound::new().largest(Unit::Nanosecond).days_are_24_hours()).ok()?;
    Some(rounded.get_nanoseconds())
}

/// The least and the most nanoseconds that a span may have: a month has 28 to 31 days, twelve have 365 or 366.
pub(super) fn bounds_ns(span: Span) -> Option<(i128, i128)> {
    const DAY: i128 = 86_400_000_000_000;
    let months = i128::from(span.get_years()) * 12 + i128::from(span.get_months());
    let fixed = i128::from(exact_ns(span.years(0).months(0))?);
    if months < 0 {
        return None;
    }
    // n months on end anywhere in the calendar: by years, the rest by the shortest and the longest months in a row
    let (years, rest) = (months / 12, months % 12);
    const SHORTEST: [i128; 12] = [0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334];
    const LONGEST: [i128; 12] = [0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337];
    // 97 leap years in 400, at most one in four; eight years on end may hold one only (1897 to 1904)
    let (least_leaps, most_leaps) = ((years / 4 - 1 - years / 100).max(0), years.div_euclid(4) + 1);
    let (least_leaps, most_leaps) = if years % 400 == 0 {
        (years / 400 * 97, years / 400 * 97)
    } else {
        (least_leaps, most_leaps.min(years))
    };
    let least = 365 * years + least_leaps + SHORTEST[rest as usize];
    let most = 365 * years + most_leaps + LONGEST[rest as usize];
    Some((least * DAY + fixed, most * DAY + fixed))
}

/// A number in figures or words, and the words after it: "3", "twenty-five", "two hundred and five", "a dozen".
pub(super) fn quantity<'a, 'w>(tokens: &'a [&'w str]) -> Option<(i64, &'a [&'w str])> {
    let (first, mut rest) = match tokens {
        ["a" | "one", "dozen", rest @ ..] => return Some((12, rest)),
        ["a", rest @ ..] if matches!(rest.first(), Some(&("hundred" | "thousand"))) => (1, rest),
        [n, rest @ ..] => (number(n)?, rest),
        [] => return None,
    };
    let mut total = first;
    for (word, size) in [("thousand", 1_000), ("hundred", 100)] {
        if let [scale, after @ ..] = rest
            && *scale == word
            && total < size
        {
            total = total.checked_mul(size)?;
            rest = after;
            let more = match rest {
                ["and", n, ..] => number(n).map(|n| (n, 2)),
                [n, ..] => number(n).map(|n| (n, 1)),
                [] => None,
            };
            if let Some((n, words)) = more.filter(|(n, _)| *n < size) {
                total += n;
                rest = &rest[words..];
            }
        }
    }
    Some((total, rest))
}

/// A number in figures, or in one word below a hundred.
pub(super) fn number(word: &str) -> Option<i64> {
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    if let Some(at) = to_twenty(word) {
        return Some(at as i64);
    }
    let tens = |word: &str| TENS.iter().position(|w| *w == word).map(|at| 10 * (at as i64 + 2));
    if let Some(n) = tens(word) {
        return Some(n);
    }
    if let Some((first, one)) = word.split_once('-') {
        let one = to_twenty(one).filter(|n| (1..10).contains(n))?;
        return Some(tens(first)? + one as i64);
    }
    word.bytes().all(|b| b.is_ascii_digit()).then(|| word.parse().ok()).flatten()
}

/// So many of a unit.
pub(super) fn units(n: i64, unit: &str) -> Option<Span> {
    let unit = if unit.len() > 2 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
    let span = Span::new();
    match unit {
        "ms" | "msec" | "millisecond" => span.try_milliseconds(n),
        "second" | "sec" | "s" => span.try_seconds(n),
        "minute" | "min" => span.try_minutes(n),
        "hour" | "hr" | "h" => span.try_hours(n),
        "day" | "d" => span.try_days(n),
        "week" => span.try_weeks(n),
        "fortnight" => span.try_weeks(n.checked_mul(2)?),
        "month" => span.try_months(n),
        "year" => span.try_years(n),
        "decade" => span.try_years(n.checked_mul(10)?),
        "century" | "centurie" => span.try_years(n.checked_mul(100)?),
        "millennium" | "millennia" => span.try_years(n.checked_mul(1_000)?),
        _ => return None,
    }
    .ok()
}

fn one_span<'a, 'w>(tokens: &'a [&'w str]) -> Option<(Span, &'a [&'w str])> {
    Some(match tokens {
        ["half", "an" | "a", unit, rest @ ..] | ["half", unit, rest @ ..] => (share(1, 2, unit)?, rest),
        ["a", "quarter", "of", "an" | "a", unit, rest @ ..] => (share(1, 4, unit)?, rest),
        ["three", "quarters", "of", "an" | "a", unit, rest @ ..] => (share(3, 4, unit)?, rest),
        ["an" | "a" | "one", unit, "and", "a", "half", rest @ ..] => (share(3, 2, unit)?, rest),
        [n, "and", "a", "half", unit, rest @ ..] => {
            (share(number(n)?.checked_mul(2)?.checked_add(1)?, 2, unit)?, rest)
        }
        ["a", "couple", "of", unit, rest @ ..] => (units(2, unit)?, rest),
        ["a" | "an", unit, rest @ ..] if units(1, unit).is_some() => (units(1, unit)?, rest),
        [n, unit, rest @ ..] if n.contains('.') => (decimal(n, unit)?, rest),
        _ => {
            let (n, rest) = quantity(tokens)?;
            let [unit, rest @ ..] = rest else { return None };
            (units(n, unit)?, rest)
        }
    })
}

/// `n` parts of `of` of a unit, in smaller units: half a day is twelve hours, half a year six months; half a month is none.
fn share(n: i64, of: i64, unit: &str) -> Option<Span> {
    let (small, many) = match unit.strip_suffix('s').unwrap_or(unit) {
        "second" => ("millisecond", 1_000),
        "minute" => ("second", 60),
        "hour" => ("minute", 60),
        "day" => ("hour", 24),
        "week" => ("hour", 168),
        "year" => ("month", 12),
        "decade" => ("month", 120),
        "century" | "centurie" => ("year", 100),
        "millennium" => ("year", 1_000),
        _ => return None,
    };
    let small_units = n.checked_mul(many)?;
    (small_units % of == 0).then(|| units(small_units / of, small)).flatten()
}

/// "2.5 hours": exact in milliseconds, or in months.
fn decimal(figures: &str, unit: &str) -> Option<Span> {
    let (whole, part) = figures.split_once('.')?;
    let digits = |s: &str| !s.is_empty() && s.len() <= 6 && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let of = 10_i64.pow(part.len() as u32);
    let n = whole.parse::<i64>().ok()?.checked_mul(of)?.checked_add(part.parse().ok()?)?;
    if let Some(span) = share(n, of, unit) {
        return Some(span);
    }
    let one = units(1, unit).and_then(exact_ns)? / 1_000_000;
    let ms = n.checked_mul(one)?;
    (ms % of == 0).then(|| units(ms / of, "millisecond")).flatten()
}

/// `1h30` as `1 h 30 min`, `90min` as `90 min`; other words as they are.
fn figures_apart(word: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = word;
    let is_figure = |c: char| c.is_ascii_digit() || c == '.';
    while !rest.is_empty() {
        let figures = rest.starts_with(is_figure);
        let end = rest.find(|c: char| is_figure(c) != figures).unwrap_or(rest.len());
        out.push(&rest[..end]);
        rest = &rest[end..];
    }
    match out[..] {
        [_] | [] => vec![word],
        [h, "h", m] if number(h).is_some() && number(m).is_some() => vec![h, "h", m, "min"],
        [h, "h", m, "m"] if number(h).is_some() && number(m).is_some() => vec![h, "h", m, "min"],
        [n, unit] if word.starts_with(is_figure) && units(1, unit).is_some() => vec![n, unit],
        _ => vec![word],
    }
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
        .and_then(|s| s.try_milliseconds(a.get_milliseconds().saturating_add(b.get_milliseconds())))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_bounds_where_months_have_many_lengths() {
        let days = |words: &str| {
            let tokens: Vec<&str> = words.split(' ').collect();
            bounds_ns(span(&tokens).expect("a duration")).map(|(a, b)| {
                let day = 86_400_000_000_000;
                (a / day, b / day)
            })
        };
        assert_eq!(days("a month"), Some((28, 31)));
        assert_eq!(days("two months"), Some((59, 62)));
        assert_eq!(days("a year"), Some((365, 366)));
        assert_eq!(days("four hundred years"), Some((146_097, 146_097)));
        assert_eq!(days("2 weeks"), Some((14, 14)));
    }

    #[test]
    fn bounds_hold_all_over_the_calendar() {
        use jiff::civil::date;
        for years in [1_i64, 3, 4, 7, 8, 12, 99, 100, 104] {
            for months in [0_i64, 1, 5, 11] {
                let span = Span::new().years(years).months(months);
                let (least, most) = bounds_ns(span).expect("bounds");
                for start in (0..4_900).map(|m| date(1600 + (m / 12) as i16, (m % 12 + 1) as i8, 1)) {
                    let end = start.checked_add(span).expect("in the calendar");
                    let days = i128::from(start.until(end).expect("days").get_days()) * 86_400_000_000_000;
                    assert!(least <= days && days <= most, "{years} y {months} m from {start}");
                }
            }
        }
    }
}
