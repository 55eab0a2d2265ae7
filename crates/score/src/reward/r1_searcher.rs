//! R1-Searcher: learn to search, then to answer.

use super::{Case, Fault, Verdict, steps::calls};

rule! {
    /// Stage 1 (`context.stage` 1): ½ where it searched + ½ format. Stage 2: F1 of the answer's words, and −2 for a fault of format.
    ///
    /// Searches are counted by the trainer (`context.calls`), else they are closed tool calls.
    ///
    /// # Source
    /// R1-Searcher, 2025, through a published note.
    R1Searcher, "r1-searcher", "searching and format first, then the answer's words", "r1_searcher.rs",
    Some("Song et al., R1-Searcher, 2025 (through a published note)"),
    r#"{"id": 1, "completion": "<think>found</think><answer>the tower of London</answer>", "answer": "tower of London", "context": {"stage": 2}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let format = case.format();
    if case.context.read("stage", "1 or 2", |value| value.as_u64().filter(|n| [1, 2].contains(n)))? == Some(1)
    {
        let searched = f64::from(u8::from(calls(case)? > 0.0));
        return Ok(Verdict::new().part("retrieval", searched, 0.5).part("format", format, 0.5));
    }
    let truth = case.truth("the truth")?;
    let said = case.answer();
    let f1 = said.map_or(0.0, |said| crate::text::rouge(truth, said)[0]);
    let fault = if format == 0.0 { 1.0 } else { 0.0 };
    Ok(Verdict::of("f1", f1).part("format_fault", fault, -2.0).because(said.err()))
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn the_stages_pay_for_other_things() {
        let row = R1Searcher.entry().example;
        assert!((pays(&R1Searcher, row) - 6.0 / 7.0).abs() < 1e-12);
        assert!((pays(&R1Searcher, &row.replace("<think>found", "")) - (6.0 / 7.0 - 2.0)).abs() < 1e-12);
        let first = row.replace("\"stage\": 2", "\"stage\": 1, \"calls\": 2");
        assert_eq!(pays(&R1Searcher, &first), 1.0);
    }
}
