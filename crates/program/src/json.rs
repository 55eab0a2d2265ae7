//! Programs in JSON, for those who build them by machine.
//!
//! ```json
//! {"language": "1.0", "as_of": "newest", "asked_at_s": null, "let": {"bus": {"call": "all", "args": [{"text": "bus"}]}},
//!  "program": {"op": "<", "left": {"call": "count", "args": [{"name": "bus"}], "during": {"name": "always"}}, "right": {"number": 3, "unit": null}}}
//! ```
//!
//! Named arguments stand under `named`. `{"not": E}`, `{"minus": E}` and `{"list": [E, …]}` are the other nodes.

use crate::error::Error;
use crate::syntax::{Call, Expr, Infix, JOINING_WORDS, LANGUAGE, MOST_DEEP, Node, Program, unit_of};
use serde_json::{Map, Value, json};

/// The program in JSON.
pub fn to_json(program: &Program) -> Value {
    let lets: Map<String, Value> =
        program.lets.iter().map(|(name, value)| (name.clone(), write(value))).collect();
    json!({
        "language": format!("{}.{}", LANGUAGE.0, LANGUAGE.1),
        "as_of": program.as_of.map_or(json!("newest"), |revision| json!(revision)),
        "asked_at_s": program.asked_at_s,
        "let": lets,
        "program": write(&program.body),
    })
}

/// The program that stands in JSON.
///
/// # Errors
/// The first place that is no program, as a JSON pointer; nesting deeper than [`MOST_DEEP`].
pub fn from_json(value: &Value) -> Result<Program, Error> {
    let root = value.as_object().ok_or_else(|| fault("", "an object", value))?;
    if let Some(language) = root.get("language") {
        let major = language.as_str().and_then(|s| s.split('.').next());
        if major != Some(LANGUAGE.0.to_string().as_str()) {
            return Err(fault("/language", &format!("\"{}.{}\"", LANGUAGE.0, LANGUAGE.1), language));
        }
    }
    let as_of = match root.get("as_of") {
        None | Some(Value::Null) => None,
        Some(Value::String(word)) if word == "newest" => None,
        Some(other) => {
            Some(other.as_u64().ok_or_else(|| fault("/as_of", "a revision or \"newest\"", other))?)
        }
    };
    let asked_at_s = match root.get("asked_at_s") {
        None | Some(Value::Null) => None,
        Some(other) => Some(other.as_f64().ok_or_else(|| fault("/asked_at_s", "a number or null", other))?),
    };
    let mut lets = Vec::new();
    if let Some(parts) = root.get("let") {
        let parts = parts.as_object().ok_or_else(|| fault("/let", "an object", parts))?;
        for (name, part) in parts {
            name_fault(name, &format!("/let/{name}"))?;
            lets.push((name.clone(), read(part, &format!("/let/{name}"), 1)?));
        }
    }
    let body = root.get("program").ok_or_else(|| fault("/program", "an expression", &Value::Null))?;
    Ok(Program { as_of, asked_at_s, lets, body: read(body, "/program", 1)? })
}

fn write(expr: &Expr) -> Value {
    match &expr.node {
        Node::Number(value, unit) => json!({"number": value, "unit": unit}),
        Node::Text(text) => json!({"text": text}),
        Node::Name(name) => json!({"name": name}),
        Node::List(items) => json!({"list": items.iter().map(write).collect::<Vec<_>>()}),
        Node::Call(call) => {
            let named: Map<String, Value> =
                call.named.iter().map(|(name, value)| (name.clone(), write(value))).collect();
            json!({
                "call": call.name,
                "args": call.positional.iter().map(write).collect::<Vec<_>>(),
                "named": named,
            })
        }
        Node::Not(inner) => json!({"not": write(inner)}),
        Node::Minus(inner) => json!({"minus": write(inner)}),
        Node::Infix(op, left, right) => {
            json!({"op": op.sign(), "left": write(left), "right": write(right)})
        }
    }
}

fn fault(path: &str, expected: &str, found: &Value) -> Error {
    let found: String = found.to_string().chars().take(80).collect();
    Error::Json {
        path: if path.is_empty() { "/".into() } else { path.into() },
        expected: expected.into(),
        found,
    }
}

