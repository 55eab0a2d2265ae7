//! Damaged, truncated, newer and hostile bundles give an error that names table and fault.

use crate::random::{Random, content, world};
use chronotope_remember::bundle;
use std::path::{Path, PathBuf};

/// A small bundle in a folder that goes away.
fn bundle_of(seed: u64) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a.world");
    bundle::write(&path, &world(seed, 700)).expect("written");
    (folder, path)
}

fn part_of(path: &Path, table: &str) -> PathBuf {
    let parts =
        std::fs::read_dir(path.join("parts")).expect("there").map(|entry| entry.expect("there").path());
    let name = |p: &PathBuf| p.file_name().expect("named").to_string_lossy().into_owned();
    parts.into_iter().find(|p| name(p).starts_with(&format!("{table}-"))).expect("a part of the table")
}

fn edit(path: &Path, from: &str, to: &str) {
    let manifest = path.join("world.json");
    let text = std::fs::read_to_string(&manifest).expect("text");
    assert!(text.contains(from), "{from} stands in the manifest");
    std::fs::write(&manifest, text.replacen(from, to, 1)).expect("written");
}

/// What reading everything gives.
fn read(path: &Path) -> Result<String, String> {
    let world = bundle::open(path).map_err(|error| error.to_string())?;
    let store = world.store();
    for n in 0..store.bounds().len() {
        store.chunk(n).map_err(|error| error.to_string())?;
    }
    Ok(content(&world))
}

#[test]
fn a_flipped_byte_is_found_where_it_is_read() {
    let (_folder, path) = bundle_of(7);
    let whole = read(&path).expect("readable");
    let mut random = Random::new(3);
    for table in ["samples", "tracks", "identities", "coverage", "event_roles"] {
        let part = part_of(&path, table);
        let bytes = std::fs::read(&part).expect("there");
        for _ in 0..25 {
            let mut damaged = bytes.clone();
            let at = random.below(bytes.len() as u64) as usize;
            damaged[at] ^= 1 << random.below(8);
            std::fs::write(&part, &damaged).expect("written");
            match read(&path) {
                Ok(found) => assert_eq!(found, whole, "{table}, byte {at}"), // bytes that nothing is read from
                Err(error) => assert!(error.contains(&format!("table {table}: ")), "byte {at}: {error}"),
            }
            let faults = bundle::check(&path);
            assert!(
                faults.iter().any(|f| f.to_string().contains("SHA-256")),
                "{table}, byte {at}: {faults:?}"
            );
        }
        for length in [0, 1, 7, 8, bytes.len() / 2, bytes.len() - 1] {
            std::fs::write(&part, &bytes[..length]).expect("written");
            let error = read(&path).expect_err("too short");
            let expected = format!("table {table}: expected {} bytes, found {length}: ", bytes.len());
            assert!(error.starts_with(&expected), "{error}");
        }
        std::fs::write(&part, &bytes).expect("written");
    }
    assert_eq!(read(&path), Ok(whole));
}

#[test]
fn a_flipped_byte_in_the_manifest_is_found() {
    let (_folder, path) = bundle_of(2);
    let manifest = path.join("world.json");
    let bytes = std::fs::read(&manifest).expect("there");
    let mut random = Random::new(5);
    for _ in 0..400 {
        let mut damaged = bytes.clone();
        let at = random.below(bytes.len() as u64) as usize;
        damaged[at] ^= 1 << random.below(8);
        std::fs::write(&manifest, &damaged).expect("written");
        assert!(read(&path).is_err() && !bundle::check(&path).is_empty(), "byte {at}");
    }
    for length in (0..bytes.len()).step_by(bytes.len() / 50) {
        std::fs::write(&manifest, &bytes[..length]).expect("written");
        let error = read(&path).expect_err("cut off");
        assert!(error.starts_with("manifest: "), "{error}");
    }
}

#[test]
fn a_manifest_without_a_checksum_is_read_where_it_is_of_version_1_0_and_sealed_by_the_next_commit() {
    let (_folder, path) = bundle_of(2);
    let manifest = path.join("world.json");
    let text = std::fs::read_to_string(&manifest).expect("text");
    let whole = read(&path).expect("readable");
    let line =
        text.lines().find(|line| line.trim_start().starts_with("\"xxh3\"")).expect("a line of its own");
    let bare = text.replace(&format!("{line}\n"), "");
    std::fs::write(&manifest, &bare).expect("written");
    let error = read(&path).expect_err("no checksum");
    assert!(error.starts_with("manifest: expected a checksum of the manifest, found none"), "{error}");
    std::fs::write(&manifest, bare.replace("\"version\": \"1.1\"", "\"version\": \"1.0\"")).expect("written");
    assert_eq!(read(&path), Ok(whole));
    let mut w = bundle::Writer::open(&path).expect("opened");
    w.record().name = "renamed".into();
    w.commit().expect("committed");
    drop(w);
    assert!(std::fs::read_to_string(&manifest).expect("text").contains("\"xxh3\""));
    assert!(bundle::check(&path).is_empty());
}

