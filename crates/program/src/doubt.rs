//! Answers over Worlds that may be off: the program runs on Worlds drawn from what the rows say of their errors, by the same code,
//! and the answer is weighed by how often it comes out. Where the probability is a closed form, it is computed.

use crate::answer::{finish, supported, words};
use crate::audit::Step;
use crate::check::{Checked, Typed, TypedNode};
use crate::error::Error;
use crate::ops::all::is_of_scene;
use crate::run::{Run, Stop, fits_several};
use crate::syntax::Infix;
use crate::value::Datum;
use chronotope_reason::uncertain::{Doubt, exact};
use chronotope_story::lexicon::{Match, label_match};
use chronotope_world::{
    Answer, EntityId, Evidence, How, Missing, MissingKind, Quantity, Sample, Span, Spans, Spread, Status,
    Time, Truth, Unit, Value, When, World,
};
use std::collections::BTreeMap;

/// Seed of all draws: an answer is a function of its World and program.
const SEED: u64 = 0;

/// Draws of a program on which all of them agree.
const FIRST: usize = 48;

/// Draws of any other program.
const ALL: usize = 192;

/// Fewer draws than this tell too little.
const FEWEST: usize = 16;

/// Bound on the elementary steps of all draws of a program together.
const MOST_STEPS_OF_ALL: u64 = 50_000_000_000;

/// Share of the draws between whose ends a number lies, and with which spans are certain.
const LEVEL: f64 = 0.9;

/// Weighs the answer that the rows give as they stand. Without a doubt it stays as it is.
///
/// A yes or no, a word, things, a count: the most frequent outcome with its share. A number with a unit stays, between the 5th
/// and the 95th of a hundred drawn ones, which hold the truth with probability 0.9; one on which no doubt bears keeps its `confidence` null. Spans are certain where at least 95 %, and possible
/// where at least 5 % of the draws have them; they, places and lists of such keep their `confidence` null. Unknown outcomes count
/// against every other; where they are the most, the answer is unknown.
///
/// # Errors
/// Where samples cannot be read.
pub(crate) fn weighed(
    world: &World,
    checked: &Checked,
    answer: Answer,
    steps: &mut Vec<Step>,
) -> Result<Answer, Error> {
    let by_pose = |m: &Missing| m.kind == MissingKind::Pose;
    let may_be_settled = match answer.status {
        Status::Answered => true,
        Status::Unknown => answer.missing.iter().all(by_pose),
        _ => false,
    };
    if !may_be_settled {
        return Ok(answer);
    }
    let Some(mut doubt) = Doubt::of(world)? else { return Ok(answer) };
    let is_of_places_alone =
        !doubt.has_missed() && !doubt.has_doubtful_presence() && !doubt.has_doubtful_labels();
    if is_of_places_alone && !is_spatial(checked) {
        return Ok(answer);
    }
    let step = |steps: &mut Vec<Step>, op: &str, args: Vec<String>, confidence: Option<f64>| {
        let value = confidence.map(|p| Value::Number(Quantity::bare(p)));
        let n = steps.len() + 1;
        steps.push(Step {
            step: n,
            op: op.to_owned(),
            args,
            value,
            missing: Vec::new(),
            evidence: Vec::new(),
        });
    };
    if let Some(Exact { value, p, assumed }) = closed_form(world, checked, &doubt)? {
        let args = assumed.iter().map(|_| "normal".to_owned()).collect();
        step(steps, "exact", args, Some(p));
        let mut answer = answered(world, answer, value, Some(p));
        answer.evidence.extend(assumed.map(Evidence::assumption));
        return Ok(answer);
    }
    if let Some(recall) = doubt.is_recall_too_low(|_| true) {
        if looks_at_all(checked) {
            let what = format!(
                "how many were missed: coverage with a recall of {recall} leaves more than 10000 unseen"
            );
            let text = format!("unknown: {what}");
            let missing = vec![Missing::new(MissingKind::Coverage, what)];
            let status = Status::Unknown;
            return Ok(Answer { value: None, text, status, confidence: None, missing, ..answer });
        }
        doubt = doubt.of_the_seen();
    }
    let most = usize::try_from(MOST_STEPS_OF_ALL / checked.cost.max(1)).unwrap_or(ALL).min(ALL);
    if most < FEWEST {
        return Ok(answer);
    }
    let mut drawn: Vec<Option<Value>> = Vec::with_capacity(most);
    // who asks of "the bed" says that there is one: draws with two are not among those that the question allows
    let is_of_one = answer.status == Status::Answered && (doubt.has_missed() || doubt.has_doubtful_labels());
    // nor are those in which nothing is of that kind, as long as it is likely that something is
    let is_of_kind = answer.status == Status::Answered && doubt.has_doubtful_labels();
    let (mut several, mut none) = (0, 0);
    while drawn.len() + several + none < most {
        let n = (drawn.len() + several + none) as u64;
        match run_drawn(world, &doubt.draw(SEED, n), checked)? {
            Outcome::Several if is_of_one => several += 1,
            Outcome::Nothing if is_of_kind => none += 1,
            Outcome::Value(value) => drawn.push(Some(value)),
            Outcome::Several | Outcome::Nothing | Outcome::Unknown => drawn.push(None),
        }
        if drawn.len() + several + none == FIRST
            && drawn.windows(2).all(|pair| key(pair[0].as_ref()) == key(pair[1].as_ref()))
        {
            break;
        }
    }
    if 2 * none > drawn.len() + none {
        drawn.extend(std::iter::repeat_n(None, none));
        none = 0;
    }
    if drawn.len() < FEWEST.min(most) {
        // hardly a draw in which there is one: how sure that is cannot be told
        return Ok(answer);
    }
    let mut weighed = settle(world, answer, &drawn);
    if several + none > 0 {
        weighed.evidence.push(Evidence::assumption(ONE));
    }
    step(steps, "draws", vec![drawn.len().to_string(), format!("seed {SEED}")], weighed.confidence);
    Ok(weighed)
}

