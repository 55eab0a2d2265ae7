//! Angles as seen by somebody, and their words.

/// The signed angle from the way `facing − standing` to the way `of − standing`, counter-clockwise positive.
///
/// # Units and frame
/// Degrees in (−180, 180], in the xy-plane of a frame with z up. None where two of the points coincide.
pub fn bearing_deg(of: [f64; 2], standing: [f64; 2], facing: [f64; 2]) -> Option<f64> {
    let f = [facing[0] - standing[0], facing[1] - standing[1]];
    let o = [of[0] - standing[0], of[1] - standing[1]];
    if f == [0.0; 2] || o == [0.0; 2] {
        return None;
    }
    let (cross, dot) = (f[0] * o[1] - f[1] * o[0], f[0] * o[0] + f[1] * o[1]);
    Some(libm::atan2(cross, dot).to_degrees())
}

/// The word for a bearing (counter-clockwise degrees from straight ahead) in a system of sectors.
///
/// Edges: straight ahead and straight behind are neither left nor right where only these two exist: none.
pub fn sector(bearing_deg: f64, sectors: &str) -> Option<String> {
    const OCT: [&str; 8] =
        ["front", "front-left", "left", "back-left", "back", "back-right", "right", "front-right"];
    let side = || match bearing_deg {
        a if a > 0.0 && a < 180.0 => Some("left"),
        a if a < 0.0 => Some("right"),
        _ => None,
    };
    let turned = |n: usize| (((bearing_deg + 360.0) / (360.0 / n as f64) + 0.5) as usize) % n;
    Some(match sectors {
        "LR2" => side()?.to_owned(),
        "LRB3" => if bearing_deg.abs() > 135.0 { "back" } else { side()? }.to_owned(),
        "QUAD4" => {
            let front = if bearing_deg.abs() < 90.0 { "front" } else { "back" };
            format!("{front}-{}", side()?)
        }
        "CARD4" => ["front", "left", "back", "right"][turned(4)].to_owned(),
        "OCT8" => OCT[turned(8)].to_owned(),
        "CLOCK12" => {
            let hour = (12 - turned(12)) % 12;
            format!("{} o'clock", if hour == 0 { 12 } else { hour })
        }
        _ => return None,
    })
}

/// One of the eight compass words for a step in a frame whose x is east and y is north; none for no step.
pub fn compass(step: [f64; 2]) -> Option<&'static str> {
    const WORDS: [&str; 8] =
        ["east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east"];
    if step == [0.0; 2] {
        return None;
    }
    let deg = libm::atan2(step[1], step[0]).to_degrees();
    Some(WORDS[(((deg + 360.0) / 45.0 + 0.5) as usize) % 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_is_counter_clockwise() {
        // standing at the origin, facing north
        let at = |of| bearing_deg(of, [0.0, 0.0], [0.0, 1.0]).map(|a| sector(a, "QUAD4"));
        assert_eq!(at([-1.0, 1.0]), Some(Some("front-left".into())));
        assert_eq!(at([1.0, -1.0]), Some(Some("back-right".into())));
        assert_eq!(bearing_deg([0.0, 0.0], [0.0, 0.0], [0.0, 1.0]), None);
    }

    #[test]
    fn sectors_are_named_as_documented() {
        for (deg, system, word) in [
            (10.0, "LR2", Some("left")),
            (0.0, "LR2", None),
            (136.0, "LRB3", Some("back")),
            (-134.0, "LRB3", Some("right")),
            (44.0, "CARD4", Some("front")),
            (-46.0, "CARD4", Some("right")),
            (-45.0, "OCT8", Some("front-right")),
            (-30.0, "CLOCK12", Some("1 o'clock")),
            (90.0, "CLOCK12", Some("9 o'clock")),
            (180.0, "CLOCK12", Some("6 o'clock")),
            (2.0, "CLOCK12", Some("12 o'clock")),
        ] {
            assert_eq!(sector(deg, system).as_deref(), word, "{deg} {system}");
        }
    }

    #[test]
    fn compass_words() {
        assert_eq!(compass([0.0, 2.0]), Some("north"));
        assert_eq!(compass([1.0, -1.0]), Some("south-east"));
        assert_eq!(compass([0.0, 0.0]), None);
    }
}
