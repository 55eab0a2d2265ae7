//! Our generated tables against the published ones, and against random models.

use super::*;
use crate::scratch::{Random, data};
use std::fs;
use std::path::Path;

/// The tables of `folder` in the data equal those of `algebra`, whose relations are called `ours(their name)`.
fn check(folder: &Path, theirs: &str, identity: &str, algebra: &Algebra) {
    let text = |file: &str| {
        fs::read_to_string(folder.join(theirs).join("calculus").join(file)).expect("the data folder is whole")
    };
    let published =
        gqr::read("published", identity, &text(&format!("{theirs}.comp")), &text(&format!("{theirs}.conv")))
            .expect("published tables are an algebra");
    assert_eq!(published.len(), algebra.len());
    let ours = |set: Relations| -> Relations {
        set.iter().map(|r| algebra.index(&published.names()[r]).expect("the names are known")).collect()
    };
    assert_eq!(ours(Relations::one(published.identity())), Relations::one(algebra.identity()));
    for a in 0..published.len() {
        let one = Relations::one(a);
        assert_eq!(
            ours(published.converse(one)),
            algebra.converse(ours(one)),
            "{theirs} {}",
            published.names()[a]
        );
        for b in 0..published.len() {
            let other = Relations::one(b);
            let (expected, found) =
                (ours(published.compose(one, other)), algebra.compose(ours(one), ours(other)));
            assert_eq!(
                expected,
                found,
                "{theirs}: {} ∘ {} is ({}), found ({})",
                published.names()[a],
                published.names()[b],
                algebra.text(expected),
                algebra.text(found)
            );
        }
    }
}

#[test]
fn generated_tables_equal_published_ones() {
    let Some(folder) = data("calculi tables", "calculi") else { return };
    check(&folder, "allen", "=", allen::algebra());
    check(&folder, "point", "=", point::algebra());
    check(&folder, "rcc8", "EQ", rcc8::algebra());
    check(&folder, "rcc5", "=", rcc5::algebra());
    check(&folder, "cd", "Eq", cardinal::algebra());
    check(&folder, "point-branching", "=", branching::algebra());
    check(&folder, "opra1", "s_0", opra::algebra());
    check(&folder, "rcc23", "EQ", rcc23::algebra());
}

#[test]
fn tractable_sets_equal_published_ones() {
    let Some(folder) = data("calculi tractable sets", "calculi") else { return };
    for (algebra, file, n) in [
        (allen::algebra(), "allen/calculus/hornalg", 868),
        (rcc8::algebra(), "rcc8/calculus/hornalg", 148),
        (rcc5::algebra(), "rcc5/calculus/hornalg", 28),
    ] {
        let text = fs::read_to_string(folder.join(file)).expect("the data folder is whole");
        let mut published: Vec<Relations> = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix('(')?.strip_suffix(')'))
            .map(|names| algebra.set(names.split_whitespace()).expect("the names are known"))
            .collect();
        published.push(Relations::NONE);
        published.sort_unstable();
        published.dedup();
        let ours: Vec<Relations> =
            (0..1 << algebra.len()).map(Relations).filter(|&set| algebra.is_tractable(set)).collect();
        assert_eq!(ours, published, "{file}");
        assert_eq!(ours.len(), n, "{file}");
    }
}

#[test]
fn tables_of_pieces_compose_as_base_relations_do() {
    let mut random = Random::new(1);
    for calculus in CALCULI {
        let Some(algebra) = calculus.algebra() else { continue };
        for _ in 0..2000 {
            let mut set = || Relations(random.next() as u32).and(algebra.universal());
            let (a, b) = (set(), set());
            assert_eq!(algebra.tables.compose(a, b), algebra.compose(a, b), "{}", algebra.name());
            assert_eq!(algebra.tables.turn(a), algebra.converse(a), "{}", algebra.name());
        }
    }
}

#[test]
fn parts_are_tractable_and_add_up() {
    for calculus in CALCULI {
        let Some(algebra) = calculus.algebra() else { continue };
        for bits in (1..=algebra.universal().0).step_by(7).take(2000) {
            let parts = algebra.parts(Relations(bits));
            assert!(parts.iter().all(|&part| algebra.is_tractable(part)), "{}", algebra.name());
            assert_eq!(parts.iter().map(|p| p.0).sum::<u32>(), bits, "{}", algebra.name());
        }
    }
}

