//! Networks of the literature and of random models.

use super::*;
use crate::calculus::{Algebra, Rect, Relations, allen, branching, cardinal, point, rcc5, rcc8};
use crate::scratch::{Random, data};
use serde_json::Value;
use std::io::Read;

const BUDGET: u64 = 1_000_000;

/// A network from a line of `networks.jsonl`.
fn network(line: &Value) -> Network<'static> {
    let algebra = match line["calculus"].as_str().expect("a calculus") {
        "allen" => allen::algebra(),
        "point" => point::algebra(),
        "rcc8" => rcc8::algebra(),
        "rcc5" => rcc5::algebra(),
        "cd" => cardinal::algebra(),
        "point-branching" => branching::algebra(),
        other => panic!("{other} is not ours"),
    };
    let number = |v: &Value| v.as_u64().expect("a number") as usize;
    let mut network = Network::new(algebra, number(&line["nodes"])).expect("few nodes");
    for constraint in line["constraints"].as_array().expect("a list") {
        let names = constraint[2].as_array().expect("names").iter().map(|n| n.as_str().expect("a name"));
        let set = algebra.set(names).expect("known names");
        network.add(number(&constraint[0]), number(&constraint[1]), set).expect("known nodes");
    }
    network
}

#[test]
fn published_networks_are_judged_as_published() {
    let Some(folder) = data("calculi networks", "calculi") else { return };
    let mut text = std::fs::read_to_string(folder.join("networks_unit.jsonl")).expect("the folder is whole");
    let packed = std::fs::File::open(folder.join("networks.jsonl.gz")).expect("the folder is whole");
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("it unpacks");
    let mut count = 0;
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let network = network(&line);
        let asked = format!("{} {} {}", line["calculus"], line["source"], line["name"]);
        assert_eq!(Closure::new(&network).is_ok(), line["path_consistent"], "closure of {asked}");
        let verdict = consistency(&network, BUDGET);
        assert_eq!(verdict.holds(), line["consistent"].as_bool(), "{asked}");
        if network.len() <= 30 {
            match verdict.holds() {
                Some(true) => check_scenario(&network),
                _ => check_explanation(&network),
            }
        }
        count += 1;
    }
    assert!(count >= 3, "{count} networks");
}

/// A scenario has one relation for each pair, closed, and within every constraint.
fn check_scenario(network: &Network<'_>) {
    let scenario = scenario(network, BUDGET).expect("consistent networks have scenarios");
    let algebra = network.algebra();
    for i in 0..network.len() {
        for j in 0..network.len() {
            assert!(scenario.get(i, j).is_base());
            for k in 0..network.len() {
                let via = algebra.compose(scenario.get(i, j), scenario.get(j, k));
                assert!(scenario.get(i, k).within(via));
            }
        }
    }
    for c in network.constraints() {
        assert!(scenario.get(c.first, c.second).within(c.relations));
    }
}

/// What is explained has no model, and has one without any one of its constraints.
fn check_explanation(network: &Network<'_>) {
    let core = explain(network, BUDGET).expect("there is a reason");
    assert_eq!(consistency(&network.only(&core), BUDGET).holds(), Some(false));
    for i in 0..core.len() {
        let mut fewer = core.clone();
        fewer.remove(i);
        assert_eq!(
            consistency(&network.only(&fewer), BUDGET).holds(),
            Some(true),
            "{core:?} is not smallest"
        );
    }
}

/// A random network that `models` satisfy: their own relation and `extra` others for each of `share` of the pairs.
fn about<'a, T>(
    random: &mut Random,
    algebra: &'a Algebra,
    models: &[T],
    relation: impl Fn(&T, &T) -> usize,
    share: f64,
) -> Network<'a> {
    let mut network = Network::new(algebra, models.len()).expect("few");
    for i in 0..models.len() {
        for j in i + 1..models.len() {
            if random.unit() < share {
                let noise = Relations(random.next() as u32 & random.next() as u32).and(algebra.universal());
                let set = noise.or(Relations::one(relation(&models[i], &models[j])));
                network.add(i, j, set).expect("they exist");
            }
        }
    }
    network
}

fn boxes(random: &mut Random, n: usize) -> Vec<Rect> {
    let mut interval = || {
        let start = random.below(12);
        (start as f64, (start + 1 + random.below(8)) as f64)
    };
    (0..n).map(|_| Rect { x: interval(), y: interval() }).collect()
}

