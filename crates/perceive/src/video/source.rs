//! What a video is read from: a file, a pipe or an address; and what to say when that fails.

use super::spool::{self, Kept, Spool};
use crate::Error;
use ffmpeg_the_third as ffmpeg;
use std::io;
use std::sync::Arc;

/// Containers that are opened. Playlists and lists of files are not among them: a file must not make us read others.
const CONTAINERS: &str = "mov,mp4,matroska,webm,mpegts,mpeg,avi,flv,live_flv,asf,ogg,gif,apng,ivf,h264,hevc,av1,obu,\
    m4v,mpegvideo,mjpeg,h263,vc1,yuv4mpegpipe,nut,mxf,rm,dv,wtv,gxf,nsv,swf,vob,\
    wav,mp3,flac,aac,aiff,ac3,eac3,amr,w64,au,caf";
/// Added for addresses.
const LIVE_CONTAINERS: &str = "hls,applehttp,rtsp,sdp,rtp";
/// Protocols of addresses, and those that these use.
const LIVE_PROTOCOLS: &str = "http,https,httpproxy,tcp,tls,udp,rtp,srtp,rtsp,rtmp,srt,crypto,data";
/// What an address may begin with.
const SCHEMES: [&str; 10] = [
    "http://", "https://", "rtsp://", "rtsps://", "rtmp://", "rtp://", "udp://", "tcp://", "tls://", "srt://",
];

/// A place that pictures come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    File(String),
    /// Read once, forwards.
    Pipe(Arc<io::PipeReader>),
    Address(String),
    /// A pipe or an address, copied.
    Kept(Arc<Kept>),
}

impl Source {
    /// `-` is standard input, `scheme://…` an address, everything else a path. Of a pipe the beginning is read.
    pub(super) fn parse(input: &str, spool: &mut Option<Spool<'_>>) -> Result<Source, Error> {
        if input == "-" {
            return spool::looked_at(input, spool.take());
        }
        let lower = input.to_ascii_lowercase();
        if SCHEMES.iter().any(|scheme| lower.starts_with(scheme)) {
            return Ok(Source::Address(input.to_owned()));
        }
        check_file(input)?;
        if is_pipe(input) {
            spool::looked_at(input, spool.take())
        } else {
            Ok(Source::File(input.to_owned()))
        }
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self, Source::Address(_))
    }

    /// As FFmpeg wants it: a path is never read as a protocol.
    pub(super) fn address(&self) -> String {
        match self {
            Source::File(path) => format!("file:{path}"),
            Source::Pipe(pipe) => spool::address_of(pipe),
            Source::Address(address) => address.clone(),
            Source::Kept(kept) => format!("file:{}", kept.path().display()),
        }
    }

    /// Which containers and protocols may be used.
    pub(super) fn options(&self) -> Vec<(&'static str, String)> {
        let (containers, protocols) = match self {
            Source::File(_) | Source::Kept(_) => (CONTAINERS.to_owned(), "file"),
            Source::Pipe(_) => (CONTAINERS.to_owned(), "pipe"),
            Source::Address(_) => (format!("{CONTAINERS},{LIVE_CONTAINERS}"), LIVE_PROTOCOLS),
        };
        vec![
            ("format_whitelist", containers),
            ("protocol_whitelist", protocols.to_owned()),
            // RTSP over UDP loses packets silently
            ("rtsp_transport", "tcp".to_owned()),
        ]
    }

    /// The error for a source that FFmpeg cannot open.
    pub(super) fn cannot_open(&self, input: &str, error: ffmpeg::Error) -> Error {
        let found = match error {
            ffmpeg::Error::InvalidData => "no video (something else, or truncated, or broken)".to_owned(),
            // a container that is not on the list
            ffmpeg::Error::Other { errno } if kind(errno) == io::ErrorKind::InvalidInput => {
                "no video (something else)".to_owned()
            }
            ffmpeg::Error::Eof => "nothing to read".to_owned(),
            ffmpeg::Error::Exit => "no answer in time".to_owned(),
            error => describe(error),
        };
        let expected = match self {
            Source::Address(_) => "an address that gives video",
            _ => EXPECTED,
        };
        Error::Open { expected, found, input: input.to_owned() }
    }
}

fn check_file(input: &str) -> Result<(), Error> {
    let refuse = |found: String| Err(Error::Open { expected: EXPECTED, found, input: input.to_owned() });
    if input.contains("://") {
        return refuse(format!("an address that is none of {}", SCHEMES.join(", ")));
    }
    match std::fs::metadata(input) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => refuse("no such file".to_owned()),
        Err(error) => refuse(error.to_string()),
        Ok(facts) if facts.is_dir() => refuse("a folder".to_owned()),
        Ok(facts) if facts.is_file() && facts.len() == 0 => refuse("an empty file".to_owned()),
        Ok(_) => Ok(()),
    }
}

/// A named pipe is read like standard input.
#[cfg(unix)]
fn is_pipe(path: &str) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::metadata(path).is_ok_and(|facts| facts.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &str) -> bool {
    false
}

pub(super) const EXPECTED: &str = "a video file";

fn kind(errno: i32) -> io::ErrorKind {
    io::Error::from_raw_os_error(errno).kind()
}

/// What FFmpeg says, in its words or the system's.
pub(super) fn describe(error: ffmpeg::Error) -> String {
    match error {
        ffmpeg::Error::Other { errno } => io::Error::from_raw_os_error(errno).to_string(),
        error => error.to_string(),
    }
}
