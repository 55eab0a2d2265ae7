//! Worlds that could be the true one, drawn from what a World says of its own errors.

use super::draw::Draw;
use super::exact::root;
use super::labels::LabelDoubt;
use chronotope_world::{
    BoxPx, ChunkBounds, EntityId, Error, Identity, IdentityId, Label, LabelId, Pose, Reference, Sample,
    SampleChunk, SampleId, Selection, Store, Tables, Track, TrackId, World,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What may be off in a World as somebody sees it.
///
/// A draw moves positions by their covariance, changes extents by their deviations, leaves out things by the probability that
/// they are there, and adds things by the recall of coverage. Errors of different things are independent. Errors of one thing's
/// positions are one at a time, whatever tracks show it then, and independent from time to time, except on tracks with `error_correlation_s`, where they fade over that time,
/// and on derived (smoothed) tracks without, where one error holds throughout; the error of an extent holds throughout. A thing
/// is in a draw as long as the probability of its samples is above one number drawn for it, so that every sample is there with its
/// own probability. For every thing seen of a kind with recall r, there are others that were missed, geometrically many,
/// (1 − r) / r on average: moving as it does, elsewhere within what the samples reach, at an even chance. Of labels with scores the one
/// that holds is drawn: those that a source gives one track for one span are alternatives, and what they leave below 1 belongs to the other
/// labels that the source declares, all alike likely.
pub struct Doubt {
    world: World,
    /// The greatest probability among a thing's visible samples, where that is below 1.
    existence: BTreeMap<EntityId, f64>,
    entity_of: Arc<BTreeMap<u64, EntityId>>,
    lasting: Arc<BTreeMap<u64, Lasting>>,
    recalled: Vec<Recalled>,
    labels: LabelDoubt,
    /// Hull of positions, and how far beyond it a draw can put one.
    space: Option<[[f64; 2]; 3]>,
    reach: f64,
    is_off: bool,
}

/// How long an error of a track's positions lasts.
#[derive(Clone, Copy)]
enum Lasting {
    Nanoseconds(f64),
    Always,
}

/// A thing beside which others may have been missed.
struct Recalled {
    entity: EntityId,
    recall: f64,
    track: Track,
    labels: Vec<Label>,
    samples: Vec<Sample>,
}

/// Samples of a World above which nothing is drawn: reading them again and again would take minutes.
const MOST_SAMPLES: usize = 250_000;

/// Things of a draw that nobody saw, at most; where more are to be expected, [`Doubt::is_recall_too_low`].
const MOST_MISSED: usize = 10_000;

/// What a key is drawn for.
mod purpose {
    pub(super) const EXISTS: u64 = 1;
    pub(super) const PLACE: u64 = 2;
    pub(super) const KNOT: u64 = 3;
    pub(super) const EXTENT: u64 = 4;
    pub(super) const MISSED: u64 = 5;
}

impl Doubt {
    /// What may be off; none where nothing visible says that it may, and where there are more than 250,000 samples.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn of(world: &World) -> Result<Option<Doubt>, Error> {
        let recalls: Vec<_> =
            world.coverage().filter(|row| row.recall.is_some_and(|r| r > 0.0 && r < 1.0)).collect();
        let samples: usize = world.store().bounds().iter().map(|bounds| bounds.rows).sum();
        let has_scores = world.tables().labels.iter().any(|row| row.score.is_some());
        if samples > MOST_SAMPLES || (recalls.is_empty() && !has_scores && !world.store().may_be_off()?) {
            return Ok(None);
        }
        let view = world.view();
        let mut entity_of = BTreeMap::new();
        for entity in world.entities() {
            for row in world.identities_of(entity) {
                entity_of.entry(row.track.0).or_insert(entity);
            }
        }
        let lasting = world.tables().tracks.iter().filter(|row| view.sees(row.known)).filter_map(|row| {
            let lasting = match row.error_correlation_s {
                Some(seconds) if seconds > 0.0 => Lasting::Nanoseconds(seconds * 1e9),
                None if !row.derived_from.is_empty() => Lasting::Always,
                _ => return None,
            };
            Some((row.id.0, lasting))
        });
        let mut doubt = Doubt {
            world: world.clone(),
            existence: BTreeMap::new(),
            lasting: Arc::new(lasting.collect()),
            recalled: Vec::new(),
            labels: LabelDoubt::of(world, &entity_of),
            entity_of: Arc::new(entity_of),
            space: None,
            reach: 0.0,
            is_off: false,
        };
        doubt.is_off = doubt.scan()?;
        for entity in world.entities() {
            doubt.recalled.extend(recalled(world, entity, &recalls)?);
        }
        let is_off = doubt.is_off
            || !doubt.existence.is_empty()
            || !doubt.recalled.is_empty()
            || doubt.has_doubtful_labels();
        Ok(is_off.then_some(doubt))
    }

    /// The probability that a thing is there at all.
    pub fn existence(&self, entity: EntityId) -> f64 {
        self.existence.get(&entity).copied().unwrap_or(1.0)
    }

    /// Nothing but the presence of things is in doubt.
    pub fn is_of_presence_alone(&self) -> bool {
        !self.is_off && self.recalled.is_empty() && !self.has_doubtful_labels()
    }

    /// Some label may be wrong.
    pub fn has_doubtful_labels(&self) -> bool {
        !self.labels.is_none()
    }

    /// How likely a thing bears a label of this kind; none where its labels are not in doubt.
    pub fn label_share(&self, entity: EntityId, is_such: impl Fn(&str) -> bool) -> Option<f64> {
        self.labels.share(entity, is_such)
    }

    /// Every text that a thing may be called, with repetitions; none where its labels are not in doubt.
    pub fn possible_labels(&self, entity: EntityId) -> impl Iterator<Item = &str> {
        self.labels.texts(entity)
    }

    /// Some thing may not be there.
    pub fn has_doubtful_presence(&self) -> bool {
        !self.existence.is_empty()
    }

    /// Things may have been missed.
    pub fn has_missed(&self) -> bool {
        !self.recalled.is_empty()
    }

    /// The recall with which a thing is reported, below 1 where things like it may have been missed.
    pub fn recall(&self, entity: EntityId) -> f64 {
        let at = self.recalled.binary_search_by_key(&entity, |recalled| recalled.entity);
        at.map_or(1.0, |at| self.recalled[at].recall)
    }

    /// The least recall, where beside some things so many were missed that a draw may not hold them: more than 10,000 within six standard
    /// deviations.
    pub fn is_recall_too_low(&self, among: impl Fn(EntityId) -> bool) -> Option<f64> {
        let recalls: Vec<f64> =
            self.recalled.iter().filter(|row| among(row.entity)).map(|row| row.recall).collect();
        let mean: f64 = recalls.iter().map(|r| (1.0 - r) / r).sum();
        let variance: f64 = recalls.iter().map(|r| (1.0 - r) / (r * r)).sum();
        // a variance may be beyond all numbers
        let is_held = mean + 6.0 * variance.sqrt() <= MOST_MISSED as f64;
        if is_held { None } else { recalls.into_iter().reduce(f64::min) }
    }

    /// The same without the things that may have been missed: for what does not look for them.
    #[must_use]
    pub fn of_the_seen(self) -> Doubt {
        Doubt { recalled: Vec::new(), ..self }
    }

    /// The `n`th World drawn by a seed, seen as the doubted one is. Samples are drawn as they are read.
    pub fn draw(&self, seed: u64, n: u64) -> World {
        let drawn = Drawn {
            world: self.world.clone(),
            key: Draw::keyed(&[seed, n]).bits(),
            entity_of: Arc::clone(&self.entity_of),
            lasting: Arc::clone(&self.lasting),
            tables: None,
            bounds: Vec::new(),
            missed: None,
        };
        World::new(Arc::new(self.filled(drawn))).seen(self.world.view())
    }

    /// Gathers the probabilities and the hull; whether any position or extent may be off.
    fn scan(&mut self) -> Result<bool, Error> {
        let view = self.world.view();
        let (mut greatest, mut is_off) = (BTreeMap::<EntityId, f64>::new(), false);
        for n in 0..self.world.store().bounds().len() {
            let chunk = self.world.store().chunk(n)?;
            for i in (0..chunk.len()).filter(|&i| view.sees(chunk.known(i))) {
                if let Some(entity) = self.entity_of.get(&chunk.track[i]) {
                    let there = chunk.existence.as_ref().map(|c| c[i]).filter(|p| !p.is_nan()).unwrap_or(1.0);
                    let known = greatest.entry(*entity).or_insert(0.0);
                    *known = known.max(there);
                }
                let l = chunk.covariance.as_ref().and_then(|c| c[i]).and_then(root);
                let off = l.map_or(0.0, |l| {
                    let rows = l.iter().map(|row| row.iter().map(|v| v.abs()).sum::<f64>());
                    rows.fold(0.0, f64::max)
                });
                self.reach = self.reach.max(off);
                let wide = chunk.extent_deviation.as_ref().and_then(|c| c[i]);
                is_off |= off > 0.0 || wide.is_some_and(|sd| sd.iter().any(|&sd| sd > 0.0));
                if let Some(pose) = chunk.pose(i) {
                    let hull = self.space.get_or_insert(pose.position.map(|v| [v, v]));
                    for (range, v) in hull.iter_mut().zip(pose.position) {
                        *range = [range[0].min(v), range[1].max(v)];
                    }
                }
            }
        }
        self.existence = greatest.into_iter().filter(|(_, p)| *p < 1.0).collect();
        Ok(is_off)
    }

    /// The draw's tables: without the things that are not there, with those that were missed.
    fn filled(&self, mut drawn: Drawn) -> Drawn {
        let is_gone =
            |entity: EntityId| self.existence.get(&entity).is_some_and(|p| *p <= drawn.level(entity));
        let gone: BTreeSet<EntityId> = self.existence.keys().copied().filter(|e| is_gone(*e)).collect();
        let mut added = Vec::new();
        for recalled in self.recalled.iter().filter(|recalled| !gone.contains(&recalled.entity)) {
            let mut draw = Draw::keyed(&[drawn.key, purpose::MISSED, recalled.entity.0]);
            for _ in 0..draw.geometric(recalled.recall).min(MOST_MISSED.saturating_sub(added.len())) {
                added.push((recalled, draw.fork()));
            }
        }
        drawn.bounds = self.world.store().bounds().to_vec();
        for bounds in &mut drawn.bounds {
            // a normal of 53 bits reaches 8.6 deviations
            let most = 9.0 * self.reach;
            bounds.space = bounds.space.map(|hull| hull.map(|[low, high]| [low - most, high + most]));
        }
        if gone.is_empty() && added.is_empty() && self.labels.is_none() {
            return drawn;
        }
        let mut tables = self.world.tables().clone();
        self.labels.draw(&mut tables, drawn.key);
        let speaks_of = |reference: &Reference| matches!(reference, Reference::Entity(e) if gone.contains(e));
        tables.identities.retain(|row| !gone.contains(&row.entity));
        tables.facts.retain(|row| !speaks_of(&row.subject) && !speaks_of(&row.object));
        tables.events.retain(|row| !row.roles.iter().any(|(_, who)| speaks_of(who)));
        let mut rows = Vec::new();
        let newest = tables.identities.iter().map(|row| row.entity.0).max();
        for (n, (recalled, draw)) in added.into_iter().enumerate() {
            let entity = EntityId(newest.map_or(0, |id| id.saturating_add(1)).saturating_add(n as u64));
            self.add(&mut tables, &mut rows, (recalled, entity), draw);
        }
        if !rows.is_empty() {
            let chunk = SampleChunk::from_rows(rows);
            drawn.bounds.push(chunk.bounds());
            drawn.missed = Some(Arc::new(chunk));
        }
        drawn.tables = Some(tables);
        drawn
    }

    /// A thing that was missed: like one that was seen, elsewhere.
    fn add(
        &self,
        tables: &mut Tables,
        rows: &mut Vec<Sample>,
        (seen, entity): (&Recalled, EntityId),
        mut draw: Draw,
    ) {
        let after = |last: Option<u64>| last.map_or(0, |id| id.saturating_add(1));
        let track = TrackId(after(tables.tracks.last().map(|row| row.id.0)));
        let known = seen.track.known;
        tables.tracks.push(Track { id: track, derived_from: Vec::new(), ..seen.track.clone() });
        tables.identities.push(Identity {
            id: IdentityId(after(tables.identities.last().map(|row| row.id.0))),
            track,
            span: chronotope_world::Span::ALWAYS,
            entity,
            confidence: None,
            reason: "missed".into(),
            known,
            closed: None,
        });
        // what is like a thing is like what the thing is in this draw
        let like: Vec<Label> = if self.labels.is_none() {
            seen.labels.clone()
        } else {
            let rows = tables.labels.iter().filter(|row| row.track == seen.track.id);
            rows.filter(|row| row.vocabulary != "name").cloned().collect()
        };
        for label in &like {
            let id = LabelId(after(tables.labels.last().map(|row| row.id.0)));
            tables.labels.push(Label { id, track, ..label.clone() });
        }
        let at = [draw.uniform(), draw.uniform()];
        let first = seen.samples.iter().find_map(|row| row.pose);
        let moved = |pose: Pose| {
            let mut pose = pose;
            if let (Some(hull), Some(first)) = (self.space, first) {
                for k in 0..2 {
                    let [low, high] = hull[k];
                    pose.position[k] += low + at[k] * (high - low) - first.position[k];
                }
            }
            pose
        };
        let picture = seen.track.observer.and_then(|o| self.world.observer(o)).and_then(|o| o.picture_px);
        let boxed = seen.samples.iter().find_map(|row| row.box_px);
        let shifted = |b: BoxPx| match (picture, boxed) {
            (Some([width, height]), Some(first)) => BoxPx {
                left: b.left + at[0] * (f64::from(width) - first.width).max(0.0) - first.left,
                top: b.top + at[1] * (f64::from(height) - first.height).max(0.0) - first.top,
                ..b
            },
            _ => b,
        };
        for row in &seen.samples {
            rows.push(Sample {
                id: SampleId((1 << 62) + rows.len() as u64),
                track: Some(track),
                pose: row.pose.map(moved),
                box_px: row.box_px.map(shifted),
                mask: None,
                covariance: None,
                extent_deviation: None,
                existence: None,
                ..row.clone()
            });
        }
    }
}

