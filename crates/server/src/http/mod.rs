//! The same functions as JSON over HTTP, and the Model Context Protocol at `/mcp`.
//!
//! | path | does |
//! |---|---|
//! | `GET /health` | `{status, version}`, without a token |
//! | `GET /openapi.json` | what follows, for machines |
//! | `GET /tools?style=openai` | definitions of the tools |
//! | `POST /tools/NAME` | calls a tool; with `Accept: text/event-stream` progress and the result as events |
//! | `POST /reward/RULE` | rewards rows: JSON Lines or an array in, the same form out |
//! | `POST /score/METRIC` | scores rows: `{truth: […], predictions: […]}` |
//! | `/mcp` | MCP, streamable HTTP |

mod guard;
mod openapi;
mod reward;
mod stream;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json as JsonBody, Router, middleware};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::control::Control;
use crate::definition::{Style, definitions};
use crate::desk::Limits;
use crate::error::Error;
use crate::mcp;
use crate::reply::Reply;
use crate::run::Calls;

pub use guard::{Guard, Token};

/// Longest time after the stop in which what runs may end.
const SETTLE: Duration = Duration::from_secs(10);

/// Serves on a socket until `stop` is cancelled; then takes no more, lets what runs end, and returns.
///
/// # Errors
/// Where the socket fails.
pub async fn serve(
    listener: TcpListener,
    calls: Calls,
    guard: Guard,
    stop: CancellationToken,
) -> io::Result<()> {
    let routes = routes(calls.clone(), guard, stop.clone());
    let stopped = stop.clone();
    let serving =
        axum::serve(listener, routes).with_graceful_shutdown(async move { stopped.cancelled().await });
    let served = tokio::select! {
        served = serving => served,
        // who holds a connection open does not hold up the end
        () = async { stop.cancelled().await; tokio::time::sleep(SETTLE).await } => Ok(()),
    };
    calls.settle(SETTLE).await;
    served
}

/// Everything that is served, behind the guard.
pub(crate) fn routes(calls: Calls, guard: Guard, stop: CancellationToken) -> Router {
    let door = Arc::new(guard::Door::new(guard, &calls.desk().limits));
    Router::new()
        .route("/health", get(health))
        .route("/openapi.json", get(document))
        .route("/tools", get(tools))
        .route("/tools/{name}", post(tool))
        .route("/reward/{rule}", post(reward::reward))
        .route("/score/{metric}", post(reward::score))
        .with_state(calls.clone())
        .route_service("/mcp", mcp::http_service(calls, stop))
        .fallback(nothing)
        .layer(middleware::from_fn_with_state(door, guard::check))
}

async fn health() -> JsonBody<Json> {
    JsonBody(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

async fn document(State(calls): State<Calls>) -> JsonBody<Json> {
    JsonBody(openapi::document(calls.desk()))
}

#[derive(serde::Deserialize)]
struct Asked {
    style: Option<String>,
}

async fn tools(State(calls): State<Calls>, Query(asked): Query<Asked>) -> Response {
    let word = asked.style.unwrap_or_else(|| "openai".to_owned());
    if let Some(style) = Style::named(&word) {
        return JsonBody(definitions(calls.desk(), style)).into_response();
    }
    let names: Vec<&str> = Style::ALL.iter().map(|(name, _)| *name).collect();
    refusal(&Error::argument("style", format!("one of {}", names.join(", ")), format!("`{word}`")))
}

async fn tool(
    State(calls): State<Calls>,
    Path(name): Path<String>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Response {
    let body = match whole(request, &calls.desk().limits).await {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let arguments = match object(&body) {
        Ok(arguments) => arguments,
        Err(error) => return refusal(&error),
    };
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // who takes both gets JSON with its status
    if accepts.contains("text/event-stream") && !accepts.contains("application/json") {
        return stream::events(calls, name, arguments);
    }
    // the future is dropped when the client goes away, and the call ends with it
    match calls.call(&name, arguments, Control::default()).await {
        Ok(reply) => JsonBody(told(reply)).into_response(),
        Err(error) => refusal(&error),
    }
}

async fn nothing() -> Response {
    let expected =
        "/health, /openapi.json, /tools, /tools/NAME, /reward/RULE, /score/METRIC or /mcp".to_owned();
    refusal(&Error::Unknown { expected, found: "another path".to_owned() })
}

/// A result as HTTP tells it: the tool's object, with `images` where there are any.
fn told(reply: Reply) -> Json {
    let Reply { mut json, text: _, images } = reply;
    if !images.is_empty() {
        let all =
            images.iter().map(|image| json!({ "mime": image.mime, "base64": STANDARD.encode(&image.bytes) }));
        json["images"] = Json::Array(all.collect());
    }
    json
}

/// An error with its status.
pub(super) fn refusal(error: &Error) -> Response {
    let status = match error {
        Error::Argument { .. } => StatusCode::BAD_REQUEST,
        Error::Input { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Refused { .. } => StatusCode::FORBIDDEN,
        Error::Unknown { .. } => StatusCode::NOT_FOUND,
        Error::Limit { what: "calls at a time", .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Limit { what: "time of a call", .. } => StatusCode::GATEWAY_TIMEOUT,
        Error::Limit { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Cancelled => StatusCode::REQUEST_TIMEOUT,
    };
    (status, JsonBody(error.json())).into_response()
}

/// The whole body, up to so many bytes, within the time of a call.
pub(super) async fn whole(request: Request<Body>, limits: &Limits) -> Result<Bytes, Error> {
    let most = limits.body_bytes;
    let told = request.headers().get(header::CONTENT_LENGTH);
    let told = told.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let too_much = || Error::Limit { what: "body", most: format!("{most} bytes") };
    if told.is_some_and(|n| n > most as u64) {
        return Err(too_much());
    }
    // who sends a byte a minute does not hold a place
    let body = tokio::time::timeout(limits.time, to_bytes(request.into_body(), most)).await;
    let late =
        |_elapsed| Error::Limit { what: "time of a call", most: format!("{} s", limits.time.as_secs_f64()) };
    body.map_err(late)?.map_err(|_refused| too_much())
}

/// A JSON object; nothing counts as an empty one.
fn object(body: &[u8]) -> Result<Map<String, Json>, Error> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Json::Object(map)) => Ok(map),
        Ok(_) => Err(Error::argument("body", "a JSON object", "another value")),
        Err(error) => Err(Error::argument("body", "a JSON object", error.to_string())),
    }
}

#[cfg(test)]
mod tests;
