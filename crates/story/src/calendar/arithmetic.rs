//! Questions that the calendar alone answers.

use super::duration::{bounds_ns, exact_ns, span};
use super::repeats::{On, repeats};
use super::words::{self, Day, SOME_DAY, TimeWords, Within};
use chronotope_world::{Quantity, Truth, Unit, Value};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _, Unit as Step};

/// What the calendar says to a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Reckoned {
    /// The value, and its words.
    Said(Value, String),
    /// What would have to be known.
    Open(String),
}

type Reckoning = Option<Reckoned>;

/// "What date is two weeks after 20 February 2024?", "How many days are there between X and Y?", "Is X before Y?", "Which is
/// longer, 90 minutes or two hours?", "If today is 28 February 2024, what date is tomorrow?". None where it is no such question.
///
/// Nothing is counted from a today that the question does not say.
pub fn answer(question: &str) -> Reckoning {
    const MOST_BYTES: usize = 300;
    if question.len() > MOST_BYTES {
        return None;
    }
    let lower = question.trim().trim_end_matches(['?', '.', ' ']).to_lowercase();
    let asker = Asker { now: SOME_DAY, day_said: false, hour_said: false };
    for front in
        ["if today is ", "if it is ", "today is ", "it is ", "suppose today is ", "given that today is "]
    {
        if let Some(rest) = lower.strip_prefix(front) {
            // dates may hold commas: the last one that leaves a date counts
            return rest.rmatch_indices([',', '.']).find_map(|(at, _)| {
                let today = asker.within(&rest[..at])?;
                let said = Asker {
                    now: today.from,
                    day_said: today.day == Day::Named,
                    hour_said: today.from.time() != Time::midnight() || today.day == Day::Open,
                };
                said.asked(rest[at + 1..].trim())
            });
        }
    }
    asker.asked(&lower)
}

/// Counts from a moment, as far as it is said.
#[derive(Clone, Copy)]
struct Asker {
    now: jiff::civil::DateTime,
    day_said: bool,
    hour_said: bool,
}

impl Asker {
    fn asked(self, lower: &str) -> Reckoning {
        let rest = |starts: &[&str]| starts.iter().find_map(|start| lower.strip_prefix(start));
        if let Some(words) = rest(&["how many "]) {
            return self.how_many(words);
        }
        if let Some(words) = rest(&["how old is ", "how old was "]) {
            let born = words.split_once("born on ").or_else(|| words.split_once("born in "))?.1;
            let (birth, then) = born
                .match_indices(" on ")
                .find_map(|(at, _)| Some((self.within(&born[..at])?, self.within(&born[at + 4..])?)))?;
            let years = birth.from.date().until((Step::Year, then.from.date())).ok()?.get_years();
            return Some(count(i64::from(years)));
        }
        if let Some(words) =
            rest(&["which is longer ", "what is longer ", "which is longer, ", "which lasts longer, "])
        {
            let (a, b) = words.trim_start_matches(',').split_once(" or ")?;
            return longer(a.trim(), b.trim());
        }
        if let Some(year) = rest(&["what is the next leap year after ", "which is the next leap year after "])
        {
            let year = self.within(year)?.from.year();
            let next = (year + 1..year.checked_add(9)?)
                .find(|&y| Date::new(y, 1, 1).is_ok_and(Date::in_leap_year))?;
            return Some(text(next.to_string()));
        }
        if let Some(words) = rest(&["does ", "do "]) {
            return self.does(words);
        }
        if let Some(words) = rest(&["is ", "was ", "are "]) {
            return self.is(words);
        }
        self.what(lower)
    }

