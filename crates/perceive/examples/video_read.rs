//! Reads a video as a peer would be asked to, and prints what it took.
//!
//! `cargo run --release -p chronotope-perceive --features video --example video_read -- MODE VIDEO [THREADS]`, where MODE
//! is `info`, `list`, `raw` (RGB to standard output), `decode`, `rgb`, `gray`, `seek` (32 times at once), `uniform` (64 pictures at 448×448) or `verify`
//! (pictures asked for in any order, and reading on from any picture, are those of decoding everything).

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]

use chronotope_perceive::video::{Picture, Settings, Size, Video};
use chronotope_world::Time;
use std::collections::hash_map::DefaultHasher;
use std::error::Error;
use std::hash::{Hash, Hasher};
use std::io::Write;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, input, rest @ ..] = arguments.as_slice() else {
        return Err("usage: video_read MODE VIDEO [THREADS]".into());
    };
    let threads = rest.first().map_or(Ok(1), |text| text.parse())?;
    #[expect(clippy::disallowed_methods, reason = "this program measures time")]
    let start = std::time::Instant::now();
    let mut video = Video::open_with(input, Settings { threads, ..Settings::default() })?;
    let mut hash = DefaultHasher::new();
    let mut n = 0u32;
    match mode.as_str() {
        "info" => println!("{:#?}", video.info()),
        "list" => {
            for picture in video.pictures() {
                let picture = picture?;
                let mut own = DefaultHasher::new();
                picture.rgb(Size::Source)?.hash(&mut own);
                println!("{} {} {:016x}", picture.frame_index(), picture.t(), own.finish());
            }
        }
        "raw" => {
            let mut out = std::io::stdout().lock();
            for picture in video.pictures() {
                out.write_all(&picture?.rgb(Size::Source)?.data)?;
            }
        }
        "decode" => {
            for picture in video.pictures() {
                picture?;
                n += 1;
            }
        }
        "rgb" | "gray" => {
            for picture in video.pictures() {
                let picture = picture?;
                let image =
                    if mode == "rgb" { picture.rgb(Size::Source)? } else { picture.gray(Size::Source)? };
                std::hint::black_box(image);
                n += 1;
            }
        }
        "seek" => {
            // 32 times spread without pattern over the whole, in no order
            let n_ns = video.info().duration_ns.ok_or("no duration")? as u64;
            let times: Vec<Time> =
                (0..32u64).map(|i| Time((i * 2_654_435_761 % 1009 * n_ns / 1009) as i64)).collect();
            video.pictures_at(&times, |i, picture| {
                let image = picture.rgb(Size::Source)?;
                (i, image).hash(&mut hash);
                n += 1;
                Ok(())
            })?;
        }
        "uniform" => {
            let n_pictures = video.times()?.len() as u32;
            let indices: Vec<u32> = (0..64).map(|i| (n_pictures - 1) * i / 63).collect();
            video.pictures_at_indices(&indices, |i, picture| {
                let image = picture.rgb(Size::Exact(448, 448))?;
                (i, image).hash(&mut hash);
                n += 1;
                Ok(())
            })?;
        }
        "verify" => n = verify(&mut video)?,
        _ => return Err(format!("no mode `{mode}`").into()),
    }
    for fault in video.faults().as_slice() {
        eprintln!("{fault}");
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    eprintln!("{n} pictures, {:016x}, {:.3} s, {peak}", hash.finish(), start.elapsed().as_secs_f64());
    Ok(())
}

/// Compares every way of reading; gives the number of pictures compared.
fn verify(video: &mut Video) -> Result<u32, Box<dyn Error>> {
    let hash = |picture: &Picture| -> Result<u64, chronotope_perceive::Error> {
        let mut hash = DefaultHasher::new();
        (picture.t(), picture.frame_index(), picture.rgb(Size::Source)?).hash(&mut hash);
        Ok(hash.finish())
    };
    let mut all = Vec::new();
    for picture in video.pictures() {
        let picture = picture?;
        all.push((picture.frame_index(), picture.t(), hash(&picture)?));
    }
    let mut n = all.len() as u32;
    let intact = video.faults().is_empty();
    let mut random = 1u64;
    let mut draw = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    for round in 0..40 {
        let chosen: Vec<usize> = (0..=round % 7 * (1 + round / 20)).map(|_| draw(all.len())).collect();
        let compare = |i: usize, picture: &Picture, what: &str| {
            let expected = all[chosen[i]];
            let found = (picture.frame_index(), picture.t(), hash(picture)?);
            assert_eq!(found, expected, "{what}, {i} of {chosen:?}");
            n += 1;
            Ok(())
        };
        let indices: Vec<u32> = chosen.iter().map(|&at| all[at].0).collect();
        let mut compare = compare;
        video.pictures_at_indices(&indices, |i, picture| compare(i, picture, "by number"))?;
        let times: Vec<Time> = chosen.iter().map(|&at| all[at].1.plus_ns(draw(1000) as i64)).collect();
        video.pictures_at(&times, |i, picture| compare(i, picture, "by time"))?;
        if !intact {
            continue;
        }
        let from = chosen[0];
        video.start_at(all[from].1)?;
        for expected in all.iter().skip(from).take(20) {
            let picture = video.next_picture()?.ok_or("ended early")?;
            assert_eq!((picture.frame_index(), picture.t(), hash(&picture)?), *expected, "from {from} on");
            n += 1;
        }
    }
    Ok(n)
}
