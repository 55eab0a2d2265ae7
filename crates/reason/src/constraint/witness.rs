//! Networks of calculi that nothing is known to decide: an example, found by search and checked exactly, shows that they have a model.
//!
//! Things are put on a grid of whole numbers (of `a + b √2` for the eight lines of STAR-8), one after the other where the least is broken, and
//! the broken ones are moved (Minton, Johnston, Philips and Laird, Minimizing conflicts, Artificial Intelligence 58, 1992). Every relation is
//! read off by signs of whole numbers, so what is found is a proof; what is not found proves nothing.

use crate::calculus::{WideSet, opra, qtc, qtc_line, star, tpcc};
use crate::uncertain::Draw;
use std::sync::OnceLock;

/// A calculus whose relations are read off points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Oriented points, of granularity 1, 2 or 4.
    Oriented(usize),
    /// Points and four or eight lines, with half-lines and sectors apart, or each with the next one.
    Star {
        /// 4 or 8.
        lines: usize,
        /// How many of the finest directions make one: 1 or 2.
        merged: usize,
    },
    /// Three points: double cross with distances.
    Tpcc,
    /// Moving points: towards and away, and to which side where all four signs are asked.
    Qtc {
        /// 2 or 4.
        signs: u32,
    },
    /// Moving points on a line.
    QtcLine,
}

/// A thing of an example.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// East and north, each a whole number and another times √2 (0 but for the eight lines of STAR).
    pub at: [(i32, i32); 2],
    /// Where it faces or how it moves, east and north.
    pub going: (i32, i32),
}

/// What must hold: the things, in order, stand in one of the relations.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Two or three things.
    pub things: Vec<usize>,
    /// The relations.
    pub set: WideSet,
}

/// Relations that a search of a few tenths of a second reads off.
pub const USUAL_READS: u64 = 12_000_000;
/// Most things of an example.
const MOST_THINGS: usize = 40;

impl Space {
    /// The space of a calculus by its name in the program language (`star8_revised`); none for one whose relations are not of points.
    pub fn of(name: &str) -> Option<Space> {
        Some(match name {
            "opra1" => Space::Oriented(1),
            "opra2" => Space::Oriented(2),
            "opra4" => Space::Oriented(4),
            "star4" => Space::Star { lines: 4, merged: 1 },
            "star4_revised" => Space::Star { lines: 4, merged: 2 },
            "star8" => Space::Star { lines: 8, merged: 1 },
            "star8_revised" => Space::Star { lines: 8, merged: 2 },
            "tpcc" => Space::Tpcc,
            "qtc_b" => Space::Qtc { signs: 2 },
            "qtc_c" => Space::Qtc { signs: 4 },
            "qtc_line" => Space::QtcLine,
            _ => return None,
        })
    }

    /// The relation in which things stand, by its number in the calculus; none where the calculus has none for them (one place for two
    /// that have none).
    pub fn relation(self, things: &[Placed]) -> Option<usize> {
        let float = |p: &Placed| (f64::from(p.at[0].0), f64::from(p.at[1].0));
        match (self, things) {
            (Space::Oriented(m), [a, b]) => {
                let point = |p: &Placed| opra::Oriented {
                    at: float(p),
                    facing: (f64::from(p.going.0), f64::from(p.going.1)),
                };
                opra::of(&point(a), &point(b), m)
            }
            (Space::Star { lines: 4, merged }, [a, b]) => Some(star::of(float(a), float(b)) / merged),
            (Space::Star { merged, .. }, [a, b]) => Some(eight_lines(a, b) / merged),
            (Space::Tpcc, [a, b, c]) => three(a, b, c),
            (Space::Qtc { signs }, [a, b]) if a.at != b.at => {
                let path = |p: &Placed| {
                    let (x, y) = float(p);
                    [(x, y), (x + f64::from(p.going.0), y + f64::from(p.going.1))]
                };
                let found = qtc::step(path(a), path(b), 0.0);
                Some(qtc::index(&found[..signs as usize]))
            }
            (Space::QtcLine, [a, b]) if a.at != b.at => {
                let point = |p: &Placed| (i64::from(p.at[0].0), p.going.0.signum() as i8);
                Some(qtc_line::of(point(a), point(b)))
            }
            _ => None,
        }
    }

