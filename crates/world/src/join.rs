//! Several Worlds as one: for questions over several sources, and for merging bundles.

use crate::error::Error;
use crate::id::{
    CoverageId, EntityId, EventId, FactId, IdentityId, LabelId, ObserverId, ReferenceFrameId, SampleId,
    SourceId, TrackId, TransformId,
};
use crate::known::Known;
use crate::reference_frame::ReferenceFrame;
use crate::same::SAME_AS;
use crate::sample::{ChunkBounds, SampleChunk};
use crate::span::Span;
use crate::tables::{Record, Reference, Tables};
use crate::time::Time;
use crate::value::Scale;
use crate::world::{Selection, Store, World};
use std::sync::Arc;

/// Several Worlds as one, in the order given.
///
/// Ids are numbered on from one World to the next; [`Store::global_name`] still tells where a row comes from. Entities stay
/// apart until an identity row or a fact of [`SAME_AS`] joins them; a fact that names a thing of another of the Worlds
/// (`NAME/entity/N`) speaks of that thing here, unless several Worlds have that name. World frames of one name stay apart too (`world(NAME/FRAME)` from the second
/// World on), as nothing says that they are the same place; `geo` is shared. Records that all have a UTC start are put on the first
/// one's clock. Without it, the sources of later Worlds lose their clock: only order is known between them and the first.
pub fn join(worlds: &[World]) -> World {
    match worlds {
        [one] => one.clone(),
        _ => World::new(Arc::new(Joined::new(worlds))),
    }
}

struct Joined {
    name: String,
    tables: Tables,
    bounds: Vec<ChunkBounds>,
    parts: Vec<Part>,
    /// For each chunk, its part and its number there.
    chunks: Vec<(usize, usize)>,
}

/// One of the Worlds, and how its rows are renumbered.
struct Part {
    world: World,
    from: Offsets,
    shift_ns: i64,
}

/// The first number that a World's rows get, table by table.
#[derive(Clone, Copy, Default)]
struct Offsets {
    source: u64,
    observer: u64,
    reference_frame: u64,
    sample: u64,
    track: u64,
    entity: u64,
    event: u64,
    fact: u64,
}

impl Joined {
    fn new(worlds: &[World]) -> Joined {
        let name = worlds.iter().map(|w| w.store().name()).collect::<Vec<_>>().join("+");
        let mut joined = Joined {
            tables: Tables {
                record: Record { name: name.clone(), ..Record::default() },
                ..Tables::default()
            },
            name,
            bounds: Vec::new(),
            parts: Vec::new(),
            chunks: Vec::new(),
        };
        let utc: Option<Vec<i64>> = worlds.iter().map(|w| w.record().utc_start_ns).collect();
        let mut from = Offsets::default();
        for (n, world) in worlds.iter().enumerate() {
            let shift_ns = utc.as_ref().map_or(0, |starts| starts[n].saturating_sub(starts[0]));
            let part = Part { world: world.clone(), from, shift_ns };
            joined.add(&part, n, utc.is_some());
            from = part.next();
            joined.parts.push(part);
        }
        // tables that nothing points into are numbered by position
        let tables = &mut joined.tables;
        (0..).zip(&mut tables.identities).for_each(|(i, r)| r.id = IdentityId(i));
        (0..).zip(&mut tables.labels).for_each(|(i, r)| r.id = LabelId(i));
        (0..).zip(&mut tables.coverage).for_each(|(i, r)| r.id = CoverageId(i));
        (0..).zip(&mut tables.transforms).for_each(|(i, r)| r.id = TransformId(i));
        for fact in tables.facts.iter_mut().filter(|fact| fact.predicate == SAME_AS) {
            if let Reference::Text(name) = &fact.object
                && let Some(id) = local_id(&joined.parts, EntityId::KIND, name)
            {
                fact.object = Reference::Entity(EntityId(id));
            }
        }
        if let Some(first) = worlds.first() {
            let record = first.record();
            joined.tables.record.utc_start_ns = record.utc_start_ns;
            joined.tables.record.utc_uncertainty_ns = record.utc_uncertainty_ns;
            joined.tables.record.order_only = worlds.iter().any(|w| w.record().order_only);
        }
        joined
    }

