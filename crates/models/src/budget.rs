//! What may be spent on a model, checked before every call, and what was.

use crate::Error;
use crate::ability::chat::{Chat, Reply, Request};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The most that may be spent; what is none is not limited. Replies from a cache or a recording count as they did when they were paid,
/// so that a run that goes on ends where an uninterrupted one ends; only [`Spent::n_repeated`] tells them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Calls.
    pub calls: Option<u64>,
    /// Pictures sent.
    pub pictures: Option<u64>,
    /// Pixels of these.
    pub pixels: Option<u64>,
    /// Tokens in and out together, as servers count.
    pub tokens: Option<u64>,
    /// Money, in the unit of the price table.
    pub money: Option<f64>,
}

impl Limits {
    /// Reads `calls=40,pictures=20,pixels=8e6,tokens=50000,money=0.5`; what stands alone as a number is `calls`.
    ///
    /// # Errors
    /// In words, what is no limit.
    pub fn parse(text: &str) -> Result<Limits, String> {
        let mut limits = Limits::default();
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let (name, value) = word.split_once('=').unwrap_or(("calls", word));
            let number: f64 = value.trim().parse().unwrap_or(f64::NAN);
            if !(0.0..=1e15).contains(&number) {
                return Err(format!("expected NAME=NUMBER, found `{word}`"));
            }
            let whole = Some(number as u64);
            match name.trim() {
                "calls" => limits.calls = whole,
                "pictures" => limits.pictures = whole,
                "pixels" => limits.pixels = whole,
                "tokens" => limits.tokens = whole,
                "money" => limits.money = Some(number),
                other => {
                    return Err(format!(
                        "expected calls, pictures, pixels, tokens or money, found `{other}`"
                    ));
                }
            }
        }
        Ok(limits)
    }
}

/// What was spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// Calls that were answered, repeated ones among them.
    pub n_calls: u64,
    /// Those that a cache or a recording answered.
    pub n_repeated: u64,
    /// Calls that failed.
    pub n_failed: u64,
    /// Pictures sent.
    pub n_pictures: u64,
    /// Pixels of these.
    pub n_pixels: u64,
    /// Tokens of requests.
    pub tokens_in: u64,
    /// Tokens of replies.
    pub tokens_out: u64,
    /// By the price table; none where it has no price of this model.
    pub money: Option<f64>,
}

/// Price of a model's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// A million tokens of requests.
    pub in_per_million: f64,
    /// A million tokens of replies.
    pub out_per_million: f64,
}

/// Prices by model: a JSON file `{"MODEL": {"in_per_million": 0.15, "out_per_million": 0.6}}` in one unit of money throughout.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices {
    by_model: BTreeMap<String, Price>,
    file: String,
}

impl Prices {
    /// Reads a price table.
    ///
    /// # Errors
    /// A file that cannot be read, or that is not such a table.
    pub fn read(path: &Path) -> Result<Prices, Error> {
        let file = path.display().to_string();
        let fault = |found: String| Error::File {
            place: String::new(),
            expected: "{\"MODEL\": {\"in_per_million\": 0.15, \"out_per_million\": 0.6}}",
            found,
            file: file.clone(),
        };
        let text = std::fs::read_to_string(path).map_err(|e| fault(e.to_string()))?;
        let by_model: BTreeMap<String, Price> =
            serde_json::from_str(&text).map_err(|e| fault(e.to_string()))?;
        let sound =
            |p: &Price| [p.in_per_million, p.out_per_million].iter().all(|v| v.is_finite() && *v >= 0.0);
        match by_model.iter().find(|(_, price)| !sound(price)) {
            Some((model, _)) => Err(fault(format!("a price below 0 of `{model}`"))),
            None => Ok(Prices { by_model, file }),
        }
    }
}

/// Counts what is spent and refuses what would pass a limit. Several clients may share one.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    limits: Limits,
    prices: Prices,
    spent: Arc<Mutex<Spent>>,
}

impl Meter {
    /// With these limits. `prices` are needed only for limits in money.
    pub fn new(limits: Limits, prices: Prices) -> Meter {
        Meter { limits, prices, spent: Arc::default() }
    }

