//! A reward that checks what the thoughts claim against a World.

use chronotope_ask::ask;
use chronotope_ask::claim::{Asks, Said, Stands, beside, claim, holds, sentences};
use chronotope_score::Corners;
use chronotope_score::reward::{Case, Claim, Fault, Reason, Reward, Verdict, claims};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Time, World, text};
use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock};

/// True claims of the thoughts pay, contradictions cost, what nobody can check pays nothing.
///
/// Claims are read in two forms, each distinct one once:
///
/// - cited boxes `<obj>car</obj><box>[x1, y1, x2, y2]</box>at<t>3.5</t>s`, in pixels of the source: true where a thing of that label has a box there
///   that overlaps by at least ½, false where there is none of that label or none so placed, unknown where the World cannot say (nobody
///   looked, or for other labels);
/// - sentences `the car is left of the truck at 3 s`, `the car comes within 2 m of the truck`: asked of the World as a question, by the same engine that
///   answers anybody. Sentences that deny, doubt, ask or speak of `it` are left out; what the engine does not read is no claim;
/// - numbers in sentences: `there are two people at 5 s`, `the car drives at 36 km/h at 3 s`, `the car is 4 m from the truck at 3 s`. A count has to be
///   the World's; a speed or distance may be off by a tenth of what the World says, or by half of the last digit said. A World that cannot tell closely
///   enough, or in that unit, leaves it unknown.
///
/// Parts: `supported`, the share of true ones among the claims; `contradicted` (weight −1), ½ for each false one up to 1, however many true
/// ones stand beside it: padding does not wash a contradiction out. Where the row has an `answer`, only a right reply is paid for support
/// (`context.ungated` pays all). No claim is 0 and says `nothing_cited`.
///
/// The World is that of the rule, else `context.world` in text form; a row that brings another one beside that of the rule is at fault. Not among the papers' rules.
#[derive(Debug, Default)]
pub struct WorldCheck {
    world: Option<World>,
    /// That World in text form, once a row has brought one as well.
    written: OnceLock<Option<String>>,
    /// The last World in text form that a row brought, as rollouts of one prompt share it.
    last: Mutex<Option<(String, World)>>,
}

/// Most claims of each form that are checked; further ones count as unchecked.
const MOST: usize = 64;
/// Overlap from which a box is where it was said to be.
const OVERLAP: f64 = 0.5;
impl WorldCheck {
    /// Checks all rows against this World.
    pub fn of(world: World) -> WorldCheck {
        WorldCheck { world: Some(world), ..WorldCheck::default() }
    }

    fn world(&self, case: &Case<'_>) -> Result<World, Fault> {
        let own = case.context.text("world")?;
        if let Some(world) = &self.world {
            let Some(own) = own else { return Ok(world.clone()) };
            // printed, as the same World may be written in several ways
            let written = self.written.get_or_init(|| text::print(world).ok());
            let same = written.as_deref() == Some(own) || *written == text::print(&self.parsed(own)?).ok();
            return same.then(|| world.clone()).ok_or_else(|| Fault::Context {
                field: "world",
                expected: "no World, or the one that holds for all rows",
                found: "another one".to_owned(),
            });
        }
        let expected = "a World in text form (or a World for all rows)";
        let written =
            own.ok_or_else(|| Fault::Context { field: "world", expected, found: "nothing".to_owned() })?;
        self.parsed(written)
    }

    /// A World in text form; the last one is kept.
    fn parsed(&self, written: &str) -> Result<World, Fault> {
        // another thread's panic leaves at worst an older World
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((text, world)) = &*last
            && text == written
        {
            return Ok(world.clone());
        }
        let world = text::parse(written).map_err(|error| Fault::Context {
            field: "world",
            expected: "a World in text form",
            found: error.to_string(),
        })?;
        *last = Some((written.to_owned(), world.clone()));
        Ok(world)
    }
}

impl Reward for WorldCheck {
    fn entry(&self) -> Entry {
        Entry {
            kind: "rewards",
            name: "world-check",
            about: "claims of the thoughts that hold in a World; contradictions cost",
            source: "evaluate/src/world_check.rs",
            paper: None,
            example: r#"{"id": 1, "completion": "<think>The car is left of the truck at 0 s.</think><answer>yes</answer>", "answer": "yes", "context": {"world": "record \"a\"\nsource video \"a.mp4\"\ncamera cam 640x360\ncoverage cam [0, 6) car, truck\ncar 1 through cam gap 9\n  0: box (10, 100, 60, 40)\ntruck 2 through cam gap 9\n  0: box (200, 100, 60, 40)\n"}}"#,
        }
    }

