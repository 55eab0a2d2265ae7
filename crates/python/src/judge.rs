//! Who judges parts of rewards that no formula decides: a Python function, or verdicts that were given before.

use crate::convert::{datum, json};
use crate::error::raised;
use chronotope::evaluate::RewardVerdicts;
use chronotope::score::{Asked, Question, SharedJudge};
use pyo3::prelude::*;
use serde_json::Value as Json;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A judge as Python hands it in.
pub(crate) struct RewardJudge {
    pub(crate) judge: SharedJudge,
    recorded: Option<RewardVerdicts>,
    /// What the function raised first.
    raised: Arc<Mutex<Option<PyErr>>>,
}

impl RewardJudge {
    /// A function of id, part, question (or None), truth and answer that gives a share, or True or False, or None where it says nothing; else recorded
    /// verdicts: a file of rows `{id, part, answer, verdict, judge}`, or a list of such dictionaries.
    pub(crate) fn of(given: &Bound<'_, PyAny>) -> PyResult<RewardJudge> {
        let raised_first = Arc::new(Mutex::new(None));
        if given.is_callable() {
            let judge = asked(given, Arc::clone(&raised_first));
            return Ok(RewardJudge { judge, recorded: None, raised: raised_first });
        }
        let recorded = if let Ok(path) = given.extract::<PathBuf>() {
            RewardVerdicts::read(&path)
        } else {
            let wrong = || {
                raised(
                    "judge: expected a function, a file of verdicts or a list of dictionaries {id, part, answer, verdict}, found something else",
                )
            };
            let mut rows = Vec::new();
            for row in given.try_iter().map_err(|_not| wrong())? {
                match json(&row?)? {
                    Json::Object(fields) => rows.push(fields),
                    _ => return Err(wrong()),
                }
            }
            RewardVerdicts::of_rows("judge", rows)
        };
        let recorded = recorded.map_err(raised)?;
        Ok(RewardJudge { judge: recorded.judge(), recorded: Some(recorded), raised: raised_first })
    }

    /// Refuses verdicts that were recorded on none of these rows.
    pub(crate) fn check<'a>(&mut self, ids: impl IntoIterator<Item = &'a Json>) -> PyResult<()> {
        let Some(verdicts) = &mut self.recorded else { return Ok(()) };
        for id in ids {
            verdicts.meet(id);
        }
        verdicts.check().map_err(raised)
    }

    /// Hands on what the function raised.
    pub(crate) fn finish(&self) -> PyResult<()> {
        self.raised.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
    }
}

fn asked(judge: &Bound<'_, PyAny>, first: Arc<Mutex<Option<PyErr>>>) -> SharedJudge {
    let name = name_of(judge);
    let judge = judge.clone().unbind();
    Arc::new(Asked::new(name, move |question: &Question<'_>| {
        Python::attach(|py| {
            // one that raised is not asked again: a model that is away would be waited for once a row
            if first.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
                return None;
            }
            let asked = (
                question.id,
                question.part,
                question.question,
                question.truth.to_string(),
                question.answer.to_string(),
            );
            let verdict = judge.call1(py, asked).and_then(|verdict| datum(verdict.bind(py)));
            verdict.unwrap_or_else(|error| {
                first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                None
            })
        })
    }))
}

/// What a function is called.
pub(crate) fn name_of(judge: &Bound<'_, PyAny>) -> String {
    let name = judge.getattr("__name__").and_then(|name| name.extract::<String>());
    name.unwrap_or_else(|_unnamed| "a Python function".to_owned())
}
