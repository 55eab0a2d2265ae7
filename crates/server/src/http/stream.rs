//! A call whose progress is told by server-sent events: `progress` as it goes, then one `result` or `error`.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_core::Stream;
use serde_json::{Map, Value as Json, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::control::Control;
use crate::run::Calls;

/// The events as they come. When the client goes away the receiver is dropped, and the call with it.
struct Events {
    heard: UnboundedReceiver<Bytes>,
    call: tokio::task::JoinHandle<()>,
}

impl Stream for Events {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().heard.poll_recv(context).map(|event| event.map(Ok))
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.call.abort();
    }
}

/// Calls a tool and tells what happens.
pub(super) fn events(calls: Calls, name: String, arguments: Map<String, Json>) -> Response {
    let (told, heard) = unbounded_channel();
    let progress = told.clone();
    let control = Control::telling(move |done| {
        let data = json!({ "done": done.done, "of": done.of, "text": done.words });
        progress.send(event("progress", &data)).ok(); // the client went away
    });
    let call = tokio::spawn(async move {
        let last = match calls.call(&name, arguments, control).await {
            Ok(reply) => event("result", &super::told(reply)),
            Err(error) => event("error", &error.json()),
        };
        told.send(last).ok(); // the client went away
    });
    let body = Body::from_stream(Events { heard, call });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, body).into_response()
}

fn event(name: &str, data: &Json) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}
