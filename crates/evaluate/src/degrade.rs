//! What a perceiver would get wrong, done to an exact World by a seed.

use crate::error::Error;
use chronotope_tasks::Draw;
use chronotope_world::{
    EntityId, Label, LabelId, MemoryStore, Reference, Sample, SampleChunk, Time, TrackId, World,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// How wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Noise {
    /// Standard deviation of a centre along each axis, in metres (units of the frame).
    pub centre: f64,
    /// Standard deviation of a length, as a share of it; measures among the facts take the same per power of length.
    pub extent: f64,
    /// Probability that a thing is missed altogether.
    pub miss: f64,
    /// Probability that a thing is called by another label of the scene's vocabulary.
    pub label: f64,
}

impl Noise {
    /// From `centre=0.1,extent=0.1,miss=0.1,label=0.1`; what is not named is 0.
    ///
    /// # Errors
    /// An unknown name or one twice, a part that is empty, a number below 0 or not finite, a probability above 1.
    pub fn parse(text: &str) -> Result<Noise, Error> {
        const EXPECTED: &str = "centre=METRES,extent=SHARE,miss=PROBABILITY,label=PROBABILITY";
        let (mut noise, mut named) = (Noise::default(), BTreeSet::new());
        for part in text.split(',') {
            let fault = || Error::Noise { expected: EXPECTED, found: part.to_owned() };
            let (name, value) = part.split_once('=').ok_or_else(fault)?;
            let value: f64 = value.trim().parse().map_err(|_not_a_number| fault())?;
            let (place, most) = match name.trim() {
                "centre" | "center" => (&mut noise.centre, 1e3),
                "extent" => (&mut noise.extent, 10.0),
                "miss" => (&mut noise.miss, 1.0),
                "label" => (&mut noise.label, 1.0),
                _ => return Err(fault()),
            };
            if !(0.0..=most).contains(&value) {
                return Err(fault());
            }
            *place = value;
            if !named.insert(name.trim().replace("center", "centre")) {
                return Err(Error::Noise { expected: "each name once", found: text.to_owned() });
            }
        }
        Ok(noise)
    }

    /// Nothing is wrong.
    pub fn is_none(&self) -> bool {
        *self == Noise::default()
    }
}

impl fmt::Display for Noise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Noise { centre, extent, miss, label } = self;
        write!(f, "centre={centre},extent={extent},miss={miss},label={label}")
    }
}

/// Least share of a length that is left.
const LEAST_SHARE: f64 = 0.05;

/// The World as a perceiver with this noise would have made it, drawn by `seed` and the World's name.
///
/// Things are missed whole, with their tracks, labels and facts; a stated number of things of a class goes too, as nobody who
/// perceives is told it. The rows say how far off they are, as those of a perceiver that was measured would: positions have the
/// noise and `boxes_off_m` (how far surfaces lie from those of the boxes, root mean square along an axis) as their covariance, extents have the
/// noise as their deviation, coverage has the share that is not missed as its recall, labels have the probability that they are right and the other
/// labels theirs, by Bayes' rule from how often each label was seen. Measures among the facts are not told. Positions and extents in space are
/// disturbed sample by sample, image boxes are not. A misnamed thing takes one of the other labels that the World's coverage
/// and labels hold, all alike likely.
///
/// # Errors
/// A store that cannot be read.
pub fn degraded(world: &World, noise: &Noise, seed: u64, boxes_off_m: f64) -> Result<World, Error> {
    if noise.is_none() {
        return Ok(world.clone());
    }
    let told = Told { noise, boxes_off_m };
    let mut draw = Draw::new(seed, &world.record().name);
    let mut tables = world.tables().clone();
    let mut entities: Vec<EntityId> = tables.identities.iter().map(|row| row.entity).collect();
    entities.sort_unstable();
    entities.dedup();
    // every thing draws the same numbers at every strength, so that stronger noise misses what weaker noise missed
    let mut vocabulary: BTreeSet<String> =
        tables.coverage.iter().flat_map(|row| row.labels.clone()).collect();
    vocabulary.extend(tables.labels.iter().map(|row| row.text.clone()));
    let vocabulary: Vec<String> = vocabulary.into_iter().collect();
    let mut missed = BTreeSet::new();
    let mut renamed: BTreeMap<EntityId, usize> = BTreeMap::new();
    for entity in entities {
        let (miss, rename, other) =
            (draw.uniform(), draw.uniform(), draw.below(vocabulary.len().saturating_sub(1).max(1)));
        if miss < noise.miss {
            missed.insert(entity);
        }
        if rename < noise.label {
            renamed.insert(entity, other);
        }
    }
    tables.identities.retain(|row| !missed.contains(&row.entity));
    let shown: BTreeMap<TrackId, EntityId> =
        tables.identities.iter().map(|row| (row.track, row.entity)).collect();
    let identified: BTreeSet<TrackId> = world.tables().identities.iter().map(|row| row.track).collect();
    let is_kept = |track: &TrackId| shown.contains_key(track) || !identified.contains(track);
    tables.tracks.retain(|row| is_kept(&row.id));
    tables.labels.retain(|row| is_kept(&row.track));
    for row in &mut tables.labels {
        let Some(other) = shown.get(&row.track).and_then(|entity| renamed.get(entity)) else { continue };
        // one of the others, all alike likely: counted from its own
        let own = vocabulary.binary_search(&row.text).unwrap_or_default();
        row.text.clone_from(&vocabulary[(own + 1 + other) % vocabulary.len()]);
    }
    if noise.label > 0.0 {
        tell_labels(&mut tables.labels, &vocabulary, noise.label);
    }
    tables.facts.retain(|row| match &row.subject {
        Reference::Entity(entity) => !missed.contains(entity),
        _ => noise.miss == 0.0 || row.predicate != "count",
    });
    for row in &mut tables.facts {
        if let Reference::Number(value, unit) = &mut row.object {
            let powers = match unit.as_str() {
                "m" => 1,
                "m²" => 2,
                "m³" => 3,
                _ => 0,
            };
            for _ in 0..powers {
                *value *= (1.0 + noise.extent * draw.normal()).max(LEAST_SHARE);
            }
        }
    }
    let mut chunks = Vec::new();
    let mut drawn: BTreeMap<(EntityId, Time), Draw> = BTreeMap::new();
    for n in 0..world.store().bounds().len() {
        let chunk = world.store().chunk(n)?;
        let rows = (0..chunk.len()).map(|i| chunk.row(i));
        let kept = rows.filter(|row| row.track.is_none_or(|track| is_kept(&track)));
        let disturbed: Vec<Sample> = kept
            .map(|row| {
                let thing = row.track.and_then(|track| shown.get(&track)).copied();
                let Some(thing) = thing else { return disturbed(row, told, &mut draw) };
                // two tracks that show one thing at one time show it at one place
                let at = (thing, row.t);
                let same = drawn.entry(at).or_insert_with(|| draw.fork());
                disturbed(row, told, &mut same.clone())
            })
            .collect();
        chunks.push(Arc::new(SampleChunk::from_rows(disturbed)));
    }
    if noise.miss > 0.0 {
        for row in &mut tables.coverage {
            row.recall = Some(row.recall.unwrap_or(1.0) * (1.0 - noise.miss));
        }
    }
    let store = MemoryStore::new(world.store().name().to_owned(), world.store().revision(), tables, chunks);
    Ok(World::new(Arc::new(store)).seen(world.view()))
}

