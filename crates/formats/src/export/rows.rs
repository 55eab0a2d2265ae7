//! What exporters read from a World: its visible samples with the things that they show.

use super::{Error, ExportSettings};
use crate::import::layout::LaidOut;
use crate::import::trajectory::as_given;
use chronotope_world::{
    EntityId, FactId, Label, ObserverId, Origin, Reference, Sample, SourceKind, Span, Time, TrackId, World,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{BufWriter, Write};

/// A visible sample.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) sample: Sample,
    /// The thing that its track shows then.
    pub(crate) entity: Option<EntityId>,
}

/// All visible samples, in the order in which they were handed in.
pub(crate) fn rows(world: &World) -> Result<Vec<Row>, Error> {
    let view = world.view();
    let mut rows = Vec::new();
    for n in 0..world.store().bounds().len() {
        let chunk = world.store().chunk(n)?;
        for i in (0..chunk.len()).filter(|&i| view.sees(chunk.known(i))) {
            let sample = chunk.row(i);
            let Some(track) = sample.track else {
                rows.push(Row { sample, entity: None });
                continue;
            };
            if world.track(track).is_some() {
                rows.push(Row { entity: entity_of(world, track, sample.t), sample });
            }
        }
    }
    rows.sort_by_key(|row| row.sample.id);
    Ok(rows)
}

/// The thing that a track shows then.
pub(crate) fn entity_of(world: &World, track: TrackId, t: Time) -> Option<EntityId> {
    let shown = world.entities_of(track).find(|row| row.span.contains(t) || t == row.span.start());
    shown.map(|row| row.entity)
}

/// The World comes from annotation files alone: rows keep their order, ids, and rows without a track.
pub(crate) fn is_imported(world: &World) -> bool {
    world.tables().sources.iter().all(|source| source.kind == SourceKind::Annotation)
}

/// The rows with a box in the one picture that is exported: by picture, each number once per picture.
pub(crate) struct PictureRows {
    /// With the picture's number and the id to write; none: no track.
    pub(crate) rows: Vec<(u32, Option<u64>, Row)>,
    pub(crate) observer: Option<ObserverId>,
}

/// Rows of one camera's pictures, in file order where the World was imported, else by picture and id.
///
/// Rows without a track are written where the World was imported or has no tracks at all; predicted ones never. Where several tracks show a
/// thing in one picture, the fused one is written.
pub(crate) fn picture_rows(
    world: &World,
    settings: &ExportSettings,
    format: &'static str,
) -> Result<PictureRows, Error> {
    let mut rows = rows(world)?;
    rows.retain(|row| row.sample.box_px.is_some() && row.sample.origin != Origin::Predicted);
    let observers: BTreeSet<Option<ObserverId>> = rows.iter().map(|row| row.sample.observer).collect();
    let observer = match (settings.observer, observers.len()) {
        (Some(wanted), _) => Some(wanted),
        (None, 0 | 1) => observers.into_iter().next().flatten(),
        (None, n) => {
            let found = format!("boxes of {n} cameras; choose one");
            return Err(Error::unfit(format, "boxes of one camera", found));
        }
    };
    rows.retain(|row| row.sample.observer == observer);
    let imported = is_imported(world);
    let keep_unassigned = imported || rows.iter().all(|row| row.sample.track.is_none());
    rows.retain(|row| keep_unassigned || row.sample.track.is_some());
    if rows.is_empty() {
        return Err(Error::unfit(format, "at least one box in a picture", "none"));
    }
    let numbers = Numbers::new(world, &rows);
    let derived = |row: &Row| {
        row.sample.track.and_then(|t| world.track(t)).is_some_and(|track| !track.derived_from.is_empty())
    };
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&i| !derived(&rows[i]));
    let (mut seen, mut kept) = (HashSet::new(), vec![true; rows.len()]);
    let mut out = Vec::with_capacity(rows.len());
    for i in order {
        let row = &rows[i];
        let Some(frame_index) = row.sample.frame_index else {
            return Err(Error::unfit(format, "boxes with the number of their picture", "one without"));
        };
        let repeats = row
            .sample
            .track
            .is_some_and(|track| world.track(track).is_some_and(|t| !t.ignored || row.entity.is_some()))
            && !seen.insert((frame_index, numbers.of(row)));
        kept[i] = !repeats;
    }
    for (row, kept) in rows.into_iter().zip(kept) {
        if let (Some(frame_index), true) = (row.sample.frame_index, kept) {
            out.push((frame_index, numbers.of(&row), row));
        }
    }
    if !imported {
        out.sort_by_key(|(frame_index, number, row)| (*frame_index, *number, row.sample.id));
    }
    Ok(PictureRows { rows: out, observer })
}

