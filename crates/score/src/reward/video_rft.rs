//! VideoRFT: words that fit the pictures.

use super::reply::Reason;
use super::{Case, Fault, Verdict};

rule! {
    /// Accuracy + format + semantics: mean over pictures of min(1, 2 · max(cosine, 0)) where the answer is right, else 0.
    ///
    /// The cosines of text and pictures come from an embedding model: the judge's `semantic` of the thoughts (one cosine), or `context.cosines` (one a
    /// picture). Without either the part is left away (`no_judge`); claims can be checked claims against a World.
    ///
    /// # Source
    /// QiWang98/VideoRFT.
    VideoRft, "video-rft", "accuracy, format, and a description that fits the pictures (judged)", "video_rft.rs",
    Some("Wang et al., VideoRFT, 2025"),
    r#"{"id": 1, "completion": "<think>a dog runs</think><answer>B</answer>", "answer": "B", "context": {"cosines": [0.3, 0.6, -0.1]}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason) = case.accuracy()?;
    let verdict = Verdict::of("accuracy", accuracy).part("format", case.format(), 1.0).because(reason);
    let thoughts = case.reply.thoughts().unwrap_or_default();
    let cosines = match case.context.cosines("cosines")? {
        None => case.judged_cosine("semantic", thoughts)?.map(|cosine| vec![cosine]),
        given => given,
    };
    Ok(match cosines {
        Some(cosines) => {
            let value = if accuracy == 0.0 { 0.0 } else { semantic(&cosines) };
            verdict.part("semantic", value, 1.0).judged("semantic")
        }
        None => verdict.because(Reason::NoJudge).judged_if("semantic", false),
    })
}

fn semantic(cosines: &[f64]) -> f64 {
    let each = cosines.iter().map(|cosine| (2.0 * cosine.max(0.0)).min(1.0));
    if cosines.is_empty() { 0.0 } else { each.sum::<f64>() / cosines.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::verdict;
    use super::*;

    #[test]
    fn semantics_pay_right_answers_only() {
        // vector u66
        let row = VideoRft.entry().example;
        let right = verdict(&VideoRft, row);
        assert!((right.value("semantic").expect("there") - 0.533333).abs() < 1e-6);
        assert_eq!(right.judged, ["semantic"]);
        assert_eq!(verdict(&VideoRft, &row.replace("<answer>B", "<answer>C")).value("semantic"), Some(0.0));
    }
}
