//! Changing one's mind: identities are merged, split and renamed by adding rows, never by changing them.

use crate::bundle::{Closable, Writer};
use crate::error::{Error, Result};
use chronotope_world::{EntityId, Identity, IdentityId, Known, Label, LabelId, Span, Time, TrackId, View};
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
    /// An entity is called otherwise: the labels of its tracks close, and each of them gets this one.
    Relabel {
        /// The entity.
        entity: EntityId,
        /// What it is called.
        text: String,
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
        Revision::Split { entity, part } => split(&mut writer, *entity, *part, at),
        Revision::Relabel { entity, text } => relabel(&mut writer, *entity, text, at),
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

fn split(writer: &mut Writer, entity: EntityId, part: Part, at: Time) -> Result<(), String> {
    let rows = rows_of(writer, entity)?;
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
    let mut tracks: Vec<TrackId> = rows_of(writer, entity)?.iter().map(|row| row.track).collect();
    tracks.sort_unstable();
    tracks.dedup();
    let held = |row: &&Label| {
        View::NEWEST.sees_open(row.known, row.closed) && tracks.binary_search(&row.track).is_ok()
    };
    let old: Vec<Label> = writer.tables().labels.iter().filter(held).cloned().collect();
    if old.len() == tracks.len() && old.iter().all(|row| row.text == text) {
        return Err(format!("expected another label than {text:?}, which entity/{} has", entity.0));
    }
    for row in &old {
        writer.close(Closable::Label(row.id));
    }
    for track in tracks {
        let before = old.iter().find(|row| row.track == track);
        let vocabulary = before.map_or_else(|| "revised".to_owned(), |row| row.vocabulary.clone());
        let at = before.map_or(at, |row| at.max(row.known.at));
        writer.label(Label {
            id: LabelId(0),
            track,
            text: text.to_owned(),
            vocabulary,
            score: None,
            span: Span::ALWAYS,
            known: Known::at(at),
            closed: None,
        });
    }
    Ok(())
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
