//! What makes two requests the same.

use crate::ability::chat::{Part, Request};
use crate::wire;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal of a request to a model, and the request in canonical form: keys sorted, pictures by the hash of their bytes.
///
/// Where the model is does not count: a reply recorded at one address answers the same request to the same model anywhere.
pub fn request_key(model: &str, request: &Request) -> (String, Value) {
    let body = wire::body(model, request, &|part| match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Image(image) => json!({
            "type": "image",
            "sha256": hex(&Sha256::digest(&image.bytes)),
            "shown_px": image.shown_px,
        }),
    });
    let mut body = sorted(body);
    if request.sample > 0
        && let Value::Object(fields) = &mut body
    {
        fields.insert("sample".to_owned(), json!(request.sample));
    }
    (hex(&Sha256::digest(body.to_string())), body)
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        text += &format!("{byte:02x}");
        text
    })
}

/// The same value with the keys of every object in order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields.into_iter().collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().map(|(k, v)| (k, sorted(v))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ability::chat::{Image, Message, Role, Schema};

    fn asked(bytes: &[u8]) -> Request {
        let image = Image { bytes: bytes.into(), media_type: "image/jpeg", shown_px: [4, 3], t: None };
        Request {
            messages: vec![
                Message::text(Role::System, "look"),
                Message::user(vec![Part::Text("where?".into()), Part::Image(image)]),
            ],
            ..Request::default()
        }
    }

    #[test]
    fn every_part_of_a_request_counts() {
        let base = request_key("m", &asked(b"a")).0;
        assert_eq!(base, request_key("m", &asked(b"a")).0);
        assert_eq!(base.len(), 64);
        assert_ne!(base, request_key("n", &asked(b"a")).0);
        assert_ne!(base, request_key("m", &asked(b"b")).0);
        assert_ne!(base, request_key("m", &Request { sample: 1, ..asked(b"a") }).0);
        assert_ne!(base, request_key("m", &Request { seed: Some(1), ..asked(b"a") }).0);
    }

    #[test]
    fn the_order_of_keys_does_not_count() {
        let with = |schema: &str| {
            let schema = serde_json::from_str(schema).expect("JSON");
            Request { schema: Some(Schema { name: "s".into(), schema }), ..asked(b"a") }
        };
        let a = with(r#"{"type": "object", "required": ["a"]}"#);
        let b = with(r#"{"required": ["a"], "type": "object"}"#);
        assert_eq!(request_key("m", &a).0, request_key("m", &b).0);
    }

    #[test]
    fn pictures_stand_there_by_their_hash() {
        let (_, body) = request_key("m", &asked(&[7; 5000]));
        assert!(body.to_string().len() < 400, "{body}");
    }
}
