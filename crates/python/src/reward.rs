//! Rewards and advantages.

use crate::convert::{json, to_python};
use crate::error::raised;
use crate::judge::RewardJudge;
use crate::score::on_all_cores;
use chronotope::evaluate::reward_by_name;
use chronotope::score::advantage::{self, Rollout};
use chronotope::score::reward::{
    self, Case, CaseJudge, Context, Heard, Plan, Recipe, Reply, Reward, rewarded_lines,
};
use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyDict, PyList, PyString};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;

/// Completions of fewer bytes in all are judged by one thread.
const LEAST_SHARED_BYTES: usize = 1 << 16;

/// What completions are worth by a rule of `catalogue("rewards")`, or by a recipe (its text, docs/rewards.md): an array of numbers, NaN where a row cannot be judged
/// (`reward_rows` says why). Runs on all cores, without the interpreter.
///
/// `completions` are texts, or lists of messages `{role, content}`; `answers` the truths as text or numbers; `problem_types` and
/// `contexts` (dictionaries) what else the rule looks at; `context` what holds for all. `groups` says which are rollouts of one prompt.
///
/// `judge` decides the parts that no formula does: a function of id, part, question (or None), truth and answer that gives a share from 0 to 1 (some parts:
/// -1 to 1), or True or False, or None where it says nothing and the row cannot be judged; or recorded verdicts, a file or a list of dictionaries `{id,
/// part, answer, verdict, judge}`, of which one on an unknown id is refused. `ids` are the rows' ids; else their places from 0.
#[pyfunction]
#[pyo3(signature = (rule, completions, answers = None, *, problem_types = None, contexts = None, groups = None, context = None, ids = None, judge = None))]
#[allow(clippy::too_many_arguments, reason = "Python names its arguments")]
pub(crate) fn rewards<'py>(
    py: Python<'py>,
    rule: &str,
    completions: &Bound<'py, PyAny>,
    answers: Option<&Bound<'py, PyAny>>,
    problem_types: Option<&Bound<'py, PyAny>>,
    contexts: Option<&Bound<'py, PyAny>>,
    groups: Option<&Bound<'py, PyAny>>,
    context: Option<&Bound<'py, PyAny>>,
    ids: Option<&Bound<'py, PyAny>>,
    judge: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let rule = Rule::of(rule)?;
    let rule = rule.reward();
    let said = completions.try_iter()?.map(|one| Said::of(&one?)).collect::<PyResult<Vec<_>>>()?;
    let n = said.len();
    let column =
        |name: &str, given: Option<&Bound<'py, PyAny>>| -> PyResult<Option<Vec<Bound<'py, PyAny>>>> {
            let Some(given) = given else { return Ok(None) };
            let items = given.try_iter()?.collect::<PyResult<Vec<_>>>()?;
            match items.len() {
                found if found == n => Ok(Some(items)),
                found => Err(raised(format!("{name}: expected {n} as there are completions, found {found}"))),
            }
        };
    let text = |name: &str, given: Option<&Bound<'py, PyAny>>| -> PyResult<Option<Vec<Option<Word>>>> {
        column(name, given)?.map(|items| items.iter().map(Word::of).collect()).transpose()
    };
    let answers = text("answers", answers)?;
    let problem_types = text("problem_types", problem_types)?;
    let contexts = column("contexts", contexts)?;
    let contexts: Option<Vec<Map<String, Json>>> =
        contexts.map(|items| items.iter().map(object).collect()).transpose()?;
    let groups = text("groups", groups)?;
    let shared = context.map(object).transpose()?.unwrap_or_default();
    let ids = column("ids", ids)?;
    let mut judge = judge.map(RewardJudge::of).transpose()?;
    let ids: Vec<Json> = match (&judge, ids) {
        (None, _) => Vec::new(),
        (Some(_), None) => (0..n).map(Json::from).collect(),
        (Some(_), Some(ids)) => ids.iter().map(json).collect::<PyResult<_>>()?,
    };
    if let Some(judge) = &mut judge {
        judge.check(&ids)?;
    }
    let heard = Heard::default();

    let case = |i: usize| {
        let (reply, earlier) = said[i].read();
        Case {
            reply: Arc::new(reply),
            earlier,
            truth: answers.as_ref().and_then(|answers| answers[i].as_ref()).map(Word::text),
            problem_type: problem_types.as_ref().and_then(|t| t[i].as_ref()).map_or("", Word::text),
            context: Context::new(contexts.as_ref().map(|contexts| &contexts[i]), Some(&shared)),
            judge: judge.as_ref().map(|judge| CaseJudge { id: &ids[i], judge: &*judge.judge, heard: &heard }),
        }
    };
    let worth = |verdict: Option<Result<reward::Verdict, reward::Fault>>| match verdict {
        Some(Ok(verdict)) => verdict.reward(),
        _ => f64::NAN,
    };
    let values = py.detach(|| match &groups {
        Some(groups) if rule.needs_group() => {
            let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (i, group) in groups.iter().enumerate() {
                members.entry(group.as_ref().map_or("", Word::text)).or_default().push(i);
            }
            let members: Vec<Vec<usize>> = members.into_values().collect();
            let judged = on_all_cores(&members, |group| {
                rule.judge_group(&group.iter().map(|&i| case(i)).collect::<Vec<_>>())
            });
            let mut values = vec![f64::NAN; n];
            for (group, verdicts) in members.iter().zip(judged) {
                for (&i, verdict) in group.iter().zip(verdicts) {
                    values[i] = worth(Some(verdict));
                }
            }
            values
        }
        _ => {
            let worth_of = |i: usize| worth(Some(rule.judge(&case(i))));
            // starting threads takes longer than reading a few texts
            let bytes: usize = said.iter().map(Said::len).sum();
            if bytes < LEAST_SHARED_BYTES {
                (0..n).map(worth_of).collect()
            } else {
                let rows: Vec<usize> = (0..n).collect();
                on_all_cores(&rows, |&i| worth_of(i))
            }
        }
    });
    judge.as_ref().map_or(Ok(()), RewardJudge::finish)?;
    Ok(PyArray1::from_vec(py, values))
}

