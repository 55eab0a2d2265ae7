//! FrameThinker: asking for pictures, consistently.

use super::reply::{Name, Reason};
use super::{Case, Fault, Reply, Verdict, read};

rule! {
    /// Gate · (accuracy + ½ · the time tool used on a question with a time and right + 0.02 · any choice of pictures and right).
    ///
    /// The gate holds where every turn that acts has one think block; every requested range is longer than 8 pictures and new; the last two
    /// numbers of the thoughts are the range that is asked for; and a time that was asked for with the time tool is used: with
    /// `context.fps` a later range holds its picture. Actions are `<action>` blocks: two numbers choose a range, the word `time` asks which
    /// picture shows a time (in seconds or `m:ss`). `context.time_question` says that the question names a time.
    ///
    /// # Source
    /// `think_with_video_reward.py` (v11) of lcqysl/FrameThinker-RL; the texts of the actions are ours.
    FrameThinker, "frame-thinker", "accuracy behind a gate of consistent requests for pictures", "frame_thinker.rs",
    Some("FrameThinker, 2025"),
    r#"{"id": 1, "completion": [{"content": "<think>which picture shows 0:10</think><action>time 0:10</action>"}, {"content": "<think>look at 90 to 120</think><action>frames 90 to 120</action>"}, {"content": "<think>seen</think><answer>B</answer>"}], "answer": "B", "context": {"time_question": true, "fps": 10}}"#
}

enum Action {
    Range(f64, f64),
    Time(f64),
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason) = case.accuracy()?;
    let fps = case.context.amount("fps")?;
    let asked = case.context.flag("time_question")?;
    let actions: Option<Vec<(Action, &str)>> =
        case.turns().filter(|turn| acts(turn)).map(|turn| action(turn)).collect();
    let gate = actions.as_deref().is_some_and(|actions| consistent(actions, fps));
    let any = |of: fn(&Action) -> bool| actions.iter().flatten().any(|(action, _)| of(action));
    let right = accuracy == 1.0;
    let time = asked && right && any(|action| matches!(action, Action::Time(_)));
    let choice = right && any(|action| matches!(action, Action::Range(..)));
    let bit = |yes| f64::from(u8::from(yes));
    Ok(Verdict::of("accuracy", accuracy)
        .part("time_tool", bit(time), 0.5)
        .part("choice", bit(choice), 0.02)
        .gate("consistent", bit(gate))
        .because((!gate).then_some(Reason::Format))
        .because(reason))
}

fn acts(turn: &Reply<'_>) -> bool {
    turn.count(Name::Action, false) + turn.count(Name::Action, true) > 0
}

/// The one action of a turn with its thoughts; none where the turn is not one thought and one action.
fn action<'a>(turn: &Reply<'a>) -> Option<(Action, &'a str)> {
    let one = |name| turn.count(name, false) == 1 && turn.count(name, true) == 1;
    if !(one(Name::Think) && one(Name::Action)) {
        return None;
    }
    let text = turn.blocks(Name::Action).next()?;
    let action = if text.to_ascii_lowercase().contains("time") {
        let clock = text.split_whitespace().find_map(|word| word.split_once(':'));
        let seconds = match clock {
            Some((minutes, seconds)) => {
                minutes.trim().parse::<f64>().ok()? * 60.0 + read::numbers(seconds).first().copied()?
            }
            None => *read::numbers(text).first()?,
        };
        Action::Time(seconds)
    } else {
        let [from, to] = read::numbers(text)[..] else { return None };
        Action::Range(from, to)
    };
    Some((action, turn.thoughts()?))
}

fn consistent(actions: &[(Action, &str)], fps: Option<f64>) -> bool {
    let mut asked: Vec<(f64, f64)> = Vec::new();
    for (i, (action, thoughts)) in actions.iter().enumerate() {
        match action {
            Action::Range(from, to) => {
                let said = read::numbers(thoughts);
                let named = said.len() >= 2 && said[said.len() - 2..] == [*from, *to];
                if to - from <= 8.0 || asked.contains(&(*from, *to)) || !named {
                    return false;
                }
                asked.push((*from, *to));
            }
            Action::Time(seconds) => {
                let Some(fps) = fps else { continue };
                let picture = (seconds * fps).round();
                let used = actions[i + 1..].iter().any(
                    |(later, _)| matches!(later, Action::Range(from, to) if (*from..=*to).contains(&picture)),
                );
                if !used {
                    return false;
                }
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn consistent_requests_pay_and_others_shut_the_gate() {
        // vector u58
        let row = FrameThinker.entry().example;
        assert!((pays(&FrameThinker, row) - 1.52).abs() < 1e-12);
        for (from, to) in [
            ("frames 90 to 120", "frames 90 to 121"),
            ("90 to 120", "98 to 104"),
            ("90 to 120", "190 to 220"),
        ] {
            assert_eq!(pays(&FrameThinker, &row.replace(from, to)), 0.0, "{from} {to}");
        }
    }
}
