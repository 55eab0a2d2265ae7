//! Things that move, seen over time: the kinds of questions of STKit-Bench, TOMATO, STRIDE-QA and of appearance order, over any record with
//! a clock.

mod appearance_order;
mod count_at_once;
mod distance_at;
mod speed;
mod speed_comparison;
mod street;
mod travelled_distance;

pub use appearance_order::AppearanceOrder;
pub use count_at_once::CountAtOnce;
pub use distance_at::DistanceAt;
pub use speed::Speed;
pub use speed_comparison::SpeedComparison;
pub use travelled_distance::TravelledDistance;

use super::{Knobs, Material, Skip, Stream};
use chronotope_world::{EntityId, Time};

/// Knobs of every task of this family: what drives in a generated street.
macro_rules! street_knobs {
    ($($knob:expr),* $(,)?) => {
        &[
            $($knob,)*
            $crate::generate::Knob {
                name: "form",
                about: "whether a number is asked for openly or among options",
                range: $crate::generate::Range::Word(&["open", "choice"]),
                levels: ["open", "open", "open"],
            },
            $crate::generate::Knob {
                name: "movers",
                about: "things that move in a generated street",
                range: $crate::generate::Range::Whole(2, 40),
                levels: ["4", "8", "15"],
            },
            $crate::generate::Knob {
                name: "camera",
                about: "who films a generated street: a driver in it or somebody on the pavement",
                range: $crate::generate::Range::Word(&["driver", "fixed"]),
                levels: ["fixed", "driver", "driver"],
            },
            $crate::generate::Knob {
                name: "media",
                about: "what is shown of a generated street",
                range: $crate::generate::Range::Word(&$crate::generate::Media::NAMES),
                levels: ["video", "video", "video"],
            },
            $crate::generate::Knob {
                name: "seconds",
                about: "how long it is filmed, in seconds",
                range: $crate::generate::Range::Real(1.0, 600.0),
                levels: ["8", "12", "20"],
            },
            $crate::generate::Knob {
                name: "fps",
                about: "pictures per second",
                range: $crate::generate::Range::Whole(2, 60),
                levels: ["8", "8", "8"],
            },
            $crate::generate::Knob {
                name: "width_px",
                about: "width of a picture; its height is nine sixteenths of that",
                range: $crate::generate::Range::Whole(64, 4096),
                levels: ["640", "640", "640"],
            },
            $crate::generate::Knob {
                name: "least_px",
                about: "a thing is seen where so many of its pixels are",
                range: $crate::generate::Range::Whole(1, 1_000_000),
                levels: ["300", "150", "60"],
            },
            $crate::generate::Knob {
                name: "per_scene",
                about: "questions about one generated street",
                range: $crate::generate::Range::Whole(1, 100),
                levels: ["5", "5", "5"],
            },
        ]
    };
}
use street::street;
use street_knobs;

/// A thing with a name that a sentence and a program can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// In a sentence: `car 3`, `the sofa` where there is one alone.
    pub(crate) name: String,
    /// Alone, as in an option: `car 3`, `sofa`.
    pub(crate) short: String,
    /// `entity(3, "car")`, `all("sofa")`.
    pub(crate) program: String,
    /// The thing.
    pub(crate) thing: EntityId,
}

/// `k` different things in random order, of those that `fits` takes.
pub(crate) fn draw_things(
    about: &Material,
    k: usize,
    stream: &mut Stream,
    fits: impl Fn(EntityId) -> bool,
) -> Result<Vec<Named>, Skip> {
    let categories = &about.survey.categories;
    let all: usize = categories.iter().map(|c| c.things.len()).sum();
    let mut drawn: Vec<Named> = Vec::new();
    for at in stream.sample(all, all.min(200)) {
        if drawn.len() == k {
            break;
        }
        let mut left = at;
        let found = categories.iter().find_map(|c| {
            if left < c.things.len() {
                return Some((c, c.things[left]));
            }
            left -= c.things.len();
            None
        });
        let Some((category, thing)) = found else { continue };
        if drawn.iter().any(|other| other.thing == thing) || !fits(thing) {
            continue;
        }
        drawn.push(if category.is_single() && about.unnumbered {
            Named {
                name: format!("the {}", category.name),
                short: category.name.clone(),
                program: format!("all(\"{}\")", category.name),
                thing,
            }
        } else if about.unnumbered {
            continue;
        } else {
            let name = format!("{} {}", category.name, thing.0);
            let program = format!("entity({}, \"{}\")", thing.0, category.name);
            Named { short: name.clone(), name, program, thing }
        });
    }
    if drawn.len() < k {
        return Err(Skip::draw("too few things that do this"));
    }
    Ok(drawn)
}

/// A time as it stands in a sentence and in a program: to the thousandth of a second, without idle zeros.
pub(crate) fn clock(t: Time) -> String {
    let text = format!("{:.3}", t.as_s());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A stretch of a thing's record of at least `least_s`, from one of its moments to another, in the middle of which it was not lost.
pub(crate) fn stretch(times: &[Time], least_s: f64, stream: &mut Stream) -> Result<(Time, Time), Skip> {
    let least_ns = (least_s * 1e9) as i64;
    let last = times.last().copied().ok_or(Skip::draw("the thing is seen for too short"))?;
    let firsts = times.partition_point(|t| t.0.saturating_add(least_ns) <= last.0);
    let from = *stream.choose(&times[..firsts]).ok_or(Skip::draw("the thing is seen for too short"))?;
    let ends = &times[times.partition_point(|t| t.0 < from.0.saturating_add(least_ns).max(from.0 + 1))..];
    let to = *stream.choose(ends).ok_or(Skip::draw("the thing is seen for too short"))?;
    Ok((from, to))
}

/// Two things that are seen together for at least `least_s`, with the moments at which both are seen.
pub(crate) fn draw_pair(
    about: &Material,
    least_s: f64,
    stream: &mut Stream,
) -> Result<([Named; 2], Vec<Time>), Skip> {
    let both = |a: &[Time], thing| -> Vec<Time> {
        let other = about.seen(thing);
        a.iter().copied().filter(|t| other.binary_search(t).is_ok()).collect()
    };
    let long = |times: &[Time]| match times {
        [first, .., last] => last.as_s() - first.as_s() >= least_s,
        [_] => least_s == 0.0,
        [] => false,
    };
    let first = draw_things(about, 1, stream, |thing| long(about.seen(thing)))?.remove(0);
    let times = about.seen(first.thing);
    let beside = |thing| thing != first.thing && long(&both(times, thing));
    let second = draw_things(about, 1, stream, beside)?.remove(0);
    let times = both(times, second.thing);
    Ok(([first, second], times))
}

/// A record without a clock has no seconds to ask about.
pub(crate) fn needs_clock(about: &Material) -> Result<(), Skip> {
    if about.survey.span.is_none() || about.world.record().order_only {
        return Err(Skip::world("the record has no clock"));
    }
    Ok(())
}