    fn judge(&self, case: &Case<'_>) -> Result<Verdict, Fault> {
        let world = self.world(case)?;
        let thoughts = case.reply.thoughts().unwrap_or_default();
        let mut stands = Vec::new();
        let mut unchecked = 0;
        let cited = claims(thoughts);
        for (i, claim) in cited.iter().enumerate() {
            let again = cited[..i.min(MOST)].contains(claim);
            if i >= MOST {
                unchecked += 1;
            } else if !again {
                stands.push(placed(&world, claim)?);
            }
        }
        let mut said = BTreeSet::new();
        for claim in sentences(thoughts).filter_map(claim) {
            if said.len() >= MOST {
                unchecked += 1;
            } else if said.insert(claim.to_string().to_lowercase()) {
                stands.extend(match &claim.said {
                    None => asked(&world, &claim.question)?,
                    Some(said) => measured(&world, &claim, said)?,
                });
            }
        }
        let count = |kind| stands.iter().filter(|stands| **stands == kind).count() as f64;
        let all = stands.len() as f64 + f64::from(unchecked);
        let (right, wrong) = (count(Stands::Supported), count(Stands::Contradicted));
        let mut supported = if all > 0.0 { right / all } else { 0.0 };
        let mut reason = None;
        if case.truth.is_some() && !case.context.flag("ungated")? {
            let (accuracy, why) = case.accuracy()?;
            reason = why;
            if accuracy < 0.5 {
                supported = 0.0;
            }
        }
        Ok(Verdict::of("supported", supported)
            .part("contradicted", (0.5 * wrong).min(1.0), -1.0)
            .part("true", right, 0.0)
            .part("false", wrong, 0.0)
            .part("unknown", all - right - wrong, 0.0)
            .because((wrong > 0.0).then_some(Reason::Contradiction))
            .because((all == 0.0).then_some(Reason::NothingCited))
            .because(reason))
    }
}

fn failed(error: impl std::fmt::Display) -> Fault {
    Fault::Row(format!("the World cannot be read: {error}"))
}

/// How a cited box stands: its label's boxes at that time, else what the World says of the label's presence.
fn placed(world: &World, claim: &Claim<'_>) -> Result<Stands, Fault> {
    if !(0.0..1e9).contains(&claim.t_s) {
        return Ok(Stands::Contradicted);
    }
    let t = Time::from_s(claim.t_s);
    let mut there = Vec::new();
    for entity in world.entities() {
        if !world.labels_of(entity).any(|label| label.text.eq_ignore_ascii_case(claim.object)) {
            continue;
        }
        if let Some(shown) = world.moment(entity, t).map_err(failed)?.and_then(|moment| moment.box_px) {
            there.push(Corners::from(shown));
        }
    }
    let holds = |said: &Corners| there.iter().any(|shown| said.iou(*shown) >= OVERLAP);
    if claim.boxes.iter().all(holds) {
        return Ok(Stands::Supported);
    }
    if !there.is_empty() {
        return Ok(Stands::Contradicted);
    }
    // nothing of that label: only coverage can say that there was none
    let present = asked(world, &format!("Is there a {} at {} s?", claim.object, claim.t_s))?;
    Ok(if present == Some(Stands::Contradicted) { Stands::Contradicted } else { Stands::Undecidable })
}

/// How a question that claims something stands; none where the engine does not read it as one of yes or no.
fn asked(world: &World, question: &str) -> Result<Option<Stands>, Fault> {
    Ok(holds(&ask(world, question, &[]).map_err(failed)?))
}

