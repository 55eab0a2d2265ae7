//! Files that a shell changes (`file` of VideoReasonBench).

use super::{Hides, demo_knobs};
use crate::generate::{Knob, Range};
use chronotope_simulate::puzzle::latent::Files;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

impl Hides for Files {
    const ENTRY: Entry = Entry {
        kind: "tasks",
        name: "hidden-files",
        about: "what directories hold after touch, rm, cp and mv",
        source: "tasks/src/generate/latent/file.rs",
        paper: Some("VideoReasonBench, 2025"),
        example: "chronotope make hidden-files --count 10 --out items",
    };
    const KNOBS: &'static [Knob] = demo_knobs!(Knob {
        name: "size",
        about: "directories",
        range: Range::Whole(1, 2),
        levels: ["1", "1", "2"],
    });
    const RULES: &'static str = "Commands of a shell change the files of directories: touch makes files, rm deletes them, cp copies and mv moves them to the other directory, over what has the same name there. States list each directory with its files.";

    fn replay(state: &str, operations: &str) -> Option<String> {
        // whether each file is there, by its path
        let mut held: BTreeMap<String, bool> = BTreeMap::new();
        let directories: Vec<&str> = state.lines().filter_map(|row| row.split(':').next()).collect();
        for (name, files) in state.lines().filter_map(|row| row.split_once(':')) {
            held.extend(files.split_whitespace().map(|file| (format!("{name}/{file}"), true)));
        }
        for words in operations.split("; ") {
            let words: Vec<&str> = words.split_whitespace().collect();
            let (name, list) = words.get(1)?.split_once('/')?;
            if !directories.contains(&name) {
                return None;
            }
            for file in list.trim_matches(['{', '}']).split(',') {
                let path = format!("{name}/{file}");
                let is_there = held.get(&path) == Some(&true);
                if is_there == (words[0] == "touch") {
                    return None;
                }
                if let Some(to) = words.get(2) {
                    let to = to.trim_end_matches('/');
                    held.insert(format!("{to}/{file}"), directories.contains(&to).then_some(true)?);
                }
                held.insert(path, matches!(words[0], "touch" | "cp"));
            }
        }
        let line = |name: &&str| {
            let begins = format!("{name}/");
            let there = held.iter().filter(|(_, is_there)| **is_there);
            let files: Vec<&str> = there.filter_map(|(path, _)| path.strip_prefix(&begins)).collect();
            format!("{name}: {}\n", files.join(" "))
        };
        Some(directories.iter().map(line).collect())
    }

    /// Each name's places may be others where something was written over it; names do not touch each other.
    fn rivals(&self) -> Vec<Files> {
        let names =
            ('a'..='h').flat_map(|c| ["txt", "csv", "py", "json"].map(|ending| format!("{c}.{ending}")));
        let mut all = Vec::new();
        for name in names {
            for places in 0..1_usize << self.directories.len() {
                let mut other = self.clone();
                for (at, files) in other.directories.iter_mut().enumerate() {
                    if places >> at & 1 == 1 {
                        files.insert(name.clone());
                    } else {
                        files.remove(&name);
                    }
                }
                if other != *self {
                    all.push(other);
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::is_certain;
    use super::*;
    use chronotope_simulate::puzzle::latent::{Demo, Shown, read_operations};

    #[test]
    fn questions_hold_by_the_replay() {
        super::super::holds::<Files>([1, 2]);
    }

    #[test]
    fn the_replay_moves_copies_makes_and_deletes() {
        let done = Files::replay(
            "alpha: a.py b.txt\nbeta: a.py\n",
            "mv alpha/{a.py,b.txt} beta/; rm beta/a.py; touch alpha/c.csv",
        );
        assert_eq!(done.as_deref(), Some("alpha: c.csv\nbeta: b.txt\n"));
        assert_eq!(Files::replay("alpha: a.py\n", "touch alpha/a.py"), None);
        assert_eq!(Files::replay("alpha: a.py\n", "cp alpha/a.py beta/"), None);
    }

    #[test]
    fn what_was_written_over_leaves_the_start_uncertain() {
        let demo = |operations: &str| Demo::<Files> {
            start: "alpha: a.py\nbeta: b.py\n".parse().expect("a state"),
            operations: read_operations(operations).expect("operations"),
            shown: Shown::End,
        };
        assert!(!is_certain(&demo("cp alpha/a.py beta/")));
        assert!(is_certain(&demo("rm alpha/a.py")));
    }
}
