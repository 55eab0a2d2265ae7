//! What a tracker refuses.

use super::cost::PAIR_LIMIT;
use crate::detect::DetectedPicture;
use chronotope_world::Time;

/// Why a tracker could not take a picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Pictures must come in the order of time.
    #[error("picture {frame_index}: expected a time after {previous} s, found {t} s")]
    NotLater {
        /// Number of the picture, from 0.
        frame_index: u32,
        /// Its time.
        t: Time,
        /// Time of the picture before.
        previous: Time,
    },
    /// So many boxes overlap that they cannot be compared in bounded time and memory.
    #[error(
        "picture {frame_index}: expected boxes of which few overlap, at most {limit} pairs to compare, \
         found more among {n_detections} detections and {n_tracks} tracks"
    )]
    TooManyPairs {
        /// Number of the picture, from 0.
        frame_index: u32,
        /// How many detections it has.
        n_detections: usize,
        /// How many tracks were alive.
        n_tracks: usize,
        /// How many pairs are looked at.
        limit: u64,
    },
}

impl Error {
    /// The refusal of a picture in which too many boxes overlap.
    pub(crate) fn too_many_pairs(picture: &DetectedPicture, n_tracks: usize) -> Error {
        Error::TooManyPairs {
            frame_index: picture.frame_index,
            n_detections: picture.detections.len(),
            n_tracks,
            limit: PAIR_LIMIT,
        }
    }
}
