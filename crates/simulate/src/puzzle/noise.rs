//! Pictures of noise in which a shape is seen by its motion only (SpookyBench, Upadhyay et al., 2025): inside the mask the noise moves
//! one way, outside the other; a single picture tells nothing.

use chronotope_world::{Picture, Time};

use crate::canvas::{Canvas, palette};
use crate::error::{range, range_f64};
use crate::{Error, Stream};

/// Way in which the noise moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Up inside of the mask, down outside.
    Vertical,
    /// Left inside of the mask, right outside.
    Horizontal,
}

/// What the noise may be.
#[derive(Clone, Debug, PartialEq)]
pub struct NoiseSettings {
    /// Side of the square picture, in pixels; 64 to 1024.
    pub side_px: u32,
    /// Side of a grain, in pixels; 1 to 4.
    pub grain_px: u32,
    /// Share of bright grains; 0.1 to 0.9.
    pub density: f64,
    /// Grains that the noise moves by from picture to picture; 1 to 4.
    pub speed: u32,
    /// Way of the motion.
    pub axis: Axis,
    /// Pictures; 2 to 1,200 (official: 30 to 120).
    pub pictures: u32,
    /// Pictures a second; 1 to 240.
    pub fps: u32,
    /// Share of grains drawn anew in each picture, inside and outside alike; 0 to 0.4.
    pub jitter: f64,
    /// Whether the noise outside stands still.
    pub still_ground: bool,
}

impl Default for NoiseSettings {
    fn default() -> NoiseSettings {
        NoiseSettings {
            side_px: 256,
            grain_px: 2,
            density: 0.5,
            speed: 1,
            axis: Axis::Vertical,
            pictures: 60,
            fps: 30,
            jitter: 0.0,
            still_ground: false,
        }
    }
}

impl NoiseSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("side_px", self.side_px, 64..=1024)?;
        range("grain_px", self.grain_px, 1..=4)?;
        range_f64("density", self.density, 0.1, 0.9)?;
        range("speed", self.speed, 1..=4)?;
        range("pictures", self.pictures, 2..=1_200)?;
        range("fps", self.fps, 1..=240)?;
        range_f64("jitter", self.jitter, 0.0, 0.4)
    }
}

/// A shape hidden in noise.
#[derive(Clone, Debug)]
pub struct Noise {
    settings: NoiseSettings,
    grains: usize,
    mask: Vec<bool>,
    inside: Vec<bool>,
    outside: Vec<bool>,
    jitter: Stream,
}

/// What can be hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// A word of up to eight letters, digits or signs.
    Word(String),
    /// A disc.
    Disc,
    /// A square.
    Square,
    /// A triangle.
    Triangle,
    /// A star of five points.
    Star,
    /// A ring.
    Ring,
    /// An arrow to the right.
    Arrow,
}

