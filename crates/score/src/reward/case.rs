//! One row to reward: a reply, its truth, and what else the rule needs.

use super::reply::{Reason, Reply};
use crate::datum::Datum;
use crate::judge::{Judge, Question};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// A row that cannot be rewarded, for reasons that are not the reply's.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The row does not say the truth.
    #[error("expected {expected} as `answer`, found none")]
    NoTruth {
        /// What the rule compares with.
        expected: &'static str,
    },
    /// The truth is of another kind.
    #[error("expected {expected} as `answer`, found `{found}`")]
    Truth {
        /// What the rule compares with.
        expected: &'static str,
        /// What is there, shortened.
        found: String,
    },
    /// Something in `context` is missing or of another kind.
    #[error("expected {expected} in `context.{field}`, found {found}")]
    Context {
        /// The field.
        field: &'static str,
        /// What the rule needs.
        expected: &'static str,
        /// What is there, shortened.
        found: String,
    },
    /// The rule does not know this problem type.
    #[error("expected one of {expected} as `problem_type`, found `{found}`")]
    Type {
        /// The types.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// The judge says nothing of it, or nothing that the part can take.
    #[error("{0}")]
    Judge(String),
    /// The recipe asks for what its rule does not have; whatever the row says.
    #[error("{0}")]
    Recipe(String),
    /// The row is not one.
    #[error("{0}")]
    Row(String),
}

/// What stands in `context`: the row's own fields before those that are the same for all rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// From what counts first to what counts last.
    layers: [Option<&'a Map<String, Value>>; LAYERS],
}

/// The row, the plan, and twice a part and its recipe (a preset in a recipe).
const LAYERS: usize = 6;

