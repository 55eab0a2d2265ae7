//! Small scenes that the trackers' tests share.

use super::{Error, Tracked, Tracker};
use crate::detect::{DetectedPicture, Detection};
use chronotope_world::{BoxPx, Time};

/// Picture `k` of a record at 30 pictures a second, with boxes `[left, top, width, height]` of score 0.9.
pub(crate) fn picture(k: u32, boxes: &[[f64; 4]]) -> DetectedPicture {
    scored(k, &boxes.iter().map(|&b| (b, 0.9)).collect::<Vec<_>>())
}

/// The same with a score for each box.
pub(crate) fn scored(k: u32, boxes: &[([f64; 4], f64)]) -> DetectedPicture {
    let detections = boxes
        .iter()
        .map(|&([left, top, width, height], score)| Detection {
            box_px: BoxPx::new(left, top, width, height).expect("finite"),
            score: Some(score),
            label: "person".into(),
        })
        .collect();
    DetectedPicture { t: Time::from_s(f64::from(k) / 30.0), frame_index: k, detections }
}

/// The identities that a tracker gives in `n` pictures.
pub(crate) fn follow(
    tracker: &mut dyn Tracker,
    n: u32,
    boxes: impl Fn(f64) -> Vec<[f64; 4]>,
) -> Vec<Vec<Option<u64>>> {
    let mut tracked = Tracked::default();
    (0..n)
        .map(|k| {
            tracker.update(&picture(k, &boxes(f64::from(k))), &mut tracked).expect("in order");
            tracked.links.iter().map(|l| l.map(|l| l.track_id)).collect()
        })
        .collect()
}

/// What every tracker must bear.
pub(crate) fn bears_bad_input(tracker: &mut dyn Tracker) {
    let mut tracked = Tracked::default();
    tracker.update(&picture(5, &[[0.0, 0.0, 10.0, 20.0]; 3]), &mut tracked).expect("first");
    for k in [5, 4] {
        let refused = tracker.update(&picture(k, &[]), &mut tracked);
        assert!(matches!(refused, Err(Error::NotLater { .. })), "{refused:?}");
    }
    let odd = [
        [0.0, 0.0, 0.0, 20.0],
        [0.0, 0.0, 0.0, 0.0],
        [1e300, -1e300, 1e200, 1e200],
        [0.0, 0.0, 1e-200, 1e-200],
        [0.0, 0.0, 1e300, 1e-300],
        [1e15, 1e15, 3.0, 3.0],
    ];
    for k in 6..20 {
        tracker.update(&picture(k, &odd), &mut tracked).expect("in order");
        assert_eq!(tracked.links.len(), odd.len());
        assert_eq!((tracked.links[0], tracked.links[1]), (None, None));
    }
    // days without a picture
    tracker.update(&picture(u32::MAX, &odd), &mut tracked).expect("in order");
}
