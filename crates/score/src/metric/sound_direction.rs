//! Where a sound comes from.

use super::columns::{Cells, Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::extract::bracketed;
use chronotope_world::catalogue::Entry;

/// Localisation of a sound: mean angle in degrees between the directions (`LE`, the result), share within 20° (`Acc@20`), and of distances that are told the mean error (`distance_error`) and the
/// mean relative error.
///
/// A direction is `[azimuth, elevation]` in degrees, `{azimuth, elevation, distance}`, or text with such a pair; the elevation is 0 where it is left out. A sound that is missing has no angle; it is
/// listed, and counts as not within 20°.
///
/// # Source
/// Politis et al., 2020 (great-circle angle, threshold of 20°).
#[derive(Clone, Copy, Debug)]
pub struct SoundDirection;

impl Metric for SoundDirection {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "sound-direction",
            about: "where a sound comes from: angle to the truth, share within 20 degrees, error of distance",
            source: "score/src/metric/sound_direction.rs",
            paper: Some(
                "Politis et al., Overview and Evaluation of Sound Event Localization and Detection in DCASE 2019, 2020",
            ),
            example: "chronotope score sound-direction --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::errors("sound-direction", &["LE", "Acc@20", "distance_error", "distance_relative"], marks)
            .of_missing(|_| vec![None, Some(0.0), None, None])
            .tally()
    }

    fn perfect(&self) -> Option<f64> {
        Some(0.0)
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let (towards, far) = direction(truth).ok_or("a direction [azimuth, elevation] in degrees")?;
    let Some((said, said_far)) = direction(said) else { return Ok(None) };
    let angle = angle_deg(towards, said);
    let apart = far.zip(said_far).map(|(truth, said)| (said - truth).abs());
    let relative = apart.zip(far).filter(|(_, far)| *far > 0.0).map(|(apart, far)| apart / far);
    Ok(Some(vec![Some(angle), share(angle <= 20.0), apart, relative]))
}

/// Angle between two directions on the sphere, in degrees (Vincenty's formula: exact near 0 and 180).
fn angle_deg([az_a, el_a]: [f64; 2], [az_b, el_b]: [f64; 2]) -> f64 {
    let (el_a, el_b, turn) = (el_a.to_radians(), el_b.to_radians(), (az_b - az_a).to_radians());
    let (sin_a, cos_a, sin_b, cos_b) = (libm::sin(el_a), libm::cos(el_a), libm::sin(el_b), libm::cos(el_b));
    let across = cos_b * libm::sin(turn);
    let along = cos_a * sin_b - sin_a * cos_b * libm::cos(turn);
    let dot = sin_a * sin_b + cos_a * cos_b * libm::cos(turn);
    libm::atan2((across * across + along * along).sqrt(), dot).to_degrees()
}

/// Azimuth and elevation, and the distance where it is told.
fn direction(datum: &Datum) -> Option<([f64; 2], Option<f64>)> {
    let of = |names: [&str; 2]| names.iter().find_map(|name| datum.field(name))?.number();
    match datum {
        Datum::Record(_) => {
            let elevation = of(["elevation", "elevation_deg"]).unwrap_or_default();
            Some(([of(["azimuth", "azimuth_deg"])?, elevation], of(["distance", "distance_m"])))
        }
        Datum::Text(text) => bracketed(text, 2).and_then(|pair| Some((pair.try_into().ok()?, None))),
        Datum::Number(azimuth) => azimuth.is_finite().then_some(([*azimuth, 0.0], None)),
        other => match other.list_of_numbers()?[..] {
            [azimuth, elevation] => Some(([azimuth, elevation], None)),
            [azimuth, elevation, distance] => Some(([azimuth, elevation], Some(distance))),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_go_round_the_sphere() {
        let close =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        close(angle_deg([-178.0, 0.0], [175.0, 0.0]), 7.0);
        close(angle_deg([10.0, 90.0], [200.0, 90.0]), 0.0);
        close(angle_deg([0.0, 0.0], [0.0, -30.0]), 30.0);
        close(angle_deg([0.0, 0.0], [180.0, 0.0]), 180.0);
        let truth = Datum::numbers(&[0.0, 0.0, 2.0]);
        let found = marks(&truth, &Datum::numbers(&[20.0, 0.0, 3.0])).expect("a direction").expect("read");
        assert_eq!(found[1..], [Some(1.0), Some(1.0), Some(0.5)]);
    }
}