    /// Words for an example: `(2, 3) facing (1, 0)`.
    pub fn words(self, placed: &Placed) -> String {
        let root = |b: i32| match b {
            1 => "√2".to_owned(),
            -1 => "-√2".to_owned(),
            b => format!("{b}√2"),
        };
        let number = |(a, b): (i32, i32)| match (a, b) {
            (a, 0) => a.to_string(),
            (0, b) => root(b),
            (a, b) => format!("{a} {} {}", if b < 0 { "-" } else { "+" }, root(b.abs())),
        };
        let [x, y] = placed.at.map(number);
        let (dx, dy) = placed.going;
        match self {
            Space::Oriented(_) => format!("({x}, {y}) facing ({dx}, {dy})"),
            Space::Qtc { .. } if (dx, dy) == (0, 0) => format!("({x}, {y}) standing"),
            Space::Qtc { .. } => format!("({x}, {y}) going ({dx}, {dy})"),
            Space::QtcLine => {
                format!("{x} going {}", ["down", "nowhere", "up"][(dx.signum() + 1) as usize])
            }
            _ => format!("({x}, {y})"),
        }
    }

    /// Ways to face or move.
    fn ways(self) -> Vec<(i32, i32)> {
        let grid = |most: i32| (-most..=most).flat_map(move |x| (-most..=most).map(move |y| (x, y)));
        match self {
            Space::Oriented(_) => grid(3).filter(|&(x, y)| gcd(x, y) == 1).collect(),
            Space::Qtc { .. } => grid(2).collect(),
            Space::QtcLine => vec![(-1, 0), (0, 0), (1, 0)],
            _ => vec![(0, 0)],
        }
    }

    /// Places up to so far from the middle.
    fn places(self, most: i32) -> Vec<[(i32, i32); 2]> {
        let whole = |n: i32| (n, 0);
        match self {
            Space::QtcLine => (-2 * most..=2 * most).map(|x| [whole(x), whole(0)]).collect(),
            Space::Star { lines: 8, .. } => {
                let one: Vec<(i32, i32)> = (-most / 2..=most / 2)
                    .flat_map(|a| (-most / 2..=most / 2).map(move |b| (a, b)))
                    .collect();
                one.iter().flat_map(|&x| one.iter().map(move |&y| [x, y])).collect()
            }
            _ => (-most..=most).flat_map(|x| (-most..=most).map(move |y| [whole(x), whole(y)])).collect(),
        }
    }
}

/// An example of so many things in which all demands hold, checked; none where none was found in about `reads` relations that are read off
/// ([`USUAL_READS`]), or where there are more than 40 things. The same example for the same demands.
pub fn witness(space: Space, len: usize, demands: &[Demand], reads: u64) -> Option<Vec<Placed>> {
    if len > MOST_THINGS || demands.iter().any(|d| d.things.iter().any(|&t| t >= len)) {
        return None;
    }
    let mut of = vec![Vec::new(); len];
    for (number, demand) in demands.iter().enumerate() {
        for &thing in &demand.things {
            if of[thing].last() != Some(&number) {
                of[thing].push(number);
            }
        }
    }
    let mut search = Search {
        space,
        demands,
        of,
        ways: space.ways(),
        placed: vec![None; len],
        draw: Draw::new(0, "witness"),
        read: 0,
        reads,
    };
    let mut runs = 0;
    let found = loop {
        if let Some(found) = search.run(runs) {
            break found;
        }
        runs += 1;
        if search.read >= reads {
            return None;
        }
    };
    // not by what the search counted: again, each by itself
    let holds = |demand: &Demand| {
        let things: Vec<Placed> = demand.things.iter().map(|&t| found[t]).collect();
        space.relation(&things).is_some_and(|r| demand.set.has(r))
    };
    demands.iter().all(holds).then_some(found)
}

