//! How far apart two samples of a track may lie for it to be known in between: what the track states, else the record's own step.

use crate::error::Error;
use crate::id::{ObserverId, TrackId};
use crate::tables::Track;
use crate::time::Time;
use crate::world::Selection;
use crate::world::World;
use std::collections::BTreeMap;

/// The usual step of what looked, by track, for the tracks that state no tolerance.
#[derive(Debug, Default)]
pub(crate) struct Sampling {
    by_track: BTreeMap<TrackId, i64>,
}

impl World {
    /// How far apart two samples of a track may lie for it to be *linked* between them, in nanoseconds: known all the way, by a
    /// straight line. Across more than that nobody saw it.
    ///
    /// What its row states. Where that is silent, one and a half of the usual step of what looked: the (upper) median of the times
    /// between neighbouring pictures of the track's camera, or of the track's own instants where it has none. A record of one row
    /// each ten seconds is linked like one of thirty pictures a second, and a picture left out is a gap in both. None: never linked,
    /// for a track of a single instant or of spans alone.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn tolerance_ns(&self, track: &Track) -> Result<Option<i64>, Error> {
        if track.tolerance_ns.is_some() {
            return Ok(track.tolerance_ns);
        }
        Ok(self.sampling()?.by_track.get(&track.id).copied())
    }

    pub(crate) fn sampling_from_samples(&self) -> Result<Sampling, Error> {
        let silent: BTreeMap<TrackId, Option<ObserverId>> = self
            .tables()
            .tracks
            .iter()
            .filter(|row| row.tolerance_ns.is_none())
            .map(|row| (row.id, row.observer))
            .collect();
        let mut pictures: BTreeMap<ObserverId, Vec<i64>> =
            silent.values().flatten().map(|observer| (*observer, Vec::new())).collect();
        let mut own: BTreeMap<TrackId, Vec<i64>> =
            silent.iter().filter(|(_, o)| o.is_none()).map(|(track, _)| (*track, Vec::new())).collect();
        let selection = Selection { boxes: false, positions: false, rest: false, ..Selection::ALL };
        for (n, bounds) in self.store().bounds().iter().enumerate() {
            if bounds.revisions.0 > self.view().as_of {
                continue;
            }
            let chunk = self.store().select(n, &selection)?;
            for i in (0..chunk.len()).filter(|&i| self.view().sees(chunk.known(i))) {
                // what holds over a span was not looked at in steps
                let holds = chunk.end_ns.as_ref().is_some_and(|ends| ends[i] != i64::MIN);
                if holds || chunk.t_ns[i] == i64::MIN {
                    continue;
                }
                let track = TrackId(chunk.track[i]);
                if let Some(times) = own.get_mut(&track) {
                    times.push(chunk.t_ns[i]);
                }
                let observer = chunk.observer_of(i).or_else(|| silent.get(&track).copied().flatten());
                if let Some(times) = observer.and_then(|observer| pictures.get_mut(&observer)) {
                    times.push(chunk.t_ns[i]);
                }
            }
        }
        let pictures: BTreeMap<ObserverId, i64> = pictures
            .into_iter()
            .filter_map(|(observer, times)| Some((observer, linked_within_ns(times)?)))
            .collect();
        let mut by_track: BTreeMap<TrackId, i64> =
            own.into_iter().filter_map(|(track, times)| Some((track, linked_within_ns(times)?))).collect();
        by_track.extend(silent.iter().filter_map(|(track, o)| Some((*track, *pictures.get(o.as_ref()?)?))));
        Ok(Sampling { by_track })
    }
}

/// How far apart instants may lie to be neighbours, by their own usual step: one and a half of the (upper) median. None for fewer
/// than two instants.
pub fn linked_within_ns(mut times: Vec<i64>) -> Option<i64> {
    times.sort_unstable();
    times.dedup();
    let mut steps: Vec<i64> = times.windows(2).map(|pair| Time(pair[1]) - Time(pair[0])).collect();
    steps.sort_unstable();
    let step = *steps.get(steps.len() / 2)?;
    Some(step.saturating_add(step / 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::EntityId;
    use crate::text::parse;

    fn known_at(text: &str, seconds: f64) -> bool {
        let world = parse(text).expect("valid");
        let t = Time::from_s(seconds);
        let whole = world.trajectory(EntityId(1)).expect("in memory").at(t).is_some();
        assert_eq!(world.moment(EntityId(1), t).expect("in memory").is_some(), whole, "{text}");
        whole
    }

    #[test]
    fn what_states_nothing_is_linked_over_the_usual_step_and_no_further() {
        let sparse = "car 1\n  0: (0, 0, 0)\n  10: (1, 0, 0)\n  20: (2, 0, 0)\n  40: (3, 0, 0)\n";
        assert!(known_at(sparse, 5.0) && known_at(sparse, 19.0) && !known_at(sparse, 30.0));
        assert!(!known_at(&sparse.replace("car 1", "car 1 gap 1"), 5.0));
        // its camera looked each second: it was not in those pictures
        let filmed = "camera cam 99x99\ncar 1 through cam\n  0: box (1, 1, 2, 2)\n  3: box (1, 1, 2, 2)\n\
            bus 2 through cam\n  1: box (1, 1, 2, 2)\n  2: box (1, 1, 2, 2)\n  3: box (1, 1, 2, 2)\n";
        assert!(!known_at(filmed, 2.0));
        assert!(!known_at("car 1\n  0: (0, 0, 0)\n", 1.0));
        assert!(!known_at("car 1\n  [0, 2): (0, 0, 0)\n  [5, 7): (1, 0, 0)\n", 3.0));
    }
}
