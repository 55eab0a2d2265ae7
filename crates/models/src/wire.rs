//! Requests and replies of `/chat/completions` as JSON, read leniently: servers leave fields out and add their own.

use crate::Error;
use crate::ability::chat::{Finish, Message, Part, Reply, Request, Role, Token, ToolCall, Usage};
use crate::error::shortened;
use base64::Engine;
use serde_json::{Map, Value, json};

/// The body of a request; `part` writes each piece of content.
pub(crate) fn body(model: &str, request: &Request, part: &dyn Fn(&Part) -> Value) -> Value {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(model));
    let messages: Vec<Value> = request.messages.iter().map(|message| message_body(message, part)).collect();
    body.insert("messages".to_owned(), Value::Array(messages));
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    let tools: Vec<Value> = request
        .tools
        .iter()
        .map(|tool| {
            json!({"type": "function", "function": {
                "name": tool.name, "description": tool.about, "parameters": tool.parameters,
            }})
        })
        .collect();
    set("tools", (!tools.is_empty()).then_some(Value::Array(tools)));
    let schema = request.schema.as_ref().map(|schema| {
        json!({"type": "json_schema", "json_schema": {
            "name": schema.name, "strict": true, "schema": schema.schema,
        }})
    });
    set("response_format", schema);
    set("max_tokens", request.max_tokens.map(|n| json!(n)));
    set("temperature", request.temperature.map(|t| json!(t)));
    set("seed", request.seed.map(|s| json!(s)));
    set("logprobs", request.top_logprobs.map(|_| json!(true)));
    set("top_logprobs", request.top_logprobs.filter(|n| *n > 0).map(|n| json!(n)));
    set("stop", (!request.stop.is_empty()).then(|| json!(request.stop)));
    Value::Object(body)
}

/// A piece of content as it goes on the wire: pictures as data addresses.
pub(crate) fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Image(image) => {
            let data = base64::engine::general_purpose::STANDARD.encode(&image.bytes);
            json!({"type": "image_url", "image_url": {"url": format!("data:{};base64,{data}", image.media_type)}})
        }
    }
}

fn message_body(message: &Message, part: &dyn Fn(&Part) -> Value) -> Value {
    let mut out = Map::new();
    out.insert("role".to_owned(), json!(message.role.name()));
    let content = match message.parts.as_slice() {
        [] => Value::Null,
        // the form that every server takes
        [Part::Text(text)] => json!(text),
        parts => {
            let mut pieces = Vec::new();
            for piece in parts {
                if let Part::Image(image) = piece
                    && let Some(t) = image.t
                {
                    pieces.push(part(&Part::Text(format!("t={:.2}s", t.as_s()))));
                }
                pieces.push(part(piece));
            }
            Value::Array(pieces)
        }
    };
    out.insert("content".to_owned(), content);
    if let Role::Tool(id) = &message.role {
        out.insert("tool_call_id".to_owned(), json!(id));
    }
    if !message.tool_calls.is_empty() {
        let calls = message.tool_calls.iter().map(|call| {
            json!({"id": call.id, "type": "function",
                "function": {"name": call.name, "arguments": call.arguments}})
        });
        out.insert("tool_calls".to_owned(), Value::Array(calls.collect()));
    }
    Value::Object(out)
}

