//! What the trajectory formats share: the way of one camera becomes a World.

use super::ImportSettings;
use super::error::Error;
use super::faults::{Faults, RowFault};
use super::input::SourceFile;
use super::layout::Layout;
use super::record;
use crate::twice;
use chronotope_world::time::NS_PER_S;
use chronotope_world::{
    Clock, Known, Label, Origin, Pose, Reference, ReferenceFrame, Sample, Scale, Span, Time, Track, World,
    WorldBuilder, linked_within_ns,
};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Longest gap across which a camera's way is interpolated unless the user says otherwise: three pictures at 30 in a second.
/// A hand-held camera turns back within less than a second.
const TOLERANCE_S: f64 = 0.1;

/// The fact that keeps a row whose numbers would be printed otherwise after its rotation was made a unit quaternion.
const AS_GIVEN: &str = "row as given";

/// One row.
pub(crate) struct Stamped {
    /// Nanoseconds of the file's clock, or the picture's number where the file has no clock.
    pub(crate) at: i64,
    pub(crate) position: [f64; 3],
    /// w, x, y, z of length 1.
    pub(crate) rotation: [f64; 4],
    /// The row's text, where it cannot be printed back from the numbers.
    pub(crate) as_given: Option<String>,
}

/// How the rows of a file are dated.
pub(crate) enum Dating {
    /// Each by itself, in nanoseconds.
    Own,
    /// By their number.
    Pictures(record::PictureClock),
}

/// The name of that fact for the n-th row (from 0) of one time.
pub(crate) fn as_given(n: u32) -> String {
    if n == 0 { AS_GIVEN.to_owned() } else { format!("{AS_GIVEN} {}", n + 1) }
}

/// Leaves out rows that contradict an earlier one of the same time.
pub(crate) fn leave_out_contradictions(path: &Path, rows: &mut Vec<Stamped>, faults: &mut Faults) {
    let poses: Vec<(i64, [f64; 3], [f64; 4])> =
        rows.iter().map(|row| (row.at, row.position, row.rotation)).collect();
    let wrong: HashSet<usize> = twice::poses_twice(&poses).into_iter().map(|(_, second)| second).collect();
    let mut n = 0;
    rows.retain(|row| {
        let keep = !wrong.contains(&n);
        n += 1;
        if !keep {
            let found = format_args!("another pose of {} s", Time(row.at));
            faults.item(path, format!("row {n}"), RowFault::new("one pose per time", found));
        }
        keep
    });
}

/// The World of one camera's way, in `world(map)`. Two rows of one time that hardly differ are two measurements: both are kept. The unit is metres, or a unit of its own where the user says that the scale is unknown.
///
/// The camera is an observer, carried by the track; the track shows an entity labelled `camera`. A clock that starts after
/// the year 2001 is taken for Unix time: the first row is record time 0 and the record's UTC start. Coverage holds at the
/// rows only.
pub(crate) fn world(
    name: &str,
    path: &Path,
    (rows, layout): (&[Stamped], &Layout),
    dating: &Dating,
    settings: &ImportSettings,
    words: String,
) -> Result<World, Error> {
    const YEAR_2001_S: i64 = 1_000_000_000;
    let mut builder = WorldBuilder::new(name);
    let first = rows.iter().map(|row| row.at).min().unwrap_or_default();
    let (clock, time): (Option<Clock>, Box<dyn Fn(i64) -> Time>) = match *dating {
        Dating::Own => {
            let is_unix = first >= YEAR_2001_S * NS_PER_S;
            let offset = if is_unix { -first } else { 0 };
            builder.record().utc_start_ns = is_unix.then_some(first);
            let clock = Clock { offset: Time(offset), ..Clock::SAME };
            (Some(clock), Box::new(move |at| Time(at.saturating_add(offset))))
        }
        Dating::Pictures(clock) => (record::clock_row(clock), Box::new(move |at| clock.time(at as u32))),
    };
    let words = words + &layout.words();
    let source = record::annotation_source(&mut builder, &SourceFile::new(path)?, clock, words);
    layout.keep_heading(&mut builder, source);
    let observer = record::camera(&mut builder, source, name, settings.picture_px, None);
    let scale = if settings.unknown_scale { Scale::Own("map".into()) } else { Scale::Metre };
    let map = builder.reference_frame(ReferenceFrame::World("map".into()), scale);
    let times = || rows.iter().map(|row| time(row.at));
    let (start, end) = (times().min().unwrap_or_default(), times().max().unwrap_or_default());
    let known = Known::at(start);
    let mut track = Track::new(source, "camera", known);
    track.carries = Some(observer);
    let own = linked_within_ns(times().map(|t| t.0).collect()).unwrap_or_default();
    let default_s = TOLERANCE_S.max(Time(own).as_s());
    track.tolerance_ns = Some(record::tolerance_ns(settings, default_s, None));
    let track = builder.track(track);
    builder.entity_of(track, "annotated", known);
    builder.label(Label::new(track, "camera", "chronotope", known));
    let mut of_time: HashMap<Time, u32> = HashMap::new();
    for row in rows {
        let t = time(row.at);
        let nth = of_time.entry(t).and_modify(|n| *n += 1).or_insert(0);
        let mut sample = Sample::new(source, Some(track), t, Origin::Observed);
        if let Dating::Pictures(_) = dating {
            sample.frame_index = Some(row.at as u32);
        }
        let rotation = Some(row.rotation);
        sample.pose = Some(Pose { reference_frame: map, position: row.position, rotation, extent: None });
        builder.sample(sample);
        if let Some(text) = &row.as_given {
            let (subject, text) = (Reference::Observer(observer), Reference::Text(text.clone()));
            record::add_fact(&mut builder, source, subject, as_given(*nth), text, Span::at(t));
        }
    }
    let span = Span::between(start, end + 1);
    record::add_coverage(&mut builder, source, None, span, vec!["camera".into()], false);
    record::build(builder, path)
}