    /// "what date is …", "what time is … in Asia/Tokyo", "which day of the week was …".
    fn what(self, lower: &str) -> Reckoning {
        let rest = lower.strip_prefix("what ").or_else(|| lower.strip_prefix("which "))?;
        let (kind, words) = [
            "day of the week",
            "weekday",
            "date",
            "day",
            "time",
            "hour",
            "month",
            "year",
            "is the date",
            "is the time",
        ]
        .iter()
        .find_map(|kind| Some((*kind, rest.strip_prefix(kind)?.trim_start())))
        .or_else(|| Some(("is", rest.strip_prefix("is ")?)))?;
        let words = ["is it in ", "is it ", "is ", "was ", "will it be ", "comes ", "lies ", "will be "]
            .iter()
            .find_map(|verb| {
                words.strip_prefix(verb).map(|rest| if *verb == "is it in " { &words[6..] } else { rest })
            })
            .unwrap_or(words);
        // "12:00 UTC in Asia/Tokyo", "in Asia/Tokyo when it is 12:00 UTC"
        let turned;
        let words = match words.strip_prefix("in ").and_then(|w| w.split_once(" when it is ")) {
            Some((zone, at)) => {
                turned = format!("{at} in {zone}");
                &turned
            }
            None => words,
        };
        if let Some((at, zone)) = words.rsplit_once(" in ")
            && let Some(zone) = super::hour::zone(zone.trim())
            && let Some(at) = self.within(at)
        {
            return Some(self.translated(&at, &zone));
        }
        let within = self.within(words)?;
        let of_clock = matches!(kind, "time" | "hour" | "is the time") && self.hour_said;
        if let Some(open) = self.open(&within).filter(|_| !of_clock) {
            return Some(open);
        }
        let date = within.from.date();
        let day_long = within.from.time() == Time::midnight() && within.to.time() == Time::midnight();
        Some(text(match kind {
            "day of the week" | "weekday" => {
                one_day(&within)?;
                format!("{:?}", date.weekday())
            }
            "month" => month_name(date.month()).to_owned(),
            "year" => date.year().to_string(),
            "time" | "hour" | "is the time" => clock(within.from),
            _ if day_long => {
                one_day(&within)?;
                date.to_string()
            }
            _ if within.day == Day::Open => clock(within.from),
            _ => within.from.to_string(),
        }))
    }

    /// A moment on the clock of another zone.
    fn translated(self, at: &Within, zone: &TimeZone) -> Reckoned {
        if at.zone.is_none() {
            return Reckoned::Open("the zone that the time is in".to_owned());
        }
        let read = |day: jiff::civil::DateTime| {
            let from = Within { from: day, ..at.clone() }.seconds(&TimeZone::UTC)?.0;
            jiff::Timestamp::from_second(from).ok().map(|t| t.to_zoned(zone.clone()).datetime())
        };
        let Some(there) = read(at.from) else {
            return Reckoned::Open("a time that the calendar holds".to_owned());
        };
        if at.day == Day::Named || self.day_said {
            return text(there.to_string());
        }
        // without a date it must be so on every day of the years in which zones keep their rules
        let shift = |there: jiff::civil::DateTime, here: jiff::civil::DateTime| {
            here.until(there).ok().map(|s| s.get_hours() * 60 + i32::try_from(s.get_minutes()).unwrap_or(0))
        };
        let always = (0..12).all(|month| {
            let day = at.from.checked_add(month.months()).ok();
            day.and_then(|day| shift(read(day)?, day)) == shift(there, at.from)
        });
        if always {
            text(clock(there))
        } else {
            Reckoned::Open("the date: the clocks of the zones are changed in summer".to_owned())
        }
    }

