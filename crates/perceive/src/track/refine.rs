//! What is known of tracks only when they are over: which to believe, and what happened in their gaps.
//!
//! Online, a tracker holds back what it is not sure of; offline, the later pictures decide. [`Collector`] gathers
//! the links of an online tracker into tracks, with the beginnings that were held back; [`refine`] drops tracks
//! that were seen too seldom, fills gaps on straight lines, marked as interpolated, and smooths the paths.

use super::Tracked;
use super::smooth::{SmoothSettings, smooth};
use crate::detect::DetectedPicture;
use chronotope_world::time::NS_PER_S;
use chronotope_world::{BoxPx, Time};
use std::collections::BTreeMap;

/// Which detections of a confirmed track are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// All of every track that was confirmed at any time: the beginning counts once the track is believed.
    #[default]
    EverConfirmed,
    /// Only those that the tracker reported at once, as the papers evaluate it.
    Online,
}

/// One track of boxes in pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackPx {
    /// Number within the tracker.
    pub track_id: u64,
    /// What it is, in the detector's vocabulary.
    pub label: String,
    /// Its boxes, in the order of time, never two at one time.
    pub boxes: Vec<TrackBox>,
}

impl TrackPx {
    /// How often it was seen.
    pub fn n_seen(&self) -> usize {
        self.boxes.iter().filter(|b| b.seen.is_some()).count()
    }

    /// Nanoseconds from the first box to the last.
    pub fn ns(&self) -> i64 {
        match (self.boxes.first(), self.boxes.last()) {
            (Some(first), Some(last)) => last.t.ns_since(first.t),
            _ => 0,
        }
    }
}

/// A box of a track in one picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackBox {
    /// Time of the picture.
    pub t: Time,
    /// Number of the picture.
    pub frame_index: u32,
    /// Where: the detection's box, or between two of them.
    pub box_px: BoxPx,
    /// The detection that it is; none where it was interpolated.
    pub seen: Option<Seen>,
    /// The likeliest box, from all sightings of the track; equal to `box_px` where nothing was smoothed.
    pub smoothed: BoxPx,
}

/// The detection behind a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Position in the picture's list.
    pub detection_idx: u32,
    /// The detector's score.
    pub score: Option<f64>,
    /// Where the tracker's filter believed the thing to be.
    pub filtered: BoxPx,
}

/// Gathers what a tracker says, picture by picture, into tracks.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    keep: Keep,
    pictures: Vec<(Time, u32)>,
    tracks: BTreeMap<u64, (bool, TrackPx)>,
}

impl Collector {
    /// An empty one.
    pub fn new(keep: Keep) -> Collector {
        Collector { keep, ..Collector::default() }
    }

    /// Takes one picture and what the tracker said of it.
    pub fn push(&mut self, picture: &DetectedPicture, tracked: &Tracked) {
        self.pictures.push((picture.t, picture.frame_index));
        for (i, (detection, link)) in picture.detections.iter().zip(&tracked.links).enumerate() {
            let Some(link) = link else { continue };
            if self.keep == Keep::Online && !link.confirmed {
                continue;
            }
            let (confirmed, track) = self.tracks.entry(link.track_id).or_insert_with(|| {
                let label = detection.label.clone();
                (false, TrackPx { track_id: link.track_id, label, boxes: Vec::new() })
            });
            *confirmed |= link.confirmed;
            track.boxes.push(TrackBox {
                t: picture.t,
                frame_index: picture.frame_index,
                box_px: detection.box_px,
                smoothed: detection.box_px,
                seen: Some(Seen { detection_idx: i as u32, score: detection.score, filtered: link.filtered }),
            });
        }
    }

    /// The tracks that were confirmed, by number, and the pictures that were given.
    pub fn finish(self) -> (Vec<TrackPx>, Vec<(Time, u32)>) {
        let tracks = self.tracks.into_values().filter(|(confirmed, _)| *confirmed).map(|(_, track)| track);
        (tracks.collect(), self.pictures)
    }
}

/// What [`refine`] does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RefineSettings {
    /// A track seen in fewer pictures than this is dropped.
    pub min_seen: usize,
    /// A track that lasted for less than this many seconds is dropped.
    pub min_s: f64,
    /// A gap is filled if it is not longer than this many seconds, from sighting to sighting. 0 fills none.
    pub max_gap_s: f64,
    /// How paths are smoothed; none leaves them as they were seen.
    pub smooth: Option<SmoothSettings>,
}

impl Default for RefineSettings {
    /// Gaps up to 20 pictures at 30 a second are filled, as in ByteTrack (section 4.1, tracklet interpolation),
    /// whose code interpolates tracks of at least 5 boxes (`tools/interpolation.py`, `n_min`).
    fn default() -> Self {
        RefineSettings {
            min_seen: 5,
            min_s: 0.0,
            max_gap_s: 20.0 / 30.0,
            smooth: Some(SmoothSettings::default()),
        }
    }
}

