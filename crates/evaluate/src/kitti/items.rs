//! Questions about a sequence: asked of its tracks, with the truth by the same program on what the annotators saw.

use super::fit::{Model, NEAR_M};
use super::tracks::{CLASSES, Place, Sequence, Tracklet, Who};
use chronotope_ask::Form;
use chronotope_ask::program::answer;
use chronotope_tasks::{Item, Scene, Truth};
use chronotope_world::{
    Clock, Coverage, CoverageId, EntityId, Error, Identity, IdentityId, Known, Label, Origin, Pose,
    ReferenceFrame, ReferenceFrameId, Sample, Scale, Source, SourceId, SourceKind, Span, Status, Time, Track,
    World, WorldBuilder,
};
use std::collections::BTreeMap;

/// Pictures from one that is asked about to the next.
const EVERY: usize = 10;

/// Seconds over which things are asked to have moved.
const WINDOW_S: f64 = 1.0;

/// The recording car; things count on from it.
const CAR: u64 = 0;

/// How far the bound of a question stands from what was measured, in metres, in turn: near enough that an answer can be wrong.
const BESIDE_M: [f64; 8] = [-0.3, 0.6, 0.1, -1.2, 0.3, -0.1, 1.2, -0.6];

/// The truth of a question about a track that shows nothing.
const NOTHING_THERE: &str = "nothing is there";

/// Radii around the car within which things are counted, in metres, in turn.
const RADII_M: [f64; 5] = [15.0, 25.0, 10.0, 30.0, 20.0];

/// Questions of one kind about one moment, at most.
const MOST_PER_MOMENT: usize = 4;

/// Pairs of a sequence that are asked about who came first, at most.
const MOST_BIRTHS: usize = 40;

/// Items about a sequence. `notes` hears of questions whose truth is unknown.
pub(super) fn of(sequence: &Sequence, model: &Model, notes: &mut Vec<String>) -> Result<Vec<Item>, Error> {
    let mut asker = Asker { sequence, items: Vec::new(), untold: 0, turn: 0 };
    for &t in sequence.times.iter().skip(EVERY).step_by(EVERY) {
        asker.moment(t, model)?;
    }
    asker.births(model)?;
    if asker.untold > 0 {
        notes.push(format!("{}: {} questions without a truth left out", sequence.name, asker.untold));
    }
    Ok(asker.items)
}

/// What was measured, and the truth, as Worlds.
struct Both {
    seen: World,
    truth: World,
}

struct Asker<'a> {
    sequence: &'a Sequence,
    items: Vec<Item>,
    untold: usize,
    turn: usize,
}

