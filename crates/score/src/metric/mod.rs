//! Metrics, one file each.

mod absolute_tolerance;
mod accuracy;
mod ate;
mod box_iou;
mod caa;
mod clear;
mod clevr_avr;
mod coco_ap;
mod columns;
mod enact;
mod exact_match;
mod geolocation;
mod graph_edit_distance;
mod groups;
mod hota;
mod identity;
mod iou_3d;
mod j_and_f;
mod judged;
mod mae;
mod mask_iou;
mod mean_accuracy;
mod means;
mod mot;
mod mra;
mod next_gqa;
mod official;
mod pair_f1;
mod proc_bench;
mod ranking;
mod refcoco;
mod rpe;
mod sequence_accuracy;
mod sound_direction;
mod spl;
pub(crate) mod sums;
mod temporal_graph;
mod temporal_graph_f1;
mod tiou;
mod tolerance;
mod tomato;
mod top_view_rs;
mod trend;
mod v_bench_comp;
mod v_star;
mod vcr_steps;
mod video_reason_bench;
mod viou;
mod vr_bench;
mod vr_bench_video;
mod vsi_bench;

pub use absolute_tolerance::AbsoluteTolerance;
pub use accuracy::Accuracy;
pub use ate::Ate;
pub use box_iou::BoxIou;
pub use caa::Caa;
pub use clear::Clear;
pub use clevr_avr::ClevrAvr;
pub use coco_ap::CocoAp;
pub use enact::Enact;
pub use exact_match::ExactMatch;
pub use geolocation::{Geolocation, great_circle_km};
pub use graph_edit_distance::{GraphEditDistance, edit_distance};
pub use groups::Grouped;
pub use hota::Hota;
pub use identity::Identity;
pub use iou_3d::Iou3d;
pub use j_and_f::JAndF;
pub use judged::Judged;
pub use mae::Mae;
pub use mask_iou::MaskIou;
pub use mean_accuracy::MeanAccuracy;
pub use mot::Mot;
pub use mra::{Mra, mean_relative_accuracy};
pub use next_gqa::NextGqa;
pub use official::{
    OfficialMra, OfficialMvBench, OfficialNextGqa, OfficialOstBench, OfficialSparBench, OfficialSpatialRgpt,
    OfficialStare, OfficialTempCompass, OfficialTomato, OfficialVStar, OfficialViewSpatial, OfficialVsiBench,
};
pub use pair_f1::PairF1;
pub use proc_bench::ProcBench;
pub use ranking::Ranking;
pub(crate) use ranking::ndcg;
pub use refcoco::RefCoco;
pub use rpe::Rpe;
pub use sequence_accuracy::SequenceAccuracy;
pub use sound_direction::SoundDirection;
pub use spl::Spl;
pub use temporal_graph::TemporalGraph;
pub use temporal_graph_f1::TemporalGraphF1;
pub use tiou::Tiou;
pub use tolerance::RelativeTolerance;
pub use tomato::Tomato;
pub use top_view_rs::TopViewRs;
pub use trend::Trend;
pub use v_bench_comp::VBenchComp;
pub use v_star::VStar;
pub use vcr_steps::VcrSteps;
pub use video_reason_bench::VideoReasonBench;
pub use viou::Viou;
pub use vr_bench::VrBench;
pub use vr_bench_video::VrBenchVideo;
pub use vsi_bench::VsiBench;

use crate::datum::Datum;
use crate::error::Error;
use crate::judge::SharedJudge;
use crate::report::{Mark, Report};
use crate::row::Row;
use chronotope_world::catalogue::Entry;

/// A measure of predictions against truths.
pub trait Metric: Sync {
    /// Its name, what it measures, its source and an example; the kind is `metrics`.
    fn entry(&self) -> Entry;

    /// Nothing counted yet.
    fn tally(&self) -> Box<dyn Tally>;

    /// Nothing counted yet, where a judge decides; none of a metric that needs none.
    fn judged_tally(&self, judge: SharedJudge) -> Option<Box<dyn Tally>> {
        let _ = judge;
        None
    }

    /// What a judge's verdict should have been, where this one is off the metric's scale.
    fn off_scale(&self, verdict: &Datum) -> Option<&'static str> {
        let _ = verdict;
        None
    }

    /// What its truths and predictions are made of.
    fn takes(&self) -> Takes {
        Takes::Answer
    }

    /// The result of truths against themselves: 1, or 0 of errors; none where that says nothing.
    fn perfect(&self) -> Option<f64> {
        Some(1.0)
    }

    /// Why a prediction cannot be read or compared, where the metric can tell more than that.
    fn why_unparsable(&self, _row: &Row<'_>) -> Option<String> {
        None
    }
}

