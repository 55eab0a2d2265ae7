//! A stretch of video that is looked at as a whole: its background, then what moves before it.

use super::background::{Background, FEWEST_SAMPLES, Sample, sample_in};
use super::foreground::{Foreground, Piece, foreground, foreground_of_misfit, repair_ghosts};
use super::silhouette::{Place, Silhouette};
use super::{MotionSettings, in_parallel};
use chronotope_world::Time;
use nalgebra::{Matrix3, Vector3};

/// One picture at analysis size.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) t: Time,
    pub(super) frame_index: u32,
    /// Three bytes a pixel.
    pub(super) ycrcb: Vec<u8>,
    /// In pixels of the analysis size.
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

/// One thing, in pixels of the analysis size.
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) score: f64,
}

/// The pictures of a stretch, and some of the stretch before it in the same shot.
pub(super) struct Stretch {
    width: usize,
    height: usize,
    pictures: Vec<Kept>,
    before: Vec<Kept>,
}

/// How the camera moves over a stretch decides what its pictures are compared with.
enum View {
    /// Not at all.
    Still,
    /// Within one view that a single flat picture can hold, of this size; `canvas_from_stage`.
    Wide(Matrix3<f64>, usize, usize),
    /// Farther: only neighbours in time show the same place.
    Moving,
}

