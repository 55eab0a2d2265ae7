//! `verify`: sentences held against a World.

use chronotope::ask::claim::{Stands, split, verdict_json, verify};
use serde_json::{Value as Json, json};

use super::{Args, Tool, schema};
use crate::control::{Control, Done};
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// Says which sentences are so.
pub(super) struct Verify;

/// Sentences that are held against a World in one call.
const MOST: usize = 200;

impl Tool for Verify {
    fn name(&self) -> &'static str {
        "verify"
    }

    fn about(&self) -> &'static str {
        "Holds the sentences of a caption, an answer or a chain of thought against a World: each is supported, contradicted or undecidable, with the question that decides it and the evidence. \
         Use it on your own answer before you give it."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![
            schema::text("claims", "The sentences, one claim each: `The red car is left of the bus at 3 s.`")
                .required(),
        ])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let written = args.must("claims")?;
        let claims: Vec<&str> =
            split(written).filter(|(_, mark)| !matches!(mark, '?' | '>')).map(|(s, _)| s).collect();
        if claims.is_empty() {
            return Err(Error::argument("claims", "sentences that claim something", "none"));
        }
        if claims.len() > MOST {
            return Err(Error::Limit { what: "claims", most: MOST.to_string() });
        }
        let world = args.world(desk, control)?.world;
        let (mut rows, mut lines) = (Vec::new(), Vec::new());
        let mut counts = [0, 0, 0];
        for (n, claim) in claims.iter().enumerate() {
            let words = format!("{n} of {} claims", claims.len());
            control.tell(Done { done: n as f64, of: Some(claims.len() as f64), words })?;
            let verdict = verify(&world, claim).map_err(Error::input)?;
            counts[match verdict.stands {
                Stands::Supported => 0,
                Stands::Contradicted => 1,
                Stands::Undecidable => 2,
            }] += 1;
            let answer = verdict.asked.as_ref().map(|asked| asked.answered.answer.text.as_str());
            lines.push(format!("{}: {claim} [{}]", verdict.stands.name(), answer.unwrap_or("not read")));
            rows.push(verdict_json(claim, &verdict));
        }
        let [supported, contradicted, undecidable] = counts;
        lines.push(format!("{supported} supported, {contradicted} contradicted, {undecidable} undecidable"));
        let json = json!({ "claims": rows, "supported": supported, "contradicted": contradicted, "undecidable": undecidable });
        Ok(Reply::new(json, lines.join("\n")))
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{call, street};
    use serde_json::json;

    #[test]
    fn sentences_are_told_apart() {
        let (_folder, desk) = street();
        let claims = "There are two cars. There are five cars. There are three dogs.";
        let reply = call(&desk, "verify", json!({ "claims": claims })).expect("verdicts");
        let told: Vec<&str> = reply.json["claims"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| row["verdict"].as_str().expect("a text"))
            .collect();
        assert_eq!(told, ["supported", "contradicted", "undecidable"], "{}", reply.text);
        assert!(call(&desk, "verify", json!({ "claims": "Why?" })).is_err());
    }
}
