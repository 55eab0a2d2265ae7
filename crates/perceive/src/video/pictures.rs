//! The pictures of a World's videos: [`Pictures`] on files.

use super::{Picture, Video};
use crate::pipeline::sha256_of;
use chronotope_world::{Clock, Known, Pictures, Source, SourceId, SourceKind, Span, Time};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

/// The pictures of the videos that a World was made from, opened when they are first asked for.
///
/// Pictures carry record time. Sources that are no videos, and sources without a clock, have no pictures.
pub struct VideoPictures {
    sources: BTreeMap<SourceId, Source>,
    opened: BTreeMap<SourceId, Opened>,
}

struct Opened {
    video: Video,
    /// Source times of all pictures.
    starts: Vec<Time>,
    /// Record times of all pictures, and of the end of the last.
    record: Vec<Time>,
}

impl VideoPictures {
    /// For these rows of `sources`; nothing is opened yet.
    pub fn new(sources: &[Source]) -> VideoPictures {
        let videos = sources.iter().filter(|source| source.kind == SourceKind::Video);
        VideoPictures {
            sources: videos.map(|source| (source.id, source.clone())).collect(),
            opened: BTreeMap::new(),
        }
    }

    /// Who decodes and resizes, with versions and filter: what moves the pictures that a model is shown.
    pub fn decoder() -> String {
        let [codec, scale] =
            [ffmpeg_the_third::codec::version(), ffmpeg_the_third::software::scaling::version()]
                .map(|version| format!("{}.{}.{}", version >> 16, version >> 8 & 255, version & 255));
        format!("libavcodec {codec}; libswscale {scale}, area where smaller, bicubic where larger")
    }

    /// For one video or picture, as those of source 0 with its own clock; opened at once, with the span from its first picture to the end of its
    /// last.
    ///
    /// # Errors
    /// A file that is no video, in words that name it.
    pub fn of_file(path: &Path) -> Result<(VideoPictures, Span), String> {
        let clock = Clock { offset: Time(0), rate: 1.0, uncertainty_ns: 0 };
        let source = Source {
            id: SourceId(0),
            kind: SourceKind::Video,
            uri: path.to_string_lossy().into_owned(),
            sha256: None,
            record_from_source: Some(clock),
            derived_from: None,
            settings: String::new(),
            known: Known::ALWAYS,
        };
        let mut pictures = VideoPictures::new(std::slice::from_ref(&source));
        let record = &pictures.open(&source, clock)?.record;
        let span = record.first().zip(record.last()).map(|(&first, &last)| Span::between(first, last));
        let span = span.ok_or_else(|| format!("expected pictures, found none: {}", source.uri))?;
        Ok((pictures, span))
    }

    fn open(&mut self, source: &Source, clock: Clock) -> Result<&mut Opened, String> {
        match self.opened.entry(source.id) {
            Entry::Occupied(opened) => Ok(opened.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(Opened::new(source, clock)?)),
        }
    }
}

impl Opened {
    fn new(source: &Source, clock: Clock) -> Result<Opened, String> {
        let path = Path::new(&source.uri);
        if let Some(expected) = &source.sha256
            && path.is_file()
        {
            let found = sha256_of(path).map_err(|error| format!("{error}: {}", source.uri))?;
            if found != *expected {
                return Err(format!("expected SHA-256 {expected}, found {found}: {}", source.uri));
            }
        }
        let mut video = Video::open(&source.uri).map_err(|error| error.to_string())?;
        let starts = video.times().map_err(|error| error.to_string())?;
        let Some((&last, before)) = starts.split_last() else {
            return Err(format!("expected pictures, found none: {}", source.uri));
        };
        // the last picture stays as long as the one before, or as the nominal rate says
        let nominal = video.info().rate_hz.map_or(0, |rate| Time::from_s(1.0 / rate).0);
        let length = before.last().map_or(nominal, |&start| last - start).max(1);
        let record = starts.iter().chain([&last.plus_ns(length)]).map(|&t| record_time(clock, t)).collect();
        Ok(Opened { video, starts, record })
    }
}

