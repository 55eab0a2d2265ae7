//! Many pictures at once: read in one pass, decoded only where they are.

use super::decode::{Known, State, Video};
use super::ffmpeg as native;
use super::index::PictureIndex;
use super::order::Order;
use super::picture::{Image, Picture, Pixels, Size};
use super::sample::SceneScore;
use crate::Error;
use chronotope_world::Time;
use ffmpeg::codec::decoder::Check;
use ffmpeg_the_third::{self as ffmpeg, Discard, Packet, frame};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Longer side at which pictures are scored for changes of scene.
const SCORED_SIDE_PX: u32 = 160;

/// Packets that are read past rather than sought: reading one costs far less than a seek and the decoding after it.
const MAX_READ_PAST: u32 = 250;

impl Video {
    /// Presentation times of all pictures, in order.
    ///
    /// Reads the file once, without decoding where each packet is a picture; pictures that will turn out to be lost are
    /// included then. The reading position goes back to the start.
    ///
    /// # Errors
    /// As [`Video::rewind`], after something was read.
    pub fn times(&mut self) -> Result<Vec<Time>, Error> {
        if let Some(index) = self.index()? {
            let mut clock = self.clock.clone();
            return Ok(index.pts().map(|pts| clock.time(pts)).collect());
        }
        self.rewind()?;
        let mut times = Vec::new();
        while let Some(picture) = self.next_picture()? {
            times.push(picture.t());
        }
        self.rewind()?;
        Ok(times)
    }

    /// How much each picture differs from the one before, 0 to 1, one for each of [`Video::times`]: what
    /// [`SceneChange`](super::sample::SceneChange) chooses by. Decodes the whole video once; lost pictures differ by 0. The
    /// reading position goes back to the start.
    ///
    /// # Errors
    /// As [`Video::rewind`], after something was read.
    pub fn changes(&mut self) -> Result<Vec<f64>, Error> {
        let n_pictures = self.times()?.len();
        let (mut score, mut changes) = (SceneScore::default(), vec![0.0; n_pictures]);
        self.rewind()?;
        while let Some(picture) = self.next_picture()? {
            let image = picture.rgb(Size::Within(SCORED_SIDE_PX, SCORED_SIDE_PX))?;
            if let Some(change) = changes.get_mut(picture.frame_index() as usize) {
                *change = score.push(&image.data);
            }
        }
        self.rewind()?;
        Ok(changes)
    }

    /// The pictures on display at these times, in any order, repeats allowed: `visit(i, picture)` is called once for
    /// each time `times[i]`, in the order of the pictures.
    ///
    /// On display is the last picture that starts at or before the time. Before the first picture it is the first, after
    /// the end the last. A picture that cannot be decoded does not count: the one before it stays on display.
    ///
    /// One pass (damaged stretches apart, which are read again from the start): the file's packets are looked through once (kept for the next call), then only what the pictures need
    /// is decoded, from the key picture before each. The result is that of decoding everything. The reading position
    /// goes back to the start, except on a source that cannot be read again: there reading goes on from where it was,
    /// and times before that get the first picture from there.
    ///
    /// # Errors
    /// What `visit` returns; [`Error::Broken`] from a live source; [`Error::Picture`] where there are no pictures.
    pub fn pictures_at(
        &mut self,
        times: &[Time],
        mut visit: impl FnMut(usize, &Picture) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(index) = self.index()? else {
            return self.read_through_at(&(0..times.len()).map(|i| (times[i], i)).collect::<Vec<_>>(), visit);
        };
        let mut clock = self.clock.clone();
        let starts: Vec<Time> = index.pts().map(|pts| clock.time(pts)).collect();
        let mut wanted: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (i, &t) in times.iter().enumerate() {
            let number = starts.partition_point(|&start| start <= t).saturating_sub(1);
            wanted.entry(number as u32).or_default().push(i);
        }
        let left = self.read_planned(&index, wanted, &mut visit)?;
        let left: Vec<_> = left.into_values().flatten().map(|i| (times[i], i)).collect();
        if left.is_empty() { Ok(()) } else { self.read_through_at(&left, visit) }
    }

