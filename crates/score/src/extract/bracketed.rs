//! Lists of numbers in brackets.

/// The first bracketed list of exactly `n` numbers, in `[…]` or `(…)`: `[1, 2, 3.5, 4]`.
pub fn bracketed(said: &str, n: usize) -> Option<Vec<f64>> {
    said.match_indices(['[', '(']).find_map(|(at, open)| {
        let close = if open == "[" { ']' } else { ')' };
        // a list of numbers is short; what is longer is none
        let inside =
            said[at + 1..].get(..).map(|rest| rest.find([close, '[', '(']).map(|to| &rest[..to]))??;
        let numbers: Option<Vec<f64>> =
            inside.split(',').map(|part| part.trim().parse().ok().filter(|v: &f64| v.is_finite())).collect();
        numbers.filter(|numbers| numbers.len() == n)
    })
}

/// The numbers of the last bracketed list of whole numbers, `[0, 2, 1]`.
pub fn last_whole_numbers(said: &str) -> Option<Vec<i64>> {
    // from the last opening bracket backwards; each stretch between two of them is looked at once
    let mut end = said.len();
    said.rmatch_indices('[').find_map(|(open, _)| {
        let inside = &said[open + 1..std::mem::replace(&mut end, open)];
        let inside = &inside[..inside.find(']')?];
        inside.split(',').map(|part| part.trim().parse().ok()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_list_of_that_length_counts() {
        assert_eq!(bracketed("see (1, 2) and [1, 2, 3.5, 4]", 4), Some(vec![1.0, 2.0, 3.5, 4.0]));
        assert_eq!(bracketed("see (1, 2)", 2), Some(vec![1.0, 2.0]));
        assert_eq!(bracketed("[[1, 2, 3, 4]]", 4), Some(vec![1.0, 2.0, 3.0, 4.0]));
        assert_eq!(bracketed("[1, 2, inf, 4] 5", 4), None);
        assert_eq!(last_whole_numbers("first [3, 1] then [0, 2, 1]."), Some(vec![0, 2, 1]));
        assert_eq!(last_whole_numbers("a [1, 2] and [b]"), Some(vec![1, 2]));
        assert_eq!(last_whole_numbers("]]]["), None);
    }
}