/// Drops tracks that were seen too seldom or too briefly, fills gaps at the times of the pictures, and smooths.
///
/// Between two sightings each edge of the box moves evenly in time (Zhang 2022, ByteTrack, equation 3). Nothing
/// is invented before the first sighting, after the last, or in a gap longer than the tolerance. `pictures`
/// are all pictures in the order of time. Tracks keep their order and numbers.
pub fn refine(tracks: Vec<TrackPx>, pictures: &[(Time, u32)], settings: RefineSettings) -> Vec<TrackPx> {
    let believed = |track: &TrackPx| {
        track.n_seen() >= settings.min_seen && track.ns() as f64 >= settings.min_s * NS_PER_S as f64
    };
    let mut tracks: Vec<TrackPx> = tracks.into_iter().filter(believed).collect();
    for track in &mut tracks {
        fill_gaps(track, pictures, settings.max_gap_s);
        if let Some(smoothing) = settings.smooth {
            let sightings: Vec<_> =
                track.boxes.iter().map(|b| (b.t, b.seen.is_some().then_some(b.box_px))).collect();
            let smoothed = smooth(&sightings, smoothing);
            for (b, smoothed) in track.boxes.iter_mut().zip(smoothed) {
                b.smoothed = smoothed;
            }
        }
    }
    tracks
}

fn fill_gaps(track: &mut TrackPx, pictures: &[(Time, u32)], max_gap_s: f64) {
    let mut filled: Vec<TrackBox> = Vec::with_capacity(track.boxes.len());
    for b in track.boxes.drain(..) {
        if let Some(&a) = filled.last() {
            let gap_ns = b.t.ns_since(a.t);
            // rounded times do not decide
            if gap_ns as f64 <= max_gap_s * NS_PER_S as f64 + 1e6 {
                let from = pictures.partition_point(|&(t, _)| t <= a.t);
                for &(t, frame_index) in pictures[from..].iter().take_while(|&&(t, _)| t < b.t) {
                    let share = t.ns_since(a.t) as f64 / gap_ns as f64;
                    let mix = |from: f64, to: f64| from + share * (to - from);
                    let box_px = BoxPx {
                        left: mix(a.box_px.left, b.box_px.left),
                        top: mix(a.box_px.top, b.box_px.top),
                        width: mix(a.box_px.width, b.box_px.width),
                        height: mix(a.box_px.height, b.box_px.height),
                    };
                    filled.push(TrackBox { t, frame_index, box_px, smoothed: box_px, seen: None });
                }
            }
        }
        filled.push(b);
    }
    track.boxes = filled;
}

#[cfg(test)]
mod tests {
    use super::super::scene::picture;
    use super::super::{Sort, Tracker, sort::SortSettings};
    use super::*;

    fn tracks_of(
        keep: Keep,
        n: u32,
        boxes: impl Fn(u32) -> Vec<[f64; 4]>,
    ) -> (Vec<TrackPx>, Vec<(Time, u32)>) {
        let mut tracker = Sort::new(SortSettings { max_age_s: 1.0, ..SortSettings::default() });
        let mut tracked = Tracked::default();
        let mut collector = Collector::new(keep);
        for k in 0..n {
            let seen = picture(k, &boxes(k));
            tracker.update(&seen, &mut tracked).expect("in order");
            collector.push(&seen, &tracked);
        }
        collector.finish()
    }

    /// Appears in picture 5, is hidden from 12 to 15, moves 2 px a picture.
    fn hidden_once(k: u32) -> Vec<[f64; 4]> {
        if k < 5 || (12..=15).contains(&k) { vec![] } else { vec![[2.0 * f64::from(k), 0.0, 20.0, 40.0]] }
    }

    #[test]
    fn the_beginning_of_a_confirmed_track_is_kept_offline() {
        let (offline, _) = tracks_of(Keep::EverConfirmed, 30, hidden_once);
        let (online, _) = tracks_of(Keep::Online, 30, hidden_once);
        assert_eq!((offline[0].boxes[0].frame_index, online[0].boxes[0].frame_index), (5, 8));
    }

    #[test]
    fn a_gap_is_filled_on_a_straight_line_and_said_to_be() {
        let (tracks, pictures) = tracks_of(Keep::EverConfirmed, 30, hidden_once);
        let refined = refine(tracks, &pictures, RefineSettings::default());
        assert_eq!(refined[0].boxes.len(), 25);
        for b in &refined[0].boxes {
            assert!((b.box_px.left - 2.0 * f64::from(b.frame_index)).abs() < 1e-6, "{b:?}");
            assert_eq!(b.seen.is_none(), (12..=15).contains(&b.frame_index));
        }
    }

    #[test]
    fn nothing_is_invented_in_a_longer_gap() {
        let (tracks, pictures) = tracks_of(Keep::EverConfirmed, 30, hidden_once);
        let settings = RefineSettings { max_gap_s: 0.1, smooth: None, ..RefineSettings::default() };
        assert_eq!(refine(tracks.clone(), &pictures, settings), tracks);
    }

    #[test]
    fn what_was_hardly_seen_is_dropped() {
        let (tracks, pictures) = tracks_of(Keep::EverConfirmed, 30, hidden_once);
        for settings in [
            RefineSettings { min_seen: 100, ..RefineSettings::default() },
            RefineSettings { min_s: 2.0, ..RefineSettings::default() },
        ] {
            assert_eq!(refine(tracks.clone(), &pictures, settings), []);
        }
    }
}