    /// "2024 a leap year", "X before Y", "a week longer than 6 days", "X in Y", "X a valid date".
    fn is(self, words: &str) -> Reckoning {
        if let Some(year) = words.strip_suffix(" a leap year") {
            return Some(truth(self.within(year)?.from.date().in_leap_year()));
        }
        if let Some(date) = words.strip_suffix(" a valid date").or_else(|| words.strip_suffix(" a real date"))
        {
            return self.exists(date);
        }
        for (joint, sign) in
            [(" longer than ", 1), (" shorter than ", -1), (" as long as ", 0), (" the same as ", 0)]
        {
            if let Some((a, b)) = words.split_once(joint) {
                return compare(a.trim_end_matches(" exactly"), b, sign);
            }
        }
        for (joint, sign) in [(" more often than ", 1), (" less often than ", -1), (" as often as ", 0)] {
            if let Some((a, b)) = words.split_once(joint) {
                return oftener(a, b, sign);
            }
        }
        for (word, earlier) in
            [(" before ", true), (" earlier than ", true), (" after ", false), (" later than ", false)]
        {
            for (at, _) in words.match_indices(word) {
                let (said, of) = (&words[..at], &words[at + word.len()..]);
                let (Some(a), Some(b)) = (self.broad(said), self.broad(of)) else {
                    if let Some(open) = self.which(said).or_else(|| self.which(of)) {
                        return Some(open);
                    }
                    continue;
                };
                let (a, b) = same_day(a, b);
                if let Some(open) = self.open_two(&a, &b) {
                    return Some(open);
                }
                let (first, second) = if earlier { (a, b) } else { (b, a) };
                // what is vague has begun where its certain part begins, or at last where it ends
                let begun = match second.certain {
                    Some((from, to)) if from < to => from,
                    Some(_) => second.to,
                    None => second.from,
                };
                let begun = Within { from: begun, ..second.clone() }.seconds(&TimeZone::UTC)?.0;
                let (first, second) = (first.seconds(&TimeZone::UTC)?, second.seconds(&TimeZone::UTC)?);
                return Some(if first.1 <= second.0 {
                    truth(true)
                } else if begun <= first.0 {
                    truth(false)
                } else {
                    Reckoned::Open(format!("which part of {}", &words[..at]))
                });
            }
        }
        for joint in [" within ", " during ", " in "] {
            for (at, _) in words.match_indices(joint) {
                let (said, of) = (&words[..at], &words[at + joint.len()..]);
                let (Some(a), Some(b)) = (self.broad(said), self.broad(of)) else {
                    if let Some(open) = self.which(said).or_else(|| self.which(of)) {
                        return Some(open);
                    }
                    continue;
                };
                return self.lies(&a, &b);
            }
        }
        None
    }

    fn lies(self, a: &Within, b: &Within) -> Reckoning {
        if let Some(open) = self.open_two(a, b) {
            return Some(open);
        }
        let surely = b.certain.map_or_else(|| b.clone(), |(from, to)| Within { from, to, ..b.clone() });
        let (a, b) = (a.seconds(&TimeZone::UTC)?, b.seconds(&TimeZone::UTC)?);
        let surely = surely.seconds(&TimeZone::UTC)?;
        Some(if surely.0 <= a.0 && a.1 <= surely.1 {
            truth(true)
        } else if a.1 <= b.0 || b.1 <= a.0 {
            truth(false)
        } else if surely != b {
            Reckoned::Open("how far such vague words reach".to_owned())
        } else {
            Reckoned::Open("which part of the two".to_owned())
        })
    }

    /// "29 February 2023 exist", "1999 and the 1990s overlap", "3 March 2024 lie in March 2024".
    fn does(self, words: &str) -> Reckoning {
        if let Some(date) = words.strip_suffix(" exist") {
            return self.exists(date);
        }
        if let Some(two) = words.strip_suffix(" overlap") {
            let (a, b) = two
                .match_indices(" and ")
                .find_map(|(at, _)| Some((self.within(&two[..at])?, self.within(&two[at + 5..])?)))?;
            if let Some(open) = self.open_two(&a, &b) {
                return Some(open);
            }
            let (a, b) = (a.seconds(&TimeZone::UTC)?, b.seconds(&TimeZone::UTC)?);
            return Some(truth(a.0 < b.1 && b.0 < a.1));
        }
        let (a, b) = [" lie within ", " lie in ", " fall in ", " fall within ", " fall on "]
            .iter()
            .find_map(|joint| words.split_once(joint))?;
        let a = self.broad(a)?;
        if let Some(weekday) = super::day::weekday(b.trim_start_matches("a ")) {
            one_day(&a)?;
            return Some(truth(a.from.date().weekday() == weekday));
        }
        match self.broad(b) {
            Some(b) => self.lies(&a, &b),
            None => self.which(b),
        }
    }

