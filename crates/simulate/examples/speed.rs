//! Draws one furnished room many times, for `time`: `cargo run --release -p chronotope-simulate --example speed -- 640 480 all 100`.
//! Layers: `all`, `colour`, `truth` (masks, depth, visibility), `ids` (masks and depth), `scenes` (no pictures: new rooms).

use chronotope_simulate::Stream;
use chronotope_simulate::path::{WalkSettings, walk};
use chronotope_simulate::render::{Layers, Renderer};
use chronotope_simulate::scene::{RoomSettings, rooms};
use std::error::Error;
use std::io::Write;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [width, height, kind, n] = &words[..] else { return Err("WIDTH HEIGHT LAYERS N".into()) };
    let size_px = [width.parse()?, height.parse()?];
    let n: i64 = n.parse()?;
    let mut stream = Stream::of_item("rooms", "speed", 1, 0);
    let scene = rooms(&mut stream, &RoomSettings::default())?;
    let path = walk(&mut stream, &scene, &WalkSettings { size_px, ..WalkSettings::default() })?;
    let renderer = Renderer::new(&scene, 1);
    let layers = match kind.as_str() {
        "all" => Layers::all(100_000_000),
        "colour" => Layers::COLOUR,
        "truth" => Layers::TRUTH,
        "ids" => Layers { depth: true, mask: true, ..Layers::default() },
        "scenes" => {
            let mut things = 0;
            for i in 0..n as u64 {
                let mut stream = Stream::of_item("rooms", "speed", 2, i);
                things += rooms(&mut stream, &RoomSettings::default())?.things.len();
            }
            writeln!(std::io::stdout(), "{n} scenes, {things} things")?;
            return Ok(());
        }
        _ => return Err("no such layers".into()),
    };
    let mut sum = 0_u64;
    for i in 0..n {
        let frame = renderer.picture(&path, i * 60_000_000_000 / n, layers);
        sum += frame.rgb.iter().map(|&v| u64::from(v)).sum::<u64>()
            + frame.mask.iter().map(|&v| u64::from(v)).sum::<u64>();
    }
    writeln!(std::io::stdout(), "{n} pictures, {} triangles, sum {sum}", renderer.triangles())?;
    Ok(())
}
