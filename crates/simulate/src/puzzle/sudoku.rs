//! Sudoku of 4 × 4 and 9 × 9, always with one solution, rated by the guesses that a solver by singles needs (as HRM's Sudoku-Extreme,
//! Wang et al., 2025).

use std::fmt;
use std::str::FromStr;

use chronotope_world::Picture;

use super::maze::Look;
use super::{Failures, Puzzle, Solution};
use crate::canvas::{Canvas, Film, FilmSettings, Stage, palette};
use crate::error::range;
use crate::{Error, Stream};

/// A board of digits, some missing. As text: rows of digits, `.` for a missing one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sudoku {
    side: u8,
    /// Row by row; 0 is missing.
    digits: Vec<u8>,
}

/// What a board may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SudokuSettings {
    /// Rows and columns: 4 or 9.
    pub side: u8,
    /// Missing digits that are aimed at; 1 to 12 for side 4, 1 to 58 for side 9. Where one more cannot go without a second solution,
    /// another board is tried.
    pub missing: u8,
    /// Fewest guesses of the rating; 0 to 1000.
    pub min_rating: u32,
}

impl Default for SudokuSettings {
    fn default() -> SudokuSettings {
        SudokuSettings { side: 9, missing: 40, min_rating: 0 }
    }
}

impl SudokuSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        if self.side != 4 && self.side != 9 {
            return Err(Error::Setting {
                name: "side",
                expected: "4 or 9".to_owned(),
                found: self.side.to_string(),
            });
        }
        range("missing", self.missing, 1..=if self.side == 4 { 12 } else { 58 })?;
        range("min_rating", self.min_rating, 0..=1000)
    }
}

impl Sudoku {
    /// Rows and columns.
    pub fn side(&self) -> u8 {
        self.side
    }

    /// Digits row by row, 0 for a missing one.
    pub fn digits(&self) -> &[u8] {
        &self.digits
    }

    /// Writes a digit into an empty cell; false (and nothing changes) where the cell is full or the digit stands in its row, column or
    /// box already.
    pub fn apply(&mut self, place: usize, digit: u8) -> bool {
        let mut search = Search::new(self);
        let open = self.digits.get(place) == Some(&0) && (1..=self.side).contains(&digit);
        if !open || search.clash || search.options(place) >> (digit - 1) & 1 == 0 {
            return false;
        }
        self.digits[place] = digit;
        search.put(place, digit - 1);
        true
    }

    /// Guesses that a solver needs which first fills what can be but one digit; 0 is an easy board. None without a solution.
    pub fn rating(&self) -> Option<u32> {
        let mut search = Search::new(self);
        search.most = 1;
        search.run();
        (search.found > 0).then_some(search.guesses)
    }

    fn look(&self, side_px: u32) -> Look {
        Look::of(self.side.into(), self.side.into(), side_px)
    }

    fn ground(&self, look: Look) -> Canvas {
        let mut canvas = look.sheet(palette::FLOOR);
        let (side, c) = (canvas.width() as f32, look.cell);
        let n = usize::from(self.side);
        let unit = if n == 4 { 2 } else { 3 };
        for place in 0..n * n {
            let (x, y) = (place % n, place / n);
            if (x / unit + y / unit) % 2 == 1 {
                canvas.rect(x as f32 * c, y as f32 * c, c, c, palette::PAPER.darker(8));
            }
        }
        for at in 0..=n {
            let thick = at % unit == 0;
            let width = if thick { (c * 0.07).max(2.0) } else { (c * 0.025).max(1.0) };
            let color = if thick { palette::INK } else { palette::LINE.darker(40) };
            let at = (at as f32 * c).clamp(width / 2.0, side - width / 2.0);
            canvas.rect(at - width / 2.0, 0.0, width, side, color);
            canvas.rect(0.0, at - width / 2.0, side, width, color);
        }
        for (place, &digit) in self.digits.iter().enumerate().filter(|(_, digit)| **digit != 0) {
            let [x, y] = look.center(((place % n) as u16, (place / n) as u16));
            canvas.text(x, y, c * 0.56, &digit.to_string(), palette::INK);
        }
        canvas
    }
}