/// Reads a whole reply.
///
/// # Errors
/// [`Error::Reply`] without a choice, [`Error::Refused`], or [`Error::Status`] where an error stands in place of a reply.
pub(crate) fn reply(value: &Value, address: &str) -> Result<Reply, Error> {
    if let Some(error) = value.get("error").filter(|error| !error.is_null()) {
        let said =
            error.get("message").and_then(Value::as_str).map_or_else(|| error.to_string(), str::to_owned);
        let status = error.get("code").and_then(Value::as_u64).unwrap_or(200);
        return Err(Error::Status {
            status: status as u16,
            tries: 1,
            said: shortened(&said),
            address: address.to_owned(),
        });
    }
    let Some(choice) = value.pointer("/choices/0") else {
        return Err(Error::Reply {
            expected: "a reply with at least one choice",
            found: shortened(&value.to_string()),
            address: address.to_owned(),
        });
    };
    let message = choice.get("message").unwrap_or(&Value::Null);
    let words = |name: &str| {
        message.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    let text = content(message.get("content"));
    if text.trim().is_empty()
        && let Some(said) = words("refusal")
    {
        return Err(Error::Refused { said: shortened(&said), address: address.to_owned() });
    }
    let tool_calls = message
        .get("tool_calls")
        .and_then(Value::as_array)
        .map_or_else(Vec::new, |calls| calls.iter().filter_map(tool_call).collect());
    Ok(Reply {
        text,
        thought: words("reasoning_content").or_else(|| words("reasoning")),
        tool_calls,
        finish: finish(choice.get("finish_reason")),
        usage: usage(value),
        tokens: tokens(choice),
        model: value.get("model").and_then(Value::as_str).unwrap_or_default().to_owned(),
        repeated: false,
    })
}

/// Puts the pieces of a streamed reply together.
#[derive(Default)]
pub(crate) struct Pieces {
    reply: Reply,
    finished: bool,
    refusal: String,
    thought: String,
    tokens: Vec<Token>,
}

/// More tools than any model calls at once.
const MOST_CALLS: u64 = 256;

impl Pieces {
    /// Takes a piece; gives the text that came with it.
    ///
    /// # Errors
    /// Where an error stands in place of a piece.
    pub(crate) fn push(&mut self, value: &Value, address: &str) -> Result<String, Error> {
        if value.get("error").is_some_and(|error| !error.is_null()) {
            reply(value, address)?;
        }
        let told = usage(value);
        if told != Usage::default() {
            self.reply.usage = told;
        }
        if let Some(model) = value.get("model").and_then(Value::as_str) {
            model.clone_into(&mut self.reply.model);
        }
        let Some(choice) = value.pointer("/choices/0") else { return Ok(String::new()) };
        if choice.get("finish_reason").is_some_and(|reason| !reason.is_null()) {
            self.finished = true;
            self.reply.finish = finish(choice.get("finish_reason"));
        }
        self.tokens.extend(tokens(choice).unwrap_or_default());
        let delta = choice.get("delta").unwrap_or(&Value::Null);
        let words = |name: &str| delta.get(name).and_then(Value::as_str).unwrap_or_default();
        self.refusal += words("refusal");
        self.thought += words("reasoning_content");
        for call in delta.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
            let n = call.get("index").and_then(Value::as_u64).unwrap_or(0).min(MOST_CALLS) as usize;
            if self.reply.tool_calls.len() <= n {
                self.reply.tool_calls.resize_with(n + 1, ToolCall::default);
            }
            let whole = &mut self.reply.tool_calls[n];
            let piece = |path: &str| call.pointer(path).and_then(Value::as_str).unwrap_or_default();
            whole.id += piece("/id");
            whole.name += piece("/function/name");
            whole.arguments += piece("/function/arguments");
        }
        let text = content(delta.get("content"));
        self.reply.text += &text;
        Ok(text)
    }

    /// The whole reply.
    ///
    /// # Errors
    /// A stream that broke off before its end, or a refusal.
    pub(crate) fn whole(self, address: &str) -> Result<Reply, Error> {
        let Pieces { mut reply, finished, refusal, thought, tokens } = self;
        if !refusal.is_empty() && reply.text.trim().is_empty() {
            return Err(Error::Refused { said: shortened(&refusal), address: address.to_owned() });
        }
        if !finished {
            return Err(Error::Reply {
                expected: "a stream that tells why it ended",
                found: format!("an end after `{}`", shortened(&reply.text)),
                address: address.to_owned(),
            });
        }
        reply.thought = Some(thought).filter(|thought| !thought.is_empty());
        reply.tokens = Some(tokens).filter(|tokens| !tokens.is_empty());
        Ok(reply)
    }
}

/// Text, or the texts of a list of parts.
fn content(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)).collect()
        }
        _ => String::new(),
    }
}

fn tool_call(value: &Value) -> Option<ToolCall> {
    let function = value.get("function")?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let arguments = match function.get("arguments") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    Some(ToolCall { id: text(value.get("id")), name: text(function.get("name")), arguments })
}

fn finish(value: Option<&Value>) -> Finish {
    match value.and_then(Value::as_str) {
        Some("stop") => Finish::Stop,
        Some("length" | "max_tokens") => Finish::Length,
        Some("tool_calls" | "function_call") => Finish::ToolCalls,
        Some("content_filter") => Finish::Filtered,
        other => Finish::Other(shortened(other.unwrap_or_default())),
    }
}

fn usage(value: &Value) -> Usage {
    let count = |path: &str| value.pointer(path).and_then(Value::as_u64).unwrap_or(0);
    // no reply has more: sums of what servers claim stay numbers
    let count = |pointer: &str| count(pointer).min(1 << 40);
    Usage { tokens_in: count("/usage/prompt_tokens"), tokens_out: count("/usage/completion_tokens") }
}

