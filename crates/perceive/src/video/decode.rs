//! Decoding: a video from its first picture to its last.

use super::fault::{FaultKind, Faults};
use super::ffmpeg::{self as native, Demuxer, StreamFacts};
use super::index::{self, PictureIndex};
use super::order::{Clock, Order, Shown, Timing as OrderTiming};
use super::orientation::Orientation;
use super::picture::{Display, MAX_AREA_PX, MAX_SIDE_PX, Picture, Scalers};
use super::source::{self, Source};
use super::spool::{self, Spool};
use crate::Error;
use chronotope_world::Time;
use ffmpeg::{Packet, codec, frame};
use ffmpeg_the_third as ffmpeg;
use std::sync::Arc;
use std::time::Duration;

pub use super::order::Timing;

/// How a video is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Decoding threads; 0 is one per core. The pictures are the same at any number, damaged stretches apart: with more
    /// than one thread, what FFmpeg makes up there depends on timing, and it may not say that it did. Hence 1.
    pub threads: usize,
    /// How long one read from an address may take, in seconds. Files and pipes are waited for without limit.
    pub wait_s: f64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { threads: 1, wait_s: 10.0 }
    }
}

/// What a container says of its pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Info {
    /// The container's name, as FFmpeg calls it.
    pub container: String,
    /// The codec's name, as FFmpeg calls it.
    pub codec: String,
    /// Width as displayed, in pixels: turned upright, pixels square.
    pub width: u32,
    /// Height as displayed, in pixels.
    pub height: u32,
    /// Width and height as decoded, in pixels.
    pub decoded_size: (u32, u32),
    /// Width of a decoded pixel over its height. Displaying stretches the shorter side, so no pixel is lost.
    pub pixel_aspect: (u32, u32),
    /// How decoded pictures are turned.
    pub orientation: Orientation,
    /// Whether pictures are made of two fields, where the stream says.
    pub interlaced: Option<bool>,
    /// Mean pictures per second, where known; a nominal figure, the pictures' own times are the truth.
    pub rate_hz: Option<f64>,
    /// Seconds per tick of the container's timestamps, as a fraction.
    pub time_base: (u32, u32),
    /// Container time of record time 0, in nanoseconds, where the container has a start: that of whichever of its
    /// streams starts first, after edit lists.
    pub start_ns: Option<i64>,
    /// Length in nanoseconds, where stated.
    pub duration_ns: Option<i64>,
    /// Number of pictures, where the container states one. Edit lists may hide some of them.
    pub n_pictures: Option<u64>,
    /// Whether it can be read again or from the middle: files, and some addresses.
    pub seekable: bool,
    /// It is a pipe or an address that was copied, and can be read again only while it is open.
    pub kept: bool,
}

/// An opened video.
///
/// # Time
/// Record time 0 is the start of the container (as players show it), not necessarily of its first picture. Times are
/// presentation timestamps to the nanosecond; where a file has none, see [`Timing::ByOrder`].
///
/// # Memory
/// A few pictures: what the decoder holds for reordering and for its threads.
pub struct Video {
    pub(super) input: Arc<str>,
    pub(super) source: Source,
    pub(super) settings: Settings,
    pub(super) demuxer: Demuxer,
    pub(super) decoder: codec::decoder::Video,
    pub(super) stream: usize,
    /// Whether each packet is one picture.
    pub(super) ranked: bool,
    /// As at the start.
    pub(super) clock: Clock,
    pub(super) order: Order,
    pub(super) index: Known,
    /// A packet that was read too far.
    pub(super) waiting: Option<Packet>,
    /// Pictures before this number are not given.
    pub(super) skip_before: u32,
    pub(super) state: State,
    info: Info,
    display: Display,
    scalers: Scalers,
    faults: Faults,
    decoded_size: Option<(u32, u32)>,
    n_packets: u64,
    n_unreadable: u32,
    n_undecodable: u32,
    broken: Option<Error>,
}

