//! Seen, hidden, out of view, unobserved: what absence means.

use crate::error::Error;
use crate::id::EntityId;
use crate::reference_frame::ReferenceFrame;
use crate::shape::BoxPx;
use crate::span::{Span, Spans};
use crate::tables::Coverage;
use crate::time::Time;
use crate::trajectory::{How, Run};
use crate::world::World;

/// How it stands with an entity at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// A sample shows it, or two samples no further apart than the track's tolerance.
    Visible,
    /// A source says that nothing of it can be seen, or it is missing between two sightings away from the picture's edge
    /// although somebody looked.
    Hidden,
    /// Somebody looked, and it had left or had not entered: its nearest sighting touches the picture's edge.
    OutOfView,
    /// Somebody looked and did not see it, and nothing tells why.
    Unseen,
    /// Nobody looked.
    Unobserved,
}

/// Where a thing could be at a time when it is not seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// The frame of the places; metres, pixels or its own unit.
    pub reference_frame: ReferenceFrame,
    /// Discs (balls in space): the thing is within each of them, if it never was faster than the stated speed.
    pub discs: Vec<Disc>,
}

/// All places within a radius of where a thing was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Disc {
    /// When it was seen.
    pub seen: Time,
    /// Where; z is 0 in pictures.
    pub centre: [f64; 3],
    /// How far it can have come, at the stated speed.
    pub radius: f64,
}

impl Reach {
    /// The thing can be at this place.
    pub fn allows(&self, place: [f64; 3]) -> bool {
        self.discs.iter().all(|disc| {
            let d2: f64 = (0..3).map(|k| (place[k] - disc.centre[k]).powi(2)).sum();
            d2 <= disc.radius * disc.radius
        })
    }
}

impl World {
    /// How it stands with an entity during a span: adjoining spans, each with one state, that fill it.
    /// `label_covers` says whether a coverage row would have reported this entity (labels are the caller's lexicon).
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn presence(
        &self,
        entity: EntityId,
        span: Span,
        label_covers: impl Fn(&Coverage) -> bool,
    ) -> Result<Vec<(Span, Presence)>, Error> {
        let trajectory = self.trajectory(entity)?;
        let (mut visible, mut hidden, mut out_of_view, mut between) =
            (Spans::NONE, Spans::NONE, Spans::NONE, Spans::NONE);
        for run in &trajectory.runs {
            let invisible = run.invisible();
            visible = visible.union(&run.spans().minus(&invisible));
            hidden = hidden.union(&invisible);
            let picture = run.observer.and_then(|o| self.observer(o)).and_then(|o| o.picture_px);
            for gap in gaps(run) {
                let at_edge = |sample: Option<&crate::sample::Sample>| {
                    let b = sample.and_then(|s| s.box_px);
                    b.zip(picture).is_some_and(|(b, size)| touches_edge(b, size))
                };
                let (before, after) = (at_edge(gap.before.as_ref()), at_edge(gap.after.as_ref()));
                if before || after {
                    out_of_view = out_of_view.union(&gap.span.into());
                } else if gap.before.is_some() && gap.after.is_some() {
                    between = between.union(&gap.span.into());
                }
            }
        }
        let covered: Spans = self.coverage().filter(|row| label_covers(row)).map(|row| row.span).collect();
        let hidden = hidden.union(&between.intersect(&covered)).minus(&visible);
        let out_of_view = out_of_view.intersect(&covered).minus(&visible).minus(&hidden);
        let seen = visible.union(&hidden).union(&out_of_view);
        let unseen = covered.minus(&seen);
        let whole: Spans = span.into();
        let unobserved = whole.minus(&seen).minus(&unseen);
        let mut states: Vec<(Span, Presence)> = [
            (visible, Presence::Visible),
            (hidden, Presence::Hidden),
            (out_of_view, Presence::OutOfView),
            (unseen, Presence::Unseen),
            (unobserved, Presence::Unobserved),
        ]
        .into_iter()
        .flat_map(|(spans, state)| spans.intersect(&whole).iter().map(|s| (*s, state)).collect::<Vec<_>>())
        .collect();
        states.sort_unstable();
        Ok(states)
    }

    /// When and where an entity was last seen at or before a time; none if never.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn last_seen(&self, entity: EntityId, t: Time) -> Result<Option<crate::sample::Sample>, Error> {
        let trajectory = self.trajectory(entity)?;
        let last = trajectory.runs.iter().filter_map(|run| {
            run.samples().rev().find(|s| s.t <= t && s.origin.is_evidence() && s.visibility != Some(0.0))
        });
        Ok(last.max_by_key(|s| (s.t, s.id)))
    }

    /// Where an entity can be at a time, if it never moves faster than `max_speed` (units of the frame per second): within reach
    /// of the last sighting before and of the first after. None if it was never seen with a place.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn reach(&self, entity: EntityId, t: Time, max_speed: f64) -> Result<Option<Reach>, Error> {
        let trajectory = self.trajectory(entity)?;
        let place = |s: &crate::sample::Sample| -> Option<(ReferenceFrame, [f64; 3])> {
            if let Some(pose) = s.pose {
                let frame = self.reference_frame(pose.reference_frame)?;
                return Some((frame.reference_frame.clone(), pose.position));
            }
            let [x, y] = s.box_px?.centre();
            Some((ReferenceFrame::Image(s.observer?), [x, y, 0.0]))
        };
        for run in &trajectory.runs {
            let before = run.samples().rev().find(|s| s.t <= t && place(s).is_some());
            let after = run.samples().find(|s| s.t >= t && place(s).is_some());
            let mut reach: Option<Reach> = None;
            for sample in [before, after].into_iter().flatten() {
                let Some((reference_frame, centre)) = place(&sample) else { continue };
                let held = sample.end.is_some_and(|end| sample.t <= t && t < end);
                let away = match sample.end {
                    Some(end) if !held && end <= t => t - end,
                    _ if held => 0,
                    _ => t.ns_since(sample.t).max(sample.t.ns_since(t)),
                };
                let disc = Disc { seen: sample.t, centre, radius: max_speed * Time(away).as_s() };
                let reach =
                    reach.get_or_insert(Reach { reference_frame: reference_frame.clone(), discs: vec![] });
                if reach.reference_frame == reference_frame {
                    reach.discs.push(disc);
                }
            }
            if reach.is_some() {
                return Ok(reach);
            }
        }
        Ok(None)
    }
}

