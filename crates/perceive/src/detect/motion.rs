//! `motion`: finds what moves, without a model.
//!
//! Source: background subtraction with the whole of a stretch of video at hand (Piccardi, *Background subtraction
//! techniques: a review*, 2004), camera motion compensated (see [`crate::camera::egomotion`]).

mod background;
mod foreground;
mod left_behind;
mod live;
mod silhouette;
mod stretch;
mod things;
mod view;

use super::{DetectedPicture, Detection};
use crate::camera::egomotion::{Egomotion, SavedEgomotion};
use crate::camera::{Boundary, CameraMotion, Histogram, StagePose, camera_motions};
use chronotope_world::time::NS_PER_S;
use chronotope_world::{BoxPx, Span, Time};
use live::Live;
use nalgebra::{Matrix3, Vector3};
use opencv::core::{Mat, Size, Vec3b};
use opencv::imgproc;
use opencv::prelude::*;
use serde::{Deserialize, Serialize};
use stretch::{Kept, Looked, Stretch};

/// The label of everything that this detector reports.
pub const MOVING_OBJECT: &str = "moving object";

/// How to look; the default serves any video.
///
/// Times are in seconds and sizes are shares of the picture, so that they hold at any rate and resolution.
#[derive(Clone, Debug, PartialEq)]
pub struct MotionSettings {
    /// Longer side of the picture that is analysed, in pixels; a smaller source is analysed as it is. At 480 the time
    /// is a fifth of that at 1080, and a person as high as a fifth of the picture still has 50 rows.
    pub analysis_side_px: u32,
    /// Never look ahead: each picture is compared with a background learnt from those before it, and is done at once; those of
    /// a shot's first second when it is over.
    pub online: bool,
    /// How much video the background is learnt from, in seconds; offline also how long a detection waits for what comes
    /// after it. A thing that stands still for less than about half of this is kept.
    pub lookahead_s: f64,
    /// Most bytes of analysed pictures that wait offline; less is looked ahead where they would not do, and the background is
    /// learnt from so much more of what was before.
    pub memory_bytes: usize,
    /// Pictures that the background is learnt from, spread evenly over the stretch.
    pub samples: usize,
    /// Smallest thing, as a share of the picture's area.
    pub smallest_share: f64,
    /// Difference that begins a thing, in standard deviations of the background.
    pub strong: f64,
    /// Difference that continues it.
    pub weak: f64,
    /// Added to every standard deviation, in grey values: what a coder leaves of a still scene.
    pub noise_floor: f64,
    /// A shadow leaves at least this share of the light. Outdoors a cast shadow leaves 0.4 to 0.9; dark clothes on a
    /// bright ground leave less than 0.6 as a rule, and taking them for shadow is the worse mistake.
    pub shadow_darkest: f64,
    /// A shadow changes neither colour difference by more, in grey values.
    pub shadow_tint: f64,
    /// Threads; 0 for as many as there are. The result is the same at any number.
    pub threads: usize,
}

impl Default for MotionSettings {
    fn default() -> Self {
        MotionSettings {
            analysis_side_px: 480,
            online: false,
            lookahead_s: 30.0,
            memory_bytes: 160 << 20,
            samples: 64,
            smallest_share: 0.0005,
            strong: 8.0,
            weak: 4.0,
            noise_floor: 2.0,
            shadow_darkest: 0.6,
            shadow_tint: 5.0,
            threads: 0,
        }
    }
}

/// A picture for the detector: RGB, three bytes a pixel, row by row.
#[derive(Clone, Copy, Debug)]
pub struct MotionPicture<'a> {
    /// Presentation time.
    pub t: Time,
    /// Number in its source, from 0.
    pub frame_index: u32,
    /// Width of `rgb` in pixels: the analysis size (best, see [`MotionDetector::analysis_size`]) or any other.
    pub width: u32,
    /// Height of `rgb` in pixels.
    pub height: u32,
    /// `3 · width · height` bytes.
    pub rgb: &'a [u8],
}

