//! Rewards: what a reply is worth, by rules that can be checked.
//!
//! ```text
//! row (completion, answer, problem_type, context) ──Case: read once──▶ Reward ──▶ Verdict (parts with weights, reason)
//! ```
//!
//! # House rules
//!
//! - A reward is a named sum: every part stands beside the total with its weight. Gates multiply, bonuses add.
//! - A rule never fails because of what was said: what cannot be read gets the part's floor and a reason. A truth or a context that
//!   does not fit is the row's fault, and an error.
//! - All parts see the same reply, which is read once, in time linear in its length.
//! - What is no number is 0 and counted.
//! - A part that a judge decides takes a [`crate::Judge`] and says so (`judged`); without one it is named as `unjudged`, and the deterministic measure
//!   that the rule's text names stands in, or nothing does and the reason is `no_judge`. A judge that says nothing of a row is the row's error.
//! - Fields of `context` come from the trainer. Nothing that a reply says can set one.
//!
//! # Adding a rule
//!
//! 1. A file with `rule! { … }`, `fn judge(&Case) -> Result<Verdict, Fault>` and its tests, headed by its source.
//! 2. A `mod` line, and a line in `RULES`.
//!
//! What only combines others is a preset: a recipe in `preset/` and a line in `presets.rs`.

/// Makes the public type of a rule whose file has `fn judge(case: &Case<'_>) -> Result<Verdict, Fault>`; with `group` at the end, of one whose
/// file has `fn group(cases: &[Case<'_>]) -> Vec<Result<Verdict, Fault>>`.
macro_rules! rule {
    (@judge judge $case:ident) => { judge($case) };
    (@judge group $case:ident) => {
        group(std::slice::from_ref($case)).pop().unwrap_or_else(|| Ok($crate::reward::Verdict::new()))
    };
    (@group judge $cases:ident) => { $cases.iter().map(judge).collect() };
    (@group group $cases:ident) => { group($cases) };
    (@needs judge) => { false };
    (@needs group) => { true };
    ($(#[$doc:meta])* $type:ident, $name:literal, $about:literal, $file:literal, $paper:expr, $example:literal) => {
        rule! { $(#[$doc])* $type, $name, $about, $file, $paper, $example, judge }
    };
    ($(#[$doc:meta])* $type:ident, $name:literal, $about:literal, $file:literal, $paper:expr, $example:literal, $by:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $type;

        impl $crate::reward::Reward for $type {
            fn entry(&self) -> chronotope_world::catalogue::Entry {
                chronotope_world::catalogue::Entry {
                    kind: "rewards",
                    name: $name,
                    about: $about,
                    source: concat!("score/src/reward/", $file),
                    paper: $paper,
                    example: $example,
                }
            }

            fn judge(&self, case: &$crate::reward::Case<'_>) -> Result<$crate::reward::Verdict, $crate::reward::Fault> {
                rule!(@judge $by case)
            }

            fn judge_group(
                &self,
                cases: &[$crate::reward::Case<'_>],
            ) -> Vec<Result<$crate::reward::Verdict, $crate::reward::Fault>> {
                rule!(@group $by cases)
            }

            fn needs_group(&self) -> bool {
                rule!(@needs $by)
            }
        }
    };
}

mod accuracy;
mod agile;
mod artemis;
mod auto_vla;
mod avst_zero;
mod case;
mod conan;
mod dates;
mod deep_eyes;
mod dgrpo;
mod earl;
mod ego_vlm;
mod embodied_r;
mod ergo;
mod format;
mod frame_mind;
mod frame_thinker;
mod gre;
mod grip;
mod gtr;
mod infigui_r1;
mod length_cosine;
mod length_window;
mod long_vt;
mod love_r1;
mod measures;
mod mm_search_r1;
mod one_thinker;
mod open_o3;
mod pebr_r1;
mod pixel_reasoner;
mod presets;
mod r1_searcher;
mod read;
mod recipe;
mod repetition;
mod reply;
mod rev_seg;
mod rewatch_r1;
mod rows;
mod satori;
mod shop_r1;
mod soft_choice;
mod soft_overlong;
mod spacer;
mod spatial_grpo;
mod spatial_reasoner;
mod steps;
mod stvg_r1;
mod t_grpo;
mod tar_tvg;
mod time_r1_video;
mod ufo;
mod veason_r1;
mod verdict;
mod video_com;
mod video_rft;
mod vilasr;
mod vla_r1;
mod vlm_r3;
mod vrag_rl;

pub use accuracy::Accuracy;
pub use agile::Agile;
pub use artemis::Artemis;
pub use auto_vla::AutoVla;
pub use avst_zero::AvstZero;
pub use case::{Case, CaseJudge, Context, Fault, Heard};
pub use conan::Conan;
pub use dates::Dates;
pub use deep_eyes::DeepEyes;
pub use dgrpo::Dgrpo;
pub use earl::Earl;
pub use ego_vlm::EgoVlm;
pub use embodied_r::EmbodiedR;
pub use ergo::Ergo;
pub use format::Format;
pub use frame_mind::{FrameMind, sampling_level};
pub use frame_thinker::FrameThinker;
pub use gre::Gre;
pub use grip::Grip;
pub use gtr::Gtr;
pub use infigui_r1::InfiGuiR1;
pub use length_cosine::LengthCosine;
pub use length_window::LengthWindow;
pub use long_vt::LongVt;
pub use love_r1::LoveR1;
pub use measures::ByMeasure;
pub use mm_search_r1::MmSearchR1;
pub use one_thinker::OneThinker;
pub(crate) use one_thinker::strict_mean_relative_accuracy;
pub use open_o3::OpenO3;
pub use pebr_r1::PebrR1;
pub use pixel_reasoner::PixelReasoner;
pub use presets::Preset;
pub use r1_searcher::R1Searcher;
pub use recipe::{Recipe, RecipeError};
pub use repetition::Repetition;
pub use reply::{Name, Reason, Reply, Tag};
pub use rev_seg::RevSeg;
pub use rewatch_r1::RewatchR1;
pub use rows::{Plan, RewardRow, Settled, add_advantages, rewarded_lines};
pub use satori::Satori;
pub use shop_r1::ShopR1;
pub use soft_choice::SoftChoice;
pub use soft_overlong::{SoftOverlong, soft_overlong};
pub use spacer::Spacer;
pub use spatial_grpo::SpatialGrpo;
pub use spatial_reasoner::SpatialReasoner;
pub use steps::{Claim, claims, times};
pub use stvg_r1::StvgR1;
pub use t_grpo::TGrpo;
pub use tar_tvg::TarTvg;
pub use time_r1_video::TimeR1Video;
pub use ufo::Ufo;
pub use veason_r1::VeasonR1;
pub use verdict::{Part, Verdict};
pub use video_com::VideoCom;
pub use video_rft::VideoRft;
pub use vilasr::Vilasr;
pub use vla_r1::VlaR1;
pub use vlm_r3::VlmR3;
pub use vrag_rl::VragRl;

use chronotope_world::catalogue::Entry;

/// A rule that says what a reply is worth.
pub trait Reward: Sync {
    /// Its name, what it rewards, its source and a whole row that scores; the kind is `rewards`.
    fn entry(&self) -> Entry;

    /// What one reply is worth.
    ///
    /// # Errors
    /// Where the row's truth or context does not fit. What was said is never an error.
    fn judge(&self, case: &Case<'_>) -> Result<Verdict, Fault>;

    /// What the replies of one group are worth: rollouts of one prompt. Most rules look at each by itself.
    fn judge_group(&self, cases: &[Case<'_>]) -> Vec<Result<Verdict, Fault>> {
        cases.iter().map(|case| self.judge(case)).collect()
    }

    /// Whether the other replies of the group matter.
    fn needs_group(&self) -> bool {
        false
    }
}

/// Every rule but the families (measures, dates) and the presets, alphabetical.
const RULES: &[&dyn Reward] = &[
    &Accuracy,
    &Agile,
    &Artemis,
    &AutoVla,
    &AvstZero,
    &Conan,
    &DeepEyes,
    &Dgrpo,
    &Earl,
    &EgoVlm,
    &EmbodiedR,
    &Ergo,
    &Format,
    &FrameMind,
    &FrameThinker,
    &Gre,
    &Grip,
    &Gtr,
    &InfiGuiR1,
    &LengthCosine,
    &LengthWindow,
    &LongVt,
    &LoveR1,
    &MmSearchR1,
    &OneThinker,
    &OpenO3,
    &PebrR1,
    &PixelReasoner,
    &R1Searcher,
    &Repetition,
    &RevSeg,
    &RewatchR1,
    &Satori,
    &ShopR1,
    &SoftChoice,
    &SoftOverlong,
    &Spacer,
    &SpatialGrpo,
    &SpatialReasoner,
    &StvgR1,
    &TGrpo,
    &TarTvg,
    &TimeR1Video,
    &Ufo,
    &VeasonR1,
    &VideoCom,
    &VideoRft,
    &Vilasr,
    &VlaR1,
    &VlmR3,
    &VragRl,
];

/// Every rule, alphabetical.
pub fn rewards() -> &'static [&'static dyn Reward] {
    static ALL: std::sync::LazyLock<Vec<&'static dyn Reward>> = std::sync::LazyLock::new(|| {
        let measures = ByMeasure::ALL.iter().map(|rule| rule as &dyn Reward);
        let dates = Dates::ALL.iter().map(|rule| rule as &dyn Reward);
        let presets = presets::PRESETS.iter().map(|rule| rule as &dyn Reward);
        let mut all: Vec<&'static dyn Reward> =
            RULES.iter().copied().chain(measures).chain(dates).chain(presets).collect();
        all.sort_by_key(|rule| rule.entry().name);
        all
    });
    &ALL
}

/// The rule of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Reward> {
    rewards().iter().copied().find(|rule| rule.entry().name == name)
}

/// What the rules say of themselves.
pub(crate) fn entries() -> Vec<Entry> {
    rewards().iter().map(|rule| rule.entry()).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A case of one turn without context.
    pub(crate) fn case<'a>(completion: &'a str, truth: &'a str, problem_type: &'a str) -> Case<'a> {
        Case::new(completion, Some(truth), problem_type, Context::default())
    }

    /// What a rule pays.
    pub(crate) fn reward(rule: &dyn Reward, case: &Case<'_>) -> f64 {
        rule.judge(case).expect("a row that fits").reward()
    }

    /// What a rule pays for a row of JSON.
    pub(crate) fn pays(rule: &dyn Reward, row: &str) -> f64 {
        verdict(rule, row).reward()
    }

    /// What a rule says of a row of JSON.
    pub(crate) fn verdict(rule: &dyn Reward, row: &str) -> Verdict {
        let row: RewardRow<'_> = serde_json::from_str(row).unwrap_or_else(|error| panic!("{error}: {row}"));
        let plan = Plan::default();
        let [one] = <[_; 1]>::try_from(rule.judge_group(&[row.case(&plan)])).expect("one of one");
        one.unwrap_or_else(|fault| panic!("{fault}"))
    }

    #[test]
    fn the_catalogue_is_in_order_without_fault_and_every_example_scores() {
        let entries = entries();
        assert!(entries.windows(2).all(|pair| pair[0].name < pair[1].name));
        for (entry, rule) in entries.iter().zip(rewards()) {
            assert_eq!(entry.fault(), None);
            let pays = pays(*rule, entry.example);
            assert!(pays != 0.0, "{} pays nothing for its own example", entry.name);
        }
    }

    /// Numbers that trainers give are counts, shares or settings: what they cannot be is refused, and no reward leaves its range.
    #[test]
    fn numbers_of_the_context_that_cannot_be_are_refused() {
        const MOST: f64 = 20.0;
        let mut n = 0;
        for rule in rewards() {
            let entry = rule.entry();
            let row: serde_json::Value = serde_json::from_str(entry.example).expect("JSON");
            let fields = row["context"].as_object().cloned().unwrap_or_default();
            // what an environment paid is what it is
            for (field, _) in fields.iter().filter(|(name, value)| value.is_number() && *name != "reward") {
                for worst in [-1e6, 1e6, 1e300] {
                    let mut row = row.clone();
                    row["context"][field] = worst.into();
                    let row = row.to_string();
                    let row: RewardRow<'_> = serde_json::from_str(&row).expect("a row");
                    if let Ok(verdict) = rule.judge(&row.case(&Plan::default())) {
                        let pays = verdict.reward();
                        // a million pictures looked at may cost as much as a million times one
                        let most = if worst == 1e6 { 1e6 } else { MOST };
                        assert!(pays.abs() <= most, "{} pays {pays} for {field} {worst}", entry.name);
                    }
                    n += 1;
                }
            }
        }
        assert!(n > 50, "{n} numbers were tried");
    }

    #[test]
    fn no_rule_fails_or_pays_beyond_numbers_whatever_is_said() {
        let said = [
            "",
            "<",
            "<think>",
            "<answer>",
            "</answer>",
            "<answer></answer>",
            "<answer>nan</answer>",
            "<answer>1e999</answer>",
            "<answer>[1e308, -1e308, inf, 3]</answer>",
            "<think><t>1</t><box>[]</box></think><answer>[[[</answer>",
            "<answer>{\"a\": [}</answer>",
            "<answer>\u{200b}</answer>",
            "\u{0}",
            "<tool_call>{}</tool_call>",
        ];
        for rule in rewards() {
            let row: serde_json::Value = serde_json::from_str(rule.entry().example).expect("JSON");
            for text in said {
                let mut row = row.clone();
                row["completion"] = text.into();
                let pays = pays(*rule, &row.to_string());
                assert!(pays.is_finite(), "{} {text:?}", rule.entry().name);
            }
        }
    }
}
