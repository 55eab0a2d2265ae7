//! One picture of a video, and its pixels in the form and size asked.

use super::ffmpeg as native;
use super::orientation::Orientation;
use crate::Error;
use chronotope_world::Time;
use ffmpeg::frame;
use ffmpeg::software::scaling;
use ffmpeg_the_third as ffmpeg;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The longest side that is decoded or given, in pixels.
pub const MAX_SIDE_PX: u32 = 16_384;
/// The largest picture that is decoded, in pixels (8,192 × 8,192): a decoder holds up to about 20 of them.
pub const MAX_AREA_PX: u64 = 1 << 26;

/// One decoded picture. Its pixels are converted when they are asked for, so a picture that is only counted costs
/// nothing more.
///
/// Holds one picture of the decoder: keep a few, not thousands.
pub struct Picture {
    t: Time,
    frame_index: u32,
    damaged: bool,
    key: bool,
    decoded: frame::Video,
    display: Display,
    scalers: Scalers,
    input: Arc<str>,
}

/// How decoded pictures are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Display {
    /// Size as displayed.
    pub(super) size: (u32, u32),
    pub(super) orientation: Orientation,
}

/// What the bytes of an image are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pixels {
    /// One byte: luma over the full range 0..=255.
    Gray8,
    /// Three bytes: red, green, blue, full range.
    Rgb24,
}

impl Pixels {
    /// Bytes of one pixel.
    pub fn bytes(self) -> usize {
        match self {
            Pixels::Gray8 => 1,
            Pixels::Rgb24 => 3,
        }
    }
}

/// The size of an image asked for, in pixels of the displayed picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    /// As the video is displayed.
    Source,
    /// Exactly this width and height, whatever that does to the shape.
    Exact(u32, u32),
    /// The largest of the same shape that is within this width and height, never enlarged; sides at least 1.
    Within(u32, u32),
}

/// Pixels in memory, rows from the top, tightly packed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Image {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What the bytes are.
    pub pixels: Pixels,
    /// `width · height · pixels.bytes()` bytes.
    pub data: Vec<u8>,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}×{} {:?})", self.width, self.height, self.pixels)
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} at {} s, {}×{})", self.frame_index, self.t, self.width(), self.height())
    }
}

impl Picture {
    pub(super) fn new(
        (t, frame_index): (Time, u32),
        damaged: bool,
        decoded: frame::Video,
        display: Display,
        scalers: &Scalers,
        input: &Arc<str>,
    ) -> Picture {
        let key = decoded.kind() == ffmpeg::picture::Type::I;
        Picture {
            t,
            frame_index,
            damaged,
            key,
            decoded,
            display,
            scalers: scalers.clone(),
            input: input.clone(),
        }
    }

    /// Presentation time; 0 is the start of the container.
    pub fn t(&self) -> Time {
        self.t
    }

    /// Number in presentation order, from 0.
    pub fn frame_index(&self) -> u32 {
        self.frame_index
    }

    /// Width as displayed, in pixels.
    pub fn width(&self) -> u32 {
        self.display.size.0
    }

    /// Height as displayed, in pixels.
    pub fn height(&self) -> u32 {
        self.display.size.1
    }

    /// The decoder had to make up parts of it.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// Coded without reference to other pictures.
    pub fn is_intra(&self) -> bool {
        self.key
    }

    /// The pixels, turned upright, in square pixels, with the colour matrix and range of the stream (BT.601 and
    /// limited range where it does not say, as FFmpeg does).
    ///
    /// Scaling is by area when no side grows (each pixel is the mean of what it covers, so nothing flickers), otherwise
    /// bicubic; the same size is not resampled.
    ///
    /// # Errors
    /// A size of 0 or above [`MAX_SIDE_PX`]; a pixel format that cannot be converted.
    pub fn image(&self, pixels: Pixels, size: Size) -> Result<Image, Error> {
        let (width, height) = self.asked(size)?;
        let orientation = self.display.orientation;
        let before_turn = orientation.size((width, height));
        let luma = if pixels == Pixels::Gray8 { native::luma(&self.decoded) } else { None };
        let turn = |picture: &frame::Video| {
            let (w, h) = (before_turn.0 as usize, before_turn.1 as usize);
            let (bytes, stride) = (picture.data(0), picture.stride(0));
            let row = |y: usize| &bytes[y * stride..];
            match pixels {
                Pixels::Gray8 => orientation.apply::<1>((w, h), row),
                Pixels::Rgb24 => orientation.apply::<3>((w, h), row),
            }
        };
        let data = if let Some((luma, full_range)) = &luma {
            let data = if before_turn == (luma.width(), luma.height()) {
                Ok(turn(luma))
            } else {
                self.scalers.run(luma, (0, true), pixels, before_turn, turn)
            };
            data.map(|data| if *full_range { data } else { to_full_range(data) })
        } else {
            let colours = native::colours(&self.decoded);
            self.scalers.run(&self.decoded, colours, pixels, before_turn, turn)
        };
        match data {
            Ok(data) => Ok(Image { width, height, pixels, data }),
            Err(found) => Err(Error::Picture {
                frame_index: self.frame_index,
                expected: "a pixel format that can be converted",
                found: format!("{} ({found})", self.format_name()),
                input: self.input.to_string(),
            }),
        }
    }

