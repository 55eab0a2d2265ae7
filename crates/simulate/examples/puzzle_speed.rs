//! Puzzles made and solved a second, by kind: `cargo run --release -p chronotope-simulate --example puzzle_speed -- [KIND]`.
//!
//! Each item has a stream of its own, as in a task; its answer is found and, for the comparison's sake, its text written. Prints one line
//! for each kind: items, wall seconds, items a second. A caller measures CPU time (see benches/peers/puzzle_speed.py).
#![expect(clippy::print_stdout, reason = "an example prints its figures")]
#![expect(clippy::disallowed_methods, reason = "an example measures time")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use chronotope_simulate::Stream;
use chronotope_simulate::canvas::FilmSettings;
use chronotope_simulate::puzzle::grid_world::{Action, Layout, Outcome, Tiles};
use chronotope_simulate::puzzle::{self, Puzzle};

fn main() {
    let only = std::env::args().nth(1);
    let kind = |name: &str, mut item: Box<dyn FnMut(u64)>| {
        if only.as_deref().is_some_and(|only| only != name) {
            return;
        }
        item(0);
        let (start, mut count) = (Instant::now(), 0);
        while start.elapsed() < Duration::from_secs(1) {
            count += 1;
            item(count);
        }
        let wall = start.elapsed().as_secs_f64();
        println!("{name:<18} {count:>9} {wall:.3} {:.1}", count as f64 / wall);
    };
    kind(
        "open-maze",
        Box::new(|index| {
            let settings = puzzle::OpenMazeSettings::default();
            let made = puzzle::Maze::open(&mut Stream::of_item("open-maze/1", "speed", 1, index), &settings);
            let solved = made.map(|maze| (maze.solve(), maze.to_string()));
            black_box(&solved);
        }),
    );
    kind("maze", Box::new(|index| each::<puzzle::Maze>(index, &puzzle::MazeSettings::default())));
    kind(
        "rush-hour",
        Box::new(|index| each::<puzzle::RushHour>(index, &puzzle::RushHourSettings::default())),
    );
    let settings = puzzle::SokobanSettings { boxes: 1, ..Default::default() };
    kind("sokoban-1", Box::new(move |index| each::<puzzle::Sokoban>(index, &settings)));
    let settings = puzzle::SokobanSettings { boxes: 2, ..Default::default() };
    kind("sokoban-2", Box::new(move |index| each::<puzzle::Sokoban>(index, &settings)));
    let settings = puzzle::SokobanSettings { width: 9, height: 9, boxes: 3, ..Default::default() };
    kind("sokoban-3", Box::new(move |index| each::<puzzle::Sokoban>(index, &settings)));
    kind("sudoku", Box::new(|index| each::<puzzle::Sudoku>(index, &puzzle::SudokuSettings::default())));
    kind(
        "knight-swap",
        Box::new(|index| each::<puzzle::KnightSwap>(index, &puzzle::KnightSwapSettings::default())),
    );
    kind(
        "sliding-tiles",
        Box::new(|index| each::<puzzle::Sliding>(index, &puzzle::SlidingSettings::default())),
    );
    kind("tower-of-hanoi", Box::new(|index| each::<puzzle::Hanoi>(index, &puzzle::HanoiSettings::default())));
    let mut buffer = None;
    kind(
        "discs-clip",
        Box::new(move |index| {
            let mut stream = Stream::of_item("discs/1", "speed", 1, index);
            if let Ok(clip) = puzzle::Discs::generate(&mut stream, &puzzle::DiscsSettings::default()) {
                buffer = Some(clip.play(buffer.take(), |picture| {
                    black_box(picture);
                }));
            }
        }),
    );
    let settings = puzzle::GridWorldSettings { layout: Layout::Empty, size: 8, things: 0 };
    if let Ok(first) = puzzle::GridWorld::generate(&mut Stream::of_item("grid", "speed", 1, 0), &settings) {
        let (mut world, mut tiles, mut actions) =
            (first.clone(), Tiles::new(32), Stream::of_item("grid", "speed", 2, 0));
        kind(
            "grid-step-draw",
            Box::new(move |_| {
                if world.step(Action::ALL[actions.index(7)]) != Outcome::Going {
                    world = first.clone();
                }
                black_box(tiles.draw(&world));
            }),
        );
    }
    let film = FilmSettings { side_px: 450, ..Default::default() };
    let settings = puzzle::MazeSettings { size: 15, ..Default::default() };
    kind(
        "maze-film",
        Box::new(move |index| {
            let mut stream = Stream::of_item("maze/1", "speed", 3, index);
            if let Ok(maze) = puzzle::Maze::generate(&mut stream, &settings)
                && let Some(solution) = maze.solve()
                && let Ok(film) = maze.film(&solution.answer, &film)
            {
                let mut player = film.play();
                while let Some(picture) = player.next_picture() {
                    black_box(picture);
                }
            }
        }),
    );
}

fn each<P: Puzzle>(index: u64, settings: &P::Settings) {
    let made = P::generate(&mut Stream::of_item(P::NAME, "speed", 1, index), settings);
    let solved = made.map(|puzzle| (puzzle.solve(), puzzle.to_string()));
    black_box(&solved);
}
