//! VSI-Bench as lmms-eval scores it.

use crate::datum::Datum;
use crate::extract::first_token;
use crate::metric::means::{Means, Overall};
use crate::metric::vsi_bench::mean_of_tasks;
use crate::metric::{Metric, Tally};
use chronotope_world::catalogue::Entry;

/// VSI-Bench as lmms-eval scores it today: letters by the first word, numbers by the first number in digits or words.
///
/// Differs from `vsi-bench`, which is the authors' own code, where a number must be all of the first word: here `about 3 m` is 3 and `twenty one` is
/// 21. Differs from `mra`: thousands commas end a number (`1,234` is 1), words that follow each other are added (`two three` is 5), and the error is
/// divided by the truth with its sign, so that everything passes for a truth below 0. A truth of 0 ends the source's run and is refused here.
///
/// # Source
/// `lmms_eval/tasks/vsibench/utils.py` of lmms-eval 0.7.3, to which it is equal; that rounds the result to six digits.
#[derive(Clone, Copy, Debug)]
pub struct OfficialVsiBench;

impl Metric for OfficialVsiBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "vsi-bench-official",
            about: "`vsi-bench/official`: VSI-Bench exactly as lmms-eval scores it: numbers in words too, its own error",
            source: "score/src/metric/official/vsi_bench.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope score vsi-bench/official --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("vsi-bench/official", "score", judge, Overall::Of(mean_of_tasks))
    }
}

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    let said = said.to_string();
    let number = match truth {
        Datum::Number(number) => Some(*number),
        Datum::Text(text) => text.trim().parse().ok(),
        _ => return Err("a letter or a number other than 0"),
    };
    match number {
        Some(0.0) => Err("a letter or a number other than 0"),
        Some(truth) => Ok(number_in(&said).map(|said| accuracy(said, truth))),
        None => {
            let right = first_token(&said).to_lowercase() == truth.to_string().to_lowercase();
            Ok(Some(f64::from(u8::from(right))))
        }
    }
}

fn accuracy(said: f64, truth: f64) -> f64 {
    let error = (said - truth).abs() / truth;
    let step = (0.95 - 0.5) / 9.0;
    let threshold = |i: i32| if i == 9 { 0.95 } else { f64::from(i) * step + 0.5 };
    (0..10).filter(|i| error <= 1.0 - threshold(*i)).count() as f64 / 10.0
}

/// `extract_number`: whichever comes first of digits and a run of words.
fn number_in(said: &str) -> Option<f64> {
    let said = said.trim().to_lowercase();
    let bytes = said.as_bytes();
    let digits = bytes.iter().position(u8::is_ascii_digit).map(|first| {
        let run = |from: usize| {
            bytes[from..].iter().position(|b| !b.is_ascii_digit()).map_or(bytes.len(), |n| from + n)
        };
        let mut end = run(first);
        if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            end = run(end + 1);
        }
        let start = if first > 0 && bytes[first - 1] == b'-' { first - 1 } else { first };
        (start, &said[start..end])
    });
    let mut words = letters(&said).skip_while(|(_, word)| value_of(word).is_none()).peekable();
    let start = words.peek().map(|(at, _)| *at);
    match (digits, start) {
        (Some((at, digits)), None) => return digits.parse().ok().filter(|_| at < said.len()),
        (Some((at, digits)), Some(start)) if at < start => return digits.parse().ok(),
        (_, None) => return None,
        _ => {}
    }
    let (mut total, mut current) = (0.0, 0.0);
    for value in words.filter(|(_, word)| *word != "and").map_while(|(_, word)| value_of(word)) {
        if value == 1000.0 {
            (total, current) = (total + f64::max(current, 1.0) * value, 0.0);
        } else if value == 100.0 {
            current = f64::max(current, 1.0) * value;
        } else {
            current += value;
        }
    }
    Some(total + current)
}

/// Runs of letters with their places.
fn letters(said: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    said.split(|c: char| !c.is_ascii_lowercase()).filter_map(move |word| {
        let start = said[at..].find(word).map_or(at, |found| at + found);
        at = start + word.len();
        (!word.is_empty()).then_some((start, word))
    })
}

fn value_of(word: &str) -> Option<f64> {
    const WORDS: [(&str, f64); 30] = [
        ("zero", 0.0),
        ("one", 1.0),
        ("two", 2.0),
        ("three", 3.0),
        ("four", 4.0),
        ("five", 5.0),
        ("six", 6.0),
        ("seven", 7.0),
        ("eight", 8.0),
        ("nine", 9.0),
        ("ten", 10.0),
        ("eleven", 11.0),
        ("twelve", 12.0),
        ("thirteen", 13.0),
        ("fourteen", 14.0),
        ("fifteen", 15.0),
        ("sixteen", 16.0),
        ("seventeen", 17.0),
        ("eighteen", 18.0),
        ("nineteen", 19.0),
        ("twenty", 20.0),
        ("thirty", 30.0),
        ("forty", 40.0),
        ("fifty", 50.0),
        ("sixty", 60.0),
        ("seventy", 70.0),
        ("eighty", 80.0),
        ("ninety", 90.0),
        ("hundred", 100.0),
        ("thousand", 1000.0),
    ];
    WORDS.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_source_reads_them() {
        for (said, expected) in [
            ("There are 3 boxes", Some(3.0)),
            ("twenty-one", Some(21.0)),
            ("Three hundred and twenty-one", Some(321.0)),
            ("one apple, room 2", Some(1.0)),
            ("1,234", Some(1.0)),
            ("two three", Some(5.0)),
            ("two thousand and five hundred", Some(2500.0)),
            ("-2.5 m", Some(-2.5)),
            ("none", None),
        ] {
            assert_eq!(number_in(said), expected, "{said}");
        }
    }

    #[test]
    fn the_error_has_the_sign_of_the_truth() {
        assert_eq!((accuracy(9.0, -3.0), accuracy(0.95, 1.0), accuracy(1.6, 1.0)), (1.0, 1.0, 0.0));
    }
}
