//! A sheet to draw on.

use chronotope_world::{Picture, Time};
use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, PremultipliedColorU8, Rect, Stroke,
    Transform,
};

use super::color::Color;
use super::glyph;
use super::sprite::Sprite;
use super::{MAX_SIDE_PX, MIN_SIDE_PX};

/// Share of the size by which capitals and digits rise above the base line.
const CAPITAL_EM: f32 = 0.729;

/// A sheet of pixels that shapes are drawn on, the later over the earlier. All lengths in pixels. A shape of no size, or with a
/// coordinate that is no number, draws nothing.
#[derive(Clone, Debug)]
pub struct Canvas {
    pixels: Pixmap,
}

impl Canvas {
    /// A sheet of one colour. Sides are kept between [`MIN_SIDE_PX`] and [`MAX_SIDE_PX`].
    pub fn new(width: u32, height: u32, ground: Color) -> Canvas {
        let (width, height) = (width.clamp(MIN_SIDE_PX, MAX_SIDE_PX), height.clamp(MIN_SIDE_PX, MAX_SIDE_PX));
        let mut canvas = Canvas::clear(width, height);
        canvas.pixels.fill(color_of(ground));
        canvas
    }

    /// A sheet that hides nothing, for a sprite; sides from 1 to [`MAX_SIDE_PX`].
    pub fn clear(width: u32, height: u32) -> Canvas {
        let size = (width.clamp(1, MAX_SIDE_PX), height.clamp(1, MAX_SIDE_PX));
        match Pixmap::new(size.0, size.1) {
            Some(pixels) => Canvas { pixels },
            // both sides are at least 1 and small: there is always room for them
            None => unreachable!("a sheet of {} by {} pixels", size.0, size.1),
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.pixels.width()
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.pixels.height()
    }

    /// A rectangle by its left, top, width and height.
    pub fn rect(&mut self, left: f32, top: f32, width: f32, height: f32, color: Color) {
        if let Some(rect) = Rect::from_xywh(left, top, width, height) {
            self.pixels.fill_rect(rect, &paint(color), Transform::identity(), None);
        }
    }

    /// A rectangle with round corners.
    pub fn round_rect(&mut self, left: f32, top: f32, width: f32, height: f32, radius: f32, color: Color) {
        if let Some(path) = round_rect(left, top, width, height, radius) {
            self.fill(&path, color);
        }
    }

    /// The outline of a rectangle with round corners, drawn within it.
    pub fn round_frame(
        &mut self,
        left: f32,
        top: f32,
        width: f32,
        height: f32,
        radius: f32,
        line: f32,
        color: Color,
    ) {
        let half = line / 2.0;
        if let Some(path) =
            round_rect(left + half, top + half, width - line, height - line, (radius - half).max(0.0))
        {
            self.stroke(&path, line, color);
        }
    }

    /// A disc.
    pub fn disc(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        if let Some(path) = PathBuilder::from_circle(x, y, radius) {
            self.fill(&path, color);
        }
    }

    /// A ring whose line lies within the radius.
    pub fn ring(&mut self, x: f32, y: f32, radius: f32, line: f32, color: Color) {
        if let Some(path) = PathBuilder::from_circle(x, y, radius - line / 2.0) {
            self.stroke(&path, line, color);
        }
    }

    /// An ellipse that fills a rectangle.
    pub fn ellipse(&mut self, left: f32, top: f32, width: f32, height: f32, color: Color) {
        if let Some(path) = Rect::from_xywh(left, top, width, height).and_then(PathBuilder::from_oval) {
            self.fill(&path, color);
        }
    }

    /// A polygon.
    pub fn polygon(&mut self, corners: &[[f32; 2]], color: Color) {
        if let Some(path) = polyline(corners, true) {
            self.fill(&path, color);
        }
    }

    /// The outline of a polygon.
    pub fn polygon_frame(&mut self, corners: &[[f32; 2]], line: f32, color: Color) {
        if let Some(path) = polyline(corners, true) {
            self.stroke(&path, line, color);
        }
    }

    /// A line through points, with round ends and corners.
    pub fn line(&mut self, points: &[[f32; 2]], width: f32, color: Color) {
        if let Some(path) = polyline(points, false) {
            self.stroke(&path, width, color);
        }
    }

    /// A dashed line through points.
    pub fn dashed(&mut self, points: &[[f32; 2]], width: f32, dash: f32, color: Color) {
        if let Some(path) = polyline(points, false) {
            let stroke = Stroke {
                width,
                line_cap: LineCap::Butt,
                dash: tiny_skia::StrokeDash::new(vec![dash, dash], 0.0),
                ..Stroke::default()
            };
            self.pixels.stroke_path(&path, &paint(color), &stroke, Transform::identity(), None);
        }
    }

    /// An arrow from one point to another, with a filled head.
    pub fn arrow(&mut self, from: [f32; 2], to: [f32; 2], width: f32, color: Color) {
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        let length = (dx * dx + dy * dy).sqrt();
        if length > 0.0 {
            let (ux, uy) = (dx / length, dy / length);
            let head = (3.2 * width).min(length);
            let neck = [to[0] - ux * head, to[1] - uy * head];
            let half = 0.62 * head;
            self.line(&[from, neck], width, color);
            self.polygon(
                &[to, [neck[0] - uy * half, neck[1] + ux * half], [neck[0] + uy * half, neck[1] - ux * half]],
                color,
            );
        }
    }

    /// A star of five points.
    pub fn star(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        // cosine and sine of 18° and 54°: the corners stand at multiples of 36° from the top
        const C18: f32 = 0.951_056_5;
        const S18: f32 = 0.309_017;
        const C54: f32 = 0.587_785_25;
        const S54: f32 = 0.809_017;
        let (o, i) = (radius, radius * 0.45);
        let corners = [
            [0.0, -o],
            [C54 * i, -S54 * i],
            [C18 * o, -S18 * o],
            [C18 * i, S18 * i],
            [C54 * o, S54 * o],
            [0.0, i],
            [-C54 * o, S54 * o],
            [-C18 * i, S18 * i],
            [-C18 * o, -S18 * o],
            [-C54 * i, -S54 * i],
        ];
        self.polygon(&corners.map(|[px, py]| [x + px, y + py]), color);
    }

    /// A line of text whose capitals are centred on a point; `size` is one em.
    pub fn text(&mut self, x: f32, y: f32, size: f32, text: &str, color: Color) {
        let left = x - glyph::text_width_em(text) * size / 2.0;
        self.text_from(left, y, size, text, color);
    }

    /// A line of text that begins at `left`, its capitals centred on the height `y`.
    pub fn text_from(&mut self, left: f32, y: f32, size: f32, text: &str, color: Color) {
        let mut path = PathBuilder::new();
        glyph::write(&mut path, text, left, y + CAPITAL_EM * size / 2.0, size);
        if let Some(path) = path.finish() {
            self.fill(&path, color);
        }
    }

    /// A sprite with its top left corner at a point.
    pub fn sprite(&mut self, sprite: &Sprite, left: f32, top: f32) {
        let (width, height) = (self.width(), self.height());
        let mut picture = Picture { t: Time(0), frame_index: 0, width, height, rgb: self.rgb() };
        sprite.draw(&mut picture, left, top);
        for (pixel, rgb) in self.pixels.pixels_mut().iter_mut().zip(picture.rgb.chunks_exact(3)) {
            if let &[r, g, b] = rgb
                && let Some(opaque) = PremultipliedColorU8::from_rgba(r, g, b, 255)
            {
                *pixel = opaque;
            }
        }
    }

    /// The sheet as a picture, number 0 at time 0; what is clear becomes black.
    pub fn into_picture(self) -> Picture {
        Picture { t: Time(0), frame_index: 0, width: self.width(), height: self.height(), rgb: self.rgb() }
    }

    /// The sheet as a sprite.
    pub fn into_sprite(self) -> Sprite {
        let (width, height) = (self.width(), self.height());
        let rgba = self.pixels.pixels().iter().map(|p| [p.red(), p.green(), p.blue(), p.alpha()]).collect();
        Sprite::from_premultiplied(width, height, rgba)
    }

    fn rgb(&self) -> Vec<u8> {
        self.pixels.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect()
    }

    fn fill(&mut self, path: &Path, color: Color) {
        self.pixels.fill_path(path, &paint(color), FillRule::Winding, Transform::identity(), None);
    }

    fn stroke(&mut self, path: &Path, width: f32, color: Color) {
        let stroke =
            Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.pixels.stroke_path(path, &paint(color), &stroke, Transform::identity(), None);
    }
}

fn color_of(color: Color) -> tiny_skia::Color {
    tiny_skia::Color::from_rgba8(color.r, color.g, color.b, color.a)
}

fn paint(color: Color) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color(color_of(color));
    paint.anti_alias = true;
    paint
}

