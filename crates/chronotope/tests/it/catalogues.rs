//! Every catalogue that exists, item by item.

use std::collections::BTreeSet;
use std::fs;

use crate::{rooms, root};

#[test]
fn every_room_with_a_catalogue_is_listed() {
    let facade =
        fs::read_to_string(root().join("crates/chronotope/src/lib.rs")).expect("the facade is there");
    for room in rooms() {
        // the file of this name in `world` holds the type of the entries, not items
        if room != "world" && root().join("crates").join(&room).join("src/catalogue.rs").is_file() {
            let call = format!("{room}::catalogue::entries()");
            assert!(facade.contains(&call), "crates/chronotope/src/lib.rs: entries() does not call {call}");
        }
    }
}

#[test]
fn every_item_says_what_it_is() {
    let faults: Vec<String> = chronotope::entries().iter().filter_map(|entry| entry.fault()).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn names_are_unique_within_a_kind() {
    let mut seen = BTreeSet::new();
    for entry in chronotope::entries() {
        assert!(seen.insert((entry.kind, entry.name)), "{} `{}` is listed twice", entry.kind, entry.name);
    }
}

#[test]
fn every_source_is_a_file_of_the_room() {
    for entry in chronotope::entries() {
        let file = root().join("crates").join(entry.source);
        assert!(file.is_file(), "{} `{}`: crates/{} does not exist", entry.kind, entry.name, entry.source);
    }
}
