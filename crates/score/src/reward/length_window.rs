//! Length within a window.

use super::reply::Reason;
use super::{Case, Fault, Verdict};

rule! {
    /// 1 where the reply has so many tokens: `context.tokens` from `context.least` (320) to `context.most` (512), both included; else 0.
    ///
    /// Tokens are the trainer's; without their number it is 0 and says so.
    ///
    /// # Source
    /// Video-R1's trainer, which gives 0.2 of it to right replies of a group (see `t-grpo`).
    LengthWindow, "length-window", "1 where the reply's number of tokens lies in a window", "length_window.rs",
    Some("Feng et al., Video-R1, 2025"),
    r#"{"id": 1, "completion": "<think>…</think><answer>B</answer>", "context": {"tokens": 400}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (least, most) = (case.context.amount_or("least", 320.0)?, case.context.amount_or("most", 512.0)?);
    Ok(match case.context.amount("tokens")? {
        Some(tokens) => Verdict::of("length", f64::from(u8::from(in_window(tokens, least, most)))),
        None => Verdict::of("length", 0.0).because(Reason::NoTokenCount),
    })
}

/// Whether a length lies in the window, both ends included.
pub(crate) fn in_window(tokens: f64, least: f64, most: f64) -> bool {
    least <= tokens && tokens <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_belong_to_the_window() {
        // vector u78
        let found = [319.0, 320.0, 512.0, 513.0].map(|tokens| in_window(tokens, 320.0, 512.0));
        assert_eq!(found, [false, true, true, false]);
    }
}
