//! The shape of a reply.

use super::reply::{Name, Reason, Reply};
use super::{Case, Fault, Verdict};

rule! {
    /// 1 where the reply is one think block, blanks, one answer block, and nothing else; else 0.
    ///
    /// Of several turns each but the last has one think block and a tool call or action and no answer, and the last is as said. Tags have to
    /// be as they should: no repetition, nesting, other case or attributes. `context.empty_thoughts` allows thoughts without a word (TON).
    /// With `context.faithful` it is the published pattern `<think>.*?</think>\s*<answer>.*?</answer>`, which takes what stands between the
    /// first and the last tag for what it likes.
    ///
    /// # Source
    /// `format_reward` in `grpo.py` of tulerfeng/Video-R1; the strict shell of ZJU-REAL/SpatialLadder.
    Format, "format", "1 where the reply is one think and one answer block and nothing else", "format.rs",
    Some("Feng et al., Video-R1, 2025"),
    r#"{"id": 1, "completion": "<think>two on the left</think>\n<answer>B</answer>"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    case.context.flag("empty_thoughts")?;
    let value = format(case);
    Ok(Verdict::of("format", value).because((value == 0.0).then_some(Reason::Format)))
}

/// 1 where the shape is right, else 0.
pub(crate) fn format(case: &Case<'_>) -> f64 {
    if case.is_faithful() {
        return f64::from(u8::from(matches_published_pattern(case.reply.text())));
    }
    let empty = case.context.flag("empty_thoughts").unwrap_or(false);
    let shell = case.reply.is_shell_with(|thoughts| empty || !thoughts.trim().is_empty());
    // what nobody can see in the answer breaks the shape too
    f64::from(u8::from(shell && case.reply.answer().is_ok() && case.earlier.iter().all(is_step)))
}

/// Whether a turn before the last thinks once, acts, and does not answer.
fn is_step(turn: &Reply<'_>) -> bool {
    let acts = turn.count(Name::ToolCall, true) + turn.count(Name::Action, true) > 0;
    let thinks = turn.count(Name::Think, false) == 1 && turn.count(Name::Think, true) == 1;
    acts && thinks && turn.tags().iter().all(|tag| tag.exact && tag.name != Name::Answer)
}

/// The published pattern over the whole text, in linear time.
fn matches_published_pattern(text: &str) -> bool {
    let Some(inside) = text.strip_prefix("<think>").and_then(|t| t.strip_suffix("</answer>")) else {
        return false;
    };
    inside
        .match_indices("</think>")
        .any(|(at, tag)| inside[at + tag.len()..].trim_start().starts_with("<answer>"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::case;
    use super::*;

    #[test]
    fn the_shape_of_one_turn_and_of_several_is_seen() {
        let mut several = case("<think>so</think><answer>B</answer>", "B", "");
        assert_eq!(format(&several), 1.0);
        several.earlier = vec![Reply::new("<think>look</think><tool_call>{}</tool_call>")];
        assert_eq!(format(&several), 1.0);
        several.earlier.push(Reply::new("<think>look</think><answer>A</answer>"));
        assert_eq!(format(&several), 0.0);
        assert_eq!(several.answer(), Err(Reason::RepeatedAnswer));
    }

    #[test]
    fn the_published_pattern_is_kinder() {
        let tricky = "<think>a</think><answer>A</answer><think>b</think><answer>B</answer>";
        assert!(matches_published_pattern(tricky));
        assert_eq!(format(&case(tricky, "B", "")), 0.0);
        assert!(!matches_published_pattern("<think>a<answer>A</answer>"));
    }
}
