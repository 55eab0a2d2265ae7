//! Whether answers are right as often as they say.

use crate::prediction::PredictionRow;
use chronotope_tasks::Draw;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Answers of a run by what they say of themselves (reliability diagram: DeGroot and Fienberg, 1983; expected calibration error:
/// Naeini, Cooper and Hauskrecht, AAAI 2015; Brier, 1950).
///
/// An answer is right where its item scores 1; a number told with an interval, where the truth lies within.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    /// Answers with a probability.
    pub n: u64,
    /// Answers without.
    pub without: u64,
    /// Items without an answer.
    pub unanswered: u64,
    /// Share of the weighed answers that is right.
    pub right: f64,
    /// Mean gap between probability and share of right answers, over ten bins of equal width, by the answers in each.
    pub ece: f64,
    /// 95 % of a thousand resampled runs.
    pub ece_interval: [f64; 2],
    /// Mean squared gap between probability and 1 for right, 0 for wrong.
    pub brier: f64,
    /// 95 % of a thousand resampled runs.
    pub brier_interval: [f64; 2],
    /// The ten bins, from 0 to 1.
    pub bins: Vec<Bin>,
    /// By type of item.
    pub by_type: BTreeMap<String, OfType>,
}

/// The weighed answers of one type.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OfType {
    /// Answers.
    pub n: u64,
    /// Their mean probability.
    pub said: f64,
    /// Share that is right.
    pub right: f64,
    /// As of all.
    pub ece: f64,
    /// As of all.
    pub brier: f64,
}

/// The answers whose probability lies in a tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// The tenth's lower end.
    pub from: f64,
    /// Answers.
    pub n: u64,
    /// Their mean probability.
    pub said: f64,
    /// Share that is right.
    pub right: f64,
    /// 95 % interval of that share (Wilson, 1927).
    pub interval: [f64; 2],
}

/// Bins of the diagram.
const BINS: usize = 10;

/// Resampled runs.
const RESAMPLED: usize = 1000;

impl Calibration {
    /// Of the rows of a run; none where no answer has a probability.
    pub fn of(rows: &[PredictionRow]) -> Option<Calibration> {
        let said: Vec<(f64, bool)> = rows.iter().filter_map(weighed).collect();
        if said.is_empty() {
            return None;
        }
        let n = said.len();
        let mut draw = Draw::new(0, "calibration");
        let (mut eces, mut briers) = (Vec::with_capacity(RESAMPLED), Vec::with_capacity(RESAMPLED));
        for _ in 0..RESAMPLED {
            let again: Vec<(f64, bool)> = (0..n).map(|_| said[draw.below(n)]).collect();
            eces.push(ece(&bins(&again), n));
            briers.push(brier(&again));
        }
        let middle = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            [values[RESAMPLED / 40], values[RESAMPLED - 1 - RESAMPLED / 40]]
        };
        let bins = bins(&said);
        let mut by_type: BTreeMap<String, Vec<(f64, bool)>> = BTreeMap::new();
        for row in rows {
            if let Some(one) = weighed(row) {
                by_type.entry(row.group.clone()).or_default().push(one);
            }
        }
        let answered = rows.iter().filter(|row| row.prediction.is_some()).count();
        Some(Calibration {
            n: n as u64,
            without: (answered - n) as u64,
            unanswered: (rows.len() - answered) as u64,
            right: said.iter().filter(|(_, right)| *right).count() as f64 / n as f64,
            ece: ece(&bins, n),
            ece_interval: middle(eces),
            brier: brier(&said),
            brier_interval: middle(briers),
            bins,
            by_type: by_type.into_iter().map(|(name, said)| (name, of_type(&said))).collect(),
        })
    }

    /// As it stands in `report.json`.
    pub fn json(&self) -> Value {
        let bins: Vec<Value> = self
            .bins
            .iter()
            .map(|b| json!({"from": b.from, "n": b.n, "said": b.said, "right": b.right, "interval": b.interval}))
            .collect();
        let of_type =
            |t: &OfType| json!({"n": t.n, "said": t.said, "right": t.right, "ece": t.ece, "brier": t.brier});
        let by_type: Map<String, Value> =
            self.by_type.iter().map(|(name, t)| (name.clone(), of_type(t))).collect();
        json!({
            "n": self.n,
            "without": self.without,
            "unanswered": self.unanswered,
            "right": self.right,
            "ece": self.ece,
            "ece_interval": self.ece_interval,
            "brier": self.brier,
            "brier_interval": self.brier_interval,
            "bins": bins,
            "by_type": by_type,
        })
    }
}

