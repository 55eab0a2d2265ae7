//! Nets: six joined squares that fold into a cube, or do not (STARE's `folding_nets`, Li et al., 2025), with a mark on each face where
//! they do (Spatial-DISE's folding), and a cube that rolls along a path (MORSE-500's `cube_path`).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chronotope_world::Picture;

use super::maze::Look;
use super::step::Step;
use super::{Puzzle, Solution};
use crate::canvas::{Canvas, Film, FilmSettings, palette};
use crate::{Error, Stream};

/// Six squares joined by their edges. As text: rows of `#` and `.`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Net {
    /// Squares as (column, row), row by row, from 0 in each direction.
    squares: Vec<(u8, u8)>,
}

/// Which nets are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetSettings {
    /// Whether it folds into a cube; none for either as likely as the other.
    pub folds: Option<bool>,
}

/// A die by the numbers of its faces; opposite faces are neighbours here: up and down, north and south, west and east.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cube {
    /// Up, down, north, south, west, east.
    pub faces: [u8; 6],
}

impl Cube {
    /// Faces 0 to 5 in the order up, down, north, south, west, east.
    pub const NEW: Cube = Cube { faces: [0, 1, 2, 3, 4, 5] };

    /// Rolls it over an edge onto the neighbouring square.
    pub fn roll(&mut self, step: Step) {
        let [up, down, north, south, west, east] = self.faces;
        self.faces = match step {
            Step::Up => [south, north, up, down, west, east],
            Step::Down => [north, south, down, up, west, east],
            Step::Right => [west, east, north, south, down, up],
            Step::Left => [east, west, north, south, up, down],
        };
    }

    /// The face on top.
    pub fn top(&self) -> u8 {
        self.faces[0]
    }

    /// The face on the ground.
    pub fn bottom(&self) -> u8 {
        self.faces[1]
    }
}

impl Net {
    /// From squares, moved to the corner and put in order.
    ///
    /// # Errors
    /// Not six different squares, or not joined by edges.
    pub fn from_squares(squares: &[(i32, i32)]) -> Result<Net, Error> {
        let wrong = |found: String| Error::Text {
            kind: Net::NAME,
            line: 1,
            expected: "six squares joined by their edges".to_owned(),
            found,
        };
        let set: BTreeSet<(i32, i32)> = squares.iter().copied().collect();
        if set.len() != 6 || squares.len() != 6 {
            return Err(wrong(format!("{} squares", squares.len())));
        }
        let mut reached: BTreeSet<(i32, i32)> = set.iter().take(1).copied().collect();
        for _ in 0..6 {
            let more: Vec<(i32, i32)> = set
                .iter()
                .filter(|(x, y)| reached.iter().any(|(a, b)| (x - a).abs() + (y - b).abs() == 1))
                .copied()
                .collect();
            reached.extend(more);
        }
        if reached.len() != 6 {
            return Err(wrong("squares apart".to_owned()));
        }
        Ok(Net { squares: to_corner(&set) })
    }

    /// Squares as (column, row), row by row.
    pub fn squares(&self) -> &[(u8, u8)] {
        &self.squares
    }

    /// All nets that differ by more than turning and mirroring: 35, of which 11 fold into a cube.
    pub fn all() -> Vec<Net> {
        let mut shapes: BTreeSet<Vec<(u8, u8)>> = BTreeSet::from([vec![(0, 0)]]);
        for _ in 1..6 {
            let mut grown = BTreeSet::new();
            for shape in &shapes {
                let cells: BTreeSet<(i32, i32)> = shape.iter().map(|&(x, y)| (x.into(), y.into())).collect();
                for &(x, y) in &cells {
                    for step in Step::ALL {
                        let (dx, dy) = step.delta();
                        let mut more = cells.clone();
                        if more.insert((x + dx, y + dy)) {
                            grown.insert(least(&more));
                        }
                    }
                }
            }
            shapes = grown;
        }
        shapes.into_iter().map(|squares| Net { squares }).collect()
    }

    /// Whether it folds into a cube: each square is wrapped onto a face in space, turning by a right angle at each shared edge; all six
    /// faces must be covered.
    pub fn folds(&self) -> bool {
        type Vector = [i8; 3];
        let minus = |[x, y, z]: Vector| [-x, -y, -z];
        // a square lies on a face: its normal, and the directions of its columns and rows
        let mut placed: Vec<((u8, u8), Vector, Vector, Vector)> = Vec::new();
        let Some(&first) = self.squares.first() else { return false };
        placed.push((first, [0, 0, 1], [1, 0, 0], [0, 1, 0]));
        let mut next = 0;
        while let Some(&((x, y), normal, right, down)) = placed.get(next) {
            next += 1;
            for &(a, b) in &self.squares {
                if placed.iter().any(|(square, ..)| *square == (a, b)) {
                    continue;
                }
                // over an edge the face turns: what was ahead becomes the normal
                let wrapped = match (i16::from(a) - i16::from(x), i16::from(b) - i16::from(y)) {
                    (1, 0) => (right, minus(normal), down),
                    (-1, 0) => (minus(right), normal, down),
                    (0, 1) => (down, right, minus(normal)),
                    (0, -1) => (minus(down), right, normal),
                    _ => continue,
                };
                placed.push(((a, b), wrapped.0, wrapped.1, wrapped.2));
            }
        }
        let faces: BTreeSet<Vector> = placed.iter().map(|(_, normal, ..)| *normal).collect();
        faces.len() == 6
    }

