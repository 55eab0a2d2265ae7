//! SpatialRGPT-Bench as its authors score it.

use super::reply;
use crate::datum::Datum;
use crate::extract::number_or_words;
use crate::judge::{Question, SharedJudge};
use crate::metric::sums::{Summing, Sums};
use crate::metric::{Metric, Takes, Tally};
use crate::report::Mark;
use crate::row::Row;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// SpatialRGPT-Bench: `qualitative`, `quantitative` and, over both, `success` (ours, the headline); by kind of question the share that is right, and of distances and
/// directions the mean error.
///
/// Truth: `answer` as published and `category`, the benchmark's own (`left_predicate`, `tall_choice`, `width_data`, `direction` …). Distances are right from
/// 0.75 to 1.25 times the truth, both ends too; `KIND_error` is the mean of |p − g| / (g + 0.0001), `KIND_abs_rel` of |p − g| / g. Directions are right within an hour of
/// the clock; `direction_error_deg` is 30 times the mean of hours. Errors are over the replies that can be read, shares over all.
///
/// Differs from the source in who reads: there a language model does, here rules. A distance is the first number with a unit (m, cm, mm, km, inches, feet, yards,
/// `5 feet 3 inches`; a number alone is metres), a direction what stands before `o'clock`. Of qualitative questions a judge decides, where there is one; else the first words say yes or
/// no as the published answers do (yes, correct, indeed; no, incorrect, in fact, actually), or the one region that is named counts. What cannot be read scores 0;
/// in the source a qualitative reply whose judge fails takes the verdict of the row before.
///
/// # Source
/// `scripts/srgpt/eval/evaluate_spatial_with_gpt4.py` of AnjieCheng/SpatialRGPT (revision 16715d4), to which it is equal where both read the same numbers.
#[derive(Clone, Copy, Debug)]
pub struct OfficialSpatialRgpt;

const NAME: &str = "spatial-rgpt/official";

impl Metric for OfficialSpatialRgpt {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "spatial-rgpt-official",
            about: "`spatial-rgpt/official`: SpatialRGPT-Bench by its authors' thresholds and errors, read by rules; a judge may decide the qualitative part",
            source: "score/src/metric/official/spatial_rgpt.rs",
            paper: Some(
                "Cheng et al., SpatialRGPT: Grounded Spatial Reasoning in Vision-Language Models, NeurIPS 2024",
            ),
            example: "chronotope score spatial-rgpt/official --truth truth.jsonl --pred pred.jsonl --by category",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Summing::new(Kinds { judge: None }))
    }

    fn judged_tally(&self, judge: SharedJudge) -> Option<Box<dyn Tally>> {
        Some(Box::new(Summing::new(Kinds { judge: Some(judge) })))
    }

    fn off_scale(&self, verdict: &Datum) -> Option<&'static str> {
        verdict.verdict().is_none().then_some("right or wrong (true, yes, 1; false, no, 0)")
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer", "category"], prediction: &[] }
    }
}

/// What is asked: words, a distance, a direction. The first that a category contains is its kind; `width_data` and the like come before `wide`.
const KINDS: [(&str, &[&str], Reads); 12] = [
    ("vertical_distance", &["vertical_distance_data"], Reads::Distance),
    ("horizontal_distance", &["horizontal_distance_data"], Reads::Distance),
    ("direct_distance", &["distance_data"], Reads::Distance),
    ("width", &["width_data"], Reads::Distance),
    ("height", &["height_data"], Reads::Distance),
    ("direction", &["direction"], Reads::Direction),
    ("tall_short", &["short", "tall"], Reads::Words),
    ("left_right", &["left", "right"], Reads::Words),
    ("below_above", &["below", "above"], Reads::Words),
    ("behind_front", &["behind", "front"], Reads::Words),
    ("big_small", &["big", "small"], Reads::Words),
    ("wide_thin", &["wide", "thin"], Reads::Words),
];