    fn add(&mut self, part: &Part, n: usize, common_clock: bool) {
        let tables = part.world.tables();
        let from = part.from;
        let known = |k: Known| Known { at: part.time(k.at), ..k };
        let out = &mut self.tables;
        out.sources.extend(tables.sources.iter().cloned().map(|mut r| {
            r.id = SourceId(r.id.0.saturating_add(from.source));
            r.derived_from = r.derived_from.map(|s| SourceId(s.0.saturating_add(from.source)));
            r.known = known(r.known);
            if let Some(clock) = &mut r.record_from_source {
                clock.offset = part.time(clock.offset);
            }
            if n > 0 && !common_clock {
                r.record_from_source = None;
            }
            r
        }));
        out.observers.extend(tables.observers.iter().cloned().map(|mut r| {
            r.id = part.observer(r.id);
            r.source = SourceId(r.source.0.saturating_add(from.source));
            r.known = known(r.known);
            r
        }));
        out.reference_frames.extend(tables.reference_frames.iter().cloned().map(|mut r| {
            r.id = ReferenceFrameId(r.id.0.saturating_add(from.reference_frame));
            r.reference_frame = part.frame(&r.reference_frame, n);
            if let (Scale::Own(_), ReferenceFrame::World(name)) = (&r.scale, &r.reference_frame) {
                r.scale = Scale::Own(name.clone());
            }
            r
        }));
        out.tracks.extend(tables.tracks.iter().cloned().map(|mut r| {
            r.id = part.track(r.id);
            r.source = SourceId(r.source.0.saturating_add(from.source));
            r.observer = r.observer.map(|o| part.observer(o));
            r.carries = r.carries.map(|o| part.observer(o));
            r.derived_from = r.derived_from.iter().map(|t| part.track(*t)).collect();
            r.known = known(r.known);
            r
        }));
        out.identities.extend(tables.identities.iter().cloned().map(|mut r| {
            r.track = part.track(r.track);
            r.entity = part.entity(r.entity);
            r.span = part.span(r.span);
            r.known = known(r.known);
            r
        }));
        out.labels.extend(tables.labels.iter().cloned().map(|mut r| {
            r.track = part.track(r.track);
            r.span = part.span(r.span);
            r.known = known(r.known);
            r
        }));
        out.coverage.extend(tables.coverage.iter().cloned().map(|mut r| {
            r.source = SourceId(r.source.0.saturating_add(from.source));
            r.observer = r.observer.map(|o| part.observer(o));
            r.span = part.span(r.span);
            r.known = known(r.known);
            r
        }));
        out.transforms.extend(tables.transforms.iter().cloned().map(|mut r| {
            r.target = ReferenceFrameId(r.target.0.saturating_add(from.reference_frame));
            r.source = ReferenceFrameId(r.source.0.saturating_add(from.reference_frame));
            r.span = part.span(r.span);
            r.known = known(r.known);
            r
        }));
        out.events.extend(tables.events.iter().cloned().map(|mut r| {
            r.id = EventId(r.id.0.saturating_add(from.event));
            r.parent = r.parent.map(|e| EventId(e.0.saturating_add(from.event)));
            r.roles.iter_mut().for_each(|(_, who)| part.reference(who));
            r.source = SourceId(r.source.0.saturating_add(from.source));
            r.span = part.span(r.span);
            r.known = known(r.known);
            r
        }));
        out.facts.extend(tables.facts.iter().cloned().map(|mut r| {
            r.id = FactId(r.id.0.saturating_add(from.fact));
            part.reference(&mut r.subject);
            part.reference(&mut r.object);
            r.source = SourceId(r.source.0.saturating_add(from.source));
            r.valid = part.span(r.valid);
            r.known = known(r.known);
            r
        }));
        for (k, bounds) in part.world.store().bounds().iter().enumerate() {
            let mut bounds = bounds.clone();
            bounds.tracks = bounds.tracks.map(|(a, b)| (part.track(a), part.track(b)));
            bounds.time = bounds.time.map(|span| part.span(span));
            self.bounds.push(bounds);
            self.chunks.push((n, k));
        }
    }

    fn place(&self, n: usize) -> Result<(&Part, usize), Error> {
        let &(part, k) = self.chunks.get(n).ok_or_else(|| Error::Row {
            table: "samples",
            row: n as u64,
            fault: format!("expected a chunk below {}, found none", self.chunks.len()),
        })?;
        Ok((&self.parts[part], k))
    }
}

impl Part {
    /// Where the next World's rows begin.
    fn next(&self) -> Offsets {
        fn after<R>(rows: &[R], id_of: impl Fn(&R) -> u64) -> u64 {
            rows.iter().map(|r| id_of(r).saturating_add(1)).max().unwrap_or(0)
        }
        let (tables, from) = (self.world.tables(), self.from);
        Offsets {
            source: from.source.saturating_add(after(&tables.sources, |r| r.id.0)),
            observer: from.observer.saturating_add(after(&tables.observers, |r| r.id.0)),
            reference_frame: from.reference_frame.saturating_add(after(&tables.reference_frames, |r| r.id.0)),
            sample: from.sample + self.world.store().bounds().iter().map(|b| b.rows as u64).sum::<u64>(),
            track: from.track.saturating_add(after(&tables.tracks, |r| r.id.0)),
            entity: from.entity.saturating_add(self.entities()),
            event: from.event.saturating_add(after(&tables.events, |r| r.id.0)),
            fact: from.fact.saturating_add(after(&tables.facts, |r| r.id.0)),
        }
    }

