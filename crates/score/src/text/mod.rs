//! Overlap of words: ROUGE, word error rate, ANLS.

mod porter;

use porter::stem;
use std::collections::BTreeMap;

/// ROUGE-1, ROUGE-2 and ROUGE-L as F-measures, with stemming.
///
/// Words are runs of a–z and 0–9 of the lower-cased text; those of more than three letters are stemmed. A side without words
/// (of ROUGE-2: without pairs) gives 0. Time is linear in the prediction for a given truth, up to a factor of the truth's words.
///
/// # Source
/// Lin, ROUGE, 2004; equal to the package `rouge-score` of google-research with `use_stemmer=True`.
pub fn rouge(truth: &str, said: &str) -> [f64; 3] {
    // words as numbers: those of the truth by their place in order, any other word is 0
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    let mut truth_words = Vec::new();
    each_word(truth, |word| {
        let next = known.len() as u32 + 1;
        truth_words.push(match known.get(word) {
            Some(id) => *id,
            None => *known.entry(word.to_owned()).or_insert(next),
        });
    });
    let mut said_words = Vec::new();
    each_word(said, |word| said_words.push(known.get(word).copied().unwrap_or(0)));
    let (t, s) = (truth_words.len(), said_words.len());
    let f = |common: u64, t: usize, s: usize| {
        if t == 0 || s == 0 || common == 0 {
            return 0.0;
        }
        let (precision, recall) = (common as f64 / s as f64, common as f64 / t as f64);
        2.0 * precision * recall / (precision + recall)
    };
    let n = known.len() + 1;
    let mut counts = vec![0u32; n];
    for word in &truth_words {
        counts[*word as usize] += 1;
    }
    let ones = common(&mut counts, said_words.iter().map(|word| *word as usize));
    // pairs: the places of the truth's pairs in order
    let pair = |words: &[u32]| u64::from(words[0]) << 32 | u64::from(words[1]);
    let mut pairs: Vec<u64> = truth_words.windows(2).map(pair).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut left = vec![0u32; pairs.len()];
    for found in truth_words.windows(2).map(pair) {
        left[pairs.binary_search(&found).expect("a pair of the truth")] += 1;
    }
    let places = said_words.windows(2).filter_map(|words| pairs.binary_search(&pair(words)).ok());
    let twos = common(&mut left, places);
    let longest = longest_common_subsequence(&truth_words, &said_words);
    [f(ones, t, s), f(twos, t.saturating_sub(1), s.saturating_sub(1)), f(longest, t, s)]
}

/// How many of `places` can be taken from `counts`.
fn common(counts: &mut [u32], places: impl Iterator<Item = usize>) -> u64 {
    let mut n = 0;
    for place in places {
        if counts[place] > 0 {
            counts[place] -= 1;
            n += 1;
        }
    }
    n
}

/// Length of the longest common subsequence; 0 in `said` is no word of the truth.
fn longest_common_subsequence(truth: &[u32], said: &[u32]) -> u64 {
    if truth.len() > 64 {
        let mut row = vec![0u32; truth.len() + 1];
        for word in said.iter().filter(|word| **word > 0) {
            let mut diagonal = 0;
            for (i, other) in truth.iter().enumerate() {
                let above = row[i + 1];
                row[i + 1] = if word == other { diagonal + 1 } else { above.max(row[i]) };
                diagonal = above;
            }
        }
        return u64::from(row[truth.len()]);
    }
    // bits of a word: Hyyrö, Bit-parallel LCS-length computation revisited, 2004
    let mut masks = vec![0u64; truth.iter().max().map_or(1, |most| *most as usize + 1)];
    for (i, word) in truth.iter().enumerate() {
        masks[*word as usize] |= 1 << i;
    }
    let mut v = u64::MAX;
    for word in said.iter().filter(|word| **word > 0) {
        let u = v & masks.get(*word as usize).copied().unwrap_or(0);
        v = v.wrapping_add(u) | v.wrapping_sub(u);
    }
    let all = if truth.len() == 64 { u64::MAX } else { (1 << truth.len()) - 1 };
    u64::from((!v & all).count_ones())
}