impl<'a> Context<'a> {
    /// The row's own fields, and those of all rows.
    pub fn new(own: Option<&'a Map<String, Value>>, shared: Option<&'a Map<String, Value>>) -> Context<'a> {
        Context { layers: [own, shared, None, None, None, None] }
    }

    /// With more fields, which count where there are none of that name yet.
    fn below(mut self, fields: &'a Map<String, Value>) -> Context<'a> {
        if let (false, Some(free)) =
            (fields.is_empty(), self.layers[2..].iter_mut().find(|layer| layer.is_none()))
        {
            *free = Some(fields);
        }
        self
    }

    /// A field; `null` is none.
    pub fn get(&self, field: &str) -> Option<&'a Value> {
        self.layers.iter().flatten().find_map(|layer| layer.get(field).filter(|value| !value.is_null()))
    }

    /// A number, or none where there is none.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn number(&self, field: &'static str) -> Result<Option<f64>, Fault> {
        self.read(field, "a finite number", finite)
    }

    /// A share, a probability, an overlap, how right something is: a number from 0 to 1, or none where there is none.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn share(&self, field: &'static str) -> Result<Option<f64>, Fault> {
        self.read(field, "a number from 0 to 1", |value| {
            Some(finite(value).filter(is_share)?.clamp(0.0, 1.0))
        })
    }

    /// A share, or `usual`.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn share_or(&self, field: &'static str, usual: f64) -> Result<f64, Fault> {
        Ok(self.share(field)?.unwrap_or(usual))
    }

    /// Shares.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn shares(&self, field: &'static str) -> Result<Option<Vec<f64>>, Fault> {
        self.read(field, "a list of numbers from 0 to 1", |value| {
            let all = numbers(value).filter(|all| all.iter().all(is_share))?;
            Some(all.into_iter().map(|share| share.clamp(0.0, 1.0)).collect())
        })
    }

    /// A cosine: a number from -1 to 1, or none where there is none.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn cosine(&self, field: &'static str) -> Result<Option<f64>, Fault> {
        self.read(field, "a number from -1 to 1", |value| {
            Some(finite(value).filter(is_cosine)?.clamp(-1.0, 1.0))
        })
    }

    /// Cosines.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn cosines(&self, field: &'static str) -> Result<Option<Vec<f64>>, Fault> {
        self.read(field, "a list of numbers from -1 to 1", |value| {
            let all = numbers(value).filter(|all| all.iter().all(is_cosine))?;
            Some(all.into_iter().map(|cosine| cosine.clamp(-1.0, 1.0)).collect())
        })
    }

    /// A count, a length, a duration: a number from 0 on, or none where there is none.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn amount(&self, field: &'static str) -> Result<Option<f64>, Fault> {
        self.read(field, NOT_NEGATIVE, |value| {
            finite(value).filter(|number| (0.0..=MOST_AMOUNT).contains(number))
        })
    }

    /// An amount, or `usual`.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn amount_or(&self, field: &'static str, usual: f64) -> Result<f64, Fault> {
        Ok(self.amount(field)?.unwrap_or(usual))
    }

    /// An amount that has to be there.
    ///
    /// # Errors
    /// Where it is not.
    pub fn needs_amount(&self, field: &'static str) -> Result<f64, Fault> {
        self.amount(field)?.ok_or_else(|| missing(field, NOT_NEGATIVE))
    }

    /// A number, or `usual`.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn number_or(&self, field: &'static str, usual: f64) -> Result<f64, Fault> {
        Ok(self.number(field)?.unwrap_or(usual))
    }

    /// Whether the field says yes; none says no.
    ///
    /// # Errors
    /// Where something else than a truth value, 0 or 1 stands there.
    pub fn flag(&self, field: &'static str) -> Result<bool, Fault> {
        let flag = self.read(field, "true or false", |value| match value {
            Value::Bool(yes) => Some(*yes),
            value => value.as_f64().filter(|n| [0.0, 1.0].contains(n)).map(|n| n == 1.0),
        })?;
        Ok(flag.unwrap_or(false))
    }

    /// A text.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn text(&self, field: &'static str) -> Result<Option<&'a str>, Fault> {
        self.read(field, "a text", Value::as_str)
    }

    /// Finite numbers.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn numbers(&self, field: &'static str) -> Result<Option<Vec<f64>>, Fault> {
        self.read(field, "a list of finite numbers", numbers)
    }

    /// Texts; numbers are taken as their text.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn texts(&self, field: &'static str) -> Result<Option<Vec<String>>, Fault> {
        self.read(field, "a list of texts", |value| {
            let text = |value: &Value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            value.as_array()?.iter().map(text).collect()
        })
    }

    /// A list of anything.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn list(&self, field: &'static str) -> Result<Option<&'a Vec<Value>>, Fault> {
        self.read(field, "a list", Value::as_array)
    }

    /// A field, read by `read`.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn read<T>(
        &self,
        field: &'static str,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let Some(value) = self.get(field) else { return Ok(None) };
        match read(value) {
            Some(read) => Ok(Some(read)),
            None => Err(Fault::Context { field, expected, found: short(&value.to_string()) }),
        }
    }

    /// A field that has to be there, read by `read`.
    ///
    /// # Errors
    /// Where it is missing or cannot be read.
    pub fn needs<T>(
        &self,
        field: &'static str,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<T, Fault> {
        self.read(field, expected, read)?.ok_or_else(|| missing(field, expected))
    }
}

/// Beyond this nothing is counted or measured: bytes and nanoseconds of a long video stay below.
const MOST_AMOUNT: f64 = 1e15;
const NOT_NEGATIVE: &str = "a number from 0 to 1e15";

/// Cosines and overlaps that were computed elsewhere may miss their bounds by the last digits of a short float.
const ROUNDING: f64 = 1e-6;

fn is_share(number: &f64) -> bool {
    (-ROUNDING..=1.0 + ROUNDING).contains(number)
}

fn is_cosine(number: &f64) -> bool {
    (-1.0 - ROUNDING..=1.0 + ROUNDING).contains(number)
}

/// A number, as JSON, as text, or as a truth value.
fn finite(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        value => value.as_f64().filter(|number| number.is_finite()),
    }
}

