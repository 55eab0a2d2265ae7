//! Presentation order: from a container's timestamps to record time and picture numbers.

use super::fault::FaultKind;
use chronotope_world::Time;
use chronotope_world::time::NS_PER_S;
use std::collections::BTreeSet;

/// Where the times of the pictures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// From the container: presentation timestamps.
    Stated,
    /// The file states no times: pictures are put one nominal picture length apart.
    ByOrder,
}

/// Pictures that a decoder may hold back to put them in order (H.264 and HEVC: 16).
pub(super) const MAX_REORDER: usize = 16;
/// Time that jumps back by less is disorder; by more, two recordings joined.
const JOIN_NS: i64 = NS_PER_S;
/// Packets that wait for their picture; more means that packets and pictures do not correspond.
const MAX_PENDING: usize = 4096;

/// From timestamps of a stream to record time.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// Seconds per tick, as a fraction of positive numbers.
    time_base: (i64, i64),
    /// Pictures per second, as a fraction of positive numbers.
    rate: (i64, i64),
    /// Container time of record time 0.
    origin: Option<Origin>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Ticks(i64),
    Us(i64),
}

impl Clock {
    /// `start` is the start of the stream in ticks, `container_start_us` that of the container over all its streams;
    /// where neither is known, record time 0 is the first picture's.
    pub(super) fn new(
        time_base: (i32, i32),
        rate: Option<(i32, i32)>,
        start: Option<i64>,
        container_start_us: Option<i64>,
    ) -> Clock {
        let positive = |(n, d): (i32, i32)| (n > 0 && d > 0).then_some((n as i64, d as i64));
        let time_base = positive(time_base).unwrap_or((1, 90_000));
        let in_us = |ticks: i64| scale(ticks, time_base.0 * 1_000_000, time_base.1);
        let origin = match (start, container_start_us) {
            // the container's start is the stream's, rounded to microseconds: keep the exact one
            (Some(ticks), Some(us)) if in_us(ticks).abs_diff(us) <= 1 => Some(Origin::Ticks(ticks)),
            (_, Some(us)) => Some(Origin::Us(us)),
            (start, None) => start.map(Origin::Ticks),
        };
        // 25: FFmpeg's own choice where a stream says nothing
        Clock { time_base, rate: rate.and_then(positive).unwrap_or((25, 1)), origin }
    }

    /// Record time of a timestamp.
    pub(super) fn time(&mut self, pts: i64) -> Time {
        match *self.origin.get_or_insert(Origin::Ticks(pts)) {
            Origin::Ticks(start) => Time(self.ns(pts.saturating_sub(start))),
            Origin::Us(start) => Time(self.ns(pts).saturating_sub(start.saturating_mul(1000))),
        }
    }

    /// Container time of record time 0, in nanoseconds.
    pub(super) fn origin_ns(&self) -> Option<i64> {
        self.origin.map(|origin| match origin {
            Origin::Ticks(start) => self.ns(start),
            Origin::Us(start) => start.saturating_mul(1000),
        })
    }

    /// A number of ticks in nanoseconds, rounded.
    pub(super) fn ns(&self, ticks: i64) -> i64 {
        scale(ticks, self.time_base.0 * NS_PER_S, self.time_base.1)
    }

    /// Time of the n-th picture at the nominal rate.
    pub(super) fn nominal(&self, n: u32) -> Time {
        Time(scale(n as i64, self.rate.1 * NS_PER_S, self.rate.0))
    }
}

/// `value · num / den`, rounded half away from zero, saturating.
fn scale(value: i64, num: i64, den: i64) -> i64 {
    let (product, den) = (value as i128 * num as i128, den as i128);
    let half = if product < 0 { -den / 2 } else { den / 2 };
    let scaled = (product + half) / den;
    scaled.clamp(i64::MIN as i128, i64::MAX as i128) as i64
}

/// What is known of a packet before it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PacketFacts {
    pub(super) pts: Option<i64>,
    pub(super) dts: Option<i64>,
    pub(super) key: bool,
    /// Its picture is not to be shown.
    pub(super) discarded: bool,
}

