//! Turns on the way: lists of turns told, carried out and checked.

use super::floor::Place;
use crate::metric::direction::bearing_deg;
use std::fmt;

/// One turn in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// Straight on, below 30 degrees either way.
    Straight,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Around, beyond 135 degrees.
    Back,
}

impl Turn {
    /// The word for a signed change of heading in degrees, left positive: back beyond 135, straight within 30, else left or right.
    ///
    /// The bounds are those of route planning in VSI-Bench (Yang et al., Thinking in Space, 2024) as re-implemented: beyond 135
    /// back, from 45 to 135 left or right; a route with turns between 30 and 45 is not asked there.
    pub fn of(deg: f64) -> Turn {
        if deg.abs() < 30.0 { Turn::Straight } else { Turn::asked(deg) }
    }

    /// The word where straight on is no choice: back beyond 135 degrees, else by the sign; exactly 0 is straight.
    pub fn asked(deg: f64) -> Turn {
        if deg.abs() > 135.0 {
            Turn::Back
        } else if deg > 0.0 {
            Turn::Left
        } else if deg < 0.0 {
            Turn::Right
        } else {
            Turn::Straight
        }
    }

    /// `straight`, `left`, `right`, `back`.
    pub fn word(self) -> &'static str {
        match self {
            Turn::Straight => "straight",
            Turn::Left => "left",
            Turn::Right => "right",
            Turn::Back => "back",
        }
    }
}

/// A step of a walk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Turn by signed degrees, left positive.
    Turn(f64),
    /// Go forward by a length.
    Forward(f64),
    /// Go forward until abreast of a place: to the point of the way ahead that is nearest to it.
    ForwardUntil(Place),
}

/// Somebody who stands and looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stance {
    /// Where.
    pub at: Place,
    /// Radians counter-clockwise from x.
    pub heading_rad: f64,
}

/// Signed changes of heading, in degrees, on the way from a place past others: before each leg.
///
/// `facing` is what one looks at while standing at `start`. None where a leg has no length or one stands on what one faces.
pub fn turns(start: Place, facing: Place, stops: &[Place]) -> Option<Vec<f64>> {
    let (mut at, mut ahead) = (start, facing);
    let mut out = Vec::with_capacity(stops.len());
    for &stop in stops {
        out.push(bearing_deg(stop, at, ahead)?);
        // from there one looks on along the leg
        ahead = [2.0 * stop[0] - at[0], 2.0 * stop[1] - at[1]];
        at = stop;
    }
    Some(out)
}

/// Carries out a list of steps: where one stands after each, beginning with the start.
pub fn walk(start: Stance, steps: &[Step]) -> Vec<Stance> {
    let mut out = vec![start];
    let mut now = start;
    for step in steps {
        let (sin, cos) = libm::sincos(now.heading_rad);
        let ahead = |length: f64| [now.at[0] + length * cos, now.at[1] + length * sin];
        now = match *step {
            Step::Turn(deg) => Stance { heading_rad: now.heading_rad + deg.to_radians(), ..now },
            Step::Forward(length) => Stance { at: ahead(length), ..now },
            Step::ForwardUntil(place) => {
                let along = (place[0] - now.at[0]) * cos + (place[1] - now.at[1]) * sin;
                Stance { at: ahead(along.max(0.0)), ..now }
            }
        };
        out.push(now);
    }
    out
}

/// A route told turn by turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leg {
    /// Signed change of heading before it, in degrees; none at the start where no heading is known.
    pub turn_deg: Option<f64>,
    /// How far it goes straight.
    pub length: f64,
}

impl fmt::Display for Leg {
    /// `turn left by 90 degrees, go forward 2.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.turn_deg.map(|deg| (deg, deg.round().abs())) {
            None | Some((_, 0.0)) => {}
            Some((_, 180.0)) => f.write_str("turn back, ")?,
            Some((deg, whole)) => {
                write!(f, "turn {} by {whole} degrees, ", if deg > 0.0 { "left" } else { "right" })?;
            }
        }
        write!(f, "go forward {}", (self.length * 100.0).round() / 100.0)
    }
}

/// The legs of a route over places; `facing` is what one looks at before the first.
pub fn legs(places: &[Place], facing: Option<Place>) -> Vec<Leg> {
    let mut out: Vec<Leg> = Vec::new();
    let mut ahead = facing;
    for pair in places.windows(2) {
        let (at, to) = (pair[0], pair[1]);
        let (x, y) = (to[0] - at[0], to[1] - at[1]);
        let length = (x * x + y * y).sqrt();
        if length == 0.0 {
            continue;
        }
        out.push(Leg { turn_deg: ahead.and_then(|ahead| bearing_deg(to, at, ahead)), length });
        ahead = Some([2.0 * to[0] - at[0], 2.0 * to[1] - at[1]]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_before_each_leg() {
        // from the origin facing east: north, then east, then back west, then on west
        let stops = [[0.0, 2.0], [3.0, 2.0], [1.0, 2.0], [0.0, 2.0]];
        let found = turns([0.0, 0.0], [1.0, 0.0], &stops).expect("legs");
        assert_eq!(found, [90.0, -90.0, 180.0, 0.0]);
        let words: Vec<Turn> = found.iter().map(|&deg| Turn::of(deg)).collect();
        assert_eq!(words, [Turn::Left, Turn::Right, Turn::Back, Turn::Straight]);
        assert_eq!(turns([0.0, 0.0], [1.0, 0.0], &[[0.0, 0.0]]), None);
    }

    #[test]
    fn bounds_of_the_words() {
        assert_eq!(
            [29.0, 31.0, 135.0, 136.0, -140.0].map(Turn::of).map(Turn::word),
            ["straight", "left", "left", "back", "back"]
        );
        assert_eq!(Turn::asked(-10.0), Turn::Right);
    }

    #[test]
    fn a_walk_is_carried_out() {
        let start = Stance { at: [0.0, 0.0], heading_rad: 0.0 };
        let steps = [
            Step::Forward(2.0),
            Step::Turn(90.0),
            Step::ForwardUntil([5.0, 3.0]),
            Step::ForwardUntil([0.0, 0.0]),
        ];
        let found = walk(start, &steps);
        let near = |stance: &Stance, at: Place| {
            assert!(
                (stance.at[0] - at[0]).abs() < 1e-12 && (stance.at[1] - at[1]).abs() < 1e-12,
                "{stance:?}"
            );
        };
        near(&found[1], [2.0, 0.0]);
        near(&found[3], [2.0, 3.0]);
        near(&found[4], [2.0, 3.0]); // what lies behind is passed already
    }

    #[test]
    fn told_turn_by_turn() {
        let told: Vec<String> = legs(&[[0.0, 0.0], [0.0, 2.5], [-1.0, 2.5]], Some([0.0, -1.0]))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(told, ["turn back, go forward 2.5", "turn left by 90 degrees, go forward 1"]);
        assert_eq!(legs(&[[0.0, 0.0], [1.0, 0.0]], None)[0].to_string(), "go forward 1");
    }
}
