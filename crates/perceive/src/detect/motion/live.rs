//! Looking at each picture as it comes: a background that is learnt from what was seen so far, and never from what comes.
//! Only the first second of a shot, in which nothing can be told from the scene yet, is looked at when it is over.

use super::MotionSettings;
use super::background::{Background, FEWEST_SAMPLES};
use super::foreground::{Foreground, Piece, foreground, foreground_of_misfit};
use super::left_behind::{AGES_S, forget_left_behind};
use super::silhouette::Silhouette;
use super::stretch::{Kept, Looked};
use super::things::{pieces_of, things_in};
use super::view::{FARTHEST_S, View, before_neighbours, still_background, wide_background};
use chronotope_world::Time;
use chronotope_world::time::NS_PER_S;
use nalgebra::{Matrix3, Vector3};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What was seen so far in the present shot: at most [`MotionSettings::samples`] pictures spread over the last
/// [`MotionSettings::lookahead_s`], a few of the last second, and what was learnt from them.
#[derive(Serialize, Deserialize)]
pub(super) struct Live {
    width: usize,
    height: usize,
    /// Time of the shot's first picture.
    since: Option<Time>,
    /// Pictures of the first second, which wait for its end.
    waiting: Vec<Kept>,
    samples: VecDeque<Kept>,
    /// Least time between two samples.
    spacing_ns: i64,
    recent: VecDeque<Kept>,
    learnt: Option<Learnt>,
    lone: VecDeque<Piece>,
    silhouette: Option<Silhouette>,
}

/// A background and what it is good for.
#[derive(Serialize, Deserialize)]
struct Learnt {
    at: Time,
    /// Pixels of the background from the stage.
    #[serde(with = "crate::camera::by_columns")]
    background_from_stage: Matrix3<f64>,
    /// None where the camera moves too far for one.
    background: Option<Background>,
    /// The camera stood.
    still: bool,
}

/// The background is learnt anew after this share of the shot's age, within these seconds: often while little is known.
const RENEWED_SHARE: f64 = 0.25;
const RENEWED_SOONEST_S: f64 = 0.5;
const RENEWED_LATEST_S: f64 = 4.0;
/// How much of a shot is seen before its first picture is looked at, in seconds. Where a shot is shorter, "not reported" does not
/// mean "did not move".
const FIRST_S: f64 = 1.0;
/// Displacement of a corner that is none, in pixels.
const STILL_PX: f64 = 0.5;
/// Samples in the first second; with time they are thinned out.
const FIRST_SPACING_NS: i64 = NS_PER_S / 30;
/// Lone pieces that the outline of a thing is learnt from: those of half a minute with ten things.
const MOST_LONE: usize = 4096;
/// Pictures of the last moments that are kept for a camera that moves.
const RECENT: i64 = 24;

impl Live {
    pub(super) fn new(width: usize, height: usize) -> Live {
        Live {
            width,
            height,
            since: None,
            waiting: Vec::new(),
            samples: VecDeque::new(),
            spacing_ns: FIRST_SPACING_NS,
            recent: VecDeque::new(),
            learnt: None,
            lone: VecDeque::new(),
            silhouette: None,
        }
    }

    /// Another view begins: what was seen before says nothing of it. Gives the pictures that were still waiting.
    pub(super) fn forget(
        &mut self,
        settings: &MotionSettings,
        threads: usize,
    ) -> opencv::Result<Vec<Looked>> {
        let looked = self.flush(settings, threads)?;
        *self = Live::new(self.width, self.height);
        Ok(looked)
    }

    /// Looks at a picture by what was seen up to it; with the first picture after a second, at those before it.
    pub(super) fn look(
        &mut self,
        kept: Kept,
        settings: &MotionSettings,
        threads: usize,
    ) -> opencv::Result<Vec<Looked>> {
        let since = *self.since.get_or_insert(kept.t);
        let age_s = Time(kept.t - since).as_s();
        self.sample(&kept, settings);
        if age_s < FIRST_S {
            self.waiting.push(kept);
            return Ok(Vec::new());
        }
        let mut looked = self.flush(settings, threads)?;
        let fits = self.learnt.as_ref().is_none_or(|learnt| self.fits(learnt, &kept.stage_from_image));
        let unlearnt_s = self.learnt.as_ref().map_or(f64::INFINITY, |learnt| Time(kept.t - learnt.at).as_s());
        let due_s = (RENEWED_SHARE * age_s).clamp(RENEWED_SOONEST_S, RENEWED_LATEST_S);
        if unlearnt_s >= due_s || (!fits && unlearnt_s >= RENEWED_SOONEST_S) {
            self.learn(&kept, settings, threads)?;
        }
        looked.push(self.look_at(kept, true, settings)?);
        Ok(looked)
    }

