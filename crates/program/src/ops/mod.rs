//! The operators, one file each (close kin share one).
//!
//! # Adding an operator
//!
//! 1. A file here with a unit struct that implements [`Operator`]: its line for the catalogue, its signature, what it does.
//! 2. A line in [`OPERATORS`], in alphabetical order, and its row in `docs/language.md`.

use crate::operator::Operator;
use chronotope_world::catalogue::Entry;

pub mod across_views;
pub mod acts;
pub mod after;
pub mod all;
pub mod altitude;
pub mod approaching;
pub mod argmax;
pub mod arithmetic;
pub mod beyond;
pub mod bounds;
pub mod carriers;
pub mod collides;
pub mod contact;
pub mod contents;
pub mod count;
pub mod count_at;
pub mod crosses;
pub mod cycle;
pub mod direction;
pub mod disappears;
pub mod distance;
pub mod duration;
pub mod dwell;
pub mod encounter;
pub mod enters;
pub mod entity;
pub mod events;
pub mod exists;
pub mod fact;
pub mod falls;
pub mod first;
pub mod first_seen;
pub mod gravity;
pub mod hidden;
pub mod hierarchy;
pub mod impossible;
pub mod in_view;
pub mod inside;
pub mod is_before;
pub mod kinematics;
pub mod label;
pub mod last_moment;
pub mod lies;
pub mod logic;
pub mod longest;
pub mod meant;
pub mod meets;
pub mod most_at_once;
pub mod motion_direction;
pub mod motion_pattern;
pub mod named;
pub mod nearest;
pub mod networks;
pub mod overlap;
pub mod overtakes;
pub mod path_length;
pub mod picture;
pub mod plan;
pub mod position;
pub mod predict;
pub mod presence;
pub mod present;
pub mod reach;
pub mod region;
pub mod relation;
pub mod remainder;
pub mod room_size;
pub mod route;
pub mod route_turns;
pub mod same_thing;
pub mod sequence;
pub mod sets;
pub mod side;
pub mod size;
pub mod span;
pub mod speed;
pub mod start;
pub mod stationary;
pub mod support;
pub mod time_between;
pub mod together;
pub mod told;
pub mod turn;
pub mod viewpoint;
pub mod violations;
pub mod visibility;
pub mod visible_from;
pub mod when;
pub mod when_count;
pub mod where_it;
pub mod which_holds;
mod wide_networks;
pub mod with;
pub mod within;
mod witnessed;