    /// One more than the greatest number of a thing that a row shows or speaks of.
    fn entities(&self) -> u64 {
        let tables = self.world.tables();
        let spoken = |reference: &Reference| match reference {
            Reference::Entity(id) => Some(*id),
            _ => None,
        };
        let shown = tables.identities.iter().map(|r| r.entity);
        let facts = tables.facts.iter().flat_map(|r| [spoken(&r.subject), spoken(&r.object)]).flatten();
        let roles = tables.events.iter().flat_map(|r| &r.roles).filter_map(|(_, who)| spoken(who));
        let frames = tables.reference_frames.iter().filter_map(|r| match r.reference_frame {
            ReferenceFrame::Object(id) => Some(id),
            _ => None,
        });
        shown.chain(facts).chain(roles).chain(frames).map(|e| e.0.saturating_add(1)).max().unwrap_or(0)
    }

    fn time(&self, t: Time) -> Time {
        match t {
            Time::MIN | Time::MAX => t,
            t => t.plus_ns(self.shift_ns),
        }
    }

    fn span(&self, span: Span) -> Span {
        Span::between(self.time(span.start()), self.time(span.end()))
    }

    fn observer(&self, id: ObserverId) -> ObserverId {
        ObserverId(id.0.saturating_add(self.from.observer))
    }

    fn track(&self, id: TrackId) -> TrackId {
        TrackId(id.0.saturating_add(self.from.track))
    }

    fn entity(&self, id: EntityId) -> EntityId {
        EntityId(id.0.saturating_add(self.from.entity))
    }

    fn reference(&self, reference: &mut Reference) {
        match reference {
            Reference::Entity(e) => *e = self.entity(*e),
            Reference::Event(e) => *e = EventId(e.0.saturating_add(self.from.event)),
            Reference::Observer(o) => *o = self.observer(*o),
            Reference::Text(_) | Reference::Number(..) => {}
        }
    }

    fn frame(&self, frame: &ReferenceFrame, n: usize) -> ReferenceFrame {
        match frame {
            ReferenceFrame::World(name) if n > 0 => {
                ReferenceFrame::World(format!("{}/{name}", self.world.store().name()))
            }
            ReferenceFrame::World(name) => ReferenceFrame::World(name.clone()),
            ReferenceFrame::Camera(o) => ReferenceFrame::Camera(self.observer(*o)),
            ReferenceFrame::Image(o) => ReferenceFrame::Image(self.observer(*o)),
            ReferenceFrame::Stage(o, shot) => ReferenceFrame::Stage(self.observer(*o), *shot),
            ReferenceFrame::Object(e) => ReferenceFrame::Object(self.entity(*e)),
            ReferenceFrame::Geo => ReferenceFrame::Geo,
        }
    }

    /// The same selection in this World's own numbers and times; none where it holds none of its tracks.
    fn selection(&self, selection: &Selection) -> Option<Selection> {
        let tracks = match selection.tracks {
            Some((low, high)) => {
                let own = |id: TrackId| match id {
                    TrackId(u64::MAX) => Some(id), // those without a track
                    id => id.0.checked_sub(self.from.track).map(TrackId),
                };
                Some((own(low).unwrap_or(TrackId(0)), own(high)?))
            }
            None => None,
        };
        let own = |t: Time| match t {
            Time::MIN | Time::MAX => t,
            t => Time(t.0.saturating_sub(self.shift_ns)),
        };
        let time = selection.time.map(|span| Span::between(own(span.start()), own(span.end())));
        Some(Selection { tracks, time, ..selection.clone() })
    }

