//! CPU time of the examples that measure.

/// Seconds that this thread has been on a CPU.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    stat.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).expect("nanoseconds") / 1e9
}

/// The kernel counts a thread's time in ticks of some milliseconds: what is shorter than this is repeated.
const SHORTEST_S: f64 = 0.05;

/// Median CPU seconds of seven runs.
pub(crate) fn median(mut work: impl FnMut()) -> f64 {
    let mut timed = |n: u32| {
        let before = cpu_s();
        (0..n).for_each(|_| work());
        cpu_s() - before
    };
    let mut n = 1;
    while timed(n) < SHORTEST_S && n < 1 << 20 {
        n *= 2;
    }
    let mut times: Vec<f64> = (0..7).map(|_| timed(n) / f64::from(n)).collect();
    times.sort_by(f64::total_cmp);
    times[3]
}
