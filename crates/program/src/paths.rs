//! What operators read of things: presence, places, paths, shapes, in a frame and a span.

use crate::cover::of_labels;
use crate::frame::Frame;
use crate::run::{Part, Run, missing};
use chronotope_reason::metric::frames::Placed;
use chronotope_reason::metric::solid::Solid;
use chronotope_reason::motion::polyline::Polyline;
use chronotope_world::{
    Box3, EntityId, EvidenceKind, Missing, MissingKind, Moment, ReferenceFrame, Span, Spans, Table, Time,
    When, unit_quaternion,
};
use nalgebra::{Point3, Vector3};
use std::sync::Arc;

impl Run<'_> {
    /// When a thing was there: certain at its samples and between those that are linked ([`chronotope_world::Run::links`]). Possible
    /// up to the neighbouring pictures without it, or where there is none to the end of the coverage; but where somebody looked all
    /// the time no longer than two linked samples may be apart.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn presence_of(&mut self, thing: EntityId) -> Part<When> {
        let trajectory = self.trajectory(thing)?;
        if trajectory.runs.is_empty() {
            // known by name only: wherever its identity holds
            let spans: Spans = self
                .world
                .identities_of(thing)
                .filter(|row| self.world.track(row.track).is_some())
                .map(|row| row.span)
                .collect();
            let unlimited = self.world.view().asked_at == Time::MAX;
            return Ok(if unlimited { When::exactly(spans) } else { When::default() });
        }
        let [looked, all_the_time] = self.looked_for_thing(thing).as_ref().clone();
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        for run in &trajectory.runs {
            let pictures = self.picture_times(run.observer)?;
            let most = run.tolerance_ns.unwrap_or_default().max(0);
            for &span in &run.spans() {
                certain.push(span);
                let last = span.end().plus_ns(-1);
                // it may have come right after the picture before without it, and have stayed to the one after
                let before = pictures.partition_point(|&p| p < span.start().0).checked_sub(1);
                let after = pictures.get(pictures.partition_point(|&p| p <= last.0));
                let low =
                    before.map_or_else(|| around(&looked, span.start()).start(), |n| Time(pictures[n]) + 1);
                let high = after.map_or_else(|| around(&looked, last).end(), |&t| Time(t));
                let wide = Spans::from(Span::between(low.min(span.start()), high.max(span.end())));
                // who looked all the time did not see it for longer than it may be missing
                let near = Span::between(span.start().plus_ns(-most), last.plus_ns(most.max(1)));
                possible.push(wide.minus(&all_the_time.minus(&near.into())));
            }
        }
        let possible = possible.into_iter().fold(Spans::NONE, |all, spans| all.union(&spans));
        let certain: Spans = certain.into_iter().collect();
        Ok(When::within(certain, &possible))
    }

    /// When somebody looked for what is labelled as a thing is; and when without a break, not at moments alone.
    pub(crate) fn looked_for_thing(&mut self, thing: EntityId) -> Arc<[Spans; 2]> {
        let world = self.world;
        let labels: Vec<String> = world.labels_of(thing).map(|label| label.text.clone()).collect();
        let looked = self.looked.entry(labels).or_insert_with_key(|labels| {
            let rows = || world.coverage().filter(|row| of_labels(row, labels));
            let all_the_time = rows().filter(|row| row.complete).map(|row| row.span).collect();
            Arc::new([rows().map(|row| row.span).collect(), all_the_time])
        });
        Arc::clone(looked)
    }

    /// Whether a thing can have been there at a time, by the bounds of its samples alone: nothing of it is read. Where this
    /// says no, [`Run::presence_of`] does too.
    pub(crate) fn may_be_there(&mut self, thing: EntityId, t: Time) -> Part<bool> {
        let world = self.world;
        let mut known_by_name_only = true;
        for row in world.identities_of(thing) {
            let Some(track) = world.track(row.track) else { continue };
            let Some(hull) = world.hull_of(row.track) else { continue };
            known_by_name_only = false;
            // it may have come right after the picture before its first sample, and left before the one after its last
            let pictures = self.picture_times(track.observer)?;
            let before = pictures.partition_point(|&p| p < t.0).checked_sub(1).map(|n| Time(pictures[n]));
            let after = pictures.get(pictures.partition_point(|&p| p <= t.0)).map(|&p| Time(p));
            let near = Span::between(before.unwrap_or(Time::MIN), after.map_or(Time::MAX, |t| t.plus_ns(1)));
            if hull.overlaps(near) {
                return Ok(true);
            }
        }
        Ok(known_by_name_only)
    }

    /// Where a thing is at a time, citing the samples around it and the transforms used.
    ///
    /// # Errors
    /// What is missing.
    pub fn place(&mut self, thing: EntityId, frame: &Frame, t: Time) -> Part<(Placed, ReferenceFrame)> {
        let trajectory = self.trajectory(thing)?;
        let observer = trajectory.at(t).and_then(|m| m.observer);
        let to = self.target(frame, observer, t)?;
        let placed = match &to {
            ReferenceFrame::Object(other) => {
                let point = self.in_object(thing, *other, t)?;
                let mut placed = self.frames.place(self.world, &trajectory, &point.1, t)?;
                placed.point = point.0;
                placed
            }
            to => self
                .frames
                .place(self.world, &trajectory, to, t)
                .map_err(|missing| known_around(&trajectory, t, self.named(thing, missing)))?,
        };
        self.cite_moment(thing, &placed, t);
        Ok((placed, to))
    }

    fn target(
        &self,
        frame: &Frame,
        observer: Option<chronotope_world::ObserverId>,
        t: Time,
    ) -> Part<ReferenceFrame> {
        Ok(frame.at(&self.frames, observer, t)?)
    }

    fn named(&self, thing: EntityId, missing: Missing) -> Missing {
        let id = format!("entity/{}", thing.0);
        Missing { what: missing.what.replace(&id, &self.name_of(thing)), ..missing }
    }

    fn cite_moment(&mut self, thing: EntityId, placed: &Placed, t: Time) {
        use chronotope_world::How;
        let span = match placed.how {
            How::Sampled(_) => Span::at(t),
            How::Held(_) | How::Interpolated { .. } => {
                let trajectory = self.trajectory(thing).ok();
                let run = trajectory
                    .iter()
                    .flat_map(|found| &found.runs)
                    .find(|run| run.track == placed.track && run.at(t).is_some());
                let around = run.map(|run| {
                    let (before, after) = run.times_around(t);
                    Span::between(before.unwrap_or(t), after.unwrap_or(t).plus_ns(1))
                });
                around.unwrap_or(Span::at(t))
            }
        };
        self.cite_track(Some(thing), placed.track, span, Some(t));
        let used = placed.transforms.iter().map(|id| id.0).collect::<Vec<_>>();
        if !used.is_empty() {
            self.cite_rows(EvidenceKind::Supports, Table::Transforms, used);
        }
    }

    /// A thing's place in the axes of another: x forward, y left, z up.
    fn in_object(&mut self, thing: EntityId, other: EntityId, t: Time) -> Part<([f64; 3], ReferenceFrame)> {
        let of = self.trajectory(other)?;
        let name = self.name_of(other);
        let pose = of.at(t).and_then(|m| m.pose);
        let Some((pose, rotation)) = pose.and_then(|p| Some((p, unit_quaternion(p.rotation?)?))) else {
            return missing(MissingKind::Pose, format!("the heading of {name} at {t} s"));
        };
        let Some(row) = self.world.reference_frame(pose.reference_frame) else {
            return missing(MissingKind::Transform, format!("no frame of {name}"));
        };
        let frame = row.reference_frame.clone();
        let trajectory = self.trajectory(thing)?;
        let placed = self.frames.place(self.world, &trajectory, &frame, t)?;
        let local = rotation.inverse() * (Point3::from(placed.point) - Point3::from(pose.position));
        Ok((local.into(), frame))
    }

    /// The shape of a thing at a time in a frame.
    ///
    /// # Errors
    /// What is missing: a sample then, a transform, a heading.
    pub fn solid(&mut self, thing: EntityId, frame: &Frame, t: Time) -> Part<(Solid, ReferenceFrame)> {
        let trajectory = self.trajectory(thing)?;
        let mut why = None;
        for run in &trajectory.runs {
            let Some(moment) = run.at(t) else { continue };
            let to = self.target(frame, moment.observer, t)?;
            match self.solid_of(&moment, &to) {
                Ok(solid) => {
                    let placed = Placed {
                        point: solid.centre().coords.into(),
                        deviation: None,
                        slack: 0.0,
                        track: run.track,
                        transforms: Vec::new(),
                        how: moment.how,
                    };
                    self.cite_moment(thing, &placed, t);
                    return Ok((solid, to));
                }
                Err(missing) => why = why.or(Some(missing)),
            }
        }
        let name = self.name_of(thing);
        Err(why
            .map_or_else(
                || {
                    let missing = Missing::new(MissingKind::Pose, format!("{name} was not seen at {t} s"));
                    known_around(&trajectory, t, missing)
                },
                |missing| self.named(thing, missing),
            )
            .into())
    }

    pub(crate) fn solid_of(&self, moment: &Moment, to: &ReferenceFrame) -> Result<Solid, Missing> {
        if let (true, Some(b), Some(observer)) = (to.is_picture(), moment.box_px, moment.observer) {
            let from = ReferenceFrame::Image(observer);
            if from == *to {
                return Ok(Solid::Rectangle(b));
            }
            // a stage moves and turns the box little: its corners' hull
            let corner = |x: f64, y: f64| self.frames.map(self.world, [x, y, 0.0], &from, to, moment.t);
            let points = [
                corner(b.left, b.top)?.0,
                corner(b.right(), b.top)?.0,
                corner(b.left, b.bottom())?.0,
                corner(b.right(), b.bottom())?.0,
            ];
            let range = |k: usize| {
                points.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], p| {
                    [low.min(p[k]), high.max(p[k])]
                })
            };
            let ([x0, x1], [y0, y1]) = (range(0), range(1));
            if let Some(hull) = chronotope_world::BoxPx::new(x0, y0, x1 - x0, y1 - y0) {
                return Ok(Solid::Rectangle(hull));
            }
        }
        if let Some(pose) = &moment.pose
            && let Some(row) = self.world.reference_frame(pose.reference_frame)
            && !to.is_picture()
        {
            let pose = self.frames.map_pose(self.world, pose, &row.reference_frame, to, moment.t)?;
            let centre = Point3::from(pose.position);
            let Some(extent) = pose.extent else { return Ok(Solid::Point(centre)) };
            let Some(rotation) = pose.rotation.and_then(unit_quaternion) else {
                let what = format!("the heading of {} at {} s", moment.track, moment.t);
                return Err(Missing::new(MissingKind::Pose, what));
            };
            return Ok(Solid::Box(Box3 { centre, rotation, extent: Vector3::from(extent) }));
        }
        let placed = self.frames.place_of(self.world, moment, to)?;
        Ok(Solid::Point(Point3::from(placed.point)))
    }

    /// The path of a thing in a frame during spans, with interpolated ends where a span cuts a segment.
    ///
    /// Cites its samples and transforms.
    ///
    /// # Errors
    /// What is missing where it has no place at all in that frame during the spans.
    pub fn path(&mut self, thing: EntityId, frame: &Frame, during: &Spans) -> Part<Polyline> {
        let trajectory = self.trajectory(thing)?;
        let mut points: Vec<(Time, [f64; 3], ReferenceFrame, bool)> = Vec::new();
        let (mut why, mut taken, mut used) = (None, Spans::NONE, Vec::new());
        let mut cited = Vec::new();
        for run in &trajectory.runs {
            let mut of_run: Vec<(Time, [f64; 3], ReferenceFrame, bool)> = Vec::new();
            let spans = during.minus(&taken);
            let Some(hull) = spans.hull() else { continue };
            let mut add = |moment: &Moment, join: bool, run: &Run<'_>| {
                let to = frame.at(&run.frames, moment.observer, moment.t);
                let placed = to.and_then(|to| Ok((run.frames.place_of(run.world, moment, &to)?, to)));
                match placed {
                    Ok((placed, to)) => {
                        used.extend(placed.transforms.iter().map(|id| id.0));
                        of_run.push((moment.t, placed.point, to, join));
                    }
                    Err(missing) => why = why.take().or(Some(missing)),
                }
            };
            for span in &spans {
                let last = span.end().0.saturating_sub(1);
                let inside = |t: Time| span.contains(t);
                let mut previous: Option<Time> = None;
                let mut first = true;
                for sample in run.samples() {
                    let ends = sample.end.map(|end| end.plus_ns(-1));
                    let times = [Some(sample.t), ends.filter(|&end| end > sample.t)];
                    for (k, t) in times.into_iter().flatten().enumerate() {
                        let joined = k == 1 || previous.is_some_and(|p| run.links(p, t));
                        // the span cuts the segment before this point
                        let cut = joined && first && previous.is_some_and(|p| p < span.start());
                        if cut
                            && t > span.start()
                            && let Some(moment) = run.at(span.start())
                        {
                            add(&moment, false, self);
                        }
                        if inside(t) {
                            let moment = moment_of(run, &sample, t);
                            add(&moment, joined && (!first || cut && t > span.start()), self);
                            first = false;
                        } else if t > span.start() {
                            let cut = joined && previous.is_some_and(|p| p.0 < last);
                            if cut && let Some(moment) = run.at(Time(last)) {
                                add(&moment, true, self);
                            }
                            previous = Some(t);
                            break;
                        }
                        previous = Some(t);
                    }
                    if previous.is_some_and(|p| p.0 > last) {
                        break;
                    }
                }
            }
            if let Some((first, last)) = of_run.first().map(|p| p.0).zip(of_run.last().map(|p| p.0)) {
                taken = taken.union(&run.spans()).union(&Spans::from(Span::between(first, last.plus_ns(1))));
                cited.push((run.track, hull.intersect(run.identity_span).unwrap_or(hull)));
                points.extend(of_run);
            }
        }
        if points.is_empty() {
            let name = self.name_of(thing);
            let nothing = || {
                let when = during.hull().filter(|h| *h != Span::ALWAYS);
                let when = when.map_or(String::new(), |h| format!(" during {h} s"));
                Missing::new(MissingKind::Pose, format!("{name} has no place{when}"))
            };
            return Err(why.map_or_else(nothing, |missing| self.named(thing, missing)).into());
        }
        for (track, span) in cited {
            self.cite_track(Some(thing), track, span, None);
        }
        if !used.is_empty() {
            self.cite_rows(EvidenceKind::Supports, Table::Transforms, used);
        }
        // runs taken later may lie before: in order of time, a join holds only to the point that it followed
        let mut order: Vec<usize> = (0..points.len()).collect();
        order.sort_by_key(|&i| points[i].0);
        let mut line = Polyline::default();
        let mut before: Option<usize> = None;
        for i in order {
            let (t, point, frame, join) = &points[i];
            if line.t_ns.last() == Some(&t.0) {
                continue;
            }
            line.push(*t, *point, frame, *join && before.is_some_and(|b| b + 1 == i));
            before = Some(i);
        }
        Ok(line.indexed())
    }

    /// The moments at which a thing's place is to be read where no moment was asked: the one moment of a thing that does not move,
    /// else none.
    ///
    /// # Errors
    /// Missing wording: at which time.
    pub fn still_moment(&mut self, thing: EntityId, at: Option<Time>, during: &Spans) -> Part<Time> {
        if let Some(t) = at {
            return Ok(t);
        }
        let trajectory = self.trajectory(thing)?;
        let mut known: Option<(Time, Option<chronotope_world::Pose>, Option<chronotope_world::BoxPx>)> = None;
        for run in &trajectory.runs {
            for sample in run.samples() {
                let Some(span) = during.iter().find_map(|s| s.intersect(sample.span())) else { continue };
                match &known {
                    None => known = Some((span.start().max(sample.t), sample.pose, sample.box_px)),
                    Some((_, pose, box_px)) if *pose == sample.pose && *box_px == sample.box_px => {}
                    Some(_) => {
                        let name = self.name_of(thing);
                        return missing(MissingKind::Wording, format!("{name} moves: at which time"));
                    }
                }
            }
        }
        if let Some((t, ..)) = known {
            return Ok(t);
        }
        let name = self.name_of(thing);
        missing(MissingKind::Pose, format!("{name} has no place"))
    }
}