/// The numbers that things get in a file.
struct Numbers {
    /// The source's own numbers, where every thing has one and no two share it.
    own: Option<BTreeMap<EntityId, u64>>,
    /// First number free for tracks that show no thing.
    free: u64,
}

impl Numbers {
    fn new(world: &World, rows: &[Row]) -> Numbers {
        let mut own: BTreeMap<EntityId, u64> = BTreeMap::new();
        let mut clear = is_imported(world);
        let mut tracks = BTreeSet::new();
        for row in rows {
            let Some((entity, track)) = row.entity.zip(row.sample.track) else { continue };
            if !tracks.insert((entity, track)) {
                continue;
            }
            let key = world.track(track).and_then(|t| t.source_key.parse::<u64>().ok());
            clear &= key.is_some_and(|key| *own.entry(entity).or_insert(key) == key);
        }
        clear &= own.values().collect::<BTreeSet<_>>().len() == own.len();
        let entities = rows.iter().filter_map(|row| row.entity).map(|e| e.0).max();
        let highest = if clear { own.values().copied().max() } else { entities };
        let has_loose = rows.iter().any(|row| row.entity.is_none() && row.sample.track.is_some());
        let free = if has_loose { highest.map_or(0, |n| n.saturating_add(1)) } else { 0 };
        Numbers { own: clear.then_some(own), free }
    }

    /// The number of the thing, of the track where it shows none, none without a track.
    fn of(&self, row: &Row) -> Option<u64> {
        let track = row.sample.track?;
        Some(match (row.entity, &self.own) {
            (Some(entity), Some(own)) => own.get(&entity).copied().unwrap_or(entity.0),
            (Some(entity), None) => entity.0,
            (None, _) => self.free.saturating_add(track.0),
        })
    }
}

/// The words `key=value` of the first source of this format.
pub(crate) fn setting<'a>(world: &'a World, format: &str, key: &str) -> Option<&'a str> {
    let words = |settings: &'a str| settings.split(' ').filter_map(|word| word.split_once('='));
    let source =
        world.tables().sources.iter().find(|s| words(&s.settings).any(|w| w == ("format", format)))?;
    words(&source.settings).find(|(k, _)| *k == key).map(|(_, value)| value)
}

/// A writer that gives lines the ends of the file that a World was imported from; it takes lines that end with LF.
pub(crate) fn laid_out<'a>(
    world: &World,
    format: &str,
    out: &'a mut dyn Write,
) -> LaidOut<BufWriter<&'a mut dyn Write>> {
    LaidOut::new(
        BufWriter::new(out),
        setting(world, format, "line-ends"),
        setting(world, format, "last-line"),
    )
}

/// The number with the fewest digits that is read as what is stored, where a file holds a sum that is not stored: `value` is the sum, and may be
/// off by its last bits. Itself where no number near by is read as that.
pub(crate) fn as_read(value: f64, is_read: impl Fn(f64) -> bool) -> f64 {
    const MOST_DIGITS: usize = 17;
    const MOST_STEPS: u64 = 8;
    let rounded = |digits: usize| format!("{value:.digits$e}").parse::<f64>().ok();
    let beside = |steps: u64| {
        let bits = value.to_bits();
        [bits.wrapping_add(steps), bits.wrapping_sub(steps)].map(f64::from_bits)
    };
    let found = (0..MOST_DIGITS).filter_map(rounded).find(|near| is_read(*near));
    let found =
        found.or_else(|| (1..=MOST_STEPS).flat_map(beside).find(|near| near.is_finite() && is_read(*near)));
    found.unwrap_or(value)
}

