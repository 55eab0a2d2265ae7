//! Rewards put together in a file.

use super::case::short;
use super::{Case, Fault, Reward, Verdict, by_name};
use chronotope_world::catalogue::Entry;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A reward made of others: parts with weights, gates, and weights that change over the steps of training.
///
/// ```toml
/// [context]                  # fields of every row's context, where the row does not say otherwise
/// numbers = "mra"
///
/// [[part]]
/// rule = "accuracy"          # any rule or preset
/// weight = 0.7
///
/// [[part]]
/// rule = "embodied-r"
/// part = "consistency"       # one part of a rule, by itself
/// name = "thoughts"
/// weight = [[0, 0.0], [500, 0.3]]   # by `context.step`, straight between the points and flat outside
///
/// [[part]]
/// rule = "format"
/// gate = true                # multiplies the sum of the others
/// at_least = 0.5             # 1 from here on, else 0
/// context = { empty_thoughts = true }   # for this part alone
/// ```
#[derive(Clone, Debug)]
pub struct Recipe {
    parts: Vec<Ingredient>,
    context: Map<String, Value>,
}

#[derive(Clone)]
struct Ingredient {
    rule: &'static dyn Reward,
    part: Option<String>,
    name: String,
    weight: Weight,
    gate: bool,
    at_least: Option<f64>,
    context: Map<String, Value>,
}

impl std::fmt::Debug for Ingredient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?} gate {}", self.name, self.weight, self.gate)
    }
}

/// What a part weighs.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "expected a number or [[step, weight], …] as weight")]
enum Weight {
    Always(f64),
    BySteps(Vec<(f64, f64)>),
}

