//! Questions about when things happen in a story.

use super::clauses::{Join, Phase, words_of};
use super::temporal_asked::Asked;
use super::timeline::{Gap, Habit, Mention, Timeline};
use super::{Story, answer};
use crate::calendar::{self, Reckoned, SOME_DAY};
use chronotope_world::{
    Answer, Evidence, EvidenceKind, Missing, MissingKind, Quantity, Status, Truth, Value,
};
use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

const OF_THAT_DAY: &str = "an hour without a day is of the day that was told last";
const AS_TOLD: &str = "what is told first happened first";

/// Most events that are listed in order.
const MOST_LISTED: usize = 60;

/// The answer to a question about time; none where it is no such question.
pub(super) fn tell(story: &Story, question: &str) -> Option<Answer> {
    let words = words_of(question);
    let asked = Asked::of(&words)?;
    let line = Timeline::of(story);
    let teller = Teller { story, line: &line };
    if line.too_many {
        let missing =
            Missing::new(MissingKind::Wording, "which events: the story tells of too many to order");
        return Some(answer::without(Status::Unsupported, missing));
    }
    if let Some(&number) = line.unread.first() {
        let what = format!("sentence {} is not read for its time: {}", number + 1, story.sentence(number));
        return Some(answer::without(Status::Unsupported, Missing::new(MissingKind::Wording, what)));
    }
    if let Some(cycle) = line.contradiction() {
        let numbers: Vec<String> = cycle.iter().map(|n| (n + 1).to_string()).collect();
        let what = format!("sentences {} contradict each other about time", numbers.join(", "));
        let mut torn = answer::without(Status::Ambiguous, Missing::new(MissingKind::Wording, what));
        torn.evidence = answer::cited(story, EvidenceKind::Refutes, cycle.into_iter());
        return Some(torn);
    }
    Some(teller.answer(&asked))
}

struct Teller<'s> {
    story: &'s Story,
    line: &'s Timeline,
}