/// A run of pictures from one camera without a break.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shot {
    /// From its first picture to the next shot's first, or to one picture past the last; empty while it goes on.
    pub span: Span,
    /// Number of its first picture.
    pub first_frame_index: u32,
    /// How it begins; none for the first shot.
    pub boundary: Option<Boundary>,
    /// Width and height of its pictures, in source pixels.
    pub picture_px: [f64; 2],
    /// Every picture's place in the stage: homographies in source pixels, in order of time.
    pub poses: Vec<StagePose>,
    /// What the camera did, in order, without gaps.
    pub camera: Vec<CameraMotion>,
}

/// What was learnt of the whole video, beside the detections.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MotionReport {
    /// Shots in order.
    pub shots: Vec<Shot>,
    /// Pictures looked at.
    pub n_pictures: u64,
    /// Spans in which "not reported" does not mean "did not move", in order and apart: no trustworthy background (too few
    /// pictures, nearly everything differs), or a camera that travels or cannot be followed.
    pub uncovered: Vec<Span>,
    /// Side of the smallest square that is reported, in source pixels: what coverage has as smallest size.
    pub smallest_px: f64,
    /// Size of the analysed pictures.
    pub analysis_size: (u32, u32),
}

/// Why a picture was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MotionError {
    /// The bytes do not fit the stated size.
    #[error("picture {frame_index}: expected {expected} bytes for {width}x{height} in RGB, found {found}")]
    Bytes {
        /// Number of the picture.
        frame_index: u32,
        /// Stated width.
        width: u32,
        /// Stated height.
        height: u32,
        /// Bytes that this takes.
        expected: usize,
        /// Bytes that came.
        found: usize,
    },
    /// A side is zero or too large.
    #[error("{what}: expected sides of 16 to 16384 pixels, found {width}x{height}")]
    Size {
        /// The source or the picture.
        what: String,
        /// Stated width.
        width: u32,
        /// Stated height.
        height: u32,
    },
    /// Pictures must come in order of time.
    #[error("picture {frame_index}: expected a time after {after_s} s, found {found_s} s")]
    Order {
        /// Number of the picture.
        frame_index: u32,
        /// Time of the picture before.
        after_s: f64,
        /// Its own time.
        found_s: f64,
    },
    /// OpenCV refused.
    #[error("OpenCV: {0}")]
    OpenCv(#[from] opencv::Error),
}

/// Takes pictures in order and gives, some seconds later or at once, what moves in each.
///
/// One pass. Offline pictures are kept at analysis size for [`MotionSettings::lookahead_s`], the background is learnt from all
/// of them and from what was before, then each is compared with it; online each is
/// compared with what was before it, but for the first second of a shot, which is looked at when it is over. Every pushed picture comes back exactly once, in order, from
/// [`MotionDetector::push`] or [`MotionDetector::finish`], with boxes in source pixels. Things that move with the
/// camera's view (camera motion) are no detections.
///
/// A score is the share of its box that differs, relative to half, times `1 - exp(-contrast / strong)`: a number to rank
/// by, not a probability.
///
/// Sets OpenCV's own threads to one for the whole process; the work is shared out here.
pub struct MotionDetector {
    settings: MotionSettings,
    source: (u32, u32),
    analysis: (u32, u32),
    threads: usize,
    egomotion: Egomotion,
    looking: Looking,
    report: MotionReport,
    last: Option<Time>,
    interval_ns: i64,
}

/// How pictures are looked at.
#[derive(Deserialize)]
enum Looking {
    Ahead(Stretch),
    Online(Box<Live>),
}

