//! Velocity and acceleration at a moment, from the least-squares parabola (or line) through the samples around it.
//!
//! Savitzky and Golay (1964) on uneven times: exact for motion of constant velocity or acceleration, and steady under jitter.

use super::polyline::Polyline;
use chronotope_world::Time;
use nalgebra::{Matrix3, Vector3};

/// The fit around a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The moment.
    pub t: Time,
    /// Place then.
    pub position: [f64; 3],
    /// Per second.
    pub velocity: [f64; 3],
    /// Per second squared; zero where only a line was fitted.
    pub acceleration: [f64; 3],
    /// 2: a parabola was fitted, 1: a line.
    pub degree: usize,
    /// Variance of a sample around the fit, per axis; zero where as many samples as coefficients were fitted.
    pub variance: f64,
    /// The samples, by position in the path: the first and the last.
    pub samples: (usize, usize),
    /// Covariance of the coefficients of 1, s, s² (s in seconds from `t`) for samples of variance 1.
    covariance: Matrix3<f64>,
}

impl Fit {
    /// Length per second.
    pub fn speed(&self) -> f64 {
        norm(self.velocity)
    }

    /// Change of speed per second, positive while it speeds up; the size of the acceleration where it stands.
    pub fn speed_change(&self) -> f64 {
        let speed = self.speed();
        if speed > 0.0 { dot(self.velocity, self.acceleration) / speed } else { norm(self.acceleration) }
    }

    /// Direction of motion seen from above: degrees counter-clockwise from x, in (−180, 180]; none where it stands.
    pub fn heading_deg(&self) -> Option<f64> {
        let [x, y, _] = self.velocity;
        (x != 0.0 || y != 0.0).then(|| libm::atan2(y, x).to_degrees())
    }

    /// Change of heading in degrees per second, counter-clockwise positive; none where it stands.
    pub fn turn_rate_deg_s(&self) -> Option<f64> {
        let ([vx, vy, _], [ax, ay, _]) = (self.velocity, self.acceleration);
        let squared = vx * vx + vy * vy;
        (squared > 0.0).then(|| ((vx * ay - vy * ax) / squared).to_degrees())
    }

    /// Variance of the velocity, per axis.
    pub fn velocity_variance(&self) -> f64 {
        self.variance * self.covariance[(1, 1)]
    }

    /// One standard deviation of the acceleration, per axis.
    pub fn acceleration_deviation(&self) -> f64 {
        2.0 * (self.variance * self.covariance[(2, 2)]).sqrt()
    }

    /// Variance of the fitted curve, per axis, `s` seconds after the moment: it grows with the distance from the samples.
    pub fn variance_after(&self, s: f64) -> f64 {
        let x = Vector3::new(1.0, s, if self.degree == 2 { s * s } else { 0.0 });
        self.variance * (x.transpose() * self.covariance * x)[0]
    }
}