/// The span around a moment; an instant where none holds it.
fn around(spans: &Spans, t: Time) -> Span {
    spans.iter().copied().find(|span| span.contains(t)).unwrap_or(Span::at(t))
}

/// Adds when a thing is known that is not known at a time: the samples before and after.
pub(crate) fn known_around(trajectory: &chronotope_world::Trajectory, t: Time, missing: Missing) -> Missing {
    let times = || trajectory.runs.iter().flat_map(chronotope_world::Run::times);
    let (before, after) = (times().filter(|s| *s < t).max(), times().filter(|s| *s > t).min());
    if missing.kind != MissingKind::Pose || missing.hint.is_some() {
        return missing;
    }
    match (before, after) {
        (Some(a), Some(b)) => missing.hint(format!("it is known at {a} s and at {b} s")),
        (Some(a), None) => missing.hint(format!("it was last known at {a} s")),
        (None, Some(b)) => missing.hint(format!("it is first known at {b} s")),
        (None, None) => missing,
    }
}

fn moment_of(run: &chronotope_world::Run, sample: &chronotope_world::Sample, t: Time) -> Moment {
    Moment {
        t,
        track: run.track,
        observer: sample.observer.or(run.observer),
        box_px: sample.box_px,
        pose: sample.pose,
        how: chronotope_world::How::Sampled(sample.id),
    }
}
