//! A run: every item asked, every answer scored.

use crate::card::{Card, sha256_of};
use crate::degrade::{Noise, degraded};
use crate::error::Error;
use crate::prediction::PredictionRow;
use crate::report::Report;
use chronotope_act::{Cost, Means, Strategy, Task, Way};
use chronotope_ask::story::StorySettings;
use chronotope_score::by_name as metric_by_name;
use chronotope_tasks::{Benchmark, Item, Loaded, Scene};
use chronotope_world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// How to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Ask the first so many items; none: all.
    pub limit: Option<usize>,
    /// Threads; the result does not depend on it.
    pub threads: NonZeroUsize,
    /// Seed of whatever is drawn.
    pub seed: u64,
    /// What is done to the scenes before they are asked about.
    pub noise: Noise,
    /// What strategies may use: a model, pictures.
    pub means: Means,
    /// Folder for `predictions.jsonl`, `report.json` and `card.json`; a run that was stopped there goes on. None: nothing is
    /// written.
    pub out: Option<PathBuf>,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What it was made with.
    pub card: Card,
    /// Item by item, in the order of the files.
    pub rows: Vec<PredictionRow>,
    /// The scores.
    pub report: Report,
    /// What all answers cost together.
    pub cost: Cost,
    /// Items that were answered by an earlier run in the same folder.
    pub resumed: usize,
}

impl Run {
    /// The object of `eval --json`, as contracted; `timing` is the caller's. Where answers say how likely they are right, `calibration`
    /// is added.
    pub fn json(&self, timing: &Value) -> Value {
        let all = &self.report.all;
        let by_type: serde_json::Map<String, Value> = all
            .by_type
            .iter()
            .map(|(name, s)| (name.clone(), json!({"score": s.score, "n": s.n, "answered": s.answered})))
            .collect();
        let mut json = json!({
            "benchmark": self.card.benchmark,
            "strategy": self.card.strategy,
            "model": self.card.model,
            "overall": all.overall,
            "by_type": by_type,
            "n": all.n,
            "cost": {"calls": self.cost.calls, "frames": self.cost.frames, "tokens": self.cost.tokens},
            "timing": timing,
        });
        if let (Some(calibration), Some(object)) = (&all.calibration, json.as_object_mut()) {
            object.insert("calibration".into(), calibration.json());
        }
        json
    }
}