    fn chunk(&self, chunk: &SampleChunk) -> SampleChunk {
        let mut out = chunk.clone();
        let from = self.from;
        let time = |t: i64| if t == i64::MIN { t } else { self.time(Time(t)).0 };
        out.id.iter_mut().for_each(|v| *v = v.saturating_add(from.sample));
        out.track.iter_mut().filter(|v| **v != u64::MAX).for_each(|v| *v = v.saturating_add(from.track));
        out.source.iter_mut().for_each(|v| *v = numbered_on(*v, from.source));
        out.observer.iter_mut().filter(|v| **v != u32::MAX).for_each(|v| *v = numbered_on(*v, from.observer));
        out.t_ns.iter_mut().for_each(|v| *v = time(*v));
        out.end_ns.iter_mut().flatten().for_each(|v| *v = time(*v));
        out.known_ns.iter_mut().flatten().for_each(|v| *v = time(*v));
        if let Some(poses) = &mut out.poses {
            let used = poses.reference_frame.iter_mut().filter(|v| **v != u32::MAX);
            used.for_each(|v| *v = numbered_on(*v, from.reference_frame));
        }
        out
    }
}

/// The number that a table's rows of a World begin with.
fn first(from: &Offsets, kind: &str) -> u64 {
    match kind {
        SourceId::KIND => from.source,
        ObserverId::KIND => from.observer,
        SampleId::KIND => from.sample,
        TrackId::KIND => from.track,
        EntityId::KIND => from.entity,
        EventId::KIND => from.event,
        FactId::KIND => from.fact,
        _ => 0,
    }
}

/// The row that a global name means; none where no part, or more than one, has that name.
fn local_id(parts: &[Part], kind: &str, name: &str) -> Option<u64> {
    let mut found = parts.iter().filter_map(|part| {
        let id = part.world.store().local_id(kind, name)?;
        Some((id.checked_add(first(&part.from, kind))?, part))
    });
    let (id, part) = found.next().filter(|_| found.next().is_none())?;
    (id < first(&part.next(), kind)).then_some(id)
}

/// The number of a row in a column of 32 bits; `u32::MAX` says that there is none, so the last number is one below.
fn numbered_on(number: u32, from: u64) -> u32 {
    u64::from(number).saturating_add(from).min(u64::from(u32::MAX - 1)) as u32
}

impl Store for Joined {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn bounds(&self) -> &[ChunkBounds] {
        &self.bounds
    }

    fn chunk(&self, n: usize) -> Result<Arc<SampleChunk>, Error> {
        let (part, k) = self.place(n)?;
        Ok(Arc::new(part.chunk(part.world.store().chunk(k)?.as_ref())))
    }

    fn select(&self, n: usize, selection: &Selection) -> Result<Arc<SampleChunk>, Error> {
        let (part, k) = self.place(n)?;
        match part.selection(selection) {
            Some(selection) => Ok(Arc::new(part.chunk(part.world.store().select(k, &selection)?.as_ref()))),
            None => Ok(Arc::default()),
        }
    }