/// A thing whose kind is covered with a recall below 1, by all rows that look for it.
fn recalled(
    world: &World,
    entity: EntityId,
    rows: &[Cow<'_, chronotope_world::Coverage>],
) -> Result<Option<Recalled>, Error> {
    let Some(label) = world.labels_of(entity).find(|label| label.vocabulary != "name") else {
        return Ok(None);
    };
    let looks = |labels: &[String]| labels.is_empty() || labels.contains(&label.text);
    let best = rows.iter().filter(|row| looks(&row.labels)).filter_map(|row| row.recall).reduce(f64::max);
    // who looks for it without a stated recall misses nothing
    let surely = world.coverage().any(|row| looks(&row.labels) && row.recall.is_none_or(|r| r >= 1.0));
    let (Some(recall), false) = (best, surely) else { return Ok(None) };
    let trajectory = world.trajectory(entity)?;
    let Some(run) = trajectory.runs.first() else { return Ok(None) };
    let Some(track) = world.track(run.track) else { return Ok(None) };
    if track.carries.is_some() || track.ignored {
        return Ok(None);
    }
    let samples: Vec<Sample> = run.samples().collect();
    let labels = world.labels_of_track(run.track).filter(|row| row.vocabulary != "name").cloned().collect();
    Ok(Some(Recalled { entity, recall, track: track.clone(), labels, samples }))
}

/// A store whose samples are drawn as they are read.
struct Drawn {
    world: World,
    key: u64,
    entity_of: Arc<BTreeMap<u64, EntityId>>,
    lasting: Arc<BTreeMap<u64, Lasting>>,
    /// None: those of the doubted World.
    tables: Option<Tables>,
    bounds: Vec<ChunkBounds>,
    missed: Option<Arc<SampleChunk>>,
}

impl Drawn {
    /// Samples of the thing that are there at least with this probability are in the draw.
    fn level(&self, entity: EntityId) -> f64 {
        Draw::keyed(&[self.key, purpose::EXISTS, entity.0]).uniform()
    }

    /// Who errs: the thing, or a track that shows nobody.
    fn who(&self, track: u64) -> u64 {
        self.entity_of.get(&track).map_or(track ^ (1 << 63), |entity| entity.0)
    }

    fn drawn(&self, mut chunk: SampleChunk) -> SampleChunk {
        if let Some(existence) = chunk.existence.take() {
            let (mut last, mut rows, mut all) = (None, Vec::new(), true);
            for (i, there) in existence.iter().enumerate() {
                let who = self.who(chunk.track[i]);
                let level = match last {
                    Some((known, level)) if known == who => level,
                    _ => self.level(EntityId(who)),
                };
                last = Some((who, level));
                if there.is_nan() || *there > level {
                    rows.push(i);
                } else {
                    all = false;
                }
            }
            if !all {
                chunk = SampleChunk::from_rows(rows.into_iter().map(|i| chunk.row(i)).collect());
            }
        }
        let (covariance, wide) = (chunk.covariance.take(), chunk.extent_deviation.take());
        let Some(mut poses) = chunk.poses.take() else { return chunk };
        let mut knots = Knots::default();
        for i in 0..chunk.id.len() {
            let who = self.who(chunk.track[i]);
            if let Some(l) = covariance.as_ref().and_then(|c| c[i]).and_then(root) {
                let z = match self.lasting.get(&chunk.track[i]) {
                    // two tracks that show one thing at one time: it is at one place
                    None => three(&[self.key, purpose::PLACE, who, chunk.t_ns[i].cast_unsigned()]),
                    Some(Lasting::Always) => three(&[self.key, purpose::KNOT, who]),
                    Some(Lasting::Nanoseconds(ns)) => knots.at(self.key, who, chunk.t_ns[i], *ns),
                };
                poses.x[i] += l[0][0] * z[0];
                poses.y[i] += l[1][0] * z[0] + l[1][1] * z[1];
                poses.z[i] += l[2][0] * z[0] + l[2][1] * z[1] + l[2][2] * z[2];
            }
            if let Some(sd) = wide.as_ref().and_then(|c| c[i]) {
                let z = three(&[self.key, purpose::EXTENT, who]);
                for (k, length) in
                    [&mut poses.length[i], &mut poses.width[i], &mut poses.height[i]].into_iter().enumerate()
                {
                    *length = (*length + sd[k].abs() * z[k]).max(LEAST_SHARE * *length);
                }
            }
        }
        chunk.poses = Some(poses);
        chunk
    }
}

/// Least share of a length that an error leaves.
const LEAST_SHARE: f64 = 0.05;

fn three(key: &[u64]) -> [f64; 3] {
    let mut draw = Draw::keyed(key);
    [draw.normal(), draw.normal(), draw.normal()]
}

/// The normals of two neighbouring knots.
type Pair = [[f64; 3]; 2];

/// Errors that fade: independent normals at knots, mixed in between so that the deviation stays 1.
#[derive(Default)]
struct Knots {
    /// The last pair, by who errs and the number of the first.
    last: Option<((u64, i64), Pair)>,
}

impl Knots {
    fn at(&mut self, key: u64, who: u64, t_ns: i64, apart_ns: f64) -> [f64; 3] {
        let at = t_ns as f64 / apart_ns;
        let n = libm::floor(at);
        let (share, n) = (at - n, n as i64);
        let knots = match self.last {
            Some((place, knots)) if place == (who, n) => knots,
            _ => [n, n.saturating_add(1)].map(|n| three(&[key, purpose::KNOT, who, n as u64])),
        };
        self.last = Some(((who, n), knots));
        let length = ((1.0 - share) * (1.0 - share) + share * share).sqrt();
        std::array::from_fn(|k| ((1.0 - share) * knots[0][k] + share * knots[1][k]) / length)
    }
}

impl Store for Drawn {
    fn tables(&self) -> &Tables {
        self.tables.as_ref().unwrap_or_else(|| self.world.tables())
    }

    fn bounds(&self) -> &[ChunkBounds] {
        &self.bounds
    }

    fn chunk(&self, n: usize) -> Result<Arc<SampleChunk>, Error> {
        self.select(n, &Selection::ALL)
    }

    fn select(&self, n: usize, selection: &Selection) -> Result<Arc<SampleChunk>, Error> {
        if let Some(missed) = self.missed.as_ref().filter(|_| n + 1 == self.bounds.len()) {
            return Ok(Arc::clone(missed));
        }
        // a place may be drawn into the box that is asked for; covariances are needed to draw
        let wanted = Selection {
            space: None,
            positions: true,
            rest: selection.positions || selection.rest,
            ..selection.clone()
        };
        let chunk = self.world.store().select(n, &wanted)?;
        let rows = selection.tracks.map_or(0..chunk.len(), |(low, high)| {
            chunk.track.partition_point(|&t| t < low.0)..chunk.track.partition_point(|&t| t <= high.0)
        });
        Ok(Arc::new(self.drawn(chunk.slice(rows))))
    }

    fn may_be_off(&self) -> Result<bool, Error> {
        Ok(false)
    }

    fn revision(&self) -> u64 {
        self.world.store().revision()
    }

    fn name(&self) -> &str {
        self.world.store().name()
    }

    fn global_name(&self, kind: &str, id: u64) -> String {
        self.world.store().global_name(kind, id)
    }

    fn local_id(&self, kind: &str, name: &str) -> Option<u64> {
        self.world.store().local_id(kind, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::text::parse;
    use chronotope_world::{MemoryStore, Time, View};

    fn doubt(text: &str) -> Doubt {
        Doubt::of(&parse(text).expect("valid")).expect("in memory").expect("may be off")
    }

    fn x_of(world: &World, entity: u64, t: f64) -> Option<f64> {
        let moment = world.trajectory(EntityId(entity)).expect("in memory").at(Time::from_s(t))?;
        Some(moment.pose?.position[0])
    }

    #[test]
    fn a_world_without_doubt_is_not_drawn() {
        for text in [
            "car 1\n  0: (1, 2, 0)\n",
            "car 1\n  0: (1, 2, 0) sd 0 exists 1 size (1, 1, 1) size_sd (0, 0, 0)\n",
        ] {
            assert!(Doubt::of(&parse(text).expect("valid")).expect("in memory").is_none(), "{text}");
        }
    }

    #[test]
    fn places_are_drawn_with_their_deviation_and_the_same_again() {
        let doubt = doubt("car 1\n  0: (10, 0, 0) covariance (0.25, 0, 0, 0, 0, 0)\n");
        let drawn: Vec<f64> = (0..2000).map(|n| x_of(&doubt.draw(1, n), 1, 0.0).expect("there")).collect();
        let mean = drawn.iter().sum::<f64>() / 2000.0;
        let sd = (drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 2000.0).sqrt();
        assert!((mean - 10.0).abs() < 0.05 && (sd - 0.5).abs() < 0.03, "{mean} {sd}");
        assert_eq!(x_of(&doubt.draw(1, 7), 1, 0.0), Some(drawn[7]));
        assert_ne!(x_of(&doubt.draw(2, 7), 1, 0.0), Some(drawn[7]));
    }

    #[test]
    fn two_tracks_that_show_a_thing_at_one_place_do_so_in_every_draw() {
        let world = parse("printer 1\n  always: (1, 2, 0) sd 0.5\nprinter 2\n  always: (1, 2, 0) sd 0.5\n");
        let world = world.expect("valid");
        let mut tables = world.tables().clone();
        tables.identities[1].entity = tables.identities[0].entity;
        let chunks = (0..world.store().bounds().len()).map(|n| world.store().chunk(n).expect("in memory"));
        let store = MemoryStore::new("one".to_owned(), 0, tables, chunks.collect());
        let doubt = Doubt::of(&World::new(Arc::new(store))).expect("in memory").expect("may be off");
        let chunks: Vec<_> = (0..20).map(|n| doubt.draw(0, n).store().chunk(0).expect("in memory")).collect();
        for chunk in &chunks {
            assert_eq!(chunk.row(0).pose, chunk.row(1).pose);
        }
        assert_ne!(chunks[0].row(0).pose, chunks[1].row(0).pose);
    }

    #[test]
    fn every_sample_is_there_with_its_own_probability() {
        let doubt = doubt("car 1\n  0: (0, 0, 0) exists 0.2\n  1: (0, 0, 0) exists 0.7\n");
        assert!(doubt.is_of_presence_alone());
        let (mut first, mut second, mut any) = (0, 0, 0);
        for n in 0..2000 {
            let world = doubt.draw(3, n);
            let there = [x_of(&world, 1, 0.0).is_some(), x_of(&world, 1, 1.0).is_some()];
            assert!(!there[0] || there[1], "the less likely sample alone");
            first += usize::from(there[0]);
            second += usize::from(there[1]);
            any += world.entities().count();
        }
        assert!((350..450).contains(&first) && (1340..1460).contains(&second), "{first} {second}");
        assert_eq!(any, second);
    }

    #[test]
    fn errors_last_as_long_as_the_track_says() {
        let change = |header: &str, gap: f64| {
            let text = format!("car 1{header}\n  0: (0, 0, 0) sd 1\n  {gap}: (0, 0, 0) sd 1\n");
            let doubt = doubt(&text);
            let squares = (0..1000).map(|n| {
                let world = doubt.draw(5, n);
                (x_of(&world, 1, gap).expect("there") - x_of(&world, 1, 0.0).expect("there")).powi(2)
            });
            squares.sum::<f64>() / 1000.0
        };
        assert!((change("", 0.1) - 2.0).abs() < 0.3);
        assert!(change(" errs_for 2", 0.1) < 0.1);
        assert!((change(" errs_for 2", 6.0) - 2.0).abs() < 0.3);
    }

    #[test]
    fn what_was_missed_is_added_by_recall() {
        let mut text = "coverage always cup recall 0.8\n".to_owned();
        for n in 1..=20 {
            text += &format!("cup {n}\n  always: ({n}, 0, 0)\n");
        }
        let doubt = doubt(&text);
        let sum: usize = (0..400).map(|n| doubt.draw(1, n).entities().count()).sum();
        let mean = sum as f64 / 400.0;
        assert!((mean - 25.0).abs() < 0.5, "{mean}");
        assert!(doubt.has_missed());
    }

    #[test]
    fn a_recall_is_too_low_where_draws_would_be_cut_off() {
        let at = |recall: &str| {
            let doubt = doubt(&format!("coverage always cup recall {recall}\ncup 1\n  always: (1, 0, 0)\n"));
            assert_eq!(doubt.is_recall_too_low(|_| false), None);
            doubt.is_recall_too_low(|_| true)
        };
        assert_eq!(
            (at("0.5"), at("0.001"), at("0.0001"), at("1e-300")),
            (None, None, Some(1e-4), Some(1e-300))
        );
    }

    #[test]
    fn what_is_not_known_yet_does_not_count() {
        let world = parse("car 1\n  0: (0, 0, 0) exists 0.2\n  5: (0, 0, 0) exists 0.9\n").expect("valid");
        let then = world.seen(View { asked_at: Time::from_s(1.0), ..View::NEWEST });
        let existence =
            |w: &World| Doubt::of(w).expect("in memory").expect("may be off").existence(EntityId(1));
        assert_eq!((existence(&then), existence(&world)), (0.2, 0.9));
    }
}
