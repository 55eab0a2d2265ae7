//! GTR: an action that can be read, under a corrected thought.

use super::reply::Name;
use super::{Case, Fault, Verdict};

rule! {
    /// The environment's reward (`context.reward`) + 5 where the reply's JSON can be read and names an action, else 0 of that.
    ///
    /// The JSON is the answer or the one `<action>` block, an object with `action`. The correction of the thought is a loss, not a reward; its corrector is
    /// replaced by the rule engine where there is one. The likelihood that is updated is [`crate::advantage::gtr_log_likelihood`].
    ///
    /// # Source
    /// `thought_evaluate.py`, `ppo.py` of weit123/GTR.
    Gtr, "gtr", "the environment's reward, and 5 for an action that can be read", "gtr.rs",
    Some("Wei et al., GTR, 2025"),
    r#"{"id": 1, "completion": "<think>left</think><answer>{\"action\": \"left\"}</answer>", "context": {"reward": 1}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let outcome = case.context.number_or("reward", 0.0)?;
    let action = super::stvg_r1::only(case.reply.blocks(Name::Action).collect());
    let said = case.answer().or(action);
    let json = said.ok().and_then(|said| serde_json::from_str::<serde_json::Value>(said.trim()).ok());
    let reads = json.is_some_and(|json| json.get("action").is_some_and(|action| !action.is_null()));
    Ok(Verdict::of("outcome", outcome).part("format", f64::from(u8::from(reads)), 5.0).because(said.err()))
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn an_action_that_can_be_read_pays_five() {
        let row = Gtr.entry().example;
        assert_eq!((pays(&Gtr, row), pays(&Gtr, &row.replace("action", "verb"))), (6.0, 1.0));
    }
}
