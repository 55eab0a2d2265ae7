//! What a question about time asks.

use super::clauses::{Join, Phase, connective, is_time, starts, trimmed};

/// What is asked; clauses as words.
#[derive(Debug, PartialEq)]
pub(super) enum Asked<'q> {
    /// From the first to the second.
    Gap(&'q [String], &'q [String]),
    Length(&'q [String]),
    /// Which of two lasts longer.
    Longer(&'q [String], &'q [String]),
    /// Whether the first lasts longer (or shorter).
    IsLonger(&'q [String], &'q [String], bool),
    /// How much longer the first lasts.
    LongerBy(&'q [String], &'q [String]),
    First(&'q [String], &'q [String]),
    /// Of whom it is true first: the names, and what they did.
    Who([Vec<String>; 2], bool),
    Whether(&'q [String], &'q [String], Join),
    /// Both begin (or end) at one time.
    Edges(&'q [String], &'q [String], Phase),
    /// Which of Allen's relations.
    Relation(&'q [String], &'q [String]),
    /// When it ends.
    Until(&'q [String]),
    When(&'q [String]),
    /// What happened after (or before) it.
    Around(&'q [String], bool),
    /// What happened next after it, or last before it.
    Next(&'q [String], bool),
    /// What happened after the first and before the second.
    Between(&'q [String], &'q [String]),
    /// What happened within it.
    Within(&'q [String]),
    /// What happened first, or last.
    Extreme(bool),
    /// What happened as the second, or in the middle.
    Nth(Option<usize>),
    HowMany,
    HowOften(&'q [String]),
    /// How many times in a stretch.
    Times(&'q [String], &'q [String]),
    Order,
}

impl<'q> Asked<'q> {
    pub(super) fn of(words: &'q [String]) -> Option<Asked<'q>> {
        let after = |phrases: &[&[&str]]| {
            phrases.iter().find(|p| starts(words, p)).map(|p| trimmed(&words[p.len()..]))
        };
        let at = |rest: &'q [String], word: &str| rest.iter().position(|w| w == word);
        if let Some(rest) = after(&[
            &["how", "long", "after"],
            &["how", "much", "time", "after"],
            &["how", "much", "later", "than"],
        ]) {
            let did = at(rest, "did")?;
            return Some(Asked::Gap(&rest[..did], &rest[did + 1..]));
        }
        if let Some(rest) = after(&[&["how", "long", "before"]]) {
            let did = at(rest, "did")?;
            return Some(Asked::Gap(&rest[did + 1..], &rest[..did]));
        }
        if let Some(rest) = after(&[
            &["how", "much", "time", "passed", "between"],
            &["how", "long", "was", "it", "between"],
            &["how", "long", "is", "it", "between"],
        ]) {
            let and = at(rest, "and")?;
            return Some(Asked::Gap(&rest[..and], &rest[and + 1..]));
        }
        if let Some(rest) = after(&[&["how", "long", "did"]]) {
            let clause = match rest {
                [clause @ .., last] if matches!(last.as_str(), "last" | "take" | "go") => clause,
                clause => clause,
            };
            return Some(Asked::Length(clause));
        }
        if let Some(rest) = after(&[&["how", "much", "longer", "was"], &["how", "much", "longer", "did"]]) {
            let than = at(rest, "than")?;
            let first = match &rest[..than] {
                [clause @ .., last] if last == "last" || last == "take" => clause,
                clause => clause,
            };
            return Some(Asked::LongerBy(first, &rest[than + 1..]));
        }
        if let Some(rest) = after(&[&["how", "long", "was"]]) {
            return Some(Asked::Length(rest));
        }
        if let Some(rest) = after(&[
            &["which", "lasted", "longer"],
            &["what", "lasted", "longer"],
            &["which", "was", "longer"],
            &["which", "took", "longer"],
        ]) {
            let or = at(rest, "or")?;
            return Some(Asked::Longer(trimmed(&rest[..or]), trimmed(&rest[or + 1..])));
        }
        if let Some(rest) = after(&[&["did"], &["was"]])
            && let Some(than) = at(rest, "than")
            && than > 0
            && matches!(rest[than - 1].as_str(), "longer" | "shorter")
        {
            let clause = match &rest[..than - 1] {
                [clause @ .., last] if last == "last" || last == "take" => clause,
                clause => clause,
            };
            return Some(Asked::IsLonger(clause, &rest[than + 1..], rest[than - 1] == "longer"));
        }
        if let Some(rest) =
            after(&[&["how", "often", "does"], &["how", "often", "did"], &["how", "often", "is"]])
        {
            return Some(Asked::HowOften(rest));
        }
        if let Some(rest) = after(&[&["how", "many", "times", "does"], &["how", "many", "times", "did"]]) {
            let cut = rest.iter().rposition(|w| ["in", "within", "on", "during"].contains(&w.as_str()))?;
            return Some(Asked::Times(&rest[..cut], &rest[cut + 1..]));
        }
        if after(&[&["how", "many", "events"], &["how", "many", "things", "happened"]]).is_some() {
            return Some(Asked::HowMany);
        }
        if let Some(rest) = after(&[
            &["what", "is", "the", "temporal", "relation", "between"],
            &["what", "is", "the", "relation", "in", "time", "between"],
            &["what", "is", "the", "interval", "relation", "between"],
            &["what", "is", "the", "allen", "relation", "between"],
            &["which", "temporal", "relation", "holds", "between"],
        ]) {
            let and = at(rest, "and")?;
            return Some(Asked::Relation(&rest[..and], &rest[and + 1..]));
        }
        for order in ["first", "earlier", "last", "later"] {
            for asking in [
                ["what", "happened"],
                ["which", "happened"],
                ["what", "came"],
                ["which", "came"],
                ["what", "was"],
                ["which", "was"],
            ] {
                let phrase = [asking[0], asking[1], order];
                if !starts(words, &phrase) {
                    continue;
                }
                let rest = trimmed(&words[3..]);
                let is_first = order == "first" || order == "earlier";
                if rest.is_empty() {
                    return Some(Asked::Extreme(is_first));
                }
                let or = at(rest, "or")?;
                let (a, b) = (trimmed(&rest[..or]), trimmed(&rest[or + 1..]));
                return is_first.then_some(Asked::First(a, b));
            }
        }
        if let Some(asked) = Asked::happened(words) {
            return Some(asked);
        }
        if let Some(rest) = after(&[
            &["until", "when", "did"],
            &["till", "when", "did"],
            &["until", "when", "was"],
            &["how", "late", "did"],
        ]) {
            return Some(Asked::Until(rest.strip_suffix(&["last".to_owned()]).unwrap_or(rest)));
        }
        if let Some(rest) = after(&[&["since", "when", "did"], &["since", "when", "was"]]) {
            return Some(Asked::When(rest.strip_suffix(&["last".to_owned()]).unwrap_or(rest)));
        }
        if let Some(rest) = after(&[
            &["when", "did"],
            &["when", "was"],
            &["at", "what", "time", "did"],
            &["what", "time", "did"],
        ]) {
            return Some(Asked::When(rest));
        }
        if after(&[
            &["what", "is", "the", "order", "of", "events"],
            &["in", "which", "order", "did"],
            &["in", "what", "order", "did"],
            &["put", "the", "events", "in", "order"],
            &["sort", "the", "events"],
            &["list", "the", "events", "in", "order"],
        ])
        .is_some()
        {
            return Some(Asked::Order);
        }
        let rest = after(&[&["did"], &["was"], &["were"], &["is"]])?;
        if let Some(still) = rest.windows(3).position(|w| starts(w, &["still", "going", "on"])) {
            let (clause, end) = (&rest[..still], &rest[still + 3..]);
            let [joint, other @ ..] = end else { return None };
            return matches!(joint.as_str(), "when" | "while" | "during" | "at").then_some(Asked::Whether(
                other,
                clause,
                Join::During,
            ));
        }
        if let Some(same) = rest.windows(4).position(|w| starts(w, &["at", "the", "same", "time"])) {
            let clauses = &rest[..same];
            let and = at(clauses, "and")?;
            let (a, b) = (&clauses[..and], &clauses[and + 1..]);
            // "the meeting and the lunch end at the same time"
            if let [b @ .., edge] = b
                && let Some(phase) = edge_of(edge)
                && a.last().is_none_or(|last| edge_of(last).is_none())
            {
                return Some(Asked::Edges(a, b, phase));
            }
            return Some(Asked::Whether(a, b, Join::Same));
        }
        // "the lunch overlap": of two events joined by "and"
        if let [clauses @ .., last] = rest
            && last == "overlap"
            && let Some(and) = at(clauses, "and")
        {
            return Some(Asked::Whether(&clauses[..and], &clauses[and + 1..], Join::Overlap));
        }
        // "did A or B happen first"
        if let [clauses @ .., verb, first] = rest
            && matches!(verb.as_str(), "happen" | "come" | "occur")
            && matches!(first.as_str(), "first" | "earlier")
            && let Some(or) = at(clauses, "or")
        {
            return Some(Asked::First(&clauses[..or], &clauses[or + 1..]));
        }
        // "did Anna or Ben leave first"
        if let [clauses @ .., order] = rest
            && matches!(order.as_str(), "first" | "last" | "earlier" | "later")
            && let Some(or) = at(clauses, "or")
        {
            let (a, second) = (&clauses[..or], &clauses[or + 1..]);
            let name = if matches!(second.first()?.as_str(), "the" | "a" | "an") { 2 } else { 1 };
            let (b, did) = second.split_at_checked(name)?;
            let clause = |name: &[String]| name.iter().chain(did).cloned().collect();
            return Some(Asked::Who([clause(a), clause(b)], matches!(order.as_str(), "first" | "earlier")));
        }
        if let Some((main, other, join)) = connective(rest) {
            return Some(Asked::Whether(main, other, join));
        }
        // "did Anna leave at 10:00", "did the ship arrive in March 2024"
        let cut = (1..rest.len()).find(|&cut| is_time(&rest[cut..]))?;
        Some(Asked::Whether(&rest[..cut], &rest[cut..], Join::During))
    }

    /// "What happened …?", "Who left first, Anna or Ben?", "Which event was the second?"
    fn happened(words: &'q [String]) -> Option<Asked<'q>> {
        let after = |phrases: &[&[&str]]| {
            phrases.iter().find(|p| starts(words, p)).map(|p| trimmed(&words[p.len()..]))
        };
        let at = |rest: &'q [String], word: &str| rest.iter().position(|w| w == word);
        for close in ["right", "immediately", "just", "directly"] {
            for (joint, later) in [("after", true), ("before", false)] {
                if let Some(rest) = after(&[&["what", "happened", close, joint]]) {
                    return Some(Asked::Next(rest, later));
                }
            }
        }
        if let Some(rest) = after(&[&["what", "happened", "next", "after"], &["which", "event", "followed"]])
        {
            return Some(Asked::Next(rest, true));
        }
        if let Some(rest) = after(&[&["which", "event", "preceded"]]) {
            return Some(Asked::Next(rest, false));
        }
        if let Some(rest) = after(&[&["what", "happened", "after"]]) {
            return Some(Asked::Around(rest, true));
        }
        if let Some(rest) = after(&[&["what", "happened", "before"]]) {
            return Some(Asked::Around(rest, false));
        }
        if let Some(rest) = after(&[&["what", "happened", "between"]]) {
            let and = at(rest, "and")?;
            return Some(Asked::Between(&rest[..and], &rest[and + 1..]));
        }
        if let Some(rest) = after(&[&["what", "happened", "during"], &["what", "happened", "while"]]) {
            return Some(Asked::Within(rest));
        }
        if after(&[&["what", "happened", "in", "the", "middle"]]).is_some() {
            return Some(Asked::Nth(None));
        }
        if after(&[
            &["what", "happened", "at", "the", "beginning"],
            &["what", "happened", "at", "the", "start"],
        ])
        .is_some()
        {
            return Some(Asked::Extreme(true));
        }
        if after(&[&["what", "happened", "at", "the", "end"]]).is_some() {
            return Some(Asked::Extreme(false));
        }
        for front in [&["what", "happened"][..], &["which", "event", "was", "the"], &["what", "was", "the"]] {
            if starts(words, front)
                && let Some(rank) = words.get(front.len())
                && let Some(n) = RANKS.iter().position(|r| r == rank)
                && matches!(&words[front.len() + 1..], [] | [_])
            {
                return Some(Asked::Nth(Some(n)));
            }
        }
        // "who left first, Anna or Ben"
        let rest = after(&[&["who"]])?;
        let end = rest.iter().position(|w| w == "," || w == "or")?;
        let order =
            rest[..end].iter().rposition(|w| ["first", "last", "earlier", "later"].contains(&w.as_str()))?;
        let (did, names) = (&rest[..order], trimmed(&rest[order + 1..]));
        let or = at(names, "or")?;
        let clause = |name: &[String]| trimmed(name).iter().chain(did).cloned().collect();
        let first = matches!(rest[order].as_str(), "first" | "earlier");
        Some(Asked::Who([clause(&names[..or]), clause(&names[or + 1..])], first))
    }
}

const RANKS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];

/// A verb that tells the beginning or the end of something.
fn edge_of(word: &str) -> Option<Phase> {
    match word {
        "begin" | "start" | "began" | "started" => Some(Phase::Start),
        "end" | "finish" | "stop" | "ended" | "finished" | "stopped" => Some(Phase::End),
        _ => None,
    }
}
