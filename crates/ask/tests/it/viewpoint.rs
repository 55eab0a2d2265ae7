//! Viewpoints, sides, contact and sight in a small room whose answers can be seen on paper.

use chronotope_ask::program::answer;
use chronotope_world::{World, text::parse};

/// Door at the origin, bed 4 m to the east (x), tv to the north (y, left of who enters), sofa to the south, a table with a cup
/// on it and a stool under it half-way, a wall between door and lamp.
fn room() -> World {
    parse(
        "coverage always all labels\n\
         door 1\n  always: (0, 0, 1) size (0.1, 1, 2) yaw 0\n\
         bed 2\n  always: (4, 0, 0.3) size (2, 1.6, 0.6) yaw 0\n\
         tv 3\n  always: (0, 3, 1) size (1, 0.1, 0.6) yaw 0\n\
         sofa 4\n  always: (0.5, -3, 0.4) size (2, 1, 0.8) yaw 90\n\
         table 5\n  always: (2, 2, 0.4) size (1.2, 0.8, 0.8) yaw 30\n\
         cup 6\n  always: (2.1, 2, 0.85) size (0.1, 0.1, 0.1) yaw 0\n\
         stool 7\n  always: (2, 2.1, 0.2) size (0.3, 0.3, 0.4) yaw 0\n\
         wall 8\n  always: (-2, 0, 1.5) size (0.1, 4, 3) yaw 0\n\
         lamp 9\n  always: (-4, 0, 1) size (0.3, 0.3, 0.3) yaw 0\n",
    )
    .expect("valid")
}

fn asks(world: &World, pairs: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (program, expected) in pairs {
        let found = match answer(world, program) {
            Ok(answered) => answered.answer.text,
            Err(error) => format!("error: {error}"),
        };
        if found != *expected {
            wrong.push(format!("{program}\n    expected: {expected}\n    found:    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn left_is_the_viewers_left_and_turns_with_them() {
    let enter = "standing(all(\"door\"), all(\"bed\"))";
    let lies = |of: &str, view: &str, more: &str| format!("lies(all(\"{of}\"), {view}{more})");
    asks(
        &room(),
        &[
            (&lies("tv", enter, ""), "left"),
            (&lies("sofa", enter, ""), "right"),
            (&lies("bed", enter, ""), "front"),
            (&lies("lamp", enter, ", sectors: CARD4"), "back"),
            (&lies("tv", enter, ", sectors: CLOCK12"), "9 o'clock"),
            // turned right twice and gone 6 m: from 2 m behind the lamp, all lies behind
            (&lies("tv", &format!("turned({enter}, -90 deg)"), ""), "back"),
            (&lies("tv", &format!("turned(turned({enter}, -90 deg), -90 deg)"), ""), "right"),
            (&lies("bed", &format!("stepped({enter}, 6 m)"), ""), "back"),
            (&lies("tv", "pose([0, 0], 90 deg, in: world)", ""), "front"),
            // object-centric: the sofa's own front is north
            (&lies("bed", "own_view(all(\"sofa\"))", ", sectors: CARD4"), "right"),
            // the table is at 45° from the door: too near the edge to tell front from left
            (
                &lies("table", enter, ", sectors: CARD4, margin: 2 deg"),
                "ambiguous: it lies front or left: which thing, or which way of dividing, is meant",
            ),
            (&format!("bearing_from(all(\"tv\"), {enter})"), "90 deg"),
            (&format!("distance_from(all(\"bed\"), {enter})"), "3 m"),
            (&format!("count(on_side(all(), \"left\", {enter}, sectors: LR2))"), "4"),
            (
                &format!("label(argmin(on_side(all(), \"back\", {enter}), distance_from(it, {enter})))"),
                "wall",
            ),
            (&format!("count(on_side(all(\"chair\"), \"left\", {enter}))"), "0"),
        ],
    );
}

#[test]
fn sides_of_things_depend_on_who_looks() {
    asks(
        &room(),
        &[
            // from the door the bed is right of the table; from the bed, looking back, the door is left of it
            (
                "seen_side(all(\"bed\"), all(\"table\"), standing(all(\"door\"), all(\"bed\")), axis: lateral)",
                "right",
            ),
            (
                "seen_side(all(\"door\"), all(\"table\"), standing(all(\"bed\"), all(\"door\")), axis: lateral)",
                "left",
            ),
            ("seen_side(all(\"wall\"), all(\"lamp\"), standing(all(\"door\"), all(\"lamp\")))", "in front"),
            ("seen_side(all(\"cup\"), all(\"stool\"), standing(all(\"door\"), all(\"table\")))", "above"),
            (
                "seen_side(all(\"bed\"), all(\"table\"), standing(all(\"door\"), all(\"bed\")), margin: 3 m)",
                "ambiguous: it is right or behind of it: which is meant",
            ),
        ],
    );
}

#[test]
fn contact_is_told_from_boxes() {
    asks(
        &room(),
        &[
            ("resting_on(all(), all(\"table\"))", "cup 6"),
            ("underneath(all(), all(\"table\"))", "stool 7"),
            ("contained_in(all(), all(\"table\"))", "stool 7"),
            ("above(all(), all(\"stool\"))", "cup 6"),
            ("next_to(all(), all(\"door\"), within: 1 m)", "none"),
            ("next_to(all(), all(\"bed\"), within: 2 m)", "table 5, cup 6, stool 7"),
            ("in_between(all(\"wall\"), all(\"lamp\"), all(\"door\"))", "wall 8"),
            ("in_between(all(\"bed\"), all(\"lamp\"), all(\"door\"))", "none"),
            ("facing(all(\"sofa\"), all(\"door\"))", "sofa 4"),
            ("facing(all(\"sofa\"), all(\"bed\"))", "none"),
        ],
    );
}

#[test]
fn walls_hide_and_backs_are_turned() {
    let at_door = "pose([0.2, 0], 0 deg, in: world)";
    asks(
        &room(),
        &[
            (&format!("exists(visible_from(all(\"bed\"), {at_door}))"), "yes"),
            (&format!("exists(visible_from(all(\"sofa\"), {at_door}))"), "no"),
            (&format!("exists(visible_from(all(\"sofa\"), turned({at_door}, -90 deg)))"), "yes"),
            (&format!("visible_share(all(\"lamp\"), {at_door}, fov: 360 deg)"), "0"),
            (&format!("visible_share(all(\"bed\"), {at_door})"), "1"),
        ],
    );
}

#[test]
fn a_viewpoint_needs_a_front_and_a_place() {
    let world =
        parse("coverage always all labels\ndoor 1\n  always: (0, 0, 1)\nbed 2\n  always: (4, 0, 0.3)\n")
            .expect("valid");
    asks(
        &world,
        &[
            ("lies(all(\"bed\"), own_view(all(\"door\")))", "unknown: the heading of door 1"),
            ("lies(all(\"bed\"), camera_view())", "unknown: no camera whose pose is known"),
            (
                "lies(all(\"bed\"), standing(all(\"door\"), all(\"door\")))",
                "unknown: which way they look: what they face is right there, above or below",
            ),
        ],
    );
}
