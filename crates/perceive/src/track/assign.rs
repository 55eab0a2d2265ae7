//! Which row goes with which column: the linear assignment problem.
//!
//! Jonker and Volgenant's LAPJV (1987) on rectangles: row reduction, augmenting row reduction, shortest
//! augmenting paths. As most pairs of a picture are out of the question, [`Assigner`] first takes the graph of
//! possible pairs apart into connected components, and most of these are a single pair.

/// A pair that is possible, and what it would bring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Row.
    pub row: u32,
    /// Column.
    pub col: u32,
    /// What the pair adds to the sum; a pair that adds nothing (0, negative, not a number) is never made.
    pub gain: f64,
}

/// Cells of the largest component that is solved exactly (a square of 2,048).
const DENSE_CELLS: usize = 1 << 22;
/// Cells times short side that are spent on exact solutions in one call: some seconds at worst.
const DENSE_WORK: u64 = 4_000_000_000;

/// Solves gated assignment problems and keeps its memory between calls.
#[derive(Clone, Debug, Default)]
pub struct Assigner {
    parent: Vec<u32>,
    order: Vec<u32>,
    row_to_col: Vec<Option<u32>>,
    col_taken: Vec<bool>,
    local: Vec<u32>,
    cost: Vec<f64>,
    dense: Dense,
}

impl Assigner {
    /// For each row its column, or none, such that the sum of the gains is as large as it can be.
    ///
    /// Among equal sums the choice is the same on every machine. Edges may come in any order; of several for
    /// one pair the largest counts. Rows and columns outside `n_rows` and `n_cols` are a bug of the caller.
    ///
    /// # Cost
    /// Linear in the edges, and per component `rows · cols · short side` at worst. A component of more than 4
    /// million cells, or beyond 4·10⁹ steps in one call, is solved greedily by falling gain instead, which
    /// brings at least half of the largest sum.
    pub fn solve(&mut self, n_rows: usize, n_cols: usize, edges: &[Edge]) -> &[Option<u32>] {
        self.row_to_col.clear();
        self.row_to_col.resize(n_rows, None);
        self.local.resize(self.local.len().max(n_rows + n_cols), 0);
        // components, by union of rows and columns (columns stand behind the rows)
        self.parent.clear();
        self.parent.extend(0..(n_rows + n_cols) as u32);
        for e in edges.iter().filter(|e| e.gain > 0.0) {
            let (a, b) = (find(&mut self.parent, e.row), find(&mut self.parent, n_rows as u32 + e.col));
            // the smaller number leads, so that components are visited in the order of their first row
            let (low, high) = (a.min(b), a.max(b));
            self.parent[high as usize] = low;
        }
        self.order.clear();
        self.order.extend((0..edges.len() as u32).filter(|&i| edges[i as usize].gain > 0.0));
        for &i in &self.order {
            find(&mut self.parent, edges[i as usize].row);
        }
        let parent = &self.parent;
        self.order.sort_by_key(|&i| root(parent, edges[i as usize].row));
        let mut work = DENSE_WORK;
        let mut from = 0;
        while from < self.order.len() {
            let component = root(&self.parent, edges[self.order[from] as usize].row);
            let to = from
                + self.order[from..]
                    .partition_point(|&i| root(&self.parent, edges[i as usize].row) == component);
            self.solve_component(n_rows, n_cols, edges, from..to, &mut work);
            from = to;
        }
        &self.row_to_col
    }

    fn solve_component(
        &mut self,
        n_rows: usize,
        n_cols: usize,
        edges: &[Edge],
        range: std::ops::Range<usize>,
        work: &mut u64,
    ) {
        let members = &self.order[range.clone()];
        if let &[only] = members {
            let e = edges[only as usize];
            self.row_to_col[e.row as usize] = Some(e.col);
            return;
        }
        let mut rows: Vec<u32> = members.iter().map(|&i| edges[i as usize].row).collect();
        let mut cols: Vec<u32> = members.iter().map(|&i| edges[i as usize].col).collect();
        for list in [&mut rows, &mut cols] {
            list.sort_unstable();
            list.dedup();
        }
        let cells = rows.len().saturating_mul(cols.len());
        let steps = cells.saturating_mul(rows.len().min(cols.len())) as u64;
        if cells > DENSE_CELLS || steps > *work {
            self.solve_greedily(n_cols, edges, range);
            return;
        }
        *work -= steps;
        // the short side becomes the rows of the dense problem, all of which are assigned
        let turned = rows.len() > cols.len();
        let (short, long) = if turned { (&cols, &rows) } else { (&rows, &cols) };
        for (i, &r) in rows.iter().enumerate() {
            self.local[r as usize] = i as u32;
        }
        for (i, &c) in cols.iter().enumerate() {
            self.local[n_rows + c as usize] = i as u32;
        }
        self.cost.clear();
        self.cost.resize(cells, 0.0);
        for &i in members {
            let e = edges[i as usize];
            let (r, c) = (self.local[e.row as usize] as usize, self.local[n_rows + e.col as usize] as usize);
            let (s, l) = if turned { (c, r) } else { (r, c) };
            let cell = &mut self.cost[s * long.len() + l];
            *cell = cell.min(-e.gain);
        }
        for (s, &l) in self.dense.solve(&self.cost, short.len(), long.len()).iter().enumerate() {
            // a cell without gain stands for "not assigned"
            if self.cost[s * long.len() + l as usize] < 0.0 {
                let (row, col) =
                    if turned { (long[l as usize], short[s]) } else { (short[s], long[l as usize]) };
                self.row_to_col[row as usize] = Some(col);
            }
        }
    }