#[test]
fn the_closure_never_loses_a_model() {
    let mut random = Random::new(3);
    for round in 0..300 {
        let models = boxes(&mut random, 3 + round % 12);
        let share = 0.2 + 0.8 * random.unit();
        let one = |network: &Network<'_>, relation: &dyn Fn(&Rect, &Rect) -> usize| {
            let closure = Closure::new(network).expect("the models satisfy it");
            for (i, a) in models.iter().enumerate() {
                for (j, b) in models.iter().enumerate() {
                    assert!(closure.get(i, j).has(relation(a, b)), "{}", network.algebra().name());
                }
            }
            assert_eq!(consistency(network, BUDGET).holds(), Some(true));
        };
        let along = |a: &Rect, b: &Rect| allen::of(a.x.0, a.x.1, b.x.0, b.x.1);
        one(&about(&mut random, allen::algebra(), &models, along, share), &along);
        one(&about(&mut random, rcc8::algebra(), &models, rcc8::of, share), &rcc8::of);
        one(&about(&mut random, rcc5::algebra(), &models, rcc5::of, share), &rcc5::of);
        let compass = |a: &Rect, b: &Rect| cardinal::of(a.centre(), b.centre());
        one(&about(&mut random, cardinal::algebra(), &models, compass, share), &compass);
    }
}

#[test]
fn the_search_agrees_with_trying_all_scenarios() {
    let mut random = Random::new(4);
    let mut found = [0, 0];
    for round in 0..2000 {
        let algebra =
            [allen::algebra(), rcc8::algebra(), rcc5::algebra(), branching::algebra(), cardinal::algebra()]
                [round % 5];
        let mut network = Network::new(algebra, 4).expect("few");
        for i in 0..4 {
            for j in i + 1..4 {
                let set = Relations(random.next() as u32 & random.next() as u32).and(algebra.universal());
                let base = Relations::one(random.below(algebra.len()));
                network.add(i, j, set.or(base)).expect("they exist");
            }
        }
        let expected = has_scenario(&network, &mut Vec::new());
        assert_eq!(consistency(&network, BUDGET).holds(), Some(expected), "{network:?}");
        found[usize::from(expected)] += 1;
        if expected {
            check_scenario(&network);
        } else {
            check_explanation(&network);
        }
    }
    assert!(found[0] > 100 && found[1] > 100, "{found:?} are too few of one kind");
}

/// Tries every base relation for every pair; scenarios of these calculi are decided by their triples.
fn has_scenario(network: &Network<'_>, chosen: &mut Vec<Relations>) -> bool {
    let algebra = network.algebra();
    if chosen.len() == network.constraints().len() {
        let at = |i: usize, j: usize| {
            network.constraints().iter().zip(chosen.iter()).find_map(|(c, &r)| {
                ((c.first, c.second) == (i, j))
                    .then_some(r)
                    .or(((c.second, c.first) == (i, j)).then(|| algebra.converse(r)))
            })
        };
        let n = network.len();
        return (0..n * n * n).all(|t| {
            let (i, j, k) = (t / n / n, t / n % n, t % n);
            match (at(i, j), at(j, k), at(i, k)) {
                (Some(ij), Some(jk), Some(ik)) => ik.within(algebra.compose(ij, jk)),
                _ => true,
            }
        });
    }
    network.constraints()[chosen.len()].relations.iter().any(|r| {
        chosen.push(Relations::one(r));
        // cut what the last triple refutes
        let holds = triple_holds(network, chosen) && has_scenario(network, chosen);
        chosen.pop();
        holds
    })
}

fn triple_holds(network: &Network<'_>, chosen: &[Relations]) -> bool {
    let cs = network.constraints();
    let last = chosen.len() - 1;
    let at =
        |i: usize, j: usize| (0..=last).find(|&c| (cs[c].first, cs[c].second) == (i, j)).map(|c| chosen[c]);
    let (i, k) = (cs[last].first, cs[last].second);
    (i + 1..k).all(|j| match (at(i, j), at(j, k)) {
        (Some(ij), Some(jk)) => chosen[last].within(network.algebra().compose(ij, jk)),
        _ => true,
    })
}

#[test]
fn what_is_entailed_is_what_some_model_has() {
    let algebra = allen::algebra();
    let set = |names: &str| algebra.set(names.split(' ')).unwrap();
    let mut network = Network::new(algebra, 3).unwrap();
    network.add(0, 1, set("m")).unwrap();
    network.add(1, 2, set("d")).unwrap();
    let (possible, is_exact) = entailed(&network, 0, 2, BUDGET);
    assert_eq!((possible, is_exact), (set("d s o"), true));
    assert_eq!(why(&network, 0, 2, set("d s o"), BUDGET), Some(vec![0, 1]));
    assert_eq!(why(&network, 0, 2, set("d s"), BUDGET), None);
}