/// The same, not taken away.
#[derive(Serialize)]
enum SavedLooking<'a> {
    Ahead(&'a Stretch),
    Online(&'a Live),
}

/// What a detector knows.
#[derive(Deserialize)]
struct Saved {
    egomotion: SavedEgomotion,
    looking: Looking,
    report: MotionReport,
    last: Option<Time>,
    interval_ns: i64,
}

impl MotionDetector {
    /// For a video of this size, as displayed.
    ///
    /// # Errors
    /// The size is out of range.
    pub fn new(settings: MotionSettings, width: u32, height: u32) -> Result<MotionDetector, MotionError> {
        check_size("video", width, height)?;
        opencv::core::set_num_threads(1)?;
        let threads = match settings.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            n => n,
        };
        let analysis = analysis_size(width, height, settings.analysis_side_px.max(16));
        let (sx, sy) = source_per_analysis((width, height), analysis);
        // nothing under three pixels across survives cleaning
        let smallest = (settings.smallest_share * f64::from(analysis.0) * f64::from(analysis.1)).max(9.0);
        let report = MotionReport {
            smallest_px: (smallest * sx * sy).sqrt(),
            analysis_size: analysis,
            ..MotionReport::default()
        };
        Ok(MotionDetector {
            egomotion: Egomotion::new(analysis.0, analysis.1),
            looking: if settings.online {
                Looking::Online(Box::new(Live::new(analysis.0 as usize, analysis.1 as usize)))
            } else {
                Looking::Ahead(Stretch::new(analysis.0 as usize, analysis.1 as usize))
            },
            settings,
            source: (width, height),
            analysis,
            threads,
            report,
            last: None,
            interval_ns: 0,
        })
    }

    /// The size at which pictures are analysed; ask the decoder for it.
    pub fn analysis_size(&self) -> (u32, u32) {
        self.analysis
    }

    /// Takes the next picture; returns those that are done, often none.
    ///
    /// # Errors
    /// The bytes do not fit the size, or the time is not after the last one; the picture is then not taken, and the next
    /// one may be pushed all the same.
    pub fn push(&mut self, picture: MotionPicture<'_>) -> Result<Vec<DetectedPicture>, MotionError> {
        let MotionPicture { t, frame_index, width, height, rgb } = picture;
        check_size(&format!("picture {frame_index}"), width, height)?;
        let expected = 3 * width as usize * height as usize;
        if rgb.len() != expected {
            return Err(MotionError::Bytes { frame_index, width, height, expected, found: rgb.len() });
        }
        if let Some(last) = self.last.filter(|last| t <= *last) {
            return Err(MotionError::Order { frame_index, after_s: last.as_s(), found_s: t.as_s() });
        }
        let ycrcb = self.prepared(width, height, rgb)?;
        if let Some(last) = self.last.replace(t) {
            self.interval_ns = t.ns_since(last);
        }
        self.report.n_pictures += 1;
        let (w, h) = (self.analysis.0 as usize, self.analysis.1 as usize);
        let grey: Vec<u8> = ycrcb.iter().step_by(3).copied().collect();
        let alignment = self.egomotion.push(&grey, Histogram::of(&ycrcb, w, h), t.as_s())?;
        let new_shot = alignment.boundary.is_some() || self.report.shots.is_empty();
        let mut done = Vec::new();
        let strange = new_shot || !alignment.aligned;
        match &mut self.looking {
            Looking::Ahead(stretch) => {
                let full = stretch.spans_s(t) >= self.settings.lookahead_s
                    || (stretch.len() + 1) * ycrcb.len() > self.settings.memory_bytes;
                if strange || full {
                    done = self.flush()?;
                }
            }
            Looking::Online(live) if strange => {
                let looked = live.forget(&self.settings, self.threads)?;
                done = self.detected(looked);
            }
            Looking::Online(_) => {}
        }
        if let (Looking::Ahead(stretch), true) = (&mut self.looking, strange) {
            stretch.forget();
        }
        if new_shot {
            self.close_shot(t);
            self.report.shots.push(Shot {
                // empty until it ends
                span: Span::between(t, t),
                first_frame_index: frame_index,
                boundary: alignment.boundary,
                picture_px: [f64::from(self.source.0), f64::from(self.source.1)],
                poses: Vec::new(),
                camera: Vec::new(),
            });
        }
        let (sx, sy) = source_per_analysis(self.source, self.analysis);
        let source_from_analysis = Matrix3::from_diagonal(&Vector3::new(sx, sy, 1.0));
        let analysis_from_source = Matrix3::from_diagonal(&Vector3::new(1.0 / sx, 1.0 / sy, 1.0));
        if let Some(shot) = self.report.shots.last_mut() {
            shot.poses.push(StagePose {
                t,
                stage_from_image: source_from_analysis * alignment.stage_from_image * analysis_from_source,
                inlier_share: alignment.inlier_share,
                parallax: alignment.parallax,
                aligned: alignment.aligned,
            });
        }
        let kept = Kept { t, frame_index, ycrcb, stage_from_image: alignment.stage_from_image };
        match &mut self.looking {
            Looking::Ahead(stretch) => stretch.push(kept),
            Looking::Online(live) => {
                let looked = live.look(kept, &self.settings, self.threads)?;
                done.extend(self.detected(looked));
            }
        }
        Ok(done)
    }

    /// Pictures that were pushed are still to come back.
    pub fn waits(&self) -> bool {
        match &self.looking {
            Looking::Ahead(stretch) => stretch.len() > 0,
            Looking::Online(live) => live.waits(),
        }
    }

    /// All that it knows but its settings, to go on from later; none where that cannot be said.
    pub fn save(&self) -> Option<Vec<u8>> {
        let looking = match &self.looking {
            Looking::Ahead(stretch) => SavedLooking::Ahead(stretch),
            Looking::Online(live) => SavedLooking::Online(live),
        };
        let egomotion = self.egomotion.save().ok()?;
        postcard::to_allocvec(&(egomotion, looking, &self.report, self.last, self.interval_ns)).ok()
    }

    /// Goes on from what a detector of the same settings and video size has saved, as if it had never stopped; false, and
    /// nothing has changed, where these bytes are not that.
    pub fn restore(&mut self, saved: &[u8]) -> bool {
        let Ok(saved) = postcard::from_bytes::<Saved>(saved) else { return false };
        let (width, height) = (self.analysis.0 as usize, self.analysis.1 as usize);
        let sound = match &saved.looking {
            Looking::Ahead(stretch) => !self.settings.online && stretch.is_sound(width, height),
            Looking::Online(live) => self.settings.online && live.is_sound(width, height),
        };
        if !sound || !self.egomotion.restore(saved.egomotion).unwrap_or(false) {
            return false;
        }
        (self.looking, self.report) = (saved.looking, saved.report);
        (self.last, self.interval_ns) = (saved.last, saved.interval_ns);
        true
    }

    /// What was learnt so far; the shot that goes on has no end yet.
    pub fn report(&self) -> &MotionReport {
        &self.report
    }

    /// What was learnt of the pictures before a moment, as if the video ended there.
    pub fn report_until(&self, end: Time) -> MotionReport {
        let shots = self.report.shots.iter().filter(|shot| shot.span.start() < end).map(|shot| {
            let end = if shot.span.is_empty() { end } else { end.min(shot.span.end()) };
            let poses = shot.poses[..shot.poses.partition_point(|pose| pose.t < end)].to_vec();
            let [width, height] = shot.picture_px;
            let camera = camera_motions(&poses, width, height, end);
            Shot { span: Span::between(shot.span.start(), end), poses, camera, ..shot.clone() }
        });
        let shots: Vec<Shot> = shots.collect();
        let whole = shots.first().map_or(end, |shot| shot.span.start());
        MotionReport {
            n_pictures: shots.iter().map(|shot| shot.poses.len() as u64).sum(),
            uncovered: self.uncovered(Span::between(whole, end)),
            shots,
            ..self.report.clone()
        }
    }

    /// Where "not reported" does not mean "did not move" during a span of pictures that are done.
    pub fn uncovered(&self, span: Span) -> Vec<Span> {
        let mut uncovered: Vec<Span> =
            self.report.uncovered.iter().filter_map(|blind| blind.intersect(span)).collect();
        for shot in self.report.shots.iter().rev() {
            let next = shot.poses.last().map_or(span.end(), |pose| pose.t.plus_ns(1));
            let end = if shot.span.is_empty() { next.max(span.end()) } else { shot.span.end() };
            if end <= span.start() {
                break;
            }
            // a motion is told from the half second about it
            let from = shot.poses.partition_point(|pose| pose.t < span.start().plus_ns(-NS_PER_S));
            let motions = camera_motions(&shot.poses[from..], shot.picture_px[0], shot.picture_px[1], end);
            let blind = motions.iter().filter(|motion| motion.kind.is_doubtful());
            uncovered.extend(blind.filter_map(|motion| motion.span.intersect(span)));
        }
        uncovered.retain(|blind| !blind.is_empty());
        joined(uncovered)
    }

    /// The pictures that are still waiting, and what was learnt of the whole.
    pub fn finish(mut self) -> Result<(Vec<DetectedPicture>, MotionReport), MotionError> {
        let done = self.flush()?;
        if let Some(last) = self.last {
            self.close_shot(last.plus_ns(self.interval_ns.max(1)));
        }
        let motions = self.report.shots.iter().flat_map(|shot| &shot.camera);
        self.report
            .uncovered
            .extend(motions.filter(|motion| motion.kind.is_doubtful()).map(|motion| motion.span));
        self.report.uncovered = joined(self.report.uncovered);
        Ok((done, self.report))
    }

    fn flush(&mut self) -> Result<Vec<DetectedPicture>, MotionError> {
        match &mut self.looking {
            Looking::Ahead(stretch) => {
                let looked = stretch.detect(&self.settings, self.threads)?;
                Ok(self.detected(looked))
            }
            Looking::Online(live) => {
                let looked = live.flush(&self.settings, self.threads)?;
                Ok(self.detected(looked))
            }
        }
    }

    /// In source pixels.
    fn detected(&mut self, looked: Vec<Looked>) -> Vec<DetectedPicture> {
        let (sx, sy) = source_per_analysis(self.source, self.analysis);
        let (width, height) = (f64::from(self.source.0), f64::from(self.source.1));
        let mut done = Vec::with_capacity(looked.len());
        for (i, picture) in looked.iter().enumerate() {
            let next = looked.get(i + 1).map_or(picture.t.plus_ns(self.interval_ns.max(1)), |next| next.t);
            if !picture.covered {
                self.report.uncovered.push(Span::between(picture.t, next));
            }
            let detections = picture.found.iter().filter_map(|found| {
                let [left, top, w, h] = found.place;
                let box_px = BoxPx::new(left * sx, top * sy, w * sx, h * sy)?.clip(width, height)?;
                Some(Detection { box_px, score: Some(found.score), label: MOVING_OBJECT.to_owned() })
            });
            done.push(DetectedPicture {
                t: picture.t,
                frame_index: picture.frame_index,
                detections: detections.collect(),
            });
        }
        done
    }

    fn close_shot(&mut self, end: Time) {
        let (width, height) = (f64::from(self.source.0), f64::from(self.source.1));
        if let Some(shot) = self.report.shots.last_mut() {
            shot.span = Span::between(shot.span.start(), end);
            shot.camera = camera_motions(&shot.poses, width, height, end);
        }
    }

    /// At analysis size, slightly blurred, in YCrCb.
    fn prepared(&self, width: u32, height: u32, rgb: &[u8]) -> Result<Vec<u8>, MotionError> {
        let (w, h) = (self.analysis.0 as i32, self.analysis.1 as i32);
        let given = Mat::new_rows_cols_with_bytes::<Vec3b>(height as i32, width as i32, rgb)?;
        let mut small = Mat::default();
        if (width, height) != self.analysis {
            imgproc::resize(&given, &mut small, Size::new(w, h), 0.0, 0.0, imgproc::INTER_AREA)?;
        }
        let mut smooth = Mat::default();
        let size = Size::new(3, 3);
        if (width, height) != self.analysis {
            imgproc::gaussian_blur_def(&small, &mut smooth, size, 0.0)?;
        } else {
            imgproc::gaussian_blur_def(&given, &mut smooth, size, 0.0)?;
        }
        let mut ycrcb = Mat::default();
        imgproc::cvt_color_def(&smooth, &mut ycrcb, imgproc::COLOR_RGB2YCrCb)?;
        Ok(ycrcb.data_bytes()?.to_vec())
    }
}