const ONE: &str = "there is one thing of each description that names one";

/// What comes out on a drawn World.
enum Outcome {
    Value(Value),
    /// Nothing, as a description of one thing fits several there.
    Several,
    /// Nothing, as nothing is of a kind there.
    Nothing,
    Unknown,
}

/// The program's value on a drawn World.
fn run_drawn(doubted: &World, world: &World, checked: &Checked) -> Result<Outcome, Error> {
    let mut run = Run::new(world, checked);
    run.doubted = Some(doubted);
    let datum = run.eval(&checked.body);
    let outcome = datum.and_then(|datum| supported(&mut run, &datum).and_then(|()| finish(world, datum)));
    match outcome {
        Ok((value, _)) => Ok(Outcome::Value(value)),
        Err(Stop::Failed(error)) => Err(error),
        Err(Stop::Missing(why)) if fits_several(&why) => Ok(Outcome::Several),
        Err(Stop::Missing(why)) if !why.is_empty() && why.iter().all(|m| m.kind == MissingKind::Entity) => {
            Ok(Outcome::Nothing)
        }
        Err(_) => Ok(Outcome::Unknown),
    }
}

/// What outcomes that are alike have in common.
fn key(value: Option<&Value>) -> Option<String> {
    let value = value?;
    Some(match value {
        Value::Number(number) => format!("{} {}", number.value, number.unit),
        Value::Entities(things) => {
            let mut things: Vec<u64> = things.iter().map(|e| e.0).collect();
            things.sort_unstable();
            format!("{things:?}")
        }
        Value::When(when) => format!("{:?}", when.certain),
        other => format!("{other:?}"),
    })
}

fn settle(world: &World, answer: Answer, drawn: &[Option<Value>]) -> Answer {
    let values: Vec<&Value> = drawn.iter().flatten().collect();
    if 2 * values.len() <= drawn.len() {
        if answer.status != Status::Answered {
            return answer;
        }
        let what = format!(
            "whether it is there: {} of {} draws have no answer",
            drawn.len() - values.len(),
            drawn.len()
        );
        let text = format!("unknown: {what}");
        let missing = vec![Missing::new(MissingKind::Pose, what)];
        return Answer { value: None, text, status: Status::Unknown, confidence: None, missing, ..answer };
    }
    let known = |share: usize| (share as f64 + 0.5) / (drawn.len() as f64 + 1.0);
    let is_measure = |value: &Value| match value {
        Value::Number(number) => number.unit != Unit::ONE || number.value.fract() != 0.0,
        _ => false,
    };
    let stands = answer.value.as_ref();
    match stands.unwrap_or(values[0]) {
        Value::Number(_) if stands.into_iter().chain(values.iter().copied()).any(is_measure) => {
            measured(world, answer, &values, drawn.len())
        }
        Value::When(_) => {
            let whens: Vec<&When> = values
                .iter()
                .filter_map(|v| if let Value::When(when) = v { Some(when) } else { None })
                .collect();
            let value = Value::When(over(&whens));
            answered(world, answer, value, None)
        }
        Value::Position(..) | Value::Moment(_) => {
            answered(world, answer.clone(), stands.unwrap_or(values[0]).clone(), None)
        }
        _ => {
            let mut shares: BTreeMap<String, (usize, usize)> = BTreeMap::new();
            for (n, value) in values.iter().enumerate().filter(|(_, value)| is_known(world, value)) {
                shares.entry(key(Some(value)).unwrap_or_default()).or_insert((0, n)).0 += 1;
            }
            let first = key(stands);
            // of equals the one that the rows give as they stand
            let best = shares.iter().max_by_key(|(key, (n, _))| (*n, Some(*key) == first.as_ref()));
            let Some((found, (n, at))) = best else { return answer };
            let value = match stands {
                Some(value) if Some(found) == first.as_ref() => value.clone(),
                _ => values[*at].clone(),
            };
            answered(world, answer, value, Some(known(*n)))
        }
    }
}

