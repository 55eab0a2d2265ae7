//! Random streams that are named, not numbered: streams of different names never run into each other.
//!
//! In a well-known generator seed `s + 1` repeats seed `s` from its second item on, so that neighbouring seeds used for training and
//! test leak. Here a stream is the digest of all that names it (task, version, split, seed, index), and the digest is its whole state.

use sha2::{Digest, Sha256};

/// A random stream: xoshiro256++ (Blackman and Vigna, 2019), started from a digest of its name.
#[derive(Clone, Debug)]
pub struct Stream {
    state: [u64; 4],
}

impl Stream {
    /// The stream of this name. Parts are told apart: `["ab", "c"]` and `["a", "bc"]` are two names.
    pub fn named(parts: &[&str]) -> Stream {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part.as_bytes());
        }
        Stream::from_digest(digest.finalize().into())
    }

    /// The stream of an item: by what makes it (a task with its version), the split, the seed and the item's number.
    pub fn of_item(maker: &str, split: &str, seed: u64, index: u64) -> Stream {
        let mut digest = Sha256::new();
        for part in [maker, split] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part.as_bytes());
        }
        digest.update(seed.to_le_bytes());
        digest.update(index.to_le_bytes());
        Stream::from_digest(digest.finalize().into())
    }

    /// A stream of its own for a part of the work: what is drawn from it changes nothing in this one.
    pub fn branch(&self, name: &str) -> Stream {
        let mut digest = Sha256::new();
        for word in self.state {
            digest.update(word.to_le_bytes());
        }
        digest.update(name.as_bytes());
        Stream::from_digest(digest.finalize().into())
    }

    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        let (b, a) = (b ^ c, a ^ d);
        self.state = [a, b, c ^ (self.state[1] << 17), d.rotate_left(45)];
        result
    }

    /// A whole number below `n`, each as likely as the other (Lemire, 2019); 0 for `n` 0.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        let mut product = u128::from(self.bits()) * u128::from(n);
        if (product as u64) < n {
            let threshold = n.wrapping_neg() % n;
            while (product as u64) < threshold {
                product = u128::from(self.bits()) * u128::from(n);
            }
        }
        (product >> 64) as u64
    }

    /// A position in a list of this length; 0 for an empty one.
    #[inline]
    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// A whole number from `low` to `high`, both of them possible.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = (i128::from(high) - i128::from(low)).max(0) as u64;
        low.wrapping_add(if width == u64::MAX { self.bits() } else { self.below(width + 1) } as i64)
    }

    /// A number in `[0, 1)`, a multiple of 2⁻⁵³.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A number in `[low, high)`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        (low + (high - low) * self.unit()).min(high)
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A number of the normal distribution of mean 0 and deviation 1 (Box and Muller, 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(2.0 * std::f64::consts::PI * self.unit())
    }

    /// One of the list; none of an empty one.
    pub fn choose<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.index(list.len()))
    }

    /// The list in a random order, each as likely as the other.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.index(last + 1));
        }
    }

    /// `k` different positions in a list of length `n`, in random order; all of them where `k` is greater.
    pub fn sample(&mut self, n: usize, k: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        let k = k.min(n);
        for position in 0..k {
            let other = position + self.index(n - position);
            all.swap(position, other);
        }
        all.truncate(k);
        all
    }

    fn from_digest(digest: [u8; 32]) -> Stream {
        let mut state = [0; 4];
        for (word, bytes) in state.iter_mut().zip(digest.chunks_exact(8)) {
            *word = bytes.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        }
        // the one state that xoshiro never leaves; no digest is known to be it
        Stream { state: if state == [0; 4] { [1, 0, 0, 0] } else { state } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_generator_is_the_published_one() {
        // state 1, 2, 3, 4: the first values of the authors' reference program
        let mut stream = Stream { state: [1, 2, 3, 4] };
        let values = [stream.bits(), stream.bits(), stream.bits(), stream.bits()];
        assert_eq!(values, [41943041, 58720359, 3588806011781223, 3591011842654386]);
    }

    #[test]
    fn neighbouring_seeds_share_nothing() {
        let first = |seed, index| Stream::of_item("maze 1.0", "train", seed, index).bits();
        let all: HashSet<u64> =
            (0..100).flat_map(|seed| (0..100).map(move |index| first(seed, index))).collect();
        assert_eq!(all.len(), 10_000);
        assert_ne!(first(0, 0), Stream::of_item("maze 1.0", "test", 0, 0).bits());
        assert_ne!(Stream::named(&["ab", "c"]).bits(), Stream::named(&["a", "bc"]).bits());
    }

    #[test]
    fn a_branch_leaves_its_stem_alone() {
        let mut stream = Stream::named(&["stem"]);
        let plain = stream.clone().bits();
        let mut branch = stream.branch("leaf");
        assert_ne!(branch.bits(), plain);
        assert_eq!(stream.bits(), plain);
    }

    #[test]
    fn every_number_below_comes_as_often_as_the_others() {
        let mut stream = Stream::named(&["dice"]);
        let mut counts = [0_u32; 6];
        for _ in 0..60_000 {
            counts[stream.index(6)] += 1;
        }
        assert!(counts.iter().all(|&count| (9_600..10_400).contains(&count)), "{counts:?}");
        assert_eq!((stream.below(0), stream.between(7, 7), stream.sample(3, 9).len()), (0, 7, 3));
        assert!((0..1000).all(|_| (-2..=2).contains(&stream.between(-2, 2))));
        let _ = stream.between(i64::MIN, i64::MAX);
    }

    #[test]
    fn the_normal_has_its_mean_and_deviation() {
        let mut stream = Stream::named(&["normal"]);
        let values: Vec<f64> = (0..40_000).map(|_| stream.normal()).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / values.len() as f64;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }
}
