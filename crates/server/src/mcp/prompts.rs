//! Prompts: how an agent uses the tools well.

use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};

use crate::error::Error;

/// A prompt: name, what it is for, its arguments with what they are, its text with `{ARGUMENT}`.
struct Written {
    name: &'static str,
    about: &'static str,
    arguments: &'static [(&'static str, &'static str)],
    text: &'static str,
}

const PROMPTS: &[Written] = &[
    Written {
        name: "answer_about_video",
        about: "Answer a question about a video or a World with evidence",
        arguments: &[("source", "The source, as list_sources names it"), ("question", "What is to be known")],
        text: "Answer this question about `{source}`: {question}\n\n\
            1. Call show with the source: note the time, the labels that somebody looked for, the reference frames and their units.\n\
            2. Call ask with the question in the words of those labels. If it is `unsupported`, use a wording that it names, or the typed tools (where, when, measure, relate, route), or run_program.\n\
            3. If it is `unknown`, read `missing`: it names the observation that would settle it. Where that is a time or a place in the video, call look there. What you see there is yours, not Chronotope's: say so.\n\
            4. Answer with the value, its unit and reference frame, and the evidence: when and where it can be seen. If it stays unknown, say what is missing. Do not guess.",
    },
    Written {
        name: "recall",
        about: "Answer a question from memory: where was it, who did it, since when, what changed",
        arguments: &[("source", "The World that holds the memory"), ("question", "What is to be remembered")],
        text: "Answer this from the memory `{source}`: {question}\n\n\
            Where and when: where (last seen, or at a moment) and when (seen, hidden, near, inside; total for how long). Who did what: events. What was stated, since when and by whom: facts, with history for what no longer holds.\n\
            What was known at a time: asked_at (second of the record) and as_of (revision). To tell what changed, ask twice and compare.\n\
            If nothing was observed, say so and name what is missing.",
    },
    Written {
        name: "check_claims",
        about: "Check the sentences of a caption or an answer against a World",
        arguments: &[("source", "The World or video"), ("claims", "The sentences")],
        text: "Check each of these claims against `{source}`:\n{claims}\n\n\
            Call verify with them: it marks each sentence supported, contradicted or undecidable, with the question that decides it and the evidence. \
            Word an undecidable one anew, one claim a sentence, and try once more; then look at the time it speaks of, or leave it undecided. \
            Call replay with an answer that somebody else gives you before you rely on it.",
    },
];

pub(super) fn list() -> Vec<Prompt> {
    let argument = |(name, about): &(&str, &str)| {
        PromptArgument::new(*name).with_description(*about).with_required(true)
    };
    PROMPTS
        .iter()
        .map(|one| Prompt::new(one.name, Some(one.about), Some(one.arguments.iter().map(argument).collect())))
        .collect()
}

pub(super) fn get(name: &str, arguments: &JsonObject) -> Result<GetPromptResult, Error> {
    let names: Vec<&str> = PROMPTS.iter().map(|one| one.name).collect();
    let one = PROMPTS.iter().find(|one| one.name == name).ok_or_else(|| Error::Unknown {
        expected: format!("a prompt ({})", names.join(", ")),
        found: name.chars().take(60).collect(),
    })?;
    let mut text = String::new();
    let mut rest = one.text;
    // what is filled in is not looked at again: braces in an argument are its own
    while let Some((before, after)) = rest.split_once('{') {
        let (field, after) = after.split_once('}').unwrap_or((after, ""));
        let value = arguments.get(field).and_then(|value| value.as_str());
        let value = value.ok_or_else(|| Error::argument(field, "a text", "nothing"))?;
        text.push_str(before);
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(one.about))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_prompt_is_filled_in() {
        for one in PROMPTS {
            let arguments =
                one.arguments.iter().map(|(name, _)| ((*name).to_owned(), json!("{source} x"))).collect();
            let got = get(one.name, &arguments).expect("a prompt");
            let text = serde_json::to_string(&got.messages).expect("it serialises");
            assert!(text.contains("{source} x") && !text.contains("{question}"), "{text}");
        }
        assert!(get("answer_about_video", &JsonObject::new()).is_err());
        assert!(get("nothing", &JsonObject::new()).expect_err("none").to_string().contains("recall"));
    }
}
