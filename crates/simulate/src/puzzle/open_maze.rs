//! Open boards with walls at random (reasoning-gym's `maze`, 2025): shortest ways of a length within bounds.

use super::board::{self, Board};
use super::{Failures, Maze, Puzzle as _};
use crate::error::{range, range_f64};
use crate::{Error, Stream};

/// What an open maze may be: inner cells are walls at random, the border is all wall.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenMazeSettings {
    /// Fewest inner rows and columns; 2 to 253.
    pub min_size: u16,
    /// Most inner rows and columns; `min_size` to 253.
    pub max_size: u16,
    /// Fewest steps from start to goal; 1 or more.
    pub min_steps: u32,
    /// Most steps from start to goal; `min_steps` or more.
    pub max_steps: u32,
    /// Share of inner cells that are walls, met to 1/256; 0 to 0.9.
    pub walls: f64,
    /// Whether the shortest way must be the only one.
    pub unique: bool,
}

impl Default for OpenMazeSettings {
    fn default() -> OpenMazeSettings {
        OpenMazeSettings { min_size: 5, max_size: 10, min_steps: 5, max_steps: 10, walls: 0.3, unique: false }
    }
}

impl OpenMazeSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("min_size", self.min_size, 2..=board::MAX_SIDE - 2)?;
        range("max_size", self.max_size, self.min_size..=board::MAX_SIDE - 2)?;
        let cells = u32::from(self.max_size) * u32::from(self.max_size);
        range("min_steps", self.min_steps, 1..=cells - 1)?;
        range("max_steps", self.max_steps, self.min_steps..=u32::MAX)?;
        range_f64("walls", self.walls, 0.0, 0.9)
    }
}

impl Maze {
    /// An open maze.
    ///
    /// # Errors
    /// A setting outside of its range; no such maze in 10,000 attempts.
    pub fn open(stream: &mut Stream, settings: &OpenMazeSettings) -> Result<Maze, Error> {
        const ATTEMPTS: u32 = 10_000;
        settings.check()?;
        let walls = (settings.walls * 256.0).round() as u32;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            let size = stream.between(i64::from(settings.min_size), i64::from(settings.max_size)) as u16;
            // boards of up to 11 inner cells a side are drawn and searched in the bits of one number
            let made = if size <= 11 {
                small(stream, size, walls, settings)
            } else {
                large(stream, size, walls, settings)
            };
            match made {
                Ok(maze) if settings.unique && !maze.solve().is_some_and(|solution| solution.unique) => {
                    failures.count("unique");
                }
                Ok(maze) => return Ok(maze),
                Err(reason) => failures.count(reason),
            }
        }
        Err(failures.error("open maze"))
    }
}

fn small(
    stream: &mut Stream,
    size: u16,
    walls: u32,
    settings: &OpenMazeSettings,
) -> Result<Maze, &'static str> {
    let cells = u32::from(size) * u32::from(size);
    let inside = if cells == 128 { u128::MAX } else { (1u128 << cells) - 1 };
    let free = !random_bits(stream, walls, cells > 64) & inside;
    let count = free.count_ones();
    if count < 2 {
        return Err("walls");
    }
    let start = stream.below(u64::from(count)) as u32;
    let goal = (start + 1 + stream.below(u64::from(count) - 1) as u32) % count;
    let (start, goal) = (nth(free, start), nth(free, goal));
    let steps =
        board::small_distance(size, free, start, goal, settings.max_steps).ok_or("max_steps or no way")?;
    if steps < settings.min_steps {
        return Err("min_steps");
    }
    // the border is added last
    let mut whole = Board::blocked(size + 2, size + 2);
    let inner = Board::small(size, size, free);
    for (x, y) in inner.cells().filter(|&cell| inner.free(cell)) {
        whole.set((x + 1, y + 1), true);
    }
    let cell = |at: u32| ((at % u32::from(size)) as u16 + 1, (at / u32::from(size)) as u16 + 1);
    Ok(Maze { board: whole, start: cell(start), goal: cell(goal) })
}