/// What is known of where the pictures stand.
#[derive(Clone, Debug)]
pub(super) enum Known {
    NotYet,
    /// Only reading from the start numbers pictures rightly.
    Never,
    Index(Arc<PictureIndex>),
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing was read yet.
    Fresh,
    /// The source was read elsewhere: it is opened again before the first picture is read.
    Away,
    Reading,
    /// The source has ended, the decoder still holds pictures.
    Draining,
    Ended,
}

/// Pictures in presentation order, to the end. See [`Video::pictures`].
pub struct PictureIter<'a>(&'a mut Video);

impl Iterator for PictureIter<'_> {
    type Item = Result<Picture, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_picture().transpose()
    }
}

/// Faults in a row after which a source counts as ended.
const MAX_IN_A_ROW: u32 = 1000;

impl Video {
    /// Opens a path, `-` for standard input, or an address (HTTP, RTSP …), with the default settings.
    ///
    /// # Errors
    /// [`Error::Open`]: a missing or empty file, a folder, sound only, something that is no video, an address that does
    /// not answer, a pipe that would have to be read backwards, pictures larger than [`MAX_SIDE_PX`] or [`MAX_AREA_PX`].
    pub fn open(input: &str) -> Result<Video, Error> {
        Video::open_with(input, Settings::default())
    }

    /// Opens with settings; see [`Video::open`].
    ///
    /// # Errors
    /// As [`Video::open`].
    pub fn open_with(input: &str, settings: Settings) -> Result<Video, Error> {
        Video::open_or_keep(input, settings, None)
    }

    /// Opens with settings; a pipe or an address whose pictures come before their index (an MP4 as most programs write it) is
    /// copied first, see [`Spool`]. Without a spool it is an error that says so.
    ///
    /// # Errors
    /// As [`Video::open`]; [`Error::Write`] where the copy cannot be written, [`Error::Stopped`] where the caller stops it.
    pub fn open_or_keep(
        input: &str,
        settings: Settings,
        mut spool: Option<Spool<'_>>,
    ) -> Result<Video, Error> {
        let mut source = Source::parse(input, &mut spool)?;
        let mut demuxer = open_demuxer(&source, input, settings)?;
        if demuxer.reads_back() {
            let options = source.options();
            let options: Vec<_> = options.iter().filter(|(key, _)| *key == "protocol_whitelist").collect();
            let options: Vec<_> = options.iter().map(|(key, value)| (*key, value.as_str())).collect();
            source = spool::fetched(input, &options, settings.wait_s, spool)?;
            demuxer = open_demuxer(&source, input, settings)?;
        }
        let refuse = |expected, found: String| Error::Open { expected, found, input: input.to_owned() };
        let facts = choose(&demuxer).map_err(|found| refuse(source::EXPECTED, found))?;
        let (w, h) = (facts.width, facts.height);
        let fits = |w: u32, h: u32| w.max(h) <= MAX_SIDE_PX && w as u64 * h as u64 <= MAX_AREA_PX;
        if !(w > 0 && h > 0 && fits(w, h)) {
            return Err(refuse("pictures of 1 to 16384 pixels a side and 2^26 in all", format!("{w}×{h}")));
        }
        let decoder = demuxer
            .decoder(facts.index, settings.threads, MAX_AREA_PX as i64)
            .map_err(|error| refuse("a codec that can be decoded", format!("{}: {error}", facts.codec)))?;
        demuxer.keep_only(facts.index);

        let mut faults = Faults::default();
        let display = display(&facts, fits, |kind| faults.add(0, None, kind));
        let clock = Clock::new(facts.time_base, facts.rate, facts.start, demuxer.start_us());
        let ranked = is_ranked(&facts);
        let positive = |n: i32| n.max(1) as u32;
        let info = Info {
            container: demuxer.container(),
            codec: facts.codec.clone(),
            width: display.size.0,
            height: display.size.1,
            decoded_size: (w, h),
            pixel_aspect: (positive(facts.pixel_aspect.0), positive(facts.pixel_aspect.1)),
            orientation: display.orientation,
            interlaced: facts.interlaced,
            rate_hz: facts.rate.map(|(num, den)| num as f64 / den as f64),
            time_base: (positive(facts.time_base.0), positive(facts.time_base.1)),
            start_ns: clock.origin_ns(),
            duration_ns: facts
                .duration
                .map(|ticks| clock.ns(ticks))
                .or(demuxer.duration_us().filter(|&us| us > 0).map(|us| us.saturating_mul(1000))),
            n_pictures: facts.n_pictures,
            seekable: demuxer.is_seekable(),
            kept: matches!(source, Source::Kept(_)),
        };
        Ok(Video {
            input: input.into(),
            source,
            settings,
            demuxer,
            decoder,
            stream: facts.index,
            ranked,
            order: Order::new(clock.clone(), ranked),
            clock,
            index: Known::NotYet,
            waiting: None,
            skip_before: 0,
            state: State::Fresh,
            info,
            display,
            scalers: Scalers::default(),
            faults,
            decoded_size: None,
            n_packets: 0,
            n_unreadable: 0,
            n_undecodable: 0,
            broken: None,
        })
    }

