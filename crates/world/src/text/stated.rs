//! What the lines so far state, held against what a further line states: neither of two that contradict each other wins without a word.

use crate::error::Error;
use crate::id::{EntityId, ObserverId, ReferenceFrameId, SourceId};
use crate::known::Known;
use crate::shape::BoxPx;
use crate::span::Span;
use crate::tables::{Coverage, Track};
use std::collections::BTreeMap;

/// Where a line says that a thing is: the line, position and box.
pub(super) type Place = (usize, Option<[f64; 3]>, Option<BoxPx>);

/// Whose places: the thing, who says so, through which camera, in which reference frame.
pub(super) type Stated = (EntityId, SourceId, Option<ObserverId>, Option<ReferenceFrameId>);

/// Keeps what the first line says; that of the first line, where the two differ.
pub(super) fn elsewhere<K: Ord>(places: &mut BTreeMap<K, Place>, key: K, place: Place) -> Option<usize> {
    let (first, position, box_px) = *places.entry(key).or_insert(place);
    let differ = position.zip(place.1).is_some_and(|(a, b)| a != b)
        || box_px.zip(place.2).is_some_and(|(a, b)| a != b);
    differ.then_some(first)
}

/// Whose track a block is: blocks that agree in all of it speak of the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Whose {
    pub(super) entity: EntityId,
    pub(super) source: SourceId,
    pub(super) observer: Option<ObserverId>,
    pub(super) frame: Option<ReferenceFrameId>,
    pub(super) span: Span,
    pub(super) known: Known,
}

/// What coverage and heads of blocks state.
#[derive(Debug, Default)]
pub(super) struct Sure {
    /// The line and the recall, under all else that a row of one label says.
    recalls: BTreeMap<String, (usize, Option<f64>)>,
    /// The line and the number, of `gap` and of `errs_for`.
    numbers: BTreeMap<(Whose, &'static str), (usize, f64)>,
}

impl Sure {
    /// A coverage in line `line`.
    ///
    /// # Errors
    /// Where an earlier line states another recall for the same.
    pub(super) fn coverage(&mut self, row: &Coverage, line: usize) -> Result<(), Error> {
        // of all labels where none is named
        let labels: Vec<Option<&str>> = match &row.labels[..] {
            [] => vec![None],
            labels => labels.iter().map(|label| Some(label.as_str())).collect(),
        };
        for label in labels {
            let Coverage { source, observer, span, region_px, smallest_px, complete, known, .. } = row;
            let key =
                format!("{:?}", (source, observer, span, region_px, smallest_px, complete, known, label));
            let (first, recall) = *self.recalls.entry(key).or_insert((line, row.recall));
            if recall != row.recall {
                return Err(twice(line, "one recall for what is covered", "another", first));
            }
        }
        Ok(())
    }

    /// The head of a block in line `line`.
    ///
    /// # Errors
    /// Where an earlier block of the same states another `gap` or `errs_for`.
    pub(super) fn block(&mut self, whose: Whose, track: &Track, line: usize) -> Result<(), Error> {
        let gap = track.tolerance_ns.map(|ns| ns as f64);
        for (clause, stated) in [("gap", gap), ("errs_for", track.error_correlation_s)] {
            let Some(stated) = stated else { continue };
            let (first, number) = *self.numbers.entry((whose, clause)).or_insert((line, stated));
            if number != stated {
                return Err(twice(line, "one number for each thing", &format!("another `{clause}`"), first));
            }
        }
        Ok(())
    }
}

fn twice(line: usize, expected: &str, found: &str, first: usize) -> Error {
    Error::Text { line, column: 1, expected: expected.into(), found: format!("{found} than in line {first}") }
}

#[cfg(test)]
mod tests {
    use crate::text::parse;

    #[test]
    fn coverages_and_blocks_that_contradict_each_other_are_refused() {
        for (text, expected) in [
            (
                "coverage [5, 5) car\n",
                "line 1, column 17: expected a span that is not empty before this, found `car`",
            ),
            (
                "coverage [0, 5) car recall 0.5\ncoverage [0, 5) bus, car recall 0.9\n",
                "line 2, column 1: expected one recall for what is covered, found another than in line 1",
            ),
            ("coverage always all labels\ncoverage always all labels recall 0.9\n", "line 2, column 1"),
            (
                "car 1 gap 1\n  0: (0, 0, 0)\ncar 1 gap 9\n  5: (0, 0, 0)\n",
                "line 3, column 1: expected one number for each thing, found another `gap` than in line 1",
            ),
            ("car 1 errs_for 1\ncar 1 gap 1\ncar 1 errs_for 2\n", "another `errs_for` than in line 1"),
            ("car 1\n  0: (0, 0, 0) sd 1 covariance (4, 0, 0, 4, 0, 4)\n", "either `sd` or `covariance`"),
            ("car 1\n  0: (0, 0, 0) covariance (4, 0, 0, 4, 0, 4) sd 1\n", "either `sd` or `covariance`"),
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        for text in [
            "coverage [0, 5) car recall 0.5\ncoverage [0, 5) car recall 0.5\n",
            "coverage [0, 5) car recall 0.5\ncoverage [5, 9) car recall 0.9\n",
            "coverage [0, 5) car recall 0.5\ncoverage [0, 5) bus recall 0.9\n",
            "source video \"a\"\ncoverage [0, 5) car recall 0.5\nsource video \"b\"\ncoverage [0, 5) car recall 0.9\n",
            "car 1 gap 1\ncar 2 gap 9\n",
            "car 1 gap 1\ncar 1\n",
            "car 1 gap 1\ncar 1 gap 9 from 0\n",
            "car 1 gap 1 during [0, 5)\ncar 1 gap 9 during [5, 9)\n",
            "world a m\nworld b m\ncar 1 in a gap 1\ncar 1 in b gap 9\n",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }
}