impl Hidden {
    /// Shapes by name; words are not among them.
    pub const SHAPES: [(&'static str, Hidden); 6] = [
        ("disc", Hidden::Disc),
        ("square", Hidden::Square),
        ("triangle", Hidden::Triangle),
        ("star", Hidden::Star),
        ("ring", Hidden::Ring),
        ("arrow", Hidden::Arrow),
    ];

    /// As a mask of the given side, row by row; true within the shape.
    pub fn mask(&self, side: u32) -> Vec<bool> {
        let mut canvas = Canvas::new(side, side, palette::WHITE);
        let (s, m) = (side as f32, side as f32 / 2.0);
        let ink = palette::INK;
        match self {
            Hidden::Word(word) => {
                let word: String = word.chars().take(8).collect();
                let size = (s * 0.86 / crate::canvas::text_width_em(&word).max(0.1)).min(s * 0.7);
                canvas.text(m, m, size, &word, ink);
            }
            Hidden::Disc => canvas.disc(m, m, s * 0.33, ink),
            Hidden::Square => canvas.rect(s * 0.2, s * 0.2, s * 0.6, s * 0.6, ink),
            Hidden::Triangle => {
                canvas.polygon(&[[m, s * 0.16], [s * 0.86, s * 0.8], [s * 0.14, s * 0.8]], ink);
            }
            Hidden::Star => canvas.star(m, m * 1.04, s * 0.42, ink),
            Hidden::Ring => canvas.ring(m, m, s * 0.38, s * 0.16, ink),
            Hidden::Arrow => {
                canvas.rect(s * 0.12, s * 0.4, s * 0.44, s * 0.2, ink);
                canvas.polygon(&[[s * 0.54, s * 0.2], [s * 0.9, m], [s * 0.54, s * 0.8]], ink);
            }
        }
        let picture = canvas.into_picture();
        picture.rgb.chunks_exact(3).map(|pixel| pixel[0] < 128).collect()
    }
}

impl Noise {
    /// Hides a shape.
    ///
    /// # Errors
    /// Settings outside of their ranges.
    pub fn generate(stream: &mut Stream, hidden: &Hidden, settings: &NoiseSettings) -> Result<Noise, Error> {
        settings.check()?;
        let grains = (settings.side_px / settings.grain_px) as usize;
        // drawn at the picture's size, so that small grains keep smooth edges
        let side = settings.side_px as usize;
        let fine = hidden.mask(settings.side_px);
        let half = settings.grain_px as usize / 2;
        let mask = (0..grains * grains)
            .map(|at| {
                let (x, y) = (at % grains, at / grains);
                let at =
                    (y * settings.grain_px as usize + half) * side + x * settings.grain_px as usize + half;
                fine.get(at).copied().unwrap_or(false)
            })
            .collect();
        let mut texture =
            || (0..grains * grains).map(|_| stream.chance(settings.density)).collect::<Vec<bool>>();
        let (inside, outside) = (texture(), texture());
        Ok(Noise {
            settings: settings.clone(),
            grains,
            mask,
            inside,
            outside,
            jitter: stream.branch("jitter"),
        })
    }

    /// The mask in grains a side, row by row: where the shape is.
    pub fn mask(&self) -> &[bool] {
        &self.mask
    }

    /// Grains a side.
    pub fn grains(&self) -> usize {
        self.grains
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.settings.pictures as usize
    }

    /// Never: there are at least two pictures.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bright grains of a picture, row by row.
    pub fn grains_of(&self, picture: usize) -> Vec<bool> {
        let n = self.grains;
        let shift = picture * self.settings.speed as usize % n;
        let back = if self.settings.still_ground { 0 } else { (n - shift) % n };
        let mut jitter = self.jitter.branch(&picture.to_string());
        let mut all = Vec::with_capacity(n * n);
        for y in 0..n {
            for x in 0..n {
                let inside = self.mask[y * n + x];
                let by = if inside { shift } else { back };
                let at = match self.settings.axis {
                    Axis::Vertical => (y + by) % n * n + x,
                    Axis::Horizontal => y * n + (x + by) % n,
                };
                let texture = if inside { &self.inside } else { &self.outside };
                all.push(texture[at]);
            }
        }
        if self.settings.jitter > 0.0 {
            for grain in &mut all {
                if jitter.chance(self.settings.jitter) {
                    *grain = jitter.chance(self.settings.density);
                }
            }
        }
        all
    }