    /// What the container says.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The path or address as given.
    pub fn input(&self) -> &str {
        &self.input
    }

    /// Whether times are stated or by order; known after the first picture, stated until then.
    pub fn timing(&self) -> Timing {
        self.order.timing.unwrap_or(OrderTiming::Stated)
    }

    /// What was wrong so far with what was read.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// All pictures from here on.
    pub fn pictures(&mut self) -> PictureIter<'_> {
        PictureIter(self)
    }

    /// The next picture in presentation order; none at the end.
    ///
    /// Broken data is skipped and recorded in [`Video::faults`].
    ///
    /// # Errors
    /// [`Error::Broken`], once, after the pictures that came before, where a live source falls silent or breaks off.
    /// (An HTTP answer without a length simply ends when the other side closes.)
    pub fn next_picture(&mut self) -> Result<Option<Picture>, Error> {
        match self.state {
            State::Away => {
                self.rewind()?;
                self.state = State::Reading;
            }
            State::Fresh => self.state = State::Reading,
            State::Reading | State::Draining | State::Ended => {}
        }
        while self.state != State::Ended {
            let mut decoded = frame::Video::empty();
            match self.decoder.receive_frame(&mut decoded) {
                Ok(()) => {
                    self.n_undecodable = 0;
                    if let Some(picture) = self.show(decoded)
                        && picture.frame_index() >= self.skip_before
                    {
                        return Ok(Some(picture));
                    }
                }
                Err(ffmpeg::Error::Eof) => self.end(),
                Err(error) if native::asks_for_more(error) => self.feed(),
                Err(_) => {
                    self.undecodable();
                    self.n_undecodable += 1;
                    if self.n_undecodable > MAX_IN_A_ROW {
                        self.end();
                    }
                }
            }
        }
        self.broken.take().map_or(Ok(None), Err)
    }

    /// The picture that the decoder gave, with its time and number; none where it is left out.
    pub(super) fn show(&mut self, decoded: frame::Video) -> Option<Picture> {
        let size = (decoded.width(), decoded.height());
        if size.0 == 0 || size.1 == 0 {
            return None;
        }
        let faults = &mut self.faults;
        let shown = self.order.picture(decoded.timestamp(), |index, t, kind| faults.add(index, t, kind));
        let Shown::At(t, frame_index) = shown else { return None };
        self.show_as(decoded, t, frame_index)
    }

    /// A decoded picture whose time and number are known.
    pub(super) fn show_as(&mut self, decoded: frame::Video, t: Time, frame_index: u32) -> Option<Picture> {
        let size = (decoded.width(), decoded.height());
        if size.0 == 0 || size.1 == 0 {
            return None;
        }
        if *self.decoded_size.get_or_insert(size) != size {
            self.faults.add(frame_index, Some(t), FaultKind::SizeChanges);
            self.decoded_size = Some(size);
        }
        let damaged = decoded.is_corrupt() || native::is_concealed(&decoded);
        if damaged {
            self.faults.add(frame_index, Some(t), FaultKind::Damaged);
        }
        Some(Picture::new((t, frame_index), damaged, decoded, self.display, &self.scalers, &self.input))
    }

    /// Reads a packet and gives it to the decoder.
    fn feed(&mut self) {
        if self.state == State::Draining {
            // the decoder was told of the end and still asks for more: there is none
            return self.end();
        }
        let packet = match self.waiting.take() {
            Some(packet) => Ok(Some(packet)),
            None => self.demuxer.read(),
        };
        match packet {
            Ok(Some(packet)) if packet.stream() != self.stream => {}
            Ok(Some(packet)) => {
                self.n_unreadable = 0;
                self.n_packets += 1;
                if packet.is_corrupt() {
                    self.faults.add(self.order.next_index(), None, FaultKind::Unreadable);
                }
                if packet.size() > 0 {
                    self.order.packet(index::facts(&packet));
                    if self.decoder.send_packet(&packet).is_err() {
                        self.undecodable();
                    }
                }
            }
            Ok(None) => self.drain(),
            Err(error) if native::asks_for_more(error) => {
                self.n_unreadable += 1;
                std::thread::sleep(Duration::from_millis(5));
                if self.n_unreadable > MAX_IN_A_ROW {
                    self.drain();
                }
            }
            // HTTP without a length ends when the other side closes; FFmpeg calls that an error
            Err(error) if self.source.is_live() && native::is_io(error) && !self.demuxer.has_size() => {
                self.drain();
            }
            Err(error) if self.source.is_live() => {
                self.broken = Some(Error::Broken {
                    n_pictures: self.order.next_index(),
                    waited_s: self.settings.wait_s,
                    found: match error {
                        ffmpeg::Error::Exit => "nothing".to_owned(),
                        error => source::describe(error),
                    },
                    input: self.input.to_string(),
                });
                self.drain();
            }
            Err(_) => {
                self.faults.add(self.order.next_index(), None, FaultKind::Unreadable);
                self.n_unreadable += 1;
                if self.n_unreadable > MAX_IN_A_ROW {
                    self.drain();
                }
            }
        }
    }

    fn drain(&mut self) {
        self.state = State::Draining;
        // fails only where it was told before
        let _ = self.decoder.send_eof();
    }

    fn end(&mut self) {
        self.state = State::Ended;
        let faults = &mut self.faults;
        self.order.end(|index, t, kind| faults.add(index, t, kind));
        let from_start = self.skip_before == 0;
        if from_start && self.info.n_pictures.is_some_and(|stated| self.n_packets < stated) {
            self.faults.add(self.order.next_index(), None, FaultKind::Truncated);
        }
    }

    /// A fault without a picture, unless the missing picture itself will be noticed.
    fn undecodable(&mut self) {
        if !self.order.is_ranked() {
            self.faults.add(self.order.next_index(), None, FaultKind::Undecodable);
        }
    }

    /// To the first picture again. The faults found so far are forgotten.
    ///
    /// # Errors
    /// [`Error::Open`] where the source cannot be read again: a pipe or a live address that was read, a file that is
    /// gone.
    pub fn rewind(&mut self) -> Result<(), Error> {
        if self.state == State::Fresh {
            self.skip_before = 0;
            return Ok(());
        }
        if !self.info.seekable {
            return Err(Error::Open {
                expected: "a source that can be read twice",
                found: "a pipe or a live source".to_owned(),
                input: self.input.to_string(),
            });
        }
        self.reopen()?;
        // a new one: the old has learnt from what it read, and would treat damage in another way
        self.decoder = self
            .demuxer
            .decoder(self.stream, self.settings.threads, MAX_AREA_PX as i64)
            .map_err(|error| self.source.cannot_open(&self.input, error))?;
        self.restart(Order::new(self.clock.clone(), self.ranked), 0);
        self.state = State::Fresh;
        Ok(())
    }

    /// Puts the demuxer at the first packet.
    pub(super) fn reopen(&mut self) -> Result<(), Error> {
        self.demuxer = open_demuxer(&self.source, &self.input, self.settings)?;
        self.demuxer.keep_only(self.stream);
        self.waiting = None;
        Ok(())
    }

    /// Forgets what the decoder holds and what was found.
    pub(super) fn restart(&mut self, order: Order, skip_before: u32) {
        self.decoder.flush();
        self.order = order;
        self.skip_before = skip_before;
        self.state = State::Reading;
        self.faults = Faults::default();
        self.n_packets = 0;
        self.n_unreadable = 0;
        self.n_undecodable = 0;
        self.broken = None;
    }
}

