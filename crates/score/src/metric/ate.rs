//! Absolute error of a path.

use super::sums::{Summing, Sums};
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use crate::report::Mark;
use crate::row::Row;
use crate::trajectory::{Alignment, Part, absolute_errors, associated};
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// Absolute trajectory error (ATE, absolute pose error): how far the estimated poses lie from the true ones.
///
/// A row is a path. Poses go together by nearest time, at most 0.01 s apart, starting from the path with fewer poses. The
/// estimate is aligned as the metric's name says: `ate` by rotation and translation (SE(3)), `ate-sim3` by scale too (for paths of unknown
/// scale), `ate-raw` not at all; `ape-rotation` is the angle in degrees after the SE(3) alignment. Values: `rmse` (over all pairs of
/// poses of all paths), `mean`, `std`, `sse`, and of a single path `median`, `min`, `max`. Lengths are in the unit of the paths.
/// A path that cannot be aligned (no pair of poses, all on a line) cannot be read; an error that is not there counts nothing, and is listed.
///
/// # Source
/// Sturm et al., A Benchmark for the Evaluation of RGB-D SLAM Systems, 2012; Umeyama, 1991; equal to evo 1.38.1 to 1e-9.
#[derive(Clone, Copy, Debug)]
pub struct Ate {
    name: &'static str,
    about: &'static str,
    alignment: Alignment,
    part: Part,
}

impl Ate {
    /// Distance after rotation and translation.
    pub const RIGID: Ate = Ate {
        name: "ate",
        about: "absolute trajectory error after rotation and translation",
        alignment: Alignment::Rigid,
        part: Part::Translation,
    };
    /// Distance after rotation, translation and scale.
    pub const SCALED: Ate = Ate {
        name: "ate-sim3",
        about: "absolute trajectory error after rotation, translation and scale",
        alignment: Alignment::Scaled,
        part: Part::Translation,
    };
    /// Distance as they are.
    pub const RAW: Ate = Ate {
        name: "ate-raw",
        about: "absolute trajectory error without alignment",
        alignment: Alignment::None,
        part: Part::Translation,
    };
    /// Angle after rotation and translation.
    pub const ROTATION: Ate = Ate {
        name: "ape-rotation",
        about: "absolute error of rotation in degrees, after rotation and translation",
        alignment: Alignment::Rigid,
        part: Part::RotationDeg,
    };
}

impl Metric for Ate {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: self.name,
            about: self.about,
            source: "score/src/metric/ate.rs",
            paper: Some("Sturm et al., A Benchmark for the Evaluation of RGB-D SLAM Systems, IROS 2012"),
            example: "chronotope score ate --truth groundtruth.txt --pred estimate.txt",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        let Ate { name, alignment, part, .. } = *self;
        Box::new(Summing::new(PathErrors {
            metric: name,
            errors: Box::new(move |truth, said| {
                let pairs = associated(truth, said);
                absolute_errors(&pairs, alignment, part)
            }),
        }))
    }

    fn takes(&self) -> Takes {
        Takes::Path
    }

    fn perfect(&self) -> Option<f64> {
        Some(0.0)
    }

    fn why_unparsable(&self, row: &Row<'_>) -> Option<String> {
        let lone = "the poses that go together lie on one line, about which every rotation fits as well, so that no \
            alignment is determined; `ate-raw` aligns nothing";
        why_unlike(row, lone)
    }
}

/// Why two paths cannot be compared: no poses go together, or else what is given; none of what is no pair of paths.
pub(super) fn why_unlike(row: &Row<'_>, otherwise: &str) -> Option<String> {
    let (Datum::Path(truth), Datum::Path(said)) = (row.truth, row.prediction?) else { return None };
    let apart = "no pose lies within 0.01 s of a true one";
    Some(if associated(truth, said).is_empty() { apart } else { otherwise }.to_owned())
}

/// The errors of a pair of paths; none where they cannot be compared.
type Errors = dyn Fn(&crate::path::Path, &crate::path::Path) -> Option<Vec<f64>> + Send;

/// Statistics of the errors of paths.
pub(super) struct PathErrors {
    pub(super) metric: &'static str,
    pub(super) errors: Box<Errors>,
}

impl Sums for PathErrors {
    fn metric(&self) -> &'static str {
        self.metric
    }

    fn headline(&self) -> &'static str {
        "rmse"
    }

    /// Squares, errors, number; paths, and their medians, least and largest errors.
    fn width(&self) -> usize {
        7
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        let Datum::Path(truth) = row.truth else { return Err("a path of poses") };
        let said = match row.prediction {
            None => return Ok(Mark::Missing),
            Some(Datum::Path(said)) => said,
            Some(_) => return Ok(Mark::Unparsable),
        };
        let Some(mut errors) = (self.errors)(truth, said).filter(|errors| !errors.is_empty()) else {
            return Ok(Mark::Unparsable);
        };
        into[0] = errors.iter().map(|error| error * error).sum();
        into[1] = errors.iter().sum();
        into[2] = errors.len() as f64;
        into[3] = 1.0;
        errors.sort_by(f64::total_cmp);
        let (n, last) = (errors.len(), errors[errors.len() - 1]);
        into[4] = f64::midpoint(errors[(n - 1) / 2], errors[n / 2]);
        (into[5], into[6]) = (errors[0], last);
        Ok(Mark::Counted)
    }

    fn values(&self, sums: &[f64], _n: f64) -> BTreeMap<String, f64> {
        let [squares, sum, n, paths, median, least, most] = std::array::from_fn(|i| sums[i]);
        if n == 0.0 {
            return BTreeMap::new();
        }
        let (mean, mean_square) = (sum / n, squares / n);
        let mut values = vec![
            ("rmse", mean_square.sqrt()),
            ("mean", mean),
            ("std", (mean_square - mean * mean).max(0.0).sqrt()),
            ("sse", squares),
            ("pairs", n),
        ];
        if paths == 1.0 {
            values.extend([("median", median), ("min", least), ("max", most)]);
        }
        values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