    /// Looks at the pictures that wait.
    pub(super) fn flush(&mut self, settings: &MotionSettings, threads: usize) -> opencv::Result<Vec<Looked>> {
        let waiting = std::mem::take(&mut self.waiting);
        let Some(newest) = waiting.last() else { return Ok(Vec::new()) };
        self.learn(newest, settings, threads)?;
        // for a camera that moves, those after a picture are neighbours like those before
        for kept in &waiting {
            self.remember(kept.clone());
        }
        let seen_enough = waiting.len() >= FEWEST_SAMPLES;
        waiting.into_iter().map(|kept| self.look_at(kept, seen_enough, settings)).collect()
    }

    /// Pictures wait for the end of the shot's first second.
    pub(super) fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    fn look_at(&mut self, kept: Kept, covered: bool, settings: &MotionSettings) -> opencv::Result<Looked> {
        let (t, frame_index) = (kept.t, kept.frame_index);
        let differs = self.differing(&kept, settings)?;
        let size = (self.width, self.height);
        let pieces = pieces_of(differs, size, settings);
        let one_kind = self.learnt.as_ref().is_some_and(|learnt| learnt.background.is_some());
        let silhouette = self.silhouette.as_ref().filter(|_| one_kind);
        let found = things_in(pieces.as_deref().unwrap_or_default(), silhouette, size, settings);
        let covered = covered && pieces.is_some();
        let lone = pieces.into_iter().flatten().filter(|p| !p.touches_border(self.width, self.height));
        self.lone.extend(lone);
        self.lone.drain(..self.lone.len().saturating_sub(MOST_LONE));
        self.remember(kept);
        Ok(Looked { t, frame_index, found, covered })
    }

    /// The numbers fit each other, as they do in a state that was saved.
    pub(super) fn is_sound(&self, width: usize, height: usize) -> bool {
        let area = width * height;
        let mut pictures = self.samples.iter().chain(&self.recent).chain(&self.waiting);
        let background = self.learnt.as_ref().and_then(|learnt| learnt.background.as_ref());
        (self.width, self.height) == (width, height)
            && pictures.all(|kept| kept.ycrcb.len() == 3 * area)
            && background.is_none_or(Background::is_sound)
            && self.silhouette.as_ref().is_none_or(Silhouette::is_sound)
            && self.lone.iter().all(Piece::is_sound)
    }

    fn sample(&mut self, kept: &Kept, settings: &MotionSettings) {
        if self.samples.back().is_some_and(|last| kept.t - last.t < self.spacing_ns) {
            return;
        }
        self.samples.push_back(kept.clone());
        let most = settings.samples.max(FEWEST_SAMPLES);
        let lookback_ns = Time::from_s(settings.lookahead_s).0;
        let widest_ns = lookback_ns / most as i64;
        if self.samples.len() > most && self.spacing_ns < widest_ns {
            // the shot has grown: every second of the samples is enough
            self.spacing_ns = (2 * self.spacing_ns).min(widest_ns);
            let mut odd = false;
            self.samples.retain(|_| {
                odd = !odd;
                odd
            });
        }
        while self.samples.len() > most
            || self.samples.front().is_some_and(|first| kept.t - first.t > lookback_ns)
        {
            self.samples.pop_front();
        }
    }

