//! Words that leave open where a stretch begins and ends ("early 2024", "around noon"), or which of several is meant ("summer 2024", "on Monday").

use super::day::{day, month_of, ordinal, weekday};
use super::hour::hour;
use super::repeats::which;
use super::words::{Day, Within, exact};
use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, ToSpan as _};

/// The stretches that may be meant, each as far as it may reach with the part that surely belongs to it; articles, "on", "at" and "of" are
/// gone. None where a word is not known; a single stretch is vague, several are several things.
///
/// - "early", "mid", "late", "the beginning / middle / end of": the first half, the middle half, the last half, and surely the outer (the inner)
///   quarter; of an hour's stretch ("late evening") the same.
/// - "around", "about", "circa": half an hour, three days, one month, two years on either side, by what it stands before.
/// - Seasons begin by the month (meteorology) or by the sun, so that three weeks at either end are open; without a hemisphere both are meant.
/// - "the first week of May": its first seven days, or the calendar week from Monday that holds its first day.
/// - Fiscal years bear the year in which they end in the United States and Australia, in which they begin in Japan, India and the United Kingdom.
/// - "the nineties": of this or the last century that had them before `now`. "Monday" is the last or the next; "next Friday", said on a Monday,
///   is the coming one or that of next week.
pub(super) fn vague(tokens: &[&str], now: DateTime) -> Option<Vec<Within>> {
    let known = hedged(tokens, now)
        .or_else(|| season(tokens))
        .or_else(|| week_of_month(tokens, now))
        .or_else(|| fiscal(tokens))
        .or_else(|| nineties(tokens, now));
    known.filter(|found| !found.is_empty())
}

/// "on Monday", "last Tuesday at 3 pm": the days that may be meant, where they are two.
pub(super) fn either_weekday(tokens: &[&str], now: DateTime) -> Option<Vec<Within>> {
    let at = tokens.iter().position(|word| weekday(word).is_some())?;
    let today = now.date();
    let asked = weekday(tokens[at])?;
    let shifted = |by: i64| today.checked_add(by.days()).ok();
    // days from today to the one of this week, from Monday to Sunday
    let here = i64::from(asked.to_monday_zero_offset()) - i64::from(today.weekday().to_monday_zero_offset());
    let (from, days) = match at.checked_sub(1).map(|before| tokens[before]) {
        Some("next") => (at - 1, vec![if here > 0 { here } else { here + 7 }, here + 7]),
        Some("last") => (at - 1, vec![if here < 0 { here } else { here - 7 }, here - 7]),
        Some(
            "before" | "after" | "from" | "this" | "every" | "each" | "coming" | "previous" | "following",
        ) => {
            return None;
        }
        _ if tokens.len() > at + 1 && hour(&tokens[at + 1..]).is_none() => return None,
        Some(_) if hour(&tokens[..at]).is_none() => return None,
        _ if here == 0 => (at, vec![-7, 0, 7]),
        _ if here > 0 => (at, vec![here - 7, here]),
        _ => (at, vec![here, here + 7]),
    };
    let mut days: Vec<Date> = days.into_iter().map(shifted).collect::<Option<_>>()?;
    days.dedup();
    if days.len() < 2 {
        return None;
    }
    let read = |day: Date| {
        let day = day.to_string();
        let words: Vec<&str> = tokens[..from]
            .iter()
            .copied()
            .chain([day.as_str()])
            .chain(tokens[at + 1..].iter().copied())
            .collect();
        Some(Within { day: Day::Counted, ..exact(&words, now)? })
    };
    days.into_iter().map(read).collect()
}

/// A stretch as far as it may reach, and what surely belongs to it.
fn stretch(from: DateTime, to: DateTime, certain: (DateTime, DateTime), day: Day) -> Within {
    Within { from, to, zone: None, day, certain: Some(certain) }
}

fn midnight(day: Date) -> DateTime {
    day.to_datetime(Time::midnight())
}