fn polyline(points: &[[f32; 2]], closed: bool) -> Option<Path> {
    let (first, rest) = points.split_first()?;
    let mut path = PathBuilder::new();
    path.move_to(first[0], first[1]);
    for point in rest {
        path.line_to(point[0], point[1]);
    }
    if closed {
        path.close();
    }
    path.finish()
}

fn round_rect(left: f32, top: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    // how far the handles of a cubic stand off for a quarter of a circle
    const HANDLE: f32 = 0.552_284_8;
    if width <= 0.0 || height <= 0.0 {
        return None;
    }
    let radius = radius.min(width / 2.0).min(height / 2.0).max(0.0);
    let (right, bottom, k) = (left + width, top + height, radius * (1.0 - HANDLE));
    let mut path = PathBuilder::new();
    path.move_to(left + radius, top);
    path.line_to(right - radius, top);
    path.cubic_to(right - k, top, right, top + k, right, top + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - k, right - k, bottom, right - radius, bottom);
    path.line_to(left + radius, bottom);
    path.cubic_to(left + k, bottom, left, bottom - k, left, bottom - radius);
    path.line_to(left, top + radius);
    path.cubic_to(left, top + k, left + k, top, left + radius, top);
    path.close();
    path.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::palette;

    #[test]
    fn a_rectangle_fills_its_pixels_and_no_others() {
        let mut canvas = Canvas::new(16, 16, palette::WHITE);
        canvas.rect(2.0, 3.0, 4.0, 5.0, palette::RED);
        let picture = canvas.into_picture();
        let red = |x: u32, y: u32| picture.rgb[((y * 16 + x) * 3 + 1) as usize] != 255;
        let count = (0..16).flat_map(|y| (0..16).map(move |x| (x, y))).filter(|&(x, y)| red(x, y)).count();
        assert!(count == 20 && red(2, 3) && red(5, 7) && !red(6, 7));
    }

    #[test]
    fn what_is_no_number_draws_nothing() {
        let mut canvas = Canvas::new(16, 16, palette::WHITE);
        canvas.disc(f32::NAN, 3.0, 2.0, palette::RED);
        canvas.line(&[[0.0, f32::INFINITY], [3.0, 3.0]], 2.0, palette::RED);
        canvas.polygon(&[], palette::RED);
        assert!(canvas.into_picture().rgb.iter().all(|&c| c == 255));
    }
}