/// Displacement of a corner that is none, in pixels.
const STILL_PX: f64 = 0.5;
/// Largest wide view, in areas of the picture; beyond it depth bends what a homography holds together.
const WIDEST: f64 = 2.0;
/// Where more of the picture differs, the background is wrong rather than the picture full of things.
const MOST_FOREGROUND: f64 = 0.6;
/// Neighbours in time that a moving view is compared with, and the farthest of them in seconds. A thing that moves by its
/// own size within this is told from the scene.
const NEIGHBOURS: usize = 12;
const FARTHEST_S: f64 = 1.5;
/// Share of a stretch's samples that are handed on to the next stretch.
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
        if pictures.is_empty() {
            return Ok(Vec::new());
        }
        let view = self.view(&pictures);
        let split = !matches!(view, View::Moving);
        let found = match view {
            View::Still => self.before_still(&pictures, settings, threads)?,
            View::Wide(canvas_from_stage, width, height) => {
                self.before_wide(&pictures, &canvas_from_stage, (width, height), settings, threads)?
            }
            View::Moving => self.before_moving(&pictures, settings, threads)?,
        };
        let looked = self.looked(&pictures, found, split, settings, threads);
        self.before = spread_over(&pictures, settings.samples / HANDED_ON).into_iter().cloned().collect();
        Ok(looked)
    }

    fn view(&self, pictures: &[Kept]) -> View {
        let (w, h) = (self.width as f64, self.height as f64);
        let middle = pictures[pictures.len() / 2].stage_from_image;
        let Some(middle_from_stage) = middle.try_inverse() else { return View::Moving };
        let (mut left, mut top, mut right, mut bottom) = (0.0_f64, 0.0_f64, w, h);
        let mut farthest = 0.0_f64;
        for picture in self.before.iter().chain(pictures) {
            let middle_from_image = middle_from_stage * picture.stage_from_image;
            for (x, y) in [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)] {
                let p = middle_from_image * Vector3::new(x, y, 1.0);
                if p.z <= 0.1 {
                    return View::Moving;
                }
                let (px, py) = (p.x / p.z, p.y / p.z);
                farthest = farthest.max(libm::hypot(px - x, py - y));
                (left, top) = (left.min(px), top.min(py));
                (right, bottom) = (right.max(px), bottom.max(py));
            }
        }
        if farthest <= STILL_PX {
            return View::Still;
        }
        let (left, top) = (left.floor(), top.floor());
        let (width, height) = ((right - left).ceil(), (bottom - top).ceil());
        let small_enough = width * height <= WIDEST * w * h;
        if !small_enough {
            return View::Moving;
        }
        let shift = Matrix3::new(1.0, 0.0, -left, 0.0, 1.0, -top, 0.0, 0.0, 1.0);
        View::Wide(shift * middle_from_stage, width as usize, height as usize)
    }

    fn before_still(
        &self,
        pictures: &[Kept],
        settings: &MotionSettings,
        threads: usize,
    ) -> opencv::Result<Vec<Option<Foreground>>> {
        let samples: Vec<Sample> = self
            .chosen(pictures, settings)
            .into_iter()
            .map(|kept| Sample { ycrcb: kept.ycrcb.clone(), reached: None })
            .collect();
        if samples.len() < FEWEST_SAMPLES {
            return Ok(pictures.iter().map(|_| None).collect());
        }
        let mut background = Background::mode_of(&samples, self.width, self.height, threads);
        for sample in &samples {
            repair_ghosts(&mut background, &sample.ycrcb, None, settings)?;
        }
        in_parallel(pictures, threads, |kept| foreground(&kept.ycrcb, &background, settings).map(Some))
            .into_iter()
            .collect()
    }

    fn before_wide(
        &self,
        pictures: &[Kept],
        canvas_from_stage: &Matrix3<f64>,
        (width, height): (usize, usize),
        settings: &MotionSettings,
        threads: usize,
    ) -> opencv::Result<Vec<Option<Foreground>>> {
        let size = (self.width, self.height);
        let chosen = self.chosen(pictures, settings);
        if chosen.len() < FEWEST_SAMPLES {
            return Ok(pictures.iter().map(|_| None).collect());
        }
        let samples = in_parallel(&chosen, threads, |kept| {
            let canvas_from_image = canvas_from_stage * kept.stage_from_image;
            match canvas_from_image.try_inverse() {
                Some(image_from_canvas) => sample_in(&kept.ycrcb, size, &image_from_canvas, (width, height)),
                None => {
                    Ok(Sample { ycrcb: vec![0; 3 * width * height], reached: Some(vec![0; width * height]) })
                }
            }
        })
        .into_iter()
        .collect::<opencv::Result<Vec<Sample>>>()?;
        let mut background = Background::mode_of(&samples, width, height, threads);
        for sample in &samples {
            // beyond its border a sample is no difference
            let mut seen = background.clone();
            if let Some(reached) = &sample.reached {
                for (known, reached) in seen.known.iter_mut().zip(reached) {
                    *known &= *reached != 0;
                }
            }
            if repair_ghosts(&mut seen, &sample.ycrcb, sample.reached.as_deref(), settings)? > 0 {
                background = Background { known: background.known, ..seen };
            }
        }
        let background = background.with_tolerance()?;
        in_parallel(pictures, threads, |kept| {
            let seen = background.seen_from(
                &(canvas_from_stage * kept.stage_from_image),
                self.width,
                self.height,
            )?;
            foreground_of_misfit(&kept.ycrcb, &seen, settings).map(Some)
        })
        .into_iter()
        .collect()
    }

    fn before_moving(
        &self,
        pictures: &[Kept],
        settings: &MotionSettings,
        threads: usize,
    ) -> opencv::Result<Vec<Option<Foreground>>> {
        let indices: Vec<usize> = (0..pictures.len()).collect();
        let size = (self.width, self.height);
        in_parallel(&indices, threads, |i| {
            let own = &pictures[*i];
            let near: Vec<&Kept> = pictures
                .iter()
                .filter(|kept| kept.t != own.t && Time(kept.t.ns_since(own.t).abs()).as_s() <= FARTHEST_S)
                .collect();
            let mut samples = Vec::with_capacity(NEIGHBOURS);
            for kept in spread_over(&near, NEIGHBOURS) {
                if let Some(stage_inverse) = kept.stage_from_image.try_inverse() {
                    let neighbour_from_own = stage_inverse * own.stage_from_image;
                    samples.push(sample_in(&kept.ycrcb, size, &neighbour_from_own, size)?);
                }
            }
            if samples.len() < FEWEST_SAMPLES {
                return Ok(None);
            }
            let seen = Background::median_of(&samples, self.width, self.height, 1).with_tolerance()?;
            foreground_of_misfit(&own.ycrcb, &seen, settings).map(Some)
        })
        .into_iter()
        .collect()
    }

    /// The pictures that the background is learnt from, in order of time.
    fn chosen<'a>(&'a self, pictures: &'a [Kept], settings: &MotionSettings) -> Vec<&'a Kept> {
        let mut chosen: Vec<&Kept> = self.before.iter().collect();
        chosen.extend(spread_over(pictures, settings.samples));
        chosen
    }

    fn looked(
        &self,
        pictures: &[Kept],
        found: Vec<Option<Foreground>>,
        split: bool,
        settings: &MotionSettings,
        threads: usize,
    ) -> Vec<Looked> {
        let smallest = settings.smallest_share * (self.width * self.height) as f64;
        let pieces: Vec<Option<Vec<Piece>>> = found
            .into_iter()
            .map(|foreground| {
                let foreground = foreground.filter(|f| f.share() <= MOST_FOREGROUND)?;
                foreground.pieces(smallest, settings.strong).ok()
            })
            .collect();
        let lone: Vec<&Piece> = pieces
            .iter()
            .flatten()
            .flatten()
            .filter(|p| !p.touches_border(self.width, self.height))
            .collect();
        let silhouette = if split { Silhouette::learn(&lone, self.height) } else { None };
        let things = in_parallel(&pieces, threads, |pieces| {
            let pieces = pieces.as_deref().unwrap_or_default();
            match &silhouette {
                Some(model) => self.told_apart(pieces, model, settings),
                None => unnested(&rejoined(pieces), settings),
            }
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

    /// Patches of several things divided, fragments of one dropped.
    fn told_apart(&self, pieces: &[Piece], model: &Silhouette, settings: &MotionSettings) -> Vec<Found> {
        let mut found = Vec::new();
        for piece in pieces {
            let foot = piece.bottom() as f64;
            let [width, height] = model.size_at(foot);
            let area = piece.area as f64 / model.area_at(foot);
            let larger =
                piece.width as f64 > 1.4 * width || piece.height as f64 > 1.25 * height || area > 1.5;
            if larger {
                let places = model.explain(piece);
                if !places.is_empty() {
                    found.extend(
                        places.into_iter().map(|place| Found { place, score: score(piece, place, settings) }),
                    );
                    continue;
                }
            }
            // less than a quarter of a thing, and not because the picture ends there
            if area < 0.25 && !piece.touches_border(self.width, self.height) {
                continue;
            }
            found.push(whole(piece, settings));
        }
        found
    }
}

/// Pieces that stand one on the other along most of their shared width, joined: a body cut by a belt or by a shelf behind
/// it that has its colour. The gap may be a tenth of the smaller piece's height.
fn rejoined(pieces: &[Piece]) -> Vec<Piece> {
    let mut joined: Vec<Piece> = pieces.to_vec();
    let mut i = 0;
    while i < joined.len() {
        match (i + 1..joined.len()).find(|j| is_cut(&joined[i], &joined[*j])) {
            Some(j) => {
                let other = joined.remove(j);
                joined[i] = joined[i].with(&other);
                // the larger piece may now reach one that was passed over
                i = 0;
            }
            None => i += 1,
        }
    }
    joined
}

fn is_cut(a: &Piece, b: &Piece) -> bool {
    let (left, right) = (a.left.max(b.left), a.right().min(b.right()));
    let narrower = a.width.min(b.width);
    if left >= right || 2 * (right - left) < narrower {
        return false;
    }
    let widest_gap = (a.height.min(b.height) / 10).max(2);
    let close = (left..right).filter(|x| a.gap_to(b, *x).is_some_and(|gap| gap <= widest_gap)).count();
    5 * close >= 2 * narrower
}

/// The pieces as they are, less those that lie in the box of a larger one: parts of the same thing.
fn unnested(pieces: &[Piece], settings: &MotionSettings) -> Vec<Found> {
    let inside = |a: &Piece, b: &Piece| {
        let (w, h) = (
            a.right().min(b.right()).saturating_sub(a.left.max(b.left)),
            a.bottom().min(b.bottom()).saturating_sub(a.top.max(b.top)),
        );
        a.area < b.area && (w * h) as f64 >= 0.8 * (a.width * a.height) as f64
    };
    pieces
        .iter()
        .filter(|piece| !pieces.iter().any(|other| inside(piece, other)))
        .map(|piece| whole(piece, settings))
        .collect()
}

fn whole(piece: &Piece, settings: &MotionSettings) -> Found {
    let place = [piece.left as f64, piece.top as f64, piece.width as f64, piece.height as f64];
    Found { place, score: score(piece, place, settings) }
}

/// Share of the box that is foreground, half being full marks, times how clearly it differs.
fn score(piece: &Piece, [left, top, width, height]: Place, settings: &MotionSettings) -> f64 {
    let (mut inside, mut all) = (0_u32, 0_u32);
    for y in top.max(0.0) as usize..(top + height).max(0.0) as usize {
        for x in left.max(0.0) as usize..(left + width).max(0.0) as usize {
            all += 1;
            let within = x >= piece.left && y >= piece.top && x < piece.right() && y < piece.bottom();
            inside += u32::from(within && piece.mask[(y - piece.top) * piece.width + x - piece.left]);
        }
    }
    let fill = f64::from(inside) / f64::from(all.max(1));
    let clear = 1.0 - libm::exp(-piece.contrast / settings.strong);
    (fill / 0.5).min(1.0) * clear
}

/// At most `n` of the items, spread evenly, the first and the last among them.
fn spread_over<T>(items: &[T], n: usize) -> Vec<&T> {
    if items.len() <= n {
        return items.iter().collect();
    }
    (0..n).filter_map(|i| items.get(i * (items.len() - 1) / (n - 1).max(1))).collect()
}
