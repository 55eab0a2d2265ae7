//! A small picture that glides over others.

use chronotope_world::Picture;

/// Steps in one pixel at which a sprite can stand.
const STEPS: i64 = 16;

/// A small picture with opacity, drawn at places between pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sprite {
    width: u32,
    height: u32,
    /// Rows from the top; colours are multiplied by the opacity.
    rgba: Vec<[u8; 4]>,
    /// Left, top, right and bottom of what can be seen of it.
    seen: [u32; 4],
}

impl Sprite {
    /// From rows of pixels whose colours are multiplied by their opacity already; missing pixels are clear.
    pub(super) fn from_premultiplied(width: u32, height: u32, mut rgba: Vec<[u8; 4]>) -> Sprite {
        rgba.resize(width as usize * height as usize, [0; 4]);
        let mut seen = [width, height, 0, 0];
        for (row, y) in rgba.chunks_exact(width.max(1) as usize).zip(0u32..) {
            for (pixel, x) in row.iter().zip(0u32..) {
                if pixel[3] >= 128 {
                    seen = [seen[0].min(x), seen[1].min(y), seen[2].max(x + 1), seen[3].max(y + 1)];
                }
            }
        }
        if seen[2] == 0 {
            seen = [0; 4];
        }
        Sprite { width, height, rgba, seen }
    }

    /// Width and height in pixels.
    pub fn size_px(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    /// Left, top, right and bottom of what is at least half opaque, in its own pixels.
    pub fn seen_px(&self) -> [u32; 4] {
        self.seen
    }

    /// Draws it with its top left corner there, to a sixteenth of a pixel; what lies outside of the picture is cut.
    pub fn draw(&self, picture: &mut Picture, left: f32, top: f32) {
        let (x, y) = (steps(left), steps(top));
        let (column, row) = (x.div_euclid(STEPS), y.div_euclid(STEPS));
        let (fx, fy) = (x.rem_euclid(STEPS) as u32, y.rem_euclid(STEPS) as u32);
        let grown = [i64::from(self.width) + i64::from(fx > 0), i64::from(self.height) + i64::from(fy > 0)];
        let first = [(-column).max(0), (-row).max(0)];
        let last =
            [grown[0].min(i64::from(picture.width) - column), grown[1].min(i64::from(picture.height) - row)];
        let weights = [(16 - fx) * (16 - fy), fx * (16 - fy), (16 - fx) * fy, fx * fy];
        for sy in first[1]..last[1] {
            let start = ((row + sy) * i64::from(picture.width) + column) * 3;
            for sx in first[0]..last[0] {
                let source = if fx == 0 && fy == 0 {
                    self.at(sx, sy).map(u32::from)
                } else {
                    self.between(sx, sy, weights)
                };
                if source[3] == 0 {
                    continue;
                }
                let at = (start + sx * 3) as usize;
                let rest = 255 - source[3];
                if let Some(below) = picture.rgb.get_mut(at..at + 3) {
                    for (below, &over) in below.iter_mut().zip(&source) {
                        // division by 255, rounded
                        let part = u32::from(*below) * rest + 128;
                        *below = (over + ((part + (part >> 8)) >> 8)).min(255) as u8;
                    }
                }
            }
        }
    }

    fn at(&self, x: i64, y: i64) -> [u8; 4] {
        if x < 0 || y < 0 || x >= i64::from(self.width) {
            return [0; 4];
        }
        self.rgba.get((y * i64::from(self.width) + x) as usize).copied().unwrap_or([0; 4])
    }

    fn between(&self, x: i64, y: i64, weights: [u32; 4]) -> [u32; 4] {
        let four = [self.at(x, y), self.at(x - 1, y), self.at(x, y - 1), self.at(x - 1, y - 1)];
        let mut sum = [128; 4];
        for (pixel, weight) in four.iter().zip(weights) {
            for (sum, &part) in sum.iter_mut().zip(pixel) {
                *sum += u32::from(part) * weight;
            }
        }
        sum.map(|part| part >> 8)
    }
}

/// Sixteenths of a pixel; what is no number, or far outside, becomes a place where nothing can be seen.
fn steps(px: f32) -> i64 {
    if px.is_finite() {
        (f64::from(px) * STEPS as f64 + 0.5).floor().clamp(-1e9, 1e9) as i64
    } else {
        1_000_000_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::Time;

    fn white() -> Picture {
        Picture { t: Time(0), frame_index: 0, width: 8, height: 8, rgb: vec![255; 192] }
    }

    #[test]
    fn light_is_kept_between_pixels() {
        let dot = Sprite::from_premultiplied(2, 2, vec![[0, 0, 0, 255]; 4]);
        let dark = |left, top| {
            let mut picture = white();
            dot.draw(&mut picture, left, top);
            picture.rgb.iter().map(|&c| 255 - u32::from(c)).sum::<u32>()
        };
        assert_eq!(dark(3.0, 3.0), 4 * 3 * 255);
        assert!(dark(3.25, 3.6).abs_diff(4 * 3 * 255) < 40);
    }

    #[test]
    fn what_lies_outside_is_cut() {
        let dot = Sprite::from_premultiplied(2, 2, vec![[0, 0, 0, 255]; 4]);
        for (left, top, pixels) in
            [(-1.0, -1.0, 1), (7.0, 3.0, 2), (80.0, 3.0, 0), (f32::NAN, 0.0, 0), (-2.5, 0.0, 0)]
        {
            let mut picture = white();
            dot.draw(&mut picture, left, top);
            assert_eq!(
                picture.rgb.chunks(3).filter(|pixel| pixel == &[0, 0, 0]).count(),
                pixels,
                "{left} {top}"
            );
        }
    }
}