    /// What was spent so far.
    pub fn spent(&self) -> Spent {
        *self.lock()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first limit that one more such request would pass. Tokens and money are known only afterwards: a call is made while there is any
    /// left.
    fn check(&self, model: &str, request: &Request, address: &dyn Fn() -> String) -> Result<(), Error> {
        let spent = self.spent();
        let (n, px) = request.pictures();
        if self.limits.money.is_some() && !self.prices.by_model.contains_key(model) {
            return Err(Error::Price { model: model.to_owned(), file: self.prices.file.clone() });
        }
        let whole = |limit: Option<u64>| limit.map(|l| l as f64);
        let lines = [
            ("calls", whole(self.limits.calls), spent.n_calls as f64, 1.0),
            ("pictures", whole(self.limits.pictures), spent.n_pictures as f64, n as f64),
            ("pixels", whole(self.limits.pixels), spent.n_pixels as f64, px as f64),
            ("tokens", whole(self.limits.tokens), (spent.tokens_in + spent.tokens_out) as f64, 1.0),
            ("units of money", self.limits.money, spent.money.unwrap_or(0.0), f64::MIN_POSITIVE),
        ];
        for (unit, limit, spent, more) in lines {
            if let Some(limit) =
                limit.filter(|limit| spent + more > *limit || (more > 0.0 && spent >= *limit))
            {
                return Err(Error::Budget { unit, limit, spent, address: address() });
            }
        }
        Ok(())
    }

    fn add(&self, model: &str, request: &Request, reply: &Reply) {
        let (n, px) = request.pictures();
        let mut spent = self.lock();
        spent.n_calls += 1;
        spent.n_repeated += u64::from(reply.repeated);
        spent.n_pictures += n;
        spent.n_pixels += px;
        spent.tokens_in += reply.usage.tokens_in;
        spent.tokens_out += reply.usage.tokens_out;
        spent.money = self.prices.by_model.get(model).map(|price| {
            (spent.tokens_in as f64 * price.in_per_million + spent.tokens_out as f64 * price.out_per_million)
                / 1e6
        });
    }
}

/// A client whose calls are counted and limited.
pub struct Metered<C> {
    inner: C,
    meter: Meter,
}

impl<C: Chat> Metered<C> {
    /// Counts what `inner` is asked.
    pub fn new(inner: C, meter: Meter) -> Metered<C> {
        Metered { inner, meter }
    }

    fn counted(
        &self,
        request: &Request,
        ask: impl FnOnce(&Request) -> Result<Reply, Error>,
    ) -> Result<Reply, Error> {
        self.meter.check(self.inner.model(), request, &|| self.inner.address())?;
        match ask(request) {
            Ok(reply) => {
                self.meter.add(self.inner.model(), request, &reply);
                Ok(reply)
            }
            Err(error) => {
                self.meter.lock().n_failed += 1;
                Err(error)
            }
        }
    }
}

impl<C: Chat> Chat for Metered<C> {
    fn model(&self) -> &str {
        self.inner.model()
    }
    fn address(&self) -> String {
        self.inner.address()
    }
    fn chat(&self, request: &Request) -> Result<Reply, Error> {
        self.counted(request, |request| self.inner.chat(request))
    }
    fn chat_streamed(&self, request: &Request, on_text: &mut dyn FnMut(&str)) -> Result<Reply, Error> {
        self.counted(request, |request| self.inner.chat_streamed(request, on_text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ability::chat::{Image, Message, Part, Usage};

    struct Fixed;

    impl Chat for Fixed {
        fn model(&self) -> &'static str {
            "m"
        }
        fn address(&self) -> String {
            "http://here".into()
        }
        fn chat(&self, _: &Request) -> Result<Reply, Error> {
            Ok(Reply { usage: Usage { tokens_in: 900, tokens_out: 100 }, ..Reply::default() })
        }
    }

    fn picture() -> Request {
        let image = Image { bytes: [1].into(), media_type: "image/png", shown_px: [20, 10], t: None };
        Request { messages: vec![Message::user(vec![Part::Image(image)])], ..Request::default() }
    }

    fn calls_until_refused(limits: &str, prices: Prices) -> (u64, String) {
        let meter = Meter::new(Limits::parse(limits).expect("valid"), prices);
        let chat = Metered::new(Fixed, meter.clone());
        let error = (0..99).find_map(|_| chat.chat(&picture()).err()).expect("a limit");
        (meter.spent().n_calls, error.to_string())
    }

    #[test]
    fn a_limit_is_never_passed() {
        for (limits, n, unit) in [
            ("calls=3", 3, "calls"),
            ("3", 3, "calls"),
            ("calls=9,pictures=2", 2, "pictures"),
            ("pixels=500", 2, "pixels"),
            ("tokens=2500", 3, "tokens"),
            ("calls=0", 0, "calls"),
        ] {
            let (calls, error) = calls_until_refused(limits, Prices::default());
            assert_eq!(calls, n, "{limits}");
            assert!(error.contains(unit), "{error}");
        }
    }

    #[test]
    fn money_needs_a_price() {
        let (calls, error) = calls_until_refused("money=1", Prices::default());
        assert!(calls == 0 && error.contains("price of `m`"), "{error}");
        let path = std::env::temp_dir().join(format!("chronotope-models-prices-{}", std::process::id()));
        std::fs::write(&path, r#"{"m": {"in_per_million": 1000, "out_per_million": 1000}}"#)
            .expect("writable");
        let prices = Prices::read(&path).expect("a table");
        assert_eq!(calls_until_refused("money=2.5", prices).0, 3);
        std::fs::write(&path, r#"{"m": {"in_per_million": -1, "out_per_million": 1}}"#).expect("writable");
        assert!(Prices::read(&path).is_err());
        std::fs::remove_file(&path).ok();
    }

    #[test]
    fn what_is_no_limit_is_named() {
        for text in ["calls=x", "calls=-1", "apples=3", "calls=nan", "calls=1e99"] {
            assert!(Limits::parse(text).is_err(), "{text}");
        }
        assert_eq!(Limits::parse("").expect("none"), Limits::default());
    }
}