/// The fit of a degree (1 or 2) at a moment through the joined samples of a stretch of time; none where the path is not known then.
///
/// Where the stretch holds too few, the nearest joined samples are added; where there are too few at all, a line instead of a
/// parabola; none for a lone sample. The moment may lie outside of the stretch: `until` before it predicts.
pub fn fit(path: &Polyline, t: Time, from: Time, until: Time, degree: usize) -> Option<Fit> {
    let predicts = t > until;
    if !predicts {
        path.at(t.0)?;
    }
    let last = path.t_ns.partition_point(|&s| s <= until.0.min(t.0)).checked_sub(1)?;
    let (mut low, mut high) = (last, last);
    // the joined sample before the first taken, and the one behind the last; nothing later than `until` predicts
    let before = |low: usize| low.checked_sub(1).filter(|&i| path.linked[i]);
    let behind =
        |high: usize| Some(high + 1).filter(|&i| path.linked[high] && !(predicts && path.t_ns[i] > until.0));
    while let Some(i) = before(low).filter(|&i| path.t_ns[i] >= from.0) {
        low = i;
    }
    while let Some(i) = behind(high).filter(|&i| path.t_ns[i] <= until.0) {
        high = i;
    }
    while high - low < degree {
        let far = |i: &usize| path.t_ns[*i].abs_diff(t.0);
        match (before(low), behind(high)) {
            (None, None) => break,
            (Some(b), Some(o)) if far(&b) > far(&o) => high = o,
            (None, Some(o)) => high = o,
            (Some(b), _) => low = b,
        }
    }
    let count = high - low + 1;
    let degree = degree.min(count - 1).min(2);
    if degree == 0 {
        return None;
    }
    let (mut moments, mut right) = (Matrix3::zeros(), [Vector3::zeros(); 3]);
    let seconds = |i: usize| (Time(path.t_ns[i]) - t) as f64 / 1e9;
    let row = |s: f64| Vector3::new(1.0, s, if degree == 2 { s * s } else { 0.0 });
    for i in low..=high {
        let x = row(seconds(i));
        moments += x * x.transpose();
        for (k, value) in path.point(i).into_iter().enumerate() {
            right[k] += x * value;
        }
    }
    if degree == 1 {
        moments[(2, 2)] = 1.0;
    }
    let mut covariance = moments.try_inverse()?;
    let coefficients = right.map(|of| covariance * of);
    let mut squares = 0.0;
    for i in low..=high {
        let x = row(seconds(i));
        squares += (0..3).map(|k| path.point(i)[k] - x.dot(&coefficients[k])).map(|e| e * e).sum::<f64>();
    }
    if degree == 1 {
        covariance[(2, 2)] = 0.0;
    }
    let spare = count - degree - 1;
    // in a plane the third axis has no error and counts no freedom
    let axes =
        (0..3).filter(|&k| (low..=high).any(|i| path.point(i)[k] != path.point(low)[k])).count().max(1);
    let of = |c: usize| [0, 1, 2].map(|k| coefficients[k][c]);
    Some(Fit {
        t,
        position: of(0),
        velocity: of(1),
        acceleration: if degree == 2 { of(2).map(|c| 2.0 * c) } else { [0.0; 3] },
        degree,
        variance: if spare > 0 { squares / (spare * axes) as f64 } else { 0.0 },
        samples: (low, high),
        covariance,
    })
}

