//! Drawing in the plane: clean, flat, anti-aliased pictures that are the same bytes on every machine, and films of things that glide
//! over a still ground, with the exact box of each of them in every picture.
//!
//! Pixels: origin top left, x right, y down; the centre of the first pixel is (0.5, 0.5).

mod color;
mod film;
mod glyph;
mod paint;
mod sprite;

pub use color::{Color, palette};
pub use film::{ActorId, BoxPx, Film, FilmSettings, Player, Stage};
pub use glyph::text_width_em;
pub use paint::Canvas;
pub use sprite::Sprite;

/// Smallest side of a drawn picture, in pixels.
pub const MIN_SIDE_PX: u32 = 16;
/// Greatest side of a drawn picture, in pixels.
pub const MAX_SIDE_PX: u32 = 4096;