#[test]
fn a_contradiction_is_named_by_its_constraints() {
    let algebra = point::algebra();
    let before = algebra.set(["<"]).unwrap();
    let mut network = Network::new(algebra, 6).unwrap();
    for (i, j) in [(0, 1), (4, 5), (1, 2), (3, 4), (2, 0)] {
        network.add(i, j, before).unwrap();
    }
    assert_eq!(explain(&network, BUDGET), Some(vec![0, 2, 4]));
    assert_eq!(explain(&network.only(&[0, 1, 2, 3]), BUDGET), None);
    let mut alone = Network::new(algebra, 1).unwrap();
    alone.add(0, 0, before).unwrap();
    assert_eq!(explain(&alone, BUDGET), Some(vec![0]));
}

#[test]
fn coming_back_restores_everything() {
    let mut random = Random::new(5);
    let models = boxes(&mut random, 12);
    let along = |a: &Rect, b: &Rect| allen::of(a.x.0, a.x.1, b.x.0, b.x.1);
    let network = about(&mut random, allen::algebra(), &models, along, 0.3);
    let mut closure = Closure::new(&network).unwrap();
    let before = closure.clone();
    for _ in 0..200 {
        let mark = closure.mark();
        for _ in 0..3 {
            let (i, j) = (random.below(12), random.below(12));
            if closure
                .constrain(i, j, Relations(random.next() as u32).and(allen::algebra().universal()))
                .is_err()
            {
                break;
            }
        }
        closure.back_to(mark);
        for i in 0..12 {
            for j in 0..12 {
                assert_eq!(closure.get(i, j), before.get(i, j));
            }
        }
    }
}

#[test]
fn wrong_constraints_are_refused() {
    let mut network = Network::new(point::algebra(), 2).unwrap();
    assert!(network.add(0, 2, Relations(1)).is_err());
    assert!(network.add(0, 1, Relations(8)).is_err());
    assert!(Network::new(point::algebra(), 5000).is_err());
}

/// MATRES: annotated order of the start points of events, document by document. Contradictions are named by their constraints; without
/// them, what the others say of a pair is what was annotated.
#[test]
#[allow(clippy::print_stderr)] // the figures are what the test is for
fn annotated_event_orders_are_closed_and_held_out_pairs_inferred() {
    let Some(folder) = data("calculi matres", "matres") else { return };
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder is whole")
        .filter_map(|e| Some(e.ok()?.path()))
        .collect();
    files.sort();
    let mut documents: std::collections::BTreeMap<String, Vec<(String, String, Relations)>> =
        std::collections::BTreeMap::default();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "txt")) {
        for line in std::fs::read_to_string(file).expect("it is text").lines() {
            let f: Vec<&str> = line.split('\t').collect();
            let relation = match f.get(5).copied() {
                Some("BEFORE") => point::BEFORE,
                Some("AFTER") => point::AFTER,
                Some("EQUAL") => point::EQUAL,
                _ => continue,
            };
            let pair = (f[3].to_owned(), f[4].to_owned(), Relations::one(relation));
            documents.entry(f[0].to_owned()).or_default().push(pair);
        }
    }
    let (mut pairs, mut broken, mut dropped, mut decided, mut right) = (0, 0, 0, 0, 0);
    for rows in documents.values() {
        let mut events: Vec<&str> = rows.iter().flat_map(|r| [r.0.as_str(), r.1.as_str()]).collect();
        events.sort_unstable();
        events.dedup();
        let index = |e: &str| events.binary_search(&e).expect("it is listed");
        let mut network = Network::new(point::algebra(), events.len()).expect("few");
        for (a, b, set) in rows {
            network.add(index(a), index(b), *set).expect("they exist");
        }
        pairs += rows.len();
        let mut keep: Vec<usize> = (0..rows.len()).collect();
        broken += usize::from(Closure::new(&network).is_err());
        while let Some(core) = explain(&network.only(&keep), BUDGET) {
            assert_eq!(
                consistency(&network.only(&core.iter().map(|&c| keep[c]).collect::<Vec<_>>()), 0).holds(),
                Some(false)
            );
            keep.remove(*core.last().expect("a reason is not empty"));
            dropped += 1;
        }
        let network = network.only(&keep);
        for (set, held) in inferred(&network).iter().zip(network.constraints()) {
            if set.is_base() {
                decided += 1;
                right += usize::from(*set == held.relations);
            }
        }
    }
    eprintln!(
        "matres: {} documents, {pairs} ordered pairs, {broken} documents contradict themselves, {dropped} pairs left out, \
         {decided} held-out pairs inferred, {right} as annotated",
        documents.len()
    );
    assert!(pairs > 1000 && decided > 100);
    assert_eq!(right, decided, "in a consistent network what follows is what was said");
}