/// The same moments as few spans, in order.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if last.end() >= span.start() => {
                *last = Span::between(last.start(), last.end().max(span.end()));
            }
            _ => joined.push(span),
        }
    }
    joined
}

/// Even sides of the source's shape, the longer at most `side`.
fn analysis_size(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= side {
        return (width, height);
    }
    let scale = f64::from(side) / f64::from(longer);
    let even = |v: u32| (((f64::from(v) * scale / 2.0).round() as u32) * 2).max(16);
    (even(width), even(height))
}

fn source_per_analysis(source: (u32, u32), analysis: (u32, u32)) -> (f64, f64) {
    (f64::from(source.0) / f64::from(analysis.0), f64::from(source.1) / f64::from(analysis.1))
}

fn check_size(what: &str, width: u32, height: u32) -> Result<(), MotionError> {
    let fits = |v: u32| (16..=16_384).contains(&v);
    if fits(width) && fits(height) {
        Ok(())
    } else {
        Err(MotionError::Size { what: what.to_owned(), width, height })
    }
}

/// The same as `items.iter().map(work).collect()`, on several threads; the order of results is that of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = threads.clamp(1, items.len().max(1));
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut found: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut mine = Vec::new();
                    loop {
                        let i = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let Some(item) = items.get(i) else { return mine };
                        mine.push((i, work(item)));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    found.sort_by_key(|(i, _)| *i);
    found.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::video::{Size as Asked, Video};

    const W: usize = 160;
    const H: usize = 120;

    /// A textured wall, seen from `shift` pixels to the right, with squares before it: left, top, side, brightness.
    fn picture(shift: usize, squares: &[(usize, usize, usize, u8)]) -> Vec<u8> {
        let mut rgb = Vec::with_capacity(3 * W * H);
        for y in 0..H {
            for x in 0..W {
                let (u, v) = ((x + shift) / 8, y / 8);
                let noise = (u.wrapping_mul(7919) ^ v.wrapping_mul(104_729)).wrapping_mul(2_654_435_761) >> 7;
                let mut value = 60 + (noise % 120) as u8;
                for (left, top, side, bright) in squares {
                    if x >= *left && y >= *top && x < left + side && y < top + side {
                        value = *bright;
                    }
                }
                rgb.extend([value; 3]);
            }
        }
        rgb
    }

    fn watch(
        n: u32,
        settings: &MotionSettings,
        of: impl Fn(u32) -> Vec<u8>,
    ) -> (Vec<DetectedPicture>, MotionReport) {
        let mut detector = MotionDetector::new(settings.clone(), W as u32, H as u32).unwrap();
        let mut done = Vec::new();
        for i in 0..n {
            let t = Time::from_s(f64::from(i) * 0.1);
            let (width, height) = (W as u32, H as u32);
            done.extend(
                detector.push(MotionPicture { t, frame_index: i, width, height, rgb: &of(i) }).unwrap(),
            );
        }
        let (rest, report) = detector.finish().unwrap();
        done.extend(rest);
        assert_eq!(done.len(), n as usize);
        assert!(done.iter().enumerate().all(|(i, p)| p.frame_index == i as u32));
        (done, report)
    }

    fn share_found(done: &[DetectedPicture], truth: impl Fn(u32) -> BoxPx) -> f64 {
        let hits =
            done.iter().filter(|p| p.detections.iter().any(|d| d.box_px.iou(truth(p.frame_index)) > 0.6));
        hits.count() as f64 / done.len() as f64
    }

    #[test]
    fn a_square_that_moves_is_found_and_nothing_else() {
        let (done, report) =
            watch(60, &MotionSettings::default(), |i| picture(0, &[(2 * i as usize, 50, 20, 250)]));
        let truth = |i: u32| BoxPx::new(2.0 * f64::from(i), 50.0, 20.0, 20.0).unwrap();
        assert!(share_found(&done, truth) > 0.95);
        assert!(done.iter().all(|p| p.detections.len() == 1));
        assert_eq!(report.shots.len(), 1);
        assert_eq!(report.shots[0].camera[0].kind.name(), "static");
        assert!(report.uncovered.is_empty());
    }

    #[test]
    fn one_that_stands_for_two_seconds_is_kept() {
        let at = |i: u32| if i < 20 { 2 * i } else { 40 + 2 * i.saturating_sub(40) } as usize;
        let (done, _) = watch(80, &MotionSettings::default(), |i| picture(0, &[(at(i), 50, 20, 250)]));
        assert!(share_found(&done, |i| BoxPx::new(at(i) as f64, 50.0, 20.0, 20.0).unwrap()) > 0.95);
    }

    #[test]
    fn a_still_scene_that_grows_brighter_holds_nothing() {
        let brighter = |i: u32| picture(0, &[]).iter().map(|v| v + (i / 2) as u8).collect();
        let (done, _) = watch(40, &MotionSettings::default(), brighter);
        assert_eq!(done.iter().map(|p| p.detections.len()).sum::<usize>(), 0);
    }

    #[test]
    fn under_a_pan_only_the_thing_moves() {
        let (done, report) = watch(60, &MotionSettings::default(), |i| {
            picture(2 * i as usize, &[(120 - i as usize, 50, 20, 250)])
        });
        let truth = |i: u32| BoxPx::new(120.0 - f64::from(i), 50.0, 20.0, 20.0).unwrap();
        assert!(share_found(&done, truth) > 0.9, "{}", share_found(&done, truth));
        let kinds: Vec<_> = report.shots[0].camera.iter().map(|m| m.kind.name()).collect();
        assert_eq!(kinds, ["pan right"]);
        // two pixels a picture, sixty pictures
        let at = report.shots[0].poses[59].stage_from_image * Vector3::new(80.0, 60.0, 1.0);
        assert!((at.x / at.z - 198.0).abs() < 3.0, "{at}");
    }

    #[test]
    fn threads_and_memory_do_not_change_what_comes_back() {
        let of = |i: u32| picture(0, &[(2 * i as usize, 50, 20, 250), (100, 2 * (i as usize % 50), 12, 10)]);
        let with = |threads: usize| watch(60, &MotionSettings { threads, ..MotionSettings::default() }, of);
        assert_eq!(with(1), with(4));
        let (done, _) =
            watch(60, &MotionSettings { memory_bytes: 20 * 3 * W * H, ..MotionSettings::default() }, of);
        assert!(share_found(&done, |i| BoxPx::new(2.0 * f64::from(i), 50.0, 20.0, 20.0).unwrap()) > 0.9);
    }

    #[test]
    fn what_is_known_of_a_shot_that_goes_on_is_told_up_to_a_moment() {
        let mut detector = MotionDetector::new(MotionSettings::default(), W as u32, H as u32).unwrap();
        for i in 0..40_u32 {
            let (t, rgb) = (Time::from_s(f64::from(i) * 0.1), picture(0, &[]));
            detector
                .push(MotionPicture { t, frame_index: i, width: W as u32, height: H as u32, rgb: &rgb })
                .unwrap();
        }
        let report = detector.report_until(Time::from_s(2.0));
        assert_eq!(report.n_pictures, 20);
        assert_eq!(report.shots[0].span, Span::between(Time(0), Time::from_s(2.0)));
        assert_eq!(report.shots[0].camera[0].kind.name(), "static");
        assert_eq!(report.shots[0].camera[0].span, report.shots[0].span);
    }

    #[test]
    fn bad_pictures_are_refused_by_name() {
        let mut detector = MotionDetector::new(MotionSettings::default(), 160, 120).unwrap();
        let rgb = picture(0, &[]);
        let mut push = |t: f64, frame_index: u32, width: u32, rgb: &[u8]| {
            detector
                .push(MotionPicture { t: Time::from_s(t), frame_index, width, height: 120, rgb })
                .map_err(|error| error.to_string())
        };
        assert!(push(0.0, 0, 160, &rgb).is_ok());
        assert_eq!(push(0.0, 1, 160, &rgb).unwrap_err(), "picture 1: expected a time after 0 s, found 0 s");
        let text = push(0.1, 1, 160, &rgb[1..]).unwrap_err();
        assert_eq!(text, "picture 1: expected 57600 bytes for 160x120 in RGB, found 57599");
        assert!(push(0.1, 1, 4, &rgb).unwrap_err().contains("16 to 16384"));
        assert!(push(0.1, 1, 160, &rgb).is_ok());
        assert!(MotionDetector::new(MotionSettings::default(), 0, 120).is_err());
    }

    #[test]
    fn no_pictures_nothing_found() {
        let (done, report) =
            MotionDetector::new(MotionSettings::default(), 64, 48).unwrap().finish().unwrap();
        assert!(done.is_empty() && report.shots.is_empty());
    }

    /// The given detections of a trained detector have precision 0.81 and recall 0.71 on these pictures.
    #[test]
    #[expect(clippy::print_stderr, reason = "data tests are counted by these lines")]
    fn pets_people_are_found_no_worse_than_by_the_given_detector() {
        let root = std::env::var("CHRONOTOPE_DATA").unwrap_or_else(|_| "../../../shared/data".to_owned());
        let folder = std::path::Path::new(&root).join("pets09_s2l1");
        let Ok(truth) = std::fs::read_to_string(folder.join("gt_every3rd_0001_0067.txt")) else {
            eprintln!("data test skipped: pets_people_are_found_no_worse_than_by_the_given_detector");
            return;
        };
        eprintln!("data test run: pets_people_are_found_no_worse_than_by_the_given_detector");
        let mut video = Video::open(folder.join("video_frames_0001_0200.mp4").to_str().unwrap()).unwrap();
        let mut detector = MotionDetector::new(MotionSettings::default(), 480, 360).unwrap();
        let mut done = Vec::new();
        while let Some(seen) = video.next_picture().unwrap() {
            let image = seen.rgb(Asked::Source).unwrap();
            let (t, frame_index) = (seen.t(), seen.frame_index());
            done.extend(
                detector
                    .push(MotionPicture { t, frame_index, width: 480, height: 360, rgb: &image.data })
                    .unwrap(),
            );
        }
        let (rest, report) = detector.finish().unwrap();
        done.extend(rest);
        assert_eq!((done.len(), report.shots.len()), (200, 1));
        let kinds: Vec<_> = report.shots[0].camera.iter().map(|m| m.kind.name()).collect();
        assert_eq!(kinds, ["static"]);
        let mut truth_of = std::collections::BTreeMap::<usize, Vec<BoxPx>>::new();
        for row in truth.lines() {
            let v: Vec<f64> = row.split(',').map(|field| field.trim().parse().unwrap()).collect();
            // the truth is in pixels of 768×576
            let truth = BoxPx::new(v[2], v[3], v[4], v[5]).unwrap().scaled(0.625, 0.625);
            truth_of.entry(v[0] as usize - 1).or_default().push(truth);
        }
        let (mut hits, mut n_found, mut n_true) = (0.0, 0.0, 0.0);
        for (i, boxes) in truth_of {
            let mut found: Vec<BoxPx> = done[i].detections.iter().map(|d| d.box_px).collect();
            n_found += found.len() as f64;
            n_true += boxes.len() as f64;
            for b in boxes {
                if let Some(k) = (0..found.len()).find(|k| found[*k].iou(b) >= 0.5) {
                    found.remove(k);
                    hits += 1.0;
                }
            }
        }
        let (precision, recall) = (hits / n_found, hits / n_true);
        assert!(precision >= 0.81 && recall >= 0.71, "precision {precision:.3}, recall {recall:.3}");
    }

    /// Somebody walks down a street with the camera in the hand, slowly and for the most part straight ahead.
    #[test]
    #[expect(clippy::print_stderr, reason = "data tests are counted by these lines")]
    fn a_slow_walk_is_no_standing() {
        let root = std::env::var("CHRONOTOPE_DATA").unwrap_or_else(|_| "../../../shared/data".to_owned());
        let clip = std::path::Path::new(&root).join("videos/vda_tokyo_walk.mp4");
        if !clip.exists() {
            eprintln!("data test skipped: a_slow_walk_is_no_standing");
            return;
        }
        eprintln!("data test run: a_slow_walk_is_no_standing");
        let mut video = Video::open(clip.to_str().unwrap()).unwrap();
        let settings = MotionSettings { online: true, analysis_side_px: 240, ..MotionSettings::default() };
        let mut detector = MotionDetector::new(settings, 1280, 720).unwrap();
        let (width, height) = detector.analysis_size();
        while let Some(seen) = video.next_picture().unwrap() {
            let image = seen.rgb(Asked::Exact(width, height)).unwrap();
            let (t, frame_index) = (seen.t(), seen.frame_index());
            detector.push(MotionPicture { t, frame_index, width, height, rgb: &image.data }).unwrap();
        }
        let (_, report) = detector.finish().unwrap();
        let shot = &report.shots[0];
        let stood = shot.camera.iter().filter(|m| m.kind == crate::camera::CameraMotionKind::Static);
        let stood: f64 = stood.map(|m| m.span.s()).sum();
        assert!(stood < 3.0, "{stood} s of 13: {:?}", shot.camera);
    }
}