/// A number as Python writes it: as few digits as needed, with a point or an exponent of two digits.
pub(crate) fn shortest(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    format!("{value:?}")
}

/// The labels of each track, with the times that they hold.
pub(crate) struct DatedLabels<'a>(BTreeMap<TrackId, Vec<&'a Label>>);

impl<'a> DatedLabels<'a> {
    /// All that are visible.
    pub(crate) fn of(world: &'a World) -> DatedLabels<'a> {
        let tracks = world.tables().tracks.iter();
        DatedLabels(tracks.map(|t| (t.id, world.labels_of_track(t.id).collect())).collect())
    }

    /// The first that holds at a time; where none does, the first of all.
    pub(crate) fn at(&self, track: TrackId, t: Time) -> Option<&'a str> {
        let labels = self.0.get(&track)?;
        let holds = labels.iter().find(|label| label.span.contains(t));
        holds.or(labels.first()).map(|label| label.text.as_str())
    }
}

/// The first visible label of each track.
pub(crate) fn first_labels(world: &World) -> BTreeMap<TrackId, &str> {
    let tracks = &world.tables().tracks;
    tracks.iter().filter_map(|t| Some((t.id, world.labels_of_track(t.id).next()?.text.as_str()))).collect()
}

/// Facts about one subject and predicate, for asking at a time.
pub(crate) struct DatedFacts<'a> {
    of: BTreeMap<(u64, &'a str), Vec<DatedFact<'a>>>,
}

type DatedFact<'a> = (Span, FactId, &'a Reference);

