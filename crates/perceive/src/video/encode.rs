//! Writing video: pictures in, an H.264 file out, the same bytes every time.

use super::ffmpeg as native;
use super::orientation::Orientation;
use super::picture::MAX_SIDE_PX;
use super::source;
use crate::Error;
use chronotope_world::Time;
use ffmpeg::format::{Pixel, context::Output};
use ffmpeg::software::scaling;
use ffmpeg::{Dictionary, Packet, Rational, codec, color, frame};
use ffmpeg_the_third as ffmpeg;
use std::path::{Path, PathBuf};

/// How a video is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EncoderSettings {
    /// Pictures per second, as a fraction.
    pub rate: (u32, u32),
    /// At most so many pictures from one key picture to the next.
    pub gop: u32,
    /// At most so many pictures in a row that refer to later ones.
    pub b_pictures: u32,
    /// Constant quality of x264: 0 (lossless) to 51; 18 is visually clean.
    pub crf: u8,
    /// Width of a pixel over its height.
    pub pixel_aspect: (u32, u32),
    /// How a player turns the pictures; mp4 only.
    pub orientation: Orientation,
}

impl Default for EncoderSettings {
    fn default() -> EncoderSettings {
        EncoderSettings {
            rate: (30, 1),
            gop: 250,
            b_pictures: 3,
            crf: 18,
            pixel_aspect: (1, 1),
            orientation: Orientation::UPRIGHT,
        }
    }
}

/// Writes one video. Nothing stands under its name before [`Encoder::finish`].
///
/// H.264 by x264 with one thread, BT.709 colours of limited range, 4:2:0 (4:4:4 where a side is odd).
pub struct Encoder {
    path: PathBuf,
    /// Where it is written until it is whole.
    part: Part,
    size: (u32, u32),
    rate: (u32, u32),
    output: Output,
    x264: codec::encoder::video::Encoder,
    scaler: scaling::Context,
    format: Pixel,
    next_ticks: i64,
    n: u32,
}

/// Ticks per second: a multiple of all usual rates, 30000/1001 included.
const TICKS_PER_S: i64 = 90_000;

impl Encoder {
    /// Begins a video; the path's ending chooses the container: `mp4`, `mkv` or `ts`.
    ///
    /// # Errors
    /// [`Error::Setting`] for a size of 0 or above [`MAX_SIDE_PX`] or a rate of 0; [`Error::Write`] where the file cannot
    /// be made.
    pub fn create(path: &Path, width: u32, height: u32, settings: EncoderSettings) -> Result<Encoder, Error> {
        native::start();
        check(width, height, settings)?;
        let failed = |found: String| Error::Write { what: WHAT, found, output: path.display().to_string() };
        let said = |error: ffmpeg::Error| failed(source::describe(error));
        let container = match path.extension().and_then(|ending| ending.to_str()) {
            Some("mp4") => "mp4",
            Some("mkv") => "matroska",
            Some("ts") => "mpegts",
            _ => return Err(failed("an ending that is none of mp4, mkv, ts".to_owned())),
        };
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = Part(part.into());
        let address = part.0.to_str().map(|part| format!("file:{part}"));
        let address = address.ok_or_else(|| failed("a path that is not UTF-8".to_owned()))?;
        let mut output = ffmpeg::format::output_as(&address, container).map_err(said)?;
        let x264 = codec::encoder::find_by_name("libx264")
            .ok_or_else(|| failed("no x264 in FFmpeg's libraries".to_owned()))?;

        let even = width.is_multiple_of(2) && height.is_multiple_of(2);
        let format = if even { Pixel::YUV420P } else { Pixel::YUV444P };
        let mut encoder = codec::Context::new_with_codec(x264).encoder().video().map_err(said)?;
        let (num, den) = (settings.rate.0 as i32, settings.rate.1 as i32);
        encoder.set_width(width);
        encoder.set_height(height);
        encoder.set_format(format);
        encoder.set_time_base(Rational::new(1, TICKS_PER_S as i32));
        encoder.set_frame_rate(Some(Rational::new(num, den)));
        encoder.set_gop(settings.gop);
        encoder.set_max_b_frames(settings.b_pictures as usize);
        let aspect = Rational::new(settings.pixel_aspect.0 as i32, settings.pixel_aspect.1 as i32);
        encoder.set_aspect_ratio(aspect);
        encoder.set_colorspace(color::Space::BT709);
        encoder.set_color_range(color::Range::MPEG);
        encoder.set_threading(codec::threading::Config::count(1));
        let mut flags = codec::Flags::BITEXACT | codec::Flags::CLOSED_GOP;
        if output.format().flags().contains(ffmpeg::format::Flags::GLOBAL_HEADER) {
            flags |= codec::Flags::GLOBAL_HEADER;
        }
        encoder.set_flags(flags);
        // x264's macroblock tree reads memory that it did not write (Debian's build 164): other bytes every time
        let options: Dictionary =
            [("preset", "medium"), ("crf", &settings.crf.to_string()), ("mbtree", "0")].into_iter().collect();
        let encoder = encoder.open_with(options).map_err(said)?;

        let mut stream = output.add_stream(x264).map_err(said)?;
        stream.copy_parameters_from_context(encoder.as_ref());
        stream.set_time_base(Rational::new(1, TICKS_PER_S as i32));
        stream.set_avg_frame_rate(Rational::new(num, den));
        stream.set_sample_aspect_ratio(aspect);
        if settings.orientation != Orientation::UPRIGHT {
            native::set_display_matrix(&mut stream, &settings.orientation.to_display_matrix());
        }
        // the muxer's own version would change the bytes
        let options: Dictionary = [("fflags", "+bitexact"), ("movflags", "+faststart")].into_iter().collect();
        output.write_header_with(options).map_err(said)?;

        let (from, flags) = (Pixel::RGB24, scaling::Flags::BICUBIC | scaling::Flags::ACCURATE_RND);
        let mut scaler =
            scaling::Context::get(from, width, height, format, width, height, flags).map_err(said)?;
        native::set_colours_written(&mut scaler);
        Ok(Encoder {
            path: path.to_owned(),
            part,
            size: (width, height),
            rate: settings.rate,
            output,
            x264: encoder,
            scaler,
            format,
            next_ticks: 0,
            n: 0,
        })
    }

