//! Video: pictures with their times, from files, pipes and addresses.
//!
//! ```text
//!  path, "-", URL ──▶ Video ──▶ Picture (t, frame_index) ──▶ Image (gray or colour, any size)
//!                       ▲
//!      times, indices ──┘ planned as one pass
//! ```

pub mod sample;

#[cfg(feature = "video")]
mod decode;
#[cfg(feature = "video")]
mod encode;
#[cfg(feature = "video")]
mod fault;
#[cfg(feature = "video")]
mod ffmpeg;
#[cfg(feature = "video")]
mod index;
#[cfg(feature = "video")]
mod order;
#[cfg(feature = "video")]
mod orientation;
#[cfg(feature = "video")]
mod picture;
#[cfg(feature = "video")]
mod pictures;
#[cfg(feature = "video")]
mod plan;
#[cfg(feature = "video")]
mod source;
#[cfg(feature = "video")]
mod spool;
#[cfg(feature = "video")]
mod still;

#[cfg(all(test, feature = "video"))]
mod tests;

#[cfg(feature = "video")]
pub use decode::{Info, PictureIter, Settings, Timing, Video};
#[cfg(feature = "video")]
pub use encode::{Encoder, EncoderSettings};
#[cfg(feature = "video")]
pub use fault::{Fault, FaultKind, Faults};
#[cfg(feature = "video")]
pub use orientation::Orientation;
#[cfg(feature = "video")]
pub use picture::{Image, MAX_AREA_PX, MAX_SIDE_PX, Picture, Pixels, Size};
#[cfg(feature = "video")]
pub use pictures::VideoPictures;
#[cfg(feature = "video")]
pub use spool::Spool;
#[cfg(feature = "video")]
pub use still::{jpeg, png};
