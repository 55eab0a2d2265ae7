//! Live: what a thing leaves in the background that was learnt while it stood there, is told from a thing at once.

use super::MotionSettings;
use super::background::Background;
use super::foreground::{Foreground, labelled};

/// Two pictures that were not long ago, and this one: what changed in neither time stands still. The nearer and the farther age,
/// in seconds.
pub(super) const AGES_S: [f64; 2] = [0.3, 0.6];
/// Change of a channel that is none, in multiples of the noise.
const UNCHANGED: f64 = 3.0;
/// Share of the outline beyond which the ground must lie open, and the fewest pixels of it.
const OPEN_SHARE: f64 = 0.3;
const FEWEST_OPEN: u32 = 8;
/// How much more the background must change across the outline than the picture, as for ghosts of a whole stretch.
const STEEPER: f64 = 1.5;
/// Pixels inside and outside of the outline that are compared: beyond what blurs it.
const INSIDE: isize = 2;
const OUTSIDE: isize = 3;

/// Takes out of the foreground what agrees with the open ground around it while the background does not: the background shows a
/// thing that went, or its shadow, and takes over the picture there. `before`: pictures of the same view, some moments older, by
/// which parts that stand still are told from a thing that is about to leave them. Returns how many pieces were such.
///
/// What is there has an outline in the picture; what was left behind has one in the background alone. Cucchiara et al.
/// (*Detecting moving objects, ghosts, and shadows in video streams*, 2003) tell the two by motion, [`super::foreground::repair_ghosts`] by
/// gradients of a whole piece; the steps of colour from inside to open ground say it also of a part.
pub(super) fn forget_left_behind(
    background: &mut Background,
    found: &mut Foreground,
    ycrcb: &[u8],
    before: Option<[&[u8]; 2]>,
    settings: &MotionSettings,
) -> opencv::Result<usize> {
    let most = (UNCHANGED * settings.noise_floor) as i32;
    let mut forgotten = 0;
    if let Some(before) = before {
        let stands = |i: usize| {
            let near = |was: &[u8], c: usize| (i32::from(ycrcb[c]) - i32::from(was[c])).abs() <= most;
            before.iter().all(|was| (3 * i..3 * i + 3).all(|c| near(was, c)))
        };
        let still = found.mask.iter().enumerate().map(|(i, inside)| u8::from(*inside != 0 && stands(i)));
        let still: Vec<u8> = still.collect();
        forgotten += forget_among(&still, background, found, ycrcb, settings)?;
    }
    let whole = found.mask.clone();
    Ok(forgotten + forget_among(&whole, background, found, ycrcb, settings)?)
}

/// The same for the connected pieces of a part of the foreground.
fn forget_among(
    mask: &[u8],
    background: &mut Background,
    found: &mut Foreground,
    ycrcb: &[u8],
    settings: &MotionSettings,
) -> opencv::Result<usize> {
    let (width, height) = (found.width, found.height);
    let smallest = settings.smallest_share * (width * height) as f64;
    if (mask.iter().filter(|inside| **inside != 0).count() as f64) < smallest {
        return Ok(0);
    }
    let (labels, stats) = labelled(mask, width, height)?;
    let mut forgotten = 0;
    for (label, [left, top, piece_width, piece_height, area]) in stats.into_iter().enumerate().skip(1) {
        if (area as f64) < smallest {
            continue;
        }
        let label = label as i32;
        let box_of = |margin: usize| {
            let rows = top.saturating_sub(margin)..(top + piece_height + margin).min(height);
            let columns = left.saturating_sub(margin)..(left + piece_width + margin).min(width);
            rows.flat_map(move |y| columns.clone().map(move |x| (x, y)))
        };
        let is_inside = |x: usize, y: usize| labels[y * width + x] == label;
        let (mut of_picture, mut of_background, mut n_open, mut n_rim) = (0.0, 0.0, 0_u32, 0_u32);
        for (x, y) in box_of(0).filter(|(x, y)| is_inside(*x, *y)) {
            for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
                let at = |steps: isize| {
                    let x = x.checked_add_signed(dx * steps).filter(|x| *x < width)?;
                    Some((x, y.checked_add_signed(dy * steps).filter(|y| *y < height)?))
                };
                if at(1).is_none_or(|(x, y)| is_inside(x, y)) {
                    continue;
                }
                n_rim += 1;
                let Some((x, y)) = at(OUTSIDE) else { continue };
                let outside = y * width + x;
                if found.mask[outside] != 0 || !background.known[outside] {
                    continue;
                }
                let inside = at(-INSIDE).filter(|(x, y)| is_inside(*x, *y)).or(at(0));
                let Some(inside) = inside.map(|(x, y)| y * width + x) else { continue };
                n_open += 1;
                of_picture +=
                    step(|c| f32::from(ycrcb[3 * inside + c]), |c| f32::from(ycrcb[3 * outside + c]));
                of_background += step(|c| background.usual(inside)[c], |c| background.usual(outside)[c]);
            }
        }
        let n = f64::from(n_open);
        let open = n_open >= FEWEST_OPEN && n >= OPEN_SHARE * f64::from(n_rim);
        if !open || of_background <= STEEPER * (of_picture + n * settings.noise_floor) {
            continue;
        }
        forgotten += 1;
        // the outline is blurred: a pixel more on all sides, where nothing else stands
        let near = |x: usize, y: usize| {
            (y.saturating_sub(1)..(y + 2).min(height))
                .any(|y| (x.saturating_sub(1)..(x + 2).min(width)).any(|x| is_inside(x, y)))
        };
        for (x, y) in box_of(1).filter(|(x, y)| near(*x, *y)) {
            let i = y * width + x;
            if is_inside(x, y) || found.mask[i] == 0 {
                background.replace(i, [ycrcb[3 * i], ycrcb[3 * i + 1], ycrcb[3 * i + 2]]);
                found.mask[i] = 0;
            }
        }
    }
    Ok(forgotten)
}

