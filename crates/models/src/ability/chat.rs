//! A model that talks: messages of text and pictures in, text or tool calls out.

use crate::Error;
use chronotope_world::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// A chat model. Calls block; several threads may call at once.
pub trait Chat: Send + Sync {
    /// The model's name, as it goes on the wire.
    fn model(&self) -> &str;

    /// Where it is, for errors and for the record: an address or a file.
    fn address(&self) -> String;

    /// Asks once and waits.
    ///
    /// # Errors
    /// See [`Error`]. A model that refuses is [`Error::Refused`]; a reply that was cut short is no error (see [`Finish`]).
    fn chat(&self, request: &Request) -> Result<Reply, Error>;

    /// The same, with the text as it comes. A client that cannot stream hands it over in one piece.
    ///
    /// # Errors
    /// As [`Chat::chat`]; what was handed over before an error is not taken back.
    fn chat_streamed(&self, request: &Request, on_text: &mut dyn FnMut(&str)) -> Result<Reply, Error> {
        let reply = self.chat(request)?;
        on_text(&reply.text);
        Ok(reply)
    }
}

impl<C: Chat + ?Sized> Chat for Arc<C> {
    fn model(&self) -> &str {
        (**self).model()
    }
    fn address(&self) -> String {
        (**self).address()
    }
    fn chat(&self, request: &Request) -> Result<Reply, Error> {
        (**self).chat(request)
    }
    fn chat_streamed(&self, request: &Request, on_text: &mut dyn FnMut(&str)) -> Result<Reply, Error> {
        (**self).chat_streamed(request, on_text)
    }
}

impl<C: Chat + ?Sized> Chat for Box<C> {
    fn model(&self) -> &str {
        (**self).model()
    }
    fn address(&self) -> String {
        (**self).address()
    }
    fn chat(&self, request: &Request) -> Result<Reply, Error> {
        (**self).chat(request)
    }
    fn chat_streamed(&self, request: &Request, on_text: &mut dyn FnMut(&str)) -> Result<Reply, Error> {
        (**self).chat_streamed(request, on_text)
    }
}

/// All that is asked at once. What is left at its default does not go on the wire.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The conversation so far.
    pub messages: Vec<Message>,
    /// Tools that the model may call.
    pub tools: Vec<Tool>,
    /// The reply is to be JSON of this schema.
    pub schema: Option<Schema>,
    /// Longest reply, in tokens.
    pub max_tokens: Option<u32>,
    /// 0 for the likeliest reply.
    pub temperature: Option<f64>,
    /// For servers that can repeat themselves.
    pub seed: Option<u64>,
    /// How many alternatives to each token are told with their log-probabilities; none: no log-probabilities.
    pub top_logprobs: Option<u8>,
    /// Texts at which the reply ends.
    pub stop: Vec<String>,
    /// Number of this ask where the same thing is asked again: it tells asks apart in recordings and caches and does not go on the wire.
    pub sample: u32,
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said and shown, in order.
    pub parts: Vec<Part>,
    /// What the assistant called in this turn.
    pub tool_calls: Vec<ToolCall>,
}

impl Message {
    /// A turn of text alone.
    pub fn text(role: Role, text: impl Into<String>) -> Message {
        Message { role, parts: vec![Part::Text(text.into())], tool_calls: Vec::new() }
    }

    /// A turn of the user.
    pub fn user(parts: Vec<Part>) -> Message {
        Message { role: Role::User, parts, tool_calls: Vec::new() }
    }
}

/// Who speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Who sets the rules.
    System,
    /// Who asks.
    User,
    /// The model.
    Assistant,
    /// A tool, in answer to the call with this id.
    Tool(String),
}

impl Role {
    /// As it goes on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool(_) => "tool",
        }
    }
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Words.
    Text(String),
    /// A picture. One with a time is preceded by the text `t=12.50s` (DATE, timestamp injection at the prompt).
    Image(Image),
}

/// An encoded picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The file's bytes.
    pub bytes: Arc<[u8]>,
    /// `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// Width and height as shown to the model, in pixels: boxes come back in these.
    pub shown_px: [u32; 2],
    /// When it was taken.
    pub t: Option<Time>,
}

/// A tool that the model may call.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it does.
    pub about: String,
    /// JSON schema of its arguments.
    pub parameters: Value,
}

/// What the reply's JSON must look like.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// A name for it, letters and underscores.
    pub name: String,
    /// The JSON schema.
    pub schema: Value,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The words; empty where the model only called tools.
    pub text: String,
    /// What it thought, where the server tells that apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thought: Option<String>,
    /// Tools that it called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// Why it ended.
    pub finish: Finish,
    /// What it cost.
    pub usage: Usage,
    /// Its tokens with their log-probabilities, where asked for and told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Vec<Token>>,
    /// The model's own name, as the server tells it.
    pub model: String,
    /// Taken from a recording or a cache: nothing was paid now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
}

/// Why a reply ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finish {
    /// The model was done.
    #[default]
    Stop,
    /// It was cut at its longest length: JSON in it may be half.
    Length,
    /// It waits for its tools.
    ToolCalls,
    /// The server withheld the rest.
    Filtered,
    /// Something else, in the server's words; empty where it does not say.
    Other(String),
}

/// A call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Under which the answer is given.
    pub id: String,
    /// The tool.
    pub name: String,
    /// Its arguments, as text: mostly JSON, not always whole.
    pub arguments: String,
}

/// One token of a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// Its text.
    pub text: String,
    /// Natural logarithm of its probability.
    pub logprob: f64,
    /// The likeliest tokens at this place with theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub top: Vec<(String, f64)>,
}

/// What a reply cost, as the server counts; zeros where it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the request, pictures among them.
    pub tokens_in: u64,
    /// Tokens of the reply, thoughts among them.
    pub tokens_out: u64,
}

impl Request {
    /// Pictures in it, and their pixels together.
    pub fn pictures(&self) -> (u64, u64) {
        let images = self.messages.iter().flat_map(|m| &m.parts).filter_map(|part| match part {
            Part::Image(image) => Some(u64::from(image.shown_px[0]) * u64::from(image.shown_px[1])),
            Part::Text(_) => None,
        });
        images.fold((0, 0), |(n, px), area| (n + 1, px + area))
    }
}
