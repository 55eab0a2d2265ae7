//! One sentence of how a question was understood.

/// One English sentence that says what a program asks.
pub fn explain(program: &str) -> String {
    format!("Understood as {program}")
}
