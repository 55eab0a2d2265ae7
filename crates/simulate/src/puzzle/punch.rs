//! Fold and punch: a square sheet is folded once to three times, holes are punched, and it is unfolded (Spatial-DISE's fold-and-punch,
//! 2025). Folds go along the lines of an 8 × 8 grid, at right angles or along a diagonal.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chronotope_world::Picture;

use super::{Failures, Puzzle, Solution};
use crate::canvas::{Canvas, Film, FilmSettings, MAX_SIDE_PX, MIN_SIDE_PX, palette};
use crate::error::range;
use crate::{Error, Stream};

/// Cells a side.
const SIDE: i32 = 8;

/// A fold: the part of the sheet on one side of a line is laid onto the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fold {
    /// The right half onto the left.
    RightOverLeft,
    /// The left half onto the right.
    LeftOverRight,
    /// The lower half onto the upper.
    BottomOverTop,
    /// The upper half onto the lower.
    TopOverBottom,
    /// Over the diagonal from the top left: the upper right corner onto the lower left.
    CornerDown,
    /// Over the same diagonal: the lower left corner onto the upper right.
    CornerUp,
}

impl Fold {
    /// All six.
    pub const ALL: [Fold; 6] = [
        Fold::RightOverLeft,
        Fold::LeftOverRight,
        Fold::BottomOverTop,
        Fold::TopOverBottom,
        Fold::CornerDown,
        Fold::CornerUp,
    ];

    fn name(self) -> &'static str {
        [
            "right over left",
            "left over right",
            "bottom over top",
            "top over bottom",
            "corner down",
            "corner up",
        ][self as usize]
    }

    /// The part that moves and where a cell of it comes to; none for cells that stay. `part` is the sheet that is left before the fold.
    fn moves(self, part: (i32, i32, i32, i32), (x, y): (i32, i32)) -> Option<(i32, i32)> {
        let (x0, y0, x1, y1) = part;
        let (mx, my) = (x0 + x1, y0 + y1);
        match self {
            Fold::RightOverLeft if 2 * x + 1 > mx => Some((mx - 1 - x, y)),
            Fold::LeftOverRight if 2 * x + 1 < mx => Some((mx - 1 - x, y)),
            Fold::BottomOverTop if 2 * y + 1 > my => Some((x, my - 1 - y)),
            Fold::TopOverBottom if 2 * y + 1 < my => Some((x, my - 1 - y)),
            Fold::CornerDown if x - x0 > y - y0 => Some((x0 + y - y0, y0 + x - x0)),
            Fold::CornerUp if x - x0 < y - y0 => Some((x0 + y - y0, y0 + x - x0)),
            _ => None,
        }
    }

    /// What is left of a rectangle after the fold; diagonals leave it as it was and need a square.
    fn rest(self, (x0, y0, x1, y1): (i32, i32, i32, i32)) -> Option<(i32, i32, i32, i32)> {
        let (mx, my) = (i32::midpoint(x0, x1), i32::midpoint(y0, y1));
        match self {
            Fold::RightOverLeft if x1 - x0 >= 2 => Some((x0, y0, mx, y1)),
            Fold::LeftOverRight if x1 - x0 >= 2 => Some((mx, y0, x1, y1)),
            Fold::BottomOverTop if y1 - y0 >= 2 => Some((x0, y0, x1, my)),
            Fold::TopOverBottom if y1 - y0 >= 2 => Some((x0, my, x1, y1)),
            Fold::CornerDown | Fold::CornerUp if x1 - x0 == y1 - y0 => Some((x0, y0, x1, y1)),
            _ => None,
        }
    }
}

/// Folds, a diagonal one at most and that last, and holes in the folded sheet. As text: `fold …` lines, then `hole column row` from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Punch {
    /// Folds in order.
    pub folds: Vec<Fold>,
    /// Cells that are punched through all layers, from 0.
    pub holes: BTreeSet<(u8, u8)>,
}

/// What a sheet may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PunchSettings {
    /// Folds; 1 to 3.
    pub folds: u8,
    /// Holes; 1 to 3.
    pub holes: u8,
    /// Whether the last fold may be over a diagonal.
    pub diagonal: bool,
}

impl Default for PunchSettings {
    fn default() -> PunchSettings {
        PunchSettings { folds: 2, holes: 1, diagonal: true }
    }
}

