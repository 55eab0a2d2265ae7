//! What happened, from far and from near: events in levels, built from change as it comes.
//!
//! Maheshwari and others, TimeGraphs: graph-based temporal reasoning, 2024 (events of one level pooled into those of the next, busy times kept
//! fine and quiet ones coarse; only the tail is pooled again when something is appended). Their trained pooling score is replaced by a rule: what
//! changed most within the level's spacing stands for the rest.

use crate::calculus::over_time::{Followed, Path, over_time};
use std::collections::{BTreeMap, BTreeSet};

/// Events in levels. Level 0 has one event for each instant at which something changed; those of level `l + 1` are at least `2^l` spacings apart.
///
/// An event of level `l + 1` begins with the first event of level `l` that is at least `2^l` spacings after where the one before it stands, and
/// takes the following ones in. It stands where most changed among its parts (of equal ones the earliest). Levels end where one event is left.
///
/// Changes are [`push`](Hierarchy::push)ed in order of time; the result is the same as if all had been there at once. Memory is linear in the
/// changes for each level; a push makes the last few events of every level anew, nothing before them.
#[derive(Clone, Debug)]
pub struct Hierarchy {
    spacing_ns: i64,
    steps: Vec<Step>,
    levels: Vec<Vec<Event>>,
}

/// Something that changed: an aspect (a relation of two things, whether a thing is there) and its states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Which aspect; the caller's number.
    pub aspect: u64,
    /// Its state before; the caller's number.
    pub before: u32,
    /// Its state after.
    pub after: u32,
}

/// All that changed at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When, in nanoseconds of the record.
    pub t_ns: i64,
    /// What, in the order in which it came.
    pub changes: Vec<Change>,
}

/// An event of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The instant at which most changed.
    pub at_ns: i64,
    /// The first instant.
    pub from_ns: i64,
    /// The last instant.
    pub to_ns: i64,
    /// How much changed in all: the number of changes.
    pub score: u64,
    /// The events of the level below (of level 0: the steps) that belong to it, from the first up to the second without it.
    pub parts: (usize, usize),
    /// The same in steps.
    pub steps: (usize, usize),
}

/// Levels at most: a spacing of 1 ns would reach three centuries.
const MOST_LEVELS: usize = 64;

impl Hierarchy {
    /// Without events; the events of level 1 are at least `spacing_ns` (at least 1) apart.
    pub fn new(spacing_ns: i64) -> Hierarchy {
        Hierarchy { spacing_ns: spacing_ns.max(1), steps: Vec::new(), levels: vec![Vec::new()] }
    }

    /// Adds a change. One before the newest is taken to be at the time of the newest; one that changes nothing is passed over.
    pub fn push(&mut self, t_ns: i64, change: Change) {
        if change.before == change.after {
            return;
        }
        let newest = self.steps.last().map_or(t_ns, |step| step.t_ns.max(t_ns));
        match self.steps.last_mut() {
            Some(step) if step.t_ns == newest => step.changes.push(change),
            _ => self.steps.push(Step { t_ns: newest, changes: vec![change] }),
        }
        let last = self.steps.len() - 1;
        let event = Event {
            at_ns: newest,
            from_ns: newest,
            to_ns: newest,
            score: self.steps[last].changes.len() as u64,
            parts: (last, last + 1),
            steps: (last, last + 1),
        };
        self.levels[0].truncate(last);
        self.levels[0].push(event);
        self.pool(last);
    }

    /// How many levels there are: at least 1; the last one has one event, if there is any.
    pub fn depth(&self) -> usize {
        self.levels.len()
    }

    /// The events of a level in order of time; those of the coarsest for a level above it.
    pub fn level(&self, level: usize) -> &[Event] {
        self.levels.get(level).or(self.levels.last()).map_or(&[], Vec::as_slice)
    }

    /// What happened: the events of a level that have an instant in `[from_ns, to_ns)`.
    pub fn between(&self, level: usize, from_ns: i64, to_ns: i64) -> &[Event] {
        let events = self.level(level);
        let first = events.partition_point(|event| event.to_ns < from_ns);
        let last = events.partition_point(|event| event.from_ns < to_ns);
        events.get(first..last).unwrap_or_default()
    }

