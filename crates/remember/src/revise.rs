//! Changing one's mind: identities are merged, split and renamed by adding rows, never by changing them.

use crate::bundle::{self, Closable, Writer};
use crate::error::{Error, Result};
use chronotope_world::{
    Clock, DIFFERENT_FROM, EntityId, Fact, FactId, Identity, IdentityId, Known, Label, LabelId, Reference,
    SAME_AS, Source, SourceId, SourceKind, Span, Spans, Time, TrackId, View, World,
};
use std::collections::BTreeMap;
use std::path::Path;

/// What is known better now.
#[derive(Clone, Debug, PartialEq)]
pub enum Revision {
    /// Two entities are one: what `other` was is `keep` from now on.
    Merge {
        /// The entity that stays.
        keep: EntityId,
        /// The entity that is no more.
        other: EntityId,
    },
    /// One entity is two: a part of it is a new entity from now on.
    Split {
        /// The entity.
        entity: EntityId,
        /// Which part is the new one.
        part: Part,
    },
    /// An entity is called otherwise: while its tracks show it, their labels close, and each track gets this one.
    Relabel {
        /// The entity.
        entity: EntityId,
        /// What it is called.
        text: String,
    },
    /// An entity is one thing with an entity of another bundle: a fact ([`SAME_AS`]), which questions over both honour.
    Same {
        /// The entity.
        entity: EntityId,
        /// The global name of the other one, `NAME/entity/N`.
        other: String,
        /// While this holds; [`Span::ALWAYS`] where nothing else is known.
        valid: Span,
        /// Who says so, or why, in words; may be empty.
        because: String,
    },
    /// They are not one thing after all: every such fact about the two closes.
    Apart {
        /// The entity.
        entity: EntityId,
        /// The global name of the other one, `NAME/entity/N`.
        other: String,
        /// Who says so, or why, in words; kept as the source of a fact ([`DIFFERENT_FROM`]); may be empty.
        because: String,
    },
}

/// The part of an entity that is another entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// From this moment on.
    From(Time),
    /// What this track shows.
    Track(TrackId),
}

/// Commits a revision to a bundle, and returns its number. Rows are only added: whoever asks as of an earlier revision gets the
/// answer that was given then.
///
/// `at` is the record time at which it was known, [`Time::MIN`] for always: readers who ask at an earlier time see neither the
/// old row nor the new one.
///
/// # Errors
/// Where the entity does not exist, nothing would change, or another process writes.
pub fn revise(path: impl AsRef<Path>, revision: &Revision, at: Time) -> Result<u64> {
    let path = path.as_ref();
    let mut writer = Writer::open(path)?;
    let done = match revision {
        Revision::Merge { keep, other } => merge(&mut writer, *keep, *other, at),
        Revision::Split { entity, part } => {
            let range = match part {
                Part::From(_) => seen_during(&bundle::open(path)?, *entity)?,
                Part::Track(_) => None,
            };
            split(&mut writer, *entity, *part, range, at)
        }
        Revision::Relabel { entity, text } => relabel(&mut writer, *entity, text, at),
        Revision::Same { entity, other, valid, because } => {
            let own = bundle::open(path)?.store().local_id(EntityId::KIND, other);
            same(&mut writer, *entity, other, own, *valid, because, at)
        }
        Revision::Apart { entity, other, because } => apart(&mut writer, *entity, other, because, at),
    };
    done.map_err(|fault| Error::Revision { fault, path: path.to_owned() })?;
    writer.commit()
}

fn merge(writer: &mut Writer, keep: EntityId, other: EntityId, at: Time) -> Result<(), String> {
    if keep == other {
        return Err(format!("expected two entities, found entity/{} twice", keep.0));
    }
    rows_of(writer, keep)?;
    for row in rows_of(writer, other)? {
        writer.close(Closable::Identity(row.id));
        add(writer, &row, row.span, keep, "revised: merge", at);
    }
    Ok(())
}