fn missing(field: &'static str, expected: &'static str) -> Fault {
    Fault::Context { field, expected, found: "nothing".to_owned() }
}

/// The finite numbers of a list.
pub(crate) fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(|v| v.as_f64().filter(|v| v.is_finite())).collect()
}

/// The numbers of a list, of which none is negative.
pub(crate) fn amounts(value: &Value) -> Option<Vec<f64>> {
    numbers(value).filter(|all| all.iter().all(|number| *number >= 0.0))
}

/// What an error quotes of a value.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A reply with its truth, read once; every part of every rule sees the same.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The reply; of several turns the last of the policy's.
    pub reply: Arc<Reply<'a>>,
    /// The policy's turns before the last, in order.
    pub earlier: Vec<Reply<'a>>,
    /// The truth as text.
    pub truth: Option<&'a str>,
    /// What kind of problem it is, as the data say it.
    pub problem_type: &'a str,
    /// What else the rule needs.
    pub context: Context<'a>,
    /// Who judges what no formula decides, if somebody does.
    pub judge: Option<CaseJudge<'a>>,
}

/// A judge, and by which id it knows the case.
#[derive(Clone, Copy, Debug)]
pub struct CaseJudge<'a> {
    /// The row's id.
    pub id: &'a Value,
    /// Who judges.
    pub judge: &'a dyn Judge,
    /// Where the names of those are kept who had a say.
    pub heard: &'a Heard,
}

/// The names of the judges that had a say in a row.
#[derive(Debug, Default)]
pub struct Heard(Mutex<BTreeSet<String>>);

impl Heard {
    fn add(&self, name: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
    }

    /// Their names in the order of the alphabet; none where nobody was heard.
    pub fn names(&self) -> Option<String> {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

impl<'a> Case<'a> {
    /// A reply of one turn.
    pub fn new(
        completion: &'a str,
        truth: Option<&'a str>,
        problem_type: &'a str,
        context: Context<'a>,
    ) -> Case<'a> {
        Case {
            reply: Arc::new(Reply::new(completion)),
            earlier: Vec::new(),
            truth,
            problem_type,
            context,
            judge: None,
        }
    }

    /// The reply's answer; of several turns only the last may have one.
    ///
    /// With `faithful` in the context it is what the published pattern finds: the first block, wherever it stands.
    pub fn answer(&self) -> Result<&'a str, Reason> {
        if self.is_faithful() {
            return self.reply.first_answer().ok_or(Reason::NoAnswer);
        }
        let early = |turn: &Reply<'a>| turn.tags().iter().any(|tag| tag.name == super::reply::Name::Answer);
        if self.earlier.iter().any(early) {
            return Err(Reason::RepeatedAnswer);
        }
        self.reply.answer()
    }

    /// Whether the row asks for the published code's own reading, faults included.
    pub fn is_faithful(&self) -> bool {
        matches!(self.context.get("faithful"), Some(Value::Bool(true)))
    }

    /// The truth, without the tags of an answer around it.
    ///
    /// # Errors
    /// Where the row has none.
    pub fn truth(&self, expected: &'static str) -> Result<&'a str, Fault> {
        let truth = self.truth.ok_or(Fault::NoTruth { expected })?.trim();
        Ok(truth.strip_prefix("<answer>").and_then(|t| t.strip_suffix("</answer>")).unwrap_or(truth).trim())
    }

    /// The truth, read by `read`.
    ///
    /// # Errors
    /// Where there is none, or it cannot be read.
    pub fn truth_as<T>(
        &self,
        expected: &'static str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<T, Fault> {
        let truth = self.truth(expected)?;
        read(truth).ok_or_else(|| Fault::Truth { expected, found: short(truth) })
    }

    /// The same reply under more context, of which the first counts before the second, and the row's own before both.
    pub fn with_context<'b>(&self, first: &'b Map<String, Value>, second: &'b Map<String, Value>) -> Case<'b>
    where
        'a: 'b,
    {
        let mut case: Case<'b> = self.clone();
        case.context = case.context.below(first).below(second);
        case
    }

    /// Every turn of the policy's, the last one last.
    pub fn turns(&self) -> impl Iterator<Item = &Reply<'a>> {
        self.earlier.iter().chain([&*self.reply])
    }

