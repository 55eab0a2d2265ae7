//! What the camera did, as rows: shots, their boundaries and camera motion as events, stages as transforms.

use super::watch::on_record;
use crate::camera::{Boundary, CameraMotion, CameraMotionKind, StagePose, camera_motions};
use crate::detect::motion::{MotionReport, Shot};
use chronotope_world::time::NS_PER_S;
use chronotope_world::{
    Clock, Coverage, CoverageId, Event, EventId, Known, ObserverId, Reference, ReferenceFrame, RowWriter,
    Scale, SourceId, Span, Time, Transform, TransformId, TransformKind,
};
use nalgebra::Matrix3;
use serde::{Deserialize, Serialize};

/// Writes a camera's rows: afterwards all at once, or live as far as they are settled.
///
/// Live, a motion is written when it has ended; while the camera stands, that it stood is written piece by piece, so that
/// it can be asked. A shot is written when it ends, and its motions then have no parent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CameraRows {
    source: SourceId,
    observer: ObserverId,
    /// Offset and rate of the video's clock.
    clock: (Time, f64),
    online: bool,
    /// Number of the recording's first shot among the observer's stages.
    first_shot: u32,
    /// Shots whose boundary is written.
    n_begun: usize,
    /// Shots that are written whole.
    n_ended: usize,
    /// Up to where motions are written, in the video.
    told: Option<Time>,
    /// Up to where coverage is written, in the video.
    covered: Option<Time>,
}

/// A motion that ended so long ago does not change any more: half a window and the shortest event.
const SETTLED_NS: i64 = NS_PER_S;

impl CameraRows {
    pub(super) fn new(
        source: SourceId,
        observer: ObserverId,
        clock: Clock,
        online: bool,
        first_shot: u32,
    ) -> CameraRows {
        let clock = (clock.offset, clock.rate);
        let (n_begun, n_ended, told, covered) = (0, 0, None, None);
        CameraRows { source, observer, clock, online, first_shot, n_begun, n_ended, told, covered }
    }

    pub(super) fn is_for(&self, source: SourceId, observer: ObserverId) -> bool {
        (self.source, self.observer) == (source, observer)
    }

    /// Writes what is settled before `t`, a time of the video.
    pub(super) fn so_far<R: RowWriter>(&mut self, rows: &mut R, report: &MotionReport, t: Time) {
        self.write(rows, report, t, false);
    }

    /// Writes the rest. `until`: where the record of this video ends.
    pub(super) fn finish<R: RowWriter>(&mut self, rows: &mut R, report: &MotionReport, until: Time) {
        let end = report.shots.last().map_or(Time(0), |shot| shot.span.end());
        self.write(rows, report, end, true);
        let spans = report.shots.iter().map(|shot| self.span_on_record(shot.span));
        if let Some(span) = spans.reduce(Span::hull) {
            let kinds = CameraMotionKind::ALL.iter().map(|kind| kind.name());
            let words = kinds.chain(Boundary::ALL.iter().map(|b| b.name())).chain(["shot"]);
            self.cover(rows, span, words.map(str::to_owned).collect(), until.max(span.end()));
        }
    }

    fn write<R: RowWriter>(&mut self, rows: &mut R, report: &MotionReport, t: Time, all: bool) {
        let known = self.on_record(t);
        for (n, shot) in report.shots.iter().enumerate().skip(self.n_ended) {
            let ended = all || n + 1 < report.shots.len();
            if n >= self.n_begun {
                self.n_begun = n + 1;
                if let Some(boundary) = shot.boundary {
                    let at = Span::at(self.on_record(shot.span.start()));
                    self.event(rows, boundary.name(), at, None, known);
                }
            }
            let began = self.told.unwrap_or(shot.span.start()).max(shot.span.start());
            let motions = if ended { shot.camera.clone() } else { motions_so_far(shot, began, t) };
            // the parent first
            let parent = ended.then(|| {
                self.n_ended = n + 1;
                self.event(rows, "shot", self.span_on_record(shot.span), None, known)
            });
            let told = self.tell(rows, &motions, began, ended.then_some(parent).flatten(), known, |motion| {
                let settled = Time(t.0.saturating_sub(SETTLED_NS));
                match motion.kind {
                    _ if ended || motion.span.end() <= settled => Some(motion.span.end()),
                    CameraMotionKind::Static => Some(settled),
                    _ => None,
                }
            });
            if told > began {
                self.stages(rows, shot, n, Span::between(began, told), &motions, known);
                self.told = Some(told);
            }
            if self.online && told > self.covered.unwrap_or(began) {
                let span = Span::between(self.covered.unwrap_or(began), told);
                let kinds = CameraMotionKind::ALL.iter().map(|kind| kind.name());
                let words = kinds.chain(Boundary::ALL.iter().map(|b| b.name()));
                self.cover(rows, self.span_on_record(span), words.map(str::to_owned).collect(), known);
                self.covered = Some(told);
            }
        }
    }