    fn solve_greedily(&mut self, n_cols: usize, edges: &[Edge], range: std::ops::Range<usize>) {
        self.col_taken.clear();
        self.col_taken.resize(n_cols, false);
        let mut best_first: Vec<u32> = self.order[range].to_vec();
        best_first.sort_by(|&a, &b| {
            let (a, b) = (edges[a as usize], edges[b as usize]);
            b.gain.total_cmp(&a.gain).then((a.row, a.col).cmp(&(b.row, b.col)))
        });
        for i in best_first {
            let e = edges[i as usize];
            if self.row_to_col[e.row as usize].is_none() && !self.col_taken[e.col as usize] {
                self.row_to_col[e.row as usize] = Some(e.col);
                self.col_taken[e.col as usize] = true;
            }
        }
    }
}

/// The cheapest assignment of every row of a matrix to a column of its own.
///
/// `cost` holds `n_rows · n_cols` finite numbers, row by row; `n_rows ≤ n_cols`.
///
/// # Panics
/// Where the sizes do not fit: a bug of the caller.
pub fn assign_rows(cost: &[f64], n_rows: usize, n_cols: usize) -> Vec<u32> {
    Dense::default().solve(cost, n_rows, n_cols).to_vec()
}

fn find(parent: &mut [u32], mut node: u32) -> u32 {
    while parent[node as usize] != node {
        let up = parent[parent[node as usize] as usize];
        parent[node as usize] = up;
        node = up;
    }
    node
}

fn root(parent: &[u32], mut node: u32) -> u32 {
    while parent[node as usize] != node {
        node = parent[node as usize];
    }
    node
}

const FREE: u32 = u32::MAX;

/// The dense problem, with its memory.
#[derive(Clone, Debug, Default)]
struct Dense {
    v: Vec<f64>,
    row_to_col: Vec<u32>,
    col_to_row: Vec<u32>,
    free: Vec<u32>,
    still_free: Vec<u32>,
    distance: Vec<f64>,
    before: Vec<u32>,
    columns: Vec<u32>,
}

impl Dense {
    fn solve(&mut self, cost: &[f64], n_rows: usize, n_cols: usize) -> &[u32] {
        assert!(n_rows <= n_cols && cost.len() == n_rows * n_cols, "{n_rows} × {n_cols}: {}", cost.len());
        self.v.clear();
        self.v.resize(n_cols, 0.0);
        self.row_to_col.clear();
        self.row_to_col.resize(n_rows, FREE);
        self.col_to_row.clear();
        self.col_to_row.resize(n_cols, FREE);
        self.free.clear();
        // Column prices `v` are at most 0, and 0 for a column without a row: this keeps rectangles optimal.
        // Row reduction: each row takes its cheapest column if that is still free.
        for i in 0..n_rows {
            let row = &cost[i * n_cols..][..n_cols];
            let mut cheapest = 0;
            for (j, &c) in row.iter().enumerate() {
                if c < row[cheapest] {
                    cheapest = j;
                }
            }
            if self.col_to_row[cheapest] == FREE {
                self.col_to_row[cheapest] = i as u32;
                self.row_to_col[i] = cheapest as u32;
            } else {
                self.free.push(i as u32);
            }
        }
        if n_cols > 1 {
            for _ in 0..2 {
                self.augmenting_row_reduction(cost, n_rows, n_cols);
            }
        }
        for k in 0..self.free.len() {
            self.augment(cost, n_cols, self.free[k]);
        }
        &self.row_to_col
    }