    /// The pictures with these numbers, in any order, repeats allowed; otherwise as [`Video::pictures_at`].
    ///
    /// # Errors
    /// [`Error::Picture`] for a number beyond the last picture, and for a picture that cannot be decoded.
    pub fn pictures_at_indices(
        &mut self,
        indices: &[u32],
        mut visit: impl FnMut(usize, &Picture) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut wanted: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (i, &number) in indices.iter().enumerate() {
            wanted.entry(number).or_default().push(i);
        }
        if let Some(index) = self.index()? {
            if let Some((&last, _)) = wanted.last_key_value()
                && last >= index.n_pictures()
            {
                return Err(self.no_picture(last, format!("{} pictures", index.n_pictures())));
            }
            wanted = self.read_planned(&index, wanted, &mut visit)?;
        }
        if wanted.is_empty() {
            return Ok(());
        }
        self.rewind_if_possible()?;
        while let Some(picture) = self.next_picture()? {
            if let Some(requests) = wanted.remove(&picture.frame_index()) {
                requests.into_iter().try_for_each(|i| visit(i, &picture))?;
                if wanted.is_empty() {
                    return self.rewind_if_possible();
                }
            }
        }
        let n_pictures = self.order.next_index();
        self.rewind_if_possible()?;
        match wanted.first_key_value() {
            Some((&number, _)) if number < n_pictures => {
                Err(self.no_picture(number, "one that cannot be decoded or was read already".to_owned()))
            }
            Some((&number, _)) => Err(self.no_picture(number, format!("{n_pictures} pictures"))),
            None => Ok(()),
        }
    }

    /// The pictures on display at these times as images, in the order asked; all are in memory at once.
    ///
    /// See [`Video::pictures_at`].
    pub fn images_at(&mut self, times: &[Time], pixels: Pixels, size: Size) -> Result<Vec<Image>, Error> {
        let mut images: Vec<Option<Image>> = vec![None; times.len()];
        self.pictures_at(times, |i, picture| {
            images[i] = Some(picture.image(pixels, size)?);
            Ok(())
        })?;
        // `pictures_at` visits every time or fails
        Ok(images.into_iter().flatten().collect())
    }

    /// Makes the picture on display at this time the next one; see [`Video::pictures_at`] for which that is.
    ///
    /// Where only reading from the start numbers pictures rightly, all before are decoded and dropped. Parts that the
    /// decoder makes up in a damaged stretch may differ from those of decoding everything.
    ///
    /// # Errors
    /// As [`Video::rewind`].
    pub fn start_at(&mut self, t: Time) -> Result<(), Error> {
        let Some(index) = self.index()? else {
            let number = self.times()?.partition_point(|&start| start <= t).saturating_sub(1);
            self.skip_before = number as u32;
            return Ok(());
        };
        let mut clock = self.clock.clone();
        let number = index.pts().take_while(|&pts| clock.time(pts) <= t).count().saturating_sub(1) as u32;
        self.rewind()?;
        let Some((from, _)) = index.packets_for(number).filter(|&(from, _)| from > 0) else {
            self.skip_before = number;
            return Ok(());
        };
        let mut reader = Reader { next: 0, index: &index };
        let key = index.packet_pts(from).and_then(|pts| Some((pts, index.number(pts)?)));
        if let (Some((pts, key_number)), Some(packet)) = (key, reader.go_to(self, from)?) {
            self.restart(Order::from_key(self.clock.clone(), pts, key_number), number);
            self.waiting = Some(packet);
        } else {
            self.state = State::Away;
            self.rewind()?;
            self.skip_before = number;
        }
        Ok(())
    }

