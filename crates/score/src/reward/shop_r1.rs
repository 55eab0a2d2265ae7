//! Shop-R1: what a shopper does next.

use super::reply::Reason;
use super::{Case, Fault, Verdict};
use crate::text::rouge;
use serde_json::Value;

rule! {
    /// ½ format + the action's value + 0.005 self-certainty.
    ///
    /// The answer is JSON `{rationale, action: {type, name, text}}`, the truth the action. Only where the type is right: terminate 0.3; click 0.3 + 0.2
    /// where a name is given + D · ROUGE-L(name); type_and_submit 0.3 + 0.1 name + 0.1 text + 0.1 · ROUGE-L(name) + D · ROUGE-L(text). ROUGE-L below 0.75 is 0,
    /// D is 1000 (`context.difficulty`). Self-certainty is Σ p ln(p · V) / (N · V) over `context.probabilities` (N rows of V), 0 without.
    ///
    /// # Source
    /// Shop-R1, 2025, through a published note.
    ShopR1, "shop-r1", "the next action, graded by its parts, and self-certainty", "shop_r1.rs",
    Some("Zhang et al., Shop-R1, 2025 (through a published note)"),
    r#"{"id": 1, "completion": "<answer>{\"rationale\": \"cheap\", \"action\": {\"type\": \"click\", \"name\": \"the red shoes now\"}}</answer>", "answer": "{\"type\": \"click\", \"name\": \"the red shoes\"}"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let truth: Value = case.truth_as("an action {type, name, text} as JSON", |text| {
        serde_json::from_str(text).ok().filter(|v: &Value| v["type"].is_string())
    })?;
    let difficulty = case.context.amount_or("difficulty", 1000.0)?;
    let rows = case.context.read("probabilities", "rows of probabilities", |value| {
        let sound = |row: &Vec<f64>| row.iter().all(|share| (0.0..=1.0 + 1e-6).contains(share));
        let row = |row| super::case::numbers(row).filter(sound);
        value.as_array()?.iter().map(row).collect::<Option<Vec<_>>>()
    })?;
    let said = case
        .answer()
        .and_then(|said| serde_json::from_str::<Value>(said).map_err(|_no_json| Reason::Unreadable));
    let action = said.as_ref().ok().map(|said| &said["action"]);
    let valid =
        said.as_ref().is_ok_and(|said| said["rationale"].is_string() && said["action"]["type"].is_string());
    let value = action.map_or(0.0, |action| graded(action, &truth, difficulty));
    let certainty = rows.map_or(0.0, |rows| self_certainty(&rows));
    Ok(Verdict::new()
        .part("format", f64::from(u8::from(valid)), 0.5)
        .part("action", value, 1.0)
        .part("certainty", certainty, 0.005)
        .because(said.err()))
}

fn graded(said: &Value, truth: &Value, difficulty: f64) -> f64 {
    let kind = truth["type"].as_str().unwrap_or_default();
    if said["type"].as_str() != Some(kind) {
        return 0.0;
    }
    let given =
        |field: &str| f64::from(u8::from(said[field].as_str().is_some_and(|text| !text.trim().is_empty())));
    let alike = |field: &str| {
        let longest =
            rouge(truth[field].as_str().unwrap_or_default(), said[field].as_str().unwrap_or_default())[2];
        if longest >= 0.75 { longest } else { 0.0 }
    };
    match kind {
        "click" => 0.3 + 0.2 * given("name") + difficulty * alike("name"),
        "type_and_submit" => {
            0.3 + 0.1 * given("name") + 0.1 * given("text") + 0.1 * alike("name") + difficulty * alike("text")
        }
        _ => 0.3,
    }
}

/// Σ p ln(p · V) / (N · V).
fn self_certainty(rows: &[Vec<f64>]) -> f64 {
    let of = |row: &Vec<f64>| {
        let v = row.len() as f64;
        row.iter().filter(|p| **p > 0.0).map(|p| p * libm::log(p * v)).sum::<f64>() / v
    };
    let rows: Vec<f64> = rows.iter().filter(|row| !row.is_empty()).map(of).collect();
    if rows.is_empty() { 0.0 } else { rows.iter().sum::<f64>() / rows.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn a_click_is_graded_as_the_worked_vector_says() {
        // vector u49: ROUGE-L of 0.8 from 2 of 2 and 2 of 3 words
        let row = |context: &str| {
            format!(
                r#"{{"completion": "<answer>{{\"rationale\": \"r\", \"action\": {{\"type\": \"click\", \"name\": \"red shoes now\"}}}}</answer>", "answer": "{{\"type\": \"click\", \"name\": \"red shoes\"}}", "context": {{{context}}}}}"#
            )
        };
        assert!((pays(&ShopR1, &row("")) - 801.0).abs() < 1e-9);
        let certain = pays(&ShopR1, &row(r#""probabilities": [[0.7, 0.1, 0.1, 0.1]]"#));
        assert!((certain - 801.000557).abs() < 1e-6);
        assert!((self_certainty(&[vec![0.7, 0.1, 0.1, 0.1]]) - 0.111462).abs() < 1e-6);
    }
}