impl Asker<'_> {
    fn moment(&mut self, t: Time, model: &Model) -> Result<(), Error> {
        let sequence = self.sequence;
        let now = both(sequence, model, |at| at == t, Span::at(t))?;
        let since = t.plus_ns(-(WINDOW_S * 1e9) as i64);
        let window = Span::between(since, t.plus_ns(1));
        let clip = both(sequence, model, |at| window.contains(at), window)?;
        let s = t.as_s();
        let near: Vec<(usize, &Tracklet, &Place, Who)> = sequence
            .tracks
            .iter()
            .enumerate()
            .filter_map(|(k, track)| track.at(t).map(|seen| (k, track, &seen.place, seen.who)))
            .filter(|(_, _, place, _)| place.range() <= NEAR_M)
            .collect();
        for &(k, track, _, who) in near.iter().filter(|(_, _, _, who)| *who != Who::Untold) {
            let question = format!("Is there really a {} where track {k} is at {s} s?", track.class);
            let is_there = if matches!(who, Who::Thing(_)) { "yes" } else { "no" };
            self.push("there", question, format!("exists({})", name(k)), &now.seen, is_there.to_owned());
        }
        self.counts(&near, &now, t)?;
        let shown = |(k, _, place, who): &(usize, &Tracklet, &'_ Place, Who)| {
            Some((*k, (*place).clone(), Some(*who).filter(|who| *who != Who::Untold)?))
        };
        let mut known: Vec<(usize, Place, Who)> = near.iter().filter_map(shown).collect();
        known.sort_by(|a, b| a.1.range().total_cmp(&b.1.range()).then(a.0.cmp(&b.0)));
        let at = format!("at: {s} s");
        let chosen: Vec<_> =
            known.iter().step_by((known.len() / MOST_PER_MOMENT).max(1)).take(MOST_PER_MOMENT).collect();
        for (k, place, i) in chosen {
            let (k, i) = (*k, *i);
            let most = self.beside(norm(place.pose.position));
            let question = format!("Is track {k} nearer to the car than {most} m at {s} s?");
            let program = |a: &str, _: &str| format!("distance({a}, entity({CAR}), {at}) < {most} m");
            self.ask("nearer than", question, &now, [k, k], [i, i], program)?;
            if let Some(before) = sequence.tracks[k].at(since) {
                let (p, q) = (place.pose.position, before.place.pose.position);
                let most = self.beside(norm(std::array::from_fn(|n| p[n] - q[n])));
                let question = format!(
                    "Did track {k} come further than {most} m, seen from the car, in the second before {s} s?"
                );
                let program = |a: &str, _: &str| format!("displacement({a}) > {most} m");
                self.ask("moved further", question, &clip, [k, k], [i, i], program)?;
            }
        }
        for pair in known.windows(2).take(MOST_PER_MOMENT) {
            let ([(a, p, i), (b, q, j)], turned) = ([&pair[0], &pair[1]], self.turn % 2 == 1);
            let ([a, b], [i, j]) = ([*a, *b], [*i, *j]);
            self.turn += 1;
            let ([a, b], [i, j]) = if turned { ([b, a], [j, i]) } else { ([a, b], [i, j]) };
            let question = format!("Which is nearer to the car at {s} s, track {a} or track {b}?");
            let program = |a: &str, b: &str| {
                format!("distance({a}, entity({CAR}), {at}) < distance({b}, entity({CAR}), {at})")
            };
            self.ask("which is nearer", question, &now, [a, b], [i, j], program)?;
            let gap: [f64; 3] = std::array::from_fn(|n| p.pose.position[n] - q.pose.position[n]);
            let most = self.beside(norm(gap));
            let question = format!("Are tracks {a} and {b} within {most} m at {s} s?");
            let program = |a: &str, b: &str| format!("distance({a}, {b}, {at}) < {most} m");
            self.ask("apart", question, &now, [a, b], [i, j], program)?;
        }
        known.sort_by(|a, b| bearing(&a.1).total_cmp(&bearing(&b.1)).then(a.0.cmp(&b.0)));
        for pair in known.windows(2).take(MOST_PER_MOMENT) {
            let [(a, _, i), (b, _, j)] = [&pair[0], &pair[1]];
            let ([a, b], [i, j]) = ([*a, *b], [*i, *j]);
            let ([a, b], [i, j]) = if self.turn % 2 == 1 { ([b, a], [j, i]) } else { ([a, b], [i, j]) };
            self.turn += 1;
            let question = format!("Is track {a} left of track {b}, seen from the car at {s} s?");
            let view = format!("own_view(entity({CAR}), {at}), {at}");
            let program = |a: &str, b: &str| format!("bearing_from({a}, {view}) > bearing_from({b}, {view})");
            self.ask("left of", question, &now, [a, b], [i, j], program)?;
        }
        Ok(())
    }

    /// How many, and whether any, of the commonest class within a radius: where nothing stands that the annotators do not tell.
    fn counts(&mut self, near: &[(usize, &Tracklet, &Place, Who)], now: &Both, t: Time) -> Result<(), Error> {
        let mut by_class: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for (_, track, place, _) in near {
            by_class.entry(track.class).or_default().push(norm(place.pose.position));
        }
        let Some((class, ranges)) = by_class.into_iter().max_by_key(|(_, ranges)| ranges.len()) else {
            return Ok(());
        };
        let radius = RADII_M[self.turn % RADII_M.len()];
        self.turn += 1;
        let nearest = ranges.iter().copied().fold(f64::INFINITY, f64::min);
        let least = self.beside(nearest);
        let s = t.as_s();
        let is_told = |radius: f64| {
            let untold =
                near.iter().any(|(_, _, place, who)| *who == Who::Untold && place.range() < radius + 5.0);
            let other = self.sequence.things.iter().any(|thing| {
                let place = thing.places.get(&t);
                !CLASSES.contains(&thing.class.as_str()) && place.is_some_and(|p| p.range() < radius + 5.0)
            });
            !untold && !other
        };
        let (count_is_told, any_is_told) = (is_told(radius), is_told(least));
        let within = |radius: f64| {
            format!("where(all(\"{class}\"), distance(it, entity({CAR}), at: {s} s) < {radius} m)")
        };
        if count_is_told {
            let question =
                format!("How many things of class {class} are within {radius} m of the car at {s} s?");
            let program = format!("count({})", within(radius));
            self.ask("count within", question, now, [0; 2], [Who::Thing(0); 2], |_, _| program.clone())?;
        }
        if any_is_told {
            let question = format!("Is any {class} within {least} m of the car at {s} s?");
            let program = format!("exists({})", within(least));
            self.ask("any within", question, now, [0; 2], [Who::Thing(0); 2], |_, _| program.clone())?;
        }
        Ok(())
    }

    /// Which of two things came into view first, for tracks that begin within three seconds of each other.
    fn births(&mut self, model: &Model) -> Result<(), Error> {
        let sequence = self.sequence;
        let (Some(&first), Some(&last)) = (sequence.times.first(), sequence.times.last()) else {
            return Ok(());
        };
        let whole = both(sequence, model, |_| true, Span::between(first, last.plus_ns(1)))?;
        let mut born: Vec<(Time, usize, Who)> = sequence
            .tracks
            .iter()
            .enumerate()
            .filter_map(|(k, track)| {
                let seen = track.seen.first()?;
                Some((seen.place.t, k, Some(seen.who).filter(|who| *who != Who::Untold)?))
            })
            .collect();
        born.sort_unstable();
        let pairs = born.windows(2).filter(|pair| pair[1].0.as_s() - pair[0].0.as_s() < 3.0);
        for pair in pairs.take(MOST_BIRTHS) {
            let [(_, a, i), (_, b, j)] = [pair[0], pair[1]];
            let ([a, b], [i, j]) = if self.turn % 2 == 1 { ([b, a], [j, i]) } else { ([a, b], [i, j]) };
            self.turn += 1;
            let question = format!("Does track {a} appear before track {b}?");
            let program = |a: &str, b: &str| format!("first_seen({a}) < first_seen({b})");
            self.ask("appears before", question, &whole, [a, b], [i, j], program)?;
        }
        Ok(())
    }

    /// The next bound beside a measured length, to the decimetre.
    fn beside(&mut self, measured: f64) -> f64 {
        self.turn += 1;
        let bound = measured + BESIDE_M[self.turn % BESIDE_M.len()];
        ((bound * 10.0).round() / 10.0).max(0.1)
    }

    /// An item whose truth is the program's answer about the things that the tracks show. Where one shows nothing, every answer
    /// is wrong: whoever asks does not know.
    fn ask(
        &mut self,
        group: &str,
        question: String,
        both: &Both,
        tracks: [usize; 2],
        things: [Who; 2],
        program: impl Fn(&str, &str) -> String,
    ) -> Result<(), Error> {
        let of = |numbers: [usize; 2]| program(&name(numbers[0]), &name(numbers[1]));
        let [Who::Thing(a), Who::Thing(b)] = things else {
            self.push(group, question, of(tracks), &both.seen, NOTHING_THERE.to_owned());
            return Ok(());
        };
        let things = [a, b];
        let told = answer(&both.truth, &of(things));
        match told {
            Ok(told) if told.answer.status == Status::Answered => {
                self.push(group, question, of(tracks), &both.seen, told.answer.text);
            }
            _ => self.untold += 1,
        }
        Ok(())
    }

    fn push(&mut self, group: &str, question: String, program: String, world: &World, truth: String) {
        self.items.push(Item {
            id: format!("{}/{}", self.sequence.name, self.items.len()),
            group: group.to_owned(),
            subsets: Vec::new(),
            scene: Scene::World(world.clone()),
            question,
            program: Some(program),
            options: Vec::new(),
            form: Form::Words,
            asked_at: None,
            media: std::sync::Arc::default(),
            truth: Truth::Text(truth),
        });
    }
}