/// What the rows say of themselves.
#[derive(Clone, Copy)]
struct Told<'a> {
    noise: &'a Noise,
    boxes_off_m: f64,
}

/// Least probability of a label that is told.
const LEAST_TOLD: f64 = 1e-4;

/// Scores the labels that were seen where a share of the things was called otherwise, by each other label alike likely.
///
/// A thing that is called so is so with probability n(1 − e) / N, and another with n' · e / (V − 1) / N: e the share, V the size of the vocabulary,
/// n how many there are of each kind (the seen ones without the expected wrong ones), N the sum.
fn tell_labels(labels: &mut Vec<Label>, vocabulary: &[String], share: f64) {
    let each = share / (vocabulary.len().saturating_sub(1)).max(1) as f64;
    let mut by_words: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for row in labels.iter().filter(|row| row.vocabulary != "name") {
        *by_words.entry(row.vocabulary.clone()).or_default().entry(row.text.clone()).or_insert(0.0) += 1.0;
    }
    for seen in by_words.values_mut() {
        let all: f64 = seen.values().sum();
        let kept = 1.0 - share - each;
        for n in seen.values_mut() {
            *n = if kept > 0.0 { ((*n - all * each) / kept).max(0.0) } else { 1.0 };
        }
    }
    let mut next = labels.iter().map(|row| row.id.0 + 1).max().unwrap_or(0);
    let mut others = Vec::new();
    for row in labels.iter_mut().filter(|row| row.vocabulary != "name") {
        let there = &by_words[&row.vocabulary];
        let weight = |text: &str, n: f64| n * if text == row.text { 1.0 - share } else { each };
        let all: f64 = there.iter().map(|(text, n)| weight(text, *n)).sum();
        if all <= 0.0 {
            row.score = Some(1.0 - share);
            continue;
        }
        for (text, n) in there {
            let p = weight(text, *n) / all;
            if *text == row.text {
                row.score = Some(p);
            } else if p > LEAST_TOLD {
                others.push(Label { id: LabelId(next), text: text.clone(), score: Some(p), ..row.clone() });
                next += 1;
            }
        }
    }
    labels.extend(others);
}

