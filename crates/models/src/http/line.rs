//! One call over the network: when it may be made, how often it is tried, how much is read.

use super::{Settings, seconds};
use crate::Error;
use crate::error::shortened;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use futures_util::StreamExt;
use reqwest::{Response, StatusCode};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// The way to one server; copies share its rate.
#[derive(Clone)]
pub(super) struct Line {
    client: reqwest::Client,
    settings: Settings,
    address: String,
    slots: Arc<Semaphore>,
    /// When the next call may be made.
    next: Arc<Mutex<Option<Instant>>>,
    streams: bool,
    /// Raised where a stream was longer than a reply may be.
    too_large: Arc<AtomicBool>,
}

/// Longest pause between two tries.
const MOST_PAUSE_S: f64 = 30.0;
/// Longest pause that a server may ask for.
const MOST_ASKED_PAUSE_S: f64 = 60.0;
/// How much of an error page is read.
const MOST_ERROR_BYTES: u64 = 64 << 10;

/// What one try gave.
enum Tried {
    Done(Response),
    Failed(Error),
    /// May work later, after the pause that the server asks for.
    Again(Error, Option<f64>),
}

impl Line {
    pub(super) fn new(client: reqwest::Client, settings: Settings, address: String) -> Line {
        let slots = Arc::new(Semaphore::new(settings.at_once.clamp(1, 1024)));
        Line {
            client,
            settings,
            address,
            slots,
            next: Arc::default(),
            streams: false,
            too_large: Arc::default(),
        }
    }

    /// The same line for replies that are read as they come.
    pub(super) fn streaming(mut self) -> Line {
        self.streams = true;
        self
    }

    /// Whether a stream was too long, since this was asked last.
    pub(super) fn was_too_large(&self) -> bool {
        self.too_large.swap(false, Ordering::Relaxed)
    }

    async fn send(self, request: HttpRequestFactory) -> Result<Response, Error> {
        let slot = self.slots.acquire().await;
        let mut pause_s = self.settings.pause_s.clamp(0.0, MOST_PAUSE_S);
        for tries in 1.. {
            self.wait_turn().await;
            let (error, asked_s) = match self.once(&request, tries).await {
                Tried::Done(response) => {
                    drop(slot);
                    return Ok(response);
                }
                Tried::Failed(error) => return Err(error),
                Tried::Again(error, asked_s) => (error, asked_s),
            };
            if tries >= self.settings.tries.max(1) {
                return Err(error);
            }
            sleep(seconds(asked_s.unwrap_or(0.0).clamp(pause_s, MOST_ASKED_PAUSE_S))).await;
            pause_s = (pause_s * 2.0).min(MOST_PAUSE_S);
        }
        unreachable!("tries are counted without end")
    }

    /// Waits until the rate allows another call.
    async fn wait_turn(&self) {
        let Some(rate) = self.settings.per_minute.filter(|rate| *rate > 0.0) else { return };
        let mut next = self.next.lock().await;
        if let Some(at) = *next {
            sleep_until(at).await;
        }
        // the rim: a pause between calls; no result depends on it
        #[allow(clippy::disallowed_methods)]
        let now = Instant::now();
        *next = Some(now + seconds(60.0 / rate));
    }

    async fn once(&self, request: &HttpRequestFactory, tries: u32) -> Tried {
        let request = match request.build().await {
            Ok(request) => request,
            Err(error) => return Tried::Failed(self.broken(tries, error.to_string())),
        };
        let limit = seconds(self.settings.reply_s);
        let sent = match timeout(limit, self.client.execute(request)).await {
            Err(_) => return Tried::Failed(self.late()),
            Ok(Err(error)) => return self.refused(tries, &error),
            Ok(Ok(response)) => response,
        };
        let status = sent.status();
        if !status.is_success() {
            return self.bad_status(sent, status, tries, limit).await;
        }
        if self.streams {
            return Tried::Done(capped(sent, self.settings.most_bytes, self.too_large.clone()));
        }
        let (status, headers) = (sent.status(), sent.headers().clone());
        let body = match timeout(limit, self.body(sent, tries)).await {
            Err(_) => return Tried::Failed(self.late()),
            Ok(Err(tried)) => return tried,
            Ok(Ok(body)) => body,
        };
        let mut whole = http::Response::new(reqwest::Body::from(body));
        *whole.status_mut() = status;
        *whole.headers_mut() = headers;
        Tried::Done(whole.into())
    }

