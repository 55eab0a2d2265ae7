//! Losses and stops of verifiers, and of thoughts with their action.

/// −ln σ(β(winner − loser)), of the margins log π − log π_ref of the better and the worse reply; β is 0.1 as a rule.
///
/// # Source
/// Rafailov et al., Direct Preference Optimization, 2023, equation 7.
pub fn dpo_loss(winner: f64, loser: f64, beta: f64) -> f64 {
    let z = beta * (winner - loser);
    // ln(1 + e^−z) without overflow
    if z > 0.0 { libm::log1p(libm::exp(-z)) } else { libm::log1p(libm::exp(z)) - z }
}

/// c · log-likelihood of the thought + that of the action: what PPO updates where only the action is graded.
///
/// # Source
/// `ppo.py` of weit123/GTR, 2025.
pub fn gtr_log_likelihood(thought: f64, action: f64, c: f64) -> f64 {
    c * thought + action
}

/// How the verifier's logits differ from its reference's: log softmax of the one − of the other.
///
/// # Source
/// `verifier.py` of Open-DataFlow/vts-v.
pub fn logits_shift(policy: &[f64], reference: &[f64]) -> Vec<f64> {
    let log_softmax = |logits: &[f64]| -> Vec<f64> {
        let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logits.iter().map(|l| libm::exp(l - most)).sum();
        logits.iter().map(|l| l - most - libm::log(sum)).collect()
    };
    log_softmax(policy).into_iter().zip(log_softmax(reference)).map(|(p, r)| p - r).collect()
}

/// Whether a verified search ends: the change of the shift between two steps is below the threshold (0.5), or the turns are used up (10).
pub fn should_stop(before: &[f64], now: &[f64], threshold: f64, turn: u32, most: u32) -> bool {
    let squares: f64 = before.iter().zip(now).map(|(a, b)| (a - b) * (a - b)).sum();
    squares.sqrt() < threshold || turn >= most
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    #[test]
    fn losses_and_stops_are_those_of_the_worked_vectors() {
        close(&[dpo_loss(2.0, -1.0, 0.1)], &[0.554355]); // u56
        assert!(dpo_loss(-1e6, 1e6, 1.0).is_finite());
        close(&[gtr_log_likelihood(-10.0, -2.0, 0.5)], &[-7.0]); // u71
        assert!(!should_stop(&[0.2, -0.1], &[0.5, 0.3], 0.5, 1, 10)); // u72
        assert!(should_stop(&[0.2, -0.1], &[0.5, 0.3], 0.5, 10, 10));
        close(&logits_shift(&[1.0, 1.0], &[0.0, 0.0]), &[0.0, 0.0]);
    }
}