/// The probability of an answer, and whether it is right; none without either.
fn weighed(row: &PredictionRow) -> Option<(f64, bool)> {
    let confidence = row.confidence.filter(|_| row.prediction.is_some())?;
    let right = match row.interval {
        Some([low, high]) => {
            let truth: f64 = row.truth.trim().parse().ok()?;
            low <= truth && truth <= high
        }
        None => row.score? >= 1.0 - 1e-9,
    };
    Some((confidence, right))
}

fn of_type(said: &[(f64, bool)]) -> OfType {
    let n = said.len() as f64;
    OfType {
        n: said.len() as u64,
        said: said.iter().map(|(p, _)| p).sum::<f64>() / n,
        right: said.iter().filter(|(_, right)| *right).count() as f64 / n,
        ece: ece(&bins(said), said.len()),
        brier: brier(said),
    }
}

fn bins(said: &[(f64, bool)]) -> Vec<Bin> {
    let mut sums = [(0u64, 0.0, 0u64); BINS];
    for (p, right) in said {
        let bin = ((p * BINS as f64) as usize).min(BINS - 1);
        sums[bin].0 += 1;
        sums[bin].1 += p;
        sums[bin].2 += u64::from(*right);
    }
    let bin = |(k, (n, said, right)): (usize, &(u64, f64, u64))| {
        let of = (*n).max(1) as f64;
        let share = *right as f64 / of;
        Bin {
            from: k as f64 / BINS as f64,
            n: *n,
            said: said / of,
            right: share,
            interval: wilson(share, *n),
        }
    };
    sums.iter().enumerate().map(bin).collect()
}

fn ece(bins: &[Bin], n: usize) -> f64 {
    bins.iter().map(|b| b.n as f64 * (b.said - b.right).abs()).sum::<f64>() / n as f64
}

fn brier(said: &[(f64, bool)]) -> f64 {
    let gap = |(p, right): &(f64, bool)| p - f64::from(u8::from(*right));
    said.iter().map(|one| gap(one) * gap(one)).sum::<f64>() / said.len() as f64
}

/// Where the share of all lies with 95 %, by the number of those seen (Wilson, 1927).
pub(crate) fn wilson(share: f64, n: u64) -> [f64; 2] {
    if n == 0 {
        return [0.0, 1.0];
    }
    const Z: f64 = 1.959_963_985;
    let n = n as f64;
    let middle = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    [(middle - half).max(0.0), (middle + half).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(confidence: f64, right: bool) -> PredictionRow {
        PredictionRow {
            id: String::new(),
            group: "t".into(),
            prediction: Some("yes".into()),
            status: "answered".into(),
            score: Some(f64::from(u8::from(right))),
            truth: "yes".into(),
            confidence: Some(confidence),
            interval: None,
            said: String::new(),
            program: String::new(),
            missing: Vec::new(),
            cost: [0; 3],
            calls: Vec::new(),
        }
    }

    /// Answers that are right as often as their probability times this.
    fn run(factor: f64) -> Vec<PredictionRow> {
        let mut draw = Draw::new(4, "answers");
        (0..4000)
            .map(|_| {
                let p = draw.uniform();
                let right = draw.uniform() < p * factor;
                row(p, right)
            })
            .collect()
    }

    #[test]
    fn calibrated_answers_have_next_to_no_error_and_a_planted_one_shows() {
        let good = Calibration::of(&run(1.0)).expect("weighed");
        assert!(good.ece < 0.03, "{good:?}");
        let bad = Calibration::of(&run(0.7)).expect("weighed");
        assert!(bad.ece_interval[0] > 0.1 && bad.ece > 4.0 * good.ece, "{bad:?}");
        assert!(bad.bins[9].interval[1] < bad.bins[9].said, "{bad:?}");
        assert!(bad.brier > good.brier);
    }

    #[test]
    fn a_number_is_right_within_its_interval_and_what_is_not_said_is_not_weighed() {
        let mut rows = vec![row(0.9, false), row(0.9, true), row(0.5, true)];
        (rows[0].interval, rows[0].truth) = (Some([1.0, 2.0]), "1.5".into());
        rows[1].prediction = None;
        rows[2].confidence = None;
        let one = Calibration::of(&rows).expect("weighed");
        assert_eq!((one.n, one.without, one.unanswered, one.right), (1, 1, 1, 1.0));
        assert_eq!(Calibration::of(&rows[1..]), None);
    }

    #[test]
    fn a_share_has_the_interval_of_the_table() {
        let [low, high] = wilson(0.8, 10);
        assert!((low - 0.4902).abs() < 1e-3 && (high - 0.9433).abs() < 1e-3, "{low} {high}");
    }
}
