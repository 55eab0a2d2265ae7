//! Where a model loses: the same items blind, from pictures, from the exact World as text, and by the engine.

mod page;

use crate::error::Error;
use crate::prediction::PredictionRow;
use crate::run::{Run, Settings, run};
use chronotope_act::{Cost, Means, by_name as strategy_by_name};
use chronotope_score::{Paired, paired};
use chronotope_tasks::benchmark::{Benchmark as _, Made};
use chronotope_tasks::generate::{FilmMaker, Knobs, Level, TASKS};
use chronotope_tasks::make::{Order, make};
use chronotope_tasks::{Item, Truth};
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// What is asked where nobody says: sides, nearness, order, distance, number. Each has a World, a video and answers of one kind.
pub const USUAL: [&str; 5] =
    ["relative-direction", "relative-distance", "appearance-order", "absolute-distance", "object-count"];

/// The arms, in the order of [`Losses::scores`]: what each is given, and who computes.
pub const ARMS: [(&str, &str); 4] = [
    ("blind", "the question alone"),
    ("direct", "pictures"),
    ("world-text", "the exact World as text; the model computes"),
    ("exact", "the exact World; the engine computes"),
];

/// What is diagnosed, and how.
pub struct Plan<'a> {
    /// Names of tasks.
    pub tasks: Vec<String>,
    /// Items of each.
    pub count: u64,
    /// How hard they are.
    pub level: Level,
    /// Seed of the items.
    pub seed: u64,
    /// The model, and how it is shown pictures.
    pub means: Means,
    /// Encodes the clips; none where there is no encoder.
    pub films: Option<&'a dyn FilmMaker>,
    /// Threads.
    pub threads: NonZeroUsize,
    /// The folder for items, runs and the page; a diagnosis that was stopped there goes on.
    pub out: PathBuf,
}

/// Scores of the four arms on the same items, and what lies between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Losses {
    /// The task, or `all`.
    pub name: String,
    /// Items that all four scored.
    pub n: u64,
    /// Means, in the order of [`ARMS`].
    pub scores: [f64; 4],
    /// What looking adds to the language prior: pictures beside blind.
    pub looking: Paired,
    /// What is lost by seeing: the World as text beside pictures.
    pub seeing: Paired,
    /// What is lost by computing: the engine beside the model, both on the exact World.
    pub computing: Paired,
}

/// An item that the model got wrong from pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its task.
    pub task: String,
    /// Its id.
    pub id: String,
    /// What was asked.
    pub question: String,
    /// The options.
    pub options: Vec<String>,
    /// The truth.
    pub truth: String,
    /// What each arm answered, in the order of [`ARMS`].
    pub said: [Option<String>; 4],
    /// Its video or pictures, relative to the folder.
    pub media: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// The model's name.
    pub model: String,
    /// By task, then all together (every task weighs by its items).
    pub losses: Vec<Losses>,
    /// What each arm cost.
    pub costs: [Cost; 4],
    /// Wrong from pictures; those first that the model gets right from the text.
    pub cases: Vec<Case>,
}

/// Most cases that are kept.
const MOST_CASES: usize = 24;

/// Makes the items, runs the arms, compares them item by item, and writes `diagnosis.json` and `index.html`.
///
/// `progress` hears what is being done, and how many of how many items of it are.
///
/// # Errors
/// A task that there is none of, a folder that cannot be written, a model that fails. What was paid for is kept: the same call goes on.
pub fn diagnose(plan: &Plan<'_>, progress: &(dyn Fn(&str, u64, u64) + Sync)) -> Result<Diagnosis, Error> {
    let mut runs: Vec<(String, Vec<Item>, Vec<Run>)> = Vec::new();
    for name in &plan.tasks {
        let task = TASKS.iter().copied().find(|task| task.entry().name == *name).ok_or_else(|| {
            let names: Vec<&str> = TASKS.iter().map(|task| task.entry().name).collect();
            Error::Option { option: "tasks", expected: names.join(", "), found: name.clone() }
        })?;
        let knobs = Knobs::new(task.knobs(), plan.level, &[]).map_err(|found| Error::Option {
            option: "level",
            expected: format!("knobs of {name}"),
            found,
        })?;
        let order = Order {
            task,
            knobs,
            level: plan.level,
            seed: plan.seed,
            split: "diagnose".to_owned(),
            count: plan.count,
            from: Vec::new(),
            threads: plan.threads,
            films: plan.films,
            out: plan.out.join("items").join(name),
        };
        make(&order, &|done, of| progress(&format!("making {name}"), done, of))?;
        let file = order.out.join("items.jsonl");
        let made = Made::open(&file)?;
        let loaded = made.load(&file)?;
        let mut of_task = Vec::new();
        for (arm, _) in ARMS {
            let Some(strategy) = strategy_by_name(arm) else { continue };
            let settings = Settings {
                limit: None,
                threads: plan.threads,
                seed: plan.seed,
                noise: crate::Noise::default(),
                means: plan.means.clone(),
                out: Some(plan.out.join("runs").join(name).join(arm)),
            };
            let told = |done: usize, of: usize| progress(&format!("{name}, {arm}"), done as u64, of as u64);
            of_task.push(run(&made, &loaded, strategy, &settings, &told)?);
        }
        runs.push((name.clone(), loaded.items, of_task));
    }
    let model = plan.means.chat.as_ref().map_or_else(String::new, |chat| chat.model().to_owned());
    let diagnosis = Diagnosis::of(model, &runs, plan);
    diagnosis.write(&plan.out)?;
    Ok(diagnosis)
}

