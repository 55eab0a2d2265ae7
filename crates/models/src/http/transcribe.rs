//! `/audio/transcriptions`.

use super::{Server, Settings};
use crate::ability::transcribe::{Spoken, Transcribe, Transcript};
use crate::error::shortened;
use crate::{Address, Error};
use async_openai::types::InputSource;
use async_openai::types::audio::{
    AudioInput, AudioResponseFormat, CreateTranscriptionRequest, TimestampGranularity,
};
use chronotope_world::{Span, Time};
use serde_json::Value;

/// A transcriber behind an address.
pub struct HttpTranscribe {
    server: Server,
    model: String,
}

impl HttpTranscribe {
    /// As [`super::HttpChat::new`].
    ///
    /// # Errors
    /// As there.
    pub fn new(address: &Address, settings: &Settings) -> Result<HttpTranscribe, Error> {
        let server = Server::new(address, settings)?;
        let model = server.model()?;
        Ok(HttpTranscribe { server, model })
    }
}

impl Transcribe for HttpTranscribe {
    fn transcribe(&self, name: &str, bytes: &[u8], language: Option<&str>) -> Result<Transcript, Error> {
        let source = InputSource::Bytes { filename: name.to_owned(), bytes: bytes.to_vec().into() };
        let request = CreateTranscriptionRequest {
            file: AudioInput { source },
            model: self.model.clone(),
            language: language.map(str::to_owned),
            response_format: Some(AudioResponseFormat::VerboseJson),
            timestamp_granularities: Some(vec![TimestampGranularity::Segment]),
            ..CreateTranscriptionRequest::default()
        };
        let own = self.server.address.with_model(&self.model).to_string();
        let fault = |found: &str| Error::Reply {
            expected: "a transcript with `text`",
            found: shortened(found),
            address: own.clone(),
        };
        let bytes = self.server.wait(async {
            let audio = self.server.whole.audio();
            audio.transcription().create_raw(request).await.map_err(|error| self.server.fault(error))
        })?;
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|_error| fault(&String::from_utf8_lossy(&bytes)))?;
        read(&value).ok_or_else(|| fault(&value.to_string()))
    }
}

fn read(value: &Value) -> Option<Transcript> {
    let text = value.get("text")?.as_str()?.trim().to_owned();
    let language = value.get("language").and_then(Value::as_str).map(str::to_owned);
    let rows = value.get("segments").and_then(Value::as_array);
    let piece = |row: &Value| {
        let second = |name: &str| row.get(name).and_then(Value::as_f64).filter(|s| (0.0..9e9).contains(s));
        let span = Span::new(Time::from_s(second("start")?), Time::from_s(second("end")?))?;
        let text = row.get("text")?.as_str()?.trim().to_owned();
        Some(Spoken { span, text })
    };
    let pieces = rows.into_iter().flatten().filter_map(piece).collect();
    Some(Transcript { text, language, pieces })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pieces_have_times_and_bad_ones_are_left_out() {
        let value = json!({"text": " hello there ", "language": "english", "segments": [
            {"start": 0.5, "end": 1.25, "text": " hello"}, {"start": 3, "end": 2, "text": "backwards"},
            {"start": 1.25, "end": 2.0, "text": "there"}]});
        let read = read(&value).expect("a transcript");
        assert_eq!((read.text.as_str(), read.pieces.len()), ("hello there", 2));
        assert_eq!(read.pieces[0].span, Span::between(Time::from_s(0.5), Time::from_s(1.25)));
        assert!(super::read(&json!({"segments": []})).is_none());
    }
}