    /// The index, read when it is first needed. None where pictures can only be numbered by reading from the start.
    fn index(&mut self) -> Result<Option<Arc<PictureIndex>>, Error> {
        match &self.index {
            Known::Index(index) => return Ok(Some(index.clone())),
            Known::Never => return Ok(None),
            Known::NotYet => {}
        }
        self.index = Known::Never;
        if !self.ranked || !self.info().seekable || self.source.is_live() {
            return Ok(None);
        }
        self.rewind()?;
        let index = PictureIndex::read(&mut self.demuxer, self.stream).map(Arc::new);
        self.state = State::Away;
        if let Some(index) = &index {
            self.index = Known::Index(index.clone());
        }
        Ok(index)
    }

    /// Reads the wanted pictures (number → requests) by the index; gives back those that did not come.
    fn read_planned(
        &mut self,
        index: &PictureIndex,
        mut wanted: BTreeMap<u32, Vec<usize>>,
        visit: &mut impl FnMut(usize, &Picture) -> Result<(), Error>,
    ) -> Result<BTreeMap<u32, Vec<usize>>, Error> {
        self.restart(Order::new(self.clock.clone(), true), 0);
        // damage ends a stretch: what a decoder makes up may depend on what it decoded before
        self.decoder.check(Check::EXPLODE);
        let read = self.read_ranges(index, &mut wanted, visit);
        self.decoder.check(Check::empty());
        self.decoder.skip_frame(Discard::Default);
        self.decoder.flush();
        self.state = State::Away;
        read.map(|()| wanted)
    }

    fn read_ranges(
        &mut self,
        index: &PictureIndex,
        wanted: &mut BTreeMap<u32, Vec<usize>>,
        visit: &mut impl FnMut(usize, &Picture) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let skip = can_skip(&self.info().codec);
        let mut reader = Reader { next: u32::MAX, index };
        for (from, to) in ranges(index, wanted.keys().copied()) {
            let Some(mut packet) = reader.go_to(self, from)? else { break };
            self.decoder.flush();
            let mut intact = true;
            for at in from..=to {
                if at > from {
                    match reader.read(self)? {
                        Some(next) => packet = next,
                        None => break,
                    }
                }
                let is_wanted =
                    packet.pts().and_then(|pts| index.number(pts)).is_some_and(|n| wanted.contains_key(&n));
                let discard = if skip && !is_wanted { Discard::NonReference } else { Discard::Default };
                self.decoder.skip_frame(discard);
                // what is not taken here is looked for by reading from the start
                intact = self.decoder.send_packet(&packet).is_ok() && self.take(index, wanted, visit)?;
                if !intact {
                    break;
                }
            }
            if intact && self.decoder.send_eof().is_ok() {
                self.take(index, wanted, visit)?;
            }
        }
        Ok(())
    }

    /// Takes what the decoder has ready and hands on what is wanted. No where it found damage.
    fn take(
        &mut self,
        index: &PictureIndex,
        wanted: &mut BTreeMap<u32, Vec<usize>>,
        visit: &mut impl FnMut(usize, &Picture) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        loop {
            let mut decoded = frame::Video::empty();
            match self.decoder.receive_frame(&mut decoded) {
                Ok(()) if decoded.is_corrupt() || native::is_concealed(&decoded) => return Ok(false),
                Ok(()) => {}
                Err(ffmpeg::Error::Eof) => return Ok(true),
                Err(error) if native::asks_for_more(error) => return Ok(true),
                Err(_) => return Ok(false),
            }
            let Some(pts) = decoded.timestamp() else { continue };
            let Some(number) = index.number(pts) else { continue };
            let Some(requests) = wanted.remove(&number) else { continue };
            let t = self.clock.clone().time(pts);
            if let Some(picture) = self.show_as(decoded, t, number) {
                requests.into_iter().try_for_each(|i| visit(i, &picture))?;
            } else {
                wanted.insert(number, requests);
            }
        }
    }

