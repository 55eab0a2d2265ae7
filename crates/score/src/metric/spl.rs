//! Navigation: success weighted by path length.

use super::columns::{Cells, Columns, share};
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;

/// SPL: success weighted by how short the path was, S·l / max(l, p), with `Success`, `SoftSPL` = max(0, 1 − d_end / d_start)·l / max(l, p) and the mean `distance_to_goal`.
///
/// Truth: `shortest` (metres from start to goal; also `d_start`, else the same), and `threshold` in metres where it is not 0.2. Prediction: `path` (metres travelled),
/// `distance` (metres to the goal at the end), and `success` where the environment said so; else it is distance < threshold (strict). A path of no length that succeeds
/// counts 1.
///
/// # Source
/// Anderson et al., 2018; `habitat/tasks/nav/nav.py` of habitat-lab (SoftSPL: Datta et al., 2020).
#[derive(Clone, Copy, Debug)]
pub struct Spl;

impl Metric for Spl {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "spl",
            about: "navigation: success, success weighted by path length (SPL), SoftSPL",
            source: "score/src/metric/spl.rs",
            paper: Some("Anderson et al., On Evaluation of Embodied Navigation Agents, 2018"),
            example: "chronotope score spl --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("spl", &["SPL", "Success", "SoftSPL", "distance_to_goal"], marks).tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["shortest"], prediction: &["path"] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

/// Distance in metres below which an episode succeeds.
const THRESHOLD_M: f64 = 0.2;

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let of = |datum: &Datum, name: &str| datum.field(name).and_then(Datum::number).filter(|v| *v >= 0.0);
    let shortest = of(truth, "shortest").ok_or("a record of shortest (metres)")?;
    let start = of(truth, "d_start").unwrap_or(shortest);
    let threshold = of(truth, "threshold").unwrap_or(THRESHOLD_M);
    let (Some(path), end) = (of(said, "path"), of(said, "distance")) else { return Ok(None) };
    let success = match (said.field("success").and_then(Datum::verdict), end) {
        (Some(said), _) => said,
        (None, Some(end)) => end < threshold,
        (None, None) => return Ok(None),
    };
    let shortness = if shortest.max(path) > 0.0 { shortest / shortest.max(path) } else { 1.0 };
    let progress = end
        .map(|end| if start > 0.0 { (1.0 - end / start).max(0.0) } else { f64::from(u8::from(end == 0.0)) });
    let spl = if success { shortness } else { 0.0 };
    Ok(Some(vec![Some(spl), share(success), progress.map(|progress| progress * shortness), end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_way_and_a_missed_goal_cost() {
        let number = |n: f64| Datum::Number(n);
        let truth = Datum::record([("shortest", number(5.0))]);
        let run = |success: &str, path: f64, end: f64| {
            let said = Datum::record([
                ("path", number(path)),
                ("distance", number(end)),
                ("success", Datum::text(success)),
            ]);
            marks(&truth, &said).expect("a truth").expect("read")
        };
        assert_eq!(run("true", 8.0, 1.0)[..3], [Some(0.625), Some(1.0), Some(0.5)]);
        assert_eq!(run("no", 4.0, 6.0)[..3], [Some(0.0), Some(0.0), Some(0.0)]);
    }
}
