//! All families.
//!
//! Adding one: a file beside this one, a `mod` line in `mod.rs`, a line here and one in [`entries`].

use super::{
    Family, activity, camera, caption, color, compare, count, covisible, direction, distance, duration,
    entry, event, exists, first, identity, list, motion_direction, name, nearest, order, parity, path,
    perspective, reach, room, route, side, size, speed, state, stop, superlative, visibility, way, what_is,
    when, whereabouts,
};
use chronotope_world::catalogue::Entry;

/// Every family, in alphabetical order.
pub const FAMILIES: &[&dyn Family] = &[
    &activity::Activity,
    &camera::Camera,
    &caption::Caption,
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
    &parity::Parity,
    &path::Path,
    &perspective::Perspective,
    &reach::Reach,
    &room::Room,
    &route::Route,
    &side::Side,
    &size::Size,
    &speed::Speed,
    &state::State,
    &stop::Stop,
    &superlative::Superlative,
    &visibility::Visibility,
    &way::Way,
    &what_is::WhatIs,
    &when::When,
    &whereabouts::Whereabouts,
];

/// The families as lines of the catalogue.
pub fn entries() -> Vec<Entry> {
    const SOURCES: &[&str] = &[
        "ask/src/question/family/activity.rs",
        "ask/src/question/family/camera.rs",
        "ask/src/question/family/caption.rs",
        "ask/src/question/family/color.rs",
        "ask/src/question/family/compare.rs",
        "ask/src/question/family/count.rs",
        "ask/src/question/family/covisible.rs",
        "ask/src/question/family/direction.rs",
        "ask/src/question/family/distance.rs",
        "ask/src/question/family/duration.rs",
        "ask/src/question/family/event.rs",
        "ask/src/question/family/exists.rs",
        "ask/src/question/family/first.rs",
        "ask/src/question/family/identity.rs",
        "ask/src/question/family/list.rs",
        "ask/src/question/family/motion_direction.rs",
        "ask/src/question/family/name.rs",
        "ask/src/question/family/nearest.rs",
        "ask/src/question/family/order.rs",
        "ask/src/question/family/parity.rs",
        "ask/src/question/family/path.rs",
        "ask/src/question/family/perspective.rs",
        "ask/src/question/family/reach.rs",
        "ask/src/question/family/room.rs",
        "ask/src/question/family/route.rs",
        "ask/src/question/family/side.rs",
        "ask/src/question/family/size.rs",
        "ask/src/question/family/speed.rs",
        "ask/src/question/family/state.rs",
        "ask/src/question/family/stop.rs",
        "ask/src/question/family/superlative.rs",
        "ask/src/question/family/visibility.rs",
        "ask/src/question/family/way.rs",
        "ask/src/question/family/what_is.rs",
        "ask/src/question/family/when.rs",
        "ask/src/question/family/whereabouts.rs",
    ];
    FAMILIES.iter().zip(SOURCES).map(|(family, source)| entry(*family, source)).collect()
}
