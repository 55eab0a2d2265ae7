//! Pixels row by row ↔ runs down the columns, without a transposed copy.
//!
//! What a run needs of the pixels are the places where a pixel differs from the one above it (at the top of a column: from the last one of the
//! column before). Those are found by comparing whole rows, many pixels at a time, and brought into the runs' order by counting; the way
//! back marks them and adds up the rows. Either way is one pass over the pixels and work for each change.

/// Bytes that are compared at once.
const BLOCK: usize = 32;

/// The runs of pixels row by row, `width · height` of them; not 0 is set. Sides are at most 65,535.
pub(super) fn runs(width: usize, height: usize, pixels: &[u8]) -> Vec<u32> {
    let area = pixels.len();
    if area == 0 {
        return vec![0];
    }
    // places of changes, row by row: columns, and where each row's begin
    let mut columns: Vec<u16> = Vec::new();
    let mut row_ends: Vec<usize> = Vec::with_capacity(height);
    // what stands before the top of each column; before the first is nothing
    let mut above = vec![0u8; width];
    above[1..].copy_from_slice(&pixels[area - width..area - 1]);
    let mut above = above.as_slice();
    for row in pixels.chunks_exact(width) {
        changes(above, row, |x| columns.push(x as u16));
        row_ends.push(columns.len());
        above = row;
    }
    // how many changes stand in the columns before
    let mut next = vec![0u32; width + 1];
    for &x in &columns {
        next[x as usize + 1] += 1;
    }
    for x in 0..width {
        next[x + 1] += next[x];
    }
    let mut places = vec![0u32; columns.len()];
    let mut from = 0;
    for (y, &end) in row_ends.iter().enumerate() {
        for &x in &columns[from..end] {
            let slot = &mut next[x as usize];
            places[*slot as usize] = x as u32 * height as u32 + y as u32;
            *slot += 1;
        }
        from = end;
    }
    between(places.into_iter(), area)
}

/// The runs of pixels that stand column by column; not 0 is set. There are no more than fit 32 bits.
pub(super) fn column_runs(pixels: &[u8]) -> Vec<u32> {
    let mut places = Vec::new();
    if let Some(first) = pixels.first() {
        if *first != 0 {
            places.push(0);
        }
        changes(&pixels[..pixels.len() - 1], &pixels[1..], |x| places.push(x as u32 + 1));
    }
    between(places.into_iter(), pixels.len())
}

/// The runs between places of changes, which lie in order below `area`.
fn between(places: impl ExactSizeIterator<Item = u32>, area: usize) -> Vec<u32> {
    let mut counts = Vec::with_capacity(places.len() + 1);
    let mut at = 0;
    for place in places {
        counts.push(place - at);
        at = place;
    }
    counts.push(area as u32 - at);
    counts
}

/// The places at which one row is set and the row above is not, or the other way round.
fn changes(above: &[u8], row: &[u8], mut add: impl FnMut(usize)) {
    let mut of_eight = |x: usize, above: [u8; 8], row: [u8; 8]| {
        let mut differ = set(above) ^ set(row);
        while differ != 0 {
            add(x + (differ.trailing_zeros() / 8) as usize);
            differ &= differ - 1;
        }
    };
    let (blocks, rest) = row.as_chunks::<BLOCK>();
    let (blocks_above, rest_above) = above.as_chunks::<BLOCK>();
    let mut x = 0;
    for (above, row) in blocks_above.iter().zip(blocks) {
        if above != row {
            for (i, (above, row)) in above.as_chunks::<8>().0.iter().zip(row.as_chunks::<8>().0).enumerate() {
                if above != row {
                    of_eight(x + i * 8, *above, *row);
                }
            }
        }
        x += BLOCK;
    }
    let (eights, rest) = rest.as_chunks::<8>();
    let (eights_above, rest_above) = rest_above.as_chunks::<8>();
    for (above, row) in eights_above.iter().zip(eights) {
        if above != row {
            of_eight(x, *above, *row);
        }
        x += 8;
    }
    let padded = |bytes: &[u8]| {
        let mut all = [0; 8];
        all[..bytes.len()].copy_from_slice(bytes);
        all
    };
    if rest_above != rest {
        of_eight(x, padded(rest_above), padded(rest));
    }
}

/// The high bit of each byte that is not 0.
fn set(bytes: [u8; 8]) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let bytes = u64::from_le_bytes(bytes);
    (((bytes & LOW) + LOW) | bytes) & !LOW
}

/// Pixels row by row, 0 or 1, of the set runs `[from, to)`, which lie within `width · height` in order.
pub(super) fn pixels(width: usize, height: usize, set_runs: impl Iterator<Item = (u64, u64)>) -> Vec<u8> {
    let mut pixels = vec![0u8; width * height];
    // first 1 where a pixel differs from the one above; the top of a column as it is
    for (from, to) in set_runs.filter(|(from, to)| from < to) {
        let (from, last) = (from as u32, (to - 1) as u32);
        let (mut x, mut y) = ((from / height as u32) as usize, (from % height as u32) as usize);
        let mut left = (last - from) as usize + 1;
        loop {
            pixels[y * width + x] ^= 1;
            if y + left < height {
                pixels[(y + left) * width + x] ^= 1;
            }
            left = left.saturating_sub(height - y);
            if left == 0 {
                break;
            }
            (x, y) = (x + 1, 0);
        }
    }
    if width > 0 {
        let mut rows = pixels.chunks_exact_mut(width);
        let mut above = rows.next().unwrap_or_default();
        for row in rows {
            for (pixel, above) in row.iter_mut().zip(above.iter()) {
                *pixel ^= above;
            }
            above = row;
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition: down each column, left to right.
    fn plain(width: usize, height: usize, pixels: &[u8]) -> Vec<u32> {
        let (mut counts, mut state, mut run) = (Vec::new(), false, 0);
        for x in 0..width {
            for y in 0..height {
                if (pixels[y * width + x] != 0) != state {
                    counts.push(run);
                    (state, run) = (!state, 0);
                }
                run += 1;
            }
        }
        counts.push(run);
        counts
    }

    #[test]
    fn runs_are_those_of_the_definition_and_lead_back() {
        let mut seed = 11u64;
        let mut random = move |below: u64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) % below
        };
        for round in 0..400 {
            // sides around the blocks' ends, pixels of one tone, of two and of many
            let (width, height) =
                (random(200) as usize, random(if round % 3 == 0 { 3 } else { 90 }) as usize);
            let (density, tones) = (random(12), 1 + random(3) * 127);
            let runs_of = 1 + random(30);
            let mut value = 0;
            let said: Vec<u8> = (0..width * height)
                .map(|_| {
                    if random(runs_of) == 0 {
                        value = if random(10) < density { 1 + random(tones) as u8 } else { 0 };
                    }
                    value
                })
                .collect();
            let counts = runs(width, height, &said);
            assert_eq!(counts, plain(width, height, &said), "{width}x{height}");
            let columns: Vec<u8> = (0..width)
                .flat_map(|x| (0..height).map(move |y| (x, y)))
                .map(|(x, y)| said[y * width + x])
                .collect();
            assert_eq!(counts, column_runs(&columns), "{width}x{height} by columns");
            let mut at = 0;
            let set_runs = counts.iter().enumerate().filter_map(|(i, &count)| {
                let from = at;
                at += count as u64;
                (i % 2 == 1).then_some((from, at))
            });
            let tone = |v: &u8| u8::from(*v != 0);
            assert_eq!(pixels(width, height, set_runs), said.iter().map(tone).collect::<Vec<u8>>());
        }
    }
}