impl PunchSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("folds", self.folds, 1..=3)?;
        range("holes", self.holes, 1..=3)
    }
}

impl Punch {
    /// For each fold the rectangle before it, and the one after the last; none where a fold cannot be made.
    fn parts(&self) -> Option<Vec<(i32, i32, i32, i32)>> {
        let mut parts = vec![(0, 0, SIDE, SIDE)];
        for (at, fold) in self.folds.iter().enumerate() {
            let diagonal = matches!(fold, Fold::CornerDown | Fold::CornerUp);
            if diagonal && at + 1 < self.folds.len() {
                return None;
            }
            parts.push(fold.rest(*parts.last()?)?);
        }
        Some(parts)
    }

    /// Wrong answers that look right: one hole missing, one too many, all mirrored; each different from the right one and the others.
    pub fn distractors(&self, stream: &mut Stream) -> Vec<BTreeSet<(u8, u8)>> {
        let Some(Solution { answer: right, .. }) = self.solve() else { return Vec::new() };
        let all: Vec<(u8, u8)> = right.iter().copied().collect();
        let mut wrong: Vec<BTreeSet<(u8, u8)>> = Vec::new();
        let add = |set: BTreeSet<(u8, u8)>, wrong: &mut Vec<BTreeSet<(u8, u8)>>| {
            if set != right && !set.is_empty() && !wrong.contains(&set) {
                wrong.push(set);
            }
        };
        if let Some(gone) = stream.choose(&all) {
            add(all.iter().copied().filter(|hole| hole != gone).collect(), &mut wrong);
        }
        let mirrored = [
            all.iter().map(|&(x, y)| (7 - x, y)).collect::<BTreeSet<_>>(),
            all.iter().map(|&(x, y)| (x, 7 - y)).collect(),
            all.iter().map(|&(x, y)| (y, x)).collect(),
        ];
        for set in mirrored {
            add(set, &mut wrong);
        }
        for _ in 0..20 {
            let more = (stream.below(8) as u8, stream.below(8) as u8);
            if wrong.len() < 4 {
                add(all.iter().copied().chain([more]).collect(), &mut wrong);
            }
        }
        wrong
    }

    /// An unfolded sheet with these holes.
    pub fn draw_sheet(holes: &BTreeSet<(u8, u8)>, side_px: u32) -> Picture {
        let side = side_px.clamp(MIN_SIDE_PX, MAX_SIDE_PX) as f32;
        let mut canvas = Canvas::new(side as u32, side as u32, palette::PAPER);
        let (edge, cell) = (side * 0.08, side * 0.84 / SIDE as f32);
        sheet_onto(&mut canvas, edge, edge, cell, (0, 0, SIDE, SIDE), None);
        for &(x, y) in holes {
            hole_onto(&mut canvas, edge, edge, cell, (x, y));
        }
        canvas.into_picture()
    }
}

fn sheet_onto(
    canvas: &mut Canvas,
    left: f32,
    top: f32,
    cell: f32,
    (x0, y0, x1, y1): (i32, i32, i32, i32),
    diagonal: Option<Fold>,
) {
    let at = |x: i32, y: i32| [left + x as f32 * cell, top + y as f32 * cell];
    let line = (cell * 0.1).max(1.0);
    let corners: Vec<[f32; 2]> = match diagonal {
        Some(Fold::CornerDown) => vec![at(x0, y0), at(x1, y1), at(x0, y1)],
        Some(Fold::CornerUp) => vec![at(x0, y0), at(x1, y0), at(x1, y1)],
        _ => vec![at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)],
    };
    canvas.polygon(&corners, palette::CYAN.lighter(140));
    canvas.polygon_frame(&corners, line, palette::INK);
}

fn hole_onto(canvas: &mut Canvas, left: f32, top: f32, cell: f32, (x, y): (u8, u8)) {
    let (x, y) = (left + (f32::from(x) + 0.5) * cell, top + (f32::from(y) + 0.5) * cell);
    canvas.disc(x, y, cell * 0.3, palette::INK);
    canvas.disc(x, y, cell * 0.22, palette::WHITE);
}

impl Puzzle for Punch {
    const NAME: &'static str = "fold-and-punch";
    type Settings = PunchSettings;
    /// Cells with a hole in the unfolded sheet.
    type Answer = BTreeSet<(u8, u8)>;