/// The first and the last moment at which a thing was seen; none of one that was never, or always.
fn seen_during(world: &World, entity: EntityId) -> Result<Option<(Time, Time)>> {
    let trajectory = world.trajectory(entity)?;
    let times = || trajectory.runs.iter().flat_map(|run| run.times());
    Ok(times().min().zip(times().max()).filter(|(first, _)| *first != Time::MIN))
}

fn split(
    writer: &mut Writer,
    entity: EntityId,
    part: Part,
    range: Option<(Time, Time)>,
    at: Time,
) -> Result<(), String> {
    let rows = rows_of(writer, entity)?;
    if let (Part::From(t), Some((first, last))) = (part, range)
        && (t <= first || t > last)
    {
        if first == last {
            return Err(format!(
                "expected a thing that is seen more than once, found entity/{} seen at {first} s alone",
                entity.0
            ));
        }
        return Err(format!(
            "expected a moment after {first} s and up to {last} s, while entity/{} is seen, found {t} s",
            entity.0
        ));
    }
    // the part of a row that leaves, and what of it stays
    let cut = |row: &Identity| -> (Option<Span>, Option<Span>) {
        let (start, end) = (row.span.start(), row.span.end());
        match part {
            Part::Track(track) if row.track == track => (Some(row.span), None),
            Part::Track(_) => (None, Some(row.span)),
            Part::From(t) if t <= start => (Some(row.span), None),
            Part::From(t) if t >= end => (None, Some(row.span)),
            Part::From(t) => (Span::new(t, end), Span::new(start, t)),
        }
    };
    let cuts: Vec<_> = rows.iter().map(cut).collect();
    if cuts.iter().all(|(leaves, _)| leaves.is_none()) || cuts.iter().all(|(_, stays)| stays.is_none()) {
        return Err(format!("expected a part of entity/{}, found all or nothing of it", entity.0));
    }
    let new = writer.entity();
    for (row, (leaves, stays)) in rows.iter().zip(cuts) {
        let Some(leaves) = leaves else { continue };
        writer.close(Closable::Identity(row.id));
        if let Some(stays) = stays {
            add(writer, row, stays, entity, "revised: split", at);
        }
        add(writer, row, leaves, new, "revised: split", at);
    }
    Ok(())
}

fn relabel(writer: &mut Writer, entity: EntityId, text: &str, at: Time) -> Result<(), String> {
    let mut shown: BTreeMap<TrackId, Vec<Span>> = BTreeMap::new();
    for row in rows_of(writer, entity)? {
        shown.entry(row.track).or_default().push(row.span);
    }
    let shown: BTreeMap<TrackId, Spans> =
        shown.into_iter().map(|(track, spans)| (track, spans.into_iter().collect())).collect();
    let held = |row: &&Label| {
        View::NEWEST.sees_open(row.known, row.closed)
            && shown.get(&row.track).is_some_and(|spans| spans.iter().any(|span| span.overlaps(row.span)))
    };
    let old: Vec<Label> = writer.tables().labels.iter().filter(held).cloned().collect();
    let says_so = |track: &TrackId| old.iter().any(|row| row.track == *track);
    if shown.keys().all(says_so) && old.iter().all(|row| row.text == text) {
        return Err(format!("expected another label than {text:?}, which entity/{} has", entity.0));
    }
    for row in &old {
        writer.close(Closable::Label(row.id));
        // what the track shows at other times keeps its name
        for span in &Spans::from(row.span).minus(&shown[&row.track]) {
            let known = Known::at(at.max(row.known.at));
            writer.label(Label { span: *span, known, ..row.clone() });
        }
    }
    for (track, spans) in shown {
        let before = old.iter().find(|row| row.track == track);
        let vocabulary = before.map_or_else(|| "revised".to_owned(), |row| row.vocabulary.clone());
        let at = before.map_or(at, |row| at.max(row.known.at));
        for span in &spans {
            writer.label(Label {
                id: LabelId(0),
                track,
                text: text.to_owned(),
                vocabulary: vocabulary.clone(),
                score: None,
                span: *span,
                known: Known::at(at),
                closed: None,
            });
        }
    }
    Ok(())
}

