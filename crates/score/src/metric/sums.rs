//! The tally of measures that are functions of sums over rows, with the interval that resampling the rows gives.

use crate::error::Error;
use crate::metric::Tally;
use crate::report::{Group, Interval, Left, Mark, Report};
use crate::row::Row;
use std::collections::BTreeMap;

/// A measure made of sums over rows.
pub(crate) trait Sums: Send {
    /// The metric's name.
    fn metric(&self) -> &'static str;

    /// Name of the value that the source calls its result.
    fn headline(&self) -> &'static str;

    /// The name of the judge that decides, where one does.
    fn judge(&self) -> Option<String> {
        None
    }

    /// Numbers that a row adds.
    fn width(&self) -> usize;

    /// What one row adds, into zeros. `Err` names what the truth should have been. Called for missing rows too.
    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str>;

    /// The values of a set of `n` rows with these sums; a value that nothing was seen for is left out.
    fn values(&self, sums: &[f64], n: f64) -> BTreeMap<String, f64>;

    /// The values of all rows, where they are more than those of the sums over all.
    fn overall(&self, total: (&[f64], f64), groups: &Groups) -> BTreeMap<String, f64> {
        let _ = groups;
        self.values(total.0, total.1)
    }

    /// Whether `overall` looks at the groups.
    fn by_group(&self) -> bool {
        false
    }
}

/// Sums and number of rows of each group.
pub(crate) type Groups = BTreeMap<String, (Vec<f64>, f64)>;

/// Copies of the sample of rows that are drawn; the interval's ends are their 10th smallest and largest values.
const RESAMPLES: usize = 400;

/// A [`Sums`] at work.
pub(crate) struct Summing<S> {
    sums: S,
    groups: Groups,
    row: Vec<f64>,
    missing: Left,
    unparsable: Left,
    resampling: Option<Resampling>,
}

impl<S: Sums> Summing<S> {
    pub(crate) fn new(sums: S) -> Summing<S> {
        let row = vec![0.0; sums.width()];
        Summing {
            sums,
            groups: Groups::new(),
            row,
            missing: Left::default(),
            unparsable: Left::default(),
            resampling: None,
        }
    }
}

impl<S: Sums> Tally for Summing<S> {
    fn add(&mut self, row: &Row<'_>) -> Result<Mark, Error> {
        self.row.fill(0.0);
        let mark = self.sums.add(row, &mut self.row).map_err(|expected| Error::Truth {
            metric: self.sums.metric(),
            id: row.id.to_owned(),
            expected,
            found: short(&row.truth.to_string()),
        })?;
        match mark {
            Mark::Missing => self.missing.add(row.id),
            Mark::Unparsable => self.unparsable.add(row.id),
            Mark::Score(_) | Mark::Counted => {}
        }
        add_row(&mut self.groups, row.group, &self.row, 1.0);
        if let Some(resampling) = &mut self.resampling {
            resampling.add(row.group, &self.row, self.sums.by_group());
        }
        Ok(mark)
    }

    fn resample(&mut self, seed: u64) {
        self.resampling = Some(Resampling::new(seed, self.row.len()));
    }

    fn finish(self: Box<Self>) -> Report {
        let mut report = Report {
            metric: self.sums.metric().to_owned(),
            headline: self.sums.headline().to_owned(),
            judge: self.sums.judge(),
            missing: self.missing,
            unparsable: self.unparsable,
            ..Report::default()
        };
        let (total, n) = total_of(&self.groups, self.row.len());
        report.n = n as u64;
        if n == 0.0 {
            return report;
        }
        report.overall = self.sums.overall((&total, n), &self.groups);
        report.by_group = self
            .groups
            .iter()
            .map(|(name, (sums, n))| {
                (name.clone(), Group { values: self.sums.values(sums, *n), n: *n as u64 })
            })
            .collect();
        report.interval = self.resampling.and_then(|resampling| resampling.interval(&self.sums, report.n));
        report
    }
}

/// Rows drawn again: each row counts in each copy as often as a Poisson variable of mean 1 says.
///
/// This is the bootstrap for streams: as the number of rows grows, it becomes drawing with replacement.
///
/// # Source
/// Chamandy et al., Estimating uncertainty for massive data streams, 2012; Efron, Bootstrap methods, 1979.
struct Resampling {
    random: u64,
    width: usize,
    /// Sums and weight over all rows, copy by copy.
    totals: Vec<(Vec<f64>, f64)>,
    groups: Vec<Groups>,
}

impl Resampling {
    fn new(seed: u64, width: usize) -> Resampling {
        Resampling {
            random: seed,
            width,
            totals: vec![(vec![0.0; width], 0.0); RESAMPLES],
            groups: vec![Groups::new(); RESAMPLES],
        }
    }

    fn add(&mut self, group: &str, row: &[f64], by_group: bool) {
        let mut bits = 0;
        for copy in 0..RESAMPLES {
            if copy % 4 == 0 {
                bits = split_mix(&mut self.random);
            }
            let weight = poisson(bits as u16);
            bits >>= 16;
            if weight == 0.0 {
                continue;
            }
            if by_group {
                add_row(&mut self.groups[copy], group, row, weight);
            } else {
                let (sums, n) = &mut self.totals[copy];
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
                *n += weight;
            }
        }
    }

    fn interval<S: Sums>(mut self, sums: &S, n: u64) -> Option<Interval> {
        if sums.by_group() {
            for (total, groups) in self.totals.iter_mut().zip(&self.groups) {
                *total = total_of(groups, self.width);
            }
        }
        // a single row says nothing about how rows differ
        let copies = self.totals.iter().zip(&self.groups).filter(|_| n > 1);
        let value = |((total, n), groups): (&(Vec<f64>, f64), &Groups)| {
            (*n > 0.0).then(|| sums.overall((total, *n), groups).get(sums.headline()).copied())?
        };
        let mut values: Vec<f64> = copies.filter_map(value).collect();
        values.sort_by(f64::total_cmp);
        let tail = values.len() / 40;
        let (low, high) = (*values.get(tail)?, *values.get(values.len() - 1 - tail)?);
        Some(Interval { low, high, level: 0.95, resamples: values.len() as u32 })
    }
}

fn add_row(groups: &mut Groups, group: &str, row: &[f64], weight: f64) {
    if !groups.contains_key(group) {
        groups.insert(group.to_owned(), (vec![0.0; row.len()], 0.0));
    }
    if let Some((sums, n)) = groups.get_mut(group) {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
        *n += weight;
    }
}

fn total_of(groups: &Groups, width: usize) -> (Vec<f64>, f64) {
    let mut total = vec![0.0; width];
    let mut rows = 0.0;
    for (sums, n) in groups.values() {
        total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
        rows += n;
    }
    (total, rows)
}

/// SplitMix64 (Steele et al., 2014).
pub(crate) fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A Poisson variable of mean 1 from 16 even bits: the cumulated probabilities times 65,536.
pub(crate) fn poisson(bits: u16) -> f64 {
    const BELOW: [u16; 8] = [24_109, 48_219, 60_273, 64_292, 65_296, 65_497, 65_531, 65_535];
    BELOW.iter().position(|below| bits < *below).unwrap_or(BELOW.len()) as f64
}

/// The beginning of a text that may be long.
fn short(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_poisson_variable_has_mean_and_variance_one() {
        let draws = (0..=u16::MAX).map(poisson);
        let (sum, squares) = draws.fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
        let (mean, square) = (sum / 65_536.0, squares / 65_536.0);
        assert!((mean - 1.0).abs() < 1e-3 && (square - mean * mean - 1.0).abs() < 2e-3, "{mean} {square}");
    }
}
