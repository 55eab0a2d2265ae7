//! Divergence from a reference, token by token.

/// An estimator of the divergence, of d = log-probability under the policy − under the reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Divergence {
    /// d: unbiased, may be negative.
    K1,
    /// |d|.
    Abs,
    /// d² / 2, also called mse.
    K2,
    /// exp(−d) + d − 1: never negative; the default of GRPO, also called low variance.
    K3,
    /// K3 with −d limited to ±10 before the exponential, as in Video-R1's trainer.
    K3Limited,
    /// K3 with −d limited to ±20 and the value to ±10, as in EasyR1's `core_algos.py`.
    K3Clamped,
}

/// The estimate of one token. Never take the mean of d first: that of k3 over tokens is another number.
///
/// # Source
/// Schulman, Approximating KL Divergence, 2020.
pub fn kl(d: f64, divergence: Divergence) -> f64 {
    let k3 = |minus_d: f64| libm::exp(minus_d) - minus_d - 1.0;
    match divergence {
        Divergence::K1 => d,
        Divergence::Abs => d.abs(),
        Divergence::K2 => 0.5 * d * d,
        Divergence::K3 => k3(-d),
        Divergence::K3Limited => k3((-d).clamp(-10.0, 10.0)),
        Divergence::K3Clamped => k3((-d).clamp(-20.0, 20.0)).clamp(-10.0, 10.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    #[test]
    fn the_estimators_are_those_of_the_worked_vectors() {
        let all = |d| [Divergence::K1, Divergence::K2, Divergence::K3].map(|k| kl(d, k));
        close(&all(-0.2), &[-0.2, 0.02, 0.021403]); // u5
        close(&all(0.2)[2..], &[0.018731]); // u6
        assert_eq!(kl(-30.0, Divergence::K3Clamped), 10.0);
        assert!(kl(-30.0, Divergence::K3Limited) < 22_026.0);
        assert_eq!(kl(-3.0, Divergence::Abs), 3.0);
    }
}