/// No thing of the value was only drawn.
fn is_known(world: &World, value: &Value) -> bool {
    match value {
        Value::Entities(things) => things.iter().all(|e| world.identities_of(*e).next().is_some()),
        Value::List(items) => items.iter().all(|item| is_known(world, item)),
        _ => true,
    }
}

/// A number between the quantiles of the drawn ones.
fn measured(world: &World, answer: Answer, values: &[&Value], n_drawn: usize) -> Answer {
    let mut numbers: Vec<&Quantity> = values
        .iter()
        .filter_map(|v| if let Value::Number(number) = v { Some(number) } else { None })
        .collect();
    numbers.sort_by(|a, b| a.value.total_cmp(&b.value));
    let Some(last) = numbers.len().checked_sub(1) else { return answer };
    let at = |share: f64| numbers[(share * last as f64).round() as usize].value;
    let standing = match &answer.value {
        Some(Value::Number(number)) => number.clone(),
        _ => numbers[last / 2].clone(),
    };
    let (mut low, mut high) = (at((1.0 - LEVEL) / 2.0), at(f64::midpoint(LEVEL, 1.0)));
    if low == high && low == standing.value {
        // nothing that is in doubt bears on it: how far it is off is not known
        return answered(world, answer, Value::Number(standing), None);
    }
    // a length that every error makes longer is drawn longer than it was measured
    (low, high) = (low.min(standing.value), high.max(standing.value));
    if let Spread::Interval { low: a, high: b } = standing.spread {
        // what lies between two samples is in doubt besides
        (low, high) = (low.min(a), high.max(b));
    }
    let value = Quantity { spread: Spread::Interval { low, high }, ..standing };
    let level = LEVEL * numbers.len() as f64 / n_drawn as f64;
    answered(world, answer, Value::Number(value), Some(level))
}

/// Spans of the draws: certain where nearly all have them, possible where some do.
fn over(whens: &[&When]) -> When {
    let mut times: Vec<Time> = whens
        .iter()
        .flat_map(|when| when.certain.iter().chain(when.possible.iter()))
        .flat_map(|span| [span.start(), span.end()])
        .collect();
    times.sort_unstable();
    times.dedup();
    let n = whens.len() as f64;
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for pair in times.windows(2) {
        let span = Span::between(pair[0], pair[1]);
        let holds = |spans: &Spans| spans.iter().any(|s| s.overlaps(span));
        let surely = whens.iter().filter(|when| holds(&when.certain)).count() as f64;
        let perhaps = whens.iter().filter(|when| holds(&when.possible)).count() as f64;
        if surely >= f64::midpoint(LEVEL, 1.0) * n {
            certain.push(span);
        }
        if perhaps >= (1.0 - LEVEL) / 2.0 * n {
            possible.push(span);
        }
    }
    let (certain, possible): (Spans, Spans) = (certain.into_iter().collect(), possible.into_iter().collect());
    When::within(certain, &possible)
}

fn answered(world: &World, answer: Answer, value: Value, confidence: Option<f64>) -> Answer {
    let text = match &answer.value {
        Some(known) if key(Some(known)) == key(Some(&value)) => answer.text,
        _ => words(world, &value),
    };
    Answer { text, value: Some(value), status: Status::Answered, confidence, missing: Vec::new(), ..answer }
}

/// Reads places: some operator of it has a reference frame.
fn is_spatial(checked: &Checked) -> bool {
    has(checked, |node| matches!(node, TypedNode::Frame(_) | TypedNode::ObjectFrame(_)))
}

/// Looks at more than the things that it names by their number.
fn looks_at_all(checked: &Checked) -> bool {
    const LOOK_ROUND: [&str; 7] =
        ["all", "named", "in_view", "visible_from", "violations", "route", "route_turns"];
    has(
        checked,
        |node| matches!(node, TypedNode::Call(operator, _) if LOOK_ROUND.contains(&operator.word().as_str())),
    )
}

