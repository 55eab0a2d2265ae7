//! Notes: facts that somebody states, with who says so and why.
//!
//! A fact that replaces others ends them where it begins; nothing is overwritten. What held before and what holds after keep rows of their own,
//! so that a fact that comes again is not lost.

use crate::bundle::{Closable, Writer};
use crate::error::{Error, Result};
use chronotope_world::{
    Clock, Fact, FactId, Known, Reference, Source, SourceId, SourceKind, Span, Spans, Time, View,
};
use std::path::Path;

/// A fact to be noted.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Of what.
    pub subject: Reference,
    /// Which relation or attribute.
    pub predicate: String,
    /// To what, or the attribute's value.
    pub object: Reference,
    /// When it is so.
    pub valid: Span,
    /// Probability of being right; none where nothing calibrates it.
    pub confidence: Option<f64>,
    /// Who says so.
    pub by: String,
    /// Why; may be empty.
    pub because: String,
    /// Whether other facts of the same subject and predicate no longer hold during `valid`.
    pub replaces: bool,
    /// Record time at which it was known; [`Time::MIN`] for always.
    pub known_at: Time,
}

/// Commits a note to a bundle; returns its revision and the number of facts that it ended.
///
/// # Errors
/// Where it names nothing, the same fact holds already, an entity does not exist, or another process writes.
pub fn note(path: impl AsRef<Path>, note: &Note) -> Result<(u64, usize)> {
    let path = path.as_ref();
    let mut writer = Writer::open(path)?;
    let n_ended = add(&mut writer, note).map_err(|fault| Error::Revision { fault, path: path.to_owned() })?;
    Ok((writer.commit()?, n_ended))
}

fn add(writer: &mut Writer, note: &Note) -> Result<usize, String> {
    if note.predicate.trim().is_empty() || note.by.trim().is_empty() {
        return Err("expected a relation and who says so, found none".to_owned());
    }
    if note.valid.is_empty() {
        return Err("expected a time in which it holds, found an empty one".to_owned());
    }
    for what in [&note.subject, &note.object] {
        if let Reference::Entity(id) = what
            && !writer.tables().identities.iter().any(|row| row.entity == *id)
        {
            return Err(format!("expected an existing thing, found entity/{}", id.0));
        }
    }
    let holds = |fact: &&Fact| {
        fact.subject == note.subject
            && fact.predicate == note.predicate
            && View::NEWEST.sees_open(fact.known, fact.closed)
    };
    let others: Vec<Fact> = writer.tables().facts.iter().filter(holds).cloned().collect();
    if others.iter().any(|fact| fact.object == note.object && fact.valid.covers(note.valid)) {
        return Err("expected something new, found that it is noted already".to_owned());
    }
    let mut n_ended = 0;
    for fact in others.into_iter().filter(|fact| note.replaces && fact.valid.overlaps(note.valid)) {
        writer.close(Closable::Fact(fact.id));
        n_ended += 1;
        for &valid in &Spans::from(fact.valid).minus(&note.valid.into()) {
            writer.fact(Fact { valid, known: Known::at(fact.known.at), closed: None, ..fact.clone() });
        }
    }
    let source = Source {
        id: SourceId(0),
        kind: SourceKind::Annotation,
        uri: note.by.clone(),
        sha256: None,
        record_from_source: Some(Clock::SAME),
        derived_from: None,
        settings: note.because.clone(),
        known: Known::at(note.known_at),
    };
    let like = |row: &&Source| {
        (row.kind, &row.uri, &row.settings, row.known.at)
            == (source.kind, &source.uri, &source.settings, source.known.at)
            && row.derived_from.is_none()
    };
    let same = writer.tables().sources.iter().find(like).map(|row| row.id);
    let source = same.unwrap_or_else(|| writer.source(source));
    writer.fact(Fact {
        id: FactId(0),
        subject: note.subject.clone(),
        predicate: note.predicate.clone(),
        object: note.object.clone(),
        valid: note.valid,
        confidence: note.confidence,
        source,
        known: Known::at(note.known_at),
        closed: None,
    });
    Ok(n_ended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle;
    use chronotope_world::{EntityId, text};

    fn bundle_of(name: &str) -> std::path::PathBuf {
        let folder =
            std::env::temp_dir().join(format!("chronotope-note-{}-{name}.world", std::process::id()));
        std::fs::remove_dir_all(&folder).ok();
        let world = text::parse("record \"home\"\nkey 1\n  0: (0, 0, 0)\n").expect("valid");
        bundle::write(&folder, &world).expect("a bundle");
        folder
    }

    fn on(place: &str, from_s: f64) -> Note {
        Note {
            subject: Reference::Entity(EntityId(1)),
            predicate: "on".to_owned(),
            object: Reference::Text(place.to_owned()),
            valid: Span::between(Time::from_s(from_s), Time::MAX),
            confidence: None,
            by: "robot".to_owned(),
            because: "seen by the arm".to_owned(),
            replaces: true,
            known_at: Time::from_s(from_s),
        }
    }

    fn places(folder: &Path, as_of: u64, at_s: f64) -> Vec<String> {
        let view = View { as_of, asked_at: Time::MAX };
        let world = bundle::open(folder).expect("a bundle").seen(view);
        let now = world.facts().filter(|fact| fact.valid.contains(Time::from_s(at_s)));
        now.map(|fact| match &fact.object {
            Reference::Text(text) => text.clone(),
            other => format!("{other:?}"),
        })
        .collect()
    }

    #[test]
    fn a_fact_that_comes_again_is_not_lost() {
        let folder = bundle_of("again");
        let before = bundle::open(&folder).expect("a bundle").revision();
        for (place, from) in [("table", 0.0), ("shelf", 10.0), ("table", 20.0)] {
            note(&folder, &on(place, from)).expect("noted");
        }
        for (at, place) in [(5.0, "table"), (15.0, "shelf"), (25.0, "table")] {
            assert_eq!(places(&folder, u64::MAX, at), [place], "at {at} s");
        }
        // whoever asks as of the first note knows nothing of the others
        assert_eq!(places(&folder, before + 1, 25.0), ["table"]);
        assert!(places(&folder, before, 25.0).is_empty());
        std::fs::remove_dir_all(&folder).ok();
    }

    #[test]
    fn what_says_nothing_new_or_names_nothing_is_refused() {
        let folder = bundle_of("refused");
        note(&folder, &on("table", 0.0)).expect("noted");
        let refused = |one: Note| note(&folder, &one).expect_err("refused").to_string();
        assert!(refused(on("table", 5.0)).contains("noted already"));
        let stranger = Note { subject: Reference::Entity(EntityId(9)), ..on("table", 0.0) };
        assert!(refused(stranger).contains("entity/9"));
        assert!(refused(Note { by: " ".to_owned(), ..on("sofa", 0.0) }).contains("who says so"));
        std::fs::remove_dir_all(&folder).ok();
    }
}
