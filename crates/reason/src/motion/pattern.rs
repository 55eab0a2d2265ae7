//! Who moves: observer or object, by translating or by turning. The nine combinations of DSI-Bench (Zhang et al., 2025): each still,
//! translating or rotating.

use chronotope_world::unit_quaternion;

/// What a body did over a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    /// Neither.
    Still,
    /// Its place changed.
    Translates,
    /// Its heading changed.
    Rotates,
    /// Both.
    Both,
}

impl Moves {
    /// The word after the body's name: `still`, `translates`, `rotates`, `translates and rotates`.
    pub fn word(self) -> &'static str {
        match self {
            Moves::Still => "still",
            Moves::Translates => "translates",
            Moves::Rotates => "rotates",
            Moves::Both => "translates and rotates",
        }
    }
}

/// Translation below this is none, in metres (DSI patterns: at least 0.3 m over the clip).
pub const LEAST_M: f64 = 0.3;
/// Rotation below this is none, in degrees (at least 15 over the clip).
pub const LEAST_DEG: f64 = 15.0;

/// What a body did, from its places and rotations (unit quaternions w, x, y, z) over time: the greatest change from the first.
///
/// Rotations may be unknown at some or all times; then they say nothing. None without a place.
pub fn moves(poses: &[([f64; 3], Option<[f64; 4]>)], least: f64, least_deg: f64) -> Option<Moves> {
    let first = poses.first()?;
    let far = |p: &[f64; 3]| (0..3).map(|k| (p[k] - first.0[k]) * (p[k] - first.0[k])).sum::<f64>().sqrt();
    let translates = poses.iter().any(|(p, _)| far(p) >= least);
    let mut known = poses.iter().filter_map(|(_, r)| r.and_then(unit_quaternion));
    let start = known.next();
    let rotates = start.is_some_and(|start| known.any(|r| start.angle_to(&r).to_degrees() >= least_deg));
    Some(match (translates, rotates) {
        (false, false) => Moves::Still,
        (true, false) => Moves::Translates,
        (false, true) => Moves::Rotates,
        (true, true) => Moves::Both,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(speed: f64, turn_rad: f64) -> Vec<([f64; 3], Option<[f64; 4]>)> {
        (0..=10)
            .map(|i| {
                let s = f64::from(i) / 10.0;
                (
                    [speed * s, 0.0, 0.0],
                    Some([libm::cos(turn_rad * s / 2.0), 0.0, 0.0, libm::sin(turn_rad * s / 2.0)]),
                )
            })
            .collect()
    }

    #[test]
    fn the_four_cases() {
        for (speed, turn, expected) in [
            (0.1, 0.1, Moves::Still),
            (1.0, 0.1, Moves::Translates),
            (0.1, 1.0, Moves::Rotates),
            (1.0, -1.0, Moves::Both),
        ] {
            assert_eq!(moves(&body(speed, turn), LEAST_M, LEAST_DEG), Some(expected));
        }
        assert_eq!(moves(&[], LEAST_M, LEAST_DEG), None);
    }

    /// Out and back again: the end tells nothing, the greatest change does.
    #[test]
    fn a_way_back_is_a_motion_too() {
        let there = [([0.0; 3], None), ([2.0, 0.0, 0.0], None), ([0.0; 3], None)];
        assert_eq!(moves(&there, LEAST_M, LEAST_DEG), Some(Moves::Translates));
    }
}