pub(crate) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn norm(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    fn sampled(n: i64, place: impl Fn(f64) -> [f64; 3]) -> Polyline {
        let t: Vec<i64> = (0..n).map(|i| i * S / 10).collect();
        let p: Vec<[f64; 3]> = t.iter().map(|&t| place(t as f64 / 1e9)).collect();
        let column = |k: usize| p.iter().map(|p| p[k]).collect();
        Polyline::joined(t, column(0), column(1), column(2))
    }

    #[test]
    fn constant_acceleration_is_exact() {
        let path = sampled(31, |s| [1.0 + 2.0 * s + 1.5 * s * s, -s, 10.0 - 4.905 * s * s]);
        let fit = fit(&path, Time(2 * S), Time(3 * S / 2), Time(5 * S / 2), 2).expect("a fit");
        let near = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(near(fit.velocity, [8.0, -1.0, -19.62]), "{:?}", fit.velocity);
        assert!(near(fit.acceleration, [3.0, 0.0, -9.81]), "{:?}", fit.acceleration);
        assert!(near(fit.position, [11.0, -2.0, -9.62]) && fit.variance < 1e-20);
    }

    #[test]
    fn a_circle_turns_at_its_rate() {
        // one radian per second, counter-clockwise, radius 5
        let path = sampled(41, |s| [5.0 * libm::cos(s), 5.0 * libm::sin(s), 0.0]);
        let fit = fit(&path, Time(2 * S), Time(18 * S / 10), Time(22 * S / 10), 2).expect("a fit");
        assert!((fit.turn_rate_deg_s().expect("moves") - 57.3).abs() < 1.0);
        assert!((fit.speed() - 5.0).abs() < 0.05 && fit.speed_change().abs() < 1e-6);
        let heading = (2.0f64 + std::f64::consts::FRAC_PI_2).to_degrees() - 360.0;
        assert!((fit.heading_deg().expect("moves") - heading).abs() < 0.1, "{:?}", fit.heading_deg());
    }

    #[test]
    fn few_samples_make_a_line_or_nothing() {
        let two = sampled(2, |s| [s, 0.0, 0.0]);
        let fit2 = fit(&two, Time(0), Time(0), Time(0), 2).expect("a line");
        assert_eq!((fit2.degree, fit2.velocity), (1, [1.0, 0.0, 0.0]));
        assert_eq!(fit(&sampled(1, |_| [0.0; 3]), Time(0), Time(0), Time(S), 2), None);
        let mut gap = sampled(4, |s| [s, 0.0, 0.0]);
        gap.linked[1] = false;
        let before = fit(&gap, Time(S / 10), Time(0), Time(S), 2).expect("a line");
        assert_eq!(before.samples, (0, 1), "nothing is taken from beyond a gap");
    }

    #[test]
    fn a_prediction_grows_less_sure() {
        let wobbling = sampled(21, |s| [s + 0.01 * libm::sin(40.0 * s), 0.0, 0.0]);
        let past = fit(&wobbling, Time(2 * S), Time(S), Time(2 * S), 1).expect("a fit");
        let after = [0.0, 1.0, 2.0].map(|s| past.variance_after(s));
        assert!(after[0] > 0.0 && after[0] < after[1] && after[1] < after[2], "{after:?}");
    }

    /// Annotated vehicles of nuScenes go where they face, at the speed that the differences of their places give.
    #[test]
    fn vehicles_of_nuscenes_go_where_they_face() {
        let Some(folder) = crate::scratch::data("nuscenes motion", "nuscenes_mini") else { return };
        let (mut turned, mut slower, mut scenes) = (Vec::new(), Vec::new(), 0);
        let mut paths: Vec<_> =
            std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
        paths.sort();
        for path in paths.iter().filter(|p| p.to_string_lossy().ends_with(".csv.gz")) {
            let mut text = String::new();
            let file = std::fs::File::open(path).expect("a file");
            std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut text).expect("text");
            let mut lines = text.lines();
            let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
            let column = |name: &str| header.iter().position(|h| *h == name);
            let wanted = ["timestamp_us", "x", "y", "z", "qw", "qz"].map(column);
            let (Some(instance), Some(category), [Some(t), Some(x), Some(y), Some(z), Some(w), Some(q)]) =
                (column("instance"), column("category"), wanted)
            else {
                continue; // a camera's file
            };
            scenes += 1;
            let mut of: std::collections::BTreeMap<&str, Vec<[f64; 6]>> = std::collections::BTreeMap::new();
            for line in lines.map(|line| line.split(',').collect::<Vec<_>>()) {
                if line[category].starts_with("vehicle.") && !line[category].contains("bicycle") {
                    let number = |c: usize| line[c].parse::<f64>().expect("a number");
                    of.entry(line[instance]).or_default().push([t, x, y, z, w, q].map(number));
                }
            }
            for rows in of.values().filter(|rows| rows.len() > 2) {
                let line = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<_>>();
                let times: Vec<i64> = rows.iter().map(|row| row[0] as i64 * 1000).collect();
                let track = Polyline::joined(times.clone(), line(1), line(2), line(3));
                for i in 1..rows.len() - 1 {
                    let t = Time(times[i]);
                    let found =
                        fit(&track, t, t.plus_ns(-500_000_000), t.plus_ns(500_000_000), 2).expect("a fit");
                    let (a, b) = (rows[i - 1], rows[i + 1]);
                    let seconds = (b[0] - a[0]) / 1e6;
                    let speed = norm([0, 1, 2].map(|k| (b[k + 1] - a[k + 1]) / seconds));
                    if speed < 2.0 || seconds > 1.2 {
                        continue;
                    }
                    slower.push((found.speed() - speed).abs() / speed);
                    let faces = (2.0 * libm::atan2(rows[i][5], rows[i][4])).to_degrees();
                    let off = (found.heading_deg().expect("moves") - faces).rem_euclid(360.0);
                    turned.push(off.min(360.0 - off));
                }
            }
        }
        turned.sort_by(f64::total_cmp);
        slower.sort_by(f64::total_cmp);
        let n = turned.len();
        assert!(scenes >= 5 && n > 100, "{scenes} scenes, {n} moments");
        let (median, most) = (turned[n / 2], turned[n * 95 / 100]);
        assert!(median < 2.0 && most < 15.0, "heading of {n}: median {median}, 95 % {most} degrees");
        assert!(
            slower[n / 2] < 0.005 && slower[n * 95 / 100] < 0.05,
            "speed: {} {}",
            slower[n / 2],
            slower[n * 95 / 100]
        );
    }
}