/// A quaternion w, x, y, z made unit.
pub(crate) fn unit(wxyz: [f64; 4]) -> Result<[f64; 4], RowFault> {
    let norm = wxyz.iter().map(|v| v * v).sum::<f64>().sqrt();
    if (norm - 1.0).abs() <= 0.01 {
        Ok(wxyz.map(|v| v / norm))
    } else {
        Err(RowFault::new("a quaternion of length 1 (within 0.01)", format_args!("length {norm}")))
    }
}

/// Decimal seconds as nanoseconds, digit by digit: a double cannot hold Unix time to the nanosecond.
pub(crate) fn seconds_ns(text: &str) -> Result<i64, RowFault> {
    let fault = || RowFault::new("a time in seconds", format_args!("`{text}`"));
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(rest) || whole.is_empty() {
        // with an exponent: as exact as a double
        let value = text.parse::<f64>().ok().filter(|v| v.abs() < 9e9).ok_or_else(fault)?;
        return Ok(Time::from_s(value).0);
    }
    let nanos: String = rest.chars().chain("000000000".chars()).take(9).collect();
    let round = rest.as_bytes().get(9).is_some_and(|b| *b >= b'5') as i64;
    let ns = whole
        .parse::<i64>()
        .ok()
        .and_then(|s| s.checked_mul(NS_PER_S))
        .zip(nanos.parse::<i64>().ok())
        .and_then(|(s, n)| s.checked_add(n)?.checked_add(round))
        .ok_or_else(fault)?;
    Ok(if negative { -ns } else { ns })
}

/// Digits after the point that all numbers of a file share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Decimals {
    any: bool,
    digits: Option<usize>,
    /// Some number has a zero at its end, or no digit before its point: it is not written with as few digits as needed.
    padded: bool,
    /// Some number with that many digits is not its own text: it has more than a double holds, a sign or zeros before it.
    inexact: bool,
}

impl Decimals {
    /// Takes a number's text.
    pub(crate) fn add(&mut self, text: &str) {
        let text = text.trim();
        let digits = if text.contains(['e', 'E']) {
            None
        } else {
            Some(text.split_once('.').map_or(0, |(_, rest)| rest.len()))
        };
        self.inexact |= digits.zip(text.parse::<f64>().ok()).is_some_and(|(n, v)| print(v, Some(n)) != text);
        self.padded |= digits.is_some_and(|n| n > 0) && text.ends_with('0');
        self.digits = if self.any { self.digits.filter(|n| Some(*n) == digits) } else { digits };
        self.any = true;
    }

    /// The shared number of digits; none where they differ, or where the shortest text of each number has as many.
    pub(crate) fn fixed(self) -> Option<usize> {
        self.digits.filter(|_| self.padded && !self.inexact)
    }

    /// The shared number of digits; none where they differ or there is no number.
    pub(crate) fn shared(self) -> Option<usize> {
        self.digits
    }
}

/// A number with this many digits after the point, or with as few as needed to be read back.
pub(crate) fn print(value: f64, decimals: Option<usize>) -> String {
    match decimals {
        // a hostile World may claim any number of digits; no file has more
        Some(n) => format!("{value:.*}", n.min(300)),
        None => format!("{value}"),
    }
}

/// Nanoseconds as seconds with this many digits after the point (at most 9), rounded half away from zero.
pub(crate) fn print_seconds(ns: i64, digits: usize) -> String {
    let unit = 10_u64.pow(9 - digits.min(9) as u32);
    let steps = (ns.unsigned_abs() + unit / 2) / unit;
    let in_second = NS_PER_S as u64 / unit;
    let sign = if ns < 0 { "-" } else { "" };
    match digits {
        0 => format!("{sign}{steps}"),
        _ => format!("{sign}{}.{:0digits$}", steps / in_second, steps % in_second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_digit_by_digit() {
        for (text, ns) in [
            ("1305031098.6659", 1_305_031_098_665_900_000),
            ("1403636579.763555528", 1_403_636_579_763_555_528),
            ("-0.5", -500_000_000),
            ("7", 7_000_000_000),
            ("0.9999999999", 1_000_000_000),
            ("1e3", 1_000_000_000_000),
        ] {
            assert_eq!(seconds_ns(text).ok(), Some(ns), "{text}");
        }
        for bad in ["", "-", "nan", "inf", "1e300", "99999999999", "1.2.3", "x"] {
            assert!(seconds_ns(bad).is_err(), "{bad}");
        }
    }
}
