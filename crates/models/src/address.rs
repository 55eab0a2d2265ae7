//! Where a model is, and which.

use crate::Error;
use std::fmt;

/// `http://HOST:PORT/v1#MODEL`: the address up to where `/chat/completions` begins, and after `#` the model's name.
///
/// Without a name the server is asked which models it has, and the first is taken. `http` and `https` only; a user name in the address is
/// refused, as keys do not belong into addresses (they stand in `CHRONOTOPE_API_KEY` or `OPENAI_API_KEY`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    base: String,
    model: Option<String>,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// [`Error::Address`] for another scheme, no host, or one that holds a user name.
    pub fn parse(text: &str) -> Result<Address, Error> {
        let text = text.trim();
        let (base, model) = match text.split_once('#') {
            Some((base, model)) => (base, Some(model.trim()).filter(|m| !m.is_empty())),
            None => (text, None),
        };
        let fault = |found: &str| Error::Address { found: found.to_owned(), address: without_user(text) };
        let url = reqwest::Url::parse(base).map_err(|error| fault(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(fault(&format!("the scheme `{}`", url.scheme())));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(fault("no host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(fault("a user name; a key stands in CHRONOTOPE_API_KEY"));
        }
        if url.query().is_some() {
            return Err(fault("a query; the model's name stands after `#`"));
        }
        Ok(Address { base: url.as_str().trim_end_matches('/').to_owned(), model: model.map(str::to_owned) })
    }

    /// The address without the model, and without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The model's name, where it is given.
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// The same place, with this model.
    #[must_use]
    pub fn with_model(&self, model: &str) -> Address {
        Address { base: self.base.clone(), model: Some(model.to_owned()) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)?;
        self.model.as_ref().map_or(Ok(()), |model| write!(f, "#{model}"))
    }
}

/// Without what may be a key.
fn without_user(text: &str) -> String {
    match (text.find("://"), text.find('@')) {
        (Some(start), Some(at)) if at > start => format!("{}://…{}", &text[..start], &text[at..]),
        _ => crate::error::shortened(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_after_the_hash() {
        let address = Address::parse("http://127.0.0.1:8000/v1/#Qwen/Qwen3-VL:8b").expect("valid");
        assert_eq!((address.base(), address.model()), ("http://127.0.0.1:8000/v1", Some("Qwen/Qwen3-VL:8b")));
        assert_eq!(address.to_string(), "http://127.0.0.1:8000/v1#Qwen/Qwen3-VL:8b");
        assert_eq!(Address::parse("https://host/v1#").expect("valid").model(), None);
    }

    #[test]
    fn what_is_no_address_is_named_without_its_key() {
        for text in ["", "host:80", "ftp://host/v1", "file:///etc/passwd", "http://", "http://h/v1?model=x"] {
            assert!(matches!(Address::parse(text), Err(Error::Address { .. })), "{text}");
        }
        let error = Address::parse("https://me:secret@host/v1").expect_err("a key").to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}
