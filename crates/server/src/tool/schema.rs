//! JSON schemas of arguments, kept to what every agent framework understands: flat objects of texts, numbers, flags and lists.

use serde_json::{Map, Value as Json, json};

/// One argument: its name, its schema, whether it must be given.
pub(super) struct Property(&'static str, Json, bool);

impl Property {
    pub(super) fn required(self) -> Property {
        Property(self.0, self.1, true)
    }

    /// One of these words.
    pub(super) fn one_of(mut self, words: &[&str]) -> Property {
        self.1["enum"] = json!(words);
        self
    }
}

pub(super) fn text(name: &'static str, about: &str) -> Property {
    Property(name, json!({ "type": "string", "description": about }), false)
}

pub(super) fn number(name: &'static str, about: &str) -> Property {
    Property(name, json!({ "type": "number", "description": about }), false)
}

pub(super) fn integer(name: &'static str, about: &str) -> Property {
    Property(name, json!({ "type": "integer", "minimum": 0, "description": about }), false)
}

pub(super) fn flag(name: &'static str, about: &str) -> Property {
    Property(name, json!({ "type": "boolean", "description": about }), false)
}

pub(super) fn texts(name: &'static str, about: &str) -> Property {
    let schema = json!({ "type": "array", "items": { "type": "string" }, "description": about });
    Property(name, schema, false)
}

pub(super) fn numbers(name: &'static str, n: usize, about: &str) -> Property {
    let items = json!({ "type": "number" });
    let schema =
        json!({ "type": "array", "items": items, "minItems": n, "maxItems": n, "description": about });
    Property(name, schema, false)
}

pub(super) fn whole(name: &'static str, about: &str) -> Property {
    Property(name, json!({ "type": "object", "description": about }), false)
}

/// The arguments of every tool that reads a World, before a tool's own.
pub(super) fn of_world(own: Vec<Property>) -> Json {
    let source =
        text("source", "Name of a source as list_sources tells it; may be left out where there is only one");
    let more = texts("more_sources", "Further sources that are asked together with the first");
    let asked_at = number("asked_at", "As if asked at this second of the record: nothing later is known");
    let as_of = integer("as_of", "As the World was known by this revision");
    object([vec![source], own, vec![more, asked_at, as_of]].into_iter().flatten())
}

/// An object with these properties and no others.
pub(super) fn object(properties: impl IntoIterator<Item = Property>) -> Json {
    let mut all = Map::new();
    let mut required = Vec::new();
    for Property(name, schema, must) in properties {
        all.insert(name.to_owned(), schema);
        if must {
            required.push(name);
        }
    }
    json!({ "type": "object", "properties": all, "required": required, "additionalProperties": false })
}

/// When: a moment, or from and to.
pub(super) fn times() -> Vec<Property> {
    vec![
        number("at", "At this second of the record"),
        number("from", "From this second of the record on"),
        number("to", "Before this second of the record"),
    ]
}

/// The frame in which places and directions are told.
pub(super) fn frame() -> Property {
    text(
        "reference_frame",
        "world, world(NAME), camera(N), image(N), stage(N) or geo; show names those that there are [default: chosen to fit, and told]",
    )
}

/// A thing, in the words of the World.
pub(super) fn thing(name: &'static str, about: &str) -> Property {
    let about = format!(
        "{about}: a label (`car`), a label with a number (`car 3`), a number (`entity/3`), a name (`Ada`), or `everything`"
    );
    text(name, &about)
}
