//! Questions that the calendar alone answers.

use super::words::{self, TimeWords, Within, span};
use chronotope_world::{Quantity, Truth, Unit, Value};
use jiff::civil::DateTime;
use jiff::{Span, SpanRound, Unit as Step};

/// "What date is two weeks after 20 February 2024?", "How many days are there between X and Y?", "Which day of the week is
/// 29 February 2024?", "Is 2100 a leap year?", "Is X before Y?": the value and its words. None where it is no such question.
pub fn answer(question: &str, now: DateTime) -> Option<(Value, String)> {
    const MOST_BYTES: usize = 300;
    if question.len() > MOST_BYTES {
        return None;
    }
    let lower = question.trim().trim_end_matches(['?', '.', ' ']).to_lowercase();
    let rest = |starts: &[&str]| starts.iter().find_map(|start| lower.strip_prefix(start));
    if let Some(words) =
        rest(&["what date is ", "what date was ", "what day is ", "which date is ", "what is the date "])
    {
        let day = within(words, now)?;
        let text = day.from.date().to_string();
        let hours = day.from.time() != jiff::civil::Time::midnight();
        let text = if hours { day.from.to_string() } else { text };
        return Some((Value::Text(text.clone()), text));
    }
    if let Some(words) = rest(&[
        "which day of the week is ",
        "which day of the week was ",
        "what day of the week is ",
        "what day of the week was ",
    ]) {
        let text = format!("{:?}", within(words, now)?.from.date().weekday());
        return Some((Value::Text(text.clone()), text));
    }
    if let Some(words) = rest(&["how many "]) {
        return how_many(words, now);
    }
    if let Some(words) = rest(&["is ", "was "]) {
        if let Some(year) = words.strip_suffix(" a leap year") {
            let day = within(year, now)?;
            return Some(truth(day.from.date().in_leap_year()));
        }
        for (word, earlier) in
            [(" before ", true), (" earlier than ", true), (" after ", false), (" later than ", false)]
        {
            if let Some((a, b)) = words.split_once(word)
                && let (Some(a), Some(b)) = (within(a, now), within(b, now))
            {
                let (first, second) = if earlier { (a, b) } else { (b, a) };
                let utc = jiff::tz::TimeZone::UTC;
                let (first, second) = (first.seconds(&utc)?, second.seconds(&utc)?);
                if first.1 <= second.0 {
                    return Some(truth(true));
                }
                return (second.0 <= first.0).then(|| truth(false));
            }
        }
    }
    None
}

fn within(words: &str, now: DateTime) -> Option<Within> {
    match words::read(words, now)? {
        TimeWords::Within(within) => Some(within),
        _ => None,
    }
}

fn truth(yes: bool) -> (Value, String) {
    (Value::Truth(Truth::of(yes)), if yes { "yes" } else { "no" }.to_owned())
}

/// "days are there between X and Y", "minutes are in two hours", "days are in February 2024".
fn how_many(words: &str, now: DateTime) -> Option<(Value, String)> {
    let (unit, rest) = words.split_once(' ')?;
    let unit = match unit {
        "seconds" => Step::Second,
        "minutes" => Step::Minute,
        "hours" => Step::Hour,
        "days" => Step::Day,
        "weeks" => Step::Week,
        _ => return None,
    };
    let rest = ["are there ", "are ", "is ", "lie ", "passed "]
        .iter()
        .find_map(|s| rest.strip_prefix(s))
        .unwrap_or(rest);
    let seconds = if let Some(between) = rest.strip_prefix("between ").or_else(|| rest.strip_prefix("from "))
    {
        let parting = if rest.starts_with("between ") { " and " } else { " to " };
        // a name of a day may hold "and"; the first split that reads counts
        let (a, b) = between.match_indices(parting).find_map(|(at, _)| {
            Some((within(&between[..at], now)?, within(&between[at + parting.len()..], now)?))
        })?;
        let utc = jiff::tz::TimeZone::UTC;
        (b.seconds(&utc)?.0 - a.seconds(&utc)?.0).abs()
    } else {
        let length = rest.strip_prefix("in ")?;
        let tokens: Vec<&str> = length.split_whitespace().collect();
        if let Some(span) = span(&tokens) {
            exact_seconds(span)?
        } else {
            let (from, to) = within(length, now)?.seconds(&jiff::tz::TimeZone::UTC)?;
            to - from
        }
    };
    let one = match unit {
        Step::Second => 1,
        Step::Minute => 60,
        Step::Hour => 3_600,
        Step::Day => 86_400,
        _ => 604_800,
    };
    let count = seconds as f64 / one as f64;
    let text = format!("{count}");
    Some((Value::Number(Quantity::new(count, Unit::ONE, None)), text))
}

/// The seconds of a span that has no months or years: their length is not one.
fn exact_seconds(span: Span) -> Option<i64> {
    if span.get_months() != 0 || span.get_years() != 0 {
        return None;
    }
    let rounded = span.round(SpanRound::new().largest(Step::Second).days_are_24_hours()).ok()?;
    Some(rounded.get_seconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_calendar_answers() {
        let now = date(2024, 5, 15).at(10, 0, 0, 0);
        for (question, expected) in [
            ("What date is two weeks after 20 February 2024?", "2024-03-05"),
            ("What date was one year before 29 February 2024?", "2023-02-28"),
            ("Which day of the week was 29 February 2024?", "Thursday"),
            ("How many days are there between 2024-02-01 and 2024-03-01?", "29"),
            ("How many days are in February 2023?", "28"),
            ("How many minutes are in two and a half hours?", "150"),
            ("Is 1900 a leap year?", "no"),
            ("Is 2000 a leap year?", "yes"),
            ("Is 3 March 2024 before 2024-03-04?", "yes"),
            (
                "How many hours are there between 30 March 2024 12:00 Europe/Berlin and 31 March 2024 12:00 Europe/Berlin?",
                "23",
            ),
        ] {
            assert_eq!(answer(question, now).map(|a| a.1).as_deref(), Some(expected), "{question}");
        }
        assert_eq!(answer("How many days are in a month?", now), None);
        assert_eq!(answer("Is 2024 before 3 March 2024?", now), None);
    }
}
