//! Every query of the MovingAI maps has the published length.

use chronotope_reason::plan::movingai;
use chronotope_reason::plan::route::{Connectivity, route};
use flate2::read::GzDecoder;
use std::io::Read;
use std::path::{Path, PathBuf};

fn text(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).expect("a file");
    GzDecoder::new(file).read_to_string(&mut text).expect("text");
    text
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    out.sort();
    out
}

#[test]
#[allow(clippy::print_stderr)] // says whether it ran
fn every_length_is_the_published_one() {
    let data = std::env::var_os("CHRONOTOPE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let folder = data.join("grid_paths");
    if !folder.exists() {
        eprintln!("data test skipped: grid_paths");
        return;
    }
    eprintln!("data test run: grid_paths");
    let (mut queries, mut wrong) = (0, Vec::new());
    for family in sorted(&folder) {
        for path in sorted(&family).into_iter().filter(|p| p.to_string_lossy().ends_with(".map.gz")) {
            let map = movingai::map(&text(&path)).expect("a map");
            let scenario = path.with_file_name(
                path.file_name().expect("a name").to_string_lossy().replace(".map.gz", ".map.scen.gz"),
            );
            for query in movingai::scenario(&text(&scenario)).expect("a scenario") {
                queries += 1;
                let found = route(&map, query.start, query.goal, Connectivity::Eight).map(|r| r.length());
                if found.is_none_or(|length| (length - query.length).abs() > 0.01) {
                    wrong.push(format!("{}: {query:?}, found {found:?}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {queries}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(queries >= 5460, "{queries}");
}
