//! The boxes of a thing over time, flat in one reference frame, as qualitative relations read them.

use crate::frame::Frame;
use crate::run::{Part, Run, missing};
use chronotope_reason::calculus::Rect;
use chronotope_reason::calculus::over_time::Path;
use chronotope_reason::metric::solid::Solid;
use chronotope_world::{EntityId, MissingKind, ReferenceFrame, Spans, Time};

/// How a frame lies flat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flat {
    /// As its first two axes are: in a picture y goes down.
    AsIs,
    /// With y up: in a picture up as it shows, in a camera the floor with y ahead.
    Up,
}

impl Run<'_> {
    /// The box of a thing in a frame at a time, citing what decides it. A turned box counts as the box around it.
    ///
    /// # Errors
    /// What is missing.
    pub fn rect(
        &mut self,
        thing: EntityId,
        frame: &Frame,
        t: Time,
        flat: Flat,
    ) -> Part<(Rect, ReferenceFrame)> {
        let (solid, to) = self.solid(thing, frame, t)?;
        Ok((flattened(&solid, &to, flat), to))
    }

    /// The boxes of a thing in a frame during spans, citing its samples.
    ///
    /// # Errors
    /// What is missing; more than one frame.
    pub fn boxes(
        &mut self,
        thing: EntityId,
        frame: &Frame,
        during: &Spans,
        flat: Flat,
    ) -> Part<(Path, ReferenceFrame)> {
        let line = self.path(thing, frame, during)?;
        let [to] = line.frames.as_slice() else {
            let name = self.name_of(thing);
            return missing(
                MissingKind::Transform,
                format!("one reference frame for all of the time that {name} was seen"),
            );
        };
        let to = to.clone();
        let trajectory = self.trajectory(thing)?;
        let mut boxes = Vec::with_capacity(line.len());
        for &t_ns in &line.t_ns {
            let t = Time(t_ns);
            let solid = trajectory
                .runs
                .iter()
                .filter_map(|run| run.at(t))
                .find_map(|moment| self.solid_of(&moment, &to).ok());
            let Some(solid) = solid else {
                let name = self.name_of(thing);
                return missing(MissingKind::Pose, format!("the box of {name} at {t} s"));
            };
            boxes.push(flattened(&solid, &to, flat));
        }
        Ok((Path { t_ns: line.t_ns, boxes, linked: line.linked }, to))
    }
}

fn flattened(solid: &Solid, frame: &ReferenceFrame, flat: Flat) -> Rect {
    let up = flat == Flat::Up;
    let rect = match solid {
        Solid::Rectangle(b) => Rect { x: (b.left, b.right()), y: (b.top, b.bottom()) },
        Solid::Point(p) => {
            let y = if matches!(frame, ReferenceFrame::Camera(_)) && up { p.z } else { p.y };
            Rect { x: (p.x, p.x), y: (y, y) }
        }
        Solid::Box(b) => {
            let floor = matches!(frame, ReferenceFrame::Camera(_)) && up;
            let range = |k: usize| {
                b.corners().iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| {
                    (low.min(p[k]), high.max(p[k]))
                })
            };
            Rect { x: range(0), y: range(if floor { 2 } else { 1 }) }
        }
    };
    if up && frame.is_picture() { Rect { x: rect.x, y: (-rect.y.1, -rect.y.0) } } else { rect }
}