#[derive(Clone, Copy, PartialEq)]
enum Reads {
    Words,
    Distance,
    Direction,
}

/// Of each kind: right, rows, sum of errors, sum of errors over the truth, replies read.
const WIDTH: usize = 5;

struct Kinds {
    judge: Option<SharedJudge>,
}

impl Sums for Kinds {
    fn metric(&self) -> &'static str {
        NAME
    }

    fn headline(&self) -> &'static str {
        "success"
    }

    fn judge(&self) -> Option<String> {
        self.judge.as_ref().map(|judge| judge.name())
    }

    fn width(&self) -> usize {
        WIDTH * KINDS.len()
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        let expected = "a record of answer and category (the benchmark's own)";
        let answer = row.truth.field("answer").ok_or(expected)?;
        let category = row.truth.field("category").ok_or(expected)?.to_string();
        let kind = KINDS.iter().position(|(_, parts, _)| parts.iter().any(|part| category.contains(part)));
        let kind = kind.ok_or("a category of the benchmark's own")?;
        let said = row.prediction.map(reply);
        let read = match KINDS[kind].2 {
            Reads::Words => self.words(row, answer, said.as_deref())?,
            Reads::Distance => {
                let truth =
                    metres(answer).filter(|truth| *truth > 0.0).ok_or("a distance above 0 with its unit")?;
                said.and_then(|said| distance_m(&said)).map(|said| {
                    let off = (said - truth).abs();
                    let right = said <= 1.25 * truth && said >= 0.75 * truth;
                    [f64::from(u8::from(right)), off / (truth + 1e-4), off / truth]
                })
            }
            Reads::Direction => {
                let truth = hour(&answer.to_string()).ok_or("an hour of the clock")?;
                said.and_then(|said| hour(&said)).map(|said| {
                    let off = (said - truth).abs();
                    let off = off.min(12.0 - off);
                    [f64::from(u8::from(off <= 1.0)), off, 0.0]
                })
            }
        };
        let cells = &mut into[WIDTH * kind..][..WIDTH];
        cells[1] = 1.0;
        Ok(match (row.prediction, read) {
            (None, _) => Mark::Missing,
            (Some(_), None) => Mark::Unparsable,
            (Some(_), Some([right, error, relative])) => {
                (cells[0], cells[2], cells[3], cells[4]) = (right, error, relative, 1.0);
                Mark::Score(right)
            }
        })
    }

    fn values(&self, sums: &[f64], _n: f64) -> BTreeMap<String, f64> {
        let mut values = BTreeMap::new();
        let mut totals = [[0.0; 2]; 2];
        for ((kind, _, reads), cells) in KINDS.iter().zip(sums.chunks_exact(WIDTH)) {
            let total = &mut totals[usize::from(*reads != Reads::Words)];
            total[0] += cells[0];
            total[1] += cells[1];
            let mut mean = |name: String, sum: f64, n: f64| (n > 0.0).then(|| values.insert(name, sum / n));
            mean((*kind).to_owned(), cells[0], cells[1]);
            match reads {
                Reads::Words => {}
                Reads::Distance => {
                    mean(format!("{kind}_error"), cells[2], cells[4]);
                    mean(format!("{kind}_abs_rel"), cells[3], cells[4]);
                }
                Reads::Direction => {
                    mean(format!("{kind}_error_deg"), 30.0 * cells[2], cells[4]);
                }
            }
        }
        let [words, numbers] = totals;
        for (name, [right, n]) in [
            ("qualitative", words),
            ("quantitative", numbers),
            ("success", [words[0] + numbers[0], words[1] + numbers[1]]),
        ] {
            if n > 0.0 {
                values.insert(name.to_owned(), right / n);
            }
        }
        values
    }
}

