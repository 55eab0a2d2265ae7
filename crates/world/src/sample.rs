//! Samples: what one source measured at one time, in columns.

use crate::id::{ObserverId, ReferenceFrameId, SampleId, SourceId, TrackId};
use crate::known::Known;
use crate::shape::BoxPx;
use crate::span::Span;
use crate::time::Time;

/// Where a sample comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Measured by a detector or a sensor.
    Observed,
    /// Stated by a person or an annotation file.
    Annotated,
    /// Filled in between samples by an offline step.
    Interpolated,
    /// Extrapolated by a motion model.
    Predicted,
    /// The truth of a simulator.
    Simulated,
}

/// A place and, where known, a heading and a size, in one reference frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// The frame of all numbers here.
    pub reference_frame: ReferenceFrameId,
    /// Centre of the thing.
    pub position: [f64; 3],
    /// Unit quaternion w, x, y, z that turns body axes (x forward, y left, z up) into the frame's; none: unknown heading.
    pub rotation: Option<[f64; 4]>,
    /// Full sizes along the body axes: length, width, height; none: a point.
    pub extent: Option<[f64; 3]>,
}

/// One sample as a row: how builders and importers hand it in.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Identity; assigned by the builder.
    pub id: SampleId,
    /// Its track; none for an unassigned detection, which is kept.
    pub track: Option<TrackId>,
    /// Who says so.
    pub source: SourceId,
    /// Through which camera or sensor.
    pub observer: Option<ObserverId>,
    /// When.
    pub t: Time,
    /// A static sample holds during `[t, end)`; none: at `t` alone.
    pub end: Option<Time>,
    /// Number of the picture in its source, from 0.
    pub frame_index: Option<u32>,
    /// Box in `image(observer)`.
    pub box_px: Option<BoxPx>,
    /// Place in space.
    pub pose: Option<Pose>,
    /// The source's score.
    pub score: Option<f64>,
    /// Visible share, 0 to 1.
    pub visibility: Option<f64>,
    /// Mask of the displayed picture, COCO run-length text with its size: see [`crate::mask`].
    pub mask: Option<Box<str>>,
    /// Upper triangle of the position's covariance: xx, xy, xz, yy, yz, zz, in squared units of the pose's frame.
    pub covariance: Option<[f64; 6]>,
    /// One standard deviation of each of the extent's three lengths, in its units; none: nothing is known of it.
    pub extent_deviation: Option<[f64; 3]>,
    /// Probability, 0 to 1, that there is such a thing at all; none: nothing calibrates it, and it is taken for there.
    pub existence: Option<f64>,
    /// How it came about.
    pub origin: Origin,
    /// When the row was known.
    pub known: Known,
}

impl Sample {
    /// A sample with nothing but its time and source, known at its own time.
    pub fn new(source: SourceId, track: Option<TrackId>, t: Time, origin: Origin) -> Sample {
        Sample {
            id: SampleId(0),
            track,
            source,
            observer: None,
            t,
            end: None,
            frame_index: None,
            box_px: None,
            pose: None,
            score: None,
            visibility: None,
            mask: None,
            covariance: None,
            extent_deviation: None,
            existence: None,
            origin,
            known: Known::at(t),
        }
    }

    /// The span during which the sample holds: an instant is one nanosecond.
    pub fn span(&self) -> Span {
        self.end.map_or(Span::at(self.t), |end| Span::between(self.t, end))
    }
}

