//! Relative error of a path: drift.

use super::ate::{PathErrors, why_unlike};
use super::sums::Summing;
use super::{Metric, Takes, Tally};
use crate::row::Row;
use crate::trajectory::{Delta, Part, associated, pairs_of, relative_errors};
use chronotope_world::catalogue::Entry;

/// Relative pose error (RPE): how much the motion between two poses of the estimate differs from the true one.
///
/// A row is a path; poses go together as in [`super::Ate`], and nothing is aligned, as relative motion needs none (a path of unknown
/// scale has to be scaled before). `rpe` and `rpe-rotation` (degrees) compare consecutive poses, `rpe-metre` all pairs of poses of which the
/// estimate lies 1 m of way apart, within 0.1 m. Values as in [`super::Ate`].
///
/// # Source
/// Sturm et al., A Benchmark for the Evaluation of RGB-D SLAM Systems, 2012; equal to evo 1.38.1 to 1e-9.
#[derive(Clone, Copy, Debug)]
pub struct Rpe {
    name: &'static str,
    about: &'static str,
    delta: Delta,
    all: bool,
    part: Part,
}

impl Rpe {
    /// Translation from one pose to the next.
    pub const TRANSLATION: Rpe = Rpe {
        name: "rpe",
        about: "relative pose error: translation from one pose to the next",
        delta: Delta::Poses(1),
        all: false,
        part: Part::Translation,
    };
    /// Angle from one pose to the next.
    pub const ROTATION: Rpe = Rpe {
        name: "rpe-rotation",
        about: "relative pose error: rotation in degrees from one pose to the next",
        delta: Delta::Poses(1),
        all: false,
        part: Part::RotationDeg,
    };
    /// Translation over a metre of way.
    pub const METRE: Rpe = Rpe {
        name: "rpe-metre",
        about: "relative pose error: translation over each metre of way",
        delta: Delta::Way(1.0),
        all: true,
        part: Part::Translation,
    };
}

impl Metric for Rpe {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: self.name,
            about: self.about,
            source: "score/src/metric/rpe.rs",
            paper: Some("Sturm et al., A Benchmark for the Evaluation of RGB-D SLAM Systems, IROS 2012"),
            example: "chronotope score rpe --truth groundtruth.txt --pred estimate.txt",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        let Rpe { name, delta, all, part, .. } = *self;
        Box::new(Summing::new(PathErrors {
            metric: name,
            errors: Box::new(move |truth, said| {
                let poses = associated(truth, said);
                let between = pairs_of(&poses, delta, all);
                Some(relative_errors(&poses, &between, part))
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
        let near = "no two of the poses that go together are as far apart as the metric asks";
        why_unlike(row, near)
    }
}