/// How far from the edge a box may end and still touch it: the box is rounded and padded by detectors.
const EDGE_SHARE: f64 = 0.01;

fn touches_edge(b: BoxPx, [width, height]: [u32; 2]) -> bool {
    let (w, h) = (f64::from(width), f64::from(height));
    let (near_x, near_y) = (w * EDGE_SHARE, h * EDGE_SHARE);
    b.left <= near_x || b.top <= near_y || b.right() >= w - near_x || b.bottom() >= h - near_y
}

impl Run {
    /// Where a source states that nothing can be seen: from such a sample to the next one that is linked to it.
    pub fn invisible(&self) -> Spans {
        let samples: Vec<_> = self.samples().map(|s| (s.t, s.span(), s.visibility == Some(0.0))).collect();
        let mut out = Vec::new();
        for (i, (t, span, invisible)) in samples.iter().enumerate() {
            if *invisible {
                let until = samples.get(i + 1).map(|next| next.0).filter(|next| self.links(*t, *next));
                out.push(Span::between(*t, until.unwrap_or(span.end())));
            }
        }
        out.into_iter().collect()
    }
}

struct Gap {
    span: Span,
    before: Option<crate::sample::Sample>,
    after: Option<crate::sample::Sample>,
}

/// The stretches in which a run tells nothing, with the sightings at their ends.
fn gaps(run: &Run) -> Vec<Gap> {
    let whole: Spans = run.identity_span.into();
    let row = |t: Time| {
        let moment = run.at(t)?;
        let id = match moment.how {
            How::Sampled(id) | How::Held(id) => id,
            How::Interpolated { .. } => return None,
        };
        run.samples().find(|s| s.id == id)
    };
    whole
        .minus(&run.spans())
        .iter()
        .map(|span| Gap {
            span: *span,
            before: (span.start() != Time::MIN).then(|| row(span.start().plus_ns(-1))).flatten(),
            after: (span.end() != Time::MAX).then(|| row(span.end())).flatten(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::parse;

    fn states(text: &str) -> Vec<(f64, f64, Presence)> {
        let world = parse(text).expect("valid");
        let span = Span::between(Time(0), Time::from_s(10.0));
        let states = world.presence(EntityId(1), span, |_| true).expect("in memory");
        let ends: Vec<_> = states.windows(2).map(|pair| (pair[0].0.end(), pair[1].0.start())).collect();
        assert!(ends.iter().all(|(a, b)| a == b), "states leave a gap: {states:?}");
        let tenths = |t: Time| (t.as_s() * 10.0).round() / 10.0;
        states.iter().map(|(s, p)| (tenths(s.start()), tenths(s.end()), *p)).collect()
    }

    const CAMERA: &str = "camera cam 100x100\ncoverage cam [0, 9) car\ncar 1 through cam gap 1\n";

    #[test]
    fn a_gap_away_from_the_edge_is_hidden_and_past_the_edge_is_out_of_view() {
        use Presence::{Hidden, OutOfView, Unobserved, Unseen, Visible};
        let seen = format!(
            "{CAMERA}  1: box (40, 40, 10, 10)\n  2: box (42, 40, 10, 10)\n  5: box (60, 40, 10, 10)\n  6: box (90, 40, 10, 10)\n"
        );
        assert_eq!(
            states(&seen),
            [
                (0.0, 1.0, Unseen),
                (1.0, 2.0, Visible),
                (2.0, 5.0, Hidden),
                (5.0, 6.0, Visible),
                (6.0, 9.0, OutOfView),
                (9.0, 10.0, Unobserved)
            ]
        );
    }

    #[test]
    fn a_source_can_say_that_nothing_is_visible() {
        let seen = format!(
            "{CAMERA}  0: box (40, 40, 10, 10)\n  1: box (40, 40, 10, 10) visible 0\n  2: box (40, 40, 10, 10)\n"
        );
        assert_eq!(states(&seen)[1], (1.0, 2.0, Presence::Hidden));
    }

    #[test]
    fn a_thing_can_only_have_come_so_far() {
        let world = parse("car 1 gap 1\n  0: (0, 0, 0)\n  4: (6, 0, 0)\n").expect("valid");
        let reach = world.reach(EntityId(1), Time::from_s(2.0), 2.0).expect("in memory").expect("seen");
        assert_eq!(reach.discs.iter().map(|d| d.radius).collect::<Vec<_>>(), [4.0, 4.0]);
        assert!(reach.allows([3.0, 0.0, 0.0]) && !reach.allows([1.0, 0.0, 0.0]));
        let last = world.last_seen(EntityId(1), Time::from_s(2.0)).expect("in memory").expect("seen");
        assert_eq!(last.t, Time(0));
    }
}