impl Kinds {
    /// By the judge, or by the words with which both begin, or by the region that both name.
    fn words(
        &self,
        row: &Row<'_>,
        answer: &Datum,
        said: Option<&str>,
    ) -> Result<Option<[f64; 3]>, &'static str> {
        let right = if let Some(judge) = &self.judge {
            let question = match row.truth.field("question") {
                Some(Datum::Text(question)) => Some(question.as_str()),
                _ => None,
            };
            said.and_then(|said| {
                let asked =
                    Question { id: row.id, part: None, question, truth: answer, answer: &Datum::text(said) };
                judge.verdict(&asked)?.verdict()
            })
        } else {
            let truth = answer.to_string();
            match (agrees(&truth), region(&truth)) {
                (Some(truth), _) => said.and_then(agrees).map(|said| said == truth),
                (None, Some(truth)) => said.and_then(region).map(|said| said == truth),
                (None, None) => return Err("an answer that says yes or no, or names one region"),
            }
        };
        Ok(right.map(|right| [f64::from(u8::from(right)), 0.0, 0.0]))
    }
}

/// Yes or no, by the words with which the published answers begin.
fn agrees(said: &str) -> Option<bool> {
    const WORDS: [(&str, bool); 9] = [
        ("yes", true),
        ("correct", true),
        ("indeed", true),
        ("that's correct", true),
        ("no", false),
        ("incorrect", false),
        ("in fact", false),
        ("actually", false),
        ("that's incorrect", false),
    ];
    let said = said.trim_start().to_lowercase().replace('’', "'");
    let ends = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    WORDS.iter().find(|(word, _)| said.strip_prefix(word).is_some_and(ends)).map(|(_, yes)| *yes)
}

/// The number of the one region that a text names.
fn region(said: &str) -> Option<String> {
    let named = regions(said).into_iter().map(|(_, _, number)| number.to_owned());
    let mut named: Vec<String> = named.collect();
    named.sort_unstable();
    named.dedup();
    if named.len() == 1 { named.pop() } else { None }
}

/// Begin, end and number of every `Region [0]` or `region 0`.
fn regions(said: &str) -> Vec<(usize, usize, &str)> {
    let lower = said.to_ascii_lowercase();
    let mut found = Vec::new();
    for (at, word) in lower.match_indices("region") {
        let start = at + word.len();
        let digits = start + said[start..].len() - said[start..].trim_start_matches([' ', '[']).len();
        let n = said[digits..].bytes().take_while(u8::is_ascii_digit).count();
        if n > 0 {
            let end = digits + n;
            found.push((at, end + usize::from(said[end..].starts_with(']')), &said[digits..end]));
        }
    }
    found
}

/// The text without regions, whose numbers measure nothing.
fn without_regions(said: &str) -> String {
    let (mut kept, mut from) = (String::with_capacity(said.len()), 0);
    for (start, end, _) in regions(said) {
        kept.push_str(&said[from..start]);
        kept.push(';');
        from = end;
    }
    kept + &said[from..]
}

/// A truth: a number of metres, or a text with its unit.
fn metres(answer: &Datum) -> Option<f64> {
    match answer {
        Datum::Number(metres) => Some(*metres),
        answer => distance_m(&answer.to_string()),
    }
}

/// The first number with a unit of length; a text that is a number is metres.
fn distance_m(said: &str) -> Option<f64> {
    let said = without_regions(said).to_lowercase();
    let said = said.trim();
    let mut rest = said;
    while let Some((number, after)) = number_in(rest) {
        if let Some((unit, after)) = unit_at(after) {
            // 5 feet 3 inches, 5' 3"
            let next = after.trim_start_matches([' ', ',']);
            let next = next.strip_prefix("and ").unwrap_or(next);
            let also = (unit.name == FOOT.name && next.starts_with(|c: char| c.is_ascii_digit()))
                .then(|| number_in(next))
                .flatten()
                .filter(|(_, after)| unit_at(after).is_some_and(|(unit, _)| unit.name == INCH.name));
            let inches = also.map_or(0.0, |(inches, _)| inches);
            return Some(number * unit.metres + inches * INCH.metres);
        }
        rest = after;
    }
    said.trim_end_matches('.').parse().ok().filter(|metres: &f64| metres.is_finite())
}