    /// The picture shows what the background shows.
    fn fits(&self, learnt: &Learnt, stage_from_image: &Matrix3<f64>) -> bool {
        let Some(background) = &learnt.background else { return true };
        let background_from_image = learnt.background_from_stage * stage_from_image;
        let (w, h) = (self.width as f64, self.height as f64);
        let (width, height) = (background.width as f64, background.height as f64);
        [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].iter().all(|(x, y)| {
            let p = background_from_image * Vector3::new(*x, *y, 1.0);
            let (px, py) = (p.x / p.z, p.y / p.z);
            if learnt.still {
                libm::hypot(px - x, py - y) <= STILL_PX
            } else {
                px >= -1.0 && py >= -1.0 && px <= width + 1.0 && py <= height + 1.0
            }
        })
    }

    fn learn(&mut self, kept: &Kept, settings: &MotionSettings, threads: usize) -> opencv::Result<()> {
        let size = (self.width, self.height);
        let samples: Vec<&Kept> = self.samples.iter().collect();
        if samples.len() < FEWEST_SAMPLES {
            return Ok(());
        }
        let poses = samples.iter().map(|sample| &sample.stage_from_image);
        let view = View::of(size, poses.chain([&kept.stage_from_image]), &kept.stage_from_image);
        let learnt = match view {
            View::Still => {
                let here = kept.stage_from_image.try_inverse().unwrap_or_else(Matrix3::identity);
                let background = still_background(&samples, size, settings, threads)?;
                (here, Some(background), true)
            }
            View::Wide(canvas_from_stage, canvas) => {
                let background =
                    wide_background(&samples, size, &canvas_from_stage, canvas, settings, threads)?;
                (canvas_from_stage, Some(background), false)
            }
            View::Moving => (Matrix3::identity(), None, false),
        };
        let (background_from_stage, background, still) = learnt;
        self.learnt = Some(Learnt { at: kept.t, background_from_stage, background, still });
        self.silhouette = Silhouette::learn(&self.lone.iter().collect::<Vec<_>>(), self.height);
        Ok(())
    }

    fn differing(&mut self, kept: &Kept, settings: &MotionSettings) -> opencv::Result<Option<Foreground>> {
        let size = (self.width, self.height);
        let still = self.learnt.as_ref().is_some_and(|l| l.still && self.fits(l, &kept.stage_from_image));
        let before = AGES_S.map(|age_s| self.seen_ago(kept.t, age_s));
        let Some(learnt) = &mut self.learnt else { return Ok(None) };
        match &mut learnt.background {
            Some(background) if still => {
                let mut found = foreground(&kept.ycrcb, background, settings)?;
                let before = match before {
                    [Some(nearer), Some(farther)] => {
                        Some([nearer, farther].map(|i| self.recent[i].ycrcb.as_slice()))
                    }
                    _ => None,
                };
                forget_left_behind(background, &mut found, &kept.ycrcb, before, settings)?;
                Ok(Some(found))
            }
            Some(background) if !learnt.still => {
                let background_from_image = learnt.background_from_stage * kept.stage_from_image;
                let mut seen = background.seen_from(&background_from_image, size.0, size.1)?;
                let mut found = foreground_of_misfit(&kept.ycrcb, &seen, settings)?;
                forget_left_behind(&mut seen, &mut found, &kept.ycrcb, None, settings)?;
                Ok(Some(found))
            }
            _ => {
                let near: Vec<&Kept> = self.recent.iter().filter(|near| near.t != kept.t).collect();
                before_neighbours(kept, &near, size, settings)
            }
        }
    }

    /// The newest picture that is this much older, or, of those that waited for the shot's first second, the oldest that is this much
    /// newer; none where there is no such.
    fn seen_ago(&self, t: Time, age_s: f64) -> Option<usize> {
        let age_ns = Time::from_s(age_s).0;
        let older = self.recent.iter().rposition(|kept| t - kept.t >= age_ns);
        older.or_else(|| self.recent.iter().position(|kept| kept.t - t >= age_ns))
    }

    fn remember(&mut self, kept: Kept) {
        let farthest_ns = Time::from_s(FARTHEST_S).0;
        let t = kept.t;
        // those that waited are remembered already
        if self.recent.back().is_none_or(|last| t - last.t >= farthest_ns / RECENT) {
            self.recent.push_back(kept);
        }
        while self.recent.front().is_some_and(|first| t - first.t > farthest_ns) {
            self.recent.pop_front();
        }
    }
}
