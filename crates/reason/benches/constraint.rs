//! Closure and search over networks that random intervals and discs satisfy, as GQR is measured on them.
//!
//! `python ../shared/peers/gen_inputs.py` writes `csp/*.csp`; `PEERS_DATA=FOLDER cargo bench -p chronotope-reason --bench constraint` reads
//! them. Without them networks of the same kind are made.

#![allow(missing_docs)] // a bench is a program

use chronotope_reason::calculus::{Algebra, Relations, allen, rcc8};
use chronotope_reason::constraint::{Closure, Network, consistency};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::PathBuf;

/// The network of a file in GQR's form: `i j ( relations )` a line.
fn read(algebra: &'static Algebra, n: usize, text: &str) -> Network<'static> {
    let mut network = Network::new(algebra, n).expect("few");
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let ends = (words.next().and_then(|w| w.parse().ok()), words.next().and_then(|w| w.parse().ok()));
        if let ((Some(i), Some(j)), true) = (ends, line.contains('(')) {
            let set = algebra.set(words.filter(|w| *w != "(" && *w != ")")).expect("known relations");
            network.add(i, j, set).expect("known things");
        }
    }
    network
}

fn networks(algebra: &'static Algebra, n: usize, kind: &str) -> Vec<Network<'static>> {
    let name = algebra.name();
    (0..5)
        .map(|k| {
            let file = std::env::var_os("PEERS_DATA")
                .map(|folder| PathBuf::from(folder).join(format!("csp/{name}-n{n}-{kind}-{k}.csp")));
            match file.and_then(|file| std::fs::read_to_string(file).ok()) {
                Some(text) => read(algebra, n, &text),
                None => made(algebra, n, kind, k),
            }
        })
        .collect()
}

/// Random intervals or discs on whole numbers; each pair keeps its own relation and half of the others.
fn made(algebra: &'static Algebra, n: usize, kind: &str, seed: u64) -> Network<'static> {
    let mut state = seed + 1;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % limit
    };
    let things: Vec<[i64; 3]> = (0..n)
        .map(|_| {
            if algebra.name() == "allen" {
                let start = below(4 * n) as i64;
                [start, start + 1 + below(2 * n) as i64, 0]
            } else {
                [below(60) as i64, below(60) as i64, 3 + below(12) as i64]
            }
        })
        .collect();
    let relation = |a: [i64; 3], b: [i64; 3]| {
        if algebra.name() == "allen" {
            return allen::of(a[0], a[1], b[0], b[1]);
        }
        let apart = (a[0] - b[0]).pow(2) + (a[1] - b[1]).pow(2);
        let (sum, difference) = ((a[2] + b[2]).pow(2), (a[2] - b[2]).pow(2));
        match (apart, a[2] < b[2]) {
            _ if a == b => rcc8::EQ,
            _ if apart > sum => rcc8::DC,
            _ if apart == sum => rcc8::EC,
            _ if apart > difference => rcc8::PO,
            (_, true) => {
                if apart == difference {
                    rcc8::TPP
                } else {
                    rcc8::NTPP
                }
            }
            _ => {
                if apart == difference {
                    rcc8::TPPI
                } else {
                    rcc8::NTPPI
                }
            }
        }
    };
    let mut network = Network::new(algebra, n).expect("few");
    for i in 0..n {
        for j in i + 1..n {
            if kind == "dense" || below(n - 1) < 9 {
                let noise: Relations = (0..algebra.len()).filter(|_| below(2) == 0).collect();
                let set = noise.or(Relations::one(relation(things[i], things[j])));
                network.add(i, j, set).expect("they exist");
            }
        }
    }
    network
}

fn bench(criterion: &mut Criterion) {
    for algebra in [allen::algebra(), rcc8::algebra()] {
        for n in [50, 100, 200] {
            for kind in ["dense", "cons"] {
                let networks = networks(algebra, n, kind);
                let name = format!("closure {} {kind} n {n}, five networks", algebra.name());
                criterion.bench_function(&name, |b| {
                    b.iter(|| {
                        for network in &networks {
                            assert!(Closure::new(black_box(network)).is_ok());
                        }
                    });
                });
            }
        }
        for n in [50, 100] {
            let networks = networks(algebra, n, "cons");
            let name = format!("search {} cons n {n}, five networks", algebra.name());
            criterion.bench_function(&name, |b| {
                b.iter(|| {
                    for network in &networks {
                        assert_eq!(consistency(black_box(network), 1_000_000).holds(), Some(true));
                    }
                });
            });
        }
    }
}

criterion_group! { name = benches; config = Criterion::default().sample_size(10); targets = bench }
criterion_main!(benches);
