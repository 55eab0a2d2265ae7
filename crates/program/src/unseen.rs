//! What is not known because a thing was not seen: absence of samples is not absence of the thing.
//!
//! An operator that tells when a state of things holds (moves, is near, is inside) knows it only where samples that may be joined
//! tell their places. Everywhere else the state is *possible*, not absent:
//!
//! - Where a time was asked for (a moment, a period), all of it in which the place is not known.
//! - Where none was (`during: always`), the gaps between the first and the last sight. Before and after these the record does not
//!   follow the thing: that time is [`When::beyond`], which counts only for what looks there all the same.
//! - Of one among many (several cars; the `it` of a set) not where somebody looked for such things before it was first or
//!   after it was last seen: it was not there. A thing that is meant itself (`entity(7)`, the one car) may be anywhere then.

use crate::cover::looked_for;
use crate::frame::Frame;
use crate::paths::known_around;
use crate::run::{Args, Part, Run, Stop};
use crate::value::Things;
use chronotope_reason::motion::pair::offsets;
use chronotope_reason::motion::polyline::Polyline;
use chronotope_story::lexicon::labels_match;
use chronotope_world::{EntityId, Missing, MissingKind, Span, Spans, Spread, Time, When};

/// Gathers, thing by thing, when a state is not known.
pub(crate) struct Unseen {
    asked: Spans,
    always: bool,
    possible: Spans,
    beyond: Spans,
    known: bool,
    notes: Vec<(EntityId, Spans)>,
}

/// Spans in which something is only possible, because a thing was not seen.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    thing: EntityId,
    spans: Spans,
}

impl Unseen {
    /// For the argument `during` of a call.
    pub(crate) fn during(run: &Run<'_>, args: &Args<'_>) -> Unseen {
        let during = args.when("during");
        Unseen::of(during.certain == Spans::from(Span::ALWAYS), run.asked(&during))
    }

    /// For a moment, or where there is none for the argument `during` of a call.
    pub(crate) fn at_or_during(run: &Run<'_>, args: &Args<'_>, at: Option<Time>) -> Unseen {
        at.map_or_else(|| Unseen::during(run, args), |t| Unseen::of(false, Span::at(t).into()))
    }

    fn of(always: bool, asked: Spans) -> Unseen {
        Unseen { always, asked, possible: Spans::NONE, beyond: Spans::NONE, known: false, notes: Vec::new() }
    }

