//! What MOTChallenge takes away before it scores: predictions on things that are neither right nor wrong to follow.

use crate::assign::least_cost;
use crate::tracking::overlaps;
use crate::tracks::{TrackedBox, Tracks, Twice};

/// A box of a truth that follows things of several classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassedBox {
    /// Where it is, and whose.
    pub tracked: TrackedBox,
    /// The thing's class.
    pub class: u32,
    /// Whether the annotators let it count.
    pub counts: bool,
}

/// The truth of one class, and the predictions but for those that lie on a distractor.
///
/// In each picture all boxes of the truth, of whatever class and also those that do not count, are matched with the predictions so that the sum of
/// overlaps from one half on is greatest; a prediction whose match is of one of the classes `distractors` is taken away. Then the truth keeps its
/// boxes of class `wanted` that count. A prediction on a box of another class stays, and is wrong.
///
/// # Errors
/// An identity that stands twice in a picture of the truth that is kept.
///
/// # Source
/// `MotChallenge2DBox.get_preprocessed_seq_data` of TrackEval 1.3.0, to which scores are equal to 1e-9; Milan et al., MOT16, 2016.
pub fn without_distractors(
    truth: &[ClassedBox],
    said: &Tracks,
    wanted: u32,
    distractors: &[u32],
) -> Result<(Tracks, Tracks), Twice> {
    let mut sorted = truth.to_vec();
    sorted.sort_by_key(|one| one.tracked.frame_index);
    let mut kept = Vec::with_capacity(said.len());
    for picture in said.boxes().chunk_by(|a, b| a.frame_index == b.frame_index) {
        let first = sorted.partition_point(|one| one.tracked.frame_index < picture[0].frame_index);
        let n = sorted[first..].partition_point(|one| one.tracked.frame_index == picture[0].frame_index);
        let annotated = &sorted[first..first + n];
        let boxes: Vec<TrackedBox> = annotated.iter().map(|one| one.tracked).collect();
        let cost: Vec<f64> = overlaps(&boxes, picture)
            .into_iter()
            .map(|iou| if iou < 0.5 - f64::EPSILON { 0.0 } else { -iou })
            .collect();
        let mut stays = vec![true; picture.len()];
        for (row, column) in least_cost(boxes.len(), picture.len(), &cost) {
            let (row, column) = (row as usize, column as usize);
            let matched = -cost[row * picture.len() + column] > f64::EPSILON;
            stays[column] = !(matched && distractors.contains(&annotated[row].class));
        }
        kept.extend(picture.iter().zip(stays).filter(|(_, stays)| *stays).map(|(one, _)| *one));
    }
    let truth = sorted.iter().filter(|one| one.counts && one.class == wanted).map(|one| one.tracked);
    Ok((Tracks::new(truth.collect())?, Tracks::new(kept)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::BoxPx;

    #[test]
    fn a_prediction_on_a_distractor_goes_and_one_on_a_car_stays() {
        let at = |id, left| TrackedBox {
            frame_index: 1,
            id,
            box_px: BoxPx::new(left, 0.0, 10.0, 20.0).expect("finite"),
        };
        let truth = [(1, 0.0, 1, true), (2, 40.0, 8, false), (3, 80.0, 3, false), (4, 120.0, 1, false)]
            .map(|(id, left, class, counts)| ClassedBox { tracked: at(id, left), class, counts });
        let said =
            Tracks::new(vec![at(1, 1.0), at(2, 41.0), at(3, 81.0), at(4, 120.0)]).expect("no one twice");
        let (truth, said) = without_distractors(&truth, &said, 1, &[2, 7, 8, 12]).expect("no one twice");
        let ids = |tracks: &Tracks| tracks.boxes().iter().map(|one| one.id).collect::<Vec<_>>();
        assert_eq!((ids(&truth), ids(&said)), (vec![1], vec![1, 3, 4]));
    }
}