    /// Whether a field of the context says that the answer is right or how right; else what `accuracy` says.
    ///
    /// # Errors
    /// Where the truth or the field cannot be read.
    pub fn accuracy(&self) -> Result<(f64, Option<Reason>), Fault> {
        super::accuracy::accuracy(self)
    }

    /// How right the answer is where a rule is tried first and a judge asked after it: what the rule cannot call right, and is no option, number,
    /// interval or box, the judge decides (`accuracy`). Whether a judge had a say, or would have had one.
    ///
    /// # Errors
    /// As [`Case::accuracy`] and [`Case::judged`].
    pub(crate) fn judged_accuracy(&self) -> Result<(f64, Option<Reason>, Option<bool>), Fault> {
        let (accuracy, reason) = self.accuracy()?;
        let Ok(said) = self.answer() else { return Ok((accuracy, reason, None)) };
        if accuracy == 1.0 || self.context.get("accuracy").is_some() || !super::accuracy::is_open(self)? {
            return Ok((accuracy, reason, None));
        }
        Ok(match self.judged("accuracy", said)? {
            Some(judged) => (judged, None, Some(true)),
            None => (accuracy, reason, Some(false)),
        })
    }

    /// The share, from 0 to 1, that the judge gives to a part of which `said` is put before it; none where nobody judges. Verdicts are numbers, or
    /// right and wrong.
    ///
    /// # Errors
    /// Where there is a judge and it says nothing of this, or something else.
    pub(crate) fn judged(&self, part: &'static str, said: &str) -> Result<Option<f64>, Fault> {
        self.asked(part, said, "a number from 0 to 1, or right or wrong", |verdict| {
            let number =
                verdict.number().or_else(|| verdict.verdict().map(|yes| f64::from(u8::from(yes))))?;
            Some(number).filter(is_share).map(|share| share.clamp(0.0, 1.0))
        })
    }

    /// The cosine, from -1 to 1, that the judge, an embedding model, gives to a part; none where nobody judges.
    ///
    /// # Errors
    /// As [`Case::judged`].
    pub(crate) fn judged_cosine(&self, part: &'static str, said: &str) -> Result<Option<f64>, Fault> {
        self.asked(part, said, "a number from -1 to 1", |verdict| {
            verdict.number().filter(is_cosine).map(|cosine| cosine.clamp(-1.0, 1.0))
        })
    }

