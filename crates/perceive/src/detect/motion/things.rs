//! From patches that differ to things: fragments joined, groups divided.

use super::MotionSettings;
use super::foreground::{Foreground, Piece};
use super::silhouette::{Place, Silhouette};

/// One thing, in pixels of the analysis size.
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) score: f64,
}

/// Where more of the picture differs, the background is wrong rather than the picture full of things.
const MOST_FOREGROUND: f64 = 0.6;

/// The connected pieces of what differs; none where there was no background, or too much differs for it to be one.
pub(super) fn pieces_of(
    foreground: Option<Foreground>,
    (width, height): (usize, usize),
    settings: &MotionSettings,
) -> Option<Vec<Piece>> {
    let foreground = foreground.filter(|f| f.share() <= MOST_FOREGROUND)?;
    foreground.pieces(settings.smallest_share * (width * height) as f64, settings.strong).ok()
}

/// The things that the pieces are; with a model of what one looks like, groups are divided and fragments dropped.
pub(super) fn things_in(
    pieces: &[Piece],
    silhouette: Option<&Silhouette>,
    size: (usize, usize),
    settings: &MotionSettings,
) -> Vec<Found> {
    match silhouette {
        Some(model) => told_apart(pieces, model, size, settings),
        None => unnested(&rejoined(pieces), settings),
    }
}

/// Patches of several things divided, fragments of one dropped.
fn told_apart(
    pieces: &[Piece],
    model: &Silhouette,
    (picture_width, picture_height): (usize, usize),
    settings: &MotionSettings,
) -> Vec<Found> {
    let mut found = Vec::new();
    for piece in pieces {
        let foot = piece.bottom() as f64;
        let [width, height] = model.size_at(foot);
        let area = piece.area as f64 / model.area_at(foot);
        let larger = piece.width as f64 > 1.4 * width || piece.height as f64 > 1.25 * height || area > 1.5;
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
        if area < 0.25 && !piece.touches_border(picture_width, picture_height) {
            continue;
        }
        found.push(whole(piece, settings));
    }
    found
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