/// The first number without a sign, and what comes after it.
fn number_in(said: &str) -> Option<(f64, &str)> {
    let rest = &said[said.find(|c: char| c.is_ascii_digit())?..];
    let mut end = 0;
    for (i, c) in rest.char_indices() {
        let digit_after = rest[i + c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
        match c {
            '0'..='9' => end = i + 1,
            '.' if digit_after && !rest[..i].contains('.') => {}
            ',' if digit_after && !rest[..i].contains('.') => {}
            _ => break,
        }
    }
    let number = rest[..end].replace(',', "").parse().ok()?;
    Some((number, &rest[end..]))
}

/// A unit of length.
#[derive(Clone, Copy)]
struct Unit {
    name: &'static str,
    metres: f64,
    others: &'static [&'static str],
}

const INCH: Unit = Unit { name: "inch", metres: 0.0254, others: &["inches"] };
const FOOT: Unit = Unit { name: "foot", metres: 0.3048, others: &["feet", "ft"] };
const UNITS: [Unit; 7] = [
    Unit { name: "m", metres: 1.0, others: &["meter", "meters", "metre", "metres"] },
    Unit { name: "cm", metres: 0.01, others: &["centimeter", "centimeters", "centimetre", "centimetres"] },
    Unit { name: "mm", metres: 0.001, others: &["millimeter", "millimeters", "millimetre", "millimetres"] },
    Unit { name: "km", metres: 1000.0, others: &["kilometer", "kilometers", "kilometre", "kilometres"] },
    Unit { name: "yard", metres: 0.9144, others: &["yards", "yd"] },
    INCH,
    FOOT,
];

/// The unit with which a text begins, and what comes after it.
fn unit_at(said: &str) -> Option<(Unit, &str)> {
    let said = said.trim_start_matches([' ', '-']);
    for (sign, unit) in [("''", INCH), ("\"", INCH), ("″", INCH), ("'", FOOT), ("′", FOOT)] {
        if let Some(after) = said.strip_prefix(sign) {
            return Some((unit, after));
        }
    }
    let end = said.find(|c: char| !c.is_alphabetic()).unwrap_or(said.len());
    let (word, after) = said.split_at(end);
    // `in` is a word too: a unit where nothing goes on after it
    if word == "in" && !after.trim_start().starts_with(char::is_alphanumeric) {
        return Some((INCH, after));
    }
    UNITS.iter().find(|unit| unit.name == word || unit.others.contains(&word)).map(|unit| (*unit, after))
}

