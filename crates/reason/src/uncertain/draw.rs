//! Seeded draws: the same numbers on every machine, in any order.

use sha2::{Digest as _, Sha256};

/// SplitMix64 (Steele, Lea, Flood, *Fast splittable pseudorandom number generators*, 2014).
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// The stream of this seed for the thing of this name: seeded by a digest, so that streams of different names do not overlap in
    /// practice.
    pub fn new(seed: u64, name: &str) -> Draw {
        let mut hasher = Sha256::new();
        hasher.update(seed.to_le_bytes());
        hasher.update(name.as_bytes());
        let digest = hasher.finalize();
        Draw(digest.iter().take(8).fold(0, |bits, byte| bits << 8 | u64::from(*byte)))
    }

    /// The stream of a key of several numbers: whoever asks for it, in whatever order, gets the same.
    pub fn keyed(key: &[u64]) -> Draw {
        Draw(key.iter().fold(0, |state, part| Draw(state ^ part).bits()))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A stream of its own, begun at the next bits of this one.
    #[must_use]
    pub fn fork(&mut self) -> Draw {
        Draw(self.bits())
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in 0..n; 0 where n is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.uniform() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// Standard normal (Box and Muller, 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// How often something of probability `1 - p` comes before the first of probability `p`; 0 where `p` is no probability above
    /// 0. At most 1,000.
    pub fn geometric(&mut self, p: f64) -> usize {
        let u = self.uniform();
        if !(p > 0.0 && p < 1.0) {
            return 0;
        }
        (libm::log(1.0 - u) / libm::log(1.0 - p)).min(1e9) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_draws_have_mean_0_and_deviation_1() {
        let mut draw = Draw::keyed(&[7]);
        let drawn: Vec<f64> = (0..20_000).map(|_| draw.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / 20_000.0;
        let variance = drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.04, "{mean} {variance}");
    }

    #[test]
    fn another_name_or_seed_is_another_stream() {
        let first = |seed, name| Draw::new(seed, name).bits();
        assert_ne!(first(0, "a"), first(0, "b"));
        assert_ne!(first(0, "a"), first(1, "a"));
        assert_eq!(first(0, "a"), first(0, "a"));
    }

    #[test]
    fn keys_that_differ_are_streams_that_differ() {
        let first = |key: &[u64]| Draw::keyed(key).bits();
        assert_ne!(first(&[0, 1]), first(&[1, 0]));
        assert_ne!(first(&[0, 1]), first(&[0, 2]));
        assert_eq!(first(&[3, 1]), first(&[3, 1]));
    }

    #[test]
    fn geometric_draws_have_their_mean() {
        let mut draw = Draw::keyed(&[5]);
        let mean = (0..20_000).map(|_| draw.geometric(0.8) as f64).sum::<f64>() / 20_000.0;
        assert!((mean - 0.25).abs() < 0.02, "{mean}");
        assert_eq!((draw.geometric(1.0), draw.geometric(0.0)), (0, 0));
    }
}
