//! Which row goes with which column: the linear assignment problem, with the choices of SciPy among equals.

/// Columns of the rows such that the sum of the costs is least; every row has a column, or every column a row.
///
/// Among assignments of equal cost it takes the one that SciPy's `linear_sum_assignment` takes, so that scores which
/// depend on it (identity switches) are those of the scorers written on SciPy. `cost` is row by row and finite.
///
/// # Shape
/// `cost` has `n_rows · n_cols` entries. The result is pairs (row, column) by rising row.
///
/// # Source
/// Crouse, On implementing 2D rectangular assignment algorithms, 2016; the order of ties is that of SciPy 1.17,
/// `optimize/rectangular_lsap`.
pub(crate) fn least_cost(n_rows: usize, n_cols: usize, cost: &[f64]) -> Vec<(u32, u32)> {
    if n_rows == 0 || n_cols == 0 {
        return Vec::new();
    }
    if n_cols >= n_rows {
        let columns = solve(n_rows, n_cols, cost);
        return columns.into_iter().enumerate().map(|(row, col)| (row as u32, col)).collect();
    }
    let turned: Vec<f64> =
        (0..n_cols).flat_map(|col| (0..n_rows).map(move |row| cost[row * n_cols + col])).collect();
    let rows = solve(n_cols, n_rows, &turned);
    let mut pairs: Vec<(u32, u32)> =
        rows.into_iter().enumerate().map(|(col, row)| (row, col as u32)).collect();
    pairs.sort_unstable();
    pairs
}

const NONE: u32 = u32::MAX;

/// The column of each of `n_rows` ≤ `n_cols` rows, by shortest augmenting paths.
fn solve(n_rows: usize, n_cols: usize, cost: &[f64]) -> Vec<u32> {
    let (mut u, mut v) = (vec![0.0; n_rows], vec![0.0; n_cols]);
    let mut shortest = vec![f64::INFINITY; n_cols];
    let (mut path, mut row_of_col) = (vec![NONE; n_cols], vec![NONE; n_cols]);
    let mut col_of_row = vec![NONE; n_rows];
    let (mut seen_rows, mut seen_cols) = (vec![false; n_rows], vec![false; n_cols]);
    let mut remaining: Vec<u32> = Vec::with_capacity(n_cols);
    for row in 0..n_rows {
        // from the last to the first, so that of equal costs the diagonal is taken
        remaining.clear();
        remaining.extend((0..n_cols as u32).rev());
        seen_rows.fill(false);
        seen_cols.fill(false);
        shortest.fill(f64::INFINITY);
        let (mut i, mut least) = (row, 0.0);
        let sink = loop {
            seen_rows[i] = true;
            let (mut lowest, mut index) = (f64::INFINITY, 0);
            let from_here = &cost[i * n_cols..(i + 1) * n_cols];
            for (place, &col) in remaining.iter().enumerate() {
                let col = col as usize;
                let reduced = least + from_here[col] - u[i] - v[col];
                if reduced < shortest[col] {
                    path[col] = i as u32;
                    shortest[col] = reduced;
                }
                // of equals one that ends the path
                if shortest[col] < lowest || (shortest[col] == lowest && row_of_col[col] == NONE) {
                    lowest = shortest[col];
                    index = place;
                }
            }
            least = lowest;
            let col = remaining.swap_remove(index) as usize;
            seen_cols[col] = true;
            match row_of_col[col] {
                NONE => break col,
                taken => i = taken as usize,
            }
        };
        u[row] += least;
        for other in (0..n_rows).filter(|&other| seen_rows[other] && other != row) {
            u[other] += least - shortest[col_of_row[other] as usize];
        }
        for col in (0..n_cols).filter(|&col| seen_cols[col]) {
            v[col] -= least - shortest[col];
        }
        let mut col = sink as u32;
        loop {
            let i = path[col as usize];
            row_of_col[col as usize] = i;
            std::mem::swap(&mut col_of_row[i as usize], &mut col);
            if i as usize == row {
                break;
            }
        }
    }
    col_of_row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_sum_is_found_on_either_shape_and_equals_go_along_the_diagonal() {
        let cost = [4.0, 1.0, 3.0, 2.0, 0.0, 5.0, 3.0, 2.0, 2.0];
        assert_eq!(least_cost(3, 3, &cost), [(0, 1), (1, 0), (2, 2)]);
        assert_eq!(least_cost(2, 3, &cost[..6]), [(0, 1), (1, 0)]);
        assert_eq!(least_cost(3, 2, &[4.0, 1.0, 3.0, 2.0, 0.0, 5.0]), [(0, 1), (2, 0)]);
        assert_eq!(least_cost(2, 2, &[0.0; 4]), [(0, 0), (1, 1)]);
        assert!(least_cost(0, 3, &[]).is_empty());
    }
}