/// Every word of the text, stemmed.
fn each_word(text: &str, mut word: impl FnMut(&str)) {
    let mut letters = String::new();
    let mut end = |letters: &mut String| {
        if !letters.is_empty() {
            if letters.len() > 3 {
                stem(letters);
            }
            // the stem of an oddity may be empty; rouge-score drops such words
            if !letters.is_empty() {
                word(letters);
            }
            letters.clear();
        }
    };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            letters.push(c.to_ascii_lowercase());
        } else if c.is_ascii() {
            end(&mut letters);
        } else {
            // the lower case of a few letters outside of ASCII lies in it (K of Kelvin)
            for lower in c.to_lowercase() {
                if lower.is_ascii_alphanumeric() { letters.push(lower) } else { end(&mut letters) }
            }
        }
    }
    end(&mut letters);
}

/// Edits of words (insert, delete, replace) over the words of the truth; words are parted by blanks. An empty truth gives 0 for an
/// empty prediction, else infinity.
///
/// # Source
/// `wer` of Video-R1's `grpo.py`.
pub fn word_error_rate(truth: &str, said: &str) -> f64 {
    let truth: Vec<&str> = truth.split_whitespace().collect();
    let n = said.split_whitespace().count();
    if truth.is_empty() {
        return if n == 0 { 0.0 } else { f64::INFINITY };
    }
    edits(&truth, said.split_whitespace()) as f64 / truth.len() as f64
}

/// Edits of letters over the longer text's letters, 1 − that where it is at least ½, else 0; case and blanks at the ends do not count.
///
/// # Source
/// Biten et al., Scene Text Visual Question Answering, 2019 (ANLS, τ 0.5).
pub fn anls(truth: &str, said: &str) -> f64 {
    let (truth, said) = (truth.trim().to_lowercase(), said.trim().to_lowercase());
    let truth: Vec<char> = truth.chars().collect();
    let longest = truth.len().max(said.chars().count());
    if longest == 0 {
        return 1.0;
    }
    let similar = 1.0 - edits(&truth, said.chars()) as f64 / longest as f64;
    if similar >= 0.5 { similar } else { 0.0 }
}

/// Fewest insertions, deletions and replacements.
fn edits<T: PartialEq + Copy>(truth: &[T], said: impl Iterator<Item = T>) -> usize {
    let mut row: Vec<usize> = (0..=truth.len()).collect();
    for (n, item) in said.enumerate() {
        let mut diagonal = row[0];
        row[0] = n + 1;
        for (i, other) in truth.iter().enumerate() {
            let above = row[i + 1];
            let replaced = diagonal + usize::from(*other != item);
            row[i + 1] = replaced.min(above + 1).min(row[i] + 1);
            diagonal = above;
        }
    }
    row[truth.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }

    #[test]
    fn rouge_counts_words_pairs_and_order() {
        let [one, two, longest] = rouge("the cat sat on the mat", "the cats sat on a mat");
        close(one, 5.0 / 6.0);
        close(two, 3.0 / 5.0);
        close(longest, 5.0 / 6.0);
        assert_eq!(rouge("a b", ""), [0.0; 3]);
        assert_eq!(rouge("", ""), [0.0; 3]);
        // repeated words count as often as in the truth
        close(rouge("go", "go go go go")[0], 0.4);
    }

    #[test]
    fn the_two_ways_to_the_longest_common_subsequence_agree() {
        let truth: Vec<u32> = (0..70u32).map(|i| i * 7 % 11 + 1).collect();
        let said: Vec<u32> = (0..200u32).map(|i| i * i % 13).collect();
        let slow = |truth: &[u32]| {
            let mut row = vec![0u64; truth.len() + 1];
            for word in &said {
                let mut diagonal = 0;
                for (i, other) in truth.iter().enumerate() {
                    let above = row[i + 1];
                    row[i + 1] = if word == other { diagonal + 1 } else { above.max(row[i]) };
                    diagonal = above;
                }
            }
            row[truth.len()]
        };
        for n in [0, 1, 5, 63, 64, 65, 70] {
            assert_eq!(longest_common_subsequence(&truth[..n], &said), slow(&truth[..n]), "{n}");
        }
    }

    #[test]
    fn errors_of_words_and_letters_are_edits() {
        close(word_error_rate("a b c d", "a x c"), 0.5);
        assert_eq!(word_error_rate("", ""), 0.0);
        close(anls("Stop", "stop "), 1.0);
        close(anls("stop", "stap"), 0.75);
        assert_eq!(anls("stop", "go"), 0.0);
    }
}
