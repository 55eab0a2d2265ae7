//! CPU time of the examples that measure.

/// Seconds that this thread has been on a CPU.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    stat.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).expect("nanoseconds") / 1e9
}

/// Median CPU seconds of seven runs.
pub(crate) fn median(mut work: impl FnMut()) -> f64 {
    work();
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            let before = cpu_s();
            work();
            cpu_s() - before
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[3]
}
