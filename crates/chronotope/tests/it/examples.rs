//! Every program in `examples/` is listed, says how to run it, and runs.
//!
//! `UPDATE_EXPECT=1 cargo test -p chronotope examples` writes `examples/README.md`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use toml::{Table, Value};

use crate::root;

/// The names of the examples, as the manifest lists them, each with the features that it needs.
fn listed() -> Vec<(String, Vec<String>)> {
    let manifest = root().join("crates/chronotope/Cargo.toml");
    let manifest: Table =
        fs::read_to_string(manifest).expect("the manifest is there").parse().expect("cargo reads it");
    let examples = manifest.get("example").and_then(Value::as_array).into_iter().flatten();
    let texts = |value: &Value| {
        let texts = value.as_array().into_iter().flatten().filter_map(Value::as_str);
        texts.map(String::from).collect::<Vec<_>>()
    };
    let row = |example: &Value| {
        let name = example["name"].as_str().expect("an example has a name");
        (name.to_owned(), example.get("required-features").map_or(vec![], texts))
    };
    examples.map(row).collect()
}

/// Whether this test was built with a feature of the facade.
fn is_on(feature: &str) -> bool {
    match feature {
        "video" => cfg!(feature = "video"),
        "perceive" => cfg!(feature = "perceive"),
        "remember" => cfg!(feature = "remember"),
        "reason" => cfg!(feature = "reason"),
        _ => panic!("say in {} whether `{feature}` is on", file!()),
    }
}

fn source(name: &str) -> String {
    let path = root().join("examples").join(name).with_extension("rs");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The program of an example, which cargo builds together with this test.
fn program(name: &str) -> PathBuf {
    let test = env::current_exe().expect("this test is a program");
    let profile = test.parent().and_then(Path::parent).expect("it lies in target/PROFILE/deps");
    profile.join("examples").join(name)
}

#[test]
fn every_file_is_listed_and_says_in_the_first_lines_what_it_shows_and_how_to_run_it() {
    let mut names: Vec<String> = listed().into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    let files = fs::read_dir(root().join("examples")).expect("the folder is there");
    let mut found: Vec<String> = files
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .map(|path| path.file_stem().expect("a file has a name").to_string_lossy().into_owned())
        .collect();
    found.sort_unstable();
    assert_eq!(names, found, "listed in the manifest, and found in examples/");
    for (name, features) in listed() {
        let mut run = format!("//!     cargo run -p chronotope --example {name}");
        if !features.is_empty() {
            run.push_str(&format!(" --features {}", features.join(",")));
        }
        let source = source(&name);
        assert!(source.starts_with("//! "), "{name} does not say what it shows");
        assert!(source.lines().take(8).any(|line| line.starts_with(&run)), "{name} does not say `{run}`");
    }
}

#[test]
fn every_example_runs() {
    for (name, features) in listed() {
        if !features.iter().all(|feature| is_on(feature)) {
            continue; // not built
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples").join(&name);
        fs::create_dir_all(&folder).expect("the target folder can be written");
        let output = Command::new(program(&name)).current_dir(folder).stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("{name}: {error}; run the whole `cargo test`"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !output.stdout.is_empty(), "{name}: {}\n{stderr}", output.status);
    }
}

#[test]
fn the_table_of_examples_is_true() {
    let mut table =
        "# Examples\n\nMade from the first lines of the programs.\n\n| program | shows |\n|---|---|\n"
            .to_owned();
    for (name, _) in listed() {
        let shows = source(&name).lines().next().unwrap_or_default().trim_start_matches("//! ").to_owned();
        table.push_str(&format!("| [{name}]({name}.rs) | {shows} |\n"));
    }
    let path = root().join("examples/README.md");
    if env::var_os("UPDATE_EXPECT").is_some_and(|wish| wish == "1") {
        fs::write(&path, &table).expect("the table can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, table, "UPDATE_EXPECT=1 renews it");
}
