use chronotope_world::{
    BoxPx, Error, ObserverId, ReferenceFrameId, SampleChunk, SampleId, Selection, Span, Time, TrackId, World,
};
use std::sync::Arc;

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Region {
    /// Positions between two corners, both included, in the units of a reference frame. Infinite corners leave an axis free.
    Space {
        /// The frame of the corners; samples placed in another frame are not found.
        reference_frame: ReferenceFrameId,
        /// Smallest coordinates.
        low: [f64; 3],
        /// Largest coordinates.
        high: [f64; 3],
    },
    /// Boxes in the pictures of an observer that share an area with this one, or touch it.
    Picture {
        /// The camera.
        observer: ObserverId,
        /// Where in its picture.
        box_px: BoxPx,
    },
}

/// A sample that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its track; none where unassigned.
    pub track: Option<TrackId>,
    /// Its time.
    pub t: Time,
    /// The sample.
    pub sample: SampleId,
}

/// The visible samples in a box that hold at a moment of a span, by track, time and id; unassigned ones first. Samples only: nothing
/// is interpolated. A static sample is found when its own span overlaps.
///
/// # Errors
/// Where samples cannot be read.
///
/// # Cost
/// In memory linear in the samples; on disk the pages whose bounds meet box and span.
pub fn in_box(world: &World, region: Region, span: Span) -> Result<Vec<Found>, Error> {
    let mut selection =
        Selection { time: Some(span), rest: false, boxes: false, positions: false, ..Selection::ALL };
    match region {
        Region::Space { low, high, .. } => {
            selection.space = Some([[low[0], high[0]], [low[1], high[1]], [low[2], high[2]]]);
            selection.positions = true;
        }
        Region::Picture { box_px, .. } => {
            selection.box_px = Some(box_px);
            selection.boxes = true;
        }
    }
    let mut found = Vec::new();
    let store = world.store();
    for (n, bounds) in store.bounds().iter().enumerate() {
        let in_space = |space: [[f64; 2]; 3]| {
            bounds
                .space
                .is_some_and(|hull| hull.iter().zip(&space).all(|(a, b)| a[0] <= b[1] && a[1] >= b[0]))
        };
        let may_hold = bounds.time.is_some_and(|time| time.overlaps(span))
            && bounds.revisions.0 <= world.view().as_of
            && selection.space.is_none_or(in_space)
            && selection.box_px.is_none_or(|b| bounds.box_px.is_some_and(|hull| touch(hull, b)));
        if may_hold {
            let chunk: Arc<SampleChunk> = store.select(n, &selection)?;
            scan(world, &chunk, region, span, &mut found);
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn scan(world: &World, chunk: &SampleChunk, region: Region, span: Span, found: &mut Vec<Found>) {
    let within = |i: usize| match region {
        Region::Space { reference_frame, low, high } => chunk.poses.as_ref().is_some_and(|p| {
            let at = [p.x[i], p.y[i], p.z[i]];
            p.reference_frame[i] as u64 == reference_frame.0
                && (0..3).all(|k| low[k] <= at[k] && at[k] <= high[k])
        }),
        Region::Picture { observer, box_px } => {
            chunk.observer[i] as u64 == observer.0 && chunk.box_px(i).is_some_and(|b| touch(b, box_px))
        }
    };
    let holds = |i: usize| {
        let t = Time(chunk.t_ns[i]);
        let end = chunk.end_ns.as_ref().map(|c| c[i]).filter(|&end| end != i64::MIN);
        span.contains(t) || end.is_some_and(|end| Span::between(t, Time(end)).overlaps(span))
    };
    let rows = (0..chunk.len()).filter(|&i| holds(i) && within(i) && world.view().sees(chunk.known(i)));
    found.extend(rows.map(|i| Found {
        track: (chunk.track[i] != u64::MAX).then_some(TrackId(chunk.track[i])),
        t: Time(chunk.t_ns[i]),
        sample: SampleId(chunk.id[i]),
    }));
}

/// Share an area or an edge.
fn touch(a: BoxPx, b: BoxPx) -> bool {
    a.left <= b.right() && b.left <= a.right() && a.top <= b.bottom() && b.top <= a.bottom()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::{
        Known, Origin, Pose, ReferenceFrame, Sample, Scale, Source, SourceId, SourceKind, Track, View,
        WorldBuilder,
    };

    /// One track along x, a metre a second, and one sample in another frame.
    fn walk() -> (World, ReferenceFrameId) {
        let mut b = WorldBuilder::new("walk");
        let source = b.source(Source {
            id: SourceId(0),
            kind: SourceKind::Text,
            uri: String::new(),
            sha256: None,
            record_from_source: None,
            derived_from: None,
            settings: String::new(),
            known: Known::ALWAYS,
        });
        let track = b.track(Track::new(source, "1", Known::ALWAYS));
        let here = b.reference_frame(ReferenceFrame::World("here".into()), Scale::Metre);
        let there = b.reference_frame(ReferenceFrame::World("there".into()), Scale::Metre);
        for k in 0..20 {
            let frame = if k < 10 { here } else { there };
            let mut s = Sample::new(source, Some(track), Time::from_s((k % 10) as f64), Origin::Observed);
            let position = [(k % 10) as f64, 0.0, 0.0];
            s.pose = Some(Pose { reference_frame: frame, position, rotation: None, extent: None });
            b.sample(s);
        }
        (b.build().expect("valid"), here)
    }

    #[test]
    fn ends_of_the_box_count_and_the_end_of_the_span_does_not() {
        let (world, reference_frame) = walk();
        let inf = f64::INFINITY;
        let region = Region::Space { reference_frame, low: [2.0, -inf, -inf], high: [6.0, inf, inf] };
        let times = |w: &World, span| -> Vec<f64> {
            in_box(w, region, span).expect("in memory").iter().map(|f| f.t.as_s()).collect()
        };
        let span = Span::between(Time::from_s(3.0), Time::from_s(6.0));
        assert_eq!(times(&world, span), [3.0, 4.0, 5.0]);
        assert_eq!(times(&world, Span::ALWAYS), [2.0, 3.0, 4.0, 5.0, 6.0]);
        let then = world.seen(View { asked_at: Time::from_s(4.0), ..View::NEWEST });
        assert_eq!(times(&then, span), [3.0, 4.0]);
    }
}