/// "early 2024", "mid-March", "late afternoon of 3 March 2024", "end of 1999", "around noon".
fn hedged(tokens: &[&str], now: DateTime) -> Option<Vec<Within>> {
    let [first, rest @ ..] = tokens else { return None };
    if *first == "in" {
        return hedged(rest, now);
    }
    if ["around", "about", "circa", "ca", "ca.", "approximately", "roughly"].contains(first) {
        return Some(vec![around(exact(rest, now)?)?]);
    }
    let joined;
    let (word, rest) = match first.strip_prefix("mid-") {
        Some(of) if !of.is_empty() => {
            joined = [&[of], rest].concat();
            ("mid", &joined[..])
        }
        _ => (*first, rest),
    };
    // in quarters: as far as it may reach, and what surely belongs to it
    let (reach, sure) = match word {
        "early" | "beginning" | "start" => ((0, 4), (0, 2)),
        "mid" | "middle" => ((2, 6), (3, 5)),
        "late" | "end" => ((4, 8), (6, 8)),
        _ => return None,
    };
    let whole = vague(rest, now).filter(|found| found.len() == 1).map(|mut found| found.remove(0));
    let base = exact(rest, now).or(whole).or_else(|| month(rest, now))?;
    let cut = |from: DateTime, to: DateTime, eighths: i64| -> Option<DateTime> {
        let seconds = to.duration_since(from).as_secs();
        let days = seconds / 86_400;
        if seconds % 86_400 == 0 && days >= 3 {
            return from.checked_add(Span::new().try_days(days * eighths / 8).ok()?).ok();
        }
        from.checked_add(Span::new().try_seconds(seconds * eighths / 8).ok()?).ok()
    };
    // a day and what is shorter than an hour have no early part that words could mean
    let seconds = base.to.duration_since(base.from).as_secs();
    if seconds < 3_600 || seconds == 86_400 {
        return None;
    }
    let (from, to) = (cut(base.from, base.to, reach.0)?, cut(base.from, base.to, reach.1)?);
    let inner = base.certain.unwrap_or((base.from, base.to));
    let certain = (cut(inner.0, inner.1, sure.0)?.max(from), cut(inner.0, inner.1, sure.1)?.min(to));
    let certain = if certain.0 < certain.1 { certain } else { (from, from) };
    Some(vec![Within { from, to, certain: Some(certain), ..base }])
}

/// "March": of this year.
fn month(tokens: &[&str], now: DateTime) -> Option<Within> {
    let [name] = tokens else { return None };
    let from = Date::new(now.year(), month_of(name)?, 1).ok()?;
    Some(Within {
        from: midnight(from),
        to: midnight(from.checked_add(1.month()).ok()?),
        zone: None,
        day: Day::Counted,
        certain: None,
    })
}

fn around(base: Within) -> Option<Within> {
    let seconds = base.to.duration_since(base.from).as_secs();
    let by = if seconds < 86_400 {
        30.minutes()
    } else if seconds <= 604_800 {
        3.days()
    } else if seconds < 8_000_000 {
        1.month()
    } else if seconds < 40_000_000 {
        2.years()
    } else {
        5.years()
    };
    let (from, to) = (base.from.checked_sub(by).ok()?, base.to.checked_add(by).ok()?);
    Some(Within { from, to, certain: Some((base.from, base.to)), ..base })
}

/// Seasons by their places in the year of the north: month and day from which and to which they may reach, and surely reach. The sun begins them
/// between the 19th and the 24th.
const SEASONS: [(&str, [(i8, i8); 4]); 5] = [
    ("spring", [(3, 1), (6, 23), (3, 22), (6, 1)]),
    ("summer", [(6, 1), (9, 25), (6, 23), (9, 1)]),
    ("autumn", [(9, 1), (12, 24), (9, 25), (12, 1)]),
    ("fall", [(9, 1), (12, 24), (9, 25), (12, 1)]),
    ("winter", [(12, 1), (3, 22), (12, 24), (3, 1)]),
];

