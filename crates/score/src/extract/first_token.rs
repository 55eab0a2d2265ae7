//! The first word of an answer.

/// The text up to the first space, without full stops at its end: how VSI-Bench reads a letter or a number.
///
/// `A. the chair` gives `A`; `The answer is B` gives `The`, which is wrong: strictness is part of the benchmark.
///
/// # Source
/// `fuzzy_matching` in `lmms_eval/tasks/vsibench/utils.py` of github.com/vision-x-nyu/thinking-in-space.
pub fn first_token(said: &str) -> &str {
    said.split(' ').next().unwrap_or_default().trim_end_matches('.').trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_counts_and_nothing_else() {
        for (said, token) in [
            ("A. the chair", "A"),
            ("B", "B"),
            ("C.", "C"),
            ("The answer is B", "The"),
            ("", ""),
            ("\n3.5", "3.5"),
        ] {
            assert_eq!(first_token(said), token, "{said:?}");
        }
    }
}