impl Teller<'_> {
    fn answer(&self, asked: &Asked<'_>) -> Answer {
        let told = match asked {
            Asked::Gap(from, to) => self.two(from, to).map(|(a, b)| self.gap(&self.line.gap(a, b))),
            Asked::Length(clause) => {
                self.one(clause).map(|m| self.lasting(&[m.0], || self.gap(&self.line.length(m.0))))
            }
            Asked::Longer(a, b) => {
                self.two(a, b).map(|(a, b)| self.lasting(&[a.0, b.0], || self.longer(a.0, b.0)))
            }
            Asked::IsLonger(a, b, longer) => {
                self.two(a, b).map(|(a, b)| self.lasting(&[a.0, b.0], || self.is_longer(a.0, b.0, *longer)))
            }
            Asked::LongerBy(a, b) => {
                self.two(a, b).map(|(a, b)| self.lasting(&[a.0, b.0], || self.longer_by(a.0, b.0)))
            }
            Asked::First(a, b) => self.two(a, b).map(|(a, b)| self.first(a, b)),
            Asked::Who([a, b], first) => {
                self.two(a, b).map(|(a, b)| if *first { self.first(a, b) } else { self.last(a, b) })
            }
            Asked::Whether(a, b, join) => match self.line.time(b) {
                Some(time) => self.one(a).map(|a| self.against(a, time, *join)),
                None => self.two(a, b).map(|(a, b)| self.whether(a, b, *join)),
            },
            Asked::Edges(a, b, phase) => {
                self.two(a, b).map(|(a, b)| self.whether((a.0, *phase), (b.0, *phase), Join::Same))
            }
            Asked::Relation(a, b) => self.two(a, b).map(|(a, b)| self.relation(a.0, b.0)),
            Asked::Until(clause) => self.one(clause).map(|m| self.when((m.0, Phase::End))),
            Asked::When(clause) => self.one(clause).map(|m| self.when(m)),
            Asked::Around(clause, after) => self.one(clause).map(|m| {
                let open = |e| self.may_be_ordered(m, e, *after);
                self.those(|e| self.ordered(m, e, *after), open, &[m.0])
            }),
            Asked::Next(clause, after) => self.one(clause).map(|m| self.next(m, *after)),
            Asked::Between(a, b) => self.two(a, b).map(|(a, b)| {
                let open = |e| self.may_be_ordered(a, e, true) && self.may_be_ordered(b, e, false);
                self.those(|e| both(self.ordered(a, e, true), self.ordered(b, e, false)), open, &[a.0, b.0])
            }),
            Asked::Within(clause) => {
                self.one(clause).map(|m| self.those(|e| self.line.within(whole(e), m), |_| false, &[m.0]))
            }
            Asked::Extreme(first) => Ok(self.extreme(*first)),
            Asked::Nth(rank) => Ok(self.nth(*rank)),
            Asked::HowMany => {
                let n = self.line.events.len();
                let all = (0..self.story.sentences().len()).collect();
                Ok(self.told(Value::Number(Quantity::bare(n as f64)), n.to_string(), all, false))
            }
            Asked::HowOften(clause) => self
                .habit(clause)
                .map(|h| self.told(Value::Text(h.often.clone()), h.often.clone(), vec![h.by], false)),
            Asked::Times(clause, stretch) => self.habit(clause).map(|h| self.times(h, &stretch.join(" "))),
            Asked::Order => Ok(self.order()),
        };
        told.unwrap_or_else(|words| {
            let missing =
                Missing::new(MissingKind::Entity, format!("the story tells of no one event `{words}`"));
            answer::without(Status::Unknown, missing)
        })
    }

    fn one(&self, words: &[String]) -> Result<Mention, String> {
        self.line.find(words).ok_or_else(|| words.join(" "))
    }

    fn two(&self, a: &[String], b: &[String]) -> Result<(Mention, Mention), String> {
        Ok((self.one(a)?, self.one(b)?))
    }

    fn told(&self, value: Value, text: String, by: Vec<usize>, assumed: bool) -> Answer {
        let carried = by.iter().any(|sentence| self.line.carried.contains(sentence));
        let mut evidence = answer::cited(self.story, EvidenceKind::Supports, by.into_iter());
        if carried {
            evidence.push(Evidence::assumption(OF_THAT_DAY));
        }
        if assumed {
            evidence.push(Evidence::assumption(AS_TOLD));
        }
        Answer::answered(value, text, evidence)
    }

    fn open(&self, what: String, by: Vec<usize>) -> Answer {
        let mut open = answer::without(Status::Unknown, Missing::new(MissingKind::Clock, what));
        open.evidence = answer::cited(self.story, EvidenceKind::Supports, by.into_iter());
        open
    }

    fn gap(&self, gap: &Gap) -> Answer {
        match (gap.least, gap.most) {
            (Some((least, false)), Some((most, false))) if least == most => {
                let value = Value::Number(Quantity::seconds(most as f64));
                self.told(value, length(most), gap.by.clone(), gap.assumed)
            }
            (least, most) => {
                let bound = |b: Option<(i64, bool)>, than: &str, at: &str| {
                    b.map(|(s, strict)| format!("{} {}", if strict { than } else { at }, length(s)))
                };
                let parts: Vec<String> =
                    [bound(least, "more than", "at least"), bound(most, "less than", "at most")]
                        .into_iter()
                        .flatten()
                        .collect();
                let said = if parts.is_empty() { "nothing is said".to_owned() } else { parts.join(" and ") };
                self.open(format!("how long exactly: {said}"), gap.by.clone())
            }
        }
    }

    fn first(&self, a: Mention, b: Mention) -> Answer {
        let words = |m: Mention| self.line.events[m.0].words.clone();
        let gap = self.line.starts_apart(a, b);
        let told = |m: Mention| self.told(Value::Text(words(m)), words(m), gap.by.clone(), gap.assumed);
        match (gap.least, gap.most) {
            (Some((least, strict)), _) if least > 0 || (least == 0 && strict) => told(a),
            (_, Some((most, strict))) if most < 0 || (most == 0 && strict) => told(b),
            (Some((0, false)), Some((0, false))) => {
                let text = "neither: at the same time".to_owned();
                self.told(Value::Text("neither".into()), text, gap.by.clone(), gap.assumed)
            }
            _ => self.open(format!("which is first: {} or {}", words(a), words(b)), gap.by),
        }
    }

    fn whether(&self, a: Mention, b: Mention, join: Join) -> Answer {
        let yes = |truth: bool, by: Vec<usize>, assumed: bool| {
            self.told(Value::Truth(Truth::of(truth)), if truth { "yes" } else { "no" }.into(), by, assumed)
        };
        let (truth, by, assumed) = match join {
            Join::Before(None) => self.line.precedes(a, b),
            Join::After(None) => self.line.precedes(b, a),
            Join::Same => {
                let gap = self.line.starts_apart(a, b);
                let same = gap.least == Some((0, false)) && gap.most == Some((0, false));
                let apart = |b: Option<(i64, bool)>, sign: i64| {
                    b.is_some_and(|(s, strict)| s * sign > 0 || (s == 0 && strict))
                };
                let apart = apart(gap.least, 1) || apart(gap.most, -1);
                ((same || apart).then_some(same), gap.by, gap.assumed)
            }
            Join::During => {
                let (first, by, assumed) = self.line.precedes(a, b);
                if first == Some(true) {
                    return yes(false, by, assumed);
                }
                let (second, by, assumed) = self.line.precedes(b, a);
                if second == Some(true) {
                    return yes(false, by, assumed);
                }
                match self.line.within(a, b) {
                    Some((by, assumed)) => (Some(true), by, assumed),
                    None => (None, Vec::new(), false),
                }
            }
            Join::Overlap => match self.line.relations(a.0, b.0) {
                (found, by, assumed) if found.iter().all(|r| !APART.contains(r)) => (Some(true), by, assumed),
                (found, by, assumed) if found.iter().all(|r| APART.contains(r)) => (Some(false), by, assumed),
                _ => (None, Vec::new(), false),
            },
            Join::Until => return self.same_moment((a.0, Phase::End), (b.0, Phase::Start)),
            Join::Since => return self.same_moment((a.0, Phase::Start), (b.0, Phase::Start)),
            Join::Before(Some(seconds)) => return self.exactly(&self.line.gap(a, b), seconds),
            Join::After(Some(seconds)) => return self.exactly(&self.line.gap(b, a), seconds),
        };
        match truth {
            Some(truth) => yes(truth, by, assumed),
            None => self.open("the story leaves their order open".to_owned(), by),
        }
    }

    fn exactly(&self, gap: &Gap, seconds: i64) -> Answer {
        let is = |b: Option<(i64, bool)>| b == Some((seconds, false));
        let outside = gap.least.is_some_and(|(s, strict)| s > seconds || (s == seconds && strict))
            || gap.most.is_some_and(|(s, strict)| s < seconds || (s == seconds && strict));
        let same = is(gap.least) && is(gap.most);
        if same || outside {
            let text = if same { "yes" } else { "no" }.to_owned();
            return self.told(Value::Truth(Truth::of(same)), text, gap.by.clone(), gap.assumed);
        }
        self.open("the story leaves their distance open".to_owned(), gap.by.clone())
    }

    fn when(&self, mention: Mention) -> Answer {
        let gap = self.line.moment(mention);
        let (Some((least, _)), Some((most, strict))) = (gap.least, gap.most) else {
            return self.open(
                format!("when: no sentence gives {} a time", self.line.events[mention.0].words),
                gap.by,
            );
        };
        let most = most - i64::from(strict);
        let at =
            |second: i64| Timestamp::from_second(second).ok().map(|t| t.to_zoned(TimeZone::UTC).datetime());
        let (Some(from), Some(to)) = (at(least), at(most)) else {
            return self.open("a time that the calendar holds".to_owned(), gap.by);
        };
        let minute = |t: jiff::civil::DateTime| format!("{:02}:{:02}", t.hour(), t.minute());
        if self.line.counted && !self.line.dated {
            return self.told_from_today(from, to, most - least, gap);
        }
        let text = match (self.line.dated, most - least) {
            (false, 0..60) => minute(from),
            (false, _) => format!("between {} and {}", minute(from), minute(to)),
            (true, 0..60) => format!("{} {}", from.date(), minute(from)),
            (true, 60..86_400) if from.date() == to.date() => from.date().to_string(),
            (true, _) => format!("from {} to {}", from.date(), to.date()),
        };
        self.told(Value::Text(text.clone()), text, gap.by, gap.assumed)
    }

    /// A time told by its day from today.
    fn told_from_today(&self, from: DateTime, to: DateTime, length: i64, gap: Gap) -> Answer {
        let day = |at: DateTime| match SOME_DAY
            .date()
            .until(at.date())
            .map(|span| span.get_days())
            .unwrap_or_default()
        {
            0 => "today".to_owned(),
            -1 => "yesterday".to_owned(),
            1 => "tomorrow".to_owned(),
            n if n < 0 => format!("{} days ago", -n),
            n => format!("in {n} days"),
        };
        let minute = |t: DateTime| format!("{:02}:{:02}", t.hour(), t.minute());
        let text = match length {
            0..60 => format!("{} {}", day(from), minute(from)),
            60..86_400 if from.date() == to.date() && from.time() == Time::midnight() => day(from),
            _ => format!("between {} {} and {} {}", day(from), minute(from), day(to), minute(to)),
        };
        self.told(Value::Text(text.clone()), text, gap.by, gap.assumed)
    }

    /// Whether an event is surely after (or before) the mention, with the sentences.
    fn ordered(&self, mention: Mention, event: usize, after: bool) -> Option<(Vec<usize>, bool)> {
        let other = whole(event);
        let (truth, by, assumed) =
            if after { self.line.precedes(mention, other) } else { self.line.precedes(other, mention) };
        (truth == Some(true)).then_some((by, assumed))
    }

    /// What is asked of the lengths of events; open where nothing that is told gives one of them a length.
    fn lasting(&self, events: &[usize], told: impl FnOnce() -> Answer) -> Answer {
        match events.iter().map(|&e| &self.line.events[e]).find(|event| !event.durative) {
            Some(event) => {
                self.open(format!("the story does not tell how long `{}` lasted", event.words), Vec::new())
            }
            None => told(),
        }
    }

    /// Whether an event may be after (or before) the mention, for all that is told.
    fn may_be_ordered(&self, mention: Mention, event: usize, after: bool) -> bool {
        let other = whole(event);
        let (truth, ..) =
            if after { self.line.precedes(mention, other) } else { self.line.precedes(other, mention) };
        truth != Some(false)
    }

    /// The events for which something is proven, but for those named; where none is and some may be, that is open.
    fn those(
        &self,
        proof: impl Fn(usize) -> Option<(Vec<usize>, bool)>,
        may_be: impl Fn(usize) -> bool,
        but: &[usize],
    ) -> Answer {
        if self.line.events.len() > MOST_LISTED {
            return self.open("which events: too many to order".to_owned(), Vec::new());
        }
        let (mut found, mut by, mut assumed) = (Vec::new(), Vec::new(), false);
        for event in (0..self.line.events.len()).filter(|e| !but.contains(e)) {
            if let Some((cited, by_order)) = proof(event) {
                found.push(event);
                by.extend(cited);
                assumed |= by_order;
            }
        }
        let mut rest = (0..self.line.events.len()).filter(|e| !but.contains(e));
        if let (true, Some(open)) = (found.is_empty(), rest.find(|&e| may_be(e))) {
            let words = &self.line.events[open].words;
            return self.open(format!("the story leaves open whether `{words}` is one of them"), Vec::new());
        }
        self.list(found, by, assumed)
    }

    /// The first of what comes after, or the last of what comes before.
    fn next(&self, mention: Mention, after: bool) -> Answer {
        let Some((order, by, assumed)) = self.total() else {
            return self.open("the story leaves the order of some events open".to_owned(), Vec::new());
        };
        let at = order.iter().position(|&e| e == mention.0).unwrap_or(0);
        let next = if after { at.checked_add(1) } else { at.checked_sub(1) };
        match next.and_then(|at| order.get(at)) {
            Some(&event) => self.list(vec![event], by, assumed),
            None => self.list(Vec::new(), by, assumed),
        }
    }

    /// The event of a rank, from 0; none: the one in the middle.
    fn nth(&self, rank: Option<usize>) -> Answer {
        let Some((order, by, assumed)) = self.total() else {
            return self.open("the story leaves the order of some events open".to_owned(), Vec::new());
        };
        let rank = match rank {
            Some(rank) => rank,
            None if order.len() % 2 == 1 => order.len() / 2,
            None => return self.open("which of two events is in the middle".to_owned(), by),
        };
        self.list(order.get(rank).copied().into_iter().collect(), by, assumed)
    }

    fn longer(&self, a: usize, b: usize) -> Answer {
        let gap = self.line.longer_by(a, b);
        let words = |event: usize| self.line.events[event].words.clone();
        let told = |word: String| self.told(Value::Text(word.clone()), word, gap.by.clone(), gap.assumed);
        match sign_of(&gap) {
            Some(1) => told(words(a)),
            Some(-1) => told(words(b)),
            Some(_) => told("neither".to_owned()),
            None => self.open(format!("which is longer: {} or {}", words(a), words(b)), gap.by),
        }
    }

    fn is_longer(&self, a: usize, b: usize, longer: bool) -> Answer {
        let gap = self.line.longer_by(a, b);
        match sign_of(&gap) {
            Some(sign) => {
                let truth = sign == if longer { 1 } else { -1 };
                let text = if truth { "yes" } else { "no" }.to_owned();
                self.told(Value::Truth(Truth::of(truth)), text, gap.by, gap.assumed)
            }
            None => self.open("the story leaves their lengths open".to_owned(), gap.by),
        }
    }

    fn longer_by(&self, a: usize, b: usize) -> Answer {
        self.gap(&self.line.longer_by(a, b))
    }

    /// The later of two.
    fn last(&self, a: Mention, b: Mention) -> Answer {
        let words = |m: Mention| Value::Text(self.line.events[m.0].words.clone());
        let first = self.first(a, b);
        let later = match &first.value {
            Some(value) if *value == words(a) => words(b),
            Some(value) if *value == words(b) => words(a),
            _ => return first,
        };
        let text = if let Value::Text(text) = &later { text.clone() } else { String::new() };
        Answer { value: Some(later), text, ..first }
    }

    /// A mention against a stretch of the calendar.
    fn against(&self, mention: Mention, (from, to): (i64, i64), join: Join) -> Answer {
        let starts = self.line.moment(mention);
        let ends =
            self.line.moment((mention.0, if mention.1 == Phase::Start { Phase::Start } else { Phase::End }));
        let at_least = |gap: &Gap, bound: i64| {
            gap.least.is_some_and(|(s, strict)| {
                s > bound || (s == bound && !strict) || (s + i64::from(strict) >= bound)
            })
        };
        let below =
            |gap: &Gap, bound: i64| gap.most.is_some_and(|(s, strict)| s < bound || (s == bound && strict));
        let truth = match join {
            Join::Before(None) => {
                if below(&ends, from) {
                    Some(true)
                } else if at_least(&ends, from) {
                    Some(false)
                } else {
                    None
                }
            }
            Join::After(None) => {
                if at_least(&starts, to) {
                    Some(true)
                } else if below(&starts, to) {
                    Some(false)
                } else {
                    None
                }
            }
            Join::Until | Join::Since => {
                let gap = if join == Join::Until { &ends } else { &starts };
                if at_least(gap, from) && below(gap, to) {
                    Some(true)
                } else if below(gap, from) || at_least(gap, to) {
                    Some(false)
                } else {
                    None
                }
            }
            _ => {
                if at_least(&starts, from) && below(&ends, to) {
                    Some(true)
                } else if below(&ends, from) || at_least(&starts, to) {
                    Some(false)
                } else {
                    None
                }
            }
        };
        let by: Vec<usize> = starts
            .by
            .iter()
            .chain(&ends.by)
            .copied()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        match truth {
            Some(truth) => {
                let text = if truth { "yes" } else { "no" }.to_owned();
                self.told(Value::Truth(Truth::of(truth)), text, by, starts.assumed || ends.assumed)
            }
            None => self.open("the story leaves open when".to_owned(), by),
        }
    }

    fn same_moment(&self, a: Mention, b: Mention) -> Answer {
        let gap = self.line.starts_apart(a, b);
        self.exactly(&gap, 0)
    }

    /// The one of Allen's relations that what is told leaves.
    fn relation(&self, a: usize, b: usize) -> Answer {
        let (found, by, assumed) = self.line.relations(a, b);
        match &found[..] {
            [one] => self.told(Value::Text((*one).to_owned()), (*one).to_owned(), by, assumed),
            several => self.open(format!("which relation: {}", several.join(", ")), by),
        }
    }

    fn habit(&self, clause: &[String]) -> Result<&Habit, String> {
        let key = super::lemma::content(clause);
        let mut found = self
            .line
            .habits
            .iter()
            .filter(|h| !key.is_empty() && key.iter().all(|word| h.key.contains(word)));
        let one = found.next().filter(|_| found.next().is_none());
        one.ok_or_else(|| clause.join(" "))
    }

    fn times(&self, habit: &Habit, stretch: &str) -> Answer {
        let bare = stretch.strip_prefix("the ").unwrap_or(stretch);
        match calendar::often_in(&habit.often, bare) {
            Some(Reckoned::Said(value, text)) => self.told(value, text, vec![habit.by], false),
            Some(Reckoned::Open(what)) => self.open(what, vec![habit.by]),
            None => self.open(format!("how long `{stretch}` is"), vec![habit.by]),
        }
    }

    fn extreme(&self, first: bool) -> Answer {
        if self.line.events.len() > MOST_LISTED {
            return self.open("which events: too many to order".to_owned(), Vec::new());
        }
        let n = self.line.events.len();
        for event in 0..n {
            let (mut by, mut assumed, mut all) = (Vec::new(), false, true);
            for other in (0..n).filter(|o| *o != event) {
                let (a, b) = if first { (event, other) } else { (other, event) };
                let (truth, cited, by_order) = self.line.precedes(whole(a), whole(b));
                all &= truth == Some(true);
                by.extend(cited);
                assumed |= by_order;
            }
            if all && n > 0 {
                return self.list(vec![event], by, assumed);
            }
        }
        self.open("the story leaves open what was first or last".to_owned(), Vec::new())
    }

    fn order(&self) -> Answer {
        match self.total() {
            Some((order, by, assumed)) => self.list(order, by, assumed),
            None => self.open("the story leaves the order of some events open".to_owned(), Vec::new()),
        }
    }

    /// All events in their order, with the sentences that say so; none where it is open, or where they are too many.
    fn total(&self) -> Option<(Vec<usize>, Vec<usize>, bool)> {
        let n = self.line.events.len();
        if n > MOST_LISTED {
            return None;
        }
        let (mut by, mut assumed) = (Vec::new(), false);
        let mut before = vec![0usize; n];
        for a in 0..n {
            for b in (0..n).filter(|b| *b != a) {
                let (truth, cited, by_order) = self.line.precedes(whole(a), whole(b));
                if truth == Some(true) {
                    before[b] += 1;
                    by.extend(cited);
                    assumed |= by_order;
                }
            }
        }
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|&e| before[e]);
        order.iter().enumerate().all(|(rank, &e)| before[e] == rank).then_some((order, by, assumed))
    }

    fn list(&self, events: Vec<usize>, mut by: Vec<usize>, assumed: bool) -> Answer {
        by.sort_unstable();
        by.dedup();
        let words: Vec<String> = events.iter().map(|&e| self.line.events[e].words.clone()).collect();
        let text = if words.is_empty() { "nothing that is told".to_owned() } else { words.join("; ") };
        let value = match &words[..] {
            [one] => Value::Text(one.clone()),
            _ => Value::List(words.into_iter().map(Value::Text).collect()),
        };
        self.told(value, text, by, assumed)
    }
}

