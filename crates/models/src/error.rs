//! What can go wrong between a request and its reply.

use thiserror::Error;

/// A request that was not answered as it should be. Every text names what was expected, what was found, and last the address or
/// file; [`Error::remedy`] says what would help.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// An address that is none.
    #[error("expected an address such as http://127.0.0.1:8000/v1#MODEL, found {found}: {address}")]
    Address {
        /// What is wrong with it.
        found: String,
        /// As given, without its key.
        address: String,
    },
    /// Nobody answers there, or the connection broke, also after some tries.
    #[error("no connection after {tries} tries, found {found}: {address}")]
    Connection {
        /// How often it was tried.
        tries: u32,
        /// What the network said.
        found: String,
        /// Where.
        address: String,
    },
    /// The server did not answer in time.
    #[error("expected a reply within {waited_s} s, found none: {address}")]
    TimeOut {
        /// How long was waited, in seconds.
        waited_s: f64,
        /// Where.
        address: String,
    },
    /// The server refused: its status says why.
    #[error("expected status 200, found {status} after {tries} tries ({said}): {address}")]
    Status {
        /// HTTP status.
        status: u16,
        /// How often it was tried.
        tries: u32,
        /// The server's words, shortened.
        said: String,
        /// Where.
        address: String,
    },
    /// More bytes than any reply needs.
    #[error("expected a reply of at most {most_bytes} bytes, found more: {address}")]
    TooLarge {
        /// The limit.
        most_bytes: u64,
        /// Where.
        address: String,
    },
    /// Bytes that are no reply of this protocol.
    #[error("expected {expected}, found {found}: {address}")]
    Reply {
        /// What the protocol says.
        expected: &'static str,
        /// The bytes, shortened.
        found: String,
        /// Where.
        address: String,
    },
    /// The model will not answer this.
    #[error("the model refused ({said}): {address}")]
    Refused {
        /// Its words, shortened.
        said: String,
        /// Where.
        address: String,
    },
    /// The next call would pass the budget; it was not made.
    #[error("the budget of {limit} {unit} is spent ({spent} so far): {address}")]
    Budget {
        /// What is counted.
        unit: &'static str,
        /// How much may be spent.
        limit: f64,
        /// How much was.
        spent: f64,
        /// The model.
        address: String,
    },
    /// A price is needed that the table does not have.
    #[error("expected a price of `{model}` for a budget in money, found none: {file}")]
    Price {
        /// The model.
        model: String,
        /// The table.
        file: String,
    },
    /// A recording that does not hold this request.
    #[error("expected a recorded reply of request {key} ({about}), found none: {file}")]
    NotRecorded {
        /// SHA-256 of the request.
        key: String,
        /// How it begins.
        about: String,
        /// The recording.
        file: String,
    },
    /// A file that cannot be read or written.
    #[error("{place}expected {expected}, found {found}: {file}")]
    File {
        /// `line N: ` or nothing.
        place: String,
        /// What would have been right.
        expected: &'static str,
        /// What is there.
        found: String,
        /// Which file.
        file: String,
    },
    /// The caller stopped it.
    #[error("stopped: {address}")]
    Cancelled {
        /// The model.
        address: String,
    },
}

impl Error {
    /// What would help, where that can be said.
    pub fn remedy(&self) -> Option<String> {
        Some(match self {
            Error::Connection { .. } => {
                "start the server, or give its address as --model http://HOST:PORT/v1#MODEL".to_owned()
            }
            Error::TimeOut { .. } => "a smaller picture or a longer time-out".to_owned(),
            Error::Status { status: 401 | 403, .. } => {
                "a key in CHRONOTOPE_API_KEY or OPENAI_API_KEY".to_owned()
            }
            Error::Status { status: 404, .. } => {
                "the address ends where /chat/completions begins, as in http://HOST:PORT/v1#MODEL".to_owned()
            }
            Error::Status { status: 300..=399, .. } => {
                "the address that it points to; redirects are not followed".to_owned()
            }
            Error::Status { status: 429, .. } => "wait, or ask less often".to_owned(),
            Error::Status { status: 500.., .. } => {
                "the same command later goes on without paying again".to_owned()
            }
            Error::Reply { .. } => "an OpenAI-compatible server at this address".to_owned(),
            Error::Budget { .. } => "a larger --budget".to_owned(),
            Error::NotRecorded { .. } => "record again: --record FILE with the same options".to_owned(),
            _ => return None,
        })
    }

    /// Whether the service, or the way to it, is at fault: another call just now would fail too. False for a reply that is bad in itself.
    pub fn is_service(&self) -> bool {
        !matches!(self, Error::Reply { .. } | Error::Refused { .. } | Error::TooLarge { .. })
    }
}

/// The beginning of a text from outside: at most 200 characters, on one line.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    let mut short = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == MOST {
            short.push('…');
            break;
        }
        short.push(if c.is_control() { ' ' } else { c });
    }
    short.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_outside_are_short_and_on_one_line() {
        assert_eq!(shortened(" a\nb\u{1b}[2Jc "), "a b [2Jc");
        assert_eq!(shortened(&"x".repeat(1000)).chars().count(), 201);
        assert_eq!(shortened(""), "");
    }
}
