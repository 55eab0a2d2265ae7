//! ERGO: a crop that is small and suffices.

use super::reply::Reason;
use super::{Case, Fault, Verdict};

rule! {
    /// Region + ½ small box + accuracy + format.
    ///
    /// Region: whether a frozen model answers right from the crop alone (the judge's `region` of the answer, or `context.region`; without
    /// either the overlap of `context.crop` with `context.box`, where both are given). Small: crop area over image area at most 0.6 (`context.area`).
    ///
    /// # Source
    /// ERGO, 2025, through a published note (nota-github/ERGO holds no training code).
    Ergo, "ergo", "a small crop from which the answer can be seen, accuracy, format", "ergo.rs",
    Some("ERGO, 2025 (through a published note)"),
    r#"{"id": 1, "completion": "<think>z</think><answer>B</answer>", "answer": "B", "context": {"region": 1, "area": 0.36}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason) = case.accuracy()?;
    let judged = match case.context.share("region")? {
        None => case.judged("region", case.answer().unwrap_or_default())?,
        given => given,
    };
    let corners = |value: &serde_json::Value| super::read::corners_of(&super::case::numbers(value)?);
    let overlap = match (
        case.context.read("crop", "[x1, y1, x2, y2]", corners)?,
        case.context.read("box", "[x1, y1, x2, y2]", corners)?,
    ) {
        (Some(crop), Some(truth)) => crop.iou(truth),
        _ => 0.0,
    };
    let stands_in = case.context.get("crop").is_some() && case.context.get("box").is_some();
    let nobody = (judged.is_none() && !stands_in).then_some(Reason::NoJudge);
    let small = case.context.share("area")?.is_some_and(|area| area > 0.0 && area <= 0.6);
    let verdict = Verdict::of("region", judged.unwrap_or(overlap))
        .part("small", f64::from(u8::from(small)), 0.5)
        .part("accuracy", accuracy, 1.0)
        .part("format", case.format(), 1.0)
        .because(reason)
        .because(nobody);
    Ok(verdict.judged_if("region", judged.is_some()))
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn small_crops_pay_half_more() {
        // vector u64
        let row = Ergo.entry().example;
        assert_eq!((pays(&Ergo, row), pays(&Ergo, &row.replace("0.36", "0.70"))), (3.5, 3.0));
    }
}
