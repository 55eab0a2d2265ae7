//! Rooms and the things in them: the types of questions of VSI-Bench and SIMS-V, made at will over any scene.

mod absolute_distance;
mod home;
mod object_count;
mod object_size;
mod relative_direction;
mod relative_distance;
mod room_size;

pub use absolute_distance::AbsoluteDistance;
pub use object_count::ObjectCount;
pub use object_size::ObjectSize;
pub use relative_direction::RelativeDirection;
pub use relative_distance::RelativeDistance;
pub use room_size::RoomSize;

use super::{Draft, Found, Knob, Knobs, Material, Range, Said, Skip, Stream};
use serde_json::{Map, Value as Json};

/// How a generated room is furnished: knobs of every task of this family.
macro_rules! room_knobs {
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
                name: "rooms",
                about: "rooms of a generated home",
                range: $crate::generate::Range::Whole(1, 4),
                levels: ["1", "1", "3"],
            },
            $crate::generate::Knob {
                name: "per_scene",
                about: "questions about one generated home",
                range: $crate::generate::Range::Whole(1, 100),
                levels: ["5", "5", "5"],
            },
            $crate::generate::Knob {
                name: "media",
                about: "what is shown of a generated home",
                range: $crate::generate::Range::Word(&$crate::generate::Media::NAMES),
                levels: ["video", "video", "video"],
            },
            $crate::generate::Knob {
                name: "seconds",
                about: "length of the walk through it, in seconds",
                range: $crate::generate::Range::Real(1.0, 600.0),
                levels: ["20", "20", "40"],
            },
            $crate::generate::Knob {
                name: "fps",
                about: "pictures per second",
                range: $crate::generate::Range::Whole(1, 60),
                levels: ["4", "4", "4"],
            },
            $crate::generate::Knob {
                name: "width_px",
                about: "width of a picture; its height is three quarters of that",
                range: $crate::generate::Range::Whole(64, 4096),
                levels: ["480", "480", "480"],
            },
            $crate::generate::Knob {
                name: "least_px",
                about: "what is asked about has so many pixels in some picture",
                range: $crate::generate::Range::Whole(1, 1_000_000),
                levels: ["1500", "600", "250"],
            },
            $crate::generate::Knob {
                name: "objects",
                about: "things in a generated home",
                range: $crate::generate::Range::Whole(4, 60),
                levels: ["8", "16", "32"],
            },
        ]
    };
}
pub(super) use home::{Known, home};
pub(super) use room_knobs;

/// How many options a question has.
const OPTIONS: Knob = Knob {
    name: "options",
    about: "options of a question",
    range: Range::Whole(2, 6),
    levels: ["4", "4", "4"],
};

/// A question of this family, put together.
pub(super) fn draft(
    question: String,
    said: Said,
    found: &Found,
    slots: Json,
    margins: &[(&str, f64)],
    difficulty: &[(&str, f64)],
) -> Draft {
    let numbers = |rows: &[(&str, f64)]| -> Map<String, Json> {
        rows.iter().map(|(name, value)| ((*name).to_owned(), Json::from(rounded(*value)))).collect()
    };
    Draft {
        question,
        said,
        program: found.program.clone(),
        evidence: found.evidence(),
        story: None,
        slots: slots.as_object().cloned().unwrap_or_default(),
        margins: numbers(margins),
        difficulty: numbers(difficulty),
        space: None,
    }
}

/// A margin to a tenth of a thousandth: more says nothing.
fn rounded(value: f64) -> f64 {
    libm::round(value * 1e4) / 1e4
}

/// `value` rounded as it is shown.
pub(super) fn shown(value: f64, decimals: u8) -> f64 {
    let scale = libm::pow(10.0, f64::from(decimals));
    libm::round(value * scale) / scale
}
