//! `replay`: an answer is checked.

use chronotope::ask::replay;
use serde_json::{Value as Json, json};

use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// Computes an answer again and compares all of it.
pub(super) struct Replay;

impl Tool for Replay {
    fn name(&self) -> &'static str {
        "replay"
    }

    fn about(&self) -> &'static str {
        "Checks an answer that ask or another tool gave: computes it again as of the revision that it names, and compares value, words, choice and the digests of \
         its evidence. Says what differs, if anything was changed."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![schema::whole("answer", "The whole object that was answered").required()])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let saved = args.any("answer").ok_or_else(|| Error::argument("answer", "an answer", "nothing"))?;
        let seen = args.world(desk, control)?;
        let report = replay(saved, &seen.world).map_err(|error| {
            Error::input(format!("answer: {error}")).remedy("give the object as it was answered, whole")
        })?;
        let holds = report.holds();
        let text = if holds {
            "holds: computed again, value and evidence are as they were".to_owned()
        } else {
            format!("does not hold: {}", report.differences.join("; "))
        };
        Ok(Reply::new(json!({ "holds": holds, "differences": report.differences }), text))
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{call, street};
    use serde_json::json;

    #[test]
    fn an_answer_holds_and_a_forged_one_does_not() {
        let (_folder, desk) = street();
        let answer =
            call(&desk, "ask", json!({ "question": "How many cars are there?" })).expect("an answer");
        let held = call(&desk, "replay", json!({ "answer": answer.json })).expect("a report");
        assert_eq!(held.json["holds"], true, "{}", held.text);
        let mut forged = answer.json.clone();
        forged["answer"]["text"] = json!("7");
        let broken = call(&desk, "replay", json!({ "answer": forged })).expect("a report");
        assert_eq!(broken.json["holds"], false);
        assert!(broken.text.contains("was \"7\", is \"2\""), "{}", broken.text);
    }
}