    fn may_be_off(&self) -> Result<bool, Error> {
        for part in &self.parts {
            if part.world.store().may_be_off()? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn revision(&self) -> u64 {
        self.parts.iter().map(|p| p.world.store().revision()).max().unwrap_or(0)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn global_name(&self, kind: &str, id: u64) -> String {
        match self.parts.iter().rev().find(|part| first(&part.from, kind) <= id) {
            Some(part) => part.world.store().global_name(kind, id - first(&part.from, kind)),
            None => format!("{}/{kind}/{id}", self.name),
        }
    }

    fn local_id(&self, kind: &str, name: &str) -> Option<u64> {
        local_id(&self.parts, kind, name)
    }
}

/// Whether Worlds tell of one thing: one record, clocks that can be compared, or facts that things of several are one.
pub fn are_related(worlds: &[World]) -> bool {
    let [first, others @ ..] = worlds else { return true };
    let one_record = others.iter().all(|world| world.record().name == first.record().name);
    let clocks = worlds.iter().all(|world| world.record().utc_start_ns.is_some());
    let linked = || worlds.iter().any(|world| world.facts().any(|fact| fact.predicate == SAME_AS));
    others.is_empty() || one_record || clocks || linked()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Event;
    use crate::text::{parse, print};
    use crate::world::MemoryStore;
    use std::sync::Mutex;

    fn world(text: &str) -> World {
        parse(text).expect("valid")
    }

    #[test]
    fn things_of_two_worlds_stay_apart() {
        let a = world("record \"a\"\ncar 0\n  0: (0, 0, 0)\ncar 1\n  0: (5, 0, 0)\n");
        let b = world(
            "record \"b\"\ncamera c 10x10\nbus 0 through c\n  0: (1, 0, 0) box (1, 1, 2, 2)\nfact 0 \"waits for\" 0\n",
        );
        let both = join(&[a.clone(), b]);
        assert_eq!(both.entities().map(|e| e.0).collect::<Vec<_>>(), [0, 1, 2]);
        let bus = both.trajectory(EntityId(2)).expect("in memory").at(Time(0)).expect("seen then");
        let frame = both.reference_frame(bus.pose.expect("has a pose").reference_frame).expect("in use");
        assert_eq!(frame.reference_frame, ReferenceFrame::World("b/main".into()));
        assert_eq!(
            both.facts().map(|f| f.subject.clone()).collect::<Vec<_>>(),
            [Reference::Entity(EntityId(2))]
        );
        assert_eq!(both.store().global_name("entity", 2), "b/entity/0");
        assert_eq!(both.store().global_name("entity", 1), "a/entity/1");
        assert!(both.source(SourceId(1)).is_some_and(|s| s.record_from_source.is_none()));
        // one World joined is itself
        assert_eq!(print(&join(std::slice::from_ref(&a))).expect("in memory"), print(&a).expect("in memory"));
    }

    #[test]
    fn a_selection_reaches_each_world_in_its_own_numbers() {
        /// A store that keeps what it was asked for.
        struct Asked(World, Mutex<Vec<Selection>>);
        impl Store for Asked {
            fn tables(&self) -> &Tables {
                self.0.tables()
            }
            fn bounds(&self) -> &[ChunkBounds] {
                self.0.store().bounds()
            }
            fn chunk(&self, n: usize) -> Result<Arc<SampleChunk>, Error> {
                self.0.store().chunk(n)
            }
            fn select(&self, n: usize, selection: &Selection) -> Result<Arc<SampleChunk>, Error> {
                self.1.lock().expect("one thread").push(selection.clone());
                self.chunk(n)
            }
            fn revision(&self) -> u64 {
                self.0.store().revision()
            }
            fn name(&self) -> &str {
                self.0.store().name()
            }
        }
        let a = world("record \"a\" utc 100\ncar 0\n  0: (0, 0, 0)\ncar 1\n  0: (0, 0, 0)\n");
        let b = world("record \"b\" utc 103\ncar 0 gap 1\n  1: (0, 0, 0)\n");
        let asked = Arc::new(Asked(b, Mutex::default()));
        let both = join(&[a, World::new(Arc::clone(&asked) as Arc<dyn Store>)]);
        let span = Span::between(Time::from_s(3.5), Time::from_s(9.0));
        let run = both.run(TrackId(2), span).expect("in memory");
        assert_eq!(run.times().collect::<Vec<_>>(), [Time::from_s(4.0)]);
        let time = Some(Span::between(Time::from_s(0.5), Time::from_s(6.0)));
        let tracks = Some((TrackId(0), TrackId(0)));
        let expected = Selection { tracks, time, ..Selection::ALL };
        assert_eq!(*asked.1.lock().expect("one thread"), [expected]);
        // a chunk that holds none of the tracks is not asked
        let first = Selection { tracks: Some((TrackId(0), TrackId(1))), ..Selection::ALL };
        assert!(both.store().select(1, &first).expect("in memory").is_empty());
        assert_eq!(asked.1.lock().expect("one thread").len(), 1);
    }

    #[test]
    fn rows_that_name_events_still_do_where_numbers_have_gaps() {
        let event = |id: u64, kind: &str, parent: Option<u64>| Event {
            id: EventId(id),
            kind: kind.into(),
            span: Span::ALWAYS,
            parent: parent.map(EventId),
            roles: Vec::new(),
            confidence: None,
            source: SourceId(0),
            known: Known::ALWAYS,
            closed: None,
        };
        let a = world("record \"a\"\ncar 0\n  0: (0, 0, 0)\n");
        let mut tables = a.tables().clone();
        tables.events = vec![event(0, "day", None), event(5, "walk", None), event(7, "step", Some(5))];
        let gaps = World::new(Arc::new(MemoryStore::new("gaps".into(), 0, tables, Vec::new())));
        for both in [join(&[a.clone(), gaps.clone()]), join(&[gaps.clone(), gaps])] {
            for step in both.events().filter(|e| e.kind == "step") {
                let whole = both.events().find(|e| Some(e.id) == step.parent).expect("is there");
                assert_eq!(whole.kind, "walk");
            }
            let ids: Vec<u64> = both.events().map(|e| e.id.0).collect();
            assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        }
    }

    #[test]
    fn known_clocks_are_put_on_one() {
        let a = world("record \"a\" utc 100\ncar 0\n  0: (0, 0, 0)\n");
        let b = world("record \"b\" utc 103\ncar 0\n  1: (0, 0, 0)\n  always: (1, 0, 0)\n");
        let both = join(&[a, b]);
        let seen = both.trajectory(EntityId(1)).expect("in memory");
        assert_eq!(seen.runs[0].times().collect::<Vec<_>>(), [Time::MIN, Time::from_s(4.0)]);
    }
}
