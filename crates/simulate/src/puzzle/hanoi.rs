//! The tower of Hanoi: discs move one by one between pegs, never a larger one onto a smaller one (reasoning-gym's `tower_of_hanoi`,
//! 2025), from any position to all discs on one peg.

use std::fmt;
use std::str::FromStr;

use chronotope_world::Picture;

use super::{Failures, Puzzle, Solution};
use crate::canvas::{Canvas, Film, FilmSettings, MAX_SIDE_PX, MIN_SIDE_PX, Sprite, Stage, palette};
use crate::error::range;
use crate::{Error, Stream};

/// Most positions of all discs; the solver goes through them.
const MOST_STATES: u64 = 262_144;

/// Pegs with discs. As text: a line for each peg, its discs from the bottom, 1 the smallest; then `goal` and a peg from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hanoi {
    /// Discs of each peg, from the bottom.
    pub pegs: Vec<Vec<u8>>,
    /// Where all shall stand, from 0.
    pub goal: u8,
}

/// A move of the top disc of a peg to another, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DiscMove {
    /// Peg that it leaves.
    pub from: u8,
    /// Peg that it comes to.
    pub to: u8,
}

/// What a tower may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HanoiSettings {
    /// Discs; 1 to 9.
    pub discs: u8,
    /// Pegs; 3 to 5, with at most 262,144 positions (`pegs` to the power of `discs`).
    pub pegs: u8,
    /// Whether all discs begin on one peg; else anywhere.
    pub from_tower: bool,
}

impl Default for HanoiSettings {
    fn default() -> HanoiSettings {
        HanoiSettings { discs: 4, pegs: 3, from_tower: true }
    }
}

impl HanoiSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("pegs", self.pegs, 3..=5)?;
        let most = (1..=9).take_while(|&discs| u64::from(self.pegs).pow(discs) <= MOST_STATES).count() as u8;
        range("discs", self.discs, 1..=most)
    }
}

impl Hanoi {
    /// Moves a disc; false (and nothing changes) where none is there or it is larger than the one below.
    pub fn apply(&mut self, DiscMove { from, to }: DiscMove) -> bool {
        let top = |peg: u8| self.pegs.get(usize::from(peg)).map(|peg| peg.last().copied());
        match (top(from), top(to)) {
            (Some(Some(disc)), Some(below)) if from != to && below.is_none_or(|below| below > disc) => {
                self.pegs[usize::from(from)].pop();
                self.pegs[usize::from(to)].push(disc);
                true
            }
            _ => false,
        }
    }

    /// Whether all discs stand on the goal.
    pub fn is_solved(&self) -> bool {
        self.pegs.iter().enumerate().all(|(at, peg)| at == usize::from(self.goal) || peg.is_empty())
    }

    fn discs(&self) -> usize {
        self.pegs.iter().map(Vec::len).sum()
    }

    /// Positions of all discs as one number: disc `d` on peg `p` counts `p · pegsᵈ`.
    fn code(&self) -> u32 {
        let base = self.pegs.len() as u32;
        let on = self
            .pegs
            .iter()
            .zip(0u32..)
            .flat_map(|(peg, at)| peg.iter().map(move |&disc| at * base.pow(u32::from(disc) - 1)));
        on.sum()
    }
}

struct Room {
    width: u32,
    height: u32,
    slot: f32,
    thick: f32,
    discs: usize,
}

impl Room {
    fn new(hanoi: &Hanoi, side_px: u32) -> Room {
        let width = side_px.clamp(MIN_SIDE_PX, MAX_SIDE_PX);
        let height = (width * 5 / 8).max(MIN_SIDE_PX);
        let discs = hanoi.discs();
        let thick = (height as f32 * 0.6 / discs.max(4) as f32).floor().max(1.0);
        Room { width, height, slot: width as f32 / hanoi.pegs.len() as f32, thick, discs }
    }

    fn center(&self, peg: usize, level: usize) -> [f32; 2] {
        let base = self.height as f32 * 0.88;
        [(peg as f32 + 0.5) * self.slot, base - (level as f32 + 0.5) * self.thick]
    }

    fn top(&self) -> f32 {
        self.height as f32 * 0.11
    }

