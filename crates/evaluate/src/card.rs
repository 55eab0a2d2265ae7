//! The run card: what a score was made with, so that it can be made again.

use crate::error::Error;
use crate::run::Settings;
use chronotope_act::{Means, Strategy};
use chronotope_ask::program::ENGINE;
use chronotope_tasks::{Benchmark, Item, Loaded};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a run was made with. Holds nothing of the machine, the clock or the folders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(expecting = "an object that says what a run was made with")]
pub struct Card {
    /// The benchmark's name.
    pub benchmark: String,
    /// The strategy's name.
    pub strategy: String,
    /// The model's own name; none where none is used.
    pub model: Option<String>,
    /// The metric's name.
    pub metric: String,
    /// The engine and its version.
    pub engine: String,
    /// Where what is known of the scenes comes from, and what the score means.
    pub perception: String,
    /// Names and SHA-256 of the files, in the order in which they were read.
    pub files: Vec<(String, String)>,
    /// Items asked.
    pub n: usize,
    /// Items in the files.
    pub of: usize,
    /// Noise put on the scenes; none: as they are.
    pub noise: Option<String>,
    /// Seed of whatever is drawn.
    pub seed: u64,
    /// SHA-256 of the predictions that the run left; none until it has come to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predictions_sha256: Option<String>,
    /// What else was asked for, by the option's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

impl Card {
    pub(crate) fn new(
        benchmark: &dyn Benchmark,
        loaded: &Loaded,
        strategy: &dyn Strategy,
        settings: &Settings,
    ) -> Result<Card, Error> {
        let mut files = Vec::new();
        for path in &loaded.files {
            let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            files.push((name, sha256(path)?));
        }
        let asks = strategy.asks_a_model();
        let n = settings.limit.map_or(loaded.items.len(), |limit| limit.min(loaded.items.len()));
        let mut options = if asks { shown(&settings.means) } else { BTreeMap::new() };
        if asks && let Some(media) = media_of(&loaded.items[..n])? {
            options.insert("media".to_owned(), media);
        }
        Ok(Card {
            benchmark: benchmark.entry().name.to_owned(),
            strategy: strategy.entry().name.to_owned(),
            model: settings.means.chat.as_ref().filter(|_| asks).map(|chat| chat.model().to_owned()),
            metric: benchmark.metric().to_owned(),
            engine: ENGINE.to_owned(),
            perception: benchmark.reads().to_owned(),
            files,
            n,
            of: loaded.items.len(),
            noise: (!settings.noise.is_none()).then(|| settings.noise.to_string()),
            seed: settings.seed,
            predictions_sha256: None,
            options,
        })
    }

    /// In one line, for people.
    pub(crate) fn words(&self) -> String {
        let noise =
            self.noise.as_ref().map_or(String::new(), |noise| format!(", {noise}, seed {}", self.seed));
        format!("{} items of {} by {}{noise}", self.n, self.benchmark, self.strategy)
    }
}

/// SHA-256 over name and SHA-256 of every picture and video of the items, in order, each once; none where there are none.
fn media_of(items: &[Item]) -> Result<Option<String>, Error> {
    let mut seen = BTreeSet::new();
    let mut all = String::new();
    for path in items.iter().flat_map(|item| item.media.iter()) {
        if seen.insert(path) {
            let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            all += &format!("{name} {}\n", sha256(path)?);
        }
    }
    Ok((!all.is_empty()).then(|| format!("{} files, SHA-256 {}", seen.len(), sha256_of(all.as_bytes()))))
}

/// What moves the score of a model: which pictures it was shown, and how its reply was drawn.
fn shown(means: &Means) -> BTreeMap<String, String> {
    let Means { n_pictures, longest_px, max_tokens, decoder, .. } = means;
    let told = [
        ("pictures", format!("{n_pictures}, evenly spaced, the middles of equal parts")),
        ("longest side", format!("{longest_px} px")),
        ("encoding", "JPEG, quality 90".to_owned()),
        ("decoder", decoder.clone().unwrap_or_else(|| "none: stills alone".to_owned())),
        ("sampling", format!("temperature 0, at most {max_tokens} tokens")),
        ("parse", "chronotope's ladder; the rung stands in the evidence".to_owned()),
    ];
    told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(crate) fn sha256(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path).map_err(|fault| Error::read(path, fault))?;
    Ok(sha256_of(&bytes))
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn sha256_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
