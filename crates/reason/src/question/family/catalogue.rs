//! All families.
//!
//! Adding one: a file beside this one, a `mod` line in `mod.rs`, a line here and one in [`entries`].

use super::{
    Family, camera, color, compare, count, covisible, direction, distance, duration, entry, event, exists,
    first, identity, list, motion_direction, name, nearest, order, path, room, route, side, size, speed,
    stop, superlative, when, whereabouts,
};
use chronotope_world::catalogue::Entry;

/// Every family, in alphabetical order.
pub const FAMILIES: &[&dyn Family] = &[
    &camera::Camera,
    &color::Color,
    &compare::Compare,
    &count::Count,
    &covisible::Covisible,
    &direction::Direction,
    &distance::Distance,
    &duration::Duration,
    &event::Event,
    &exists::Exists,
    &first::First,
    &identity::Identity,
    &list::List,
    &motion_direction::MotionDirection,
    &name::Name,
    &nearest::Nearest,
    &order::Order,
    &path::Path,
    &room::Room,
    &route::Route,
    &side::Side,
    &size::Size,
    &speed::Speed,
    &stop::Stop,
    &superlative::Superlative,
    &when::When,
    &whereabouts::Whereabouts,
];

/// The families as lines of the catalogue.
pub fn entries() -> Vec<Entry> {
    const SOURCES: &[&str] = &[
        "reason/src/question/family/camera.rs",
        "reason/src/question/family/color.rs",
        "reason/src/question/family/compare.rs",
        "reason/src/question/family/count.rs",
        "reason/src/question/family/covisible.rs",
        "reason/src/question/family/direction.rs",
        "reason/src/question/family/distance.rs",
        "reason/src/question/family/duration.rs",
        "reason/src/question/family/event.rs",
        "reason/src/question/family/exists.rs",
        "reason/src/question/family/first.rs",
        "reason/src/question/family/identity.rs",
        "reason/src/question/family/list.rs",
        "reason/src/question/family/motion_direction.rs",
        "reason/src/question/family/name.rs",
        "reason/src/question/family/nearest.rs",
        "reason/src/question/family/order.rs",
        "reason/src/question/family/path.rs",
        "reason/src/question/family/room.rs",
        "reason/src/question/family/route.rs",
        "reason/src/question/family/side.rs",
        "reason/src/question/family/size.rs",
        "reason/src/question/family/speed.rs",
        "reason/src/question/family/stop.rs",
        "reason/src/question/family/superlative.rs",
        "reason/src/question/family/when.rs",
        "reason/src/question/family/whereabouts.rs",
    ];
    FAMILIES.iter().zip(SOURCES).map(|(family, source)| entry(*family, source)).collect()
}
