//! Why something was not seen: hidden, out of view, not seen although somebody looked, or nobody looked.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_story::lexicon::labels_match;
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
        for (span, state) in states(run, thing, &asked)? {
            let open = matches!(state, Presence::Unseen | Presence::Unobserved);
            if state == wanted && things.surely(thing) {
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

/// How it stands with a thing over spans, moment by moment; cites the coverage that was used.
pub(super) fn states(run: &mut Run<'_>, thing: EntityId, asked: &Spans) -> Part<Vec<(Span, Presence)>> {
    let labels: Vec<String> = run.world.labels_of(thing).map(|label| label.text.clone()).collect();
    let covers = |row: &Coverage| {
        let named = |given: &String| labels.iter().any(|label| labels_match(given, label));
        row.region_px.is_none() && (row.labels.is_empty() || row.labels.iter().any(named))
    };
    let rows: Vec<u64> = run.world.coverage().filter(|row| covers(row)).map(|row| row.id.0).collect();
    // consecutive pictures join where the tolerance of a track does not; a source's own word is stronger
    let seen = run.presence_of(thing)?.certain;
    let trajectory = run.trajectory(thing)?;
    let says_hidden: Spans = trajectory
        .runs
        .iter()
        .flat_map(chronotope_world::Run::samples)
        .filter(|sample| sample.visibility == Some(0.0))
        .map(|sample| sample.span())
        .collect();
    let mut out: Vec<(Span, Presence)> = Vec::new();
    for span in asked {
        for (part, state) in run.world.presence(thing, *span, covers)? {
            let stated = says_hidden.iter().any(|s| s.overlaps(part));
            let joined = if stated { Spans::NONE } else { seen.intersect(&part.into()) };
            for visible in &joined {
                out.push((*visible, Presence::Visible));
            }
            out.extend(Spans::from(part).minus(&joined).iter().map(|rest| (*rest, state)));
        }
    }
    out.sort_unstable();
    run.cite_rows(EvidenceKind::Coverage, Table::Coverage, rows);
    Ok(out)
}