impl Puzzle for Sudoku {
    const NAME: &'static str = "sudoku";
    type Settings = SudokuSettings;
    /// All digits, row by row.
    type Answer = Vec<u8>;

    fn generate(stream: &mut Stream, settings: &SudokuSettings) -> Result<Sudoku, Error> {
        const ATTEMPTS: u32 = 500;
        settings.check()?;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            let Some(full) = fill(stream, settings.side) else {
                failures.count("filling");
                continue;
            };
            let mut board = Sudoku { side: settings.side, digits: full };
            let mut places: Vec<usize> = (0..board.digits.len()).collect();
            stream.shuffle(&mut places);
            let mut missing = 0;
            let mut search = Search::new(&board);
            for place in places {
                if missing == settings.missing {
                    break;
                }
                let digit = board.digits[place] - 1;
                search.take(place, digit);
                // no second solution: none in which another digit stands here
                if search.has_other(place, digit) {
                    search.put(place, digit);
                } else {
                    board.digits[place] = 0;
                    missing += 1;
                }
            }
            if missing < settings.missing {
                failures.count("missing");
            } else if settings.min_rating > 0 && board.rating() < Some(settings.min_rating) {
                failures.count("min_rating");
            } else {
                return Ok(board);
            }
        }
        Err(failures.error("sudoku"))
    }

    /// The digits; `cost` is the number that were missing.
    fn solve(&self) -> Option<Solution<Vec<u8>>> {
        let mut search = Search::new(self);
        search.run();
        let cost = Search::new(self).open.len() as u32;
        (search.found > 0).then_some(Solution { answer: search.first, unique: search.found == 1, cost })
    }

    fn accepts(&self, answer: &Vec<u8>) -> bool {
        let n = usize::from(self.side);
        let unit = if n == 4 { 2 } else { 3 };
        let kept = self.digits.iter().zip(answer).all(|(&given, &digit)| given == 0 || given == digit);
        let whole = |places: Vec<usize>| {
            (1..=self.side).all(|digit| places.iter().filter(|&&place| answer[place] == digit).count() == 1)
        };
        answer.len() == n * n
            && kept
            && (0..n).all(|at| {
                whole((0..n).map(|x| at * n + x).collect())
                    && whole((0..n).map(|y| y * n + at).collect())
                    && whole(
                        (0..n)
                            .map(|k| (at / unit * unit + k / unit) * n + at % unit * unit + k % unit)
                            .collect(),
                    )
            })
    }

    fn draw(&self, side_px: u32) -> Picture {
        self.ground(self.look(side_px)).into_picture()
    }

    /// The missing digits come one after the other, row by row; one that stands for a given ends the film.
    fn film(&self, answer: &Vec<u8>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let look = self.look(settings.side_px);
        let n = usize::from(self.side);
        let mut stage = Stage::new(self.ground(look).into_picture(), settings.fps);
        stage.hold(settings.hold_pictures().max(1));
        for (place, (&given, &digit)) in self.digits.iter().zip(answer).enumerate() {
            if given != 0 {
                continue;
            }
            let side = look.cell.max(2.0) as u32;
            let mut canvas = Canvas::clear(side, side);
            let half = side as f32 / 2.0;
            canvas.text(half, half, look.cell * 0.56, &digit.to_string(), palette::BLUE);
            let sprite = stage.sprite(canvas.into_sprite());
            let name = format!("row {} column {}", place / n + 1, place % n + 1);
            stage.enter(&name, sprite, look.center(((place % n) as u16, (place / n) as u16)));
            stage.hold(settings.pictures_per_step());
        }
        stage.hold(settings.hold_pictures());
        Ok(stage.finish())
    }
}