fn disturbed(mut row: Sample, told: Told<'_>, draw: &mut Draw) -> Sample {
    let noise = told.noise;
    if let Some(pose) = &mut row.pose {
        pose.position = pose.position.map(|at| at + noise.centre * draw.normal());
        pose.extent = pose.extent.map(|extent| {
            extent.map(|length| length * (1.0 + noise.extent * draw.normal()).max(LEAST_SHARE))
        });
        let variance = noise.centre * noise.centre + told.boxes_off_m * told.boxes_off_m;
        if variance > 0.0 {
            row.covariance = Some([variance, 0.0, 0.0, variance, 0.0, variance]);
        }
        if let Some(extent) = pose.extent.filter(|_| noise.extent > 0.0) {
            row.extent_deviation = Some(extent.map(|length| length * noise.extent));
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::text::parse;

    fn scene() -> World {
        let mut text = String::from("record \"room\"\nworld room m\ncoverage always cup, fork, bed\n");
        for n in 1..=400 {
            text += &format!("cup {n} in room\n  always: ({n}, 0, 0) size (1, 1, 1)\n");
        }
        parse(&text).expect("valid")
    }

    fn labels(world: &World) -> Vec<String> {
        world
            .entities()
            .flat_map(|e| world.labels_of(e).take(1).map(|l| l.text.clone()).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn noise_is_said_once_and_whole() {
        assert!(Noise::parse("centre=0.1,miss=0.2").is_ok());
        for wrong in ["", "centre=0.1,", "centre=0.1,center=0.2", "miss=0.1,miss=0.1", "miss", "miss=2"] {
            assert!(Noise::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn noise_is_as_strong_as_said() {
        let noise = Noise { centre: 0.5, extent: 0.1, miss: 0.25, label: 0.1 };
        let world = degraded(&scene(), &noise, 1, 0.0).expect("in memory");
        let left = world.entities().count();
        assert!((260..=340).contains(&left), "{left} of 400 left");
        let renamed = labels(&world).iter().filter(|label| *label != "cup").count() as f64 / left as f64;
        assert!((0.05..0.15).contains(&renamed), "{renamed} renamed");
        let (mut off, mut sized) = (0.0, 0.0);
        for entity in world.entities() {
            let moment =
                world.trajectory(entity).expect("in memory").at(chronotope_world::Time(5)).expect("always");
            let pose = moment.pose.expect("placed");
            off += pose.position[1] * pose.position[1];
            sized += (pose.extent.expect("sized")[0] - 1.0).powi(2);
        }
        let (off, sized) = ((off / left as f64).sqrt(), (sized / left as f64).sqrt());
        assert!((off - 0.5).abs() < 0.06 && (sized - 0.1).abs() < 0.02, "{off} {sized}");
    }

    #[test]
    fn labels_are_right_as_often_as_they_say() {
        let mut text = String::from("record \"room\"\nworld room m\ncoverage always bed, cup, fork, lamp\n");
        for n in 1..=900 {
            let label = if n <= 600 { "cup" } else { "fork" };
            text += &format!("{label} {n} in room\n  always: ({n}, 0, 0)\n");
        }
        let exact = parse(&text).expect("valid");
        let noise = Noise { label: 0.3, ..Noise::default() };
        let world = degraded(&exact, &noise, 2, 0.0).expect("in memory");
        let (mut said, mut right, mut n) = ([0.0; 2], [0.0; 2], [0.0; 2]);
        for entity in world.entities() {
            let best = world.likely_labels_of(entity).next().expect("called something");
            // a bed or a lamp is none: what is called so is a cup, or a fork
            assert!(best.text == "cup" || best.text == "fork", "{best:?}");
            let k = usize::from(best.text == "fork");
            said[k] += best.score.expect("told");
            right[k] += f64::from(u8::from(exact.labels_of(entity).any(|label| label.text == best.text)));
            n[k] += 1.0;
        }
        for k in 0..2 {
            assert!((said[k] - right[k]).abs() < 0.03 * n[k], "{said:?} {right:?} {n:?}");
        }
    }

    #[test]
    fn how_far_boxes_are_off_is_told_though_nothing_is_moved() {
        let noise = Noise { miss: 0.1, ..Noise::default() };
        let world = degraded(&scene(), &noise, 1, 0.04).expect("in memory");
        let chunk = world.store().chunk(0).expect("in memory");
        let covariance = chunk.row(0).covariance.expect("told");
        assert!((covariance[0] - 0.0016).abs() < 1e-12, "{covariance:?}");
    }

    #[test]
    fn the_same_seed_gives_the_same_world_and_no_noise_gives_the_world_itself() {
        let noise = Noise { miss: 0.5, ..Noise::default() };
        let kept =
            |seed| degraded(&scene(), &noise, seed, 0.0).expect("in memory").entities().collect::<Vec<_>>();
        assert_eq!(kept(3), kept(3));
        assert_ne!(kept(3), kept(4));
        assert_eq!(degraded(&scene(), &Noise::default(), 3, 0.0).expect("in memory").entities().count(), 400);
    }

    #[test]
    fn noise_is_written_as_it_is_read() {
        let noise = Noise::parse("centre=0.1, label=0.05").expect("two of four");
        assert_eq!(Noise::parse(&noise.to_string()).expect("as printed"), noise);
        for bad in ["centre", "centre=-1", "miss=1.5", "smell=1", "extent=nan"] {
            Noise::parse(bad).expect_err(bad);
        }
    }
}
