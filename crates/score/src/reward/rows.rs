//! Rows of JSON: completions in, rewards out, in the same order.

use super::Reward;
use super::case::{Case, CaseJudge, Context, Fault, Heard, short};
use super::reply::{Reason, Reply};
use super::verdict::{Part, Verdict};
use crate::advantage::{Method, Rollout, advantages};
use crate::judge::SharedJudge;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// How rows are rewarded: what holds for all of them.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Fields of the context that rows without them have.
    pub context: Map<String, Value>,
    /// The field, of the row or of its context, that says which rows are rollouts of one prompt; none makes each row a group.
    pub group_by: Option<String>,
    /// Who judges what no formula decides.
    pub judge: Option<SharedJudge>,
}

/// A row: `{id, completion, answer, problem_type, context}`.
///
/// `completion` is a text, or a list of messages `{role, content}` of which the assistant's are the policy's turns. `answer` is the truth
/// as text; a number or a list is taken as its JSON. Other fields are left alone.
#[derive(Debug, Deserialize)]
pub struct RewardRow<'a> {
    /// The row's id, given back as it is.
    #[serde(default)]
    pub id: Value,
    #[serde(borrow, default)]
    completion: Option<Completion<'a>>,
    #[serde(default)]
    answer: Option<Truth>,
    #[serde(borrow, default)]
    problem_type: Option<Cow<'a, str>>,
    #[serde(default)]
    context: Option<Once<Map<String, Value>>>,
    #[serde(skip)]
    heard: Heard,
}

impl RewardRow<'_> {
    /// The row, read once.
    pub fn case<'r>(&'r self, plan: &'r Plan) -> Case<'r> {
        let (last, earlier) = match &self.completion {
            Some(Completion::Text(text)) => (text.as_ref(), Vec::new()),
            Some(Completion::Turns(turns)) => match turns.split_last() {
                Some((last, earlier)) => (last.as_str(), earlier.iter().map(|t| Reply::new(t)).collect()),
                None => ("", Vec::new()),
            },
            None => ("", Vec::new()),
        };
        Case {
            reply: Arc::new(Reply::new(last)),
            earlier,
            truth: self.answer.as_ref().map(|truth| truth.0.as_str()),
            problem_type: self.problem_type.as_deref().unwrap_or_default(),
            context: Context::new(self.context.as_ref().map(|context| &context.0), Some(&plan.context)),
            judge: plan.judge.as_deref().map(|judge| CaseJudge { id: &self.id, judge, heard: &self.heard }),
        }
    }
}

impl RewardRow<'_> {
    /// The row as its advantage needs it.
    fn rollout(&self, outcome: &Result<Verdict, Fault>) -> Rollout {
        let of = |field: &str| self.context.as_ref().and_then(|context| context.0.get(field));
        let yes = |field: &str| of(field) == Some(&Value::Bool(true));
        Rollout {
            reward: outcome.as_ref().map_or(0.0, Verdict::reward),
            greedy: of("greedy").and_then(Value::as_f64),
            // pictures and videos are segmented to other rewards
            task: match (
                self.problem_type.as_deref().unwrap_or_default(),
                of("data_type").and_then(Value::as_str),
            ) {
                ("segmentation", Some(data)) => format!("segmentation/{data}"),
                (task, _) => task.to_owned(),
            },
            masked: yes("masked") || yes("shuffled"),
        }
    }
}

/// Gives each row that has a reward its `advantage` among those of its group: a number, or null where it is not learned from. Where a group has
/// none, `advantage_error` says why.
pub fn add_advantages(rows: &mut [Settled], method: &Method, epsilon: Option<f64>, lone: bool) {
    let mut groups: std::collections::BTreeMap<String, Vec<usize>> = std::collections::BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        if let (Ok(_), Some(group)) = (&row.outcome, &row.group) {
            groups.entry(group.clone()).or_default().push(i);
        }
    }
    let rollouts = |members: &Vec<usize>| members.iter().map(|i| rows[*i].rollout.clone()).collect();
    let batch: Vec<(String, Vec<Rollout>)> =
        groups.iter().map(|(name, members)| (name.clone(), rollouts(members))).collect();
    let found = advantages(method, &batch, epsilon, lone);
    for (members, found) in groups.values().zip(found) {
        let (each, why) = match found {
            Ok(each) => (each, None),
            Err(error) => (vec![None; members.len()], Some(error.to_string())),
        };
        for (i, advantage) in members.iter().zip(each) {
            rows[*i].more.insert("advantage".to_owned(), advantage.into());
            if let Some(why) = &why {
                rows[*i].more.insert("advantage_error".to_owned(), why.as_str().into());
            }
        }
    }
}

