//! The moment of a picture.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Instant};
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Selection, Time};

/// `picture(91)`: when the picture of that number is shown, also where only the order of the pictures is known.
///
/// Numbers are those of the source: `MOTChallenge` counts from 1, all else from 0 (as `frame_index` in evidence). A picture in which
/// nothing was seen lies between its neighbours, in proportion to the numbers.
pub struct Picture;

impl Operator for Picture {
    fn entry(&self) -> Entry {
        let example = "count_at(all(\"car\"), picture(91))";
        entry("picture", "the moment of a picture by its number", "program/src/ops/picture.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Moment)).needs("number", Takes::Number((0, 0, 0)))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = args.number("number").map_or(-1.0, |number| number.value);
        let sources = &run.world.tables().sources;
        let from = i64::from(sources.iter().any(|source| source.settings.contains("format=mot ")));
        let number = asked as i64 - from;
        if asked.fract() != 0.0 || number < 0 {
            return missing(MissingKind::Wording, format!("no picture has the number {asked}"));
        }
        let (before, after) = neighbours(run, number)?;
        let t = match (before, after) {
            (Some((n, t)), _) if n == number => t,
            (Some((n, t)), Some((m, u))) => {
                let share = (number - n) as f64 / (m - n) as f64;
                t.plus_ns(((u - t) as f64 * share).round() as i64)
            }
            (None, None) => return missing(MissingKind::Clock, "the numbers of the pictures"),
            (Some((n, t)), None) => {
                let what =
                    format!("no picture {asked}: the last with something in it is {} at {t} s", n + from);
                return missing(MissingKind::Coverage, what);
            }
            (None, Some((n, t))) => {
                let what =
                    format!("no picture {asked}: the first with something in it is {} at {t} s", n + from);
                return missing(MissingKind::Coverage, what);
            }
        };
        Ok(Datum::Moment(Instant::exactly(t)))
    }
}

type Numbered = Option<(i64, Time)>;

/// The pictures with samples next to a number, from 0: at or before it, and after it.
fn neighbours(run: &Run<'_>, number: i64) -> Part<(Numbered, Numbered)> {
    let times_only = Selection { boxes: false, positions: false, rest: false, ..Selection::ALL };
    let (mut before, mut after): (Numbered, Numbered) = (None, None);
    for n in 0..run.world.store().bounds().len() {
        let chunk = run.world.store().select(n, &times_only)?;
        for i in 0..chunk.len() {
            let found = i64::from(chunk.frame_index[i]);
            if chunk.frame_index[i] == u32::MAX || !run.world.view().sees(chunk.known(i)) {
                continue;
            }
            let at = Some((found, Time(chunk.t_ns[i])));
            if found <= number && before.is_none_or(|(known, _)| known < found) {
                before = at;
            }
            if found > number && after.is_none_or(|(known, _)| known > found) {
                after = at;
            }
        }
    }
    Ok((before, after))
}