    /// The coarsest level at which two instants belong to different events; none where they never do.
    pub fn parting(&self, a_ns: i64, b_ns: i64) -> Option<usize> {
        let of = |level: usize, t_ns: i64| self.level(level).partition_point(|event| event.from_ns <= t_ns);
        (0..self.depth()).rev().find(|&level| of(level, a_ns) != of(level, b_ns))
    }

    /// What an event comes to: every aspect whose state after all its steps differs from the one before, in order of the aspects.
    pub fn net(&self, event: &Event) -> Vec<Change> {
        let mut net: BTreeMap<u64, Change> = BTreeMap::new();
        for change in self.steps_of(event).iter().flat_map(|step| &step.changes) {
            net.entry(change.aspect).and_modify(|all| all.after = change.after).or_insert(*change);
        }
        net.into_values().filter(|change| change.before != change.after).collect()
    }

    /// The aspects that changed during an event, some back to what they were.
    pub fn touched(&self, event: &Event) -> BTreeSet<u64> {
        self.steps_of(event).iter().flat_map(|step| &step.changes).map(|change| change.aspect).collect()
    }

    /// The steps of an event.
    pub fn steps_of(&self, event: &Event) -> &[Step] {
        self.steps.get(event.steps.0..event.steps.1).unwrap_or_default()
    }

    /// Pools every level again from the first event of level 0 that is new.
    fn pool(&mut self, first: usize) {
        let mut first = first;
        for level in 0..MOST_LEVELS {
            if self.levels[level].len() <= 1 {
                self.levels.truncate(level + 1);
                return;
            }
            if self.levels.len() == level + 1 {
                self.levels.push(Vec::new());
            }
            let spacing = self.spacing_ns.saturating_mul(1_i64 << level.min(62));
            let (below, above) = self.levels.split_at_mut(level + 1);
            let (below, above) = (&below[level], &mut above[0]);
            // the new ones may go with the event before them
            let kept = above.partition_point(|parent| parent.parts.1 < first);
            let old = above.split_off(kept.min(above.len()));
            pool(below, old.first().map_or(0, |parent| parent.parts.0), spacing, above);
            let same = old.iter().zip(&above[kept..]).take_while(|(old, new)| old == new).count();
            if kept + same == above.len() && same == old.len() {
                return;
            }
            first = (kept + same).min(above.len() - 1);
        }
    }
}

/// Adds the events that these from `start` on make.
fn pool(below: &[Event], start: usize, spacing: i64, above: &mut Vec<Event>) {
    // how much changed where the newest one stands
    let mut most = 0;
    for (child, event) in below.iter().enumerate().skip(start) {
        match above.last_mut() {
            Some(parent) if child > start && event.at_ns.saturating_sub(parent.at_ns) < spacing => {
                if event.score > most {
                    (parent.at_ns, most) = (event.at_ns, event.score);
                }
                parent.to_ns = event.to_ns;
                parent.score += event.score;
                parent.parts.1 = child + 1;
                parent.steps.1 = event.steps.1;
            }
            _ => {
                above.push(Event { parts: (child, child + 1), ..event.clone() });
                most = event.score;
            }
        }
    }
}

/// The state of a thing that is not seen; [`PRESENT`] of one that is.
pub const ABSENT: u32 = 0;
/// The state of a thing that is seen.
pub const PRESENT: u32 = 1;