/// Some part of a program is of this kind.
fn has(checked: &Checked, is: impl Fn(&TypedNode) -> bool + Copy) -> bool {
    fn node(typed: &Typed, is: impl Fn(&TypedNode) -> bool + Copy) -> bool {
        is(&typed.node)
            || match &typed.node {
                TypedNode::List(items) => items.iter().any(|item| node(item, is)),
                TypedNode::Call(_, args) => args.iter().flatten().any(|arg| node(arg, is)),
                TypedNode::Infix(_, a, b) => node(a, is) || node(b, is),
                TypedNode::Not(inner) | TypedNode::Minus(inner) => node(inner, is),
                _ => false,
            }
    }
    node(&checked.body, is) || checked.lets.iter().any(|part| node(part, is))
}

/// A value whose probability is computed.
struct Exact {
    value: Value,
    p: f64,
    assumed: Option<String>,
}

/// The value and its probability where that is easy: how many things there are and whether there are any; whether two things that are surely there are within a distance at a moment at which both have samples.
fn closed_form(world: &World, checked: &Checked, doubt: &Doubt) -> Result<Option<Exact>, Error> {
    match &checked.body.node {
        TypedNode::Call(operator, args)
            if doubt.has_missed() || doubt.has_doubtful_presence() || doubt.has_doubtful_labels() =>
        {
            let word = operator.word();
            let whole = args.iter().skip(1).flatten().all(|arg| matches!(arg.node, TypedNode::Always));
            let Some(Some(what)) = args.first() else { return Ok(None) };
            let is_all = matches!(&what.node, TypedNode::Call(inner, _) if inner.word() == "all");
            if !whole || !is_all || !matches!(word.as_str(), "count" | "exists") {
                return Ok(None);
            }
            let Some(Datum::Things(things)) = value_of(world, checked, what)? else { return Ok(None) };
            // where all things are surely there, coverage and stated counts decide: the rows as they stand
            let stated = world.facts().any(|fact| fact.predicate == "count");
            if !things.possible.is_empty() || stated {
                return Ok(None);
            }
            if doubt.has_doubtful_labels() {
                return Ok(of_label(world, doubt, what, &word));
            }
            if word == "exists" && !things.certain.is_empty() {
                // what was missed is like something that is there
                let none: f64 = things.certain.iter().map(|e| 1.0 - doubt.existence(*e)).product();
                let value = Value::Truth(Truth::of(none <= 0.5));
                return Ok(Some(Exact { value, p: none.max(1.0 - none), assumed: None }));
            }
            if things.certain.is_empty() || doubt.is_recall_too_low(|e| things.certain.contains(&e)).is_some()
            {
                return Ok(None);
            }
            let shares: Vec<(f64, f64)> =
                things.certain.iter().map(|e| (doubt.existence(*e), doubt.recall(*e))).collect();
            let counted = exact::count(&shares);
            let assumed = counted.normal.map(|(mean, sd)| {
                format!("how many there are is normal, {mean:.1} on average with a deviation of {sd:.1}")
            });
            let value = Value::Number(Quantity::bare(counted.most_likely));
            Ok(Some(Exact { value, p: counted.share, assumed }))
        }
        TypedNode::Infix(op, left, right) => {
            let (TypedNode::Call(operator, args), TypedNode::Number(most, _)) = (&left.node, &right.node)
            else {
                return Ok(None);
            };
            let is_less = match op {
                Infix::Less | Infix::LessEqual => true,
                Infix::Greater | Infix::GreaterEqual => false,
                _ => return Ok(None),
            };
            if operator.word() != "distance" || doubt.has_missed() || most.spread != Spread::None {
                return Ok(None);
            }
            let arg = |name: &str| {
                let at = operator.signature().params.iter().position(|param| param.name == name)?;
                args[at].as_ref()
            };
            let centres =
                arg("between").is_some_and(|b| matches!(&b.node, TypedNode::Word(word) if word == "centres"));
            let (Some(a), Some(b), Some(at), true) = (arg("a"), arg("b"), arg("at"), centres) else {
                return Ok(None);
            };
            let t = match value_of(world, checked, at)? {
                Some(Datum::Moment(instant)) => instant.t,
                Some(Datum::Number(seconds)) => Time::from_s(seconds.value),
                _ => return Ok(None),
            };
            let (Some(a), Some(b)) = (one(world, checked, a)?, one(world, checked, b)?) else {
                return Ok(None);
            };
            let Some(TypedNode::Frame(crate::frame::Frame::One(frame))) = arg("in").map(|f| &f.node) else {
                return Ok(None);
            };
            if doubt.existence(a) < 1.0 || doubt.existence(b) < 1.0 || a == b {
                return Ok(None);
            }
            let (Some(p), Some(q)) = (sampled(world, a, t)?, sampled(world, b, t)?) else { return Ok(None) };
            let (Some(at_p), Some(at_q)) = (p.pose, q.pose) else { return Ok(None) };
            let named = world.reference_frame(at_p.reference_frame).map(|row| &row.reference_frame);
            if at_p.reference_frame != at_q.reference_frame || named != Some(frame) {
                return Ok(None);
            }
            let apart = std::array::from_fn(|k| at_p.position[k] - at_q.position[k]);
            let covariance = [p, q].map(|row| row.covariance.unwrap_or_default());
            let sum = std::array::from_fn(|k| covariance[0][k] + covariance[1][k]);
            Ok(exact::within(apart, sum, most.value).map(|p| {
                let p = if is_less { p } else { 1.0 - p };
                Exact { value: Value::Truth(Truth::of(p >= 0.5)), p: p.max(1.0 - p), assumed: None }
            }))
        }
        _ => Ok(None),
    }
}

