//! The few calls to FFmpeg's libraries that their Rust crate does not offer. The only unsafe code of this room.
#![allow(unsafe_code, reason = "calls into C; each block says why it is sound")]

use ffmpeg::format::context::Input;
use ffmpeg::packet::Ref as _;
use ffmpeg::{Dictionary, Packet, codec, ffi, frame, software::scaling};
use ffmpeg_the_third as ffmpeg;
use std::ffi::{CStr, CString, c_int, c_void};
use std::ptr;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// FFmpeg's start-up, once per process: its own messages to standard error are switched off, errors are returned.
pub(super) fn start() {
    static START: Once = Once::new();
    START.call_once(|| {
        // fails never in the versions supported; everything after would report it
        let _ = ffmpeg::init();
        ffmpeg::log::set_level(ffmpeg::log::Level::Quiet);
    });
}

/// An opened container, with a limit on how long one call may wait for its source.
pub(super) struct Demuxer {
    // dropped before `deadline`, to which it holds a pointer
    input: Input,
    deadline: Box<Deadline>,
    wait: Option<Duration>,
    reads_back: bool,
}

/// What a stream says of itself in the container.
pub(super) struct StreamFacts {
    pub(super) index: usize,
    pub(super) codec: String,
    pub(super) decodable: bool,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixel_aspect: (i32, i32),
    /// `None` where the container does not say.
    pub(super) interlaced: Option<bool>,
    pub(super) time_base: (i32, i32),
    pub(super) rate: Option<(i32, i32)>,
    pub(super) start: Option<i64>,
    pub(super) duration: Option<i64>,
    pub(super) n_pictures: Option<u64>,
    pub(super) display_matrix: Option<[i32; 9]>,
}

impl Demuxer {
    /// Opens an address and reads as much as is needed to know its streams.
    pub(super) fn open(
        address: &str,
        options: &[(&str, &str)],
        wait: Option<Duration>,
    ) -> Result<Demuxer, ffmpeg::Error> {
        start();
        // no path and no address holds a NUL
        let address = CString::new(address).map_err(|_nul| ffmpeg::Error::InvalidData)?;
        let deadline = Box::new(Deadline::new());
        deadline.set(wait);
        let mut options = options.iter().copied().collect::<Dictionary>().into_raw();
        // SAFETY: the context is freed by `avformat_open_input` where it fails, and by `Input` otherwise; the opaque
        // pointer is to a box that `Demuxer` drops after `Input`; the dictionary is freed once.
        let (input, reads_back) = unsafe {
            let mut context = ffi::avformat_alloc_context();
            if context.is_null() {
                return Err(ffmpeg::Error::Bug);
            }
            (*context).interrupt_callback = ffi::AVIOInterruptCB {
                callback: Some(past_deadline),
                opaque: ptr::from_ref::<Deadline>(&deadline).cast_mut().cast::<c_void>(),
            };
            let opened =
                ffi::avformat_open_input(&raw mut context, address.as_ptr(), ptr::null(), &raw mut options);
            ffi::av_dict_free(&raw mut options);
            if opened < 0 {
                return Err(ffmpeg::Error::from(opened));
            }
            let input = Input::wrap(context);
            let reads_back = reads_back(context);
            // nothing can be read of one that has to go back and cannot
            if !reads_back {
                deadline.set(wait);
                let analysed = ffi::avformat_find_stream_info(context, ptr::null_mut());
                if analysed < 0 {
                    return Err(ffmpeg::Error::from(analysed));
                }
            }
            (input, reads_back)
        };
        deadline.set(None);
        Ok(Demuxer { input, deadline, wait, reads_back })
    }

    /// Its pictures lie before what has been read, and its source cannot go back: nothing can be read.
    pub(super) fn reads_back(&self) -> bool {
        self.reads_back
    }

