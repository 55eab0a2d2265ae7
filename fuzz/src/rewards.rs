//! The doors of rewards: anybody's completion, row and recipe, and what reads answers out of words. Held of any bytes: no panic, every reward a
//! finite number that its parts add up to, the same again. The mutator of `crates/score/tests/it/hostile.rs` includes this file too.

use crate::score::extract;
use crate::score::reward::{Plan, Recipe, Reward, RewardRow, Settled, Verdict, rewarded_lines, rewards};
use serde_json::Value;
use std::num::NonZeroUsize;

/// What a verdict has to hold.
fn sound(name: &str, verdict: &Verdict) {
    let (mut sum, mut gates) = (0.0, 1.0);
    for part in &verdict.parts {
        assert!(part.value.is_finite() && part.weight.is_finite(), "{name}: {part:?}");
        if part.gate { gates *= part.value } else { sum += part.weight * part.value }
    }
    let reward = verdict.reward();
    assert!(
        reward.is_finite() && (reward == gates * sum || !(gates * sum).is_finite()),
        "{name}: {verdict:?}"
    );
}

/// A completion, under every rule's own row.
pub fn completion(text: &str) {
    let plan = Plan::default();
    for rule in rewards() {
        let entry = rule.entry();
        let mut row: Value = serde_json::from_str(entry.example).expect("an example is JSON");
        row["completion"] = text.into();
        let row = row.to_string();
        let row: RewardRow<'_> = serde_json::from_str(&row).expect("a row");
        let case = row.case(&plan);
        let judged = rule.judge_group(&[case.clone(), case]);
        let [one, two] = judged.try_into().expect("two of two");
        let verdict = one.unwrap_or_else(|fault| panic!("{}: what is said is no fault: {fault}", entry.name));
        sound(entry.name, &verdict);
        assert_eq!(Ok(verdict), two, "{}: the same again", entry.name);
    }
}

/// A line that may be a row, under every rule.
pub fn row(text: &str) {
    let lines = [text.to_owned()];
    for rule in rewards() {
        for settled in rewarded_lines(*rule, &Plan::default(), &lines, NonZeroUsize::MIN) {
            if let Ok(verdict) = &settled.outcome {
                sound(rule.entry().name, verdict);
            }
            let printed = settled.json();
            assert_eq!(printed["reward"].is_null(), printed["error"].is_string(), "{printed}");
        }
    }
    let grouped = Plan { group_by: Some("id".to_owned()), ..Plan::default() };
    let again: Vec<Settled> = rewarded_lines(rewards()[0], &grouped, &lines, NonZeroUsize::MIN);
    assert_eq!(again.len(), 1);
}

/// A text that may be a recipe.
pub fn recipe(text: &str) {
    let Ok(recipe) = Recipe::parse(text) else { return };
    let row = r#"{"completion": "<think>t</think><answer>3</answer>", "answer": "4", "context": {"step": 3, "tokens": 9}}"#;
    let row: RewardRow<'_> = serde_json::from_str(row).expect("a row");
    if let Ok(verdict) = recipe.judge(&row.case(&Plan::default())) {
        sound("recipe", &verdict);
    }
}

/// What reads answers out of words.
pub fn answer(text: &str) {
    extract::first_token(text);
    extract::last_whole_numbers(text);
    for number in [extract::number(text), extract::number_or_words(text)].into_iter().flatten() {
        assert!(!number.is_nan(), "{text:?}");
    }
    if let Some((start, end)) = extract::interval(text) {
        assert!(start <= end, "{text:?}");
    }
    for n in 1..5 {
        assert!(extract::bracketed(text, n).is_none_or(|numbers| numbers.len() == n));
    }
    let [one, two, longest] = crate::score::text::rouge("a red car turns left", text);
    assert!([one, two, longest].iter().all(|f| (0.0..=1.0).contains(f)), "{text:?}");
    assert!((0.0..=1.0).contains(&crate::score::text::anls("left", text)), "{text:?}");
}

/// All of them.
pub fn any(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    completion(&text);
    row(&text);
    recipe(&text);
    answer(&text);
}