/// Rows `{id, completion, answer, problem_type, context}` judged by a rule or a recipe: for each, in order, a dictionary `{id, reward, parts, reason,
/// error}` as `chronotope reward` prints it. `group_by` names the field that says which rows are rollouts of one prompt. `judge` is as of `rewards`; a row in
/// which it had a say names it as `judge`.
#[pyfunction]
#[pyo3(signature = (rule, rows, *, group_by = None, context = None, judge = None))]
pub(crate) fn reward_rows<'py>(
    py: Python<'py>,
    rule: &str,
    rows: &Bound<'py, PyAny>,
    group_by: Option<String>,
    context: Option<&Bound<'py, PyAny>>,
    judge: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyList>> {
    let rule = Rule::of(rule)?;
    let rule = rule.reward();
    let mut judge = judge.map(RewardJudge::of).transpose()?;
    let plan = Plan {
        context: context.map(object).transpose()?.unwrap_or_default(),
        group_by,
        judge: judge.as_ref().map(|judge| Arc::clone(&judge.judge)),
    };
    let rows = rows.try_iter()?.map(|row| json(&row?)).collect::<PyResult<Vec<Json>>>()?;
    if let Some(judge) = &mut judge {
        judge.check(rows.iter().map(|row| row.get("id").unwrap_or(&Json::Null)))?;
    }
    let lines: Vec<String> = rows.iter().map(Json::to_string).collect();
    let threads = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let settled: Vec<Json> = py
        .detach(|| rewarded_lines(rule, &plan, &lines, threads).iter().map(reward::Settled::json).collect());
    judge.as_ref().map_or(Ok(()), RewardJudge::finish)?;
    PyList::new(py, settled.iter().map(|row| to_python(py, row)).collect::<PyResult<Vec<_>>>()?)
}

/// The advantage of every rollout by a method (`advantage_methods()`): an array, NaN for those that are not learned from.
///
/// `groups` says which are rollouts of one prompt. `tasks` (ema-grpo), `greedy` rewards (remax) and `masked` rollouts are given where the
/// method looks at them. `epsilon` replaces the method's own; `lone` lets a group of one through.
#[pyfunction]
#[pyo3(signature = (method, rewards, groups, *, tasks = None, greedy = None, masked = None, epsilon = None, lone = false))]
#[allow(
    clippy::too_many_arguments,
    clippy::needless_pass_by_value,
    reason = "Python names its arguments and hands in lists"
)]
pub(crate) fn advantages<'py>(
    py: Python<'py>,
    method: &str,
    rewards: Vec<f64>,
    groups: &Bound<'py, PyAny>,
    tasks: Option<Vec<String>>,
    greedy: Option<Vec<f64>>,
    masked: Option<Vec<bool>>,
    epsilon: Option<f64>,
    lone: bool,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let names: Vec<&str> = advantage::ADVANTAGES.iter().map(|method| method.name).collect();
    let method = advantage::method(method)
        .ok_or_else(|| raised(format!("expected a method ({}), found `{method}`", names.join(", "))))?;
    if epsilon.is_some_and(|epsilon| !(epsilon.is_finite() && epsilon >= 0.0)) {
        return Err(raised("epsilon: expected a number from 0 on"));
    }
    let n = rewards.len();
    let lengths = [
        ("tasks", tasks.as_ref().map(Vec::len)),
        ("greedy", greedy.as_ref().map(Vec::len)),
        ("masked", masked.as_ref().map(Vec::len)),
    ];
    if let Some((name, found)) = lengths.iter().find_map(|(name, l)| l.filter(|l| *l != n).map(|l| (name, l)))
    {
        return Err(raised(format!("{name}: expected {n} as there are rewards, found {found}")));
    }
    let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut found = 0;
    for (i, group) in groups.try_iter()?.enumerate() {
        found = i + 1;
        members.entry(group?.str()?.to_string_lossy().into_owned()).or_default().push(i);
    }
    if found != n {
        return Err(raised(format!("groups: expected {n} as there are rewards, found {found}")));
    }
    let rollout = |&i: &usize| Rollout {
        reward: rewards[i],
        greedy: greedy.as_ref().map(|greedy| greedy[i]),
        task: tasks.as_ref().map(|tasks| tasks[i].clone()).unwrap_or_default(),
        masked: masked.as_ref().is_some_and(|masked| masked[i]),
    };
    let values = py
        .detach(|| {
            let batch: Vec<(String, Vec<Rollout>)> = members
                .iter()
                .map(|(name, rows)| (name.clone(), rows.iter().map(rollout).collect()))
                .collect();
            let mut values = vec![f64::NAN; n];
            for (rows, worth) in members.values().zip(advantage::advantages(method, &batch, epsilon, lone)) {
                for (&i, worth) in rows.iter().zip(worth?) {
                    values[i] = worth.unwrap_or(f64::NAN);
                }
            }
            Ok(values)
        })
        .map_err(|error: advantage::Error| raised(error))?;
    Ok(PyArray1::from_vec(py, values))
}

