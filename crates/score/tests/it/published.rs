//! Rewards against the published code: `tests/golden/{rouge,onethinker,vla_r1,dates,video_r1,open_o3,advantages}.json`, made by `benches/peers/reward_golden.py`.

use crate::{close, golden, numbers};
use chronotope_score::advantage::{Divergence, Moments, Scale, ema_grpo, group_advantage, kl, leave_one_out};
use chronotope_score::reward::{Plan, RewardRow, Verdict, by_name};
use chronotope_score::text::rouge;
use serde_json::{Value, json};

fn verdict(rule: &str, row: &Value) -> Verdict {
    let (text, plan) = (row.to_string(), Plan::default());
    let row: RewardRow<'_> = serde_json::from_str(&text).expect("a row");
    by_name(rule).expect("a rule").judge(&row.case(&plan)).expect("a row that fits")
}

fn cases(name: &str) -> Vec<Value> {
    let cases = golden(name).as_array().expect("cases").clone();
    assert!(!cases.is_empty());
    cases
}

#[test]
fn rouge_is_that_of_the_official_package() {
    for case in cases("rouge.json") {
        let text = |field: &str| case[field].as_str().expect("a text");
        let expected = numbers(&case["f"]);
        for (found, expected) in rouge(text("truth"), text("said")).into_iter().zip(expected) {
            close(&format!("{case}"), found, expected);
        }
    }
}

#[test]
fn one_thinker_is_that_of_its_published_code() {
    for case in cases("onethinker.json") {
        let context = json!({"data_type": case["data"]});
        let row = json!({"completion": case["completion"], "answer": case["truth"], "problem_type": case["type"], "context": context});
        close(
            &case.to_string(),
            verdict("one-thinker", &row).reward(),
            case["overall"].as_f64().expect("a number"),
        );
    }
}

#[test]
fn vla_r1_is_that_of_its_published_code() {
    for case in cases("vla_r1.json") {
        let row = json!({"completion": case["completion"], "answer": case["truth"]});
        close(&case.to_string(), verdict("vla-r1", &row).reward(), case["score"].as_f64().expect("a number"));
    }
}

#[test]
fn the_cost_of_length_and_repetition_is_that_of_time_r1() {
    for case in cases("dates.json") {
        let row = json!({"completion": case["text"], "answer": "2020-03"});
        let found = verdict("time-r1-infer", &row).value("penalty").expect("there");
        close(&format!("{:.60}", case.to_string()), found, case["penalty"].as_f64().expect("a number"));
    }
}

#[test]
fn video_r1_read_as_published_is_that_of_its_code() {
    for case in cases("video_r1.json") {
        let row = json!({"completion": case["completion"], "answer": case["truth"], "problem_type": case["type"], "context": {"faithful": true}});
        for (rule, field) in [("accuracy", "accuracy"), ("format", "format")] {
            close(
                &format!("{rule} {case}"),
                verdict(rule, &row).reward(),
                case[field].as_f64().expect("a number"),
            );
        }
    }
}

#[test]
fn what_open_o3_pays_for_citing_is_that_of_its_code() {
    for case in cases("open_o3.json") {
        let context =
            json!({"faithful": true, "progress": case["progress"], "key_frames": case["key_frames"]});
        let row = json!({"completion": case["completion"], "answer": "a thing", "problem_type": "temporal-spatial free-form QA", "context": context});
        let found = verdict("open-o3", &row);
        for (part, field) in [("thk_temporal_point", "point"), ("thk_spatial", "spatial")] {
            close(
                &format!("{part} {case}"),
                found.value(part).expect("there"),
                case[field].as_f64().expect("a number"),
            );
        }
        let context = json!({"faithful": true, "window": case["window"]});
        let row = json!({"completion": case["temporal"], "answer": "", "problem_type": "temporal QA", "context": context});
        let found = verdict("open-o3", &row);
        for (part, field) in [("thk_temporal_segment", "segment"), ("ans_tiou", "tiou")] {
            close(
                &format!("{part} {case}"),
                found.value(part).expect("there"),
                case[field].as_f64().expect("a number"),
            );
        }
    }
}

#[test]
fn advantages_and_divergences_are_those_of_easy_r1_and_one_thinker() {
    for case in cases("advantages.json") {
        let groups: Vec<Vec<f64>> = case["groups"].as_array().expect("groups").iter().map(numbers).collect();
        let tasks: Vec<&str> = case["tasks"]
            .as_array()
            .expect("tasks")
            .iter()
            .map(|task| task.as_str().expect("a text"))
            .collect();
        let all = |what: &str, found: Vec<Vec<f64>>| {
            let (found, expected) = (found.concat(), numbers(&case[what]));
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.into_iter().zip(expected) {
                // theirs is in the order of other sums
                assert!((found - expected).abs() < 1e-6, "{what} {case}: {found} {expected}");
            }
        };
        all("grpo", groups.iter().map(|group| group_advantage(group, Scale::Sample(1e-6))).collect());
        all("rloo", groups.iter().map(|group| leave_one_out(group)).collect());
        let batch: Vec<(&str, &[f64])> =
            tasks.iter().copied().zip(groups.iter().map(Vec::as_slice)).collect();
        let mut moments = Moments::default();
        all("ema", ema_grpo(&mut moments, &batch));
        all("ema_again", ema_grpo(&mut moments, &batch));
        let d = case["d"].as_f64().expect("a number");
        for (name, divergence) in [
            ("kl", Divergence::K1),
            ("abs", Divergence::Abs),
            ("mse", Divergence::K2),
            ("low_var_kl", Divergence::K3Clamped),
        ] {
            close(name, kl(d, divergence), case["kl"][name].as_f64().expect("a number"));
        }
    }
}
