//! Moving discs: a clip of discs that fly straight, bounce off the walls, and are known exactly in every picture (the clip that people
//! draw with matplotlib; CATER-like motion without a third dimension).
//!
//! All motion is in whole numbers (1/65536 pixel), so that tracks are the same on every machine. Pictures are drawn disc by disc with
//! exact coverage to 1/256; only what discs covered is drawn anew from picture to picture.

use chronotope_world::{Picture, Time};

use crate::canvas::{BoxPx, Color, palette};
use crate::error::{range, range_f64};
use crate::{Error, Stream};

/// What a clip may be.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscsSettings {
    /// Discs; 1 to 64.
    pub discs: u16,
    /// Pictures; 1 to 100,000.
    pub pictures: u32,
    /// Pictures a second; 1 to 240.
    pub fps: u32,
    /// Side of the square picture, in pixels; 32 to 2048.
    pub side_px: u32,
    /// Smallest radius, in pixels; 2 to a quarter of the side.
    pub min_radius_px: f64,
    /// Greatest radius, in pixels; `min_radius_px` to a quarter of the side.
    pub max_radius_px: f64,
    /// Greatest speed, in pixels a picture; 0 to 32.
    pub max_speed_px: f64,
    /// Whether discs bounce off each other (equal masses, along the line of their centres); else they pass.
    pub collide: bool,
}

impl Default for DiscsSettings {
    fn default() -> DiscsSettings {
        DiscsSettings {
            discs: 10,
            pictures: 60,
            fps: 30,
            side_px: 256,
            min_radius_px: 7.0,
            max_radius_px: 16.0,
            max_speed_px: 4.0,
            collide: false,
        }
    }
}

impl DiscsSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("discs", self.discs, 1..=64)?;
        range("pictures", self.pictures, 1..=100_000)?;
        range("fps", self.fps, 1..=240)?;
        range("side_px", self.side_px, 32..=2048)?;
        let quarter = f64::from(self.side_px) / 4.0;
        range_f64("min_radius_px", self.min_radius_px, 2.0, quarter)?;
        range_f64("max_radius_px", self.max_radius_px, self.min_radius_px, quarter)?;
        range_f64("max_speed_px", self.max_speed_px, 0.0, 32.0)
    }
}

/// Units of length in a pixel.
const UNIT: f64 = 65_536.0;

/// A disc and where it is in every picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Disc {
    /// Colour, and its name; names repeat where there are more than nine discs.
    pub color: Color,
    /// The colour's name.
    pub color_name: &'static str,
    /// Radius in 1/65536 pixel.
    radius: i64,
    /// Centres in 1/65536 pixel.
    centers: Vec<[i64; 2]>,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// First picture after it.
    pub picture: u32,
    /// The disc.
    pub disc: u16,
    /// The other disc, or none for a wall.
    pub other: Option<u16>,
}

/// A clip with its tracks.
#[derive(Clone, Debug, PartialEq)]
pub struct Discs {
    side_px: u32,
    fps: u32,
    all: Vec<Disc>,
    bounces: Vec<Bounce>,
}

impl Disc {
    /// Centre in a picture, in pixels; the last for a number past the end.
    pub fn center(&self, picture: usize) -> [f64; 2] {
        let at = self.centers.get(picture).or(self.centers.last()).copied().unwrap_or_default();
        at.map(|c| c as f64 / UNIT)
    }

    /// Radius in pixels.
    pub fn radius_px(&self) -> f64 {
        self.radius as f64 / UNIT
    }

    /// Its box in a picture.
    pub fn box_px(&self, picture: usize) -> BoxPx {
        let [x, y] = self.center(picture);
        let r = self.radius_px();
        BoxPx { left: (x - r) as f32, top: (y - r) as f32, width: (2.0 * r) as f32, height: (2.0 * r) as f32 }
    }
}

