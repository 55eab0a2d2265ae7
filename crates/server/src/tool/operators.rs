//! `operators`: what programs are made of.

use chronotope::ask::program::ops::OPERATORS;
use serde_json::{Value as Json, json};

use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// The operators of the program language.
pub(super) struct Operators;

impl Tool for Operators {
    fn name(&self) -> &'static str {
        "operators"
    }

    fn about(&self) -> &'static str {
        "Lists the operators of the program language for run_program, each with what it gives and an example that runs. With `about`, those that have to do with these words."
    }

    fn input(&self) -> Json {
        schema::object([schema::text("about", "Words to look for: `speed`, `left right`, `gap` …")])
    }

    fn run(&self, _desk: &Desk, args: &Args<'_>, _control: &Control) -> Result<Reply, Error> {
        let words = args.text("about")?.unwrap_or_default().to_ascii_lowercase();
        let words: Vec<&str> =
            words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let mut found: Vec<Json> = Vec::new();
        let mut lines = Vec::new();
        for operator in OPERATORS {
            let entry = operator.entry();
            let text = format!("{} {} {}", operator.word(), entry.about, entry.example).to_ascii_lowercase();
            if words.is_empty() || words.iter().any(|word| text.contains(word)) {
                lines.push(format!("{}: {}", operator.word(), entry.about));
                found.push(
                    json!({ "operator": operator.word(), "about": entry.about, "example": entry.example }),
                );
            }
        }
        Ok(Reply::new(json!({ "operators": found }), lines.join("\n")))
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{call, street};
    use serde_json::json;

    #[test]
    fn operators_are_found_by_what_they_are_about() {
        let (_folder, desk) = street();
        let n = |args| {
            let reply = call(&desk, "operators", args).expect("a list");
            reply.json["operators"].as_array().expect("a list").len()
        };
        let (all, some) = (n(json!({})), n(json!({ "about": "overtakes" })));
        assert!(all > 100 && some > 0 && some < 10, "{all} {some}");
    }
}
