//! On which side something lies for somebody who stands at one thing and faces another. VSI-Bench `object_rel_direction` (Yang et al.,
//! 2025); filters of VLM-3R's generator and of SIMS-V.

use super::{Draft, Knob, Knobs, Known, Material, Range, Said, Skip, Stream, draft, home, room_knobs};
use crate::generate::phrase::phrase;
use crate::generate::{Family, Task};
use chronotope_world::Time;
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// The direction of a thing from where one stands and looks, in two, three or four words.
#[derive(Clone, Copy, Debug)]
pub struct RelativeDirection;

impl Task for RelativeDirection {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "relative-direction",
            about: "on which side a thing lies for somebody who stands at one thing and faces another",
            source: "tasks/src/generate/room/relative_direction.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope make relative-direction --count 10 --out items",
        }
    }

    fn family(&self) -> Family {
        Family::Room
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn balanced(&self) -> bool {
        true
    }

    fn knobs(&self) -> &'static [Knob] {
        room_knobs![
            Knob {
                name: "sectors",
                about: "into how many directions the circle is cut: LR2, LRB3 or QUAD4",
                range: Range::Word(&["LR2", "LRB3", "QUAD4"]),
                levels: ["LR2", "LRB3", "QUAD4"],
            },
            Knob {
                name: "margin_deg",
                about: "least angle to the edge of a direction, in degrees",
                range: Range::Real(0.0, 40.0),
                levels: ["20", "15", "10"],
            },
            Knob {
                name: "least_m",
                about: "least distance between two of the three things, in metres",
                range: Range::Real(0.0, 100.0),
                levels: ["0.3", "0.3", "0.3"],
            },
            Knob {
                name: "most_m",
                about: "greatest distance between two of the three things, in metres",
                range: Range::Real(0.5, 10_000.0),
                levels: ["5", "5", "10"],
            },
        ]
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        home(stream, knobs, Known::Places)
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        let three = about.draw(3, stream, |c| c.is_single())?;
        let t = about.survey.span.map_or(Time(0), |span| span.start());
        let placed: Vec<_> = three.iter().map(|c| about.placed(c.things[0], t)).collect::<Result<_, _>>()?;
        if placed.iter().any(|p| p.reference_frame != placed[0].reference_frame) {
            return Err(Skip::draw("the things stand in unlike reference frames"));
        }
        let plan = |at: usize| [placed[at].centre.x, placed[at].centre.y];
        let [stand, face, asked] = [plan(0), plan(1), plan(2)];
        let far = |a: [f64; 2], b: [f64; 2]| libm::hypot(a[0] - b[0], a[1] - b[1]);
        let distances = [far(stand, face), far(stand, asked), far(face, asked)];
        if distances.iter().any(|&d| d < knobs.real("least_m") || d > knobs.real("most_m")) {
            return Err(Skip::draw("two of the three things are too near or too far"));
        }
        let sectors = Sectors::named(knobs.word("sectors"));
        let theta = bearing(stand, face, asked);
        let margin = sectors.margin(theta);
        if margin < knobs.real("margin_deg") {
            return Err(Skip::draw("the direction is too close to an edge"));
        }
        if sectors == Sectors::Lr2 && theta.abs() > 135.0 {
            return Err(Skip::draw("the thing lies behind"));
        }
        let own = sectors.word(theta);
        let corners = &placed[2].corners;
        let strays = corners.iter().filter(|c| sectors.word(bearing(stand, face, [c.x, c.y])) != own).count();
        if strays > 2 {
            return Err(Skip::draw("the thing reaches into another direction"));
        }
        let [p, o, q] = [&three[0].name, &three[1].name, &three[2].name];
        let program = format!(
            "direction(all(\"{q}\"), all(\"{p}\"), all(\"{o}\"), sectors: {})",
            knobs.word("sectors")
        );
        let (word, found) = about.word(&program)?;
        let wrong = sectors.words().iter().filter(|w| **w != word).map(|w| (*w).to_owned()).collect();
        let ways = match sectors {
            Sectors::Lr2 => "on your left or on your right",
            Sectors::Lrb3 => "to your left, to your right or behind you",
            Sectors::Quad4 => "to your front-left, front-right, back-left or back-right",
        };
        let question = phrase(
            &[
                "Standing at the {p} and facing the {o}, is the {q} {ways}?",
                "You stand at the {p} and look at the {o}. Is the {q} {ways}?",
            ],
            &[("p", p), ("o", o), ("q", q), ("ways", ways)],
            stream,
        );
        Ok(draft(
            question,
            Said::Choice { right: word, wrong },
            &found,
            json!({ "stand": p, "face": o, "asked": q }),
            &[("edge_deg", margin), ("corners", 2.0 - strays as f64)],
            &[("sectors", sectors.words().len() as f64)],
        ))
    }
}

/// Angle of `q` for somebody at `p` who faces `f`, in degrees, left positive, in (−180, 180].
fn bearing(p: [f64; 2], f: [f64; 2], q: [f64; 2]) -> f64 {
    let (fx, fy, qx, qy) = (f[0] - p[0], f[1] - p[1], q[0] - p[0], q[1] - p[1]);
    libm::atan2(fx * qy - fy * qx, fx * qx + fy * qy).to_degrees()
}

/// Ways to cut the circle (TASKS 0.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sectors {
    Lr2,
    Lrb3,
    Quad4,
}

impl Sectors {
    fn named(name: &str) -> Sectors {
        match name {
            "LR2" => Sectors::Lr2,
            "LRB3" => Sectors::Lrb3,
            _ => Sectors::Quad4,
        }
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Sectors::Lr2 => &["left", "right"],
            Sectors::Lrb3 => &["left", "right", "back"],
            Sectors::Quad4 => &["front-left", "front-right", "back-left", "back-right"],
        }
    }

    fn word(self, theta: f64) -> &'static str {
        match self {
            Sectors::Lr2 if theta > 0.0 => "left",
            Sectors::Lr2 => "right",
            Sectors::Lrb3 if theta.abs() >= 135.0 => "back",
            Sectors::Lrb3 if theta > 0.0 => "left",
            Sectors::Lrb3 => "right",
            Sectors::Quad4 => match (theta.abs() < 90.0, theta > 0.0) {
                (true, true) => "front-left",
                (true, false) => "front-right",
                (false, true) => "back-left",
                (false, false) => "back-right",
            },
        }
    }

    /// Angle to the nearest edge, in degrees.
    fn margin(self, theta: f64) -> f64 {
        let edges: &[f64] = match self {
            Sectors::Lr2 => &[0.0, 180.0],
            Sectors::Lrb3 => &[0.0, 135.0],
            Sectors::Quad4 => &[0.0, 90.0, 180.0],
        };
        edges.iter().map(|edge| (theta.abs() - edge).abs()).fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_is_positive_and_edges_have_no_margin() {
        let ahead = |q| bearing([0.0, 0.0], [0.0, 1.0], q);
        assert_eq!(ahead([-1.0, 0.0]), 90.0);
        assert_eq!(ahead([1.0, 0.0]), -90.0);
        assert_eq!(Sectors::Quad4.margin(90.0), 0.0);
        assert_eq!(Sectors::Lrb3.margin(-140.0), 5.0);
        assert_eq!(Sectors::Lrb3.word(-140.0), "back");
        assert_eq!(Sectors::Lrb3.word(-100.0), "right");
    }
}
