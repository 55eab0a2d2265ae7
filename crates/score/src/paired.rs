//! Two scores of the same items, compared item by item.

use crate::metric::sums::{poisson, split_mix};
use crate::report::Interval;

/// Which of two is better, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// Items.
    pub n: u64,
    /// Mean of the first, then of the second.
    pub means: [f64; 2],
    /// Where the difference of the means, second minus first, would lie if other items had been drawn like these; none for one item.
    pub interval: Option<Interval>,
    /// Items on which the first is better, then those on which the second is.
    pub better: [u64; 2],
    /// Probability that items on which they differ split at least so unevenly where neither is better: the sign test, two-sided, exact.
    /// None where they differ nowhere.
    pub p: Option<f64>,
}

/// Drawn copies of the items; the interval's ends are their 25th smallest and largest differences.
const RESAMPLES: usize = 1_000;

/// Compares two scores of the same items, `[first, second]` each; none where there are no items. Deterministic by the seed.
///
/// # Source
/// Efron, Bootstrap methods, 1979 (items drawn again, both scores together); Dixon and Mood, The statistical sign test, 1946, which on
/// scores of 0 and 1 is McNemar's exact test.
///
/// # Cost
/// Time in items × 1,000.
pub fn paired(scores: &[[f64; 2]], seed: u64) -> Option<Paired> {
    let n = scores.len();
    let mean = |k: usize| scores.iter().map(|pair| pair[k]).sum::<f64>() / n as f64;
    let means = (n > 0).then(|| [mean(0), mean(1)])?;
    let count = |k: usize| scores.iter().filter(|pair| pair[k] > pair[1 - k]).count() as u64;
    let better = [count(0), count(1)];
    Some(Paired { n: n as u64, means, interval: interval(scores, seed), better, p: sign_test(better) })
}

fn interval(scores: &[[f64; 2]], seed: u64) -> Option<Interval> {
    if scores.len() < 2 {
        return None;
    }
    let mut random = seed;
    let mut differences: Vec<f64> = (0..RESAMPLES)
        .filter_map(|_| {
            let (mut sum, mut n, mut bits) = (0.0, 0.0, 0);
            for (i, [first, second]) in scores.iter().enumerate() {
                if i % 4 == 0 {
                    bits = split_mix(&mut random);
                }
                let weight = poisson(bits as u16);
                bits >>= 16;
                sum += weight * (second - first);
                n += weight;
            }
            (n > 0.0).then(|| sum / n)
        })
        .collect();
    differences.sort_by(f64::total_cmp);
    let tail = differences.len() / 40;
    let (low, high) = (*differences.get(tail)?, *differences.get(differences.len() - 1 - tail)?);
    Some(Interval { low, high, level: 0.95, resamples: differences.len() as u32 })
}

fn sign_test([first, second]: [u64; 2]) -> Option<f64> {
    let (few, n) = (first.min(second), (first + second) as f64);
    if n == 0.0 {
        return None;
    }
    let log_choose = |k: f64| libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    let tail: f64 = (0..=few).map(|k| libm::exp(log_choose(k as f64) - n * std::f64::consts::LN_2)).sum();
    Some((2.0 * tail).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_test_is_the_binomial_one() {
        // 1 of 10: 2 · (1 + 10) / 1024, by hand; 8 of 8: 2 / 256
        assert!((sign_test([1, 9]).expect("they differ") - 22.0 / 1024.0).abs() < 1e-12);
        assert!((sign_test([8, 0]).expect("they differ") - 2.0 / 256.0).abs() < 1e-12);
        assert_eq!(sign_test([3, 3]), Some(1.0));
        assert_eq!(sign_test([0, 0]), None);
    }

    #[test]
    fn a_shift_of_every_item_has_no_spread_and_an_even_split_holds_zero() {
        let shifted: Vec<[f64; 2]> = (0..50).map(|i| [f64::from(i % 2), f64::from(i % 2) + 0.25]).collect();
        let found = paired(&shifted, 7).expect("items");
        let interval = found.interval.expect("several items");
        assert!((interval.low - 0.25).abs() < 1e-12 && (interval.high - 0.25).abs() < 1e-12);
        assert_eq!(found.better, [0, 50]);
        let even: Vec<[f64; 2]> = (0..200).map(|i| [f64::from(i % 2), f64::from((i + 1) % 2)]).collect();
        let interval = paired(&even, 7).and_then(|found| found.interval).expect("several items");
        // the standard error of 200 differences of ±1 is 1/√200 = 0.071, 1.96 of them 0.139
        assert!((interval.low + 0.139).abs() < 0.03 && (interval.high - 0.139).abs() < 0.03, "{interval:?}");
    }

    #[test]
    fn no_item_says_nothing_and_one_has_no_interval() {
        assert_eq!(paired(&[], 0), None);
        assert_eq!(paired(&[[0.0, 1.0]], 0).map(|found| found.interval), Some(None));
    }
}
