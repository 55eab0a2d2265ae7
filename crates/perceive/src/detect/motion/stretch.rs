//! A stretch of video that is looked at as a whole: its background, then what moves before it.

use super::background::FEWEST_SAMPLES;
use super::foreground::{Foreground, Piece, foreground, foreground_of_misfit};
use super::silhouette::Silhouette;
use super::things::{Found, pieces_of, things_in};
use super::view::{FARTHEST_S, View, before_neighbours, still_background, wide_background};
use super::{MotionSettings, in_parallel};
use chronotope_world::Time;
use nalgebra::Matrix3;
use serde::{Deserialize, Serialize};

/// One picture at analysis size.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) t: Time,
    pub(super) frame_index: u32,
    /// Three bytes a pixel.
    #[serde(with = "serde_bytes")]
    pub(super) ycrcb: Vec<u8>,
    /// In pixels of the analysis size.
    #[serde(with = "crate::camera::by_columns")]
    pub(super) stage_from_image: Matrix3<f64>,
}

/// What was found in one picture.
pub(super) struct Looked {
    pub(super) t: Time,
    pub(super) frame_index: u32,
    pub(super) found: Vec<Found>,
    /// False where there was no background to compare with.
    pub(super) covered: bool,
}

/// The pictures of a stretch, and some of those before it in the same shot.
#[derive(Serialize, Deserialize)]
pub(super) struct Stretch {
    width: usize,
    height: usize,
    pictures: Vec<Kept>,
    before: Vec<Kept>,
}

/// Share of the samples that is taken from before the stretch.
const HANDED_ON: usize = 2;

impl Stretch {
    pub(super) fn new(width: usize, height: usize) -> Stretch {
        Stretch { width, height, pictures: Vec::new(), before: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.pictures.len()
    }

    /// Seconds from the first kept picture to this moment.
    pub(super) fn spans_s(&self, t: Time) -> f64 {
        self.pictures.first().map_or(0.0, |first| Time(t.ns_since(first.t)).as_s())
    }

    pub(super) fn push(&mut self, picture: Kept) {
        self.pictures.push(picture);
    }

    /// The numbers fit each other, as they do in a state that was saved.
    pub(super) fn is_sound(&self, width: usize, height: usize) -> bool {
        let mut pictures = self.pictures.iter().chain(&self.before);
        (self.width, self.height) == (width, height)
            && pictures.all(|kept| kept.ycrcb.len() == 3 * width * height)
    }

    /// Another view begins: what was seen before says nothing of it.
    pub(super) fn forget(&mut self) {
        self.before.clear();
    }

    /// Looks at all kept pictures, gives what moves in each, and begins the next stretch.
    pub(super) fn detect(
        &mut self,
        settings: &MotionSettings,
        threads: usize,
    ) -> opencv::Result<Vec<Looked>> {
        let pictures = std::mem::take(&mut self.pictures);
        let Some(newest) = pictures.last().map(|kept| kept.t) else { return Ok(Vec::new()) };
        let size = (self.width, self.height);
        let poses = self.before.iter().chain(&pictures).map(|kept| &kept.stage_from_image);
        let view = View::of(size, poses, &pictures[pictures.len() / 2].stage_from_image);
        let split = !matches!(view, View::Moving);
        // in order of time
        let mut chosen: Vec<&Kept> = self.before.iter().collect();
        chosen.extend(spread_over(&pictures, settings.samples));
        let found = if split && chosen.len() < FEWEST_SAMPLES {
            pictures.iter().map(|_| None).collect()
        } else {
            before_view(&view, size, &chosen, &pictures, settings, threads)?
        };
        let looked = self.looked(&pictures, &found, split, settings, threads);
        let lookback_ns = Time::from_s(settings.lookahead_s).0;
        let mut before = std::mem::take(&mut self.before);
        before.retain(|kept| newest - kept.t < lookback_ns);
        before.extend(pictures);
        self.before = spread_in_time(before, settings.samples / HANDED_ON);
        Ok(looked)
    }

    fn looked(
        &self,
        pictures: &[Kept],
        pieces: &[Option<Vec<Piece>>],
        split: bool,
        settings: &MotionSettings,
        threads: usize,
    ) -> Vec<Looked> {
        let size = (self.width, self.height);
        let lone: Vec<&Piece> = pieces
            .iter()
            .flatten()
            .flatten()
            .filter(|p| !p.touches_border(self.width, self.height))
            .collect();
        let silhouette = if split { Silhouette::learn(&lone, self.height) } else { None };
        let things = in_parallel(pieces, threads, |pieces| {
            things_in(pieces.as_deref().unwrap_or_default(), silhouette.as_ref(), size, settings)
        });
        pictures
            .iter()
            .zip(pieces.iter().zip(things))
            .map(|(kept, (pieces, found))| Looked {
                t: kept.t,
                frame_index: kept.frame_index,
                found,
                covered: pieces.is_some(),
            })
            .collect()
    }
}

/// The pieces that differ in each picture, from the background that the samples show or from its neighbours in time; none
/// where there is nothing to compare with.
fn before_view(
    view: &View,
    size: (usize, usize),
    samples: &[&Kept],
    pictures: &[Kept],
    settings: &MotionSettings,
    threads: usize,
) -> opencv::Result<Vec<Option<Vec<Piece>>>> {
    let pieces = |differs: Option<Foreground>| pieces_of(differs, size, settings);
    match view {
        View::Still => {
            let background = still_background(samples, size, settings, threads)?;
            in_parallel(pictures, threads, |kept| {
                foreground(&kept.ycrcb, &background, settings).map(|differs| pieces(Some(differs)))
            })
        }
        View::Wide(canvas_from_stage, canvas) => {
            let background = wide_background(samples, size, canvas_from_stage, *canvas, settings, threads)?;
            in_parallel(pictures, threads, |kept| {
                let canvas_from_image = canvas_from_stage * kept.stage_from_image;
                let seen = background.seen_from(&canvas_from_image, size.0, size.1)?;
                foreground_of_misfit(&kept.ycrcb, &seen, settings).map(|differs| pieces(Some(differs)))
            })
        }
        View::Moving => in_parallel(pictures, threads, |own| {
            let near =
                |kept: &&Kept| kept.t != own.t && Time(kept.t.ns_since(own.t).abs()).as_s() <= FARTHEST_S;
            let near: Vec<&Kept> = pictures.iter().filter(near).collect();
            before_neighbours(own, &near, size, settings).map(pieces)
        }),
    }
    .into_iter()
    .collect()
}

/// At most `n` of the items, spread evenly, the first and the last among them.
pub(super) fn spread_over<T>(items: &[T], n: usize) -> Vec<&T> {
    if items.len() <= n {
        return items.iter().collect();
    }
    (0..n).filter_map(|i| items.get(i * (items.len() - 1) / (n - 1).max(1))).collect()
}

/// At most `n` of the pictures, spread evenly over their time: of each of `n` equal parts the first.
fn spread_in_time(pictures: Vec<Kept>, n: usize) -> Vec<Kept> {
    let Some((first, last)) = pictures.first().zip(pictures.last()).map(|(a, b)| (a.t, b.t)) else {
        return pictures;
    };
    if pictures.len() <= n {
        return pictures;
    }
    let part = |t: Time| (t - first) as i128 * n as i128 / ((last - first) as i128 + 1);
    let mut taken = -1;
    pictures
        .into_iter()
        .filter(|kept| {
            let part = part(kept.t);
            let new = part > taken;
            taken = taken.max(part);
            new
        })
        .collect()
}