    /// Writes motions from `began` on, each up to where it is settled; gives how far that is.
    fn tell<R: RowWriter>(
        &self,
        rows: &mut R,
        motions: &[CameraMotion],
        began: Time,
        parent: Option<EventId>,
        known: Time,
        settled: impl Fn(&CameraMotion) -> Option<Time>,
    ) -> Time {
        let mut told = began;
        for motion in motions.iter().filter(|motion| motion.span.end() > began) {
            let Some(end) = settled(motion) else { break };
            let start = motion.span.start().max(told);
            if end <= start {
                break;
            }
            let span = self.span_on_record(Span::between(start, end));
            self.event(rows, motion.kind.name(), span, parent, known);
            told = end;
            if end < motion.span.end() {
                break;
            }
        }
        told
    }

    /// Where the pictures of a span lie in the stage of their shot: nowhere else while the camera stands.
    fn stages<R: RowWriter>(
        &self,
        rows: &mut R,
        shot: &Shot,
        n: usize,
        span: Span,
        motions: &[CameraMotion],
        known: Time,
    ) {
        let image = rows.reference_frame(ReferenceFrame::Image(self.observer), Scale::Pixel);
        let stage = ReferenceFrame::Stage(self.observer, self.first_shot + n as u32);
        let stage = rows.reference_frame(stage, Scale::Pixel);
        let mut transform = |span: Span, m: &Matrix3<f64>| {
            rows.transform(Transform {
                id: TransformId(0),
                target: stage,
                source: image,
                span: self.span_on_record(span),
                kind: TransformKind::Homography(std::array::from_fn(|i| m[(i / 3, i % 3)])),
                deviation: None,
                known: Known::at(known),
            });
        };
        let mut here = motions.iter().filter(|motion| motion.span.overlaps(span));
        if here.all(|motion| motion.kind == CameraMotionKind::Static) {
            transform(span, &Matrix3::identity());
            return;
        }
        for (i, pose) in shot.poses.iter().enumerate().filter(|(_, pose)| pose.aligned) {
            let end = shot.poses.get(i + 1).map_or(shot.span.end().max(span.end()), |next| next.t);
            if span.contains(pose.t) {
                transform(Span::between(pose.t, end), &pose.stage_from_image);
            }
        }
    }

    fn event<R: RowWriter>(
        &self,
        rows: &mut R,
        kind: &str,
        span: Span,
        parent: Option<EventId>,
        known: Time,
    ) -> EventId {
        rows.event(Event {
            id: EventId(0),
            kind: kind.to_owned(),
            span,
            parent,
            roles: vec![("camera".to_owned(), Reference::Observer(self.observer))],
            confidence: None,
            source: self.source,
            known: Known::at(known.max(span.end())),
            closed: None,
        })
    }

    fn cover<R: RowWriter>(&self, rows: &mut R, span: Span, labels: Vec<String>, known: Time) {
        rows.coverage(Coverage {
            id: CoverageId(0),
            source: self.source,
            observer: Some(self.observer),
            span,
            region_px: None,
            labels,
            smallest_px: None,
            recall: None,
            complete: true,
            known: Known::at(known),
        });
    }

    fn on_record(&self, t: Time) -> Time {
        let (offset, rate) = self.clock;
        on_record(Clock { offset, rate, ..Clock::SAME }, t)
    }

    fn span_on_record(&self, span: Span) -> Span {
        Span::between(self.on_record(span.start()), self.on_record(span.end()))
    }
}

/// What the camera did since `began`, by the pictures of a shot that goes on.
fn motions_so_far(shot: &Shot, began: Time, t: Time) -> Vec<CameraMotion> {
    let from = shot.poses.partition_point(|pose| pose.t < began.plus_ns(-SETTLED_NS));
    let poses: &[StagePose] = &shot.poses[from..];
    camera_motions(poses, shot.picture_px[0], shot.picture_px[1], t)
}
