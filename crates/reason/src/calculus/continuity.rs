//! Composition as a check of perception: what two tracks show of one another against what a thing can do between two samples.
//!
//! Between two samples a thing stays within its surroundings: its box then overlaps its box before, grown by how far it can go. Where
//! composition with what another track shows leaves "apart" only, the triple is impossible: the tracker went over to the other thing.

use super::{Algebra, Rect, Relations, over_time::Path, rcc8};

/// A triple that cannot be: the box of `track` before, that of `other` before, and that of `track` after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Impossible {
    /// Index of the track that went over.
    pub track: usize,
    /// Index of the track to whose thing it went.
    pub other: usize,
    /// The last sample before.
    pub from_ns: i64,
    /// The first sample after.
    pub to_ns: i64,
    /// What the track was to the other's surroundings before, in [`rcc8`].
    pub before: usize,
    /// What the other's surroundings before are to the track after.
    pub after: usize,
}

/// All impossible triples of some tracks, in order of time.
///
/// `share` says how far a thing goes between two samples that are at most `most_ns` apart, as a share of its width and height (0.5: by half its
/// size to every side). The surroundings of a thing are its box grown so.
pub fn impossible(paths: &[Path], share: f64, most_ns: i64) -> Vec<Impossible> {
    let algebra = rcc8::algebra();
    // what stays: anything but apart or touching
    let stays = algebra.universal().without(Relations::one(rcc8::DC).or(Relations::one(rcc8::EC)));
    let grown = |b: &Rect| {
        let (w, h) = (share * (b.x.1 - b.x.0), share * (b.y.1 - b.y.0));
        Rect { x: (b.x.0 - w, b.x.1 + w), y: (b.y.0 - h, b.y.1 + h) }
    };
    let mut found = Vec::new();
    for (track, path) in paths.iter().enumerate() {
        for i in 1..path.t_ns.len() {
            let (from_ns, to_ns) = (path.t_ns[i - 1], path.t_ns[i]);
            if to_ns.saturating_sub(from_ns) > most_ns {
                continue;
            }
            let (old, new) = (grown(&path.boxes[i - 1]), path.boxes[i]);
            // a thing that stayed contradicts nothing
            if Relations::one(rcc8::of(&old, &new)).within(stays) {
                continue;
            }
            for (other, its) in paths.iter().enumerate() {
                if other == track {
                    continue;
                }
                // where the other was, sampled or between samples
                let Some(there) = its.at(from_ns).map(|b| grown(&b)) else { continue };
                let (before, after) = (rcc8::of(&old, &there), rcc8::of(&there, &new));
                if composed(algebra, before, after).and(stays).is_empty() {
                    found.push(Impossible { track, other, from_ns, to_ns, before, after });
                }
            }
        }
    }
    found.sort_by_key(|i| (i.to_ns, i.track, i.other));
    found
}