impl std::fmt::Display for Weight {
    /// As it stands in a recipe.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Weight::Always(weight) => write!(f, "{weight:?}"),
            Weight::BySteps(points) => {
                let points: Vec<[f64; 2]> = points.iter().map(|(step, weight)| [*step, *weight]).collect();
                f.write_str(&short(&format!("{points:?}")))
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    context: Map<String, Value>,
    part: Vec<WrittenPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPart {
    rule: String,
    part: Option<String>,
    name: Option<String>,
    weight: Option<Weight>,
    #[serde(default)]
    gate: bool,
    at_least: Option<f64>,
    #[serde(default)]
    context: Map<String, Value>,
}

/// Why a text is no recipe.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// It is not TOML of that form.
    #[error("expected a recipe of [[part]]s: {0}")]
    Form(String),
    /// A part is at odds with the rest.
    #[error("part {n}: expected {expected}, found {found}")]
    Part {
        /// The part's number, from 1.
        n: usize,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
}

impl Recipe {
    /// Reads a recipe of the rules of this room.
    ///
    /// # Errors
    /// Where the text is no recipe, names a rule that there is not, or gives two parts one name.
    pub fn parse(text: &str) -> Result<Recipe, RecipeError> {
        Recipe::parse_with(text, by_name)
    }

    /// The same with rules that `named` finds.
    ///
    /// # Errors
    /// As [`Recipe::parse`].
    pub fn parse_with(
        text: &str,
        named: impl Fn(&str) -> Option<&'static dyn Reward>,
    ) -> Result<Recipe, RecipeError> {
        let written: Written = toml::from_str(text).map_err(|error| RecipeError::Form(error.to_string()))?;
        let mut parts: Vec<Ingredient> = Vec::new();
        for (i, part) in written.part.into_iter().enumerate() {
            let wrong = |expected, found: String| RecipeError::Part { n: i + 1, expected, found };
            let rule = named(&part.rule)
                .ok_or_else(|| wrong("a rule of `chronotope list rewards`", format!("`{}`", part.rule)))?;
            let name = part.name.or_else(|| part.part.clone()).unwrap_or(part.rule);
            if parts.iter().any(|other| other.name == name) {
                return Err(wrong("a name of its own", format!("`{name}` again")));
            }
            let weight = part.weight.unwrap_or(Weight::Always(1.0));
            let finite = match &weight {
                Weight::Always(weight) => is_weight(*weight),
                Weight::BySteps(points) => {
                    !points.is_empty()
                        && points.iter().all(|(step, weight)| step.is_finite() && is_weight(*weight))
                        && points.windows(2).all(|pair| pair[0].0 < pair[1].0)
                }
            };
            if !finite {
                return Err(wrong(
                    "a finite weight up to a million, or [[step, weight], …] with rising steps",
                    weight.to_string(),
                ));
            }
            if let Some(least) = part.at_least.filter(|least| !least.is_finite()) {
                return Err(wrong("a number as at_least", least.to_string()));
            }
            parts.push(Ingredient {
                rule,
                part: part.part,
                name,
                weight,
                gate: part.gate,
                at_least: part.at_least,
                context: part.context,
            });
        }
        if parts.iter().all(|part| part.gate) {
            return Err(RecipeError::Part {
                n: parts.len(),
                expected: "a part that is no gate",
                found: "gates only".into(),
            });
        }
        Ok(Recipe { parts, context: written.context })
    }

    /// What one case is worth, of the verdicts that its parts' rules gave.
    fn combined(&self, case: &Case<'_>, verdicts: Vec<Result<Verdict, Fault>>) -> Result<Verdict, Fault> {
        let mut whole = Verdict::new();
        for (part, verdict) in self.parts.iter().zip(verdicts) {
            let verdict = verdict?;
            let value = match &part.part {
                Some(name) => match verdict.value(name) {
                    Some(value) => value,
                    // the reply was read, and the rule has no such part
                    None if verdict.reason.is_none() && !verdict.parts.is_empty() => {
                        let names: Vec<&str> = verdict.parts.iter().map(|part| part.name.as_ref()).collect();
                        let rule = part.rule.entry().name;
                        return Err(Fault::Recipe(format!(
                            "expected a part of {rule} ({}), found `{name}` in the recipe",
                            names.join(", ")
                        )));
                    }
                    None => 0.0,
                },
                None => verdict.reward(),
            };
            whole = whole.because(verdict.reason);
            whole.n_not_finite += verdict.n_not_finite;
            whole.judged.extend(verdict.judged);
            whole.unjudged.extend(verdict.unjudged);
            let value = part.at_least.map_or(value, |least| f64::from(u8::from(value >= least)));
            whole = if part.gate {
                whole.gate(part.name.clone(), value)
            } else {
                let weight = match &part.weight {
                    Weight::Always(weight) => *weight,
                    Weight::BySteps(points) => weight_at(points, case.context.needs_amount("step")?),
                };
                whole.part(part.name.clone(), value, weight)
            };
        }
        Ok(whole)
    }
}

/// A sum of such weights stays a number.
fn is_weight(weight: f64) -> bool {
    weight.abs() <= 1e6
}

/// Straight between the points, flat outside.
fn weight_at(points: &[(f64, f64)], step: f64) -> f64 {
    let after = points.iter().position(|(at, _)| *at > step);
    match after {
        Some(0) => points[0].1,
        Some(i) => {
            let ((a, from), (b, to)) = (points[i - 1], points[i]);
            from + (to - from) * (step - a) / (b - a)
        }
        None => points[points.len() - 1].1,
    }
}

impl Reward for Recipe {
    fn entry(&self) -> Entry {
        Entry {
            kind: "rewards",
            name: "recipe",
            about: "rules put together in a file",
            source: "score/src/reward/recipe.rs",
            paper: None,
            example: "chronotope reward --recipe recipe.toml < rows.jsonl",
        }
    }

    fn judge(&self, case: &Case<'_>) -> Result<Verdict, Fault> {
        let verdicts = self.parts.iter().map(|part| {
            // the reply stays as it was read; only what the parts see of the context differs
            part.rule.judge(&case.with_context(&part.context, &self.context))
        });
        let verdicts = verdicts.collect();
        self.combined(&case.with_context(&self.context, &self.context), verdicts)
    }

    fn judge_group(&self, cases: &[Case<'_>]) -> Vec<Result<Verdict, Fault>> {
        let mut by_part: Vec<_> = self
            .parts
            .iter()
            .map(|part| {
                let cases: Vec<Case<'_>> =
                    cases.iter().map(|case| case.with_context(&part.context, &self.context)).collect();
                part.rule.judge_group(&cases).into_iter()
            })
            .collect();
        cases
            .iter()
            .map(|case| {
                let verdicts =
                    by_part.iter_mut().map(|verdicts| verdicts.next().unwrap_or_else(|| Ok(Verdict::new())));
                let verdicts = verdicts.collect();
                self.combined(&case.with_context(&self.context, &self.context), verdicts)
            })
            .collect()
    }

    fn needs_group(&self) -> bool {
        self.parts.iter().any(|part| part.rule.needs_group())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{pays, verdict};
    use super::*;

    const CURRICULUM: &str = r#"
        [context]
        numbers = "mra"
        [[part]]
        rule = "accuracy"
        weight = 0.7
        [[part]]
        rule = "embodied-r"
        part = "consistency"
        weight = [[0, 0.0], [100, 0.4]]
        [[part]]
        rule = "format"
        gate = true
        at_least = 0.5
        context = { empty_thoughts = true }
    "#;

    #[test]
    fn parts_gates_and_curricula_are_put_together() {
        let recipe = Recipe::parse(CURRICULUM).expect("a recipe");
        let row = |thoughts: &str, said: &str, truth: &str, step: u32| {
            format!(
                r#"{{"completion": "<think>{thoughts}</think><answer>{said}</answer>", "answer": "{truth}", "context": {{"step": {step}}}}}"#
            )
        };
        assert!((pays(&recipe, &row("so B.", "B", "B", 50)) - 0.9).abs() < 1e-12);
        assert!((pays(&recipe, &row("so B.", "B", "B", 900)) - 1.1).abs() < 1e-12);
        assert!((pays(&recipe, &row("", "3", "4", 0)) - 0.42).abs() < 1e-12);
        let shut = verdict(&recipe, &row("", "<answer>3", "4", 0));
        assert_eq!((shut.reward(), shut.value("format")), (0.0, Some(0.0)));
    }

    #[test]
    fn a_part_that_the_rule_does_not_have_is_told() {
        let recipe = Recipe::parse("[[part]]\nrule = \"accuracy\"\npart = \"nope\"\n").expect("a recipe");
        let row = r#"{"completion": "<answer>B</answer>", "answer": "B"}"#;
        let lines = [row.to_owned()];
        let settled = super::super::rewarded_lines(
            &recipe,
            &super::super::Plan::default(),
            &lines,
            std::num::NonZeroUsize::MIN,
        );
        assert_eq!(
            settled[0].json()["error"],
            "expected a part of accuracy (accuracy), found `nope` in the recipe"
        );
        for text in ["at_least = nan", "weight = 1e308", "weight = [[0, 1e308], [1, 0]]"] {
            assert!(Recipe::parse(&format!("[[part]]\nrule = \"accuracy\"\n{text}\n")).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_recipe_says_why() {
        for (text, says) in [
            ("", "part"),
            ("[[part]]\nrule = \"acuracy\"", "part 1: expected a rule"),
            ("[[part]]\nrule = \"format\"\n[[part]]\nrule = \"format\"", "a name of its own"),
            ("[[part]]\nrule = \"format\"\nwieght = 2", "unknown field"),
            ("[[part]]\nrule = \"format\"\nweight = [[5, 1], [1, 2]]", "rising steps"),
            ("[[part]]\nrule = \"format\"\nweight = nan", "rising steps, found NaN"),
            ("[[part]]\nrule = \"format\"\nweight = []", "rising steps, found []"),
            (
                "[[part]]\nrule = \"format\"\nweight = \"x\"",
                "expected a number or [[step, weight], …] as weight",
            ),
            ("[[part]]\nrule = \"format\"\ngate = true", "gates only"),
        ] {
            let error = Recipe::parse(text).expect_err("no recipe").to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