struct Search<'a> {
    space: Space,
    demands: &'a [Demand],
    /// The demands of each thing.
    of: Vec<Vec<usize>>,
    ways: Vec<(i32, i32)>,
    placed: Vec<Option<Placed>>,
    draw: Draw,
    read: u64,
    reads: u64,
}

impl Search<'_> {
    fn run(&mut self, run: i32) -> Option<Vec<Placed>> {
        let places = self.space.places(3 + run.min(5));
        self.placed.fill(None);
        // those that are bound to most of what stands come first
        for _ in 0..self.placed.len() {
            let next = (0..self.placed.len()).filter(|&t| self.placed[t].is_none()).max_by_key(|&t| {
                let bound = self.of[t]
                    .iter()
                    .filter(|&&d| self.demands[d].things.iter().any(|&other| self.placed[other].is_some()));
                (bound.count(), self.of[t].len(), usize::MAX - t)
            })?;
            self.settle(next, &places);
        }
        for _ in 0..30 * self.placed.len() {
            let broken: Vec<usize> = (0..self.demands.len()).filter(|&d| !self.holds(d)).collect();
            if broken.is_empty() {
                return self.placed.iter().copied().collect();
            }
            if self.read > self.reads {
                return None;
            }
            let demand = broken[self.draw.below(broken.len())];
            let things = &self.demands[demand].things;
            let thing = things[self.draw.below(things.len())];
            if self.draw.below(8) == 0 {
                let (place, way) = (self.draw.below(places.len()), self.draw.below(self.ways.len()));
                self.placed[thing] = Some(Placed { at: places[place], going: self.ways[way] });
            } else {
                self.settle(thing, &places);
            }
        }
        None
    }

    /// Puts a thing where the least of its demands is broken, as far as their other things stand.
    fn settle(&mut self, thing: usize, places: &[[(i32, i32); 2]]) {
        let count = places.len() * self.ways.len();
        // from somewhere on, so that equals are taken by chance
        let from = self.draw.below(count);
        let mut best: Option<(usize, Placed)> = None;
        for step in 0..count {
            let at = (from + step) % count;
            let placed = Placed { at: places[at / self.ways.len()], going: self.ways[at % self.ways.len()] };
            self.placed[thing] = Some(placed);
            let most = best.map_or(usize::MAX, |(broken, _)| broken);
            let mut broken = 0;
            for index in 0..self.of[thing].len() {
                broken += usize::from(!self.holds(self.of[thing][index]));
                if broken >= most {
                    break;
                }
            }
            if broken < most {
                best = Some((broken, placed));
                if broken == 0 {
                    break;
                }
            }
        }
        self.placed[thing] = best.map(|(_, placed)| placed);
    }

    /// Whether a demand holds, or not all of its things stand.
    fn holds(&mut self, demand: usize) -> bool {
        self.read += 1;
        let demand = &self.demands[demand];
        let mut things = [Placed::default(); 3];
        for (slot, &thing) in things.iter_mut().zip(&demand.things) {
            let Some(placed) = self.placed[thing] else { return true };
            *slot = placed;
        }
        self.space.relation(&things[..demand.things.len()]).is_some_and(|r| demand.set.has(r))
    }
}