    fn generate(stream: &mut Stream, settings: &PunchSettings) -> Result<Punch, Error> {
        const ATTEMPTS: u32 = 500;
        settings.check()?;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            let mut folds = Vec::new();
            for at in 0..settings.folds {
                let kinds = if settings.diagonal && at + 1 == settings.folds { 6 } else { 4 };
                folds.push(Fold::ALL[stream.index(kinds)]);
            }
            let mut punch = Punch { folds, holes: BTreeSet::new() };
            let Some(&(x0, y0, x1, y1)) = punch.parts().as_ref().and_then(|parts| parts.last()) else {
                failures.count("folds");
                continue;
            };
            let last = punch.folds.last().copied();
            let mut open: Vec<(u8, u8)> = (y0..y1)
                .flat_map(|y| (x0..x1).map(move |x| (x, y)))
                // cells that a diagonal cuts are left whole
                .filter(|&(x, y)| match last {
                    Some(Fold::CornerDown) => x - x0 < y - y0,
                    Some(Fold::CornerUp) => x - x0 > y - y0,
                    _ => true,
                })
                .map(|(x, y)| (x as u8, y as u8))
                .collect();
            stream.shuffle(&mut open);
            punch.holes = open.into_iter().take(settings.holes.into()).collect();
            if punch.holes.len() == usize::from(settings.holes) {
                return Ok(punch);
            }
            failures.count("holes");
        }
        Err(failures.error("fold and punch"))
    }

    /// Holes are mirrored back fold by fold, the last first; `cost` is their number.
    fn solve(&self) -> Option<Solution<BTreeSet<(u8, u8)>>> {
        let parts = self.parts()?;
        let mut holes: BTreeSet<(i32, i32)> = self.holes.iter().map(|&(x, y)| (x.into(), y.into())).collect();
        for (fold, &(x0, y0, x1, y1)) in self.folds.iter().zip(&parts).rev() {
            let back: Vec<(i32, i32)> = holes
                .iter()
                .map(|&(x, y)| match fold {
                    Fold::RightOverLeft | Fold::LeftOverRight => (x0 + x1 - 1 - x, y),
                    Fold::BottomOverTop | Fold::TopOverBottom => (x, y0 + y1 - 1 - y),
                    Fold::CornerDown | Fold::CornerUp => (x0 + y - y0, y0 + x - x0),
                })
                .collect();
            holes.extend(back);
        }
        let answer: BTreeSet<(u8, u8)> = holes.into_iter().map(|(x, y)| (x as u8, y as u8)).collect();
        let cost = answer.len() as u32;
        Some(Solution { answer, unique: true, cost })
    }

    /// Forwards: each cell of the sheet is followed through all folds, and has a hole where it comes to lie under one.
    fn accepts(&self, answer: &BTreeSet<(u8, u8)>) -> bool {
        let Some(parts) = self.parts() else { return false };
        (0..SIDE).all(|y| {
            (0..SIDE).all(|x| {
                let mut at = (x, y);
                for (fold, &part) in self.folds.iter().zip(&parts) {
                    at = fold.moves(part, at).unwrap_or(at);
                }
                let punched = self.holes.contains(&(at.0 as u8, at.1 as u8));
                answer.contains(&(x as u8, y as u8)) == punched
            })
        }) && answer.iter().all(|&(x, y)| i32::from(x.max(y)) < SIDE)
    }

    /// The sheet after each fold, from left to right and top to bottom, the last with its holes.
    fn draw(&self, side_px: u32) -> Picture {
        let side = side_px.clamp(MIN_SIDE_PX, MAX_SIDE_PX) as f32;
        let mut canvas = Canvas::new(side as u32, side as u32, palette::PAPER);
        let parts = self.parts().unwrap_or_default();
        let panel = side / 2.0;
        let cell = panel * 0.8 / SIDE as f32;
        for (at, &part) in parts.iter().enumerate() {
            let (left, top) = ((at % 2) as f32 * panel + panel * 0.1, (at / 2) as f32 * panel + panel * 0.1);
            let whole = [left, top, SIDE as f32 * cell];
            let frame = [
                [whole[0], whole[1]],
                [whole[0] + whole[2], whole[1]],
                [whole[0] + whole[2], whole[1] + whole[2]],
                [whole[0], whole[1] + whole[2]],
                [whole[0], whole[1]],
            ];
            canvas.dashed(&frame, (cell * 0.06).max(1.0), cell * 0.3, palette::GREY);
            let last = at + 1 == parts.len();
            let diagonal = self.folds.last().copied().filter(|_| last);
            sheet_onto(&mut canvas, left, top, cell, part, diagonal);
            canvas.text(
                left + panel * 0.4,
                top + panel * 0.85,
                panel * 0.07,
                &(at + 1).to_string(),
                palette::GREY,
            );
            if last {
                for &hole in &self.holes {
                    hole_onto(&mut canvas, left, top, cell, hole);
                }
            }
        }
        canvas.into_picture()
    }

    /// A still: the sheet after each fold.
    fn film(&self, _: &BTreeSet<(u8, u8)>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        Ok(Film::still(self.draw(settings.side_px), settings.fps))
    }
}