/// Gives decoded pictures their time and number, and says which never came.
///
/// While each packet is one picture with its own timestamp, a picture's number is its rank among these timestamps, so
/// that a picture that cannot be decoded keeps its number and the later ones theirs. Otherwise pictures are counted.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) clock: Clock,
    pub(super) timing: Option<Timing>,
    ranked: bool,
    first_key: Option<i64>,
    n_leading: usize,
    pending: BTreeSet<i64>,
    next_index: u32,
    last: Option<Time>,
    shift_ns: i64,
}

/// What became of a decoded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    At(Time, u32),
    LeftOut,
}

impl Order {
    /// `ranked`: whether each packet of this stream is one picture.
    pub(super) fn new(clock: Clock, ranked: bool) -> Order {
        Order {
            clock,
            timing: None,
            ranked,
            first_key: None,
            n_leading: 0,
            pending: BTreeSet::new(),
            next_index: 0,
            last: None,
            shift_ns: 0,
        }
    }

    /// To begin in the middle: at the key picture with this timestamp and number.
    pub(super) fn from_key(clock: Clock, pts: i64, frame_index: u32) -> Order {
        Order { first_key: Some(pts), next_index: frame_index, ..Order::new(clock, true) }
    }

    /// Number of the next picture: those before were shown or lost.
    pub(super) fn next_index(&self) -> u32 {
        self.next_index
    }

    /// Whether missing pictures are noticed.
    pub(super) fn is_ranked(&self) -> bool {
        self.ranked
    }

    /// Before a packet goes to the decoder.
    pub(super) fn packet(&mut self, packet: PacketFacts) {
        if !self.ranked {
            return;
        }
        let Some(pts) = packet.pts else { return self.only_count() };
        if packet.key && self.first_key.is_none() {
            self.first_key = Some(pts);
        }
        let Some(first_key) = self.first_key else { return };
        if pts < first_key {
            // pictures that lead a key picture are few; many are a recording that starts anew
            self.n_leading += 1;
            if self.n_leading > MAX_REORDER {
                self.only_count();
            }
            return;
        }
        if packet.discarded {
            return;
        }
        let late = self.last.is_some_and(|last| self.clock.clone().time(pts) <= last);
        if late || !self.pending.insert(pts) || self.pending.len() > MAX_PENDING {
            self.only_count();
        }
    }

    /// A decoded picture with its timestamp. `fault` takes what is wrong, with number and time.
    pub(super) fn picture(
        &mut self,
        pts: Option<i64>,
        mut fault: impl FnMut(u32, Option<Time>, FaultKind),
    ) -> Shown {
        let timing = *self.timing.get_or_insert(match pts {
            Some(_) => Timing::Stated,
            None => Timing::ByOrder,
        });
        let t = match (timing, pts) {
            (Timing::ByOrder, _) => self.clock.nominal(self.next_index),
            (Timing::Stated, None) => {
                self.only_count();
                let t = self.after_last();
                fault(self.next_index, Some(t), FaultKind::NoTime);
                t
            }
            (Timing::Stated, Some(pts)) => {
                if self.ranked && !self.rank(pts, &mut fault) {
                    fault(self.next_index, Some(self.clock.time(pts)), FaultKind::BeforeKey);
                    return Shown::LeftOut;
                }
                self.clock.time(pts).plus_ns(self.shift_ns)
            }
        };
        let t = match self.last {
            Some(last) if t <= last => {
                if last - t < JOIN_NS {
                    fault(self.next_index, Some(t), FaultKind::OutOfOrder);
                    return Shown::LeftOut;
                }
                self.only_count();
                let continued = self.after_last();
                self.shift_ns = self.shift_ns.saturating_add(continued - t);
                fault(self.next_index, Some(continued), FaultKind::JumpsBack);
                continued
            }
            _ => t,
        };
        self.last = Some(t);
        let index = self.next_index;
        self.next_index = self.next_index.saturating_add(1);
        Shown::At(t, index)
    }

    /// At the end: the pictures that never came.
    pub(super) fn end(&mut self, mut fault: impl FnMut(u32, Option<Time>, FaultKind)) {
        for pts in std::mem::take(&mut self.pending) {
            fault(self.next_index, Some(self.clock.time(pts)), FaultKind::Lost);
            self.next_index = self.next_index.saturating_add(1);
        }
    }

