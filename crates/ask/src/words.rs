//! An answer for people and for models: a few lines of text.

use crate::engine::Asked;
use crate::report;
use chronotope_world::World;

/// An answer in a few lines: its words, how the question was read, the program, the first evidence, what is missing, what could be asked instead.
pub fn in_words(world: &World, asked: &Asked) -> String {
    let answer = &asked.answered.answer;
    let mut lines = vec![answer.text.clone()];
    if let Some(letter) = answer.choice {
        lines[0] = format!("{letter}. {}", answer.text);
    }
    if let Some(understood) = &asked.understood {
        lines.push(format!("  read as   {}", understood.trim_start_matches("Understood as: ")));
    }
    if !asked.answered.program.is_empty() {
        lines.push(format!("  program   {}", asked.answered.program));
    }
    for evidence in report::evidence_in_words(world, answer).into_iter().take(5) {
        lines.push(format!("  because   {evidence}"));
    }
    for missing in &answer.missing {
        let hint = missing.hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
        lines.push(format!("  missing   {}{hint}", missing.what));
    }
    for nearest in asked.nearest.iter().take(4) {
        lines.push(format!("  try       {nearest}"));
    }
    lines.join("\n")
}