fn composed(algebra: &Algebra, before: usize, after: usize) -> Relations {
    algebra.compose(Relations::one(before), Relations::one(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::data;
    use std::collections::BTreeMap;
    use std::io::Read;

    fn walk(steps: &[(i64, f64)]) -> Path {
        Path {
            t_ns: steps.iter().map(|s| s.0).collect(),
            boxes: steps.iter().map(|s| Rect { x: (s.1, s.1 + 10.0), y: (0.0, 20.0) }).collect(),
            linked: steps.iter().map(|_| true).collect(),
        }
    }

    #[test]
    fn swapped_tracks_are_found_and_walking_ones_are_not() {
        let steady = [walk(&[(0, 0.0), (1, 2.0), (2, 4.0)]), walk(&[(0, 50.0), (1, 48.0), (2, 46.0)])];
        assert_eq!(impossible(&steady, 0.5, 5), []);
        let swapped = [walk(&[(0, 0.0), (1, 48.0), (2, 46.0)]), walk(&[(0, 50.0), (1, 2.0), (2, 4.0)])];
        let found = impossible(&swapped, 0.5, 5);
        let pairs: Vec<(usize, usize, i64)> = found.iter().map(|f| (f.track, f.other, f.to_ns)).collect();
        assert_eq!(pairs, [(0, 1, 1), (1, 0, 1)]);
        assert_eq!((found[0].before, found[0].after), (rcc8::DC, rcc8::NTPPI));
        assert_eq!(impossible(&swapped, 0.5, 0), [], "too long between samples to tell");
    }

    /// In every annotated sequence, two tracks that are apart are swapped at a time; both must be found, and nothing in the truth.
    #[test]
    #[allow(clippy::print_stderr)] // the figures are what the test is for
    fn swaps_in_real_tracks_are_found() {
        let Some(folder) = data("calculi switches", "mot_gt") else { return };
        let (mut swaps, mut found, mut wrong, mut steps) = (0, 0, 0, 0);
        let mut files: Vec<_> = ["MOT17-val", "MOT20-val", "DANCE-val"]
            .iter()
            .filter_map(|f| std::fs::read_dir(folder.join(f)).ok())
            .flat_map(|entries| entries.filter_map(|e| Some(e.ok()?.path())))
            .filter(|p| p.extension().is_some_and(|e| e == "gz"))
            .collect();
        files.sort();
        for file in files {
            let mut text = String::new();
            let packed = std::fs::File::open(&file).expect("the folder is whole");
            flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("it unpacks");
            let mut tracks: BTreeMap<u32, Path> = BTreeMap::new();
            for line in text.lines() {
                let f: Vec<f64> = line.split(',').map(|w| w.trim().parse().expect("a number")).collect();
                let path = tracks.entry(f[1] as u32).or_default();
                path.t_ns.push(f[0] as i64);
                path.boxes.push(Rect { x: (f[2], f[2] + f[4]), y: (f[3], f[3] + f[5]) });
                path.linked.push(true);
            }
            let mut paths: Vec<Path> = tracks.into_values().filter(|p| p.t_ns.len() > 20).collect();
            paths.truncate(24);
            wrong += impossible(&paths, 0.5, 1).len();
            steps += paths.iter().map(|p| p.t_ns.len()).sum::<usize>();
            for a in 0..paths.len() {
                let b = (a + 1) % paths.len();
                let middle = paths[a].t_ns[paths[a].t_ns.len() / 2];
                let (Some(p), Some(q)) = (paths[a].at(middle - 1), paths[b].at(middle - 1)) else { continue };
                let near =
                    |p: &Rect| Rect::around(p.centre(), (3.0 * (p.x.1 - p.x.0), 3.0 * (p.y.1 - p.y.0)));
                // the next picture has both, and they are apart
                let next = paths[a].t_ns.contains(&middle) && paths[b].t_ns.contains(&middle);
                let last = paths[a].t_ns.contains(&(middle - 1)) && paths[b].t_ns.contains(&(middle - 1));
                if !next || !last || rcc8::of(&near(&p), &near(&q)) != rcc8::DC {
                    continue;
                }
                let cut = |path: &Path| path.t_ns.partition_point(|&t| t < middle);
                let (i, j) = (cut(&paths[a]), cut(&paths[b]));
                let join = |first: &Path, i: usize, second: &Path, j: usize| Path {
                    t_ns: [&first.t_ns[..i], &second.t_ns[j..]].concat(),
                    boxes: [&first.boxes[..i], &second.boxes[j..]].concat(),
                    linked: [&first.linked[..i], &second.linked[j..]].concat(),
                };
                let both = [join(&paths[a], i, &paths[b], j), join(&paths[b], j, &paths[a], i)];
                swaps += 1;
                let hits = impossible(&both, 0.5, 1);
                found += usize::from(
                    [(0, 1), (1, 0)]
                        .iter()
                        .all(|&(t, o)| hits.iter().any(|h| (h.track, h.other, h.to_ns) == (t, o, middle))),
                );
            }
        }
        eprintln!(
            "switches: {found} of {swaps} swaps found, {wrong} false ones in {steps} steps of annotated tracks"
        );
        assert!(swaps > 20, "{swaps} swaps are too few to judge");
        assert_eq!(found, swaps, "swaps found");
        assert!(wrong * 10_000 <= steps, "{wrong} false ones in {steps} steps");
    }
}
