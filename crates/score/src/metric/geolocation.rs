//! Places on the globe.

use super::columns::{Cells, Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::extract::bracketed;
use chronotope_world::catalogue::Entry;

/// Share of places within 1, 25, 200, 750 and 2500 km of the truth (street, city, region, country, continent; inclusive; the result is `Acc@25km`), and `geo_score`, the mean of the game GeoGuessr,
/// 5000·exp(−d / 1492.7 km), as known from notes only.
///
/// A place is `[latitude, longitude]` in degrees, `{lat, lon}`, or text with such a pair. Distances are great circles on a sphere of 6371 km. A place that is not one (latitude
/// over 90°) cannot be read.
///
/// # Source
/// Hays and Efros, IM2GPS, 2008 (thresholds).
#[derive(Clone, Copy, Debug)]
pub struct Geolocation;

impl Metric for Geolocation {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "geolocation",
            about: "places on the globe: share within 1, 25, 200, 750, 2500 km, GeoGuessr score",
            source: "score/src/metric/geolocation.rs",
            paper: Some("Hays and Efros, IM2GPS, CVPR 2008"),
            example: "chronotope score geolocation --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("geolocation", NAMES, marks).tally()
    }

    fn perfect(&self) -> Option<f64> {
        Some(1.0)
    }
}

const NAMES: &[&str] = &["Acc@25km", "Acc@1km", "Acc@200km", "Acc@750km", "Acc@2500km", "geo_score"];

/// Mean radius of the earth.
const RADIUS_KM: f64 = 6371.0;

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let truth = place(truth).ok_or("a place [latitude, longitude] in degrees")?;
    let Some(said) = place(said) else { return Ok(None) };
    let km = great_circle_km(truth, said);
    let passes = [25.0, 1.0, 200.0, 750.0, 2500.0].map(|within| share(km <= within));
    Ok(Some(passes.into_iter().chain([Some(5000.0 * libm::exp(-km / 1492.7))]).collect()))
}

/// Distance of two places `[latitude, longitude]` in degrees along the globe, in kilometres (haversine formula).
pub fn great_circle_km(a: [f64; 2], b: [f64; 2]) -> f64 {
    let half = |from: f64, to: f64| {
        let sine = libm::sin((to - from).to_radians() / 2.0);
        sine * sine
    };
    let (lat_a, lat_b) = (a[0].to_radians(), b[0].to_radians());
    let h = half(a[0], b[0]) + libm::cos(lat_a) * libm::cos(lat_b) * half(a[1], b[1]);
    2.0 * RADIUS_KM * libm::asin(h.min(1.0).sqrt())
}

fn place(datum: &Datum) -> Option<[f64; 2]> {
    let pair: [f64; 2] = match datum {
        Datum::Text(text) => bracketed(text, 2).or_else(|| {
            let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
            numbers
        })?,
        Datum::Record(_) => {
            let of = |names: [&str; 2]| names.iter().find_map(|name| datum.field(name))?.number();
            vec![of(["lat", "latitude"])?, of(["lon", "longitude"])?]
        }
        datum => datum.list_of_numbers()?,
    }
    .try_into()
    .ok()?;
    (pair[0].abs() <= 90.0 && pair[1].abs() <= 360.0).then_some(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paris_and_london_lie_as_far_apart_as_the_worked_vector_says() {
        let (paris, london) = ([48.8566, 2.3522], [51.5074, -0.1278]);
        assert!((great_circle_km(paris, london) - 343.556).abs() < 1e-3);
        let found = marks(&Datum::numbers(&paris), &Datum::text("(51.5074, -0.1278)"))
            .expect("a place")
            .expect("read");
        assert_eq!(found[..5], [Some(0.0), Some(0.0), Some(0.0), Some(1.0), Some(1.0)]);
        assert!(found[5].is_some_and(|score| (score - 3972.04).abs() < 0.01));
        assert_eq!(marks(&Datum::numbers(&paris), &Datum::text("95, 10")), Ok(None));
    }
}
