//! One picture as a file: PNG for evidence that is looked at closely, JPEG where it must be small.

use super::picture::{Image, Pixels};
use crate::Error;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

/// The image as a PNG file: lossless, the same bytes for the same pixels.
///
/// # Errors
/// [`Error::Write`] where `data` does not have the bytes that the size asks for, or a side is 0.
pub fn png(image: &Image) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    encode("a PNG picture", image, encoder)?;
    Ok(bytes)
}

/// The image as a JPEG file of quality 1..=100 (85 is hard to tell from the original).
///
/// # Errors
/// As [`png`]; JPEG sides are at most 65,535.
pub fn jpeg(image: &Image, quality: u8) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    encode("a JPEG picture", image, JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100)))?;
    Ok(bytes)
}

fn encode(what: &'static str, image: &Image, encoder: impl ImageEncoder) -> Result<(), Error> {
    let output = format!("{image:?}");
    let expected = image.width as usize * image.height as usize * image.pixels.bytes();
    if expected == 0 || image.data.len() != expected {
        let found = format!("{} bytes of pixels where {expected} belong", image.data.len());
        return Err(Error::Write { what, found, output });
    }
    let colour = match image.pixels {
        Pixels::Gray8 => ExtendedColorType::L8,
        Pixels::Rgb24 => ExtendedColorType::Rgb8,
    };
    encoder.write_image(&image.data, image.width, image.height, colour).map_err(|error| Error::Write {
        what,
        found: error.to_string(),
        output,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Image {
        let data = (0..5 * 4 * 3).map(|i| (i * 4) as u8).collect();
        Image { width: 5, height: 4, pixels: Pixels::Rgb24, data }
    }

    #[test]
    fn png_keeps_every_pixel() {
        let bytes = png(&image()).unwrap();
        let read = image::load_from_memory(&bytes).unwrap().to_rgb8();
        assert_eq!((read.width(), read.height(), read.into_raw()), (5, 4, image().data));
    }

    #[test]
    fn jpeg_keeps_the_size() {
        let bytes = jpeg(&image(), 85).unwrap();
        let read = image::load_from_memory(&bytes).unwrap();
        assert_eq!((read.width(), read.height()), (5, 4));
    }

    #[test]
    fn missing_pixels_are_refused() {
        let short = Image { data: vec![0; 3], ..image() };
        assert!(png(&short).is_err() && jpeg(&short, 85).is_err());
    }
}
