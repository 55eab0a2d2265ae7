//! What a rule says of a reply.

use super::reply::Reason;
use std::borrow::Cow;

/// A named part of a reward.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is called.
    pub name: Cow<'static, str>,
    /// What it came to.
    pub value: f64,
    /// What it weighs in the sum; of a gate 1.
    pub weight: f64,
    /// Whether it multiplies the sum of the others.
    pub gate: bool,
}

/// A reward with its parts: (Π gates) · Σ weight · value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// The parts in the rule's order.
    pub parts: Vec<Part>,
    /// Why a part got its floor: the first such reason.
    pub reason: Option<Reason>,
    /// Parts that came out as no number and were set to 0.
    pub n_not_finite: u32,
    /// Parts in which a judge had a say: a [`crate::Judge`], or the trainer's own in a field of the context.
    pub judged: Vec<&'static str>,
    /// Parts that a judge decides where there is one, and of which there was none: a deterministic measure stands in, or nothing.
    pub unjudged: Vec<&'static str>,
}

impl Verdict {
    /// Nothing yet.
    pub fn new() -> Verdict {
        Verdict { parts: Vec::with_capacity(4), ..Verdict::default() }
    }

    /// One part of weight 1.
    pub fn of(name: &'static str, value: f64) -> Verdict {
        Verdict::new().part(name, value, 1.0)
    }

    /// With one more part. What is no number becomes 0 and is counted.
    pub fn part(mut self, name: impl Into<Cow<'static, str>>, value: f64, weight: f64) -> Verdict {
        self.push(Part { name: name.into(), value, weight, gate: false });
        self
    }

    /// With a gate, which multiplies.
    pub fn gate(mut self, name: impl Into<Cow<'static, str>>, value: f64) -> Verdict {
        self.push(Part { name: name.into(), value, weight: 1.0, gate: true });
        self
    }

    /// With a reason, unless there is one.
    pub fn because(mut self, reason: impl Into<Option<Reason>>) -> Verdict {
        self.reason = self.reason.or(reason.into());
        self
    }

    /// With the word that a judge had a say in this part.
    pub fn judged(mut self, part: &'static str) -> Verdict {
        self.judged.push(part);
        self
    }

    /// With the word whether a judge had a say in this part.
    pub fn judged_if(mut self, part: &'static str, judged: bool) -> Verdict {
        if judged { &mut self.judged } else { &mut self.unjudged }.push(part);
        self
    }

    fn push(&mut self, mut part: Part) {
        if !part.value.is_finite() || !part.weight.is_finite() {
            part.value = 0.0;
            part.weight = if part.weight.is_finite() { part.weight } else { 0.0 };
            self.n_not_finite += 1;
            self.reason = self.reason.or(Some(Reason::NotFinite));
        }
        self.parts.push(part);
    }

    /// The part of this name.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.parts.iter().find(|part| part.name == name).map(|part| part.value)
    }

    /// The sum of the parts, times the gates; finite.
    pub fn reward(&self) -> f64 {
        let mut sum = 0.0;
        let mut gates = 1.0;
        for part in &self.parts {
            if part.gate { gates *= part.value } else { sum += part.weight * part.value }
        }
        let reward = gates * sum;
        if reward.is_finite() { reward } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_gates_multiply_and_what_is_no_number_is_nothing() {
        let verdict = Verdict::of("a", 1.0).part("b", 0.5, 2.0);
        assert_eq!(verdict.reward(), 2.0);
        assert_eq!(verdict.clone().gate("right", 0.0).reward(), 0.0);
        let verdict = verdict.part("c", f64::NAN, 1.0).part("d", f64::INFINITY, 1.0);
        assert_eq!((verdict.reward(), verdict.n_not_finite), (2.0, 2));
        assert_eq!(verdict.reason, Some(Reason::NotFinite));
    }
}
