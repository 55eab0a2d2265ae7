//! A million things: read, stored and asked within bounded memory.

use super::report::Scratch;
use std::fmt::Write as _;
use std::process::Command;

/// Runs the program in at most `MOST_KIB` of address space, libraries and all.
fn bounded(arguments: &[&str]) -> String {
    const MOST_KIB: u64 = 4 << 20;
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -v {MOST_KIB}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_chronotope")])
        .args(arguments)
        .output()
        .expect("a shell");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {}\n{stderr}", output.status);
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

#[test]
fn a_million_things_are_stored_and_counted() {
    let scratch = Scratch::new("million");
    let mut rows = String::with_capacity(40 << 20);
    for k in 0..1_000_000 {
        writeln!(rows, "{},{},{}.5,7.25,30,60,1,-1,-1,-1", 1 + k / 1000, 1 + k, k * 7 % 613)
            .expect("a text takes everything");
    }
    let csv = scratch.path("crowd.csv");
    std::fs::write(&csv, rows).expect("can be written");
    let world = scratch.path("crowd.world");
    bounded(&["import", "mot", &csv, "-o", &world, "--fps", "10", "-q"]);
    let first =
        |question: &str| bounded(&["ask", &world, question]).lines().next().unwrap_or_default().to_owned();
    assert_eq!(first("How many people are there?"), "1000000");
    assert_eq!(first("How many people are visible at 5 s?"), "1000");
    // each is seen in one picture and may be there until the next
    assert_eq!(first("What is the largest number of people at the same time?"), "1000 (1000 to 2000)");
}
