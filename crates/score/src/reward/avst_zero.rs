//! AVST-Zero: when, what and where of sights and sounds.

use super::reply::{Name, Reason};
use super::{Case, Fault, Verdict, read};
use crate::shapes::{Corners, interval_sets_iou};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

rule! {
    /// Mean of time and place + format.
    ///
    /// The answer has `<when>` (intervals in seconds), `<object>` (names, parted by commas) and `<where>` (JSON: `{"name": [x1, y1, x2, y2]}`, or
    /// by time `{"3.5": {"name": […]}}`). `context.objects` names the things, `context.where` has their boxes in the same form, `answer` the
    /// intervals. Place is (recall of the names + mean overlap of matched boxes) / 2, half the recall where no box matches. Without
    /// `context.objects` it is half of the time. Format asks for all three blocks.
    ///
    /// # Source
    /// `grpo.py` of zhlllau/R-AVST.
    AvstZero, "avst-zero", "mean of time and place of what is seen and heard, and format", "avst_zero.rs",
    Some("R-AVST, 2025"),
    r#"{"id": 1, "completion": "<think>a bark</think><answer><when>0 to 10</when><object>dog</object><where>{\"dog\": [0, 0, 10, 6]}</where></answer>", "answer": "[0, 5]", "context": {"objects": ["dog"], "where": {"dog": [0, 0, 10, 10]}}}"#
}

type Places = BTreeMap<(String, String), Corners>;

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let truth = case.truth_as("intervals in seconds", |text| {
        if text.is_empty() { Some(Vec::new()) } else { read::intervals(text).ok() }
    })?;
    let objects = case.context.texts("objects")?;
    let places_of = |value: &Value| places(value);
    let truth_places =
        case.context.read("where", "boxes by name, or by time and name", places_of)?.unwrap_or_default();
    let (answer, reason) = match case.answer() {
        Ok(said) => (said, None),
        Err(reason) => ("", Some(reason)),
    };
    let inside = super::Reply::new(answer);
    let one = |name| super::stvg_r1::only(inside.blocks(name).collect());
    let temporal = one(Name::When)
        .and_then(|text| if text.trim().is_empty() { Ok(Vec::new()) } else { read::intervals(text) });
    let temporal = temporal.map_or(0.0, |said| interval_sets_iou(&said, &truth));
    let spatial = objects.map(|objects| {
        let named: BTreeSet<String> = one(Name::Object)
            .map(|text| text.split(',').map(|name| name.trim().to_lowercase()).collect())
            .unwrap_or_default();
        let truth: BTreeSet<String> = objects.iter().map(|name| name.trim().to_lowercase()).collect();
        let recall = if truth.is_empty() {
            1.0
        } else {
            truth.intersection(&named).count() as f64 / truth.len() as f64
        };
        let said = one(Name::Where)
            .ok()
            .and_then(|text| serde_json::from_str(text).ok())
            .and_then(|v: Value| places(&v))
            .unwrap_or_default();
        let ious: Vec<f64> =
            truth_places.iter().filter_map(|(key, corners)| Some(said.get(key)?.iou(*corners))).collect();
        combined(recall, &ious)
    });
    let shaped = [Name::When, Name::Object, Name::Where].into_iter().all(|name| one(name).is_ok());
    let format = if shaped { case.format() } else { 0.0 };
    let mut verdict = Verdict::new().part("temporal", temporal, 0.5).part("format", format, 1.0);
    if let Some(spatial) = spatial {
        verdict = verdict.part("spatial", spatial, 0.5);
    }
    Ok(verdict.because(reason).because((format == 0.0).then_some(Reason::Format)))
}

/// Half recall, half overlap of what was matched.
fn combined(recall: f64, ious: &[f64]) -> f64 {
    if ious.is_empty() {
        recall / 2.0
    } else {
        f64::midpoint(recall, ious.iter().sum::<f64>() / ious.len() as f64)
    }
}

fn places(value: &Value) -> Option<Places> {
    let mut found = Places::new();
    for (key, value) in value.as_object()? {
        let corners = |value: &Value| read::corners_of(&super::case::numbers(value)?);
        match value {
            Value::Object(by_name) => {
                for (name, value) in by_name {
                    found.insert((key.trim().to_owned(), name.trim().to_lowercase()), corners(value)?);
                }
            }
            value => {
                found.insert((String::new(), key.trim().to_lowercase()), corners(value)?);
            }
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::verdict;
    use super::*;

    #[test]
    fn time_and_place_have_the_same_say() {
        // vector u70
        assert_eq!(combined(1.0, &[0.6]), 0.8);
        let found = verdict(&AvstZero, AvstZero.entry().example);
        assert_eq!(
            (found.value("temporal"), found.value("spatial"), found.value("format")),
            (Some(0.5), Some(0.8), Some(1.0))
        );
        // the vector counts neither the shape nor its weight
        let of = |name: &str| {
            found.parts.iter().find(|part| part.name == name).map(|part| part.value * part.weight)
        };
        let total = of("temporal").expect("there") + of("spatial").expect("there");
        assert!((total - 0.65).abs() < 1e-12 && (found.reward() - 1.65).abs() < 1e-12);
    }
}
