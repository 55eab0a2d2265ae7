//! `chronotope list`.

use std::collections::BTreeSet;

use chronotope::world::catalogue::KINDS;
use serde_json::Value;

use crate::stdout_of;

fn list(kind: &str) -> Vec<Value> {
    let printed = stdout_of(&["list", kind, "--json"]);
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("list {kind} --json: {error}\n{printed}"))
}

fn keys(row: &Value) -> BTreeSet<&str> {
    row.as_object().expect("a row is an object").keys().map(String::as_str).collect()
}

#[test]
fn every_kind_prints_its_catalogue_as_contracted() {
    let entries = chronotope::entries();
    for kind in KINDS {
        let rows = list(kind);
        assert_eq!(rows.len(), entries.iter().filter(|entry| entry.kind == kind).count(), "{kind}");
        for row in rows {
            assert_eq!(keys(&row), BTreeSet::from(["name", "about", "source", "paper", "example"]), "{kind}");
        }
    }
}

#[test]
fn papers_print_as_contracted() {
    let rows = list("papers");
    assert_eq!(rows.len(), 263);
    for row in rows {
        assert_eq!(keys(&row), BTreeSet::from(["id", "name", "state", "level", "through", "check"]));
        assert!(
            row["through"].is_array() && row["check"].as_str().is_some_and(|check| !check.is_empty()),
            "{row}"
        );
        assert_eq!(row["level"].is_null(), row["state"] == "open", "{row}");
    }
}

#[test]
fn the_table_for_people_has_a_line_for_each_paper() {
    let printed = stdout_of(&["list", "papers", "-q"]);
    assert_eq!(printed.lines().count(), 1 + 263, "a head and the rows");
    assert!(printed.lines().all(|line| line == line.trim_end()), "trailing space");
}
