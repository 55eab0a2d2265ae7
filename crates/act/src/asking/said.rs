//! What a model's words say: the answer among them.

use chronotope_ask::question::{OptionText, choose};
use chronotope_world::Value;
use serde_json::Value as Json;

/// An answer found in a model's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The answer, without what stands around it.
    pub text: String,
    /// The letter of the option that it names, where options were given and one is named.
    pub choice: Option<char>,
    /// Which rung of the ladder found it: `json`, `tag`, `boxed`, `final`, `letter`, `option`, `whole`.
    pub rung: &'static str,
}

/// Finds the answer in a model's words: the field of a JSON object, the last `<answer>`, the last `\boxed{}`, what stands behind "Final
/// answer:", a lone letter, the text of an option, else all of a reply of one line. Nothing is guessed: none where no rung holds.
///
/// Linear in the length of the reply. Source: the ladder of Chronotope's strategies, after lmms-eval, VSI-Bench and Video-R1.
pub fn said(reply: &str, options: &[String]) -> Option<Said> {
    let lettered: Vec<OptionText> = options.iter().map(|option| OptionText::parse(option)).collect();
    let rungs: [(&str, Option<String>); 5] = [
        ("json", json_in(reply).and_then(|json| field(&json))),
        ("tag", between_last(reply, "<answer>", "</answer>")),
        ("boxed", boxed(reply)),
        ("final", after_last(reply, &["final answer:", "the answer is"])),
        ("whole", one_line(reply)),
    ];
    for (rung, found) in rungs {
        let Some(text) = found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) else {
            continue;
        };
        if options.is_empty() {
            return Some(Said { text, choice: None, rung });
        }
        let by_letter = letter(&text, options.len());
        let choice = by_letter.or_else(|| choose(&Value::Text(text.clone()), &lettered));
        if choice.is_some() {
            let rung = match (rung, by_letter) {
                ("whole", Some(_)) => "letter",
                ("whole", None) => "option",
                (rung, _) => rung,
            };
            return Some(Said { text, choice, rung });
        }
    }
    None
}

/// The outermost JSON object of a reply: all of it, inside a fence, or between the first brace and the last.
pub(crate) fn json_in(reply: &str) -> Option<Json> {
    let whole = reply.trim();
    let inside = || {
        let (from, to) = (whole.find('{')?, whole.rfind('}')?);
        whole.get(from..=to)
    };
    let parse = |text: &str| serde_json::from_str::<Json>(text).ok().filter(Json::is_object);
    parse(whole).or_else(|| inside().and_then(parse))
}

fn field(json: &Json) -> Option<String> {
    let found =
        ["answer", "final_answer", "best_answer", "selected_option"].iter().find_map(|key| json.get(key))?;
    match found {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(found.to_string()),
        _ => None,
    }
}

fn between_last(reply: &str, open: &str, close: &str) -> Option<String> {
    let from = reply.rfind(open)? + open.len();
    let rest = &reply[from..];
    Some(rest[..rest.find(close)?].to_owned())
}

/// The last `\boxed{…}` with its braces in balance.
fn boxed(reply: &str) -> Option<String> {
    let from = reply.rfind("\\boxed{")? + "\\boxed{".len();
    let mut depth = 1_i32;
    for (at, c) in reply[from..].char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if depth == 0 {
            return Some(reply[from..from + at].to_owned());
        }
    }
    None
}

fn after_last(reply: &str, heads: &[&str]) -> Option<String> {
    let lower = reply.to_ascii_lowercase();
    let at = heads.iter().filter_map(|head| lower.rfind(head).map(|at| at + head.len())).max()?;
    let line = reply[at..].lines().find(|line| !line.trim().is_empty())?;
    Some(line.trim().trim_end_matches('.').trim_matches('*').to_owned())
}

fn one_line(reply: &str) -> Option<String> {
    let line = reply.trim();
    (!line.contains('\n') && line.chars().count() <= 200).then(|| line.trim_end_matches('.').to_owned())
}

/// `B`, `(B)`, `B.`, `B: left`: the letter of one of so many options.
fn letter(text: &str, n: usize) -> Option<char> {
    let text = text.trim_start_matches(['(', '[', '*', ' ']);
    let mut chars = text.chars();
    let letter = chars.next().filter(char::is_ascii_uppercase)?;
    let ends = chars.next().is_none_or(|c| matches!(c, '.' | ')' | ':' | ']' | '*'));
    (ends && usize::from(letter as u8 - b'A') < n).then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(reply: &str, options: &[&str]) -> Option<(String, Option<char>, &'static str)> {
        let options: Vec<String> = options.iter().map(|o| (*o).to_owned()).collect();
        said(reply, &options).map(|said| (said.text, said.choice, said.rung))
    }

    #[test]
    fn every_rung_finds_its_form() {
        let options = ["A. left", "B. right"];
        let b = |text: &str, rung| Some((text.to_owned(), Some('B'), rung));
        assert_eq!(found("{\"answer\": \"B\"}", &options), b("B", "json"));
        assert_eq!(found("```json\n{\"answer\": \"right\"}\n```", &options), b("right", "json"));
        assert_eq!(found("<think>A?</think><answer> B </answer>", &options), b("B", "tag"));
        assert_eq!(found("so \\boxed{B}", &options), b("B", "boxed"));
        assert_eq!(found("I looked.\nFinal answer: (B).", &options), b("(B)", "final"));
        assert_eq!(found("B: right", &options), b("B: right", "letter"));
        assert_eq!(found("to the right", &options), b("to the right", "option"));
        assert_eq!(found("{\"answer\": 3}", &[]), Some(("3".into(), None, "json")));
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(found("It is hard to say.\nPerhaps something else.", &["A. left", "B. right"]), None);
        assert_eq!(found("C", &["A. left", "B. right"]), None);
        assert_eq!(found("", &[]), None);
        assert_eq!(found("\\boxed{B", &["A. left", "B. right"]), None);
    }

    #[test]
    fn a_long_reply_of_open_tags_ends_soon() {
        let hostile = "<answer>".repeat(100_000) + &"{".repeat(100_000);
        assert_eq!(found(&hostile, &["A. left", "B. right"]), None);
    }
}
