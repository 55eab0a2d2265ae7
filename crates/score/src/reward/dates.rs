//! Time-R1: when something happened, how long between, in what order.

use super::reply::{Name, Reason};
use super::{Case, Fault, Reward, Verdict};
use crate::reward::repetition::unlike_share;
use chronotope_world::catalogue::Entry;

/// One of the four date tasks of Time-R1.
///
/// Each is its accuracy + 0.05 for a date (or answer) of the right form + 0.025 for think then answer + 0.025 · 0.33 for each of `</think>`, `<answer>`,
/// `</answer>` that stands exactly once − the largest of the penalties for length and repetition. Dates are `YYYY-MM`; α is `context.alpha` (0.1), or with
/// `context.step` and `context.hard` 0.07 rising to 0.1 over 50 steps.
///
/// - **infer**: exp(−α · |Δ months|). `No event` in place of a date is −0.1, no date −0.2, without a bonus.
/// - **difference**: (¼ date 1 + ¼ date 2 + ½ exp(−α_d · |Δ difference|)) · exp(−α · |claimed − implied|); α_d is α, or 0.05 for claims of 25 months and
///   more, where also the last α is 0.1 · 25 / claimed.
/// - **order**: (0.2 for each date + 0.4 · order) · consistency · diversity.
/// - **complete**: ½ date + ½ entity: a year exp(−3α · Δ), a month on the circle of twelve, else the same name.
///
/// # Source
/// `verl/utils/reward_score/time_reasoning.py`, `time_prediction.py` of ulab-uiuc/Time-R1.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    name: &'static str,
    about: &'static str,
    task: Task,
    example: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Infer,
    Difference,
    Order,
    Complete,
}

impl Dates {
    /// All four, alphabetical.
    pub const ALL: &[Dates] = &[
        Dates {
            name: "time-r1-complete",
            about: "a date and a missing year, month or name",
            task: Task::Complete,
            example: r#"{"id": 1, "completion": "<think>t</think>\n<answer>Event: 2020-03. Missing entity: May.</answer>", "answer": "Event: 2020-04. Missing entity: June."}"#,
        },
        Dates {
            name: "time-r1-difference",
            about: "two dates and the months between them, consistently",
            task: Task::Difference,
            example: r#"{"id": 1, "completion": "<think>t</think>\n<answer>Event 1: 2020-03, Event 2: 2020-09. Month difference: 7.</answer>", "answer": "Event 1: 2020-02, Event 2: 2020-09. Month difference: 7."}"#,
        },
        Dates {
            name: "time-r1-infer",
            about: "the month in which something happened",
            task: Task::Infer,
            example: r#"{"id": 1, "completion": "<think>t</think>\n<answer>2020-06</answer>", "answer": "2020-03"}"#,
        },
        Dates {
            name: "time-r1-order",
            about: "three dates and their order, consistently",
            task: Task::Order,
            example: r#"{"id": 1, "completion": "<think>t</think>\n<answer>Event 1: 2019-05, Event 2: 2018-01, Event 3: 2020-09. Event order: 2-1-3.</answer>", "answer": "Event 1: 2019-05, Event 2: 2018-01, Event 3: 2020-09. Event order: 2-1-3."}"#,
        },
    ];
}

impl Reward for Dates {
    fn entry(&self) -> Entry {
        Entry {
            kind: "rewards",
            name: self.name,
            about: self.about,
            source: "score/src/reward/dates.rs",
            paper: Some("Liu et al., Time-R1: Towards Comprehensive Temporal Reasoning in LLMs, 2025"),
            example: self.example,
        }
    }

    fn judge(&self, case: &Case<'_>) -> Result<Verdict, Fault> {
        let alpha = alpha(case)?;
        let truth =
            case.truth_as("dates YYYY-MM as the task writes them", |text| Said::of(self.task, text))?;
        let said = case.answer();
        let read = said.and_then(|said| Said::of(self.task, said).ok_or(Reason::Unreadable));
        let (accuracy, form) = match &read {
            Ok(said) => (said.accuracy(&truth, alpha), 1.0),
            Err(_) if said.is_ok_and(|said| said.to_ascii_lowercase().contains("no event")) => (-0.1, 0.0),
            Err(_) => (-0.2, 0.0),
        };
        let once = |name, closes| f64::from(u8::from(case.reply.count(name, closes) == 1));
        let tags = 0.33 * (once(Name::Think, true) + once(Name::Answer, false) + once(Name::Answer, true));
        Ok(Verdict::of("accuracy", accuracy)
            .part("date_format", form, 0.05)
            .part("tag_structure", form * case.format(), 0.025)
            .part("tag_count", form * tags, 0.025)
            .part("penalty", penalty(case.reply.text()), -1.0)
            .because(read.err()))
    }
}

