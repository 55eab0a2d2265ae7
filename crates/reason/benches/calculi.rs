//! Reading relations off boxes and trajectories as QSRlib does (20 things at 100 instants), and joins of 2,000 × 2,000 intervals as Rekall's.
//!
//! Peers, from `../shared/AMBITION.md`: QSRlib 141,457 relations of RCC-8, 130,171 cardinal and 11,956 QTC-B relations per CPU-second; Rekall
//! 3.06 s for an overlap join, 0.88 s for before within 10 s.

#![allow(missing_docs)] // a bench is a program

mod cpu;

use chronotope_reason::calculus::interval_join::join;
use chronotope_reason::calculus::over_time::{Followed, Path, over_time};
use chronotope_reason::calculus::{Rect, Relations, allen, compass, qtc, rcc8};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const THINGS: usize = 20;
const INSTANTS: usize = 100;

/// The wandering boxes of the peer's script.
fn boxes() -> Vec<Vec<Rect>> {
    let place = |i: usize, t: usize| {
        let (i, t) = (i as f64, t as f64);
        let centre = (50.0 + 40.0 * libm::sin(0.05 * t + i), 50.0 + 40.0 * libm::cos(0.07 * t + 2.0 * i));
        Rect::around(centre, (10.0, 8.0))
    };
    (0..THINGS).map(|i| (0..INSTANTS).map(|t| place(i, t)).collect()).collect()
}

fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..THINGS).flat_map(|i| (0..THINGS).filter(move |&j| j != i).map(move |j| (i, j)))
}

fn extraction(criterion: &mut Criterion<cpu::CpuTime>) {
    let boxes = boxes();
    let count = pairs().count() * INSTANTS;
    criterion.bench_function(&format!("rcc8, {count} relations"), |b| {
        b.iter(|| {
            pairs()
                .map(|(i, j)| {
                    (0..INSTANTS).map(|t| rcc8::of(black_box(&boxes[i][t]), &boxes[j][t])).sum::<usize>()
                })
                .sum::<usize>()
        });
    });
    criterion.bench_function(&format!("compass, {count} relations"), |b| {
        b.iter(|| {
            pairs()
                .map(|(i, j)| {
                    (0..INSTANTS)
                        .map(|t| compass::of(black_box(&boxes[i][t]).centre(), boxes[j][t].centre()))
                        .sum::<usize>()
                })
                .sum::<usize>()
        });
    });
    let count = pairs().count() * (INSTANTS - 1);
    criterion.bench_function(&format!("qtc-b, {count} relations"), |b| {
        b.iter(|| {
            pairs()
                .map(|(i, j)| {
                    (1..INSTANTS)
                        .map(|t| {
                            let at = |k: usize| [boxes[k][t - 1].centre(), boxes[k][t].centre()];
                            qtc::index(&qtc::step(black_box(at(i)), at(j), 0.01)[..2])
                        })
                        .sum::<usize>()
                })
                .sum::<usize>()
        });
    });
    let paths: Vec<Path> = boxes
        .iter()
        .map(|boxes| Path {
            t_ns: (0..INSTANTS as i64).map(|t| t * 1_000_000_000).collect(),
            boxes: boxes.clone(),
            linked: (0..INSTANTS).map(|t| t + 1 < INSTANTS).collect(),
        })
        .collect();
    for (name, followed) in [("rcc8", Followed::Rcc8), ("qtc-c", Followed::QtcC)] {
        let pairs: Vec<(usize, usize)> = pairs().collect();
        criterion.bench_function(&format!("{name} over time, {} pairs", pairs.len()), |b| {
            b.iter(|| {
                pairs.iter().map(|&(i, j)| over_time(&paths[i], &paths[j], followed).len()).sum::<usize>()
            });
        });
    }
}

fn joins(criterion: &mut Criterion<cpu::CpuTime>) {
    let mut state = 2_u64;
    let mut unit = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let mut list = || -> Vec<(i64, i64)> {
        (0..2000)
            .map(|_| {
                let start = (unit() * 3600e9) as i64;
                (start, start + 500_000_000 + (unit() * 7.5e9) as i64)
            })
            .collect()
    };
    let (a, b) = (list(), list());
    let share = Relations::all(13).without(allen::algebra().set(["<", "m", "mi", ">"]).expect("they exist"));
    criterion.bench_function(
        &format!("overlap join 2,000 x 2,000, {} pairs", join(&a, &b, share, 0).len()),
        |bench| {
            bench.iter(|| join(black_box(&a), &b, share, 0).len());
        },
    );
    let before = Relations::one(0);
    criterion.bench_function("before within 10 s 2,000 x 2,000", |bench| {
        bench.iter(|| join(black_box(&a), &b, before, 10_000_000_000).len());
    });
}

criterion_group! { name = benches; config = Criterion::default().with_measurement(cpu::CpuTime).sample_size(10); targets = extraction, joins }
criterion_main!(benches);