impl Discs {
    /// A clip. Discs begin apart from each other where there is room.
    ///
    /// # Errors
    /// Settings outside of their ranges; discs that have no room beside each other in 10,000 attempts.
    pub fn generate(stream: &mut Stream, settings: &DiscsSettings) -> Result<Discs, Error> {
        const ATTEMPTS: u32 = 10_000;
        settings.check()?;
        let side = (f64::from(settings.side_px) * UNIT) as i64;
        let whole = |px: f64| (px * UNIT) as i64;
        let mut state: Vec<([i64; 2], [i64; 2], i64)> = Vec::with_capacity(settings.discs.into());
        let mut failed = 0;
        while state.len() < usize::from(settings.discs) {
            let radius = stream.between(whole(settings.min_radius_px), whole(settings.max_radius_px));
            let center = [0; 2].map(|_: i32| stream.between(radius, side - radius));
            let apart = state.iter().all(|&(other, _, other_radius)| {
                let (dx, dy, reach) = (center[0] - other[0], center[1] - other[1], radius + other_radius);
                dx * dx + dy * dy >= reach * reach
            });
            if apart {
                let most = whole(settings.max_speed_px);
                state.push((center, [0; 2].map(|_: i32| stream.between(-most, most)), radius));
            } else {
                failed += 1;
                if failed == ATTEMPTS {
                    let reason = "discs: no room beside each other".to_owned();
                    return Err(Error::Exhausted { what: "moving discs", attempts: ATTEMPTS, reason });
                }
            }
        }
        let mut names: Vec<usize> = (0..state.len()).collect();
        stream.shuffle(&mut names);
        let mut discs: Vec<Disc> = state
            .iter()
            .zip(&names)
            .map(|(&(_, _, radius), &name)| {
                let (color_name, color) = palette::NAMED[name % palette::NAMED.len()];
                Disc { color, color_name, radius, centers: Vec::with_capacity(settings.pictures as usize) }
            })
            .collect();
        let mut bounces = Vec::new();
        for picture in 0..settings.pictures {
            if picture > 0 {
                advance(&mut state, side, settings.collide, picture, &mut bounces);
            }
            for (disc, &(center, ..)) in discs.iter_mut().zip(&state) {
                disc.centers.push(center);
            }
        }
        Ok(Discs { side_px: settings.side_px, fps: settings.fps, all: discs, bounces })
    }

    /// The discs, in the order in which they are drawn.
    pub fn discs(&self) -> &[Disc] {
        &self.all
    }

    /// What bounced off what, in order of time.
    pub fn bounces(&self) -> &[Bounce] {
        &self.bounces
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.all.first().map_or(0, |disc| disc.centers.len())
    }

    /// Never: a clip has at least one picture.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One picture; the last for a number past the end.
    pub fn picture(&self, picture: usize) -> Picture {
        let mut sheet = self.blank();
        self.draw(picture.min(self.len() - 1), &mut sheet);
        sheet
    }

    /// Calls back with each picture in turn; all in one buffer, which the caller may keep for the next clip of this size.
    pub fn play(&self, buffer: Option<Picture>, mut then: impl FnMut(&Picture)) -> Picture {
        let size = (self.side_px * self.side_px * 3) as usize;
        let mut sheet = match buffer {
            Some(mut kept) if kept.rgb.len() == size => {
                kept.rgb.fill(255);
                kept
            }
            _ => self.blank(),
        };
        for picture in 0..self.len() {
            if picture > 0 {
                for disc in &self.all {
                    self.clear(disc, picture - 1, &mut sheet);
                }
            }
            self.draw(picture, &mut sheet);
            then(&sheet);
        }
        sheet
    }

    fn blank(&self) -> Picture {
        let size = (self.side_px * self.side_px * 3) as usize;
        Picture {
            t: Time(0),
            frame_index: 0,
            width: self.side_px,
            height: self.side_px,
            rgb: vec![255; size],
        }
    }

    fn draw(&self, picture: usize, sheet: &mut Picture) {
        sheet.frame_index = picture as u32;
        sheet.t =
            Time((picture as i64 * 1_000_000_000 + i64::from(self.fps) / 2) / i64::from(self.fps.max(1)));
        for disc in &self.all {
            if let Some(&center) = disc.centers.get(picture) {
                draw_disc(sheet, center, disc.radius, disc.color);
            }
        }
    }