    /// Pairs of squares, by their number in row order, that lie opposite each other once folded; none where it does not fold.
    pub fn opposite(&self) -> Option<[(usize, usize); 3]> {
        let faces = rolled(&self.squares)?;
        let find = |face: u8| faces.iter().position(|&known| known == face);
        Some(
            [(find(0)?, find(1)?), (find(2)?, find(3)?), (find(4)?, find(5)?)]
                .map(|(a, b)| (a.min(b), a.max(b))),
        )
    }

    /// Its picture with a mark on each square (letters where there are none), as in questions of faces.
    pub fn draw_marked(&self, marks: &[&str], side_px: u32) -> Picture {
        let look = Look::of(6, 6, side_px);
        let mut canvas = look.sheet(palette::PAPER);
        let c = look.cell;
        let (w, h) = (self.squares.iter().map(|s| s.0).max(), self.squares.iter().map(|s| s.1).max());
        let shift = |most: Option<u8>| (6.0 - f32::from(most.unwrap_or(0)) - 1.0) / 2.0 * c;
        let (left, top) = (shift(w), shift(h));
        for (number, &(x, y)) in self.squares.iter().enumerate() {
            let (px, py) = (left + f32::from(x) * c, top + f32::from(y) * c);
            canvas.rect(px, py, c, c, palette::CYAN.lighter(150));
            canvas.round_frame(px, py, c, c, 0.0, (c * 0.05).max(1.0), palette::INK);
            if let Some(mark) = marks.get(number) {
                canvas.text(px + c / 2.0, py + c / 2.0, c * 0.5, mark, palette::INK);
            }
        }
        canvas.into_picture()
    }
}

impl Puzzle for Net {
    const NAME: &'static str = "cube-net";
    type Settings = NetSettings;
    /// Whether it folds into a cube.
    type Answer = bool;

    fn generate(stream: &mut Stream, settings: &NetSettings) -> Result<Net, Error> {
        let wished = settings.folds.unwrap_or_else(|| stream.chance(0.5));
        let nets: Vec<Net> = Net::all().into_iter().filter(|net| net.folds() == wished).collect();
        let drawn = stream.index(nets.len());
        let turned = nets.get(drawn).map_or(Vec::new(), |net| eight(&net.squares));
        let squares = stream.choose(&turned).cloned().unwrap_or_default();
        Ok(Net { squares })
    }

    fn solve(&self) -> Option<Solution<bool>> {
        Some(Solution { answer: self.folds(), unique: true, cost: 0 })
    }

    /// By rolling a cube over the squares: each must be touched by a face of its own.
    fn accepts(&self, answer: &bool) -> bool {
        *answer == rolled(&self.squares).is_some()
    }

    fn space(settings: &NetSettings) -> Option<u64> {
        let turned: BTreeSet<Vec<(u8, u8)>> = Net::all()
            .into_iter()
            .filter(|net| settings.folds.is_none_or(|folds| net.folds() == folds))
            .flat_map(|net| eight(&net.squares))
            .collect();
        Some(turned.len() as u64)
    }

    fn draw(&self, side_px: u32) -> Picture {
        self.draw_marked(&[], side_px)
    }

    /// The net alone: folding is a matter of three dimensions.
    fn film(&self, _: &bool, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        Ok(Film::still(self.draw(settings.side_px), settings.fps))
    }
}

/// Faces of a cube that touch the squares as it rolls over them; none where a face comes twice.
fn rolled(squares: &[(u8, u8)]) -> Option<Vec<u8>> {
    let mut touched: Vec<Option<u8>> = vec![None; squares.len()];
    let mut open = vec![(0usize, Cube::NEW)];
    while let Some((at, cube)) = open.pop() {
        if touched[at].is_some() {
            continue;
        }
        touched[at] = Some(cube.bottom());
        let (x, y) = squares[at];
        for step in Step::ALL {
            let (dx, dy) = step.delta();
            let to = (i32::from(x) + dx, i32::from(y) + dy);
            if let Some(next) = squares.iter().position(|&(a, b)| (i32::from(a), i32::from(b)) == to) {
                let mut rolled = cube;
                rolled.roll(step);
                open.push((next, rolled));
            }
        }
    }
    let faces: Option<Vec<u8>> = touched.into_iter().collect();
    let faces = faces?;
    let distinct: BTreeSet<u8> = faces.iter().copied().collect();
    (distinct.len() == 6).then_some(faces)
}

fn to_corner(cells: &BTreeSet<(i32, i32)>) -> Vec<(u8, u8)> {
    let x0 = cells.iter().map(|cell| cell.0).min().unwrap_or(0);
    let y0 = cells.iter().map(|cell| cell.1).min().unwrap_or(0);
    let mut squares: Vec<(u8, u8)> = cells.iter().map(|&(x, y)| ((x - x0) as u8, (y - y0) as u8)).collect();
    squares.sort_by_key(|&(x, y)| (y, x));
    squares
}

