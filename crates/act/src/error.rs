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
    /// A model failed.
    #[error("`{task}`: {fault}")]
    Model {
        /// The task's id, or the question.
        task: String,
        /// What is wrong, and where.
        #[source]
        fault: chronotope_models::Error,
    },
    /// Pictures cannot be read.
    #[error("`{task}`: {fault}")]
    Pictures {
        /// The task's id, or the question.
        task: String,
        /// What is wrong, and with which file.
        fault: String,
    },
}

impl Error {
    /// For `map_err`: the engine's failure on a task.
    pub(crate) fn engine(task: &str) -> impl FnOnce(chronotope_ask::Error) -> Error {
        move |fault| Error::Engine { task: task.to_owned(), fault }
    }

    /// For `map_err`: a model's failure on a task.
    pub(crate) fn model(task: &str) -> impl FnOnce(chronotope_models::Error) -> Error {
        move |fault| Error::Model { task: task.to_owned(), fault }
    }
}