    async fn body(&self, response: Response, tries: u32) -> Result<Vec<u8>, Tried> {
        let most = self.settings.most_bytes;
        let too_large = || Tried::Failed(Error::TooLarge { most_bytes: most, address: self.address.clone() });
        if response.content_length().is_some_and(|length| length > most) {
            return Err(too_large());
        }
        let (mut chunks, mut body) = (response.bytes_stream(), Vec::new());
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| self.refused(tries, &error))?;
            if (body.len() + chunk.len()) as u64 > most {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    async fn bad_status(&self, response: Response, status: StatusCode, tries: u32, limit: Duration) -> Tried {
        let header = |name| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let asked_s = header("retry-after").and_then(|s| s.trim().parse::<f64>().ok());
        let target = header("location");
        let mut said = Vec::new();
        let mut chunks = response.bytes_stream();
        while let Ok(Some(Ok(chunk))) = timeout(limit, chunks.next()).await {
            said.extend_from_slice(&chunk);
            if said.len() as u64 > MOST_ERROR_BYTES {
                break;
            }
        }
        let said = match target {
            Some(target) => format!("it points to {}", shortened(&target)),
            None => told(&said),
        };
        let error = Error::Status { status: status.as_u16(), tries, said, address: self.address.clone() };
        match status.as_u16() {
            408 | 425 | 429 | 500..=599 => Tried::Again(error, asked_s.filter(|s| s.is_finite())),
            _ => Tried::Failed(error),
        }
    }

    fn refused(&self, tries: u32, error: &reqwest::Error) -> Tried {
        if error.is_timeout() && !error.is_connect() {
            return Tried::Failed(self.late());
        }
        if error.is_builder() {
            return Tried::Failed(self.broken(tries, words(error)));
        }
        Tried::Again(self.broken(tries, words(error)), None)
    }

    fn broken(&self, tries: u32, found: String) -> Error {
        Error::Connection { tries, found, address: self.address.clone() }
    }

    fn late(&self) -> Error {
        Error::TimeOut { waited_s: self.settings.reply_s, address: self.address.clone() }
    }
}

impl tower::Service<HttpRequestFactory> for Line {
    type Response = Response;
    type Error = tower::BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, tower::BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), tower::BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let line = self.clone();
        Box::pin(async move { line.send(request).await.map_err(tower::BoxError::from) })
    }
}

/// What went wrong, out of the client library's wrapping.
pub(super) fn fault(error: OpenAIError, address: &str) -> Error {
    let address = address.to_owned();
    let reply =
        |expected, found: &str| Error::Reply { expected, found: shortened(found), address: address.clone() };
    match error {
        OpenAIError::Boxed(inner) => match inner.downcast::<Error>() {
            Ok(error) => *error,
            Err(other) => Error::Connection { tries: 1, found: other.to_string(), address },
        },
        OpenAIError::JSONDeserialize(_, text) => reply("a reply in JSON", &text),
        OpenAIError::StreamError(inner) => {
            Error::Connection { tries: 1, found: shortened(&inner.to_string()), address }
        }
        other => Error::Connection { tries: 1, found: shortened(&other.to_string()), address },
    }
}

/// An error of the network with its causes, without the address, which the text around it names.
pub(super) fn words(error: &reqwest::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        parts.push(inner.to_string());
        cause = inner.source();
    }
    match parts.last() {
        Some(last) => shortened(last),
        None if error.is_builder() => "a client that cannot be made".to_owned(),
        None => "a broken connection".to_owned(),
    }
}

/// A response whose body ends with an error where it passes the limit.
fn capped(response: Response, most: u64, too_large: Arc<AtomicBool>) -> Response {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut read = 0u64;
    let body = response.bytes_stream().map(move |chunk| {
        let chunk = chunk.map_err(std::io::Error::other)?;
        read += chunk.len() as u64;
        if read <= most {
            return Ok(chunk);
        }
        too_large.store(true, Ordering::Relaxed);
        Err(std::io::Error::other("longer than a reply may be"))
    });
    let mut whole = http::Response::new(reqwest::Body::wrap_stream(body));
    *whole.status_mut() = status;
    *whole.headers_mut() = headers;
    whole.into()
}

/// The message of an error page: that of its JSON, or its beginning.
fn told(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let message = json.as_ref().and_then(|json| {
        ["/error/message", "/message", "/detail", "/error"]
            .iter()
            .find_map(|path| json.pointer(path).and_then(serde_json::Value::as_str))
    });
    match shortened(message.unwrap_or(&text)) {
        empty if empty.is_empty() => "no words".to_owned(),
        said => said,
    }
}