/// "summer 2024", "winter 2023/24", "northern spring 2024", "autumn 2024 in the southern hemisphere".
fn season(tokens: &[&str]) -> Option<Vec<Within>> {
    let mut words: Vec<&str> =
        tokens.iter().copied().filter(|word| !["in", "hemisphere"].contains(word)).collect();
    let told = words.iter().position(|word| ["northern", "southern"].contains(word));
    let south = told.map(|at| words.remove(at) == "southern");
    let [name, year] = words[..] else { return None };
    let at = SEASONS.iter().position(|(season, _)| *season == name)?;
    let (first, second) = match year.split_once(['/', '-']) {
        Some((first, second)) => {
            let first: i16 = first.parse().ok().filter(|_| first.len() == 4)?;
            let next = first.checked_add(1)?.to_string();
            (next.ends_with(second) && [2, 4].contains(&second.len())).then_some(())?;
            (first, true)
        }
        None => (
            year.parse().ok().filter(|_| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))?,
            false,
        ),
    };
    let of = |south: bool| -> Option<Vec<Within>> {
        // the south has the season that the north has half a year on
        let season = if south {
            SEASONS[match at {
                0 => 2,
                1 => 4,
                2 | 3 => 0,
                _ => 1,
            }]
            .1
        } else {
            SEASONS[at].1
        };
        let spans_years = season[1].0 < season[0].0;
        let years: &[i16] = match (spans_years, second) {
            (false, true) => &[],
            (false, false) | (true, true) => &[0],
            // of the year in which it begins, or ends
            (true, false) => &[-1, 0],
        };
        let build = |by: &i16| {
            let year = first.checked_add(*by)?;
            let on = |(month, day): (i8, i8), late: bool| {
                Some(midnight(Date::new(year.checked_add(i16::from(late && spans_years))?, month, day).ok()?))
            };
            let certain = (on(season[2], false)?, on(season[3], true)?);
            Some(stretch(on(season[0], false)?, on(season[1], true)?, certain, Day::Named))
        };
        years.iter().map(build).collect()
    };
    match south {
        Some(south) => of(south),
        None => Some([of(false)?, of(true)?].concat()),
    }
}

/// "first week of May", "last week of March 2024", "first weekend of June 2024".
fn week_of_month(tokens: &[&str], now: DateTime) -> Option<Vec<Within>> {
    let tokens = if let ["in", rest @ ..] = tokens { rest } else { tokens };
    let [nth, "week", rest @ ..] = tokens else { return None };
    let nth = which(nth).filter(|nth| (-1..=5).contains(nth))?;
    let base = match rest {
        [one] => month(&[one], now)?,
        [name, _] if month_of(name).is_some() => exact(rest, now)?,
        _ => return None,
    };
    let (from, to) = (base.from.date(), base.to.date());
    let monday = |day: Date| day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok();
    let (counted, calendar) = if nth < 0 {
        let last = to.yesterday().ok()?;
        ((to.checked_sub(7.days()).ok()?, to), (monday(last)?, to))
    } else {
        let weeks = i64::from(nth - 1);
        let first = from.checked_add((7 * weeks).days()).ok()?;
        let calendar = monday(from)?.checked_add((7 * weeks).days()).ok()?;
        ((first, first.checked_add(7.days()).ok()?), (calendar, calendar.checked_add(7.days()).ok()?))
    };
    let clip = |(a, b): (Date, Date)| (a.max(from), b.min(to));
    let (counted, calendar) = (clip(counted), clip(calendar));
    if counted.0 >= counted.1 && calendar.0 >= calendar.1 {
        return None;
    }
    let of = |(a, b): (Date, Date)| stretch(midnight(a), midnight(b), (midnight(a), midnight(b)), base.day);
    if counted.0 >= counted.1 || calendar.0 >= calendar.1 {
        return Some(vec![of(if counted.0 < counted.1 { counted } else { calendar })]);
    }
    let common = (counted.0.max(calendar.0), counted.1.min(calendar.1));
    if common.0 >= common.1 {
        return Some(vec![of(counted), of(calendar)]);
    }
    let (from, to) = (counted.0.min(calendar.0), counted.1.max(calendar.1));
    Some(vec![stretch(midnight(from), midnight(to), (midnight(common.0), midnight(common.1)), base.day)])
}

