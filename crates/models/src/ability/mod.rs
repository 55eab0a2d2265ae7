//! What a model can do: one small trait per ability, with its plain types.

pub mod chat;
pub mod embed;
pub mod transcribe;