/// Every way from rewards to advantages: dictionaries with `name`, `about`, `epsilon`.
#[pyfunction]
pub(crate) fn advantage_methods(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let rows = advantage::ADVANTAGES.iter().map(|method| {
        let row = PyDict::new(py);
        row.set_item("name", method.name)?;
        row.set_item("about", method.about)?;
        row.set_item("epsilon", method.epsilon)?;
        Ok(row)
    });
    PyList::new(py, rows.collect::<PyResult<Vec<_>>>()?)
}

/// A rule by its name, or a recipe by its text.
enum Rule {
    Named(&'static dyn Reward),
    Recipe(Recipe),
}

impl Rule {
    fn of(text: &str) -> PyResult<Rule> {
        // names have neither
        if text.contains(['\n', '=']) {
            return Recipe::parse(text).map(Rule::Recipe).map_err(raised);
        }
        reward_by_name(text).map(Rule::Named).ok_or_else(|| {
            raised(format!("expected a rule of chronotope.catalogue(\"rewards\"), found `{text}`"))
        })
    }

    fn reward(&self) -> &dyn Reward {
        match self {
            Rule::Named(rule) => *rule,
            Rule::Recipe(recipe) => recipe,
        }
    }
}

fn object(value: &Bound<'_, PyAny>) -> PyResult<Map<String, Json>> {
    match json(value)? {
        Json::Object(fields) => Ok(fields),
        Json::Null => Ok(Map::new()),
        _ => Err(raised(format!("expected a dictionary as context, found {}", value.get_type().name()?))),
    }
}

/// A text of Python's, not copied, or another value's JSON.
enum Word {
    Theirs(PyBackedStr),
    Ours(String),
}

impl Word {
    fn of(value: &Bound<'_, PyAny>) -> PyResult<Option<Word>> {
        if value.is_none() {
            return Ok(None);
        }
        if value.is_instance_of::<PyString>() {
            return Ok(Some(backed(value)?));
        }
        Ok(Some(Word::Ours(json(value)?.to_string())))
    }

    fn text(&self) -> &str {
        match self {
            Word::Theirs(text) => text,
            Word::Ours(text) => text,
        }
    }
}

/// A text; lone surrogates, which are no UTF-8, become replacement characters.
fn backed(value: &Bound<'_, PyAny>) -> PyResult<Word> {
    match value.extract::<PyBackedStr>() {
        Ok(text) => Ok(Word::Theirs(text)),
        Err(_) => Ok(Word::Ours(value.cast::<PyString>()?.to_string_lossy().into_owned())),
    }
}

/// What the policy said: a text, or its turns.
enum Said {
    Text(Word),
    Turns(Vec<String>),
}

impl Said {
    fn of(value: &Bound<'_, PyAny>) -> PyResult<Said> {
        if value.is_instance_of::<PyString>() {
            return Ok(Said::Text(backed(value)?));
        }
        let wrong = || {
            raised("completions: expected texts or lists of messages {role, content}, found something else")
        };
        let mut turns = Vec::new();
        for message in value.try_iter().map_err(|_not| wrong())? {
            let message = json(&message?)?;
            let text = match message.get("content") {
                Some(Json::String(text)) => text.clone(),
                Some(Json::Array(parts)) => {
                    parts.iter().filter_map(|part| part.get("text")?.as_str()).collect()
                }
                _ => return Err(wrong()),
            };
            if message.get("role").and_then(Json::as_str).unwrap_or("assistant") == "assistant" {
                turns.push(text);
            }
        }
        Ok(Said::Turns(turns))
    }

    /// Bytes of text.
    fn len(&self) -> usize {
        match self {
            Said::Text(text) => text.text().len(),
            Said::Turns(turns) => turns.iter().map(String::len).sum(),
        }
    }

    fn read(&self) -> (Reply<'_>, Vec<Reply<'_>>) {
        match self {
            Said::Text(text) => (Reply::new(text.text()), Vec::new()),
            Said::Turns(turns) => match turns.split_last() {
                Some((last, earlier)) => {
                    (Reply::new(last), earlier.iter().map(|turn| Reply::new(turn)).collect())
                }
                None => (Reply::new(""), Vec::new()),
            },
        }
    }
}
