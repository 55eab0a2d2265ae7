//! The path of a track between and beneath its sightings: gaps filled, noise smoothed.

use super::recorder::{PictureSeen, Sighting, on_grid};
use crate::track::refine::RefineSettings;
use crate::track::smooth::smooth;
use chronotope_world::{BoxPx, Origin};

/// How paths are made, over the pictures that they may have.
pub(super) struct Paths<'a> {
    pub(super) refine: RefineSettings,
    /// In order of time.
    pub(super) pictures: &'a [PictureSeen],
}

/// One box of a path.
pub(super) struct Step {
    pub(super) sighting: Sighting,
    pub(super) origin: Origin,
}

impl Paths<'_> {
    /// The sightings, with boxes on straight lines in the gaps that may be filled; `before` is the sighting before the first.
    pub(super) fn filled(&self, before: Option<Sighting>, seen: &[Sighting]) -> Vec<Step> {
        let mut steps = Vec::with_capacity(seen.len());
        let mut last = before;
        for sighting in seen {
            if let Some(before) = last {
                let between = self.between(before, *sighting).into_iter();
                steps.extend(between.map(|s| Step { sighting: s, origin: Origin::Interpolated }));
            }
            steps.push(Step { sighting: *sighting, origin: sighting.origin() });
            last = Some(*sighting);
        }
        steps
    }

    /// The likeliest boxes of a filled path, by its own sightings and those before it.
    pub(super) fn smoothed(&self, before: &[Sighting], filled: &[Step]) -> Vec<(Sighting, Origin)> {
        let Some(settings) = self.refine.smooth else {
            return filled.iter().map(|step| (step.sighting, step.origin)).collect();
        };
        let was = before.iter().map(|s| (s.t, Some(s.box_px)));
        let is = filled
            .iter()
            .map(|step| (step.sighting.t, (step.origin == Origin::Observed).then_some(step.sighting.box_px)));
        let path = smooth(&was.chain(is).collect::<Vec<_>>(), settings);
        let boxes = path.into_iter().skip(before.len());
        let smoothed = |(step, box_px): (&Step, BoxPx)| {
            (Sighting { box_px: on_grid(box_px), ..step.sighting }, step.origin)
        };
        filled.iter().zip(boxes).map(smoothed).collect()
    }

    /// The pictures between two sightings, with boxes on straight lines, where the gap may be filled.
    fn between(&self, a: Sighting, b: Sighting) -> Vec<Sighting> {
        let gap_ns = b.t - a.t;
        if gap_ns as f64 > self.refine.max_gap_s * 1e9 + 1e6 {
            return Vec::new();
        }
        let from = self.pictures.partition_point(|picture| picture.t <= a.t);
        let between = self.pictures[from..].iter().take_while(|picture| picture.t < b.t);
        between
            .filter_map(|&PictureSeen { t, frame_index, .. }| {
                let u = (t - a.t) as f64 / gap_ns as f64;
                let mix = |p: f64, q: f64| p + u * (q - p);
                let (p, q) = (a.box_px, b.box_px);
                let box_px = BoxPx::new(
                    mix(p.left, q.left),
                    mix(p.top, q.top),
                    mix(p.width, q.width),
                    mix(p.height, q.height),
                )?;
                // it rests on the later of the two
                Some(Sighting {
                    t,
                    frame_index,
                    known: b.known,
                    box_px: on_grid(box_px),
                    score: None,
                    followed: true,
                })
            })
            .collect()
    }
}
