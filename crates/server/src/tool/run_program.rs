//! `run_program`: a program in the typed language.

use chronotope::ask::program::json::from_json;
use chronotope::ask::program::parse;
use serde_json::Value as Json;

use super::{Args, Tool, program, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// Runs a program on a World.
pub(super) struct RunProgram;

impl Tool for RunProgram {
    fn name(&self) -> &'static str {
        "run_program"
    }

    fn about(&self) -> &'static str {
        "Runs a program of Chronotope's small typed language, for what no question or other tool says. \
         Example: count(where(all(\"person\"), speed(it, during: always, reduce: max) > 2 m/s)). \
         A program that does not fit is refused with the type that was expected; operators lists the operators."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![schema::text("program", "The program's text, or its JSON").required()])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let written = args.must("program")?;
        let remedy = "operators lists what there is with an example each";
        let parsed = if written.trim_start().starts_with('{') {
            serde_json::from_str(written)
                .map_err(|error| Error::input(format!("program: expected JSON, found {error}")))
                .and_then(|json| from_json(&json).map_err(Error::input))
        } else {
            parse(written).map_err(Error::input)
        };
        let parsed = parsed.map_err(|error| error.remedy(remedy))?;
        program::run(&args.world(desk, control)?, &parsed, false)
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{answered, call, street};
    use serde_json::json;

    #[test]
    fn a_program_runs_and_one_that_does_not_fit_says_what_was_expected() {
        let (_folder, desk) = street();
        let run = |program: &str| json!({ "program": program });
        assert_eq!(answered(&desk, "run_program", run("count(all(\"car\"))")), "2");
        let error =
            call(&desk, "run_program", run("distance(all(\"car\"), in: image) <")).expect_err("no program");
        assert!(error.hint().is_some_and(|hint| hint.contains("operators")), "{error}");
    }
}
