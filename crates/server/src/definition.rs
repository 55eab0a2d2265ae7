//! Definitions of the tools for agents that speak no MCP.

use serde_json::{Value as Json, json};

use crate::desk::Desk;
use crate::tool;

/// Whose form a definition has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `{type: function, function: {name, description, parameters}}`: OpenAI's chat completions, vLLM, Ollama, LiteLLM; LangChain's `bind_tools`.
    OpenAi,
    /// `{name, description, input_schema}`: Anthropic's messages.
    Anthropic,
    /// `{title, description, type: object, properties, required}`: a JSON schema whose title is the name, as LangChain's tools take it.
    LangChain,
}

impl Style {
    /// All of them by their names.
    pub const ALL: [(&'static str, Style); 3] =
        [("openai", Style::OpenAi), ("anthropic", Style::Anthropic), ("langchain", Style::LangChain)];

    /// The style of this name.
    pub fn named(name: &str) -> Option<Style> {
        Style::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, style)| style)
    }
}

/// The tools that a desk offers, in an agent framework's own form.
pub fn definitions(desk: &Desk, style: Style) -> Json {
    let all = tool::offered(desk).map(|tool| {
        let (name, about, mut input) = (tool.name(), tool.about(), tool.input());
        match style {
            Style::OpenAi => json!({
                "type": "function",
                "function": { "name": name, "description": about, "parameters": input },
            }),
            Style::Anthropic => json!({ "name": name, "description": about, "input_schema": input }),
            Style::LangChain => {
                input["title"] = json!(name);
                input["description"] = json!(about);
                input
            }
        }
    });
    Json::Array(all.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::scratch::street;

    #[test]
    fn each_style_names_each_tool_where_its_framework_looks() {
        let (_folder, desk) = street();
        for (word, path) in
            [("openai", "/0/function/name"), ("anthropic", "/0/name"), ("langchain", "/0/title")]
        {
            let all = definitions(&desk, Style::named(word).expect("a style"));
            assert_eq!(all.pointer(path), Some(&json!("list_sources")), "{word}");
            assert_eq!(all.as_array().expect("a list").len(), tool::offered(&desk).count());
        }
        assert!(Style::named("other").is_none());
    }
}
