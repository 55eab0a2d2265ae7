//! The picture of a source at a time.

use crate::id::SourceId;
use crate::time::Time;

/// A colour picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Presentation time.
    pub t: Time,
    /// Number in its source, from 0.
    pub frame_index: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Rows from the top, red, green, blue, 8 bits each: `3 · width · height` bytes.
    pub rgb: Vec<u8>,
}

/// Gives the pictures of a World's sources; perceive implements it, reports and tools take it.
pub trait Pictures {
    /// The pictures on display at these times, in the order asked, at source size or with the longest side
    /// reduced to `longest_px`. None for a time outside the record or a source without pictures.
    ///
    /// # Errors
    /// Where the source's file is gone, changed or broken: a text that names it.
    fn pictures_at(
        &mut self,
        source: SourceId,
        times: &[Time],
        longest_px: Option<u32>,
    ) -> Result<Vec<Option<Picture>>, String>;
}