    /// Adds a picture after the one before, at the stated rate: `3 · width · height` bytes, rows from the top.
    pub fn push_rgb(&mut self, rgb: &[u8]) -> Result<(), Error> {
        let next = self.n as i64 * TICKS_PER_S * self.rate.1 as i64 / self.rate.0 as i64;
        self.push(rgb, next.max(self.next_ticks))
    }

    /// Adds a picture at a time of its own, to 1/90,000 s.
    ///
    /// # Errors
    /// [`Error::Setting`] where the time is not after that of the picture before, or negative.
    pub fn push_rgb_at(&mut self, rgb: &[u8], t: Time) -> Result<(), Error> {
        let ticks = (t.0 as i128 * TICKS_PER_S as i128 + 500_000_000).div_euclid(1_000_000_000) as i64;
        if ticks < self.next_ticks || ticks > i64::MAX / 2 {
            return Err(Error::Setting {
                setting: "time of a picture",
                expected: format!("at least {} s", self.next_ticks as f64 / TICKS_PER_S as f64),
                found: format!("{t} s"),
            });
        }
        self.push(rgb, ticks)
    }

    /// Writes what is left and gives the file its name.
    pub fn finish(mut self) -> Result<(), Error> {
        self.x264.send_eof().map_err(|error| self.failed(error))?;
        self.write_packets()?;
        self.output.write_trailer().map_err(|error| self.failed(error))?;
        let Encoder { path, part, output, .. } = self;
        // closes the file
        drop(output);
        std::fs::rename(&part.0, &path).map_err(|error| Error::Write {
            what: WHAT,
            found: error.to_string(),
            output: path.display().to_string(),
        })
    }

    fn push(&mut self, rgb: &[u8], ticks: i64) -> Result<(), Error> {
        let (width, height) = (self.size.0 as usize, self.size.1 as usize);
        if rgb.len() != 3 * width * height {
            return Err(Error::Setting {
                setting: "picture",
                expected: format!("{} bytes ({width}×{height}, 3 each)", 3 * width * height),
                found: format!("{} bytes", rgb.len()),
            });
        }
        let mut source = frame::Video::new(Pixel::RGB24, self.size.0, self.size.1);
        let stride = source.stride(0);
        for (row, line) in rgb.chunks_exact(3 * width).zip(source.data_mut(0).chunks_mut(stride)) {
            line[..3 * width].copy_from_slice(row);
        }
        // a fresh one: the encoder may still hold the last
        let mut picture = frame::Video::new(self.format, self.size.0, self.size.1);
        self.scaler.run(&source, &mut picture).map_err(|error| self.failed(error))?;
        picture.set_pts(Some(ticks));
        self.next_ticks = ticks + 1;
        self.n += 1;
        self.x264.send_frame(&picture).map_err(|error| self.failed(error))?;
        self.write_packets()
    }

    fn write_packets(&mut self) -> Result<(), Error> {
        let ticks = Rational::new(1, TICKS_PER_S as i32);
        let time_base = self.output.stream(0).map_or(ticks, |stream| stream.time_base());
        loop {
            let mut packet = Packet::empty();
            match self.x264.receive_packet(&mut packet) {
                Ok(()) => {}
                Err(ffmpeg::Error::Eof) => return Ok(()),
                Err(error) if native::asks_for_more(error) => return Ok(()),
                Err(error) => return Err(self.failed(error)),
            }
            packet.set_stream(0);
            packet.set_duration(TICKS_PER_S * self.rate.1 as i64 / self.rate.0 as i64);
            packet.rescale_ts(ticks, time_base);
            packet.write_interleaved(&mut self.output).map_err(|error| self.failed(error))?;
        }
    }

