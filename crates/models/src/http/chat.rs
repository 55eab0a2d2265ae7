//! `/chat/completions`.

use super::{Server, Settings};
use crate::ability::chat::{Chat, Reply, Request};
use crate::wire;
use crate::{Address, Error};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// A chat model behind an address.
///
/// A server that does not know JSON schemas (status 400 or 422 that names them) is asked again without, and not bothered with them any
/// more: what asks with a schema says in words too what it wants.
pub struct HttpChat {
    server: Server,
    model: String,
    without_schema: AtomicBool,
}

impl HttpChat {
    /// Connects to nothing yet, but where the address names no model: then the server is asked for its list and the first is taken.
    ///
    /// # Errors
    /// A key that cannot be sent; no list of models where one is needed.
    pub fn new(address: &Address, settings: &Settings) -> Result<HttpChat, Error> {
        let server = Server::new(address, settings)?;
        let model = server.model()?;
        Ok(HttpChat { server, model, without_schema: AtomicBool::new(false) })
    }

    fn body(&self, request: &Request, streamed: bool) -> Value {
        let mut body = wire::body(&self.model, request, &wire::part);
        if let Value::Object(fields) = &mut body {
            if self.without_schema.load(Ordering::Relaxed) {
                fields.remove("response_format");
            }
            fields.insert("stream".to_owned(), json!(streamed));
            if streamed {
                fields.insert("stream_options".to_owned(), json!({"include_usage": true}));
            }
        }
        body
    }

    /// Asks, and once more without a schema where the server does not know them.
    fn asked<T>(&self, request: &Request, ask: &mut dyn FnMut() -> Result<T, Error>) -> Result<T, Error> {
        match ask() {
            Err(Error::Status { status: 400 | 422, said, .. })
                if request.schema.is_some()
                    && !self.without_schema.load(Ordering::Relaxed)
                    && ["response_format", "schema"].iter().any(|word| said.contains(word)) =>
            {
                self.without_schema.store(true, Ordering::Relaxed);
                ask()
            }
            other => other,
        }
    }

    fn own(&self) -> String {
        self.server.address.with_model(&self.model).to_string()
    }
}

impl Chat for HttpChat {
    fn model(&self) -> &str {
        &self.model
    }

    fn address(&self) -> String {
        self.own()
    }

    fn chat(&self, request: &Request) -> Result<Reply, Error> {
        let value: Value = self.asked(request, &mut || {
            self.server.wait(async {
                let body = self.body(request, false);
                self.server.whole.chat().create_byot(body).await.map_err(|error| self.server.fault(error))
            })
        })?;
        wire::reply(&value, &self.own())
    }

    fn chat_streamed(&self, request: &Request, on_text: &mut dyn FnMut(&str)) -> Result<Reply, Error> {
        let own = self.own();
        self.asked(request, &mut || {
            self.server.wait(async {
                let body = self.body(request, true);
                let chat = self.server.streamed.chat();
                let mut pieces = chat
                    .create_stream_byot::<Value, Value>(body)
                    .await
                    .map_err(|error| self.server.fault(error))?;
                let mut whole = wire::Pieces::default();
                let limit = super::seconds(self.server.settings.reply_s);
                loop {
                    let piece = tokio::time::timeout(limit, pieces.next()).await.map_err(|_late| {
                        Error::TimeOut { waited_s: self.server.settings.reply_s, address: own.clone() }
                    })?;
                    let Some(piece) = piece else { break };
                    let text = whole.push(&piece.map_err(|error| self.server.fault(error))?, &own)?;
                    if !text.is_empty() {
                        on_text(&text);
                    }
                }
                whole.whole(&own)
            })
        })
    }
}
