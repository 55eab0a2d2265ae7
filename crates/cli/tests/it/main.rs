//! The command line as its users meet it: the built program, its output and its exit codes.

mod list;
#[cfg(all(feature = "video", target_os = "linux"))]
mod million;
mod model;
#[cfg(feature = "video")]
mod models;
#[cfg(all(feature = "video", target_os = "linux"))]
mod no_room;
#[cfg(feature = "video")]
mod report;
mod serve;
mod suite;
mod usage;
#[cfg(feature = "video")]
mod watch;

use std::process::{Command, Output};

/// Runs the program with these arguments and waits for its end.
fn chronotope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chronotope")).args(arguments).output().expect("the program was built")
}

/// Standard output of a run that must end well and say nothing on standard error.
fn stdout_of(arguments: &[&str]) -> String {
    let output = chronotope(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{arguments:?}: {}\n{stderr}", output.status);
    String::from_utf8(output.stdout).expect("output is UTF-8")
}