/// What an answer says: dates in months, and a difference, an order or a missing entity.
struct Said<'a> {
    months: Vec<i64>,
    difference: Option<i64>,
    order: Option<[usize; 3]>,
    entity: Option<&'a str>,
}

impl<'a> Said<'a> {
    fn of(task: Task, text: &'a str) -> Option<Said<'a>> {
        let months = dates(text);
        let after = |mark: &str| {
            let at = text.find(mark)? + mark.len();
            Some(text[at..].trim().trim_end_matches('.').trim())
        };
        let n = match task {
            Task::Infer | Task::Complete => 1,
            Task::Difference => 2,
            Task::Order => 3,
        };
        let said = Said {
            difference: after("difference:")
                .and_then(|text| text.parse().ok())
                .filter(|n| (0..1000).contains(n)),
            order: after("order:").and_then(order),
            entity: after("entity:").filter(|text| !text.is_empty()),
            months,
        };
        let whole = said.months.len() == n
            && match task {
                Task::Infer => text.trim().len() == 7,
                Task::Difference => said.difference.is_some(),
                Task::Order => said.order.is_some(),
                Task::Complete => said.entity.is_some(),
            };
        whole.then_some(said)
    }

    fn accuracy(&self, truth: &Said<'_>, alpha: f64) -> f64 {
        let date = |i: usize| libm::exp(-alpha * (self.months[i] - truth.months[i]).abs() as f64);
        if let (Some(claimed), Some(right)) = (self.difference, truth.difference) {
            let implied = (self.months[1] - self.months[0]).abs();
            let (by_difference, by_consistency) =
                if claimed >= 25 { (0.05, 0.1 * 25.0 / claimed as f64) } else { (alpha, 0.1) };
            let sum = 0.25 * date(0)
                + 0.25 * date(1)
                + 0.5 * libm::exp(-by_difference * (claimed - right).abs() as f64);
            return sum * libm::exp(-by_consistency * (claimed - implied).abs() as f64);
        }
        if let (Some(claimed), Some(right)) = (self.order, truth.order) {
            let sum = 0.2 * (date(0) + date(1) + date(2)) + 0.4 * order_accuracy(claimed, right);
            return sum * self.consistency(claimed) * self.diversity(claimed);
        }
        if let (Some(said), Some(right)) = (self.entity, truth.entity) {
            return 0.5 * date(0) + 0.5 * entity(said, right, 3.0 * alpha);
        }
        date(0)
    }

    /// How well the claimed order fits the claimed dates; dates that are equal keep their places.
    fn consistency(&self, claimed: [usize; 3]) -> f64 {
        let mut implied = [0, 1, 2];
        implied.sort_by_key(|i| self.months[*i]);
        if claimed == implied {
            return 1.0;
        }
        match order_accuracy(claimed, implied) {
            similar if similar >= 0.666 => 0.7,
            similar if similar >= 0.333 => 0.4,
            _ => 0.2,
        }
    }

    /// 0.2 for dates that are all equal or run month by month in the order of the question.
    fn diversity(&self, claimed: [usize; 3]) -> f64 {
        let [a, b, c] = [self.months[0], self.months[1], self.months[2]];
        let same = a == b && b == c;
        let up = b - a == 1 && c - b == 1 && claimed == [0, 1, 2];
        let down = a - b == 1 && b - c == 1 && claimed == [2, 1, 0];
        if same || up || down { 0.2 } else { 1.0 }
    }
}

/// Months since year 0 of every `YYYY-MM` in the text.
fn dates(text: &str) -> Vec<i64> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '-')).filter(|word| word.len() == 7);
    words
        .filter_map(|word| {
            let (year, month) = word.split_once('-')?;
            let month: i64 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
            (year.len() == 4).then(|| year.parse::<i64>().ok())?.map(|year| year * 12 + month)
        })
        .collect()
}

/// `2-1-3` as places from 0.
fn order(text: &str) -> Option<[usize; 3]> {
    let places: Vec<usize> = text.split('-').map(|n| n.trim().parse().ok()).collect::<Option<_>>()?;
    let mut sorted = places.clone();
    sorted.sort_unstable();
    (sorted == [1, 2, 3]).then(|| [places[0] - 1, places[1] - 1, places[2] - 1])
}

/// 0.999 for the right order, else 0.333 for each pair in its right order.
fn order_accuracy(said: [usize; 3], truth: [usize; 3]) -> f64 {
    if said == truth {
        return 0.999;
    }
    let at = |order: [usize; 3], event: usize| order.iter().position(|e| *e == event);
    let same = |a, b| (at(said, a) < at(said, b)) == (at(truth, a) < at(truth, b));
    f64::from(u8::from(same(0, 1)) + u8::from(same(0, 2)) + u8::from(same(1, 2))) * 0.333
}