impl Diagnosis {
    fn of(model: String, runs: &[(String, Vec<Item>, Vec<Run>)], plan: &Plan<'_>) -> Diagnosis {
        let mut losses = Vec::new();
        let mut every = Vec::new();
        let mut costs = [Cost::default(); 4];
        let mut cases = Vec::new();
        for (name, items, of_task) in runs {
            let rows: Vec<&[PredictionRow]> = of_task.iter().map(|run| run.rows.as_slice()).collect();
            let scores = scores(&rows);
            losses.extend(losses_of(name, &scores, plan.seed));
            every.extend(scores);
            for (cost, run) in costs.iter_mut().zip(of_task) {
                *cost = cost.plus(run.cost);
            }
            cases.extend(cases_of(name, items, &rows, &plan.out));
        }
        if runs.len() > 1 {
            losses.extend(losses_of("all", &every, plan.seed));
        }
        // those first that show what seeing costs: right from the text, wrong from the pictures
        cases.sort_by_key(|(order, _)| *order);
        let cases = cases.into_iter().map(|(_, case)| case).take(MOST_CASES).collect();
        Diagnosis { model, losses, costs, cases }
    }

    /// As one JSON object.
    pub fn json(&self) -> Value {
        let between = |found: &Paired| {
            json!({
                "difference": found.means[1] - found.means[0],
                "interval": found.interval.map(|interval| [interval.low, interval.high]),
                "p": found.p,
            })
        };
        let arm = |k: usize, losses: &Losses| (ARMS[k].0.to_owned(), json!(losses.scores[k]));
        let losses: Vec<Value> = self
            .losses
            .iter()
            .map(|losses| {
                json!({
                    "task": losses.name,
                    "n": losses.n,
                    "scores": (0..4).map(|k| arm(k, losses)).collect::<serde_json::Map<_, _>>(),
                    "gained_by_looking": between(&losses.looking),
                    "lost_by_seeing": between(&losses.seeing),
                    "lost_by_computing": between(&losses.computing),
                })
            })
            .collect();
        let costs: serde_json::Map<String, Value> = ARMS
            .iter()
            .zip(&self.costs)
            .map(|((name, _), c)| {
                ((*name).to_owned(), json!({"calls": c.calls, "frames": c.frames, "tokens": c.tokens}))
            })
            .collect();
        let cases: Vec<Value> = self
            .cases
            .iter()
            .map(|case| {
                let said: serde_json::Map<String, Value> = ARMS
                    .iter()
                    .zip(&case.said)
                    .map(|((name, _), said)| ((*name).to_owned(), json!(said)))
                    .collect();
                json!({"task": case.task, "id": case.id, "question": case.question, "options": case.options,
                    "truth": case.truth, "said": said, "media": case.media})
            })
            .collect();
        json!({"model": self.model, "losses": losses, "cost": costs, "cases": cases})
    }

    fn write(&self, out: &std::path::Path) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(&self.json()).unwrap_or_default() + "\n";
        crate::run::write_whole(&out.join("diagnosis.json"), &text)?;
        crate::run::write_whole(&out.join("index.html"), &page::html(self))
    }
}

