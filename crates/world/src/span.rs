//! Half-open spans of time and sets of them.

use crate::time::Time;
use std::fmt;

/// The half-open span `[start, end)` of record time.
///
/// Two spans that touch (`a.end == b.start`) do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(into = "(Time, Time)", try_from = "(Time, Time)")]
pub struct Span {
    start: Time,
    end: Time,
}

impl Span {
    /// All of time: what holds in a timeless scene.
    pub const ALWAYS: Span = Span { start: Time::MIN, end: Time::MAX };

    /// `[start, end)`, or none where `end < start`. An empty span (`end == start`) is allowed.
    pub fn new(start: Time, end: Time) -> Option<Span> {
        (start <= end).then_some(Span { start, end })
    }

    /// The shortest span that holds this moment: one nanosecond.
    pub fn at(t: Time) -> Span {
        Span { start: t, end: t.plus_ns(1) }
    }

    /// The smallest span over both moments, in either order.
    pub fn between(a: Time, b: Time) -> Span {
        Span { start: a.min(b), end: a.max(b) }
    }

    /// First moment inside.
    pub fn start(self) -> Time {
        self.start
    }

    /// First moment after.
    pub fn end(self) -> Time {
        self.end
    }

    /// Length in nanoseconds; saturates.
    pub fn ns(self) -> i64 {
        self.end - self.start
    }

    /// Length in seconds.
    pub fn s(self) -> f64 {
        Time(self.ns()).as_s()
    }

    /// Holds no moment.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Holds this moment.
    pub fn contains(self, t: Time) -> bool {
        self.start <= t && t < self.end
    }

    /// Holds every moment of the other; an empty span is within any span that touches it.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The moments in both, or none where no moment is shared.
    pub fn intersect(self, other: Span) -> Option<Span> {
        let span = Span { start: self.start.max(other.start), end: self.end.min(other.end) };
        (span.start < span.end).then_some(span)
    }

    /// Shares a moment with the other.
    pub fn overlaps(self, other: Span) -> bool {
        self.intersect(other).is_some()
    }

    /// The smallest span over both, gap included.
    pub fn hull(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl From<Span> for (Time, Time) {
    fn from(span: Span) -> (Time, Time) {
        (span.start, span.end)
    }
}

impl TryFrom<(Time, Time)> for Span {
    type Error = String;

    fn try_from((start, end): (Time, Time)) -> Result<Span, String> {
        Span::new(start, end).ok_or_else(|| format!("expected an end from {start} s on, found {end} s"))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Span::ALWAYS {
            f.write_str("always")
        } else {
            write!(f, "[{}, {})", self.start, self.end)
        }
    }
}

/// A set of moments: disjoint, non-empty, sorted spans that do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// No moment.
    pub const NONE: Spans = Spans(Vec::new());

    /// The spans, in order.
    pub fn as_slice(&self) -> &[Span] {
        &self.0
    }

    /// The spans, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Span> {
        self.0.iter()
    }

    /// Holds no moment.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of maximal spans.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Total length in nanoseconds; saturates.
    pub fn ns(&self) -> i64 {
        self.0.iter().fold(0i64, |sum, s| sum.saturating_add(s.ns()))
    }

    /// Holds this moment.
    pub fn contains(&self, t: Time) -> bool {
        let after = self.0.partition_point(|s| s.start <= t);
        after > 0 && self.0[after - 1].contains(t)
    }

    /// Every moment of `span` is held.
    pub fn covers(&self, span: Span) -> bool {
        span.is_empty() || self.0.iter().any(|s| s.covers(span))
    }

    /// The smallest span over all, or none where empty.
    pub fn hull(&self) -> Option<Span> {
        Some(self.0.first()?.hull(*self.0.last()?))
    }

    /// The moments in either. Linear in both.
    pub fn union(&self, other: &Spans) -> Spans {
        self.0.iter().chain(&other.0).copied().collect()
    }

    /// The moments in both. Linear in both.
    pub fn intersect(&self, other: &Spans) -> Spans {
        let (mut i, mut j, mut out) = (0, 0, Vec::new());
        while i < self.0.len() && j < other.0.len() {
            let (a, b) = (self.0[i], other.0[j]);
            out.extend(a.intersect(b));
            if a.end <= b.end { i += 1 } else { j += 1 }
        }
        Spans(out)
    }

    /// The moments here that are not in the other. Linear in both.
    pub fn minus(&self, other: &Spans) -> Spans {
        let (mut out, mut j) = (Vec::new(), 0);
        for &a in &self.0 {
            let mut from = a.start;
            while j < other.0.len() && other.0[j].end <= from {
                j += 1;
            }
            let mut k = j;
            while k < other.0.len() && other.0[k].start < a.end {
                let b = other.0[k];
                if from < b.start {
                    out.push(Span { start: from, end: b.start });
                }
                from = from.max(b.end);
                k += 1;
            }
            if from < a.end {
                out.push(Span { start: from, end: a.end });
            }
        }
        Spans(out)
    }
}

impl FromIterator<Span> for Spans {
    /// Spans in any order, overlapping or empty: sorted, merged, empty ones dropped.
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Spans {
        let mut all: Vec<Span> = spans.into_iter().filter(|s| !s.is_empty()).collect();
        all.sort_unstable();
        let mut out: Vec<Span> = Vec::with_capacity(all.len());
        for s in all {
            match out.last_mut() {
                Some(last) if s.start <= last.end => last.end = last.end.max(s.end),
                _ => out.push(s),
            }
        }
        Spans(out)
    }
}

impl From<Span> for Spans {
    fn from(span: Span) -> Spans {
        std::iter::once(span).collect()
    }
}

impl<'a> IntoIterator for &'a Spans {
    type Item = &'a Span;
    type IntoIter = std::slice::Iter<'a, Span>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pairs: &[(i64, i64)]) -> Spans {
        pairs.iter().map(|&(a, b)| Span::between(Time(a), Time(b))).collect()
    }

    #[test]
    fn touching_spans_merge_but_do_not_overlap() {
        assert_eq!(spans(&[(3, 5), (0, 3), (7, 7)]), spans(&[(0, 5)]));
        assert!(!Span::between(Time(0), Time(3)).overlaps(Span::between(Time(3), Time(5))));
    }

    #[test]
    fn set_operations_agree_with_counting_moments() {
        let mut state = 7u64;
        let mut next = |n: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((state >> 33) % n) as i64
        };
        for _ in 0..500 {
            let mut draw = || {
                let pairs: Vec<_> = (0..next(6)).map(|_| (next(30), next(30))).collect();
                spans(&pairs)
            };
            let (a, b) = (draw(), draw());
            for t in (0..30).map(Time) {
                let (in_a, in_b) = (a.contains(t), b.contains(t));
                assert_eq!(a.union(&b).contains(t), in_a || in_b, "{a:?} {b:?} {t}");
                assert_eq!(a.intersect(&b).contains(t), in_a && in_b, "{a:?} {b:?} {t}");
                assert_eq!(a.minus(&b).contains(t), in_a && !in_b, "{a:?} {b:?} {t}");
            }
        }
    }
}
