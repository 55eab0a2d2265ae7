//! Facts that say that two things are one: dated, revisable, and honoured by every reader that sees them.

use crate::id::{EntityId, FactId};
use crate::span::Span;
use crate::tables::{Event, Fact, Identity, Reference};
use crate::time::Time;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// The predicate of a fact that says that its subject and its object are one thing while it is valid. The object is an
/// entity, or the global name of one, `NAME/entity/N`: a fact in one bundle may speak of a thing in another.
pub const SAME_AS: &str = "same-as";

/// The predicate of a fact that says that two things are not one although somebody took them for one; its source says why. Nothing
/// is joined or kept apart by it: what joined them is closed.
pub const DIFFERENT_FROM: &str = "different-from";

/// Pieces that facts with ends may cut the identity rows of things that belong together into; the facts beyond, in the order of
/// their numbers, are not honoured. Facts that hold always cut nothing, and all of them are.
const MOST_PIECES: usize = 1 << 20;

/// The rows of a World once the visible facts of [`SAME_AS`] are honoured: of things that are one, the smallest number
/// stands for all.
#[derive(Debug)]
pub(crate) struct Honoured {
    /// The visible identity rows, cut where a thing is another one only for a while.
    pub(crate) identities: Vec<Identity>,
    /// The visible events.
    pub(crate) events: Vec<Event>,
    /// The visible facts.
    pub(crate) facts: Vec<Fact>,
    /// The facts that a thing rests on.
    pub(crate) by: BTreeMap<EntityId, BTreeSet<FactId>>,
}

/// One visible fact: these two are one.
struct Link {
    fact: FactId,
    pair: (EntityId, EntityId),
    valid: Span,
}

/// Which thing stands for another, when: spans that follow each other over all time.
type Standing = BTreeMap<EntityId, Vec<(Span, EntityId)>>;

/// None where no visible fact says that things are one.
pub(crate) fn honoured(world: &World) -> Option<Honoured> {
    let (tables, view) = (world.tables(), world.view());
    let entity = |reference: &Reference| match reference {
        Reference::Entity(id) => Some(*id),
        Reference::Text(name) => world.store().local_id(EntityId::KIND, name).map(EntityId),
        _ => None,
    };
    let visible = |fact: &&Fact| view.sees_open(fact.known, fact.closed);
    let links: Vec<Link> = tables
        .facts
        .iter()
        .filter(|fact| fact.predicate == SAME_AS)
        .filter(visible)
        .filter_map(|fact| {
            let pair = (entity(&fact.subject)?, entity(&fact.object)?);
            (pair.0 != pair.1).then_some(Link { fact: fact.id, pair, valid: fact.valid })
        })
        .collect();
    if links.is_empty() {
        return None;
    }
    let mut all = Classes::default();
    for link in &links {
        all.unite(link.pair);
    }
    let mut together: BTreeMap<EntityId, Vec<&Link>> = BTreeMap::new();
    for link in &links {
        together.entry(all.find(link.pair.0)).or_default().push(link);
    }
    let mut rows: BTreeMap<EntityId, usize> = BTreeMap::new();
    for row in &tables.identities {
        *rows.entry(all.find(row.entity)).or_default() += 1;
    }
    let (mut standing, mut by) = (Standing::new(), BTreeMap::new());
    for (class, links) in &together {
        let dated = MOST_PIECES / (1 + rows.get(class).copied().unwrap_or_default() + links.len()) / 2;
        stand(links, dated, &mut standing, &mut by);
    }
    let identities = tables.identities.iter().filter(|row| view.sees_open(row.known, row.closed));
    let events = tables.events.iter().filter(|row| view.sees_open(row.known, row.closed));
    Some(Honoured {
        identities: identities.flat_map(|row| cut(row, &standing)).collect(),
        events: events
            .cloned()
            .map(|mut row| {
                row.roles.iter_mut().for_each(|(_, who)| replace(who, row.span, &standing));
                row
            })
            .collect(),
        facts: tables
            .facts
            .iter()
            .filter(visible)
            .cloned()
            .map(|mut row| {
                if row.predicate != SAME_AS {
                    replace(&mut row.subject, row.valid, &standing);
                    replace(&mut row.object, row.valid, &standing);
                }
                row
            })
            .collect(),
        by,
    })
}

