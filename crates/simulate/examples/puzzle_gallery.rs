//! Draws one puzzle of every kind onto a sheet: `cargo run -p chronotope-simulate --example puzzle_gallery -- OUT.ppm [SIDE]`.
#![expect(clippy::print_stderr, reason = "an example says how to call it")]

use std::io::Write as _;

use chronotope_simulate::Stream;
use chronotope_simulate::puzzle::{self, Puzzle as _};
use chronotope_world::Picture;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let Some(out) = arguments.next() else {
        eprintln!("usage: puzzle_gallery OUT.ppm [SIDE]");
        return Ok(());
    };
    let side: u32 = arguments.next().and_then(|side| side.parse().ok()).unwrap_or(256);
    let pictures = pictures(side)?;
    let columns = 6u32.min(pictures.len() as u32);
    let rows = (pictures.len() as u32).div_ceil(columns);
    let gap = side / 16;
    let (width, height) = (columns * (side + gap) + gap, rows * (side + gap) + gap);
    let mut sheet = vec![232u8; (width * height * 3) as usize];
    for (at, picture) in (0u32..).zip(&pictures) {
        let left = gap + at % columns * (side + gap) + (side - picture.width.min(side)) / 2;
        let top = gap + at / columns * (side + gap) + (side - picture.height.min(side)) / 2;
        for y in 0..picture.height.min(side) {
            let from = (y * picture.width * 3) as usize;
            let to = (((top + y) * width + left) * 3) as usize;
            let row = (picture.width.min(side) * 3) as usize;
            sheet[to..to + row].copy_from_slice(&picture.rgb[from..from + row]);
        }
    }
    let mut file = std::fs::File::create(out)?;
    write!(file, "P6\n{width} {height}\n255\n")?;
    file.write_all(&sheet)?;
    Ok(())
}

fn pictures(side: u32) -> Result<Vec<Picture>, chronotope_simulate::Error> {
    let stream = |name: &str| Stream::of_item(name, "gallery", 1, 0);
    let mut all = Vec::new();
    let settings = puzzle::MazeSettings { size: 15, ..Default::default() };
    all.push(puzzle::Maze::generate(&mut stream("maze"), &settings)?.draw(side));
    all.push(puzzle::Maze::open(&mut stream("open-maze"), &puzzle::OpenMazeSettings::default())?.draw(side));
    Ok(all)
}