/// How near a missing year, month or name is.
fn entity(said: &str, truth: &str, alpha: f64) -> f64 {
    if let (Some(a), Some(b)) = (month(said), month(truth)) {
        let apart = (a - b).abs();
        return libm::exp(-alpha * apart.min(12 - apart) as f64);
    }
    match (said.parse::<i64>(), truth.parse::<i64>()) {
        (Ok(a), Ok(b)) => libm::exp(-alpha * (a - b).abs() as f64),
        _ => f64::from(u8::from(said.to_lowercase() == truth.to_lowercase())),
    }
}

/// 1 to 12 of a month's name or number.
fn month(text: &str) -> Option<i64> {
    const NAMES: [&str; 12] = [
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
    let lower = text.trim_end_matches('.').to_ascii_lowercase();
    if let Ok(number) = lower.parse::<i64>() {
        return (1..=12).contains(&number).then_some(number);
    }
    let short =
        |name: &str| name == lower || name[..3] == lower || (lower == "sept" && name.starts_with("sept"));
    NAMES.iter().position(|name| short(name)).map(|i| i as i64 + 1)
}

fn alpha(case: &Case<'_>) -> Result<f64, Fault> {
    if case.context.flag("hard")? {
        let step = case.context.amount_or("step", 50.0)?;
        return Ok(0.07 + 0.03 * (step / 50.0).clamp(0.0, 1.0));
    }
    case.context.amount_or("alpha", 0.1)
}

/// The largest cost of length and repetition.
fn penalty(text: &str) -> f64 {
    // words are as they stand, whatever their case
    let mut of = std::collections::BTreeMap::new();
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let next = of.len() as u32 + 1;
        words.push(*of.entry(word).or_insert(next));
    }
    let n = words.len();
    let mut most = if n > 900 { 0.3 * ((n - 900) as f64 / 124.0).min(1.0) } else { 0.0 };
    if n > 50 {
        let (mut run, mut longest) = (1usize, 1);
        for pair in words.windows(2) {
            run = if pair[0] == pair[1] { run + 1 } else { 1 };
            longest = longest.max(run);
        }
        if longest >= 5 {
            most = most.max(0.1 * (longest - 4).min(5) as f64);
        }
    }
    if n > 100 {
        for size in [3, 5, 7, 9] {
            for i in 0..n.saturating_sub(size * 3) {
                let phrase = &words[i..i + size];
                let next = &words[i + size..n.min(i + size * 4)];
                // occurrences that do not overlap, as Python counts
                let (mut at, mut count) = (0, 0.0);
                while at + size <= next.len() {
                    let met = &next[at..at + size] == phrase;
                    count += f64::from(u8::from(met));
                    at += if met { size } else { 1 };
                }
                if count >= 2.0 {
                    most = most.max(0.15 * count);
                }
            }
        }
    }
    if n > 200 {
        let share = unlike_share(&words[..n.min(504).min(n - 1)], 5).unwrap_or(1.0);
        most = most.max(0.5 - share);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::super::tests::{pays, verdict};
    use super::*;

    fn rule(name: &str) -> &'static Dates {
        Dates::ALL.iter().find(|rule| rule.name == name).expect("known")
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }

    #[test]
    fn dates_count_as_the_worked_vectors_say() {
        // vector u50
        let infer = rule("time-r1-infer");
        close(pays(infer, infer.example), 0.840568);
        close(pays(infer, &infer.example.replace("<answer>2020-06", "<answer>No event")), -0.1);
        close(pays(infer, r#"{"completion": "", "answer": "2020-03"}"#), -0.2);
        // vector u51
        let row = r#"{"completion": "<think>t</think>\n<answer>Event 1: 2020-03, Event 2: 2020-09. Month difference: 7.</answer>", "answer": "Event 1: 2020-02, Event 2: 2020-09. Month difference: 9."}"#;
        close(verdict(rule("time-r1-difference"), row).value("accuracy").expect("there"), 0.801301);
        // vector u76
        let order = rule("time-r1-order");
        close(verdict(order, order.example).value("accuracy").expect("there"), 0.9996);
        let swapped = order.example.replacen("2-1-3", "1-2-3", 1);
        close(verdict(order, &swapped).value("accuracy").expect("there"), 0.606480);
    }

    #[test]
    fn repetition_costs_and_alpha_rises() {
        close(penalty(&"a b c ".repeat(40)), 0.45);
        let unlike: Vec<String> = (0..60).map(|i| format!("w{i}")).collect();
        close(penalty(&format!("{} {}", "a ".repeat(7), unlike.join(" "))), 0.3);
        close(penalty("a b c"), 0.0);
        let row = r#"{"completion": "<answer>2020-06</answer>", "answer": "2020-03", "context": {"hard": true, "step": 20}}"#;
        close(verdict(rule("time-r1-infer"), row).value("accuracy").expect("there"), libm::exp(-0.082 * 3.0));
        close(entity("Dec", "January", 0.3), libm::exp(-0.3));
    }
}
