//! All trackers: what `chronotope list trackers` shows, and how each is made.
//!
//! # Adding a tracker
//! Write `track/NAME.rs`, make it known in `track/mod.rs`, and enter it here; the order is that of the names.

use super::ab3dmot::Ab3dmotSettings;
use super::byte_track::ByteTrackSettings;
use super::oc_sort::OcSortSettings;
use super::sort::SortSettings;
use super::{Ab3dmot, ByteTrack, DetectedSpace, OcSort, Sort, Tracker};
use chronotope_world::catalogue::Entry;

/// How a tracker is made, with the paper's settings for a number of pictures a second.
#[derive(Clone, Copy, Debug)]
pub enum Make {
    /// One that follows boxes in pictures.
    Px(fn(f64) -> Box<dyn Tracker>),
    /// One that follows boxes in space.
    Space(fn(f64) -> Box<dyn Tracker<DetectedSpace>>),
}

/// All trackers, by name, each with the way to make it.
pub const TRACKERS: &[(Entry, Make)] = &[
    (
        Entry {
            kind: "trackers",
            name: "ab3dmot",
            about: "boxes in space: constant velocity, 3D overlap or distance, one assignment a picture",
            source: "perceive/src/track/ab3dmot.rs",
            paper: Some(
                "Weng et al., 3D Multi-Object Tracking: A Baseline and New Evaluation Metrics, IROS 2020",
            ),
            example: "chronotope watch drive.mp4 --detector file:boxes3d.jsonl --tracker ab3dmot",
        },
        Make::Space(|rate| Box::new(Ab3dmot::new(Ab3dmotSettings::at_rate(rate)))),
    ),
    (
        Entry {
            kind: "trackers",
            name: "byte-track",
            about: "boxes in pictures: detections of low score continue tracks and begin none",
            source: "perceive/src/track/byte_track.rs",
            paper: Some(
                "Zhang et al., ByteTrack: Multi-Object Tracking by Associating Every Detection Box, ECCV 2022",
            ),
            example: "chronotope watch street.mp4 --tracker byte-track",
        },
        Make::Px(|rate| Box::new(ByteTrack::new(ByteTrackSettings::at_rate(rate)))),
    ),
    (
        Entry {
            kind: "trackers",
            name: "oc-sort",
            about: "boxes in pictures: trusts what was seen over what was predicted, across gaps and turns",
            source: "perceive/src/track/oc_sort.rs",
            paper: Some(
                "Cao et al., Observation-Centric SORT: Rethinking SORT for Robust Multi-Object Tracking, CVPR 2023",
            ),
            example: "chronotope watch street.mp4 --tracker oc-sort",
        },
        Make::Px(|rate| Box::new(OcSort::new(OcSortSettings::at_rate(rate)))),
    ),
    (
        Entry {
            kind: "trackers",
            name: "sort",
            about: "boxes in pictures: constant velocity and overlap, the simplest that works",
            source: "perceive/src/track/sort.rs",
            paper: Some("Bewley et al., Simple Online and Realtime Tracking, ICIP 2016"),
            example: "chronotope watch street.mp4 --tracker sort",
        },
        Make::Px(|rate| Box::new(Sort::new(SortSettings::at_rate(rate)))),
    ),
];

/// The entries alone, for the room's catalogue.
pub fn entries() -> Vec<Entry> {
    TRACKERS.iter().map(|(entry, _)| *entry).collect()
}

/// How the tracker of this name is made.
pub fn find(name: &str) -> Option<Make> {
    TRACKERS.iter().find(|(entry, _)| entry.name == name).map(|(_, make)| *make)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_those_of_the_trackers() {
        assert!(TRACKERS.is_sorted_by(|(a, _), (b, _)| a.name < b.name));
        for (entry, make) in TRACKERS {
            let name = match make {
                Make::Px(make) => make(30.0).name(),
                Make::Space(make) => make(10.0).name(),
            };
            assert_eq!(name, entry.name);
        }
    }

    #[test]
    fn a_name_nobody_has_is_not_found() {
        assert!(find("sort").is_some() && find("SORT").is_none());
    }
}