    /// A free row takes its cheapest column, whose price falls until the second cheapest is as good; the row
    /// that loses its column looks on at once if it gained by the price, else in the next pass.
    fn augmenting_row_reduction(&mut self, cost: &[f64], n_rows: usize, n_cols: usize) {
        self.still_free.clear();
        let mut k = 0;
        // rounding could pass a column back and forth for ever
        let mut looks = 4 * n_rows + 16;
        while k < self.free.len() {
            let i = self.free[k] as usize;
            k += 1;
            let row = &cost[i * n_cols..][..n_cols];
            let (mut first, mut second) = (row[0] - self.v[0], f64::INFINITY);
            let (mut j1, mut j2) = (0, 0);
            for (j, (c, v)) in row.iter().zip(&self.v).enumerate().skip(1) {
                let h = c - v;
                if h < second {
                    if h < first {
                        (second, j2) = (first, j1);
                        (first, j1) = (h, j);
                    } else {
                        (second, j2) = (h, j);
                    }
                }
            }
            let lowered = self.v[j1] - (second - first);
            let lower = lowered < self.v[j1];
            let mut owner = self.col_to_row[j1];
            if lower {
                self.v[j1] = lowered;
            } else if owner != FREE {
                // a tie: the second column may be free
                j1 = j2;
                owner = self.col_to_row[j1];
            }
            self.row_to_col[i] = j1 as u32;
            self.col_to_row[j1] = i as u32;
            if owner != FREE {
                self.row_to_col[owner as usize] = FREE;
                looks = looks.saturating_sub(1);
                if lower && looks > 0 {
                    k -= 1;
                    self.free[k] = owner;
                } else {
                    self.still_free.push(owner);
                }
            }
        }
        std::mem::swap(&mut self.free, &mut self.still_free);
    }

