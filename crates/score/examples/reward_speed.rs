//! How many completions a CPU-second are rewarded, and that the time is linear in a completion's length.
//!
//!     python ../shared/peers/gen_inputs.py
//!     cargo run --release -p chronotope-score --example reward_speed -- FOLDER/completions.jsonl
//!
//! The mix is that of the peers' script: accuracy + format over options, numbers, intervals and free text. One JSON line.
#![allow(clippy::print_stdout, reason = "it prints its figures")]

mod timing;

use chronotope_score::reward::{Accuracy, Case, Context, Format, Plan, Reward, by_name, rewarded_lines};
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use timing::median;

fn main() {
    let path = std::env::args().nth(1).expect("completions.jsonl");
    let text = std::fs::read_to_string(path).expect("a file");
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |row: &'static str| move |value: &Value| value[row].as_str().expect("a text").to_owned();
    let all: Vec<(String, String, String)> =
        rows.iter().map(|row| (of("completion")(row), of("solution")(row), of("type")(row))).collect();
    let n = all.len() as f64;
    let sum = |rouge: bool| -> f64 {
        let one = |(completion, solution, kind): &(String, String, String)| {
            let case = Case::new(completion, Some(solution), kind, Context::default());
            let format = Format.judge(&case).expect("fits").reward();
            if !rouge && kind == "free-form" {
                format
            } else {
                format + Accuracy.judge(&case).expect("fits").reward()
            }
        };
        all.iter().map(one).sum()
    };
    let with_rouge = median(|| assert!(sum(true) > 0.0));
    let without = median(|| assert!(sum(false) > 0.0));
    let lines: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(i, row)| {
            json!({"id": i, "completion": row["completion"], "answer": row["solution"], "problem_type": row["type"]}).to_string()
        })
        .collect();
    let (rule, plan) = (by_name("video-r1").expect("a preset"), Plan::default());
    let json_lines = median(|| {
        let rows = rewarded_lines(rule, &plan, &lines, NonZeroUsize::MIN);
        assert!(rows.iter().map(|row| serde_json::to_vec(row).expect("JSON").len()).sum::<usize>() > 0);
    });
    let linear = |make: fn(usize) -> String| -> Vec<f64> {
        let time = |n: usize| {
            let text = make(n);
            median(|| {
                let case = Case::new(&text, Some("B"), "multiple choice", Context::default());
                assert!(
                    Format.judge(&case).expect("fits").reward()
                        + Accuracy.judge(&case).expect("fits").reward()
                        >= 0.0
                );
            })
        };
        [1 << 20, 1 << 21, 1 << 22].map(time).to_vec()
    };
    println!(
        "{}",
        json!({
            "rows": n, "sum_no_rouge": sum(false), "sum_rouge": sum(true),
            "no_rouge_per_cpu_s": (n / without).round(), "rouge_per_cpu_s": (n / with_rouge).round(),
            "json_in_and_out_per_cpu_s": (n / json_lines).round(),
            "cpu_s_of_1_2_4_mib": {
                "blanks after <answer>": linear(|n| format!("<answer>{}", " ".repeat(n))),
                "<answer> again": linear(|n| "<answer>".repeat(n / 8)),
                "<think> then words": linear(|n| "<think>".repeat(400) + &"x ".repeat(n / 2)),
                "<": linear(|n| "<".repeat(n)),
            }
        })
    );
}
