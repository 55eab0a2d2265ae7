//! For tests: the data folder and seeded numbers.

use std::path::PathBuf;

/// The folder of test data with this name, or none with the one line that the counter of data tests reads.
#[allow(clippy::print_stderr)] // the counter reads it
pub(crate) fn data(test: &str, name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CHRONOTOPE_DATA")
        .map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let folder = root.join(name);
    if folder.exists() {
        eprintln!("data test run: {test}");
        Some(folder)
    } else {
        eprintln!("data test skipped: {test}");
        None
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    /// A whole number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// A number in 0..1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