/// What a metric compares, so that files can be matched with metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// One answer an item: words, a number, a list.
    Answer,
    /// Several fields an item; those of the truth and of the prediction that must be there.
    Record {
        /// Fields of the truth.
        truth: &'static [&'static str],
        /// Fields of the prediction.
        prediction: &'static [&'static str],
    },
    /// Boxes with identities over the pictures of a sequence.
    Tracks,
    /// Poses over time.
    Path,
    /// Objects of pictures.
    Objects {
        /// With masks, else boxes.
        masks: bool,
    },
}

/// A metric at work: takes rows one by one, in any memory that does not grow with them beyond what the measure itself needs.
pub trait Tally: Send {
    /// Takes a row.
    ///
    /// # Errors
    /// Where the truth is of a kind that the metric does not compare. A prediction is never an error.
    fn add(&mut self, row: &Row<'_>) -> Result<Mark, Error>;

    /// From now on rows are also drawn again, for the interval of the result; nothing where the measure has none.
    fn resample(&mut self, seed: u64) {
        let _ = seed;
    }

    /// What came of all rows.
    fn finish(self: Box<Self>) -> Report;
}

/// Every metric, alphabetical.
pub const METRICS: &[&dyn Metric] = &[
    &Grouped::THREE_DSR,
    &AbsoluteTolerance,
    &Accuracy,
    &Ate::ROTATION,
    &Ate::RIGID,
    &Ate::RAW,
    &Ate::SCALED,
    &BoxIou,
    &Caa,
    &Grouped::CIRCULAR,
    &Clear,
    &ClevrAvr,
    &CocoAp::BOX,
    &CocoAp::MASK,
    &Grouped::DSI,
    &Enact,
    &ExactMatch,
    &Geolocation,
    &GraphEditDistance,
    &Hota,
    &Identity,
    &Iou3d,
    &JAndF,
    &Judged::ACCURACY,
    &Judged::STEPS,
    &Judged::WHAT,
    &Judged::LLM_MATCH,
    &Mae,
    &MaskIou,
    &MeanAccuracy,
    &Mot,
    &Mra,
    &OfficialMra,
    &OfficialMvBench,
    &NextGqa,
    &OfficialNextGqa,
    &OfficialOstBench,
    &PairF1,
    &ProcBench,
    &Ranking,
    &RefCoco,
    &Rpe::TRANSLATION,
    &Rpe::METRE,
    &Rpe::ROTATION,
    &SequenceAccuracy,
    &SoundDirection,
    &OfficialSparBench,
    &OfficialSpatialRgpt,
    &Spl,
    &Grouped::STAR_BENCH,
    &OfficialStare,
    &OfficialTempCompass,
    &TemporalGraphF1,
    &Tiou,
    &RelativeTolerance,
    &Tomato,
    &OfficialTomato,
    &TopViewRs,
    &Trend,
    &VBenchComp,
    &VStar,
    &OfficialVStar,
    &VcrSteps,
    &VideoReasonBench,
    &OfficialViewSpatial,
    &Viou,
    &VrBench,
    &VrBenchVideo,
    &VsiBench,
    &OfficialVsiBench,
];

/// The metric of this name; `vsi-bench/official` is `vsi-bench-official`, as catalogues keep names without a slash.
pub fn by_name(name: &str) -> Option<&'static dyn Metric> {
    let name = name.replace('/', "-");
    METRICS.iter().copied().find(|metric| metric.entry().name == name)
}

