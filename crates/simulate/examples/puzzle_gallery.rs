//! Draws one puzzle of every kind onto a sheet: `cargo run -p chronotope-simulate --example puzzle_gallery -- OUT.ppm [SIDE]`.
#![expect(clippy::print_stderr, reason = "an example says how to call it")]

use std::io::Write as _;

use chronotope_simulate::Stream;
use chronotope_simulate::canvas::FilmSettings;
use chronotope_simulate::puzzle::grid_world::Layout;
use chronotope_simulate::puzzle::latent::{self, Demo, DemoSettings, Latent, Shown};
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
    all.push(
        puzzle::Trapfield::generate(&mut stream("trapfield"), &puzzle::TrapfieldSettings::default())?
            .draw(side),
    );
    all.push(
        puzzle::Trapfield::generate(&mut stream("lake"), &puzzle::TrapfieldSettings::default())?
            .draw_lake(side),
    );
    let settings = puzzle::SokobanSettings { boxes: 2, ..Default::default() };
    all.push(puzzle::Sokoban::generate(&mut stream("sokoban"), &settings)?.draw(side));
    all.push(
        puzzle::Sliding::generate(&mut stream("sliding"), &puzzle::SlidingSettings { side: 4, moves: 14 })?
            .draw(side),
    );
    all.push(
        puzzle::RushHour::generate(
            &mut stream("rush"),
            &puzzle::RushHourSettings { vehicles: 11, min_moves: 6, max_moves: 50 },
        )?
        .draw(side),
    );
    all.push(puzzle::Sudoku::generate(&mut stream("sudoku"), &puzzle::SudokuSettings::default())?.draw(side));
    all.push(
        puzzle::Hanoi::generate(
            &mut stream("hanoi"),
            &puzzle::HanoiSettings { discs: 6, pegs: 3, from_tower: false },
        )?
        .draw(side),
    );
    all.push(
        puzzle::KnightSwap::generate(&mut stream("knights"), &puzzle::KnightSwapSettings::default())?
            .draw(side),
    );
    all.push(puzzle::Roads::generate(&mut stream("roads"), &puzzle::RoadsSettings::default())?.draw(side));
    all.push(
        puzzle::SpaceMaze::generate(&mut stream("space-maze"), &puzzle::SpaceMazeSettings::default())?
            .draw(side),
    );
    all.push(
        puzzle::Net::generate(&mut stream("net"), &puzzle::NetSettings { folds: Some(true) })?
            .draw_marked(&["1", "2", "3", "4", "5", "6"], side),
    );
    let punch = puzzle::PunchSettings { folds: 3, holes: 2, diagonal: true };
    all.push(puzzle::Punch::generate(&mut stream("punch"), &punch)?.draw(side));
    for layout in [Layout::DoorKey, Layout::FourRooms] {
        let settings = puzzle::GridWorldSettings { layout, size: 9, things: 2 };
        all.push(puzzle::GridWorld::generate(&mut stream("grid"), &settings)?.draw(side));
    }
    let clip = puzzle::DiscsSettings { side_px: side, ..Default::default() };
    all.push(puzzle::Discs::generate(&mut stream("discs"), &clip)?.picture(0));
    let noise = puzzle::NoiseSettings { side_px: side, ..Default::default() };
    all.push(puzzle::Noise::generate(&mut stream("noise"), &puzzle::Hidden::Star, &noise)?.picture(0));
    demo::<latent::Number>(&mut all, side)?;
    demo::<latent::Circle>(&mut all, side)?;
    demo::<latent::Cups>(&mut all, side)?;
    demo::<latent::Cards>(&mut all, side)?;
    demo::<latent::Chips>(&mut all, side)?;
    demo::<latent::Files>(&mut all, side)?;
    Ok(all)
}

/// The first picture of a demonstration, and one in the middle.
fn demo<S: Latent>(all: &mut Vec<Picture>, side: u32) -> Result<(), chronotope_simulate::Error> {
    let mut stream = Stream::of_item(S::NAME, "gallery", 1, 0);
    let size = if matches!(S::NAME, "number" | "circle" | "cup") { 3 } else { 2 };
    let demo = Demo::<S>::generate(&mut stream, &DemoSettings { size, operations: 8, shown: Shown::Start })?;
    let film = S::film(&demo, &FilmSettings { side_px: side, ..Default::default() })?;
    all.push(film.picture(0));
    all.push(film.picture(film.len() * 9 / 20));
    Ok(())
}