    /// Whether there is such a day: what would be read with another day of the month.
    fn exists(self, date: &str) -> Reckoning {
        if self.within(date).is_some() {
            return Some(truth(true));
        }
        let mut tokens: Vec<&str> = date.split([' ', ',']).filter(|w| !w.is_empty()).collect();
        let at = tokens.iter().position(|w| super::day::ordinal(w).is_some())?;
        tokens[at] = "1";
        self.within(&tokens.join(" ")).map(|_| truth(false))
    }

    /// "days are there between X and Y", "minutes are in two hours", "days has February 2024", "Mondays are there in May 2024".
    fn how_many(self, words: &str) -> Reckoning {
        let (unit, rest) = match words.strip_prefix("leap years ") {
            Some(rest) => ("leap", rest),
            None => words.split_once(' ')?,
        };
        if unit == "times" {
            return self.times(rest);
        }
        let step = match unit {
            "seconds" => Step::Second,
            "minutes" => Step::Minute,
            "hours" => Step::Hour,
            "days" => Step::Day,
            "weeks" => Step::Week,
            "months" => Step::Month,
            "years" | "leap" => Step::Year,
            day => return self.weekdays(day, rest),
        };
        let rest = ["are there ", "are ", "is ", "lie ", "passed ", "has ", "does ", "did ", "make "]
            .iter()
            .find_map(|s| rest.strip_prefix(s))
            .unwrap_or(rest);
        if let Some((from, to)) = self.between(rest)? {
            let (from, to) = if from.from <= to.from { (from, to) } else { (to, from) };
            if let Some(open) = self.open_two(&from, &to) {
                return Some(open);
            }
            return match (unit, step) {
                ("leap", _) => Some(count(leap_years(from.from.date(), to.from.date()))),
                (_, Step::Month | Step::Year) => whole(step, from.from.date(), to.from.date()),
                _ => {
                    let seconds = to.seconds(&TimeZone::UTC)?.0 - from.seconds(&TimeZone::UTC)?.0;
                    Some(parts(seconds, step))
                }
            };
        }
        let length = rest.strip_prefix("in ").or_else(|| rest.strip_suffix(" have")).unwrap_or(rest);
        let tokens: Vec<&str> = length.split_whitespace().collect();
        if let Some(span) = span(&tokens) {
            let months = i64::from(span.get_years()) * 12 + i64::from(span.get_months());
            return match step {
                Step::Month if exact_ns(span.years(0).months(0)) == Some(0) => Some(count(months)),
                Step::Year if months % 12 == 0 && exact_ns(span.years(0).months(0)) == Some(0) => {
                    Some(count(months / 12))
                }
                _ => match exact_ns(span) {
                    Some(ns) => Some(parts(ns / 1_000_000_000, step)),
                    None => Some(Reckoned::Open("which month or year: they differ in length".to_owned())),
                },
            };
        }
        let within = self.within(length)?;
        if let Some(open) = self.open(&within) {
            return Some(open);
        }
        let (from, to) = (within.from.date(), within.to.date());
        match (unit, step) {
            ("leap", _) => Some(count(leap_years(from, to))),
            (_, Step::Month | Step::Year) => whole(step, from, to),
            _ => {
                let (from, to) = within.seconds(&TimeZone::UTC)?;
                Some(parts(to - from, step))
            }
        }
    }

    /// Two ends after "between" or "from"; none inside where the words are of another form.
    #[allow(clippy::option_option)] // no reading at all, or no two ends
    fn between(self, rest: &str) -> Option<Option<(Within, Within)>> {
        let (words, joint) = if let Some(words) = rest.strip_prefix("between ") {
            (words, " and ")
        } else if let Some(words) = rest.strip_prefix("from ") {
            (words, " to ")
        } else {
            return Some(None);
        };
        // a name of a day may hold "and"; the first split that reads counts
        let two = words.match_indices(joint).find_map(|(at, _)| {
            Some((self.within(&words[..at])?, self.within(&words[at + joint.len()..])?))
        })?;
        Some(Some(two))
    }