#[test]
fn each_fault_of_the_manifest_is_named() {
    let name = |path: &Path, table: &str| {
        part_of(path, table).file_name().expect("named").to_string_lossy().into_owned()
    };
    type Damage<'a> = &'a dyn Fn(&Path);
    let cases: [(&str, Damage<'_>, &str); 8] = [
        (
            "newer",
            &|p| edit(p, "\"version\": \"1.1\"", "\"version\": \"2.0\", \"x\": 1"),
            "a newer chronotope reads it",
        ),
        (
            "other format",
            &|p| edit(p, "chronotope-bundle", "zip"),
            "expected format chronotope-bundle, found \"zip\"",
        ),
        (
            "negative rows",
            &|p| edit(p, "\"rows\": 700", "\"rows\": -7"),
            "manifest: invalid value: integer `-7`",
        ),
        (
            "huge rows",
            &|p| edit(p, "\"rows\": 700", "\"rows\": 18446744073709551615"),
            "table samples: expected",
        ),
        (
            "another folder",
            &|p| edit(p, &name(p, "tracks"), "../../../etc/passwd"),
            "table tracks: expected a part named tracks-N-HASH.parquet, found \"../../../etc/passwd\"",
        ),
        (
            "missing part",
            &|p| std::fs::remove_file(part_of(p, "labels")).expect("removed"),
            "table labels: expected the part that the manifest names, found no file",
        ),
        (
            "another table's part",
            &|p| {
                let (tracks, labels) = (name(p, "tracks"), name(p, "labels"));
                std::fs::copy(p.join("parts").join(labels), p.join("parts").join(tracks)).expect("copied");
            },
            "table tracks: expected",
        ),
        (
            "no manifest",
            &|p| std::fs::remove_file(p.join("world.json")).expect("removed"),
            "expected a bundle, found no world.json",
        ),
    ];
    for (case, damage, expected) in cases {
        let (_folder, path) = bundle_of(7);
        damage(&path);
        let error = read(&path).expect_err(case);
        assert!(error.contains(expected), "{case}: {error}");
        assert!(!bundle::check(&path).is_empty(), "{case}");
    }
}

#[test]
fn check_lists_every_fault() {
    let (_folder, path) = bundle_of(7);
    for table in ["tracks", "labels", "samples"] {
        let part = part_of(&path, table);
        let mut bytes = std::fs::read(&part).expect("there");
        bytes[20] ^= 1;
        std::fs::write(&part, &bytes).expect("written");
    }
    std::fs::remove_file(part_of(&path, "facts")).expect("removed");
    let faults: Vec<String> = bundle::check(&path).iter().map(ToString::to_string).collect();
    assert_eq!(faults.len(), 4, "{faults:?}");
}

#[test]
#[cfg(unix)]
fn links_are_not_followed() {
    let (folder, path) = bundle_of(7);
    let part = part_of(&path, "tracks");
    let elsewhere = folder.path().join("elsewhere");
    std::fs::rename(&part, &elsewhere).expect("moved");
    std::os::unix::fs::symlink(&elsewhere, &part).expect("linked");
    let error = read(&path).expect_err("a link");
    assert!(error.starts_with("table tracks: expected a plain file"), "{error}");
}

#[test]
fn unknown_tables_are_carried_through_every_rewrite() {
    let (_folder, path) = bundle_of(7);
    let manifest = path.join("world.json");
    let text = std::fs::read_to_string(&manifest).expect("text");
    let mut json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    // a table of a later minor version; its part happens to look like tracks
    let mut table = json["tables"]["tracks"].clone();
    let old = table["parts"][0]["file"].as_str().expect("a name").to_owned();
    let new = old.replace("tracks-", "smells-");
    table["parts"][0]["file"] = new.clone().into();
    json["tables"]["smells"] = table;
    json["version"] = "1.7".into();
    json["xxh3"] = "0000000000000000".into();
    std::fs::copy(path.join("parts").join(old), path.join("parts").join(&new)).expect("copied");
    let text = json.to_string();
    let xxh3 = format!("{:016x}", twox_hash::XxHash3_64::oneshot(text.as_bytes()));
    std::fs::write(&manifest, text.replacen("0000000000000000", &xxh3, 1)).expect("written");

    let before = read(&path).expect("readable");
    let mut w = bundle::Writer::open(&path).expect("opened");
    w.record().name = "renamed".into();
    w.commit().expect("committed");
    drop(w);
    bundle::compact(&path).expect("compacted");
    assert!(path.join("parts").join(&new).exists());
    assert!(std::fs::read_to_string(&manifest).expect("text").contains(&new));
    assert!(bundle::check(&path).is_empty());
    assert_eq!(
        read(&path).expect("readable").split_once("sources").map(|x| x.1.len()),
        before.split_once("sources").map(|x| x.1.len())
    );
}