/// Who stands for whom among things that facts join, between the moments at which a fact begins or ends to hold.
/// At most `most_dated` facts with ends are honoured.
fn stand(
    links: &[&Link],
    most_dated: usize,
    standing: &mut Standing,
    by: &mut BTreeMap<EntityId, BTreeSet<FactId>>,
) {
    let (always, mut dated): (Vec<&Link>, Vec<&Link>) =
        links.iter().copied().partition(|link| link.valid == Span::ALWAYS);
    dated.truncate(most_dated);
    let mut base = Classes::default();
    for link in &always {
        base.unite(link.pair);
    }
    let things: BTreeSet<EntityId> = links.iter().flat_map(|link| [link.pair.0, link.pair.1]).collect();
    let mut moments: Vec<Time> =
        dated.iter().flat_map(|link| [link.valid.start(), link.valid.end()]).collect();
    moments.extend([Time::MIN, Time::MAX]);
    moments.sort_unstable();
    moments.dedup();
    for pair in moments.windows(2) {
        let span = Span::between(pair[0], pair[1]);
        let holding = || dated.iter().filter(|link| link.valid.covers(span));
        let mut now = base.clone();
        holding().for_each(|link| now.unite(link.pair));
        for &thing in &things {
            let stands = now.find(thing);
            let spans = standing.entry(thing).or_default();
            match spans.last_mut() {
                Some((last, same)) if *same == stands => *last = last.hull(span),
                _ => spans.push((span, stands)),
            }
        }
        for link in holding().chain(&always) {
            by.entry(now.find(link.pair.0)).or_default().insert(link.fact);
        }
    }
}

/// An identity row for each thing that stands for its own, within the row's span.
fn cut(row: &Identity, standing: &Standing) -> Vec<Identity> {
    let Some(spans) = standing.get(&row.entity).filter(|_| !row.span.is_empty()) else {
        return vec![row.clone()];
    };
    let within = spans.iter().filter_map(|(span, stands)| Some((row.span.intersect(*span)?, *stands)));
    within.map(|(span, entity)| Identity { span, entity, ..row.clone() }).collect()
}

/// The thing that stands for another all through a span takes its place.
fn replace(reference: &mut Reference, during: Span, standing: &Standing) {
    let Reference::Entity(entity) = reference else { return };
    let Some(spans) = standing.get(entity) else { return };
    let mut stand = spans.iter().filter(|(span, _)| span.overlaps(during)).map(|(_, stands)| *stands);
    if let (Some(one), None) = (stand.next(), stand.next()) {
        *entity = one;
    }
}

/// Classes of things that are one; the smallest number stands for its class.
#[derive(Clone, Default)]
struct Classes(BTreeMap<EntityId, EntityId>);

impl Classes {
    fn find(&mut self, thing: EntityId) -> EntityId {
        let mut root = thing;
        while let Some(&up) = self.0.get(&root) {
            root = up;
        }
        let mut at = thing;
        while let Some(up) = self.0.get_mut(&at).filter(|up| **up != root) {
            at = std::mem::replace(up, root);
        }
        root
    }