/// Samples in columns, sorted by (track, time, id); unassigned ones last.
///
/// All columns that are present have the same length. An absent number is NaN, an absent id `u64::MAX`,
/// `u32::MAX` or `i64::MIN` as documented; an optional column that is absent is `None` for the whole chunk.
/// The columns stand open for scans; [`SampleChunk::row`] reads one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleChunk {
    /// Identity.
    pub id: Vec<u64>,
    /// Track, `u64::MAX` where unassigned.
    pub track: Vec<u64>,
    /// Source.
    pub source: Vec<u32>,
    /// Observer, `u32::MAX` where none.
    pub observer: Vec<u32>,
    /// Time in nanoseconds of the record.
    pub t_ns: Vec<i64>,
    /// End of a static sample, `i64::MIN` where it holds at one time alone; `None` where no sample is static.
    pub end_ns: Option<Vec<i64>>,
    /// Number of the picture, `u32::MAX` where none.
    pub frame_index: Vec<u32>,
    /// Boxes.
    pub boxes: Option<BoxColumns>,
    /// Places.
    pub poses: Option<PoseColumns>,
    /// Scores.
    pub score: Option<Vec<f64>>,
    /// Visible shares.
    pub visibility: Option<Vec<f64>>,
    /// Masks.
    pub mask: Option<Vec<Option<Box<str>>>>,
    /// Covariances of the position.
    pub covariance: Option<Vec<Option<[f64; 6]>>>,
    /// Deviations of the extents.
    pub extent_deviation: Option<Vec<Option<[f64; 3]>>>,
    /// Probabilities of being there.
    pub existence: Option<Vec<f64>>,
    /// How the sample came about.
    pub origin: Vec<Origin>,
    /// Revision that wrote the row.
    pub revision: Vec<u64>,
    /// Record time at which the row was known; `None`: each at its own time.
    pub known_ns: Option<Vec<i64>>,
}

/// Columns of boxes; all four NaN where a sample has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxColumns {
    /// Left edges.
    pub left_px: Vec<f64>,
    /// Top edges.
    pub top_px: Vec<f64>,
    /// Widths.
    pub width_px: Vec<f64>,
    /// Heights.
    pub height_px: Vec<f64>,
}

/// Columns of poses; position NaN where a sample has none, rotation or extent NaN where unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PoseColumns {
    /// Row of `reference_frames`, `u32::MAX` where none.
    pub reference_frame: Vec<u32>,
    /// Centres.
    pub x: Vec<f64>,
    /// Centres.
    pub y: Vec<f64>,
    /// Centres.
    pub z: Vec<f64>,
    /// Unit quaternions.
    pub qw: Vec<f64>,
    /// Unit quaternions.
    pub qx: Vec<f64>,
    /// Unit quaternions.
    pub qy: Vec<f64>,
    /// Unit quaternions.
    pub qz: Vec<f64>,
    /// Full sizes along body x.
    pub length: Vec<f64>,
    /// Full sizes along body y.
    pub width: Vec<f64>,
    /// Full sizes along body z.
    pub height: Vec<f64>,
}

impl SampleChunk {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Holds no row.
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    /// The box of a row.
    pub fn box_px(&self, i: usize) -> Option<BoxPx> {
        let b = self.boxes.as_ref()?;
        BoxPx::new(b.left_px[i], b.top_px[i], b.width_px[i], b.height_px[i])
    }

    /// The pose of a row.
    pub fn pose(&self, i: usize) -> Option<Pose> {
        let p = self.poses.as_ref()?;
        if p.reference_frame[i] == u32::MAX {
            return None;
        }
        let known = |numbers: &[f64]| !numbers.iter().any(|v| v.is_nan());
        let rotation = [p.qw[i], p.qx[i], p.qy[i], p.qz[i]];
        let extent = [p.length[i], p.width[i], p.height[i]];
        Some(Pose {
            reference_frame: ReferenceFrameId(p.reference_frame[i] as u64),
            position: [p.x[i], p.y[i], p.z[i]],
            rotation: known(&rotation).then_some(rotation),
            extent: known(&extent).then_some(extent),
        })
    }

    /// When a row was known.
    pub fn known(&self, i: usize) -> Known {
        let at = self.known_ns.as_ref().map_or(self.t_ns[i], |column| column[i]);
        Known { revision: self.revision[i], at: Time(at) }
    }

