//! AutoVLA: driving well, thinking only where it helps.

use super::{Case, Fault, Verdict};

rule! {
    /// The PDM score − 0.3 · σ(0.002 · (characters − 400)) where the reply takes the slow path.
    ///
    /// `context.pdm` is the score of the driven path, from the simulator; without it, its parts: `no_collision`, `drivable`, `progress`,
    /// `time_to_collision`, `comfort` as no_collision · drivable · (5 progress + 5 time to collision + 2 comfort) / 12 (recalled, unchecked). Slow is a
    /// reply that says `complex scenario`, or `context.slow`.
    ///
    /// # Source
    /// `models/autovla.py` of ucla-mobility/AutoVLA.
    AutoVla, "auto-vla", "the driving score, less for long thoughts", "auto_vla.rs",
    Some("Zhou et al., AutoVLA, 2025"),
    r#"{"id": 1, "completion": "<think>a complex scenario</think><answer>keep</answer>", "context": {"pdm": 0.9}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let pdm = if let Some(pdm) = case.context.share("pdm")? {
        pdm
    } else {
        let expected = "a number from 0 to 1";
        let of = |field| -> Result<f64, Fault> {
            let nothing = || Fault::Context { field, expected, found: "nothing".to_owned() };
            case.context.share(field)?.ok_or_else(nothing)
        };
        let mean = (5.0 * of("progress")? + 5.0 * of("time_to_collision")? + 2.0 * of("comfort")?) / 12.0;
        of("no_collision")? * of("drivable")? * mean
    };
    let text = case.reply.text();
    let slow = case.context.flag("slow")? || text.to_ascii_lowercase().contains("complex scenario");
    let cost = if slow { long_thoughts(text.chars().count() as f64) } else { 0.0 };
    Ok(Verdict::of("pdm", pdm).part("length", cost, -0.3))
}

/// σ(0.002 · (characters − 400)).
fn long_thoughts(characters: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-0.002 * (characters - 400.0)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn long_thoughts_cost_on_the_slow_path() {
        // vector u47
        let row = |slow| {
            format!(r#"{{"completion": "{}", "context": {{"pdm": 0.9, "slow": {slow}}}}}"#, "x".repeat(900))
        };
        assert!((pays(&AutoVla, &row(true)) - 0.680682).abs() < 1e-6);
        assert_eq!(pays(&AutoVla, &row(false)), 0.9);
        let parts = r#"{"completion": "", "context": {"no_collision": 1, "drivable": 1, "progress": 0.6, "time_to_collision": 1, "comfort": 1}}"#;
        assert!((pays(&AutoVla, parts) - 10.0 / 12.0).abs() < 1e-12);
    }
}
