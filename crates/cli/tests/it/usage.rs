//! What a wrong command line gets: exit code 2, a message on standard error, nothing on standard output.

use std::process::{Command, Stdio};

use crate::{chronotope, stdout_of};

#[test]
fn a_wrong_command_line_is_refused_with_code_2() {
    let wrong: [&[&str]; 6] = [
        &["dream"],
        &["list"],
        &["list", "dreams"],
        &["list", "papers", "--threads", "0"],
        &["list", "papers", "--threads", "many"],
        &["list", "papers", "-q", "-v"],
    ];
    for arguments in wrong {
        let output = chronotope(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?} printed data");
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.starts_with("error: "), "{arguments:?} said: {message}");
    }
}

#[test]
fn help_and_version_are_no_error() {
    assert!(stdout_of(&["--help"]).contains("Usage: chronotope"));
    assert_eq!(stdout_of(&["--version"]).trim_end(), concat!("chronotope ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_settings_of_everywhere_stand_before_or_after_the_command() {
    let expected = stdout_of(&["list", "papers", "--json"]);
    assert_eq!(stdout_of(&["--threads", "1", "--no-timing", "list", "papers", "--json"]), expected);
    assert_eq!(stdout_of(&["list", "papers", "--json", "--threads", "2", "-q"]), expected);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chronotope"))
        .args(["list", "papers", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}
