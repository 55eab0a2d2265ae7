//! Reads a video as a peer would be asked to, and prints what it took.
//!
//! `cargo run --release -p chronotope-perceive --features video --example video_read -- MODE VIDEO [THREADS]`, where MODE
//! is `info`, `list`, `decode`, `rgb`, `gray`, `seek` (32 times at once) or `uniform` (64 pictures at 448×448).

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]

use chronotope_perceive::video::{Settings, Size, Video};
use chronotope_world::Time;
use std::collections::hash_map::DefaultHasher;
use std::error::Error;
use std::hash::{Hash, Hasher};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, input, rest @ ..] = arguments.as_slice() else {
        return Err("usage: video_read MODE VIDEO [THREADS]".into());
    };
    let threads = rest.first().map_or(Ok(0), |text| text.parse())?;
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