/// How a number that was said stands beside the World's; none where the engine does not read the question.
fn measured(world: &World, claim: &Asks, said: &Said) -> Result<Option<Stands>, Fault> {
    Ok(beside(&ask(world, &claim.question, &[]).map_err(failed)?, said))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_score::reward::Context;

    const CORNER: &str = r#"record "corner"
source video "corner.mp4"
camera cam 640x360
coverage cam [0, 6) car, truck
car 1 through cam gap 9
  0: box (10, 100, 60, 40)
  5: box (60, 100, 60, 40)
truck 2 through cam gap 9
  0: box (200, 100, 60, 40)
  5: box (200, 100, 60, 40)
"#;

    fn judged(thoughts: &str, said: &str) -> Verdict {
        let rule = WorldCheck::of(text::parse(CORNER).expect("a World"));
        let completion = format!("<think>{thoughts}</think><answer>{said}</answer>");
        rule.judge(&Case::new(&completion, Some("yes"), "exact", Context::default()))
            .expect("a row that fits")
    }

    fn counts(thoughts: &str) -> [f64; 3] {
        ["true", "false", "unknown"].map(|name| judged(thoughts, "yes").value(name).expect("counted"))
    }

    #[test]
    fn its_own_row_scores() {
        let rule = WorldCheck::default();
        let row = rule.entry().example;
        let row: chronotope_score::reward::RewardRow<'_> = serde_json::from_str(row).expect("a row");
        let plan = chronotope_score::reward::Plan::default();
        assert_eq!(rule.judge(&row.case(&plan)).expect("a row that fits").reward(), 1.0);
    }

    #[test]
    fn planted_boxes_stand_as_the_world_says() {
        let cite = |label: &str, corners: &str, t: &str| {
            format!("<obj>{label}</obj><box>{corners}</box>at<t>{t}</t>s")
        };
        assert_eq!(counts(&cite("car", "[10, 100, 70, 140]", "0")), [1.0, 0.0, 0.0]);
        // between two sightings it is where it was on the way
        assert_eq!(counts(&cite("car", "[35, 100, 95, 140]", "2.5")), [1.0, 0.0, 0.0]);
        assert_eq!(counts(&cite("car", "[300, 100, 360, 140]", "0")), [0.0, 1.0, 0.0]);
        assert_eq!(counts(&cite("truck", "[10, 100, 70, 140]", "0")), [0.0, 1.0, 0.0]);
        // nobody looked for buses, nor at a hundred seconds
        assert_eq!(counts(&cite("bus", "[10, 100, 70, 140]", "0")), [0.0, 0.0, 1.0]);
        assert_eq!(counts(&cite("car", "[10, 100, 70, 140]", "100")), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn planted_relations_stand_as_the_world_says() {
        assert_eq!(counts("The car is left of the truck at 0 s."), [1.0, 0.0, 0.0]);
        assert_eq!(counts("So the car is right of the truck at 0 s."), [0.0, 1.0, 0.0]);
        assert_eq!(counts("There is a car at 3.5 s. There is a bus at 3.5 s"), [1.0, 0.0, 1.0]);
        // doubt, denial and questions are no claims, nor is what nobody reads
        let none = "Maybe the car is right of the truck. The car is not right of the truck. Is the car right of the truck? It is late.";
        assert_eq!(counts(none), [0.0; 3]);
        assert_eq!(judged(none, "yes").reason, Some(Reason::NothingCited));
    }

    /// How claims about a street in metres stand: a car drives 10 m a second towards a truck at rest 60 m ahead.
    fn street(thoughts: &str) -> [f64; 3] {
        let written = r#"record "street"
source video "street.mp4"
camera cam 640x360
world ground m
coverage cam [0, 6) car, truck
car 1 in ground through cam gap 9
  0: (0, 0, 0) box (10, 100, 60, 40)
  5: (50, 0, 0) box (60, 100, 60, 40)
truck 2 in ground through cam gap 9
  0: (60, 0, 0) box (200, 100, 60, 40)
  5: (60, 0, 0) box (200, 100, 60, 40)
"#;
        let rule = WorldCheck::of(text::parse(written).expect("a World"));
        let completion = format!("<think>{thoughts}</think><answer>yes</answer>");
        let verdict = rule.judge(&Case::new(&completion, Some("yes"), "exact", Context::default()));
        let verdict = verdict.expect("a row that fits");
        ["true", "false", "unknown"].map(|name| verdict.value(name).expect("counted"))
    }

    #[test]
    fn planted_numbers_stand_as_the_world_says() {
        for (claim, expected) in [
            ("There is one car at 3 s.", [1.0, 0.0, 0.0]),
            ("There are two cars at 3 s.", [0.0, 1.0, 0.0]),
            ("I count 2 cars at 3 s.", [0.0, 1.0, 0.0]),
            ("The car drives at 10 m/s at 3 s.", [1.0, 0.0, 0.0]),
            ("The car is moving at about 36 km/h at 3 s.", [1.0, 0.0, 0.0]),
            ("The speed of the car is 10.4 m/s at 3 s.", [1.0, 0.0, 0.0]),
            ("The car's speed was 14 m/s at 3 s.", [0.0, 1.0, 0.0]),
            // pixels tell nothing of metres
            ("The car moves at 10 px/s at 3 s.", [0.0, 0.0, 1.0]),
            ("The car is 30 m from the truck at 3 s.", [1.0, 0.0, 0.0]),
            ("The car is 50 m away from the truck at 3 s.", [0.0, 1.0, 0.0]),
            ("The car comes within 20 m of the truck.", [1.0, 0.0, 0.0]),
            ("The car came within 2 m of the truck.", [0.0, 1.0, 0.0]),
            // what is hedged is no claim
            ("Maybe there are two cars at 3 s.", [0.0, 0.0, 0.0]),
        ] {
            assert_eq!(street(claim), expected, "{claim}");
        }
    }

    #[test]
    fn contradictions_cost_however_much_truth_stands_beside_them() {
        let truth = "The car is left of the truck at 0 s. ";
        assert_eq!(judged(truth, "yes").reward(), 1.0);
        // said again is not said more
        assert_eq!(judged(&truth.repeat(50), "yes").value("true"), Some(1.0));
        let mixed = judged(
            &format!("{truth}The car is left of the truck at 5 s. The truck is left of the car at 0 s."),
            "yes",
        );
        assert!((mixed.reward() - (2.0 / 3.0 - 0.5)).abs() < 1e-12, "{mixed:?}");
        assert_eq!(mixed.reason, Some(Reason::Contradiction));
        // a wrong answer is not paid for true words
        assert_eq!(judged(truth, "no").reward(), 0.0);
    }
}
