//! IG-VLM: one picture of six.

use super::{Means, Strategy, look};
use crate::error::Error;
use crate::prediction::Prediction;
use crate::task::Task;
use chronotope_models::Part;
use chronotope_world::Picture;
use chronotope_world::catalogue::Entry;

/// Six evenly spaced pictures in one: two columns and three rows, from left to right, then downwards, all as large as the smallest; one call.
///
/// After the released code (imagegridworth/IG-VLM): `round(sqrt(n))` columns, white where a cell is empty. JPEG of quality 90 here, 95 there.
#[derive(Clone, Copy, Debug)]
pub struct IgVlm;

/// Pictures in the grid.
const N: u32 = 6;

impl Strategy for IgVlm {
    fn entry(&self) -> Entry {
        Entry {
            kind: "strategies",
            name: "ig-vlm",
            about: "six pictures as one grid, for models that take one picture",
            source: "act/src/strategy/ig_vlm.rs",
            paper: Some("Kim et al., An Image Grid Can Be Worth a Video, arXiv:2403.18406"),
            example: "chronotope eval items/items.jsonl --strategy ig-vlm --model http://127.0.0.1:8000/v1",
        }
    }

    fn asks_a_model(&self) -> bool {
        true
    }

    fn answer(&self, task: &Task<'_>, means: &Means) -> Result<Prediction, Error> {
        let shown = look::pictures(task, means, N)?;
        let Some(grid) = grid(&shown.pictures) else {
            return Ok(look::without("a video or a picture of the scene; there is none"));
        };
        let (mut tally, grid) = (look::Tally::default(), look::encoded(task, &grid)?);
        let parts = vec![Part::Image(chronotope_models::Image { t: None, ..grid })];
        let words = format!(
            "The image is a grid of key frames of one video, in order from the top left to the bottom right.\n{}",
            look::question(task)
        );
        let reply = look::once(task, means, vec![look::shows(parts, words)], &mut tally)?;
        Ok(look::read(task, reply, &shown.times(), tally))
    }
}

/// The pictures as one, cut to the smallest width and height by taking every n-th point; none of none.
fn grid(pictures: &[Picture]) -> Option<Picture> {
    let first = pictures.first()?;
    let width = pictures.iter().map(|picture| picture.width).min()? as usize;
    let height = pictures.iter().map(|picture| picture.height).min()? as usize;
    let columns = libm::round((pictures.len() as f64).sqrt()).max(1.0) as usize;
    let rows = pictures.len().div_ceil(columns);
    let mut rgb = vec![255_u8; 3 * columns * width * rows * height];
    for (n, picture) in pictures.iter().enumerate() {
        let (column, row) = (n % columns, n / columns);
        for y in 0..height {
            let from_y = y * picture.height as usize / height;
            for x in 0..width {
                let from_x = x * picture.width as usize / width;
                let from = 3 * (from_y * picture.width as usize + from_x);
                let to = 3 * ((row * height + y) * columns * width + column * width + x);
                rgb[to..to + 3].copy_from_slice(picture.rgb.get(from..from + 3)?);
            }
        }
    }
    Some(Picture {
        t: first.t,
        frame_index: first.frame_index,
        width: (columns * width) as u32,
        height: (rows * height) as u32,
        rgb,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::Time;

    #[test]
    fn six_pictures_lie_in_two_columns_from_left_to_right() {
        let one =
            |n: u8| Picture { t: Time(i64::from(n)), frame_index: 0, width: 2, height: 1, rgb: vec![n; 6] };
        let pictures: Vec<Picture> = (0..6).map(one).collect();
        let found = grid(&pictures).expect("pictures");
        assert_eq!((found.width, found.height), (4, 3));
        let firsts: Vec<u8> = found.rgb.chunks(6).map(|cell| cell[0]).collect();
        assert_eq!(firsts, [0, 1, 2, 3, 4, 5]);
        let five = grid(&pictures[..5]).expect("pictures");
        assert_eq!((five.width, five.height, five.rgb[five.rgb.len() - 1]), (4, 3, 255));
        assert_eq!(grid(&[]), None);
    }
}