/// Asks the items and scores the answers. `progress` hears how many of how many are done.
///
/// # Errors
/// Where a strategy breaks off, a truth does not fit the metric, or the folder cannot be written or holds another run. Of
/// several items that fail the first in order is named. What was answered until then stays in the folder.
pub fn run(
    benchmark: &dyn Benchmark,
    loaded: &Loaded,
    strategy: &dyn Strategy,
    settings: &Settings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Run, Error> {
    let name = benchmark.metric();
    let metric = metric_by_name(name).ok_or_else(|| Error::Metric {
        benchmark: benchmark.entry().name.to_owned(),
        metric: name.to_owned(),
    })?;
    let mut card = Card::new(benchmark, loaded, strategy, settings)?;
    let items = &loaded.items[..card.n];
    let mut rows = match &settings.out {
        Some(out) => begun(out, &card, items)?,
        None => Vec::new(),
    };
    let resumed = rows.len();
    let mut file = settings.out.as_deref().map(|out| predictions(out, &rows)).transpose()?;
    let scenes = Scenes::new(&items[resumed..], settings, benchmark.boxes_off_m());
    let means = {
        let mut means = settings.means.clone();
        means.seed = settings.seed;
        means
    };
    let ask = |item: &Item| -> Result<PredictionRow, Error> {
        let world = scenes.of(item)?;
        Ok(PredictionRow::new(item, strategy.answer(&task(item, world.as_ref()), &means)?))
    };
    in_order(&items[resumed..], settings.threads, ask, |done, row| {
        progress(resumed + done, items.len());
        if let Some((path, file)) = &mut file {
            let line = serde_json::to_string(&row).unwrap_or_default();
            // at once: what a model was paid for is not lost when the run is killed
            writeln!(file, "{line}")
                .and_then(|()| file.flush())
                .map_err(|fault| Error::write(path, fault))?;
        }
        rows.push(row);
        Ok(())
    })?;
    drop(
        file.map(|(path, file)| file.into_inner().map_err(|e| Error::write(&path, e.into_error())))
            .transpose()?,
    );
    let report = Report::new(items, &mut rows, metric)?;
    let cost = rows.iter().fold(Cost::default(), |sum, row| sum.plus(row.cost()));
    let text = settings.out.as_ref().map(|_| lines(&rows));
    card.predictions_sha256 = text.as_ref().map(|text| sha256_of(text.as_bytes()));
    let run = Run { card, rows, report, cost, resumed };
    if let (Some(out), Some(text)) = (&settings.out, &text) {
        finish(out, &run, text)?;
    }
    Ok(run)
}

/// The item without its truth.
fn task<'a>(item: &'a Item, world: Option<&'a World>) -> Task<'a> {
    let (story, story_settings): (&[String], _) = match &item.scene {
        Scene::Story(story, settings) => (story, *settings),
        _ => (&[], StorySettings::default()),
    };
    Task {
        id: &item.id,
        question: &item.question,
        program: item.program.as_deref(),
        options: &item.options,
        form: item.form,
        world,
        story,
        story_settings,
        way: if let Scene::Map { grid, start, goal, connectivity } = &item.scene {
            Some(Way { grid, start: *start, goal: *goal, connectivity: *connectivity })
        } else {
            None
        },
        media: &item.media,
        asked_at: item.asked_at,
    }
}

/// The Worlds of the items, with their noise; each is made once.
struct Scenes {
    degraded: BTreeMap<usize, std::sync::OnceLock<World>>,
    noise: Noise,
    seed: u64,
    boxes_off_m: f64,
}

impl Scenes {
    fn new(items: &[Item], settings: &Settings, boxes_off_m: f64) -> Scenes {
        let worlds = items.iter().filter_map(|item| match &item.scene {
            Scene::World(world) => Some(place(world)),
            _ => None,
        });
        let wanted = worlds.filter(|_| !settings.noise.is_none());
        Scenes {
            degraded: wanted.map(|place| (place, std::sync::OnceLock::new())).collect(),
            noise: settings.noise,
            seed: settings.seed,
            boxes_off_m,
        }
    }

    fn of(&self, item: &Item) -> Result<Option<World>, Error> {
        let Scene::World(world) = &item.scene else { return Ok(None) };
        let Some(cell) = self.degraded.get(&place(world)) else { return Ok(Some(world.clone())) };
        if let Some(made) = cell.get() {
            return Ok(Some(made.clone()));
        }
        // two threads may make it at once; both make the same
        let made = degraded(world, &self.noise, self.seed, self.boxes_off_m)?;
        Ok(Some(cell.get_or_init(|| made).clone()))
    }
}

/// Where a World's rows lie: clones of a World share it. Tells them apart, and nothing else.
fn place(world: &World) -> usize {
    std::ptr::from_ref(world.store()).cast::<()>() as usize
}

/// Does `work` on every item on several threads and hands the results to `take` in the items' order.
fn in_order<I: Sync, R: Send>(
    items: &[I],
    threads: NonZeroUsize,
    work: impl Fn(&I) -> Result<R, Error> + Sync,
    mut take: impl FnMut(usize, R) -> Result<(), Error>,
) -> Result<(), Error> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, receiver) = mpsc::sync_channel(threads.get() * 64);
    std::thread::scope(|scope| {
        for _ in 0..threads.get().min(items.len()) {
            let sender = sender.clone();
            let (next, stop, work) = (&next, &stop, &work);
            scope.spawn(move || {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= items.len() || stop.load(Ordering::Relaxed) {
                        break;
                    }
                    // a closed channel: nobody wants more
                    if sender.send((n, work(&items[n]))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut taken = 0;
        let mut outcome = Ok(());
        'results: for (n, result) in &receiver {
            waiting.insert(n, result);
            while let Some(result) = waiting.remove(&taken) {
                taken += 1;
                outcome = result.and_then(|result| take(taken, result));
                if outcome.is_err() {
                    break 'results;
                }
            }
        }
        stop.store(true, Ordering::Relaxed);
        drop(receiver);
        outcome
    })
}

pub(crate) const PREDICTIONS: &str = "predictions.jsonl";
pub(crate) const CARD: &str = "card.json";
pub(crate) const REPORT: &str = "report.json";

/// The rows of a run with this card that was begun in the folder, up to the first that is damaged; none where there is none, and none of a run
/// that came to its end whose predictions were changed since.
fn begun(out: &Path, card: &Card, items: &[Item]) -> Result<Vec<PredictionRow>, Error> {
    fs::create_dir_all(out).map_err(|fault| Error::write(out, fault))?;
    let path = out.join(CARD);
    if let Ok(text) = fs::read_to_string(&path) {
        match serde_json::from_str::<Card>(&text) {
            Ok(found) if (Card { predictions_sha256: None, ..found.clone() }) == *card => {
                if let Some(left) = found.predictions_sha256 {
                    let said = out.join(PREDICTIONS);
                    let changed = fs::read(&said).is_ok_and(|is| sha256_of(&is) != left);
                    if changed {
                        fs::remove_file(&said).map_err(|fault| Error::write(&said, fault))?;
                    }
                    // while it goes on it has not come to its end
                    write_whole(&path, &pretty(&json!(card)))?;
                }
            }
            found => {
                let found = found.map_or_else(|_| "something else".to_owned(), |found| found.words());
                return Err(Error::OtherRun { wanted: card.words(), found, path: out.to_owned() });
            }
        }
    } else {
        if out.join(PREDICTIONS).exists() {
            let found = "predictions without a card".to_owned();
            return Err(Error::OtherRun { wanted: card.words(), found, path: out.to_owned() });
        }
        write_whole(&path, &pretty(&json!(card)))?;
    }
    let Ok(text) = fs::read_to_string(out.join(PREDICTIONS)) else { return Ok(Vec::new()) };
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let rows = whole.lines().map_while(|line| serde_json::from_str::<PredictionRow>(line).ok());
    Ok(rows.zip(items).take_while(|(row, item)| row.id == item.id).map(|(row, _)| row).collect())
}

/// The file of predictions, holding the rows that are there already.
fn predictions(out: &Path, rows: &[PredictionRow]) -> Result<(PathBuf, BufWriter<File>), Error> {
    let path = out.join(PREDICTIONS);
    write_whole(&path, &lines(rows))?;
    let file = File::options().append(true).open(&path).map_err(|fault| Error::write(&path, fault))?;
    Ok((path, BufWriter::new(file)))
}

/// The text of the file of predictions.
fn lines(rows: &[PredictionRow]) -> String {
    let mut text = String::new();
    for row in rows {
        text += &serde_json::to_string(row).unwrap_or_default();
        text.push('\n');
    }
    text
}

/// The files of a run that has come to its end; the card with their digest comes last.
fn finish(out: &Path, run: &Run, predictions: &str) -> Result<(), Error> {
    write_whole(&out.join(PREDICTIONS), predictions)?;
    let mut json = json!({
        "benchmark": run.card.benchmark,
        "strategy": run.card.strategy,
        "model": run.card.model,
        "metric": run.card.metric,
        "perception": run.card.perception,
    });
    if let Some(object) = json.as_object_mut() {
        object.extend(run.report.json());
        let Cost { calls, frames, tokens } = run.cost;
        object.insert("cost".into(), json!({"calls": calls, "frames": frames, "tokens": tokens}));
    }
    write_whole(&out.join(REPORT), &pretty(&json))?;
    write_whole(&out.join(CARD), &pretty(&json!(run.card)))
}

fn pretty(json: &Value) -> String {
    format!("{json:#}\n")
}

/// A file that is there whole or not at all.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<(), Error> {
    let beside = path.with_extension("part");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|fault| Error::write(path, fault))
}

#[cfg(test)]
mod tests;
