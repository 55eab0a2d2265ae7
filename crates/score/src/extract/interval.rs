//! The interval of an answer in words.

use super::number::decimals;

/// Two times of an answer in seconds, the earlier first: a range (`3.5 - 7`, `from 3.5 s to 7 s`), two clock times
/// (`0:12`, `01:02:03`), or the first two numbers.
///
/// Sentences with a word of time are preferred. Reversed ends are swapped; only the first interval counts.
///
/// # Source
/// After `charades_sta/eval_tvg.py` of lmms-eval (its rules, not its patterns).
pub fn interval(said: &str) -> Option<(f64, f64)> {
    const WORDS: [&str; 10] =
        ["start", "end", "from", "between", "second", "moment", "segment", "during", "happen", "time"];
    let said = said.to_lowercase();
    let sentences: Vec<&str> = said.split(['!', '?', '\n']).collect();
    let of_time = sentences.iter().copied().filter(|s| WORDS.iter().any(|word| s.contains(word)));
    let mut candidates = of_time.chain(sentences.iter().copied());
    let (a, b) = candidates.find_map(|sentence| {
        let mut times = clock_times(sentence);
        if times.len() < 2 {
            times = decimals(&sentence.replace(" to ", " ").replace('-', " "));
        }
        (times.len() >= 2).then(|| (times[0], times[1]))
    })?;
    Some((a.min(b), a.max(b)))
}

/// Times such as `1:02`, `01:02:03.5`, in seconds.
fn clock_times(said: &str) -> Vec<f64> {
    said.split(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.'))
        .filter(|word| word.contains(':'))
        .filter_map(|word| {
            let parts: Vec<&str> = word.trim_matches(['.', ':']).split(':').collect();
            if !(2..=3).contains(&parts.len()) {
                return None;
            }
            parts.iter().try_fold(0.0, |sum, part| Some(sum * 60.0 + part.parse::<f64>().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_clock_times_and_loose_numbers_are_read() {
        for (said, expected) in [
            ("from 3.5 s to 7 s", Some((3.5, 7.0))),
            ("12.5-3 seconds", Some((3.0, 12.5))),
            ("It is 2. The event starts at 10 and ends at 20!", Some((2.0, 10.0))),
            ("Scene 2! The event starts at 10 and ends at 20", Some((10.0, 20.0))),
            ("between 0:12 and 1:02", Some((12.0, 62.0))),
            ("00:01:02 - 00:01:05.5", Some((62.0, 65.5))),
            ("at 5", None),
            ("", None),
        ] {
            assert_eq!(interval(said), expected, "{said:?}");
        }
    }
}
