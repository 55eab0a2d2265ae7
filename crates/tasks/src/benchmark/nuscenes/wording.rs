//! The words of the questions: several ways for each type, as people put them.

/// A category of nuScenes, and what one and many of it are called.
pub(super) const NOUNS: &[(&str, (&str, &str))] = &[
    ("human.pedestrian.adult", ("pedestrian", "pedestrians")),
    ("movable_object.barrier", ("barrier", "barriers")),
    ("movable_object.trafficcone", ("traffic cone", "traffic cones")),
    ("vehicle.bicycle", ("bicycle", "bicycles")),
    ("vehicle.bus.rigid", ("bus", "buses")),
    ("vehicle.car", ("car", "cars")),
    ("vehicle.motorcycle", ("motorcycle", "motorcycles")),
    ("vehicle.trailer", ("trailer", "trailers")),
    ("vehicle.truck", ("truck", "trucks")),
];

/// What one of a category is called; none of what has no everyday name.
pub(super) fn noun(category: &str) -> Option<&'static str> {
    NOUNS.iter().find(|(named, _)| *named == category).map(|(_, (one, _))| *one)
}

pub(super) const DISTANCE: &[&str] = &[
    "How far is {a} from {b} at {t}?",
    "What is the distance between {a} and {b} at {t}?",
    "At {t}, how far apart are {a} and {b}?",
    "How far apart are {a} and {b} at {t}, in meters?",
    "At {t}, how many meters apart are {a} and {b}?",
    "What distance separates {a} and {b} at {t}?",
    "How far away from {b} is {a} at {t}?",
    "Measured between their centres, how far is {a} from {b} at {t}?",
];

/// Of length, width and height, in metres and in centimetres.
pub(super) const DIMENSION: [[(&[&str], &str); 2]; 3] = [
    [
        (&["How long is {a}?", "What is the length of {a}?", "What is {a}'s length in meters?"], "m"),
        (&["How long is {a}, in centimeters?", "What is the length of {a} in cm?"], "cm"),
    ],
    [
        (&["How wide is {a}?", "What is the width of {a}?", "How wide is {a} in meters?"], "m"),
        (&["How wide is {a}, in centimeters?", "What is the width of {a} in cm?"], "cm"),
    ],
    [
        (&["How tall is {a}?", "What is the height of {a}?", "How high is {a}?"], "m"),
        (&["How tall is {a}, in centimeters?", "What is the height of {a} in cm?"], "cm"),
    ],
];

pub(super) const BEARING: &[&str] = &[
    "What is the bearing of {a} from {b}'s point of view at {t}?",
    "As seen from {b}, at what angle is {a} at {t}?",
    "From the driver's seat of {b}, what is the bearing of {a} at {t}?",
    "At {t}, what is the angle to {a} from the perspective of {b}?",
];

/// In the order of quarter turns to the left.
pub(super) const SIDES: [&str; 4] = ["front", "left", "back", "right"];

pub(super) const LEFT_OR_RIGHT: &[&str] = &[
    "From {b}'s point of view, is {a} on the left or on the right at {t}?",
    "At {t}, for the driver of {b}, is {a} to the left or to the right?",
    "As seen from {b}, is {a} to the left or the right at {t}?",
    "From the driver's seat of {b}, is {a} on my left or on my right at {t}?",
    "If I were the driver of {b}, would {a} be to my left or to my right at {t}?",
];

pub(super) const FOUR_SIDES: &[&str] = &[
    "From {b}'s perspective, is {a} in front, to the left, to the right or behind at {t}?",
    "At {t}, as seen from {b}, is {a} to the left, to the right, in front or behind?",
    "For somebody in {b}, is {a} to the left, right, front or back at {t}?",
    "If I sat in {b}, would {a} be to my left, right, front or back at {t}?",
    "From the point of view of {b}, where is {a} at {t}?",
];

/// What somebody does, and how many degrees to the left it turns them.
pub(super) const TURNS: [(&str, f64); 5] = [
    ("turned left", 90.0),
    ("turned right", -90.0),
    ("turned around", 180.0),
    ("turned 90 degrees to the left", 90.0),
    ("turned right twice", 180.0),
];