    /// [`Picture::image`] with [`Pixels::Rgb24`].
    pub fn rgb(&self, size: Size) -> Result<Image, Error> {
        self.image(Pixels::Rgb24, size)
    }

    /// [`Picture::image`] with [`Pixels::Gray8`].
    pub fn gray(&self, size: Size) -> Result<Image, Error> {
        self.image(Pixels::Gray8, size)
    }

    /// With its pixels in colour, at source size or with the longest side reduced to `longest_px`.
    pub fn to_world(&self, longest_px: Option<u32>) -> Result<chronotope_world::Picture, Error> {
        let size = longest_px.map_or(Size::Source, |side| Size::Within(side, side));
        let Image { width, height, data, .. } = self.rgb(size)?;
        Ok(chronotope_world::Picture { t: self.t, frame_index: self.frame_index, width, height, rgb: data })
    }

    fn format_name(&self) -> &'static str {
        self.decoded.format().descriptor().map_or("an unknown format", |descriptor| descriptor.name())
    }

    fn asked(&self, size: Size) -> Result<(u32, u32), Error> {
        let (w, h) = self.display.size;
        let (width, height) = match size {
            Size::Source => (w, h),
            Size::Exact(width, height) => (width, height),
            Size::Within(max_w, max_h) => {
                let shrink = (max_w as f64 / w as f64).min(max_h as f64 / h as f64).min(1.0);
                let side = |full: u32, max: u32| ((full as f64 * shrink).round() as u32).clamp(1, max.max(1));
                if max_w == 0 || max_h == 0 { (max_w, max_h) } else { (side(w, max_w), side(h, max_h)) }
            }
        };
        if (1..=MAX_SIDE_PX).contains(&width) && (1..=MAX_SIDE_PX).contains(&height) {
            Ok((width, height))
        } else {
            Err(Error::Setting {
                setting: "size of an image",
                expected: format!("sides of 1 to {MAX_SIDE_PX} pixels"),
                found: format!("{width}×{height}"),
            })
        }
    }
}

/// Luma of the limited range 16..=235 over the full range.
fn to_full_range(mut luma: Vec<u8>) -> Vec<u8> {
    let table: [u8; 256] =
        std::array::from_fn(|y| ((y as i32 - 16).clamp(0, 219) * 510 + 219).div_euclid(438) as u8);
    for y in &mut luma {
        *y = table[*y as usize];
    }
    luma
}

/// Converters for the few conversions in use, shared by all pictures of a video.
#[derive(Clone, Default)]
pub(super) struct Scalers(Arc<Mutex<Vec<Scaler>>>);

struct Scaler {
    key: Key,
    context: scaling::Context,
    output: frame::Video,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    format: ffmpeg::format::Pixel,
    from: (u32, u32),
    colours: (i32, bool),
    pixels: Pixels,
    to: (u32, u32),
}

/// More conversions than any caller alternates between; the oldest goes first.
const MAX_SCALERS: usize = 8;

impl Scalers {
    /// Converts and hands the result, at the size `to`, to `use_it`.
    fn run<T>(
        &self,
        decoded: &frame::Video,
        colours: (i32, bool),
        pixels: Pixels,
        to: (u32, u32),
        use_it: impl FnOnce(&frame::Video) -> T,
    ) -> Result<T, ffmpeg::Error> {
        let key =
            Key { format: decoded.format(), from: (decoded.width(), decoded.height()), colours, pixels, to };
        // a scaler holds nothing that a panic could leave half done
        let mut scalers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = if let Some(at) = scalers.iter().position(|scaler| scaler.key == key) {
            at
        } else {
            let scaler = Scaler::new(key)?;
            if scalers.len() == MAX_SCALERS {
                scalers.remove(0);
            }
            scalers.push(scaler);
            scalers.len() - 1
        };
        let Scaler { context, output, .. } = &mut scalers[at];
        context.run(decoded, output)?;
        Ok(use_it(output))
    }
}

impl Scaler {
    fn new(key: Key) -> Result<Scaler, ffmpeg::Error> {
        let format = match key.pixels {
            Pixels::Gray8 => ffmpeg::format::Pixel::GRAY8,
            Pixels::Rgb24 => ffmpeg::format::Pixel::RGB24,
        };
        let same = key.from == key.to;
        let shrinks = key.to.0 <= key.from.0 && key.to.1 <= key.from.1;
        let flags = match (same, shrinks) {
            (true, _) => scaling::Flags::BICUBIC,
            (false, true) => scaling::Flags::AREA | scaling::Flags::ACCURATE_RND,
            (false, false) => scaling::Flags::BICUBIC | scaling::Flags::ACCURATE_RND,
        };
        let mut context =
            scaling::Context::get(key.format, key.from.0, key.from.1, format, key.to.0, key.to.1, flags)?;
        native::set_colours(&mut context, key.colours);
        Ok(Scaler { key, context, output: frame::Video::new(format, key.to.0, key.to.1) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limited_range_fills_the_full_range() {
        assert_eq!(to_full_range(vec![0, 16, 17, 125, 126, 235, 255]), [0, 0, 1, 127, 128, 255, 255]);
    }
}
