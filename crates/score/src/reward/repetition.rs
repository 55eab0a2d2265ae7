//! Saying the same again.

use super::{Case, Fault, Verdict};
use std::collections::BTreeSet;

rule! {
    /// Share of the reply's runs of `context.n` words (5) that are unlike each other, as a cost: the share − 1, 0 to −1.
    ///
    /// Words are parted by blanks, whatever their case. A reply of fewer words costs nothing. Memory and time are linear in the reply
    /// (up to the logarithm of its words).
    ///
    /// # Source
    /// Share of unique n-grams, as in Yeo et al., 2025 and ulab-uiuc/Time-R1.
    Repetition, "repetition", "cost of repeated runs of words: share of unlike runs minus 1", "repetition.rs",
    Some("Yeo et al., Demystifying Long Chain-of-Thought, 2025"),
    r#"{"id": 1, "completion": "a b c a b c a b c a b c", "context": {"n": 3}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let n = case
        .context
        .read("n", "a whole number from 1 to 64", |v| v.as_u64().filter(|n| (1..=64).contains(n)))?;
    let words = words(case.reply.text());
    let share = unlike_share(&words, n.unwrap_or(5) as usize).unwrap_or(1.0);
    Ok(Verdict::of("repetition", share - 1.0))
}

/// The words as numbers: equal ones, whatever their case, have the same.
pub(crate) fn words(text: &str) -> Vec<u32> {
    let lower = text.to_lowercase();
    let mut of: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    let mut next = 0;
    lower
        .split_whitespace()
        .map(|word| {
            *of.entry(word).or_insert_with(|| {
                next += 1;
                next
            })
        })
        .collect()
}

/// Share of the runs of `n` words that are unlike each other; none where there is no such run.
pub(crate) fn unlike_share(words: &[u32], n: usize) -> Option<f64> {
    if words.len() < n {
        return None;
    }
    let runs: BTreeSet<&[u32]> = words.windows(n).collect();
    Some(runs.len() as f64 / (words.len() - n + 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_come_again_cost() {
        // a b c | b c a | c a b are the only three of ten runs
        assert_eq!(unlike_share(&words("a b c A B C a b c a b c"), 3), Some(0.3));
        assert_eq!(unlike_share(&words("a b"), 3), None);
    }
}
