//! VLM-R3: thoughts between crops.

use super::reply::Name;
use super::{Case, Fault, Verdict, read};
use serde_json::Value;

rule! {
    /// Accuracy (0 to 1) + ½ where the reply ends with a closed answer + length + ½ where every box is one and they differ.
    ///
    /// Length is min(0.10, 0.01 · words of the shortest text between boxes). Boxes are `<box>` blocks or JSON in `<tool_call>` with `bbox_2d`; at least one has to be
    /// there. The unit of the length is ours (words): the note on it does not say.
    ///
    /// # Source
    /// `rgrpo.py`, `vllm_rgrpo_trainer.py` of justgogorunrun/VLM-R3.
    VlmR3, "vlm-r3", "accuracy, a closed answer, text between crops, valid boxes", "vlm_r3.rs",
    Some("Jiang et al., VLM-R3, 2025"),
    r#"{"id": 1, "completion": "<think>the sign on the left of the gate <box>[0, 0, 2, 2]</box> says stop here now at once</think><answer>B</answer>", "answer": "B"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason) = case.accuracy()?;
    let text = case.reply.text();
    let closed = case.answer().is_ok_and(|said| !said.is_empty()) && text.trim_end().ends_with("</answer>");
    let (mut boxes, mut valid, mut shortest, mut from) = (Vec::new(), true, f64::INFINITY, 0);
    let mut open = None;
    for tag in case.reply.tags().iter().filter(|tag| matches!(tag.name, Name::Box | Name::ToolCall)) {
        if !tag.closes {
            open = Some(tag);
            continue;
        }
        let Some(begin) = open.take() else { continue };
        shortest = shortest.min(text[from..begin.start].split_whitespace().count() as f64);
        from = tag.end;
        match numbers(&text[begin.end..tag.start]) {
            Some(four) => boxes.push(four),
            None => valid = false,
        }
    }
    shortest = shortest.min(text[from..].split_whitespace().count() as f64);
    let n = boxes.len();
    boxes.sort_by(|a, b| {
        a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    boxes.dedup();
    let region = valid && n > 0;
    let length = if n > 0 { between(shortest) } else { 0.0 };
    let bit = |yes| f64::from(u8::from(yes));
    Ok(Verdict::of("accuracy", accuracy.clamp(0.0, 1.0))
        .part("format", bit(closed), 0.5)
        .part("length", length, 1.0)
        .part("region", bit(region), 0.5)
        .because(reason))
}

fn between(words: f64) -> f64 {
    (0.01 * words).min(0.10)
}

fn numbers(text: &str) -> Option<Vec<f64>> {
    let json: Option<Value> = serde_json::from_str(text.trim()).ok();
    let value = json.as_ref().map(|json| json.get("bbox_2d").unwrap_or(json))?;
    let four = super::case::numbers(value)?;
    read::corners_of(&four).map(|_| four)
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::verdict;
    use super::*;

    #[test]
    fn text_between_crops_counts_up_to_a_tenth() {
        // vector u20
        assert!((between(7.0) - 0.07).abs() < 1e-12 && between(25.0) == 0.10);
        let found = verdict(&VlmR3, VlmR3.entry().example);
        assert_eq!((found.value("length"), found.value("region")), (Some(0.06), Some(1.0)));
    }
}
