//! InfiGUI-R1: a place on the screen, and the goals on the way to it.

use super::{Case, Fault, Verdict, read};
use crate::shapes::Corners;
use serde_json::Value;

rule! {
    /// Place + sub-goals + format, each of weight 1; known from an abstract only.
    ///
    /// The abstract names what is rewarded (a point in the box, or an overlap of boxes; sub-goals that match) and no formula; this is the plainest that it
    /// allows, as the project's notes ask. Place: of two numbers in the answer, whether that point lies in `context.box` (edges count); of four, the overlap
    /// of the boxes. Sub-goals: the share of `context.subgoals` (texts) that the thoughts name, whatever their case; left out where there are none. A point is
    /// paid in full or not at all, as a click is.
    ///
    /// # Source
    /// InfiGUI-R1, 2025, abstract.
    InfiGuiR1, "infigui-r1", "a point in the box or the overlap of boxes, sub-goals named, format (from the abstract only)", "infigui_r1.rs",
    Some("Liu et al., InfiGUI-R1: Advancing Multimodal GUI Agents from Reactive Actors to Deliberative Reasoners, 2025 (abstract only)"),
    r#"{"id": 1, "completion": "<think>open settings, then sound</think><answer>[30, 40]</answer>", "context": {"box": [20, 30, 60, 50], "subgoals": ["settings", "sound"]}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let corners = |value: &Value| read::corners_of(&super::case::numbers(value)?);
    let truth: Corners = case.context.needs("box", "[x1, y1, x2, y2]", corners)?;
    let goals = case.context.texts("subgoals")?.unwrap_or_default();
    let said = case.answer();
    let place = match said.map(read::numbers).as_deref() {
        Ok(&[x, y]) => f64::from(u8::from(truth.holds([x, y]))),
        Ok(four @ &[_, _, _, _]) => read::corners_of(four).map_or(0.0, |said| said.iou(truth)),
        _ => 0.0,
    };
    let mut verdict = Verdict::of("place", place);
    if !goals.is_empty() {
        let thoughts = case.reply.thoughts().unwrap_or_default().to_lowercase();
        let named = goals.iter().filter(|goal| {
            let goal = goal.trim().to_lowercase();
            !goal.is_empty() && thoughts.contains(&goal)
        });
        verdict = verdict.part("subgoals", named.count() as f64 / goals.len() as f64, 1.0);
    }
    Ok(verdict.part("format", case.format(), 1.0).because(said.err()))
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn a_click_counts_in_full_a_box_by_its_overlap() {
        let row = InfiGuiR1.entry().example;
        assert_eq!(pays(&InfiGuiR1, row), 3.0);
        assert_eq!(pays(&InfiGuiR1, &row.replace("[30, 40]", "[10, 40]")), 2.0);
        assert_eq!(pays(&InfiGuiR1, &row.replace("[30, 40]", "[20, 30, 40, 50]")), 2.5);
        assert_eq!(pays(&InfiGuiR1, &row.replace(", then sound", "")), 2.5);
        // more numbers than a place has say nothing
        assert_eq!(pays(&InfiGuiR1, &row.replace("[30, 40]", "[30, 40] or [50, 60, 70]")), 2.0);
    }
}
