//! Which groups and rollouts a batch learns from.

/// Whether a group teaches: its mean accuracy lies within the limits. DAPO drops all wrong and all right (0 and 1, excluded); OneThinker
/// keeps 0.01 to 0.99.
///
/// # Source
/// Yu et al., DAPO (dynamic sampling), 2025.
pub fn is_informative(accuracies: &[f64], above: f64, below: f64) -> bool {
    let mean = super::mean(accuracies);
    !accuracies.is_empty() && above < mean && mean < below
}

/// Whether a rollout's tokens count: a truncated one's do not (hard overlong mask).
pub fn keeps_tokens(is_truncated: bool) -> bool {
    !is_truncated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_right_and_all_wrong_teach_nothing() {
        for (accuracies, expected) in
            [(&[1.0, 1.0][..], false), (&[0.0, 0.0], false), (&[0.0, 1.0], true), (&[], false)]
        {
            assert_eq!(is_informative(accuracies, 0.0, 1.0), expected);
        }
        assert!(!keeps_tokens(true));
    }
}