    fn clear(&self, disc: &Disc, picture: usize, sheet: &mut Picture) {
        let Some(&[x, y]) = disc.centers.get(picture) else { return };
        let side = i64::from(self.side_px);
        let span =
            |c: i64| ((c - disc.radius) >> 16).clamp(0, side)..(((c + disc.radius) >> 16) + 1).clamp(0, side);
        let columns = span(x);
        for row in span(y) {
            let bytes =
                ((row * side + columns.start) * 3) as usize..((row * side + columns.end) * 3) as usize;
            if let Some(bytes) = sheet.rgb.get_mut(bytes) {
                bytes.fill(255);
            }
        }
    }
}

/// Everything a picture later: straight on, mirrored at the walls, and, if wished, apart from each other where they touch.
fn advance(
    state: &mut [([i64; 2], [i64; 2], i64)],
    side: i64,
    collide: bool,
    picture: u32,
    bounces: &mut Vec<Bounce>,
) {
    for (number, (center, speed, radius)) in state.iter_mut().enumerate() {
        for axis in 0..2 {
            center[axis] += speed[axis];
            let (low, high) = (*radius, side - *radius);
            if center[axis] < low || center[axis] > high {
                center[axis] =
                    if center[axis] < low { 2 * low - center[axis] } else { 2 * high - center[axis] };
                center[axis] = center[axis].clamp(low, high);
                speed[axis] = -speed[axis];
                bounces.push(Bounce { picture, disc: number as u16, other: None });
            }
        }
    }
    if !collide {
        return;
    }
    for a in 0..state.len() {
        for b in a + 1..state.len() {
            let (pa, va, ra) = state[a];
            let (pb, vb, rb) = state[b];
            let (dx, dy) = (pb[0] - pa[0], pb[1] - pa[1]);
            let (far, reach) = (dx * dx + dy * dy, ra + rb);
            let closing = (vb[0] - va[0]) * dx + (vb[1] - va[1]) * dy;
            if far < reach * reach && far > 0 && closing < 0 {
                // equal masses exchange their speeds along the line of centres
                let part = |d: i64| (i128::from(closing) * i128::from(d) / i128::from(far)) as i64;
                let (ex, ey) = (part(dx), part(dy));
                state[a].1 = [va[0] + ex, va[1] + ey];
                state[b].1 = [vb[0] - ex, vb[1] - ey];
                bounces.push(Bounce { picture, disc: a as u16, other: Some(b as u16) });
            }
        }
    }
}