/// Difference of two colours, over all channels.
fn step(a: impl Fn(usize) -> f32, b: impl Fn(usize) -> f32) -> f64 {
    (0..3).map(|c| f64::from((a(c) - b(c)).abs())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 48;
    const HEIGHT: usize = 32;

    fn picture(thing: Option<(usize, usize)>) -> Vec<u8> {
        let at = |x: usize, y: usize| match thing {
            Some((left, top)) if (left..left + 10).contains(&x) && (top..top + 16).contains(&y) => 40,
            _ => 200,
        };
        (0..WIDTH * HEIGHT).flat_map(|i| [at(i % WIDTH, i / WIDTH), 128, 128]).collect()
    }

    fn empty() -> Background {
        let ground = vec![[200.0_f32, 128.0, 128.0]; WIDTH * HEIGHT];
        let (spread, known) = (vec![[1.0; 3]; WIDTH * HEIGHT], vec![true; WIDTH * HEIGHT]);
        Background { width: WIDTH, height: HEIGHT, lower: ground.clone(), upper: ground, spread, known }
    }

    /// How many pieces are told to be left behind, and what is found after that.
    fn forgotten(background: &mut Background, now: &[u8], before: [&[u8]; 2]) -> (usize, f64) {
        let settings = MotionSettings::default();
        let mut found = super::super::foreground::foreground(now, background, &settings).unwrap();
        assert!(found.share() > 0.05);
        let n = forget_left_behind(background, &mut found, now, Some(before), &settings).unwrap();
        (n, found.share())
    }

    #[test]
    fn what_was_left_behind_is_forgotten_and_what_stands_is_kept() {
        let (there, gone) = (picture(Some((10, 8))), picture(None));
        let mut background = empty();
        assert_eq!(forgotten(&mut background, &there, [&there, &there]).0, 0);
        for i in 0..WIDTH * HEIGHT {
            background.replace(i, [there[3 * i], 128, 128]);
        }
        assert_eq!(forgotten(&mut background, &gone, [&gone, &gone]), (1, 0.0));
        assert_eq!(background.usual(12 * WIDTH + 14)[0], 200.0);
    }

    #[test]
    fn where_somebody_has_moved_to_is_no_ghost() {
        let (there, beside) = (picture(Some((10, 8))), picture(Some((26, 8))));
        let mut background = empty();
        for i in 0..WIDTH * HEIGHT {
            background.replace(i, [there[3 * i], 128, 128]);
        }
        let (n, left) = forgotten(&mut background, &beside, [&there, &there]);
        assert!(n == 1 && left > 0.05, "{n} {left}");
    }

    #[test]
    fn of_one_who_has_just_moved_off_the_part_that_lies_open_is_forgotten() {
        // it has moved by half of its width, and what it left touches it
        let (there, gone) = (picture(Some((10, 8))), picture(Some((15, 8))));
        let mut background = empty();
        for i in 0..WIDTH * HEIGHT {
            background.replace(i, [there[3 * i], 128, 128]);
        }
        let half = |background: &mut Background| forgotten(background, &gone, [&gone, &gone]);
        assert_eq!(half(&mut background).0, 1);
        assert_eq!(background.usual(12 * WIDTH + 12)[0], 200.0);
        assert_eq!(background.usual(12 * WIDTH + 17)[0], 40.0);
    }
}