    /// One row.
    pub fn row(&self, i: usize) -> Sample {
        let number = |column: &Option<Vec<f64>>| column.as_ref().map(|c| c[i]).filter(|v| !v.is_nan());
        Sample {
            id: SampleId(self.id[i]),
            track: (self.track[i] != u64::MAX).then_some(TrackId(self.track[i])),
            source: SourceId(self.source[i] as u64),
            observer: self.observer_of(i),
            t: Time(self.t_ns[i]),
            end: self.end_ns.as_ref().map(|c| c[i]).filter(|&end| end != i64::MIN).map(Time),
            frame_index: (self.frame_index[i] != u32::MAX).then_some(self.frame_index[i]),
            box_px: self.box_px(i),
            pose: self.pose(i),
            score: number(&self.score),
            visibility: number(&self.visibility),
            mask: self.mask.as_ref().and_then(|c| c[i].clone()),
            covariance: self.covariance.as_ref().and_then(|c| c[i]),
            extent_deviation: self.extent_deviation.as_ref().and_then(|c| c[i]),
            existence: number(&self.existence),
            origin: self.origin[i],
            known: self.known(i),
        }
    }

    /// The observer that a row names.
    pub(crate) fn observer_of(&self, i: usize) -> Option<ObserverId> {
        (self.observer[i] != u32::MAX).then_some(ObserverId(self.observer[i] as u64))
    }

    /// Columns from rows in any order: sorted by (track, time, id), optional columns left out where no row has one.
    pub fn from_rows(mut rows: Vec<Sample>) -> SampleChunk {
        rows.sort_by_key(|s| (s.track.map_or(u64::MAX, |t| t.0), s.t, s.id));
        let nan = f64::NAN;
        let optional = |pick: fn(&Sample) -> Option<f64>| {
            rows.iter()
                .any(|s| pick(s).is_some())
                .then(|| rows.iter().map(|s| pick(s).unwrap_or(nan)).collect::<Vec<_>>())
        };
        let boxes = rows.iter().any(|s| s.box_px.is_some()).then(|| {
            let column =
                |pick: fn(BoxPx) -> f64| rows.iter().map(|s| s.box_px.map_or(nan, pick)).collect::<Vec<_>>();
            BoxColumns {
                left_px: column(|b| b.left),
                top_px: column(|b| b.top),
                width_px: column(|b| b.width),
                height_px: column(|b| b.height),
            }
        });
        let poses = rows.iter().any(|s| s.pose.is_some()).then(|| {
            let column = |pick: &dyn Fn(&Pose) -> f64| {
                rows.iter().map(|s| s.pose.as_ref().map_or(nan, pick)).collect::<Vec<_>>()
            };
            let turn = |k: usize| column(&move |p: &Pose| p.rotation.map_or(nan, |q| q[k]));
            let size = |k: usize| column(&move |p: &Pose| p.extent.map_or(nan, |e| e[k]));
            PoseColumns {
                reference_frame: rows
                    .iter()
                    .map(|s| s.pose.map_or(u32::MAX, |p| p.reference_frame.0 as u32))
                    .collect(),
                x: column(&|p| p.position[0]),
                y: column(&|p| p.position[1]),
                z: column(&|p| p.position[2]),
                qw: turn(0),
                qx: turn(1),
                qy: turn(2),
                qz: turn(3),
                length: size(0),
                width: size(1),
                height: size(2),
            }
        });
        let any = |test: fn(&Sample) -> bool| rows.iter().any(test);
        SampleChunk {
            id: rows.iter().map(|s| s.id.0).collect(),
            track: rows.iter().map(|s| s.track.map_or(u64::MAX, |t| t.0)).collect(),
            source: rows.iter().map(|s| s.source.0 as u32).collect(),
            observer: rows.iter().map(|s| s.observer.map_or(u32::MAX, |o| o.0 as u32)).collect(),
            t_ns: rows.iter().map(|s| s.t.0).collect(),
            end_ns: any(|s| s.end.is_some())
                .then(|| rows.iter().map(|s| s.end.map_or(i64::MIN, |end| end.0)).collect()),
            frame_index: rows.iter().map(|s| s.frame_index.unwrap_or(u32::MAX)).collect(),
            boxes,
            poses,
            score: optional(|s| s.score),
            visibility: optional(|s| s.visibility),
            mask: any(|s| s.mask.is_some()).then(|| rows.iter().map(|s| s.mask.clone()).collect()),
            covariance: any(|s| s.covariance.is_some()).then(|| rows.iter().map(|s| s.covariance).collect()),
            extent_deviation: any(|s| s.extent_deviation.is_some())
                .then(|| rows.iter().map(|s| s.extent_deviation).collect()),
            existence: optional(|s| s.existence),
            origin: rows.iter().map(|s| s.origin).collect(),
            revision: rows.iter().map(|s| s.known.revision).collect(),
            known_ns: any(|s| s.known.at != s.t).then(|| rows.iter().map(|s| s.known.at.0).collect()),
        }
    }

