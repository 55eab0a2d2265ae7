//! PeBR-R1, first stage: describe.

use super::reply::Reason;
use super::{Case, Fault, Verdict};

rule! {
    /// 0.4 · min(1, fit / 0.4) + 0.4 · keyword share + 0.1 format + 0.1 · min(1, 512 / tokens).
    ///
    /// Fit is the cosine of description and picture from an embedding model (the judge's `fit` of the reply, or `context.clip`); without either the keywords stand for it.
    /// `context.keywords` are looked for in the whole reply, whatever their case. The second stage is the preset `pebr-r1-stage-2`.
    ///
    /// # Source
    /// `pebr_1.py` of cythu/PeBR-R1.
    PebrR1, "pebr-r1-stage-1", "descriptions that fit, name the keywords, and are short", "pebr_r1.rs",
    Some("PeBR-R1, 2025"),
    r#"{"id": 1, "completion": "<think>a red triangle</think><answer>described</answer>", "context": {"clip": 0.3, "keywords": ["triangle", "circle"], "tokens": 1024}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let keywords = case.context.texts("keywords")?.unwrap_or_default();
    let lower = case.reply.text().to_lowercase();
    let met = keywords.iter().filter(|word| lower.contains(&word.to_lowercase())).count();
    let share = if keywords.is_empty() { 0.0 } else { met as f64 / keywords.len() as f64 };
    let clip = match case.context.cosine("clip")? {
        None => case.judged_cosine("fit", case.reply.text())?,
        given => given,
    };
    let fit = clip.map_or(share, |clip| (clip / 0.4).clamp(0.0, 1.0));
    let tokens = case.context.amount("tokens")?;
    let short = tokens.map_or(0.0, |tokens| if tokens > 0.0 { (512.0 / tokens).min(1.0) } else { 0.0 });
    let verdict = Verdict::new()
        .part("fit", fit, 0.4)
        .part("keywords", share, 0.4)
        .part("format", case.format(), 0.1)
        .part("length", short, 0.1)
        .because(tokens.is_none().then_some(Reason::NoTokenCount));
    Ok(verdict.judged_if("fit", clip.is_some()))
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn the_first_stage_is_the_worked_vector() {
        // vector u39
        assert!((pays(&PebrR1, PebrR1.entry().example) - 0.65).abs() < 1e-12);
    }
}