    /// The shortest path from a free row to a free column, by Dijkstra; then prices and pairs along it change.
    fn augment(&mut self, cost: &[f64], n_cols: usize, start: u32) {
        let row = &cost[start as usize * n_cols..][..n_cols];
        self.distance.clear();
        self.distance.extend(row.iter().zip(&self.v).map(|(c, v)| c - v));
        self.before.clear();
        self.before.resize(n_cols, start);
        self.columns.clear();
        self.columns.extend(0..n_cols as u32);
        // columns[..done]: distance final; columns[done..]: still open
        let mut done = 0;
        let (end, shortest) = loop {
            let mut best = done;
            for k in done + 1..n_cols {
                let (a, b) = (self.columns[k] as usize, self.columns[best] as usize);
                // on a tie a free column ends the search at once
                if self.distance[a] < self.distance[b]
                    || self.distance[a] == self.distance[b]
                        && self.col_to_row[a] == FREE
                        && self.col_to_row[b] != FREE
                {
                    best = k;
                }
            }
            let j = self.columns[best] as usize;
            let shortest = self.distance[j];
            if self.col_to_row[j] == FREE {
                break (j, shortest);
            }
            self.columns.swap(done, best);
            done += 1;
            let i = self.col_to_row[j] as usize;
            let row = &cost[i * n_cols..][..n_cols];
            let through = shortest - (row[j] - self.v[j]);
            for &k in &self.columns[done..] {
                let k = k as usize;
                let d = row[k] - self.v[k] + through;
                if d < self.distance[k] {
                    self.distance[k] = d;
                    self.before[k] = i as u32;
                }
            }
        };
        for &j in &self.columns[..done] {
            self.v[j as usize] += self.distance[j as usize] - shortest;
        }
        let mut j = end;
        loop {
            let i = self.before[j];
            self.col_to_row[j] = i;
            let next = std::mem::replace(&mut self.row_to_col[i as usize], j as u32);
            if i == start {
                break;
            }
            j = next as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Draw(u64);

    impl Draw {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (self.0 >> 33) % n
        }
    }

    /// The cheapest sum, by trying everything.
    fn brute(cost: &[f64], n_rows: usize, n_cols: usize, row: usize, taken: &mut Vec<bool>) -> f64 {
        if row == n_rows {
            return 0.0;
        }
        let mut best = f64::INFINITY;
        for j in 0..n_cols {
            if !taken[j] {
                taken[j] = true;
                best = best.min(cost[row * n_cols + j] + brute(cost, n_rows, n_cols, row + 1, taken));
                taken[j] = false;
            }
        }
        best
    }

    #[test]
    fn dense_equals_trying_everything() {
        let mut draw = Draw(5);
        for round in 0..3000 {
            let n_rows = 1 + draw.below(5) as usize;
            let n_cols = n_rows + draw.below(3) as usize;
            // few different values make many ties; some negative
            let spread = if round % 2 == 0 { 4 } else { 1000 };
            let cost: Vec<f64> =
                (0..n_rows * n_cols).map(|_| draw.below(spread) as f64 - spread as f64 / 2.0).collect();
            let found = assign_rows(&cost, n_rows, n_cols);
            let mut seen = vec![false; n_cols];
            let mut sum = 0.0;
            for (i, &j) in found.iter().enumerate() {
                assert!(!std::mem::replace(&mut seen[j as usize], true), "{cost:?} {found:?}");
                sum += cost[i * n_cols + j as usize];
            }
            let expected = brute(&cost, n_rows, n_cols, 0, &mut vec![false; n_cols]);
            assert!(
                (sum - expected).abs() < 1e-9,
                "{n_rows} × {n_cols} {cost:?}: {sum}, expected {expected}"
            );
        }
    }

    /// The largest sum of gains, by trying everything.
    fn brute_gain(edges: &[Edge], row: u32, n_rows: u32, taken: &mut Vec<bool>) -> f64 {
        if row == n_rows {
            return 0.0;
        }
        let mut best = brute_gain(edges, row + 1, n_rows, taken);
        for e in edges.iter().filter(|e| e.row == row) {
            if !taken[e.col as usize] {
                taken[e.col as usize] = true;
                best = best.max(e.gain + brute_gain(edges, row + 1, n_rows, taken));
                taken[e.col as usize] = false;
            }
        }
        best
    }

    fn total(edges: &[Edge], row_to_col: &[Option<u32>]) -> f64 {
        let mut sum = 0.0;
        let mut seen = Vec::new();
        for (r, &c) in row_to_col.iter().enumerate() {
            let Some(c) = c else { continue };
            assert!(!seen.contains(&c), "column {c} twice");
            seen.push(c);
            let gains = edges.iter().filter(|e| e.row == r as u32 && e.col == c).map(|e| e.gain);
            sum += gains.fold(f64::NEG_INFINITY, f64::max);
        }
        sum
    }

    #[test]
    fn gated_equals_trying_everything() {
        let mut draw = Draw(17);
        let mut assigner = Assigner::default();
        for _ in 0..3000 {
            let (n_rows, n_cols) = (1 + draw.below(6) as usize, 1 + draw.below(6) as usize);
            let edges: Vec<Edge> = (0..draw.below(14))
                .map(|_| Edge {
                    row: draw.below(n_rows as u64) as u32,
                    col: draw.below(n_cols as u64) as u32,
                    gain: draw.below(9) as f64 - 1.0,
                })
                .collect();
            let found = total(&edges, assigner.solve(n_rows, n_cols, &edges));
            let expected = brute_gain(&edges, 0, n_rows as u32, &mut vec![false; n_cols]);
            assert_eq!(found, expected, "{n_rows} × {n_cols} {edges:?}");
        }
    }

    #[test]
    fn pairs_without_gain_are_never_made() {
        let edges = [f64::NAN, 0.0, -1.0].map(|gain| Edge { row: 0, col: 0, gain });
        assert_eq!(Assigner::default().solve(1, 1, &edges), [None]);
    }

    #[test]
    fn a_component_too_large_to_solve_exactly_still_gets_an_answer() {
        let n = 5_000u32;
        let mut edges: Vec<Edge> = (0..n).map(|i| Edge { row: i, col: i, gain: 0.9 }).collect();
        edges.extend((1..n).map(|i| Edge { row: i, col: i - 1, gain: 0.5 }));
        let mut assigner = Assigner::default();
        let found = assigner.solve(n as usize, n as usize, &edges);
        assert!(found.iter().enumerate().all(|(i, &c)| c == Some(i as u32)));
    }

    #[test]
    fn a_large_square_is_solved() {
        let n = 300;
        let mut draw = Draw(3);
        let mut cost: Vec<f64> = (0..n * n).map(|_| 1.0 + draw.below(1000) as f64).collect();
        // a hidden assignment of cost 0
        let hidden: Vec<usize> = (0..n).map(|i| (i * 7 + 3) % n).collect();
        hidden.iter().enumerate().for_each(|(i, &j)| cost[i * n + j] = 0.0);
        let found: Vec<usize> = assign_rows(&cost, n, n).into_iter().map(|j| j as usize).collect();
        assert_eq!(found, hidden);
    }
}
