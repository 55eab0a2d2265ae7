//! A stand-in for a model server, over loopback: it answers from a closure and fails where it is told to.
//!
//! For tests, and for demonstrations that are named as such; it knows nothing that the closure does not know.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Tells what the model says to a request's body.
pub type Script = dyn Fn(&Value) -> Said + Send + Sync;

/// What a scripted model says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// Words.
    Text(String),
    /// A call of a tool, with its arguments as text.
    Call(String, String),
    /// It will not.
    Refusal(String),
    /// A whole body, as it is.
    Raw(Value),
}

/// A planted fault: the next request meets it in place of its reply.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// A status with a body; where given, with a `Retry-After` in seconds.
    Status(u16, String, Option<u64>),
    /// The reply comes only after so many milliseconds.
    Slow(u64),
    /// The connection breaks in the middle of the reply.
    Drop,
    /// Half of the reply's JSON, as if it were whole.
    HalfJson,
    /// A reply of so many bytes.
    Huge(usize),
    /// A page of HTML with status 200.
    Html,
    /// No choice in the reply.
    NoChoices,
    /// A redirect to this address.
    Redirect(String),
}

/// A running stand-in; it stops when it is dropped.
pub struct Scripted {
    at: SocketAddr,
    state: Arc<Shared>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    model: String,
    script: Box<Script>,
    faults: Mutex<VecDeque<Option<Fault>>>,
    asked: Mutex<Vec<Asked>>,
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The path below `/v1`.
    pub path: String,
    /// The body; null where it was no JSON.
    pub body: Value,
    /// The `Authorization` header.
    pub authorization: Option<String>,
}

impl Scripted {
    /// Begins to serve one model on a free port of the loopback interface.
    ///
    /// # Errors
    /// Where no port can be had.
    pub fn serve(
        model: &str,
        script: impl Fn(&Value) -> Said + Send + Sync + 'static,
    ) -> std::io::Result<Scripted> {
        let state = Arc::new(Shared {
            model: model.to_owned(),
            script: Box::new(script),
            faults: Mutex::default(),
            asked: Mutex::default(),
        });
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let at = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let app = Router::new()
            .route("/v1/models", get(models))
            .route("/v1/{*path}", post(answer))
            .layer(DefaultBodyLimit::max(64 << 20))
            .with_state(state.clone());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                let served = std::pin::pin!(axum::serve(listener, app).into_future());
                // open connections end with the runtime
                futures_util::future::select(std::pin::pin!(stopped), served).await;
            });
        });
        Ok(Scripted { at, state, stop: Some(stop), thread: Some(thread) })
    }

    /// Its address, with the model's name.
    pub fn address(&self) -> String {
        format!("{}#{}", self.base(), self.state.model)
    }

    /// Its address without a model.
    pub fn base(&self) -> String {
        format!("http://{}/v1", self.at)
    }

    /// The next requests meet these, in order; none: that one is answered as it should be.
    pub fn plant(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        held(&self.state.faults).extend(faults);
    }

    /// What was asked so far, but for the list of models.
    pub fn asked(&self) -> Vec<Asked> {
        held(&self.state.asked).clone()
    }

    /// How often it was asked.
    pub fn n_asked(&self) -> usize {
        held(&self.state.asked).len()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()).ok());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn models(State(state): State<Arc<Shared>>) -> Response {
    json_of(&json!({"object": "list", "data": [{"id": state.model, "object": "model"}]}))
}

async fn answer(
    State(state): State<Arc<Shared>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let authorization = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).map(str::to_owned);
    held(&state.asked).push(Asked { path: path.clone(), body: body.clone(), authorization });
    let fault = held(&state.faults).pop_front().flatten();
    if let Some(Fault::Slow(ms)) = fault {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    let said = (state.script)(&body);
    let streamed = body.get("stream").and_then(Value::as_bool).unwrap_or(false);
    let whole = match (&said, path.as_str()) {
        (Said::Raw(value), _) => value.clone(),
        (_, "chat/completions") => completion(&state.model, &body, &said),
        (Said::Text(text), _) => json!({"text": text}),
        _ => Value::Null,
    };
    match fault {
        None | Some(Fault::Slow(_)) if streamed => events(&state.model, &said, &whole),
        None | Some(Fault::Slow(_)) => json_of(&whole),
        Some(Fault::Status(status, text, retry_after)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = (status, text).into_response();
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            response
        }
        Some(Fault::Drop) => {
            let half = whole.to_string().into_bytes();
            let half = Bytes::from(half[..half.len() / 2].to_vec());
            Body::from_stream(stream::iter([Ok(half), Err(std::io::Error::other("dropped"))])).into_response()
        }
        Some(Fault::HalfJson) => {
            let text = whole.to_string();
            text.chars().take(text.chars().count() / 2).collect::<String>().into_response()
        }
        Some(Fault::Huge(n)) => "x".repeat(n).into_response(),
        Some(Fault::Html) => "<html><body>Bad gateway</body></html>".into_response(),
        Some(Fault::NoChoices) => json_of(&json!({"choices": []})),
        Some(Fault::Redirect(to)) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
    }
}

fn json_of(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// A completion; its tokens are counted as a quarter of the characters, and a picture as 256.
fn completion(model: &str, body: &Value, said: &Said) -> Value {
    let (message, reason) = match said {
        Said::Text(text) => (json!({"role": "assistant", "content": text}), "stop"),
        Said::Refusal(text) => (json!({"role": "assistant", "content": null, "refusal": text}), "stop"),
        Said::Call(name, arguments) => {
            let call = json!({"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}});
            (json!({"role": "assistant", "content": null, "tool_calls": [call]}), "tool_calls")
        }
        Said::Raw(value) => return value.clone(),
    };
    let tokens_out = message.to_string().len() as u64 / 4;
    json!({
        "id": "scripted", "object": "chat.completion", "created": 0, "model": format!("{model}-scripted"),
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": tokens_of(body), "completion_tokens": tokens_out},
    })
}

fn tokens_of(value: &Value) -> u64 {
    match value {
        Value::String(text) if text.starts_with("data:") => 256,
        Value::String(text) => text.len() as u64 / 4,
        Value::Array(items) => items.iter().map(tokens_of).sum(),
        Value::Object(fields) => fields.values().map(tokens_of).sum(),
        _ => 0,
    }
}

/// The same as a stream of events, a few characters each.
fn events(model: &str, said: &Said, whole: &Value) -> Response {
    let mut out = String::new();
    let mut event = |choice: Value| {
        out += &format!("data: {}\n\n", json!({"model": format!("{model}-scripted"), "choices": [choice]}));
    };
    match said {
        Said::Text(text) => {
            let letters: Vec<char> = text.chars().collect();
            for piece in letters.chunks(7) {
                event(json!({"index": 0, "delta": {"content": piece.iter().collect::<String>()}}));
            }
        }
        Said::Call(name, arguments) => {
            event(json!({"index": 0, "delta": {"tool_calls": [
                {"index": 0, "id": "call_1", "function": {"name": name, "arguments": ""}}]}}));
            event(json!({"index": 0, "delta": {"tool_calls": [
                {"index": 0, "function": {"arguments": arguments}}]}}));
        }
        Said::Refusal(text) => event(json!({"index": 0, "delta": {"refusal": text}})),
        Said::Raw(_) => {}
    }
    event(json!({"index": 0, "delta": {}, "finish_reason": "stop"}));
    out += &format!("data: {}\n\n", json!({"choices": [], "usage": whole["usage"]}));
    out += "data: [DONE]\n\n";
    ([(header::CONTENT_TYPE, "text/event-stream")], out).into_response()
}