fn large(
    stream: &mut Stream,
    size: u16,
    walls: u32,
    settings: &OpenMazeSettings,
) -> Result<Maze, &'static str> {
    let mut board = Board::blocked(size + 2, size + 2);
    let mut free = Vec::new();
    for y in 1..=size {
        for x in 1..=size {
            if stream.below(256) as u32 >= walls {
                board.set((x, y), true);
                free.push((x, y));
            }
        }
    }
    let start = *stream.choose(&free).ok_or("walls")?;
    let steps = board.distances(start);
    free.retain(|&cell| {
        (settings.min_steps..=settings.max_steps).contains(&u32::from(steps[board.index(cell)]))
    });
    let goal = *stream.choose(&free).ok_or("min_steps, max_steps")?;
    Ok(Maze { board, start, goal })
}

/// Bits that are set with a chance of `share` in 256: eight words of even bits, joined from the lowest binary digit up.
fn random_bits(stream: &mut Stream, share: u32, both: bool) -> u128 {
    if share >= 256 {
        return u128::MAX;
    }
    let mut word = || {
        let mut bits = 0u64;
        for digit in share.trailing_zeros().min(8)..8 {
            let even = stream.bits();
            bits = if share >> digit & 1 == 1 { bits | even } else { bits & even };
        }
        bits
    };
    let low = u128::from(word());
    if both { low | u128::from(word()) << 64 } else { low }
}

/// Position of the `n`-th set bit.
fn nth(bits: u128, n: u32) -> u32 {
    let low = (bits as u64).count_ones();
    let (mut word, mut left, base) =
        if n < low { (bits as u64, n, 0) } else { ((bits >> 64) as u64, n - low, 64) };
    while left > 0 {
        word &= word.wrapping_sub(1);
        left -= 1;
    }
    base + word.trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn lengths_stay_within_their_bounds_and_mazes_do_not_repeat() {
        let settings = OpenMazeSettings::default();
        let mut seen = std::collections::BTreeSet::new();
        for index in 0..10_000 {
            let maze = Maze::open(&mut Stream::of_item("open-maze/1", "test", 1, index), &settings).unwrap();
            let solution = maze.solve().unwrap();
            assert!((5..=10).contains(&solution.cost) && maze.accepts(&solution.answer));
            seen.insert(maze.to_string());
        }
        assert!(seen.len() == 10_000, "{}", seen.len());
    }

    #[test]
    fn large_boards_work_as_small_ones() {
        let settings = OpenMazeSettings { min_size: 12, max_size: 40, unique: true, ..Default::default() };
        for index in 0..50 {
            let maze = Maze::open(&mut Stream::of_item("open-maze/1", "test", 2, index), &settings).unwrap();
            trial::one(&maze);
        }
    }

    #[test]
    fn walls_stand_where_their_share_says() {
        let mut stream = Stream::named(&["share"]);
        let count: u32 = (0..2000).map(|_| random_bits(&mut stream, 77, true).count_ones()).sum();
        let share = f64::from(count) / (2000.0 * 128.0);
        assert!((share - 77.0 / 256.0).abs() < 0.005, "{share}");
        assert_eq!((random_bits(&mut stream, 0, true), nth(0b1011 << 70, 2)), (0, 73));
    }

    #[test]
    fn what_cannot_be_is_reported() {
        let mut stream = Stream::named(&["x"]);
        let far =
            OpenMazeSettings { min_size: 2, max_size: 2, min_steps: 3, max_steps: 3, ..Default::default() };
        let error = Maze::open(&mut stream, &far).unwrap_err();
        assert!(matches!(error, Error::Exhausted { attempts: 10_000, .. }), "{error}");
        let bad = OpenMazeSettings { walls: 2.0, ..Default::default() };
        assert!(
            Maze::open(&mut stream, &bad).unwrap_err().to_string().starts_with("walls: expected 0 to 0.9")
        );
    }
}