/// Where `a` lies from `b` among 16 half-lines and the sectors between, clockwise from north; 32 for one place.
fn eight_lines(a: &Placed, b: &Placed) -> usize {
    let apart = |k: usize| (a.at[k].0 - b.at[k].0, a.at[k].1 - b.at[k].1);
    let (east, north) = (apart(0), apart(1));
    let sign = |v: (i32, i32)| f64::from(sign_of(v));
    let size = |v: (i32, i32)| if sign_of(v) < 0 { (-v.0, -v.1) } else { v };
    let (x, y) = (size(north), size(east));
    let more = sign_of((x.0 - y.0, x.1 - y.1));
    // signs and which is longer are all that tells the eighths
    let (long, short) = if more >= 0 { (2.0, if more == 0 { 2.0 } else { 1.0 }) } else { (1.0, 2.0) };
    let Some(eighth) = opra::eighth(sign(north) * long, sign(east) * short) else { return 32 };
    if eighth % 2 == 0 {
        return 2 * eighth;
    }
    let (long, short) = if more >= 0 { (x, y) } else { (y, x) };
    // short against (√2 - 1) long
    let beyond = sign_of((short.0 + long.0 - 2 * long.1, short.1 - long.0 + long.1));
    let beyond = if eighth / 2 % 2 == 0 { beyond } else { -beyond };
    (2 * eighth as i32 + beyond) as usize
}

/// The sign of `a + b √2`.
fn sign_of((a, b): (i32, i32)) -> i32 {
    let (x, y) = (i64::from(a), i64::from(b));
    match (a.signum(), b.signum()) {
        (s, t) if s == t || t == 0 => s,
        (0, t) => t,
        // of different signs: the one of the greater square
        (s, _) if x * x > 2 * y * y => s,
        (_, t) => t,
    }
}

/// A relation of TPCC by signs of whole numbers; the names are those of the tables.
fn three(a: &Placed, b: &Placed, c: &Placed) -> Option<usize> {
    let whole = |p: &Placed| (i64::from(p.at[0].0), i64::from(p.at[1].0));
    let (origin, relatum, referent) = (whole(a), whole(b), whole(c));
    let calculus = tpcc::calculus();
    if origin == relatum {
        return calculus.index(if referent == relatum { "tri" } else { "dou" });
    }
    let walk = (relatum.0 - origin.0, relatum.1 - origin.1);
    let look = (referent.0 - relatum.0, referent.1 - relatum.1);
    if look == (0, 0) {
        return calculus.index("sam");
    }
    let float = |v: (i64, i64)| (v.0 as f64, v.1 as f64);
    let (is_distant, sector) = tpcc::sector(float(walk), float(look));
    let (along, across) = (walk.0 * look.0 + walk.1 * look.1, walk.0 * look.1 - walk.1 * look.0);
    // made once: strings would take most of the time
    static NUMBERS: OnceLock<[usize; 32]> = OnceLock::new();
    let numbers = NUMBERS.get_or_init(|| {
        std::array::from_fn(|i| {
            calculus.index(&tpcc::name(i & 16 != 0, i & 7, i & 8 != 0)).unwrap_or(usize::MAX)
        })
    });
    let is_straight = along == 0 || across == 0;
    Some(numbers[usize::from(is_distant) * 16 + usize::from(is_straight) * 8 + sector])
}