    fn ground(&self, hanoi: &Hanoi) -> Picture {
        let mut canvas = Canvas::new(self.width, self.height, palette::PAPER);
        let (w, h) = (self.width as f32, self.height as f32);
        canvas.rect(0.0, h * 0.88, w, h * 0.12, palette::BROWN.lighter(60));
        canvas.rect(0.0, h * 0.88, w, h * 0.025, palette::BROWN.darker(30));
        for peg in 0..hanoi.pegs.len() {
            let [x, _] = self.center(peg, 0);
            let (line, goal) = (self.slot * 0.045, peg == usize::from(hanoi.goal));
            let color = if goal { palette::GREEN } else { palette::BROWN };
            canvas.round_rect(x - line / 2.0, h * 0.22, line, h * 0.66, line / 2.0, color);
            let size = h * 0.07;
            canvas.text(
                x,
                h * 0.95,
                size,
                &(peg + 1).to_string(),
                if goal { palette::GREEN.darker(120) } else { palette::INK },
            );
            if goal {
                canvas.star(x + size * 0.9, h * 0.95, size * 0.42, palette::GREEN.darker(60));
            }
        }
        canvas.into_picture()
    }

    fn sprite(&self, disc: u8) -> Sprite {
        let share = f32::from(disc) / self.discs.max(1) as f32;
        let width = (self.slot * (0.28 + 0.62 * share)).floor().max(2.0);
        let mut canvas = Canvas::clear(width as u32, self.thick as u32);
        let (_, color) = palette::NAMED[usize::from(disc - 1) % palette::NAMED.len()];
        let radius = self.thick * 0.42;
        canvas.round_rect(0.0, 0.5, width, self.thick - 1.0, radius, color.darker(60));
        canvas.round_rect(0.0, 0.5, width, self.thick * 0.86 - 1.0, radius, color);
        canvas.text(width / 2.0, self.thick * 0.46, self.thick * 0.62, &disc.to_string(), palette::WHITE);
        canvas.into_sprite()
    }
}

impl Puzzle for Hanoi {
    const NAME: &'static str = "tower-of-hanoi";
    type Settings = HanoiSettings;
    type Answer = Vec<DiscMove>;

    fn generate(stream: &mut Stream, settings: &HanoiSettings) -> Result<Hanoi, Error> {
        const ATTEMPTS: u32 = 100;
        settings.check()?;
        let mut failures = Failures::default();
        for _ in 0..ATTEMPTS {
            let goal = stream.index(settings.pegs.into());
            let tower = stream.index(settings.pegs.into());
            let mut pegs = vec![Vec::new(); settings.pegs.into()];
            for disc in (1..=settings.discs).rev() {
                let peg = if settings.from_tower { tower } else { stream.index(settings.pegs.into()) };
                pegs[peg].push(disc);
            }
            let hanoi = Hanoi { pegs, goal: goal as u8 };
            if !hanoi.is_solved() {
                return Ok(hanoi);
            }
            failures.count("solved already");
        }
        Err(failures.error("tower of Hanoi"))
    }

    fn solve(&self) -> Option<Solution<Vec<DiscMove>>> {
        let (base, discs) = (self.pegs.len() as u32, self.discs() as u32);
        let states = u64::from(base).checked_pow(discs).filter(|&states| states <= MOST_STATES)? as usize;
        let powers: Vec<u32> = (0..discs).map(|disc| base.pow(disc)).collect();
        let goal: u32 = powers.iter().map(|power| power * u32::from(self.goal)).sum();
        let first = self.code();
        // moves from the goal back; moves can be undone, so that these are the moves to it
        let mut moves = vec![u16::MAX; states];
        let next = |code: u32, then: &mut dyn FnMut(u32, DiscMove)| {
            let mut covered = 0u32;
            for &power in &powers {
                let from = code / power % base;
                if covered >> from & 1 == 0 {
                    for to in (0..base).filter(|to| *to != from && covered >> to & 1 == 0) {
                        then(code + to * power - from * power, DiscMove { from: from as u8, to: to as u8 });
                    }
                }
                covered |= 1 << from;
            }
        };
        *moves.get_mut(goal as usize)? = 0;
        let mut queue = vec![goal];
        let mut at = 0;
        while let Some(&code) = queue.get(at) {
            at += 1;
            if code == first {
                break;
            }
            let here = moves[code as usize];
            next(code, &mut |other, _| {
                if moves[other as usize] == u16::MAX {
                    moves[other as usize] = here + 1;
                    queue.push(other);
                }
            });
        }
        let (mut here, mut answer, mut unique) = (first, Vec::new(), true);
        while moves[here as usize] > 0 {
            let (wanted, mut best, mut count) = (moves[here as usize].checked_sub(1)?, None, 0);
            next(here, &mut |other, step| {
                if moves[other as usize] == wanted {
                    count += 1;
                    best.get_or_insert((other, step));
                }
            });
            let (other, step) = best?;
            unique &= count == 1;
            answer.push(step);
            here = other;
        }
        let cost = answer.len() as u32;
        Some(Solution { answer, unique, cost })
    }

