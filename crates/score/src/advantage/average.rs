//! One loss of many tokens'.

/// What the losses of a batch's tokens are divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Averaging {
    /// The mean over each rollout's tokens, then over rollouts: GRPO.
    Sequence,
    /// The sum over all tokens by their number: DAPO over the whole batch, bnpo over a part of it.
    Token,
    /// The sum over all tokens by rollouts times this most number of tokens: Dr. GRPO.
    Fixed(f64),
}

/// The loss of a batch of rollouts, each with the losses of its tokens and whether each counts.
///
/// Masked tokens (tool output, pictures, truncated rollouts) stand in neither numerator nor denominator; under [`Averaging::Sequence`] a
/// rollout without a token that counts is none. Nothing at all is 0.
pub fn averaged(rollouts: &[Vec<(f64, bool)>], averaging: Averaging) -> f64 {
    let counted = |rollout: &[(f64, bool)]| {
        let counts = rollout.iter().filter(|(_, counts)| *counts);
        (counts.clone().map(|(loss, _)| loss).sum::<f64>(), counts.count() as f64)
    };
    let sums: Vec<(f64, f64)> =
        rollouts.iter().map(|rollout| counted(rollout)).filter(|(_, n)| *n > 0.0).collect();
    let total: f64 = sums.iter().map(|(sum, _)| sum).sum();
    let by = match averaging {
        Averaging::Sequence => return super::mean(&sums.iter().map(|(sum, n)| sum / n).collect::<Vec<_>>()),
        Averaging::Token => sums.iter().map(|(_, n)| n).sum(),
        Averaging::Fixed(most) => rollouts.len() as f64 * most,
    };
    if by > 0.0 { total / by } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    #[test]
    fn the_three_averages_of_the_worked_vector() {
        // vector u8
        let rollouts = [vec![(1.0, true); 2], vec![(2.0, true); 4]];
        let all = |rollouts: &[Vec<(f64, bool)>]| {
            [Averaging::Sequence, Averaging::Token, Averaging::Fixed(8.0)].map(|a| averaged(rollouts, a))
        };
        close(&all(&rollouts), &[1.5, 1.666667, 0.625]);
        let masked = [vec![(1.0, true), (9.0, false)], vec![(2.0, true)], vec![(9.0, false)]];
        close(&all(&masked), &[1.5, 1.5, 0.125]);
        close(&all(&[]), &[0.0; 3]);
    }
}
