//! Clients of servers that speak the protocol of OpenAI's API, as vLLM, llama.cpp, Ollama, SGLang and most hosted models do.
//!
//! Calls block: the asynchronous runtime lives inside of the client. From within a runtime of your own call them where blocking is allowed
//! (`spawn_blocking`).

mod chat;
mod embed;
mod line;
mod transcribe;

pub use chat::HttpChat;
pub use embed::HttpEmbed;
pub use transcribe::HttpTranscribe;

use crate::{Address, Error};
use async_openai::Client;
use async_openai::config::OpenAIConfig;
use futures_util::future::{Either, select};
use line::Line;
use serde_json::Value;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How a server is called.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The key, sent as `Authorization: Bearer`; none: no key. See [`Settings::from_environment`].
    pub key: Option<String>,
    /// How long one reply may take, in seconds.
    pub reply_s: f64,
    /// How long a connection may take to be made, in seconds.
    pub connect_s: f64,
    /// How often a call is tried where the connection breaks or the server says 408, 429 or 5xx; at least once. A time-out is not tried
    /// again: the server may be at work, and it may cost.
    pub tries: u32,
    /// First pause between two tries, in seconds; it doubles each time, up to 30 s. A `Retry-After` in seconds is honoured up to 60 s.
    pub pause_s: f64,
    /// Calls a minute, spread evenly; none: as they come.
    pub per_minute: Option<f64>,
    /// Calls at once.
    pub at_once: usize,
    /// Longest reply, in bytes.
    pub most_bytes: u64,
    /// Stops calls that are under way.
    pub cancel: Cancel,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            key: None,
            reply_s: 180.0,
            connect_s: 10.0,
            tries: 5,
            pause_s: 0.5,
            per_minute: None,
            at_once: 4,
            most_bytes: 8 << 20,
            cancel: Cancel::default(),
        }
    }
}

impl Settings {
    /// The defaults, with the key of `CHRONOTOPE_API_KEY`, else of `OPENAI_API_KEY`.
    pub fn from_environment() -> Settings {
        let named = |name: &str| std::env::var(name).ok().filter(|key| !key.trim().is_empty());
        let key = named("CHRONOTOPE_API_KEY").or_else(|| named("OPENAI_API_KEY"));
        Settings { key, ..Settings::default() }
    }
}

/// A flag that stops calls within a tenth of a second; copies are one flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A flag that somebody else may raise.
    pub fn from_flag(flag: Arc<AtomicBool>) -> Cancel {
        Cancel(flag)
    }

    /// Stops what is under way and what comes.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// It was stopped.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A server, called in the way that the settings say.
struct Server {
    address: Address,
    settings: Settings,
    runtime: tokio::runtime::Runtime,
    /// For replies that are read whole.
    whole: Client<OpenAIConfig>,
    /// For replies that are read as they come.
    streamed: Client<OpenAIConfig>,
    line: Line,
}

impl Server {
    fn new(address: &Address, settings: &Settings) -> Result<Server, Error> {
        let fault = |found: String| Error::Connection { tries: 0, found, address: address.to_string() };
        let key = settings.key.as_deref().unwrap_or_default().trim();
        if key.bytes().any(|byte| !byte.is_ascii_graphic()) {
            return Err(fault("a key with characters that are not ASCII".to_owned()));
        }
        // somebody else in this process may have chosen one already
        rustls::crypto::ring::default_provider().install_default().ok();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| fault(e.to_string()))?;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(seconds(settings.connect_s))
            .user_agent(concat!("chronotope/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| fault(line::words(&e)))?;
        let config = || {
            OpenAIConfig::default()
                .with_org_id("")
                .with_project_id("")
                .with_api_key(key)
                .with_api_base(address.base())
        };
        let line = Line::new(client, settings.clone(), address.to_string());
        Ok(Server {
            address: address.clone(),
            settings: settings.clone(),
            runtime,
            whole: Client::with_config(config()).with_http_service(line.clone()),
            streamed: Client::with_config(config()).with_http_service(line.clone().streaming()),
            line,
        })
    }

    /// Waits for an answer; stops when told to.
    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let cancel = &self.settings.cancel;
        let stopped = async {
            while !cancel.is_cancelled() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        self.runtime.block_on(async {
            match select(pin!(stopped), pin!(work)).await {
                Either::Left(_) => Err(Error::Cancelled { address: self.address.to_string() }),
                Either::Right((done, _)) => done,
            }
        })
    }

    /// The model of the address, or the first one that the server has.
    fn model(&self) -> Result<String, Error> {
        if let Some(model) = self.address.model() {
            return Ok(model.to_owned());
        }
        let list: Value =
            self.wait(async { self.whole.models().list_byot().await.map_err(|error| self.fault(error)) })?;
        let first = list.pointer("/data/0/id").or_else(|| list.pointer("/models/0/name"));
        first.and_then(Value::as_str).map(str::to_owned).ok_or_else(|| Error::Reply {
            expected: "a list of models with at least one, or an address with its name: ADDRESS#MODEL",
            found: crate::error::shortened(&list.to_string()),
            address: self.address.to_string(),
        })
    }

    fn fault(&self, error: async_openai::error::OpenAIError) -> Error {
        let address = self.address.to_string();
        if self.line.was_too_large() {
            return Error::TooLarge { most_bytes: self.settings.most_bytes, address };
        }
        line::fault(error, &address)
    }
}

fn seconds(s: f64) -> Duration {
    Duration::try_from_secs_f64(s).unwrap_or(Duration::from_secs(180))
}
