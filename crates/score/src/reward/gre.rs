//! GRE: where on the globe.

use super::reply::Reason;
use super::{Case, Fault, Verdict, read};
use crate::metric::great_circle_km;

rule! {
    /// 2 / (1 + exp(d / θ)), d the distance along the globe in kilometres, θ 200 (`context.theta`; the release leaves it blank).
    ///
    /// Places are `latitude, longitude` in degrees. The published code swaps the two; with `context.faithful` so does this rule.
    ///
    /// # Source
    /// `train/reward/geo_reward.py` of Thorin215/GRE.
    Gre, "gre", "distance on the globe, on a falling curve", "gre.rs",
    Some("GRE, 2025"),
    r#"{"id": 1, "completion": "<think>Seine</think><answer>48.9, 2.4</answer>", "answer": "48.8566, 2.3522"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let place = |text: &str| match read::numbers(text)[..] {
        [lat, lon] if lat.abs() <= 90.0 && lon.abs() <= 360.0 => Some([lat, lon]),
        _ => None,
    };
    let truth = case.truth_as("`latitude, longitude` in degrees", place)?;
    let above = |value: &serde_json::Value| value.as_f64().filter(|theta| *theta > 0.0);
    let theta = case.context.read("theta", "a number above 0", above)?.unwrap_or(200.0);
    let turned = |p: [f64; 2]| if case.is_faithful() { [p[1], p[0]] } else { p };
    Ok(match case.answer().and_then(|said| place(said).ok_or(Reason::Unreadable)) {
        Ok(said) => Verdict::of("distance", falling(great_circle_km(turned(truth), turned(said)), theta)),
        Err(reason) => Verdict::of("distance", 0.0).because(reason),
    })
}

fn falling(km: f64, theta: f64) -> f64 {
    2.0 / (1.0 + libm::exp(km / theta))
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn nearer_is_better() {
        // vector u53
        assert!((falling(100.0, 200.0) - 0.755081).abs() < 1e-6);
        assert_eq!(
            pays(&Gre, r#"{"completion": "<answer>48.8566, 2.3522</answer>", "answer": "48.8566, 2.3522"}"#),
            1.0
        );
        assert_eq!(
            pays(&Gre, r#"{"completion": "<answer>95, 2</answer>", "answer": "48.8566, 2.3522"}"#),
            0.0
        );
    }
}
