//! The ladder: how a score falls as perception gets worse.

use crate::degrade::Noise;
use crate::error::Error;
use crate::report::Scored;
use crate::run::{Settings, run};
use chronotope_act::Strategy;
use chronotope_tasks::{Benchmark, Loaded};

/// One rung: the noise, and the scores under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rung {
    /// What was done to the scenes.
    pub noise: Noise,
    /// What came of all items.
    pub all: Scored,
}

/// The rungs: each kind of error alone in growing strength, then all of them together.
const RUNGS: [Noise; 18] = {
    const NONE: Noise = Noise { centre: 0.0, extent: 0.0, miss: 0.0, label: 0.0 };
    const fn all(centre: f64, share: f64) -> Noise {
        Noise { centre, extent: share, miss: share, label: share }
    }
    [
        NONE,
        Noise { centre: 0.05, ..NONE },
        Noise { centre: 0.1, ..NONE },
        Noise { centre: 0.2, ..NONE },
        Noise { centre: 0.3, ..NONE },
        Noise { centre: 0.5, ..NONE },
        Noise { extent: 0.05, ..NONE },
        Noise { extent: 0.1, ..NONE },
        Noise { extent: 0.2, ..NONE },
        Noise { extent: 0.3, ..NONE },
        Noise { miss: 0.1, ..NONE },
        Noise { miss: 0.2, ..NONE },
        Noise { miss: 0.3, ..NONE },
        Noise { label: 0.05, ..NONE },
        Noise { label: 0.1, ..NONE },
        Noise { label: 0.2, ..NONE },
        all(0.1, 0.05),
        all(0.2, 0.1),
    ]
};

/// Climbs the ladder.
///
/// # Errors
/// As [`run`].
pub fn ladder(
    benchmark: &dyn Benchmark,
    loaded: &Loaded,
    strategy: &dyn Strategy,
    settings: &Settings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<Rung>, Error> {
    let climb = |(n, noise): (usize, &Noise)| {
        progress(n, RUNGS.len());
        let settings = Settings { noise: *noise, out: None, ..settings.clone() };
        let run = run(benchmark, loaded, strategy, &settings, &|_, _| {})?;
        Ok(Rung { noise: *noise, all: run.report.all })
    };
    RUNGS.iter().enumerate().map(climb).collect()
}
