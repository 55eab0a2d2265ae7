//! Coverage: whether "there are no others" can be said for a label over a span.

use crate::run::{Part, Run, Stop};
use crate::value::Scope;
use chronotope_story::lexicon::{labels_match, normal};
use chronotope_world::{Coverage, EvidenceKind, Missing, MissingKind, Span, Spans, Table, Time};

/// Somebody looked for all of the scopes during all of the spans. Cites the coverage that says so.
///
/// Coverage that looked only at the moments of its samples counts, with the assumption that nothing came and went between
/// two of them.
///
/// # Errors
/// Missing coverage: which label, when.
pub fn covered(run: &mut Run<'_>, scopes: &[Scope], during: &Spans) -> Part<()> {
    let mut gaps = Vec::new();
    for scope in scopes {
        let whole = scope.during == Spans::from(Span::ALWAYS);
        let needed = if whole { during.clone() } else { during.intersect(&scope.during) };
        let label = scope.label.as_deref();
        let (mut looked, mut ids, mut sampled) = (Vec::new(), Vec::new(), false);
        for row in run.world.coverage() {
            if covers(&row, scope) && needed.iter().any(|s| s.overlaps(row.span)) {
                looked.push(row.span);
                ids.push(row.id.0);
                sampled |= !row.complete;
            }
        }
        let looked: Spans = looked.into_iter().collect();
        let gap = needed.minus(&looked);
        if let Some(hull) = gap.hull() {
            let what = match label {
                None => "things".to_owned(),
                Some(STANDS_STILL) => "what does not move, only for moving objects".to_owned(),
                Some(label) => format!("`{label}`"),
            };
            let asked_at = run.world.view().asked_at;
            let unseen = run.world.tables().coverage.iter().any(|row| row.known.at > asked_at);
            let missing = if hull.start() > asked_at {
                let words = format!("what comes after {asked_at} s is not known to who asks then");
                Missing::new(MissingKind::Hindsight, words)
            } else if unseen {
                let known =
                    run.world.tables().coverage.iter().map(|row| row.known.at).max().unwrap_or(Time::MAX);
                let words = format!("what was seen is known only from {known} s on, asked at {asked_at} s");
                Missing::new(MissingKind::Hindsight, words).hint("watch --online")
            } else {
                let when = match hull {
                    Span::ALWAYS => String::new(),
                    hull if hull == Span::at(hull.start()) => format!(" at {} s", hull.start()),
                    _ => format!(" during {} s", spans_in_words(&gap)),
                };
                let missing = Missing::new(MissingKind::Coverage, format!("nobody looked for {what}{when}"));
                // between several gaps there is something that can be asked
                let told = looked.intersect(&needed);
                match told.iter().max_by_key(|span| span.ns()) {
                    Some(span) if gap.len() > 1 => missing.hint(format!("somebody looked during {span} s")),
                    _ => missing,
                }
            };
            if !gaps.contains(&missing) {
                gaps.push(missing);
            }
            continue;
        }
        run.cite_rows(EvidenceKind::Coverage, Table::Coverage, ids);
        if sampled {
            run.assume("assumes that nothing came and went between two moments that were looked at");
        }
    }
    if gaps.is_empty() { Ok(()) } else { Err(Stop::Missing(gaps)) }
}

/// Spans one by one, the first few of many.
fn spans_in_words(spans: &Spans) -> String {
    const NAMED: usize = 4;
    let mut words: Vec<String> = spans.iter().take(NAMED).map(ToString::to_string).collect();
    if spans.len() > NAMED {
        words.push(format!("{} more spans", spans.len() - NAMED));
    }
    words.join(", ")
}

/// When somebody looked for all of a scope, as far as the record goes.
pub fn looked_for(run: &Run<'_>, scope: &Scope) -> Spans {
    run.world.coverage().filter(|row| covers(row, scope)).map(|row| row.span).collect()
}

/// Whatever happens: the label of a scope of events of any kind.
pub const ANY_EVENT: &str = "event";

/// What no detector of motion reports: what never moves. A scope of this label asks that somebody looked for more than motion.
pub const STANDS_STILL: &str = "thing that stands still";

/// The label of what a detector of motion finds.
const MOVER: &str = "moving object";

/// Whether only what moves was looked for where things of these scopes were: a bare "thing" is then one that moves.
pub fn only_movers(run: &Run<'_>, scopes: &[Scope]) -> bool {
    let of_movers =
        |row: &Coverage| !row.labels.is_empty() && row.labels.iter().all(|label| normal(label) == MOVER);
    let mut rows =
        run.world.coverage().filter(|row| scopes.iter().any(|scope| covers(row, scope))).peekable();
    rows.peek().is_some() && rows.all(|row| of_movers(&row))
}

/// Who wrote this row would have reported, wherever it was, a thing with one of these labels.
pub(crate) fn of_labels(row: &Coverage, labels: &[String]) -> bool {
    let named = |given: &String| labels.iter().any(|label| labels_match(given, label));
    row.region_px.is_none() && (row.labels.is_empty() || row.labels.iter().any(named))
}

/// Who wrote this row looked for cuts and camera motion: it tells nothing of things.
fn of_events(row: &Coverage) -> bool {
    row.labels.iter().any(|label| matches!(label.as_str(), "shot" | "cut"))
}

/// Who wrote this row would have reported everything of the scope: its label, and where only a part of the picture was
/// looked at, all of the asked part.
fn covers(row: &Coverage, scope: &Scope) -> bool {
    let fits =
        |label: &str| row.labels.is_empty() || row.labels.iter().any(|given| labels_match(label, given));
    let looked_there = match (row.region_px, scope.within) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(looked), Some((observer, asked))) => {
            row.observer.is_none_or(|o| o == observer)
                && looked.left <= asked.left
                && looked.top <= asked.top
                && looked.right() >= asked.right()
                && looked.bottom() >= asked.bottom()
        }
    };
    looked_there
        && match scope.label.as_deref() {
            None => !of_events(row),
            Some(ANY_EVENT) => true,
            Some(label) => fits(label),
        }
}