    /// The state of one thing of a set is known during these spans.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub(crate) fn thing(
        &mut self,
        run: &mut Run<'_>,
        things: &Things,
        thing: EntityId,
        known: &Spans,
    ) -> Part<()> {
        let life = run.life(thing)?;
        let rest = self.rest(known).minus(&absent(run, things, thing, life));
        self.note(thing, &rest);
        self.add(&rest, life, known);
        Ok(())
    }

    /// What two things do together is known where both paths are.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub(crate) fn pair(
        &mut self,
        run: &mut Run<'_>,
        things: [(&Things, EntityId); 2],
        pair: &Pair,
    ) -> Part<()> {
        self.together(run, things, [&known(&pair.a), &known(&pair.b)], &pair.known())
    }

    /// As [`Unseen::pair`], for when each of them is known and when both are.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub(crate) fn together(
        &mut self,
        run: &mut Run<'_>,
        things: [(&Things, EntityId); 2],
        of_each: [&Spans; 2],
        together: &Spans,
    ) -> Part<()> {
        let mut rest = self.rest(together);
        let mut lives: Option<Option<Span>> = None;
        for (things, thing) in things {
            let life = run.life(thing)?;
            lives = Some(match lives {
                None => life,
                Some(other) => other.zip(life).and_then(|(a, b)| a.intersect(b)),
            });
            rest = rest.minus(&absent(run, things, thing, life));
        }
        for ((_, thing), own) in things.into_iter().zip(of_each) {
            self.note(thing, &rest.minus(own));
        }
        self.add(&rest, lives.flatten(), together);
        Ok(())
    }

    /// What would show more of what happened during the asked time: who was not seen when.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub(crate) fn of_events(self, run: &mut Run<'_>) -> Part<Vec<Missing>> {
        let mut why = Vec::new();
        for (thing, spans) in self.notes {
            let spans = spans.intersect(&self.possible).intersect(&self.asked);
            if !spans.is_empty() && why.len() < 4 {
                why.push(not_seen(run, thing, &spans)?);
            }
        }
        Ok(why)
    }

    /// Whether some of the asked time is not known; says of whom, for numbers over what was seen.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub(crate) fn noted(self, run: &mut Run<'_>) -> Part<bool> {
        let open = self.is_open();
        if open {
            for missing in self.of_events(run)? {
                run.assume(&format!("{}: of the time seen", missing.what));
            }
        }
        Ok(open)
    }

    /// The bounds of what is greatest, least or the mean of what was seen, no less than `floor`.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub(crate) fn bounds(self, run: &mut Run<'_>, reduce: &str, value: f64, floor: f64) -> Part<Spread> {
        Ok(match (self.noted(run)?, reduce) {
            (true, "max") => Spread::Interval { low: value, high: f64::INFINITY },
            (true, "min") => Spread::Interval { low: floor, high: value },
            (true, _) => Spread::Interval { low: floor, high: f64::INFINITY },
            _ => Spread::None,
        })
    }

    /// From the first to the last of the asked time that is not known.
    pub(crate) fn open_hull(&self) -> Option<Span> {
        self.possible.intersect(&self.asked).hull()
    }

    /// Whether some of the asked time is not known.
    pub(crate) fn is_open(&self) -> bool {
        !self.possible.intersect(&self.asked).is_empty()
    }

    /// What was found, with what is possible besides; keeps the reasons for later steps.
    ///
    /// # Errors
    /// Who was not seen, where nothing at all is known of the asked time.
    pub(crate) fn finish(self, run: &mut Run<'_>, mut out: When) -> Part<When> {
        out.possible = out.possible.union(&self.possible);
        out.beyond = out.beyond.union(&self.beyond).minus(&out.possible);
        let open = out.open().minus(&out.certain);
        let mut why = Vec::new();
        for (thing, spans) in self.notes {
            let spans = spans.intersect(&open);
            if spans.is_empty() {
                continue;
            }
            // the gaps tell more than all that lies outside of what was seen
            let gaps = spans.intersect(&self.possible);
            let asked = if gaps.is_empty() { spans.clone() } else { gaps }.intersect(&self.asked);
            if !asked.is_empty() && why.len() < 4 {
                why.push(not_seen(run, thing, &asked)?);
            }
            run.open.push(Open { thing, spans });
        }
        if !self.known && out.certain.is_empty() && !why.is_empty() {
            return Err(Stop::Missing(why));
        }
        Ok(out)
    }

    /// What is not known of all that is looked at.
    fn rest(&self, known: &Spans) -> Spans {
        if self.always { Spans::from(Span::ALWAYS).minus(known) } else { self.asked.minus(known) }
    }

    fn note(&mut self, thing: EntityId, spans: &Spans) {
        match self.notes.iter_mut().find(|(noted, _)| *noted == thing) {
            Some((_, noted)) => *noted = noted.union(spans),
            None => self.notes.push((thing, spans.clone())),
        }
    }

    fn add(&mut self, rest: &Spans, life: Option<Span>, known: &Spans) {
        self.known |= !known.intersect(&self.asked).is_empty();
        if self.always {
            let life = life.map_or(Spans::NONE, Spans::from).intersect(&self.asked);
            self.possible = self.possible.union(&rest.intersect(&life));
            self.beyond = self.beyond.union(&rest.minus(&life));
        } else {
            self.possible = self.possible.union(rest);
        }
    }
}

/// The paths of two things in one frame; empty where there is none.
pub(crate) struct Pair {
    pub(crate) a: Polyline,
    pub(crate) b: Polyline,
}

impl Pair {
    /// During spans.
    ///
    /// # Errors
    /// What is missing besides samples.
    pub(crate) fn of(
        run: &mut Run<'_>,
        a: EntityId,
        b: EntityId,
        frame: &Frame,
        during: &Spans,
    ) -> Part<Pair> {
        Ok(Pair { a: seen_path(run, a, frame, during)?, b: seen_path(run, b, frame, during)? })
    }

    /// When both places are known in one frame.
    fn known(&self) -> Spans {
        let one = |path: &Polyline| path.frames.len() <= 1;
        if one(&self.a) && one(&self.b) {
            let alike = self.a.frames == self.b.frames;
            return if alike { known(&self.a).intersect(&known(&self.b)) } else { Spans::NONE };
        }
        offsets(&self.a, &self.b).iter().map(|o| Span::between(o.t0, o.t1.plus_ns(1))).collect()
    }
}

/// The path of a thing during spans; empty where it was not seen then.
///
/// # Errors
/// What is missing besides samples.
pub(crate) fn seen_path(run: &mut Run<'_>, thing: EntityId, frame: &Frame, during: &Spans) -> Part<Polyline> {
    match run.path(thing, frame, during) {
        Err(Stop::Missing(why)) if why.iter().all(|m| m.kind == MissingKind::Pose) => Ok(Polyline::default()),
        path => path,
    }
}