    /// The rows of a track, as positions in this chunk; empty where it has none. Logarithmic.
    pub fn rows_of(&self, track: TrackId) -> std::ops::Range<usize> {
        let from = self.track.partition_point(|&t| t < track.0);
        from..from + self.track[from..].partition_point(|&t| t == track.0)
    }

    /// Some rows as a chunk of their own, copied; rows beyond the end are left out.
    #[must_use]
    pub fn slice(&self, rows: std::ops::Range<usize>) -> SampleChunk {
        let end = rows.end.min(self.len());
        let rows = rows.start.min(end)..end;
        let f64s = |column: &Vec<f64>| column[rows.clone()].to_vec();
        SampleChunk {
            id: self.id[rows.clone()].to_vec(),
            track: self.track[rows.clone()].to_vec(),
            source: self.source[rows.clone()].to_vec(),
            observer: self.observer[rows.clone()].to_vec(),
            t_ns: self.t_ns[rows.clone()].to_vec(),
            end_ns: self.end_ns.as_ref().map(|c| c[rows.clone()].to_vec()),
            frame_index: self.frame_index[rows.clone()].to_vec(),
            boxes: self.boxes.as_ref().map(|b| BoxColumns {
                left_px: f64s(&b.left_px),
                top_px: f64s(&b.top_px),
                width_px: f64s(&b.width_px),
                height_px: f64s(&b.height_px),
            }),
            poses: self.poses.as_ref().map(|p| PoseColumns {
                reference_frame: p.reference_frame[rows.clone()].to_vec(),
                x: f64s(&p.x),
                y: f64s(&p.y),
                z: f64s(&p.z),
                qw: f64s(&p.qw),
                qx: f64s(&p.qx),
                qy: f64s(&p.qy),
                qz: f64s(&p.qz),
                length: f64s(&p.length),
                width: f64s(&p.width),
                height: f64s(&p.height),
            }),
            score: self.score.as_ref().map(f64s),
            visibility: self.visibility.as_ref().map(f64s),
            mask: self.mask.as_ref().map(|c| c[rows.clone()].to_vec()),
            covariance: self.covariance.as_ref().map(|c| c[rows.clone()].to_vec()),
            extent_deviation: self.extent_deviation.as_ref().map(|c| c[rows.clone()].to_vec()),
            existence: self.existence.as_ref().map(f64s),
            origin: self.origin[rows.clone()].to_vec(),
            revision: self.revision[rows.clone()].to_vec(),
            known_ns: self.known_ns.as_ref().map(|c| c[rows.clone()].to_vec()),
        }
    }