    /// "Mondays are there in May 2024".
    fn weekdays(self, day: &str, rest: &str) -> Reckoning {
        let weekday = super::day::weekday(day.strip_suffix('s')?)?;
        let span = self.stretch(rest)?;
        let days =
            (0..).map_while(|n: i64| span.0.checked_add(n.days()).ok().filter(|d| *d < span.1)).take(400_000);
        Some(count(days.filter(|day| day.weekday() == weekday).count() as i64))
    }

    /// The days of "are there in May 2024" or "are there between X and Y", the last one with them.
    fn stretch(self, rest: &str) -> Option<(Date, Date)> {
        let rest =
            ["are there ", "are ", "has ", "does "].iter().find_map(|s| rest.strip_prefix(s)).unwrap_or(rest);
        if let Some((a, b)) = self.between(rest)? {
            if self.open_two(&a, &b).is_some() {
                return None;
            }
            return Some((a.from.date(), b.to.date()));
        }
        let words = rest.strip_prefix("in ").or_else(|| rest.strip_suffix(" have")).unwrap_or(rest);
        let within = self.within(words)?;
        self.open(&within).is_none().then(|| (within.from.date(), within.to.date()))
    }

    /// "is every other day in two weeks", "does every Monday fall in May 2024".
    fn times(self, rest: &str) -> Reckoning {
        let rest = ["is ", "does ", "are "].iter().find_map(|s| rest.strip_prefix(s)).unwrap_or(rest);
        let (often, stretch) =
            [" fall in ", " happen in ", " come in ", " in "].iter().find_map(|j| rest.rsplit_once(j))?;
        times(often, stretch, self)
    }

    /// A stretch whose ends the words say.
    fn within(self, words: &str) -> Option<Within> {
        self.broad(words).filter(|within| within.certain.is_none())
    }

    /// A stretch, or one whose ends are vague.
    fn broad(self, words: &str) -> Option<Within> {
        match words::read(words, self.now)? {
            TimeWords::Within(within) => Some(within),
            _ => None,
        }
    }

    /// What is missing where words mean several stretches: which.
    fn which(self, words: &str) -> Reckoning {
        let TimeWords::Either(several) = words::read(words, self.now)? else { return None };
        if several.iter().any(|within| within.day == Day::Counted) && !self.day_said {
            return Some(Reckoned::Open("which day it is today".to_owned()));
        }
        let name = |within: &Within| match (within.from.date(), within.to.date().yesterday()) {
            (from, Ok(to)) if from < to => format!("{from} to {to}"),
            (from, _) => from.to_string(),
        };
        let named: Vec<String> = several.iter().map(name).collect();
        Some(Reckoned::Open(format!("which `{words}` is meant: {}", named.join(" or "))))
    }

    /// What is missing where the words count from a moment that nobody said.
    fn open(self, within: &Within) -> Reckoning {
        match within.day {
            Day::Counted if !self.day_said => Some(Reckoned::Open("which day it is today".to_owned())),
            Day::Counted
                if !self.hour_said
                    && within.from.time() != Time::midnight()
                    && within.to.since(within.from).ok()?.get_seconds() == 1 =>
            {
                Some(Reckoned::Open("what time it is now".to_owned()))
            }
            _ => None,
        }
    }

    fn open_two(self, a: &Within, b: &Within) -> Reckoning {
        let differ = (a.day == Day::Open) != (b.day == Day::Open);
        if differ && !self.day_said {
            return Some(Reckoned::Open("which day both are on".to_owned()));
        }
        self.open(a).or_else(|| self.open(b))
    }
}

/// How many times a frequency happens in a stretch: "three times a week" in "four weeks". None where one is not read.
pub(crate) fn often_in(often: &str, stretch: &str) -> Reckoning {
    times(often, stretch, Asker { now: SOME_DAY, day_said: false, hour_said: false })
}