fn open_demuxer(source: &Source, input: &str, settings: Settings) -> Result<Demuxer, Error> {
    if !(settings.wait_s > 0.0 && settings.wait_s <= 1e6) {
        return Err(Error::Setting {
            setting: "wait_s",
            expected: "more than 0 and at most a million seconds".to_owned(),
            found: settings.wait_s.to_string(),
        });
    }
    let options = source.options();
    let options: Vec<_> = options.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let wait = source.is_live().then(|| Duration::from_secs_f64(settings.wait_s));
    Demuxer::open(&source.address(), &options, wait).map_err(|error| source.cannot_open(input, error))
}

/// The stream of the largest pictures, the first of equals.
fn choose(demuxer: &Demuxer) -> Result<StreamFacts, String> {
    let (pictures, others) = demuxer.streams();
    if pictures.is_empty() {
        return Err(match others.len() {
            0 => "no video (no streams)".to_owned(),
            _ => format!("no pictures, only {}", others.join(", ")),
        });
    }
    let codecs: Vec<_> = pictures.iter().map(|facts| facts.codec.clone()).collect();
    pictures
        .into_iter()
        .filter(|facts| facts.decodable)
        .min_by_key(|facts| (std::cmp::Reverse(facts.width as u64 * facts.height as u64), facts.index))
        .ok_or_else(|| format!("pictures that cannot be decoded ({})", codecs.join(", ")))
}

