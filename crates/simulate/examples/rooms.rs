//! Draws furnished rooms from a walker's eyes and from above: `cargo run --release -p chronotope-simulate --example rooms -- OUT 7 480 360`.

use chronotope_simulate::Stream;
use chronotope_simulate::path::{CameraPath, WalkSettings, walk};
use chronotope_simulate::render::{Layers, Renderer};
use chronotope_simulate::scene::{RoomSettings, rooms};
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = PathBuf::from(arguments.next().unwrap_or_else(|| "out".into()));
    let seed: u64 = arguments.next().unwrap_or_else(|| "7".into()).parse()?;
    let width: u32 = arguments.next().unwrap_or_else(|| "480".into()).parse()?;
    let height: u32 = arguments.next().unwrap_or_else(|| "360".into()).parse()?;
    std::fs::create_dir_all(&out)?;
    let mut stream = Stream::of_item("rooms", "example", seed, 0);
    let n = 1 + (seed % 3) as usize;
    let settings =
        RoomSettings { rooms: n, objects: 22 * n, area_m2: 18.0 * n as f64, ..RoomSettings::default() };
    let scene = rooms(&mut stream, &settings)?;
    let size_px = [width, height];
    let path = walk(&mut stream, &scene, &WalkSettings { size_px, ..WalkSettings::default() })?;
    let renderer = Renderer::new(&scene, 1);
    for second in [4, 16, 28, 40] {
        let frame = renderer.picture(&path, second * 1_000_000_000, Layers::COLOUR);
        image::save_buffer(
            out.join(format!("room_{seed}_{second}.png")),
            &frame.rgb,
            width,
            height,
            image::ColorType::Rgb8,
        )?;
    }
    let top = CameraPath::top(size_px, &scene, 0);
    let frame = renderer.picture(&top, 0, Layers::COLOUR);
    image::save_buffer(
        out.join(format!("room_{seed}_top.png")),
        &frame.rgb,
        width,
        height,
        image::ColorType::Rgb8,
    )?;
    Ok(())
}
