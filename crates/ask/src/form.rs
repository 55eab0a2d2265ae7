//! How an answer is to be said: a letter, a number in a unit, a word.

use crate::engine::unit_factor;
use crate::program::answer::words;
use chronotope_story::numeral::TO_TWENTY;
use chronotope_world::{Answer, Spread, Status, Value, World};

/// The form in which an asker wants an answer. It says nothing about what the answer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// In words, as the engine says it.
    #[default]
    Words,
    /// The letter of an option.
    Letter,
    /// A bare number.
    Number {
        /// In this unit (`m`, `cm`, `s`, `m²` …); none: the engine's.
        unit: Option<&'static str>,
        /// Rounded to so many decimals; none: all of them.
        decimals: Option<u8>,
    },
    /// Names of things without their numbers: `mug`, not `mug 3`; several in the order of the answer.
    Names,
    /// Names of things without their numbers, and whole numbers up to twenty in words: `two`.
    Spelled,
    /// Of a list of possibilities the one that is left; no answer while there are several.
    Sole,
}

/// The answer as the asker wants it; none where it is not answered, or cannot be said so.
pub fn say(world: &World, answer: &Answer, form: Form) -> Option<String> {
    let value = answer.value.as_ref().filter(|_| answer.status == Status::Answered)?;
    match (form, value) {
        (Form::Sole, Value::List(left)) => {
            if let [one] = left.as_slice() {
                Some(words(world, one))
            } else {
                None
            }
        }
        (Form::Letter, _) => answer.choice.map(String::from),
        (Form::Number { unit, decimals }, Value::Number(number)) => {
            let own = number.unit.to_string();
            let factor = match unit {
                Some(unit) if unit != own => unit_factor(unit, &number.unit)?,
                _ => 1.0,
            };
            let told = number.value * factor;
            Some(match decimals {
                Some(decimals) => format!("{told:.*}", usize::from(decimals)),
                None => told.to_string(),
            })
        }
        (Form::Number { .. }, _) => None,
        (Form::Spelled, Value::Number(number)) => {
            let spelled = TO_TWENTY.iter().enumerate().find(|(n, _)| *n as f64 == number.value);
            Some(spelled.map_or_else(|| answer.text.clone(), |(_, word)| (*word).to_owned()))
        }
        (Form::Names | Form::Spelled, Value::Entities(things)) => {
            let name = |e| world.labels_of(e).next().map(|label| label.text.clone());
            let names: Option<Vec<String>> = things.iter().map(|&e| name(e)).collect();
            names.map(|names| names.join(", "))
        }
        // one word is wanted
        (Form::Spelled, Value::List(items)) if items.len() != 1 => None,
        (Form::Words | Form::Names | Form::Spelled | Form::Sole, _) if !answer.text.is_empty() => {
            Some(answer.text.clone())
        }
        (Form::Words | Form::Names | Form::Spelled | Form::Sole, value) => Some(words(world, value)),
    }
}

/// The numbers between which the answer's number lies, as [`say`] says it: in the asked unit, each end wider by what rounding to the
/// asked decimals can take. None without an interval.
pub fn say_interval(answer: &Answer, form: Form) -> Option<[f64; 2]> {
    let (Form::Number { unit, decimals }, Some(Value::Number(number))) = (form, &answer.value) else {
        return None;
    };
    let (low, high) = match number.spread {
        Spread::None => return None,
        _ => number.bounds(),
    };
    let factor = match unit {
        Some(unit) if unit != number.unit.to_string() => unit_factor(unit, &number.unit)?,
        _ => 1.0,
    };
    let half = decimals.map_or(0.0, |decimals| 0.5 * libm::pow(10.0, -f64::from(decimals)));
    Some([low * factor - half, high * factor + half])
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::text::parse;

    #[test]
    fn a_length_is_said_in_the_unit_that_is_wanted() {
        let world = parse(
            "record \"room\"\nworld room m\nsource annotation \"room\"\ncoverage always cup, fork\ncup 1 in room\n  always: (1, 0, 0)\nfork 2 in room\n  always: (3.25, 0, 0)\n",
        );
        let Ok(world) = world else { panic!("{world:?}") };
        let asked = crate::ask(&world, "How far is the cup from the fork?", &[]).expect("in memory");
        let told = |form| say(&world, &asked.answered.answer, form);
        let number = |unit, decimals| Form::Number { unit, decimals };
        assert_eq!(told(number(Some("cm"), Some(0))).as_deref(), Some("225"), "{asked:?}");
        assert_eq!(told(number(Some("m"), Some(1))).as_deref(), Some("2.2"));
        assert_eq!(told(number(None, None)).as_deref(), Some("2.25"));
        assert_eq!(told(number(Some("s"), None)), None, "no time");
        assert_eq!(told(Form::Letter), None, "no options");
        assert_eq!(told(Form::Words).as_deref(), Some("2.25 m"));
        let counted = crate::ask(&world, "How many cups are there?", &[]).expect("in memory").answered.answer;
        assert_eq!(say(&world, &counted, Form::Spelled).as_deref(), Some("one"), "{counted:?}");
    }

    #[test]
    fn what_is_not_answered_is_not_said() {
        let world = parse("record \"room\"\nworld room m\n").expect("valid");
        let asked = crate::ask(&world, "How far is the cup from the fork?", &[]).expect("in memory");
        assert_eq!(say(&world, &asked.answered.answer, Form::Words), None);
    }
}