    fn accepts(&self, answer: &Vec<DiscMove>) -> bool {
        // where each disc is, not what each peg holds
        let discs = self.discs();
        let mut peg_of: Vec<usize> = vec![usize::MAX; discs];
        for (at, peg) in self.pegs.iter().enumerate() {
            for &disc in peg {
                if let Some(place) = peg_of.get_mut(usize::from(disc).wrapping_sub(1)) {
                    *place = at;
                }
            }
        }
        for step in answer {
            let (from, to) = (usize::from(step.from), usize::from(step.to));
            let Some(disc) = peg_of.iter().position(|&peg| peg == from) else { return false };
            if from == to || to >= self.pegs.len() || peg_of[..disc].contains(&to) {
                return false;
            }
            peg_of[disc] = to;
        }
        peg_of.iter().all(|&peg| peg == usize::from(self.goal))
    }

    fn space(settings: &HanoiSettings) -> Option<u64> {
        let pegs = u64::from(settings.pegs);
        let positions = if settings.from_tower { pegs } else { pegs.pow(settings.discs.into()) };
        Some((positions - 1) * pegs)
    }

    fn draw(&self, side_px: u32) -> Picture {
        let still = FilmSettings {
            side_px: side_px.clamp(MIN_SIDE_PX, MAX_SIDE_PX),
            hold_s: 0.0,
            ..Default::default()
        };
        self.film(&Vec::new(), &still)
            .map_or_else(|_| Room::new(self, side_px).ground(self), |film| film.picture(0))
    }

    fn film(&self, answer: &Vec<DiscMove>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let room = Room::new(self, settings.side_px);
        let mut stage = Stage::new(room.ground(self), settings.fps);
        let mut actors = vec![None; room.discs + 1];
        for (at, peg) in self.pegs.iter().enumerate() {
            for (level, &disc) in peg.iter().enumerate() {
                let sprite = stage.sprite(room.sprite(disc));
                let actor = stage.enter(&format!("disc {disc}"), sprite, room.center(at, level));
                if let Some(place) = actors.get_mut(usize::from(disc)) {
                    *place = Some(actor);
                }
            }
        }
        stage.hold(settings.hold_pictures().max(1));
        let mut state = self.clone();
        for &step in answer {
            if !state.apply(step) {
                break;
            }
            let (from, to) = (usize::from(step.from), usize::from(step.to));
            let peg = &state.pegs[to];
            let disc = peg.last().and_then(|&disc| actors.get(usize::from(disc)).copied().flatten());
            if let Some(actor) = disc {
                let third = (settings.pictures_per_step() / 3).max(1);
                let target = room.center(to, peg.len() - 1);
                stage.glide(&[(actor, [room.center(from, 0)[0], room.top()])], third);
                stage.glide(&[(actor, [target[0], room.top()])], third);
                stage.glide(&[(actor, target)], third);
            }
        }
        stage.hold(settings.hold_pictures());
        Ok(stage.finish())
    }
}

impl fmt::Display for DiscMove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}>{}", self.from + 1, self.to + 1)
    }
}