/// JSON in which no object has a key twice: of two values neither wins without a word.
#[derive(Debug)]
struct Once<T>(T);

impl<'de> Deserialize<'de> for Once<Map<String, Value>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Once::<Value>::deserialize(deserializer)?.0 {
            Value::Object(fields) => Ok(Once(fields)),
            _ => Err(de::Error::custom("expected an object")),
        }
    }
}

impl<'de> Deserialize<'de> for Once<Value> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Once<Value>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E: de::Error>(self) -> Result<Once<Value>, E> {
                Ok(Once(Value::Null))
            }
            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Once<Value>, E> {
                Ok(Once(value.into()))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Once<Value>, E> {
                Ok(Once(value.into()))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Once<Value>, E> {
                Ok(Once(value.into()))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Once<Value>, E> {
                Ok(Once(value.into()))
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Once<Value>, E> {
                Ok(Once(value.into()))
            }
            fn visit_string<E: de::Error>(self, value: String) -> Result<Once<Value>, E> {
                Ok(Once(value.into()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Once<Value>, A::Error> {
                let mut list = Vec::new();
                while let Some(Once(item)) = items.next_element::<Once<Value>>()? {
                    list.push(item);
                }
                Ok(Once(list.into()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Once<Value>, A::Error> {
                let mut all = Map::new();
                while let Some((key, Once(value))) = fields.next_entry::<String, Once<Value>>()? {
                    if all.contains_key(&key) {
                        let key: String = key.chars().take(60).collect();
                        return Err(de::Error::custom(format_args!(
                            "expected each key once in an object, found `{key}` twice"
                        )));
                    }
                    all.insert(key, value);
                }
                Ok(Once(all.into()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// The truth as text.
#[derive(Debug)]
struct Truth(String);

impl<'de> Deserialize<'de> for Truth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Truth, D::Error> {
        Ok(Truth(match Once::<Value>::deserialize(deserializer)?.0 {
            Value::String(text) => text,
            other => other.to_string(),
        }))
    }
}

/// What the policy said.
#[derive(Debug)]
enum Completion<'a> {
    Text(Cow<'a, str>),
    Turns(Vec<String>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Completion<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Completion<'a>, D::Error> {
        struct Said;
        impl<'de> Visitor<'de> for Said {
            type Value = Completion<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of messages {role, content} as `completion`")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Completion<'de>, E> {
                Ok(Completion::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Completion<'de>, E> {
                Ok(Completion::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_string<E: de::Error>(self, text: String) -> Result<Completion<'de>, E> {
                Ok(Completion::Text(Cow::Owned(text)))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut messages: A) -> Result<Completion<'de>, A::Error> {
                let mut turns = Vec::new();
                while let Some(Once(message)) = messages.next_element::<Once<Value>>()? {
                    let role = message.get("role").and_then(Value::as_str).unwrap_or("assistant");
                    let content = match message.get("content") {
                        Some(Value::String(text)) => text.clone(),
                        // content in parts: those of text
                        Some(Value::Array(parts)) => {
                            parts.iter().filter_map(|part| part.get("text")?.as_str()).collect()
                        }
                        _ => return Err(de::Error::custom("expected a text as `content` of a message")),
                    };
                    if role == "assistant" {
                        turns.push(content);
                    }
                }
                Ok(Completion::Turns(turns))
            }
        }
        deserializer.deserialize_any(Said)
    }
}

/// What became of a row.
#[derive(Debug)]
pub struct Settled {
    /// The row's id; null where it has none.
    pub id: Value,
    /// What it is worth, or why that cannot be said.
    pub outcome: Result<Verdict, Fault>,
    /// The group that it belongs to, where rows are grouped.
    pub group: Option<String>,
    /// What its advantage needs beside the reward.
    pub rollout: Rollout,
    /// The judges that had a say in it, by their names.
    pub judge: Option<String>,
    /// More that is printed with it, by name.
    pub more: Map<String, Value>,
}

impl Settled {
    /// As one JSON object: `{id, reward, parts, reason, error}` and what more there is.
    pub fn json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Serialize for Settled {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_map(None)?;
        row.serialize_entry("id", &self.id)?;
        match &self.outcome {
            Ok(verdict) => {
                row.serialize_entry("reward", &verdict.reward())?;
                row.serialize_entry("parts", &Parts(&verdict.parts))?;
                row.serialize_entry("reason", &verdict.reason.map(Reason::code))?;
                row.serialize_entry("error", &())?;
                if verdict.n_not_finite > 0 {
                    row.serialize_entry("not_finite", &verdict.n_not_finite)?;
                }
                if !verdict.judged.is_empty() {
                    row.serialize_entry("judged", &verdict.judged)?;
                }
                if let Some(judge) = &self.judge {
                    row.serialize_entry("judge", judge)?;
                }
                if !verdict.unjudged.is_empty() {
                    row.serialize_entry("unjudged", &verdict.unjudged)?;
                }
            }
            Err(fault) => {
                row.serialize_entry("reward", &())?;
                row.serialize_entry("parts", &Parts(&[]))?;
                row.serialize_entry("reason", &())?;
                row.serialize_entry("error", &fault.to_string())?;
            }
        }
        for (name, value) in &self.more {
            row.serialize_entry(name, value)?;
        }
        row.end()
    }
}

/// Parts by name.
struct Parts<'a>(&'a [Part]);

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct One {
            value: f64,
            weight: f64,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            gate: bool,
        }
        let one = |part: &Part| One { value: part.value, weight: part.weight, gate: part.gate };
        serializer.collect_map(self.0.iter().map(|part| (part.name.as_ref(), one(part))))
    }
}

/// Rewards lines of JSON, in their order, on so many threads; the results do not depend on their number.
///
/// A line that is no row gives an error in its place. Rows of one group are judged together; a rule that needs groups sees each row by
/// itself where the plan names none. A pure function: what a server or another language calls.
pub fn rewarded_lines(
    rule: &dyn Reward,
    plan: &Plan,
    lines: &[String],
    threads: NonZeroUsize,
) -> Vec<Settled> {
    if plan.group_by.is_none() || !rule.needs_group() {
        let share = lines.len().div_ceil(threads.get()).max(1);
        if threads.get() == 1 || lines.len() < 2 {
            return lines.iter().map(|line| settled(rule, plan, line)).collect();
        }
        return std::thread::scope(|scope| {
            let parts: Vec<_> = lines
                .chunks(share)
                .map(|part| {
                    scope.spawn(move || part.iter().map(|line| settled(rule, plan, line)).collect::<Vec<_>>())
                })
                .collect();
            parts
                .into_iter()
                .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
    }
    grouped(rule, plan, lines)
}

/// One row by itself.
fn settled(rule: &dyn Reward, plan: &Plan, line: &str) -> Settled {
    match read(line, plan) {
        Ok((row, group)) => {
            let outcome = rule.judge_group(&[row.case(plan)]).pop().unwrap_or_else(|| Ok(Verdict::new()));
            let rollout = row.rollout(&outcome);
            Settled { judge: row.heard.names(), id: row.id, outcome, group, rollout, more: Map::new() }
        }
        Err(broken) => *broken,
    }
}

/// Rows judged together with those of their group.
fn grouped(rule: &dyn Reward, plan: &Plan, lines: &[String]) -> Vec<Settled> {
    let rows: Vec<Result<_, Box<Settled>>> = lines.iter().map(|line| read(line, plan)).collect();
    let mut groups: std::collections::BTreeMap<&str, Vec<usize>> = std::collections::BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        if let Ok((_, group)) = row {
            groups.entry(group.as_deref().unwrap_or_default()).or_default().push(i);
        }
    }
    let mut outcomes: Vec<Option<Result<Verdict, Fault>>> = rows.iter().map(|_| None).collect();
    for members in groups.values() {
        let cases: Vec<Case<'_>> =
            members.iter().filter_map(|i| rows[*i].as_ref().ok()).map(|(row, _)| row.case(plan)).collect();
        for (i, outcome) in members.iter().zip(rule.judge_group(&cases)) {
            outcomes[*i] = Some(outcome);
        }
    }
    rows.into_iter()
        .zip(outcomes)
        .map(|(row, outcome)| match (row, outcome) {
            (Ok((row, group)), outcome) => {
                let outcome = outcome.unwrap_or_else(|| Ok(Verdict::new()));
                let rollout = row.rollout(&outcome);
                Settled { judge: row.heard.names(), id: row.id, outcome, group, rollout, more: Map::new() }
            }
            (Err(broken), _) => *broken,
        })
        .collect()
}

/// A row and its group, or what becomes of a line that is none.
fn read<'l>(line: &'l str, plan: &Plan) -> Result<(RewardRow<'l>, Option<String>), Box<Settled>> {
    let broken = |id: Value, text: String| {
        let outcome = Err(Fault::Row(text));
        Box::new(Settled {
            id,
            outcome,
            group: None,
            rollout: Rollout::default(),
            judge: None,
            more: Map::new(),
        })
    };
    let row: RewardRow<'l> = match serde_json::from_str(line) {
        Ok(row) => row,
        Err(error) => {
            // the id of a row whose other fields are wrong still says which it is
            let id = serde_json::from_str::<Value>(line).ok().and_then(|row| row.get("id").cloned());
            return Err(broken(id.unwrap_or_default(), format!("expected a row of JSON: {error}")));
        }
    };
    if row.completion.is_none() {
        return Err(broken(
            row.id,
            "expected a text or a list of messages as `completion`, found none".to_owned(),
        ));
    }
    let Some(field) = &plan.group_by else { return Ok((row, None)) };
    let in_context = row.context.as_ref().and_then(|context| context.0.get(field)).cloned();
    let in_row = match serde_json::from_str::<Once<Value>>(line) {
        Ok(Once(row)) => row.get(field).cloned(),
        Err(error) => return Err(broken(row.id, format!("expected a row of JSON: {error}"))),
    };
    let [in_context, in_row] = [in_context, in_row].map(|group| group.filter(|group| !group.is_null()));
    if let (Some(one), Some(other)) = (&in_context, &in_row)
        && name_of(one) != name_of(other)
    {
        let (one, other) = (short(&one.to_string()), short(&other.to_string()));
        let text = format!("expected one group, found {other} in `{field}` and {one} in `context.{field}`");
        return Err(broken(row.id, text));
    }
    match in_context.or(in_row) {
        Some(group) => Ok((row, Some(name_of(&group)))),
        None => {
            Err(broken(row.id, format!("expected the group in `{field}` or `context.{field}`, found none")))
        }
    }
}

/// The name of a group, another one for each value: a text is its own name, but where it reads as JSON it keeps its quotation marks, so that
/// `1` and `"1"` are two groups. 1.0 is the number 1.
fn name_of(group: &Value) -> String {
    const WHOLE: f64 = 9e15;
    match group {
        Value::String(text) if serde_json::from_str::<de::IgnoredAny>(text).is_err() => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < WHOLE => {
                (value as i64).to_string()
            }
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Accuracy;
    use super::*;
    use serde_json::json;

    fn lines(rows: &[&str]) -> Vec<Value> {
        let owned: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        let out =
            |n| rewarded_lines(&Accuracy, &Plan::default(), &owned, NonZeroUsize::new(n).expect("some"));
        let one: Vec<Value> = out(1).iter().map(Settled::json).collect();
        let three: Vec<Value> = out(3).iter().map(Settled::json).collect();
        assert_eq!(one, three);
        one
    }

    #[test]
    fn a_key_twice_is_a_fault_of_its_row() {
        let said = r#""completion": "<answer>B</answer>", "answer": "B""#;
        for context in [
            r#"{"accuracy": 1, "accuracy": 0}"#,
            r#"{"a": [{"b": 1, "\u0062": 2}]}"#,
            r#"{"accuracy": 5}"#,
            r#"{"accuracy": -1}"#,
            "[]",
        ] {
            let out = lines(&[&format!(r#"{{"id": 1, {said}, "context": {context}}}"#)]);
            let error = out[0]["error"].as_str().unwrap_or_default();
            assert!(error.contains("expected") && out[0]["id"] == 1, "{context}: {out:?}");
        }
        let out = lines(&[&format!(
            r#"{{{said}, "context": {{"a": {{"b": 1}}, "b": [2, -3, 1.5, null, true]}}}}"#
        )]);
        assert_eq!((&out[0]["reward"], &out[0]["error"]), (&json!(1.0), &Value::Null));
    }

    #[test]
    fn groups_of_a_number_and_of_a_text_are_two() {
        let names = |values: &[Value]| values.iter().map(name_of).collect::<Vec<_>>();
        let all =
            [json!(1), json!("1"), json!("\"1\""), json!("one"), json!("null"), json!(true), json!("true")];
        let distinct: std::collections::BTreeSet<String> = names(&all).into_iter().collect();
        assert_eq!(distinct.len(), all.len(), "{distinct:?}");
        assert_eq!(names(&[json!(1.0), json!("one"), json!(1.5)]), ["1", "one", "1.5"]);
    }

    #[test]
    fn a_row_of_two_groups_is_at_fault() {
        let plan = Plan { group_by: Some("group".to_owned()), ..Plan::default() };
        let row = |own: &str, context: &str| {
            let line = format!(
                r#"{{"completion": "<answer>B</answer>", "answer": "B", "group": {own}, "context": {{"group": {context}}}}}"#
            );
            rewarded_lines(&Accuracy, &plan, &[line], NonZeroUsize::MIN)[0].json()["error"].clone()
        };
        assert_eq!(row("1", "2"), "expected one group, found 1 in `group` and 2 in `context.group`");
        for (own, context) in [("1", "1.0"), ("null", "2"), ("1", "null")] {
            assert_eq!(row(own, context), Value::Null, "{own} {context}");
        }
    }

    #[test]
    fn rows_come_back_in_order_and_faults_stand_in_their_place() {
        let out = lines(&[
            r#"{"id": "a", "completion": "<answer>B</answer>", "answer": "B"}"#,
            r#"{"id": "b", "completion": "B", "answer": "B", "other": [1]}"#,
            "{",
            r#"{"id": 7, "completion": 3}"#,
            r#"{"id": 8, "answer": "B"}"#,
            r#"{"id": 9, "completion": "<answer>B</answer>"}"#,
            r#"{"id": 10, "completion": "<answer>\u003e 4</answer>", "answer": 4, "problem_type": "regression"}"#,
            r#"{"completion": [{"role": "user", "content": "<answer>A</answer>"}, {"role": "assistant", "content": "<answer>B</answer>"}], "answer": "B"}"#,
        ]);
        let rewards: Vec<Option<f64>> = out.iter().map(|row| row["reward"].as_f64()).collect();
        assert_eq!(
            rewards,
            [Some(1.0), Some(0.0), None, None, None, None, Some(1.0 - 1e-9 / (4.0 + 1e-9)), Some(1.0)]
        );
        assert_eq!(out[1]["reason"], "no_answer");
        assert_eq!((&out[3]["id"], out[3]["error"].is_string()), (&json!(7), true));
        assert_eq!(out[5]["error"], "expected the truth as `answer`, found none");
        assert_eq!(out[0]["parts"], json!({"accuracy": {"value": 1.0, "weight": 1.0}}));
    }
}