fn gcd(a: i32, b: i32) -> i32 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calculus::Relations;
    use crate::calculus::calculus;
    use crate::constraint::{Closure, Network, WideNetwork};
    use crate::scratch::Random;

    const NAMES: [&str; 11] = [
        "opra1",
        "opra2",
        "opra4",
        "star4",
        "star4_revised",
        "star8",
        "star8_revised",
        "tpcc",
        "qtc_b",
        "qtc_c",
        "qtc_line",
    ];

    fn arity(space: Space) -> usize {
        if space == Space::Tpcc { 3 } else { 2 }
    }

    /// Every demand of an arrangement drawn by chance.
    fn arrangement(space: Space, len: usize, random: &mut Random) -> Vec<Demand> {
        let (places, ways) = (space.places(6), space.ways());
        let mut things: Vec<Placed> = Vec::new();
        while things.len() < len {
            let at = places[random.below(places.len())];
            if things.iter().all(|t| t.at != at) {
                things.push(Placed { at, going: ways[random.below(ways.len())] });
            }
        }
        let mut demands = Vec::new();
        for a in 0..len {
            for b in (0..len).filter(|b| *b != a) {
                if arity(space) == 3 {
                    for c in (0..len).filter(|c| *c != a && *c != b) {
                        let Some(r) = space.relation(&[things[a], things[b], things[c]]) else { continue };
                        demands.push(Demand { things: vec![a, b, c], set: WideSet::one(r) });
                    }
                } else if a < b {
                    let Some(r) = space.relation(&[things[a], things[b]]) else { continue };
                    demands.push(Demand { things: vec![a, b], set: WideSet::one(r) });
                }
            }
        }
        demands
    }

    /// The closure of a calculus refutes none of these demands.
    fn closes(name: &str, len: usize, demands: &[Demand]) -> bool {
        let calculus = calculus(&name.replace('_', "-")).expect("a calculus");
        if let Some(wide) = calculus.wide() {
            let mut network = WideNetwork::new(wide, len).expect("few things");
            for demand in demands {
                network.add(&demand.things, demand.set).expect("it fits");
            }
            return network.closed().is_some();
        }
        let mut network = Network::new(calculus.algebra().expect("tables"), len).expect("few things");
        for demand in demands {
            let set = demand.set.iter().collect::<Relations>();
            network.add(demand.things[0], demand.things[1], set).expect("it fits");
        }
        Closure::new(&network).is_ok()
    }

    /// What is read off points agrees with the tables: no arrangement contradicts its calculus.
    #[test]
    fn arrangements_fit_their_calculi() {
        let mut random = Random::new(7);
        for name in NAMES {
            let space = Space::of(name).expect("a space");
            for _ in 0..if name == "tpcc" { 20 } else { 60 } {
                let demands = arrangement(space, 5, &mut random);
                assert!(closes(name, 5, &demands), "{name}: {demands:?}");
            }
        }
    }

    /// Of networks that are known to have a model most are shown to have one: half of what holds between six things, each as one of two
    /// relations.
    #[test]
    fn examples_are_found_for_most_networks_that_have_one() {
        let mut random = Random::new(11);
        for name in NAMES {
            let space = Space::of(name).expect("a space");
            let (tries, mut found) = (5, 0);
            for _ in 0..tries {
                let mut demands = arrangement(space, 6, &mut random);
                demands.retain(|_| random.below(2) == 0);
                found += usize::from(witness(space, 6, &demands, USUAL_READS).is_some());
            }
            assert!(found * 10 >= tries * 8, "{name}: {found} of {tries}");
        }
    }

    #[test]
    fn eight_lines_are_told_exactly() {
        let at = |x: (i32, i32), y: (i32, i32)| Placed { at: [x, y], going: (0, 0) };
        let origin = Placed::default();
        // tan 22.5° = √2 - 1: one east of it is on the line from north
        let tan = (-1, 1);
        let one = (1, 0);
        for (east, north, expected) in [
            ((0, 0), one, 0),
            (tan, one, 2),
            (one, one, 4),
            (one, tan, 6),
            (one, (0, 0), 8),
            (one, (1, -1), 10),
            (one, (-1, 0), 12),
            ((0, 0), (-1, 0), 16),
            ((1, -1), one, 30),
            ((2, 0), (5, 0), 1),
            ((3, 0), (5, 0), 3),
            ((0, 0), (0, 0), 32),
        ] {
            assert_eq!(eight_lines(&at(east, north), &origin), expected, "{east:?} {north:?}");
        }
    }

    #[test]
    fn what_has_no_model_gets_none() {
        // a goes towards b, b towards c, c towards a on a line, none standing away: some order must break it
        let space = Space::of("star4").expect("a space");
        let north = WideSet::one(0);
        let demands: Vec<Demand> =
            [[0, 1], [1, 2], [2, 0]].map(|things| Demand { things: things.to_vec(), set: north }).to_vec();
        assert_eq!(witness(space, 3, &demands, 100_000), None);
    }
}