impl FromStr for DiscMove {
    type Err = Error;
    fn from_str(text: &str) -> Result<DiscMove, Error> {
        let peg = |word: &str| word.trim().parse::<u8>().ok().filter(|n| (1..=9).contains(n)).map(|n| n - 1);
        text.split_once('>')
            .and_then(|(from, to)| Some(DiscMove { from: peg(from)?, to: peg(to)? }))
            .ok_or_else(|| Error::Text {
                kind: "disc move",
                line: 1,
                expected: "two pegs, as in 1>3".to_owned(),
                found: format!("{text:?}"),
            })
    }
}

impl fmt::Display for Hanoi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for peg in &self.pegs {
            let discs: Vec<String> = peg.iter().map(u8::to_string).collect();
            writeln!(f, "| {}", discs.join(" "))?;
        }
        writeln!(f, "goal {}", self.goal + 1)
    }
}

impl FromStr for Hanoi {
    type Err = Error;
    fn from_str(text: &str) -> Result<Hanoi, Error> {
        let wrong = |line: usize, expected: &str, found: &str| Error::Text {
            kind: Hanoi::NAME,
            line,
            expected: expected.to_owned(),
            found: format!("{found:?}"),
        };
        let (mut pegs, mut goal) = (Vec::new(), None);
        for (line, row) in (1..).zip(text.trim().lines()) {
            if let Some(discs) = row.strip_prefix('|').filter(|_| goal.is_none() && pegs.len() < 5) {
                let discs: Option<Vec<u8>> = discs.split_whitespace().map(|word| word.parse().ok()).collect();
                let discs = discs.filter(|discs| discs.is_sorted_by(|a, b| a > b));
                pegs.push(discs.ok_or_else(|| wrong(line, "discs from the largest to the smallest", row))?);
            } else if let Some(peg) = row.strip_prefix("goal ").and_then(|peg| peg.trim().parse::<u8>().ok())
            {
                goal = Some(peg).filter(|&peg| peg >= 1 && usize::from(peg) <= pegs.len()).map(|peg| peg - 1);
            } else {
                return Err(wrong(line, "| and discs (3 to 5 pegs), then goal and a peg", row));
            }
        }
        let mut all: Vec<u8> = pegs.iter().flatten().copied().collect();
        all.sort_unstable();
        let whole = all.iter().zip(1..).all(|(&disc, n)| disc == n) && (1..=20).contains(&all.len());
        match goal {
            Some(goal) if whole && pegs.len() >= 3 => Ok(Hanoi { pegs, goal }),
            _ => Err(wrong(1, "3 to 5 pegs, discs from 1 on, each once, and a goal", text.trim())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn the_kind_holds_what_it_promises() {
        for (discs, pegs, from_tower) in [(4, 3, true), (6, 4, false), (3, 5, false)] {
            trial::holds::<Hanoi>(&HanoiSettings { discs, pegs, from_tower }, 40);
        }
    }

    #[test]
    fn a_tower_of_n_discs_takes_two_to_the_n_less_one() {
        for discs in 1..=9 {
            let pegs = vec![(1..=discs).rev().collect(), Vec::new(), Vec::new()];
            let solution = Hanoi { pegs, goal: 2 }.solve().unwrap();
            assert_eq!((solution.cost, solution.unique), ((1 << discs) - 1, true));
        }
        // with four pegs: Frame and Stewart's numbers
        let pegs = vec![(1..=8).rev().collect(), Vec::new(), Vec::new(), Vec::new()];
        assert_eq!(Hanoi { pegs, goal: 3 }.solve().map(|solution| solution.cost), Some(33));
    }

    #[test]
    fn larger_discs_never_lie_on_smaller_ones() {
        let hanoi: Hanoi = "| 2 1\n|\n|\ngoal 3\n".parse().unwrap();
        let moves = |text: &str| text.split(' ').map(|word| word.parse().unwrap()).collect::<Vec<DiscMove>>();
        assert!(hanoi.accepts(&moves("1>2 1>3 2>3")) && hanoi.accepts(&moves("1>3 3>2 1>3 2>3")));
        trial::refuses(
            &hanoi,
            &[moves("1>3 1>3"), moves("1>2 1>3"), moves("2>3"), moves("1>1 1>2 1>3 2>3"), moves("1>4")],
        );
    }
}
