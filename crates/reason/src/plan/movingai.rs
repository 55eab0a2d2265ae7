//! Maps and queries of the MovingAI benchmarks: Sturtevant, Benchmarks for Grid-Based Pathfinding, 2012; formats of movingai.com.

use super::grid::{Cell, Grid, MAX_CELLS};
use super::wrong;
use crate::Error;

/// A query and its published answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Query {
    /// From.
    pub start: Cell,
    /// To.
    pub goal: Cell,
    /// The published shortest length, with diagonal steps of √2 that cut no corner.
    pub length: f64,
}

/// A map: `type octile`, `height H`, `width W`, `map`, then rows of characters.
///
/// # Errors
/// A header or rows that say something else.
pub fn map(text: &str) -> Result<Grid, Error> {
    let mut lines = text.lines().map(|line| line.trim_end_matches('\r'));
    let mut size = [None::<usize>; 2];
    let mut read = 0;
    for line in lines.by_ref() {
        read += 1;
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("map"), None) => break,
            (Some(word @ ("height" | "width")), Some(n)) => {
                let n = n.parse().ok().filter(|&n: &usize| n <= MAX_CELLS);
                let n = n.ok_or_else(|| wrong(format!("map, line {read}"), "a number of cells", line))?;
                size[usize::from(word == "width")] = Some(n);
            }
            (Some("type") | None, _) => {}
            _ => return Err(wrong(format!("map, line {read}"), "type, height, width or map", line)),
        }
    }
    let [Some(height), Some(width)] = size else {
        return Err(wrong("map", "a height and a width", "none"));
    };
    let rows: Vec<&str> = lines.take(height).collect();
    if rows.len() != height {
        return Err(wrong("map", "as many rows as its height", rows.len()));
    }
    let grid = Grid::from_rows(&rows)?;
    if grid.width() != width {
        return Err(wrong("row 0 of the map", format!("{width} cells"), grid.width()));
    }
    Ok(grid)
}

/// The queries of a scenario: tab-separated behind a line `version 1`; bucket, map, width, height, start x, y, goal x, y, length.
///
/// # Errors
/// A line with fewer fields, or fields that are no numbers.
pub fn scenario(text: &str) -> Result<Vec<Query>, Error> {
    let mut out = Vec::new();
    for (n, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with("version") {
            continue;
        }
        let fault =
            || wrong(format!("scenario, line {}", n + 1), "nine fields, numbers from the third", line);
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [.., _, _, x0, y0, x1, y1, length] = fields[..] else { return Err(fault()) };
        let number = |text: &str| text.parse::<usize>().ok().ok_or_else(fault);
        let length: f64 = length.parse().ok().filter(|l: &f64| l.is_finite()).ok_or_else(fault)?;
        out.push(Query { start: (number(x0)?, number(y0)?), goal: (number(x1)?, number(y1)?), length });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_and_its_scenario() {
        let grid = map("type octile\nheight 2\nwidth 3\nmap\n..@\n.T.\n").expect("a map");
        assert!(grid.is_free((1, 0)) && !grid.is_free((2, 0)) && !grid.is_free((1, 1)));
        let queries = scenario("version 1\n0\tm.map\t3\t2\t0\t0\t0\t1\t1\n").expect("a scenario");
        assert_eq!(queries, [Query { start: (0, 0), goal: (0, 1), length: 1.0 }]);
    }

    /// Every query of the maps beside the repository has the published length.
    #[test]
    fn every_length_is_the_published_one() {
        use crate::plan::route::{Connectivity, route};
        let Some(folder) = crate::scratch::data("grid_paths", "grid_paths") else { return };
        let text = |path: &std::path::Path| {
            let mut text = String::new();
            let file = std::fs::File::open(path).expect("a file");
            std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut text).expect("text");
            text
        };
        let sorted = |folder: &std::path::Path| {
            let entries = std::fs::read_dir(folder).expect("a folder");
            let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
            paths.sort();
            paths
        };
        let (mut queries, mut faults) = (0, Vec::new());
        for path in sorted(&folder).iter().flat_map(|family| sorted(family)) {
            let Some(stem) = path.to_string_lossy().strip_suffix(".map.gz").map(str::to_owned) else {
                continue;
            };
            let grid = map(&text(&path)).expect("a map");
            for query in scenario(&text(format!("{stem}.map.scen.gz").as_ref())).expect("a scenario") {
                queries += 1;
                let found = route(&grid, query.start, query.goal, Connectivity::Eight).map(|r| r.length());
                if found.is_none_or(|length| (length - query.length).abs() > 0.01) {
                    faults.push(format!("{}: {query:?}, found {found:?}", path.display()));
                }
            }
        }
        assert!(faults.is_empty(), "{} of {queries}:\n{}", faults.len(), faults.join("\n"));
        assert!(queries >= 5460, "{queries}");
    }

    #[test]
    fn faults_say_where() {
        for (text, what) in [
            ("height 2\nwidth 3\nmap\n...\n", "map: expected as many rows as its height, found 1"),
            ("height x\n", "map, line 1: expected a number of cells, found height x"),
            ("height 1\nwidth 2\nmap\n...\n", "row 0 of the map: expected 2 cells, found 3"),
            ("hello\n", "map, line 1: expected type, height, width or map, found hello"),
        ] {
            assert_eq!(map(text).expect_err(text).to_string(), what);
        }
        assert!(scenario("0 m 1 1 0 0 0 -1 1").is_err() && scenario("0 m 1 1 0 0 0 1 nan").is_err());
    }
}