/// A disc with soft edges: the share of a pixel that is covered is how far its middle lies inside of the rim, from −½ to ½ pixel.
fn draw_disc(sheet: &mut Picture, [cx, cy]: [i64; 2], radius: i64, color: Color) {
    let side = i64::from(sheet.width);
    // sixteenths of a pixel are enough for coverage and keep squares small
    let (cx, cy, r) = ((cx >> 8) as i32, (cy >> 8) as i32, (radius >> 8) as i32);
    let rgb = [color.r, color.g, color.b];
    let (inner, outer) = ((r - 128).max(0), r + 128);
    let (inner2, outer2) = (i64::from(inner) * i64::from(inner), i64::from(outer) * i64::from(outer));
    let first = i64::from((cy - outer) >> 8).max(0);
    let last = i64::from((cy + outer) >> 8).min(side - 1);
    for row in first..=last {
        let dy = i64::from((row as i32 * 256 + 128) - cy);
        let rest = outer2 - dy * dy;
        if rest <= 0 {
            continue;
        }
        let half = rest.isqrt();
        let left = ((i64::from(cx) - half) >> 8).max(0);
        let right = ((i64::from(cx) + half) >> 8).min(side - 1);
        // pixels whose middle lies within the inner circle are full
        let core = inner2 - dy * dy;
        let (full_left, full_right) = if core > 0 {
            let half = core.isqrt();
            (((i64::from(cx) - half + 127) >> 8).max(left), ((i64::from(cx) + half - 128) >> 8).min(right))
        } else {
            (right + 1, right)
        };
        let start = (row * side * 3) as usize;
        let Some(line) = sheet.rgb.get_mut(start..start + (side * 3) as usize) else { continue };
        let mut edge = |column: i64| {
            let dx = (column * 256 + 128) - i64::from(cx);
            let far = (dx * dx + dy * dy).isqrt();
            let cover = (i64::from(outer) - far).clamp(0, 256) as u32;
            if let Some(pixel) = line.get_mut(column as usize * 3..column as usize * 3 + 3) {
                for (below, over) in pixel.iter_mut().zip(rgb) {
                    *below = ((u32::from(*below) * (256 - cover) + u32::from(over) * cover + 128) >> 8) as u8;
                }
            }
        };
        if full_left > full_right {
            (left..=right).for_each(&mut edge);
        } else {
            (left..full_left).for_each(&mut edge);
            (full_right + 1..=right).for_each(&mut edge);
            if let Some(pixels) = line.get_mut(full_left as usize * 3..(full_right as usize + 1) * 3) {
                for pixel in pixels.chunks_exact_mut(3) {
                    pixel.copy_from_slice(&rgb);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::trial;

    #[test]
    fn tracks_are_straight_between_bounces_and_stay_inside() {
        for collide in [false, true] {
            let settings = DiscsSettings { pictures: 300, collide, ..Default::default() };
            let clip = Discs::generate(&mut Stream::of_item("discs", "test", 1, 0), &settings).unwrap();
            assert!(clip.bounces().iter().any(|bounce| bounce.other.is_some()) == collide);
            for (number, disc) in clip.discs().iter().enumerate() {
                for picture in 2..clip.len() {
                    let [a, b, c] = [2, 1, 0].map(|back| disc.centers[picture - back]);
                    let bounced = clip.bounces().iter().any(|bounce| {
                        (picture - 1..=picture).contains(&(bounce.picture as usize))
                            && (usize::from(bounce.disc) == number || bounce.other == Some(number as u16))
                    });
                    assert!(
                        bounced || (b[0] - a[0] == c[0] - b[0] && b[1] - a[1] == c[1] - b[1]),
                        "{number} {picture}"
                    );
                    let seen = disc.box_px(picture);
                    assert!(seen.left >= 0.0 && seen.top + seen.height <= 256.001);
                }
            }
        }
    }

    #[test]
    fn a_disc_covers_its_area() {
        let mut sheet =
            Picture { t: Time(0), frame_index: 0, width: 64, height: 64, rgb: vec![255; 64 * 64 * 3] };
        draw_disc(
            &mut sheet,
            [(31.3 * UNIT) as i64, (30.8 * UNIT) as i64],
            (10.0 * UNIT) as i64,
            Color::hex(0),
        );
        let dark: f64 = sheet.rgb.chunks(3).map(|pixel| f64::from(255 - pixel[0]) / 255.0).sum();
        assert!((dark - std::f64::consts::PI * 100.0).abs() < 2.0, "{dark}");
    }

    #[test]
    fn a_played_picture_is_the_one_drawn_alone() {
        let clip =
            Discs::generate(&mut Stream::of_item("discs", "test", 1, 1), &DiscsSettings::default()).unwrap();
        let mut number = 0;
        clip.play(None, |picture| {
            assert_eq!(*picture, clip.picture(number));
            number += 1;
        });
        assert_eq!(number, 60);
        assert_eq!(trial::fingerprint(&clip.picture(59).rgb), GOLDEN);
    }

    const GOLDEN: u64 = 17189859449662000644;

    #[test]
    fn more_discs_than_fit_are_refused() {
        let settings =
            DiscsSettings { discs: 64, min_radius_px: 40.0, max_radius_px: 50.0, ..Default::default() };
        let error = Discs::generate(&mut Stream::named(&["x"]), &settings).unwrap_err();
        assert!(error.to_string().contains("no room"), "{error}");
    }
}