/// What changed among things with boxes, in order of time: one comes into sight or goes, two come to another relation of
/// [`rcc8`](crate::calculus::rcc8).
///
/// The aspect of things `i < j` of `n` is `i * n + j` with relations as states, that of whether `i` is there `i * n + i`. A relation for an instant
/// only is passed over. What is seen at `start_ns` did not come then, and what is seen up to `end_ns` (or the nanosecond before) did not go.
/// Memory and time grow with pairs of things times samples.
pub fn changes(paths: &[Path], start_ns: i64, end_ns: i64) -> Vec<(i64, Change)> {
    let n = paths.len() as u64;
    let mut found = Vec::new();
    for (i, path) in paths.iter().enumerate() {
        let own = i as u64 * (n + 1);
        for (k, &t) in path.t_ns.iter().enumerate() {
            let is_linked =
                |k: usize| path.linked.get(k).copied().unwrap_or(false) && k + 1 < path.t_ns.len();
            if (k == 0 || !is_linked(k - 1)) && t > start_ns {
                found.push((t, Change { aspect: own, before: ABSENT, after: PRESENT }));
            }
            if !is_linked(k) && t < end_ns.saturating_sub(1) {
                found.push((t, Change { aspect: own, before: PRESENT, after: ABSENT }));
            }
        }
        for (j, other) in paths.iter().enumerate().skip(i + 1) {
            let aspect = i as u64 * n + j as u64;
            let mut last: Option<(usize, i64)> = None;
            for episode in over_time(path, other, Followed::Rcc8) {
                if episode.from_ns == episode.to_ns && episode.is_joined {
                    // the next one begins here
                    last = last.map(|(relation, _)| (relation, episode.to_ns));
                    continue;
                }
                if let Some((before, until)) = last
                    && until == episode.from_ns
                    && before != episode.relation
                {
                    let (before, after) = (before as u32, episode.relation as u32);
                    found.push((episode.from_ns, Change { aspect, before, after }));
                }
                last = episode.is_joined.then_some((episode.relation, episode.to_ns));
            }
        }
    }
    found.sort_by_key(|(t, change)| (*t, change.aspect));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Random;

    fn change(aspect: u64, before: u32, after: u32) -> Change {
        Change { aspect, before, after }
    }

    /// The levels from all steps at once, by the definition.
    fn scratch(hierarchy: &Hierarchy) -> Vec<Vec<Event>> {
        let mut levels = vec![hierarchy.levels[0].clone()];
        while let Some(below) = levels.last()
            && below.len() > 1
        {
            let spacing = hierarchy.spacing_ns << (levels.len() - 1);
            let mut above: Vec<Event> = Vec::new();
            let mut from = 0;
            while from < below.len() {
                let (mut at, mut to) = (from, from + 1);
                while to < below.len() && below[to].at_ns - below[at].at_ns < spacing {
                    at = if below[to].score > below[at].score { to } else { at };
                    to += 1;
                }
                above.push(Event {
                    at_ns: below[at].at_ns,
                    from_ns: below[from].from_ns,
                    to_ns: below[to - 1].to_ns,
                    score: below[from..to].iter().map(|e| e.score).sum(),
                    parts: (from, to),
                    steps: (below[from].steps.0, below[to - 1].steps.1),
                });
                from = to;
            }
            levels.push(above);
        }
        levels
    }

    #[test]
    fn what_comes_bit_by_bit_is_what_was_there_at_once() {
        for seed in 0..40 {
            let mut random = Random::new(seed);
            let mut hierarchy = Hierarchy::new(10);
            let mut t = 0;
            for _ in 0..150 {
                t += [0, 1, 3, 8, 30, 200][random.below(6)];
                hierarchy.push(t, change(random.below(5) as u64, 0, 1 + random.below(3) as u32));
                assert_eq!(hierarchy.levels, scratch(&hierarchy), "seed {seed} at {t}");
            }
            assert_eq!(hierarchy.levels.last().map(Vec::len), Some(1));
            for (level, events) in hierarchy.levels.iter().enumerate().skip(1) {
                let apart = events.windows(2).all(|e| e[1].at_ns - e[0].at_ns >= 10 << (level - 1));
                assert!(apart, "level {level}");
            }
        }
    }

    #[test]
    fn busy_instants_stand_for_their_surroundings() {
        let mut hierarchy = Hierarchy::new(10);
        for (t, count) in [(0, 1), (3, 3), (5, 1), (40, 2), (44, 1), (47, 1)] {
            for aspect in 0..count {
                hierarchy.push(t, change(aspect, 0, t as u32 + 1));
            }
        }
        let level: Vec<_> =
            hierarchy.level(1).iter().map(|e| (e.at_ns, e.from_ns, e.to_ns, e.score)).collect();
        assert_eq!(level, [(3, 0, 5, 5), (40, 40, 47, 4)]);
        assert_eq!(hierarchy.between(1, 6, 41).len(), 1);
        assert_eq!(hierarchy.between(0, 3, 41).len(), 3);
        assert_eq!(hierarchy.parting(4, 44), Some(2));
        assert_eq!(hierarchy.parting(40, 44), Some(0));
        assert_eq!(hierarchy.parting(40, 41), None);
        assert_eq!(hierarchy.between(9, 0, 99).len(), 1, "above the last level is the last level");
    }

    #[test]
    fn what_went_back_is_no_net_change() {
        let mut hierarchy = Hierarchy::new(100);
        for (t, aspect, before, after) in [(0, 7, 0, 1), (5, 8, 0, 2), (9, 7, 1, 0), (12, 7, 0, 0)] {
            hierarchy.push(t, change(aspect, before, after));
        }
        let all = hierarchy.level(1)[0].clone();
        assert_eq!(hierarchy.net(&all), [change(8, 0, 2)]);
        assert_eq!(hierarchy.touched(&all), [7, 8].into());
        assert_eq!(all.score, 3);
    }

    /// Meetings planted among walking things are the events of level 1, and nothing else is.
    #[test]
    fn planted_meetings_are_found() {
        use crate::calculus::{Rect, rcc8};
        for seed in 0..20 {
            let mut random = Random::new(seed);
            let second = 1_000_000_000;
            // pair k meets at its own time: one of the two stands on its own lane, the other walks over it
            let count = 3 + random.below(4);
            let mut meetings: Vec<i64> =
                (0..count).map(|k| 20 * (k as i64 + 1) + random.below(8) as i64).collect();
            let end = 20 * (count as i64 + 2);
            let mut paths = Vec::new();
            for (k, &meeting) in meetings.iter().enumerate() {
                let lane = 100.0 * k as f64;
                let walk = |at: &dyn Fn(i64) -> f64| Path {
                    t_ns: (0..=end).map(|t| t * second).collect(),
                    boxes: (0..=end)
                        .map(|t| Rect { x: (at(t), at(t) + 2.0), y: (lane, lane + 2.0) })
                        .collect(),
                    linked: vec![true; end as usize + 1],
                };
                paths.push(walk(&|_| 0.0));
                paths.push(walk(&|t| 1.5 * (t - meeting) as f64));
            }
            meetings.sort_unstable();
            let mut hierarchy = Hierarchy::new(10 * second);
            for (t, change) in changes(&paths, 0, end * second) {
                hierarchy.push(t, change);
            }
            let level = hierarchy.level(1);
            assert_eq!(level.len(), count, "seed {seed}");
            for (event, meeting) in level.iter().zip(&meetings) {
                assert!(event.from_ns <= meeting * second && meeting * second <= event.to_ns, "seed {seed}");
                assert!(hierarchy.net(event).is_empty(), "they part again");
                let states: Vec<u32> =
                    hierarchy.steps_of(event).iter().flat_map(|s| &s.changes).map(|c| c.after).collect();
                assert!(states.contains(&(rcc8::PO as u32)) && states.last() == Some(&(rcc8::DC as u32)));
            }
        }
    }

    #[test]
    fn who_comes_and_goes_within_the_record_is_told() {
        use crate::calculus::Rect;
        let rect = Rect { x: (0.0, 1.0), y: (0.0, 1.0) };
        let seen = |t_ns: Vec<i64>, linked: Vec<bool>| Path { boxes: vec![rect; t_ns.len()], t_ns, linked };
        let all = seen(vec![0, 10], vec![true, false]);
        let some = seen(vec![2, 3, 7], vec![true, false, false]);
        let found: Vec<(i64, u64, u32)> =
            changes(&[all, some], 0, 10).into_iter().map(|(t, c)| (t, c.aspect, c.after)).collect();
        assert_eq!(found, [(2, 3, PRESENT), (3, 3, ABSENT), (7, 3, PRESENT), (7, 3, ABSENT)]);
    }

    #[test]
    fn nothing_and_late_changes_are_taken() {
        let mut hierarchy = Hierarchy::new(0);
        assert_eq!((hierarchy.depth(), hierarchy.level(0).len()), (1, 0));
        assert!(hierarchy.between(0, 0, 9).is_empty() && hierarchy.parting(0, 9).is_none());
        hierarchy.push(i64::MAX, change(0, 0, 1));
        hierarchy.push(i64::MIN, change(1, 0, 1));
        assert_eq!((hierarchy.level(0).len(), hierarchy.level(0)[0].score), (1, 2));
    }
}