    /// The next packet of any stream that is kept; none at the end.
    pub(super) fn read(&mut self) -> Result<Option<Packet>, ffmpeg::Error> {
        self.deadline.set(self.wait);
        let mut packet = Packet::empty();
        let read = packet.read(&mut self.input);
        self.deadline.set(None);
        match read {
            Ok(()) => Ok(Some(packet)),
            Err(ffmpeg::Error::Eof) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Moves to the last point of entry at or before `ts`, in the stream's time base.
    pub(super) fn seek(&mut self, stream: usize, ts: i64) -> Result<(), ffmpeg::Error> {
        self.deadline.set(self.wait);
        // SAFETY: the context is open, the stream index was read from it
        let sought = unsafe {
            ffi::av_seek_frame(self.input.as_mut_ptr(), stream as c_int, ts, ffi::AVSEEK_FLAG_BACKWARD)
        };
        self.deadline.set(None);
        if sought < 0 { Err(ffmpeg::Error::from(sought)) } else { Ok(()) }
    }

    /// Packets of all other streams are dropped as early as the container allows.
    pub(super) fn keep_only(&mut self, stream: usize) {
        for index in 0..self.input.nb_streams() as usize {
            if index != stream {
                // SAFETY: the index is below the number of streams of an open context
                unsafe {
                    let stream = *(*self.input.as_mut_ptr()).streams.add(index);
                    (*stream).discard = ffi::AVDiscard::ALL;
                }
            }
        }
    }

    /// The container's own start, in microseconds.
    pub(super) fn start_us(&self) -> Option<i64> {
        // SAFETY: the context is open
        some_time(unsafe { (*self.input.as_ptr()).start_time })
    }

    /// The container's length in microseconds, where it is known and not guessed from a bit rate.
    pub(super) fn duration_us(&self) -> Option<i64> {
        // SAFETY: the context is open
        let (duration, method) =
            unsafe { ((*self.input.as_ptr()).duration, (*self.input.as_ptr()).duration_estimation_method) };
        let guessed = method == ffi::AVDurationEstimationMethod::BITRATE;
        some_time(duration).filter(|_| !guessed)
    }

    /// Whether its source can be read from another place.
    pub(super) fn is_seekable(&self) -> bool {
        // SAFETY: the context is open; `pb` is null or valid
        unsafe {
            let pb = (*self.input.as_ptr()).pb;
            !pb.is_null() && (*pb).seekable & ffi::AVIO_SEEKABLE_NORMAL != 0
        }
    }

    /// Whether it is known how many bytes its source has.
    pub(super) fn has_size(&self) -> bool {
        // SAFETY: the context is open; `pb` is null or valid
        unsafe {
            let pb = (*self.input.as_ptr()).pb;
            !pb.is_null() && ffi::avio_size(pb) > 0
        }
    }

    /// The container's name, as FFmpeg calls it.
    pub(super) fn container(&self) -> String {
        self.input.format().name().to_owned()
    }

    /// All streams: pictures with their facts, and the names of the codecs of the others.
    pub(super) fn streams(&self) -> (Vec<StreamFacts>, Vec<String>) {
        let (mut pictures, mut others) = (Vec::new(), Vec::new());
        for stream in self.input.streams() {
            // SAFETY: a stream of an open context; its parameters are never null
            let (raw, parameters) = unsafe { (&*stream.as_ptr(), &*(*stream.as_ptr()).codecpar) };
            // SAFETY: gives a static string for every id
            let codec = unsafe { CStr::from_ptr(ffi::avcodec_get_name(parameters.codec_id)) };
            let codec = codec.to_string_lossy().into_owned();
            let cover = raw.disposition & ffi::AV_DISPOSITION_ATTACHED_PIC != 0;
            if parameters.codec_type != ffi::AVMediaType::VIDEO || cover {
                others.push(codec);
                continue;
            }
            let known = |r: ffi::AVRational| (r.num > 0 && r.den > 0).then_some((r.num, r.den));
            let aspect = known(raw.sample_aspect_ratio).or(known(parameters.sample_aspect_ratio));
            let display_matrix = stream
                .side_data()
                .find(|data| data.kind() == codec::packet::side_data::Type::DisplayMatrix)
                .and_then(|data| matrix(data.data()));
            pictures.push(StreamFacts {
                index: stream.index(),
                // SAFETY: a look-up by id
                decodable: unsafe { !ffi::avcodec_find_decoder(parameters.codec_id).is_null() },
                codec,
                width: parameters.width.max(0) as u32,
                height: parameters.height.max(0) as u32,
                pixel_aspect: aspect.unwrap_or((1, 1)),
                interlaced: match parameters.field_order {
                    ffi::AVFieldOrder::UNKNOWN => None,
                    order => Some(order != ffi::AVFieldOrder::PROGRESSIVE),
                },
                time_base: (raw.time_base.num, raw.time_base.den),
                rate: known(raw.avg_frame_rate).or(known(raw.r_frame_rate)),
                start: some_time(raw.start_time),
                duration: some_time(raw.duration).filter(|&d| d > 0),
                n_pictures: u64::try_from(raw.nb_frames).ok().filter(|&n| n > 0),
                display_matrix,
            });
        }
        (pictures, others)
    }

    /// A decoder for this stream. Threads: 0 is one per core.
    pub(super) fn decoder(
        &self,
        stream: usize,
        threads: usize,
        max_pixels: i64,
    ) -> Result<codec::decoder::Video, ffmpeg::Error> {
        let stream = self.input.stream(stream).ok_or(ffmpeg::Error::StreamNotFound)?;
        let mut context = codec::Context::from_parameters(stream.parameters())?;
        context.set_threading(codec::threading::Config {
            count: threads,
            ..codec::threading::Config::kind(codec::threading::Type::Frame)
        });
        // SAFETY: a context that is not opened yet, owned here
        unsafe {
            let raw = context.as_mut_ptr();
            (*raw).pkt_timebase = (*stream.as_ptr()).time_base;
            (*raw).max_pixels = max_pixels;
        }
        context.decoder().video()
    }
}

/// Whether the container has to go back to its pictures in a source that cannot.
///
/// # Safety
/// The context is open.
unsafe fn reads_back(context: *mut ffi::AVFormatContext) -> bool {
    // SAFETY: the context is open, `pb` is null or valid, streams are counted, entries are null or valid
    unsafe {
        let pb = (*context).pb;
        if pb.is_null() || (*pb).seekable & ffi::AVIO_SEEKABLE_NORMAL != 0 {
            return false;
        }
        // the position: how far a seek by nothing leads
        let here = ffi::avio_seek(pb, 0, SEEK_CUR);
        (0..(*context).nb_streams as usize).any(|n| {
            let entry = ffi::avformat_index_get_entry(*(*context).streams.add(n), 0);
            !entry.is_null() && (*entry).pos < here
        })
    }
}

/// `whence` of `lseek`: from here on.
const SEEK_CUR: c_int = 1;

/// The bytes of an address, from first to last.
pub(super) struct Bytes {
    io: *mut ffi::AVIOContext,
    deadline: Box<Deadline>,
    wait: Duration,
}

impl Bytes {
    /// Opens an address.
    pub(super) fn open(
        address: &str,
        options: &[(&str, &str)],
        wait: Duration,
    ) -> Result<Bytes, ffmpeg::Error> {
        start();
        let address = CString::new(address).map_err(|_nul| ffmpeg::Error::InvalidData)?;
        let deadline = Box::new(Deadline::new());
        deadline.set(Some(wait));
        let mut options = options.iter().copied().collect::<Dictionary>().into_raw();
        let mut io = ptr::null_mut();
        let interrupt = ffi::AVIOInterruptCB {
            callback: Some(past_deadline),
            opaque: ptr::from_ref::<Deadline>(&deadline).cast_mut().cast::<c_void>(),
        };
        // SAFETY: the callback's copy points to the box, which outlives the context; the dictionary is freed once
        let opened = unsafe {
            let flags = ffi::AVIO_FLAG_READ;
            let opened =
                ffi::avio_open2(&raw mut io, address.as_ptr(), flags, &raw const interrupt, &raw mut options);
            ffi::av_dict_free(&raw mut options);
            opened
        };
        if opened < 0 { Err(ffmpeg::Error::from(opened)) } else { Ok(Bytes { io, deadline, wait }) }
    }

    /// The next bytes, at most so many; none at the end.
    pub(super) fn read(&mut self, most: usize) -> Result<Vec<u8>, ffmpeg::Error> {
        let mut bytes = vec![0; most];
        self.deadline.set(Some(self.wait));
        // SAFETY: the context is open; the memory has this length
        let read = unsafe { ffi::avio_read(self.io, bytes.as_mut_ptr(), most as c_int) };
        self.deadline.set(None);
        match usize::try_from(read) {
            Ok(n) => {
                bytes.truncate(n);
                Ok(bytes)
            }
            Err(_) if read == ffi::AVERROR_EOF => Ok(Vec::new()),
            Err(_) => Err(ffmpeg::Error::from(read)),
        }
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        // SAFETY: opened by `avio_open2`, closed once
        unsafe {
            ffi::avio_closep(&raw mut self.io);
        }
    }
}

/// Nothing is ready: not a fault.
pub(super) fn asks_for_more(error: ffmpeg::Error) -> bool {
    matches!(error, ffmpeg::Error::Other { errno }
        if std::io::Error::from_raw_os_error(errno).kind() == std::io::ErrorKind::WouldBlock)
}

/// The system could not read (EIO).
pub(super) fn is_io(error: ffmpeg::Error) -> bool {
    matches!(error, ffmpeg::Error::Other { errno: 5 })
}

/// Whether the container says that the packet's picture is not to be shown (cut away by an edit list).
pub(super) fn is_discarded(packet: &Packet) -> bool {
    // SAFETY: the packet is initialised
    unsafe { (*packet.as_ptr()).flags & ffi::AV_PKT_FLAG_DISCARD != 0 }
}

/// Colour matrix (as numbered by ITU-T H.273) and whether the values use the full range.
pub(super) fn colours(picture: &frame::Video) -> (i32, bool) {
    // SAFETY: the frame is initialised; the enums are read as plain numbers, since a stream may hold any
    unsafe {
        let raw = picture.as_ptr();
        let space = ptr::addr_of!((*raw).colorspace).cast::<c_int>().read();
        let range = ptr::addr_of!((*raw).color_range).cast::<c_int>().read();
        (space, range == ffi::AVColorRange::JPEG.0 as c_int)
    }
}

/// Whether the decoder made up parts of the picture.
pub(super) fn is_concealed(picture: &frame::Video) -> bool {
    // SAFETY: the frame is initialised
    unsafe { (*picture.as_ptr()).decode_error_flags != 0 }
}

/// The luma plane alone, sharing memory, and whether it uses the full range; none for formats without a plane of 8-bit
/// luma from top to bottom.
pub(super) fn luma(picture: &frame::Video) -> Option<(frame::Video, bool)> {
    use ffmpeg::format::Pixel;
    let full_range = match picture.format() {
        Pixel::YUVJ420P | Pixel::YUVJ422P | Pixel::YUVJ444P | Pixel::YUVJ440P | Pixel::GRAY8 => true,
        Pixel::YUV420P | Pixel::YUV422P | Pixel::YUV444P | Pixel::YUV440P | Pixel::NV12 | Pixel::NV21 => {
            colours(picture).1
        }
        _ => return None,
    };
    let mut luma = frame::Video::empty();
    // SAFETY: both frames are initialised; the reference keeps the memory; a frame of `GRAY8` has one plane, and that of
    // luma has its size
    unsafe {
        let raw = luma.as_mut_ptr();
        if (*picture.as_ptr()).linesize[0] <= 0 || ffi::av_frame_ref(raw, picture.as_ptr()) < 0 {
            return None;
        }
        for plane in 1..(*raw).data.len() {
            (*raw).data[plane] = ptr::null_mut();
            (*raw).linesize[plane] = 0;
        }
    }
    luma.set_format(Pixel::GRAY8);
    Some((luma, full_range))
}

/// Tells a scaler the colours of its source; its output has the full range.
pub(super) fn set_colours(scaler: &mut scaling::Context, (space, full_range): (i32, bool)) {
    // SAFETY: the scaler is initialised; coefficients are static tables, the default one for an unknown number
    unsafe {
        ffi::sws_setColorspaceDetails(
            scaler.as_mut_ptr(),
            ffi::sws_getCoefficients(space),
            c_int::from(full_range),
            ffi::sws_getCoefficients(ffi::SWS_CS_DEFAULT),
            1,
            0,
            1 << 16,
            1 << 16,
        );
    }
}

/// Tells a scaler that it makes what [`super::encode`] writes: BT.709 of limited range from full range.
pub(super) fn set_colours_written(scaler: &mut scaling::Context) {
    // SAFETY: the scaler is initialised; coefficients are static tables
    unsafe {
        ffi::sws_setColorspaceDetails(
            scaler.as_mut_ptr(),
            ffi::sws_getCoefficients(ffi::SWS_CS_DEFAULT),
            1,
            ffi::sws_getCoefficients(ffi::SWS_CS_ITU709),
            0,
            0,
            1 << 16,
            1 << 16,
        );
    }
}

/// Tells players how to turn the pictures of a stream that is about to be written.
pub(super) fn set_display_matrix(stream: &mut ffmpeg::StreamMut<'_>, matrix: &[i32; 9]) {
    // SAFETY: the stream belongs to an open context; the memory given has 36 bytes or is null
    unsafe {
        let kind = ffi::AVPacketSideDataType::DISPLAYMATRIX;
        let data = ffi::av_stream_new_side_data(stream.as_mut_ptr(), kind, 36);
        if !data.is_null() {
            ptr::copy_nonoverlapping(matrix.as_ptr().cast::<u8>(), data, 36);
        }
    }
}

/// A moment after which waiting for a source is given up; `u64::MAX` is never.
struct Deadline {
    since: Instant,
    at_ms: AtomicU64,
}

impl Deadline {
    #[expect(clippy::disallowed_methods, reason = "a limit on waiting for a source; no result depends on it")]
    fn new() -> Deadline {
        Deadline { since: Instant::now(), at_ms: AtomicU64::new(u64::MAX) }
    }

    fn set(&self, wait: Option<Duration>) {
        let at = wait.map_or(u64::MAX, |wait| (self.since.elapsed() + wait).as_millis() as u64);
        self.at_ms.store(at, Ordering::Relaxed);
    }
}

/// Called by FFmpeg while it waits; not 0 ends the wait.
extern "C" fn past_deadline(deadline: *mut c_void) -> c_int {
    // SAFETY: the pointer is to the box in `Demuxer`, which outlives the context that calls; shared access only
    let deadline = unsafe { &*deadline.cast::<Deadline>() };
    let at = deadline.at_ms.load(Ordering::Relaxed);
    c_int::from(at != u64::MAX && deadline.since.elapsed().as_millis() as u64 > at)
}

fn some_time(ts: i64) -> Option<i64> {
    (ts != ffi::AV_NOPTS_VALUE).then_some(ts)
}

fn matrix(bytes: &[u8]) -> Option<[i32; 9]> {
    let mut matrix = [0; 9];
    let numbers = bytes.get(..36)?.chunks_exact(4);
    for (cell, number) in matrix.iter_mut().zip(numbers) {
        *cell = i32::from_ne_bytes(number.try_into().ok()?);
    }
    Some(matrix)
}