/// A full board by lot.
fn fill(stream: &mut Stream, side: u8) -> Option<Vec<u8>> {
    let empty = Sudoku { side, digits: vec![0; usize::from(side) * usize::from(side)] };
    let mut search = Search::new(&empty);
    search.most = 1;
    // the first row and column by lot (the search fills the rest), then everything renamed and swapped by lot
    let mut names: Vec<u8> = (0..side).collect();
    stream.shuffle(&mut names);
    let unit = if side == 4 { 2 } else { 3 };
    for (place, &digit) in names.iter().enumerate() {
        search.put(place, digit);
    }
    // the first column below: digits that the box does not hold, the box's own last
    let mut rest: Vec<u8> = names[unit..].to_vec();
    stream.shuffle(&mut rest);
    for (row, digit) in (1..).zip(rest).take(unit - 1) {
        search.put(row * usize::from(side), digit);
    }
    search.random = Some(stream.branch("fill"));
    search.run();
    (search.found > 0).then_some(search.first)
}

/// A search by the cell of fewest digits; stops after `most` solutions.
struct Search {
    side: usize,
    digits: Vec<u8>,
    rows: [u16; 9],
    columns: [u16; 9],
    boxes: [u16; 9],
    open: Vec<u8>,
    clash: bool,
    guesses: u32,
    found: u32,
    most: u32,
    first: Vec<u8>,
    random: Option<Stream>,
}

impl Search {
    fn new(board: &Sudoku) -> Search {
        let mut search = Search {
            side: board.side.into(),
            digits: vec![0; board.digits.len()],
            rows: [0; 9],
            columns: [0; 9],
            boxes: [0; 9],
            open: (0..board.digits.len() as u8).collect(),
            clash: false,
            guesses: 0,
            found: 0,
            most: 2,
            first: Vec::new(),
            random: None,
        };
        for (place, &digit) in board.digits.iter().enumerate().filter(|(_, digit)| **digit != 0) {
            search.clash |= search.options(place) >> (digit - 1) & 1 == 0;
            search.put(place, digit - 1);
        }
        search
    }

    #[inline]
    fn units(&self, place: usize) -> (usize, usize, usize) {
        let (x, y) = (place % self.side, place / self.side);
        (y, x, if self.side == 4 { y / 2 * 2 + x / 2 } else { y / 3 * 3 + x / 3 })
    }

    /// Digits that may stand there, as bits.
    #[inline]
    fn options(&self, place: usize) -> u16 {
        let (row, column, unit) = self.units(place);
        !(self.rows[row] | self.columns[column] | self.boxes[unit]) & ((1 << self.side) - 1)
    }

    fn put(&mut self, place: usize, digit: u8) {
        let (row, column, unit) = self.units(place);
        self.rows[row] |= 1 << digit;
        self.columns[column] |= 1 << digit;
        self.boxes[unit] |= 1 << digit;
        self.digits[place] = digit + 1;
        if let Some(at) = self.open.iter().position(|&open| usize::from(open) == place) {
            self.open.swap_remove(at);
        }
    }

    fn take(&mut self, place: usize, digit: u8) {
        let (row, column, unit) = self.units(place);
        self.rows[row] &= !(1 << digit);
        self.columns[column] &= !(1 << digit);
        self.boxes[unit] &= !(1 << digit);
        self.digits[place] = 0;
        self.open.push(place as u8);
    }

    fn run(&mut self) {
        if !self.clash {
            self.descend();
        }
    }

    /// Whether some solution has another digit there.
    fn has_other(&mut self, place: usize, digit: u8) -> bool {
        let mut options = self.options(place) & !(1 << digit);
        (self.found, self.most) = (0, 1);
        while options != 0 && self.found == 0 {
            let other = options.trailing_zeros() as u8;
            options &= options - 1;
            self.put(place, other);
            self.descend();
            self.take(place, other);
        }
        self.found > 0
    }

