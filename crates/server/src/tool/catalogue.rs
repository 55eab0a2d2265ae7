//! The tools, in the order in which an agent meets them.
//!
//! # Adding a tool
//!
//! 1. `tool/NAME.rs` with a public unit struct that implements [`Tool`].
//! 2. A `mod` line and a line below.

use super::Tool;

/// All tools.
pub const TOOLS: &[&dyn Tool] = &[
    &super::list_sources::ListSources,
    &super::show::Show,
    &super::questions::Questions,
    &super::ask::Ask,
    &super::r#where::Where,
    &super::when::When,
    &super::measure::Measure,
    &super::relate::Relate,
    &super::route::Route,
    &super::track::Track,
    &super::events::Events,
    &super::facts::Facts,
    #[cfg(feature = "video")]
    &super::look::Look,
    #[cfg(feature = "video")]
    &super::watch::Watch,
    &super::operators::Operators,
    &super::run_program::RunProgram,
    &super::verify::Verify,
    &super::replay::Replay,
    &super::note::Note,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_says_what_it_takes() {
        let mut names: Vec<&str> = TOOLS.iter().map(|tool| tool.name()).collect();
        names.sort_unstable();
        let n = names.len();
        names.dedup();
        assert_eq!(names.len(), n, "two tools of one name");
        for tool in TOOLS {
            let input = tool.input();
            assert_eq!(input["type"], "object", "{}", tool.name());
            assert_eq!(input["additionalProperties"], false, "{}", tool.name());
            let properties = input["properties"].as_object().expect("an object");
            for (name, property) in properties {
                assert!(property["description"].is_string(), "{}.{name} says nothing", tool.name());
            }
            for name in input["required"].as_array().expect("a list") {
                assert!(properties.contains_key(name.as_str().expect("a text")), "{}: {name}", tool.name());
            }
            assert!(tool.about().len() > 40 && tool.about().ends_with('.'), "{}", tool.name());
            let named = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(tool.name().chars().all(named), "{}", tool.name());
        }
    }
}
