//! Maps and queries of the MovingAI benchmarks: Sturtevant, Benchmarks for Grid-Based Pathfinding, 2012; formats of movingai.com.

use super::error::Error;
use super::grid::{Cell, Grid, MAX_CELLS};

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
                let n =
                    n.ok_or_else(|| Error::input(format!("map, line {read}"), "a number of cells", line))?;
                size[usize::from(word == "width")] = Some(n);
            }
            (Some("type") | None, _) => {}
            _ => return Err(Error::input(format!("map, line {read}"), "type, height, width or map", line)),
        }
    }
    let [Some(height), Some(width)] = size else {
        return Err(Error::input("map", "a height and a width", "none"));
    };
    let rows: Vec<&str> = lines.take(height).collect();
    if rows.len() != height {
        return Err(Error::input("map", "as many rows as its height", rows.len()));
    }
    let grid = Grid::from_rows(&rows)?;
    if grid.width() != width {
        return Err(Error::Row { row: 0, expected: width, found: grid.width() });
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
        let wrong =
            || Error::input(format!("scenario, line {}", n + 1), "nine fields, numbers from the third", line);
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [.., _, _, x0, y0, x1, y1, length] = fields[..] else { return Err(wrong()) };
        let number = |text: &str| text.parse::<usize>().ok().ok_or_else(wrong);
        let length: f64 = length.parse().ok().filter(|l: &f64| l.is_finite()).ok_or_else(wrong)?;
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