/// The shape turned and mirrored, each look once.
fn eight(squares: &[(u8, u8)]) -> Vec<Vec<(u8, u8)>> {
    let mut all = BTreeSet::new();
    for turn in 0..8 {
        let cells = squares.iter().map(|&(x, y)| {
            let (mut x, mut y) = (i32::from(x), i32::from(y));
            if turn >= 4 {
                x = -x;
            }
            for _ in 0..turn % 4 {
                (x, y) = (-y, x);
            }
            (x, y)
        });
        all.insert(to_corner(&cells.collect()));
    }
    all.into_iter().collect()
}

fn least(cells: &BTreeSet<(i32, i32)>) -> Vec<(u8, u8)> {
    eight(&to_corner(cells)).into_iter().next().unwrap_or_default()
}

/// The face on top of a cube after each step of a path, the first before any.
pub fn tops_along(path: &[Step]) -> Vec<u8> {
    let mut cube = Cube::NEW;
    let after = path.iter().map(|&step| {
        cube.roll(step);
        cube.top()
    });
    std::iter::once(Cube::NEW.top()).chain(after).collect()
}

/// A sheet with a cube's six faces in their colours, unfolded as a cross, for questions of rolling.
pub fn draw_cross(colors: [crate::canvas::Color; 6], side_px: u32) -> Picture {
    let look = Look::of(5, 5, side_px);
    let mut canvas: Canvas = look.sheet(palette::PAPER);
    let c = look.cell;
    // up in the middle, the others around it, down below the south face
    for (face, (x, y)) in [(2, 1), (2, 3), (2, 0), (2, 2), (1, 1), (3, 1)].into_iter().enumerate() {
        let (px, py) = (f32::from(x as u8) * c, (f32::from(y as u8) + 0.5) * c);
        canvas.rect(px, py, c, c, colors[face]);
        canvas.round_frame(px, py, c, c, 0.0, (c * 0.05).max(1.0), palette::INK);
    }
    canvas.into_picture()
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.squares.iter().map(|square| square.0).max().unwrap_or(0);
        let height = self.squares.iter().map(|square| square.1).max().unwrap_or(0);
        for y in 0..=height {
            let row: String =
                (0..=width).map(|x| if self.squares.contains(&(x, y)) { '#' } else { '.' }).collect();
            writeln!(f, "{row}")?;
        }
        Ok(())
    }
}

impl FromStr for Net {
    type Err = Error;
    fn from_str(text: &str) -> Result<Net, Error> {
        let mut squares = Vec::new();
        for (y, row) in text.trim().lines().take(7).enumerate() {
            for (x, c) in row.chars().take(7).enumerate() {
                match c {
                    '#' => squares.push((x as i32, y as i32)),
                    '.' | ' ' => {}
                    _ => {
                        return Err(Error::Text {
                            kind: Net::NAME,
                            line: y + 1,
                            expected: "# or .".to_owned(),
                            found: format!("{c:?}"),
                        });
                    }
                }
            }
        }
        Net::from_squares(&squares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn the_kind_holds_what_it_promises() {
        for folds in [Some(true), Some(false), None] {
            trial::holds::<Net>(&NetSettings { folds }, 40);
        }
    }

    #[test]
    fn eleven_of_thirty_five_fold_and_both_rules_agree_on_all() {
        let all = Net::all();
        assert_eq!((all.len(), all.iter().filter(|net| net.folds()).count()), (35, 11));
        for net in &all {
            assert!(net.accepts(&net.folds()) && !net.accepts(&!net.folds()), "\n{net}");
        }
    }

    #[test]
    fn opposite_faces_of_the_cross() {
        let cross: Net = ".#.\n###\n.#.\n.#.\n".parse().unwrap();
        assert_eq!(
            cross.opposite().map(|pairs| pairs.into_iter().collect::<BTreeSet<_>>()),
            Some(BTreeSet::from([(0, 4), (1, 3), (2, 5)]))
        );
        let row: Net = "######\n".parse().unwrap();
        assert_eq!(row.opposite(), None);
    }

    #[test]
    fn four_rolls_bring_a_cube_back_and_dice_keep_their_opposites() {
        for step in Step::ALL {
            let mut cube = Cube::NEW;
            for _ in 0..4 {
                cube.roll(step);
                let pairs: BTreeSet<(u8, u8)> =
                    cube.faces.chunks(2).map(|p| (p[0].min(p[1]), p[0].max(p[1]))).collect();
                assert_eq!(pairs, BTreeSet::from([(0, 1), (2, 3), (4, 5)]));
            }
            assert_eq!(cube, Cube::NEW);
        }
        assert_eq!(tops_along(&[Step::Right, Step::Right]), [0, 4, 1]);
    }

    #[test]
    fn squares_apart_are_no_net() {
        assert!("###\n...\n###\n".parse::<Net>().is_err() && "#####\n".parse::<Net>().is_err());
    }
}
