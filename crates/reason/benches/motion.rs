//! Motion of 1,000 tracks at 1,000 instants: ever within 5 m for 1,000 pairs, nearest approach, speeds.
//!
//! `python ../shared/peers/gen_inputs.py` writes `tracks.npz` and `pairs.csv`; `PEERS_DATA=FOLDER cargo bench -p chronotope-reason` reads them
//! and checks the answers of NumPy and PyMEOS: 16 pairs, mean nearest approach 156.327795 m. Without them it makes tracks of the
//! same kind and checks nothing.

#![allow(missing_docs, clippy::print_stderr)] // a bench is a program

use chronotope_reason::motion::pair::{ever_within, nearest};
use chronotope_reason::motion::polyline::Polyline;
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::PathBuf;

const TRACKS: usize = 1000;
const INSTANTS: usize = 1000;

/// The float64 columns `x.npy` and `y.npy` of an uncompressed NPZ (a ZIP of NPY 1.0 files, as `numpy.savez` writes).
fn columns(bytes: &[u8]) -> Option<[Vec<f64>; 2]> {
    let column = |name: &str| {
        let at = bytes.windows(name.len()).position(|w| w == name.as_bytes())?;
        let start = at + bytes[at..].windows(6).position(|w| w == b"\x93NUMPY")?;
        let header = u16::from_le_bytes([bytes[start + 8], bytes[start + 9]]) as usize;
        let data = bytes.get(start + 10 + header..start + 10 + header + TRACKS * INSTANTS * 8)?;
        Some(
            data.chunks_exact(8)
                .map(|b| f64::from_le_bytes(b.try_into().unwrap_or_default()))
                .collect::<Vec<_>>(),
        )
    };
    Some([column("x.npy")?, column("y.npy")?])
}

fn inputs() -> (Vec<Polyline>, Vec<(usize, usize)>, bool) {
    let folder =
        std::env::var_os("PEERS_DATA").map_or_else(|| std::env::temp_dir().join("peers-data"), PathBuf::from);
    let given = std::fs::read(folder.join("tracks.npz")).ok().and_then(|bytes| columns(&bytes));
    let pairs = std::fs::read_to_string(folder.join("pairs.csv")).ok();
    let real = given.is_some() && pairs.is_some();
    let [x, y] = given.unwrap_or_else(made);
    let pairs = pairs.map_or_else(
        || (0..TRACKS).map(|i| (i, (i * 7 + 1) % TRACKS)).filter(|(a, b)| a != b).collect(),
        |text| {
            let pair = |line: &str| {
                let (a, b) = line.split_once(',')?;
                Some((a.trim().parse().ok()?, b.trim().parse().ok()?))
            };
            text.lines().filter_map(pair).collect()
        },
    );
    let times: Vec<i64> = (0..INSTANTS as i64).map(|k| k * 100_000_000).collect();
    let tracks = (0..TRACKS).map(|i| {
        let of = |v: &[f64]| v[i * INSTANTS..(i + 1) * INSTANTS].to_vec();
        Polyline::joined(times.clone(), of(&x), of(&y), vec![0.0; INSTANTS])
    });
    (tracks.collect(), pairs, real)
}

/// A random walk from a linear congruential generator.
fn made() -> [Vec<f64>; 2] {
    let mut seed = 7u64;
    let mut draw = || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut out = [Vec::new(), Vec::new()];
    for _ in 0..TRACKS {
        let (mut p, v) = ([draw() * 400.0, draw() * 400.0], [draw() - 0.5, draw() - 0.5]);
        for _ in 0..INSTANTS {
            for k in 0..2 {
                p[k] += 0.2 * v[k] + 0.1 * (draw() - 0.5);
                out[k].push(p[k]);
            }
        }
    }
    out
}

fn motion(c: &mut Criterion) {
    let (tracks, pairs, real) = inputs();
    let count = || pairs.iter().filter(|&&(a, b)| ever_within(&tracks[a], &tracks[b], 5.0)).count();
    let mean = || {
        let sum: f64 =
            pairs.iter().filter_map(|&(a, b)| nearest(&tracks[a], &tracks[b])).map(|n| n.distance).sum();
        sum / pairs.len() as f64
    };
    let (found, distance) = (count(), mean());
    eprintln!(
        "{found} of {} pairs within 5 m, mean nearest approach {distance:.6} m, peers' input: {real}",
        pairs.len()
    );
    if real {
        assert_eq!((found, format!("{distance:.6}")), (16, "156.327795".to_owned()));
    }
    c.bench_function("ever within 5 m, 1,000 pairs", |b| b.iter(|| black_box(count())));
    c.bench_function("nearest approach, 1,000 pairs", |b| b.iter(|| black_box(mean())));
    c.bench_function("speeds of 1,000 tracks", |b| {
        b.iter(|| tracks.iter().map(|track| black_box(track.speeds()).len()).sum::<usize>());
    });
    c.bench_function("boxes for skipping, 1,000 tracks", |b| {
        b.iter(|| tracks.iter().map(|track| track.clone().indexed().len()).sum::<usize>());
    });
}

criterion_group!(benches, motion);
criterion_main!(benches);
