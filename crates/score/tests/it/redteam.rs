//! What every rule pays for every trick: `tests/redteam.jsonl` against the rules' own rows. The table in `docs/rewards.md` is made here
//! (`UPDATE_EXPECT=1 cargo test -p chronotope-score redteam` writes it).

use chronotope_score::reward::{Plan, Reward, RewardRow, by_name, rewards};
use serde_json::{Map, Value};
use std::path::PathBuf;

struct Trick {
    name: String,
    pieces: Vec<Value>,
}

impl Trick {
    /// The reply, with the right and a wrong answer put in.
    fn reply(&self, right: &str, wrong: &str) -> String {
        let piece = |piece: &Value| match piece {
            Value::String(text) => text.clone(),
            Value::Array(of) => {
                of[0].as_str().expect("a text").repeat(of[1].as_u64().expect("how often") as usize)
            }
            other => panic!("{other}"),
        };
        let whole: String = self.pieces.iter().map(piece).collect();
        whole.replace("{right}", right).replace("{wrong}", wrong)
    }
}

fn tricks() -> Vec<Trick> {
    let path = PathBuf::from("tests/redteam.jsonl");
    let text = std::fs::read_to_string(path).expect("the tricks");
    let trick = |line: &str| {
        let row: Value = serde_json::from_str(line).expect("JSON");
        let pieces = row["pieces"].as_array().expect("pieces").clone();
        Trick { name: row["trick"].as_str().expect("a name").to_owned(), pieces }
    };
    text.lines().map(trick).collect()
}

/// What a rule pays for its own row with this reply.
fn pays(rule: &dyn Reward, row: &Value, reply: &str, plan: &Plan) -> f64 {
    let mut row = row.clone();
    row["completion"] = reply.into();
    let text = row.to_string();
    let row: RewardRow<'_> = serde_json::from_str(&text).expect("a row");
    rule.judge_group(&[row.case(plan)]).remove(0).expect("a row that fits").reward()
}

/// The answer that the rule's own row gives, and so is paid for.
fn right(row: &Value) -> String {
    let text = match &row["completion"] {
        Value::Array(turns) => turns.last().expect("a turn")["content"].as_str().expect("a text"),
        text => text.as_str().expect("a text"),
    };
    let inside = text.split_once("<answer>").and_then(|(_, rest)| rest.split_once("</answer>"));
    inside.map_or("B", |(inside, _)| inside).to_owned()
}

#[test]
fn no_rule_pays_more_for_a_trick_than_for_silence() {
    let plan = Plan::default();
    let mut paid = Vec::new();
    for rule in rewards() {
        let row: Value = serde_json::from_str(rule.entry().example).expect("JSON");
        let silence = pays(*rule, &row, "", &plan);
        for trick in tricks() {
            let gained = pays(*rule, &row, &trick.reply(&right(&row), "C"), &plan) - silence;
            if gained > 0.0 {
                paid.push(format!("{} pays {gained} for: {}", rule.entry().name, trick.name));
            }
        }
    }
    assert!(paid.is_empty(), "{}", paid.join("\n"));
}

#[test]
fn the_table_of_tricks_is_true() {
    let rule = by_name("video-r1").expect("a preset");
    let row: Value =
        serde_json::from_str(r#"{"completion": "", "answer": "B", "problem_type": "multiple choice"}"#)
            .expect("JSON");
    let context: Map<String, Value> = [("faithful".to_owned(), Value::Bool(true))].into_iter().collect();
    let published = Plan { context, ..Plan::default() };
    let mut table = "| trick | by default | as published |\n|---|--:|--:|\n".to_owned();
    for trick in tricks() {
        let reply = trick.reply("B", "C");
        let (ours, theirs) =
            (pays(rule, &row, &reply, &Plan::default()), pays(rule, &row, &reply, &published));
        table += &format!("| {} | {ours} | {theirs} |\n", trick.name);
    }
    let path = PathBuf::from("../../docs/rewards.md");
    let text = std::fs::read_to_string(&path).expect("the document");
    let (before, rest) = text.split_once("<!-- tricks -->\n").expect("where the table begins");
    let (found, after) = rest.split_once("<!-- end -->").expect("where it ends");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, format!("{before}<!-- tricks -->\n{table}<!-- end -->{after}"))
            .expect("written");
        return;
    }
    assert_eq!(found, table, "UPDATE_EXPECT=1 writes it");
}
