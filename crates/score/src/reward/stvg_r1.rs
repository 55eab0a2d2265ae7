//! STVG-R1: when, and which of the numbered things.

use super::reply::{Name, Reason};
use super::{Case, Fault, Verdict, read};

rule! {
    /// Overlap of intervals + 1 for the right drawn id + format.
    ///
    /// The answer holds `<when>` with the interval and `<object>` with the id; `context.object` is the right one, `answer` the interval.
    ///
    /// # Source
    /// STVG-R1, 2025, through a published note.
    StvgR1, "stvg-r1", "overlap of intervals, the right drawn id, format", "stvg_r1.rs",
    Some("STVG-R1, 2025 (through a published note)"),
    r#"{"id": 1, "completion": "<think>it enters</think><answer><when>12 to 24</when><object>3</object></answer>", "answer": "[10, 20]", "context": {"object": "3"}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let truth = case.truth_as("an interval in seconds", |text| read::interval(text).ok())?;
    let right = case.context.needs("object", "the id of the thing", |value| match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    })?;
    let mut reason = None;
    let (mut tiou, mut id) = (0.0, 0.0);
    match case.answer() {
        Ok(said) => {
            let inside = super::Reply::new(said);
            let one = |name| only(inside.blocks(name).collect());
            match one(Name::When).and_then(read::interval) {
                Ok(said) => tiou = said.iou(truth),
                Err(why) => reason = Some(why),
            }
            id = f64::from(u8::from(one(Name::Object).is_ok_and(|said| said.trim() == right.trim())));
        }
        Err(why) => reason = Some(why),
    }
    Ok(Verdict::of("tiou", tiou).part("object", id, 1.0).part("format", case.format(), 1.0).because(reason))
}

/// The one block there is.
pub(crate) fn only(blocks: Vec<&str>) -> Result<&str, Reason> {
    match blocks[..] {
        [one] => Ok(one),
        _ => Err(Reason::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn time_thing_and_shape_add_up() {
        // vector u26
        let row = |object: &str| {
            format!(
                r#"{{"completion": "<think>t</think><answer><when>12 to 24</when><object>{object}</object></answer>", "answer": "[10, 20]", "context": {{"object": 3}}}}"#
            )
        };
        assert!((pays(&StvgR1, &row("3")) - 2.571429).abs() < 1e-6);
        // naming two things names none
        assert!((pays(&StvgR1, &row("3</object><object>4")) - 1.571429).abs() < 1e-6);
    }
}