/// How many bear a label, or whether anything does, where it is told how likely each does and nothing was missed.
fn of_label(world: &World, doubt: &Doubt, what: &Typed, word: &str) -> Option<Exact> {
    let TypedNode::Call(_, args) = &what.node else { return None };
    let TypedNode::Text(asked) = &args.first()?.as_ref()?.node else { return None };
    if doubt.has_missed() {
        return None;
    }
    let mut shares = Vec::new();
    for entity in world.entities().filter(|e| is_of_scene(world, *e, Some(asked))) {
        let is_such = |text: &str| label_match(asked, text) == Match::Certain;
        let labels: Vec<_> = world.labels_of(entity).filter(|row| row.vocabulary != "name").collect();
        let may_be = |text: &str| label_match(asked, text) == Match::Possible;
        if labels.iter().any(|row| may_be(&row.text)) || doubt.possible_labels(entity).any(may_be) {
            return None;
        }
        let is_stated = labels.iter().any(|row| row.score.is_none() && is_such(&row.text));
        let share = match doubt.label_share(entity, is_such) {
            Some(share) if !is_stated => share,
            _ => f64::from(u8::from(labels.iter().any(|row| is_such(&row.text)))),
        };
        if share > 0.0 {
            shares.push((share * doubt.existence(entity), 1.0));
        }
    }
    if word == "exists" {
        let none: f64 = shares.iter().map(|(p, _)| 1.0 - p).product();
        let value = Value::Truth(Truth::of(none <= 0.5));
        return Some(Exact { value, p: none.max(1.0 - none), assumed: None });
    }
    let counted = exact::count(&shares);
    if counted.normal.is_some() {
        return None;
    }
    Some(Exact { value: Value::Number(Quantity::bare(counted.most_likely)), p: counted.share, assumed: None })
}

