//! Closure and search over networks that random intervals and discs satisfy, as GQR is measured on them.
//!
//! `python ../shared/peers/gen_inputs.py` writes `csp/*.csp`; `PEERS_DATA=FOLDER cargo bench -p chronotope-reason --bench constraint` reads
//! them. Without them networks of the same kind are made.

#![allow(missing_docs)] // a bench is a program

use chronotope_reason::calculus::{Algebra, Relations, allen, rcc8};
use chronotope_reason::constraint::{Closure, Network, consistency};
mod cpu;

use criterion::{Criterion, criterion_group, criterion_main};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Read;
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

fn bench(criterion: &mut Criterion<cpu::CpuTime>) {
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

/// The networks of `data/calculi`, whose times GQR's authors state: 80 nodes about 14 ms, 320 nodes about 2.5 s.
fn published(criterion: &mut Criterion<cpu::CpuTime>) {
    let root = std::env::var_os("CHRONOTOPE_DATA")
        .map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let Ok(packed) = std::fs::File::open(root.join("calculi/networks.jsonl.gz")) else { return };
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("it unpacks");
    let mut kinds: BTreeMap<String, Vec<Network<'static>>> = BTreeMap::new();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let algebra = match line["calculus"].as_str() {
            Some("allen") => allen::algebra(),
            Some("rcc8") => rcc8::algebra(),
            _ => continue,
        };
        let number = |v: &serde_json::Value| v.as_u64().expect("a number") as usize;
        let mut network = Network::new(algebra, number(&line["nodes"])).expect("few");
        for c in line["constraints"].as_array().expect("a list") {
            let names = c[2].as_array().expect("names").iter().filter_map(|n| n.as_str());
            let set = algebra.set(names).expect("known relations");
            network.add(number(&c[0]), number(&c[1]), set).expect("known things");
        }
        let kind = line["source"].as_str().expect("a file").to_owned();
        kinds.entry(kind).or_default().push(network);
    }
    for (kind, networks) in kinds {
        criterion.bench_function(&format!("search {kind}, {} networks", networks.len()), |b| {
            b.iter(|| {
                for network in &networks {
                    assert!(consistency(black_box(network), 10_000_000).holds().is_some());
                }
            });
        });
    }
}

criterion_group! { name = benches; config = Criterion::default().with_measurement(cpu::CpuTime).sample_size(10); targets = bench, published }
criterion_main!(benches);