fn name_fault(name: &str, path: &str) -> Result<(), Error> {
    let ok = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !JOINING_WORDS.contains(&name);
    if ok { Ok(()) } else { Err(fault(path, "a name of letters, digits and underscores", &json!(name))) }
}

fn read(value: &Value, path: &str, depth: usize) -> Result<Expr, Error> {
    if depth > MOST_DEEP {
        return Err(fault(path, &format!("nesting of at most {MOST_DEEP}"), &json!("more")));
    }
    let object = value.as_object().ok_or_else(|| fault(path, "an object", value))?;
    let child = |key: &str| -> Result<Box<Expr>, Error> {
        let inner = object.get(key).ok_or_else(|| fault(path, &format!("a key `{key}`"), value))?;
        Ok(Box::new(read(inner, &format!("{path}/{key}"), depth + 1)?))
    };
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
    let items = |key: &str| -> Result<Vec<Expr>, Error> {
        match object.get(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .iter()
                .enumerate()
                .map(|(i, item)| read(item, &format!("{path}/{key}/{i}"), depth + 1))
                .collect(),
            Some(other) => Err(fault(&format!("{path}/{key}"), "a list", other)),
        }
    };
    let node = if let Some(number) = object.get("number") {
        let number = number.as_f64().filter(|v| v.is_finite());
        let number = number.ok_or_else(|| fault(path, "a finite number", value))?;
        let unit = text("unit");
        if unit.as_deref().is_some_and(|word| unit_of(word).is_none()) {
            return Err(fault(&format!("{path}/unit"), "a unit", value));
        }
        let positive = Node::Number(number.abs(), unit);
        if number < 0.0 { Node::Minus(Box::new(Expr { node: positive, byte: 0 })) } else { positive }
    } else if let Some(text) = text("text") {
        Node::Text(text)
    } else if let Some(name) = text("name") {
        name_fault(&name, path)?;
        Node::Name(name)
    } else if object.contains_key("list") {
        Node::List(items("list")?)
    } else if let Some(name) = text("call") {
        name_fault(&name, path)?;
        let named = match object.get("named") {
            None => Vec::new(),
            Some(Value::Object(named)) => named
                .iter()
                .map(|(key, value)| {
                    name_fault(key, path)?;
                    Ok((key.clone(), read(value, &format!("{path}/named/{key}"), depth + 1)?))
                })
                .collect::<Result<_, Error>>()?,
            Some(other) => return Err(fault(&format!("{path}/named"), "an object", other)),
        };
        Node::Call(Call { name, positional: items("args")?, named })
    } else if object.contains_key("not") {
        Node::Not(child("not")?)
    } else if object.contains_key("minus") {
        Node::Minus(child("minus")?)
    } else if let Some(sign) = text("op") {
        let op = Infix::ALL.into_iter().find(|op| op.sign() == sign);
        let op = op.ok_or_else(|| fault(&format!("{path}/op"), "an infix operator", value))?;
        Node::Infix(op, child("left")?, child("right")?)
    } else {
        return Err(fault(path, "number, text, name, list, call, not, minus or op", value));
    };
    Ok(Expr { node, byte: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::tests::tree;

    #[test]
    fn json_reads_back_the_same() {
        let mut seed = 11;
        for _ in 0..1_000 {
            let program =
                Program { as_of: None, asked_at_s: Some(2.5), lets: Vec::new(), body: tree(&mut seed, 5) };
            assert_eq!(from_json(&to_json(&program)).expect("just written"), program);
        }
    }

    #[test]
    fn faults_are_pointers() {
        let bad = json!({"program": {"call": "count", "args": [{"text": "a"}, {"number": "x"}]}});
        assert!(from_json(&bad).expect_err("a text is no number").to_string().contains("/program/args/1"));
        let mut deep = json!({"number": 1});
        for _ in 0..100 {
            deep = json!({"not": deep});
        }
        assert!(from_json(&json!({"program": deep})).is_err());
    }
}