/// Every operator, in alphabetical order of its name.
pub const OPERATORS: &[&dyn Operator] = &[
    &contact::Above,
    &arithmetic::Absolute,
    &kinematics::Acceleration,
    &across_views::AcrossViews,
    &acts::Acts,
    &after::After,
    &all::All,
    &altitude::Altitude,
    &sequence::Appearances,
    &approaching::Approaching,
    &region::Area,
    &argmax::Argmax,
    &argmax::Argmin,
    &direction::Bearing,
    &lies::BearingFrom,
    &after::Before,
    &beyond::Beyond,
    &sets::Both,
    &region::BottomHalf,
    &bounds::Bounds,
    &violations::BrokenLaws,
    &viewpoint::CameraView,
    &carriers::Carriers,
    &encounter::ClosestApproach,
    &distance::ClosestPair,
    &collides::Collides,
    &fact::Colour,
    &arithmetic::Compare,
    &direction::Compass,
    &networks::Consistent,
    &contact::ContainedIn,
    &contents::Contents,
    &reach::CouldReach,
    &count::Count,
    &count_at::CountAt,
    &told::CountTold,
    &crosses::Crosses,
    &encounter::CrossesPath,
    &arithmetic::Difference,
    &direction::Direction,
    &disappears::Disappears,
    &path_length::Displacement,
    &distance::Distance,
    &lies::DistanceFrom,
    &duration::Duration,
    &dwell::Dwell,
    &overlap::Either,
    &start::End,
    &networks::Entailed,
    &enters::Enters,
    &entity::Entity,
    &events::Events,
    &sets::Except,
    &exists::Exists,
    &networks::Explain,
    &contact::Facing,
    &fact::Fact,
    &gravity::FallAxis,
    &falls::Falls,
    &nearest::Farthest,
    &first::First,
    &first_seen::FirstSeen,
    &encounter::Follows,
    &gravity::Gravity,
    &kinematics::Heading,
    &hidden::Hidden,
    &hierarchy::HierarchyOfEvents,
    &logic::If,
    &impossible::Impossible,
    &contact::InBetween,
    &in_view::InView,
    &inside::Inside,
    &is_before::IsBefore,
    &told::IsTold,
    &falls::Jumps,
    &events::Kind,
    &contents::Kinds,
    &label::Label,
    &first::Last,
    &last_moment::LastMoment,
    &first_seen::LastSeen,
    &enters::Leaves,
    &region::LeftHalf,
    &lies::Lies,
    &region::Line,
    &told::ListTold,
    &longest::Longest,
    &arithmetic::Max,
    &arithmetic::Mean,
    &most_at_once::MeanAtOnce,
    &meant::Meant,
    &meets::Meets,
    &region::Middle,
    &arithmetic::Min,
    &distance::MinDistance,
    &most_at_once::MostAtOnce,
    &motion_direction::MotionDirection,
    &motion_pattern::MotionPattern,
    &stationary::Moving,
    &named::Named,
    &nearest::Nearest,
    &contact::NextTo,
    &first::Nth,
    &lies::OnSide,
    &hidden::OutOfView,
    &overlap::Outside,
    &overlap::Overlap,
    &overtakes::Overtakes,
    &viewpoint::OwnView,
    &path_length::PathLength,
    &picture::Picture,
    &plan::Plan,
    &plan::PlanExists,
    &plan::PlanLength,
    &plan::PlanValid,
    &region::Polygon,
    &viewpoint::PoseAt,
    &position::Position,
    &predict::Predict,
    &predict::PredictError,
    &presence::Presence,
    &present::Present,
    &region::Quarter,
    &arithmetic::Ratio,
    &reach::Reach,
    &approaching::Receding,
    &region::Region,
    &region::RegionOf,
    &relation::Relation,
    &relation::RelationsOverTime,
    &encounter::RelativeSpeed,
    &remainder::Remainder,
    &cycle::Repetitions,
    &contact::RestingOn,
    &cycle::Revolutions,
    &region::RightHalf,
    &acts::Role,
    &room_size::RoomSize,
    &cycle::Rotation,
    &route::Route,
    &route::RouteLength,
    &route_turns::RouteTurns,
    &same_thing::SameThing,
    &networks::Scenario,
    &lies::SeenSide,
    &sequence::Sequence,
    &side::Side,
    &size::Size,
    &span::SpanOf,
    &speed::Speed,
    &viewpoint::Standing,
    &start::Start,
    &stationary::Stationary,
    &viewpoint::Stepped,
    &arithmetic::Sum,
    &support::Support,
    &time_between::TimeBetween,
    &encounter::TimeToContact,
    &together::Together,
    &told::Told,
    &region::TopHalf,
    &collides::Touches,
    &turn::Turn,
    &kinematics::TurnRate,
    &viewpoint::Turned,
    &contact::Underneath,
    &sets::Union,
    &hidden::Unobserved,
    &across_views::ViewConflicts,
    &same_thing::ViewsAgree,
    &violations::Violations,
    &visibility::Visibility,
    &visible_from::VisibleFrom,
    &visible_from::VisibleShare,
    &when::WhenOf,
    &when_count::WhenCount,
    &inside::WhenInside,
    &most_at_once::WhenMost,
    &relation::WhenRelated,
    &where_it::Where,
    &which_holds::WhichHolds,
    &with::With,
    &within::Within,
];

/// The operator that a program calls by this name.
pub fn find(word: &str) -> Option<&'static dyn Operator> {
    let name = word.replace('_', "-");
    if word.contains('-') {
        return None;
    }
    OPERATORS.iter().copied().find(|operator| operator.entry().name == name)
}

/// The operator whose name is nearest, by edit distance (Levenshtein, 1966), where it is near.
pub fn nearest(word: &str) -> Option<String> {
    let edits = |a: &str, b: &str| {
        let b: Vec<char> = b.chars().collect();
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.chars().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let replaced = diagonal + usize::from(x != *y);
                diagonal = row[j + 1];
                row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
            }
        }
        row[b.len()]
    };
    if word.len() > 40 {
        return None;
    }
    let all = OPERATORS.iter().map(|operator| operator.word());
    let best = all.map(|name| (edits(word, &name), name)).min()?;
    (best.0 <= 2.max(word.len() / 3)).then_some(best.1)
}

/// The catalogue's lines.
pub fn entries() -> Vec<Entry> {
    OPERATORS.iter().map(|operator| operator.entry()).collect()
}

fn entry(name: &'static str, about: &'static str, source: &'static str, example: &'static str) -> Entry {
    Entry { kind: "operators", name, about, source, paper: None, example }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;
    use crate::types::Given;

    #[test]
    fn names_are_unique_and_in_order_and_examples_parse() {
        let names: Vec<String> = OPERATORS.iter().map(|o| o.word()).collect();
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(names, sorted);
        for operator in OPERATORS {
            let entry = operator.entry();
            assert_eq!(entry.fault(), None);
            parse(entry.example).unwrap_or_else(|e| panic!("{}: {e}", entry.name));
            for param in operator.signature().params {
                if let Given::Default(text) = param.given {
                    parse(text).unwrap_or_else(|e| panic!("{}: {e}", entry.name));
                }
            }
        }
    }

    #[test]
    fn every_operator_stands_in_the_guide() {
        let guide = include_str!("../../../../docs/language.md");
        for operator in OPERATORS {
            assert!(
                guide.contains(&format!("`{}(", operator.word()))
                    || guide.contains(&format!(" {}(", operator.word())),
                "{} is not in docs/language.md",
                operator.word()
            );
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_named() {
        assert_eq!(nearest("min_distanc").as_deref(), Some("min_distance"));
        assert_eq!(nearest("zzzzzzzz"), None);
    }
}