    fn asked(
        &self,
        part: &'static str,
        said: &str,
        expected: &'static str,
        read: impl Fn(&Datum) -> Option<f64>,
    ) -> Result<Option<f64>, Fault> {
        let Some(CaseJudge { id, judge, heard }) = self.judge else { return Ok(None) };
        let id = match id {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let (truth, answer) = (Datum::text(self.truth.unwrap_or_default()), Datum::text(said));
        let question = self.context.text("question")?;
        let question = Question { id: &id, part: Some(part), question, truth: &truth, answer: &answer };
        let verdict = judge.verdict(&question);
        if let Some(number) = verdict.as_ref().and_then(read) {
            heard.add(judge.name_for(&question));
            return Ok(Some(number));
        }
        let found = verdict.map_or_else(|| "nothing".to_owned(), |verdict| short(&verdict.to_string()));
        Err(Fault::Judge(format!(
            "expected {expected} of the judge {} as `{part}` of {} for the answer `{}`, found {found}",
            judge.name(),
            short(&id),
            short(said)
        )))
    }

    /// 1 where the reply is one think and one answer block and nothing else; of several turns each but the last thinks and acts.
    pub fn format(&self) -> f64 {
        super::format::format(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What a rule says of a row of JSON under a judge that knows one verdict.
    fn under(
        rule: &dyn super::super::Reward,
        row: &str,
        part: &str,
        answer: &str,
        verdict: Datum,
    ) -> Result<super::super::Verdict, Fault> {
        let mut judge = crate::judge::Recorded::new("a person");
        judge.insert_part("1", Some(part), answer, verdict);
        let plan = super::super::Plan { judge: Some(Arc::new(judge)), ..super::super::Plan::default() };
        let row: super::super::RewardRow<'_> = serde_json::from_str(row).expect("a row");
        rule.judge(&row.case(&plan))
    }

    #[test]
    fn a_judge_decides_its_part_and_is_named_and_what_it_does_not_know_is_an_error() {
        use super::super::{DeepEyes, EmbodiedR, Ergo, Reward, VideoRft, VragRl};
        let row = |context: &str| {
            format!(
                r#"{{"id": 1, "completion": "<think>so C.</think><answer>a red mug</answer>", "answer": "a red cup", "problem_type": "exact", "context": {context}}}"#
            )
        };
        let (right, said) = (Datum::Number(1.0), "a red mug");
        let cases: [(&dyn Reward, &str, &str); 3] =
            [(&DeepEyes, "accuracy", said), (&Ergo, "region", said), (&VragRl, "judge", said)];
        for (rule, part, answer) in cases {
            let verdict = under(rule, &row("{}"), part, answer, right.clone()).expect("judged");
            assert_eq!((verdict.value(part), &verdict.judged[..]), (Some(1.0), &[part][..]), "{part}");
            let fault =
                under(rule, &row("{}"), part, "a cup", right.clone()).expect_err("not judged").to_string();
            assert!(
                fault.contains("a person") && fault.contains(part) && fault.contains("found nothing"),
                "{fault}"
            );
            let odd = under(rule, &row("{}"), part, answer, Datum::text("maybe")).expect_err("no verdict");
            assert!(odd.to_string().contains("found maybe"), "{odd}");
            let alone = super::super::tests::verdict(rule, &row("{}"));
            assert_eq!((&alone.judged[..], &alone.unjudged[..]), (&[][..], &[part][..]), "{part}");
        }
        // what nothing stands in for is told
        let alone = super::super::tests::verdict(&VideoRft, &row(r#"{"accuracy": 1}"#));
        assert_eq!((alone.reason, alone.value("semantic")), (Some(Reason::NoJudge), None));
        let verdict = under(&VideoRft, &row(r#"{"accuracy": 1}"#), "semantic", "so C.", Datum::Number(0.3));
        assert_eq!(verdict.expect("judged").value("semantic"), Some(0.6));
        // the trainer's own verdict counts before the judge's
        let own = row(r#"{"accuracy": 1, "consistent": 0}"#);
        assert_eq!(
            under(&EmbodiedR, &own, "consistency", "so C.", right).expect("own").value("consistency"),
            Some(0.0)
        );
    }

    #[test]
    fn numbers_keep_to_what_they_mean() {
        let fields = json!({"a": 0.5, "b": 1.0000001, "c": 5, "d": -1, "e": "0.25", "f": true, "g": [0, 1], "h": [0, 2]});
        let fields = fields.as_object().expect("an object");
        let context = Context::new(Some(fields), None);
        let shares = ["a", "b", "c", "d", "e", "f"].map(|field| context.share(field).ok().flatten());
        assert_eq!(shares, [Some(0.5), Some(1.0), None, None, Some(0.25), Some(1.0)]);
        assert_eq!(context.amount("c"), Ok(Some(5.0)));
        assert_eq!((context.cosine("d"), context.cosine("c").is_err()), (Ok(Some(-1.0)), true));
        assert_eq!((context.shares("g"), context.shares("h").is_err()), (Ok(Some(vec![0.0, 1.0])), true));
        let said = context.amount("d").expect_err("below 0").to_string();
        assert_eq!(said, "expected a number from 0 to 1e15 in `context.d`, found -1");
        assert_eq!(context.share("nothing"), Ok(None));
    }
}