/// The scores of items that all arms scored; an item without an answer scores 0.
fn scores(rows: &[&[PredictionRow]]) -> Vec<[f64; 4]> {
    let n = rows.iter().map(|rows| rows.len()).min().unwrap_or(0);
    let of = |at: usize| -> Option<[f64; 4]> {
        let mut scores = [0.0; 4];
        for (score, rows) in scores.iter_mut().zip(rows) {
            let row = rows.get(at)?;
            *score = if row.prediction.is_none() { 0.0 } else { row.score? };
        }
        Some(scores)
    };
    (0..n).filter_map(of).collect()
}

/// What lies between the arms; none where there are no items.
fn losses_of(name: &str, scores: &[[f64; 4]], seed: u64) -> Option<Losses> {
    let mean = |k: usize| scores.iter().map(|s| s[k]).sum::<f64>() / scores.len() as f64;
    let between = |a: usize, b: usize| {
        let pairs: Vec<[f64; 2]> = scores.iter().map(|s| [s[a], s[b]]).collect();
        paired(&pairs, seed)
    };
    Some(Losses {
        name: name.to_owned(),
        n: scores.len() as u64,
        looking: between(0, 1)?,
        seeing: between(1, 2)?,
        computing: between(2, 3)?,
        scores: [0, 1, 2, 3].map(mean),
    })
}

/// Items that are wrong from pictures, each with its place among them: 0 where the text sufficed, 1 where it did not.
fn cases_of(task: &str, items: &[Item], rows: &[&[PredictionRow]], out: &std::path::Path) -> Vec<(u8, Case)> {
    let mut cases = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let of = |arm: usize| rows.get(arm).and_then(|rows| rows.get(at));
        let score = |arm: usize| of(arm).and_then(|row| row.score).unwrap_or(0.0);
        if score(1) >= 0.5 {
            continue;
        }
        let truth = match &item.truth {
            Truth::Text(text) => text.clone(),
            Truth::Number(number) => number.to_string(),
            Truth::AnyOf(any) | Truth::AllOf(any) => any.join(", "),
        };
        let relative = |path: &PathBuf| {
            path.strip_prefix(out).map(|path| path.to_string_lossy().replace('\\', "/")).unwrap_or_default()
        };
        cases.push((
            u8::from(score(2) < 0.5),
            Case {
                task: task.to_owned(),
                id: item.id.clone(),
                question: item.question.clone(),
                options: item.options.clone(),
                truth,
                said: [0, 1, 2, 3].map(|arm| of(arm).and_then(|row| row.prediction.clone())),
                media: item.media.iter().map(relative).filter(|path| !path.is_empty()).collect(),
            },
        ));
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a hash of the item and the arm falls below a rate: faults that are planted, the same every time.
    fn right(item: u64, arm: u64, rate: f64) -> f64 {
        let mut z = item.wrapping_mul(4).wrapping_add(arm).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let share = ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
        f64::from(u8::from(share < rate))
    }

    #[test]
    fn planted_shares_come_back_within_three_points() {
        let rates = [0.30, 0.45, 0.80, 1.00];
        let scores: Vec<[f64; 4]> =
            (0..2_000).map(|item| [0, 1, 2, 3].map(|arm| right(item, arm as u64, rates[arm]))).collect();
        let losses = losses_of("planted", &scores, 7).expect("items");
        for (found, planted) in [(&losses.looking, 0.15), (&losses.seeing, 0.35), (&losses.computing, 0.20)] {
            let difference = found.means[1] - found.means[0];
            assert!((difference - planted).abs() < 0.03, "{difference} against {planted}");
            let interval = found.interval.expect("many items");
            assert!(interval.low <= difference && difference <= interval.high);
        }
    }

    #[test]
    fn an_item_without_an_answer_scores_nothing_and_one_without_a_score_is_left_out() {
        let row = |prediction: Option<&str>, score: Option<f64>| PredictionRow {
            id: "1".into(),
            group: "a".into(),
            prediction: prediction.map(str::to_owned),
            status: "answered".into(),
            score,
            truth: "A".into(),
            confidence: None,
            interval: None,
            said: String::new(),
            program: String::new(),
            missing: Vec::new(),
            cost: [0; 3],
            calls: Vec::new(),
        };
        let right = [row(Some("A"), Some(1.0)), row(Some("A"), Some(1.0))];
        let odd = [row(None, None), row(Some("?"), None)];
        assert_eq!(scores(&[&odd, &right, &right, &right]), [[0.0, 1.0, 1.0, 1.0]]);
    }
}
