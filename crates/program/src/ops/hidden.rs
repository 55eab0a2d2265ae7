//! Why something was not seen: hidden, out of view, not seen although somebody looked, or nobody looked.

use super::entry;
use crate::cover::of_labels;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Coverage, EntityId, EvidenceKind, Presence, Span, Spans, Table, When};

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident $state:ident $word:literal $about:literal $example:literal;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Operator for $name {
            fn entry(&self) -> Entry {
                entry($word, $about, "program/src/ops/hidden.rs", $example)
            }

            fn signature(&self) -> Signature {
                Signature::gives(Gives::Fixed(Type::When)).needs("things", Takes::Things).during()
            }

            fn cost(&self) -> Cost {
                Cost::Samples
            }

            fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
                when_so(run, args, Presence::$state)
            }
        }
    )*};
}

states! {
    /// `hidden(things, during: always)`: a source says that nothing of it can be seen, or it is missing between two sightings
    /// away from the picture's edge although somebody looked.
    Hidden Hidden "hidden" "when something was covered by other things" "hidden(all(\"car\"))";
    /// `out_of_view(things, during: always)`: somebody looked, and the nearest sighting touches the picture's edge.
    OutOfView OutOfView "out-of-view" "when something had left the picture, or had not entered it"
        "out_of_view(all(\"car\"))";
    /// `unobserved(things, during: always)`: nobody looked for it.
    Unobserved Unobserved "unobserved" "when nobody looked for something" "unobserved(all(\"car\"))";
}

/// When any of the things was in a state; possible also where it was not seen and nothing tells why.
fn when_so(run: &mut Run<'_>, args: &Args<'_>, wanted: Presence) -> Outcome {
    let asked = run.asked(&args.when("during"));
    let things = args.things("things").clone();
    let mut out = When::default();
    for thing in things.all() {
        for stretch in states(run, thing, &asked)? {
            let (span, state) = (stretch.span, stretch.state);
            let open = matches!(state, Presence::Unseen | Presence::Unobserved);
            let sure = wanted == Presence::Unobserved || !stretch.or_visible;
            if state == wanted && sure && things.surely(thing) {
                out.certain = out.certain.union(&span.into());
            }
            if state == wanted || open && wanted != Presence::Unobserved {
                out.possible = out.possible.union(&span.into());
            }
        }
        run.cite_thing(thing, &asked, None)?;
    }
    if !out.certain.is_empty() && wanted != Presence::Unobserved {
        run.assume("assumes that whoever looked would have reported it, had it been in plain view");
    }
    Ok(Datum::When(out))
}

/// How it stands with a thing over a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    pub(super) span: Span,
    /// How it was, unless it was visible still or already.
    pub(super) state: Presence,
    /// It lies between a picture with it and one without it: it may have been visible.
    pub(super) or_visible: bool,
}

/// How it stands with a thing over spans, moment by moment; cites the coverage that was used. Visible where [`seen_of`] is sure,
/// and perhaps where that says possible: the states and their doubts add up to the spans.
pub(super) fn states(run: &mut Run<'_>, thing: EntityId, asked: &Spans) -> Part<Vec<Stretch>> {
    let labels: Vec<String> = run.world.labels_of(thing).map(|label| label.text.clone()).collect();
    let covers = |row: &Coverage| of_labels(row, &labels);
    let rows: Vec<u64> = run.world.coverage().filter(|row| covers(row)).map(|row| row.id.0).collect();
    let (seen, _) = seen_of(run, thing)?;
    let mut out: Vec<Stretch> = Vec::new();
    for span in asked {
        for (part, state) in run.world.presence(thing, *span, covers)? {
            let visible = seen.certain.intersect(&part.into());
            let rest = Spans::from(part).minus(&visible);
            let doubt = rest.intersect(&seen.possible);
            let stretch = |span: &Span, state, or_visible| Stretch { span: *span, state, or_visible };
            out.extend(visible.iter().map(|span| stretch(span, Presence::Visible, false)));
            out.extend(doubt.iter().map(|span| stretch(span, state, true)));
            out.extend(rest.minus(&doubt).iter().map(|span| stretch(span, state, false)));
        }
    }
    out.sort_unstable();
    run.cite_rows(EvidenceKind::Coverage, Table::Coverage, rows);
    Ok(out)
}

/// When a thing was seen: when it was there, but for where a source says that nothing of it could be seen; and that time.
///
/// # Errors
/// Where samples cannot be read.
pub(super) fn seen_of(run: &mut Run<'_>, thing: EntityId) -> Part<(When, Spans)> {
    let when = run.presence_of(thing)?;
    let trajectory = run.trajectory(thing)?;
    let hidden = trajectory.runs.iter().fold(Spans::NONE, |hidden, run| hidden.union(&run.invisible()));
    let seen = When { certain: when.certain.minus(&hidden), possible: when.possible.minus(&hidden), ..when };
    Ok((seen, hidden))
}
