//! Criterion by CPU time of the thread: steady on a busy machine.

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use std::time::Duration;

/// Nanoseconds that this thread ran, from the kernel's scheduler (Linux).
pub(crate) struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        ran()
    }

    fn end(&self, start: Duration) -> Duration {
        ran().saturating_sub(start).max(Duration::from_nanos(1))
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

fn ran() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let ns = text.split_whitespace().next().and_then(|word| word.parse().ok()).expect("a number");
    Duration::from_nanos(ns)
}
