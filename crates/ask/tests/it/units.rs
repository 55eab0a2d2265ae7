//! A unit that is asked for and that the World cannot give: what is missing is told, and nothing in another unit.

use chronotope_ask::engine::ask;
use chronotope_world::{MissingKind, Status, text::parse};

#[test]
fn kilometres_an_hour_of_pixels_miss_the_way_to_metres() {
    let world = parse(
        "camera cam 100x100\ncoverage cam [0, 4) car\ncar 1 through cam gap 2\n  1: box (40, 40, 10, 10)\n  2: box (60, 40, 10, 10)\n",
    )
    .expect("valid");
    let told = |question: &str| ask(&world, question, &[]).expect("in memory").answered.answer;
    assert_eq!(told("How fast is car 1?").text, "20 px/s");
    let asked = told("How fast is car 1 in km/h?");
    assert_eq!(asked.status, Status::Unknown, "{}", asked.text);
    assert!(asked.value.is_none(), "{}", asked.text);
    assert!(
        asked.missing.iter().any(|m| matches!(m.kind, MissingKind::Transform | MissingKind::Scale)),
        "{:?}",
        asked.missing
    );
}