impl fmt::Display for Punch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fold in &self.folds {
            writeln!(f, "fold {}", fold.name())?;
        }
        for (x, y) in &self.holes {
            writeln!(f, "hole {} {}", x + 1, y + 1)?;
        }
        Ok(())
    }
}

impl FromStr for Punch {
    type Err = Error;
    fn from_str(text: &str) -> Result<Punch, Error> {
        let mut punch = Punch { folds: Vec::new(), holes: BTreeSet::new() };
        let wrong = |line: usize, found: &str| Error::Text {
            kind: Punch::NAME,
            line,
            expected: "up to 8 folds, a diagonal one last, then `hole column row` within the folded sheet"
                .to_owned(),
            found: format!("{found:?}"),
        };
        for (line, row) in (1..=72).zip(text.trim().lines()) {
            let fold = row
                .strip_prefix("fold ")
                .and_then(|name| Fold::ALL.into_iter().find(|fold| fold.name() == name));
            let hole = row.strip_prefix("hole ").and_then(|hole| {
                let (x, y) = hole.split_once(' ')?;
                let cell =
                    |word: &str| word.parse::<u8>().ok().filter(|n| (1..=8).contains(n)).map(|n| n - 1);
                Some((cell(x)?, cell(y)?))
            });
            match (fold, hole) {
                (Some(fold), _) if punch.folds.len() < 8 && punch.holes.is_empty() => punch.folds.push(fold),
                (_, Some(hole)) => {
                    punch.holes.insert(hole);
                }
                _ => return Err(wrong(line, row)),
            }
        }
        let parts = punch.parts().ok_or_else(|| wrong(1, "folds that cannot be made"))?;
        let (x0, y0, x1, y1) = parts.last().copied().unwrap_or_default();
        let inside = |&(x, y): &(u8, u8)| {
            let (x, y) = (i32::from(x), i32::from(y));
            let side = match punch.folds.last() {
                Some(Fold::CornerDown) => x - x0 <= y - y0,
                Some(Fold::CornerUp) => x - x0 >= y - y0,
                _ => true,
            };
            (x0..x1).contains(&x) && (y0..y1).contains(&y) && side
        };
        if punch.holes.iter().all(inside) { Ok(punch) } else { Err(wrong(1, "a hole beside the sheet")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (folds, holes) in [(1, 1), (2, 2), (3, 2)] {
            trial::holds::<Punch>(&PunchSettings { folds, holes, diagonal: true }, 40);
        }
    }

    #[test]
    fn a_hole_comes_back_on_every_layer() {
        let punch: Punch = "fold right over left\nfold bottom over top\nhole 1 1\n".parse().unwrap();
        let corners = BTreeSet::from([(0, 0), (7, 0), (0, 7), (7, 7)]);
        assert_eq!(punch.solve().map(|solution| solution.answer), Some(corners));
        assert!("fold right over left\nhole 8 1\n".parse::<Punch>().is_err());
    }

    #[test]
    fn distractors_are_wrong_and_different() {
        for index in 0..50 {
            let mut stream = Stream::of_item("punch", "test", 1, index);
            let punch = Punch::generate(&mut stream, &PunchSettings::default()).unwrap();
            let wrong = punch.distractors(&mut stream);
            assert!(wrong.len() >= 3);
            trial::refuses(&punch, &wrong);
        }
    }
}
