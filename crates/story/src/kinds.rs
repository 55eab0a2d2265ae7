//! Questions about what things are: kinds, properties, what a kind is towards, sizes.

use super::found::{Finding, Found};
use super::statement::Statement;
use super::{Story, ThingId};
use chronotope_reason::chain::{Order, Precedes};
use chronotope_world::{Missing, MissingKind};

/// Deepest chain of kinds that is followed.
const MOST_DEEP: usize = 64;

/// What it is towards, by itself or by its kind.
pub(super) fn towards(story: &Story, who: ThingId, relation: ThingId) -> Found {
    let kinds = kinds(story, who);
    for (kind, by) in &kinds {
        for (i, row) in story.told().iter().enumerate() {
            if let Statement::Towards { kind: of, relation: is, object } = row.what
                && (of, is) == (*kind, relation)
            {
                let by = [by.clone(), vec![i]].concat();
                return Found::new(Finding::Things(vec![object]), by);
            }
        }
    }
    let name = |thing| story.things().name(thing);
    let what = format!("what {} is {}", name(who), name(relation));
    Found::missing(Missing::new(MissingKind::Coverage, what))
}

/// Its property, said of itself or of its kind. What others of its kind are proves nothing.
pub(super) fn property(story: &Story, thing: ThingId) -> Found {
    let kinds = kinds(story, thing);
    for (kind, by) in &kinds {
        for (i, row) in story.told().iter().enumerate() {
            if let Statement::Property { thing: of, word, negated: false } = row.what
                && of == *kind
            {
                return Found::new(Finding::Things(vec![word]), [by.clone(), vec![i]].concat());
            }
        }
    }
    let name = |thing| story.things().name(thing);
    let what = format!("what {} is like: others of its kind prove nothing", name(thing));
    Found::missing(Missing::new(MissingKind::Coverage, what))
}

/// Whether a statement about kinds, properties or sizes is so.
pub(super) fn holds(story: &Story, asked: &Statement) -> Found {
    let (said, negated) = match *asked {
        Statement::Bigger { bigger, smaller } => return is_bigger(story, bigger, smaller),
        Statement::Kind { thing, kind, negated } => {
            let known = kinds(story, thing).into_iter().find(|(k, _)| *k == kind);
            let by = known.filter(|_| thing != kind).map(|k| (k.1, true));
            (by.or_else(|| denied(story, thing, kind)), negated)
        }
        Statement::Property { thing, word, negated } => {
            let said = kinds(story, thing).into_iter().find_map(|(kind, by)| {
                story.told().iter().enumerate().find_map(|(i, row)| match row.what {
                    Statement::Property { thing: of, word: is, negated } if (of, is) == (kind, word) => {
                        Some(([by.clone(), vec![i]].concat(), !negated))
                    }
                    _ => None,
                })
            });
            (said, negated)
        }
        Statement::Towards { kind, relation, object } => {
            let found = towards(story, kind, relation);
            let is = matches!(&found.finding, Finding::Things(things) if things.contains(&object));
            (is.then_some((found.by, true)), false)
        }
        _ => (None, false),
    };
    match said {
        Some((by, is)) => Found::new(Finding::Truth(is != negated), by),
        None if story.settings().closed => {
            Found::new(Finding::Truth(negated), Vec::new()).assuming("what is not said is not so").fragile()
        }
        None => Found::missing(Missing::new(MissingKind::Coverage, "the story does not say so")),
    }
}

fn denied(story: &Story, thing: ThingId, kind: ThingId) -> Option<(Vec<usize>, bool)> {
    let denies = |s: &Statement| matches!(s, Statement::Kind { thing: t, kind: k, negated: true } if (*t, *k) == (thing, kind));
    story.told().iter().position(|row| denies(&row.what)).map(|i| (vec![i], false))
}

/// The thing itself and its kinds, with the statements that say so.
fn kinds(story: &Story, thing: ThingId) -> Vec<(ThingId, Vec<usize>)> {
    let mut out: Vec<(ThingId, Vec<usize>)> = vec![(thing, Vec::new())];
    let mut at = 0;
    while at < out.len() && out.len() < MOST_DEEP {
        let (here, by) = out[at].clone();
        for (i, row) in story.told().iter().enumerate() {
            if let Statement::Kind { thing: of, kind, negated: false } = row.what
                && of == here
                && out.len() < MOST_DEEP
                && !out.iter().any(|(k, _)| *k == kind)
            {
                out.push((kind, [by.clone(), vec![i]].concat()));
            }
        }
        at += 1;
    }
    out
}

fn is_bigger(story: &Story, bigger: ThingId, smaller: ThingId) -> Found {
    let (mut links, mut told) = (Vec::new(), Vec::new());
    for (i, row) in story.told().iter().enumerate() {
        if let Statement::Bigger { bigger, smaller } = row.what {
            links.push(Precedes { low: smaller.0, high: bigger.0, strict: true });
            told.push(i);
        }
    }
    let order = Order::new(story.things().len(), &links);
    let statements = |links: Vec<usize>| links.into_iter().map(|l| told[l]).collect::<Vec<_>>();
    if let Some(cycle) = order.contradiction() {
        return Found::new(Finding::Torn(statements(cycle)), Vec::new());
    }
    if let Some(proof) = order.proof(smaller.0, bigger.0, true) {
        return Found::new(Finding::Truth(true), statements(proof));
    }
    if let Some(proof) = order.proof(bigger.0, smaller.0, false) {
        return Found::new(Finding::Truth(false), statements(proof));
    }
    let name = |thing| story.things().name(thing);
    let what = format!("which is bigger: {} or {}", name(bigger), name(smaller));
    Found::missing(Missing::new(MissingKind::Coverage, what))
}