    /// One picture, black and white.
    pub fn picture(&self, picture: usize) -> Picture {
        let picture = picture.min(self.len() - 1);
        let (n, grain) = (self.grains, self.settings.grain_px as usize);
        let side = n * grain;
        let grains = self.grains_of(picture);
        let mut rgb = Vec::with_capacity(side * side * 3);
        for row in grains.chunks(n) {
            let start = rgb.len();
            for &bright in row {
                let value = if bright { 255 } else { 0 };
                rgb.resize(rgb.len() + 3 * grain, value);
            }
            for _ in 1..grain {
                rgb.extend_from_within(start..start + side * 3);
            }
        }
        let fps = i64::from(self.settings.fps);
        Picture {
            t: Time((picture as i64 * 1_000_000_000 + fps / 2) / fps),
            frame_index: picture as u32,
            width: side as u32,
            height: side as u32,
            rgb,
        }
    }
}

/// The mask as the motion of the grains tells it, from the pictures alone: for each grain, whether the way of the shape or that of the
/// ground explains its neighbourhood better, over all pictures. The trial that a clip can be solved.
pub fn seen_by_motion(pictures: &[Vec<bool>], grains: usize, axis: Axis, speed: usize) -> Vec<bool> {
    let n = grains;
    let mut votes = vec![0i32; n * n];
    for pair in pictures.windows(2) {
        let [before, after] = pair else { continue };
        for y in 0..n {
            for x in 0..n {
                let (ahead, behind) = match axis {
                    Axis::Vertical => ((y + speed) % n * n + x, (y + n - speed) % n * n + x),
                    Axis::Horizontal => (y * n + (x + speed) % n, y * n + (x + n - speed) % n),
                };
                let now = after[y * n + x];
                votes[y * n + x] += i32::from(before[ahead] == now) - i32::from(before[behind] == now);
            }
        }
    }
    // the sum over a window of 5 × 5
    let at = |x: i64, y: i64| {
        let inside = (0..n as i64).contains(&x) && (0..n as i64).contains(&y);
        if inside { votes[(y * n as i64 + x) as usize] } else { 0 }
    };
    (0..n * n)
        .map(|place| {
            let (x, y) = ((place % n) as i64, (place / n) as i64);
            (-2..=2)
                .flat_map(|dy| (-2..=2).map(move |dx| (dx, dy)))
                .map(|(dx, dy)| at(x + dx, y + dy))
                .sum::<i32>()
                > 0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn motion_shows_what_single_pictures_hide() {
        for (axis, hidden) in
            [(Axis::Vertical, Hidden::Star), (Axis::Horizontal, Hidden::Word("CAT".to_owned()))]
        {
            let settings = NoiseSettings { axis, jitter: 0.2, pictures: 30, ..Default::default() };
            let noise =
                Noise::generate(&mut Stream::of_item("noise", "test", 1, 0), &hidden, &settings).unwrap();
            let pictures: Vec<_> = (0..30).map(|picture| noise.grains_of(picture)).collect();
            let seen = seen_by_motion(&pictures, noise.grains(), axis, 1);
            let (mut both, mut either) = (0, 0);
            for (a, b) in seen.iter().zip(noise.mask()) {
                both += u32::from(*a && *b);
                either += u32::from(*a || *b);
            }
            assert!(f64::from(both) / f64::from(either) > 0.8, "{both} of {either}");
            // a single picture: as many bright grains inside as outside, but for chance (four deviations)
            let grains = noise.grains_of(7);
            let share = |inside: bool| {
                let all: Vec<bool> =
                    grains.iter().zip(noise.mask()).filter(|(_, m)| **m == inside).map(|(g, _)| *g).collect();
                (all.iter().filter(|g| **g).count() as f64 / all.len() as f64, all.len() as f64)
            };
            let ((a, m), (b, n)) = (share(true), share(false));
            assert!((a - b).abs() < 4.0 * (0.25 / m + 0.25 / n).sqrt(), "{a} {b}");
        }
    }

    #[test]
    fn pictures_have_their_size_and_times() {
        let settings = NoiseSettings { side_px: 100, grain_px: 3, ..Default::default() };
        let noise = Noise::generate(&mut Stream::named(&["n"]), &Hidden::Disc, &settings).unwrap();
        let picture = noise.picture(30);
        assert_eq!((picture.width, picture.rgb.len(), picture.t), (99, 99 * 99 * 3, Time(1_000_000_000)));
        let bad = NoiseSettings { speed: 0, ..Default::default() };
        assert!(Noise::generate(&mut Stream::named(&["n"]), &Hidden::Disc, &bad).is_err());
    }
}
