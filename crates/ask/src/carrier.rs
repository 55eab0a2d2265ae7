//! "How far did the robot move?" of a recorded trajectory, whose one thing is the camera that was carried.

use crate::numbers::each_call;
use crate::program::syntax::Node;
use crate::program::{parse, print};
use crate::story::lexicon::{Match, label_match, normal};
use chronotope_world::World;
use std::collections::BTreeSet;

/// What carries cameras: where nothing of this name is told, it is where its camera is.
const CARRIERS: [&str; 12] = [
    "robot",
    "drone",
    "quadcopter",
    "agent",
    "rover",
    "rig",
    "device",
    "sensor",
    "headset",
    "phone",
    "vehicle",
    "platform",
];

/// The word of a trajectory's thing.
const CAMERA: &str = "camera";

/// A program in which what carries the one camera that was followed is that camera, with what was taken for what; none where nothing is
/// meant so.
pub(crate) fn meant(world: &World, program: &str) -> Option<(String, String)> {
    let mut parsed = parse(program).ok()?;
    let labels: BTreeSet<&str> = world.tables().labels.iter().map(|label| label.text.as_str()).collect();
    let carried: Vec<_> = world
        .entities()
        .filter(|thing| {
            world.identities_of(*thing).any(|row| world.track(row.track).is_some_and(|t| t.carries.is_some()))
        })
        .collect();
    let [one] = carried[..] else { return None };
    if !world.labels_of(one).any(|label| label.text == CAMERA) {
        return None;
    }
    let unknown = |word: &str| labels.iter().all(|label| label_match(word, label) == Match::No);
    let mut told = BTreeSet::new();
    each_call(&mut parsed, &mut |call| {
        if call.name != "all" {
            return;
        }
        let labelled = call.named.iter_mut().filter(|(name, _)| name == "label").map(|(_, value)| value);
        for value in call.positional.iter_mut().chain(labelled) {
            if let Node::Text(word) = &mut value.node
                && CARRIERS.contains(&normal(word).as_str())
                && unknown(word)
            {
                told.insert(format!("the {word} is where its camera is"));
                CAMERA.clone_into(word);
            }
        }
    });
    (!told.is_empty()).then(|| (print(&parsed), told.into_iter().collect::<Vec<_>>().join("; ")))
}

#[cfg(test)]
mod tests {
    use crate::ask;

    #[test]
    fn a_trajectory_is_asked_by_what_carried_the_camera() {
        let text = "camera eye 640x480\nworld map m\ncoverage [0, 4.5) camera\n\
            camera 0 in map carries eye gap 2\n  0: (0, 0, 0)\n  1: (3, 0, 0)\n  2: (3, 4, 0)\n  4: (3, 4, 0)\n";
        let text = text.replace("camera 0 in", "\"camera\" 0 in");
        let world = chronotope_world::text::parse(&text).expect("valid");
        for (question, expected) in [
            ("How far did the camera travel?", "7 m"),
            ("How far did the robot move?", "7 m"),
            ("How far did the drone fly?", "7 m"),
            ("Where was the robot at 1 s?", "(3, 0, 0) m in world(map)"),
            ("How many cameras are there?", "1"),
            ("Does the camera move?", "yes"),
        ] {
            let asked = ask(&world, question, &[]).expect("in memory");
            assert_eq!(asked.answered.answer.text, expected, "{question}: {asked:?}");
        }
        let asked = ask(&world, "How far did the robot move?", &[]).expect("in memory");
        let understood = asked.understood.expect("read");
        assert!(understood.contains("the robot is where its camera is"), "{understood}");
        // where there is a robot, it is meant
        let both = text + "robot 1 in map\n  0: (9, 9, 0)\n";
        let world = chronotope_world::text::parse(&both).expect("valid");
        let asked = ask(&world, "Where was the robot at 0 s?", &[]).expect("in memory");
        assert_eq!(asked.answered.answer.text, "(9, 9, 0) m in world(map)");
    }
}
