//! Parts depend downwards only: the manifests are read and compared with the table of the parts.

use std::fs;

use toml::{Table, Value};

use crate::{rooms, root};

/// Every part and what it may use, in the order of the layers: a part uses only parts above it in this list.
const MAY_USE: [(&str, &[&str]); 20] = [
    ("world", &[]),
    ("models", &["world"]),
    ("remember", &["world"]),
    ("reason", &["world"]),
    ("simulate", &["world"]),
    ("formats", &["world", "remember"]),
    ("story", &["world", "reason"]),
    ("program", &["world", "reason", "story"]),
    ("ask", &["world", "reason", "story", "program"]),
    ("perceive", &["world", "models", "remember", "formats"]),
    ("score", &["world", "reason"]),
    ("tasks", &["world", "remember", "reason", "simulate", "formats", "ask"]),
    ("act", &["world", "models", "remember", "reason", "formats", "ask", "perceive"]), // never simulate, tasks or score
    (
        "evaluate",
        &[
            "world", "models", "remember", "reason", "simulate", "formats", "ask", "perceive", "score",
            "tasks", "act",
        ],
    ),
    (
        "learn",
        &[
            "world", "models", "remember", "reason", "simulate", "formats", "ask", "perceive", "score",
            "tasks", "act", "evaluate",
        ],
    ),
    ("sql", &["world", "remember"]),
    (
        "chronotope",
        &[
            "world", "models", "remember", "reason", "simulate", "formats", "ask", "perceive", "score",
            "tasks", "act", "evaluate", "learn",
        ],
    ),
    ("server", &["chronotope"]),
    ("python", &["chronotope"]),
    ("cli", &["chronotope", "server", "sql"]),
];

/// The tables of a manifest that name dependencies. What only tests use counts too: a part is tested from above, by the
/// facade, and not by reaching up.
const DEPENDENCY_TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// What the part of this name may use.
fn allowed(part: &str) -> Option<&'static [&'static str]> {
    MAY_USE.iter().find(|(name, _)| *name == part).map(|(_, uses)| *uses)
}

/// The part that a package of ours is, by the package's name.
fn part_of(package: &str) -> Option<&str> {
    if package == "chronotope" { Some(package) } else { package.strip_prefix("chronotope-") }
}

/// The packages of ours that a manifest uses, in any of its tables, under any name.
fn uses(manifest: &Table) -> Vec<String> {
    let for_targets = manifest.get("target").and_then(Value::as_table);
    let tables =
        for_targets.into_iter().flat_map(Table::values).filter_map(Value::as_table).chain([manifest]);
    let dependencies = tables
        .flat_map(|table| DEPENDENCY_TABLES.iter().filter_map(|name| table.get(*name)?.as_table()))
        .flatten();
    let package = |(key, value): (&String, &Value)| {
        let renamed = value.get("package").and_then(Value::as_str);
        renamed.unwrap_or(key).to_owned()
    };
    dependencies.map(package).filter(|package| part_of(package).is_some()).collect()
}

/// All that is wrong with one manifest, in plain words.
fn faults(manifest: &str) -> Vec<String> {
    let manifest: Table = manifest.parse().expect("cargo has read this manifest");
    let package = manifest["package"]["name"].as_str().expect("a package has a name");
    let Some(uses_at_most) = part_of(package).and_then(allowed) else {
        return vec![format!("`{package}` is no part of the table in {}", file!())];
    };
    let upwards = uses(&manifest).into_iter().filter(|used| {
        let part = part_of(used).expect("only packages of ours are listed");
        // a part may name itself, to switch its own features on in tests
        used != package && !uses_at_most.contains(&part)
    });
    upwards.map(|used| format!("`{package}` uses `{used}`; it may use {uses_at_most:?}")).collect()
}

#[test]
fn every_part_depends_downwards() {
    let rooms = rooms();
    assert!(rooms.len() >= 6, "only {rooms:?} were found");
    let read = |room: &String| fs::read_to_string(root().join("crates").join(room).join("Cargo.toml"));
    let faults: Vec<String> =
        rooms.iter().flat_map(|room| faults(&read(room).expect("the manifest is there"))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_folder_is_named_as_its_part() {
    for room in rooms() {
        assert!(allowed(&room).is_some(), "crates/{room} is no part of the table in {}", file!());
    }
}

#[test]
fn the_table_points_down_itself() {
    for (layer, (part, uses)) in MAY_USE.iter().enumerate() {
        for used in *uses {
            assert!(MAY_USE[..layer].iter().any(|(name, _)| name == used), "{part} uses {used}");
        }
    }
}

#[test]
fn an_arrow_upwards_is_found_in_every_table() {
    let package = "[package]\nname = \"chronotope-world\"\n";
    for planted in [
        "[dependencies]\nchronotope-reason.workspace = true",
        "[dependencies]\nchronotope = { path = \"../chronotope\" }",
        "[dependencies.chronotope-reason]\npath = \"../reason\"",
        "[dev-dependencies]\nchronotope-reason = { path = \"../reason\" }",
        "[build-dependencies]\nchronotope-reason.workspace = true",
        "[dependencies]\nharmless = { package = \"chronotope-reason\", path = \"../reason\" }",
        "[target.'cfg(unix)'.dependencies]\nchronotope-reason.workspace = true",
        "[target.'cfg(unix)'.dev-dependencies]\nchronotope-reason = { path = \"../reason\", optional = true }",
    ] {
        assert_eq!(faults(&format!("{package}{planted}")).len(), 1, "not found: {planted}");
    }
    let below = "[package]\nname = \"chronotope-reason\"\n[dependencies]\nchronotope-world.workspace = true\nlibm = \"1\"";
    assert_eq!(faults(below), Vec::<String>::new());
    assert_eq!(faults("[package]\nname = \"chronotope-utils\"").len(), 1, "a part outside of the table");
}