    fn unite(&mut self, (a, b): (EntityId, EntityId)) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b {
            self.0.insert(a.max(b), a.min(b));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::join::join;
    use crate::known::View;
    use crate::text::parse;
    use crate::world::MemoryStore;

    fn world(text: &str) -> World {
        parse(text).expect("valid")
    }

    const B: &str = "record \"b\"\nperson 0\n  6: (0, 0, 0)\n  9: (0, 0, 0)\nperson 1\n  6: (9, 0, 0)\n";

    fn things(world: &World) -> Vec<u64> {
        world.entities().map(|e| e.0).collect()
    }

    #[test]
    fn a_fact_makes_one_thing_of_two_and_is_named_for_it() {
        let a = world(
            "record \"a\"\nperson 0\n  0: (0, 0, 0)\nfact 0 \"same-as\" \"b/entity/1\"\nfact 0 \"kind\" \"tall\"\n",
        );
        assert_eq!(things(&a), [0], "alone nothing changes");
        let both = join(&[a, world(B)]);
        assert_eq!(things(&both), [0, 1]);
        assert_eq!(both.trajectory(EntityId(0)).expect("in memory").runs.len(), 2);
        assert_eq!(both.same_as(EntityId(0)).collect::<Vec<_>>(), [FactId(0)]);
        assert_eq!(both.same_as(EntityId(1)).count(), 0);
    }

    #[test]
    fn a_fact_that_ends_cuts_the_identity() {
        let a =
            world("record \"a\" utc 0\nperson 0\n  0: (0, 0, 0)\nfact 0 \"same-as\" \"b/entity/0\" [5, 8)\n");
        let both = join(&[a, world(&B.replace("\"b\"", "\"b\" utc 0"))]);
        assert_eq!(things(&both), [0, 1, 2]);
        let times = |e: u64| -> Vec<Time> {
            let runs = both.trajectory(EntityId(e)).expect("in memory").runs;
            runs.iter().flat_map(crate::trajectory::Run::times).collect()
        };
        assert_eq!(times(0), [Time(0), Time::from_s(6.0)]);
        assert_eq!(times(1), [Time::from_s(9.0)]);
    }

    #[test]
    fn one_thing_over_three_worlds_and_what_is_said_of_each_is_said_of_it() {
        let a = world("record \"a\"\nperson 0\n  0: (0, 0, 0)\nfact 0 \"same-as\" \"b/entity/0\"\n");
        let c = world(
            "record \"c\"\nperson 0\n  0: (0, 0, 0)\nfact 0 \"same-as\" \"b/entity/0\"\nfact 0 \"colour\" \"red\"\n",
        );
        let all = join(&[a, world(B), c]);
        assert_eq!(things(&all), [0, 2]);
        assert_eq!(all.same_as(EntityId(0)).count(), 2);
        let colour = all.facts().find(|fact| fact.predicate == "colour").expect("is there");
        assert_eq!(colour.subject, Reference::Entity(EntityId(0)));
    }

    #[test]
    fn who_does_not_see_the_fact_sees_two_things() {
        let a = world("record \"a\"\nperson 0\n  0: (0, 0, 0)\nfact 0 \"same-as\" \"b/entity/0\"\n");
        let mut tables = a.tables().clone();
        (tables.facts[0].known.revision, tables.facts[0].closed) = (2, Some(4));
        let chunks = vec![a.store().chunk(0).expect("in memory")];
        let a = World::new(std::sync::Arc::new(MemoryStore::new("a".into(), 4, tables, chunks)));
        let both = join(&[a, world(B)]);
        let n = |as_of| both.seen(View { as_of, ..View::NEWEST }).entities().count();
        assert_eq!([n(1), n(2), n(3), n(4)], [3, 2, 2, 3]);
    }

    #[test]
    fn a_name_that_two_worlds_have_names_neither() {
        let a = world("record \"a\"\nperson 0\n  0: (0, 0, 0)\nfact 0 \"same-as\" \"b/entity/0\"\n");
        assert_eq!(join(&[a.clone(), world(B), world(B)]).entities().count(), 5);
        // nor does a number that the World does not have
        let a = world("record \"a\"\nperson 0\n  0: (0, 0, 0)\nfact 0 \"same-as\" \"b/entity/2\"\n");
        assert_eq!(join(&[a, world(B), world(&B.replace("\"b\"", "\"c\""))]).entities().count(), 5);
    }

    #[test]
    fn a_hundred_thousand_facts_are_honoured_in_one_pass() {
        let mut classes = Classes::default();
        (0..100_000).for_each(|i| classes.unite((EntityId(i), EntityId(i + 1))));
        assert!((0..=100_000).all(|i| classes.find(EntityId(i)) == EntityId(0)));
    }
}
