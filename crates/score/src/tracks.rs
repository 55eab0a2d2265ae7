//! Boxes with identities over the pictures of a sequence, as multi-object tracking is scored.

use chronotope_world::BoxPx;

/// One box of one thing in one picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackedBox {
    /// The picture's number.
    pub frame_index: u32,
    /// The thing's identity within its file.
    pub id: u64,
    /// Where it is, in pixels.
    pub box_px: BoxPx,
}

/// Boxes in the order of their pictures; within a picture in the order given, no identity twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tracks {
    boxes: Vec<TrackedBox>,
}

impl Tracks {
    /// Tracks from boxes in any order.
    ///
    /// # Errors
    /// Where an identity stands twice in one picture: its two places.
    pub fn new(mut boxes: Vec<TrackedBox>) -> Result<Tracks, Twice> {
        boxes.sort_by_key(|one| one.frame_index);
        let mut ids: Vec<u64> = Vec::new();
        for picture in boxes.chunk_by(|a, b| a.frame_index == b.frame_index) {
            ids.clear();
            ids.extend(picture.iter().map(|one| one.id));
            ids.sort_unstable();
            if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(Twice { id: twice[0], frame_index: picture[0].frame_index });
            }
        }
        Ok(Tracks { boxes })
    }

    /// All boxes, picture by picture.
    pub fn boxes(&self) -> &[TrackedBox] {
        &self.boxes
    }

    /// Boxes.
    pub fn len(&self) -> usize {
        self.boxes.len()
    }

    /// Whether there is no box at all.
    pub fn is_empty(&self) -> bool {
        self.boxes.is_empty()
    }
}

/// An identity that has two boxes in one picture, which no scorer takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected each identity at most once in a picture, found {id} twice in picture {frame_index}")]
pub struct Twice {
    /// The identity.
    pub id: u64,
    /// The picture's number.
    pub frame_index: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_twice_in_a_picture_is_refused() {
        let at = |frame_index, id| TrackedBox {
            frame_index,
            id,
            box_px: BoxPx::new(0.0, 0.0, 1.0, 1.0).expect("finite"),
        };
        let tracks = Tracks::new(vec![at(2, 7), at(1, 7), at(2, 8)]).expect("no one twice");
        assert_eq!(
            tracks.boxes().iter().map(|b| (b.frame_index, b.id)).collect::<Vec<_>>(),
            [(1, 7), (2, 7), (2, 8)]
        );
        assert_eq!(Tracks::new(vec![at(1, 7), at(1, 8), at(1, 7)]), Err(Twice { id: 7, frame_index: 1 }));
    }
}