mod wide {
    use super::super::WideNetwork;
    use crate::calculus::{Calculus, Wide, WideSet, opra, qtc, qtc_line, tpcc};
    use crate::scratch::Random;

    fn one(calculus: &Wide, name: &str) -> WideSet {
        WideSet::one(calculus.index(name).expect("it is a relation"))
    }

    #[test]
    fn a_queue_of_cars_is_followed() {
        let calculus = qtc_line::calculus();
        let mut network = WideNetwork::new(calculus, 3).expect("few");
        // a drives towards b, which drives away; b drives towards c, which stands
        network.add(&[0, 1], one(calculus, "-,+")).expect("fits");
        network.add(&[1, 2], one(calculus, "-,0")).expect("fits");
        assert_eq!(calculus.text(network.entailed(&[0, 2])), "-,0");
        assert_eq!(calculus.text(network.closed().expect("possible").get(&[2, 0]).expect("apart")), "0,-");
        // c goes and stands
        network.add(&[0, 2], one(calculus, "-,-")).expect("fits");
        assert_eq!(network.explain(), Some(vec![1, 2]));
        assert!(network.entailed(&[0, 2]).is_empty());
    }

    #[test]
    fn explanations_leave_out_what_is_not_needed() {
        let calculus = opra::Opra4.wide().expect("it has tables");
        let mut network = WideNetwork::new(calculus, 5).expect("few");
        network.add(&[3, 4], one(calculus, "3_7")).expect("fits");
        network.add(&[0, 1], one(calculus, "0_8")).expect("fits");
        network.add(&[1, 2], one(calculus, "0_8")).expect("fits");
        assert_eq!(calculus.text(network.entailed(&[0, 2])), "0_8");
        assert_eq!(network.explain(), None);
        network.add(&[2, 0], one(calculus, "0_8")).expect("fits");
        assert_eq!(network.explain(), Some(vec![1, 2, 3]));
    }

    #[test]
    fn triples_follow_around() {
        let calculus = tpcc::calculus();
        let mut network = WideNetwork::new(calculus, 4).expect("few");
        // on along the road from a over b and c to d, each leg no longer than the one before
        network.add(&[0, 1, 2], one(calculus, "csb")).expect("fits");
        network.add(&[1, 2, 3], one(calculus, "csb")).expect("fits");
        assert_eq!(calculus.text(network.entailed(&[0, 1, 3])), "csb dsb");
        // coming back from d over c, b lies on, and no nearer than the last leg was long
        let back = network.entailed(&[3, 2, 1]);
        assert!(back.within(one(calculus, "csb").or(one(calculus, "dsb"))), "{}", calculus.text(back));
        network.add(&[0, 1, 3], one(calculus, "clf")).expect("fits");
        assert_eq!(network.explain(), Some(vec![0, 1, 2]));
    }

    /// What is read off points is never refuted, and what is entailed holds of them.
    #[test]
    fn true_networks_are_closed() {
        let mut random = Random::new(11);
        for _ in 0..60 {
            let points: [(f64, f64); 5] =
                std::array::from_fn(|_| (random.below(10) as f64, random.below(10) as f64));
            let calculus = tpcc::calculus();
            let mut network = WideNetwork::new(calculus, 5).expect("few");
            let name = |[a, b, c]: [usize; 3]| match (points[a] == points[b], points[b] == points[c]) {
                (true, true) => "tri".to_owned(),
                (true, false) => "dou".to_owned(),
                _ => tpcc::of(points[a], points[b], points[c]),
            };
            for triple in [[0, 1, 2], [1, 2, 3], [2, 3, 4], [0, 2, 4]] {
                network.add(&triple, one(calculus, &name(triple))).expect("fits");
            }
            let closed = network.closed().expect("they exist");
            for triple in [[0, 1, 3], [4, 1, 0], [3, 0, 2]] {
                let left = closed.get(&triple).expect("different");
                assert!(one(calculus, &name(triple)).within(left), "{points:?} {triple:?}");
            }
        }
    }

    #[test]
    fn misfits_are_refused() {
        let calculus = qtc::double_cross();
        let mut network = WideNetwork::new(calculus, 2).expect("few");
        assert!(network.add(&[0, 0], WideSet::one(0)).is_err());
        assert!(network.add(&[0, 2], WideSet::one(0)).is_err());
        assert!(network.add(&[0, 1, 1], WideSet::one(0)).is_err());
        assert!(network.add(&[0, 1], WideSet::one(81)).is_err());
        assert!(WideNetwork::new(tpcc::calculus(), 16).is_err());
        // a contradiction from the start, and nothing said
        assert!(network.closed().is_some());
        network.add(&[0, 1], WideSet::NONE).expect("it fits");
        assert_eq!(network.explain(), Some(vec![0]));
    }
}