fn same(
    writer: &mut Writer,
    entity: EntityId,
    other: &str,
    own: Option<u64>,
    valid: Span,
    because: &str,
    at: Time,
) -> Result<(), String> {
    rows_of(writer, entity)?;
    if !is_global_name(other) {
        return Err(format!("expected a thing of another World as NAME/entity/N, found {other:?}"));
    }
    if own.is_some() {
        return Err(format!(
            "expected a thing of another World, found {other}, which is of this one: merge them"
        ));
    }
    if valid.is_empty() {
        return Err("expected a span that holds a moment, found an empty one".to_owned());
    }
    if said(writer, entity, other).iter().any(|fact| fact.valid.covers(valid)) {
        return Err(format!("expected something new, found that entity/{} is {other} already", entity.0));
    }
    say(writer, entity, SAME_AS, other, valid, because, at);
    Ok(())
}

/// Adds a fact about an entity and one of another World, with a source that says why.
fn say(
    writer: &mut Writer,
    entity: EntityId,
    predicate: &str,
    other: &str,
    valid: Span,
    because: &str,
    at: Time,
) {
    let uri = if because.is_empty() { "revised" } else { because };
    let source = writer.source(Source {
        id: SourceId(0),
        kind: SourceKind::Annotation,
        uri: uri.to_owned(),
        sha256: None,
        record_from_source: Some(Clock::SAME),
        derived_from: None,
        settings: String::new(),
        known: Known::at(at),
    });
    writer.fact(Fact {
        id: FactId(0),
        subject: Reference::Entity(entity),
        predicate: predicate.to_owned(),
        object: Reference::Text(other.to_owned()),
        valid,
        confidence: None,
        source,
        known: Known::at(at),
        closed: None,
    });
}

fn apart(writer: &mut Writer, entity: EntityId, other: &str, because: &str, at: Time) -> Result<(), String> {
    rows_of(writer, entity)?;
    let facts = said(writer, entity, other);
    if facts.is_empty() {
        return Err(format!("expected a fact that entity/{} is {other}, found none", entity.0));
    }
    for fact in facts {
        writer.close(Closable::Fact(fact.id));
    }
    if !because.is_empty() {
        say(writer, entity, DIFFERENT_FROM, other, Span::ALWAYS, because, at);
    }
    Ok(())
}

/// The facts that hold as of now and say that an entity is another.
fn said(writer: &Writer, entity: EntityId, other: &str) -> Vec<Fact> {
    let says = |fact: &&Fact| {
        fact.predicate == SAME_AS
            && fact.subject == Reference::Entity(entity)
            && matches!(&fact.object, Reference::Text(name) if name == other)
            && View::NEWEST.sees_open(fact.known, fact.closed)
    };
    writer.tables().facts.iter().filter(says).cloned().collect()
}

/// `NAME/entity/N`.
fn is_global_name(text: &str) -> bool {
    let mut parts = text.rsplitn(3, '/');
    let number = parts.next().is_some_and(|n| n.parse::<u64>().is_ok());
    number && parts.next() == Some(EntityId::KIND) && parts.next().is_some_and(|name| !name.is_empty())
}

/// The identity rows of an entity that hold as of now.
fn rows_of(writer: &Writer, entity: EntityId) -> Result<Vec<Identity>, String> {
    let held = |row: &&Identity| row.entity == entity && View::NEWEST.sees_open(row.known, row.closed);
    let rows: Vec<Identity> = writer.tables().identities.iter().filter(held).cloned().collect();
    if rows.is_empty() {
        Err(format!("expected an existing entity, found entity/{}", entity.0))
    } else {
        Ok(rows)
    }
}

/// A row like another, for another entity or span. What was measured, not how sure somebody was of the old row, is taken over.
fn add(writer: &mut Writer, row: &Identity, span: Span, entity: EntityId, reason: &str, at: Time) {
    writer.identity(Identity {
        id: IdentityId(0),
        track: row.track,
        span,
        entity,
        confidence: None,
        reason: reason.to_owned(),
        known: Known::at(at.max(row.known.at)),
        closed: None,
    });
}