    fn failed(&self, error: ffmpeg::Error) -> Error {
        Error::Write { what: WHAT, found: source::describe(error), output: self.path.display().to_string() }
    }
}

const WHAT: &str = "a video";

/// A file that goes when it is dropped before it was renamed.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // renamed, or never made
        let _ = std::fs::remove_file(&self.0);
    }
}

fn check(width: u32, height: u32, settings: EncoderSettings) -> Result<(), Error> {
    let refuse = |setting, expected: String, found| Err(Error::Setting { setting, expected, found });
    if !((1..=MAX_SIDE_PX).contains(&width) && (1..=MAX_SIDE_PX).contains(&height)) {
        let found = format!("{width}×{height}");
        return refuse("size of a video", format!("sides of 1 to {MAX_SIDE_PX} pixels"), found);
    }
    let limit = i32::MAX as u32;
    let (num, den) = settings.rate;
    if num == 0 || den == 0 || num > limit || den > limit || num as f64 / den as f64 > TICKS_PER_S as f64 {
        let found = format!("{num}/{den}");
        return refuse("rate", "more than 0 and at most 90000 pictures per second".to_owned(), found);
    }
    let (across, down) = settings.pixel_aspect;
    if across == 0 || down == 0 || across > limit || down > limit {
        let found = format!("{across}/{down}");
        return refuse("pixel aspect", "a positive ratio".to_owned(), found);
    }
    if settings.crf > 51 {
        return refuse("crf", "0 to 51".to_owned(), settings.crf.to_string());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::video::{Size, Video};

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("chronotope-encode-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder in the temporary folder");
        folder
    }

    /// A grey level that says which picture it is.
    fn plain(size: (u32, u32), n: u32) -> Vec<u8> {
        vec![20 + 7 * n as u8; 3 * size.0 as usize * size.1 as usize]
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = folder("again");
        for (name, size) in [("a.mp4", (64, 48)), ("b.mkv", (33, 35)), ("c.ts", (64, 48))] {
            let path = folder.join(name);
            let mut encoder = Encoder::create(&path, size.0, size.1, EncoderSettings::default()).unwrap();
            (0..30).for_each(|n| encoder.push_rgb(&plain(size, n)).unwrap());
            encoder.finish().unwrap();
            let mut video = Video::open(path.to_str().unwrap()).unwrap();
            for n in 0..30 {
                let picture = video.next_picture().unwrap().expect("30 pictures");
                let expected = Time::from_s(n as f64 / 30.0);
                // Matroska keeps milliseconds
                assert!((picture.t() - expected).abs() < 600_000, "{name}: {} for {expected}", picture.t());
                let rgb = picture.rgb(Size::Source).unwrap().data;
                let off = rgb.iter().map(|&v| v.abs_diff(20 + 7 * n as u8)).max().unwrap();
                assert!(off <= 3, "{name}: picture {n} is off by {off}");
            }
            assert!(video.next_picture().unwrap().is_none());
            assert!(video.faults().is_empty(), "{:?}", video.faults());
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_same_pictures_give_the_same_bytes() {
        let folder = folder("same");
        let bytes: Vec<Vec<u8>> = ["a.mp4", "b.mp4"]
            .map(|name| {
                let path = folder.join(name);
                let mut encoder = Encoder::create(&path, 64, 48, EncoderSettings::default()).unwrap();
                (0..20).for_each(|n| encoder.push_rgb(&plain((64, 48), n)).unwrap());
                encoder.finish().unwrap();
                std::fs::read(path).unwrap()
            })
            .into();
        assert!(bytes[0] == bytes[1]);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn an_unfinished_video_leaves_nothing() {
        let folder = folder("nothing");
        let mut encoder = Encoder::create(&folder.join("a.mp4"), 64, 48, EncoderSettings::default()).unwrap();
        encoder.push_rgb(&plain((64, 48), 0)).unwrap();
        assert!(encoder.push_rgb(&[0; 5]).is_err());
        drop(encoder);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn bad_settings_are_refused() {
        let path = std::env::temp_dir().join("never.mp4");
        let usual = EncoderSettings::default();
        for settings in [EncoderSettings { rate: (0, 1), ..usual }, EncoderSettings { crf: 52, ..usual }] {
            assert!(matches!(Encoder::create(&path, 64, 48, settings), Err(Error::Setting { .. })));
        }
        assert!(matches!(Encoder::create(&path, 0, 48, usual), Err(Error::Setting { .. })));
        let nowhere = Path::new("/nonexistent/folder/a.mp4");
        assert!(matches!(Encoder::create(nowhere, 64, 48, usual), Err(Error::Write { .. })));
        assert!(matches!(Encoder::create(Path::new("/tmp/a.xyz"), 64, 48, usual), Err(Error::Write { .. })));
    }
}