impl Run<'_> {
    /// Spans widened to the samples of these things next to their ends: a motion at a moment shows between two samples.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub(crate) fn around(&mut self, things: &[EntityId], asked: &Spans) -> Part<Spans> {
        let mut out = asked.clone();
        for &thing in things {
            let trajectory = self.trajectory(thing)?;
            for span in asked {
                let last = span.end().plus_ns(-1);
                let before = trajectory.runs.iter().filter_map(|run| run.times_around(span.start()).0).max();
                let after = trajectory.runs.iter().filter_map(|run| run.times_around(last).1).min();
                let wide = Span::between(
                    before.unwrap_or(span.start()).min(span.start()),
                    after.map_or(span.end(), |t| t.plus_ns(1)).max(span.end()),
                );
                out = out.union(&wide.into());
            }
        }
        Ok(out)
    }

    /// From the first to the last moment at which a thing is known to be somewhere.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub(crate) fn life(&mut self, thing: EntityId) -> Part<Option<Span>> {
        let trajectory = self.trajectory(thing)?;
        Ok(trajectory.runs.iter().filter_map(|run| run.spans().hull()).reduce(Span::hull))
    }

    /// Why something is only possible during some of these spans, as far as things that were not seen are the reason.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub(crate) fn why_open(&mut self, spans: &Spans) -> Part<Vec<Missing>> {
        let mut out: Vec<Missing> = Vec::new();
        for n in 0..self.open.len() {
            let (thing, common) = (self.open[n].thing, self.open[n].spans.intersect(spans));
            if !common.is_empty() && out.len() < 4 {
                let why = not_seen(self, thing, &common)?;
                if !out.contains(&why) {
                    out.push(why);
                }
            }
        }
        Ok(out)
    }
}

/// When a path tells where its thing is.
pub(crate) fn known(path: &Polyline) -> Spans {
    let mut out: Vec<Span> = Vec::new();
    let mut from = None;
    for (i, &t) in path.t_ns.iter().enumerate() {
        let start = *from.get_or_insert(t);
        if !path.linked[i] {
            let end = Time(t).plus_ns(1);
            out.push(Span::between(Time(start), end));
            from = None;
        }
    }
    out.into_iter().collect()
}

/// "car 3 was not seen at 5 s", with when it is known.
pub(crate) fn not_seen(run: &mut Run<'_>, thing: EntityId, spans: &Spans) -> Part<Missing> {
    const NAMED: usize = 3;
    let Some(hull) = spans.hull() else {
        return Ok(Missing::new(MissingKind::Pose, format!("{} was not seen", run.name_of(thing))));
    };
    let seen = run.presence_of(thing)?;
    let trajectory = run.trajectory(thing)?;
    // at what was seen among them only the place is not known
    let not_seen = spans.minus(&seen.certain);
    let spans = if not_seen.is_empty() { spans } else { &not_seen };
    let words: Vec<String> = spans
        .iter()
        .take(NAMED)
        .map(|span| {
            if *span == Span::at(span.start()) {
                format!("at {} s", span.start())
            } else if *span == Span::ALWAYS {
                "at any time".to_owned()
            } else if span.start() == Time::MIN {
                format!("before {} s", span.end())
            } else if span.end() == Time::MAX {
                format!("after {} s", span.start().plus_ns(-1))
            } else {
                format!(
                    "from {} s to {} s",
                    span.start().plus_ns(-i64::from(span.start().0 % 1000 == 1)),
                    span.end()
                )
            }
        })
        .collect();
    let more = if spans.len() > NAMED { " and more" } else { "" };
    let name = run.name_of(thing);
    // seen once: nothing before or after to tell a motion from
    let once = hull == Span::at(hull.start()) && seen.certain.iter().any(|span| *span == hull);
    let what = if once {
        format!("the place of {name} is known at one moment alone, {}", words[0])
    } else if not_seen.is_empty() {
        format!("the place of {name} is not known {}{more}", words.join(", "))
    } else {
        format!("{name} was not seen {}{more}", words.join(", "))
    };
    Ok(known_around(&trajectory, hull.start(), Missing::new(MissingKind::Pose, what)))
}

/// When one among many was surely not there: somebody looked for its like before it was first or after it was last seen.
fn absent(run: &Run<'_>, things: &Things, thing: EntityId, life: Option<Span>) -> Spans {
    let scopes = match (things.among.is_empty(), things.all().nth(1)) {
        (false, _) => &things.among,
        (true, Some(_)) => &things.scopes,
        (true, None) => return Spans::NONE,
    };
    let labels: Vec<&str> = run.world.labels_of(thing).map(|label| label.text.as_str()).collect();
    let mut looked = Spans::NONE;
    for scope in scopes {
        let fits =
            scope.label.as_deref().is_none_or(|asked| labels.iter().any(|label| labels_match(asked, label)));
        if fits {
            looked = looked.union(&looked_for(run, scope));
        }
    }
    life.map_or(looked.clone(), |life| looked.minus(&life.into()))
}