/// Every composition holds in random boxes, points and oriented points.
#[test]
fn composition_holds_in_random_models() {
    let mut random = Random::new(2);
    for _ in 0..20000 {
        let mut interval = || {
            let start = random.below(8);
            (start as f64, (start + 1 + random.below(6)) as f64)
        };
        let boxes: [Rect; 3] = std::array::from_fn(|_| Rect { x: interval(), y: interval() });
        holds(rcc8::algebra(), &boxes, rcc8::of);
        holds(rcc5::algebra(), &boxes, rcc5::of);
        holds(allen::algebra(), &boxes, |a, b| allen::of(a.x.0, a.x.1, b.x.0, b.x.1));
        holds(cardinal::algebra(), &boxes, |a, b| cardinal::of(a.centre(), b.centre()));
        holds(point::algebra(), &boxes, |a, b| point::of(&a.x.0, &b.x.0));
        let mut oriented = || opra::Oriented {
            at: (random.below(3) as f64, random.below(3) as f64),
            facing: [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 1.0), (-2.0, 1.0)]
                [random.below(6)],
        };
        let points: [opra::Oriented; 3] = std::array::from_fn(|_| oriented());
        holds(opra::algebra(), &points, |a, b| opra::of(a, b, 1).expect("they face somewhere"));
    }
}

fn holds<T>(algebra: &Algebra, [a, b, c]: &[T; 3], relation: impl Fn(&T, &T) -> usize) {
    let one = |a, b| Relations::one(relation(a, b));
    assert!(
        one(a, c).within(algebra.compose(one(a, b), one(b, c))),
        "{}: {} ∘ {} has no {}",
        algebra.name(),
        algebra.text(one(a, b)),
        algebra.text(one(b, c)),
        algebra.text(one(a, c))
    );
    assert_eq!(one(b, a), algebra.converse(one(a, b)), "{}", algebra.name());
}

#[test]
fn neighbours_are_mutual_and_lead_everywhere() {
    for calculus in CALCULI {
        let Some(algebra) = calculus.algebra() else { continue };
        for a in 0..algebra.len() {
            assert!(algebra.neighbours(a).iter().all(|b| algebra.neighbours(b).has(a)), "{}", algebra.name());
        }
    }
    let steps = |algebra: &Algebra, a, b| algebra.steps(algebra.index(a).unwrap(), algebra.index(b).unwrap());
    assert_eq!(steps(rcc8::algebra(), "dc", "ntpp"), Some(4));
    assert_eq!(steps(allen::algebra(), "<", ">"), Some(8));
    assert_eq!(steps(rcc8::algebra(), "dc", "dc"), Some(0));
    // touch, overlap, in; into the hull and all of it
    assert_eq!(steps(rcc23::algebra(), "OOD", "TPP"), Some(3));
    assert_eq!(steps(rcc23::algebra(), "OOD", "IOD"), Some(2));
    // both turn half around at once
    assert_eq!(steps(opra::algebra(), "0_0", "2_2"), Some(2));
    for calculus in CALCULI.iter().filter_map(|calculus| calculus.wide()) {
        for a in 0..calculus.len() {
            let beside = calculus.neighbours(a);
            assert!(!beside.is_empty() && !beside.has(a), "{}", calculus.name());
            assert!(beside.iter().all(|b| calculus.neighbours(b).has(a)), "{}", calculus.name());
        }
    }
}

#[test]
fn damaged_tables_are_refused() {
    let converse = "< :: >\n> :: <\n= :: =";
    for (composition, said) in [
        ("< : < :: ( < )", "identity"),
        ("< : ? :: ( < )", "line 1"),
        ("< < ( < )", "line 1"),
        ("< : < :: < ", "line 1"),
    ] {
        let error = gqr::read("point", "=", composition, converse).expect_err(composition).to_string();
        assert!(error.contains(said), "{error}");
    }
    assert!(gqr::read("point", "=", "", "< :: ?").is_err());
    assert!(gqr::read("none", "=", "", "").is_err());
}