/// "fiscal year 2024", "FY2024", "FY 24", "US fiscal year 2024".
fn fiscal(tokens: &[&str]) -> Option<Vec<Within>> {
    let mut words: Vec<&str> = tokens.iter().copied().filter(|word| *word != "in").collect();
    // first month, and whether it bears the year in which it ends
    const LANDS: [(&[&str], i8, bool); 4] = [
        (&["us", "u.s.", "american", "federal"], 10, true),
        (&["uk", "british", "japanese", "indian", "canadian"], 4, false),
        (&["australian"], 7, true),
        (&["german", "french", "chinese"], 1, false),
    ];
    let land = words.first().and_then(|first| LANDS.iter().find(|(names, ..)| names.contains(first)));
    if land.is_some() {
        words.remove(0);
    }
    let year = match words[..] {
        ["fiscal" | "financial", "year", year] | ["fy", year] => year,
        [word] => word.strip_prefix("fy")?,
        _ => return None,
    };
    let year: i16 = match (year.len(), year.parse::<i16>()) {
        (4, Ok(year)) if year > 0 => year,
        (2, Ok(year)) if year >= 0 => 2000 + year,
        _ => return None,
    };
    let of = |(_, month, ends): &(&[&str], i8, bool)| {
        let from = Date::new(year - i16::from(*ends), *month, 1).ok()?;
        let (from, to) = (midnight(from), midnight(from.checked_add(1.year()).ok()?));
        Some(Within { from, to, zone: None, day: Day::Named, certain: None })
    };
    match land {
        Some(land) => Some(vec![of(land)?]),
        None => LANDS.iter().map(of).collect(),
    }
}

/// "nineties", "90s", "'90s".
fn nineties(tokens: &[&str], now: DateTime) -> Option<Vec<Within>> {
    const WORDS: [&str; 8] =
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];
    let word = match tokens {
        ["in", word] | [word] => *word,
        _ => return None,
    };
    let tens = if let Some(at) = WORDS.iter().position(|w| *w == word) {
        10 * (at as i16 + 2)
    } else {
        let figures = word.trim_start_matches(['\'', '’']).strip_suffix('s')?.trim_end_matches(['\'', '’']);
        figures.parse().ok().filter(|n| figures.len() == 2 && n % 10 == 0)?
    };
    let here = now.year() - now.year().rem_euclid(100) + tens;
    let newest = if here <= now.year() { here } else { here - 100 };
    let of = |year: i16| {
        let from = Date::new(year, 1, 1).ok()?;
        let (from, to) = (midnight(from), midnight(from.checked_add(10.years()).ok()?));
        Some(Within { from, to, zone: None, day: Day::Counted, certain: None })
    };
    [newest, newest - 100].into_iter().map(of).collect()
}

/// "03/04/2024": March or April.
pub(super) fn either_order(tokens: &[&str]) -> Option<Vec<Within>> {
    let [word] = tokens else { return None };
    let [a, b, year] = word.split('/').collect::<Vec<_>>()[..] else { return None };
    let year: i16 = year.parse().ok().filter(|_| year.len() == 4)?;
    let one = |month: &str, day: &str| {
        let day = Date::new(year, month.parse().ok()?, i8::try_from(ordinal(day)?).ok()?).ok()?;
        let (from, to) = (midnight(day), midnight(day.tomorrow().ok()?));
        Some(Within { from, to, zone: None, day: Day::Named, certain: None })
    };
    let (first, second) = (one(a, b)?, one(b, a)?);
    (first != second).then(|| vec![first, second])
}

/// "first half of March 2024": to the 15th, or from the 16th.
pub(super) fn half_month(tokens: &[&str], now: DateTime) -> Option<Within> {
    let tokens = if let ["in", rest @ ..] = tokens { rest } else { tokens };
    let [half @ ("first" | "second"), "half", rest @ ..] = tokens else { return None };
    let (from, to, counted) = match rest {
        [one] => month(&[one], now).map(|w| (w.from.date(), w.to.date(), true))?,
        [name, _] if month_of(name).is_some() => day(rest, now)?,
        _ => return None,
    };
    let middle = from.checked_add(15.days()).ok()?;
    let (from, to) = if *half == "first" { (from, middle) } else { (middle, to) };
    let day = if counted { Day::Counted } else { Day::Named };
    Some(Within { from: midnight(from), to: midnight(to), zone: None, day, certain: None })
}