/// The hour before the first `o'clock`, or of a text that is an hour.
fn hour(said: &str) -> Option<f64> {
    let said = without_regions(said).to_lowercase().replace('’', "'");
    let before = match said.find("o'clock") {
        Some(at) => {
            let before = said[..at].trim_end();
            let word = before.rfind(|c: char| c.is_whitespace() || c == ';').map_or(0, |i| i + 1);
            before.get(word..)?.trim_end_matches(":00").to_owned()
        }
        None => said.trim().trim_end_matches('.').to_owned(),
    };
    let whole = |hour: &f64| (0.0..=12.0).contains(hour) && hour.fract() == 0.0;
    let is_word = before.chars().all(char::is_alphanumeric);
    is_word.then(|| number_or_words(&before)).flatten().filter(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Asked;
    use std::sync::Arc;

    #[test]
    fn distances_are_read_with_their_units() {
        for (said, expected) in [
            ("The width of Region [0] is 1.02 meters.", Some(1.02)),
            ("22.32 feet.", Some(22.32 * 0.3048)),
            ("It is 48.47 centimeters", Some(0.4847)),
            ("10.0 inches", Some(0.254)),
            ("10 in", Some(0.254)),
            ("5'3\"", Some(5.0 * 0.3048 + 3.0 * 0.0254)),
            ("5 feet and 3 inches tall", Some(5.0 * 0.3048 + 3.0 * 0.0254)),
            ("1,200 mm", Some(1.2)),
            ("of the 2 in front, 3 m apart", Some(3.0)),
            ("2.5", Some(2.5)),
            ("region 2 is far", None),
            ("two apples", None),
        ] {
            let found = distance_m(said);
            let same = match (found, expected) {
                (Some(found), Some(expected)) => (found - expected).abs() < 1e-12,
                (found, expected) => found == expected,
            };
            assert!(same, "{said}: {found:?}");
        }
    }

    #[test]
    fn hours_stand_before_o_clock() {
        assert_eq!(hour("Region [0] finds Region [1] around the 2 o'clock direction."), Some(2.0));
        assert_eq!(hour("at the two o’clock position"), Some(2.0));
        assert_eq!((hour("11"), hour("13"), hour("behind you")), (Some(11.0), None, None));
    }

    fn row(category: &str, truth: &str) -> Datum {
        Datum::record([("category", Datum::text(category)), ("answer", Datum::text(truth))])
    }

    fn mark(tally: &mut Box<dyn Tally>, category: &str, truth: &str, said: &str) -> Option<f64> {
        let (truth, said) = (row(category, truth), Datum::text(said));
        let row = Row { id: "1", group: "g", truth: &truth, prediction: Some(&said) };
        tally.add(&row).expect("a truth").score()
    }

    #[test]
    fn words_agree_and_regions_are_named() {
        let mut tally = OfficialSpatialRgpt.tally();
        let mut found = |category, truth, said| mark(&mut tally, category, truth, said);
        let left = "Correct, you'll find Region [0] to the left of Region [1].";
        assert_eq!(found("left_predicate", left, "Yes, it is."), Some(1.0));
        assert_eq!(found("left_predicate", left, "In fact, Region [0] is to the right"), Some(0.0));
        assert_eq!(found("left_predicate", left, "Northwards"), Some(0.0));
        assert_eq!(found("tall_choice", "With more height is Region [0].", "Region [0]"), Some(1.0));
        assert_eq!(found("tall_choice", "Region [0].", "Region [1] is taller than Region [0]"), Some(0.0));
        assert_eq!(found("width_data", "1.0 meters", "1.26 m"), Some(0.0));
        assert_eq!(found("width_data", "1.0 meters", "1.25 m"), Some(1.0));
        assert_eq!(found("direction", "12 o'clock", "1 o'clock"), Some(1.0));
        assert_eq!(found("direction", "12 o'clock", "10 o'clock"), Some(0.0));
        let report = tally.finish();
        assert_eq!((report.overall["qualitative"], report.overall["quantitative"]), (0.4, 0.5));
        assert_eq!(report.overall["direction_error_deg"], 45.0);
        assert_eq!((report.n, report.unparsable.n), (9, 2));
    }

    #[test]
    fn a_judge_decides_the_words_alone() {
        let judge = Asked::new("a person", |_: &Question<'_>| Some(Datum::Number(1.0)));
        let mut tally = OfficialSpatialRgpt.judged_tally(Arc::new(judge)).expect("it takes one");
        assert_eq!(mark(&mut tally, "left_choice", "Region [1].", "the lamp"), Some(1.0));
        assert_eq!(mark(&mut tally, "width_data", "1 m", "3 m"), Some(0.0));
        assert_eq!(tally.finish().judge.as_deref(), Some("a person"));
    }

    #[test]
    fn truths_that_are_none_are_refused() {
        for (category, truth) in
            [("length_data", "2 m"), ("width_data", "wide"), ("direction", "north"), ("left_choice", "it")]
        {
            let truth = row(category, truth);
            let row = Row { id: "1", group: "g", truth: &truth, prediction: None };
            assert!(OfficialSpatialRgpt.tally().add(&row).is_err(), "{truth}");
        }
    }
}
