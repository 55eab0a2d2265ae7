//! Rewards and scores of rows, in batches.

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::available_parallelism;

use axum::Json as JsonBody;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Request, header};
use axum::response::{IntoResponse as _, Response};
use chronotope::evaluate::{ScoreSettings, WorldCheck, reward_by_name, score_files};
use chronotope::score::advantage::{ADVANTAGES, method};
use chronotope::score::by_name;
use chronotope::score::reward::{Plan, Reward, Settled, add_advantages, rewarded_lines};
use serde_json::Value as Json;

use super::{refusal, whole};
use crate::control::Control;
use crate::error::Error;
use crate::run::Calls;

#[derive(serde::Deserialize)]
pub(super) struct Batch {
    group_by: Option<String>,
    advantage: Option<String>,
    /// The World that `world-check` checks against.
    source: Option<String>,
}

/// Rewards rows: an array gives an array, lines give lines.
pub(super) async fn reward(
    State(calls): State<Calls>,
    Path(rule): Path<String>,
    Query(batch): Query<Batch>,
    request: Request<Body>,
) -> Response {
    let body = match whole(request, &calls.desk().limits).await {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let is_array = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let desk = calls.desk().clone();
    let came = calls
        .run(Control::default(), move |control| {
            let lines = if is_array {
                rows_of(&body, "body")?.iter().map(Json::to_string).collect()
            } else {
                let text = String::from_utf8_lossy(&body);
                text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>()
            };
            let world_check = match &batch.source {
                None => None,
                Some(name) => Some(WorldCheck::of(desk.library.world(&[name], control)?.0)),
            };
            let own =
                world_check.as_ref().map(|rule| rule as &dyn Reward).filter(|own| own.entry().name == rule);
            let rule =
                own.or_else(|| reward_by_name(&rule).map(|rule| rule as &dyn Reward)).ok_or_else(|| {
                    Error::Unknown {
                        expected: "a rule (`chronotope list rewards` names them)".to_owned(),
                        found: rule.chars().take(60).collect(),
                    }
                })?;
            let by = batch.advantage.as_deref().map(|name| {
                let names: Vec<&str> = ADVANTAGES.iter().map(|method| method.name).collect();
                method(name).ok_or_else(|| {
                    Error::argument("advantage", format!("one of {}", names.join(", ")), format!("`{name}`"))
                })
            });
            let by = by.transpose()?;
            if by.is_some() && batch.group_by.is_none() {
                return Err(Error::argument(
                    "group_by",
                    "the field that tells the groups, with advantage",
                    "nothing",
                ));
            }
            let plan = Plan { group_by: batch.group_by.clone(), ..Plan::default() };
            let threads = available_parallelism().unwrap_or(NonZeroUsize::MIN);
            let mut rows = rewarded_lines(rule, &plan, &lines, threads);
            if let Some(method) = by {
                add_advantages(&mut rows, method, None, false);
            }
            Ok(rows.iter().map(Settled::json).collect::<Vec<Json>>())
        })
        .await;
    match came {
        Err(error) => refusal(&error),
        Ok(rows) if is_array => JsonBody(Json::Array(rows)).into_response(),
        Ok(rows) => {
            let lines = rows.iter().fold(String::new(), |mut lines, row| {
                lines += &row.to_string();
                lines.push('\n');
                lines
            });
            ([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response()
        }
    }
}

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    by: Option<String>,
}

/// Scores `{truth: […], predictions: […]}` by a metric.
pub(super) async fn score(
    State(calls): State<Calls>,
    Path(metric): Path<String>,
    Query(asked): Query<Asked>,
    request: Request<Body>,
) -> Response {
    let body = match whole(request, &calls.desk().limits).await {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let came = calls
        .run(Control::default(), move |_control| {
            let metric = by_name(&metric).ok_or_else(|| Error::Unknown {
                expected: "a metric (`chronotope list metrics` names them)".to_owned(),
                found: metric.chars().take(60).collect(),
            })?;
            let given: Json = serde_json::from_slice(&body)
                .map_err(|error| Error::argument("body", "a JSON object", error.to_string()))?;
            let files = Files::new()?;
            let truth = files.put("truth", &given["truth"])?;
            let said = files.put("predictions", &given["predictions"])?;
            let settings = ScoreSettings { by: asked.by, seed: Some(0), ..ScoreSettings::default() };
            let scores = score_files(metric, &truth, &said, &settings).map_err(|error| {
                let folder = format!("{}/", files.0.display());
                Error::input(error.to_string().replace(&folder, ""))
            })?;
            Ok(scores.json())
        })
        .await;
    match came {
        Err(error) => refusal(&error),
        Ok(json) => JsonBody(json).into_response(),
    }
}

fn rows_of(body: &[u8], what: &str) -> Result<Vec<Json>, Error> {
    serde_json::from_slice(body)
        .map_err(|error| Error::argument(what, "a JSON array of rows", error.to_string()))
}

/// A private folder for rows that are scored as files are; it goes away with the request.
struct Files(PathBuf);

impl Files {
    fn new() -> Result<Files, Error> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("chronotope-score-{}-{n}", std::process::id()));
        let made = std::fs::create_dir(&folder);
        made.map_err(|error| Error::input(format!("cannot make a temporary folder: {error}")))?;
        Ok(Files(folder))
    }

    /// Rows as a file.
    fn put(&self, name: &str, rows: &Json) -> Result<PathBuf, Error> {
        let rows =
            rows.as_array().ok_or_else(|| Error::argument(name, "an array of rows", "another value"))?;
        let path = self.0.join(format!("{name}.jsonl"));
        let write = || -> std::io::Result<()> {
            let mut file = std::io::BufWriter::new(std::fs::File::create_new(&path)?);
            rows.iter().try_for_each(|row| writeln!(file, "{row}"))?;
            file.flush()
        };
        write().map_err(|error| Error::input(format!("cannot write a temporary file: {error}")))?;
        Ok(path)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok(); // the system clears its temporary folder too
    }
}
