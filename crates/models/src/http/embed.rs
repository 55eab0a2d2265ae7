//! `/embeddings`.

use super::{Server, Settings};
use crate::ability::embed::{Embed, Embeddings};
use crate::error::shortened;
use crate::{Address, Error};
use serde_json::{Value, json};

/// An embedding model behind an address.
pub struct HttpEmbed {
    server: Server,
    model: String,
}

impl HttpEmbed {
    /// As [`super::HttpChat::new`].
    ///
    /// # Errors
    /// As there.
    pub fn new(address: &Address, settings: &Settings) -> Result<HttpEmbed, Error> {
        let server = Server::new(address, settings)?;
        let model = server.model()?;
        Ok(HttpEmbed { server, model })
    }
}

impl Embed for HttpEmbed {
    fn embed(&self, texts: &[&str]) -> Result<Embeddings, Error> {
        if texts.is_empty() {
            return Ok(Embeddings::default());
        }
        let body = json!({"model": self.model, "input": texts, "encoding_format": "float"});
        let value: Value = self.server.wait(async {
            self.server.whole.embeddings().create_byot(body).await.map_err(|error| self.server.fault(error))
        })?;
        read(&value, texts.len()).ok_or_else(|| Error::Reply {
            expected: "one vector of numbers per text, all of one length",
            found: shortened(&value.to_string()),
            address: self.server.address.with_model(&self.model).to_string(),
        })
    }
}

/// Vectors in the order of the texts, whatever order they came in.
fn read(value: &Value, n: usize) -> Option<Embeddings> {
    let mut vectors = vec![Vec::new(); n];
    let rows = value.get("data")?.as_array().filter(|rows| rows.len() == n)?;
    for (i, row) in rows.iter().enumerate() {
        let at = row.get("index").and_then(Value::as_u64).map_or(i, |index| index as usize);
        let numbers = row.get("embedding")?.as_array()?.iter();
        let vector: Option<Vec<f32>> =
            numbers.map(|v| v.as_f64().map(|v| v as f32).filter(|v| v.is_finite())).collect();
        let place = vectors.get_mut(at).filter(|place| place.is_empty())?;
        *place = vector.filter(|vector| !vector.is_empty())?;
    }
    let length = vectors.first()?.len();
    let tokens_in = value.pointer("/usage/prompt_tokens").and_then(Value::as_u64).unwrap_or(0);
    vectors.iter().all(|v| v.len() == length).then_some(Embeddings { vectors, tokens_in })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_in_the_order_of_the_texts() {
        let value = json!({"data": [{"index": 1, "embedding": [3, 4]}, {"index": 0, "embedding": [1, 2.5]}],
            "usage": {"prompt_tokens": 7}});
        let read = read(&value, 2).expect("two vectors");
        assert_eq!((read.vectors, read.tokens_in), (vec![vec![1.0, 2.5], vec![3.0, 4.0]], 7));
    }

    #[test]
    fn what_is_no_set_of_vectors_is_refused() {
        for value in [
            json!({"data": [{"embedding": [1]}]}),
            json!({"data": [{"embedding": [1]}, {"embedding": [1, 2]}]}),
            json!({"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]}),
            json!({"data": [{"index": 9, "embedding": [1]}, {"embedding": [1]}]}),
            json!({"data": [{"embedding": []}, {"embedding": []}]}),
            json!({"data": [{"embedding": ["x"]}, {"embedding": [1]}]}),
            json!(7),
        ] {
            assert_eq!(read(&value, 2), None, "{value}");
        }
    }
}