fn times(often: &str, stretch: &str, asker: Asker) -> Reckoning {
    let tokens: Vec<&str> = often.split_whitespace().collect();
    let rule = repeats(&tokens)?;
    let length: Vec<&str> = stretch.split_whitespace().collect();
    if let Some(length) = span(&length) {
        let open =
            || Reckoned::Open(format!("how often exactly: {often} and {stretch} have no common measure"));
        let per_day = i64::from(rule.times)
            * match &rule.on {
                On::Any => 1,
                On::Weekdays(days) => days.len() as i64,
                _ => 1,
            };
        let ratio = match (exact_ns(rule.every), exact_ns(length)) {
            (Some(every), Some(length)) if every > 0 && length % every == 0 => Some(length / every),
            (None, None) => {
                let months = |s: Span| i64::from(s.get_years()) * 12 + i64::from(s.get_months());
                let fixed = |s: Span| exact_ns(s.years(0).months(0)) == Some(0);
                let (every, length_months) = (months(rule.every), months(length));
                (fixed(rule.every) && fixed(length) && every > 0 && length_months % every == 0)
                    .then(|| length_months / every)
            }
            _ => None,
        };
        return Some(ratio.and_then(|n| n.checked_mul(per_day)).map_or_else(open, count));
    }
    let within = asker.within(stretch)?;
    if let Some(open) = asker.open(&within) {
        return Some(open);
    }
    let (from, to) = (within.from.date(), within.to.date());
    let days = (0..).map_while(|n: i64| from.checked_add(n.days()).ok().filter(|d| *d < to)).take(400_000);
    if rule.falls_on(from).is_some() {
        return Some(count(days.filter(|day| rule.falls_on(*day) == Some(true)).count() as i64));
    }
    let (from, to) = within.seconds(&TimeZone::UTC)?;
    let every = exact_ns(rule.every)? / 1_000_000_000;
    let open = Reckoned::Open(format!("when {often} begins"));
    Some(if every > 0 && rule.on == On::Any && (to - from) % every == 0 {
        count((to - from) / every * i64::from(rule.times))
    } else {
        open
    })
}

/// Two hours without a day are on one day; an hour shares the day that the other names.
fn same_day(mut a: Within, mut b: Within) -> (Within, Within) {
    let lent = |to: &mut Within, from: &Within| {
        let day = from.from.date();
        let (start, end) = (day.to_datetime(to.from.time()), to.from.until(to.to));
        if let Ok(end) = end.and_then(|length| start.checked_add(length)) {
            (to.from, to.to, to.day) = (start, end, from.day);
        }
    };
    match (a.day, b.day) {
        (Day::Open, Day::Named | Day::Counted) => lent(&mut a, &b),
        (Day::Named | Day::Counted, Day::Open) => lent(&mut b, &a),
        _ => {}
    }
    (a, b)
}

/// Whether the first of two durations is longer (1), shorter (−1), as long (0).
fn compare(a: &str, b: &str, sign: i128) -> Reckoning {
    let tokens = |words: &str| words.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let bounds = |words: &[String]| bounds_ns(span(&words.iter().map(String::as_str).collect::<Vec<_>>())?);
    let (a, b) = (bounds(&tokens(a))?, bounds(&tokens(b))?);
    let (least, most) = (a.0 - b.1, a.1 - b.0);
    Some(if sign == 0 {
        match (least, most) {
            (0, 0) => truth(true),
            _ if least > 0 || most < 0 => truth(false),
            _ => Reckoned::Open("which month or year: they differ in length".to_owned()),
        }
    } else {
        let (least, most) = if sign > 0 { (least, most) } else { (-most, -least) };
        if least > 0 {
            truth(true)
        } else if most <= 0 {
            truth(false)
        } else {
            Reckoned::Open("which month or year: they differ in length".to_owned())
        }
    })
}

