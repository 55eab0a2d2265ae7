//! Answers what `benches/peers/calculi_peers.py` asks other programs too, so that both can be compared.
//!
//! cargo run --release -p chronotope-reason --example calculi_peer -- close TIMES < NETWORKS
//! cargo run --release -p chronotope-reason --example calculi_peer -- extract TIMES
//!
//! cargo run --release -p chronotope-reason --example calculi_peer -- join TIMES < INTERVALS
//! cargo run --release -p chronotope-reason --example calculi_peer -- route TIMES < GRID
//!
//! `close`: networks as `CALCULUS N`, lines `i j REL REL`, and `end`; a line `no`, or every pair of the closure, for each. `extract`: how
//! often each relation of RCC-8, of the cardinal directions and of QTC-B holds among the wandering boxes of QSRlib's script.
//! `join`: two lists of intervals, lines `START END` in nanoseconds with an empty line between; how many pairs overlap. `route`: rows of `.`
//! and `#`; the number of steps from corner to corner, four-connected, or `no`. Everything is done TIMES times.

#![allow(clippy::print_stdout, clippy::print_stderr)] // it prints for a script

use chronotope_reason::calculus::interval_join::join;
use chronotope_reason::calculus::{Algebra, Rect, Relations, allen, compass, qtc, rcc8};
use chronotope_reason::constraint::{Closure, Network};
use chronotope_reason::plan::grid::Grid;
use chronotope_reason::plan::route::{Connectivity, route};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Read;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let times = arguments.get(1).map_or(Ok(1), |times| times.parse::<usize>())?.max(1);
    match arguments.first().map(String::as_str) {
        Some("close") => close(times),
        Some("extract") => {
            extract(times);
            Ok(())
        }
        Some("join") => overlaps(times),
        Some("route") => corner_to_corner(times),
        _ => {
            Err("close TIMES < NETWORKS, extract TIMES, join TIMES < INTERVALS, or route TIMES < GRID".into())
        }
    }
}

fn close(times: usize) -> Result<(), Failure> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut networks: Vec<Network<'static>> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["end"] | [] => {}
            [calculus @ ("allen" | "rcc8"), n] => {
                let algebra: &'static Algebra =
                    if *calculus == "allen" { allen::algebra() } else { rcc8::algebra() };
                networks.push(Network::new(algebra, n.parse()?)?);
            }
            [i, j, names @ ..] => {
                let network = networks.last_mut().ok_or("a constraint before a network")?;
                let set = network.algebra().set(names.iter().copied())?;
                network.add(i.parse()?, j.parse()?, set)?;
            }
            _ => return Err(format!("`{line}` is no line of a network").into()),
        }
    }
    for _ in 1..times {
        for network in &networks {
            black_box(Closure::new(black_box(network)).is_ok());
        }
    }
    for network in &networks {
        let Ok(closure) = Closure::new(network) else {
            println!("no");
            continue;
        };
        let n = closure.len();
        let pairs = (0..n).flat_map(|i| (0..n).filter(move |&j| j != i).map(move |j| (i, j)));
        let sets: Vec<String> = pairs
            .map(|(i, j)| {
                let set = closure.get(i, j);
                let mut names: Vec<&str> =
                    set.iter().map(|r| closure.algebra().names()[r].as_str()).collect();
                names.sort_unstable();
                names.join("|")
            })
            .collect();
        println!("{}", sets.join(" "));
    }
    Ok(())
}

fn overlaps(times: usize) -> Result<(), Failure> {
    let text = std::io::read_to_string(std::io::stdin())?;
    let (a, b) = text.split_once("\n\n").ok_or("two lists with an empty line between")?;
    let list = |text: &str| -> Result<Vec<(i64, i64)>, Failure> {
        text.lines()
            .map(|line| {
                let (start, end) = line.split_once(' ').ok_or_else(|| format!("`{line}` is no interval"))?;
                Ok((start.parse()?, end.trim().parse()?))
            })
            .collect()
    };
    let (a, b) = (list(a)?, list(b)?);
    let share = Relations::all(13).without(allen::algebra().set(["<", "m", "mi", ">"])?);
    for _ in 1..times {
        black_box(join(black_box(&a), &b, share, 0));
    }
    println!("{}", join(&a, &b, share, 0).len());
    Ok(())
}

fn corner_to_corner(times: usize) -> Result<(), Failure> {
    let text = std::io::read_to_string(std::io::stdin())?;
    let rows: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
    let width = rows.first().map_or(0, |row| row.len());
    if rows.iter().any(|row| row.len() != width) {
        return Err("rows of unlike length".into());
    }
    let grid = Grid::from_fn(width, rows.len(), |(x, y)| rows[y][x] == b'.')?;
    let find = || route(black_box(&grid), (0, 0), (width - 1, rows.len() - 1), Connectivity::Four);
    for _ in 1..times {
        black_box(find());
    }
    find().map_or_else(|| println!("no"), |route| println!("{}", route.cells().len() - 1));
    Ok(())
}

fn extract(times: usize) {
    let (things, instants) = (20, 100);
    let place = |i: usize, t: usize| {
        let (i, t) = (i as f64, t as f64);
        let centre = (50.0 + 40.0 * libm::sin(0.05 * t + i), 50.0 + 40.0 * libm::cos(0.07 * t + 2.0 * i));
        Rect::around(centre, (10.0, 8.0))
    };
    let boxes: Vec<Vec<Rect>> = (0..things).map(|i| (0..instants).map(|t| place(i, t)).collect()).collect();
    for _ in 0..times {
        let boxes = black_box(&boxes);
        let mut counts: [BTreeMap<usize, u64>; 3] = Default::default();
        let mut add = |k: usize, relation: usize| *counts[k].entry(relation).or_default() += 1;
        for i in 0..things {
            for j in (0..things).filter(|&j| j != i) {
                for t in 0..instants {
                    add(0, rcc8::of(&boxes[i][t], &boxes[j][t]));
                    add(1, compass::of(boxes[i][t].centre(), boxes[j][t].centre()));
                    if t > 0 {
                        let at = |k: usize| [boxes[k][t - 1].centre(), boxes[k][t].centre()];
                        add(2, qtc::index(&qtc::step(at(i), at(j), 0.01)[..2]));
                    }
                }
            }
        }
        let counts = black_box(counts);
        if times == 1 {
            let names = |k: usize, r: usize| match k {
                0 => rcc8::NAMES[r].to_owned(),
                1 => compass::NAMES[r].to_owned(),
                _ => qtc::name(r, 2),
            };
            for (k, kind) in ["rcc8", "cardir", "qtcbs"].into_iter().enumerate() {
                for (r, count) in &counts[k] {
                    println!("{kind} {} {count}", names(k, *r));
                }
            }
        }
    }
}
