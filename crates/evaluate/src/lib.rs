//! Strategies × items × metrics: predictions, scores, run cards.
//!
//! ```text
//! Loaded items ──take the truth off──▶ Task ──Strategy──▶ Prediction ─┐
//!       │ degrade: what a perceiver would get wrong                   ├─Metric─▶ Run ──▶ predictions.jsonl, report.json, card.json
//!       └──────────────────────── truth ──────────────────────────────┘
//! ```
//!
//! Files of truths and of predictions are joined by id and scored by [`score_files`].
//!
//! What a reply's thoughts claim is checked against a World by [`WorldCheck`], a reward beside those of `score`.
//!
//! The only room that sees tasks, strategies and metrics together. A run gives the same bytes at any number of threads, and a
//! run that was stopped goes on where it stopped.

mod audit;
mod calibration;
mod card;
pub mod catalogue;
mod compare;
mod degrade;
pub mod diagnose;
mod error;
mod files;
mod kitti;
mod ladder;
mod prediction;
mod report;
mod run;
mod world_check;

pub use audit::{Blind, audit};
pub use calibration::{Bin, Calibration, OfType};
pub use card::Card;
pub use catalogue::{benchmarks, reward_by_name, rewards};
pub use compare::{Changed, Comparison, compare};
pub use degrade::{Noise, degraded};
pub use error::Error;
pub use files::{Distractors, Fit, RewardVerdicts, ScoreSettings, Scores, fitting, score_files};
pub use kitti::KittiCalibration;
pub use ladder::{Rung, ladder};
pub use prediction::PredictionRow;
pub use report::{Report, Scored, TypeScore};
pub use run::{Run, Settings, run};
pub use world_check::WorldCheck;
