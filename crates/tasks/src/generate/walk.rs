//! A scene, seen by a camera on its way.

use super::Show;
use chronotope_simulate::canvas::{Canvas, Color, Sprite};
use chronotope_simulate::path::CameraPath;
use chronotope_simulate::render::{Layers, Renderer, Seen};
use chronotope_simulate::scene::Scene;
use chronotope_world::{Picture, Time};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The pictures that a camera takes of a scene.
pub(crate) struct Walk {
    pub(crate) scene: Scene,
    pub(crate) camera: CameraPath,
    /// The pictures' times in nanoseconds.
    pub(crate) times: Vec<i64>,
    /// Pictures per second.
    pub(crate) fps: u32,
    /// The things that bear their number in the picture, so that a question can name them.
    pub(crate) marked: Vec<usize>,
}

impl Show for Walk {
    fn rate(&self) -> (u32, u32) {
        (self.fps, 1)
    }

    fn len(&self) -> usize {
        self.times.len()
    }

    fn play(&self, numbers: &[usize], threads: usize, take: &mut dyn FnMut(Picture) -> ControlFlow<()>) {
        let renderer = Renderer::new(&self.scene, threads);
        let tags: BTreeMap<usize, Sprite> = self.marked.iter().map(|&thing| (thing, tag(thing))).collect();
        let layers = Layers { seen: !tags.is_empty(), ..Layers::COLOUR };
        for &n in numbers {
            let Some(&t) = self.times.get(n) else { return };
            let frame = renderer.picture(&self.camera, t, layers);
            let (width, height) = (frame.width as u32, frame.height as u32);
            let mut picture = Picture { t: Time(t), frame_index: n as u32, width, height, rgb: frame.rgb };
            // the nearest are drawn last: those with the lowest feet
            let mut seen: Vec<&Seen> =
                frame.seen.iter().filter(|seen| seen.visible_px >= TAGGED_PX).collect();
            seen.sort_by_key(|seen| seen.box_px.map(|[.., bottom]| bottom));
            for (seen, tag) in seen.into_iter().filter_map(|seen| Some((seen, tags.get(&seen.thing)?))) {
                let Some([left, top, right, _]) = seen.box_px else { continue };
                let [wide, high] = tag.size_px();
                let x = ((left + right) as f32 - wide as f32) / 2.0;
                let most = width.saturating_sub(wide) as f32;
                tag.draw(&mut picture, x.clamp(0.0, most), (top as f32 - high as f32 - 2.0).max(0.0));
            }
            if take(picture).is_break() {
                return;
            }
        }
    }
}

/// Visible pixels from which on a thing bears its number.
const TAGGED_PX: u32 = 60;

/// The number of a thing on a small plate.
fn tag(thing: usize) -> Sprite {
    const HIGH: u32 = 15;
    let text = thing.to_string();
    let wide = 8 + 8 * text.len() as u32;
    let mut canvas = Canvas::clear(wide, HIGH);
    canvas.round_rect(0.0, 0.0, wide as f32, HIGH as f32, 4.0, Color::hex(0x1B2430).fade(225));
    canvas.text(wide as f32 / 2.0, HIGH as f32 / 2.0, 13.0, &text, Color::hex(0xFFFFFF));
    canvas.into_sprite()
}
