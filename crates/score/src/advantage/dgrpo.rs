//! DGRPO: harder prompts weigh more.

/// (IoU − α) / (β − α) within 0..1: spreads the rewards of temporal grounding.
///
/// # Source
/// VITAL (DGRPO), 2025, through a published note; α and β are not stated there.
pub fn dgrpo_scale(iou: f64, alpha: f64, beta: f64) -> f64 {
    if beta <= alpha {
        return f64::from(u8::from(iou >= beta));
    }
    ((iou - alpha) / (beta - alpha)).clamp(0.0, 1.0)
}

/// ½ + ½·clamp(2 − D, 0, 1) with D the mean reward of the group: 1 of hard prompts, ½ of easy ones.
///
/// The weight is the same over a group, so a deviation of that group would cancel it: it is applied to advantages, not to rewards.
pub fn dgrpo_weight(rewards: &[f64]) -> f64 {
    0.5 + 0.5 * (2.0 - super::mean(rewards)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    #[test]
    fn rewards_and_weight_are_those_of_the_worked_vector() {
        // vector u14
        let rewards = [0.2, 0.45, 0.7, 0.1].map(|iou| dgrpo_scale(iou, 0.2, 0.7) + 1.0);
        close(&rewards, &[1.0, 1.5, 2.0, 1.0]);
        let weight = dgrpo_weight(&rewards);
        close(&[weight], &[0.8125]);
        close(&rewards.map(|reward| reward * weight), &[0.8125, 1.21875, 1.625, 0.8125]);
    }
}
