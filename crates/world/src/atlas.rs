//! Where the rows of each track lie, and what space each stretch of them fills: "what is where when" without looking at all.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::id::TrackId;
use crate::sample::SampleChunk;

/// Rows in one block: few enough that its bounds are tight, many enough that the bounds are small beside the rows.
const BLOCK_ROWS: usize = 64;

/// An index over chunks in memory, for readers who see every row.
#[derive(Debug, Default)]
pub(crate) struct Atlas {
    /// Stretches by track, in time order: the chunk and its rows.
    stretches: BTreeMap<TrackId, Vec<(usize, Range<usize>)>>,
    /// Of each block, from its first row …
    from_ns: Vec<i64>,
    /// … up to and with the first row of the track's next block, or as long as its last row holds.
    until_ns: Vec<i64>,
    /// What the blocks hold.
    blocks: Vec<Block>,
}

/// Consecutive rows of one track, and the first that follows, so that what is interpolated lies within.
#[derive(Debug)]
struct Block {
    track: TrackId,
    pose: Hull<3>,
    centre_px: Hull<2>,
}

/// The least box around points; empty before the first.
#[derive(Clone, Copy, Debug)]
struct Hull<const N: usize> {
    low: [f64; N],
    high: [f64; N],
}

impl<const N: usize> Hull<N> {
    const EMPTY: Hull<N> = Hull { low: [f64::INFINITY; N], high: [f64::NEG_INFINITY; N] };

    /// NaN is no point.
    fn add(&mut self, point: [f64; N]) {
        for (k, v) in point.into_iter().enumerate() {
            self.low[k] = self.low[k].min(v);
            self.high[k] = self.high[k].max(v);
        }
    }

    /// Holds a point no further from `place` than `radius` along any axis. A hair more, as sums are rounded.
    fn may_reach(&self, place: &[f64], radius: f64) -> bool {
        (0..N).all(|k| {
            let hair = 1e-9 * (place[k].abs() + radius + self.low[k].abs().min(self.high[k].abs()));
            self.low[k] - radius - hair <= place[k] && place[k] <= self.high[k] + radius + hair
        })
    }
}

impl Atlas {
    /// Chunks must be sorted by (track, time, id), and their stretches of one track must follow each other in time.
    /// None where they do not: parts that were appended may overlap.
    pub(crate) fn of(chunks: &[Arc<SampleChunk>]) -> Option<Atlas> {
        let mut atlas = Atlas::default();
        for (n, chunk) in chunks.iter().enumerate() {
            let mut from = 0;
            while let Some(&track) = chunk.track.get(from) {
                let to = from + chunk.track[from..].partition_point(|&t| t == track);
                if track != u64::MAX {
                    atlas.stretches.entry(TrackId(track)).or_default().push((n, from..to));
                }
                from = to;
            }
        }
        let time = |&(n, i): &(usize, usize)| chunks[n].t_ns[i];
        for (&track, stretches) in &mut atlas.stretches {
            stretches.sort_by_key(|(n, rows)| (time(&(*n, rows.start)), *n));
            let rows: Vec<(usize, usize)> =
                stretches.iter().flat_map(|(n, rows)| rows.clone().map(|i| (*n, i))).collect();
            if !rows.is_sorted_by_key(time) {
                return None;
            }
            for start in (0..rows.len()).step_by(BLOCK_ROWS) {
                let end = (start + BLOCK_ROWS).min(rows.len());
                let mut block = Block { track, pose: Hull::EMPTY, centre_px: Hull::EMPTY };
                for &(n, i) in &rows[start..(end + 1).min(rows.len())] {
                    let chunk = &chunks[n];
                    if let Some(poses) = &chunk.poses {
                        block.pose.add([poses.x[i], poses.y[i], poses.z[i]]);
                    }
                    if let Some(boxes) = &chunk.boxes {
                        let (w, h) = (boxes.width_px[i], boxes.height_px[i]);
                        block.centre_px.add([boxes.left_px[i] + w / 2.0, boxes.top_px[i] + h / 2.0]);
                    }
                }
                let holds = |&(n, i): &(usize, usize)| {
                    let end = chunks[n].end_ns.as_ref().map_or(i64::MIN, |ends| ends[i]);
                    end.max(chunks[n].t_ns[i])
                };
                atlas.from_ns.push(time(&rows[start]));
                atlas.until_ns.push(rows.get(end).map_or_else(|| holds(&rows[end - 1]), time));
                atlas.blocks.push(block);
            }
        }
        Some(atlas)
    }

    /// Where the rows of a track lie, in time order.
    pub(crate) fn stretches(&self, track: TrackId) -> &[(usize, Range<usize>)] {
        self.stretches.get(&track).map_or(&[], Vec::as_slice)
    }

    /// The tracks that may then be within a distance of a place, of poses or of centres of boxes, each once and ascending.
    pub(crate) fn near(&self, t_ns: i64, place: [f64; 3], radius: f64, in_picture: bool) -> Vec<TrackId> {
        let mut tracks: Vec<TrackId> = self
            .from_ns
            .iter()
            .zip(&self.until_ns)
            .zip(&self.blocks)
            .filter(|((from, until), _)| **from <= t_ns && t_ns <= **until)
            .filter(|(_, block)| {
                if in_picture {
                    block.centre_px.may_reach(&place, radius)
                } else {
                    block.pose.may_reach(&place, radius)
                }
            })
            .map(|(_, block)| block.track)
            .collect();
        tracks.dedup();
        tracks
    }
}

/// How many of ascending times are at or before `t_ns`. Where they are about evenly spaced a few are looked at, else
/// logarithmically many.
pub(crate) fn until(times: &[i64], t_ns: i64) -> usize {
    let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return 0 };
    if t_ns < first {
        return 0;
    }
    if t_ns >= last {
        return times.len();
    }
    // here first <= t < last
    let share = (t_ns as f64 - first as f64) / (last as f64 - first as f64);
    let guess = ((share * (times.len() - 1) as f64) as usize).min(times.len() - 1);
    let (mut low, mut high, mut step) = (guess, guess, 1); // times[low] <= t < times[high]
    while times[low] > t_ns {
        high = low;
        low = low.saturating_sub(step);
        step *= 2;
    }
    step = 1;
    while times[high] <= t_ns {
        low = high;
        high = (high + step).min(times.len() - 1);
        step *= 2;
    }
    low + times[low..high].partition_point(|&s| s <= t_ns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn until_counts_as_a_partition_point_does() {
        let mut state = 7u64;
        let mut draw = move |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % n
        };
        for _ in 0..2000 {
            let n = draw(40) as usize;
            let mut times: Vec<i64> = (0..n).map(|_| draw(60) as i64 - 30).collect();
            if draw(9) == 0 {
                times.push(i64::MAX);
                times.push(i64::MIN);
            }
            times.sort_unstable();
            for t in [i64::MIN, -31, draw(60) as i64 - 30, 0, 30, i64::MAX - 1, i64::MAX] {
                assert_eq!(until(&times, t), times.partition_point(|&s| s <= t), "{times:?} {t}");
            }
        }
    }
}
