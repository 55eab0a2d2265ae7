//! The folder of a score: its card, its rows and its values, so that it can be made again and compared.

use super::{ScoreSettings, Scores};
use crate::card::{Card, sha256};
use crate::error::Error;
use crate::prediction::PredictionRow;
use crate::run::{CARD, PREDICTIONS, REPORT};
use chronotope_ask::program::ENGINE;
use chronotope_score::{Mark, Row};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// A folder that is being written.
pub(super) struct Kept {
    folder: PathBuf,
    rows: BufWriter<File>,
    n: usize,
}

impl Kept {
    /// Begins a folder; what an earlier score left there is written over.
    pub(super) fn new(folder: &Path) -> Result<Kept, Error> {
        std::fs::create_dir_all(folder).map_err(|fault| Error::write(folder, fault))?;
        let path = folder.join(PREDICTIONS);
        // a card stands for whole rows only
        match std::fs::remove_file(folder.join(CARD)) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::write(folder, fault));
            }
            _ => {}
        }
        let file = File::create(&path).map_err(|fault| Error::write(&path, fault))?;
        Ok(Kept { folder: folder.to_owned(), rows: BufWriter::new(file), n: 0 })
    }

    /// Keeps a row with its own score.
    pub(super) fn add(&mut self, row: &Row<'_>, mark: Mark) -> Result<(), Error> {
        let prediction = row.prediction.map(ToString::to_string);
        let line = PredictionRow {
            id: row.id.to_owned(),
            group: row.group.to_owned(),
            status: if prediction.is_some() { "answered" } else { "unknown" }.to_owned(),
            said: prediction.clone().unwrap_or_default(),
            prediction,
            score: mark.score(),
            truth: row.truth.to_string(),
            confidence: None,
            interval: None,
            program: String::new(),
            missing: Vec::new(),
            cost: [0; 3],
            calls: Vec::new(),
        };
        self.n += 1;
        let path = self.folder.join(PREDICTIONS);
        serde_json::to_writer(&mut self.rows, &line).map_err(|fault| Error::write(&path, fault.into()))?;
        self.rows.write_all(b"\n").map_err(|fault| Error::write(&path, fault))
    }

    /// Writes values and card.
    pub(super) fn finish(
        mut self,
        scores: &Scores,
        (truth, said): (&Path, &Path),
        settings: &ScoreSettings,
    ) -> Result<(), Error> {
        self.rows.flush().map_err(|fault| Error::write(&self.folder.join(PREDICTIONS), fault))?;
        let mut files = Vec::new();
        for (role, path) in [("truth", truth), ("prediction", said)] {
            for path in files_of(path)? {
                let name =
                    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                files.push((format!("{role} {name}"), sha256(&path)?));
            }
        }
        let mut options = BTreeMap::new();
        options.extend(settings.by.clone().map(|by| ("by".to_owned(), by)));
        if !settings.id.is_empty() {
            options.insert("id".to_owned(), settings.id.join(","));
        }
        if settings.distractors != super::Distractors::ByName {
            options.insert("distractors".to_owned(), format!("{:?}", settings.distractors).to_lowercase());
        }
        if let Some(judge) = &settings.judge {
            options.insert("judge".to_owned(), scores.report.judge.clone().unwrap_or_default());
            files.push(("judge".to_owned(), sha256(judge)?));
        }
        let card = Card {
            benchmark: "files".to_owned(),
            strategy: "recorded".to_owned(),
            model: None,
            metric: scores.report.metric.clone(),
            engine: ENGINE.to_owned(),
            perception: "as the predictions were made; nothing is known of it".to_owned(),
            files,
            n: self.n,
            of: self.n,
            noise: None,
            seed: settings.seed.unwrap_or_default(),
            options,
            predictions_sha256: Some(sha256(&self.folder.join(PREDICTIONS))?),
        };
        for (name, value) in [(REPORT, scores.json()), (CARD, serde_json::json!(card))] {
            let path = self.folder.join(name);
            std::fs::write(&path, format!("{value:#}\n")).map_err(|fault| Error::write(&path, fault))?;
        }
        Ok(())
    }
}

/// A file, or the files of a folder in the order of their paths.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|fault| Error::read(path, fault))? {
        files.extend(files_of(&entry.map_err(|fault| Error::read(path, fault))?.path())?);
    }
    files.sort_unstable();
    Ok(files)
}