/// Relations of times that share nothing.
const APART: [&str; 4] = ["before", "after", "meets", "met by"];

fn whole(event: usize) -> Mention {
    (event, Phase::Whole)
}

fn both(a: Option<(Vec<usize>, bool)>, b: Option<(Vec<usize>, bool)>) -> Option<(Vec<usize>, bool)> {
    let ((mut by, a), (more, b)) = (a?, b?);
    by.extend(more);
    Some((by, a || b))
}

/// Whether a difference is surely positive (1), negative (−1) or nothing (0).
fn sign_of(gap: &Gap) -> Option<i8> {
    match (gap.least, gap.most) {
        (Some((least, strict)), _) if least > 0 || (least == 0 && strict) => Some(1),
        (_, Some((most, strict))) if most < 0 || (most == 0 && strict) => Some(-1),
        (Some((0, _)), Some((0, _))) => Some(0),
        _ => None,
    }
}

/// `20 min`, `1 h 30 min`, `3 d`, `45 s`.
fn length(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let mut left = seconds.unsigned_abs();
    let mut parts = Vec::new();
    for (unit, size) in [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)] {
        if left >= size {
            parts.push(format!("{} {unit}", left / size));
            left %= size;
        }
    }
    if parts.is_empty() { "0 s".to_owned() } else { format!("{sign}{}", parts.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::super::{StorySettings, answer as ask};
    use super::*;

    #[track_caller]
    fn check(text: &str, cases: &[(&str, &str)]) {
        let story = Story::read(text, StorySettings::default());
        for (question, expected) in cases {
            let found = ask(&story, question).text;
            let fits = found == *expected
                || (expected.ends_with('…') && found.starts_with(expected.trim_end_matches('…')));
            assert!(fits, "{text}\n{question}\nexpected {expected}\nfound    {found}");
        }
    }

    #[test]
    fn distances_in_time_add_up() {
        check(
            "The meeting began at 10:00. The alarm rang 20 minutes after the meeting began. Anna left two hours later. The meeting lasted 90 minutes.",
            &[
                ("How long after the meeting began did the alarm ring?", "20 min"),
                ("How long after the meeting ended did Anna leave?", "50 min"),
                ("When did Anna leave?", "12:20"),
                ("How long did the meeting last?", "1 h 30 min"),
                ("Which happened first: Anna left or the alarm rang?", "the alarm rang"),
                ("Did the alarm ring during the meeting?", "yes"),
                ("Did Anna leave before the meeting ended?", "no"),
                ("Did the cat sleep before the alarm rang?", "unknown: the story tells of no one event…"),
            ],
        );
    }

    #[test]
    fn story_order_is_not_telling_order() {
        check(
            "John ate dinner. Before that, he washed his hands. Then John slept.",
            &[
                ("Did John wash his hands before he ate dinner?", "unknown…"),
                ("Did he wash his hands before John ate dinner?", "yes"),
                ("What happened first?", "he washed his hands"),
                ("Which happened first: John slept or he washed his hands?", "he washed his hands"),
            ],
        );
    }

    #[test]
    fn clauses_are_joined_in_either_order() {
        for text in [
            "The bell rang before the train left.",
            "Before the train left, the bell rang.",
            "After the bell rang, the train left.",
            "The train left after the bell rang.",
            "The train left 5 minutes after the bell rang.",
            "Five minutes after the bell rang, the train left.",
            "The bell rang. The train left five minutes later.",
            "The train left. Five minutes earlier, the bell rang.",
        ] {
            check(
                text,
                &[
                    ("Did the bell ring before the train left?", "yes"),
                    ("Did the train leave before the bell rang?", "no"),
                    ("What happened after the bell rang?", "the train left"),
                ],
            );
        }
        check(
            "The bell rang while the train left. At the same time, the dog barked.",
            &[
                ("Did the bell ring before the train left?", "no"),
                ("Did the dog bark and the bell ring at the same time?", "yes"),
            ],
        );
    }

    #[test]
    fn what_is_open_stays_open() {
        check(
            "The bell rang at noon. The dog barked before the train left. The cat slept after the dog barked.",
            &[
                ("Did the cat sleep before the train left?", "unknown…"),
                (
                    "How long after the dog barked did the train leave?",
                    "unknown: how long exactly: more than 0 s",
                ),
                ("When did the cat sleep?", "unknown…"),
            ],
        );
    }

    #[test]
    fn dates_and_zones_are_reckoned() {
        check(
            "The ship sailed on 28 February 2024 at 10:00 UTC. The ship arrived on 1 March 2024 at 12:00 UTC.",
            &[
                ("How long after the ship sailed did the ship arrive?", "2 d 2 h"),
                ("When did the ship arrive?", "2024-03-01 12:00"),
                ("Which happened first: the ship arrived or the ship sailed?", "the ship sailed"),
            ],
        );
        check("The clock struck at 25:00.", &[("When did the clock strike?", "unsupported…")]);
    }

    #[test]
    fn contradictions_in_time_are_named() {
        check(
            "The bell rang before the dog barked. The sun rose after noon. The dog barked before the bell rang.",
            &[("Did the bell ring before the dog barked?", "ambiguous: sentences 1, 3 contradict…")],
        );
    }
}