impl<'a> DatedFacts<'a> {
    /// The facts about entities.
    pub(crate) fn of_entities(world: &'a World) -> DatedFacts<'a> {
        DatedFacts::new(world, |subject| if let Reference::Entity(e) = subject { Some(e.0) } else { None })
    }

    /// The facts about observers.
    pub(crate) fn of_observers(world: &'a World) -> DatedFacts<'a> {
        DatedFacts::new(world, |subject| if let Reference::Observer(o) = subject { Some(o.0) } else { None })
    }

    fn new(world: &'a World, subject: impl Fn(&Reference) -> Option<u64>) -> DatedFacts<'a> {
        let mut of: BTreeMap<(u64, &str), Vec<_>> = BTreeMap::new();
        for fact in world.facts() {
            if let Some(id) = subject(&fact.subject) {
                of.entry((id, fact.predicate.as_str())).or_default().push((
                    fact.valid,
                    fact.id,
                    &fact.object,
                ));
            }
        }
        for facts in of.values_mut() {
            facts.sort_by_key(|(valid, id, _)| (*valid, *id));
        }
        DatedFacts { of }
    }

    /// The object that holds then.
    pub(crate) fn at(&self, subject: u64, predicate: &str, t: Time) -> Option<&'a Reference> {
        let facts = self.of.get(&(subject, predicate))?;
        let after = facts.partition_point(|(valid, ..)| valid.start() <= t);
        let (valid, _, object) = facts[..after].last()?;
        valid.contains(t).then_some(*object)
    }

    /// The number that holds then.
    pub(crate) fn number(&self, subject: u64, predicate: &str, t: Time) -> Option<f64> {
        if let Some(Reference::Number(value, _)) = self.at(subject, predicate, t) {
            Some(*value)
        } else {
            None
        }
    }

    /// The text that holds then.
    pub(crate) fn text(&self, subject: u64, predicate: &str, t: Time) -> Option<&'a str> {
        if let Some(Reference::Text(text)) = self.at(subject, predicate, t) { Some(text) } else { None }
    }
}

/// The things that have a way, by label and number, for who has to choose.
fn several(world: &World, things: &BTreeSet<EntityId>, tracks: usize) -> String {
    const NAMED: usize = 12;
    let label =
        |thing: &EntityId| world.labels_of(*thing).next().map_or("thing", |label| label.text.as_str());
    let mut names: Vec<String> =
        things.iter().take(NAMED).map(|thing| format!("{} {}", label(thing), thing.0)).collect();
    if things.len() > NAMED {
        names.push(format!("{} more", things.len() - NAMED));
    }
    if things.is_empty() {
        return format!("{tracks} tracks of nobody, of which none can be chosen");
    }
    format!("those of {}: {}; choose one", things.len(), names.join(", "))
}

/// The poses of the one way that is exported, each with the row's text where the importer of the same format kept it.
pub(crate) fn way(
    world: &World,
    settings: &ExportSettings,
    format: &'static str,
) -> Result<Vec<(Sample, Option<String>)>, Error> {
    let expected = "the way of one thing";
    let track = if let Some(entity) = settings.entity {
        world.trajectory(entity)?.runs.first().map(|run| run.track)
    } else {
        let tracks = world.tables().tracks.iter().filter(|t| world.track(t.id).is_some());
        let carriers: Vec<TrackId> = tracks.clone().filter(|t| t.carries.is_some()).map(|t| t.id).collect();
        let mut all: Vec<TrackId> =
            if carriers.is_empty() { tracks.map(|t| t.id).collect() } else { carriers };
        if all.len() > 1 {
            let mut placed = Vec::new();
            for track in all {
                if world
                    .run(track, Span::ALWAYS)?
                    .samples()
                    .any(|s| s.pose.is_some_and(|pose| pose.rotation.is_some()))
                {
                    placed.push(track);
                }
            }
            if placed.is_empty() {
                return Err(Error::unfit(format, "poses with a rotation", "none"));
            }
            all = placed;
        }
        let things: BTreeSet<EntityId> =
            all.iter().flat_map(|track| world.entities_of(*track).map(|row| row.entity)).collect();
        match (all.as_slice(), things.first()) {
            ([] | [_], _) => all.first().copied(),
            // several tracks of one thing: what answers for it
            (_, Some(one))
                if things.len() == 1 && all.iter().all(|t| world.entities_of(*t).next().is_some()) =>
            {
                world.trajectory(*one)?.runs.first().map(|run| run.track)
            }
            _ => return Err(Error::unfit(format, expected, several(world, &things, all.len()))),
        }
    };
    let Some(track) = track else {
        return Err(Error::unfit(format, expected, "none"));
    };
    let mut samples: Vec<Sample> = world.run(track, Span::ALWAYS)?.samples().collect();
    samples.retain(|s| s.pose.is_some());
    if is_imported(world) {
        samples.sort_by_key(|s| s.id);
    }
    if samples.iter().any(|s| s.pose.is_some_and(|p| p.rotation.is_none())) || samples.is_empty() {
        return Err(Error::unfit(format, "poses with a rotation", "one without, or none"));
    }
    let own = setting(world, format, "format").and_then(|_| world.track(track)?.carries);
    let facts = DatedFacts::of_observers(world);
    let mut of_time: HashMap<Time, u32> = HashMap::new();
    let given = |sample: Sample| {
        let nth = of_time.entry(sample.t).and_modify(|n| *n += 1).or_insert(0);
        let text = own.and_then(|o| facts.text(o.0, &as_given(*nth), sample.t)).map(str::to_owned);
        (sample, text)
    };
    Ok(samples.into_iter().map(given).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_written_as_what_is_read_as_its_parts() {
        // a centre, and the bottom that a file holds: 1.8435 − 1.0956 / 2
        let centre = 1.8435 - 1.0956 / 2.0;
        assert_eq!(as_read(centre + 1.0956 / 2.0, |bottom| bottom - 1.0956 / 2.0 == centre), 1.8435);
        assert_eq!(as_read(0.1 + 0.2, |_| false), 0.1 + 0.2);
    }

    #[test]
    fn numbers_are_written_as_python_writes_them() {
        for (value, text) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (0.00037328975135765373, "0.00037328975135765373"),
            (7.2e-5, "7.2e-05"),
            (-1e-5, "-1e-05"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
        ] {
            assert_eq!(shortest(value), text);
        }
    }
}