    fn descend(&mut self) {
        let mut best: Option<(u32, usize, u16)> = None;
        for &place in &self.open {
            let options = self.options(place.into());
            let count = options.count_ones();
            if best.is_none_or(|(least, ..)| count < least) {
                best = Some((count, place.into(), options));
                if count <= 1 {
                    break;
                }
            }
        }
        let Some((count, place, mut options)) = best else {
            if self.found == 0 {
                self.first.clone_from(&self.digits);
            }
            self.found += 1;
            return;
        };
        self.guesses += count.saturating_sub(1);
        while options != 0 && self.found < self.most {
            let digit = match &mut self.random {
                Some(stream) => {
                    let skip = stream.below(options.count_ones().into());
                    (0..skip).fold(options, |left, _| left & (left - 1)).trailing_zeros() as u8
                }
                None => options.trailing_zeros() as u8,
            };
            options &= !(1 << digit);
            self.put(place, digit);
            self.descend();
            self.take(place, digit);
        }
    }
}

impl fmt::Display for Sudoku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in self.digits.chunks(self.side.into()) {
            let row: String =
                row.iter().map(|&digit| if digit == 0 { '.' } else { char::from(b'0' + digit) }).collect();
            writeln!(f, "{row}")?;
        }
        Ok(())
    }
}

impl FromStr for Sudoku {
    type Err = Error;
    fn from_str(text: &str) -> Result<Sudoku, Error> {
        let rows: Vec<&str> = text.trim().lines().map(str::trim).collect();
        let wrong = |line: usize, expected: String, found: String| Error::Text {
            kind: Sudoku::NAME,
            line: line + 1,
            expected,
            found,
        };
        let side = rows.len();
        if side != 4 && side != 9 {
            return Err(wrong(0, "4 or 9 rows".to_owned(), side.to_string()));
        }
        let mut digits = Vec::new();
        for (y, row) in rows.iter().enumerate() {
            if row.len() != side {
                return Err(wrong(y, format!("{side} cells"), row.len().to_string()));
            }
            for c in row.bytes() {
                digits.push(match c {
                    b'.' | b'0' => 0,
                    b'1'..=b'9' if usize::from(c - b'0') <= side => c - b'0',
                    _ => {
                        return Err(wrong(
                            y,
                            format!("a digit from 1 to {side} or ."),
                            format!("{:?}", char::from(c)),
                        ));
                    }
                });
            }
        }
        Ok(Sudoku { side: side as u8, digits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (side, missing) in [(4, 8), (9, 30), (9, 50)] {
            trial::holds::<Sudoku>(&SudokuSettings { side, missing, min_rating: 0 }, 30);
        }
        let settings = SudokuSettings { side: 9, missing: 52, min_rating: 5 };
        trial::holds::<Sudoku>(&settings, 4);
    }

    #[test]
    fn every_board_has_one_solution_and_the_wished_gaps() {
        let settings = SudokuSettings::default();
        for index in 0..200 {
            let board = Sudoku::generate(&mut Stream::of_item("sudoku", "one", 1, index), &settings).unwrap();
            let solution = board.solve().unwrap();
            assert!(solution.unique && solution.cost == 40);
            let mut wrong = solution.answer.clone();
            wrong.swap(0, 1);
            trial::refuses(&board, &[wrong, solution.answer[1..].to_vec(), vec![1; 81]]);
        }
    }

    #[test]
    fn a_known_hard_board() {
        let text = "8........\n..36.....\n.7..9.2..\n.5...7...\n....457..\n...1...3.\n..1....68\n..85...1.\n.9....4..\n";
        let board: Sudoku = text.parse().unwrap();
        let solution = board.solve().unwrap();
        assert!(solution.unique && board.rating() > Some(20));
        assert_eq!(solution.answer[..9], [8, 1, 2, 7, 5, 3, 6, 4, 9]);
    }

    #[test]
    fn a_board_with_two_solutions_or_none_says_so() {
        let two: Sudoku = "1234\n3412\n2.4.\n4.2.\n".parse().unwrap();
        assert_eq!(two.solve().map(|solution| solution.unique), Some(false));
        let none: Sudoku = "11..\n....\n....\n....\n".parse().unwrap();
        assert_eq!(none.solve(), None);
    }
}
