//! Every label of QSRlib's own test data, and relations over time against relations at instants.

use super::over_time::{Followed, Path, over_time};
use super::*;
use crate::scratch::{Random, data};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path as File;

fn text(file: &File) -> String {
    let mut text = String::new();
    let packed = std::fs::File::open(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    if file.extension().is_some_and(|e| e == "gz") {
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("it unpacks");
    } else {
        let mut packed = packed;
        packed.read_to_string(&mut text).expect("it is text");
    }
    text
}

fn number(word: &str) -> f64 {
    word.trim().parse().expect("a number")
}

/// The name of a relation of boxes by QSRlib's name of the calculus.
fn label(calculus: &str, boxes: &[Rect]) -> String {
    let (a, b) = (&boxes[0], &boxes[1]);
    match calculus {
        "rcc8" => rcc8::NAMES[rcc8::of(a, b)].to_owned(),
        "rcc5" => match rcc5::of(a, b) {
            0 => "dr".to_owned(),
            r => rcc5::NAMES[r].to_owned(),
        },
        "ra" => rectangle::name(rectangle::of(a, b)),
        "cardir" => compass::NAMES[compass::of(a.centre(), b.centre())].to_owned(),
        "argd" => near::NAMES[near::of(a.centre(), b.centre(), &near::LIMITS)].to_owned(),
        "tpcc" => tpcc::of(a.centre(), b.centre(), boxes[2].centre()),
        other => panic!("{other}"),
    }
}

#[test]
fn every_label_of_qsrlib_is_reproduced() {
    let Some(folder) = data("qsrlib labels", "qsrlib") else { return };
    for set in ["data2", "data4"] {
        let mut boxes = BTreeMap::new();
        for line in text(&folder.join(format!("{set}.csv.gz"))).lines().skip(1) {
            let f: Vec<&str> = line.split(',').collect();
            let rect = Rect::around((number(f[2]), number(f[3])), (number(f[4]), number(f[5])));
            boxes.insert((f[0].to_owned(), f[1].to_owned()), rect);
        }
        for calculus in ["rcc8", "rcc5", "ra", "cardir", "argd", "tpcc"] {
            let mut count = 0;
            for line in text(&folder.join(format!("{set}_{calculus}.csv.gz"))).lines().skip(1) {
                let f: Vec<&str> = line.split(';').collect();
                let rects: Vec<Rect> =
                    f[1].split(',').map(|o| boxes[&(f[0].to_owned(), o.to_owned())]).collect();
                assert_eq!(label(calculus, &rects), f[2], "{set} {calculus} {line} {rects:?}");
                count += 1;
            }
            assert!(count >= 100, "{set} {calculus}: {count} labels");
        }
    }
}

#[test]
fn all_placements_of_two_equal_boxes_are_labelled_as_qsrlib_does() {
    let Some(folder) = data("qsrlib placements", "qsrlib") else { return };
    let folder = folder.join("data1");
    let rows: Vec<[Rect; 2]> = text(&folder.join("data1.csv"))
        .lines()
        .skip(1)
        .map(|line| {
            let f: Vec<&str> = line.split(',').collect();
            let rect = |k: usize| {
                Rect::around((number(f[k]), number(f[k + 1])), (number(f[k + 2]), number(f[k + 3])))
            };
            [rect(1), rect(6)]
        })
        .collect();
    for (calculus, slack) in
        [("rcc8", 0.0), ("rcc5", 0.0), ("ra", 0.0), ("cardir", 0.0), ("rcc8", 2.0), ("rcc5", 2.0)]
    {
        let suffix = if slack > 0.0 { "q_factor_2p0" } else { "defaults" };
        let labels: Vec<String> =
            serde_json::from_str(&text(&folder.join(format!("data1_{calculus}_{suffix}.txt"))))
                .expect("JSON");
        for line in &labels {
            // 1.0,o1,o2,{'rcc8': 'dc'}
            let f: Vec<&str> = line.splitn(4, ',').collect();
            let expected = f[3].rsplit('\'').nth(1).expect("a quoted label");
            let row = rows[number(f[0]) as usize - 1];
            let (a, b) = if f[1] == "o1" { (row[0], row[1]) } else { (row[1], row[0]) };
            let found = match (calculus, slack > 0.0) {
                ("rcc8", true) => rcc8::NAMES[rcc8::quantised(&a, &b, slack)].to_owned(),
                ("rcc5", true) => rcc5::NAMES[rcc5::of_rcc8(rcc8::quantised(&a, &b, slack))].to_owned(),
                _ => label(calculus, &[a, b]),
            };
            assert_eq!(found, expected, "{calculus} {line}");
        }
        assert!(labels.len() > 50, "{calculus}: {} labels", labels.len());
    }
}

#[test]
fn every_trajectory_label_of_qsrlib_is_reproduced() {
    let Some(folder) = data("qsrlib trajectories", "qsrlib") else { return };
    let folder = folder.join("qtc");
    let rows: Vec<[(f64, f64); 2]> = text(&folder.join("qtc.csv"))
        .lines()
        .skip(1)
        .map(|line| {
            let f: Vec<&str> = line.split(',').collect();
            [(number(f[1]), number(f[2])), (number(f[4]), number(f[5]))]
        })
        .collect();
    // the settings of QSRlib's test: quantisation 0.01, double cross within 1.2
    for (key, file) in [("qtcbs", "qtcbs"), ("qtccs", "qtccs"), ("qtcbcs", "qtcbcs")] {
        let labels: Vec<BTreeMap<String, String>> =
            serde_json::from_str(&text(&folder.join(format!("{file}_nocollapse.txt")))).expect("JSON");
        assert_eq!(labels.len() + 1, rows.len());
        for (i, expected) in labels.iter().enumerate() {
            let (now, next) = (rows[i], rows[i + 1]);
            let signs = qtc::step([now[0], next[0]], [now[1], next[1]], 0.01);
            let square = (next[0].0 - next[1].0).powi(2) + (next[0].1 - next[1].1).powi(2);
            let is_basic = key == "qtcbs" || key == "qtcbcs" && square > 1.2 * 1.2;
            let found = if is_basic {
                qtc::name(qtc::index(&signs[..2]), 2)
            } else {
                qtc::name(qtc::index(&signs), 4)
            };
            assert_eq!(found, expected[key], "{key} step {i}");
        }
    }
}

/// A thing that wanders over a small grid, so that edges often meet.
fn wander(random: &mut Random, samples: usize) -> Path {
    let mut path = Path::default();
    let mut t = 0;
    for _ in 0..samples {
        // powers of two, so that places between are exact
        t += 1024 << random.below(2);
        let mut interval = || {
            let start = random.below(6);
            (start as f64, (start + 1 + random.below(4)) as f64)
        };
        path.t_ns.push(t);
        path.boxes.push(Rect { x: interval(), y: interval() });
        path.linked.push(random.below(6) > 0);
    }
    if let Some(last) = path.linked.last_mut() {
        *last = false;
    }
    path
}

#[test]
fn over_time_says_what_each_instant_says() {
    let mut random = Random::new(7);
    for _ in 0..300 {
        let (a, b) = (wander(&mut random, 8), wander(&mut random, 8));
        let limits = [1.0, 2.5, 4.0];
        for followed in [
            Followed::Rcc8,
            Followed::Rcc5,
            Followed::Rectangle,
            Followed::Cardinal,
            Followed::Compass,
            Followed::Near(limits),
        ] {
            let episodes = over_time(&a, &b, followed);
            let at = |p: &Rect, q: &Rect| match followed {
                Followed::Rcc8 => rcc8::of(p, q),
                Followed::Rcc5 => rcc5::of(p, q),
                Followed::Rectangle => rectangle::of(p, q),
                Followed::Cardinal => cardinal::of(p.centre(), q.centre()),
                Followed::Compass => compass::of(p.centre(), q.centre()),
                _ => near::of(p.centre(), q.centre(), &limits),
            };
            for pair in episodes.windows(2) {
                assert!(pair[0].to_ns <= pair[1].from_ns);
                let joined = pair[0].is_joined && pair[0].to_ns == pair[1].from_ns;
                assert!(!joined || pair[0].relation != pair[1].relation, "not maximal: {pair:?}");
            }
            for t in 0..17_000 {
                // away from the roots, which rounding to nanoseconds moves
                if t % 7 != 0 {
                    continue;
                }
                let here = a.at(t).zip(b.at(t));
                let inside: Vec<_> = episodes
                    .iter()
                    .filter(|e| e.from_ns < t && t < e.to_ns || e.from_ns == t && e.to_ns == t)
                    .collect();
                let touching = episodes.iter().any(|e| e.from_ns == t || e.to_ns == t);
                match here {
                    None => assert!(inside.is_empty() && !touching, "{followed:?} at {t}"),
                    Some((p, q)) if !touching => {
                        assert_eq!(inside.len(), 1, "{followed:?} at {t}");
                        assert_eq!(inside[0].relation, at(&p, &q), "{followed:?} at {t}: {p:?} {q:?}");
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

#[test]
fn a_box_that_passes_through_touches_for_an_instant() {
    let still = Rect { x: (4.0, 6.0), y: (0.0, 2.0) };
    let at = |x: f64| Rect { x: (x, x + 1.0), y: (0.5, 1.5) };
    let a = Path { t_ns: vec![0, 1_000_000], boxes: vec![at(0.0), at(10.0)], linked: vec![true, false] };
    let b = Path { t_ns: vec![0, 1_000_000], boxes: vec![still, still], linked: vec![true, false] };
    let found: Vec<(&str, i64, i64)> = over_time(&a, &b, Followed::Rcc8)
        .iter()
        .map(|e| (rcc8::NAMES[e.relation], e.from_ns, e.to_ns))
        .collect();
    assert_eq!(
        found,
        [
            ("dc", 0, 300_000),
            ("ec", 300_000, 300_000),
            ("po", 300_000, 400_000),
            ("tpp", 400_000, 400_000),
            ("ntpp", 400_000, 500_000),
            ("tpp", 500_000, 500_000),
            ("po", 500_000, 600_000),
            ("ec", 600_000, 600_000),
            ("dc", 600_000, 1_000_000),
        ]
    );
    let motion = over_time(&a, &b, Followed::QtcC);
    let names: Vec<String> = motion.iter().map(|e| qtc::name(e.relation, 4)).collect();
    assert_eq!(names, ["-,0,0,0", "0,0,0,0", "+,0,0,0"]);
}

#[test]
fn continuous_motion_walks_through_neighbours() {
    let mut random = Random::new(8);
    for _ in 0..200 {
        let (a, b) = (wander(&mut random, 6), wander(&mut random, 6));
        for (followed, algebra) in [
            (Followed::Rcc8, rcc8::algebra()),
            (Followed::Rcc5, rcc5::algebra()),
            (Followed::Cardinal, cardinal::algebra()),
        ] {
            for pair in over_time(&a, &b, followed).windows(2) {
                if pair[0].is_joined {
                    assert!(
                        algebra.neighbours(pair[0].relation).has(pair[1].relation),
                        "{} {} then {}",
                        algebra.name(),
                        algebra.names()[pair[0].relation],
                        algebra.names()[pair[1].relation]
                    );
                }
            }
        }
    }
}