/// Which of two durations is longer, in its words.
fn longer(a: &str, b: &str) -> Reckoning {
    if compare(a, b, 0)? == truth(true) {
        return Some(text("neither".to_owned()));
    }
    for (more, less) in [(a, b), (b, a)] {
        if compare(more, less, 1)? == truth(true) {
            return Some(text(more.to_owned()));
        }
    }
    Some(Reckoned::Open("which month or year: they differ in length".to_owned()))
}

/// Whether the first of two frequencies is the greater.
fn oftener(a: &str, b: &str, sign: i128) -> Reckoning {
    let rate = |words: &str| {
        let rule = repeats(&words.split_whitespace().collect::<Vec<_>>())?;
        let days = if let On::Weekdays(days) = &rule.on { days.len() as i128 } else { 1 };
        let (least, most) = bounds_ns(rule.every)?;
        Some((i128::from(rule.times) * days, least, most))
    };
    let ((n, a_least, a_most), (m, b_least, b_most)) = (rate(a)?, rate(b)?);
    // n / every against m / every, with the lengths between their bounds
    let (least, most) = (n * b_least - m * a_most, n * b_most - m * a_least);
    let (least, most) = if sign < 0 { (-most, -least) } else { (least, most) };
    Some(match sign {
        0 if least == 0 && most == 0 => truth(true),
        0 if least > 0 || most < 0 => truth(false),
        1 | -1 if least > 0 => truth(true),
        1 | -1 if most <= 0 => truth(false),
        _ => Reckoned::Open("which month or year: they differ in length".to_owned()),
    })
}

/// Whole months or years from one day to another; what is left over stands in the words.
fn whole(step: Step, from: Date, to: Date) -> Reckoning {
    let span = from.until((step, to)).ok()?;
    let (n, months) = match step {
        Step::Year => (i64::from(span.get_years()), span.get_months()),
        _ => (i64::from(span.get_months()), 0),
    };
    let mut words = n.to_string();
    for (more, unit) in [(months, "months"), (span.get_days(), "days")] {
        if more != 0 {
            words.push_str(&format!(" and {more} {unit}"));
        }
    }
    Some(Reckoned::Said(Value::Number(Quantity::new(n as f64, Unit::ONE, None)), words))
}

/// Leap years of the years from that of one day to that of another, without the last where it begins there.
fn leap_years(from: Date, to: Date) -> i64 {
    let last = if (to.month(), to.day()) == (1, 1) { to.year() - 1 } else { to.year() };
    (from.year()..=last).filter(|&year| Date::new(year, 1, 1).is_ok_and(Date::in_leap_year)).count() as i64
}

fn one_day(within: &Within) -> Option<()> {
    (within.from.date().tomorrow().ok()? >= within.to.date()).then_some(())
}

fn parts(seconds: i64, unit: Step) -> Reckoned {
    let one = match unit {
        Step::Second => 1,
        Step::Minute => 60,
        Step::Hour => 3_600,
        Step::Day => 86_400,
        _ => 604_800,
    };
    let n = seconds as f64 / one as f64;
    Reckoned::Said(Value::Number(Quantity::new(n, Unit::ONE, None)), format!("{n}"))
}

fn count(n: i64) -> Reckoned {
    Reckoned::Said(Value::Number(Quantity::new(n as f64, Unit::ONE, None)), n.to_string())
}

fn truth(yes: bool) -> Reckoned {
    Reckoned::Said(Value::Truth(Truth::of(yes)), if yes { "yes" } else { "no" }.to_owned())
}

fn text(words: String) -> Reckoned {
    Reckoned::Said(Value::Text(words.clone()), words)
}

/// `15:30`, with seconds where there are some.
fn clock(at: jiff::civil::DateTime) -> String {
    let seconds = if at.second() == 0 { String::new() } else { format!(":{:02}", at.second()) };
    format!("{:02}:{:02}{seconds}", at.hour(), at.minute())
}

/// The name of a month.
fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month - 1).ok().and_then(|at| NAMES.get(at).copied()).unwrap_or_default()
}