    /// Reads from the start (or from where an unrepeatable source stands) and visits what is on display.
    fn read_through_at(
        &mut self,
        requests: &[(Time, usize)],
        mut visit: impl FnMut(usize, &Picture) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut requests = requests.to_vec();
        requests.sort_unstable();
        self.rewind_if_possible()?;
        let (mut requests, mut on_display) = (requests.into_iter().peekable(), None::<Picture>);
        while requests.peek().is_some() {
            let next = self.next_picture()?;
            let until = next.as_ref().map_or(Time::MAX, Picture::t);
            if let Some(picture) = &on_display {
                while let Some((_, i)) = requests.next_if(|&(t, _)| t < until || next.is_none()) {
                    visit(i, picture)?;
                }
            }
            match next {
                Some(picture) => on_display = Some(picture),
                None if on_display.is_none() => return Err(self.no_picture(0, "none".to_owned())),
                None => break,
            }
        }
        self.rewind_if_possible()
    }

    fn rewind_if_possible(&mut self) -> Result<(), Error> {
        if self.info().seekable { self.rewind() } else { Ok(()) }
    }

    fn no_picture(&self, frame_index: u32, found: String) -> Error {
        Error::Picture { frame_index, expected: "a picture", found, input: self.input.to_string() }
    }
}

/// Where a demuxer stands among the packets of an index.
struct Reader<'a> {
    /// Place of the next packet; `u32::MAX` where not known.
    next: u32,
    index: &'a PictureIndex,
}

impl Reader<'_> {
    /// Reads on or seeks to this packet and returns it; none where the file no longer is as the index says.
    fn go_to(&mut self, video: &mut Video, at: u32) -> Result<Option<Packet>, Error> {
        if self.next > at || at - self.next > MAX_READ_PAST {
            if let Some(packet) = self.seek(video, at) {
                return Ok(Some(packet));
            }
            video.reopen()?;
            self.next = 0;
        }
        while self.next < at {
            if self.read(video)?.is_none() {
                return Ok(None);
            }
        }
        self.read(video)
    }

    /// Seeks and reads on to this packet; none where the demuxer did not come out before it.
    fn seek(&mut self, video: &mut Video, at: u32) -> Option<Packet> {
        video.demuxer.seek(video.stream, self.index.packet_dts(at)).ok()?;
        let mut packet = next_packet(video)?;
        // a timestamp is unique among the packets, so it says where the demuxer came out
        self.next = self.index.find_packet(packet.pts()?, 0, at + 1)?;
        while self.next < at {
            self.next += 1;
            packet = next_packet(video)?;
            if packet.pts() != self.index.packet_pts(self.next) {
                return None;
            }
        }
        self.next += 1;
        Some(packet)
    }

    /// The next packet; none where it is not the one that the index names.
    fn read(&mut self, video: &mut Video) -> Result<Option<Packet>, Error> {
        let packet = next_packet(video).filter(|packet| packet.pts() == self.index.packet_pts(self.next));
        self.next = if packet.is_some() { self.next + 1 } else { u32::MAX };
        Ok(packet)
    }
}

fn next_packet(video: &mut Video) -> Option<Packet> {
    loop {
        // an error here ends the plan: what is missing is read from the start
        let packet = video.demuxer.read().ok()??;
        if packet.stream() == video.stream && packet.size() > 0 {
            return Some(packet);
        }
    }
}

/// The stretches of packets to decode for these pictures, in order, those that meet joined.
fn ranges(index: &PictureIndex, wanted: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut single: Vec<(u32, u32)> = wanted.filter_map(|number| index.packets_for(number)).collect();
    single.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::new();
    for (from, to) in single {
        match joined.last_mut() {
            Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// Codecs whose decoders can leave out a picture that no other refers to without changing the others.
fn can_skip(codec: &str) -> bool {
    matches!(codec, "h264" | "hevc")
}