fn tokens(choice: &Value) -> Option<Vec<Token>> {
    let read = |value: &Value| -> Option<(String, f64)> {
        let text = value.get("token")?.as_str()?.to_owned();
        Some((text, value.get("logprob")?.as_f64()?))
    };
    let rows = choice.pointer("/logprobs/content")?.as_array()?;
    let token = |row: &Value| {
        let (text, logprob) = read(row)?;
        let top = row.get("top_logprobs").and_then(Value::as_array);
        Some(Token { text, logprob, top: top.into_iter().flatten().filter_map(read).collect() })
    };
    Some(rows.iter().filter_map(token).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ability::chat::{Image, Schema, Tool};
    use chronotope_world::Time;

    #[test]
    fn a_picture_is_preceded_by_its_time() {
        let t = Some(Time::from_s(12.5));
        let image = Image { bytes: [1, 2, 3].into(), media_type: "image/jpeg", shown_px: [4, 3], t };
        let request = Request {
            messages: vec![
                Message::text(Role::System, "rules"),
                Message::user(vec![Part::Text("where?".into()), Part::Image(image)]),
            ],
            ..Request::default()
        };
        let body = body("m", &request, &part);
        assert_eq!(body.pointer("/messages/0/content"), Some(&json!("rules")));
        assert_eq!(body.pointer("/messages/1/content/1/text"), Some(&json!("t=12.50s")));
        let url = body.pointer("/messages/1/content/2/image_url/url").and_then(Value::as_str);
        assert_eq!(url, Some("data:image/jpeg;base64,AQID"));
        assert_eq!(body.as_object().map(Map::len), Some(2));
    }

    #[test]
    fn tools_schema_and_settings_go_on_the_wire() {
        let request = Request {
            tools: vec![Tool { name: "zoom".into(), about: "closer".into(), parameters: json!({}) }],
            schema: Some(Schema { name: "boxes".into(), schema: json!({"type": "object"}) }),
            max_tokens: Some(9),
            top_logprobs: Some(5),
            stop: vec!["END".into()],
            ..Request::default()
        };
        let body = body("m", &request, &part);
        assert_eq!(body.pointer("/tools/0/function/name"), Some(&json!("zoom")));
        assert_eq!(body.pointer("/response_format/json_schema/schema/type"), Some(&json!("object")));
        assert_eq!((&body["logprobs"], &body["top_logprobs"]), (&json!(true), &json!(5)));
        assert_eq!((&body["max_tokens"], &body["stop"]), (&json!(9), &json!(["END"])));
    }

    #[test]
    fn replies_are_read_leniently() {
        let read = |value: Value| reply(&value, "here");
        let parts =
            json!({"choices": [{"message": {"content": [{"type": "text", "text": "a"}, {"text": "b"}]}}]});
        assert_eq!(read(parts).expect("parts").text, "ab");
        let calls = json!({"choices": [{"finish_reason": "tool_calls", "message": {"content": null,
            "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}]}}]});
        let calls = read(calls).expect("calls");
        assert_eq!((calls.tool_calls[0].arguments.as_str(), calls.finish), ("{\"a\":1}", Finish::ToolCalls));
        assert!(matches!(read(json!({"choices": []})), Err(Error::Reply { .. })));
        assert!(matches!(read(json!([])), Err(Error::Reply { .. })));
        let error = json!({"error": {"message": "too many", "code": 429}});
        assert!(matches!(read(error), Err(Error::Status { status: 429, .. })));
        let refusal = json!({"choices": [{"message": {"content": null, "refusal": "no"}}]});
        assert!(matches!(read(refusal), Err(Error::Refused { .. })));
    }

    #[test]
    fn pieces_make_a_whole() {
        let mut pieces = Pieces::default();
        for piece in [
            json!({"model": "m", "choices": [{"delta": {"role": "assistant", "content": "a"}}]}),
            json!({"choices": [{"delta": {"tool_calls": [{"index": 0, "id": "1", "function": {"name": "f", "arguments": "{\"x\""}}]}}]}),
            json!({"choices": [{"delta": {"content": "b", "tool_calls": [{"index": 0, "function": {"arguments": ": 1}"}}]}}]}),
            json!({"choices": [{"delta": {}, "finish_reason": "stop"}]}),
            json!({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}),
        ] {
            pieces.push(&piece, "here").expect("pieces");
        }
        let reply = pieces.whole("here").expect("finished");
        assert_eq!((reply.text.as_str(), reply.tool_calls[0].arguments.as_str()), ("ab", "{\"x\": 1}"));
        assert_eq!(reply.usage, Usage { tokens_in: 5, tokens_out: 2 });
        assert!(matches!(Pieces::default().whole("here"), Err(Error::Reply { .. })));
    }
}
