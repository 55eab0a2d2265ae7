//! A soft edge before the most tokens.

use super::reply::Reason;
use super::{Case, Fault, Verdict};

rule! {
    /// A cost that grows over the last `context.buffer` tokens before `context.max_tokens`: min(−(length − e) / buffer · factor, 0) with
    /// e = most − buffer. `context.factor` is 1. Without `context.tokens` it is 0 and says so.
    ///
    /// # Source
    /// `workers/reward_manager/dapo.py` of volcengine/verl.
    SoftOverlong, "soft-overlong", "cost that grows over the last tokens before the limit", "soft_overlong.rs",
    Some("Yu et al., DAPO, 2025"),
    r#"{"id": 1, "completion": "<think>…</think><answer>B</answer>", "context": {"tokens": 18432, "max_tokens": 20480, "buffer": 4096}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let above = |v: &serde_json::Value| v.as_f64().filter(|n| *n > 0.0);
    let most = case.context.needs("max_tokens", "a number above 0", above)?;
    let buffer = case.context.needs("buffer", "a number above 0", above)?;
    let factor = case.context.amount_or("factor", 1.0)?;
    Ok(match case.context.amount("tokens")? {
        Some(tokens) => Verdict::of("overlong", soft_overlong(tokens, most, buffer, factor)),
        None => Verdict::of("overlong", 0.0).because(Reason::NoTokenCount),
    })
}

/// The cost of a length, 0 or below.
pub fn soft_overlong(tokens: f64, most: f64, buffer: f64, factor: f64) -> f64 {
    (-(tokens - (most - buffer)) / buffer * factor).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_the_buffer_costs_half() {
        // vector u9
        assert_eq!(soft_overlong(18432.0, 20480.0, 4096.0, 1.0), -0.5);
        assert_eq!(soft_overlong(100.0, 20480.0, 4096.0, 1.0), 0.0);
    }
}
