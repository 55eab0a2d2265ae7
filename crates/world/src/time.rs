//! Time of the record, in integer nanoseconds.

use std::fmt;
use std::ops::{Add, Sub};

/// A moment of the record.
///
/// # Units
/// Nanoseconds since the start of the record; may be negative (before it).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Time(pub i64);

/// Nanoseconds in one second.
pub const NS_PER_S: i64 = 1_000_000_000;

impl Time {
    /// The earliest moment; the start of a span that has always held.
    pub const MIN: Time = Time(i64::MIN);
    /// The latest moment; the end of a span that holds for ever.
    pub const MAX: Time = Time(i64::MAX);

    /// The moment at this many seconds, rounded to the nanosecond; saturates at the ends, NaN gives 0.
    pub fn from_s(seconds: f64) -> Time {
        // `as` saturates and sends NaN to 0
        Time((seconds * NS_PER_S as f64).round() as i64)
    }

    /// Seconds since the start of the record. Exact to a nanosecond for records shorter than 104 days.
    pub fn as_s(self) -> f64 {
        // whole seconds and the rest apart: one rounding instead of two
        (self.0 / NS_PER_S) as f64 + (self.0 % NS_PER_S) as f64 / NS_PER_S as f64
    }

    /// This many nanoseconds later; saturates.
    pub fn plus_ns(self, ns: i64) -> Time {
        Time(self.0.saturating_add(ns))
    }

    /// Nanoseconds from `earlier` to here; saturates.
    pub fn ns_since(self, earlier: Time) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<i64> for Time {
    type Output = Time;
    fn add(self, ns: i64) -> Time {
        self.plus_ns(ns)
    }
}

impl Sub for Time {
    type Output = i64;
    fn sub(self, earlier: Time) -> i64 {
        self.ns_since(earlier)
    }
}

impl fmt::Display for Time {
    /// Seconds with as many decimals as needed: `2.04`, `-1`, `always` ends as `-inf` and `inf`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Time::MIN => return f.write_str("-inf"),
            Time::MAX => return f.write_str("inf"),
            Time(_) => {}
        }
        let magnitude = self.0.unsigned_abs();
        let (whole, rest) = (magnitude / NS_PER_S as u64, magnitude % NS_PER_S as u64);
        let sign = if self.0 < 0 { "-" } else { "" };
        if rest == 0 {
            write!(f, "{sign}{whole}")
        } else {
            let decimals = format!("{rest:09}");
            write!(f, "{sign}{whole}.{}", decimals.trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_few_decimals_as_needed() {
        for (ns, text) in [(0, "0"), (2_040_000_000, "2.04"), (-500_000_000, "-0.5"), (1, "0.000000001")] {
            assert_eq!(Time(ns).to_string(), text);
        }
    }

    #[test]
    fn seconds_round_trip() {
        for ns in [0, 33_366_667, 3_600_000_000_001, -1] {
            assert_eq!(Time::from_s(Time(ns).as_s()), Time(ns));
        }
    }

    #[test]
    fn nothing_overflows() {
        assert_eq!(Time::MAX + 1, Time::MAX);
        assert_eq!(Time::MAX - Time::MIN, i64::MAX);
        assert_eq!(Time::from_s(f64::INFINITY), Time::MAX);
        assert_eq!(Time::from_s(f64::NAN), Time(0));
    }
}
