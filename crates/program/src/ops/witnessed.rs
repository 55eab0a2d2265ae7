//! Examples for calculi that nothing is known to decide: things put so that all facts hold.

use crate::run::Run;
use chronotope_reason::calculus::WideSet;
use chronotope_reason::constraint::{Demand, Space, USUAL_READS, witness};

/// Where things are put so that all demands hold, one line each; none where none is found, or the calculus is none of points.
pub(super) fn example(calculus: &str, names: &[String], demands: &[Demand]) -> Option<Vec<String>> {
    let space = Space::of(calculus)?;
    let found = witness(space, names.len(), demands, USUAL_READS)?;
    Some(names.iter().zip(&found).map(|(name, placed)| format!("{name}: {}", space.words(placed))).collect())
}

/// Whether each of these relations of the things has an example beside the demands.
pub(super) fn all_occur(
    calculus: &str,
    names: &[String],
    demands: &[Demand],
    things: &[usize],
    possible: WideSet,
) -> bool {
    let Some(space) = Space::of(calculus) else { return false };
    let reads = USUAL_READS / u64::from(possible.count().max(1));
    possible.iter().all(|r| {
        let more = Demand { things: things.to_vec(), set: WideSet::one(r) };
        let all: Vec<Demand> = demands.iter().cloned().chain([more]).collect();
        witness(space, names.len(), &all, reads).is_some()
    })
}

/// Says what was found: where everything is.
pub(super) fn cite(run: &mut Run<'_>, lines: &[String]) {
    run.assume(&format!("an example in which all facts hold: {}", lines.join("; ")));
}