    /// What a reader needs to know to skip the chunk.
    pub fn bounds(&self) -> ChunkBounds {
        let assigned = self.track.partition_point(|&t| t != u64::MAX);
        let end = |i: usize| match &self.end_ns {
            Some(column) if column[i] != i64::MIN => column[i],
            _ => self.t_ns[i].saturating_add(1),
        };
        let hull = |columns: &[(&Vec<f64>, Option<&Vec<f64>>)]| -> Option<Vec<[f64; 2]>> {
            columns
                .iter()
                .map(|(low, width)| {
                    let mut range = [f64::INFINITY, f64::NEG_INFINITY];
                    for (i, &v) in low.iter().enumerate().filter(|(_, v)| !v.is_nan()) {
                        let high = v + width.map_or(0.0, |w| w[i].max(0.0));
                        range = [range[0].min(v), range[1].max(high)];
                    }
                    (range[0] <= range[1]).then_some(range)
                })
                .collect()
        };
        ChunkBounds {
            rows: self.len(),
            tracks: (assigned > 0).then(|| (TrackId(self.track[0]), TrackId(self.track[assigned - 1]))),
            unassigned: self.len() - assigned,
            time: (!self.is_empty()).then(|| {
                let start = self.t_ns.iter().copied().min().unwrap_or_default();
                let end = (0..self.len()).map(end).max().unwrap_or_default();
                Span::between(Time(start), Time(end))
            }),
            box_px: self
                .boxes
                .as_ref()
                .and_then(|b| hull(&[(&b.left_px, Some(&b.width_px)), (&b.top_px, Some(&b.height_px))]))
                .and_then(|h| BoxPx::new(h[0][0], h[1][0], h[0][1] - h[0][0], h[1][1] - h[1][0])),
            space: self
                .poses
                .as_ref()
                .and_then(|p| hull(&[(&p.x, None), (&p.y, None), (&p.z, None)]))
                .map(|h| [h[0], h[1], h[2]]),
            revisions: (
                self.revision.iter().copied().min().unwrap_or_default(),
                self.revision.iter().copied().max().unwrap_or_default(),
            ),
        }
    }
}

/// Bounds of a chunk, for skipping it unread. A bound may be wider than the rows, never narrower.
#[derive(Clone, Debug, PartialEq)]
pub struct ChunkBounds {
    /// Number of rows.
    pub rows: usize,
    /// Smallest and largest track; none where all rows are unassigned.
    pub tracks: Option<(TrackId, TrackId)>,
    /// Number of rows without a track.
    pub unassigned: usize,
    /// Hull of the spans; none where empty.
    pub time: Option<Span>,
    /// Hull of the boxes, over all observers.
    pub box_px: Option<BoxPx>,
    /// Hull of the positions `[[x0, x1], [y0, y1], [z0, z1]]`, over all frames; extents not counted.
    pub space: Option<[[f64; 2]; 3]>,
    /// Smallest and largest revision.
    pub revisions: (u64, u64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns_and_rows_again() {
        let mut a = Sample::new(SourceId(0), Some(TrackId(2)), Time(5), Origin::Annotated);
        a.box_px = BoxPx::new(1.0, 2.0, 3.0, 4.0);
        let mut b = Sample::new(SourceId(0), None, Time(1), Origin::Observed);
        b.id = SampleId(1);
        b.score = Some(0.5);
        b.pose = Some(Pose {
            reference_frame: ReferenceFrameId(0),
            position: [1.0, 2.0, 3.0],
            rotation: None,
            extent: Some([4.0, 2.0, 1.5]),
        });
        let mut c = Sample::new(SourceId(0), Some(TrackId(1)), Time(9), Origin::Annotated);
        c.id = SampleId(2);
        c.end = Some(Time(12));
        let chunk = SampleChunk::from_rows(vec![a.clone(), b.clone(), c.clone()]);
        assert_eq!((0..3).map(|i| chunk.row(i)).collect::<Vec<_>>(), [c, a, b]);
        assert_eq!(chunk.slice(1..9).row(0), chunk.row(1));
        assert_eq!((chunk.slice(1..2).len(), chunk.slice(7..9).len()), (1, 0));
        assert_eq!(chunk.rows_of(TrackId(2)), 1..2);
        assert_eq!(chunk.rows_of(TrackId(7)), 2..2);
        let bounds = chunk.bounds();
        assert_eq!(bounds.time, Span::new(Time(1), Time(12)));
        assert_eq!(bounds.tracks, Some((TrackId(1), TrackId(2))));
        assert_eq!(bounds.box_px, BoxPx::new(1.0, 2.0, 3.0, 4.0));
        assert_eq!(bounds.space, Some([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]));
    }
}