/// Codecs that put one picture with its own timestamp into each packet, when pictures are not made of two fields.
const RANKED: [&str; 17] = [
    "av1",
    "dnxhd",
    "ffv1",
    "ffvhuff",
    "h264",
    "hevc",
    "huffyuv",
    "jpeg2000",
    "magicyuv",
    "mjpeg",
    "mpeg1video",
    "mpeg2video",
    "mpeg4",
    "prores",
    "rawvideo",
    "utvideo",
    "vp9",
];

fn is_ranked(facts: &StreamFacts) -> bool {
    RANKED.contains(&facts.codec.as_str()) && facts.interlaced != Some(true)
}

/// How pictures are shown: pixels made square by stretching the shorter side, then turned.
fn display(
    facts: &StreamFacts,
    fits: impl Fn(u32, u32) -> bool,
    mut fault: impl FnMut(FaultKind),
) -> Display {
    let orientation = facts.display_matrix.map_or(Orientation::UPRIGHT, |matrix| {
        let (orientation, exact) = Orientation::from_display_matrix(&matrix);
        if !exact {
            fault(FaultKind::OddRotation);
        }
        orientation
    });
    let (across, down) = facts.pixel_aspect;
    let aspect = across as f64 / down as f64;
    let stretch = |side: u32, by: f64| (side as f64 * by).round() as u32;
    let square = if aspect >= 1.0 {
        (stretch(facts.width, aspect), facts.height)
    } else {
        (facts.width, stretch(facts.height, 1.0 / aspect))
    };
    let size = if fits(square.0, square.1) {
        square
    } else {
        fault(FaultKind::OddPixelAspect);
        (facts.width, facts.height)
    };
    Display { size: orientation.size(size), orientation }
}