pub(super) const SITUATIONAL: &[&str] = &[
    "If I sat in {b} and {turn}, would {a} be to my left, right, front or back at {t}?",
    "If I were the driver of {b} and {turn}, would {a} be in front, to my left, to my right or behind at {t}?",
    "From the driver's seat of {b}, if I {turn}, is {a} to my left, right, front or back at {t}?",
    "At {t}, from {b}'s point of view, if I {turn}, where is {a}?",
];

pub(super) const CLOSER: &[&str] = &[
    "Which is closer to {c} at {t}, {a} or {b}?",
    "At {t}, which is closer to {c}: {a} or {b}?",
    "Which one is nearer to {c}, {a} or {b}, at {t}?",
    "At {t}, is {a} or {b} closer to {c}?",
    "Of {a} and {b}, which is closer to {c} at {t}?",
];

pub(super) const LONGER: &[&str] =
    &["Which is longer, {a} or {b}?", "Is {a} or {b} longer?", "Which one is longer, {a} or {b}?"];

pub(super) const TALLER: &[&str] =
    &["Which is taller, {a} or {b}?", "Is {a} or {b} taller?", "Which one is taller, {a} or {b}?"];

/// From east, in eighths of a turn to the left.
pub(super) const COMPASS: [&str; 8] =
    ["east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east"];

pub(super) const IN_WHICH_COMPASS_DIRECTION: &[&str] = &[
    "In which compass direction is {a} from {b} at {t}?",
    "At {t}, in which compass direction does {a} lie from {b}?",
    "Which compass direction is {a} from {b} at {t}?",
];

pub(super) const COUNT: &[&str] = &[
    "How many {as} are there at {t}?",
    "How many {as} can be seen at {t}?",
    "At {t}, how many {as} are visible?",
    "What is the number of {as} at {t}?",
];

pub(super) const PATH: &[&str] = &[
    "How far does {a} travel between {t} and {u}?",
    "What distance does {a} cover between {t} and {u}?",
    "How far did {a} move from {t} to {u}?",
    "Between {t} and {u}, how many meters does {a} travel?",
];

/// In two units, with the factor from metres per second.
pub(super) const SPEED: [(&[&str], &str, f64); 2] = [
    (
        &[
            "How fast does {a} move between {t} and {u}?",
            "What is the average speed of {a} between {t} and {u}?",
            "How fast was {a} going from {t} to {u}, in meters per second?",
        ],
        "m/s",
        1.0,
    ),
    (
        &[
            "What is the speed of {a} between {t} and {u} in km/h?",
            "How fast does {a} go between {t} and {u}, in km/h?",
        ],
        "km/h",
        3.6,
    ),
];

pub(super) const MOVING: &[&str] = &[
    "Is {a} moving at {t}?",
    "At {t}, does {a} move?",
    "At {t}, is {a} in motion?",
    "Was {a} moving at {t}?",
];

pub(super) const FIRST_SEEN: &[&str] =
    &["When is {a} first seen?", "When does {a} first appear?", "At what time does {a} appear?"];

pub(super) const LAST_SEEN: &[&str] =
    &["When was {a} last seen?", "When is {a} seen for the last time?", "At what time was {a} last visible?"];

pub(super) const EGO_LEFT_OR_RIGHT: &[&str] = &[
    "At {t}, is {a} to my left or to my right?",
    "Is {a} on the left or the right of me at {t}?",
    "Is {a} on my left or on my right at {t}?",
];

pub(super) const EGO_FOUR_SIDES: &[&str] = &[
    "At {t}, is {a} to my left, right, front or back?",
    "Is {a} in front of me, to my left, to my right or behind me at {t}?",
    "At {t}, where is {a} relative to me?",
];

pub(super) const EGO_DISTANCE: &[&str] = &[
    "How far is {a} from the camera at {t}?",
    "How far am I from {a} at {t}?",
    "At {t}, how far away from me is {a}?",
    "What is the distance from the camera to {a} at {t}?",
];

pub(super) const EGO_CLOSER: &[&str] = &[
    "At {t}, which is closer to me, {a} or {b}?",
    "At {t}, is {a} or {b} closer to me?",
    "Which is closer to the camera at {t}, {a} or {b}?",
];

pub(super) const IN_VIEW: &[&str] = &[
    "Is {a} visible to the camera at {t}?",
    "Is {a} in the camera's view at {t}?",
    "At {t}, is {a} in the view of the camera?",
];