/// What the metrics say of themselves.
pub(crate) fn entries() -> Vec<Entry> {
    METRICS.iter().map(|metric| metric.entry()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::Datum;
    use crate::objects::{Object, Region};
    use crate::path::{Path, Posed};
    use crate::tracks::{TrackedBox, Tracks};
    use chronotope_world::{BoxPx, Mask};
    use nalgebra::{UnitQuaternion, Vector3};
    use std::sync::Arc;

    #[test]
    fn the_catalogue_is_in_order_and_without_fault() {
        let entries = entries();
        assert!(entries.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(entries.iter().all(|entry| entry.fault().is_none()));
    }

    /// A few truths of every kind.
    fn truths() -> Vec<Datum> {
        let boxed = |frame_index, id, left| TrackedBox {
            frame_index,
            id,
            box_px: BoxPx::new(left, 0.0, 4.0, 4.0).expect("finite"),
        };
        let tracks =
            Tracks::new(vec![boxed(1, 1, 0.0), boxed(1, 2, 3.0), boxed(2, 1, 1.0)]).expect("no one twice");
        // a staircase in space, half a metre a step
        let step = |i: usize| f64::from((i / 3) as u32) / 2.0;
        let pose = |i: usize| Posed {
            t_s: i as f64,
            position: Vector3::new(step(i + 2), step(i + 1), step(i)),
            rotation: UnitQuaternion::from_euler_angles(i as f64, 0.0, 0.1),
        };
        let path = Path::new((0..9).map(pose).collect());
        let mask = Datum::record([
            ("size", Datum::numbers(&[4.0, 5.0])),
            ("counts", Datum::numbers(&[3.0, 2.0, 15.0])),
        ]);
        let four = Datum::numbers(&[1.0, 2.0, 3.0, 4.0]);
        let pixels = Mask::from_counts(5, 4, vec![3, 2, 15]).expect("adds up");
        let object =
            |region| Object { category: "cup".into(), region, area_px: 2.0, crowd: false, score: 1.0 };
        vec![
            Datum::text("A"),
            Datum::Number(2.5),
            Datum::numbers(&[1.0, 2.0]),
            four.clone(),
            Datum::numbers(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.7]),
            Datum::record([("2.5", four)]),
            mask,
            Datum::Tracks(Arc::new(tracks)),
            Datum::Path(Arc::new(path)),
            Datum::Objects(Arc::new(vec![object(Region::Box(boxed(1, 1, 0.0).box_px))])),
            Datum::Objects(Arc::new(vec![object(Region::Mask(pixels))])),
        ]
    }

    #[test]
    fn the_truth_against_itself_is_perfect_and_nothing_at_all_has_no_score() {
        for metric in METRICS {
            let mut tally = metric.tally();
            let mut scored = 0;
            for (i, truth) in truths().iter().enumerate() {
                let row = Row { id: &i.to_string(), group: "g", truth, prediction: Some(truth) };
                scored += usize::from(tally.add(&row).is_ok());
            }
            if scored == 0 {
                // a judge's verdicts are no function of the rows
                if metric.judged_tally(Arc::new(crate::judge::Recorded::new("nobody"))).is_some() {
                    continue;
                }
                // records have fields of their own, which the metric's own tests know
                assert!(matches!(metric.takes(), Takes::Record { .. }), "{}", metric.entry().name);
                continue;
            }
            let result = tally.finish().result();
            if let Some(perfect) = metric.perfect() {
                assert!(
                    result.is_some_and(|r| (r - perfect).abs() < 1e-9),
                    "{}: {result:?}",
                    metric.entry().name
                );
            }
            assert_eq!(metric.tally().finish().result(), None, "{}", metric.entry().name);
        }
    }

    #[test]
    fn resampled_rows_give_an_interval_around_the_result_that_the_seed_decides() {
        let truth = Datum::text("A");
        let interval = |seed| {
            let mut tally = Accuracy.tally();
            tally.resample(seed);
            for i in 0..400 {
                let said = Datum::text(if i % 4 == 0 { "B" } else { "A" });
                let row = Row { id: "i", group: "g", truth: &truth, prediction: Some(&said) };
                tally.add(&row).expect("a letter");
            }
            tally.finish().interval.expect("many rows")
        };
        // 0.75 ± 1.96 · √(0.75 · 0.25 / 400)
        let found = interval(1);
        assert!((found.low - 0.7076).abs() < 0.01 && (found.high - 0.7924).abs() < 0.01, "{found:?}");
        assert_eq!(found, interval(1));
        assert_ne!(found, interval(2));
    }

    #[test]
    fn what_is_missing_scores_nothing_and_stays_in_the_denominator() {
        let truth = Datum::Number(2.0);
        let nonsense = Datum::text("no idea");
        for metric in [&Mra as &dyn Metric, &VsiBench, &RelativeTolerance] {
            let mut tally = metric.tally();
            for (id, prediction) in
                [("a", Some(&truth)), ("b", None), ("c", Some(&nonsense)), ("d", Some(&truth))]
            {
                tally.add(&Row { id, group: "g", truth: &truth, prediction }).expect("a number");
            }
            let report = tally.finish();
            assert_eq!(report.result(), Some(0.5), "{}", report.metric);
            assert_eq!((report.n, report.missing.n, report.unparsable.n), (4, 1, 1), "{}", report.metric);
            assert_eq!(report.unparsable.first, ["c"]);
        }
    }
}