impl Pictures for VideoPictures {
    fn pictures_at(
        &mut self,
        source: SourceId,
        times: &[Time],
        longest_px: Option<u32>,
    ) -> Result<Vec<Option<chronotope_world::Picture>>, String> {
        let mut pictures = vec![None; times.len()];
        let Some(source) = self.sources.get(&source).cloned() else { return Ok(pictures) };
        let Some(clock) = source.record_from_source else { return Ok(pictures) };
        let Opened { video, starts, record } = self.open(&source, clock)?;
        let (mut at, mut wanted) = (Vec::new(), Vec::new());
        for (i, &t) in times.iter().enumerate() {
            let before = record.partition_point(|&start| start <= t);
            if (1..record.len()).contains(&before) {
                at.push(i);
                wanted.push(starts[before - 1]);
            }
        }
        let show = |i: usize, picture: &Picture| {
            let mut shown = picture.to_world(longest_px)?;
            shown.t = record_time(clock, shown.t);
            pictures[at[i]] = Some(shown);
            Ok(())
        };
        video.pictures_at(&wanted, show).map_err(|error| error.to_string())?;
        Ok(pictures)
    }
}

/// Record time of a source's time.
fn record_time(clock: Clock, t: Time) -> Time {
    if clock.rate == 1.0 {
        return clock.offset.plus_ns(t.0);
    }
    clock.offset.plus_ns((clock.rate * t.0 as f64).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::video::{Encoder, EncoderSettings};

    fn source(uri: &str, clock: Option<Clock>, sha256: Option<&str>) -> Source {
        Source {
            id: SourceId(0),
            kind: SourceKind::Video,
            uri: uri.to_owned(),
            sha256: sha256.map(str::to_owned),
            record_from_source: clock,
            derived_from: None,
            settings: String::new(),
            known: Known::at(Time(0)),
        }
    }

    #[test]
    fn record_time_chooses_the_picture() {
        let path = std::env::temp_dir().join(format!("chronotope-pictures-{}.mp4", std::process::id()));
        let settings = EncoderSettings { rate: (10, 1), ..EncoderSettings::default() };
        let mut encoder = Encoder::create(&path, 32, 16, settings).unwrap();
        (0..10).for_each(|n| encoder.push_rgb(&vec![25 * n as u8; 32 * 16 * 3]).unwrap());
        encoder.finish().unwrap();
        let clock = Clock { offset: Time::from_s(5.0), rate: 1.0, uncertainty_ns: 0 };
        let mut pictures = VideoPictures::new(&[source(path.to_str().unwrap(), Some(clock), None)]);
        let times = [5.35, 4.9, 5.999, 6.0, 5.0, 5.3].map(Time::from_s);
        let found = pictures.pictures_at(SourceId(0), &times, Some(16)).unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|picture| picture.as_ref().map(|p| (p.frame_index, p.t.as_s(), p.width, p.height)))
            .collect();
        let shown = |n, t| Some((n, t, 16, 8));
        assert_eq!(found, [shown(3, 5.3), None, shown(9, 5.9), None, shown(0, 5.0), shown(3, 5.3)]);

        let mut other = VideoPictures::new(&[source(path.to_str().unwrap(), Some(clock), Some("00"))]);
        let error = other.pictures_at(SourceId(0), &times, None).unwrap_err();
        assert!(error.contains("SHA-256"), "{error}");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn no_clock_no_pictures() {
        let mut pictures = VideoPictures::new(&[source("nowhere.mp4", None, None)]);
        assert_eq!(pictures.pictures_at(SourceId(0), &[Time(0)], None).unwrap(), [None]);
        assert_eq!(pictures.pictures_at(SourceId(7), &[Time(0)], None).unwrap(), [None]);
        let mut gone = VideoPictures::new(&[source("nowhere.mp4", Some(Clock::SAME), None)]);
        assert!(gone.pictures_at(SourceId(0), &[Time(0)], None).unwrap_err().contains("nowhere.mp4"));
    }
}