/// What a part of the program gives on the World as it stands.
fn value_of(world: &World, checked: &Checked, part: &Typed) -> Result<Option<Datum>, Error> {
    let mut run = Run::new(world, checked);
    run.doubted = Some(world);
    match run.eval(part) {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Failed(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

/// The one thing that a part of the program gives.
fn one(world: &World, checked: &Checked, part: &Typed) -> Result<Option<EntityId>, Error> {
    let Some(Datum::Things(things)) = value_of(world, checked, part)? else { return Ok(None) };
    Ok(match (things.certain.as_slice(), things.possible.as_slice()) {
        ([one], []) => Some(*one),
        _ => None,
    })
}

/// The sample that says where a thing was at that very time.
fn sampled(world: &World, thing: EntityId, t: Time) -> Result<Option<Sample>, Error> {
    let trajectory = world.trajectory(thing)?;
    for run in &trajectory.runs {
        if let Some(moment) = run.at(t) {
            let (How::Sampled(id) | How::Held(id)) = moment.how else { return Ok(None) };
            return Ok(run.samples().find(|row| row.id == id));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use crate::{Answered, answer, answer_json, replay};
    use chronotope_world::text::parse;
    use chronotope_world::{Status, Truth, Value};
    use serde_json::json;

    fn asked(text: &str, program: &str) -> Answered {
        let world = parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        answer(&world, program).unwrap_or_else(|e| panic!("{program}: {e}"))
    }

    /// The share that a yes has.
    fn yes(answered: &Answered) -> f64 {
        let p = answered.answer.confidence.expect("weighed");
        match answered.answer.value {
            Some(Value::Truth(Truth::Yes)) => p,
            Some(Value::Truth(Truth::No)) => 1.0 - p,
            ref other => panic!("{other:?}"),
        }
    }

    /// Two things in the plane, 5 m apart, each off by half a metre along the line between them.
    const PAIR: &str = "coverage [0, 10) all labels\n\
        car 1\n  0: (0, 0, 0) covariance (0.25, 0, 0, 0, 0, 0)\n\
        bus 2\n  0: (5, 0, 0) covariance (0.25, 0, 0, 0, 0, 0)\n";

    #[test]
    fn a_distance_below_a_bound_has_the_probability_of_two_normals() {
        // the gap is normal with mean 5 and variance ½: P(gap < 5.5) = Φ(0.7071) = 0.760250
        let exact = asked(PAIR, "distance(entity(1), entity(2), at: 0 s) < 5.5 m");
        assert!((yes(&exact) - 0.760_250).abs() < 1e-5, "{exact:?}");
        assert_eq!(exact.audit.last().map(|step| step.op.as_str()), Some("exact"));
        // worded so that no closed form is known, it is drawn: within three standard errors
        let drawn = asked(PAIR, "not (distance(entity(1), entity(2), at: 0 s) >= 5.5 m)");
        assert_eq!(drawn.audit.last().map(|step| step.op.as_str()), Some("draws"));
        assert!((yes(&drawn) - 0.760_250).abs() < 3.0 * (0.76_f64 * 0.24 / 192.0).sqrt(), "{drawn:?}");
    }

    #[test]
    fn the_nearer_of_two_is_right_as_often_as_two_normals_are_in_order() {
        let text = format!("{PAIR}car 3\n  0: (10.5, 0, 0) covariance (0.25, 0, 0, 0, 0, 0)\n");
        let nearest = asked(&text, "nearest(all(\"car\"), entity(2), at: 0 s)");
        assert_eq!(nearest.answer.text, "car 1", "{nearest:?}");
        // (x1 + x3) / 2 < x2, with mean 0.25 and variance 0.25 · 1.5: Φ(0.25 / 0.6124) = 0.6585
        let p = nearest.answer.confidence.expect("weighed");
        assert!((p - 0.6585).abs() < 0.11, "{p}");
    }

    /// A room of which a fifth of the things are missed.
    const MISSED: &str = "record \"room\"\nworld room m\ncoverage always all labels recall 0.8\n\
        bed 1 in room\n  always: (0, 0, 0) size (1, 1, 1)\n\
        lamp 2 in room\n  always: (3, 0, 0) size (1, 1, 1)\n\
        desk 3 in room\n  always: (3, 4, 0) size (1, 1, 1)\n";

    #[test]
    fn who_asks_of_one_thing_says_that_there_is_one() {
        let told = asked(MISSED, "direction(all(\"desk\"), all(\"bed\"), all(\"lamp\"))");
        assert_eq!(told.answer.text, "left", "{told:?}");
        // not 0.8³, which is how likely no second bed, lamp or desk was missed
        assert!(told.answer.confidence.is_some_and(|p| p > 0.9), "{told:?}");
        assert!(
            format!("{:?}", told.answer.evidence).contains("there is one thing of each description"),
            "{told:?}"
        );
    }

    #[test]
    fn what_may_be_unseen_follows_from_the_stated_recall() {
        let text = format!("{MISSED}bed 4 in room\n  always: (9, 0, 0) size (1, 1, 1)\n");
        let told = asked(&text, "count(all(\"bed\"))");
        // beside each of two that were seen none was missed: 0.8²
        let p = told.answer.confidence.expect("weighed");
        assert!((p - 0.64).abs() < 3.0 * (0.64_f64 * 0.36 / 192.0).sqrt(), "{told:?}");
    }

    #[test]
    fn a_number_is_told_with_the_interval_that_holds_it() {
        let gap = asked(PAIR, "distance(entity(1), entity(2), at: 0 s)");
        let Some(Value::Number(number)) = &gap.answer.value else { panic!("{gap:?}") };
        let (low, high) = number.bounds();
        assert_eq!((number.value, gap.answer.confidence), (5.0, Some(0.9)));
        // 1.645 · 0.7071 on either side
        assert!((low - 3.84).abs() < 0.3 && (high - 6.16).abs() < 0.3, "{low} {high}");
    }

    #[test]
    fn counts_and_existence_are_exact_where_presence_alone_is_in_doubt() {
        let mut text = "coverage [0, 10) all labels\n".to_owned();
        for n in 1..=4 {
            text += &format!("car {n}\n  0: ({n}, 0, 0) exists 0.25\n");
        }
        let count = asked(&text, "count(all(\"car\"))");
        assert_eq!((count.answer.text.as_str(), count.answer.confidence), ("1", Some(108.0 / 256.0)));
        let any = asked(&text, "exists(all(\"car\"))");
        assert!((yes(&any) - (1.0 - 81.0 / 256.0)).abs() < 1e-12);
        let drawn = asked(&text, "not exists(all(\"car\"))");
        assert!((1.0 - yes(&drawn) - (1.0 - 81.0 / 256.0)).abs() < 0.11, "{drawn:?}");
        let one = asked(&text, "exists(entity(3))");
        assert!((yes(&one) - 0.25).abs() < 0.1, "{one:?}");
    }

    /// Three things of which each is told with how likely it is what.
    const CALLED: &str = "record \"street\"\nworld street m\ncoverage always car, truck\n\
        car 1 likely 0.7 in street\n  always: (0, 0, 0)\n\
        car 2 likely 0.6 in street\n  called \"truck\" likely 0.4\n  always: (4, 0, 0)\n\
        thing 3 in street\n  called \"truck\"\n  always: (9, 0, 0)\n";

    #[test]
    fn who_is_told_what_with_a_probability_is_counted_with_it() {
        let count = asked(CALLED, "count(all(\"car\"))");
        // one of two: 0.7 · 0.4 + 0.3 · 0.6; both 0.42
        assert_eq!(count.answer.text, "1", "{count:?}");
        assert!((count.answer.confidence.expect("weighed") - 0.46).abs() < 1e-12, "{count:?}");
        // none is a truck but the third: 0.42
        let trucks = asked(CALLED, "count(all(\"truck\"))");
        assert_eq!(trucks.answer.text, "2", "{trucks:?}");
        assert!((trucks.answer.confidence.expect("weighed") - 0.46).abs() < 1e-12, "{trucks:?}");
        let any = asked(CALLED, "exists(all(\"car\"))");
        assert!((yes(&any) - (1.0 - 0.3 * 0.4)).abs() < 1e-12, "{any:?}");
        assert_eq!(yes(&asked(CALLED, "exists(all(\"truck\"))")), 1.0);
        // by draws, where no closed form is known
        let drawn = asked(CALLED, "not exists(all(\"car\"))");
        assert!((1.0 - yes(&drawn) - 0.88).abs() < 0.08, "{drawn:?}");
    }

    #[test]
    fn what_a_thing_probably_is_weighs_what_is_said_of_its_kind() {
        // the nearest truck is the second where that is one, which is less likely than not
        let nearest = asked(CALLED, "nearest(all(\"truck\"), entity(1))");
        let p = nearest.answer.confidence.expect("weighed");
        assert!(nearest.answer.text.contains('3') && (0.5..0.75).contains(&p), "{nearest:?}");
        let gap = asked(CALLED, "distance(all(\"car\"), entity(3))");
        let Some(Value::Number(number)) = &gap.answer.value else { panic!("{gap:?}") };
        // the second is a car with 0.6: 5 m; else the first: 9 m
        assert_eq!((number.value, number.bounds()), (5.0, (5.0, 9.0)), "{gap:?}");
        let what = asked(CALLED, "label(entity(1))");
        let p = what.answer.confidence.expect("weighed");
        assert!(what.answer.text == "car" && (p - 0.7).abs() < 0.1, "{what:?}");
        // what is told without a score, and what is said of a thing by its number, are as they were
        assert_eq!(asked(CALLED, "label(entity(3))").answer.text, "truck");
        assert_eq!(asked(CALLED, "distance(entity(1), entity(3))").answer.text, "9 m");
    }

    #[test]
    fn spans_of_what_may_be_of_a_kind_are_possible_and_not_certain() {
        let text = "coverage [0, 10) car, truck\ncar 1 gap 20 likely 0.7\n  0: (0, 0, 0)\n  9: (9, 0, 0)\n\
            car 2 gap 20 likely 0.97\n  2: (0, 5, 0)\n  6: (0, 5, 0)\n";
        let when = asked(text, "presence(all(\"car\"))");
        let Some(Value::When(when)) = &when.answer.value else { panic!("{when:?}") };
        let hull = |spans: &chronotope_world::Spans| spans.hull().expect("some");
        assert!(
            hull(&when.certain).start().as_s() >= 2.0 && hull(&when.certain).end().as_s() < 6.1,
            "{when:?}"
        );
        assert!(hull(&when.possible).start().as_s() < 0.1, "{when:?}");
    }

    #[test]
    fn what_is_probably_not_there_has_no_answer() {
        let text = PAIR.replace("0: (5, 0, 0)", "0: (5, 0, 0) exists 0.3");
        let gap = asked(&text, "distance(entity(1), entity(2), at: 0 s)");
        assert_eq!((gap.answer.status, gap.answer.confidence), (Status::Unknown, None), "{gap:?}");
        assert!(!gap.answer.missing.is_empty());
    }

    #[test]
    fn what_was_missed_by_a_stated_recall_is_counted() {
        let things = "car 1\n  always: (1, 0, 0)\ncar 2\n  always: (9, 9, 0)\n";
        let at = |recall: &str| {
            let count = asked(&format!("coverage always car{recall}\n{things}"), "count(all(\"car\"))");
            (count.answer.text, count.answer.confidence)
        };
        assert_eq!(at(""), ("2".to_owned(), None));
        let (text, confidence) = at(" recall 0.8");
        // none beside either: 0.8²
        assert!(text == "2" && (confidence.expect("weighed") - 0.64).abs() < 0.11, "{confidence:?}");
    }

    #[test]
    fn a_recall_too_low_to_count_with_is_no_count() {
        let text = |recall: &str, n: usize| {
            let cars =
                (1..=n).fold(String::new(), |all, n| all + &format!("car {n}\n  always: ({n}, 0, 0)\n"));
            format!("coverage always car recall {recall}\n{cars}")
        };
        for (recall, n) in [("0.001", 100), ("1e-300", 1)] {
            let count = asked(&text(recall, n), "count(all(\"car\"))");
            assert_eq!((count.answer.status, count.answer.confidence), (Status::Unknown, None), "{count:?}");
            assert!(count.answer.text.contains("leaves more than 10000 unseen"), "{}", count.answer.text);
            let more = asked(&text(recall, n), "count(all(\"car\")) > 5");
            assert_eq!(more.answer.status, Status::Unknown, "{more:?}");
            // what does not depend on how many were missed is known
            assert!((yes(&asked(&text(recall, n), "exists(all(\"car\"))")) - 1.0).abs() < 1e-12);
            assert_eq!(asked(&text(recall, 2), "distance(entity(1), entity(2), at: 0 s)").answer.text, "1 m");
        }
        // a hundred seen at an even chance: the failures before the hundredth success, of which 99 and 100 are the most frequent
        let count = asked(&text("0.5", 100), "count(all(\"car\"))");
        let p = count.answer.confidence.expect("weighed");
        assert!(
            (p - 0.028_315_818_6).abs() < 1e-9 && ["199", "198"].contains(&count.answer.text.as_str()),
            "{count:?}"
        );
    }

    #[test]
    fn spans_are_certain_within_possible() {
        let text = "coverage [0, 10) all labels\ncar 1 gap 20 errs_for 100\n  0: (0, 0, 0) sd 0.5\n  10: (10, 0, 0) sd 0.5\n\
            pole 2\n  [0, 10): (0, 0, 0)\n";
        let when = asked(text, "within(entity(1), entity(2), distance: 5 m)");
        let Some(Value::When(when)) = &when.answer.value else { panic!("{when:?}") };
        let end = |spans: &chronotope_world::Spans| spans.hull().expect("some").end().as_s();
        assert!(end(&when.certain) < 4.7 && end(&when.possible) > 5.3, "{when:?}");
    }

    #[test]
    fn without_spread_everything_is_as_it_was() {
        let known = PAIR.replace(" covariance (0.25, 0, 0, 0, 0, 0)", "");
        let zero = PAIR.replace("(0.25, 0, 0, 0, 0, 0)", "(0, 0, 0, 0, 0, 0) exists 1");
        for program in
            ["distance(entity(1), entity(2), at: 0 s) < 5.5 m", "count(all())", "nearest(all(), entity(1))"]
        {
            let (known, zero) = (asked(&known, program), asked(&zero, program));
            assert_eq!(known.answer.confidence, None);
            assert_eq!(
                (known.answer.value, known.answer.confidence, known.audit.len()),
                (zero.answer.value, zero.answer.confidence, zero.audit.len())
            );
        }
    }

    #[test]
    fn places_in_doubt_say_nothing_of_how_many_there_are() {
        assert_eq!(asked(PAIR, "count(all())").answer.confidence, None);
    }

    #[test]
    fn a_rigid_motion_leaves_the_probability() {
        // turned by 90 degrees and shifted
        let turned = "coverage [0, 10) all labels\n\
            car 1\n  0: (100, 7, 3) covariance (0, 0, 0, 0.25, 0, 0)\n\
            bus 2\n  0: (100, 12, 3) covariance (0, 0, 0, 0.25, 0, 0)\n";
        let ask = |text| yes(&asked(text, "distance(entity(1), entity(2), at: 0 s) < 5.5 m"));
        assert!((ask(PAIR) - ask(turned)).abs() < 1e-9);
    }

    #[test]
    fn a_weighed_answer_replays_and_a_changed_doubt_breaks_it() {
        let text = PAIR.replace("0: (5, 0, 0)", "0: (5, 0, 0) exists 0.9");
        for program in ["distance(entity(1), entity(2), at: 0 s) < 5.5 m", "count(all())"] {
            let world = parse(&text).expect("valid");
            let saved = answer_json(&world, None, &answer(&world, program).expect("fits"), &json!({}));
            assert!(saved["confidence"].is_number(), "{saved}");
            assert!(replay(&saved, &world).expect("an answer").holds());
            let other = parse(&text.replace("exists 0.9", "exists 0.8")).expect("valid");
            assert!(!replay(&saved, &other).expect("an answer").holds(), "{program}");
        }
    }
}
