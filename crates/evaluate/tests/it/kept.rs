//! Scores that leave a card, and scores that a judge gives.

use chronotope_evaluate::{Error, ScoreSettings, Scores, compare, score_files};
use chronotope_score::by_name;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kept");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = folder().join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

const TRUTH: &str =
    "{\"id\": 1, \"answer\": \"A\"}\n{\"id\": 2, \"answer\": \"B\"}\n{\"id\": 3, \"answer\": \"C\"}\n";

#[test]
fn two_scores_of_one_truth_can_be_compared() {
    let truth = file("truth.jsonl", TRUTH);
    let [first, second] = [("first", "A"), ("second", "B")].map(|(name, letter)| {
        let said = file(&format!("{name}.csv"), &format!("id,prediction\n1,{letter}\n2,{letter}\n"));
        let out = folder().join(name);
        let settings = ScoreSettings { out: Some(out.clone()), ..ScoreSettings::default() };
        score_files(by_name("accuracy").expect("a metric"), &truth, &said, &settings).expect("files");
        out
    });
    let found = compare(&first, &second, 0).expect("two runs");
    assert_eq!((found.all.n, found.all.means, found.changed.len()), (3, [1.0 / 3.0; 2], 2));
    assert_eq!(found.unlike.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["files"]);
    assert_eq!(found.cards[0].files.len(), 2, "{:?}", found.cards[0]);
}

fn judged(metric: &str, verdicts: &str) -> Result<Scores, Error> {
    // tests run side by side: each call has files of its own
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let truth = file(&format!("judged-{call}.jsonl"), TRUTH);
    let said = file(&format!("judged-{call}.csv"), "id,prediction\n1,an apple\n2,a bee\n");
    let judge = Some(file(&format!("verdicts-{call}.jsonl"), verdicts));
    let settings = ScoreSettings { judge, ..ScoreSettings::default() };
    score_files(by_name(metric).expect("a metric"), &truth, &said, &settings)
}

#[test]
fn recorded_verdicts_grade_the_answers_that_they_were_given_for() {
    let verdicts = "{\"id\": 1, \"answer\": \"an apple\", \"verdict\": 5, \"judge\": \"Ada\"}\n{\"id\": 2, \"answer\": \"a wasp\", \"verdict\": 5, \"judge\": \"Bo\"}\n";
    let found = judged("llm-match", verdicts).expect("verdicts").report;
    assert_eq!(found.judge.as_deref(), Some("Ada, Bo"));
    assert_eq!((found.result(), found.missing.n, found.unparsable.n), (Some(1.0 / 3.0), 1, 1));
}

#[test]
fn a_judge_is_refused_where_none_decides_and_asked_for_where_one_does() {
    let verdict = "{\"id\": 1, \"answer\": \"an apple\", \"verdict\": 5}\n";
    let fault = |found: Result<Scores, Error>| found.expect_err("refused").to_string();
    assert!(fault(judged("accuracy", verdict)).contains("needs a judge"));
    assert!(fault(judged("llm-match", &verdict.repeat(2))).contains("judged once"));
    assert!(fault(judged("llm-match", "{\"id\": 1, \"verdict\": 5}\n")).contains("`answer`"));
    let off = fault(judged("llm-match", &verdict.replace("5}", "9}")));
    assert!(off.contains("line 1: expected a grade from 1 to 5 as `verdict`, found 9"), "{off}");
    let other = fault(judged("llm-match", &format!("{verdict}{}", verdict.replace("1,", "\"x\","))));
    assert!(other.contains("line 2: expected verdicts on items of the truth, found 1 of others"), "{other}");
    let truth = file("unjudged.jsonl", TRUTH);
    let found =
        score_files(by_name("llm-match").expect("a metric"), &truth, &truth, &ScoreSettings::default());
    assert!(fault(found).contains("expected a judge"));
}
