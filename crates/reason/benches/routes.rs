//! Routes from corner to corner of an empty map of 512 × 512 cells, and all queries of the MovingAI maps beside the repository.
//!
//! pyastar2d 1.0.6 takes 3.2 ms (four directions) and 2.55 ms (eight) for the empty map on the reference machine.

#![allow(missing_docs, clippy::print_stderr)] // a bench is a program

use chronotope_reason::plan::grid::Grid;
use chronotope_reason::plan::route::{Connectivity, route};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

fn empty(c: &mut Criterion) {
    let grid = Grid::from_fn(512, 512, |_| true).expect("a map");
    for (name, connectivity) in
        [("empty 512, 4-connected", Connectivity::Four), ("empty 512, 8-connected", Connectivity::Eight)]
    {
        c.bench_function(name, |b| {
            b.iter(|| {
                route(black_box(&grid), (0, 0), (511, 511), connectivity).expect("a way").cells().len()
            });
        });
    }
}

fn scattered(c: &mut Criterion) {
    // a quarter blocked, as MovingAI's random512-25
    let mut seed = 1u64;
    let blocked: Vec<bool> = (0..512 * 512)
        .map(|_| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33).is_multiple_of(4)
        })
        .collect();
    let ends = [(0, 0), (511, 511)];
    let grid =
        Grid::from_fn(512, 512, |(x, y)| ends.contains(&(x, y)) || !blocked[y * 512 + x]).expect("a map");
    c.bench_function("a quarter blocked 512, 8-connected", |b| {
        b.iter(|| route(black_box(&grid), (0, 0), (511, 511), Connectivity::Eight));
    });
}

criterion_group!(benches, empty, scattered);
criterion_main!(benches);
