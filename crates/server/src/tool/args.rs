//! A call's arguments, each read with a text that says what was expected.

use std::path::PathBuf;

use chronotope::world::{Time, View, World};
use serde_json::{Map, Value as Json};

use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;

/// What a tool was called with. Null counts as not given; numbers may come as text, as models send them.
pub struct Args<'a>(&'a Map<String, Json>);

/// A World as one call sees it, and where it came from.
pub(super) struct Seen {
    pub world: World,
    pub paths: Vec<PathBuf>,
}

impl<'a> Args<'a> {
    /// These arguments.
    pub fn new(given: &'a Map<String, Json>) -> Args<'a> {
        Args(given)
    }

    /// What was given under a name.
    pub fn any(&self, name: &str) -> Option<&'a Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text.
    ///
    /// # Errors
    /// Something else.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, Error> {
        let Some(value) = self.any(name) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| wrong(name, "a text", value))
    }

    /// A text that must be there and say something.
    ///
    /// # Errors
    /// None, or something else.
    pub fn must(&self, name: &str) -> Result<&'a str, Error> {
        let text = self.text(name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| Error::argument(name, "a text", "nothing"))
    }

    /// One of these words; the first where none is given.
    ///
    /// # Errors
    /// Another word.
    pub fn word(&self, name: &str, words: &[&'static str]) -> Result<&'static str, Error> {
        let Some(found) = self.text(name)? else { return Ok(words[0]) };
        let found = found.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        let word = words.iter().find(|word| **word == found);
        word.copied().ok_or_else(|| {
            Error::argument(name, format!("one of {}", words.join(", ")), format!("`{found}`"))
        })
    }

    /// A finite number.
    ///
    /// # Errors
    /// Something else.
    pub fn number(&self, name: &str) -> Result<Option<f64>, Error> {
        let Some(value) = self.any(name) else { return Ok(None) };
        let number = value.as_f64().or_else(|| value.as_str()?.trim().trim_end_matches(" s").parse().ok());
        number.filter(|n| n.is_finite()).map(Some).ok_or_else(|| wrong(name, "a number", value))
    }

    /// A whole number from 0 on.
    ///
    /// # Errors
    /// Something else.
    pub fn whole(&self, name: &str) -> Result<Option<u64>, Error> {
        let Some(value) = self.any(name) else { return Ok(None) };
        let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
        number.map(Some).ok_or_else(|| wrong(name, "a whole number from 0 on", value))
    }

    /// Yes or no; no where it is not given.
    ///
    /// # Errors
    /// Something else.
    pub fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.any(name) {
            None => Ok(false),
            Some(Json::Bool(yes)) => Ok(*yes),
            Some(value) => Err(wrong(name, "true or false", value)),
        }
    }

    /// A list of texts, or one alone.
    ///
    /// # Errors
    /// Something else.
    pub fn texts(&self, name: &str) -> Result<Vec<&'a str>, Error> {
        match self.any(name) {
            None => Ok(Vec::new()),
            Some(Json::String(one)) => Ok(vec![one]),
            Some(Json::Array(all)) => all
                .iter()
                .map(|item| item.as_str().ok_or_else(|| wrong(name, "a list of texts", item)))
                .collect(),
            Some(value) => Err(wrong(name, "a list of texts", value)),
        }
    }

    /// So many numbers.
    ///
    /// # Errors
    /// Something else.
    pub fn numbers<const N: usize>(&self, name: &str) -> Result<Option<[f64; N]>, Error> {
        let Some(value) = self.any(name) else { return Ok(None) };
        let expected = format!("{N} numbers");
        let all = value.as_array().ok_or_else(|| wrong(name, &expected, value))?;
        let all: Option<Vec<f64>> = all.iter().map(|n| n.as_f64().filter(|n| n.is_finite())).collect();
        let all: Option<[f64; N]> = all.and_then(|all| all.try_into().ok());
        all.map(Some).ok_or_else(|| wrong(name, &expected, value))
    }

    /// The names of the sources; the only one there is where none is named.
    pub(super) fn sources(&self, desk: &Desk) -> Result<Vec<String>, Error> {
        let mut names: Vec<String> = self.text("source")?.into_iter().map(str::to_owned).collect();
        names.extend(self.texts("more_sources")?.into_iter().map(str::to_owned));
        if names.is_empty() {
            let allowed = desk.library.allowed();
            let all = super::list_sources::found(allowed);
            match all.as_slice() {
                [one] => names.push(one.name.clone()),
                [] => {
                    return Err(Error::input("no source is here")
                        .remedy("start the server with a folder that holds some"));
                }
                _ => {
                    let some: Vec<&str> = all.iter().take(8).map(|one| one.name.as_str()).collect();
                    let found = format!("nothing, and there are {}", all.len());
                    return Err(Error::argument("source", format!("one of {}", some.join(", ")), found));
                }
            }
        }
        Ok(names)
    }

    /// The World that is asked, as of the revision and the moment that are asked for.
    pub(super) fn world(&self, desk: &Desk, control: &Control) -> Result<Seen, Error> {
        let names = self.sources(desk)?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (world, paths) = desk.library.world(&names, control)?;
        let (as_of, asked_at) = (self.whole("as_of")?, self.number("asked_at")?);
        let newest = world.store().revision();
        if let Some(revision) = as_of.filter(|revision| *revision > newest) {
            return Err(Error::argument("as_of", format!("a revision up to {newest}"), revision.to_string()));
        }
        let world = match (as_of, asked_at) {
            (None, None) => world,
            _ => world.seen(View {
                as_of: as_of.unwrap_or(u64::MAX),
                asked_at: asked_at.map_or(Time::MAX, Time::from_s),
            }),
        };
        Ok(Seen { world, paths })
    }
}

/// What was expected, and the beginning of what was found.
fn wrong(name: &str, expected: &str, found: &Json) -> Error {
    let found: String = found.to_string().chars().take(80).collect();
    Error::argument(name, expected, found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_may_come_as_text_and_nothing_else_is_taken_for_them() {
        let given = json!({ "a": 2, "b": "2.5", "c": "soon", "d": null, "e": true });
        let args = Args::new(given.as_object().expect("an object"));
        assert_eq!(args.number("a"), Ok(Some(2.0)));
        assert_eq!(args.number("b"), Ok(Some(2.5)));
        assert_eq!(args.number("d"), Ok(None));
        let told = |name| args.number(name).expect_err("no number").to_string();
        assert_eq!(told("c"), "c: expected a number, found \"soon\"");
        assert_eq!(told("e"), "e: expected a number, found true");
    }

    #[test]
    fn a_word_is_one_of_those_that_there_are() {
        let given = json!({ "what": "First Seen", "other": "x" });
        let args = Args::new(given.as_object().expect("an object"));
        assert_eq!(args.word("what", &["seen", "first_seen"]), Ok("first_seen"));
        assert_eq!(args.word("none", &["seen", "first_seen"]), Ok("seen"));
        assert!(args.word("other", &["seen"]).is_err());
    }
}
