//! What keeps a strategy from answering. That a task cannot be answered is no error: it is a prediction without text.

/// Why a strategy broke off.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The engine cannot read its World, or a task's program does not fit it.
    #[error("task `{task}`: {fault}")]
    Engine {
        /// The task's id.
        task: String,
        /// What is wrong.
        #[source]
        fault: chronotope_ask::Error,
    },
}