fn name(number: usize) -> String {
    format!("entity({})", number as u64 + CAR + 1)
}

fn norm(v: [f64; 3]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn bearing(place: &Place) -> f64 {
    let [x, y, _] = place.pose.position;
    libm::atan2(y, x)
}

/// The Worlds of the pictures at some times, as tracked and as annotated.
fn both(
    sequence: &Sequence,
    model: &Model,
    wanted: impl Fn(Time) -> bool,
    span: Span,
) -> Result<Both, Error> {
    let mut seen = Scenery::new(&sequence.name, span);
    for (k, track) in sequence.tracks.iter().enumerate() {
        let Some(fitted) = model.of(track.class) else { continue };
        let rows = track.seen.iter().filter(|seen| wanted(seen.place.t));
        let rows: Vec<Sample> = rows
            .map(|seen| Sample {
                covariance: Some(fitted.covariance(&seen.place)),
                existence: Some(fitted.existence(track, seen)),
                score: Some(seen.score),
                ..seen_at(&seen.place, Origin::Observed)
            })
            .collect();
        seen.add(k, track.class, rows, Some(fitted.lasts_s));
    }
    let mut truth = Scenery::new(&sequence.name, span);
    for (i, thing) in sequence.things.iter().enumerate().filter(|(_, t)| CLASSES.contains(&t.class.as_str()))
    {
        let rows = thing.places.values().filter(|place| wanted(place.t));
        truth.add(i, &thing.class, rows.map(|place| seen_at(place, Origin::Annotated)).collect(), None);
    }
    let recall = |class: &str| model.of(class).map(|fitted| fitted.recall);
    Ok(Both { seen: seen.build(recall)?, truth: truth.build(|_| None)? })
}

fn seen_at(place: &Place, origin: Origin) -> Sample {
    let mut row = Sample::new(SourceId(0), None, place.t, origin);
    row.pose = Some(Pose { reference_frame: ReferenceFrameId(0), ..place.pose });
    row
}

/// A World around the recording car.
struct Scenery {
    builder: WorldBuilder,
    source: SourceId,
    span: Span,
}

impl Scenery {
    fn new(name: &str, span: Span) -> Scenery {
        let mut builder = WorldBuilder::new(name);
        let source = builder.source(Source {
            id: SourceId(0),
            kind: SourceKind::Perception,
            uri: name.to_owned(),
            sha256: None,
            record_from_source: Some(Clock::SAME),
            derived_from: None,
            settings: String::new(),
            known: Known::ALWAYS,
        });
        let frame = builder.reference_frame(ReferenceFrame::World("car".into()), Scale::Metre);
        let mut scenery = Scenery { builder, source, span };
        let mut row = Sample::new(source, None, span.start(), Origin::Annotated);
        row.end = Some(span.end());
        row.pose = Some(Pose {
            reference_frame: frame,
            position: [0.0; 3],
            rotation: Some([1.0, 0.0, 0.0, 0.0]),
            extent: None,
        });
        scenery.track(CAR, "recording car", vec![row], None, true);
        scenery
    }

    fn add(&mut self, number: usize, class: &str, rows: Vec<Sample>, lasts_s: Option<f64>) {
        if !rows.is_empty() {
            self.track(number as u64 + CAR + 1, &class.to_lowercase(), rows, lasts_s, false);
        }
    }

    fn track(&mut self, entity: u64, label: &str, rows: Vec<Sample>, lasts_s: Option<f64>, ignored: bool) {
        let mut row = Track::new(self.source, entity.to_string(), Known::ALWAYS);
        row.error_correlation_s = lasts_s;
        row.ignored = ignored;
        let track = self.builder.track(row);
        self.builder.identity(Identity {
            id: IdentityId(0),
            track,
            span: Span::ALWAYS,
            entity: EntityId(entity),
            confidence: None,
            reason: "tracked".into(),
            known: Known::ALWAYS,
            closed: None,
        });
        self.builder.label(Label::new(track, label, "kitti", Known::ALWAYS));
        for row in rows {
            self.builder.sample(Sample { track: Some(track), source: self.source, ..row });
        }
    }

    fn build(mut self, recall: impl Fn(&str) -> Option<f64>) -> Result<World, Error> {
        for class in CLASSES {
            self.builder.coverage(Coverage {
                id: CoverageId(0),
                source: self.source,
                observer: None,
                span: self.span,
                region_px: None,
                labels: vec![class.to_lowercase()],
                smallest_px: None,
                recall: recall(class),
                complete: true,
                known: Known::ALWAYS,
            });
        }
        self.builder.build()
    }
}
