//! Conversations as ShareGPT, LLaVA and LLaMA-Factory read them: one JSON array of
//! `{id, conversations: [{from: human|gpt, value}], images, videos}`; one token `<image>` or `<video>` per file, in order.
//!
//! With exactly one file, `image` or `video` names it too, which is how LLaVA's own loader wants it.

use super::{OutputForm, is_video, plain, texts_of};
use crate::error::Error;
use serde_json::{Value as Json, json};
use std::io::Write;
use std::path::Path;

/// `sharegpt.json`: the reasoning in sentences, the answer last, after `Answer: `.
pub struct ShareGpt;

impl OutputForm for ShareGpt {
    fn name(&self) -> &'static str {
        "sharegpt"
    }

    fn file(&self) -> &'static str {
        "sharegpt.json"
    }

    fn write(
        &self,
        items: &mut dyn Iterator<Item = Result<Json, Error>>,
        folder: &Path,
        out: &mut (dyn Write + Send),
    ) -> Result<(), Error> {
        let path = folder.join(self.file());
        let refused = |fault| Error::write(&path, fault);
        let mut before = "[\n";
        for item in items {
            write!(out, "{before}{}", conversation(&item?)).map_err(refused)?;
            before = ",\n";
        }
        let end = if before == "[\n" { "[]\n" } else { "\n]\n" };
        out.write_all(end.as_bytes()).map_err(refused)
    }
}

fn conversation(item: &Json) -> Json {
    let media: Vec<&str> = texts_of(item, "media").collect();
    let mut asked: Vec<&str> =
        media.iter().map(|path| if is_video(path) { "<video>" } else { "<image>" }).collect();
    asked.extend(item["question"].as_str());
    asked.extend(texts_of(item, "options"));
    let (videos, images): (Vec<&str>, Vec<&str>) = media.iter().copied().partition(|path| is_video(path));
    let mut row = json!({
        "id": item["id"],
        "conversations": [
            {"from": "human", "value": asked.join("\n")},
            {"from": "gpt", "value": told(item)},
        ],
        "images": images,
        "videos": videos,
    });
    if let [path] = media[..] {
        row[if is_video(path) { "video" } else { "image" }] = json!(path);
    }
    row
}

/// Why, in sentences, and the answer.
fn told(item: &Json) -> String {
    let mut lines = Vec::new();
    if let Some(program) = item["program"].as_str() {
        // the header says the versions, which are nobody's reason
        let steps = program
            .rsplit("as_of ")
            .next()
            .and_then(|rest| rest.split_once("; "))
            .map_or(program, |(_, s)| s);
        lines.push(format!("What is asked is {steps}."));
    }
    let mut seen = Vec::new();
    for row in item["evidence"].as_array().into_iter().flatten() {
        seen.extend(cited(row).filter(|sentence| !seen.contains(sentence)));
    }
    lines.append(&mut seen);
    if let Some(solution) = item["slots"]["solution"].as_str() {
        lines.push(format!("This solves it: {solution}."));
    }
    let answer = plain(&item["answer"]);
    let option = texts_of(item, "options").find_map(|option| option.strip_prefix(&format!("{answer}. ")));
    lines.push(match (option, item["unit"].as_str()) {
        (Some(option), _) => format!("That is {option}, option {answer}."),
        (None, Some(unit)) => format!("That gives {answer} {unit}."),
        (None, None) => format!("That gives {answer}."),
    });
    format!("{}\nAnswer: {answer}", lines.join("\n"))
}

/// One row of evidence: what, when and where in the picture; none where it names no thing.
fn cited(row: &Json) -> Option<String> {
    let place = row["place"].as_str()?;
    let verb = match row["kind"].as_str() {
        Some("supports") => "is seen",
        Some("refutes") => "speaks against it",
        _ => return None,
    };
    let when = match (row["start_s"].as_f64(), row["end_s"].as_f64()) {
        (Some(start), Some(end)) if start < end => format!(" from {start:.2} s to {end:.2} s"),
        (Some(start), _) => format!(" at {start:.2} s"),
        _ => String::new(),
    };
    let corners: Vec<String> = row["box"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|c| Some(format!("{:.1}", c.as_f64()?)))
        .collect();
    let at = if corners.len() == 4 { format!(" in the box [{}]", corners.join(", ")) } else { String::new() };
    let mut name = place.to_owned();
    name[..1.min(place.len())].make_ascii_uppercase();
    Some(format!("{name} {verb}{when}{at}."))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Made, items};
    use super::super::write_form;
    use super::*;

    fn written(made: &Made) -> Vec<Json> {
        let path = write_form(&ShareGpt, &made.0).expect("written");
        serde_json::from_str(&std::fs::read_to_string(path).expect("there")).expect("an array")
    }

    #[test]
    fn question_options_and_answer_come_back() {
        let made = Made::new("sharegpt");
        let rows = written(&made);
        assert_eq!(rows.len(), items().len());
        for (row, item) in rows.iter().zip(items()) {
            let human = row["conversations"][0]["value"].as_str().expect("text");
            let asked = human.trim_start_matches("<image>\n").trim_start_matches("<video>\n");
            let mut wanted = vec![item["question"].as_str().expect("text")];
            wanted.extend(texts_of(&item, "options"));
            assert_eq!(asked, wanted.join("\n"));
            let gpt = row["conversations"][1]["value"].as_str().expect("text");
            assert_eq!(gpt.rsplit_once("\nAnswer: ").expect("last").1, plain(&item["answer"]));
            let tokens = human.matches("<image>").count() + human.matches("<video>").count();
            assert_eq!(tokens, item["media"].as_array().expect("list").len());
        }
        assert_eq!((&rows[0]["image"], &rows[1]["video"]), (&json!("media/a.png"), &json!("media/b.mp4")));
    }

    #[test]
    fn evidence_is_told_once_with_time_and_box() {
        let rows = written(&Made::new("told"));
        let told = rows[1]["conversations"][1]["value"].as_str().expect("text");
        assert_eq!(
            told,
            "Car 1 is seen from 1.50 s to 2.00 s in the box [1.0, 2.0, 30.0, 40.5].\nThat gives 0.3 m.\nAnswer: 0.3"
        );
        let told = rows[0]["conversations"][1]["value"].as_str().expect("text");
        assert_eq!(told, "What is asked is direction(x).\nThat is \"right\", option B.\nAnswer: B");
    }
}