    /// Counts the pictures before `pts` that did not come. No where the picture precedes the first key picture.
    fn rank(&mut self, pts: i64, fault: &mut impl FnMut(u32, Option<Time>, FaultKind)) -> bool {
        match self.first_key {
            Some(first_key) if pts < first_key => return false,
            Some(_) => {}
            None => {
                self.only_count();
                return true;
            }
        }
        let later = self.pending.split_off(&pts);
        for lost in std::mem::replace(&mut self.pending, later) {
            fault(self.next_index, Some(self.clock.time(lost)), FaultKind::Lost);
            self.next_index = self.next_index.saturating_add(1);
        }
        if !self.pending.remove(&pts) {
            self.only_count();
        }
        true
    }

    fn only_count(&mut self) {
        self.ranked = false;
        self.pending.clear();
    }

    fn after_last(&self) -> Time {
        self.last.map_or(Time(0), |last| last.plus_ns(self.clock.nominal(1).0.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        Clock::new((1, 1000), Some((25, 1)), Some(0), Some(0))
    }

    type Times = Vec<(i64, u32)>;
    type Faults = Vec<(u32, FaultKind)>;

    /// Sends the packets, then shows the pictures; gives (time in ms, number) and the faults.
    fn show(packets: &[i64], pictures: &[i64]) -> (Times, Faults) {
        let mut order = Order::new(clock(), true);
        for (i, &pts) in packets.iter().enumerate() {
            order.packet(PacketFacts { pts: Some(pts), dts: None, key: i == 0, discarded: false });
        }
        let (mut shown, mut faults) = (Vec::new(), Vec::new());
        for &pts in pictures {
            if let Shown::At(t, index) = order.picture(Some(pts), |i, _, kind| faults.push((i, kind))) {
                shown.push((t.0 / 1_000_000, index));
            }
        }
        order.end(|i, _, kind| faults.push((i, kind)));
        (shown, faults)
    }

    #[test]
    fn a_lost_picture_keeps_its_number() {
        let (shown, faults) = show(&[0, 120, 40, 80, 160], &[0, 40, 120]);
        assert_eq!(shown, [(0, 0), (40, 1), (120, 3)]);
        assert_eq!(faults, [(2, FaultKind::Lost), (4, FaultKind::Lost)]);
    }

    #[test]
    fn pictures_before_the_first_key_are_left_out() {
        let (shown, faults) = show(&[80, 0, 40, 120], &[0, 40, 80, 120]);
        assert_eq!(shown, [(80, 0), (120, 1)]);
        assert_eq!(faults, [(0, FaultKind::BeforeKey), (0, FaultKind::BeforeKey)]);
    }

    #[test]
    fn two_joined_recordings_continue() {
        let (shown, faults) = show(&[], &[0, 40, 5000, 0, 40]);
        assert_eq!(shown, [(0, 0), (40, 1), (5000, 2), (5040, 3), (5080, 4)]);
        assert_eq!(faults, [(3, FaultKind::JumpsBack)]);
    }

    #[test]
    fn without_times_pictures_follow_at_the_nominal_rate() {
        let mut order = Order::new(Clock::new((1, 90_000), Some((30_000, 1001)), None, None), true);
        let times: Vec<_> = (0..3).map(|_| order.picture(None, |_, _, _| {})).collect();
        assert_eq!(
            times,
            [Shown::At(Time(0), 0), Shown::At(Time(33_366_667), 1), Shown::At(Time(66_733_333), 2)]
        );
        assert_eq!(order.timing, Some(Timing::ByOrder));
    }

    #[test]
    fn the_origin_is_exact_where_the_stream_starts_the_container() {
        let mut clock = Clock::new((1, 90_000), None, Some(133_333), Some(1_481_478));
        assert_eq!(clock.time(133_333), Time(0));
        let mut clock = Clock::new((1, 90_000), None, Some(133_333), Some(1_400_000));
        assert_eq!(clock.time(133_333), Time(81_477_778));
    }

    #[test]
    fn extreme_timestamps_saturate() {
        let mut clock = Clock::new((i32::MAX, 1), None, Some(0), None);
        assert_eq!(clock.time(i64::MAX), Time(i64::MAX));
        assert_eq!(clock.time(i64::MIN), Time(i64::MIN));
    }
}
