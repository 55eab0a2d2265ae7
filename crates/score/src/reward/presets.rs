//! Rules of papers that only combine others: recipes that come with the program.

use super::recipe::Recipe;
use super::{Case, Fault, Reward, Verdict};
use chronotope_world::catalogue::Entry;
use std::sync::OnceLock;

/// A recipe with a name.
#[derive(Debug)]
pub struct Preset {
    name: &'static str,
    about: &'static str,
    source: &'static str,
    paper: &'static str,
    example: &'static str,
    text: &'static str,
    recipe: OnceLock<Recipe>,
}

macro_rules! preset {
    ($name:literal, $about:literal, $paper:literal, $example:literal) => {
        Preset {
            name: $name,
            about: $about,
            source: concat!("score/src/reward/preset/", $name, ".toml"),
            paper: $paper,
            example: $example,
            text: include_str!(concat!("preset/", $name, ".toml")),
            recipe: OnceLock::new(),
        }
    };
}

/// Every preset, alphabetical.
pub(crate) static PRESETS: [Preset; 12] = [
    preset!(
        "deep-perception",
        "overlap of the box, and format",
        "Ma et al., DeepPerception, 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>[1, 0, 3, 2]</answer>", "answer": "[0, 0, 2, 2]"}"#
    ),
    preset!(
        "long-rl",
        "accuracy and format on long video",
        "Chen et al., Long-RL, 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>B</answer>", "answer": "B"}"#
    ),
    preset!(
        "pebr-r1-stage-2",
        "0.9 accuracy and 0.1 format",
        "PeBR-R1, 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>B</answer>", "answer": "B"}"#
    ),
    preset!(
        "seed-bench-r1",
        "the option's letter, and format",
        "Chen et al., SEED-Bench-R1, 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>B</answer>", "answer": "B"}"#
    ),
    preset!(
        "spatial-ladder",
        "accuracy (numbers by mean relative accuracy), and format",
        "Li et al., SpatialLadder, 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>3</answer>", "answer": "4"}"#
    ),
    preset!(
        "stride",
        "exact match of the final answer, and format",
        "STRIDE, 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>Paris</answer>", "answer": "paris"}"#
    ),
    preset!(
        "ton",
        "accuracy and format, where thoughts may be empty",
        "Wang et al., TON: Think or Not, 2025",
        r#"{"id": 1, "completion": "<think>\n\n</think><answer>B</answer>", "answer": "B"}"#
    ),
    preset!(
        "video-r1",
        "accuracy by type, and format",
        "Feng et al., Video-R1, 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>8</answer>", "answer": "10", "problem_type": "regression"}"#
    ),
    preset!(
        "video-thinker",
        "accuracy and format",
        "Video-Thinker, 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>B</answer>", "answer": "B"}"#
    ),
    preset!(
        "video2layout",
        "0.9 accuracy (numbers by mean relative accuracy) and 0.1 format",
        "Video2Layout, 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>3</answer>", "answer": "4"}"#
    ),
    preset!(
        "videochat-r1",
        "overlap of intervals, and format",
        "Li et al., VideoChat-R1, 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>12 to 24</answer>", "answer": "[10, 20]"}"#
    ),
    preset!(
        "vsgrpo",
        "accuracy (numbers by strict mean relative accuracy), and format",
        "Liao et al., Improved Visual-Spatial Reasoning via R1-Zero-Like Training (vsGRPO), 2025",
        r#"{"id": 1, "completion": "<think>t</think><answer>3</answer>", "answer": "4"}"#
    ),
];

impl Preset {
    fn recipe(&self) -> &Recipe {
        self.recipe.get_or_init(|| Recipe::parse(self.text).expect("a preset is a recipe; a test reads each"))
    }
}

impl Reward for Preset {
    fn entry(&self) -> Entry {
        Entry {
            kind: "rewards",
            name: self.name,
            about: self.about,
            source: self.source,
            paper: Some(self.paper),
            example: self.example,
        }
    }

    fn judge(&self, case: &Case<'_>) -> Result<Verdict, Fault> {
        self.recipe().judge(case)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn every_preset_is_a_recipe_and_pays_what_its_paper_says() {
        let of = |name: &str| {
            let preset = PRESETS.iter().find(|preset| preset.name == name).expect("known");
            pays(preset, preset.example)
        };
        for preset in &PRESETS {
            Recipe::parse(preset.text).expect("a recipe");
        }
        // vectors u68, u73, u75, u57
        for (name, expected) in [
            ("spatial-ladder", 1.6),
            ("ton", 2.0),
            ("vsgrpo", 1.5),
            ("video-r1", 1.8),
            ("video2layout", 0.64),
        ] {
            assert!((of(name) - expected).abs() < 1e-6, "{name}: {}", of(name));
        }
    }
}
